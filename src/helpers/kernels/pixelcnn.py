"""The mask that makes a convolution causal: a pixel sees only pixels before it, in the order of reading."""

import numpy as np


def pixelcnn_mask(kh, kw, kind):
    """Return which taps of a kernel lie before its center in raster order.

    mask[i, j] = 1 if (i, j) < (kh // 2, kw // 2) in the order of reading;   the center is 1 for kind "B", else 0

    kh, kw: odd ints. kind: "A", for the first layer, or "B".
    returns: (kh, kw), float64, of zeros and ones; multiply the weights with it.
    raises: `ValueError` for an even size or another kind.
    source: van den Oord, Kalchbrenner, Kavukcuoglu, Pixel recurrent neural networks, ICML (2016).

    >>> pixelcnn_mask(3, 3, "A")
    array([[1., 1., 1.],
           [1., 0., 0.],
           [0., 0., 0.]])
    """
    if kind not in ("A", "B"):
        raise ValueError(f'kind must be "A" or "B", not {kind!r}')
    if kh < 1 or kw < 1 or kh % 2 == 0 or kw % 2 == 0:
        raise ValueError(f"only an odd kernel has a center, and this one is {kh} x {kw}")
    mask = np.zeros(kh * kw)
    mask[: kh * kw // 2 + (kind == "B")] = 1
    return mask.reshape(kh, kw)
