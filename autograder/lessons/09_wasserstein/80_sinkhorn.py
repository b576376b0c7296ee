# %% [markdown]
# ## Entropy makes it fast
#
# Off the line the best plan is a linear program, and a slow one: with a thousand points on either side there are a
# million unknowns. A small change of the question makes it easy. Among all plans, let us prefer those that are a little
# *blurred*:
#
# $$ \min_\gamma\; \sum_{ij} \gamma_{ij} C_{ij} + \varepsilon \sum_{ij} \gamma_{ij} \log \gamma_{ij} . $$
#
# **Line by line.** Put a multiplier on every row sum and on every column sum, and set the derivative in $\gamma_{ij}$
# to 0:
#
# $$ C_{ij} + \varepsilon\,(\log \gamma_{ij} + 1) - \alpha_i - \beta_j = 0 \quad\Longrightarrow\quad \gamma_{ij} = e^{\,u_i + v_j - C_{ij}/\varepsilon}, $$
#
# with $u_i$ and $v_j$ for what the multipliers make of it. A million unknowns have become two thousand. And they are
# easily found: if $v$ is given, the row sums demand
#
# $$ e^{u_i} \sum_j e^{\,v_j - C_{ij}/\varepsilon} = p_i \quad\Longleftrightarrow\quad u_i = \log p_i - \log \sum_j e^{\,v_j - C_{ij}/\varepsilon}, $$
#
# and the column sums the same with the roles exchanged. So: correct the rows; that spoils the columns; correct the
# columns; that spoils the rows, but less. This is Sinkhorn's algorithm.
#
# In most texts it stands without the logarithms, with $K = e^{-C/\varepsilon}$ and divisions, and so it stands in
# programs: eight of eight that were looked at. For $\varepsilon = 0.001$ and a cost of 1 the entry of $K$ is
# $e^{-1000}$, which is 0 on any computer, and 0 divided by 0 is the end. An epsilon in the denominators, which six of
# the eight had, replaces the `nan` by a wrong plan. In logarithms nothing happens: a log-sum-exp (lesson 01) subtracts
# the largest exponent first.
#
# | argument | shape | meaning |
# |---|---|---|
# | `C` | `(m, n)` | the costs, of either sign |
# | `p`, `q` | `(m,)`, `(n,)` | masses > 0, with sum 1 |
# | `eps` | number > 0 | the blur, in the unit of the costs |
# | `iters` | integer $\ge 1$ | how many rounds; **a round corrects the rows first, and then the columns** |
# | result | `(m, n)` | the plan after these rounds |
#
# **Write `sinkhorn(C, p, q, eps, iters)`.** Start with $u = v = 0$, and take the new $u$ for the columns. Costs of 100
# with an $\varepsilon$ of 0.001 must do no harm. After the last round the columns are exact, the rows nearly. (POT is
# `ot.sinkhorn(a, b, M, reg)`: masses first, then costs; it corrects the columns first, so that its plan after the same
# number of rounds is another one. At convergence both are the same.)

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_array, expect_close, right_answer, wrong_answer


# %% answer
def sinkhorn(C, p, q, eps, iters):
    """Return the plan (m, n) after some rounds, rows first, for costs C (m, n), masses p (m,), q (n,) and blur eps."""

    # BEGIN SOLUTION
    def log_sum_exp(a, axis):
        top = a.max(axis=axis, keepdims=True)
        return np.squeeze(top, axis) + np.log(np.sum(np.exp(a - top), axis=axis))

    scaled, v = -C / eps, np.zeros(len(q))
    for _ in range(iters):
        u = np.log(p) - log_sum_exp(scaled + v, axis=1)
        v = np.log(q) - log_sum_exp(scaled + u[:, None], axis=0)
    return np.exp(scaled + u[:, None] + v)
    # END SOLUTION


# %% checks
def log_sum(exponents):
    top = max(exponents)
    return top + math.log(math.fsum(math.exp(each - top) for each in exponents))


def row_by_row(C, p, q, eps, iters):
    """The plan, one row and one column after the other, in logarithms."""
    m, n = np.shape(C)
    scaled = [[-float(C[i][j]) / eps for j in range(n)] for i in range(m)]
    u, v = [0.0] * m, [0.0] * n
    for _ in range(iters):
        u = [math.log(p[i]) - log_sum([v[j] + scaled[i][j] for j in range(n)]) for i in range(m)]
        v = [math.log(q[j]) - log_sum([u[i] + scaled[i][j] for i in range(m)]) for j in range(n)]
    return np.array([[math.exp(u[i] + v[j] + scaled[i][j]) for j in range(n)] for i in range(m)])


def ask(sinkhorn, given, what):
    """Compare with the plan row by row."""
    expect_close(sinkhorn(*given), row_by_row(*given), what, rtol=1e-6, atol=1e-15)


def masses(rng, n):
    return (rng.dirichlet(np.full(n, 3.0)) + 0.1) / (1 + 0.1 * n)


# %% public checks
@check(points=0.5)
def nothing_costs_anything(sinkhorn):
    """Without costs one round finds the independent plan: 0.5 * 0.3 and 0.5 * 0.7 in both rows."""
    got = sinkhorn(np.zeros((2, 2)), np.array([0.5, 0.5]), np.array([0.3, 0.7]), 1.0, 1)
    expect_close(got, np.array([[0.15, 0.35], [0.15, 0.35]]), "sinkhorn without costs", rtol=1e-6)


@check(points=0.5)
def one_round(sinkhorn):
    """After one round with costs (0, 1, 3) and (2, 0.5, 0) and eps = 0.5 the columns are exact, and the rows nearly."""
    given = np.array([[0.0, 1.0, 3.0], [2.0, 0.5, 0.0]]), np.array([0.4, 0.6]), np.array([0.5, 0.3, 0.2]), 0.5, 1
    ask(sinkhorn, given, "sinkhorn, one round with eps = 0.5")


# %% hidden checks
@check(points=1, hidden=True)
def round_after_round(sinkhorn, rng):
    """It is right for any shape, blur and number of rounds."""
    for m, n, eps, iters in [
        (3, 4, 1.0, 50),
        (4, 2, 0.5, 1),
        (3, 3, 0.03, 5),
        (1, 4, 0.5, 2),
        (4, 1, 0.5, 2),
        (5, 5, 2.0, 2),
    ]:
        given = rng.uniform(0, 1, (m, n)), masses(rng, m), masses(rng, n), eps, iters
        ask(sinkhorn, given, f"sinkhorn of shape {(m, n)}, eps = {eps}, {iters} rounds")


@check(points=1, hidden=True)
def little_blur(sinkhorn, rng):
    """With eps = 0.001 and costs of 1 to 8 nothing underflows: the plan is nearly the queue."""
    points = 3 * np.arange(3.0)
    given = np.abs(np.subtract.outer(points, points + 1)), masses(rng, 3), masses(rng, 3), 1e-3, 30
    ask(sinkhorn, given, "sinkhorn with eps = 0.001")
    given = 5 + 0.003 * rng.uniform(0, 1, (3, 4)), masses(rng, 3), masses(rng, 4), 1e-3, 3
    ask(sinkhorn, given, "sinkhorn with eps = 0.001 and costs of 5.000 to 5.003")


@check(points=1, hidden=True)
def costs_of_any_size(sinkhorn, rng):
    """Costs may be a hundred, or a hundred in one row only, or negative; a constant added to them changes nothing."""
    C, p, q = rng.uniform(0, 1, (3, 4)), masses(rng, 3), masses(rng, 4)
    ask(sinkhorn, (100 * C, p, q, 0.1, 20), "sinkhorn with costs of 100")
    ask(sinkhorn, (C - 500, p, q, 0.3, 5), "sinkhorn with costs of -500")
    ask(sinkhorn, (C + np.array([[0.0], [900.0], [0.0]]), p, q, 0.3, 5), "sinkhorn with one dear row")
    ask(sinkhorn, (C + np.array([0.0, 0.0, 900.0, 0.0]), p, q, 0.3, 5), "sinkhorn with one dear column")
    ask(sinkhorn, (np.array([[0, 1], [2, 0]]), p[:2] / p[:2].sum(), np.array([0.25, 0.75]), 1, 3), "whole numbers")


@check(points=1, hidden=True)
def at_convergence(sinkhorn, rng):
    """After many rounds the plan has both marginals, and the form exp(u_i + v_j - C_ij / eps)."""
    C, p, q = rng.uniform(0, 1, (4, 3)), masses(rng, 4), masses(rng, 3)
    plan = expect_array(sinkhorn(C, p, q, 0.2, 500), (4, 3), "sinkhorn, 500 rounds")
    expect_close(plan.sum(axis=0), q, "the column sums of sinkhorn, 500 rounds")
    expect_close(plan.sum(axis=1), p, "the row sums of sinkhorn, 500 rounds", rtol=1e-6)
    with np.errstate(all="ignore"):
        logs = np.log(plan) + C / 0.2
    crossed = logs[:-1, :-1] + logs[1:, 1:] - logs[1:, :-1] - logs[:-1, 1:]
    expect_close(crossed, np.zeros((3, 2)), "log plan + C / eps, less what rows and columns explain", atol=1e-8)


# %% hints
NOT_PROBED = (at_convergence,)  # a call takes milliseconds

HINTS = [
    "Write log-sum-exp with an axis first, as in lesson 01: the largest exponent comes off before the exponential.",
    "u belongs to rows: its sum runs over j, along axis 1, and v stands in the exponents. For v exchange the roles.",
    "In one round u is renewed from the old v, and v from the new u.",
    "Do not take the exponential until the end: the exponents are u_i + v_j - C_ij / eps.",
]
WHY = r"""
$u$ and $v$ are the logarithms of what rows and columns are multiplied by, so each correction is a subtraction: $\log
p$ less the log-sum-exp of the row. No exponential is taken before the end but inside log-sum-exp, where the largest
comes off first: costs of 100 with $\varepsilon = 0.001$ are exponents of $-100\,000$, and do no harm. The new $u$
goes into $v$ at once; therefore the columns are exact after every round, and the rows show how far it still is.
"""
COVERS = ["S2.23a"]
KERNELS = [kernels.sinkhorn, kernels.sinkhorn_stabilized]

# %% [markdown]
# > **A common claim: "a tiny number in the denominators makes Sinkhorn stable".** It makes it *finish*. The experiment
# > runs the textbook's form, with $10^{-300}$ added to what it divides by, beside yours, on three heaps and three
# > holes. For $\varepsilon = 0.1$ they agree. For $0.01$ and below some entries of $e^{-C/\varepsilon}$ are 0, and the
# > mass that should go there is lost. No warning, no `nan`, and a quarter of the mass is gone at $0.01$, half of it at $0.001$. (Another "cure"
# > divides the costs by their maximum first. That answers the question for another $\varepsilon$.)

# %% experiment
import numpy as np

ours = grader.yours("sinkhorn")


def textbook(C, p, q, eps, iters):
    """Without logarithms, and with a tiny number below."""
    K, v = np.exp(-C / eps), np.ones(len(q))
    for _ in range(iters):
        u = p / (K @ v + 1e-300)
        v = q / (K.T @ u + 1e-300)
    return u[:, None] * K * v


points = 4 * np.arange(3.0)
C = np.abs(np.subtract.outer(points, points + 8))
p, q = np.array([0.2, 0.3, 0.5]), np.array([0.5, 0.25, 0.25])
print(f"{'eps':>6} {'rows off, in logarithms':>24} {'rows off, textbook':>19} {'mass, textbook':>15}")
for eps in (1.0, 0.1, 0.03, 0.01, 0.001):
    mine, theirs = ours(C, p, q, eps, 200), textbook(C, p, q, eps, 200)
    off = [np.abs(plan.sum(1) - p).max() for plan in (mine, theirs)]
    print(f"{eps:6.3f} {off[0]:24.1e} {off[1]:19.1e} {theirs.sum():15.4f}")


# %% right and wrong answers
def log_sum_exp(a, axis):
    top = a.max(axis=axis, keepdims=True)
    return np.squeeze(top, axis) + np.log(np.exp(a - top).sum(axis=axis))


def in_logarithms(C, p, q, eps, iters, update):
    """The plan after `iters` updates of (u, v), each given the scaled costs and the logarithms of the masses."""
    scaled, u, v = -np.asarray(C, dtype=float) / eps, np.zeros(len(p)), np.zeros(len(q))
    for _ in range(iters):
        u, v = update(scaled, np.log(p), np.log(q), u, v)
    return np.exp(scaled + u[:, None] + v)


def rows(scaled, log_p, v):
    return log_p - log_sum_exp(scaled + v, 1)


def columns(scaled, log_q, u):
    return log_q - log_sum_exp(scaled + u[:, None], 0)


def by_division(C, p, q, eps, iters, tiny=0.0):
    """Without logarithms, and with a number added to what it divides by."""
    with np.errstate(all="ignore"):
        K, u, v = np.exp(-np.asarray(C, dtype=float) / eps), np.ones(len(p)), np.ones(len(q))
        for _ in range(iters):
            u = p / (K @ v + tiny)
            v = q / (K.T @ u + tiny)
        return u[:, None] * K * v


def in_order(scaled, log_p, log_q, u, v):
    u = rows(scaled, log_p, v)
    return u, columns(scaled, log_q, u)


@right_answer
def with_potentials_in_the_unit_of_the_costs(C, p, q, eps, iters):
    """Potentials f and g in the unit of the costs. For a small blur they are nearly the prices of the dual, and they
    can be kept when one goes on to a smaller blur.
    """
    C, f, g = np.asarray(C, dtype=float), np.zeros(len(p)), np.zeros(len(q))
    for _ in range(iters):
        f = f + eps * (np.log(p) - log_sum_exp((f[:, None] + g - C) / eps, 1))
        g = g + eps * (np.log(q) - log_sum_exp((f[:, None] + g - C) / eps, 0))
    return np.exp((f[:, None] + g - C) / eps)


@right_answer
def by_logaddexp_on_the_plan(C, p, q, eps, iters):
    """Corrects the logarithm of the plan itself: the shortest to write. It renews m times n numbers in each half of a
    round, where u or v would do.
    """
    log_plan = -np.asarray(C, dtype=float) / eps
    for _ in range(iters):
        log_plan = log_plan + (np.log(p) - np.logaddexp.reduce(log_plan, axis=1))[:, None]
        log_plan = log_plan + np.log(q) - np.logaddexp.reduce(log_plan, axis=0)
    return np.exp(log_plan)


@wrong_answer(
    passes=(nothing_costs_anything, one_round, round_after_round, at_convergence),
    feedback="exp(-C/eps) underflows for a small eps, and what is 0 cannot be scaled. Keep u and v, and the costs, in logarithms.",
)
def textbook_form(C, p, q, eps, iters):
    return by_division(C, p, q, eps, iters)


@wrong_answer(
    passes=(nothing_costs_anything, one_round, round_after_round, at_convergence),
    feedback="A tiny number in the denominators hides the underflow of exp(-C/eps): the plan finishes, and loses mass.",
)
def with_a_tiny_number(C, p, q, eps, iters):
    return by_division(C, p, q, eps, iters, tiny=1e-300)


@wrong_answer(
    feedback="The columns are never corrected: a round corrects the rows, and then the columns.",
)
def rows_only(C, p, q, eps, iters):
    return in_logarithms(C, p, q, eps, iters, lambda scaled, log_p, log_q, u, v: (rows(scaled, log_p, v), v))


@wrong_answer(
    feedback="You correct rows and columns from the same old values. The columns are to be corrected with the new u.",
)
def both_at_once(C, p, q, eps, iters):
    def update(scaled, log_p, log_q, u, v):
        return rows(scaled, log_p, v), columns(scaled, log_q, u)

    return in_logarithms(C, p, q, eps, iters, update)


@wrong_answer(
    passes=(nothing_costs_anything, at_convergence),
    feedback="You correct the columns first, as POT does. At convergence that is the same; here a round begins with the rows.",
)
def columns_first(C, p, q, eps, iters):
    def update(scaled, log_p, log_q, u, v):
        v = columns(scaled, log_q, u)
        return rows(scaled, log_p, v), v

    return in_logarithms(C, p, q, eps, iters, update)


@wrong_answer(
    passes=(nothing_costs_anything,),
    feedback="You multiply the costs with eps. They are divided by it: a small eps makes costs count more.",
)
def eps_as_a_factor(C, p, q, eps, iters):
    return in_logarithms(np.asarray(C, dtype=float) * eps * eps, p, q, eps, iters, in_order)


@wrong_answer(
    passes=(nothing_costs_anything,),
    feedback="You divide the costs by their maximum first. That is the plan for another eps.",
)
def normalized_costs(C, p, q, eps, iters):
    C = np.asarray(C, dtype=float)
    top = np.abs(C).max()
    return in_logarithms(C / top if top > 0 else C, p, q, eps, iters, in_order)


@wrong_answer(
    passes=(nothing_costs_anything,),
    feedback="You divide the costs by their maximum first. That is the plan for another eps.",
)
def normalized_costs_in_textbook_form(C, p, q, eps, iters):
    C = np.asarray(C, dtype=float)
    return by_division(C / C.max() if C.max() > 0 else C, p, q, eps, iters)


@wrong_answer(
    feedback="You return what the plan costs. The plan itself is asked for.",
)
def the_cost(C, p, q, eps, iters):
    return float(np.sum(in_logarithms(C, p, q, eps, iters, in_order) * C))


@wrong_answer(
    passes=(nothing_costs_anything,),
    feedback="The sign of the costs is turned: your plan prefers the dear ways.",
)
def dear_ways(C, p, q, eps, iters):
    return in_logarithms(-np.asarray(C, dtype=float), p, q, eps, iters, in_order)


@wrong_answer(
    passes=(nothing_costs_anything, one_round, round_after_round, little_blur, at_convergence),
    feedback="You subtract one maximum for all rows and columns. Where a row lies far below it, its exponentials are all 0.",
)
def one_maximum(C, p, q, eps, iters):
    def log_sum(a, axis):
        with np.errstate(all="ignore"):
            return a.max() + np.log(np.exp(a - a.max()).sum(axis=axis))

    def update(scaled, log_p, log_q, u, v):
        u = log_p - log_sum(scaled + v, 1)
        return u, log_q - log_sum(scaled + u[:, None], 0)

    with np.errstate(all="ignore"):
        return in_logarithms(C, p, q, eps, iters, update)


@wrong_answer(
    passes=(nothing_costs_anything, one_round),
    feedback="Yours is the plan after one round, however many are asked for.",
)
def one_round_only(C, p, q, eps, iters):
    return in_logarithms(C, p, q, eps, 1, in_order)
