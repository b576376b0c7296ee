"""What tests share: a small lesson of their own, a zygote, and ways to fill notebooks in."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import settings

from autograder.building.build import generated
from autograder.building.notebook import code_cell, notebook_text, student_notebook
from autograder.grading.matching import Matching
from autograder.grading.one_submission import grade
from autograder.grading.submission import read_submission
from autograder.remote.zygote import Limits, Zygote
from autograder.source.lesson import lesson_names, load_lesson

os.environ["COURSE_LANGUAGE"] = "en"  # whatever the system speaks
FIXTURES = Path(__file__).parent / "lessons"
collect_ignore = ["lessons", "browser/stand_in"]  # what tests load themselves, as sections or in a browser
BUILT = lesson_names()
settings.register_profile("untimed", deadline=None)  # a machine that stalls for a moment is no fault of what is tested
settings.load_profile("untimed")
QUICK = Limits(cell=1.0, call=1.0, submission=20.0)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_addoption(parser):
    """Options with which test_tiers_and_accounts.py runs a part of the suite in one tier, as somebody else."""
    parser.addoption("--isolation", help="the tier in which submissions run, instead of the strongest that works")
    parser.addoption("--one-in", type=int, default=1, metavar="N", help="run every N-th test only")


@pytest.hookimpl(trylast=True)  # of those that -m and -k have left
def pytest_collection_modifyitems(config, items):
    items[:] = items[:: config.getoption("--one-in")]


# Tests that share what takes seconds to work out, by how their addresses begin.
TOGETHER = {
    "tests/test_build.py::": "generated files",
    "tests/test_promises.py::test_promise_6_": "generated files",
    "tests/test_nothing_lost.py::": "an undisturbed run",
    "tests/test_interruption.py::test_at_any_moment_": "an undisturbed run",
    "tests/attacks/test_10_calls_by_number.py::": "calls by number",
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With `--dist loadgroup` such tests go to one worker. xdist's own groups are lost on pytest 9.2."""
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return next((group for start, group in TOGETHER.items() if nodeid.startswith(start)), nodeid)

    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium, without pages."""
    reason = "playwright is not installed; the extra `dev` brings it"
    sync_playwright = pytest.importorskip("playwright.sync_api", reason=reason).sync_playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def sections():
    """Every section of every built lesson, and of the tests' own, as pytest parameters."""
    lessons = [*map(load_lesson, BUILT), load_lesson("50_fixture", FIXTURES)]
    return [pytest.param(one, id=f"{lesson.name}/{one.name}") for lesson in lessons for one in lesson.sections]


def exercises():
    """Those sections that hold an exercise."""
    return [one for one in sections() if one.values[0].exercise]


def needs(tool, *trial):
    """Mark a test that needs a program which the README does not install: without it, it is skipped and says so.

    `trial` are arguments with which the program must succeed where it is allowed to do what it is there for.
    """
    if not shutil.which(tool):
        return pytest.mark.skip(reason=f"{tool} is not installed")
    if trial and subprocess.run([tool, *trial], capture_output=True).returncode:
        return pytest.mark.skip(reason=f"{tool} is installed, but not allowed to work here")
    return pytest.mark.needs


BUBBLEWRAP = needs("bwrap", "--unshare-all", "--ro-bind", "/", "/", "true")


@pytest.fixture
def shown(monkeypatch):
    """Catch what a figure shows instead of showing it."""
    from helpers.figures import interactive

    pictures = []
    monkeypatch.delenv(interactive.GRADING, raising=False)
    monkeypatch.setattr(interactive, "_display", pictures.append)
    return pictures


@pytest.fixture(scope="session")
def fixture_lesson():
    return load_lesson("50_fixture", FIXTURES)


@pytest.fixture(scope="session")
def zygote(request):
    with Zygote(request.config.getoption("--isolation")) as started:
        yield started


@pytest.fixture(scope="session")
def open_zygote():
    """A zygote that confines nothing, for negative controls."""
    with Zygote("none") as started:
        yield started


@pytest.fixture(scope="session")
def generated_files():
    """What `course build` would write, worked out once."""
    return generated()


def filled(lesson, answers, *, before=(), after=()):
    """The student's notebook with these answer cells filled in ({cell id: text}) and cells of their own added."""
    notebook = student_notebook(lesson)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    first = next(i for i, cell in enumerate(notebook.cells) if cell.id.endswith("-answer")) if before else 0
    notebook.cells[first:first] = [code_cell(text) for text in before]
    notebook.cells += [code_cell(text) for text in after]
    return notebook


def solutions(lesson):
    """The texts of the solved answer cells by id."""
    from autograder.source.notebook_cells import lesson_cells

    return {cell.id: cell.solution for cell in lesson_cells(lesson) if cell.role == "answer"}


@pytest.fixture
def grade_notebook(tmp_path, zygote, fixture_lesson):
    """Grade a notebook of the fixture lesson and return ({exercise: points}, graded)."""

    def run(notebook, *, seed=1, limits=QUICK):
        path = tmp_path / "submission.ipynb"
        path.write_text(notebook if isinstance(notebook, str) else notebook_text(notebook), encoding="utf-8")
        graded = grade(read_submission(path), Matching(fixture_lesson), zygote, seed=seed, limits=limits)
        return {one.name: one.points for one in graded.exercises}, graded

    return run
