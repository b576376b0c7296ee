"""Promise 9 and its sister: solution and student notebooks run from top to bottom in a fresh kernel."""

import pytest

from autograder.building.build import PROJECT
from conftest import BUILT

pytestmark = pytest.mark.slow


def run(path):
    """Run a notebook as `Run All` does and return it; an error in a cell raises."""
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed; the extra `release` brings it")
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed; the extra `dev` brings it")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("import warnings; warnings.simplefilter('error')"))
    nbclient.NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": path.parent}}
    ).execute()
    return notebook


def texts(notebook):
    """What the cells printed or showed, as text."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            yield output.get("text", "") + output.get("data", {}).get("text/plain", "")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("lesson", BUILT)
def test_promise_9_the_solution_runs_and_passes_every_check(lesson):
    notebook = run(PROJECT / "solutions" / f"{lesson}.ipynb")
    streams = [out for cell in notebook.cells for out in cell.get("outputs", ()) if out.get("name") == "stderr"]
    assert streams == []
    shown = "\n".join(texts(notebook))
    assert "✗" not in shown
    assert "not attempted" not in shown
    assert "checks passed" in shown


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("lesson", BUILT)
def test_run_all_on_a_fresh_notebook_raises_nothing(lesson):
    notebook = run(PROJECT / "notebooks" / f"{lesson}.ipynb")
    shown = "\n".join(texts(notebook))
    assert "not attempted" in shown
    assert "✗" not in shown
