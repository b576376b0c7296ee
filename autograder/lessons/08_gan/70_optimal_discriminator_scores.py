# %% [markdown]
# ## One ratio, four losses
#
# The logistic loss is not the only one that a discriminator may be trained with. Below are four from practice. In all of
# them the discriminator gives a *score* $s$, any real number, high for real and low for fake. What is the best score on a
# bin where the data have mass $p$ and the generator has mass $q$? You will find that each loss sees the same thing, the
# ratio $p/q$, through another pair of glasses.
#
# | `loss` | to be minimized over $s$, bin by bin |
# |---|---|
# | `"logistic"` | $\sum p \log(1 + e^{-s}) + \sum q \log(1 + e^{s})$ |
# | `"smoothed"` | $\sum p\,\bigl(0.9 \log(1 + e^{-s}) + 0.1 \log(1 + e^{s})\bigr) + \sum q \log(1 + e^{s})$: one-sided label smoothing, real has the label 0.9 and fake has 0 |
# | `"least-squares"` | $\sum p\,(s - 1)^2 + \sum q\,(s + 1)^2$ |
# | `"hinge"` | $\sum p \max(0, 1 - s) + \sum q \max(0, 1 + s)$ |
#
# Sums over the bins; nothing is halved. (Some programs halve the least squares, and some have the targets 1 and 0.)
#
# | argument | shape | meaning |
# |---|---|---|
# | `p`, `q` | `(K,)`, $K \ge 1$ | histograms of the data and of the generator; zeros are allowed, and bins as tiny as $10^{-300}$ |
# | `loss` | string | one of the four; anything else is a `ValueError` |
# | results | `(K,)`, number | the best scores, and the loss that is left |
#
# **Write `optimal_discriminator_scores(p, q, loss)`, which returns `(scores, least)`.** Where several scores are
# equally good, take the one nearest 0 (so it is 0 on a bin where $p = q = 0$). Where the loss only *tends* to its least
# value, the score is infinite, $+\infty$ or $-\infty$. No epsilon, and no nan.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import (
    check,
    expect,
    expect_array,
    expect_close,
    expect_parts,
    expect_raises,
    right_answer,
    wrong_answer,
)


# %% answer
def optimal_discriminator_scores(p, q, loss):
    """Return the scores, shape (K,), that minimize a discriminator's loss, and the loss that is left, in that order."""
    # BEGIN SOLUTION
    total = np.where(p + q > 0, p + q, 1.0)
    if loss == "hinge":
        return np.sign(p - q), 2 * np.sum(np.minimum(p, q))
    if loss == "least-squares":
        return (p - q) / total, 4 * np.sum(p * (q / total))
    if loss not in ("logistic", "smoothed"):
        raise ValueError(f"unknown loss {loss!r}")
    real, fake = (p, q) if loss == "logistic" else (0.9 * p, 0.1 * p + q)

    def log(a):
        return np.log(np.where(a > 0, a, 1.0))

    one_sided = np.where(real > fake, np.inf, np.where(fake > real, -np.inf, 0.0))
    scores = np.where((real > 0) & (fake > 0), log(real) - log(fake), one_sided)
    return scores, np.sum(real * (log(total) - log(real)) + fake * (log(total) - log(fake)))
    # END SOLUTION


# %% public checks
PARTS = ("scores", "least")
NAMES = ("logistic", "smoothed", "least-squares", "hinge")


@check(points=0.5)
def two_bins_of_each(optimal_discriminator_scores):
    """With p = (0.75, 0.25) and q = (0.25, 0.75) all four are as worked out by hand."""
    p, q = np.array([0.75, 0.25]), np.array([0.25, 0.75])
    expected = {
        "logistic": (np.log([3, 1 / 3]), 2 * (math.log(4) - 0.75 * math.log(3))),
        "smoothed": (
            np.log([0.675 / 0.325, 0.225 / 0.775]),
            -0.675 * math.log(0.675) - 0.325 * math.log(0.325) - 0.225 * math.log(0.225) - 0.775 * math.log(0.775),
        ),
        "least-squares": ([0.5, -0.5], 1.5),
        "hinge": ([1.0, -1.0], 1.0),
    }
    got = {loss: optimal_discriminator_scores(p, q, loss) for loss in NAMES}
    for loss in NAMES:
        what = f'optimal_discriminator_scores([.75, .25], [.25, .75], "{loss}")'
        expect_close(got[loss], expected[loss], what, parts=PARTS)


@check(points=0.5)
def a_bin_that_nobody_uses(optimal_discriminator_scores):
    """On a bin that neither uses the score is 0 for every loss; an unknown loss is a ValueError."""
    p, q = np.array([1.0, 0.0]), np.array([1.0, 0.0])
    got = {loss: optimal_discriminator_scores(p, q, loss) for loss in NAMES}
    for loss in NAMES:
        scores, _ = expect_parts(got[loss], PARTS, f'optimal_discriminator_scores([1, 0], [1, 0], "{loss}")')
        expect_close(expect_array(scores, (2,), "scores")[1], 0.0, f'the second score for "{loss}"')
    with expect_raises(ValueError, 'optimal_discriminator_scores(p, q, "wasserstein")'):
        optimal_discriminator_scores(p, q, "wasserstein")


# %% hidden checks
def softplus(s):
    return np.logaddexp(0.0, s)


COSTS = {  # what a score costs on a real and on a fake sample
    "logistic": (lambda s: softplus(-s), softplus),
    "smoothed": (lambda s: 0.9 * softplus(-s) + 0.1 * softplus(s), softplus),
    "least-squares": (lambda s: (s - 1) ** 2, lambda s: (s + 1) ** 2),
    "hinge": (lambda s: np.maximum(0, 1 - s), lambda s: np.maximum(0, 1 + s)),
}


def by_golden_section(cost, low=-30.0, high=30.0):
    """The place of the least value of a convex function, where it has one in (low, high)."""
    ratio = (math.sqrt(5) - 1) / 2
    for _ in range(90):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if cost(left) <= cost(right) else (left, high)
    return (low + high) / 2


@check(points=1.5, hidden=True)
def nothing_costs_less(optimal_discriminator_scores, rng):
    """For random histograms no other scores cost less, and the loss that is left is what these scores cost."""
    for K in (5, 1, 8):
        p, q = rng.dirichlet(np.ones(K)), rng.dirichlet(np.ones(K))
        for loss, (real, fake) in COSTS.items():
            what = f'optimal_discriminator_scores of {K} bins, "{loss}"'
            scores, least = expect_parts(optimal_discriminator_scores(p, q, loss), PARTS, what)
            scores = expect_array(scores, (K,), f"scores of {what}")
            best = [by_golden_section(lambda s, a=a, b=b: a * real(s) + b * fake(s)) for a, b in zip(p, q, strict=True)]
            expected = p @ real(np.array(best)) + q @ fake(np.array(best))
            expect_close(least, expected, f"least of {what}")
            expect_close(p @ real(scores) + q @ fake(scores), expected, f"what the scores of {what} cost", rtol=1e-9)


@check(points=1.5, hidden=True)
def closed_forms(optimal_discriminator_scores, rng):
    """The scores are functions of the ratio p/q alone, one function for each loss, and the losses left are divergences."""
    p, q = rng.dirichlet(np.ones(6)), rng.dirichlet(np.ones(6))
    r, m = np.log(p / q), (p + q) / 2
    js = np.sum(p * np.log(p / m) + q * np.log(q / m)) / 2
    a, b = 0.9 * p, 0.1 * p + q
    expected = {
        "logistic": (r, 2 * math.log(2) - 2 * js),
        "smoothed": (np.log(a / b), np.sum(a * np.log1p(b / a) + b * np.log1p(a / b))),
        "least-squares": (np.tanh(r / 2), 2 - np.sum((p - q) ** 2 / (p + q))),
        "hinge": (np.sign(r), 2 - np.sum(np.abs(p - q))),
    }
    for loss in NAMES:
        got = optimal_discriminator_scores(p, q, loss)
        expect_close(got, expected[loss], f'optimal_discriminator_scores of 6 bins, "{loss}"', parts=PARTS)


@check(points=1, hidden=True)
def empty_and_tiny_bins(optimal_discriminator_scores, rng):
    """Equal bins, bins that one, the other or neither uses, and bins as tiny as 1e-300 get their exact scores."""
    order = rng.permutation(5)
    p, q = np.array([0.25, 0.5, 0.0, 0.25, 0.0])[order], np.array([0.25, 0.0, 0.25, 0.5, 0.0])[order]
    entropy = -0.9 * math.log(0.9) - 0.1 * math.log(0.1)
    equal = 0.25 * (-0.9 * math.log(0.45) - 1.1 * math.log(0.55))
    shared = -0.225 * math.log(0.225 / 0.75) - 0.525 * math.log(0.525 / 0.75)
    thirds = -0.25 * math.log(1 / 3) - 0.5 * math.log(2 / 3)
    expected = {
        "logistic": ([0.0, np.inf, -np.inf, -math.log(2), 0.0], 0.5 * math.log(2) + thirds),
        "smoothed": ([math.log(9 / 11), math.log(9), -np.inf, math.log(3 / 7), 0.0], equal + 0.5 * entropy + shared),
        "least-squares": ([0.0, 1.0, -1.0, -1 / 3, 0.0], 0.5 + 4 * 0.125 / 0.75),
        "hinge": ([0.0, 1.0, -1.0, -1.0, 0.0], 1.0),
    }
    for loss in NAMES:
        what = f'optimal_discriminator_scores with every kind of bin, "{loss}"'
        scores, least = expect_parts(optimal_discriminator_scores(p, q, loss), PARTS, what)
        scores, wanted = expect_array(scores, (5,), f"scores of {what}"), np.array(expected[loss][0])[order]
        same = np.array_equal(np.where(np.isfinite(scores), 0, scores), np.where(np.isfinite(wanted), 0, wanted))
        expect(same, f"scores of {what} are {scores}.", "Infinite where, and only where, the loss never stops falling.")
        expect_close(scores[np.isfinite(wanted)], wanted[np.isfinite(wanted)], f"the finite scores of {what}")
        expect_close(least, expected[loss][1], f"least of {what}")
    tiny = np.array([0.5, 0.5, 1e-300]), np.array([0.5, 1e-250, 0.5])
    ratios = [0.0, 250 * math.log(10) - math.log(2), math.log(2) - 300 * math.log(10)]
    got = optimal_discriminator_scores(*tiny, "logistic")
    expect_close(got, (ratios, math.log(2)), "optimal_discriminator_scores with tiny bins", parts=PARTS)


# %% hints
HINTS = [
    "Take one bin. For the first three losses set the derivative for s to zero; for the hinge draw the graph, which is "
    "made of straight pieces.",
    "Label smoothing is the logistic loss between two other measures: collect what stands before log(1 + e^-s), and what "
    "stands before log(1 + e^s).",
    "For what is left, put the best score back in. With a logistic score a / (a + b) and b / (a + b) appear.",
    "Choose the infinite scores with a mask, and give the logarithm something positive where it is not used.",
]
WHY = r"""
Bin by bin every loss is a function of one number. Where it is smooth its derivative is set to 0; the hinge is made of
straight pieces, so its least value sits in a corner. Smoothing is the logistic loss between two other measures,
$0.9\,p$ and $q + 0.1\,p$, and one formula serves both. Masks choose the infinite scores before any logarithm of 0 is
taken. `log(real) - log(fake)` and `p * (q / total)` are written so for the sake of tiny bins: a quotient may
overflow, and $pq$ is 0 for two masses of $10^{-300}$, while $pq/(p + q)$ is not.
"""
COVERS = ["S2.12", "S2.13"]
KERNELS = [kernels.optimal_discriminator_scores]

# %% [markdown]
# ### Line by line
#
# Write $r = \log(p/q)$, for one bin with $p, q > 0$.
#
# - *Logistic:* $-p\,\sigma(-s) + q\,\sigma(s) = 0$ gives $e^s = p/q$, so $s = r$. What is left is $2 \log 2 - 2\,\mathrm{JS}$, minus
#   the value of the game.
# - *Smoothed:* the same with $0.9\,p$ in the place of $p$ and $q + 0.1\,p$ in the place of $q$. The score never exceeds
#   $\log 9$, however real the note: a bounded verdict. Even for disjoint histograms some loss is left.
# - *Least squares:* $p\,(s - 1) + q\,(s + 1) = 0$ gives $s = \frac{p - q}{p + q} = \tanh \frac r2$. What is left is
#   $2 - \sum \frac{(p - q)^2}{p + q}$, a chi-squared divergence.
# - *Hinge:* on $[-1, 1]$ the cost is $p + q - (p - q)\,s$, a straight line, and outside it does not fall any more. So the best
#   score sits in a corner, $s = \operatorname{sign}(p - q)$. What is left is $2 - 2\,\mathrm{TV}(p, q)$.
#
# **See it.** The same ratio through four pairs of glasses. Only the first keeps its full size; the hinge only says who has
# more. What a generator can learn from each is the slope of its column, and where a column is constant there is none.

# %% experiment
scores_of = grader.yours("optimal_discriminator_scores")
ratio = np.array([1e-3, 0.1, 0.5, 0.9, 1.0, 1.1, 2.0, 10.0, 1e3])
p, q = ratio / (1 + ratio), 1 / (1 + ratio)
columns = {name: scores_of(p, q, name)[0] for name in ("logistic", "smoothed", "least-squares", "hinge")}
print(f"{'p/q':>8}", *(f"{name:>14}" for name in columns))
for k, each in enumerate(ratio):
    print(f"{each:8g}", *(f"{column[k]:14.4f}" for column in columns.values()))


# %% right and wrong answers
@right_answer
def bin_by_bin(p, q, loss):
    """Scores by cases; the loss by putting them back in. The value needs no derivation of its own, so a fifth loss is
    two lines.
    """
    if loss not in ("logistic", "smoothed", "least-squares", "hinge"):
        raise ValueError(loss)

    def best(a, b):
        if a == b == 0:
            return 0.0
        if loss == "hinge":
            return float(a > b) - float(a < b)
        if loss == "least-squares":
            return (a - b) / (a + b)
        a, b = (0.9 * a, b + 0.1 * a) if loss == "smoothed" else (a, b)
        if a == 0 or b == 0:
            return math.inf if a > 0 else -math.inf
        return math.log(a) - math.log(b)

    real, fake = {
        "logistic": (lambda s: np.logaddexp(0, -s), lambda s: np.logaddexp(0, s)),
        "smoothed": (lambda s: 0.9 * np.logaddexp(0, -s) + 0.1 * np.logaddexp(0, s), lambda s: np.logaddexp(0, s)),
        "least-squares": (lambda s: (s - 1) ** 2, lambda s: (s + 1) ** 2),
        "hinge": (lambda s: max(0, 1 - s), lambda s: max(0, 1 + s)),
    }[loss]
    scores = [best(a, b) for a, b in zip(p.tolist(), q.tolist(), strict=True)]
    pairs = list(zip(p.tolist(), q.tolist(), scores, strict=True))
    return np.array(scores), sum(a * real(s) for a, b, s in pairs if a) + sum(b * fake(s) for a, b, s in pairs if b)


@right_answer
def by_divergences(p, q, loss):
    """What is left by its names: 2 log 2 less 2 JS, 2 less twice the total variation, 2 less a chi-squared. Take it to
    see which divergence a generator would be up against.
    """
    if loss == "hinge":
        return np.where(p > q, 1.0, np.where(p < q, -1.0, 0.0)), 2 - np.abs(p - q).sum()
    with np.errstate(all="ignore"):
        if loss == "least-squares":
            return np.nan_to_num((p - q) / (p + q)), 2 - np.nansum((p - q) ** 2 / (p + q))
        if loss not in ("logistic", "smoothed"):
            raise ValueError(loss)
        a, b = (p, q) if loss == "logistic" else (0.9 * p, q + 0.1 * p)
        scores = np.log(a) - np.log(b)
        scores[np.isnan(scores)] = 0.0
        return scores, -np.nansum(a * np.log(a / (a + b))) - np.nansum(b * np.log(b / (a + b)))


def with_changes(**changes):
    """The right answer, but for some losses, for which (p, q) -> (scores, least) is given."""

    def answer(p, q, loss):
        name = loss.replace("-", "_")
        return changes[name](p, q) if name in changes else bin_by_bin(p, q, loss)

    return answer


@wrong_answer(
    feedback="For the logistic loss you return a probability. The score is what goes into the sigmoid.",
)
def a_probability(p, q, loss):
    scores, least = bin_by_bin(p, q, loss)
    if loss in ("logistic", "smoothed"):
        scores = 0.5 * (1 + np.tanh(scores / 2))
    return scores, least


@wrong_answer(
    passes=(two_bins_of_each, a_bin_that_nobody_uses, nothing_costs_less, closed_forms),
    feedback="An epsilon makes an infinite score an arbitrary finite one. Treat empty bins apart.",
)
def an_epsilon(p, q, loss):
    if loss in ("logistic", "smoothed"):
        a, b = (p, q) if loss == "logistic" else (0.9 * p, q + 0.1 * p)
        return np.log((a + 1e-12) / (b + 1e-12)), bin_by_bin(p, q, loss)[1]
    return bin_by_bin(p, q, loss)


@wrong_answer(
    passes=(two_bins_of_each, nothing_costs_less, closed_forms),
    feedback="0/0 on a bin that nobody uses. Every score is as good there, and 0 is asked.",
)
def zero_by_zero(p, q, loss):
    scores, least = bin_by_bin(p, q, loss)
    return (scores if loss == "hinge" else np.where(p + q > 0, scores, np.nan)), least


def targets_one_and_zero(p, q):
    total = np.where(p + q > 0, p + q, 1.0)
    return p / total, np.sum(p * q / total)


other_targets = wrong_answer(
    passes=(a_bin_that_nobody_uses,),
    feedback="The least-squares targets are 1 for real and -1 for fake here, not 1 and 0.",
)(with_changes(least_squares=targets_one_and_zero))


def hinge_in_the_middle(p, q):
    scores = (p - q) / np.where(p + q > 0, p + q, 1.0)
    return scores, np.sum(p * np.maximum(0, 1 - scores) + q * np.maximum(0, 1 + scores))


no_corner = wrong_answer(
    passes=(a_bin_that_nobody_uses,),
    feedback="The hinge loss is made of straight pieces: its least value sits in a corner, not in between.",
)(with_changes(hinge=hinge_in_the_middle))


def vanishing_tenth(p, q):
    a = 0.9 * p
    return bin_by_bin(a, q, "logistic")


tenth_forgotten = wrong_answer(
    passes=(a_bin_that_nobody_uses,),
    feedback="Smoothed: the tenth that the label of real samples has lost does not vanish. It says 'fake' on real samples.",
)(with_changes(smoothed=vanishing_tenth))


def smoothed_on_both_sides(p, q):
    return bin_by_bin(0.9 * p + 0.1 * q, 0.9 * q + 0.1 * p, "logistic")


both_sides = wrong_answer(
    passes=(a_bin_that_nobody_uses,),
    feedback="The smoothing is one-sided: only the real samples' label is 0.9. Fake samples keep the label 0.",
)(with_changes(smoothed=smoothed_on_both_sides))

reversed_sign = wrong_answer(
    passes=(a_bin_that_nobody_uses,),
    feedback="Reversed: high scores are for real. Each of your scores has the opposite sign.",
)(lambda p, q, loss: (-bin_by_bin(p, q, loss)[0], bin_by_bin(p, q, loss)[1]))

halved = wrong_answer(
    passes=(a_bin_that_nobody_uses,),
    feedback="The scores are right, but what is left is half of it: the two sums are added, not averaged.",
)(lambda p, q, loss: (bin_by_bin(p, q, loss)[0], bin_by_bin(p, q, loss)[1] / 2))

largest_instead_of_least = wrong_answer(
    passes=(a_bin_that_nobody_uses,),
    feedback="For the logistic loss you return the value of the game. What is left of the loss is minus that.",
)(with_changes(logistic=lambda p, q: (bin_by_bin(p, q, "logistic")[0], -bin_by_bin(p, q, "logistic")[1])))


@wrong_answer(
    passes=(two_bins_of_each, nothing_costs_less, closed_forms, empty_and_tiny_bins),
    feedback="An unknown loss passes for one of the four. It is a ValueError.",
)
def any_loss_goes(p, q, loss):
    known = ("smoothed", "least-squares", "hinge")
    return bin_by_bin(p, q, loss if loss in known else "logistic")


@wrong_answer(
    passes=(two_bins_of_each, a_bin_that_nobody_uses, nothing_costs_less, closed_forms),
    feedback="You keep the scores within bounds. Where only one of the two has mass the logistic loss never stops falling.",
)
def bounded_scores(p, q, loss):
    scores, least = bin_by_bin(p, q, loss)
    return np.clip(scores, -50, 50), least
