"""A small network of leaky ReLUs: forward, backward, and once more backward, for penalties on its slope in the input.

Between its kinks such a network is linear in its input. So its slope in the input is a product of weights and of slopes
of the units, which stay as they are under small changes of anything, and the gradient of that slope for the weights is
one more backward pass.
"""

from itertools import pairwise

import numpy as np

LEAK = 0.2  # slope of a unit on its left side


def mlp_weights(sizes, rng):
    """Return random weights and zero offsets of a network with these layer sizes.

    W ~ N(0, 2 / fan-in), b = 0

    sizes: numbers of inputs, of units in each hidden layer, and of outputs. rng: Generator.
    returns: list W1, b1, W2, b2, ..., float64, W (inputs, outputs).
    raises: `ValueError` for fewer than two sizes.
    source: He, Zhang, Ren, Sun, Delving deep into rectifiers (2015).

    >>> [w.shape for w in mlp_weights((2, 3, 1), np.random.default_rng(0))]
    [(2, 3), (3,), (3, 1), (1,)]
    """
    if len(sizes) < 2:
        raise ValueError(f"sizes of at least an input and an output are expected, not {sizes}")
    weights = []
    for inputs, outputs in pairwise(sizes):
        weights += [rng.normal(size=(inputs, outputs)) * np.sqrt(2 / inputs), np.zeros(outputs)]
    return weights


def mlp_forward(x, weights):
    """Return the network's outputs, and what the way back needs.

    h_0 = x,   h_k = leaky(h_{k-1} W_k + b_k), leaky(a) = max(a, 0.2 a),   out = h_{L-1} W_L + b_L

    x: (N, inputs). weights: list W1, b1, ..., WL, bL.
    returns: (N, outputs), and the cache.
    raises: `ValueError` if shapes do not fit.
    source: Maas, Hannun, Ng, Rectifier nonlinearities improve neural network acoustic models (2013).

    >>> mlp_forward(np.array([[-1.0], [1.0]]), [np.eye(1), np.zeros(1), np.eye(1), np.zeros(1)])[0]
    array([[-0.2],
           [ 1. ]])
    """
    inputs, slopes = [x], []
    for k in range(0, len(weights) - 2, 2):
        a = inputs[-1] @ weights[k]
        a += weights[k + 1]
        slopes.append(np.where(a > 0, a.dtype.type(1), a.dtype.type(LEAK)))
        a *= slopes[-1]
        inputs.append(a)
    return inputs[-1] @ weights[-2] + weights[-1], (inputs, slopes, weights)


def mlp_backward(upstream, cache):
    """Return the gradients for the input and for all weights.

    dW_k = h_{k-1}^T delta_k,   db_k = sum_n delta_k,   delta_{k-1} = delta_k W_k^T * leaky'(a_{k-1})

    upstream: (N, outputs). cache: from `mlp_forward`. With an upstream of ones, and one output, the first result is the
    slope of the network in its input, at every sample.
    returns: (N, inputs), and a list in the order of the weights.
    raises: `ValueError` if shapes do not fit.
    source: Rumelhart, Hinton, Williams, Learning representations by back-propagating errors (1986).

    >>> _, cache = mlp_forward(np.array([[-1.0], [1.0]]), [np.eye(1), np.zeros(1), np.eye(1), np.zeros(1)])
    >>> mlp_backward(np.ones((2, 1)), cache)[0].ravel()
    array([0.2, 1. ])
    """
    inputs, slopes, weights = cache
    gradients, delta = [], upstream
    for k in range(len(inputs) - 1, -1, -1):
        gradients = [inputs[k].T @ delta, delta.sum(axis=0), *gradients]
        delta = delta @ weights[2 * k].T
        if k:
            delta *= slopes[k - 1]
    return delta, gradients


def mlp_double_backward(direction, cache):
    """Return the gradients for all weights of the network's slope in its input, along a given direction.

    d/dW of sum_n <v_n, d out_n / d x_n>: send v through the network as if it were an input, without offsets and with
    the slopes of the units as they are; then go backward from ones

    direction: (N, inputs), v, held fixed: gamma slope / N for R1, whose penalty is gamma / 2 mean |slope|^2.
    cache: from `mlp_forward`, of a network with one output.
    returns: list in the order of the weights; it is 0 for the offsets.
    raises: `ValueError` if shapes do not fit.
    source: Drucker, Le Cun, Improving generalization performance using double backpropagation (1992).

    >>> _, cache = mlp_forward(np.array([[1.0]]), [2 * np.eye(1), np.zeros(1), 3 * np.eye(1), np.zeros(1)])
    >>> [float(gradient.sum()) for gradient in mlp_double_backward(np.ones((1, 1)), cache)]
    [3.0, 0.0, 2.0, 0.0]
    """
    _, slopes, weights = cache
    tangents = [direction]
    for k, slope in enumerate(slopes):
        tangents.append(tangents[-1] @ weights[2 * k])
        tangents[-1] *= slope
    _, gradients = mlp_backward(np.ones((len(direction), 1), tangents[-1].dtype), (tangents, slopes, weights))
    return [np.zeros_like(g) if place % 2 else g for place, g in enumerate(gradients)]
