# %% [markdown]
# ## The best plan on the line
#
# The distance is known; who carries what? On the line the best plan is the one that any queue follows: the first grain
# takes the first free place. Take the heaps from left to right, and the holes from left to right. Fill the first hole
# from the first heap until one of the two is used up, and go on with the next.
#
# | | hole of 0.25 | hole of 0.5 | hole of 0.25 |
# |---|---|---|---|
# | **heap of 0.5** | 0.25 | 0.25 | |
# | **heap of 0.5** | | 0.25 | 0.25 |
#
# The corner at the top left comes first, and then it goes right or down, never back: the filled entries form a
# staircase to the corner at the bottom right. Old books call it the *north-west corner rule*. There is a way to see all entries at once. Lay both distributions along
# the same ruler of length 1: heap $i$ covers the interval from $P_{i-1}$ to $P_i$ (the running sums of $p$), hole $j$
# the interval from $Q_{j-1}$ to $Q_j$. The mass that goes from $i$ to $j$ is the length that the two intervals have in
# common.
#
# **Why is this the best one?** Suppose that two grains cross: one goes from $a$ to the farther hole $d$, another one
# from $b > a$ to the nearer hole $c < d$. Let them exchange their destinations. Draw the four points in all possible
# orders: the total way never gets longer, and where the ways overlapped in opposite directions it gets shorter. So
# uncrossing everything costs nothing, and what is uncrossed is this plan. The same holds for every cost that is a
# convex function of the way, the square for example.
#
# | argument | shape | meaning |
# |---|---|---|
# | `p` | `(m,)` | the masses of the heaps, from left to right, $\ge 0$, with sum 1 |
# | `q` | `(n,)` | the room in the holes, from left to right, $\ge 0$, with sum 1 |
# | result | `(m, n)` | the plan |
#
# **Write `monotone_plan(p, q)`.** It needs no points, only their order. A heap of mass 0 has a row of zeros. Both
# arguments may be lists. (In POT this is `ot.emd_1d(x, y, a, b)`, which sorts the points by itself.)

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def monotone_plan(p, q):
    """Return the plan (m, n) that moves the masses p (m,), in order, to the masses q (n,), in order."""
    # BEGIN SOLUTION
    P, Q = np.cumsum([0.0, *p]), np.cumsum([0.0, *q])
    ends = np.minimum.outer(P[1:], Q[1:])
    starts = np.maximum.outer(P[:-1], Q[:-1])
    return np.maximum(ends - starts, 0.0)
    # END SOLUTION


# %% checks
def corner_by_corner(p, q):
    """The plan by the north-west corner rule, one entry after the other."""
    left, room = [float(a) for a in p], [float(b) for b in q]
    plan = np.zeros((len(left), len(room)))
    i = j = 0
    while i < len(left) and j < len(room):
        moved = min(left[i], room[j])
        plan[i, j] = moved
        left[i], room[j] = left[i] - moved, room[j] - moved
        # One of the two is used up, to the last bit. If both are, the heap steps on and the hole waits with room for nothing.
        if left[i] <= room[j]:
            i += 1
        else:
            j += 1
    return plan


# %% public checks
@check(points=0.5)
def the_table_above(monotone_plan):
    """From (1/2, 1/2) to (1/4, 1/2, 1/4) each heap serves two holes, as in the table above."""
    expected = np.array([[0.25, 0.25, 0.0], [0.0, 0.25, 0.25]])
    expect_close(monotone_plan([0.5, 0.5], [0.25, 0.5, 0.25]), expected, "monotone_plan([1/2, 1/2], [1/4, 1/2, 1/4])")


@check(points=0.5)
def a_large_heap_and_a_small_one(monotone_plan):
    """From (0.8, 0.2) to (0.3, 0.7) the first heap fills the first hole and most of the second."""
    expected = np.array([[0.3, 0.5], [0.0, 0.2]])
    expect_close(monotone_plan([0.8, 0.2], [0.3, 0.7]), expected, "monotone_plan([0.8, 0.2], [0.3, 0.7])")


# %% hidden checks
@check(points=1, hidden=True)
def corner_after_corner(monotone_plan, rng):
    """It is the plan of the north-west corner rule, for random masses, square, tall and wide."""
    for m, n in [(3, 4), (4, 4), (6, 2), (2, 7), (20, 30)]:
        p, q = rng.dirichlet(np.ones(m)), rng.dirichlet(np.ones(n))
        expect_close(monotone_plan(p, q), corner_by_corner(p, q), f"monotone_plan of {m} and {n} random masses")


@check(points=1, hidden=True)
def nothing_is_cheaper(monotone_plan, rng):
    """Its ways add up to the area between the staircases, and the squares of its ways to that of sorted samples."""
    for m, n in [(3, 5), (5, 3), (4, 4)]:
        p, q, x, y = rng.dirichlet(np.ones(m)), rng.dirichlet(np.ones(n)), rng.normal(size=m), rng.normal(size=n)
        x, y = np.sort(x), np.sort(y)
        plan = monotone_plan(p, q)
        expect_close(plan, corner_by_corner(p, q), f"monotone_plan of {m} and {n} random masses")
        z = np.sort(np.append(x, y))
        ahead = [(p[x <= t].sum() - q[y <= t].sum()) for t in z[:-1]]
        cost = float(np.sum(plan * np.abs(np.subtract.outer(x, y))))
        expect_close(cost, float(np.abs(ahead) @ np.diff(z)), f"the cost of monotone_plan of {m} and {n} masses")


@check(points=0.5, hidden=True)
def one_heap_or_one_hole(monotone_plan, rng):
    """One heap serves all holes, one hole takes all heaps, and one heap fills one hole."""
    masses = rng.dirichlet(np.ones(3))
    one = np.ones(1)
    expect_close(monotone_plan(one, masses), masses[None], "monotone_plan([1], q)")
    expect_close(monotone_plan(masses, one), masses[:, None], "monotone_plan(p, [1])")
    expect_close(monotone_plan(one, one), np.ones((1, 1)), "monotone_plan([1], [1])")


@check(points=0.5, hidden=True)
def equal_masses_and_none(monotone_plan, rng):
    """Equal masses stay where they are; a mass of 0 has a row, or a column, of zeros; whole numbers are masses too."""
    a = rng.uniform(0.1, 0.4)
    same = [a, 0.5 - a, 0.5]
    expect_close(monotone_plan(same, same), np.diag(same), "monotone_plan(p, p)")
    for p, q in (
        ([0.5, 0.0, 0.5], [0.25, 0.75]),
        ([0.0, 1.0], [0.5, 0.0, 0.5]),
        ([0.25, 0.75], [0.25, 0.0, 0.75, 0.0]),
    ):
        expect_close(monotone_plan(p, q), corner_by_corner(p, q), f"monotone_plan({p}, {q})")
    expect_close(monotone_plan(np.array([0, 1, 0]), np.array([1, 0])), [[0, 0], [1, 0], [0, 0]], "integers")


# %% hints
HINTS = [
    "Fill the corner with as much as fits: the smaller one of what is left of the heap and of the hole. Then cross out "
    "what is used up.",
    "Or without a loop: put a 0 in front of the running sums, and you have the ends of all intervals.",
    "What two intervals have in common: the smaller one of their right ends minus the larger one of their left ends.",
    "If they have nothing in common, that difference is negative. No mass goes there.",
]
WHY = """
Along one ruler, heap $i$ covers an interval and so does hole $j$, and what goes from $i$ to $j$ is the length that
both have in common: the smaller right end less the larger left end, if that is positive. The 0 in front of the
running sums is the left end of the first interval. Nothing has to be used up, so rounding never has to decide what is
empty, and a heap of mass 0 is an interval of length 0. The price: $m n$ entries, of which at most $m + n - 1$ are not
0.
"""
COVERS = ["S2.24", "S2.25"]
KERNELS = [kernels.monotone_plan, kernels.north_west_corner]

# %% [markdown]
# **See it.** Six plans from one mixture of two bumps to another one, on the same 60 points: what each costs by the way
# and by its square. For both prices the queue is the cheapest, and the reverse order the dearest. In between the plans
# that mix the two. All of them are plans, with the same marginals, and so every cost is an upper bound on the best one.

# %% experiment
plan_of, cost = grader.yours("monotone_plan"), grader.yours("transport_cost")
grid = np.linspace(-3, 3, 60)


def bump(center, width):
    """A bell on the grid, of height 1."""
    return np.exp(-(((grid - center) / width) ** 2) / 2)


p, q = bump(-2, 0.3) + bump(0.5, 0.5), bump(-1, 0.4) + bump(1.5, 0.6)
p, q = p / p.sum(), q / q.sum()
queue, reverse = plan_of(p, q), plan_of(p, q[::-1])[:, ::-1]
print(f"{'plan':>22} {'ways':>8} {'squares':>8}")
for name, plan in {
    "queue": queue,
    "3/4 queue, 1/4 reverse": 0.75 * queue + 0.25 * reverse,
    "half and half": (queue + reverse) / 2,
    "independent": np.outer(p, q),
    "reverse": reverse,
}.items():
    print(f"{name:>22} {cost(plan, grid, grid):8.4f} {cost(plan, grid, grid, 2):8.4f}")


# %% right and wrong answers
def common_lengths(p, q, floor=0.0):
    """The lengths that the intervals of p and of q have in common."""
    P, Q = np.concatenate([[0.0], np.cumsum(p)]), np.concatenate([[0.0], np.cumsum(q)])
    lengths = np.minimum(P[1:, None], Q[1:]) - np.maximum(P[:-1, None], Q[:-1])
    return np.maximum(lengths, floor)


@right_answer
def by_the_corner_rule(p, q):
    """The queue as it walks: at most m + n - 1 moves, several times faster for a thousand points, and a list of moves
    would need no table. Its weak spot is the threshold: subtraction leaves crumbs.
    """
    p, q = list(map(float, p)), list(map(float, q))
    plan = np.zeros((len(p), len(q)))
    i = j = 0
    while i < len(p) and j < len(q):
        moved = min(p[i], q[j])
        plan[i, j] += moved
        p[i] -= moved
        q[j] -= moved
        if p[i] <= 1e-15:
            i += 1
        elif q[j] <= 1e-15:
            j += 1
    return plan


@right_answer
def by_second_differences(p, q):
    """The shortest. The joint distribution function of this plan is the smaller one of both staircases, the largest
    that any plan can have, and its second differences are the plan.
    """
    # The plan's own staircase in two dimensions is the smaller one of the two staircases.
    joint = np.minimum.outer(np.cumsum([0.0, *p]), np.cumsum([0.0, *q]))
    return np.diff(np.diff(joint, axis=0), axis=1)


@wrong_answer(
    passes=(one_heap_or_one_hole,),
    feedback="That is the independent plan: every heap serves every hole. It is allowed, but here the first serves the first.",
)
def independent(p, q):
    return np.outer(p, q)


@wrong_answer(
    passes=(one_heap_or_one_hole,),
    feedback="You start at the wrong end: that plan sends the first to the last, and is the most expensive of all.",
)
def reversed_order(p, q):
    return common_lengths(p, np.asarray(q)[::-1])[:, ::-1]


@wrong_answer(
    feedback="What is left over must be moved too: you fill the diagonal only.",
)
def diagonal_only(p, q):
    plan = np.zeros((len(p), len(q)))
    for i in range(min(len(p), len(q))):
        plan[i, i] = min(p[i], q[i])
    return plan


@wrong_answer(
    passes=(one_heap_or_one_hole,),
    feedback="Intervals with nothing in common get a negative mass from you. Nothing goes there.",
)
def negative_lengths(p, q):
    return common_lengths(p, q, floor=-np.inf)


@wrong_answer(
    feedback="Rows and columns are exchanged: row i is what heap i gives.",
)
def exchanged(p, q):
    return common_lengths(p, q).T


@wrong_answer(
    passes=(one_heap_or_one_hole,),
    feedback="You compare the masses themselves, as if every interval began at 0. Heap i lies between two running sums.",
)
def without_running_sums(p, q):
    return np.minimum.outer(np.asarray(p, dtype=float), np.asarray(q, dtype=float))


@wrong_answer(
    feedback="You step on both ways after each move. Only what is used up is crossed out; the other one is not done yet.",
)
def both_at_once(p, q):
    p, q = list(map(float, p)), list(map(float, q))
    plan = np.zeros((len(p), len(q)))
    for i, j in zip(range(len(p)), range(len(q)), strict=False):
        plan[i, j] = p[i]
    return plan
