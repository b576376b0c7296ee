"""The charts of a report as SVG text that stands in the page: readable on light and dark, each with words for it."""

import io

from matplotlib import rc_context
from matplotlib.figure import Figure

GRAY, BAR = "#808890", "#4a90c2"
MOST_BINS = 20


def distribution(totals, most):
    """A histogram of points, over the whole range that could be earned."""
    figure = Figure(figsize=(6.2, 2.2), layout="constrained")
    axes = _axes(figure)
    axes.hist(totals, bins=min(MOST_BINS, max(int(most), 5)), range=(0, most), color=BAR, rwidth=0.92)
    axes.set_xlabel("points")
    axes.set_ylabel("students")
    axes.yaxis.get_major_locator().set_params(integer=True)
    return _svg(figure, f"Histogram of the points of {len(totals)} students, from 0 to {most:g}.")


def shares(lines):
    """For each exercise a bar for the share of its points that was earned, and a mark for who did not try."""
    figure = Figure(figsize=(6.2, 0.5 + 0.27 * len(lines)), layout="constrained")
    axes = _axes(figure)
    names = [line.name for line in lines]
    axes.barh(names, [line.difficulty for line in lines], color=BAR, height=0.65)
    axes.plot([line.not_attempted for line in lines], names, "D", color="#b35900", markersize=4)
    axes.set_xlim(0, 1)
    axes.invert_yaxis()
    axes.set_xlabel("share of the points that was earned; diamond: share that did not try")
    return _svg(
        figure,
        f"Bars: the share of the points earned in each of {len(lines)} exercises; the table below has the numbers.",
    )


def _axes(figure):
    axes = figure.add_subplot()
    axes.set_facecolor("none")
    axes.spines[["top", "right"]].set_visible(False)
    for spine in axes.spines.values():
        spine.set_color(GRAY)
    axes.tick_params(colors=GRAY, labelsize=8)
    axes.xaxis.label.set(color=GRAY, size=8)
    axes.yaxis.label.set(color=GRAY, size=8)
    return axes


def _svg(figure, words):
    """The figure as an element of a page; its ids come from its words, so that charts share none."""
    text = io.StringIO()
    with rc_context({"svg.hashsalt": words, "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    return svg[svg.index("<svg") :].replace("<svg", f'<svg role="img" aria-label="{words}"', 1)
