"""Lessons in other languages: catalogs that lag or lose are found, translated notebooks are graded as English ones."""

import gettext
import io
import json

import pytest

from autograder.building.build import PROJECT
from autograder.building.languages.catalogs import catalog_files, read, translations, updated, written
from autograder.building.languages.compiling import compiled
from autograder.building.languages.copies import translated_copies
from autograder.building.languages.faults import catalog_faults, faults
from autograder.building.languages.messages import (
    ALL_ENGLISH,
    SOME_ENGLISH,
    Message,
    common_messages,
    messages,
    public_texts,
)
from autograder.building.languages.notebooks import translated_notebook, wrapped
from autograder.building.languages.prose import units
from autograder.building.notebook import notebook_text, student_notebook
from autograder.building.student_data import student_data
from autograder.source.lesson import LESSONS, lesson_names, load_lesson
from autograder.source.notebook_cells import lesson_cells, places
from autograder.source.problems import CourseError
from autograder.source.words import languages, words
from conftest import FIXTURES, filled, solutions
from helpers.questions import COMMON, STARTER

CATALOGS = sorted((LESSONS / "locale").glob("*/LC_MESSAGES/*.po"))
each_catalog = pytest.mark.parametrize("path", CATALOGS, ids=lambda path: f"{path.parents[1].name}/{path.stem}")


def in_persian(text):
    """Something in the place of a translation: nothing is lost, and it is another text."""
    return "\n".join(f"{line} ترجمه" for line in text.split("\n"))


def entries(data):
    """What a compiled catalog holds."""
    return {text for text in gettext.GNUTranslations(io.BytesIO(data))._catalog if text}


@pytest.mark.parametrize("name", lesson_names())
def test_cut_into_units_and_put_together_a_text_is_the_same(name):
    for cell in lesson_cells(load_lesson(name)):
        if cell.role == "text":
            found = [line for unit in units(cell.starter) for line in unit.lines]
            assert found == [line.rstrip() for line in cell.starter.split("\n")]


def test_a_unit_is_a_heading_a_paragraph_a_list_or_a_table():
    text = "# Title\n\nTwo\nlines with\n$$ a $$ in them:\n- one\n  item\n- more\n\n"
    text += "$$ x $$\n\n> Said\n> twice.\n\n| a |\n|---|\n"
    found = [(unit.kind, unit.text) for unit in units(text) if unit.text]
    assert found == [
        ("heading", "Title"),
        ("paragraph", "Two lines with $$ a $$ in them:"),
        ("list", "- one item\n- more"),
        ("paragraph", "Said twice."),
        ("table", "| a |\n|---|"),
    ]
    assert next(unit for unit in units(text) if unit.text == "Said twice.").put("Gesagt.") == ["> Gesagt."]


@each_catalog
def test_a_catalog_has_the_texts_of_its_lesson_and_lost_nothing(path):
    wanted = common_messages() if path.stem == COMMON else messages(load_lesson(path.stem))
    catalog = read(path)
    assert [one.id for one in catalog if one.id] == [one.text for one in wanted], "run: course build"
    assert catalog_faults(catalog, path.name) == []


@pytest.mark.parametrize(
    ("text", "translation", "fault"),
    [
        ("Take $x^2$ of `x`.", "Nimm `x`.", "lacks the formula $x^2$"),
        ("Take $x^2$ of `x`.", "Nimm $x^3$ von `x`.", "lacks the formula $x^2$"),
        ("Take $x$ of `x`.", "Nimm $x$ von `y`.", "lacks the code x"),
        ("Take $x$.", "Nimm $x$ und $x$.", "adds the formula $x$"),
        ("See [this](a.md).", "Siehe dies.", "lacks the link a.md"),
        ("One.<br> Two.", "Eins. Zwei.", "lacks the tag <br>"),
        ("- a\n- b", "- a b", "lacks the number of lines 2"),
        ("1. a\n2. b", "1. a\n1. b", "lacks the mark of an item 2. "),
        ("| a | b |", "| a b |", "lacks the number of columns 3"),
        ("hint {name}", "Hinweis", "lacks the placeholder {name}"),
    ],
)
def test_what_a_translation_lost_is_found(text, translation, fault):
    assert fault in list(faults(text, translation))
    assert list(faults(text, text)) == []
    assert list(faults(text, f'<bdi dir="ltr">{text}</bdi>' if "\n" not in text else text)) == []


def test_a_catalog_that_lags_is_found_and_its_old_words_are_not_used(tmp_path):
    path = tmp_path / "lesson.po"
    first = [Message("The slope of the parabola at three is six.", "slope, check"), Message("Gone.", "slope, hint")]
    path.write_text(written(updated(path, "ja", first)), encoding="utf-8")
    text = path.read_text("utf-8").replace('six."\nmsgstr ""', 'six."\nmsgstr "傾きは6。"')
    path.write_text(text, encoding="utf-8")
    assert written(updated(path, "ja", first)) == text
    assert entries(compiled("fa", translations(read(path)))) == {first[0].text}
    second = [Message("The slope of the parabola at three is 6.", "slope, check"), Message("New.", "slope, hint")]
    catalog = updated(path, "ja", second)
    assert written(catalog) != text
    assert "fuzzy" in catalog_faults(catalog, path.name)[0]
    assert entries(compiled("fa", translations(catalog))) == set()


@pytest.mark.parametrize("slip", ['msgstr "Eins', 'msgstr "Ein "s""', r'msgstr "$\pi$"', "Eins"])
def test_a_broken_catalog_is_named_with_its_line(tmp_path, slip):
    path = tmp_path / "lesson.po"
    path.write_text(f'msgid "One"\n{slip}\n', encoding="utf-8")
    with pytest.raises(CourseError, match=r"lesson\.po:2: this is no line of a catalog"):
        read(path)


def test_students_get_the_words_for_what_helpers_says_and_no_secret(tmp_path, fixture_lesson):
    folder = tmp_path / "locale" / "fa" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    path = folder / f"{fixture_lesson.name}.po"
    catalog = updated(path, "fa", messages(fixture_lesson))
    for message in catalog:
        message.string = message.string if not message.id else in_persian(message.id)
    path.write_text(written(catalog), encoding="utf-8")
    data = student_data(fixture_lesson)
    files = catalog_files([fixture_lesson], {fixture_lesson.name: data}, tmp_path)
    public = entries(files[f"src/helpers/locale/fa/LC_MESSAGES/{fixture_lesson.name}.mo"])
    every = entries(files[f"autograder/lessons/locale/fa/LC_MESSAGES/{fixture_lesson.name}.mo"])
    assert public == public_texts(data)
    assert all(json.dumps(text, ensure_ascii=False)[1:-1] in data for text in public)
    secret = {"A factor of 0 is to be refused with a ValueError.", "That is not what was asked.", "Correct."}
    assert secret <= every - public


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", lesson_names())
def test_every_lesson_builds_in_every_language(name, language):
    import nbformat

    lesson = load_lesson(name)
    english, notebook = student_notebook(lesson), translated_notebook(lesson, language)
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells] == [cell.id for cell in english.cells]
    for cell, ours, theirs in zip(lesson_cells(lesson), english.cells, notebook.cells, strict=True):
        assert cell.role in ("text", "options", "setup", "why", "answer", "check") or theirs.source == ours.source, (
            cell.id
        )
    say = words(name, language)
    prose = [
        unit.text for cell in lesson_cells(lesson) if cell.role == "text" for unit in units(cell.starter) if unit.text
    ]
    note = say(SOME_ENGLISH) or SOME_ENGLISH, say(ALL_ENGLISH) or ALL_ENGLISH
    assert any(one in notebook.cells[0].source for one in note) or all(map(say, prose))


def test_what_is_not_translated_stands_in_english_and_is_marked(fixture_lesson):
    known = {"A small lesson for the tests": "درسی کوچک", "English": "انگلیسی", SOME_ENGLISH: "ترجمهٔ ناتمام"}
    first, *others = translated_notebook(fixture_lesson, "fa", known.get).cells
    assert first.source.startswith('<div dir="rtl">\n\n> <span')
    assert '**ترجمهٔ ناتمام**</span>\n\n</div>\n\n<div dir="rtl">\n\n# درسی کوچک\n' in first.source
    assert '<div dir="ltr">\n\n*(انگلیسی)* Two exercises of functions' in first.source
    statement = next(cell for cell in others if cell.id == "slope-text-1").source
    assert statement.startswith("## The slope of a parabola\n\n*(انگلیسی)* **Write `slope(x, a=1.0)`**")
    none = translated_notebook(fixture_lesson, "ja", {ALL_ENGLISH: "英語"}.get).cells
    assert none[0].source == f"> **英語**\n\n{student_notebook(fixture_lesson).cells[0].source}"


def test_code_and_formulas_keep_their_direction(fixture_lesson):
    notebook = translated_notebook(fixture_lesson, "fa", in_persian)
    cells = {cell.id: cell.source for cell in notebook.cells}
    assert '**Write <bdi dir="ltr">`slope(x, a=1.0)`</bdi>**' in cells["slope-text-1"]
    assert cells["slope-text-1"].endswith("ترجمه</span>\n\n</div>")
    assert 'same shape; ValueError where a is 0.\u202c\n    \u202bترجمه\u202c"""' in cells["slope-answer"]
    options = student_notebook(fixture_lesson), notebook
    english, persian = (next(cell.source for cell in one.cells if cell.id == "letter-options") for one in options)
    assert persian == f'<div dir="rtl">\n\n{in_persian(english)}\n\n</div>'
    assert "{" not in cells["letter-check"]


def test_long_docstrings_are_wrapped_where_a_line_may_break():
    assert wrapped("short", 88) == ["short"]
    assert wrapped("شیب تابع در هر نقطه", 10) == ["شیب تابع", "در هر نقطه"]
    assert wrapped("xの関数の傾きを、softmaxで返す。", 14) == ["xの関数の傾き", "を、softmaxで", "返す。"]


def in_another_language(lesson, answers):
    notebook = translated_notebook(lesson, "fa", in_persian)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    return notebook


def test_a_translated_notebook_is_graded_as_the_english_one(grade_notebook, fixture_lesson):
    answers = solutions(fixture_lesson)
    english, _ = grade_notebook(filled(fixture_lesson, answers))
    points, graded = grade_notebook(in_another_language(fixture_lesson, answers))
    assert points == english == {one.name: one.max_points for one in fixture_lesson.exercises.values()}
    assert not graded.problems
    points, graded = grade_notebook(in_another_language(fixture_lesson, {}))
    assert set(points.values()) == {0}
    assert {one.outcome for one in graded.exercises} == {"not attempted"}


@pytest.mark.parametrize("language", languages())
def test_a_question_in_another_language_is_unanswered_until_somebody_writes(language):
    lesson = load_lesson("60_marked", FIXTURES)
    (place,) = places(lesson).values()
    notebook = translated_notebook(lesson, language)
    assert place.answer_in([(cell.id, cell.source) for cell in notebook.cells]) == ""
    node = next(cell for cell in notebook.cells if cell.id == place.cell)
    assert words(COMMON, language)(STARTER) in node.source
    node.source = node.source.replace(words(COMMON, language)(STARTER), "Because $x + x = 2x$.")
    assert place.answer_in([(cell.id, cell.source) for cell in notebook.cells]) == "Because $x + x = 2x$."


def test_a_copy_that_somebody_worked_in_stays(tmp_path):
    folder, told = translated_copies("ja", tmp_path, ["01_chain_rule"])
    path = folder / "01_chain_rule.ipynb"
    made = path.read_text("utf-8")
    assert told == []
    ran = json.loads(made)
    ran["cells"][2]["execution_count"] = 1
    path.write_text(json.dumps(ran), encoding="utf-8")
    assert translated_copies("ja", tmp_path, ["01_chain_rule"])[1] == []
    assert path.read_text("utf-8") == made
    path.write_text(made.replace("...  #", "return 7  #"), encoding="utf-8")
    _, (line,) = translated_copies("ja", tmp_path, ["01_chain_rule"])
    assert "holds work of yours" in line
    assert "return 7" in path.read_text("utf-8")
    with pytest.raises(CourseError, match="no catalogs in the language 'xx'"):
        translated_copies("xx", tmp_path)


def test_notebooks_in_other_languages_are_no_part_of_a_commit():
    assert "/notebooks/*/" in (PROJECT / ".gitignore").read_text("utf-8").split("\n")
    text = notebook_text(translated_notebook(load_lesson("01"), "fa"))
    assert json.loads(text)["metadata"]["deep_learning_by_hand"]["language"] == "fa"
