"""The numbers of the figure on ravines and shrinkage: one quadratic bowl, five optimizers, three ways to hold back.

Everything that can come from the student's functions does. What a function cannot give becomes `Unusable`, with the
sentence that says why.
"""

import math
from dataclasses import dataclass

import numpy as np

from helpers.figures.guarded import numbers_from

TILT = np.deg2rad(20.0)  # the axes of the bowl are not those of the weights
OPTIMUM = np.array([1.2, 0.9])
STARTS = {"origin": np.zeros(2), "elsewhere": np.array([-0.6, 1.4])}
STRENGTHS = np.logspace(2, -2.5, 37)
PRODUCTS = np.logspace(-2, 2, 80)  # lambda eta t
ROUNDS = 60  # of coordinate descent for the lasso, which two weights need at the longest


@dataclass(frozen=True)
class Functions:
    """The six functions that the figure calls, the student's or ours."""

    momentum_step: object
    adaptive_step: object
    adam_step: object
    ridge: object
    soft_threshold: object
    gradient_descent_after: object


def bowl(kappa):
    """Return H (2, 2) with the eigenvalues 1 and kappa, and c (2,), so that the optimum is where it should be."""
    axes = np.array([[np.cos(TILT), -np.sin(TILT)], [np.sin(TILT), np.cos(TILT)]])
    H = axes @ np.diag([1.0, kappa]) @ axes.T
    return H, H @ OPTIMUM


def height(H, w):
    """Return how far the loss at w lies above its minimum."""
    away = w - OPTIMUM
    return 0.5 * np.sum(away @ H * away, axis=-1)


def paths(functions, *, kappa, lr, mu, rho, steps, start):
    """Return the path (steps + 1, 2) of every optimizer, by name."""
    H, c = bowl(kappa)
    rules = {
        "gradient descent": ("momentum_step", (lr, 0.0), 1),
        "momentum": ("momentum_step", (lr, mu), 1),
        "AdaGrad": ("adaptive_step", (lr, "adagrad"), 1),
        "RMSProp": ("adaptive_step", (lr, "rmsprop", rho), 1),
        "Adam": ("adam_step", (), 2),
    }
    walked = {}
    for name, (function, options, kept) in rules.items():
        w, state = STARTS[start], [np.zeros(2)] * kept
        path = [w]
        for t in range(1, steps + 1):
            arguments = (w, *state, H @ w - c, *(options or (t, lr)))
            step = numbers_from(f"Your {function}", getattr(functions, function), *arguments, shape=(kept + 1, 2))
            w, *state = np.clip(step, -1e6, 1e6)
            path.append(w)
        walked[name] = np.array(path)
    return walked


def coefficients(functions, *, kappa, lr, start):
    """Return the weights (len(STRENGTHS), 2) under ridge, lasso and early stopping after 1 / (lr alpha) steps.

    Where gradient descent diverges there is no early stopping.
    """
    H, c = bowl(kappa)
    root = np.linalg.cholesky(H).T / np.sqrt(2)
    X = np.concatenate([root, -root])  # centered, and X^T X = H
    ridge = [
        numbers_from("Your ridge", functions.ridge, X, X @ OPTIMUM, alpha, part=0, shape=(2,)) for alpha in STRENGTHS
    ]
    held = {"ridge": np.array(ridge), "lasso": lasso(functions, H, c)}
    if lr * kappa < 2:
        stops = [stopped_at(functions, H, c, STARTS[start], lr, 1 / (lr * alpha)) for alpha in STRENGTHS]
        held["early stopping"] = np.array(stops)
    return held


def stopped_at(functions, H, c, w0, lr, t):
    """Return where gradient descent stands after t steps, (2,); between two of them, on the straight line."""
    whole = math.floor(t)
    before, after = (
        numbers_from("Your gradient_descent_after", functions.gradient_descent_after, H, c, w0, lr, steps, shape=(2,))
        for steps in (whole, whole + 1)
    )
    return before + (t - whole) * (after - before)


def lasso(functions, H, c):
    """Return the minimizers (len(STRENGTHS), 2) of w^T H w / 2 - c^T w + alpha |w|_1, one weight at a time."""
    weights = np.zeros((2, len(STRENGTHS)))
    for _ in range(ROUNDS):
        for j in range(2):
            z = c[j] - H[j, 1 - j] * weights[1 - j]
            moved = numbers_from("Your soft_threshold", functions.soft_threshold, z, STRENGTHS, shape=z.shape)
            weights[j] = moved / H[j, j]
    return weights.T


def filters(functions, *, lr, steps):
    """Return what early stopping and ridge with alpha = 1 / (lr steps) let pass, for eigenvalues PRODUCTS / (lr steps).

    The filter of early stopping is taken from the student's function: a diagonal bowl, from a start at 0.
    """
    eigenvalues = PRODUCTS / (lr * steps)
    eigenvalues = eigenvalues[lr * eigenvalues < 1]  # beyond, steps overshoot
    zero = np.zeros(len(eigenvalues))
    stopped = numbers_from(
        "Your gradient_descent_after",
        functions.gradient_descent_after,
        np.diag(eigenvalues),
        eigenvalues,
        zero,
        lr,
        steps,
        shape=zero.shape,
    )
    return eigenvalues, stopped, eigenvalues / (eigenvalues + 1 / (lr * steps))
