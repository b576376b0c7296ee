"""A critic that is kept 1-Lipschitz by a penalty on its slope: a tanh network, its slope, and a step's gradients.

The penalty is a function of the gradient in the inputs, so its own gradient in the weights is a second derivative. With
h_l = tanh(h_(l-1) W_l + b_l) the slope comes from a backward pass, v_l = u_l (1 - h_l^2), u_(l-1) = v_l W_l^T. The
double backward pass runs through it in the other direction, from the inputs up, and leaves a message at every h_l. The
ordinary backward pass then picks it up. Real, generated and interpolated points go through the layers together.
"""

import numpy as np

from helpers.kernels._blocks import as_float


def critic_forward(x, weights):
    """Return the values of a critic with tanh units, and what `critic_slope` needs.

    h_0 = x,   h_l = tanh(h_(l-1) W_l + b_l),   f = h_L W + b

    x: (N, D). weights: a list W_1 (D, H_1), b_1 (H_1,), ..., W (H_L, 1), b (1,), with at least one hidden layer.
    returns: f (N,), float32 if all are; the cache (h_0, ..., h_L), weights.
    raises: `ValueError` if the shapes do not fit together.
    source: Rumelhart, Hinton, Williams, Learning representations by back-propagating errors, Nature (1986).

    >>> f, cache = critic_forward(np.zeros((3, 2)), [np.ones((2, 4)), np.zeros(4), np.ones((4, 1)), np.ones(1)])
    >>> f
    array([1., 1., 1.])
    """
    x = as_float(x)
    _require_layers(x, weights)
    states = [x]
    for W, b in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        state = states[-1] @ W
        state += b
        states.append(np.tanh(state, out=state))
    return (states[-1] @ weights[-2] + weights[-1])[:, 0], (tuple(states), weights)


def critic_slope(cache):
    """Return the gradient of each value of a critic in its own input.

    df/dh_L = W,   df/dh_(l-1) = (df/dh_l (1 - h_l^2)) W_l^T

    cache: from `critic_forward`.
    returns: (N, D).
    source: Rumelhart, Hinton, Williams, Learning representations by back-propagating errors, Nature (1986).

    >>> f, cache = critic_forward(np.zeros((1, 2)), [np.ones((2, 4)), np.zeros(4), np.ones((4, 1)), np.ones(1)])
    >>> critic_slope(cache)
    array([[4., 4.]])
    """
    return _backward_to_inputs(*cache)[0]


def penalized_critic_gradients(weights, real, fake, t, lam=10.0):
    """Return loss, estimate and penalty of a critic with a gradient penalty, and the gradients of the loss.

    loss = mean f(fake) - mean f(real) + penalty,   estimate = mean f(real) - mean f(fake)
    penalty = lam mean_n (|df/dx (x_n)| - 1)^2,   x = t real + (1 - t) fake

    weights: as in `critic_forward`. real, fake: (N, D). t: (N,), in [0, 1], one for each pair.
    returns: loss, estimate, penalty, three floats; gradients, a list in the order and shapes of the weights. Where the
    slope is exactly 0 the penalty has no gradient, and 0 is taken. float32 if all arrays are.
    raises: `ValueError` if the shapes do not fit together.
    source: Gulrajani, Ahmed, Arjovsky, Dumoulin, Courville, Improved training of Wasserstein GANs (2017), algorithm 1.

    >>> weights = [np.eye(2), np.zeros(2), np.zeros((2, 1)), np.zeros(1)]
    >>> penalized_critic_gradients(weights, np.ones((3, 2)), np.zeros((3, 2)), np.zeros(3))[:3]
    (10.0, 0.0, 10.0)
    """
    real, fake, t = as_float(real), as_float(fake), as_float(t)
    if real.ndim != 2 or real.shape != fake.shape or t.shape != real.shape[:1] or len(t) == 0:
        raise ValueError(f"real and fake (N, D) and t (N,) are expected, not {real.shape}, {fake.shape} and {t.shape}")
    n, between = len(real), fake + t[:, None] * (real - fake)
    values, (states, _) = critic_forward(np.concatenate([real, fake, between]), weights)
    gradients = [np.zeros_like(weight) for weight in weights]
    penalty, messages = _double_backward([state[2 * n :] for state in states], weights, lam, gradients)
    upstream = np.zeros((3 * n, 1), values.dtype)
    upstream[:n], upstream[n : 2 * n] = -1 / n, 1 / n
    _backward(states, weights, upstream, messages, gradients)
    estimate = float(values[:n].mean() - values[n : 2 * n].mean())
    return penalty - estimate, estimate, penalty, gradients


def _backward_to_inputs(states, weights):
    """Return df/dx, and for each hidden layer df/dh_l and df/da_l, with a_l what the tanh is taken of."""
    arriving, leaving = [], []
    message = np.broadcast_to(weights[-2][:, 0], states[-1].shape)
    for W, state in zip(weights[-4::-2], states[:0:-1], strict=True):
        arriving.append(message)
        leaving.append((1 - state * state) * message)
        message = leaving[-1] @ W.T
    return message, arriving[::-1], leaving[::-1]


def _double_backward(states, weights, lam, gradients):
    """Add the penalty's gradients that come through the slope; return the penalty and its messages to the states."""
    slope, arriving, leaving = _backward_to_inputs(states, weights)
    length = np.linalg.norm(slope, axis=1, keepdims=True)
    penalty = float(lam * np.mean(np.square(length - 1)))
    factor = (2 * lam / len(slope)) * (length - 1) / np.where(length > 0, length, 1)
    message, messages = slope * factor.astype(slope.dtype), []
    for k, state in enumerate(states[1:]):
        gradients[2 * k] += message.T @ leaving[k]
        onward = message @ weights[2 * k]
        messages.append(-2 * state * onward * arriving[k])
        message = (1 - state * state) * onward
    gradients[-2][:, 0] += message.sum(axis=0)
    return penalty, messages


def _backward(states, weights, upstream, messages, gradients):
    """Add the gradients that come through the states; the last rows of each state have a message from the penalty."""
    gradients[-2] += states[-1].T @ upstream
    gradients[-1] += upstream.sum(axis=0)
    message = upstream @ weights[-2].T
    for k in range(len(states) - 2, -1, -1):
        message[-len(messages[k]) :] += messages[k]
        message *= 1 - states[k + 1] * states[k + 1]
        gradients[2 * k] += states[k].T @ message
        gradients[2 * k + 1] += message.sum(axis=0)
        if k:
            message = message @ weights[2 * k].T


def _require_layers(x, weights):
    shapes = [np.shape(weight) for weight in weights]
    fits = x.ndim == 2 and len(weights) >= 4 and len(weights) % 2 == 0 and shapes[-1] == (1,)
    width = x.shape[-1] if fits else None
    for W, b in zip(shapes[::2], shapes[1::2], strict=False):
        fits = fits and (width, *b) == W
        width = b[0] if b else None
    if not fits:
        raise ValueError(f"a batch (N, D) and layers W, b that end in one value are expected, not {x.shape}, {shapes}")
