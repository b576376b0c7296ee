"""`course new`: the section that it writes keeps every promise but one, and a name that cannot be is refused."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.authoring.audit import audit
from autograder.authoring.mutants import mutation_run
from autograder.authoring.scaffold import new_section, next_steps
from autograder.source.lesson import LESSONS, lesson_names, load_lesson
from autograder.source.problems import CourseError
from autograder.source.section import load_section

PROJECT = Path(__file__).parent.parent


@pytest.fixture
def root(tmp_path):
    """A place with one lesson: an introduction, one exercise and a closing."""
    folder = tmp_path / "10_lesson"
    folder.mkdir()
    for name in ("00_introduction", "20_taken", "90_closing"):
        (folder / f"{name}.py").write_text(f"# %% [markdown]\n# # {name}\n", encoding="utf-8")
    return tmp_path


def test_the_audit_has_exactly_one_finding_on_a_new_section(root):
    path = new_section("10_lesson", "jacobian", root)
    assert audit(load_section(path)) == ["jacobian has 2 wrong answers; write at least 3"]


def test_a_third_wrong_answer_keeps_the_last_promise(root):
    path = new_section("10_lesson", "jacobian", root)
    third = "\n\n@wrong_answer(three_and_four, doubling_the_data_doubles_it, feedback='The largest is no mean.')\n"
    path.write_text(path.read_text() + third + "def largest(x):\n    return np.max(x)\n")
    assert audit(load_section(path)) == []


@pytest.mark.slow
def test_the_lesson_loads_with_its_new_section_and_no_mutant_survives(root):
    new_section("10", "jacobian", root)
    lesson = load_lesson("10_lesson", root)
    assert [section.name for section in lesson.sections] == ["introduction", "taken", "jacobian", "closing"]
    assert mutation_run(lesson).passed


@pytest.mark.parametrize("name", ["ab", "jacobian", "a_name_with_as_many_letters_as_there_may"])
def test_a_new_section_is_formatted_and_clean(root, name):
    path = new_section("10_lesson", name, root)
    for command in (["format", "--check"], ["check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--config", str(PROJECT / "pyproject.toml"), str(path)]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_numbers_are_the_next_ten_then_midway_before_the_closing(root):
    names = ["a", "b", "c", "d", "e", "f", "g", "h"]
    numbers = [new_section("10_lesson", name, root).name[:2] for name in names]
    assert numbers == ["30", "40", "50", "60", "70", "80", "85", "87"]
    assert new_section("10_lesson", "25_between", root).name == "25_between.py"


def test_a_lesson_without_sections_begins_at_ten(root):
    (root / "11_empty").mkdir()
    assert new_section("11_empty", "first", root).name == "10_first.py"


def test_where_the_end_is_taken_the_last_gap_is_used_and_a_full_lesson_says_so(root):
    folder = root / "10_lesson"
    (folder / "89_last.py").write_text("")
    assert new_section("10_lesson", "jacobian", root).name[:2] < "89"
    for number in range(1, 90):
        if not list(folder.glob(f"{number:02}_*.py")):
            (folder / f"{number:02}_filler_{number}.py").write_text("")
    with pytest.raises(CourseError, match=r"no number free before its closing, 90\. Rename sections"):
        new_section("10_lesson", "hessian", root)


def test_the_command_of_contributing_works_in_every_lesson(root):
    told = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert "course.py new 01_chain_rule/jacobian " in told
    for lesson in lesson_names():
        shutil.copytree(LESSONS / lesson, root / lesson)
        assert new_section(lesson, "jacobian", root).is_file()


@pytest.mark.parametrize(
    ("lesson", "section", "words"),
    [
        ("12", "jacobian", "There is no one lesson called '12'. Write LESSON/SECTION; the lessons are: 10_lesson."),
        ("", "jacobian", "There is no one lesson called ''"),
        ("10", "", "'' is not a section's name. Write small letters"),
        ("10", "../escape", "is not a section's name"),
        ("10", "Jacobian", "is not a section's name"),
        ("10", "5_jacobian", "is not a section's name"),
        ("10", "lambda", "'lambda' has a meaning of its own"),
        ("10", "np", "'np' has a meaning of its own"),
        ("10", "forgot_the_root", "has a meaning of its own"),
        ("10", "a" * 41, "has 41 letters"),
        ("10", "taken", "a section called 'taken' already, 20_taken.py"),
        ("10", "20_other", "a section with this number, 20_taken.py"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_and_nothing_is_written(root, lesson, section, words):
    before = {path: path.read_text() for path in root.rglob("*.py")}
    with pytest.raises(CourseError, match=re.escape(words)):
        new_section(lesson, section, root)
    assert {path: path.read_text() for path in root.rglob("*.py")} == before


def test_the_next_steps_name_the_file_and_the_open_promise(root):
    path = new_section("10_lesson", "jacobian", root)
    assert f"course test {path}" in next_steps(path)
    assert "the third wrong answer" in next_steps(path)
