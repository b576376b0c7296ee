"""The relations of places: right numbers in the wrong order, running sums, shifts, and where the wrong elements stand.

As in `_relation_tests`, a test takes the failing cases and a pair (came, expected) for each; "" means no.
"""

import numpy as np

from helpers._relation_tests import EXACT, FEW, same
from helpers.comparison import same_values
from helpers.language import said


def reordered(failing, pairs):
    """The right numbers in another order: transposed, in reverse along an axis, or anyhow."""
    if any(wanted.ndim == 0 for _, wanted in pairs):
        return ""
    if all(got.ndim > 1 and got.shape[0] == got.shape[1] and same(got.swapaxes(0, 1), w) for got, w in pairs):
        return said("yours is the transpose of what is expected")
    for axis in range(min(wanted.ndim for _, wanted in pairs)):
        if all(same(np.flip(got, axis), wanted) for got, wanted in pairs):
            return said("yours is what is expected in reverse order along axis {count}").format(count=axis)
    if all(same(np.sort(got, axis=None), np.sort(wanted, axis=None)) for got, wanted in pairs):
        return said("yours has the right numbers in the wrong places")
    return ""


def accumulated(failing, pairs):
    """Running sums in place of the numbers, or the other way round."""
    if any(wanted.ndim == 0 or wanted.shape[0] < 2 for _, wanted in pairs):
        return ""
    if all(same(got, np.cumsum(wanted, axis=0)) for got, wanted in pairs):
        return said("yours is the running sum of what is expected, along the first axis")
    if all(same(np.cumsum(got, axis=0), wanted) for got, wanted in pairs):
        return said("what is expected is the running sum of yours, along the first axis")
    return ""


def shifted(failing, pairs):
    """The right numbers one place too late or too early."""
    if any(wanted.ndim == 0 or wanted.shape[0] < FEW for _, wanted in pairs):
        return ""
    if all(same(got[1:], wanted[:-1]) for got, wanted in pairs):
        return said("yours is what is expected, one place later")
    if all(same(got[:-1], wanted[1:]) for got, wanted in pairs):
        return said("yours is what is expected, one place earlier")
    return ""


def places(failing, pairs):
    """Where in the array the wrong elements stand."""
    wrong = [~same_values(got, wanted, EXACT, 1e-12) for got, wanted in pairs]
    if any(one.ndim == 0 or one.shape[0] < FEW for one in wrong):
        return ""
    if all(one[0].all() and not one[1:].any() for one in wrong):
        return said("only the first element along the first axis is wrong")
    if all(one[-1].all() and not one[:-1].any() for one in wrong):
        return said("only the last element along the first axis is wrong")
    if all(one[-1].any() and not one[:-1].any() for one in wrong):
        return said("what is wrong stands in the last place along the first axis")
    if all(one[0].any() and not one[1:].any() for one in wrong):
        return said("what is wrong stands in the first place along the first axis")
    return ""
