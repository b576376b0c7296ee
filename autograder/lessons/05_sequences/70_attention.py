# %% [markdown]
# ## Look where it matters
#
# However good its memory, a recurrent network must squeeze all that it has read into one vector. Why not keep every
# state, and look at them again when the answer is due? *Attention* gives each step a score, turns the scores into
# weights that sum to 1, and takes the weighted mean:
#
# $$ w_t = \frac{e^{s_t}}{\sum_{t'} e^{s_{t'}}}, \qquad \mathrm{context} = \sum_t w_t\, \mathrm{value}_t . $$
#
# The scores come from the network and depend on the input. That is the difference from a fixed lag ("the price of three
# days ago"): where to look is decided anew for each sequence.
#
# Sequences of different lengths share a batch by *padding* the short ones. The mask says what is real, and padding must
# have no influence whatever, not even a little: neither on the sum that the weights are divided by, nor on the maximum
# that is subtracted before the exponentials.
#
# | argument | shape | meaning |
# |---|---|---|
# | `scores` | `(N, T)` | one score for each step of each sequence; up to $10^{300}$ in size |
# | `values` | `(N, T, D)` | what there is to see at each step; finite |
# | `mask` | `(N, T)` | 1 for a real step, 0 for padding |
# | first result | `(N, T)` | the weights: 0 at padding, with sum 1 over the real steps |
# | second result | `(N, D)` | the context |
#
# **Write `attention(scores, values, mask)`, which returns `(weights, context)`.** A sequence without any real step gets
# weights 0 and context 0. Scores of 900 must not overflow, and no call may cause a warning.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, expect_parts, right_answer, wrong_answer


# %% answer
def attention(scores, values, mask):
    """Return weights (N, T), a softmax over the steps where mask is 1, and the context (N, D), the weighted values."""
    # BEGIN SOLUTION
    seen = np.where(mask > 0, scores, -np.inf)
    top = seen.max(axis=1, keepdims=True)
    grown = np.exp(seen - np.where(np.isfinite(top), top, 0.0))
    total = grown.sum(axis=1, keepdims=True)
    weights = grown / np.where(total > 0, total, 1.0)
    return weights, np.einsum("nt,ntd->nd", weights, values)
    # END SOLUTION


# %% checks
PARTS = ("weights", "context")


def row_by_row(scores, values, mask):
    """Weights and context of each sequence, cut down to its real steps."""
    N, T, D = values.shape
    weights, context = np.zeros((N, T)), np.zeros((N, D))
    for n in range(N):
        real = [t for t in range(T) if mask[n, t]]
        top = max((float(scores[n, t]) for t in real), default=0.0)
        grown = [math.exp(float(scores[n, t]) - top) for t in real]
        for t, each in zip(real, grown, strict=True):
            weights[n, t] = each / math.fsum(grown)
            context[n] += weights[n, t] * values[n, t]
    return weights, context


def strictly(attention, *given):
    """Call it with overflow, division by zero and invalid values raised as errors."""
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        return attention(*given)


# %% public checks
@check(points=0.5)
def equal_scores_make_a_mean(attention):
    """With equal scores the values 1 and 3 have the weights 1/2 and the context 2."""
    got = attention(np.zeros((1, 2)), np.array([[[1.0], [3.0]]]), np.ones((1, 2)))
    expect_close(got, ([[0.5, 0.5]], [[2.0]]), "attention with scores (0, 0), values 1 and 3", parts=PARTS)


@check(points=0.5)
def padding_does_not_count(attention):
    """Of scores (0, ln 3, ln 4) the third is padding: the weights are (1/4, 3/4, 0), and of the values 4, 8, 100 it is 7."""
    scores, values = np.array([[0.0, math.log(3), math.log(4)]]), np.array([[[4.0], [8.0], [100.0]]])
    got = attention(scores, values, np.array([[1.0, 1.0, 0.0]]))
    expect_close(got, ([[0.25, 0.75, 0.0]], [[7.0]]), "attention with a padded third step", parts=PARTS)


# %% hidden checks
@check(points=0.5, hidden=True)
def without_padding(attention, rng):
    """Without padding it matches each sequence worked out alone, for any sizes, one step too."""
    for N, T, D, size in [
        (2, 4, 3, 1),
        (3, 3, 1, 1),
        (2, 1, 2, 1),
        (1, 6, 2, 1),
        (3, 3, 3, 1),
        (2, 3, 2, 1e4),
        (2, 3, 2, 1e-150),
    ]:
        scores, values = 2 * rng.normal(size=(N, T)), size * rng.normal(size=(N, T, D))
        what = f"attention with N, T, D = {N}, {T}, {D}, values of size {size:g}"
        mask = np.ones((N, T))
        expected = row_by_row(scores, values, mask)
        expect_close(strictly(attention, scores, values, mask), expected, what, atol=0, parts=PARTS)


@check(points=0.5, hidden=True)
def with_padding(attention, rng):
    """With padding of different lengths it matches each sequence cut to its own length."""
    for mask in (
        [[1, 1, 0, 0], [1, 1, 1, 0.0]],
        [[0, 1, 1], [1, 0, 1.0]],
        [[1, 0.0]],
        [[1, 0, 0], [0, 1, 0], [1, 1, 0]],
    ):
        mask = np.array(mask)  # the last of integers
        scores, values = 1 + rng.normal(size=mask.shape), rng.normal(size=(*mask.shape, 2))
        expected = row_by_row(scores, values, mask)
        expect_close(
            strictly(attention, scores, values, mask), expected, f"attention with mask {mask.tolist()}", parts=PARTS
        )


@check(points=0.5, hidden=True)
def huge_scores(attention, rng):
    """Scores of any size do not overflow, wide ranges become 0 and 1, and no score at padding changes anything."""
    for scores, mask in [
        ([[900.0, 901.0]], [[1.0, 1.0]]),
        ([[1e-150, 0.0]], [[1.0, 1.0]]),
        ([[0.0, 2000.0]], [[1.0, 1.0]]),
        ([[-900.0, -901.0]], [[1.0, 1.0]]),
        ([[0.0, 1.0, 2.0]], [[1.0, 1.0, 0.0]]),
        ([[0.0, 1.0, 900.0]], [[1.0, 1.0, 0.0]]),
        ([[900.0, 899.0], [-5.0, -900.0]], [[1.0, 1.0], [1.0, 1.0]]),
        ([[-2000.0, -2001.0, 0.0], [3.0, 2.0, -5.0]], [[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]),
        ([[-3e4, -3e4, 5.0]], [[1.0, 1.0, 0.0]]),
        ([[-1e5, -1e5, 0.0], [1e5, 1e5, 0.0]], [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0]]),
        ([[-1e100, -1e300, 0.0]], [[1.0, 1.0, 0.0]]),
        ([[-1e300, 2.0, 0.0]], [[1.0, 0.0, 0.0]]),
        ([[-600.0, -1.0, 700.0]], [[1.0, 1.0, 0.0]]),
    ]:
        scores, mask = np.array(scores), np.array(mask)
        values = rng.normal(size=(*scores.shape, 2))
        what = f"attention with scores {scores.tolist()} and mask {mask.tolist()}"
        expected = row_by_row(scores, values, mask)
        expect_close(strictly(attention, scores, values, mask), expected, what, rtol=1e-8, parts=PARTS)
        weights, _ = expect_parts(strictly(attention, scores, values, mask), PARTS, what)
        expect_close(weights, expected[0], f"weights of {what}", rtol=1e-8, atol=0)


@check(points=0.5, hidden=True)
def nothing_to_see(attention, rng):
    """A sequence of padding only has weights 0 and context 0, without a warning, and does not disturb the others."""
    scores, values = rng.normal(size=(3, 3)), -rng.uniform(1, 2, size=(3, 3, 2))
    mask = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    what = "attention with a sequence of padding only"
    weights, context = expect_parts(strictly(attention, scores, values, mask), PARTS, what)
    expected = row_by_row(scores, values, mask)
    expect_close(weights, expected[0], f"weights of {what}")
    expect_close(context, expected[1], f"context of {what}")


# %% hints
HINTS = [
    "Which score must padding have, so that its exponential is exactly 0?",
    "Subtract the largest score of the real steps first. What is the largest of none?",
    "Where the sum of the exponentials is 0, any divisor but 0 will do.",
]
WHY = r"""
$-\infty$ *before* the maximum and the exponential: then padding has exactly the weight 0, and no say in the shift or
the sum. What is subtracted is the largest *real* score, so one exponential is $e^0 = 1$, the sum is at least 1, and
nothing overflows; in the quotient the shift cancels. A row without a real step would compute $-\infty - (-\infty)$,
which is nan: there 0 is subtracted, the sum is 0, and any other divisor will do.
"""
COVERS = ["S3.30", "S3.33", "S3.35", "S3.37"]
KERNELS = [kernels.attention]

# %% [markdown]
# **See it.** The adding problem without any recurrence at all. Let the score of each step be ten times its mark. Then
# attention puts almost half of its weight on each of the two marked steps, and twice the context is almost the answer.
# (Almost: the other steps share a weight that grows with their number, as the table shows. A higher score per mark mends
# it.) A fixed lag, the best that there is, takes a share of $2/T^2$ off the error of the constant answer: next to nothing.
#
# **Encoder and decoder.** Where the output is a sequence too, one network reads (the encoder) and another one writes
# (the decoder), one step after the other, each output being an input of the next step. "To predict step by step" is one
# reason for this pair. The other is that output and input may then have different lengths, as in translation. And
# attention fits in between: at each step that it writes, the decoder scores the encoder's states anew. How far back it
# then looks is a question of the data, not of the method.
#
# **Memory networks** take the idea one step further. The memory that they read and write is a table outside of the
# state, but not outside of the *network*: reading is the weighted mean that you have just written, writing is a weighted
# update, and both can be differentiated. So the addresses are learned by gradient descent like anything else.

# %% experiment
look, generate = grader.yours("attention"), grader.yours("adding_problem")
for steps, sequences in ((10, 20_000), (100, 10_000), (1000, 1000)):
    x, y = generate(sequences, steps, np.random.default_rng(0))
    weights, context = look(10 * x[..., 1], x[..., :1], np.ones((sequences, steps)))
    lags = [np.mean((y - 1 - (x[:, -lag, 0] - 0.5) * np.cov(y, x[:, -lag, 0])[0, 1] * 12) ** 2) for lag in range(1, 11)]
    print(
        f"T = {steps:4d}: squared error by attention {np.mean((2 * context[:, 0] - y) ** 2):.1e}, "
        f"by the best of ten lags {min(lags):.3f}, by the constant 1 {np.mean((y - 1) ** 2):.3f}"
    )
print("the last of them puts its five largest weights here:", np.round(np.sort(weights[-1])[:-6:-1], 4))


# %% right and wrong answers
def variant(hide="before", axis=1, shift=True, empty=0.0, over_values=True):
    """Attention with one thing changed."""

    def run(scores, values, mask):
        seen = {
            "before": np.where(mask > 0, scores, -np.inf),
            "product": scores * mask,
            "after": scores,
            "never": scores,
        }[hide]
        with np.errstate(all="ignore"):
            top = seen.max(axis=axis, keepdims=True)
            weights = np.exp(seen - np.where(np.isfinite(top), top, 0.0) * shift)
            weights = weights / weights.sum(axis=axis, keepdims=True)
        if hide == "after":
            weights = weights * mask
        weights = np.where(np.isnan(weights) & (empty is not None), empty, weights)
        return weights, (weights[:, :, None] * values).sum(axis=1)

    return run


@right_answer
def by_logarithms(scores, values, mask):
    """The sum in logarithms, log Σ eˢ, and each weight is one exponential of a difference. Only the weights of real
    steps are ever computed, so padding and empty rows need no case of their own. `logaddexp.reduce` works through a
    row number by number, and is slower.
    """
    real = np.asarray(mask) > 0
    total = np.logaddexp.reduce(np.where(real, scores, -np.inf), axis=1, keepdims=True)
    weights = np.zeros(scores.shape)
    weights[real] = np.exp((scores - total)[real])
    return weights, np.array([w @ v for w, v in zip(weights, values, strict=True)])


masked_after_the_softmax = wrong_answer(
    passes=(
        equal_scores_make_a_mean,
        without_padding,
    ),
    feedback="You mask after the softmax, so the weights of the real steps do not sum to 1. Mask before it.",
)(variant(hide="after"))

mask_forgotten = wrong_answer(
    passes=(
        equal_scores_make_a_mean,
        without_padding,
    ),
    feedback="Your mask has no effect: padding gets weights like any other step.",
)(variant(hide="never"))

score_zero_is_not_masked = wrong_answer(
    passes=(
        equal_scores_make_a_mean,
        without_padding,
    ),
    feedback="A score of 0 is not masked: its exponential is 1. It takes minus infinity.",
)(variant(hide="product"))

over_the_batch = wrong_answer(
    feedback="You normalize over the batch. The weights of one sequence sum to 1 over time, axis 1."
)(variant(axis=0))

without_the_shift = wrong_answer(
    huge_scores, feedback="The exponential of 900 overflows. Subtract the largest score of the real steps first."
)(variant(shift=False))


@wrong_answer(nothing_to_see, feedback="Where no step is real you divide 0 by 0. Such a sequence gets weights 0.")
def nothing_becomes_nan(scores, values, mask):
    weights, _ = by_logarithms(scores, values, mask)
    weights = np.where(mask.any(axis=1, keepdims=True), weights, np.nan)
    return weights, np.einsum("nt,ntd->nd", weights, values)


@wrong_answer(
    nothing_to_see,
    huge_scores,
    feedback="Where no step is real your weights are all equal. Nothing is to be seen there: they must be 0.",
)
def a_large_negative_score(scores, values, mask):
    seen = np.where(mask > 0, scores, -1e30)
    grown = np.exp(seen - seen.max(axis=1, keepdims=True))
    weights = grown / grown.sum(axis=1, keepdims=True)
    return weights, np.einsum("nt,ntd->nd", weights, values)


def with_a_number_for_padding(number):
    """Padding gets a score that is a number, and its weights are set to 0 afterwards; the shift takes all scores."""

    def run(scores, values, mask):
        seen = np.where(mask > 0, scores, number)
        grown = np.exp(seen - seen.max(axis=1, keepdims=True)) * mask
        total = grown.sum(axis=1, keepdims=True)
        weights = grown / np.where(total > 0, total, 1.0)
        return weights, np.einsum("nt,ntd->nd", weights, values)

    return run


NUMBER = (
    "Where all real scores are far below 0, nothing is left of the real steps in yours: what is subtracted is larger than "
    "all of them, a number that stands for padding, or a bound. Subtract the largest real score."
)
a_thousand_for_padding = wrong_answer(huge_scores, feedback=NUMBER)(with_a_number_for_padding(-1e3))
ten_thousand_for_padding = wrong_answer(huge_scores, feedback=NUMBER)(with_a_number_for_padding(-1e4))
a_billion_for_padding = wrong_answer(huge_scores, feedback=NUMBER)(with_a_number_for_padding(-1e9))


@wrong_answer(huge_scores, feedback=NUMBER)
def shift_of_at_least_zero(scores, values, mask):
    real = mask > 0
    top = np.max(np.where(real, scores, -np.inf), axis=1, keepdims=True, initial=0.0)
    grown = np.where(real, np.exp(np.where(real, scores, 0.0) - top), 0.0)
    total = grown.sum(axis=1, keepdims=True)
    weights = grown / np.where(total > 0, total, 1.0)
    return weights, np.einsum("nt,ntd->nd", weights, values)


@wrong_answer(
    huge_scores,
    feedback="You subtract the largest of all scores, padding included. A huge score at padding then wipes out the rest.",
)
def shifted_by_the_padding(scores, values, mask):
    with np.errstate(all="ignore"):
        grown = np.exp(scores - scores.max(axis=1, keepdims=True)) * mask
        total = grown.sum(axis=1, keepdims=True)
        weights = np.where(total > 0, grown / total, 0.0)
    return weights, np.einsum("nt,ntd->nd", weights, values)


@wrong_answer(feedback="The context is the sum of the weighted values. You divided it by the number of steps as well.")
def mean_of_weighted_values(scores, values, mask):
    weights, context = by_logarithms(scores, values, mask)
    return weights, context / (scores.shape[1] + 1)
