# %% [markdown]
# ## The smallest penalty that kills every weight
#
# Whoever draws a lasso path needs a place to begin: the penalty at which the last weight dies. One could search for it.
# One can also know it before fitting anything.
#
# $$ \min_{w,\,b}\; \tfrac12 \lVert y - b - Xw \rVert^2 + \lambda \lVert w \rVert_1 $$
#
# Stand at $w = 0$, with the best offset for it. If you give weight $j$ a little push, the first term falls at some rate,
# and the penalty rises at the rate $\lambda$. As long as the penalty wins for *every* weight, in *both* directions,
# nobody can leave 0, and since the problem is convex, this is the minimum. So $\lambda_{\max}$ is the fastest fall that
# any single weight can buy.
#
# | argument | shape | meaning |
# |---|---|---|
# | `X`, `y` | `(n, p)`, `(n,)` | inputs and targets, not centered; the offset $b$ is free; $n = 1$ is allowed |
# | result | number | the smallest $\lambda$ for which $w = 0$ is a minimizer |
#
# **Write `lasso_lambda_max(X, y)`**, for the objective exactly as it stands above, with its factor of one half. The
# targets may come in any unit, as tiny numbers too.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_array, expect_close, right_answer, wrong_answer


# %% answer
def lasso_lambda_max(X, y):
    """Return the smallest lam for which w = 0 minimizes |y - b - Xw|^2 / 2 + lam |w|_1, with a free offset b."""
    # BEGIN SOLUTION
    residual = y - y.mean()  # at w = 0 the best offset is the mean
    slopes = X.T @ residual  # the residual sums to 0, so X need not be centered
    return float(np.max(np.abs(slopes)))
    # END SOLUTION


# %% public checks
@check(points=0.5)
def one_input_by_hand(lasso_lambda_max):
    """For the points (-1, 0) and (1, 2), the residuals at w = 0 are -1 and 1, and the slope is 2."""
    got = lasso_lambda_max(np.array([[-1.0], [1.0]]), np.array([0.0, 2.0]))
    expect_close(got, 2.0, "lasso_lambda_max([[-1], [1]], [0, 2])")


@check(points=0.5)
def a_falling_line_counts_as_well(lasso_lambda_max):
    """For the points (1, 3), (2, 2) and (3, 1) it is 2, although the slope is negative."""
    got = lasso_lambda_max(np.array([[1.0], [2.0], [3.0]]), np.array([3.0, 2.0, 1.0]))
    expect_close(got, 2.0, "lasso_lambda_max([[1], [2], [3]], [3, 2, 1])")


# %% checks
def fall(X, y, j, h=1e-3):
    """How fast half the squared error falls as weight j leaves 0, the offset following: a central difference."""

    def error(weight):
        rest = y - weight * X[:, j]
        return np.sum((rest - np.mean(rest)) ** 2) / 2

    return abs(error(h) - error(-h)) / (2 * h)


def any_weight_after_descent(X, y, lam):
    """Run a plain lasso solver, one weight at a time, and return its largest weight."""
    A, w = X - np.mean(X, axis=0), np.zeros(X.shape[1])
    for _ in range(30):
        for j in range(len(w)):
            pull = A[:, j] @ (y - np.mean(y) - A @ w + A[:, j] * w[j])
            w[j] = np.sign(pull) * max(abs(pull) - lam, 0.0) / np.sum(A[:, j] ** 2)
    return np.max(np.abs(w))


def falling(X, y):
    """The inputs with their signs chosen so that every slope at w = 0 is negative."""
    return X * -np.sign((X - np.mean(X, axis=0)).T @ y)


# %% hidden checks
@check(points=1, hidden=True)
def the_fastest_fall_of_all(lasso_lambda_max, rng):
    """For random data, far from the origin too, it is the fastest fall of the error that one weight can buy."""
    for shape, away in [((10, 3), 1.0), ((4, 6), -5.0), ((30, 2), 0.0), ((4, 4), 1.0)]:
        X, y = rng.normal(size=shape) + away, rng.normal(size=shape[0]) + 5
        expected = max(fall(X, y, j) for j in range(shape[1]))
        for inputs in (X, falling(X, y)):
            expect_close(lasso_lambda_max(inputs, y), expected, f"lasso_lambda_max for inputs of shape {shape}")
        for size in (1e6, 1e-5, 1e-304):  # the targets in another unit
            what = f"lasso_lambda_max for inputs of shape {shape} and targets of size {size:g}"
            expect_close(lasso_lambda_max(X, size * y), size * expected, what, rtol=1e-8, atol=0)
    X, y = rng.integers(-9, 9, size=(8, 2)) / 4.0, rng.integers(-9, 9, size=8) / 4.0
    expected = max(fall(X, y, j) for j in range(2))
    got = lasso_lambda_max(X + 2.0**24, y - 2.0**24)
    expect_close(got, expected, "lasso_lambda_max, 2^24 away from the origin", rtol=1e-6)
    X = np.array([[2, -1], [5, 3], [-2, 1], [6, 6]])
    expect_close(lasso_lambda_max(X, np.array([3, -1, 4, 1])), 20.25, "lasso_lambda_max of integers")


@check(points=0.5, hidden=True)
def a_solver_says_so(lasso_lambda_max, rng):
    """With a penalty just above it a lasso solver returns all zeros, just below it does not."""
    X, y = rng.normal(size=(12, 4)) + 1, rng.normal(size=12) + 3
    X = falling(X, y)
    lam = float(expect_array(lasso_lambda_max(X, y), (), "lasso_lambda_max"))
    above, below = any_weight_after_descent(X, y, 1.001 * lam), any_weight_after_descent(X, y, 0.999 * lam)
    expect(
        above == 0 < below,
        f"The largest weight is {above:.3g} just above your value and {below:.3g} just below.",
        "Zero above, more than zero below.",
        summary="A lasso solver does not agree that this is the smallest penalty that kills every weight.",
    )


@check(points=0.5, hidden=True)
def nothing_to_explain(lasso_lambda_max, rng):
    """For constant targets it is 0, and a shift of the targets or inputs changes nothing."""
    X, y = rng.normal(size=(5, 2)), rng.normal(size=5)
    X = falling(X, y)
    expect_close(lasso_lambda_max(X, np.full(5, 7.0)), 0.0, "lasso_lambda_max for constant targets")
    expect_close(lasso_lambda_max(X[:1], y[:1]), 0.0, "lasso_lambda_max for one example")
    expected = max(fall(X, y, j) for j in range(2))
    expect_close(lasso_lambda_max(X + 10, y - 20), expected, "lasso_lambda_max of shifted data")


# %% hints
HINTS = [
    "Which b is best while w = 0? What is left of y then?",
    "Differentiate half the squared error with respect to one weight, at w = 0. Each weight has its own slope.",
    "The penalty must hold the strongest of them, whichever way it pulls.",
]
COVERS = ["S1.13a"]
KERNELS = [kernels.lasso_lambda_max]
WHY = r"""
At $w = 0$ the best offset is the mean. Because it is the best, letting it follow changes the error only to second
order, so all that weight $j$ can buy is $x_j^\top (y - \bar y)$. It may leave 0 on either side, hence the absolute
value, and the first to leave decides, hence the maximum. `X` need not be centered, as the residuals sum to 0. In
floating point they do so up to rounding, and inputs far from 0 magnify that: with inputs and targets both near $10^8$,
at a spread of 1, no digit is left. There, center both.
"""

# %% [markdown]
# **See it.** A lasso with six inputs, at fractions of your $\lambda_{\max}$, beside ridge at strengths of its own. At
# $\lambda_{\max}$ every lasso weight is 0, a hair below it one weight has left, and on the way down they come one by
# one. The ridge weights shrink as well, and not one of them is ever 0. So if somebody shows you two pictures of paths
# and asks which one is L1: it is the one whose curves reach 0, one by one, and stay there.

# %% experiment
lam_max = grader.yours("lasso_lambda_max")
fit, threshold = grader.yours("ridge"), grader.yours("soft_threshold")
draws = np.random.default_rng(2)
X = draws.normal(size=(40, 6)) @ draws.normal(size=(6, 6)) + 3
y = X @ np.array([2.0, -1.0, 0.0, 0.0, 0.5, 0.0]) + draws.normal(size=40)
A, B = X - X.mean(axis=0), y - y.mean()
rate = 1 / np.linalg.eigvalsh(A.T @ A).max()
for fraction in (1.0, 0.99, 0.5, 0.1, 0.01):
    w = np.zeros(6)
    for _ in range(3000):
        w = threshold(w - rate * A.T @ (A @ w - B), rate * fraction * lam_max(X, y))
    print(f"lasso {fraction:5.2f} of lambda_max: {np.sum(w == 0)} zeros ", *(f"{each:8.4f}" for each in w + 0.0))
for lam in (1e4, 1e2, 1.0):
    w, _ = fit(X, y, lam)
    print(f"ridge {lam:18.0f}: {np.sum(w == 0)} zeros ", *(f"{each:8.4f}" for each in w))


# %% right and wrong answers
@right_answer
def with_centered_inputs(X, y):
    """Centers the inputs in place of the targets: one of the two is enough, on paper. It needs an array of the size of X."""
    return np.abs(np.einsum("np,n->p", X - X.mean(axis=0), y)).max()


@right_answer
def by_numpys_covariances(X, y):
    """np.cov centers both, so this is right to the last digits also where inputs and targets lie at 1e8. One call for each
    column makes it hundreds of times as slow at 2000 x 200.
    """
    return float(max(abs(len(y) * np.cov(column, y, bias=True)[0, 1]) for column in X.T))


def slopes(X, y):
    """All slopes at w = 0."""
    return X.T @ (y - y.mean())


@wrong_answer(passes=(one_input_by_hand,), feedback="The offset is free: center y, and X, first.")
def uncentered(X, y):
    return float(np.abs(X.T @ y).max())


@wrong_answer(
    passes=(one_input_by_hand,),
    feedback="Take the absolute value: a negative slope drives a weight away from 0 as well.",
)
def without_absolute_value(X, y):
    return float(slopes(X, y).max())


@wrong_answer(
    passes=(
        one_input_by_hand,
        a_falling_line_counts_as_well,
    ),
    feedback="You combined the slopes of all weights. The L1 penalty holds each weight by itself: the largest one decides.",
)
def euclidean(X, y):
    return float(np.linalg.norm(slopes(X, y)))


@wrong_answer(feedback="You divided by n, as for the mean of squares. Here the penalty stands beside half the sum.")
def beside_the_mean(X, y):
    return float(np.abs(slopes(X, y)).max() / len(y))


@wrong_answer(
    feedback="Twice too large: the squared error comes with a factor of one half, which the derivative uses up."
)
def without_the_half(X, y):
    return float(2 * np.abs(slopes(X, y)).max())
