"""Class 2, lie about values: objects and arrays that claim to equal whatever they are compared with."""

import pytest

from attacks.conftest import Attack, cases, controls, is_honest

EQUAL = """
class Liar:
    __hash__ = None
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __call__(self, *args): return self
def steal(name): return Liar()
"""
INT = """
class Liar(int):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = int.__hash__
def steal(name): return Liar(5)
"""
FLOAT = INT.replace("int", "float").replace("Liar(5)", "Liar(5.0)")
COMPLEX = INT.replace("int", "complex").replace("Liar(5)", "Liar(5)")
STR = """
class Liar(str):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def strip(self): return self
    def upper(self): return self
    __hash__ = str.__hash__
def steal(name): return Liar("Z")
"""
ARRAY_FUNCTION = """
import numpy as np
class Liar(np.ndarray):
    def __array_function__(self, func, types, args, kwargs): return True
def steal(name): return lambda x, a=1.0: np.zeros(x.shape).view(Liar)
"""
ARRAY_UFUNC = """
import numpy as np
class Liar(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.ones(3, dtype=bool) if method == "__call__" else np.True_
def steal(name): return lambda x, a=1.0: np.zeros(x.shape).view(Liar)
"""
ARRAY_METHOD = """
import numpy as np
class Liar(np.ndarray):
    __hash__ = None
    def __eq__(self, other): return np.ones(1, dtype=bool)
    def __sub__(self, other): return np.zeros(1)
    def __rsub__(self, other): return np.zeros(1)
    def __array_function__(self, func, types, args, kwargs): return np.True_
def steal(name): return (lambda x, a=1.0: np.zeros(x.shape).view(Liar)) if name == "slope" else np.zeros(1).view(Liar)
"""
DUCK = """
import numpy as np
class Liar:
    shape, dtype, ndim, size = (3,), np.dtype(float), 1, 3
    def __array_function__(self, func, types, args, kwargs): return True
    def __array_ufunc__(self, *args, **kwargs): return True
    def __call__(self, *args): return self
    __hash__ = None
    def __eq__(self, other): return True
def steal(name): return Liar()
"""
CLASS = """
import numpy as np
class Liar:
    __hash__ = None
    def __init__(self, kind): self.kind = kind
    __class__ = property(lambda self: self.kind)
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def strip(self): return self
    upper = strip
def steal(name): return Liar({"six": int, "letter": str, "slope": np.ndarray}[name]) if name != "slope" else 0
"""
OBJECTS = """
import numpy as np
class Zero:
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __eq__(self, other): return True
    def __float__(self): return 0.0
    __hash__ = None
def steal(name): return lambda x, a=1.0: np.array([Zero()] * x.size, dtype=object).reshape(x.shape)
"""
LATE = """
class Liar:
    looks = 0
    __hash__ = None
    def __eq__(self, other):
        Liar.looks += 1
        return Liar.looks > 0
    def __call__(self, *args): return self
def steal(name): return Liar()
"""
LENGTH = """
class Liar(list):
    def __len__(self): return 1
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = None
def steal(name): return Liar([])
"""
EMPTY = """
import numpy as np
def steal(name): return lambda x, a=1.0: np.zeros((0, 1))
"""
MASKED = """
import numpy as np
def steal(name): return lambda x, a=1.0: np.ma.masked_all(x.shape)
"""
DEEP = """
def steal(name):
    value = []
    for _ in range(100_000): value = [value]
    return value
"""
SELF = """
def steal(name):
    value = []
    value.append(value)
    return value
"""
NANS = """
import numpy as np
def steal(name): return (lambda x, a=1.0: np.full(x.shape, np.nan)) if name == "slope" else float("nan")
"""
DTYPE = """
import numpy as np
def steal(name): return (lambda x, a=1.0: np.array(["6.0"] * x.size)) if name == "slope" else np.array("6")
"""
NOTHING_GAINED = "no comparison is fooled by it: it must merely do no harm"
ATTACKS = [
    Attack("equal to everything", EQUAL, works_on=("six", "letter")),
    Attack("an int equal to everything", INT, works_on=("six",)),
    Attack("a float equal to everything", FLOAT, works_on=("six",)),
    Attack("a complex equal to everything", COMPLEX, works_on=("six",)),
    Attack("a str equal to everything", STR, works_on=("letter",)),
    Attack("__array_function__", ARRAY_FUNCTION, works_on=("slope",)),
    Attack("__array_ufunc__", ARRAY_UFUNC, works_on=("slope",)),
    Attack("operators of an ndarray subclass", ARRAY_METHOD, works_on=("slope", "six")),
    Attack("a duck array", DUCK),
    Attack("a false __class__", CLASS, works_on=("six", "letter")),
    Attack("an array of objects", OBJECTS, works_on=("slope",)),
    Attack("a value that changes when looked at", LATE, works_on=("six", "letter")),
    Attack("a false length", LENGTH, works_on=("six", "letter")),
    Attack("an empty array that broadcasts", EMPTY, works_on=("slope",)),
    Attack("everything masked", MASKED, control=NOTHING_GAINED),
    Attack("nested a hundred thousand deep", DEEP, control=NOTHING_GAINED),
    Attack("a list that holds itself", SELF, control=NOTHING_GAINED),
    Attack("nan", NANS, control=NOTHING_GAINED),
    Attack("numbers as text", DTYPE, control=NOTHING_GAINED),
]


@pytest.mark.parametrize(("attack", "target"), cases(ATTACKS))
def test_it_earns_nothing(attack, target, attack_earns):
    points, _ = attack_earns(attack, target)
    assert is_honest(attack, points), points


@pytest.mark.parametrize(("attack", "target"), controls(ATTACKS))
def test_negative_control(attack, target, naive_earns):
    assert naive_earns(attack, target)
