"""What `course init` writes: a course.toml in which every key stands with what it means, ready to be switched on."""

import textwrap
from pathlib import Path

from autograder.rules.course_file import NAME
from autograder.rules.keys import KEYS
from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.problems import CourseError

HEAD = """\
# The rules of this course. It lies beside the folder of submissions, or in it, and `course grade` finds it there.
# Take the # away from what you need; what stays commented out is as the course comes. A wrong key is an error.
"""


def template(lesson):
    """Return the text of a course.toml, with a `Lesson` for examples."""
    parts = [HEAD, *(_entry(key, key.name) for key in KEYS if not key.section)]
    parts += ["# [deadlines]", *(_entry(key, f'"{lesson.name}"') for key in KEYS if key.section == "deadlines")]
    parts += ["# [late]", *(_entry(key, key.name) for key in KEYS if key.section == "late")]
    exercise = next(iter(lesson.exercises), "exercise")
    parts += [f'# [points."{lesson.name}"]', *(_entry(key, exercise) for key in KEYS if key.section == "points.*")]
    parts += ["# [[extensions]]", *(_entry(key, key.name) for key in KEYS if key.section == "extensions")]
    return "\n".join(parts)


def _entry(key, name):
    doc = textwrap.wrap(key.doc, 100)
    return "\n".join(
        [*(f"# # {line}" if key.section else f"# {line}" for line in doc), f"# {name} = {key.example}", ""]
    )


def init(folder):
    """Write course.toml into a folder and return its path; `CourseError` where there is one."""
    path = Path(folder) / NAME
    try:
        if path.exists():
            raise CourseError(f"There is a {path} already. Edit it, or name another folder: course init FOLDER")
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "x", encoding="utf-8") as file:
            file.write(template(load_lesson(lesson_names()[0])))
    except OSError as error:
        raise CourseError(f"{path} cannot be written ({error.strerror}).") from None
    return path
