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
# | `a` | any, at least one axis | an array or a list, of floats or integers; entries may be $\pm\infty$, the finite ones of any size |
# | `axis` | integer, also negative | the axis that is summed away |
# | result | the shape of `a` without that axis | in nats |
#
# **Write `logsumexp(a, axis=-1)`.** A slice of nothing but $-\infty$ gives $-\infty$ (the sum is empty), a slice with a
# $+\infty$ gives $+\infty$, whatever stands beside it; neither gives nan, nor a warning on the way (`np.errstate` is allowed).

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, is_pure, right_answer, wrong_answer


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
    """0 and ln 3 give ln 4, two zeros give ln 2."""
    expect_close(logsumexp(np.array([0.0, math.log(3)])), math.log(4), "logsumexp([0, ln 3])", atol=1e-12)
    expect_close(logsumexp(np.array([0.0, 0.0])), math.log(2), "logsumexp([0, 0])", atol=1e-12)


@check(points=0.5)
def far_from_zero(logsumexp):
    """Two entries of 1000 give 1000 + ln 2, two of -1000 give -1000 + ln 2."""
    expect_close(logsumexp(np.array([1000.0, 1000.0])), 1000 + math.log(2), "logsumexp([1000, 1000])")
    expect_close(logsumexp(np.array([-1000.0, -1000.0])), -1000 + math.log(2), "logsumexp([-1000, -1000])")


# %% hidden checks
def one_slice(values):
    """The logarithm of an exact sum, the largest term factored out."""
    top = max(values)
    return top + math.log(math.fsum(math.exp(one - top) for one in values))


@check(points=1, hidden=True)
def along_any_axis(logsumexp, rng):
    """It removes the axis that was asked for, counted from either end, and agrees with an exact sum, in any number of axes."""
    a = rng.normal(size=(3, 4))
    expect_close(logsumexp(a.copy()), np.apply_along_axis(one_slice, -1, a), "logsumexp of a matrix")
    for shape in [(5,), (3, 4), (3, 3), (2, 3, 4), (3, 3, 3), (2, 2, 3, 2), (3, 1, 4), (1, 4), (4, 1), (1,)]:
        a = rng.normal(size=shape)
        for axis in [*range(len(shape)), *range(-len(shape), 0)]:
            expected = np.asarray(np.apply_along_axis(one_slice, axis, a))
            expected = float(expected) if expected.ndim == 0 else expected
            expect_close(
                logsumexp(a.copy(), axis=axis), expected, f"logsumexp of an array of shape {shape}, axis {axis}"
            )
    whole = [[1, 3, 1], [-2, 0, 4]]
    expect_close(
        logsumexp(whole), np.apply_along_axis(one_slice, -1, whole), "logsumexp of a list of lists of integers"
    )
    expect_close(logsumexp(np.array([-7.0, -7.0, -8.0])), one_slice([-7.0, -7.0, -8.0]), "logsumexp([-7, -7, -8])")
    expect_close(logsumexp(np.array([1e-150, 0.0])), math.log(2), "logsumexp([1e-150, 0])")
    rows = np.array([[0.0, 2000.0], [-5000.0, -5000.0], [1.0, 2.0]])
    expected = np.apply_along_axis(one_slice, -1, rows)
    expect_close(logsumexp(rows.copy()), expected, "logsumexp of rows of very different size")
    expect_close(logsumexp(rows.T.copy(), 0), expected, "logsumexp of columns of very different size")


@check(points=1, hidden=True)
def infinite_entries(logsumexp, rng):
    """A -inf adds nothing, all -inf give -inf, a +inf gives +inf; never nan or a warning, also within one array."""
    inf, two, low = math.inf, math.log(2), -float(rng.integers(3000, 6000))
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        rows = np.array([[0.0, -inf], [low, -inf]])
        expect_close(logsumexp(rows), [0.0, low], "logsumexp of two rows, each with a -inf")
        for slice_, expected in [
            ([1.0, 1.0], 1 + two), ([-inf, 0.0, 0.0], two), ([0.0, -inf], 0.0), ([-2e4, -inf, -2e4], -2e4 + two), ([-inf, -1e300], -1e300),
            ([-inf, -inf], -inf), ([-inf], -inf), ([0.0, inf], inf), ([800.0, inf], inf), ([-inf, inf], inf),
            ([inf, inf], inf), ([-900.0, inf, 900.0], inf),
        ]:  # fmt: skip
            expect_close(logsumexp(np.array(slice_)), expected, f"logsumexp({slice_})")
        rows = np.array([[-inf, -inf], [1000.0, 1000.0], [0.0, inf], [-inf, 3.0], [-inf, inf], [0.0, 0.0]])
        expected = [-inf, 1000 + two, inf, 3.0, inf, two]
        expect_close(logsumexp(rows.copy()), expected, "logsumexp of six rows")
        expect_close(logsumexp(rows.T.copy(), 0), expected, "logsumexp of six columns")


# %% hints
HINTS = [
    "Factor the largest term out of the sum: what is left under the logarithm is between 1 and n.",
    "Where the maximum is infinite, what would a - max be? Which other shift does no harm there?",
    "Shift by the maximum where it is finite and by 0 where it is not; the logarithm then does the right thing.",
]
COVERS = ["S4.9"]
KERNELS = [kernels.logsumexp, kernels.iwae_bound]
WHY = r"""
With the largest term taken out, what is left under the logarithm lies between 1 and $n$, and there a logarithm is
harmless. The trap is a maximum that is infinite itself, for $\infty - \infty$ is nan. `np.where` puts a shift of 0
there, slice by slice, and then plain arithmetic is right: a slice of nothing but $-\infty$ has the sum 0 and the
logarithm $-\infty$, and one with a $+\infty$ has the sum $\infty$. `errstate` silences just the two warnings that these
cases raise, and no other.
"""

# %% [markdown]
# > **A common claim: the cross-entropy is $-\sum t \log y$, so compute $y$ first.** That is how it is defined, and in exact
# > arithmetic there is no difference. In floating point $y$ is 0 long before its logarithm stops being an ordinary number: the loss becomes infinite, and
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
    """One call, and infinities are right by themselves. It takes a logarithm for every element, some three times the time,
    and rounding adds up along the axis: 1e-13 at 100 000 entries, where ours is right to the last digit.
    """
    return np.logaddexp.reduce(np.asarray(a, dtype=float), axis=axis)


@right_answer
def masked(a, axis=-1):
    """Computes the slices whose maximum is finite and no others, so no warning has to be silenced. Picking them by a mask
    copies them.
    """
    a = np.moveaxis(np.array(a, dtype=float), axis, -1)
    top = a.max(axis=-1)
    result = top.copy() if np.ndim(top) else np.array(top)
    ordinary = np.isfinite(top)
    result[ordinary] += np.log(np.exp(a[ordinary] - top[ordinary][..., None]).sum(axis=-1))
    return result


@wrong_answer(
    passes=(of_two_zeros,),
    feedback="Taken literally it overflows at 1000 and vanishes at -1000: factor out the largest term.",
)
def literally(a, axis=-1):
    return np.log(np.exp(a).sum(axis=axis))


@wrong_answer(
    feedback="Yours is the largest entry alone, which is only a lower bound: the logarithm of sum exp(a - max) has to be added."
)
def the_hard_maximum(a, axis=-1):
    return np.max(a, axis=axis)


@wrong_answer(feedback="That is the logarithm of the mean: it is too small by log n.")
def log_mean_exp(a, axis=-1):
    with np.errstate(all="ignore"):
        return pair_by_pair(a, axis) - np.log(np.shape(a)[axis])


@wrong_answer(
    is_pure,
    feedback="The value is right, but the caller's array is no longer what it was: give the shifted values an array of their own.",
)
def in_place(a, axis=-1):
    a = np.asarray(a, dtype=float)
    result = pair_by_pair(a, axis)
    a -= np.nan_to_num(a.max(axis=axis, keepdims=True), posinf=0.0, neginf=0.0)
    return result


@wrong_answer(
    infinite_entries, feedback="Where the largest entry is infinite, a - max is nan. Shift by something finite there."
)
def infinity_minus_infinity(a, axis=-1):
    a = np.asarray(a, dtype=float)
    top = a.max(axis=axis, keepdims=True)
    return np.log(np.exp(a - top).sum(axis=axis)) + np.squeeze(top, axis=axis)


@wrong_answer(
    along_any_axis,
    infinite_entries,
    feedback="Right for slices of one size, and -inf where one lies far below another: one maximum was taken from the whole array.",
)
def one_maximum_for_all(a, axis=-1):
    a = np.asarray(a, dtype=float)
    with np.errstate(divide="ignore"):
        return np.log(np.exp(a - a.max()).sum(axis=axis)) + a.max()


@wrong_answer(
    infinite_entries,
    feedback="One slice with an infinite maximum changes what the others give: decide for each slice by itself.",
)
def decided_for_the_whole_array(a, axis=-1):
    a = np.asarray(a, dtype=float)
    top = a.max(axis=axis)
    return top if np.isinf(top).any() else pair_by_pair(a, axis)


@wrong_answer(
    infinite_entries,
    feedback="A -inf beside finite entries adds nothing, and the rest of its slice still counts. In yours it decides for the whole slice.",
)
def any_infinity_decides(a, axis=-1):
    a = np.asarray(a, dtype=float)
    return np.where(np.isinf(a).any(axis=axis), a.max(axis=axis), pair_by_pair(a, axis))


@wrong_answer(
    infinite_entries,
    feedback="A large negative number stands for -inf in yours, and wins where the finite entries are lower still.",
)
def a_number_for_minus_infinity(a, axis=-1):
    a = np.asarray(a, dtype=float)
    return pair_by_pair(np.where(np.isneginf(a), -1e4, a), axis)


@wrong_answer(along_any_axis, feedback="axis = -2 is the last axis but one; you take any negative axis for the last.")
def negative_is_last(a, axis=-1):
    return pair_by_pair(a, max(axis, -1))


@wrong_answer(
    along_any_axis,
    infinite_entries,
    feedback="The axis that is summed away is gone from the result; yours keeps it, with size 1.",
)
def axis_kept(a, axis=-1):
    result = pair_by_pair(a, axis)
    return np.expand_dims(result, axis) if np.ndim(result) else result


@wrong_answer(feedback="This is in bits: the logarithm is natural here, so that two zeros give ln 2, not 1.")
def in_bits(a, axis=-1):
    return pair_by_pair(a, axis) / math.log(2)


@wrong_answer(feedback="Right to seven digits, no more: somewhere the numbers became float32. Stay in float64.")
def in_float32(a, axis=-1):
    return np.logaddexp.reduce(np.asarray(a, dtype=np.float32), axis=axis)


@wrong_answer(
    passes=(of_two_zeros,),
    feedback="Very large or very negative slices come out infinite: your shift leaves exponentials that overflow, or all vanish. The largest must become 1.",
)
def shifted_by_the_size(a, axis=-1):
    a = np.asarray(a, dtype=float)
    with np.errstate(all="ignore"):
        top = np.abs(a).max(axis=axis, keepdims=True)
        top = np.where(np.isfinite(top), top, 0.0)
        return np.log(np.exp(a - top).sum(axis=axis)) + np.squeeze(top, axis=axis)
