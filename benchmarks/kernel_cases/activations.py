"""Sigmoids, rectifiers and gates on 2,000,000 numbers."""

import numpy as np

from helpers import kernels
from kernel_cases import Case
from kernel_cases._peers import scipy_special, torch

SIZE = 2_000_000


def cases(dtype, rng):
    """Yield the cases of this family."""
    x = rng.normal(size=SIZE).astype(dtype) * 8
    t = torch.from_numpy(x) if torch else None
    yield _sigmoid(x, t)
    yield _log_sigmoid(x, t)
    functional = torch.nn.functional if torch else None
    yield _beside("softplus", x, lambda: functional.softplus(t), lambda: np.log1p(np.exp(-abs(x))) + np.maximum(x, 0))
    yield _beside("silu", x, lambda: functional.silu(t), lambda: x * textbook_sigmoid(x))
    yield _beside("gelu", x, lambda: functional.gelu(t, approximate="tanh"), lambda: textbook_gelu(x))
    yield _beside("elu", x, lambda: functional.elu(t), lambda: np.where(x > 0, x, np.expm1(np.minimum(x, 0))))
    yield _beside("relu", x, lambda: functional.relu(t), lambda: x * (x > 0))
    yield _beside("leaky_relu", x, lambda: functional.leaky_relu(t), lambda: np.where(x > 0, x, 0.01 * x))
    yield _beside("tanh_gradient", x, None, lambda: 1 - np.tanh(x) ** 2)


def _sigmoid(x, t):
    peers = {"np.where": lambda: where_sigmoid(x)}
    if torch:
        peers["torch"] = lambda: torch.sigmoid(t).numpy()
    if scipy_special:
        peers["scipy expit"] = lambda: scipy_special.expit(x)
    peers["split by index"] = lambda: split_sigmoid(x)
    twice = np.concatenate([x, x])
    return Case("sigmoid", lambda: kernels.sigmoid(x), peers, 0.35, doubled=lambda: kernels.sigmoid(twice))


def _log_sigmoid(x, t):
    peers = {}
    if torch:
        peers["torch"] = lambda: (torch.nn.functional.logsigmoid(t).numpy(), torch.sigmoid(-t).numpy())
    if scipy_special:
        peers["scipy"] = lambda: (scipy_special.log_expit(x), scipy_special.expit(-x))
    return Case("log_sigmoid, with its slope", lambda: kernels.log_sigmoid(x), peers)


def _beside(name, x, eager, textbook):
    peers = {"torch": lambda: eager().numpy()} if torch and eager else {}
    peers["textbook"] = textbook
    return Case(name, lambda: getattr(kernels, name)(x), peers)


def where_sigmoid(x):
    """Both branches for all elements, then a choice."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def split_sigmoid(x):
    """Each branch for the elements that it is stable for, as NumPy teaching frameworks do it."""
    result, right = np.empty_like(x), x >= 0
    result[right] = 1 / (1 + np.exp(-x[right]))
    e = np.exp(x[~right])
    result[~right] = e / (1 + e)
    return result


def textbook_sigmoid(x):
    """The definition, which overflows on the left."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


def textbook_gelu(x):
    """The tanh form as it is printed."""
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi).astype(x.dtype) * (x + 0.044715 * x**3)))
