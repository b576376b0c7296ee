"""Whatever is handed in, and whatever a submission's process says: an answer or a sentence, in bounded time and memory.

A seeded generator makes the inputs. A quick share of them runs by default, all of them with the slow tests.
"""

import json
import random
import socket
import threading
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

from autograder.building.notebook import notebook_text
from autograder.grading.matching import Matching
from autograder.grading.submission import read_submission
from autograder.jail.frames import PREFIX
from autograder.jail.wire import Encoder
from autograder.remote.process import Process
from autograder.rules.identity.files import NOTEBOOK, Found
from autograder.rules.identity.which_lesson import lesson_of
from autograder.rules.identity.whose import told
from conftest import filled, solutions
from helpers.running import Unreachable

QUICK, FULL = 600, 12_000
COUNTS = pytest.mark.parametrize("count", [QUICK, pytest.param(FULL, marks=pytest.mark.slow)])
MEMORY = (300 - 85) << 20  # a grading process has 85 MiB without any of this

WORDS = (
    *("", "x", "\0", "\ud800", "é", "=1", "\r\n", "..", "/", "python", "R", "code", "markdown", "slope"),
    *("def slope(x): ...", "def slope(", "slope = 3", "grader.check('slope')", "(" * 300, "-" * 5000 + "1"),
    *("cells", "metadata", "worksheets", "source", "input", "id", "cell_type", "deep_learning_by_hand", "kernelspec"),
    *("lesson", "language", "language_info", "name", "50_fixture", "slope-answer", "setup", "x" * 10_000),
    *("async def f(): ...", "\\", "'''", "%%time\n", "!ls"),
)  # fmt: skip
NUMBERS = (0, 1, -1, 2**63, -(2**64), 10**400, 0.5, float("nan"), float("inf"), True, None)


def plain(rng, depth=0):
    """A random value of JSON."""
    kind = rng.random()
    if depth > 5 or kind < 0.3:
        return rng.choice(NUMBERS)
    if kind < 0.6:
        return rng.choice(WORDS)
    if kind < 0.8:
        return [plain(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice(WORDS): plain(rng, depth + 1) for _ in range(rng.randrange(5))}


def changed(rng, value):
    """A copy of JSON with something in it replaced, deleted or doubled."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(list(value))
        if rng.random() < 0.15:
            return {other: kept for other, kept in value.items() if other != key}
        return {**value, key: changed(rng, value[key])}
    if isinstance(value, list) and value and rng.random() < 0.9:
        at = rng.randrange(len(value))
        return [*value[:at], changed(rng, value[at]), *value[at : rng.choice([at, at + 1, at + 1])], *value[at + 1 :]]
    if isinstance(value, str) and value and rng.random() < 0.5:
        at = rng.randrange(len(value))
        return value[:at] + rng.choice(WORDS) + value[at + rng.randrange(9) :]
    return plain(rng)


def damaged(rng, raw):
    """Bytes that were cut, doubled, or have others in between."""
    for _ in range(rng.randrange(1, 4)):
        at, end = sorted((rng.randrange(len(raw) + 1), rng.randrange(len(raw) + 1)))
        piece = rng.choice([b"", rng.randbytes(rng.randrange(8)), raw[at:end], b'"', b"}", b"]", b"\xff\xfe"])
        raw = raw[:at] + piece + raw[rng.choice([at, end, at + 1]) :]
    return raw


def notebook_bytes(rng, whole):
    """One input for the reader."""
    kind = rng.random()
    if kind < 0.5:
        notebook = json.loads(whole)
        for _ in range(rng.randrange(1, 6)):
            notebook = changed(rng, notebook)
        return json.dumps(notebook).encode(rng.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be"]))
    if kind < 0.8:
        return damaged(rng, whole.encode())
    if kind < 0.9:
        return json.dumps(plain(rng)).encode()
    return rng.randbytes(rng.randrange(300))


@COUNTS
def test_every_file_is_cells_or_a_sentence_and_can_be_planned(fixture_lesson, tmp_path, count):
    whole = notebook_text(filled(fixture_lesson, solutions(fixture_lesson)))
    matching, lessons, path = Matching(fixture_lesson), {"50_fixture": fixture_lesson}, tmp_path / "x.ipynb"
    read = slowest = 0
    for number in range(count):
        path.write_bytes(notebook_bytes(random.Random(number), whole))
        started = time.monotonic()
        submission = read_submission(path)
        assert bool(submission.problem) or all(type(cell.text) is str for cell in submission.cells), number
        assert submission.problem[-1:] in ("", "."), number
        lesson_of(submission, lessons)
        plan = matching.plan(submission)
        assert sorted(step.exercise for step in plan.steps if step.exercise) == ["letter", "pair", "slope"], number
        read += not submission.problem
        slowest = max(slowest, time.monotonic() - started)
    assert count * 0.2 < read < count * 0.8
    assert slowest < 3


@COUNTS
def test_every_path_names_a_student_or_is_listed(count):
    for number in range(count):
        rng = random.Random(number)
        words = [rng.choice(WORDS)[:50].replace("\0", "") or "x" for _ in range(rng.randrange(1, 5))]
        parts = tuple("/".join([*words[:-1], words[-1] + ".ipynb"]).split("/"))
        found = told([Found(parts, Path("/".join(parts)), (), NOTEBOOK)], ["50_fixture"])
        (claim,) = (*found.claims, *found.unclaimed)
        assert claim.student.strip() == claim.student, number
        # What has no name at all is listed, not guessed.
        assert bool(claim.student) == bool(found.claims), number
        assert claim.student.isprintable(), number


class NoZygote:
    """Stands for a zygote: there is nothing to end."""

    def end(self, process):
        return 0

    def excess(self):
        return ""


@pytest.fixture
def wire(monkeypatch):
    """A function that gives a process whose other side has said these bytes already, and hung up."""
    ends = []
    monkeypatch.setattr("autograder.remote.process.secrets.token_hex", lambda size: ID)

    def make(said, hang_up=True):
        ours, theirs = socket.socketpair()
        ends.extend((ours, theirs))
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        theirs.setblocking(False)
        theirs.send(said[:150_000])
        if hang_up:
            theirs.shutdown(socket.SHUT_WR)
        return Process(NoZygote(), ours, 0), theirs

    yield make
    for end in ends:
        end.close()


def frame(message, body=b""):
    """A frame of bytes, or of a message under the number of the request."""
    header = message if isinstance(message, bytes) else json.dumps(message).encode()
    if header.startswith(b"{") and b'"id":' not in header[:8]:
        header = b'{"id": "%s", ' % ID.encode() + header[1:] if len(header) > 2 else b'{"id": "%s"}' % ID.encode()
    return PREFIX.pack(len(header), len(body)) + header + body


ID = "one"  # in place of numbers that cannot be guessed
TAGS = ("t", "l", "d", "a", "n", "c", "g", "f", "e", "o", "zz")
DTYPES = ("<f8", "<i8", "|b1", "<c16", "|O", "<U4", "V8", "f8,f8", "<M8[s]", "x", "", "<f16", 7, None, [["a", "<f8"]])


def node(rng, depth=0):
    """A value as a submission's process might describe one, honest or not."""
    kind = rng.random()
    if depth > 4 or kind < 0.25:
        return rng.choice([*NUMBERS, *WORDS])
    tag = rng.choice(TAGS)
    if kind < 0.3:
        return {tag: plain(rng)}
    if tag in "tl":
        return {tag: [node(rng, depth + 1) for _ in range(rng.randrange(4))]}
    if tag == "d":
        return {tag: [[node(rng, depth + 1), node(rng, depth + 1)] for _ in range(rng.randrange(3))]}
    if tag in "an":
        sides = [rng.choice([0, 1, 2, 3, -1, 2**62, 2.0, "2", None]) for _ in range(rng.choice([0, 1, 1, 2, 40]))]
        return {tag: [rng.choice(DTYPES), sides, rng.choice([0, 8, -8, 1 << 40]), rng.choice([0, 8, 16, 24, -1, 1e9])]}
    if tag == "g":
        return {tag: [rng.choice(["1", "-1", str(1 << 129), "x", 3]) for _ in range(rng.choice([2, 2, 4]))] + [0, 1]}
    return {tag: rng.choice([0, 1, -1, "x", [1.0, 2.0], [1, 2, 3], None, "9" * 5000])}


def message(rng, what):
    """One message of the child's: a reply of any kind, a callback, or something that is none of them."""
    described = {"types": rng.choice([["ValueError"], ["SystemExit"], ["OSError"], ["exit"], [], "x", [3], None])}
    described |= {"message": rng.choice([*WORDS, 3]), "note": rng.choice([*WORDS, None])}
    forms = (
        {"ran": rng.choice([None, None, described, plain(rng)])},
        {"kind": rng.choice(["function", "value", "value", "starter", 3]), "value": node(rng)},
        {
            "callback": rng.choice([0, 0, 1, -1, "x"]),
            "args": [node(rng)],
            "kwargs": rng.choice([{}, {"x": node(rng)}, 3]),
        },
        {
            "result": node(rng),
            "warnings": rng.choice([[], [["UserWarning", "w"]], [["int", 3]] * 50, {"a": 1}, 3]),
            "after": rng.choice([[], [], [[0, node(rng)]], [[rng.randrange(-3, 3), node(rng)]], 3]),
            "generators": rng.choice([[], [["1", "2", 0, float("inf")]], [[plain(rng)] * 4], 3]),
            **rng.choice([{}, {}, {"error": described}]),
        },
        {"error": described},
    )
    chosen = forms[rng.choice([what, what, what + (what == 2), rng.randrange(5)])]
    if rng.random() < 0.05:
        chosen = {"id": rng.choice([*NUMBERS, *WORDS, [], {}]), **chosen}
    return changed(rng, chosen) if rng.random() < 0.2 else chosen


def said(rng, what):
    """Some frames, or bytes that look like frames."""
    if rng.random() < 0.05:
        return rng.randbytes(rng.randrange(40))
    frames = b"".join(
        frame(rng.choice([message(rng, what)] * 9 + [plain(rng)]), rng.randbytes(rng.choice([0, 8, 24])))
        for _ in range(rng.randrange(1, 4))
    )
    return damaged(rng, frames) if rng.random() < 0.2 else frames


def asked(process, what):
    """Ask as the grader does; what leaves must be a value, `Unreachable`, or what an answer is said to have raised."""
    try:
        for _ in range(2):  # the second frame answers nothing that was asked
            if what == 0:
                process.run("x = 1", "1", 5)
            elif what == 1:
                process.look("f", 20)
            else:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    process.call("f", 20, (np.zeros(3), np.random.default_rng(0), lambda *args, **kwargs: 1.0), {})
    except Unreachable as end:
        return str(end)
    except (Exception, SystemExit) as raised:
        if not hasattr(raised, "__notes__"):  # a fault of the grader's own
            raise
        return "raised"
    return "answered"


@COUNTS
def test_whatever_the_other_side_says_is_an_answer_or_a_sentence(wire, count):
    started, outcomes = time.monotonic(), []
    for number in range(count):
        rng = random.Random(number)
        what = rng.randrange(3)
        process, theirs = wire(said(rng, what))
        outcomes.append(asked(process, what)[:20])
        process.close()
        theirs.close()
    assert len({*outcomes}) >= 4
    assert outcomes.count("answered") > count * 0.02
    assert outcomes.count("raised") > count * 0.005
    assert time.monotonic() - started < 0.01 * count + 10


def arrays(count, size):
    """Many arrays that all claim the same bytes."""
    return {"l": [{"a": ["|u1", [size], 0, size]}] * count}


# What costs little to say must not cost much to hear.
ADVERSARIAL = {
    "arrays that share their bytes": ({"kind": "value", "value": arrays(100_000, 1 << 16)}, bytes(1 << 16)),
    "keys that collide": (
        {"kind": "value", "value": {"d": [[i * ((1 << 61) - 1), 0] for i in range(90_000)]}},
        b"",
    ),
    "very many types": ({"kind": "value", "value": {"l": [{"o": f"T{i}"} for i in range(190_000)]}}, b""),
    "very many Generators": ({"kind": "value", "value": {"l": [{"g": ["1", "1", 0, 0]}] * 190_000}}, b""),
    "very many items": (b'{"kind": "value", "value": {"l": [' + b"0," * 3_000_000 + b"0]}}", b""),
    "very many lists": (b'{"kind": "value", "value": [' + b"[]," * 2_500_000 + b"[]]}", b""),
    "very deep": (b'{"kind": "value", "value": ' + b'{"l":[' * 500_000 + b"]}" * 500_000 + b"}", b""),
    "a long number": (b'{"kind": "value", "value": ' + b"9" * 7_000_000 + b"}", b""),
    "a large header": (PREFIX.pack((2 << 20) + 1, 0), None),
    "a large body": (PREFIX.pack(2, 1 << 40), None),
    "a body that does not come": (PREFIX.pack(2, 1 << 28) + b"{}", None),
    "an infinite counter": ({"result": None, "generators": [["1", "1", 0, float("inf")]], "warnings": []}, b""),
    "very many warnings": ({"result": None, "warnings": [["UserWarning", "w"]] * 300_000}, b""),
}

CALLS = ("an infinite counter", "very many warnings")


@pytest.mark.parametrize("how", ADVERSARIAL)
def test_little_said_is_little_spent(wire, how):
    first, body = ADVERSARIAL[how]
    process, theirs = wire(b"", hang_up=False)
    raw = first if body is None else frame(first, body)
    theirs.setblocking(True)
    teller = threading.Thread(target=_tell, args=(theirs, raw))
    teller.start()
    before = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # forgets the peak
    started = time.process_time()
    outcome = asked(process, 2 if how in CALLS else 1)
    spent = time.process_time() - started
    peak = memory("VmHWM") - before
    process.close()
    teller.join()
    assert outcome != "raised"
    assert spent < 8
    assert peak < MEMORY


def memory(field):
    """The bytes that this process has now (VmRSS), or had at most (VmHWM)."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) << 10


def _tell(connection, raw):
    try:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
    except OSError:
        return


def test_a_frame_that_drips_in_ends_at_the_limit(wire):
    process, theirs = wire(b"", hang_up=False)
    stop = threading.Event()
    dripping = threading.Thread(target=_drip, args=(theirs, frame({"ran": None, "x": "x" * 10_000}), stop))
    dripping.start()
    started = time.monotonic()
    with pytest.raises(Unreachable, match=r"did not finish within 0\.3 s"):
        process.run("x", "1", 0.3)
    assert time.monotonic() - started < 2
    stop.set()
    dripping.join()


def _drip(connection, raw, stop):
    for byte in raw:
        if stop.wait(0.02):
            return
        try:
            connection.send(bytes([byte]))
        except OSError:
            return


def test_a_large_argument_that_nobody_takes_ends_at_the_limit(wire):
    process, _ = wire(b"", hang_up=False)
    started = time.monotonic()
    with pytest.raises(Unreachable, match=r"did not return within 0\.3 s"):
        process.call("f", 0.3, (np.zeros(1 << 20),), {})
    assert time.monotonic() - started < 2


def test_callbacks_without_end_end_at_the_limit(wire):
    process, theirs = wire(b"", hang_up=False)
    theirs.setblocking(True)
    raw = frame({"callback": 0, "args": [1.0], "kwargs": {}}) * 200_000
    teller = threading.Thread(target=_tell, args=(theirs, raw))
    taker = threading.Thread(target=_take, args=(theirs,))
    teller.start()
    taker.start()
    started = time.monotonic()
    with pytest.raises(Unreachable, match=r"did not return within 0\.3 s|more than 16 MB came back"):
        process.call("f", 0.3, (abs,), {})
    assert time.monotonic() - started < 2
    teller.join()
    taker.join()


def _take(connection):
    try:
        while connection.recv(1 << 20):
            pass
    except OSError:
        return


def test_what_the_grader_sends_it_can_also_read():
    """The two caps agree: what is at a limit comes back or becomes opaque, none is refused."""
    from autograder.jail.wire import MAX_DEPTH, MAX_ENTRIES, Decoder

    deep = []
    for _ in range(MAX_DEPTH + 5):
        deep = [deep]
    for value in (dict.fromkeys(range(MAX_ENTRIES)), dict.fromkeys(range(MAX_ENTRIES + 1)), deep, [object()] * 1500):
        encoder = Encoder()
        encoded = json.loads(json.dumps(encoder.encode(value)))
        Decoder(b"".join(encoder.body)).decode(encoded)
