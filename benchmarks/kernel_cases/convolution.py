"""Convolution layers of four sizes, forward and backward, and im2col with its adjoint.

LeNet: 64 images of 28 x 28, 1 channel to 6, 5 x 5. CIFAR: 64 of 32 x 32, 3 to 32, 3 x 3. Strided: 64 of 32 x 32,
16 to 32, 3 x 3, stride 2. ResNet: 16 of 56 x 56, 64 to 64, 3 x 3; this one also with Winograd's products on images that
are stored channels-last.
"""

from functools import partial

import numpy as np

from helpers import kernels
from kernel_cases import Case
from kernel_cases._convolution_peers import (
    double_loop_col2im,
    double_loop_im2col,
    eager,
    eager_forward,
    from_scratch,
    sliding,
    textbook,
)
from kernel_cases._peers import torch

LAYERS = {  # (N, C, size), filters, kernel, stride, padding, targets for float32 and float64
    "LeNet": ((64, 1, 28), 6, 5, 1, 2, 0.8, None),
    "CIFAR": ((64, 3, 32), 32, 3, 1, 1, 0.8, None),
    "strided": ((64, 16, 32), 32, 3, 2, 1, 1.65, 0.85),
    "ResNet": ((16, 64, 56), 64, 3, 1, 1, 1.35, 1.0),
}
PEERS = {"double loop": textbook, "sliding_window_view, tensordot": sliding, "DL from scratch": from_scratch}
FOLDS = {  # (N, C, size), stride, targets
    "(16, 16, 32, 32), stride 1": ((16, 16, 32), 1, 1.2, None),
    "(64, 16, 32, 32), stride 2": ((64, 16, 32), 2, None, 2.0),
    "(4, 64, 56, 56), stride 1": ((4, 64, 56), 1, 1.2, None),
}


def cases(dtype, rng):
    """Yield the cases of this family."""
    for name, ((N, C, size), F, k, s, p, *targets) in LAYERS.items():
        shapes = (2 * N, C, size, size), (F, C, k, k), (F,), (2 * N, F, size // s, size // s)
        x, W, b, dout = (rng.normal(size=shape).astype(dtype) for shape in shapes)
        yield _layer(
            f"conv2d {name}", (x[:N], W, b, s, p, dout[:N]), (x, W, b, s, p, dout), targets[dtype == np.float64]
        )
    yield from _winograd(dtype, rng)
    for name, ((N, C, size), s, *targets) in FOLDS.items():
        yield from _lowering(name, rng.normal(size=(N, C, size, size)).astype(dtype), s, targets[dtype == np.float64])


def _layer(name, arguments, twice, target):
    peers = {"torch": eager(*arguments)} if torch else {}
    W, dout = arguments[1], arguments[-1]
    for peer, function in PEERS.items():
        if function is not from_scratch or W.dtype != np.float64:  # where that is the double loop
            peers[peer] = lambda function=function: function(*arguments)
    return Case(
        name,
        lambda: kernels.conv2d(*arguments),
        peers,
        target,
        flops=6.0 * dout.size * W[0].size,  # three products: the output, dx and dW
        doubled=lambda: kernels.conv2d(*twice),
    )


def _winograd(dtype, rng):
    """The ResNet layer on channels-last images; peers that put channels first hand out views."""
    (N, C, size), F, k, *_ = LAYERS["ResNet"]
    shapes = (N, size, size, C), (F, C, k, k), (F,), (N, size, size, F)
    x, W, b, dout = (rng.normal(size=shape).astype(dtype) for shape in shapes)
    views = pixels_last(x), W, b, 1, 1, pixels_last(dout)
    copies = tuple(np.ascontiguousarray(a) if np.ndim(a) == 4 else a for a in views)
    runs = {"conv2d of helpers": partial(kernels.conv2d, *copies)}
    forward_runs = {"conv2d of helpers": lambda: kernels.conv2d_forward(*copies[:5])[:1]}
    if torch:
        runs = {"torch": eager(*copies), "torch, channels-last": eager(*views)} | runs
        forward_runs = {"torch": eager_forward(*copies), "torch, channels-last": eager_forward(*views)} | forward_runs
    peers, forward_peers = (
        {name: partial(channels_last, run) for name, run in these.items()} for these in (runs, forward_runs)
    )
    target = 1.0 if dtype == np.float32 else None
    yield Case("winograd ResNet, forward", lambda: kernels.winograd_forward(x, W, b)[:1], forward_peers, target)
    # Against float64, torch's float32 dW is off by 1e-5 and ours by 6e-7.
    yield Case("winograd ResNet", lambda: winograd_layer(x, W, b, dout), peers, same=3e-5)


def winograd_layer(x, W, b, dout):
    """The output and the gradients."""
    out, cache = kernels.winograd_forward(x, W, b)
    return out, *kernels.winograd_backward(dout, cache)


def pixels_last(images):
    """(N, H, W, C) images as (N, C, H, W), a view."""
    return images.transpose(0, 3, 1, 2)


def channels_last(run):
    """What a layer returns, with views of out and dx, its first two arrays, that are channels-last."""
    results = run()
    return *(images.transpose(0, 2, 3, 1) for images in results[:2]), *results[2:]


def _lowering(name, x, s, target):
    col = kernels.im2col(x, 3, 3, s, 1)
    rows = np.ascontiguousarray(col)
    unfold_peers, fold_peers = {}, {}
    if torch:
        images, options = torch.from_numpy(x), {"kernel_size": 3, "padding": 1, "stride": s}
        unfolded = torch.nn.functional.unfold(images, **options)
        unfold_peers["torch unfold"] = lambda: by_image(
            torch.nn.functional.unfold(images, **options).numpy().swapaxes(1, 2), x
        )
        fold_peers["torch fold"] = lambda: torch.nn.functional.fold(unfolded, x.shape[2:], **options).numpy()
    unfold_peers["double loop"] = lambda: by_image(double_loop_im2col(x, 3, 3, s, 1), x)
    fold_peers["double loop"] = lambda: double_loop_col2im(rows, x.shape, 3, 3, s, 1)
    yield Case(f"im2col {name}", lambda: by_image(kernels.im2col(x, 3, 3, s, 1), x), unfold_peers)
    yield Case(f"col2im {name}", lambda: kernels.col2im(col, x.shape, 3, 3, s, 1), fold_peers, target)


def by_image(col, x):
    """The rows of each image, a view."""
    return col.reshape(len(x), -1, col.shape[-1])
