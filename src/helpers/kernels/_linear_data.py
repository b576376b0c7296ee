"""Inputs, targets and penalties of linear regression, as ridge and the lasso take them."""

import numpy as np

from helpers.kernels._blocks import as_float


def centered(X, y):
    """Return X and y less their means, and the means; `ValueError` if they are no inputs and targets."""
    X, y = as_float(X), as_float(y)
    if X.ndim != 2 or y.shape != X.shape[:1] or not len(y):
        raise ValueError(f"X (n, p) and y (n,) with n at least 1 are expected, not X {X.shape} and y {y.shape}")
    dtype = np.result_type(X, y)
    X, y = X.astype(dtype, copy=False), y.astype(dtype, copy=False)
    x_mean, y_mean = X.mean(axis=0), y.mean()
    return X - x_mean, y - y_mean, x_mean, y_mean


def require_penalties(lams):
    """Return the penalties as an array of one axis, unless one is negative."""
    lams = np.asarray(lams, dtype=np.float64)
    if lams.ndim != 1 or not np.all(lams >= 0):
        raise ValueError(f"penalties of at least 0, in an array of one axis, are expected, not {lams}")
    return lams
