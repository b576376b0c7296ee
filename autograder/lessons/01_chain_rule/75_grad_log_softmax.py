# %% [markdown]
# ## The score of a softmax
#
# Let the logits themselves be functions of parameters $u$, as they are in every network: $x = x(u)$, with Jacobian
# $J = \partial x / \partial u$. How does the log-probability of one class move with $u$? Take the logarithm first and the chain
# rule second, and the quotient disappears:
#
# $$ \log S(x)_i = x_i - \log \sum_j e^{x_j}
#    \quad\Longrightarrow\quad
#    \nabla_u \log S(x(u))_i = \nabla_u x_i - \mathbb{E}_{j \sim S}\bigl[\nabla_u x_j\bigr]. $$
#
# Its own pull minus the average pull, and the average is taken under the model's own probabilities. This difference returns in
# policy gradients and in energy-based models under the name *score*.
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | `(K,)` | logits, possibly very large |
# | `J` | `(K, D)` | $\partial x_k / \partial u_d$ |
# | `i` | integer | the class |
# | result | `(D,)` | the gradient of $\log S(x(u))_i$ |
#
# **Write `grad_log_softmax(x, J, i)`.**

# %% imports
import numpy as np

from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def grad_log_softmax(x, J, i):
    """Return the gradient, shape (D,), of log softmax(x(u))_i with respect to u, where J = dx/du has shape (K, D)."""
    # BEGIN SOLUTION
    weights = np.exp(x - np.max(x))
    probabilities = weights / np.sum(weights)
    return J[i] - probabilities @ J
    # END SOLUTION


# %% public checks
@check(points=0.5)
def two_equal_logits(grad_log_softmax):
    """With two equal logits and x = u, the gradient for class 0 is (1/2, -1/2)."""
    expect_close(grad_log_softmax(np.zeros(2), np.eye(2), 0), [0.5, -0.5], "grad_log_softmax([0, 0], I, 0)")


@check(points=0.5)
def three_to_one(grad_log_softmax):
    """With probabilities 3/4 and 1/4 and pulls of 4 and 8, class 1 is moved by 8 - 5 = 3."""
    got = grad_log_softmax(np.array([np.log(3.0), 0.0]), np.array([[4.0], [8.0]]), 1)
    expect_close(got, [3.0], "grad_log_softmax([ln 3, 0], [[4], [8]], 1)")


# %% hidden checks
STEP = 1e-30


@check(points=1, hidden=True)
def it_matches_the_complex_step(grad_log_softmax, rng):
    """For random logits and Jacobians it matches a derivative taken to machine precision, for every class."""
    x, jacobian = rng.normal(size=4), rng.normal(size=(4, 3))
    for i in range(4):
        expected = np.empty(3)
        for d in range(3):
            moved = x + 1j * STEP * jacobian[:, d]
            expected[d] = np.imag(moved[i] - np.log(np.sum(np.exp(moved)))) / STEP
        expect_close(grad_log_softmax(x, jacobian, i), expected, f"grad_log_softmax at random x, class {i}")


@check(points=1, hidden=True)
def where_the_average_is_known(grad_log_softmax, rng):
    """With logits of 800 and -800 the average is the winner's pull; equal pulls and a single class give 0."""
    jacobian = rng.normal(size=(3, 2))
    got = grad_log_softmax(np.array([800.0, -800.0, 0.0]), jacobian, 1)
    expect_close(got, jacobian[1] - jacobian[0], "grad_log_softmax([800, -800, 0], ...)")
    equal = np.tile(rng.normal(size=2), (3, 1))
    expect_close(grad_log_softmax(rng.normal(size=3), equal, 0), np.zeros(2), "grad_log_softmax with equal rows of J")
    expect_close(
        grad_log_softmax(np.array([5.0]), rng.normal(size=(1, 2)), 0), np.zeros(2), "grad_log_softmax of one class"
    )


# %% hints
HINTS = [
    "Differentiate x_i - log sum exp(x_j) with the chain rule; the logarithm turns the quotient into a difference.",
    "The derivative of the log-sum is a weighted mean of the rows of J. Which weights?",
    "The weights are the softmax probabilities; compute them without overflow.",
]
COVERS = ["S0.x"]


# %% right and wrong answers
@right_answer
def by_the_rows_differences(x, J, i):
    ratios = np.exp(x - x.max())
    ratios = ratios / ratios.sum()
    return np.sum(ratios[:, None] * (J[i] - J), axis=0)


@wrong_answer(
    passes=(two_equal_logits,), feedback="The average is taken under the softmax probabilities, not with equal weights."
)
def with_equal_weights(x, J, i):
    return J[i] - J.mean(axis=0)


@wrong_answer(feedback="The average pull is subtracted: log S_i = x_i minus a log-sum.")
def with_the_wrong_sign(x, J, i):
    s = np.exp(x - x.max())
    return J[i] + s / s.sum() @ J


@wrong_answer(
    feedback="This is the gradient of S_i itself. The logarithm divides by S_i, and your extra factor goes away."
)
def of_the_probability(x, J, i):
    s = np.exp(x - x.max())
    s = s / s.sum()
    return s[i] * (J[i] - s @ J)


@wrong_answer(feedback="You returned the average pull alone. The class's own row of J is missing.")
def the_average_alone(x, J, i):
    s = np.exp(x - x.max())
    return -(s / s.sum()) @ J


@wrong_answer(where_the_average_is_known, feedback="exp(800) overflows: shift the logits before you exponentiate.")
def without_a_shift(x, J, i):
    with np.errstate(all="ignore"):
        s = np.exp(x)
        return J[i] - (s / s.sum()) @ J
