"""The Wasserstein-1 distance on the line, where no optimization is needed: sort, and move mass in order.

Three forms of the same integral of |F - G| over the line, one for each way in which distributions come: weighted points
(one sort of all points together), samples of equal size (sort both, subtract), histograms on a common grid (no sort).
The last two take whole batches, in blocks that stay in the cache.
"""

import numpy as np

from helpers.kernels._blocks import around_axis, as_float, floats_of_one_shape, row_blocks


def wasserstein_1d(x, p, y, q):
    """Return the Wasserstein-1 distance of two weighted sets of points on the line.

    W1 = integral |F(t) - G(t)| dt, with the distribution functions F and G

    x, p: (m,), points in any order and their weights. y, q: (n,). Each set of weights sums to 1.
    returns: a float, in the unit of the points; computed in float64.
    raises: `ValueError` if points and weights differ in number, or the two sets in mass.
    source: Vallender, Calculation of the Wasserstein distance between probability distributions on the line (1974).

    >>> wasserstein_1d(np.array([0.0]), np.array([1.0]), np.array([2.0, 4.0]), np.array([0.5, 0.5]))
    3.0
    """
    x, p, y, q = (as_float(array) for array in (x, p, y, q))
    if not (x.ndim == y.ndim == 1 and x.shape == p.shape and y.shape == q.shape):
        shapes = f"x {x.shape}, p {p.shape}, y {y.shape}, q {q.shape}"
        raise ValueError(f"points x (m,) with weights p (m,) and y (n,) with q (n,) are expected, not {shapes}")
    require_equal_mass(p, q)
    points = np.concatenate([x, y], dtype=np.float64)
    weights = np.concatenate([p, -q], dtype=np.float64)
    order = points.argsort()
    points = points[order]
    above = np.cumsum(weights[order])[:-1]
    return float(np.vdot(np.abs(above, out=above), np.diff(points)))


def require_equal_mass(p, q):
    """Raise a `ValueError` unless the sums of p and q agree to half the digits of the coarser floating-point dtype."""
    here, there = float(np.sum(p, dtype=np.float64)), float(np.sum(q, dtype=np.float64))
    digits = max(float(np.finfo(weights.dtype).eps) for weights in (p, q)) ** 0.5
    if not abs(here - there) <= digits * max(abs(here), abs(there)):
        raise ValueError(f"what leaves must arrive: p sums to {here:.9g} and q to {there:.9g}")


def empirical_w1(x, y, axis=-1):
    """Return the Wasserstein-1 distance of samples of equal size, for every slice along an axis.

    W1 = mean_i |x_(i) - y_(i)|, with the samples in increasing order

    x, y: arrays of one shape.
    returns: their shape without `axis`, a NumPy scalar for 1-D input, in the unit of the samples; float32 if both are.
    raises: `ValueError` if the shapes differ or a sample is empty; `IndexError` if there is no such axis.
    source: Bobkov, Ledoux, One-dimensional empirical measures, order statistics and Kantorovich transport (2019).

    >>> empirical_w1([[3.0, 1.0], [0.0, 0.0]], [[0.0, 2.0], [1.0, 1.0]])
    array([1., 1.])
    """
    x, y = floats_of_one_shape(x=x, y=y)
    shape = np.delete(x.shape, axis)
    x, y = around_axis(x, axis), around_axis(y, axis)
    if x.shape[1] == 0:
        raise ValueError("the distance is a mean over sorted samples, and there is no sample")
    result = np.empty((x.shape[0], x.shape[2]), x.dtype)
    for block in row_blocks(x):
        gaps = np.sort(x[block], axis=1)
        gaps -= np.sort(y[block], axis=1)
        result[block] = np.abs(gaps, out=gaps).mean(axis=1)
    return result.reshape(shape)[()]


def empirical_w1_gradient(x, y):
    """Return the Wasserstein-1 distance of two samples of equal size, and its gradient with respect to the first.

    dW1/dx_i = sign(x_i - its partner) / n, the partner being the y of the same rank: it never fades with distance

    x, y: (n,), points in any order; where x has ties, or meets its partner, it is one of the subgradients.
    returns: W1, a float; gradient (n,), in the order of x; float32 if both are.
    raises: `ValueError` if the shapes differ, are not one-dimensional, or there is no sample.
    source: Arjovsky, Chintala, Bottou, Wasserstein generative adversarial networks (2017).

    >>> empirical_w1_gradient(np.array([5.0, 0.0]), np.array([1.0, 2.0]))
    (2.0, array([ 0.5, -0.5]))
    """
    x, y = floats_of_one_shape(x=x, y=y)
    if x.ndim != 1 or len(x) == 0:
        raise ValueError(f"two samples (n,) of at least one point are expected, not {x.shape}")
    order = np.argsort(x)
    gaps = np.subtract(x[order], np.sort(y))
    gradient = np.empty_like(x)
    gradient[order] = np.sign(gaps) / x.dtype.type(len(x))
    return float(np.abs(gaps).mean(dtype=np.float64)), gradient


def histogram_w1(p, q, spacing=1.0):
    """Return the Wasserstein-1 distance of histograms on one equally spaced grid, pair by pair along the last axis.

    W1 = spacing sum_k |P_k - Q_k|, with the cumulative sums P and Q

    p, q: (..., K), weights that sum to the same in each pair. spacing: the distance of neighboring bins.
    returns: (...), a NumPy scalar for 1-D input, in the unit of the spacing; float32 if both are.
    raises: `ValueError` if the shapes differ or there is no axis.
    source: Vallender, Calculation of the Wasserstein distance between probability distributions on the line (1974).

    >>> histogram_w1([[1.0, 0.0, 0.0], [0.5, 0.0, 0.5]], [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    array([2., 1.])
    """
    p, q = floats_of_one_shape(p=p, q=q)
    count = int(np.prod(p.shape[:-1]))
    p_rows, q_rows = (array.reshape(count, p.shape[-1]) for array in (p, q))
    result, scratch = np.empty(count, p.dtype), None
    for block in row_blocks(p_rows):
        if scratch is None:
            scratch = np.empty((2, *p_rows[block].shape), p.dtype)
        difference, ahead = scratch[:, : len(p_rows[block])]
        np.subtract(p_rows[block], q_rows[block], out=difference)
        np.cumsum(difference, axis=1, out=ahead)
        np.abs(ahead, out=ahead)
        result[block] = ahead.sum(axis=1)
    return (result * p.dtype.type(spacing)).reshape(p.shape[:-1])[()]
