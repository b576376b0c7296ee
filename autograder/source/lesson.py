"""A lesson: a folder of sections, in the order of their file names.

This file knows what holds between sections of one lesson: exercise names are unique.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from autograder.source.problems import AuthorError, CourseError
from autograder.source.section import load_section

LESSONS = Path(__file__).parents[1] / "lessons"
FOLDER = re.compile(r"\d\d_[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Lesson:
    """One notebook's worth of sections."""

    name: str
    sections: tuple

    @cached_property
    def exercises(self):
        """The exercises by name, in reading order."""
        return {section.name: section.exercise for section in self.sections if section.exercise}

    @cached_property
    def questions(self):
        """The sections whose question a person marks, by name, in reading order."""
        return {section.name: section for section in self.sections if section.question}

    @cached_property
    def titles(self):
        """The titles of all exercises and questions, by name."""
        return {section.name: section.title for section in self.sections if section.exercise or section.question}

    @property
    def title(self):
        return self.sections[0].title

    @property
    def max_points(self):
        return sum(exercise.max_points for exercise in self.exercises.values())

    @property
    def kernel_modules(self):
        """The modules of helpers that answer this lesson's exercises."""
        return tuple(sorted({kernel.__module__ for one in self.exercises.values() for kernel in one.kernels}))

    @property
    def closed_modules(self):
        """What of helpers is emptied while this lesson is graded: those, and derivatives, which answer by a call."""
        return (*self.kernel_modules, "helpers.derivatives")

    def section(self, name):
        return next(section for section in self.sections if section.name == name)


def lesson_names(root=LESSONS):
    """The names of all lessons, in order."""
    return sorted(path.name for path in Path(root).iterdir() if path.is_dir() and FOLDER.fullmatch(path.name))


@lru_cache
def load_lesson(name, root=LESSONS):
    """Load a lesson by its full name, or by any unique beginning of it ("01")."""
    folders = [folder for folder in lesson_names(root) if folder.startswith(name)]
    if len(folders) != 1:
        known = ", ".join(lesson_names(root)) or "none"
        raise CourseError(f"There is no one lesson called '{name}'. The lessons are: {known}.")
    sections = tuple(load_section(path) for path in sorted((Path(root) / folders[0]).glob("[0-9]*.py")))
    if not sections:
        raise CourseError(f"The lesson {folders[0]} holds no section. Add one: course new {folders[0]}/NAME")
    _reject_same_names(sections)
    return Lesson(folders[0], sections)


def _reject_same_names(sections):
    seen = {}
    for section in sections:
        names = {section.name, *(answer.name for answer in section.exercise.answers)} if section.exercise else ()
        names = names or ({section.name} if section.question else ())
        for name in names:
            if name in seen:
                fault = f"the name '{name}' is taken by {seen[name].name}"
                raise AuthorError(section.path, 1, fault, "Give one of the two exercises or answers another name")
            seen[name] = section.path
