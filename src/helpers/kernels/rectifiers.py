"""Rectifiers and their derivatives: ReLU, leaky ReLU and ELU, which leave positive numbers as they are.

A function and its derivative stand side by side; a layer's backward pass is `dout * relu_gradient(x)`. At the kink,
x = 0, the derivative from the left is taken, as PyTorch does.
"""

import numpy as np

from helpers.kernels._blocks import as_float, elementwise


def relu(x):
    """Return max(x, 0).

    relu(x) = max(x, 0)

    x: array of any shape, or a number.
    returns: same shape (a NumPy scalar for a number); float32 stays float32, integers give float64.
    raises: nothing, and warns about nothing.
    source: Nair, Hinton, Rectified linear units improve restricted Boltzmann machines, ICML (2010).

    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """
    return np.maximum(as_float(x), 0)


def relu_gradient(x):
    """Return the derivative of ReLU: 1 where x > 0, else 0.

    d/dx max(x, 0) = [x > 0]

    x: array of any shape, or a number.
    returns: same shape; float32 stays float32, integers give float64.
    raises: nothing, and warns about nothing.
    source: Glorot, Bordes, Bengio, Deep sparse rectifier neural networks, AISTATS (2011).

    >>> relu_gradient(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 1.])
    """
    x = as_float(x)
    return np.greater(x, 0).astype(x.dtype)[()]


def leaky_relu(x, slope=0.01):
    """Return x where it is positive, else slope x.

    leaky_relu(x) = max(x, slope x), for 0 < slope <= 1

    x: array of any shape, or a number. slope: a number; 0 would be `relu`.
    returns: same shape; float32 stays float32, integers give float64.
    raises: `ValueError` if slope is not in (0, 1].
    source: Maas, Hannun, Ng, Rectifier nonlinearities improve neural network acoustic models (2013).

    >>> leaky_relu(np.array([-2.0, 0.0, 3.0]), 0.1)
    array([-0.2,  0. ,  3. ])
    """
    slope = _checked(slope)
    return elementwise(x, lambda x, out: np.maximum(x, np.multiply(x, slope, out=out), out=out), scratches=0)


def leaky_relu_gradient(x, slope=0.01):
    """Return the derivative of leaky ReLU: 1 where x > 0, else slope.

    d/dx max(x, slope x) = slope + (1 - slope) [x > 0]

    x: array of any shape, or a number. slope: a number.
    returns: same shape; float32 stays float32, integers give float64.
    raises: `ValueError` if slope is not in (0, 1].
    source: Maas, Hannun, Ng, Rectifier nonlinearities improve neural network acoustic models (2013).

    >>> leaky_relu_gradient(np.array([-2.0, 0.0, 3.0]), 0.1)
    array([0.1, 0.1, 1. ])
    """
    slope = _checked(slope)
    return np.maximum(relu_gradient(x), slope)


def _checked(slope):
    if not 0 < slope <= 1:
        raise ValueError(f"slope must lie in (0, 1], not {slope}")
    return float(slope)


def elu(x, alpha=1.0):
    """Return x where it is positive, else alpha (exp(x) - 1).

    elu(x) = max(x, 0) + alpha expm1(min(x, 0)), which keeps the digits of small x

    x: array of any shape, or a number. alpha: a number, the negative of the value at -inf.
    returns: same shape; float32 stays float32, integers give float64.
    raises: nothing, and warns about nothing.
    source: Clevert, Unterthiner, Hochreiter, Fast and accurate deep network learning by ELUs, ICLR (2016).

    >>> elu(np.array([-1000.0, -1e-20, 3.0]))
    array([-1.e+00, -1.e-20,  3.e+00])
    """

    def write(x, out, scratch):
        np.expm1(np.minimum(x, 0, out=scratch), out=scratch)
        np.multiply(scratch, float(alpha), out=scratch)
        np.add(np.maximum(x, 0, out=out), scratch, out=out)

    return elementwise(x, write)


def elu_gradient(x, alpha=1.0):
    """Return the derivative of ELU: 1 where x > 0, else alpha exp(x).

    d/dx elu(x) = [x > 0] + alpha exp(x) [x <= 0]

    x: array of any shape, or a number. alpha: a number.
    returns: same shape; float32 stays float32, integers give float64.
    raises: nothing, and warns about nothing.
    source: Clevert, Unterthiner, Hochreiter, Fast and accurate deep network learning by ELUs, ICLR (2016).

    >>> elu_gradient(np.array([-1000.0, 0.0, 3.0]), 2.0)
    array([0., 2., 1.])
    """

    def write(x, out):
        np.multiply(np.exp(np.minimum(x, 0, out=out), out=out), float(alpha), out=out)
        np.copyto(out, 1, where=x > 0)

    return elementwise(x, write, scratches=0)
