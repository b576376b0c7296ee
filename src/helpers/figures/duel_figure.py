"""A duel in three pictures: two players of xy, a discriminator between data and generator, and what noise does to JS.

The numbers come from `duel_numbers`, which works with the student's own functions; this file draws and describes them.
"""

import math

import numpy as np

from helpers.figures.controls import Menu, Slider
from helpers.figures.duel_numbers import DISTANCES, GRID, chase, noisy_divergence, verdict
from helpers.figures.guarded import Unusable, draw_panel
from helpers.figures.interactive import show
from helpers.figures.style import BLUE, GRAY, GREEN, INK, LIGHT, ORANGE, PURPLE, new_figure, power, powers_of_ten

RULES = ("simultaneous", "sim"), ("alternating", "alt"), ("extragradient", "eg"), ("optimistic", "optimistic")
FIXED = ((0.0, "-"), (1.0, "--"), (3.0, ":"))  # noises whose curves stay, with their lines
SMALLEST = 1e-8  # a pull that is weaker has no bar

CONTROLS = {
    "eta": Slider(description="step size η", value=0.2, low=0.02, high=1.0, step=0.02),
    "rule": Menu(description="rule", value="sim", options=RULES),
    "n": Slider(description="steps", value=40, low=1, high=200, step=1, form="d"),
    "distance": Slider(description="generator at d", value=3.0, low=0.0, high=6.0, step=0.25),
    "noise": Slider(description="noise s", value=0.5, low=0.0, high=3.0, step=0.1),
    "steps": Slider(description="steps of D", value=20, low=0, high=200, step=5, form="d"),
}


def duel(xy_game, optimal_discriminator, discriminator_loss, generator_logit_gradient, js_with_noise):
    """Show two players, a discriminator and a divergence, with controls in a live notebook.

    xy_game, optimal_discriminator, discriminator_loss, generator_logit_gradient, js_with_noise: functions as lesson 08
    describes them.

    Left: the path of the xy game. Middle: data and generator, the best discriminator and a trained one, and how
    strongly either loss pulls the generator. Right: JS against the distance, with the slider's noise and fixed ones.
    """
    kept, last = {}, {}

    def divergence(noise):
        """The curve for this noise; the fixed ones do not change while a slider moves."""
        if noise not in kept:
            kept[noise] = noisy_divergence(js_with_noise, noise)
        return kept[noise]

    def judge(values):
        """The verdict at these settings, which three places ask for."""
        settings = {name: values[name] for name in ("distance", "noise", "steps")}
        if last.get("settings") != settings:
            functions = optimal_discriminator, discriminator_loss, generator_logit_gradient
            last.update(verdict=verdict(*functions, **settings), settings=settings)
        return last["verdict"]

    def draw(**values):
        """Draw the figure for these settings of the controls."""
        return _draw_all(xy_game, judge, divergence, values)

    def alt(**values):
        """Say in words what the figure shows at these settings."""
        return _describe_all(xy_game, judge, divergence, values)

    show(draw, CONTROLS, alt=alt)


def _draw_all(xy_game, judge, divergence, values):
    fig = new_figure(4.1)
    draw_panel(fig.add_axes((0.06, 0.13, 0.265, 0.73)), _draw_path, xy_game, values)
    axes = fig.add_axes((0.375, 0.51, 0.28, 0.35)), fig.add_axes((0.445, 0.13, 0.21, 0.22))
    if draw_panel(axes[0], _draw_verdict, judge, values):
        axes[1].set_axis_off()
    else:
        draw_panel(axes[1], _draw_pulls, judge, values)
    draw_panel(fig.add_axes((0.72, 0.13, 0.265, 0.73)), _draw_divergence, divergence, values)
    return fig


def _describe_all(xy_game, judge, divergence, values):
    sentences = []
    for describe, functions in ((_describe_path, xy_game), (_describe_verdict, judge), (_describe_js, divergence)):
        try:
            sentences.append(describe(functions, values))
        except Unusable as error:
            sentences.append(str(error))
    return " ".join(sentences)


def _path(xy_game, values):
    return chase(xy_game, rule=values["rule"], eta=values["eta"], n=values["n"])


def _number(value):
    return f"{value:.3g}" if 0.01 <= value < 1000 or value == 0 else power(value, 1)


def _draw_path(ax, xy_game, values):
    path = _path(xy_game, values)
    farthest = np.abs(path).max()
    limit = 2.0 if farthest <= 1.9 else min(5.0, 1.15 * farthest)
    ticks = range(-4, 5, 2) if limit > 4 else range(-int(limit), int(limit) + 1)
    seen = path[: 1 + np.argmax(np.abs(path).max(axis=1) > 9)] if farthest > 9 else path
    angle = np.linspace(0, 2 * np.pi, 121)
    ax.plot(math.sqrt(2) * np.cos(angle), math.sqrt(2) * np.sin(angle), color=LIGHT, linewidth=1.2, zorder=0)
    ax.plot(seen[:, 0], seen[:, 1], color=BLUE, linewidth=1, marker=".", markersize=4, zorder=2)
    ax.plot(*path[0], "o", color=INK, markersize=7, zorder=3)
    ax.plot(*seen[-1], "D", color=ORANGE, markersize=7, markeredgecolor="white", zorder=4)
    ax.plot(0, 0, "*", color=GREEN, markersize=12, zorder=1)
    ax.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal", xlabel="x, ascends xy", ylabel="y, descends")
    ax.set_xticks(ticks)
    ax.set_yticks(ticks)
    ax.yaxis.labelpad = 1
    ax.set_title(f"distance {_number(np.hypot(*path[-1]))} after {values['n']} steps")
    if values["rule"] == "sim":
        claim = math.sqrt(2) * (1 + values["eta"] ** 2) ** (values["n"] / 2)
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        ax.text(0.03, 0.03, f"√2 · √(1 + η²)ⁿ = {_number(claim)}", fontsize=8.5, transform=ax.transAxes, bbox=box)


def _draw_verdict(ax, judge, values):
    found = judge(values)
    tallest = max(found.p.max(), found.q.max())
    ax.fill_between(GRID, 0.8 * found.p / tallest, color=BLUE, alpha=0.3, linewidth=0)
    ax.fill_between(GRID, 0.8 * found.q / tallest, color=ORANGE, alpha=0.3, hatch="//", linewidth=0)
    ax.plot(GRID, found.best, color=GREEN, linewidth=1.8)
    ax.plot(GRID, found.trained, "--", color=INK, linewidth=1.3)
    ax.text(-2.9, 0.6, "data", color=BLUE, fontsize=8.5)
    ax.text(8.9, 0.6, "generator", color=ORANGE, ha="right", fontsize=8.5)
    ax.set(xlim=(-3, 9), ylim=(0, 1.05), yticks=[0, 0.5, 1])
    ax.set_title(f"line: D*, dashes: D after {values['steps']} steps")


def _draw_pulls(ax, judge, values):
    pulls = judge(values).pulls
    rows = [("saturating", pulls[0]), ("non-saturating", pulls[1])]
    for place, (_, pair) in enumerate(rows):
        for shift, value, color, hatch in ((0.2, pair[0], GREEN, ""), (-0.2, pair[1], GRAY, "//")):
            size = max(value, 0.0)
            height = 1 - place + shift
            if size > SMALLEST:
                ax.barh(height, size, 0.34, left=SMALLEST, color=color, hatch=hatch, edgecolor="white", linewidth=0)
            text = _number(size) if size > 0 else "0"
            ax.text(min(2 * max(size, SMALLEST), 400), height, text, va="center", fontsize=8, clip_on=False)
    ax.set_xscale("log")
    ax.set(xlim=(SMALLEST, 300), ylim=(-0.5, 1.5))
    powers_of_ten(ax.xaxis, -8, 0, every=4)
    ax.set_yticks([1, 0], ["satu-\nrating", "non-sat."])
    ax.tick_params(axis="y", length=0)
    ax.set_title("pull: by D*, and by D (hatched)", x=-0.32)


def _draw_divergence(ax, divergence, values):
    ax.axhline(math.log(2), color=GRAY, linewidth=0.8, linestyle=":")
    for noise, line in FIXED:
        ax.plot(DISTANCES, divergence(noise), line, color=GRAY, linewidth=1.1)
    curve = divergence(values["noise"])
    ax.plot(DISTANCES, curve, color=PURPLE, linewidth=2.2)
    here, slope = _at(curve, values["distance"])
    ax.plot(values["distance"], here, "D", color=ORANGE, markersize=8, markeredgecolor="white", zorder=4)
    ax.text(0.02, 0.955, "log 2", color=GRAY, fontsize=8.5, transform=ax.transAxes)
    ax.text(0.97, 0.04, "gray: s = 0 (line), 1, 3 (dots)", color=GRAY, fontsize=8.5, ha="right", transform=ax.transAxes)
    ax.set(xlim=(0, 6), ylim=(0, 0.76), xlabel="distance d")
    ax.set_title(f"JS {here:.3f}, its slope {slope:.3f}")


def _at(curve, distance):
    """The value and the slope of a curve at a distance, from its neighbors."""
    slopes = np.gradient(curve, DISTANCES)
    slopes[0] = 0.0  # JS is even in the distance
    return float(np.interp(distance, DISTANCES, curve)), abs(float(np.interp(distance, DISTANCES, slopes)))


def _describe_path(xy_game, values):
    path = _path(xy_game, values)
    rule = {value: label for label, value in RULES}[values["rule"]]
    return (
        f"Left, the path of two players of xy from (1, 1) with {rule} steps of {values['eta']:g}: after {values['n']} "
        f"steps they are {_number(np.hypot(*path[-1]))} away from the saddle point, from 1.41 at the start."
    )


def _describe_verdict(judge, values):
    found = judge(values)
    (best_sat, trained_sat), (best_non, trained_non) = np.maximum(found.pulls, 0)
    setting = f"data at 0 and a generator at {values['distance']:g}, seen through noise of {values['noise']:g}"
    return (
        f"Middle, {setting}: the best discriminator pulls the generator with {_number(best_sat)} by the saturating "
        f"loss and {_number(best_non)} by the other, a straight line after {values['steps']} steps with "
        f"{_number(trained_sat)} and {_number(trained_non)}."
    )


def _describe_js(divergence, values):
    here, slope = _at(divergence(values["noise"]), values["distance"])
    return f"Right, the Jensen-Shannon divergence against the distance: {here:.3f} here, with a slope of {slope:.3f}."
