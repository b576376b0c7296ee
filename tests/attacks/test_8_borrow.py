"""Class 8, borrow: the kernel of `helpers` that the exercise asks for, by every way to it; SciPy's; helpers' source."""

import inspect
import os
import pkgutil
import sys
from functools import partial

import pytest

import helpers
from autograder.authoring._forking import NO, ForkLimits, ask_all
from autograder.building.notebook import notebook_text, student_notebook
from autograder.grading.matching import Matching
from autograder.grading.one_submission import grade
from autograder.grading.submission import read_submission
from autograder.remote.zygote import Limits
from autograder.source.lesson import Lesson, lesson_names, load_lesson
from autograder.source.notebook_cells import lesson_cells

LESSONS = [load_lesson(name) for name in lesson_names()]
WAYS = {
    "returned": "from helpers import kernels\n{name} = kernels.{name}",
    "called": "from helpers import kernels\ndef {name}(*args, **kwargs):\n    return kernels.{name}(*args, **kwargs)",
    "its code copied first": "import types\nfrom helpers import kernels\n_k = kernels.{name}\n"
    "{name} = types.FunctionType(_k.__code__, _k.__globals__, '{name}', _k.__defaults__, _k.__closure__)",
    "by its module": "import sys\nfrom helpers import kernels\n"
    "{name} = getattr(sys.modules[kernels.{name}.__module__], '{name}')",
    "imported anew": "import sys, importlib\nfor _n in list(sys.modules):\n"
    "    if _n.startswith('helpers.kernels'): del sys.modules[_n]\n"
    "{name} = importlib.import_module('helpers.kernels').{name}",
    "reloaded": "import sys, importlib\nfrom helpers import kernels\n"
    "{name} = getattr(importlib.reload(sys.modules[kernels.{name}.__module__]), '{name}')",
    "from its source": "import inspect\nfrom helpers import kernels\n_names = dict(kernels.{name}.__globals__)\n"
    "exec(inspect.getsource(kernels.{name}), _names)\n{name} = _names['{name}']",
    "from its file": "from helpers import kernels\n_names = dict(kernels.{name}.__globals__)\n"
    "exec(open(kernels.{name}.__code__.co_filename).read(), _names)\n{name} = _names['{name}']",
    "through grader.yours": "from helpers import Grader\n{name} = Grader('{lesson}', names={{}}).yours('{name}')",
    "from garbage": "import gc, types\n{name} = next(f for f in gc.get_objects() if isinstance(f, types.FunctionType)"
    " and f.__name__ == '{name}' and f.__module__.startswith('helpers.kernels'))",
}


def borrowed(lesson, way):
    """A notebook in which every exercise that has a kernel borrows it."""
    notebook = student_notebook(lesson)
    with_kernel = {name for name, one in lesson.exercises.items() if one.kernels}
    ids = {cell.id: cell.section for cell in lesson_cells(lesson) if cell.role == "answer"}
    for cell in notebook.cells:
        if ids.get(cell.id) in with_kernel:
            cell.source = WAYS[way].format(name=ids[cell.id], lesson=lesson.name)
    return notebook


def graded(lesson, notebook, zygote, tmp_path, limits=None):
    path = tmp_path / "one.ipynb"
    path.write_text(notebook_text(notebook), encoding="utf-8")
    return grade(read_submission(path), Matching(lesson), zygote, seed=5, limits=limits).exercises


def earned(*submission):
    return sum(one.points for one in graded(*submission))


# One way in one lesson; all by all is slow.
BORROWED = [
    pytest.param(
        lesson,
        way,
        id=f"{lesson.name}-{way}",
        marks=() if way == "returned" and not number else pytest.mark.slow,
    )
    for number, lesson in enumerate(LESSONS)
    for way in WAYS
]


@pytest.mark.parametrize(("lesson", "way"), BORROWED)
def test_a_borrowed_kernel_earns_nothing(lesson, way, zygote, tmp_path):
    assert earned(lesson, borrowed(lesson, way), zygote, tmp_path) == 0


@pytest.mark.parametrize("way", [way for way in WAYS if way != "from garbage"])
def test_negative_control(way, tmp_path, monkeypatch, open_zygote):
    """Where nothing is closed, every way leads to points."""
    monkeypatch.setattr(Lesson, "kernel_modules", ())
    assert earned(LESSONS[0], borrowed(LESSONS[0], way), open_zygote, tmp_path) > 10


# The sentence that a cell's import of SciPy meets is no wall; what is one stands behind it.
BARE = "import sys\nsys.meta_path[:] = [one for one in sys.meta_path if type(one).__name__ != 'Refusal']\n"
SCIPY = {
    "softmax": BARE + "from scipy.special import softmax",
    "logsumexp": BARE + "from scipy.special import logsumexp",
    "sigmoid": BARE + "from scipy.special import expit as sigmoid",
}


@pytest.mark.parametrize("name", SCIPY)
def test_scipy_is_out_of_reach(name, zygote, open_zygote, tmp_path):
    lesson = next(one for one in LESSONS if name in one.exercises)
    notebook = student_notebook(lesson)
    next(cell for cell in notebook.cells if cell.id == f"{name}-answer").source = SCIPY[name]
    assert earned(lesson, notebook, zygote, tmp_path) == 0
    assert earned(lesson, notebook, open_zygote, tmp_path) > 0


def functions_of_helpers():
    """Every function of every module of helpers, public or not: (module, name)."""
    for module in pkgutil.walk_packages(helpers.__path__, "helpers."):
        loaded = __import__(module.name, fromlist=["_"])
        for name, value in sorted(vars(loaded).items()):
            if inspect.isfunction(value) and value.__module__ == module.name:
                yield module.name, name


# Of the functions that are no kernels' every third is tried, or as the environment says: 1 for all of them.
OTHERS = int(os.environ.get("COURSE_BORROWED_EVERY", "3"))


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.name)
def test_no_function_of_helpers_answers_an_exercise(lesson, zygote, tmp_path, monkeypatch):
    """Each is tried in a fork without a jail, kernels all, others a third; whoever earns there must not in a jail."""
    monkeypatch.chdir(tmp_path)
    possible = [one for one in functions_of_helpers() if candidates(lesson, *one)]
    others = [one for one in possible if not one[0].startswith("helpers.kernels")]
    functions = [one for one in possible if one not in others or one in others[::OTHERS]]
    answers = ask_all([(partial(answers_something, lesson, *one), ForkLimits()) for one in functions])
    suspects = [one for one, answer in zip(functions, answers, strict=True) if answer != NO]
    kernels_of_lesson = {kernel.__name__ for one in lesson.exercises.values() for kernel in one.kernels}
    assert len(kernels_of_lesson & {name for _, name in suspects}) > 3
    assert [(one, name) for one in suspects for name in honored(lesson, *one, zygote, tmp_path)] == []


def answers_something(lesson, module, name):
    """Whether a function, as the answer to some exercise, earns more than "it raises" and "it changes nothing" do."""
    function = vars(sys.modules[module])[name]
    return any(
        sum(one.earned for one in exercise.run(dict.fromkeys(exercise.reference, function), seed=5)) > 1
        for exercise in candidates(lesson, module, name)
    )


def candidates(lesson, module, name):
    """The exercises of a lesson whose answers are called as this function can be."""
    function = vars(sys.modules[module])[name]
    return [
        exercise
        for exercise in lesson.exercises.values()
        if not exercise.answers[0].is_choice and any(can_be_called(function, one) for one in asked_of(exercise))
    ]


def asked_of(exercise):
    return [value for value in exercise.reference.values() if callable(value)] or [lambda: 0]


def can_be_called(function, reference):
    """Whether it takes as many arguments as the reference does; who does not raises TypeError whatever is given."""
    parameters = inspect.signature(reference).parameters.values()
    least = sum(one.default is one.empty for one in parameters)
    return any(takes(function, number) for number in range(least, len(parameters) + 1))


def takes(function, number):
    try:
        inspect.signature(function).bind(*range(number))
    except TypeError:
        return False
    return True


def honored(lesson, module, name, zygote, tmp_path):
    """The exercises for which a function of helpers, imported in the answer cell, earns more than that when graded."""
    notebook = student_notebook(lesson)
    answers = {cell.id: cell.section for cell in lesson_cells(lesson) if cell.role == "answer"}
    tried = {one.name for one in candidates(lesson, module, name)}
    for cell in notebook.cells:
        if answers.get(cell.id) in tried:
            cell.source = f"from {module} import {name} as {answers[cell.id]}"
    limits = Limits(call=1.0, submission=30.0)  # who waits for something answers nothing
    return [one.name for one in graded(lesson, notebook, zygote, tmp_path, limits) if one.points > 1]
