"""Signal and gradient through depth: what initialization, activation and batch normalization do to both.

The numbers come from `passage`, which works with the student's own functions; this file draws and describes them.
"""

import math

import numpy as np

from helpers.figures.controls import Menu, Slider, Switch
from helpers.figures.depth_numbers import ACTIVATIONS, UNITS, propagate
from helpers.figures.guarded import Unusable, write_sentence
from helpers.figures.interactive import show
from helpers.figures.style import BLUE, GRAY, GREEN, ORANGE, apart, new_figure, power, powers_of_ten

UNITS_SHOWN = 6
DECADES = 4  # the vertical axes grow and shrink in steps of so many powers of ten
FARTHEST = 64
BATCHNORM_RELU = math.sqrt(math.pi / (math.pi - 1))  # Yang et al., A mean field theory of batch normalization (2019)

CONTROLS = {
    "depth": Slider(description="depth", value=20, low=1, high=50, step=1, form="d"),
    "gain": Slider(description="gain × init_std", value=1.0, low=0.1, high=3.0, step=0.05),
    "activation": Menu(description="activation", value="sigmoid", options=tuple((name, name) for name in ACTIVATIONS)),
    "normalized": Switch(description="BatchNorm", value=False),
    "initialization": Menu(
        description="initial weights", value="random", options=tuple((i, i) for i in ("random", "constant", "zero"))
    ),
}


def signal_through_depth(init_std, batchnorm):
    """Show how far a signal and its gradient get through a deep net, with controls in a live notebook.

    init_std: function of (fan_in, fan_out, activation's name) that returns the standard deviation of the weights.
    batchnorm: function of (a, gamma, beta, run_mean, run_var, train) that returns (out, run_mean, run_var).

    Left: the size of the activations, and how much of it still differs from example to example. Right: the norm of the
    gradient on its way back from the last layer.
    """

    def draw(**values):
        """Draw the figure for these settings of the controls."""
        fig = new_figure(4.1)
        try:
            passage = propagate(init_std, batchnorm, **values)
        except Unusable as error:
            write_sentence(fig.add_axes((0, 0, 1, 1)), str(error), width=90)
            return fig
        _draw_signal(fig.add_axes((0.065, 0.14, 0.335, 0.74)), passage, values)
        _draw_gradient(fig.add_axes((0.575, 0.14, 0.335, 0.74)), passage, values)
        return fig

    def alt(**values):
        """Say in words what the figure shows at these settings."""
        try:
            return _describe(propagate(init_std, batchnorm, **values), values)
        except Unusable as error:
            return str(error)

    show(draw, CONTROLS, alt=alt)


def reference_factor(*, gain, activation, initialization, normalized, **_):
    """Return the factor per layer that theory gives for the gradient, and its reason, or None where there is none."""
    if initialization != "random":
        return None
    if normalized:
        return (BATCHNORM_RELU, "BatchNorm + ReLU") if activation == "relu" else None
    if activation == "sigmoid":
        return gain / 4, "gain × ¼"
    return (gain, "gain") if activation in ("relu", "linear") else None


def _draw_signal(ax, passage, values):
    layers = np.arange(len(passage.size))
    _set_axes(ax, np.concatenate([passage.size, passage.signal]), layers, "layer")
    for unit in passage.spread.T[:UNITS_SHOWN]:
        ax.plot(layers, _visible(unit), color=GRAY, linewidth=0.7, alpha=0.5, zorder=1)
    spread_name = "spread over\nthe batch" if passage.signal[-1] else "spread over\nthe batch: 0"
    curves = (
        (spread_name, passage.signal, ORANGE, "-", "o"),
        ("size: root\nmean square", passage.size, BLUE, "--", "s"),
    )
    ends = apart([_height(ax, numbers[-1]) for _, numbers, *_ in curves], 0.13)
    for (name, numbers, color, line, marker), end in zip(curves, ends, strict=True):
        _draw_curve(ax, layers, numbers, color, line, marker)
        ax.text(1.03, end, name, color=color, va="center", fontsize=8.5, transform=ax.transAxes)
    units = f"single units, all {UNITS} on one curve" if _are_alike(passage) else f"{UNITS_SHOWN} single units"
    ax.text(0.02, 0.04, f"thin: {units}", color=GRAY, fontsize=8.5, transform=ax.transAxes)
    size, spread = _worded(passage.size[-1]), _worded(passage.signal[-1])
    ax.set_title(f"Activations at layer {layers[-1]}: size {size}, spread {spread}")


def _are_alike(passage):
    """Whether all units of a layer have one and the same spread, as after a constant start."""
    alike = np.ptp(passage.spread[1:], axis=1) <= 1e-6 * passage.spread[1:].max(axis=1)
    return bool(alike.all())


def _draw_gradient(ax, passage, values):
    layers = np.arange(len(passage.gradient))
    _set_axes(ax, passage.gradient, layers, "layer (the gradient comes from the right)")
    reference = reference_factor(**values)
    if reference:
        factor, reason = reference
        expected = factor ** (layers[-1] - layers).astype(float)
        ax.plot(layers, _visible(expected), color=GRAY, linestyle=":", linewidth=1.6, zorder=2)
        ax.text(
            0.02, 0.04, f"dotted: {factor:.3g} per layer ({reason})", color=GRAY, fontsize=8.5, transform=ax.transAxes
        )
    _draw_curve(ax, layers, passage.gradient, GREEN, "-", "D")
    ax.text(1.03, _height(ax, 1.0), "gradient", color=GREEN, va="center", fontsize=8.5, transform=ax.transAxes)
    zeros = np.flatnonzero(passage.gradient == 0)
    if len(zeros):
        note = f"exactly 0 up to layer {zeros[-1]}"
        ax.text(0.5, 0.5, note, ha="center", color=GREEN, fontsize=8.5, transform=ax.transAxes)
    ax.set_title(f"Gradient at the input: {_ratio(passage)}")


def _ratio(passage):
    """Say how large the gradient at the input is."""
    last = len(passage.gradient) - 1
    first = passage.gradient[0]
    return f"{_worded(first)} × that at layer {last}" if first else "exactly 0"


def _draw_curve(ax, layers, numbers, color, line, marker):
    every = max(1, len(layers) // 8)
    look = {"linestyle": line, "marker": marker, "markevery": every, "markersize": 5, "markeredgecolor": "white"}
    ax.plot(layers, _visible(numbers), color=color, linewidth=1.8, zorder=3, **look)


def _visible(numbers):
    """Leave out zeros, for which a logarithm has no place."""
    return np.where(numbers > 0, numbers, np.nan)


def _set_axes(ax, numbers, layers, label):
    ax.set_yscale("log")
    exponents = np.log10(_visible(numbers)[numbers > 0]) if (numbers > 0).any() else np.zeros(1)
    low = max(-FARTHEST, DECADES * math.floor(min(-1.0, exponents.min()) / DECADES))
    high = min(FARTHEST, DECADES * math.ceil(max(0.0, exponents.max() - 1.5) / DECADES))
    low = min(low, -DECADES * math.ceil(high / (8 * DECADES)))  # room for the note below curves that only rise
    ax.set(xlim=(0, layers[-1]), ylim=(10.0**low / 5, 10.0**high * 50), xlabel=label)
    powers_of_ten(ax.yaxis, low, high, every=2 * math.ceil((high - low) / 16) or 1)
    step = next(step for step in (1, 2, 5, 10) if layers[-1] <= 6 * step or step == 10)
    ax.set_xticks(range(0, len(layers), step))


def _height(ax, number):
    """Return where a number stands on a logarithmic axis, from 0 at the bottom to 1 at the top."""
    low, high = np.log10(ax.get_ylim())
    return float(np.clip((np.log10(max(number, 1e-300)) - low) / (high - low), 0.02, 0.98))


def _worded(number):
    if number == 0:
        return "exactly 0"
    if 10 <= number < 1e4:
        return f"{number:.0f}"
    return f"{number:.2g}" if 0.01 <= number < 10 else power(number, 0)


def _describe(passage, values):
    depth = values["depth"]
    net = f"{depth} {values['activation']} layer{'s' * (depth > 1)}{' with BatchNorm' * values['normalized']}"
    start = f"{values['initialization']} initial weights and a gain of {values['gain']:g}"
    reference = reference_factor(**values)
    theory = f" Theory: {reference[0]:.3g} per layer ({reference[1]})." if reference else ""
    alike = f" All {UNITS} units of a layer have the same spread." if _are_alike(passage) else ""
    return (
        f"Two logarithmic plots over the layers of a net of {net}, {start}. Activations at layer {depth}: size "
        f"{_worded(passage.size[-1])}, spread over the batch {_worded(passage.signal[-1])}. "
        f"Norm of the gradient at the input: {_ratio(passage)}.{theory}{alike}"
    )
