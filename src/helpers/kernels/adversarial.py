"""Adversarial examples of a linear model: the worst change of an input within a box, in one step."""

import numpy as np

from helpers.kernels._blocks import as_float


def fgsm(x, w, b, t, eps):
    """Return inputs that the fast gradient sign method has moved to where a logistic model's loss is larger.

    x + eps sign(grad_x loss),   grad_x loss = (sigma(x w + b) - t) w, of which only the sign is used

    x: (N, D). w: (D,). b: number. t: (N,), labels 0 and 1. eps: number, at least 0.
    returns: (N, D), nothing clipped; float32 stays float32.
    raises: nothing. The sign is taken of the label's side, so it survives where sigma rounds to the label.
    source: Goodfellow, Shlens, Szegedy, Explaining and harnessing adversarial examples (2015).

    >>> fgsm(np.zeros((1, 2)), np.array([1.0, 0.0]), 0.0, np.array([1.0]), 0.5)
    array([[-0.5,  0. ]])
    """
    x = as_float(x)
    side = np.where(np.asarray(t) > 0.5, -1, 1).astype(x.dtype)
    return x + x.dtype.type(eps) * side[:, None] * np.sign(as_float(w))
