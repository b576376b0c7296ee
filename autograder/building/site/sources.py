"""What pages the site has: a mapping from path to text, in the shape of the checkout, so that links between files hold.

The solved notebooks become the pages of `notebooks/`; documents are taken as they are. A link to a file that is no page
keeps its words and is none.
"""

import json
import posixpath
import re
from pathlib import Path

from autograder.building.build import PROJECT
from autograder.building.outputs import hashes
from autograder.building.site.browser_page import browser_page, to_open
from autograder.building.site.home import home_pages
from autograder.building.site.lesson_page import lesson_page
from autograder.source.lesson import lesson_names
from autograder.source.problems import CourseError

DOCUMENTS = (
    "docs/kernels.md",
    "docs/coverage.md",
    "benchmarks/kernels.md",
    "autograder/README.md",
    "benchmarks/grading.md",
    "CONTRIBUTING.md",
)
PICTURES = ("docs/check.png", "docs/grading.svg")
MENU = {
    "Reference": ("docs/kernels", "benchmarks/kernels", "docs/coverage"),
    "Use it": ("students", "instructors", "autograder/README", "benchmarks/grading", "CONTRIBUTING"),
}
LINK = re.compile(r"(?<!!)\[(?P<words>[^\]]+)\]\((?P<path>[^)\s:#]+)(?P<part>#[^)\s]*)?\)")
FENCE = re.compile(r"(^```.*?^```|`[^`\n]+`)", re.S | re.M)


def sources(project=PROJECT, browser=None):
    """Return {path: text or bytes} of everything that the site is made from; `browser` is the JupyterLite beside it."""
    names = lesson_names()
    pages = {f"notebooks/{name}.ipynb": _lesson(project, name, to_open(name) if browser else "") for name in names}
    pages |= home_pages(_text(project, "README.md"), names, in_browser=bool(browser))
    if browser:
        titles = {name: _title(pages[f"notebooks/{name}.ipynb"]) for name in names}
        pages["browser.md"] = browser_page(titles, is_whole=browser.pyodide is not None)
    pages |= {path: _text(project, path) for path in DOCUMENTS}
    pages = {path: linked(text, path, pages) if path.endswith(".md") else text for path, text in pages.items()}
    pages["index.md"] += _menu(pages)
    return {**pages, **{path: (project / path).read_bytes() for path in PICTURES}}


def _lesson(project, name, elsewhere):
    solved = _text(project, f"solutions/{name}.ipynb")
    wanted, ran = hashes(solved)
    if not ran or wanted != ran:
        raise CourseError(f"solutions/{name}.ipynb was not run since its code changed. Repair it with: course build")
    try:
        return lesson_page(solved, _text(project, f"notebooks/{name}.ipynb"), elsewhere)
    except KeyError:
        raise CourseError(
            f"{name}.ipynb in notebooks/ and in solutions/ differ in their cells. Repair them with: course build"
        ) from None


def _text(project, path):
    try:
        return (Path(project) / path).read_text(encoding="utf-8")
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}). Repair it with: course build") from None


def linked(text, path, pages):
    """A page's text in which only links to pages of the site, and to other sites, are links; code is left alone."""

    def link(found):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), found["path"]))
        return found[0] if target in pages else found["words"]

    return "".join(one if number % 2 else LINK.sub(link, one) for number, one in enumerate(FENCE.split(text)))


def _menu(pages):
    lessons = [path.removesuffix(".ipynb") for path in pages if path.endswith(".ipynb")]
    titles = {one: f"{posixpath.basename(one)[:2]} {_title(pages[f'{one}.ipynb'])}" for one in lessons}
    menu = {**MENU, "Use it": ("browser", *MENU["Use it"])} if "browser.md" in pages else MENU
    return "".join(
        [_toctree("Lessons", [f"{titles[one]} <{one}>" for one in lessons]), *(_toctree(*one) for one in menu.items())]
    )


def _title(notebook):
    """A lesson's title as the menu has it: what stands before a colon."""
    heading = "".join(json.loads(notebook)["cells"][0]["source"]).splitlines()[0]
    return heading.removeprefix("# ").partition(":")[0]


def _toctree(caption, entries):
    return "\n".join(["", "```{toctree}", ":hidden:", f":caption: {caption}", "", *entries, "```", ""])
