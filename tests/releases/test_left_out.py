"""A class release gives no kernel away that answers its lesson, and its notebook still runs from top to bottom."""

import ast
import inspect
import shutil
import sys
from pathlib import Path

import nbformat
import pytest

import helpers
from autograder.release.left_out import emptied, leave_out
from autograder.source.lesson import lesson_names, load_lesson
from releases.conftest import run

MODULES = sorted({name for lesson in lesson_names() for name in load_lesson(lesson).kernel_modules})


@pytest.mark.parametrize("module", MODULES)
def test_an_emptied_module_has_the_names_and_no_code(module):
    source = inspect.getsource(sys.modules[module])
    tree = ast.parse(emptied(source))
    assert not [one for one in ast.walk(tree) if isinstance(one, (ast.FunctionDef, ast.Lambda, ast.For))]
    names = {one.name for one in ast.parse(source).body if isinstance(one, (ast.FunctionDef, ast.ClassDef))}
    assert names <= {target.id for one in tree.body if isinstance(one, ast.Assign) for target in one.targets}


@pytest.fixture(scope="module", params=lesson_names())
def class_copy(request, tmp_path_factory):
    """(lesson, folder) with helpers as a class gets them, without the pictures, which take a kernel to draw."""
    lesson, folder = load_lesson(request.param), tmp_path_factory.mktemp("class")
    ignored = shutil.ignore_patterns("__pycache__", "*.json")
    shutil.copytree(Path(helpers.__file__).parent, folder / "helpers", ignore=ignored)
    (folder / "helpers" / "lessons").mkdir(exist_ok=True)
    source = Path(helpers.__file__).parent / "lessons" / f"{lesson.name}.json"
    shutil.copy(source, folder / "helpers" / "lessons")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.release.left_out.pictures", lambda lesson: {})
        leave_out(lesson, folder / "helpers")
    return lesson, folder


def test_what_answers_the_lesson_is_left_out_and_yours_says_so(class_copy):
    lesson, folder = class_copy
    kernels = [name for name, one in lesson.exercises.items() if one.kernels]
    code = (
        "from helpers import Grader, kernels\nfrom helpers.errors import StudentError\n"
        f"grader = Grader({lesson.name!r}, {{}})\n"
        f"for name in {kernels!r}:\n"
        "    print(type(grader.yours(name)).__name__)\n"
        "    try: grader.yours(name)(1.0)\n"
        "    except StudentError as error: print(error)\n"
        "print('helpers from', kernels.__file__)"
    )
    printed = run("-c", code, cwd=folder)
    assert f"helpers from {folder}" in printed
    assert printed.count("LeftOut\n") == len(kernels) > 3
    assert printed.count("answer it first; this release") == 2 * len(kernels)
    assert printed.count("is left out of this release: the lesson asks for it") == len(kernels)


def test_negative_control_the_whole_checkout_keeps_them(class_copy):
    lesson, _ = class_copy
    code = f"from helpers import Grader\nprint(Grader({lesson.name!r}, {{}}).yours({next(iter(lesson.exercises))!r}))"
    if not next(iter(lesson.exercises.values())).kernels:
        pytest.skip("the first exercise of this lesson has no kernel")
    assert "until yours passes its checks" in run("-c", code, cwd=Path(helpers.__file__).parents[2])


@pytest.mark.slow
def test_the_released_notebook_runs_and_shows_pictures(tmp_path):
    from nbclient import NotebookClient

    from autograder.release import release

    folder = release(load_lesson("01_chain_rule"), "student", tmp_path) / "01_chain_rule"
    notebook = nbformat.read(folder / "01_chain_rule.ipynb", 4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    cells = {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}
    figure = cells["introduction-experiment-1"]
    assert "waits for cross_entropy_from_logits, numerical_gradient" in figure[0]["text"]
    assert any("image/png" in output.get("data", {}) for output in figure)
    assert not [output for outputs in cells.values() for output in outputs if output["output_type"] == "error"]
