# %% [markdown]
# ## The best price list
#
# Any price list proves something. Which one proves everything? On the line the answer can be read off the two
# staircases.
#
# **Line by line.** Let $f$ be a function on the merged support $z_0 < z_1 < \dots$, straight in between, with the slope
# $s_k$ between $z_k$ and $z_{k+1}$. Summation by parts, with the distribution functions $F$ of $p$ and $G$ of $q$,
# gives
#
# $$ \mathrm{E}_p[f] - \mathrm{E}_q[f] = -\sum_k s_k\, \big( F(z_k) - G(z_k) \big)\, (z_{k+1} - z_k) . $$
#
# Every slope may be anything from $-1$ to $1$, and each one stands in a term of its own. So each term can be made as
# large as possible by itself: slope $-1$ where $F > G$, and $+1$ where $F < G$. What comes out is $\sum_k |F -
# G|\,(z_{k+1} - z_k)$. That is $W_1$: *the bound is attained*. The best plan and the best price list cost the same, and
# the area between the staircases is both.
#
# Read it as a critic: it falls where there is too much real mass to the left, and rises where real mass is still to
# come. Its slope is $\pm 1$ almost everywhere, however far or near the two heaps are. That is what its leash is for:
# not to make it flat, but to make it *exactly* this steep.
#
# | argument | shape | meaning |
# |---|---|---|
# | `x`, `p` | `(m,)` | the real points, in any order, and their weights $\ge 0$ with sum 1 |
# | `y`, `q` | `(n,)` | the generated points and theirs |
# | first result | `(K,)` | `z`: the distinct points of both, in increasing order, those of weight 0 too |
# | second result | `(K,)` | `f`: the best function's values there, with `f[0] = 0` |
#
# **Write `optimal_critic(x, p, y, q)`, which returns `(z, f)`.** Where $F$ and $G$ agree, to within $10^{-12}$, every
# slope earns the same, namely nothing: take slope 0 there. (In POT the values come with the plan, `ot.emd(p, q, M,
# log=True)`, up to a constant. In a WGAN a network learns them.)

# %% imports
import itertools

import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_array, expect_close, expect_parts, right_answer, wrong_answer


# %% answer
def optimal_critic(x, p, y, q):
    """Return the distinct points z (K,), in order, and the values f (K,) of the best 1-Lipschitz function, f[0] = 0."""
    # BEGIN SOLUTION
    z, place = np.unique(np.concatenate([x, y]).astype(float), return_inverse=True)
    ahead = np.cumsum(np.bincount(place, np.concatenate([p, np.negative(q)])))[:-1]  # F - G between neighbors
    slopes = np.where(np.abs(ahead) > 1e-12, -np.sign(ahead), 0.0)
    return z, np.concatenate([[0.0], np.cumsum(slopes * np.diff(z))])
    # END SOLUTION


# %% checks
PARTS = ("z", "f")


def gap_by_gap(x, p, y, q):
    """The points and values, with F and G added up anew for every gap."""
    z = sorted({*map(float, x), *map(float, y)})
    f = [0.0]
    for here, after in itertools.pairwise(z):
        F = sum(float(w) for at, w in zip(x, p, strict=True) if at <= here)
        G = sum(float(w) for at, w in zip(y, q, strict=True) if at <= here)
        way = after - here if abs(F - G) > 1e-12 else 0.0
        f.append(f[-1] + (way if G > F else -way))
    return np.array(z), np.array(f)


def ask(optimal_critic, given, what):
    """Compare with the values that are found gap by gap."""
    given = tuple(np.asarray(each) for each in given)
    expect_close(optimal_critic(*given), gap_by_gap(*given), what, parts=PARTS)


# %% public checks
@check(points=0.5)
def from_one_point_to_another(optimal_critic):
    """With the real point at 0 and the generated one at 3 the critic falls from 0 to -3."""
    got = optimal_critic(np.array([0.0]), np.array([1.0]), np.array([3.0]), np.array([1.0]))
    expect_close(got, (np.array([0.0, 3.0]), np.array([0.0, -3.0])), "optimal_critic([0], [1], [3], [1])", parts=PARTS)


@check(points=0.5)
def around_one_point(optimal_critic):
    """Real points at 10 and 0, with 0.7 and 0.3, and a generated one at 4: down by 4, then up by 6."""
    got = optimal_critic(np.array([10.0, 0.0]), np.array([0.7, 0.3]), np.array([4.0]), np.array([1.0]))
    expected = np.array([0.0, 4.0, 10.0]), np.array([0.0, -4.0, 2.0])
    expect_close(got, expected, "optimal_critic([10, 0], [0.7, 0.3], [4], [1])", parts=PARTS)


# %% hidden checks
@check(points=1, hidden=True)
def gap_after_gap(optimal_critic, rng):
    """For random points and weights it has the best slope in every gap, whatever their order and number."""
    for m, n in [(5, 4), (3, 3), (1, 4), (4, 1), (1, 1), (8, 6)]:
        given = rng.normal(size=m), rng.dirichlet(np.ones(m)), rng.normal(size=n), rng.dirichlet(np.ones(n))
        ask(optimal_critic, given, f"optimal_critic of {m} and {n} random points")


@check(points=1, hidden=True)
def it_earns_the_distance(optimal_critic, rng):
    """It is nowhere steeper than 1, and what it earns is the area between the staircases."""
    for m, n in [(6, 7), (4, 2)]:
        x, y = np.linspace(4, -4, m) + 0.1 * rng.normal(size=m), 0.5 * rng.normal(size=n)
        p, q = rng.dirichlet(np.ones(m)), rng.dirichlet(np.ones(n))
        z, f = expect_parts(optimal_critic(x, p, y, q), PARTS, "optimal_critic")
        z, f = expect_array(z, (m + n,), "z"), expect_array(f, (m + n,), "f")
        expect_close(z, np.sort(np.concatenate([x, y])), "z of optimal_critic")
        steepest = np.max(np.abs(np.diff(f)) / np.diff(z))
        words = f"The critic has a slope of {steepest:g}.", "No slope above 1."
        expect(steepest <= 1 + 1e-9, *words, summary="The critic is steeper than 1.")
        ahead = [p[x <= t].sum() - q[y <= t].sum() for t in z[:-1]]
        distance = float(np.abs(ahead) @ np.diff(z))
        value = float(p @ np.interp(x, z, f) - q @ np.interp(y, z, f))
        expect_close(value, distance, "what the critic earns", next_step="The best one earns W1.")


@check(points=1, hidden=True)
def points_in_common(optimal_critic, rng):
    """A point that repeats, or that both have, is one point; a point of weight 0 stays; one point alone has the value 0."""
    far = float(rng.integers(5, 20))
    quarter = [0.25, 0.25, 0.5]
    ask(optimal_critic, ([1.0, 1.0, far], quarter, [4.0, 0.0, 1.0], [0.25, 0.5, 0.25]), "points in common")
    ask(optimal_critic, ([0.0, 2.0, far], [0.5, 0.0, 0.5], [1.0, 3.0], [0.25, 0.75]), "a point of weight 0")
    ask(optimal_critic, ([0.0, 0.0, 2.0], [0.3, 0.3, 0.4], [0.0, 3.0], [0.5, 0.5]), "a point that repeats in one heap")
    ask(optimal_critic, ([2.0], [1.0], [2.0], [1.0]), "one point alone")
    ask(optimal_critic, ([7, 1, 3], quarter, [9, 1], [0.75, 0.25]), "whole numbers")


@check(points=1, hidden=True)
def where_the_staircases_agree(optimal_critic, rng):
    """Where F and G agree, up to rounding, the slope is 0; for equal heaps everywhere."""
    half = [0.5, 0.5]
    ask(optimal_critic, ([0.0, 8.0], half, [1.0, 6.0], half), "staircases that agree in between")
    points, p = rng.normal(size=5), rng.dirichlet(np.ones(5))
    what = "optimal_critic of equal heaps in another order"
    expected = np.sort(points), np.zeros(5)
    expect_close(optimal_critic(points, p, points[::-1].copy(), p[::-1].copy()), expected, what, parts=PARTS)
    ask(optimal_critic, ([0.0, 1.0, 6.0], [0.1, 0.2, 0.7], [0.5, 8.0], [0.3, 0.7]), "0.1 + 0.2 beside 0.3")
    ask(optimal_critic, ([0.0, 0.001, 9000.0], [0.2, 0.3, 0.5], [0.5, -4000.0], half), "gaps of many sizes")


# %% hints
HINTS = [
    "np.unique sorts, keeps every point once, and can say where each point has gone (return_inverse).",
    "You need F - G behind every point but the last: a running sum of the weights, those of q negative.",
    "The slope in a gap is minus the sign of F - G. The function climbs by slope times gap.",
    "Rounding leaves 1e-17 where F and G are equal, and the sign of 1e-17 is 1. Set it to 0 first.",
]
WHY = r"""
Summation by parts gives each gap a term and a slope of its own, $-s_k (F - G)$ times the gap. The largest that a
slope between $-1$ and 1 can make of it is $|F - G|$, with $s_k = -\mathrm{sign}(F - G)$. `np.unique` and `bincount`
first bring together what lies in one place; else a point of both heaps would be two points with a gap of 0. The
threshold is no cosmetics: a running sum that should be 0 is $10^{-17}$ and has a sign, and so a slope of 1.
"""
COVERS = ["S2.23a", "S2.26"]
KERNELS = [kernels.optimal_critic]

# %% [markdown]
# **See it.** A box of real points, a wider box of generated ones, and the slope of the best critic at each of these, as
# the wider box comes nearer from the right. From afar all are told "this way" with the same voice. When the boxes lie
# on each other, those at the left are told to go right, and those at the right to go left: the critic asks for a
# narrower box. (The best discriminator of lesson 08 has, at every generated point outside of the real box, the logit
# $-\infty$, at any distance.)

# %% experiment
import numpy as np

best = grader.yours("optimal_critic")
inside = (np.arange(8) + 0.5) / 8
weights = np.full(8, 1 / 8)
print(f"{'shift':>6}   slopes of the critic at the generated points, from left to right")
for shift in (20, 3, 0.5, 0.2, 0.0):
    generated = 0.5 + shift + 2 * (inside - 0.5)
    z, f = best(inside, weights, generated, weights)
    slopes = np.sign(np.interp(generated + 1e-6, z, f) - np.interp(generated - 1e-6, z, f))
    print(f"{shift:6.2f}  ", *(f"{slope:+3.0f}" for slope in slopes))


# %% right and wrong answers
def ahead_of(x, p, y, q):
    """The distinct points and F - G behind each of them but the last, with what is rounding set to 0."""
    z, place = np.unique(np.concatenate([x, y]).astype(float), return_inverse=True)
    ahead = np.cumsum(np.bincount(place, np.concatenate([p, np.negative(q)])))[:-1]
    return z, np.where(np.abs(ahead) > 1e-12, ahead, 0.0)


def climbed(steps):
    return np.concatenate([[0.0], np.cumsum(steps)])


@right_answer
def by_comparison(x, p, y, q):
    """Both staircases by comparison, and the three cases of the slope in one np.select: each line says what it means.
    About n squared comparisons.
    """
    x, p, y, q = (np.asarray(a, dtype=float) for a in (x, p, y, q))
    z = np.array(sorted(set(x) | set(y)))
    F, G = ((x <= z[:, None]) * p).sum(axis=1), ((y <= z[:, None]) * q).sum(axis=1)
    slopes = np.select([F[:-1] > G[:-1] + 1e-12, F[:-1] < G[:-1] - 1e-12], [-1.0, 1.0], 0.0)
    return z, climbed(slopes * np.diff(z))


@right_answer
def one_gap_after_the_other(x, p, y, q):
    """A walk from left to right that keeps account of F - G. After the sort it needs no arrays; the rounding to twelve
    digits does what the threshold does.
    """
    events = sorted([*zip(x, p, strict=True), *zip(y, np.negative(q), strict=True)])
    z, f, ahead = [float(events[0][0])], [0.0], 0.0
    for here, weight in events:
        if here > z[-1]:
            f.append(f[-1] - float(np.sign(round(ahead, 12))) * (here - z[-1]))
            z.append(float(here))
        ahead += weight
    return z, f


@wrong_answer(
    feedback="Turned around: your function earns minus W1. The critic is high where real mass is in excess.",
)
def turned_around(x, p, y, q):
    z, ahead = ahead_of(x, p, y, q)
    return z, climbed(np.sign(ahead) * np.diff(z))


@wrong_answer(
    passes=(from_one_point_to_another,),
    feedback="1-Lipschitz, but not steep enough: your slope is F - G itself. Each gap earns the most with the largest slope.",
)
def slope_of_the_difference(x, p, y, q):
    z, ahead = ahead_of(x, p, y, q)
    return z, climbed(-ahead * np.diff(z))


@wrong_answer(
    feedback="The points are not one apart: a slope of 1 climbs by the gap.",
)
def without_the_gaps(x, p, y, q):
    z, ahead = ahead_of(x, p, y, q)
    return z, climbed(-np.sign(ahead))


@wrong_answer(
    passes=(from_one_point_to_another,),
    feedback="One straight line earns the difference of the means only. The slope must turn where the staircases cross.",
)
def straight_line(x, p, y, q):
    z = np.unique(np.concatenate([x, y]).astype(float))
    return z, np.sign(np.dot(x, p) - np.dot(y, q)) * (z - z[0])


@wrong_answer(
    passes=(from_one_point_to_another,),
    feedback="You add up the weights in the order in which they are stored. Sort the points first, and carry the weights along.",
)
def unsorted_weights(x, p, y, q):
    z = np.unique(np.concatenate([x, y]).astype(float))
    ahead = np.cumsum(np.concatenate([p, np.negative(q)]))[: len(z) - 1]
    return z, climbed(-np.sign(np.where(np.abs(ahead) > 1e-12, ahead, 0.0)) * np.diff(z))


@wrong_answer(
    passes=(from_one_point_to_another, around_one_point, gap_after_gap, it_earns_the_distance),
    feedback="Every point once: one that repeats, or that both have, is one point of the support.",
)
def repeated_points(x, p, y, q):
    z, weights = np.concatenate([x, y]).astype(float), np.concatenate([p, np.negative(q)])
    order = np.argsort(z, kind="stable")
    z, ahead = z[order], np.cumsum(weights[order])[:-1]
    return z, climbed(-np.sign(np.where(np.abs(ahead) > 1e-12, ahead, 0.0)) * np.diff(z))


@wrong_answer(
    passes=(from_one_point_to_another, around_one_point, gap_after_gap, it_earns_the_distance, points_in_common),
    feedback="Where F and G are equal, rounding leaves something like 1e-17, and you take the sign of that. The slope is 0 there.",
)
def sign_of_rounding(x, p, y, q):
    z, place = np.unique(np.concatenate([x, y]).astype(float), return_inverse=True)
    ahead = np.cumsum(np.bincount(place, np.concatenate([p, np.negative(q)])))[:-1]
    return z, climbed(-np.sign(ahead) * np.diff(z))


@wrong_answer(
    passes=(from_one_point_to_another, around_one_point, gap_after_gap, it_earns_the_distance),
    feedback="Where F and G agree you go on climbing. Every slope earns the same there, and 0 is asked for.",
)
def never_flat(x, p, y, q):
    z, ahead = ahead_of(x, p, y, q)
    return z, climbed(np.where(ahead > 0, -1.0, 1.0) * np.diff(z))


@wrong_answer(
    passes=(it_earns_the_distance,),
    feedback="Your function does not start at 0. A constant more or less changes nothing that is earned; f[0] = 0 is asked for.",
)
def with_mean_zero(x, p, y, q):
    z, ahead = ahead_of(x, p, y, q)
    f = climbed(-np.sign(ahead) * np.diff(z))
    return z, f - f.mean()


@wrong_answer(
    passes=(from_one_point_to_another,),
    feedback="You return the values at the points as they are stored, x first and then y. They belong to the sorted points z.",
)
def in_the_order_of_storage(x, p, y, q):
    z, ahead = ahead_of(x, p, y, q)
    f = climbed(-np.sign(ahead) * np.diff(z))
    stored = np.concatenate([x, y]).astype(float)
    return stored, np.interp(stored, z, f)
