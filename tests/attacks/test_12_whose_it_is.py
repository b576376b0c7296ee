"""From outside: names, links and files with which one student would take, spoil or stop what is another's."""

import json
import os

import pytest
from test_faults import only_the_fixture_lesson

from autograder.building.notebook import notebook_text
from autograder.grading.jobs import find_class, find_jobs
from autograder.grading.one_file import Settings
from autograder.grading.whole_class import grade_class
from autograder.reporting import pages
from autograder.reporting.pages import page_name, write_pages
from autograder.reporting.records import Record
from conftest import filled, solutions

VICTIM, LESSON = "O'Brien", "50_fixture"
NAMES = {
    "the page of another's digest": page_name(VICTIM, LESSON).removesuffix(f"-{LESSON}.html"),
    "the same but for signs": "O_Brien",
    "the same but for case": "o'brien",
    "sixty letters of four bytes": "\U0001d4d0" * 60,
    "a thousand letters": "x" * 1000,
    "a cut in the middle of a letter": "x" * 79 + "\U0001d4d0",
    "composed otherwise": "O'Brién",
    "decomposed": "O'Brie\u0301n",
    "nothing but dots": "...",
    "a way up": "../../grades",
    "an absolute path": "/etc/passwd",
    "a device of Windows": "CON",
    "a line break": "O'Brien\n",
    "a null": "O'Brien\0",
    "half a letter": "O'Brien\ud800",
    "turned around": "O'Brien\u202etxt",
    "spaces at the end": "O'Brien ",
    "nothing": "",
}


def record(student):
    """A record of which only its student and lesson matter here."""
    return Record(student, LESSON, "x.ipynb", "", 0.0, 0.0, ())


@pytest.mark.parametrize("how", NAMES)
def test_a_name_takes_no_page_of_anothers(how, tmp_path):
    records = [record(VICTIM), record(NAMES[how])]
    assert write_pages(tmp_path / "feedback", records, lambda one: repr(one.student)) == []
    texts = [path.read_text(encoding="utf-8") for path in (tmp_path / "feedback").iterdir()]
    assert sorted(texts) == sorted([repr(VICTIM), repr(NAMES[how])])
    assert (tmp_path / "feedback" / page_name(VICTIM, LESSON)).read_text(encoding="utf-8") == repr(VICTIM)
    assert {path.name for path in tmp_path.iterdir()} == {"feedback"}


def test_negative_control_eight_digits_and_a_cut_by_letters(tmp_path):
    """As it was, a name that looks like another's page was that page, and one long name stopped all."""
    old = f"O_Brien-{'0' * 8}"
    assert page_name(old, LESSON) == f"{old}-{LESSON}.html"  # eight digits are no digest of ours any more
    assert page_name(NAMES["the page of another's digest"], LESSON) != page_name(VICTIM, LESSON)
    with pytest.raises(OSError, match="too long"):
        (tmp_path / ("\U0001d4d0" * 80 + ".html")).write_text("x")


def test_one_bad_page_does_not_stop_the_rest(tmp_path):
    def page(one):
        return 1 / 0 if one.student == "b" else one.student

    problems = write_pages(tmp_path / "feedback", map(record, "abc"), page)
    assert problems == ["The page of b could not be written (ZeroDivisionError: division by zero)."]
    assert sorted(path.name for path in (tmp_path / "feedback").iterdir()) == [f"a-{LESSON}.html", f"c-{LESSON}.html"]
    with pytest.raises(OSError, match="No space"):
        write_pages(tmp_path / "full", [record("a")], lambda one: (_ for _ in ()).throw(OSError(28, "No space")))
    assert pages.MOST_BYTES < 200


@pytest.fixture
def class_folder(tmp_path, monkeypatch):
    """A folder with one honest notebook, and another one outside of it."""
    lesson = only_the_fixture_lesson(monkeypatch)
    folder = tmp_path / "class"
    folder.mkdir()
    text = notebook_text(filled(lesson, solutions(lesson)))
    (folder / "honest.ipynb").write_text(text, encoding="utf-8")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "other.ipynb").write_text(text, encoding="utf-8")
    return folder


LINKS = {
    "a link to another's file": lambda folder: (folder / "mine.ipynb").symlink_to(folder / "honest.ipynb"),
    "a link out of the folder": lambda folder: (folder / "mine.ipynb").symlink_to("../outside/other.ipynb"),
    "a link to a folder": lambda folder: (folder / "mine").symlink_to("../outside"),
    "a link to its own folder": lambda folder: (folder / "mine").symlink_to("."),
    "a link to nothing": lambda folder: (folder / "mine.ipynb").symlink_to("nowhere"),
    "a link to itself": lambda folder: (folder / "mine.ipynb").symlink_to("mine.ipynb"),
    "a link to a device": lambda folder: (folder / "mine.ipynb").symlink_to("/dev/zero"),
    "a link to a pipe": lambda folder: (os.mkfifo(folder / "p"), (folder / "mine.ipynb").symlink_to("p")),
    "a pipe": lambda folder: os.mkfifo(folder / "mine.ipynb"),
    "a folder": lambda folder: (folder / "mine.ipynb").mkdir(),
}


@pytest.mark.parametrize("how", LINKS)
def test_what_is_no_file_of_ones_own_is_left_out(how, class_folder):
    LINKS[how](class_folder)
    assert [job.file for job in find_jobs([class_folder])] == ["honest.ipynb"]
    refused = {one.label: one.why for one in find_class([class_folder])[1].refused}
    linked = any((class_folder / name).is_symlink() for name in ("mine", "mine.ipynb"))
    assert ("It is a link, which is not followed." in refused.values()) == linked


def test_negative_control_the_files_themselves_are_found(class_folder):
    jobs = find_jobs([class_folder, class_folder.parent / "outside"])
    assert [job.file for job in jobs] == ["class/honest.ipynb", "outside/other.ipynb"]


def test_names_that_inject_stay_words(class_folder, tmp_path):
    for name in ("<script>alert(1)</script>".replace("/", "⁄"), "=1+1", "{{7*7}}", "$(reboot)", "`reboot`", "%s%n"):
        (class_folder / f"{name}.ipynb").write_text("{}", encoding="utf-8")
    grade_class([class_folder], tmp_path / "out", settings=Settings(secret="s"), workers=1)
    texts = [path.read_text(encoding="utf-8") for path in (tmp_path / "out" / "feedback").iterdir()]
    assert len(texts) == 7
    assert not any("<script>" in text or ": 49<" in text for text in texts)
    lines = (tmp_path / "out" / "records.jsonl").read_text(encoding="utf-8").splitlines()
    assert all(json.loads(line)["student"] for line in lines)
