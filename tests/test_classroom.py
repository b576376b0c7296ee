"""`course report`: what the numbers are, who is named, what is not shown, and that nothing on the page is not ours."""

import base64
import hashlib
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from autograder.cli.app import app
from autograder.reporting.classroom.alike import by_source, published_answers, shared_answers
from autograder.reporting.classroom.item_analysis import cronbach_alpha, difficulty, discrimination
from autograder.reporting.classroom.mistakes import without_comments
from autograder.reporting.classroom.people import fell_behind, stopped
from autograder.reporting.classroom.report import report
from autograder.reporting.classroom.rows import Rows
from autograder.reporting.records import CheckRecord, ExerciseRecord, Record, Standing, Whose
from autograder.source.problems import CourseError

NAMES = ("first", "second", "third", "fourth")


def exercise(name, points, outcome=None, **more):
    outcome = outcome or ("passed" if points == 2 else "failed")
    check = CheckRecord("a_check", "It is right.", True, outcome, points, 2.0)
    return ExerciseRecord(name, points, 2.0, outcome, checks=(check,), **more)


def record(student, points, lesson="01_one", **more):
    exercises = more.pop("exercises", None) or tuple(map(exercise, NAMES, points))
    total = sum(one.points for one in exercises)
    return Record(student, lesson, f"{student}.ipynb", "0", total, 2.0 * len(exercises), exercises, **more)


def written(folder, records):
    (folder / "records.jsonl").write_text("".join(one.to_json() + "\n" for one in records), encoding="utf-8")
    return folder


CLASS = [record(f"s{number}", points) for number, points in enumerate([(2, 2, 1, 0), (2, 1, 0, 0), (1, 0, 2, 0)])]


def test_item_analysis_agrees_with_other_routes():
    points = np.random.default_rng(0).integers(0, 5, size=(40, 6)).astype(float)
    rest = points.sum(axis=1)
    for item, found in enumerate(discrimination(points)):
        assert found == pytest.approx(np.corrcoef(points[:, item], rest - points[:, item])[0, 1], rel=1e-12)
    covariance = np.cov(points.T)
    expected = 6 / 5 * (1 - np.trace(covariance) / covariance.sum())
    assert cronbach_alpha(points) == pytest.approx(expected, rel=1e-12)
    assert difficulty(points, np.full(6, 4.0)) == pytest.approx([np.mean(column) / 4 for column in points.T], rel=1e-12)


def test_alpha_of_right_and_wrong_is_kuder_richardson_20():
    """Their formula 20 (Psychometrika 2, 1937) of p and q = 1 - p; by hand for four students and three questions."""
    right = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]])
    pq = 3 / 16 + 1 / 4 + 3 / 16  # p = 3/4, 1/2, 1/4; totals 3, 2, 1, 0 have the variance 5/4
    assert cronbach_alpha(right) == pytest.approx(3 / 2 * (1 - pq / (5 / 4)), rel=1e-12) == 0.75


def test_item_analysis_gives_what_a_textbook_prints():
    """Five items and ten persons of Denis, Applied Univariate, Bivariate, and Multivariate Statistics."""
    items = "10 12 8 6 4 6 3 7 8 9", "12 18 16 8 7 6 4 3 9 5", "15 12 14 16 8 3 6 7 4 6"
    items += ("11 12 14 8 7 7 5 9 10 11", "12 1 4 6 5 3 8 9 10 12")
    points = np.array([list(map(float, item.split())) for item in items]).T
    assert points.std(axis=0, ddof=1).round(5).tolist() == [2.71006, 5.05085, 4.7481, 2.71621, 3.80058]  # as printed
    assert round(cronbach_alpha(points), 3) == 0.633
    assert round(discrimination(points)[0], 3) == 0.712


@pytest.mark.parametrize("points", [[[1.0, 2.0]], [[1.0], [2.0]], [[1.0, 1.0], [1.0, 1.0]]])
def test_what_is_not_defined_is_no_number(points):
    assert math.isnan(cronbach_alpha(points))
    assert np.isnan(discrimination(points)).all()


def test_the_last_record_of_a_file_counts_and_what_does_not_count_is_left_out(tmp_path):
    again = replace(CLASS[0], exercises=tuple(map(exercise, NAMES, (0, 0, 0, 0))))
    other = replace(CLASS[1], file="older.ipynb", standing=Standing(1, 2, counts=False))
    (rows,) = Rows(written(tmp_path, [*CLASS, other, again]) / "records.jsonl").of_lessons().values()
    assert [row.points for row in rows] == [(0, 0, 0, 0), (2, 1, 0, 0), (1, 0, 2, 0)]


def test_a_line_that_is_no_record_is_a_sentence(tmp_path):
    path = written(tmp_path, CLASS) / "records.jsonl"
    path.write_text(path.read_text() + '{"student": 1}\n')
    with pytest.raises(CourseError, match=r"Line 4 of .* is not a record"):
        report(tmp_path)


def test_a_folder_without_records_and_a_lesson_that_nobody_did_are_sentences(tmp_path):
    with pytest.raises(CourseError, match="holds no records"):
        report(tmp_path)
    with pytest.raises(CourseError, match="nothing that was graded of 07"):
        report(written(tmp_path, CLASS), "07")


def test_mistakes_by_name_the_dearest_first(tmp_path):
    wrong = "# by Ada Able\ndef second(x):\n    '''Ada's.'''\n    return 2 * x\n"
    told = [exercise("first", 1.5, diagnosis="Half."), exercise("second", 0, diagnosis="Twice.", answer=wrong)]
    records = [record(name, (), exercises=tuple(told)) for name in ("ada", "bee")]
    (lesson,) = report(written(tmp_path, records))[1]
    assert [(one.exercise, one.sentence, one.students, one.lost) for one in lesson.mistakes] == [
        ("second", "Twice.", ("ada", "bee"), 4.0),
        ("first", "Half.", ("ada", "bee"), 1.0),
    ]
    assert lesson.mistakes[0].example == "def second(x):\n    return 2 * x"


def test_an_example_names_nobody():
    assert "Able" not in without_comments("x = 1  # Ada Able\n'''Ada Able'''")
    assert without_comments("Ada Able's (") == ""


def test_what_waits_for_a_mark_is_in_no_number(tmp_path):
    why = [exercise("why", 0.0, "to be marked"), exercise("why", 1.0, "to be marked", override="good")]
    records = [record(f"s{n}", (), exercises=(*map(exercise, NAMES, (n, 2, n, 2)), one)) for n, one in enumerate(why)]
    page, (lesson,) = report(written(tmp_path, records))
    assert re.search(r"thing\.\s+why is not in these numbers: 1 answer waits for a mark\.\s", page.read_text())
    assert lesson.waiting == (("why", 1),)
    assert lesson.most == 8
    (lesson,) = report(written(tmp_path, records[1:]))[1]
    assert (lesson.waiting, lesson.most) == ((), 10)


def test_whom_to_talk_to():
    tried = tuple(
        exercise(name, 2.0 * (name == "first"), None if name == "first" else "not attempted") for name in NAMES
    )
    rows = {lesson: rows_of(record("ada", points, lesson)) for lesson, points in (("01", (2,) * 4), ("02", (0,) * 4))}
    assert fell_behind(rows) == [("ada", "02", 0.0, 1.0)]
    assert stopped(rows_of(record("bee", (), exercises=tried))) == [("bee", "first", 3)]
    known = record("4711", (), exercises=tried, whose=Whose(name="Ada Able"))
    assert stopped(rows_of(known)) == [("Ada Able (4711)", "first", 3)]


def rows_of(*records):
    rows = Rows("/dev/null")
    for one in records:
        rows._take(one.to_json(), "a file", 1)
    return [row for each in rows.of_lessons().values() for row in each]


def with_forms(student, *forms):
    return record(
        student,
        (),
        exercises=tuple(exercise(name, 2, forms=((name, *one),)) for name, one in zip(NAMES, forms, strict=True)),
    )


def test_alike_is_what_few_share_in_several_exercises():
    own = [with_forms(f"s{n}", (f"a{n}", ""), (f"b{n}", ""), (f"c{n}", ""), ("all", "")) for n in range(20)]
    two = [with_forms(name, ("a", ""), ("b", ""), (name, ""), ("all", "")) for name in ("ada", "bee")]
    copied = with_forms("eve", ("p", "the published solution"), ("q", "the kernel f"), ("e", ""), ("all", ""))
    rows = rows_of(*own, *two, copied)
    assert shared_answers(rows) == [(("ada", "bee"), ("first", "second"))]
    assert published_answers(rows) == [("eve", [("first", "the published solution"), ("second", "the kernel f")])]
    apart = [("a kernel of helpers", [("eve", ["second (f)"])]), ("the published solution", [("eve", ["first"])])]
    assert by_source(published_answers(rows)) == apart


def test_the_page_is_self_contained_and_runs_one_script_only(tmp_path):
    nasty = "<script>alert(1)</script>"
    records = [
        *CLASS,
        record(nasty, (), exercises=tuple(exercise(name, 0, diagnosis=nasty, answer=nasty) for name in NAMES)),
    ]
    page = report(written(tmp_path, records))[0].read_text()
    (script,) = re.findall("<script>(.*?)</script>", page, re.DOTALL)
    assert f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}" in page
    assert "alert" not in script
    assert page.count("<svg") == page.count('<svg role="img" aria-label="') == 2
    assert not re.search(r'(src|href)="(?!#)', page.replace('xlink:href="#', ""))


def test_the_verb_names_the_page_and_the_commonest_mistakes(tmp_path):
    told = tuple(exercise(name, 0, diagnosis="It climbs.") for name in NAMES)
    done = CliRunner().invoke(app, ["report", str(written(tmp_path, [record("ada", (), exercises=told)]))])
    assert done.exit_code == 0, done.output
    assert "1 in first: It climbs." in done.output
    assert str(tmp_path / "report.html") in done.output.replace("\n", "")


def test_a_description_is_no_known_mistake(tmp_path):
    named = exercise("first", 0, diagnosis="It climbs.", is_named=True)
    described = exercise("first", 0, diagnosis="It is wrong in every case.", is_named=False)
    silent = exercise("first", 0, is_named=False)
    right = exercise("first", 2, is_named=False)
    each = (named, named, described, silent, right)
    records = [record(f"s{n}", (), exercises=(one,)) for n, one in enumerate(each)]
    page, (lesson,) = report(written(tmp_path, records))
    (line,) = lesson.exercises
    assert (line.named, line.described, line.untold) == (0.4, 0.2, 0.2)
    assert line.commonest.sentence == "It climbs."
    text = page.read_text()
    assert "No mistake that is known by name; what was seen: It is wrong in every case." in text
    assert "what was seen: It climbs." not in text
    done = CliRunner().invoke(app, ["report", str(tmp_path)])
    assert "2 in first: It climbs." in done.output
    assert "2 more wrong answers to 01_one are no mistake that is known by name." in done.output.replace("\n", " ")


def test_a_record_from_before_counts_its_sentence_as_a_known_mistake(tmp_path):
    path = (
        written(tmp_path, [record("ada", (), exercises=(exercise("first", 0, diagnosis="Half."),))]) / "records.jsonl"
    )
    text = path.read_text()
    assert '"is_named": true' in text
    path.write_text(text.replace(', "is_named": true', ""))
    assert report(tmp_path)[1][0].exercises[0].named == 1


def test_what_changed_since_the_last_report(tmp_path):
    wrong = tuple(exercise(name, 0, diagnosis="It climbs.") for name in NAMES)
    before = [record("ada", (2, 2, 0, 2)), record("bee", (), exercises=wrong), record("zoe", (2, 2, 2, 2))]
    page, (lesson,) = report(written(tmp_path, before))
    assert lesson.changes == ()
    assert "ince the report of" not in page.read_text()
    page, (lesson,) = report(tmp_path)
    assert lesson.changes == ()
    assert "Nothing has changed since the report of 2" in page.read_text()
    page, (lesson,) = report(written(tmp_path, [before[0], record("bee", (2, 2, 0, 0)), record("cee", (2, 2, 2, 2))]))
    assert lesson.changes == (
        "1 handed in since: cee.",
        "1 counted then and not now: zoe.",
        "1 have other points: bee 0 to 4.",
        "The mean was 4.7 and is 6.0.",
        "first: 100 % of the points were earned, after 67 %.",
        "second: 100 % of the points were earned, after 67 %.",
        "0 in first, after 1: It climbs.",
        "0 in fourth, after 1: It climbs.",
        "0 in second, after 1: It climbs.",
        "0 in third, after 1: It climbs.",
    )
    assert "<li>1 have other points: bee 0 to 4.</li>" in page.read_text()
    assert (tmp_path / "report.json").stat().st_mode & 0o777 == 0o600


def test_a_report_of_one_lesson_keeps_what_is_known_of_the_others(tmp_path):
    folder = written(tmp_path, [record("ada", (2, 2, 2, 2)), record("ada", (2, 2, 2, 2), "02_two")])
    report(folder)
    written(folder, [record("ada", (0, 2, 2, 2)), replace(record("ada", (0, 2, 2, 2), "02_two"), file="b.ipynb")])
    report(folder, "01")
    assert "1 have other points: ada 8 to 6." in report(folder, "02")[1][0].changes
    (folder / "report.json").write_text("{")
    with pytest.raises(CourseError, match=r"report.json is broken. Delete it"):
        report(folder)
