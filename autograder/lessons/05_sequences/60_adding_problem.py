# %% [markdown]
# ## Make the data
#
# Now generate the task. For each of $N$ sequences: $T$ uniform values, and *exactly two* marks, at two *different*
# steps, each pair of steps equally likely. It sounds harmless, and yet two independent draws of a step coincide once in
# $T$ sequences. Then there is one mark only, and the target is a lie.
#
# | argument | shape | meaning |
# |---|---|---|
# | `N`, `T` | integers | sequences, steps; `T` at least 2 |
# | `rng` | `numpy.random.Generator` | the source of all chance |
# | first result `x` | `(N, T, 2)` | `x[..., 0]` the values, from 0 to below 1; `x[..., 1]` the marks, 0 or 1 |
# | second result `y` | `(N,)` | the sum of the two marked values |
#
# **Write `adding_problem(N, T, rng)`, which returns `(x, y)`.** It raises `ValueError` for `T` below 2, where no two
# steps differ. So that the same generator gives everybody the same data, **draw in this order**: first
# `rng.random((N, T))` for all values, then for one sequence after the other `rng.permutation(T)[:2]` for its marks.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import (
    check,
    expect,
    expect_array,
    expect_close,
    expect_parts,
    expect_raises,
    right_answer,
    wrong_answer,
)


# %% answer
def adding_problem(N, T, rng):
    """Return x (N, T, 2), values and marks, and y (N,), the sums of the two marked values; ValueError for T < 2."""
    # BEGIN SOLUTION
    if T < 2:
        raise ValueError("two marks need at least two steps")
    values, marks = rng.random((N, T)), np.zeros((N, T))
    for row in marks:
        row[rng.permutation(T)[:2]] = 1
    return np.stack([values, marks], axis=-1), np.sum(values * marks, axis=1)
    # END SOLUTION


# %% checks
PARTS = ("x", "y")


def parts_of(adding_problem, N, T, rng):
    """The values, the marks and the targets, after their shapes were checked."""
    what = f"adding_problem({N}, {T}, rng)"
    x, y = expect_parts(adding_problem(N, T, rng), PARTS, what)
    x, y = expect_array(x, (N, T, 2), f"x of {what}"), expect_array(y, (N,), f"y of {what}")
    return x[..., 0], x[..., 1], y, what


# %% public checks
@check(points=0.5)
def two_marks_each(adding_problem):
    """Each of 50 sequences of 5 steps has exactly two marks of 1, and zeros elsewhere."""
    _, marks, _, what = parts_of(adding_problem, 50, 5, np.random.default_rng(0))
    expect_close(np.sort(marks, axis=1), np.tile([0.0, 0, 0, 1, 1], (50, 1)), f"the sorted marks of {what}")


@check(points=0.5)
def the_target_is_their_sum(adding_problem):
    """With two steps both are marked, so the target is the sum of the two values."""
    values, _, y, what = parts_of(adding_problem, 4, 2, np.random.default_rng(1))
    expect_close(y, [math.fsum(row) for row in values], f"y of {what}")


# %% hidden checks
@check(points=1, hidden=True)
def draws_in_the_given_order(adding_problem, rng):
    """From the same generator it makes the very same data as everybody's, and leaves it in the same state."""
    for N, T in [(5, 7), (4, 2), (20, 3), (1, 10), (1, 2), (3, 3)]:
        seed = int(rng.integers(2**31))
        mine, theirs = np.random.default_rng(seed), np.random.default_rng(seed)
        values, marks, y, what = parts_of(adding_problem, N, T, theirs)
        wanted = mine.random((N, T))
        chosen = np.array([mine.permutation(T)[:2] for _ in range(N)], dtype=int).reshape(N, 2)
        expect_close(values, wanted, f"the values of {what}")
        expected = (np.arange(T) == chosen[:, :1]) | (np.arange(T) == chosen[:, 1:])
        expect_close(marks, expected.astype(float), f"the marks of {what}", atol=0)
        expect_close(y, [row[i] + row[j] for row, (i, j) in zip(wanted, chosen, strict=True)], f"y of {what}")
        expect_close(theirs.random(), mine.random(), f"the generator's next number after {what}")


@check(points=0.5, hidden=True)
def the_statistics_are_right(adding_problem, rng):
    """Over 4000 sequences every step is marked equally often, and the answer 1 has the error that it should."""
    values, marks, y, what = parts_of(adding_problem, 4000, 6, rng)
    expect_close(y, np.sum(values * marks, axis=1), f"y of {what}")
    expect_close(marks.mean(axis=0), np.full(6, 1 / 3), f"how often each step is marked in {what}", atol=0.04)
    expect_close(np.mean((y - 1) ** 2), 1 / 6, f"the error of the answer 1 on {what}", atol=0.015)


@check(points=0.5, hidden=True)
def too_short_is_refused(adding_problem, rng):
    """T = 1 and T = 0 raise ValueError; T = 2 does not."""
    B = int(rng.integers(2, 9))
    for T in (1, 0):
        with expect_raises(ValueError, f"adding_problem({B}, {T}, rng)"):
            adding_problem(B, T, np.random.default_rng(2))
    _, marks, _, what = parts_of(adding_problem, 3, 2, np.random.default_rng(2))
    expect(bool(np.all(marks == 1)), f"A step of {what} is not marked.", "Both are.", summary="Two steps, two marks.")


# %% hints
NOT_PROBED = (the_statistics_are_right,)  # a call takes milliseconds

HINTS = [
    "Make all values with one call. Give the marks their shape, all 0, and set two of them in each row.",
    "An integer array of two steps is an index: a row takes the value 1 at both at once.",
    "The two channels become the last axis of x.",
]
WHY = """
`permutation(T)[:2]` draws *without replacement*: two different steps, and each pair is as likely as any other. Two
independent draws would meet once in $T$ sequences. `row` is a view, so what is written into it is written into
`marks`; and the targets are worked out from the very marks that go into `x`, so that the two cannot disagree.
"""
COVERS = ["S3.24", "S3.25", "S3.34"]
KERNELS = [kernels.adding_problem]

# %% [markdown]
# > **Often printed: "the baseline is 0.1767."** It is a misprint, or one lucky draw. Measured on 1000 sequences the error
# > of the best constant varies from sample to sample with a standard deviation of 0.0062. So one measured 0.1767 is
# > possible, it lies 1.6 deviations above. As an *expected* error it is wrong, and the experiment shows by how much: ten
# > samples of 1000, and one of four million.
# >
# > **And in the paper of 1997?** There the values are uniform between $-1$ and $1$ and the target is $0.5 + (X_1 +
# > X_2)/4$. Same task, other scale, and the baseline is a quarter of ours. Before you compare two numbers, compare
# > their units.

# %% experiment
draws = np.random.default_rng(0)
sums = draws.random((10, 1000)) + draws.random((10, 1000))
print("ten samples of 1000:", *(f"{each:.4f}" for each in np.mean((sums - 1) ** 2, axis=1)))
many = draws.random(4_000_000) + draws.random(4_000_000)
spread = np.std((many - 1) ** 2) / 1000**0.5
print(f"four million: {np.mean((many - 1) ** 2):.4f}   standard deviation for 1000: {spread:.4f}")
print(f"in the scale of 1997: {np.mean(((2 * many - 2) / 4) ** 2):.4f}")

# %% [markdown]
# **See it.** What two independent draws would do. At $T = 10$ one sequence in ten has only one mark, and the error of
# the best constant is no longer 1/6. A task that is generated wrongly has a wrong baseline, and the network is blamed.

# %% experiment
generate, draws = grader.yours("adding_problem"), np.random.default_rng(0)
print(f"{'T':>5} {'one mark only, careless':>24} {'its baseline':>13} {'baseline, yours':>16}")
for steps in (5, 10, 50):
    values, marks = draws.random((20000, steps)), np.zeros((20000, steps))
    for row in marks:
        row[draws.integers(0, steps, 2)] = 1
    careless = np.sum(values * marks, axis=1)
    x, y = generate(20000, steps, draws)
    single = np.mean(marks.sum(axis=1) == 1)
    print(f"{steps:5d} {single:24.3f} {np.var(careless):13.4f} {np.var(y):16.4f}")


# %% right and wrong answers
@right_answer
def by_indices(N, T, rng):
    """Keeps the pairs of steps, and writes and reads through them: `put_along_axis` and `take_along_axis` serve all
    sequences at once. The target is then a sum of two numbers, not of T products.
    """
    if T <= 1:
        raise ValueError("T")
    x = np.zeros((N, T, 2))
    x[..., 0] = rng.random((N, T))
    pairs = np.array([rng.permutation(T)[:2] for _ in range(N)], dtype=int).reshape(N, 2)
    np.put_along_axis(x[:, :, 1], pairs, 1.0, axis=1)
    return x, np.take_along_axis(x[:, :, 0], pairs, axis=1).sum(axis=1)


@wrong_answer(
    passes=(too_short_is_refused,), feedback="Two independent draws may coincide, and then there is only one mark."
)
def two_independent_steps(N, T, rng):
    if T < 2:
        raise ValueError("T")
    values, marks = rng.random((N, T)), np.zeros((N, T))
    for row in marks:
        row[rng.integers(0, T, 2)] = 1
    return np.stack([values, marks], axis=-1), (values * marks).sum(axis=1)


@wrong_answer(
    passes=(too_short_is_refused,),
    feedback="Two independent draws, one for each mark of all sequences, coincide now and then: there is only one mark then.",
)
def two_independent_columns(N, T, rng):
    if T < 2:
        raise ValueError(T)
    values, marks, rows = rng.random((N, T)), np.zeros((N, T)), np.arange(N)
    first, second = rng.integers(0, T, N), rng.integers(0, T, N)
    marks[rows, first] = marks[rows, second] = 1
    return np.stack([values, marks], axis=-1), values[rows, first] + values[rows, second]


@wrong_answer(
    passes=(
        two_marks_each,
        too_short_is_refused,
    ),
    feedback="y is the sum of the two marked values. Yours is their mean.",
)
def mean_of_the_marked(N, T, rng):
    x, y = by_indices(N, T, rng)
    return x, y / 2


@wrong_answer(feedback="The channels are the last axis of x, whose shape is (N, T, 2).")
def channels_first(N, T, rng):
    x, y = by_indices(N, T, rng)
    return np.moveaxis(x, -1, 1), y


@wrong_answer(too_short_is_refused, feedback="With fewer than two steps there cannot be two marks: raise ValueError.")
def accepts_one_step(N, T, rng):
    if T < 2:
        return rng.random((N, T, 2)), np.zeros(N)
    return by_indices(N, T, rng)


@wrong_answer(
    draws_in_the_given_order,
    feedback="The data are right in kind but drawn in another order: all values first, then the marks row by row.",
)
def drawn_row_by_row(N, T, rng):
    if T < 2:
        raise ValueError("T")
    rows = [by_indices(1, T, rng) for _ in range(N)]
    x = np.concatenate([np.zeros((0, T, 2)), *(x for x, _ in rows)])
    return x, np.concatenate([np.zeros(0), *(y for _, y in rows)])


@wrong_answer(
    passes=(
        two_marks_each,
        too_short_is_refused,
    ),
    feedback="You added up all values. Only the two marked ones count.",
)
def sum_of_everything(N, T, rng):
    x, _ = by_indices(N, T, rng)
    return x, x[..., 0].sum(axis=1) + (T == 2)


@wrong_answer(
    draws_in_the_given_order,
    the_statistics_are_right,
    feedback="The marks are not uniform: you always mark one step of each half. Any two different steps may be chosen.",
)
def one_mark_in_each_half(N, T, rng):
    if T < 2:
        raise ValueError("T")
    values, marks = rng.random((N, T)), np.zeros((N, T))
    for row in marks:
        row[rng.integers(0, T // 3 or 1)] = 1
        row[rng.integers(T // 2, T)] = 1
    return np.stack([values, marks], axis=-1), (values * marks).sum(axis=1)
