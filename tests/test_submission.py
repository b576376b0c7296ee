"""Reading what was handed in: every accident is one sentence."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.building.notebook import notebook_text
from autograder.grading.submission import MAX_BYTES, Unreadable, parse_notebook, read_submission
from conftest import filled, solutions


@pytest.fixture(scope="module")
def whole(fixture_lesson):
    return notebook_text(filled(fixture_lesson, solutions(fixture_lesson)))


def in_base64(text):
    return json.dumps(base64.b64encode(text.encode()).decode()).encode()


BROKEN = {
    "empty": (lambda text: b"", "The file is empty."),
    "blank": (lambda text: b" \n\n", "The file is empty."),
    "cut off": (lambda text: text[: len(text) // 2].encode(), "broken or cut off"),
    "a zip": (lambda text: b"PK\x03\x04rest", "a zip archive"),
    "bytes": (lambda text: bytes(range(128, 256)), "not text"),
    "other JSON": (lambda text: b"[1, 2]", "JSON but not a notebook"),
    "a text": (lambda text: json.dumps("[1, 2]").encode(), "JSON but not a notebook"),
    "other JSON in base64": (lambda text: in_base64("[1, 2]"), "JSON but not a notebook"),
    "cut off in base64": (lambda text: in_base64(text[:100]), "broken or cut off"),
    "base64 in base64": (lambda text: in_base64(in_base64(text).decode()), "JSON but not a notebook"),
    "too much in base64": (lambda text: in_base64("[" * 2_100_000), "too many parts"),
    "no cells": (lambda text: b'{"metadata": {}}', "it has no cells"),
    "deep JSON": (lambda text: b"[" * 100_000, "broken or cut off"),
    "another language": (
        lambda text: json.dumps({"cells": [], "metadata": {"kernelspec": {"language": "R"}}}).encode(),
        "written for r, not for Python",
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_file_is_one_sentence(tmp_path, whole, how):
    make, words = BROKEN[how]
    path = tmp_path / "x.ipynb"
    path.write_bytes(make(whole))
    submission = read_submission(path)
    assert words in submission.problem
    assert submission.problem.endswith(".")
    assert submission.cells == ()


INTACT = {
    "as it is": lambda text: text.encode(),
    "as JupyterLite's list of files gives it out": in_base64,
    "BOM": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "no kernelspec": lambda text: json.dumps({**json.loads(text), "metadata": {}}).encode(),
    "nbformat 3": lambda text: _as_version_3(json.loads(text)),
    "one line": lambda text: json.dumps(json.loads(text)).encode(),
}


def _as_version_3(notebook):
    cells = [
        {**cell, "input": cell.pop("source")} if cell["cell_type"] == "code" else cell for cell in notebook["cells"]
    ]
    return json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}], "metadata": {}}).encode()


@pytest.mark.parametrize("how", INTACT)
def test_an_unusual_but_whole_file_is_read(tmp_path, whole, how):
    path = tmp_path / "x.ipynb"
    path.write_bytes(INTACT[how](whole))
    submission = read_submission(path)
    assert submission.problem == ""
    assert "def slope" in submission.code
    assert len(submission.cells) == len(json.loads(whole)["cells"])


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "x.ipynb"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "at most 100 MB are read" in read_submission(path).problem


def test_a_missing_file_is_one_sentence(tmp_path):
    assert "could not be read" in read_submission(tmp_path / "none.ipynb").problem


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_are_a_sentence(raw):
    with pytest.raises(Unreadable):
        parse_notebook(raw)


KEYS = ("cells", "cell_type", "source", "id", "metadata", "worksheets", "input", "deep_learning_by_hand", "kernelspec")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(), inner, max_size=4),
    max_leaves=30,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_random_json_is_read_or_a_sentence(tmp_path_factory, value):
    path = tmp_path_factory.getbasetemp() / "random.ipynb"
    path.write_text(json.dumps(value), encoding="utf-8")
    submission = read_submission(path)
    assert isinstance(submission.problem, str)
