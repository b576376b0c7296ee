"""The mean squared error and the Bernoulli loss from logits, each with its gradient.

A loss returns (loss, gradient). It is summed in float64, block by block; cross-entropy has a file of its own.
"""

import numpy as np

from helpers.kernels._blocks import as_float, require_same_shape, row_blocks
from helpers.kernels.sigmoid import decay


def mean_squared_error(predictions, targets):
    """Return the mean of the squared differences over all elements, and its gradient.

    loss = mean (y - t)^2,   dy = 2 (y - t) / size

    predictions, targets: arrays of the same shape, at least one element.
    returns: loss, a float; the gradient, of the predictions' shape and floating-point dtype.
    raises: `ValueError` if the shapes differ or there is nothing to average over.
    source: Bishop, Pattern Recognition and Machine Learning (2006), section 5.2.

    >>> mean_squared_error(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    (2.0, array([ 0., -2.]))
    """
    y = as_float(predictions)
    t = np.asarray(targets, dtype=y.dtype)
    require_same_shape("predictions", y, "targets", t)
    if y.size == 0:
        raise ValueError(f"the error is a mean over elements, and predictions {y.shape} has none")
    gradient = np.empty(y.shape, y.dtype)
    y, t, flat = y.reshape(-1), t.reshape(-1), gradient.reshape(-1)
    total = 0.0
    for block in row_blocks(flat):
        np.subtract(y[block], t[block], out=flat[block])
        total += float(np.vecdot(flat[block], flat[block]))
        flat[block] *= 2 / y.size
    return total / y.size, gradient


def bernoulli_loss_from_logits(logits, targets):
    """Return the sum of the Bernoulli losses of logits l with targets x, and its gradient.

    loss = sum softplus(l) - x l,   dl = sigma(l) - x

    logits: array of any shape. targets: array of the same shape, in [0, 1]: labels, or pixels of an image.
    returns: loss, a float, in nats; the gradient, of the logits' shape and floating-point dtype.
    raises: `ValueError` if the shapes differ.
    source: Kingma, Welling, Auto-encoding variational Bayes, ICLR (2014), appendix C.1.

    >>> loss, gradient = bernoulli_loss_from_logits(np.array([0.0, 1000.0]), np.array([1.0, 1.0]))
    >>> round(loss, 9), gradient
    (0.693147181, array([-0.5,  0. ]))
    """
    logits = as_float(logits)
    x = np.asarray(targets, dtype=logits.dtype)
    require_same_shape("logits", logits, "targets", x)
    gradient = np.empty(logits.shape, logits.dtype)
    logits, x, flat = logits.reshape(-1), x.reshape(-1), gradient.reshape(-1)
    with np.errstate(under="ignore", invalid="ignore"):
        total = sum(_write_bernoulli(logits[block], x[block], flat[block]) for block in row_blocks(flat))
    return float(total), gradient


def _write_bernoulli(logits, x, out):
    """Write a block's gradient and return the sum of its losses, as float64."""
    e = decay(logits, np.empty_like(logits))
    np.maximum(np.greater_equal(logits, 0, out=out), e, out=out)
    np.subtract(np.divide(out, np.add(e, 1), out=out), x, out=out)
    loss = np.maximum(logits, 0)
    loss -= np.multiply(x, logits)
    loss += np.log1p(e, out=e)
    total = np.sum(loss, dtype=np.float64)
    if np.isnan(total):  # inf - inf, or 0 times inf: an infinite logit that is right costs nothing
        wrong = np.where(logits > 0, 1 - x, x)
        e += np.multiply(wrong, np.abs(logits), out=np.zeros_like(e), where=wrong != 0)
        total = np.sum(e, dtype=np.float64)
    return total
