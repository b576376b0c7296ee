"""A bidirectional recurrent layer: two plain ones, of which one reads the sequence from its end."""

import numpy as np

from helpers.kernels._blocks import as_float
from helpers.kernels.tanh_rnn import tanh_rnn_forward


def bidirectional_rnn(x, Wf, Uf, Wb, Ub):
    """Return for each step what has come so far and what is still to come, as two states side by side.

    forward h_t = tanh(Wf x_t + Uf h_{t-1}),   backward h_t = tanh(Wb x_t + Ub h_{t+1}),   both from zeros

    x: (T, D). Wf, Wb: (H, D). Uf, Ub: (H, H).
    returns: (T, 2H), the forward states, then the backward states; float32 if all arguments are.
    raises: `ValueError` if the shapes do not fit together.
    source: Schuster, Paliwal, Bidirectional recurrent neural networks, IEEE Transactions on Signal Processing (1997).

    >>> one = np.ones((1, 1))
    >>> bidirectional_rnn(np.zeros((2, 1)), one, one, one, one)
    array([[0., 0.],
           [0., 0.]])
    """
    x, Wf, Uf, Wb, Ub = (as_float(array) for array in (x, Wf, Uf, Wb, Ub))
    H, D = Wf.shape if Wf.ndim == 2 else (-1, -1)
    if x.ndim != 2 or x.shape[1] != D or Wb.shape != (H, D) or not Uf.shape == Ub.shape == (H, H):
        shapes = f"x {x.shape}, Wf {Wf.shape}, Uf {Uf.shape}, Wb {Wb.shape}, Ub {Ub.shape}"
        raise ValueError(f"expected x (T, D), Wf and Wb (H, D), Uf and Ub (H, H); these do not fit together: {shapes}")
    return np.concatenate([_states(x, Wf, Uf), _states(x[::-1], Wb, Ub)[::-1]], axis=1)


def _states(x, W, U):
    """Return the states (T, H) of a plain layer on one sequence (T, D), from zeros and without bias."""
    zeros = np.zeros((1, len(U)), x.dtype)
    return tanh_rnn_forward(x[:, None], zeros, W, U, zeros[0])[0][:, 0]
