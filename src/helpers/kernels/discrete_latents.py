"""Gradients through a categorical latent variable: a relaxed sample that has a slope, or the score function.

Adding Gumbel noise to the logits and taking the largest draws exactly from their softmax. Gumbel-softmax replaces the
largest by a softmax at a temperature; REINFORCE keeps the draw and weights its score by the value.
"""

import numpy as np

from helpers.kernels._blocks import floats_of_one_shape, row_blocks


def gumbel_softmax(logits, u, tau):
    """Return relaxed one-hot samples of a categorical variable, and the exact samples that they relax.

    g = -log(-log u),   soft = softmax((logits + g) / tau),   hard = one-hot(argmax(logits + g))

    logits: (N, K), or (..., K). u: same shape, uniform draws between 0 and 1. tau: the temperature, positive; towards 0
    the soft sample becomes the hard one, which is distributed as softmax(logits) at every temperature.
    returns: soft, hard, both of the shape of logits; float32 if both arguments are.
    raises: `ValueError` if the shapes differ, there is no class, tau is not positive or u leaves [0, 1].
    source: Jang, Gu, Poole, Categorical reparameterization with Gumbel-softmax (2017).

    >>> soft, hard = gumbel_softmax(np.zeros((1, 2)), np.array([[0.9, 0.1]]), 1.0)
    >>> soft.round(3), hard
    (array([[0.956, 0.044]]), array([[1., 0.]]))
    """
    logits, u = floats_of_one_shape(logits=logits, u=u)
    if not tau > 0:
        raise ValueError(f"tau, the temperature, must be positive, not {tau}")
    if logits.shape[-1] == 0:
        raise ValueError(f"logits of at least one class are expected, not the shape {logits.shape}")
    u = _inside(u)
    soft, hard = np.empty(logits.shape, logits.dtype), np.zeros(logits.shape, logits.dtype)
    rows = [array.reshape(-1, logits.shape[-1]) for array in (logits, u, soft, hard)]
    with np.errstate(divide="ignore", over="ignore", under="ignore", invalid="ignore"):
        for block in row_blocks(rows[0]):
            _write_relaxed(*(array[block] for array in rows), logits.dtype.type(tau))
    return soft, hard


def _inside(u):
    """Return u with 0 and 1, where the noise is infinite, moved to the nearest numbers between them."""
    lowest, highest = np.min(u, initial=0.5), np.max(u, initial=0.5)
    if not 0 <= lowest <= highest <= 1:
        raise ValueError(f"u must lie between 0 and 1, and ranges from {lowest} to {highest}")
    if lowest > 0 and highest < 1:
        return u
    return np.clip(u, np.finfo(u.dtype).tiny, np.nextafter(u.dtype.type(1), u.dtype.type(0)))


def _write_relaxed(logits, u, soft, hard, tau):
    np.log(u, out=soft)
    np.negative(soft, out=soft)
    np.log(soft, out=soft)
    np.subtract(logits, soft, out=soft)
    winners = soft.argmax(axis=1)[:, None]
    np.put_along_axis(hard, winners, 1, axis=1)
    soft -= np.take_along_axis(soft, winners, axis=1)  # before the division, which then cannot overflow upwards
    soft /= tau
    np.exp(soft, out=soft)
    soft /= np.add.reduce(soft, axis=1, keepdims=True)


def reinforce(logits, fvals, k, baseline):
    """Return each sample's score-function gradient of E[f(z)] with respect to the logits, and the exact gradient.

    sample n: (f(k_n) - b) (one-hot(k_n) - s),   exact: s (f - s . f),   s = softmax(logits)

    logits: (K,). fvals: (K,), f of every class. k: (N,), the classes drawn, integers. baseline: a number b; any that
    does not depend on the draw leaves the mean as it is.
    returns: gradients (N, K), exact gradient (K,); float32 if logits and fvals are.
    raises: `ValueError` if the shapes do not fit or a class does not exist.
    source: Williams, Simple statistical gradient-following algorithms (1992).

    >>> gradients, exact = reinforce(np.zeros(2), np.array([1.0, 0.0]), np.array([0]), 0.0)
    >>> gradients, exact
    (array([[ 0.5, -0.5]]), array([ 0.25, -0.25]))
    """
    logits, fvals = floats_of_one_shape(logits=logits, fvals=fvals)
    k = np.asarray(k)
    if logits.ndim != 1 or k.ndim != 1 or (k.size and k.dtype.kind not in "iu"):
        raise ValueError(f"logits (K,) and integers k (N,) are expected, not {logits.shape} and {k.dtype} {k.shape}")
    if k.size and not 0 <= k.min() <= k.max() < len(logits):
        raise ValueError(f"classes 0 to {len(logits) - 1} are expected, and k ranges from {k.min()} to {k.max()}")
    k = k.astype(np.intp)
    weights = (fvals[k] - fvals.dtype.type(baseline))[:, None]
    probabilities = _softmax(logits)
    gradients = weights * -probabilities
    gradients[np.arange(len(k)), k] += weights[:, 0]
    return gradients, probabilities * (fvals - probabilities @ fvals)


def _softmax(logits):
    with np.errstate(under="ignore"):
        weights = np.exp(logits - np.max(logits, initial=-np.inf))
    return weights / weights.sum()
