"""A class of 300 as it comes from six learning systems, made and graded: `course bench class_of_300 FOLDER`.

Five lessons, a roster with 3 who are missing and 2 of one name, 4 late, 5 handed in again, 3 zips, 1 link, 2 files with
the wrong lesson in them. The folder then holds submissions/, roster.csv and course.toml; grade it with
`course grade FOLDER/submissions --roster FOLDER/roster.csv --out FOLDER/graded`.
"""

import csv
import json
import os
import random
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.building.example_class import filled, half, mistakes, reference
from autograder.building.notebook import notebook_text
from autograder.source.lesson import lesson_names, load_lesson

SIZE, MISSING, LESSONS = 300, 3, 5
GIVEN = "Ada Bo Cy Dee Eli Fay Gus Hal Ida Jo Kim Leo Mia Ned Oz Pia Quin Roy Sue Tom"
FAMILY = "Able Bee Cole Dorn Eck Fox Gil Hahn Iqbal Jung Kaya Lund Moss Nagy Ortiz Park"
DUE = datetime(2027, 3, 1, 23, 59, tzinfo=UTC)
LATE, AGAIN, ZIPS, WRONG = (7, 120, 199, 260), (3, 60, 111, 170, 220), (10, 20, 30), (40, 230)


def people():
    """The roster: (id, name); the last three hand nothing in, and the first two share a name."""
    given, family = GIVEN.split(), FAMILY.split()
    names = [f"{given[n % 20]} {family[(n // 20 + n) % 16]}" for n in range(SIZE + MISSING)]
    names = [f"{name} {'I' * (names[:n].count(name))}".strip() for n, name in enumerate(names)]
    names[1] = names[0]
    return [(f"s{4000 + n}", name) for n, name in enumerate(names)]


def path_of(number, person, lesson, place, attempt, when):
    """A hand-in's path, as the system of this sixth of the class writes it."""
    key, name = person
    stamp, user = when.strftime("%Y-%m-%d-%H-%M-%S"), 70_000 + number
    again = f"-{attempt}" if attempt else ""
    return (
        f"moodle-{lesson}/{name}_{place * 1000 + user}_assignsubmission_file_/{lesson}{again}.ipynb",
        f"canvas/{''.join(name.lower().split()[::-1])}_{user}_{place * 1000 + user + attempt}_{lesson}{again}.ipynb",
        f"blackboard/Lesson {place}_{key}_attempt_{stamp}_{lesson}.ipynb",
        f"nbgrader/submitted/{key}/ps{place}/{lesson}{again}.ipynb",
        f"brightspace/{user}-{place} - {name} - {when.strftime('%d %B, %Y %I%M %p').lstrip('0')}/work.ipynb",
        f"hw{place}-submissions/hw{place}-{key}/notebooks/{lesson}{again}.ipynb",
    )[number * 6 // SIZE]


def notebook(lesson, number, attempt):
    """One student's work: right, half right, or with mistakes that people make; no two alike."""
    answers = (
        reference(lesson),
        half(lesson, number % 2),
        {**reference(lesson), **mistakes(lesson, number % 3, every=2 + number % 4)},
    )[0 if attempt else number % 3]
    made = filled(lesson, answers)
    made.metadata["attempt"] = f"{number}.{attempt}"
    return notebook_text(made)


def make(folder):
    """Write the class into a folder."""
    lessons = [load_lesson(name) for name in lesson_names()[:LESSONS]]
    roster, rng = people(), random.Random(300)
    root = folder / "submissions"
    for number, person in enumerate(roster[:SIZE]):
        for place, lesson in enumerate(lessons, 1):
            is_first = place == 1
            for attempt in range(2 if is_first and number in AGAIN else 1):
                late = timedelta(days=2) if is_first and number in LATE else -timedelta(hours=rng.uniform(3, 90))
                when = (DUE + late + timedelta(hours=attempt)).replace(second=0, microsecond=0)
                inside = lessons[place % LESSONS] if is_first and number in WRONG else lesson
                path = root / path_of(number, person, lesson.name, place, attempt, when)
                _write(path, notebook(inside, number, attempt), when, packed=is_first and number in ZIPS)
    (root / "everything.ipynb").symlink_to(folder / "elsewhere.ipynb")
    _write_lists(folder, roster, lessons)


def _write(path, text, when, packed):
    path.parent.mkdir(parents=True, exist_ok=True)
    if packed:
        path = path.with_name("hand in.zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("my work/notebook.ipynb", when.timetuple()[:6]), text)
    else:
        path.write_text(text, encoding="utf-8")
    os.utime(path, (when.timestamp(), when.timestamp()))


def _write_lists(folder, roster, lessons):
    with open(folder / "roster.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["id", "name", "email", "Identifier"])
        for number, (key, name) in enumerate(roster):
            table.writerow([key, name, f"{key}@x.edu", f"Participant {71_000 + number}"])
    rules = f'timezone = "UTC"\nroster = "roster.csv"\n\n[deadlines]\n"{lessons[0].name}" = {DUE.isoformat()}\n'
    (folder / "course.toml").write_text(rules + "\n[late]\nper_day = 0.1\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2 or Path(sys.argv[1]).exists():
        sys.exit("Name a folder that is not there yet: course bench class_of_300 FOLDER")
    Path(sys.argv[1]).mkdir(parents=True)
    make(Path(sys.argv[1]).resolve())
    print(json.dumps({"students": SIZE, "lessons": LESSONS, "folder": sys.argv[1]}))
