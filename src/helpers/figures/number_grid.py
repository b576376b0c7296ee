"""Arrays drawn as cells with numbers in them, fast enough to follow a slider.

Every number is part of one shape a panel, since a text object for each takes milliseconds.
"""

import functools

import numpy as np

from helpers.figures.style import BLUE, GRAY, GREEN, INK, LIGHT, ORANGE, signed

PALE = {BLUE: "#a9d3ec", GREEN: "#9fdcc7", ORANGE: "#f6c3a0"}  # so that dark digits stay legible


def grid(ax, numbers, color, title, note, labels=True):
    """Draw an array as shaded cells, with a title above and a note below; with `labels`, its numbers in them."""
    rows, columns = numbers.shape
    line = 0.6 if rows <= 20 else 0.2
    low, high = min(0, numbers.min()), max(1, numbers.max())
    ax.set_axis_off()
    ax.pcolormesh(numbers, cmap=_shades(color), vmin=low, vmax=high, edgecolors=LIGHT, linewidth=line, zorder=1)
    ax.set(xlim=(-0.05, columns + 0.05), ylim=(rows + 0.05, -0.05), aspect="equal", anchor="NW", title=title)
    if labels:
        _write_numbers(ax, numbers)
    write_note(ax, note)


def write_note(ax, note, color=GRAY):
    """Write a line below the axes."""
    place = {"xy": (0, 0), "xycoords": "axes fraction", "xytext": (0, -5), "textcoords": "offset points"}
    ax.annotate(note, **place, va="top", color=color, fontsize=9, parse_math=False)


@functools.cache
def _shades(color):
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("pale", ["white", PALE[color]])


def _write_numbers(ax, numbers):
    """Write a number into every cell, as one shape: many times faster than a text for each."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    size = min(0.5, 0.052 * max(numbers.shape))
    glyphs = [_glyphs(signed(value, "g")) for value in numbers.ravel()]
    places = np.indices(numbers.shape)[::-1].reshape(2, -1).T + 0.5
    vertices = [path.vertices * (size, -size) + place for path, place in zip(glyphs, places, strict=True)]
    codes = np.concatenate([path.codes for path in glyphs])
    # add_patch would measure every curve of every digit.
    ax.add_artist(PathPatch(Path(np.concatenate(vertices), codes), facecolor=INK, linewidth=0, zorder=3))


@functools.cache
def _glyphs(text):
    """A text of height 1, as a shape with its middle at the origin."""
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath

    path = TextPath((0, 0), text, size=1)
    box = path.get_extents()
    return Path(path.vertices - ((box.x0 + box.x1) / 2, 0.36), path.codes)


def box(ax, x, y, width, height, **look):
    """Outline a rectangle."""
    from matplotlib.patches import Rectangle

    ax.add_artist(Rectangle((x, y), width, height, **{"fill": False, "edgecolor": ORANGE, "linewidth": 2, **look}))
