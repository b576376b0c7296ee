"""The figures: a picture with alt text, silence under grading, sentences for broken functions, honest numbers."""

import importlib.util
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from autograder.building.notebook import code_cell
from helpers import figures, kernels
from helpers.figures import depth, interactive, microscope, style
from helpers.figures.controls import Menu, Slider, Switch
from helpers.figures.depth_numbers import propagate
from helpers.figures.guarded import Unusable, numbers_from

PNG = b"\x89PNG"


def drawing(value):
    fig = style.new_figure(2.0)
    fig.add_subplot().plot([0, value])
    return fig


CONTROLS = {"value": Slider(description="value", value=2, low=1, high=3, step=1, form="d")}


# --- one way to show


def test_the_static_picture_has_alt_text_and_a_png(shown):
    interactive.show(drawing, CONTROLS, alt=lambda value: f"a line to {value} & <more>")
    data, metadata = shown[0]._repr_mimebundle_()
    assert set(data) == {"text/html", "image/png", "text/plain"}
    assert data["text/plain"] == repr(shown[0]) == "a line to 2 & <more>"
    assert 'alt="a line to 2 &amp; &lt;more&gt;"' in data["text/html"]
    assert f'src="data:image/png;base64,{data["image/png"]}"' in data["text/html"]
    assert shown[0].png.startswith(PNG)
    assert metadata["image/png"] == {"width": 900, "height": 200}


def test_show_figure_shows_once_and_closes(shown):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    fig, _ = plt.subplots(figsize=(3, 2))
    assert figures.show_figure(fig, alt="axes") is None
    assert repr(shown[0]) == "axes"
    assert (shown[0].width, shown[0].height) == (300, 200)
    assert not plt.fignum_exists(fig.number)


def test_nothing_is_drawn_or_imported_under_grading(tmp_path):
    code = """
import sys
from helpers import figures
def never(*arguments): raise SystemExit("called")
figures.gradient_microscope(never, never)
figures.signal_through_depth(never, never)
figures.show(never, {}, alt=never)
figures.show_figure(None, alt="")
print([name for name in ("matplotlib", "matplotlib.pyplot", "ipywidgets", "IPython") if name in sys.modules])
"""
    environment = {**os.environ, interactive.GRADING: "1"}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_without_a_notebook_the_alt_text_is_printed_and_no_widget_is_made(capsys, monkeypatch):
    monkeypatch.delenv(interactive.GRADING, raising=False)
    monkeypatch.setattr(interactive, "_add_controls", lambda *_: pytest.fail("no live notebook here"))
    interactive.show(drawing, CONTROLS, alt=lambda value: "a line")
    assert capsys.readouterr().out == "a line\n"


def test_a_drawing_that_fails_becomes_a_sentence(shown):
    def fails(value):
        raise RuntimeError("no $x^$ today")

    interactive.show(fails, CONTROLS, alt=lambda value: "unused")
    assert repr(shown[0]) == "This figure could not be drawn: RuntimeError: no $x^$ today."
    assert shown[0].png.startswith(PNG)


class FakeShell:
    def __init__(self, allow_stdin):
        self.kernel = type("Kernel", (), {"_allow_stdin": allow_stdin})()


@pytest.mark.parametrize(("shell", "grading", "live"), [
    (None, "", False), (object(), "", False), (FakeShell(False), "", False), (FakeShell(True), "", True),
    (FakeShell(True), "1", False),
])  # fmt: skip
def test_only_a_person_in_front_of_a_notebook_is_live(shell, grading, live, monkeypatch):
    import IPython

    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    monkeypatch.setenv(interactive.GRADING, grading)
    assert interactive.is_live() is live


def test_moving_a_control_redraws_the_same_picture(monkeypatch):
    updates, panels = [], []
    handle = type("Handle", (), {"update": staticmethod(updates.append)})
    monkeypatch.setattr("IPython.display.display", panels.append)
    controls = {
        **CONTROLS,
        "log": Slider(description="log", value=1e-5, low=-12, high=-1, step=1, log=True),
        "choice": Menu(description="choice", value="a", options=(("A", "a"), ("B", "b"))),
        "switch": Switch(description="switch", value=False),
    }
    interactive._add_controls(handle, controls, dict)
    widgets = dict(zip(controls, panels[0].children, strict=True))
    assert all(widget.description for widget in widgets.values())
    assert widgets["value"].readout
    assert widgets["log"].readout
    widgets["value"].value = 3
    widgets["choice"].value = "b"
    assert updates[-1] == {"value": 3, "log": 1e-5, "choice": "b", "switch": False}
    assert len(updates) == 2


def test_every_control_of_every_figure_makes_a_widget_with_a_description():
    for control in (*microscope.CONTROLS.values(), *depth.CONTROLS.values()):
        widget = control.widget()
        assert widget.description == control.description
        assert widget.value == control.value


def test_executed_without_a_person_a_notebook_keeps_the_picture_only():
    if importlib.util.find_spec("nbclient") is None:
        pytest.skip("nbclient is not installed; the extra `dev` brings it")
    source = "from helpers import figures, kernels\n"
    source += "figures.signal_through_depth(kernels.init_std, kernels.batchnorm_forward)"
    notebook = json.dumps({"cells": [code_cell(source)], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    command = [sys.executable, "-W", "ignore", "-c", RUN_NOTEBOOK]
    text = subprocess.run(command, input=notebook, capture_output=True, text=True, check=True).stdout
    outputs = json.loads(text)["cells"][0]["outputs"]
    assert [sorted(output.get("data", {})) for output in outputs] == [["image/png", "text/html", "text/plain"]]


RUN_NOTEBOOK = """
import sys, nbclient, nbformat
notebook = nbformat.reads(sys.stdin.read(), 4)
nbclient.NotebookClient(notebook, kernel_name="python3").execute()
sys.stdout.write(nbformat.writes(notebook))
"""


# --- students' functions


def test_numbers_from_a_function_that_misbehaves_are_a_sentence():
    def edits(x):
        x[0] = 7
        return x

    x = np.zeros(2)
    np.testing.assert_array_equal(numbers_from("f", edits, x, shape=(2,)), [7, 0])
    assert x[0] == 0
    for function, sentence in [
        (lambda x: None, "returned None"),
        (lambda x: "text", "ValueError"),
        (lambda x: 1 / 0, "ZeroDivisionError: division by zero."),
        (lambda x: x[:1], r"shape \(1,\), where \(2,\) belongs"),
        (lambda x: x * np.nan, "returned nan here"),
    ]:
        with pytest.raises(Unusable, match=sentence):
            numbers_from("f", function, x, shape=(2,))


def raises(*arguments):
    print("noise")
    raise KeyError("mine")


def naive_cross_entropy(x, c):
    y = np.exp(x) / np.exp(x).sum()
    return -(c * np.log(y)).sum(), y - c


@pytest.mark.parametrize(("cross_entropy", "checker", "sentence"), [
    (raises, kernels.numerical_gradient, "Your gradient could not be drawn: KeyError: 'mine'."),
    (kernels.cross_entropy_from_logits, raises, "Your numerical_gradient could not be drawn: KeyError: 'mine'."),
    (kernels.cross_entropy_from_logits, lambda f, x, h: 0.0, "where (3,) belongs"),
    (lambda x, c: None, kernels.numerical_gradient, "Your loss could not be drawn: TypeError"),
    (kernels.cross_entropy_from_logits, lambda *_: ..., "Your numerical_gradient could not be drawn"),
])  # fmt: skip
def test_the_microscope_says_what_a_broken_function_did(cross_entropy, checker, sentence, shown, capsys):
    figures.gradient_microscope(cross_entropy, checker)
    assert sentence in repr(shown[0])
    assert shown[0].png.startswith(PNG)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("init_std", "sentence"), [
    (raises, "Your init_std could not be drawn: KeyError: 'mine'."),
    (lambda *_: np.nan, "Your init_std returned nan here"),
])  # fmt: skip
def test_the_depth_figure_says_what_a_broken_function_did(init_std, sentence, shown):
    figures.signal_through_depth(init_std, kernels.batchnorm_forward)
    assert sentence in repr(shown[0])
    assert shown[0].png.startswith(PNG)


# --- the numbers that are drawn


def test_the_bars_come_from_the_given_gradient_and_ignore_a_shift():
    logits = np.array([1.0, 0.0, -0.5])
    for shift in (0.0, -1000.0, 1000.0):
        y, c, difference = microscope.outputs(kernels.cross_entropy_from_logits, logits + shift, 2)
        np.testing.assert_allclose(y, kernels.softmax(logits), rtol=1e-12)
        np.testing.assert_allclose(difference, y - c, rtol=1e-12)
    wrong = microscope.outputs(lambda x, c: (0.0, c - kernels.softmax(x)), logits, 2)
    np.testing.assert_allclose(wrong[2], [0, 1, 0] - kernels.softmax(logits))
    np.testing.assert_allclose(wrong[0], wrong[2] + [0, 1, 0])
    with pytest.raises(Unusable, match="nan"), np.errstate(all="ignore"):
        microscope.outputs(naive_cross_entropy, logits + 1000, 2)


def test_the_v_curves_have_their_minima_where_theory_puts_them():
    steps, logits = microscope.STEPS, np.array([1.0, 0.0, -0.5])
    central, one_sided = microscope.difference_errors(
        kernels.cross_entropy_from_logits, kernels.numerical_gradient, logits, 2, steps
    )
    assert 1e-6 < steps[central.argmin()] < 3e-5
    assert 3e-9 < steps[one_sided.argmin()] < 1e-7
    assert central.min() < 1e-10 < one_sided.min() < 1e-7
    truncation = steps > 1e-3
    for errors, order in ((central, 2), (one_sided, 1)):
        slope = np.polyfit(np.log(steps[truncation]), np.log(errors[truncation]), 1)[0]
        assert slope == pytest.approx(order, abs=0.05)


def test_the_central_curve_is_the_given_checker_s():
    def one_sided_checker(fun, x, h):
        return np.array([(fun(x + h * axis) - fun(x)) / h for axis in np.eye(3)])

    errors = microscope.difference_errors(
        kernels.cross_entropy_from_logits, one_sided_checker, np.array([1.0, 0.0, -0.5]), 2, np.array([1e-4, 1e-2])
    )
    np.testing.assert_allclose(errors[0], errors[1])


@pytest.mark.parametrize("values", [
    {"shift": -1000, "target": 1, "h": 1e-12}, {"sum_over": "jk", "h": 0.1}, {"logit_1": 5.0, "logit_2": -5.0},
])  # fmt: skip
def test_the_microscope_draws_at_every_corner(values, shown, monkeypatch):
    kept = []
    monkeypatch.setattr(microscope, "show", lambda draw, controls, *, alt: kept.append((draw, alt)))
    microscope.gradient_microscope(kernels.cross_entropy_from_logits, kernels.numerical_gradient)
    start = {name: control.value for name, control in microscope.CONTROLS.items()}
    picture = interactive.rendered(*kept[0], {**start, **values})
    assert "could not be drawn" not in repr(picture)


def net(**values):
    start = {name: control.value for name, control in depth.CONTROLS.items()}
    return propagate(kernels.init_std, kernels.batchnorm_forward, **{**start, **values})


def test_a_sigmoid_loses_three_quarters_of_signal_and_gradient_a_layer():
    passage = net(depth=20)
    for curve in (passage.gradient[::-1], passage.signal):
        assert 0.15 < (curve[20] / curve[0]) ** (1 / 20) <= 0.25
    assert passage.size[-1] == pytest.approx(0.5, abs=0.05)
    assert depth.reference_factor(gain=1.0, activation="sigmoid", initialization="random", normalized=False)[0] == 0.25


def test_he_keeps_a_relu_net_and_batchnorm_makes_its_gradient_explode():
    plain, normalized = net(depth=50, activation="relu"), net(depth=50, activation="relu", normalized=True)
    assert 0.2 < plain.gradient[0] < 5
    assert 0.3 < plain.size[-1] < 3
    assert 1e3 < normalized.gradient[0] < 1e5
    factor, _ = depth.reference_factor(gain=1.0, activation="relu", initialization="random", normalized=True)
    assert normalized.gradient[0] ** (1 / 50) == pytest.approx(factor, abs=0.03)


def test_batchnorm_rescues_the_sigmoid():
    passage = net(depth=50, normalized=True)
    assert passage.signal[-1] == pytest.approx(passage.signal[1], rel=0.1)
    assert 0.3 < passage.gradient[0] < 10


def test_a_linear_net_multiplies_by_its_gain():
    passage = net(depth=30, activation="linear", gain=1.5)
    assert passage.gradient[0] ** (1 / 30) == pytest.approx(1.5, rel=0.02)
    assert passage.size[-1] ** (1 / 30) == pytest.approx(1.5, rel=0.02)


def test_a_constant_start_makes_all_units_one_and_zeros_stop_the_gradient():
    passage = net(initialization="constant", activation="tanh")
    assert np.ptp(passage.spread[1:], axis=1).max() < 1e-12
    assert np.ptp(passage.spread[0]) > 0
    passage = net(initialization="zero")
    assert (passage.gradient[:-1] == 0).all()
    assert (passage.spread[1:] == 0).all()
    np.testing.assert_array_equal(depth._visible(passage.gradient[-2:]), [np.nan, 1.0])  # no line at zeros


def test_the_gradient_is_that_of_the_net():
    loss_like = net(depth=1, activation="tanh")
    rng = np.random.default_rng(0)
    rng.normal(size=(64, 64))
    top, weights = rng.normal(size=(64, 64)), None
    weights = kernels.init_std(64, 64, "tanh") * rng.normal(size=(64, 64))
    h = np.tanh(np.random.default_rng(0).normal(size=(64, 64)) @ weights)
    expected = np.linalg.norm((top * (1 - h**2)) @ weights.T) / np.linalg.norm(top)
    assert loss_like.gradient[0] == pytest.approx(expected, rel=1e-12)


CORNERS = [(one, start) for one in ("sigmoid", "tanh", "relu", "linear") for start in ("random", "constant", "zero")]


@pytest.mark.parametrize(
    ("activation", "initialization"),
    [pytest.param(*one, marks=[pytest.mark.slow] * bool(i % 4)) for i, one in enumerate(CORNERS)],
)
def test_the_depth_figure_draws_at_every_corner(activation, initialization, monkeypatch):
    kept = []
    monkeypatch.setattr(depth, "show", lambda draw, controls, *, alt: kept.append((draw, alt)))
    depth.signal_through_depth(kernels.init_std, kernels.batchnorm_forward)
    for layers, gain, normalized in ((1, 0.1, False), (50, 3.0, False), (50, 0.1, True)):
        values = {"depth": layers, "gain": gain, "normalized": normalized}
        picture = interactive.rendered(*kept[0], {**values, "activation": activation, "initialization": initialization})
        assert "could not be drawn" not in repr(picture), (layers, gain, normalized)


def test_the_package_names_what_it_offers():
    assert {"gradient_microscope", "show", "show_figure", "signal_through_depth"} <= set(dir(figures))
    assert all(callable(getattr(figures, name)) for name in dir(figures))
    with pytest.raises(AttributeError, match=r"it offers .*gradient_microscope"):
        figures.nothing  # noqa: B018
