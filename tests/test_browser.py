"""The notebooks in real JupyterLab, in headless Chromium: run, type a wrong answer, be told, mend it, move a slider."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from autograder.building.build import PROJECT
from autograder.studying.commands import lab_environment
from autograder.studying.first_view import own_windows
from conftest import BUILT, CHROMIUM, FLAGS

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")]
SHOTS = os.environ.get("COURSE_SHOTS")
COMMAND = "window.jupyterapp.commands.execute"
WIDGET = "window.jupyterapp.shell.currentWidget"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A JupyterLab of our own on a copy of the notebooks, with fresh settings."""
    root = tmp_path_factory.mktemp("lab")
    shutil.copytree(PROJECT / "notebooks", root / "notebooks")
    port, token = free_port(), secrets.token_hex(8)
    folders = ("JUPYTER_CONFIG_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "JUPYTER_RUNTIME_DIR")
    environment = {**lab_environment(), **{name: str(root / name.lower()) for name in folders}}
    own_windows(root / "jupyterlab_workspaces_dir")
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1", f"--port={port}"]
    command += [f"--IdentityProvider.token={token}", "--allow-root", "--expose-app-in-browser"]
    command += [f"--ServerApp.root_dir={root / 'notebooks'}"]
    with open(root / "log", "w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/api?token={token}")
        yield port, token
    finally:
        process.terminate()
        process.wait(20)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(url):
    until = time.monotonic() + 240  # a server takes two seconds to start, on a busy machine a hundred
    while time.monotonic() < until:
        try:
            return urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)


@pytest.fixture
def open_notebook(server, tmp_path):
    """Open a notebook in the browser and return its page."""
    reason = "playwright is not installed; the extra `dev` brings it"
    sync_playwright = pytest.importorskip("playwright.sync_api", reason=reason).sync_playwright

    port, token = server
    with sync_playwright() as playwright:
        options = {"executable_path": CHROMIUM, "headless": True, "args": FLAGS}
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path / "profile"), viewport={"width": 1200, "height": 1000}, **options
        )
        page = context.pages[0]
        page.set_default_timeout(60_000)

        def go(name):
            # A workspace of its own, for JupyterLab opens again what the last one left open.
            page.goto(f"http://127.0.0.1:{port}/lab/workspaces/{name}/tree/{name}.ipynb?token={token}")
            page.wait_for_selector(".jp-Notebook")
            ready = f"() => window.jupyterapp && {WIDGET} && {WIDGET}.context && {WIDGET}.context.isReady"
            ready += f" && {WIDGET}.context.path.endsWith('{name}.ipynb')"
            page.wait_for_function(ready)
            page.evaluate(f"async () => {{ await {WIDGET}.sessionContext.ready; }}")
            return page

        yield go
        context.close()


def run_all(page):
    page.evaluate(f"async () => {{ await {COMMAND}('notebook:run-all-cells'); }}")


def index_of(page, cell):
    """The place of the cell with this id."""
    return page.evaluate(f"id => {WIDGET}.content.widgets.findIndex(w => w.model.id === id)", cell)


def show(page, cell):
    """Scroll to a cell: JupyterLab does not draw what is off the screen."""
    page.evaluate(f"async i => {{ await {WIDGET}.content.scrollToItem(i, 'start'); }}", index_of(page, cell))
    page.wait_for_timeout(800)


def write_and_run(page, cell, text):
    """Put text into a cell, run it, and return what it shows."""
    place = index_of(page, cell)
    code = f"""async ([i, text]) => {{
        const notebook = {WIDGET}.content;
        notebook.activeCellIndex = i;
        if (text !== null) notebook.widgets[i].model.sharedModel.setSource(text);
        await {COMMAND}('notebook:run-cell');
    }}"""
    page.evaluate(code, [place, text])
    return output(page, cell)


def output(page, cell):
    """The text of a cell's outputs."""
    code = f"i => {WIDGET}.content.widgets[i].outputArea ? {WIDGET}.content.widgets[i].outputArea.node.textContent : ''"
    return page.evaluate(code, index_of(page, cell))


def shoot(page, name):
    if SHOTS:
        Path(SHOTS).mkdir(exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png")


def wait_until_idle(page):
    page.wait_for_function(f"() => {WIDGET}.sessionContext.session.kernel.status === 'idle'")


WORKED = {  # lesson: the exercise, a wrong answer that is known, the right one
    "01": (
        "chain_rule",
        "def chain_rule(x, y, dydx):\n    return 2 * (x + y), 2 * (x + y)\n",
        "def chain_rule(x, y, dydx):\n    return 2 * (x + y), 2 * (x + y) * (1 + dydx)\n",
    ),
    "02": (
        "sigmoid_gradient",
        "def sigmoid_gradient(x, k=1.0):\n    s = 1 / (1 + np.exp(-k * x))\n    return k * s * (1 - s), k / 2\n",
        "def sigmoid_gradient(x, k=1.0):\n    e = np.exp(-abs(k * x))\n    return k * e / (1 + e) ** 2, k / 4\n",
    ),
    "03": (
        "soft_threshold",
        "def soft_threshold(z, t):\n    return np.where(abs(z) > t, z, 0.0)\n",
        "def soft_threshold(z, t):\n    return z - np.clip(z, -t, t)\n",
    ),
    "04": (
        "same_padding",
        "def same_padding(n, k, s):\n    total = max((-(-n // s) - 1) * s + k - n, 0)\n"
        "    return total - total // 2, total // 2\n",
        "def same_padding(n, k, s):\n    total = max((-(-n // s) - 1) * s + k - n, 0)\n"
        "    return total // 2, total - total // 2\n",
    ),
    "05": (
        "cec_gradient",
        "def cec_gradient(forget):\n    return np.append(1.0, np.cumprod(forget))[::-1]\n",
        "def cec_gradient(forget):\n    return np.array([np.prod(forget[k:]) for k in range(len(forget) + 1)])\n",
    ),
    "06": (
        "js_divergence",
        "def js_divergence(p, q, w=0.5):\n    m = w * p + (1 - w) * q\n"
        "    kl = lambda a: np.sum(a[a > 0] * np.log2(a[a > 0] / m[a > 0]))\n    return w * kl(p) + (1 - w) * kl(q)\n",
        "def js_divergence(p, q, w=0.5):\n    m = w * p + (1 - w) * q\n"
        "    kl = lambda a: np.sum(a[a > 0] * np.log(a[a > 0] / m[a > 0]))\n"
        "    return max(w * kl(p) + (1 - w) * kl(q), 0)\n",
    ),
    "07": (
        "effective_sample_size",
        "def effective_sample_size(logw):\n    w = np.exp(logw - logw.max(axis=1, keepdims=True))\n"
        "    return (w.sum(axis=1) ** 2 / (w * w).sum(axis=1)) / logw.shape[1]\n",
        "def effective_sample_size(logw):\n    w = np.exp(logw - logw.max(axis=1, keepdims=True))\n"
        "    return w.sum(axis=1) ** 2 / (w * w).sum(axis=1)\n",
    ),
    "08": (
        "optimal_discriminator",
        "def optimal_discriminator(p, q):\n    return (np.sign(p - q) + 1) / 2\n",
        "def optimal_discriminator(p, q):\n"
        "    return np.divide(p, p + q, out=np.full(np.shape(p), 0.5), where=(p > 0) | (q > 0))\n",
    ),
    "09": (
        "wasserstein_1d",
        "def wasserstein_1d(x, p, y, q):\n    return np.sum(p[:, None] * abs(x[:, None] - y) * q)\n",
        "def wasserstein_1d(x, p, y, q):\n    z = np.append(x, y)\n    order = z.argsort()\n"
        "    return abs(np.append(p, -q)[order].cumsum()[:-1]) @ np.diff(z[order])\n",
    ),
}


@pytest.mark.parametrize("lesson", BUILT)
def test_a_student_works_a_lesson(open_notebook, lesson):
    page = open_notebook(lesson)
    run_all(page)
    page.wait_for_function(
        f"() => {WIDGET}.content.widgets.at(-1).outputArea.node.textContent.includes('Progress in')", timeout=120_000
    )
    wait_until_idle(page)
    sources = page.evaluate(f"() => {WIDGET}.content.widgets.map(w => w.model.sharedModel.getSource())")
    failed = '[data-mime-type="application/vnd.jupyter.error"]'
    errors = page.evaluate(f"() => {WIDGET}.content.node.querySelectorAll('{failed}').length")
    assert errors == 0
    assert page.locator(".Toastify__toast").count() == 0, "JupyterLab asks something"
    assert any("grader = Grader" in source for source in sources)
    move_a_slider(page, lesson[:2])

    exercise, wrong, right = WORKED[lesson[:2]]
    said = answer(page, exercise, wrong, f"{lesson[:2]}_wrong")
    assert "failed" in said
    assert "Diagnosis" in said
    assert "all public checks passed" in answer(page, exercise, right, f"{lesson[:2]}_right")


def move_a_slider(page, lesson):
    """Press a key on the figure's first slider, and see another picture."""
    show(page, "introduction-experiment-1")
    shoot(page, f"{lesson}_figure")
    drawn = "() => document.querySelector('.jp-OutputArea img').src"
    before = page.evaluate(drawn)
    page.locator(".noUi-handle").first.press("ArrowRight")
    page.wait_for_function(f"before => ({drawn})() !== before", arg=before)
    wait_until_idle(page)
    shoot(page, f"{lesson}_moved")


def answer(page, exercise, text, shot):
    """What the student is told by the cell below the answer."""
    cell = exercise.replace("_", "-")
    write_and_run(page, f"{cell}-answer", text)
    said = write_and_run(page, f"{cell}-check", None)
    show(page, f"{cell}-answer")
    shoot(page, shot)
    return said


def test_a_first_time_reader_sees_lesson_01_and_its_contents_and_is_asked_nothing(server, chromium):
    port, token = server
    page = chromium.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(120_000)
    faults, here = [], (f"http://127.0.0.1:{port}/", f"ws://127.0.0.1:{port}/", "data:", "blob:")
    # The extra `lite`, which readers of notebooks have not installed, brings an extension that JupyterLab cannot load.
    beside = "@jupyterlite/pyodide-kernel-extension"
    page.on("console", lambda one: faults.append(one.text) if one.type == "error" and beside not in one.text else None)
    page.on("request", lambda one: None if one.url.startswith(here) else faults.append(one.url))
    page.goto(f"http://127.0.0.1:{port}/lab/tree/01_chain_rule.ipynb?token={token}")
    page.wait_for_selector(".jp-Notebook .jp-MarkdownOutput h1")
    contents = page.locator("#table-of-contents")
    contents.get_by_text("One link of the chain").wait_for()
    assert contents.is_visible()
    page.wait_for_timeout(5000)  # long enough for the news that JupyterLab would ask about
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= 1366 && document.documentElement.scrollHeight <= 768")
    assert page.evaluate("document.querySelector('.jp-Notebook').clientWidth") > 900
    assert page.get_by_text("Create Assignment").count() == 0
    assert faults == []
    page.context.close()
