"""A notebook that lies alone: where the course is published it installs its `helpers`, and else it is as it was."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.building.badges import BEGIN, END, readme_with_badges
from autograder.building.build import PROJECT
from autograder.building.notebook import notebook_text, student_notebook
from autograder.building.site import home
from autograder.release.wheel import students_wheel
from autograder.source import published
from autograder.source.lesson import load_lesson
from autograder.source.problems import CourseError
from conftest import BUILT
from helpers import __version__

RUN = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for text in (sys.stdin.read(), "import helpers; print(helpers.__file__); print(grader.check('chain_rule'))"):
    shell.run_cell(text).raise_error()
"""


@pytest.fixture
def lesson():
    return load_lesson(BUILT[0])


@pytest.fixture
def is_published(monkeypatch):
    setting = published.Published("deep-learning-by-hand-helpers", "somebody/a-course")
    monkeypatch.setattr(published, "PUBLISHED", setting)


def setup_of(notebook):
    return next(cell.source for cell in notebook.cells if cell.id == "setup")


def test_while_it_is_not_published_a_notebook_installs_nothing_and_leads_nowhere(lesson):
    notebook = student_notebook(lesson)
    assert published.PUBLISHED is None
    assert setup_of(notebook).startswith("import math\n")
    assert "pip" not in setup_of(notebook)
    assert "elsewhere" not in [cell.id for cell in notebook.cells]
    assert notebook_text(notebook) == (PROJECT / "notebooks" / f"{lesson.name}.ipynb").read_text(encoding="utf-8")


def test_one_setting_gives_the_installation_and_the_links(lesson, is_published):
    notebook = student_notebook(lesson)
    assert f'"install --quiet deep-learning-by-hand-helpers=={__version__}"' in setup_of(notebook)
    places = [cell.id for cell in notebook.cells]
    assert places.index("elsewhere") == places.index("rules") - 1
    text = next(cell.source for cell in notebook.cells if cell.id == "elsewhere")
    links = dict(re.findall(r"\[(\w+)\]\((https://[^)\s]+)\)", text))
    assert links["Colab"].endswith("/github/somebody/a-course/blob/main/notebooks/01_chain_rule.ipynb")
    assert links["Binder"].endswith("/gh/somebody/a-course/main?labpath=notebooks%2F01_chain_rule.ipynb")


def test_the_site_is_one_of_the_places_where_it_is_served(lesson, monkeypatch):
    setting = published.Published("helpers-of-it", "somebody/a-course", "https://somebody.example/a-course")
    monkeypatch.setattr(published, "PUBLISHED", setting)
    address = "https://somebody.example/a-course/lite/lab/index.html?path=01_chain_rule.ipynb"
    assert f"and in [JupyterLite]({address})." in published.elsewhere(lesson.name)
    assert f"]({address})" in published.badges(lesson.name)


def test_the_readmes_badges_are_made_from_the_setting_and_nothing_else_of_it_is(lesson, is_published, monkeypatch):
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    made = readme_with_badges(readme, lesson.name)
    before, _, rest = made.partition(f"{BEGIN}\n")
    block, _, after = rest.partition(END)
    assert re.findall(r"^\[!\[(.+?)\]\(https://\S+\.svg\)\]\((https://\S+)\)$", block, re.M) == [
        ("Open lesson 01 in Colab", published._addresses(lesson.name)["Colab"]),
        ("Open lesson 01 in Binder", published._addresses(lesson.name)["Binder"]),
    ]
    assert readme_with_badges(made, lesson.name) == made
    first = home.home_pages(made, BUILT)["index.md"]
    assert "- [Open lesson 01 in Colab](https://colab." in first
    assert "badge" not in first
    monkeypatch.setattr(published, "PUBLISHED", None)
    assert readme_with_badges(made, lesson.name) == f"{before}{BEGIN}\n{END}{after}" == readme
    with pytest.raises(CourseError, match=r"README\.md must hold the lines <!-- badges: .* once"):
        readme_with_badges(readme.replace(END, ""), lesson.name)


@pytest.mark.slow
def test_a_notebook_that_lies_alone_installs_helpers_and_works(lesson, is_published, tmp_path):
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed; the extra `release` brings it")
    students_wheel(tmp_path / "index")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    python = tmp_path / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # The packages of here without the course itself, which is there by a .pth file only.
    packages = str(Path(np.__file__).parents[1])
    only_here = {"PYTHONPATH": packages, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path / "index")}
    environment = {**os.environ, **only_here, "IPYTHONDIR": str(tmp_path / "ipython")}

    def run(text):
        return subprocess.run(
            [python, "-P", "-c", RUN], input=text, capture_output=True, text=True, cwd=tmp_path, env=environment
        )

    plain = setup_of(student_notebook(lesson)).partition("import math")
    refused = run("import math" + plain[2])
    assert "No module named 'helpers'" in refused.stderr + refused.stdout
    done = run("".join(plain))
    assert done.returncode == 0, done.stdout + done.stderr
    assert str(tmp_path / "env") in done.stdout
    assert "not attempted" in done.stdout
    assert "restart the kernel" in done.stdout  # pip's own words, which are not heard again
    again = run("".join(plain))
    assert (again.returncode, "restart the kernel" in again.stdout) == (0, False), again.stderr
