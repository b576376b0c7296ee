"""The coverage page: every item stands there once, with its home; an item without one and an unknown id are found."""

import re
from pathlib import Path

import pytest

from autograder.building.coverage import coverage_findings, coverage_page, load_syllabus
from autograder.source.lesson import load_lesson
from autograder.source.problems import AuthorError

TEXT = """
[lessons]
01 = "Slopes"
02 = "Sums"
[sources]
S0 = "An exam"
S4 = "A memo"
[items]
"S0.a" = { verdict = "correct", lesson = "01", gist = "The slope of |x| is ±1." }
"S0.b" = { verdict = "wrong", lesson = "02", gist = "A sum_of two." }
"S0.c" = { verdict = "open", lesson = ["01", "02"], gist = "Both." }
"S4.1" = { verdict = "not testable", lesson = "none", reason = "an anecdote", gist = "Nothing." }
"""


@pytest.fixture
def syllabus(tmp_path):
    path = tmp_path / "syllabus.toml"
    path.write_text(TEXT, encoding="utf-8")
    return load_syllabus(path)


@pytest.fixture
def lesson(tmp_path):
    """Make a lesson of one section, which covers what it is told."""

    def make(name, covers):
        folder = tmp_path / name
        folder.mkdir()
        source = f"# %% [markdown]\n# # A <title> of {name}\n\n# %%\nCOVERS = [\n    {covers}\n]\n"
        (folder / "00_introduction.py").write_text(source, encoding="utf-8")
        return load_lesson(name, tmp_path)

    return make


def row(page, name):
    (found,) = re.findall(rf"^\| {re.escape(name)} \|.*$", page, re.M)
    return found


def test_every_item_is_settled_planned_or_dropped(syllabus, lesson):
    page = coverage_page([lesson("01_slopes", '"S0.a", "S0.b", "S4.1"')], syllabus=syllabus)
    link = r"[01](../notebooks/01_slopes.ipynb), A \<title> of 01\_slopes"
    assert row(page, "S0.a") == rf"| S0.a | correct | The slope of \|x\| is ±1. | {link} |"
    assert row(page, "S0.b") == rf"| S0.b | wrong | A sum\_of two. | planned for lesson 02 (Sums); touched in {link} |"
    assert row(page, "S0.c").endswith("| planned for lesson 01 (Slopes) and 02 (Sums) |")
    assert row(page, "S4.1").endswith(f"| dropped: an anecdote; touched in {link} |")
    assert "Settled in a notebook: 1. Planned: 2. Dropped, with the reason: 1." in page
    assert row(page, "01 Slopes") == "| 01 Slopes | 2 | 1 |"


def test_an_item_of_two_lessons_names_the_one_that_is_still_to_come(syllabus, lesson):
    page = coverage_page([lesson("02_sums", '"S0.c"')], syllabus=syllabus)
    assert row(page, "S0.c").endswith(r"02\_sums; planned for lesson 01 (Slopes) |")


def test_an_item_of_a_built_lesson_that_no_section_there_covers_is_found(syllabus, lesson):
    built = [lesson("01_slopes", '"S0.b"')]
    findings = coverage_findings(built, syllabus=syllabus)
    assert [finding.split(",")[0] for finding in findings] == [
        "S0.a has its home in lesson 01",
        "S0.c has its home in lesson 01",
    ]
    assert "add it to that section's COVERS: The slope of |x| is ±1." in findings[0]


def test_covering_elsewhere_does_not_settle_an_item(syllabus, lesson):
    built = [lesson("01_slopes", '"S0.a", "S0.b", "S0.c"'), lesson("02_sums", '"S0.c"')]
    assert [finding[:4] for finding in coverage_findings(built, syllabus=syllabus)] == ["S0.b"]


@pytest.mark.parametrize("ask", [coverage_findings, coverage_page])
def test_an_unknown_id_is_an_authors_mistake_with_file_line_and_mend(syllabus, lesson, ask):
    built = lesson("01_slopes", '"S0.a",\n    "S0.d"')
    with pytest.raises(AuthorError) as caught:
        ask([built], syllabus=syllabus)
    message = str(caught.value)
    assert message.startswith(f"{built.sections[0].path}:7: COVERS names 'S0.d', which is no item. Did you mean 'S0.")


def test_an_id_like_no_other_points_to_the_syllabus(syllabus, lesson):
    built = lesson("01_slopes", '"sigmoid"')
    with pytest.raises(AuthorError, match=r":6: COVERS names 'sigmoid', .* The ids are those of syllabus\.toml\."):
        coverage_findings([built], syllabus=syllabus)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('reason = "an anecdote", ', "", "S4.1 is dropped without a reason"),
        ('"correct", lesson = "01"', '"correct", lesson = "07"', "S0.a has its home in lesson 07"),
        ('verdict = "open"', 'verdict = "opened"', "S0.c has the verdict 'opened'"),
    ],
)
def test_a_slip_in_the_syllabus_is_named(tmp_path, old, new, words):
    path = tmp_path / "syllabus.toml"
    assert old in TEXT
    path.write_text(TEXT.replace(old, new), encoding="utf-8")
    with pytest.raises(AuthorError, match=re.escape(words)):
        load_syllabus(path)


def test_our_own_syllabus_holds_every_item_once_and_the_page_shows_it():
    syllabus, page = load_syllabus(), coverage_page([])
    counts = {source: sum(name.startswith(f"{source}.") for name in syllabus.items) for source in syllabus.sources}
    assert counts == {"S0": 37, "S1": 33, "S2": 30, "S3": 46, "S4": 16}
    for name, item in syllabus.items.items():
        assert len(item.gist) <= 160, name
        assert item.gist.endswith((".", "?")), name
        assert row(page, name)


def test_the_home_of_an_item_is_a_lesson_that_is_built_or_planned():
    built = {path.name[:2] for path in (Path(__file__).parent.parent / "autograder" / "lessons").glob("[0-9]*")}
    assert built <= set(load_syllabus().lessons)
