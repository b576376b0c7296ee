# %% [markdown]
# ## A forger with K printing plates
#
# To compute with a forger, take the smallest one: it can print $K$ different notes, and chooses note $k$ with probability
# $q_k$, a softmax of its parameters $\theta$. The detective's verdict gives every note a price $f_k$, to be
# minimized on average:
#
# $$ J(\theta) = \sum_k q_k\, f_k, \qquad q = \mathrm{softmax}(\theta). $$
#
# While the forger takes its step the prices are **frozen**: that they would change with $q$ is the detective's business,
# not the forger's. What is the gradient of $J$?
#
# | argument | shape | meaning |
# |---|---|---|
# | `theta` | `(K,)`, $K \ge 1$ | logits, finite, of any size: 900 and $-2000$ occur |
# | `fvals` | `(K,)` | prices $f_k$ |
# | result | `(K,)` | $\partial J / \partial \theta$, with `fvals` held fixed |
#
# **Write `softmax_generator_gradient(theta, fvals)`.**
#
# The same gradient is called the *score-function* or REINFORCE gradient with a perfect baseline, taken over all outcomes
# instead of over a sample.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, right_answer, wrong_answer


# %% answer
def softmax_generator_gradient(theta, fvals):
    """Return the gradient for theta of sum_k softmax(theta)_k fvals_k, shape (K,), with fvals held fixed."""
    # BEGIN SOLUTION
    q = np.exp(theta - theta.max())
    q = q / q.sum()
    return q * (fvals - q @ fvals)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def two_plates(softmax_generator_gradient):
    """With equal chances and the prices 1 and 0, the first logit should fall: its slope is 1/4, the other's -1/4."""
    got = softmax_generator_gradient(np.zeros(2), np.array([1.0, 0.0]))
    expect_close(got, [0.25, -0.25], "softmax_generator_gradient([0, 0], [1, 0])")


@check(points=0.5)
def three_plates(softmax_generator_gradient):
    """With q = (1/2, 1/4, 1/4) and the prices (0, 4, 8): the mean price is 3, and the slopes are (-3/2, 1/4, 5/4)."""
    got = softmax_generator_gradient(np.log([2.0, 1.0, 1.0]), np.array([0.0, 4.0, 8.0]))
    expect_close(got, [-1.5, 0.25, 1.25], "softmax_generator_gradient(log [2, 1, 1], [0, 4, 8])")


# %% hidden checks
def mean_price(theta, fvals):
    """J, for moderate logits, real or complex."""
    return np.sum(np.exp(theta) * fvals) / np.sum(np.exp(theta))


@check(points=1, hidden=True)
def the_slopes_of_the_mean_price(softmax_generator_gradient, rng):
    """For any number of plates, one too, it is the gradient."""
    for K in (4, 3, 2, 1, 9):
        theta, fvals = rng.normal(size=K), 7 + rng.normal(size=K)
        expected = complex_step(lambda z, fvals=fvals: mean_price(z, fvals), theta)
        got = softmax_generator_gradient(theta, fvals)
        expect_close(got, expected, f"softmax_generator_gradient with {K} plates")


@check(points=1, hidden=True)
def logits_of_any_size(softmax_generator_gradient, rng):
    """Huge logits of either sign do no harm, and a shift that is common to all changes nothing."""
    theta, fvals = rng.normal(size=4), rng.normal(size=4)
    expected = complex_step(lambda z: mean_price(z, fvals), theta)
    for shift in (900.0, -2000.0):
        got = softmax_generator_gradient(theta + shift, fvals)
        expect_close(got, expected, f"softmax_generator_gradient, all logits moved by {shift:g}")
    got = softmax_generator_gradient(np.array([900.0, 0.0, -900.0]), fvals[:3])
    expect_close(got, np.zeros(3), "softmax_generator_gradient([900, 0, -900], ...)")
    got = softmax_generator_gradient(np.array([1e150, 0.0]), np.array([-1.0, -1.0]))
    expect_close(got, np.zeros(2), "softmax_generator_gradient([1e150, 0], [-1, -1])")
    got = softmax_generator_gradient(np.array([1e-150, 0.0]), np.array([-1.0, -2.0]))
    expect_close(got, [0.25, -0.25], "softmax_generator_gradient([1e-150, 0], [-1, -2])")
    got = softmax_generator_gradient(np.array([1500.0, 1500.0, -1500.0]), np.array([2.0, 0.0, 5.0]))
    expect_close(got, [0.5, -0.5, 0.0], "softmax_generator_gradient([1500, 1500, -1500], [2, 0, 5])")


# %% hints
HINTS = [
    "The derivative of q_k for theta_j is q_k ([k = j] - q_j), as you found in lesson 01.",
    "Multiply by the prices and add over k: which mean appears?",
    "The probabilities sum to one, so a price that is common to all notes must drop out. Let that be your test.",
]
WHY = r"""
$\partial q_k / \partial \theta_j = q_k ([k = j] - q_j)$. Times the prices and added over $k$ that is $q_j (f_j -
\sum_k q_k f_k)$: a note becomes rarer by as much as it is dearer than the *average*, and in proportion to how often
it is printed. A price that all notes have in common drops out, which finds most mistakes here. The largest logit
comes off first; the softmax does not mind, and $e^{900}$ would.
"""
COVERS = ["S2.19", "S2.21"]
KERNELS = [kernels.softmax_generator_gradient]

# %% [markdown]
# > **A common claim: "if the detective wins, the forger at least knows that it is bad."** It knows the price, and a price
# > is not a direction. Take histograms that share no bin. The best detective says 0 on every bin that the forger uses, so
# > with the saturating loss every one of its notes costs $\log(1 - 0) = 0$: all prices are the same, and the
# > gradient is 0. That is JS from the forger's side: constant, $\log 2$, wherever the forger stands. In the cell a
# > forger with nine plates moves its mass towards the data, bin by bin. Its gradient wakes up when the first
# > bin is shared, and not before.

# %% experiment
gradient, best = grader.yours("softmax_generator_gradient"), grader.yours("optimal_discriminator")
data = np.array([0.25, 0.5, 0.25, 0, 0, 0, 0, 0, 0])
print(f"{'forger in bins':>15} {'JS':>7} {'largest slope':>14}")
for start in (6, 5, 4, 3, 2, 1):
    theta = np.full(9, -2000.0)
    theta[start : start + 3] = np.log([0.25, 0.5, 0.25])
    q = np.exp(theta)
    D = best(data, q)
    prices = np.log(np.where(q > 0, 1 - D, 1.0))
    m = (data + q) / 2
    js = sum(np.sum(a[a > 0] * np.log(a[a > 0] / m[a > 0])) for a in (data, q)) / 2
    print(f"{start:>11} to {start + 2} {js:7.4f} {np.abs(gradient(theta, prices)).max():14.4f}")


# %% right and wrong answers
def chances(theta):
    small = np.exp(theta - np.max(theta))
    return small / small.sum()


@right_answer
def by_the_jacobian(theta, fvals):
    """The whole Jacobian of the softmax, times the prices: easy to check against lesson 01. It writes down K squared
    numbers to multiply them away.
    """
    q = chances(theta)
    return (np.diag(q) - np.outer(q, q)) @ fvals


@right_answer
def by_two_loops(theta, fvals):
    """Index by index, as the derivative is written. Good as an oracle in a test."""
    q = chances(theta)
    return np.array([sum(q[k] * (float(k == j) - q[j]) * fvals[k] for k in range(len(q))) for j in range(len(q))])


@wrong_answer(
    feedback="The probabilities are coupled: raising one lowers the others. What is missing is the mean price."
)
def without_the_mean(theta, fvals):
    return chances(theta) * fvals


@wrong_answer(
    feedback="That is the diagonal of the softmax's Jacobian. A logit also changes the probabilities of the other notes."
)
def diagonal_alone(theta, fvals):
    q = chances(theta)
    return q * (1 - q) * fvals


@wrong_answer(feedback="The factor q_k is missing: a note that is never printed cannot matter.")
def without_the_chance(theta, fvals):
    return fvals - chances(theta) @ fvals


@wrong_answer(
    passes=(two_plates,),
    feedback="The mean price is an expectation under the forger, not the plain mean of the prices.",
)
def plain_mean(theta, fvals):
    return chances(theta) * (fvals - fvals.mean())


@wrong_answer(
    passes=(two_plates, three_plates, the_slopes_of_the_mean_price),
    feedback="The exponentials overflow, or all vanish. Shift the logits first: the softmax does not mind.",
)
def unshifted(theta, fvals):
    q = np.exp(theta)
    q = q / q.sum()
    return q * (fvals - q @ fvals)


@wrong_answer(feedback="That is the direction of descent. The gradient points where the mean price grows.")
def downhill(theta, fvals):
    q = chances(theta)
    return -q * (fvals - q @ fvals)


@wrong_answer(feedback="You let the prices pass through the softmax. They are numbers; only q depends on theta.")
def softmax_of_the_prices(theta, fvals):
    return chances(theta) - chances(fvals)


@wrong_answer(feedback="Each slope is divided by the number of plates. J is an expectation already.")
def divided_by_the_number(theta, fvals):
    q = chances(theta)
    return q * (fvals - q @ fvals) / len(q)
