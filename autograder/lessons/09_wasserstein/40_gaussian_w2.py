# %% [markdown]
# ## Bells, and the number that judges image generators
#
# Beyond the line there is one more place where nothing has to be searched for: bells. Let the price be the *square* of
# the way, and let both heaps be Gaussian. If $S_1$ is regular, the best plan moves every grain by one and the same map, linear but for
# the shift of the centers, and for all bells the cost of the best plan is
#
# $$ W_2^2 = \|m_1 - m_2\|^2 + \operatorname{tr} S_1 + \operatorname{tr} S_2 - 2 \operatorname{tr}\Big[\big(S_1^{1/2} S_2\, S_1^{1/2}\big)^{1/2}\Big] . $$
#
# The first term moves the center. The rest changes the shape, and is called the Bures distance. In one dimension it is
# $(\sigma_1 - \sigma_2)^2$, and so it is along every axis of two ellipses that point the same way. Where they do not,
# it is not.
#
# You may have met this number. The *Fréchet Inception Distance* by which image generators are compared is $W_2^2$ of
# two Gaussians, fitted to features of real and of generated images.
#
# Roots of matrices are where programs go wrong. A covariance from fewer samples than dimensions is *singular*, and
# rounding makes eigenvalues of $-10^{-17}$, whose root is `nan`. Two ways around: take roots of eigenvalues, with those
# set to 0 that are 0 but for rounding ($10^{-8}$ beside 1 is no rounding, and has a root of $10^{-4}$). Or avoid the root of a root: if $A A^\top = S_1$ and $B B^\top = S_2$, the last
# trace is the sum of the singular values of $A^\top B$.
#
# | argument | shape | meaning |
# |---|---|---|
# | `m1`, `m2` | `(D,)` | the means |
# | `S1`, `S2` | `(D, D)` | the covariances: symmetric, no eigenvalue below 0; they may be singular, even 0 |
# | result | number | $W_2^2$, the **square**, in the unit of the points squared |
#
# **Write `gaussian_w2(m1, S1, m2, S2)`,** right to $10^{-6}$ for entries of order 1, which is what singular covariances
# leave. (POT's `ot.gaussian.bures_wasserstein_distance` returns the *root* of this. FID codes take
# `scipy.linalg.sqrtm(S1 @ S2)`, and many of them add an epsilon to the diagonals first, which changes the number where
# a covariance is singular.)

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def gaussian_w2(m1, S1, m2, S2):
    """Return the squared 2-Wasserstein distance of N(m1, S1) and N(m2, S2); m (D,), S (D, D), perhaps singular."""

    # BEGIN SOLUTION
    def factor(S):
        values, vectors = np.linalg.eigh(S)
        return vectors * np.sqrt(np.where(values > 1e-14 * values[-1], values, 0.0))

    overlap = np.linalg.svd(factor(S1).T @ factor(S2), compute_uv=False).sum()
    return float(np.sum((m1 - m2) ** 2) + np.trace(S1) + np.trace(S2) - 2 * overlap)
    # END SOLUTION


# %% checks
def from_factors(A, B):
    """tr AA^T + tr BB^T - 2 (sum of singular values of A^T B), from the factors that the covariances were made of."""
    return np.sum(A * A) + np.sum(B * B) - 2 * np.linalg.svd(A.T @ B, compute_uv=False).sum()


def ask(gaussian_w2, m1, A, m2, B, what, rtol=1e-6):
    """Compare for the covariances A A^T and B B^T."""
    expected = np.sum((m1 - m2) ** 2) + from_factors(A, B)
    expect_close(gaussian_w2(m1, A @ A.T, m2, B @ B.T), expected, what, rtol=rtol, atol=1e-6)


# %% public checks
@check(points=0.5)
def two_bells_on_the_line(gaussian_w2):
    """N(0, 4) and N(3, 9) have the standard deviations 2 and 3: the distance squared is 9 + 1 = 10."""
    observed = gaussian_w2(np.zeros(1), np.array([[4.0]]), np.array([3.0]), np.array([[9.0]]))
    expect_close(observed, 10.0, "gaussian_w2(N(0, 4), N(3, 9))", rtol=1e-6, atol=1e-6)


@check(points=0.5)
def ellipses_that_point_in_different_directions(gaussian_w2):
    """From diag(9, 1) to ((5, 4), (4, 5)), the same ellipse turned by 45 degrees, it is 20 - 2 tr(...) = 4.5114."""
    turned = np.array([[5.0, 4.0], [4.0, 5.0]])
    observed = gaussian_w2(np.zeros(2), np.diag([9.0, 1.0]), np.zeros(2), turned)
    # The trace of the root of a 2 x 2 matrix M is the root of tr M + 2 (det M)^(1/2).
    expected = 20 - 2 * np.sqrt(50 + 2 * np.sqrt(9.0 * 9.0))
    expect_close(observed, expected, "gaussian_w2 of an ellipse and the same turned", rtol=1e-6, atol=1e-6)


# %% hidden checks
@check(points=1, hidden=True)
def bells_of_any_shape(gaussian_w2, rng):
    """It is right for random bells in one to five dimensions, near and far, narrow and wide."""
    for D in (1, 2, 3, 5):
        A, B = rng.normal(size=(D, 2 * D + 2)), rng.normal(size=(D, 2 * D + 2))
        ask(gaussian_w2, rng.normal(size=D), A, rng.normal(size=D), B, f"two random bells in {D} dimensions", 1e-5)
    far = rng.normal(size=3), rng.normal(size=(3, 8)), 1000 * rng.normal(size=3), rng.normal(size=(3, 8))
    ask(gaussian_w2, *far, "two bells about 1000 apart", 1e-5)
    wide = rng.normal(size=3), 30 * rng.normal(size=(3, 8)), rng.normal(size=3), 30 * rng.normal(size=(3, 8))
    ask(gaussian_w2, *wide, "two wide bells", 1e-5)


@check(points=0.5, hidden=True)
def the_same_twice(gaussian_w2, rng):
    """A bell is 0 from itself, singular or not; bells of one shape are as far apart as their means."""
    for rank in (5, 2):
        A, m = rng.normal(size=(3, rank)), rng.normal(size=3)
        A[0] *= rank > 2
        ask(gaussian_w2, m, A, m, A, f"a bell and itself, covariance of rank {min(rank, 3)}")
        ask(gaussian_w2, m, A, np.zeros(3), A, f"two bells of one shape, covariance of rank {min(rank, 3)}")


@check(points=0.5, hidden=True)
def along_common_axes(gaussian_w2, rng):
    """Where the ellipses point the same way it is the squared difference of the standard deviations, axis by axis."""
    axes = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    first, second = np.array([1.0, 2.0, 3.0]), np.array([4.0, 0.5, 3.0])
    observed = gaussian_w2(np.zeros(3), (axes * first) @ axes.T, np.zeros(3), (axes * second) @ axes.T)
    expected = np.sum((np.sqrt(first) - np.sqrt(second)) ** 2)
    expect_close(observed, expected, "two ellipsoids along the same axes", rtol=1e-6, atol=1e-6)
    first, second = np.array([1.0, 1e-8, 3.0]), np.array([1.0, 1.0, 1e-8])
    observed = gaussian_w2(np.zeros(3), (axes * first) @ axes.T, np.zeros(3), (axes * second) @ axes.T)
    expected = np.sum((np.sqrt(first) - np.sqrt(second)) ** 2)
    expect_close(observed, expected, "a narrow and a wide ellipsoid along the same axes", rtol=1e-6, atol=1e-6)
    A, B = np.array([[1.0], [0.0]]), np.array([[0.0], [1.0]])
    ask(gaussian_w2, np.zeros(2), A, np.zeros(2), B, "two flat bells at right angles")


@check(points=1, hidden=True)
def flat_bells(gaussian_w2, rng):
    """Covariances may be singular, one of them or both, and a point is a bell as well."""
    for D, rank, other in [(3, 1, 5), (5, 2, 2), (4, 3, 1), (2, 1, 1)]:
        A, B = rng.normal(size=(D, rank)), rng.normal(size=(D, other))
        ask(
            gaussian_w2,
            rng.normal(size=D),
            A,
            rng.normal(size=D),
            B,
            f"ranks {rank} and {min(other, D)} in {D} dimensions",
        )
    point = np.zeros((2, 1))
    ask(gaussian_w2, rng.normal(size=2), point, rng.normal(size=2), rng.normal(size=(2, 3)), "a point and a bell")
    ask(gaussian_w2, np.array([1.0, 0.0]), point, np.array([0.0, 2.0]), point, "two points")


# %% hints
HINTS = [
    "In one dimension the formula is (m1 - m2)^2 + (s1 - s2)^2. Which terms become what?",
    "np.linalg.eigh gives eigenvalues and eigenvectors of a symmetric matrix: S = U diag(l) U^T. The root of S has the "
    "roots of the eigenvalues.",
    "Before the root, set to 0 what is negative or tiny beside the largest eigenvalue: it is rounding.",
    "U diag(l^(1/2)) is a factor A with A A^T = S. The singular values come from np.linalg.svd(..., compute_uv=False).",
]
WHY = r"""
With $A A^\top = S_1$ and $B B^\top = S_2$ the matrix $(A^\top B)(A^\top B)^\top = A^\top S_2 A$ has the eigenvalues
of $S_1^{1/2} S_2 S_1^{1/2}$. Their roots are the singular values of $A^\top B$: no root of a root is taken, and none
of them can be negative. `eigh` gives such a factor for singular matrices too, where Cholesky stops. Eigenvalues that
are 0 but for rounding are set to 0, or the root would make $10^{-8}$ of $10^{-16}$.
"""
COVERS = []
KERNELS = [kernels.gaussian_w2]

# %% [markdown]
# > **A common claim: "a small epsilon on the diagonal does no harm".** It is there to keep `sqrtm` and Cholesky alive,
# > and for a covariance of full rank it changes the number by about as little as it says. Where a covariance is
# > singular, as it is whenever there are fewer images than features, the number may change by the *root* of the
# > epsilon, for the root is infinitely steep at 0. The experiment measures it: two bells in 50 dimensions, of rank 40
# > and of rank 5, and what an epsilon of $10^{-6}$ on both diagonals makes of their distance.
# >
# > **And the number of samples?** The same experiment fits two bells to samples of *one and the same* Gaussian. The
# > distance should be 0. It is not, and it falls only like one over the number of samples. Two FIDs can be compared if
# > they come from equally many images.

# %% experiment
w2 = grader.yours("gaussian_w2")
draws = np.random.default_rng(0)
A, B = draws.normal(size=(50, 40)) / 7, draws.normal(size=(50, 5)) / 7
zero, eps = np.zeros(50), 1e-6 * np.eye(50)
exact = w2(zero, A @ A.T, zero, B @ B.T)
print(f"ranks 40 and 5: {exact:.4f}, with an epsilon of 1e-6: {w2(zero, A @ A.T + eps, zero, B @ B.T + eps):.4f}")
print("two samples of one Gaussian in 20 dimensions, whose distance is 0:")
for n in (25, 100, 400, 1600, 6400):
    x, y = draws.normal(size=(2, n, 20))
    print(f"   {n:5d} points each: {w2(x.mean(0), np.cov(x.T), y.mean(0), np.cov(y.T)):8.4f}")


# %% right and wrong answers
def pieces(m1, S1, m2, S2):
    """The squared distance of the means, both traces together, and the trace of the root."""

    def factor(S):
        values, vectors = np.linalg.eigh(S)
        return vectors * np.sqrt(np.where(values > 1e-14 * values[-1], values, 0.0))

    overlap = np.linalg.svd(factor(S1).T @ factor(S2), compute_uv=False).sum()
    return np.sum((m1 - m2) ** 2), np.trace(S1) + np.trace(S2), overlap


def symmetric_root(S):
    values, vectors = np.linalg.eigh(S)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


@right_answer
def by_the_symmetric_root(m1, S1, m2, S2):
    """The formula as it is printed, with the eigenvalues clipped at 0 before the second root. For two equal bells of
    rank 3 in 8 dimensions it is off by 3e-7, where the answer above is off by 3e-14.
    """
    root = symmetric_root(S1)
    values = np.linalg.eigvalsh(root @ S2 @ root)
    apart = m1 - m2
    return apart @ apart + np.trace(S1) + np.trace(S2) - 2 * np.sqrt(np.clip(values, 0, None)).sum()


@right_answer
def by_the_product(m1, S1, m2, S2):
    """The product of both covariances has the same eigenvalues, so no matrix root is needed: what FID programs mean by
    sqrtm(S1 @ S2). It is not symmetric, so rounding makes its eigenvalues slightly complex.
    """
    values = np.linalg.eigvals(S1 @ S2).real
    root = np.sqrt(np.where(values > 1e-15, values, 0)).sum()
    return np.array(np.sum((m1 - m2) ** 2) + np.trace(S1 + S2) - 2 * root)


@wrong_answer(
    passes=(two_bells_on_the_line, the_same_twice, along_common_axes),
    feedback="You compare the roots of the covariances entry by entry. That is right only where the ellipses point the same way.",
)
def difference_of_the_roots(m1, S1, m2, S2):
    return float(np.sum((m1 - m2) ** 2) + np.sum((symmetric_root(S1) - symmetric_root(S2)) ** 2))


@wrong_answer(
    passes=(two_bells_on_the_line, the_same_twice),
    feedback="You compare the coordinates one by one: what is off the diagonals is lost.",
)
def diagonals_only(m1, S1, m2, S2):
    roots = np.sqrt(np.diag(S1)), np.sqrt(np.diag(S2))
    return float(np.sum((m1 - m2) ** 2) + np.sum((roots[0] - roots[1]) ** 2))


@wrong_answer(
    feedback="You return the distance, the root of what is asked for. The square is asked.",
)
def the_root(m1, S1, m2, S2):
    apart, traces, overlap = pieces(m1, S1, m2, S2)
    return float(np.sqrt(max(apart + traces - 2 * overlap, 0)))


@wrong_answer(
    feedback="Equal bells must cost nothing: look at the factor of the last trace.",
)
def one_overlap(m1, S1, m2, S2):
    apart, traces, overlap = pieces(m1, S1, m2, S2)
    return float(apart + traces - overlap)


@wrong_answer(
    passes=(ellipses_that_point_in_different_directions, along_common_axes),
    feedback="The distance of the means is to be squared.",
)
def means_not_squared(m1, S1, m2, S2):
    apart, traces, overlap = pieces(m1, S1, m2, S2)
    return float(np.sqrt(apart) + traces - 2 * overlap)


@wrong_answer(
    passes=(ellipses_that_point_in_different_directions, along_common_axes),
    feedback="The means are missing: you compare the shapes alone.",
)
def without_the_means(m1, S1, m2, S2):
    _, traces, overlap = pieces(m1, S1, m2, S2)
    return float(traces - 2 * overlap)


@wrong_answer(
    feedback="The trace is taken of the root of the matrix. You take the root of the trace.",
    passes=(two_bells_on_the_line,),
)
def root_of_the_trace(m1, S1, m2, S2):
    apart, traces, _ = pieces(m1, S1, m2, S2)
    return float(apart + traces - 2 * np.sqrt(np.trace(S1 @ S2)))


@wrong_answer(
    feedback="You take the trace of the product of the covariances, without the root of the matrix.",
)
def without_the_root(m1, S1, m2, S2):
    apart, traces, _ = pieces(m1, S1, m2, S2)
    return float(apart + traces - 2 * np.trace(S1 @ S2))


@wrong_answer(
    passes=(two_bells_on_the_line, ellipses_that_point_in_different_directions, bells_of_any_shape),
    feedback="A Cholesky factor needs a regular matrix. Here a covariance may be singular.",
)
def by_cholesky(m1, S1, m2, S2):
    A, B = np.linalg.cholesky(S1), np.linalg.cholesky(S2)
    overlap = np.linalg.svd(A.T @ B, compute_uv=False).sum()
    return float(np.sum((m1 - m2) ** 2) + np.trace(S1) + np.trace(S2) - 2 * overlap)


@wrong_answer(
    passes=(two_bells_on_the_line, ellipses_that_point_in_different_directions, bells_of_any_shape, the_same_twice),
    feedback="An epsilon on the diagonals changes the number by much more than itself where a covariance is singular.",
)
def epsilon_on_the_diagonals(m1, S1, m2, S2):
    added = 1e-6 * np.eye(len(m1))
    apart, traces, overlap = pieces(m1, S1 + added, m2, S2 + added)
    return float(apart + traces - 2 * overlap)
