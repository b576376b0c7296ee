"""The lasso and the elastic net with a free offset, along a path of penalties.

A weight alone has its exact minimum: a soft threshold. Sweeps of such steps soon know which weights are 0 and what
signs the others have, but take long to get the others right if inputs are alike. So a jump follows each sweep: with the
signs given, the minimum is the solution of a linear system. Each penalty starts where the one before ended, and the
duality gap, which bounds how far the objective is above its minimum, says when to stop.
"""

import numpy as np

from helpers.kernels._linear_data import centered, require_penalties
from helpers.kernels.regularization import soft_threshold


def lasso_plain(X, y, lam, sweeps=1000):
    """Return the same as `lasso` for float arrays, by coordinate descent in the form for reading.

    w_j <- soft_threshold(a_j . (B - A w + a_j w_j), lam) / |a_j|^2, for A = X - mean x, B = y - mean y

    X: (n, p), no column constant. y: (n,). lam: number above 0. sweeps: integer.
    returns: w (p,), b a number.
    raises: nothing.
    source: Friedman, Hastie, Hofling, Tibshirani, Pathwise coordinate optimization (2007).

    >>> lasso_plain(np.array([[-1.0], [1.0]]), np.array([0.0, 4.0]), 1.0)
    (array([1.5]), np.float64(2.0))
    """
    A, B, w = X - X.mean(axis=0), y - y.mean(), np.zeros(X.shape[1])
    for _ in range(sweeps):
        for j, a in enumerate(A.T):
            w[j] = soft_threshold(a @ (B - A @ w + a * w[j]), lam) / (a @ a)
    return w, y.mean() - X.mean(axis=0) @ w


def lasso(X, y, lam, *, tol=1e-10):
    """Return weights and offset of the lasso; many weights are exactly 0.

    argmin_{w, b} 1/2 |y - X w - b|^2 + lam |w|_1

    X: (n, p), n at least 1. y: (n,). lam: number above 0. tol: duality gap, as a fraction of 1/2 |y - mean y|^2.
    returns: w (p,), b a number; float32 stays float32, integers give float64.
    raises: `ValueError` if the shapes do not fit, or lam is not positive; `RuntimeError` if the gap stays above `tol`.
    source: Tibshirani, Regression shrinkage and selection via the lasso, JRSS B 58 (1996).

    >>> lasso([[-1.0], [1.0]], [0.0, 4.0], 1.0)
    (array([1.5]), np.float64(2.0))
    """
    weights, offsets = elastic_net_path(X, y, [lam], tol=tol)
    return weights[0], offsets[0]


def elastic_net_path(X, y, lams, *, l1_ratio=1.0, tol=1e-10, rounds=1000):
    """Return weights and offsets of the elastic net for each penalty; with `l1_ratio` 1, of the lasso.

    argmin_{w, b} 1/2 |y - X w - b|^2 + lam (l1_ratio |w|_1 + (1 - l1_ratio) / 2 |w|^2)

    X: (n, p), n at least 1. y: (n,). lams: (L,), penalties above 0; from strong to weak is fastest. l1_ratio: number,
    above 0 and at most 1; for 0 see `ridge_path`. tol: duality gap, as a fraction of 1/2 |y - mean y|^2. rounds: the
    most that are made for one penalty.
    returns: w (L, p), b (L,); float32 stays float32, though computed in float64; integers give float64.
    raises: `ValueError` if the shapes do not fit, or a penalty or l1_ratio is out of range; `RuntimeError` if the gap
    stays above `tol`.
    source: Zou, Hastie, Regularization and variable selection via the elastic net, JRSS B 67 (2005).

    >>> elastic_net_path([[-1.0], [1.0]], [0.0, 4.0], [4.0, 1.0])[0]
    array([[0. ],
           [1.5]])
    """
    A, B, x_mean, y_mean = centered(X, y)
    dtype, lams = A.dtype, require_penalties(lams)
    if not (np.all(lams > 0) and 0 < l1_ratio <= 1):
        raise ValueError(f"penalties and l1_ratio are above 0, l1_ratio at most 1, not {lams} and {l1_ratio}")
    Q, A = np.linalg.qr(A.astype(np.float64))  # as few rows as columns, with the same products: all that matters for w
    A, B = np.asfortranarray(A), Q.T @ B
    weights, w = np.empty((len(lams), A.shape[1])), np.zeros(A.shape[1])
    for number, lam in enumerate(lams):
        _descend(A, B, w, lam * l1_ratio, lam * (1 - l1_ratio), tol, rounds)
        weights[number] = w
    return weights.astype(dtype), (y_mean - weights @ x_mean).astype(dtype)


def _descend(A, B, w, l1, l2, tol, rounds):
    """Change w until the duality gap is small."""
    squares, least = np.vecdot(A.T, A.T), tol * (B @ B) / 2
    for _ in range(rounds):
        residual = B - A @ w
        pull = A.T @ residual
        gap = _duality_gap(residual, pull, B, w, l1, l2)
        if gap <= least:
            return
        _sweep(A, residual, w, np.flatnonzero((w != 0) | (np.abs(pull) > l1)), squares, l1, l2)
        _jump(A, residual, w, np.flatnonzero(w), l1, l2)
    raise RuntimeError(f"after {rounds} rounds the duality gap is {gap:.2g}, and tol = {tol} asks for {least:.2g}")


def _sweep(A, residual, w, active, squares, l1, l2):
    """Take each active weight to its minimum, the others fixed, and keep residual = B - A w."""
    for j in active:
        column, old = A[:, j], w[j]
        pull = column @ residual + squares[j] * old
        w[j] = (pull - np.copysign(l1, pull)) / (squares[j] + l2) if abs(pull) > l1 else 0.0
        if w[j] != old:
            residual += column * (old - w[j])


def _jump(A, residual, w, on, l1, l2):
    """Take the weights that are not 0 towards their common minimum, as far as no sign changes; one may become 0."""
    columns = A[:, on]
    curvature = columns.T @ columns
    curvature.flat[:: len(on) + 1] += l2 + 1e-10 * np.trace(curvature)  # never singular, never too long a step
    step = np.linalg.solve(curvature, columns.T @ residual - l2 * w[on] - l1 * np.sign(w[on]))
    share = np.divide(-w[on], step, out=np.full(len(on), np.inf), where=w[on] * step < 0)
    w[on] += share.min(initial=1.0) * step
    w[on[share == share.min(initial=1.0)]] = 0


def _duality_gap(residual, pull, B, w, l1, l2):
    """Return the objective less a lower bound of its minimum, from the residual scaled until it is feasible."""
    pull = pull - l2 * w
    scale = min(1.0, l1 / max(np.abs(pull).max(initial=0), np.finfo(float).tiny))
    squares = residual @ residual + l2 * (w @ w)
    return squares * (1 + scale**2) / 2 + l1 * np.abs(w).sum() - scale * (residual @ B)
