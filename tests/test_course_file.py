"""course.toml: what it says holds, what is wrong is told with file, line and mend; `course init` shows all."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autograder.rules.course_file import Course, find_course, read_course
from autograder.rules.identity.files import NOTE, NOTEBOOK, Found, find
from autograder.rules.identity.whose import told
from autograder.rules.keys import KEYS
from autograder.rules.lateness import Moment, handed_in, lateness, noted_times
from autograder.rules.template import init, template
from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.problems import CourseError

WHOLE = """\
title = "Deep Learning"
lessons = ["01", "02"]
roster = "roster.csv"
system = "Moodle"
attempts = "first"
timezone = "Europe/Berlin"

[deadlines]
01 = 2027-03-01T23:59:00
02 = 2027-03-15

[late]
per_day = 0.1
grace = 15
cap = 0.5

[points.01]
softmax = 6
affine = 0

[[extensions]]
student = "able"
lesson = "01"
days = 7
why = "ill"

[[extensions]]
student = "Bo Bee"
until = 2027-04-01
"""


def written(folder, text):
    path = folder / "course.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_is_read(tmp_path):
    course = read_course(written(tmp_path, WHOLE))
    first, second = lesson_names()[:2]
    assert (course.title, course.lessons, course.attempts) == ("Deep Learning", (first, second), "first")
    assert course.roster == tmp_path / "roster.csv"
    assert course.deadlines[first] == datetime(2027, 3, 1, 22, 59, tzinfo=UTC)
    assert course.deadlines[second] == datetime(2027, 3, 15, 22, 59, 59, tzinfo=UTC)
    assert (course.per_day, course.grace, course.cap) == (0.1, 15, 0.5)
    assert course.points == {first: {"softmax": 6.0, "affine": 0.0}}
    assert [(one.student, one.lesson, one.days, one.why) for one in course.extensions] == [
        ("able", first, 7, "ill"),
        ("Bo Bee", "", 0, ""),
    ]


# What is put in the place of a line of the file above: the line's number in what comes out, and words of the sentence.
WRONG = {
    'attempts = "first"': [
        ('atempts = "first"', 5, "there is no key 'atempts' here. Did you mean 'attempts'?"),
        ('attempts = "worst"', 5, "'attempts' is 'worst'; it must be last, best or first. For example: attempts ="),
        ("attempts = 3", 5, "'attempts' is 3; it must be last, best or first"),
        ("per_day = 0.1", 5, "there is no key 'per_day' here. It belongs to [late]."),
    ],
    'timezone = "Europe/Berlin"': [('timezone = "Mars/Base"', 6, "there is no time zone 'Mars/Base'")],
    'lessons = ["01", "02"]': [
        ('lessons = ["01", "77"]', 2, "there is no one lesson called '77'. The lessons are 01_chain_rule"),
        ("lessons = [1]", 2, "there is no one lesson called '1'"),
        ('lessons = "01"', 2, "'lessons' is '01'; it must be a list of lessons"),
    ],
    "01 = 2027-03-01T23:59:00": [
        ('01 = "tomorrow"', 9, "'01' is 'tomorrow'; it must be a date"),
        ("77 = 2027-03-01", 9, "there is no one lesson called '77'"),
    ],
    "per_day = 0.1": [
        ("per_day = 10", 13, "'per_day' is 10; it must be a share from 0 to 1. For example: per_day = 0.1"),
        ("per_day = nan", 13, "'per_day' is nan"),
        ("per_day = true", 13, "'per_day' is True"),
        ("perday = 0.1", 13, "there is no key 'perday' in [late]. Did you mean 'per_day'?"),
    ],
    "softmax = 6": [
        ("softmx = 6", 18, "01_chain_rule has no exercise 'softmx'. Did you mean 'softmax'?"),
        ("softmax = -1", 18, "'softmax' is -1; it must be points"),
    ],
    "days = 7": [
        ("day = 7", 24, "there is no key 'day' in [extensions]. Did you mean 'days'?"),
        ("", 21, "an extension needs either 'until' or 'days'"),
        ("days = 7\nuntil = 2027-03-09", 21, "an extension needs either 'until' or 'days'"),
    ],
    'student = "Bo Bee"': [('lesson = "02"', 27, "an extension names no student")],
    "[late]": [("[lte]", 12, "there is no key 'lte' here. Did you mean 'late'?"), ("[late", 12, "this is not TOML")],
    "[points.01]": [
        ("[points]", 18, "points of 'softmax' are not a table. Write [points.LESSON], and softmax below it")
    ],
    "[deadlines]": [("[[deadlines]]", 8, "'deadlines' is not a table. Write [deadlines] above its keys")],
}


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"), [(right, *case) for right, cases in WRONG.items() for case in cases]
)
def test_what_is_wrong_is_told_with_file_line_and_mend(tmp_path, right, wrong, line, words):
    assert WHOLE.count(right) == 1
    path = written(tmp_path, WHOLE.replace(right, wrong))
    with pytest.raises(CourseError) as raised:
        read_course(path)
    assert str(raised.value).startswith(f"{path}:{line}: "), raised.value
    assert words in str(raised.value)
    assert str(raised.value)[-1] in ".?"


def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path):
    with pytest.raises(CourseError, match="cannot be read"):
        read_course(tmp_path / "none.toml")
    (tmp_path / "course.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(CourseError, match="not text in UTF-8"):
        read_course(tmp_path / "course.toml")


def test_the_template_shows_every_key_and_all_of_it_switched_on_is_a_course(tmp_path):
    text = template(load_lesson(lesson_names()[0]))
    for key in KEYS:
        assert key.example in text
        assert key.doc in " ".join(re.sub(r"^[# ]+", "", line) for line in text.splitlines())
    assert read_course(written(tmp_path, text)) == Course(path=tmp_path / "course.toml")
    lines = [re.sub(r"^# ", "", line) for line in text.splitlines()]
    on = "\n".join("# " + line if not re.match(r"[#\[\w\"]", line) or line.endswith(".") else line for line in lines)
    on = re.sub(r"^until = .*\n", "", on, flags=re.M)
    course = read_course(written(tmp_path, on))
    assert course.extensions[0].days == 7
    assert course.points
    assert course.deadlines


def test_init_writes_it_once_and_it_is_found_beside_or_in_the_folder(tmp_path):
    path = init(tmp_path / "fall")
    with pytest.raises(CourseError, match=r"There is a .* already"):
        init(tmp_path / "fall")
    (tmp_path / "fall" / "submissions").mkdir()
    assert find_course([tmp_path / "fall" / "submissions"]) == find_course([tmp_path / "fall"]) == path
    assert find_course([tmp_path]) is None
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="cannot be written"):
        init(tmp_path / "file")


DUE = datetime(2027, 3, 1, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "names", "share", "words"),
    [
        (-1, ["cee"], 0, ""),
        (15, ["cee"], 0, ""),
        (16, ["cee"], 0.1, "1 day late by Canvas's clock, 10 % off"),
        (24 * 60, ["cee"], 0.1, "1 day late"),
        (24 * 60 + 1, ["cee"], 0.2, "2 days late"),
        (24 * 60 * 30, ["cee"], 0.5, "30 days late by Canvas's clock, 50 % off"),
        (24 * 60 * 6, ["x", "ABLE"], 0, "in time: extension until 2027-03-08 23:59 (ill)"),
        (24 * 60 * 8, ["able"], 0.1, "1 day late"),
        (24 * 60 * 20, ["bo bee"], 0, "in time: extension until 2027-04-01"),
    ],
)
def test_days_late_cost_their_share_after_the_grace_and_up_to_the_cap(tmp_path, minutes, names, share, words):
    course = read_course(written(tmp_path, WHOLE))
    moment = Moment(DUE + timedelta(minutes=minutes), "Canvas")
    found = lateness(course, names, lesson_names()[0], moment)
    assert found.share == pytest.approx(share)
    assert words in found.said


def test_late_without_a_time_costs_nothing_and_is_said(tmp_path):
    course = read_course(written(tmp_path, WHOLE))
    assert lateness(course, ["a"], lesson_names()[0], Moment(), True).said.endswith("nobody knows how late")
    assert lateness(course, ["a"], lesson_names()[2], Moment(DUE, "x"), True).said.endswith("no deadline is set here")
    assert lateness(Course(), ["a"], lesson_names()[0], Moment(DUE, "x")).said == ""


CLOCKS = {
    "HW_able_attempt_2027-03-01-23-59-30_x.ipynb": ("2027-03-01 22:59:30", "Blackboard"),
    "1-2 - Ada Able - 1 March, 2027 1159 PM/x.ipynb": ("2027-03-01 22:59:00", "Brightspace"),
    "1-2 - Ada Able - Mar 1, 2027 801 AM/x.ipynb": ("2027-03-01 07:01:00", "Brightspace"),
    "Able_Ada_able_271/20270301120000_x.ipynb": ("2027-03-01 11:00:00", "ILIAS"),
    "able+ps1+2027-03-01 12:00:00.5 UTC/x.ipynb": ("2027-03-01 11:00:00", "nbgrader's exchange"),
    "submitted/able/ps1/x.ipynb": ("2027-03-01 12:00:00", "timestamp.txt"),
    "able/x.ipynb": ("2027-01-01 00:00:00", "the file"),
}


@pytest.mark.parametrize("path", CLOCKS)
def test_the_systems_clock_goes_before_the_files(tmp_path, path):
    course = read_course(written(tmp_path, 'timezone = "Europe/Berlin"'))
    modified = datetime(2027, 1, 1, tzinfo=UTC).timestamp()
    one = Found(tuple(path.split("/")), Path(path), (), NOTEBOOK, 0, modified)
    claim = told([one], lesson_names()).claims[0]
    notes = {("submitted", "able", "ps1"): datetime(2027, 3, 1, 12, tzinfo=UTC)}
    moment = handed_in(claim, course, notes)
    assert (moment.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"), moment.clock) == CLOCKS[path]


def test_timestamp_files_are_read(tmp_path):
    (tmp_path / "c" / "able").mkdir(parents=True)
    (tmp_path / "c" / "bee").mkdir()
    (tmp_path / "c" / "able" / "timestamp.txt").write_text("2027-03-01 12:00:00.123 UTC")
    (tmp_path / "c" / "bee" / "timestamp.txt").write_text("20270301120000000")
    (tmp_path / "c" / "timestamp.txt").write_text("soon")
    found = find([tmp_path / "c"])[1]
    assert {one.kind for one in found} == {NOTE}
    noon = datetime(2027, 3, 1, 12)
    assert noted_times(found) == {("able",): noon.replace(tzinfo=UTC), ("bee",): noon}
