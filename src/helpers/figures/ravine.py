"""Ravine and shrinkage: five optimizers in one bowl, and what ridge, lasso and early stopping do to its optimum.

The numbers come from `ravine_numbers`, which works with the student's own functions; this file draws them.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from helpers.figures import ravine_numbers as bowl
from helpers.figures.controls import Menu, Slider
from helpers.figures.guarded import Unusable, draw_panel
from helpers.figures.interactive import show
from helpers.figures.style import BLUE, GRAY, GREEN, INK, ORANGE, PURPLE, new_figure, power, powers_of_ten, signed

LOOKS = {
    "gradient descent": (GRAY, "-", "."),
    "momentum": (BLUE, "-", "o"),
    "AdaGrad": (ORANGE, "--", "s"),
    "RMSProp": (GREEN, "-.", "D"),
    "Adam": (PURPLE, ":", "^"),
}
LINES = {"ridge": "-", "early stopping": "--", "lasso": ":"}
LEVELS = (0.02, 0.1, 0.3, 0.7, 1.3)
MANY_STEPS = "(many steps:\n0.204 at 2.51)"

CONTROLS = {
    "kappa": Slider(description="κ, steepness", value=20.0, low=1.0, high=60.0, step=1.0, form=".0f"),
    "lr": Slider(description="learning rate η", value=10**-1.2, low=-3, high=-0.5, step=0.05, log=True, form=".3f"),
    "mu": Slider(description="momentum μ", value=0.6, low=0.0, high=0.98, step=0.02),
    "rho": Slider(description="RMSProp's ρ", value=0.9, low=0.5, high=0.99, step=0.01),
    "steps": Slider(description="steps t = 1/(ηα)", value=30, low=1, high=200, step=1, form="d"),
    "start": Menu(description="start", value="origin", options=tuple((name, name) for name in bowl.STARTS)),
}


@dataclass(frozen=True)
class Numbers:
    """What the three panels draw, each a function of the controls' values."""

    paths: Callable
    coefficients: Callable
    filters: Callable


def worked_out_once(part, functions):
    """Return `part` of `bowl` for these functions; picture and alt text ask for the same numbers."""
    return functools.lru_cache(maxsize=1)(functools.partial(part, functions))


def ravine_and_shrinkage(momentum_step, adaptive_step, adam_step, ridge, soft_threshold, gradient_descent_after):
    """Show the ravine and the shrinkage, with controls in a live notebook; each argument is the exercise's function.

    Left: the paths of five optimizers on a tilted quadratic bowl. Top right: its two weights under ridge, lasso and
    early stopping, against the strength. Bottom right: the shares of the way that early stopping and ridge let pass.
    """
    functions = bowl.Functions(momentum_step, adaptive_step, adam_step, ridge, soft_threshold, gradient_descent_after)
    numbers = Numbers(*(worked_out_once(part, functions) for part in (bowl.paths, bowl.coefficients, bowl.filters)))

    def draw(**values):
        """Draw the figure for these settings of the controls."""
        fig = new_figure(5.4)
        draw_panel(fig.add_axes((0.06, 0.27, 0.38, 0.65)), _draw_paths, numbers, values)
        draw_panel(fig.add_axes((0.545, 0.615, 0.33, 0.305)), _draw_coefficients, numbers, values)
        draw_panel(fig.add_axes((0.545, 0.1, 0.33, 0.305)), _draw_filters, numbers, values)
        return fig

    def alt(**values):
        """Say in words what the figure shows at these settings."""
        return " ".join(_sentence(part, numbers, values) for part in (_tell_paths, _tell_coefficients, _tell_filters))

    show(draw, CONTROLS, alt=alt)


def _draw_paths(ax, numbers, values):
    from matplotlib.patches import Ellipse

    walked = numbers.paths(**values)
    H, _ = bowl.bowl(values["kappa"])
    for level in LEVELS:
        width, depth = 2 * np.sqrt(2 * level), 2 * np.sqrt(2 * level / values["kappa"])
        ring = Ellipse(bowl.OPTIMUM, width, depth, angle=np.rad2deg(bowl.TILT), fill=False, edgecolor="0.85", zorder=0)
        ax.add_patch(ring)
    for name, path in walked.items():
        color, line, marker = LOOKS[name]
        ax.plot(
            *_until_lost(path).T, line, color=color, linewidth=1.4, label=f"{name}: {_worded(bowl.height(H, path[-1]))}"
        )
        ax.plot(*path[-1], marker, color=color, markersize=7, markeredgecolor="white", zorder=5)
    ax.plot(*bowl.STARTS[values["start"]], "o", color=INK, fillstyle="none", markersize=9)
    ax.plot(*bowl.OPTIMUM, "*", color=INK, markersize=12, zorder=6)
    ax.set(xlim=(-1.0, 2.0), ylim=(-0.5, 1.9), xlabel="weight 1", ylabel="weight 2")
    ax.set_xticks([-1, 0, 1, 2])
    ax.set_yticks([0, 1])
    ax.set_title(f"Loss above the optimum ★ after {values['steps']} steps")
    ax.legend(loc="upper center", bbox_to_anchor=(0.48, -0.14), ncols=2, frameon=False, fontsize=8.5, handlelength=3)


def _until_lost(path):
    """Return the path up to where it has left the picture for good."""
    lost = np.flatnonzero(np.abs(path).max(axis=1) > 6)
    return path[: lost[0] + 1] if len(lost) else path


def _draw_coefficients(ax, numbers, values):
    held = numbers.coefficients(**_only(values, "kappa", "lr", "start"))
    for name, weights in held.items():
        for j, color in enumerate((BLUE, ORANGE)):
            ax.plot(bowl.STRENGTHS, weights[:, j], LINES[name], color=color, linewidth=1.6)
    for j, color in enumerate((BLUE, ORANGE)):
        place = {"color": color, "va": "center", "fontsize": 8.5, "transform": ax.get_yaxis_transform()}
        ax.text(1.03, bowl.OPTIMUM[j], f"weight {j + 1}", **place)
    alpha = 1 / (values["lr"] * values["steps"])
    ax.axvline(alpha, color=GRAY, linewidth=0.9, linestyle="-")
    ax.axhline(0, color=GRAY, linewidth=0.6)
    for name in held:
        ax.plot([], [], LINES[name], color=INK, label=name)
    ax.legend(loc="lower right", frameon=False, fontsize=8, handlelength=2.4, borderaxespad=0.1)
    ax.set(xscale="log", xlim=(bowl.STRENGTHS[0], bowl.STRENGTHS[-1]), ylim=(-1.2, 1.9), xlabel="strength α = 1/(ηt)")
    powers_of_ten(ax.xaxis, -2, 2, every=1)
    ax.set_yticks([-1, 0, 1], ["−1", "0", "1"])
    start = "the origin" if values["start"] == "origin" else "the other start"
    title = f"Weights; early stopping begins at {start}"
    ax.set_title(title if "early stopping" in held else "Weights; ηκ ≥ 2, gradient descent diverges")


def _draw_filters(ax, numbers, values):
    eigenvalues, stopped, ridge = numbers.filters(**_only(values, "lr", "steps"))
    scale = values["lr"] * values["steps"]
    ax.fill_between(eigenvalues, ridge, stopped, color="0.9", zorder=0)
    for name, share, color in (("ridge", ridge, GREEN), ("early stopping", stopped, PURPLE)):
        ax.plot(eigenvalues, share, LINES[name], color=color, linewidth=1.8, label=name)
    for number, eigenvalue in (("1", 1.0), ("κ", values["kappa"])):
        if bowl.PRODUCTS[0] < eigenvalue * scale < bowl.PRODUCTS[-1]:
            ax.axvline(eigenvalue, color=GRAY, linewidth=0.9, linestyle=":")
            ax.text(eigenvalue, 1.03, number, color=GRAY, ha="center", va="bottom", fontsize=8.5)
    widest = int(np.argmax(stopped - ridge))
    ax.plot([eigenvalues[widest]] * 2, [ridge[widest], stopped[widest]], color=INK, linewidth=1.6)
    note = f"gap {stopped[widest] - ridge[widest]:.3f} at\nληt = {eigenvalues[widest] * scale:.2f}\n\n{MANY_STEPS}"
    ax.text(1.03, 0.45, note, color=INK, va="center", fontsize=8.5, transform=ax.transAxes)
    limits = bowl.PRODUCTS[[0, -1]] / scale
    ax.set(xscale="log", xlim=limits, ylim=(0, 1.02), xlabel="eigenvalue λ")
    powers_of_ten(ax.xaxis, *np.ceil(np.log10(limits)).astype(int), every=1)
    ax.set_yticks([0, 0.5, 1], ["0", "½", "1"])
    ax.legend(loc="upper left", frameon=False, fontsize=8, handlelength=2.4, borderaxespad=0.1)
    ax.set_title(f"Share of the way to the optimum, t = {values['steps']}, α = {1 / scale:.2g}", y=1.1)


def _worded(loss):
    return power(max(loss, 1e-99), 0) if loss < 1e3 else "diverges"


def _only(values, *names):
    return {name: values[name] for name in names}


def _sentence(tell, numbers, values):
    try:
        return tell(numbers, values)
    except Unusable as error:
        return str(error)


def _tell_paths(numbers, values):
    H, _ = bowl.bowl(values["kappa"])
    ends = {name: bowl.height(H, path[-1]) for name, path in numbers.paths(**values).items()}
    listing = ", ".join(f"{name} {_worded(end)}" for name, end in ends.items())
    return (
        f"Paths of five optimizers in a bowl {values['kappa']:g} times as steep across as along, "
        f"{values['steps']} steps at rate {values['lr']:.3g}. Loss above the optimum: {listing}."
    )


def _tell_coefficients(numbers, values):
    held = numbers.coefficients(**_only(values, "kappa", "lr", "start"))
    ends = (f"{name} from {_pair(weights[0])} to {_pair(weights[-1])}" for name, weights in held.items())
    return f"The two weights as the strength falls: {', '.join(ends)}."


def _pair(weights):
    return f"({', '.join(signed(each) for each in weights)})"


def _tell_filters(numbers, values):
    _, stopped, ridge = numbers.filters(**_only(values, "lr", "steps"))
    widest = int(np.argmax(stopped - ridge))
    return (
        "The shares of the way that early stopping and ridge let pass, two rising curves over the eigenvalue, lie "
        f"{stopped[widest] - ridge[widest]:.3f} apart at the most."
    )
