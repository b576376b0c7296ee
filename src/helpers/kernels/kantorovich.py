"""Kantorovich's dual on the line: what any price list proves, and the best one.

A potential is 1-Lipschitz where neighbors in sorted order differ by no more than their gap: all other pairs follow.
"""

import numpy as np

from helpers.kernels._blocks import as_float
from helpers.kernels.wasserstein import require_equal_mass


def kantorovich_dual_bound(phi, x, p, y, q):
    """Return the lower bound on W1 that a potential proves, once it is scaled to be 1-Lipschitz.

    bound = (sum_i p_i phi(x_i) - sum_j q_j phi(y_j)) / L,   L = max over neighbors of |difference of phi| / gap

    phi: (m + n,), its values at the points of x, then at those of y. x, p: (m,). y, q: (n,). Weights sum to 1.
    returns: a float, which may be negative; 0.0 where L is 0, or infinite because one point has two values.
    raises: `ValueError` if the shapes do not fit, or the weights differ in sum.
    source: Villani, Optimal transport, old and new (2009), theorem 5.10 and remark 6.5.

    >>> kantorovich_dual_bound([0.0, -6.0], [0.0], [1.0], [3.0], [1.0])
    3.0
    """
    z, signed = _points_and_weights(x, p, y, q)
    phi = as_float(phi)
    if phi.shape != z.shape:
        raise ValueError(f"phi has a value at every point of x and y, {z.shape}, not {phi.shape}")
    order = z.argsort(kind="stable")
    gaps, rises = np.diff(z[order]), np.abs(np.diff(phi[order].astype(np.float64)))
    apart = gaps > 0
    steepest = np.max(rises[apart] / gaps[apart], initial=0.0)
    if np.any(rises[~apart] > 0) or steepest == 0:
        return 0.0
    return float(signed @ phi / steepest)


def optimal_critic(x, p, y, q):
    """Return the merged support, in order, and a 1-Lipschitz function on it whose dual value is W1.

    f' = -sign(F - G) between neighbors, 0 where F and G agree to 1e-12;   f = 0 at the first point

    x, p: (m,), y, q: (n,), points in any order and weights of equal sum; points may repeat.
    returns: z (K,), the distinct points in increasing order, and f (K,), float64.
    raises: `ValueError` if points and weights differ in number, or the two sets in mass.
    source: Santambrogio, Optimal transport for applied mathematicians (2015), section 3.1.

    >>> optimal_critic([0.0, 10.0], [0.5, 0.5], [4.0], [1.0])
    (array([ 0.,  4., 10.]), array([ 0., -4.,  2.]))
    """
    z, signed = _points_and_weights(x, p, y, q)
    points, place = np.unique(z, return_inverse=True)
    ahead = np.cumsum(np.bincount(place, signed, minlength=len(points)))[:-1]
    slopes = np.where(np.abs(ahead) <= 1e-12, 0.0, -np.sign(ahead))
    return points, np.concatenate([[0.0], np.cumsum(slopes * np.diff(points))])


def _points_and_weights(x, p, y, q):
    x, p, y, q = (as_float(array) for array in (x, p, y, q))
    if not (x.ndim == y.ndim == 1 and x.shape == p.shape and y.shape == q.shape):
        shapes = f"x {x.shape}, p {p.shape}, y {y.shape}, q {q.shape}"
        raise ValueError(f"points x (m,) with weights p (m,) and y (n,) with q (n,) are expected, not {shapes}")
    require_equal_mass(p, q)
    return np.concatenate([x, y], dtype=np.float64), np.concatenate([p, -q], dtype=np.float64)
