"""The optimal denoiser for Gaussian noise on known points, and the score of the noisy density: one and the same.

Everything happens in logarithms, for with small noise every density is 0. Examples are taken a few rows at a time and
coordinates one by one, so that the array of all differences, (M, N, D), never exists.
"""

import numpy as np

from helpers.kernels._blocks import as_float, row_blocks


def optimal_denoiser(y, x, w, s):
    """Return E[x | y] and the gradient of log p(y), for y = x + s noise with x drawn from weighted points.

    r_mn = w_n exp(-|y_m - x_n|^2 / (2 s^2)) / sum of these over n
    E[x | y_m] = sum_n r_mn x_n = y_m + s^2 score_m,   score_m = d log p(y_m) / d y_m

    y: (M, D), noisy points. x: (N, D), clean points. w: (N,), weights, non-negative, not all 0; the sum need not be 1.
    s: positive, the standard deviation of the noise.
    returns: mean (M, D), score (M, D), in 1 / the unit of y; float32 if all arrays are, computed in float64.
    raises: `ValueError` if the shapes do not fit, the weights are negative or all 0, or s is not positive.
    source: Vincent, A connection between score matching and denoising autoencoders (2011).

    >>> optimal_denoiser([[0.0]], [[-1.0], [1.0]], [1.0, 3.0], 1.0)
    (array([[0.5]]), array([[0.5]]))
    """
    y, x, w = as_float(y), as_float(x), as_float(w)
    if y.ndim != 2 or x.ndim != 2 or y.shape[1] != x.shape[1] or w.shape != x.shape[:1]:
        raise ValueError(f"y (M, D), x (N, D) and w (N,) do not fit together: {y.shape}, {x.shape}, {w.shape}")
    if not (s > 0 and (w >= 0).all() and (w > 0).any()):
        raise ValueError("s is positive, and weights are non-negative, not all of them 0")
    dtype, used = np.result_type(y, x, w), w > 0
    columns, log_w = np.ascontiguousarray(x[used].T, dtype=np.float64), np.log(w[used], dtype=np.float64)
    noisy, shift = y.astype(np.float64, copy=False), np.empty(y.shape)
    sizes = np.empty((len(y), len(log_w)), bool)  # its rows say how many rows of responsibilities fit into a block
    with np.errstate(under="ignore"):
        for rows in row_blocks(sizes.view(np.uint8)):
            shift[rows] = _mean_shift(noisy[rows], columns, log_w, s)
    return (noisy + shift).astype(dtype, copy=False), (shift / s**2).astype(dtype, copy=False)


def _mean_shift(y, columns, log_w, s):
    """Return E[x | y] - y, (rows, D), as a mean of differences: no digits are lost where the noise is small."""
    logits = np.tile(log_w, (len(y), 1))
    for column, value in zip(columns, y.T, strict=True):
        logits -= 0.5 * np.square((column - value[:, None]) / s)
    logits -= np.max(logits, axis=1, keepdims=True)
    shares = np.exp(logits, out=logits)
    shares /= shares.sum(axis=1, keepdims=True)
    differences = [np.vecdot(shares, column - value[:, None]) for column, value in zip(columns, y.T, strict=True)]
    return np.stack(differences, axis=1) if differences else np.empty(y.shape)
