"""The weights of a model while its penalty falls: a panel for each penalty, a curve for each weight.

This file only draws; it fits nothing.
"""

import numpy as np

from helpers.figures.interactive import show_figure
from helpers.figures.style import GRAY, new_figure, signed

LINES = ("-", "--", "-.")
APART = 0.035  # of the height: what two names need between them


def show_paths(paths, names, *, alt):
    """Draw up to two panels once, from strong penalties on the left to weak ones on the right.

    paths: dict of name to (strengths (n,), weights (n, p), the place of the strength that was chosen).
    names: the p inputs, written at the ends of their curves. alt: the curves in words.
    """
    from matplotlib import colormaps

    fig = new_figure(4.2)
    everything = np.concatenate([weights for _, weights, _ in paths.values()])
    low, high = everything.min(), everything.max()
    gap = APART * (high - low)
    for place, (name, (strengths, weights, chosen)) in enumerate(paths.items()):
        ax = fig.add_axes((0.07 + 0.48 * place, 0.12, 0.39, 0.78))
        colors = colormaps["viridis"](np.linspace(0, 0.85, len(names)))
        for j, color in enumerate(colors):
            ax.plot(strengths, weights[:, j], color=color, linestyle=LINES[j % 3])
        ends = _names_apart(weights[-1], gap)
        for j, end in enumerate(ends):
            ax.text(1.01, end, names[j], color=colors[j], fontsize=8, va="center", transform=ax.get_yaxis_transform())
        ax.axvline(strengths[chosen], color=GRAY, linestyle=":")
        zeros = f"{np.sum(weights[chosen] == 0)} exact zeros at λ = {signed(strengths[chosen], '.3g')}"
        ax.set(xscale="log", xlabel="penalty λ", title=f"{name}: {zeros}", ylim=(low - gap, high + gap))
        ax.invert_xaxis()
    fig.axes[0].set_ylabel("weight of the standardized input")
    show_figure(fig, alt=alt)


def _names_apart(ends, gap):
    """The height of each name: where its curve ends, or higher, so that no name stands on another."""
    heights, place = np.empty(len(ends)), -np.inf
    for j in np.argsort(ends):
        heights[j] = place = max(ends[j], place + gap)
    return heights
