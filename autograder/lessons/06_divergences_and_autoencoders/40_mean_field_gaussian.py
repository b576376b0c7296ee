# %% [markdown]
# ## From the other side: a slice, not a shadow
#
# Now let $p = N(\mu, \Sigma)$ be given, with dimensions that depend on each other, and let $q$ be too simple for it: a
# *factorized* Gaussian, one independent variance $s_i$ for each coordinate. That is what a variational autoencoder's
# encoder says (lesson 07), and it is fitted from the other side, by minimizing $\mathrm{KL}(q \,\|\, p)$. Now the
# average runs over $q$, and what is punished is to be where $p$ is not. Line by line, with $\Lambda = \Sigma^{-1}$ and
# $q = N(m, \operatorname{diag} s)$:
#
# $$ \begin{aligned}
# \mathrm{KL}(q \,\|\, p) &= \mathrm{E}_q \log q - \mathrm{E}_q \log p \\
# &= -\tfrac12 \sum_i \log s_i + \tfrac12\, \mathrm{E}_q\, (x - \mu)^\top \Lambda (x - \mu) + \text{const} \\
# &= -\tfrac12 \sum_i \log s_i + \tfrac12 \sum_i \Lambda_{ii} s_i + \tfrac12 (m - \mu)^\top \Lambda (m - \mu) + \text{const}
# && \text{as } q \text{ has no covariances} \\
# \frac{\partial}{\partial s_i} &: \; -\frac{1}{2 s_i} + \frac{\Lambda_{ii}}{2} = 0 \;\Rightarrow\; s_i = \frac{1}{\Lambda_{ii}},
# \qquad\text{and}\qquad m = \mu .
# \end{aligned} $$
#
# What is $1 / \Lambda_{ii}$? Picture a slanted ellipse. Its *shadow* on an axis has the variance $\Sigma_{ii}$: that is
# the marginal, and it is what moment matching would give. A *slice* through its middle along the axis has the variance
# $1 / \Lambda_{ii}$: that of coordinate $i$ when all others are known. The slice is never longer than the shadow. So
# this $q$ is compact, and too sure of itself, the more so the stronger the correlations are.
#
# | argument | shape | meaning |
# |---|---|---|
# | `mu` | `(D,)` | mean of $p$ |
# | `Sigma` | `(D, D)` | covariance of $p$, symmetric and positive definite; its variances, from $10^{-20}$ to $10^{20}$, may differ by as much |
# | first result | `(D,)` | the means of $q$ |
# | second result | `(D,)` | the variances of $q$, with a relative error below $10^{-6}$ |
#
# **Write `mean_field_gaussian(mu, Sigma)`, which returns `(m, s2)`.** With all variances scaled to 1 the condition number of `Sigma` is
# below $10^6$.
#
# *Elsewhere:* "mean field" is the physicists' name for a factorized $q$; Pyro and NumPyro call the fit `AutoNormal` and
# find by gradient steps what you find here in one line.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer

PARTS = ("m", "s2")


# %% answer
def mean_field_gaussian(mu, Sigma):
    """Return means and variances (m, s2), shapes (D,), of the factorized q that minimizes KL(q || N(mu, Sigma))."""
    # BEGIN SOLUTION
    precision = np.linalg.inv(Sigma)
    return mu.copy(), 1 / np.diag(precision)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def two_correlated_coordinates(mean_field_gaussian):
    """With variances 4 and 1 and the covariance 1, the determinant is 3, and the slices have the variances 3 and 3/4."""
    got = mean_field_gaussian(np.array([1.0, -2.0]), np.array([[4.0, 1.0], [1.0, 1.0]]))
    expect_close(got, ([1.0, -2.0], [3.0, 0.75]), "mean_field_gaussian((1, -2), [[4, 1], [1, 1]])", parts=PARTS)


@check(points=0.5)
def three_coordinates_in_a_chain(mean_field_gaussian):
    """For Sigma = [[2, 1, 0], [1, 2, 1], [0, 1, 2]] the determinants give s2 = (4/3, 1, 4/3)."""
    Sigma = np.array([[2.0, 1.0, 0.0], [1.0, 2.0, 1.0], [0.0, 1.0, 2.0]])
    got = mean_field_gaussian(np.zeros(3), Sigma)
    what = "mean_field_gaussian(0, [[2, 1, 0], [1, 2, 1], [0, 1, 2]])"
    expect_close(got, (np.zeros(3), [4 / 3, 1.0, 4 / 3]), what, parts=PARTS)


# %% hidden checks
def by_determinants(Sigma):
    """The variance of each coordinate given all others, as a ratio of two determinants."""
    without = [np.delete(np.delete(Sigma, i, axis=0), i, axis=1) for i in range(len(Sigma))]
    return np.array([np.linalg.det(Sigma) / np.linalg.det(other) for other in without])


def covariance(rng, size):
    """A random covariance that is far from singular."""
    A = rng.normal(size=(size, size))
    return A @ A.T + 0.2 * np.eye(size)


@check(points=1, hidden=True)
def ratios_of_determinants(mean_field_gaussian, rng):
    """For random covariances of any size and scale, and of several scales, each variance is a ratio of two determinants, and m is mu."""
    for size, scale in [(2, 1.0), (3, 1.0), (6, 1.0), (4, 1e-18), (4, 1e18), (1, 4.0)]:
        mu, Sigma = rng.normal(size=size), covariance(rng, size)
        expected, what = by_determinants(Sigma), f"mean_field_gaussian in {size} dimensions, Sigma around {scale:g}"
        m, s2 = mean_field_gaussian(mu, scale * Sigma)
        expect_close(m, mu, f"m of {what}")
        expect_close(s2, scale * expected, f"s2 of {what}", rtol=1e-6, atol=0)
    for powers in ([-9, 0, 9], [-9] * 20, [9] * 20, [-8, -8, 1, 8]):
        Sigma, units = covariance(rng, len(powers)), 10.0 ** np.array(powers)
        _, s2 = mean_field_gaussian(np.zeros(len(powers)), Sigma * np.outer(units, units))
        what = f"s2 with variances around {min(units) ** 2:g} and {max(units) ** 2:g} in {len(powers)} dimensions"
        expect_close(s2, units**2 * by_determinants(Sigma), what, rtol=1e-6, atol=0)


@check(points=1, hidden=True)
def no_factorized_gaussian_is_nearer(mean_field_gaussian, rng):
    """Moving a mean or a variance away from it, up or down, makes KL(q || p) larger."""
    for size in (2, 5):
        mu, Sigma = rng.normal(size=size), covariance(rng, size)
        m, s2 = mean_field_gaussian(mu, Sigma)
        expect_close(s2, by_determinants(Sigma), "s2", rtol=1e-6, atol=0)
        expect_close(m, mu, "m")
        precision = np.linalg.inv(Sigma)

        def divergence(m, s2, mu=mu, precision=precision):
            return (np.diag(precision) @ s2 - np.log(s2).sum() + (m - mu) @ precision @ (m - mu)) / 2

        m, s2 = np.array(m, dtype=float), np.array(s2, dtype=float)
        least = divergence(m, s2)
        for i in range(size):
            for sign in (1, -1):
                shift = sign * 0.1 * np.eye(size)[i]
                expect_close(min(divergence(m + shift, s2), least), least, "the least divergence, m moved", atol=1e-9)
                expect_close(
                    min(divergence(m, s2 * np.exp(shift)), least), least, "the least divergence, s2", atol=1e-9
                )


@check(points=1, hidden=True)
def strong_correlations_make_it_narrow(mean_field_gaussian, rng):
    """With correlation r between all pairs it falls to 0 as r goes to 1; a diagonal Sigma is kept as it is."""
    for size, r in [(2, 0.999), (3, 0.9), (4, 0.99), (5, -0.2)]:
        Sigma = np.full((size, size), r) + (1 - r) * np.eye(size)
        # One coordinate given the others: 1 - r^2 (size - 1) / (1 + r (size - 2)), by the formula of Sherman and Morrison.
        expected = np.full(size, 1 - r * r * (size - 1) / (1 + r * (size - 2)))
        what = f"s2 in {size} dimensions, all correlations {r}"
        expect_close(mean_field_gaussian(rng.normal(size=size), Sigma)[1], expected, what, rtol=1e-6, atol=0)
    got = mean_field_gaussian(np.ones(3), np.diag([2.0, 3.0, 1e-5]))
    expect_close(got, (np.ones(3), [2.0, 3.0, 1e-5]), "mean_field_gaussian of a diagonal Sigma", parts=PARTS)


# %% hints
HINTS = [
    "In the last line of the derivation, which matrix do the diagonal elements belong to?",
    "Invert the matrix, take its diagonal, and read once more what s_i is in terms of it.",
    "Two different inverses are at work: one of a matrix, one of single numbers. Their order matters.",
]
WHY = r"""
Two inverses, and their order is the whole point: first the matrix is inverted, then each element of the diagonal. $1
/ \Lambda_{ii}$ is the variance of coordinate $i$ when all others are *known*, a slice; the other order gives back
$1/\Sigma_{ii}$ or, once more inverted, $\Sigma_{ii}$, the shadow. The means have no say in it. Nothing is added to
the diagonal: a jitter of $10^{-8}$ would be all that is left of variances around $10^{-18}$.
"""
COVERS = ["S2.2", "S0.elbo.b"]
KERNELS = [kernels.mean_field_gaussian]

# %% [markdown]
# **See it.** The ellipse is $p$; within it the mean-field $q$ from this side, around it the factorized Gaussian from
# the other side, which matches the marginal variances. Neither is *wrong*. They are answers to different questions, and
# who reports error bars from a mean-field fit should know which one.

# %% experiment
from helpers.figures import slice_and_shadow

fit = grader.yours("mean_field_gaussian")
Sigma = np.array([[1.0, 0.8], [0.8, 1.0]])
_, slices = fit(np.zeros(2), Sigma)
slice_and_shadow(Sigma, slices)

# %% [markdown]
# > **Often written: $\mathrm{KL}(q \,\|\, p) = \mathrm{KL}(q^* \,\|\, p) + \mathrm{KL}(q \,\|\, q^*)$,** with $q^*$ the
# > best of the family: the gap of a clumsy $q$ would split into what the family cannot do and what $q$ has missed. It
# > looks like Pythagoras, and it holds for some families. For this one it does not. Shift the mean of the best $q^*$ by
# > $d$ and compare: the two sides differ by $\frac12 \sum_{i \ne j} \Lambda_{ij} d_i d_j$, which is positive along one
# > diagonal and negative along the other. Lesson 07 takes this up.

# %% experiment
gaussians_apart = grader.yours("kl_diagonal_gaussians")
precision, det = np.linalg.inv(Sigma), np.linalg.det(Sigma)
m, s2 = fit(np.zeros(2), Sigma)


def kl_to_p(m, s2):
    """KL(q || p) of a factorized q from the Gaussian with the covariance Sigma and mean 0."""
    return (np.diag(precision) @ s2 - 2 + m @ precision @ m + np.log(det / np.prod(s2))) / 2


print(f"{'d':>12} {'KL(q||p)':>10} {'KL(q*||p) + KL(q||q*)':>23} {'difference':>11}")
for d in (np.array([1.0, 0.0]), np.array([1.0, 1.0]), np.array([1.0, -1.0])):
    both = kl_to_p(m, s2) + gaussians_apart(m + d, np.log(s2), m, np.log(s2))
    print(f"{d!s:>12} {kl_to_p(m + d, s2):10.4f} {both:23.4f} {kl_to_p(m + d, s2) - both:11.4f}")


# %% right and wrong answers
@right_answer
def one_column_at_a_time(mu, Sigma):
    """Only the diagonal of the inverse is needed, and each element is one solved system. No matrix is inverted, but
    every system is solved from its beginning: at D = 200 that took some 20 times as long as the inverse.
    """
    columns = [np.linalg.solve(Sigma, one)[i] for i, one in enumerate(np.eye(len(mu)))]
    return list(mu), [1 / each for each in columns]


@right_answer
def by_regression_on_the_others(mu, Sigma):
    """What the variance *means*: the part of coordinate i that a linear regression on all the others leaves unexplained.
    It needs no precision matrix, and one smaller system for each coordinate.
    """
    variances = []
    for i in range(len(mu)):
        others = [j for j in range(len(mu)) if j != i]
        known = Sigma[i, others] @ np.linalg.solve(Sigma[np.ix_(others, others)], Sigma[others, i]) if others else 0.0
        variances.append(Sigma[i, i] - known)
    return mu + 0.0, np.array(variances)


@right_answer
def by_cholesky(mu, Sigma):
    """With Σ = L Lᵀ the precision is L⁻ᵀ L⁻¹, so its diagonal is the column sums of squares of L⁻¹. It raises an error
    where Σ is not positive definite, which a plain inverse accepts in silence.
    """
    half = np.linalg.inv(np.linalg.cholesky(Sigma))
    return np.array(mu), 1 / (half**2).sum(axis=0)


@wrong_answer(
    feedback="These are the marginal variances, the shadows: the answer of the other direction. KL(q || p) is more compact.",
)
def shadows(mu, Sigma):
    return mu, np.diag(Sigma).copy()


@wrong_answer(
    feedback="That is the diagonal of the inverse, a precision. A variance is one over it, element by element."
)
def precisions(mu, Sigma):
    return mu, np.diag(np.linalg.inv(Sigma)).copy()


@wrong_answer(feedback="Eigenvalues belong to rotated axes, and q must factorize in the given coordinates.")
def eigenvalues(mu, Sigma):
    return mu, np.linalg.eigvalsh(Sigma)


@wrong_answer(feedback="The second result is the variances; yours are the standard deviations, their roots.")
def standard_deviations(mu, Sigma):
    return mu, by_cholesky(mu, Sigma)[1] ** 0.5


@wrong_answer(
    feedback="You invert the diagonal. The diagonal of the inverse is something else, where there are covariances."
)
def inverse_of_the_diagonal(mu, Sigma):
    return mu, 1 / np.diag(Sigma)


@wrong_answer(
    passes=(two_correlated_coordinates,),
    feedback="You condition on the others one at a time, as if they were independent of each other. They are known together.",
)
def one_condition_after_the_other(mu, Sigma):
    d = np.diag(Sigma)
    return mu, d - ((Sigma**2 / d).sum(axis=1) - d)


@wrong_answer(
    passes=(three_coordinates_in_a_chain,),
    feedback="The variances are right. The means of q are those of p, for whatever its variances are.",
)
def means_at_zero(mu, Sigma):
    return np.zeros(len(mu)), by_cholesky(mu, Sigma)[1]


@wrong_answer(
    feedback="A whole matrix came back as the second result. A factorized q has one variance for each coordinate."
)
def a_matrix(mu, Sigma):
    return mu, np.diag(by_cholesky(mu, Sigma)[1])


@wrong_answer(feedback="These are the logarithms of the variances; the variances themselves are asked for.")
def log_variances(mu, Sigma):
    return mu, np.log(by_cholesky(mu, Sigma)[1])


@wrong_answer(
    passes=(no_factorized_gaussian_is_nearer,),
    feedback="Something was added to Sigma before it was inverted. A small Sigma then counts for nothing.",
)
def lifted_diagonal(mu, Sigma):
    return by_cholesky(mu, Sigma + 1e-8 * np.eye(len(mu)))


@wrong_answer(feedback="That is how much of the variance the others explain. The variance of q is the rest.")
def the_explained_part(mu, Sigma):
    return mu, np.diag(Sigma) - by_cholesky(mu, Sigma)[1]
