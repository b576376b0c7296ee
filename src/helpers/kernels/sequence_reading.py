"""Ways to read a whole sequence: from both ends, and by looking where a score says."""

import numpy as np


def bidirectional_rnn(x, Wf, Uf, Wb, Ub):
    """Return the states of two recurrent networks of tanh units, one reading forward and one backward.

    f_t = tanh(Wf x_t + Uf f_{t-1}),   b_t = tanh(Wb x_t + Ub b_{t+1}),   both from zeros

    x (T, D), Wf and Wb (H, D), Uf and Ub (H, H): arrays.
    returns: (T, 2H), float64; row t is [f_t, b_t].
    source: Schuster, Paliwal, Bidirectional recurrent neural networks, IEEE Trans. Signal Processing 45 (1997).

    >>> bidirectional_rnn(np.zeros((2, 1)), *np.ones((4, 1, 1)))
    array([[0., 0.],
           [0., 0.]])
    """
    backward = _tanh_states(x[::-1] @ Wb.T, Ub)[::-1]
    return np.concatenate([_tanh_states(x @ Wf.T, Uf), backward], axis=1)


def _tanh_states(reached, U):
    state = np.zeros(len(U))
    for t in range(len(reached)):
        state = reached[t] = np.tanh(reached[t] + U @ state)
    return reached


def attention(scores, values, mask):
    """Return softmax weights over the real steps of each sequence, and the weighted mean of the values.

    w_t = exp(s_t) / sum over real t' of exp(s_t'),   context = sum_t w_t value_t

    scores (N, T), values (N, T, D), mask (N, T): arrays; mask is 1 at a real step and 0 at padding.
    returns: weights (N, T) and context (N, D); both are 0 for a sequence without a real step.
    source: Bahdanau, Cho, Bengio, Neural machine translation by jointly learning to align and translate, ICLR (2015).

    >>> attention(np.zeros((1, 2)), np.array([[[1.0], [3.0]]]), np.ones((1, 2)))[1]
    array([[2.]])
    """
    real = np.asarray(mask) > 0
    top = np.max(scores, axis=1, keepdims=True, where=real, initial=-np.inf)
    weights = np.zeros(np.shape(scores))
    np.exp(np.subtract(scores, top, where=real, out=np.zeros_like(weights)), where=real, out=weights)
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    return weights, (weights[:, None] @ values)[:, 0]
