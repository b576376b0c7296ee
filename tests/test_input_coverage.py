"""Input coverage: what no check tries is found, with its mend; words exclude, the reference decides, the page shows."""

import math
import re

import pytest

from autograder.authoring.input_coverage import UNTRIED, coverage_gaps
from autograder.authoring.input_features import LARGE, TINY
from autograder.authoring.stated_inputs import ARRAY, INTEGER, NUMBER, OTHER, stated_inputs
from autograder.building.input_page import input_page
from autograder.source.lesson import LESSONS, load_lesson
from autograder.source.notebook_cells import RULES
from autograder.source.purity import EVERYTHING
from autograder.source.section import load_section
from conftest import BUILT, FIXTURES

SECTION = '''\
# %% [markdown]
# ## Totals
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | `(N, D)` | points |
# | `k` | number | a factor, not 0 |
#
# **Write `totals(x, k=2.0)`**, $k$ times the sum of each row, shape `(N,)`.

# %% imports
import numpy as np

from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def totals(x, k=2.0):
    """Return k times the sum of each row of x (N, D), shape (N,)."""
    # BEGIN SOLUTION
    return k * np.sum(x, axis=1)
    # END SOLUTION


# %% public checks
def by_rows(x, k=2.0):
    return [k * sum(map(float, row)) for row in x]


@check(points=1)
def one_row(totals):
    """The total of (1, 2) is 6."""
    expect_close(totals(np.array([[1.0, 2.0]])), [6.0], "totals([[1, 2]])")


# %% hidden checks
@check(points=1, hidden=True)
def any_points(totals, rng):
    """For any points and any factor it is the sum, row by row."""
    expect_close(totals(np.array([[1.0, 0.5], [0.25, 2.0]])), [3.0, 4.5], "totals of a square")
    column = rng.normal(size=(3, 1))
    expect_close(totals(column), by_rows(column), "totals of a column")
    expect_close(totals(np.array([[-2.0, -1.0, -4.0]])), [-14.0], "totals below 0")
    expect_close(totals(np.array([[2.0, 2.0, 1.0]])), [10.0], "totals of equal values")
    table = rng.normal(size=(2, 3))
    expect_close(totals(table, 0.5), by_rows(table, 0.5), "totals, k = 1/2")


# %% hints
HINTS = ["Sum.", "Along the second axis."]
UNTRIED = {}


# %% right and wrong answers
@right_answer
def with_a_product(x, k=2.0):
    return x @ np.full(x.shape[1], k)


@wrong_answer(feedback="You forgot the factor.")
def plain(x, k=2.0):
    return np.sum(x, axis=1)
'''


@pytest.fixture
def gaps(tmp_path):
    """The findings on the section above after some replacements."""

    def find(*changes):
        text = SECTION
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "10_totals.py"
        path.write_text(text, encoding="utf-8")
        return coverage_gaps(load_section(path))

    return find


def without(words):
    """The case of the checks that has these words, taken out."""
    (line,) = [one for one in SECTION.splitlines() if words in one]
    return f"{line}\n", ""


ONE_ROW = ("totals(np.array([[1.0, 2.0]])), [6.0]", "totals(np.array([[1.0, 2.0], [1.0, 0.0]])), [6.0, 2.0]")
NEGATIVE = without("totals below 0")
EQUAL = without("totals of equal values"), ("[1.0, 2.0], [1.0, 0.0]", "[1.0, 2.0], [4.0, 0.0]")


def test_where_all_is_tried_nothing_is_found(gaps):
    assert gaps() == []


@pytest.mark.parametrize(
    ("changes", "wish"),
    [
        ([ONE_ROW, NEGATIVE, without("equal values")], "N = 1"),
        ([without("a column")], "D = 1"),
        ([without("a square")], "N = D"),
        ([NEGATIVE], "x: negative"),
        ([without("equal values")], "x: equal values"),
        ([without("k = 1/2")], "k: another value"),
        ([("UNTRIED = {}", 'NOT_PROBED = ("integers",)')], "x: integers"),
        ([("`(N, D)` | points", "`(N, D)` | points of any size")], "x: tiny"),
        ([("| `k` | number | a factor, not 0", "| `k` | number | a factor of either sign")], "k: negative"),
    ],
)
def test_what_no_check_tries_is_named_with_its_mend(gaps, changes, wish):
    found = gaps(*changes)
    assert f"no check of totals tries '{wish}', which its statement allows" in "\n".join(found)
    mend = f'add a case to a check, or exclude it in the statement and in UNTRIED = {{"{wish}": "reason"}}'
    assert any(f"'{wish}'" in one and one.endswith(mend) for one in found)


@pytest.mark.parametrize("columns", ["(N, D)", "(..., D)", "any"])
def test_every_number_of_axes_that_the_statement_allows_is_tried(gaps, columns):
    found = "\n".join(gaps(("`(N, D)` |", f"`{columns}` |" if columns != "any" else "any |"), ("axis=1", "axis=-1")))
    named = [axes for axes in ("no axis", "one axis", "two axes", "three axes", "four axes") if f"x: {axes}" in found]
    assert (
        named
        == {
            "(N, D)": [],
            "(..., D)": ["one axis", "three axes", "four axes"],
            "any": ["no axis", "one axis", "three axes", "four axes"],
        }[columns]
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([ONE_ROW, NEGATIVE, without("equal values")], ("`(N, D)` |", r"`(N, D)`, $N \\ge 2$ |")),
        ([NEGATIVE], ("| points |", r"| points, $\\ge 0$ |")),
        ([without("equal values")], ("| points |", "| points, all different |")),
        ([NEGATIVE], ("UNTRIED = {}", 'UNTRIED = {"x: negative": "distances"}')),
        ([NEGATIVE], ("UNTRIED = {}", 'UNTRIED = {"negative": "distances"}')),
    ],
)
def test_a_word_of_the_statement_or_of_the_section_excludes_a_feature(gaps, changes, words):
    assert gaps(*changes) != []
    assert gaps(*changes, words) == []


def test_what_the_reference_has_no_finite_answer_to_is_no_gap(gaps):
    raises = ("    return k * np.sum", "    if len(x) < 2:\n        raise ValueError\n    return k * np.sum")
    assert gaps(ONE_ROW, NEGATIVE, without("equal values")) != []
    assert gaps(ONE_ROW, NEGATIVE, EQUAL[0], raises) != gaps(ONE_ROW, NEGATIVE, EQUAL[0])
    is_nan = ("return k * np.sum(x, axis=1)", "return k * np.sqrt(np.sum(x, axis=1))")
    assert not [one for one in gaps(NEGATIVE, is_nan) if "negative" in one]


@pytest.mark.parametrize(
    ("case", "wish", "named"),
    [
        ("np.array([[np.inf, 1.0]])", "an infinity", r"points, also $\\infty$"),
        ("np.zeros((0, 2))", "empty", "points, or an empty array"),
        ("[[1.0, 2.0]]", "a list", "points, an array or a list"),
        ("np.ones((1, 2), dtype=np.float32)", "float32", "points, also of float32"),
        ("np.array([[True, False]])", "booleans", "points, or booleans"),
        ("np.array([[1e200, 0.0]])", "large", "points, also huge"),
        ("np.array([[1e-200, 0.0]])", "tiny", "points, also tiny"),
    ],
)
def test_a_case_that_no_word_names_is_found(gaps, case, wish, named):
    more = ("    column =", f"    totals({case})\n    column =")
    assert [one.partition(";")[0] for one in gaps(more)] == [
        f"a check of totals tries 'x: {wish}', which no word of its statement names"
    ]
    assert gaps(more, ("| points |", f"| {named} |")) == []


def test_an_exclusion_that_excludes_nothing_is_taken_out(gaps):
    (finding,) = gaps(("UNTRIED = {}", 'UNTRIED = {"x: negative": "distances"}'))
    assert finding == "UNTRIED of totals names 'x: negative', which is no gap; take it out"


def test_an_argument_without_a_row_is_found(gaps):
    (finding,) = gaps(("# | `k` | number | a factor, not 0 |\n", ""))
    assert finding == "no row of the statement's table says what `k` of totals is; write | `k` | shape | meaning |"


@pytest.mark.parametrize(
    ("lesson", "name", "expected"),
    [
        ("01", "affine", {"x": (ARRAY, ("D",), 1), "W": (ARRAY, ("D", "M"), 0), "dout": (ARRAY, ("M",), 1)}),
        ("01", "softmax", {"a": (ARRAY, (), 1), "axis": (OTHER, (), 0)}),
        ("01", "logistic_step", {"w": (ARRAY, ("D",), 0), "b": (NUMBER, (), 0), "eta": (NUMBER, (), 0)}),
        ("04", "col2im", {"shape": (OTHER, (), 0), "kh": (INTEGER, (), 0)}),
        ("05", "lstm_step", {"c": (ARRAY, ("H",), 0), 'P["U"]': (ARRAY, ("4H", "H"), 0)}),
    ],
)
def test_tables_are_read(lesson, name, expected):
    section = next(one for one in load_lesson(next(b for b in BUILT if b[:2] == lesson)).sections if one.name == name)
    stated = {one.label: one for one in stated_inputs(section, name, section.exercise.reference[name])}
    assert {key: (stated[key].kind, stated[key].axes, stated[key].least) for key in expected} == expected


def test_the_page_shows_what_is_tried_and_why_not(tmp_path):
    untried = SECTION.replace(*NEGATIVE)
    texts = {"10_sums": untried.replace("UNTRIED = {}", 'UNTRIED = {"x: negative": "distances"}'), "20_more": untried}
    for lesson, text in texts.items():
        (tmp_path / lesson).mkdir()
        (tmp_path / lesson / "10_totals.py").write_text(text, encoding="utf-8")
    page = input_page([load_lesson("10_sums", tmp_path)])
    head, row = (re.findall(rf"^\| {name} .*$", page, re.M)[0].split(" | ") for name in ("answer", "`totals`"))
    cells = {column: cell.strip(" |") for column, cell in zip(head, row, strict=True)}
    shown = {"size 1": "✓", "square": "✓", "integers": "✓", "infinity": "rules", "empty": "rules", "negative": "(1)"}
    assert {column: cells[column] for column in shown} == shown
    assert "1. `totals`, x: negative: distances" in page
    assert "Left untried: 0." in page
    assert "Left untried: 1." in input_page([load_lesson("20_more", tmp_path)])


def test_the_rules_of_the_notebooks_say_what_is_excluded():
    for size in (TINY, LARGE):
        assert f"$10^{{{round(math.log10(size))}}}$" in " ".join(RULES.split())
    for word in ("floats or integers, of 64 bits unless", "no array is empty", "no number is infinite"):
        assert word in " ".join(RULES.split())


def test_no_lesson_switches_it_off():
    switch = re.compile(rf'^{UNTRIED} = .*"{EVERYTHING}"', re.M)
    assert [path for path in LESSONS.glob("*/*.py") if switch.search(path.read_text(encoding="utf-8"))] == []
    assert [path for path in FIXTURES.rglob("[0-9]*.py") if switch.search(path.read_text(encoding="utf-8"))] != []
