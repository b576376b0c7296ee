# %% [markdown]
# ## BatchNorm, backward
#
# Forward, one example's output depends on all the others: it is measured against their mean and in units of their
# spread. So backward, one example's gradient must depend on all the others too. Push one value of the batch up a
# little. It moves itself, it moves the mean that everybody is compared with, and it widens the spread that everybody
# is divided by. There are **three roads from the output back to the input**, and a backward pass that forgets one of
# them trains a network that almost works.
#
# With $\hat a_n = (a_n - \mu) / \sqrt{\sigma^2 + \varepsilon}$ the forward pass in training is $\mathrm{out}_n =
# \gamma\,\hat a_n + \beta$. Let $d_n$ be the gradient of the loss with respect to $\mathrm{out}_n$. The two dials are
# easy, for each of them touched every example of the batch:
#
# $$ \frac{\partial L}{\partial \beta} = \sum_n d_n, \qquad
#    \frac{\partial L}{\partial \gamma} = \sum_n d_n\,\hat a_n . $$
#
# For the input, write $\sigma^2 = \frac1N \sum_n (a_n - \mu)^2$ and differentiate through everything that holds an
# $a$. What comes out is best read as geometry: **the gradient loses whatever BatchNorm would have undone**. A push
# that moves all values alike is undone by the mean, a push that stretches all values is undone by the spread, and a
# gradient through BatchNorm has no part in either direction ($\varepsilon$ aside).
#
# | argument | shape | meaning |
# |---|---|---|
# | `a` | `(N, D)`, $N \ge 2$ | the pre-activations that went into the forward pass |
# | `gamma` | `(D,)` | the scale |
# | `dout` | `(N, D)` | the gradient with respect to `out` |
# | `eps` | number | the $\varepsilon$ of the forward pass |
# | results | `(N, D)`, `(D,)`, `(D,)` | the gradients with respect to `a`, `gamma`, `beta` |
#
# **Write `batchnorm_backward(a, gamma, dout, eps=1e-5)`, which returns `(da, dgamma, dbeta)`: the gradients of
# $\sum \mathrm{out} \cdot \mathrm{dout}$ in training mode, through the batch mean and the (biased) batch variance
# too.** Eleven digits are asked for, beside the largest: a difference quotient has fewer. As before, a batch may lie far
# from 0, with a mean of $10^8$ beside a spread of 1. It is one of whole numbers then, whose mean is not rounded.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import (
    check,
    complex_step,
    expect_array,
    expect_close,
    expect_parts,
    is_pure,
    right_answer,
    wrong_answer,
)


# %% answer
def batchnorm_backward(a, gamma, dout, eps=1e-5):
    """Return the gradients da (N, D), dgamma (D,) and dbeta (D,), given dout (N, D) behind a batch a (N, D)."""
    # BEGIN SOLUTION
    spread = np.sqrt(a.var(axis=0) + eps)
    normalized = (a - a.mean(axis=0)) / spread
    dbeta = dout.sum(axis=0)
    dgamma = (dout * normalized).sum(axis=0)
    undone = (dbeta + normalized * dgamma) / len(a)
    return gamma / spread * (dout - undone), dgamma, dbeta
    # END SOLUTION


# %% checks
PARTS = ("da", "dgamma", "dbeta")
SIZES = [(7, 3, 1e-5), (2, 3, 1e-5), (5, 2, 0.7), (4, 1, 0.05), (3, 3, 0.1), (2, 2, 0.3), (40, 2, 1e-3), (2, 1, 0.5)]


def loss_of_column(column, gamma, dout, eps):
    """What one feature adds to sum(out * dout), beta aside; `column` may be complex."""
    centered = column - np.sum(column) / len(column)
    return gamma * np.sum(dout * centered) / np.sqrt(np.sum(centered * centered) / len(column) + eps)


def da_by_complex_step(a, gamma, dout, eps):
    """The gradient with respect to every element of a, to machine precision."""
    columns = zip(a.T, gamma, dout.T, strict=True)
    return np.stack(
        [complex_step(lambda z, g=g, d=d: loss_of_column(z, g, d, eps), one) for one, g, d in columns], axis=1
    )


def draw(rng, rows, features):
    """A random batch, gamma and upstream gradient."""
    return 3 + 2 * rng.normal(size=(rows, features)), rng.normal(size=features), rng.normal(size=(rows, features))


# %% public checks
@check(points=0.5)
def pushing_all_outputs_alike_moves_nothing(batchnorm_backward):
    """With the same dout for every example, da is 0: the mean takes it back."""
    a = np.array([[0.0], [1.0], [5.0]])
    results = batchnorm_backward(a, np.ones(1), np.ones((3, 1)))
    da, _, _ = expect_parts(results, PARTS, "batchnorm_backward([[0], [1], [5]])")
    expect_close(da, np.zeros((3, 1)), "da for a constant dout", atol=1e-12)


@check(points=1)
def four_examples_by_hand(batchnorm_backward):
    """For a = (-1, -1, 1, 1), gamma = 2, dout = (1, 0, 0, 0), eps = 0: da = (1, -1, 0, 0), dgamma = -1, dbeta = 1."""
    a, dout = np.array([[-1.0], [-1.0], [1.0], [1.0]]), np.array([[1.0], [0.0], [0.0], [0.0]])
    expected = [[1.0], [-1.0], [0.0], [0.0]], [-1.0], [1.0]
    results = batchnorm_backward(a, np.array([2.0]), dout, 0.0)
    expect_close(results, expected, "batchnorm_backward([[-1], [-1], [1], [1]])", parts=PARTS)


# %% hidden checks
@check(points=1.5, hidden=True)
def da_agrees_with_the_complex_step(batchnorm_backward, rng):
    """da matches a derivative taken to machine precision, for several batch sizes and eps, upstream gradients large and tiny."""
    for (rows, features, eps), scale in [*((one, 1.0) for one in SIZES), ((6, 2, 1e-4), 1e5), ((4, 3, 1e-2), 1e-18)]:
        a, gamma, dout = draw(rng, rows, features)
        dout = scale * dout
        what = f"batchnorm_backward with N = {rows}, D = {features}, eps = {eps:g}"
        expected = da_by_complex_step(a, gamma, dout, eps)
        da, _, _ = expect_parts(batchnorm_backward(a, gamma, dout, eps), PARTS, what)
        expect_close(da, expected, f"da of {what}", rtol=1e-11, atol=1e-13 * scale)
    a, gamma, dout = draw(rng, 3, 2)
    expected = np.zeros((3, 2)), np.zeros(2), np.zeros(2)
    results = batchnorm_backward(a, gamma, np.zeros((3, 2)))
    expect_close(results, expected, "batchnorm_backward where dout is 0", parts=PARTS, atol=0)


@check(points=1, hidden=True)
def gamma_and_beta_collect_over_the_batch(batchnorm_backward, rng):
    """dgamma and dbeta are right for any batch, worked out in plain Python."""
    for (rows, features, eps), scale in [*((one, 1.0) for one in SIZES), ((6, 2, 1e-4), 1e5), ((4, 3, 1e-2), 1e-18)]:
        a, gamma, dout = draw(rng, rows, features)
        dout = scale * dout
        what = f"batchnorm_backward with N = {rows}, D = {features}, eps = {eps:g}"
        slopes = [float(loss_of_column(a[:, j], 1.0, dout[:, j], eps)) for j in range(features)]
        totals = [math.fsum(column) for column in dout.T.tolist()]
        _, dgamma, dbeta = expect_parts(batchnorm_backward(a, gamma, dout, eps), PARTS, what)
        expect_close(dgamma, slopes, f"dgamma of {what}", atol=1e-12 * scale)
        expect_close(dbeta, totals, f"dbeta of {what}", atol=1e-12 * scale)


@check(points=1, hidden=True)
def nothing_that_batchnorm_undoes_is_left(batchnorm_backward, rng):
    """da has no part along a common shift, and along a stretch only what eps lets through."""
    for rows, features, eps in SIZES:
        a, gamma, dout = draw(rng, rows, features)
        what = f"da with N = {rows}, D = {features}, eps = {eps:g}"
        centered = a - a.mean(axis=0)
        # Stretching the centered values by 1 + t changes the loss at this rate, and not at all where eps is 0.
        losses = [float(loss_of_column(a[:, j], gamma[j], dout[:, j], eps)) for j in range(features)]
        stretch = np.array(losses) * eps / (a.var(axis=0) + eps)
        da, _, _ = expect_parts(batchnorm_backward(a, gamma, dout, eps), PARTS, what)
        da = expect_array(da, a.shape, what)
        expect_close(da.sum(axis=0), np.zeros(features), f"the column sums of {what}", atol=1e-9)
        expect_close((da * centered).sum(axis=0), stretch, f"the sum of {what} times the centered batch", atol=1e-9)


@check(points=1, hidden=True)
def the_batch_may_move_and_stretch(batchnorm_backward, rng):
    """A batch that is shifted, however far, has the same gradients, a stretched one (eps = 0) a smaller da."""
    a = np.array([[0.0, 3.0], [1.0, -5.0], [4.0, 7.0], [-2.0, 2.0], [-3.0, 0.0], [6.0, -1.0], [2.0, 9.0], [0.0, 1.0]])
    gamma, dout = rng.normal(size=2), rng.normal(size=(8, 2))
    results = batchnorm_backward(a, gamma, dout.copy(), 0.0)
    da, dgamma, dbeta = (np.array(one) for one in expect_parts(results, PARTS, "batchnorm_backward with N = 8"))
    da = expect_array(da, a.shape, "da with N = 8")
    for shift in (100.0, -(2.0**27)):  # whole numbers, and so are the sums: nothing is rounded
        what = f"batchnorm_backward of the batch plus {shift:g}"
        expect_close(batchnorm_backward(a + shift, gamma, dout.copy(), 0.0), (da, dgamma, dbeta), what, parts=PARTS)
    expect_close(
        batchnorm_backward(4 * a, gamma, dout.copy(), 0.0), (da / 4, dgamma, dbeta), "4 times the batch", parts=PARTS
    )
    pair = np.array([[-1.0], [1.0]])
    along, _, _ = expect_parts(
        batchnorm_backward(pair, np.ones(1), pair.copy()), PARTS, "batchnorm_backward([[-1], [1]])"
    )
    # With two examples all that is left is what eps lets through: eps / (1 + eps)^1.5 of dout.
    expect_close(along, 1e-5 / (1 + 1e-5) ** 1.5 * pair, "da for dout along the batch itself")


# %% hints
HINTS = [
    "Set up sum(out * dout) with the mean and the variance written out, and differentiate one step at a time.",
    "Road one: directly. Road two, through the mean: it takes the average of dout away from every example.",
    "Road three, through the variance: it takes away the part of dout that points along the normalized batch.",
    "Both parts that are taken away are averages over the batch, and two of your results are the sums that you need.",
]
COVERS = ["S0.v", "S1.6b"]
KERNELS = [kernels.batchnorm_backward, kernels.numerical_gradient]
WHY = r"""
The two sums over the batch are used twice. They are the gradients of the dials, and divided by $N$ they are what is
taken away from `dout`: its mean (the road through the mean) and its share along $\hat a$ (the road through the
variance). Since $(1, \dots, 1)$ and $\hat a$ stand at a right angle and both have the length $\sqrt N$ ($\varepsilon$
aside), this is a projection: what is left has no part in either. A test for free: the columns of `da` sum to 0.
"""

# %% [markdown]
# > **A common claim: "with BatchNorm, vanishing gradients become less likely."** Its inventors say so, and for the
# > sigmoid networks of their time they were right. It depends on the network. Below, two
# > plain networks, sigmoid and ReLU, at three depths: the norm of the weight gradient in the *first* layer over that in
# > the *last*. Twelve sigmoid layers alone pass on less than a millionth. With BatchNorm the ratio is near 1, and of
# > ordinary size even at depth 50: rescued. A ReLU network with well-chosen weights was near 1 to begin with, and
# > BatchNorm makes its gradient grow layer by layer, to more than ten thousand times at depth 50, although its forward
# > signal is in perfect order. (At the start of training each ReLU layer under BatchNorm multiplies the gradient's norm
# > by about $\sqrt{\pi / (\pi - 1)} = 1.21$. Shortcuts around the layers, as in residual networks, tame it.)

# %% experiment
logistic, slope_of_sigmoid = grader.yours("sigmoid"), grader.yours("sigmoid_gradient")
std_of, forward, backward = (
    grader.yours("init_std"),
    grader.yours("batchnorm_forward"),
    grader.yours("batchnorm_backward"),
)
width = 48
one, zero = np.ones(width), np.zeros(width)
networks = {
    "sigmoid": (logistic, lambda z: slope_of_sigmoid(z)[0], std_of(width, width, "linear")),
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0), std_of(width, width, "relu")),
}


def first_over_last(activation, slope, std, depth, normalize):
    """The norm of the first layer's weight gradient over that of the last layer's, for random weights and errors."""
    draws, passed = np.random.default_rng(0), []
    h = draws.normal(size=(96, width))
    for _ in range(depth):
        W = std * draws.normal(size=(width, width))
        before = h @ W
        z = forward(before, one, zero, zero, one, True)[0] if normalize else before
        passed.append((h, W, before, z))
        h = activation(z)
    dh, norms = draws.normal(size=h.shape), []
    for h, W, before, z in reversed(passed):
        dz = dh * slope(z)
        if normalize:
            dz = backward(before, one, dz)[0]
        norms.append(np.linalg.norm(h.T @ dz))
        dh = dz @ W.T
    return norms[-1] / norms[0]


print(f"{'first / last gradient':>24} {'depth 5':>10} {'depth 12':>10} {'depth 50':>10}")
for name, parts in networks.items():
    for normalize in (False, True):
        ratios = [first_over_last(*parts, depth, normalize) for depth in (5, 12, 50)]
        label = name + (" with BatchNorm" if normalize else " alone")
        print(f"{label:>24}", *(f"{ratio:10.2g}" for ratio in ratios))


# %% right and wrong answers
def roads(a, gamma, dout, eps=1e-5, through_mean=True, through_variance=True):
    """Road by road: directly, through the mean, through the variance."""
    count, mean = a.shape[0], a.mean(axis=0)
    precision = (a.var(axis=0) + eps) ** -0.5
    dhat = gamma * dout
    dvar = -0.5 * precision**3 * np.einsum("nd,nd->d", dhat, a - mean)
    da = dhat * precision
    if through_mean:
        da = da - dhat.mean(axis=0) * precision
    if through_variance:
        da = da + 2 * dvar * (a - mean) / count
    return da, np.einsum("nd,nd->d", dout, (a - mean) * precision), np.add.reduce(dout)


@right_answer
def road_by_road(a, gamma, dout, eps=1e-5):
    """Keeps the three roads apart, with the gradient of the variance as a step of its own. As fast as ours, and the form
    to start from when the layer is changed.
    """
    return roads(a, gamma, dout, eps)


@right_answer
def by_the_jacobian(a, gamma, dout, eps=1e-5):
    """Shows the projection: the identity minus two matrices of rank one. An N x N matrix for each feature makes it more
    than twenty times as slow for 64 examples of 32 features.
    """
    count = len(a)
    da, dgamma = np.empty(a.shape), np.empty(a.shape[1])
    for j, column in enumerate(a.T):
        hat = (column - column.mean()) / np.sqrt(column.var() + eps)
        jacobian = np.eye(count) - 1 / count - np.outer(hat, hat) / count
        da[:, j] = gamma[j] / np.sqrt(column.var() + eps) * jacobian @ dout[:, j]
        dgamma[j] = hat @ dout[:, j]
    return da, dgamma, dout.sum(0)


@wrong_answer(
    passes=(gamma_and_beta_collect_over_the_batch,),
    feedback="You treated the mean and the variance as constants. Both depend on every example of the batch.",
)
def statistics_as_constants(a, gamma, dout, eps=1e-5):
    return roads(a, gamma, dout, eps, through_mean=False, through_variance=False)


@wrong_answer(
    passes=(
        pushing_all_outputs_alike_moves_nothing,
        gamma_and_beta_collect_over_the_batch,
    ),
    feedback="The road through the variance is missing: a push along the normalized batch is undone by the spread.",
)
def no_road_through_the_variance(a, gamma, dout, eps=1e-5):
    return roads(a, gamma, dout, eps, through_variance=False)


@wrong_answer(
    passes=(
        gamma_and_beta_collect_over_the_batch,
        the_batch_may_move_and_stretch,
    ),
    feedback="The road through the mean is missing: a push that moves all examples alike is taken back by the mean.",
)
def no_road_through_the_mean(a, gamma, dout, eps=1e-5):
    return roads(a, gamma, dout, eps, through_mean=False)


@wrong_answer(
    four_examples_by_hand,
    da_agrees_with_the_complex_step,
    nothing_that_batchnorm_undoes_is_left,
    feedback="gamma multiplies the gradient that flows back to a. Yours leaves it out.",
)
def forgot_gamma(a, gamma, dout, eps=1e-5):
    return roads(a, np.ones(len(gamma)), dout, eps)


@wrong_answer(
    passes=(
        pushing_all_outputs_alike_moves_nothing,
        four_examples_by_hand,
    ),
    feedback="The eps of the forward pass is missing from your standard deviation.",
)
def forgot_eps(a, gamma, dout, eps=1e-5):
    return roads(a, gamma, dout, 0.0)


@wrong_answer(
    gamma_and_beta_collect_over_the_batch,
    the_batch_may_move_and_stretch,
    feedback="gamma multiplied the normalized values, so these belong in its gradient. You used a itself.",
)
def raw_values_for_gamma(a, gamma, dout, eps=1e-5):
    da, _, dbeta = roads(a, gamma, dout, eps)
    return da, (dout * a).sum(axis=0), dbeta


@wrong_answer(
    four_examples_by_hand,
    gamma_and_beta_collect_over_the_batch,
    feedback="gamma and beta touch every example, so their gradients are sums over the batch. Yours are averages.",
)
def averages_for_gamma_and_beta(a, gamma, dout, eps=1e-5):
    da, dgamma, dbeta = roads(a, gamma, dout, eps)
    return da, dgamma / len(a), dbeta / len(a)


@wrong_answer(
    passes=(pushing_all_outputs_alike_moves_nothing,),
    feedback="The forward pass divides by the biased variance (by N). Your backward pass uses the unbiased one.",
)
def unbiased_variance(a, gamma, dout, eps=1e-5):
    spread = np.sqrt(a.var(axis=0, ddof=1) + eps)
    hat = (a - a.mean(axis=0)) / spread
    da = gamma / spread * (dout - dout.mean(axis=0) - hat * (dout * hat).mean(axis=0))
    return da, (dout * hat).sum(axis=0), dout.sum(axis=0)


@wrong_answer(
    is_pure,
    feedback="The gradients are right, but some argument is no longer what it was: an in-place operation wrote into it.",
)
def wrote_into_dout(a, gamma, dout, eps=1e-5):
    results = roads(a, gamma, dout, eps)
    dout -= dout.mean(axis=0)
    return results


@wrong_answer(
    the_batch_may_move_and_stretch,
    feedback="Far from 0 digits are lost, as in the mean of the squares minus the square of the mean, or in a sum of a times dout. Center a first.",
)
def mean_of_squares(a, gamma, dout, eps=1e-5):
    with np.errstate(all="ignore"):
        spread = np.sqrt((a * a).mean(axis=0) - a.mean(axis=0) ** 2 + eps)
        hat = (a - a.mean(axis=0)) / spread
        dgamma = (dout * hat).sum(axis=0)
        return gamma / spread * (dout - dout.mean(axis=0) - hat * dgamma / len(a)), dgamma, dout.sum(axis=0)


@wrong_answer(
    passes=(pushing_all_outputs_alike_moves_nothing, gamma_and_beta_collect_over_the_batch),
    feedback="da is right to a few digits only, as a difference quotient is. The three roads give all of them.",
)
def by_differences(a, gamma, dout, eps=1e-5):
    da, h = np.empty(a.shape), 1e-3
    for n, j in np.ndindex(*a.shape):
        step = h * (np.arange(len(a)) == n)
        up, down = (loss_of_column(a[:, j] + sign * step, gamma[j], dout[:, j], eps) for sign in (1, -1))
        da[n, j] = (up - down) / (2 * h)
    return da, *roads(a, gamma, dout, eps)[1:]


@wrong_answer(
    passes=(pushing_all_outputs_alike_moves_nothing, gamma_and_beta_collect_over_the_batch),
    feedback="Your da is N times too large, or too small, beside dgamma and dbeta: count the factors 1/N on the roads through mean and variance.",
)
def da_times_n(a, gamma, dout, eps=1e-5):
    da, dgamma, dbeta = roads(a, gamma, dout, eps)
    return da * len(a), dgamma, dbeta
