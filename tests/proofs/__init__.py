"""The proofs of the kernels, and what they share: tolerances that mean something."""

import numpy as np


def close(observed, expected, rtol=1e-12, atol=1e-13):
    """Equal to rounding in float64, in dtype and shape too."""
    np.testing.assert_allclose(observed, expected, rtol=rtol, atol=atol, strict=True)


def close32(observed, expected, tol=3e-6):
    """Float32, and equal to what it should be as far as float32 reaches."""
    assert np.asarray(observed).dtype == np.float32
    np.testing.assert_allclose(observed, expected, rtol=tol, atol=tol)
