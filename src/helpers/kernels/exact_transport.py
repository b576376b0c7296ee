"""Optimal transport plans of discrete distributions, exactly, and what a plan costs.

On the line the optimal plan needs no optimization: both distributions are cut at each other's cumulative weights, and
the pieces are moved in order (`north_west_corner` does it by hand, `monotone_plan` for all pieces at once). For a cost
matrix without structure it is a linear program; for samples of equal size and weight an assignment. Both are SciPy's.
"""

import numpy as np

from helpers.kernels._blocks import as_float, row_blocks
from helpers.kernels.wasserstein import require_equal_mass


def transport_cost(g, x, y, r=1):
    """Return what a plan between points on the line costs.

    cost = sum_ij g_ij |x_i - y_j|^r

    g: (m, n), the plan. x: (m,). y: (n,). r: the exponent.
    returns: a float, in the unit of the points to the power r.
    raises: `ValueError` if the shapes do not fit together.
    source: Peyré, Cuturi, Computational optimal transport (2019), section 2.3.

    >>> transport_cost([[0.5, 0.0], [0.0, 0.5]], [0.0, 1.0], [2.0, 4.0])
    2.5
    """
    g, x, y = (as_float(array) for array in (g, x, y))
    if x.ndim != 1 or y.ndim != 1 or g.shape != (len(x), len(y)):
        raise ValueError(f"a plan (m, n) for x (m,) and y (n,) is expected, not {g.shape} for {x.shape} and {y.shape}")
    total = 0.0
    for block in row_blocks(g):
        distances = np.abs(np.subtract.outer(x[block], y))
        total += float(np.vdot(g[block], distances if r == 1 else distances**r))
    return total


def monotone_plan(p, q):
    """Return the optimal plan on the line between points in increasing order: the first mass goes first.

    g_ij = length of the part that [P_(i-1), P_i] and [Q_(j-1), Q_j] have in common; P, Q are the cumulative weights

    p: (m,). q: (n,). Non-negative weights; each sums to 1.
    returns: (m, n), with at most m + n - 1 entries that are not 0; float32 if both are.
    raises: `ValueError` if p or q is not one-dimensional, or they differ in mass.
    source: Peyré, Cuturi, Computational optimal transport (2019), section 3.4.2.

    >>> monotone_plan([0.5, 0.5], [0.25, 0.75])
    array([[0.25, 0.25],
           [0.  , 0.5 ]])
    """
    p, q = _weights(p, q)
    ends = [np.cumsum(weights, dtype=np.float64) for weights in (p, q)]
    plan = np.zeros((len(p), len(q)), np.result_type(p, q))
    if plan.size == 0:
        return plan
    cuts = np.sort(np.concatenate([[0.0], *ends]))
    starts, lengths = cuts[:-1], np.diff(cuts)
    i, j = (np.searchsorted(end, starts, side="right") for end in ends)
    real = (lengths > 0) & (i < len(p)) & (j < len(q))  # rounding may leave a crumb behind the end of one of them
    plan[i[real], j[real]] = lengths[real]
    return plan


def north_west_corner(p, q):
    """Return the monotone plan by hand: fill the corner, cross out what is used up, step on.

    p: (m,). q: (n,). Non-negative weights; each sums to 1.
    returns: (m, n), float64.
    raises: `ValueError` if p or q is not one-dimensional, or they differ in mass.
    source: Hitchcock, The distribution of a product from several sources to numerous localities (1941).

    >>> north_west_corner([0.5, 0.5], [0.25, 0.75])
    array([[0.25, 0.25],
           [0.  , 0.5 ]])
    """
    p, q = (weights.astype(np.float64).tolist() for weights in _weights(p, q))
    plan = np.zeros(shape=(len(p), len(q)))
    i = j = 0
    while j < len(q) and i < len(p):
        plan[i, j] = moved = min(p[i], q[j])
        p[i] -= moved
        q[j] -= moved
        i, j = (i + 1, j) if p[i] <= q[j] else (i, j + 1)
    return plan


def optimal_transport(cost, p=None, q=None):
    """Return an optimal transport plan between discrete distributions, and its cost.

    min_g sum_ij cost_ij g_ij  over  g >= 0,  sum_j g_ij = p_i,  sum_i g_ij = q_j

    cost: (m, n), finite. p: (m,), q: (n,), non-negative weights of equal sum; without them all points weigh the same.
    returns: plan (m, n), float32 if all arguments are; its cost, a float. With m = n and equal weights the plan is a
    permutation; otherwise the linear program takes about half a second at m = n = 200, and grows with the cube.
    raises: `ValueError` if the shapes do not fit, weights are negative or differ in sum, or costs are not finite;
    `ImportError` without SciPy.
    source: Peyré, Cuturi, Computational optimal transport (2019), chapter 3.

    >>> plan, cost = optimal_transport([[0.0, 2.0], [2.0, 1.0]])
    >>> plan, cost
    (array([[0.5, 0. ],
           [0. , 0.5]]), 0.5)
    """
    cost = as_float(cost)
    if cost.ndim != 2 or cost.size == 0 or not np.isfinite(cost).all():
        raise ValueError(f"a matrix (m, n) of finite costs is expected, not one of the shape {cost.shape}")
    p, q = (np.full(n, 1 / n, cost.dtype) if w is None else w for n, w in zip(cost.shape, (p, q), strict=True))
    p, q = _weights(p, q)
    if cost.shape != (len(p), len(q)) or min(p.min(), q.min()) < 0:
        raise ValueError(f"costs {cost.shape} need as many weights of at least 0, not p {p.shape} and q {q.shape}")
    permutation = len(p) == len(q) and np.ptp(p) == 0 == np.ptp(q)
    plan = _assignment(cost, p[0]) if permutation else _linear_program(cost, p, q)
    return plan.astype(np.result_type(cost, p, q), copy=False), float(np.vdot(plan, cost.astype(np.float64)))


def _weights(p, q):
    p, q = as_float(p), as_float(q)
    if p.ndim != 1 or q.ndim != 1:
        raise ValueError(f"weights p (m,) and q (n,) are expected, not {p.shape} and {q.shape}")
    require_equal_mass(p, q)
    return p, q


def _scipy():
    try:
        from scipy import optimize, sparse
    except ImportError:
        raise ImportError("exact transport plans need SciPy: install it with `pip install scipy`") from None
    return optimize, sparse


def _assignment(cost, weight):
    plan = np.zeros(cost.shape)
    plan[_scipy()[0].linear_sum_assignment(cost)] = weight
    return plan


def _linear_program(cost, p, q):
    """Solve with sparse constraints: of the m + n the last follows from the others."""
    (optimize, sparse), (m, n) = _scipy(), cost.shape
    rows, columns = sparse.kron(sparse.eye(m), np.ones((1, n))), sparse.kron(np.ones((1, m)), sparse.eye(n))
    constraints = sparse.vstack([rows, columns], format="csr")[:-1]
    masses = np.concatenate([p, q * (p.sum() / q.sum())], dtype=np.float64)[:-1]
    solution = optimize.linprog(cost.ravel(), A_eq=constraints, b_eq=masses, method="highs")
    if not solution.success:
        raise ArithmeticError(f"HiGHS found no plan: {solution.message}")
    return solution.x.reshape(m, n)
