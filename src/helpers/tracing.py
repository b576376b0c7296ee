"""What an answer did while a check ran: its results, by fingerprint, and the exception that left it, if any.

A fingerprint stands for a value up to rounding. Two values that differ by rounding alone could still fall on two
sides of a rounding border; therefore every fingerprint is taken twice, on two grids whose borders lie apart, and two
of them match when either grid agrees.
"""

import hashlib

import numpy as np

from helpers.cases import Cases
from helpers.probing import faults, observe

GRIDS = (0.123, 0.623)
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
        hashes = (hashlib.sha256(b"".join(_canonical(value, grid, least) for value in self._values)) for grid in GRIDS)
        return tuple(digest.hexdigest()[:20] for digest in hashes)


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


def _canonical(value, grid, least):
    if isinstance(value, (tuple, list)):
        return b"(" + b",".join(_canonical(item, grid, least) for item in value) + b")"
    if isinstance(value, (np.ndarray, np.generic, int, float)) and not isinstance(value, bool):
        array = np.asarray(value)
        if array.dtype.kind in "iuf":
            return repr(array.shape).encode() + _rounded(array.astype(float), grid, least)
    return (
        f"{type(value).__name__}:{value}".encode() if isinstance(value, (str, bool)) else type(value).__name__.encode()
    )


def _rounded(array, grid, least):
    finite = np.isfinite(array)
    if finite.all():
        return _rounded_finite(array, grid, least) + bytes(array.nbytes)
    special = np.where(finite, 0.0, np.nan_to_num(array, nan=2.0, posinf=1.0, neginf=-1.0))
    return _rounded_finite(np.where(finite, array, 0.0), grid, least) + special.tobytes()


def _rounded_finite(array, grid, least):
    size = np.abs(array)
    kept = size > least * size.max(initial=0.0)
    exponent = np.floor(np.log2(np.where(kept, size, 1.0)) + grid)
    with np.errstate(all="ignore"):
        mantissa = np.rint(np.where(kept, array, 0.0) * 2.0 ** (SIGNIFICANT_BITS - exponent))
    # + 0.0 turns a negative zero into a positive one.
    return b"".join((np.where(kept, part, 0.0) + 0.0).tobytes() for part in (mantissa, exponent))
