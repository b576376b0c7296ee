"""The two networks of a variational autoencoder for binary images, with one hidden layer of tanh units each.

The encoder gives a Gaussian for each example, the decoder a Bernoulli logit for each pixel. What they are good for
together is in `vae`; this file knows their layers, their shapes and their first weights.
"""

import numpy as np

from helpers.kernels._blocks import as_float
from helpers.kernels.sigmoid import sigmoid

NAMES = ("W_in", "b_in", "W_code", "b_code", "V_in", "c_in", "V_out", "c_out")


def vae_weights(pixels, hidden, latents, rng, *, dtype=np.float32):
    """Return first weights of a variational autoencoder, a list in the order that the other functions expect.

    encoder: W_in (P, H), b_in (H,), W_code (H, 2D), b_code (2D,)
    decoder: V_in (D, H), c_in (H,), V_out (H, P), c_out (P,)

    pixels, hidden, latents: P, H, D. rng: a NumPy Generator.
    returns: eight arrays; matrices are normal with variance 1 / (number of inputs), offsets 0.
    raises: nothing.
    source: LeCun, Bottou, Orr, Mueller, Efficient BackProp (1998), section 4.6.

    >>> [one.shape for one in vae_weights(64, 32, 2, np.random.default_rng(0))][:4]
    [(64, 32), (32,), (32, 4), (4,)]
    """
    sizes = (pixels, hidden), (hidden, 2 * latents), (latents, hidden), (hidden, pixels)
    weights = []
    for inputs, outputs in sizes:
        weights.append((rng.normal(size=(inputs, outputs)) / inputs**0.5).astype(dtype))
        weights.append(np.zeros(outputs, dtype))
    return weights


def vae_encode(x, weights):
    """Return means and log-variances of q(z | x).

    h = tanh(x W_in + b_in),   (mu, log sigma^2) = h W_code + b_code

    x: (N, P). weights: the eight arrays of `vae_weights`.
    returns: mu (N, D), log-variance (N, D); float32 if all arguments are.
    raises: `ValueError` if the shapes do not fit together.
    source: Kingma, Welling, Auto-encoding variational Bayes (2014), appendix C.2.

    >>> weights = vae_weights(4, 3, 2, np.random.default_rng(0))
    >>> [one.shape for one in vae_encode(np.ones((5, 4), np.float32), weights)]
    [(5, 2), (5, 2)]
    """
    x, weights = checked(x, weights)
    return encoded(x, weights)[1:]


def vae_decode(z, weights):
    """Return the probability of ink in each pixel, for latents z.

    p(x = 1 | z) = sigma(tanh(z V_in + c_in) V_out + c_out)

    z: (..., D). weights: the eight arrays of `vae_weights`.
    returns: (..., P); float32 if all arguments are.
    raises: `ValueError` if the shapes do not fit together.
    source: Kingma, Welling, Auto-encoding variational Bayes (2014), appendix C.1.

    >>> vae_decode(np.zeros((1, 2)), [np.zeros_like(one) for one in vae_weights(4, 3, 2, np.random.default_rng(0))])
    array([[0.5, 0.5, 0.5, 0.5]])
    """
    z, weights = as_float(z), shaped(weights)
    if z.ndim == 0 or z.shape[-1] != len(weights[4]):
        raise ValueError(f"latents (..., {len(weights[4])}) are expected, not {z.shape}")
    return sigmoid(decoded(z, weights)[1])


def encoded(x, weights):
    """Return the hidden layer, means and log-variances; nothing is checked."""
    h = x @ weights[0]
    h += weights[1]
    np.tanh(h, out=h)
    return (h, *np.split(h @ weights[2] + weights[3], 2, axis=1))


def decoded(z, weights):
    """Return the hidden layer and the logits; nothing is checked."""
    g = z @ weights[4]
    g += weights[5]
    np.tanh(g, out=g)
    logits = g @ weights[6]
    logits += weights[7]
    return g, logits


def checked(x, weights):
    """Return images and weights in their common floating-point dtype, after checking that they fit together."""
    x, weights = as_float(x), shaped(weights)
    if x.ndim != 2 or x.shape[1] != len(weights[0]):
        raise ValueError(f"images (N, {len(weights[0])}) are expected, not {x.shape}")
    dtype = np.result_type(x, *weights)
    return x.astype(dtype, copy=False), [one.astype(dtype, copy=False) for one in weights]


def shaped(weights):
    """Return the weights as arrays, after checking that the eight fit together."""
    weights = [as_float(one) for one in weights]
    shapes = dict(zip(NAMES, (one.shape for one in weights), strict=False))
    try:
        (P, H), (D, G) = weights[0].shape, weights[4].shape
    except (IndexError, ValueError):
        raise ValueError(f"eight weights {', '.join(NAMES)} are expected, not {shapes}") from None
    if tuple(shapes.values()) != ((P, H), (H,), (H, 2 * D), (2 * D,), (D, G), (G,), (G, P), (P,)):
        raise ValueError(f"the weights' shapes do not fit together: {shapes}")
    return weights
