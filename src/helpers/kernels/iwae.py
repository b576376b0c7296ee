"""The importance-weighted bound (IWAE) on log p(x), its normalized weights, and what the weights are worth.

All start from log-weights, log w_k = log p(x, z_k) - log q(z_k | x). For images these lie so far below 0 that their exp
is 0; so the largest is subtracted first. `iwae_bound_streaming` never sees all K samples at once: for every example it
keeps the largest log-weight so far, and the sum of the weights relative to it. Its blocks hold samples along the first
axis, so that the running quantities are updated by long contiguous loops.
"""

import math

import numpy as np

from helpers.kernels._blocks import as_float, row_blocks


def iwae_bound(logw):
    """Return the IWAE bound of each example: the logarithm of the mean of its K weights, in nats.

    L_K = log(1/K sum_k exp(log w_k)) = M + log sum_k exp(log w_k - M) - log K, with M = max_k log w_k

    logw: (N, K), or (..., K), log-weights; -inf is a sample without weight.
    returns: (N,), or (...); float32 stays float32. Nothing but -inf gives -inf.
    raises: `ValueError` if there is no sample.
    source: Burda, Grosse, Salakhutdinov, Importance weighted autoencoders (2016).

    >>> iwae_bound(np.array([[-2000.0, -2000.0], [0.0, np.log(3.0)]])).round(9)
    array([-2.00000000e+03,  6.93147181e-01])
    """
    return _in_rows(logw, _write_bounds)


def _write_bounds(logw, out, scratch):
    """Write a block's bounds into `out` and its weights, relative to each row's largest, into `scratch`.

    Return the sums of these weights.
    """
    highest = np.maximum.reduce(logw, axis=1)
    highest[~np.isfinite(highest)] = 0
    np.exp(np.subtract(logw, highest[:, None], out=scratch), out=scratch)
    total = np.add.reduce(scratch, axis=1)
    out[:] = np.log(total) + (highest - logw.dtype.type(math.log(logw.shape[1])))
    return total


def iwae_bound_and_weights(logw):
    """Return the IWAE bound of each example and its normalized weights, in one pass over the exponentials.

    L = log-mean-exp of log w over k,   weights_k = w_k / sum_j w_j = dL / d log w_k

    logw: (N, K), or (..., K), log-weights; -inf is a sample without weight.
    returns: bounds (N,), in nats; weights (N, K), each row of which sums to 1; float32 stays float32. Nothing but -inf
    gives -inf and weights of nan.
    raises: `ValueError` if there is no sample.
    source: Burda, Grosse, Salakhutdinov, Importance weighted autoencoders (2016), equations 8 and 14.

    >>> bound, weights = iwae_bound_and_weights(np.array([[0.0, np.log(3.0)]]))
    >>> bound.round(9), weights
    (array([0.69314718]), array([[0.25, 0.75]]))
    """
    logw = as_float(logw)
    weights = np.empty(logw.shape, logw.dtype)

    return _in_rows(logw, _write_bounds_and_weights, weights), weights


def _write_bounds_and_weights(logw, out, weights):
    weights /= _write_bounds(logw, out, weights)[:, None]


def effective_sample_size(logw):
    """Return how many equally weighted samples the K weighted ones of each example are worth.

    ESS = (sum_k w_k)^2 / sum_k w_k^2, between 1 and K

    logw: (N, K), or (..., K), log-weights; -inf is a sample without weight.
    returns: (N,), or (...); float32 stays float32. Nothing but -inf gives nan.
    raises: `ValueError` if there is no sample.
    source: Kong, A note on importance sampling using standardized weights (1992).

    >>> effective_sample_size(np.array([[-2000.0, -2000.0, -2000.0], [0.0, -900.0, -900.0]]))
    array([3., 1.])
    """
    return _in_rows(logw, _write_sample_sizes)


def _write_sample_sizes(logw, out, scratch):
    total = _write_bounds(logw, out, scratch)
    out[:] = total * total / np.vecdot(scratch, scratch)


def _in_rows(logw, write, result=None):
    """Fill one number a row by `write(block, out, scratch)`, block by block; `result` may stand for the scratch."""
    logw = as_float(logw)
    if logw.ndim == 0 or logw.shape[-1] == 0:
        raise ValueError(f"log-weights (..., K) with at least one sample are expected, not the shape {logw.shape}")
    rows = logw.reshape(-1, logw.shape[-1])
    out, blocks = np.empty(len(rows), logw.dtype), list(row_blocks(rows))
    scratch = np.empty_like(rows[blocks[0]]) if result is None and blocks else None
    with np.errstate(divide="ignore", over="ignore", under="ignore", invalid="ignore"):
        for block in blocks:
            height = len(rows[block])
            write(rows[block], out[block], scratch[:height] if result is None else result.reshape(rows.shape)[block])
    return out.reshape(logw.shape[:-1])[()]


def iwae_bound_streaming(blocks):
    """Return the IWAE bound of each example from blocks of samples that are made one after the other, in O(N) memory.

    M' = max(M, max of the block),   S' = S exp(M - M') + sum_k exp(log w_k - M'),   L = M + log S - log K

    blocks: iterable of arrays (chunk, N), log-weights with SAMPLES along the first axis; about 64 a block pay best.
    returns: (N,), in nats; float32 stays float32. Nothing but -inf gives -inf.
    raises: `ValueError` if there is no sample or the blocks differ in N.
    source: Milakov, Gimelshein, Online normalizer calculation for softmax (2018).

    >>> iwae_bound_streaming(np.log([[weight]]) for weight in (1.0, 3.0)).round(9)
    array([0.69314718])
    """
    samples, highest, total, scratch = 0, None, None, None
    for logw in _pieces(blocks):
        if highest is None:
            highest, total = np.full(logw.shape[1], -np.inf, logw.dtype), np.zeros(logw.shape[1], logw.dtype)
        if logw.shape[1:] != highest.shape:
            raise ValueError(f"blocks (chunk, N) of one N are expected, and after N = {len(highest)} {logw.shape}")
        if scratch is None or len(scratch) < len(logw):
            scratch = np.empty(logw.shape, highest.dtype)
        highest = _take_in(logw, highest, total, scratch[: len(logw)])
        samples += len(logw)
    if samples == 0:
        raise ValueError("the bound is a mean over samples, and there is no sample")
    with np.errstate(divide="ignore"):
        return np.log(total) + (_finite(highest) - highest.dtype.type(math.log(samples)))


def _pieces(blocks):
    """Yield the blocks, cut along the samples where they are larger than the cache."""
    for block in map(as_float, blocks):
        if block.ndim != 2:
            raise ValueError(f"blocks of the shape (chunk, N) are expected, not {block.shape}")
        for rows in row_blocks(block):
            yield block[rows]


@np.errstate(over="ignore", under="ignore", invalid="ignore")
def _take_in(logw, highest, total, scratch):
    """Bring `total`, in place, and `highest`, which is returned, up to date with one more block."""
    new = np.maximum(highest, np.max(logw, axis=0, initial=-np.inf))
    shift = _finite(new)
    total *= np.exp(highest - shift)
    total += np.add.reduce(np.exp(np.subtract(logw, shift, out=scratch), out=scratch), axis=0)
    return new


def _finite(highest):
    """Return `highest`, or 0 where it is infinite, because a shift by infinity leaves nan."""
    return np.where(np.isfinite(highest), highest, highest.dtype.type(0))


def expected_iwae_bound(w, p, K):
    """Return the exact mean of the IWAE bound of K samples where a weight takes one of two values, in nats.

    E[L_K] = sum_k C(K, k) p^k (1 - p)^(K - k) log((k w_1 + (K - k) w_2) / K), with the binomial terms by logarithms

    w: two positive weights (w_1, w_2). p: the probability of w_1, in [0, 1]. K: the number of samples, at least 1.
    returns: a float. It grows with K towards log(p w_1 + (1 - p) w_2), and K = 1 is the ELBO.
    raises: `ValueError` if a weight is not positive, p lies outside [0, 1] or K is less than 1.
    source: Burda, Grosse, Salakhutdinov, Importance weighted autoencoders (2016), theorem 1.

    >>> round(expected_iwae_bound((4.0, 1.0), 0.5, 1), 9)
    0.693147181
    """
    first, second = (float(weight) for weight in w)
    if not (first > 0 and second > 0 and 0 <= p <= 1 and K >= 1):
        raise ValueError(f"positive weights, p in [0, 1] and K >= 1 are expected, not w = {w}, p = {p}, K = {K}")
    if p in (0, 1):
        return math.log(first if p == 1 else second)
    k = np.arange(K + 1)
    log_factorials = np.concatenate([[0.0], np.cumsum(np.log(k[1:]))])
    log_terms = k * math.log(p) + k[::-1] * math.log1p(-p) - log_factorials - log_factorials[::-1]
    terms = np.exp(log_terms - log_terms.max())  # less than 1e-308 of the largest is nothing
    return float(terms @ np.log(k / K * first + k[::-1] / K * second) / terms.sum())
