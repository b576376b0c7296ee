"""Two small games between two players who follow their gradients: where do the paths lead?

The players are numbers, the paths short; nothing here is vectorized, for each step needs the one before it.
"""

import math

import numpy as np


def xy_game(x, y, eta, n, rule):
    """Return the path of two players of f(x, y) = xy, of whom x ascends and y descends.

    sim: both step from the old point;   radius times sqrt(1 + eta^2) at every step
    alt: x first, y answers the new x;   x^2 + y^2 + eta x y stays as it is
    eg: extragradient: look one whole step ahead, then step from the old point with the slopes found there

    x, y: numbers, the start. eta: number, step size. n: integer, at least 0. rule: "sim", "alt" or "eg".
    returns: (n + 1, 2), float64, the start first.
    raises: `ValueError` for another rule.
    source: Korpelevich, The extragradient method (1976); Mescheder et al., Which training methods converge (2018).

    >>> xy_game(1.0, 1.0, 0.5, 1, "alt")
    array([[1.  , 1.  ],
           [1.5 , 0.25]])
    """
    if rule not in ("sim", "alt", "eg"):
        raise ValueError(f'rule is "sim", "alt" or "eg", not {rule!r}')
    path = np.empty((n + 1, 2))
    path[0] = x, y
    for k in range(1, n + 1):
        ahead = (x + eta * y, y - eta * x) if rule == "eg" else (x, y)
        old, x = x, x + eta * ahead[1]
        y = y - eta * {"sim": old, "alt": x, "eg": ahead[0]}[rule]
        path[k] = x, y
    return path


def dirac_gan(theta, psi, lr, steps, r1=0.0):
    """Return the path of the smallest GAN: data at 0, a generator at theta, a discriminator psi x, steps at once.

    theta descends f(psi theta), psi ascends f(psi theta) - r1 / 2 psi^2,   f(t) = -log(1 + e^-t), f' = sigma(-t)

    theta, psi: numbers, the start. lr: number, step size. steps: integer, at least 0. r1: number, at least 0.
    returns: (steps + 1, 2), float64, the start first.
    raises: nothing; f' overflows for no product.
    source: Mescheder, Geiger, Nowozin, Which training methods for GANs do actually converge? (2018), section 2.

    >>> dirac_gan(0.0, 1.0, 0.5, 1)
    array([[ 0.  ,  1.  ],
           [-0.25,  1.  ]])
    """
    path = np.zeros((steps + 1, 2))
    path[0] = theta, psi
    for k in range(1, steps + 1):
        slope = (1 - math.tanh(theta * psi / 2)) / 2
        theta, psi = theta - lr * slope * psi, psi + lr * (slope * theta - r1 * psi)
        path[k] = theta, psi
    return path
