"""Forged points and those who judge them: densities with a verdict, pushes against steps, clouds, claims of a critic.

The numbers are the caller's; this file only draws.
"""

import numpy as np

from helpers.figures.interactive import show_figure
from helpers.figures.style import BLUE, GREEN, INK, LIGHT, ORANGE, new_figure

LOOKS = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "D"))
PUSHES = {"saturating": ("--", ORANGE, "s"), "nonsaturating": ("-", BLUE, "o")}


def judged_densities(x, p, q, trained, best, *, seen, alt):
    """Show the densities of data and forger on a line, and two verdicts; gray is where nothing was `seen`."""
    picture = new_figure(3.2)
    picture.set_layout_engine("constrained")
    axes = picture.subplots()
    axes.fill_between(x, 0, 1.05, where=~seen, color="#eeeeee", linewidth=0)
    axes.fill_between(x, p, color=BLUE, alpha=0.3, label="data")
    axes.fill_between(x, q, color=ORANGE, alpha=0.3, hatch="//", label="forger")
    axes.plot(x, trained, color=INK, label="D, trained")
    axes.plot(x, best, "--", color=GREEN, linewidth=2.2, label="D*, computed")
    axes.set(xlim=(x[0], x[-1]), ylim=(0, 1.05), xlabel="x")
    axes.legend(frameon=False, ncols=4, loc="upper center", bbox_to_anchor=(0.5, 1.16))
    show_figure(picture, alt=alt)


def push_curves(marks, pushes, *, alt):
    """Show the pushes {title: (2, n)} of the saturating loss and of the other one, against the steps (n,)."""
    picture = new_figure(3)
    picture.set_layout_engine("constrained")
    panels = picture.subplots(1, len(pushes), sharey=True)
    for axes, (title, sizes) in zip(panels, pushes.items(), strict=True):
        for (kind, (line, color, marker)), size in zip(PUSHES.items(), sizes, strict=True):
            axes.loglog(marks, size, line, color=color, marker=marker, markevery=4, label=kind)
        axes.set(title=title, xlabel="steps of the detective")
    panels[0].set_ylabel("mean push on a forged point")
    panels[0].legend(frameon=False, loc="lower left")
    show_figure(picture, alt=alt)


def point_clouds(clouds, *, alt):
    """Show points (n, 2) in the plane, one panel for each title; the first are the data."""
    picture = new_figure(2.1)
    picture.set_layout_engine("constrained")
    for place, (axes, (title, points)) in enumerate(zip(picture.subplots(1, len(clouds)), clouds.items(), strict=True)):
        _draw_cloud(axes, points, ORANGE if place else BLUE, title)
    show_figure(picture, alt=alt)


def claims_and_clouds(histories, data, titles, *, alt):
    """Show what critics claim and what projections say, against the steps; and where the points are at the end.

    histories: {name: [(step, claim or None, projected distance, points (n, 2)), ...]}, at most three.
    """
    picture = new_figure(3.0)
    picture.set_layout_engine("constrained")
    panels = picture.subplots(1, 1 + len(histories), gridspec_kw={"width_ratios": [1.35] + [1] * len(histories)})
    for axes, title, look, (name, history) in zip(panels[1:], titles, LOOKS, histories.items(), strict=False):
        steps, claims, exact, points = zip(*history, strict=True)
        color, marker = look
        line = {"color": color, "marker": marker, "markevery": 5, "markersize": 5}
        panels[0].semilogy(steps, exact, "-", label=name, **line)
        if claims[-1] is not None:
            panels[0].semilogy(steps, np.maximum(claims, 1e-2), "--", **line)
        axes.plot(*data.T, ".", color=LIGHT, markersize=3)
        _draw_cloud(axes, points[-1][:500], color, title)
    panels[0].set(xlabel="steps of the generator", ylim=(0.06, 6))
    panels[0].set_title("projection (line), claim (dashes)", fontsize=9)
    panels[0].legend(frameon=False, fontsize=8, loc="lower left")
    show_figure(picture, alt=alt)


def _draw_cloud(axes, points, color, title):
    axes.plot(points[:, 0], points[:, 1], ".", markersize=2, color=color)
    axes.set(xlim=(-3, 3), ylim=(-3, 3), aspect="equal", xticks=[], yticks=[])
    axes.set_title(title, fontsize=9)
