"""What an answer returns, as plain data: the form of a value may be richer than the wire is."""

import decimal
import fractions

import numpy as np

PLAIN = (type(None), bool, int, float, str, tuple, list, dict, np.ndarray)
REFINED = (str, int, tuple, list, dict, range)  # as a namedtuple, an OrderedDict or an IntEnum do


def plain(value):
    """A value of a class that refines plain data, as plain data: a named tuple, a Fraction, a subclass of list."""
    if type(value) in PLAIN or (isinstance(value, np.generic) and not isinstance(value, str)):
        return value
    if isinstance(value, (fractions.Fraction, decimal.Decimal)):
        return float(value)
    if isinstance(value, np.ndarray):
        return np.asarray(value)
    kind = next((kind for kind in REFINED if isinstance(value, kind)), None)
    return value if kind is None else kind(value)
