# %% [markdown]
# ## The blur, paid back
#
# Entropy makes transport fast, and a little wrong. Ask for the cost of moving a heap onto *itself*: the best plan
# carries nothing, and costs 0. The entropic plan spreads every grain over its neighbors, and that costs something.
# Train a generator with such a number, and it will not make the data: it will make data that are *narrower*, for whose
# blur then fits the best.
#
# The remedy is bookkeeping. With the regularized cost
#
# $$ \mathrm{OT}(p, q) = \min_\gamma\; \sum_{ij} \gamma_{ij} (x_i - y_j)^2 + \varepsilon\, \mathrm{KL}(\gamma \,\|\, p \otimes q), $$
#
# take off from it what the two heaps pay for nothing but their own blur:
#
# $$ S(p, q) = \mathrm{OT}(p, q) - \tfrac12 \mathrm{OT}(p, p) - \tfrac12 \mathrm{OT}(q, q) . $$
#
# This **Sinkhorn divergence** is 0 for equal heaps, and positive for all others. For $\varepsilon \to 0$ it is $W_2^2$,
# and for $\varepsilon \to \infty$ only the squared difference of the means is left. In between it is what people train
# with.
#
# **The value from the potentials.** Write the plan as $\gamma_{ij} = p_i q_j\, e^{(f_i + g_j - C_{ij})/\varepsilon}$.
# The corrections of the last exercise become
#
# $$ f_i = -\varepsilon \log \sum_j q_j\, e^{(g_j - C_{ij})/\varepsilon}, \qquad g_j = -\varepsilon \log \sum_i p_i\, e^{(f_i - C_{ij})/\varepsilon}, $$
#
# $g$ starting at 0. Then $\gamma C + \varepsilon \gamma \log (\gamma / pq) = \gamma\,(f_i + g_j)$ entry by entry. After
# a correction of the columns and at convergence the marginals are right, and the sum is $\sum_i p_i f_i + \sum_j q_j
# g_j$. No plan has to be written down.
#
# | argument | shape | meaning |
# |---|---|---|
# | `x`, `p` | `(m,)` | points on the line, and masses > 0 with sum 1 |
# | `y`, `q` | `(n,)` | the other heap |
# | `eps` | number > 0 | the blur, in the unit of the points **squared** |
# | `iters` | integer $\ge 2$ | how many rounds for each of the three costs; enough for convergence to $10^{-6}$ wherever this is tried |
#
# **Write `sinkhorn_divergence(x, p, y, q, eps, iters)`,** a number, right to $10^{-6}$. Costs of thousands of
# $\varepsilon$ must do no harm: stay in logarithms. (geomloss takes $|x - y|^2 / 2$ for the cost, and calls
# $\sqrt\varepsilon$ the blur. POT's `ot.bregman.empirical_sinkhorn_divergence` leaves the term with $\varepsilon$ out
# of its three values, which gives another number.)

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_array, expect_close, right_answer, wrong_answer


# %% answer
def sinkhorn_divergence(x, p, y, q, eps, iters):
    """Return OT(p, q) - OT(p, p) / 2 - OT(q, q) / 2 for points x (m,), y (n,) with masses p (m,), q (n,) and blur eps."""

    # BEGIN SOLUTION
    def cost(x, p, y, q):
        C, g = np.subtract.outer(x, y) ** 2, np.zeros(len(y))
        for _ in range(iters):
            f = -eps * np.logaddexp.reduce(np.log(q) + (g - C) / eps, axis=1)
            g = -eps * np.logaddexp.reduce(np.log(p)[:, None] + (f[:, None] - C) / eps, axis=0)
        return p @ f + q @ g

    return float(cost(x, p, y, q) - cost(x, p, x, p) / 2 - cost(y, q, y, q) / 2)
    # END SOLUTION


# %% checks
def entropic_cost(x, p, y, q, eps):
    """The regularized cost from a plan: its rows and columns are corrected until they stand still."""
    C = np.square(x[:, None] - y)
    logs = np.log(p)[:, None] + np.log(q) - C / eps
    for _ in range(3000):
        before = logs
        logs = logs + (np.log(p) - np.logaddexp.reduce(logs, axis=1))[:, None]
        logs = logs + np.log(q) - np.logaddexp.reduce(logs, axis=0)
        if np.abs(logs - before).max() < 1e-13 * (1 + np.abs(logs).max()):
            break
    plan = np.exp(logs)
    return np.sum(plan * C) + eps * np.sum(plan * (logs - np.log(p)[:, None] - np.log(q)))


def from_plans(x, p, y, q, eps):
    """The divergence from its definition, with three plans."""
    own = entropic_cost(x, p, x, p, eps) + entropic_cost(y, q, y, q, eps)
    return float(entropic_cost(x, p, y, q, eps) - own / 2)


def ask(sinkhorn_divergence, given, what):
    """Compare with the definition."""
    expect_close(sinkhorn_divergence(*given), from_plans(*given[:5]), what, rtol=1e-6, atol=1e-6)


def heap(rng, n):
    return rng.uniform(0, 1, n), (rng.dirichlet(np.ones(n)) + 0.2) / (1 + 0.2 * n)


# %% public checks
@check(points=0.5)
def from_point_to_point(sinkhorn_divergence):
    """A point at 0 and one at 3 are 9 apart, whatever the blur."""
    observed = sinkhorn_divergence(np.array([0.0]), np.ones(1), np.array([3.0]), np.ones(1), 0.5, 5)
    expect_close(observed, 9.0, "sinkhorn_divergence of the points 0 and 3", rtol=1e-6, atol=1e-6)


@check(points=0.5)
def two_small_heaps(sinkhorn_divergence):
    """From (0, 1) with 0.5 each to (0.5, 1.5) with 0.25 and 0.75, at eps = 0.5, it is 0.5639 to four digits."""
    given = np.array([0.0, 1.0]), np.array([0.5, 0.5]), np.array([0.5, 1.5]), np.array([0.25, 0.75]), 0.5, 200
    ask(sinkhorn_divergence, given, "sinkhorn_divergence of two small heaps")


# %% hidden checks
@check(points=1, hidden=True)
def random_heaps(sinkhorn_divergence, rng):
    """It is what the definition says, for random heaps of any size, and for much and little blur."""
    for m, n, eps, iters in [(4, 5, 0.5, 100), (4, 3, 0.25, 400), (3, 3, 1.0, 60), (1, 4, 0.3, 50), (4, 1, 0.3, 50)]:
        (x, p), (y, q) = heap(rng, m), heap(rng, n)
        ask(sinkhorn_divergence, (x, p, y, q, eps, iters), f"sinkhorn_divergence of {m} and {n} points, eps = {eps}")


@check(points=1, hidden=True)
def equal_heaps(sinkhorn_divergence, rng):
    """Equal heaps are 0 apart, in any order; the same points with other masses are not."""
    x, p = heap(rng, 4)
    y, q = heap(rng, 4)
    for what, given in {
        "a heap and itself": (x, p, x, p),
        "a heap and itself in another order": (x, p, x[::-1].copy(), p[::-1].copy()),
        "two heaps on the same points": (x, p, x, q),
    }.items():
        ask(sinkhorn_divergence, (*given, 0.3, 300), f"sinkhorn_divergence of {what}")


@check(points=1, hidden=True)
def far_apart(sinkhorn_divergence, rng):
    """A heap moved by d is d squared away, be it 2 or 100; costs of thousands of eps do no harm."""
    x, p = heap(rng, 4)
    for shift in (2.0, -0.7, 2000.0):
        observed = sinkhorn_divergence(x, p, x + shift, p, 0.3, 300)
        expect_close(observed, shift**2, f"sinkhorn_divergence of a heap moved by {shift:g}", rtol=1e-6, atol=1e-6)
    y, q = heap(rng, 5)
    ask(sinkhorn_divergence, (x, p, y + 100, q, 0.3, 300), "sinkhorn_divergence of two heaps 100 apart")
    ask(sinkhorn_divergence, (x, p, y + 5, q, 0.3, 300), "sinkhorn_divergence of two heaps 5 apart")
    ask(sinkhorn_divergence, (np.array([0.5]), np.ones(1), y + 30, q, 0.2, 200), "a point and a heap 30 apart")
    ask(sinkhorn_divergence, (x - 9, p, -np.abs(y) - 1, q, 2, 300), "sinkhorn_divergence of points below 0, eps = 2")


@check(points=1, hidden=True)
def between_two_limits(sinkhorn_divergence, rng):
    """With eps = 1000 the squared difference of the means is left; it is symmetric, and never negative."""
    (x, p), (y, q) = heap(rng, 5), heap(rng, 4)
    ask(sinkhorn_divergence, (x, p, y, q, 1000.0, 20), "sinkhorn_divergence with eps = 1000")
    for _ in range(3):
        (x, p), (y, q) = heap(rng, 4), heap(rng, 3)
        value = sinkhorn_divergence(x, p, y, q, 0.3, 200)
        ask(sinkhorn_divergence, (y, q, x, p, 0.3, 200), "sinkhorn_divergence with the heaps exchanged")
        expect_close(value, from_plans(x, p, y, q, 0.3), "sinkhorn_divergence", rtol=1e-6, atol=1e-6)
        value = float(expect_array(value, (), "sinkhorn_divergence"))
        expect(value > -1e-9, f"It is {value:g}.", "Nothing below 0.", summary="The divergence is negative.")


# %% hints
NOT_PROBED = (random_heaps, equal_heaps, far_apart, two_small_heaps)  # a call takes milliseconds

HINTS = [
    "One inner function for the regularized cost of two heaps; you need it three times.",
    "The costs C differ in all three: between x and y, between x and x, between y and y.",
    "In the sum over j the mass q_j stands as log q_j in the exponent. np.logaddexp.reduce adds up in logarithms.",
    "Dividing by eps inside the exponent and multiplying by -eps outside keeps f and g in the unit of the costs.",
]
WHY = r"""
One inner function for the regularized cost, called for three pairs of heaps. Its value is $\sum_i p_i f_i + \sum_j
q_j g_j$, with no plan written down: entry by entry cost and blur together are $\gamma_{ij} (f_i + g_j)$, and the
marginals do the rest. The masses enter as $\log q_j$ and $\log p_i$ in the exponents. Half of each own cost comes
off, so that for equal heaps everything cancels.
"""
COVERS = []
KERNELS = [kernels.sinkhorn_divergence]

# %% [markdown]
# **See the blur, and see it paid back.** The best copy of a heap of width 1 under the plain regularized cost, among all
# heaps that are stretched by a factor $s$, and the best one under the divergence. With much blur the first would rather
# have a copy of half the width.

# %% experiment
import numpy as np

divergence = grader.yours("sinkhorn_divergence")
x, p, point = np.linspace(-1.5, 1.5, 11), np.full(11, 1 / 11), np.zeros(1)


def own_cost(z, eps):
    """OT(p, p) of a heap z, from its divergence to a point: the mean of z^2 less half of OT(p, p)."""
    return 2 * (np.mean(z**2) - divergence(z, p, point, np.ones(1), eps, 60))


stretches = np.linspace(0.4, 1.2, 9)
print(f"{'eps':>6} {'best stretch, regularized cost':>31} {'best stretch, divergence':>25}")
for eps in (0.3, 0.9, 1.5):
    paid_back = np.array([divergence(x, p, s * x, p, eps, 60) for s in stretches])
    regularized = paid_back + [own_cost(s * x, eps) / 2 for s in stretches]  # and half of OT of x itself, a constant
    print(f"{eps:6.2f} {stretches[np.argmin(regularized)]:31.1f} {stretches[np.argmin(paid_back)]:25.1f}")


# %% right and wrong answers
def potentials(x, p, y, q, eps, iters, power=2, factor=1.0):
    """The costs and both potentials."""
    C, g = factor * np.abs(np.subtract.outer(x, y)) ** power, np.zeros(len(y))
    for _ in range(iters):
        f = -eps * np.logaddexp.reduce(np.log(q) + (g - C) / eps, axis=1)
        g = -eps * np.logaddexp.reduce(np.log(p)[:, None] + (f[:, None] - C) / eps, axis=0)
    return C, f, g


def three_costs(cost, x, p, y, q, share=0.5):
    """What is left of the cost between the heaps when a share of both own costs is taken off."""
    return float(cost(x, p, y, q) - share * (cost(x, p, x, p) + cost(y, q, y, q)))


def dual_value(eps, iters, **changed):
    def cost(x, p, y, q):
        _, f, g = potentials(x, p, y, q, eps, iters, **changed)
        return p @ f + q @ g

    return cost


@right_answer
def from_the_plan(x, p, y, q, eps, iters):
    """The plan written down, its cost and its own entropy added up. That is another regularized cost, but the two
    differ by the entropies of the marginals, which cancel in the divergence.
    """

    def cost(x, p, y, q):
        C, f, g = potentials(x, p, y, q, eps, iters)
        log_plan = np.log(p)[:, None] + np.log(q) + (f[:, None] + g - C) / eps
        plan = np.exp(log_plan)
        # The entropy of the plan alone: another OT, and the same difference.
        return np.sum(plan * C) + eps * np.sum(plan * log_plan)

    return three_costs(cost, x, p, y, q)


@right_answer
def with_symmetric_updates(x, p, y, q, eps, iters):
    """Between a heap and itself both potentials are the same, so one is enough, averaged with its update. With a small
    blur that converged to 2e-10 in 10 rounds, where alternating was off by 4e-6 after 50.
    """

    def half_step(C, potential, masses):
        return -eps * np.logaddexp.reduce(np.log(masses) + (potential - C) / eps, axis=1)

    C = np.subtract.outer(x, y) ** 2
    own = [np.subtract.outer(z, z) ** 2 for z in (x, y)]
    f, a, b = np.zeros(len(x)), np.zeros(len(x)), np.zeros(len(y))
    for _ in range(iters):
        g = half_step(C.T, f, p)
        f = half_step(C, g, q)
        a, b = (a + half_step(own[0], a, p)) / 2, (b + half_step(own[1], b, q)) / 2
    return np.sum(p * (f - a)) + np.sum(q * (g - b))


@wrong_answer(
    passes=(from_point_to_point,),
    feedback="Equal heaps must be 0 apart: the cost of each heap's own blur is to be taken off.",
)
def without_paying_back(x, p, y, q, eps, iters):
    return float(dual_value(eps, iters)(x, p, y, q))


@wrong_answer(
    passes=(from_point_to_point,),
    feedback="You take off both own costs in full. For equal heaps that is negative: half of each is enough.",
)
def paying_back_twice(x, p, y, q, eps, iters):
    return three_costs(dual_value(eps, iters), x, p, y, q, share=1.0)


@wrong_answer(
    passes=(from_point_to_point,),
    feedback="You take off the own cost of one heap only.",
)
def one_own_cost(x, p, y, q, eps, iters):
    cost = dual_value(eps, iters)
    return float(cost(x, p, y, q) - cost(x, p, x, p))


@wrong_answer(
    passes=(from_point_to_point,),
    feedback="That is the transport part of the three plans alone. The regularized cost has the term with eps too.",
)
def transport_part_only(x, p, y, q, eps, iters):
    def cost(x, p, y, q):
        C, f, g = potentials(x, p, y, q, eps, iters)
        return np.sum(C * np.exp(np.log(p)[:, None] + np.log(q) + (f[:, None] + g - C) / eps))

    return three_costs(cost, x, p, y, q)


@wrong_answer(
    feedback="The cost of a way is its square here.",
)
def without_the_square(x, p, y, q, eps, iters):
    return three_costs(dual_value(eps, iters, power=1), x, p, y, q)


@wrong_answer(
    feedback="The cost is the square of the way, not half of it.",
)
def half_the_square(x, p, y, q, eps, iters):
    return three_costs(dual_value(eps, iters, factor=0.5), x, p, y, q)


@wrong_answer(
    feedback="You take the root at the end. The divergence is asked for, in the unit of the points squared.",
)
def the_root(x, p, y, q, eps, iters):
    return float(np.sqrt(max(three_costs(dual_value(eps, iters), x, p, y, q), 0.0)))


@wrong_answer(
    passes=(from_point_to_point, two_small_heaps, random_heaps, equal_heaps, between_two_limits),
    feedback="exp(-C/eps) is 0 for heaps far apart, and what is 0 cannot be scaled: keep f and g, and the costs, in logarithms.",
)
def textbook_form(x, p, y, q, eps, iters):
    def cost(x, p, y, q):
        K, v = np.exp(-(np.subtract.outer(x, y) ** 2) / eps), np.ones(len(y))
        for _ in range(iters):
            u = 1 / (K @ (q * v))
            v = 1 / (K.T @ (p * u))
        return eps * (p @ np.log(u) + q @ np.log(v))

    with np.errstate(all="ignore"):
        return three_costs(cost, x, p, y, q)


@wrong_answer(
    passes=(from_point_to_point,),
    feedback="The masses are missing from the sums: the weights of the points are q in the one and p in the other.",
)
def without_the_masses(x, p, y, q, eps, iters):
    def cost(x, p, y, q):
        C, g = np.subtract.outer(x, y) ** 2, np.zeros(len(y))
        for _ in range(iters):
            f = -eps * np.logaddexp.reduce((g - C) / eps - np.log(len(y)), axis=1)
            g = -eps * np.logaddexp.reduce((f[:, None] - C) / eps - np.log(len(x)), axis=0)
        return p @ f + q @ g

    return three_costs(cost, x, p, y, q)


@wrong_answer(
    passes=(from_point_to_point,),
    feedback="That is the squared difference of the means, which is what is left for an infinite eps.",
)
def difference_of_means(x, p, y, q, eps, iters):
    return float((p @ x - q @ y) ** 2)
