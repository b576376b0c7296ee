"""The page of `course mark` in headless Chromium, worked by the keyboard alone."""

import time
from contextlib import contextmanager

import pytest
from test_browser import shoot
from test_marking import NAMES, QUESTION, lines_of, record, served, written

from autograder.reporting.marking.work import Work
from autograder.rules.overrides import read_overrides
from conftest import CHROMIUM

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")]
ANSWERS = (
    "One **vector**: $v^\\top J$.\n\n$$\\frac{\\partial L}{\\partial \\theta}$$",
    "A matrix $\\mathbb{R}^{m \\times n}$ with a column for each parameter.",
    "<script>window.hit = 1</script><img src=x onerror='window.hit = 2'> "
    "$\\text{<img src=x onerror='window.hit = 3'>}$ $\\href{javascript:window.hit=4}{x}$",
)
SIZES = {"laptop": (1280, 800), "phone": (390, 844)}


@pytest.fixture
def folder(tmp_path):
    return written(tmp_path / "week1", [record(*one) for one in zip(NAMES, ANSWERS, strict=True)])


@contextmanager
def opened_page(chromium, server, **options):
    """The page as it opens, whose console must stay silent but for what the server refuses."""
    context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    page, context.said = context.new_page(), []
    page.on("console", lambda one: context.said.append(one.text))
    page.on("pageerror", lambda one: context.said.append(str(one)))
    page.goto(server.guard.address(server.guard.token))
    yield page
    assert [one for one in context.said if "409" not in one and "ERR_CONNECTION" not in one] == []
    context.close()


def told(page, *words):
    """Wait until the page says these words."""
    page.wait_for_function("words => words.every(w => told.textContent.includes(w))", arg=list(words), timeout=10_000)
    return page.inner_text("#told")


def turned(page, key):
    """Press a key and wait for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press(key)


def slowly(monkeypatch):
    """Let saving take its time."""
    save = Work.save
    monkeypatch.setattr(Work, "save", lambda *words: (time.sleep(0.2), save(*words))[1])


def test_a_class_is_marked_by_keys(chromium, folder, monkeypatch):
    with served(folder) as (server, _), opened_page(chromium, server) as page:
        assert "token" not in page.url
        assert page.evaluate("document.cookie") == ""
        page.keyboard.press("1")
        told(page, "Saved: 1 of 3 points.")
        page.keyboard.press("3")
        told(page, "Saved: 2 of 3 points.")
        assert page.inner_text("#progress") == "1 of 3 marked"
        page.focus("#note")
        page.keyboard.type("Say 2 or 3 words on the cost.")
        told(page, "with the note")
        page.keyboard.press("Escape")
        turned(page, "n")
        page.keyboard.press("0")
        told(page, "Saved: 0 of 3 points.")
        turned(page, "p")
        assert page.evaluate("[...document.querySelectorAll('.line input')].map(x => x.checked)") == [True, False, True]
        assert page.input_value("#note") == "Say 2 or 3 words on the cost."
        turned(page, "u")
        assert page.inner_text("#mark") == "Not marked yet"
        slowly(monkeypatch)
        for key in "123":
            page.keyboard.press(key)  # faster than one save
        told(page, "Saved: 3 of 3 points. All 3 are marked.")
        page.keyboard.press("n")
        told(page, "This is the last answer.")
    marks = {(one.lines, one.note) for one in Work(folder).marks().values()}
    assert marks == {((1, 3), "Say 2 or 3 words on the cost."), ((), ""), ((1, 2, 3), "")}


def test_everything_is_reached_by_tab_in_order_and_seen_where_it_is(chromium, folder):
    with served(folder) as (server, _), opened_page(chromium, server) as page:
        page.keyboard.press("1")
        told(page, "Saved")
        turned(page, "n")
        turned(page, "p")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the rubric"
        page.keyboard.press("Enter")
        reached, outlines = [], set()
        for _ in range(9):
            page.keyboard.press("Tab")
            one = page.evaluate("(a => [a.id || a.value, getComputedStyle(a).outlineStyle])(document.activeElement)")
            reached.append(one[0])
            outlines.add(one[1])
        assert reached == ["1", "2", "3", "none", "back", "note", "next", "waiting", "keys"]
        assert outlines <= {"solid", "auto"}
        names = "e => [...document.querySelectorAll(e)].filter(x => !(x.labels?.length || x.textContent.trim())).length"
        assert page.evaluate(names, "input, textarea, button, a, summary") == 0
        page.focus("#back")
        page.keyboard.press("Enter")
        told(page, "this answer is not marked")
        assert page.evaluate("document.activeElement.id") == "none"
    assert Work(folder).marks() == {}


def test_single_keys_can_be_switched_off_and_do_nothing_in_the_note(chromium, folder):
    with served(folder) as (server, _), opened_page(chromium, server) as page:
        page.focus("#note")
        page.keyboard.type("120npu")
        told(page, "The note is saved with the points")
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        told(page, "The note is not saved: give points first")
        page.focus("#keys")
        page.keyboard.press("Space")
        page.keyboard.press("1")
        page.keyboard.press("n")
        page.wait_for_timeout(300)
        assert page.input_value("#note") == "120npu"
        assert lines_of(folder) == []
        page.focus("#keys")
        page.keyboard.press("Space")
        page.keyboard.press("2")
        told(page, "Saved: 1 of 3 points, with the note.")


def test_another_markers_mark_and_a_server_that_is_gone_are_said(chromium, folder):
    with served(folder) as (server, browser), opened_page(chromium, server) as page:
        other = browser()
        other.open()
        other.mark([1, 2], "Good.")
        page.keyboard.press("3")
        assert "2 of 3 points by Bea" in told(page, "Not saved.", "Yours was: line 3")
        assert page.evaluate("[...document.querySelectorAll('.line input')].map(x => x.checked)") == [True, True, False]
        assert page.input_value("#note") == "Good."
        page.keyboard.press("3")
        told(page, "Saved: 3 of 3 points, with the note.")
        server.shutdown()
        server.server_close()
        page.keyboard.press("1")
        told(page, "Not saved: the server is not there.")
        page.keyboard.press("n")  # the first time it stays, for what is not saved would be lost
        told(page, "Not saved: the server is not there.")
        assert "/answer/" in page.url
    assert [one.points for each in read_overrides(folder).values() for one in each[QUESTION]] == [2, 3]


def test_a_hostile_answer_runs_nothing(chromium, folder):
    with served(folder) as (server, _), opened_page(chromium, server) as page:
        for _ in range(3):
            if "window.hit" in page.inner_text("#answer"):
                break
            turned(page, "n")
        assert page.locator("#answer img, #answer script, #answer [href]").count() == 0
        page.locator("#answer math").last.click()
        page.wait_for_timeout(200)
        assert page.evaluate("window.hit") is None
        assert (
            page.locator("#answer mtext").text_content().replace("\xa0", " ") == "<img src=x onerror='window.hit = 3'>"
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_it_fits_and_can_be_read(chromium, folder, size, scheme):
    width, height = SIZES[size]
    with served(folder) as (server, _):
        options = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
        with opened_page(chromium, server, **options) as page:
            page.keyboard.press("1")
            told(page, "Saved")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.locator("#answer .prose").bounding_box()["y"] < height / 2
            answer, rubric = (page.locator(one).bounding_box() for one in ("#answer", "#rubric"))
            assert (rubric["y"] >= answer["y"] + answer["height"]) == (size == "phone")
            colors = "e => (s => [s.color, s.backgroundColor])(getComputedStyle(e))"
            ink, ground = page.locator("body").evaluate(colors)
            assert contrast(ink, ground) > 7
            assert contrast(page.locator("#told").evaluate(colors)[0], ground) > 4.5
            assert (luminance(ground) < 0.1) == (scheme == "dark")
            shoot(page, f"mark_{size}_{scheme}")


def luminance(color):
    """The relative luminance of "rgb(r, g, b)", as the accessibility guidelines define it."""
    parts = [int(part) / 255 for part in color.strip("rgb()").split(",")[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)
