"""A recurrent network of sigmoid units, step by step as lesson 05 writes it: outputs, sensitivities, gradients.

One sequence at a time and float64, for reading and for figures. Only what a step owes to the step before it stands in a
loop; the inputs' part, the slopes and all sums over time are matrix products over the whole sequence.
"""

import numpy as np

from helpers.kernels.sigmoid import sigmoid


def rnn_forward(W, U, v, x, h0):
    """Return what a recurrent network of sigmoid units reaches, keeps and puts out at every step.

    a_t = W x_t + U h_{t-1},   h_t = sigmoid(a_t),   y_t = v . h_t

    W (H, D), U (H, H), v (H,), x (T, D), h0 (H,): arrays.
    returns: a (T, H), h (T, H), y (T,), float64.
    source: Elman, Finding structure in time, Cognitive Science 14 (1990), without biases.

    >>> rnn_forward(np.zeros((1, 1)), np.zeros((1, 1)), np.ones(1), np.zeros((2, 1)), np.zeros(1))[2]
    array([0.5, 0.5])
    """
    a = np.asarray(x, dtype=float) @ W.T
    h = np.empty_like(a)
    before = h0
    for t in range(len(a)):
        a[t] += U @ before
        before = h[t] = sigmoid(a[t])
    return a, h, h @ v


def output_sensitivity(W, v, a):
    """Return how each output of a recurrent network answers to the input of its own step.

    dy_t/dx_t = v^T diag(sigmoid'(a_t)) W

    W (H, D), v (H,), a (T, H): arrays; a holds the pre-activations.
    returns: (T, D), float64.
    source: lesson 05; the chain rule.

    >>> output_sensitivity(np.eye(1), np.ones(1), np.zeros((1, 1)))
    array([[0.25]])
    """
    h = sigmoid(a)
    return (h * (1 - h) * v) @ W


def bptt(W, U, v, x, z, h0):
    """Return the squared error of a recurrent network and its gradients.

    L = sum_t (y_t - z_t)^2,   delta_t = sigmoid'(a_t) (2 (y_t - z_t) v + U^T delta_{t+1})
    dW = sum_t delta_t x_t^T,   dU = sum_t delta_t h_{t-1}^T,   dv = sum_t 2 (y_t - z_t) h_t

    W, U, v, x, h0: as in `rnn_forward`. z (T,): targets.
    returns: L (a float), dW (H, D), dU (H, H), dv (H,).
    source: Werbos, Backpropagation through time, Proceedings of the IEEE 78 (1990).

    >>> zero = np.zeros((1, 1))
    >>> bptt(zero, zero, np.ones(1), zero, np.zeros(1), np.zeros(1))[0]
    0.25
    """
    return penalized_bptt(W, U, v, x, z, h0, 0.0)


def penalized_bptt(W, U, v, x, z, h0, lam=1.0):
    """Return the squared error plus a penalty on the sensitivity of a recurrent network, and its gradients.

    L = sum_t (y_t - z_t)^2 + lam |g_t|^2,   g_t = W^T (v sigmoid'(a_t))
    delta_t = sigmoid'(a_t) (2 (y_t - z_t) v + U^T delta_{t+1}) + 2 lam sigmoid''(a_t) v (W g_t)

    W, U, v, x, z, h0: as in `bptt`. lam: number, at least 0.
    returns: L (a float), dW (H, D), dU (H, H), dv (H,).
    source: lesson 05; Drucker, Le Cun, Improving generalization performance using double backpropagation (1992).

    >>> zero = np.zeros((1, 1))
    >>> penalized_bptt(zero, zero, np.ones(1), zero, np.zeros(1), np.zeros(1))[0]
    0.25
    """
    _, h, y = rnn_forward(W, U, v, x, h0)
    slope, error = h * (1 - h), y - z
    g = (slope * v) @ W
    spread = 2 * lam * g @ W.T
    delta = slope * np.multiply.outer(2 * error, v) + slope * (1 - 2 * h) * v * spread
    for t in range(len(delta) - 1, 0, -1):
        delta[t - 1] += slope[t - 1] * (delta[t] @ U)
    before = np.concatenate([h0[None], h])[:-1]
    dW = delta.T @ x + 2 * lam * (slope * v).T @ g
    dv = 2 * error @ h + (slope * spread).sum(axis=0)
    return float(error @ error + lam * np.sum(g * g)), dW, delta.T @ before, dv
