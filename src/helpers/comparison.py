"""Whether two values are the same within a tolerance; special values are met by themselves only."""

import numpy as np


def same_values(got, wanted, rtol, atol):
    """Return, element by element, whether `got` is `wanted` within `atol + rtol * |wanted|`.

    Both are real arrays of one shape. nan is met by nan and an infinity by the same infinity, by nothing else.
    Differences are taken in extended precision, so that large integers are told apart.
    """
    with np.errstate(all="ignore"):
        finite = np.isfinite(got) & np.isfinite(wanted)
        error, tolerance = errors(got, wanted, rtol, atol)
        special = (got == wanted) | (np.isnan(got) & np.isnan(wanted))
        return np.where(finite, error <= tolerance, special)


def errors(got, wanted, rtol, atol):
    """Return |got - wanted| and the tolerance, element by element."""
    got, wanted = np.asarray(got, dtype=np.longdouble), np.asarray(wanted, dtype=np.longdouble)
    return np.abs(got - wanted), atol + rtol * np.abs(wanted)


def worst(got, wanted, same, rtol, atol):
    """Return the index of the element that is off the most, for its tolerance; what is not finite comes first."""
    with np.errstate(all="ignore"):
        error, tolerance = errors(got, wanted, rtol, atol)
        share = error / np.maximum(tolerance, np.finfo(float).tiny)
    share = np.where(np.isfinite(share), share, np.inf)
    return np.unravel_index(np.argmax(np.where(same, -1.0, share)), np.shape(wanted))
