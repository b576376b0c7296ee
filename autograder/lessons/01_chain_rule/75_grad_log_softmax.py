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
# policy gradients, where $\nabla_u \log S$ is called the *score*. (The score of energy-based and diffusion models is another
# one: a derivative with respect to the data, not to the parameters.)
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | `(K,)` | finite logits of any size and sign |
# | `J` | `(K, D)` | $\partial x_k / \partial u_d$ |
# | `i` | integer | the class, from 0 to K - 1 |
# | result | `(D,)` | the gradient of $\log S(x(u))_i$ |
#
# **Write `grad_log_softmax(x, J, i)`**, from the formula, to eleven digits: a difference quotient has fewer.

# %% imports
import numpy as np

from helpers.checking import check, complex_step, expect_close, is_pure, right_answer, wrong_answer


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
def log_probability(x, i):
    """log softmax(x)_i, for complex logits of ordinary size too."""
    return x[i] - np.log(np.sum(np.exp(x)))


@check(points=1, hidden=True)
def it_matches_the_complex_step(grad_log_softmax, rng):
    """For random logits and Jacobians of any size it matches a derivative taken to machine precision, for every class."""
    sizes = [(4, 3), (3, 3), (2, 4), (3, 1), (2, 2)]
    for (k, d), scale in [*((size, 1.0) for size in sizes), ((4, 2), 1e4), ((4, 2), 1e-4), ((3, 2), 1e-10)]:
        x, jacobian = 2 * rng.normal(size=k), scale * rng.normal(size=(k, d))
        for i in range(k):
            expected = complex_step(lambda u, x=x, j=jacobian, i=i: log_probability(x + j @ u, i), np.zeros(d))
            what = f"grad_log_softmax at random x, K, D = {k}, {d}, class {i}"
            expect_close(grad_log_softmax(x, jacobian, i), expected, what, rtol=1e-11, atol=1e-13 * scale)


@check(points=1, hidden=True)
def where_the_average_is_known(grad_log_softmax, rng):
    """A common shift changes nothing, however large; a clear winner's pull is the average; equal pulls and one class give 0."""
    jacobian = rng.normal(size=(3, 2))
    for winner, shift in [(2.0, 0.0), (9.0, 1000.0), (9.0, -1000.0), (14.0, 65536.0), (20.0, -65536.0)]:
        sure = np.array([winner, 0.0, 1.0])
        expected = jacobian[0] * (1 + np.exp(1.0)) - jacobian[1] - np.exp(1.0) * jacobian[2]
        expected = expected / np.exp(sure).sum()
        got = grad_log_softmax(sure + shift, jacobian, 0)
        expect_close(got, expected, f"grad_log_softmax with all logits near {shift:g}", rtol=1e-11)
    for far in (800.0, 1e150):
        got = grad_log_softmax(np.array([far, -far, 0.0]), jacobian, 1)
        expect_close(got, jacobian[1] - jacobian[0], f"grad_log_softmax([{far:g}, {-far:g}, 0], ...)")
    got = grad_log_softmax(np.array([1e-150, -1e-150]), np.array([[1.0], [5.0]]), 1)
    expect_close(got, [2.0], "grad_log_softmax([1e-150, -1e-150], [[1], [5]], 1)")
    got = grad_log_softmax(np.array([-3.0, -3.0]), np.array([[-1.0], [-5.0]]), 1)
    expect_close(got, [-2.0], "grad_log_softmax([-3, -3], [[-1], [-5]], 1)")
    equal = np.tile(rng.normal(size=2), (3, 1))
    expect_close(grad_log_softmax(rng.normal(size=3), equal, 0), np.zeros(2), "grad_log_softmax with equal rows of J")
    got = grad_log_softmax(np.array([5.0]), rng.normal(size=(1, 2)), 0)
    expect_close(got, np.zeros(2), "grad_log_softmax of one class")


# %% hints
HINTS = [
    "Differentiate x_i - log sum exp(x_j) with the chain rule; the logarithm turns the quotient into a difference.",
    "The derivative of the log-sum is a weighted mean of the rows of J. Which weights?",
    "The weights are the softmax probabilities; compute them without overflow.",
]
COVERS = ["S0.x"]
WHY = r"""
The logarithm turns the quotient into a difference, so nothing is ever divided by $S_i$, which may be 0. The derivative
of $x_i$ is row $i$ of $J$, and that of the log-sum-exp is the average row, `probabilities @ J`. Average the result over
the classes, each with its own probability, and you get $\sum_i S_i\,(J_i - \sum_j S_j J_j) = 0$: a score has mean zero.
That is why policy gradients may subtract a baseline.
"""


# %% right and wrong answers
@right_answer
def by_the_rows_differences(x, J, i):
    """Averages the differences of the rows, which is the same since the probabilities sum to 1. Where the rows are large
    and nearly equal it keeps digits that a difference of two averages loses; it makes one more array of shape (K, D).
    """
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


@wrong_answer(
    where_the_average_is_known,
    feedback="Large logits give nan: an exponential overflows. Shift them so that the largest becomes 0 before you exponentiate.",
)
def without_a_shift(x, J, i):
    with np.errstate(all="ignore"):
        s = np.exp(x)
        return J[i] - (s / s.sum()) @ J


@wrong_answer(
    where_the_average_is_known,
    feedback="Very negative logits give nan: every exponential became 0. Shift by the largest logit, also where it is negative.",
)
def shifted_down_only(x, J, i):
    s = np.exp(x - max(x.max(), 0.0))
    return J[i] - (s / s.sum()) @ J


@wrong_answer(
    where_the_average_is_known,
    feedback="Large logits were clipped to one value, and their differences with it. Shift them: that changes no difference.",
)
def clipped(x, J, i):
    s = np.exp(np.clip(x, -500, 500))
    return J[i] - (s / s.sum()) @ J


@wrong_answer(
    feedback="You divided the pull of class i by its probability. What is subtracted from it is the average pull of all classes."
)
def divided_by_the_probability(x, J, i):
    s = np.exp(x - x.max())
    return J[i] / (s / s.sum())[i]


@wrong_answer(
    is_pure,
    feedback="The gradient is right, but one of the arguments is no longer what it was: some line works in place.",
)
def in_place(x, J, i):
    result = by_the_rows_differences(x, J, i)
    x -= x.max()
    return result + 0 * x[0]


@wrong_answer(
    where_the_average_is_known,
    feedback="Where the probability of class i is 0 the result is nan. On paper the division by S_i cancels: do it there, not in the program.",
)
def row_of_the_jacobian_over_the_probability(x, J, i):
    s = np.exp(x - x.max())
    s = s / s.sum()
    with np.errstate(all="ignore"):
        return (np.diag(s) - np.outer(s, s))[i] / s[i] @ J
