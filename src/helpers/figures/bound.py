"""How good is the bound: a guess q, its weights, the bound they give, its gradients; two other dials beside it.

The numbers come from `bound_numbers`, which works with the student's own functions; `bound_panels` draws
them; this file has the controls and describes what is seen.
"""

import functools

import numpy as np

from helpers.figures import bound_numbers as numbers
from helpers.figures import bound_panels as panels
from helpers.figures.bound_panels import Worked, in_words, of_q, with_K
from helpers.figures.controls import Slider
from helpers.figures.guarded import Unusable, draw_panel
from helpers.figures.interactive import show
from helpers.figures.style import new_figure

CONTROLS = {
    "m": Slider(description="mean of q", value=0.2, low=-1.0, high=3.0, step=0.05),
    "s2": Slider(description="variance of q", value=0.7, low=0.05, high=2.0, step=0.05),
    "K": Slider(description="samples K", value=10.0, low=0, high=2.7, step=0.1, log=True, form=".0f"),
    "beta": Slider(description="β", value=4.0, low=-1.5, high=1.5, step=0.1, log=True, form=".2g"),
    "tau": Slider(description="temperature τ", value=0.5, low=-1.5, high=1.5, step=0.1, log=True, form=".2g"),
}
PANELS = (
    panels.draw_guess,
    panels.draw_weights,
    panels.draw_curve,
    panels.draw_variance,
    panels.draw_signals,
    panels.draw_triangle,
)


def how_good_is_the_bound(
    gaussian_elbo, iwae_bound, iwae_bias, iwae_gradients, effective_sample_size, gumbel_softmax, beta_posterior
):
    """Show a Gaussian guess and all that follows from it, with controls in a live notebook.

    Each argument is the exercise's function. Top: the guess beside the posterior; its log-weights; the bound against K.
    Bottom: the relative variance of the weights; three signal-to-noise ratios against K; relaxed samples of a category.
    """
    functions = numbers.Functions(
        gaussian_elbo, iwae_bound, iwae_bias, iwae_gradients, effective_sample_size, gumbel_softmax, beta_posterior
    )
    parts = (numbers.bound_of, numbers.curve, numbers.signals, numbers.worth, numbers.moved, numbers.relaxed)
    worked = Worked(*(functools.lru_cache(maxsize=1)(functools.partial(part, functions)) for part in parts))

    def draw(**values):
        """Draw the figure for these settings of the controls."""
        fig, values = new_figure(panels.HEIGHT), _whole(values)
        for i, panel in enumerate(PANELS):
            place = (0.045 + 0.335 * (i % 3), 0.62 if i < 3 else 0.115, *panels.SIZE)
            draw_panel(fig.add_axes(place), panel, worked, values)
        return fig

    def alt(**values):
        """Say in words what the figure shows at these settings."""
        return " ".join(_sentence(part, worked, _whole(values)) for part in (_tell_guess, _tell_curve, _tell_rest))

    show(draw, CONTROLS, alt=alt)


def _whole(values):
    return {**values, "K": max(1, round(values["K"]))}


def _sentence(part, worked, values):
    try:
        return part(worked, values)
    except Unusable as error:
        return str(error)


def _tell_guess(worked, values):
    elbo, (mean, variance) = worked.elbo(**of_q(values)), worked.moved(beta=values["beta"])
    size, _ = worked.worth(**with_K(values))
    return (
        f"The guess q has mean {values['m']:.2f} and variance {values['s2']:.2f}, the posterior 1 and 0.5, the prior 0 "
        f"and 1; for β = {values['beta']:.2g} the best q has mean {mean:.2f} and variance {variance:.2f}. The ELBO is "
        f"{elbo:.3f}, log p(x) {numbers.LOG_P:.3f}. {values['K']} weights are worth {size:.1f}."
    )


def _tell_curve(worked, values):
    found, variance = worked.curve(**with_K(values)), float(numbers.relative_variance(**of_q(values)))
    at = int(np.searchsorted(found.Ks, values["K"]))
    below = [max(0.0, numbers.LOG_P - each[at]) for each in (found.bound, found.expected)]
    return (
        f"With K = {values['K']} the bound is {below[0]:.2g} nats below log p(x) on average; the delta method says "
        f"{below[1]:.2g}. The relative variance of the weights is {variance:.2g}."
    )


def _tell_rest(worked, values):
    found = worked.signals(**with_K(values))
    at = int(np.searchsorted(found.Ks, values["K"]))
    _, classes = worked.relaxed(tau=values["tau"])
    shares = ", ".join(f"{np.mean(classes == k):.0%}" for k in range(3))
    ratios = [in_words(each[at]) for each in (found.decoder, found.encoder, found.dreg)]
    return (
        f"Signal to noise: decoder {ratios[0]}, encoder {ratios[1]}, encoder with DReG {ratios[2]}. {numbers.DOTS} "
        f"relaxed samples of three classes at temperature {values['tau']:.2g} stand for {shares}."
    )
