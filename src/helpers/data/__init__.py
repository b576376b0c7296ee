"""Real data sets, small enough to travel with the package; where each comes from stands in README.md beside it."""

from importlib import resources

import numpy as np


def diabetes():
    """Return the diabetes data of Efron, Hastie, Johnstone and Tibshirani (2004) as (inputs, target, names).

    inputs: (442, 10) float64, as measured, in the order of `names`. target: (442,) float64, progression of the disease
    after a year. names: tuple of 10 strings.

    >>> inputs, target, names = diabetes()
    >>> inputs.shape, target.shape, names[2]
    ((442, 10), (442,), 'bmi')
    """
    with resources.as_file(resources.files(__name__) / "diabetes.csv.gz") as path:
        header = tuple(np.loadtxt(path, delimiter=",", max_rows=1, dtype=str))
        table = np.loadtxt(path, delimiter=",", skiprows=1)
    return table[:, :-1], table[:, -1], tuple(str(name) for name in header[:-1])


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
