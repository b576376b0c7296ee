"""What an attack is, and what it must earn: what the honest part of its notebook earns, and not a point more."""

import shutil
from dataclasses import dataclass

import pytest

from attacks.naive import earns
from autograder.building.notebook import code_cell, student_notebook
from autograder.remote.zygote import Zygote
from conftest import solutions

TARGETS = {"slope": "slope-answer", "six": "pair-answer-2", "letter": "letter-answer"}
HONEST = {"slope": 0, "letter": 0, "pair": 2}
USE = {
    "slope": "_got = steal('slope')\nslope = _got if callable(_got) else (lambda x, a=1.0: _got)",
    "six": "def triple(x):\n    return 3 * x\n\n\nsix = steal('six')",
    "letter": "letter = steal('letter')",
}


@dataclass(frozen=True)
class Attack:
    """Student code that defines `steal(name)`, which returns something that shall pass for the answer `name`.

    `works_on` are the targets on which it works where the defence it aims at is missing; `control` says why none can be
    shown, for the few where that is so. `spoils` marks those that break the attacker's own process for good: what comes
    after them, honest answers too, may be lost with it, and nothing else.
    """

    name: str
    code: str
    works_on: tuple = ("slope", "six", "letter")
    control: str = ""
    spoils: bool = False


def cases(attacks):
    """Every attack against every kind of exercise."""
    return [pytest.param(one, target, id=f"{one.name}/{target}") for one in attacks for target in TARGETS]


def controls(attacks):
    """Every attack against the exercises on which it must work without defence."""
    return [pytest.param(one, t, id=f"{one.name}/{t}") for one in attacks for t in one.works_on if not one.control]


def is_honest(attack, points):
    """Whether these points are what the honest part earns, or less where the attack spoils its own process."""
    if attack.spoils:
        return all(points[name] <= HONEST[name] for name in points)
    return points == HONEST


def cells_of(attack, target):
    """The cells that the attacker writes: the attack, then its use as the answer."""
    return [attack.code, USE[target]]


@pytest.fixture(scope="module", params=["default", "standard"])
def jail(request, zygote):
    """The strongest tier that works here, then the tier `standard`; one only where `--isolation` names it."""
    if request.param == "standard" and request.config.getoption("--isolation"):
        pytest.skip("one tier was asked for, and is tried")
    return zygote if request.param == "default" else request.getfixturevalue("standard")


def only(request, tier):
    """Skip what tries this tier where `--isolation` asks for another one."""
    if request.config.getoption("--isolation") not in (None, tier):
        pytest.skip(f"it tries the tier '{tier}', and another one was asked for")


@pytest.fixture(scope="session")
def strict(request):
    only(request, "strict")
    if not shutil.which("bwrap"):
        pytest.skip("bubblewrap (bwrap) is not installed, so there is no tier 'strict' to try")
    with Zygote("strict") as started:
        yield started


@pytest.fixture(scope="session")
def standard(request):
    only(request, "standard")
    with Zygote("standard") as started:
        yield started


@pytest.fixture
def attack_earns(grade_notebook, fixture_lesson):
    """Grade a notebook in which `double` and `triple` are honest and one target is attacked; return the points."""

    def run(attack, target):
        notebook = student_notebook(fixture_lesson)
        solved = solutions(fixture_lesson)
        texts = {"pair-answer-1": solved["pair-answer-1"], "pair-answer-2": "def triple(x):\n    return 3 * x"}
        code, use = cells_of(attack, target)
        texts[TARGETS[target]] = use
        for cell in notebook.cells:
            cell.source = texts.get(cell.id, cell.source)
        place = next(i for i, cell in enumerate(notebook.cells) if cell.id == TARGETS[target])
        notebook.cells.insert(place, code_cell(code))
        return grade_notebook(notebook)

    return run


@pytest.fixture
def naive_earns(fixture_lesson, tmp_path):
    """Whether the attack earns a point from the naive grader."""
    return lambda attack, target: earns(fixture_lesson, cells_of(attack, target), target, tmp_path)
