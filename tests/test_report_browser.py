"""The page of `course report` in headless Chromium, of a class of 300: sorted by keyboard, in the dark, on paper."""

import re

import pytest
from test_browser import shoot
from test_classroom import written

from autograder.reporting.classroom.report import report
from autograder.reporting.records import CheckRecord, ExerciseRecord, Record, Whose
from conftest import CHROMIUM

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")]
NAMES = [f"exercise_{number}_with_a_longer_name" for number in range(1, 13)]
SAID = "Yours is {} of what is expected: the average is taken over the examples, and not over examples and classes."


def exercise(number, place, name):
    """Right, wrong in one of three ways, or not tried; every fourth student stops, and every second copies."""
    state = (number + place * place) % 4
    outcome = "not attempted" if number % 4 == 3 and place > 6 else "passed" if state < 2 else "failed"
    points = {"passed": 4.0, "failed": place % 3}.get(outcome, 0.0)
    form = (name, f"{number // 2 if place < 3 else number}-{place}", "the published solution" if number % 2 else "")
    check = CheckRecord("a_check", "It is right.", True, outcome, points, 4.0)
    said = SAID.format(f"1/{number % 3 + 2}") if outcome == "failed" else ""
    return ExerciseRecord(
        name, points, 4.0, outcome, said, (check,), forms=(form,), answer=f"def {name}(x):\n    return {number}\n"
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A report of one lesson of 300."""
    records = []
    for number in range(300):
        each = tuple(exercise(number, place, name) for place, name in enumerate(NAMES))
        whose = Whose(name=f"Maximiliane Musterfrau {number}")
        points = sum(one.points for one in each)
        records.append(Record(f"s{4000 + number}", "01_one", f"{number}.ipynb", "0", points, 48.0, each, whose=whose))
    return report(written(tmp_path_factory.mktemp("graded"), records))[0].as_uri()


@pytest.fixture
def opened(chromium, address):
    """Open the report in a context with these options; its console must stay silent."""
    contexts, said = [], []

    def open_page(**options):
        contexts.append(chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options}))
        page = contexts[-1].new_page()
        page.on("console", lambda one: said.append(one.text))
        page.on("pageerror", lambda one: said.append(str(one)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []


def column(page, number):
    return page.eval_on_selector_all("table.sortable tbody tr", f"rows => rows.map(r => r.cells[{number}].textContent)")


def test_a_table_is_sorted_by_the_keyboard(opened):
    page = opened()
    before = column(page, 1)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "points earned":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") in ("auto", "solid")
    page.keyboard.press("Enter")
    assert column(page, 1) == sorted(before, key=lambda text: -float(text.split()[0])) != before
    assert page.evaluate("document.activeElement.parentElement.getAttribute('aria-sort')") == "descending"
    page.keyboard.press("Space")
    assert column(page, 1) == sorted(before, key=lambda text: float(text.split()[0]))


def test_a_lesson_is_two_pages_on_paper(opened):
    page = opened()
    pages = [len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=size))) for size in ("A4", "Letter")]
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 2100})
    shoot(page, "report-print")
    assert pages == [2, 2]


def lightness(page, name):
    """Of a system color as the page sees it: the mean of its channels, 0 to 1."""
    code = "name => (document.body.style.outlineColor = name, getComputedStyle(document.body).outlineColor)"
    return sum(map(int, re.findall(r"\d+", page.evaluate(code, name))[:3])) / 765


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_is_dark_at_night(opened, scheme):
    page = opened(color_scheme=scheme, viewport={"width": 390, "height": 844})
    shoot(page, f"report-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    dark, light = ("Canvas", "CanvasText") if scheme == "dark" else ("CanvasText", "Canvas")
    assert lightness(page, dark) < 0.1 < 0.9 < lightness(page, light)
