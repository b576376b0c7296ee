"""The handwritten digits: what they must be for the lesson that reads them."""

import numpy as np

from helpers.data import digits


def test_the_digits_are_whole_and_in_their_ranges():
    images, labels = digits()
    assert images.shape == (1797, 8, 8)
    assert images.dtype == np.float64
    assert (images == np.round(images)).all()
    assert (images.min(), images.max()) == (0, 16)
    counts = np.bincount(labels, minlength=10)
    assert len(counts) == 10
    assert (counts > 170).all()
    assert (counts < 190).all()


def test_the_digits_are_those_of_scikit_learn():
    images, labels = digits()
    # From sklearn.datasets.load_digits(), 1.9.1.
    assert images.sum() == 561718
    assert labels.sum() == 8070
    np.testing.assert_array_equal(images[0, 3], [0, 4, 12, 0, 0, 8, 8, 0])
