# %% [markdown]
# ## What a plan costs, and a bound for free
#
# To carry a grain from $x_i$ to $y_j$ costs something. The natural price is the way, $|x_i - y_j|$. Sometimes it is its
# square, or another power $r$. A plan costs what its grains cost together:
#
# $$ T(\gamma) = \sum_{i,j} \gamma_{ij}\, |x_i - y_j|^r . $$
#
# The cheapest plan there is gives the **Wasserstein distance**: $W_1(p, q) = \min_{\gamma} T(\gamma)$ with $r = 1$,
# over all plans from $p$ to $q$. To find it takes some work. But here is something for nothing: *any* plan is allowed
# to compete, so the cost of any plan that you can think of lies at or above $W_1$. And one plan always exists: let each
# heap send to each hole in proportion, $\gamma_{ij} = p_i q_j$. This is called the independent plan.
#
# | argument | shape | meaning |
# |---|---|---|
# | `g` | `(m, n)` | a plan; its entries are the masses |
# | `x` | `(m,)` | the points that mass leaves from, on the line |
# | `y` | `(n,)` | the points where it arrives |
# | `r` | number > 0 | the power of the way |
#
# **Write `transport_cost(g, x, y, r=1)`,** a number. Plan and points may be lists. (POT takes the table of prices ready made: `M = ot.dist(x, y)`,
# and beware, those are *squared* distances by default; the cost is then `(g * M).sum()`.)

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def transport_cost(g, x, y, r=1):
    """Return the cost of the plan g (m, n) between the points x (m,) and y (n,): the sum of g_ij |x_i - y_j|^r."""
    # BEGIN SOLUTION
    way = np.abs(np.subtract.outer(x, y))
    return float(np.sum(g * way**r))
    # END SOLUTION


# %% checks
TABLE = np.array([[0.2, 0.1], [0.0, 0.7]])


def grain_by_grain(g, x, y, r):
    """The cost, one entry of the plan after the other."""
    return math.fsum(float(g[i, j]) * abs(float(x[i]) - float(y[j])) ** r for i in range(len(x)) for j in range(len(y)))


# %% public checks
@check(points=0.25)
def the_table_between_four_points(transport_cost):
    """From (0, 1) to (3, -1) the table (0.2, 0.1), (0, 0.7) costs 0.2 * 3 + 0.1 * 1 + 0.7 * 2 = 2.1."""
    observed = transport_cost(TABLE, np.array([0.0, 1.0]), np.array([3.0, -1.0]))
    expect_close(observed, 2.1, "transport_cost(table, [0, 1], [3, -1])")


@check(points=0.25)
def the_same_with_squares(transport_cost):
    """With r = 2 the same plan costs 0.2 * 9 + 0.1 * 1 + 0.7 * 4 = 4.7."""
    observed = transport_cost(TABLE, np.array([0.0, 1.0]), np.array([3.0, -1.0]), 2)
    expect_close(observed, 4.7, "transport_cost(table, [0, 1], [3, -1], r=2)")


# %% hidden checks
@check(points=0.5, hidden=True)
def grain_after_grain(transport_cost, rng):
    """It is the sum over all grains for plans of any shape: square, tall, wide, a single row or column."""
    for m, n in [(3, 3), (3, 2), (2, 5), (1, 4), (4, 1), (1, 1)]:
        g, x, y = rng.dirichlet(np.ones(m * n)).reshape(m, n), rng.normal(size=m), rng.normal(size=n) + 0.3
        what = f"transport_cost of a random plan of shape {(m, n)}"
        expect_close(transport_cost(g, x, y), grain_by_grain(g, x, y, 1), what, rtol=1e-9, atol=0)


@check(points=0.5, hidden=True)
def any_power(transport_cost, rng):
    """It is right for r = 1/2, 1, 3/2, 2 and 3, wherever the points lie."""
    g, x = rng.dirichlet(np.ones(12)).reshape(3, 4), rng.uniform(-1, 1, 3)
    y = np.array([2.0, -0.6, 0.4, -1.5]) + rng.uniform(0, 0.4, 4)
    for r in (1, 0.5, 1.5, 2, 3):
        for size in (1.0, 1000.0):
            what = f"transport_cost with r = {r} and points of size {size:g}"
            expected = grain_by_grain(g, size * x, size * y, r)
            expect_close(transport_cost(g, size * x, size * y, r), expected, what, rtol=1e-9, atol=0)


@check(points=0.5, hidden=True)
def whole_numbers_and_lists(transport_cost, rng):
    """To stay costs nothing, to change places costs the way; whole numbers and lists are points too."""
    d = int(rng.integers(2, 9))
    stay, swap = [[0.5, 0.0], [0.0, 0.5]], [[0.0, 0.5], [0.5, 0.0]]
    expect_close(transport_cost(stay, [0, d], [0, d]), 0.0, "transport_cost(stay)", rtol=0, atol=0)
    from_one_place = np.full((2, 3), 1 / 6), np.ones(2), np.full(3, 5.0)
    expect_close(transport_cost(*from_one_place), 4.0, "transport_cost from one place to another")
    expect_close(transport_cost(swap, [0, d], [0, d]), float(d), "transport_cost(swap)")
    expect_close(transport_cost(swap, np.array([0, 3]), np.array([1, 7]), 2), 24.5 + 2.0, "transport_cost(swap, r=2)")
    expect_close(transport_cost([[0.25, 0.75]], [2], [-2, 4], 3), 16.0 + 6.0, "transport_cost with r = 3")


# %% hints
HINTS = [
    "You need the way from each x to each y, a table of the shape of the plan.",
    "x of shape (m, 1) minus y of shape (1, n) has the shape (m, n).",
    "A way has no sign. Then weigh each with its mass, and add everything up: the plan already says how much each counts.",
]
WHY = """
`np.subtract.outer` makes the table of all ways, of the shape of the plan. The entries of a plan are masses that add
up to 1, so their weighted sum is the mean cost already, and there is nothing to divide by. The absolute value comes
before the power: an odd power would let what goes right pay for what goes left, and a root of a negative way does not
exist.
"""
COVERS = ["S2.23a", "S2.23b", "S2.25"]
KERNELS = [kernels.transport_cost]

# %% [markdown]
# > **A common claim: "the infimum is $\inf_{\gamma \in \Gamma(p, q)\,T(\gamma, c)}$".** So it stands in print, with the
# > cost below the sign. It is a misplaced brace, and one reads over it because one knows what is meant: $\inf_{\gamma
# > \in \Gamma(p, q)} T(\gamma, c)$. What runs is $\gamma$, over the set $\Gamma(p, q)$ of plans; what is made small is
# > the cost $T$. As it was printed, it says to take the smallest of nothing over a set that depends on its own cost.
# > The experiment does what the right form says: it runs over *all* plans of two points to two points, which is a set
# > with one free number $s$, and looks for the smallest cost.
#
# **Every plan at the same price.** Let all of $p$ lie to the left of all of $q$: uniform on $[0, 1]$, and uniform on
# $[2, 3]$. Then $|x - y| = y - x$ for every grain, and $\sum \gamma_{ij} (y_j - x_i) = \mathrm{E}_q[y] -
# \mathrm{E}_p[x] = 2$, whatever the plan. Where the two overlap, plans differ: from $[0, 2]$ to $[1, 3]$ a mere shift
# costs $1$, the reverse order $5/4$, and the independent plan $13/12$.

# %% experiment
import numpy as np

cost = grader.yours("transport_cost")
middle = (np.arange(400) + 0.5) / 400
plans = {
    "shift": np.eye(400) / 400,
    "reverse": np.eye(400)[::-1] / 400,
    "independent": np.full((400, 400), 1 / 400**2),
}
for start, end in (((0, 1), (2, 3)), ((0, 2), (1, 3))):
    x, y = (low + (high - low) * middle for low, high in (start, end))
    print(
        f"U{list(start)} to U{list(end)}:",
        *(f"{name} {cost(plan, x, y):.4f}" for name, plan in plans.items()),
        sep="  ",
    )

print("all plans from (0.3, 0.7) at (0, 1) to (0.2, 0.8) at (3, -1), by the mass s that goes from 0 to 3:")
for s in (0.0, 0.05, 0.1, 0.15, 0.2):
    plan = np.array([[s, 0.3 - s], [0.2 - s, 0.5 + s]])
    print(f"   s = {s:.2f}: cost {cost(plan, [0, 1], [3, -1]):.2f}")


# %% right and wrong answers
def ways(x, y):
    return np.asarray(x, dtype=float)[:, None] - np.asarray(y, dtype=float)


@right_answer
def by_einsum(g, x, y, r=1):
    """Multiplies and adds in one pass, without a table of the products."""
    return np.einsum("ij,ij->", np.asarray(g, dtype=float), np.abs(ways(x, y)) ** r)


@right_answer
def by_loops(g, x, y, r=1):
    """Grain after grain, as the sum is written. Any price can stand in the inner line."""
    total = 0.0
    for i, here in enumerate(x):
        for j, there in enumerate(y):
            total += g[i][j] * abs(here - there) ** r
    return total


@right_answer
def by_the_trace(g, x, y, r=1):
    """The cost as a trace, the form that papers write. It computes a matrix of m by m to add up its diagonal: to be
    read, not run.
    """
    return np.trace(np.asarray(g, dtype=float) @ (ways(x, y) ** 2).T ** (r / 2))


@wrong_answer(
    passes=(the_same_with_squares,),
    feedback="A way has no sign: you add x - y as it is, and what goes right pays for what goes left.",
)
def with_a_sign(g, x, y, r=1):
    return float((np.asarray(g) * np.sign(ways(x, y)) ** int(r) * np.abs(ways(x, y)) ** r).sum())


@wrong_answer(
    passes=(the_same_with_squares,),
    feedback="You square the way whatever r is. With r = 1 the price is the way itself.",
)
def always_squared(g, x, y, r=1):
    return float((np.asarray(g) * ways(x, y) ** 2).sum())


@wrong_answer(
    passes=(the_table_between_four_points, grain_after_grain),
    feedback="You leave r out: the way is to be raised to the power r.",
)
def without_the_power(g, x, y, r=1):
    return float((np.asarray(g) * np.abs(ways(x, y))).sum())


@wrong_answer(
    feedback="You take a mean over the table. The plan already carries the weights: add up.",
)
def mean_of_the_table(g, x, y, r=1):
    return float((np.asarray(g) * np.abs(ways(x, y)) ** r).mean()) + 0.0


@wrong_answer(
    passes=(the_table_between_four_points, grain_after_grain),
    feedback="You take the root of order r at the end. That is the distance W_r of the best plan; asked for is the cost itself.",
)
def with_the_root(g, x, y, r=1):
    return float((np.asarray(g) * np.abs(ways(x, y)) ** r).sum() ** (1 / r))


@wrong_answer(
    feedback="Rows and columns are exchanged in your prices: row i of the plan is what leaves x_i.",
)
def exchanged(g, x, y, r=1):
    return float((np.asarray(g) * np.abs(ways(y, x)) ** r).sum())


@wrong_answer(
    feedback="You add up the ways alone. Each counts as much as the mass that goes it.",
)
def without_the_masses(g, x, y, r=1):
    return float((np.abs(ways(x, y)) ** r).sum())
