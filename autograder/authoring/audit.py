"""What must be true of every exercise, said in one sentence each where it is not.

The promises of CONTRIBUTING.md that concern one exercise: `course test LESSON/SECTION` prints these findings, and the
test suite fails on them.
"""

import ast

import numpy as np

from autograder.authoring.drawn_inputs import same_for_all
from autograder.authoring.input_coverage import coverage_gaps
from autograder.source.problems import AuthorError
from autograder.source.standalone import standalone
from helpers.checking import Check, is_pure
from helpers.diagnosis import diagnose
from helpers.running import COULD_NOT_BE_CHECKED, FAILED, NOT_ATTEMPTED, PASSED, run_check

SEEDS = range(3)
MIN_HINTS, MIN_WRONG_ANSWERS = 2, 3
MIN_RUBRIC, MAX_RUBRIC = 3, 5


def audit(section, seeds=SEEDS):
    """Return every finding on a section, each a sentence that an author can act on; prose has none."""
    exercise = section.exercise
    if exercise is None:
        return list(_question(section))
    return [
        *_form(section, exercise),
        *_explained(section, exercise),
        *_reference(exercise, seeds),
        *_drawn(exercise),
        *_starter(exercise),
        *_nothing(exercise),
        *_right(exercise, seeds),
        *_wrong(exercise, seeds),
        *coverage_gaps(section),
    ]


def _question(section):
    """What must be true of a question that a person marks."""
    question = section.question
    if question and not MIN_RUBRIC <= len(question.rubric) <= MAX_RUBRIC:
        yield f"the rubric of {section.name} has {len(question.rubric)} lines; three to five tell a marker enough"
    if question and any(points <= 0 or not text for points, text in question.rubric):
        yield f"a line of the rubric of {section.name} gives no points or says nothing"
    if question and not question.answer:
        yield f"{section.name} has no answer; the solved notebook shows one that earns all points"


def _form(section, exercise):
    if len(exercise.hints) < MIN_HINTS and not exercise.answers[0].is_choice:
        yield f"{exercise.name} has {len(exercise.hints)} hints; write at least {MIN_HINTS} in HINTS"
    if not exercise.right_answers and not exercise.answers[0].is_choice:
        yield f"{exercise.name} has no @right_answer; show at least one other correct way"
    if len(exercise.wrong_answers) < MIN_WRONG_ANSWERS:
        yield f"{exercise.name} has {len(exercise.wrong_answers)} wrong answers; write at least {MIN_WRONG_ANSWERS}"
    if not any(check.hidden for check in exercise.checks) or all(check.hidden for check in exercise.checks):
        yield f"{exercise.name} needs at least one public and one hidden check"
    for check in exercise.checks:
        if not check.sentence:
            yield f"the check {check.name} of {exercise.name} has no docstring; it is the sentence that students read"
        try:
            standalone(section, [check])
        except AuthorError as error:
            yield str(error)


def _explained(section, exercise):
    """What the solved notebook could not say below the answer."""
    if any(callable(answer.value) for answer in exercise.answers) and not getattr(section.module, "WHY", "").strip():
        yield f"{exercise.name} does not say why its answer works; write WHY beside HINTS"
    for name in exercise.right_answers:
        node = section.nodes[name]
        if isinstance(node, ast.FunctionDef) and not ast.get_docstring(node):
            yield f"{section.path}:{node.lineno}: say in the docstring of {name} what this way is good for"


def _reference(exercise, seeds):
    yield from _must_pass(exercise, exercise.reference, seeds, "the reference")


def _right(exercise, seeds):
    for name, right in exercise.right_answers.items():
        yield from _must_pass(exercise, exercise.names_with(right), seeds, f"the right answer {name}")


def _must_pass(exercise, names, seeds, who):
    for seed, results in exercise.run_with_seeds(names, seeds):
        for result in results:
            if result.outcome != PASSED:
                yield f"{who} of {exercise.name} fails {result.name} with seed {seed}: {result.text}"


def _drawn(exercise):
    for check in same_for_all(exercise):
        asks = f"the hidden check {check.name} of {exercise.name} asks every student the same"
        yield f"{asks}; let it draw its inputs from rng"


def _starter(exercise):
    for result in exercise.run({answer.name: ... for answer in exercise.answers}, 0):
        if result.outcome != NOT_ATTEMPTED:
            yield f"the starter of {exercise.name} is {result.outcome} in {result.name}; it must be not attempted"


def _raises(*args, **kwargs):
    raise ValueError("no")


# What costs no thought, and so must earn nothing, in any check.
THOUGHTLESS = {
    "a function that gives 0": lambda *args, **kwargs: 0.0,
    "a function that gives 1": lambda *args, **kwargs: 1.0,
    "an echo of its first argument": lambda *args, **kwargs: args[0] if args else None,
    "an echo of its last argument": lambda *args, **kwargs: args[-1] if args else None,
    "zeros like its first argument": lambda *args, **kwargs: 0 * np.asarray(args[0], dtype=float),
    "a function that raises ValueError": _raises,
}


def _nothing(exercise):
    functions = [answer.name for answer in exercise.answers if callable(answer.value)]
    for what, thoughtless in THOUGHTLESS.items():
        names = exercise.reference | dict.fromkeys(functions, thoughtless)
        for check in exercise.own_checks if functions else ():
            if set(check.needs) & set(functions) and run_check(check, names, 0).outcome == PASSED:
                yield f"{what} passes {check.name} of {exercise.name}; let the check ask for a value as well"


def _wrong(exercise, seeds):
    failed_by_someone = {is_pure.name}  # generated; its own tests see it fail
    told = {name: list(_told(exercise, wrong, seeds)) for name, wrong in exercise.wrong_answers.items()}
    known = {seed: _known(exercise, told, place) for place, seed in enumerate(seeds)}
    for name, wrong in exercise.wrong_answers.items():
        if not all(isinstance(check, Check) for check in (*wrong.fails, *wrong.passes)):
            yield f"@wrong_answer of {name} in {exercise.name} names something that is no check"
            continue
        failed_by_someone |= {check.name for check in exercise.failed_by(wrong)}
        for seed, results in told[name]:
            yield from _fails_exactly(exercise, name, wrong, seed, results, known[seed])
    for check in exercise.checks:
        if check.name not in failed_by_someone:
            yield f"no wrong answer of {exercise.name} fails {check.name}; write one that does"


def _told(exercise, wrong, seeds):
    """The results of a wrong answer with every seed; what fails other checks may be pure or not."""
    pure = is_pure.name in {check.name for check in exercise.failed_by(wrong)}
    checks = exercise.checks if pure else exercise.own_checks
    return exercise.run_with_seeds(exercise.names_with(wrong), seeds, checks)


def _known(exercise, told, place):
    """What `Exercise.known_mistakes` yields, from the results that are there already."""
    return [
        (wrong.feedback, {one.name: one.fingerprint for one in told[name][place][1] if one.outcome == FAILED}.get)
        for name, wrong in exercise.wrong_answers.items()
    ]


def _fails_exactly(exercise, name, wrong, seed, results, known):
    expected = {check.name for check in exercise.failed_by(wrong)}
    failed = {one.name for one in results if one.outcome in (FAILED, COULD_NOT_BE_CHECKED)}
    for missing in sorted(expected - failed):
        yield f"the wrong answer {name} of {exercise.name} passes {missing} with seed {seed}, which it must fail"
    for extra in sorted(failed - expected):
        yield f"the wrong answer {name} of {exercise.name} fails {extra} with seed {seed}, which it does not declare"
    public = {check.name for check in exercise.checks if not check.hidden}
    there = diagnose([one for one in results if one.name in public], known)
    if there in {sentence for sentence, _ in known} - {wrong.feedback}:
        yield f"in the notebook the wrong answer {name} of {exercise.name} hears another one's sentence: '{there}'"
    told = diagnose(results, known)
    if failed and told != wrong.feedback:
        yield f"the wrong answer {name} of {exercise.name} hears '{told}' instead of its own sentence with seed {seed}"
