"""What an answer did while a check ran: its results, by fingerprint, and the exception that left it, if any.

A fingerprint stands for a value up to rounding. Two values that differ by rounding alone could still fall on two
sides of a rounding border; therefore every fingerprint is taken twice, on two grids whose borders lie apart, and two
of them match when either grid agrees.
"""

import hashlib
import math
import struct

import numpy as np

from helpers.cases import Cases
from helpers.probing import faults, observe

GRIDS = (0.123, 0.623)
MODERATE = 1e-100  # numbers between it and its inverse are rounded without arrays
SIGNIFICANT_BITS = 20
NEGLIGIBLE = 1e-13  # beside the largest element of the same array: rounding, not content


class Traced:
    """Wraps an answer that is a function, notes what each call returned, and passes everything on."""

    def __init__(self, function, trace):
        self._function, self._trace = function, trace

    def __call__(self, *args, **kwargs):
        self._trace.cases.called(args, kwargs)
        try:
            result = self._function(*args, **kwargs)
        except (Exception, SystemExit) as error:
            self._trace.error = error
            self._trace.add(("raised", type(error).__name__, _cause(error)))
            raise
        self._trace.add((result, [a for a in args if isinstance(a, np.ndarray)]))
        return result

    def probe(self, calls, off=()):
        """Return the faults that `probing` finds with these calls, which are made where the function lives."""
        look = getattr(self._function, "observe", None) or (lambda calls: observe(self._function, calls))
        found = faults(calls, look(calls), off)
        self._trace.add(("probed", [kind for kind, _ in found]))
        return found


class Trace:
    """What a run's calls returned, and the last exception that an answer raised."""

    def __init__(self):
        self.error, self.cases = None, Cases()
        self._values = []

    def add(self, value):
        """Note a value as it is now; arrays may be changed later."""
        self._values.append(_kept(value))

    def watch(self, name, value):
        """Return `value`, wrapped where it is a function; a plain value is noted at once."""
        if callable(value):
            return Traced(value, self)
        self.add((name, value))
        return value

    @property
    def fingerprint(self):
        """One hash for each grid; worked out when it is asked for, which a check that passes never does."""
        least = 0.0 if self.cases.small_counts else NEGLIGIBLE
        whole = _joined(b"", [_canonical(value, least) for value in self._values])
        return tuple(hashlib.sha256(text).hexdigest()[:20] for text in whole)


def matches(one, other):
    """Whether two fingerprints stand for the same behavior, rounding aside."""
    return any(a == b for a, b in zip(one, other, strict=True))


def _cause(error):
    """The text of an exception where it tells the cause, and not just shapes, sizes and names."""
    return str(error) if isinstance(error, ArithmeticError) else ""


def _kept(value):
    if isinstance(value, (tuple, list)):
        return [_kept(item) for item in value]
    return np.array(value) if isinstance(value, np.ndarray) else value


def _joined(separator, texts):
    """Texts, each one on every grid, put together grid by grid."""
    return [separator.join([text[k] for text in texts]) for k in range(len(GRIDS))]


def _canonical(value, least):
    """A value as bytes that rounding does not change, on every grid."""
    if isinstance(value, (tuple, list)):
        return [b"(" + text + b")" for text in _joined(b",", [_canonical(item, least) for item in value])]
    if type(value) in (float, np.float64) and MODERATE < abs(value) < 1 / MODERATE:
        return [b"()" + text + bytes(8) for text in _rounded_number(float(value))]
    if isinstance(value, (np.ndarray, np.generic, int, float)) and not isinstance(value, bool):
        array = np.asarray(value)
        if array.dtype.kind in "iuf":
            return [repr(array.shape).encode() + text for text in _rounded(array.astype(float), least)]
    said = f"{type(value).__name__}:{value}" if isinstance(value, (str, bool)) else type(value).__name__
    return [said.encode()] * len(GRIDS)


def _rounded_number(number):
    """What `_rounded_finite` gives for an array of this one number, in a tenth of its time."""
    size = math.log2(abs(number))
    exponents = [math.floor(size + grid) for grid in GRIDS]
    return [struct.pack("=dd", round(math.ldexp(number, SIGNIFICANT_BITS - one)), one) for one in exponents]


def _rounded(array, least):
    finite = np.isfinite(array)
    if finite.all():
        return [text + bytes(array.nbytes) for text in _rounded_finite(array, least)]
    special = np.where(finite, 0.0, np.nan_to_num(array, nan=2.0, posinf=1.0, neginf=-1.0))
    return [text + special.tobytes() for text in _rounded_finite(np.where(finite, array, 0.0), least)]


def _rounded_finite(array, least):
    size = np.abs(array)
    kept = size > least * size.max(initial=0.0)
    array, size = np.where(kept, array, 0.0), np.log2(np.where(kept, size, 1.0))
    exponents = [np.where(kept, np.floor(size + grid), 0.0) for grid in GRIDS]
    with np.errstate(all="ignore"):
        mantissas = [np.rint(array * 2.0 ** (SIGNIFICANT_BITS - one)) for one in exponents]
    # + 0.0 turns a negative zero into a positive one.
    return [
        (mantissa + 0.0).tobytes() + (one + 0.0).tobytes() for mantissa, one in zip(mantissas, exponents, strict=True)
    ]
