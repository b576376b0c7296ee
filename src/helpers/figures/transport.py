"""Moving earth: a plan, the area between two staircases, the best price list, four distances, and a clipped critic.

The numbers come from `heaps`, which works with the student's own functions, and `transport_panels` draws them. This
file knows the controls and where each panel stands.
"""

from helpers.figures.controls import Menu, Slider
from helpers.figures.guarded import Unusable, draw_panel
from helpers.figures.heaps import PLANS
from helpers.figures.interactive import show
from helpers.figures.style import new_figure
from helpers.figures.transport_panels import Blindness, Leash, Plan, Prices, Staircases

SHAPES = ("one bump", "two bumps", "box", "ramp")
CONTROLS = {
    "theta": Slider(description="shift θ", value=0.6, low=-4.0, high=4.0, step=0.1),
    "shape": Menu(description="generated heap", value="two bumps", options=tuple((one, one) for one in SHAPES)),
    "plan": Menu(description="plan", value="Sinkhorn", options=tuple((one, one) for one in PLANS)),
    "eps": Slider(description="blur ε", value=0.1, low=-3, high=1, step=0.25, log=True, form=".2g"),
    "clip": Slider(description="clip c", value=0.1, low=-3, high=0, step=0.25, log=True, form=".2g"),
    "layers": Slider(description="hidden layers", value=3, low=1, high=6, step=1, form="d"),
}


def moving_earth(
    transport_cost,
    monotone_plan,
    sinkhorn,
    wasserstein_1d,
    optimal_critic,
    shifted_uniform_divergences,
    lipschitz_bound_from_clipping,
):
    """Show two heaps and what lesson 09 says of them, with controls in a live notebook.

    The arguments are functions as lesson 09 describes them.

    Left: the plan. Middle: the staircases with the area between them, and the best price list below. Right: JS and W1
    of two boxes against their shift, and below the slopes that clipped weights allow.
    """
    panels = (
        ((0.04, 0.12, 0.30, 0.70), Plan(transport_cost, monotone_plan, sinkhorn)),
        ((0.41, 0.56, 0.245, 0.31), Staircases(wasserstein_1d)),
        ((0.41, 0.115, 0.245, 0.29), Prices(optimal_critic)),
        ((0.735, 0.56, 0.245, 0.31), Blindness(shifted_uniform_divergences)),
        ((0.735, 0.115, 0.245, 0.29), Leash(lipschitz_bound_from_clipping)),
    )

    def draw(**values):
        """Draw the figure for these settings of the controls."""
        fig = new_figure(4.2)
        for place, panel in panels:
            draw_panel(fig.add_axes(place), panel.draw, values)
        return fig

    def alt(**values):
        """Say in words what the figure shows at these settings."""
        return " ".join(_sentence(panel, values) for _, panel in panels)

    show(draw, CONTROLS, alt=alt)


def _sentence(panel, values):
    try:
        return panel.words(values)
    except Unusable as error:
        return str(error)
