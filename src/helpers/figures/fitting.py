"""One Gaussian for two heaps, judged from three sides, and a line for a cloud: the numbers of `two_fits`.

Divergences, moments and projectors come from the student's functions. No drawing here.
"""

import functools
from dataclasses import dataclass

import numpy as np

from helpers.figures.guarded import numbers_from

BINS = np.linspace(-7, 7, 281)
PLACES = np.linspace(-4, 4, 41)  # the means that the curves are drawn over
NAMES = ("KL(p‖q)", "KL(q‖p)", "JS")
HEAPS = ("separation", "share", "left", "right")
WIDTHS = np.linspace(np.log(0.3), np.log(3.5), 30)  # logarithms of the sigmas that the reverse fit tries
CLOUD_SEED, POINTS = 6, 60


@dataclass(frozen=True)
class Fit:
    """A Gaussian q beside p: its mean and sigma, both histograms, the three divergences, and these over other means."""

    mean: float
    sigma: float
    p: np.ndarray
    q: np.ndarray
    divergences: np.ndarray
    curves: np.ndarray


@dataclass(frozen=True)
class Plane:
    """A cloud with two lines: directions and errors of the best autoencoders with and without biases."""

    points: np.ndarray
    directions: np.ndarray
    errors: np.ndarray


def histogram(mean, sigma):
    """Return a Gaussian as probabilities of the bins; means and sigmas broadcast, the bins come last."""
    weights = np.exp(-(((BINS - np.expand_dims(mean, -1)) / np.expand_dims(sigma, -1)) ** 2) / 2)
    return weights / np.sum(weights, axis=-1, keepdims=True)


def heaps(separation, share, left, right):
    """Return the histogram of two Gaussians, `separation` apart; the left one has the weight `share`."""
    return share * histogram(-separation / 2, left) + (1 - share) * histogram(separation / 2, right)


def fit(functions, *, chosen, mean, sigma, **shape):
    """Return the `Fit` of a q that is `chosen`: by the sliders, or the nearest one from either side.

    functions: kl_divergence, js_divergence, moment_match. raises: `Unusable` if one of them gives nothing to work with.
    """
    kl, js, match = functions
    p = heaps(**shape)
    if chosen == "forward":
        mean, sigma = forward_fit(match, p)
    elif chosen == "reverse":
        mean, sigma = reverse_fit(**shape)
    q = histogram(mean, sigma)
    curves = [_divergences(kl, js, p, histogram(place, sigma)) for place in PLACES]
    return Fit(mean, sigma, p, q, _divergences(kl, js, p, q), np.array(curves).T)


def _divergences(kl, js, p, q):
    pairs = ((kl, "kl_divergence", p, q), (kl, "kl_divergence", q, p), (js, "js_divergence", p, q))
    return np.array([float(numbers_from(f"Your {name}", one, a, b, shape=())) for one, name, a, b in pairs])


def forward_fit(match, p):
    """Return mean and sigma of the Gaussian that is nearest by KL(p || q)."""
    mean = numbers_from("Your moment_match", match, BINS[:, None], p, part=0, shape=(1,))
    variance = numbers_from("Your moment_match", match, BINS[:, None], p, part=1, shape=(1, 1))
    return float(mean[0]), float(np.sqrt(max(variance[0, 0], 0.09)))


@functools.lru_cache(maxsize=8)
def reverse_fit(**shape):
    """Return mean and sigma of the Gaussian that is nearest by KL(q || p): a search on a grid, then on finer ones."""
    log_p = np.log(heaps(**shape))
    means, widths, steps = PLACES, WIDTHS, np.array([PLACES[1] - PLACES[0], WIDTHS[1] - WIDTHS[0]])
    for _ in range(4):
        grid = np.meshgrid(means, widths, indexing="ij")
        q = histogram(grid[0], np.exp(grid[1]))
        costs = np.sum(q * (np.log(np.maximum(q, 1e-300)) - log_p), axis=-1)
        best = np.unravel_index(np.argmin(costs), costs.shape)
        means = grid[0][best] + steps[0] * np.linspace(-1, 1, 9)
        widths = grid[1][best] + steps[1] * np.linspace(-1, 1, 9)
        steps = steps / 4
    return float(grid[0][best]), float(np.exp(grid[1][best]))


def plane(linear_autoencoder, distance):
    """Return the `Plane` of a tilted cloud whose mean lies `distance` from the origin.

    Without biases the best projector is that of the cloud and its mirror image together, whose mean is the origin.
    raises: `Unusable` if the function gives nothing to work with.
    """
    rng = np.random.default_rng(CLOUD_SEED)
    spread = rng.normal(size=(POINTS, 2)) * [1.3, 0.45]
    spread -= spread.mean(axis=0)
    points = spread @ np.array([[0.8, 0.6], [-0.6, 0.8]]) + distance * np.array([-0.6, 0.8])
    directions, errors = [], []
    for data, copies in ((points, 1), (np.concatenate([points, -points]), 2)):
        name = "Your linear_autoencoder"
        projector = numbers_from(name, linear_autoencoder, data, 1, part=0, shape=(2, 2))
        error = numbers_from(name, linear_autoencoder, data, 1, part=1, shape=())
        directions.append(projector[:, np.argmax(np.linalg.norm(projector, axis=0))])
        errors.append(float(error) / copies)
    return Plane(points, np.array(directions), np.array(errors))
