"""`course mark` over HTTP: who is let in, what is shown, what is saved, and that a mark reaches every report."""

import csv
import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree.ElementTree import fromstring

import pytest
from typer.testing import CliRunner

from autograder.building.notebook import notebook_text
from autograder.cli.app import app
from autograder.reporting.classroom.report import report
from autograder.reporting.feedback_page import alias
from autograder.reporting.marking.desk import Desk
from autograder.reporting.marking.joining import Joining, join
from autograder.reporting.marking.prose import ATTRIBUTE, ELEMENT, formula, safe_html
from autograder.reporting.marking.server import MOST_BYTES, MarkingServer
from autograder.reporting.marking.work import Work
from autograder.reporting.output_folder import FolderInUse, kept_secret, opened
from autograder.reporting.records import CheckRecord, ExerciseRecord, Record
from autograder.rules.course_file import Course
from autograder.rules.overrides import Override, add_override, read_overrides
from autograder.source.lesson import load_lesson
from autograder.source.notebook_cells import places
from autograder.source.problems import CourseError
from conftest import filled

LESSON, QUESTION = "01_chain_rule", "why_backwards"
NAMES = ("Able Quux", "Bee Quux", "Cat Quux")


def record(student, answer="One vector.", most=3.0, **more):
    """A record of a student who earned 1 of 2 points by checks and answered the question."""
    check = CheckRecord("a_check", "It is right.", True, "failed", 1.0, 2.0)
    exercises = (
        ExerciseRecord("chain_rule", 1.0, 2.0, "failed", checks=(check,)),
        ExerciseRecord(QUESTION, 0.0, most, "to be marked" if answer else "not attempted", answer=answer),
    )
    lesson = more.pop("lesson", LESSON)
    return Record(student, lesson, f"{student}.ipynb", "0", 1.0, 2 + most, exercises, **more)


@pytest.fixture
def folder(tmp_path):
    """A folder of results: three students answered a question, one did not."""
    return written(tmp_path / "week1", [*map(record, NAMES), record("Dan Quux", answer="")])


def written(folder, records):
    with opened(folder, Course()) as output:
        for one in records:
            output.add(one)
        output.settle()
        output.write_tables({LESSON: load_lesson(LESSON)})
        output.changes()
    return folder


class Browser:
    """What a browser does with the page: it keeps the cookie and reads the tokens of the page that it is at."""

    def __init__(self, port, token=None):
        self.port, self.cookie = port, ""
        self.host = f"127.0.0.1:{port}"
        if token:
            self.cookie = self.get(f"/?token={token}").headers["Set-Cookie"].partition(";")[0]

    def get(self, path="/", **headers):
        return self.ask("GET", path, **headers)

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        sent = {"Host": self.host, "Cookie": self.cookie} | {
            name.replace("_", "-"): one for name, one in headers.items()
        }
        connection.request(method, path, body, {name: one for name, one in sent.items() if one is not None})
        reply = connection.getresponse()
        reply.text = reply.read().decode()
        connection.close()
        return reply

    def open(self, path="/"):
        """Open a page, the one that is led to, and remember what it holds."""
        reply = self.get(path)
        while reply.status == 303:
            reply = self.get(reply.headers["Location"])
        self.page = reply.text
        self.data = dict(re.findall(r'data-(key|csrf|seen)="(.*?)"', self.page))
        return self.page

    def mark(self, lines, note="", **changed):
        """Save a mark from the page that is open; return (status, what came back)."""
        headers = {"Content_Type": "application/json"} | changed.pop("headers", {})
        body = json.dumps(self.data | {"lines": lines, "note": note} | changed)
        reply = self.ask("POST", "/mark", body, **headers)
        is_json = reply.headers["Content-Type"] == "application/json"
        return reply.status, json.loads(reply.text) if is_json else reply.text


@contextmanager
def served(folder, marker="Bea", **more):
    """A running server, and a way to open a browser that is let in."""
    server = MarkingServer(partial(Desk, Work(folder, marker=marker), **more))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server, partial(Browser, server.server_port, server.guard.token)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def lines_of(folder):
    path = folder / "overrides.jsonl"
    return path.read_text().splitlines() if path.exists() else []


def test_only_the_address_of_the_terminal_lets_in(folder):
    with served(folder) as (server, _):
        stranger = Browser(server.server_port)
        for path in ("/", "/?token=", "/?token=x", "/mark.js", "/answer/x"):
            assert stranger.get(path).status == 403, path
        assert stranger.get("/", Cookie=f"mark-{server.server_port}=x").status == 403
        reply = stranger.get(f"/?token={server.guard.token}")
        assert (reply.status, reply.headers["Location"]) == (303, "/")
        name, *attributes = reply.headers["Set-Cookie"].split("; ")
        assert name.startswith(f"mark-{server.server_port}=")
        assert server.guard.token not in name
        assert set(attributes) == {"HttpOnly", "SameSite=Strict", "Path=/"}
        assert stranger.get(f"/answer/{'0' * 24}", Cookie=name).status == 404
        assert server.server_address[0] == "127.0.0.1"


def test_the_token_that_a_process_list_shows_opens_the_page_once(folder):
    with served(folder) as (server, _):
        once, stranger = server.guard.once, Browser(server.server_port)
        assert [stranger.get(f"/?token={once}").status for _ in range(2)] == [303, 403]
        assert stranger.get("/?token=").status == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "", "[::1]:{port}"]
)
def test_a_name_that_somebody_points_here_is_not_served(folder, host):
    with served(folder) as (server, browser):
        reader = browser()
        reader.open()
        reader.host = host.format(port=server.server_port)
        assert reader.get(f"/?token={server.guard.token}").status == 421
        assert reader.get(f"/answer/{reader.data['key']}").status == 421
        assert reader.mark([1])[0] == 421
        reader.host = f"localhost:{server.server_port}"
        assert reader.get(f"/answer/{reader.data['key']}").status == 200
    assert lines_of(folder) == []


REFUSED = {
    "no token": ({"csrf": ""}, 403),
    "the token of another run": ({"csrf": "x" * 43}, 403),
    "no text": ({"csrf": 1}, 403),
    "another origin": ({"headers": {"Origin": "http://evil.example"}}, 403),
    "a page without an origin": ({"headers": {"Origin": "null"}}, 403),
    "another port": ({"headers": {"Origin": "http://127.0.0.1:1"}}, 403),
    "another site": ({"headers": {"Sec_Fetch_Site": "same-site"}}, 403),
    "no cookie": ({"headers": {"Cookie": ""}}, 403),
    "a form": ({"headers": {"Content_Type": "application/x-www-form-urlencoded"}}, 415),
    "plain text": ({"headers": {"Content_Type": "text/plain"}}, 415),
    "a book": ({"note": "x" * MOST_BYTES}, 413),
    "a long note": ({"note": "x" * 5000}, 400),
    "a line that is not there": ({"lines": [4]}, 400),
    "line 0": ({"lines": [0]}, 400),
    "no number": ({"lines": [True]}, 400),
    "no list": ({"lines": "1"}, 400),
    "no version": ({"seen": None}, 400),
    "no such answer": ({"key": "0" * 24}, 404),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_come_from_the_page_is_not_saved(folder, name):
    with served(folder) as (_, browser):
        reader = browser()
        reader.open()
        change, status = REFUSED[name]
        assert reader.mark(**{"lines": [1], **change})[0] == status
        assert lines_of(folder) == []
        assert reader.mark([1])[0] == 200
    assert len(lines_of(folder)) == 1


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', "[" * 5000])
def test_a_body_that_is_no_mark_is_refused(folder, body):
    with served(folder) as (_, browser):
        assert browser().ask("POST", "/mark", body, Content_Type="application/json").status == 400


def test_every_reply_carries_the_headers_and_no_page_has_a_script_of_its_own(folder):
    with served(folder) as (server, browser):
        reader = browser()
        page = reader.open()
        stranger = Browser(server.server_port)
        replies = [reader.get(path) for path in ("/", f"/answer/{reader.data['key']}", "/mark.js", "/mark.css", "/x")]
        replies += [stranger.get("/"), reader.ask("PUT", "/mark"), reader.ask("POST", "/x")]
        assert [reply.status for reply in replies] == [303, 200, 200, 200, 404, 403, 501, 415]
        for reply in replies:
            policy = reply.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'")
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert (reply.headers["Cache-Control"], reply.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
            assert reply.headers["X-Content-Type-Options"] == "nosniff"
            assert "Python" not in reply.headers["Server"]
    assert re.findall(r"<script.*?>(.*?)</script>", page, re.S) == [""]
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)


class Found(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a\n\n<svg onload=alert(1)>\n\nb",
    "[x](javascript:alert(1)) ![x](http://evil.example/x.png) <http://evil.example> http://evil.example",
    "[x]: http://evil.example 'y'\n\n[x]",
    "```html onclick=alert(1)\n<script>\n```",
    '`"><script>` **<b onclick=x>**',
    "# <h1 id=told>\n\n&lt;script&gt; &#60;script&#62;",
    "</div></section><form action=http://evil.example><input name=csrf>",
    "<details open ontoggle=alert(1)>",
    r"$\text{<script>alert(1)</script>}$ $\text{\&lt;script>}$ $\unicode{x3c}script>$",
    r"$\href{javascript:alert(1)}{x}$ $\style{background:url(//evil.example)}{x}$ $\class{told}{x}$",
    r"$\color{red\" onclick=\"x}{x}$ $\mathrm{<b>}$ $\operatorname{<i>}$ $\begin{array}{c\" onclick=x}1\end{array}$",
    r"$\hspace{1em\" onclick=\"x}$ $\rule{9em}{9em}$ $\tag{<b>}$ $\label{<b>}$ $<b>$ $$</math><script>$$",
    "\\begin{align}\n<script>&=1\n\\end{align}\n\n$$\n</math><img src=x>\n$$",
    "$\\def\\x{<script>}\\x$ $\\frac{<script>$ $" + "{" * 3000 + "$",
]
OWN = {"p", "strong", "em", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "br"}


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_student_writes_is_more_than_text(tmp_path, text):
    found = Found(safe_html(text))
    assert [tag for tag in found.tags - OWN if not ELEMENT.fullmatch(tag)] == []
    assert [one for one in found.attributes - {"class", "start"} if not ATTRIBUTE.fullmatch(one)] == []
    folder = written(tmp_path / "week1", [record("able", text)])
    with served(folder) as (_, browser):
        reader = browser()
        plain = Found(Browser.open(reader).replace(str(safe_html(text)), ""))
        reader.mark([1], note=text[:3000])
        again = Found(reader.open().replace(str(safe_html(text)), ""))
    assert (again.tags, again.attributes - {"checked", "data-marked", "hidden"}) == (
        plain.tags,
        plain.attributes - {"checked", "data-marked", "hidden"},
    )
    assert "onerror" not in again.attributes | plain.attributes


def test_markdown_and_formulas_are_shown_as_in_the_notebook():
    html = safe_html("# A heading\n\nIt is *one* vector, $v^\\top J$; `a < b` and $5.\n\n- $$\\frac{1}{2}$$\n- <b>")
    assert "<strong>A heading</strong>" in html
    assert "<h1" not in html
    assert '<math display="inline"><mrow><msup><mi>v</mi><mo>⊤</mo></msup><mi>J</mi></mrow></math>' in html
    assert (
        '<math display="block"><mrow><mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac></mrow></math>'
        in html
    )
    assert "<code>a &lt; b</code> and $5." in html
    assert "<li>&lt;b&gt;</li>" in html


@pytest.mark.parametrize("latex", ["\\frac{", "{" * 900 + "}" * 900, "x" * 3000, r"\left(" * 300, "\\def\\a{b}\\a"])
def test_a_formula_that_cannot_be_set_is_shown_as_it_was_written(latex):
    assert formula(latex) == f'<code class="unset">{latex}</code>'


def test_no_element_comes_from_the_library_that_is_not_on_the_list(monkeypatch):
    made = fromstring('<math><script src="x">1 &lt; 2</script><a href="x"><mi onclick="x">x</mi></a></math>')
    monkeypatch.setattr("autograder.reporting.marking.prose.convert_to_element", lambda *_, **__: made)
    assert formula("x") == "<math><mrow>1 &lt; 2</mrow><mrow><mi>x</mi></mrow></math>"


def test_definitions_that_double_each_other_cost_nothing():
    names = "abcdefghijklmnopqrstu"
    doubling = "".join(f"\\def\\{new}{{\\{old}\\{old}}}" for old, new in pairwise(names))
    began = time.perf_counter()
    formula(f"\\def\\a{{x}}{doubling}\\u")
    assert time.perf_counter() - began < 0.5


def test_a_page_shows_all_that_marking_needs_and_no_name(folder):
    question = load_lesson(LESSON).questions[QUESTION].question
    secret = kept_secret(folder)
    with served(folder) as (_, browser):
        page = browser().open()
        stripped = re.sub(r"<[^>]+>", "", page)
        assert "One vector." in stripped
        assert "Take a network with a million parameters and one loss." in stripped
        assert "Coming from it, all that is carried is" in stripped
        assert [line in stripped for _, line in question.rubric] == [True] * 3
        assert "0 of 3 marked" in stripped
        aliases = []
        while True:
            aliases += re.findall(r"student-\w{8}", page)
            assert "Quux" not in page
            following = re.search(r'id="next" rel="next" href="(.*?)"', page)
            if not following:
                break
            page = browser().open(following[1])
    assert aliases == sorted(alias(secret, name) for name in NAMES)


def test_a_mark_is_saved_at_once_and_the_next_visit_goes_on(folder):
    with served(folder) as (_, browser):
        reader = browser()
        reader.open()
        first = reader.data["key"]
        status, state = reader.mark([1, 3], "  The cost <is> missing.  ")
        assert (status, state["points"], state["progress"]) == (200, "2 of 3 points", "1 of 3 marked")
        assert state["told"] == "Saved: 2 of 3 points, with the note."
        (line,) = map(json.loads, lines_of(folder))
        assert (line["lines"], line["points"], line["marker"]) == ([1, 3], 2, "Bea")
        assert line["why"] == line["note"] == "The cost <is> missing."
        assert (folder / "overrides.jsonl").stat().st_mode & 0o777 == 0o600
    with served(folder) as (_, browser):
        reader = browser()
        assert "data-marked" not in reader.open()
        assert reader.data["key"] != first
        page = reader.open(f"/answer/{first}")
        assert re.findall(r'value="(\d)" checked', page) == ["1", "3"]
        assert "The cost &lt;is&gt; missing.</textarea>" in page
        assert reader.mark([])[1]["told"] == "Saved: 0 of 3 points."
        for _ in range(2):
            reader.open()
            told = reader.mark([2])[1]["told"]
        assert told == "Saved: 1 of 3 points. All 3 are marked."
        assert reader.open()  # marked ones can be read again


def test_a_mark_can_be_taken_back(folder):
    with served(folder) as (_, browser):
        reader = browser()
        reader.open()
        reader.data["seen"] = reader.mark([1, 2, 3])[1]["seen"]
        join(folder)
        assert sorted(grades(folder)) == ["1", "1", "1", "4"]
        status, state = reader.mark(None)
        assert (status, state["is_marked"], state["told"]) == (200, False, "Saved: this answer is not marked.")
        assert state["progress"] == "0 of 3 marked"
    join(folder)
    assert set(grades(folder)) == {"1"}


def grades(folder):
    with open(folder / "grades.csv", newline="") as file:
        return [row[LESSON] for row in csv.DictReader(file)]


def test_another_markers_mark_is_shown_and_not_overwritten(folder):
    with served(folder, "Bea") as (_, first), served(folder, "Cid") as (_, second):
        bea, cid = first(), second()
        bea.open()
        cid.open()
        assert bea.data["key"] == cid.data["key"]
        assert bea.mark([1, 2], "Good.")[0] == 200
        status, state = cid.mark([3], "Mine.")
        assert status == 409
        assert re.fullmatch(
            r"Not saved\. 2 of 3 points by Bea, \d\d:\d\d UTC came in while this page was open, and is what you see "
            r"now\. "
            r'Yours was: line 3, with the note "Mine\."\. Mark it again if you still want to\.',
            state["told"],
        )
        assert (state["lines"], state["note"], len(lines_of(folder))) == ([1, 2], "Good.", 1)
        cid.data["seen"] = state["seen"]
        assert cid.mark([3], "Mine.")[0] == 200
        assert bea.mark([1])[1]["told"].startswith("Not saved. 1 of 3 points by Cid")
        bea.data["seen"] = cid.data["seen"] = bea.mark([1])[1]["seen"]
        assert cid.mark(None)[0] == 200
        assert "The mark was taken back while this page was open" in bea.mark([1])[1]["told"]


def test_of_many_who_mark_the_same_page_at_once_one_is_saved(folder, monkeypatch):
    found = Work.mark

    def slow(work, answer):
        mark = found(work, answer)
        time.sleep(0.05)  # what was looked up is old by now, unless nobody else may write
        return mark

    monkeypatch.setattr(Work, "mark", slow)
    with served(folder) as (_, browser):
        readers = [browser() for _ in range(6)]
        for reader in readers:
            reader.open()
        with ThreadPoolExecutor(6) as pool:
            statuses = list(pool.map(lambda reader: reader.mark([random.randint(1, 3)])[0], readers))
    assert sorted(statuses) == [200] + [409] * 5
    assert len(lines_of(folder)) == 1


def test_a_decision_by_regrade_is_seen_on_the_page(folder):
    with served(folder) as (server, browser):
        reader = browser()
        reader.open()
        student = server.desk.work.answers()[reader.data["key"]].student
        add_override(folder, Override(student, LESSON, QUESTION, 2.5, "Right, by another route."))  # as it does
        status, state = reader.mark([1])
        assert status == 409
        assert "Right, by another route. came in while" in state["told"]
        assert state["lines"] == []
        reader.data["seen"] = state["seen"]
        assert reader.mark([1])[0] == 200
    join(folder)
    assert sorted(grades(folder)) == ["1", "1", "1", "2"]


def test_a_mark_is_for_the_answer_that_was_read(folder):
    with served(folder) as (server, browser):
        reader = browser()
        reader.open()
        answer = server.desk.work.answers()[reader.data["key"]]
        assert reader.mark([1, 2, 3])[0] == 200
        written(folder, [record(answer.student, "Another answer.")])
        assert reader.mark([1])[0] == 404  # the page is of an answer that does not count any more
        assert [one.answer for one in read_overrides(folder)[answer.student, LESSON][QUESTION]] == [answer.fingerprint]
        assert sorted(grades(folder)) == ["1"] * 4
        marked = server.desk.work.marks()
        assert marked == {}
        assert "Another answer." in "".join(reader.open(f"/answer/{key}") for key in server.desk.work.answers())
    written(folder, [record(answer.student)])  # the first one again, as where another attempt counts
    assert sorted(grades(folder)) == ["1", "1", "1", "4"]


def test_what_the_disk_refuses_is_not_said_to_be_saved(folder, monkeypatch):
    with served(folder) as (_, browser):
        reader = browser()
        reader.open()

        def full(number):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("autograder.rules.overrides.os.fsync", full)
        status, said = reader.mark([1])
        assert (status, "No space left on device). Nothing was saved." in said) == (500, True)


def test_marks_join_in_quiet_moments_and_wait_for_a_grader(folder):
    joining = Joining(folder, quiet=0.05)
    with joining.running(), served(folder, saved=joining.ask) as (_, browser):
        reader = browser()
        with at_work(folder):
            reader.open()
            reader.mark([1, 2])
            with pytest.raises(FolderInUse):
                join(folder)
            time.sleep(0.2)
            assert set(grades(folder)) == {"1"}
        until(lambda: "3" in grades(folder))
    assert Work(folder).is_joined()


@contextmanager
def at_work(folder):
    """Within this, another process holds the folder, as a grader does."""
    code = (
        "import fcntl, sys; file = open(sys.argv[1], 'w'); fcntl.lockf(file, fcntl.LOCK_EX); print(flush=True); input()"
    )
    command = [sys.executable, "-c", code, folder / ".lock"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        yield
        process.communicate("\n")


def until(holds, seconds=10):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def command(folder, *words):
    """`course mark` in a process of its own, and the address that it prints."""
    words = [sys.executable, "-P", "-m", "autograder", "mark", str(folder), "--no-open", *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process = subprocess.Popen(words, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}, **pipes)
    try:
        assert process.stdout.readline() == f"Reading the records in {folder} ...\n"
        process.said = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)", process.stdout.readline())
        yield process, partial(Browser, int(address[1]), address[2])
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_kill_loses_nothing_that_was_said_to_be_saved_and_the_next_run_goes_on(tmp_path):
    folder, saved = written(tmp_path / "week1", [record(f"s{number:02}") for number in range(30)]), {}

    def mark_all(browser):
        reader = browser()
        for number in range(1000):
            reader.open()
            lines = [1 + number % 3]
            if reader.mark(lines, f"note {number}")[0] == 200:
                saved[reader.data["key"]] = lines, f"note {number}"

    def until_killed(browser):
        with pytest.raises((OSError, http.client.HTTPException)):
            mark_all(browser)

    with command(folder, "--name", "Bea") as (process, browser):
        thread = threading.Thread(target=until_killed, args=(browser,))
        thread.start()
        until(lambda: len(saved) > random.randint(3, 12))
        process.kill()
        thread.join()
    kept = Work(folder).marks()
    assert len(saved) <= len(kept) <= len(saved) + 1
    assert saved.items() <= {key: ([*one.lines], one.note) for key, one in kept.items()}.items()
    with command(folder) as (process, browser):
        assert process.said.startswith(f"{len(kept)} of 30 answers are marked.")
        reader = browser()
        reader.open()
        assert reader.data["key"] not in kept
        assert reader.mark([1, 2, 3])[0] == 200
        process.send_signal(signal.SIGINT)
        told = process.stdout.read()
    assert process.returncode == 0
    assert (
        f"\nStopped: {len(kept) + 1} of 30 answers are marked, and all of it is saved.\nRecords, grades.csv and" in told
    )
    assert not re.search(r"\bs\d\d\b", told.replace(str(folder), ""))  # no names
    assert sum(value != "1" for value in grades(folder)) == len(kept) + 1


def test_a_mark_reaches_record_table_page_report_and_survives_another_run(folder):
    with served(folder) as (_, browser):
        for lines in ([1], [1, 2], [1, 2, 3]):
            reader = browser()
            reader.open()
            reader.mark(lines, "Say what it <costs>." if lines == [1] else "")
    join(folder)
    written(folder, [])
    assert sorted(grades(folder)) == ["1", "2", "3", "4"]
    text = (folder / "grades.csv").read_text()
    assert "to be marked" not in text
    pages = [path.read_text() for path in (folder / "feedback").iterdir()]
    assert sum("marked, 1 of 3" in page and "Say what it &lt;costs&gt;." in page for page in pages) == 1
    assert sum("marked, 3 of 3" in page and "A person read this answer and marked it." in page for page in pages) == 1
    path, (lesson,) = report(folder)
    (line,) = [one for one in lesson.exercises if one.name == QUESTION]
    assert (line.difficulty, line.not_attempted, lesson.waiting) == (pytest.approx(6 / 12), 0.25, ())
    assert "waits for a mark" not in path.read_text()
    assert f"1,2,by hand: {QUESTION} 1: Say what it <costs>." in (folder / "changes.csv").read_text()


WRONG = {
    "no records": ([], [], "There are no records in "),
    "nothing to mark": ([record("able", answer="")], [], "No answer in "),
    "no such question": ([record("able")], ["--exercise", "why_backward"], "Did you mean 'why_backwards'?"),
    "other points": ([record("able", most=4.0)], [], "it is worth 3 points, there 4. Grade again with `course grade`"),
    "another lesson": ([record("able", lesson="77_gone")], [], "of 77_gone, there is no such question"),
    "no port": ([record("able")], ["--port", "70000"], "The page cannot be served at port 70000"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_keeps_one_from_marking_is_a_sentence(tmp_path, monkeypatch, name):
    monkeypatch.setattr(MarkingServer, "serve_forever", lambda *_: pytest.fail("it serves"))
    records, words, said = WRONG[name]
    folder = written(tmp_path / "week1", records) if records else tmp_path
    result = CliRunner().invoke(app, ["mark", str(folder), "--no-open", *words])
    assert isinstance(result.exception, CourseError)
    assert said in str(result.exception)


def test_a_port_in_use_is_a_sentence(folder):
    with served(folder) as (server, _):
        result = CliRunner().invoke(app, ["mark", str(folder), "--no-open", "--port", str(server.server_port)])
    assert isinstance(result.exception, CourseError)
    assert f"port {server.server_port} (Address already in use). Leave --port away" in str(result.exception)


def test_one_question_of_several_can_be_asked_for(folder):
    second = next(iter(load_lesson("05").questions.values()))
    other = replace(record("Able Quux"), lesson="05_sequences", file="other.ipynb")
    (own,) = [one for one in other.exercises if one.name == QUESTION]
    own = replace(own, name=second.name, max_points=second.question.points)
    written(folder, [replace(other, exercises=(own,))])
    assert len(Work(folder).answers()) == 4
    work = Work(folder, exercise=second.name)
    assert [one.exercise for one in work.answers().values()] == [second.name]
    with served(folder) as (_, browser):
        page = browser().open()
    assert "0 of 4 in all" in page
    assert page.count('aria-current="true"') == 1


@pytest.mark.slow
def test_a_class_is_graded_marked_and_graded_again(tmp_path):
    lesson = load_lesson(LESSON)
    (place,) = places(lesson).values()
    folder, out = tmp_path / "class", tmp_path / "out"
    folder.mkdir()
    (folder / "course.toml").write_text(f'lessons = ["{LESSON}"]\n')

    def hand_in(student, text):
        (folder / f"{student}.ipynb").write_text(notebook_text(filled(lesson, {place.cell: text})), encoding="utf-8")

    def run(*words):
        result = CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    hand_in("able", "One vector for each value.")
    hand_in("bee", "I do not know.")
    assert "to be marked by a person, with `course mark` (2)" in run("grade", folder, "--out", out, "--workers", 1)
    with served(out) as (server, browser):
        for key, answer in server.desk.work.answers().items():
            reader = browser()
            reader.open(f"/answer/{key}")
            assert reader.mark([1, 2] if answer.student == "able" else [])[0] == 200
    said = run("grade", folder, "--out", out)
    assert "    able 01_chain_rule: 0 -> 2\n" in said
    assert "  by hand: " in said
    assert "to be marked" not in said
    assert grades(out) == ["2", "0"]
    hand_in("able", "One vector for each value, in two forward passes.")
    said = run("grade", folder, "--out", out)
    assert "to be marked by a person, with `course mark` (1): why_backwards of able" in said
    assert "2 -> 0" in said
    run("export", out, "--to", "csv")
