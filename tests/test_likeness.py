"""The form of an answer's code: the same under other names and layout, another for other code; and whose it equals."""

import inspect

import pytest

from autograder.grading.likeness import Likeness, form_of, forms, published
from autograder.source.lesson import lesson_names, load_lesson

ONE = '''
def softmax(z):
    """Return it."""
    shifted = z - np.max(z, axis=-1, keepdims=True)
    e = np.exp(shifted)
    return e / e.sum(axis=-1, keepdims=True)
'''
SAME = {
    "other names": ONE.replace("shifted", "s").replace("z", "logits").replace("(logits)", "(logits)"),
    "another name of its own": ONE.replace("softmax", "mine"),
    "no docstring": ONE.replace('    """Return it."""\n', ""),
    "comments and layout": ONE.replace("e = np.exp(shifted)", "e = (\n        np.exp( shifted )  # here\n    )"),
    "annotations": ONE.replace("(z)", "(z: np.ndarray) -> np.ndarray"),
    "magics above": "%matplotlib inline\n" + ONE,
}
OTHER = {
    "another number": ONE.replace("axis=-1", "axis=0", 1),
    "another call": ONE.replace("np.exp", "np.expm1"),
    "another order": ONE.replace("z - np.max(z, axis=-1, keepdims=True)", "-np.max(z, axis=-1, keepdims=True) + z"),
    "names exchanged": ONE.replace("e / e.sum", "shifted / e.sum"),
}


def form(text):
    return list(forms(text).values())[-1]


@pytest.mark.parametrize("how", SAME)
def test_what_does_not_matter_does_not_show(how):
    assert form(SAME[how]) == form(ONE) != ""


@pytest.mark.parametrize("how", OTHER)
def test_what_matters_shows(how):
    assert form(OTHER[how]) != form(ONE)


@pytest.mark.parametrize(
    "text", ["def f(x):\n    return x", "x = 1", "def f(", "\0", "(" * 500, "x = " + "-" * 9000 + "1"]
)
def test_what_is_short_or_no_python_has_no_form(text):
    assert not any(forms(text).values())


def test_a_pasted_kernel_and_a_pasted_solution_are_told():
    lesson = load_lesson(lesson_names()[0])
    likeness = Likeness(lesson)
    exercise = next(one for one in lesson.exercises.values() if form_of(one.kernels[0] if one.kernels else len))
    answer, kernel = exercise.answers[0], exercise.kernels[0]
    pasted = inspect.getsource(kernel).replace(f"def {kernel.__name__}(", f"def {answer.name}(")
    assert likeness.of([pasted])[exercise.name][0]["equals"] == f"the kernel {kernel.__name__}"
    told = likeness.of([answer.cell.text])[exercise.name][0]
    assert told["equals"] in ("the published solution", f"the kernel {kernel.__name__}")
    own = likeness.of([pasted, pasted.replace("axis=-1", "axis=-1 + 0").replace("return ", "return 1.0 * ")])
    assert own[exercise.name][0]["equals"] == ""
    assert own[exercise.name][0]["form"] != ""


def test_the_courses_own_code_has_forms():
    """Most exercises have something published that is long enough to be recognized."""
    found = [bool(published(one)) for name in lesson_names() for one in load_lesson(name).exercises.values()]
    assert sum(found) > 0.6 * len(found)
