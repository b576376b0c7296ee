# %% [markdown]
# ## A code that does not tremble
#
# An autoencoder with more hidden units than inputs could simply copy. What should it keep instead? One answer: the code
# should change only where the *data* change. If a picture moves a little in a direction in which no picture of this
# world ever moves (one pixel flickers), its code should stay. The *contractive* autoencoder says so in its loss. It
# charges the sensitivity of the code to its input, all derivatives squared:
#
# $$ \lVert x - g(f(x)) \rVert^2 + \lambda\, \Bigl\lVert \frac{\partial f}{\partial x} \Bigr\rVert_F^2 . $$
#
# For a sigmoid encoder $h = \sigma(Wx + b)$ the Jacobian has $H \cdot D$ entries for every example. It need never be
# built. Line by line:
#
# $$ \begin{aligned}
# \frac{\partial h_j}{\partial x_i} &= h_j (1 - h_j)\, W_{ji} && \text{the chain rule} \\
# \Bigl\lVert \frac{\partial h}{\partial x} \Bigr\rVert_F^2 &= \sum_j \sum_i h_j^2 (1 - h_j)^2\, W_{ji}^2
# && \text{the sum of all squared entries} \\
# &= \sum_j h_j^2 (1 - h_j)^2 \Bigl( \sum_i W_{ji}^2 \Bigr) && \text{the slope knows nothing of } i .
# \end{aligned} $$
#
# A vector of the $H$ slopes for each example, and one of $H$ row sums for all: $NH + HD$ operations beside the layer
# itself. Two ways lead down: small weights, and saturated units, whose slope is 0. The second is the interesting one. A
# unit may have large weights, and be sure.
#
# | argument | shape | meaning |
# |---|---|---|
# | `W`, `b` | `(H, D)`, `(H,)` | the encoder's weights, up to 1000 in size, and its offsets |
# | `x` | `(N, D)` | one example a row |
# | result | `(N,)` | the squared Frobenius norm of the Jacobian, for each example |
#
# **Write `contractive_penalty(W, b, x)`.** Sums $Wx + b$ lie between $-700$ and 700, and results are graded to a
# relative $10^{-9}$ or an absolute $10^{-12}$.
#
# *Elsewhere:* `W` is the `weight` of PyTorch's `Linear`. Keras keeps its kernels as `(D, H)`; code that was written for
# the one sums over the wrong axis for the other. Much public code also sums the penalty over the batch.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, right_answer, wrong_answer


# %% answer
def contractive_penalty(W, b, x):
    """Return the squared Frobenius norm of d sigmoid(W x + b) / dx for each row of x (N, D), shape (N,)."""
    # BEGIN SOLUTION
    h = 1 / (1 + np.exp(-(x @ W.T + b)))
    slopes = h * (1 - h)
    return slopes**2 @ np.sum(W**2, axis=1)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def two_units_and_two_examples(contractive_penalty):
    """Units at (1/2, 3/4) and then at (3/4, 1/2), with squared weights 4 and 5: 1/4 + 45/256, and 9/64 + 5/16."""
    W, b = np.array([[2.0, 0.0], [1.0, 2.0]]), np.array([0.0, math.log(3)])
    x = np.array([[0.0, 0.0], [0.5, -0.75]]) * math.log(3)
    expected = [1 / 4 + 45 / 256, 9 / 64 + 5 / 16]
    expect_close(contractive_penalty(W, b, x), expected, "contractive_penalty of two examples")


@check(points=0.5)
def one_unit_and_three_inputs(contractive_penalty):
    """One unit with weights (1, 2, 2) and the output 1/2 has the penalty 9/16."""
    got = contractive_penalty(np.array([[1.0, 2.0, 2.0]]), np.zeros(1), np.array([[2.0, 0.0, -1.0]]))
    expect_close(got, [9 / 16], "contractive_penalty([[1, 2, 2]], [0], [[2, 0, -1]])")


# %% hidden checks
@check(points=1, hidden=True)
def the_jacobian_squared_and_summed(contractive_penalty, rng):
    """For random layers of any shape it is the sum of all squared derivatives, each taken to machine precision."""
    for H, D, N in [(3, 5, 4), (3, 3, 3), (1, 2, 3), (4, 1, 2), (2, 4, 1), (1, 1, 1)]:
        W, b, x = rng.normal(size=(H, D)), rng.normal(size=H), rng.normal(size=(N, D))
        expected = np.zeros(N)
        for n in range(N):
            for j in range(H):
                expected[n] += np.sum(complex_step(lambda z, w=W[j], c=b[j]: 1 / (1 + np.exp(-(z @ w + c))), x[n]) ** 2)
        what = f"contractive_penalty with H = {H}, D = {D}, N = {N}"
        expect_close(contractive_penalty(W, b, x), expected, what)


@check(points=1, hidden=True)
def sure_units_cost_nothing(contractive_penalty, rng):
    """Saturated units add nothing, whatever their weights; units at 1/2 add a sixteenth of their squared weights."""
    v = rng.uniform(1, 4, size=2) * (1, -1)
    W = np.array([v, [100.0, 200.0], [1.0, 1.0]])
    x = np.array([[0.0, 0.0], [2.0, 1.0]])
    got = contractive_penalty(W, np.array([0.0, 60.0, -650.0]), x)
    slope, size = np.exp(-v @ x[1]) / (1 + np.exp(-v @ x[1])) ** 2, v @ v
    expect_close(got, [size / 16, size * slope**2], "contractive_penalty with two of three units saturated")
    for scale in (1e-7, 1.0):
        got = contractive_penalty(scale * W, np.zeros(3), np.zeros((1, 2)))
        expect_close(
            got, [scale**2 * (size + 50_002) / 16], f"contractive_penalty of units at 1/2, weights scaled by {scale:g}"
        )
    steep = contractive_penalty(np.array([[800.0, -600.0]]), np.array([0.0]), np.array([[1e-3, 5e-4]]))
    expect_close(
        steep, [1e6 * (math.exp(-0.5) / (1 + math.exp(-0.5)) ** 2) ** 2], "contractive_penalty of large weights"
    )
    below = contractive_penalty(np.array([[1.0, -2.0]]), np.array([0.5]), np.array([[-1.0, -0.5]]))
    slope = math.exp(-0.5) / (1 + math.exp(-0.5)) ** 2
    expect_close(below, [5 * slope**2], "contractive_penalty([[1, -2]], [0.5], [[-1, -0.5]])")
    got = contractive_penalty(W, np.array([60.0, -60.0, 650.0]), np.zeros((1, 2)))
    expect_close(got, [0.0], "contractive_penalty with all units saturated")


# %% hints
HINTS = [
    "One entry of the Jacobian is a slope times a weight. Square it before you sum, and see what can be pulled out of a sum.",
    "The slopes have the shape (N, H), the squared weights summed over the inputs (H,). What product of the two is (N,)?",
    "The slope of a sigmoid is h (1 - h), and it enters squared.",
]
WHY = """
Every entry of the Jacobian is a slope times a weight, and the slope does not depend on the input's index. So the sum
over $i$ goes past it: one number for each unit, the squared length of its row of $W$, weighted by the squared slopes.
That is a product of (N, H) with (H,), and the Jacobian, $N H D$ numbers, is never built. Both factors enter squared.
The slope is 0 for a unit that is sure, whatever its weights are.
"""
COVERS = ["S0.w"]
KERNELS = [kernels.contractive_penalty]

# %% [markdown]
# **See it.** One unit, $w = 4$, along a line of inputs: the penalty is a hump at the place where the unit has not made
# up its mind, and nothing elsewhere. Twice the weight makes the hump four times as high, and half as wide. Weight
# decay, in the last column, charges the same everywhere.

# %% experiment
penalty = grader.yours("contractive_penalty")
x = np.linspace(-2, 2, 9)[:, None]
print(f"{'x':>6} {'w = 4':>9} {'w = 8':>9} {'decay, w = 8':>13}")
for place, small, large in zip(x[:, 0], *(penalty(np.array([[w]]), np.zeros(1), x) for w in (4.0, 8.0)), strict=True):
    print(f"{place:6.1f} {small:9.4f} {large:9.4f} {64:13.0f}")


# %% right and wrong answers
def hidden(W, b, x):
    """The layer's output."""
    return 1 / (1 + np.exp(-(x @ W.T + b)))


def slopes(W, b, x):
    """The layer's slopes."""
    h = hidden(W, b, x)
    return h * (1 - h)


@right_answer
def with_the_whole_jacobian(W, b, x):
    """Builds all N · H · D derivatives and sums their squares: the definition, fit for any layer whose Jacobian one has.
    It took some fifteen times as long here, at 256 units and 784 inputs, and as much more memory.
    """
    jacobian = np.einsum("nh,hd->nhd", slopes(W, b, x), W)
    return np.sum(jacobian**2, axis=(1, 2))


@right_answer
def one_example_at_a_time(W, b, x):
    """The Jacobian of one example as a product with a diagonal matrix, and NumPy's norm of it, squared. The slowest, and
    the nearest to the formula.
    """
    values = []
    for row in x:
        tanh = np.tanh((W @ row + b) / 2)
        values.append(np.linalg.norm(np.diag((1 - tanh**2) / 4) @ W) ** 2)
    return np.array(values)


@right_answer
def by_the_gram_matrix(W, b, x):
    """The squared lengths of W's rows are the diagonal of W Wᵀ. Short, but it works out H² inner products to keep H of
    them.
    """
    return np.square(slopes(W, b, x)).dot(np.diag(W @ W.T))


@wrong_answer(
    feedback="The slopes must be squared too: it is the entries of the Jacobian that are squared, slope and weight."
)
def slopes_not_squared(W, b, x):
    return slopes(W, b, x) @ np.sum(W**2, axis=1)


@wrong_answer(
    feedback="Each entry of the Jacobian is squared, and then they are summed. Yours is the square of a sum.",
)
def square_of_the_sum(W, b, x):
    return (slopes(W, b, x) @ W).sum(axis=1) ** 2


@wrong_answer(feedback="That is weight decay, the same for every example. The slopes make the penalty depend on x.")
def weight_decay(W, b, x):
    return np.full(len(x), np.sum(W**2))


@wrong_answer(feedback="The norm came back. The penalty is its square.")
def the_norm_itself(W, b, x):
    return np.sqrt(slopes(W, b, x) ** 2 @ np.sum(W**2, axis=1))


@wrong_answer(feedback="One number for the whole batch came back, a sum. Each example has a penalty of its own.")
def summed_over_the_batch(W, b, x):
    return np.sum(slopes(W, b, x) ** 2 @ np.sum(W**2, axis=1))


@wrong_answer(feedback="One number for the whole batch came back, a mean. Each example has a penalty of its own.")
def mean_over_the_batch(W, b, x):
    return np.mean(slopes(W, b, x) ** 2 @ np.sum(W**2, axis=1))


@wrong_answer(feedback="The squared weights are summed over the hidden units. Sum over the inputs: W is (H, D).")
def summed_over_the_wrong_axis(W, b, x):
    return slopes(W, b, x) ** 2 @ np.sum(W**2, axis=0)


@wrong_answer(
    passes=(one_unit_and_three_inputs,),
    feedback="That is the squared length of the gradient of the sum of all units. Units must not cancel each other.",
)
def gradient_of_the_sum(W, b, x):
    return np.sum((slopes(W, b, x) @ W) ** 2, axis=1)


@wrong_answer(
    feedback="The length of the gradient of the sum of all units: units must not cancel, and the norm is squared."
)
def gradient_of_the_sum_not_squared(W, b, x):
    return np.sqrt(gradient_of_the_sum(W, b, x))


@wrong_answer(feedback="h (1 - h) is taken of the sum W x + b. It belongs to the output, after the sigmoid.")
def slope_of_the_preactivation(W, b, x):
    a = x @ W.T + b
    return (a * (1 - a)) ** 2 @ np.sum(W**2, axis=1)


@wrong_answer(feedback="1 - h^2 is the slope of the hyperbolic tangent. This is a sigmoid.")
def slope_of_tanh(W, b, x):
    return (1 - hidden(W, b, x) ** 2) ** 2 @ np.sum(W**2, axis=1)


@wrong_answer(
    passes=(one_unit_and_three_inputs,),
    feedback="The offset b is missing: it decides where a unit is in doubt.",
)
def without_the_offset(W, b, x):
    return slopes(W, 0, x) ** 2 @ np.sum(W**2, axis=1)


@wrong_answer(
    feedback="There is a number for each unit of each example. Sum over the units too: one number for each example."
)
def one_number_for_each_unit(W, b, x):
    return slopes(W, b, x) ** 2 * np.sum(W**2, axis=1)


@wrong_answer(feedback="The weights enter squared, as the slopes do.")
def weights_not_squared(W, b, x):
    return slopes(W, b, x) ** 2 @ np.sum(W, axis=1)
