"""What must hold for the arguments of every kernel."""

import numpy as np


def unchanged(function, *arguments, **options):
    """Call twice with arrays that cannot be written to: they must be as they were, and the results must be equal."""
    arrays = [argument for argument in arguments if isinstance(argument, np.ndarray)]
    before = [array.copy() for array in arrays]
    for array in arrays:
        array.flags.writeable = False
    first, second = function(*arguments, **options), function(*arguments, **options)
    for was, now in zip(before, arrays, strict=True):
        np.testing.assert_array_equal(was, now)
    for one, other in zip(_parts(first), _parts(second), strict=True):
        np.testing.assert_array_equal(one, other)


def _parts(result):
    return result if isinstance(result, tuple) else (result,)
