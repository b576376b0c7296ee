"""Divergences of Gaussians in closed form, in nats, and one that has none.

For diagonal covariances everything is elementwise, and the blocks keep it in the cache. For full covariances no matrix
is inverted: with Cholesky factors, S = L L^T, the trace is a sum of squares, and the determinants are products of the
diagonals.
"""

import math

import numpy as np

from helpers.kernels._blocks import as_float, floats_of_one_shape, sum_last_axis


def kl_diagonal_gaussians(m1, lv1, m2, lv2):
    """Return KL(N(m1, exp(lv1)) || N(m2, exp(lv2))) from means and log-variances, summed over the last axis, in nats.

    KL = 1/2 sum_d (exp(lv1_d - lv2_d) - 1 - (lv1_d - lv2_d) + (m1_d - m2_d)^2 exp(-lv2_d))

    m1, lv1, m2, lv2: (..., D), of one shape; lv = log sigma^2.
    returns: (...), a NumPy scalar for 1-D input; float32 if all are. Equal arguments give exactly 0.
    raises: `ValueError` if the shapes differ or there is no axis.
    source: Kingma, Welling, Auto-encoding variational Bayes (2014), appendix B.

    >>> kl_diagonal_gaussians(np.array([1.0]), np.array([0.0]), np.array([0.0]), np.array([0.0]))
    np.float64(0.5)
    """
    arrays = floats_of_one_shape(m1=m1, lv1=lv1, m2=m2, lv2=lv2)
    return sum_last_axis(_block_of_diagonal_kl, arrays, scratches=2) / 2


def _block_of_diagonal_kl(m1, lv1, m2, lv2, scratch, distance):
    np.multiply(lv2, -0.5, out=scratch)
    np.exp(scratch, out=scratch)
    np.subtract(m1, m2, out=distance)
    distance *= scratch
    squares = np.vecdot(distance, distance)
    if np.isnan(squares).any():  # 0 times an overflow: equal means cost nothing, however small the variance
        np.copyto(distance, 0, where=m1 == m2)
        squares = np.vecdot(distance, distance)
    np.subtract(lv1, lv2, out=distance)
    np.exp(distance, out=scratch)
    scratch -= distance
    scratch -= 1
    return np.add.reduce(scratch, axis=1) + squares


def kl_gaussians(mean1, covariance1, mean2, covariance2):
    """Return KL(N(mean1, covariance1) || N(mean2, covariance2)) for full covariances, in nats.

    KL = 1/2 (tr(S2^-1 S1) + (m2 - m1)^T S2^-1 (m2 - m1) - D + log det S2 - log det S1)

    mean1, mean2: (..., D). covariance1, covariance2: (..., D, D), symmetric and positive definite; the lower triangle
    is read. Leading axes must agree.
    returns: (...), a NumPy scalar for one pair; float32 if all are.
    raises: `ValueError` if the shapes do not fit together or a covariance is not positive definite.
    source: Duchi, Derivations for linear algebra and optimization (2007), section 9.

    >>> float(kl_gaussians([1.0, 0.0], np.eye(2), [0.0, 0.0], np.eye(2)))
    0.5
    """
    m1, s1, m2, s2 = (as_float(array) for array in (mean1, covariance1, mean2, covariance2))
    if m1.ndim == 0 or m1.shape != m2.shape or not s1.shape == s2.shape == (*m1.shape, m1.shape[-1]):
        shapes = f"means {m1.shape} and {m2.shape}, covariances {s1.shape} and {s2.shape}"
        raise ValueError(f"means (..., D) and covariances (..., D, D) do not fit together: {shapes}")
    dtype = np.result_type(m1, s1, m2, s2)
    l1, l2 = _cholesky("covariance1", s1.astype(dtype)), _cholesky("covariance2", s2.astype(dtype))
    right = np.concatenate([l1, (m2 - m1).astype(dtype)[..., None]], axis=-1)
    squares = np.square(np.linalg.solve(l2, right)).sum(axis=(-2, -1))
    diagonals = np.diagonal(l2, axis1=-2, axis2=-1), np.diagonal(l1, axis1=-2, axis2=-1)
    log_ratio = np.log(diagonals[0] / diagonals[1]).sum(axis=-1)
    return ((squares - m1.shape[-1]) / 2 + log_ratio)[()]


def _cholesky(name, covariance):
    try:
        return np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        raise ValueError(f"{name}, of shape {covariance.shape}, is not positive definite") from None


def js_with_noise(d, s):
    """Return the Jensen-Shannon divergence of N(0, s^2) and N(d, s^2), in nats.

    JS = log 2 - E[softplus(u z - u^2 / 2)], z ~ N(0, 1), u = |d| / s; by symmetry both halves are the same

    The trapezoidal rule converges exponentially for such an integrand; with 4001 points it is exact to rounding.

    d: a number, the distance of the means. s: a positive number, the standard deviation of both.
    returns: a float between 0 and log 2.
    raises: `ValueError` unless s is positive.
    source: Arjovsky, Bottou, Towards principled methods for training generative adversarial networks (2017), section 3;
    Trefethen, Weideman, The exponentially convergent trapezoidal rule (2014).

    >>> round(js_with_noise(1.0, 1.0), 9), round(js_with_noise(100.0, 1.0), 9)
    (0.111421482, 0.693147181)
    """
    if not s > 0:
        raise ValueError(f"s, the standard deviation, must be positive, not {s}")
    u = min(abs(d) / s, 100.0)  # beyond, nothing is missing from log 2
    z, step = np.linspace(-12.0, 12.0, 4001, retstep=True)
    density = np.exp(-z * z / 2) * (step / math.sqrt(2 * math.pi))
    return max(0.0, math.log(2) - float(density @ np.logaddexp(0.0, u * z - u * u / 2)))
