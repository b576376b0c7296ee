"""The map of the course: nine lessons, and what each takes from those before it.

The picture and its alt text are made of the same data. This file knows no lesson's content but a line of it.
"""

import textwrap
from dataclasses import dataclass

from helpers.figures.interactive import show_figure
from helpers.figures.style import BLUE, GRAY, INK, ORANGE, new_figure

HEIGHT, WIDE, HIGH = 6.0, 0.74, 0.60  # of the figure in inches, of a box in steps of the grid


@dataclass(frozen=True)
class Box:
    """A lesson on the map: its column and row, its name, and its question."""

    column: int
    row: int
    name: str
    asks: str


LESSONS = {
    "01": Box(0, 0, "The chain rule", "Who is to blame for the loss, and by how much?"),
    "02": Box(1, 0, "Sigmoid, BatchNorm", "Does the message survive depth?"),
    "03": Box(2, 0, "Optimizers, penalties", "Which step, and when to stop?"),
    "04": Box(0, 1, "Convolution", "What if all places are alike?"),
    "05": Box(1, 1, "Sequences", "What if all times are alike?"),
    "06": Box(2, 1, "Divergences", "What does it cost to be wrong?"),
    "07": Box(2, 2, "ELBO and IWAE", "How good is a bound on what nobody can compute?"),
    "08": Box(1, 2, "GAN", "Can a judge teach a forger?"),
    "09": Box(0, 2, "Wasserstein", "How far is it to the truth?"),
}
ROADS = {
    ("01", "02"): "slopes\nmultiply",
    ("02", "03"): "a gradient\nworth\na step",
    ("01", "04"): "an affine layer,\nits weights shared",
    ("02", "05"): "depth in time:\nvanish, explode",
    ("03", "06"): "a loss is a belief",
    ("06", "07"): "KL, and\nits direction",
    ("06", "08"): "JS, a number\nfor a game",
    ("08", "09"): "JS is blind:\nmeasure\nthe way",
}


def course_map():
    """Show the nine lessons and the roads between them."""
    figure = new_figure(HEIGHT)
    axes = figure.add_axes([0.01, 0.01, 0.98, 0.98])
    axes.set(xlim=(-0.5, 2.5), ylim=(2.45, -0.45))
    axes.axis("off")
    for ends, told in ROADS.items():
        _draw_road(axes, *(LESSONS[number] for number in ends), told)
    for number, box in LESSONS.items():
        _draw_box(axes, number, box)
    show_figure(figure, alt=alt_text())


def alt_text():
    """The map in words."""
    lessons = "; ".join(f"{number} {box.name}: {box.asks}" for number, box in LESSONS.items())
    roads = "; ".join(f"from {a} to {b}, {told}" for (a, b), told in ROADS.items()).replace("\n", " ")
    return f"A map of the course. Nine lessons: {lessons} The roads between them: {roads}."


def _draw_box(axes, number, box):
    from matplotlib.patches import FancyBboxPatch

    corner = box.column - WIDE / 2, box.row - HIGH / 2
    style = {"boxstyle": "round,pad=0,rounding_size=0.05", "facecolor": "white", "edgecolor": BLUE, "linewidth": 1.4}
    axes.add_patch(FancyBboxPatch(corner, WIDE, HIGH, zorder=2, **style))
    axes.text(box.column, box.row - 0.16, f"{number}  {box.name}", color=INK, weight="bold", ha="center", va="center")
    asks = textwrap.fill(box.asks, 26)
    axes.text(box.column, box.row + 0.08, asks, color=GRAY, ha="center", va="center", zorder=3)


def _draw_road(axes, start, end, told):
    """An arrow from box to box, and what travels on it."""
    dx, dy = end.column - start.column, end.row - start.row
    tail = start.column + dx * WIDE / 2, start.row + dy * HIGH / 2
    head = end.column - dx * WIDE / 2, end.row - dy * HIGH / 2
    arrow = {"arrowstyle": "-|>", "color": ORANGE, "linewidth": 1.6, "shrinkA": 1, "shrinkB": 1}
    axes.annotate("", head, tail, arrowprops=arrow)
    middle = (tail[0] + head[0]) / 2, (tail[1] + head[1]) / 2
    if dy:  # beside a road that leads down
        side = {"x": middle[0] + (0.04 if not dx else 0.12), "y": middle[1], "ha": "left", "va": "center"}
    else:  # above one that leads along
        side = {"x": middle[0], "y": start.row - 0.04, "ha": "center", "va": "bottom"}
    axes.text(side.pop("x"), side.pop("y"), told, color=INK, fontsize=8.5, **side)
