"""How steep a network can be: spectral norms by power iteration, and what clipping the weights really bounds."""

import itertools
import math

import numpy as np

from helpers.kernels._blocks import as_float


def spectral_norm(W, u, iters):
    """Return the estimate of the largest singular value after some rounds of power iteration, with both vectors.

    v = W^T u / |W^T u|,   u = W v / |W v|,   iters times;   sigma = u^T W v

    W: (m, n). u: (m,), where to start; its length does not matter. iters: integer, at least 1.
    returns: sigma, a float that is never above the largest singular value; u (m,) and v (n,), of length 1 (0 where W
    maps to 0); float32 if W and u are.
    raises: `ValueError` if the shapes do not fit or iters is below 1.
    source: Miyato, Kataoka, Koyama, Yoshida, Spectral normalization for GANs (2018), section 2.1 and algorithm 1.

    >>> sigma, u, v = spectral_norm(np.diag([3.0, 1.0]), np.ones(2), 40)
    >>> round(sigma, 9), u.round(9), v.round(9)
    (3.0, array([1., 0.]), array([1., 0.]))
    """
    W, u = as_float(W), as_float(u)
    if W.ndim != 2 or u.shape != W.shape[:1] or iters < 1:
        raise ValueError(f"W (m, n), u (m,) and iters >= 1 are expected, not {W.shape}, {u.shape} and {iters}")
    for _ in range(iters):
        v = _unit(u @ W)
        u = _unit(W @ v)
    return float(u @ W @ v), u, v


def _unit(vector):
    size = np.linalg.norm(vector)
    return vector / size if size > 0 else vector


def lipschitz_bound_from_clipping(widths, c):
    """Return a bound on the slope of a network whose weights lie in [-c, c] and whose activations are 1-Lipschitz.

    bound = product over layers of c sqrt(inputs outputs): a matrix of entries c has this spectral norm, and none more

    widths: the numbers of units from the input to the output, at least two. c: a number, at least 0.
    returns: a float, in the Euclidean norm.
    raises: `ValueError` if there are fewer than two widths.
    source: Gouk, Frank, Pfahringer, Cree, Regularisation of neural networks by enforcing Lipschitz continuity (2021).

    >>> lipschitz_bound_from_clipping([2, 128, 1], 0.01)
    0.0181...
    """
    if len(widths) < 2:
        raise ValueError(f"a network has at least an input and an output width, not {list(widths)}")
    return math.prod(float(c) * math.sqrt(a * b) for a, b in itertools.pairwise(widths))
