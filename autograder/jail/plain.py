"""What an answer returns, as plain data: the form of a value may be richer than the wire is."""

import decimal
import fractions

import numpy as np

from helpers.forms import as_array

PLAIN = (type(None), bool, int, float, str, tuple, list, dict, np.ndarray)
REFINED = (str, int, float, tuple, list, dict, range)  # as a namedtuple, an OrderedDict or an IntEnum do


def plain(value):
    """A value of a class that refines plain data, as plain data: a named tuple, a Fraction, a subclass of list."""
    if type(value) is np.ndarray and value.dtype.kind == "O":
        numbers = as_array(value)
        return value if numbers is None else numbers
    if type(value) in PLAIN or (isinstance(value, np.generic) and not isinstance(value, str)):
        return value
    if isinstance(value, (fractions.Fraction, decimal.Decimal)):
        return float(value)
    if isinstance(value, np.ndarray):
        return plain(np.asarray(value))
    kind = next((kind for kind in REFINED if isinstance(value, kind)), None)
    return value if kind is None else kind(value)
