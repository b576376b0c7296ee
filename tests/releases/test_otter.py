"""The otter release: what `otter assign` is given, what it makes, and what it says of honest answers."""

import ast
import shutil

import pytest
import yaml

from autograder.building.notebook import code_cell, notebook_text
from autograder.release.otter import _quoted, source_notebook
from autograder.source.notebook_cells import lesson_cells
from releases.conftest import batches, differences, otter_results, our_scores, run


@pytest.mark.parametrize("text", ['say "x" or \\sigma', "σ'(x) ends in \\", '""" and # and : {}', "plain"])
def test_a_sentence_survives_yaml_and_a_python_literal(text):
    value = yaml.safe_load(f"failure_message: {_quoted(text)}")["failure_message"]
    assert ast.literal_eval(f'"{value}"') == text
    ast.parse(f'"""\nfailure_message: {_quoted(text)}\n"""')


def test_the_source_is_the_same_every_time(fixture_lesson):
    assert notebook_text(source_notebook(fixture_lesson)) == notebook_text(source_notebook(fixture_lesson))


def test_every_check_is_a_test_case_with_its_points(fixture_lesson):
    tests = [cell.source for cell in source_notebook(fixture_lesson).cells if "BEGIN TEST CONFIG" in cell.source]
    checks = [check for exercise in fixture_lesson.exercises.values() for check in exercise.checks]
    for text, check in zip(tests, checks, strict=True):
        config = yaml.safe_load("\n".join(text.splitlines()[1:4]))
        assert config["points"] == check.points
        assert config["hidden"] == check.hidden
        assert config["failure_message"].startswith(f"{check.name}: ")


@pytest.mark.slow
def test_students_get_no_hidden_check_and_no_solution(otter_release, fixture_lesson):
    text = (otter_release / "student" / "50_fixture.ipynb").read_text(encoding="utf-8")
    for exercise in fixture_lesson.exercises.values():
        assert f'grader.check(\\"{exercise.name}\\")' in text
        for check in exercise.checks:
            assert (check.name in text) == (not check.hidden)
    for cell in lesson_cells(fixture_lesson):
        if cell.role == "answer":
            assert f'"{cell.id}"' in text
            assert code_cell(cell.solution).source not in text


@pytest.mark.slow
def test_run_all_on_a_fresh_notebook_raises_nothing_and_the_verbs_work(otter_release, tmp_path):
    shutil.copytree(otter_release / "student", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "50_fixture.ipynb"
    import nbformat  # not above: it takes a second, in every process

    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "grader.export" not in cell.source]
    answered = "def slope(x, a=1.0):\n    return 2 * a * x"
    more = "import helpers\nhelpers.__file__", 'grader.hint("slope")', answered, 'grader.yours("slope")(5)'
    notebook.cells += [code_cell(text, f"more-{number}") for number, text in enumerate(more)]
    nbformat.write(notebook, path)
    run("-m", "nbconvert", "--to", "notebook", "--execute", "--output", "ran", path, cwd=tmp_path)
    ran = nbformat.read(tmp_path / "ran.ipynb", as_version=4)
    *_, place, hint, _, ten = map(shown, ran.cells)
    assert str(tmp_path / "helpers" / "__init__.py") in place
    assert "slope, hint 1 of 2: Use the power rule." in hint
    assert "slope: yours" in ten
    assert "10" in ten
    assert sum("The answer is still the starter." in shown(cell) for cell in ran.cells) == 3


def shown(cell):
    """What a cell shows, as text."""
    outputs = [one.get("text") or one.get("data", {}).get("text/plain", "") for one in cell.get("outputs", [])]
    return "\n".join(outputs)


@pytest.mark.slow
def test_otter_agrees_and_shows_no_hidden_value(otter_release, fixture_lesson):
    batch = batches(fixture_lesson)[:3]
    results = otter_results(fixture_lesson, otter_release, batch)
    theirs = [{check: points for check, (points, _) in one.items()} for one in results]
    assert differences(batch, [our_scores(fixture_lesson, one) for one in batch], theirs) == []
    _, seen = results[2]["slope", "at_three"]
    assert "slope([3])[0] is 3" in seen
    assert "AssertionError: The slope of x^2 at 3 is 6." in seen
    _, hidden = results[2]["slope", "agrees_with_complex_step"]
    assert "A value differs from the expected one." in hidden
    assert "elements differ" not in hidden
    assert "random x, a" not in hidden
