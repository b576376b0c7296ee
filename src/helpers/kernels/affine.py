"""The affine layer x W + b, forward and backward, for inputs with any number of leading axes.

All leading axes are one for a matrix product: (N, T, D) inputs become N T rows, and one large product takes the place
of N small ones. The bias's gradient is a product with ones, which sums columns faster, and in float32 more accurately,
than a sum over the first axis does.
"""

import numpy as np

from helpers.kernels._blocks import as_float


def affine(x, W, b, dout):
    """Return x W + b and the gradients of sum(out * dout).

    out = x W + b,   dx = dout W^T,   dW = sum over rows of x^T dout,   db = sum over rows of dout

    x: (..., D). W: (D, M). b: (M,). dout: (..., M), the upstream gradient.
    returns: out (..., M), dx (..., D), dW (D, M), db (M,); float32 if all arguments are.
    raises: `ValueError` if the shapes do not fit together.
    source: Rumelhart, Hinton, Williams, Learning representations by back-propagating errors, Nature (1986).

    >>> out, dx, dW, db = affine(np.ones((2, 3)), np.ones((3, 1)), np.zeros(1), np.ones((2, 1)))
    >>> out.shape, dx.shape, dW.shape, db
    ((2, 1), (2, 3), (3, 1), array([2.]))
    """
    out, cache = affine_forward(x, W, b)
    return out, *affine_backward(dout, cache)


def affine_forward(x, W, b):
    """Return x W + b, and what `affine_backward` needs.

    out = x W + b

    x: (..., D). W: (D, M). b: (M,).
    returns: out (..., M), float32 if all arguments are; the cache (x, W), no copies of float arrays.
    raises: `ValueError` if the shapes do not fit together.
    source: Rumelhart, Hinton, Williams, Learning representations by back-propagating errors, Nature (1986).

    >>> affine_forward(np.ones((2, 3)), np.ones((3, 1)), np.zeros(1))[0].tolist()
    [[3.0], [3.0]]
    """
    x, W, b = as_float(x), as_float(W), as_float(b)
    if W.ndim != 2 or x.shape[-1:] != W.shape[:1] or b.shape != W.shape[1:]:
        shapes = f"x {x.shape}, W {W.shape}, b {b.shape}"
        raise ValueError(f"x (..., D), W (D, M) and b (M,) do not fit together: {shapes}")
    out = _rows(x) @ W
    out = np.add(out, b, out=out if out.dtype == np.result_type(out, b) else None)
    return out.reshape(*x.shape[:-1], W.shape[1]), (x, W)


def affine_backward(dout, cache):
    """Return the gradients of sum(out * dout) with respect to x, W and b.

    dx = dout W^T,   dW = sum over rows of x^T dout,   db = sum over rows of dout

    dout: (..., M). cache: what `affine_forward` returned.
    returns: dx (..., D), dW (D, M), db (M,).
    raises: `ValueError` if dout has not the shape of the layer's output.
    source: Rumelhart, Hinton, Williams, Learning representations by back-propagating errors, Nature (1986).

    >>> _, cache = affine_forward(np.ones((2, 3)), np.ones((3, 1)), np.zeros(1))
    >>> affine_backward(np.ones((2, 1)), cache)[2]
    array([2.])
    """
    x, W = cache
    dout = as_float(dout)
    if dout.shape != (*x.shape[:-1], W.shape[1]):
        shapes = f"dout {dout.shape}, x {x.shape}, W {W.shape}"
        raise ValueError(f"dout (..., M), x (..., D) and W (D, M) do not fit together: {shapes}")
    rows, upstream = _rows(x), _rows(dout)
    db = np.ones(len(upstream), upstream.dtype) @ upstream
    return (upstream @ W.T).reshape(x.shape), rows.T @ upstream, db


def _rows(array):
    """Return (..., D) as (rows, D), even where D is 0."""
    return array.reshape(int(np.prod(array.shape[:-1])), array.shape[-1])
