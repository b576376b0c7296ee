# %% [markdown]
# ## How far apart are two histograms?
#
# KL asks one distribution to explain the other's data. Where the explainer says "impossible" and the data says "it
# happened", the answer is infinity, and a generator that is still far from its data gets no number to improve.
#
# The way out of Jensen and Shannon: let both explain their *mixture*, which can call nothing impossible that either of
# them does. With a weight $0 \le w \le 1$,
#
# $$ m = w\,p + (1 - w)\,q, \qquad
#    \mathrm{JS}_w(p, q) = w\,\mathrm{KL}(p \,\|\, m) + (1 - w)\,\mathrm{KL}(q \,\|\, m). $$
#
# Somebody draws a word, from $p$ with probability $w$, else from $q$, and you are to guess from which. The divergence
# is what the word tells you about the coin, so it is never more than the coin's own entropy
# $H(w, 1 - w) = -w \log w - (1 - w) \log(1 - w)$, which is $\log 2$ for a fair one.
#
# | argument | shape | meaning |
# |---|---|---|
# | `p`, `q` | `(bins,)` | histograms, each with sum 1; zeros are allowed |
# | `w` | number in [0, 1] | the weight of `p` in the mixture |
# | result | number | in nats |
#
# **Write `js_divergence(p, q, w=0.5)`.** A bin that a distribution does not use contributes nothing to its term. At
# $w = 0$ and $w = 1$ the coin always falls the same way, and the divergence is 0. Two histograms that differ only in
# events of probability $10^{-9}$ are $7 \cdot 10^{-10}$ apart, and two that share no bin $H(w, 1 - w)$, also for a $w$
# of $10^{-9}$. There, and wherever the divergence is larger than $10^{-6}$, the relative error must stay below
# $10^{-6}$.
#
# *Elsewhere:* `scipy.spatial.distance.jensenshannon(p, q)` is the *square root* of this, at $w = 1/2$.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def js_divergence(p, q, w=0.5):
    """Return the Jensen-Shannon divergence of two histograms, shape (bins,), in nats; p has the weight w."""
    # BEGIN SOLUTION
    mixture = w * p + (1 - w) * q

    def share(weight, a):
        used = (a > 0) & (weight > 0)
        return weight * np.sum(a[used] * np.log(a[used] / mixture[used]))

    return share(w, p) + share(1 - w, q)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def a_pair_worked_by_hand(js_divergence):
    """(1, 0) and (1/2, 1/2) are half of log 4/3 plus a quarter of log 4/3 apart, by hand 0.2158 nats."""
    by_hand = 0.5 * np.log(4 / 3) + 0.25 * np.log(2 / 3) + 0.25 * np.log(2)
    got = js_divergence(np.array([1.0, 0.0]), np.array([0.5, 0.5]))
    expect_close(got, by_hand, "js_divergence([1, 0], [1/2, 1/2])", rtol=1e-6)


@check(points=0.5)
def the_weight_belongs_to_p(js_divergence):
    """With w = 1/4 the mixture of (3/4, 1/4) and (1/2, 1/2) is (9/16, 7/16), and they are 0.0249 nats apart."""
    first = 0.75 * math.log(4 / 3) + 0.25 * math.log(4 / 7)
    second = 0.5 * math.log(8 / 9) + 0.5 * math.log(8 / 7)
    got = js_divergence(np.array([0.75, 0.25]), np.array([0.5, 0.5]), 0.25)
    expect_close(got, 0.25 * first + 0.75 * second, "js_divergence([3/4, 1/4], [1/2, 1/2], 1/4)", rtol=1e-6)


# %% hidden checks
@check(points=0.5, hidden=True)
def it_is_what_mixing_adds_to_the_entropy(js_divergence, rng):
    """For any histograms and weight it equals H(m) - w H(p) - (1 - w) H(q), and 0 for equal ones."""

    def entropy(a):
        return -math.fsum(each * math.log(each) for each in a.tolist() if each > 0)

    for bins, w in [(2, 0.5), (7, 0.5), (5, 0.2), (9, 0.9), (4, 0.3), (1, 0.5), (300, 0.6)]:
        p, q = rng.dirichlet(np.ones(bins)), rng.dirichlet(np.ones(bins))
        if bins > 4:
            p[: bins // 3], q[-(bins // 3) :] = 0, 0
            p, q = p / p.sum(), q / q.sum()
        expected = entropy(w * p + (1 - w) * q) - w * entropy(p) - (1 - w) * entropy(q)
        what = f"JS of two random histograms with {bins} bins, w = {w}"
        expect_close(js_divergence(p, q, w), expected, what, rtol=1e-6)
    p, q = rng.dirichlet(np.full(2000, 50), 2)
    expected = entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2
    expect_close(js_divergence(p, q), expected, "JS of two histograms with 2000 bins", rtol=1e-6)
    for w in (0.5, 0.3):
        expect_close(js_divergence(p, p.copy(), w), 0.0, f"JS of two equal histograms, w = {w}")


@check(points=0.5, hidden=True)
def sharing_no_bin_costs_the_entropy_of_the_weights(js_divergence, rng):
    """Without a common bin it is log 2 at equal weights, H(w, 1 - w) at others, however far apart."""
    a = rng.uniform(0.2, 0.8)
    p, q = np.array([a, 1 - a, 0.0, 0.0, 0.0]), np.array([0.0, 0.0, 0.0, 0.5, 0.5])
    expect_close(js_divergence(p, q), math.log(2), "JS of two histograms that share no bin", rtol=1e-6)
    for w in (0.3, 0.01, 0.999):
        expected = -w * math.log(w) - (1 - w) * math.log(1 - w)
        expect_close(js_divergence(p, q, w), expected, f"the same, with w = {w}", rtol=1e-6)


@check(points=0.5, hidden=True)
def at_the_ends_there_is_nothing_to_guess(js_divergence, rng):
    """With w = 0 or w = 1 the divergence is 0, for histograms that share all bins, some or none; between it is not."""
    apart = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    within = np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.25, 0.5])
    partly = np.array([0.5, 0.5, 0.0]), np.array([0.0, 0.25, 0.75])
    for p, q in [within, apart, partly, rng.dirichlet(np.ones(3), 2)]:
        for w in (0, 1, 0.0, 1.0):
            expect_close(js_divergence(p, q, w), 0.0, f"JS of two histograms with w = {w}")
    expect_close(js_divergence(*apart, 0.5), math.log(2), "JS of [1, 0] and [0, 1] with w = 1/2", rtol=1e-6)


@check(points=0.5, hidden=True)
def rare_events_count_for_what_they_are(js_divergence, rng):
    """Histograms that differ in events of probability 1e-9 only are 1e-9 log 2 apart, relative error below 1e-6."""
    rare = rng.uniform(5e-10, 1.2e-9)
    p, q = np.array([1 - rare, rare, 0.0]), np.array([1 - rare, 0.0, rare])
    what = f"JS of [1 - p, p, 0] and [1 - p, 0, p], p = {rare:.3g}"
    expect_close(js_divergence(p, q), rare * math.log(2), what, rtol=1e-6, atol=0)
    w = 2.0**-30  # about 1e-9; with a power of two nothing is rounded in 1 - w
    expected = -w * math.log(w) - (1 - w) * math.log1p(-w)
    apart = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    expect_close(js_divergence(*apart, w), expected, "JS of [1, 0] and [0, 1], w = 2**-30", rtol=1e-6, atol=0)


# %% hints
HINTS = [
    "Write the mixture first. Where p > 0 and w > 0, can the mixture be 0?",
    "Each term is a KL divergence to the mixture, taken over the bins that its own histogram uses.",
    "Select those bins with a boolean mask before you take the logarithm, and leave out a term whose weight is 0.",
]
WHY = """
The mixture saves everything: where $p > 0$ and $w > 0$, also $m > 0$, so every ratio that is needed exists. `used`
asks for both, and that settles the ends: at $w = 0$ the term of $p$ has no bins left, and nothing infinite is ever
multiplied by 0. The weight stands in two places, in the mixture and before each term; $w$ in one of them only is
right at $w = 1/2$, where everyone tries it.
"""
COVERS = ["S0.m", "S2.13", "S2.20"]
KERNELS = [kernels.js_divergence]

# %% [markdown]
# > **Often said: "for disjoint supports the JS distance is log 2."** It is the *divergence*, with *equal weights*, in
# > *nats*. Run the cell: in bits it is 1, with weights (0.3, 0.7) it is 0.611, and the quantity that obeys the triangle
# > inequality is its square root, 0.833. What matters for a GAN stands in all four: the number is the same at any
# > distance, so its slope is zero.
# >
# > The second table moves one block of ten bins away from another one. KL is infinite from the first bin on, both ways.
# > JS grows with every bin that is no longer shared, until none is, and then no more: with the shift as a share
# > $\theta$ of the width, it is $\min(|\theta|, 1) \log 2$. Neither tells somebody who is far away how far.

# %% experiment
js, kl = grader.yours("js_divergence"), grader.yours("kl_divergence")
p, q = np.array([1.0, 0.0]), np.array([0.0, 1.0])
apart = js(p, q)
print(f"nats {apart:.4f}   bits {apart / np.log(2):.4f}   w = 0.3: {js(p, q, 0.3):.4f}   metric {np.sqrt(apart):.4f}\n")


def block(start):
    """Ten bins of 1/10 each, from `start` on, among forty."""
    bins = np.zeros(40)
    bins[start : start + 10] = 0.1
    return bins


print(f"{'shift / width':>14} {'KL(p||q)':>9} {'KL(q||p)':>9} {'JS':>8} {'JS / log 2':>11}")
for shift in (0, 1, 2, 5, 9, 10, 20, 30):
    p, q = block(0), block(shift)
    print(f"{shift / 10:14.1f} {kl(p, q):9.3f} {kl(q, p):9.3f} {js(p, q):8.4f} {js(p, q) / np.log(2):11.4f}")


# %% right and wrong answers
def entropy_of(a):
    """The entropy of a histogram, in nats."""
    return -np.sum(a[a > 0] * np.log(a[a > 0]))


@right_answer
def by_entropies(p, q, w=0.5):
    """What mixing adds to the entropy, $H(m) - w H(p) - (1 - w) H(q)$: three calls of one function, and a reason why it
    never exceeds H(w, 1 - w). For two nearly equal histograms it is a small difference of large numbers: with 500
    bins that differ by a ten-thousandth it loses three digits more than the sum of terms.
    """
    return entropy_of(w * p + (1 - w) * q) - w * entropy_of(p) - (1 - w) * entropy_of(q)


@right_answer
def with_a_loop(p, q, w=0.5):
    """Bin by bin. The weight and the bin are multiplied before one asks whether the product is positive: one condition
    for both.
    """
    total = 0.0
    for a, b in zip(p, q, strict=True):
        m = w * a + (1 - w) * b
        if w * a > 0:
            total += w * a * math.log(a / m)
        if (1 - w) * b > 0:
            total += (1 - w) * b * math.log(b / m)
    return total


@right_answer
def by_cases(p, q, w=0.5):
    """The ends first, as a case of their own. After that every bin has a harmless 1 in the place of a 0, and there is
    nothing to select: the form for arrays of many histograms, where masks would have different lengths.
    """
    if w in (0, 1):
        return 0
    m = w * p + (1 - w) * q
    terms = [np.where(a > 0, a * np.log(np.where(a > 0, a, 1) / np.where(m > 0, m, 1)), 0).sum() for a in (p, q)]
    return np.dot([w, 1 - w], terms)


ENDS = (at_the_ends_there_is_nothing_to_guess,)


def to_a_mixture(own_weight, outer):
    """A family of mistakes: the weight of p in the mixture, and the weights of the terms, as functions of w."""

    def answer(p, q, w=0.5):
        inside = own_weight(w)
        m = inside * p + (1 - inside) * q
        kl = [np.sum(a[a > 0] * np.log(a[a > 0] / m[a > 0])) for a in (p, q)]
        return sum(weight * each for weight, each in zip(outer(w), kl, strict=True) if weight)

    return answer


in_bits = wrong_answer(
    feedback="This is in bits: the logarithm is natural here, so that log 2, not 1, is the largest value.",
)(lambda p, q, w=0.5: with_a_loop(p, q, w) / math.log(2))
weights_exchanged = wrong_answer(
    passes=(
        a_pair_worked_by_hand,
        *ENDS,
        sharing_no_bin_costs_the_entropy_of_the_weights,
        rare_events_count_for_what_they_are,
    ),
    feedback="w is the weight of p, the first histogram, in the mixture as in the sum. Yours belongs to q.",
)(lambda p, q, w=0.5: with_a_loop(p, q, 1 - w))
mean_as_mixture = wrong_answer(
    passes=(a_pair_worked_by_hand,),
    feedback="The weight enters the mixture too: with w = 0.3 the mixture is 0.3 p + 0.7 q, not their mean.",
)(to_a_mixture(lambda w: 0.5, lambda w: (w, 1 - w)))
halves_everywhere = wrong_answer(
    passes=(a_pair_worked_by_hand,),
    feedback="Your result does not depend on w. It is the weight of p, in the mixture and in the sum.",
)(to_a_mixture(lambda w: 0.5, lambda w: (0.5, 0.5)))
halves_outside = wrong_answer(
    passes=(a_pair_worked_by_hand,),
    feedback="The mixture has the weights w and 1 - w, and so must the two terms of the sum. Yours have one half each.",
)(to_a_mixture(lambda w: w, lambda w: (0.5, 0.5)))
not_halved = wrong_answer(
    feedback="The two divergences are weighted, with w and 1 - w, before they are added: yours count in full.",
)(to_a_mixture(lambda w: w, lambda w: (1, 1)))
mean_and_not_halved = wrong_answer(
    feedback="Two things: w belongs into the mixture, and the two divergences are weighted before they are added.",
)(to_a_mixture(lambda w: 0.5, lambda w: (1, 1)))


@wrong_answer(feedback="The square root is the JS distance, which is a metric. The divergence itself is asked for.")
def the_metric(p, q, w=0.5):
    return math.sqrt(max(with_a_loop(p, q, w), 0))


@wrong_answer(
    feedback="The result is divided by log 2 and the root taken: bits, and a distance. The divergence in nats is asked for.",
)
def the_metric_in_bits(p, q, w=0.5):
    return math.sqrt(max(with_a_loop(p, q, w), 0) / math.log(2))


@wrong_answer(
    passes=(the_weight_belongs_to_p,),
    feedback="0 log 0 came out as nan. A bin that a histogram does not use adds nothing to its own term: leave it out.",
)
def zero_times_log_zero(p, q, w=0.5):
    m = w * p + (1 - w) * q
    return w * np.sum(p * np.log(p / m)) + (1 - w) * np.sum(q * np.log(q / m))


@wrong_answer(
    *ENDS, feedback="At w = 0 or 1 you multiply an infinite or undefined term by 0. A term of weight 0 is left out."
)
def infinite_times_zero(p, q, w=0.5):
    m = w * p + (1 - w) * q
    first, second = (np.sum(a[a > 0] * np.log(a[a > 0] / m[a > 0])) for a in (p, q))
    return w * first + (1 - w) * second


@wrong_answer(
    feedback="Both histograms are compared with the mixture, KL(p||m) and KL(q||m). Yours has the mixture in front.",
)
def mixture_in_front(p, q, w=0.5):
    m = w * p + (1 - w) * q
    return w * np.sum(np.where(m > 0, m * np.log(m / p), 0)) + (1 - w) * np.sum(np.where(m > 0, m * np.log(m / q), 0))


@wrong_answer(
    feedback="That compares p and q with each other, both ways, and is infinite where they share no bin. Where is the mixture?",
)
def without_a_mixture(p, q, w=0.5):
    return w * np.sum(np.where(p > 0, p * np.log(p / q), 0)) + (1 - w) * np.sum(np.where(q > 0, q * np.log(q / p), 0))


def with_epsilon(epsilon, renormalized=False):
    """Both histograms lifted above 0."""

    def answer(p, q, w=0.5):
        p, q = p + epsilon, q + epsilon
        if renormalized:
            p, q = p / p.sum(), q / q.sum()
        return with_a_loop(p, q, w)

    return answer


AN_EPSILON = "An epsilon was added. No logarithm here needs one, and rare events lose their weight by it."
COARSE = (a_pair_worked_by_hand, the_weight_belongs_to_p, sharing_no_bin_costs_the_entropy_of_the_weights)
epsilon_of_1e_10 = wrong_answer(passes=(*COARSE, it_is_what_mixing_adds_to_the_entropy, *ENDS), feedback=AN_EPSILON)(
    with_epsilon(1e-10)
)
epsilon_of_1e_12 = wrong_answer(rare_events_count_for_what_they_are, feedback=AN_EPSILON)(with_epsilon(1e-12, True))
