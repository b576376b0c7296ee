"""What the page shows of an answer and what it sends back, as data and templates; nothing of HTTP but replies."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader

from autograder.reporting.marking.guard import Refused
from autograder.reporting.marking.prose import safe_html, safe_line
from autograder.reporting.marking.server import JSON, Reply
from autograder.reporting.marking.work import Changed, Work, version

STATIC = {"/mark.css": "text/css; charset=utf-8", "/mark.js": "text/javascript; charset=utf-8"}
MOST_NOTE = 4000  # letters of a note
KEYS = 9  # lines of a rubric that have a key


@dataclass(frozen=True)
class Desk:
    """Answers the requests of one marker's browser; `saved` is called after each mark."""

    work: Work
    csrf: str
    saved: Callable[[], None] = lambda: None

    def page(self, path):
        """The `Reply` to a request of a page or of what it is made with."""
        if path in STATIC:
            return Reply(_static(path[1:]), STATIC[path])
        answers, marks = self.work.answers(), self.work.marks()
        waiting = [key for key in answers if key not in marks]
        if path == "/" and answers:
            return Reply(status=303, headers={"Location": f"/answer/{next(iter(waiting or answers))}"})
        key = path.removeprefix("/answer/")
        if not path.startswith("/answer/") or key not in answers:
            raise Refused(404, "There is no such answer: another one of this student may count now. Go back to /.")
        return Reply(self._answer_page(answers, marks, key))

    def _answer_page(self, answers, marks, key):
        answer, keys = answers[key], list(answers)
        one, place = self.work.asked[answer.lesson, answer.exercise], keys.index(key)
        same = _same(answers, answer)
        waiting = [each for each in keys[place + 1 :] + keys[:place] if each not in marks]
        text = self.work.text(answer)
        return _template().render(
            answer=answer,
            asked=one,
            text=text,
            state=self._state(answer, answers, marks),
            csrf=self.csrf,
            number=same.index(key) + 1,
            total=len(same),
            previous=keys[place - 1] if place else "",
            following=keys[place + 1] if place + 1 < len(keys) else "",
            waiting=waiting[0] if waiting else "",
            questions=_questions(self.work.asked, answers, marks),
            keys=KEYS,
            most_note=MOST_NOTE,
        )

    def _state(self, answer, answers, marks, told=""):
        """What changes on the page when a mark is saved."""
        mark, one = marks.get(answer.key), self.work.asked[answer.lesson, answer.exercise]
        same = _same(answers, answer)
        done = sum(key in marks for key in same)
        return {
            "seen": version(mark),
            "lines": [line for line in mark.lines if line <= len(one.rubric)] if mark else [],
            "note": mark.note if mark else "",
            "is_marked": bool(mark),
            "mark": _said(mark, one) if mark else "Not marked yet",
            "points": f"{mark.points if mark else 0:g} of {one.most:g} points",
            "progress": f"{done} of {len(same)} marked",
            "in_all": f"{len(marks)} of {len(answers)} in all",
            "done": done,
            "told": told,
        }

    def write(self, data):
        """Save a mark and return the `Reply` that says so, or what holds instead."""
        answers = self.work.answers()
        key, note, seen = (data.get(name) for name in ("key", "note", "seen"))
        if not all(isinstance(one, str) for one in (key, note, seen)) or len(note) > MOST_NOTE:
            raise Refused(400, "That is no mark.")
        if key not in answers:
            raise Refused(404, "This answer does not count any more: its student handed in another. Nothing was saved.")
        answer = answers[key]
        one = self.work.asked[answer.lesson, answer.exercise]
        lines = _lines(data.get("lines"), len(one.rubric))
        try:
            mark = self.work.save(answer, lines, note.strip(), seen)
        except Changed as change:
            return self._reply(answer, _not_saved(change.args[0], one, lines, note.strip()), 409)
        self.saved()
        told = f"Saved: {mark.points:g} of {one.most:g} points" if mark else "Saved: this answer is not marked"
        return self._reply(answer, told + (", with the note." if mark and mark.note else "."))

    def _reply(self, answer, told, status=200):
        answers, marks = self.work.answers(), self.work.marks()
        if status == 200 and len(marks) == len(answers):
            told += f" All {len(answers)} are marked."
        return Reply(json.dumps(self._state(answer, answers, marks, told)), JSON, status)


def _lines(given, count):
    """The lines of a rubric that were sent, in order; None where a mark is taken back."""
    if given is None:
        return None
    known = range(1, count + 1)
    if not isinstance(given, list) or not all(type(one) is int and one in known for one in given):
        raise Refused(400, "That is no mark.")
    return tuple(sorted(set(given)))


def _said(mark, one):
    """What holds of an answer, by whom and when."""
    who = mark.marker or "course regrade"
    told = f"{mark.points:g} of {one.most:g} points by {who}, {mark.made_at[11:16]} UTC"
    return told if mark.marker else f"{told}: {mark.why}"


def _not_saved(mark, one, lines, note):
    """What a marker reads whose mark would have overwritten another's."""
    if mark:
        now = f"{_said(mark, one)} came in while this page was open, and is what you see now"
    else:
        now = "The mark was taken back while this page was open"
    chosen = "none" if lines is None else "no line" if not lines else f"line {', '.join(map(str, lines))}"
    own = f"Yours was: {chosen}" + (f', with the note "{note}"' if note else "")
    return f"Not saved. {now}. {own}. Mark it again if you still want to."


def _same(answers, one):
    """The keys of all answers to the question of one of them, or to a question itself."""
    return [key for key, each in answers.items() if (each.lesson, each.exercise) == (one.lesson, one.exercise)]


def _questions(asked, answers, marks):
    """Of each question: its title, the first answer that waits, else the first, how many are marked, of how many."""
    found = []
    for one in asked.values():
        keys = _same(answers, one)
        waiting = [key for key in keys if key not in marks]
        if keys:
            found.append((one, (waiting or keys)[0], len(keys) - len(waiting), len(keys)))
    return found


@cache
def _static(name):
    return (files("autograder.reporting.marking") / "templates" / name).read_text(encoding="utf-8")


@cache
def _template():
    environment = Environment(
        loader=PackageLoader("autograder.reporting.marking"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"prose": safe_html, "line": safe_line}
    return environment.get_template("answer.html")
