"""What importance weighting costs: the bias left at K samples, and an encoder's gradient that drowns in noise."""

import numpy as np

from helpers.kernels._blocks import as_float, floats_of_one_shape
from helpers.kernels.iwae import iwae_bound_and_weights


def iwae_bias(logw, K):
    """Return the delta method's estimate of log p(x) - E[L_K] from a sample of log-weights, in nats.

    log p - E[L_K] = Var(w) / (2 K E[w]^2) + O(1/K^2), with mean and unbiased variance of the sample; scale free

    logw: (M,), at least two log-weights; -inf is a sample without weight. K: the number of samples, at least 1.
    returns: a float. It means something only where Var(w) is finite.
    raises: `ValueError` if there are too few samples or K is less than 1.
    source: Nowozin, Debiasing evidence approximations (2018), proposition 1.

    >>> round(iwae_bias(np.log([1.0, 3.0]), 1), 9)
    0.25
    """
    logw = as_float(logw)
    if logw.ndim != 1 or len(logw) < 2 or not K >= 1:
        raise ValueError(f"log-weights (M,), M >= 2, and K >= 1 are expected, not the shape {logw.shape} and K = {K}")
    with np.errstate(under="ignore"):
        w = np.exp(logw - logw.max())
    return float(w.var(ddof=1) / (2 * K * w.mean() ** 2))


def iwae_gradients(z, b, s, dlogp, logw):
    """Return two estimates of dL_K / db for an encoder q = N(b, s^2), for each example: the plain and the DReG one.

    standard = sum_k t_k dlogp_k,   dreg = sum_k t_k^2 (dlogp_k + (z_k - b) / s^2),   t = softmax(logw) over k

    z: (N, K), samples b + s eps. b, s: numbers, or arrays that broadcast. dlogp: (N, K), d log p(x, z) / dz.
    logw: (N, K), log-weights; -inf is a sample without weight.
    returns: standard (N,), dreg (N,), whose means agree; float32 if all arrays are.
    raises: `ValueError` if the shapes differ.
    source: Tucker, Lawson, Gu, Maddison, Doubly reparameterized gradient estimators (2019), equation 8.

    >>> one = np.ones((1, 1))
    >>> iwae_gradients(one, 1.0, 1.0, 2 * one, 0 * one)
    (array([2.]), array([2.]))
    """
    z, dlogp, logw = floats_of_one_shape(z=z, dlogp=dlogp, logw=logw)
    _, weights = iwae_bound_and_weights(logw)
    standard = np.vecdot(weights, dlogp)
    through_z = (z - b) / s**2
    through_z += dlogp
    through_z *= weights
    return standard, np.vecdot(weights, through_z)
