# %% [markdown]
# ## On the line: two staircases, and the area between them
#
# To find the best of all plans is a linear program, and in the plane or beyond there is no way around it. On the *line*
# nothing has to be searched for. Walk from left to right, and stop between two neighboring points, at $t$. To your left
# lies the mass $F(t)$ of $p$, and to your left there must be in the end the mass $G(t)$ of $q$. The difference has to
# pass the spot where you stand, in one direction or the other:

# %% experiment
from helpers.figures import passing_mass

passing_mass()

# %% [markdown]
# **Line by line.** Let $\gamma$ be any plan. What it costs is the total length of its ways, and a way from $x$ to $y$
# is the integral of 1 over all the spots $t$ that it passes:
#
# $$ \sum_{ij} \gamma_{ij} |x_i - y_j| = \int \sum_{ij} \gamma_{ij}\, [\,t \text{ between } x_i \text{ and } y_j\,]\; dt . $$
#
# At each spot $t$ let $R(t)$ be the mass that passes to the right and $L(t)$ that to the left. Before, $F(t)$ lay on
# the left, and afterwards $G(t)$. So $F(t) - R(t) + L(t) = G(t)$, which is $R - L = F - G$. The mass under the integral
# is $R + L$, and
#
# $$ R(t) + L(t) \;\ge\; |R(t) - L(t)| = |F(t) - G(t)| . $$
#
# So *no* plan is cheaper than $\int |F - G|\, dt$. And one plan costs exactly that: the one that moves the mass in
# order, the first to the first, so that nobody ever passes anybody in the opposite direction ($R$ or $L$ is 0 at every
# spot). Hence
#
# $$ W_1(p, q) = \int_{-\infty}^{\infty} |F(t) - G(t)|\; dt . $$
#
# Between two neighboring points of the merged support both staircases are flat, so the integral is a sum of boxes:
# *height* $|F - G|$ times *width*, the gap to the next point.
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | `(m,)` | points on the line, in any order; points may repeat |
# | `p` | `(m,)` | their weights, $\ge 0$, with sum 1 |
# | `y` | `(n,)` | other points, in any order, some of them perhaps the same |
# | `q` | `(n,)` | their weights, $\ge 0$, with sum 1 |
#
# **Write `wasserstein_1d(x, p, y, q)`,** a number in the unit of the points. All arguments may be lists. (In SciPy this is
# `scipy.stats.wasserstein_distance(u_values, v_values, u_weights, v_weights)`: the points of both first, then the
# weights of both. With *two* arguments it takes them for samples. Of ten public programs that call it for two
# histograms, seven pass the histograms themselves, and get the distance between the *heights of the bars*.)

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def wasserstein_1d(x, p, y, q):
    """Return W1 of the points x with weights p, (m,) each, and the points y with weights q, (n,) each."""
    # BEGIN SOLUTION
    points = np.concatenate([x, y]).astype(float)
    weights = np.concatenate([p, np.negative(q)])
    order = np.argsort(points)
    ahead = np.cumsum(weights[order])  # F - G, from each point on
    return float(np.sum(np.abs(ahead[:-1]) * np.diff(points[order])))
    # END SOLUTION


# %% checks
def by_moving_in_order(x, p, y, q):
    """W1 by carrying the mass in order, heap after heap; the other side of the equation."""
    here = sorted((float(a), float(b)) for a, b in zip(x, p, strict=True) if b > 0)
    there = sorted((float(a), float(b)) for a, b in zip(y, q, strict=True) if b > 0)
    i = j = 0
    left, needed, costs = here[0][1], there[0][1], []
    while True:
        moved = min(left, needed)
        costs.append(moved * abs(here[i][0] - there[j][0]))
        left, needed = left - moved, needed - moved
        # What remains below 1e-15 is rounding.
        if left <= 1e-15:
            i += 1
            if i == len(here):
                return math.fsum(costs)
            left = here[i][1]
        if needed <= 1e-15:
            j += 1
            if j == len(there):
                return math.fsum(costs)
            needed = there[j][1]


def ask(wasserstein_1d, given, what):
    """Compare with the distance by moving in order."""
    expect_close(wasserstein_1d(*given), by_moving_in_order(*given), what, rtol=1e-9, atol=1e-12)


# %% public checks
@check(points=0.5)
def one_heap_one_hole(wasserstein_1d):
    """One heap at 2 and one hole at 5 are 3 apart."""
    observed = wasserstein_1d(np.array([2.0]), np.array([1.0]), np.array([5.0]), np.array([1.0]))
    expect_close(observed, 3.0, "wasserstein_1d([2], [1], [5], [1])")


@check(points=0.5)
def the_picture_above(wasserstein_1d):
    """The picture: 0.75 over a gap of 1, 0.15 over a gap of 2, and 0.1 over a gap of 2 make 1.25, in any order."""
    x, p, y, q = np.array([3.0, 0.0]), np.array([0.25, 0.75]), np.array([1.0, 5.0]), np.array([0.9, 0.1])
    expect_close(wasserstein_1d(x, p, y, q), 1.25, "wasserstein_1d([3, 0], [0.25, 0.75], [1, 5], [0.9, 0.1])")


# %% hidden checks
@check(points=1, hidden=True)
def any_points_and_weights(wasserstein_1d, rng):
    """It is what moving the mass in order costs, for random points in any order and any numbers of them."""
    for m, n in [(4, 3), (5, 5), (1, 6), (4, 1), (1, 1), (30, 20)]:
        given = rng.normal(size=m), rng.dirichlet(np.ones(m)), rng.normal(size=n) + 0.2, rng.dirichlet(np.ones(n))
        ask(wasserstein_1d, given, f"wasserstein_1d of {m} and {n} random points")


@check(points=1, hidden=True)
def where_the_staircases_cross(wasserstein_1d, rng):
    """Where the staircases cross, mass moves both ways, and neither pays for the other."""
    half = np.full(2, 0.5)
    ask(wasserstein_1d, (np.array([0.0, 10.0]), half, np.array([5.0]), np.array([1.0])), "two heaps around one hole")
    ask(wasserstein_1d, (np.array([6.0, 4.0]), half, np.array([10.0, 0.0]), half), "two heaps between two holes")
    x, y = np.array([4.0, -5.0, 1.0]), np.array([-1.0, 0.5])
    for _ in range(3):
        ask(
            wasserstein_1d,
            (x, rng.dirichlet(np.full(3, 5.0)), y, rng.dirichlet(np.full(2, 5.0))),
            "crossing staircases",
        )


@check(points=0.5, hidden=True)
def points_in_common(wasserstein_1d, rng):
    """Points may be common to both, repeat, and weigh nothing; equal heaps are 0 apart, in any order."""
    points = np.array([2.0, 0.0, 1.0])
    p, q = rng.dirichlet(np.ones(3)), rng.dirichlet(np.ones(3))
    ask(wasserstein_1d, (points, p, points, q), "two heaps on the same points")
    expect_close(wasserstein_1d(points, p, points[::-1].copy(), p[::-1].copy()), 0.0, "equal heaps in another order")
    twice = np.array([1.0, 3.0, 1.0]), np.array([0.25, 0.5, 0.25])
    ask(wasserstein_1d, (*twice, np.array([3.0, 3.0, 0.0]), np.array([0.125, 0.375, 0.5])), "points that repeat")
    nothing = np.array([0.0, 50.0, 2.0]), np.array([0.5, 0.0, 0.5]), np.array([-40.0, 1.0]), np.array([0.0, 1.0])
    ask(wasserstein_1d, nothing, "points of weight 0 far out")


@check(points=0.5, hidden=True)
def any_unit(wasserstein_1d, rng):
    """Whole numbers and lists are points too, and the unit of the points is that of the distance, large or small."""
    ask(wasserstein_1d, ([3, 1], [0.5, 0.5], [2, 0, 7], [0.25, 0.5, 0.25]), "lists of whole numbers")
    ask(wasserstein_1d, (np.array([4, -3]), np.array([0, 1]), np.array([5]), np.array([1])), "arrays of integers")
    x, y, p, q = rng.normal(size=5), rng.normal(size=4), rng.dirichlet(np.ones(5)), rng.dirichlet(np.ones(4))
    for unit in (1e4, 1e-4, 1e-20):
        what = f"points of size {unit:g}"
        expected = by_moving_in_order(unit * x, p, unit * y, q)
        expect_close(wasserstein_1d(unit * x, p, unit * y, q), expected, what, rtol=1e-9, atol=0)


# %% hints
HINTS = [
    "Put all points into one row, in order, and let each carry its weight: that of x counts up, that of y counts down.",
    "A running sum of these weights is F - G, from each point on until the next one.",
    "Between neighbors |F - G| does not change: height times gap. There is one gap less than there are points.",
]
WHY = """
One row of points in order, those of $x$ counting up and those of $y$ down: the running sum is $F - G$ on the gap
behind each point. Height times gap, added up, is the area. Points in the same place need no care, for a gap of width
0 adds nothing. The absolute value stands inside the sum; outside, it would be the difference of the means. After the
last point all mass has passed, and there is no gap. All of it costs one sort.
"""
COVERS = ["S2.23a", "S2.26"]
KERNELS = [kernels.wasserstein_1d]

# %% [markdown]
# > **A common claim: "$W_1$ is the difference of the means".** For a shift it is, and for any two heaps whose
# > staircases do not cross. That is why one believes it after the first three examples. In general $|\int (F - G)|$,
# > with the absolute value *outside*, is only a lower bound: what moves to the right and what moves to the left would
# > pay for each other. The experiment compares both for two heaps with the *same* mean, and the numbers that come out
# > if histograms are passed where SciPy expects samples.

# %% experiment
import numpy as np

w1 = grader.yours("wasserstein_1d")
grid = np.arange(9.0)
narrow = np.exp(-((grid - 4) ** 2) / 2)
wide = np.exp(-((grid - 4) ** 2) / 18)
p, q = narrow / narrow.sum(), wide / wide.sum()
alike = np.full(9, 1 / 9)
print(f"difference of the means      {abs(p @ grid - q @ grid):.4f}")
print(f"W1 of the two histograms     {w1(grid, p, grid, q):.4f}   (bins)")
print(f"heights of the bars compared {w1(p, alike, q, alike):.4f}   (what two arguments give)")
moved = np.roll(p, 3)
print("the same histogram, 3 bins further: W1 without the bins' places", f"{w1(p, alike, moved, alike):.4f}")


# %% right and wrong answers
def merged(x, p, y, q):
    """All points and the weights that count up and down, as they come."""
    return np.concatenate([x, y]).astype(float), np.concatenate([p, -np.asarray(q, dtype=float)])


def staircase(points, weights, value):
    """The sum of `value` (a function of F - G) times gap, with the points sorted."""
    order = np.argsort(points, kind="stable")
    return float(np.sum(value(np.cumsum(weights[order])[:-1]) * np.diff(points[order])))


@right_answer
def by_two_distribution_functions(x, p, y, q):
    """Both staircases by comparing every point with every other, ready to be drawn. No weights to be carried through a
    sort, but about n squared comparisons.
    """
    x, p, y, q = (np.asarray(a, dtype=float) for a in (x, p, y, q))
    z = np.unique(np.concatenate([x, y]))
    F = ((x <= z[:, None]) * p).sum(axis=1)
    G = ((y <= z[:, None]) * q).sum(axis=1)
    return np.abs(F - G)[:-1] @ np.diff(z)


@right_answer
def by_quantiles(x, p, y, q):
    """The same area, cut into strips the other way: over mass instead of place, the distance between the two quantile
    functions. The one to take for other powers, since it gives every W of order r.
    """
    x, p, y, q = (np.asarray(a, dtype=float) for a in (x, p, y, q))
    i, j = np.argsort(x), np.argsort(y)
    P, Q = np.cumsum(p[i]), np.cumsum(q[j])
    cuts = np.sort(np.concatenate([[0.0], P[:-1], Q[:-1], [1.0]]))
    middles = (cuts[:-1] + cuts[1:]) / 2
    here = x[i][np.minimum(np.searchsorted(P, middles), len(x) - 1)]
    there = y[j][np.minimum(np.searchsorted(Q, middles), len(y) - 1)]
    return float(np.abs(here - there) @ np.diff(cuts))


@right_answer
def one_gap_after_the_other(x, p, y, q):
    """The proof as a program: walk from left to right and pay for what has to pass. After the sort it needs three
    numbers and no arrays.
    """
    events = sorted([*zip(x, p, strict=True), *((b, -w) for b, w in zip(y, q, strict=True))])
    total = ahead = before = 0.0
    for here, weight in events:
        total += abs(ahead) * (here - before)
        ahead, before = ahead + weight, here
    return total


@wrong_answer(
    passes=(one_heap_one_hole,),
    feedback="That is the difference of the means, with the absolute value outside the integral: only a lower bound.",
)
def difference_of_means(x, p, y, q):
    return float(abs(np.dot(x, p) - np.dot(y, q)))


@wrong_answer(
    feedback="You add up |F - G| without its width: multiply with the gap to the next point.",
)
def without_the_gaps(x, p, y, q):
    points, weights = merged(x, p, y, q)
    return float(np.sum(np.abs(np.cumsum(weights[np.argsort(points, kind="stable")]))))


@wrong_answer(
    passes=(one_heap_one_hole,),
    feedback="You add up before you sort: put all points in order first, and carry the weights along.",
)
def unsorted(x, p, y, q):
    points, weights = merged(x, p, y, q)
    return float(np.sum(np.abs(np.cumsum(weights))[:-1] * np.abs(np.diff(points))))


@wrong_answer(
    passes=(one_heap_one_hole,),
    feedback="You integrate (F - G) squared. That is the Cramer distance; W1 takes |F - G|.",
)
def cramer(x, p, y, q):
    return staircase(*merged(x, p, y, q), np.square)


@wrong_answer(
    feedback="You take the root of the integral of (F - G) squared. W1 takes |F - G|, and no root.",
)
def root_of_cramer(x, p, y, q):
    return float(np.sqrt(staircase(*merged(x, p, y, q), np.square)))


@wrong_answer(
    passes=(one_heap_one_hole,),
    feedback="You pair sorted points and leave the weights out. That is right for samples of equal size only.",
)
def weights_left_out(x, p, y, q):
    here, there = np.sort(x), np.sort(y)
    n = min(len(here), len(there))
    return float(np.abs(here[:n] - there[:n]).mean())


@wrong_answer(
    feedback="You take the weights for points: p and q say how much lies there, x and y say where.",
)
def weights_for_points(x, p, y, q):
    m, n = len(p), len(q)
    return staircase(*merged(p, np.full(m, 1 / m), q, np.full(n, 1 / n)), np.abs)


@wrong_answer(
    passes=(one_heap_one_hole,),
    feedback="You sort the points and leave the weights in their old order. Each weight goes with its point.",
)
def weights_stay_behind(x, p, y, q):
    return staircase(*merged(np.sort(x), p, np.sort(y), q), np.abs)


@wrong_answer(
    passes=(one_heap_one_hole,),
    feedback="You subtract the two histograms bin by bin, without a running sum. What is moved from far away must pass by here.",
)
def without_the_running_sum(x, p, y, q):
    points, weights = merged(x, p, y, q)
    order = np.argsort(points, kind="stable")
    return float(np.sum(np.abs(weights[order])[:-1] * np.diff(points[order])))


@wrong_answer(
    passes=(one_heap_one_hole,),
    feedback="That is the cost of the independent plan. It is allowed to compete, but it hardly ever wins.",
)
def independent_plan(x, p, y, q):
    ways = np.abs(np.subtract.outer(np.asarray(x, dtype=float), np.asarray(y, dtype=float)))
    return float(np.asarray(p, dtype=float) @ ways @ np.asarray(q, dtype=float))


@wrong_answer(
    passes=(one_heap_one_hole,),
    feedback="You divide the integral by a number of points. The gaps are all the weight that it needs.",
)
def divided_by_the_number_of_points(x, p, y, q):
    return staircase(*merged(x, p, y, q), np.abs) * 2 / (len(x) + len(y))
