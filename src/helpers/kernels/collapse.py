"""How much a latent variable still says: the posterior that a weight on the KL term leaves, free bits, active units.

A latent dimension has collapsed when its posterior is the prior for every example. A large beta makes it collapse, free
bits keep it from collapsing, and the variance of its posterior means shows whether it has.
"""

import math

import numpy as np

from helpers.kernels._blocks import as_float


def beta_posterior(x, beta):
    """Return mean and variance of the best q of a beta-VAE with z ~ N(0, 1), x | z ~ N(z, 1).

    argmax_q E_q[log p(x | z)] - beta KL(q || p(z)) ~ p(z) p(x | z)^(1 / beta) = N(x / (1 + beta), beta / (1 + beta))

    x, beta: numbers, or arrays that broadcast; beta is positive.
    returns: mean and variance, elementwise.
    raises: `ValueError` if a beta is not positive.
    source: Higgins et al., beta-VAE (2017); Alemi et al., Fixing a broken ELBO (2018).

    >>> beta_posterior(3.0, 4.0)
    (0.6, 0.8)
    """
    if not np.all(np.asarray(beta) > 0):
        raise ValueError(f"beta, the weight of the KL term, must be positive, not {beta}")
    return x / (beta + 1), beta / (beta + 1)


def free_bits(kl, floor):
    """Return the KL term of which each latent dimension has `floor` nats for free, and its gradient.

    value = sum_d max(mean_n kl_nd, floor),   dkl_nd = 1 / N where the mean reaches the floor, else 0

    kl: (N, D), a KL term for each example and dimension, in nats. floor: a number from 0.
    returns: value, a float; the gradient, (N, D), of kl's floating-point dtype. At the floor itself the KL counts, so
    that a floor of 0 gives the plain KL term, also where it is 0.
    raises: `ValueError` if kl is no matrix with at least one row or the floor is negative.
    source: Kingma et al., Improved variational inference with inverse autoregressive flow (2016), appendix C.8.

    >>> free_bits(np.array([[1.0, 0.0], [3.0, 0.0]]), 0.5)
    (2.5, array([[0.5, 0. ],
           [0.5, 0. ]]))
    """
    kl = as_float(kl)
    if kl.ndim != 2 or len(kl) == 0:
        raise ValueError(f"KL terms (N, D) of at least one example are expected, not the shape {kl.shape}")
    if not floor >= 0:
        raise ValueError(f"the floor is a number of nats from 0, not {floor}")
    means = kl.mean(axis=0, dtype=np.float64)
    gradient = np.empty(kl.shape, kl.dtype)
    gradient[:] = (means >= floor) / len(kl)
    return math.fsum(np.maximum(means, floor)), gradient


def active_units(mu, threshold=0.01):
    """Return how many latent dimensions say something about the example, and the variance of each one's posterior mean.

    A_d = mean_n (mu_nd - mean_n mu_nd)^2,   active where A_d > threshold

    mu: (N, D), row n is the mean of q(z | x_n). threshold: a number, in the square of the latent's unit.
    returns: the number of active dimensions, an int; the variances (D,), divided by N; float32 stays float32.
    raises: `ValueError` if mu is no matrix with at least one row.
    source: Burda, Grosse, Salakhutdinov, Importance weighted autoencoders (2016), section 5.2.

    >>> active_units(np.array([[1.0, 5.0], [-1.0, 5.0]]))
    (1, array([1., 0.]))
    """
    mu = as_float(mu)
    if mu.ndim != 2 or len(mu) == 0:
        raise ValueError(f"posterior means (N, D) of at least one example are expected, not the shape {mu.shape}")
    centered = mu - mu.mean(axis=0, dtype=np.float64)  # in one pass, E[mu^2] - E[mu]^2, large means leave no digits
    variances = np.square(centered).mean(axis=0)
    return int(np.count_nonzero(variances > threshold)), variances.astype(mu.dtype)
