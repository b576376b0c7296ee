"""Data that one already has, seen anew: random windows of an image."""

import numpy as np


def random_crop(img, ch, cw, rng):
    """Return a random window of an image, every place equally likely.

    img[top : top + ch, left : left + cw, :], top and left uniform

    img: (H, W, C), any dtype. ch, cw: integers, height and width of the window, from 1 to H and W. rng: Generator, of
    which top is drawn first, then left.
    returns: (ch, cw, C), a view of `img`.
    raises: `ValueError` if img has not three axes, or the window does not fit.
    source: Krizhevsky, Sutskever, Hinton, ImageNet classification with deep convolutional networks (2012), section 4.1.

    >>> random_crop(np.zeros((6, 6, 3)), 2, 4, np.random.default_rng(0)).shape
    (2, 4, 3)
    """
    img = np.asarray(img)
    if img.ndim != 3 or not (1 <= ch <= img.shape[0] and 1 <= cw <= img.shape[1]):
        raise ValueError(f"a crop of {ch} x {cw} does not fit into an image (H, W, C) of shape {img.shape}")
    top = int(rng.integers(0, img.shape[0] - ch + 1))
    left = int(rng.integers(0, img.shape[1] - cw + 1))
    return img[top : top + ch, left : left + cw, :]
