# %% [markdown]
# ## Count the arrays, count the numbers
#
# "An LSTM has 15 parameters, a GRU has 8." One reads this, and one of the two numbers is wrong. Neither counts
# *numbers*: a layer of 128 units has over a hundred thousand of those. They count *arrays*, and the way to get them right
# is to know how many blocks a cell has. A block makes one vector of $m$ numbers out of the input and the last state, and
# needs three arrays for it: $W$ of shape $(m, n)$, $U$ of shape $(m, m)$, and a bias of shape $(m,)$.
#
# | cell | its blocks |
# |---|---|
# | `"rnn"` | the new state |
# | `"lstm"` | three gates and the proposal |
# | `"lstm_peephole"` | the same, and three peepholes, which are diagonal: a vector of $m$ numbers each |
# | `"gru"` | two gates (reset, update) and the candidate |
#
# | argument | shape | meaning |
# |---|---|---|
# | `cell` | string | one of the four |
# | `n`, `m` | integers $\ge 1$ | inputs, units |
# | results | integer, integer | the number of arrays, and the number of scalars in them: counts, so `81`, not `81.0` |
#
# **Write `count_parameters(cell, n, m)`.** Count the recurrent layer only, without an output layer, with one bias for
# each block.

# %% imports
import numpy as np

from helpers.checking import check, expect, expect_close, expect_parts, right_answer, wrong_answer


# %% answer
def count_parameters(cell, n, m):
    """Return (arrays, scalars) of a recurrent layer: cell is 'rnn', 'lstm', 'lstm_peephole' or 'gru', n inputs, m units."""
    # BEGIN SOLUTION
    blocks = {"rnn": 1, "lstm": 4, "lstm_peephole": 4, "gru": 3}[cell]
    peepholes = 3 if cell == "lstm_peephole" else 0
    return 3 * blocks + peepholes, blocks * (m * n + m * m + m) + peepholes * m
    # END SOLUTION


# %% checks
PARTS = ("arrays", "scalars")
FULL = "lstm", "lstm_peephole", "gru", "rnn"


def by_listing(cell, n, m):
    """Count by writing every shape down."""
    block = [(m, n), (m, m), (m,)]
    shapes = {"rnn": block, "lstm": block * 4, "gru": block * 3, "lstm_peephole": block * 4 + [(m,)] * 3}[cell]
    total = 0
    for shape in shapes:
        size = 1
        for side in shape:
            size *= side
        total += size
    return len(shapes), total


def expect_count(got, expected, what):
    """Compare a count, which must be an integer by its type as well."""
    expect_close(got, expected, what)
    expect(
        isinstance(got, (int, np.integer)),
        f"{what} is {got!r}.",
        f"{expected}, an integer.",
        "What counts things is an int: use // or int().",
        summary="A count is not an integer.",
    )


# %% public checks
@check(points=0.5)
def an_lstm_with_peepholes(count_parameters):
    """An LSTM with peepholes has 15 arrays, and with 2 inputs and 3 units 81 numbers in them."""
    got = count_parameters("lstm_peephole", 2, 3)
    expect_close(got, (15, 81), "count_parameters('lstm_peephole', 2, 3)", parts=PARTS)


@check(points=0.5)
def a_plain_network(count_parameters):
    """A plain layer has 3 arrays, an LSTM without peepholes 12; with 2 inputs and 3 units 18 and 72 numbers in them."""
    expect_close(count_parameters("lstm", 2, 3), (12, 72), "count_parameters('lstm', 2, 3)", parts=PARTS)
    expect_close(count_parameters("rnn", 2, 3), (3, 18), "count_parameters('rnn', 2, 3)", parts=PARTS)


# %% hidden checks
@check(points=1, hidden=True)
def arrays(count_parameters, rng):
    """The number of arrays is right for every cell, whatever the sizes."""
    drawn = int(rng.integers(5, 30)), int(rng.integers(31, 60))
    for cell in FULL:
        for n, m in (drawn, (2, 3), (1, 1), (64, 128)):
            what = f"count_parameters({cell!r}, {n}, {m})"
            got, _ = expect_parts(count_parameters(cell, n, m), PARTS, what)
            expect_count(got, by_listing(cell, n, m)[0], f"arrays of {what}")


@check(points=1, hidden=True)
def scalars(count_parameters, rng):
    """The number of scalars is right for every cell and any sizes."""
    drawn = int(rng.integers(5, 30)), int(rng.integers(31, 60))
    for cell in FULL:
        for n, m in (drawn, (2, 3), (1, 1), (5, 2), (64, 128)):
            what = f"count_parameters({cell!r}, {n}, {m})"
            _, got = expect_parts(count_parameters(cell, n, m), PARTS, what)
            expect_count(got, by_listing(cell, n, m)[1], f"scalars of {what}")


# %% hints
HINTS = [
    "How many blocks has each cell? Each of them has the same three arrays.",
    "The first result of 'lstm' and 'gru' is three times the number of their blocks.",
    "A peephole is an array too, one of m numbers, and the proposal of an LSTM has none.",
]
WHY = r"""
All cells are made of one kind of block, with $mn + m^2 + m$ numbers in three arrays. So there is one table to
remember, the number of blocks, and one exception, the peepholes: three arrays more, of $m$ numbers each, since a gate
sees its own unit's cell only. The famous 15 is $3 \cdot 4 + 3$, and for the GRU $3 \cdot 3 = 9$ leaves nothing to
believe.
"""
COVERS = ["S3.16", "S3.17a", "S3.17b", "S3.29a", "S3.34"]

# %% [markdown]
# > **Often said: "an LSTM has 15 parameters."** Arrays, and with peepholes: $4 \cdot 3 + 3 = 15$. Without them 12.
# >
# > **Often said: "a GRU has 8."** Three blocks of three arrays are 9. Somebody forgot one. List them, as the cell below
# > does, and no number has to be believed.
# >
# > **And libraries?** PyTorch keeps two biases for each block, one beside $W$ and one beside $U$, so `sum(p.numel() ...)`
# > reports $m$ more for each block. In an LSTM their sum is all that matters, and one would be enough. In its GRU the
# > candidate is $\tanh(W x + b + r \odot (U h + b'))$: there $b'$ passes through the reset gate, and the two are not one.

# %% experiment
names = {"LSTM": "i f g o", "GRU": "r z candidate"}
for cell, blocks in names.items():
    listed = [f"{array}_{block}" for block in blocks.split() for array in "WUb"]
    print(f"{cell}: {len(listed)} arrays:", " ".join(listed))


# %% right and wrong answers
@right_answer
def by_rows(cell, n, m):
    """All blocks stacked, as libraries store them: blocks times m rows, each with n + m weights and a bias, `m * (n + m
    + 1)`. One formula less to write down.
    """
    rows = {"rnn": 1, "gru": 3}.get(cell, 4)
    diagonal = 3 * cell.endswith("peephole")
    return 3 * rows + diagonal, rows * m * (n + m + 1) + diagonal * m


def variant(gru_arrays=9, peepholes_always=False, biases=1, full_peepholes=False, peephole_count=3):
    """The count with one thing changed."""

    def count(cell, n, m):
        blocks = {"rnn": 1, "gru": 3}.get(cell, 4)
        extra = peephole_count if cell == "lstm_peephole" or (peepholes_always and cell == "lstm") else 0
        listed = gru_arrays if cell == "gru" else (2 + biases) * blocks
        size = m * m if full_peepholes else m
        return listed + extra, blocks * (n * m + m * m + biases * m) + extra * size

    return count


eight_for_the_gru = wrong_answer(
    arrays, feedback="The number 8 that circulates for the GRU drops an array: three blocks with W, U and b each."
)(variant(gru_arrays=8))

fifteen_always = wrong_answer(
    passes=(an_lstm_with_peepholes,), feedback="The famous 15 counts three peepholes. A plain LSTM has none."
)(variant(peepholes_always=True))

two_biases = wrong_answer(
    feedback="That is how PyTorch stores it, with two biases for each block. Here, as in the formulas, there is one."
)(variant(biases=2, gru_arrays=12))

full_matrices_for_peepholes = wrong_answer(
    an_lstm_with_peepholes,
    scalars,
    feedback="A peephole is diagonal: each gate sees the cell of its own unit, so it has m numbers, not m times m.",
)(variant(full_peepholes=True))

four_peepholes = wrong_answer(
    passes=(a_plain_network,), feedback="You gave the proposal a peephole too. Only the three gates have one."
)(variant(peephole_count=4))


@wrong_answer(
    passes=(arrays,),
    feedback="You count the biases as arrays, but not the m numbers in each of them.",
)
def biases_without_numbers(cell, n, m):
    listed, total = by_rows(cell, n, m)
    return listed, total - {"rnn": 1, "gru": 3}.get(cell, 4) * m


@wrong_answer(
    arrays,
    scalars,
    feedback="The numbers are right, but one of them is a float. Counts are integers: a shape or a range cannot take 81.0.",
)
def floats_for_counts(cell, n, m):
    listed, total = by_rows(cell, n, m)
    return float(listed), float(total)


@wrong_answer(feedback="The biases are missing.")
def without_biases(cell, n, m):
    return variant(biases=0, gru_arrays=6)(cell, n, m)
