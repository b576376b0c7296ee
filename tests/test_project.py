"""What holds the project together: dependencies, imports, file sizes, the README's promises."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import yaml
from rattler import MatchSpec

from autograder.building.kernel_tasks import TASKS
from autograder.source.lesson import lesson_names, load_lesson
from conftest import needs
from helpers import kernels
from helpers.checking import check, expect_close, wrong_answer
from helpers.running import FAILED, PASSED, run_check

PROJECT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())
EXTRAS = PYPROJECT["project"]["optional-dependencies"]


def named(requirements):
    """{name: floor} of requirement lines, our own extras aside."""
    parts = (re.fullmatch(r"([\w-]+)[>=]=([\w.]+)( ;.*)?", one) for one in requirements if "[" not in one)
    return {part[1].lower(): part[2] for part in parts}


def conda_lines():
    lines = yaml.safe_load((PROJECT / "environment.yml").read_text())["dependencies"]
    pip = next(line["pip"] for line in lines if isinstance(line, dict))
    return [line for line in lines if isinstance(line, str)], [line for line in pip if line != "-e ."]


def test_environment_yml_names_the_same_packages_and_floors_as_pyproject():
    conda, pip = conda_lines()
    listed = named([line for line in [*conda, *pip] if ">=" in line])
    assert listed.pop("python") == PYPROJECT["project"]["requires-python"].removeprefix(">=")
    wanted = named([*PYPROJECT["project"]["dependencies"], *EXTRAS["grade"], *EXTRAS["lab"], *EXTRAS["release"]])
    assert listed == wanted
    assert {"nbgrader", "otter-grader"} <= set(listed)


def test_environment_yml_is_conda_syntax():
    for line in conda_lines()[0]:
        MatchSpec(line)
    with pytest.raises(Exception, match="unable to parse"):
        MatchSpec("numpy=>1.2")


def test_constraints_are_exact_name_no_host_and_cover_every_dependency():
    lines = (PROJECT / "constraints.txt").read_text().splitlines()
    assert all(re.match(r"[\w.-]+==[\w.]+( ;.*)?$", line) for line in lines)
    assert not any("://" in line for line in lines)
    pinned = {line.split("==")[0].lower() for line in lines}
    for requirements in [PYPROJECT["project"]["dependencies"], *EXTRAS.values()]:
        assert set(named(requirements)) <= pinned


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_helpers_never_imports_autograder_and_stays_safe_for_the_browser():
    forbidden = ("autograder", "threading", "multiprocessing", "subprocess", "socket", "requests")
    for path in (PROJECT / "src/helpers").rglob("*.py"):
        # The one exception starts a process when it is asked to, and where there is no course to start it says so.
        assert path.name == "checkout.py" or 'importlib.import_module("subprocess' not in path.read_text(), path
        assert not [name for name in imports_of(path) if name.split(".")[0] in forbidden], path


def test_the_untrusted_side_knows_no_lesson():
    for path in (PROJECT / "autograder/jail").glob("*.py"):
        ours = {name for name in imports_of(path) if name.startswith("autograder")}
        assert all(name.startswith("autograder.jail") for name in ours), path


def test_importing_helpers_loads_numpy_at_most():
    heavy = ("matplotlib", "IPython", "ipywidgets")
    code = f"import sys; import helpers; helpers.Grader; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_files_are_short_and_functions_too():
    for folder in ("autograder", "src/helpers", "benchmarks"):
        for path in (PROJECT / folder).rglob("*.py"):
            if "lessons" in path.parts:
                continue
            text = path.read_text()
            assert text.count("\n") <= 200, f"{path} has {text.count(chr(10))} lines"
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef):
                    assert node.end_lineno - node.lineno < 40, f"{path}:{node.lineno} {node.name}"


def test_the_counts_of_the_readme_are_those_of_the_lessons_and_kernels():
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    lessons = [load_lesson(name) for name in lesson_names()]
    rows = dict(re.findall(r"^\| (\d\d) [^|]*\| (\d+): ", text, re.M))
    known = {lesson.name[:2]: str(len(lesson.exercises)) for lesson in lessons}
    assert rows == known, f"The README's table of lessons begins its rows with other counts: write {known}"
    exercises = [exercise for lesson in lessons for exercise in lesson.exercises.values()]
    wrong = sum(len(exercise.wrong_answers) for exercise in exercises)
    row = f"| wrong answers shipped with {len(exercises)} exercises | {wrong}, "
    assert row in text, f"The README has other counts: write {row}"
    assert f"`helpers.kernels`: {len(kernels.__all__)} vectorized functions" in text


def test_the_idea_in_the_readme_runs_and_is_true():
    names = {"np": np, "check": check, "expect_close": expect_close, "wrong_answer": wrong_answer}
    (code,) = re.findall(r"```python\n(.*?)```", (PROJECT / "README.md").read_text(encoding="utf-8"), re.S)
    assert len([line for line in code.splitlines() if line]) == 8
    exec(code, names)
    mistake = run_check(names["peaks_at_zero"], {"sigmoid_gradient": names["forgot_to_differentiate"].value})
    assert mistake.outcome == FAILED
    right = {"sigmoid_gradient": lambda x: 1 / (2 + np.exp(x) + np.exp(-x))}
    assert run_check(names["peaks_at_zero"], right).outcome == PASSED


@needs("git", "-C", str(PROJECT), "rev-parse")
def test_no_file_names_a_machine_or_a_registry():
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True).stdout.split("\n")
    told = re.compile(r"/root/\.|/work/|pypi\.org|files\.pythonhosted|registry\.npmjs")
    for name in filter(None, listed):
        path = PROJECT / name
        if path.suffix in (".py", ".md", ".toml", ".txt", ".yml", ".ipynb", ".json") and path.exists():
            found = told.search(path.read_text(encoding="utf-8", errors="replace"))
            assert not found or name == "tests/test_project.py", f"{name}: {found}"


def test_the_page_on_kernels_opens_with_a_table_that_finds_each_of_them_by_what_it_is_for():
    told = {name for _, names in TASKS for name in names.split()}
    to_read = {name for name in dir(kernels) if name.endswith(("_plain", "_loop", "_loops"))}
    assert told == set(dir(kernels)) - to_read
