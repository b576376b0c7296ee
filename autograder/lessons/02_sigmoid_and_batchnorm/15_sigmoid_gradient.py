# %% [markdown]
# ## How steep is a sigmoid?
#
# A unit learns through its slope. Where the curve is steep, a small change of the input changes the output, and an
# error at the output finds its way back. Where the curve is flat, the unit is deaf: whatever the loss shouts, nothing
# arrives.
#
# The slope needs no new function. It is what the unit says times what it does not say:
#
# $$ \sigma'(x) = \sigma(x)\,\bigl(1 - \sigma(x)\bigr). $$
#
# At $x = 0$ both factors are one half. The product of two numbers that add to 1 is never larger than it is there: **a
# quarter is the steepest that a sigmoid can be**, and only at one point. With a factor $k$ inside, the curve is
# $\sigma(kx)$, and the chain rule has a word to say about the slope.
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | any, also `()` | where to take the derivative |
# | `k` | number | the factor inside the sigmoid, of either sign, or 0 |
# | first result | the shape of `x` | $\frac{d}{dx}\,\sigma(kx)$ at every element |
# | second result | number | the supremum of that derivative over **all real** $x$, not only over the elements of `x` |
#
# **Write `sigmoid_gradient(x, k=1.0)`, which returns the two results in this order.** Both tails must be accurate in
# the relative sense, as for the sigmoid itself: the slope at $+40$ equals the slope at $-40$, $4.248 \cdot 10^{-18}$
# for $k = 1$. Nothing may overflow. Think about a negative $k$ too: which values does the derivative then take?

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, expect_parts, is_pure, right_answer, wrong_answer


# %% answer
def sigmoid_gradient(x, k=1.0):
    """Return the derivative of σ(kx) at every element of x (same shape), and its supremum over all real x (a float)."""
    # BEGIN SOLUTION
    decay = np.exp(-np.abs(k * np.asarray(x, dtype=float)))
    slope = k * decay / (1 + decay) ** 2
    return slope, max(k / 4, 0.0)
    # END SOLUTION


# %% checks
PARTS = ("the derivative", "the supremum")


def one_slope(z):
    """The slope of the sigmoid at one number."""
    decay = math.exp(-abs(z))
    return decay / (1 + decay) ** 2


# %% public checks
@check(points=0.5)
def the_peak_is_a_quarter(sigmoid_gradient):
    """At x = 0 the slope is 1/4, and 1/4 is the supremum."""
    expect_close(sigmoid_gradient(np.array([0.0])), ([0.25], 0.25), "sigmoid_gradient([0])", atol=1e-14, parts=PARTS)


@check(points=0.5)
def beside_the_peak_by_hand(sigmoid_gradient):
    """At x = ln 3 the sigmoid is 3/4 and its slope 3/16, at -ln 3 too; the supremum stays 1/4."""
    x = np.array([math.log(3), -math.log(3)])
    expected = ([0.1875, 0.1875], 0.25)
    expect_close(sigmoid_gradient(x), expected, "sigmoid_gradient([ln 3, -ln 3])", atol=1e-14, parts=PARTS)


# %% hidden checks
@check(points=0.5, hidden=True)
def agrees_with_the_complex_step_for_any_factor(sigmoid_gradient, rng):
    """For any factor k and shape of x it matches a derivative taken to machine precision, and knows the largest value it can take."""
    for k, supremum, shape in [
        (1.0, 0.25, (4,)), (4.0, 1.0, (3,)), (0.5, 0.125, (2, 3)), (-2.0, 0.0, (3,)), (0.0, 0.0, (2,)), (3, 0.75, (3, 3)),
        (-0.1, 0.0, (1,)), (2.0, 0.5, (2, 1, 2)), (-7, 0.0, (3, 1)), (40.0, 10.0, (4,)), (1e-3, 2.5e-4, (3,)), (1.5, 0.375, (2, 1, 3, 2)),
    ]:  # fmt: skip
        x = rng.normal(size=shape)
        derivative = complex_step(lambda z, k=k: np.sum(1 / (1 + np.exp(-k * z))), x)
        what = f"sigmoid_gradient at random x of shape {shape}, k = {k}"
        expect_close(sigmoid_gradient(x, k), (derivative, supremum), what, parts=PARTS, rtol=1e-10, atol=1e-13)
    for x in (np.array(0.7), np.array([-1.0, -1.0, -3.0]), np.array([1, 0, -2, 1])):
        derivative = np.reshape([one_slope(float(each)) for each in x.flat], x.shape)
        expect_close(
            sigmoid_gradient(x),
            (derivative, 0.25),
            f"sigmoid_gradient({x.tolist()})",
            parts=PARTS,
            rtol=1e-10,
            atol=1e-13,
        )


@check(points=0.5, hidden=True)
def both_tails_fade_alike(sigmoid_gradient, rng):
    """Far from 0 the slope is tiny, accurate, and the same on both sides."""
    for k in (1.0, 2.0, -1.0):
        # One value at a time: what is wrong in one tail is not hidden by a larger value beside it.
        for x in (
            0.5,
            12.0,
            -12.0,
            25.0,
            40.0,
            -40.0,
            60.0,
            300.0,
            -300.0,
            350.0,
            -350.0,
            705.0,
            -705.0,
            1000.0,
            -1000.0,
            *rng.uniform(-40, 40, size=2),
        ):
            expected = np.array([k * one_slope(k * x)])
            with np.errstate(over="raise"):
                slope, _ = expect_parts(sigmoid_gradient(np.array([x]), k), PARTS, "sigmoid_gradient in the tails")
            expect_close(slope, expected, f"the derivative at x = {x:g}, k = {k}", rtol=1e-9, atol=0)


# %% hints
HINTS = [
    "Put z = kx and differentiate σ(z) first; then ask what dz/dx adds.",
    "1 - σ(z) loses all its digits when σ(z) is close to 1. It has another name that does not.",
    "1 - σ(z) = σ(-z): the slope is even in z, so it can be written with the distance of z from 0 alone.",
    "For k < 0 every value of the derivative is negative, and it comes as close to one number as you like.",
]
COVERS = ["S1.3", "S1.4"]
KERNELS = [kernels.sigmoid_gradient, kernels.numerical_gradient]
WHY = r"""
The slope is the same on both sides, so it can be written with $e^{-|z|}$ alone, and then nothing cancels. In
$\sigma (1 - \sigma)$ the bracket does: at $z = 30$ the third digit is wrong, and from $z = 37$ on the result is 0. The
outer $k$ is the chain rule's. For $k > 0$ the supremum is reached, at $x = 0$. For $k < 0$ all slopes are negative and
come as close to 0 as you like, far out; `max(k / 4, 0.0)` says both.
"""

# %% [markdown]
# **See it.** The slope is worth little more than nothing outside a narrow window. Within $|x| < 2$ a sigmoid passes on
# at least a tenth of an error, at $|x| = 5$ less than a hundredth, at $|x| = 10$ a twenty-thousandth. A unit that has
# wandered there is called *saturated*, and it takes a very long time to come back.

# %% experiment
slope_of_sigmoid = grader.yours("sigmoid_gradient")
for each in (0.0, 1.0, 2.0, 5.0, 10.0):
    slope, highest = slope_of_sigmoid(np.array([each]))
    print(
        f"x = {each:4.0f}   slope {slope[0]:.6f}   share of the steepest, {highest}: {100 * slope[0] / highest:7.3f} %"
    )


# %% right and wrong answers
@right_answer
def the_two_sides_as_factors(x, k=1.0):
    """The definition as it stands, σ(z) σ(-z), with the logarithms of both factors added. Good where one has them anyway;
    two logarithms make it five times as slow, and a digit goes in the tails.
    """
    z = k * np.asarray(x, dtype=float)
    return k * np.exp(-np.logaddexp(0.0, z) - np.logaddexp(0.0, -z)), 0.25 * k if k > 0 else 0.0


def slope_at(z):
    return np.exp(-np.logaddexp(0.0, z) - np.logaddexp(0.0, -z))


@wrong_answer(
    agrees_with_the_complex_step_for_any_factor,
    both_tails_fade_alike,
    feedback="The inner derivative is missing: k multiplies both the derivative and its supremum.",
)
def forgot_the_inner_derivative(x, k=1.0):
    return slope_at(k * np.asarray(x, dtype=float)), 0.25


@wrong_answer(
    passes=(both_tails_fade_alike,), feedback="One half is σ(0), the value. The slope there is one half times one half."
)
def half_as_the_peak(x, k=1.0):
    return k * slope_at(k * np.asarray(x, dtype=float)), max(k / 2, 0.0)


@wrong_answer(
    passes=(the_peak_is_a_quarter,),
    feedback="That is σ squared. It agrees with the slope at 0 only, where σ and 1 - σ are the same number.",
)
def squared_the_value(x, k=1.0):
    z = k * np.asarray(x, dtype=float)
    return k * np.exp(-2 * np.logaddexp(0.0, -z)), max(k / 4, 0.0)


@wrong_answer(
    both_tails_fade_alike,
    feedback="In the right tail digits are lost, as where 1 - σ cancels: the slope there is the same as in the left tail.",
)
def one_minus_the_value(x, k=1.0):
    value = np.exp(-np.logaddexp(0.0, -k * np.asarray(x, dtype=float)))
    return k * value * (1 - value), max(k / 4, 0.0)


@wrong_answer(
    agrees_with_the_complex_step_for_any_factor,
    feedback="For a negative k the derivative is negative everywhere. Its smallest value is k/4; what is its supremum?",
)
def same_formula_for_negative_k(x, k=1.0):
    return the_two_sides_as_factors(x, k)[0], k / 4


@wrong_answer(
    agrees_with_the_complex_step_for_any_factor,
    feedback="|k|/4 is the largest size of the derivative. For a negative k the derivative itself never gets there.",
)
def size_of_the_slope(x, k=1.0):
    return the_two_sides_as_factors(x, k)[0], abs(k) / 4


@wrong_answer(
    beside_the_peak_by_hand,
    agrees_with_the_complex_step_for_any_factor,
    feedback="The supremum is taken over all real numbers, not over the elements of x.",
)
def largest_of_the_elements(x, k=1.0):
    slope = the_two_sides_as_factors(x, k)[0]
    return slope, np.max(slope)


@wrong_answer(feedback="x (1 - x) takes x for the value of the sigmoid. Here x is its argument.")
def the_argument_for_the_value(x, k=1.0):
    x = np.asarray(x, dtype=float)
    return k * x * (1 - x), max(k / 4, 0.0)


@wrong_answer(
    both_tails_fade_alike,
    feedback="Some exponential overflows where |x| is large. The slope can be written with exp(-|kx|), which is never above 1.",
)
def with_an_overflow(x, k=1.0):
    decay = np.exp(-k * np.asarray(x, dtype=float))
    return k * decay / (1 + decay) ** 2, max(k / 4, 0.0)


@wrong_answer(
    both_tails_fade_alike,
    feedback="The argument was clipped: beyond the bound your slope no longer falls, and the true one does.",
)
def clipped(x, k=1.0):
    return k * slope_at(np.clip(k * np.asarray(x, dtype=float), -100, 100)), max(k / 4, 0.0)


@wrong_answer(
    agrees_with_the_complex_step_for_any_factor,
    feedback="An array without an axis must give a derivative without one: yours has an axis of size 1.",
)
def always_an_axis(x, k=1.0):
    return the_two_sides_as_factors(np.atleast_1d(x), k)


@wrong_answer(
    is_pure, feedback="Both results are right, but x is no longer what it was: an in-place operation wrote into it."
)
def in_place(x, k=1.0):
    result = the_two_sides_as_factors(x, k)
    if isinstance(x, np.ndarray) and x.dtype.kind == "f":
        x *= 2
        x += 1
    return result
