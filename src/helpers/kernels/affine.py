"""The affine layer, forward and backward, for inputs with any number of leading axes."""

import numpy as np

from helpers.kernels.blocks import as_float


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
    x, W, b, dout = (as_float(array) for array in (x, W, b, dout))
    features, units = W.shape
    if x.shape[-1:] != (features,) or dout.shape != (*x.shape[:-1], units) or b.shape != (units,):
        shapes = f"x {x.shape}, W {W.shape}, b {b.shape}, dout {dout.shape}"
        raise ValueError(f"x (..., D), W (D, M), b (M,) and dout (..., M) do not fit together: {shapes}")
    # One matrix product over all leading axes; reshape(-1, D) would not know its rows where D is 0.
    count = int(np.prod(x.shape[:-1]))
    rows, upstream = x.reshape(count, features), dout.reshape(count, units)
    out = rows @ W
    out = np.add(out, b, out=out if out.dtype == np.result_type(out, b) else None)
    db = np.ones(count, upstream.dtype) @ upstream  # a product sums columns faster, and in float32 more accurately
    return out.reshape(dout.shape), (upstream @ W.T).reshape(x.shape), rows.T @ upstream, db
