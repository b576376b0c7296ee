"""What came and what was expected, compared as a teacher would: the negative, N times as much, transposed, shifted.

A relation is said only if it holds in every case that fails, so that a coincidence in one of them says nothing. It
names sizes and places, never a value. The single relations are in `_relation_tests`.
"""

import numpy as np

from helpers._relation_tests import FEW, TESTS, of_shapes, same
from helpers.forms import as_array, as_parts


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
    return f"It must return {expected} results, and returns {'one' if came == 1 else came}."


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
        return _said(split, "your two results are the expected ones in the other order")
    wrong = [(case, pair) for case, pairs in zip(failing, split, strict=True) for pair in pairs if not same(*pair)]
    words = _words([case for case, _ in wrong], [pair for _, pair in wrong]) if wrong else ""
    places = {place for pairs in several for place, pair in enumerate(pairs) if not same(*pair)}
    count = {len(pairs) for pairs in several}
    if len(count) != 1 or len(places) == max(count):
        return _said(split, words)
    numbers = " and ".join(str(place + 1) for place in sorted(places))
    every = "In every case that fails" if several == split else "Where all results are compared"
    only = f"{every}, number {numbers} of {max(count)} {'is' if len(places) == 1 else 'are'} wrong and the rest right."
    return f"{only} {_said(split, words)}".strip()


def _exchanged(first, second):
    return not same(*first) and same(first[0], second[1]) and same(second[0], first[1])


def _said(split, words):
    if not words:
        return ""
    where = f"In all {len(split)} cases that fail, " if len(split) > 1 else "In the case that fails, "
    return f"{where}{words}."


def _words(failing, pairs):
    """What every pair (came, expected) has in common, in words; "" where there is nothing, or too little to tell."""
    if any(got.shape != wanted.shape for got, wanted in pairs):
        return of_shapes(pairs)
    if sum(got.size for got, _ in pairs) < FEW and not all(_telling(wanted) for _, wanted in pairs):
        return ""
    for test in TESTS:
        words = test(failing, pairs)
        if words:
            return words
    return ""


def _telling(wanted):
    """Whether a lone number is odd enough to speak for itself."""
    return all(abs(one - round(float(one))) > 1e-6 for one in wanted.ravel()) and np.isfinite(wanted).all()
