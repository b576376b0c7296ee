"""What the best discriminator of two histograms says, and what the game is worth to it: closed forms, in nats.

Nothing is trained here, and nothing is clipped: an empty bin gets its limit, which may be infinite.
"""

import numpy as np

from helpers.kernels._blocks import floats_of_one_shape
from helpers.kernels.activations import softplus

SMOOTHING = 0.1  # the part of a real sample's label that one-sided label smoothing takes away
LOSSES = ("logistic", "smoothed", "least-squares", "hinge")


def optimal_discriminator(p, q):
    """Return the probability of "real" that the best discriminator of unlimited capacity says at every point.

    D* = p / (p + q) maximizes p log D + q log(1 - D), point by point;   0.5 where p = q = 0

    p, q: (...), non-negative, of one shape: probabilities, densities or counts.
    returns: same shape; float32 if both are.
    raises: `ValueError` if the shapes differ.
    source: Goodfellow et al., Generative adversarial nets (2014), proposition 1.

    >>> optimal_discriminator(np.array([0.6, 0.0, 0.0]), np.array([0.2, 1.0, 0.0]))
    array([0.75, 0.  , 0.5 ])
    """
    p, q = floats_of_one_shape(p=p, q=q)
    total = p + q
    return np.divide(p, total, where=total > 0, out=np.full_like(total, 0.5))


def game_value(p, q, D):
    """Return what a discriminator earns against two histograms, and how much less that is than the best one's earnings.

    V(D) = sum_k p_k log D_k + q_k log(1 - D_k), with 0 log 0 = 0
    shortfall = V(D*) - V(D) = 2 JS(p, q) - log 4 - V(D)

    p, q: (..., K), non-negative, rows that sum to 1. D: same shape, from 0 to 1.
    returns: V and shortfall, (...); NumPy scalars for 1-D input; -inf and inf for a D that is sure and wrong.
    raises: `ValueError` if the shapes differ.
    source: Goodfellow et al., Generative adversarial nets (2014), theorem 1.

    >>> value, shortfall = game_value(np.array([0.5, 0.5]), np.array([0.5, 0.5]), np.array([0.5, 0.5]))
    >>> float(value.round(4)), float(shortfall)
    (-1.3863, 0.0)
    """
    p, q, D = floats_of_one_shape(p=p, q=q, D=D)
    value = _earned(p, D) + _earned(q, 1 - D)
    best = _earned(p, optimal_discriminator(p, q)) + _earned(q, optimal_discriminator(q, p))
    return value, best - value


def _earned(weights, chances):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(weights > 0, weights * np.log(chances), 0).sum(axis=-1)


def optimal_discriminator_scores(p, q, loss):
    """Return the scores that minimize a discriminator's loss on two histograms, and the loss that is left.

    with r = log(p / q):   logistic s = r;   smoothed s = log(0.9 p / (q + 0.1 p));   least-squares s = tanh(r / 2);
    hinge s = sign(r)

    left over, in the same order: 2 log 2 - 2 JS(p, q);   the same of the measures 0.9 p and q + 0.1 p;
    4 sum p q / (p + q);   2 sum min(p, q)

    p, q: (K,), non-negative. loss: "logistic", "smoothed", "least-squares" or "hinge"; sums over bins, nothing halved.
    returns: scores (K,), float64, the one nearest 0 where several are as good, and infinite where the loss only tends
    to its least value; and the least loss, a float.
    raises: `ValueError` for another loss or different shapes.
    source: Goodfellow et al. (2014); Salimans et al. (2016); Mao et al. (2017), targets 1 and -1; Lim, Ye (2017).

    >>> scores, left = optimal_discriminator_scores(np.array([0.75, 0.25]), np.array([0.25, 0.75]), "least-squares")
    >>> scores, left
    (array([ 0.5, -0.5]), 1.5)
    """
    if loss not in LOSSES:
        raise ValueError(f"loss is one of {', '.join(LOSSES)}, not {loss!r}")
    p, q = floats_of_one_shape(p=np.asarray(p, np.float64), q=np.asarray(q, np.float64))
    if loss == "hinge":
        return np.sign(p - q), float(2 * np.minimum(p, q).sum())
    if loss == LOSSES[2]:  # least squares
        share = optimal_discriminator(p, q)
        return 2 * share - 1, float(4 * (q * share).sum())
    real, fake = (p, q) if loss == "logistic" else ((1 - SMOOTHING) * p, q + SMOOTHING * p)
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = np.where(real + fake > 0, np.log(real) - np.log(fake), 0.0)
        left = np.where(real > 0, real * softplus(-scores), 0) + np.where(fake > 0, fake * softplus(scores), 0)
    return scores, float(left.sum())
