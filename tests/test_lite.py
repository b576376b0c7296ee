"""The lessons in a browser: what is built, that it is refused in a sentence, and JupyterLite in headless Chromium.

Pyodide is a stand-in as far as the registries go; where PYODIDE_DIST names the folder of a whole one, that is run too.
"""

import csv
import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from test_site import BROWSER, DESK, HAS_EXTRA, PROJECT, Read, local

from autograder.building.notebook import student_notebook
from autograder.building.site import sources
from autograder.cli import verbs
from autograder.grading.submission import read_submission
from autograder.release import browser, pyodide
from autograder.release.browser import Browser, browser_notebook, for_the_browser
from autograder.release.pure_wheels import repacked
from autograder.source.lesson import load_lesson
from autograder.source.problems import CourseError
from browser.pyodide_stand_in import STAND_IN, pyodide_stand_in
from browser.serving import served
from conftest import BUILT
from helpers import __version__

EXTRA = pytest.mark.skipif(
    not HAS_EXTRA or not all(importlib.util.find_spec(name) for name in browser.NEEDED),
    reason="JupyterLite is not installed; the extra `lite` brings it",
)
SAID = """
import json
import helpers

ANSWERS = {
    "right": lambda x, y, dydx: (2 * (x + y), 2 * (x + y) * (1 + dydx)),
    "y stands still": lambda x, y, dydx: (2 * (x + y), 2 * (x + y)),
    "half": lambda x, y, dydx: (x + y, (x + y) * (1 + dydx)),
    "three times": lambda x, y, dydx: (6 * (x + y), 6 * (x + y) * (1 + dydx)),
    "a text": lambda x, y, dydx: "six",
    "one": lambda x, y, dydx: 6.0,
}
said = {}
for name, answer in ANSWERS.items():
    grader = helpers.Grader("01_chain_rule", {"chain_rule": answer})
    said[name] = [repr(grader.check("chain_rule")), repr(grader.hint("chain_rule")), repr(grader.progress())]
print(json.dumps(said))
"""


def said(*paths):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    command = [sys.executable, "-P", "-B", "-c", SAID]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_stand_in_for_arrays_makes_helpers_say_what_it_says_with_numpy():
    found = said(STAND_IN)
    assert found == said()
    assert "all public checks passed" in found["right"][0]
    assert "Diagnosis: The derivative of t^2 is 2t" in found["half"][0]


def test_the_notebooks_first_code_fetches_helpers_where_it_is_missing_and_the_rest_is_the_students():
    lesson = load_lesson(BUILT[0])
    cells = json.loads(browser_notebook(lesson))["cells"]
    students = student_notebook(lesson).cells
    assert [one["id"] for one in cells] == [one.id for one in students]
    differ = [(one, two) for one, two in zip(cells, students, strict=True) if "".join(one["source"]) != two.source]
    ((setup, students_setup),) = differ
    assert setup["id"] == "setup"
    text = "".join(setup["source"])
    assert text.endswith(students_setup.source)
    assert f"\n    %pip install --quiet deep-learning-by-hand-helpers=={__version__}\n" in text
    assert 'if importlib.util.find_spec("helpers") is None' in text


def test_a_site_leads_to_the_browser_only_where_it_has_it():
    plain, whole = sources.sources(), sources.sources(browser=Browser(Path("pyodide")))
    assert "browser.md" not in plain
    assert not [path for path, text in plain.items() if isinstance(text, str) and "lite/lab" in text]
    assert "It comes with this site" in whole["browser.md"]
    assert "It comes from the site of Pyodide" in sources.sources(browser=Browser(None))["browser.md"]
    assert "[work it in your browser](browser.md)" in whole["index.md"]
    assert "\nbrowser\nstudents\n" in whole["index.md"]
    for name in BUILT:
        assert f"../lite/lab/index.html?path={name}.ipynb" in whole[f"notebooks/{name}.ipynb"]
        assert f'"lite/lab/index.html?path={name}.ipynb"' in whole["browser.md"]


def test_without_pyodide_it_is_the_networks_and_with_one_nothing_is_asked_elsewhere():
    (ours,) = Browser(Path("pyodide"))._settings()["jupyter-config-data"]["litePluginSettings"].values()
    assert ours == {"pyodideUrl": "./static/pyodide/pyodide.mjs", "disablePyPIFallback": True}
    (networks,) = Browser(None)._settings()["jupyter-config-data"]["litePluginSettings"].values()
    assert networks == {}


def test_the_option_needs_its_extra_and_the_verb_does_not():
    assert [verbs.extra_of(words) for words in (["site"], ["site", "--lite"], ["grade", "--lite"])] == [
        "site",
        "lite",
        "grade",
    ]


@pytest.mark.parametrize("missing", browser.NEEDED)
def test_what_is_missing_is_a_sentence(monkeypatch, missing):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else name)
    with pytest.raises(CourseError, match=rf"{missing} is not installed here\. .*deep-learning-by-hand\[lite\]"):
        for_the_browser()


def test_pyodide_without_the_browser_is_refused():
    command = [sys.executable, "-P", "-m", "autograder", "site", "--pyodide", "x"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT)
    assert (done.returncode, done.stdout) == (2, "")
    assert "course site --lite --pyodide PATH" in done.stderr


def distribution(folder, python="3.14.2", without=()):
    """A folder that looks like a whole Pyodide."""
    folder.mkdir()
    packages = {name: {"file_name": f"{name}.whl", "depends": ["other_one"]} for name in pyodide.PACKAGES}
    packages["other-one"] = {"file_name": "other_one.whl", "depends": []}
    lock = json.dumps({"info": {"python": python}, "packages": packages})
    for name in {"pyodide.mjs", *(one["file_name"] for one in packages.values())} - set(without):
        (folder / name).write_text("")
    (folder / "pyodide-lock.json").write_text(lock)
    return folder


@EXTRA
def test_a_folder_that_is_no_whole_pyodide_is_refused_and_it_says_what_is(tmp_path):
    whole = distribution(tmp_path / "whole")
    assert for_the_browser(whole) == Browser(whole)
    for folder, told in (
        (tmp_path, "is no Pyodide: it has no pyodide.mjs"),
        (distribution(tmp_path / "a", without=["pyodide.mjs"]), "is no Pyodide"),
        (distribution(tmp_path / "b", python="3.12.7"), r"of Python 3\.12\.7; JupyterLite needs one of Python 3\.14"),
        (distribution(tmp_path / "c", without=["numpy.whl"]), r"without its packages: numpy\.whl\. The whole is in"),
        (distribution(tmp_path / "d", without=["other_one.whl"]), r"without its packages: other_one\.whl"),
    ):
        with pytest.raises(CourseError, match=rf"{folder.name} .*{told}.*pyodide-[\d.]+\.tar\.bz2"):
            for_the_browser(folder)


@EXTRA
@pytest.mark.slow
def test_wheels_of_installed_packages_are_what_pip_installs(tmp_path):
    made = [repacked(name, tmp_path) for name in browser.WIDGETS]
    before = [path.read_bytes() for path in made]
    assert [repacked(name, tmp_path).read_bytes() for name in browser.WIDGETS] == before
    made.append(browser.students_wheel(tmp_path))
    for wheel in made:
        assert wheel.name.endswith("-py3-none-any.whl")
        with zipfile.ZipFile(wheel) as archive:
            record = next(name for name in archive.namelist() if name.endswith(".dist-info/RECORD"))
            listed = {row[0] for row in csv.reader(archive.read(record).decode().splitlines())}
            assert listed == set(archive.namelist())
            assert not [name for name in listed if name.endswith((".so", ".pyd", ".pyc"))]
    command = [sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--target", tmp_path / "in", *made]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {"comm", "helpers", "ipywidgets", "jupyterlab_widgets"} <= {
        path.name for path in (tmp_path / "in").iterdir()
    }
    with pytest.raises(CourseError, match="numpy is not Python alone"):
        repacked("numpy", tmp_path)


# What follows builds the site with a Pyodide, as a user does, and works lesson 01 in it.


def built(out, folder):
    """The site with this Pyodide; JupyterLite shows its insides to the page, which only tests need."""
    command = [sys.executable, "-P", "-m", "autograder", "site", "--out", out, "--lite", "--pyodide", folder]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout.endswith(f" pages, and JupyterLite. To open them: python3 -m http.server --directory {out}\n")
    settings = out / "lite" / "jupyter-lite.json"
    data = json.loads(settings.read_text())
    data["jupyter-config-data"]["exposeAppInBrowser"] = True
    settings.write_text(json.dumps(data))
    return out


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pyodide")
    return built(tmp_path_factory.mktemp("site") / "out", pyodide_stand_in(folder))


@EXTRA
@pytest.mark.slow
def test_it_is_not_heavy_and_its_pages_lead_to_every_lesson(site):
    lite = site / "lite"
    sizes = {path: path.stat().st_size for path in lite.rglob("*") if path.is_file()}
    ours = sum(size for path, size in sizes.items() if "pyodide" not in path.relative_to(lite).parts)
    assert ours < 30_000_000, ours
    assert not [path for path in sizes if path.suffix == ".map"]
    assert sorted(path.stem for path in (lite / "files").glob("*.ipynb")) == BUILT
    for page in (site / "browser.html", *(site / "notebooks").glob("*.html")):
        links = [one for one in Read(page.read_text(encoding="utf-8")).addresses if one and "/lab/" in one]
        assert links, page
        assert all(local(page, one) == lite / "lab" / "index.html" for one in links)


class Lab:
    """Lesson 01 in JupyterLite, in a browser."""

    WIDGET, RUN = "window.jupyterapp.shell.currentWidget", "window.jupyterapp.commands.execute"

    def __init__(self, page, address):
        self.page, self.faults = page, []
        page.set_default_timeout(400_000)
        page.on("request", lambda one: self._note(one.url) if not one.url.startswith(address) else None)
        page.on("pageerror", lambda one: self.faults.append(str(one)))
        page.goto(f"{address}lite/lab/index.html?path=01_chain_rule.ipynb")
        self.wait()

    def _note(self, url):
        if not url.startswith(("data:", "blob:")):
            self.faults.append(url)

    def wait(self):
        """Until the notebook is there."""
        self.page.wait_for_selector(".jp-Notebook .jp-MarkdownOutput h1")
        self.page.wait_for_function(f"() => window.jupyterapp && {self.WIDGET}?.context?.isReady")

    def download(self, path):
        """Choose this in the menu that is open; the path that it is saved at."""
        with self.page.expect_download() as download:
            self.page.get_by_role("menuitem", name="Download", exact=True).click()
        download.value.save_as(path)
        return path

    def cell(self, name):
        """The text of a cell."""
        return self.page.evaluate(
            f"id => {self.WIDGET}.content.widgets.find(w => w.model.id === id).model.sharedModel.source", name
        )

    def run(self, name, text=None):
        """Run a cell, with this text in it if any, and return what it shows, as JSON."""
        code = f"""async ([id, text]) => {{
            await {self.WIDGET}.sessionContext.ready;
            const notebook = {self.WIDGET}.content;
            const place = notebook.widgets.findIndex(w => w.model.id === id);
            notebook.activeCellIndex = place;
            if (text !== null) notebook.widgets[place].model.sharedModel.setSource(text);
            await {self.RUN}('notebook:run-cell');
            return JSON.stringify(notebook.widgets[place].model.outputs.toJSON());
        }}"""
        return self.page.evaluate(code, [name, text])


@pytest.fixture
def lab(site, chromium):
    with served(site) as address:
        context = chromium.new_context(viewport=DESK)
        yield Lab(context.new_page(), address)
        context.close()


HALF = "def chain_rule(x, y, dydx):\n    return x + y, (x + y) * (1 + dydx)"
RIGHT = "def chain_rule(x, y, dydx):\n    return 2 * (x + y), 2 * (x + y) * (1 + dydx)"


@EXTRA
@BROWSER
@pytest.mark.slow
def test_lesson_01_is_worked_kept_and_handed_in_without_asking_anybody(lab, tmp_path):
    assert lab.page.locator(".jp-MarkdownOutput h1").first.text_content().startswith("The chain rule")
    assert lab.run("setup") == "[]"
    assert "not attempted yet" in lab.run("chain-rule-check")
    lab.run("chain-rule-answer", HALF)
    assert "Diagnosis: The derivative of t^2 is 2t: both of yours are half" in lab.run("chain-rule-check")
    assert "chain_rule, hint 1 of 3" in lab.run("chain-rule-check", 'grader.hint("chain_rule")')
    lab.run("chain-rule-answer", RIGHT)
    assert "all public checks passed (1 of 1 point)" in lab.run("chain-rule-check", 'grader.check("chain_rule")')
    lab.page.evaluate(f"async () => {{ await {lab.RUN}('docmanager:save'); }}")
    assert "Hand in this file: 01_chain_rule_submission.ipynb" in lab.run("chain-rule-check", "grader.export()")
    lab.page.reload()
    lab.wait()
    assert lab.cell("chain-rule-answer") == RIGHT
    lab.page.get_by_role("menuitem", name="File", exact=True).click()
    assert answer_in(lab.download(tmp_path / "own.ipynb")) == RIGHT
    lab.page.locator(".jp-DirListing-item", has_text="01_chain_rule_submission.ipynb").click(button="right")
    assert answer_in(lab.download(tmp_path / "exported.ipynb")) == RIGHT
    assert json.loads((tmp_path / "own.ipynb").read_text(encoding="utf-8"))["cells"]
    assert lab.faults == []


def answer_in(path):
    """The first answer as it is handed in."""
    return next(cell.text for cell in read_submission(path).cells if cell.id == "chain-rule-answer")


@pytest.fixture(scope="module")
def whole_site(tmp_path_factory):
    if not os.environ.get("PYODIDE_DIST"):
        pytest.skip("PYODIDE_DIST does not name the folder of a whole Pyodide, with NumPy and Matplotlib")
    return built(tmp_path_factory.mktemp("whole") / "out", Path(os.environ["PYODIDE_DIST"]))


@EXTRA
@BROWSER
@pytest.mark.slow
def test_with_a_whole_pyodide_arrays_are_checked_and_a_figure_is_drawn(whole_site, chromium):
    lesson = load_lesson(BUILT[0])
    softmax = next(cell for cell in lesson.section("softmax").cells if cell.kind == "answer").text
    with served(whole_site) as address:
        lab = Lab(chromium.new_context(viewport=DESK).new_page(), address)
        assert lab.run("setup") == "[]"
        lab.run("softmax-answer", softmax)
        assert "all public checks passed" in lab.run("softmax-check")
        assert "image/png" in lab.run("introduction-experiment-1")
        assert lab.faults == []
