"""Entropy, cross-entropy, Kullback-Leibler and Jensen-Shannon divergence of discrete distributions, in nats.

Each is a sum of p log(something) over the last axis. Two ideas make it fast. A bin with p = 0 must add 0, and masks are
slow; but log(something + tiny) is finite, so that p = 0 makes the product 0 by itself, and adding the smallest normal
number changes nothing else. And a sum of products is a dot product, so that the products are never stored. What the
definition says, bin by bin, stands in `kl_divergence_plain`.
"""

import math

import numpy as np

from helpers.kernels._blocks import as_float, floats_of_one_shape, row_sums, sum_last_axis

SUM_TOLERANCE = 1e-3  # of a row's sum from 1: what float32 and percentages leave, but no count and no logit


def entropy(p):
    """Return the entropy of each distribution along the last axis, in nats.

    H(p) = -sum_k p_k log p_k, with 0 log 0 = 0

    p: (..., K), non-negative; each row is used as it is, so it should sum to 1.
    returns: (...), a NumPy scalar for 1-D input; float32 stays float32, integers give float64.
    raises: `ValueError` if `p` has no axis.
    source: Shannon, A mathematical theory of communication (1948).

    >>> entropy([[0.5, 0.5], [1.0, 0.0]])
    array([0.69314718, 0.        ])
    """
    return 0 - sum_last_axis(_sum_p_log_p, floats_of_one_shape(p=p))


def _sum_p_log_p(p, scratch):
    np.add(p, np.finfo(p.dtype).tiny, out=scratch)
    return np.vecdot(p, np.log(scratch, out=scratch))


def cross_entropy(p, q):
    """Return the cross-entropy of q relative to p, of each pair of distributions along the last axis, in nats.

    CE(p, q) = -sum_k p_k log q_k, with 0 log 0 = 0; it is inf where q calls impossible what p does not

    p, q: (..., K), non-negative; rows should sum to 1. For logits there is `cross_entropy_from_logits`.
    returns: (...), a NumPy scalar for 1-D input; float32 if both are.
    raises: `ValueError` if the shapes differ or there is no axis.
    source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 3.13.

    >>> cross_entropy([[1.0, 0.0], [0.5, 0.5]], [[0.5, 0.5], [1.0, 0.0]])
    array([0.69314718,        inf])
    """
    return 0 - sum_last_axis(_sum_p_log_q, floats_of_one_shape(p=p, q=q))


def _sum_p_log_q(p, q, scratch):
    return _dot_of_used(p, np.log(q, out=scratch))


def _dot_of_used(p, logarithms):
    """Return the dot products of rows, to which a bin with p = 0 adds 0 even if its logarithm is infinite or nan."""
    totals = np.vecdot(p, logarithms)
    if np.isnan(totals).any():
        np.copyto(logarithms, 0, where=p == 0)
        totals = np.vecdot(p, logarithms)
    return totals


def kl_divergence(p, q):
    """Return the Kullback-Leibler divergence of q from p, of each pair of distributions along the last axis, in nats.

    KL(p || q) = sum_k p_k log(p_k / q_k), with 0 log 0 = 0; it is inf where p_k > 0 = q_k

    p, q: (..., K), non-negative; rows sum to 1, to three digits. No epsilon is added to either.
    returns: (...), a NumPy scalar for 1-D input; float32 if both are.
    raises: `ValueError` if the shapes differ or there is no axis, or a row holds a negative or does not sum to 1.
    source: Kullback, Leibler, On information and sufficiency (1951).

    >>> kl_divergence([[0.5, 0.5, 0.0], [0.5, 0.5, 0.0]], [[0.25, 0.25, 0.5], [0.0, 0.5, 0.5]])
    array([0.69314718,        inf])
    """
    return _kl(*_distributions(p=p, q=q))


def _distributions(**arrays):
    """Return the arrays as floats of one shape; `ValueError` where a row holds a negative or does not sum to 1."""
    floats = floats_of_one_shape(**arrays)
    for name, array in zip(arrays, floats, strict=True):
        if array.size and array.min() < 0:
            raise ValueError(f"{name} holds {array.min()}, and no probability is negative")
        totals = np.atleast_1d(row_sums(array))
        off = np.abs(totals - 1)
        if array.shape[-1] and off.size and off.max() > SUM_TOLERANCE:
            raise ValueError(f"each row of {name} must sum to 1, and one sums to {totals[off.argmax()]:g}")
    return floats


def _kl(p, q):
    """Return KL(p || q) for any q that is nowhere negative, of p's shape and dtype: a row of a joint table, too."""
    return sum_last_axis(_sum_p_log_ratio, [p, q])


def _sum_p_log_ratio(p, q, scratch):
    np.divide(p, q, out=scratch)
    scratch += np.finfo(p.dtype).tiny
    totals = _dot_of_used(p, np.log(scratch, out=scratch))
    again = np.isinf(totals)
    if again.any():  # a ratio that overflows is not infinite yet
        totals[again] = _dot_of_used(p[again], np.log(p[again]) - np.log(q[again]))
    return totals


def kl_divergence_plain(p, q):
    """Return KL(p || q) in nats, bin by bin: the definition, to be read beside `kl_divergence`.

    p, q: (K,), non-negative.
    returns: a float.
    raises: `ValueError` if the lengths differ.
    source: Kullback, Leibler, On information and sufficiency (1951).

    >>> round(kl_divergence_plain([0.5, 0.5], [0.25, 0.75]), 9)
    0.143841036
    """
    total = 0.0
    for mine, theirs in zip(p, q, strict=True):
        if mine > 0:
            total += mine * (math.log(mine) - math.log(theirs)) if theirs > 0 else math.inf
    return float(total)


def js_divergence(p, q, w=0.5):
    """Return the Jensen-Shannon divergence of each pair of distributions along the last axis, in nats.

    JS_w(p, q) = w KL(p || m) + (1 - w) KL(q || m), with the mixture m = w p + (1 - w) q; at w = 1/2 at most log 2

    p, q: (..., K), non-negative; rows should sum to 1. w: a number in [0, 1], the weight of p in the mixture.
    returns: (...), a NumPy scalar for 1-D input; float32 if both are. Exactly 0 for p = q at w = 1/2.
    raises: `ValueError` if the shapes differ, there is no axis, or w lies outside [0, 1].
    source: Lin, Divergence measures based on the Shannon entropy (1991).

    >>> js_divergence([[1.0, 0.0], [0.3, 0.7]], [[0.0, 1.0], [0.3, 0.7]])
    array([0.69314718, 0.        ])
    """
    if not 0 <= w <= 1:
        raise ValueError(f"w, the weight of p in the mixture, lies in [0, 1] and not at {w}")
    p, q = floats_of_one_shape(p=p, q=q)
    w = p.dtype.type(w)

    def block_sum(p, q, mixture, scratch):
        _write_mixture(p, q, w, out=mixture)
        total = w * _sum_p_log_share(p, mixture, scratch) if w > 0 else 0
        return total + (1 - w) * _sum_p_log_share(q, mixture, scratch) if w < 1 else total

    return sum_last_axis(block_sum, [p, q], scratches=2)


def _write_mixture(p, q, w, out):
    """Write w p + (1 - w) q, raised by next to nothing, so that it is nowhere 0; it is p exactly where p = q."""
    if w == 0.5:
        np.add(p, q, out=out)
        out *= w
    else:
        np.subtract(p, q, out=out)
        out *= w
        out += q
    out += np.finfo(p.dtype).tiny


def _sum_p_log_share(p, mixture, scratch):
    np.divide(p, mixture, out=scratch)
    scratch += np.finfo(p.dtype).tiny
    return np.vecdot(p, np.log(scratch, out=scratch))


def information_quantities(t, y):
    """Return entropy, cross-entropy and Kullback-Leibler divergence, each averaged over the rows, in nats.

    H = mean_n H(t_n),   CE = mean_n CE(t_n, y_n) = H + KL,   KL = mean_n KL(t_n || y_n)

    t, y: (N, K), rows of distributions; zeros in t add nothing, and a zero in y where t has none gives inf.
    returns: H, CE, KL, three floats.
    raises: `ValueError` if the shapes differ, are not two-dimensional, or there is no row to average over.
    source: Cover, Thomas, Elements of Information Theory (2006), chapter 2.

    >>> [round(value, 9) for value in information_quantities([[1.0, 0.0]], [[0.5, 0.5]])]
    [0.0, 0.693147181, 0.693147181]
    """
    t, y = as_float(t), as_float(y)
    if t.ndim != 2 or len(t) == 0:
        raise ValueError(f"t and y must have the shape (N, K) with at least one row, and t has {t.shape}")
    crossed, own = (float(np.mean(values, dtype=np.float64)) for values in (cross_entropy(t, y), entropy(t)))
    return own, crossed, crossed - own
