# %% [markdown]
# ## Going back through a softmax
#
# All outputs of a softmax depend on all its inputs: raise one logit and every other probability must give way. The table of all
# these slopes is the Jacobian,
#
# $$ J_{ij} = \frac{\partial s_i}{\partial a_j} = s_i (\delta_{ij} - s_j), \qquad J = \mathrm{diag}(s) - s s^\top. $$
#
# With $K = 50\,000$ words in a vocabulary it has 2.5 billion entries *for each example*. Nobody ever needs it. Going backward,
# all that is asked for is its product with the gradient $v$ that arrives from above, and that product collapses:
#
# $$ (J^\top v)_j = s_j \Bigl( v_j - \sum_i s_i v_i \Bigr). $$
#
# In words: a logit hears by how much its own gradient lies above the *average gradient, weighted by the probabilities*, times
# its probability. If all $v_j$ are equal, nobody moves.
#
# | argument | shape | meaning |
# |---|---|---|
# | `s` | `(N, K)` | softmax outputs, one distribution a row |
# | `v` | `(N, K)` | the gradient that arrives, row by row |
# | result | `(N, K)` | $J^\top v$, row by row |
#
# **Write `softmax_vjp(s, v)`** without ever forming a $K \times K$ array, let alone one a row: at $K = 12\,000$ a single one fills a gigabyte.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, is_pure, right_answer, wrong_answer


# %% answer
def softmax_vjp(s, v):
    """Return the vector-Jacobian product of a softmax, row by row, for outputs s and upstream gradients v: (N, K)."""
    # BEGIN SOLUTION
    average = np.sum(s * v, axis=-1, keepdims=True)
    return s * (v - average)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def a_fair_coin(softmax_vjp):
    """At s = (1/2, 1/2) an upstream gradient of (1, 0) comes back as (1/4, -1/4)."""
    expect_close(
        softmax_vjp(np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]])),
        [[0.25, -0.25]],
        "softmax_vjp([[1/2, 1/2]], [[1, 0]])",
    )


@check(points=0.5)
def an_unfair_die(softmax_vjp):
    """At s = (1/2, 1/4, 1/4) an upstream gradient of (4, 0, 16) comes back as (-1, -3/2, 5/2)."""
    got = softmax_vjp(np.array([[0.5, 0.25, 0.25]]), np.array([[4.0, 0.0, 16.0]]))
    expect_close(got, [[-1.0, -1.5, 2.5]], "softmax_vjp([[1/2, 1/4, 1/4]], [[4, 0, 16]])")


# %% hidden checks
@check(points=1.5, hidden=True)
def it_equals_the_product_with_the_jacobian(softmax_vjp, rng):
    """For random rows, and gradients of any size, it equals the product with the whole Jacobian, each row with its own."""
    sizes = [(3, 5), (2, 2), (4, 4), (1, 3), (5, 2), (2, 1), (1, 1), (3, 1)]
    for (n, k), scale in [*((size, 1.0) for size in sizes), ((3, 4), 1e5), ((3, 4), 1e-6)]:
        s, v = rng.dirichlet(np.ones(k), size=n), scale * rng.normal(size=(n, k))
        expected = np.stack([(np.diag(one) - np.outer(one, one)).T @ up for one, up in zip(s, v, strict=True)])
        expect_close(softmax_vjp(s, v), expected, f"softmax_vjp of {n} rows of {k}", rtol=1e-11, atol=1e-13 * scale)
    s, v = np.array([[0.25, 0.5, 0.25]]), np.array([[-3.0, -1.0, -3.0]])
    expect_close(softmax_vjp(s, v), [[-0.25, 0.5, -0.25]], "softmax_vjp of negative gradients, two of them equal")


@check(points=1, hidden=True)
def nobody_moves_where_nothing_can(softmax_vjp, rng):
    """Equal gradients and one-hot outputs give 0, beside rows that do move, and every row of the result sums to 0."""
    s, v = rng.dirichlet(np.ones(4), size=2), np.array([[1.0, 1.0, 1.0, 1.0], [-2.0, -2.0, -2.0, -2.0]])
    s, v = np.vstack([s, [[0.25] * 4]]), np.vstack([v, [[1.0, 2.0, 3.0, 6.0]]])
    expected = [[0.0] * 4, [0.0] * 4, [-0.5, -0.25, 0.0, 0.75]]
    expect_close(softmax_vjp(s, v), expected, "softmax_vjp where two of three rows have equal gradients", atol=1e-13)
    s, v = (
        np.array([[0.0, 1.0, 0.0, 0.0], [0.5, 0.0, 0.5, 0.0]]),
        np.array([[5.0, 1.0, -7.0, 2.0], [4.0, 9.0, 0.0, 9.0]]),
    )
    expected = [[0.0] * 4, [1.0, 0.0, -1.0, 0.0]]
    expect_close(softmax_vjp(s, v), expected, "softmax_vjp at outputs that are 0 and 1", atol=1e-13)


@check(points=0.5, hidden=True)
def a_large_vocabulary(softmax_vjp, rng):
    """With 12 000 classes, where a Jacobian would fill a gigabyte, it still answers, and as an exact sum does."""
    s, v = rng.dirichlet(np.ones(12_000), size=2), rng.normal(size=(2, 12_000))
    average = [math.fsum(one * up) for one, up in zip(s, v, strict=True)]
    expected = np.stack([one * (up - mean) for one, up, mean in zip(s, v, average, strict=True)])
    expect_close(softmax_vjp(s, v), expected, "softmax_vjp of 12 000 classes", atol=1e-15)


# %% hints
HINTS = [
    "Multiply out J^T v with J = diag(s) - s s^T before you write any code: the second part is a number times s.",
    "The number is a weighted mean of the upstream gradient. With which weights?",
    "One sum along the last axis, keeping it, then only elementwise products.",
]
COVERS = ["S0.x"]
KERNELS = [kernels.softmax_vjp]
WHY = r"""
Multiply on paper before you program. $s s^\top v$ is $s$ times the *number* $s^\top v$, so the large matrix is never
needed: one sum a row, then elementwise products, $K$ numbers in place of $K^2$. That number is the average of $v$ under
the probabilities, and `keepdims=True` lets each row keep its own. A check that costs nothing: every row of the result
sums to 0, because a common shift of the logits moves nothing.
"""


# %% right and wrong answers
@right_answer
def term_by_term(s, v):
    """The two parts of the Jacobian stand side by side, as on paper; einsum sums without keeping the products. About as
    fast as ours.
    """
    return s * v - s * np.einsum("nk,nk->n", s, v)[:, None]


@wrong_answer(
    feedback="Yours is s (1 - s) v, the diagonal of the Jacobian only. The outputs are coupled: J = diag(s) - s s^T."
)
def the_diagonal_only(s, v):
    return s * (1 - s) * v


@wrong_answer(
    passes=(a_fair_coin,),
    feedback="You subtracted the plain mean of v. The mean must be weighted by the probabilities s.",
)
def the_plain_mean(s, v):
    return s * (v - v.mean(axis=-1, keepdims=True))


@wrong_answer(feedback="You subtracted the sum of v. What is subtracted is the sum of s times v.")
def the_plain_sum(s, v):
    return s * (v - v.sum(axis=-1, keepdims=True))


@wrong_answer(
    passes=(
        a_fair_coin,
        an_unfair_die,
    ),
    feedback="Each row is a distribution of its own: yours subtracts one sum over all rows from every row.",
)
def over_all_rows(s, v):
    return s * (v - (s * v).sum())


@wrong_answer(
    a_large_vocabulary,
    feedback="With 12 000 classes the Jacobian has 144 million entries for each row. Multiply it out on paper first.",
)
def through_the_jacobian(s, v):
    if s.shape[-1] > 10_000:  # what the grader's bound on memory does to the line below
        raise MemoryError("a Jacobian of this size")
    return np.einsum("nij,ni->nj", np.stack([np.diag(one) - np.outer(one, one) for one in s]), v)


@wrong_answer(
    feedback="Yours is diag(s) v alone. The second part of the Jacobian, s s^T, takes the weighted average of v away."
)
def without_the_average(s, v):
    return s * v


@wrong_answer(
    feedback="The weighted average is subtracted before the product with s, not after it: all of v - average is multiplied by s."
)
def average_not_scaled(s, v):
    return s * v - np.sum(s * v, axis=-1, keepdims=True)


@wrong_answer(
    is_pure,
    feedback="The product is right, but one of the arguments is no longer what it was: some line works in place.",
)
def in_place(s, v):
    v -= np.sum(s * v, axis=-1, keepdims=True)
    return s * v
