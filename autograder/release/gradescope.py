"""The release for Gradescope: the zip of an autograder that calls our own grader, jailed, in Gradescope's container.

It is for the instructor alone and holds the lesson's source, hidden checks among it. Students get what
`course release LESSON --to student` makes, and hand in the notebook.
"""

import importlib.metadata
import json
import secrets
import shutil
import zipfile
from dataclasses import asdict
from pathlib import Path

import autograder
import helpers
from autograder.release.shared import requirements, write
from autograder.reporting.gradescope_results import VISIBILITIES
from autograder.rules.course_file import Course
from autograder.source.lesson import lesson_names
from autograder.source.problems import CourseError

ZIP = "autograder.zip"
SCRIPTS = Path(__file__).parent / "gradescope_scripts"
LEFT_OUT = "This lesson is left out of the release; its name stands here, so that its notebook is told from others.\n"
README = """\
# {lesson} for Gradescope

For instructors only: `autograder.zip` holds the lesson's source with every hidden check and solution. Students get what
`course release {lesson} --to student` makes, and hand in `{lesson}.ipynb` alone.

1. On Gradescope make a programming assignment with {points:g} autograder points.
2. Configure its autograder: upload `autograder.zip`, choose the newest Ubuntu. `setup.sh` installs Python 3.11 or newer
   and the packages with which this release was made.
3. Test it with a notebook of your own. Staff see in "autograder output" which isolation was in force.

Each exercise is an entry for its public checks, which students see at once, and one for its hidden checks, which they
see: {hidden}. Questions in words have no entry; mark them by hand.{lateness}

`settings.json` in the zip may be edited. With `"isolation": "standard"` nothing is graded where the container does not
allow the jail; as it is, such a container grades without one and says so. Without a jail, a submission can read what
lies in the container, this lesson's hidden checks among it.
"""
LATE = """
Lateness is taken off by the rule of course.toml and counted from {due}; do not let Gradescope do it a second time."""


def make(lesson, folder, *, course=None, hidden=None, secret=""):
    """Write `autograder.zip` and what to do with it into `folder`."""
    course, hidden = course or Course(), hidden or VISIBILITIES[0]
    if hidden not in VISIBILITIES:
        raise CourseError(f"There is no visibility '{hidden}'. Gradescope's are: {', '.join(VISIBILITIES)}.")
    source = folder / "source"
    copy_packages(lesson, source)
    settings = settings_of(lesson, course, hidden, secret or secrets.token_hex(16))
    write(source / "settings.json", json.dumps(settings, indent=1) + "\n")
    write(source / "requirements.txt", "".join(f"{line}\n" for line in pinned()))
    for script in ("setup.sh", "run_autograder"):
        shutil.copyfile(SCRIPTS / script, source / script)
    pack(source, folder / ZIP)
    shutil.rmtree(source)
    (folder / ZIP).chmod(0o600)
    due = "the deadline there" if course.deadlines.get(lesson.name) else "the due date on Gradescope"
    told = {"points": lesson.max_points, "hidden": hidden.replace("_", " ")}
    write(folder / "README.md", README.format(lesson=lesson.name, lateness=late_words(course, due), **told))


def late_words(course, due):
    """What the README says of lateness."""
    return LATE.format(due=due) if course.per_day else ""


def settings_of(lesson, course, hidden, secret):
    """What the grader in the container must know besides the lesson: the course's rules, as plain data."""
    due = course.deadlines.get(lesson.name)
    extensions = [
        {**asdict(one), "until": one.until.isoformat() if one.until else None}
        for one in course.extensions
        if one.lesson in ("", lesson.name)
    ]
    late = {"deadline": due.isoformat() if due else "", "zone": str(course.zone or ""), "extensions": extensions}
    return {
        "lesson": lesson.name,
        "hidden": hidden,
        "isolation": "",
        "secret": secret,
        "points": course.points.get(lesson.name, {}),
        "late": {**late, "per_day": course.per_day, "grace": course.grace, "cap": course.cap},
    }


def copy_packages(lesson, source):
    """Put `autograder` with this lesson alone, and `helpers` in a folder of its own, which the jail may read."""
    ignored = shutil.ignore_patterns("__pycache__", "lessons", ".ipynb_checkpoints")
    shutil.copytree(Path(autograder.__file__).parent, source / "autograder", ignore=ignored)
    for name in lesson_names():
        write(source / "autograder" / "lessons" / name / "README.md", LEFT_OUT)
    place = source / "autograder" / "lessons" / lesson.name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for section in lesson.sections:
        shutil.copyfile(section.path, place / section.path.name)
    shutil.copytree(Path(helpers.__file__).parent, source / "src" / "helpers", ignore=ignored)
    data = Path(helpers.__file__).parent / "lessons" / f"{lesson.name}.json"
    if data.is_file():
        (source / "src" / "helpers" / "lessons").mkdir()
        shutil.copyfile(data, source / "src" / "helpers" / "lessons" / data.name)


def pinned():
    """What grading needs, each in the version that is installed here: what was tried here is what grades there."""
    for line in [*requirements(), *requirements("grade")]:
        name = line.partition(">")[0].partition("[")[0]
        yield f"{name}=={importlib.metadata.version(name)}"


def pack(source, path):
    """Zip a folder's content, its scripts executable, in the same order every time."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(one for one in source.rglob("*") if one.is_file()):
            info = zipfile.ZipInfo(file.relative_to(source).as_posix(), (1980, 1, 1, 0, 0, 0))
            info.external_attr = (0o755 if file.parent == source and file.suffix in ("", ".sh") else 0o644) << 16
            archive.writestr(info, file.read_bytes(), zipfile.ZIP_DEFLATED)
