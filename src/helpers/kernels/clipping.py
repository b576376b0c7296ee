"""A limit for the length of a gradient that is made of several arrays."""

import numpy as np


def clip_by_global_norm(grads, max_norm):
    """Return gradients of a total norm of at most `max_norm`, in their direction, and the norm that they had.

    n = sqrt(sum_i |g_i|^2),   g_i <- g_i min(1, max_norm / n)

    grads: list of arrays of any shapes. max_norm: number > 0.
    returns: list of new arrays, and n (a float).
    source: Pascanu, Mikolov, Bengio, On the difficulty of training recurrent neural networks, ICML (2013).

    >>> clip_by_global_norm([np.array([3.0, 4.0])], 1.0)
    ([array([0.6, 0.8])], 5.0)
    """
    norm = float(np.sqrt(sum(np.vdot(g, g).real for g in grads)))
    factor = min(1.0, max_norm / norm) if norm else 1.0
    return [g * factor for g in grads], norm
