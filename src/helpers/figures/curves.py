"""Curves of errors while something learns, on a logarithmic scale, beside a level that one should know."""

from helpers.figures.interactive import show_figure
from helpers.figures.style import BLUE, GRAY, GREEN, INK, ORANGE, new_figure

LOOKS = (("--", GRAY, "s"), ("-", ORANGE, "D"), (":", GREEN, "^"), ("-", BLUE, "o"))


def show_curves(curves, *, level, said, over, error, limits, alt):
    """Draw up to four curves once.

    curves: dict of name to (numbers along, errors), both of one length. level, said: a number, and what it means.
    over, error: what the axes show. limits: the smallest and the largest error shown. alt: the curves in words.
    """
    fig = new_figure(3.4)
    ax = fig.add_axes((0.08, 0.15, 0.9, 0.82))
    for (name, (along, errors)), (line, color, marker) in zip(curves.items(), LOOKS, strict=False):
        ax.semilogy(along, errors, line, color=color, marker=marker, markevery=4, markersize=5, label=name)
    last = max(max(along) for along, _ in curves.values())
    ax.axhline(level, color=INK, linewidth=1)
    ax.text(last, 1.25 * level, said, ha="right")
    ax.set(xlabel=over, ylabel=error, ylim=limits, xlim=(0, 1.01 * last))
    ax.legend(frameon=False, loc="lower left")
    show_figure(fig, alt=alt)
