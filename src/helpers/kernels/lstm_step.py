"""One step of one LSTM cell, the layer as a loop over such steps, and the gradient along the cell's own path.

These are versions to read. The layer that trains on batches is in lstm.py, and is tested to equal `lstm_loop`.
"""

import numpy as np

from helpers.kernels._blocks import as_float
from helpers.kernels.sigmoid import gate


def lstm_step(x, h, c, P):
    """Return the state and the cell of an LSTM with peepholes, one step later.

    a = W x + U h + b in four blocks;   i, f = sigma(a_i + p_i c), sigma(a_f + p_f c),   g = tanh(a_g)
    new c = f c + i g,   o = sigma(a_o + p_o new c),   new h = o tanh(new c)

    x: (D,). h, c: (H,).
    P: dict of W (4H, D), U (4H, H), b (4H,), rows in the order i, f, g, o, and p (3, H), the peepholes of i, f, o.
    returns: h (H,), c (H,).
    raises: `ValueError` if the shapes do not fit together.
    source: Gers, Schraudolph, Schmidhuber, Learning precise timing with LSTM recurrent networks, JMLR (2002).

    >>> zeros = dict(W=np.zeros((4, 1)), U=np.zeros((4, 1)), b=np.zeros(4), p=np.zeros((3, 1)))
    >>> lstm_step(np.zeros(1), np.zeros(1), np.ones(1), zeros)[1]
    array([0.5])
    """
    _require_cell(x, h, c, P)
    a_i, a_f, a_g, a_o = np.split(P["W"] @ x + P["U"] @ h + P["b"], 4)
    p_i, p_f, p_o = P["p"]
    i, f, g = gate(a_i + p_i * c), gate(a_f + p_f * c), np.tanh(a_g)
    c = f * c + i * g
    o = gate(a_o + p_o * c)
    return o * np.tanh(c), c


def _require_cell(x, h, c, P):
    """Raise a `ValueError` that names all shapes, unless they fit together."""
    arrays = {"x": x, "h": h, "c": c, **P}
    shapes = {name: np.shape(array) for name, array in arrays.items()}
    D, H = np.size(x), np.size(h)
    right = {"x": (D,), "h": (H,), "c": (H,), "W": (4 * H, D), "U": (4 * H, H), "b": (4 * H,), "p": (3, H)}
    if shapes != right:
        expected = "x (D,), h (H,), c (H,), W (4H, D), U (4H, H), b (4H,), p (3, H)"
        raise ValueError(f"expected {expected}; these do not fit together: {shapes}")


def lstm_loop(x, h0, c0, W, U, b, peepholes=None):
    """Return the states of an LSTM layer at all times, one sequence and one step after the other: the version to read.

    x: (T, B, D), time first. h0, c0: (B, H). W: (4H, D), U: (4H, H), b: (4H,). peepholes: (3, H) or None.
    returns: h (T, B, H).
    raises: `ValueError` if the shapes do not fit together.
    source: Gers, Schraudolph, Schmidhuber, Learning precise timing with LSTM recurrent networks, JMLR (2002).

    >>> lstm_loop(np.zeros((2, 1, 1)), [[0.0]], [[0.0]], np.zeros((4, 1)), np.zeros((4, 1)), np.zeros(4)).shape
    (2, 1, 1)
    """
    p = np.zeros((3, np.shape(U)[1])) if peepholes is None else peepholes
    P, states = {"W": W, "U": U, "b": b, "p": p}, []
    for sequence, h, c in zip(x.swapaxes(0, 1), h0, c0, strict=True):
        for x_t in sequence:
            h, c = lstm_step(x_t, h, c, P)
            states.append(h)
    return np.reshape(states, (x.shape[1], x.shape[0], np.shape(U)[1])).swapaxes(0, 1)


def cec_gradient(forget):
    """Return the derivatives of the last cell with respect to all cells, along the direct path (error carousel).

    dc_T/dc_k = f_{k+1} f_{k+2} ... f_T,   because c_t = f_t c_{t-1} + i_t g_t

    forget: (T,), the forget gates f_1 ... f_T.
    returns: (T + 1,), for k = 0 ... T; the last is 1.
    raises: `ValueError` if there is more than one axis, or none.
    source: Hochreiter, Schmidhuber, Long short-term memory (1997); Gers et al., Learning to forget (2000).

    >>> cec_gradient([0.5, 0.5])
    array([0.25, 0.5 , 1.  ])
    """
    forget = as_float(forget)
    if forget.ndim != 1:
        raise ValueError(f"forget must have shape (T,), not {forget.shape}")
    products = np.ones(len(forget) + 1, forget.dtype)
    with np.errstate(under="ignore"):
        np.cumprod(forget[::-1], out=products[-2::-1])
    return products
