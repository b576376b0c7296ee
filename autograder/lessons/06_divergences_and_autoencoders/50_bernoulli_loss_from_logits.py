# %% [markdown]
# ## The code length of a picture
#
# A decoder looks at a code and says, for every pixel, how likely it is to be ink. It says so by a *logit* $\ell$, a
# number of any size, with the probability $\sigma(\ell)$. The pixel turns out to be $x$. What does it cost?
#
# $$ -x \log \sigma(\ell) - (1 - x) \log(1 - \sigma(\ell)) . $$
#
# As printed this breaks. $\sigma(40)$ is 1 in floating point, so a pixel that turns out empty costs $-\log 0$, where it
# should cost 40 nats. Line by line, with $\mathrm{softplus}(\ell) = \log(1 + e^\ell)$:
#
# $$ \begin{aligned}
# -\log \sigma(\ell) &= \log(1 + e^{-\ell}) = \mathrm{softplus}(\ell) - \ell \\
# -\log(1 - \sigma(\ell)) &= \mathrm{softplus}(\ell) \\
# \text{loss} &= x\,(\mathrm{softplus}(\ell) - \ell) + (1 - x)\, \mathrm{softplus}(\ell) = \mathrm{softplus}(\ell) - x\,\ell \\
# \frac{\partial\, \text{loss}}{\partial \ell} &= \sigma(\ell) - x .
# \end{aligned} $$
#
# No logarithm of a probability is left. (And $e^{1000}$ must still be avoided: $\mathrm{softplus}(\ell)$ is
# $\max(\ell, 0)$ and a small rest.)
#
# | argument | shape | meaning |
# |---|---|---|
# | `l` | any | logits, between $-10^4$ and $10^4$ |
# | `x` | the shape of `l` | numbers in [0, 1]: pixels, also gray ones |
# | first result | number | the **sum** of the losses over all elements, in nats |
# | second result | the shape of `l` | the gradient of that sum with respect to `l` |
#
# **Write `bernoulli_loss_from_logits(l, x)`, which returns both.** Both results are finite, to a relative error of
# $10^{-9}$ or an absolute one of $10^{-9}$.
#
# *Elsewhere:* PyTorch's `binary_cross_entropy_with_logits` takes a **mean** over all elements unless one asks for
# `reduction="sum"`. In a variational autoencoder the difference is a factor of 784 between the two terms of the loss.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, right_answer, wrong_answer

PARTS = ("the loss", "the gradient")
NEAR = {"parts": PARTS, "atol": 1e-9}


# %% answer
def bernoulli_loss_from_logits(l, x):
    """Return the sum of the Bernoulli losses of logits l with targets x in [0, 1] (nats), and its gradient for l."""
    # BEGIN SOLUTION
    decay = np.exp(-np.abs(l))  # at most 1
    loss = np.maximum(l, 0) + np.log1p(decay) - x * l
    probability = np.where(l >= 0, 1.0, decay) / (1 + decay)
    return np.sum(loss), probability - x
    # END SOLUTION


# %% public checks
@check(points=0.5)
def two_pixels_by_hand(bernoulli_loss_from_logits):
    """The logits (log 3, 0) say 3/4 and 1/2. If the pixels are 1 and 0, that costs log 4/3 + log 2 = 0.9808 nats."""
    got = bernoulli_loss_from_logits(np.array([math.log(3), 0.0]), np.array([1.0, 0.0]))
    expect_close(got, (math.log(8 / 3), [-0.25, 0.5]), "bernoulli_loss_from_logits([log 3, 0], [1, 0])", **NEAR)


@check(points=0.5)
def a_gray_pixel_and_a_sure_mistake(bernoulli_loss_from_logits):
    """A logit of 40 for an empty pixel costs 40 nats; log 3 for a pixel of gray 3/4 costs 0.5623."""
    got = bernoulli_loss_from_logits(np.array([[40.0], [math.log(3)]]), np.array([[0.0], [0.75]]))
    gray = math.log(4) - 0.75 * math.log(3)
    what = "bernoulli_loss_from_logits([[40], [log 3]], [[0], [3/4]])"
    expect_close(got, (40 + gray, [[1.0], [0.0]]), what, **NEAR)


# %% hidden checks
def as_printed(l, x):
    """The loss through the probability, which is right for middling logits, complex ones too."""
    p = 1 / (1 + np.exp(-l))
    return np.sum(-x * np.log(p) - (1 - x) * np.log(1 - p))


@check(points=1, hidden=True)
def loss_and_slope_for_any_shape(bernoulli_loss_from_logits, rng):
    """For middling logits, any shape, black, white and gray pixels, it equals the printed loss and its exact slope."""
    for shape in [(4,), (1,), (2, 3), (3, 3), (2, 1, 4), (200,), (2, 1, 3, 2), ()]:
        l = np.array(2 * rng.normal(size=shape))
        for x in (np.array(rng.random(shape)), 1.0 * np.array(rng.random(shape) < 0.5)):
            expected = as_printed(l, x), complex_step(lambda moved, x=x: as_printed(moved, x), l)
            what = f"bernoulli_loss_from_logits for shape {shape}"
            expect_close(bernoulli_loss_from_logits(l, x), expected, what, **NEAR)


@check(points=1, hidden=True)
def large_logits_cost_what_they_say(bernoulli_loss_from_logits, rng):
    """From logits of 40 on, a pixel that goes against its logit costs |l|, one that agrees costs nothing, gray in between."""
    gray = rng.uniform(0.1, 0.4)
    got = bernoulli_loss_from_logits(np.full(1000, 20.5), np.ones(1000))
    expected = 1000 * math.log1p(math.exp(-20.5)), np.full(1000, -1 / (1 + math.exp(20.5)))
    expect_close(got, expected, "a thousand pixels that are nearly certain and right", **NEAR)
    for size in (40.0, 800.0, 10_000.0):
        for l, x, loss, slope in [
            (size, 0.0, size, 1.0),
            (-size, 1.0, size, -1.0),
            (size, 1.0, 0.0, 0.0),
            (-size, 0.0, 0.0, 0.0),
            (size, gray, (1 - gray) * size, 1 - gray),
            (-size, gray, gray * size, -gray),
        ]:
            got = bernoulli_loss_from_logits(np.array([l, 0.0]), np.array([x, 0.5]))
            what = f"bernoulli_loss_from_logits([{l:g}, 0], [{x:g}, 1/2])"
            expect_close(got, (loss + math.log(2), [slope, 0.0]), what, **NEAR)


# %% hints
HINTS = [
    "The last line of the derivation has one function that can overflow. Which, and on which side?",
    "log(1 + e^l) = max(l, 0) + log(1 + e^-|l|): the exponential of a number that is never positive is safe.",
    "The sigmoid of the gradient has a safe form on each side of 0. np.log1p and np.where are your friends.",
]
WHY = r"""
$\mathrm{softplus}(\ell) - x \ell$, with the one exponential taken of $-|\ell|$: it is never above 1, and serves the
loss and the slope. `log1p` keeps what is small: for a logit of 40 on the right side the rest is $4 \cdot 10^{-18}$,
where `log(1 + decay)` says 0. The gradient is $\sigma(\ell) - x$ because the logarithm cancels the sigmoid's slope;
so a pixel that is wrong with certainty has the slope 1 and goes on teaching.
"""
COVERS = ["S4.9", "S3.26"]
KERNELS = [kernels.bernoulli_loss_from_logits]

# %% [markdown]
# > **Often done: `log(sigmoid(l) + 1e-12)`.** It never warns. It also never costs more than 27.6 nats, however wrong
# > the decoder is. Its gradient, by the chain rule of any autodiff, is 0 out there: the pixel that is most wrong
# > teaches nothing. The cell compares, for an inked pixel.

# %% experiment
loss_and_slope = grader.yours("bernoulli_loss_from_logits")
print(f"{'logit':>6} {'loss':>8} {'slope':>8}   {'with 1e-12':>10} {'its slope':>10}")
for logit in (0.0, -5.0, -20.0, -30.0, -100.0):
    loss, slope = loss_and_slope(np.array([logit]), np.array([1.0]))
    p = 1 / (1 + np.exp(-logit))
    print(f"{logit:6.0f} {loss:8.3f} {slope[0]:8.3f}   {-np.log(p + 1e-12):10.3f} {-p * (1 - p) / (p + 1e-12):10.1e}")


# %% right and wrong answers
@right_answer
def with_logaddexp(l, x):
    """softplus is log(e⁰ + eˡ), and NumPy has that: `logaddexp(0, l)`. The shortest safe form, and slower than one
    exponential that serves both results. The sigmoid by tanh cannot overflow.
    """
    return float(np.sum(np.logaddexp(0, l) - x * l)), (1 + np.tanh(l / 2)) / 2 - x


@right_answer
def with_where(l, x):
    """The two sides of 0 apart: a logit that agrees with its pixel costs nothing but the small rest. Good for reading
    off what large logits cost.
    """
    small = np.exp(-np.abs(l))
    each = np.where(l > 0, (1 - x) * l, -x * l) + np.log(1 + small)
    return each.sum(), np.where(l > 0, 1 / (1 + small), 1 - 1 / (1 + small)) - x


@right_answer
def with_a_loop(l, x):
    """Pixel by pixel, with `math`: a second opinion that shares no line with the arrays."""
    total, slopes = 0.0, []
    for logit, pixel in zip(l.ravel().tolist(), x.ravel().tolist(), strict=True):
        small = math.exp(-abs(logit))
        total += max(logit, 0) - logit * pixel + math.log1p(small)
        slopes.append((1 if logit >= 0 else small) / (1 + small) - pixel)
    return [total, np.reshape(slopes, l.shape)]


@wrong_answer(
    a_gray_pixel_and_a_sure_mistake,
    large_logits_cost_what_they_say,
    feedback="1 - sigmoid(40) is 0, and its logarithm is no number. Work with softplus(l) - x l.",
)
def as_printed_everywhere(l, x):
    p = 1 / (1 + np.exp(-l))
    return -np.sum(x * np.log(p) + (1 - x) * np.log(1 - p)), p - x


@wrong_answer(
    large_logits_cost_what_they_say,
    feedback="log(1 + exp(l)) overflows for large logits, where it is l itself.",
)
def softplus_overflows(l, x):
    return np.sum(np.log(1 + np.exp(l)) - x * l), with_logaddexp(l, x)[1]


@wrong_answer(
    a_gray_pixel_and_a_sure_mistake,
    large_logits_cost_what_they_say,
    feedback="An epsilon or a clip bounds your loss near 28 nats; a larger logit on the wrong side costs more.",
)
def epsilon_in_the_logarithm(l, x, epsilon=1e-12):
    p = (1 + np.tanh(l / 2)) / 2
    return -np.sum(x * np.log(p + epsilon) + (1 - x) * np.log(1 - p + epsilon)), p - x


@wrong_answer(
    a_gray_pixel_and_a_sure_mistake,
    large_logits_cost_what_they_say,
    feedback="The logits are clipped, so a large one on the wrong side costs less than it should.",
)
def clipped_logits(l, x):
    return with_logaddexp(np.clip(l, -30, 30), x)


@wrong_answer(
    feedback="The sign of the gradient: sigmoid(l) - x, for the loss falls where the output moves to the pixel."
)
def gradient_negated(l, x):
    loss, slope = with_logaddexp(l, x)
    return loss, -slope


@wrong_answer(feedback="softplus(l) minus x l: yours adds it.")
def x_times_l_added(l, x):
    return np.sum(np.logaddexp(0, l) + x * l), with_logaddexp(l, x)[1]


@wrong_answer(feedback="You took means. The loss is a sum over all elements, and the gradient is that of the sum.")
def both_means(l, x):
    loss, slope = with_logaddexp(l, x)
    return loss / l.size, slope / l.size


@wrong_answer(feedback="The gradient is that of the sum, and your loss is the mean: sum it.")
def loss_is_a_mean(l, x):
    loss, slope = with_logaddexp(l, x)
    return loss / l.size, slope


@wrong_answer(
    feedback="Your gradient is with respect to the probability. One more step of the chain rule leads to the logit."
)
def gradient_of_the_probability(l, x):
    loss, slope = with_logaddexp(l, x)
    p = slope + x
    return loss, slope / np.maximum(p * (1 - p), 1e-300)


@wrong_answer(feedback="Your gradient has the sigmoid's slope as a factor, as for the squared error. Here it cancels.")
def gradient_as_for_squared_error(l, x):
    loss, slope = with_logaddexp(l, x)
    p = slope + x
    return loss, slope * p * (1 - p)


@wrong_answer(feedback="The losses of the single elements came back. Return their sum.")
def not_summed(l, x):
    return np.logaddexp(0, l) - x * l, with_logaddexp(l, x)[1]


@wrong_answer(feedback="Only -x log sigma(l) is there. What does an empty pixel cost?")
def only_the_inked_pixels(l, x):
    p = (1 + np.tanh(l / 2)) / 2
    return np.sum(x * np.logaddexp(0, -l)), x * (p - 1)


@wrong_answer(
    passes=(two_pixels_by_hand,),
    feedback="Gray pixels are rounded to black or white. The loss takes them as they are.",
)
def pixels_rounded(l, x):
    return with_logaddexp(l, (x > 0.5).astype(float))


@wrong_answer(feedback="This is in bits: the natural logarithm is asked for.")
def in_bits(l, x):
    loss, slope = with_logaddexp(l, x)
    return loss / math.log(2), slope / math.log(2)
