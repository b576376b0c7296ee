"""Clipping of gradients by their global norm: all of them together are one vector, whose direction stays."""

import math

import numpy as np

from helpers.kernels._blocks import as_float, row_blocks


def clip_by_global_norm(grads, max_norm):
    """Return the gradients, scaled by one common factor so that their norm is at most `max_norm`, and that norm before.

    norm = sqrt(sum over all arrays of |g|^2),   g <- g min(1, max_norm / norm)

    grads: list of arrays of any shapes. max_norm: number, at least 0.
    returns: list of new arrays of the same shapes, float32 stays float32; the norm before clipping (float).
    raises: `ValueError` if max_norm is negative.
    source: Pascanu, Mikolov, Bengio, On the difficulty of training recurrent neural networks, ICML (2013).

    >>> clip_by_global_norm([np.array([3.0, 4.0])], 1.0)
    ([array([0.6, 0.8])], 5.0)
    """
    if not max_norm >= 0:
        raise ValueError(f"max_norm must be at least 0, not {max_norm}")
    grads = [as_float(gradient) for gradient in grads]
    norm = _global_norm(grads)
    scale = 1.0 if norm <= max_norm else max_norm / norm
    with np.errstate(under="ignore"):
        return [np.multiply(gradient, gradient.dtype.type(scale)) for gradient in grads], norm


def _global_norm(grads):
    """Return the norm of all arrays as one vector, in float64; no square is taken of a number above 1."""
    largest = max((float(np.abs(gradient).max(initial=0)) for gradient in grads), default=0.0)
    if not 0 < largest < math.inf:
        return largest
    squares = 0.0
    with np.errstate(under="ignore"):
        for flat in (gradient.reshape(-1) for gradient in grads):
            for block in row_blocks(flat):
                scaled = flat[block] / np.float64(largest)
                squares += float(np.vdot(scaled, scaled))
    return largest * math.sqrt(squares)
