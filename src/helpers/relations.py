"""What came and what was expected, compared as a teacher would: the negative, N times as much, transposed, shifted.

A relation is said only if it holds in every case that fails, so that a coincidence in one of them says nothing. It
names sizes and places, never a value. The single relations are in `_relation_tests` and
`_relation_places`.
"""

import numpy as np

from helpers._relation_places import accumulated, places, reordered, shifted
from helpers._relation_tests import (
    EXACT,
    FEW,
    by_size,
    constant,
    digits,
    echo,
    factor,
    infinite,
    of_shapes,
    power,
    same,
    signs,
    special,
)
from helpers.comparison import same_values
from helpers.forms import as_array, as_parts
from helpers.language import counted, said

MANY = 5  # elements that are wrong in one direction, which chance alone makes one time in sixteen
TESTS = (
    infinite, special, factor, by_size, power, signs, reordered, echo, accumulated, shifted, constant, places, digits,
)  # fmt: skip


def relation(cases):
    """Return a sentence about every case that fails, or ""."""
    failing = [case for case in cases if case.failed]
    if not failing or any(case.expected is None for case in failing):
        return ""
    counts = {(_count(case.observed), len(case.expected)) for case in failing if isinstance(case.expected, tuple)}
    if len(counts) == 1 and len(set(*counts)) == 2:
        return _of_counts(*counts.pop())
    split = [_parts(case) for case in failing]
    return "" if any(one is None for one in split) else _of_parts(failing, split)


def _count(observed):
    return len(as_parts(observed) or (observed,))


def _of_counts(came, expected):
    if came == 1:
        return said("It must return {count} results, and returns one.").format(count=expected)
    return said("It must return {count} results, and returns {number}.").format(count=expected, number=came)


def _parts(case):
    """The results of a case as pairs of arrays (came, expected), or None where they cannot be set side by side."""
    wanted = case.expected if isinstance(case.expected, tuple) else (case.expected,)
    came = as_parts(case.observed) if isinstance(case.expected, tuple) else (case.observed,)
    if came is None or len(came) != len(wanted):
        return None
    pairs = [(as_array(got), np.asarray(one, dtype=float)) for got, one in zip(came, wanted, strict=True)]
    if any(got is None or got.dtype.kind not in "biuf" for got, _ in pairs):
        return None
    return [(got.astype(float).reshape(one.shape) if got.size == 1 == one.size else got.astype(float), one)
            for got, one in pairs]  # fmt: skip


def _of_parts(failing, split):
    """What all results that are wrong have in common; else which of several results they are."""
    several = [pairs for pairs in split if len(pairs) > 1]
    if several == split and all(len(pairs) == 2 and _exchanged(*pairs) for pairs in split):
        return _said(split, said("your two results are the expected ones in the other order"))
    wrong = [(case, pair) for case, pairs in zip(failing, split, strict=True) for pair in pairs if not same(*pair)]
    words = _words([case for case, _ in wrong], [pair for _, pair in wrong]) if wrong else ""
    which = {place for pairs in several for place, pair in enumerate(pairs) if not same(*pair)}
    count = {len(pairs) for pairs in several}
    if len(count) != 1 or len(which) in (0, max(count)):
        return _said(split, words)
    only = ONLY[several == split, len(which) == 1].format(
        number=_numbers(sorted(which)), numbers=_numbers(sorted(which)), count=max(count)
    )
    return f"{only} {_said(split, words)}".strip()


ONLY = {  # by whether all cases that fail have several results, and whether one of these is wrong
    (True, True): said("In every case that fails, number {number} of {count} is wrong and the rest right."),
    (True, False): said("In every case that fails, number {numbers} of {count} are wrong and the rest right."),
    (False, True): said("Where all results are compared, number {number} of {count} is wrong and the rest right."),
    (False, False): said("Where all results are compared, number {numbers} of {count} are wrong and the rest right."),
}


def _numbers(which):
    first, *others = (str(place + 1) for place in which)
    return said("{number} and {others}").format(number=first, others=" and ".join(others)) if others else first


def tendency(cases):
    """Return a sentence that says whether what is wrong is always too large or always too small, or ""."""
    failing = [case for case in cases if case.failed]
    split = [None if case.expected is None else _parts(case) for case in failing]
    if None in split or any(got.shape != wanted.shape for pairs in split for got, wanted in pairs):
        return ""
    wrong = [(got[off], wanted[off]) for pairs in split for got, wanted, off in _off(pairs)]
    if sum(got.size for got, _ in wrong) < MANY:
        return ""
    larger = {bool(one) for got, wanted in wrong for one in got > wanted}
    if len(larger) > 1 or any(np.isnan(got).any() for got, _ in wrong):
        return ""
    return _said(split, said("what is wrong is too large") if larger == {True} else said("what is wrong is too small"))


def _off(pairs):
    """Each pair (came, expected) of one shape, and where they differ."""
    alike = [(got, wanted) for got, wanted in pairs if got.shape == wanted.shape]
    return [(got, wanted, ~same_values(got, wanted, EXACT, 1e-300)) for got, wanted in alike]


def explains(cases, failing):
    """Whether cases of another answer came out as these did, but for a thousandth of the error."""
    if not cases or len(cases) != len(failing):
        return False
    return all(_explained(*pair) for pair in zip(cases, failing, strict=True) if pair[1].failed)


def tells_enough(results):
    """Whether so much is wrong that numbers which agree do so for a reason: several elements, or an odd one."""
    split = [_parts(case) for one in results for case in one.cases if case.failed and case.expected is not None]
    wrong = [wanted[off] for pairs in split if pairs for _, wanted, off in _off(pairs)]
    wrong += [wanted for pairs in split if pairs for got, wanted in pairs if got.shape != wanted.shape]
    return sum(one.size for one in wrong) >= MANY or any(telling(one) for one in wrong if one.size)


def _explained(other, case):
    if case.expected is None or other.expected is None or not other.failed:
        return False
    mine, theirs = _parts(case), _parts(other)
    if mine is None or theirs is None or len(mine) != len(theirs):
        return False
    return all(_alike(*one, two) for one, (two, _) in zip(mine, theirs, strict=True))


def _alike(came, wanted, other):
    if came.shape != other.shape:
        return False
    error = 0.0
    if came.shape == wanted.shape:
        with np.errstate(all="ignore"):
            error = np.where(np.isfinite(came - wanted), np.abs(came - wanted), 0).max(initial=0)
    return bool(np.all(same_values(came, other, EXACT, error / 1000)))


def _exchanged(first, second):
    return not same(*first) and same(first[0], second[1]) and same(second[0], first[1])


def _said(split, words):
    if not words:
        return ""
    told = counted("In the case that fails, {relation}.", "In all {count} cases that fail, {relation}.", len(split))
    return told.format(count=len(split), relation=words)


def _words(failing, pairs):
    """What every pair (came, expected) has in common, in words; "" where there is nothing, or too little to tell."""
    if any(got.shape != wanted.shape for got, wanted in pairs):
        return of_shapes(pairs)
    if sum(got.size for got, _ in pairs) < FEW and not all(telling(wanted) for _, wanted in pairs):
        return ""
    for test in TESTS:
        words = test(failing, pairs)
        if words:
            return words
    return ""


def telling(wanted):
    """Whether a lone number is odd enough to speak for itself."""
    return all(abs(one - round(float(one))) > 1e-6 for one in wanted.ravel()) and np.isfinite(wanted).all()
