# %% [markdown]
# ## The logarithm of that sum
#
# Losses do not want probabilities, they want their logarithms, and the logarithm of a softmax is
# $a_i - \log \sum_j e^{a_j}$. The second term appears everywhere in this course: in cross-entropy here, in importance weights
# later. It is a soft maximum: between $\max a$ and $\max a + \log n$, and it feels every logit a little.
#
# $$ \mathrm{logsumexp}(a) = \log \sum_j e^{a_j} = m + \log \sum_j e^{a_j - m}, \qquad m = \max_j a_j. $$
#
# Taken literally, the left form is infinite at $a = 1000$ and minus infinite at $a = -1000$. The right form is never in trouble,
# except where $m$ itself is infinite, for $\infty - \infty$ is nan.
#
# | argument | shape | meaning |
# |---|---|---|
# | `a` | any, at least one axis | an array or a list, of floats or integers; entries may be $\pm\infty$ |
# | `axis` | integer | the axis that is summed away |
# | result | the shape of `a` without that axis | in nats |
#
# **Write `logsumexp(a, axis=-1)`.** A slice of nothing but $-\infty$ gives $-\infty$ (the sum is empty), a slice with a
# $+\infty$ gives $+\infty$; neither gives nan, nor a warning on the way. As before, the caller's array stays as it is.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_array, expect_close, right_answer, wrong_answer


# %% answer
def logsumexp(a, axis=-1):
    """Return log(sum(exp(a))) along an axis, which is removed; in nats."""
    # BEGIN SOLUTION
    a = np.asarray(a, dtype=float)
    top = np.max(a, axis=axis, keepdims=True)
    shift = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore", over="ignore"):
        log_of_sum = np.log(np.sum(np.exp(a - shift), axis=axis))
    return log_of_sum + np.squeeze(shift, axis=axis)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def of_two_zeros(logsumexp):
    """Two zeros give ln 2."""
    expect_close(logsumexp(np.array([0.0, 0.0])), math.log(2), "logsumexp([0, 0])", atol=1e-12)


@check(points=0.5)
def far_from_zero(logsumexp):
    """Two entries of 1000 give 1000 + ln 2, two of -1000 give -1000 + ln 2."""
    expect_close(logsumexp(np.array([1000.0, 1000.0])), 1000 + math.log(2), "logsumexp([1000, 1000])")
    expect_close(logsumexp(np.array([-1000.0, -1000.0])), -1000 + math.log(2), "logsumexp([-1000, -1000])")


# %% hidden checks
def one_slice(values):
    """The logarithm of an exact sum."""
    return math.log(math.fsum(math.exp(one) for one in values))


@check(points=0.5, hidden=True)
def along_any_axis(logsumexp, rng):
    """It removes the axis that was asked for, and agrees with an exact sum."""
    a, b = rng.normal(size=(3, 4)), rng.normal(size=(2, 3, 4))
    expect_close(logsumexp(a.copy()), np.apply_along_axis(one_slice, -1, a), "logsumexp of a matrix")
    expect_close(logsumexp(a.copy(), 0), np.apply_along_axis(one_slice, 0, a), "logsumexp of a matrix, axis 0")
    expect_close(logsumexp(b.copy(), axis=1), np.apply_along_axis(one_slice, 1, b), "logsumexp of three axes, axis 1")
    thin = rng.normal(size=(3, 1, 4))
    expect_close(logsumexp(thin.copy()), np.apply_along_axis(one_slice, -1, thin), "logsumexp of shape (3, 1, 4)")
    bytes_only = np.array([-100, 100, 99], dtype=np.int8)
    expect_close(logsumexp(bytes_only), 100 + math.log(1 + math.exp(-1)), "logsumexp of small integers (int8)")
    expect_close(logsumexp(np.array([7.0])), 7.0, "logsumexp([7])")
    rows = np.array([[0.0, 2000.0], [-5000.0, -5000.0]])
    expect_close(logsumexp(rows), [2000.0, -5000 + math.log(2)], "logsumexp of rows of very different size")


@check(points=1, hidden=True)
def infinite_entries(logsumexp):
    """One -inf adds nothing, all -inf give -inf, a +inf gives +inf; never nan or a warning, also within one array."""
    inf = np.inf
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        expect_close(logsumexp(np.array([0.0, -inf])), 0.0, "logsumexp([0, -inf])")
        expect_close(logsumexp(np.array([-inf, -inf])), -inf, "logsumexp([-inf, -inf])")
        expect_close(logsumexp(np.array([0.0, inf])), inf, "logsumexp([0, inf])")
        expect_close(logsumexp(np.array([800.0, inf])), inf, "logsumexp([800, inf])")
        rows = np.array([[-inf, -inf], [1000.0, 1000.0], [0.0, inf]])
        expect_close(logsumexp(rows), [-inf, 1000 + math.log(2), inf], "logsumexp of three rows")


@check(points=0.5, hidden=True)
def the_logits_stay(logsumexp, rng):
    """Afterwards the caller's array is what it was, bit by bit."""
    a = rng.normal(size=(3, 4))
    before = a.copy()
    expect_array(logsumexp(a), (3,), "logsumexp of a matrix")
    expect(
        np.array_equal(a, before),
        "a was changed.",
        "a as it was before the call.",
        "np.asarray makes no copy of an array of floats. Which line of yours writes into a?",
        summary="The argument a was changed by the call.",
    )


# %% hints
HINTS = [
    "Factor the largest term out of the sum: what is left under the logarithm is between 1 and n.",
    "Where the maximum is infinite, what would a - max be? Which other shift does no harm there?",
    "Shift by the maximum where it is finite and by 0 where it is not; the logarithm then does the right thing.",
]
COVERS = ["S4.9"]
KERNELS = [kernels.logsumexp, kernels.iwae_bound]

# %% [markdown]
# > **Often written: the cross-entropy $-\sum t \log y$, with $y$ computed first.** In exact arithmetic there is no difference. In
# > floating point $y$ is 0 long before its logarithm stops being an ordinary number: the loss becomes infinite, and
# > where the target is 0 too, $0 \cdot \infty$ is nan. Computed from the logits it is simply 800, or 0.

# %% experiment
log_total, probabilities = grader.yours("logsumexp"), grader.yours("softmax")
logits = np.array([800.0, 0.0])
y = probabilities(logits)
print("logits", logits, "  y", y)
with np.errstate(all="ignore"):
    for target in (np.array([0.0, 1.0]), np.array([1.0, 0.0])):
        y_first = -np.sum(target * np.log(y))
        from_logits = np.sum(target * (log_total(logits) - logits))
        print(f"target {target}   y first {y_first:5.1f}   from the logits {from_logits:5.1f}")


# %% right and wrong answers
@right_answer
def pair_by_pair(a, axis=-1):
    return np.logaddexp.reduce(np.asarray(a, dtype=float), axis=axis)


@wrong_answer(
    passes=(
        of_two_zeros,
        the_logits_stay,
    ),
    feedback="Taken literally it overflows at 1000 and vanishes at -1000: factor out the maximum.",
)
def literally(a, axis=-1):
    return np.log(np.exp(a).sum(axis=axis))


@wrong_answer(
    passes=(the_logits_stay,),
    feedback="The maximum is only a lower bound. What is missing is the logarithm of sum exp(a - max).",
)
def the_hard_maximum(a, axis=-1):
    return np.max(a, axis=axis)


@wrong_answer(passes=(the_logits_stay,), feedback="That is the logarithm of the mean: it is too small by log n.")
def log_mean_exp(a, axis=-1):
    a = np.asarray(a, dtype=float)
    top = a.max(axis=axis, keepdims=True)
    return np.log(np.exp(a - top).mean(axis=axis)) + np.squeeze(top, axis=axis)


@wrong_answer(
    the_logits_stay,
    feedback="The value is right, but you wrote into the caller's array. Put the shifted values into an array of their own.",
)
def in_place(a, axis=-1):
    a = np.asarray(a, dtype=float)
    result = pair_by_pair(a, axis)
    a -= np.nan_to_num(a.max(axis=axis, keepdims=True), posinf=0.0, neginf=0.0)
    return result


@wrong_answer(
    infinite_entries, feedback="Where the maximum is infinite, a - max is nan. Shift by something finite there."
)
def infinity_minus_infinity(a, axis=-1):
    a = np.asarray(a, dtype=float)
    top = a.max(axis=axis, keepdims=True)
    return np.log(np.exp(a - top).sum(axis=axis)) + np.squeeze(top, axis=axis)
