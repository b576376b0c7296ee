"""Match a submission's cells with the lesson's, and decide what runs, in which order, and where each exercise stands.

Given cells come from the lesson; answers and the student's own cells come from the submission. A cell is known by its
id, else by its text, else by what it defines, so that copies, new ids, deletions and another order cost nothing.
"""

import builtins
import re
from dataclasses import dataclass
from functools import cached_property

from autograder.grading.definitions import ATTEMPT, BLANK, definitions
from autograder.grading.experiments import Experiments, needed_by_answers
from autograder.source.notebook_cells import lesson_cells
from helpers.language import said

ANSWER_IN_TEXT = said("The answer cell of {name} is of type {code}, not code, so it was not run.")
CHECK_CALL = re.compile(r"""^\s*grader\.check\(\s*["'](\w+)["']\s*\)\s*(#.*)?$""")
WORD = re.compile(r"[^\W\d]\w*")
SKIPPED = ("check", "progress", "experiment")


@dataclass(frozen=True)
class Step:
    """One cell to run, or one exercise to grade with the state as it is now."""

    cell: str = ""
    text: str = ""
    exercise: str = ""


@dataclass(frozen=True)
class Plan:
    """What to do with a submission: the steps, the cells that hold each exercise's answers, and remarks.

    An exercise's cells are None where no cell so much as mentions its answers.
    """

    steps: tuple
    answer_cells: dict
    problems: tuple

    @property
    def answers(self):
        """The student's own text of each exercise: {name: text}, for those that were attempted."""
        texts = {step.cell: step.text for step in self.steps if step.cell}
        found = {name: [cell for cell in cells or () if cell in texts] for name, cells in self.answer_cells.items()}
        return {name: "\n\n".join(map(texts.get, cells)) for name, cells in found.items() if cells}


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
        run = {cell.place: self._steps_of(cell, roles[cell.place], defined[cell.place]) for cell in code}
        mentions = self._mentions(code, run, chosen, anchors)
        points = self._grading_points(anchors, chosen, mentions)
        steps = [Step(cell=cell.id, text=cell.starter) for cell in self.given]
        lent = self._lent(code, run, chosen)
        for cell in code:
            steps += lent.get(cell.place, []) + run[cell.place]
            steps += [Step(exercise=name) for name, place in points.items() if place == cell.place]
        steps += [Step(exercise=name) for name, place in points.items() if place is None]
        answer_cells = {
            name: self._cells_of(exercise, chosen, mentions) for name, exercise in self.lesson.exercises.items()
        }
        return Plan(tuple(steps), answer_cells, tuple(self._remarks(submission, chosen)))

    def _cells_of(self, exercise, chosen, mentions):
        names = [answer.name for answer in exercise.answers]
        cells = [label(chosen[name]) for name in names if chosen[name]]
        return cells if cells or any(name in mentions for name in names) else None

    def _mentions(self, code, run, chosen, anchors):
        """{answer: place of the last cell that mentions it} where no text defines it: an `exec` or `%run` may."""
        found = {}
        for cell in (cell for cell in code if run[cell.place]):
            for name in WORD.findall(cell.text):
                if chosen.get(name, cell) is None and cell.place <= anchors.get(self._owner[name], cell.place):
                    found[name] = cell.place
        return found

    def _lent(self, code, run, chosen):
        """{place: steps} of what cells take from experiments for the sake of an answer, to be run before them."""
        texts = {cell.place: cell.text for cell in code if run[cell.place]}
        available = self._experiments.names - self._given_names
        if not available.intersection(WORD.findall("\n".join(texts.values()))):
            return {}
        owners = sorted((cell.place, self._owner[name]) for name, cell in chosen.items() if cell)
        lent = {}
        for place, names in needed_by_answers(texts, self._owner, available).items():
            section = next((owner for at, owner in owners if at >= place), owners[-1][1])
            text = self._experiments.cut(names, section)
            lent[place] = [Step(cell=f"of the experiments of {section}", text=text)]
        return lent

    @cached_property
    def _experiments(self):
        cells = [cell for cell in self.cells if cell.role == "experiment"]
        return Experiments(cells, [section.name for section in self.lesson.sections])

    @cached_property
    def _given_names(self):
        return {name for cell in self.given for name in definitions(cell.starter)} | set(dir(builtins))

    def _role(self, cell):
        """What a cell is to us: a lesson's cell, "check NAME", or None for the student's own."""
        call = CHECK_CALL.match(cell.text.strip())
        if call:
            return f"check {call[1]}"
        return self._by_text.get(_normal(cell.text)) or self._by_id.get(cell.id)

    def _anchors(self, code, roles):
        """The place of each exercise's last check cell: what it says is what a student takes along."""
        anchors = {}
        for cell in code:
            role = roles[cell.place]
            name = role[6:] if isinstance(role, str) else role.section if role and role.role == "check" else None
            if name in self.lesson.exercises:
                anchors[name] = cell.place
        return anchors

    def _choose(self, name, owner, code, defined, anchors):
        """The cell whose definition of an answer counts: the last attempt before the check cell, else the last."""
        attempts = [cell for cell in code if defined[cell.place].get(name) == ATTEMPT]
        before = [cell for cell in attempts if cell.place <= anchors.get(owner, 0)]
        own = [cell for cell in attempts if self._is_own(cell, owner)]
        return next((found[-1] for found in (before, own, attempts) if found), None)

    def _is_own(self, cell, owner):
        known = self._by_id.get(cell.id)
        return known is not None and known.role == "answer" and known.section == owner

    def _grading_points(self, anchors, chosen, mentions):
        """Where each exercise is graded: at its check cell, or at its last answer where that comes later."""
        points = {}
        for name, exercise in self.lesson.exercises.items():
            names = [answer.name for answer in exercise.answers]
            places = [chosen[one].place for one in names if chosen[one]]
            places += [mentions[one] for one in names if one in mentions]
            points[name] = max(*places, anchors.get(name, 0), 0) if places else None
        return points

    def _steps_of(self, cell, role, defined):
        if isinstance(role, str):
            return []
        if role is None or role.role == "answer":
            return [] if self._is_only_blank(defined) else [Step(cell=label(cell), text=cell.text)]
        unchanged = _normal(cell.text) == _normal(role.starter)
        if role.role in SKIPPED:
            return [] if unchanged else [Step(cell=label(cell), text=cell.text)]
        lessons = Step(cell=role.id, text=role.starter)
        return [lessons] if unchanged else [Step(cell=label(cell), text=cell.text), lessons]

    def _is_only_blank(self, defined):
        """Whether a cell holds nothing but untouched starters, which must not undo an attempt made elsewhere."""
        return bool(defined) and all(name in self._owner and kind == BLANK for name, kind in defined.items())

    def _remarks(self, submission, chosen):
        for cell in submission.cells:
            known = self._by_id.get(cell.id)
            if known and known.role == "answer" and cell.type != "code":
                yield ANSWER_IN_TEXT.format(name=known.section, code=cell.type[:20])


def label(cell):
    """How a submission's cell is called in messages."""
    return (
        f"{cell.place} ({cell.id})" if re.fullmatch(r"[\w-]{1,64}", cell.id) and "-" in cell.id[1:] else str(cell.place)
    )


def _normal(text):
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
