"""The plain recurrent layer with tanh over a batch of sequences, forward and backward through time.

A step is one product with the state, one sum and one tanh. All else is done for a chunk of steps at once. The states
are the whole memory: the derivative of tanh is 1 - h^2. `tanh_rnn_loop` is the version to read.
"""

import numpy as np

from helpers.kernels._recurrent import chunk_length, input_part, require_layer, require_upstream, rows, time_chunks


def tanh_rnn_loop(x, h0, W, U, b):
    """Return the states of a plain recurrent layer at all times: the version to read.

    x: (T, B, D), time first. h0: (B, H). W: (H, D). U: (H, H). b: (H,).
    returns: h (T, B, H).
    raises: nothing.
    source: Elman, Finding structure in time, Cognitive Science (1990).

    >>> tanh_rnn_loop(np.zeros((2, 1, 1)), np.zeros((1, 1)), np.ones((1, 1)), np.ones((1, 1)), np.zeros(1)).shape
    (2, 1, 1)
    """
    states = [h0]
    for x_t in x:
        states.append(np.tanh(x_t @ W.T + states[-1] @ U.T + b))
    return np.stack(states)[1:]


def tanh_rnn_forward(x, h0, W, U, b):
    """Return the states of a plain recurrent layer at all times, and what its backward pass needs.

    h_t = tanh(W x_t + U h_{t-1} + b)

    x: (T, B, D), time first. h0: (B, H). W: (H, D). U: (H, H). b: (H,).
    returns: h (T, B, H), float32 if all arguments are; cache, for `tanh_rnn_backward`,
    which holds x and h themselves: change neither before.
    raises: `ValueError` if the shapes do not fit together.
    source: Elman, Finding structure in time, Cognitive Science (1990).

    >>> h, _ = tanh_rnn_forward(np.zeros((2, 1, 1)), np.ones((1, 1)), np.ones((1, 1)), np.ones((1, 1)), np.zeros(1))
    >>> h.ravel().tolist() == [np.tanh(1), np.tanh(np.tanh(1))]
    True
    """
    x, h0, W, U, b = require_layer(1, x=x, h0=h0, W=W, U=U, b=b)
    (T, B, _), H = x.shape, len(b)
    h, recurrent = np.empty((T + 1, B, H), x.dtype), np.empty((B, H), x.dtype)
    from_input, from_state, h[0] = np.column_stack([W, b]).T.copy(), U.T.copy(), h0
    with np.errstate(under="ignore"):
        for chunk in time_chunks(T, B):
            input_part(x[chunk], from_input[None], h[1:][chunk][:, None])
            for before, now in zip(h[chunk], h[1:][chunk], strict=True):
                np.add(np.matmul(before, from_state, out=recurrent), now, out=recurrent)
                np.tanh(recurrent, out=now)
    return h[1:], (x, h, W, U)


def tanh_rnn_backward(dh, cache):
    """Return the gradients of sum(h * dh) with respect to the arguments of `tanh_rnn_forward`.

    da_t = (dh_t + U^T da_{t+1}) (1 - h_t^2),   dx_t = W^T da_t,   dh0 = U^T da_1
    dW = sum_t da_t x_t^T,   dU = sum_t da_t h_{t-1}^T,   db = sum_t da_t,   each summed over the batch too

    dh: (T, B, H), the upstream gradient of each state; zeros but for the last, if only the last is used.
    cache: from `tanh_rnn_forward`; it stays as it is.
    returns: dx (T, B, D), dh0 (B, H), dW (H, D), dU (H, H), db (H,).
    raises: `ValueError` if dh does not have the shape of h.
    source: Werbos, Backpropagation through time: what it does and how to do it, Proceedings of the IEEE (1990).

    >>> h, cache = tanh_rnn_forward(np.zeros((2, 1, 1)), np.ones((1, 1)), np.ones((1, 1)), np.ones((1, 1)), np.zeros(1))
    >>> dh0 = tanh_rnn_backward([[[0.0]], [[1.0]]], cache)[1]
    >>> bool(np.isclose(dh0[0, 0], np.prod(1 - h**2)))
    True
    """
    x, h, W, U = cache
    dh = require_upstream(dh, h[1:])
    (T, B, H), D, dtype = dh.shape, W.shape[1], dh.dtype
    dx, e, da = np.empty((T, B, D), dtype), np.zeros((B, H), dtype), np.empty((chunk_length(T, B), B, H), dtype)
    dW, dU, db = np.zeros((D, H), dtype), np.zeros((H, H), dtype), np.zeros(H, dtype)
    with np.errstate(under="ignore"):
        for chunk in reversed(time_chunks(T, B)):
            now = da[: chunk.stop - chunk.start]
            _run_back(dh[chunk], h[1:][chunk], U, e, now)
            here = rows(now)
            np.matmul(here, W, out=rows(dx[chunk]))
            dW += rows(x[chunk]).T @ here
            dU += rows(h[chunk]).T @ here
            db += np.ones(len(here), dtype) @ here
    return dx, e, dW.T.copy(), dU.T.copy(), db


def _run_back(dh, h, U, e, da):
    """Take the gradient e of the state back through a chunk of steps, and write da (steps, B, H) of its steps."""
    np.subtract(1, np.multiply(h, h, out=da), out=da)
    for now, upstream in zip(da[::-1], dh[::-1], strict=True):
        np.add(e, upstream, out=e)
        np.multiply(now, e, out=now)
        np.matmul(now, U, out=e)
