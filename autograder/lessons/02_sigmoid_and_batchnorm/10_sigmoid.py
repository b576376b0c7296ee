# %% [markdown]
# ## A sigmoid that never overflows
#
# The sigmoid squeezes any number into a probability. Far to the left it says "almost surely not", at 0 it says "no
# idea", far to the right "almost surely":
#
# $$ \sigma(x) = \frac{1}{1 + e^{-x}}, \qquad \sigma(0) = \tfrac12, \qquad \sigma(x) + \sigma(-x) = 1. $$
#
# On paper that is all. In floating point $e^{1000}$ does not exist, so the formula as printed warns at $x = -1000$, and
# its twin $e^x / (1 + e^x)$ turns $x = +1000$ into `nan`. One `nan` in one unit is enough: it reaches the loss, and
# through the gradient all the weights. A formula written well saves the whole training run.
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | any, also `()` | finite numbers of any size; integers are allowed |
# | result | the shape of `x` | $\sigma(x)$, as floating-point numbers |
#
# **Write `sigmoid(x)`.** No finite input may cause an overflow, a division by zero or an invalid value. (Underflow is
# welcome: $e^{-1000}$ *is* 0 for every purpose, and NumPy is silent about it.) The tails must stay accurate in the
# relative sense, as far as floating point reaches: $\sigma(-40)$ is $4.248 \cdot 10^{-18}$ and $\sigma(-720)$ is
# $2 \cdot 10^{-313}$, neither 0 nor the value at some clipping point.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, is_pure, right_answer, wrong_answer


# %% answer
def sigmoid(x):
    """Return 1 / (1 + exp(-x)) for an array of finite numbers, any shape; a floating-point array of the same shape."""
    # BEGIN SOLUTION
    x = np.asarray(x, dtype=float)
    decay = np.exp(-np.abs(x))  # at most 1, whatever x is
    return np.where(x >= 0, 1.0, decay) / (1.0 + decay)
    # END SOLUTION


# %% checks
def strictly(function, *arguments):
    """Call the function with overflow, division by zero and invalid values raised as errors."""
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        return function(*arguments)


def one_sigmoid(x):
    """The sigmoid of one number, each side by the form that suits it."""
    return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))


# %% public checks
@check(points=0.5)
def three_values_by_hand(sigmoid):
    """σ(0) = 1/2, σ(ln 3) = 3/4 and σ(-ln 3) = 1/4."""
    x = np.array([0.0, math.log(3), -math.log(3)])
    expect_close(sigmoid(x), [0.5, 0.75, 0.25], "sigmoid([0, ln 3, -ln 3])", rtol=1e-14, atol=0)


@check(points=0.5)
def a_huge_negative_input_gives_zero(sigmoid):
    """σ(-1000) is 0, and nothing overflows on the way; σ(0) is 1/2."""
    expect_close(strictly(sigmoid, np.array([0.0])), [0.5], "sigmoid([0])")
    expect_close(strictly(sigmoid, np.array([-1000.0])), [0.0], "sigmoid([-1000])", atol=0)


# %% hidden checks
@check(points=0.5, hidden=True)
def a_huge_positive_input_gives_one(sigmoid, rng):
    """σ(800) and σ(1000) are 1, and nothing becomes invalid on the way."""
    x = np.array([800.0, 1000.0, rng.uniform(750, 1000)])
    expect_close(strictly(sigmoid, x), np.ones(3), f"sigmoid({x.tolist()})", rtol=1e-14, atol=0)


@check(points=0.5, hidden=True)
def accurate_everywhere_for_any_shape(sigmoid, rng):
    """It is accurate to a relative error of 1e-9 in the middle and in both tails, for any shape, integers too."""
    arrays = [rng.normal(size=shape) for shape in [(5,), (2, 3), (3, 3), (1,), (3, 1), (1, 2, 1), (2, 1, 3, 2)]]
    arrays += [5 * rng.normal(size=(2, 1, 4)), np.array(-0.7), np.array([-2, 0, 2, 2]), -rng.uniform(1, 9, size=4)]
    # One value at a time: what is wrong in one tail is not hidden by a larger value beside it.
    arrays += [
        np.array([x])
        for x in (-12.0, -36.0, -40.0, -90.0, -300.0, -600.0, -705.0, -720.0, 12.0, 40.0, 300.0, 1e-150, -1e150)
    ]
    for x in arrays:
        expected = np.reshape([one_sigmoid(float(each)) for each in x.flat], x.shape)
        what = f"sigmoid({x.tolist()})" if x.size == 1 else f"sigmoid of an array of shape {x.shape}"
        expect_close(strictly(sigmoid, x), expected, what, rtol=1e-9, atol=0)


# %% hints
HINTS = [
    "Which of the two forms, with exp(-x) or with exp(x), is safe on which side of 0?",
    "An exponential of a number that is never positive cannot overflow. Both forms can be written with the same one.",
    "Compute the exponential of minus the distance from 0 once, then choose the numerator by the sign of x.",
]
COVERS = ["S1.4"]
KERNELS = [kernels.sigmoid, kernels.silu]
WHY = """
One exponential serves both sides: $1 / (1 + e^{-x})$ on the right and $e^x / (1 + e^x)$ on the left are both something
over $1 + e^{-|x|}$, and only the numerator differs. $e^{-|x|}$ is never above 1, so nothing can overflow. In the left
tail the tiny number *is* the numerator, and no subtraction gets between it and its digits. `np.where` works out both of
its branches for every element; here that is harmless, since the branches are 1 and a number below 1.
"""

# %% [markdown]
# > **A common claim: "all forms of the sigmoid are the same function."** Two lines of algebra turn each into the next. On
# > paper, then, yes. In the cell below three of them
# > meet five inputs. The first is right here, but it gets there through an overflow, which is a warning in every log
# > and an error under strict settings. The second is `nan` at 1000. The third, by way of the hyperbolic tangent, never
# > overflows and is quietly wrong: at $-40$ it returns 0, because $1 + \tanh(-20)$ cancels to nothing. A probability
# > of exactly 0 becomes $-\infty$ as soon as somebody takes its logarithm.

# %% experiment
x = np.array([-1000.0, -40.0, 0.0, 40.0, 1000.0])
with np.errstate(all="ignore"):
    forms = {
        "1 / (1 + e^-x)": 1 / (1 + np.exp(-x)),
        "e^x / (1 + e^x)": np.exp(x) / (1 + np.exp(x)),
        "(1 + tanh(x/2)) / 2": (1 + np.tanh(x / 2)) / 2,
    }
print(f"{'x':>20}", *(f"{each:>11g}" for each in x))
for form, values in forms.items():
    print(f"{form:>20}", *(f"{each:>11.4g}" for each in values))


# %% right and wrong answers
@right_answer
def each_side_by_its_own_form(x):
    """Each form is used where it is safe and nowhere else, as one would explain it. Picking the two sides by masks copies
    them: about twice the time on a million numbers.
    """
    x = np.asarray(x, dtype=float)
    result = np.empty(x.shape)
    right = x > 0
    result[right] = 1 / (1 + np.exp(-x[right]))
    left = np.exp(x[~right])
    result[~right] = left / (1 + left)
    return result


@right_answer
def through_the_logarithm(x):
    """One line and no branch, for logaddexp(0, -x) is log(1 + exp(-x)) without an overflow. It takes more than twice the
    time, and far to the left the last digit goes.
    """
    return np.exp(-np.logaddexp(0.0, -np.asarray(x, dtype=float)))


@wrong_answer(
    a_huge_negative_input_gives_zero,
    accurate_everywhere_for_any_shape,
    feedback="For very negative inputs exp(-x) overflows. Only take exponentials of numbers that are not positive.",
)
def as_printed(x):
    return 1 / (1 + np.exp(-np.asarray(x, dtype=float)))


@wrong_answer(
    a_huge_negative_input_gives_zero,
    accurate_everywhere_for_any_shape,
    feedback="math.exp raises an OverflowError beyond 709. Only take exponentials of numbers that are not positive.",
)
def by_math_exp(x):
    return np.reshape([1 / (1 + math.exp(-float(each))) for each in np.ravel(x)], np.shape(x))


@wrong_answer(
    a_huge_positive_input_gives_one,
    feedback="At x = +1000 numerator and denominator are both infinite. Only take exponentials of numbers below 0.",
)
def the_twin_form(x):
    growth = np.exp(np.asarray(x, dtype=float))
    return growth / (1 + growth)


CLIPPED = "Clipping the input changes the value in the tails, and the gradient dies where the clip begins."


def clipped_at(bound):
    return lambda x: 1 / (1 + np.exp(-np.clip(np.asarray(x, dtype=float), -bound, bound)))


clipped_at_ten = wrong_answer(passes=(three_values_by_hand,), feedback=CLIPPED)(clipped_at(10))
clipped_at_500 = wrong_answer(a_huge_negative_input_gives_zero, accurate_everywhere_for_any_shape, feedback=CLIPPED)(
    clipped_at(500)
)
clipped_at_709 = wrong_answer(a_huge_negative_input_gives_zero, accurate_everywhere_for_any_shape, feedback=CLIPPED)(
    clipped_at(709)
)


@wrong_answer(
    accurate_everywhere_for_any_shape,
    feedback="The left tail is lost: at x = -40 the sigmoid is 4.2e-18, not 0. By way of tanh, for example, 1 + tanh(x/2) cancels there.",
)
def by_way_of_tanh(x):
    return (1 + np.tanh(np.asarray(x, dtype=float) / 2)) / 2


@wrong_answer(
    a_huge_negative_input_gives_zero,
    accurate_everywhere_for_any_shape,
    feedback="A floor or an epsilon keeps your values away from 0: in the far left tail they come out larger than the sigmoid is.",
)
def with_a_floor(x):
    return np.maximum(through_the_logarithm(x), 1e-15)


@wrong_answer(feedback="The sign of x is reversed: the sigmoid rises from left to right, yours falls.")
def falling(x):
    return through_the_logarithm(-np.asarray(x, dtype=float))


@wrong_answer(
    passes=(a_huge_positive_input_gives_one,),
    feedback="The absolute value made both sides alike: a negative input must give less than one half.",
)
def forgot_the_sign(x):
    return through_the_logarithm(np.abs(np.asarray(x, dtype=float)))


@wrong_answer(
    accurate_everywhere_for_any_shape,
    feedback="An array without an axis must give a result without one: yours has an axis of size 1.",
)
def always_an_axis(x):
    return through_the_logarithm(np.atleast_1d(x))


@wrong_answer(
    accurate_everywhere_for_any_shape,
    feedback="For integers the result came out as integers, all 0 or 1: make the result of floats, whatever x is made of.",
)
def integers_for_integers(x):
    result = np.zeros_like(x)
    result[...] = through_the_logarithm(x)
    return result


@wrong_answer(
    is_pure, feedback="The values are right, but x is no longer what it was: an in-place operation wrote into it."
)
def wrote_into_its_input(x):
    result = through_the_logarithm(x)
    if np.ndim(x) and x.dtype.kind == "f":
        np.abs(x, out=x)
        x += 1
    return result


@wrong_answer(
    accurate_everywhere_for_any_shape,
    feedback="Right to seven digits, no more: somewhere the numbers became float32. Stay in float64.",
)
def in_float32(x):
    x = np.asarray(x, dtype=np.float32)
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, np.float32(1), decay) / (1 + decay)
