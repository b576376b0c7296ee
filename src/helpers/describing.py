"""What a result is, in a few words: its kind, and where it may be shown, its value."""

import numpy as np

from helpers.language import said

KIND_NAMES = {
    type(None): said("None"), bool: said("a bool"), int: said("an integer"), float: said("a number"),
    complex: said("a complex number"), str: said("a string"), tuple: said("a tuple"), list: said("a list"),
    dict: said("a dict"), np.ndarray: said("an array"),
}  # fmt: skip


def kind_of(value):
    """Name the type of a result; a type that is not built in stays unnamed, for its name could carry a value."""
    return KIND_NAMES.get(type(value), said("an object of another type"))


def describe(value, limit=80):
    """Say what a result is, in a few words, whatever it is."""
    if isinstance(value, np.ndarray):
        return said("an array of shape {shape} and dtype {name}").format(shape=value.shape, name=value.dtype)
    if value is None:
        return KIND_NAMES[type(None)]
    try:
        text = repr(value)
    except Exception:
        text = said("an object that cannot be shown")
    kind = KIND_NAMES.get(type(value)) or said("an object of type {name}").format(name=type(value).__name__)
    return said("{kind}, {code}").format(kind=kind, code=text if len(text) <= limit else text[: limit - 1] + "…")
