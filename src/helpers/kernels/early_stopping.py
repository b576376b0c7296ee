"""Early stopping of gradient descent on a quadratic bowl, in closed form, and the ridge that would do the same.

In the eigenvectors of the Hessian every direction goes its own way: after t steps (1 - eta lambda)^t of what was there
at the start is left. The power is taken as exp(t log1p(-eta lambda)), because 1 - eta lambda forgets a small lambda.
"""

import operator

import numpy as np

from helpers.kernels._blocks import as_float


def gradient_descent_after(H, c, w0, eta, t):
    """Return where gradient descent on 1/2 w^T H w - c^T w stands after t steps, without taking them.

    w <- w - eta (H w - c), t times:   in each eigenvector of H, with eigenvalue l,
    w_t = (1 - eta l)^t w0 + (1 - (1 - eta l)^t) / l c,   and w0 + eta t c where l = 0

    H: (n, n), symmetric, may be singular. c, w0: (n,). eta: number, stable below 2 / max l. t: integer, at least 0.
    returns: (n,); float32 if all arrays are, though computed in float64.
    raises: `ValueError` if shapes do not fit, H is not symmetric, or t is negative; `TypeError` if t is no integer.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 7.8.

    >>> gradient_descent_after(np.eye(1), np.ones(1), np.zeros(1), 0.5, 2)
    array([0.75])
    """
    H, c, w0, t = as_float(H), as_float(c), as_float(w0), operator.index(t)
    if H.shape != 2 * c.shape or c.shape != w0.shape or c.ndim != 1:
        raise ValueError(f"H (n, n), c (n,), w0 (n,) are expected, not H {H.shape}, c {c.shape}, w0 {w0.shape}")
    if t < 0:
        raise ValueError(f"t counts steps and is at least 0, not {t}")
    if not np.allclose(H, H.T, atol=1e-6 * np.abs(H).max(initial=0)):
        raise ValueError(f"H must be symmetric, and differs from its transpose by {np.abs(H - H.T).max():.3g}")
    eigenvalues, U = np.linalg.eigh(H.astype(np.float64))
    left, covered = _power_and_sum(eigenvalues, float(eta), t)
    return (U @ (left * (U.T @ w0) + covered * (U.T @ c))).astype(np.result_type(H, c, w0))


def _power_and_sum(eigenvalues, eta, t):
    """Return q^t and eta (1 + q + ... + q^(t-1)), where q = 1 - eta eigenvalue."""
    x = eta * eigenvalues
    with np.errstate(over="ignore", under="ignore"):
        exponent = t * np.log1p(-np.minimum(x, 0.5))
        left = np.where(x < 0.5, np.exp(exponent), (1 - x) ** t)
        gone = np.where(x < 0.5, -np.expm1(exponent), 1 - left)
    return left, np.divide(gone, eigenvalues, out=np.full_like(x, eta * t), where=eigenvalues != 0)


def matching_alpha(lam, eta, t):
    """Return the ridge penalty that does to each direction what stopping after t steps does.

    lam / (lam + alpha) = 1 - (1 - eta lam)^t,   alpha = lam / ((1 - eta lam)^-t - 1), near 1 / (eta t) for small lam

    lam: array of any shape, eigenvalues, above 0 and below 1 / eta. eta: number above 0. t: steps, at least 1.
    returns: same shape; float32 stays float32, integers give float64.
    raises: `ValueError` if eta, t or an eigenvalue is out of range.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 7.8.

    >>> matching_alpha(np.array([1.0]), 0.5, 1)
    array([1.])
    """
    lam, eta = as_float(lam), float(eta)
    if not (eta > 0 and t >= 1 and np.all((lam > 0) & (eta * lam < 1))):
        raise ValueError(f"0 < lam < 1 / eta and t >= 1 are expected, not eta = {eta}, t = {t}, lam = {lam}")
    with np.errstate(over="ignore", under="ignore"):
        alpha = lam / np.expm1(-t * np.log1p(-eta * lam.astype(np.float64)))
    return alpha.astype(lam.dtype)
