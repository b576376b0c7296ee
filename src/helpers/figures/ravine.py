"""Ravine and shrinkage: five optimizers in one bowl, and what ridge, lasso and early stopping do to its optimum.

The numbers come from `bowl`, which works with the student's own functions; this file draws and describes them.
"""

import numpy as np

from helpers.figures import bowl
from helpers.figures.controls import Choice, Slider
from helpers.figures.guarded import Unusable, draw_panel
from helpers.figures.interactive import show
from helpers.figures.style import BLUE, GRAY, GREEN, INK, ORANGE, PURPLE, new_figure, power, powers_of_ten

LOOKS = {
    "gradient descent": (GRAY, "-", "."),
    "momentum": (BLUE, "-", "o"),
    "AdaGrad": (ORANGE, "--", "s"),
    "RMSProp": (GREEN, "-.", "D"),
    "Adam": (PURPLE, ":", "^"),
}
LINES = {"ridge": "-", "early stopping": "--", "lasso": ":"}
LEVELS = (0.02, 0.1, 0.3, 0.7, 1.3)
LARGEST_GAP = 2.51  # lambda eta t at which the two filters lie farthest apart, for small steps

CONTROLS = {
    "kappa": Slider(description="κ, steepness", value=20.0, low=1.0, high=60.0, step=1.0, form=".0f"),
    "lr": Slider(description="learning rate η", value=0.05, low=-3, high=-0.5, step=0.05, log=True, form=".3f"),
    "mu": Slider(description="momentum μ", value=0.8, low=0.0, high=0.98, step=0.02),
    "rho": Slider(description="RMSProp's ρ", value=0.9, low=0.5, high=0.99, step=0.01),
    "steps": Slider(description="steps t = 1/(ηα)", value=40, low=1, high=200, step=1, form="d"),
    "start": Choice(description="start", value="origin", options=tuple((name, name) for name in bowl.STARTS)),
}


def ravine_and_shrinkage(
    momentum_step, adaptive_step, adam_step, ridge, soft_threshold, gradient_descent_after
):
    """Show the ravine and the shrinkage, with controls in a live notebook; each argument is the exercise's function.

    Left: the paths of five optimizers on a tilted quadratic bowl. Top right: its two weights under ridge, lasso and
    early stopping, against the strength. Bottom right: the shares of the way that early stopping and ridge let pass.
    """
    functions = bowl.Functions(momentum_step, adaptive_step, adam_step, ridge, soft_threshold, gradient_descent_after)

    def draw(**values):
        """Draw the figure for these settings of the controls."""
        fig = new_figure(5.6)
        draw_panel(fig.add_axes((0.06, 0.27, 0.38, 0.65)), _draw_paths, functions, values)
        draw_panel(fig.add_axes((0.545, 0.585, 0.33, 0.335)), _draw_coefficients, functions, values)
        draw_panel(fig.add_axes((0.545, 0.1, 0.33, 0.335)), _draw_filters, functions, values)
        return fig

    def alt(**values):
        """Say in words what the figure shows at these settings."""
        return " ".join(_sentence(part, functions, values) for part in (_tell_paths, _tell_coefficients, _tell_filters))

    show(draw, CONTROLS, alt=alt)


def _draw_paths(ax, functions, values):
    from matplotlib.patches import Ellipse

    walked = bowl.paths(functions, **values)
    H, _ = bowl.bowl(values["kappa"])
    for level in LEVELS:
        width, depth = 2 * np.sqrt(2 * level), 2 * np.sqrt(2 * level / values["kappa"])
        ring = Ellipse(bowl.OPTIMUM, width, depth, angle=np.rad2deg(bowl.TILT), fill=False, edgecolor="0.85", zorder=0)
        ax.add_patch(ring)
    for name, path in walked.items():
        color, line, marker = LOOKS[name]
        end = power(max(bowl.height(H, path[-1]), 1e-99), 0)
        ax.plot(*path.T, line, color=color, linewidth=1.4, label=f"{name}: {end}")
        ax.plot(*path[-1], marker, color=color, markersize=7, markeredgecolor="white", zorder=5)
    ax.plot(*bowl.STARTS[values["start"]], "o", color=INK, fillstyle="none", markersize=9)
    ax.plot(*bowl.OPTIMUM, "*", color=INK, markersize=12, zorder=6)
    ax.set(xlim=(-1.0, 2.0), ylim=(-0.6, 1.5), xlabel="weight 1", ylabel="weight 2", aspect="equal")
    ax.set_xticks([-1, 0, 1, 2])
    ax.set_yticks([0, 1])
    ax.set_title(f"Loss above the optimum ★ after {values['steps']} steps")
    ax.legend(loc="upper center", bbox_to_anchor=(0.48, -0.12), ncols=2, frameon=False, fontsize=8.5, handlelength=3)


def _draw_coefficients(ax, functions, values):
    held = bowl.coefficients(functions, **_only(values, "kappa", "lr", "start"))
    for name, weights in held.items():
        for j, color in enumerate((BLUE, ORANGE)):
            ax.plot(bowl.STRENGTHS, np.clip(weights[:, j], -9, 9), LINES[name], color=color, linewidth=1.6)
    for j, color in enumerate((BLUE, ORANGE)):
        place = {"color": color, "va": "center", "fontsize": 8.5, "transform": ax.get_yaxis_transform()}
        ax.text(1.03, bowl.OPTIMUM[j], f"weight {j + 1}", **place)
    alpha = 1 / (values["lr"] * values["steps"])
    ax.axvline(alpha, color=GRAY, linewidth=0.9, linestyle="-")
    ax.axhline(0, color=GRAY, linewidth=0.6)
    for name, line in LINES.items():
        ax.plot([], [], line, color=INK, label=name)
    ax.legend(loc="lower right", frameon=False, fontsize=8, handlelength=2.4, borderaxespad=0.1)
    ax.set(xscale="log", xlim=(bowl.STRENGTHS[0], bowl.STRENGTHS[-1]), ylim=(-1.0, 1.35), xlabel="strength α = 1/(ηt)")
    powers_of_ten(ax.xaxis, -2, 2, every=1)
    ax.set_yticks([-1, 0, 1], ["−1", "0", "1"])
    ax.set_title(f"Weights; early stopping starts at the {values['start']}".replace("the else", "a place else"))


def _draw_filters(ax, functions, values):
    eigenvalues, stopped, ridge = bowl.filters(functions, **_only(values, "lr", "steps"))
    scale = values["lr"] * values["steps"]
    ax.fill_between(eigenvalues, ridge, stopped, color="0.9", zorder=0)
    for name, share, color in (("ridge", ridge, GREEN), ("early stopping", stopped, PURPLE)):
        ax.plot(eigenvalues, share, LINES[name], color=color, linewidth=1.8, label=name)
    for number, eigenvalue in (("1", 1.0), ("κ", values["kappa"])):
        if bowl.PRODUCTS[0] < eigenvalue * scale < bowl.PRODUCTS[-1]:
            ax.axvline(eigenvalue, color=GRAY, linewidth=0.9, linestyle=":")
            ax.text(eigenvalue, 1.03, number, color=GRAY, ha="center", va="bottom", fontsize=8.5)
    widest = int(np.argmax(stopped - ridge))
    ax.plot([eigenvalues[widest]] * 2, [ridge[widest], stopped[widest]], color=INK, linewidth=1.6)
    note = f"gap {stopped[widest] - ridge[widest]:.3f} at\nληt = {eigenvalues[widest] * scale:.2f}"
    ax.text(1.03, 0.5, note, color=INK, va="center", fontsize=8.5, transform=ax.transAxes)
    limits = bowl.PRODUCTS[[0, -1]] / scale
    ax.set(xscale="log", xlim=limits, ylim=(0, 1.02), xlabel="eigenvalue λ")
    powers_of_ten(ax.xaxis, *np.ceil(np.log10(limits)).astype(int), every=1)
    ax.set_yticks([0, 0.5, 1], ["0", "½", "1"])
    ax.legend(loc="upper left", frameon=False, fontsize=8, handlelength=2.4, borderaxespad=0.1)
    ax.set_title(f"Share of the way to the optimum, t = {values['steps']}, α = {1 / scale:.2g}", y=1.1)


def _only(values, *names):
    return {name: values[name] for name in names}


def _sentence(tell, functions, values):
    try:
        return tell(functions, values)
    except Unusable as error:
        return str(error)


def _tell_paths(functions, values):
    H, _ = bowl.bowl(values["kappa"])
    ends = {name: bowl.height(H, path[-1]) for name, path in bowl.paths(functions, **values).items()}
    listing = ", ".join(f"{name} {power(max(end, 1e-99), 0)}" for name, end in ends.items())
    return (
        f"Paths of five optimizers in a bowl {values['kappa']:g} times as steep across as along, {values['steps']} steps "
        f"at rate {values['lr']:.3g}. Loss above the optimum: {listing}."
    )


def _tell_coefficients(functions, values):
    held = bowl.coefficients(functions, **_only(values, "kappa", "lr", "start"))
    strong = {name: " and ".join(f"{each:.2f}" for each in weights[0]) for name, weights in held.items()}
    listing = ", ".join(f"{name} {ends}" for name, ends in strong.items())
    return f"The two weights against the strength; at the strongest they are: {listing}; at the weakest all near 1, 0.5."


def _tell_filters(functions, values):
    eigenvalues, stopped, ridge = bowl.filters(functions, **_only(values, "lr", "steps"))
    widest = int(np.argmax(stopped - ridge))
    return (
        "The shares of the way that early stopping and ridge let pass, two rising curves over the eigenvalue, lie "
        f"{stopped[widest] - ridge[widest]:.3f} apart at the most."
    )
