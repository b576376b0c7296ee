"""Maximum and average pooling, forward and backward, after a ReLU, so that many pixels are equal."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from helpers import kernels
from kernel_cases import Case
from kernel_cases._peers import torch

LAYERS = {  # shape, kernel, stride, padding, targets for float32 and float64
    "2/2 (64, 32, 32, 32)": ((64, 32, 32, 32), 2, 2, 0, 0.8, 1.0),
    "3/2 (64, 32, 32, 32)": ((64, 32, 32, 32), 3, 2, 1, 0.8, 1.8),
    "2/2 (16, 64, 56, 56)": ((16, 64, 56, 56), 2, 2, 0, 0.8, 1.0),
}
SHARED = "reshape, ties share"


def cases(dtype, rng):
    """Yield the cases of this family."""
    for name, (shape, k, s, p, *targets) in LAYERS.items():
        target = targets[dtype == np.float64]
        x = np.maximum(rng.normal(size=(2 * shape[0], *shape[1:])), 0).astype(dtype)
        size = shape[2] // s
        dout = rng.normal(size=(2 * shape[0], shape[1], size, size)).astype(dtype)
        arguments, twice = (x[: shape[0]], dout[: shape[0]], k, s, p), (x, dout, k, s, p)
        for kind in ("max", "avg"):
            yield _layer(kind, name, arguments, twice, target)


def _layer(kind, name, arguments, twice, target):
    forward, backward = (getattr(kernels, f"{kind}_pool2d_{way}") for way in ("forward", "backward"))
    peers = {"torch": eager(kind, *arguments)} if torch else {}
    if kind == "max":
        peers["im2col, argmax"] = lambda: im2col_max(*arguments)
        if arguments[2] == arguments[3]:
            peers[SHARED] = lambda: reshape_max(*arguments)
    else:
        peers["sliding_window_view, mean"] = lambda: sliding_mean(*arguments)

    def both(x, dout, k, s, p):
        out, cache = forward(x, k, s, p)
        return out, backward(dout, cache)

    return Case(
        f"{kind}_pool2d {name}",
        lambda: both(*arguments),
        peers,
        target,
        doubled=lambda: both(*twice),
        incomparable=frozenset([SHARED]),
    )


def eager(kind, x, dout, k, s, p):
    """PyTorch's own operations, forward and backward, called directly."""
    x, dout, aten = torch.from_numpy(x), torch.from_numpy(dout), torch.ops.aten
    window = [k, k], [s, s], [p, p]

    def maximum():
        out, indices = aten.max_pool2d_with_indices(x, *window)
        gradient = aten.max_pool2d_with_indices_backward(dout, x, *window, [1, 1], False, indices)
        return out.numpy(), gradient.numpy()

    def mean():
        gradient = aten.avg_pool2d_backward(dout, x, *window, False, True, None)
        return aten.avg_pool2d(x, *window).numpy(), gradient.numpy()

    return maximum if kind == "max" else mean


def im2col_max(x, dout, k, s, p):
    """A row for each window, its argmax, and col2im of the gradients put there: the textbook's way."""
    N, C, H, W = x.shape
    planes = np.pad(x.reshape(N * C, 1, H, W), ((0, 0), (0, 0), (p, p), (p, p)), constant_values=-np.inf)
    col = np.ascontiguousarray(kernels.im2col(planes, k, k, s, 0))
    first = col.argmax(axis=1)
    dcol = np.zeros_like(col)
    dcol[np.arange(len(col)), first] = dout.ravel()
    gradient = kernels.col2im(dcol, planes.shape, k, k, s, 0)[:, :, p : p + H, p : p + W]
    return col[np.arange(len(col)), first].reshape(dout.shape), gradient.reshape(x.shape)


def reshape_max(x, dout, k, s, p):
    """Windows as two more axes; all pixels that equal the maximum share the gradient."""
    N, C, H, W = x.shape
    windows = x.reshape(N, C, H // k, k, W // k, k)
    out = windows.max(axis=(3, 5), keepdims=True)
    equal = windows == out
    share = dout[:, :, :, None, :, None] / equal.sum(axis=(3, 5), keepdims=True)
    return out[:, :, :, 0, :, 0], (equal * share).astype(x.dtype).reshape(x.shape)


def sliding_mean(x, dout, k, s, p):
    """The mean over a view of all windows; backward, one slice for each tap."""
    H, W = x.shape[2:]
    X = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    out = sliding_window_view(X, (k, k), axis=(2, 3))[:, :, ::s, ::s].mean(axis=(4, 5))
    dX, share = np.zeros_like(X), dout / (k * k)
    for i in range(k):
        for j in range(k):
            rows, columns = slice(i, i + s * (out.shape[2] - 1) + 1, s), slice(j, j + s * (out.shape[3] - 1) + 1, s)
            dX[:, :, rows, columns] += share
    return out, dX[:, :, p : p + H, p : p + W]
