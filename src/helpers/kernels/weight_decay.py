"""Weight decay in an adaptive method: in the gradient, where it is divided away, or beside it."""

import numpy as np

from helpers.kernels._in_place import copies
from helpers.kernels.optimizers_in_place import adamw_step_, rmsprop_step_


def decayed_step(p, s, g, lr, wd, decoupled, rho=0.9, eps=1e-8):
    """Return parameters and accumulator after one step of RMSProp with weight decay.

    h = g if decoupled, else g + wd p;   s <- rho s + (1 - rho) h^2
    p <- p - lr h / (sqrt(s) + eps), and - lr wd p more if decoupled

    p, s, g: arrays of one shape; s is 0 before the first step. lr, wd, rho, eps: numbers. decoupled: bool.
    returns: p, s, same shape; float32 stays float32, integers give float64.
    raises: `ValueError` if the shapes differ.
    source: Loshchilov, Hutter, Decoupled weight decay regularization, ICLR (2019).

    >>> decayed_step([1.0], [1.0], [0.0], lr=0.5, wd=0.5, decoupled=True)[0]
    array([0.75])
    """
    p, s, g = copies(g, p=p, s=s)
    h = g if decoupled else np.asarray(g + float(wd) * p)
    if decoupled:
        p *= 1.0 - float(lr) * float(wd)
    rmsprop_step_(p, s, h, lr, rho, eps)
    return p, s


def adamw_step(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, wd=1e-2):
    """Return parameters and both moments after step number t of Adam with decoupled weight decay.

    p <- (1 - lr wd) p - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps), with m and v as in Adam

    p, m, v, g: arrays of one shape; m and v are 0 before the first step. t: integer, 1 in the first step. lr, eps, wd:
    numbers. b1, b2: numbers, at least 0 and below 1.
    returns: p, m, v, same shape; float32 stays float32, integers give float64.
    raises: `ValueError` if the shapes differ, or t, b1 or b2 is out of range.
    source: Loshchilov, Hutter, Decoupled weight decay regularization, ICLR (2019).

    >>> adamw_step([1.0], [0.0], [0.0], [0.0], 1, lr=0.5, wd=0.5)[0]
    array([0.75])
    """
    p, m, v, g = copies(g, p=p, m=m, v=v)
    adamw_step_(p, m, v, g, t, lr, b1, b2, eps, wd)
    return p, m, v
