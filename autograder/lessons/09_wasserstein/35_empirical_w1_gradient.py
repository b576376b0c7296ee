# %% [markdown]
# ## A number that tells every point where to go
#
# A generator is trained on samples. It has made $n$ points $x_1, \dots, x_n$, the data are $n$ points $y_1, \dots,
# y_n$, and each carries the mass $1/n$. On the line the best plan pairs them in order: the smallest with the smallest,
# and so on. If $x_{(k)}$ is the $k$-th smallest,
#
# $$ W_1 = \frac1n \sum_{k=1}^n \big| x_{(k)} - y_{(k)} \big| . $$
#
# Now the question for which all this is made: how does $W_1$ change if one of the points moves a little? Only its own
# term changes, and as long as no two points exchange their ranks, its partner stays the same:
#
# $$ \frac{\partial W_1}{\partial x_i} = \frac1n \operatorname{sign}(x_i - \text{partner of } x_i) . $$
#
# Compare this with lesson 08. No logarithm, no saturation. A point that is a thousand away from the data hears just as
# clearly in which direction to go as one that is nearly there. What it does not hear is *how far*.
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | `(n,)` | the generated points, in any order, all different; $n \ge 1$ |
# | `y` | `(n,)` | the data, in any order, all different; no point has its partner's place |
# | first result | number | $W_1$ |
# | second result | `(n,)` | $\partial W_1 / \partial x_i$, in the order of `x` **as it was given** |
#
# **Write `empirical_w1_gradient(x, y)`, which returns `(W1, gradient)`.** Whole numbers are points too. (In torch one
# writes `(x.sort().values - y.sort().values).abs().mean()` and lets it do the rest: the gradient of a sort is to put
# things back.)

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def empirical_w1_gradient(x, y):
    """Return W1 of two samples (n,) and its gradient with respect to x, (n,), in the order of x."""
    # BEGIN SOLUTION
    order = np.argsort(x)
    gaps = x[order] - np.sort(y)
    gradient = np.empty(len(order))
    gradient[order] = np.sign(gaps) / len(order)
    return float(np.mean(np.abs(gaps))), gradient
    # END SOLUTION


# %% checks
PARTS = ("W1", "gradient")


def area_between_staircases(x, y):
    """W1 as the integral of |F - G|."""
    z = np.sort([*x, *y])
    ahead = np.array([np.mean(x <= t) - np.mean(y <= t) for t in z[:-1]])
    return float(np.abs(ahead) @ np.diff(z))


def by_moving_each_point(x, y):
    """W1, and how it changes when one point after the other is moved by a little; exact, for W1 is linear there."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    step = 2.0**-10
    moves = step * np.eye(len(x))
    rise = [area_between_staircases(x + move, y) - area_between_staircases(x - move, y) for move in moves]
    return area_between_staircases(x, y), np.array(rise) / (2 * step)


def distinct(rng, n, places=40):
    """n generated points on whole numbers, and n data between them, so that no two meet."""
    x, y = rng.choice(places, size=n, replace=False) - 12.0, rng.choice(places, size=n, replace=False) - 11.5
    return x, y


# %% public checks
@check(points=0.5)
def one_point(empirical_w1_gradient):
    """One point at 0 and one at 2 are 2 apart, and a step to the right makes it less: the slope is -1."""
    got = empirical_w1_gradient(np.array([0.0]), np.array([2.0]))
    expect_close(got, (2.0, np.array([-1.0])), "empirical_w1_gradient([0], [2])", parts=PARTS)


@check(points=0.5)
def three_points_out_of_order(empirical_w1_gradient):
    """From (6, 0, 4) to (5, 3, 2): 0 goes to 2, 4 to 3 and 6 to 5, so W1 = 4/3, and the slopes are (1, -1, 1) / 3."""
    got = empirical_w1_gradient(np.array([6.0, 0.0, 4.0]), np.array([5.0, 3.0, 2.0]))
    expected = 4 / 3, np.array([1.0, -1.0, 1.0]) / 3
    expect_close(got, expected, "empirical_w1_gradient([6, 0, 4], [5, 3, 2])", parts=PARTS)


# %% hidden checks
@check(points=1, hidden=True)
def the_distance(empirical_w1_gradient, rng):
    """The first result is the area between the staircases of the samples, for any number of points in any order."""
    for n in (1, 2, 5, 12):
        x, y = distinct(rng, n)
        got = empirical_w1_gradient(x, y)
        expect_close(got, by_moving_each_point(x, y), f"empirical_w1_gradient of {n} points", parts=PARTS)


@check(points=1, hidden=True)
def the_slopes(empirical_w1_gradient, rng):
    """The second result is how W1 changes when one point after the other is moved, in the order of x."""
    for n in (3, 6, 9):
        x, y = distinct(rng, n)
        got = empirical_w1_gradient(x, y)
        expect_close(got, by_moving_each_point(x, y), f"empirical_w1_gradient of {n} points", parts=PARTS)
    crossing = np.array([10.0, 0.0]), np.array([4.0, 6.0])
    got = empirical_w1_gradient(*crossing)
    expect_close(got, (4.0, np.array([0.5, -0.5])), "two points around two others", parts=PARTS)


@check(points=0.5, hidden=True)
def the_slope_does_not_fade(empirical_w1_gradient, rng):
    """However far away the data are, every point hears 1/n; and however near."""
    x = np.sort(distinct(rng, 4)[0])[[2, 0, 1, 3]]
    for far in (1e3, 1e6):
        got = empirical_w1_gradient(x + far, x[::-1].copy())
        expect_close(got, (far, np.full(4, 0.25)), f"points {far:g} to the right of the data", parts=PARTS)
    for unit in (1e-20, -1e-20, -1e6):
        expected = 2 * abs(unit), np.full(4, 0.25 * np.sign(unit))
        got = empirical_w1_gradient(unit * (x + 2), unit * x[::-1])
        expect_close(got, expected, f"points of size {abs(unit):g}", parts=PARTS, atol=0)
    got = empirical_w1_gradient(x - 1000, x[::-1] - 1002)
    expect_close(got, (2.0, np.full(4, 0.25)), "points below 0 only", parts=PARTS)
    got = empirical_w1_gradient(x - 1e-3, x[::-1].copy())
    expect_close(got, (1e-3, np.full(4, -0.25)), "points a thousandth to the left of the data", parts=PARTS)


@check(points=0.5, hidden=True)
def whole_numbers(empirical_w1_gradient, rng):
    """Whole numbers are points, and their slopes are fractions."""
    x, y = np.array([[9, -3, 4, 0], [1, 5, 2, -8]]) * rng.integers(1, 9) + rng.integers(-99, 99)
    expect_close(empirical_w1_gradient(x, y), by_moving_each_point(x, y), "samples of whole numbers", parts=PARTS)


# %% hints
HINTS = [
    "np.argsort(x) says which point is the smallest, which the second, and so on. You need it once to sort and once to put back.",
    "The k-th smallest of x meets the k-th smallest of y. That gives n differences, in sorted order.",
    "The difference number k belongs to the point x[order[k]]. An array can be filled through an index: g[order] = ...",
]
WHY = r"""
A point that moves a little keeps its rank and so its partner: only its own term changes, with the slope $\pm 1/n$.
`order` is used twice, once to sort, and once on the *left* of an assignment to put back: `gradient[order] = ...`
gives each slope to the point that it belongs to. A slope array of its own, in floating point, also keeps whole
numbers from making 0 of $1/n$.
"""
COVERS = ["S2.26"]
KERNELS = [kernels.empirical_w1_gradient]

# %% [markdown]
# **See it.** Two hundred points on their way to data that are thirty away. With the gradient of $W_1$ and a constant
# step each point walks at the same pace, and they arrive. With the gradient that a generator gets from the best
# *discriminator* between two bells, $-\sigma(a)$ times the slope of the logit, they do not even start: $\sigma(a)$ is
# of the order of $e^{-450}$ there.

# %% experiment
slopes = grader.yours("empirical_w1_gradient")
draws = np.random.default_rng(0)
x, y = draws.normal(size=200), 30 + draws.normal(size=200)
print(f"{'step':>5} {'W1':>9} {'mean of x':>10} {'spread of x':>12}")
for step in range(161):
    distance, gradient = slopes(x, y)
    if step % 40 == 0:
        print(f"{step:5d} {distance:9.4f} {x.mean():10.3f} {x.std():12.3f}")
    x = x - 0.2 * len(x) * gradient
# The logit of the best discriminator between N(30, 1) and N(0, 1) is 30 x - 450.
logit = 30 * draws.normal(size=200) - 450
saturating = -30 / (1 + np.exp(-logit))
print(
    f"gradient of log(1 - D) at the start, on average over the points: {np.abs(saturating).mean():.1e}; of W1, times n: 1.0"
)


# %% right and wrong answers
def pairs(x, y):
    """Each point of x, in its own order, beside its partner."""
    ranks = np.argsort(np.argsort(x))
    return np.asarray(x, dtype=float), np.sort(np.asarray(y, dtype=float))[ranks]


@right_answer
def by_ranks(x, y):
    """The argsort of an argsort is the rank, and the sorted y taken at the ranks stands beside x in its own order.
    Nothing to put back, for one sort more.
    """
    mine, partner = pairs(x, y)
    return np.mean(np.abs(mine - partner)), np.sign(mine - partner) / len(mine)


@right_answer
def by_the_staircases(x, y):
    """From F and G: a point is pulled to the left where more of x than of y lies to its left. No pairs are formed, and
    one sees that the gradient is the slope of a critic. n squared comparisons.
    """
    # A point is pulled to the left where more of x than of y lies to its left, itself included.
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    ranks = (x[:, None] >= x).sum(axis=1)
    gradient = [1 / len(x) if np.sum(y < a) >= k else -1 / len(x) for a, k in zip(x, ranks, strict=True)]
    z = np.sort([*x, *y])
    ahead = np.searchsorted(np.sort(x), z[:-1], "right") - np.searchsorted(np.sort(y), z[:-1], "right")
    return float(np.abs(ahead) @ np.diff(z)) / len(x), np.array(gradient)


@wrong_answer(
    passes=(one_point,),
    feedback="You pair the points as they are given. The best plan pairs them in sorted order.",
)
def in_the_given_order(x, y):
    gaps = np.asarray(x, dtype=float) - y
    return float(np.abs(gaps).mean()), np.sign(gaps) / len(gaps)


@wrong_answer(
    passes=(one_point, the_slope_does_not_fade),
    feedback="Your distance is right, and your slopes stand in sorted order. They belong in the order of x as it was given.",
)
def slopes_in_sorted_order(x, y):
    gaps = np.sort(x) - np.sort(y)
    return float(np.abs(gaps).mean()), np.sign(gaps) / len(gaps)


@wrong_answer(
    passes=(one_point,),
    feedback="Your distance is right, and your slopes are too large: each point carries the mass 1/n only.",
)
def slopes_without_the_mass(x, y):
    mine, partner = pairs(x, y)
    return float(np.abs(mine - partner).mean()), np.sign(mine - partner)


@wrong_answer(
    passes=(one_point,),
    feedback="You add up where a mean belongs, in the distance and in the slopes: each point carries the mass 1/n.",
)
def sum_for_mean(x, y):
    mine, partner = pairs(x, y)
    return float(np.abs(mine - partner).sum()), np.sign(mine - partner)


@wrong_answer(
    feedback="That is the mean of the squares, and its gradient. It knows how far to go, and explodes where W1 stays calm.",
)
def squares(x, y):
    mine, partner = pairs(x, y)
    return float(((mine - partner) ** 2).mean()), 2 * (mine - partner) / len(mine)


@wrong_answer(
    passes=(one_point,),
    feedback="One argsort gives the order, not the ranks: your points have the wrong partners.",
)
def argsort_once(x, y):
    mine, partner = np.asarray(x, dtype=float), np.sort(np.asarray(y, dtype=float))[np.argsort(x)]
    return float(np.abs(mine - partner).mean()), np.sign(mine - partner) / len(mine)


@wrong_answer(
    passes=(one_point, the_slope_does_not_fade),
    feedback="All your points get one and the same slope, as if the whole heap moved. Each one has a partner of its own.",
)
def slope_of_the_means(x, y):
    mine, partner = pairs(x, y)
    return float(np.abs(mine - partner).mean()), np.full(len(mine), np.sign(np.mean(x) - np.mean(y)) / len(mine))


@wrong_answer(
    feedback="The sign of your slopes is turned: a point to the left of its partner makes W1 smaller by moving right.",
)
def turned_around(x, y):
    mine, partner = pairs(x, y)
    return float(np.abs(mine - partner).mean()), np.sign(partner - mine) / len(mine)


@wrong_answer(
    passes=(one_point, three_points_out_of_order, the_distance, the_slopes, the_slope_does_not_fade),
    feedback="For whole numbers your slopes become whole numbers too, and 1/n becomes 0.",
)
def slopes_of_the_type_of_x(x, y):
    mine, partner = pairs(x, y)
    return float(np.abs(mine - partner).mean()), (np.sign(mine - partner) / len(mine)).astype(np.asarray(x).dtype)


@wrong_answer(
    passes=(one_point,),
    feedback="Each point goes to the data point that is nearest to it. Then several may share one, and others are left alone.",
)
def nearest_neighbor(x, y):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    nearest = y[np.argmin(np.abs(x[:, None] - y), axis=1)]
    return float(np.abs(x - nearest).mean()), np.sign(x - nearest) / len(x)
