"""Ridge regression with a free offset, for one penalty or for a whole path of them.

Centering takes the offset out. In the singular vectors of the centered inputs ridge is a filter, s / (s^2 + lambda),
one number for each direction: so one decomposition serves every penalty, with more weights than examples too, and 0
among the penalties gives the shortest least-squares solution.
"""

import numpy as np

from helpers.kernels._linear_data import centered, require_penalties


def ridge(X, y, lam):
    """Return weights and offset of ridge regression; the offset is not penalized.

    argmin_{w, b} |y - X w - b|^2 + lam |w|^2,   b = mean y - w . mean x

    X: (n, p), n at least 1, p > n is allowed. y: (n,). lam: number, at least 0; 0 gives the shortest least-squares w.
    returns: w (p,), b a number; float32 stays float32, integers give float64.
    raises: `ValueError` if the shapes do not fit, or lam is negative.
    source: Hoerl, Kennard, Ridge regression, Technometrics 12 (1970).

    >>> ridge([[0.0], [1.0]], [3.0, 5.0], 0.5)
    (array([1.]), np.float64(3.5))
    """
    weights, offsets = ridge_path(X, y, [lam])
    return weights[0], offsets[0]


def ridge_path(X, y, lams):
    """Return weights and offsets of ridge regression for each penalty, from one singular value decomposition.

    w = V diag(s / (s^2 + lam)) U^T (y - mean y), where U diag(s) V^T = X - mean x;   b = mean y - w . mean x

    X: (n, p), n at least 1. y: (n,). lams: (L,), penalties of at least 0, in any order.
    returns: w (L, p), b (L,); float32 stays float32, integers give float64.
    raises: `ValueError` if the shapes do not fit, or a penalty is negative.
    source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 2nd edition (2009), section 3.4.1.

    >>> ridge_path([[0.0], [1.0]], [3.0, 5.0], [0.0, 0.5])
    (array([[2.],
           [1.]]), array([3. , 3.5]))
    """
    A, B, x_mean, y_mean = centered(X, y)
    lams = require_penalties(lams).astype(A.dtype)[:, None]
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    alive = s > max(A.shape) * np.finfo(A.dtype).eps * s.max(initial=0)
    U, s, Vt = U[:, alive], s[alive], Vt[alive]
    with np.errstate(over="ignore", under="ignore"):
        weights = (U.T @ B) / (s + lams / s) @ Vt
    return weights, y_mean - weights @ x_mean
