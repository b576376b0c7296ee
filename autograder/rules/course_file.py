"""course.toml: the rules of one course, read and checked; whatever is wrong is told with file, line and mend."""

import difflib
import re
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.rules.checking import Lines, check
from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.problems import CourseError
from helpers.language import ENGLISH

NAME = "course.toml"


@dataclass(frozen=True)
class Extension:
    """More time for one student: until then, or so many days; `lesson` is "" for every lesson."""

    student: str
    lesson: str = ""
    until: datetime | None = None
    days: float = 0.0
    why: str = ""


@dataclass(frozen=True)
class Course:
    """The rules of a course; what a bare `Course()` says holds where there is no file."""

    path: Path | None = None
    title: str = ""
    language: str = ENGLISH
    lessons: tuple[str, ...] = ()
    roster: Path | None = None
    system: str = ""
    student: str = ""
    attempts: str = "last"
    zone: ZoneInfo | None = None
    deadlines: dict[str, datetime] = field(default_factory=dict)
    per_day: float = 0.0
    grace: float = 0.0
    cap: float = 1.0
    points: dict[str, dict[str, float]] = field(default_factory=dict)
    extensions: tuple[Extension, ...] = ()

    def local(self, clock):
        """A time of a clock without a zone, such as a learning system's, as a moment."""
        return clock.replace(tzinfo=self.zone) if self.zone else clock.astimezone()


def find_course(paths):
    """The course.toml that lies in a folder of submissions or beside it, or None."""
    real = [Path(path).resolve() for path in paths]
    return next((found for path in real for found in (path / NAME, path.parent / NAME) if found.is_file()), None)


def read_course(path):
    """Return the `Course` in a file; `CourseError` names the file, the line, the fault and the mend."""
    if path is None:
        return Course()
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise CourseError(f"{path} is not text in UTF-8. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise CourseError(
            f"{path}:{line[1] if line else text.count(chr(10)) + 1}: this is not TOML: {error}."
        ) from None
    return _Reader(path, text).course(data)


class _Reader:
    """Makes a `Course` of what one file holds."""

    def __init__(self, path, text):
        self._path, self._zone = path, None
        self._file = Lines(path, text)

    def course(self, data):
        check(self._file, data)
        self._zone = self._found_zone(data.get("timezone"))
        late = data.get("late", {})
        return Course(
            path=self._path,
            title=data.get("title", ""),
            language=data.get("language", ENGLISH),
            lessons=tuple(self._lesson(name, ("lessons",)) for name in data.get("lessons", ())),
            roster=self._path.parent / data["roster"] if data.get("roster") else None,
            system=data.get("system", ""),
            student=data.get("student", ""),
            attempts=data.get("attempts", "last"),
            zone=self._zone,
            deadlines={
                self._lesson(name, ("deadlines", name)): self._moment(when)
                for name, when in data.get("deadlines", {}).items()
            },
            **{name: float(late[name]) for name in ("per_day", "grace", "cap") if name in late},
            points=dict(self._points(name, given) for name, given in data.get("points", {}).items()),
            extensions=tuple(self._extension(one, n) for n, one in enumerate(data.get("extensions", ()))),
        )

    def _lesson(self, name, place):
        """The full name of a lesson, which may be given by its beginning."""
        found = [lesson for lesson in lesson_names() if isinstance(name, str) and lesson.startswith(name) and name]
        if len(found) != 1:
            self._file.fail(
                place, f"there is no one lesson called '{name}'", f"The lessons are {', '.join(lesson_names())}"
            )
        return found[0]

    def _points(self, name, given):
        lesson = self._lesson(name, ("points", name))
        exercises = load_lesson(lesson).exercises
        for exercise in given:
            if exercise not in exercises:
                near = difflib.get_close_matches(exercise, exercises, 1)
                mend = f"Did you mean '{near[0]}'?" if near else f"They are {', '.join(exercises)}"
                self._file.fail(("points", name, exercise), f"{lesson} has no exercise '{exercise}'", mend)
        return lesson, {exercise: float(points) for exercise, points in given.items()}

    def _extension(self, one, number):
        place = ("extensions", number)
        if "student" not in one:
            self._file.fail(place, "an extension names no student", 'Add: student = "..."')
        if ("until" in one) == ("days" in one):
            self._file.fail(place, "an extension needs either 'until' or 'days'", "Add: days = 7")
        lesson = self._lesson(one["lesson"], (*place, "lesson")) if one.get("lesson") else ""
        until = self._moment(one["until"]) if "until" in one else None
        return Extension(one["student"], lesson, until, float(one.get("days", 0)), one.get("why", ""))

    def _moment(self, when):
        if not isinstance(when, datetime):
            when = datetime.combine(when, time(23, 59, 59))
        return when if when.tzinfo else Course(zone=self._zone).local(when)

    def _found_zone(self, name):
        try:
            return ZoneInfo(name) if name else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._file.fail(("timezone",), f"there is no time zone '{name}'", 'For example: timezone = "Europe/Berlin"')
