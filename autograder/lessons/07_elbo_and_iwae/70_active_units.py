# %% [markdown]
# ## Collapse, counted
#
# How many of its latent dimensions does a model use? The KL term of a dimension is one way to ask. A simpler one is
# to look at what the encoder says: if the mean $\mu_d(x) = \mathbb E_q[z_d \mid x]$ is the same for every $x$, the
# dimension says nothing about $x$, *wherever* that mean lies. So take the variance of the posterior means over the
# examples,
#
# $$ A_d = \frac1N \sum_{n=1}^{N} \left( \mu_{nd} - \bar\mu_d \right)^2, \qquad \bar\mu_d = \frac1N \sum_{n=1}^{N} \mu_{nd}, $$
#
# and call a unit *active* if $A_d$ is above a threshold. Burda, Grosse and Salakhutdinov took 0.01, and found that it
# hardly matters: units lie far above it or far below. At the end of this lesson you will see three models where that is
# so, and one, half collapsed, where it is not.
#
# | argument | shape | meaning |
# |---|---|---|
# | `mu` | `(N, D)`, float64 or integer | posterior means, a row for each example; $N$, $D \ge 1$ |
# | `threshold` | number $> 0$, by default 0.01 | in the square of the latent's unit |
# | first result | integer | how many units lie **strictly** above the threshold |
# | second result | `(D,)` | the variances $A_d$ |
#
# The variance is the plain one, divided by $N$. It must come out right also where the means are a million times as
# large as their spread.
#
# **Write `active_units(mu, threshold=0.01)`.** *Elsewhere:* `torch.var` divides by $N - 1$ unless told otherwise,
# `np.var` by $N$.

# %% imports
from fractions import Fraction

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, expect_parts, right_answer, wrong_answer


# %% answer
def active_units(mu, threshold=0.01):
    """Return how many columns of mu (N, D) vary by more than the threshold, and the variances (D,), divided by N."""
    # BEGIN SOLUTION
    variances = ((mu - mu.mean(axis=0)) ** 2).mean(axis=0)
    return int((variances > threshold).sum()), variances
    # END SOLUTION


# %% public checks
PARTS = ("number", "variances")


@check(points=0.25)
def one_speaks_two_are_constant(active_units):
    """One unit is -1, 2 and 2 with a variance of 2; the others are always 5 and always 0: they are not active."""
    mu = np.array([[-1.0, 5.0, 0.0], [2.0, 5.0, 0.0], [2.0, 5.0, 0.0]])
    what = "active_units of (-1, 2, 2), (5, 5, 5) and (0, 0, 0)"
    expect_close(active_units(mu), (1, np.array([2.0, 0.0, 0.0])), what, parts=PARTS)


@check(points=0.25)
def the_threshold_is_for_the_variance(active_units):
    """Means of 0.05 and -0.05 have a variance of 0.0025, below 0.01 and above 0.001."""
    mu = np.array([[0.05], [-0.05]])
    expect_close(active_units(mu), (0, np.array([0.0025])), "active_units of 0.05 and -0.05", parts=PARTS)
    what = "active_units of 0.05 and -0.05, threshold 0.001"
    expect_close(active_units(mu, 0.001), (1, np.array([0.0025])), what, parts=PARTS)


# %% hidden checks
def exact_variances(mu):
    """The variance of each column, in rational numbers."""
    columns = [[Fraction(one) for one in column] for column in zip(*mu.tolist(), strict=True)]
    means = [sum(column) / len(column) for column in columns]
    return [sum((one - mean) ** 2 for one in column) / len(column) for column, mean in zip(columns, means, strict=True)]


def compare(active_units, mu, what, *threshold):
    """Number and variances beside the rational ones."""
    exact = exact_variances(mu)
    number = sum(one > Fraction(threshold[0] if threshold else 0.01) for one in exact)
    got = expect_parts(active_units(mu, *threshold), PARTS, what)
    expect_close(got[0], number, f"number of {what}")
    expect_close(got[1], np.array([float(one) for one in exact]), f"variances of {what}", atol=1e-14)


def spreads(rng, N, *scales):
    """Columns of standard deviation 1 times the scales, with random means."""
    z = rng.normal(size=(N, len(scales)))
    return (z - z.mean(axis=0)) / z.std(axis=0) * np.array(scales) + rng.normal(size=len(scales))


@check(points=0.5, hidden=True)
def the_variances_exactly(active_units, rng):
    """Number and variances match rational arithmetic for any sizes: one example, more dimensions than examples, square."""
    for N, D in [(40, 5), (3, 7), (4, 4), (2, 1), (1, 3), (1, 1), (6, 1)]:
        mu = rng.normal(size=(N, D)) + 3 * rng.normal(size=D)
        compare(active_units, mu, f"active_units of {N} examples and {D} dimensions")
    compare(active_units, spreads(rng, 12, 0.05, 2.0), "active_units of an idle and a busy unit")
    compare(active_units, rng.integers(-4, 5, (6, 3)), "active_units of integers")
    compare(active_units, np.full((5, 4), -2.0), "active_units where all are constant")


@check(points=0.5, hidden=True)
def on_either_side_of_the_threshold(active_units, rng):
    """Units between the threshold and its root, at another threshold, and exactly at it are counted as stated."""
    mu = spreads(rng, 40, 1.0, 0.5, 0.2, 0.05, 0.001, 0.09, 0.11)
    compare(active_units, mu, "active_units of seven units from busy to idle")
    for threshold in (0.1, 0.002, 2.0):
        compare(active_units, mu, f"active_units with threshold {threshold}", threshold)
    compare(active_units, 100 * mu, "active_units of large means with threshold 700", 700.0)
    compare(active_units, np.array([[0.5, 1.0], [-0.5, -1.0]]), "active_units exactly at the threshold 0.25", 0.25)
    compare(active_units, 4 + np.array([[0.09], [-0.09]]), "active_units of two examples next to the threshold")


@check(points=0.5, hidden=True)
def far_from_zero(active_units, rng):
    """Where the means lie does not matter: around a million with a spread of 0.3 the variances are right."""
    for level in (1e6, -1e6):
        mu = spreads(rng, 30, 0.3, 0.03, 0.5) + level
        compare(active_units, mu, f"active_units of means around {level:g}")


# %% hints
HINTS = [
    "One variance for each latent dimension: over which axis of (N, D) is it taken?",
    "The mean of the squares less the square of the mean is right on paper. What is left of it in floating point if the mean is a million?",
    "Subtract each column's mean first. Then a comparison gives booleans, and booleans can be counted.",
]
WHY = r"""
Center first, then square. For means around a million a spread of 0.3 is still exact to nine digits, while
$\mathbb{E}[\mu^2] - \mathbb{E}[\mu]^2$ subtracts two numbers near $10^{12}$ and keeps three digits of 0.09. Both
means run over axis 0, the examples, so that each latent dimension has its own. The comparison makes booleans, and
booleans can be added up.
"""
KERNELS = [kernels.active_units]

# %% [markdown]
# > **A common claim: "the variance is $\mathbb E[\mu^2] - \mathbb E[\mu]^2$, one pass over the data is enough."** On
# > paper it is. In floating point two large numbers with the same leading digits are subtracted, and what is left are
# > the digits that were rounded. A spread of 0.3 is a variance of 0.09. Move the means away from 0, and watch the
# > last column.

# %% experiment
count = grader.yours("active_units")
draws = np.random.default_rng(0)
z = draws.normal(size=(1000, 1))
z = 0.3 * (z - z.mean()) / z.std()
print(f"{'means around':>12}  {'yours':>10}  {'E[mu^2] - E[mu]^2':>18}")
for level in (0.0, 1e2, 1e4, 1e6, 1e8):
    mu = z + level
    print(f"{level:12.0e}  {count(mu)[1][0]:10.6f}  {np.mean(mu**2) - np.mean(mu) ** 2:18.6f}")


# %% right and wrong answers
@right_answer
def by_numpy(mu, threshold=0.01):
    """np.var centers first and divides by N unless told otherwise: the same in one call."""
    variances = np.var(mu, axis=0)
    return np.count_nonzero(variances > threshold), variances


@right_answer
def by_the_covariance(mu, threshold=0.01):
    """The diagonal of the covariance matrix: D squared numbers where D would do, but those beside the diagonal tell
    whether two active units say the same thing.
    """
    variances = np.diag(np.atleast_2d(np.cov(np.asarray(mu).T, bias=True)))
    return sum(1 for one in variances if one > threshold), variances


def variant(variances, active=lambda v, threshold: v > threshold):
    """Active units by other variances or another comparison."""

    def run(mu, threshold=0.01):
        with np.errstate(all="ignore"):
            v = variances(np.asarray(mu, dtype=float))
            return int(np.sum(active(v, threshold))), v

    return run


by_the_standard_deviation = wrong_answer(
    passes=(one_speaks_two_are_constant,),
    feedback="The threshold is for the variance. You compared its root, the standard deviation, with it.",
)(variant(lambda mu: mu.var(axis=0), lambda v, threshold: np.sqrt(v) > threshold))

roots_returned = wrong_answer(
    feedback="The second result holds variances. Yours are their roots.",
)(variant(lambda mu: mu.std(axis=0), lambda v, threshold: v**2 > threshold))

divided_by_one_less = wrong_answer(
    feedback="The plain variance is asked: divide by N, not by N - 1.",
)(variant(lambda mu: ((mu - mu.mean(axis=0)) ** 2).sum(axis=0) / max(len(mu) - 1, 1)))

over_the_dimensions = wrong_answer(
    feedback="The variance is taken over the examples: one for each latent dimension, a column of mu.",
)(variant(lambda mu: mu.var(axis=1)))

mean_square = wrong_answer(
    passes=(the_threshold_is_for_the_variance,),
    feedback="That is the mean square: a unit that is constant but not 0 would count as active. Subtract its mean first.",
)(variant(lambda mu: (mu**2).mean(axis=0)))

in_one_pass = wrong_answer(
    passes=(one_speaks_two_are_constant, the_threshold_is_for_the_variance, the_variances_exactly, on_either_side_of_the_threshold),
    feedback="The difference of two large numbers has lost its digits: center the means before you square.",
)(variant(lambda mu: (mu**2).mean(axis=0) - mu.mean(axis=0) ** 2))  # fmt: skip

at_least_the_threshold = wrong_answer(
    passes=(one_speaks_two_are_constant, the_threshold_is_for_the_variance, the_variances_exactly, far_from_zero),
    feedback="Strictly above: a unit exactly at the threshold is not active.",
)(variant(lambda mu: mu.var(axis=0), lambda v, threshold: v >= threshold))

always_the_same_threshold = wrong_answer(
    passes=(one_speaks_two_are_constant, the_variances_exactly, far_from_zero),
    feedback="The argument threshold is not used: you always compare with 0.01.",
)(variant(lambda mu: mu.var(axis=0), lambda v, threshold: v > 0.01))

idle_ones_counted = wrong_answer(
    feedback="You counted the units that are not active.",
)(variant(lambda mu: mu.var(axis=0), lambda v, threshold: v <= threshold))

as_a_share = wrong_answer(
    passes=(the_threshold_is_for_the_variance,),
    feedback="The number of active units is asked. You divided by something: is it their share among all units?",
)(lambda mu, threshold=0.01: (float((np.var(mu, axis=0) > threshold).mean()), np.var(mu, axis=0)))

which_ones = wrong_answer(
    passes=(the_threshold_is_for_the_variance,),  # one unit: true is 1
    feedback="The first result is a number: count the units that are active. Yours says which ones.",
)(lambda mu, threshold=0.01: (np.var(mu, axis=0) > threshold, np.var(mu, axis=0)))

centered_by_one_mean = wrong_answer(
    passes=(the_threshold_is_for_the_variance,),
    feedback="You subtract the mean of all numbers. Each dimension has a mean of its own.",
)(variant(lambda mu: ((mu - mu.mean()) ** 2).mean(axis=0)))
