"""What the recurrent layers share: the check of their arrays, the order of time, and the gates.

Only the product with the previous state must wait for the step before. All else is taken out of the steps and done for
a chunk of them at once: the products with the input and the gradients of the weights as large matrix products, and the
factors that backpropagation multiplies by. A chunk is so short that it stays in the cache.

At each step the gates stand one after the other, (T, gates, B, H), because elementwise work on a quarter of each row
costs four times as much as on the same numbers side by side; backward, where they are needed in rows, they are written
into rows. A sigmoid is a tanh, sigma(a) = (1 + tanh(a / 2)) / 2, so that one call serves all gates of a step; the half
of `a` is in the weights already.
"""

import math

import numpy as np

from helpers.kernels._blocks import as_float

CHUNK_ROWS = 256  # steps times sequences: enough for a matrix product to run at its full speed


def require_layer(gates, **arrays):
    """Return the arrays in their common floating-point dtype; they must have the shapes of a recurrent layer.

    x (T, B, D), W (gates H, D), U (gates H, H), b (gates H,), peepholes (3, H), recurrent_bias (H,), states (B, H).
    """
    arrays = {name: as_float(array) for name, array in arrays.items() if array is not None}
    T, B, D = arrays["x"].shape if arrays["x"].ndim == 3 else (-1, -1, -1)
    H = arrays["U"].shape[-1] if arrays["U"].ndim else -1
    right = {"x": (T, B, D), "W": (gates * H, D), "U": (gates * H, H), "b": (gates * H,)}
    right |= {"peepholes": (3, H), "recurrent_bias": (H,)}
    if any(array.shape != right.get(name, (B, H)) for name, array in arrays.items()):
        many = "" if gates == 1 else str(gates)
        names = {"x": "(T, B, D)", "W": f"({many}H, D)", "U": f"({many}H, H)", "b": f"({many}H,)"}
        names |= {"peepholes": "(3, H)", "recurrent_bias": "(H,)"}
        expected = ", ".join(f"{name} {names.get(name, '(B, H)')}" for name in arrays)
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"expected {expected}; these do not fit together: {shapes}")
    dtype = np.result_type(*arrays.values())
    return [array.astype(dtype, copy=False) for array in arrays.values()]


def require_upstream(dh, h):
    """Return the upstream gradient in the dtype of the states, whose shape it must have."""
    dh = np.asarray(dh, dtype=h.dtype)
    if dh.shape != h.shape:
        raise ValueError(f"dh must have the shape of the states (T, B, H), {h.shape}, not {dh.shape}")
    return dh


def chunk_length(steps, batch):
    """Return how many steps are worked on at once."""
    return max(1, min(steps, math.ceil(CHUNK_ROWS / max(1, batch))))


def time_chunks(steps, batch):
    """Return the slices of time that are worked on at once, first to last."""
    length = chunk_length(steps, batch)
    return [slice(start, min(start + length, steps)) for start in range(0, steps, length)]


def rows(array):
    """Return (..., steps, B, H) as (..., steps B, H)."""
    *before, steps, batch, size = array.shape
    return array.reshape(*before, steps * batch, size)


def split(parameter, order):
    """Return a parameter of shape (gates H, ...) as (gates, H, ...), with the gates in another order."""
    gates = len(order)
    return parameter.reshape(gates, len(parameter) // gates, *parameter.shape[1:])[list(order)]


def in_order(parameter, order):
    """Return a parameter of shape (gates H, ...) in row-major memory, with the gates in another order."""
    return np.ascontiguousarray(split(parameter, order)).reshape(parameter.shape)


def by_gate(matrix, order, sigmoids):
    """Return a (gates H, K) matrix as (gates, K, H) for products with rows, the first `sigmoids` gates halved."""
    matrices = split(matrix, order)
    matrices[:sigmoids] *= 0.5
    return np.ascontiguousarray(matrices.transpose(0, 2, 1))


def input_part(x, weights, out):
    """Write W x + b for some steps, (steps, gates, B, H); the weights (gates, D + 1, H) have the bias as last column.

    A product for each step and gate writes where it belongs, and a column of ones in x saves a walk to add the bias.
    """
    extended = np.ones((*x.shape[:-1], x.shape[-1] + 1), x.dtype)
    extended[..., :-1] = x
    np.matmul(extended[:, None], weights, out=out)


def activate(halved, sigmoids, out):
    """Write sigma of the first `sigmoids` pre-activations, which are halved, and tanh of the others."""
    np.tanh(halved, out=out)
    out = out[:sigmoids]
    np.multiply(out, 0.5, out=out)
    np.add(out, 0.5, out=out)
