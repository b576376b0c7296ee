"""The course as a website: what is folded, linked and described, where it may be put, how it is in a real browser."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

from autograder.building.build import PROJECT
from autograder.building.site import home, lesson_page, mathml, placing, sources, sphinx_run
from autograder.cli import verbs
from autograder.source.problems import CourseError
from browser.serving import served
from conftest import BUILT, CHROMIUM

HAS_EXTRA = all(importlib.util.find_spec(name) for name in sphinx_run.NEEDED)
EXTRA = pytest.mark.skipif(
    not HAS_EXTRA, reason="Sphinx or its fellows are not installed; the extra `site` brings them"
)
BROWSER = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")
MOST, PHONE, DESK = 1_000_000, {"width": 360, "height": 740}, {"width": 1280, "height": 900}


def cell(name, text="", kind="markdown", outputs=(), **metadata):
    more = {"outputs": list(outputs), "execution_count": None} if kind == "code" else {}
    return {"id": name, "cell_type": kind, "source": [text], "metadata": metadata, **more}


def picture(alt):
    data = {"image/png": "aGVsbG8=", "text/plain": alt}
    return {"output_type": "display_data", "data": data, "metadata": {"image/png": {"alt": alt}}}


def page_of(*solved, student=()):
    """The cells of the page of a lesson that has these cells."""
    first = cell("introduction-text-1", "# A lesson\n\nOf what it is.")
    notebook = {"cells": [first, *solved], "metadata": {"deep_learning_by_hand": {"lesson": "07_x"}}}
    return json.loads(lesson_page.lesson_page(json.dumps(notebook), json.dumps({"cells": list(student)})))["cells"]


def exercise(name="soft-max"):
    solved = [
        cell(f"{name}-text-1", "Write it."),
        cell(f"{name}-answer", "return 1", "code"),
        cell(f"{name}-explained", "Why."),
        cell(f"{name}-check", "grader.check()", "code"),
        cell(f"{name}-all-checks", "def secret(): ...", "code"),
    ]
    return solved, [cell(f"{name}-answer", "...", "code")]


def depths(cells):
    """{cell id: how many disclosures are around it}, and how many are open at the end."""
    found, depth = {}, 0
    for one in cells:
        text = "".join(one["source"])
        depth += text.count("<details") - text.count("</details>")
        found[one["id"]] = depth
    return found, depth


def test_what_gives_an_answer_is_folded_and_what_a_student_finds_is_not():
    solved, student = exercise()
    cells = page_of(*solved, cell("soft-max-text-2", "Go on."), student=student)
    where, left_open = depths(cells)
    assert left_open == 0
    assert [name for name, depth in where.items() if not depth and not name.endswith("closes")] == [
        "introduction-text-1",
        "soft-max-text-1",
        "soft-max-answer-starter",
        "soft-max-text-2",
    ]
    assert where["soft-max-answer"] == where["soft-max-explained"] == where["soft-max-all-checks"] == 1
    text = {one["id"]: "".join(one["source"]) for one in cells}
    assert text["soft-max-answer-starter"] == "..."
    assert "<summary>Solution of <code>soft_max</code></summary>" in text["soft-max-answer-opens"]
    assert "soft-max-check" not in text
    (checks,) = (one for one in cells if one["id"] == "soft-max-all-checks")
    assert checks["metadata"]["tags"] == ["remove-input"]


def test_an_exercise_of_two_answers_is_folded_as_well():
    solved, student = exercise()
    second = [cell("soft-max-options-2", "- **A.** One."), cell("soft-max-answer-2", 'second = "A"', "code")]
    answers = {**solved[1], "id": "soft-max-answer-1"}
    student = [{**student[0], "id": f"soft-max-answer-{number}"} for number in (1, 2)]
    cells = page_of(solved[0], answers, *second, *solved[2:], student=student)
    where, left_open = depths(cells)
    assert left_open == 0
    assert [where[f"soft-max-{one}"] for one in ("answer-1", "options-2", "answer-2", "explained")] == [1, 0, 1, 1]
    assert where["soft-max-answer-1-starter"] == where["soft-max-answer-2-starter"] == 0
    assert len(where) == len(cells)


def test_the_setup_and_an_answer_in_words_are_folded_and_the_readers_own_account_is_left_out():
    cells = page_of(
        cell("setup", "import numpy", "code"),
        cell("why-x-answer", "Because.", deep_learning_by_hand={"solves": "why_x"}),
        cell("progress-text", "Where you stand."),
        cell("progress", "grader.progress()", "code"),
    )
    where, _ = depths(cells)
    assert where["setup"] == where["why-x-answer"] == 1
    assert not {"progress", "progress-text"} & set(where)


def test_a_page_says_below_its_title_how_to_work_it_and_has_one_title():
    code = cell("x-experiment-1", "# a comment", "code")
    first, later, comment = page_of(cell("whole-text-1", "# The end\n\n## Where to\n\nOn."), code)
    assert re.match(r"# A lesson\n\n:::\{note\}\n.+course\.py lab 07`\n:::\n\nOf what it is\.", first["source"], re.S)
    assert "".join(later["source"]) == "## The end\n\n### Where to\n\nOn."
    assert "".join(comment["source"]) == "# a comment"


def test_every_picture_has_a_text_and_a_cell_of_its_own():
    printed = {"output_type": "stream", "name": "stdout", "text": "1"}
    outputs = [picture("A bar."), printed, picture("A line."), picture("")]
    shown = page_of(cell("x-experiment-1", "plot()", "code", outputs))[1:]
    assert [one["metadata"]["mystnb"]["image"]["alt"] for one in shown] == ["A bar.", "A line.", "A figure"]
    assert [one["metadata"].get("tags") for one in shown] == [None, ["remove-input"], ["remove-input"]]
    assert [one for part in shown for one in part["outputs"]] == outputs
    assert len({one["id"] for one in shown}) == 3


def test_links_to_pages_stay_and_links_to_other_files_are_words():
    text = "[a](b.md) [c](../x/c.md#part) [d](d.py) ![p](d.png) [w](https://w.org) `[e](d.py)`\n\n```\n[f](d.py)\n```\n"
    kept = sources.linked(text, "docs/a.md", {"docs/b.md": "", "x/c.md": ""})
    assert kept == text.replace("[d](d.py) ", "d ", 1)


def test_the_pages_are_the_lessons_and_documents_and_each_is_in_the_menu():
    made = sources.sources()
    pages = {path.rpartition(".")[0] for path in made if path.endswith((".md", ".ipynb"))} - {"index"}
    assert {f"notebooks/{name}" for name in BUILT} | {"docs/kernels", "docs/coverage", "CONTRIBUTING"} <= pages
    menu = re.findall(r"^(?:\d\d .+ <(.+)>|([\w/]+))$", "".join(made["index.md"].split("```{toctree}")[1:]), re.M)
    assert sorted(a or b for a, b in menu) == sorted(pages)
    for name in BUILT:
        where, left_open = depths(json.loads(made[f"notebooks/{name}.ipynb"])["cells"])
        given_away = {part for part, depth in where.items() if part.endswith(("-answer", "-explained")) and not depth}
        assert (given_away, left_open) == (set(), 0)


def test_the_first_page_has_a_wrong_answer_in_the_graders_own_words():
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    pages = home.home_pages(readme, BUILT)
    first = pages["index.md"]
    assert "The mean must be weighted by the probabilities s." in first
    assert "docs/check.png" in first
    assert "| wrong answers shipped with" in first
    assert all(f"(notebooks/{name}.ipynb)" in first for name in BUILT)
    assert "| lesson | exercises |" not in pages["students.md"]
    deeper = home.home_pages(readme.replace("\n## For authors", "\n### More\n\n## For authors"), BUILT)
    assert "\n### More" in deeper["index.md"]
    deeper = home.home_pages(readme.replace("\n## What we measured", "\n### More\n\n## What we measured"), BUILT)
    assert "\n## More\n" in deeper["instructors.md"]
    with pytest.raises(CourseError, match=r"README\.md no longer has the parts"):
        home.home_pages(readme.replace("## For instructors", "## Else"), BUILT)


def test_a_notebook_that_was_not_run_is_no_page(tmp_path):
    for folder in ("solutions", "notebooks"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    path = tmp_path / "solutions" / f"{BUILT[2]}.ipynb"
    path.write_text(re.sub(r'"ran": "\w+"', '"ran": "another"', path.read_text()))
    with pytest.raises(CourseError, match=rf"{BUILT[2]}.ipynb was not run .*course build"):
        sources.sources(tmp_path)
    shutil.copy(PROJECT / "solutions" / path.name, path)
    (tmp_path / "notebooks" / path.name).write_text('{"cells": []}')
    with pytest.raises(CourseError, match=r"differ in their cells\. .*course build"):
        sources.sources(tmp_path)
    path.unlink()
    with pytest.raises(CourseError, match=rf"{BUILT[2]}.ipynb cannot be read .*course build"):
        sources.sources(tmp_path)


def put(out, text, fails=False):
    with placing.placed(out) as made:
        (made / "index.html").write_text(text)
        if fails:
            raise CourseError("no")


def test_a_site_replaces_an_older_one_at_once_and_a_failure_changes_nothing(tmp_path):
    out = tmp_path / "deep" / "site"
    put(out, "old")
    (out / "of_old.html").write_text("")
    with pytest.raises(CourseError, match="no"):
        put(out, "half", fails=True)
    assert (out / "index.html").read_text() == "old"
    put(out, "new")
    assert sorted(path.name for path in out.iterdir()) == [placing.MARK, "index.html"]
    assert (out / "index.html").read_text() == "new"
    assert [path.name for path in out.parent.iterdir()] == ["site"]


def test_where_the_new_site_cannot_be_put_the_old_one_stays(tmp_path, monkeypatch):
    put(tmp_path / "site", "old")
    rename = Path.rename

    def refuse(self, target):
        if self.name == "new":
            raise OSError(28, "No space left on device", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(CourseError, match=r"cannot be written \(No space left on device\)"):
        put(tmp_path / "site", "new")
    assert (tmp_path / "site" / "index.html").read_text() == "old"


def test_a_folder_that_is_not_ours_is_never_touched(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    put(mine, "an empty folder will do")
    (mine / placing.MARK).unlink()
    (tmp_path / "link").symlink_to(mine)
    (tmp_path / "file").write_text("x")
    for place, said in (("mine", "did not make; nothing was touched"), ("link", "not a folder"), ("file", "not a f")):
        with pytest.raises(CourseError, match=said):
            put(tmp_path / place, "new")
    assert [path.name for path in mine.iterdir()] == ["index.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link", "mine"]


@pytest.mark.parametrize("missing", sphinx_run.NEEDED)
def test_without_the_extra_nothing_is_made_and_it_says_what_brings_it(tmp_path, monkeypatch, missing):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else name)
    with pytest.raises(CourseError, match=rf"{missing} is not installed here\. .*deep-learning-by-hand\[site\]"):
        sphinx_run.build_site(tmp_path / "site")
    assert not list(tmp_path.iterdir())


def test_the_verb_needs_its_extra_and_a_checkout(monkeypatch, capsys):
    from autograder.cli import app as cli

    assert (verbs.verbs()["site"].extra, verbs.verbs()["site"].needs_checkout) == ("site", True)
    monkeypatch.setattr(verbs, "is_checkout", lambda: False)
    monkeypatch.setattr(sys, "argv", ["course", "site"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    assert "'site' works in a checkout of the course only" in capsys.readouterr().err


@EXTRA
@pytest.mark.slow
def test_a_formula_is_mathml_and_an_unknown_command_is_a_sentence():
    shown = mathml.as_mathml(r"\sum_{\substack{i \\ j}} \lVert x_i \rVert", block=True)
    assert shown.startswith('<math display="block">')
    assert "\\" not in shown
    with pytest.raises(CourseError, match=r"The formula '\\nosuch' cannot be shown: .*nosuch"):
        mathml.as_mathml(r"\nosuch", block=False)


# What follows builds the site once, as a user does.


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("site") / "out"
    command = [sys.executable, "-P", "-m", "autograder", "site", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert f"Open {out / 'index.html'} in a browser." in done.stdout
    return out


class Read(HTMLParser):
    """What a page refers to, is called and leaves undescribed."""

    def __init__(self, text):
        super().__init__()
        self.addresses, self.loaded, self.ids, self.images, self.texts, self._skip = [], [], set(), [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids.add(given.get("id"))
        self._skip += tag in ("script", "style", "pre", "code", "math")
        address = given.get("href") or given.get("src")
        (self.addresses if tag == "a" else self.loaded).append(address)
        if tag == "img":
            self.images.append(given)

    def handle_endtag(self, tag):
        self._skip -= tag in ("script", "style", "pre", "code", "math")

    def handle_data(self, text):
        if not self._skip:
            self.texts.append(text)


@pytest.fixture(scope="module")
def pages(site):
    return {path: Read(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def local(page, address):
    return (page.parent / unquote(urlsplit(address).path)).resolve() if urlsplit(address).path else page


@EXTRA
@pytest.mark.slow
def test_no_page_is_heavy(site, pages):
    assert len(pages) == len(BUILT) + 10
    for page, read in pages.items():
        own = {local(page, image["src"]) for image in read.images}
        assert page.stat().st_size + sum(path.stat().st_size for path in own) < MOST, page
    shared = {local(page, one) for page, read in pages.items() for one in read.loaded if one} - set(pages)
    common = [path for path in shared if "_static" in path.parts or path.name == "searchindex.js"]
    fonts = [site / "_static" / mathml.FONT, *site.rglob("fa-solid-900.woff2")]
    assert len(fonts) == 2
    assert sum(path.stat().st_size for path in {*common, *fonts}) < MOST
    assert not list(site.rglob("*.map"))


@EXTRA
@pytest.mark.slow
def test_every_link_leads_somewhere_and_nothing_is_loaded_from_outside(site, pages):
    for page, read in pages.items():
        for address in filter(None, [*read.addresses, *read.loaded]):
            if urlsplit(address).scheme:
                assert address in read.addresses, f"{page} loads {address}"
                continue
            target, part = local(page, address), urldefrag(address).fragment
            assert target.is_file(), f"{page}: {address}"
            assert not part or target.suffix != ".html" or unquote(part) in pages[target].ids, f"{page}: {address}"
    for path in site.rglob("*.css"):
        assert not re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", path.read_text(encoding="utf-8")), path


@EXTRA
@pytest.mark.slow
def test_every_picture_is_described_and_no_formula_is_left_as_it_was_typed(pages):
    described = [image.get("alt") for read in pages.values() for image in read.images]
    assert len(described) > 25
    assert all(described)
    for page, read in pages.items():
        assert not re.findall(r"\$\$|\\(?:frac|sum|partial|text)\b", " ".join(read.texts)), page


@pytest.fixture(scope="module")
def address(site):
    with served(site) as address:
        yield address


@pytest.fixture
def opened(chromium, address):
    """A function that opens a page of a size; at the end nothing was complained of or asked for elsewhere."""
    faults, contexts = [], []

    def go(path="index.html", size=DESK, **more):
        contexts.append(chromium.new_context(viewport=size, **more))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda one: faults.append(one.text) if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda one: faults.append(str(one)))
        page.on("request", lambda one: None if one.url.startswith((address, "data:")) else faults.append(one.url))
        page.on("response", lambda one: faults.append(one.url) if one.status >= 400 else None)
        page.goto(path if "://" in path else address + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert faults == []


@EXTRA
@BROWSER
@pytest.mark.slow
def test_no_page_is_wider_than_a_phone_and_none_complains(site, opened, address):
    page, paths = opened(size=PHONE), [path.relative_to(site).as_posix() for path in site.rglob("*.html")]
    for path in paths:
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], path


@EXTRA
@BROWSER
@pytest.mark.slow
def test_search_finds_a_lesson_from_the_keyboard(opened):
    page = opened("docs/kernels.html")
    page.wait_for_load_state("load")
    page.keyboard.press("Control+k")
    page.keyboard.type("Sinkhorn")
    page.keyboard.press("Enter")
    found = page.locator("#search-results a", has_text="Wasserstein").first
    found.wait_for()
    assert "No results" not in page.inner_text("#search-results")
    found.click()
    page.wait_for_url("**/notebooks/09_wasserstein.html*")


@EXTRA
@BROWSER
@pytest.mark.slow
def test_the_dark_can_be_chosen_and_stays(opened):
    page = opened("notebooks/01_chain_rule.html", color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.locator("button.theme-switch-button").press("Enter")
    page.get_by_role("button", name="Dark", exact=True).press("Enter")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert (
        sum(map(int, re.findall(r"\d+", page.evaluate(ground))[:3]))
        < 150
        < 600
        < sum(map(int, re.findall(r"\d+", light)[:3]))
    )


@EXTRA
@BROWSER
@pytest.mark.slow
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_folded_solution_opens_by_keyboard(opened, size):
    page = opened("notebooks/01_chain_rule.html", size)
    fold = page.locator("details.folded", has_text="Solution of chain_rule").first
    code = fold.locator("pre").first
    assert not code.is_visible()
    fold.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert code.is_visible()
    assert "return outer" in code.inner_text()
    page.keyboard.press("Enter")
    assert not code.is_visible()


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    """The text of axe-core, which looks for what keeps people out."""
    folder = tmp_path_factory.mktemp("axe")
    if not shutil.which("npm"):
        pytest.skip("npm is not installed, which brings axe-core")
    command = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder), "axe-core@4.14.1"]
    if subprocess.run(command, capture_output=True, cwd=folder, timeout=120).returncode:
        pytest.skip("axe-core cannot be had from npm here")
    return (folder / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


SERIOUS = """async () => (await axe.run(document)).violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => one.id + ": " + one.nodes.map(node => node.html.slice(0, 200)).join(" | "))"""


@EXTRA
@BROWSER
@pytest.mark.slow
@pytest.mark.parametrize(
    ("scheme", "size", "paths"),
    [
        ("light", DESK, ("index", "notebooks/01_chain_rule", "docs/kernels", "docs/coverage")),
        ("dark", PHONE, ("index", "notebooks/02_sigmoid_and_batchnorm")),
    ],
    ids=["light desk", "dark phone"],
)
def test_nobody_is_kept_out(opened, address, axe, scheme, size, paths):
    page = opened(size=size, color_scheme=scheme)
    for path in paths:
        page.goto(f"{address}{path}.html")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        page.evaluate(axe)
        assert page.evaluate(SERIOUS) == [], path


@EXTRA
@BROWSER
@pytest.mark.slow
def test_it_works_from_the_disk(site, chromium):
    page, faults = chromium.new_page(), []
    page.on("console", lambda one: faults.append(one.text) if one.type == "error" else None)
    page.goto((site / "search.html").as_uri() + "?q=softmax")
    page.locator("#search-results a", has_text="The chain rule").first.wait_for()
    page.close()
    assert faults == []
