# %% [markdown]
# ## Two Gaussians
#
# Histograms are for counting. A network that is to *say* a distribution says a few numbers instead, most often a mean
# and a variance for each dimension. For two such Gaussians the divergence is a formula, and it is the formula in the
# loss of every variational autoencoder (lesson 07).
#
# Start with one dimension, $p = N(\mu_1, s_1)$ and $q = N(\mu_2, s_2)$ with the *variances* $s_1, s_2$. Line by line:
#
# $$ \begin{aligned}
# \log \frac{p(x)}{q(x)} &= \tfrac12 \log\frac{s_2}{s_1} - \frac{(x - \mu_1)^2}{2 s_1} + \frac{(x - \mu_2)^2}{2 s_2}
# && \text{the two densities} \\
# \mathrm{E}_p (x - \mu_1)^2 &= s_1 && \text{that is what the variance is} \\
# \mathrm{E}_p (x - \mu_2)^2 &= s_1 + (\mu_1 - \mu_2)^2 && \text{as } x - \mu_2 = (x - \mu_1) + (\mu_1 - \mu_2) \\
# \mathrm{KL}(p \,\|\, q) &= \tfrac12 \Bigl[ \log\frac{s_2}{s_1} - 1 + \frac{s_1 + (\mu_1 - \mu_2)^2}{s_2} \Bigr]
# && \text{the three together.}
# \end{aligned} $$
#
# With independent dimensions the logarithms of the densities add, and so do the divergences.
#
# A variance must be positive, and a network can say anything. So networks say the logarithm, $\ell = \log s$, from
# which $s = e^\ell$ is positive by itself. Write the formula in $\ell_1$ and $\ell_2$, and look at each exponential:
# how large can it become although the divergence itself is small?
#
# | argument | shape | meaning |
# |---|---|---|
# | `m1`, `lv1` | `(D,)` | mean and log-variance $\log \sigma^2$ of the first Gaussian, $p$ |
# | `m2`, `lv2` | `(D,)` | the same of the second one, $q$ |
# | result | number | $\mathrm{KL}(p \,\Vert\, q)$ in nats, summed over the dimensions |
#
# **Write `kl_diagonal_gaussians(m1, lv1, m2, lv2)`.** Means may be as large as $10^{120}$, or tiny. Log-variances may be as small as $-600$
# and as large as 600, and down to $-1000$ in dimensions where the two means are equal. Whenever the divergence itself
# is no larger than $10^6$, the error must stay below $10^{-6}$ of it, give or take $10^{-12}$.
#
# *Elsewhere:* `torch.distributions.kl_divergence(Normal(m1, std1), Normal(m2, std2))` takes *standard deviations* and
# does not sum over the dimensions. Papers on variational autoencoders write
# $-\frac12 \sum (1 + \ell - \mu^2 - e^\ell)$, which is this with the standard normal as the second Gaussian.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def kl_diagonal_gaussians(m1, lv1, m2, lv2):
    """Return KL(N(m1, exp(lv1)) || N(m2, exp(lv2))) in nats for means and log-variances (D,), summed over D."""
    # BEGIN SOLUTION
    log_ratio = lv1 - lv2
    distance = (m1 - m2) * np.exp(-lv2 / 2)  # in standard deviations of the second: squared only when it is small again
    return 0.5 * np.sum(np.exp(log_ratio) - log_ratio - 1 + distance**2)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def means_that_differ(kl_diagonal_gaussians):
    """With variances (4, 9), the means (1, 0) and (0, 3) are 1/8 + 9/18 = 0.625 nats apart."""
    lv = np.log([4.0, 9.0])
    got = kl_diagonal_gaussians(np.array([1.0, 0.0]), lv, np.array([0.0, 3.0]), lv.copy())
    expect_close(got, 0.625, "kl_diagonal_gaussians([1, 0], log [4, 9], [0, 3], log [4, 9])")


@check(points=0.5)
def variances_that_differ(kl_diagonal_gaussians):
    """From variance 1 to variance 4, in two dimensions, it is log 4 - 3/4 = 0.6363 nats."""
    zero = np.zeros(2)
    got = kl_diagonal_gaussians(zero, np.zeros(2), zero.copy(), np.log([4.0, 4.0]))
    expect_close(got, math.log(4) - 0.75, "kl_diagonal_gaussians([0, 0], log [1, 1], [0, 0], log [4, 4])")


# %% hidden checks
def by_quadrature(m1, lv1, m2, lv2):
    """The integral of p log(p / q), dimension by dimension, by the trapezoidal rule on 12 standard deviations."""
    z, step = np.linspace(-12, 12, 4001, retstep=True)
    weights = np.exp(-(z**2) / 2) * step / np.sqrt(2 * np.pi)
    total = 0.0
    for a, la, b, lb in zip(m1, lv1, m2, lv2, strict=True):
        x = a + np.exp(la / 2) * z
        total += weights @ ((lb - la - z**2 + ((x - b) / np.exp(lb / 2)) ** 2) / 2)
    return total


@check(points=1, hidden=True)
def the_integral_in_any_dimension(kl_diagonal_gaussians, rng):
    """For random Gaussians it equals the integral of p log(p / q), taken numerically, and 0 for equal ones."""
    for D in (3, 1, 2, 40):
        m1, lv1, m2, lv2 = rng.normal(size=(4, D))
        got = kl_diagonal_gaussians(m1, lv1, m2, lv2)
        expect_close(got, by_quadrature(m1, lv1, m2, lv2), f"KL of two random Gaussians in {D} dimensions", rtol=1e-6)
        zero = np.zeros(D)
        got = kl_diagonal_gaussians(m1, lv1, zero, zero.copy())
        expect_close(got, by_quadrature(m1, lv1, zero, zero), "KL from the standard normal", rtol=1e-6)
    same = kl_diagonal_gaussians(m1, lv1, m1.copy(), lv1.copy())
    expect_close(same, 0.0, f"KL of two equal Gaussians in {D} dimensions")
    m1 = -1 - np.abs(m1)
    got = kl_diagonal_gaussians(m1, lv1, m2, lv2)
    expect_close(got, by_quadrature(m1, lv1, m2, lv2), "KL from a Gaussian with means below 0", rtol=1e-6)


@check(points=0.5, hidden=True)
def the_unit_of_length_does_not_matter(kl_diagonal_gaussians, rng):
    """In a unit 10^4, 10^20 or 10^120 times as large or as small, or from another origin, it is the same number."""
    m1, lv1, m2, lv2 = rng.normal(size=(4, 3))
    expected = by_quadrature(m1, lv1, m2, lv2)
    for power in (4, -4, 20, -20, 120, -120):
        shift = 2 * power * math.log(10)
        moved = m1 * 10.0**power, lv1 + shift, m2 * 10.0**power, lv2 + shift
        expect_close(kl_diagonal_gaussians(*moved), expected, f"KL, both scaled by 1e{power}", rtol=1e-6)
    m1, m2 = np.array([1.0, -2.0, 4.0]), np.array([2.0, 0.0, 1.0])
    expected = by_quadrature(m1, lv1, m2, lv2)
    got = kl_diagonal_gaussians(m1 + 2.0**30, lv1, m2 + 2.0**30, lv2)
    expect_close(got, expected, "KL, both moved by 2^30", rtol=1e-6)


@check(points=0.5, hidden=True)
def ratios_are_finite_where_variances_are_not(kl_diagonal_gaussians, rng):
    """Where the means are equal, only the ratio of the variances counts, even if both are smaller than any float."""
    for lv2 in (-8.0, -720.0, -801.0, -999.0, 500.0):
        for step in (1.0, -1.0, 12.0, -25.0):
            mean, lv = rng.normal(size=3), np.full(3, lv2)  # only the first dimension differs
            got = kl_diagonal_gaussians(mean, lv + np.array([step, 0.0, 0.0]), mean.copy(), lv)
            what = f"KL from log-variance {lv2 + step} to {lv2} in one dimension of three, equal means"
            expected = (math.exp(step) - 1 - step) / 2
            expect_close(got, expected, what, rtol=1e-6, next_step="Subtract the log-variances first.")
    m1, lv1, m2, lv2 = np.array([2.0, 1.0]), np.array([-801.0, 0.0]), np.array([2.0, 0.0]), np.array([-801.0, 0.0])
    expect_close(kl_diagonal_gaussians(m1, lv1, m2, lv2), 0.5, "KL with one dimension of variance exp(-801)", rtol=1e-6)
    got = kl_diagonal_gaussians(np.zeros(2), np.array([1e-5, 0.0]), np.zeros(2), np.zeros(2))
    expect_close(got, (math.expm1(1e-5) - 1e-5) / 2, "KL of log-variances that differ by 1e-5", rtol=1e-6)


# %% hints
HINTS = [
    "Put exp(lv) in the place of each variance. Which quotients of exponentials can be one exponential?",
    "exp(801) does not exist, but exp(800 - 801) does. And 0 times infinity is nan.",
    "The squared difference of the means over the second variance is the square of a quotient: divide first, then square.",
]
WHY = r"""
Only *ratios* of variances appear, and each is one exponential of a difference: `exp(lv1 - lv2)` is an ordinary number
where `exp(lv1)` and `exp(lv2)` are both 0. The distance is divided by the second standard deviation *before* it is
squared. `(m1 - m2)**2 * exp(-lv2)` would overflow for a variance of $e^{-801}$, and give $0 \cdot \infty$ where the
means are equal. The $-1$ stands inside the sum, once for each dimension, so that equal Gaussians are 0 apart.
"""
COVERS = ["S2.1a", "S2.1b"]
KERNELS = [kernels.kl_diagonal_gaussians, kernels.kl_gaussians]

# %% [markdown]
# > **A misprint worth knowing:** a homework asks for the divergence of $N(\mu_1, \Sigma_1)$ from $N(\mu_1, \Sigma_1)$,
# > the same one twice. As printed the answer is a single character, 0. The cell prints it, and beside it what was
# > meant.
# >
# > **A slip that costs nothing, at first:** `std = exp(logvar)` in place of `exp(logvar / 2)`. Near the standard normal
# > the two agree, and there a training starts. The last column shows what the slip makes of the divergence on the way.

# %% experiment
kl = grader.yours("kl_diagonal_gaussians")
m1, lv1, m2, lv2 = np.array([1.0]), np.array([0.5]), np.array([0.0]), np.array([0.0])
print(f"as printed: {abs(kl(m1, lv1, m1, lv1)):g}   as meant: {kl(m1, lv1, m2, lv2):.4f}\n")
print(f"{'log-variance':>12} {'KL from N(0, 1)':>16} {'with std = exp(logvar)':>24}")
for lv in (0.0, -0.1, -1.0, -2.0, -4.0):
    right, slip = (kl(np.array([0.3]), np.array([each]), m2, lv2) for each in (lv, 2 * lv))
    print(f"{lv:12.1f} {right:16.4f} {slip:24.4f}")


# %% right and wrong answers
def by_formula(m1, lv1, m2, lv2, half=0.5, minus=1.0):
    """The formula, safely, with two factors that people forget."""
    return half * np.sum(np.exp(lv1 - lv2) + ((m1 - m2) * np.exp(-lv2 / 2)) ** 2 - (lv1 - lv2) - minus)


@right_answer
def with_a_loop(m1, lv1, m2, lv2):
    r"""Everything by logarithms, the squared distance too: $e^{2 \log|d| - \ell_2}$, which asks for a case of its own
    where d = 0. Nothing overflows unless the result does.
    """
    total = 0.0
    for a, la, b, lb in zip(m1, lv1, m2, lv2, strict=True):
        total += math.exp(la - lb) - 1 - (la - lb)
        if a != b:
            total += math.exp(2 * math.log(abs(a - b)) - lb)
    return total / 2


@right_answer
def with_standard_deviations(m1, lv1, m2, lv2):
    """In the units that PyTorch's `Normal` has: a ratio of two standard deviations, and its logarithm. Closest to how
    one reads it, and it needs a bound on lv2 where the means are equal.
    """
    ratio = np.exp((lv1 - lv2) / 2)
    distance = np.where(m1 == m2, 0, (m1 - m2) / np.exp(np.maximum(lv2, -700) / 2))
    return float(np.sum((ratio**2 + distance**2 - 1) / 2 - np.log(ratio)))


EQUAL_MEANS = (ratios_are_finite_where_variances_are_not,)

exchanged = wrong_answer(
    passes=(means_that_differ,), feedback="That is KL(q || p): the expectation is under the first Gaussian."
)(lambda m1, lv1, m2, lv2: by_formula(m2, lv2, m1, lv1))
without_the_one = wrong_answer(
    feedback="The -1 is missing, one for each dimension: the divergence of equal Gaussians must be 0."
)(lambda m1, lv1, m2, lv2: by_formula(m1, lv1, m2, lv2, minus=0.0))
one_for_all_dimensions = wrong_answer(
    feedback="The -1 stands in every dimension, so in D dimensions it is -D altogether.",
)(lambda m1, lv1, m2, lv2: by_formula(m1, lv1, m2, lv2, minus=1 / len(m1)))
log_sigma = wrong_answer(
    feedback="You read lv as the logarithm of the standard deviation; it is that of the variance."
)(lambda m1, lv1, m2, lv2: by_formula(m1, 2 * lv1, m2, 2 * lv2))
mean_over_dimensions = wrong_answer(
    feedback="You average over the dimensions. Divergences of independent dimensions add."
)(lambda m1, lv1, m2, lv2: by_formula(m1, lv1, m2, lv2) / len(m1))
not_halved = wrong_answer(feedback="Twice too much: the half in front of the sum is missing.")(
    lambda m1, lv1, m2, lv2: by_formula(m1, lv1, m2, lv2, half=1.0)
)
halved_and_averaged = wrong_answer(
    feedback="Two things: the half is missing, and the dimensions are averaged in place of summed.",
    passes=(means_that_differ, variances_that_differ),
)(lambda m1, lv1, m2, lv2: by_formula(m1, lv1, m2, lv2, half=1.0) / len(m1))
negated = wrong_answer(feedback="The sign: a divergence is never negative.")(
    lambda m1, lv1, m2, lv2: -by_formula(m1, lv1, m2, lv2)
)
in_bits = wrong_answer(feedback="This is in bits: do not divide by log 2.")(
    lambda m1, lv1, m2, lv2: by_formula(m1, lv1, m2, lv2) / math.log(2)
)


@wrong_answer(
    passes=(means_that_differ,),
    feedback="The logarithm of the ratio of the variances counts half, as all terms do: lv is twice the log of sigma.",
)
def whole_logarithm(m1, lv1, m2, lv2):
    return by_formula(m1, lv1, m2, lv2) + np.sum(lv2 - lv1) / 2


@wrong_answer(feedback="These are the divergences of the single dimensions: sum them.")
def not_summed(m1, lv1, m2, lv2):
    return 0.5 * (np.exp(lv1 - lv2) + ((m1 - m2) * np.exp(-lv2 / 2)) ** 2 - (lv1 - lv2) - 1)


@wrong_answer(
    EQUAL_MEANS[0],
    feedback="exp(-lv2) overflows for a tiny variance, and 0 times infinity is nan. Only ratios must be finite.",
)
def overflows(m1, lv1, m2, lv2):
    return 0.5 * np.sum(lv2 - lv1 + np.exp(lv1 - lv2) + (m1 - m2) ** 2 * np.exp(-lv2) - 1)


@wrong_answer(
    EQUAL_MEANS[0],
    feedback="You divide one exponential by another. Both may be 0 or infinite where their ratio is an ordinary number.",
)
def ratio_of_exponentials(m1, lv1, m2, lv2):
    v1, v2 = np.exp(lv1), np.exp(lv2)
    return 0.5 * np.sum(np.log(v2 / v1) + (v1 + (m1 - m2) ** 2) / v2 - 1)


@wrong_answer(
    EQUAL_MEANS[0],
    the_unit_of_length_does_not_matter,
    feedback="Something was added to a variance. A tiny variance is not there by mistake: the result depends on the unit then.",
)
def epsilon_in_the_variance(m1, lv1, m2, lv2, epsilon=1e-12):
    v1, v2 = np.exp(lv1) + epsilon, np.exp(lv2) + epsilon
    return by_formula(m1, np.log(v1), m2, np.log(v2))


@wrong_answer(
    EQUAL_MEANS[0],
    the_unit_of_length_does_not_matter,
    feedback="The log-variances are clipped. Right for middling ones, and wrong in another unit of length.",
)
def clipped(m1, lv1, m2, lv2):
    return by_formula(m1, np.clip(lv1, -20, 20), m2, np.clip(lv2, -20, 20))


@wrong_answer(
    feedback="The formula for a standard normal as the second Gaussian. Here it has a mean and a variance of its own."
)
def standard_normal_only(m1, lv1, m2, lv2):
    return -0.5 * np.sum(1 + lv1 - m1**2 - np.exp(lv1))


@wrong_answer(
    passes=(variances_that_differ, *EQUAL_MEANS),
    feedback="The squared difference of the means is divided by the variance of the second Gaussian. Divide once more.",
)
def distance_over_sigma(m1, lv1, m2, lv2):
    return by_formula(m1, lv1, m1, lv2) + 0.5 * np.sum((m1 - m2) ** 2 * np.exp(-lv2 / 2))


@wrong_answer(
    passes=(means_that_differ, variances_that_differ, *EQUAL_MEANS),
    feedback="The squared difference of the means is divided by the variance of the second Gaussian, not of the first.",
)
def distance_over_the_first(m1, lv1, m2, lv2):
    return by_formula(m1, lv1, m1, lv2) + 0.5 * np.sum(((m1 - m2) * np.exp(-lv1 / 2)) ** 2)
