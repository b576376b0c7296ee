"""What the releases have in common: a check as one test function, answer cells with solution marks, and `helpers`.

otter and nbgrader run the test function in the student's process. It runs the very check, through
`helpers.running.run_check` and with the public seed, so that outcomes equal those of our own grader.
"""

import ast
import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

import helpers
from autograder.building.student_data import student_data
from autograder.release.left_out import leave_out
from autograder.source.notebook_cells import PROGRESS
from autograder.source.problems import CourseError
from autograder.source.section import is_choice
from autograder.source.standalone import standalone

DISTRIBUTION = "deep-learning-by-hand"
PROGRESS_TEXT = PROGRESS[: PROGRESS.index(" To hand in")]
TEST = """\
def test_{name}(env):
    {sentence!r}
    import contextlib
    import io
    from helpers.running import run_check
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        verdict = run_check({name}, env)
    assert verdict.outcome == 'passed', verdict.sentence + ' ' + verdict.{shown}
"""


def as_test(section, check):
    """Return the source of a function `test_<check>(env)` that raises `AssertionError` unless the check passes.

    All that the check needs is inside, so that nothing of the student's is overwritten; what the student prints is
    swallowed, because nbgrader takes a word on stderr for a failure. A hidden check shows its summary only.
    """
    shown = "summary" if check.hidden else "text"
    tree = ast.parse(TEST.format(name=check.name, sentence=check.sentence, shown=shown))
    function = tree.body[0]
    first = next(i for i, node in enumerate(function.body) if isinstance(node, ast.With))
    function.body[first:first] = ast.parse(standalone(section, [check])).body
    return ast.unparse(tree)


def marked_answers(section):
    """Return the texts of a section's answer cells with their solutions between BEGIN and END SOLUTION, in order."""
    return [
        _marked_choice(section, cell) if is_choice(cell) else cell.text
        for cell in section.cells
        if cell.kind == "answer"
    ]


def _marked_choice(section, cell):
    answer = next(answer for answer in section.exercise.answers if answer.cell is cell)
    letters = ", ".join(f'"{letter}"' for letter in answer.reference.by_letter)
    marked = f'    # BEGIN SOLUTION\n    "{answer.value}"\n    # END SOLUTION'
    return f"{answer.name} = (  # one of {letters}\n{marked}\n)"


def copy_helpers(lesson, folder):
    """Put `helpers` into a folder: with the data of this lesson and of no other, without the kernels that answer it."""
    target = Path(folder) / "helpers"
    shutil.copytree(Path(helpers.__file__).parent, target, ignore=shutil.ignore_patterns("__pycache__", "*.json"))
    (target / "lessons").mkdir(exist_ok=True)
    (target / "lessons" / f"{lesson.name}.json").write_text(student_data(lesson), encoding="utf-8", newline="\n")
    leave_out(lesson, target)


def requirements(extra=None):
    """What the distribution requires, without its extras, or what one extra adds."""
    found = []
    for line in importlib.metadata.requires(DISTRIBUTION) or []:
        requirement, _, marker = line.partition(";")
        if (extra is None and not marker) or (extra is not None and f"extra == '{extra}'" in marker.replace('"', "'")):
            found.append(requirement.strip())
    return found


def with_tools():
    """The environment in which the tools find each other: nbgrader calls alembic by its name alone."""
    return {**os.environ, "PATH": os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])}


def run_tool(arguments, folder):
    """Run a module's command line in a folder; `CourseError` with its last words if it fails."""
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=folder, env=with_tools(), capture_output=True, text=True, check=False)
    if done.returncode:
        words = (done.stderr or done.stdout).strip()[-1500:]
        raise CourseError(f"'{' '.join(arguments)}' failed in {folder}. It said:\n{words}")
    return done.stdout + done.stderr


def write(path, text):
    """Write a text file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
