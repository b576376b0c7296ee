# %% [markdown]
# ## A softmax that survives
#
# A classifier ends in numbers that may be anything, the *logits*, and must say probabilities: positive, with sum 1.
#
# $$ \mathrm{softmax}(a)_i = \frac{e^{a_i}}{\sum_j e^{a_j}}. $$
#
# Only differences matter. Add the same constant to every logit and it cancels, $e^{a_i + c} / \sum_j e^{a_j + c}$; the bars in the
# opening figure do not move. (A common *factor* does not cancel: it makes the distribution sharper.) On paper this is a
# curiosity. In a computer it saves your life, because $e^{710}$ is already infinite and $\infty / \infty$ is nan. Choose the
# constant so that the largest logit of each slice becomes 0, and nothing can overflow.
#
# | argument | shape | meaning |
# |---|---|---|
# | `a` | any, at least one axis | logits: an array or a list, of floats or integers; $-\infty$ means "impossible" and gets probability 0 |
# | `axis` | integer, also negative | the axis along which the probabilities sum to 1 |
# | result | the shape of `a` | probabilities |
#
# **Write `softmax(a, axis=-1)`**, finite for all finite logits, however large and however far apart (integers up to
# $2^{53}$). At least one logit of each slice is finite. Probabilities are accurate in the relative sense, also tiny
# ones: the second of $(0, -40)$ gets
# $4.248 \cdot 10^{-18}$, and 0 is for what is impossible.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, is_pure, right_answer, wrong_answer


# %% answer
def softmax(a, axis=-1):
    """Return the probabilities of the logits a along an axis, same shape."""
    # BEGIN SOLUTION
    a = np.asarray(a, dtype=float)
    weights = np.exp(a - np.max(a, axis=axis, keepdims=True))
    return weights / np.sum(weights, axis=axis, keepdims=True)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def equal_logits_share(softmax):
    """Two equal logits get one half each, four a quarter."""
    expect_close(softmax([0.0, 0.0]), [0.5, 0.5], "softmax([0, 0])")
    expect_close(softmax([0.0, 0.0, 0.0, 0.0]), [0.25, 0.25, 0.25, 0.25], "softmax([0, 0, 0, 0])")


@check(points=0.5)
def logits_of_a_thousand(softmax):
    """Logits of 1000 and 1000 + ln 3 get 1/4 and 3/4, as 0 and ln 3 do."""
    expect_close(softmax(np.array([1000.0, 1000.0 + math.log(3)])), [0.25, 0.75], "softmax([1000, 1000 + ln 3])")


# %% hidden checks
def one_slice(logits):
    """The probabilities of one list of logits, with exact sums."""
    top = max(logits)
    weights = [math.exp(one - top) for one in logits]
    return [one / math.fsum(weights) for one in weights]


@check(points=1, hidden=True)
def along_any_axis(softmax, rng):
    """It normalizes along the axis that was asked for, counted from either end, the last one by default, in any number of axes."""
    a = rng.normal(size=(3, 4))
    expect_close(softmax(a), np.apply_along_axis(one_slice, -1, a), "softmax of a matrix")
    for shape in [(5,), (3, 4), (3, 3), (2, 3, 4), (3, 3, 3), (2, 2, 3, 2), (1, 4), (4, 1), (2, 1, 3), (1,)]:
        a = rng.normal(size=shape)
        for axis in [*range(len(shape)), *range(-len(shape), 0)]:
            expected, what = (
                np.apply_along_axis(one_slice, axis, a),
                f"softmax of an array of shape {shape}, axis {axis}",
            )
            expect_close(softmax(a, axis=axis), expected, what, atol=0)
    columns = np.array([[0.0, 5000.0, -5000.0], [1.0, 5001.0, -4999.0]])
    expected = np.apply_along_axis(one_slice, 0, columns)
    expect_close(softmax(columns, axis=0), expected, "softmax of columns of very different size", atol=0)
    whole = [[1, 3, 1], [-2, 0, 4]]
    expect_close(softmax(whole), np.apply_along_axis(one_slice, -1, whole), "softmax of a list of lists of integers")
    expect_close(softmax(np.array(whole), 0), np.apply_along_axis(one_slice, 0, whole), "softmax of integers, axis 0")


@check(points=1.5, hidden=True)
def extreme_logits(softmax, rng):
    """Rows of very different size, logits far apart or very negative and -inf get accurate probabilities, tiny ones too."""
    inf, d = math.inf, rng.integers(1024, 3072) / 1024
    rows = np.array([[0.0, d], [5000.0, 5000 + d], [-5000.0, d - 5000]])
    expect_close(softmax(rows), [one_slice([0.0, d])] * 3, "softmax of rows of very different size", atol=0)
    for logits in (
        [-1e4, -1e4 - d], [800.0, 0.0], [0.0, 5000.0, 5000.0], [0.0, -10.0, -25.0, -40.0, -600.0], [-30.0, -20.0],
        [0.0, -inf, 1.0], [-inf, 3.0], [-5000.0, -inf, -5001.0, -inf], [-inf, -1e12, -1e12 - 1], [1e300, -1e300], [2000.0, 2000.0, 1999.0],
    ):  # fmt: skip
        expect_close(softmax(np.array(logits)), one_slice(logits), f"softmax({logits})", atol=0)


# %% hints
HINTS = [
    "Which constant can you subtract from all logits of a slice so that no exponential is larger than 1?",
    "Each slice along the axis needs its own constant. What does keepdims=True do for the subtraction?",
    "Subtract the maximum along the axis, exponentiate, divide by the sum along the same axis.",
]
COVERS = ["S4.2", "S0.j"]
KERNELS = [kernels.softmax, kernels.gumbel_softmax]
WHY = r"""
After the shift the largest exponent is 0, so no exponential is above 1, and the sum lies between 1 and the number of
classes: neither overflow nor 0/0 can happen. What still underflows belongs to a probability that is too small for a
float anyway. `keepdims=True` is the part to remember. It leaves an axis of size 1 where the maximum was taken, so that
every slice meets its own maximum, whatever the axis. And $-\infty$ needs no care: $e^{-\infty}$ is exactly 0.
"""

# %% [markdown]
# > **A common claim: `np.exp(a) / np.sum(np.exp(a))` is a softmax.** It is the formula, word for word, and it passes every test
# > with small numbers. The formula is right, the program is not. It works until a network becomes confident. The cell shows the
# > same two probabilities asked for at 1, 100 and 1000.

# %% experiment
stable = grader.yours("softmax")
with np.errstate(all="ignore"):
    for top in (1.0, 100.0, 1000.0):
        logits = np.array([top, top + 1])
        as_written = np.exp(logits) / np.sum(np.exp(logits))
        print(f"logits {top:6.0f}, {top + 1:6.0f}   as written {as_written}   shifted {stable(logits)}")


# %% right and wrong answers
@right_answer
def by_differences(a, axis=-1):
    """Goes through the log-probabilities, a - top - log_total. It is the way to take where these are wanted as well; it
    costs a second exponential.
    """
    a = np.moveaxis(np.asarray(a, dtype=float), axis, -1)
    top = a.max(axis=-1, keepdims=True)
    log_total = np.log(np.exp(a - top).sum(axis=-1, keepdims=True))
    return np.moveaxis(np.exp(a - top - log_total), -1, axis)


@right_answer
def without_asarray(a, axis=-1):
    """Leaves the conversion to NumPy: a line less, and lists still work. Number types stay what they are, so float32 keeps
    its seven digits, and int8 wraps around in the subtraction.
    """
    weights = np.exp(a - np.max(a, axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


@wrong_answer(
    passes=(equal_logits_share,),
    feedback="exp overflows near 710, and infinity over infinity is nan. Softmax does not notice a common shift: which one helps?",
)
def as_the_formula_stands(a, axis=-1):
    return np.exp(a) / np.exp(a).sum(axis=axis, keepdims=True)


@wrong_answer(
    along_any_axis,
    extreme_logits,
    feedback="Right where all slices are of one size, nan where one is far below another: one maximum was taken from the whole array.",
)
def one_maximum_for_all(a, axis=-1):
    a = np.asarray(a, dtype=float)
    weights = np.exp(a - a.max())
    return weights / weights.sum(axis=axis, keepdims=True)


@wrong_answer(
    extreme_logits,
    feedback="Logits that lie far apart give nan: after your shift some exponential still overflows. The largest one must become 0.",
)
def shifted_by_the_minimum(a, axis=-1):
    weights = np.exp(a - np.min(a, axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


@wrong_answer(along_any_axis, feedback="You normalized along the last axis, whatever axis was asked for.")
def always_the_last_axis(a, axis=-1):
    return by_differences(a)


@wrong_answer(
    along_any_axis, feedback="The shift is taken along the axis that was asked for, the sum along the last one."
)
def sum_along_the_last_axis(a, axis=-1):
    a = np.asarray(a, dtype=float)
    weights = np.exp(a - a.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


@wrong_answer(along_any_axis, feedback="axis = -2 is the last axis but one; you take any negative axis for the last.")
def negative_is_last(a, axis=-1):
    return by_differences(a, max(axis, -1))


@wrong_answer(
    extreme_logits,
    feedback="A tiny probability came out as another number: a floor, an epsilon or a clip has no place here. What is impossible gets 0.",
)
def with_a_floor(a, axis=-1):
    return np.maximum(by_differences(a, axis), 1e-12)


@wrong_answer(
    passes=(equal_logits_share,),
    feedback="Logits were clipped: beyond the bound they all count alike. Shift them instead, which changes no difference.",
)
def clipped(a, axis=-1):
    return by_differences(np.clip(a, -500, 500), axis)


@wrong_answer(
    is_pure,
    feedback="The probabilities are right, but the caller's logits are no longer what they were: give the shifted ones an array of their own.",
)
def in_place(a, axis=-1):
    a = np.asarray(a, dtype=float)
    a -= a.max(axis=axis, keepdims=True)
    return by_differences(a, axis)


@wrong_answer(
    feedback="The largest entry is 1 in yours, as if the weights were divided by the largest. Divide by their sum, so that they sum to 1."
)
def divided_by_the_largest(a, axis=-1):
    a = np.asarray(a, dtype=float)
    return np.exp(a - a.max(axis=axis, keepdims=True))


@wrong_answer(
    passes=(equal_logits_share,),
    feedback="Right to seven digits, no more: somewhere the numbers became float32. Stay in float64.",
)
def in_float32(a, axis=-1):
    a = np.asarray(a, dtype=np.float32)
    weights = np.exp(a - a.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)
