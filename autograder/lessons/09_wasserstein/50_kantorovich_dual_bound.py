# %% [markdown]
# ## A proof that fits on a line
#
# Somebody claims that a plan is nearly the best one. How could he convince you, without your searching through all
# plans? He shows you a price list.
#
# **Line by line.** Let $\gamma$ be *any* plan from $p$ to $q$, and $f$ *any* function with $f(x) - f(y) \le |x - y|$.
# Since the rows of $\gamma$ sum to $p$ and its columns to $q$,
#
# $$ \mathrm{E}_p[f] - \mathrm{E}_q[f] = \sum_i p_i f(x_i) - \sum_j q_j f(y_j) = \sum_{ij} \gamma_{ij} \big( f(x_i) - f(y_j) \big) . $$
#
# Each bracket is at most the way, and $\gamma_{ij}$ is not negative (here is the third condition, at work):
#
# $$ \mathrm{E}_p[f] - \mathrm{E}_q[f] \;\le\; \sum_{ij} \gamma_{ij} |x_i - y_j| = T(\gamma) . $$
#
# Every plan lies above every price list. This is called *weak duality*. So whoever holds a plan of cost 1.25 and a
# price list of value 1.20 has *proved* that $W_1$ lies between them, and that the plan is at most 4 percent too dear.
# If the two numbers are equal, both are optimal, and nobody needs to ask how they were found. Such a pair is a
# **certificate**.
#
# A function that is too steep proves nothing as it stands. But divide it by its steepest slope
#
# $$ L = \max_{z \ne z'} \frac{|\varphi(z) - \varphi(z')|}{|z - z'|} , $$
#
# over all pairs of the points at hand, those of weight 0 too, and it keeps the rule. A function that is *flatter* than allowed wastes
# something: dividing by an $L$ below 1 makes it steeper, and its bound better in size. So both are scaled, to the
# steepest slope of exactly 1.
#
# | argument | shape | meaning |
# |---|---|---|
# | `phi` | `(m + n,)` | any values: first at the points of `x`, then at those of `y` |
# | `x`, `p` | `(m,)` | points on the line, in any order, and weights $\ge 0$ with sum 1 |
# | `y`, `q` | `(n,)` | other points and weights $\ge 0$ with sum 1 |
#
# **Write `kantorovich_dual_bound(phi, x, p, y, q)`,** the number $(\mathrm{E}_p[\varphi] - \mathrm{E}_q[\varphi]) / L$.
# Take the function as it is given, sign included: a negative result is a bound too, if a useless one. A constant
# function proves nothing: return 0. Points may repeat. If `phi` has two different values at the same point, it is no
# function, $L$ is infinite, and it proves nothing: return 0 too. (POT returns such values with the plan: `ot.emd(p, q,
# M, log=True)[1]` has them as `u` at the points of `x` and `v` at those of `y`, where `v` is $-f$.)

# %% imports
import itertools

import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_array, expect_close, right_answer, wrong_answer


# %% answer
def kantorovich_dual_bound(phi, x, p, y, q):
    """Return the lower bound on W1 that phi (m + n,), its values at x (m,) and then at y (n,), proves; p, q weights."""
    # BEGIN SOLUTION
    points = np.concatenate([x, y]).astype(float)
    ways = np.abs(np.subtract.outer(points, points))
    rises = np.abs(np.subtract.outer(phi, phi))
    apart = ways > 0
    steepest = np.max(rises[apart] / ways[apart], initial=0.0)
    if steepest == 0 or np.any(rises[~apart] > 0):
        return 0.0
    m = len(x)
    return float((np.dot(phi[:m], p) - np.dot(phi[m:], q)) / steepest)
    # END SOLUTION


# %% checks
def pair_by_pair(phi, x, p, y, q):
    """The bound, with the steepest slope sought among all pairs, one after the other."""
    z, steepest = [*map(float, x), *map(float, y)], 0.0
    for i, j in itertools.combinations(range(len(z)), 2):
        rise, way = abs(float(phi[i]) - float(phi[j])), abs(z[i] - z[j])
        if way == 0 and rise > 0:
            return 0.0
        steepest = max(steepest, rise / way if way > 0 else 0.0)
    values = [float(a) for a in phi]
    earned = sum(a * float(b) for a, b in zip(values, [*p, *(-np.asarray(q))], strict=True))
    return earned / steepest if steepest > 0 else 0.0


def ask(kantorovich_dual_bound, given, what):
    """Compare with the bound that is found pair by pair."""
    given = tuple(np.asarray(each) for each in given)
    expect_close(kantorovich_dual_bound(*given), pair_by_pair(*given), what, rtol=1e-9, atol=1e-12)


# %% public checks
@check(points=0.5)
def a_price_list_that_is_too_steep(kantorovich_dual_bound):
    """From 0 to 3 the prices 1 and -5 are twice too steep. Halved, they earn 3, all that there is to earn."""
    given = np.array([1.0, -5.0]), np.array([0.0]), np.array([1.0]), np.array([3.0]), np.array([1.0])
    expect_close(kantorovich_dual_bound(*given), 3.0, "kantorovich_dual_bound([1, -5], [0], [1], [3], [1])")


@check(points=0.5)
def three_points(kantorovich_dual_bound):
    """With x = (0, 4) and y = 2 the prices (6, 3) and 0 are steepest between 0 and 2: the bound is 5.25 / 3."""
    given = np.array([6.0, 3.0, 0.0]), np.array([0.0, 4.0]), np.array([0.75, 0.25]), np.array([2.0]), np.array([1.0])
    what = "kantorovich_dual_bound([6, 3, 0], [0, 4], [0.75, 0.25], [2], [1])"
    expect_close(kantorovich_dual_bound(*given), 1.75, what)


# %% hidden checks
def weighted(rng, m, n):
    return rng.normal(size=m), rng.dirichlet(np.ones(m)), rng.normal(size=n), rng.dirichlet(np.ones(n))


@check(points=1, hidden=True)
def any_prices(kantorovich_dual_bound, rng):
    """It is right for random prices at random points, and of either sign."""
    for m, n in [(3, 4), (5, 2), (1, 3), (4, 1), (1, 1), (4, 4)]:
        given = weighted(rng, m, n)
        prices = rng.normal(size=m + n)
        for size in (1, -1, 1e-3):
            ask(kantorovich_dual_bound, (size * prices, *given), f"random prices at {m} and {n} points")


@check(points=1, hidden=True)
def any_scale(kantorovich_dual_bound, rng):
    """To double all prices changes nothing, and too flat ones are made steeper; nor does a constant added to all."""
    x, p, y, q = weighted(rng, 3, 4)
    z, prices = np.concatenate([x, y]), rng.normal(size=7)
    for size in (1e-3, 0.1, 1.0, 10.0, 1e4):
        for sign in (1, -1):
            ask(kantorovich_dual_bound, (sign * size * prices, x, p, y, q), f"prices of size {size:g}")
        far = np.array([0.0, 10.0]), np.array([0.25, 0.75]), np.array([0.5]), np.array([1.0])
        ask(kantorovich_dual_bound, (size * np.array([4.0, 1.0, 0.0]), *far), f"prices of size {size:g}, out of order")
        ask(kantorovich_dual_bound, (size * z, x, p, y, q), f"the straight line of slope {size:g}")
    ask(kantorovich_dual_bound, (prices + 5, x, p, y, q), "prices with 5 added")
    steep = np.array([0.0, 100.0, 1.0, 2.0]), [0.0, 1.0], [1.0, 0.0], [3.0, 4.0], [0.5, 0.5]
    ask(kantorovich_dual_bound, steep, "the steepest prices at a point of weight 0")
    ask(kantorovich_dual_bound, (prices, 1e6 * x, p, 1e6 * y, q), "points a million times as far apart")


@check(points=1, hidden=True)
def it_is_below_the_distance(kantorovich_dual_bound, rng):
    """No prices prove more than the distance, and those of the best list prove it all."""
    for m, n in [(4, 3), (3, 3)]:
        x, p, y, q = weighted(rng, m, n)
        z = np.sort(np.concatenate([x, y]))
        ahead = np.array([p[x <= t].sum() - q[y <= t].sum() for t in z[:-1]])
        distance = float(np.abs(ahead) @ np.diff(z))
        best = np.concatenate([[0.0], np.cumsum(-np.sign(ahead) * np.diff(z))])
        prices = np.interp(np.concatenate([x, y]), z, best)
        observed = kantorovich_dual_bound(3 * prices, x, p, y, q)
        expect_close(observed, distance, "the best prices, three times too steep", rtol=1e-9)
        for _ in range(10):
            prices = rng.normal(size=m + n)
            observed = float(expect_array(kantorovich_dual_bound(prices, x, p, y, q), (), "kantorovich_dual_bound"))
            words = f"The bound is {observed:g} and the distance {distance:g}.", "No bound above the distance."
            expect(observed <= distance * (1 + 1e-9), *words, summary="The bound is larger than the distance.")
            ask(kantorovich_dual_bound, (prices, x, p, y, q), "random prices")


@check(points=1, hidden=True)
def what_proves_nothing(kantorovich_dual_bound, rng):
    """Constant prices prove 0, and so do two prices at one point; points that repeat with one price do no harm."""
    x, p, y, q = weighted(rng, 3, 2)
    ask(kantorovich_dual_bound, (np.full(5, 7.0), x, p, y, q), "constant prices")
    one, half = np.array([1.0]), np.array([0.5, 0.5])
    ask(kantorovich_dual_bound, ([1.0, 2.0], [2.0], one, [2.0], one), "two prices at one point")
    ask(kantorovich_dual_bound, ([0.0, 1.0, 5.0], [0.0, 0.0], half, [3.7], one), "two prices at one point of three")
    ask(kantorovich_dual_bound, ([0.0, 5.0, 1.0], [0.0, 3.0], half, [0.0], one), "two prices at one point, far apart")
    ask(kantorovich_dual_bound, ([2.0, 2.0], [3.0], one, [3.0], one), "one price at one point")
    ask(kantorovich_dual_bound, ([1.0, 1.0, 3.0, 1.0], [0.0, 0.0], half, [4.0, 0.0], half), "a point that repeats")
    ask(kantorovich_dual_bound, ([0, 4, -3], [0, 2], [0.25, 0.75], [5], one), "whole numbers")


# %% hints
HINTS = [
    "Start with L. Two tables help: the ways between all pairs of points, and the differences of phi between all pairs.",
    "Pairs of equal points would divide by 0. Look at them apart: is there a difference of phi among them?",
    "On the line it is enough to look at neighbors in sorted order. Why are other pairs never steeper?",
    "The result is a difference of two weighted sums, over the first m values and over the last n, divided by L.",
]
WHY = """
Divided by its steepest slope any function keeps the rule, and weak duality does the rest: whatever it earns then is
at most $W_1$, wherever the function came from. All pairs are compared, since the points come in no order. Pairs in
the same place are looked at apart; a difference there is an infinite slope, and a function with two values proves
nothing. `initial=0.0` is for the case that no two points are apart.
"""
COVERS = ["S2.23a", "S0.n"]
KERNELS = [kernels.kantorovich_dual_bound]

# %% [markdown]
# **See a certificate.** Two heaps, and two people who do not know the answer. One tries plans: he queues the points up
# in a random order, and keeps the cheapest plan that he has met. The other one tries price lists: she goes up or down
# by chance from point to point, and keeps the best. Their numbers close in on the distance from both sides. The last
# line is the queue, and the best list of the next exercise: there both numbers meet, and the case is closed.

# %% experiment
bound, cost = grader.yours("kantorovich_dual_bound"), grader.yours("transport_cost")
plan_of, best_list = grader.yours("monotone_plan"), grader.yours("optimal_critic")
draws = np.random.default_rng(0)
x, y = np.sort(draws.normal(size=5)), np.sort(draws.normal(size=5))
p, q = draws.dirichlet(np.ones(5)), draws.dirichlet(np.ones(5))
z = np.sort(np.concatenate([x, y]))
above, below = np.inf, -np.inf
print(f"{'tried':>7} {'best price list':>16} {'cheapest plan':>14}")
for tried in range(1, 2001):
    order, other = draws.permutation(5), draws.permutation(5)
    plan = np.zeros((5, 5))
    plan[np.ix_(order, other)] = plan_of(p[order], q[other])
    above = min(above, cost(plan, x, y))
    prices = np.concatenate([[0.0], np.cumsum(draws.choice([-1, 1], 9) * np.diff(z))])
    below = max(below, bound(np.interp(np.concatenate([x, y]), z, prices), x, p, y, q))
    if tried in (1, 10, 100, 2000):
        print(f"{tried:7d} {below:16.4f} {above:14.4f}")
z, f = best_list(x, p, y, q)
print(
    f"{'queue':>7} {bound(np.interp(np.concatenate([x, y]), z, f), x, p, y, q):16.4f} {cost(plan_of(p, q), x, y):14.4f}"
)


# %% right and wrong answers
def earned(phi, p, q):
    """The difference of the expectations."""
    m = len(p)
    return float(np.dot(phi[:m], p) - np.dot(phi[m:], q))


def steepest_slope(phi, x, y, order=None):
    """The steepest slope between neighbors in an order, sorted by default; infinite where one point has two values."""
    z = np.concatenate([x, y]).astype(float)
    order = np.argsort(z, kind="stable") if order is None else order
    ways, rises = np.abs(np.diff(z[order])), np.abs(np.diff(np.asarray(phi, dtype=float)[order]))
    if np.any(rises[ways == 0] > 0):
        return np.inf
    return np.max(rises[ways > 0] / ways[ways > 0], initial=0.0)


@right_answer
def by_sorted_neighbors(phi, x, p, y, q):
    """On the line the slope between two far points is a weighted mean of the slopes between neighbors, so neighbors in
    sorted order are enough: a sort instead of n squared pairs. In the plane this is not so.
    """
    slope = steepest_slope(phi, x, y)
    return earned(phi, p, q) / slope if 0 < slope < np.inf else 0


@right_answer
def by_scaling_first(phi, x, p, y, q):
    """Scales the prices and not the number, so that a list remains which may be used again. 0/0 at equal points is
    nan, which nanmax skips; a conflict is inf, and is noticed.
    """
    z, phi = np.concatenate([x, y]).astype(float), np.asarray(phi, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.abs(phi[:, None] - phi) / np.abs(z[:, None] - z)
    slope = np.nanmax(slopes, initial=0.0)
    if slope == 0 or np.isinf(slope):
        return 0.0
    scaled = phi / slope
    return sum(w * v for w, v in zip([*p, *np.negative(q)], scaled, strict=True))


@wrong_answer(
    feedback="You do not scale at all: ten times the prices would give ten times the number. Such a number proves nothing.",
)
def without_a_leash(phi, x, p, y, q):
    return earned(phi, p, q)


@wrong_answer(
    passes=(a_price_list_that_is_too_steep,),
    feedback="You look for the steepest slope among neighbors in the order in which the points are stored. All pairs count.",
)
def neighbors_in_storage(phi, x, p, y, q):
    slope = steepest_slope(phi, x, y, order=np.arange(len(phi)))
    return earned(phi, p, q) / slope if 0 < slope < np.inf else 0.0


@wrong_answer(
    passes=(a_price_list_that_is_too_steep, three_points, it_is_below_the_distance),
    feedback="You scale steep prices down and leave flat ones as they are. Dividing by an L below 1 makes their bound better.",
)
def never_steeper(phi, x, p, y, q):
    slope = steepest_slope(phi, x, y)
    return earned(phi, p, q) / max(slope, 1.0)


@wrong_answer(
    feedback="You clip the prices to [-1, 1]. That bounds their size, not their slope.",
)
def clipped(phi, x, p, y, q):
    return earned(np.clip(phi, -1, 1), p, q)


@wrong_answer(
    passes=(a_price_list_that_is_too_steep, three_points),
    feedback="You take the absolute value at the end. The prices are to be taken as they are given, sign included.",
)
def absolute_value(phi, x, p, y, q):
    slope = steepest_slope(phi, x, y)
    return abs(earned(phi, p, q)) / slope if 0 < slope < np.inf else 0.0


@wrong_answer(
    passes=(a_price_list_that_is_too_steep, three_points, any_prices, any_scale, it_is_below_the_distance),
    feedback="Two different prices at one point make the slope infinite. You skip such pairs; the answer is 0 then.",
)
def conflicts_skipped(phi, x, p, y, q):
    z, phi = np.concatenate([x, y]).astype(float), np.asarray(phi, dtype=float)
    ways, rises = np.abs(np.subtract.outer(z, z)), np.abs(np.subtract.outer(phi, phi))
    slope = np.max(rises[ways > 0] / ways[ways > 0], initial=0.0)
    return earned(phi, p, q) / slope if slope > 0 else 0.0


@wrong_answer(
    passes=(a_price_list_that_is_too_steep, three_points, any_prices, any_scale, it_is_below_the_distance),
    feedback="Where all prices are alike you divide 0 by 0. Such a list proves nothing, and that is 0.",
)
def nan_for_constants(phi, x, p, y, q):
    slope = steepest_slope(phi, x, y)
    return earned(phi, p, q) / slope if slope > 0 else np.nan


@wrong_answer(
    feedback="You exchange the two expectations: it is E_p minus E_q, and phi holds the values at x first.",
)
def exchanged(phi, x, p, y, q):
    slope = steepest_slope(phi, x, y)
    return -earned(phi, p, q) / slope if 0 < slope < np.inf else 0.0


@wrong_answer(
    feedback="You divide by the largest difference of the prices. A slope is a difference per way.",
)
def divided_by_the_range(phi, x, p, y, q):
    slope = steepest_slope(phi, x, y)
    return earned(phi, p, q) / np.ptp(phi) if 0 < slope < np.inf else 0.0


@wrong_answer(
    passes=(a_price_list_that_is_too_steep,),
    feedback="The weights are left out: an expectation counts each value with its weight.",
)
def plain_means(phi, x, p, y, q):
    slope, m = steepest_slope(phi, x, y), len(x)
    return (np.mean(phi[:m]) - np.mean(phi[m:])) / slope if 0 < slope < np.inf else 0.0
