# %% [markdown]
# ## Which index is summed?
#
# One step further down, the gradient meets an activation. A hidden unit $h_j = \tanh(p_j)$ feeds every output
# $q_k = \sum_j v_{kj} h_j$, so the blame of every output comes back to it, each through its own weight:
#
# $$ \delta_j = f'(p_j) \sum_k v_{kj}\, \delta_k, \qquad f'(p) = 1 - \tanh^2 p. $$
#
# Look at the index that is summed. With $q = Vh$, the weight from $j$ to $k$ is written $v_{kj}$, **outputs first**, and the sum
# runs over the first index. For a batch the examples are rows.
#
# | argument | shape | meaning |
# |---|---|---|
# | `p` | `(N, J)` | pre-activations of the hidden units |
# | `V` | `(K, J)` | weights, $q = Vh$ for each example |
# | `delta_out` | `(N, K)` | the gradient at the outputs |
# | result | `(N, J)` | the gradient at the pre-activations |
#
# **Write `hidden_delta(p, V, delta_out)`** for tanh units. A slope is accurate to $10^{-14}$ of what arrives, however small it is:
# at $p = 12$ it is $1.5 \cdot 10^{-10}$, not 0 yet. From $|p| = 30$ on, however large, a unit counts as saturated and comes out
# as 0, not as noise and not as nan.

# %% imports
import math

import numpy as np

from helpers.checking import check, complex_step, expect_close, is_pure, right_answer, wrong_answer


# %% answer
def hidden_delta(p, V, delta_out):
    """Return the gradient at the pre-activations p, shape (N, J), of h = tanh(p), q = Vh, given the gradient at q."""
    # BEGIN SOLUTION
    arriving = delta_out @ V
    slope = 1 - np.tanh(p) ** 2
    return slope * arriving
    # END SOLUTION


# %% public checks
@check(points=0.5)
def at_the_steepest_point(hidden_delta):
    """At p = 0 the slope is 1: with V = [[1, 2]] an output gradient of 3 comes back as (3, 6)."""
    got = hidden_delta(np.zeros((1, 2)), np.array([[1.0, 2.0]]), np.array([[3.0]]))
    expect_close(got, [[3.0, 6.0]], "hidden_delta(0, [[1, 2]], [[3]])")


@check(points=0.5)
def two_outputs_by_hand(hidden_delta):
    """At p = (0, ln 2), where the slopes are 1 and 0.64, V = [[1, 2], [3, 4]] and delta = (1, 10) give (31, 26.88)."""
    got = hidden_delta(np.array([[0.0, math.log(2)]]), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 10.0]]))
    expect_close(got, [[31.0, 26.88]], "hidden_delta([[0, ln 2]], [[1, 2], [3, 4]], [[1, 10]])")


# %% hidden checks
SIZES = [(5, 4, 2), (3, 3, 3), (2, 3, 1), (1, 2, 4), (4, 1, 2), (3, 1, 1), (1, 1, 1), (2, 2, 3), (4, 3, 3), (3, 2, 2)]


@check(points=1, hidden=True)
def every_unit_matches_the_complex_step(hidden_delta, rng):
    """For any numbers of units and gradients of any size it matches derivatives taken to machine precision, square V too."""
    for (n, j, k), scale in [*((size, 1.0) for size in SIZES), ((3, 4, 2), 1e4), ((2, 3, 3), 1e-4)]:
        p, v, delta = rng.normal(size=(n, j)), rng.normal(size=(k, j)), scale * rng.normal(size=(n, k))
        expected = complex_step(lambda moved, v=v, delta=delta: np.sum(delta * (np.tanh(moved) @ v.T)), p)
        what = f"hidden_delta at N, J, K = {n}, {j}, {k}"
        expect_close(hidden_delta(p, v, delta), expected, what, rtol=1e-11, atol=1e-14 * scale)
    p, v, delta = rng.normal(size=(3, 2)), -rng.uniform(1, 2, size=(4, 2)), -rng.uniform(1, 2, size=(3, 4))
    expected = complex_step(lambda moved: np.sum(delta * (np.tanh(moved) @ v.T)), p)
    got = hidden_delta(p, v, delta)
    expect_close(got, expected, "hidden_delta with negative weights and gradients", rtol=1e-11, atol=1e-14)


@check(points=1, hidden=True)
def saturated_units_are_silent(hidden_delta, rng):
    """Slopes fade as they should, unit by unit; from p = 30 or -30 on nothing is passed on; the unit at 0 passes everything."""
    v, delta = rng.uniform(1, 2, size=(2, 3)), rng.uniform(1, 2, size=(1, 2))
    arriving = [math.fsum(delta[0] * v[:, j]) for j in range(3)]
    for far in (-2.0, 4.0, -5.5, 7.0, -9.0, 12.0, -15.0):
        slope = 1 / math.cosh(far) ** 2
        got = hidden_delta(np.array([[far, 0.0, -far]]), v, delta)
        expected = [[slope * arriving[0], arriving[1], slope * arriving[2]]]
        expect_close(got, expected, f"hidden_delta([[{far:g}, 0, {-far:g}]], ...)", rtol=1e-11, atol=1e-14)
    for far in (30.0, 60.0, 400.0, 1e4):
        got = hidden_delta(np.array([[far, -far, 0.0]]), v, delta)
        expect_close(got, [[0.0, 0.0, arriving[2]]], f"hidden_delta([[{far:g}, -{far:g}, 0]], ...)", atol=1e-14)


# %% hints
HINTS = [
    "Write the shapes beside each other: which product of delta_out (N, K) and V (K, J) has shape (N, J)?",
    "The sum over k runs over the outputs; in V they are the first axis.",
    "The slope of tanh can be written with tanh itself; it is taken at p, unit by unit.",
]
COVERS = ["S3.5"]
WHY = r"""
Row by row, `delta_out @ V` is $\sum_k \delta_k v_{kj}$: a product sums the last axis of its left factor against the
first axis of its right one, and that is where $V$ keeps its outputs. Forward it was `h @ V.T`; going back the transpose
is undone. If you are not sure which of the two it is, test with a $V$ that is not square: only one of them fits.
`np.tanh` never overflows, and from about $|p| = 19$ on it rounds to 1, so a saturated unit passes on exactly 0.
"""

# %% [markdown]
# > **A common claim: $\delta_j = f'(p_j) \sum_k v_{jk}\,\delta_k$.** It is right in books that write $q = hV$, inputs first, so one
# > copies it in good faith. With $q = Vh$ it sums over the wrong index. Mixing the two conventions is loud where $V$ is not square,
# > because the shapes do not fit. Where it is square, nothing complains, and the gradient points elsewhere.

# %% experiment
rng = np.random.default_rng(3)
p, v, delta = rng.normal(size=(1, 3)), rng.normal(size=(3, 3)), rng.normal(size=(1, 3))


def measured_delta(j, h=1e-6):
    moved = np.zeros((1, 3))
    moved[0, j] = h
    return float(((np.tanh(p + moved) - np.tanh(p - moved)) @ v.T @ delta.T)[0, 0] / (2 * h))


as_claimed = (1 - np.tanh(p) ** 2) * (delta @ v.T)
print("with v_jk:", np.round(as_claimed[0], 4))
print("measured: ", np.round([measured_delta(j) for j in range(3)], 4))


# %% right and wrong answers
@right_answer
def one_unit_after_the_other(p, V, delta_out):
    """The sum over k stands there as in the formula: slow, and good to test a fast version against. 1/cosh(p)^2 keeps all
    digits of a small slope, where 1 - tanh(p)^2 has six left at p = 12; its square overflows from |p| = 356 on.
    """
    result = np.zeros(p.shape)
    for j in range(p.shape[1]):
        for k in range(V.shape[0]):
            result[:, j] += V[k, j] * delta_out[:, k]
        result[:, j] /= np.cosh(p[:, j]) ** 2
    return result


@wrong_answer(
    two_outputs_by_hand,
    every_unit_matches_the_complex_step,
    feedback="Where V is square yours sums v_jk. With q = Vh the weights stand outputs first, and the sum runs over the first index: v_kj.",
)
def other_index_if_square(p, V, delta_out):
    return (1 - np.tanh(p) ** 2) * (delta_out @ (V.T if V.shape[0] == V.shape[1] else V))


@wrong_answer(
    passes=(at_the_steepest_point,),
    feedback="The factor f'(p_j) is missing: the unit's own slope scales whatever arrives.",
)
def without_slope(p, V, delta_out):
    return delta_out @ V


@wrong_answer(
    passes=(at_the_steepest_point,),
    feedback="f' = 1 - tanh(p)^2 is written with the activation; you put the pre-activation p in its place.",
)
def preactivation_in_the_slope(p, V, delta_out):
    return (1 - p**2) * (delta_out @ V)


@wrong_answer(
    feedback="These units are tanh, and the slope of tanh is 1 at p = 0. You took the slope of a sigmoid, which is 1/4 there."
)
def slope_of_a_sigmoid(p, V, delta_out):
    s = 1 / (1 + np.exp(-p))
    return s * (1 - s) * (delta_out @ V)


@wrong_answer(
    feedback="Your slope is h (1 - h) with h = tanh(p), and 0 at p = 0. That form belongs to the sigmoid, not to tanh."
)
def form_of_the_sigmoids_slope(p, V, delta_out):
    h = np.tanh(p)
    return h * (1 - h) * (delta_out @ V)


@wrong_answer(
    passes=(at_the_steepest_point,),
    feedback="Your slope is 1 - tanh(p): the square is missing, and for negative p it is larger than 1.",
)
def without_the_square(p, V, delta_out):
    return (1 - np.tanh(p)) * (delta_out @ V)


@wrong_answer(
    saturated_units_are_silent,
    feedback="Where |p| is large the result is nan: an exponential overflowed. np.tanh does not, however large p is.",
)
def exponentials_that_overflow(p, V, delta_out):
    h = (np.exp(2 * p) - 1) / (np.exp(2 * p) + 1)
    return (1 - h**2) * (delta_out @ V)


@wrong_answer(
    saturated_units_are_silent,
    feedback="A slope that is small, but not 0, came out as exactly 0: nothing is to be cut off before |p| = 30.",
)
def small_slopes_cut(p, V, delta_out):
    slope = 1 - np.tanh(p) ** 2
    return np.where(slope < 1e-2, 0.0, slope) * (delta_out @ V)


@wrong_answer(
    every_unit_matches_the_complex_step,
    feedback="With a single hidden unit or a single example an axis is lost: the result has the shape of p, (N, J), whatever N and J are.",
)
def squeezed(p, V, delta_out):
    result = (1 - np.tanh(p) ** 2) * (delta_out @ V)
    return result.squeeze() if result.shape[0] > 1 or result.shape[1] < 2 else result


@wrong_answer(
    is_pure,
    feedback="The result is right, but one of the arguments is no longer what it was: some line works in place.",
)
def in_place(p, V, delta_out):
    result = one_unit_after_the_other(p, V, delta_out)
    np.tanh(p, out=p)
    return result
