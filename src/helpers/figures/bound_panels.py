"""The six panels of `bound`: the guess, its weights, the bound; their variance, three gradients, relaxed samples.

Each draws into axes what a `Worked` says at the controls' values. Logarithmic axes are linear ones of logarithms, which
are drawn twice as fast.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from helpers.figures import bound_numbers as numbers
from helpers.figures.style import BLUE, GRAY, GREEN, INK, LIGHT, ORANGE, PURPLE, WIDTH_INCHES, signed

HEIGHT, SIZE = 4.2, (0.265, 0.3)
HALF = numbers.POSTERIOR[1] / 2
WIDTHS = np.linspace(HALF + 0.001, 2.0, 200)
GRID = np.linspace(-3.0, 4.0, 200)
LOOKS = (("decoder", ORANGE, "s", "--"), ("dreg", GREEN, "D", "-."), ("encoder", BLUE, "o", "-"))


@dataclass(frozen=True)
class Worked:
    """What the panels draw; picture and alt text ask for the same numbers, so each remembers its last ones."""

    elbo: Callable
    curve: Callable
    signals: Callable
    worth: Callable
    moved: Callable
    relaxed: Callable


def of_q(values):
    """The values that describe q."""
    return {name: values[name] for name in ("m", "s2")}


def with_K(values):
    """The values that describe q and its samples."""
    return {"K": values["K"], **of_q(values)}


def _density(mean, variance):
    return np.exp(-((GRID - mean) ** 2) / (2 * variance)) / math.sqrt(2 * math.pi * variance)


def _note(ax, x, y, text, color=INK, **extra):
    ax.text(x, y, text, color=color, fontsize=8, va="center", transform=ax.transAxes, **extra)


def _logarithm(values):
    return np.log10(np.maximum(values, 1e-12))


def _name_x(ax, name, places, labels):
    ax.set_xlabel(name, labelpad=1, fontsize=8.5)
    ax.set_xticks(places, labels)
    ax.tick_params(labelsize=8.5, pad=2, length=3)


def draw_guess(ax, worked, values):
    """The densities of q, of what it should be, and of what beta makes of it."""
    elbo, (mean, variance) = worked.elbo(**of_q(values)), worked.moved(beta=values["beta"])
    curves = (
        ("prior", (0.0, 1.0), GRAY, ":"),
        ("posterior", numbers.POSTERIOR, GREEN, "-"),
        (f"best for β = {values['beta']:.2g}", (mean, variance), PURPLE, "-."),
        ("q", (values["m"], values["s2"]), BLUE, "--"),
    )
    for i, (name, (center, width), color, line) in enumerate(curves):
        ax.plot(GRID, _density(center, width), line, color=color, linewidth=1.7)
        _note(ax, 0.01, 0.94 - 0.13 * i, name, color)
    ax.set(xlim=(GRID[0], GRID[-1]), ylim=(0, 1.25), yticks=[])
    _name_x(ax, "z", [-2, 0, 2, 4], ["−2", "0", "2", "4"])
    ax.set_title(f"ELBO {signed(elbo, '.3f')}, gap {signed(numbers.LOG_P - elbo, '.3f')}")


def draw_weights(ax, worked, values):
    """How the log-weights scatter around log p(x)."""
    size, logs = worked.worth(**with_K(values))
    counts, edges = np.histogram(np.clip(logs, -5.9, 2.9), bins=np.arange(-6.0, 3.01, 0.25))
    ax.stairs(counts / len(logs), edges, fill=True, color=BLUE, alpha=0.55)
    ax.axvline(0, color=INK, linewidth=1)
    shown = f"{size:.1f}" if size < 99.95 else f"{size:.0f}"
    _note(ax, 0.01, 0.94, "share of the samples", BLUE)
    ax.set(xlim=(-6, 3), ylim=(0, 1.25 * max(0.12, counts.max() / len(logs))), yticks=[])
    _name_x(ax, "log w − log p(x)", [-6, -4, -2, 0, 2], ["−6", "−4", "−2", "0", "2"])
    ax.set_title(f"{values['K']} weights are worth {shown}")


def draw_curve(ax, worked, values):
    """The mean of L_K against K, and what the delta method expects."""
    found, K = worked.curve(**with_K(values)), values["K"]
    at = int(np.searchsorted(found.Ks, K))
    low = min(found.bound[0] - 0.1, numbers.LOG_P - 0.35)
    ax.axhline(numbers.LOG_P, color=INK, linewidth=1)
    ax.plot(np.log10(found.Ks), np.maximum(found.expected, low - 1), "--", color=ORANGE, linewidth=1.5)
    ax.plot(np.log10(found.Ks), found.bound, "-", color=BLUE, linewidth=1.8)
    ax.plot([math.log10(K)], [found.bound[at]], "o", color=BLUE, markersize=7, markeredgecolor="white", zorder=4)
    _note(ax, 0.99, 0.09, "line: mean of L", BLUE, ha="right")
    promise = "dashes: delta method" if values["s2"] > HALF else "dashes: no promise, variance ∞"
    _note(ax, 0.99, 0.22, promise, ORANGE, ha="right")
    ax.set(ylim=(low, numbers.LOG_P + 0.12 * (numbers.LOG_P - low)))
    ax.set_yticks([numbers.LOG_P], ["log p"])
    _set_K_axis(ax)
    missing = max(0.0, numbers.LOG_P - found.bound[at])
    ax.set_title(f"K = {K}: {missing:.2g} below log p(x)")


def _set_K_axis(ax):
    ax.set_xlim(-0.05, 2.75)
    _name_x(ax, "K", [0, 1, 2, math.log10(500)], ["1", "10", "100", "500"])


def draw_variance(ax, worked, values):
    """Var(w) / p(x)^2 against the variance of q, and where it is infinite."""
    here = float(numbers.relative_variance(**of_q(values)))
    ax.axvspan(0, HALF, color=ORANGE, alpha=0.25, linewidth=0)
    ax.plot(WIDTHS, _logarithm(numbers.relative_variance(values["m"], WIDTHS)), "-", color=BLUE, linewidth=1.8)
    ax.axvline(values["s2"], color=GRAY, linewidth=0.9, linestyle=":")
    if math.isfinite(here):
        ax.plot(
            [values["s2"]],
            [np.clip(_logarithm(here), -1.9, 2.9)],
            "o",
            color=BLUE,
            markersize=7,
            markeredgecolor="white",
        )
    _note(ax, 0.015, 0.5, "infinite", INK, rotation=90)
    ax.set(xlim=(0, 2), ylim=(-2, 3))
    _name_x(ax, "variance of q", [0, 0.25, 0.5, 1, 2], ["0", "¼", "½", "1", "2"])
    ax.set_yticks([-2, 0, 2], ["0.01", "1", "100"])
    told = f"{here:.2g}" if math.isfinite(here) else "infinite"
    ax.set_title(f"Relative variance of w: {told}")


def draw_signals(ax, worked, values):
    """Three signal-to-noise ratios against K."""
    found, K = worked.signals(**with_K(values)), values["K"]
    at = int(np.searchsorted(found.Ks, K))
    for i, (name, color, marker, line) in enumerate(LOOKS):
        ratio = getattr(found, name)
        seen = np.where(ratio > 1e-6, _logarithm(ratio), np.nan)
        ax.plot(np.log10(found.Ks), seen, line, color=color, linewidth=1.7)
        ax.plot([math.log10(K)], [seen[at]], marker, color=color, markersize=6, markeredgecolor="white", zorder=4)
        label = "encoder, DReG" if name == "dreg" else name
        _note(ax, 0.01, 0.93 - 0.13 * i, f"{label}: {in_words(ratio[at])}", color)
    ax.axhline(0, color=LIGHT, linewidth=1, zorder=0)
    ax.set(ylim=(-2.3, 4.2))
    ax.set_yticks([-2, 0, 2], ["0.01", "1", "100"])
    _set_K_axis(ax)
    ax.set_title("Signal to noise of the gradients")


def in_words(value):
    """A ratio in words; nan is 0/0, where every estimate is 0."""
    if math.isnan(value):
        return "0/0"
    return f"{value:.2g}" if value > 1e-6 else "0"


def draw_triangle(ax, worked, values):
    """Relaxed samples of three classes in their triangle."""
    points, classes = worked.relaxed(tau=values["tau"])
    ax.plot(*numbers.CORNERS[[0, 1, 2, 0]].T, color=GRAY, linewidth=1)
    for k, (color, marker) in enumerate(((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"))):
        share = np.mean(classes == k)
        ax.plot(*points[classes == k].T, marker, color=color, markersize=4, alpha=0.7, markeredgewidth=0)
        x, y = numbers.CORNERS[k]
        side = {"ha": "right" if k == 0 else "left", "va": "center"}
        ax.text(x + (-0.07 if k == 0 else 0.07), y, f"{share:.0%}", color=color, fontsize=8.5, **side)
    half = 0.99 / 2 * (SIZE[0] * WIDTH_INCHES) / (SIZE[1] * HEIGHT)  # so that all sides are equally long
    ax.set(xlim=(0.5 - half, 0.5 + half), ylim=(-0.06, 0.93))
    ax.set_axis_off()
    ax.set_title(f"{numbers.DOTS} relaxed samples, τ = {values['tau']:.2g}")
