# %% [markdown]
# ## How exact zeros arise
#
# The lasso, least squares with an L1 penalty, is famous for weights that are exactly 0. Gradient descent does not find
# them. It steps over 0, is pushed back, steps over it again. What does find them is to solve the smallest possible
# problem exactly: one weight, a parabola with its minimum at $z$, and the penalty.
#
# $$ \min_w\; \tfrac12 (w - z)^2 + t\,|w| $$
#
# Think of a bead at $z$ that is pulled towards 0 with the constant force $t$. If it starts far out, it comes to rest
# where the parabola pulls back as hard: $t$ closer to 0 than it was. If it starts within $t$ of 0, it reaches 0 and
# *stays there*, for at the corner the penalty can hold against any force up to $t$. On the three parts of the line the
# answer is
#
# $$ S_t(z) = \begin{cases} z - t & \text{if } z > t, \\ 0 & \text{if } |z| \le t, \\ z + t & \text{if } z < -t. \end{cases} $$
#
# This is the **soft threshold**, also called the proximal step of L1. The hard threshold would keep $z$ as it is beyond
# $t$. This one shrinks what survives.
#
# | argument | shape | meaning |
# |---|---|---|
# | `z` | any | where the parabolas have their minima, also tiny numbers |
# | `t` | number, or an array that broadcasts to `z` | the thresholds, $\ge 0$ |
# | result | as `z` | the minimizers, element by element; **exactly** 0 where $\lvert z\rvert \le t$ |
#
# **Write `soft_threshold(z, t)`.**

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def soft_threshold(z, t):
    """Return argmin_w (w - z)^2 / 2 + t |w|, element by element, of the shape of z."""
    # BEGIN SOLUTION
    return np.sign(z) * np.maximum(np.abs(z) - t, 0.0)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def one_survives_and_one_does_not(soft_threshold):
    """With a threshold of 1/2, 2 becomes 1.5 and -0.1 becomes 0."""
    expect_close(soft_threshold(np.array([2.0, -0.1]), 0.5), [1.5, 0.0], "soft_threshold([2, -0.1], 0.5)")


@check(points=0.5)
def on_the_negative_side(soft_threshold):
    """With a threshold of 1, -3 becomes -2: both sides move towards 0."""
    expect_close(soft_threshold(np.array([-3.0, 3.0]), 1.0), [-2.0, 2.0], "soft_threshold([-3, 3], 1)")


# %% hidden checks
def by_trying(z, t):
    """The best of the three places where a minimum can be: 0, and the resting place of either side."""
    places = [0.0, z - t, z + t]
    return min(places, key=lambda w: (w - z) ** 2 / 2 + t * abs(w))


@check(points=1, hidden=True)
def nothing_is_better(soft_threshold, rng):
    """For numbers of any size, integers too, and any shape it is the best of all places where a minimum can be."""
    for shape, t, size in [((40,), 0.7, 1), ((3, 4), 0.2, 1), ((5,), 3.0, 1), ((1,), 1.0, 1e4), ((2, 1, 3), 500.0, 1e4),
                           ((3, 3), 1e-12, 1e-12), ((4,), 1e-150, 1e-150)]:  # fmt: skip
        z = 2 * size * rng.normal(size=shape)
        expected = np.reshape([by_trying(float(each), t) for each in z.flat], shape)
        expect_close(soft_threshold(z, t), expected, f"soft_threshold of random numbers, t = {t}", atol=0)
    got = soft_threshold(np.array([0.25, 2.25, -3.5, 0.75]), 0.5)
    expect_close(got, [0.0, 1.75, -3.0, 0.25], "soft_threshold([0.25, 2.25, -3.5, 0.75], 0.5)")
    expect_close(soft_threshold(np.array([-2.0, -2.0]), 0.5), [-1.5, -1.5], "soft_threshold([-2, -2], 0.5)")
    got = soft_threshold(np.array([5, -4, 0, 1]), 1.5)
    expect_close(got, [3.5, -2.5, 0.0, 0.0], "soft_threshold of the integers [5, -4, 0, 1], t = 1.5")
    got = soft_threshold(np.array([-3e-300, 2e-302, 9e-301]), 1e-301)
    expect_close(got, [-2.9e-300, 0.0, 8e-301], "soft_threshold([-3e-300, 2e-302, 9e-301], 1e-301)", atol=0)


@check(points=0.5, hidden=True)
def zeros_are_exact(soft_threshold, rng):
    """Up to and including |z| = t the result is 0 to the last bit; with t = 0 nothing changes."""
    t = rng.uniform(0.3, 0.9)
    z = t * np.array([1.0, -1.0, 0.6, -0.6, 0.0, 1e-300])
    expect_close(soft_threshold(z, t), np.zeros(6), "soft_threshold within the threshold", rtol=0, atol=0)
    z = np.array([1.5, -2.0, 0.0, t])
    expect_close(soft_threshold(z, 0.0), z, "soft_threshold with t = 0", rtol=0, atol=0)


@check(points=0.5, hidden=True)
def a_threshold_for_each(soft_threshold, rng):
    """Each element may have a threshold of its own, each column of a matrix, square or not, or each row."""
    z, t = rng.uniform(2, 4, 4) * [1, -1, -1, 1], np.array([0.1, 10.0, 0.5, 0.0])
    expected = [by_trying(float(a), float(b)) for a, b in zip(z, t, strict=True)]
    expect_close(soft_threshold(z, t), np.array(expected), "soft_threshold with four thresholds")
    for shape in [(3, 3), (2, 1, 3), (2, 1, 3, 2), ()]:
        z, t = (
            np.array(rng.uniform(1, 3, size=shape) * rng.choice([-1, 1], size=shape)),
            np.array(rng.uniform(size=shape)),
        )
        expected = np.reshape([by_trying(float(a), float(b)) for a, b in zip(z.flat, t.flat, strict=True)], shape)
        expect_close(soft_threshold(z, t), expected, f"soft_threshold of shape {shape} with a threshold for each")
    for rows, t in [(3, [0.3, 1.5]), (3, [0.2, 3.0, 0.9]), (1, [0.2, 3.0])]:
        z, t = 2 * rng.normal(size=(rows, len(t))), np.array(t)
        expected = [[by_trying(float(a), float(b)) for a, b in zip(row, t, strict=True)] for row in z]
        what = f"soft_threshold of {z.shape} with a threshold for each column"
        expect_close(soft_threshold(z, t), np.array(expected), what)
        what = f"soft_threshold of {z.T.shape} with a threshold for each row"
        expect_close(soft_threshold(z.T.copy(), t[:, None]), np.transpose(expected), what)


# %% hints
HINTS = [
    "Work with the distance from 0 first, and put the sign back at the end.",
    "The distance shrinks by t, but a distance cannot become negative.",
    "Sign, absolute value, and a maximum with 0: three NumPy functions, one line.",
]
COVERS = ["S1.13b", "S1.16b"]
KERNELS = [kernels.soft_threshold]
WHY = """
The penalty is a sum over the weights, so each has its own little problem. For $w > 0$ the slope $w - z + t$ vanishes at
$w = z - t$, and by symmetry a negative $z$ moves towards 0 as well: the distance shrinks by $t$, the sign stays.
`np.maximum` is where the zeros come from. A distance cannot become negative, so whatever is within $t$ ends at 0 to the
last bit. A subgradient step goes by a fixed amount, and steps over it.
"""

# %% [markdown]
# > **A common claim: "train with an L1 penalty, and weights become 0."** At the minimum they are 0. With subgradient
# > steps they do not get there. Below, a lasso with 40 inputs of which 5 matter, solved in two ways with the same step
# > size: by 5000 subgradient steps, and by 5000 rounds of a gradient step followed by your soft threshold. Both reach
# > almost the same loss. The first leaves weights of a few thousandths, flickering around 0, and not one exact zero. The
# > second has dozens.
# >
# > **A common claim: "exact zeros save computation."** Nobody need multiply by 0, and so they could, if somebody took
# > them out. A matrix product multiplies by 0 as diligently as by any other number. Below, a matrix with nine tenths of
# > its inputs dead: in the dense product the zeros cost their full time, and only without those columns it becomes fast.
# > (How fast depends on the machine.)

# %% experiment
import time

threshold = grader.yours("soft_threshold")
draws = np.random.default_rng(0)
X, truth = draws.normal(size=(100, 40)), np.zeros(40)
truth[:5] = 1.0
y = X @ truth + 0.5 * draws.normal(size=100)
lam, rate = 30.0, 0.02 / np.linalg.eigvalsh(X.T @ X).max()
steps = {
    "subgradient": lambda w: w - rate * (X.T @ (X @ w - y) + lam * np.sign(w)),
    "soft threshold": lambda w: threshold(w - rate * X.T @ (X @ w - y), rate * lam),
}
print(f"{'steps by':>16} {'loss':>10} {'exact zeros':>12} {'below 0.01':>11}   of 40 weights")
for name, step in steps.items():
    w = 0.1 * np.random.default_rng(1).normal(size=40)
    for _ in range(5000):
        w = step(w)
    loss = np.sum((y - X @ w) ** 2) / 2 + lam * np.abs(w).sum()
    print(f"{name:>16} {loss:10.4f} {np.sum(w == 0):12d} {np.sum(abs(w) < 0.01):11d}")

inputs, full = draws.normal(size=(200, 600)), draws.normal(size=(600, 300))
alive = np.arange(600) % 10 == 0
with_zeros = np.where(alive[:, None], full, 0.0)
some_inputs, some_weights = inputs[:, alive].copy(), full[alive]
for name, a, b in (
    ("all weights", inputs, full),
    ("nine tenths zero", inputs, with_zeros),
    ("zeros taken out", some_inputs, some_weights),
):
    seconds = []
    for _ in range(15):
        start = time.perf_counter()
        a @ b
        seconds.append(time.perf_counter() - start)
    print(f"{name:>18}: {1000 * min(seconds):6.2f} ms")


# %% right and wrong answers
@right_answer
def what_is_left_after_clipping(z, t):
    """z is what lies within the threshold plus what is left. One clip and one difference: the fastest of the three."""
    return z - np.clip(z, -np.asarray(t), t)


@right_answer
def by_three_cases(z, t):
    """The formula as it is printed, for reading. np.where works out every branch for every element: more than twice the
    time.
    """
    return np.where(z > t, z - t, np.where(z < -np.asarray(t), z + t, 0.0))


@wrong_answer(
    nothing_is_better,
    feedback="Your results came out as whole numbers: an integer, such as the 0 for what is cut, decided their type.",
)
def whole_numbers(z, t):
    def one(each, limit):
        return each - limit if each > limit else each + limit if each < -limit else 0

    return np.vectorize(one)(z, t)


@wrong_answer(
    a_threshold_for_each,
    feedback="A threshold for each column was laid along the rows. Let NumPy broadcast t: its last axis meets the last of z.",
)
def along_the_rows(z, t):
    z, t = np.asarray(z, dtype=float), np.asarray(t)
    if t.ndim == 1 and z.ndim == 2 and len(t) == len(z):
        t = t[:, None]
    return z - np.clip(z, -t, t)


@wrong_answer(passes=(zeros_are_exact,), feedback="That is the hard threshold: what survives must shrink by t too.")
def hard(z, t):
    return np.where(np.abs(z) > t, z, 0.0)


@wrong_answer(passes=(one_survives_and_one_does_not,), feedback="The sign of z is lost: put it back.")
def without_the_sign(z, t):
    return np.maximum(np.abs(z) - t, 0.0)


@wrong_answer(
    passes=(on_the_negative_side,),
    feedback="That is a subgradient step: it crosses 0 and never stops there. Stop at 0.",
)
def crosses_zero(z, t):
    return z - t * np.sign(z)


@wrong_answer(feedback="You returned what is cut off, the part of z within the threshold. Asked for is what is left.")
def the_part_cut_off(z, t):
    return np.clip(z, -np.asarray(t), t)


@wrong_answer(feedback="That is the answer for the penalty t/2 w squared: it divides, and never reaches 0.")
def as_for_l2(z, t):
    return z / (1 + np.asarray(t))


@wrong_answer(
    passes=(one_survives_and_one_does_not,),
    feedback="Your negative side is cut to 0 altogether. Both sides shrink towards 0 alike.",
)
def one_sided(z, t):
    return np.maximum(z - t, 0.0)
