# %% [markdown]
# ## The best guess, and the way home
#
# One more way to make an autoencoder keep what matters: spoil its input, and ask for the clean one back. A *denoising*
# autoencoder sees $y = x + s \cdot \text{noise}$ and is to say $x$. What is the best it could ever learn?
#
# With squared error the best guess is a mean: the mean of all clean points, weighted with how probable each of them is
# after $y$ has been seen. If the clean points are $x_1, \dots, x_N$ with weights $w_n$, Bayes' rule says
#
# $$ r_n(y) = \frac{w_n\, e^{-\lVert y - x_n \rVert^2 / 2 s^2}}{\sum_j w_j\, e^{-\lVert y - x_j \rVert^2 / 2 s^2}},
#    \qquad \mathrm{E}[x \mid y] = \sum_n r_n(y)\, x_n . $$
#
# Now something that one would not expect. Ask for the slope of the log density of the *noisy* points,
# $p(y) = \sum_n w_n N(y;\, x_n, s^2 I) / \sum_n w_n$. Line by line:
#
# $$ \begin{aligned}
# \nabla_y N(y;\, x_n, s^2 I) &= \frac{x_n - y}{s^2}\, N(y;\, x_n, s^2 I) \\
# \nabla_y \log p(y) &= \frac{\nabla_y p(y)}{p(y)} = \sum_n r_n(y)\, \frac{x_n - y}{s^2}
# = \frac{\mathrm{E}[x \mid y] - y}{s^2} .
# \end{aligned} $$
#
# The step from $y$ to its best guess points uphill in the density:
# $\mathrm{E}[x \mid y] = y + s^2\, \nabla_y \log p(y)$ (Tweedie's formula). The slope $\nabla_y \log p$ is called the
# *score*. Who trains a denoiser learns the score of the data without ever computing a density, and diffusion models are
# made of it.
#
# The densities themselves are treacherous. With $s = 10^{-6}$ every one of the exponentials is 0, and 0/0 is left,
# though the answer is simple: the nearest point. Only the *ratios* of the exponentials count, and their logarithms are
# tame.
#
# | argument | shape | meaning |
# |---|---|---|
# | `y` | `(M, D)` | noisy points |
# | `x`, `w` | `(N, D)`, `(N,)` | clean points and weights $\ge 0$, not all 0; the sum need not be 1 |
# | `s` | number > 0 | standard deviation of the noise in each coordinate, from $10^{-6}$ to $10^{3}$ |
# | first result | `(M, D)` | $\mathrm{E}[x \mid y]$ for each row of `y` |
# | second result | `(M, D)` | the score $\nabla_y \log p(y)$, in 1 / (unit of $y$) |
#
# **Write `optimal_denoiser(y, x, w, s)`, which returns both.** A point of weight 0 is never the clean one, however near
# it lies. Coordinates lie between $-1000$ and 1000. Means are graded to $10^{-6}$, scores to $10^{-6} / s$ or a
# relative $10^{-6}$.
#
# *Elsewhere:* `scipy.special.softmax(a, axis=1)` does the step in logarithms. Papers on diffusion write $\sigma$ for
# $s$, and their networks say the noise, $(y - \mathrm{E}[x \mid y]) / s$, which is $-s$ times the score.

# %% imports
import math
from decimal import Decimal, localcontext

import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, expect_parts, right_answer, wrong_answer

PARTS = ("the mean", "the score")


# %% answer
def optimal_denoiser(y, x, w, s):
    """Return (E[x | y], score), shapes (M, D), for y (M, D) = x + s noise with x drawn from points (N, D), weights (N,)."""
    # BEGIN SOLUTION
    used = w > 0
    step = x[used] - y[:, None]  # (M, N, D)
    log_share = np.log(w[used]) - 0.5 * np.sum((step / s) ** 2, axis=2)
    share = np.exp(log_share - log_share.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    move = np.einsum("mn,mnd->md", share, step)
    return y + move, move / s**2
    # END SOLUTION


# %% public checks
@check(points=0.5)
def two_points_of_weight_one_and_three(optimal_denoiser):
    """Halfway between -1 (weight 1) and 1 (weight 3) only the weights count: the mean is 1/2, the score (1/2)/s² = 2."""
    got = optimal_denoiser(np.array([[0.0]]), np.array([[-1.0], [1.0]]), np.array([1.0, 3.0]), 0.5)
    expect_close(got, ([[0.5]], [[2.0]]), "optimal_denoiser([[0]], [[-1], [1]], [1, 3], 0.5)", parts=PARTS)


@check(points=0.5)
def shares_of_nine_to_one(optimal_denoiser):
    """At distances whose squares differ by 2 s² log 9 the shares are 9 : 1, and the mean is (0.9, 0.2)."""
    # From y = (a, 0) the points (1, 0) and (0, 2) have the squares (1 - a)^2 and a^2 + 4; s = 1/2.
    a = (math.log(9) / 2 - 3) / 2
    y, x = np.array([[a, 0.0]]), np.array([[1.0, 0.0], [0.0, 2.0]])
    expected = np.array([[0.9, 0.2]])
    got = optimal_denoiser(y, x, np.array([0.5, 0.5]), 0.5)
    expect_close(got, (expected, 4 * (expected - y)), "optimal_denoiser of a point in the plane, s = 1/2", parts=PARTS)


# %% hidden checks
def in_sixty_digits(y, x, w, s):
    """Mean and score of every row, in decimal arithmetic, where nothing underflows."""
    x, w, results = x[w > 0], w[w > 0], []
    with localcontext() as context:
        context.prec = 60
        points, width = [[Decimal(float(each)) for each in row] for row in x], Decimal(float(s))
        for row in y:
            here = [Decimal(float(each)) for each in row]
            squares = [sum((a - b) ** 2 for a, b in zip(point, here, strict=True)) for point in points]
            least = min(squares)
            shares = [Decimal(float(v)) * ((least - q) / (2 * width**2)).exp() for v, q in zip(w, squares, strict=True)]
            sums = [sum(r * point[i] for r, point in zip(shares, points, strict=True)) for i in range(len(here))]
            mean = [each / sum(shares) for each in sums]
            results.append(
                ([float(m) for m in mean], [float((m - v) / width**2) for m, v in zip(mean, here, strict=True)])
            )
    return tuple(np.array(part) for part in zip(*results, strict=True))


def expect_denoised(results, expected, s, what):
    """Compare both results: means to 1e-6, scores to 1e-6 / s or relatively."""
    mean, score = expect_parts(results, PARTS, what)
    expect_close(mean, expected[0], f"the mean of {what}", rtol=1e-9, atol=1e-6)
    expect_close(score, expected[1], f"the score of {what}", rtol=1e-6, atol=1e-6 / s)


@check(points=1, hidden=True)
def the_slope_of_the_log_density(optimal_denoiser, rng):
    """For random points the score is the exact slope of log p, and the mean is y + s² score."""
    for M, N, D, s in [(4, 6, 2, 0.7), (3, 5, 3, 1), (5, 5, 5, 1.5), (1, 4, 1, 0.4), (3, 1, 2, 0.5), (2, 7, 1, 2.0)]:
        y, x, w = rng.normal(size=(M, D)), rng.normal(size=(N, D)), rng.uniform(0.2, 2, N)
        w = w * 10.0 ** rng.choice([-9, 0, 9])

        def log_density(row, x=x, w=w, s=s):
            return np.log(np.sum(w * np.exp(-np.sum((row - x) ** 2, axis=1) / (2 * s * s))))

        score = np.array([complex_step(log_density, row) for row in y])
        what = f"optimal_denoiser of {M} points in {D} dimensions, {N} clean ones, s = {s}"
        expect_denoised(optimal_denoiser(y, x, w, s), (y + s * s * score, score), s, what)


@check(points=1, hidden=True)
def right_for_little_noise_and_for_much(optimal_denoiser, rng):
    """For s from 1e-6 to 1000, on the data and off them, near rows and far ones together, it is right to 1e-6."""
    x, w = rng.normal(size=(6, 2)), rng.uniform(0.2, 2, 6)
    line = np.arange(-3.0, 4.0)[:, None]
    near_and_far = np.array([[0.2], [400.0], [-90.0], [1000.0]])
    for y, points, weights, s in [
        (x + 1e-3 * rng.normal(size=(6, 2)), x, w, 1e-3),
        (rng.normal(size=(3, 2)) + 5, x, w, 1e-6),
        (rng.normal(size=(3, 2)), x, w, 0.02),
        (near_and_far, line, rng.uniform(0.5, 2, 7), 0.5),
        (rng.normal(size=(3, 2)), x, w, 30.0),
        (rng.normal(size=(2, 2)), x, w, 1e3),
        (rng.normal(size=(3, 2)), -1 - np.abs(x), w, 0.5),
        (np.array([[1000.0]]), np.array([[1000.0 - 1e-6], [1000.0]]), np.array([1.0, 2.0]), 1e-6),
    ]:
        what = f"optimal_denoiser with s = {s:g}"
        expect_denoised(optimal_denoiser(y, points, weights, s), in_sixty_digits(y, points, weights, s), s, what)


@check(points=1, hidden=True)
def what_weighs_nothing_is_never_the_clean_one(optimal_denoiser, rng):
    """A clean point of weight 0 has no influence, even where it is the nearest by far."""
    shift = rng.integers(-3, 4, size=2)
    x = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, -1.0]]) + shift
    y = np.array([[0.0, 0.0], [0.1, 0.0], [30.0, 30.0]]) + shift
    for w in (np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.0, 1e-9])):
        for s in (0.5, 0.02):
            expected = in_sixty_digits(y, x, w, s)
            expect_denoised(
                optimal_denoiser(y, x, w, s), expected, s, f"optimal_denoiser with weights {w.tolist()}, s = {s}"
            )


# %% hints
HINTS = [
    "Write the logarithm of each share's numerator: a log weight and a scaled squared distance.",
    "Subtract the largest logarithm before the exponential. The largest of what: of all, or of one row of y?",
    "The log of a weight 0 is minus infinity. Either let it be, or leave such points out from the start.",
    "Average the differences x - y instead of the x, and small noise costs no digits.",
]
WHY = """
The shares are a softmax of log weights minus scaled squared distances, with the maximum of *each row* subtracted:
then the nearest point has the exponential 1, however far away it is. One maximum for all rows would leave rows far
from the data as 0/0. What is averaged is the *step* $x_n - y$, not $x_n$. The mean is $y$ plus that step, and the
score is the step over $s^2$; subtracting $y$ from a finished mean would lose the digits that the division by $s^2 =
10^{-12}$ needs.
"""
COVERS = ["S2.3"]
KERNELS = [kernels.optimal_denoiser]

# %% [markdown]
# **A denoiser that has never seen a density.** Below, 200,000 pairs of a clean and a noisy number. A regression that
# knows only the pairs (the mean of $x$ in each narrow bin of $y$) is a denoiser trained with squared error. It agrees
# with yours to within its sampling error. The last columns turn it into a score, and compare with the slope of
# $\log p$.

# %% experiment
denoise = grader.yours("optimal_denoiser")
draws = np.random.default_rng(0)
points, weights, s = np.array([[-2.0], [0.0], [1.0]]), np.array([0.5, 0.3, 0.2]), 0.6
clean = points[draws.choice(3, 200_000, p=weights), 0]
noisy = clean + s * draws.normal(size=200_000)


def log_density(y):
    return np.log(np.sum(weights * np.exp(-((y - points[:, 0]) ** 2) / (2 * s * s))))


print(f"{'y':>5} {'E[x|y]':>8} {'learned':>8} {'score':>8} {'learned':>8} {'slope of log p':>15}")
for y in (-2.5, -1.0, -0.4, 0.5, 2.0):
    near = np.abs(noisy - y) < 0.05
    learned = clean[near].mean() - (noisy[near].mean() - y)
    (mean,), (score,) = (part[:, 0] for part in denoise(np.array([[y]]), points, weights, s))
    slope = (log_density(y + 1e-5) - log_density(y - 1e-5)) / 2e-5
    print(f"{y:5.1f} {mean:8.3f} {learned:8.3f} {score:8.3f} {(learned - y) / s**2:8.3f} {slope:15.3f}")


# %% right and wrong answers
def shares(y, x, w, s, half=0.5):
    """The shares (M, N), in logarithms."""
    with np.errstate(divide="ignore"):
        a = np.log(w) - half * np.sum(((x - y[:, None]) / s) ** 2, axis=2)
    r = np.exp(a - a.max(axis=1, keepdims=True))
    return r / r.sum(axis=1, keepdims=True)


@right_answer
def score_from_the_mean(y, x, w, s):
    """Mean first, as a product of two matrices, then Tweedie's formula backwards. Shorter; but the score is then a
    difference of two nearly equal numbers over s², at s = 1e-6 and coordinates of 1000 right to six or seven digits.
    """
    mean = shares(y, x, w, s) @ x
    return mean, (mean - y) / s**2


@right_answer
def row_by_row_score_first(y, x, w, s):
    """One noisy point after the other, the score first and the mean by Tweedie's formula: the memory for all
    differences, M N D numbers, is never needed.
    """
    x, w = x[w > 0], w[w > 0]
    scores = []
    for row in y:
        a = np.log(w / w.sum()) - ((x - row) ** 2).sum(axis=1) / (2 * s**2)
        r = np.exp(a - np.logaddexp.reduce(a))
        scores.append(sum(share * (point - row) / s**2 for share, point in zip(r, x, strict=True)))
    scores = np.array(scores)
    return y + s**2 * scores, scores


def from_shares(r, y, x, s):
    """Mean and score from given shares."""
    move = np.einsum("mn,mnd->md", r, x - y[:, None])
    return y + move, move / s**2


OTHER_CHECKS = (two_points_of_weight_one_and_three, shares_of_nine_to_one, the_slope_of_the_log_density)


@wrong_answer(
    passes=OTHER_CHECKS,
    feedback="For small noise every one of these exponentials is 0, and 0/0 is left. Work with their logarithms.",
)
def densities_themselves(y, x, w, s):
    r = w * np.exp(-0.5 * np.sum((x - y[:, None]) ** 2, axis=2) / s**2)
    return from_shares(r / r.sum(axis=1, keepdims=True), y, x, s)


@wrong_answer(
    passes=OTHER_CHECKS,
    feedback="Where all exponentials are 0 something keeps the division from failing, and the point is left as noisy as it was.",
)
def an_epsilon_below(y, x, w, s):
    r = w * np.exp(-0.5 * np.sum((x - y[:, None]) ** 2, axis=2) / s**2)
    return from_shares(r / (r.sum(axis=1, keepdims=True) + 1e-300), y, x, s)


@wrong_answer(
    passes=OTHER_CHECKS,
    feedback="One maximum for all rows is not enough: in a row far from the data everything still underflows.",
)
def one_maximum_for_all_rows(y, x, w, s):
    used = w > 0
    a = np.log(w[used]) - 0.5 * np.sum(((x[used] - y[:, None]) / s) ** 2, axis=2)
    r = np.exp(a - a.max())
    return from_shares(r / r.sum(axis=1, keepdims=True), y, x[used], s)


@wrong_answer(
    passes=(shares_of_nine_to_one,), feedback="The clean points do not count alike: the weights w enter the shares."
)
def weights_ignored(y, x, w, s):
    return from_shares(shares(y, x, np.ones(len(x)), s), y, x, s)


@wrong_answer(
    passes=(two_points_of_weight_one_and_three,),
    feedback="Look again at the exponent of a Gaussian density: the squared distance is divided by twice the variance.",
)
def half_forgotten(y, x, w, s):
    return from_shares(shares(y, x, w, s, half=1.0), y, x, s)


@wrong_answer(
    passes=(two_points_of_weight_one_and_three,),
    feedback="The distances are not scaled as they should be: s is the standard deviation, and the exponent has its square.",
)
def s_as_a_variance(y, x, w, s):
    r = shares(y, x, w, np.sqrt(s))
    return from_shares(r, y, x, s)


@wrong_answer(feedback="The score has the wrong sign: it points where the density grows, toward the data.")
def score_negated(y, x, w, s):
    mean, score = from_shares(shares(y, x, w, s), y, x, s)
    return mean, -score


@wrong_answer(feedback="That is (minus) the noise. The score is one over a length: check the power of s by its unit.")
def noise_for_score(y, x, w, s):
    mean, score = from_shares(shares(y, x, w, s), y, x, s)
    return mean, score * s


@wrong_answer(feedback="The second result is the step to the mean. The score is that step over s squared.")
def step_for_score(y, x, w, s):
    mean, score = from_shares(shares(y, x, w, s), y, x, s)
    return mean, score * s**2


@wrong_answer(
    feedback="You return the most probable clean point. The best guess for the squared error is the mean of them all."
)
def most_probable_point(y, x, w, s):
    r = shares(y, x, w, s)
    return from_shares((r == r.max(axis=1, keepdims=True)).astype(float), y, x, s)


@wrong_answer(
    passes=(two_points_of_weight_one_and_three,),
    feedback="The first result is the step from y. Add y, or average the clean points themselves.",
)
def step_for_mean(y, x, w, s):
    mean, score = from_shares(shares(y, x, w, s), y, x, s)
    return mean - y, score


@wrong_answer(
    what_weighs_nothing_is_never_the_clean_one,
    feedback="A point of weight 0 pulls: something was added to its weight before the logarithm.",
)
def epsilon_in_the_weights(y, x, w, s):
    return from_shares(shares(y, x, w + 1e-15 * w.max(), s), y, x, s)


@wrong_answer(
    passes=(shares_of_nine_to_one,),
    feedback="The weight is added to the exponent as it is. Its logarithm belongs there.",
)
def weight_without_logarithm(y, x, w, s):
    a = w - 0.5 * np.sum(((x - y[:, None]) / s) ** 2, axis=2)
    r = np.exp(a - a.max(axis=1, keepdims=True))
    return from_shares(r / r.sum(axis=1, keepdims=True), y, x, s)
