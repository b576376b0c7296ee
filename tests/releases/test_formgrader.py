"""What `course export --to nbgrader` writes is what nbgrader's real formgrader shows, in headless Chromium.

The course directory is our release's, nbgrader itself has autograded what Ada and Bee handed in, and then every score
of its own is set to 0: what the pages show can only be ours.
"""

import secrets
import subprocess
import sys

import pytest
from test_browser import free_port, shoot, wait_for

from autograder.release import release
from autograder.release.shared import with_tools
from autograder.reporting.exporting.exports import Asked, export
from autograder.reporting.exporting.filling import Wanted
from autograder.reporting.record_file import append
from autograder.reporting.records import Standing
from autograder.reporting.settling import settled
from autograder.rules.overrides import Override
from autograder.source.lesson import load_lesson
from conftest import CHROMIUM, FIXTURES
from releases.conftest import run, submission
from releases.marked import NAME, graded, opened, typed

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")]
EXTENSIONS = "{'nbgrader.server_extensions.formgrader': True}"
FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")


@pytest.fixture(scope="module")
def lesson():
    return load_lesson(NAME, FIXTURES)


@pytest.fixture(scope="module")
def records(lesson, tmp_path_factory):
    """The class, in which Cee has a point by a person's decision."""
    found = graded(lesson, tmp_path_factory.mktemp("submissions"))
    decided = {"double": Override("cee", NAME, "double", 1.0, "Right by another way.")}
    return found | {"cee": settled(found["cee"], Standing(), decided)}


@pytest.fixture(scope="module")
def course_folder(lesson, records, tmp_path_factory):
    """The course directory after `nbgrader autograde`, its scores taken away, and after our export."""
    pytest.importorskip("nbgrader", reason="nbgrader is not installed; the extra `release` brings it")
    folder, file = release(lesson, "nbgrader", tmp_path_factory.mktemp("course")), f"{NAME}.ipynb"
    for student in ("ada", "bee"):
        place = folder / "submitted" / student / NAME / file
        submission(place, folder / "release" / NAME / file, typed(lesson)[student])
    run("-m", "nbgrader", "autograde", NAME, cwd=folder)
    with opened(folder / "gradebook.db") as book:
        for one in book.assignment_submissions(NAME):
            for grade in one.notebooks[0].grades:
                grade.auto_score = 0
        book.add_student("cee", first_name="Cee", last_name="Cole", email="cee@example.org")
        book.db.commit()
    exported(records, tmp_path_factory.mktemp("graded"), folder)
    return folder


def exported(records, folder, course_folder):
    """Export records, by a folder of their own, into the gradebook of a course directory; return what is told."""
    for record in records.values():
        append(folder / "records.jsonl", record)
    lines, _ = export(folder, Asked("nbgrader", course_folder / "gradebook.db", wanted=Wanted(lesson="60")))
    return "\n".join(lines)


@pytest.fixture(scope="module")
def server(course_folder, tmp_path_factory):
    """A Jupyter server in the course directory, with formgrader and nothing else; yields the address of its pages."""
    settings, port, token = tmp_path_factory.mktemp("jupyter"), free_port(), secrets.token_hex(8)
    environment = {**with_tools(), **{name: str(settings / name.lower()) for name in FOLDERS}}
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--ip=127.0.0.1", f"--port={port}"]
    command += [f"--IdentityProvider.token={token}", "--allow-root", f"--ServerApp.jpserver_extensions={EXTENSIONS}"]
    with open(settings / "log", "w") as log:
        process = subprocess.Popen(command, cwd=course_folder, env=environment, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/api?token={token}")
        yield lambda path: f"http://127.0.0.1:{port}/formgrader/{path}?token={token}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport={"width": 1200, "height": 700})
    context.set_default_timeout(150_000)
    yield context.new_page()
    context.close()


def rows(page, address):
    """The rows of the table on a page of formgrader's, each as the texts of its cells."""
    page.goto(address)
    page.wait_for_selector("tbody tr td .name-shown, tbody tr td a", state="attached", timeout=150_000)
    read = "[...document.querySelectorAll('tbody tr')].map(r => [...r.cells].map(c => c.textContent.trim()))"
    return page.evaluate(read)


def test_the_pages_show_our_scores(page, server, records):
    students = {row[1]: row for row in rows(page, server("manage_students"))}
    shoot(page, "formgrader-students")
    assert [students[one][3] for one in ("ada", "bee", "cee")] == ["2 / 4.5", "0 / 4.5", "1 / 4.5"]
    assert students["cee"][:3] == ["Cole, Cee", "cee", "cee@example.org"]
    assert [records[one].points for one in ("ada", "bee", "cee")] == [2, 0, 1]
    answers = [row[1:5] for row in rows(page, server(f"gradebook/{NAME}/{NAME}"))]
    shoot(page, "formgrader-answers")
    assert sorted([name[-3:], *scores] for name, *scores in answers) == [
        ["ada", "2 / 4.5", "2 / 2", "0 / 2.5"],
        ["bee", "0 / 4.5", "0 / 2", "0 / 2.5"],
    ]


def test_a_mark_given_there_by_keyboard_stays_after_another_export(page, server, records, course_folder, tmp_path):
    rows(page, server("manage_students"))
    rows(page, server(f"gradebook/{NAME}/{NAME}"))
    page.locator("tbody tr", has_text="ada").locator("a.name-hidden").click()
    page.wait_for_function("document.querySelectorAll('input.score:not([disabled])').length > 1", timeout=120_000)
    page.wait_for_function("document.querySelector('input.score').placeholder !== ''", timeout=120_000)  # scores come
    shoot(page, "formgrader-marking")
    shown = page.eval_on_selector_all("input.score", "all => all.map(one => one.placeholder)")
    checks = [f"{check.points:g}" for check in records["ada"].exercises[0].checks]
    assert shown == [*checks, ""]  # what waits for a person has no score of a machine
    page.locator("input.score").last.focus()
    page.keyboard.type("1.5")
    with page.expect_response(lambda one: "/api/grade/" in one.url and one.request.method == "PUT"):
        page.keyboard.press("Tab")
    exported(records, tmp_path, course_folder)
    (row,) = (row for row in rows(page, server(f"gradebook/{NAME}/{NAME}")) if row[1].endswith("ada"))
    assert row[2:5] == ["3.5 / 4.5", "2 / 2", "1.5 / 2.5"]
