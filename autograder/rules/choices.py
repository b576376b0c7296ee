"""What an instructor chose for a run, kept with its results: what is written anew later is written in the same way."""

import json
import os
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from autograder.rules.course_file import read_course
from autograder.rules.identity.roster import Roster, read_roster
from autograder.source.problems import CourseError

NAME = "run.json"


@dataclass(frozen=True)
class Choices:
    """Options of `course grade` that are not of grading itself; where nothing is said, the course's rules hold."""

    rules: str = ""
    roster: str = ""
    student: str = ""
    attempts: str = ""
    lesson: str = ""
    long: bool = False
    anonymous: bool = False

    @cached_property
    def course(self):
        """The rules of the course."""
        return read_course(self.rules or None)

    @cached_property
    def people(self):
        """The roster, an empty one where there is none."""
        path = self.roster or self.course.roster
        return read_roster(path) if path else Roster(())

    @property
    def rule(self):
        """Which of several attempts counts."""
        return self.attempts or self.course.attempts

    def keep(self, folder):
        """Write the choices into the folder of the results, for its owner only."""
        draft = Path(folder) / f"{NAME}.part"
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(number, "w", encoding="utf-8") as file:
            json.dump(asdict(self), file)
        draft.replace(Path(folder) / NAME)


def read_choices(folder):
    """Return the choices of the last run into a folder; the bare ones where none are kept."""
    try:
        return Choices(**json.loads((Path(folder) / NAME).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Choices()
    except (ValueError, TypeError):
        raise CourseError(f"{Path(folder) / NAME} is broken. Delete it and grade again.") from None
