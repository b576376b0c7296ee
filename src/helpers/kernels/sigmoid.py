"""The logistic sigmoid, its logarithm, its slope, and what a chain of sigmoids leaves of a gradient.

Everything is written with exp(-|x|), which cannot overflow, so no finite input warns and both tails stay accurate.
"""

import numpy as np

from helpers.kernels._blocks import as_float, elementwise


def sigmoid(x):
    """Return 1 / (1 + exp(-x)).

    sigma(x) = max(e, [x >= 0]) / (1 + e) with e = exp(-|x|): the numerator is 1 on the right and exp(x) on the left

    x: array of any shape, or a number.
    returns: same shape (a NumPy scalar for a number); float32 stays float32, integers give float64.
    raises: nothing, and warns about nothing; sigma(inf) = 1, sigma(-inf) = 0.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 3.10.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    return elementwise(x, write_sigmoid)


def write_sigmoid(x, out, scratch):
    """Write sigma(x) into `out`; the three arrays must not overlap."""
    decay(x, out)
    decayed_to_sigmoid(x, out, scratch)


def decayed_to_sigmoid(x, out, scratch):
    """Turn exp(-|x|), which stands in `out`, into sigma(x)."""
    np.greater_equal(x, 0, out=scratch)
    np.maximum(scratch, out, out=scratch)
    np.divide(scratch, np.add(out, 1, out=out), out=out)


def gate(a):
    """Return sigma(a) as a tanh, which overflows nowhere; absolute accuracy is all that a gate needs."""
    return (1 + np.tanh(a / 2)) / 2


def log_sigmoid(x):
    """Return log sigma(x) and its derivative 1 - sigma(x).

    log sigma(x) = min(x, 0) - log(1 + exp(-|x|)),   d/dx log sigma(x) = sigma(-x)

    x: array of any shape, or a number.
    returns: two arrays of the same shape; float32 stays float32, integers give float64.
    raises: nothing, and warns about nothing.
    source: Maechler, Accurately computing log(1 - exp(-|a|)), vignette of the R package Rmpfr (2012).

    >>> value, slope = log_sigmoid(np.array([-1000.0, 0.0]))
    >>> value, slope
    (array([-1.00000000e+03, -6.93147181e-01]), array([1. , 0.5]))
    """
    return elementwise(x, _write_log_sigmoid), elementwise(x, lambda x, *room: write_sigmoid(-x, *room))


def _write_log_sigmoid(x, out, scratch):
    np.log1p(decay(x, scratch), out=scratch)
    np.minimum(x, 0, out=out)
    np.subtract(out, scratch, out=out)


def sigmoid_gradient(x, k=1.0):
    """Return the derivative of sigma(k x) with respect to x, and the supremum of that derivative over all x.

    d/dx sigma(k x) = k exp(-|k x|) / (1 + exp(-|k x|))^2,   sup = k / 4 if k > 0, else 0

    x: array of any shape, or a number. k: a number.
    returns: array of the same shape (float32 stays float32); the supremum, a float.
    raises: nothing, and warns about nothing for finite k x.
    source: LeCun, Bottou, Orr, Mueller, Efficient BackProp (1998), section 4.4.

    >>> slope, highest = sigmoid_gradient(np.array([0.0, 800.0]), 2.0)
    >>> slope, highest
    (array([0.5, 0. ]), 0.5)
    """
    x = as_float(x)
    k_like_x = x.dtype.type(k)
    with np.errstate(under="ignore"):
        slope = k_like_x * elementwise(k_like_x * x, _write_slope)
    return slope, k / 4.0 if k > 0 else 0.0


def _write_slope(x, out, scratch):
    np.add(decay(x, out), 1, out=scratch)
    np.divide(out, np.square(scratch, out=scratch), out=out)


def deep_sigmoid_gradient(h0, w, L):
    """Return dh_L/dh_0 for the chain h_{l+1} = sigma(w h_l).

    dh_L/dh_0 = prod_l w sigma'(w h_l), each factor at its own activation and at most |w|/4 in size

    h0: a number, or an array of starting values. w: a number. L: the number of layers, an int of at least 0.
    returns: the derivative, in the shape of h0.
    raises: `TypeError` if L is no integer.
    source: Hochreiter, The vanishing gradient problem during learning recurrent neural nets (1998).

    >>> round(float(deep_sigmoid_gradient(0.5, 1.0, 2)), 6)
    0.053408
    """
    activation = as_float(h0)
    derivative = np.ones_like(activation)
    for _layer in range(L):
        derivative = derivative * sigmoid_gradient(activation, w)[0]
        activation = sigmoid(activation * w)
    return derivative[()]


def decay(x, out):
    """Write exp(-|x|), which is what all sigmoids are made of, into `out` and return it."""
    return np.exp(np.negative(np.abs(x, out=out), out=out), out=out)
