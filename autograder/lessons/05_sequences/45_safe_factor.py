# %% [markdown]
# ## How close to 1 is close enough?
#
# If a signal is multiplied by the same factor $c$ at every step, what is left after $T$ steps is $c^T$. Let us call the
# factor *safe* if what is left is neither too small nor too large: at least `tol`, and at most 1/`tol`,
#
# $$ \mathtt{tol} \le c^T \le \frac{1}{\mathtt{tol}} . $$
#
# For one step any factor between 0.1 and 10 may do. For a hundred steps?
#
# | argument | shape | meaning |
# |---|---|---|
# | `T` | integer, at least 1 | the number of steps |
# | `tol` | number in (0, 1) | what must be left |
# | results | number, number | the smallest and the largest safe factor |
#
# **Write `safe_factor(T, tol)`, which returns `(lo, hi)`.** Give the exact bounds, not an approximation.

# %% imports
import math

from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def safe_factor(T, tol):
    """Return the smallest and the largest constant factor c with tol <= c^T <= 1/tol."""
    # BEGIN SOLUTION
    lo = tol ** (1 / T)
    return lo, 1 / lo
    # END SOLUTION


# %% checks
PARTS = ("lo", "hi")


# %% public checks
@check(points=0.5)
def for_one_step(safe_factor):
    """For one step, and half of it to be left, a factor may lie between 1/2 and 2."""
    expect_close(safe_factor(1, 0.5), (0.5, 2.0), "safe_factor(1, 0.5)", parts=PARTS)


@check(points=0.5)
def for_two_steps(safe_factor):
    """For two steps, and a quarter of it to be left, again between 1/2 and 2: their squares are 1/4 and 4."""
    expect_close(safe_factor(2, 0.25), (0.5, 2.0), "safe_factor(2, 0.25)", parts=PARTS)


# %% hidden checks
@check(points=1, hidden=True)
def both_ends_are_just_safe(safe_factor, rng):
    """For any number of steps and any tolerance, the T-th powers of the two bounds are tol and 1/tol."""
    for T, tol in [
        (int(rng.integers(20, 200)), rng.uniform(0.1, 0.9)),
        (1, 0.1),
        (10, 0.5),
        (100, 0.1),
        (1000, 0.01),
        (3, 0.9),
        (10**6, 0.5),
        (5000, 0.001),
        (2, 1e-12),
        (1, 1e-200),
    ]:
        bound = -math.log(tol) / T
        expected = math.exp(-bound), math.exp(bound)
        expect_close(safe_factor(T, tol), expected, f"safe_factor({T}, {tol:g})", parts=PARTS, rtol=1e-12, atol=0)


# %% hints
HINTS = [
    "At the lower bound c^T is exactly tol. Solve for c.",
    "The T-th root of tol, and for the upper bound that of 1/tol.",
]
WHY = r"""
$c \mapsto c^T$ rises, so each bound is where its inequality is an equation: $c = \mathtt{tol}^{1/T}$, and for the
other side one over it. In logarithms, $\log c = \pm \ln(1/\mathtt{tol}) / T$: the room around 1 shrinks like $1/T$,
and hardly depends on how much one tolerates. Ten times less left, `tol` from 0.1 to 0.01, only doubles it.
"""
COVERS = ["S3.19"]

# %% [markdown]
# > **Often said: "the factors need not be 1, it is enough that they do not vanish. A factor of 2 would explode."** So
# > would 1.1, only later. Print the interval for growing $T$: with `tol` = 0.1 it is [0.1, 10] for one step, and
# > [0.977, 1.023] for a hundred. Its width shrinks like $2 \ln(1/\mathtt{tol}) / T$, as the last column shows. Over $T$
# > steps *every* constant factor vanishes or explodes unless it is within about $1/T$ of 1: $0.9^{100} = 0.000027$,
# > $1.1^{100} = 13781$. That is why the factor on the belt of an LSTM is 1 by construction and not by luck.


# %% experiment
print(f"{'T':>6} {'lo':>9} {'hi':>9} {'T (hi - lo)':>12}   2 ln 10 = {2 * math.log(10):.4f}")
for steps in (1, 10, 100, 1000, 10000):
    lo, above = 0.0, 1.0
    for _ in range(60):  # by bisection, which gives nothing away
        middle = (lo + above) / 2
        lo, above = (middle, above) if middle**steps < 0.1 else (lo, middle)
    print(f"{steps:6d} {lo:9.6f} {1 / lo:9.6f} {steps * (1 / lo - lo):12.4f}")
print(f"0.9^100 = {0.9**100:.1e}   1.1^100 = {1.1**100:.1e}   2^100 = {2.0**100:.1e}")


# %% right and wrong answers
@right_answer
def by_logarithms(T, tol):
    """The power becomes a product, and the two bounds lie at the same distance from log c = 0. It also works where `tol`
    is known by its logarithm only, as it is for what is left of a thousand small factors.
    """
    distance = -math.log(tol) / T
    return math.exp(-distance), math.exp(distance)


@wrong_answer(feedback="1 ± tol/T is a first guess at the width. Solve c^T = tol exactly.")
def first_order(T, tol):
    return 1 - tol / T, 1 + tol / T


@wrong_answer(passes=(for_one_step,), feedback="That is the interval for one step. It shrinks with T.")
def as_for_one_step(T, tol):
    return tol, 1 / tol


@wrong_answer(feedback="Growth is tolerated too, up to 1/tol.")
def nothing_above_one(T, tol):
    return tol ** (1 / T), 1.0


@wrong_answer(feedback="The bounds are in the wrong order: the smaller one first.")
def larger_first(T, tol):
    return by_logarithms(T, tol)[::-1]


@wrong_answer(passes=(for_one_step,), feedback="Dividing the tolerance by T does not undo a power. The T-th root does.")
def divided_instead_of_rooted(T, tol):
    return tol / T, T / tol
