"""What is kept between two looks at a folder of notebooks: one file beside them, `course_progress.json`.

A notebook is checked again where it changed since, or its lesson did. Who deletes the file loses nothing but time.
"""

import hashlib
import json
import os
from functools import cache
from pathlib import Path

from autograder.source.lesson import lesson_names, load_lesson
from helpers.running import NOT_ATTEMPTED
from helpers.whole_course import FILE

KEPT = ("outcome", "points", "max_points", "diagnosis")
SAID = "course next keeps here what it found in the notebooks beside this file; delete it whenever you like"


def kept(folder):
    """{file: entry} of a folder; {} where nothing is kept or it cannot be read."""
    try:
        found = json.loads((Path(folder) / FILE).read_text(encoding="utf-8"))["notebooks"]
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def keep(folder, entries):
    """Write the file in one move."""
    path = Path(folder) / FILE
    draft = path.with_name(f".{FILE}.{os.getpid()}.part")
    text = json.dumps({"what": SAID, "notebooks": dict(sorted(entries.items()))}, indent=1, ensure_ascii=False)
    draft.write_text(text + "\n", encoding="utf-8")
    os.replace(draft, path)


def remember(notebook, data):
    """Take the record of a lesson in, where the notebook's folder keeps an account already."""
    if data["lesson"] and (Path(notebook).parent / FILE).exists():
        folder = Path(notebook).parent
        keep(folder, kept(folder) | {Path(notebook).name: entry(data)})


def entry(data):
    """What is kept of a record."""
    exercises = {one["name"]: {key: one[key] for key in KEPT} for one in data["exercises"]}
    return _entry(data["lesson"], data["submission_sha256"], exercises)


def untouched(lesson, sha256):
    """What is kept of a notebook in which nobody has written an answer."""
    blank = {"outcome": NOT_ATTEMPTED, "points": 0.0, "diagnosis": ""}
    points = {name: one.max_points for name, one in lesson.exercises.items()}
    points |= {name: one.question.points for name, one in lesson.questions.items()}
    names = [one.name for one in lesson.sections if one.name in points]
    return _entry(lesson.name, sha256, {name: {**blank, "max_points": points[name]} for name in names})


def _entry(lesson, sha256, exercises):
    title, digest = load_lesson(lesson).title, lesson_digest(lesson)
    return {"lesson": lesson, "title": title, "sha256": sha256, "lesson_sha256": digest, "exercises": exercises}


@cache
def lesson_digest(name):
    """What a lesson's verdicts depend on: the text of its sections."""
    assert name in lesson_names()
    texts = [section.full_source.encode() for section in load_lesson(name).sections]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()[:16]
