"""Two players who chase each other, a judge between two bells, and a divergence with noise: the numbers of `duel`.

Paths, verdicts, slopes and divergences come from the student's functions. No drawing here.
"""

from dataclasses import dataclass

import numpy as np

from helpers.figures.guarded import Unusable, numbers_from

SPREAD = 0.2  # of data and generator, before any noise
GRID = np.linspace(-6.0, 10.0, 641)
DISTANCES = np.linspace(0.0, 6.0, 25)
KINDS = ("saturating", "nonsaturating")
SAMPLES, RATE = 48, 0.5


@dataclass(frozen=True)
class Verdict:
    """What two discriminators say along `GRID`, and the mean pull on the generator's position by loss and by both.

    `best`, `trained`: (641,). `pulls`: (2, 2), kinds of loss by best and trained discriminator; positive is towards the
    data. `p`, `q`: the densities.
    """

    p: np.ndarray
    q: np.ndarray
    best: np.ndarray
    trained: np.ndarray
    pulls: np.ndarray


def chase(xy_game, *, rule, eta, n):
    """Return the path of the xy game from (1, 1), (n + 1, 2); the rule "optimistic" is ours.

    raises: `Unusable` if the function gives nothing to draw.
    """
    if rule == "optimistic":
        return _optimistic(eta, n)
    return numbers_from("Your xy_game", xy_game, 1.0, 1.0, eta, n, rule, shape=(n + 1, 2))


def _optimistic(eta, n):
    """Both move at once, by twice the slope of now minus that of before: a look ahead without looking (Popov 1980)."""
    path, before = [np.array([1.0, 1.0])], np.array([1.0, -1.0])
    for _ in range(n):
        now = np.array([path[-1][1], -path[-1][0]])
        path.append(path[-1] + eta * (2 * now - before))
        before = now
    return np.array(path)


def bell(x, mean, std):
    """The density of a Gaussian."""
    return np.exp(-0.5 * ((x - mean) / std) ** 2) / (std * np.sqrt(2 * np.pi))


def verdict(optimal_discriminator, discriminator_loss, generator_logit_gradient, *, distance, noise, steps):
    """Return the `Verdict` on data at 0 and a generator at `distance`, both seen through noise.

    The trained discriminator has a straight line for its logit, after `steps` steps of descent on the student's loss.
    raises: `Unusable` if a function gives nothing to draw.
    """
    std = float(np.hypot(SPREAD, noise))
    p, q = bell(GRID, 0.0, std), bell(GRID, distance, std)
    best = numbers_from("Your optimal_discriminator", optimal_discriminator, p, q, shape=GRID.shape)
    lines = (-distance / std**2, distance**2 / (2 * std**2)), _train(discriminator_loss, distance, std, steps)
    pulls = [[_pull(generator_logit_gradient, kind, *line, distance, std) for line in lines] for kind in KINDS]
    w, b = lines[1]
    trained = 0.5 * (1 + np.tanh((w * GRID + b) / 2))
    return Verdict(p, q, best, trained, np.array(pulls))


def _quantiles(std):
    """Points that stand for a Gaussian around 0: the middles of slices of equal weight."""
    x = np.linspace(-5, 5, 2001)
    rising = np.cumsum(bell(x, 0.0, 1.0))
    return std * np.interp((np.arange(SAMPLES) + 0.5) / SAMPLES, rising / rising[-1], x)


def _train(discriminator_loss, distance, std, steps):
    """Slope and offset of the logit after so many steps; inside, lengths are measured from the middle."""
    z = _quantiles(std)
    scale = max(std, distance / 2)
    real, fake = (z - distance / 2) / scale, (z + distance / 2) / scale
    w, b = 0.0, 0.0
    for _ in range(steps):
        try:
            _, dreal, dfake = discriminator_loss(w * real + b, w * fake + b)
            w, b = w - RATE * float(dreal @ real + dfake @ fake), b - RATE * float(np.sum(dreal) + np.sum(dfake))
        except Exception as error:
            raise Unusable(f"Your discriminator_loss could not be drawn: {type(error).__name__}.") from None
    if not np.isfinite(w + b):
        raise Unusable("Your discriminator_loss led the line to infinity here.")
    return w / scale, b - w / scale * distance / 2


def _pull(generator_logit_gradient, kind, w, b, distance, std):
    """Mean slope of the loss for the generator's position, with the logit w x + b; positive if it leads to the data."""
    x = distance + _quantiles(std)
    name = "Your generator_logit_gradient"
    slopes = numbers_from(name, generator_logit_gradient, w * x + b, kind, shape=x.shape)
    return float(np.mean(slopes) * w) * (1.0 if distance >= 0 else -1.0)


def noisy_divergence(js_with_noise, noise):
    """Return JS at every one of `DISTANCES`, seen through this noise.

    raises: `Unusable` if the function gives nothing to draw.
    """
    std = float(np.hypot(SPREAD, noise))
    return np.array(
        [float(numbers_from("Your js_with_noise", js_with_noise, float(d), std, shape=())) for d in DISTANCES]
    )
