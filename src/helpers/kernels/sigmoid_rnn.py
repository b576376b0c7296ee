"""A small recurrent network with sigmoid units and one output a step, and backpropagation through time by hand.

One sequence, vectors, no bias. Backward, the loop over time makes only the gradients of the pre-activations; those of
the weights are products over all steps at once. The layer for batches is in tanh_rnn.py.
"""

import numpy as np

from helpers.kernels._blocks import as_float
from helpers.kernels.sigmoid import sigmoid_gradient, write_sigmoid


def rnn_forward(W, U, v, x, h0):
    """Return the pre-activations, the states and the outputs of a recurrent network on one sequence.

    a_t = W x_t + U h_{t-1},   h_t = sigma(a_t),   y_t = v . h_t

    W: (H, D). U: (H, H). v: (H,). x: (T, D), one row a step. h0: (H,).
    returns: a (T, H), h (T, H), y (T,); float32 if all arguments are.
    raises: `ValueError` if the shapes do not fit together.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 10.2.

    >>> a, h, y = rnn_forward(np.zeros((1, 1)), np.zeros((1, 1)), np.ones(1), np.zeros((2, 1)), np.zeros(1))
    >>> y
    array([0.5, 0.5])
    """
    W, U, v, x, h0 = _require_network(W=W, U=U, v=v, x=x, h0=h0)
    a = x @ W.T
    h, before, scratch = np.empty_like(a), h0, np.empty_like(h0)
    with np.errstate(under="ignore"):
        for a_t, h_t in zip(a, h, strict=True):
            a_t += U @ before
            write_sigmoid(a_t, h_t, scratch)
            before = h_t
        return a, h, h @ v


def _require_network(**arrays):
    """Return the arrays in their common floating-point dtype; they must fit together."""
    arrays = {name: as_float(array) for name, array in arrays.items()}
    T, D = arrays["x"].shape if arrays["x"].ndim == 2 else (-1, -1)
    H = arrays["h0"].size
    right = {"W": (H, D), "U": (H, H), "v": (H,), "x": (T, D), "z": (T,), "h0": (H,)}
    if any(array.shape != right[name] for name, array in arrays.items()):
        names = {"W": "(H, D)", "U": "(H, H)", "v": "(H,)", "x": "(T, D)", "z": "(T,)", "h0": "(H,)"}
        expected = ", ".join(f"{name} {names[name]}" for name in arrays)
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"expected {expected}; these do not fit together: {shapes}")
    dtype = np.result_type(*arrays.values())
    return [array.astype(dtype, copy=False) for array in arrays.values()]


def output_sensitivity(W, v, a):
    """Return the derivatives of each output with respect to the input of the same step.

    dy_t/dx_t = v^T diag(sigma'(a_t)) W

    W: (H, D). v: (H,). a: (T, H), pre-activations.
    returns: (T, D), one row a step.
    raises: `ValueError` if the shapes do not fit together.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 10.2.

    >>> output_sensitivity(np.eye(1), np.ones(1), np.zeros((1, 1)))
    array([[0.25]])
    """
    W, v, a = as_float(W), as_float(v), as_float(a)
    if W.ndim != 2 or v.shape != W.shape[:1] or a.ndim != 2 or a.shape[1:] != v.shape:
        shapes = f"W {W.shape}, v {v.shape}, a {a.shape}"
        raise ValueError(f"expected W (H, D), v (H,), a (T, H); these do not fit together: {shapes}")
    return (v * sigmoid_gradient(a)[0]) @ W


def bptt(W, U, v, x, z, h0):
    """Return the squared loss of the outputs on one sequence, and its gradients by backpropagation through time.

    L = sum_t (y_t - z_t)^2,   da_t = sigma'(a_t) (2 (y_t - z_t) v + U^T da_{t+1})
    dW = sum_t da_t x_t^T,   dU = sum_t da_t h_{t-1}^T,   dv = sum_t 2 (y_t - z_t) h_t

    W: (H, D). U: (H, H). v: (H,). x: (T, D). z: (T,), targets. h0: (H,).
    returns: L (float), dW (H, D), dU (H, H), dv (H,).
    raises: `ValueError` if the shapes do not fit together.
    source: Werbos, Backpropagation through time: what it does and how to do it, Proceedings of the IEEE (1990).

    >>> bptt(np.zeros((1, 1)), np.zeros((1, 1)), np.ones(1), np.zeros((1, 1)), np.zeros(1), np.zeros(1))[::3]
    (0.25, array([0.5]))
    """
    return penalized_bptt(W, U, v, x, z, h0, lam=0.0)


def penalized_bptt(W, U, v, x, z, h0, lam=1.0):
    """Return the squared loss plus a penalty on the sensitivity of the outputs, and its gradients.

    L = sum_t (y_t - z_t)^2 + lam |g_t|^2,   g_t = dy_t/dx_t = v^T diag(sigma'(a_t)) W
    da_t = sigma'(a_t) (2 (y_t - z_t) v + U^T da_{t+1}) + 2 lam sigma''(a_t) v (W g_t)
    dW = sum_t da_t x_t^T + 2 lam (v sigma'(a_t)) g_t^T,   dU = sum_t da_t h_{t-1}^T
    dv = sum_t 2 (y_t - z_t) h_t + 2 lam sigma'(a_t) (W g_t)

    The penalty depends on a_t, through sigma', and so on U and on all that came before.

    W: (H, D). U: (H, H). v: (H,). x: (T, D). z: (T,), targets. h0: (H,). lam: number, the weight of the penalty.
    returns: L (float), dW (H, D), dU (H, H), dv (H,).
    raises: `ValueError` if the shapes do not fit together, or lam is negative.
    source: Drucker, Le Cun, Improving generalization performance using double backpropagation (1992).

    >>> penalized_bptt(np.ones((1, 1)), np.zeros((1, 1)), np.ones(1), np.zeros((1, 1)), [0.5], np.zeros(1))[0]
    0.0625
    """
    if not lam >= 0:
        raise ValueError(f"lam, the weight of the penalty, is at least 0, and not {lam}")
    W, U, v, x, z, h0 = _require_network(W=W, U=U, v=v, x=x, z=z, h0=h0)
    _, h, y = rnn_forward(W, U, v, x, h0)
    error, slope = y - z, h * (1 - h)
    g = (v * slope) @ W
    Wg = g @ W.T
    upstream = 2 * error[:, None] * v + 2 * lam * (1 - 2 * h) * v * Wg  # sigma'' = sigma' (1 - 2 sigma)
    da = _through_time(U, slope, upstream)
    dW = da.T @ x + 2 * lam * (v * slope).T @ g
    dU = da.T @ np.concatenate([h0[None], h])[:-1]
    dv = 2 * error @ h + 2 * lam * (slope * Wg).sum(axis=0)
    return float(error @ error + lam * np.vdot(g, g)), dW, dU, dv


def _through_time(U, slope, upstream):
    """Return da_t = sigma'(a_t) (upstream_t + U^T da_{t+1}) for all steps, from the last to the first."""
    da, later = np.empty_like(upstream), np.zeros(len(U), U.dtype)
    for t in reversed(range(len(da))):
        np.multiply(slope[t], upstream[t] + later, out=da[t])
        later = da[t] @ U
    return da
