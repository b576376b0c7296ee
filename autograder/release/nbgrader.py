"""The release for nbgrader: a course directory with one assignment, and the student version made by nbgrader itself.

A check is an autograder-tests cell with its own points, whose grade id is EXERCISE-CHECK. Hidden checks stand between
BEGIN and END HIDDEN TESTS. What a person marks is a manually graded text cell, for formgrader. The line
`grader.check(...)` stays, as a cell without points.
"""

from autograder.building.notebook import code_cell, notebook_text, student_notebook, text_cell
from autograder.release.shared import PROGRESS_TEXT, as_test, copy_helpers, marked_answers, run_tool
from autograder.release.shared import write as write_text
from autograder.source.notebook_cells import cell_id, lesson_cells
from helpers.questions import STARTER

CONFIG = """\
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor

c = get_config()  # noqa: F821


class HideHiddenChecks(NbGraderPreprocessor):
    \"\"\"Feedback shows a hidden check's points and its sentence, not its code, nor a traceback with lines of it.\"\"\"

    def preprocess_cell(self, cell, resources, index):
        if "### BEGIN HIDDEN TESTS" in cell.source:
            cell.source = cell.source.partition("\\n")[0]
            errors = [one for one in cell.get("outputs", ()) if one.get("ename") == "AssertionError"]
            said = [one.get("evalue", "") for one in errors]
            cell.outputs = [
                dict(output_type="stream", name="stdout", text=text.partition("\\n")[0]) for text in said
            ]
        return cell, resources


# What `nbgrader generate_feedback` does by itself shows hidden checks to students; this is its option against it.
c.GenerateFeedback.preprocessors = [GetGrades, HideHiddenChecks, CSSHTMLHeaderPreprocessor]

c.CourseDirectory.course_id = "{course}"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback"]
# An unanswered cell raises nothing in the student's notebook.
c.ClearSolutions.code_stub = {{"python": "...  # your code here"}}
# What a person marks is written over this line.
c.ClearSolutions.text_stub = {stub!r}
"""
README = """\
# {lesson} for nbgrader

A course directory. `release/` was made by `nbgrader generate_assignment {lesson}`; students get the folder
`release/{lesson}`, in which `helpers` must stay beside the notebook.

Put what they hand in at `submitted/STUDENT/{lesson}/{lesson}.ipynb`, then, here:

    nbgrader autograde {lesson}
    nbgrader generate_feedback {lesson}

By itself, `generate_feedback` shows students the code of hidden checks. `nbgrader_config.py` here prevents it; in a
course directory of your own it does so only if you take it over.

To use the assignment in a course directory of your own, copy `source/{lesson}` there and take over what
`nbgrader_config.py` says. `nbgrader autograde` puts `helpers` from `source/` over the student's copy.

nbgrader runs hidden checks in the process that runs the student's code, and that code can read them and forge a result.
"""


def make(lesson, folder):
    """Write the course directory into `folder` and let nbgrader make the student version."""
    source = folder / "source" / lesson.name
    write_text(source / f"{lesson.name}.ipynb", notebook_text(source_notebook(lesson)))
    write_text(folder / "nbgrader_config.py", CONFIG.format(course="deep_learning_by_hand", stub=STARTER))
    write_text(folder / "README.md", README.format(lesson=lesson.name))
    copy_helpers(lesson, source)
    run_tool(["nbgrader", "generate_assignment", lesson.name], folder)


def source_notebook(lesson):
    """Return the instructor's version of the assignment."""
    answers = {section.name: iter(marked_answers(section)) for section in lesson.sections}
    nodes = []
    for cell in lesson_cells(lesson):
        text = next(answers[cell.section]) if cell.role == "answer" else cell.starter
        text = cell.solution if cell.role == "why" else text
        nodes.append(_node(cell, PROGRESS_TEXT if cell.id == "progress-text" else text))
        if cell.role == "why":
            points = lesson.section(cell.section).question.points
            nodes[-1].metadata["nbgrader"] = _metadata(cell.section, grade=True, solution=True, points=points)
        if cell.role == "check":
            section = lesson.section(cell.section)
            nodes += [_test_cell(section, check, n) for n, check in enumerate(section.exercise.checks, 1)]
    notebook = student_notebook(lesson)
    notebook.cells = nodes
    return notebook


def grade_id(exercise, check):
    """The nbgrader name of a check: check names alone need not be unique in a lesson."""
    return f"{exercise.name}-{check.name}"


def _node(cell, text):
    if not cell.is_code:
        return text_cell(text, cell.id)
    node = code_cell(text, cell.id)
    # Text and experiments stay ordinary cells: every nbgrader cell that a student copies stops the whole batch.
    if cell.role == "answer":
        node.metadata["nbgrader"] = _metadata(cell.id, solution=True)
    elif cell.role in ("setup", "given", "check"):
        node.metadata["nbgrader"] = _metadata(cell.id, locked=True)
    return node


def _test_cell(section, check, number):
    points = f"{check.points:g} point" + ("" if check.points == 1 else "s")
    text = f"{as_test(section, check)}\n\n\ntest_{check.name}(globals())"
    if check.hidden:
        text = f"# A hidden check, {points}.\n### BEGIN HIDDEN TESTS\n{text}\n### END HIDDEN TESTS"
    node = code_cell(text, cell_id(section, "test", number))
    name = grade_id(section.exercise, check)
    node.metadata["nbgrader"] = _metadata(name, grade=True, locked=True, points=check.points)
    # JupyterLab folds it: what students need stands in the output of grader.check.
    node.metadata["jupyter"] = {"source_hidden": True}
    return node


def _metadata(name, *, grade=False, locked=False, solution=False, **points):
    flags = {"grade": grade, "locked": locked, "solution": solution, "task": False}
    return {"schema_version": 3, "grade_id": name, **flags, **points}
