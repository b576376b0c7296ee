# %% [markdown]
# ## The logarithm of a sigmoid, and a loss that does not go deaf
#
# A classifier is punished for the logarithm of the probability that it gave to the truth. So what training needs is
# hardly ever $\sigma(x)$ itself but $\log \sigma(x)$, and taking the two steps one after the other loses everything in
# the middle: at $x = -1000$ the sigmoid is 0 and its logarithm $-\infty$, although the true answer is a modest
# $-1000$. At $x = +40$ the sigmoid is 1 to the last digit and its logarithm 0, although the true answer is
# $-4.248 \cdot 10^{-18}$. The function between the two worlds is called *softplus*:
#
# $$ \log \sigma(x) = -\log\bigl(1 + e^{-x}\bigr) = -\operatorname{softplus}(-x), \qquad
#    \frac{d}{dx} \log \sigma(x) = \frac{\sigma'(x)}{\sigma(x)} = 1 - \sigma(x). $$
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | any, also `()` | finite numbers of any size (logits); integers are allowed |
# | first result | the shape of `x` | $\log \sigma(x)$ |
# | second result | the shape of `x` | its derivative, $1 - \sigma(x)$ |
#
# **Write `log_sigmoid(x)`, which returns the two results in this order.** No overflow, no division by zero, no invalid
# value for any finite `x`, and relative accuracy in both tails, for both results, as far as floating point reaches: at
# $x = 700$ the value is $-10^{-304}$, not 0.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_array, expect_close, expect_parts, is_pure, right_answer, wrong_answer


# %% answer
def log_sigmoid(x):
    """Return log σ(x) and its derivative, two floating-point arrays of the shape of x."""
    # BEGIN SOLUTION
    x = np.asarray(x, dtype=float)
    decay = np.exp(-np.abs(x))  # at most 1, whatever x is
    value = np.minimum(x, 0.0) - np.log1p(decay)
    slope = np.where(x > 0, decay, 1.0) / (1.0 + decay)
    return value, slope
    # END SOLUTION


# %% checks
PARTS = ("the value", "the derivative")


def strictly(function, *arguments):
    """Call the function with overflow, division by zero and invalid values raised as errors."""
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        return function(*arguments)


def one_logarithm(x):
    """The logarithm of the sigmoid of one number, each side by the form that suits it."""
    return -math.log1p(math.exp(-x)) if x > 0 else x - math.log1p(math.exp(x))


def one_share(x):
    """What the sigmoid of one number lacks to 1."""
    return math.exp(-x) / (1 + math.exp(-x)) if x > 0 else 1 / (1 + math.exp(x))


# %% public checks
@check(points=0.5)
def at_zero(log_sigmoid):
    """At 0 the value is -ln 2 and the derivative 1/2."""
    expect_close(log_sigmoid(np.array([0.0])), ([-math.log(2)], [0.5]), "log_sigmoid([0])", rtol=1e-12, parts=PARTS)


@check(points=0.5)
def at_the_logarithm_of_three(log_sigmoid):
    """At ln 3 the value is ln(3/4) and the derivative 1/4; at -ln 3 they are ln(1/4) and 3/4."""
    x = np.array([math.log(3), -math.log(3)])
    expected = ([math.log(0.75), math.log(0.25)], [0.25, 0.75])
    expect_close(log_sigmoid(x), expected, "log_sigmoid([ln 3, -ln 3])", rtol=1e-12, parts=PARTS)


# %% hidden checks
@check(points=1, hidden=True)
def far_left_it_is_x_itself(log_sigmoid, rng):
    """Far to the left the value is x and the derivative 1, without a warning."""
    for x in (np.array([-50.0, -800.0, -1000.0, rng.uniform(-1000, -50)]), np.array([-1e10]), np.array([[-1e300]])):
        expected, what = (x.copy(), np.ones(x.shape)), f"log_sigmoid({x.tolist()})"
        expect_close(strictly(log_sigmoid, x), expected, what, rtol=1e-12, parts=PARTS)


@check(points=1, hidden=True)
def accurate_in_the_middle_and_far_right(log_sigmoid, rng):
    """Value and derivative are accurate to a relative error of 1e-9, for any shape; log σ(x) - log σ(-x) is x."""
    arrays = [rng.normal(size=shape) for shape in [(5,), (2, 3), (3, 3), (1,), (3, 1), (1, 2, 1), (2, 1, 3, 2)]]
    arrays += [np.array(0.7), np.array([-2, 0, 2, 2]), -rng.uniform(1, 9, size=4)]
    # One value at a time: what is wrong in one tail is not hidden by a larger value beside it.
    arrays += [
        np.array([x])
        for x in (-800.0, 3.0, 12.0, 25.0, 40.0, 90.0, 300.0, 600.0, 705.0, 720.0, 1000.0, -12.0, -36.0, 1e-150)
    ]
    for x in arrays:
        what = f"log_sigmoid({x.tolist()})" if x.size == 1 else f"log_sigmoid of an array of shape {x.shape}"
        values = np.reshape([one_logarithm(float(each)) for each in x.flat], x.shape)
        slopes = np.reshape([one_share(float(each)) for each in x.flat], x.shape)
        given, opposite = x.astype(float), -x
        value, slope = expect_parts(strictly(log_sigmoid, x), PARTS, what)
        expect_close(value, values, f"the value of {what}", rtol=1e-9, atol=0)
        expect_close(slope, slopes, f"the derivative of {what}", rtol=1e-9, atol=0)
        mirrored, _ = expect_parts(strictly(log_sigmoid, opposite), PARTS, what)
        mirrored = expect_array(mirrored, opposite.shape, f"the value of {what}, reversed")
        expect_close(value - mirrored, given, "the value at x minus the value at -x", rtol=1e-9, atol=1e-12)


# %% hints
HINTS = [
    "For x far to the left, 1 + exp(-x) is exp(-x) with a small correction. Take exp(-x) out of the logarithm.",
    "With the distance of x from 0 as exponent both sides look alike: one piece is 0 on the right and x on the left.",
    "For log(1 + tiny) NumPy has a function of its own, which keeps the digits of the tiny number.",
    "The derivative is the sigmoid of -x: never form it as 1 minus something close to 1.",
]
COVERS = ["S1.4", "S2.15", "S3.26"]
KERNELS = [kernels.log_sigmoid, kernels.softplus, kernels.numerical_gradient]
WHY = r"""
Take the larger of the two terms out of $-\log(1 + e^{-x})$ first. On the left that is $e^{-x}$, whose logarithm gives
$x$; on the right it is the 1, which gives 0. So the value is $\min(x, 0)$ minus a small correction,
$\log(1 + e^{-|x|})$. `log1p` is what keeps the correction: at $x = 40$ the sum $1 + e^{-40}$ is exactly 1 and its
logarithm 0, while `log1p` returns $4.2 \cdot 10^{-18}$. The derivative $1 - \sigma(x)$ is $\sigma(-x)$, a quotient that
never needs the difference.
"""

# %% [markdown]
# ### One formula, two losses
#
# Let $D = \sigma(a)$ be the probability that a discriminator with logit $a$ calls an image real. (It will be the judge
# in the lesson on GANs.) What a forgery adds to the objective is $\log(1 - D)$. With $1 - \sigma(a) =
# \sigma(-a)$ that is $\log \sigma(-a)$, and you have just worked out its derivative:
#
# $$ \frac{d}{da} \log\bigl(1 - \sigma(a)\bigr) = -\bigl(1 - \sigma(-a)\bigr) = -\sigma(a). $$
#
# Read it from the forger's side. Where the judge is sure that the image is a fake, $a$ is far to the left, and the
# gradient that should tell the forger how to improve is $-\sigma(a) \approx 0$: the worse the forgery, the less it
# learns. Keep that in mind for later.
#
# > **A common claim: "any error function will do, as long as its derivative can be computed; take an easy one."** All that
# > training asks of the error is a gradient, so it sounds like enough. Being able to compute it is necessary. It must also be *worth* something where the model is wrong. Take one
# > sigmoid unit that should say 1 and says $\sigma(-10) = 0.000045$, as wrong as can be. The squared error
# > $\frac12(\sigma(a) - 1)^2$ has the gradient $(\sigma(a) - 1)\,\sigma'(a)$, and the slope kills it: $-0.000045$. The
# > cross-entropy $-\log \sigma(a)$ has the gradient $\sigma(a) - 1 = -0.99995$, because the logarithm cancels the
# > slope. Both are easy; one of them is deaf. (And the loss is a statement about the data as well: cross-entropy is
# > the likelihood of a yes-or-no answer, the squared error that of a Gaussian one.)

# %% experiment
log_of_sigmoid, slope_of_sigmoid = grader.yours("log_sigmoid"), grader.yours("sigmoid_gradient")
logits = np.array([-10.0, -5.0, 0.0, 5.0])
value, share_missing = log_of_sigmoid(logits)
squared_error = -share_missing * slope_of_sigmoid(logits)[0]
log_one_minus, slope_of_that = log_of_sigmoid(-logits)
print("gradient with respect to the logit a; the target is 1")
print(f"{'a':>8} {'squared error':>15} {'cross-entropy':>15}     log(1 - σ(a))")
for row in zip(logits, squared_error, -share_missing, -slope_of_that, strict=True):
    print(f"{row[0]:8.0f} {row[1]:15.6f} {row[2]:15.6f} {row[3]:17.6f}")


# %% right and wrong answers
OVERFLOW_ON_THE_LEFT = "On the far left an exponential overflows. Simplify the logarithm first: take x out of it there."


@right_answer
def by_logaddexp(x):
    """Softplus is logaddexp(0, x), so both results are one line each, with all digits. It takes about twice the time."""
    x = np.asarray(x, dtype=float)
    return -np.logaddexp(0.0, -x), np.exp(-np.logaddexp(0.0, x))


@right_answer
def each_side_apart(x):
    """Says of each side what it is. The inner np.where chooses the exponent *before* the exponential is taken, which is
    the way out wherever only one of two branches would be safe.
    """
    x = np.asarray(x, dtype=float)
    left = x < 0
    grown = np.exp(np.where(left, x, -x))
    value = np.where(left, x, 0.0) - np.log1p(grown)
    return value, 1 / (1 + grown) * np.where(left, 1.0, grown)


@wrong_answer(
    far_left_it_is_x_itself,
    accurate_in_the_middle_and_far_right,
    feedback=OVERFLOW_ON_THE_LEFT,
)
def logarithm_of_the_sigmoid(x):
    sigma = 1 / (1 + np.exp(-np.asarray(x, dtype=float)))
    return np.log(sigma), 1 - sigma


@wrong_answer(passes=(at_zero,), feedback="Your value is log σ(-x): the sign of x is reversed.")
def reversed_sign(x):
    x = np.asarray(x, dtype=float)
    return -np.logaddexp(0.0, x), np.exp(-np.logaddexp(0.0, x))


@wrong_answer(feedback="σ(1 - σ) is the derivative of the sigmoid. The logarithm divides it by σ.")
def slope_of_the_sigmoid(x):
    value, slope = by_logaddexp(x)
    return value, slope * np.exp(value)


@wrong_answer(
    passes=(at_zero,),
    feedback="Your derivative is σ(x). It must fade where the value is flat, on the right: it is what σ lacks to 1.",
)
def the_sigmoid_as_derivative(x):
    value, _ = by_logaddexp(x)
    return value, np.exp(value)


@wrong_answer(
    accurate_in_the_middle_and_far_right,
    feedback="The value loses its digits in the right tail, as 1 + a tiny number does: its logarithm must keep those of the tiny number.",
)
def digits_lost_on_the_right(x):
    x = np.asarray(x, dtype=float)
    value = np.minimum(x, 0.0) - np.log(1 + np.exp(-np.abs(x)))
    return value, 1 - np.exp(value)


@wrong_answer(feedback="That is softplus, with a plus sign. The logarithm of a probability is never positive.")
def softplus_itself(x):
    value, slope = by_logaddexp(x)
    return -value, slope


@wrong_answer(
    far_left_it_is_x_itself,
    accurate_in_the_middle_and_far_right,
    feedback=OVERFLOW_ON_THE_LEFT,
)
def overflow_on_the_left(x):
    x = np.asarray(x, dtype=float)
    return -np.log1p(np.exp(-x)), by_logaddexp(x)[1]


@wrong_answer(
    accurate_in_the_middle_and_far_right,
    feedback="The value is right; the derivative loses its digits on the right, as 1 - σ does where σ is close to 1. It is σ(-x).",
)
def derivative_as_a_difference(x):
    value, _ = by_logaddexp(x)
    return value, 1 - np.exp(value)


@wrong_answer(
    accurate_in_the_middle_and_far_right,
    feedback="Far to the right your values are exactly 0. They are tiny there, and not 0 before floating point ends, near x = 745.",
)
def zero_on_the_far_right(x):
    value, slope = by_logaddexp(x)
    return np.where(np.asarray(x) > 100, 0.0, value), np.where(np.asarray(x) > 100, 0.0, slope)


@wrong_answer(
    far_left_it_is_x_itself,
    accurate_in_the_middle_and_far_right,
    feedback="The argument, or the sigmoid, was kept away from its limits by a clip or an epsilon: beyond it your values no longer change.",
)
def clipped(x):
    return by_logaddexp(np.clip(x, -30, 30))


@wrong_answer(
    accurate_in_the_middle_and_far_right,
    feedback="An array without an axis must give results without one: yours have an axis of size 1.",
)
def always_an_axis(x):
    return by_logaddexp(np.atleast_1d(x))


@wrong_answer(
    is_pure, feedback="Both results are right, but x is no longer what it was: an in-place operation wrote into it."
)
def in_place(x):
    result = by_logaddexp(x)
    if np.ndim(x) and x.dtype.kind == "f":
        x += 1
    return result
