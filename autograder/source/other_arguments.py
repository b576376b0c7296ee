"""What an exercise's reference gives for other arguments: exchanged, squared, halved, one more, transposed, left out.

People take a variance for a standard deviation, p for q, or count one step too many. Nobody has to write such wrong
answers down: they are the reference itself, called with other arguments. A sentence about one claims no more than that
the numbers are the same.
"""

import inspect
import re
from itertools import combinations

import numpy as np

from helpers.cases import FLOATING_POINT, RAISED
from helpers.diagnosis import diagnosed
from helpers.forms import as_array
from helpers.running import FAILED, run_check

SAME = "In all cases that fail, yours is what is right "
NUMBERS = {
    "for {0} squared": lambda x: x**2,
    "for the root of {0}": lambda x: x**0.5,
    "for 1 - {0}": lambda x: 1 - x,
    "for 1 / {0}": lambda x: 1 / x,
    "for -{0}": lambda x: -x,
    "for 2 {0}": lambda x: 2 * x,
    "for half of {0}": lambda x: x / 2,
    "for {0} + 1": lambda x: x + 1,
    "for {0} - 1": lambda x: x - 1,
}
ARRAYS = {
    "for {0} transposed": lambda x: x.swapaxes(-1, -2),
    "for {0} in reverse": lambda x: x[::-1],
    "for {0} shifted by one place": lambda x: np.roll(x, 1, axis=0),
    "for {0} with rows that sum to 1": lambda x: x / x.sum(axis=-1, keepdims=True),
    "for {0} with its mean in every place": lambda x: np.full(x.shape, x.mean()),
    "for {0} with ones in every place": lambda x: np.ones(x.shape),
    "for {0} with zeros in every place": lambda x: np.zeros(x.shape),
    "for {0} with every number squared": lambda x: x**2,
    "for {0} with every number halved": lambda x: x / 2,
    "for {0} with every number doubled": lambda x: 2 * x,
    "for -{0}": lambda x: -x,
}


def diagnosis_of(exercise, results, seed):
    """Return (the sentence for an exercise's results, by its known mistakes, else these; whether it is known).

    The sentence is "" for silence.
    """
    if not any(result.outcome == FAILED and result.fingerprint for result in results):
        return "", False
    return diagnosed(results, exercise.known_mistakes(seed), exercise.parameters, other_arguments(exercise, seed))


def other_arguments(exercise, seed):
    """Yield pairs of a sentence and what gives its cases on a check, by name; () where it passes or raises."""
    functions = [answer for answer in exercise.answers if callable(answer.value)]
    if len(functions) != 1:
        return
    (answer,) = functions
    checks = {check.name: check for check in exercise.checks}
    for words, function in with_other_arguments(answer.value):

        def cases_on(name, function=function):
            result = run_check(checks[name], {**exercise.reference, answer.name: function}, seed)
            raised = any(case.observed is RAISED or case.observed is FLOATING_POINT for case in result.cases)
            return () if raised or result.outcome != FAILED else result.cases

        yield f"{SAME}{words}.", cases_on


def with_other_arguments(reference):
    """Yield (words, function): the reference for each change of its arguments, in words."""
    signature = inspect.signature(reference)
    names = [one.name for one in signature.parameters.values() if one.kind is one.POSITIONAL_OR_KEYWORD]
    for pair in [*_groups(names), *(((one,), (other,)) for one, other in combinations(names, 2))]:
        words = "with " + " and ".join(", ".join(side) for side in pair) + " exchanged"
        yield words, _calling(reference, signature, lambda given, pair=pair: given | _exchanged(given, *pair))
    for name in names:
        if signature.parameters[name].default is not inspect.Parameter.empty:
            usual = {name: signature.parameters[name].default}
            words = f"for {name} left as it is when nobody gives it"
            yield words, _calling(reference, signature, lambda given, usual=usual: given | usual)
        for changes, of_numbers in ((NUMBERS, True), (ARRAYS, False)):
            for words, change in changes.items():
                yield words.format(name), _calling(reference, signature, _changing(name, change, of_numbers))


def _groups(names):
    """The arguments that belong to one thing and to another: m1, lv1 and m2, lv2."""
    sides = [tuple(name for name in names if name.endswith(digit)) for digit in "12"]
    alike = [tuple(re.sub(r"[12]$", "", name) for name in side) for side in sides]
    return [tuple(sides)] if len(sides[0]) > 1 and alike[0] == alike[1] else []


def _exchanged(given, one, other):
    return dict(zip((*one, *other), (given[name] for name in (*other, *one)), strict=True))


def _calling(reference, signature, change):
    def called_otherwise(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return reference(**change(dict(bound.arguments)))

    return called_otherwise


def _changing(name, change, of_numbers):
    """A change of one argument, for numbers or for arrays; for what is not of the kind it raises."""

    def changed(given):
        array = as_array(given[name])
        if array is None or array.dtype.kind not in "iuf" or (array.ndim == 0) != of_numbers:
            raise TypeError(name)
        return given | {name: change(given[name] if of_numbers else array)}

    return changed
