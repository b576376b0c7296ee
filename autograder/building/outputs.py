"""What the cells of a solved notebook show: taken in when it is run, kept small, and left out when files are compared.

Timings are not kept, for they are another machine's; of a figure stays its picture, at the size of the page, with its
alt text.
"""

import base64
import io
import json
import os
import re

from autograder.building.notebook import KEY, notebook_text
from autograder.source.problems import CourseError
from helpers.language import ENGLISH, VARIABLE

MOST_BYTES, MOST_OF_A_PICTURE, MOST_PIXELS, COLORS = 1_500_000, 80_000, 900, 256
WIDGET = "application/vnd.jupyter.widget-view+json"
TIMING = re.compile(r"\b\d(?:[\d.,]*\d)?(?=\s?(?:ns|µs|us|ms|s|seconds?|minutes?)\b)")


def without_outputs(text):
    """A notebook's text as it was before it was run."""
    try:
        notebook = json.loads(text)
        cells = [_bare(cell) for cell in notebook["cells"]]
        notebook["metadata"][KEY].pop("ran", None)
        return notebook_text({**notebook, "cells": cells})
    except (ValueError, KeyError, TypeError, AttributeError):
        return text


def _bare(cell):
    bare = {**cell, "source": "".join(cell["source"])}
    return bare | {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else bare


def hashes(text):
    """(The hash that a notebook's outputs should have been made with, the one that they were made with.)"""
    try:
        ours = json.loads(text)["metadata"][KEY]
        return ours.get("run_of"), ours.get("ran")
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, None


def with_outputs(text, ran, source):
    """A notebook's text with the outputs of cells of the same id in `ran`, a notebook as data, and whose they are."""
    shown = {cell["id"]: cell for cell in ran["cells"] if cell["cell_type"] == "code"}
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "code" and cell["id"] in shown:
            cell["execution_count"] = shown[cell["id"]]["execution_count"]
            cell["outputs"] = shown[cell["id"]]["outputs"]
    notebook["metadata"][KEY]["ran"] = source
    return notebook_text(notebook)


def run_notebook(text, folder, seconds=900):
    """Run a solved notebook in a fresh kernel, in `folder`, and return its text with what the cells showed."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.reads(text, as_version=4)
    ours = {**os.environ, VARIABLE: ENGLISH}  # whatever the author's system speaks
    options = {
        "timeout": seconds,
        "kernel_name": "python3",
        "record_timing": False,
        "extra_arguments": ["--log-level=ERROR"],
    }
    try:
        NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}, **options).execute(env=ours)
    except CellExecutionError as error:
        raise CourseError(f"The solved notebook does not run: {str(error)[-500:]}") from None
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [kept for one in _joined(cell["outputs"]) if (kept := _kept(one))]
    done = with_outputs(text, notebook, hashes(text)[0])
    if len(done.encode()) > MOST_BYTES:
        size = f"{len(done.encode()) / 1e6:.1f} MB"
        raise CourseError(f"The solved notebook has {size}; let its figures be fewer or plainer.")
    return done


def _joined(outputs):
    """Outputs with what was printed in pieces, as a bar of progress is, in one."""
    joined = []
    for one in outputs:
        before = joined[-1] if joined else {}
        if one["output_type"] == "stream" == before.get("output_type") and one["name"] == before["name"]:
            joined[-1] = {**before, "text": before["text"] + one["text"]}
        else:
            joined.append(dict(one))
    return joined


def _kept(output):
    """An output as it stays in the file; None where it is for a live notebook only."""
    if output["output_type"] == "stream":
        text = "\n".join(line.rsplit("\r", 1)[-1] for line in output["text"].rstrip("\r").split("\n"))
        return {**output, "text": _lines(text)}
    data = output.get("data", {})
    if not data or WIDGET in data:
        return None
    if "image/png" in data:
        alt = "".join(data.get("text/plain", ""))
        png, size = smaller(base64.b64decode(data["image/png"]))
        data = {"image/png": base64.b64encode(png).decode(), "text/plain": _lines(alt)}
        return {**output, "data": data, "metadata": {"image/png": {**size, "alt": alt}}}
    return {**output, "data": {kind: _lines("".join(text)) for kind, text in data.items()}, "metadata": {}}


def _lines(text):
    return TIMING.sub("…", text).splitlines(keepends=True)


def smaller(png):
    """A picture no wider than the page, a large one in few colors; and its size on the page."""
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGB")
    if image.width > MOST_PIXELS:
        image = image.resize((MOST_PIXELS, round(image.height * MOST_PIXELS / image.width)), Image.LANCZOS)
    small = _png(image)
    if len(small) > MOST_OF_A_PICTURE:
        small = _png(image.quantize(COLORS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE))
    return small, {"width": image.width, "height": image.height}


def _png(image):
    out = io.BytesIO()
    image.save(out, "png", optimize=True)
    return out.getvalue()
