# %% [markdown]
# ## How much does the answer hang on the input?
#
# Turn one dial of the input a little, at step $t$, and watch the output of the same step. The change passes three
# stations: $W$ spreads it over the units, each unit lets through as much as its slope allows, $v$ collects the rest.
# Three factors, one row of the Jacobian:
#
# $$ \frac{\partial y_t}{\partial x_t} = v^\top\, \mathrm{diag}\bigl(\sigma'(a_t)\bigr)\, W,
#    \qquad \sigma'(a) = \sigma(a)\,\bigl(1 - \sigma(a)\bigr). $$
#
# The last state does not appear. It is not moved by $x_t$, which comes after it. It does enter $a_t$, and with it the
# slopes: *how strongly* a network reacts now depends on what it remembers. Keep that in mind for the exercise after
# next.
#
# | argument | shape | meaning |
# |---|---|---|
# | `W` | `(H, D)` | weights from the input; like those of the output they may be tiny |
# | `v` | `(H,)` | weights of the output |
# | `a` | `(T, H)` | the pre-activations of all steps |
# | result | `(T, D)` | row $t$ is $\partial y_t / \partial x_t$ |
#
# **Write `output_sensitivity(W, v, a)`.** No loop over the steps is needed.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, right_answer, wrong_answer


# %% answer
def output_sensitivity(W, v, a):
    """Return the derivatives dy_t/dx_t, one row a step, shape (T, D), at the pre-activations a (T, H)."""
    # BEGIN SOLUTION
    h = 1 / (1 + np.exp(-a))
    slope = h * (1 - h)
    return (v * slope) @ W
    # END SOLUTION


# %% checks
def by_complex_step(W, v, a):
    """Move the input of each step and read off what arrives at its output."""
    return np.array([complex_step(lambda dx: v @ (1 / (1 + np.exp(-at - W @ dx))), np.zeros(W.shape[1])) for at in a])


# %% public checks
@check(points=0.5)
def at_the_steepest_point(output_sensitivity):
    """At a = 0, with W = 1 and v = 1, the sensitivity is 1/4."""
    expect_close(output_sensitivity(np.eye(1), np.ones(1), np.zeros((1, 1))), [[0.25]], "output_sensitivity(1, 1, 0)")


@check(points=0.5)
def two_units_by_hand(output_sensitivity):
    """With W = [[1, 2], [3, 4]], v = (1, 2) and a = (0, ln 3), where the slopes are 1/4 and 3/16, it is (1.375, 2)."""
    W, v = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 2.0])
    what = "output_sensitivity([[1, 2], [3, 4]], [1, 2], [[0, ln 3]])"
    expect_close(output_sensitivity(W, v, np.array([[0.0, math.log(3)]])), [[1.375, 2.0]], what)


# %% hidden checks
@check(points=0.5, hidden=True)
def agrees_with_the_complex_step(output_sensitivity, rng):
    """It matches derivatives taken to machine precision, for any sizes of arrays and numbers, one step too."""
    for T, D, H, size in [
        (5, 3, 4, 1),
        (2, 3, 3, 1),
        (1, 2, 4, 1),
        (4, 1, 1, 1),
        (3, 3, 3, 1),
        (3, 2, 3, 1e6),
        (2, 3, 2, 1e-150),
    ]:
        W, v, a = size * rng.normal(size=(H, D)), size * rng.normal(size=H), 2 * rng.normal(size=(T, H))
        what = f"output_sensitivity with T, D, H = {T}, {D}, {H}"
        expected = size**2 * by_complex_step(W / size, v / size, a)
        expect_close(output_sensitivity(W, v, a), expected, what, atol=0)
    W, v, a = -np.ones((2, 3)), -np.ones(2), np.full((2, 2), -1.0)
    expect_close(output_sensitivity(W, v, a), by_complex_step(W, v, a), "output_sensitivity, all arguments -1")
    W, v, a = np.array([[1, 2], [3, -1]]), np.array([2, 1]), np.array([[0, 1], [1, 0]])
    expect_close(output_sensitivity(W, v, a), by_complex_step(W, v, a), "output_sensitivity of integers")


@check(points=0.5, hidden=True)
def saturated_units_let_nothing_through(output_sensitivity, rng):
    """Where all units are saturated the sensitivity is 0, or as small as the slopes; one unit at 0 passes its quarter."""
    W, v = rng.normal(size=(3, 2)), rng.normal(size=3)
    for level in (10.0, 11.0, -12.0):
        a = np.full((1, 3), level)
        expected = [math.exp(-abs(level)) / (1 + math.exp(-abs(level))) ** 2 * (v @ W)]
        what = f"output_sensitivity where every pre-activation is {level:g}"
        expect_close(output_sensitivity(W, v, a), expected, what, rtol=1e-8, atol=0)
    a = np.array([[40.0, -40.0, 40.0], [40.0, 0.0, -40.0]])
    expected = np.stack([np.zeros(2), 0.25 * v[1] * W[1]])
    expect_close(output_sensitivity(W, v, a), expected, "output_sensitivity of saturated units", atol=1e-12)


# %% hints
HINTS = [
    "First the slope of every unit at every step, shape (T, H). It is written with σ(a) alone.",
    "A product with a diagonal matrix is a product element by element.",
    "v times the slopes is a row for each step. Which matrix product takes (T, H) to (T, D)?",
]
WHY = r"""
A diagonal matrix scales, element by element: `v * slope` is $v^\top \mathrm{diag}(\sigma'(a_t))$ for all steps at
once, shape (T, H), and one product with $W$ takes it to (T, D). The slope is $\sigma'$ *at* $a_t$, written in $h =
\sigma(a_t)$; putting $h$ into $\sigma'$ would apply the sigmoid twice. Nothing of the past appears but what is in
$a_t$ already.
"""
COVERS = ["S0.bptt.c"]
KERNELS = [kernels.output_sensitivity]

# %% [markdown]
# **See it.** The same network, the same input $x_t$, three different pasts. Only $h_0$ differs, and yet the network
# reacts to the very same input five times as strongly in one case as in another. The slope is not a property of the
# weights alone.

# %% experiment
sensitivity, forward = grader.yours("output_sensitivity"), grader.yours("rnn_forward")
W, U, v = np.array([[1.0], [0.5]]), np.array([[4.0, -3.0], [-2.0, 5.0]]), np.array([1.0, 1.0])
for past in ([0.0, 0.0], [0.6, 0.1], [1.0, 0.0]):
    a, _, y = forward(W, U, v, np.array([[0.2]]), np.array(past))
    print(f"h_0 = {past}: y_1 = {y[0]:.3f}   dy_1/dx_1 = {sensitivity(W, v, a)[0, 0]:.4f}")
del sensitivity, forward  # an answer stands alone


# %% right and wrong answers
@right_answer
def one_step_at_a_time(W, v, a):
    """The formula as it is printed, with its diagonal matrix, to be held against the derivation line by line. The slope
    as 1 / (4 cosh²(a/2)) keeps its digits where 1 - h is rounded to 0: at a = 40 it is 4.2e-18.
    """
    rows = [v @ np.diag(1 / (4 * np.cosh(step / 2) ** 2)) @ W for step in a]
    return np.reshape(rows, (len(a), W.shape[1]))


@wrong_answer(feedback="The slopes are missing: diag(σ'(a_t)) stands between v and W.")
def without_slopes(W, v, a):
    return np.tile(v @ W, (len(a), 1))


@wrong_answer(feedback="You used σ(a) itself. Its slope is σ' = σ (1 - σ).")
def value_for_slope(W, v, a):
    return (v / (1 + np.exp(-a))) @ W


@wrong_answer(feedback="σ' is evaluated at the pre-activation a_t, not at the state h_t.")
def slope_at_the_state(W, v, a):
    return one_step_at_a_time(W, v, 1 / (1 + np.exp(-a)))


@wrong_answer(feedback="That is the slope of tanh, which is 1 at a = 0. A sigmoid's is 1/4 there.")
def slope_of_tanh(W, v, a):
    return (v / np.cosh(a) ** 2) @ W


@wrong_answer(
    passes=(at_the_steepest_point,),
    feedback="W is (H, D): the row v * slope, one entry for each unit, multiplies it from the left, without a transpose.",
)
def transposed(W, v, a):
    h = 1 / (1 + np.exp(-a))
    return (v * h * (1 - h)) @ W.T


@wrong_answer(
    passes=(at_the_steepest_point,),
    feedback="The output weights are missing: each unit's part is weighed by its own v.",
)
def without_v(W, v, a):
    h = 1 / (1 + np.exp(-a))
    return (h * (1 - h)) @ W
