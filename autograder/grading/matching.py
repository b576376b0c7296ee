"""Match a submission's cells with the lesson's, and decide what runs, in which order, and where each exercise stands.

Given cells come from the lesson; answers and the student's own cells come from the submission. A cell is known by its
id, else by its text, else by what it defines, so that copies, new ids, deletions and another order cost nothing.
"""

import ast
import re
import warnings
from dataclasses import dataclass
from functools import cached_property

from autograder.source.cells import names_of
from autograder.source.notebook_cells import lesson_cells

CHECK_CALL = re.compile(r"""^\s*grader\.check\(\s*["'](\w+)["']\s*\)\s*(#.*)?$""")
BLANK, ATTEMPT = "blank", "attempt"
SKIPPED = ("check", "progress", "experiment")


@dataclass(frozen=True)
class Step:
    """One cell to run, or one exercise to grade with the state as it is now."""

    cell: str = ""
    text: str = ""
    exercise: str = ""


@dataclass(frozen=True)
class Plan:
    """What to do with a submission: the steps, the cells that hold each exercise's answers, and remarks."""

    steps: tuple
    answer_cells: dict
    problems: tuple

    @property
    def answers(self):
        """The student's own text of each exercise: {name: text}, for those that were attempted."""
        texts = {step.cell: step.text for step in self.steps if step.cell}
        found = {name: [texts[cell] for cell in cells if cell in texts] for name, cells in self.answer_cells.items()}
        return {name: "\n\n".join(parts) for name, parts in found.items() if parts}


class Matching:
    """A lesson's cells, indexed for matching many submissions."""

    def __init__(self, lesson):
        self.lesson = lesson
        self.cells = lesson_cells(lesson)
        self._by_id = {cell.id: cell for cell in self.cells if cell.is_code}
        self._by_text = {_normal(cell.starter): cell for cell in self.cells if cell.is_code}
        self._owner = {answer.name: name for name, exercise in lesson.exercises.items() for answer in exercise.answers}

    @cached_property
    def given(self):
        return [cell for cell in self.cells if cell.role in ("setup", "given")]

    def plan(self, submission):
        """Return the `Plan` for a submission."""
        code = [cell for cell in submission.cells if cell.type == "code"]
        roles = {cell.place: self._role(cell) for cell in code}
        defined = {cell.place: definitions(cell.text) for cell in code}
        anchors = self._anchors(code, roles)
        chosen = {name: self._choose(name, owner, code, defined, anchors) for name, owner in self._owner.items()}
        points = self._grading_points(anchors, chosen)
        steps = [Step(cell=cell.id, text=cell.starter) for cell in self.given]
        for cell in code:
            steps += self._steps_of(cell, roles[cell.place], defined[cell.place])
            steps += [Step(exercise=name) for name, place in points.items() if place == cell.place]
        steps += [Step(exercise=name) for name, place in points.items() if place is None]
        answer_cells = {
            name: [label(chosen[a.name]) for a in exercise.answers if chosen[a.name]]
            for name, exercise in self.lesson.exercises.items()
        }
        return Plan(tuple(steps), answer_cells, tuple(self._remarks(submission, chosen)))

    def _role(self, cell):
        """What a cell is to us: a lesson's cell, "check NAME", or None for the student's own."""
        call = CHECK_CALL.match(cell.text.strip())
        if call:
            return f"check {call[1]}"
        return self._by_text.get(_normal(cell.text)) or self._by_id.get(cell.id)

    def _anchors(self, code, roles):
        """The place of each exercise's first check cell."""
        anchors = {}
        for cell in code:
            role = roles[cell.place]
            name = role[6:] if isinstance(role, str) else role.section if role and role.role == "check" else None
            if name in self.lesson.exercises:
                anchors.setdefault(name, cell.place)
        return anchors

    def _choose(self, name, owner, code, defined, anchors):
        """The cell whose definition of an answer counts: the last attempt before the check cell, else the last."""
        attempts = [cell for cell in code if defined[cell.place].get(name) == ATTEMPT]
        before = [cell for cell in attempts if cell.place < anchors.get(owner, 0)]
        own = [cell for cell in attempts if self._is_own(cell, owner)]
        return next((found[-1] for found in (before, own, attempts) if found), None)

    def _is_own(self, cell, owner):
        known = self._by_id.get(cell.id)
        return known is not None and known.role == "answer" and known.section == owner

    def _grading_points(self, anchors, chosen):
        """Where each exercise is graded: at its check cell, or at its last answer where that comes later."""
        points = {}
        for name, exercise in self.lesson.exercises.items():
            places = [chosen[answer.name].place for answer in exercise.answers if chosen[answer.name]]
            points[name] = max(*places, anchors.get(name, 0), 0) if places else None
        return points

    def _steps_of(self, cell, role, defined):
        if isinstance(role, str):
            return []
        if role is None or role.role == "answer":
            return [] if self._is_only_blank(defined) else [Step(cell=label(cell), text=cell.text)]
        unchanged = _normal(cell.text) == _normal(role.starter)
        if role.role in SKIPPED:
            return [] if unchanged or role.role != "experiment" else [Step(cell=label(cell), text=cell.text)]
        lessons = Step(cell=role.id, text=role.starter)
        return [lessons] if unchanged else [Step(cell=label(cell), text=cell.text), lessons]

    def _is_only_blank(self, defined):
        """Whether a cell holds nothing but untouched starters, which must not undo an attempt made elsewhere."""
        return bool(defined) and all(name in self._owner and kind == BLANK for name, kind in defined.items())

    def _remarks(self, submission, chosen):
        for cell in submission.cells:
            known = self._by_id.get(cell.id)
            if known and known.role == "answer" and cell.type != "code":
                yield f"The answer cell of {known.section} is of type {cell.type[:20]}, not code, so it was not run."


def label(cell):
    """How a submission's cell is called in messages."""
    return (
        f"{cell.place} ({cell.id})" if re.fullmatch(r"[\w-]{1,64}", cell.id) and "-" in cell.id[1:] else str(cell.place)
    )


def definitions(text):
    """What a cell defines at its top level, magics and shell lines aside: {name: BLANK or ATTEMPT}, the last counts.

    A definition is blank when it is the starter's: `...`, or a body of docstring, `...` and `pass`.
    """
    lines = ("pass" if line.startswith(("%", "!")) else line for line in text.splitlines())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _loosely(text)
    return {name: BLANK if _is_blank_node(node) else ATTEMPT for node in tree.body for name in names_of(node)}


def _loosely(text):
    """Names by their look, for a cell that is not Python: its fault belongs to the exercise that it attempts."""
    return {a or b: ATTEMPT for a, b in re.findall(r"^(?:def\s+(\w+)|(\w+)\s*=(?!=))", text, re.M)}


def _is_blank_node(node):
    if isinstance(node, ast.FunctionDef):
        return all(isinstance(one, ast.Pass) or _is_constant(one) for one in node.body)
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value is ...


def _is_constant(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _normal(text):
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
