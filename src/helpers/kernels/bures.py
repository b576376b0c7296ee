"""The 2-Wasserstein distance of Gaussians, whose covariance part is Bures' distance: what the FID computes.

The trace of the root is a sum of singular values: with A A^T = S1 and B B^T = S2 the eigenvalues of S1^1/2 S2 S1^1/2
are the squares of the singular values of A^T B. So no root is taken of a root, and a covariance may be singular.
"""

import numpy as np

from helpers.kernels._blocks import as_float


def gaussian_w2(m1, S1, m2, S2):
    """Return the squared 2-Wasserstein distance of N(m1, S1) and N(m2, S2).

    W2^2 = |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1^1/2 S2 S1^1/2)^1/2

    m1, m2: (..., D). S1, S2: (..., D, D), symmetric, no eigenvalue below 0 but for rounding; the lower triangle is
    read. Leading axes must agree.
    returns: (...), a NumPy scalar for one pair, at least 0; float32 if all are, computed in float64.
    raises: `ValueError` if the shapes do not fit together.
    source: Dowson, Landau, The Fréchet distance between multivariate normal distributions (1982); Heusel, Ramsauer,
    Unterthiner, Nessler, Hochreiter, GANs trained by a two time-scale update rule (2017).

    >>> float(gaussian_w2([0.0], [[4.0]], [1.0], [[9.0]]).round(9))
    2.0
    """
    m1, S1, m2, S2 = (as_float(array) for array in (m1, S1, m2, S2))
    if m1.ndim == 0 or m1.shape != m2.shape or not S1.shape == S2.shape == (*m1.shape, m1.shape[-1]):
        shapes = f"means {m1.shape} and {m2.shape}, covariances {S1.shape} and {S2.shape}"
        raise ValueError(f"means (..., D) and covariances (..., D, D) do not fit together: {shapes}")
    dtype = np.result_type(m1, S1, m2, S2)
    A, B = _factor(S1), _factor(S2)
    overlap = np.linalg.svd(np.swapaxes(A, -1, -2) @ B, compute_uv=False).sum(axis=-1)
    traces = np.square(A).sum(axis=(-2, -1)) + np.square(B).sum(axis=(-2, -1))
    distance = np.square(m1.astype(np.float64) - m2).sum(axis=-1) + np.maximum(traces - 2 * overlap, 0)
    return distance.astype(dtype)[()]


def _factor(covariance):
    """Return A with A A^T = S; eigenvalues that are 0 but for rounding become 0."""
    values, vectors = np.linalg.eigh(covariance.astype(np.float64))
    largest = values[..., -1:] if values.shape[-1] else values
    return vectors * np.sqrt(np.where(values > 1e-14 * largest, values, 0.0))[..., None, :]
