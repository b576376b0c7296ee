"""What is to be marked in a folder of results: whose answers, without names and in an order that tells nothing.

Marks are lines of overrides.jsonl, which regrading and every report go by; this file adds them, and nothing else.
"""

import hashlib
import hmac
import threading
from dataclasses import dataclass
from functools import partial

from autograder.reporting.feedback_page import alias
from autograder.reporting.index import Index
from autograder.reporting.marking.questions import asked_in
from autograder.reporting.output_folder import kept_secret
from autograder.reporting.settling import decisions
from autograder.rules.overrides import Override, add_override, holding, read_overrides
from autograder.source.problems import CourseError


@dataclass(frozen=True)
class Answer:
    """One answer: `key` stands for it in addresses, `alias` for its student on the page; `offset` is its record's."""

    key: str
    alias: str
    student: str
    lesson: str
    exercise: str
    fingerprint: str
    offset: int


class Changed(Exception):
    """Somebody decided about the answer since the page was loaded; the one argument is what holds now, or None."""


class Work:
    """The answers of one folder and their marks, for one marker or several."""

    def __init__(self, folder, exercise="", marker=""):
        self.folder, self.marker, self._lock = folder, marker, threading.Lock()
        if not (folder / "records.jsonl").is_file():
            raise CourseError(f"There are no records in {folder}. Name the folder that `course grade --out` wrote.")
        self._index = Index(folder / "records.jsonl")
        self.asked = asked_in(folder, self._index.counting(), exercise)
        self._secret = kept_secret(folder)
        self._alias = partial(alias, self._secret)
        self._answers = self._ordered()

    def answers(self):
        """{key: `Answer`} of all answers that count, question by question, by alias; what came since is among them."""
        with self._lock:
            if self._index.catch_up():
                self._answers = self._ordered()
            return self._answers

    def _ordered(self):
        found = [one for entry in self._index.counting() for one in self._of(entry)]
        places = {key: place for place, key in enumerate(self.asked)}
        found.sort(key=lambda one: (places[one.lesson, one.exercise], one.alias, one.key))
        return {one.key: one for one in found}

    def _of(self, entry):
        for exercise, fingerprint, _ in entry.read_by_people:
            if (entry.lesson, exercise) in self.asked:
                words = "\0".join((entry.lesson, exercise, entry.student, fingerprint))
                key = hmac.new(self._secret.encode(), words.encode("utf-8", "surrogatepass"), "sha256").hexdigest()[:24]
                yield Answer(
                    key, self._alias(entry.student), entry.student, entry.lesson, exercise, fingerprint, entry.offset
                )

    def text(self, answer):
        """What the student wrote."""
        (record,) = self._index.records([answer])
        return next(one.answer for one in record.exercises if one.name == answer.exercise)

    def marks(self):
        """{key: `Override`} of all answers that are marked."""
        made, answers = read_overrides(self.folder), self.answers()
        found = {key: _holding(made, one) for key, one in answers.items()}
        return {key: mark for key, mark in found.items() if mark}

    def mark(self, answer):
        """What holds of one answer, or None."""
        return _holding(read_overrides(self.folder), answer)

    def save(self, answer, lines, note, seen):
        """Mark an answer with these lines of the rubric, or take its mark back where they are None; return what holds.

        `Changed` where another decision than the one with the version `seen` holds by now: it is not overwritten.
        """
        points = None if lines is None else self.asked[answer.lesson, answer.exercise].points(lines)
        why = note or "A person read this answer and marked it."
        more = {"marker": self.marker, "lines": tuple(lines or ()), "note": note, "answer": answer.fingerprint}
        made = Override(answer.student, answer.lesson, answer.exercise, points, why, **more)

        def unless():
            now = self.mark(answer)
            if version(now) != seen:
                raise Changed(now)

        made = add_override(self.folder, made, unless=unless)
        return None if lines is None else made

    def is_joined(self):
        """Whether the records say all that is marked."""
        made = read_overrides(self.folder)
        self.answers()
        return all(
            _said(entry.overridden) == {name: (one.points, one.why) for name, one in decisions(made, entry).items()}
            for entry in self._index.counting()
        )


def _said(overridden):
    return {name: (points, why) for name, points, why in overridden}


def _holding(made, answer):
    own = made.get((answer.student, answer.lesson), {})
    return holding(own, {answer.exercise: answer.fingerprint}).get(answer.exercise)


def version(mark):
    """A word for a decision, which no other has; "" for none."""
    return hashlib.sha256(repr(mark).encode("utf-8", "surrogatepass")).hexdigest()[:16] if mark else ""
