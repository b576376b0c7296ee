"""The LSTM layer over a batch of sequences, with or without peepholes, forward and backward through time.

One array holds the gates o, i, f, g and the cell before each step, in this order. So one multiplication makes both i g
and f c, one tanh serves all gates, and what a backward step needs lies ready. Backward, everything that a step
multiplies its two incoming gradients by is known before: these factors are made for a chunk of steps at once, and a
step is four multiplications and one matrix product. `lstm_loop` is the version to read.
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

ORDER = 3, 0, 1, 2  # the outside order is i, f, g, o, and inside it is o, i, f, g
INVERSE = 1, 2, 3, 0


def lstm_forward(x, h0, c0, W, U, b, peepholes=None):
    """Return the states of an LSTM layer at all times, and what its backward pass needs.

    a = W x_t + U h_{t-1} + b in four blocks;   i = sigma(a_i + p_i c_{t-1}),   f = sigma(a_f + p_f c_{t-1})
    g = tanh(a_g),   c_t = f c_{t-1} + i g,   o = sigma(a_o + p_o c_t),   h_t = o tanh(c_t)

    x: (T, B, D), time first. h0, c0: (B, H). W: (4H, D), U: (4H, H), b: (4H,), rows in the order i, f, g, o.
    peepholes: (3, H), the rows p_i, p_f, p_o; None is an LSTM without them.
    returns: h (T, B, H), float32 if all arguments are; cache, for `lstm_backward`,
    which holds x and h themselves: change neither before.
    raises: `ValueError` if the shapes do not fit together.
    source: Gers, Schraudolph, Schmidhuber, Learning precise timing with LSTM recurrent networks, JMLR (2002).

    >>> zeros = np.zeros((1, 1)), np.ones((1, 1)), np.zeros((4, 1)), np.zeros((4, 1)), np.zeros(4)
    >>> h, _ = lstm_forward(np.zeros((2, 1, 1)), *zeros)
    >>> h.ravel().tolist() == [np.tanh(0.5) / 2, np.tanh(0.25) / 2]
    True
    """
    x, h0, c0, W, U, b, *p = require_layer(4, x=x, h0=h0, c0=c0, W=W, U=U, b=b, peepholes=peepholes)
    (T, B, _), H = x.shape, h0.shape[1]
    h, gates = np.empty((T + 1, B, H), x.dtype), np.empty((T + 1, 5, B, H), x.dtype)
    h[0], gates[0, 4] = h0, c0
    from_input, from_state = (by_gate(matrix, ORDER, 3) for matrix in (np.column_stack([W, b]), U))
    peeping = p[0][:, None] / 2 if p else None
    with np.errstate(under="ignore"):
        for chunk in time_chunks(T, B):
            input_part(x[chunk], from_input, gates[chunk, :4])
            _run(h, gates, chunk, from_state, peeping)
    return h[1:], (x, h, gates, W, U, p)


def _run(h, gates, chunk, U, peeping):
    """Write the gates, the cells and the states of a chunk of steps; the gates hold W x + b so far."""
    room = np.empty((4, *h.shape[1:]), h.dtype)
    steps = gates[chunk], gates[1:, 4][chunk], h[chunk], h[1:][chunk]
    for now, c, before, after in zip(*steps, strict=True):
        np.add(np.matmul(before, U, out=room), now[:4], out=room)
        if peeping is None:
            activate(room, 3, now[:4])
        else:
            room[1:3] += peeping[:2] * now[4]
            activate(room[1:], 2, now[1:4])
        written = np.multiply(now[1:3], now[3:], out=room[1:3])
        np.add(written[0], written[1], out=c)
        if peeping is not None:
            room[0] += peeping[2] * c
            activate(room[:1], 1, now[:1])
        np.multiply(now[0], np.tanh(c, out=room[1]), out=after)


def lstm_backward(dh, cache):
    """Return the gradients of sum(h * dh) with respect to the arguments of `lstm_forward`.

    With the total gradient e_t of h_t, and k_t of c_t:   k_t = e_t o (1 - tanh(c_t)^2) + p_o da_o + what t + 1 sends
    da_o = e_t tanh(c_t) o (1 - o),   da_i = k_t g i (1 - i),   da_f = k_t c_{t-1} f (1 - f),   da_g = k_t i (1 - g^2)
    e_{t-1} = dh_{t-1} + U^T da,   sent to c_{t-1}: k_t f + p_i da_i + p_f da_f

    dh: (T, B, H), the upstream gradient of each state; zeros but for the last, if only the last is used.
    cache: from `lstm_forward`; it stays as it is.
    returns: dx (T, B, D), dh0 (B, H), dc0 (B, H), dW (4H, D), dU (4H, H), db (4H,), and with peepholes theirs (3, H).
    raises: `ValueError` if dh does not have the shape of h.
    source: Graves, Supervised Sequence Labelling with Recurrent Neural Networks (2012), section 4.6.

    >>> zeros = np.zeros((1, 1)), np.ones((1, 1)), np.zeros((4, 1)), np.zeros((4, 1)), np.zeros(4)
    >>> h, cache = lstm_forward(np.zeros((2, 1, 1)), *zeros)
    >>> dc0 = lstm_backward([[[0.0]], [[1.0]]], cache)[2]
    >>> bool(np.isclose(dc0[0, 0], 0.25 / 2 * (1 - np.tanh(0.25) ** 2)))
    True
    """
    x, h, gates, W, U, p = cache
    dh = require_upstream(dh, h[1:])
    (T, B, H), D, dtype = dh.shape, W.shape[1], dh.dtype
    W, U = in_order(W, ORDER), in_order(U, ORDER)
    dx, e, k = np.empty((T, B, D), dtype), np.zeros((B, H), dtype), np.zeros((B, H), dtype)
    dW, dU, db, dp = (np.zeros(shape, dtype) for shape in ((D, 4 * H), (H, 4 * H), 4 * H, (3, H)))
    length = chunk_length(T, B)
    factors, da = np.empty((length, 5, B, H), dtype), np.empty((length, B, 4 * H), dtype)
    with np.errstate(under="ignore"):
        for chunk in reversed(time_chunks(T, B)):
            count = chunk.stop - chunk.start
            carry = _write_factors(h[1:][chunk], gates[chunk], gates[1:, 4][chunk], p, factors[:count])
            _run_back(dh[chunk], factors[:count], carry, U, e, k, da[:count])
            here = rows(da[:count])
            np.matmul(here, W, out=rows(dx[chunk]))
            dW += rows(x[chunk]).T @ here
            dU += rows(h[chunk]).T @ here
            db += np.ones(len(here), dtype) @ here
            if p:
                dp += _peephole_gradient(da[:count], gates[:, 4], chunk)
    return dx, e, k, *(in_order(gradient.T, INVERSE) for gradient in (dW, dU, db)), *([dp] if p else [])


def _write_factors(h, gates, c, p, factors):
    """Write by what e gives da_o, k gives da_i, da_f and da_g, and e gives k; return by what k goes a step back.

    Each derivative is written with what the forward pass has left: o (1 - o) tanh(c) is h (1 - o), for example.
    """
    gates, factors = gates.swapaxes(0, 1), factors.swapaxes(0, 1)
    o, i, f, g, _ = gates
    np.subtract(1, gates[:3], out=factors[:3])
    factors[0] *= h
    factors[1:3] *= gates[1:3]
    factors[1:3] *= gates[3:]
    np.subtract(1, np.multiply(g, g, out=factors[3]), out=factors[3])
    factors[3] *= i
    np.tanh(c, out=factors[4])
    factors[4] *= h
    np.subtract(o, factors[4], out=factors[4])
    for p_i, p_f, p_o in p:
        factors[4] += p_o * factors[0]
        f = f + p_i * factors[1] + p_f * factors[2]
    return f


def _run_back(dh, factors, carry, U, e, k, da):
    """Take the gradients e of the state and k of the cell back through a chunk of steps, and write da of its gates."""
    by_gate = da.reshape(*dh.shape[:2], 4, dh.shape[2]).transpose(0, 2, 1, 3)
    e_to_k = np.empty_like(e)
    backward = (array[::-1] for array in (dh, factors, carry, da, by_gate))
    for upstream, factor, to_before, da_t, one in zip(*backward, strict=True):
        np.add(e, upstream, out=e)
        np.add(k, np.multiply(factor[4], e, out=e_to_k), out=k)
        np.multiply(factor[0], e, out=one[0])
        np.multiply(factor[1:4], k, out=one[1:])
        np.multiply(k, to_before, out=k)
        np.matmul(da_t, U, out=e)


def _peephole_gradient(da, c, chunk):
    """Sum da_i c_{t-1}, da_f c_{t-1} and da_o c_t over a chunk of steps and over the batch."""
    before, after = c[chunk], c[1:][chunk]
    da = da.reshape(*before.shape[:2], 4, before.shape[2])
    return np.stack([np.einsum("tbh,tbh->h", da[:, :, gate], c) for gate, c in ((1, before), (2, before), (0, after))])
