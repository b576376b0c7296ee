"""Penalties on weights: their gradients, the soft threshold that makes exact zeros, and the prior behind a penalty."""

import numpy as np

from helpers.kernels._blocks import as_float, require_same_shape
from helpers.kernels._linear_data import centered


def penalized_gradient(param, grad, rate, kind):
    """Return the gradient of a loss with an L1 or L2 penalty on the parameters.

    l1: grad + rate sign(param), of loss + rate |param|_1;   l2: grad + rate param, of loss + rate / 2 |param|_2^2

    param, grad: arrays of one shape. rate: number. kind: 'l1' or 'l2'.
    returns: same shape; the subgradient 0 of |.| at 0; float32 stays float32, integers give float64.
    raises: `ValueError` if the shapes differ or there is no such kind.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 7.1.

    >>> penalized_gradient([-3.0, 0.0], [0.0, 1.0], 0.5, "l1")
    array([-0.5,  1. ])
    """
    if kind not in ("l1", "l2"):
        raise ValueError(f"kind is 'l1' or 'l2', not {kind!r}")
    param, grad = as_float(param), as_float(grad)
    require_same_shape("param", param, "grad", grad)
    return grad + float(rate) * (np.sign(param) if kind == "l1" else param)


def soft_threshold(z, t):
    """Return z moved towards 0 by t, and 0 where it would cross: the proximal map of the L1 penalty.

    argmin_w 1/2 (w - z)^2 + t |w| = sign(z) max(|z| - t, 0), elementwise

    z: array of any shape. t: number or array that broadcasts with z, at least 0; inf gives 0.
    returns: the shape that z and t broadcast to; float32 stays float32, integers give float64.
    raises: `ValueError` if t is negative somewhere, or the shapes do not broadcast.
    source: Donoho, De-noising by soft-thresholding, IEEE Transactions on Information Theory 41 (1995).

    >>> soft_threshold([2.0, -0.25, -3.0], 0.5)
    array([ 1.5,  0. , -2.5])
    """
    z = as_float(z)
    t = as_float(t) if np.ndim(t) else float(t)
    if np.any(np.less(t, 0)):
        raise ValueError(f"a threshold is at least 0, not {np.min(t)}")
    return z - np.clip(z, -t, t)


def lasso_lambda_max(X, y):
    """Return the smallest lasso penalty that makes every weight 0.

    max_j |(X - mean x)_j . (y - mean y)|, for 1/2 |y - b - X w|^2 + lam |w|_1 with a free offset b

    X: (n, p), n at least 1. y: (n,).
    returns: a float; 0 if y is constant or there is no input.
    raises: `ValueError` if the shapes do not fit.
    source: Osborne, Presnell, Turlach, On the LASSO and its dual (2000).

    >>> lasso_lambda_max([[-1.0], [1.0]], [0.0, 2.0])
    2.0
    """
    A, B, _, _ = centered(X, y)
    return float(np.abs(A.T @ B).max(initial=0))


def map_lambda(s2, t2, form, n):
    """Return the weight of the ridge penalty that makes its minimum the most probable w.

    y ~ N(X w, s2 I), w ~ N(0, t2 I);   sum: |y - X w|^2 + lambda |w|^2 with lambda = s2 / t2
    half: half of both terms, the same lambda;   mean: |y - X w|^2 / n + lambda |w|^2 with lambda = s2 / (n t2)

    s2, t2: variances of noise and prior, above 0. form: 'sum', 'half' or 'mean'. n: integer, number of examples.
    returns: lambda, a float.
    raises: `ValueError` if there is no such form, or a variance or n is not positive.
    source: Bishop, Pattern Recognition and Machine Learning (2006), section 1.2.5.

    >>> map_lambda(0.5, 0.25, "mean", 10)
    0.2
    """
    if form not in ("sum", "half", "mean"):
        raise ValueError(f"form is 'sum', 'half' or 'mean', not {form!r}")
    if not (s2 > 0 and t2 > 0 and n > 0):
        raise ValueError(f"variances and n are positive, not s2 = {s2}, t2 = {t2}, n = {n}")
    return float(s2 / t2 / (n if form == "mean" else 1))
