"""Solved notebooks: what stands below an answer, what their cells show, and when they are run again."""

import ast
import base64
import io
import json

import numpy as np
import pytest

from autograder.building import build, outputs, run_hash
from autograder.building.explanations import explanation
from autograder.building.notebook import notebook_text, solution_notebook
from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.problems import CourseError
from conftest import FIXTURES

PATH = "solutions/60_marked.ipynb"


@pytest.fixture(scope="module")
def lesson():
    return load_lesson("60_marked", FIXTURES)


@pytest.fixture
def text(lesson):
    return notebook_text(solution_notebook(lesson))


def ran(text):
    """The notebook as if its first code cell had said 42."""
    notebook = json.loads(text)
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell["execution_count"] = 1
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["42"]}]
    return outputs.with_outputs(text, notebook, outputs.hashes(text)[0])


def test_below_an_answer_stand_why_other_right_ways_and_wrong_ones(lesson):
    text = explanation(lesson.section("double"))
    assert text.startswith("**Why it works.** Doubling is *linear*")
    assert "*By adding.* Needs no multiplication, which matters" in text
    assert "```python\ndef by_adding(x):\n    return x + x\n```" in text
    assert "*By halving.*\n\n```python" in text
    assert "- *Always six*: This is six, whatever x is." in text
    assert text.index("Why it") < text.index("right ways") < text.index("3 classic wrong ways")


def test_of_a_choice_the_words_of_its_options_stand_there():
    text = explanation(load_lesson("50_fixture", FIXTURES).section("letter"))
    assert "*It is the worst of the options that this question has*: This one is the opposite." in text
    assert "Another right way" not in text


def test_a_way_brings_what_it_leans_on():
    fixture = explanation(load_lesson("50_fixture", FIXTURES).section("slope"))
    assert "def by_adding" in fixture
    for name in lesson_names():
        for section in load_lesson(name).sections:
            if section.exercise:
                explanation(section)


def test_every_cell_of_a_solution_says_whose_it_is(text):
    marked = {cell["id"]: cell["metadata"] for cell in json.loads(text)["cells"] if cell["metadata"]}
    ours = {name: data["deep_learning_by_hand"]["solves"] for name, data in marked.items()}
    assert ours == {"double-answer": "double", "double-explained": "double", "why-twice-answer": "why_twice"}


def test_outputs_do_not_count_in_a_comparison_and_their_hash_does(text, tmp_path):
    build.write({PATH: text}, tmp_path)
    assert build.stale({PATH: text}, tmp_path) == [PATH]
    (tmp_path / PATH).write_text(ran(text), encoding="utf-8")
    assert build.stale({PATH: text}, tmp_path) == []
    assert build.drift({PATH: text}, tmp_path) == ""
    assert build.write({PATH: text}, tmp_path) == []
    assert outputs.without_outputs(ran(text)) == text
    (tmp_path / PATH).write_text(ran(text).replace("Why twice?", "Why thrice?"), encoding="utf-8")
    assert "Why thrice?" in build.drift({PATH: text}, tmp_path)
    (tmp_path / PATH).write_text("{", encoding="utf-8")
    assert build.stale({PATH: text}, tmp_path) == [PATH]
    assert build.write({PATH: text}, tmp_path) == [PATH]


def test_a_better_explanation_runs_nothing_again_and_new_code_does(text, tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / PATH).write_text(ran(text), encoding="utf-8")
    better = text.replace("Doubling is", "Doubling, you see, is")
    assert build.write({PATH: better}, tmp_path) == [PATH]
    assert build.stale({PATH: better}, tmp_path) == []
    assert '"42"' in (tmp_path / PATH).read_text(encoding="utf-8")
    other = text.replace(outputs.hashes(text)[0], "0" * 16)
    assert build.write({PATH: other}, tmp_path) == [PATH]
    assert build.stale({PATH: other}, tmp_path) == [PATH]
    assert '"42"' not in (tmp_path / PATH).read_text(encoding="utf-8")


def test_what_changed_is_run_and_nothing_else(text, tmp_path, monkeypatch):
    runs = []
    monkeypatch.setattr(build, "run_notebook", lambda text, folder: runs.append(folder) or ran(text))
    build.write({PATH: text}, tmp_path)
    assert build.run_stale({PATH: text}, tmp_path) == [PATH]
    assert build.run_stale({PATH: text}, tmp_path) == []
    assert runs == [tmp_path / "solutions"]


@pytest.mark.filterwarnings("ignore")
def test_a_notebook_is_run_in_a_fresh_kernel_and_what_it_showed_is_kept(text, tmp_path):
    notebook = json.loads(text)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    code[0]["source"] = [
        "print('took 3.2 s for k = 3, s = 1')\n",
        "for i in range(3): print('.', end='', flush=True)\n",
        "print()",
    ]
    code[1]["source"] = ["import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()"]
    for cell in code[2:]:
        cell["source"] = ["pass"]
    done = json.loads(outputs.run_notebook(json.dumps(notebook), tmp_path))
    first, second = [cell for cell in done["cells"] if cell["cell_type"] == "code"][:2]
    assert [("".join(one["text"])) for one in first["outputs"]] == ["took … s for k = 3, s = 1\n...\n"]
    (shown,) = second["outputs"]
    assert set(shown["data"]) == {"image/png", "text/plain"}
    assert "execution" not in first["metadata"]
    code[1]["source"] = ["1 / 0"]
    with pytest.raises(CourseError, match="does not run"):
        outputs.run_notebook(json.dumps(notebook), tmp_path)


@pytest.mark.slow
def test_a_picture_is_as_wide_as_the_page_and_a_large_one_has_few_colors():
    from PIL import Image

    noise = np.random.default_rng(0).integers(0, 256, (400, 900, 3), dtype=np.uint8)
    raw = io.BytesIO()
    Image.fromarray(noise).save(raw, "png")
    small, _ = outputs.smaller(raw.getvalue())
    assert len(Image.open(io.BytesIO(small)).getcolors()) <= outputs.COLORS
    raw = io.BytesIO()
    Image.effect_mandelbrot((1800, 400), (-2, -1, 1, 1), 50).convert("RGB").save(raw, "png")
    data = {"image/png": base64.b64encode(raw.getvalue()).decode(), "text/plain": "what is to be seen"}
    kept = outputs._kept({"output_type": "display_data", "data": data, "metadata": {}})
    small = Image.open(io.BytesIO(base64.b64decode(kept["data"]["image/png"])))
    assert small.size == (900, 200)
    assert kept["metadata"]["image/png"] == {"width": 900, "height": 200, "alt": "what is to be seen"}
    widget = {"output_type": "display_data", "data": {outputs.WIDGET: {}, "text/plain": "IntSlider"}, "metadata": {}}
    assert outputs._kept(widget) is None


def test_the_hash_follows_imports_to_kernels_and_figures_and_no_further():
    names = set(run_hash.imported(ast.parse("from helpers import kernels\nkernels.softmax(x)\nkernels.conv2d(y)")))
    assert names == {"", "helpers.kernels.softmax", "helpers.kernels.conv2d"}
    names = set(run_hash.imported(ast.parse("from helpers.figures import show_figure")))
    assert names == {"helpers.figures.interactive"}
    reached = run_hash._closure({"helpers.kernels.conv2d", "helpers.checking"})
    assert "helpers.kernels._windows" in reached
    assert "helpers.checking" not in reached


def test_the_hash_moves_with_code_and_not_with_comments(monkeypatch):
    code = "from helpers import kernels\nkernels.softmax(x)"
    before = run_hash.run_hash([code])
    assert run_hash.run_hash([code]) == before != run_hash.run_hash([f"{code}\n1"])
    monkeypatch.setattr(run_hash, "_module_digest", lambda name: "new" * (name == "helpers.kernels.softmax"))
    assert run_hash.run_hash([code]) != before
