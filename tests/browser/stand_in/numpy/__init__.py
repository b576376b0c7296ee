"""A stand-in for arrays where NumPy cannot be had: arrays of no axis, or of one, in Python alone.

It is for a test in a browser: enough to check answers that are numbers, and nothing that it cannot do is passed over
in silence. A test holds what `helpers` says with it to what it says with NumPy.
"""

import builtins
import contextlib
import math
import operator
import statistics
import struct

__version__ = "2.4.6"
inf, nan = math.inf, math.nan


class dtype:
    def __init__(self, kind, name, of):
        self.kind, self.name, self.type = kind, name, of

    def __repr__(self):
        return self.name


class number:
    pass


generic, ufunc = number, type("ufunc", (), {})
longdouble, float32, float64, int64 = float, dtype("f", "float32", None), float, int
FLOAT, INT, BOOL = dtype("f", "float64", float), dtype("i", "int64", int), dtype("b", "bool", bool)
KINDS = {float: FLOAT, int: INT, bool: BOOL}


class ndarray:
    def __init__(self, items, shape):
        self.items, self.shape = list(items), shape
        kind = next((one for one in (float, int) if any(type(x) is one for x in self.items)), bool)
        self.dtype = KINDS[kind if self.items else float]
        self.items = [self.dtype.type(x) for x in self.items]

    flat = property(lambda self: self.items)
    ndim = property(lambda self: len(self.shape))
    size = property(lambda self: len(self.items))
    nbytes = property(lambda self: 8 * len(self.items))

    def astype(self, kind, copy=True):
        return ndarray(map(kind, self.items), self.shape)

    def reshape(self, shape):
        return ndarray(self.items, shape)

    def ravel(self):
        return ndarray(self.items, (self.size,))

    def tobytes(self):
        return b"".join(struct.pack("<d" if self.dtype is FLOAT else "<q", one) for one in self.items)

    def max(self, initial=-inf):
        return builtins.max([*self.items, initial])

    def all(self):
        return builtins.all(self.items)

    def any(self):
        return builtins.any(self.items)

    def tolist(self):
        return self.items if self.shape else self.items[0]

    def __getitem__(self, place):
        if isinstance(place, ndarray):
            kept = [one for one, wanted in zip(self.items, place.items, strict=True) if wanted]
            return ndarray(kept, (len(kept),))
        return self.items[0] if place == () else self.items[place if isinstance(place, int) else place[0]]

    def __len__(self):
        return self.shape[0]

    def __iter__(self):
        return iter(self.items)

    def __bool__(self):
        return bool(self.items[0]) if self.size == 1 else NotImplemented

    def __float__(self):
        return float(self.items[0])

    def __invert__(self):
        return _each(lambda one: not one, self)

    def __neg__(self):
        return _each(operator.neg, self)


def _divided(one, other):
    return one / other if other else nan if not one or one != one else math.copysign(inf, one)


def _operator(name):
    function = _divided if name == "truediv" else getattr(operator, name)
    setattr(ndarray, f"__{name.strip('_')}__", lambda self, other: _each(function, self, other))
    setattr(ndarray, f"__r{name.strip('_')}__", lambda self, other: _each(function, other, self))


for _name in ("add", "sub", "mul", "truediv", "pow", "and_", "or_", "eq", "ne", "lt", "le", "gt", "ge"):
    _operator(_name)


def asarray(value, dtype=None, **_):
    if isinstance(value, ndarray):
        return value.astype(dtype) if dtype else value
    items, shape = (list(value), (len(value),)) if isinstance(value, (list, tuple)) else ([value], ())
    if not builtins.all(isinstance(one, (bool, int, float)) for one in items):
        raise ValueError("the stand-in for arrays has one axis at most, of numbers")
    return ndarray(map(dtype, items) if dtype else items, shape)


def array(value, dtype=None, **_):
    found = asarray(value, dtype)
    return ndarray(found.items, found.shape)


def _each(function, *values):
    """The function element by element; numbers go with any shape."""
    arrays = [asarray(one) for one in values]
    shape = builtins.max((one.shape for one in arrays), key=len)
    size = builtins.max(one.size for one in arrays)
    if builtins.any(one.shape not in ((), shape) for one in arrays):
        raise ValueError("the stand-in for arrays does not broadcast")
    return ndarray(map(function, *(one.items * (size if one.shape != shape else 1) for one in arrays)), shape)


def _elementwise(function):
    return lambda *values, **_: _each(function, *values)


abs, isfinite, isnan = map(_elementwise, (builtins.abs, math.isfinite, math.isnan))
isinf, log2, floor, rint = map(_elementwise, (math.isinf, math.log2, lambda x: float(math.floor(x)), round))
maximum, where, sign = map(_elementwise, (builtins.max, lambda c, a, b: a if c else b, lambda x: (x > 0) - (x < 0)))
imag = _elementwise(lambda x: 0.0)
sqrt = _elementwise(lambda x: math.sqrt(x) if x >= 0 else nan)
exp = _elementwise(lambda x: math.exp(x) if x < 700 else inf)
log = _elementwise(lambda x: math.log(x) if x > 0 else nan if x < 0 else -inf)


def all(value):
    return asarray(value).all()


def sum(value):
    return math.fsum(asarray(value).items)


def max(value, initial=-inf):
    return asarray(value).max(initial)


def median(value):
    return statistics.median(asarray(value).items)


def unique(value):
    items = sorted(set(asarray(value).items))
    return ndarray(items, (len(items),))


def full(shape, value, **_):
    return ndarray([value] * math.prod(shape), shape)


def argmax(value):
    items = asarray(value).items
    return items.index(builtins.max(items))


def unravel_index(place, shape):
    return (place,) if shape else ()


def shape(value):
    return asarray(value).shape


def size(value):
    return asarray(value).size


def ravel(value):
    return asarray(value).ravel()


def squeeze(value):
    return asarray(value)


@contextlib.contextmanager
def errstate(**_):
    yield


class finfo:
    def __init__(self, kind):
        self.tiny, self.eps = 2.2250738585072014e-308, 2.220446049250313e-16


class random:
    @staticmethod
    def default_rng(seed=None):
        import random as python

        made = python.Random(seed)
        return type("Generator", (), {"integers": staticmethod(made.randrange)})()


def concatenate(arrays):
    items = [item for one in arrays for item in asarray(one)]
    return ndarray(items, (len(items),))


def ptp(value):
    items = asarray(value).items
    return builtins.max(items) - builtins.min(items)
