"""Sinkhorn's divergence on the line: the cost of the entropic plan, without what the entropy alone would cost.

The cost of transport of a measure to itself comes out of one symmetric potential, whose averaged updates converge in a
few dozen steps; so the two own costs are cheaper than the cost between the two measures.
"""

import numpy as np

from helpers.kernels._blocks import as_float
from helpers.kernels.softmax import logsumexp
from helpers.kernels.wasserstein import require_equal_mass


def sinkhorn_divergence(x, p, y, q, eps, iters):
    """Return OT(p, q) - OT(p, p)/2 - OT(q, q)/2, with entropic costs of transport on the line.

    OT(p, q) = min over plans g of sum_ij g_ij (x_i - y_j)^2 + eps KL(g || p q^T), from `iters` iterations

    x, p: (m,), y, q: (n,), points in any order and positive weights of equal sum. eps: positive, in the unit of the
    points squared. iters: integer, at least 1.
    returns: a float, computed in float64: at convergence at least 0, and 0 for equal measures only.
    raises: `ValueError` if the shapes do not fit, a weight or eps is not positive, iters is below 1, or masses differ.
    source: Feydy, Séjourné, Vialard, Amari, Trouvé, Peyré, Interpolating between optimal transport and MMD (2019).

    >>> round(sinkhorn_divergence([0.0, 1.0], [0.5, 0.5], [2.0, 3.0], [0.5, 0.5], 0.5, 50), 9)
    4.0
    """
    x, p, y, q = (as_float(array).astype(np.float64) for array in (x, p, y, q))
    if not (x.ndim == y.ndim == 1 and x.shape == p.shape and y.shape == q.shape and len(x) and len(y)):
        raise ValueError(f"points with weights are expected, not x {x.shape}, p {p.shape}, y {y.shape}, q {q.shape}")
    if not (p.min() > 0 and q.min() > 0 and eps > 0 and iters >= 1):
        raise ValueError(f"weights, eps and iters must be positive, not {p.min()}, {q.min()}, {eps} and {iters}")
    require_equal_mass(p, q)
    own = _own_cost(x, p, eps, iters) + _own_cost(y, q, eps, iters)
    return float(_cost(x, p, y, q, eps, iters) - own / 2)


def _cost(x, p, y, q, eps, iters):
    C, log_p, log_q, g = np.square(np.subtract.outer(x, y)) / eps, np.log(p), np.log(q), np.zeros(len(q))
    for _ in range(iters):
        f = -logsumexp((log_q + g) - C, axis=1)
        g = -logsumexp((log_p + f)[:, None] - C, axis=0)
    return eps * (p @ f + q @ g)


def _own_cost(x, p, eps, iters):
    C, log_p, f = np.square(np.subtract.outer(x, x)) / eps, np.log(p), np.zeros(len(p))
    for _ in range(iters):
        step = -logsumexp((log_p + f) - C, axis=1)
        if np.abs(step - f).max() <= 1e-14 * max(1.0, np.abs(f).max()):
            break
        f = (f + step) / 2
    return 2 * eps * (p @ f)
