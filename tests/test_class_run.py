"""A class, graded again and again: attempts, lateness, changed checks, decisions by hand, pages, privacy."""

import csv
import json
import os
import re
import stat
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from test_faults import SLOPE

from autograder.building.notebook import notebook_text
from autograder.grading import by_hand, jobs, one_file, whole_class
from autograder.grading.one_file import Settings
from autograder.reporting.output_folder import read_secret
from autograder.reporting.pages import page_name
from autograder.reporting.record_file import read_records
from autograder.rules import checking, course_file
from autograder.rules.choices import Choices
from autograder.source import fingerprints as prints
from autograder.source.lesson import load_lesson
from autograder.source.problems import CourseError
from conftest import FIXTURES, QUICK, filled, solutions

FIRST, SECOND = "50_fixture", "51_other"
WRONG = "def slope(x, a=1.0):\n    return x"


@pytest.fixture
def lessons(monkeypatch):
    """Two lessons with the same exercises in the place of the course's own; tests may change the dict."""
    first = load_lesson(FIRST, FIXTURES)
    known = {FIRST: first, SECOND: replace(first, name=SECOND)}

    def load(name):
        return known[next(full for full in known if full.startswith(name))]

    for module in (one_file, whole_class, jobs, course_file):
        monkeypatch.setattr(module, "lesson_names", lambda: list(known), raising=False)
        monkeypatch.setattr(module, "load_lesson", load, raising=False)
    return known


@pytest.fixture
def place(tmp_path, lessons):
    (tmp_path / "class").mkdir()
    return Place(tmp_path, lessons)


class Place:
    """A folder of submissions and one of results."""

    def __init__(self, folder, lessons):
        self.folder, self.out, self.lessons = folder / "class", folder / "out", lessons

    def hand_in(self, path, *, lesson=FIRST, slope=None, at=None, text=None, **more):
        """Put a notebook there, right but for its slope."""
        one = self.lessons[lesson]
        answers = {**solutions(one), **({SLOPE: slope} if slope else {})}
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text or notebook_text(filled(one, answers, **more)), encoding="utf-8")
        if at:
            os.utime(target, (at.timestamp(), at.timestamp()))

    def grade(self, *paths, again=False, lesson=None, **choices):
        settings = Settings(secret="s", limits=QUICK, lesson=lesson, isolation="none")
        found = Choices(
            rules=str(self.folder / "course.toml") if (self.folder / "course.toml").exists() else "", **choices
        )
        return whole_class.grade_class(
            paths or [self.folder], self.out, settings=settings, choices=found, again=again, workers=1
        )

    def rules(self, text):
        (self.folder / "course.toml").write_text(text, encoding="utf-8")

    @property
    def records(self):
        """The last record of each file."""
        return {record.file: record for _, record in read_records(self.out / "records.jsonl")}

    def table(self, name="grades.csv"):
        with open(self.out / name, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def page(self, student, lesson=FIRST):
        return (self.out / "feedback" / page_name(student, lesson)).read_text(encoding="utf-8")


def test_one_page_and_one_row_for_each_student_and_lesson(place):
    for name in ("able", "Able", "bee"):
        place.hand_in(f"{name}_{FIRST}.ipynb")
        place.hand_in(f"{name}_{SECOND}.ipynb", lesson=SECOND, slope=WRONG)
    assert place.grade() == 0
    assert len(list((place.out / "feedback").iterdir())) == 6
    assert len({path.name.casefold() for path in (place.out / "feedback").iterdir()}) == 6
    rows = place.table()
    assert [(row["student"], row[FIRST], row[SECOND], row["total"], row["max"]) for row in rows] == [
        (name, "8.5", "4.5", "13", "17") for name in ("Able", "able", "bee")
    ]
    place.grade(long=True)
    assert len(place.table()) == 3 * 2 * 3
    first = place.table()[0]
    assert (first["student"], first["lesson"], first["exercise"], first["points"]) == ("Able", FIRST, "slope", "4")


def test_roster_rows_stand_in_the_table_with_their_ids_also_of_those_who_are_missing(place, capsys):
    (place.folder.parent / "roster.csv").write_text("id,name,email,section\n=1,Ada Able,a@x.edu,A\nb,Bo,b@x.edu,B\n")
    place.hand_in("Ada Able_12345_assignsubmission_file_/x.ipynb")
    assert place.grade(roster=str(place.folder.parent / "roster.csv")) == 1
    rows = place.table()
    assert [list(row.values())[:6] for row in rows] == [
        ["'=1", "Ada Able", "a@x.edu", "A", "12345", "8.5"],
        ["b", "Bo", "b@x.edu", "B", "", ""],
    ]
    said = capsys.readouterr().out
    assert "1 of 2 in the roster matched; 1 of 1 notebooks graded." in said
    assert "missing (1): Bo (b)" in said


T = [datetime(2027, 3, day, 12, tzinfo=UTC) for day in range(1, 9)]


@pytest.mark.parametrize(
    ("rule", "file"), [("last", "able (2).ipynb"), ("first", "able.ipynb"), ("best", "able (1).ipynb")]
)
def test_of_several_files_the_rule_says_which_counts_in_record_page_and_table(place, capsys, rule, file):
    place.hand_in("able.ipynb", slope=WRONG, at=T[0])
    place.hand_in("able (1).ipynb", at=T[1])
    place.hand_in("able (2).ipynb", slope=WRONG, at=T[2])
    assert place.grade(attempts=rule) == 0
    counts = {name: record.standing.counts for name, record in place.records.items()}
    assert counts == {name: name == file for name in counts}
    number = sorted(counts, key=lambda name: place.records[name].handed.at).index(file) + 1
    assert place.records[file].standing.attempt == number
    assert f"attempt {number} of 3 counts ({rule})" in place.table()[0]["remarks"]
    assert f"attempt {number} of 3, the {rule} one counts" in place.page("able")
    assert f"able {FIRST}: {number} of 3 counts" in capsys.readouterr().out
    assert {row["state"] for row in place.table("matching.csv")} == {"graded", "graded, another attempt counts"}


def test_a_systems_clock_goes_before_the_files_and_a_new_attempt_takes_over(place):
    place.hand_in("HW_able_attempt_2027-03-01-12-00-00_x.ipynb", slope=WRONG, at=T[5])
    place.grade()
    place.hand_in("HW_able_attempt_2027-03-02-12-00-00_x.ipynb", at=T[1])
    place.grade()
    assert [(row["student"], row[FIRST]) for row in place.table()] == [("able", "8.5")]
    (change,) = place.table("changes.csv")
    assert (change["student"], change["old"], change["new"]) == ("able", "4.5", "8.5")
    assert change["why"].startswith("another file counts: HW_able_attempt_2027-03-02")


def test_canvas_numbers_order_attempts_and_solutions_never_count_over_own_work(place):
    place.hand_in("able_1234_67890_x-1.ipynb", at=T[0])
    place.hand_in("able_1234_67000_x.ipynb", slope=WRONG, at=T[1])
    place.hand_in(f"repo/solutions/{FIRST}.ipynb", at=T[1])
    place.hand_in(f"repo/notebooks/{FIRST}.ipynb", slope=WRONG, at=T[0])
    place.grade()
    assert {row["student"]: row[FIRST] for row in place.table()} == {"able": "8.5", "repo": "4.5"}


def test_a_file_that_cannot_be_graded_does_not_take_the_place_of_one_that_can(place):
    place.hand_in("able.ipynb", at=T[0])
    place.hand_in("able (1).ipynb", text="{", at=T[1])
    assert place.grade() == 1
    assert place.table()[0][FIRST] == "8.5"


LATE = f"""
[deadlines]
{FIRST} = 2027-03-02T12:00:00Z

[late]
per_day = 0.1
"""


def test_lateness_is_taken_off_and_said_and_an_extension_gives_it_back_without_grading(place, capsys):
    place.rules(LATE)
    place.hand_in("able.ipynb", at=T[0])
    place.hand_in("bee.ipynb", at=T[3])
    assert place.grade() == 0
    record = place.records["bee.ipynb"]
    assert (record.points, record.earned, record.standing.deduction) == (pytest.approx(6.8), 8.5, pytest.approx(0.2))
    said = "2 days late by the file's clock, 20 % off"
    assert record.standing.late == said
    assert said in place.table()[1]["remarks"]
    assert place.table()[1][FIRST] == "6.8"
    assert said in unescape(place.page("bee"))
    assert "after 8.5 earned" in place.page("bee")
    assert f"late (1): bee {FIRST}: {said}" in capsys.readouterr().out
    place.rules(
        LATE + '[[extensions]]\nstudent = "bee"\ndays = 3\nwhy = "ill"\n[[extensions]]\nstudent = "zed"\ndays = 1\n'
    )
    assert place.grade() == 1
    told = capsys.readouterr().out
    assert "2 of 2 are graded already" in told
    assert "extensions that fit nobody (1): zed" in told
    assert f"  late: in time: extension until 2027-03-05 12:00 (ill)\n    bee {FIRST}: 6.8 -> 8.5\n" in told
    assert place.records["bee.ipynb"].points == 8.5


def test_exercises_count_what_the_course_says(place):
    place.rules(f"[points.{FIRST}]\nslope = 10\nletter = 0\n")
    place.hand_in("able.ipynb")
    place.grade()
    record = place.records["able.ipynb"]
    assert {one.name: (one.points, one.max_points) for one in record.exercises} == {
        "slope": (10, 10),
        "letter": (0, 0),
        "pair": (2.5, 2.5),
    }
    assert (place.table()[0][FIRST], place.table()[0]["max"]) == ("12.5", "12.5")


def changed_lesson(lesson, exercise, *, points):
    """The lesson with other points for the first check of an exercise."""

    def with_exercise(section):
        if section.name != exercise:
            return section
        one = replace(section)
        checks = (replace(section.exercise.checks[0], points=points), *section.exercise.checks[1:])
        vars(one)["exercise"] = replace(section.exercise, checks=checks)
        return one

    return replace(lesson, sections=tuple(map(with_exercise, lesson.sections)))


def test_a_changed_check_is_noticed_graded_again_and_told_with_whose_points_moved(place, lessons, capsys):
    place.hand_in("able.ipynb")
    place.hand_in("bee.ipynb", slope=WRONG)
    place.hand_in("cee.ipynb", lesson=SECOND)
    place.grade()
    before = (place.out / "records.jsonl").read_bytes()
    check = lessons[FIRST].exercises["slope"].checks[0]
    lessons[FIRST] = changed_lesson(lessons[FIRST], "slope", points=check.points + 2)
    capsys.readouterr()
    assert place.grade() == 0
    told = capsys.readouterr().out
    assert f"check {check.name} of slope changed\n2 records to grade again." in told
    assert "1 of 3 are graded already" in told
    assert f"  check {check.name} of slope changed\n    able {FIRST}: 8.5 -> 10.5\n" in told
    assert f"bee {FIRST}:" not in told
    assert [list(row.values())[1:] for row in place.table("changes.csv")] == [
        ["able", FIRST, "8.5", "10.5", f"check {check.name} of slope changed"]
    ]
    assert (place.out / "records.jsonl").read_bytes().startswith(before)
    assert len(list((place.out / "history").glob("*.csv"))) == 2
    place.grade()
    assert "3 of 3 are graded already" in capsys.readouterr().out
    assert len(place.table("changes.csv")) == 1
    assert len(list((place.out / "history").glob("*.csv"))) == 2


def test_points_moved_in_a_run_that_was_killed_are_told_by_the_next(place, lessons, capsys, monkeypatch):
    place.hand_in("able.ipynb")
    place.hand_in("bee.ipynb")
    place.grade()
    check = lessons[FIRST].exercises["slope"].checks[0]
    lessons[FIRST] = changed_lesson(lessons[FIRST], "slope", points=check.points + 2)
    honest, seen = whole_class.graded, []

    def dying(*arguments):
        for record in honest(*arguments):
            if seen:
                raise KeyboardInterrupt
            seen.append(record)
            yield record

    with monkeypatch.context() as patch:
        patch.setattr(whole_class, "graded", dying)
        with pytest.raises(KeyboardInterrupt):
            place.grade()
    capsys.readouterr()
    place.grade()
    told = capsys.readouterr().out
    assert f"able {FIRST}: 8.5 -> 10.5" in told
    assert f"bee {FIRST}: 8.5 -> 10.5" in told


def test_a_fingerprint_changes_with_code_points_and_expectations_and_with_nothing_else(lessons, monkeypatch):
    lesson = lessons[FIRST]
    section = lesson.section("slope")
    old = prints.fingerprints(lesson)
    name = section.exercise.checks[0].name

    def with_source(change):
        one = replace(section, full_source=change(section.full_source))
        vars(one)["exercise"] = section.exercise
        return prints.fingerprints(replace(lesson, sections=(one,)))

    def moved(new):
        return {key for key in new.checks if new.checks[key] != old.checks[key]}

    assert moved(with_source(lambda text: text.replace("\n@check", "\n# a comment\n@check"))) == set()
    start = section.full_source.index(f"def {name}(")
    assert moved(with_source(lambda text: re.sub(r'"""[^"]*"""', '"""Other words."""', text))) == set()
    colon = section.full_source.index(":\n", start)
    inserted = lambda text: text[: colon + 2] + "    unused = 3\n" + text[colon + 2 :]  # noqa: E731
    assert moved(with_source(inserted)) == {("slope", name)}
    monkeypatch.setattr(
        prints, "_source", lambda function: "changed" if function.__name__ == "expect_close" else "same"
    )
    assert moved(prints.fingerprints(lesson))


def test_a_decision_by_hand_survives_regrading_and_is_shown(place, lessons, capsys):
    place.hand_in("able.ipynb", slope=WRONG)
    place.grade()
    words = by_hand.decide(place.out, student="able", lesson="", exercise="slope", points=3, why="the <idea> is right")
    assert words == "slope of able: 3 points count, because: the <idea> is right"
    assert f"  by hand: slope 3: the <idea> is right\n    able {FIRST}: 4.5 -> 7.5\n" in capsys.readouterr().out
    place.hand_in("able.ipynb", slope="def slope(x, a=1.0):\n    return 0 * x")
    place.grade(again=True)
    record = place.records["able.ipynb"]
    assert (record.points, record.exercises[0].points, record.exercises[0].override) == (7.5, 3, "the <idea> is right")
    assert place.table()[0][FIRST] == "7.5"
    assert "Points by hand.</strong> the &lt;idea&gt; is right" in place.page("able")
    place.grade(long=True)
    assert place.table()[0]["by hand"] == "the <idea> is right"
    by_hand.decide(place.out, student="able", lesson="", exercise="slope", points=None, why="", withdraw=True)
    assert place.records["able.ipynb"].points == 4.5
    assert place.records["able.ipynb"].exercises[0].override == ""
    assert place.table()[0]["exercise"]


SENSELESS = (
    ({"student": "abel"}, "no student 'abel' in the records. Did you mean able?"),
    ({"exercise": "slop"}, "able has no exercise 'slop'. Did you mean slope?"),
    ({"why": " "}, "Say the points and the reason"),
    ({"points": -1}, "Say the points and the reason"),
    ({"points": float("nan")}, "Say the points and the reason"),
    ({"lesson": "51"}, "able has no exercise 'slope' in 51"),
)


def test_a_decision_that_makes_no_sense_is_refused(place):
    place.hand_in("able.ipynb")
    place.grade()
    for options, words in SENSELESS:
        asked = {"student": "able", "lesson": "", "exercise": "slope", "points": 1, "why": "w", **options}
        with pytest.raises(CourseError, match=re.escape(words)):
            by_hand.decide(place.out, **asked)
        assert not (place.out / "overrides.jsonl").exists()


def test_a_notebook_that_says_another_lesson_is_refused_with_a_sentence_that_names_both(place, capsys):
    place.hand_in("able.ipynb")
    assert place.grade(lesson="51") == 1
    told = capsys.readouterr().out
    assert f"The notebook says that it answers {FIRST}, and --lesson says {SECOND}: it was not graded." in told
    assert place.table()[0]["max"] == "0"
    assert place.grade() == 0
    assert [(row["student"], row[FIRST]) for row in place.table()] == [("able", "8.5")]
    assert SECOND not in place.table()[0]


def test_what_is_not_ours_is_listed_with_what_speaks_for_which_lesson_and_lesson_decides(place, capsys):
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "def slope(x, a=1.0):\n    return 2 * a * x"}
    place.hand_in("able.ipynb", text=json.dumps({"cells": [cell], "metadata": {}}))
    assert place.grade() == 1
    told = capsys.readouterr().out
    assert f"It is not clear which lesson this answers: it defines 1 of 5 names of {FIRST} (slope)" in told
    assert place.records["able.ipynb"].lesson == ""
    assert place.grade(lesson=FIRST) == 0
    assert place.table()[0][FIRST] != ""


def test_a_mended_files_old_row_and_page_go(place):
    place.hand_in("able.ipynb", text='{"cells": [{"source": "grader = Grader(\\"50_fixture\\")"')
    place.hand_in("bee.ipynb", lesson=SECOND)
    assert place.grade() == 1
    assert place.records["able.ipynb"].lesson == FIRST
    place.hand_in("able.ipynb", lesson=SECOND)
    assert place.grade() == 0
    assert [(row["student"], row[SECOND], row["remarks"]) for row in place.table()] == [
        ("able", "8.5", "graded without isolation"),
        ("bee", "8.5", "graded without isolation"),
    ]
    assert FIRST not in place.table()[0]
    assert sorted(path.name for path in (place.out / "feedback").iterdir()) == [
        f"able-{SECOND}.html",
        f"bee-{SECOND}.html",
    ]


def test_students_read_what_concerns_their_own_notebook_and_no_word_that_it_made_up(place):
    drive = "from google.colab import drive\ndrive.mount('/content/drive')\nimport numpy as np"
    place.hand_in("able.ipynb", slope=WRONG, before=[drive, "raise ValueError('made ' + 'up')"])
    place.grade()
    page = place.page("able")
    assert "that begins with `from google.colab import drive` stopped: it raised ModuleNotFoundError." in page
    assert "names that it imports may be missing later" in page
    assert "it raised ValueError." in page
    assert "made up" not in page
    assert "made up" in " ".join(place.records["able.ipynb"].problems)


def test_of_cells_that_fail_after_a_hidden_check_a_page_says_nothing(place):
    """What they raise might tell of a hidden input."""
    place.hand_in("able.ipynb", after=["raise KeyError", "1 / 0"])
    place.grade()
    assert "While your notebook ran" not in place.page("able")
    assert len(place.records["able.ipynb"].problems) == 2


def test_the_page_has_what_a_student_looks_for(place):
    place.rules('title = "Deep <Learning>"\n')
    place.hand_in("able.ipynb", slope=WRONG + "  # <b>mine</b>", at=T[0])
    place.grade()
    page = place.page("able")
    assert "<main>" in page
    assert "@media print" in page
    assert "Deep &lt;Learning&gt;" in page
    assert 'href="#slope"' in page
    assert 'id="slope"' in page
    assert "return x  # &lt;b&gt;mine&lt;/b&gt;" in page
    assert re.search(r"<details><summary>\d checks? passed</summary>", page)
    assert "File <code>able.ipynb</code>" in page
    assert "handed in 2027-03-01 12:00 UTC by the file" in page
    assert re.search(r"graded 20\d\d-", page)


def test_an_unreadable_file_says_so_once(place):
    place.hand_in("able.ipynb", text="{")
    place.grade()
    page = place.page("able", "")
    assert page.count("its JSON is broken or cut off") == 1
    assert "<section id=" not in page


def test_everything_is_its_owners_only_and_the_secret_lies_beside(place, monkeypatch):
    monkeypatch.setattr(os, "umask", os.umask)
    old = os.umask(0)
    try:
        place.hand_in("able.ipynb")
        settings = Settings(limits=QUICK, isolation="none")
        whole_class.grade_class(
            [place.folder], place.out, settings=settings, choices=Choices(anonymous=True), workers=1
        )
        by_hand.decide(place.out, student="able", lesson="", exercise="slope", points=1, why="w")
    finally:
        os.umask(old)
    for path in (
        place.out,
        *place.out.rglob("*"),
        place.out.with_name("out.secret"),
        place.out.with_name("out.aliases.csv"),
    ):
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    secret = read_secret(place.out.with_name("out.secret"))
    assert len(secret) == 32
    assert not [path for path in place.out.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


def test_what_ran_out_of_time_is_open_in_the_closing_block(place, capsys):
    place.hand_in("able.ipynb")
    cut = replace(QUICK, submission=1e-3)
    code = whole_class.grade_class(
        [place.folder], place.out, settings=Settings(limits=cut, isolation="none"), workers=1
    )
    assert code == 1
    assert "not all of it checked, for want of time (1): able.ipynb of able" in capsys.readouterr().out


def test_a_secret_that_lay_inside_moves_out_and_stays_the_same(place):
    place.out.mkdir()
    (place.out / "secret.txt").write_text("old secret\n")
    place.hand_in("able.ipynb")
    settings = Settings(limits=QUICK, isolation="none")
    whole_class.grade_class([place.folder], place.out, settings=settings, workers=1)
    assert not (place.out / "secret.txt").exists()
    assert read_secret(place.out.with_name("out.secret")) == "old secret"
    assert place.records["able.ipynb"].seed == one_file.seed_of(FIRST, "able", "old secret")


@pytest.mark.parametrize(("raw", "words"), [(None, "cannot be read"), (b" \n", "is empty"), (b"\xff", "not text")])
def test_a_file_of_the_secret_that_is_none_is_an_error(tmp_path, raw, words):
    if raw is not None:
        (tmp_path / "s").write_bytes(raw)
    with pytest.raises(CourseError, match=words):
        read_secret(tmp_path / "s")


def test_anonymous_pages_name_nobody_and_keep_their_aliases(place):
    place.hand_in("Ada Able_12345_assignsubmission_file_/x.ipynb")
    place.grade(anonymous=True)
    (page,) = (place.out / "feedback").iterdir()
    assert "Ada" not in page.name + page.read_text(encoding="utf-8")
    place.grade(anonymous=True, again=True)
    assert [one.name for one in (place.out / "feedback").iterdir()] == [page.name]
    aliases = place.out.with_name("out.aliases.csv").read_text(encoding="utf-8")
    assert aliases.strip().split(",")[1] == "Ada Able"
    assert aliases.split(",")[0] in page.name
    place.grade()
    assert [one.name for one in (place.out / "feedback").iterdir()] == [page_name("Ada Able", FIRST)]


@pytest.mark.parametrize("name", ["x" * 400, "é" * 200, "日" * 200, "a/b", "..", "", "CON", "a\\b:c*?", "Ada Able"])
def test_page_names_are_short_in_bytes_safe_and_unlike(name):
    page = page_name(name, FIRST)
    assert len(page.encode()) < 200
    assert not set('/\\:*?"<>|') & set(page)
    assert not page.startswith(".")
    assert page != page_name(name + "x", FIRST)
    assert page_name(name, SECOND) != page


def test_cells_are_no_formulas_also_in_full_width(place):
    for name in ("＝1+1", "＠a", "－1", "+1", "=1"):
        place.hand_in(f"{name}.ipynb")
    place.grade()
    assert all(row["student"].startswith("'") for row in place.table())
    assert all(row["student"].startswith("'") for row in place.table("matching.csv"))


def test_course_toml_is_checked_before_anything_is_graded(place):
    place.rules("titel = 1\n")
    place.hand_in("able.ipynb")
    with pytest.raises(CourseError, match=r"course.toml:1: there is no key 'titel'"):
        place.grade()
    assert not place.out.exists()
    assert checking.TABLES


def test_results_inside_the_folder_of_submissions_are_no_hand_ins(place, capsys):
    place.out = place.folder / "graded"
    place.hand_in("able.ipynb")
    assert place.grade() == 0
    assert place.grade() == 0
    told = capsys.readouterr().out
    assert "no notebook" not in told
    assert "1 students; 1 of 1 notebooks graded." in told


def test_who_lacks_a_lesson_that_most_have_is_said_and_is_not_open(place, capsys):
    for name in ("able", "bee", "cee"):
        place.hand_in(f"{name}_1.ipynb")
        place.hand_in(f"{name}_2 final.ipynb", lesson=SECOND if name != "cee" else FIRST)
    place.grade(student="^([a-z]+)_")
    assert f"nothing for {SECOND} (1): cee" in capsys.readouterr().out


def test_a_file_that_is_named_after_another_lesson_is_said(place, capsys):
    place.hand_in(f"able_{SECOND}.ipynb")
    assert place.grade() == 1
    assert f"named after another lesson (1): able_{SECOND}.ipynb of able answers {FIRST}" in capsys.readouterr().out
