# %% [markdown]
# ## Cross-entropy, from the logits
#
# A forecast of probabilities $y$ is judged by what it said about what happened. If class $c$ came, the forecaster pays
# $-\log y_c$ nats: nothing for certainty that was right, a fortune for certainty that was wrong. With target weights $c_{nk}$ and
# the mean over $N$ examples,
#
# $$ L = -\frac1N \sum_{n,k} c_{nk} \log \mathrm{softmax}(x_n)_k. $$
#
# Going back, two long formulas cancel into a short one. This is the reason why softmax and cross-entropy are always seen together:
#
# $$ \frac{\partial L}{\partial x_{nk}} = \frac1N \Bigl( \bigl(\textstyle\sum_j c_{nj}\bigr)\, y_{nk} - c_{nk} \Bigr),
#    \qquad y_n = \mathrm{softmax}(x_n). $$
#
# Where the weights of a row sum to 1, as one-hot targets do, this is the famous $(y - c)/N$, the third group of bars in the
# opening figure. In general the sum stays.
#
# | argument | shape | meaning |
# |---|---|---|
# | `logits` | `(N, K)` | any size; $-\infty$ marks a class that is ruled out |
# | `c` | `(N, K)` | target weights, $\ge 0$; rows **need not** sum to 1; 0 wherever the logit is $-\infty$ |
# | results | number, `(N, K)` | the loss in nats, and its gradient |
#
# **Write `cross_entropy_from_logits(logits, c)`.** A target of 0 contributes nothing, even where the logarithm is $-\infty$
# ($0 \cdot \infty$ is nan in floating point, and 0 here). Never take the logarithm of a probability. Both arguments stay as
# they are.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_close, expect_parts, right_answer, wrong_answer

PARTS = ("the loss", "the gradient")


# %% answer
def cross_entropy_from_logits(logits, c):
    """Return (mean cross-entropy in nats, its gradient (N, K)) for target weights c whose rows need not sum to 1."""
    # BEGIN SOLUTION
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    log_y = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    examples = len(logits)
    loss = -np.sum(c[c > 0] * log_y[c > 0]) / examples
    weight = np.sum(c, axis=1, keepdims=True)
    return loss, (weight * np.exp(log_y) - c) / examples
    # END SOLUTION


# %% public checks
@check(points=0.5)
def a_coin_toss(cross_entropy_from_logits):
    """Two equal logits and a sure target cost ln 2, with gradient (-1/2, 1/2)."""
    expected = math.log(2), np.array([[-0.5, 0.5]])
    got = cross_entropy_from_logits(np.zeros((1, 2)), np.array([[1.0, 0.0]]))
    expect_close(got, expected, "cross_entropy_from_logits([[0, 0]], [[1, 0]])", parts=PARTS)


@check(points=0.5)
def two_examples_by_hand(cross_entropy_from_logits):
    """Rows (ln 3, 0) and (0, 0) with targets (1, 0) and (0, 1): loss (ln 4/3 + ln 2)/2, gradient (-1/8, 1/8), (1/4, -1/4)."""
    logits = np.array([[math.log(3), 0.0], [0.0, 0.0]])
    expected = (math.log(4 / 3) + math.log(2)) / 2, np.array([[-0.125, 0.125], [0.25, -0.25]])
    expect_close(
        cross_entropy_from_logits(logits, np.eye(2)), expected, "cross_entropy_from_logits of two rows", parts=PARTS
    )


# %% hidden checks
def row_loss(logits, c):
    """The loss of one row, with exact sums."""
    top = max(logits)
    log_total = top + math.log(math.fsum(math.exp(one - top) for one in logits))
    return math.fsum(weight * (log_total - one) for one, weight in zip(logits, c, strict=True) if weight)


def by_rows(logits, c, h=1e-30):
    """Loss with exact sums, gradient by the complex step."""
    loss = math.fsum(row_loss(*pair) for pair in zip(logits.tolist(), c.tolist(), strict=True)) / len(logits)
    gradient = np.empty_like(logits)
    for k in range(logits.shape[1]):
        moved = logits.astype(complex)
        moved[:, k] += 1j * h
        log_y = moved - np.log(np.sum(np.exp(moved), axis=1, keepdims=True))
        gradient[:, k] = np.imag(-np.sum(c * log_y, axis=1)) / h / len(logits)
    return loss, gradient


@check(points=1, hidden=True)
def targets_that_sum_to_one(cross_entropy_from_logits, rng):
    """For one-hot and soft targets, one row or many, loss and gradient match exact sums and the complex step."""
    one_hot = np.eye(4)[rng.integers(0, 4, size=5)]
    for logits, c in [
        (rng.normal(size=(5, 4)), one_hot),
        (rng.normal(size=(3, 4)), rng.dirichlet(np.ones(4), size=3)),
        (rng.normal(size=(1, 3)), np.eye(3)[[2]]),
    ]:
        expected, what = by_rows(logits, c), f"cross_entropy_from_logits of {len(c)} rows"
        expect_close(cross_entropy_from_logits(logits, c), expected, what, parts=PARTS)


@check(points=1, hidden=True)
def weights_of_any_sum(cross_entropy_from_logits, rng):
    """Target weights that do not sum to 1 scale a row's loss and its gradient."""
    logits, c = rng.normal(size=(3, 4)), rng.uniform(0, 2, size=(3, 4))
    expected, what = by_rows(logits, c), "cross_entropy_from_logits with weights of any sum"
    expect_close(cross_entropy_from_logits(logits, c), expected, what, parts=PARTS)


@check(points=1, hidden=True)
def confidence_of_ten_thousand(cross_entropy_from_logits):
    """Logits of 10000: right certainty costs nothing, wrong certainty exactly 10000 nats."""
    certain = np.array([[1e4, 0.0], [0.0, 1e4]])
    expected = 0.0, np.zeros((2, 2))
    expect_close(cross_entropy_from_logits(certain, np.eye(2)), expected, "a forecast, certain and right", parts=PARTS)
    expected = 1e4, np.array([[1.0, -1.0]])
    got = cross_entropy_from_logits(np.array([[1e4, 0.0]]), np.array([[0.0, 1.0]]))
    expect_close(got, expected, "a forecast, certain and wrong", parts=PARTS)
    rows = np.array([[0.0, 1.0], [0.0, 1.0]])
    expected, far_apart = by_rows(rows, np.eye(2)), rows + np.array([[0.0], [5000.0]])
    expect_close(cross_entropy_from_logits(far_apart, np.eye(2)), expected, "two rows 5000 apart", parts=PARTS)


@check(points=0.5, hidden=True)
def a_class_that_is_ruled_out(cross_entropy_from_logits):
    """A logit of -inf with target 0 counts as if the class were not there."""
    loss, gradient = row_loss([0.0, 1.0], [1.0, 0.0]), math.e / (1 + math.e)
    expected = loss, np.array([[-gradient, gradient, 0.0]])
    got = cross_entropy_from_logits(np.array([[0.0, 1.0, -np.inf]]), np.array([[1.0, 0.0, 0.0]]))
    expect_close(got, expected, "a forecast with a class ruled out", parts=PARTS)


@check(points=0.5, hidden=True)
def the_arguments_stay(cross_entropy_from_logits, rng):
    """Afterwards logits and targets are what they were, bit by bit."""
    given = {"logits": rng.normal(size=(2, 3)), "c": rng.uniform(0, 2, size=(2, 3))}
    before = {name: array.copy() for name, array in given.items()}
    expect_parts(cross_entropy_from_logits(given["logits"], given["c"]), PARTS, "cross_entropy_from_logits")
    for name, array in given.items():
        expect(
            np.array_equal(array, before[name]),
            f"{name} was changed.",
            f"{name} as it was before the call.",
            summary=f"The argument {name} was changed by the call.",
        )


# %% hints
HINTS = [
    "Write log softmax as a difference first: x minus the log-sum-exp of its row. No logarithm of a probability is needed.",
    "For the gradient: how often does the log-sum-exp of a row appear in the loss? As often as its weights sum to.",
    "Where a weight is 0, leave the term out of the sum instead of multiplying by it.",
]
COVERS = ["S0.y", "S4.9"]
KERNELS = [kernels.cross_entropy_from_logits]

# %% [markdown]
# > **Often said: "the gradient of cross-entropy is $y - c$."** It is, if the target weights of a row sum to 1. With
# > class weights, label masks or soft counts they do not, and the formula points in the wrong direction: it does not even
# > vanish at the minimum. The cell stands exactly there, at $y \propto c$, with weights $c = (1, 3)$.

# %% experiment
loss_and_gradient = grader.yours("cross_entropy_from_logits")
weights = np.array([[1.0, 3.0]])
at_the_minimum = np.log(weights / weights.sum())
y = weights / weights.sum()
print("often said  y - c          ", y - weights)
print("true        (sum c) y - c  ", np.round(loss_and_gradient(at_the_minimum, weights)[1], 12) + 0.0)


# %% right and wrong answers
@right_answer
def by_logaddexp(logits, c):
    log_total = np.logaddexp.reduce(logits, axis=1, keepdims=True)
    log_y = logits - log_total
    terms = np.multiply(c, log_y, out=np.zeros_like(log_y), where=c != 0)
    return -terms.sum(axis=1).mean(), (np.exp(log_y) * c.sum(axis=1, keepdims=True) - c) / logits.shape[0]


@wrong_answer(
    weights_of_any_sum,
    feedback="y - c assumes that the weights of a row sum to 1. Here they need not: y is multiplied by their sum.",
)
def as_if_rows_summed_to_one(logits, c):
    loss, _ = by_logaddexp(logits, c)
    return loss, (np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)) - c) / len(c)


@wrong_answer(
    passes=(
        a_coin_toss,
        a_class_that_is_ruled_out,
        the_arguments_stay,
    ),
    feedback="The loss is the mean over the examples: both the value and the gradient are divided by N.",
)
def summed_over_examples(logits, c):
    loss, gradient = by_logaddexp(logits, c)
    return loss * len(c), gradient * len(c)


@wrong_answer(
    passes=(
        a_coin_toss,
        a_class_that_is_ruled_out,
        the_arguments_stay,
    ),
    feedback="The value is averaged over the examples, but the gradient is not: it must be divided by N too.",
)
def gradient_not_averaged(logits, c):
    loss, gradient = by_logaddexp(logits, c)
    return loss, gradient * len(c)


@wrong_answer(
    passes=(the_arguments_stay,),
    feedback="log(y + eps) caps the loss at about 16 nats and bends it everywhere: work with the logarithm of softmax directly.",
)
def with_a_small_eps(logits, c):
    _, gradient = by_logaddexp(logits, c)
    y = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    return -(c * np.log(y + 1e-7)).sum() / len(c), gradient


@wrong_answer(
    a_class_that_is_ruled_out,
    feedback="0 times the logarithm of 0 came out as nan: a target of 0 adds nothing, so leave its term out.",
)
def zero_times_infinity(logits, c):
    _, gradient = by_logaddexp(logits, c)
    with np.errstate(all="ignore"):
        log_y = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
        return -(c * log_y).sum() / len(c), gradient


@wrong_answer(
    the_arguments_stay,
    feedback="Loss and gradient are right, but you subtracted the maximum in the caller's own array. Give the shifted logits a new one.",
)
def in_place(logits, c):
    logits -= logits.max(axis=1, keepdims=True)
    return by_logaddexp(logits, c)


@wrong_answer(
    passes=(the_arguments_stay,),
    feedback="The gradient has the wrong sign: where the model says too little, y < c, the logit's gradient is negative.",
)
def gradient_upside_down(logits, c):
    loss, gradient = by_logaddexp(logits, c)
    return loss, -gradient
