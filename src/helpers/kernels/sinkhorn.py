"""Entropic optimal transport by Sinkhorn's iterations: in the log domain to be read, and stabilized to be fast.

The plan is g_ij = exp(f_i + h_j - C_ij / eps), and each half step scales the rows, or the columns, to their marginal.
In the log domain a half step takes a logarithm and an exponential for every entry. With K = exp(f + h - C / eps) at
hand it is one product with a matrix, u = p / (K v), some 40 times cheaper, as long as the scalings u and v stay near 1.
`sinkhorn_stabilized` does that, and where a scaling leaves its range it moves it into f and h and builds K anew: the
same iterations, the same plan, for any eps.
"""

import numpy as np

from helpers.kernels._blocks import as_float, row_blocks
from helpers.kernels.softmax import logsumexp
from helpers.kernels.wasserstein import require_equal_mass


def sinkhorn(C, p, q, eps, iters):
    """Return the plan after `iters` full iterations (rows, then columns) that start from zero potentials.

    f_i = log p_i - log sum_j exp(h_j - C_ij / eps),   h_j = log q_j - log sum_i exp(f_i - C_ij / eps)

    C: (m, n), costs. p: (m,), q: (n,), positive weights of equal sum. eps: positive, in the unit of C. iters: an int.
    returns: (m, n), exp(f_i + h_j - C_ij / eps), whose columns sum to q (for iters > 0) and whose rows approach p;
    float32 if all arrays are, computed in float64.
    raises: `ValueError` if the shapes do not fit, a weight or eps is not positive, or the weights differ in sum.
    source: Cuturi, Sinkhorn distances (2013); Peyré, Cuturi, Computational optimal transport (2019), section 4.4.

    >>> sinkhorn(np.zeros((2, 2)), np.array([0.5, 0.5]), np.array([0.25, 0.75]), 1.0, 1)
    array([[0.125, 0.375],
           [0.125, 0.375]])
    """
    C, p, q, dtype = _checked(C, p, q, eps)
    scaled = np.divide(C, -eps, dtype=np.float64)
    f, h = np.zeros(len(p)), np.zeros(len(q))
    for _ in range(iters):
        f = np.log(p) - logsumexp(scaled + h, axis=1)
        h = np.log(q) - logsumexp(scaled + f[:, None], axis=0)
    with np.errstate(under="ignore"):
        return np.exp(scaled + h + f[:, None]).astype(dtype, copy=False)


def sinkhorn_stabilized(C, p, q, eps, iters):
    """Return the same plan as `sinkhorn`, at the price of two products of a matrix and a vector an iteration.

    u = p / (K v),   v = q / (u K),   K_ij = exp(f_i + h_j - C_ij / eps); when u or v leaves [1e-50, 1e50] (in float32
    [1e-10, 1e10]), that half step is taken in the log domain, which gives new f and h, a new K, and u = v = 1

    C: (m, n), costs. p: (m,), q: (n,), positive weights of equal sum. eps: positive, in the unit of C. iters: an int.
    returns: (m, n); float32 if all arrays are. It agrees with `sinkhorn` to about 1e-14 in float64.
    raises: `ValueError` if the shapes do not fit, a weight or eps is not positive, or the weights differ in sum.
    source: Schmitzer, Stabilized sparse scaling algorithms for entropy regularized transport problems (2019).

    >>> C = np.abs(np.subtract.outer(np.arange(3.0), np.arange(3.0)))
    >>> third = np.full(3, 1 / 3)
    >>> np.abs(sinkhorn_stabilized(C, third, third, 1e-3, 9) - sinkhorn(C, third, third, 1e-3, 9)).max() < 1e-14
    np.True_
    """
    C, p, q, dtype = _checked(C, p, q, eps)
    p, q = p.astype(dtype), q.astype(dtype)
    f, h = np.zeros(len(p)), np.zeros(len(q))
    with np.errstate(divide="ignore", over="ignore", under="ignore", invalid="ignore"):
        K, u, v = _scaled_kernel(C, f, h, eps, dtype)
        for _ in range(iters):
            u, stays = _scaling(p, K @ v)
            if not stays:
                h += np.log(v, dtype=np.float64)
                f = _log_half_step(C, p, h, eps)
                K, u, v = _scaled_kernel(C, f, h, eps, dtype)
            v, stays = _scaling(q, u @ K)
            if not stays:
                f += np.log(u, dtype=np.float64)
                h = _log_half_step(C.T, q, f, eps)
                K, u, v = _scaled_kernel(C, f, h, eps, dtype)
        K *= u[:, None]
        K *= v
    return K


def _scaling(marginal, product):
    """Return marginal / product, and whether all of it is so near to 1 that nothing is lost in K."""
    scaling = marginal / product
    limit = 1e50 if scaling.dtype == np.float64 else 1e10
    return scaling, np.minimum.reduce(scaling) > 1 / limit and np.maximum.reduce(scaling) < limit


def _log_half_step(C, marginal, other, eps):
    """Return the potentials of the rows of C that give them the marginal, for the other side's potentials."""
    potential = np.log(marginal, dtype=np.float64)
    for block in row_blocks(C):
        potential[block] -= logsumexp(other - np.divide(C[block], eps, dtype=np.float64), axis=1)
    return potential


def _scaled_kernel(C, f, h, eps, dtype):
    """Return exp(f + h - C / eps), whose exponents are taken in float64, and scalings of 1."""
    K = np.empty(C.shape, dtype)
    for block in row_blocks(C):
        exponents = np.divide(C[block], -eps, dtype=np.float64)
        exponents += h
        exponents += f[block, None]
        np.exp(exponents, out=K[block], casting="same_kind")
    return K, np.ones(len(f), dtype), np.ones(len(h), dtype)


def _checked(C, p, q, eps):
    C, p, q = (as_float(array) for array in (C, p, q))
    if p.ndim != 1 or q.ndim != 1 or C.shape != (len(p), len(q)) or C.size == 0:
        raise ValueError(f"costs (m, n) for p (m,) and q (n,) are expected, not {C.shape} for {p.shape} and {q.shape}")
    if not (p.min() > 0 and q.min() > 0 and eps > 0):
        raise ValueError(f"p, q and eps must be positive, and the smallest are {p.min()}, {q.min()} and {eps}")
    require_equal_mass(p, q)
    return C, p, q, np.result_type(C, p, q)
