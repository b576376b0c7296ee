"""Class 4, forge the record: speak on the wire out of turn, write results, leave files; and names that inject."""

import json

import pytest

from attacks.conftest import Attack, cases, controls, is_honest

WRONG = """
import json, os, struct, gc, socket, numpy as np
def steal(name):
    return {"slope": lambda x, a=1.0: np.zeros(np.shape(x)), "six": 5, "letter": "Z"}[name]
def frame(message, body=b""):
    header = json.dumps(message).encode()
    return struct.pack(">IQ", len(header), len(body)) + header + body
def everywhere(data):
    for number in range(3, 64):
        try: os.write(number, data)
        except OSError: pass
def worker():
    return next((w for w in gc.get_objects() if type(w).__name__ == "Worker"), None)
"""
NO_WIRE = "the naive grader has no wire"
FORGERIES = [
    ("a verdict on every descriptor, then exit", "everywhere(b'true')\nos._exit(0)", None, ""),
    ("a results file in the working folder", "open('result.json', 'w').write('true')", None, ""),
    ("one reply too many", "everywhere(frame({'ran': None}))", (), NO_WIRE),
    ("fifty replies in advance", "everywhere(frame({'kind': 'value', 'value': 6}) * 50)", (), NO_WIRE),
    ("a reply without a number", "everywhere(frame({'result': 6, 'warnings': []}))", (), NO_WIRE),
    ("the right number, twice", "w = worker()\nif w: w._reply({'ran': None})", (), NO_WIRE),
    (
        "the right number, a hundred times",
        "w = worker()\nif w:\n    for _ in range(100): w._reply({'ran': None})",
        (),
        NO_WIRE,
    ),
    ("half a frame", "everywhere(frame({'ran': None})[:9])", (), NO_WIRE),
    ("a frame that claims a terabyte", "everywhere(struct.pack('>IQ', 10, 1 << 40))", (), NO_WIRE),
    ("not JSON", "everywhere(struct.pack('>IQ', 4, 0) + b'{{{{')", (), NO_WIRE),
    ("JSON a thousand deep", "everywhere(struct.pack('>IQ', 2000, 0) + b'[' * 2000)", (), NO_WIRE),
    ("a message that is a list", "everywhere(frame([1, 2]))", (), NO_WIRE),
    (
        "an array whose bytes are missing",
        "w = worker()\nif w: w._reply({'ran': {'a': ['<f8', [9], 0, 72]}})",
        (),
        NO_WIRE,
    ),
    (
        "replies from a thread",
        "import threading, time\ndef spam():\n    for _ in range(20):\n"
        "        everywhere(frame({'ran': None})); time.sleep(0.0005)\n"
        "t = threading.Thread(target=spam); t.start(); t.join()",
        (),
        NO_WIRE,
    ),
    ("closing the wire", "os.closerange(3, 64)", (), "closing its pipe only costs the naive grader its verdict"),
    (
        "links out of the scratch folder",
        "os.symlink('/', 'root')\nos.symlink('..', 'up')\ntry: open('root/tmp/forged', 'w')\nexcept OSError: pass",
        (),
        "what it touches is looked at below",
    ),
]
SPOILS = ("the right number, a hundred times",)
EVERY = ("slope", "six", "letter")
ATTACKS = [
    Attack(name, WRONG + code, works_on=EVERY if works is None else works, control=why, spoils=name in SPOILS)
    for name, code, works, why in FORGERIES
]


@pytest.mark.parametrize(("attack", "target"), cases(ATTACKS))
def test_it_earns_nothing(attack, target, attack_earns):
    points, _ = attack_earns(attack, target)
    assert is_honest(attack, points), points


@pytest.mark.parametrize(("attack", "target"), controls(ATTACKS))
def test_negative_control(attack, target, naive_earns):
    assert naive_earns(attack, target)


NAMES = [
    "<img src=x onerror=alert(1)>",
    "=HYPERLINK(1)",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "a..b",
    "a'b\"c",
    "x" * 200,
    "name\twith\ttabs",
    "علی",
    "日本 太郎",
    "CON",
]


@pytest.fixture
def results(tmp_path):
    """Grade a class of notebooks with such names and return the output folder."""
    from autograder.grading.one_file import Settings
    from autograder.grading.whole_class import grade_class

    folder = tmp_path / "class"
    folder.mkdir()
    for name in NAMES:
        (folder / f"{name}.ipynb").write_text(json.dumps({"cells": [], "metadata": {}}), encoding="utf-8")
    grade_class([folder], tmp_path / "out", settings=Settings(lesson="01"), workers=1)
    return tmp_path / "out"


def test_names_inject_nothing(results):
    lines = (results / "records.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(NAMES)
    assert all(json.loads(line)["points"] == 0 for line in lines)
    table = (results / "grades.csv").read_text(encoding="utf-8").splitlines()
    assert len(table) == len(NAMES) + 1
    assert not any(line.lstrip('"').startswith(("=", "+", "-", "@")) for line in table)
    pages = sorted((results / "feedback").rglob("*"))
    assert not list(results.rglob("*secret*"))
    assert len(pages) == len(NAMES)
    assert all(page.parent == results / "feedback" and page.suffix == ".html" for page in pages)
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert "<img" not in text
    assert "&lt;img" in text
    written = {path.relative_to(results).parts[0] for path in results.rglob("*")}
    tables = {"grades.csv", "matching.csv", "history", "run.json"}
    assert written <= {"records.jsonl", "feedback", ".lock", *tables}
