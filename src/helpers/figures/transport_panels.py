"""The five panels of `transport`: each draws itself for the settings of the controls, and says itself in words."""

import numpy as np

from helpers.figures.heaps import (
    CLIPS,
    THETAS,
    distance,
    four_numbers,
    heaps,
    leash,
    plan_and_cost,
    price_list,
    staircases,
)
from helpers.figures.style import BLUE, GRAY, GREEN, INK, LIGHT, ORANGE, power, powers_of_ten, signed


class Plan:
    """The table of the plan, dark where much is moved."""

    def __init__(self, transport_cost, monotone_plan, sinkhorn):
        self.functions = transport_cost, monotone_plan, sinkhorn

    def found(self, values):
        given = heaps(values["theta"], values["shape"])
        return plan_and_cost(given, *self.functions, values["plan"], values["eps"])

    def draw(self, ax, values):
        plan, cost, off = self.found(values)
        ax.imshow(plan, cmap="Blues", vmin=0, vmax=max(plan.max(), 1e-12), origin="lower", interpolation="nearest")
        ax.set_xticks([])
        ax.set_yticks([])
        ax.set(xlabel="to: generated points, left to right", ylabel="from: real points, left to right")
        blur = f", ε = {values['eps']:.2g}" if values["plan"] == "Sinkhorn" else ""
        note = f", rows off by {power(off, 0)}" if off > 1e-6 else ""
        ax.set_title(f"Plan: {values['plan']}{blur}\ncosts {cost:.3f}{note}")

    def words(self, values):
        plan, cost, off = self.found(values)
        used = int(np.count_nonzero(plan > 1e-6))
        entries = f"a table of 24 by 24, {used} entries of it in use, rows off by at most {off:.0e}"
        return f"Left, the {values['plan']} plan: {entries}; it costs {cost:.3f}."


class Staircases:
    """F and G, and the area between them."""

    def __init__(self, wasserstein_1d):
        self.function = wasserstein_1d

    def draw(self, ax, values):
        given = heaps(values["theta"], values["shape"])
        z, F, G = staircases(given)
        ends = given.ends
        z, F, G = np.concatenate([ends[:1], z, ends[1:]]), *(np.concatenate([[0], S, [1]]) for S in (F, G))
        ax.fill_between(z, F, G, step="post", color=LIGHT, linewidth=0)
        ax.step(z, F, where="post", color=BLUE, linewidth=1.6)
        ax.step(z, G, where="post", color=ORANGE, linewidth=1.6, linestyle="--")
        ax.set(xlim=ends, ylim=(-0.05, 1.08))
        _mark_places(ax, values["theta"])
        ax.set_yticks([0, 1])
        look = {"fontsize": 8, "transform": ax.transAxes}
        look["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8}
        ax.text(0.03, 0.86, "F real (line)", color=BLUE, **look)
        ax.text(0.97, 0.08, "G generated (dashes)", color=ORANGE, ha="right", **look)
        ax.set_title(f"Area |F − G|: W₁ = {distance(given, self.function):.3f}")

    def words(self, values):
        found = distance(heaps(values["theta"], values["shape"]), self.function)
        where = f"a bump at 0 and a heap ({values['shape']}) around {signed(values['theta'], '.1f')}"
        return f"Middle, the distribution functions of {where}, and the area between them, W1 = {found:.3f}."


class Prices:
    """The best price list, and what it earns."""

    def __init__(self, optimal_critic):
        self.function = optimal_critic

    def draw(self, ax, values):
        given = heaps(values["theta"], values["shape"])
        z, f, earned = price_list(given, self.function)
        ax.plot(z, f, color=GREEN, linewidth=1.8)
        for points, mark, color in ((given.x, "|", BLUE), (given.y, "|", ORANGE)):
            ax.plot(points, np.interp(points, z, f), mark, color=color, markersize=6)
        ax.set(xlim=given.ends, ylim=(f.min() - 0.5, f.max() + 0.5))
        _mark_places(ax, values["theta"])
        ax.set_yticks(np.unique(np.round([f.min(), f.max()], 1)))
        ax.set_title(f"Best price list: earns {earned:.3f}")

    def words(self, values):
        z, f, earned = price_list(heaps(values["theta"], values["shape"]), self.function)
        steepest = np.max(np.abs(np.diff(f) / np.diff(z)))
        return f"Below, the best price list, steepest slope {steepest:.2f}: it earns {earned:.3f}."


class Blindness:
    """JS and W1 of two boxes against their shift."""

    def __init__(self, shifted_uniform_divergences):
        self.function = shifted_uniform_divergences

    def draw(self, ax, values):
        js, w1 = four_numbers(self.function, values["theta"])
        ax.plot(THETAS, w1[:-1], color=BLUE, linewidth=1.6)
        ax.plot(THETAS, js[:-1], color=ORANGE, linewidth=1.6, linestyle="--")
        ax.plot([values["theta"]], [w1[-1]], "o", color=BLUE, markersize=7, markeredgecolor="white")
        ax.plot([values["theta"]], [js[-1]], "s", color=ORANGE, markersize=7, markeredgecolor="white")
        ax.text(
            0.5,
            0.93,
            "W₁ line, JS dashes,\nKL = ∞ but at 0",
            color=GRAY,
            fontsize=8,
            ha="center",
            va="top",
            transform=ax.transAxes,
        )
        ax.set(xlim=(-4.2, 4.2), ylim=(-0.2, 4.6))
        ax.set_xticks([-4, 0, 4])
        ax.set_yticks([0, 1, 4])
        ax.set_title(f"Boxes: W₁ {w1[-1]:.2f}, JS {js[-1]:.3f}")

    def words(self, values):
        js, w1 = four_numbers(self.function, values["theta"])
        return f"Right, two boxes shifted by {signed(values['theta'], '.1f')}: W1 {w1[-1]:.2f}, JS {js[-1]:.3f} nats."


class Leash:
    """The slope that clipped weights allow, against the clip, and one that random weights have."""

    def __init__(self, lipschitz_bound_from_clipping):
        self.function = lipschitz_bound_from_clipping

    def draw(self, ax, values):
        bounds, slope = leash(self.function, values["layers"], values["clip"])
        visible = np.where(bounds > 0, bounds, np.nan)
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.axhline(1, color=INK, linewidth=0.9, linestyle=":")
        ax.plot(CLIPS, visible[:-1], color=BLUE, linewidth=1.6)
        ax.plot([values["clip"]], [visible[-1]], "o", color=BLUE, markersize=7, markeredgecolor="white")
        ax.plot([values["clip"]], [slope], "D", color=GREEN, markersize=6, markeredgecolor="white")
        ax.set(xlim=(8e-4, 1.3), ylim=(1e-14, 1e12))
        powers_of_ten(ax.xaxis, -3, 0, every=1)
        powers_of_ten(ax.yaxis, -12, 12, every=12)
        note = f"diamond: random, {_short(slope)}"
        ax.text(0.97, 0.05, note, color=GREEN, fontsize=8, ha="right", transform=ax.transAxes)
        ax.set_title(f"Clipped critic: slope ≤ {_short(bounds[-1])}")

    def words(self, values):
        bounds, slope = leash(self.function, values["layers"], values["clip"])
        critic = f"a critic of {values['layers']} hidden layers with weights clipped to {values['clip']:.2g}"
        return f"Below, {critic}: slope at most {_short(bounds[-1])}; with random weights it is {_short(slope)}."


def _short(number):
    if 0 < number < 0.01 or number >= 1000:
        return power(number, 0)
    return f"{number:.0f}" if number >= 100 else f"{number:.2g}"


def _mark_places(ax, theta):
    """Put ticks at 0 and at the shift, one alone where they would touch."""
    places = [(0, "0"), (theta, "θ")] if abs(theta) > 0.35 else [(theta, "θ")]
    ax.set_xticks([at for at, _ in places], [name for _, name in places])
