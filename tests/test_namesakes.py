"""Two people of one name in one course, from Moodle's download to Moodle's worksheet: each by number, or neither."""

import csv
import zipfile

import pytest
from test_class_run import WRONG, lessons, place  # noqa: F401  fixtures

from autograder.reporting.exporting.exports import Asked, export
from autograder.reporting.exporting.filling import Wanted
from autograder.reporting.record_file import read_records

HEAD = "Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\n"
ROW = "Participant {},{},{},Submitted for grading,,{:g},-,\n"
RIGHT, WORSE = "11111", "22222"


@pytest.fixture
def marked(place, lessons):  # noqa: F811
    """Grade a Moodle download of two people called Ada Able, then fill a worksheet; return what came and was told."""

    def run(folders, worksheet=(RIGHT, WORSE), **choices):
        for number, folder in enumerate(folders):
            place.hand_in(f"{folder}/hw.ipynb", slope=WRONG if number else None)
        place.grade(**choices)
        most = lessons["50_fixture"].max_points
        emails = {RIGHT: "ada@example.org", WORSE: "able@example.org"}
        rows = [ROW.format(one, "Ada Able", emails.get(one, "x@example.org"), most) for one in worksheet]
        (place.folder.parent / "worksheet.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
        asked = Asked("moodle", place.folder.parent / "worksheet.csv", wanted=Wanted("50"))
        lines, is_open = export(place.out, asked)
        with open(place.out / "export/moodle/worksheet.csv", newline="", encoding="utf-8") as file:
            grades = {row[0].removeprefix("Participant "): row[4] for row in list(csv.reader(file))[1:]}
        return grades, "\n".join(lines), is_open

    run.place = place
    return run


def points(place):  # noqa: F811
    """The points by the number in the file's path."""
    return {record.file.split("_")[1]: f"{record.points:g}" for _, record in read_records(place.out / "records.jsonl")}


def test_each_has_the_points_of_the_own_number_and_the_own_page(marked):
    folders = [f"Ada Able_{number}_assignsubmission_file_" for number in (RIGHT, WORSE)]
    grades, _, is_open = marked(folders)
    assert grades == points(marked.place)
    assert float(grades[RIGHT]) > float(grades[WORSE]) > 0
    assert not is_open
    with zipfile.ZipFile(marked.place.out / "export/moodle/worksheet.feedback.zip") as archive:
        pages = {name.partition("/")[0]: archive.read(name).decode() for name in archive.namelist()}
    assert set(pages) == {f"Ada Able_{number}_assignfeedback_file" for number in (RIGHT, WORSE)}
    for number, earned in grades.items():
        assert f"<strong>{earned} of " in pages[f"Ada Able_{number}_assignfeedback_file"]


def test_numbers_of_another_assignment_tell_nobody_apart(marked):
    folders = [f"Ada Able_{number}_assignsubmission_file_" for number in (RIGHT, WORSE)]
    grades, told, is_open = marked(folders, worksheet=("33333", "44444"))
    assert grades == {"33333": "", "44444": ""}
    assert "left alone, because it cannot be told who is who (2): Ada Able" in told
    assert "worksheet.feedback.zip with 0 pages." in told
    assert is_open


def test_folders_named_by_the_name_alone_are_one_person_to_nobody(marked):
    grades, told, is_open = marked(["Ada Able"])
    assert grades == {RIGHT: "", WORSE: ""}
    assert "Ada Able may be Ada Able (Participant 11111) in row 2 or Ada Able (Participant 22222) in row 3" in told
    assert is_open


def test_addresses_in_a_roster_tell_them_apart(marked):
    roster = marked.place.folder.parent / "roster.csv"
    roster.write_text("id,name,email\n1,Ada Able,ada@example.org\n2,Ada Able,able@example.org\n", encoding="utf-8")
    grades, _, is_open = marked(["ada@example.org", "able@example.org"], roster=str(roster))
    assert float(grades[RIGHT]) > float(grades[WORSE]) > 0
    assert not is_open


def test_a_name_and_a_number_beside_it_are_refused_and_named(marked):
    grades, told, is_open = marked([f"Ada Able_{RIGHT}_assignsubmission_file_", "Ada Able"])
    assert grades[WORSE] == ""
    assert "Ada Able" in told
    assert is_open
