"""Dropout, inverted: what survives training is scaled up, so that evaluation changes nothing.

The cache is one byte an element, which says what survived; random numbers exist for one block at a time.
"""

import numpy as np

from helpers.kernels._blocks import as_float, row_blocks


def dropout_forward(x, rate, rng, train):
    """Set each element to 0 with probability `rate` in training, and scale the others so that the mean stays.

    out = x kept / (1 - rate) in training, where kept is 1 with probability 1 - rate;   out = x in evaluation

    x: array of any shape. rate: a number from 0 to 1. rng: a Generator. train: bool.
    returns: out, in the shape of x, float32 stays float32 (in evaluation it is x itself); the cache for
    `dropout_backward`. An infinite element that is dropped gives nan.
    raises: `ValueError` if rate is not in [0, 1].
    source: Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting, JMLR (2014).

    >>> out, cache = dropout_forward(np.ones(8), 0.5, np.random.default_rng(0), True)
    >>> out, dropout_forward(np.ones(2), 0.5, None, False)[0]
    (array([2., 0., 0., 0., 2., 2., 2., 2.]), array([1., 1.]))
    """
    x = as_float(x)
    if not 0 <= rate <= 1:
        raise ValueError(f"rate is a probability, from 0 to 1, not {rate}")
    if not train:
        return x, (None, 1.0)
    kept = np.empty(x.size, bool)
    uniform = np.float32 if x.itemsize <= 4 else np.float64
    for block in row_blocks(x.reshape(-1)):
        np.greater_equal(rng.random(len(kept[block]), dtype=uniform), rate, out=kept[block])
    cache = kept.reshape(x.shape), 1 / (1 - rate) if rate < 1 else 0.0
    return _keep(x, *cache), cache


def dropout_backward(dout, cache):
    """Return the gradient with respect to x: the upstream gradient of what survived, scaled alike.

    dx = dout kept / (1 - rate)

    dout: array in the shape of x. cache: what `dropout_forward` returned.
    returns: dx, in the same shape (in evaluation it is dout itself).
    raises: `ValueError` if dout has not the shape of x.
    source: Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting, JMLR (2014).

    >>> _, cache = dropout_forward(np.ones(8), 0.5, np.random.default_rng(0), True)
    >>> dropout_backward(np.arange(8.0), cache)
    array([ 0.,  0.,  0.,  0.,  8., 10., 12., 14.])
    """
    kept, scale = cache
    dout = as_float(dout)
    if kept is None:
        return dout
    if dout.shape != kept.shape:
        raise ValueError(f"dout must have the shape of x, {kept.shape}, not {dout.shape}")
    return _keep(dout, kept, scale)


def _keep(values, kept, scale):
    """Return values * kept * scale."""
    out = np.empty(values.shape, values.dtype)
    flat, values, kept = (array.reshape(-1) for array in (out, values, kept))
    with np.errstate(invalid="ignore"):
        for block in row_blocks(flat):
            np.multiply(values[block], scale, out=flat[block])
            np.multiply(flat[block], kept[block], out=flat[block])
    return out
