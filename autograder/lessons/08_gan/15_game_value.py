# %% [markdown]
# ## The value of the game
#
# The forger does not see the banknotes. It hears one number: how well the detective is paid,
#
# $$ V(D) = \sum_x p(x) \log D(x) + \sum_x q(x) \log\bigl(1 - D(x)\bigr), $$
#
# and tries to make it small, while the detective makes it large. So what does the forger minimize when the detective
# is perfect? Put $D^* = p / (p + q)$ into the formula, and write $m = (p + q)/2$ for the mixture:
#
# $$ \begin{aligned}
# V(D^*) &= \sum_x p \log \frac{p}{p + q} + \sum_x q \log \frac{q}{p + q} \\
#        &= \sum_x p \log \frac{p}{2m} + \sum_x q \log \frac{q}{2m} \\
#        &= \mathrm{KL}(p \,\|\, m) - \log 2 + \mathrm{KL}(q \,\|\, m) - \log 2 \\
#        &= 2\,\mathrm{JS}(p, q) - \log 4 .
# \end{aligned} $$
#
# With a perfect detective the forger minimizes the Jensen-Shannon divergence, and the least that the game can be worth is
# $-\log 4 \approx -1.386$ nats, when the two are the same. Any other detective is paid less. By how much less is its
# *shortfall*: $V(D^*) - V(D) \ge 0$. Only when it is 0 is the number that the forger hears a divergence.
#
# | argument | shape | meaning |
# |---|---|---|
# | `p`, `q` | `(K,)`, $K \ge 1$ | histograms: probabilities that sum to 1; zeros are allowed |
# | `D` | `(K,)` | the discriminator's probabilities of "real", from 0 to 1, both included |
# | results | number, number | $V(D)$ and the shortfall of `D`, in nats |
#
# **Write `game_value(p, q, D)`, which returns `(V, shortfall)`.** A bin that a distribution does not use adds nothing
# to its own sum, whatever `D` says there ($0 \log 0 = 0$). Whoever is sure and wrong pays without limit: $V = -\infty$,
# and the shortfall is $+\infty$. No clipping.
#
# In code this is `-(BCE(D(real), 1) + BCE(D(fake), 0))`, with a mean for each of the two sums. Many programs halve it.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, expect_parts, right_answer, wrong_answer


# %% answer
def game_value(p, q, D):
    """Return V(D) = sum p log D + sum q log(1 - D) and its shortfall from the best D's value, both in nats."""

    # BEGIN SOLUTION
    def mean_log(weights, probabilities):
        used = weights > 0
        with np.errstate(divide="ignore"):
            return np.sum(weights[used] * np.log(probabilities[used]))

    total = np.where(p + q > 0, p + q, 1.0)
    value = mean_log(p, D) + mean_log(q, 1 - D)
    best = mean_log(p, p / total) + mean_log(q, q / total)
    return value, best - value
    # END SOLUTION


# %% public checks
PARTS = ("V", "shortfall")


@check(points=0.5)
def a_coin_against_a_perfect_forger(game_value):
    """With p = q and D = 1/2 the game is worth -log 4 = -1.3863, and nothing is missing."""
    half = np.array([0.5, 0.5])
    got = game_value(half, half, half)
    expect_close(got, (-math.log(4), 0.0), "game_value([.5, .5], [.5, .5], [.5, .5])", parts=PARTS)


@check(points=0.5)
def a_coin_against_a_bad_forger(game_value):
    """With p = (1, 0), q = (1/4, 3/4) and D = (1/2, 1/4), by hand: V = log 1/2 + 1/4 log 1/2 + 3/4 log 3/4."""
    value = 1.25 * math.log(0.5) + 0.75 * math.log(0.75)
    best = math.log(0.8) + 0.25 * math.log(0.2)
    got = game_value(np.array([1.0, 0.0]), np.array([0.25, 0.75]), np.array([0.5, 0.25]))
    expect_close(got, (value, best - value), "game_value([1, 0], [.25, .75], [.5, .25])", parts=PARTS)


# %% hidden checks
def entropy(a):
    """In nats, bin by bin."""
    return -math.fsum(x * math.log(x) for x in a.tolist() if x > 0)


def by_entropies(p, q, D):
    """V term by term, and the best value as 2 JS - log 4 from entropies."""
    value = math.fsum(a * math.log(d) for a, d in zip(p.tolist(), D.tolist(), strict=True) if a > 0)
    value += math.fsum(b * math.log1p(-d) for b, d in zip(q.tolist(), D.tolist(), strict=True) if b > 0)
    divergence = entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2
    return value, 2 * divergence - math.log(4) - value


@check(points=0.5, hidden=True)
def any_game(game_value, rng):
    """For any histograms and any D it is the sum, and what is missing from 2 JS - log 4."""
    for K in (4, 1, 9):
        p, q = rng.dirichlet(np.ones(K)), rng.dirichlet(np.ones(K))
        for name, D in [("a random D", rng.uniform(0.05, 0.95, K)), ("D = 0.4", np.full(K, 0.4))]:
            expect_close(game_value(p, q, D), by_entropies(p, q, D), f"game_value of {K} bins with {name}", parts=PARTS)


@check(points=0.5, hidden=True)
def the_best_is_missing_nothing(game_value, rng):
    """For the best D the shortfall is 0, for any histograms."""
    for K in (4, 2, 9):
        p, q = rng.dirichlet(np.ones(K)), rng.dirichlet(np.ones(K))
        value, shortfall = expect_parts(game_value(p, q, p / (p + q)), PARTS, f"game_value of {K} bins with the best D")
        expect_close(shortfall, 0.0, f"the shortfall of the best D for {K} bins")
        expect_close(value, by_entropies(p, q, p / (p + q))[0], f"V of the best D for {K} bins")


@check(points=1, hidden=True)
def empty_bins_and_sure_answers(game_value, rng):
    """Bins that one of the two, or neither, uses; sure answers that are right cost nothing, and one that is wrong all."""
    a = rng.uniform(0.2, 0.8)
    p, q = np.array([a, 1 - a, 0.0, 0.0]), np.array([0.0, 0.0, 1.0, 0.0])
    for last in (0.0, 0.3, 1.0):
        got = game_value(p, q, np.array([1.0, 1.0, 0.0, last]))
        expect_close(
            got, (0.0, 0.0), f"game_value of disjoint p and q, a perfect D, {last:g} on an empty bin", parts=PARTS
        )
    p, q, D = np.array([0.4, 0.0, 0.6]), np.array([0.3, 0.7, 0.0]), np.array([0.6, 0.0, 1.0])
    expect_close(game_value(p, q, D), by_entropies(p, q, D), "game_value with two sure and right answers", parts=PARTS)
    even = np.array([0.5, 0.5])
    for D in (np.array([0.0, 0.5]), np.array([0.5, 1.0]), np.array([0.0, 1.0])):
        got = game_value(even, even, D)
        expect_close(got, (-math.inf, math.inf), f"game_value([.5, .5], [.5, .5], {D.tolist()})", parts=PARTS, rtol=0)


# %% hints
HINTS = [
    "V is two sums. In each, leave out the bins whose own weight is 0 before you take a logarithm.",
    "The best D is the ratio of the last exercise. The same two sums, with it in the place of D, give the best value.",
    "Where a probability is 0 and its weight is not, the sum is minus infinity: look for that case first.",
]
WHY = r"""
Game value and best value are the same two sums, once with $D$ and once with $D^*$, so one helper does all four. It
leaves out what has no weight before it takes a logarithm: that is $0 \log 0 = 0$. A logarithm of 0 that is left is
meant, for whoever is sure and wrong pays without limit; clipping would make 27 nats of it. The shortfall is never
negative, because $D^*$ is the maximum at every single point.
"""
COVERS = ["S2.13", "S2.14", "S4.11a", "S4.11b"]
KERNELS = [kernels.game_value]

# %% [markdown]
# > **A misprint that is copied along.** In one memo of formulas the second expectation of the game is written
# > $\mathbb{E}_{z - p_z}$. It should be $z \sim p_z$: "$z$ drawn from $p_z$", not a difference. The fakes are $G(z)$ with
# > $z$ drawn from the generator's own dice, and $\mathbb{E}_{z \sim p_z} \log(1 - D(G(z)))$ is the same number as
# > $\mathbb{E}_{x \sim q} \log(1 - D(x))$.
# >
# > **A common claim: "the discriminator's loss tells how good the generator is."** If $D$ were perfect, it would: it
# > would be $\log 4 - 2\,\mathrm{JS}$. But a discriminator in training has a shortfall, and the two cannot be told apart
# > from outside. In the cell the same loss, $\log 4$, "a perfect generator" by that reading, comes from a perfect forger and
# > from a detective who tosses a coin against a miserable one.

# %% experiment
value_of = grader.yours("game_value")
data = np.array([0.5, 0.3, 0.2, 0.0])
cases = {
    "perfect forger, perfect detective": (data, np.full(4, 0.5)),
    "bad forger, detective tosses a coin": (data[::-1], np.full(4, 0.5)),
    "bad forger, perfect detective": (data[::-1], data / (data + data[::-1])),
}
print(f"{'':>37} {'loss -V':>9} {'shortfall':>10} {'JS from V':>10}")
for name, (q, D) in cases.items():
    value, missing = value_of(data, q, D)
    print(f"{name:>37} {-value:9.4f} {missing:10.4f} {(value + math.log(4)) / 2:10.4f}")


# %% right and wrong answers
def two_sums(p, q, D):
    """sum p log D + sum q log(1 - D), over the bins in use."""
    with np.errstate(divide="ignore"):
        pairs = [*zip(p, D, strict=True), *zip(q, 1 - D, strict=True)]
        return sum(w * np.log(a) for w, a in pairs if w > 0)


def ratio(p, q):
    """The best D."""
    return np.divide(p, p + q, out=np.full(p.shape, 0.5), where=p + q > 0)


def jensen_shannon(p, q):
    m = (p + q) / 2
    return sum(np.sum(a[a > 0] * np.log(a[a > 0] / m[a > 0])) for a in (p, q)) / 2


def with_best(value_of, best_of):
    """An answer made of a value and a best value."""

    def answer(p, q, D):
        value = value_of(p, q, D)
        return value, best_of(p, q) - value

    return answer


@right_answer
def by_divergences(p, q, D):
    """The best value as 2 JS - log 4. Take it where a JS is at hand, or as a check of the derivation: both roads must
    give the same number.
    """
    value = two_sums(p, q, D)
    return value, 2 * jensen_shannon(p, q) - np.log(4) - value


@right_answer
def the_shortfall_as_a_divergence_of_coins(p, q, D):
    """At every x the shortfall is p + q times the KL from the coin D*(x) to the coin D(x): a sum of terms that are
    never negative, which shows at which x the points are lost.
    """
    best = ratio(p, q)
    with np.errstate(all="ignore"):
        sides = [np.where(b > 0, b * np.log(b / d), 0.0) for b, d in ((best, D), (1 - best, 1 - D))]
    return two_sums(p, q, D), np.sum(np.where(p + q > 0, (p + q) * (sides[0] + sides[1]), 0.0))


js_not_doubled = wrong_answer(
    passes=(a_coin_against_a_perfect_forger,),
    feedback="The best value is 2 JS - log 4. In yours the factor 2 is missing: each of the two sums brings a whole KL.",
)(with_best(two_sums, lambda p, q: jensen_shannon(p, q) - np.log(4)))

without_the_constant = wrong_answer(
    feedback="The constant of the best value is missing. What is V when p = q and D = 1/2?"
)(with_best(two_sums, lambda p, q: 2 * jensen_shannon(p, q)))

half_the_constant = wrong_answer(
    feedback="The constant of the best value is off by log 2: a factor 1/2 leaves each of the two sums."
)(with_best(two_sums, lambda p, q: 2 * jensen_shannon(p, q) - np.log(2)))

log_of_the_same = wrong_answer(
    feedback="The second term is log(1 - D), not -log D. That is another game, for a later section."
)(with_best(lambda p, q, D: two_sums(p, 0 * q, D) - two_sums(q, 0 * p, D), lambda p, q: two_sums(p, q, ratio(p, q))))

clipped = wrong_answer(
    passes=(the_best_is_missing_nothing, a_coin_against_a_perfect_forger, a_coin_against_a_bad_forger, any_game),
    feedback="You keep D away from 0 and 1. Whoever is sure and wrong pays without limit, not 27 nats.",
)(with_best(lambda p, q, D: two_sums(p, q, np.clip(D, 1e-12, 1 - 1e-12)), lambda p, q: two_sums(p, q, ratio(p, q))))

halved = wrong_answer(feedback="That is half of the game. The two expectations are added, not averaged.")(
    with_best(lambda p, q, D: two_sums(p, q, D) / 2, lambda p, q: two_sums(p, q, ratio(p, q)) / 2)
)

averaged_over_bins = wrong_answer(
    feedback="You average over the bins. The weights p and q make the sums expectations already."
)(
    with_best(
        lambda p, q, D: two_sums(p, q, D) / len(p),
        lambda p, q: two_sums(p, q, ratio(p, q)) / len(p),
    )
)

roles_exchanged = wrong_answer(
    passes=(a_coin_against_a_perfect_forger,),
    feedback="D is the probability of 'real': it belongs to the sum over p, and 1 - D to the sum over q.",
)(with_best(lambda p, q, D: two_sums(q, p, D), lambda p, q: two_sums(p, q, ratio(p, q))))


@wrong_answer(
    passes=(
        the_best_is_missing_nothing,
        a_coin_against_a_perfect_forger,
    ),
    feedback="The shortfall is what D is missing, the best value minus its own: it is never negative.",
)
def negative_shortfall(p, q, D):
    value, shortfall = by_divergences(p, q, D)
    return value, -shortfall


@wrong_answer(
    feedback="That is the loss that a program would minimize. V is what the detective earns, so it is at most 0."
)
def as_a_loss(p, q, D):
    value, shortfall = by_divergences(p, q, D)
    return -value, shortfall


@wrong_answer(feedback="This is in bits. The logarithm is natural here.")
def in_bits(p, q, D):
    value, shortfall = by_divergences(p, q, D)
    return value / math.log(2), shortfall / math.log(2)


@wrong_answer(
    passes=(the_best_is_missing_nothing, a_coin_against_a_perfect_forger, any_game),
    feedback="0 log 0 came out as nan. A bin that a distribution does not use adds nothing to its own sum.",
)
def zero_times_log_zero(p, q, D):
    best = p / (p + q)
    with np.errstate(all="ignore"):
        value = np.sum(p * np.log(D)) + np.sum(q * np.log(1 - D))
        return value, np.sum(p * np.log(best)) + np.sum(q * np.log(1 - best)) - value


@wrong_answer(
    passes=(a_coin_against_a_perfect_forger,),
    feedback="The second number is JS itself. Asked is how far V(D) stays below the best value.",
)
def the_divergence(p, q, D):
    return two_sums(p, q, D), jensen_shannon(p, q)
