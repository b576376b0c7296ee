# %% [markdown]
# ## Wrong in which direction?
#
# A weather service says "no rain, ever". It rains once. How wrong was the service? Infinitely, by the measure of the
# last section: a word of probability 0 has no code word at all. Now another service, which says "rain half of the time"
# of a desert. It wastes a little, day after day. The divergence
#
# $$ \mathrm{KL}(p \,\|\, q) = -\sum_k p_k \log\frac{q_k}{p_k} = \sum_k p_k \log\frac{p_k}{q_k} $$
#
# averages under $p$, so it asks about all that $p$ does, and only about that:
#
# - a bin with $p_k = 0$ adds **0**, whatever $q$ says of it, even where $q_k$ is 0 too;
# - a bin with $p_k > 0 = q_k$ makes the sum **infinite**. This is no accident of the formula to be smoothed away. It
#   is the answer.
#
# | argument | shape | meaning |
# |---|---|---|
# | `p`, `q` | `(bins,)` | histograms, each with sum 1; a probability is 0 or at least $10^{-300}$ |
# | result | number | $\mathrm{KL}(p \,\Vert\, q)$ in nats, `inf` where it is infinite |
#
# **Write `kl_divergence(p, q)`.** The result is never `nan`, and no epsilon is added to anything.
#
# *Elsewhere:* `scipy.stats.entropy(p, q)` and `sum(scipy.special.rel_entr(p, q))` have the same order. PyTorch's
# `F.kl_div(log_q, p, reduction="sum")` has the *second* distribution first, as a logarithm; its default takes a mean
# over the bins, which is no divergence of anything.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def kl_divergence(p, q):
    """Return KL(p || q) of two histograms, shape (bins,), in nats; inf where q excludes what p does."""
    # BEGIN SOLUTION
    happens = p > 0
    if np.any(q[happens] == 0):
        return math.inf
    return np.sum(p[happens] * (np.log(p[happens]) - np.log(q[happens])))
    # END SOLUTION


# %% public checks
@check(points=0.5)
def a_pair_worked_by_hand(kl_divergence):
    """Of (1/4, 3/4) from (1/2, 1/2) it is 3/4 log 3 - log 2, by hand 0.1308 nats."""
    by_hand = 0.75 * math.log(3) - math.log(2)
    got = kl_divergence(np.array([0.25, 0.75]), np.array([0.5, 0.5]))
    expect_close(got, by_hand, "kl_divergence([1/4, 3/4], [1/2, 1/2])")


@check(points=0.5)
def what_never_happens_adds_nothing(kl_divergence):
    """A bin that p does not use adds 0: (1/2, 1/2, 0, 0) and (1/8, 1/2, 3/8, 0) are log 2 apart."""
    p, q = np.array([0.5, 0.5, 0.0, 0.0]), np.array([0.125, 0.5, 0.375, 0.0])
    expect_close(kl_divergence(p, q), math.log(2), "kl_divergence([1/2, 1/2, 0, 0], [1/8, 1/2, 3/8, 0])")


@check(points=0.5)
def the_impossible_that_happens_costs_everything(kl_divergence):
    """Where q says 0 and p does not, the divergence is infinite."""
    p, q = np.array([0.25, 0.25, 0.5]), np.array([0.5, 0.5, 0.0])
    expect_close(kl_divergence(p, q), math.inf, "kl_divergence([1/4, 1/4, 1/2], [1/2, 1/2, 0])")


# %% hidden checks
def bin_by_bin(p, q):
    """The definition, with one logarithm of one ratio a bin."""
    if any(b == 0 < a for a, b in zip(p, q, strict=True)):
        return math.inf
    return math.fsum(float(a) * math.log(float(a) / float(b)) for a, b in zip(p, q, strict=True) if a > 0)


@check(points=0.5, hidden=True)
def the_definition_for_any_histograms(kl_divergence, rng):
    """For random histograms with and without zeros it is the sum of the definition, and 0 for equal ones."""
    for bins, alike in [(2, 1), (5, 1), (1, 1), (300, 1), (2000, 50)]:
        p, q = rng.dirichlet(np.full(bins, alike), 2)
        expect_close(kl_divergence(p, q), bin_by_bin(p, q), f"KL of two random histograms with {bins} bins")
    q = rng.dirichlet(np.ones(6))
    for p in (np.eye(6)[2], np.array([0.0, 0.3, 0.0, 0.2, 0.5, 0.0])):
        expect_close(kl_divergence(p, q), bin_by_bin(p, q), "KL of a histogram with empty bins from one without")
    expect_close(kl_divergence(q, q.copy()), 0.0, "KL of two equal histograms")


@check(points=0.5, hidden=True)
def infinite_or_finite_as_it_should_be(kl_divergence, rng):
    """With zeros in either, in both, and without a common bin, it is infinite exactly where q excludes what p does."""
    full, gap = rng.dirichlet(np.ones(4)), np.array([0.4, 0.0, 0.35, 0.25])
    other_gap, same_gap = np.array([0.0, 0.5, 0.2, 0.3]), np.array([0.1, 0.0, 0.6, 0.3])
    pairs = [(full, gap), (gap, full), (gap, same_gap), (gap, other_gap), (other_gap, gap)]
    for p, q in [*pairs, (np.array([1.0, 0.0]), np.array([0.0, 1.0])), (np.array([1.0, 0.0]), np.array([1.0, 0.0]))]:
        expect_close(kl_divergence(p, q), bin_by_bin(p, q), "KL of two histograms with zeros")


@check(points=0.5, hidden=True)
def tiny_is_not_zero(kl_divergence, rng):
    """Probabilities as small as 1e-300 count for what they are, in p and in q."""
    a = rng.uniform(0.3, 0.7)
    for p, q in [([a, 1 - a], [1.0, 1e-300]), ([1.0, 1e-300], [a, 1 - a]), ([0.25, 0.75], [1e-12, 1.0])]:
        p, q = np.array(p), np.array(q)
        expect_close(kl_divergence(p, q), bin_by_bin(p, q), f"kl_divergence({p.tolist()}, {q.tolist()})")
    # Two that differ in what is rare: the first has 1e-20 where the second has 1e-22.
    p, q = np.array([1.0, 1e-20, 0.0]), np.array([1.0, 1e-22, 0.0])
    what = "kl_divergence([1, 1e-20, 0], [1, 1e-22, 0])"
    expect_close(kl_divergence(p, q), 1e-20 * math.log(100), what, atol=0)


# %% hints
HINTS = [
    "Under which of the two is the average taken? That one decides which bins matter.",
    "Two questions before the sum: which bins does p use, and does q exclude one of these?",
    "Select the bins with p > 0 by a boolean mask, from both arrays. Among them look for a 0 in q.",
]
WHY = """
The average runs under $p$, so `happens` decides which bins count, for $q$ as for $p$. Two cases are settled before
any logarithm: bins that $p$ does not use are gone, and a bin that $q$ excludes makes the answer infinite, as a value
and not by a warning. What is left are positive numbers, however small, and their logarithms need no help.
"""
COVERS = ["S4.8a", "S2.20"]
KERNELS = [kernels.kl_divergence, kernels.kl_divergence_plain]

# %% [markdown]
# > **Often done: "add an epsilon, so that the logarithm is defined."** Half of the implementations in public do it.
# > What comes out where the truth is infinite? The cell compares $(1/2, 1/2)$ with $(1, 0)$ for several epsilons. The
# > result is half of $\log 1/\varepsilon$, less $\log 2$: it measures the taste of the programmer. Two models that both
# > exclude something get a finite ranking, and whoever changes the epsilon changes the ranking. If you want a finite
# > measure, choose one that *is* finite; it comes two sections further on.

# %% experiment
kl = grader.yours("kl_divergence")
p, q = np.array([0.5, 0.5]), np.array([1.0, 0.0])
print(f"no epsilon: {kl(p, q)}")
for epsilon in (1e-3, 1e-6, 1e-9, 1e-12, 1e-15):
    smoothed = np.sum((p + epsilon) * np.log((p + epsilon) / (q + epsilon)))
    print(f"epsilon {epsilon:g}: {smoothed:8.4f}   (1/2) log(1/epsilon) = {0.5 * np.log(1 / epsilon):8.4f}")


# %% right and wrong answers
@right_answer
def with_a_loop(p, q):
    """The two rules of the definition, each a line: skip what p does not use, infinity where q excludes it. For reading
    and for tests.
    """
    total = 0.0
    for a, b in zip(p, q, strict=True):
        if a == 0:
            continue
        if b == 0:
            return float("inf")
        total += a * math.log(a / b)
    return total


@right_answer
def with_where(p, q):
    """One line. `np.where` works out both sides everywhere, so the values are right, and there are warnings on the way
    for bins that are thrown away after. It does no harm as long as nobody treats warnings as errors.
    """
    return np.where(p != 0, p * np.log(p / q), 0).sum()


@right_answer
def cross_entropy_less_entropy(p, q):
    """Keeps log p and log q with their -∞, as one does where models say logarithms in the first place. The infinite case
    needs no line of its own: p times (log p + ∞) is ∞.
    """
    log_p, log_q = (np.log(a, out=np.full(a.shape, -np.inf), where=a > 0) for a in (p, q))
    terms = p[p > 0] * (log_p[p > 0] - log_q[p > 0])
    return float(terms.sum())


@wrong_answer(feedback="That is KL(q || p). The average is taken under the first argument.")
def exchanged(p, q):
    return with_where(q, p) if np.all(p[q > 0] > 0) else math.inf


@wrong_answer(
    passes=(
        a_pair_worked_by_hand,
        the_impossible_that_happens_costs_everything,
    ),
    feedback="0 log 0 came out as nan. A bin with p = 0 adds nothing: leave it out of the sum.",
)
def zero_times_log_zero(p, q):
    with np.errstate(all="ignore"):
        return np.sum(p * np.log(p / q))


def with_epsilon(epsilon, renormalized=False, clipped=False):
    """Both arguments lifted above 0 before the logarithm."""

    def answer(p, q):
        p, q = (np.clip(a, epsilon, 1) if clipped else a + epsilon for a in (p, q))
        if renormalized:
            p, q = p / p.sum(), q / q.sum()
        return np.sum(p * np.log(p / q))

    return answer


AN_EPSILON = (
    "An epsilon turns an infinite divergence into a number that depends on the epsilon, and rare bins into others."
)
lifted_by_1e_9 = wrong_answer(feedback=AN_EPSILON)(with_epsilon(1e-9))
lifted_by_1e_10 = wrong_answer(passes=(a_pair_worked_by_hand,), feedback=AN_EPSILON)(
    with_epsilon(1e-10, renormalized=True)
)
clipped_at_1e_12 = wrong_answer(
    passes=(a_pair_worked_by_hand, what_never_happens_adds_nothing, the_definition_for_any_histograms),
    feedback=AN_EPSILON,
)(with_epsilon(1e-12, clipped=True))


@wrong_answer(
    passes=(
        a_pair_worked_by_hand,
        what_never_happens_adds_nothing,
        the_definition_for_any_histograms,
        tiny_is_not_zero,
    ),
    feedback="You leave out the bins that q excludes. Where p uses one of them the divergence is infinite.",
)
def skips_what_q_excludes(p, q):
    both = (p > 0) & (q > 0)
    return np.sum(p[both] * np.log(p[both] / q[both]))


@wrong_answer(
    passes=(
        a_pair_worked_by_hand,
        what_never_happens_adds_nothing,
        the_definition_for_any_histograms,
        tiny_is_not_zero,
    ),
    feedback="Where q excludes what p does the answer is infinite, and yours is not.",
)
def infinite_becomes_zero(p, q):
    value = with_a_loop(p, q)
    return value if math.isfinite(value) else 0.0


@wrong_answer(
    passes=(the_impossible_that_happens_costs_everything,),
    feedback="The sign: with -log(q/p), or log(p/q), the divergence is never negative.",
)
def negated(p, q):
    value = with_a_loop(p, q)
    return value if math.isinf(value) else -value


@wrong_answer(
    passes=(the_impossible_that_happens_costs_everything,),
    feedback="You took the mean over the bins. A divergence is a sum: the weights p are in it already.",
)
def mean_over_bins(p, q):
    return with_a_loop(p, q) / len(p)


@wrong_answer(
    passes=(the_impossible_that_happens_costs_everything,),
    feedback="That is the cross-entropy, the whole length of the code. The divergence is what exceeds the entropy of p.",
)
def cross_entropy(p, q):
    value = with_a_loop(p, q)
    return value - np.sum(p[p > 0] * np.log(p[p > 0]))


@wrong_answer(
    passes=(the_impossible_that_happens_costs_everything,),
    feedback="This is in bits: divide by log 2 for bits, and do not for nats.",
)
def in_bits(p, q):
    return with_a_loop(p, q) / math.log(2)


@wrong_answer(
    passes=(the_impossible_that_happens_costs_everything,),
    feedback="That is the symmetrized one, half of KL both ways. One direction is asked for.",
)
def symmetrized(p, q):
    return (with_a_loop(p, q) + with_a_loop(q, p)) / 2


@wrong_answer(feedback="These are the terms of the single bins. The divergence is their sum, a number.")
def not_summed(p, q):
    return np.where(p > 0, p * np.log(p / q), 0)


@wrong_answer(
    passes=(the_impossible_that_happens_costs_everything,),
    feedback="The ratio is averaged under p, with the weights p. Yours adds up the logarithms without them.",
)
def without_weights(p, q):
    if np.any(q[p > 0] == 0):
        return math.inf
    return np.sum(np.log(p[p > 0] / q[p > 0]))
