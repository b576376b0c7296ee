"""The promises of CONTRIBUTING.md, as tests that no new exercise has to edit."""

import ast
import builtins
import json
import re
import time
from functools import cache
from pathlib import Path

import pytest

from autograder.authoring.audit import SEEDS, audit
from autograder.building.build import PROJECT, drift
from autograder.building.coverage import coverage_findings
from autograder.source.cells import solution
from autograder.source.lesson import load_lesson
from autograder.source.notebook_cells import lesson_cells
from autograder.source.section import is_choice
from conftest import BUILT, FIXTURES, exercises, filled, sections, solutions
from helpers.running import PASSED

LESSONS = [load_lesson(name) for name in BUILT]
OTHER_SEEDS = range(len(SEEDS), len(SEEDS) + 2)
LONG_ENOUGH = 10.0  # seconds for one answer with many seeds


@pytest.mark.parametrize("seeds", [SEEDS[:1], pytest.param(SEEDS, marks=pytest.mark.slow)], ids=["once", "often"])
@pytest.mark.parametrize("section", sections())
def test_promises_1_to_4_an_exercise_keeps_what_concerns_it_alone(section, seeds):
    """Reference and right answers earn everything, the starter nothing, wrong answers fail exactly their checks."""
    assert audit(section, seeds) == []


@pytest.mark.parametrize("section", exercises())
def test_promise_1_the_reference_passes_with_other_seeds_than_those_of_the_audit(section):
    for seed, results in section.exercise.run_with_seeds(section.exercise.reference, OTHER_SEEDS):
        for result in results:
            assert result.outcome == PASSED, (seed, result.name, result.text)


def test_what_is_not_run_again_with_another_seed_would_say_the_same(fixture_lesson):
    for exercise in fixture_lesson.exercises.values():
        for wrong in exercise.wrong_answers.values():
            for seed, results in exercise.run_with_seeds(exercise.names_with(wrong), range(3)):
                again = exercise.run(exercise.names_with(wrong), seed)
                assert [(one, one.fingerprint) for one in results] == [(one, one.fingerprint) for one in again]


@pytest.mark.slow
@pytest.mark.parametrize("section", exercises())
def test_no_right_answer_depends_on_chance(section):
    """Reference and right answers earn everything with each of two hundred seeds; the slowest with those that fit."""
    exercise = section.exercise
    for names in (exercise.reference, *map(exercise.names_with, exercise.right_answers.values())):
        began = time.monotonic()
        for seed, results in exercise.run_with_seeds(names, range(200)):
            assert [one.text for one in results if one.outcome != PASSED] == [], seed
            if seed >= 30 and time.monotonic() - began > LONG_ENOUGH:
                break


@pytest.mark.parametrize(
    "lesson",
    [
        load_lesson("50_fixture", FIXTURES),
        *LESSONS[:2],
        *(pytest.param(one, marks=pytest.mark.slow) for one in LESSONS[2:]),
    ],
    ids=lambda one: one.name,
)
def test_promises_1_and_2_hold_in_the_grader(lesson, tmp_path, zygote):
    assert _score(lesson, filled(lesson, solutions(lesson)), tmp_path, zygote) == lesson.max_points > 0
    assert _score(lesson, filled(lesson, {}), tmp_path, zygote) == 0
    empty = filled(lesson, {})
    empty.cells = []
    assert _score(lesson, empty, tmp_path, zygote) == 0


def _score(lesson, notebook, tmp_path, zygote):
    from autograder.building.notebook import notebook_text
    from autograder.grading.matching import Matching
    from autograder.grading.one_submission import grade
    from autograder.grading.submission import read_submission

    path = tmp_path / "one.ipynb"
    path.write_text(notebook_text(notebook), encoding="utf-8")
    graded = grade(read_submission(path), Matching(lesson), zygote, seed=11)
    return sum(one.points for one in graded.exercises)


def secrets_of(section):
    """The lines of a section that must not travel: solutions, hidden checks, right and wrong answers."""
    exercise = section.exercise
    texts = [solution_lines(section, answer.cell) for answer in exercise.answers if not answer.is_choice]
    cut = re.split(r"(?m)^@(?=right_answer|wrong_answer|check\([^)]*hidden=True)", section.path.read_text())[1:]
    texts += [re.split(r"(?m)^(?=# %%|@|[A-Z_]+ = )", text)[0] for text in cut]
    public = "\n".join(cell.text for cell in section.cells if cell.kind in ("markdown", "given", "experiment"))
    visible = {normal(line) for line in public.splitlines()}
    return {line for text in texts for line in map(normal, text.splitlines()) if tells(line) and line not in visible}


def solution_lines(section, cell):
    """What stands between the solution marks of an answer cell."""
    kept = re.findall(r"# BEGIN SOLUTION\n(.*?)# END SOLUTION", cell.text, re.S)
    assert kept or is_choice(cell)
    return "\n".join(kept)


def normal(line):
    return re.sub(r"\s+", "", line)


def tells(line):
    """Long enough to be an idea, and not one that any NumPy text has."""
    return len(line) >= 24 and not line.startswith(("x=np.asarray(", "import", "from", "withnp.errstate("))


@cache
def travelling_text():
    """Everything that students get, as normalized lines."""
    paths = [*Path(PROJECT, "notebooks").glob("*.ipynb"), *Path(PROJECT, "src/helpers").rglob("*.*")]
    lines = set()
    for path in paths:
        if path.suffix in (".py", ".json", ".ipynb"):
            lines |= {normal(line) for line in _unpacked(path)}
    return lines


def _unpacked(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text.splitlines()
    return [line for value in _strings(json.loads(text)) for line in value.splitlines()]


def _strings(node):
    if isinstance(node, str):
        yield node
    for item in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _strings(item)


@pytest.mark.parametrize("section", [one for one in exercises() if not one.id.startswith("50_fixture/")])
def test_promise_5_nothing_secret_travels(section):
    assert secrets_of(section) & travelling_text() == set()


def test_promise_5_negative_control(fixture_lesson):
    """The leak test sees a leak: a solution's own text holds its secrets, the starter does not."""
    section = fixture_lesson.section("slope")
    solved = {normal(line) for line in solution(section.path, section.exercise.answers[0].cell).splitlines()}
    assert secrets_of(section) & solved
    assert any("complex_step" in line for line in secrets_of(section))


def test_promise_6_generated_files_equal_their_sources(generated_files):
    difference = drift(generated_files)
    assert not difference, f"{difference[:3000]}\nRepair with: course build"


def test_promise_10_every_item_of_a_built_lesson_has_a_home():
    assert len(LESSONS) >= 2
    assert coverage_findings(LESSONS) == []


@pytest.mark.parametrize("name", BUILT)
def test_an_answer_needs_nothing_that_the_notebook_has_not_imported(name):
    """Other graders run the answers without the cells of the checks, whose imports hid that one was missing."""
    known = set(dir(builtins))
    for cell in lesson_cells(load_lesson(name)):
        if cell.role in ("setup", "answer"):
            tree = ast.parse(cell.solution)
            known |= bound_names(tree)
            used = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
            assert used - known == set(), cell.id


def bound_names(tree):
    """Every name that some code binds, at whatever depth."""
    nodes = list(ast.walk(tree))
    return (
        {one.id for one in nodes if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)}
        | {one.arg for one in nodes if isinstance(one, ast.arg)}
        | {one.name for one in nodes if isinstance(one, (ast.FunctionDef, ast.ClassDef, ast.ExceptHandler))}
        | {(one.asname or one.name).split(".")[0] for one in nodes if isinstance(one, ast.alias)}
    )
