"""The gradient microscope: what a cross-entropy's gradient looks like, and how small a difference step may be.

Everything that can come from the student's functions does: the bars from their gradient, the central difference from
their checker. What those are compared with comes from the kernels.
"""

import numpy as np

from helpers.figures.controls import Menu, Slider
from helpers.figures.guarded import Unusable, draw_panel, numbers_from
from helpers.figures.hidden_delta_panel import FIRST, SECOND, draw_hidden_delta
from helpers.figures.interactive import show
from helpers.figures.style import BLUE, GRAY, GREEN, INK, ORANGE, apart, new_figure, power, powers_of_ten, signed
from helpers.kernels import softmax

CLASSES = 3
STEPS = np.logspace(-12, -1, 56)
LOWEST, HIGHEST = 3e-16, 10.0
FLOOR = 1e-15  # smaller errors, and 0, for which a logarithm has no place, are drawn here
BARS = (("y", BLUE, ""), ("c", ORANGE, "///"), ("y − c", GREEN, "..."))

CONTROLS = {
    "logit_1": Slider(description="logit 1", value=1.0, low=-5.0, high=5.0, step=0.1, form=".1f"),
    "logit_2": Slider(description="logit 2", value=0.0, low=-5.0, high=5.0, step=0.1, form=".1f"),
    "logit_3": Slider(description="logit 3", value=-0.5, low=-5.0, high=5.0, step=0.1, form=".1f"),
    "target": Slider(description="target class", value=2, low=1, high=CLASSES, step=1, form="d"),
    "shift": Slider(description="common shift", value=0, low=-1000, high=1000, step=50, form="d"),
    "h": Slider(description="step h", value=1e-5, low=-12, high=-1, step=0.2, log=True, form=".1e"),
    "sum_over": Menu(description="sum over", value=FIRST, options=(("k in v_kj", FIRST), ("k in v_jk", SECOND))),
}


def gradient_microscope(cross_entropy, numerical_gradient):
    """Show the gradient microscope, with sliders in a live notebook.

    cross_entropy: function of logits (1, 3) and targets (1, 3) that returns the loss and the gradient (1, 3).
    numerical_gradient: function of (fun, x, h) that returns the gradient of fun at x by central differences.

    Left: y, c and y − c, where y is worked out from the given gradient; a common shift of all logits leaves them alone.
    Right: the error of the given central difference, and of a one-sided one, at every step size. Below: which index of
    the output weights a hidden unit's delta sums over.
    """

    def draw(**values):
        """Draw the figure for these settings of the controls."""
        fig = new_figure(5.1)
        bars = fig.add_axes((0.065, 0.52, 0.355, 0.4))
        curves = fig.add_axes((0.525, 0.52, 0.355, 0.4))
        draw_panel(bars, _draw_bars, cross_entropy, values)
        draw_panel(curves, _draw_curves, cross_entropy, numerical_gradient, values)
        draw_hidden_delta(fig.add_axes((0.0, 0.0, 1.0, 0.42)), values["sum_over"])
        return fig

    def alt(**values):
        """Say in words what the figure shows at these settings."""
        return _alt(cross_entropy, numerical_gradient, values)

    show(draw, CONTROLS, alt=alt)


def outputs(cross_entropy, logits, target):
    """Return y, c and y - c of one row, each (3,), worked out from the gradient that `cross_entropy` returns."""
    c = one_hot(target)
    gradient = numbers_from("Your gradient", cross_entropy, logits[None], c[None], part=1, shape=(1, CLASSES))[0]
    return gradient + c, c, gradient  # N = 1 and sum c = 1: the gradient is y - c


def one_hot(target):
    """Return the target weights (3,) of a class that is counted from 1."""
    return np.eye(CLASSES)[target - 1]


def logits_of(values):
    """Return the logits (3,) that the sliders stand for, the common shift included."""
    return np.array([values["logit_1"], values["logit_2"], values["logit_3"]]) + values["shift"]


def difference_errors(cross_entropy, numerical_gradient, logits, target, steps):
    """Return the largest error over the components at every step, central and one-sided, both shaped like `steps`."""
    c = one_hot(target)
    here = float(numbers_from("Your loss", cross_entropy, logits[None], c[None], part=0, shape=()))

    def loss(x):
        """The loss at these logits, one number."""
        return float(cross_entropy(x[None], c[None])[0])

    def both_slopes(h):
        """The central and the one-sided slopes with this step."""
        central = numbers_from("Your numerical_gradient", numerical_gradient, loss, logits, h, shape=(CLASSES,))
        one_sided = [numbers_from("Your loss", loss, logits + h * axis) - here for axis in np.eye(CLASSES)]
        return central, np.divide(one_sided, h)

    exact = softmax(logits) - c
    errors = np.abs([both_slopes(h) for h in steps] - exact).max(axis=2)
    return np.maximum(errors, FLOOR).T


def _draw_bars(ax, cross_entropy, values):
    heights = outputs(cross_entropy, logits_of(values), values["target"])
    unshifted = outputs(cross_entropy, logits_of({**values, "shift": 0}), values["target"])
    for i, ((name, color, hatch), height, before) in enumerate(zip(BARS, heights, unshifted, strict=True)):
        x = np.arange(CLASSES) + (i - 1) * 0.28
        fill = "white" if hatch else color
        ax.bar(x, height, width=0.25, facecolor=fill, edgecolor=color, hatch=hatch, label=name)
        if values["shift"]:
            ax.plot(x, before, "D", color=INK, markersize=4.5, fillstyle="none", label="no shift" if i == 2 else None)
        for place, value in zip(x, height, strict=True):
            _label_bar(ax, place, value)
    ax.axhline(0, color=GRAY, linewidth=0.8)
    ax.set(xlim=(-0.5, CLASSES - 0.5), ylim=(-1.25, 1.62))
    ax.set_yticks([-1, 0, 1], ["−1", "0", "1"])
    ax.set_xticks(range(CLASSES), [f"class {k + 1}{' (target)' * (k + 1 == values['target'])}" for k in range(CLASSES)])
    ax.set_title(f"Gradient y − c, all logits shifted by {signed(values['shift'], 'g')}")
    ax.legend(loc="upper center", ncols=4, frameon=False, fontsize=8.5, columnspacing=1.4, handletextpad=0.5)


def _label_bar(ax, x, value):
    end, gap = (max(0.0, min(value, 1.1)), 0.06) if value > -5e-3 else (max(value, -1.1), -0.06)
    ax.text(x, end + gap, signed(value), ha="center", va="bottom" if gap > 0 else "top", fontsize=8, clip_on=True)


def _draw_curves(ax, cross_entropy, numerical_gradient, values):
    here = values["h"]
    steps = np.append(STEPS, here)
    errors = difference_errors(cross_entropy, numerical_gradient, logits_of(values), values["target"], steps)
    looks = (("central", BLUE, "-", "o"), ("one-sided", ORANGE, "--", "s"))
    ends = apart((np.log10(errors[:, -2]) - np.log10(LOWEST)) / np.log10(HIGHEST / LOWEST), 0.15)
    for (name, color, line, marker), error, end in zip(looks, errors, ends, strict=True):
        ax.loglog(STEPS, error[:-1], line, color=color, linewidth=1.8, zorder=3)
        ax.loglog([here], [error[-1]], marker, color=color, markersize=8, markeredgecolor="white", zorder=5)
        ax.text(
            1.02,
            end,
            f"{name}\n{power(error[-1], 0)} at h",
            color=color,
            va="center",
            fontsize=8.5,
            transform=ax.transAxes,
        )
    ax.axvline(here, color=GRAY, linewidth=0.9, linestyle=":")
    note = {
        "fontsize": 8.5,
        "color": GRAY,
        "va": "center",
        "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 1},
    }
    ax.text(2e-12, 2e-1, "rounding: grows as 1/h", **note)
    ax.text(9e-2, 3e-15, "truncation: grows as h², one-sided as h", ha="right", **note)
    ax.set(xlim=(1e-12, 1e-1), ylim=(LOWEST, HIGHEST), xlabel="step h", ylabel="largest error of a slope")
    ax.yaxis.set_label_coords(-0.16, 0.5)
    powers_of_ten(ax.xaxis, -12, -2)
    powers_of_ten(ax.yaxis, -14, 0)
    best = STEPS[np.argmin(errors[0, :-1])]
    ax.set_title(f"h = {power(here, 1)}; central is best near {power(best, 0)}")


def _alt(cross_entropy, numerical_gradient, values):
    below = "k in v_kj, which is column j of V, one weight for each delta"
    if values["sum_over"] == SECOND:
        below = "k in v_jk, which is row j of V and does not fit the deltas"
    sentences = []
    for describe in (_describe_bars, _describe_curves):
        try:
            sentences.append(describe(cross_entropy, numerical_gradient, values))
        except Unusable as error:
            sentences.append(str(error))
    return " ".join([*sentences, f"Below, the delta of a hidden unit as a sum over {below}."])


def _describe_bars(cross_entropy, _, values):
    heights = outputs(cross_entropy, logits_of(values), values["target"])
    bars = [f"{bar[0]} = ({', '.join(signed(v) for v in h)})" for bar, h in zip(BARS, heights, strict=True)]
    where = f"target class {values['target']} and a common shift of {signed(values['shift'], 'g')}"
    return f"Bars for three classes with {where}: {', '.join(bars)}."


def _describe_curves(cross_entropy, numerical_gradient, values):
    steps = np.append(STEPS, values["h"])
    errors = difference_errors(cross_entropy, numerical_gradient, logits_of(values), values["target"], steps)
    central, one_sided = STEPS[errors[:, :-1].argmin(axis=1)]
    return (
        "Error of numerical slopes against the step h, logarithmic axes, two V-shaped curves: the central difference "
        f"is best near h = {power(central, 0)}, the one-sided one near h = {power(one_sided, 0)}. "
        f"At h = {power(values['h'], 1)} their errors are {power(errors[0, -1], 0)} and {power(errors[1, -1], 0)}."
    )
