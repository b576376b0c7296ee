# %% [markdown]
# ## One Gaussian for many points, from the one side
#
# A cloud of points, and one Gaussian to stand for it. Which? "The nearest" is no answer before one has said *from which
# side*. Here is the first side: minimize $\mathrm{KL}(p \,\|\, q)$, where $p$ are the points and $q = N(\mu, \Sigma)$.
# The average runs over the points, so no point may be a great surprise to $q$: it must **cover** them all.
#
# The points are rows $x_n$ with weights $w_n \ge 0$, so $p$ puts $w_n / W$ on $x_n$, with $W = \sum_n w_n$. (Points and
# a density have no finite KL, but only the part with $q$ depends on $q$, and that part is finite.) Line by line, with
# $\mathrm{E}$ for the weighted mean:
#
# $$ \begin{aligned}
# J(\mu, \Sigma) &= -\mathrm{E} \log q(x) = \tfrac12 \log\det\Sigma + \tfrac12\, \mathrm{E}\,(x - \mu)^\top \Sigma^{-1} (x - \mu)
# + \text{const} && \text{all that } q \text{ has a say in} \\
# \frac{\partial J}{\partial \mu} &= -\Sigma^{-1}\, \mathrm{E}\,(x - \mu) = 0
# \;\Rightarrow\; \mu = \mathrm{E}\,x && \text{whatever } \Sigma \text{ is} \\
# J(\mu, \Sigma) &= -\tfrac12 \log\det\Lambda + \tfrac12 \operatorname{tr}(\Lambda C) + \text{const}
# && \Lambda = \Sigma^{-1},\; C = \mathrm{E}\,(x - \mu)(x - \mu)^\top \\
# \frac{\partial J}{\partial \Lambda} &= -\tfrac12 \Lambda^{-1} + \tfrac12 C = 0 \;\Rightarrow\; \Sigma = C .
# \end{aligned} $$
#
# The nearest Gaussian from this side has the mean and the covariance of the data: *moment matching*. Nothing in the
# derivation says that $q$ must be large where the points are. The mean of two heaps lies between them, where nobody is.
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | `(N, D)` | one point a row, of any scale, not much farther from 0 than from one another; $N = 1$ is allowed, and then $\Sigma = 0$ |
# | `w` | `(N,)` | weights $\ge 0$ of any size, not all 0; their sum need not be 1 |
# | first result | `(D,)` | $\mu$ |
# | second result | `(D, D)` | $\Sigma$ |
#
# **Write `moment_match(x, w)`, which returns `(mu, Sigma)`.**
#
# *Elsewhere:* `np.average(x, axis=0, weights=w)` is the mean. `np.cov(x.T, aweights=w)` is the covariance with
# `ddof=0`; its default is another one, unbiased for a sample, and no minimizer of anything here.

# %% imports
from fractions import Fraction

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, expect_parts, right_answer, wrong_answer

PARTS = ("mu", "Sigma")


# %% answer
def moment_match(x, w):
    """Return (mu, Sigma), shapes (D,) and (D, D), of the Gaussian nearest in KL(p || q) to points x with weights w."""
    # BEGIN SOLUTION
    share = w / np.sum(w)
    mean = share @ x
    away = x - mean
    return mean, (share[:, None] * away).T @ away
    # END SOLUTION


# %% public checks
@check(points=0.5)
def two_points_on_a_line(moment_match):
    """Points at 0 and 4 with weights 3 and 1 have the mean 1 and the variance 3/4 · 1 + 1/4 · 9 = 3."""
    got = moment_match(np.array([[0.0], [4.0]]), np.array([3.0, 1.0]))
    expect_close(got, ([1.0], [[3.0]]), "moment_match([[0], [4]], [3, 1])", parts=PARTS)


@check(points=0.5)
def three_points_in_the_plane(moment_match):
    """(1, 0), (0, 2) and (3, 2) with weights 1, 1, 2 have the mean (1.75, 1.5) and the covariance shown if you miss it."""
    x = np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 2.0]])
    expected = np.array([1.75, 1.5]), np.array([[1.6875, 0.375], [0.375, 0.75]])
    got = moment_match(x, np.array([1.0, 1.0, 2.0]))
    expect_close(got, expected, "moment_match of three points with weights 1, 1, 2", parts=PARTS)


# %% hidden checks
def in_fractions(x, w):
    """Mean and covariance in exact arithmetic, the covariance from pairs of points, without the mean."""
    points = [[Fraction(float(each)) for each in row] for row in x]
    shares = [Fraction(float(each)) for each in w]
    total, size = sum(shares), x.shape[1]
    mean = [sum(s * row[i] for s, row in zip(shares, points, strict=True)) / total for i in range(size)]
    covariance = np.zeros((size, size))
    for i, j in np.ndindex(size, size):
        pairs = (
            s * r * (a[i] - b[i]) * (a[j] - b[j])
            for s, a in zip(shares, points, strict=True)
            for r, b in zip(shares, points, strict=True)
        )
        covariance[i, j] = float(sum(pairs) / (2 * total**2))
    return np.array([float(each) for each in mean]), covariance


@check(points=1, hidden=True)
def exact_for_any_points_and_weights(moment_match, rng):
    """For random points and weights of any size it equals the moments in exact arithmetic."""
    for N, D, size in [(6, 2, 1.0), (4, 3, 1e-9), (3, 3, 1e9), (5, 1, 1.0), (2, 4, 0.3), (3, 2, 1e-140), (3, 2, 1e140)]:
        x, w = 2 * rng.normal(size=(N, D)) + 3, size * rng.uniform(0.1, 2, N)
        what = f"moment_match of {N} points in {D} dimensions, weights around {size:g}"
        expect_close(moment_match(x, w), in_fractions(x, w), what, parts=PARTS, atol=1e-10)
    x = rng.normal(size=(4, 3))
    x = x - 9  # all of them negative
    mean, covariance = in_fractions(x, np.ones(4))
    for unit in (1.0, 1e-5, 1e5, 1e-120, 1e120):
        what = f"moment_match with equal weights, points in a unit of {unit:g}"
        got = expect_parts(moment_match(unit * x, np.ones(4)), PARTS, what)
        expect_close(got[0], unit * mean, f"mu of {what}", atol=1e-10 * unit)
        expect_close(got[1], unit**2 * covariance, f"Sigma of {what}", atol=1e-10 * unit**2)


@check(points=0.5, hidden=True)
def what_weighs_nothing_is_not_there(moment_match, rng):
    """A point of weight 0 has no influence, however far away it is."""
    x, w = rng.normal(size=(4, 2)), np.array([0.5, 2.0, 0.0, 1.0])
    expected = in_fractions(x[w > 0], w[w > 0])
    x[2] = [1e6, -1e6]
    expect_close(moment_match(x, w), expected, "moment_match with a far point of weight 0", parts=PARTS, atol=1e-10)


@check(points=0.5, hidden=True)
def one_point_and_two_heaps(moment_match, rng):
    """One point has the covariance 0, and of two heaps the mean lies between them."""
    point = rng.integers(-9, 9, size=3).astype(float)
    got = moment_match(point[None], np.array([5.0]))
    expect_close(got, (point, np.zeros((3, 3))), "moment_match of one point", parts=PARTS)
    heaps = np.array([[-2.0], [-2.0], [4.0], [4.0], [4.0]])
    got = moment_match(heaps, np.array([3.0, 3.0, 2.0, 2.0, 2.0]))
    expect_close(got, ([1.0], [[9.0]]), "moment_match of two heaps of the same weight", parts=PARTS)


# %% hints
HINTS = [
    "What must the weights sum to, before a weighted sum is a weighted mean?",
    "Sigma is the weighted mean of the outer products of each point's difference from mu with itself.",
    "Scale the rows of the differences by their shares, then a single product of two matrices sums over the points.",
]
WHY = r"""
First the weights are made shares, once, and then every weighted mean is a sum with these. The points are centered
*before* anything is squared: $\mathrm{E}\,xx^\top - \mu\mu^\top$ is the same in exact arithmetic, and far from the
origin the difference of two large numbers. Scaling the rows of one factor by their shares makes the sum over all
points a single product of two matrices.
"""
COVERS = ["S2.2"]
KERNELS = [kernels.moment_match]

# %% [markdown]
# > **A true sentence, and where it ends:** "the best mean is the mean of $p$, for any $p$ and any fixed $\Sigma$."
# > True, for this direction. It is often quoted without the direction. The cell takes a narrow heap at $-2$ (weight
# > 0.3) and a wide one at 2, a $q$ with $\sigma = 0.3$, and looks for the best $\mu$ on a fine grid, from both sides.
# > From this side it is the mean, 0.8, where neither heap is. From the other side it is $-2$, or nearly: the heap that
# > has $q$'s own width, mean or no mean. The Jensen-Shannon divergence, in the middle row, sides with the second.

# %% experiment
kl, js, match = (grader.yours(name) for name in ("kl_divergence", "js_divergence", "moment_match"))
bins = np.linspace(-7, 7, 281)


def heap(mean, sigma):
    """A Gaussian as a histogram on the bins."""
    weights = np.exp(-(((bins - mean) / sigma) ** 2) / 2)
    return weights / weights.sum()


p = 0.3 * heap(-2, 0.3) + 0.7 * heap(2, 1.5)
mean, variance = match(bins[:, None], p)
print(f"moments of p: mean {mean[0]:.2f}, sigma {np.sqrt(variance[0, 0]):.2f}\n")
places = np.linspace(-4, 4, 321)
for name, measure in (("KL(p||q)", lambda q: kl(p, q)), ("JS", lambda q: js(p, q)), ("KL(q||p)", lambda q: kl(q, p))):
    values = [measure(heap(place, 0.3)) for place in places]
    print(f"{name:>9} with sigma = 0.3 is least, {min(values):6.3f}, at mu = {places[np.argmin(values)]:5.2f}")


# %% right and wrong answers
@right_answer
def moments_then_subtract(x, w):
    """`einsum` writes the formula down, index by index. No shares need to be broadcast, and it is a little slower than
    the product of two matrices.
    """
    share = w / w.sum()
    mean = np.einsum("n,nd->d", share, x)
    return mean, np.einsum("n,ni,nj->ij", share, x - mean, x - mean)


@right_answer
def with_numpy(x, w):
    """NumPy has both, under the names `average` and `cov`. One must know that `cov` wants variables in rows, that
    `ddof=0` is the minimizer, and that for D = 1 it returns a number.
    """
    return np.average(x, axis=0, weights=w), np.atleast_2d(np.cov(x.T, aweights=w, ddof=0))


@right_answer
def raw_moments_of_used_points(x, w):
    """One outer product after the other, without the points of weight 0. Slow, and what one would write on the
    blackboard.
    """
    used = w > 0
    total = sum(w[used])
    mean = sum(weight * row for weight, row in zip(w[used], x[used], strict=True)) / total
    away = x[used] - mean
    return mean, sum(weight * np.outer(row, row) for weight, row in zip(w[used], away, strict=True)) / total


def moments(x, share, mean=None):
    """Weighted covariance around a point, by default the weighted mean."""
    mean = share @ x if mean is None else mean
    return mean, (share[:, None] * (x - mean)).T @ (x - mean)


weights_ignored = wrong_answer(
    feedback="The points do not count alike: use the weights, in the mean and the covariance."
)(lambda x, w: moments(x, np.full(len(x), 1 / len(x))))
weights_not_normalized = wrong_answer(
    feedback="The weights need not sum to 1: divide by their sum, or the mean is no mean."
)(moments)
only_the_mean_normalized = wrong_answer(
    feedback="The mean is right. In the covariance the weights are divided by their sum too."
)(lambda x, w: (moments(x, w / w.sum())[0], moments(x, w / w.sum())[1] * w.sum()))


@wrong_answer(feedback="The minimizer is the plain second moment around the mean, without a correction like n/(n - 1).")
def unbiased(x, w):
    mean, covariance = moments(x, w / w.sum())
    n = len(x)
    return mean, covariance * (n / (n - 1) if n > 1 else 1)


@wrong_answer(
    feedback="Your covariance is the unbiased estimate for weighted samples, which is larger. The minimizer has no correction."
)
def unbiased_with_weights(x, w):
    mean, covariance = moments(x, w / w.sum())
    return mean, covariance / (1 - np.sum((w / w.sum()) ** 2))


@wrong_answer(
    feedback="You sit on the heaviest point. This direction matches the mean; to look for a mode is the other's way."
)
def on_the_heaviest_point(x, w):
    return moments(x, w / w.sum(), x[np.argmax(w)])


@wrong_answer(feedback="Your second result is the mean of x x^T. Subtract the mean from the points first.")
def not_centered(x, w):
    share = w / w.sum()
    return share @ x, (share[:, None] * x).T @ x


@wrong_answer(
    feedback="The second result is the covariance, with variances on its diagonal; yours has the roots of its entries."
)
def standard_deviations(x, w):
    mean, covariance = moments(x, w / w.sum())
    return mean, np.sqrt(np.abs(covariance))


@wrong_answer(
    passes=(two_points_on_a_line, one_point_and_two_heaps),
    feedback="Only the variances are there. The dimensions may vary together: Sigma has entries off its diagonal.",
)
def diagonal_only(x, w):
    mean, covariance = moments(x, w / w.sum())
    return mean, np.diag(np.diag(covariance)) + np.zeros_like(covariance)


@wrong_answer(feedback="The covariance is taken around the plain mean. It belongs around the weighted one.")
def around_the_plain_mean(x, w):
    share = w / w.sum()
    return share @ x, moments(x, share, x.mean(axis=0))[1]


@wrong_answer(feedback="The weights enter the covariance once. Yours are squared there.")
def weights_squared(x, w):
    share = w / w.sum()
    away = share[:, None] * (x - share @ x)
    return share @ x, away.T @ away


@wrong_answer(feedback="The mean is right, and the second result is the inverse of the covariance, or nearly.")
def precision(x, w):
    mean, covariance = moments(x, w / w.sum())
    return mean, np.linalg.pinv(covariance) + (len(x) == 1)
