# %% [markdown]
# ## The third leash: a penalty on the slope
#
# The best critic has the slope 1 almost everywhere between the two heaps, not less. So why not ask for just that?
# Choose points between real and generated ones, look at the slope of the critic there, and add what is missing from 1,
# or exceeds it, to the loss:
#
# $$ \mathrm{penalty} = \lambda\, \frac1N \sum_{n=1}^N \big( \|\nabla f(\hat x_n)\| - 1 \big)^2, \qquad \hat x_n = t_n\, \mathrm{real}_n + (1 - t_n)\, \mathrm{fake}_n . $$
#
# Each pair has a $t_n$ of its own, drawn between 0 and 1. The penalty is *two-sided*: a slope of $1/2$ is punished like
# one of $3/2$. And it is soft: it says something about the points that were drawn, and nothing about others.
#
# For a network the slope needs one backward pass, and the gradient of the penalty another one, through the first. To
# see the formula plainly, take a critic whose slope is known by heart,
#
# $$ f(x) = \tfrac12\, x^\top A x + b^\top x , $$
#
# with any square matrix $A$. **Beware:** $A$ need not be symmetric. What is the gradient of $x^\top A x$ then? Write it
# as a double sum, and count in how many terms $x_k$ stands.
#
# | argument | shape | meaning |
# |---|---|---|
# | `A`, `b` | `(D, D)`, `(D,)` | the critic |
# | `real`, `fake` | `(N, D)` | real and generated points, in pairs |
# | `t` | `(N,)` | one number between 0 and 1 for each pair: the share of the *real* point |
# | `lam` | number > 0 | the weight of the penalty |
#
# **Write `gradient_penalty(A, b, real, fake, t, lam=10.)`,** a number, right to $10^{-5}$ of its size. No slope but 1 itself is nearer to 1 than $10^{-6}$. (In torch:
# `torch.autograd.grad(f(x_hat).sum(), x_hat, create_graph=True)`, then `.norm(2, dim=1)`. A well-known collection of
# GANs leaves the `dim=1` out, and so takes *one* norm for the whole batch.)

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, right_answer, wrong_answer


# %% answer
def gradient_penalty(A, b, real, fake, t, lam=10.0):
    """Return lam times the mean of (|slope| - 1)^2 of f(x) = x^T A x / 2 + b^T x between the pairs; real, fake (N, D)."""
    # BEGIN SOLUTION
    between = t[:, None] * real + (1 - t)[:, None] * fake
    slope = between @ (A + A.T) / 2 + b
    length = np.linalg.norm(slope, axis=1)
    return float(lam * np.mean((length - 1) ** 2))
    # END SOLUTION


# %% checks
def pair_by_pair(A, b, real, fake, t, lam):
    """The penalty, with the slope of each pair taken by complex steps of f itself."""
    penalties = []
    for here, there, share in zip(real, fake, t, strict=True):
        slope = complex_step(lambda x: x @ A @ x / 2 + b @ x, share * here + (1 - share) * there)
        penalties.append(lam * (np.sqrt(np.sum(slope**2)) - 1) ** 2)
    return float(np.mean(penalties))


def ask(gradient_penalty, given, what):
    """Compare with the penalty pair by pair; lam is the default where it is left out."""
    expected = pair_by_pair(*given, *([10.0] if len(given) == 5 else []))
    expect_close(gradient_penalty(*given), expected, what, rtol=1e-5, atol=1e-9)


# %% public checks
@check(points=0.5)
def a_straight_critic(gradient_penalty):
    """The critic f(x) = 3x has the slope 3 everywhere: the penalty is 10 * (3 - 1)^2 = 40."""
    given = np.zeros((1, 1)), np.array([3.0]), np.ones((1, 1)), np.zeros((1, 1)), np.array([0.5])
    expect_close(gradient_penalty(*given), 40.0, "gradient_penalty of f(x) = 3x")


@check(points=0.5)
def a_saddle(gradient_penalty):
    """With A = ((0, 2), (0, 0)) and b = (0, 3), between two pairs, the slopes are (1, 4) and (2, 6); with lam = 2 it is 38.10."""
    real, fake = np.array([[2.0, 0.0], [0.0, 8.0]]), np.array([[-2.0, 4.0], [4.0, 0.0]])
    given = np.array([[0.0, 2.0], [0.0, 0.0]]), np.array([0.0, 3.0]), real, fake, np.array([0.75, 0.25]), 2.0
    expected = (np.sqrt(17) - 1) ** 2 + (np.sqrt(40) - 1) ** 2
    expect_close(gradient_penalty(*given), expected, "gradient_penalty of the saddle", rtol=1e-5)


# %% hidden checks
@check(points=1, hidden=True)
def pair_after_pair(gradient_penalty, rng):
    """For random critics and points it is the mean over the pairs, each with its own t, in any dimension."""
    for N, D in [(4, 3), (3, 3), (5, 1), (1, 4), (2, 2), (1, 1)]:
        A, b, t = rng.normal(size=(D, D)), rng.normal(size=D), rng.random(N)
        given = A, b, rng.normal(size=(N, D)), rng.normal(size=(N, D)) + 1, t
        ask(gradient_penalty, given, f"gradient_penalty of {N} pairs in {D} dimensions")


@check(points=1, hidden=True)
def too_flat_and_just_right(gradient_penalty, rng):
    """A critic of slope 1 costs nothing, a flat one costs lam, and one of slope 1/2 a fourth of it."""
    points = rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), rng.random(3)
    for slope in ([0.6, 0.8], [0.0, 0.0], [0.3, 0.4], [0.0, -0.5], [3.0, 4.0]):
        ask(gradient_penalty, (np.zeros((2, 2)), np.array(slope), *points), f"gradient_penalty of the slope {slope}")
    nearly = np.zeros((2, 2)), (1 + 1e-6) * np.array([0.6, 0.8]), *points
    expected = pair_by_pair(*nearly, 10.0)
    expect_close(gradient_penalty(*nearly), expected, "gradient_penalty of the slope 1.000001", rtol=1e-5, atol=0)


@check(points=1, hidden=True)
def ends_and_weights(gradient_penalty, rng):
    """t = 1 is the real end and t = 0 the generated one, and lam multiplies."""
    A, b = rng.normal(size=(2, 2)), rng.normal(size=2)
    real, fake = rng.normal(size=(3, 2)) + 2, rng.normal(size=(3, 2))
    for t in (np.zeros(3), np.ones(3), np.array([0.0, 1.0, 0.5])):
        ask(gradient_penalty, (A, b, real, fake, t), f"gradient_penalty at t = {t.tolist()}")
    ask(gradient_penalty, (A, b, 1000 * real, 1000 * fake, rng.random(3)), "gradient_penalty of points far out")
    ask(gradient_penalty, (-np.abs(A), b, real, fake, rng.random(3)), "gradient_penalty with A below 0")
    for lam in (0.1, 1.0, 100.0):
        ask(gradient_penalty, (A, b, real, fake, rng.random(3), lam), f"gradient_penalty with lam = {lam}")
        flat = 0.05 * A, 0.1 * b / np.linalg.norm(b), real, fake, rng.random(3), lam
        ask(gradient_penalty, flat, f"gradient_penalty of a flat critic with lam = {lam}")


# %% hints
HINTS = [
    "Three steps: the points between, the slope at each of them, and what its length misses from 1.",
    "x^T A x is a sum of x_i A_ij x_j. x_k stands in it as the first factor and as the second one.",
    "For a batch with one point a row, (A + A^T) / 2 times x becomes x @ (A + A.T) / 2.",
    "The length of each row is a norm along axis 1: one length for each pair. The mean comes last.",
]
WHY = r"""
$x_k$ stands in $x^\top A x$ as the first factor and as the second, so the slope is $\tfrac12 (A + A^\top) x + b$:
only the symmetric part of $A$ acts. `t[:, None]` gives every pair its own place, `axis=1` every pair its own length.
Then the order counts: length, minus 1, squared, mean, times $\lambda$. The length and not its square is compared with
1, and from both sides.
"""
COVERS = ["S0.n"]
KERNELS = [kernels.gradient_penalty]


# %% right and wrong answers
def points_and_slopes(A, b, real, fake, t):
    """The points between the pairs, and the slopes there."""
    between = t[:, None] * real + (1 - t)[:, None] * fake
    return between, between @ (A + A.T) / 2 + b


def penalty_of(slope, lam):
    return float(lam * ((np.linalg.norm(slope, axis=1) - 1) ** 2).mean())


@right_answer
def by_the_root_of_squares(A, b, real, fake, t, lam=10.0):
    """With a tiny number under the root, as automatic differentiation wants it: the slope of a root at 0 is infinite.
    A length of 0 becomes 1e-7, larger ones change by less.
    """
    between = fake + t[:, None] * (real - fake)
    slope = np.einsum("ij,nj->ni", (A + A.T) / 2, between) + b
    return lam * np.mean((np.sqrt((slope * slope).sum(1) + 1e-14) - 1) ** 2)


@right_answer
def one_pair_after_the_other(A, b, real, fake, t, lam=10.0):
    """Pair after pair, with the slope as a mean of A x and x A. No shapes to get wrong; slow."""
    total = 0.0
    for here, there, share in zip(real, fake, t, strict=True):
        x = share * here + (1 - share) * there
        total += (np.linalg.norm(0.5 * (A @ x + x @ A) + b) - 1) ** 2
    return lam * total / len(t)


@wrong_answer(
    feedback="You take the length squared minus 1. The length itself is compared with 1.",
)
def length_squared(A, b, real, fake, t, lam=10.0):
    _, slope = points_and_slopes(A, b, real, fake, t)
    return float(lam * (((slope**2).sum(1) - 1) ** 2).mean())


@wrong_answer(
    passes=(a_straight_critic, a_saddle),
    feedback="You punish slopes above 1 only. The penalty is two-sided: too flat costs as well.",
)
def one_sided(A, b, real, fake, t, lam=10.0):
    _, slope = points_and_slopes(A, b, real, fake, t)
    return float(lam * (np.maximum(np.linalg.norm(slope, axis=1) - 1, 0) ** 2).mean())


@wrong_answer(
    passes=(a_straight_critic, too_flat_and_just_right),
    feedback="You look at the real points only. The slope is taken between the real and the generated ones.",
)
def at_the_real_points(A, b, real, fake, t, lam=10.0):
    return penalty_of(points_and_slopes(A, b, real, real, t)[1], lam)


@wrong_answer(
    passes=(a_straight_critic, too_flat_and_just_right),
    feedback="You look at the generated points only. The slope is taken between the real and the generated ones.",
)
def at_the_fake_points(A, b, real, fake, t, lam=10.0):
    return penalty_of(points_and_slopes(A, b, fake, fake, t)[1], lam)


@wrong_answer(
    passes=(a_straight_critic, too_flat_and_just_right),
    feedback="You exchange t and 1 - t: t is the share of the real point.",
)
def shares_exchanged(A, b, real, fake, t, lam=10.0):
    return penalty_of(points_and_slopes(A, b, real, fake, 1 - t)[1], lam)


@wrong_answer(
    passes=(a_straight_critic, too_flat_and_just_right),
    feedback="Your slope is right for a symmetric A only: x stands in x^T A x as the first factor and as the second one.",
)
def as_if_symmetric(A, b, real, fake, t, lam=10.0):
    between, _ = points_and_slopes(A, b, real, fake, t)
    return penalty_of(between @ A.T + b, lam)


@wrong_answer(
    passes=(a_straight_critic, too_flat_and_just_right),
    feedback="Your slope is that with A transposed, as if A were symmetric: x stands in x^T A x on both sides.",
)
def as_if_symmetric_transposed(A, b, real, fake, t, lam=10.0):
    between, _ = points_and_slopes(A, b, real, fake, t)
    return penalty_of(between @ A + b, lam)


@wrong_answer(
    passes=(a_straight_critic, too_flat_and_just_right),
    feedback="The half is missing: the slope of x^T A x / 2 is half of (A + A^T) x.",
)
def without_the_half(A, b, real, fake, t, lam=10.0):
    between, _ = points_and_slopes(A, b, real, fake, t)
    return penalty_of(between @ (A + A.T) + b, lam)


@wrong_answer(
    passes=(a_straight_critic,),
    feedback="You take one length for the whole batch. Every pair has a slope and a length of its own.",
)
def one_norm_for_the_batch(A, b, real, fake, t, lam=10.0):
    _, slope = points_and_slopes(A, b, real, fake, t)
    return float(lam * (np.linalg.norm(slope) - 1) ** 2)


@wrong_answer(
    feedback="The weight lam is missing.",
)
def without_lam(A, b, real, fake, t, lam=10.0):
    return penalty_of(points_and_slopes(A, b, real, fake, t)[1], 1.0)


@wrong_answer(
    feedback="You punish the length itself, as R1 does in lesson 08. Here it is to be 1, not 0.",
)
def length_to_zero(A, b, real, fake, t, lam=10.0):
    _, slope = points_and_slopes(A, b, real, fake, t)
    return float(lam * (slope**2).sum(1).mean())


@wrong_answer(
    feedback="You take the distance from 1. Its square is asked for.",
)
def absolute_distance(A, b, real, fake, t, lam=10.0):
    _, slope = points_and_slopes(A, b, real, fake, t)
    return float(lam * np.abs(np.linalg.norm(slope, axis=1) - 1).mean())


@wrong_answer(
    passes=(a_straight_critic,),
    feedback="You add up over the pairs. The mean is asked for.",
)
def sum_over_the_batch(A, b, real, fake, t, lam=10.0):
    _, slope = points_and_slopes(A, b, real, fake, t)
    return float(lam * ((np.linalg.norm(slope, axis=1) - 1) ** 2).sum())


@wrong_answer(
    passes=(a_straight_critic,),
    feedback="Your length is taken down the columns, over the batch. It belongs to each pair, along its row.",
)
def norm_of_columns(A, b, real, fake, t, lam=10.0):
    _, slope = points_and_slopes(A, b, real, fake, t)
    return float(lam * ((np.linalg.norm(slope, axis=0) - 1) ** 2).mean())


@wrong_answer(
    passes=(a_straight_critic, too_flat_and_just_right),
    feedback="You take one t for the whole batch. Every pair has its own.",
)
def one_t_for_the_batch(A, b, real, fake, t, lam=10.0):
    return penalty_of(points_and_slopes(A, b, real, fake, np.full(len(t), t[0]))[1], lam)


@wrong_answer(
    passes=(a_straight_critic, too_flat_and_just_right),
    feedback="You take the mean of t for the whole batch. Every pair has its own.",
)
def mean_t_for_the_batch(A, b, real, fake, t, lam=10.0):
    return penalty_of(points_and_slopes(A, b, real, fake, np.full(len(t), np.mean(t)))[1], lam)


@wrong_answer(
    feedback="The slope of b^T x is b, everywhere. It is missing from yours.",
)
def without_b(A, b, real, fake, t, lam=10.0):
    return penalty_of(points_and_slopes(A, 0 * b, real, fake, t)[1], lam)
