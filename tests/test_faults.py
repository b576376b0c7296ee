"""What breaks elsewhere: a fault of a notebook or a file, alone or among honest ones, costs no more than its own."""

import gc
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

import pytest

from autograder.building.notebook import notebook_text
from autograder.grading import jobs, one_file, whole_class
from autograder.grading.jobs import find_jobs
from autograder.grading.matching import Matching
from autograder.grading.one_file import ClassGrader, Settings
from autograder.grading.one_submission import grade
from autograder.grading.submission import MAX_BYTES, MAX_CODE, read_submission
from autograder.remote.zygote import Limits, Zygote
from autograder.reporting.record_file import read_records
from autograder.source.lesson import load_lesson
from conftest import BUBBLEWRAP, FIXTURES, QUICK, filled, solutions

FULL = {"slope": 4, "letter": 2, "pair": 2.5}
SLOPE = "slope-answer"
RIGHT = "\n    if a == 0:\n        raise ValueError\n    return 2.0 * a * np.asarray(x)\n"


def slope(*, call="", cell="", after=""):
    """An answer cell for `slope` that is right but for a statement in the call, above it or below it in the cell."""
    head = "def slope(x, a=1.0):" + (f"\n    {call}" if call else "")
    return (f"{cell}\n" if cell else "") + head + RIGHT + after


DETACHED = "import os\n{}if os.fork() == 0:\n{}    os.setsid()\n{}    while True: pass"
DEEP = "import os\nfor _ in range(1200):\n    os.mkdir('a'); os.chdir('a')\n"
# name: (the answer cell, the points that slope keeps, words of the sentence that says why it lost some)
FAULTS = {
    "4 GiB in a call": (slope(call="[0] * (1 << 29)"), 0, "MemoryError"),
    "4 GiB in its cell": (slope(cell="huge = bytearray(1 << 32)"), 0, "MemoryError"),
    "4 GiB, piece by piece": (
        slope(call="pile = []\n    while True: pile.append(np.empty(1 << 24))"),
        0,
        "MemoryError",
    ),
    "100 MB in one line": (slope(call="print('x' * 100_000_000)"), 4, ""),
    "100 000 lines": (slope(call="for i in range(100_000): print(i)"), 4, ""),
    "a fork bomb in a call": (slope(call="import os\n    while True: os.fork()"), 0, "PermissionError"),
    "a fork bomb in its cell": (slope(cell="import os\nwhile True: os.fork()"), 0, "PermissionError"),
    "a detached child": (slope(cell=DETACHED.format("", "", "")), 0, "PermissionError"),
    "another program": (slope(call="import subprocess; subprocess.run(['sleep', '60'])"), 0, "PermissionError"),
    "threads without end": (
        slope(call="import threading, time\n    while True: threading.Thread(target=time.sleep, args=(60,)).start()"),
        0,
        "can't start new thread",
    ),
    "a thread that stays": (
        slope(cell="import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()"),
        4,
        "",
    ),
    "another folder": (slope(call="import os; os.chdir('/')"), 4, ""),
    "its folder deleted": (slope(call="import shutil; shutil.rmtree('../work', ignore_errors=True)"), 4, ""),
    "a deep folder": (slope(cell=DEEP), 4, ""),
    "a folder without rights": (slope(cell="import os\nos.mkdir('x')\nos.mkdir('x/y')\nos.chmod('x', 0)"), 4, ""),
    "a folder in place of ours": (slope(cell="import os\nos.rmdir(os.getcwd())\nopen('../work', 'w').close()"), 4, ""),
    "a link in place of ours": (slope(cell="import os\nos.rmdir(os.getcwd())\nos.symlink('/tmp', '../work')"), 4, ""),
    "a file without end": (
        slope(cell="f = open('f', 'wb', 0)\nwhile True: f.write(bytes(1 << 22))"),
        0,
        "",  # by the kernel's limit of a file, or by the count of the folder: whichever sees it first
    ),
    "no stdout in a call": (slope(call="import sys; sys.stdout = sys.stderr = None"), 4, ""),
    "descriptors closed in a call": (slope(call="import os; os.closerange(0, 256)"), 0, "Python itself ended"),
    "descriptors closed in its cell": (slope(cell="import os; os.closerange(0, 256)"), 0, "Python itself ended"),
    "a segfault in its cell": (slope(cell="import ctypes; ctypes.string_at(0)"), 0, "Python itself ended"),
    "abort": (slope(call="import os; os.abort()"), 0, "Python itself ended"),
    "it kills itself": (slope(call="import os; os.kill(os.getpid(), 9)"), 0, "Python itself ended"),
    "a stack overflow in C": (
        slope(call="import sys; sys.setrecursionlimit(10**9)\n    def f(*_): max((0,), key=f)\n    f()"),
        0,
        "Python itself ended",
    ),
    "endless recursion in its cell": (slope(cell="def f(): f()\nf()"), 0, "RecursionError"),
    "KeyboardInterrupt in its cell": (slope(cell="raise KeyboardInterrupt"), 0, "KeyboardInterrupt"),
    "GeneratorExit in a call": (slope(call="raise GeneratorExit"), 0, "GeneratorExit"),
    "an exception that does not print": (
        slope(call="raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})"),
        0,
        "raised",
    ),
    "half a character": (slope(call="raise TypeError(chr(0xD800))"), 0, "TypeError: ?."),
    "sleep in a call": (slope(call="import time; time.sleep(60)"), 0, "did not return within 1 s"),
    "sleep in its cell": (slope(cell="import time; time.sleep(60)"), 0, "did not finish within 1 s"),
    "input() in its cell": (slope(cell="n = int(input('n? '))"), 0, "EOFError"),
    "quit() below it": (slope(after="quit()"), 4, ""),
    "a print": (slope(call="print(x, a)"), 4, ""),
    "logging and stderr": (
        slope(call="import logging, sys; logging.error('e'); print(x, file=sys.stderr, flush=True)"),
        4,
        "",
    ),
    "a warning": (slope(call="import warnings; warnings.warn('w' * 10_000)"), 4, ""),
    "100 000 warnings": (
        slope(call="import warnings\n    for i in range(100_000): warnings.warn(str(i))"),
        None,
        "",
    ),
}


@pytest.fixture
def course(monkeypatch):
    return only_the_fixture_lesson(monkeypatch)


def only_the_fixture_lesson(monkeypatch):
    """Let classes be graded by the fixture lesson, and return it."""
    lesson = load_lesson("50_fixture", FIXTURES)
    for module in (one_file, whole_class, jobs):
        monkeypatch.setattr(module, "lesson_names", lambda: [lesson.name])
        monkeypatch.setattr(module, "load_lesson", lambda name: lesson, raising=False)
    return lesson


def graded_class(folder, out, *, workers=2, **limits):
    """Grade a folder and return ({student: record}, exit code)."""
    settings = Settings(secret="s", limits=Limits(cell=1.0, call=1.0, submission=20.0, **limits))
    frozen = gc.get_freeze_count()
    code = whole_class.grade_class([folder], out, settings=settings, workers=workers)
    assert gc.get_freeze_count() <= frozen  # what calls the grader gets its garbage collector back
    return {one.student: one for _, one in read_records(out / "records.jsonl")}, code


def points(record):
    return {one.name: one.points for one in record.exercises}


def told(graded):
    """Everything that an instructor reads about a submission."""
    return " ".join([*graded.problems, *(check.text for one in graded.exercises for check in one.checks)])


def relatives(scratch):
    """The processes of a zygote: the environment they were started in names its folder, also when they detach."""
    return [entry.name for entry in Path("/proc").glob("[0-9]*") if str(scratch).encode() in _environment(entry)]


def _environment(entry):
    try:
        return (entry / "environ").read_bytes()
    except OSError:
        return b""


def half_of(names):
    """As parameters, of which every second is slow."""
    return [pytest.param(name, marks=[pytest.mark.slow] * (number % 2)) for number, name in enumerate(names)]


@pytest.mark.parametrize("fault", half_of(FAULTS))
def test_a_fault_in_an_answer_costs_that_answer_only(fixture_lesson, zygote, tmp_path, fault):
    text, kept, words = FAULTS[fault]
    path = tmp_path / "x.ipynb"
    path.write_text(notebook_text(filled(fixture_lesson, {**solutions(fixture_lesson), SLOPE: text})), encoding="utf-8")
    matching, before = Matching(fixture_lesson), relatives(zygote._scratch)
    graded = grade(read_submission(path), matching, zygote, seed=1, limits=QUICK)
    earned = {one.name: one.points for one in graded.exercises}
    assert {**earned, "slope": 0} == {**FULL, "slope": 0}
    assert kept is None or earned["slope"] == kept, told(graded)
    assert words in told(graded)
    assert graded.seconds < 4
    assert relatives(zygote._scratch) == before
    again = grade(read_submission(path), matching, zygote, seed=1, limits=QUICK)
    assert {one.name: one.points for one in again.exercises} == earned


@pytest.mark.slow
def test_in_one_batch_the_honest_ones_stay_honest(course, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = tmp_path / "class"
    folder.mkdir()
    whole = notebook_text(filled(course, solutions(course)))
    for number, (text, *_) in enumerate(FAULTS.values()):
        broken = filled(course, {**solutions(course), SLOPE: text})
        (folder / f"b{number:02}.ipynb").write_text(notebook_text(broken), encoding="utf-8")
        (folder / f"h{number:02}.ipynb").write_text(whole, encoding="utf-8")
    started = time.monotonic()
    records, code = graded_class(folder, tmp_path / "out")
    assert code == 0
    assert len(records) == 2 * len(FAULTS)
    assert {tuple(points(one).items()) for name, one in records.items() if name[0] == "h"} == {tuple(FULL.items())}
    for number, (fault, (_, kept, _)) in enumerate(FAULTS.items()):
        earned = points(records[f"b{number:02}"])
        assert kept is None or earned == {**FULL, "slope": kept}, fault
    assert time.monotonic() - started < 2.5 * len(FAULTS)
    assert relatives(tmp_path) == []


OWN = {
    "a fork bomb": "import os\nwhile True: os.fork()",
    "a detached child": DETACHED.format("", "", ""),
    "4 GiB": "huge = np.ones((1 << 29,))",
    "closing descriptors": "import os; os.closerange(0, 256)",
    "deleting its folder": "import os, shutil; shutil.rmtree(os.getcwd())",
    "a deep folder": DEEP,
    "warnings as errors": "import warnings; warnings.simplefilter('error')",
    "floating-point errors raise": "np.seterr(all='raise')",
    "names of builtins": "list = sum = type = str = len = print = 0",
    "another seed": "np.random.seed(0); import random; random.seed(0)",
    "quit()": "quit()",
    "exit()": "exit()",
    "input()": "name = input('Who are you? ')",
    "help": "np.dot?",
    "display": "from IPython.display import display, HTML; display(HTML('<b>x</b>'), np.eye(2))",
    "a magic of notebooks": "%config InlineBackend.figure_format = 'retina'",
    "a magic that is not there": "%load_ext nothing_like_this",
    "timing": "%timeit -n1 -r1 np.eye(2)",
    "another language": "%%bash\necho hello",
    "not Python at all": "Dear grader, I do not know.",
    "an escape that is none": "path = 'C:\\data\\d'",
    "a null character": "x = '\0'",
    "half a character": "x = '\ud800'",
    "a file of its own": "open('notes.txt', 'w').write('x'); np.save('a.npy', np.eye(2)); plt.savefig('p.png')",
    "many figures": "for _ in range(30): plt.figure()",
    "tqdm": "from tqdm import tqdm\nfor _ in tqdm(range(3)): pass",
    "a module that is not there": "import nothing_like_this",
    "another check": "grader.check('slope'); grader.check('nothing'); grader.progress()",
    "recursion": "import sys; sys.setrecursionlimit(100_000)\ndef f(n): return f(n + 1)\nf(0)",
    "a deep expression": "x = " + "-" * 50_000 + "1",
    "many parentheses": "x = " + "(" * 5_000 + ")" * 5_000,
    "an early None": "np = None",
    "everything deleted": "%reset -f",
    "names deleted": "del np, plt, math",
}


@pytest.mark.parametrize("what", half_of(OWN))
def test_a_cell_of_their_own_costs_nothing(grade_notebook, fixture_lesson, what):
    notebook = filled(fixture_lesson, solutions(fixture_lesson))
    cell = {"cell_type": "code", "source": OWN[what], "metadata": {}, "outputs": [], "execution_count": None}
    notebook.cells = [cell, *notebook.cells, cell]
    assert grade_notebook(json.dumps(notebook))[0] == FULL


def _notebook(change):
    return lambda whole: json.dumps(change(json.loads(whole))).encode()


FILES = {
    "cut.ipynb": (lambda whole: whole[:1000].encode(), "cut off"),
    "empty.ipynb": (lambda whole: b"", "empty"),
    "zip.ipynb": (lambda whole: b"PK\x03\x04", "zip archive"),
    "binary.ipynb": (lambda whole: bytes(range(256)), "not text"),
    "r.ipynb": (_notebook(lambda n: {**n, "metadata": {"kernelspec": {"language": "R"}}}), "written for r"),
    "list.ipynb": (lambda whole: b"[]", "not a notebook"),
    "code.ipynb": (_notebook(lambda n: {**n, "cells": [_code("x = 1\n" * (MAX_CODE // 4))]}), "of code"),
    "parts.ipynb": (lambda whole: b"[" + b"[]," * 2_100_000 + b"[]]", "too many parts"),
    "large.ipynb": (None, "100 MB"),
    "foreign.ipynb": (_notebook(lambda n: {"cells": [_code("x = 1")], "metadata": {}}), "which lesson"),
    "no-cells.ipynb": (_notebook(lambda n: {**n, "cells": []}), ""),
    "bom.ipynb": (lambda whole: b"\xef\xbb\xbf" + whole.encode(), None),
    "utf16.ipynb": (lambda whole: whole.encode("utf-16"), None),
    "crlf.ipynb": (lambda whole: whole.replace("\n", "\r\n").encode(), None),
    "no-kernel.ipynb": (_notebook(lambda n: {**n, "metadata": {}}), None),
    "smith_50_fixture (2).ipynb": (str.encode, None),
    "browser.ipynb.txt": (str.encode, None),
    "upper.IPYNB": (str.encode, None),
    "امید رضایی.ipynb": (str.encode, None),
    "山田 太郎.ipynb": (str.encode, None),
    "id with spaces 12 34.ipynb": (str.encode, None),
    "=1+1.ipynb": (str.encode, None),
    "Ada King_77_assignsubmission_file/50_fixture.ipynb": (str.encode, None),
    "first/twice.ipynb": (str.encode, None),
    "second/twice.ipynb": (lambda whole: whole[:500].encode(), None),
    "outputs.ipynb": (_notebook(lambda n: {**n, "cells": [_code("1", "y" * 30_000_000), *n["cells"]]}), None),
    "nbformat3.ipynb": (_notebook(lambda n: {"nbformat": 3, "worksheets": [{"cells": n["cells"]}]}), None),
}
IGNORED = ("__MACOSX/._amina.ipynb", ".ipynb_checkpoints/amina-checkpoint.ipynb", "._amina.ipynb", "notes.txt")


def _code(text, output=""):
    outputs = [{"output_type": "stream", "name": "stdout", "text": output}]
    return {"cell_type": "code", "source": text, "metadata": {}, "outputs": outputs}


def test_every_file_is_graded_or_a_sentence_and_the_batch_goes_on(course, tmp_path, capsys):
    folder = tmp_path / "class"
    whole = notebook_text(filled(course, solutions(course)))
    for name in (*FILES, *IGNORED):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        make = FILES[name][0] if name in FILES else str.encode
        if make:
            path.write_bytes(make(whole))
        else:
            with path.open("wb") as file:
                file.truncate(MAX_BYTES + 1)
    (folder / "folder.ipynb").mkdir()
    (folder / "dangling.ipynb").symlink_to(tmp_path / "nothing")
    records, code = graded_class(folder, tmp_path / "out")
    files = {one.file: one for _, one in read_records(tmp_path / "out" / "records.jsonl")}
    assert code == 1
    assert set(files) == set(FILES)
    for name, (_, words) in FILES.items():
        if words is None and name != "second/twice.ipynb":
            assert points(files[name]) == FULL, name
        elif words:
            assert words in files[name].problems[0], name
            assert files[name].problems[0].endswith("."), name
    assert points(files["no-cells.ipynb"]) == dict.fromkeys(FULL, 0)
    assert {"smith", "امید رضایی", "山田 太郎", "id with spaces 12 34", "Ada King", "browser", "upper"} <= set(records)
    assert {"first", "second"} <= set(records)
    table = (tmp_path / "out" / "grades.csv").read_text(encoding="utf-8")
    assert "\nfirst,,,,,8.5,8.5,8.5,graded" in table
    assert "\n'=1+1," in table
    assert "could not be graded" in capsys.readouterr().out


def test_graded_files_are_not_graded_again_also_the_broken_ones(course, tmp_path, capsys):
    folder = tmp_path / "class"
    (folder / "a").mkdir(parents=True)
    (folder / "b").mkdir()
    for name in ("a/x.ipynb", "b/x.ipynb", "cut.ipynb"):
        (folder / name).write_text(name, encoding="utf-8")
    with (folder / "large.ipynb").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    graded_class(folder, tmp_path / "out", workers=1)
    size = (tmp_path / "out" / "records.jsonl").stat().st_size
    graded_class(folder, tmp_path / "out", workers=1)
    assert "4 of 4 are graded already" in capsys.readouterr().out
    assert (tmp_path / "out" / "records.jsonl").stat().st_size == size


def test_nothing_of_the_one_before_is_left(course, tmp_path):
    """A submission that dies at once, and one that holds nothing, after one that earned everything."""
    folder = tmp_path / "class"
    folder.mkdir()
    whole = filled(course, solutions(course))
    (folder / "a.ipynb").write_text(notebook_text(whole), encoding="utf-8")
    dead = filled(course, {}, before=["import os; os._exit(0)"])
    (folder / "b.ipynb").write_text(notebook_text(dead), encoding="utf-8")
    (folder / "c.ipynb").write_text(notebook_text(filled(course, {})), encoding="utf-8")
    records, _ = graded_class(folder, tmp_path / "out", workers=1)
    assert [records[name].points for name in "abc"] == [8.5, 0, 0]
    assert {one.outcome for one in records["c"].exercises} == {"not attempted"}


def test_a_zygote_that_is_killed_is_replaced(course, tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(notebook_text(filled(course, solutions(course))), encoding="utf-8")
    with ClassGrader(Settings(limits=QUICK)) as grader:
        job = find_jobs([path])[0]
        grader._zygote._process.kill()
        assert points(grader.grade(job)) == FULL


def test_a_fault_of_the_grader_itself_is_said_and_costs_one_file(course, tmp_path, monkeypatch):
    folder = tmp_path / "class"
    folder.mkdir()
    for name in "ab":
        (folder / f"{name}.ipynb").write_text(notebook_text(filled(course, solutions(course))), encoding="utf-8")
    honest = Matching.plan

    def plan(self, submission):
        return honest(self, submission) if submission.path.name == "b.ipynb" else 1 / 0

    monkeypatch.setattr(Matching, "plan", plan)
    records, code = graded_class(folder, tmp_path / "out", workers=1)
    assert code == 1
    assert "A fault of the grader, not of the student" in records["a"].problems[0]
    assert points(records["b"]) == FULL


def test_the_limit_of_a_submission_holds_within_a_check(grade_notebook, fixture_lesson):
    """Many calls, each within its own limit, end when the time of the whole submission is used up."""
    slow = slope(call="import time; time.sleep(0.4)")
    limits = Limits(cell=1.0, call=1.0, submission=1.0)
    started = time.monotonic()
    _, graded = grade_notebook(filled(fixture_lesson, {**solutions(fixture_lesson), SLOPE: slow}), limits=limits)
    assert time.monotonic() - started < 2
    assert "the time for the whole submission is used up" in told(graded)
    assert "the limit of 1 s was reached" in graded.problems[-2] + graded.problems[-1]


def test_thousands_of_failing_cells_are_a_short_record(grade_notebook, fixture_lesson):
    notebook = filled(fixture_lesson, solutions(fixture_lesson), before=["1 / 0"] * 2000)
    points_, graded = grade_notebook(notebook)
    assert points_ == FULL
    assert len(graded.problems) == 51
    assert graded.problems[-1] == "And 1950 more."


@pytest.mark.parametrize("tier", [pytest.param("strict", marks=BUBBLEWRAP), "standard"])
def test_no_process_survives(fixture_lesson, tmp_path, tier):
    if tier == "strict" and not shutil.which("bwrap"):
        pytest.skip("bubblewrap (bwrap) is not installed, so there is no tier 'strict' to try")
    attempts = (
        "import os\nos.setsid()",
        "import os, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)",
        OWN["a fork bomb"],
    )
    notebook = filled(fixture_lesson, solutions(fixture_lesson), before=[*attempts, OWN["a detached child"]])
    path = tmp_path / "x.ipynb"
    path.write_text(notebook_text(notebook), encoding="utf-8")
    with Zygote(tier, QUICK) as zygote:
        before = relatives(zygote._scratch)
        assert before
        graded = grade(read_submission(path), Matching(fixture_lesson), zygote, seed=1, limits=QUICK)
        assert relatives(zygote._scratch) == before
    assert sum(one.points for one in graded.exercises) == 8.5
    assert relatives(zygote._scratch) == []
    assert not os.path.exists(zygote._scratch)


def test_a_missing_file_is_a_sentence(course, tmp_path):
    with pytest.raises(one_file.CourseError, match="There is nothing at"):
        graded_class(tmp_path / "nowhere.ipynb", tmp_path / "out")
