"""Whether hidden inputs differ by student: what a hidden check calls an answer with follows from the submission's seed.

Answers that no check calls, a number that is worked out or a letter that is chosen, have no inputs.
"""

import hashlib

import numpy as np

from helpers.running import run_check

SEEDS = "abcde"


def same_for_all(exercise):
    """The hidden checks of an exercise that call its answers with the same arguments for every seed.

    Not the generated one: it makes the first few calls of the others, and compares an answer with itself.
    """
    hidden = [check for check in exercise.own_checks if check.hidden and calls(exercise, check)]
    return [check for check in hidden if not draws(exercise, check)]


def calls(exercise, check):
    """Whether a check calls an answer at all."""
    return any(callable(exercise.reference[name]) for name in check.needs)


def draws(exercise, check):
    """Whether what a check asks of the references differs between some seeds."""
    first = asked(exercise, check, SEEDS[0])
    return any(asked(exercise, check, seed) != first for seed in SEEDS[1:])


def asked(exercise, check, seed):
    """What a check calls the references with, call by call, as one text."""
    said = []

    def listening(function):
        def call(*args, **kwargs):
            said.append(_as_text((args, kwargs)))
            return function(*args, **kwargs)

        return call

    names = {name: listening(one) if callable(one) else one for name, one in exercise.reference.items()}
    run_check(check, names, seed)
    return "\n".join(said)


def _as_text(value):
    """A value by its content; a function by what it closes over, so far as that is no function."""
    if isinstance(value, np.ndarray):
        return f"{value.shape}{value.dtype}{hashlib.sha256(value.tobytes()).hexdigest()}"
    if isinstance(value, (list, tuple)):
        return str([_as_text(one) for one in value])
    if isinstance(value, dict):
        return str({key: _as_text(one) for key, one in value.items()})
    if isinstance(value, np.random.Generator):
        return str(value.bit_generator.state)
    if callable(value):
        cells = [cell.cell_contents for cell in getattr(value, "__closure__", None) or ()]
        return type(value).__name__ + str([_as_text(one) for one in cells])
    return repr(value)
