"""The plain recurrent layer with tanh over a batch of sequences, forward and backward through time.

A step is one product with the state, one sum and one tanh. All else is done for a chunk of steps at once. The states
are the whole memory: the derivative of tanh is 1 - h^2. `tanh_rnn_loop` is the version to read.
"""

import numpy as np

from helpers.kernels.recurrent import require_layer, require_upstream, rows, time_chunks, with_ones


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
    returns: h (T, B, H), float32 if all arguments are; cache, for `tanh_rnn_backward`.
    raises: `ValueError` if the shapes do not fit together.
    source: Elman, Finding structure in time, Cognitive Science (1990).

    >>> h, _ = tanh_rnn_forward(np.zeros((2, 1, 1)), np.ones((1, 1)), np.ones((1, 1)), np.ones((1, 1)), np.zeros(1))
    >>> h.ravel().tolist() == [np.tanh(1), np.tanh(np.tanh(1))]
    True
    """
    x, h0, W, U, b = require_layer(1, x=x, h0=h0, W=W, U=U, b=b)
    (T, B, _), H = x.shape, len(b)
    inputs, h = with_ones(x), np.empty((T + 1, B, H), x.dtype)
    from_input, from_state = np.column_stack([W, b]).T.copy(), U.T.copy()
    recurrent, h[0] = np.empty((B, H), x.dtype), h0
    with np.errstate(under="ignore"):
        for chunk in time_chunks(T, B):
            np.matmul(rows(inputs[chunk]), from_input, out=rows(h[1:][chunk]))
            for before, now in zip(h[chunk], h[1:][chunk], strict=True):
                now += np.matmul(before, from_state, out=recurrent)
                np.tanh(now, out=now)
    return h[1:], (inputs, h, W, U)


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
    inputs, h, W, U = cache
    dh = require_upstream(dh, h[1:])
    (T, B, H), D = dh.shape, W.shape[1]
    dx, e = np.empty((T, B, D), h.dtype), np.zeros((B, H), h.dtype)
    dU, dW = np.zeros((H, H), h.dtype), np.zeros((H, D + 1), h.dtype)
    with np.errstate(under="ignore"):
        for chunk in reversed(time_chunks(T, B)):
            da = _run_back(dh[chunk], h[1:][chunk], e, U)
            dU += rows(da).T @ rows(h[chunk])
            dW += rows(da).T @ rows(inputs[chunk])
            np.matmul(rows(da), W, out=rows(dx[chunk]))
    return dx, e, dW[:, :-1].copy(), dU, dW[:, -1].copy()


def _run_back(dh, h, e, U):
    """Take the gradient e of the state back through a chunk of steps, and return da (steps, B, H) of its steps."""
    da = np.multiply(h, h)
    np.subtract(1, da, out=da)
    for now, upstream in zip(da[::-1], dh[::-1], strict=True):
        e += upstream
        now *= e
        np.matmul(now, U, out=e)
    return da
