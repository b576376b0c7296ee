# %% [markdown]
# ## BatchNorm, forward
#
# A good start keeps the signal in order for the first step. After a thousand steps nobody vouches for it any more. So
# why not put it in order again in every layer, at every step? BatchNorm does just that. It looks at one feature across
# the batch, subtracts the mean, divides by the spread, and then hands the network two dials, $\gamma$ and $\beta$, in
# case it liked another scale and place better:
#
# $$ \mu = \frac1N \sum_n a_n, \qquad
#    \sigma^2 = \frac1N \sum_n (a_n - \mu)^2, \qquad
#    \mathrm{out}_n = \gamma\,\frac{a_n - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta . $$
#
# Everything is per feature: a batch of shape `(N, D)` has $D$ means and $D$ variances. The small $\varepsilon$ stands
# **inside** the root, so that a feature that never changes gives $\beta$ and not a division by zero.
#
# A prediction should not depend on who else happens to be in the batch. So in training BatchNorm also keeps a diary,
# the *running* mean and variance, and at test time it reads the diary:
#
# $$ \mathrm{run} \leftarrow (1 - m)\,\mathrm{run} + m\,\mathrm{new}, \qquad m = \mathtt{momentum}. $$
#
# Now the trap. **Two different variances are in use.** The batch is normalized with the *biased* one above (divide by
# $N$). The diary is an estimate for all the data, so its new entry is the *unbiased* one (divide by $N - 1$). These
# are PyTorch's conventions, and they are ours. A batch of one has no unbiased variance at all.
#
# | argument | shape | meaning |
# |---|---|---|
# | `a` | `(N, D)` | the pre-activations of a batch |
# | `gamma`, `beta` | `(D,)` | scale and shift |
# | `run_mean`, `run_var` | `(D,)` | the running statistics before this batch; variances $\ge 0$ |
# | `train` | bool | training (batch statistics; the running ones move on) or evaluation (running ones, which stay) |
# | `momentum`, `eps` | numbers | the weight of the new batch in the running statistics; the $\varepsilon$ above |
# | results | `(N, D)`, `(D,)`, `(D,)` | `out`, and the running mean and variance after this batch |
#
# **Write `batchnorm_forward(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5)`, which returns
# `(out, run_mean, run_var)`.** In training with `N = 1` it raises `ValueError`; in evaluation any `N` will do. The new
# running statistics are new arrays. A batch may lie far from 0, with a mean of $10^8$ beside a spread of 1: there
# $\frac1N \sum a_n^2 - \mu^2$, which is the same variance on paper, has no digit left.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, expect_parts, expect_raises, is_pure, right_answer, wrong_answer


# %% answer
def batchnorm_forward(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5):
    """Return out (N, D) and the running mean and variance (D,), for a batch a (N, D); all else has shape (D,)."""
    # BEGIN SOLUTION
    mean, var = run_mean, run_var
    if train:
        count = len(a)
        if count < 2:
            raise ValueError("a batch of one example has no spread to normalize with")
        mean, var = a.mean(axis=0), a.var(axis=0)
        unbiased = var * count / (count - 1)
        run_mean = (1 - momentum) * run_mean + momentum * mean
        run_var = (1 - momentum) * run_var + momentum * unbiased
    return gamma * (a - mean) / np.sqrt(var + eps) + beta, run_mean, run_var
    # END SOLUTION


# %% checks
PARTS = ("out", "run_mean", "run_var")


def one_feature(values, gamma, beta, eps):
    """Normalize the values of one feature with sums in plain Python; return them, the mean and the sum of squares."""
    mean = math.fsum(values) / len(values)
    squares = math.fsum((value - mean) ** 2 for value in values)
    scale = gamma / math.sqrt(squares / len(values) + eps)
    return [scale * (value - mean) + beta for value in values], mean, squares


def training_by_loops(a, gamma, beta, run_mean, run_var, momentum, eps):
    """The three results of training, feature by feature."""
    columns, means, variances = [], [], []
    for j in range(a.shape[1]):
        column, mean, squares = one_feature(a[:, j].tolist(), gamma[j], beta[j], eps)
        columns.append(column)
        means.append(run_mean[j] + momentum * (mean - run_mean[j]))
        variances.append(run_var[j] + momentum * (squares / (len(a) - 1) - run_var[j]))
    return np.transpose(columns), np.array(means), np.array(variances)


def random_state(rng, features):
    """Random gamma, beta, running mean and running variance, each (features,)."""
    gamma, beta, run_mean = rng.normal(size=(3, features))
    return gamma, beta, run_mean, rng.uniform(0.5, 2, features)


# %% public checks
@check(points=0.5)
def two_examples_by_hand(batchnorm_forward):
    """In training with eps = 0, the batch (0, 2) becomes (-1, 1)."""
    one, zero = np.ones(1), np.zeros(1)
    results = batchnorm_forward(np.array([[0.0], [2.0]]), one, zero, zero, one, True, 0.1, 0.0)
    out, _, _ = expect_parts(results, PARTS, "batchnorm_forward([[0], [2]])")
    expect_close(out, [[-1.0], [1.0]], "out for the batch [[0], [2]]")


@check(points=0.5)
def running_statistics_by_hand(batchnorm_forward):
    """The batch (0, 2) has mean 1 and unbiased variance 2: run_mean goes from 10 to 9.1, run_var from 5 to 4.7."""
    batch, gamma, beta = np.array([[0.0], [2.0]]), np.ones(1), np.zeros(1)
    results = batchnorm_forward(batch, gamma, beta, np.array([10.0]), np.array([5.0]), True)
    _, mean, var = expect_parts(results, PARTS, "batchnorm_forward([[0], [2]])")
    expect_close(mean, [9.1], "run_mean after the batch [[0], [2]]")
    expect_close(var, [4.7], "run_var after the batch [[0], [2]]")


@check(points=0.5)
def evaluation_by_hand(batchnorm_forward):
    """In evaluation the running mean 2 and variance 4, with gamma 3, beta 1 and eps 0, turn (4, 8) into (4, 10)."""
    batch, gamma, beta = np.array([[4.0], [8.0]]), np.array([3.0]), np.array([1.0])
    results = batchnorm_forward(batch, gamma, beta, np.array([2.0]), np.array([4.0]), False, 0.1, 0.0)
    expect_close(results, ([[4.0], [10.0]], [2.0], [4.0]), "batchnorm_forward([[4], [8]]) in evaluation", parts=PARTS)


# %% hidden checks
TRAINING = [
    (6, 3, ()), (2, 3, ()), (5, 2, (0.3, 0.5)), (40, 1, (0.0, 1e-3)), (3, 3, (0.7, 1e-5)), (4, 1, ()), (2, 1, (1.0, 1e-8)),
    (33, 2, ()), (100, 2, (0.5, 1e-5)), (1000, 1, ()),
]  # fmt: skip


@check(points=1.5, hidden=True)
def training_agrees_with_sums_in_plain_python(batchnorm_forward, rng):
    """In training out and the running statistics are right for any batch, small or large, near 0 or far, constant features too."""
    for rows, features, settings in TRAINING:
        momentum, eps = settings or (0.1, 1e-5)
        state, a = random_state(rng, features), 3 + 2 * rng.normal(size=(rows, features))
        expected = training_by_loops(a, *state, momentum, eps)
        what = f"batchnorm_forward in training, N = {rows}, D = {features}, momentum = {momentum:g}, eps = {eps:g}"
        expect_close(batchnorm_forward(a, *state, True, *settings), expected, what, parts=PARTS)
    for scale in (-1e4, 1e-3):
        state, a = random_state(rng, 3), scale * rng.uniform(1, 3, size=(5, 3))
        state = (1e4 * state[0], *state[1:])
        expected = training_by_loops(a, *state, 0.1, 1e-5)
        what = f"batchnorm_forward in training, a of size {abs(scale):g}"
        expect_close(batchnorm_forward(a, *state, True), expected, what, parts=PARTS, rtol=1e-8)
    state, a = random_state(rng, 2), rng.normal(size=(80, 2))
    a[3] = 500.0, -500.0  # beside this one, all others are alike: it lies nearly nine standard deviations from the mean
    expected = training_by_loops(a, *state, 0.1, 1e-5)
    expect_close(batchnorm_forward(a, *state, True), expected, "batchnorm_forward with an outlier", parts=PARTS)
    constant_features(batchnorm_forward, random_state(rng, 3))
    far_from_zero(batchnorm_forward)


def constant_features(batchnorm_forward, state):
    """A feature that never changes gives beta, to the last bit, and no division by zero."""
    gamma, beta, run_mean, run_var = state
    beta = beta * [1.0, 0.0, 1.0]
    expected = np.tile(beta, (4, 1)), 0.9 * run_mean + 0.1, 0.9 * run_var
    with np.errstate(divide="raise", invalid="raise"):
        results = batchnorm_forward(np.ones((4, 3)), gamma, beta, run_mean, run_var, True)
    expect_close(results, expected, "batchnorm_forward of a batch of ones", parts=PARTS, rtol=1e-12, atol=0)


def far_from_zero(batchnorm_forward):
    """At 1e8 the numbers below and their mean are exact; what is left are -1, 1 and the like."""
    a, one, zero = np.array([[1e8, 2.0], [1e8 + 2, 1e8], [1e8, 2.0], [1e8 + 2, 1e8]]), np.ones(2), np.zeros(2)
    out = np.array([[-1.0, -1.0], [1.0, 1.0], [-1.0, -1.0], [1.0, 1.0]])
    expected = out, np.array([1e8 + 1, 5e7 + 1]), np.array([4 / 3, 4 / 3 * (5e7 - 1) ** 2])
    results = batchnorm_forward(a, one, zero, zero, one, True, 1.0, 0.0)
    expect_close(results, expected, "batchnorm_forward of a batch near 1e8, momentum = 1, eps = 0", parts=PARTS)


@check(points=1.5, hidden=True)
def evaluation_treats_every_example_alone(batchnorm_forward, rng):
    """In evaluation each example is normalized by the running statistics, also alone, and these stay as they are."""
    gamma, beta, run_mean, run_var = random_state(rng, 3)
    a = 3 + 2 * rng.normal(size=(6, 3))
    expected = np.array(
        [[gamma[j] / math.sqrt(run_var[j] + 0.25) * (row[j] - run_mean[j]) + beta[j] for j in range(3)] for row in a]
    )
    for first, last in [(0, 6), (0, 1), (2, 4), (1, 4)]:
        results = batchnorm_forward(a[first:last], gamma, beta, run_mean, run_var, False, 0.1, 0.25)
        what = f"batchnorm_forward in evaluation, N = {last - first}"
        expect_close(results, (expected[first:last], run_mean.copy(), run_var.copy()), what, parts=PARTS)
    one = np.array([[-700.0], [-700.0]])
    results = batchnorm_forward(
        one, np.array([-3e3]), np.array([2e3]), np.array([-701.0]), np.array([8.75]), False, 1.0, 0.25
    )
    expected = [[1e3], [1e3]], [-701.0], [8.75]
    expect_close(results, expected, "batchnorm_forward in evaluation, D = 1, equal examples", parts=PARTS)


@check(points=0.5, hidden=True)
def a_batch_of_one_is_refused_in_training(batchnorm_forward, rng):
    """A training batch with a single example raises ValueError; one with two does not, and has statistics."""
    for features in (3, 1):
        state = random_state(rng, features)
        with expect_raises(ValueError, "batchnorm_forward in training with N = 1"):
            batchnorm_forward(rng.normal(size=(1, features)), *state, True)
    pair, state = np.array([[1.0], [3.0]]), (np.ones(1), np.zeros(1), np.zeros(1), np.zeros(1))
    _, mean, _ = expect_parts(batchnorm_forward(pair, *state, True, 0.5), PARTS, "batchnorm_forward with N = 2")
    expect_close(mean, [1.0], "run_mean after the batch [[1], [3]], momentum = 0.5")


# %% hints
HINTS = [
    "Decide first which mean and variance this call normalizes with; the last line is then the same for both modes.",
    "axis=0 runs over the examples. NumPy's var divides by N; multiplied by N / (N - 1) it is the unbiased one.",
    "momentum is the weight of the new batch, 1 - momentum that of the old running value. Make new arrays for both.",
]
COVERS = ["S0.v"]
KERNELS = [kernels.batchnorm_forward]
WHY = """
What differs between the two modes is which mean and variance are used. That is decided first, and then one last line
normalizes for both, so they cannot drift apart. `var` centers before it squares, which is why a mean of $10^8$ does no
harm. The factor $N / (N - 1)$ goes into the diary and nowhere else; at $N = 1$ it would be $1/0$, hence the refusal.
Each `run = ...` makes a new array. With `+=` the caller's statistics would change under their feet.
"""

# %% [markdown]
# > **A common claim: "the running variance is the average of the variances that the batches were normalized with."** It
# > is called running, after all, and what else was at hand? Then it would be too small, by the factor $(N-1)/N$: a batch lies closer to its own mean than to the true one. Draw many
# > batches from data of variance 1. With $N = 2$ the biased variances average one half, with $N = 4$ three quarters.
# > Only with large batches do the two conventions agree, which is why mixing them up goes unnoticed until somebody
# > trains with small ones. (Neither convention is *the* right one, and libraries differ. What counts is to know which
# > one a number was made with.)

# %% experiment
batchnorm = grader.yours("batchnorm_forward")
draws, one, zero = np.random.default_rng(0), np.ones(1), np.zeros(1)
print(f"{'N':>4} {'used on the batch':>18} {'new running value':>18} {'(N - 1) / N':>12}   averages over 300 batches")
for rows in (2, 4, 16, 64):
    batches = draws.normal(size=(300, rows, 1))
    used = np.mean([batch.var() for batch in batches])
    noted = np.mean([batchnorm(batch, one, zero, zero, one, True, 1.0)[2] for batch in batches])
    print(f"{rows:4d} {used:18.3f} {noted:18.3f} {(rows - 1) / rows:12.3f}")


# %% right and wrong answers
@right_answer
def transposed_and_centered(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5):
    """Centers once, for the variance and for the output: about two thirds of the time. Written as an update, run + m (new
    - run), a running value that is right already stays as it is to the last bit.
    """
    if not train:
        return (a - run_mean) * (gamma / (run_var + eps) ** 0.5) + beta, run_mean.copy(), run_var.copy()
    if a.shape[0] == 1:
        raise ValueError("N = 1")
    mean = np.sum(a.T, axis=1) / a.shape[0]
    centered = a - mean
    squares = np.einsum("nd,nd->d", centered, centered)
    new_mean = run_mean + momentum * (mean - run_mean)
    new_var = run_var + momentum * (squares / (a.shape[0] - 1) - run_var)
    return centered * (gamma / (squares / a.shape[0] + eps) ** 0.5) + beta, new_mean, new_var


def variant(normalize_ddof=0, noted_ddof=1, eps_outside=False, batch_in_evaluation=False, swapped=False, smallest=2):
    """BatchNorm with one thing changed."""

    def run(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5):
        if train and len(a) < smallest:
            raise ValueError("N = 1")
        new = momentum if not swapped else 1 - momentum
        mean, var = run_mean, run_var
        if train or batch_in_evaluation:
            mean, var = a.mean(axis=0), a.var(axis=0, ddof=normalize_ddof)
        if train:
            run_mean = run_mean + new * (a.mean(axis=0) - run_mean)
            run_var = run_var + new * (a.var(axis=0, ddof=noted_ddof) - run_var)
        spread = np.sqrt(var) + eps if eps_outside else np.sqrt(var + eps)
        return gamma * (a - mean) / spread + beta, run_mean, run_var

    return run


unbiased_for_the_batch = wrong_answer(
    two_examples_by_hand,
    training_agrees_with_sums_in_plain_python,
    feedback="The batch is normalized with the biased variance (divide by N). Only the running estimate is unbiased.",
)(variant(normalize_ddof=1))

biased_running_variance = wrong_answer(
    running_statistics_by_hand,
    training_agrees_with_sums_in_plain_python,
    feedback="The running variance takes the unbiased variance of the batch (by N - 1). Yours took the biased one.",
)(variant(noted_ddof=0))

eps_outside_the_root = wrong_answer(
    training_agrees_with_sums_in_plain_python,
    evaluation_treats_every_example_alone,
    feedback="You divide by the standard deviation plus eps. The eps belongs inside the root, with the variance.",
)(variant(eps_outside=True))

batch_statistics_at_test_time = wrong_answer(
    evaluation_by_hand,
    evaluation_treats_every_example_alone,
    feedback="At test time you normalize with the test batch. Use the running statistics, so that each example stands alone.",
)(variant(batch_in_evaluation=True))

momentum_on_the_old_average = wrong_answer(
    running_statistics_by_hand,
    training_agrees_with_sums_in_plain_python,
    feedback="In this convention momentum is the weight of the new batch (0.1), not that of the old average.",
)(variant(swapped=True))

accepts_a_batch_of_one = wrong_answer(
    a_batch_of_one_is_refused_in_training,
    feedback="A training batch of one goes through, but its unbiased variance is 0/0. Refuse it with a ValueError.",
)(variant(smallest=1))

biased_and_a_batch_of_one = wrong_answer(
    running_statistics_by_hand,
    training_agrees_with_sums_in_plain_python,
    a_batch_of_one_is_refused_in_training,
    feedback="Two things: the running variance takes the unbiased variance (by N - 1), and that is why a training batch of one must raise ValueError.",
)(variant(noted_ddof=0, smallest=1))

refuses_a_batch_of_two = wrong_answer(
    passes=(
        evaluation_by_hand,
        evaluation_treats_every_example_alone,
    ),
    feedback="Your training mode refuses batches that are large enough: from two examples on there is a variance.",
)(variant(smallest=6))


@wrong_answer(
    two_examples_by_hand,
    training_agrees_with_sums_in_plain_python,
    feedback="In training you normalize with the updated running statistics. Use this batch's own mean and variance.",
)
def normalized_by_running_statistics(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5):
    if train:
        _, run_mean, run_var = transposed_and_centered(a, gamma, beta, run_mean, run_var, True, momentum, eps)
    return gamma * (a - run_mean) / np.sqrt(run_var + eps) + beta, run_mean, run_var


@wrong_answer(
    two_examples_by_hand,
    running_statistics_by_hand,
    training_agrees_with_sums_in_plain_python,
    a_batch_of_one_is_refused_in_training,
    feedback="You take mean and variance over the features of each example. BatchNorm takes them over the examples.",
)
def over_the_features(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5):
    if not train or len(a) < 2:
        return transposed_and_centered(a, gamma, beta, run_mean, run_var, train, momentum, eps)
    mean, var = a.mean(axis=1, keepdims=True), a.var(axis=1, keepdims=True)
    out = gamma * (a - mean) / np.sqrt(var + eps + (eps == 0)) + beta
    return out, (1 - momentum) * run_mean + momentum * mean, (1 - momentum) * run_var + momentum * var


@wrong_answer(
    is_pure,
    feedback="The values are right, but some array that was given is no longer what it was: the new running statistics are new arrays.",
)
def updated_in_place(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5):
    out, new_mean, new_var = transposed_and_centered(a, gamma, beta, run_mean, run_var, train, momentum, eps)
    run_mean[...], run_var[...] = new_mean, new_var
    return out, new_mean, new_var


def with_variance(variance):
    """BatchNorm with some other way to the biased variance of the batch."""

    def run(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5):
        if not train or len(a) < 2:
            return transposed_and_centered(a, gamma, beta, run_mean, run_var, train, momentum, eps)
        mean, var = a.mean(axis=0), variance(a)
        noted = run_var + momentum * (var * len(a) / (len(a) - 1) - run_var)
        with np.errstate(all="ignore"):
            return gamma * (a - mean) / np.sqrt(var + eps) + beta, run_mean + momentum * (mean - run_mean), noted

    return run


mean_of_squares = wrong_answer(
    training_agrees_with_sums_in_plain_python,
    feedback="Far from 0 your variance has no digits left, as the mean of the squares minus the square of the mean has none. Center first.",
)(with_variance(lambda a: (a * a).mean(axis=0) - a.mean(axis=0) ** 2))

one_variance_for_all_features = wrong_answer(
    training_agrees_with_sums_in_plain_python,
    feedback="Every feature has a variance of its own. Yours divides all of them by one.",
)(with_variance(lambda a: np.full(a.shape[1], a.var())))


@wrong_answer(
    evaluation_treats_every_example_alone,
    feedback="A single example is refused in evaluation too. Only training has no use for it.",
)
def refuses_one_in_evaluation(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5):
    if len(a) < 2:
        raise ValueError("N = 1")
    return transposed_and_centered(a, gamma, beta, run_mean, run_var, train, momentum, eps)


@wrong_answer(
    evaluation_by_hand,
    evaluation_treats_every_example_alone,
    feedback="In evaluation the running statistics moved. They are only read there; training writes them.",
)
def moves_on_in_evaluation(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5):
    out, new_mean, new_var = transposed_and_centered(a, gamma, beta, run_mean, run_var, train, momentum, eps)
    if train:
        return out, new_mean, new_var
    return out, run_mean + momentum * (a.mean(axis=0) - run_mean), run_var + momentum * (a.var(axis=0) - run_var)


@wrong_answer(
    passes=(running_statistics_by_hand,),
    feedback="Your momentum is always 0.1, and your eps always 1e-5. Both are arguments, and may be others.",
)
def constants_for_arguments(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5):
    return transposed_and_centered(a, gamma, beta, run_mean, run_var, train)


@wrong_answer(
    running_statistics_by_hand,
    training_agrees_with_sums_in_plain_python,
    feedback="The running variance takes the square root of the batch's variance in yours. It is a variance, not a standard deviation.",
)
def running_deviation(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5):
    results = transposed_and_centered(a, gamma, beta, run_mean, run_var, train, momentum, eps)
    return (*results[:2], run_var + momentum * (a.std(axis=0, ddof=1) - run_var)) if train else results


@wrong_answer(
    evaluation_by_hand,
    evaluation_treats_every_example_alone,
    feedback="In evaluation gamma and beta are missing. They belong to the layer, in both modes.",
)
def no_dials_in_evaluation(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5):
    if train:
        return transposed_and_centered(a, gamma, beta, run_mean, run_var, True, momentum, eps)
    return (a - run_mean) / np.sqrt(run_var + eps), run_mean, run_var


@wrong_answer(
    a_batch_of_one_is_refused_in_training,
    feedback="A training batch of one is refused, but not with a ValueError.",
)
def another_exception(a, gamma, beta, run_mean, run_var, train, momentum=0.1, eps=1e-5):
    assert not train or len(a) > 1
    return transposed_and_centered(a, gamma, beta, run_mean, run_var, train, momentum, eps)
