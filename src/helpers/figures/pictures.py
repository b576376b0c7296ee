"""Rows of small pictures, such as digits or filters, each row with a title. It knows no data set."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from helpers.figures.interactive import show_figure
from helpers.figures.style import INK, WIDTH_INCHES, new_figure

MARGIN = 0.02  # of the width
TITLE, CAPTION, GAP = 0.26, 0.22, 0.1  # inches


@dataclass(frozen=True)
class Row:
    """Pictures (n, h, w) beside each other: ink from 0 (white) to 1 (black), or weights, where light is positive."""

    title: str
    pictures: Sequence[Any]
    captions: Sequence[str] = ()
    weights: bool = False

    def side(self, most):
        """The side of a picture, in inches."""
        return min(most, (1 - 2 * MARGIN) * WIDTH_INCHES / len(self.pictures) - GAP)

    def height(self, most):
        """The height of the row with its title and captions, in inches."""
        return TITLE + CAPTION * bool(self.captions) + self.side(most) + GAP


def show_pictures(*rows, alt, most=0.8):
    """Show rows of pictures once, one below the other.

    rows: each a `Row`. alt: what is to be seen, in words. most: the largest side of a picture, in inches.
    """
    top = total = sum(row.height(most) for row in rows)
    fig = new_figure(total)
    for row in rows:
        fig.text(MARGIN, (top - 0.04) / total, row.title, fontsize=10, va="top", color=INK)
        _draw(fig, row, row.side(most), (top - row.height(most) + GAP) / total)
        top -= row.height(most)
    show_figure(fig, alt=alt)


def _draw(fig, row, side, bottom):
    """The pictures of one row; all weights of a row are on one scale, and 0 is gray."""
    width, height = fig.get_size_inches()
    top = max(abs(picture).max() for picture in row.pictures) if row.weights else 1
    look = {"cmap": "gray" if row.weights else "gray_r", "vmin": -top if row.weights else 0, "vmax": top}
    step = min((1 - 2 * MARGIN) / len(row.pictures), (2 if row.captions else 1.3) * side / width)
    for place, picture in enumerate(row.pictures):
        ax = fig.add_axes((MARGIN + step * place, bottom, side / width, side / height))
        ax.imshow(picture, **look)
        ax.set_axis_off()
        if row.captions:
            ax.set_title(row.captions[place], fontsize=9, pad=3, loc="left")
