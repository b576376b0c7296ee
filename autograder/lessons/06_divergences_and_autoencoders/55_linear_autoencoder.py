# %% [markdown]
# ## What a linear autoencoder keeps
#
# An autoencoder has no targets but its own input. It must squeeze each example through a bottleneck of $k$ numbers, the
# *code*, and rebuild it from these. What it gains by this: features without labels, compression, a way to remove noise,
# a score for what is unusual (it is rebuilt badly), a start for the layers of a larger network, and the skeleton of the
# variational autoencoder. What does it keep? With linear maps one can say it to the last digit:
#
# $$ \min_{A, B, c} \; \sum_n \lVert x_n - (A B x_n + c) \rVert^2 , \qquad B: D \to k \text{ encodes}, \quad A: k \to D \text{ decodes.} $$
#
# Line by line. Write $M = AB$, a matrix of rank at most $k$.
#
# 1. *The best offset.* The derivative for $c$ gives $c = \bar x - M \bar x$. Put back, only centered data are left:
#    $\sum_n \lVert (I - M)(x_n - \bar x) \rVert^2$.
# 2. *The best image.* For a given subspace that $M$ maps to, nothing is nearer to a point than its own orthogonal
#    projection. So $M = P = V V^\top$, with $V$: $(D, k)$ orthonormal.
# 3. *The best subspace.* With $C = X - \bar x$ the error is $\lVert C \rVert^2 - \lVert C V \rVert^2$ by Pythagoras.
#    In the right singular vectors $v_i$ of $C$ the second term is $\sum_i s_i^2\, \lVert V^\top v_i \rVert^2$: a sum of the
#    $s_i^2$ with weights between 0 and 1 that add up to $k$. It is largest when the $k$ largest have the weight 1, for $V$
#    made of the $k$ leading ones, and is then $s_1^2 + \dots + s_k^2$.
# 4. *What is lost:* $s_{k+1}^2 + s_{k+2}^2 + \dots$
#
# That is principal component analysis, **up to what?** Up to everything between $B$ and $A$. Any invertible
# $k \times k$ matrix $G$ can be slipped in: $A G^{-1}$ and $G B$ have the same product. The subspace and its projector
# are PCA's. The code is any invertible mixture of the principal components, without their order, their orthogonality or
# their scale.
#
# | argument | shape | meaning |
# |---|---|---|
# | `X` | `(N, D)` | one example a row, not centered; $N \ge 2$ may be smaller or larger than $D$ |
# | `k` | integer | size of the code, from 0 to the rank of the centered data; $s_k$ and $s_{k+1}$ differ, by a thousandth of $s_1$ at least |
# | first result | `(D, D)` | the projector $P$, that is the best $AB$ |
# | second result | number | the least **sum** of squared errors |
#
# **Write `linear_autoencoder(X, k)`, which returns `(P, error)`.** With `k = 0` the best that can be said is the mean.
# Errors are graded to $10^{-7}$ of the data's total sum of squares around the mean, and $P$ to $10^{-6}$.
#
# *Elsewhere:* scikit-learn's `PCA(k).fit(X).components_` is $V^\top$, `(k, D)`, after centering; its `TruncatedSVD`
# does not center.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, expect_parts, right_answer, wrong_answer

PARTS = ("the projector", "the error")


# %% answer
def linear_autoencoder(X, k):
    """Return (projector (D, D), sum of squared errors) of the best linear autoencoder of X (N, D) with k hidden units."""
    # BEGIN SOLUTION
    centered = X - X.mean(axis=0)
    _, sizes, directions = np.linalg.svd(centered, full_matrices=False)
    V = directions[:k].T
    return V @ V.T, np.sum(sizes[k:] ** 2)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def a_cross_away_from_the_origin(linear_autoencoder):
    """(3, 7), (-3, 7), (0, 8), (0, 6) with k = 1: the first axis is kept, and the squares 1 + 1 are lost."""
    X = np.array([[3.0, 7.0], [-3.0, 7.0], [0.0, 8.0], [0.0, 6.0]])
    expected = np.array([[1.0, 0.0], [0.0, 0.0]]), 2.0
    expect_close(linear_autoencoder(X, 1), expected, "linear_autoencoder of four points, k = 1", parts=PARTS, atol=1e-9)


@check(points=0.5)
def a_tilted_box(linear_autoencoder):
    """Six points around (1, 1, 1), spread 3 along a = (0, 3, 4)/5, 2 and 1 across: for k = 1 it is a a^T, and 10 is lost."""
    a, b, c = np.array([0.0, 0.6, 0.8]), np.array([1.0, 0.0, 0.0]), np.array([0.0, -0.8, 0.6])
    X = np.array([3 * a, -3 * a, 2 * b, -2 * b, c, -c]) + 1
    got = linear_autoencoder(X, 1)
    expect_close(got, (np.outer(a, a), 10.0), "linear_autoencoder of six points, k = 1", parts=PARTS, atol=1e-9)


# %% hidden checks
def by_the_gram_matrix(X, k):
    """Projector and error from the inner products of examples: the eigenvectors of C C^T, carried over by C^T."""
    C = X - X.sum(axis=0) / len(X)
    squares, combinations = np.linalg.eigh(C @ C.T)
    squares, combinations = squares[::-1], combinations[:, ::-1]
    V = C.T @ combinations[:, :k] / np.sqrt(squares[:k])
    return V @ V.T, np.trace(C @ C.T) - squares[:k].sum()


def expect_best(results, expected, total, what):
    """Compare both results: the projector to 1e-6, the error to 1e-7 of the total sum of squares."""
    projector, error = expect_parts(results, PARTS, what)
    expect_close(projector, expected[0], f"the projector of {what}", rtol=0, atol=1e-6)
    expect_close(error, expected[1], f"the error of {what}", rtol=0, atol=1e-7 * total)


@check(points=1, hidden=True)
def the_best_for_any_data(linear_autoencoder, rng):
    """For random data far from the origin, any number of examples and any k, it equals what the Gram matrix gives."""
    for N, D, k in [(20, 4, 2), (20, 4, 1), (6, 6, 3), (4, 9, 2), (15, 5, 4), (2, 3, 1), (9, 1, 1)]:
        spread = np.linalg.qr(rng.normal(size=(D, D)))[0] * 3.0 ** -np.arange(D)
        X = rng.normal(size=(N, D)) @ spread.T + 10 * rng.normal(size=D)
        total, what = np.sum((X - X.mean(axis=0)) ** 2), f"linear_autoencoder of {N} examples with D = {D}, k = {k}"
        expect_best(linear_autoencoder(X, k), by_the_gram_matrix(X, k), total, what)


@check(points=1, hidden=True)
def nothing_and_everything(linear_autoencoder, rng):
    """With k = 0 the projector is 0 and all squares around the mean are lost, with k = D it is the identity."""
    X = rng.normal(size=(8, 3)) + 10 * rng.normal(size=3)
    total = np.sum((X - X.mean(axis=0)) ** 2)
    for k, expected in [(0, (np.zeros((3, 3)), total)), (3, (np.eye(3), 0.0))]:
        expect_best(linear_autoencoder(X, k), expected, total, f"linear_autoencoder with D = 3, k = {k}")


@check(points=1, hidden=True)
def no_unit_and_no_origin_matters(linear_autoencoder, rng):
    """Moved data have the same projector and error; data in another unit have the same projector, the error squared in it."""
    X = rng.normal(size=(12, 4)) * [4.0, 2.0, 1.0, 0.5]
    X = X - X.mean(axis=0)
    projector, error = by_the_gram_matrix(X, 2)
    total = np.sum(X**2)
    for unit, origin in [(1.0, 0.0), (1.0, 30.0), (1e-4, 0.0), (1e4, 0.0), (1.0, -30.0)]:
        what = f"linear_autoencoder of data scaled by {unit:g} and moved by {origin:g}"
        expected = projector, unit**2 * error
        expect_best(linear_autoencoder(unit * X + origin, 2), expected, unit**2 * total, what)


# %% hints
HINTS = [
    "Which offset is best, and what does it leave of the data?",
    "np.linalg.svd returns the right singular vectors as the rows of its last result, the largest singular value first.",
    "The first k of them span what is kept. A projector on an orthonormal basis is the basis times its transpose.",
]
WHY = """
Centering is the best offset, and the singular value decomposition does all the rest: the first $k$ rows of its last
result span what is kept, the squares of the other singular values are what is lost. `V @ V.T` is the projector, which
has no sign and no order to get wrong; the directions themselves have both. `full_matrices=False` spares left vectors
that nobody needs, an N by N matrix.
"""
COVERS = ["S2.3", "S2.4"]
KERNELS = [kernels.linear_autoencoder]

# %% [markdown]
# > **Often said: "a linear autoencoder is PCA."** It needs two footnotes. *First:* the data are centered, or there are
# > biases. Without either, a direction is spent on the mean. *Second:* only the subspace is PCA's. Below, two linear
# > autoencoders with biases are trained by gradient descent from different starts. Their errors and their products $AB$
# > are those of PCA. Their factors are not: the decoder is not the encoder's transpose, and the two code units, which
# > PCA makes uncorrelated, have any correlation. The last row trains without biases.

# %% experiment
best = grader.yours("linear_autoencoder")
draws = np.random.default_rng(0)
X = draws.normal(size=(200, 4)) @ (np.diag([2.0, 1.5, 0.4, 0.3]) @ np.linalg.qr(draws.normal(size=(4, 4)))[0])
X = X - X.mean(axis=0) + np.array([1.0, 2.0, -1.0, 2.0])
projector, error = best(X, 2)


def trained(seed, biases, steps=8000, rate=3e-4):
    """Train A, B and c by gradient descent; without biases c stays 0. Return all three and the codes."""
    start = np.random.default_rng(seed)
    A, B, c = 0.5 * start.normal(size=(4, 2)), 0.5 * start.normal(size=(2, 4)), X.mean(axis=0) * biases
    for _ in range(steps):
        codes = X @ B.T
        wrong = codes @ A.T + c - X
        A, B, c = A - rate * wrong.T @ codes, B - rate * A.T @ wrong.T @ X, c - rate * biases * wrong.sum(axis=0)
    return A, B, c, X @ B.T


print(f"{'':>22} {'error':>9} {'|AB - P|':>9} {'|B - A^T|':>10} {'correlation of the code':>24}")
print(f"{'PCA':>22} {error:9.3f} {0:9.4f} {0:10.4f} {0:24.4f}")
for seed, biases in ((1, True), (2, True), (1, False)):
    A, B, c, codes = trained(seed, biases)
    off = np.linalg.norm(A @ B - projector), np.linalg.norm(B - A.T), np.corrcoef(codes.T)[0, 1]
    name = f"start {seed}, {'with' if biases else 'no'} biases"
    print(f"{name:>22} {np.sum((codes @ A.T + c - X) ** 2):9.3f} {off[0]:9.4f} {off[1]:10.4f} {off[2]:24.4f}")


# %% right and wrong answers
@right_answer
def by_the_scatter_matrix(X, k):
    """Eigenvectors of Cᵀ C, a D by D matrix, whatever N is: good for many examples with few features. Squaring costs
    half of the digits, so directions below some 1e-8 of the largest drown; and `eigh` puts the smallest first.
    """
    C = X - np.mean(X, axis=0)
    squares, directions = np.linalg.eigh(C.T @ C)
    V = directions[:, ::-1][:, :k]
    return V @ V.T, float(np.clip(squares[: len(squares) - k], 0, None).sum())


@right_answer
def rebuilt_and_compared(X, k):
    """The error as the definition has it: rebuild, subtract, square. It tests the formula for what is lost. (Without
    `full_matrices=False` it also works out an N by N matrix for nothing.)
    """
    mean = X.mean(axis=0)
    directions = np.linalg.svd(X - mean)[2][:k]
    rebuilt = (X - mean) @ directions.T @ directions + mean
    return directions.T @ directions, np.sum((X - rebuilt) ** 2)


@right_answer
def what_is_lost_first(X, k):
    """The complement: project on what is thrown away, and take that from the identity. An error that is tiny beside the
    data is summed from tiny numbers, not found as a difference.
    """
    C = X - X.mean(axis=0)
    lost = np.linalg.svd(C)[2][k:]
    return np.eye(X.shape[1]) - lost.T @ lost, np.linalg.norm(C @ lost.T) ** 2


def decomposed(X, center=True):
    """Singular values and right singular vectors (rows), all D of them."""
    C = X - X.mean(axis=0) if center else X
    _, sizes, directions = np.linalg.svd(C)
    return sizes, directions


def best_of(X, k, center=True):
    """The reference's results, and the singular values."""
    sizes, directions = decomposed(X, center)
    return directions[:k].T @ directions[:k], np.sum(sizes[k:] ** 2), sizes


@wrong_answer(feedback="The data are not centered: with biases the mean is free, and no direction need be spent on it.")
def not_centered(X, k):
    return best_of(X, k, center=False)[:2]


@wrong_answer(
    feedback="The rows were centered, each by its own mean. The offset is one vector for all.",
)
def rows_centered(X, k):
    C = X - X.mean(axis=1, keepdims=True)
    _, sizes, directions = np.linalg.svd(C)
    sizes[sizes < 1e-9 * sizes[0]] = 0  # what is rounding differs between processors
    return directions[:k].T @ directions[:k], np.sum(sizes[k:] ** 2)


@wrong_answer(feedback="The projector is right. What is lost is the sum of the squared singular values.")
def values_not_squared(X, k):
    P, _, sizes = best_of(X, k)
    return P, sizes[k:].sum()


@wrong_answer(feedback="The projector is right. Your error is the root of the sum of squares: leave it squared.")
def root_of_the_error(X, k):
    P, error, _ = best_of(X, k)
    return P, np.sqrt(error)


@wrong_answer(feedback="The projector is right. Your number is what is kept; the error is what is lost.")
def the_kept_part(X, k):
    P, _, sizes = best_of(X, k)
    return P, np.sum(sizes[:k] ** 2)


@wrong_answer(feedback="The projector is right. The error is a sum over the examples, and yours is their mean.")
def mean_over_examples(X, k):
    P, error, _ = best_of(X, k)
    return P, error / len(X)


@wrong_answer(
    feedback="The projector is right. The error is a sum over examples and features, and yours is the mean over both."
)
def mean_over_everything(X, k):
    P, error, _ = best_of(X, k)
    return P, error / X.size


@wrong_answer(feedback="The projector is right. The error is a plain sum of squares, without N - 1.")
def unbiased_variance(X, k):
    P, error, _ = best_of(X, k)
    return P, error / (len(X) - 1)


@wrong_answer(
    passes=(nothing_and_everything,),
    feedback="You kept the directions of the smallest variance: mind the order in which they come.",
)
def smallest_first(X, k):
    sizes, directions = decomposed(X)
    V = directions[::-1][:k]
    return V.T @ V, np.sum((X - X.mean(axis=0)) ** 2) - np.sum(((X - X.mean(axis=0)) @ V.T) ** 2)


@wrong_answer(feedback="The first result holds the components. The projector is a (D, D) matrix made of them.")
def components_only(X, k):
    sizes, directions = decomposed(X)
    return directions[:k].T, np.sum(sizes[k:] ** 2)


@wrong_answer(
    feedback="The features were divided by their standard deviations. That is another problem: PCA of correlations."
)
def standardized(X, k):
    return best_of(X / X.std(axis=0), k)[:2]


@wrong_answer(
    passes=(a_cross_away_from_the_origin, nothing_and_everything),
    feedback="You took columns of V^T for its rows: the singular vectors are the rows of what svd returns last.",
)
def transposed(X, k):
    sizes, directions = decomposed(X)
    return directions[:, :k] @ directions[:, :k].T, np.sum(sizes[k:] ** 2)


@wrong_answer(feedback="Your matrix projects on what is thrown away. The one asked for projects on what is kept.")
def the_complement(X, k):
    P, error, _ = best_of(X, k)
    return np.eye(len(P)) - P, error


@wrong_answer(feedback="Two things: the data are not centered, and the error is a sum, not a mean over the examples.")
def not_centered_and_averaged(X, k):
    P, error, _ = best_of(X, k, center=False)
    return P, error / len(X)


@wrong_answer(
    feedback="The directions are those of centered data, but what you project is not centered, and the mean is not put back."
)
def mean_not_put_back(X, k):
    P, _, _ = best_of(X, k)
    return P, np.sum((X - X @ P) ** 2)
