"""The Gaussian nearest to a distribution, in the sense of KL: from the one side and from the other.

KL(p || q) asks q to cover p, and is least where the moments agree: a mean and a covariance. KL(q || p) asks q to stay
where p is, and a factorized q then has the variance of a slice through p, which is less than that of its shadow.
"""

import numpy as np

from helpers.kernels._blocks import as_float


def moment_match(x, w):
    """Return mean and covariance of the Gaussian q that minimizes KL(p || q) for weighted points p.

    mu = sum_n w_n x_n / W,   Sigma = sum_n w_n (x_n - mu) (x_n - mu)^T / W,   W = sum_n w_n

    x: (N, D), points. w: (N,), weights, non-negative with a positive sum, which need not be 1.
    returns: mu (D,), Sigma (D, D), symmetric; float32 if both are, computed in float64.
    raises: `ValueError` if the shapes do not fit, or the weights are negative or sum to 0.
    source: Bishop, Pattern Recognition and Machine Learning (2006), section 10.7.

    >>> moment_match([[-1.0], [1.0]], [1.0, 3.0])
    (array([0.5]), array([[0.75]]))
    """
    x, w = as_float(x), as_float(w)
    if x.ndim != 2 or w.shape != x.shape[:1]:
        raise ValueError(f"points (N, D) and weights (N,) do not fit together: {x.shape} and {w.shape}")
    dtype, total = np.result_type(x, w), np.sum(w, dtype=np.float64)
    if not (total > 0 and (w >= 0).all()):
        raise ValueError("weights are non-negative, and not all of them 0")
    shares = w / total
    mean = shares @ x.astype(np.float64, copy=False)
    root = np.sqrt(shares)[:, None] * (x - mean)  # a product with its own transpose is symmetric to the last bit
    return mean.astype(dtype, copy=False), (root.T @ root).astype(dtype, copy=False)


def mean_field_gaussian(mu, Sigma):
    """Return means and variances of the factorized Gaussian q that minimizes KL(q || N(mu, Sigma)).

    m = mu,   s2_i = 1 / Lambda_ii with Lambda = Sigma^-1: the variance of coordinate i when all others are known

    mu: (D,). Sigma: (D, D), symmetric and positive definite; the lower triangle is read.
    returns: m (D,), a copy, and s2 (D,); float32 if both are, computed in float64.
    raises: `ValueError` if the shapes do not fit or Sigma is not positive definite.
    source: Bishop, Pattern Recognition and Machine Learning (2006), section 10.1.2.

    >>> mean_field_gaussian([0.0, 1.0], [[1.0, 0.8], [0.8, 1.0]])
    (array([0., 1.]), array([0.36, 0.36]))
    """
    mu, Sigma = as_float(mu), as_float(Sigma)
    if mu.ndim != 1 or Sigma.shape != (len(mu), len(mu)):
        raise ValueError(f"mean (D,) and covariance (D, D) do not fit together: {mu.shape} and {Sigma.shape}")
    dtype = np.result_type(mu, Sigma)
    try:
        lower = np.linalg.cholesky(Sigma.astype(np.float64, copy=False))
    except np.linalg.LinAlgError:
        raise ValueError(f"Sigma, of shape {Sigma.shape}, is not positive definite") from None
    inverse = np.linalg.solve(lower, np.eye(len(mu)))  # Lambda = inverse^T inverse, so its diagonal is a sum of squares
    return mu.astype(dtype), (1 / np.square(inverse).sum(axis=0)).astype(dtype, copy=False)
