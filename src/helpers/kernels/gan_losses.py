"""The losses of the two players of a GAN, with their slopes: from logits, stable for any, and for a frozen verdict.

`discriminator_loss` takes a mean over each batch; the generator's functions work sample by sample.
"""

import numpy as np

from helpers.kernels._blocks import as_float, elementwise, floats_of_one_shape
from helpers.kernels.sigmoid import decay, decayed_to_sigmoid, sigmoid
from helpers.kernels.softmax import softmax, softmax_vjp


def discriminator_loss(real, fake):
    """Return the discriminator's loss for logits of real and of generated samples, and its gradients.

    L = mean softplus(-real) + mean softplus(fake) = -mean log sigma(real) - mean log(1 - sigma(fake))
    dL/dreal = -sigma(-real) / N,   dL/dfake = sigma(fake) / M

    real: (N,). fake: (M,).
    returns: the loss, a float, in nats; (N,) and (M,); float32 stays float32.
    raises: nothing, and warns about nothing for finite logits.
    source: Goodfellow et al., Generative adversarial nets (2014), algorithm 1.

    >>> loss, dreal, dfake = discriminator_loss(np.zeros(1), np.zeros(2))
    >>> round(loss, 4), dreal, dfake
    (1.3863, array([-0.5]), array([0.25, 0.25]))
    """
    (on_real, dreal), (on_fake, dfake) = _mean_softplus(-as_float(real)), _mean_softplus(fake)
    return on_real + on_fake, np.negative(dreal, out=dreal), dfake


def _mean_softplus(x):
    """Return the mean of softplus(x) and its gradient, from one exponential an element."""
    total, x = 0.0, as_float(x)

    def write(x, out, scratch):
        """Add the losses of a block to the total, and write its slopes."""
        nonlocal total
        total += np.maximum(x, 0, out=scratch).sum(dtype=np.float64)
        total += np.log1p(decay(x, out), out=scratch).sum(dtype=np.float64)
        decayed_to_sigmoid(x, out, scratch)

    slopes = elementwise(x, write)
    return float(total / x.size), np.divide(slopes, x.size, out=slopes)


def generator_logit_gradient(a, kind):
    """Return the slope of each generated sample's loss for its own logit.

    saturating: d/da log(1 - sigma(a)) = -sigma(a);   nonsaturating: d/da -log sigma(a) = -sigma(-a)

    a: (...), logits. kind: "saturating" or "nonsaturating".
    returns: same shape, not divided by the size of the batch; float32 stays float32.
    raises: `ValueError` for another kind.
    source: Goodfellow et al., Generative adversarial nets (2014), section 3.

    >>> generator_logit_gradient(np.array([-800.0, 0.0]), "nonsaturating")
    array([-1. , -0.5])
    """
    if kind not in ("saturating", "nonsaturating"):
        raise ValueError(f"kind is either 'saturating' or 'nonsaturating', not {kind!r}")
    return -sigmoid(as_float(a) if kind == "saturating" else -as_float(a))


def mle_generator_loss(a):
    """Return the price of a sample, frozen, with which a generator follows the gradient of maximum likelihood.

    grad E_q[f] = grad E_p[-log q] for f = -p / q = -D* / (1 - D*) = -e^a, where a is the logit of the best D

    a: (...), logits.
    returns: same shape; float32 stays float32.
    raises: nothing; overflows to -inf beyond the dtype's range.
    source: Goodfellow, On distinguishability criteria for estimating generative models (2014), section 4.

    >>> mle_generator_loss(np.array([0.0]))
    array([-1.])
    """
    return -np.exp(as_float(a))


def softmax_generator_gradient(theta, fvals):
    """Return the gradient of a softmax generator's mean price, with the prices held fixed.

    d/dtheta_k sum_j q_j f_j = q_k (f_k - sum_j q_j f_j),   q = softmax(theta)

    theta, fvals: (..., K), finite, of one shape.
    returns: same shape; float32 if both are.
    raises: `ValueError` if the shapes differ.
    source: Williams, Simple statistical gradient-following algorithms (1992), with an exact expectation.

    >>> softmax_generator_gradient(np.zeros(2), np.array([1.0, 0.0]))
    array([ 0.25, -0.25])
    """
    theta, fvals = floats_of_one_shape(theta=theta, fvals=fvals)
    return softmax_vjp(softmax(theta), fvals)
