"""Two ways to fit a Gaussian, and the line that a linear autoencoder keeps: three panels and their controls.

The numbers come from `fitting`, which works with the student's own functions; this file draws and describes them.
"""

import functools

import numpy as np

from helpers.figures import fitting
from helpers.figures.controls import Menu, Slider, Switch
from helpers.figures.guarded import Unusable, draw_panel
from helpers.figures.interactive import show
from helpers.figures.style import BLUE, GRAY, GREEN, INK, ORANGE, PURPLE, new_figure, signed

LOOKS = ((BLUE, "-", "o"), (ORANGE, "--", "s"), (GREEN, ":", "D"))  # of KL(p||q), KL(q||p), JS
QS = (("as the sliders say", "sliders"), ("nearest by KL(p‖q)", "forward"), ("nearest by KL(q‖p)", "reverse"))

CONTROLS = {
    "separation": Slider(description="separation of p", value=4.0, low=0.0, high=6.0, step=0.1),
    "share": Slider(description="share of the left", value=0.4, low=0.05, high=0.95, step=0.05),
    "left": Slider(description="width, left", value=0.5, low=0.3, high=1.5, step=0.05),
    "right": Slider(description="width, right", value=0.8, low=0.3, high=1.5, step=0.05),
    "mean": Slider(description="μ of q", value=0.0, low=-4.0, high=4.0, step=0.1),
    "sigma": Slider(description="σ of q", value=1.0, low=0.3, high=3.5, step=0.05),
    "chosen": Menu(description="q is", value="sliders", options=QS),
    "distance": Slider(description="cloud, from origin", value=2.0, low=0.0, high=4.0, step=0.1),
    "biases": Switch(description="with biases", value=False),
}


def two_ways_to_fit(kl_divergence, js_divergence, moment_match, linear_autoencoder):
    """Show one Gaussian for two heaps, and one line for a cloud, with controls in a live notebook.

    kl_divergence, js_divergence, moment_match, linear_autoencoder: functions as lesson 06 describes them.

    Left: p and q. Middle: three divergences over the mean of q. Right: what a linear autoencoder keeps of a cloud.
    """
    functions = kl_divergence, js_divergence, moment_match
    fit = functools.lru_cache(maxsize=1)(functools.partial(fitting.fit, functions))
    plane = functools.lru_cache(maxsize=1)(functools.partial(fitting.plane, linear_autoencoder))

    def draw(distance, biases, **values):
        """Draw the figure for these settings of the controls."""
        fig = new_figure(4.1)
        if draw_panel(fig.add_axes((0.055, 0.13, 0.315, 0.74)), _draw_densities, fit, values) is None:
            draw_panel(fig.add_axes((0.435, 0.13, 0.225, 0.74)), _draw_curves, fit, values)
        draw_panel(fig.add_axes((0.735, 0.13, 0.245, 0.74)), _draw_plane, plane, distance, biases)
        return fig

    def alt(distance, biases, **values):
        """Say in words what the figure shows at these settings."""
        sentences = []
        for tell, arguments in ((_tell_fit, (fit, values)), (_tell_plane, (plane, distance, biases))):
            try:
                sentences.append(tell(*arguments))
            except Unusable as error:
                sentences.append(str(error))
        return " ".join(sentences)

    show(draw, CONTROLS, alt=alt)


def _draw_densities(ax, fit, values):
    found = fit(**values)
    step = fitting.BINS[1] - fitting.BINS[0]
    ax.fill_between(fitting.BINS, found.p / step, color="0.85", linewidth=0)
    ax.plot(fitting.BINS, found.p / step, color=GRAY, linewidth=1.2)
    ax.plot(fitting.BINS, found.q / step, color=PURPLE, linewidth=1.8)
    ax.set(xlim=(-6, 6), xlabel="x", ylim=(0, 1.28 * max(found.p.max(), found.q.max()) / step))
    ax.set_yticks([])
    ax.text(0.02, 0.97, "gray: p", color=GRAY, va="top", transform=ax.transAxes)
    ax.text(0.02, 0.91, f"line: q, μ = {signed(found.mean)}, σ = {found.sigma:.2f}", color=PURPLE, va="top",
            transform=ax.transAxes)  # fmt: skip
    titles = {value: label for label, value in QS}
    ax.set_title(f"p and q, {titles[values['chosen']]}")


def _draw_curves(ax, fit, values):
    found = fit(**values)
    for name, curve, value, (color, line, marker) in zip(
        fitting.NAMES, found.curves, found.divergences, LOOKS, strict=True
    ):
        ax.plot(fitting.PLACES, curve, line, color=color, linewidth=1.8, label=f"{name} {value:.2f}")
        ax.plot([found.mean], [value], marker, color=color, markersize=7, markeredgecolor="white", zorder=4)
    top = max(2.0, 1.6 * found.divergences.max(), 2.2 * found.curves.min(axis=1).max())
    ax.set(xlim=(-4, 4), ylim=(0, top), xlabel=f"μ of q, at σ = {found.sigma:.2f}")
    ax.axvline(found.mean, color=GRAY, linewidth=0.9, linestyle=":")
    ax.legend(loc="upper center", frameon=True, edgecolor="none", framealpha=1, fontsize=8.5, handlelength=2.2)
    ax.set_title("nats, over the mean of q")


def _draw_plane(ax, plane, distance, biases):
    found = plane(distance)
    middle = found.points.mean(axis=0)
    ax.plot(*found.points.T, ".", color=GRAY, markersize=4)
    ax.plot(0, 0, "+", color=INK, markersize=10)
    for name, center, direction, (color, line), thick in (
        ("with biases", middle, found.directions[0], (BLUE, "-"), biases),
        ("without", np.zeros(2), found.directions[1], (ORANGE, "--"), not biases),
    ):
        ends = np.outer([-9, 9], direction / max(np.linalg.norm(direction), 1e-12)) + center
        ax.plot(*ends.T, line, color=color, linewidth=2.4 if thick else 0.9, label=name)
    kept = found.directions[0 if biases else 1]
    center = middle * biases
    kept = kept / max(np.linalg.norm(kept), 1e-12)
    rebuilt = np.outer((found.points - center) @ kept, kept) + center
    # One line for all the errors, lifted between them: sixty lines would be drawn sixty times as slowly.
    gaps = np.stack([found.points, rebuilt, np.full(rebuilt.shape, np.nan)], axis=1).reshape(-1, 2)
    ax.plot(*gaps.T, color=BLUE if biases else ORANGE, linewidth=0.5, alpha=0.6)
    ax.set(xlim=(-5.0, 3.0), ylim=(-4.4, 6.6), aspect="equal", xticks=[], yticks=[])
    ax.legend(loc="lower left", frameon=False, fontsize=8.5, handlelength=2.2, borderaxespad=0.1)
    ax.set_title(f"lost: {found.errors[0]:.0f}, without biases {found.errors[1]:.0f}")


def _tell_fit(fit, values):
    found = fit(**values)
    numbers = ", ".join(f"{name} = {value:.2f}" for name, value in zip(fitting.NAMES, found.divergences, strict=True))
    least = ", ".join(
        f"{name} at {signed(fitting.PLACES[curve.argmin()], '.1f')}"
        for name, curve in zip(fitting.NAMES, found.curves, strict=True)
    )
    return (
        f"Two heaps p, {values['separation']:g} apart, and a Gaussian q with mean {signed(found.mean)} and sigma "
        f"{found.sigma:.2f}: {numbers} nats. Over the mean of q, at this sigma, they are least: {least}."
    )


def _tell_plane(plane, distance, biases):
    found = plane(distance)
    cosine = abs(found.directions[0] @ found.directions[1]) / np.prod(np.linalg.norm(found.directions, axis=1))
    angle = np.degrees(np.arccos(min(1.0, cosine)))
    return (
        f"Right, a tilted cloud of {fitting.POINTS} points, {distance:g} from the origin: a linear autoencoder with "
        f"one unit loses {found.errors[0]:.0f} with biases and {found.errors[1]:.0f} without, and the two lines differ "
        f"by {angle:.0f} degrees."
    )
