"""Smooth activations and their derivatives: tanh's slope, softplus, and SiLU and GELU, which are x times a sigmoid.

Everything is a sigmoid in disguise, so `sigmoid.py` does the work, and no tail overflows or loses its digits. A layer's
backward pass is `dout * silu_gradient(x)`.
"""

import math

import numpy as np

from helpers.kernels._blocks import elementwise
from helpers.kernels.sigmoid import decay, sigmoid, write_sigmoid

FLAT = 1000.0  # beyond +-FLAT the SiLU is 0 or x in every dtype
GELU_FLAT = 30.0  # and the GELU here; its cube would overflow farther out
GELU_SCALE, GELU_CUBE = 2 * math.sqrt(2 / math.pi), 0.044715


def tanh_gradient(x):
    """Return the derivative of tanh.

    d/dx tanh(x) = 1 - tanh(x)^2 = 4 e / (1 + e)^2 with e = exp(-2 |x|), which keeps the digits of the tails

    x: array of any shape, or a number. If y = tanh(x) is at hand, 1 - y^2 is faster, and 0 beyond |x| = 19.
    returns: same shape; float32 stays float32, integers give float64.
    raises: nothing, and warns about nothing.
    source: LeCun, Bottou, Orr, Mueller, Efficient BackProp (1998), section 4.4.

    >>> float(tanh_gradient(0.0)), bool(tanh_gradient(30.0) > 0)
    (1.0, True)
    """

    def write(x, out, scratch):
        np.square(decay(x, out), out=out)
        np.square(np.add(out, 1, out=scratch), out=scratch)
        np.divide(np.multiply(out, 4, out=out), scratch, out=out)

    return elementwise(x, write)


def softplus(x):
    """Return log(1 + exp(x)), the smooth ReLU.

    softplus(x) = max(x, 0) + log1p(exp(-|x|)) = -log sigma(-x)

    x: array of any shape, or a number.
    returns: same shape; float32 stays float32, integers give float64.
    raises: nothing, and warns about nothing.
    source: Dugas et al., Incorporating second-order functional knowledge for better option pricing, NIPS (2000).

    >>> softplus(np.array([-1000.0, 1000.0]))
    array([   0., 1000.])
    """

    def write(x, out, scratch):
        np.log1p(decay(x, scratch), out=scratch)
        np.add(np.maximum(x, 0, out=out), scratch, out=out)

    return elementwise(x, write)


def softplus_gradient(x):
    """Return the derivative of softplus, which is the sigmoid.

    d/dx log(1 + exp(x)) = sigma(x)

    x: array of any shape, or a number.
    returns: same shape; float32 stays float32, integers give float64.
    raises: nothing, and warns about nothing.
    source: Dugas et al., Incorporating second-order functional knowledge for better option pricing, NIPS (2000).

    >>> softplus_gradient(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    return sigmoid(x)


def silu(x):
    """Return x sigma(x), the SiLU or swish.

    silu(x) = x sigma(x)

    x: array of any shape, or a number.
    returns: same shape; float32 stays float32, integers give float64; silu(-inf) = 0.
    raises: nothing, and warns about nothing.
    source: Elfwing, Uchibe, Doya, Sigmoid-weighted linear units, Neural Networks (2018).

    >>> silu(np.array([0.0, 1000.0]))
    array([   0., 1000.])
    """

    def write(x, out, *scratch):
        np.maximum(x, -FLAT, out=scratch[0])
        write_sigmoid(scratch[0], out, scratch[1])
        np.multiply(out, scratch[0], out=out)

    return elementwise(x, write, scratches=2)


def silu_gradient(x):
    """Return the derivative of the SiLU.

    d/dx x sigma(x) = sigma(x) (1 + x (1 - sigma(x)))

    x: array of any shape, or a number.
    returns: same shape; float32 stays float32, integers give float64.
    raises: nothing, and warns about nothing.
    source: Elfwing, Uchibe, Doya, Sigmoid-weighted linear units, Neural Networks (2018).

    >>> silu_gradient(np.array([-1000.0, 0.0, 1000.0]))
    array([-0. ,  0.5,  1. ])
    """

    def write(x, out, *scratch):
        x = np.clip(x, -FLAT, FLAT, out=scratch[0])
        write_sigmoid(x, out, scratch[1])
        _write_gate_gradient(x, out, scratch[1])

    return elementwise(x, write, scratches=2)


def _write_gate_gradient(argument, sigma, scratch):
    """Turn sigma into sigma (1 + argument (1 - sigma)), in place."""
    np.multiply(np.subtract(1, sigma, out=scratch), argument, out=scratch)
    np.multiply(sigma, np.add(scratch, 1, out=scratch), out=sigma)


def gelu(x):
    """Return the GELU in its tanh form, which is within 5e-4 of x Phi(x) and needs no error function.

    gelu(x) = x sigma(2 u) = x/2 (1 + tanh(u)),   u = sqrt(2 / pi) (x + 0.044715 x^3)

    x: array of any shape, or a number.
    returns: same shape; float32 stays float32, integers give float64; gelu(-inf) = 0.
    raises: nothing, and warns about nothing.
    source: Hendrycks, Gimpel, Gaussian error linear units (2016), section 2.

    >>> gelu(np.array([0.0, 1.0, 3.0])).round(6)
    array([0.      , 0.841192, 2.996363])
    """

    def write(x, out, *scratch):
        write_sigmoid(_gelu_argument(x, scratch[0]), out, scratch[1])
        np.multiply(out, np.maximum(x, -GELU_FLAT, out=scratch[0]), out=out)

    return elementwise(x, write, scratches=2)


def gelu_gradient(x):
    """Return the derivative of the GELU's tanh form.

    d/dx x sigma(v) = sigma(v) (1 + x v' (1 - sigma(v))),   v = 2 u as in `gelu`

    x: array of any shape, or a number.
    returns: same shape; float32 stays float32, integers give float64.
    raises: nothing, and warns about nothing.
    source: Hendrycks, Gimpel, Gaussian error linear units (2016), section 2.

    >>> gelu_gradient(np.array([-1000.0, 0.0, 1000.0]))
    array([-0. ,  0.5,  1. ])
    """

    def write(x, out, *scratch):
        write_sigmoid(_gelu_argument(x, scratch[0]), out, scratch[1])
        x = np.clip(x, -GELU_FLAT, GELU_FLAT, out=scratch[0])
        slope = np.add(np.multiply(np.square(x), 3 * GELU_CUBE), 1)
        _write_gate_gradient(np.multiply(x, slope * GELU_SCALE, out=x), out, scratch[1])

    return elementwise(x, write, scratches=2)


def _gelu_argument(x, out):
    """Write v = GELU_SCALE (x + GELU_CUBE x^3)."""
    x = np.clip(x, -GELU_FLAT, GELU_FLAT, out=out)
    np.multiply(x, GELU_SCALE * (1 + GELU_CUBE * np.square(x)), out=out)
    return out
