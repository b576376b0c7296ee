"""Records: one JSON form, the same after any number of writings; what is no record is refused."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reporting.record_file import append, mend, read_at, read_records
from autograder.reporting.records import CheckRecord, ExerciseRecord, Record, from_json
from autograder.source.problems import CourseError

TEXT = st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc", "Cf")), max_size=20)
POINTS = st.floats(0, 100)
CHECK = st.builds(CheckRecord, TEXT, TEXT, st.booleans(), TEXT, POINTS, POINTS, TEXT, TEXT)
EXERCISE = st.builds(ExerciseRecord, TEXT, POINTS, POINTS, TEXT, TEXT, st.lists(CHECK, max_size=3).map(tuple))
RECORD = st.builds(
    Record,
    student=TEXT,
    lesson=TEXT,
    file=TEXT,
    submission_sha256=TEXT,
    points=POINTS,
    max_points=POINTS,
    exercises=st.lists(EXERCISE, max_size=3).map(tuple),
    problems=st.lists(TEXT, max_size=3).map(tuple),
    isolation=st.lists(TEXT, max_size=3).map(tuple),
    versions=st.dictionaries(TEXT, TEXT, max_size=3),
)
ONE = Record("ada", "01", "ada.ipynb", "0" * 64, 1.0, 2.0, (ExerciseRecord("slope", 1.0, 2.0, "passed"),))


@given(RECORD)
def test_a_record_is_the_same_when_it_is_read_again(record):
    line = record.to_json()
    assert "\n" not in line
    assert from_json(line) == record
    assert from_json(line).to_json() == line


@given(st.text())
def test_a_record_of_any_text_is_a_line_that_commands_no_terminal(text):
    line = replace(ONE, student=text, problems=(text,)).to_json()
    assert not {"\n", "\x1b", "\x9b", "\u202e"} & set(line)
    assert "\\u001b" not in line.replace("\\\\", "")
    again = from_json(line)
    assert again.to_json() == line


def test_what_a_later_version_added_is_left_out_and_what_an_earlier_lacked_has_its_default():
    data = json.loads(ONE.to_json())
    data["new"] = 1
    data["exercises"][0]["new"] = 2
    del data["problems"], data["exercises"][0]["diagnosis"]
    assert from_json(json.dumps(data)) == ONE


@pytest.mark.parametrize("line", ["", "1", "[]", "{}", '{"student": "a"}', '{"exercises": [1]}', '{"exercises": 3}'])
def test_what_is_no_record_is_refused(line):
    with pytest.raises(ValueError, match="not a record"):
        from_json(line)


def test_records_are_found_by_their_places_and_a_torn_line_is_cut_off(tmp_path):
    path = tmp_path / "records.jsonl"
    for name in "abc":
        append(path, replace(ONE, student=name))
    places = [offset for offset, _ in read_records(path)]
    assert [one.student for one in read_at(path, places[::-1])] == ["c", "b", "a"]
    path.write_bytes(path.read_bytes()[:-5])
    assert [one.student for _, one in read_records(path)] == ["a", "b"]
    mend(path)
    append(path, replace(ONE, student="d"))
    assert [one.student for _, one in read_records(path)] == ["a", "b", "d"]


def test_a_line_that_is_no_record_is_named_with_its_number(tmp_path):
    path = tmp_path / "records.jsonl"
    append(path, ONE)
    path.write_bytes(path.read_bytes() + b"{}\n")
    with pytest.raises(CourseError, match="Line 2 of"):
        list(read_records(path))
