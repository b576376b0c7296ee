"""Two staircases on the line, and the mass that has to pass a spot: what the area between them means."""

import itertools

from helpers.figures.interactive import show_figure
from helpers.figures.style import BLUE, GRAY, GREEN, INK, ORANGE, new_figure

REAL, MADE = ((0, 0.75), (3, 0.25)), ((1, 0.9), (5, 0.1))  # points and their masses
SPOT, ENDS = 2, (-0.8, 5.8)


def passing_mass():
    """Show F and G of two heaps of two points each, the area between them, and what must pass one spot."""
    picture = new_figure(2.5)
    picture.set_layout_engine("constrained")
    axes = picture.subplots()
    _draw_area(axes)
    for name, heap, color, line in (("F, of p", REAL, BLUE, "-"), ("G, of q", MADE, ORANGE, "--")):
        steps = [ENDS[0], *(place for place, _ in heap), ENDS[1]]
        axes.step(
            steps, [*(_below(heap, place) for place in steps[:-1]), 1], line, where="post", color=color, label=name
        )
        axes.plot([place for place, _ in heap], [0, 0], "oD"[line == "--"], color=color, clip_on=False, markersize=7)
    _draw_spot(axes)
    axes.set(xlim=ENDS, ylim=(0, 1.06), yticks=(0, 0.75, 0.9, 1), xticks=range(6))
    axes.legend(frameon=False, loc="center right")
    show_figure(picture, alt=_told())


def _below(heap, place):
    return sum(mass for point, mass in heap if point <= place)


def _draw_area(axes):
    places = sorted(point for point, _ in REAL + MADE)
    for left, right in itertools.pairwise(places):
        heights = _below(REAL, left), _below(MADE, left)
        axes.fill_between((left, right), *heights, color=GREEN, alpha=0.22, linewidth=0)


def _draw_spot(axes):
    axes.axvline(SPOT, color=GRAY, linewidth=1, linestyle=":")
    axes.annotate(
        "", (SPOT, _below(REAL, SPOT)), (SPOT, _below(MADE, SPOT)), arrowprops={"arrowstyle": "<->", "color": INK}
    )
    gap = _below(MADE, SPOT) - _below(REAL, SPOT)
    axes.text(SPOT + 0.1, 0.6, f"at t = {SPOT}: {gap:.2f} must\ncome over from the right", va="top", color=INK)


def _told():
    points = "; ".join(
        f"{name} has the masses {' and '.join(f'{mass:g} at {place}' for place, mass in heap)}"
        for name, heap in (("p", REAL), ("q", MADE))
    )
    gap = _below(MADE, SPOT) - _below(REAL, SPOT)
    return (
        f"Two staircases, F of p and G of q, and the area between them. {points}. At the spot t = {SPOT} F is "
        f"{_below(REAL, SPOT):g} and G is {_below(MADE, SPOT):g}: {gap:.2f} must come over from the right."
    )
