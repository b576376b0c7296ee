# %% [markdown]
# ## Many guesses, one bound: importance weights
#
# So far $q$ was asked for one number, an expectation. Ask it for samples instead. Draw $z_1, \dots, z_K$ from $q$ and give
# each a weight that makes up for having been drawn from the wrong distribution,
#
# $$ w_k = \frac{p(x, z_k)}{q(z_k)} = \frac{p(x \mid z_k)\, p(z_k)}{q(z_k)}, \qquad
#    \mathbb{E}_q\, w_k = \sum_z q(z) \frac{p(x, z)}{q(z)} = p(x). $$
#
# Each weight is an unbiased estimate of $p(x)$ by itself, and so is their mean. What one wants is the *logarithm* of $p(x)$,
# so one takes the logarithm of that mean:
#
# $$ L_K = \log \frac{1}{K} \sum_{k=1}^{K} w_k . $$
#
# The logarithm bends downwards, so by Jensen's inequality $\mathbb{E}\, L_K \le \log \mathbb{E}\, w = \log p(x)$: a lower
# bound again, on average. With $K = 1$ it is $\log p(x, z) - \log q(z)$ for one sample, whose mean is the ELBO. With more
# samples the mean inside settles down, the logarithm has less to bend, and the bound rises. This is the
# *importance-weighted autoencoder*, IWAE (Burda, Grosse and Salakhutdinov, 2016).
#
# **The one difficulty is the range of floats.** For a picture, $\log w$ is something like $-2000$, and $e^{-2000}$ is
# 0 on every computer. Another picture in the same batch may have weights a thousand nats away. What counts is only how the
# weights of *one* picture compare with each other.
#
# | argument | shape | meaning |
# |---|---|---|
# | `logw` | `(N, K)`, $N, K \ge 1$ | $\log w_k$, one row for each $x$; `-inf` is a sample whose weight is 0 |
# | result | `(N,)` | $L_K$ of each row, in nats |
#
# **Write `iwae_bound(logw)`,** right for rows near $0$, $-2000$ and $2000$ in the same array. A sample of weight 0 is still
# one of the $K$ samples. A row of nothing but `-inf` gives `-inf`.
#
# *Elsewhere:* `scipy.special.logsumexp(logw, axis=1) - np.log(K)` is the same. Programs in torch often keep the samples along
# the first axis, `torch.logsumexp(logw, 0) - math.log(K)`. Look before you copy an axis.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def iwae_bound(logw):
    """Return the logarithm of the mean weight of each row, shape (N,), for log-weights of shape (N, K), in nats."""
    # BEGIN SOLUTION
    highest = logw.max(axis=1, keepdims=True)
    shift = np.where(np.isfinite(highest), highest, 0.0)
    with np.errstate(divide="ignore"):
        return np.log(np.exp(logw - shift).mean(axis=1)) + shift[:, 0]
    # END SOLUTION


# %% public checks
@check(points=0.5)
def the_mean_of_the_weights(iwae_bound):
    """Weights 1 and 3 have the mean 2, weights 5 and 7 the mean 6: the bounds are log 2 and log 6."""
    logw = np.log([[1.0, 3.0], [5.0, 7.0]])
    expect_close(iwae_bound(logw), np.log([2.0, 6.0]), "iwae_bound(log [[1, 3], [5, 7]])", rtol=1e-10)


@check(points=0.5)
def pictures_of_every_brightness(iwae_bound):
    """Adding 2000 to a row's log-weights adds 2000 to its bound, whatever the other rows are."""
    logw = np.array([[2000.0], [0.0], [-2000.0]]) + np.log([[1.0, 3.0], [1.0, 5.0], [1.0, 7.0]])
    expected = np.array([2000.0, 0.0, -2000.0]) + np.log([2.0, 3.0, 4.0])
    expect_close(iwae_bound(logw), expected, "iwae_bound of rows near 2000, 0 and -2000", rtol=1e-10)


@check(points=0.5)
def samples_without_weight(iwae_bound):
    """Weights 1, 0 and 2 have the mean 1, so the bound is 0; weights of nothing but 0 give -inf."""
    logw = np.array([[0.0, -np.inf, math.log(2)], [-np.inf, -np.inf, -np.inf]])
    expect_close(iwae_bound(logw), [0.0, -np.inf], "iwae_bound(log [[1, 0, 2], [0, 0, 0]])", rtol=1e-10)


# %% hidden checks
def one_after_the_other(logw):
    """Each row's weights added up one by one, in logarithms."""
    bounds = []
    for row in np.asarray(logw).tolist():
        total = row[0]
        for each in row[1:]:
            low, high = min(total, each), max(total, each)
            total = high + math.log1p(math.exp(low - high)) if low > -math.inf else high
        bounds.append(total - math.log(len(row)))
    return np.array(bounds)


@check(points=0.5, hidden=True)
def any_number_of_rows_and_samples(iwae_bound, rng):
    """For 1 to 40 rows and 1 to 300 samples it matches a sum made weight by weight; with K = 1 it is the log-weight."""
    for N, K in [(3, 5), (1, 1), (40, 1), (1, 300), (6, 6)]:
        logw = 3 * rng.normal(size=(N, K)) - 1
        expect_close(iwae_bound(logw), one_after_the_other(logw), f"iwae_bound of shape ({N}, {K})", rtol=1e-10)
    whole = np.array([[0, 1, 2], [3, -1, 0]])
    expect_close(iwae_bound(whole), one_after_the_other(whole), "iwae_bound of integers", rtol=1e-10)
    constant = np.full((2, 3), -7.0)
    expect_close(iwae_bound(constant), [-7.0, -7.0], "iwae_bound of weights that are all alike", rtol=1e-10)


@check(points=0.5, hidden=True)
def rows_at_different_levels(iwae_bound, rng):
    """Rows near -2000, 0 and 3000 together, and weights 2000 nats apart in one row, all keep their digits."""
    logw = rng.normal(size=(5, 4)) + np.array([[-2000.0], [0.0], [3000.0], [-700.0], [-1e5]])
    expect_close(iwae_bound(logw), one_after_the_other(logw), "iwae_bound of rows at different levels", rtol=1e-12)
    wide = np.array([[0.0, 2000.0], [-1e6, 0.5], [-3000.0, -900.0]])
    expect_close(iwae_bound(wide), one_after_the_other(wide), "iwae_bound of weights far apart", rtol=1e-12)


@check(points=0.5, hidden=True)
def zero_weights_among_others(iwae_bound, rng):
    """Weights of 0 in some rows, also in rows near -2000, count as samples; a row of zeros alone gives -inf."""
    logw = rng.normal(size=(4, 6)) + np.array([[0.0], [-2000.0], [0.0], [50.0]])
    logw[0, 2], logw[1, ::2], logw[2], logw[3, 1:] = -np.inf, -np.inf, -np.inf, -np.inf
    expect_close(iwae_bound(logw), one_after_the_other(logw), "iwae_bound of rows with weights of 0", rtol=1e-12)
    alone = np.full((2, 1), -np.inf)
    expect_close(iwae_bound(alone), [-np.inf, -np.inf], "iwae_bound of single samples of weight 0", rtol=1e-12)


# %% hints
HINTS = [
    "Multiplying all weights of a row by one number multiplies their mean by it. What does that do to the logarithm?",
    "So divide each row by its own largest weight first, which in logarithms is a subtraction, and add it back at the end.",
    "For a row of nothing but -inf the largest is -inf too, and -inf - (-inf) is nan. Which shift is harmless there?",
]
WHY = r"""
A factor $e^c$ in all weights of a row is a $c$ beside the logarithm: $\log \frac1K \sum_k w_k = c + \log \frac1K
\sum_k w_k e^{-c}$, for any $c$. With the row's own largest log-weight for $c$ the largest exponential is exactly 1.
So nothing overflows, and the mean is at least $1/K$, whose logarithm is harmless. One maximum for all rows would not
do: beside a row at 0 a row at $-2000$ is all zeros. Only a row of nothing but `-inf` has no finite maximum, and there
the shift is 0.
"""
COVERS = ["S2.6", "S2.9", "S0.k"]
KERNELS = [kernels.iwae_bound]

# %% [markdown]
# > **A common claim: "the IWAE bound is tighter than the ELBO."** In expectation, and if the weights are not all alike. A
# > single draw of $L_K$ may lie below a single draw of the ELBO, and above $\log p(x)$: what is a bound is the mean. The
# > first table counts, for the Gaussian model, $x = 2$ and a guess that is off. Each of the two happens about every other
# > time, for any $K$, while the means climb.
# >
# > **A misprint that circulates: $\frac1K \sum_k p(x \mid z_k)\, p(z) / q(z_k)$.** The prior without its index. Each sample
# > has a prior of its own, $p(z_k)$. If you take the formula at its word and use one value for all, that of the first sample or
# > that at the mean of $q$, the estimate converges, calmly, to something that is not $p(x)$. The second table has both.

# %% experiment
bound = grader.yours("iwae_bound")
draws, x, m, s2 = np.random.default_rng(0), 2.0, 0.6, 0.8
log_p = -math.log(4 * math.pi) / 2 - x**2 / 4


def log_normal(value, mean, variance):
    return -((value - mean) ** 2) / (2 * variance) - np.log(2 * np.pi * variance) / 2


def weights(N, K):
    """Samples of q and their log-weights, (N, K)."""
    z = m + math.sqrt(s2) * draws.normal(size=(N, K))
    return z, log_normal(x, z, 1) + log_normal(z, 0, 1) - log_normal(z, m, s2)


ones = bound(weights(20_000, 1)[1])
print(f"log p(x) = {log_p:.4f}")
print(f"{'K':>6} {'mean of L_K':>12} {'a draw is below a draw of the ELBO':>35} {'a draw is above log p':>22}")
for K in (1, 2, 5, 20, 100):
    many = bound(weights(20_000, K)[1])
    below = "" if K == 1 else f"{np.mean(many < ones):.1%}"
    print(f"{K:6d} {many.mean():12.4f} {below:>35} {np.mean(many > log_p):22.1%}")
z, logw = weights(20, 5000)
own = log_normal(z, 0, 1)
for name, prior in (("p(z_k)", own), ("p(z_1)", own[:, :1]), ("p(mean of q)", log_normal(m, 0, 1))):
    print(f"5000 samples with {name:>12}: log p(x) = {bound(logw - own + prior).mean():.4f}")


# %% right and wrong answers
@right_answer
def reduced_in_logarithms(logw):
    """One call that never leaves the logarithms and knows what to do with -inf, so that no case is treated apart. It
    takes about twice the time of the answer above, for a thousand rows of a thousand.
    """
    return np.logaddexp.reduce(logw, axis=1) - math.log(logw.shape[1])


@right_answer
def row_by_row(logw):
    """Plain Python, one row after the other: to be read, and to test the fast one with."""
    bounds = []
    for row in logw:
        top = max(row)
        if top == -math.inf:
            bounds.append(-math.inf)
        else:
            bounds.append(top + math.log(sum(math.exp(each - top) for each in row) / len(row)))
    return np.array(bounds)


def shifted(reduce, shift=lambda logw: logw.max(axis=1, keepdims=True)):
    """The bound with another reduction of the shifted weights, or another shift."""

    def answer(logw):
        logw = np.asarray(logw, dtype=float)
        highest = shift(logw)
        highest = np.where(np.isfinite(highest), highest, 0.0)
        with np.errstate(all="ignore"):
            return reduce(np.exp(logw - highest)) + np.broadcast_to(highest, (len(logw), 1))[:, 0]

    return answer


mean_of_the_logarithms = wrong_answer(
    feedback="That is the mean of the log-weights, a sample of the ELBO. Here the logarithm is taken of the mean.",
)(lambda logw: np.mean(logw, axis=1))

no_shift = wrong_answer(
    passes=(the_mean_of_the_weights, samples_without_weight, any_number_of_rows_and_samples),
    feedback="exp(-2000) is 0 and exp(2000) is inf, and their logarithms are no help: bring the weights to a common level first.",
)(shifted(lambda w: np.log(w.mean(axis=1)), shift=lambda logw: np.zeros((len(logw), 1))))

one_shift_for_all = wrong_answer(
    passes=(the_mean_of_the_weights, samples_without_weight, any_number_of_rows_and_samples),
    feedback="One maximum for all rows is not enough: rows far below it underflow. Each row needs its own.",
)(shifted(lambda w: np.log(w.mean(axis=1)), shift=lambda logw: logw.max(keepdims=True)))

not_divided_by_K = wrong_answer(
    feedback="That is the logarithm of the sum. Without the division by K the 'bound' lies above log p(x), the more so the larger K.",
)(shifted(lambda w: np.log(w.sum(axis=1))))

logarithm_divided_by_K = wrong_answer(
    feedback="The sum is divided by K before the logarithm is taken, not after it.",
)(lambda logw: np.logaddexp.reduce(logw, axis=1) / logw.shape[1])

zero_weights_left_out = wrong_answer(
    samples_without_weight,
    zero_weights_among_others,
    feedback="You leave samples of weight 0 out of the count. They are samples, and they lower the mean.",
)(lambda logw: np.logaddexp.reduce(logw, axis=1) - np.log(np.maximum(np.isfinite(logw).sum(axis=1), 1)))

nan_for_no_weight = wrong_answer(
    samples_without_weight,
    zero_weights_among_others,
    feedback="-inf minus -inf is nan. A row without any weight has no finite maximum to subtract.",
)(lambda logw: logw.max(axis=1) + np.log(np.mean(np.exp(logw - logw.max(axis=1, keepdims=True)), axis=1)))

padded = wrong_answer(
    feedback="A small number added inside the logarithm changes every bound a little, and one of -inf without end.",
)(shifted(lambda w: np.log(w.mean(axis=1) + 1e-6)))

padded_with_less = wrong_answer(
    samples_without_weight,
    zero_weights_among_others,
    feedback="A number added inside a logarithm turns -inf into something finite.",
)(shifted(lambda w: np.log(w.mean(axis=1) + 1e-15)))

weighted_logarithms = wrong_answer(
    feedback="You weight each log-weight by its share of the weights. That has the right gradient, but it is not the bound.",
)(
    lambda logw: np.sum(
        np.exp(logw - np.logaddexp.reduce(logw, axis=1, keepdims=True)) * np.where(np.isfinite(logw), logw, 0), axis=1
    )
)

the_best_sample = wrong_answer(
    feedback="That is the largest log-weight of the row. All K samples count, in the mean.",
)(lambda logw: np.max(logw, axis=1))

averaged_over_rows = wrong_answer(
    feedback="One number for each row is asked. You average over the N examples too.",
)(lambda logw: float(np.mean(reduced_in_logarithms(logw))))

along_the_wrong_axis = wrong_answer(
    feedback="The samples of one x stand in one row. You average over the rows.",
)(lambda logw: np.logaddexp.reduce(logw, axis=0) - math.log(len(logw)))
