"""A gradient on its way through time: how far it gets, and what the missing term of the common answer does to it.

The numbers come from `through_time`, which works with the student's own functions; this file draws and describes them.
"""

import math

import numpy as np

from helpers.figures.controls import Menu, Slider, Switch
from helpers.figures.guarded import Unusable, draw_panel
from helpers.figures.interactive import show
from helpers.figures.sequence_numbers import PENALTIES, journey, two_gradients
from helpers.figures.style import BLUE, GRAY, GREEN, INK, LIGHT, ORANGE, new_figure, power, powers_of_ten, signed

FARTHEST = 40  # powers of ten that the left axis shows at most, in either direction

CONTROLS = {
    "radius": Slider(description="radius of U", value=1.1, low=0.1, high=6.0, step=0.05),
    "steps": Slider(description="steps T", value=50, low=2, high=100, step=1, form="d"),
    "activation": Menu(
        description="activation", value="tanh", options=tuple((name, name) for name in ("tanh", "sigmoid", "linear"))
    ),
    "forget": Slider(description="forget gate f", value=0.98, low=0.5, high=1.0, step=0.01),
    "lam": Slider(description="penalty λ", value=1.0, low=-3, high=2, step=0.25, log=True, form=".2g"),
    "met": Switch(description="targets met", value=False),
}


def gradient_through_time(rnn_forward, bptt, penalized_bptt, cec_gradient):
    """Show how far a gradient gets through time, with controls in a live notebook.

    rnn_forward, bptt, penalized_bptt, cec_gradient: functions as lesson 05 describes them.

    Left: the size of dL/dh_t at every step, in a network and along the belt of an LSTM. Right: the cosine between the
    common answer for dU under a penalty and the true one, and their norms, against the penalty.
    """

    def draw(**values):
        """Draw the figure for these settings of the controls."""
        fig = new_figure(4.3)
        draw_panel(fig.add_axes((0.065, 0.13, 0.40, 0.75)), _draw_journey, rnn_forward, cec_gradient, values)
        axes = fig.add_axes((0.575, 0.56, 0.385, 0.32)), fig.add_axes((0.575, 0.13, 0.385, 0.30))
        if draw_panel(axes[0], _draw_cosine, rnn_forward, bptt, penalized_bptt, values):
            axes[1].set_axis_off()
        else:
            draw_panel(axes[1], _draw_norms, rnn_forward, bptt, penalized_bptt, values)
        return fig

    def alt(**values):
        """Say in words what the figure shows at these settings."""
        sentences = []
        for describe in (_describe_journey, _describe_gradients):
            try:
                sentences.append(describe(rnn_forward, bptt, penalized_bptt, cec_gradient, values))
            except Unusable as error:
                sentences.append(str(error))
        return " ".join(sentences)

    show(draw, CONTROLS, alt=alt)


def _journey(rnn_forward, cec_gradient, values):
    names = ("radius", "steps", "activation", "forget")
    return journey(rnn_forward, cec_gradient, **{name: values[name] for name in names})


def _draw_journey(ax, rnn_forward, cec_gradient, values):
    found, T = _journey(rnn_forward, cec_gradient, values), values["steps"]
    times, back = np.arange(1, T + 1), np.arange(T - 1, -1, -1)
    low, high = _limits(found)
    floor = 10.0**low
    ax.set_yscale("log")
    ax.fill_between(times, (1 - 1 / T) ** back, (1 + 1 / T) ** back, color=LIGHT, alpha=0.7, linewidth=0, zorder=0)
    seen = found.network > floor
    ax.vlines(times[seen], floor, found.network[seen], color=BLUE, linewidth=min(8.0, 190 / T), zorder=2)
    every = max(1, T // 10)
    belt = np.where(found.belt > floor, found.belt, np.nan)
    ax.plot(times, belt, color=ORANGE, marker="o", markevery=every, markersize=5, markeredgecolor="white", zorder=3)
    notes = ((f"bars: network, {values['activation']}", BLUE), (f"line: cell, f = {values['forget']:g}", ORANGE))
    notes += (("gray: factors within 1/T of 1", GRAY),)
    for i, (note, color) in enumerate(notes):
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        ax.text(0.02, 0.965 - 0.06 * i, note, color=color, fontsize=8.5, va="center", transform=ax.transAxes, bbox=box)
    ax.set(xlim=(0, T + 1), ylim=(floor, 10.0**high), xlabel=f"step t (the error is at t = {T})")
    powers_of_ten(ax.yaxis, low, high, every=max(1, 2 * math.ceil((high - low) / 16)))
    ax.set_title(f"left at step 1: network {_times(found.network[0])}, cell {_times(found.belt[0])}")


def _limits(found):
    """The powers of ten of the left axis, with room for the notes at the top."""
    sizes = np.concatenate([found.network, found.belt])
    exponents = np.log10(sizes[sizes > 0])
    low = max(-FARTHEST, 4 * math.floor(min(-1.0, exponents.min()) / 4))
    high = min(FARTHEST, 4 * math.ceil(max(0.0, exponents.max() - 1) / 4))
    return low, high + max(2, math.ceil((high - low) / 4))


def _times(number):
    if number == 0:
        return "0 ×"
    return f"{number:.2g} ×" if 0.01 <= number < 1000 else f"{power(number, 0)} ×"


def _gradients(functions, values):
    return two_gradients(*functions, np.append(PENALTIES, values["lam"]), met=values["met"])


def _set_penalty_axis(ax, values):
    ax.set_xscale("log")
    ax.set_xlim(PENALTIES[0], PENALTIES[-1])
    ax.axvline(values["lam"], color=GRAY, linewidth=0.9, linestyle=":")


def _draw_cosine(ax, rnn_forward, bptt, penalized_bptt, values):
    found = _gradients((rnn_forward, bptt, penalized_bptt), values)
    _set_penalty_axis(ax, values)
    ax.axhline(1, color=LIGHT, linewidth=1)
    ax.axhline(0, color=LIGHT, linewidth=1)
    ax.plot(PENALTIES, found.cosine[:-1], color=GREEN, linewidth=1.8)
    ax.plot([values["lam"]], [found.cosine[-1]], "D", color=GREEN, markersize=8, markeredgecolor="white", zorder=4)
    if np.isnan(found.cosine[-1]):
        note = "all targets met: the common answer is 0\nand points nowhere"
        ax.text(0.5, 0.5, note, ha="center", va="center", color=INK, transform=ax.transAxes)
    ax.set_xticks([], minor=False)
    ax.set_xticks([], minor=True)
    ax.set(ylim=(-1.1, 1.15), ylabel="cosine")
    ax.set_yticks([-1, 0, 1], ["−1", "0", "1"])
    ax.set_title(f"dU, common answer against truth: {_cosine(found)}")


def _cosine(found):
    return "no cosine" if np.isnan(found.cosine[-1]) else f"cosine {signed(found.cosine[-1])}"


def _draw_norms(ax, rnn_forward, bptt, penalized_bptt, values):
    found = _gradients((rnn_forward, bptt, penalized_bptt), values)
    _set_penalty_axis(ax, values)
    ax.set_yscale("log")
    curves = (("true", found.true, BLUE, "-", "o"), ("common", found.sheet, ORANGE, "--", "s"))
    for _, norms, color, line, marker in curves:
        visible = np.where(norms > 0, norms, np.nan)
        ax.plot(PENALTIES, visible[:-1], line, color=color, linewidth=1.8)
        ax.plot([values["lam"]], [visible[-1]], marker, color=color, markersize=7, markeredgecolor="white", zorder=4)
    smallest, largest = found.true.min(), max(found.true.max(), found.sheet.max())
    low, high = math.floor(math.log10(max(smallest, 1e-12)) - 0.5), math.ceil(math.log10(max(largest, 1e-12)) + 0.3)
    powers_of_ten(ax.xaxis, -3, 2, every=1)
    ax.set(ylim=(10.0**low, 10.0**high), xlabel="penalty λ", ylabel="norm")
    powers_of_ten(ax.yaxis, low, high, every=max(1, math.ceil((high - low) / 5)))
    common = f"{found.sheet[-1]:.2g}" if found.sheet[-1] else "exactly 0"
    ax.set_title(f"norm: true {found.true[-1]:.2g} (line), common {common} (dashes)")


def _describe_journey(rnn_forward, bptt, penalized_bptt, cec_gradient, values):
    found = _journey(rnn_forward, cec_gradient, values)
    return (
        f"Left, bars on a logarithmic scale over {values['steps']} steps: in a network of {values['activation']} units "
        f"whose U has spectral radius {values['radius']:g}, the gradient at the first state is "
        f"{_times(found.network[0])} that at the last; along the cell of an LSTM with forget gate "
        f"{values['forget']:g} it is {_times(found.belt[0])}."
    )


def _describe_gradients(rnn_forward, bptt, penalized_bptt, cec_gradient, values):
    found = _gradients((rnn_forward, bptt, penalized_bptt), values)
    targets = "targets that are met" if values["met"] else "random targets"
    return (
        f"Right, the gradient for U at penalty {values['lam']:.2g} with {targets}: norm {found.sheet[-1]:.2g} by the "
        f"common answer, {found.true[-1]:.2g} in truth, {_cosine(found)}."
    )
