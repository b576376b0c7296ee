"""The LSTM layer over a batch of sequences, with or without peepholes, forward and backward through time.

One array holds the gates o, i, f, g and the cell before each step, in this order. So one multiplication makes both i g
and f c, one tanh serves all gates, and what a backward step needs lies ready. Backward, everything that a step
multiplies its two incoming gradients by is known before: these factors are made for a chunk of steps at once, and a
step is four multiplications and one matrix product. `lstm_loop` is the version to read.
"""

import numpy as np

from helpers.kernels.recurrent import (
    activate,
    by_gate,
    in_order,
    require_layer,
    require_upstream,
    rows,
    time_chunks,
    with_ones,
)

ORDER = 3, 0, 1, 2  # the outside order is i, f, g, o, and inside it is o, i, f, g
INVERSE = 1, 2, 3, 0


def lstm_forward(x, h0, c0, W, U, b, peepholes=None):
    """Return the states of an LSTM layer at all times, and what its backward pass needs.

    a = W x_t + U h_{t-1} + b in four blocks;   i = sigma(a_i + p_i c_{t-1}),   f = sigma(a_f + p_f c_{t-1})
    g = tanh(a_g),   c_t = f c_{t-1} + i g,   o = sigma(a_o + p_o c_t),   h_t = o tanh(c_t)

    x: (T, B, D), time first. h0, c0: (B, H). W: (4H, D), U: (4H, H), b: (4H,), rows in the order i, f, g, o.
    peepholes: (3, H), the rows p_i, p_f, p_o; None is an LSTM without them.
    returns: h (T, B, H), float32 if all arguments are; cache, for `lstm_backward`.
    raises: `ValueError` if the shapes do not fit together.
    source: Gers, Schraudolph, Schmidhuber, Learning precise timing with LSTM recurrent networks, JMLR (2002).

    >>> zeros = np.zeros((1, 1)), np.ones((1, 1)), np.zeros((4, 1)), np.zeros((4, 1)), np.zeros(4)
    >>> h, _ = lstm_forward(np.zeros((2, 1, 1)), *zeros)
    >>> h.ravel().tolist() == [np.tanh(0.5) / 2, np.tanh(0.25) / 2]
    True
    """
    x, h0, c0, W, U, b, *p = require_layer(4, x=x, h0=h0, c0=c0, W=W, U=U, b=b, peepholes=peepholes)
    (T, B, _), H = x.shape, h0.shape[1]
    inputs, h, gates = with_ones(x), np.empty((T + 1, B, H), x.dtype), np.empty((5, T + 1, B, H), x.dtype)
    h[0], gates[4, 0] = h0, c0
    matrices = by_gate(np.column_stack([W, b]), ORDER, 3), by_gate(U, ORDER, 3)
    peeping = p[0][:, None] / 2 if p else None
    with np.errstate(under="ignore"):
        for chunk in time_chunks(T, B):
            _run(inputs[chunk], h, gates, chunk, *matrices, peeping)
    return h[1:], (inputs, h, gates, W, U, p)


def _run(inputs, h, gates, chunk, from_input, from_state, peeping):
    """Write the gates, the cells and the states of a chunk of steps."""
    np.matmul(rows(inputs), from_input, out=rows(gates[:4, chunk]))
    recurrent = np.empty(gates[:4, 0].shape, h.dtype)
    for t in range(chunk.start, chunk.stop):
        now, c = gates[:, t], gates[4, t + 1]
        np.matmul(h[t], from_state, out=recurrent)
        np.add(now[:4], recurrent, out=now[:4])
        if peeping is None:
            activate(now[:4], 3)
        else:
            now[1:3] += peeping[:2] * now[4]
            activate(now[1:4], 2)
        written = np.multiply(now[1:3], now[3:], out=recurrent[:2])
        np.add(written[0], written[1], out=c)
        if peeping is not None:
            now[0] += peeping[2] * c
            activate(now[:1], 1)
        np.multiply(now[0], np.tanh(c, out=recurrent[0]), out=h[t + 1])


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
    inputs, h, gates, W, U, p = cache
    dh = require_upstream(dh, h[1:])
    (T, B, H), dtype = dh.shape, dh.dtype
    by_rows = in_order(W, ORDER), in_order(U, ORDER)
    dx, dU, dW = np.empty((T, B, W.shape[1]), dtype), np.zeros(U.shape, dtype), np.zeros((4 * H, W.shape[1] + 1), dtype)
    e, k, dp = np.zeros((B, H), dtype), np.zeros((B, H), dtype), [np.zeros_like(one) for one in p]
    with np.errstate(under="ignore"):
        for chunk in reversed(time_chunks(T, B)):
            da = _run_back(dh[chunk], h, gates, chunk, e, k, by_rows[1], p)
            da_rows = rows(da)
            dU += da_rows.T @ rows(h[chunk])
            dW += da_rows.T @ rows(inputs[chunk])
            np.matmul(da_rows, by_rows[0], out=rows(dx[chunk]))
            for one in dp:
                one += _peephole_gradient(da, gates[4], chunk)
    dW, dU = in_order(dW, INVERSE), in_order(dU, INVERSE)
    return dx, e, k, dW[:, :-1].copy(), dU, dW[:, -1].copy(), *dp


def _run_back(dh, h, gates, chunk, e, k, U, p):
    """Take e and k back through a chunk of steps, and return da (steps, B, 4H) of its steps."""
    factors, carry = _factors(h[1:][chunk], gates[:, chunk], gates[4, 1:][chunk], p)
    steps, batch, size = dh.shape
    da, e_to_k = np.empty((steps, batch, 4 * size), dh.dtype), np.empty_like(e)
    da_gates = da.reshape(steps, batch, 4, size).transpose(0, 2, 1, 3)
    for t in reversed(range(steps)):
        e += dh[t]
        k += np.multiply(factors[4, t], e, out=e_to_k)
        np.multiply(factors[0, t], e, out=da_gates[t, 0])
        np.multiply(factors[1:4, t], k, out=da_gates[t, 1:])
        k *= carry[t]
        np.matmul(da[t], U, out=e)
    return da


def _factors(h, gates, c, p):
    """Return by what e gives da_o, k gives da_i, da_f, da_g, and e gives k; and by what k goes to the step before.

    Each derivative is written with what the forward pass has left: o (1 - o) tanh(c) is h (1 - o), for example.
    """
    o, i, f, g, _ = gates
    factors = np.empty_like(gates)
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
    return factors, f


def _peephole_gradient(da, c, chunk):
    """Sum da_i c_{t-1}, da_f c_{t-1} and da_o c_t over a chunk of steps and over the batch."""
    before, after = c[chunk], c[1:][chunk]
    da = da.reshape(*before.shape[:2], 4, before.shape[2])
    return np.stack([np.einsum("tbh,tbh->h", da[:, :, gate], c) for gate, c in ((1, before), (2, before), (0, after))])
