"""The evidence lower bound: exact for a latent variable with finitely many values, and in closed form for Gaussians.

And, for a Gaussian posterior, whose fault it is that the bound is not tight.
"""

import math

import numpy as np

from helpers.kernels._blocks import as_float, floats_of_one_shape
from helpers.kernels.divergences import _kl


def elbo(prior, lik, q):
    """Return the ELBO, the gap that is left, and log p(x), for a latent variable with Z values, in nats.

    ELBO = sum_z q_z log(prior_z lik_z / q_z) = log p(x) - KL(q || posterior),   p(x) = sum_z prior_z lik_z

    prior, lik, q: (Z,), or (..., Z); lik_z = p(x | z), q may have zeros.
    returns: ELBO, KL(q || posterior), log p(x), floats, or arrays (...). If q uses a z with prior_z lik_z = 0, the ELBO
    is -inf and the gap inf.
    raises: `ValueError` if the shapes differ or p(x) = 0, where there is no posterior.
    source: Jordan, Ghahramani, Jaakkola, Saul, An introduction to variational methods for graphical models (1999).

    >>> half = np.array([0.5, 0.5])
    >>> [round(float(value), 9) for value in elbo(half, half, half)]
    [-0.693147181, 0.0, -0.693147181]
    """
    prior, lik, q = floats_of_one_shape(prior=prior, lik=lik, q=q)
    joint = prior * lik
    evidence = joint.sum(axis=-1)
    if not np.all(evidence > 0):
        raise ValueError("p(x), the sum of prior * lik, is 0: there is no posterior to be compared with")
    log_evidence = np.log(evidence)
    bound = -_kl(q, joint)
    gap = log_evidence - bound
    return bound, gap, log_evidence


def gaussian_elbo(x, m, s2, beta=1.0):
    """Return the ELBO of z ~ N(0, 1), x | z ~ N(z, 1) under q = N(m, s2), its KL term weighted by beta, in nats.

    E_q[log p(x | z)] - beta KL(q || p(z)) = -1/2 log 2 pi - ((x - m)^2 + s2) / 2 - beta (m^2 + s2 - 1 - log s2) / 2

    x, m, s2: numbers, or arrays that broadcast; s2 is a variance. beta: 1 for a bound on log p(x).
    returns: the bound, elementwise.
    raises: `ValueError` if a variance is not positive.
    source: Kingma, Welling, Auto-encoding variational Bayes (2014); Higgins et al., beta-VAE (2017).

    >>> round(float(gaussian_elbo(2.0, 1.0, 0.5)), 9)
    -2.265512123
    """
    x, m, s2 = (np.asarray(value)[()] for value in (x, m, s2))
    if not np.all(s2 > 0):
        raise ValueError("s2 holds variances, and one of them is not positive")
    reconstruction = -((x - m) ** 2 + s2 + math.log(2 * math.pi)) / 2
    return reconstruction - beta * (m * m + s2 - 1 - np.log(s2)) / 2


def inference_gaps(S, m, s2):
    """Return KL(q || p) for the posterior p = N(0, S) and q = N(m, diag s2), and its two parts, in nats.

    total = 1/2 (sum_i L_ii s2_i + m^T L m - D + log det S - sum_i log s2_i),   L = S^-1
    approximation = KL(q* || p) = 1/2 (log det S + sum_i log L_ii),   amortization = ELBO(q*) - ELBO(q)

    q* = N(0, diag(1 / L_ii)) is the best Gaussian without correlations.

    S: (D, D), symmetric and positive definite; the lower triangle is read. m, s2: (D,), means and variances.
    returns: total, approximation, amortization, floats.
    raises: `ValueError` if the shapes do not fit, S is not positive definite or a variance is not positive.
    source: Cremer, Li, Duvenaud, Inference suboptimality in variational autoencoders (2018).

    >>> [round(gap, 9) for gap in inference_gaps([[1.0, 0.8], [0.8, 1.0]], [1.0, 1.0], [0.36, 0.36])]
    [1.066381179, 0.510825624, 0.555555556]
    """
    S, m, s2 = as_float(S), as_float(m), as_float(s2)
    if not (m.ndim == 1 and m.shape == s2.shape and S.shape == 2 * m.shape):
        raise ValueError(f"S (D, D), m (D,) and s2 (D,) are expected, not {S.shape}, {m.shape} and {s2.shape}")
    if not np.all(s2 > 0):
        raise ValueError("s2 holds variances, and one of them is not positive")
    try:
        factor = np.linalg.cholesky(S)
    except np.linalg.LinAlgError:
        raise ValueError(f"S, of shape {S.shape}, is not positive definite") from None
    solved = np.linalg.solve(factor, np.column_stack([np.eye(len(m)), m]))
    squares = np.square(solved).sum(axis=0)
    widths = squares[:-1] * s2
    approximation = float(np.log(np.diag(factor)).sum() + np.log(squares[:-1]).sum() / 2)
    amortization = float((widths - 1 - np.log(widths)).sum() + squares[-1]) / 2
    return approximation + amortization, approximation, amortization
