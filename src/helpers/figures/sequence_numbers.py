"""What a message loses on its way back through a recurrent network, and two gradients for U: the numbers of `sequence`.

The network's states, the belt of the LSTM and both gradients come from the student's functions. No drawing here.
"""

from dataclasses import dataclass

import numpy as np

from helpers.figures.guarded import numbers_from

UNITS, LONGEST, SEED = 24, 100, 3
STEPS, INPUTS, HIDDEN, SMALL_SEED = 8, 2, 3, 2  # the small network whose gradients are compared
PENALTIES = np.logspace(-3, 2, 21)


@dataclass(frozen=True)
class Journey:
    """Sizes of dL/dh_t as multiples of that at t = T, for t = 1..T: in a network, and for the cell of an LSTM."""

    network: np.ndarray
    belt: np.ndarray


@dataclass(frozen=True)
class TwoGradients:
    """Norms of the answer sheet's dU and of the true one, and the cosine between them (nan where one of them is 0)."""

    sheet: np.ndarray
    true: np.ndarray
    cosine: np.ndarray


def journey(rnn_forward, cec_gradient, *, radius, steps, activation, forget):
    """Send a message back from the last step, and return the `Journey`.

    raises: `Unusable` if one of the two functions gives nothing to work with.
    """
    rng = np.random.default_rng(SEED)
    U = radius * np.linalg.qr(rng.normal(size=(UNITS, UNITS)))[0]
    W, v = 0.3 * rng.normal(size=(UNITS, 1)), rng.normal(size=UNITS)
    x = rng.normal(size=(LONGEST, 1))[:steps]
    message, sizes = v, [np.linalg.norm(v)]
    for slope in _slopes(rnn_forward, W, U, v, x, activation)[:0:-1]:
        message = (slope * message) @ U
        sizes.append(np.linalg.norm(message))
    gates = np.full(steps - 1, float(forget))
    belt = numbers_from("Your cec_gradient", cec_gradient, gates, shape=(steps,))
    return Journey(np.array(sizes[::-1]) / sizes[0], belt)


def _slopes(rnn_forward, W, U, v, x, activation):
    """The slopes of all units at all steps, (T, UNITS)."""
    shape, start = (len(x), UNITS), np.zeros(UNITS)
    if activation == "linear":
        return np.ones(shape)
    if activation == "sigmoid":
        h = numbers_from("Your rnn_forward", rnn_forward, W, U, v, x, start, part=1, shape=shape)
        return h * (1 - h)
    states = [start]
    for inputs in x:
        states.append(np.tanh(W @ inputs + U @ states[-1]))
    return 1 - np.array(states[1:]) ** 2


def two_gradients(rnn_forward, bptt, penalized_bptt, penalties, *, met):
    """Return the `TwoGradients` at every penalty, for random targets or for targets that the network has met.

    raises: `Unusable` if one of the functions gives nothing to work with.
    """
    rng = np.random.default_rng(SMALL_SEED)
    W, U, v = rng.normal(size=(HIDDEN, INPUTS)), rng.normal(size=(HIDDEN, HIDDEN)), 2 * rng.normal(size=HIDDEN)
    x, z, h0 = rng.normal(size=(STEPS, INPUTS)), rng.normal(size=STEPS), np.full(HIDDEN, 0.5)
    if met:
        z = numbers_from("Your rnn_forward", rnn_forward, W, U, v, x, h0, part=2, shape=(STEPS,))
    given = W, U, v, x, z, h0
    sheet = numbers_from("Your bptt", bptt, *given, part=2, shape=U.shape)
    name = "Your penalized_bptt"
    true = np.array([numbers_from(name, penalized_bptt, *given, p, part=2, shape=U.shape) for p in penalties])
    norms = np.linalg.norm(sheet), np.linalg.norm(true, axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = np.sum(sheet * true, axis=(1, 2)) / (norms[0] * norms[1])
    tiny = norms[0] < 1e-12
    return TwoGradients(np.full(len(true), 0.0 if tiny else norms[0]), norms[1], cosine * (np.nan if tiny else 1.0))
