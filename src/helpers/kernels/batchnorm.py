"""Batch normalization of (N, D) batches and of (N, D, ...) images per channel, forward and backward.

The result's own array is the workspace, and the input is read from memory once. A first walk over the blocks writes
each block less its own mean into the result and takes the sums while the block is in the cache. A second walk, from the
end because the last blocks are still in the cache, scales what is there and corrects each block for what its mean
differed from the batch's.
"""

import numpy as np

from helpers.kernels._blocks import as_float, require_same_shape
from helpers.kernels._channel_statistics import along, center, channel_groups, channel_sums, example_blocks, three_axes


def batchnorm_plain(a, gamma, beta, dout, eps=1e-5):
    """Return the forward pass and the gradients of sum(out * dout) for a (N, D) batch, in the form for reading.

    x = (a - mean) / sqrt(var + eps),   out = gamma x + beta,   dgamma = sum_n dout x,   dbeta = sum_n dout,
    da = gamma / sqrt(var + eps) (dout - dbeta / N - x dgamma / N)

    a, dout: (N, D). gamma, beta: (D,).
    returns: out (N, D), da (N, D), dgamma (D,), dbeta (D,).
    raises: nothing.
    source: Ioffe, Szegedy, Batch Normalization, ICML (2015), section 3.

    >>> batchnorm_plain(np.array([[0.0], [2.0]]), np.ones(1), np.zeros(1), np.ones((2, 1)), 0.0)[0].tolist()
    [[-1.0], [1.0]]
    """
    std = np.sqrt(a.var(axis=0) + eps)
    x = (a - a.mean(axis=0)) / std
    dgamma, dbeta = (dout * x).sum(axis=0), dout.sum(axis=0)
    return gamma * x + beta, gamma / std * (dout - dbeta / len(a) - x * dgamma / len(a)), dgamma, dbeta


def batchnorm_forward(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5):
    """Normalize each feature or channel, then scale and shift it; in training, move the running statistics too.

    out = gamma (a - mean) / sqrt(var + eps) + beta
    training: mean and biased var of the batch; run <- (1 - momentum) run + momentum new, with the unbiased variance
    evaluation: the running mean and variance, which are returned as they came

    a: (N, D), or (N, D, ...) with statistics over all axes but the second. gamma, beta, run_mean, run_var: (D,).
    train: bool.
    returns: out, in the shape and floating-point dtype of `a`; run_mean (D,); run_var (D,).
    raises: `ValueError` if the shapes do not fit, and in training with fewer than two values of a feature.
    source: Ioffe, Szegedy, Batch Normalization, ICML (2015); running statistics as in PyTorch.

    >>> one, zero = np.ones(1), np.zeros(1)
    >>> batchnorm_forward(np.array([[0.0], [2.0]]), one, zero, zero, one, True, eps=0.0)[0]
    array([[-1.],
           [ 1.]])
    """
    a = as_float(a)
    x, gamma, beta, old_mean, old_var = three_axes(a, gamma=gamma, beta=beta, run_mean=run_mean, run_var=run_var)
    out = np.empty(x.shape, x.dtype)
    if not train:
        _scale_and_shift(x, old_mean, gamma / np.sqrt(old_var + eps), beta, out)
        return out.reshape(a.shape), run_mean, run_var
    count = x.shape[0] * x.shape[2]
    if count <= 1:
        raise ValueError(f"training needs at least two rows, or values of a channel, and `a` has shape {a.shape}")
    mean, var = np.empty((2, x.shape[1]), a.dtype)
    for i in channel_groups(x):
        mean[i], var[i] = _normalize(x[:, i], gamma[i], beta[i], eps, out[:, i])
    new_mean = old_mean + momentum * (mean - old_mean)
    new_var = old_var + momentum * (var * a.dtype.type(count / (count - 1)) - old_var)
    return out.reshape(a.shape), new_mean, new_var


def _scale_and_shift(x, mean, scale, shift, out):
    """Write scale (x - mean) + shift, with one number of each for a channel."""
    mean, scale, shift = (along(numbers, x) for numbers in (mean, scale, shift))
    for block in example_blocks(x):
        np.subtract(x[block], mean, out=out[block])
        out[block] *= scale
        out[block] += shift


def _normalize(x, gamma, beta, eps, out):
    """Write the output of training for a group of channels, and return their means and variances."""
    found = center(x, out)
    scale = gamma / np.sqrt(found.var + eps)
    shifts = along(beta + scale * found.offset, x)
    scale = along(scale, x)
    for block, shift in zip(found.blocks[::-1], shifts[::-1], strict=True):
        out[block] *= scale
        out[block] += shift
    return found.mean, found.var


def batchnorm_backward(a, gamma, dout, eps=1e-5, *, running=None):
    """Return the gradients of sum(out * dout), in training through the batch mean and variance too.

    With x = (a - mean) / sqrt(var + eps):   dbeta = sum_n dout,   dgamma = sum_n dout x
    training: da = gamma / sqrt(var + eps) (dout - dbeta / N - x dgamma / N), where N counts the values of a channel
    evaluation: da = gamma / sqrt(var + eps) dout

    a, dout: (N, D) or (N, D, ...). gamma: (D,). running: (run_mean, run_var) for the gradients of evaluation.
    returns: da, in the shape of `a`, dgamma (D,), dbeta (D,), of the floating-point dtype of `a`.
    raises: `ValueError` if `a` and `dout` differ in shape, or the others do not fit.
    source: Ioffe, Szegedy, Batch Normalization, ICML (2015), section 3.

    >>> a, dout = np.array([[0.0], [1.0], [5.0]]), np.array([[1.0], [1.0], [1.0]])
    >>> [gradient.tolist() for gradient in batchnorm_backward(a, np.ones(1), dout)[1:]]
    [[0.0], [3.0]]
    """
    a = as_float(a)
    dout = np.asarray(dout, dtype=a.dtype)
    require_same_shape("a", a, "dout", dout)
    x, gamma, *running = three_axes(a, gamma=gamma, **dict(zip(("run_mean", "run_var"), running or (), strict=False)))
    dout = dout.reshape(x.shape)
    da, dgamma, dbeta = np.empty(x.shape, x.dtype), *np.empty((2, x.shape[1]), x.dtype)
    for i in channel_groups(x):
        differentiate = _differentiate_evaluation if running else _differentiate
        dgamma[i], dbeta[i] = differentiate(x[:, i], gamma[i], dout[:, i], eps, da[:, i], *(r[i] for r in running))
    return da.reshape(a.shape), dgamma, dbeta


def _differentiate(x, gamma, dout, eps, da):
    """Write da of training for a group of channels, and return dgamma and dbeta."""
    found = center(x, da, dout)
    count, precision = max(1, x.shape[0] * x.shape[2]), 1 / np.sqrt(found.var + eps)
    dgamma = precision * found.agreement
    slope = -precision * dgamma / count
    shifts = along(slope * found.offset - found.dbeta / count, x)
    slope, scale = along(slope, x), along(gamma * precision, x)
    for block, shift in zip(found.blocks[::-1], shifts[::-1], strict=True):
        da[block] *= slope
        da[block] += dout[block]
        da[block] += shift
        da[block] *= scale
    return dgamma, found.dbeta


def _differentiate_evaluation(x, gamma, dout, eps, da, mean, var):
    """Write da of evaluation for a group of channels, and return dgamma and dbeta."""
    precision = 1 / np.sqrt(var + eps)
    mean, scale = along(mean, x), along(gamma * precision, x)
    dgamma, dbeta = np.zeros((2, x.shape[1]))
    for block in example_blocks(x):
        np.subtract(x[block], mean, out=da[block])
        dgamma += channel_sums(da[block], dout[block])
        dbeta += channel_sums(dout[block])
        np.multiply(dout[block], scale, out=da[block])
    return precision * dgamma, dbeta
