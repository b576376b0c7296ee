"""The GRU layer over a batch of sequences, forward and backward through time.

Two layers go by this name. Here, as in torch and cuDNN, the reset gate acts after the product with U, so that one
product a step serves all gates; in the first paper it acts before. Backward, everything is a multiple of the one
gradient that comes in: the multiples are made for a chunk of steps at once. `gru_loop` is the version to read.
"""

import numpy as np

from helpers.kernels._recurrent import (
    activate,
    by_gate,
    chunk_length,
    in_order,
    input_part,
    require_layer,
    require_upstream,
    rows,
    time_chunks,
)
from helpers.kernels.sigmoid import gate

NATURAL = 0, 1, 2  # r, z, n
FROM_INPUT = 2, 0, 1  # backward the gates are n, r, z, r n: the input sees the first three, the state the last three
INVERSE = 1, 2, 0


def gru_loop(x, h0, W, U, b, recurrent_bias=0.0):
    """Return the states of a GRU layer at all times: the version to read.

    x: (T, B, D), time first. h0: (B, H). W: (3H, D). U: (3H, H). b: (3H,). recurrent_bias: (H,).
    returns: h (T, B, H).
    raises: nothing.
    source: Cho et al., Learning phrase representations using RNN encoder-decoder, EMNLP (2014).

    >>> gru_loop(np.zeros((2, 1, 1)), np.ones((1, 1)), np.zeros((3, 1)), np.zeros((3, 1)), np.zeros(3)).ravel()
    array([0.5 , 0.25])
    """
    states = [h0]
    for x_t in x:
        a_r, a_z, a_n = np.split(x_t @ W.T + b, 3, axis=1)
        u_r, u_z, u_n = np.split(states[-1] @ U.T, 3, axis=1)
        r, z = gate(a_r + u_r), gate(a_z + u_z)
        n = np.tanh(a_n + r * (u_n + recurrent_bias))
        states.append((1 - z) * n + z * states[-1])
    return np.stack(states)[1:]


def gru_forward(x, h0, W, U, b, recurrent_bias=None):
    """Return the states of a GRU layer at all times, and what its backward pass needs.

    a = W x_t + b and u = U h_{t-1} in three blocks;   r = sigma(a_r + u_r),   z = sigma(a_z + u_z)
    n = tanh(a_n + r (u_n + recurrent_bias)),   h_t = (1 - z) n + z h_{t-1}

    x: (T, B, D), time first. h0: (B, H). W: (3H, D), U: (3H, H), b: (3H,), rows in the order r, z, n (reset, update,
    candidate). recurrent_bias: (H,), torch's b_hn; its b is b_ih, with b_hr and b_hz added. None is 0.
    returns: h (T, B, H), float32 if all arguments are; cache, for `gru_backward`,
    which holds x and h themselves: change neither before.
    raises: `ValueError` if the shapes do not fit together.
    source: Cho et al., EMNLP (2014), with the reset gate after the product as in PyTorch and cuDNN.

    >>> weights = np.zeros((3, 1)), np.zeros((3, 1)), np.zeros(3)
    >>> gru_forward(np.zeros((2, 1, 1)), np.ones((1, 1)), *weights)[0].ravel()
    array([0.5 , 0.25])
    """
    x, h0, W, U, b, *c = require_layer(3, x=x, h0=h0, W=W, U=U, b=b, recurrent_bias=recurrent_bias)
    (T, B, _), H = x.shape, h0.shape[1]
    h, gates = np.empty((T + 1, B, H), x.dtype), np.empty((T, 4, B, H), x.dtype)
    h[0] = h0
    from_input, from_state = (by_gate(matrix, NATURAL, 2) for matrix in (np.column_stack([W, b]), U))
    with np.errstate(under="ignore"):
        for chunk in time_chunks(T, B):
            input_part(x[chunk], from_input, gates[chunk, :3])
            _run(h[chunk], h[1:][chunk], gates[chunk], from_state, c[0] if c else 0)
    return h[1:], (x, h, gates, W, U, bool(c))


def _run(before, h, gates, U, recurrent_bias):
    """Write the gates r, z, n, the candidate's part u_n + recurrent_bias, and the states of a chunk of steps."""
    room = np.empty((3, *h.shape[1:]), h.dtype)
    for now, old, new in zip(gates, before, h, strict=True):
        np.matmul(old, U, out=room)
        np.add(room[2], recurrent_bias, out=now[3])
        np.add(room[:2], now[:2], out=room[:2])
        activate(room[:2], 2, now[:2])
        np.multiply(now[0], now[3], out=room[0])
        np.tanh(np.add(room[0], now[2], out=room[0]), out=now[2])
        np.multiply(np.subtract(old, now[2], out=new), now[1], out=new)
        np.add(new, now[2], out=new)


def gru_backward(dh, cache):
    """Return the gradients of sum(h * dh) with respect to the arguments of `gru_forward`.

    With the total gradient e of h_t:   da_n = e (1 - z) (1 - n^2),   da_z = e (h_{t-1} - n) z (1 - z)
    da_r = da_n (u_n + recurrent_bias) r (1 - r),   du = da_r, da_z, r da_n
    e_{t-1} = dh_{t-1} + z e + U^T du

    dh: (T, B, H), the upstream gradient of each state; zeros but for the last, if only the last is used.
    cache: from `gru_forward`; it stays as it is.
    returns: dx (T, B, D), dh0 (B, H), dW (3H, D), dU (3H, H), db (3H,), and of recurrent_bias (H,) if it was given.
    raises: `ValueError` if dh does not have the shape of h.
    source: Cho et al., EMNLP (2014), with the reset gate after the product as in PyTorch and cuDNN.

    >>> weights = np.zeros((3, 1)), np.zeros((3, 1)), np.zeros(3)
    >>> h, cache = gru_forward(np.zeros((2, 1, 1)), np.ones((1, 1)), *weights)
    >>> gru_backward([[[0.0]], [[1.0]]], cache)[1]
    array([[0.25]])
    """
    x, h, gates, W, U, with_bias = cache
    dh = require_upstream(dh, h[1:])
    (T, B, H), D, dtype = dh.shape, W.shape[1], dh.dtype
    W = in_order(W, FROM_INPUT)
    dx, e = np.empty((T, B, D), dtype), np.zeros((B, H), dtype)
    dW, dU, db = np.zeros((D, 3 * H), dtype), np.zeros((H, 3 * H), dtype), np.zeros(4 * H, dtype)
    length = chunk_length(T, B)
    factors, da = np.empty((length, 4, B, H), dtype), np.empty((length, B, 4 * H), dtype)
    with np.errstate(under="ignore"):
        for chunk in reversed(time_chunks(T, B)):
            count = chunk.stop - chunk.start
            _write_factors(h[chunk], gates[chunk], factors[:count])
            _run_back(dh[chunk], factors[:count], gates[chunk, 1], U, e, da[:count])
            here = rows(da[:count])
            inputs, states = here[:, : 3 * H], here[:, H:]
            np.matmul(inputs, W, out=rows(dx[chunk]))
            dW += rows(x[chunk]).T @ inputs
            dU += rows(h[chunk]).T @ states
            db += np.ones(len(here), dtype) @ here
    dW, of_bias = (in_order(gradient.T, INVERSE) for gradient in (dW, db[: 3 * H]))
    return dx, e, dW, dU.T.copy(), of_bias, *([db[3 * H :].copy()] if with_bias else [])


def _write_factors(before, gates, factors):
    """Write by what e gives da_n, da_r, da_z and r da_n."""
    (r, z, n, u), factors = gates.swapaxes(0, 1), factors.swapaxes(0, 1)
    np.subtract(1, z, out=factors[0])
    np.subtract(before, n, out=factors[2])
    factors[2] *= factors[0]
    factors[2] *= z
    np.subtract(1, np.multiply(n, n, out=factors[3]), out=factors[3])
    factors[0] *= factors[3]
    np.multiply(factors[0], r, out=factors[3])
    np.subtract(1, r, out=factors[1])
    factors[1] *= factors[3]
    factors[1] *= u


def _run_back(dh, factors, z, U, e, da):
    """Take the gradient e of the state back through a chunk of steps, and write da of its gates."""
    steps, batch, size = dh.shape
    by_gate, through_gates = da.reshape(steps, batch, 4, size).transpose(0, 2, 1, 3), np.empty_like(e)
    backward = (array[::-1] for array in (dh, factors, z, da, by_gate))
    for upstream, factor, z_t, da_t, one in zip(*backward, strict=True):
        np.add(e, upstream, out=e)
        np.multiply(factor, e, out=one)
        np.multiply(e, z_t, out=e)
        np.add(e, np.matmul(da_t[:, size:], U, out=through_gates), out=e)
