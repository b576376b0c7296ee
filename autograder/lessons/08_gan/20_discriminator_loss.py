# %% [markdown]
# ## The detective's loss, from logits
#
# In a program nobody computes $\log D$ from $D$. The network's last layer gives a *logit* $a$, any real number, and
# $D = \sigma(a)$. The detective maximizes $V$, and programs minimize, so its loss is $-V$, with a mean over each batch in
# the place of each expectation:
#
# $$ \mathcal{L} = -\frac1N \sum_{i=1}^N \log \sigma(r_i) - \frac1M \sum_{j=1}^M \log\bigl(1 - \sigma(f_j)\bigr). $$
#
# A detective that works well is sure. With a logit of 800 for a forged note, $1 - \sigma(800)$ rounds to 0 and the
# formula as it stands says infinity; the truth is a loss of 800. (You met the remedy in lesson 02: $-\log \sigma(a)$ is a
# *softplus*, and so is $-\log(1 - \sigma(a))$, of something else.)
#
# | argument | shape | meaning |
# |---|---|---|
# | `real` | `(N,)`, $N \ge 1$ | logits of real samples, between $-1000$ and 1000 |
# | `fake` | `(M,)`, $M \ge 1$ | logits of generated samples; `M` need not be `N` |
# | results | number, `(N,)`, `(M,)` | the loss in nats, and its gradients for `real` and for `fake` |
#
# **Write `discriminator_loss(real, fake)`, which returns `(loss, dreal, dfake)`.** No overflow, no invalid value and no
# division by zero on the way: there must be no warning of any of these.
#
# PyTorch calls each half `binary_cross_entropy_with_logits(logits, labels)`, labels 1 and 0, with the mean as its
# default. Some programs add the two halves, as we do; others take their average.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, right_answer, wrong_answer


# %% answer
def discriminator_loss(real, fake):
    """Return -mean log sigma(real) - mean log(1 - sigma(fake)) and its gradients, shapes (N,) and (M,)."""

    # BEGIN SOLUTION
    def softplus(a):
        return np.maximum(a, 0) + np.log1p(np.exp(-np.abs(a)))

    def sigmoid(a):
        small = np.exp(-np.abs(a))
        return np.where(a >= 0, 1.0, small) / (1 + small)

    loss = softplus(-real).mean() + softplus(fake).mean()
    return loss, -sigmoid(-real) / len(real), sigmoid(fake) / len(fake)
    # END SOLUTION


# %% public checks
PARTS = ("loss", "dreal", "dfake")


@check(points=0.5)
def a_coin_toss(discriminator_loss):
    """With both logits 0 the loss is 2 log 2, and the gradients are -1/2 and 1/2."""
    expected = 2 * math.log(2), [-0.5], [0.5]
    expect_close(discriminator_loss(np.zeros(1), np.zeros(1)), expected, "discriminator_loss([0], [0])", parts=PARTS)


@check(points=0.5)
def two_real_notes_and_a_forged_one(discriminator_loss):
    """With D = 3/4 and 1/2 for two real notes and D = 1/4 for a forged one, the loss is (log 4/3 + log 2)/2 + log 4/3."""
    real, fake = np.array([math.log(3), 0.0]), np.array([-math.log(3)])
    expected = (math.log(4 / 3) + math.log(2)) / 2 + math.log(4 / 3), [-0.125, -0.25], [0.25]
    expect_close(discriminator_loss(real, fake), expected, "discriminator_loss([log 3, 0], [-log 3])", parts=PARTS)


# %% hidden checks
def as_defined(real, fake):
    """The loss by its definition, which is good enough for moderate logits, real or complex."""
    return -np.mean(np.log(1 / (1 + np.exp(-real)))) - np.mean(np.log(1 / (1 + np.exp(fake))))


def one_by_one(real, fake):
    """Loss and gradients for any logits, sample by sample."""
    softplus = [max(a, 0.0) + math.log1p(math.exp(-abs(a))) for a in [*(-real).tolist(), *fake.tolist()]]
    slopes = [math.exp(min(a, 0.0)) / (1 + math.exp(-abs(a))) for a in [*(-real).tolist(), *fake.tolist()]]
    n, m = len(real), len(fake)
    loss = math.fsum(softplus[:n]) / n + math.fsum(softplus[n:]) / m
    return loss, -np.array(slopes[:n]) / n, np.array(slopes[n:]) / m


@check(points=1.5, hidden=True)
def loss_and_slopes(discriminator_loss, rng):
    """For batches of any two sizes, the loss is as defined and both gradients are its slopes."""
    batches = [(2 * rng.normal(size=n), 2 * rng.normal(size=m)) for n, m in [(4, 4), (3, 5), (1, 6), (7, 1), (1, 1)]]
    for real, fake in [*batches, (np.full(3, 0.7), np.full(2, -1.1))]:
        dreal = complex_step(lambda a, fake=fake: as_defined(a, fake), real)
        dfake = complex_step(lambda a, real=real: as_defined(real, a), fake)
        what = f"discriminator_loss of {len(real)} real and {len(fake)} fake logits"
        expect_close(discriminator_loss(real, fake), (as_defined(real, fake), dreal, dfake), what, parts=PARTS)


@check(points=1.5, hidden=True)
def sure_detectives(discriminator_loss, rng):
    """A detective that is sure, rightly or wrongly, gets a finite loss and right gradients, without a warning."""
    cases = {
        "sure and right": (np.array([800.0, 40.0, 0.3]), np.array([-800.0, -0.2, -45.0, -1000.0])),
        "sure and wrong": (np.array([-800.0, -41.0]), np.array([1000.0, 50.0, 900.0])),
        "both at once": (np.array([-700.0, 0.5, 30.0, 1000.0]), np.array([-25.0, 38.0, 1.0])),
        "fairly sure": (rng.uniform(8, 18, 5), -rng.uniform(8, 18, 5)),
        "all fooled": (-rng.uniform(20, 900, 3), rng.uniform(20, 900, 3)),
    }
    for name, (real, fake) in cases.items():
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            got = discriminator_loss(real, fake)
        expect_close(got, one_by_one(real, fake), f"discriminator_loss of a detective that is {name}", parts=PARTS)


# %% hints
HINTS = [
    "1 - sigma(a) is sigma(-a). So both halves are minus the logarithm of a sigmoid.",
    "-log sigma(a) = log(1 + exp(-a)). Take the larger of the two terms out of the logarithm; log1p does the rest.",
    "The slope of log(1 + exp(z)) is sigma(z). Which sign has z for a real sample, and by what does the mean divide?",
    "Write the sigmoid with exp(-|a|) alone, and choose the numerator by the sign of a; or take a tanh.",
]
WHY = r"""
$-\log \sigma(a) = \log(1 + e^{-a})$ is a softplus of $-a$, and $-\log(1 - \sigma(a))$ is one of $a$. Written as
$\max(a, 0) + \log(1 + e^{-|a|})$ it takes the exponential of nothing positive, and a logit of 800 costs 800. The
slope of a softplus is a sigmoid: $-\sigma(-r)/N$ for real, $\sigma(f)/M$ for fake. Write $-\sigma(-r)$ and not
$\sigma(r) - 1$, which is exactly 0 for $r = 40$, where $-4 \cdot 10^{-18}$ is right. Each batch has its own mean, so
that $N$ and $M$ need not be equal.
"""
COVERS = ["S2.15", "S4.11a", "S4.11b"]
KERNELS = [kernels.discriminator_loss]

# %% [markdown]
# **See what the epsilon does.** Many programs write $-\log(D + 10^{-8})$, "for stability". It stops the loss from
# growing at 18, and with it the gradient: exactly the detective that is wrong and sure of it gets nothing to learn from.

# %% experiment
loss_of = grader.yours("discriminator_loss")
print(f"{'logit of a real note':>22} {'loss':>9} {'slope':>9}   {'with 1e-8: loss':>16} {'slope':>9}")
for logit in (-1.0, -10.0, -15.0, -20.0, -30.0):
    loss, slope, _ = loss_of(np.array([logit]), np.array([-1000.0]))
    chance = np.exp(logit) / (1 + np.exp(logit))
    patched = -np.log(chance + 1e-8), -chance * (1 - chance) / (chance + 1e-8)
    print(f"{logit:22g} {loss:9.4f} {slope[0]:9.4f}   {patched[0]:16.4f} {patched[1]:9.4f}")


# %% right and wrong answers
def softplus(a):
    return np.logaddexp(0, a)


def gate(a):
    return 0.5 * (1 + np.tanh(a / 2))


@right_answer
def with_library_functions(real, fake):
    """Two calls that cannot overflow: np.logaddexp(0, a) is the softplus, a tanh of half the argument the sigmoid. The
    price is that slopes below 1e-16 come out as 0.
    """
    return softplus(-real).mean() + softplus(fake).mean(), -gate(-real) / len(real), gate(fake) / len(fake)


@right_answer
def one_batch_with_labels(real, fake):
    """The usual form: logits and labels in one array, with weights that make a mean of each half. So both batches go
    through the network in one pass.
    """
    logits = np.concatenate([real, fake])
    labels = np.concatenate([np.ones(len(real)), np.zeros(len(fake))])
    weights = np.concatenate([np.full(len(real), 1 / len(real)), np.full(len(fake), 1 / len(fake))])
    losses = np.maximum(logits, 0) - logits * labels + np.log1p(np.exp(-np.abs(logits)))
    slopes = weights * (gate(logits) - labels)
    return float(weights @ losses), slopes[: len(real)], slopes[len(real) :]


@wrong_answer(
    passes=(a_coin_toss, two_real_notes_and_a_forged_one, loss_and_slopes),
    feedback="Taking the logarithm of a sigmoid breaks where the detective is sure: write each half as a softplus.",
)
def log_of_a_sigmoid(real, fake):
    r, f = 1 / (1 + np.exp(-real)), 1 / (1 + np.exp(-fake))
    return -np.log(r).mean() - np.log(1 - f).mean(), -(1 - r) / len(r), f / len(f)


@wrong_answer(feedback="Both gradients have the wrong sign: raising the logit of a real sample lowers the loss.")
def gradients_negated(real, fake):
    loss, dreal, dfake = with_library_functions(real, fake)
    return loss, -dreal, -dfake


@wrong_answer(feedback="Roles exchanged: this rewards a detective that calls real samples fake.")
def roles_exchanged(real, fake):
    return softplus(real).mean() + softplus(-fake).mean(), gate(real) / len(real), -gate(-fake) / len(fake)


@wrong_answer(feedback="Everything is half as large as it should be. The two means are added, not averaged.")
def halved(real, fake):
    return tuple(part / 2 for part in with_library_functions(real, fake))


@wrong_answer(feedback="You take one mean over all samples. Each of the two batches has a mean of its own.")
def one_mean_for_all(real, fake):
    n = len(real) + len(fake)
    return (softplus(-real).sum() + softplus(fake).sum()) / n, -gate(-real) / n, gate(fake) / n


@wrong_answer(
    passes=(a_coin_toss,),
    feedback="The loss is right, the gradients belong to sums: a mean over a batch divides them by its size.",
)
def gradients_of_sums(real, fake):
    return softplus(-real).mean() + softplus(fake).mean(), -gate(-real), gate(fake)


@wrong_answer(
    passes=(a_coin_toss,),
    feedback="You add over the samples. Each expectation is a mean over its batch.",
)
def sums(real, fake):
    return softplus(-real).sum() + softplus(fake).sum(), -gate(-real), gate(fake)


@wrong_answer(feedback="Real samples have label 1 here. A smoothed label, 0.9, makes another loss.")
def smoothed_labels(real, fake):
    loss = (0.9 * softplus(-real) + 0.1 * softplus(real)).mean() + softplus(fake).mean()
    return loss, (gate(real) - 0.9) / len(real), gate(fake) / len(fake)


@wrong_answer(
    passes=(a_coin_toss, two_real_notes_and_a_forged_one, loss_and_slopes),
    feedback="An epsilon inside the logarithm bounds the loss. The loss of a sure and wrong detective has no bound.",
)
def epsilon_in_the_logarithms(real, fake):
    loss = -np.log(gate(real) + 1e-12).mean() - np.log(gate(-fake) + 1e-12).mean()
    return loss, -gate(-real) / len(real), gate(fake) / len(fake)


@wrong_answer(
    feedback="An epsilon inside the logarithm bounds the loss. The loss of a sure and wrong detective has no bound.",
)
def larger_epsilon(real, fake):
    loss = -np.log(gate(real) + 1e-8).mean() - np.log(gate(-fake) + 1e-8).mean()
    return loss, -gate(-real) / len(real), gate(fake) / len(fake)


@wrong_answer(feedback="That is V, which the detective maximizes. The loss is minus V, and so are its gradients.")
def the_value(real, fake):
    return tuple(-part for part in with_library_functions(real, fake))


@wrong_answer(feedback="Squared distances from 1 and 0 are the least-squares GAN. Here each sample costs a logarithm.")
def least_squares(real, fake):
    return 0.5 * np.mean((real - 1) ** 2) + 0.5 * np.mean(fake**2), (real - 1) / len(real), fake / len(fake)


@wrong_answer(feedback="The sigmoid is applied twice: `real` and `fake` are logits, and the loss applies it once.")
def sigmoid_twice(real, fake):
    r, f = gate(real), gate(fake)
    loss = softplus(-r).mean() + softplus(f).mean()
    return loss, -gate(-r) * r * (1 - r) / len(r), gate(f) * f * (1 - f) / len(f)


@wrong_answer(
    passes=(a_coin_toss, two_real_notes_and_a_forged_one, loss_and_slopes),
    feedback="You clip the logits. The loss of a sure and wrong detective has no bound, and its gradient does not stop.",
)
def clipped_logits(real, fake):
    return with_library_functions(np.clip(real, -30, 30), np.clip(fake, -30, 30))
