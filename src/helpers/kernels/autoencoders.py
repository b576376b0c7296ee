"""Two autoencoders whose essence is a formula: the linear one, which is PCA, and what the contractive one is charged.

Neither builds what it speaks of: the best linear autoencoder is one singular value decomposition, and the Frobenius
norm of a layer's Jacobian needs no Jacobian.
"""

import numpy as np

from helpers.kernels._blocks import as_float
from helpers.kernels.sigmoid import sigmoid_gradient


def linear_autoencoder(X, k):
    """Return the projector of the best linear autoencoder with k hidden units and biases, and its error.

    min_{A, B, c} sum_n |x_n - A B x_n - c|^2 = sum_{i > k} s_i^2,   A B = V_k V_k^T,   X - mean x = U diag(s) V^T

    X: (N, D), one example a row, N at least 1. k: an int from 0 to D.
    returns: the projector (D, D), and the sum of squared errors, a float; float32 gives a projector in float32. Where
    s_k = s_{k+1} the projector is one of several that are equally good.
    raises: `ValueError` if X has not the shape (N, D) with N > 0, or k lies outside of 0..D.
    source: Baldi, Hornik, Neural networks and principal component analysis (1989).

    >>> projector, error = linear_autoencoder([[1.0, 5.0], [1.0, 9.0], [0.0, 7.0], [2.0, 7.0]], 1)
    >>> projector, round(error, 9)
    (array([[0., 0.],
           [0., 1.]]), 2.0)
    """
    X = as_float(X)
    if X.ndim != 2 or len(X) == 0 or not 0 <= k <= X.shape[1]:
        raise ValueError(f"X has the shape (N, D) with N > 0, and k lies in 0..D, not {X.shape} and {k}")
    centered = X - X.mean(axis=0, dtype=np.float64)
    if len(X) > X.shape[1]:
        centered = np.linalg.qr(centered, mode="r")  # the same directions and sizes, and no left vectors to pay for
    _, sizes, directions = np.linalg.svd(centered, full_matrices=k > len(X))  # rows of V beyond the rank of X
    kept = directions[:k]
    return (kept.T @ kept).astype(X.dtype, copy=False), float(np.sum(sizes[k:] ** 2))


def contractive_penalty(W, b, x):
    """Return the squared Frobenius norm of the Jacobian of a sigmoid layer, for each example.

    |dh/dx|^2 = sum_j (h_j (1 - h_j))^2 sum_i W_ji^2,   h = sigmoid(W x + b)

    W: (H, D). b: (H,). x: (N, D).
    returns: (N,); float32 if all are. It takes a product of matrices and N H operations; no Jacobian is built.
    raises: `ValueError` if the shapes do not fit together.
    source: Rifai, Vincent, Muller, Glorot, Bengio, Contractive auto-encoders (2011), equation 7.

    >>> contractive_penalty([[4.0]], [0.0], [[0.0]])
    array([1.])
    """
    W, b, x = (as_float(array) for array in (W, b, x))
    if W.ndim != 2 or b.shape != W.shape[:1] or x.ndim != 2 or x.shape[1] != W.shape[1]:
        raise ValueError(f"W (H, D), b (H,) and x (N, D) do not fit together: {W.shape}, {b.shape}, {x.shape}")
    slopes, _ = sigmoid_gradient(x @ W.T + b)
    return np.square(slopes) @ np.vecdot(W, W)
