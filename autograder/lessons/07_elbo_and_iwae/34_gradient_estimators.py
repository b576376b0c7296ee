# %% [markdown]
# ## Two ways to differentiate an average of samples
#
# To improve $q$ you need the slope of an expectation with respect to the parameters of the very distribution that it is
# taken over. Take the simplest: $z \sim N(\mu, \sigma^2)$, some function $f$, and
#
# $$ g = \frac{d}{d\mu} \mathbb{E}\, f(z) = \frac{d}{d\mu} \int f(z)\, N(z; \mu, \sigma^2)\, dz . $$
#
# You may only sample. There are two places to put the derivative.
#
# **Move the samples.** Write $z = \mu + \sigma \varepsilon$ with $\varepsilon \sim N(0, 1)$. Now the noise does not depend on
# $\mu$, and the derivative goes through $f$. If $\mu$ moves, every sample moves along:
#
# $$ g = \mathbb{E}\; \frac{d}{d\mu} f(\mu + \sigma\varepsilon) = \mathbb{E}\, f'(z)\,\frac{\partial z}{\partial \mu} . $$
#
# That is *reparameterization*, the pathwise estimator.
#
# **Move the probabilities.** Leave the samples where they are, and differentiate the density under the integral. With
# $\frac{d}{d\mu} N = N \cdot \frac{d}{d\mu} \log N$,
#
# $$ g = \int f(z)\, \frac{dN}{d\mu}\, dz = \mathbb{E}\; f(z)\, \frac{d}{d\mu} \log N(z; \mu, \sigma^2) . $$
#
# That is the *score function*, also called REINFORCE. Of $f$ it needs nothing but values.
#
# | argument | shape | meaning |
# |---|---|---|
# | `fun`, `dfun` | functions of an array `(N,)` | $f$ and $f'$, element by element |
# | `mu`, `sigma` | numbers, `sigma` > 0 | mean and **standard deviation** |
# | `eps` | `(N,)` | draws of $N(0, 1)$ |
# | results | two arrays `(N,)` | the estimates of every single sample: pathwise, then score function |
#
# **Write `gradient_estimators(fun, dfun, mu, sigma, eps)`.** The mean of either array estimates $g$; do not take it, and do not
# subtract a baseline, for what you want to look at next is how they scatter.
#
# *Elsewhere:* in `torch.distributions` the first is `rsample()` and a backward pass, the second `sample()` and
# `f(z) * dist.log_prob(z)`.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, right_answer, wrong_answer


# %% answer
def gradient_estimators(fun, dfun, mu, sigma, eps):
    """Return the pathwise and the score-function estimate of d/dmu E[fun(z)], z ~ N(mu, sigma^2), both (N,)."""
    # BEGIN SOLUTION
    z = mu + sigma * eps
    return dfun(z), fun(z) * eps / sigma
    # END SOLUTION


# %% public checks
PARTS = ("the pathwise estimates", "the score-function estimates")


@check(points=0.5)
def a_parabola_worked_by_hand(gradient_estimators):
    """For f = z squared, mu = 1, sigma = 2 and the noise (1/2, -1), z is (2, -1); the estimates are (4, -2) and (1, -1/2)."""
    got = gradient_estimators(lambda z: z**2, lambda z: 2 * z, 1.0, 2.0, np.array([0.5, -1.0]))
    expected = (np.array([4.0, -2.0]), np.array([1.0, -0.5]))
    expect_close(got, expected, "gradient_estimators of z squared", parts=PARTS)


@check(points=0.5)
def a_steep_line(gradient_estimators):
    """For f = 3z + 1, mu = 0, sigma = 1/2 and the noise (2, 1) they are (3, 3) and (16, 5)."""
    got = gradient_estimators(lambda z: 3 * z + 1, lambda z: 3 + 0 * z, 0.0, 0.5, np.array([2.0, 1.0]))
    expect_close(got, (np.array([3.0, 3.0]), np.array([16.0, 5.0])), "gradient_estimators of 3z + 1", parts=PARTS)


# %% hidden checks
def sample_by_sample(fun, mu, sigma, eps):
    """Both estimates for each draw: f along its path, and the logarithm of the density at a fixed z, by complex steps."""
    pathwise, score = [], []
    for e in np.asarray(eps, dtype=float):
        z = mu + sigma * e
        pathwise.append(complex_step(lambda m, e=e: fun(m + sigma * e), np.array(mu)))
        score.append(fun(z) * complex_step(lambda m, z=z: -((z - m) ** 2) / (2 * sigma**2), np.array(mu)))
    return np.array(pathwise, dtype=float), np.array(score, dtype=float)


@check(points=1, hidden=True)
def smooth_functions(gradient_estimators, rng):
    """For smooth functions, narrow and wide distributions, and any noise both match derivatives by complex step."""
    cases = [
        (lambda z: z * z, lambda z: 2 * z, 0.3, 1.0, 6),
        (lambda z: z * z * z - z, lambda z: 3 * z * z - 1, -40.0, 0.5, 8),
        (lambda z: np.sin(5 * z), lambda z: 5 * np.cos(5 * z), 0.1, 2.0, 5),
        (lambda z: np.exp(-z), lambda z: -np.exp(-z), 1.5, 0.01, 1),
        (lambda z: 10 + 0 * z, lambda z: 0 * z, -0.7, 3.0, 4),
    ]
    cases += [(lambda z: z * z, lambda z: 2 * z, 2, 3, 4)]
    for fun, dfun, mu, sigma, N in cases:
        eps = rng.normal(size=N)
        expected = sample_by_sample(fun, float(mu), sigma, eps)
        what = f"gradient_estimators with mu = {mu:g}, sigma = {sigma:g}, {N} samples"
        expect_close(gradient_estimators(fun, dfun, mu, sigma, eps), expected, what, parts=PARTS, rtol=1e-9)
    for eps in (np.array([0.0, 0.0, 1.5, 1.5, -20.0, 5000.0]), np.array([-1.0, -2.5]), np.zeros(3)):
        fun, dfun = (lambda z: z * z), (lambda z: 2 * z)
        expected, what = sample_by_sample(fun, 0.3, 0.5, eps), f"gradient_estimators with the noise {eps.tolist()}"
        expect_close(gradient_estimators(fun, dfun, 0.3, 0.5, eps), expected, what, parts=PARTS, rtol=1e-9)


@check(points=1, hidden=True)
def a_step_that_the_slope_does_not_see(gradient_estimators, rng):
    """For a step the pathwise estimates are 0, and the score function still knows the way."""
    eps = np.append(rng.normal(size=6), [-1.5, -2.0, -4.0])
    got = gradient_estimators(lambda z: np.where(z > 0, 1.0, 0.0), lambda z: 0 * z, 1.0, 0.4, eps)
    score = np.array([e / 0.4 if 1 + 0.4 * e > 0 else 0.0 for e in eps])
    expect_close(got, (np.zeros(9), score), "gradient_estimators of a step", parts=PARTS)


@check(points=1, hidden=True)
def both_means_are_the_gradient(gradient_estimators, rng):
    """Averaged over the normal distribution, both give the slope of the expectation."""
    nodes, chances = np.polynomial.hermite_e.hermegauss(40)
    chances = chances / chances.sum()
    for mu, sigma in ((rng.uniform(0.2, 0.5), 1.0), (-1.2, 0.4)):
        got = gradient_estimators(lambda z: np.cos(2 * z), lambda z: -2 * np.sin(2 * z), mu, sigma, nodes)
        pathwise, score = (chances @ np.asarray(each, dtype=float) for each in got)
        slope = -2 * math.sin(2 * mu) * math.exp(-2 * sigma**2)
        what = f"the mean estimates for cos 2z, mu = {mu:g}, sigma = {sigma:g}"
        expect_close((pathwise, score), (slope, slope), what, parts=("pathwise", "score function"), rtol=1e-8)


# %% hints
HINTS = [
    "Compute z once. What is its derivative with respect to mu?",
    "Write down the logarithm of the normal density and differentiate it with respect to mu, with z held fixed.",
    "The result has z - mu in it, which is sigma times eps: which power of sigma is left?",
]
WHY = r"""
Both are the derivative of one integral, taken at two places. In $z = \mu + \sigma\varepsilon$ the noise stands still,
so $\partial z / \partial \mu = 1$ and the chain rule leaves $f'(z)$; a factor $\varepsilon$ would belong to the slope
for $\sigma$. In the score function $z$ stands still and the density moves, $\partial_\mu \log N = (z - \mu)/\sigma^2
= \varepsilon/\sigma$. One power of $\sigma$ is left, because $z - \mu$ has eaten the other.
"""
COVERS = ["S0.i"]
KERNELS = [kernels.gradient_estimators]

# %% [markdown]
# **See it.** Mean and variance of both estimators over 400 000 samples, $z \sim N(0.3, 1)$, for four functions. In the second
# row 10 was added to the parabola, which changes no slope. Read row by row: is each mean the true slope, and which of the
# two scatters less? Then say why.

# %% experiment
estimators = grader.yours("gradient_estimators")
eps = np.random.default_rng(0).normal(size=400_000)
functions = {
    "z squared": (lambda z: z**2, lambda z: 2 * z, 0.6),
    "z squared + 10": (lambda z: z**2 + 10, lambda z: 2 * z, 0.6),
    "sin 5z": (lambda z: np.sin(5 * z), lambda z: 5 * np.cos(5 * z), 5 * math.cos(1.5) * math.exp(-12.5)),
    "step at 0": (lambda z: (z > 0) * 1.0, lambda z: 0 * z, math.exp(-0.045) / math.sqrt(2 * math.pi)),
}
print(f"{'f':>15} {'true slope':>11} {'pathwise mean':>14} {'variance':>9} {'score mean':>11} {'variance':>9}")
for name, (fun, dfun, slope) in functions.items():
    pathwise, score = estimators(fun, dfun, 0.3, 1.0, eps)
    shown = f"{pathwise.mean():14.3f} {pathwise.var():9.3f} {score.mean():11.3f} {score.var():9.3f}"
    print(f"{name:>15} {slope:11.3f} {shown}")


# %% right and wrong answers
@right_answer
def by_the_score_of_z(fun, dfun, mu, sigma, eps):
    """With z alone, as one must write it where the samples are known and the noise that made them is not. Where mu is
    huge beside sigma the difference z - mu has lost digits that eps still has.
    """
    z = mu + sigma * np.asarray(eps)
    score = (z - mu) / sigma**2
    return np.array([dfun(z), fun(z) * score])


@right_answer
def one_draw_at_a_time(fun, dfun, mu, sigma, eps):
    """Sample after sample, for an f that cannot take an array. It calls f and its derivative once for each draw, which
    is what the arrays save.
    """
    pathwise, score = [], []
    for e in eps:
        z = np.array([mu + e * sigma])
        pathwise.append(float(dfun(z)[0]))
        score.append(float(fun(z)[0]) * e / sigma)
    return pathwise, score


def estimated(pathwise, score, scale=lambda sigma: sigma):
    """Other formulas for the two estimates, or another scale of the noise."""

    def answer(fun, dfun, mu, sigma, eps):
        sigma = scale(sigma)
        z = mu + sigma * np.asarray(eps)
        return pathwise(dfun(z), eps), score(fun(z), eps, sigma)

    return answer


def right_pathwise(slopes, eps):
    return slopes


def right_score(values, eps, sigma):
    return values * eps / sigma


score_without_sigma = wrong_answer(
    feedback="The power of sigma in the score is off: d log N / d mu is (z - mu) over the variance.",
)(estimated(right_pathwise, lambda values, eps, sigma: values * eps))

score_of_the_wrong_power = wrong_answer(
    feedback="The power of sigma in the score is off: d log N / d mu is (z - mu) over the variance.",
)(estimated(right_pathwise, lambda values, eps, sigma: values * eps / sigma**2))

slope_for_sigma = wrong_answer(
    passes=(a_step_that_the_slope_does_not_see,),
    feedback="That is the pathwise estimate for sigma. If mu moves by a little, z moves by just as much, whatever eps is.",
)(estimated(lambda slopes, eps: slopes * eps, right_score))

score_with_the_slope = wrong_answer(
    feedback="The score function takes the values of f, not its derivative. That is why f may have a step.",
)(lambda fun, dfun, mu, sigma, eps: (dfun(mu + sigma * eps), dfun(mu + sigma * eps) * eps / sigma))

sigma_taken_for_the_variance = wrong_answer(
    feedback="sigma is the standard deviation. You take its square root, as if it were the variance.",
)(estimated(right_pathwise, right_score, scale=np.sqrt))

score_negative = wrong_answer(
    feedback="The sign of the score: where z lies above mu, a larger mu makes it more probable.",
)(estimated(right_pathwise, lambda values, eps, sigma: -values * eps / sigma))

baseline_subtracted = wrong_answer(
    passes=(both_means_are_the_gradient,),
    feedback="You subtract the mean of f first. That baseline may lower the variance, but the plain estimates are asked.",
)(estimated(right_pathwise, lambda values, eps, sigma: (values - values.mean()) * eps / sigma))

averaged = wrong_answer(
    feedback="One estimate for each sample is asked. You return their means.",
)(estimated(lambda slopes, eps: slopes.mean(), lambda values, eps, sigma: np.mean(values * eps) / sigma))

score_first = wrong_answer(
    passes=(both_means_are_the_gradient,),
    feedback="The order: the pathwise estimates come first, then those of the score function.",
)(lambda fun, dfun, mu, sigma, eps: (fun(mu + sigma * eps) * eps / sigma, dfun(mu + sigma * eps)))

score_alone = wrong_answer(
    feedback="The score is there, but not what it is multiplied by: each sample counts with its value of f.",
)(estimated(right_pathwise, lambda values, eps, sigma: eps / sigma))

noise_not_scaled = wrong_answer(
    feedback="The noise has variance 1. To make z vary by sigma it must be scaled.",
)(lambda fun, dfun, mu, sigma, eps: (dfun(mu + eps), fun(mu + eps) * eps / sigma))
