"""The steps of the common optimizers as pure functions: arrays in, new arrays out.

Each copies what changes and lets `optimizers_in_place` work on the copies: a copy is one pass over memory, cheaper than
the dozen of temporaries that the formula would make. `adam_step_plain` is the formula.
"""

import numpy as np

from helpers.kernels._in_place import copies
from helpers.kernels.optimizers_in_place import adagrad_step_, adam_step_, momentum_step_, rmsprop_step_, sgd_step_


def sgd_step(p, g, lr):
    """Return the parameters after one step of gradient descent.

    p - lr g

    p, g: arrays of one shape. lr: number.
    returns: p, same shape; float32 stays float32, integers give float64.
    raises: `ValueError` if the shapes differ.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 8.3.1.

    >>> sgd_step([1.0], [2.0], 0.25)
    array([0.5])
    """
    p, g = copies(g, p=p)
    sgd_step_(p, g, lr)
    return p


def momentum_step(p, v, g, lr, mu):
    """Return parameters and velocity after one step of the heavy ball.

    v <- mu v - lr g,   p <- p + v

    p, v, g: arrays of one shape; v is 0 before the first step. lr, mu: numbers.
    returns: p, v, same shape; float32 stays float32, integers give float64.
    raises: `ValueError` if the shapes differ.
    source: Polyak, Some methods of speeding up the convergence of iteration methods (1964).

    >>> momentum_step([1.0], [0.0], [1.0], lr=0.5, mu=0.9)
    (array([0.5]), array([-0.5]))
    """
    p, v, g = copies(g, p=p, v=v)
    momentum_step_(p, v, g, lr, mu)
    return p, v


def adagrad_step(p, s, g, lr, eps=1e-8):
    """Return parameters and accumulator after one step of AdaGrad.

    s <- s + g^2,   p <- p - lr g / (sqrt(s) + eps)

    p, s, g: arrays of one shape; s is 0 before the first step. lr, eps: numbers.
    returns: p, s, same shape; float32 stays float32, integers give float64.
    raises: `ValueError` if the shapes differ.
    source: Duchi, Hazan, Singer, Adaptive subgradient methods, JMLR 12 (2011).

    >>> adagrad_step([1.0], [0.0], [4.0], lr=0.5, eps=0.0)
    (array([0.5]), array([16.]))
    """
    p, s, g = copies(g, p=p, s=s)
    adagrad_step_(p, s, g, lr, eps)
    return p, s


def rmsprop_step(p, s, g, lr, rho=0.9, eps=1e-8):
    """Return parameters and accumulator after one step of RMSProp.

    s <- rho s + (1 - rho) g^2,   p <- p - lr g / (sqrt(s) + eps)

    p, s, g: arrays of one shape; s is 0 before the first step. lr, rho, eps: numbers.
    returns: p, s, same shape; float32 stays float32, integers give float64.
    raises: `ValueError` if the shapes differ.
    source: Hinton, Neural networks for machine learning, lecture 6e (2012).

    >>> rmsprop_step([1.0], [1.0], [1.0], lr=0.5, eps=0.0)
    (array([0.5]), array([1.]))
    """
    p, s, g = copies(g, p=p, s=s)
    rmsprop_step_(p, s, g, lr, rho, eps)
    return p, s


def adaptive_step(p, s, g, lr, rule, rho=0.9, eps=1e-8):
    """Return parameters and accumulator after one step of AdaGrad or RMSProp, chosen by name.

    adagrad: s <- s + g^2,   rmsprop: s <- rho s + (1 - rho) g^2;   p <- p - lr g / (sqrt(s) + eps)

    p, s, g: arrays of one shape; s is 0 before the first step. lr, rho, eps: numbers. rule: 'adagrad' or 'rmsprop'.
    returns: p, s, same shape; float32 stays float32, integers give float64.
    raises: `ValueError` if the shapes differ or there is no such rule.
    source: as for `adagrad_step` and `rmsprop_step`.

    >>> adaptive_step([1.0], [0.0], [4.0], 0.5, "adagrad", eps=0.0)
    (array([0.5]), array([16.]))
    """
    if rule == "adagrad":
        return adagrad_step(p, s, g, lr, eps)
    if rule == "rmsprop":
        return rmsprop_step(p, s, g, lr, rho, eps)
    raise ValueError(f"rule is 'adagrad' or 'rmsprop', not {rule!r}")


def adam_step(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    """Return parameters and both moments after step number t of Adam.

    m <- b1 m + (1 - b1) g,   v <- b2 v + (1 - b2) g^2
    p <- p - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)

    p, m, v, g: arrays of one shape; m and v are 0 before the first step. t: integer, 1 in the first step. lr, eps:
    numbers. b1, b2: numbers, at least 0 and below 1.
    returns: p, m, v, same shape; float32 stays float32, integers give float64.
    raises: `ValueError` if the shapes differ, or t, b1 or b2 is out of range.
    source: Kingma, Ba, Adam: a method for stochastic optimization, ICLR (2015).

    >>> adam_step([1.0], [0.0], [0.0], [7.0], 1, lr=0.5, eps=0.0)[0]
    array([0.5])
    """
    p, m, v, g = copies(g, p=p, m=m, v=v)
    adam_step_(p, m, v, g, t, lr, b1, b2, eps)
    return p, m, v


def adam_step_plain(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    """Return the same as `adam_step` for float arrays, in the form for reading.

    m <- b1 m + (1 - b1) g,   v <- b2 v + (1 - b2) g^2
    p <- p - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)

    p, m, v, g: arrays of one shape. t: integer, 1 in the first step. lr, b1, b2, eps: numbers.
    returns: p, m, v, same shape.
    raises: nothing.
    source: Kingma, Ba, Adam: a method for stochastic optimization, ICLR (2015), algorithm 1.

    >>> adam_step_plain(np.ones(1), np.zeros(1), np.zeros(1), np.array([7.0]), 1, lr=0.5, eps=0.0)[0]
    array([0.5])
    """
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    return p - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps), m, v
