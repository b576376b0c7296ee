"""The steps of the common optimizers, in place: `p` and its state change, nothing is returned.

A step is a dozen passes over arrays, each of which does next to nothing: what it costs is the way to memory. So the
passes are made over blocks that stay in the cache, with one scratch of a block's size, and each array comes from memory
once. A name that ends in an underscore changes its arguments; the same name without it, in `optimizers`, does not.
A model with several arrays is a loop of the caller.
"""

import numpy as np

from helpers.kernels._in_place import each_block


def sgd_step_(p, g, lr):
    """Take one step of gradient descent, in place.

    p <- p - lr g

    p, g: arrays of one shape and one floating-point dtype. lr: number.
    returns: nothing; `p` has changed.
    raises: `ValueError` if shapes or dtypes differ, or p is no writable array.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 8.3.1.

    >>> p = np.ones(1)
    >>> sgd_step_(p, np.array([2.0]), 0.25)
    >>> p
    array([0.5])
    """
    lr = float(lr)

    def update(p, g, scratch):
        p -= np.multiply(g, lr, out=scratch)

    each_block(update, g, p=p)


def momentum_step_(p, v, g, lr, mu):
    """Take one step of the heavy ball, in place.

    v <- mu v - lr g,   p <- p + v

    p, v, g: arrays of one shape and one floating-point dtype. lr, mu: numbers.
    returns: nothing; `p` and `v` have changed.
    raises: `ValueError` if shapes or dtypes differ, or p or v is no writable array.
    source: Polyak, Some methods of speeding up the convergence of iteration methods (1964).

    >>> p, v = np.ones(1), np.zeros(1)
    >>> momentum_step_(p, v, np.ones(1), lr=0.5, mu=0.9)
    >>> p, v
    (array([0.5]), array([-0.5]))
    """
    lr, mu = float(lr), float(mu)

    def update(p, v, g, scratch):
        np.multiply(g, lr, out=scratch)
        v *= mu
        v -= scratch
        p += v

    each_block(update, g, p=p, v=v)


def adagrad_step_(p, s, g, lr, eps=1e-8):
    """Take one step of AdaGrad, in place.

    s <- s + g^2,   p <- p - lr g / (sqrt(s) + eps)

    p, s, g: arrays of one shape and one floating-point dtype; s is 0 before the first step. lr, eps: numbers.
    returns: nothing; `p` and `s` have changed.
    raises: `ValueError` if shapes or dtypes differ, or p or s is no writable array.
    source: Duchi, Hazan, Singer, Adaptive subgradient methods, JMLR 12 (2011).

    >>> p, s = np.ones(1), np.zeros(1)
    >>> adagrad_step_(p, s, np.array([4.0]), lr=0.5, eps=0.0)
    >>> p, s
    (array([0.5]), array([16.]))
    """
    lr, eps = float(lr), float(eps)

    def update(p, s, g, scratch):
        s += np.multiply(g, g, out=scratch)
        _move(p, g, s, lr, eps, scratch)

    each_block(update, g, p=p, s=s)


def rmsprop_step_(p, s, g, lr, rho=0.9, eps=1e-8):
    """Take one step of RMSProp, in place.

    s <- rho s + (1 - rho) g^2,   p <- p - lr g / (sqrt(s) + eps)

    p, s, g: arrays of one shape and one floating-point dtype. lr, rho, eps: numbers.
    returns: nothing; `p` and `s` have changed.
    raises: `ValueError` if shapes or dtypes differ, or p or s is no writable array.
    source: Hinton, Neural networks for machine learning, lecture 6e (2012).

    >>> p, s = np.ones(1), np.ones(1)
    >>> rmsprop_step_(p, s, np.ones(1), lr=0.5, eps=0.0)
    >>> p, s
    (array([0.5]), array([1.]))
    """
    lr, rho, eps = float(lr), float(rho), float(eps)

    def update(p, s, g, scratch):
        _average_squares(s, g, rho, scratch)
        _move(p, g, s, lr, eps, scratch)

    each_block(update, g, p=p, s=s)


def adam_step_(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    """Take step number t of Adam, in place.

    m <- b1 m + (1 - b1) g,   v <- b2 v + (1 - b2) g^2
    p <- p - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)

    p, m, v, g: arrays of one shape and one floating-point dtype; m and v are 0 before the first step. t: integer, 1 in
    the first step. lr, eps: numbers. b1, b2: numbers, at least 0 and below 1.
    returns: nothing; `p`, `m` and `v` have changed.
    raises: `ValueError` if shapes or dtypes differ, p, m or v is no writable array, or t, b1 or b2 is out of range.
    source: Kingma, Ba, Adam: a method for stochastic optimization, ICLR (2015).

    >>> p, m, v = np.ones(1), np.zeros(1), np.zeros(1)
    >>> adam_step_(p, m, v, np.array([7.0]), 1, lr=0.5, eps=0.0)
    >>> p
    array([0.5])
    """
    adamw_step_(p, m, v, g, t, lr, b1, b2, eps, wd=0.0)


def adamw_step_(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, wd=1e-2):
    """Take step number t of Adam with decoupled weight decay, in place.

    p <- (1 - lr wd) p - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps), with m and v as in Adam

    p, m, v, g, t, lr, b1, b2, eps: as for `adam_step_`. wd: number.
    returns: nothing; `p`, `m` and `v` have changed.
    raises: `ValueError` as `adam_step_`.
    source: Loshchilov, Hutter, Decoupled weight decay regularization, ICLR (2019).

    >>> p, m, v = np.ones(1), np.zeros(1), np.zeros(1)
    >>> adamw_step_(p, m, v, np.zeros(1), 1, lr=0.5, wd=0.5)
    >>> p
    array([0.75])
    """
    rate, floor, b1, b2 = _corrected(t, lr, b1, b2, eps)
    kept = 1.0 - float(lr) * float(wd)

    def update(p, m, v, g, scratch):
        np.multiply(g, 1.0 - b1, out=scratch)
        m *= b1
        m += scratch
        _average_squares(v, g, b2, scratch)
        if kept != 1:
            p *= kept
        _move(p, m, v, rate, floor, scratch)

    each_block(update, g, p=p, m=m, v=v)


def _corrected(t, lr, b1, b2, eps):
    """Return a rate and an eps with the bias corrections in them, so that no array needs any; and b1, b2 as floats."""
    if not (t >= 1 and 0 <= b1 < 1 and 0 <= b2 < 1):
        raise ValueError(f"t is at least 1, b1 and b2 are at least 0 and below 1, not t = {t}, b1 = {b1}, b2 = {b2}")
    root = float(1.0 - b2**t) ** 0.5
    return float(lr) * root / float(1.0 - b1**t), float(eps) * root, float(b1), float(b2)


def _average_squares(s, g, rho, scratch):
    """s <- rho s + (1 - rho) g^2."""
    np.multiply(g, g, out=scratch)
    scratch *= 1.0 - rho
    s *= rho
    s += scratch


def _move(p, direction, squares, rate, eps, scratch):
    """p <- p - rate direction / (sqrt(squares) + eps)."""
    np.sqrt(squares, out=scratch)
    scratch += eps
    np.divide(direction, scratch, out=scratch)
    scratch *= rate
    p -= scratch
