"""What a deep net does to a batch of signals and to a gradient: the numbers behind `depth`.

A small net with fixed random numbers. The weights' size comes from the student's `init_std`, the normalization from
their `batchnorm_forward`; the way back through the normalization is the kernel's. No drawing here.
"""

from dataclasses import dataclass

import numpy as np

from helpers.figures.guarded import numbers_from
from helpers.kernels import batchnorm_backward, sigmoid

UNITS, BATCH, SEED = 64, 64, 0
# Slope of an activation, written with its value h.
ACTIVATIONS = {
    "sigmoid": (sigmoid, lambda h: h * (1 - h)),
    "tanh": (np.tanh, lambda h: 1 - h * h),
    "relu": (lambda z: np.maximum(z, 0), lambda h: np.where(h > 0, 1.0, 0.0)),
    "linear": (lambda z: z, np.ones_like),
}


@dataclass(frozen=True)
class Passage:
    """What happens from layer 0, the input, to layer L.

    size: (L + 1,), root mean square of all activations. spread: (L + 1, units), standard deviation over the batch of
    each unit. gradient: (L + 1,), norm of dLoss/dh_l as a multiple of that at layer L.
    """

    size: np.ndarray
    spread: np.ndarray
    gradient: np.ndarray

    @property
    def signal(self):
        """The root mean square over the units of their spread, (L + 1,)."""
        return np.sqrt(np.mean(self.spread**2, axis=1))


def propagate(init_std, batchnorm, *, depth, gain, activation, initialization, normalized):
    """Send a batch up and a gradient down a net of `depth` layers, and return the `Passage`.

    raises: `Unusable` if one of the two functions gives nothing to work with.
    """
    rng = np.random.default_rng(SEED)
    apply, slope = ACTIVATIONS[activation]
    std = gain * _standard_deviation(init_std, activation)
    activations, layers = [rng.normal(size=(BATCH, UNITS))], []
    gradient = rng.normal(size=(BATCH, UNITS))
    for _ in range(depth):
        weights = _weights(initialization, std, rng)
        before = activations[-1] @ weights
        activations.append(apply(_normalize(batchnorm, before) if normalized else before))
        layers.append((weights, before))
    norms = [np.linalg.norm(gradient)]
    for h, (weights, before) in zip(activations[:0:-1], layers[::-1], strict=True):
        gradient = gradient * slope(h)
        if normalized:
            gradient = batchnorm_backward(before, np.ones(UNITS), gradient)[0]
        gradient = gradient @ weights.T
        norms.append(np.linalg.norm(gradient))
    size = np.array([np.sqrt(np.mean(h**2)) for h in activations])
    return Passage(size, np.array([h.std(axis=0) for h in activations]), np.array(norms[::-1]) / norms[0])


def _standard_deviation(init_std, activation):
    name = "linear" if activation == "sigmoid" else activation  # no rule of its own: see what that costs
    return float(numbers_from("Your init_std", init_std, UNITS, UNITS, name, shape=()))


def _weights(initialization, std, rng):
    random = rng.normal(size=(UNITS, UNITS))
    return {"random": std * random, "constant": np.full_like(random, std), "zero": np.zeros_like(random)}[
        initialization
    ]


def _normalize(batchnorm, before):
    one, zero = np.ones(UNITS), np.zeros(UNITS)
    shape = (BATCH, UNITS)
    return numbers_from("Your batchnorm_forward", batchnorm, before, one, zero, zero, one, True, part=0, shape=shape)
