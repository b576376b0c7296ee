"""Grades in the files of learning systems: filled in, read again, every other byte as it was; nobody guessed.

The files are written here as the systems' documentation and sources say that they look.
"""

import csv
import io
import json
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reporting.exporting.exports import Asked, export
from autograder.reporting.exporting.filling import Wanted
from autograder.reporting.exporting.numbers import shown
from autograder.reporting.exporting.table import Table, read_table
from autograder.reporting.pages import page_name
from autograder.reporting.record_file import append
from autograder.reporting.records import CheckRecord, ExerciseRecord, Record, Whose
from autograder.source.problems import CourseError

LESSON = "01_chain_rule"
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (4711),01 The chain rule (4712),"
    "Current Score,Final Score\r\n"
    "    Points Possible,,,,,5,10,(read only),(read only)\r\n"
    '"Able, Ada",101,2026-001,able,"Section A, Section B",5,,50.0,25.00\r\n'
    '"Baker, Bee",102,2026-002,bee,Section A,,EX,,\r\n'
    '"O\'Cee ""Cy"", Cee",103,2026-003,cee,Section A,4.5,"3",,\r\n'
    '"Dee, Dan",104,2026-004,dee,Section A,,,,\r\n'
    "=cmd|' /C calc'!A0,105,2026-005,eve,Section A,,,,\r\n"
    '"Student, Test",999,,x9f,Section A,,,,\r\n'
)
MOODLE = (
    "\ufeffID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,"
    "Zuletzt geändert (Bewertung),Feedback als Kommentar\n"
    'Teilnehmer/in12345,"Ada Able",able@example.org,"Zur Bewertung abgegeben",-,"10,00",-,\n'
    'Teilnehmer/in12346,"Bee Baker",bee@example.org,"Zur Bewertung abgegeben","3,50","10,00","Montag, 1. März 2027",\n'
    'Teilnehmer/in12347,"Ada Able",ada2@example.org,"Keine Abgabe",-,"10,00",-,\n'
)
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"\t'
    '"Chain rule [Total Pts: 10 Score] |123456"\t"Total [Total Pts: up to 15 Score] |123450"\r\n'
    '"Able"\t"Ada"\t"able"\t"2026001"\t"2027-03-01 10:00:00"\t"Yes"\t"Needs Grading"\t"1.50"\r\n'
    '"Baker"\t"Bee"\t"bee"\t"2026002"\t""\t"Yes"\t""\t""\r\n'
)
BRIGHTSPACE = (
    "OrgDefinedId,Username,Last Name,First Name,"
    "01 Chain rule Points Grade <Numeric MaxPoints:10 Weight:5 Category:Home CategoryWeight:20>,"
    "End-of-Line Indicator\r\n"
    "#2026001,#able,Able,Ada,,#\r\n"
    "#2026002,#bee,Baker,Bee,2.5,#\r\n"
)


def record(student, points=7.5, *, file="", lesson=LESSON, graded=True, **whose):
    checks = (CheckRecord("is_right", "It is right.", False, "passed", points, 10.0),)
    exercise = ExerciseRecord("slope", points, 10.0, "passed" if graded else "could not be checked", "", checks)
    return Record(
        student, lesson, file or f"{student}.ipynb", "0" * 64, points, 10.0, (exercise,), whose=Whose(**whose)
    )


@pytest.fixture
def filled(tmp_path):
    """Export records into a file that holds `text`; return (the bytes of the result, what was told, whether open)."""

    def run(to, text, records, *, encoding="utf-8", name="grades.csv", **wanted):
        folder = tmp_path / "graded"
        folder.mkdir(exist_ok=True)
        (folder / "records.jsonl").unlink(missing_ok=True)
        for one in records:
            append(folder / "records.jsonl", one)
        (tmp_path / name).write_bytes(text.encode(encoding))
        lines, is_open = export(folder, Asked(to, tmp_path / name, wanted=Wanted(**{"lesson": "01", **wanted})))
        assert (tmp_path / name).read_bytes() == text.encode(encoding)
        return (folder / "export" / to / name).read_bytes(), "\n".join(lines), is_open

    return run


def test_canvas_gets_one_column_and_keeps_every_other_byte(filled):
    records = [record("able"), record("bee", 1), record("2026-003", 10 / 3), record("zoe", 4), record("eve", 2)]
    content, told, is_open = filled("canvas", CANVAS, records)
    wanted = CANVAS.replace('Section B",5,,', 'Section B",5,7.5,').replace('4.5,"3",', '4.5,"3.3333",')
    assert content.decode() == wanted.replace("eve,Section A,,,", "eve,Section A,,2,")
    assert '3 of 5 people in grades.csv have their points in "01 The chain rule (4712)"' in told
    assert "in the file and not in the grades (1): Dee, Dan (104)" in told
    assert "in the grades and not in the file (1): zoe" in told
    assert "kept as it was (1): Baker, Bee (102): EX" in told
    assert 'other points than before (1): O\'Cee "Cy", Cee (103): 3 -> 3.3333' in told
    assert "cells that a spreadsheet takes for formulas (1): row 7: =cmd" in told
    assert is_open


def test_what_is_filled_in_is_read_again_and_filled_in_again_without_a_change(filled):
    content, *_ = filled("canvas", CANVAS, [record("able", 0.1 + 0.2)])
    again, told, _ = filled("canvas", content.decode(), [record("able", 0.1 + 0.2)])
    assert again == content
    assert "other points" not in told
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    assert rows[2][6] == "0.3"
    assert [row[:6] + row[7:] for row in rows] == [
        row[:6] + row[7:] for row in csv.reader(io.StringIO(CANVAS, newline=""))
    ]


def test_moodle_in_german_keeps_its_mark_its_commas_and_its_words(filled):
    records = [
        record("Ada Able (12345)", system="Moodle", system_id="12345"),
        record("bee@example.org", 4.25, name="Bee Baker", system="Moodle", system_id="12346"),
    ]
    content, told, _ = filled("moodle", MOODLE, records)
    wanted = MOODLE.replace('abgegeben",-,"10', 'abgegeben","7,5","10').replace('"3,50"', '"4,25"')
    assert content == wanted.encode()
    assert "in the file and not in the grades (1): Ada Able (Participant 12347)" in told


def test_namesakes_without_an_id_are_named_and_left_alone(filled):
    content, told, is_open = filled("moodle", MOODLE, [record("Ada Able"), record("bee@example.org", 3.5)])
    assert content == MOODLE.encode()
    assert "Ada Able may be Ada Able (Participant 12345) in row 2 or Ada Able (Participant 12347) in row 4" in told
    assert "in the file and not" not in told
    assert is_open


def test_all_are_named_but_those_whom_mark_shows(filled):
    waiting = [
        replace(record(f"s{n}"), exercises=(ExerciseRecord("why", 0, 3, "to be marked", ""),)) for n in range(40)
    ]
    rows = "".join(f'"S, {n}",{n},,s{n},A,,,,\r\n' for n in range(30))
    _, told, _ = filled("canvas", CANVAS + rows, waiting)
    marked, missing = (
        next(one for one in told.splitlines() if words in one) for words in ("still (", "not in the file (")
    )
    assert marked.endswith("s15 and 22 more")
    assert missing.endswith("s30, s31, s32, s33, s34, s35, s36, s37, s38, s39")


def test_two_students_who_may_be_one_row_are_named_and_left_alone(filled):
    content, told, _ = filled("canvas", CANVAS, [record("able"), record("Ada Able", 2), record("dee", 1)])
    assert content.decode() == CANVAS.replace(
        '"Dee, Dan",104,2026-004,dee,Section A,,', '"Dee, Dan",104,2026-004,dee,Section A,,1'
    )
    assert "Able, Ada (101) may be Ada Able or able" in told


def test_another_systems_number_is_no_evidence(filled):
    here = record("Able, Ada (104)", system="Sakai", system_id="104")
    content, *_ = filled("canvas", CANVAS, [here])
    assert '"Able, Ada",101,2026-001,able,"Section A, Section B",5,7.5' in content.decode()
    content, *_ = filled("canvas", CANVAS, [replace(here, whose=Whose(system="Canvas", system_id="104"))])
    assert content.decode() == CANVAS, "a name and a number of two people"


def test_a_number_and_a_name_of_two_people_are_of_neither(filled):
    content, told, _ = filled("moodle", MOODLE, [record("Bee Baker", system="Moodle", system_id="12345")])
    assert content == MOODLE.encode()
    assert "Bee Baker may be" in told


def test_blackboard_in_utf_16_with_tabs_and_quotes(filled):
    content, told, _ = filled(
        "blackboard", BLACKBOARD, [record("able", 1.25), record("2026002", 2)], encoding="utf-16", name="gc.xls"
    )
    wanted = BLACKBOARD.replace('"Needs Grading"', '"1.25"').replace('"Yes"\t""', '"Yes"\t"2"')
    assert content == wanted.encode("utf-16")
    assert "2 of 2 people" in told


def test_brightspace_keeps_its_number_signs(filled):
    content, _, is_open = filled("brightspace", BRIGHTSPACE, [record("able", 1), record("2026002", 2.5)])
    assert content.decode() == BRIGHTSPACE.replace("Ada,,#", "Ada,1,#")
    assert not is_open


def test_a_file_with_names_alone_is_filled_by_names(filled):
    text = "Student,ID,01 Chain rule (1)\nAda Able,1,\nBee Baker,2,\n"
    assert filled("canvas", text, [record("x1", name="Able, Ada")])[0].decode() == text.replace("Able,1,", "Able,1,7.5")
    names = "Name,x [Total Pts: 10 Score] |1\nAda Able,\n"
    assert filled("blackboard", names, [record("ada able")])[0].decode() == names.replace("Able,", "Able,7.5")


def test_other_full_points_are_converted_or_not_but_never_without_a_word(filled):
    five = CANVAS.replace(",,,,,5,10,", ",,,,,5,5,")
    with pytest.raises(CourseError, match=r'"01 The chain rule \(4712\)" has 5 points, and here there are 10.*--scale'):
        filled("canvas", five, [record("able")])
    assert b'Section B",5,3.75,' in filled("canvas", five, [record("able")], scale=True)[0]
    assert b'Section B",5,7.5,' in filled("canvas", five, [record("able")], scale=False)[0]


def test_the_column_is_the_one_that_is_named_or_clearly_meant(filled):
    assert b'Section B",7.5,,' in filled("canvas", CANVAS, [record("able")], column="Homework 1", scale=False)[0]
    other = CANVAS.replace("01 The chain rule", "Homework 2")
    with pytest.raises(CourseError, match=r'Name one with --column.*"Homework 1 \(4711\)", "Homework 2 \(4712\)"'):
        filled("canvas", other, [record("able")])
    with pytest.raises(CourseError, match='no single column "Current Score"'):
        filled("canvas", CANVAS, [record("able")], column="Current Score")


def test_decimals_that_no_number_of_the_file_shows_are_asked_for(filled):
    text = "Username;01 Chain rule [Total Pts: 10 Score] |1\nable;\n"
    with pytest.raises(CourseError, match="--decimal"):
        filled("blackboard", text, [record("able")])
    assert filled("blackboard", text, [record("able")], decimal=",")[0].decode().endswith("able;7,5\n")
    assert filled("blackboard", text, [record("able", 7.0)])[0].decode().endswith("able;7\n")


def test_what_could_not_be_graded_is_nobodys_zero(filled):
    content, told, is_open = filled("brightspace", BRIGHTSPACE, [record("able", 0, graded=False), record("bee", 2.5)])
    assert content.decode() == BRIGHTSPACE
    assert "because a notebook could not be graded (1): able" in told
    assert is_open


def test_several_lessons_are_asked_for_and_the_total_is_of_all(filled):
    records = [record("able"), record("able", 2, lesson="02_sigmoid", file="b.ipynb"), record("bee", 1)]
    with pytest.raises(CourseError, match="Say which with --lesson: 01_chain_rule, 02_sigmoid, or total"):
        filled("brightspace", BRIGHTSPACE, records, lesson="")
    assert "Ada,9.5,#" in filled("brightspace", BRIGHTSPACE, records, lesson="total", scale=False)[0].decode()


def test_moodles_zip_has_the_pages_in_moodles_folders(filled, tmp_path):
    pages = tmp_path / "graded" / "feedback"
    pages.mkdir(parents=True)
    (pages / page_name("a_b", LESSON)).write_text("hello")
    records = [record("a_b", name="Ada_Able", system="Moodle", system_id="12345"), record("bee"), record("zoe")]
    _, told, _ = filled("moodle", MOODLE, records)
    with zipfile.ZipFile(tmp_path / "graded/export/moodle/grades.feedback.zip") as archive:
        assert archive.namelist() == [f"Ada Able_12345_assignfeedback_file/{LESSON}.html"]
    assert "without a page in the zip (2): bee (no page), zoe (not found in the worksheet)" in told


def test_plain_tables_have_ids_and_no_formulas(filled, tmp_path):
    filled("canvas", CANVAS, [record("=able", name="+Ada", system="Canvas", system_id="101")])
    folder = tmp_path / "graded"
    assert export(folder, Asked("csv"))[1] is False
    with open(folder / "export/csv/grades.csv", newline="", encoding="utf-8") as file:
        assert list(csv.reader(file))[1][:6] == ["'=able", "'+Ada", "", "", "101", "7.5"]
    with open(folder / "export/csv/grades-long.csv", newline="", encoding="utf-8") as file:
        assert list(csv.reader(file))[1][5:9] == [LESSON, "slope", "7.5", "10"]
    export(folder, Asked("json"))
    (one,) = json.loads((folder / "export/json/grades.json").read_text(encoding="utf-8"))
    assert (one["system_id"], one["lessons"][0]["exercises"][0]["points"]) == ("101", 7.5)
    assert (folder / "export/json/grades.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked("blackbord"), "There is no export to 'blackbord'; there are canvas, moodle"),
        (Asked("canvas"), "Name canvas's own file of grades"),
    ],
)
def test_slips_are_a_sentence(tmp_path, asked, said):
    append(tmp_path / "records.jsonl", record("able"))
    with pytest.raises(CourseError, match=said):
        export(tmp_path, asked)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04abc", "no table in text"),
        (b"a\0b\0,\0", "no table in text"),
        (b"", "a header with columns is missing"),
        (b"\xff\xfea", "begins as UTF-16-LE does"),
        (b"Student,ID,x (1)\r\nAble\r\n", "fewer cells than the header"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, content, said):
    append(tmp_path / "records.jsonl", record("Able"))
    (tmp_path / "file.csv").write_bytes(content)
    with pytest.raises(CourseError, match=said):
        export(tmp_path, Asked("canvas", tmp_path / "file.csv"))


def test_the_file_itself_is_never_written_over(tmp_path):
    append(tmp_path / "records.jsonl", record("able"))
    (tmp_path / "file.csv").write_bytes(BRIGHTSPACE.encode())
    with pytest.raises(CourseError, match="is the file that is to be filled in"):
        export(tmp_path, Asked("brightspace", tmp_path / "file.csv", tmp_path / "file.csv"))


CELL = st.text(st.sampled_from('ab,;"\t\r\n é=1'), max_size=5)


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=4), st.sampled_from(",;\t"), st.data())
def test_a_table_is_read_as_the_csv_module_reads_it_and_changed_in_single_cells_only(rows, delimiter, data):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    table = Table("x", buffer.getvalue(), "utf-8", delimiter)
    assert [[cell.value for cell in row] for row in table.rows] == rows
    row = data.draw(st.integers(0, len(rows) - 1))
    column, value = data.draw(st.integers(0, len(rows[row]) - 1)), data.draw(CELL)
    text = table.replaced({(row, column): value})
    rows[row][column] = value
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) == rows
    cell = table.rows[row][column]
    assert text.startswith(table.text[: cell.start])
    assert text.endswith(table.text[cell.end :])


@given(st.floats(0, 1e6))
def test_points_are_written_with_four_digits_at_most_and_without_an_exponent(value):
    assert abs(float(shown(value)) - value) <= 5e-5 + 1e-9
    assert set(shown(value)) <= set("0123456789.")


def test_a_table_in_latin_1_stays_in_latin_1(tmp_path):
    (tmp_path / "a.csv").write_bytes("Übung,Größe\n1,2\n".encode("latin-1"))
    assert read_table(tmp_path / "a.csv").header == ["Übung", "Größe"]
    assert read_table(tmp_path / "a.csv").encoding == "latin-1"
