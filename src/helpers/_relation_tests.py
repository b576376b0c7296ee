"""The single relations between what came and what was expected, each in words where every failing case shows it.

A test takes the failing cases and for each a pair (came, expected) of arrays of one shape; "" means no.
"""

import math

import numpy as np

from helpers.comparison import same_values
from helpers.forms import as_array
from helpers.language import said
from helpers.where_it_fails import ARGUMENT

EXACT = 1e-7
FEW = 3  # elements, in all cases together, of which one may be right by chance
FACTORS = {
    -1.0: said("yours is the negative of what is expected"),
    2.0: said("yours is twice what is expected"),
    0.5: said("yours is half of what is expected"),
    -2.0: said("yours is minus twice what is expected"),
    -0.5: said("yours is minus half of what is expected"),
    math.log(2): said("yours is ln 2 times what is expected"),
    1 / math.log(2): said("yours is 1 / ln 2 times, as bits are to nats, what is expected"),
    4.0: said("yours is four times what is expected"),
    0.25: said("yours is a quarter of what is expected"),
    3.0: said("yours is three times what is expected"),
    1 / 3: said("yours is a third of what is expected"),
}

TIMES = (
    said("yours is N, the size of axis {count} of {argument}, times what is expected"),
    said("yours is {argument}, times what is expected"),
)
DIVIDED = (
    said("yours is 1/N times, N being the size of axis {count} of {argument}, what is expected"),
    said("yours is 1/N times, N being {argument}, what is expected"),
)


def same(got, wanted):
    """Whether two arrays are one, rounding aside."""
    return got.shape == wanted.shape and bool(np.all(same_values(got, wanted, EXACT, 1e-12)))


def of_shapes(pairs):
    """What can be said where shapes are wrong."""
    if all(got.shape != wanted.shape and np.squeeze(got).shape == np.squeeze(wanted).shape for got, wanted in pairs):
        more = {got.ndim - wanted.ndim for got, wanted in pairs}
        if more in ({1}, {-1}):
            return said("an axis of size 1 is too much") if more == {1} else said("an axis of size 1 is missing")
        if min(more) > 0 or max(more) < 0:
            return said("axes of size 1 are too many") if min(more) > 0 else said("axes of size 1 are missing")
    if all(got.ndim > 1 and got.T.shape == wanted.shape and same(got.T, wanted) for got, wanted in pairs):
        return said("your result is the transpose of what is expected")
    return ""


def _ratio(got, wanted):
    """The one number that `got` is of `wanted`, or None."""
    finite = np.isfinite(got) & np.isfinite(wanted) & (wanted != 0)
    if not finite.any():
        return None
    ratio = float(np.median(got[finite] / wanted[finite]))
    return ratio if ratio and same(got, ratio * wanted) else None


def factor(failing, pairs):
    """One multiple in all cases, by its name where it has one."""
    ratios = [_ratio(*pair) for pair in pairs]
    if None in ratios or np.ptp(ratios) > EXACT * abs(ratios[0]):
        return ""
    named = next((words for number, words in FACTORS.items() if abs(ratios[0] / number - 1) < EXACT), None)
    if named:
        return named
    different = len({float(one) for _, wanted in pairs for one in wanted.ravel()})
    return said("yours is the same multiple of what is expected") if len(pairs) > 1 and different >= FEW else ""


def by_size(failing, pairs):
    """A factor that follows a size of the arguments from case to case."""
    ratios = [_ratio(*pair) for pair in pairs]
    if None in ratios:
        return ""
    sizes = [_sizes(case) for case in failing] if len(failing) == len(pairs) else []
    for key in sorted(set.intersection(*map(set, sizes))) if sizes else ():
        for power, words in ((1, TIMES), (-1, DIVIDED)):
            if len({one[key] for one in sizes}) > 1 and all(
                abs(ratio / one[key] ** power - 1) < EXACT for ratio, one in zip(ratios, sizes, strict=True)
            ):
                return _by(words, *key)
    if all(wanted.size >= FEW for _, wanted in pairs):
        return said("every element of yours is off by the same factor")
    return ""


def _by(words, number, axis):
    argument = ARGUMENT.format(count=number + 1)
    return words[0].format(count=axis, argument=argument) if axis >= 0 else words[1].format(argument=argument)


def _sizes(case):
    """{(argument, axis): size}, and (argument, -1) for an argument that is a number."""
    found = {}
    for number, arg in enumerate(case.args):
        array = as_array(arg)
        if array is None or array.dtype.kind not in "iuf":
            continue
        found |= {(number, axis): size for axis, size in enumerate(array.shape) if size}
        if array.ndim == 0 and array != 0 and np.isfinite(array):
            found[number, -1] = float(array)
    return found


def infinite(failing, pairs):
    """Nothing but infinities and nan where it is wrong."""
    wrong = [got[~same_values(got, wanted, EXACT, 1e-12)] for got, wanted in pairs]
    return "" if any(np.isfinite(one).any() for one in wrong) else said("what is wrong comes out infinite or nan")


def special(failing, pairs):
    """What an infinity or a small number was taken for, where that is all that is wrong."""
    wrong = [~same_values(got, wanted, EXACT, 1e-300) for got, wanted in pairs]
    came = np.concatenate([got[one] for (got, _), one in zip(pairs, wrong, strict=True)])
    expected = np.concatenate([wanted[one] for (_, wanted), one in zip(pairs, wrong, strict=True)])
    if came.size and np.isfinite(came).all() and np.isinf(expected).all():
        return said("what should be infinite comes out finite")
    return said("what is wrong comes out as 0") if came.size and not came.any() else ""


def signs(failing, pairs):
    """The right magnitudes with some other signs."""
    fits = all(same(np.abs(got), np.abs(wanted)) for got, wanted in pairs)
    return said("the magnitudes are right, and in places the sign is not") if fits else ""


def power(failing, pairs):
    """A simple function of what is expected: its square, root, logarithm, inverse, magnitude."""
    with np.errstate(all="ignore"):
        tests = {
            said("yours is the square of what is expected"): lambda got, wanted: same(got, wanted**2),
            said("yours is the root of what is expected"): lambda got, wanted: same(got, np.sqrt(wanted)),
            said("yours is the logarithm of what is expected"): lambda got, wanted: same(got, np.log(wanted)),
            said("yours is the exponential of what is expected"): lambda got, wanted: same(got, np.exp(wanted)),
            said("yours is 1 over what is expected"): lambda got, wanted: same(got, 1 / wanted),
            said("yours is 1 minus what is expected"): lambda got, wanted: same(got, 1 - wanted),
            said("yours is the magnitude of what is expected"): lambda got, wanted: same(got, np.abs(wanted)),
        }
        return next((words for words, test in tests.items() if all(test(*pair) for pair in pairs)), "")


def echo(failing, pairs):
    """One of the arguments, handed back."""
    if len(failing) != len(pairs):
        return ""
    for number in range(min(len(case.args) for case in failing)):
        args = [as_array(case.args[number]) for case in failing]
        if all(
            a is not None and a.dtype.kind in "iuf" and same(got, a.astype(float))
            for a, (got, _) in zip(args, pairs, strict=True)
        ):
            return said("your result is {argument} itself").format(argument=ARGUMENT.format(count=number + 1))
    return ""


def constant(failing, pairs):
    """The same number too much in every element."""
    with np.errstate(all="ignore"):
        offsets = [got - wanted for got, wanted in pairs]
    if all(one.size >= FEW and same(one, np.full(one.shape, one.flat[0])) for one in offsets):
        return said("every element of yours is off by the same number")
    return ""


def digits(failing, pairs):
    """Within a hundredth, and still not right."""
    with np.errstate(all="ignore"):
        errors = [
            np.max(np.abs(got - wanted) / np.maximum(np.abs(wanted), 1e-300), initial=0.0) for got, wanted in pairs
        ]
    if all(error < 1e-2 for error in errors):
        return said(
            "yours is close but not exact: something is approximated, rounded, clipped or nudged by a small number"
        )
    return ""
