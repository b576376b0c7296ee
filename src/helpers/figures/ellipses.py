"""A correlated Gaussian in the plane, and two factorized ones beside it: the slice and the shadow."""

import numpy as np

from helpers.figures.interactive import show_figure
from helpers.figures.style import BLUE, GRAY, ORANGE, new_figure


def slice_and_shadow(Sigma, slices):
    """Draw once, at one and two standard deviations, N(0, Sigma) and two factorized Gaussians.

    Sigma: covariance (2, 2). slices: variances (2,) of the one within; the one around has the variances of Sigma.
    """
    from matplotlib.patches import Ellipse

    (narrow, wide), axes = np.linalg.eigh(Sigma)
    tilt, shadows = np.degrees(np.arctan2(axes[1, 1], axes[0, 1])), np.diag(Sigma)
    fig = new_figure(3.1)
    ax = fig.add_axes((0.06, 0.08, 0.92, 0.9))
    for factor in (2, 4):  # an ellipse is given by its whole width: one and two standard deviations either way
        size = factor * np.sqrt([wide, narrow])
        ax.add_patch(Ellipse((0, 0), *size, angle=tilt, facecolor="0.85", edgecolor="0.5", alpha=0.5, zorder=0))
        look = {"fill": False, "linewidth": 2}
        ax.add_patch(Ellipse((0, 0), *(factor * np.sqrt(slices)), edgecolor=BLUE, **look))
        ax.add_patch(Ellipse((0, 0), *(factor * np.sqrt(shadows)), edgecolor=ORANGE, linestyle="--", **look))
    correlation = Sigma[0, 1] / np.sqrt(shadows.prod())
    ax.text(2.4, 1.2, f"gray: p, correlation {correlation:.2g}", color=GRAY)
    ax.text(2.4, 0.5, f"line: slices, variances {slices[0]:.2f} and {slices[1]:.2f}", color=BLUE)
    ax.text(2.4, -0.2, f"dashes: shadows, variances {shadows[0]:.3g} and {shadows[1]:.3g}", color=ORANGE)
    ax.set(xlim=(-4, 6.5), ylim=(-2.2, 2.2), aspect="equal")
    told = f"{slices[0]:.2f}, around it one of variance {shadows[0]:.3g}"
    show_figure(fig, alt=f"A slanted ellipse; within it a circle of variance {told}.")
