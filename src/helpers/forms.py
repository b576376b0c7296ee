"""The form of an answer is not its point: what stands for a number, an array, several results, a letter.

| asked | what earns it where the values are right |
|---|---|
| a number | int, float, bool for 0 and 1, Fraction, Decimal, a NumPy scalar, anything below that holds one |
| an array of a shape | an array of integers, reals or booleans; lists and tuples of numbers, nested to the same shape |
| several results | a tuple (a named one too), a list, an array whose first axis has that length |
| a letter | a string, NumPy's too, in either case, with a dot, bracket or space around it; a list that holds just it |

The shape of an array is part of the answer; only a lone number may come wrapped.
"""

import decimal
import numbers

import numpy as np

REAL = "biuf"
SIZES = (tuple, list, range)


def as_array(value):
    """Return the array of numbers that a value stands for, or None where it stands for none."""
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
    elif isinstance(value, (*SIZES, numbers.Real, decimal.Decimal)):
        try:
            array = np.asarray(value)
        except ValueError:  # a ragged list
            return None
    else:
        return None
    return _as_reals(array) if array.dtype.kind == "O" else array


def _as_reals(array):
    """An array of objects as one of floats, where each of them is a number."""
    if not all(isinstance(one, (numbers.Real, decimal.Decimal, np.generic)) for one in array.ravel()):
        return None
    return array.astype(float)


def as_parts(value):
    """Return several results as a tuple, or None where the value does not hold any."""
    if isinstance(value, (tuple, list)):
        return tuple(value)
    return tuple(value) if isinstance(value, np.ndarray) and value.ndim else None


def as_letter(value):
    """Return the capital letter that a value stands for, or "" where it is no string of one letter."""
    if isinstance(value, (list, tuple, np.ndarray)) and np.size(value) == 1:
        value = np.ravel(np.asarray(value, dtype=object))[0]
    letter = value.strip(" .()[]:\t\n").upper() if isinstance(value, str) else ""
    return letter if len(letter) == 1 else ""
