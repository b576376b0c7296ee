# %% [markdown]
# ## What is a transport plan?
#
# Here are a few heaps of sand, there are a few holes, and the sand just fills the holes. A *plan* is a table that says
# how much goes from each heap to each hole.
#
# | | hole 0 | hole 1 | leaves |
# |---|---|---|---|
# | **heap 0** | 0.2 | 0.1 | 0.3 |
# | **heap 1** | 0.0 | 0.7 | 0.7 |
# | **arrives** | 0.2 | 0.8 | |
#
# Which tables are plans? The homework that this course grew out of asks for "two conditions". Two are written in every
# book, and they are called the *marginals*: what leaves heap $i$ must be all that lies there, and what arrives at hole
# $j$ must fill it,
#
# $$ \sum_j \gamma_{ij} = p_i, \qquad \sum_i \gamma_{ij} = q_j . $$
#
# The third one is so plain that it is easily forgotten: nobody carries a negative amount of sand, $\gamma_{ij} \ge 0$.
#
# | argument | shape | meaning |
# |---|---|---|
# | `g` | a matrix, of any shape | the table: `g[i, j]` goes from point `i` to point `j` |
# | `p` | `(m,)` | what lies at the points that mass leaves from |
# | `q` | `(n,)` | what the points take that mass arrives at |
# | `tol` | number > 0 | how far an entry may lie below 0, and a sum beside its marginal |
#
# **Write `is_transport_plan(g, p, q, tol=1e-9)`, which returns `True` or `False`.** A table of another shape than `(m,
# n)` is no plan. All arguments may be lists. (In POT, the library that you will meet next, the arguments of `ot.emd(a,
# b, M)` are the two marginals and the costs; what it returns is such a table.)

# %% imports
import numpy as np

from helpers.checking import check, describe, expect, right_answer, wrong_answer


# %% answer
def is_transport_plan(g, p, q, tol=1e-9):
    """Return whether the table g moves the masses p (m,) to the masses q (n,), up to tol."""
    # BEGIN SOLUTION
    g, p, q = (np.asarray(each, dtype=float) for each in (g, p, q))
    if g.shape != (len(p), len(q)):
        return False
    errors = [-g.min(), np.abs(g.sum(axis=1) - p).max(), np.abs(g.sum(axis=0) - q).max()]
    return bool(max(errors) <= tol)
    # END SOLUTION


# %% checks
def expect_verdicts(is_transport_plan, cases):
    """Ask for every case (words, arguments, expected), then fail on the first whose answer is not the expected one."""
    answers = [is_transport_plan(*given) for _, given, _ in cases]
    for (words, _, expected), observed in zip(cases, answers, strict=True):
        said = np.ndim(observed) == 0 and isinstance(observed, (bool, np.bool_, int, np.ndarray))
        sentence = f"It must say {expected} here and says {not expected}." if said else "It must be True or False."
        expect(
            said and bool(observed == expected),
            f"is_transport_plan of {words} is {describe(observed)}.",
            f"{expected}.",
            summary=sentence,
        )


HALF = [0.5, 0.5]
TABLE = np.array([[0.2, 0.1], [0.0, 0.7]])


# %% public checks
@check(points=0.25)
def the_table_above_is_a_plan(is_transport_plan):
    """The table above is a plan for (0.3, 0.7) and (0.2, 0.8), and so is half the identity for (1/2, 1/2) twice."""
    plans = [
        ("the table above", (TABLE, [0.3, 0.7], [0.2, 0.8]), True),
        ("eye(2) / 2", (np.eye(2) / 2, HALF, HALF), True),
    ]
    expect_verdicts(is_transport_plan, plans)


@check(points=0.25)
def it_is_a_plan_for_its_own_marginals_only(is_transport_plan):
    """The same table is none where the heaps, or the holes, or both, are others."""
    others = [
        ("the table with q = (1/2, 1/2)", (TABLE, [0.3, 0.7], HALF), False),
        ("the table with p = (1/2, 1/2)", (TABLE, HALF, [0.2, 0.8]), False),
        ("the table with p = q = (1/2, 1/2)", (TABLE, HALF, HALF), False),
        ("the table with p and q exchanged", (TABLE, [0.2, 0.8], [0.3, 0.7]), False),
    ]
    expect_verdicts(is_transport_plan, others)


# %% hidden checks
def random_plan(rng, m, n):
    """A plan that is not the independent one, with no entry below 0.01, and its marginals."""
    plan = rng.dirichlet(np.ones(m * n)).reshape(m, n) + 0.01
    plan /= plan.sum()
    return plan, plan.sum(axis=1), plan.sum(axis=0)


@check(points=0.3, hidden=True)
def every_plan_is_one(is_transport_plan, rng):
    """Random plans of any shape are plans: square, tall and wide, from one point and to one point, lists too."""
    cases = []
    for m, n in [(3, 2), (2, 4), (3, 3), (1, 4), (3, 1), (1, 1)]:
        plan, p, q = random_plan(rng, m, n)
        cases += [(f"a plan of shape {(m, n)}", (plan, p, q), True)]
        cases += [(f"lists of shape {(m, n)}", (plan.tolist(), p.tolist(), q.tolist()), True)]
    expect_verdicts(is_transport_plan, cases)


@check(points=0.3, hidden=True)
def no_negative_mass(is_transport_plan, rng):
    """A table with the right marginals and a negative entry is no plan."""
    a = rng.uniform(0.05, 0.4)
    wide = np.array([[0.25, -0.05, 0.1], [0.15, 0.35, 0.2]])
    cases = [
        ("negative entries", (np.array([[0.5 + a, -a], [-a, 0.5 + a]]), HALF, HALF), False),
        ("one negative entry", (wide, [0.3, 0.7], [0.4, 0.3, 0.3]), False),
        ("one entry of -1e-4", (np.array([[0.5, -1e-4], [0.0, 0.5001]]), [0.4999, 0.5001], HALF), False),
        ("nothing but negative entries", (np.full((2, 2), -0.25), HALF, HALF), False),
        ("0 in its place", (np.eye(2) / 2, HALF, HALF), True),
    ]
    expect_verdicts(is_transport_plan, cases)


@check(points=0.3, hidden=True)
def both_marginals_count(is_transport_plan, rng):
    """Where the rows alone or the columns alone are right it is no plan, even if they are off by 0.0001 only."""
    plan, p, q = random_plan(rng, 3, 2)
    rows, columns = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 0.0]]), np.array([[1.0, -1.0], [0.0, 0.0], [0.0, 0.0]])
    cases = [("a plan without any change", (plan, p, q), True)]
    for size in (1e-3, 1e-4):
        cases += [(f"a plan with two rows off by {size}", (plan + size * rows, p, q), False)]
        cases += [(f"a plan with the columns off by {size}", (plan + size * columns, p, q), False)]
    first = np.array([0.05, 0.0, 0.0])
    for words, p_now in (("more than leaves", p + first), ("less than leaves", p - first / 10)):
        cases += [(f"a plan whose first heap holds {words}", (plan, p_now, q), False)]
    for words, q_now in (("more than arrives", q + first[:2]), ("less than arrives", q - first[:2] / 10)):
        cases += [(f"a plan whose first hole takes {words}", (plan, p, q_now), False)]
    cases += [("a table with the right sum alone", (np.full((2, 2), 0.25), [0.9, 0.1], HALF), False)]
    expect_verdicts(is_transport_plan, cases)


@check(points=0.3, hidden=True)
def another_shape_is_no_plan(is_transport_plan, rng):
    """A transposed plan is none, nor is a table that would only broadcast to the shape."""
    (plan, p, q), (square, a, b), third = random_plan(rng, 3, 2), random_plan(rng, 2, 2), np.full(3, 1 / 3)
    cases = [
        ("a transposed plan", (plan.T, p, q), False),
        ("a transposed square plan", (square.T, a, b), False),
        ("a single row for three points", (np.full((1, 3), 1 / 3), [1 / 3] * 3, third), False),
        ("a single column for three points", (np.full((3, 1), 1 / 3), third, third), False),
        ("a plan with an axis too many", (square[None], a, b), False),
        ("a list in the place of a matrix", ([0.5, 0.5], HALF, [1.0]), False),
        ("a number more than needed", (np.array([[0.5, 0.0, 0.0], [0.0, 0.5, 0.0]]), HALF, HALF), False),
    ]
    expect_verdicts(is_transport_plan, cases)


@check(points=0.3, hidden=True)
def the_tolerance_decides(is_transport_plan, rng):
    """An entry or a sum may be off by less than tol, be it 1e-9 or 0.01, and not by more."""
    cases = []
    for tol in (1e-9, 0.01):
        for share, expected in ((rng.uniform(0.3, 0.7), True), (rng.uniform(2, 4), False)):
            off = share * tol if expected or tol > 1e-3 else 1e-3
            entry = np.array([[0.5 + off, -off], [0.0, 0.5]]), HALF, [0.5 + off, 0.5 - off]
            moved = np.array([[0.5 + off, 0.0], [0.0, 0.5 - off]])
            rows, columns = (moved, HALF, moved.sum(axis=0)), (moved, moved.sum(axis=1), HALF)
            for kind, table in (("an entry below 0", entry), ("a row", rows), ("a column", columns)):
                cases += [(f"{kind} off by {off:g}, tol = {tol:g}", (*table, tol), expected)]
    half_tol = np.array([[0.5, -1e-12], [1e-12, 0.5]])
    cases += [("an entry of -1e-12, tol left out", (half_tol, HALF, HALF), True)]
    dust = np.array([[0.5, -1.5e-9], [1.5e-9, 0.5]])
    cases += [("an entry of -1.5e-9, tol left out", (dust, HALF, HALF), False)]
    expect_verdicts(is_transport_plan, cases)


# %% hints
HINTS = [
    "Which of the three conditions speaks of single entries, and which of sums?",
    "A sum over j, for each i, is a sum along axis 1, and its shape is that of p.",
    "Compare with the tolerance as in |sum - p| <= tol. And look at the shape first: shapes that merely broadcast "
    "must not be compared at all.",
]
WHY = """
Three conditions of two kinds: no entry below 0, and every sum right, of rows and of columns. The shape comes first,
because a table of another shape may broadcast against the marginals and pass without a word. Then the worst violation
of all, one number, is compared with `tol` once. `-g.min()` says by how much an entry is negative, so that the sign
has the same tolerance as the sums.
"""
COVERS = ["S2.24"]


# %% right and wrong answers
def conditions(g, p, q, tol):
    """Which of shape, sign, rows and columns are as they must be."""
    g, p, q = np.asarray(g, dtype=float), np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if g.shape != (p.size, q.size):
        return False, False, False, False
    rows = np.allclose(g.sum(1), p, rtol=0, atol=tol)
    return True, bool(np.all(g >= -tol)), rows, np.allclose(g.sum(0), q, rtol=0, atol=tol)


@right_answer
def by_allclose(g, p, q, tol=1e-9):
    """The four conditions by name, and np.allclose with a relative tolerance of 0. With its own default it would
    forgive a sum that is off by a hundred-thousandth.
    """
    return all(conditions(g, p, q, tol))


@right_answer
def by_loops(g, p, q, tol=1e-9):
    """The conditions one after the other, in plain Python, as the definition has them."""
    rows = [list(np.atleast_1d(row)) for row in np.asarray(g, dtype=float)]
    if np.ndim(g) != 2 or len(rows) != len(p) or any(len(row) != len(q) for row in rows):
        return 0
    leaves = all(abs(sum(row) - mass) <= tol for row, mass in zip(rows, p, strict=True))
    arrives = all(abs(sum(column) - mass) <= tol for column, mass in zip(zip(*rows, strict=True), q, strict=True))
    return np.bool_(leaves and arrives and min(map(min, rows)) >= -tol)


@wrong_answer(
    passes=(
        the_table_above_is_a_plan,
        it_is_a_plan_for_its_own_marginals_only,
        every_plan_is_one,
        both_marginals_count,
        another_shape_is_no_plan,
    ),
    feedback="Mass cannot be negative. Right marginals alone do not make a plan.",
)
def without_the_sign(g, p, q, tol=1e-9):
    shape, _, rows, columns = conditions(g, p, q, tol)
    return shape and rows and columns


@wrong_answer(
    passes=(the_table_above_is_a_plan, every_plan_is_one, no_negative_mass),
    feedback="All of p leaves, and all of q arrives: both marginals count. You look at what leaves only.",
)
def rows_only(g, p, q, tol=1e-9):
    g, p = np.asarray(g, dtype=float), np.asarray(p, dtype=float)
    rows = g.ndim == 2 and len(g) == len(p) and np.allclose(g.sum(1), p, rtol=0, atol=tol)
    return bool(rows and np.all(g >= -tol))


@wrong_answer(
    passes=(the_table_above_is_a_plan, every_plan_is_one, no_negative_mass),
    feedback="All of p leaves, and all of q arrives: both marginals count. You look at what arrives only.",
)
def columns_only(g, p, q, tol=1e-9):
    g, q = np.asarray(g, dtype=float), np.asarray(q, dtype=float)
    columns = g.ndim == 2 and g.shape[1] == len(q) and np.allclose(g.sum(0), q, rtol=0, atol=tol)
    return bool(columns and np.all(g >= -tol))


@wrong_answer(
    passes=(the_table_above_is_a_plan, every_plan_is_one, no_negative_mass),
    feedback="A total of 1 is not enough: each row and each column has a sum of its own to meet.",
)
def total_only(g, p, q, tol=1e-9):
    shape, sign, _, _ = conditions(g, p, q, tol)
    return shape and sign and abs(np.sum(g) - 1) <= tol


@wrong_answer(
    feedback="Rows and columns are exchanged: row i is what leaves point i of p, and its sum is along axis 1.",
    passes=(no_negative_mass, the_tolerance_decides),
)
def exchanged(g, p, q, tol=1e-9):
    return all(conditions(np.transpose(g), p, q, tol))


@wrong_answer(
    passes=(
        the_table_above_is_a_plan,
        it_is_a_plan_for_its_own_marginals_only,
        every_plan_is_one,
        no_negative_mass,
        both_marginals_count,
        another_shape_is_no_plan,
    ),
    feedback="The tolerance holds for the sign too: an entry may lie below 0 by as much as tol.",
)
def strictly_positive(g, p, q, tol=1e-9):
    return all(conditions(g, p, q, tol)) and bool(np.all(np.asarray(g) >= 0))


@wrong_answer(
    passes=(
        the_table_above_is_a_plan,
        it_is_a_plan_for_its_own_marginals_only,
        every_plan_is_one,
        another_shape_is_no_plan,
    ),
    feedback="Your tolerance is much wider than the tol that is given.",
)
def too_loose(g, p, q, tol=1e-9):
    return all(conditions(g, p, q, 1e-2))


@wrong_answer(
    passes=(
        the_table_above_is_a_plan,
        it_is_a_plan_for_its_own_marginals_only,
        every_plan_is_one,
        no_negative_mass,
        both_marginals_count,
        another_shape_is_no_plan,
    ),
    feedback="You take one fixed tolerance. How far a plan may be off is the caller's to say, in tol.",
)
def fixed_tolerance(g, p, q, tol=1e-9):
    return all(conditions(g, p, q, 1e-9))


@wrong_answer(
    passes=(
        the_table_above_is_a_plan,
        it_is_a_plan_for_its_own_marginals_only,
        every_plan_is_one,
        no_negative_mass,
        both_marginals_count,
        the_tolerance_decides,
    ),
    feedback="A table of another shape may broadcast against p and q all the same: compare the shapes first.",
)
def without_the_shape(g, p, q, tol=1e-9):
    g = np.asarray(g, dtype=float)
    try:
        rows, columns = np.allclose(g.sum(-1), p, rtol=0, atol=tol), np.allclose(g.sum(-2), q, rtol=0, atol=tol)
    except (ValueError, IndexError):
        return False
    return bool(rows and columns and np.all(g >= -tol))
