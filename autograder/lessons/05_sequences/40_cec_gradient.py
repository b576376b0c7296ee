# %% [markdown]
# ## The constant error carousel
#
# Follow one cell of an LSTM along its conveyor belt, $c_t = f_t\, c_{t-1} + i_t\, g_t$. How much does the last cell owe to
# the cell at step $k$? Along the belt itself, each step multiplies by its forget gate, and by nothing else: no matrix,
# no slope.
#
# $$ \frac{\partial c_T}{\partial c_k} = \prod_{t = k+1}^{T} f_t . $$
#
# In the first LSTM there was no forget gate, so every factor was 1 and an error could ride on the belt forever without
# getting weaker. Its inventors called it the *constant error carousel*. With a forget gate the network chooses its own
# factors. (This is the direct path. The gates also depend on the past, through $h$ and through peepholes; those detours add
# to it.)
#
# | argument | shape | meaning |
# |---|---|---|
# | `forget` | `(T,)`, array or list | the gates $f_1, \dots, f_T$, from 0 to 1, both included |
# | result | `(T + 1,)` | $\partial c_T / \partial c_k$ for $k = 0, \dots, T$ |
#
# **Write `cec_gradient(forget)`.** The last entry is how much $c_T$ owes to itself. A gate that is 0 cuts off everything
# before it, to exactly 0. One that is tiny does not: every entry is right to nine digits, however small.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def cec_gradient(forget):
    """Return dc_T/dc_k along the direct path for k = 0..T, shape (T + 1,), given the forget gates f_1..f_T, shape (T,)."""
    # BEGIN SOLUTION
    from_the_last = np.asarray(forget, dtype=float)[::-1]
    return np.append(np.cumprod(from_the_last)[::-1], 1.0)
    # END SOLUTION


# %% checks
def by_products(gates):
    """Every product on its own."""
    gates = [float(each) for each in gates]
    return np.array([math.prod(gates[k:]) for k in range(len(gates) + 1)])


# %% public checks
@check(points=0.5)
def two_doors_ajar(cec_gradient):
    """Two gates of one half: the last cell owes 1/4 to c_0, 1/2 to c_1, and 1 to itself."""
    expect_close(cec_gradient([0.5, 0.5]), [0.25, 0.5, 1.0], "cec_gradient([0.5, 0.5])")


@check(points=0.5)
def the_order_counts(cec_gradient):
    """The gates 0.1 and 0.9 give (0.09, 0.9, 1): what c_1 is worth depends on the gate after it."""
    expect_close(cec_gradient(np.array([0.1, 0.9])), [0.09, 0.9, 1.0], "cec_gradient([0.1, 0.9])")


# %% hidden checks
@check(points=1, hidden=True)
def products_from_the_end(cec_gradient, rng):
    """It matches products worked out one by one, for sequences of any length and gates of any size."""
    for T, size in [(6, 1.0), (1, 1.0), (30, 1.0), (5, 1e-12), (3, 1e-100), (2, 1e-4), (200, 0.1)]:
        gates = size * rng.uniform(0.5, 1, size=T)
        what = f"cec_gradient of {T} random gates of size {size:g}"
        expect_close(cec_gradient(gates.copy()), by_products(gates), what, atol=0)
    expect_close(cec_gradient([0.5, 1, 0.25]), [0.125, 0.25, 0.25, 1.0], "cec_gradient([0.5, 1, 0.25])")


@check(points=1, hidden=True)
def open_and_shut_doors(cec_gradient, rng):
    """Gates of 1 keep the gradient at exactly 1; a gate of 0 cuts off the past, and only the past."""
    last, before = rng.uniform(0.1, 0.9, size=2)
    expect_close(cec_gradient(np.ones(5)), np.ones(6), "cec_gradient of five open gates", atol=0)
    got = cec_gradient(np.array([0.9, 0.0, before, last]))
    expect_close(got, [0.0, 0.0, before * last, last, 1.0], f"cec_gradient([0.9, 0, {before:g}, {last:g}])", atol=0)
    whole = cec_gradient(np.array([1, 0, 1]))
    expect_close(whole, [0.0, 0.0, 1.0, 1.0], "cec_gradient of the integers [1, 0, 1]", atol=0)
    expect_close(cec_gradient(np.zeros(3)), [0.0, 0.0, 0.0, 1.0], "cec_gradient of three shut gates", atol=0)


# %% hints
HINTS = [
    "What is dc_T/dc_T? And what must it be multiplied by to get dc_T/dc_{T-1}?",
    "You walk from the end to the start, and each step adds one more factor to a running product.",
    "NumPy has a cumulative product; reverse before and after.",
]
WHY = """
With each step back one more gate multiplies, and that is a running product from the end: reverse, `cumprod`, reverse.
The last entry is a product of nothing, 1. Nothing is divided. Total product over partial product would be right for
gates above 0, and 0/0 behind a shut door.
"""
COVERS = ["S3.18", "S3.19", "S3.22"]
KERNELS = [kernels.cec_gradient]

# %% [markdown]
# **See it.** What is left of the gradient after 100 steps on three belts, beside a plain recurrence with sigmoid units.
# The belt with $f = 0.99$ loses nearly two thirds. The plain network keeps a quarter after five steps, a three-hundredth after
# twenty, and then nothing that could teach.

# %% experiment
belt, forward = grader.yours("cec_gradient"), grader.yours("rnn_forward")
print(f"{'steps back':>28}", *(f"{back:>9d}" for back in (1, 5, 20, 50, 100)))
for gate in (1.0, 0.99, 0.9):
    left = belt(np.full(100, gate))[::-1]
    print(f"{f'LSTM cell with f = {gate:g}':>28}", *(f"{left[back]:9.1e}" for back in (1, 5, 20, 50, 100)))
U = np.array([[3.0]])
a, h, _ = forward(np.ones((1, 1)), U, np.ones(1), np.full((100, 1), -1.5), np.array([0.5]))
left = belt(U[0, 0] * h[:, 0] * (1 - h[:, 0]))[::-1]
print(f"{'one sigmoid unit with U = 3':>28}", *(f"{left[back]:9.1e}" for back in (1, 5, 20, 50, 100)))


# %% right and wrong answers
@right_answer
def step_by_step(forget):
    """Backpropagation along the belt, as one would say it: start with 1, and multiply by one gate for each step back.
    `insert(0, ...)` moves the whole list each time, so this is for reading, not for long sequences.
    """
    result = [1.0]
    for gate in reversed(list(forget)):
        result.insert(0, float(gate) * result[0])
    return np.array(result)


@wrong_answer(
    passes=(two_doors_ajar,),
    feedback="That is dc_k/dc_0, from the start. Going back from T, the product begins with the last gate.",
)
def from_the_start(forget):
    return np.append(1.0, np.cumprod(np.asarray(forget, dtype=float)))[::-1]


@wrong_answer(feedback="It is exactly 1 everywhere only without a forget gate, as in the LSTM of 1997.")
def always_one(forget):
    return np.ones(len(forget) + 1)


@wrong_answer(feedback="Factors along one path multiply. Sums are for different paths.")
def sums(forget):
    return np.append(np.cumsum(np.asarray(forget, dtype=float)[::-1])[::-1], 1.0)


@wrong_answer(
    feedback="The entry for k = T is missing: c_T owes 1 to itself, so the result has one entry more than there are gates."
)
def without_the_last(forget):
    return step_by_step(forget)[:-1]


SHUT = "Your gates have a floor: what is 0, or tiny, counts for a little more than it is. Then a shut door is not quite shut."


@wrong_answer(products_from_the_end, open_and_shut_doors, feedback=SHUT)
def floored(forget):
    return step_by_step(np.maximum(np.asarray(forget, dtype=float), 1e-9))


@wrong_answer(open_and_shut_doors, feedback=SHUT)
def by_logarithms(forget):
    gates = np.maximum(np.asarray(forget, dtype=float), 1e-300)
    return np.append(np.exp(np.cumsum(np.log(gates)[::-1])[::-1]), 1.0)


@wrong_answer(open_and_shut_doors, feedback="You divide the total product by a partial one. A gate of 0 makes both 0.")
def by_division(forget):
    gates = np.asarray(forget, dtype=float)
    partial = np.append(1.0, np.cumprod(gates))
    return np.divide(partial[-1], partial)


@wrong_answer(feedback="The result is in reverse order: its first entry is for k = 0, the farthest past.")
def reversed_order(forget):
    return step_by_step(forget)[::-1]
