"""Attention over the steps of padded sequences: a softmax over the real steps, and the mean of values it weighs."""

import numpy as np

from helpers.kernels._blocks import as_float


def attention(scores, values, mask):
    """Return the weights of attention over time, zero where a sequence is padded, and the weighted mean of the values.

    weights_nt = mask_nt exp(scores_nt) / sum_s mask_ns exp(scores_ns),   context_n = sum_t weights_nt values_nt

    scores: (N, T). values: (N, T, D). mask: (N, T), 1 for a real step and 0 for padding, or booleans; what scores
    and values hold at a padded step does not count, nan included.
    returns: weights (N, T), which sum to 1 in each row with a real step and are zeros elsewhere; context (N, D).
    raises: `ValueError` if the shapes do not fit together.
    source: Bahdanau, Cho, Bengio, Neural machine translation by jointly learning to align and translate, ICLR (2015).

    >>> attention(np.zeros((1, 3)), np.array([[[1.0], [3.0], [9.0]]]), np.array([[1, 1, 0]]))
    (array([[0.5, 0.5, 0. ]]), array([[2.]]))
    """
    scores, values, mask = as_float(scores), as_float(values), np.asarray(mask)
    if scores.ndim != 2 or mask.shape != scores.shape or values.ndim != 3 or values.shape[:2] != scores.shape:
        shapes = f"scores {scores.shape}, values {values.shape}, mask {mask.shape}"
        raise ValueError(f"expected scores (N, T), values (N, T, D), mask (N, T); these do not fit together: {shapes}")
    real = mask > 0
    weights = np.where(real, scores, scores.dtype.type(-np.inf))
    highest = np.max(weights, axis=1, keepdims=True, initial=-np.inf)
    highest[~real.any(axis=1)] = 0
    with np.errstate(under="ignore", over="ignore"):
        np.exp(np.subtract(weights, highest, out=weights), out=weights)
    total = weights.sum(axis=1, keepdims=True)
    weights /= np.where(total > 0, total, 1)
    with np.errstate(under="ignore", invalid="ignore"):
        context = np.matmul(weights[:, None], values)[:, 0]
        if np.isnan(context).any():  # 0 times what stands at a padded step, which may be anything
            context = np.matmul(weights[:, None], np.where(real[..., None], values, 0))[:, 0]
        return weights, context
