"""One step of an LSTM, and what is left of a gradient along its belt, as lesson 05 writes them.

One sequence at a time, for reading; whole sequences in batches are the business of other kernels.
"""

import numpy as np

from helpers.kernels.sigmoid import sigmoid


def lstm_step(x, h, c, P):
    """Return the next hidden state and cell of an LSTM with peepholes.

    i = sigmoid(z_i + p_i c),   f = sigmoid(z_f + p_f c),   g = tanh(z_g),   c' = f c + i g
    o = sigmoid(z_o + p_o c'),   h' = o tanh(c'),   z = W x + U h + b

    x (D,), h (H,), c (H,): arrays. P: dict of W (4H, D), U (4H, H), b (4H,), blocks in the order i, f, g, o, and
    p (3, H), the peepholes of i, f, o.
    returns: h' (H,), c' (H,).
    source: Gers, Schraudolph, Schmidhuber, Learning precise timing with LSTM recurrent networks, JMLR 3 (2002).

    >>> P = {"W": np.zeros((4, 1)), "U": np.zeros((4, 1)), "b": np.zeros(4), "p": np.zeros((3, 1))}
    >>> lstm_step(np.zeros(1), np.zeros(1), np.ones(1), P)[1]
    array([0.5])
    """
    z = (P["W"] @ x + P["U"] @ h + P["b"]).reshape(4, len(h))
    i, f = sigmoid(z[:2] + P["p"][:2] * c)
    c = f * c + i * np.tanh(z[2])
    return sigmoid(z[3] + P["p"][2] * c) * np.tanh(c), c


def cec_gradient(forget):
    """Return what the last cell owes to each earlier one along the direct path.

    dc_T/dc_k = f_{k+1} ... f_T,   k = 0, ..., T

    forget (T,): the gates f_1 to f_T.
    returns: (T + 1,), float64; the last entry is 1.
    source: Gers, Schmidhuber, Cummins, Learning to forget, Neural Computation 12 (2000).

    >>> cec_gradient([0.5, 0.5])
    array([0.25, 0.5 , 1.  ])
    """
    left = np.ones(len(forget) + 1)
    np.multiply.accumulate(np.asarray(forget, dtype=float)[::-1], out=left[-2::-1])
    return left
