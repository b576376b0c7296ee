"""Four distances of two shifted boxes in closed form: where the divergences are blind, and what the transport sees."""

import numpy as np

from helpers.kernels._blocks import as_float


def shifted_uniform_divergences(theta):
    """Return KL(p||q), KL(q||p), JS with equal weights, in nats, and W1 of p = U[0, 1] and q = U[theta, theta + 1].

    KL = inf for theta != 0, 0 for theta = 0,   JS = min(|theta|, 1) log 2,   W1 = |theta|

    theta: (...), any real numbers.
    returns: four arrays (...), NumPy scalars for one number; float32 if theta is. W1 has the unit of theta.
    source: Arjovsky, Chintala, Bottou, Wasserstein generative adversarial networks (2017), example 1.

    >>> [round(float(value), 4) for value in shifted_uniform_divergences(-0.5)]
    [inf, inf, 0.3466, 0.5]
    """
    apart = np.abs(as_float(theta))
    kl = np.where(apart > 0, apart.dtype.type(np.inf), apart)
    return kl[()], kl[()], (np.minimum(apart, 1) * apart.dtype.type(np.log(2)))[()], apart[()]
