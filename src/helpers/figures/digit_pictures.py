"""Many small pictures in one: digits in a grid, a plane of latents, plans as tables.

The numbers are the caller's; this file only draws.
"""

import numpy as np

from helpers.figures.interactive import show_figure
from helpers.figures.style import BLUE, GREEN, INK, ORANGE, PURPLE, WIDTH_INCHES, new_figure

SIDE = 8  # pixels of a digit, across and down
LABELS = (BLUE, ORANGE, GREEN, PURPLE, INK, "#CC79A7", "#56B4E9", "#7a6a00", "#6b6b6b", "#8B0000")


def digit_grids(grids, *, rows, alt):
    """Show digits (n, 64), one grid of that many rows for each title, ink dark."""
    columns = len(next(iter(grids.values()))) // rows
    picture = new_figure(WIDTH_INCHES / len(grids) * rows / columns + 0.45)
    picture.set_layout_engine("constrained")
    for axes, (title, pixels) in zip(picture.subplots(1, len(grids)), grids.items(), strict=True):
        _draw_digits(axes, pixels, rows, title)
    show_figure(picture, alt=alt)


def latent_plane(means, labels, decoded, reach):
    """Show where an encoder puts images, each as its label, and what a decoder makes of a square grid of the plane."""
    picture = new_figure(4.2)
    picture.set_layout_engine("constrained")
    left, right = picture.subplots(1, 2)
    for place, label in zip(means, labels, strict=True):
        left.text(*place, str(label), color=LABELS[label], ha="center", va="center", fontsize=8, clip_on=True)
    left.set(xlim=(-3.7, 3.7), ylim=(-3.7, 3.7), aspect="equal", xlabel="first latent", ylabel="second latent")
    left.set_title("posterior means of the test images")
    side = round(len(decoded) ** 0.5)
    _draw_digits(right, decoded, side, f"decoded, from {-reach:g} to {reach:g} each way".replace("-", "−"))
    centers = [means[labels == label].mean(axis=0) for label in range(10)]
    told = "; ".join(f"{label} near ({first:.1f}, {second:.1f})" for label, (first, second) in enumerate(centers))
    alt = "Posterior means of the test images in the plane of two latents, in clusters: "
    show_figure(picture, alt=f"{alt}{told}. Beside it a grid of decoded digits.")


def plan_pictures(plans, *, alt):
    """Show plans (m, n) side by side, each with a title; dark is much, the first row below."""
    picture = new_figure(2.7)
    picture.set_layout_engine("constrained")
    for axes, (title, plan) in zip(picture.subplots(1, len(plans)), plans.items(), strict=True):
        axes.imshow(plan, cmap="Blues", origin="lower")
        axes.set_title(title, fontsize=9)
        _bare(axes)
    show_figure(picture, alt=alt)


def _draw_digits(axes, pixels, rows, title):
    framed = np.pad(np.reshape(pixels, (-1, SIDE, SIDE)), ((0, 0), (0, 1), (0, 1)))
    columns = len(framed) // rows
    mosaic = framed.reshape(rows, columns, SIDE + 1, SIDE + 1).swapaxes(1, 2)
    mosaic = mosaic.reshape(rows * (SIDE + 1), columns * (SIDE + 1))[:-1, :-1]
    axes.imshow(mosaic, cmap="Greys", vmin=0, vmax=1, interpolation="nearest")
    axes.set_title(title, fontsize=10)
    _bare(axes)


def _bare(axes):
    axes.set(xticks=[], yticks=[])
    axes.spines[["top", "right"]].set_visible(True)
