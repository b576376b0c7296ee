"""Values on the wire between the grader and a submission's process: JSON and raw array bytes, exact types, caps.

Plain data crosses: None, bool, int, float, complex, str, tuples, lists, dicts, real and complex arrays and scalars, a
Generator by its state, a function by a number, under which it is called back. Anything else crosses as the name of its
type. Whatever comes in is untrusted: a frame that is not of this form raises `WireError`, never anything else.
"""

import numpy as np

from autograder.jail.frames import WireError
from autograder.jail.plain import plain

MAX_DEPTH, MAX_ITEMS = 40, 200_000
MAX_ENTRIES = 10_000  # of one dict: keys can be chosen to collide
PCG64_MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
MAX_DRAWS = 1 << 40
COSTLY = 100  # items that a Generator or an opaque value counts for
KINDS = "biufc"
COLUMNS_FIRST = "F"  # the order in memory crosses too: `ravel` makes a copy of such an array, and a view of any other


class Opaque:
    """Stands for a value that does not cross; its class has the name of the value's type."""

    def __repr__(self):
        return f"<{type(self).__name__}>"


def opaque(type_name):
    """Return a stand-in for a value of the named type."""
    cleaned = "".join(c if c.isalnum() or c in "_ " else "_" for c in str(type_name)[:60]) or "unknown"
    return type(cleaned, (Opaque,), {})()


class Encoder:
    """Turns values into JSON and a body of array bytes; remembers the functions, arrays and generators it met."""

    def __init__(self):
        self.body, self.size, self.items = [], 0, 0
        self.functions, self.arrays, self.generators = [], [], []

    def encode(self, value, depth=0):
        """Return the JSON form of a value; what cannot cross becomes the name of its type."""
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            return {"o": "value nested too deeply or too long"}
        value = plain(value)
        kind = type(value)
        if value is None or kind in (bool, float, str):
            return value
        if kind is int:
            return value if value.bit_length() < 4096 else {"o": "int with thousands of digits"}
        if kind is tuple or kind is list:
            return {kind.__name__[0]: [self.encode(item, depth + 1) for item in value]}
        if kind is dict and len(value) <= MAX_ENTRIES:
            return {"d": [[self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in value.items()]}
        return self._encode_special(value, kind)

    def _encode_special(self, value, kind):
        if kind is complex:
            return {"c": [value.real, value.imag]}
        if kind is np.ndarray or isinstance(value, np.generic):
            return self._encode_array(value, kind)
        if kind is np.random.Generator and type(value.bit_generator) is np.random.PCG64:
            self.generators.append(value)
            return {"g": generator_state(value)}
        if kind is type(...):
            return {"e": 0}
        if callable(value):
            self.functions.append(value)
            return {"f": len(self.functions) - 1}
        return {"o": kind.__name__}

    def _encode_array(self, value, kind):
        if value.dtype.kind not in KINDS or value.dtype.itemsize > 16:
            return {"o": f"array of dtype {value.dtype.kind}"}
        if kind is np.ndarray:
            self.arrays.append(value)
        order = [COLUMNS_FIRST] if value.flags.f_contiguous and not value.flags.c_contiguous else []
        data = value.tobytes(*order)
        offset, self.size = self.size, self.size + len(data)
        self.body.append(data)
        return {"a" if kind is np.ndarray else "n": [value.dtype.str, list(value.shape), offset, len(data), *order]}


def generator_state(generator):
    """The state of a PCG64 Generator as plain integers (as text: they have 128 bits)."""
    state = generator.bit_generator.state
    return [str(state["state"]["state"]), str(state["state"]["inc"]), state["has_uint32"], state["uinteger"]]


def set_generator_state(generator, state):
    """Put a state from the wire into a Generator."""
    words, flags = [int(word) for word in state[:2]], state[2:]
    if len(state) != 4 or not all(0 <= word < 1 << 128 for word in words) or flags[0] not in (0, 1):
        raise WireError("a generator's state is out of range")
    generator.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": {"state": words[0], "inc": words[1]},
        "has_uint32": int(flags[0]),
        "uinteger": int(flags[1]) % (1 << 32),
    }


def follow_generator(generator, state):
    """Let a Generator follow its copy over there, which may have drawn from it but not have been set."""
    ours = [int(word) for word in generator_state(generator)[:2]]
    theirs = [int(word) for word in state[:2]]
    if theirs[1] != ours[1] or _draws(*ours, theirs[0] % (1 << 128)) > MAX_DRAWS:
        raise WireError("a generator is not where drawing leads")
    set_generator_state(generator, state)


def _draws(start, increment, end):
    """How many steps of PCG64 lead from one state to another: its discrete logarithm, bit by bit."""
    multiplier, steps, bit, modulus = PCG64_MULTIPLIER, 0, 1, 1 << 128
    while start != end:
        if (start ^ end) & bit:
            start, steps = (start * multiplier + increment) % modulus, steps | bit
        multiplier, increment = multiplier * multiplier % modulus, (multiplier + 1) * increment % modulus
        bit <<= 1
    return steps


class Decoder:
    """Turns JSON and a body back into fresh values; `function` makes what stands for a function by its number."""

    def __init__(self, body, function=None):
        self.body, self.function = body, function or (lambda number: opaque("function"))
        self.arrays, self.generators, self.items, self.size, self.elements = [], [], 0, 0, 0

    def decode(self, node, depth=0):
        """Return the value; raise `WireError` where the node is not of the agreed form."""
        self.items += 1
        if depth > MAX_DEPTH + 1 or self.items > MAX_ITEMS + 1:
            raise WireError("a value is nested too deeply or too long")
        if node is None or type(node) in (bool, int, float, str):
            return node
        if type(node) is not dict or len(node) != 1:
            raise WireError("a value is not of the agreed form")
        ((tag, content),) = node.items()
        return self._decode_tagged(tag, content, depth)

    def _decode_tagged(self, tag, content, depth):
        try:
            if tag in ("t", "l"):
                items = [self.decode(item, depth + 1) for item in content]
                return tuple(items) if tag == "t" else items
            if tag == "d" and len(content) <= MAX_ENTRIES:
                return {self.decode(k, depth + 1): self.decode(v, depth + 1) for k, v in content}
            return self._decode_special(tag, content)
        except WireError:
            raise
        except Exception as error:
            raise WireError(f"a value is not of the agreed form ({type(error).__name__})") from None

    def _decode_special(self, tag, content):
        if tag in ("a", "n"):
            return self._decode_array(tag, *content)
        if tag == "c":
            return complex(*content)
        if tag == "e":
            return ...
        self.items += COSTLY
        if tag == "g":
            self.generators.append(np.random.Generator(np.random.PCG64(0)))
            set_generator_state(self.generators[-1], content)
            return self.generators[-1]
        if tag == "f":
            return self.function(int(content))
        if tag == "o":
            return opaque(content)
        raise WireError("a value is not of the agreed form")

    def _decode_array(self, tag, dtype, shape, offset, size, order="C"):
        dtype = np.dtype(str(dtype))
        if dtype.kind not in KINDS or dtype.itemsize > 16 or len(shape) > 32 or order not in ("C", COLUMNS_FIRST):
            raise WireError("an array is not of the agreed form")
        data = self.body[offset : offset + size]
        if offset < 0 or size < 0 or len(data) != size or size != dtype.itemsize * _product(shape):
            raise WireError("an array's bytes do not fit its shape")
        self.size += size
        if self.size > len(self.body):
            raise WireError("arrays share their bytes")
        self.elements += _product(shape)
        array = np.frombuffer(data, dtype=dtype).reshape(shape, order=order).copy(order="K")
        if tag == "n":
            return array[()]
        self.arrays.append(array)
        return array


def _product(shape):
    total = 1
    for side in shape:
        if type(side) is not int or side < 0:
            raise WireError("an array's shape is not of the agreed form")
        total *= side
    return total
