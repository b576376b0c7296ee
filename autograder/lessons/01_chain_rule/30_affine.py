# %% [markdown]
# ## An affine layer, forward and backward
#
# Nearly every layer of every network begins with $y = xW + b$: each output is a weighted sum of the inputs, plus an offset. It is
# called the *basic form* for a reason; what follows it, $f(y)$, changes from layer to layer, this does not.
#
# Going back, the layer receives $G = \partial L / \partial y$, one number for each output of each example, and owes three
# answers. Read them off the indices of $y_{nm} = \sum_d x_{nd} W_{dm} + b_m$: sum over whatever the result does not have.
#
# $$ \frac{\partial L}{\partial x_{nd}} = \sum_m G_{nm} W_{dm}, \qquad
#    \frac{\partial L}{\partial W_{dm}} = \sum_n x_{nd}\, G_{nm}, \qquad
#    \frac{\partial L}{\partial b_m} = \sum_n G_{nm}. $$
#
# Here $n$ runs over *all* examples. In a sequence model there are two leading axes, batch and time, in an attention layer
# three; the formulas do not care, and neither should the code.
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | `(..., D)` | inputs, with any number of leading axes, also none |
# | `W`, `b` | `(D, M)`, `(M,)` | weights and offsets |
# | `dout` | `(..., M)` | the gradient $G$ that arrives from above |
# | results | `(..., M)`, `(..., D)`, `(D, M)`, `(M,)` | `out`, `dx`, `dW`, `db` |
#
# **Write `affine(x, W, b, dout)`, which returns `(out, dx, dW, db)`**: the output, and the gradients of `sum(out * dout)`.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_array, expect_close, expect_parts, is_pure, right_answer, wrong_answer

PARTS = ("out", "dx", "dW", "db")


# %% answer
def affine(x, W, b, dout):
    """Return (out, dx, dW, db) of out = xW + b for x of shape (..., D): gradients of sum(out * dout)."""
    # BEGIN SOLUTION
    examples = x.reshape(-1, W.shape[0])
    upstream = dout.reshape(-1, W.shape[1])
    return x @ W + b, dout @ W.T, examples.T @ upstream, upstream.sum(axis=0)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def two_examples_by_hand(affine):
    """For x of ones, shape (2, 3), W of ones, b = 0, every output is 3, dW is (2, 2, 2) and db is 2."""
    expected = (np.full((2, 1), 3.0), np.ones((2, 3)), np.full((3, 1), 2.0), np.array([2.0]))
    got = affine(np.ones((2, 3)), np.ones((3, 1)), np.zeros(1), np.ones((2, 1)))
    expect_close(got, expected, "affine(ones)", parts=PARTS)


@check(points=1)
def a_square_weight_by_hand(affine):
    """For x = (1, 2), W = [[1, 3], [0, 1]], b = (1/2, 0), dout = (1, 0): out = (3/2, 5), dx = (1, 0), dW = [[1, 0], [2, 0]]."""
    w, x, b, dout = (
        np.array([[1.0, 3.0], [0.0, 1.0]]),
        np.array([[1.0, 2.0]]),
        np.array([0.5, 0.0]),
        np.array([[1.0, 0.0]]),
    )
    expected = (
        np.array([[1.5, 5.0]]),
        np.array([[1.0, 0.0]]),
        np.array([[1.0, 0.0], [2.0, 0.0]]),
        np.array([1.0, 0.0]),
    )
    expect_close(affine(x, w, b, dout), expected, "affine([[1, 2]], ...)", parts=PARTS)


# %% hidden checks
def by_index(x, w, b, dout):
    """The four results as sums over indices, one letter for each axis."""
    out = np.einsum("nd,dm->nm", x, w) + b
    return out, np.einsum("nm,dm->nd", dout, w), np.einsum("nd,nm->dm", x, dout), np.einsum("nm->m", dout)


@check(points=1, hidden=True)
def two_axes(affine, rng):
    """For random inputs of shape (N, D), small and large, square weights and a single example too, all four match the sums."""
    sizes = [(4, 3, 2), (5, 3, 3), (1, 2, 2), (2, 1, 4), (3, 3, 3), (3, 2, 1), (1, 1, 1), (4, 4, 2), (4, 2, 4)]
    for (n, d, m), scale in [*((size, 1.0) for size in sizes), ((3, 2, 4), 1e4), ((2, 3, 2), 1e-4)]:
        x, w, b, dout = rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.normal(size=m), rng.normal(size=(n, m))
        args = scale * x, scale * w, scale**2 * b, scale * dout
        expected, what = by_index(*args), f"affine at N, D, M = {n}, {d}, {m}"
        expect_close(affine(*args), expected, what, parts=PARTS, atol=1e-12 * scale**2)
    args = rng.normal(size=(3, 2)), rng.normal(size=(2, 4)), np.ones(4), rng.normal(size=(3, 4))
    expected = by_index(*args)
    expect_close(affine(*args), expected, "affine with equal offsets", parts=PARTS)


@check(points=1, hidden=True)
def any_number_of_leading_axes(affine, rng):
    """With no, one, two or three leading axes, of any sizes, the results keep the statement's shapes and are the same sums."""
    cases = [
        ((2, 5), 3, 4),
        ((2, 3, 2), 3, 3),
        ((), 3, 2),
        ((2, 4), 3, 4),
        ((3, 2), 2, 3),
        ((4, 4), 4, 4),
        ((1,), 2, 3),
    ]
    for leading, d, m in [*cases, ((1, 1), 2, 3), ((3, 1), 2, 3), ((1, 3), 3, 1), ((), 2, 2), ((), 1, 1)]:
        x, w, b, dout = (
            rng.normal(size=(*leading, d)),
            rng.normal(size=(d, m)),
            rng.normal(size=m),
            rng.normal(size=(*leading, m)),
        )
        out, dx, dw, db = by_index(x.reshape(-1, d), w, b, dout.reshape(-1, m))
        expected = (out.reshape(*leading, m), dx.reshape(*leading, d), dw, db)
        expect_close(affine(x, w, b, dout), expected, f"affine with leading axes {leading}", parts=PARTS)


@check(points=0.5, hidden=True)
def the_weights_gradient_predicts_the_change(affine, rng):
    """Moving W along a random direction changes sum(out * dout) by as much as dW says."""
    x, w, b, dout = rng.normal(size=(3, 4)), rng.normal(size=(4, 2)), rng.normal(size=2), rng.normal(size=(3, 2))
    step = rng.normal(size=w.shape)
    up, down = (
        expect_array(expect_parts(affine(x, moved, b, dout), PARTS, "affine")[0], (3, 2), "out of affine")
        for moved in (w + step, w - step)
    )
    dw = expect_array(expect_parts(affine(x, w, b, dout), PARTS, "affine")[2], (4, 2), "dW of affine")
    expect_close(np.sum(dw * step), np.sum((up - down) * dout) / 2, "the change that dW predicts")


# %% hints
HINTS = [
    "Shapes decide most of it: dW must be (D, M), so which product of x and dout has this shape?",
    "The weights are shared by all examples, so their gradients sum over all leading axes.",
    "Flatten the leading axes of x and dout into one; out and dx need no flattening.",
]
COVERS = ["S4.4", "S4.5a", "S4.5b", "S3.4"]
KERNELS = [kernels.affine]
WHY = """
All examples share one $W$ and one $b$, so their gradients are sums over examples, however many axes these fill.
`reshape` makes one axis of them, and then a single product, $(D, n)(n, M) = (D, M)$, multiplies and adds up. `out` and
`dx` keep the examples apart, and `@` works on the last two axes whatever stands in front of them. No mean is taken
anywhere. Whether a loss is a sum or an average has been settled before `dout` arrives, and a layer that averages once
more makes its own gradients too small.
"""

# %% [markdown]
# > **A common claim: $dW = x^\top G$ and $db = \sum_0 G$, and that is all.** It stands so in every derivation that draws a batch
# > as a matrix, and for inputs with two axes it is right. For those only: give the same lines a batch of sequences, shape
# > (batch, time, features), and the product raises; the sum, worse, does not. It returns an array of the wrong shape, which NumPy
# > will broadcast onto the offsets without a word.

# %% experiment
sequences, upstream = np.ones((2, 5, 3)), np.ones((2, 5, 4))
try:
    sequences.T @ upstream
except ValueError as error:
    print("x.T @ dout raises ValueError:", str(error)[:60])
print("np.sum(dout, axis=0) has shape", np.sum(upstream, axis=0).shape, "and should have (4,)")


# %% right and wrong answers
TWO_AXES_ONLY = "Right for inputs of shape (N, D) only: the leading axes must be one before x.T @ dout."


@right_answer
def by_tensordot(x, W, b, dout):
    """Names the axes that are summed instead of reshaping, so it reads like the formula. Beware of einsum for large
    products of two matrices: it took about ten times as long as @ at 512 x 256 x 256.
    """
    axes = tuple(range(x.ndim - 1))
    dw = np.tensordot(x, dout, axes=(axes, axes)) if axes else np.outer(x, dout)
    return np.dot(x, W) + b, np.einsum("...m,dm->...d", dout, W), dw, dout.sum(axis=axes)


@wrong_answer(
    passes=(
        a_square_weight_by_hand,
        the_weights_gradient_predicts_the_change,
    ),
    feedback="db is an average over the examples in yours. It is a sum: averaging belongs in the loss, not in the layer.",
)
def mean_for_db(x, W, b, dout):
    out, dx, dw, _ = by_tensordot(x, W, b, dout)
    return out, dx, dw, dout.reshape(-1, W.shape[1]).mean(axis=0)


@wrong_answer(
    any_number_of_leading_axes,
    feedback=TWO_AXES_ONLY,
)
def two_axes_only(x, W, b, dout):
    return x @ W + b, dout @ W.T, x.T @ dout, np.sum(dout, axis=0)


@wrong_answer(
    passes=(
        two_examples_by_hand,
        the_weights_gradient_predicts_the_change,
    ),
    feedback="dx needs W transposed: yours is dout W where W is square, which hides it from the shapes, not from the numbers.",
)
def untransposed_if_square(x, W, b, dout):
    out, dx, dw, db = by_tensordot(x, W, b, dout)
    return out, dout @ W if W.shape[0] == W.shape[1] else dx, dw, db


@wrong_answer(
    passes=(a_square_weight_by_hand,),
    feedback="dW is an average over the examples in yours. The layer passes on the gradient of a sum; the loss decides about means.",
)
def mean_for_dw(x, W, b, dout):
    out, dx, dw, db = by_tensordot(x, W, b, dout)
    examples = x.size // x.shape[-1]
    return out, dx, dw / examples, db


@wrong_answer(
    passes=(
        two_examples_by_hand,
        the_weights_gradient_predicts_the_change,
    ),
    feedback="You left the offset b out of the forward pass.",
)
def without_b(x, W, b, dout):
    _, dx, dw, db = by_tensordot(x, W, b, dout)
    return x @ W, dx, dw, db


@wrong_answer(
    passes=(a_square_weight_by_hand,),
    feedback="Both dW and db are averages over the examples in yours. They are sums; whether the loss takes a mean is the loss's affair.",
)
def mean_for_both(x, W, b, dout):
    out, dx, dw, db = by_tensordot(x, W, b, dout)
    examples = x.size // x.shape[-1]
    return out, dx, dw / examples, db / examples


@wrong_answer(
    any_number_of_leading_axes,
    feedback="With more than one leading axis db keeps some of them: sum over all but the last axis, so that shape (M,) is left.",
)
def offsets_summed_over_one_axis(x, W, b, dout):
    out, dx, dw, db = by_tensordot(x, W, b, dout)
    return out, dx, dw, dout.sum(axis=0) if dout.ndim > 1 else db


@wrong_answer(
    passes=(two_examples_by_hand, the_weights_gradient_predicts_the_change),
    feedback="Your dW comes out as the transpose of what it should be where the shapes allow it: inputs first, outputs second.",
)
def weights_transposed_if_square(x, W, b, dout):
    out, dx, dw, db = by_tensordot(x, W, b, dout)
    return out, dx, dw.T if W.shape[0] == W.shape[1] else dw, db


@wrong_answer(
    passes=(two_examples_by_hand, the_weights_gradient_predicts_the_change),
    feedback="dx has b added in yours, as if it were another forward pass. An offset does not change any slope.",
)
def offset_in_dx(x, W, b, dout):
    out, dx, dw, db = by_tensordot(x, W, b, dout)
    return out, (dout + b) @ W.T, dw, db


@wrong_answer(
    is_pure,
    feedback="All four results are right, but one of the arguments is no longer what it was: some line works in place.",
)
def in_place(x, W, b, dout):
    results = by_tensordot(x, W, b, dout)
    dout *= 0
    return results


@wrong_answer(feedback="The results are in another order: out first, then the gradients for x, W and b.")
def weights_before_inputs(x, W, b, dout):
    out, dx, dw, db = by_tensordot(x, W, b, dout)
    return out, dw, dx, db


@wrong_answer(
    passes=(two_examples_by_hand, a_square_weight_by_hand),
    feedback="Right to seven digits, no more: somewhere the numbers became float32. Stay in float64.",
)
def in_float32(x, W, b, dout):
    return by_tensordot(*(np.asarray(one, dtype=np.float32) for one in (x, W, b, dout)))


@wrong_answer(any_number_of_leading_axes, feedback=TWO_AXES_ONLY)
def two_axes_only_with_dot(x, W, b, dout):
    return np.dot(x, W) + b, np.dot(dout, W.T), np.dot(x.T, dout), np.sum(dout, axis=0)
