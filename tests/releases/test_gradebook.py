"""`course export --to nbgrader`: into the gradebook that nbgrader itself made of our release, and read back from it."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from autograder.release import release
from autograder.reporting.exporting.exports import Asked, export
from autograder.reporting.exporting.filling import Wanted
from autograder.reporting.record_file import append
from autograder.reporting.records import Standing, Whose
from autograder.reporting.settling import settled
from autograder.rules.overrides import Override
from autograder.source.lesson import load_lesson
from autograder.source.problems import CourseError
from conftest import FIXTURES
from releases.marked import NAME, graded, opened

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson():
    return load_lesson(NAME, FIXTURES)


@pytest.fixture(scope="module")
def course_folder(lesson, tmp_path_factory):
    """An instructor's course directory as our release makes it, with nbgrader's gradebook.db in it."""
    pytest.importorskip("nbgrader", reason="nbgrader is not installed; the extra `release` brings it")
    return release(lesson, "nbgrader", tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def records(lesson, tmp_path_factory):
    """{student: record}: Ada answered both, Bee only the question, Cee nothing."""
    return graded(lesson, tmp_path_factory.mktemp("submissions"))


@pytest.fixture
def gradebook(course_folder):
    """The gradebook as nbgrader left it, again for each test."""
    path, kept = course_folder / "gradebook.db", (course_folder / "gradebook.db").read_bytes()
    yield path
    path.write_bytes(kept)


@pytest.fixture
def exported(tmp_path, gradebook):
    """Export records into the gradebook; return (what was told, whether anything is open)."""

    def run(*records, **wanted):
        (tmp_path / "records.jsonl").unlink(missing_ok=True)
        for one in records:
            append(tmp_path / "records.jsonl", one)
        lines, is_open = export(tmp_path, Asked("nbgrader", gradebook, wanted=Wanted(**{"lesson": "60", **wanted})))
        return "\n".join(lines), is_open

    return run


def scores(path):
    """{(student, cell): (score, whether a person has to mark it)} as nbgrader tells them."""
    with opened(path) as book:
        return {
            (one.student.id, grade.name): (grade.score, grade.needs_manual_grade)
            for one in book.assignment_submissions(NAME)
            for notebook in one.notebooks
            for grade in notebook.grades
        }


def dump(path):
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_every_check_has_its_points_and_every_answer_in_words_waits(exported, records, gradebook):
    told, is_open = exported(*records.values())
    assert "3 students have their points" in told
    assert "new in the gradebook, which knew nobody (3): ada, bee, cee" in told
    assert "to be marked by a person still (2): ada, bee" in told
    assert not is_open
    found = scores(gradebook)
    for student, record in records.items():
        for one in record.exercises:
            for check in one.checks:
                assert found[student, f"{one.name}-{check.name}"] == (check.points, False)
    assert records["ada"].points == sum(score for (student, _), (score, _) in found.items() if student == "ada") == 2
    assert [found[student, "why_twice"][1] for student in records] == [True, True, False]


def test_a_second_export_changes_no_byte_and_a_mark_of_a_person_stays(exported, records, gradebook):
    exported(*records.values())
    before = dump(gradebook)
    told, _ = exported(*records.values())
    assert dump(gradebook) == before
    assert "new in the gradebook" not in told
    check = records["ada"].exercises[0].checks[0].name
    with opened(gradebook) as book:
        book.find_grade("why_twice", NAME, NAME, "ada").manual_score = 1.5
        book.find_grade(f"double-{check}", NAME, NAME, "ada").manual_score = 0.25
        comment = book.find_comment("why_twice", NAME, NAME, "ada")
        comment.manual_comment = "Say which two."
        book.db.commit()
    by_hand = settled(records["ada"], Standing(), {"why_twice": Override("ada", NAME, "why_twice", 2.0, "All of it.")})
    before = dump(gradebook)
    told, _ = exported(by_hand, records["bee"], records["cee"])
    assert dump(gradebook) == before
    assert "marks given in nbgrader, which stay (2): ada, double-" in told
    assert "ada, why_twice: 1.5, not 2" in told


def test_what_a_person_decided_here_and_lateness_arrive(exported, records, gradebook):
    decisions = {
        "double": Override("bee", NAME, "double", 1.0, "Right by another way."),
        "why_twice": Override("bee", NAME, "why_twice", 2.0, "Half."),
    }
    late = settled(records["bee"], Standing(late="1 day late", deduction=0.5), decisions)
    exported(late)
    with opened(gradebook) as book:
        submission = book.find_submission(NAME, "bee")
        assert (submission.score, submission.late_submission_penalty) == (3.0, 1.5)
        assert not submission.needs_manual_grade
    assert late.points == 1.5


def test_who_is_in_one_place_only_is_told_and_not_added(exported, records, gradebook):
    with opened(gradebook) as book:
        book.add_student("2026-001", first_name="Ada", last_name="Able", email="able@example.org")
        book.add_student("zoe")
    told, is_open = exported(replace(records["ada"], whose=Whose("Ada Able")), records["bee"])
    assert is_open
    assert "in the gradebook and not in the grades (1): zoe" in told
    assert "not in the gradebook, where 'nbgrader db student add' or 'import' puts them (1): bee" in told
    assert {student for student, _ in scores(gradebook)} == {"2026-001"}


def test_a_gradebook_that_does_not_fit_is_a_sentence_and_stays(exported, records, gradebook, tmp_path):
    before = dump(gradebook)
    with pytest.raises(CourseError, match=r"has no assignment '01'; there are 60_marked\. Make it with our release"):
        exported(records["ada"], column="01")
    more = replace(records["ada"].exercises[0], name="triple")
    with pytest.raises(CourseError, match="has no cell triple-"):
        exported(records["bee"], replace(records["ada"], exercises=(more,)))
    heavier = replace(records["ada"].exercises[0].checks[0], max_points=7.0)
    heavy = replace(records["ada"].exercises[0], checks=(heavier,))
    with pytest.raises(CourseError, match=r"points for double-.*, the record of ada 7"):
        exported(records["bee"], replace(records["ada"], exercises=(heavy,)))
    assert dump(gradebook) == before
    with pytest.raises(CourseError, match="nbgrader keeps each lesson as an assignment"):
        exported(records["ada"], lesson="total")
    with pytest.raises(CourseError, match="There is no gradebook at"):
        export(tmp_path, Asked("nbgrader", tmp_path, wanted=Wanted("60")))
    for name, content in (("text.db", b"no database, a text that is long enough to be one"), ("empty.db", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CourseError, match=r"is no gradebook of nbgrader's"):
            export(tmp_path, Asked("nbgrader", tmp_path / name, wanted=Wanted("60")))
        assert (tmp_path / name).read_bytes() == content
