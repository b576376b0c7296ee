"""Real data sets, small enough to travel with the package; where each comes from stands in README.md beside it."""

from importlib import resources

import numpy as np


def digits():
    """Return the handwritten digits of Alpaydin and Kaynak (1998) as (images, labels).

    images: (1797, 8, 8) float64, whole numbers from 0 (paper) to 16 (ink). labels: (1797,) int64, from 0 to 9.

    >>> images, labels = digits()
    >>> images.shape, labels[:5], float(images.max())
    ((1797, 8, 8), array([0, 1, 2, 3, 4]), 16.0)
    """
    with resources.as_file(resources.files(__name__) / "digits.csv.gz") as path:
        table = np.loadtxt(path, delimiter=",", dtype=np.int64)
    return table[:, :-1].reshape(-1, 8, 8).astype(np.float64), table[:, -1]
