"""Derivatives to machine precision, for checks: by a complex step, which subtracts nothing.

Closed while a lesson is graded, for it would answer every exercise that asks for a gradient.
"""

import numpy as np

STEP = 1e-30


def complex_step(loss, array):
    """Return the derivative of `loss` for every element of `array`, in an array of its shape.

    df/dx_i = Im f(x + i h e_i) / h (Squire and Trapp 1998, SIAM Review 40), exact to rounding for any tiny h: there
    is no difference of nearby numbers. `loss` takes a complex array of the same shape and returns one number; it must
    be analytic, so without abs, max, comparisons of complex numbers or a transpose that conjugates.

    >>> complex_step(lambda x: np.sum(x**3), np.array([1.0, 2.0]))
    array([ 3., 12.])
    """
    moved = np.array(array, dtype=complex)
    slopes = np.empty(moved.shape)
    for index in np.ndindex(moved.shape):
        before = moved[index]
        moved[index] = before + 1j * STEP
        slopes[index] = np.imag(loss(moved)) / STEP
        moved[index] = before
    return slopes
