# %% [markdown]
# ## Early stopping, in closed form
#
# There is a regularizer that costs less than nothing: stop. The longer gradient descent runs, the farther it gets from
# its start, and the more of the noise it fits. For a quadratic loss one can say exactly where it is after $t$ steps,
# without taking any of them.
#
# $$ f(w) = \tfrac12 w^\top H w - c^\top w, \qquad w \leftarrow w - \eta\,(Hw - c) $$
#
# For least squares $H = X^\top X$ and $c = X^\top y$. Turn the axes until $H$ is diagonal: $H = U \Lambda U^\top$, and in
# the coordinates $u = U^\top w$ every direction goes its own way. For a single one, with eigenvalue $\lambda$ and
# $k = (U^\top c)_i$:
#
# $$ u \leftarrow (1 - \eta\lambda)\,u + \eta k
#    \quad\Rightarrow\quad
#    u_t = \underbrace{(1 - \eta\lambda)^t}_{\text{left of the start}} u_0
#        + \underbrace{\eta \sum_{i=0}^{t-1} (1 - \eta\lambda)^i}_{\text{geometric series}} k. $$
#
# For $\lambda > 0$ the series is $\bigl(1 - (1 - \eta\lambda)^t\bigr) / \lambda$. So the direction has covered the share
# $1 - (1 - \eta\lambda)^t$ of its way from $u_0$ to the optimum $k / \lambda$. Steep directions arrive early, flat ones
# late: **early stopping is a filter**. Where the loss is entirely flat, $\lambda = 0$, every term of the series is 1: the
# start is kept for ever, and the sum is $\eta t$.
#
# | argument | shape | meaning |
# |---|---|---|
# | `H` | `(p, p)` | symmetric, positive semi-definite; **may be singular** |
# | `c`, `w0` | `(p,)` | linear term; the start; tiny ones too |
# | `eta` | number $> 0$ | step size; $\eta\lambda$ may lie between 1 and 2, where steps overshoot |
# | `t` | integer $\ge 0$ | the number of steps, up to a billion, $10^9$ |
# | result | `(p,)` | $w$ after $t$ steps, to $10^{-5}$ of its largest component |
#
# **Write `gradient_descent_after(H, c, w0, eta, t)`, without a loop over the steps.** (A billion of them would take Python
# minutes.) An eigenvalue of a singular `H` may come out of NumPy as $10^{-17}$ in place of 0. One of $10^{-10}$ is small,
# but not 0: after so many steps it counts.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def gradient_descent_after(H, c, w0, eta, t):
    """Return w, shape (p,), after t steps of w <- w - eta (H w - c) from w0."""
    # BEGIN SOLUTION
    eigenvalues, U = np.linalg.eigh(H)
    kept = (1 - eta * eigenvalues) ** t
    flat = eta * eigenvalues < 1e-14
    series = np.where(flat, eta * t, (1 - kept) / np.where(flat, 1.0, eigenvalues))
    return U @ (kept * (U.T @ w0) + series * (U.T @ c))
    # END SOLUTION


# %% public checks
@check(points=0.5)
def two_steps_half_way_each(gradient_descent_after):
    """With H = 1, c = 1 and eta = 1/2, each step from 0 halves the distance to 1: after two steps w = 0.75."""
    got = gradient_descent_after(np.eye(1), np.ones(1), np.zeros(1), 0.5, 2)
    expect_close(got, [0.75], "gradient_descent_after([[1]], [1], [0], 0.5, 2)")


@check(points=0.5)
def level_ground_and_a_far_start(gradient_descent_after):
    """With H = diag(1, 0), c = (0, 1), from (4, 0), after three half steps: 4/8 along the first, 3/2 along the second."""
    got = gradient_descent_after(np.diag([1.0, 0.0]), np.array([0.0, 1.0]), np.array([4.0, 0.0]), 0.5, 3)
    expect_close(got, [0.5, 1.5], "gradient_descent_after(diag(1, 0), [0, 1], [4, 0], 0.5, 3)")


# %% checks
def step_by_step(H, c, w, eta, t):
    """All the steps, one after the other."""
    for _ in range(t):
        w = w - eta * (H @ w - c)
    return w


def by_doubling(H, c, w, eta, t):
    """The step as one matrix on (w, 1), squared again and again."""
    n = len(c)
    step = np.block([[np.eye(n) - eta * H, eta * c[:, None]], [np.zeros((1, n)), np.ones((1, 1))]])
    return (np.linalg.matrix_power(step, t) @ np.append(w, 1.0))[:n]


def a_bowl(rng, rows, p):
    """A random H, singular if rows < p, with its largest eigenvalue equal to 2, and a random c that it can reach."""
    A = rng.normal(size=(rows, p))
    H = A.T @ A
    H = 2 * H / np.linalg.eigvalsh(H)[-1]
    return H, H @ rng.normal(size=p)


# %% hidden checks
@check(points=1, hidden=True)
def as_if_every_step_were_taken(gradient_descent_after, rng):
    """It equals the steps themselves, from 0 and from elsewhere, also where steps overshoot, and for no step at all."""
    for start, eta, t in [(0.0, 0.1, 5), (1.0, 0.1, 50), (1.0, 0.05, 37), (1.0, 0.9, 7), (2.0, 0.1, 0), (1.0, 0.3, 1),
                          (1e4, 0.1, 9), (1e-5, 0.1, 9), (1e-200, 0.1, 9), (1.0, 1, 6)]:  # fmt: skip
        H, c = a_bowl(rng, 6, 4)
        c = c * (start or 1.0)
        w0 = start * rng.normal(size=4)
        expected = step_by_step(H, c, w0, eta, t)
        what = f"gradient_descent_after {t} steps from {'0' if start == 0 else 'elsewhere'}, eta = {eta}"
        near = 1e-10 * np.max(np.abs(expected))
        expect_close(gradient_descent_after(H, c, w0, eta, t), expected, what, atol=near)
    got = gradient_descent_after(np.array([[3, 1], [1, 2]]), np.array([1, 0]), np.array([2, 5]), 0.25, 2)
    expect_close(got, [-0.375, 1.125], "gradient_descent_after two quarter steps, H, c and w0 of integers")


@check(points=1, hidden=True)
def flat_directions(gradient_descent_after, rng):
    """Where H is singular the start is kept along the flat directions, and a slope there carries on for ever."""
    H, c = a_bowl(rng, 2, 4)
    for tilt in (np.zeros(4), rng.normal(size=4)):
        w0 = rng.normal(size=4)
        expected = step_by_step(H, c + tilt, w0, 0.1, 20)
        what = f"gradient_descent_after 20 steps, H singular, c {'beyond' if tilt.any() else 'within'} its reach"
        expect_close(gradient_descent_after(H, c + tilt, w0, 0.1, 20), expected, what)


def in_single_directions(eigenvalues, c, w0, eta, t):
    """Where H is diagonal every component goes its own way, and exponents keep the digits of a small eigenvalue."""
    left = [t * math.log1p(-eta * one) for one in eigenvalues]
    carried = [-math.expm1(a) / one if one else eta * t for a, one in zip(left, eigenvalues, strict=True)]
    return np.array([math.exp(a) * w + s * k for a, s, w, k in zip(left, carried, w0, c, strict=True)])


@check(points=1, hidden=True)
def a_billion_steps(gradient_descent_after, rng):
    """After a million steps and a billion it is where it should be, in steep, slow and flat directions."""
    U = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    for eigenvalues in ([2.0, 0.5, 0.1], [1.0, 1e-6, 1e-7], [1.0, 0.3, 0.0]):
        H = (U * np.array(eigenvalues)) @ U.T
        H = (H + H.T) / 2
        c, w0 = H @ rng.normal(size=3), rng.normal(size=3)
        expected = by_doubling(H, c, w0, 0.1, 10**6)
        what = f"gradient_descent_after a million steps, eigenvalues {eigenvalues}"
        near = 1e-5 * np.max(np.abs(expected))
        expect_close(gradient_descent_after(H, c, w0, 0.1, 10**6), expected, what, rtol=0, atol=near)
    for eigenvalues, t in [([1e-9, 0.5, 0.25], 10**6), ([0.5, 1e-10, 0.0], 10**9), ([0.25, 3e-9, 0.0], 10**9)]:
        c, w0 = rng.choice([-1.0, 1.0], 3) * np.where(np.array(eigenvalues) > 0, eigenvalues, 1e-9), np.ones(3)
        expected = in_single_directions(eigenvalues, c, w0, 0.9, t)
        what = f"gradient_descent_after {t:,} steps, H diagonal with {eigenvalues}"
        got = gradient_descent_after(np.diag(eigenvalues), c, w0, 0.9, t)
        expect_close(got, expected, what, rtol=0, atol=1e-5 * np.max(np.abs(expected)))


# %% hints
HINTS = [
    "np.linalg.eigh returns the eigenvalues and the matrix U of a symmetric H. Work in the coordinates U^T w.",
    "Two numbers for each direction: how much of the start is left, and how far the pull of c has carried it.",
    "Treat an eigenvalue of about 1e-17 as 0, and use for it what the geometric series becomes.",
    "Do not forget the way back from the turned coordinates.",
]
COVERS = ["S0.q", "S0.s"]
KERNELS = [kernels.gradient_descent_after]
WHY = r"""
In the coordinates of the eigenvectors the directions no longer mix. Each takes steps of its own, they form a geometric
series, and a billion of them are one power. The trap is the sum of the series, $(1 - a) / \lambda$, where $\lambda$ is
0 or what rounding made of it: noise divided by noise. Below $\eta\lambda = 10^{-14}$ the limit $\eta t$ takes its
place, and this is no approximation to worry about: it differs by half of $\eta\lambda t$, which even after a billion
steps is below $10^{-5}$.
"""

# %% [markdown]
# ### A filter, and its neighbor
#
# Start at 0. Then in every direction $w_t$ is the least-squares solution times a factor, and so is ridge:
#
# $$ \text{early stopping:}\;\; 1 - (1 - \eta\lambda)^t, \qquad\qquad \text{ridge:}\;\; \frac{\lambda}{\lambda + \alpha}. $$
#
# Both are near 1 for large $\lambda$ and near 0 for small. With $\alpha = 1/(\eta t)$ both begin as $\eta\lambda t$, so
# the longer one trains, the weaker the ridge that it resembles.
#
# > **A common claim: "early stopping is the same as L2 regularization."** It is similar, under three conditions: a quadratic
# > loss, small steps, and a start at the origin. *Similar:* the first table puts the two filters side by side. They meet
# > at both ends, and in between early stopping lets up to 0.2036 more pass, at $\lambda\eta t \approx 2.51$. *The start:*
# > ridge shrinks towards 0, wherever one begins. Early stopping shrinks towards the start, as the second table shows,
# > with a bowl that has a steep and a flat direction.
# >
# > **A common claim: "more iterations raise the effective capacity."** The effective number of parameters, the sum of the
# > filter over all directions, does grow with every step, *if* $\eta$ is below $1/\lambda_{\max}$. Between that and
# > $2/\lambda_{\max}$ gradient descent still converges, but the steepest direction overshoots, and the sum goes up and
# > down: third table.

# %% experiment
after = grader.yours("gradient_descent_after")


def filter_after(eigenvalues, eta, t):
    """The share of the way to the optimum that each direction has covered, from a start at 0."""
    return after(np.diag(eigenvalues), eigenvalues, np.zeros(len(eigenvalues)), eta, t)


eta, t = 1e-6, 1_000_000
product = np.array([0.01, 0.1, 1.0, 2.51, 10.0, 100.0])
shares = {"early stopping": filter_after(product / (eta * t), eta, t), "ridge": product / (product + 1)}
shares["difference"] = shares["early stopping"] - shares["ridge"]
print(f"{'lambda eta t':>16}", *(f"{each:8g}" for each in product))
for name, share in shares.items():
    print(f"{name:>16}", *(f"{each:8.4f}" for each in share))

bowl, pull = np.diag([1.0, 0.02]), np.array([1.0, 0.02])
print("\nstart      after 20 steps        ridge with alpha = 1/(eta t)     (optimum: 1, 1)")
for start in (np.zeros(2), np.array([3.0, 3.0]), np.array([-2.0, 5.0])):
    stopped, shrunk = after(bowl, pull, start, 0.5, 20), np.linalg.solve(bowl + np.eye(2) / (0.5 * 20), pull)
    print(
        f"{start[0]:3.0f} {start[1]:3.0f}", f"{stopped[0]:10.3f} {stopped[1]:7.3f} {shrunk[0]:16.3f} {shrunk[1]:7.3f}"
    )

eigenvalues = np.array([1.0, 0.3, 0.1])
print(f"\n{'steps':>24}", *(f"{count:6d}" for count in range(1, 8)))
for eta in (0.9, 1.9):
    freedom = [filter_after(eigenvalues, eta, count).sum() for count in range(1, 8)]
    print(f"{f'eta = {eta} / lambda_max':>24}", *(f"{each:6.2f}" for each in freedom))


# %% right and wrong answers
@right_answer
def one_matrix_many_times(H, c, w0, eta, t):
    """The step is linear in (w, 1), so t steps are the power of one matrix, by 30 squarings for a billion. Flat directions
    need no case of their own; with 200 weights it takes about four times as long.
    """
    n = len(c)
    step = np.eye(n + 1)
    step[:n, :n] -= eta * H
    step[:n, n] = eta * c
    end = np.append(np.asarray(w0, dtype=float), 1.0)
    while t:
        if t % 2:
            end = step @ end
        step, t = step @ step, t // 2
    return end[:n]


def filtered(H, c, w0, eta, t, kept=None, start=1.0):
    """The closed form, with another share of the start in it."""
    values, U = np.linalg.eigh(H)
    left = (1 - eta * values) ** t if kept is None else kept(values)
    none = abs(eta * values) < 1e-14
    carried = np.where(none, eta * t, (1 - left) / np.where(none, 1, values))
    return U @ (start * left * (U.T @ w0) + carried * (U.T @ c))


@wrong_answer(
    passes=(two_steps_half_way_each,),
    feedback="Early stopping shrinks towards the initial point w0, not towards 0: its share is missing.",
)
def the_start_forgotten(H, c, w0, eta, t):
    return filtered(H, c, w0, eta, t, start=0.0)


@wrong_answer(
    passes=(a_billion_steps,),
    feedback="exp(-eta lambda t) is the limit of small steps. Steps of this size leave (1 - eta lambda)^t.",
)
def continuous_time(H, c, w0, eta, t):
    return filtered(H, c, w0, eta, t, kept=lambda values: np.exp(-eta * values * t))


@wrong_answer(feedback="That is ridge with alpha = 1/(eta t): similar to early stopping, not equal.")
def ridge_instead(H, c, w0, eta, t):
    alpha = 1 / (eta * t) if t else 1e30
    return np.linalg.solve(H + alpha * np.eye(len(c)), c + alpha * w0)


@wrong_answer(
    flat_directions,
    feedback="You divide by an eigenvalue that is 0, or 1e-17 in its place. A flat direction needs its own formula.",
)
def divided_by_nothing(H, c, w0, eta, t):
    values, U = np.linalg.eigh(H)
    left = (1 - eta * values) ** t
    carried = np.where(values == 0, eta * t, (1 - left) / np.where(values == 0, 1.0, values))
    return U @ (left * (U.T @ w0) + carried * (U.T @ c))


@wrong_answer(
    level_ground_and_a_far_start,
    flat_directions,
    a_billion_steps,
    feedback="Along a flat direction a slope carries on with every step. A pseudo-inverse makes that motion 0.",
)
def by_the_pseudo_inverse(H, c, w0, eta, t):
    optimum = np.linalg.pinv(H, rcond=1e-12, hermitian=True) @ c
    return optimum + np.linalg.matrix_power(np.eye(len(c)) - eta * H, t) @ (w0 - optimum)


def with_a_border(H, c, w0, eta, t, border):
    """The closed form, where every direction with an eigenvalue below a border is taken for flat."""
    values, U = np.linalg.eigh(H)
    values = np.where(values < border, 0.0, values)
    return filtered((U * values) @ U.T, c, w0, eta, t)


@wrong_answer(
    a_billion_steps,
    feedback="You take directions for flat that are not: an eigenvalue counts as soon as eta lambda t does.",
)
def small_taken_for_flat(H, c, w0, eta, t):
    return with_a_border(H, c, w0, eta, t, 1e-8)


@wrong_answer(passes=(a_billion_steps,), feedback="One step too many: after no step at all w is still w0.")
def one_step_too_many(H, c, w0, eta, t):
    return filtered(H, c, w0, eta, t + 1)
