# %% [markdown]
# ## How far below? The delta method
#
# $L_K$ is too low on average. By how much, for the $K$ that you can pay for? There is an answer that needs nothing but the
# weights you have drawn anyway.
#
# Write the mean of the $K$ weights as its own mean, $\mathbb{E}\, w = p(x)$, and a relative error $\delta$:
#
# $$ \bar w = p(x)\,(1 + \delta), \qquad \mathbb{E}\,\delta = 0, \qquad
#    \mathbb{E}\,\delta^2 = \frac{\mathrm{Var}(w)}{K\, p(x)^2}, $$
#
# the last because the variance of a mean of $K$ independent numbers is a $K$-th of theirs. Take the logarithm and expand it:
#
# $$ L_K = \log \bar w = \log p(x) + \log(1 + \delta)
#    = \log p(x) + \delta - \tfrac12 \delta^2 + \tfrac13 \delta^3 - \dots $$
#
# Take expectations. The term in $\delta$ vanishes. The third and fourth moments of a mean of $K$ numbers are both of order
# $1/K^2$. So what is left in first order is the square:
#
# $$ \log p(x) - \mathbb{E}\, L_K = \frac{\mathrm{Var}(w)}{2 K\, p(x)^2} + O\!\left(\frac{1}{K^2}\right). $$
#
# (Drop everything after $\delta$ instead, and you have the noise of a single draw: its variance is
# $\mathrm{Var}(w) / (K p(x)^2)$, twice the bias.) Neither $\mathrm{Var}(w)$ nor $p(x)$ is known, but a sample of weights has a
# variance and a mean.
#
# | argument | shape | meaning |
# |---|---|---|
# | `logw` | `(M,)`, $M \ge 2$ | a sample of log-weights for one $x$; `-inf` is a weight of 0, not all are |
# | `K` | integer $\ge 1$ | the number of samples in the bound; it need not be $M$ |
# | result | number $\ge 0$ | the estimate of $\log p(x) - \mathbb{E}\, L_K$, in nats |
#
# **Write `iwae_bias(logw, K)`,** with the mean of the $M$ weights for $p(x)$ and their *unbiased* variance, divided by
# $M - 1$. It must be as right for log-weights near $-20\,000$ or $2000$ as for those near 0.
#
# *Elsewhere:* `torch.var` divides by $M - 1$ unless told otherwise, `np.var` by $M$. Nowozin (2018) subtracts this bias, and
# higher ones by the jackknife.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def iwae_bias(logw, K):
    """Return the estimate of log p(x) - E[L_K], in nats, from a sample of log-weights of shape (M,)."""
    # BEGIN SOLUTION
    w = np.exp(logw - np.max(logw))
    return float(np.var(w, ddof=1) / (2 * K * np.mean(w) ** 2))
    # END SOLUTION


# %% public checks
@check(points=0.5)
def three_weights_by_hand(iwae_bias):
    """The weights 1, 2 and 6 have the mean 3 and the unbiased variance 7; for K = 4 the bias is 7/72."""
    expect_close(iwae_bias(np.log([1.0, 2.0, 6.0]), 4), 7 / 72, "iwae_bias(log [1, 2, 6], 4)")


@check(points=0.5)
def the_scale_does_not_matter(iwae_bias):
    """The same three weights, all multiplied by exp(-2000), have the same bias."""
    expect_close(iwae_bias(np.log([1.0, 2.0, 6.0]) - 2000, 4), 7 / 72, "iwae_bias(log [1, 2, 6] - 2000, 4)")


# %% hidden checks
def by_pairs(logw, K):
    """The unbiased variance is half the mean squared difference of two different weights of the sample."""
    logw = np.asarray(logw, dtype=float).tolist()
    w = [math.exp(each - max(logw)) for each in logw]
    M, mean = len(w), math.fsum(w) / len(w)
    squares = math.fsum((w[i] - w[j]) ** 2 for i in range(M) for j in range(i))
    return squares / (M * (M - 1)) / (2 * K * mean**2)


@check(points=1, hidden=True)
def any_sample_and_any_number(iwae_bias, rng):
    """For samples of 2 to 50 weights and K from 1 to 1000 it matches the squared differences of all pairs."""
    for M, K in [(50, 1), (20, 64), (2, 3), (7, 1000), (3, 2)]:
        logw = rng.normal(size=M)
        what = f"iwae_bias of {M} weights, K = {K}"
        expect_close(iwae_bias(logw, K), by_pairs(logw, K), what, rtol=1e-8, atol=0)
    expect_close(iwae_bias(np.array([0, 1, 3]), 2), by_pairs([0, 1, 3], 2), "iwae_bias of integers", rtol=1e-8, atol=0)


@check(points=1, hidden=True)
def weights_near_and_far(iwae_bias, rng):
    """It holds near -2000, -20 000 and 3000, for weights that lie 2000 nats apart, and with weights of 0 among them."""
    sample = rng.normal(size=20)
    zeros = np.where(np.arange(20) % 3 == 0, -np.inf, sample)
    apart, alone = np.array([0.0, 1.0, 2000.0]), np.array([-np.inf, -2000.0, -np.inf, -np.inf])
    rare = np.append(np.full(499, -30.0), 0.0)
    for logw in (sample - 2000, sample + 3000, apart, zeros, zeros - 2000, zeros - 20_000, alone, rare):
        what = f"iwae_bias of log-weights up to {logw.max():.0f}, from {logw.min():.0f}"
        expect_close(iwae_bias(logw, 2), by_pairs(logw, 2), what, rtol=1e-8, atol=0)


@check(points=1, hidden=True)
def equal_and_nearly_equal_weights(iwae_bias, rng):
    """Equal weights have no bias; where they differ by little it is tiny, and right to six digits."""
    for level in (3.0, -2000.0):
        expect_close(iwae_bias(np.full(5, level), 2), 0.0, "iwae_bias of equal weights")
        logw = level + 1e-2 * rng.normal(size=12)
        expect_close(
            iwae_bias(logw, 200_000), by_pairs(logw, 200_000), "iwae_bias of nearly equal weights", rtol=1e-6, atol=0
        )


# %% hints
HINTS = [
    "The formula needs the weights, not their logarithms. But exp(-2000) is 0.",
    "Multiply all weights by one number: what happens to the variance, and to the square of the mean?",
    "So you may divide all weights by the largest of them. Does the variance divide by M or by M - 1?",
]
WHY = r"""
The estimate is a variance over a squared mean, and a common factor of all weights leaves such a ratio as it is. So
the largest weight may be taken for the unit: $e^{-20000}$ is 0, $e^{-20000 + 20000}$ is 1. The factor $\tfrac12$ is
that of $\delta^2$ in $\log(1 + \delta)$; without it one has the variance of a draw. $K$ is the number of samples in
the *bound*, $M$ only how many weights were there to learn from. Where the variance of the weights is infinite the
number comes out all the same, and means nothing.
"""
COVERS = ["S2.7", "S2.8", "S0.elbo.d"]
KERNELS = [kernels.iwae_bias]

# %% [markdown]
# > **A common claim: "the bias of $L_K$ falls like $1/K$."** If $\mathrm{Var}(w)$ is finite. For a Gaussian posterior of
# > variance $s_p^2$ and $q = N(m, s^2)$, the mean of $w^2$ is the integral of $p(z \mid x)^2 / q(z)$, whose exponent far out
# > is $-z^2/s_p^2 + z^2/(2 s^2)$. It is finite if and only if $s^2 > s_p^2 / 2$. Below, the Gaussian model with
# > $s_p^2 = 1/2$, and two guesses: the prior, wider than needed, and one of variance 0.1, which is too sure. For the first
# > the slope of the bias, in logarithms, goes to $-1$ as promised, and the delta method comes closer and closer. For the
# > second the slope stays near $-0.3$, and the estimate is worth nothing, for it estimates infinity. A bad $q$ had better be
# > too wide.
# >
# > **A common claim: "the gap of the ELBO can be estimated by importance sampling: it is $L_K$ minus the ELBO."** What $L_K$
# > estimates is $\log p(x)$, from below. So the estimated gap is too small, by just this bias. See the last two columns: for
# > the $q$ that is too sure, a hundred samples still miss a quarter of the gap.

# %% experiment
bias, bound = grader.yours("iwae_bias"), grader.yours("iwae_bound")
draws, x, Ks = np.random.default_rng(1), 2.0, (1, 5, 20, 100)
log_p = -math.log(4 * math.pi) / 2 - x**2 / 4


def log_weights(m, s2, eps):
    """log p(x, z) - log q(z) at z = m + s eps, for z ~ N(0, 1), x|z ~ N(z, 1)."""
    z = m + math.sqrt(s2) * eps
    return -(z**2 + (x - z) ** 2 + math.log(2 * math.pi)) / 2 + eps**2 / 2 + math.log(s2) / 2


eps = draws.normal(size=2_000_000)
print(f"{'q':>12} {'K':>5} {'bias':>8} {'delta method':>13} {'slope':>6} {'estimated gap':>14} {'gap':>7}")
for m, s2 in ((0.0, 1.0), (0.8, 0.1)):
    everything, found = log_weights(m, s2, eps), []
    gap = log_p - everything.mean()
    for K in Ks:
        found.append(log_p - bound(everything.reshape(-1, K)).mean())
        slope = 6 * " "
        if len(found) > 1:
            slope = f"{math.log(found[-1] / found[-2]) / math.log(K / before):6.2f}"
        before, told = K, bias(everything[:20_000], K)
        print(f"{f'N({m}, {s2})':>12} {K:5d} {found[-1]:8.4f} {told:13.4f} {slope} {gap - found[-1]:14.4f} {gap:7.4f}")


# %% right and wrong answers
@right_answer
def of_relative_weights(logw, K):
    """Weights of mean 1 first. Then their variance is the relative one, and what is left of the formula is its 1/(2K)."""
    w = np.exp(logw - np.max(logw))
    w = w / w.mean()
    return np.sum((w - 1) ** 2) / (len(w) - 1) / (2 * K)


@right_answer
def by_effective_sample_size(logw, K):
    """The bridge to a later section: the shares' squares add up to 1/ESS, and M/ESS - 1 is the relative variance. Who
    has the ESS at hand has the bias for nothing.
    """
    M = len(logw)
    share = np.exp(logw - np.logaddexp.reduce(logw))
    return M / (M - 1) * (M * np.sum(share**2) - 1) / (2 * K)


def from_weights(formula, shift=np.max):
    """The estimate by another formula of the variance, the mean, the number of weights and K, or with another shift."""

    def answer(logw, K):
        with np.errstate(all="ignore"):
            w = np.exp(logw - shift(logw))
            return float(formula(np.var(w, ddof=1), np.mean(w), len(w), K))

    return answer


no_half = wrong_answer(
    feedback="That is twice the bias, the variance of one draw. The square in the expansion of the logarithm is halved.",
)(from_weights(lambda variance, mean, M, K: variance / (K * mean**2)))

no_shift = wrong_answer(
    the_scale_does_not_matter,
    weights_near_and_far,
    equal_and_nearly_equal_weights,
    feedback="exp(-2000) is 0, and 0/0 is nan. A common factor cancels from the result: take out the largest weight.",
)(from_weights(lambda variance, mean, M, K: variance / (2 * K * mean**2), shift=lambda logw: 0.0))

variance_of_the_logarithms = wrong_answer(
    feedback="That is the variance of the log-weights. The expansion has the variance of the weights, relative to their mean.",
)(lambda logw, K: float(np.nan_to_num(np.var(logw, ddof=1), nan=1e9) / (2 * K)))

divided_by_M = wrong_answer(
    feedback="Your variance divides by M. The unbiased one divides by M - 1.",
)(from_weights(lambda variance, mean, M, K: (M - 1) / M * variance / (2 * K * mean**2)))

negative = wrong_answer(
    feedback="The sign: asked is by how much L_K lies BELOW log p(x), which is not negative.",
)(from_weights(lambda variance, mean, M, K: -variance / (2 * K * mean**2)))

K_squared = wrong_answer(
    feedback="The bias is of first order in 1/K. You divide by the square of K.",
)(from_weights(lambda variance, mean, M, K: variance / (2 * K**2 * mean**2)))

K_forgotten = wrong_answer(
    feedback="Your result does not depend on K: the mean of K weights varies less than one weight.",
)(from_weights(lambda variance, mean, M, K: variance / (2 * mean**2)))

M_for_K = wrong_answer(
    feedback="You divide by the size of the sample. K is the number of samples in the bound, an argument of its own.",
)(from_weights(lambda variance, mean, M, K: variance / (2 * M * mean**2)))

mean_not_squared = wrong_answer(
    feedback="The variance has the units of the weights squared, so it is compared with the square of their mean.",
)(from_weights(lambda variance, mean, M, K: variance / (2 * K * mean)))

standard_deviation = wrong_answer(
    feedback="The square of the relative error is a variance over a squared mean. You use the standard deviation.",
)(from_weights(lambda variance, mean, M, K: math.sqrt(variance) / (2 * K * mean)))

jensens_gap = wrong_answer(
    feedback="That is log of the mean minus mean of the logs, over K. It is the whole gap of the ELBO, and a K-th of it is not the bias.",
)(
    lambda logw, K: (
        float(np.logaddexp.reduce(logw) - math.log(len(logw)) - np.mean(np.where(np.isfinite(logw), logw, -1e9))) / K
    )
)

divided_by_M_and_no_shift = wrong_answer(
    feedback="Two things: exp(-2000) is 0, so take out the largest weight first; and the unbiased variance divides by M - 1.",
)(from_weights(lambda variance, mean, M, K: (M - 1) / M * variance / (2 * K * mean**2), shift=lambda logw: 0.0))
