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
# | `axis` | integer | the axis along which the probabilities sum to 1 |
# | result | the shape of `a` | probabilities |
#
# **Write `softmax(a, axis=-1)`**, finite for all finite logits. At least one logit of each slice is finite. The caller's array
# stays as it is: logits are needed again on the way back.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_array, expect_close, right_answer, wrong_answer


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
    """Two equal logits get one half each."""
    expect_close(softmax([0.0, 0.0]), [0.5, 0.5], "softmax([0, 0])")


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


@check(points=0.5, hidden=True)
def along_any_axis(softmax, rng):
    """It normalizes along the axis that was asked for, the last one by default, in any number of axes."""
    a = rng.normal(size=(3, 4))
    expect_close(softmax(a.copy()), np.apply_along_axis(one_slice, -1, a), "softmax of a matrix")
    expect_close(softmax(a.copy(), 0), np.apply_along_axis(one_slice, 0, a), "softmax of a matrix, axis 0")
    b = rng.normal(size=(2, 3, 4))
    expect_close(softmax(b.copy(), axis=1), np.apply_along_axis(one_slice, 1, b), "softmax of three axes, axis 1")
    expect_close(softmax(np.array([[3.0], [4.0]])), [[1.0], [1.0]], "softmax of one class")
    bytes_only = np.array([-100, 100, 99], dtype=np.int8)
    expect_close(softmax(bytes_only), one_slice([-100.0, 100.0, 99.0]), "softmax of small integers (int8)")


@check(points=1, hidden=True)
def extreme_logits(softmax):
    """Rows of very different size, very negative logits and -inf give finite probabilities, without a warning."""
    rows = np.array([[0.0, 1.0], [5000.0, 5001.0]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        got = expect_array(softmax(rows), (2, 2), "softmax of rows of very different size")
        expect_close(got, [one_slice([0.0, 1.0])] * 2, "softmax of rows of very different size")
        expect_close(softmax(np.array([-1e4, -1e4 - 1])), one_slice([0.0, -1.0]), "softmax([-10000, -10001])")
        expect_close(
            softmax(np.array([0.0, -np.inf, 1.0])), [*one_slice([0.0, -math.inf, 1.0])], "softmax([0, -inf, 1])"
        )


@check(points=0.5, hidden=True)
def the_logits_stay(softmax, rng):
    """Afterwards the caller's array is what it was, bit by bit."""
    a = rng.normal(size=(3, 4))
    before = a.copy()
    expect_array(softmax(a), (3, 4), "softmax of a matrix")
    expect(
        np.array_equal(a, before),
        "a was changed.",
        "a as it was before the call.",
        "np.asarray makes no copy of an array of floats. Which line of yours writes into a?",
        summary="The argument a was changed by the call.",
    )


# %% hints
HINTS = [
    "Which constant can you subtract from all logits of a slice so that no exponential is larger than 1?",
    "Each slice along the axis needs its own constant. What does keepdims=True do for the subtraction?",
    "Subtract the maximum along the axis, exponentiate, divide by the sum along the same axis.",
]
COVERS = ["S4.2", "S0.j"]
KERNELS = [kernels.softmax, kernels.gumbel_softmax]

# %% [markdown]
# > **Often written: `np.exp(a) / np.sum(np.exp(a))`.** The formula is right, the program is not. It works until a network becomes
# > confident. The cell shows the same two probabilities asked for at 1, 100 and 1000.

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
    a = np.moveaxis(np.asarray(a, dtype=float), axis, -1)
    top = a.max(axis=-1, keepdims=True)
    log_total = np.log(np.exp(a - top).sum(axis=-1, keepdims=True))
    return np.moveaxis(np.exp(a - top - log_total), -1, axis)


@wrong_answer(
    passes=(
        equal_logits_share,
        the_logits_stay,
    ),
    feedback="exp overflows near 710. Subtract the maximum first: softmax does not notice a common shift.",
)
def as_the_formula_stands(a, axis=-1):
    return np.exp(a) / np.exp(a).sum(axis=axis, keepdims=True)


@wrong_answer(
    extreme_logits,
    feedback="You subtracted one maximum from the whole array: rows that are far smaller then underflow to 0/0. Each slice has its own.",
)
def one_maximum_for_all(a, axis=-1):
    a = np.asarray(a, dtype=float)
    weights = np.exp(a - a.max())
    return weights / weights.sum(axis=axis, keepdims=True)


@wrong_answer(along_any_axis, feedback="You normalized along the last axis, whatever axis was asked for.")
def always_the_last_axis(a, axis=-1):
    a = np.asarray(a, dtype=float)
    weights = np.exp(a - a.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


@wrong_answer(
    the_logits_stay,
    feedback="The probabilities are right, but you wrote into the caller's logits. Put the shifted logits into an array of their own.",
)
def in_place(a, axis=-1):
    a = np.asarray(a, dtype=float)
    a -= a.max(axis=axis, keepdims=True)
    return by_differences(a, axis)


@wrong_answer(
    passes=(the_logits_stay,),
    feedback="The largest entry is 1 in yours: you divided by the largest weight. Divide by the sum, so that they sum to 1.",
)
def divided_by_the_largest(a, axis=-1):
    a = np.asarray(a, dtype=float)
    return np.exp(a - a.max(axis=axis, keepdims=True))
