# %% [markdown]
# ## Ridge: a spring on every weight
#
# From here on the question is another one. Not how to get down, but where to stop. A model with many weights and few
# data can bend itself through every noisy point. Two inputs that say almost the same get weights of $+1000$ and
# $-1000$, which nearly cancel, until the next patient comes along. The oldest remedy, and still the first one to try, is
# to limit the weights. Ridge regression ties each of them to 0 with a spring:
#
# $$ \min_{w,\,b}\; \lVert y - Xw - b \rVert^2 + \lambda \lVert w \rVert^2. $$
#
# The term is added to the *error function*, and nothing else changes. The offset $b$ has no spring: it only says where
# the targets have their origin, and whether one counts in Celsius or in Kelvin should not matter.
#
# **The solution, line by line.** Set the derivative with respect to $b$ to zero:
# $\sum_n (y_n - x_n^\top w - b) = 0$, that is $b = \bar y - \bar x^\top w$. Put this back in, and only *centered* data
# are left, $A = X - \bar x$ and $B = y - \bar y$:
#
# $$ \min_w\; \lVert B - Aw \rVert^2 + \lambda \lVert w \rVert^2
#    \quad\Rightarrow\quad (A^\top A + \lambda I)\,w = A^\top B. $$
#
# For $\lambda > 0$ the matrix is positive definite, so there is exactly one solution, even with more weights than data.
# For $\lambda = 0$ this is ordinary least squares. Then there may be infinitely many best $w$, and the shortest of them
# is the limit of the ridge solution for $\lambda \to 0$.
#
# | argument | shape | meaning |
# |---|---|---|
# | `X`, `y` | `(n, p)`, `(n,)` | inputs and targets, not centered; $p > n$ is allowed, and so are $n = 1$ and inputs that are copies of each other but for a ten-thousandth |
# | `lam` | number $\ge 0$ | $\lambda$, beside the **sum** of squares |
# | first result | `(p,)` | $w$; for `lam = 0` the shortest of all least-squares solutions |
# | second result | number | $b$ |
#
# **Write `ridge(X, y, lam)`.** The targets may come in any unit, as tiny numbers too.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, expect_parts, right_answer, wrong_answer

PARTS = ("w", "b")


# %% answer
def ridge(X, y, lam):
    """Return (w, b), shapes (p,) and (), that minimize |y - Xw - b|^2 + lam |w|^2; the shortest w if lam is 0."""
    # BEGIN SOLUTION
    center, level = X.mean(axis=0), y.mean()
    A, B = X - center, y - level
    gram = A.T @ A + lam * np.eye(X.shape[1])
    w = np.linalg.solve(gram, A.T @ B) if lam > 0 else np.linalg.pinv(A) @ B  # the shortest of all best solutions
    return w, level - center @ w
    # END SOLUTION


# %% public checks
@check(points=0.5)
def a_line_through_two_points(ridge):
    """Without a penalty, the line through (0, 3) and (1, 5) has the slope 2 and the offset 3."""
    expect_close(
        ridge(np.array([[0.0], [1.0]]), np.array([3.0, 5.0]), 0.0), ([2.0], 3.0), "ridge, lam = 0", parts=PARTS
    )


@check(points=0.5)
def a_spring_that_halves_the_slope(ridge):
    """For (0, 3) and (2, 5) the centered squares sum to 2, so lam = 2 halves the slope of 1; the line still meets (1, 4)."""
    results = ridge(np.array([[0.0], [2.0]]), np.array([3.0, 5.0]), 2.0)
    expect_close(results, ([0.5], 3.5), "ridge([[0], [2]], [3, 5], 2)", parts=PARTS)


# %% checks
def by_more_data(X, y, lam):
    """The penalty as p more examples, sqrt(lam) times a unit vector each, with target 0 and no offset."""
    n, p = X.shape
    rows = np.block([[X, np.ones((n, 1))], [np.sqrt(lam) * np.eye(p), np.zeros((p, 1))]])
    solution = np.linalg.lstsq(rows, np.concatenate([y, np.zeros(p)]), rcond=None)[0]
    return solution[:-1], solution[-1]


def far_from_the_origin(rng):
    """Twelve examples with three inputs around 2, and targets around 50."""
    return rng.normal(size=(12, 3)) + 2, rng.normal(size=12) + 50


# %% hidden checks
@check(points=1, hidden=True)
def as_if_the_penalty_were_data(ridge, rng):
    """For any penalty, and with more weights than data, it equals least squares with the penalty as extra examples."""
    X, y = far_from_the_origin(rng)
    wide, square = ((rng.normal(size=(n, p)), rng.normal(size=n) + 9) for n, p in ((3, 6), (4, 4)))
    for (inputs, targets), lam in [((X, y), 1.0), ((X, y), 0.01), (wide, 0.5), (square, 0.5), ((X[:1], y[:1]), 1.0)]:
        expected = by_more_data(inputs, targets, lam)
        expect_close(
            ridge(inputs, targets, lam), expected, f"ridge with inputs {inputs.shape}, lam = {lam}", parts=PARTS
        )
    for size in (1e3, 1e-6):  # in other units, and with the penalty in these
        w, b = by_more_data(X, y, 1.0)
        results = ridge(size * X, size * y, size**2)
        expect_close(results, (w, size * b), f"ridge with inputs and targets of size {size:g}", atol=0, parts=PARTS)

    for size in (1e6, 1e-303):  # the targets alone in other units
        w, b = by_more_data(X, y, 1.0)
        results = ridge(X, size * y, 1.0)
        expect_close(results, (size * w, size * b), f"ridge with targets of size {size:g}", atol=0, parts=PARTS)


def nearly_copies(rng, apart):
    """Twelve examples with four inputs, the second and the third the same but for a little, and targets that notice."""
    X = rng.normal(size=(12, 4)) + 2
    X[:, 2] = X[:, 1] + apart * rng.normal(size=12)
    return X, X @ rng.normal(size=4) + (X[:, 2] - X[:, 1]) / apart + 0.1 * rng.normal(size=12)


@check(points=0.5, hidden=True)
def nearly_the_same_input_twice(ridge, rng):
    """Two inputs that differ by a ten-thousandth are two inputs, with a penalty and with none."""
    for apart in (1e-2, 1e-4):
        X, y = nearly_copies(rng, apart)
        for lam in (0.0, apart**2, 1.0):
            what = f"ridge with two inputs that are {apart:g} apart, lam = {lam:g}"
            expect_close(ridge(X, y, lam), by_more_data(X, y, lam), what, rtol=1e-5, atol=1e-5, parts=PARTS)


@check(points=1, hidden=True)
def without_penalty_the_shortest_best_fit(ridge, rng):
    """With lam = 0 it is least squares, and where many fits are equally good, the shortest w among them."""
    X, y = far_from_the_origin(rng)
    expect_close(ridge(X, y, 0.0), by_more_data(X, y, 0.0), "ridge with lam = 0", parts=PARTS)
    twins = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
    expect_close(
        ridge(twins, np.array([5.0, 9.0, 13.0]), 0), ([2.0, 2.0], 1.0), "ridge with two equal inputs", parts=PARTS
    )
    wide, few = rng.normal(size=(3, 6)), rng.normal(size=3) + 9
    w, b = expect_parts(ridge(wide, few, 0.0), PARTS, "ridge with 3 examples, 6 inputs, lam = 0")
    expected = np.zeros(6)
    U, sizes, directions = np.linalg.svd(wide - wide.mean(axis=0))
    for i in range(2):  # three centered examples span two directions
        expected = expected + directions[i] * (U[:, i] @ (few - few.mean())) / sizes[i]
    what = "ridge with 3 examples and 6 inputs, lam = 0"
    expect_close((w, b), (expected, few.mean() - wide.mean(axis=0) @ expected), what, parts=PARTS)


@check(points=0.5, hidden=True)
def the_origin_does_not_matter(ridge, rng):
    """Shifting all targets shifts b alone; under a huge penalty w vanishes and b is the mean of the targets."""
    X, y = far_from_the_origin(rng)
    w, b = by_more_data(X, y, 2.0)
    expect_close(ridge(X, y + 100, 2.0), (w, b + 100), "ridge after a shift of the targets by 100", parts=PARTS)
    for shifted in (np.array([5.0, -3.0, 1.0]), np.array([-9.0, -8.0, -9.0])):
        expect_close(ridge(X + shifted, y, 2.0), (w, b - shifted @ w), "ridge after a shift of the inputs", parts=PARTS)
    all_below = (w, b - 100 + 9 * np.sum(w))
    expect_close(ridge(X - 9, y - 100, 2.0), all_below, "ridge with inputs and targets below 0", parts=PARTS)
    w, b = expect_parts(ridge(X, y, 1e12), PARTS, "ridge with lam = 1e12")
    expect_close(b, y.mean(), "b of ridge with lam = 1e12")
    expected = [np.sum((column - column.mean()) * (y - y.mean())) / 1e12 for column in X.T]
    expect_close(w, np.array(expected), "w of ridge with lam = 1e12", rtol=1e-7, atol=0)


# %% hints
HINTS = [
    "Which b is best for a given w? Put it back in, and the offset is gone from the problem.",
    "Center inputs and targets, solve for w, then work b out. With lam = 0 the matrix may have no inverse.",
    "A pseudo-inverse, or a least-squares solver, returns the shortest of all best solutions.",
]
COVERS = ["S1.11", "S1.12b", "S1.12c", "S1.12d"]
KERNELS = [kernels.ridge]
WHY = r"""
For any $w$ the best offset is $\bar y - \bar x^\top w$. Centering puts it in, and the spring is left with $w$ alone;
`b` is worked out at the end. The $\lambda$ on the diagonal lifts every eigenvalue of $A^\top A$ by $\lambda$, so the
system can be solved even with more weights than data. At $\lambda = 0$ it may be singular, and the pseudo-inverse takes
over. It is taken of $A$ and not of $A^\top A$: squaring a matrix squares its condition number, which costs half of the
digits.
"""

# %% [markdown]
# > **A common claim: "the bias is never regularized."** A good convention, not a law: the weight decay of several libraries
# > shrinks biases too, unless one tells it not to. What is lost then? Below, all targets are shifted by 100, as by a
# > change of the origin of the scale. With a free offset, $b$ follows by exactly 100, and the slopes stay. Put a spring
# > on the offset as well, and it follows only part of the way, while the slopes bend to make up for the rest.
# >
# > **A common claim: "the ridge term is added to the hidden layers"** or **"with $\lambda = 0$ it becomes a non-linear
# > regression."** One meets weight decay in networks, and a penalty makes a curve stiffer; so much is true. It is added
# > to the error, and with $\lambda = 0$ it is least squares, linear as ever: the first and the last row of the second
# > table are the same.

# %% experiment
fit = grader.yours("ridge")
draws = np.random.default_rng(0)
X = draws.normal(size=(20, 2)) + 1
y = X @ np.array([1.0, -2.0]) + draws.normal(size=20)


def with_a_spring_on_b(X, y, lam):
    """Ridge that penalizes the offset like a weight."""
    all_in = np.column_stack([X, np.ones(len(X))])
    solution = np.linalg.solve(all_in.T @ all_in + lam * np.eye(3), all_in.T @ y)
    return solution[:-1], solution[-1]


for name, method in (("offset free", fit), ("offset penalized", with_a_spring_on_b)):
    (w, b), (w_shifted, b_shifted) = method(X, y, 3.0), method(X, y + 100, 3.0)
    print(
        f"{name:>16}: b follows by {b_shifted - b:6.2f} of 100, the slopes change by {np.round(w_shifted - w, 2) + 0.0}"
    )

least_squares = np.linalg.lstsq(np.column_stack([X, np.ones(20)]), y, rcond=None)[0]
print(f"{'least squares':>16}: w =", np.round(least_squares[:2], 4), f"b = {least_squares[2]:.4f}")
for lam in (1000.0, 10.0, 0.0):
    w, b = fit(X, y, lam)
    print(f"{f'lambda = {lam:g}':>16}: w =", np.round(w, 4), f"b = {b:.4f}")


# %% right and wrong answers
@right_answer
def by_singular_values(X, y, lam):
    """One decomposition serves every strength: 40 of them took a fifth of the time at 2000 x 200, though a single one
    takes six times as long. It never squares X, and keeps 13 digits for two inputs that are 1e-4 apart, where the
    normal equations keep 8.
    """
    U, sizes, directions = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    kept = sizes > 1e-10 * max(1e-300, sizes.max())
    factors = np.zeros_like(sizes)
    factors[kept] = sizes[kept] / (sizes[kept] ** 2 + lam)
    w = directions.T @ (factors * (U.T @ (y - y.mean())))
    return w, np.mean(y - X @ w)


def centered(X, y, lam):
    """The slopes for data that are taken as they are."""
    return np.linalg.pinv(X.T @ X + lam * np.eye(X.shape[1])) @ (X.T @ y)


@wrong_answer(
    without_penalty_the_shortest_best_fit,
    feedback="With lam = 0 the shortest w is asked for. Yours is the shortest w and b together, as if b had a spring.",
)
def shortest_with_its_offset(X, y, lam):
    if lam > 0:
        return by_singular_values(X, y, lam)
    solution = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), y, rcond=None)[0]
    return solution[:-1], solution[-1]


@wrong_answer(
    nearly_the_same_input_twice,
    feedback="You cut off directions that are small but not 0. Two inputs that are nearly copies still are two inputs.",
)
def small_directions_cut_off(X, y, lam):
    A = X - X.mean(axis=0)
    w = np.linalg.pinv(A.T @ A + lam * np.eye(X.shape[1]), rcond=1e-6) @ (A.T @ (y - y.mean()))
    return w, np.mean(y - X @ w)


@wrong_answer(
    without_penalty_the_shortest_best_fit,
    feedback="Where a singular value is 0 and lam is 0 too, s / (s^2 + lam) is 0/0. Such a direction gets the weight 0.",
)
def nothing_by_nothing(X, y, lam):
    U, s, V = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    s = np.where(s > 1e-10 * s.max(), s, 0.0)
    with np.errstate(all="ignore"):
        w = V.T @ (s / (s * s + lam) * (U.T @ (y - y.mean())))
    return w, np.mean(y) - X.mean(axis=0) @ w


@wrong_answer(
    passes=(a_line_through_two_points,),
    feedback="You penalized the bias: predictions then depend on where y has its origin.",
)
def spring_on_the_offset(X, y, lam):
    solution = centered(np.column_stack([X, np.ones(len(X))]), y, lam)
    return solution[:-1], solution[-1]


@wrong_answer(
    passes=(
        a_line_through_two_points,
        without_penalty_the_shortest_best_fit,
    ),
    feedback="The objective is the sum of squares: its penalty is lam, not n lam.",
)
def beside_the_mean(X, y, lam):
    return by_singular_values(X, y, len(y) * lam)


@wrong_answer(
    feedback="Center X and y before you solve: fitting w without the offset and adding b afterwards is not the minimizer."
)
def offset_as_an_afterthought(X, y, lam):
    w = centered(X, y, lam)
    return w, np.mean(y - X @ w)


@wrong_answer(
    feedback="Your b is the mean of the targets, the offset for centered inputs. Take back what the means of X contribute."
)
def offset_of_the_centered_data(X, y, lam):
    return by_singular_values(X, y, lam)[0], np.mean(y)


@wrong_answer(
    without_penalty_the_shortest_best_fit,
    feedback="With lam = 0 the matrix may be singular, and solve has no answer then. The shortest best fit still exists.",
)
def always_solved(X, y, lam):
    A = X - X.mean(axis=0)
    w = np.linalg.solve(A.T @ A + lam * np.eye(X.shape[1]), A.T @ (y - y.mean()))
    return w, np.mean(y - X @ w)


@wrong_answer(
    passes=(
        a_line_through_two_points,
        without_penalty_the_shortest_best_fit,
    ),
    feedback="The penalty is lam times the squared norm, not half of it and not lam squared: look at the factor beside I.",
)
def half_the_penalty(X, y, lam):
    return by_singular_values(X, y, lam / 2)
