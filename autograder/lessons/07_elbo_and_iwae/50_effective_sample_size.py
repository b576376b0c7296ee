# %% [markdown]
# ## How many samples are they worth?
#
# You have drawn a thousand samples from $q$, and one of them has the weight 0.99. Have you a thousand samples, or
# one? A bound says nothing about that. The *effective sample size* does: it is the number of equally weighted samples
# that would be as good as yours,
#
# $$ \mathrm{ESS} = \frac{\left(\sum_k w_k\right)^2}{\sum_k w_k^2} . $$
#
# **Where it comes from, line by line.** Take an average of $K$ independent values $f_k$ of variance $\sigma^2$ with
# the weights $\tilde w_k = w_k / \sum_j w_j$, as if the weights were given. Its variance is
# $\sigma^2 \sum_k \tilde w_k^2$. An average of $n$ equally weighted values has the variance $\sigma^2 / n$. The two
# are equal for $n = 1 / \sum_k \tilde w_k^2$, which is the ESS. If all weights are equal it is $K$, if one of them is
# everything it is 1, and it never leaves the two.
#
# There is a bridge to the bias of the bound. With $\bar w$ and $v$ for the mean and the variance of the $K$ weights
# (the plain variance, divided by $K$), $\sum_k w_k^2 = K (v + \bar w^2)$, and so
# $K / \mathrm{ESS} - 1 = v / \bar w^2$: the very ratio that stands in the delta method.
#
# As always the weights come as logarithms. For an image they lie around $-2000$, and $e^{-2000}$ is 0 in floating
# point; in one batch there may be such a row beside another one near 0. But if all weights of an example are
# multiplied by the same number, its ESS does not change.
#
# | argument | shape | meaning |
# |---|---|---|
# | `logw` | `(N, K)`, float64 or integer | log-weights $\log w_k$ in nats, from $-10^6$ to $10^6$, or $-\infty$ for a sample without weight |
# | result | `(N,)` | the ESS of each example, a number of samples from 1 to $K$ |
#
# $N$ and $K$ are at least 1, and each example has at least one finite log-weight.
#
# **Write `effective_sample_size(logw)`.** *Elsewhere:* Stan and ArviZ report an `ess` too, of *correlated* samples of
# equal weight. It is another formula for the same question. Particle filters resample when the one you write here
# falls below $K/2$.

# %% imports
import math
from fractions import Fraction

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def effective_sample_size(logw):
    """Return (sum_k w_k)^2 / sum_k w_k^2 of each row of log-weights, shape (N,), for logw of shape (N, K)."""
    # BEGIN SOLUTION
    w = np.exp(logw - logw.max(axis=1, keepdims=True))  # the largest is 1: no overflow, and no row of zeros
    return w.sum(axis=1) ** 2 / (w**2).sum(axis=1)
    # END SOLUTION


# %% public checks
@check(points=0.25)
def equal_weights_count_in_full(effective_sample_size):
    """Five samples of equal weight are worth five."""
    expect_close(effective_sample_size(np.zeros((1, 5))), [5.0], "effective_sample_size of five equal weights")


@check(points=0.25)
def one_one_four(effective_sample_size):
    """Of three samples with the weights 1, 1 and 4, the sum squared is 36 and the sum of squares 18: they are worth 2."""
    logw = np.array([[0.0, 0.0, math.log(4)]])
    expect_close(effective_sample_size(logw), [2.0], "effective_sample_size([[0, 0, ln 4]])")


# %% hidden checks
def worth_of(weights):
    """The ESS of positive integers, exactly."""
    return float(Fraction(sum(weights) ** 2, sum(one * one for one in weights)))


@check(points=0.5, hidden=True)
def integers_exactly(effective_sample_size, rng):
    """For weights that are whole numbers it is their exact fraction, whatever N and K are, one of each too."""
    for shape in [(3, 6), (2, 1), (1, 4), (4, 4), (5, 2), (1, 1), (2, 90)]:
        weights = rng.integers(1, 30, shape)
        expected = np.array([worth_of(row.tolist()) for row in weights])
        what = f"effective_sample_size of random weights, shape {shape}"
        expect_close(effective_sample_size(np.log(weights)), expected, what)
    expect_close(
        effective_sample_size(np.array([[0, 0, 0], [2, 2, 2]])), [3.0, 3.0], "effective_sample_size of integers"
    )


@check(points=0.5, hidden=True)
def the_level_does_not_matter(effective_sample_size, rng):
    """A common factor changes nothing: rows around -2000, 0 and +900 are right, also when they share a batch."""
    weights = rng.integers(1, 30, (5, 4))
    expected = np.array([worth_of(row.tolist()) for row in weights])
    for levels in ([-2000.0] * 5, [900.0] * 5, [0.0, -2000.0, 900.0, -40.0, -1e5]):
        logw = np.log(weights) + np.array(levels)[:, None]
        what = f"effective_sample_size of rows at the levels {levels}"
        expect_close(effective_sample_size(logw), expected, what, rtol=1e-7)


@check(points=0.5, hidden=True)
def some_count_for_nothing(effective_sample_size, rng):
    """Next to a large weight the tiny ones count for nothing, and neither do weights of 0, however many there are."""
    for logw, expected in [
        ([[0.0, -900.0, -900.0]], [1.0]),
        ([[0.0, 2000.0]], [1.0]),
        ([[0.0, -np.inf, 0.0, -np.inf], [-np.inf, -3.0, -np.inf, -np.inf]], [2.0, 1.0]),
        ([[-700.0, -700.0, -2000.0], [-2000.0, -2000.0, -2000.0]], [2.0, 3.0]),
        ([[-2000.0, -np.inf, -2000.0], [-np.inf, -1e6, -1e6]], [2.0, 2.0]),
    ]:
        expect_close(effective_sample_size(np.array(logw)), expected, f"effective_sample_size({logw})", rtol=1e-7)
    logw = np.full((1, 40), -np.inf)
    logw[0, rng.permutation(40)[:7]] = -5.0
    expect_close(effective_sample_size(logw), [7.0], "effective_sample_size of 7 equal weights among 40")


# %% hints
HINTS = [
    "Multiply all weights of a row by the same number: what becomes of the numerator, what of the denominator?",
    "So you may subtract any number from the log-weights of a row. Which one keeps the exponentials from being all 0 or infinite?",
    "Each row has its own largest log-weight, and after subtracting it one weight is exactly 1.",
]
WHY = """
Numerator and denominator are both of second degree in the weights: multiply a row by any number and it cancels. So
each row's largest weight may be set to 1. Then the sum of the squares lies between 1 and $K$, nothing overflows,
nothing is divided by 0, and what underflows did not count anyway. As in `iwae_bound` every row needs its own maximum.
"""
COVERS = ["S2.8"]
KERNELS = [kernels.effective_sample_size]

# %% [markdown]
# > **A common claim: "a large effective sample size means a good estimate."** One could believe it, because a small
# > one means a bad one. But the ESS sees only the samples that came. The posterior below has two equal peaks at $-4$
# > and $4$. The first $q$ covers both of them, generously, and pays: of 1000 samples about 200 are left. The second
# > one has found one of the peaks and fits it perfectly. Its 1000 samples are worth 1000, and its estimate of
# > $\log p(x)$ is off by $\log 2$: half of the mass was never proposed, and no weight can tell of what was never
# > seen.

# %% experiment
size = grader.yours("effective_sample_size")
draws = np.random.default_rng(0)


def log_normal(z, mean, sd):
    """The log-density of N(mean, sd^2)."""
    return -(((z - mean) / sd) ** 2) / 2 - math.log(sd) - math.log(2 * math.pi) / 2


print("two peaks at -4 and 4 of width 0.5, log p(x) = 0")
for name, mean, sd in (("both peaks", 0.0, 5.0), ("one peak", 4.0, 0.5)):
    z = mean + sd * draws.normal(size=(1, 1000))
    peaks = np.logaddexp(log_normal(z, -4.0, 0.5), log_normal(z, 4.0, 0.5)) - math.log(2)
    logw = peaks - log_normal(z, mean, sd)
    estimate = np.logaddexp.reduce(logw, axis=1)[0] - math.log(1000)
    print(f"q covers {name:>10}: ESS {size(logw)[0]:6.1f} of 1000, estimate of log p(x) {estimate:+.4f}")


# %% right and wrong answers
@right_answer
def one_over_the_squares(logw):
    """By the normalized weights, which a program often has anyway, for the IWAE gradient or for resampling. One
    division more.
    """
    w = np.exp(logw - logw.max(axis=1)[:, None])
    w = w / w.sum(axis=1, keepdims=True)
    return 1 / np.sum(w**2, axis=1)


@right_answer
def by_two_bounds(logw):
    """In logarithms to the end: log ESS is twice the logarithm of a sum less that of the squares' sum. No shift of
    one's own, and right for -inf.
    """

    def log_of_sum(a):
        return np.logaddexp.reduce(np.asarray(a, dtype=float), axis=1)

    return np.exp(2 * log_of_sum(logw) - log_of_sum(2 * logw))


@right_answer
def by_the_spread_of_the_weights(logw):
    """Through the relative variance v of the weights, ESS = K / (1 + v). It shows what the ESS has to do with the
    delta method: the same ratio stands in both.
    """
    w = np.array([np.exp(row - max(row)) for row in logw])
    return w.shape[1] / (1 + w.var(axis=1) / w.mean(axis=1) ** 2)


def shifted(logw, level):
    """The weights after a shift by `level`."""
    with np.errstate(all="ignore"):
        return np.exp(logw - level)


@wrong_answer(
    passes=(equal_weights_count_in_full, one_one_four, integers_exactly),
    feedback="Far from 0 the exponentials are all 0 or infinite. A common factor cancels: take out the largest weight first.",
)
def unshifted(logw):
    w = shifted(logw, 0.0)
    return w.sum(axis=1) ** 2 / (w * w).sum(axis=1)


@wrong_answer(
    passes=(equal_weights_count_in_full, one_one_four, integers_exactly),
    feedback="One maximum for all rows is not enough: a row far below the others still becomes all zeros.",
)
def one_level_for_all(logw):
    w = shifted(logw, logw.max())
    return w.sum(axis=1) ** 2 / (w * w).sum(axis=1)


@wrong_answer(feedback="Upside down: this is at most 1, and samples are counted from 1 to K.")
def inverted(logw):
    return 1 / one_over_the_squares(logw)


@wrong_answer(
    passes=(equal_weights_count_in_full, some_count_for_nothing),
    feedback="That is the sum of the weights over the largest one. The denominator is the sum of the squares.",
)
def over_the_largest(logw):
    return shifted(logw, logw.max(axis=1, keepdims=True)).sum(axis=1)


@wrong_answer(
    feedback="You divided by K: that is the share of the samples. The number of samples is asked, from 1 to K.",
)
def as_a_share(logw):
    return one_over_the_squares(logw) / logw.shape[1]


@wrong_answer(
    passes=(equal_weights_count_in_full, some_count_for_nothing),
    feedback="That is the perplexity, the exponential of the weights' entropy. It also lies between 1 and K, and it is another number.",
)
def perplexity(logw):
    w = shifted(logw, logw.max(axis=1, keepdims=True))
    w = w / w.sum(axis=1, keepdims=True)
    return np.exp(-(w * np.log(np.where(w > 0, w, 1.0))).sum(axis=1))


@wrong_answer(feedback="The sums run over the samples of one example, axis 1. Yours run over the examples.")
def over_the_examples(logw):
    w = shifted(logw, logw.max(axis=1, keepdims=True))
    return w.sum(axis=0) ** 2 / (w * w).sum(axis=0)


@wrong_answer(
    passes=(equal_weights_count_in_full,),
    feedback="Close, but the variance of the weights is the plain one here, divided by K and not by K - 1.",
)
def with_the_sample_variance(logw):
    w = shifted(logw, logw.max(axis=1, keepdims=True))
    many = max(w.shape[1] - 1, 1)
    v = ((w - w.mean(axis=1, keepdims=True)) ** 2).sum(axis=1) / many
    return w.shape[1] / (1 + v / w.mean(axis=1) ** 2)


@wrong_answer(
    passes=(equal_weights_count_in_full, one_one_four),
    feedback="One number for each example is asked; yours is their average.",
)
def averaged_over_the_examples(logw):
    return np.full(1, one_over_the_squares(logw).mean())


@wrong_answer(
    passes=(equal_weights_count_in_full, one_one_four, integers_exactly, the_level_does_not_matter),
    feedback="A log-weight of minus infinity became nan: such a sample has the weight 0 and counts for nothing.",
)
def nan_for_no_weight(logw):
    with np.errstate(all="ignore"):
        w = np.exp((logw - logw.max(axis=1, keepdims=True)) + 0 * logw)
    return w.sum(axis=1) ** 2 / (w * w).sum(axis=1)
