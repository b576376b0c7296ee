"""Other ways to compute a convolution layer, forward and backward: (x, W, b, s, p, dout) -> out, dx, dW, db."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from kernel_cases._peers import torch


def eager(x, W, b, s, p, dout):
    """PyTorch's own operations, forward and backward, called directly."""
    x, W, b, dout = map(torch.from_numpy, (x, W, b, dout))
    options = [s, s], [p, p], [1, 1], False, [0, 0], 1

    def run():
        out = torch.conv2d(x, W, b, s, p)
        gradients = torch.ops.aten.convolution_backward(dout, x, W, [len(W)], *options, [True] * 3)
        return tuple(t.numpy() for t in (out, *gradients))

    return run


def eager_forward(x, W, b, s, p, dout):
    """PyTorch's own operation, forward only."""
    x, W, b = map(torch.from_numpy, (x, W, b))
    return lambda: (torch.conv2d(x, W, b, s, p).numpy(),)


def double_loop_im2col(x, kh, kw, s, p, dtype=None):
    """im2col by two loops over the kernel, then sorted into a row for each window."""
    N, C, H, W = x.shape
    oh, ow = (H + 2 * p - kh) // s + 1, (W + 2 * p - kw) // s + 1
    X = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    col = np.zeros((N, C, kh, kw, oh, ow), dtype or x.dtype)
    for i in range(kh):
        for j in range(kw):
            col[:, :, i, j] = X[:, :, i : i + s * oh : s, j : j + s * ow : s]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * oh * ow, -1)


def double_loop_col2im(col, shape, kh, kw, s, p):
    """Its adjoint by the same loops."""
    N, C, H, W = shape
    oh, ow = (H + 2 * p - kh) // s + 1, (W + 2 * p - kw) // s + 1
    columns = col.reshape(N, oh, ow, C, kh, kw).transpose(0, 3, 4, 5, 1, 2)
    X = np.zeros((N, C, H + 2 * p + s - 1, W + 2 * p + s - 1), col.dtype)
    for i in range(kh):
        for j in range(kw):
            X[:, :, i : i + s * oh : s, j : j + s * ow : s] += columns[:, :, i, j]
    return X[:, :, p : H + p, p : W + p]


def textbook(x, W, b, s, p, dout, dtype=None):
    """Products with the whole matrix of columns, which is kept for the way back."""
    (F, _, kh, kw), (N, _, oh, ow) = W.shape, dout.shape
    col = double_loop_im2col(x, kh, kw, s, p, dtype)
    out = (col @ W.reshape(F, -1).T + b).reshape(N, oh, ow, F).transpose(0, 3, 1, 2)
    d = dout.transpose(0, 2, 3, 1).reshape(-1, F)
    dx = double_loop_col2im(d.astype(col.dtype) @ W.reshape(F, -1), x.shape, kh, kw, s, p)
    return out, dx, (d.T @ col).reshape(W.shape), d.sum(0)


def from_scratch(x, W, b, s, p, dout):
    """The design of the book Deep Learning from Scratch, written anew: its columns are float64 whatever the images."""
    return textbook(x, W, b, s, p, dout, np.float64)


def sliding(x, W, b, s, p, dout):
    """sliding_window_view and tensordot, as usually written."""
    kh, kw = W.shape[2:]
    X = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    windows = sliding_window_view(X, (kh, kw), axis=(2, 3))[:, :, ::s, ::s]
    out = np.tensordot(windows, W, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2) + b[:, None, None]
    dW = np.tensordot(dout, windows, axes=((0, 2, 3), (0, 2, 3)))
    spread = np.tensordot(dout, W, axes=(1, 0)).reshape(-1, W[0].size)  # (N oh ow, C kh kw)
    return out, double_loop_col2im(spread, x.shape, kh, kw, s, p), dW, dout.sum((0, 2, 3))
