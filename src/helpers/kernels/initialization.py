"""The standard deviation of initial weights that keeps the size of a signal from layer to layer."""

import math

# E[z^2] / E[act(z)^2] for zero-mean symmetric z; tanh counts as linear, which it is near 0.
GAINS = {"linear": 1.0, "tanh": 1.0, "relu": 2.0, "leaky0.1": 2.0 / 1.01}


def init_std(fan_in, fan_out, act):
    """Return the standard deviation of zero-mean weights that preserves the mean square of the pre-activations.

    std = sqrt(gain / fan_in), with gain 1 (linear, tanh), 2 (relu), 2 / (1 + 0.1^2) (leaky0.1)

    fan_in, fan_out: numbers of inputs and outputs of the layer; fan_out governs the backward pass and is not used.
    act: "linear", "tanh", "relu" or "leaky0.1".
    returns: a float.
    raises: `ValueError` for another `act`.
    source: He, Zhang, Ren, Sun, Delving deep into rectifiers, ICCV (2015).

    >>> init_std(2, 5, "relu")
    1.0
    """
    if act not in GAINS:
        raise ValueError(f"act is one of {', '.join(GAINS)}, not {act!r}")
    return math.sqrt(GAINS[act] / fan_in)
