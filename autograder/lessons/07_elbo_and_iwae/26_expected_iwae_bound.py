# %% [markdown]
# ## The whole curve, exactly
#
# How far does the bound rise with $K$, and how fast? To see it without the noise of sampling, take the simplest weights that
# can vary: $w_1$ with probability $p$, and $w_2$ with probability $1 - p$. Of $K$ independent samples, $k$ have the first
# weight with a probability that you know from coin tosses, and then the mean of the weights is what it is:
#
# $$ \mathbb{E}\, L_K = \sum_{k=0}^{K} \binom{K}{k} p^k (1-p)^{K-k} \; \log \frac{k\, w_1 + (K-k)\, w_2}{K} . $$
#
# **Why it can only rise.** Take $K + 1$ weights. Leave out the $j$-th and average the other $K$: call this $\bar w_{-j}$. Every
# weight is left out once, so the mean of all is the mean of these means,
#
# $$ \bar w = \frac{1}{K+1} \sum_{j=1}^{K+1} \bar w_{-j} . $$
#
# The logarithm is concave (Jensen), so
#
# $$ \log \bar w \;\ge\; \frac{1}{K+1} \sum_{j=1}^{K+1} \log \bar w_{-j} . $$
#
# Now take expectations. On the left stands $L_{K+1}$. On the right every $\bar w_{-j}$ is a mean of $K$ independent weights, so
# every term has the mean $\mathbb{E}\, L_K$:
#
# $$ \mathbb{E}\, L_{K+1} \ge \mathbb{E}\, L_K, \qquad \text{and once more by Jensen,} \quad
#    \mathbb{E}\, L_K \le \log \mathbb{E}\, w = \log p(x) . $$
#
# Equality holds only where all weights are alike, which is where $q$ is the posterior. And by the law of large numbers the
# mean of the weights tends to $p(x)$, and $L_K$ to $\log p(x)$, provided that $q$ reaches every $z$ that the posterior does.
#
# | argument | type | meaning |
# |---|---|---|
# | `w` | pair of numbers > 0 | the weights $w_1$ and $w_2$ |
# | `p` | number in [0, 1], ends included | the probability of $w_1$ |
# | `K` | integer from 1 to 2000 | the number of samples |
# | result | number | $\mathbb{E}\, L_K$ in nats, exact to rounding: no sampling |
#
# **Write `expected_iwae_bound(w, p, K)`.** Mind that $\binom{2000}{1000}$ is larger than any float, and the power beside it
# smaller than any.
#
# *Elsewhere:* `scipy.stats.binom.pmf(k, K, p)` gives the coin tosses' probabilities; under the hood it works with logarithms,
# of the gamma function.

# %% imports
import itertools
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_array, expect_close, right_answer, wrong_answer


# %% answer
def expected_iwae_bound(w, p, K):
    """Return E[log of the mean of K weights], in nats; each weight is w[0] with probability p, else w[1]."""
    # BEGIN SOLUTION
    chances = np.ones(1)  # of 0, 1, 2, ... samples with the first weight, among those drawn so far
    for _ in range(K):
        chances = np.append((1 - p) * chances, 0.0) + np.append(0.0, p * chances)
    first = np.arange(K + 1)
    means = (first * w[0] + (K - first) * w[1]) / K
    return float(chances @ np.log(means))
    # END SOLUTION


# %% public checks
@check(points=0.5)
def one_sample_is_the_elbo(expected_iwae_bound):
    """With K = 1, weights 32 and 2 with probabilities 1/4 and 3/4 give (5 + 3)/4 times log 2."""
    expect_close(expected_iwae_bound((32.0, 2.0), 0.25, 1), 2 * math.log(2), "expected_iwae_bound((32, 2), 1/4, 1)")


@check(points=0.5)
def two_samples_by_hand(expected_iwae_bound):
    """Two of the weights 3 and 1 have the mean 3, 2 or 1, with probabilities 1/16, 6/16 and 9/16 for p = 1/4."""
    expected = (math.log(3) + 6 * math.log(2)) / 16
    expect_close(expected_iwae_bound((3.0, 1.0), 0.25, 2), expected, "expected_iwae_bound((3, 1), 1/4, 2)")


# %% hidden checks
def by_enumeration(w, p, K):
    """All 2^K outcomes of the K draws, each with its probability."""
    terms = []
    for outcome in itertools.product((0, 1), repeat=K):
        chance = math.prod((p, 1 - p)[i] for i in outcome)
        terms.append(chance * math.log(math.fsum(w[i] for i in outcome) / K))
    return math.fsum(terms)


def by_whole_numbers(w, p, K):
    """The sum with exact binomial coefficients, whose logarithms Python takes however large they are."""
    terms, choices = [], 1
    for k in range(K + 1):
        log_chance = math.log(choices) + k * math.log(p) + (K - k) * math.log1p(-p)
        terms.append(math.exp(log_chance) * math.log((k * w[0] + (K - k) * w[1]) / K))
        choices = choices * (K - k) // (k + 1)
    return math.fsum(terms)


@check(points=1, hidden=True)
def every_outcome_counted(expected_iwae_bound, rng):
    """For up to nine samples it equals the sum over all outcomes, one by one."""
    for K in (2, 3, 5, 9, 1):
        w, p = (float(rng.uniform(2, 5)), float(rng.uniform(0.1, 0.8))), float(rng.uniform(0.1, 0.4))
        what = f"expected_iwae_bound of random weights with K = {K}"
        expect_close(expected_iwae_bound(w, p, K), by_enumeration(w, p, K), what, rtol=1e-9)
    for w in ((1e4, 1e-4), (1e-150, 1e150)):
        what = f"expected_iwae_bound(({w[0]:g}, {w[1]:g}), 0.01, 8)"
        expect_close(expected_iwae_bound(w, 0.01, 8), by_enumeration(w, 0.01, 8), what, rtol=1e-9)


@check(points=0.5, hidden=True)
def nothing_left_to_chance(expected_iwae_bound, rng):
    """If p is 0 or 1, or the weights are alike, it is the logarithm of the only weight there is, for any K."""
    a = rng.uniform(3, 9)
    for w, p, K, only in [((a, 0.5), 0.0, 3, 0.5), ((a, 0.5), 1.0, 4, a), ((4, 3), 1, 1, 4), ((4, 3), 0, 7, 3)]:
        expect_close(expected_iwae_bound(w, p, K), math.log(only), f"expected_iwae_bound({w}, {p:g}, {K})")
    expect_close(expected_iwae_bound((2.0, 2.0), 0.3, 5), math.log(2), "expected_iwae_bound((2, 2), 0.3, 5)")


@check(points=0.5, hidden=True)
def a_thousand_samples_and_more(expected_iwae_bound, rng):
    """For K from 1000 to 2000 nothing overflows, and no probability is lost."""
    for w, p, K in [
        ((rng.uniform(3, 9), 0.5), 0.2, 1000),
        ((4.0, 0.5), 0.5, 1100),
        ((1e6, 1e-3), 0.001, 2000),
        ((2.0, 1.0), 0.9, 2000),
    ]:
        what = f"expected_iwae_bound(({w[0]:g}, {w[1]:g}), {p:g}, {K})"
        expect_close(expected_iwae_bound(w, p, K), by_whole_numbers(w, p, K), what, rtol=1e-9)


@check(points=1, hidden=True)
def it_rises_and_stays_below(expected_iwae_bound, rng):
    """It grows with every sample, never reaches log p(x), and is exact all the way."""
    w = rng.uniform(3, 9), 0.5
    log_p = math.log(0.2 * w[0] + 0.4)
    values = [float(expect_array(expected_iwae_bound(w, 0.2, K), (), "a bound")) for K in range(1, 41)]
    steps = np.diff(values)
    expect(
        bool(np.all(steps > 0)),
        f"From K = {int(np.argmin(steps)) + 1} to {int(np.argmin(steps)) + 2} the bound changes by {steps.min():.3g}.",
        "A step up for every sample.",
        summary="The bound does not rise with every sample.",
    )
    expect(values[-1] < log_p, f"With 40 samples it is {values[-1]:.5g}.", f"Less than log p(x) = {log_p:.5g}.")
    exact = [by_whole_numbers(w, 0.2, K) for K in range(1, 41)]
    expect_close(np.array(values), np.array(exact), "the bounds with 1 to 40 samples", rtol=1e-9)


# %% hints
NOT_PROBED = (a_thousand_samples_and_more,)  # a call takes milliseconds

HINTS = [
    "With one sample there are two outcomes. Write down those with two samples, then with three: which ones are alike?",
    "You can find the probabilities of k among K + 1 from those among K: the new sample has the first weight, or it has not.",
    "Or work with the logarithm of each probability, math.lgamma for the factorials, and treat p = 0 and p = 1 apart.",
]
WHY = """
Only the number of samples with the first weight matters, so $2^K$ outcomes fall into $K + 1$ cases. Their
probabilities grow sample by sample: a share $1 - p$ of each stays where it is, a share $p$ moves up by one. Every
number on the way is a probability, so no binomial coefficient ever stands alone and overflows, and $p = 0$ and $p =
1$ are no special cases. The price is $K^2/2$ steps in place of $K$.
"""
COVERS = ["S2.7", "S2.8", "S0.k"]
KERNELS = [kernels.expected_iwae_bound]

# %% [markdown]
# **See it.** Three pairs of weights, all with the mean 1, so that $\log p(x) = 0$. If the weights are alike there is
# nothing to gain. If they differ a little, ten samples do. If nearly all of $p(x)$ comes from one sample in a thousand, then
# nine times in ten a hundred samples see nothing of it, the bound hardly moves, and nothing in the numbers tells you so.
#
# The last row is $K$ times what is missing, at $K = 2000$. For the pair in the middle it has come to rest: what is missing
# falls like one over $K$. With what number in front? That is the next section.

# %% experiment
curve = grader.yours("expected_iwae_bound")
first_weights = {"alike": (1.0, 0.5), "a little apart": (2.4, 0.2), "one in a thousand": (991.0, 0.001)}
pairs = {name: ((first, (1 - p * first) / (1 - p)), p) for name, (first, p) in first_weights.items()}
print(f"{'K':>6}", *(f"{name:>18}" for name in pairs))
for K in (1, 2, 5, 10, 100, 500, 2000):
    print(f"{K:6d}", *(f"{curve(w, p, K):18.4f}" for w, p in pairs.values()))
print(f"{'K gap':>6}", *(f"{-2000 * curve(w, p, 2000):18.3f}" for w, p in pairs.values()))


# %% right and wrong answers
@right_answer
def with_log_gamma(w, p, K):
    """Each probability from its own logarithm, as SciPy does it. None waits for another, which is about ten times
    faster at K = 2000; the price is the two special cases p = 0 and p = 1.
    """
    if p in (0, 1):
        return math.log(w[0] if p == 1 else w[1])
    total = 0.0
    for k in range(K + 1):
        log_choose = math.lgamma(K + 1) - math.lgamma(k + 1) - math.lgamma(K - k + 1)
        chance = math.exp(log_choose + k * math.log(p) + (K - k) * math.log(1 - p))
        total += chance * math.log(k / K * w[0] + (K - k) / K * w[1])
    return total


@right_answer
def from_one_term_to_the_next(w, p, K):
    """Each probability from its neighbor, by the odds of one more success: no factorial at all, and the fastest of the
    three. In logarithms, for the first term is a power that underflows.
    """
    if p == 1:
        return np.log(w[0])
    log_chances = [K * math.log1p(-p)]
    for k in range(K):
        odds = p / (1 - p) * (K - k) / (k + 1)
        log_chances.append(log_chances[-1] + math.log(odds) if odds else -math.inf)
    k = np.arange(K + 1)
    return np.sum(np.exp(log_chances) * np.log(w[0] * k / K + w[1] * (1 - k / K)))


def summed(coefficient=math.comb, last=1, chance=lambda p: p, inside=lambda k, K, w: (k * w[0] + (K - k) * w[1]) / K):
    """The plain sum with one of its pieces changed; powers of 0 are as Python has them."""

    def answer(w, p, K):
        p, total = chance(p), 0.0
        for k in range(K + last):
            total += coefficient(K, k) * p**k * (1 - p) ** (K - k) * math.log(inside(k, K, w))
        return total

    return answer


the_limit = wrong_answer(
    passes=(nothing_left_to_chance,),
    feedback="That is log p(x), the limit for K to infinity. With finitely many samples the expectation lies below it.",
)(lambda w, p, K: math.log(p * w[0] + (1 - p) * w[1]))

the_elbo = wrong_answer(
    passes=(one_sample_is_the_elbo, nothing_left_to_chance),
    feedback="That does not depend on K: it is the value for one sample, the ELBO.",
)(lambda w, p, K: p * math.log(w[0]) + (1 - p) * math.log(w[1]))

no_binomial = wrong_answer(
    passes=(one_sample_is_the_elbo,),
    feedback="The k samples with the first weight can be any of the K: the number of ways is missing.",
)(summed(coefficient=lambda K, k: 1.0))

floats_overflow = wrong_answer(
    a_thousand_samples_and_more,
    feedback="A binomial coefficient beyond the floats meets a power below them. Bring the two together before they are floats.",
)(summed())

weights_exchanged = wrong_answer(
    feedback="p is the probability of the first weight. You give it to the second one.",
)(summed(chance=lambda p: 1 - p))

last_outcome_missing = wrong_answer(
    feedback="The sum ends one outcome too early: all K samples may have the first weight.",
)(summed(last=0))

sum_of_weights = wrong_answer(
    passes=(one_sample_is_the_elbo,),
    feedback="Inside the logarithm stands the mean of the K weights, not their sum.",
)(summed(inside=lambda k, K, w: k * w[0] + (K - k) * w[1]))


@wrong_answer(
    nothing_left_to_chance,
    feedback="Where p is 0 or 1 there is no logarithm of p or of 1 - p. Then only one weight ever occurs.",
)
def no_certainty(w, p, K):
    logs = math.log(p), math.log1p(-p)
    return with_log_gamma(w, p, K) + 0 * sum(logs)


@wrong_answer(
    passes=(nothing_left_to_chance,),
    feedback="That is an approximation for large K, log p(x) minus its first correction. Asked is the exact expectation.",
)
def first_correction(w, p, K):
    mean = p * w[0] + (1 - p) * w[1]
    return math.log(mean) - p * (1 - p) * (w[0] - w[1]) ** 2 / (2 * K * mean**2)


@wrong_answer(
    passes=(nothing_left_to_chance,),
    feedback="That is an average over random draws, right to a few digits only. The sum over all outcomes is exact.",
)
def by_sampling(w, p, K):
    draws = np.random.default_rng(0).random((2000, K)) < p
    return float(np.mean(np.log(np.where(draws, w[0], w[1]).mean(axis=1))))
