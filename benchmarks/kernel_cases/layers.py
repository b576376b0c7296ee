"""Batch normalization of rows and images, the affine layer, and dropout, each forward and backward."""

import numpy as np

from helpers import kernels
from kernel_cases import Case
from kernel_cases._peers import torch


def cases(dtype, rng):
    """Yield the cases of this family."""
    single = dtype == np.float32
    yield _batchnorm("batchnorm (1024, 1024)", (1024, 1024), 2.6, dtype, rng)
    yield _batchnorm("batchnorm (64, 64, 32, 32)", (64, 64, 32, 32), 1.1 if single else 1.5, dtype, rng)
    yield _affine(dtype, rng)
    yield _dropout(dtype, rng)


def _batchnorm(name, shape, target, dtype, rng):
    a, dout = (3 + 2 * rng.normal(size=(2, *shape))).astype(dtype)
    gamma, beta = rng.normal(size=(2, shape[1])).astype(dtype)
    peers = {}
    if torch:
        peers["torch"] = _torch_batchnorm(a, gamma, beta, dout)
    peers["nine stages"] = lambda: staged_batchnorm(a, gamma, beta, dout)
    if a.ndim == 2:
        peers["formula"] = lambda: kernels.batchnorm_plain(a, gamma, beta, dout)
    twice = np.concatenate([a, a]), np.concatenate([dout, dout])
    return Case(
        f"{name}, both ways",
        lambda: kernel_batchnorm(a, gamma, beta, dout),
        peers,
        target,
        same=1e-4,
        bytes=5 * a.nbytes,
        doubled=lambda: kernel_batchnorm(twice[0], gamma, beta, twice[1]),
    )


def _torch_batchnorm(*arrays):
    a, gamma, beta, dout = (torch.from_numpy(array) for array in arrays)
    zero, one = torch.zeros_like(gamma), torch.ones_like(gamma)

    def eager():
        ops = torch.ops.aten
        out, mean, precision = ops.native_batch_norm(a, gamma, beta, zero, one, True, 0.1, 1e-5)
        back = ops.native_batch_norm_backward(dout, a, gamma, zero, one, mean, precision, True, 1e-5, [True] * 3)
        return tuple(result.numpy() for result in (out, *back))

    return eager


def kernel_batchnorm(a, gamma, beta, dout):
    """The two kernels after each other; the backward pass works the statistics out anew."""
    zero, one = np.zeros_like(gamma), np.ones_like(gamma)
    out, _, _ = kernels.batchnorm_forward(a, gamma, beta, zero, one, True)
    return out, *kernels.batchnorm_backward(a, gamma, dout)


def staged_batchnorm(a, gamma, beta, dout, eps=1e-5):
    """Forward and backward as a graph of nine nodes, each with its own array."""
    axes = (0, *range(2, a.ndim))
    n = a.size // a.shape[1]
    gamma, beta = (v.reshape(-1, *[1] * (a.ndim - 2)) for v in (gamma, beta))
    mean = a.sum(axes, keepdims=True) / n
    centered = a - mean
    var = (centered**2).sum(axes, keepdims=True) / n
    std = np.sqrt(var + eps)
    precision = 1 / std
    normalized = centered * precision
    out = gamma * normalized + beta
    dnormalized = dout * gamma
    dprecision = (dnormalized * centered).sum(axes, keepdims=True)
    dcentered = dnormalized * precision
    dvar = -0.5 * dprecision / (std * std * std)
    dcentered = dcentered + 2 * centered * np.ones_like(a) * dvar / n
    da = dcentered - np.ones_like(a) * dcentered.sum(axes, keepdims=True) / n
    return out, da, (dout * normalized).sum(axes), dout.sum(axes)


def _affine(dtype, rng):
    x, dout = rng.normal(size=(64, 50, 128)).astype(dtype), rng.normal(size=(64, 50, 64)).astype(dtype)
    W, b = rng.normal(size=(128, 64)).astype(dtype), rng.normal(size=64).astype(dtype)
    peers = {}
    if torch:
        peers["torch"] = _torch_affine(x, W, b, dout)
    peers["@ and einsum"] = lambda: layered_affine(x, W, b, dout)
    flops = 3 * 2 * x.size * W.shape[1]
    return Case("affine (64, 50, 128) to 64", lambda: kernels.affine(x, W, b, dout), peers, same=1e-4, flops=flops)


def _torch_affine(*arrays):
    x, W, b, dout = (torch.from_numpy(array) for array in arrays)

    def eager():
        rows, upstream = x.reshape(-1, W.shape[0]), dout.reshape(-1, W.shape[1])
        out = torch.addmm(b, rows, W).reshape(dout.shape)
        back = (upstream @ W.T).reshape(x.shape), rows.T @ upstream, upstream.sum(0)
        return tuple(result.numpy() for result in (out, *back))

    return eager


def layered_affine(x, W, b, dout):
    """One matrix product for each entry of the first axis, as `@` does it, and einsum for the gradients."""
    dW = np.einsum("ntd,ntm->dm", x, dout, optimize=True)
    return x @ W + b, dout @ W.T, dW, dout.sum((0, 1))


def _dropout(dtype, rng):
    x, dout = rng.normal(size=(2, 1024, 1024)).astype(dtype)

    def kernel():
        out, cache = kernels.dropout_forward(x, 0.5, np.random.default_rng(0), True)
        return out, kernels.dropout_backward(dout, cache)

    def textbook():
        mask = (np.random.default_rng(0).random(x.shape) >= 0.5) / 0.5
        return x * mask, dout * mask

    peers = {}
    if torch:
        t, d = torch.from_numpy(x), torch.from_numpy(dout)

        def eager():
            out, mask = torch.native_dropout(t, 0.5, True)
            return out.numpy(), torch.ops.aten.native_dropout_backward(d, mask, 2.0).numpy()

        peers["torch"] = eager
    peers["float64 mask"] = textbook
    return Case("dropout (1024, 1024), both ways", kernel, peers, incomparable=frozenset(peers))
