"""The wheel for students: what is in it, what is not, and that it works in a folder that holds nothing else."""

import importlib.util
import json
import os
import subprocess
import sys
import zipfile

import pytest
from test_promises import _strings, normal, secrets_of

from autograder.release.wheel import students_wheel
from autograder.source.lesson import load_lesson
from autograder.source.problems import CourseError
from conftest import BUILT, exercises, solutions

CLEAN = """
import json, sys
import helpers
from helpers.checkout import checkout
names = {}
exec("import math\\nimport numpy as np", names)
for text in json.load(sys.stdin):
    exec(text, names)
grader = helpers.Grader("01_chain_rule", names)
said = repr(grader.check("softmax")), repr(grader.verdict("softmax"))
print(json.dumps([helpers.__file__, checkout() is None, *said]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed; the extra `release` brings it")
    return students_wheel(tmp_path_factory.mktemp("wheel") / "new")


@pytest.mark.slow
def test_it_holds_helpers_alone_and_says_what_it_needs(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        said = archive.read(next(name for name in names if name.endswith("METADATA"))).decode()
    assert wheel.name.startswith("deep_learning_by_hand_helpers-")
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"helpers", "deep_learning_by_hand_helpers"}
    assert {f"helpers/lessons/{name}.json" for name in BUILT} <= set(names)
    assert not [name for name in names if "__pycache__" in name]
    assert any(name.endswith("licenses/LICENSE") for name in names)
    needed = [line.split(" ")[1] for line in said.splitlines() if line.startswith("Requires-Dist")]
    assert sorted(one.partition(">")[0] for one in needed) == ["ipywidgets", "matplotlib", "numpy"]
    assert students_wheel(tmp_path).read_bytes() == wheel.read_bytes()


@pytest.mark.slow
def test_no_solution_and_no_hidden_check_is_in_it(wheel):
    travelling = set()
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith((".py", ".json")):
                text = archive.read(name).decode()
                pieces = _strings(json.loads(text)) if name.endswith(".json") else [text]
                travelling |= {normal(line) for piece in pieces for line in piece.splitlines()}
    assert len(travelling) > 5000
    for section in exercises():
        if not section.id.startswith("50_fixture/"):
            assert not secrets_of(section.values[0]) & travelling, section.id


@pytest.mark.slow
def test_it_works_where_nothing_else_is(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    (tmp_path / "empty").mkdir()
    answers = json.dumps(list(solutions(load_lesson(BUILT[0])).values()))
    done = subprocess.run(
        [sys.executable, "-P", "-c", CLEAN],
        input=answers,
        capture_output=True,
        text=True,
        cwd=tmp_path / "empty",
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
    )
    assert done.returncode == 0, done.stderr
    home, is_alone, checked, verdict = json.loads(done.stdout)
    assert home.startswith(str(tmp_path / "installed"))
    assert is_alone
    assert "all public checks passed" in checked
    assert "hidden checks" in verdict.lower()
    assert not list((tmp_path / "empty").iterdir())


def test_a_missing_builder_and_a_place_that_cannot_be_written_are_sentences(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match=r"hatchling is not installed here\. .*deep-learning-by-hand\[release\]"):
        students_wheel(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_wheel_is_asked_for_with_all_lessons(wheel, tmp_path):
    def course(*words):
        command = [sys.executable, "-P", "-m", "autograder", "release", *words, "--out", str(tmp_path / "made")]
        return subprocess.run(command, capture_output=True, text=True)

    refused = course("01", "--to", "wheel")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "not of 01 alone: course release all --to wheel" in refused.stderr
    made = course("all", "--to", "wheel")
    assert made.stdout == f"Made {tmp_path / 'made' / wheel.name}\n"
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match=r"file cannot be written \(File exists\)"):
        students_wheel(tmp_path / "file")
