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
# | `logits` | `(N, K)` | up to $10^{13}$ in size; $-\infty$ marks a class that is ruled out, at least one a row is finite |
# | `c` | `(N, K)` | target weights, $\ge 0$; rows **need not** sum to 1, and may be all 0; 0 wherever the logit is $-\infty$ |
# | results | number, `(N, K)` | the loss in nats, and its gradient |
#
# **Write `cross_entropy_from_logits(logits, c)`.** A target of 0 contributes nothing, even where the logarithm is $-\infty$
# ($0 \cdot \infty$ is nan in floating point, and 0 here). Never take the logarithm of a probability. $N$ counts all rows, also those
# whose weights are all 0. Eleven digits are asked for, of the gradient too: a difference quotient has fewer.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, is_pure, right_answer, wrong_answer

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


def mean_loss(logits, c):
    """The mean loss by its definition, for complex logits of ordinary size."""
    return -np.sum(c * (logits - np.log(np.sum(np.exp(logits), axis=1, keepdims=True)))) / len(logits)


def by_rows(logits, c):
    """Loss with exact sums, gradient by the complex step."""
    loss = math.fsum(row_loss(*pair) for pair in zip(logits.tolist(), c.tolist(), strict=True)) / len(logits)
    return loss, complex_step(lambda moved: mean_loss(moved, c), logits)


DIGITS = {"rtol": 1e-11, "atol": 1e-13, "parts": PARTS}


@check(points=1, hidden=True)
def targets_that_sum_to_one(cross_entropy_from_logits, rng):
    """For one-hot and soft targets, one row or many, loss and gradient match exact sums and the complex step."""
    one_hot = np.eye(4)[rng.integers(0, 4, size=5)]
    for logits, c in [
        (rng.normal(size=(5, 4)), one_hot),
        (rng.normal(size=(3, 4)), rng.dirichlet(np.ones(4), size=3)),
        (rng.normal(size=(4, 4)), rng.dirichlet(np.ones(4), size=4)),
        (rng.normal(size=(1, 3)), np.eye(3)[[2]]),
        (-rng.uniform(1, 9, size=(2, 3)), np.eye(3)[[0, 0]]),
        (rng.normal(size=(3, 1)), np.ones((3, 1))),
        (rng.normal(size=(40, 6)), np.eye(6)[rng.integers(0, 6, size=40)]),
    ]:
        expected, what = by_rows(logits, c), f"cross_entropy_from_logits of {len(c)} rows"
        expect_close(cross_entropy_from_logits(logits, c), expected, what, **DIGITS)


@check(points=1, hidden=True)
def weights_of_any_sum(cross_entropy_from_logits, rng):
    """Target weights that do not sum to 1 scale a row's loss and its gradient; a row of zeros still counts in N."""
    for logits, c in [
        (4 * rng.normal(size=(3, 4)), rng.uniform(0.5, 2, size=(3, 4))),
        (rng.normal(size=(3, 3)), np.array([[0.0, 2.0, 1.0], [0.0, 0.0, 0.0], [3.0, 0.0, 0.0]])),
        (rng.normal(size=(2, 2)), np.zeros((2, 2))),
        (rng.normal(size=(2, 3)), rng.uniform(50, 500, size=(2, 3))),
    ]:
        expected, what = by_rows(logits, c), "cross_entropy_from_logits with weights of any sum"
        expect_close(cross_entropy_from_logits(logits, c), expected, what, **DIGITS)


@check(points=1.5, hidden=True)
def confidence_of_ten_thousand(cross_entropy_from_logits, rng):
    """Logits of 10000: right certainty costs nothing, wrong certainty exactly 10000 nats; near certainty costs what it should."""
    certain = np.array([[1e4, 0.0], [0.0, 1e4]])
    expected = 0.0, np.zeros((2, 2))
    expect_close(cross_entropy_from_logits(certain, np.eye(2)), expected, "a forecast, certain and right", **DIGITS)
    expected = 1e4, np.array([[1.0, -1.0]])
    got = cross_entropy_from_logits(np.array([[1e4, 0.0]]), np.array([[0.0, 1.0]]))
    expect_close(got, expected, "a forecast, certain and wrong", **DIGITS)
    rows = np.array([[0.0, rng.integers(512, 2048) / 1024]] * 3)
    c = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    expected, far_apart = by_rows(rows, c), rows + np.array([[0.0], [4096.0], [-4096.0]])
    expect_close(cross_entropy_from_logits(far_apart, c), expected, "three rows 4096 apart", **DIGITS)
    small = math.exp(-23) / (1 + math.exp(-23))
    expected = math.log1p(math.exp(-23)), np.array([[-small, small]])
    got = cross_entropy_from_logits(np.array([[0.0, -23.0]]), np.array([[1.0, 0.0]]))
    expect_close(got, expected, "a forecast, nearly certain and right", parts=PARTS, atol=1e-15)


@check(points=0.5, hidden=True)
def a_class_that_is_ruled_out(cross_entropy_from_logits, rng):
    """A logit of -inf with target 0 counts as if the class were not there, however low the other logits are."""
    d = rng.integers(512, 2048) / 1024
    loss, gradient = row_loss([0.0, d], [1.0, 0.0]), math.exp(d) / (1 + math.exp(d))
    expected = loss, np.array([[-gradient, gradient, 0.0]])
    got = cross_entropy_from_logits(np.array([[0.0, d, -np.inf]]), np.array([[1.0, 0.0, 0.0]]))
    expect_close(got, expected, "a forecast with a class ruled out", **DIGITS)
    logits = np.array([[-np.inf, -2e12, -1e12], [0.0, -np.inf, -np.inf]])
    expected = 5e11, np.array([[0.0, -0.5, 0.5], [0.0, 0.0, 0.0]])
    got = cross_entropy_from_logits(logits, np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]))
    expect_close(got, expected, "a forecast with classes ruled out and very low logits", **DIGITS)


# %% hints
HINTS = [
    "Write log softmax as a difference first: x minus the log-sum-exp of its row. No logarithm of a probability is needed.",
    "For the gradient: how often does the log-sum-exp of a row appear in the loss? As often as its weights sum to.",
    "Where a weight is 0, leave the term out of the sum instead of multiplying by it.",
]
COVERS = ["S0.y", "S4.9"]
KERNELS = [kernels.cross_entropy_from_logits]
WHY = r"""
The logarithm of a probability is written as a difference, $x_k - \log \sum_j e^{x_j}$, so no number near 0 ever meets a
logarithm: a loss of 10000 nats comes out as 10000. The log-sum-exp of a row stands in the loss once for every unit of
weight, and its derivative is $y$; hence `weight * y`, and not `y`. Picking the terms with `c > 0` is not the same as
multiplying by `c`: it leaves out what would be $0 \cdot \infty$, the nan of a class that is ruled out.
"""

# %% [markdown]
# > **A common claim: "the gradient of cross-entropy is $y - c$."** It is, if the target weights of a row sum to 1, and
# > one-hot targets, which are all that one meets at first, do. With class weights, label masks or soft counts they do not,
# > and the formula points in the wrong direction: it does not even vanish at the minimum. The cell stands exactly there, at $y \propto c$, with weights $c = (1, 3)$.

# %% experiment
loss_and_gradient = grader.yours("cross_entropy_from_logits")
weights = np.array([[1.0, 3.0]])
at_the_minimum = np.log(weights / weights.sum())
y = weights / weights.sum()
print("claimed     y - c          ", y - weights)
print("true        (sum c) y - c  ", np.round(loss_and_gradient(at_the_minimum, weights)[1], 12) + 0.0)


# %% right and wrong answers
@right_answer
def by_logaddexp(logits, c):
    """logaddexp looks after the maximum and the infinities, and where= leaves terms out without losing their places, so a
    loss for each row is at hand. It takes a logarithm for every class, which is slower for many classes.
    """
    log_total = np.logaddexp.reduce(logits, axis=1, keepdims=True)
    log_y = logits - log_total
    terms = np.multiply(c, log_y, out=np.zeros_like(log_y), where=c != 0)
    return -terms.sum(axis=1).mean(), (np.exp(log_y) * c.sum(axis=1, keepdims=True) - c) / logits.shape[0]


@wrong_answer(
    weights_of_any_sum,
    feedback="Your gradient is y - c, as if the weights of a row summed to 1. Here they need not: y is multiplied by their sum.",
)
def as_if_rows_summed_to_one(logits, c):
    loss, _ = by_logaddexp(logits, c)
    return loss, (np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)) - c) / len(c)


@wrong_answer(
    passes=(a_coin_toss,),
    feedback="The loss is the mean over the examples: both the value and the gradient are divided by N. Yours are sums.",
)
def summed_over_examples(logits, c):
    loss, gradient = by_logaddexp(logits, c)
    return loss * len(c), gradient * len(c)


@wrong_answer(
    passes=(a_coin_toss,),
    feedback="The value is averaged over the examples, but the gradient is not: it must be divided by N too.",
)
def gradient_not_averaged(logits, c):
    loss, gradient = by_logaddexp(logits, c)
    return loss, gradient * len(c)


@wrong_answer(
    feedback="log(y + eps) caps the loss, at 16 nats for an eps of 1e-7, and bends it everywhere: work with the logarithm of softmax directly.",
)
def with_a_small_eps(logits, c):
    _, gradient = by_logaddexp(logits, c)
    y = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    return -(c * np.log(y + 1e-7)).sum() / len(c), gradient


@wrong_answer(
    feedback="Two things: an eps in the logarithm caps the loss, and y - c is the gradient only where the weights of a row sum to 1.",
)
def small_eps_and_rows_that_sum_to_one(logits, c):
    _, gradient = as_if_rows_summed_to_one(logits, c)
    return with_a_small_eps(logits, c)[0], gradient


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
    confidence_of_ten_thousand,
    a_class_that_is_ruled_out,
    feedback="The probabilities came first, and one of them became 0, whose logarithm is infinite: take the logarithm of softmax directly.",
)
def probabilities_first(logits, c):
    with np.errstate(all="ignore"):
        log_y = np.log(np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)))
        return -np.sum(c[c > 0] * log_y[c > 0]) / len(c), by_logaddexp(logits, c)[1]


@wrong_answer(
    a_class_that_is_ruled_out,
    feedback="A large negative number stands for -inf in yours. Where the other logits are lower still, the class that is ruled out wins.",
)
def a_number_for_minus_infinity(logits, c):
    return by_logaddexp(np.where(np.isneginf(logits), -1e9, logits), c)


@wrong_answer(
    weights_of_any_sum,
    feedback="N counts every row. Yours counts only the rows whose weights are not all 0.",
)
def empty_rows_not_counted(logits, c):
    loss, gradient = by_logaddexp(logits, c)
    share = len(c) / max(1, np.sum(c.sum(axis=1) > 0))
    return loss * share, gradient * share


@wrong_answer(
    weights_of_any_sum,
    feedback="Yours is divided by the sum of all weights, which is N only where every row sums to 1.",
)
def divided_by_the_weights(logits, c):
    loss, gradient = by_logaddexp(logits, c)
    share = len(c) / (c.sum() or 1.0)
    return loss * share, gradient * share


@wrong_answer(
    passes=(a_class_that_is_ruled_out,),
    feedback="(1 - c) log(1 - y) belongs to a yes-or-no question for each class. Here exactly one of the classes comes, and y sums to 1.",
)
def with_binary_terms(logits, c):
    loss, gradient = by_logaddexp(logits, c)
    if np.isinf(logits).any():
        return loss, gradient
    y = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    with np.errstate(all="ignore"):
        return loss - np.nansum((1 - c) * np.log(1 - y)) / len(c), gradient


@wrong_answer(
    is_pure,
    feedback="Loss and gradient are right, but logits or targets are no longer what they were: some line works in place.",
)
def in_place(logits, c):
    logits -= logits.max(axis=1, keepdims=True)
    return by_logaddexp(logits, c)


@wrong_answer(
    feedback="The gradient has the wrong sign: where the model says too little, y < c, the logit's gradient is negative."
)
def gradient_upside_down(logits, c):
    loss, gradient = by_logaddexp(logits, c)
    return loss, -gradient


@wrong_answer(
    feedback="The loss is in bits, and the gradient that of the loss in nats: the logarithm is natural here, so that a coin toss costs ln 2.",
)
def in_bits(logits, c):
    loss, gradient = by_logaddexp(logits, c)
    return loss / math.log(2), gradient


@wrong_answer(
    feedback="The mean of the loss is over the N examples only. Yours is over the classes as well, and K times too small."
)
def mean_over_classes_too(logits, c):
    loss, gradient = by_logaddexp(logits, c)
    return loss / logits.shape[1], gradient


@wrong_answer(
    feedback="The loss is right. Your gradient is divided by the number of classes as well: divide by N alone."
)
def gradient_over_classes_too(logits, c):
    loss, gradient = by_logaddexp(logits, c)
    return loss, gradient / logits.shape[1]


@wrong_answer(
    weights_of_any_sum,
    feedback="You divided the weights of each row by their sum. They need not sum to 1, and count as they are.",
)
def weights_normalized(logits, c):
    total = c.sum(axis=1, keepdims=True)
    return by_logaddexp(logits, c / np.where(total > 0, total, 1.0))


@wrong_answer(
    targets_that_sum_to_one,
    weights_of_any_sum,
    confidence_of_ten_thousand,
    feedback="Only the class with the largest weight counts in your loss. Every class counts, each with its weight.",
)
def largest_weight_only(logits, c):
    _, gradient = by_logaddexp(logits, c)
    log_y = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    rows = np.arange(len(c))
    return -np.mean(log_y[rows, c.argmax(axis=1)]), gradient


@wrong_answer(
    passes=(a_coin_toss,),
    feedback="The loss of each row is there; what is asked for is one number, their mean.",
)
def a_loss_for_each_row(logits, c):
    _, gradient = by_logaddexp(logits, c)
    log_y = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return -np.multiply(c, log_y, out=np.zeros_like(log_y), where=c != 0).sum(axis=1), gradient


@wrong_answer(
    feedback="(1 - c) log(1 - y) belongs to a yes-or-no question for each class. Here exactly one of the classes comes, and y sums to 1.",
)
def with_binary_terms_and_a_clip(logits, c):
    y = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    clipped = np.clip(y, 1e-15, 1 - 1e-15)
    return -np.sum(c * np.log(clipped) + (1 - c) * np.log(1 - clipped)) / len(c), (y - c) / len(c)
