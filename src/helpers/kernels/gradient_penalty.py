"""The gradient penalty of a critic whose gradient is known by heart: a quadratic function."""

import numpy as np

from helpers.kernels._blocks import as_float


def gradient_penalty(A, b, real, fake, t, lam=10.0):
    """Return the gradient penalty of the critic f(x) = x^T A x / 2 + b^T x.

    penalty = lam mean_n (|(A + A^T)/2 x_n + b| - 1)^2,   x_n = t_n real_n + (1 - t_n) fake_n

    A: (D, D), any. b: (D,). real, fake: (N, D). t: (N,), in [0, 1], one for each pair. lam: a number.
    returns: a float.
    raises: `ValueError` if the shapes do not fit together.
    source: Gulrajani, Ahmed, Arjovsky, Dumoulin, Courville, Improved training of Wasserstein GANs (2017), equation 3.

    >>> gradient_penalty(np.zeros((1, 1)), np.array([3.0]), np.ones((1, 1)), np.zeros((1, 1)), np.array([0.5]))
    40.0
    """
    A, b, real, fake, t = (as_float(array) for array in (A, b, real, fake, t))
    if real.ndim != 2 or real.shape != fake.shape or t.shape != real.shape[:1] or A.shape != 2 * real.shape[1:]:
        shapes = f"A {A.shape}, real {real.shape}, fake {fake.shape}, t {t.shape}"
        raise ValueError(f"A (D, D), real and fake (N, D) and t (N,) are expected, not {shapes}")
    slope = (fake + t[:, None] * (real - fake)) @ ((A + A.T) / 2) + b
    return float(lam * np.mean(np.square(np.linalg.norm(slope, axis=1) - 1), dtype=np.float64))
