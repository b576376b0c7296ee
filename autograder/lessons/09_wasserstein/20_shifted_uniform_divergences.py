# %% [markdown]
# ## Two boxes, four numbers
#
# The smallest world in which this lesson's question can be asked: two boxes of the same width, one of them shifted,
#
# $$ p = U[0, 1], \qquad q = U[\theta, \theta + 1] . $$
#
# Think of $q$ as a generator with a single knob $\theta$, and of $p$ as the data. The best setting is $\theta = 0$.
# Which number would tell the generator which way to turn the knob? Here are the candidates, in nats but for the last
# one, which has the unit of $\theta$.
#
# - $\mathrm{KL}(p \,\|\, q)$ and $\mathrm{KL}(q \,\|\, p)$: how badly one explains the other's data.
# - $\mathrm{JS}(p, q)$ with equal weights: the mean of both divergences to the mixture $(p + q)/2$.
# - $W_1(p, q)$: how far the sand must be carried.
#
# Draw the two boxes for $\theta = 0.3$, and write each number down. Where do both boxes have sand, where has one of
# them none, and what do logarithms make of that? And then the same for a $\theta$ of $5$, and of $-0.3$.
#
# | argument | shape | meaning |
# |---|---|---|
# | `theta` | number | the shift; any real number |
#
# **Write `shifted_uniform_divergences(theta)`, which returns `(KL(p||q), KL(q||p), JS, W1)`,** four numbers. An
# infinite one is `inf` (`math.inf`, `np.inf`). No quadrature is needed: each has a closed form. (In SciPy,
# `scipy.stats.entropy(p, q)` is KL of two histograms, and `scipy.spatial.distance.jensenshannon` is the *root* of JS.)

# %% imports
import itertools
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def shifted_uniform_divergences(theta):
    """Return KL(p||q), KL(q||p), JS (in nats) and W1 of p = U[0, 1] and q = U[theta, theta + 1]."""
    # BEGIN SOLUTION
    apart = abs(theta)
    kl = 0.0 if apart == 0 else math.inf
    return kl, kl, min(apart, 1.0) * math.log(2), apart
    # END SOLUTION


# %% checks
PARTS = ("KL(p||q)", "KL(q||p)", "JS", "W1")


def by_intervals(theta):
    """The four numbers from the pieces that the ends of both boxes cut out of the line."""
    ends = sorted({0.0, 1.0, float(theta), float(theta) + 1.0})
    pieces = [(b - a, 0 <= a < 1, theta <= a < theta + 1) for a, b in itertools.pairwise(ends)]
    kl = [0.0, 0.0]
    js = ahead = w1 = 0.0
    for length, in_p, in_q in pieces:
        for side, (mine, theirs) in enumerate(((in_p, in_q), (in_q, in_p))):
            kl[side] += math.inf if mine and not theirs else 0.0
            js += 0.5 * length * math.log(2.0 / (1 + theirs)) if mine else 0.0
        slope = in_p - in_q  # F - G is linear on every piece, and changes its sign on none
        w1 += abs(ahead + slope * length / 2) * length
        ahead += slope * length
    return kl[0], kl[1], js, w1


def expect_four(observed, theta):
    """Compare with the four numbers at theta, relative to their size."""
    what = f"shifted_uniform_divergences({theta:g})"
    expect_close(observed, by_intervals(theta), what, parts=PARTS, atol=0)


# %% public checks
@check(points=0.5)
def boxes_that_do_not_touch(shifted_uniform_divergences):
    """At theta = 3 both KL are infinite, JS is log 2, and W1 is 3."""
    expect_four(shifted_uniform_divergences(3.0), 3.0)


@check(points=0.5)
def boxes_that_overlap(shifted_uniform_divergences):
    """At theta = 1/4 a fourth of each box is alone; W1 is 1/4, and JS lies strictly between 0 and log 2."""
    expect_four(shifted_uniform_divergences(0.25), 0.25)


# %% hidden checks
@check(points=1, hidden=True)
def to_the_right(shifted_uniform_divergences, rng):
    """It is right for any shift to the right: a slight one, half a box, a whole one, a thousand."""
    for theta in (1e-3, 0.01, 0.5, float(rng.uniform(0.1, 0.9)), 1.0, 1.5, float(rng.uniform(2, 9)), 1000.0):
        expect_four(shifted_uniform_divergences(theta), theta)


@check(points=1, hidden=True)
def to_the_left(shifted_uniform_divergences, rng):
    """It is right for any shift to the left: distances and divergences have no sign."""
    for theta in (-0.01, -0.3, -float(rng.uniform(0.1, 0.9)), -1.0, -4.0, -1000.0):
        expect_four(shifted_uniform_divergences(theta), theta)


@check(points=1, hidden=True)
def no_shift_and_whole_numbers(shifted_uniform_divergences, rng):
    """Without a shift all four are 0; an integer is a shift too."""
    for theta in (int(rng.integers(3, 9)), 0.0, 0, 2, -1):
        expect_four(shifted_uniform_divergences(theta), theta)


# %% hints
HINTS = [
    "KL(p||q) = integral of p log(p/q). For any shift at all there is a strip where p = 1 and q = 0. What does it add?",
    "For JS look at one strip after the other. Where both boxes are, the mixture is 1 as well, and log 1 = 0.",
    "On the strip where p is alone the mixture is 1/2, and the logarithm of 1 / (1/2) is log 2. How wide is that strip?",
    "To carry a box over by theta, carry each grain by theta. No plan does better, for the mean must move by theta.",
]
WHY = r"""
Go strip by strip. Where both boxes are, the ratio is 1 and its logarithm 0. Where $p$ is alone, KL has $\log(1/0)$,
on a strip of width $|\theta|$: infinite, however narrow. JS compares with the mixture, which is $\tfrac12$ there, so
the strip adds $|\theta| \log 2$; the mean of two such terms is $|\theta| \log 2$ again, and it ends when nothing
overlaps any more. For $W_1$ every grain goes $|\theta|$, and none of them can be spared, since the mean must move by
$\theta$.
"""
COVERS = ["S2.20", "S2.26", "S0.m"]
KERNELS = [kernels.shifted_uniform_divergences]

# %% [markdown]
# > **A common claim: "for disjoint supports, JS is log 2", and so two distributions are as far apart as they can be.**
# > The number is right under three conditions: it is the *divergence* (its root, which obeys the triangle inequality,
# > is $0.8326$), with *equal* weights (with weights $w$ and $1 - w$ it is the entropy of the weights), in *nats* (in
# > bits it is 1). Why one believes the rest: "maximal" sounds like "infinitely bad". But look at the table that the
# > experiment prints. From $\theta = 1$ on JS is the *same* number at any distance, and so its slope is 0: a generator
# > that is nearly there and one that is a thousand boxes away hear the same thing, which is nothing. KL says $\infty$
# > as soon as $\theta \ne 0$, and an infinite number has no slope either. $W_1 = |\theta|$ has the slope $\pm 1$
# > everywhere.

# %% experiment
four = grader.yours("shifted_uniform_divergences")
print(f"{'theta':>8} {'KL(p||q)':>9} {'KL(q||p)':>9} {'JS':>8} {'W1':>8} {'slope of JS':>12} {'slope of W1':>12}")
for theta in (-2.0, -0.5, 0.0, 0.25, 0.5, 0.9, 1.1, 5.0, 1000.0):
    step = 0.01
    (*_, js, w1), (*_, js_next, w1_next) = four(theta), four(theta + step)
    slopes = f"{(js_next - js) / step:12.4f} {(w1_next - w1) / step:12.4f}"
    print(f"{theta:8.2f} {four(theta)[0]:9.4f} {four(theta)[1]:9.4f} {js:8.4f} {w1:8.2f} {slopes}")


# %% right and wrong answers
def four_numbers(apart, kl=math.inf, js=None, w1=None):
    """The right four for a distance, with one of them replaced."""
    js = min(apart, 1.0) * math.log(2) if js is None else js
    return (0.0 if apart == 0 else kl,) * 2 + (js, apart if w1 is None else w1)


@right_answer
def by_the_overlap(theta):
    """The overlap from the ends of both intervals: longer here, and the way to begin if the boxes were of different
    width.
    """
    alone = 1 - max(0.0, min(1.0, 1.0 + theta) - max(0.0, theta))
    infinite = np.inf if theta != 0 else 0.0
    return np.array([infinite, infinite, alone * np.log(2), np.abs(theta)])


@right_answer
def by_entropies(theta):
    """JS as the entropy of the mixture less the mean entropy of the two. Good wherever entropies are known: the
    mixture is made of three boxes.
    """
    # JS = H(mixture) - H(p) / 2 - H(q) / 2, and the entropy of U[0, 1] is 0.
    alone = min(abs(theta), 1)
    heights = [(2 * alone, 0.5), (1 - alone, 1.0)]
    js = -sum(width * height * math.log(height) for width, height in heights)
    kl = float("inf") if theta else 0.0
    return [kl, kl, js, abs(theta)]


@wrong_answer(
    passes=(boxes_that_do_not_touch, no_shift_and_whole_numbers),
    feedback="Your JS jumps to log 2 at once. While the boxes overlap, only the parts that are alone can be told apart.",
)
def jumping_js(theta):
    return four_numbers(abs(theta), js=math.log(2) if theta else 0.0)


@wrong_answer(
    passes=(boxes_that_overlap,),
    feedback="Your JS grows without a limit. Boxes that do not touch are as different as JS can say, and stay so.",
)
def js_without_a_limit(theta):
    return four_numbers(abs(theta), js=abs(theta) * math.log(2))


@wrong_answer(
    passes=(boxes_that_do_not_touch, no_shift_and_whole_numbers),
    feedback="KL is infinite for the smallest shift already: p has mass where q has none.",
)
def finite_kl(theta):
    apart = abs(theta)
    return four_numbers(apart, kl=math.inf if apart >= 1 else apart * math.log(2))


@wrong_answer(
    passes=(boxes_that_do_not_touch, no_shift_and_whole_numbers),
    feedback="You leave out the strip where p = 1 and q = 0. It adds infinity to KL(p||q), not nothing.",
)
def kl_on_the_overlap(theta):
    apart = abs(theta)
    return four_numbers(apart, kl=math.inf if apart >= 1 else 0.0)


@wrong_answer(
    passes=(boxes_that_overlap,),
    feedback="W1 does not stop at 1: it grows with the distance, and that is what it is for.",
)
def w1_with_a_limit(theta):
    return four_numbers(abs(theta), w1=min(abs(theta), 1.0))


@wrong_answer(
    passes=(boxes_that_do_not_touch, boxes_that_overlap, to_the_right),
    feedback="Your W1 is negative for a shift to the left. A distance is not.",
)
def signed_w1(theta):
    return four_numbers(abs(theta), w1=theta)


@wrong_answer(
    passes=(boxes_that_do_not_touch, boxes_that_overlap, to_the_right),
    feedback="You take a shift to the left for none, or for one with nothing alone. Its size counts, not its sign.",
)
def nothing_to_the_left(theta):
    return four_numbers(max(theta, 0.0))


@wrong_answer(
    feedback="This JS is in bits. All divergences here are in nats, so that the largest value is log 2.",
)
def in_bits(theta):
    return four_numbers(abs(theta), js=min(abs(theta), 1.0))


@wrong_answer(
    feedback="You return the root of JS, which is what SciPy calls the Jensen-Shannon distance. The divergence is asked for.",
)
def root_of_js(theta):
    return four_numbers(abs(theta), js=math.sqrt(min(abs(theta), 1.0) * math.log(2)))


@wrong_answer(
    feedback="Your JS is the sum of both divergences to the mixture. With equal weights it is their mean.",
)
def twice_js(theta):
    return four_numbers(abs(theta), js=2 * min(abs(theta), 1.0) * math.log(2))


@wrong_answer(
    passes=(boxes_that_do_not_touch, boxes_that_overlap, to_the_right, to_the_left),
    feedback="Without a shift both boxes are one and the same: KL is 0 then, not infinite.",
)
def infinite_even_at_zero(theta):
    return math.inf, math.inf, min(abs(theta), 1.0) * math.log(2), abs(theta)
