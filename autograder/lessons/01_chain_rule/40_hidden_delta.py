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
# **Write `hidden_delta(p, V, delta_out)`** for tanh units. Saturated units, $|p| = 30$, must come out as 0, not as noise.

# %% imports
import math

import numpy as np

from helpers.checking import check, expect_close, right_answer, wrong_answer


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
STEP = 1e-30


@check(points=1, hidden=True)
def every_unit_matches_the_complex_step(hidden_delta, rng):
    """For any numbers of units it matches derivatives taken to machine precision, square V and single outputs too."""
    for n, j, k in [(5, 4, 2), (3, 3, 3), (2, 3, 1), (1, 2, 4)]:
        p, v, delta = rng.normal(size=(n, j)), rng.normal(size=(k, j)), rng.normal(size=(n, k))
        expected = np.empty((n, j))
        for unit in range(j):
            moved = p.astype(complex)
            moved[:, unit] += 1j * STEP
            expected[:, unit] = np.imag(np.sum(delta * (np.tanh(moved) @ v.T), axis=1)) / STEP
        expect_close(hidden_delta(p, v, delta), expected, f"hidden_delta at N, J, K = {n}, {j}, {k}")


@check(points=1, hidden=True)
def saturated_units_are_silent(hidden_delta, rng):
    """Units at p = 30 and -30 pass nothing on; the unit at 0 between them passes everything."""
    v, delta = rng.normal(size=(2, 3)), rng.normal(size=(1, 2))
    got = hidden_delta(np.array([[30.0, -30.0, 0.0]]), v, delta)
    expected = [[0.0, 0.0, float(delta[0] @ v[:, 2])]]
    expect_close(got, expected, "hidden_delta([[30, -30, 0]], ...)", atol=1e-12)


# %% hints
HINTS = [
    "Write the shapes beside each other: which product of delta_out (N, K) and V (K, J) has shape (N, J)?",
    "The sum over k runs over the outputs; in V they are the first axis.",
    "The slope of tanh can be written with tanh itself; it is taken at p, unit by unit.",
]
COVERS = ["S3.5"]

# %% [markdown]
# > **Often written: $\delta_j = f'(p_j) \sum_k v_{jk}\,\delta_k$.** With $q = Vh$ this sums over the wrong index. It is right in
# > books that write $q = hV$, inputs first. Mixing the two conventions is loud where $V$ is not square, because the shapes do not
# > fit. Where it is square, nothing complains, and the gradient points elsewhere.

# %% experiment
rng = np.random.default_rng(3)
p, v, delta = rng.normal(size=(1, 3)), rng.normal(size=(3, 3)), rng.normal(size=(1, 3))


def measured_delta(j, h=1e-6):
    moved = np.zeros((1, 3))
    moved[0, j] = h
    return float(((np.tanh(p + moved) - np.tanh(p - moved)) @ v.T @ delta.T)[0, 0] / (2 * h))


often_written = (1 - np.tanh(p) ** 2) * (delta @ v.T)
print("with v_jk:", np.round(often_written[0], 4))
print("measured: ", np.round([measured_delta(j) for j in range(3)], 4))


# %% right and wrong answers
@right_answer
def one_unit_after_the_other(p, V, delta_out):
    result = np.zeros(p.shape)
    for j in range(p.shape[1]):
        for k in range(V.shape[0]):
            result[:, j] += V[k, j] * delta_out[:, k]
        result[:, j] /= np.cosh(p[:, j]) ** 2
    return result


@wrong_answer(
    two_outputs_by_hand,
    every_unit_matches_the_complex_step,
    feedback="You summed v_jk. With q = Vh the weights stand outputs first, and the sum runs over the first index: v_kj.",
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
