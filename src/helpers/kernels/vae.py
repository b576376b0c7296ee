"""The two halves of a variational autoencoder's ELBO, forward and backward, and its importance weights.

Forward returns the log-likelihood for each example and the KL term for each example and latent dimension, apart. How
they are weighed is an upstream gradient of `vae_backward`, and no business of this file: beta, free bits and annealing
need nothing else. The networks are in `vae_networks`.
"""

import numpy as np

from helpers.kernels._blocks import BLOCK_BYTES, as_float
from helpers.kernels.sigmoid import decay
from helpers.kernels.vae_networks import checked, decoded, encoded


def vae_forward(x, eps, weights):
    """Return log p(x | z) and the KL terms at z = mu + sigma eps, and what the backward pass needs.

    log p(x | z) = sum_p x_p l_p - softplus(l_p),   kl_d = (mu_d^2 + sigma_d^2 - 1 - log sigma_d^2) / 2

    x: (N, P), pixels in [0, 1]. eps: (N, D), standard normal draws. weights: the eight arrays of `vae_weights`.
    returns: log-likelihoods (N,) and KL terms (N, D), in nats, whose difference is the ELBO, float32 if all arguments
    are; cache, for `vae_backward`, which holds x, eps and weights themselves: change none of them before.
    raises: `ValueError` if the shapes do not fit together.
    source: Kingma, Welling, Auto-encoding variational Bayes (2014), equation 10.

    >>> from helpers.kernels import vae_weights
    >>> weights = [np.zeros_like(one) for one in vae_weights(4, 3, 2, np.random.default_rng(0))]
    >>> log_likelihood, kl, _ = vae_forward(np.ones((1, 4)), np.zeros((1, 2)), weights)
    >>> log_likelihood.round(6), kl
    (array([-2.772589]), array([[0., 0.]]))
    """
    x, weights = checked(x, weights)
    eps = as_float(eps)
    if eps.shape != (len(x), len(weights[4])):
        raise ValueError(f"eps of shape {(len(x), len(weights[4]))} is expected, not {eps.shape}")
    h, mu, log_variance = encoded(x, weights)
    sigma = np.exp(log_variance / 2)
    z = mu + sigma * eps
    g, logits = decoded(z, weights)
    with np.errstate(under="ignore"):
        e = decay(logits, np.empty_like(logits))
        residual = x - np.maximum(logits >= 0, e) / (1 + e)  # x less the probability of ink
        log_likelihood = _log_likelihood(x, logits, e)
    kl = (mu * mu + np.expm1(log_variance) - log_variance) / 2
    return log_likelihood, kl, (x, eps, weights, h, mu, sigma, z, g, residual)


def vae_backward(dlog_likelihood, dkl, cache):
    """Return the gradients of sum(log_likelihood * dlog_likelihood) + sum(kl * dkl) with respect to the weights.

    dl = dlog (x - sigma(l)),   dmu = dz + dkl mu,   dlog sigma^2 = dz eps sigma / 2 + dkl (sigma^2 - 1) / 2

    dlog_likelihood: (N,). dkl: (N, D). cache: from `vae_forward`.
    returns: a list of eight gradients, each of the shape of its weight. Not of x, which is data.
    raises: `ValueError` if the upstream shapes are wrong.
    source: Kingma, Welling, Auto-encoding variational Bayes (2014), section 2.4.

    >>> from helpers.kernels import vae_weights
    >>> weights = vae_weights(4, 3, 2, np.random.default_rng(0), dtype=np.float64)
    >>> log_likelihood, kl, cache = vae_forward(np.ones((1, 4)), np.zeros((1, 2)), weights)
    >>> [one.shape for one in vae_backward(np.ones(1), -np.ones((1, 2)), cache)][-2:]
    [(3, 4), (4,)]
    """
    x, eps, weights, h, mu, sigma, z, g, residual = cache
    dlog, dkl = (np.asarray(one, dtype=z.dtype) for one in (dlog_likelihood, dkl))
    if dlog.shape != (len(x),) or dkl.shape != z.shape:
        raise ValueError(f"upstream gradients {(len(x),)} and {z.shape} are expected, not {dlog.shape} and {dkl.shape}")
    dlogits = residual * dlog[:, None]
    dg = _through_tanh(dlogits, weights[6], g)
    dz = dg @ weights[4].T
    dcode = np.concatenate([dz + dkl * mu, (dz * eps * sigma + dkl * (sigma * sigma - 1)) / 2], axis=1)
    dh = _through_tanh(dcode, weights[2], h)
    pairs = (x, dh), (h, dcode), (z, dg), (g, dlogits)
    return [gradient for inputs, upstream in pairs for gradient in (inputs.T @ upstream, upstream.sum(axis=0))]


def vae_log_weights(x, weights, samples, rng):
    """Yield the log-weights of the importance-weighted bound, in blocks of samples, for `iwae_bound_streaming`.

    log w = log p(x | z) + log p(z) - log q(z | x) = log p(x | z) + sum_d (eps_d^2 + log sigma_d^2 - z_d^2) / 2

    x: (N, P), pixels in [0, 1]. weights: the eight arrays of `vae_weights`. samples: K. rng: a NumPy Generator.
    yields: arrays (chunk, N), in nats, K samples in all, each new memory; what is drawn does not depend on the chunks.
    raises: `ValueError` if the shapes do not fit together or there is no sample.
    source: Burda, Grosse, Salakhutdinov, Importance weighted autoencoders (2016), equation 8.

    >>> from helpers.kernels import vae_weights
    >>> weights = vae_weights(4, 3, 2, np.random.default_rng(0))
    >>> sum(len(block) for block in vae_log_weights(np.ones((5, 4)), weights, 100, np.random.default_rng(0)))
    100
    """
    x, weights = checked(x, weights)
    if samples < 1:
        raise ValueError(f"at least one sample is expected, not {samples}")
    _, mu, log_variance = encoded(x, weights)
    sigma = np.exp(log_variance / 2)
    row = max(1, len(x) * max(weights[6].shape) * x.itemsize)
    chunk = max(1, BLOCK_BYTES // row)  # hidden units and logits of a block stay in the cache
    for start in range(0, samples, chunk):
        eps = rng.standard_normal((min(chunk, samples - start), *mu.shape), dtype=x.dtype)
        z = mu + sigma * eps
        _, logits = decoded(z, weights)
        with np.errstate(under="ignore"):
            log_likelihood = _log_likelihood(x, logits, decay(logits, np.empty_like(logits)))
        yield log_likelihood + (eps * eps + log_variance - z * z).sum(axis=-1) / 2


def _log_likelihood(x, logits, e):
    """Return sum_p x_p l_p - softplus(l_p), given e = exp(-|l|), over the last axis; logits and e are overwritten.

    Pixel by pixel, for a sure and right logit leaves almost nothing of itself, and sums would keep its rounding.
    """
    ahead = np.maximum(logits, 0)
    logits *= x
    logits -= ahead
    logits -= np.log1p(e, out=e)
    return logits.sum(axis=-1)


def _through_tanh(upstream, matrix, activation):
    return (upstream @ matrix.T) * (1 - activation * activation)
