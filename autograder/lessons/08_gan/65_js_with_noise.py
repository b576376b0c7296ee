# %% [markdown]
# ## Noise makes the divergence smooth
#
# Data at 0, a generator at $d$, and not a grain of spread in either. They share nothing, JS is $\log 2$ at any distance,
# and its slope is 0. Now add the same Gaussian noise to both, before the discriminator sees them. They become
# $N(0, s^2)$ and $N(d, s^2)$, which overlap everywhere, and
#
# $$ \mathrm{JS} = \tfrac12 \int p \log \frac{p}{m} + \tfrac12 \int q \log \frac{q}{m}, \qquad m = \tfrac12 (p + q), $$
#
# falls from $\log 2$ towards 0 as the generator comes nearer. There is no formula in elementary functions for this
# integral. You have to compute it.
#
# | argument | shape | meaning |
# |---|---|---|
# | `d` | number, of either sign | the distance of the two means, up to $10^6$ in size |
# | `s` | number, from $10^{-3}$ to $10^3$ | the standard deviation of the noise |
# | result | number | JS in nats, with an error of at most $2 \cdot 10^{-6}$ |
#
# **Write `js_with_noise(d, s)`**, by any method that is accurate enough: a sum over a fine grid will do. Think of the
# noise as the unit of length; and think of what happens far out, where both densities are 0 in floating point.
#
# SciPy's `spatial.distance.jensenshannon` returns the *square root* of JS, for histograms.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def js_with_noise(d, s):
    """Return the Jensen-Shannon divergence of N(0, s^2) and N(d, s^2) in nats, to an accuracy of 2e-6."""
    # BEGIN SOLUTION
    u = min(abs(d) / s, 100.0)  # only d/s matters, and beyond 100 nothing is missing from log 2
    z, step = np.linspace(-12.0, 12.0 + u, 20001, retstep=True)
    log_p, log_q = -z * z / 2, -((z - u) ** 2) / 2
    log_m = np.logaddexp(log_p, log_q) - math.log(2)
    inside = np.exp(log_p) * (log_p - log_m) + np.exp(log_q) * (log_q - log_m)
    return 0.5 * np.sum(inside) * step / math.sqrt(2 * math.pi)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def nothing_apart_and_far_apart(js_with_noise):
    """It is 0 where the two are the same, and log 2 where they are a hundred standard deviations apart."""
    expect_close(js_with_noise(0.0, 1.0), 0.0, "js_with_noise(0, 1)", rtol=0, atol=2e-6)
    expect_close(js_with_noise(100.0, 1.0), math.log(2), "js_with_noise(100, 1)", rtol=0, atol=2e-6)


@check(points=0.5)
def two_known_values(js_with_noise):
    """Where the distance is that of the noise it is 0.111421, where it is twice that 0.336831, to six digits."""
    got = {(d, s): js_with_noise(d, s) for d, s in ((1.0, 1.0), (4.0, 2.0))}
    expect_close(got[1.0, 1.0], 0.1114214822, "js_with_noise(1, 1)", rtol=0, atol=2e-6)
    expect_close(got[4.0, 2.0], 0.3368308203, "js_with_noise(4, 2)", rtol=0, atol=2e-6)


# %% hidden checks
def by_one_expectation(u):
    """log 2 - E log(1 + exp(u z - u^2 / 2)) for z ~ N(0, 1), by the trapezoidal rule in one variable."""
    z, step = np.linspace(-14.0, 14.0, 2801, retstep=True)
    weights = np.exp(-z * z / 2) * step / math.sqrt(2 * math.pi)
    return math.log(2) - float(weights @ np.logaddexp(0.0, u * z - u * u / 2))


@check(points=1, hidden=True)
def any_distance_in_any_unit(js_with_noise, rng):
    """It depends on |d|/s alone, and is right for distances and spreads of any size."""
    cases = [
        (1.0, 1.0),
        (3.0, 3.0),
        (-2.0, 1.0),
        (2.0, 0.5),
        (0.02, 0.01),
        (-4.0, 0.7),
        (700.0, 300.0),
        (5, 2),
        (0.002, 0.001),
    ]
    cases += [(float(u), float(s)) for u, s in zip(rng.uniform(-6, 6, 4), rng.uniform(0.2, 3, 4), strict=True)]
    for d, s in cases:
        what = f"js_with_noise({d:.4g}, {s:.4g})"
        expect_close(js_with_noise(d, s), by_one_expectation(abs(d) / s), what, rtol=0, atol=2e-6)


@check(points=1, hidden=True)
def beyond_all_overlap(js_with_noise, rng):
    """Far apart it is log 2, however far; close together it is nearly 0, however small the noise."""
    for d, s in [
        (rng.uniform(50, 70), 1.0),
        (-100.0, 1.0),
        (1e4, 1.0),
        (1e6, 1.0),
        (1.0, 0.001),
        (-1e6, 0.001),
        (1000.0, 20.0),
    ]:
        expect_close(js_with_noise(d, s), math.log(2), f"js_with_noise({d:g}, {s:g})", rtol=0, atol=2e-6)
    for d, s in [(0.0, 1000.0), (0.0, 0.001), (1.0, 1000.0), (-1e-3, 0.5)]:
        expect_close(
            js_with_noise(d, s), by_one_expectation(abs(d) / s), f"js_with_noise({d:g}, {s:g})", rtol=0, atol=2e-6
        )


# %% hints
HINTS = [
    "Change the unit of length: with x = s z only u = |d|/s is left, and a grid from -12 to u + 12 holds everything.",
    "Work with the logarithms of the densities, which are parabolas: log p - log m never divides 0 by 0.",
    "np.logaddexp(log p, log q) - log 2 is the logarithm of the mixture.",
    "For enormous u a grid of fixed size becomes too coarse. What is the answer there?",
]
WHY = r"""
Only $u = |d|/s$ matters. With the noise for a unit both bells have width 1, and a grid from $-12$ to $u + 12$ misses
nothing that counts. The logarithms of the densities are parabolas, so $\log p - \log m$ is a plain number even where
$p$ itself is 0 in floating point. A mere sum is enough: for a smooth function that vanishes at both ends it is far
more accurate than the step size suggests. Beyond $u = 100$ nothing is missing from $\log 2$, and there the grid would
become too coarse; hence the `min`.
"""
COVERS = ["S2.22"]
KERNELS = [kernels.js_with_noise]

# %% [markdown]
# > **A common claim: "for disjoint supports the JS distance is $\log 2$."** For the *divergence*, with *equal weights*, in
# > *nats*. (In bits it is 1; the *distance*, which obeys the triangle inequality, is the square root, 0.8326; with weights
# > $w$ and $1-w$ it is their entropy. Lesson 06 has the numbers.) What matters to a generator holds in all of them: the
# > number is the same at any distance, so it has no slope.
# >
# > **A common claim: "the more noise, the better the gradient."** Noise costs contrast. The table shows the slope of JS in the
# > distance, at $d = 2$: with little noise there is hardly any overlap and no slope, with much noise the two look alike and
# > there is hardly a slope either. The best level is in between, about half the distance, so a good schedule starts with
# > much noise and takes it away as the generator comes nearer.

# %% experiment
js = grader.yours("js_with_noise")
print(f"{'s':>5} {'JS at 2':>8} {'slope at 2':>11} {'slope at 0.5':>13}")
for s in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0):
    slopes = [(js(d + 1e-3, s) - js(d - 1e-3, s)) / 2e-3 for d in (2.0, 0.5)]
    print(f"{s:5g} {js(2.0, s):8.4f} {abs(slopes[0]):11.4f} {abs(slopes[1]):13.4f}")


# %% right and wrong answers
@right_answer
def by_hermite_nodes(d, s):
    """By symmetry JS is log 2 less a mean of a softplus over one bell, and a Gauss-Hermite rule takes such a mean with
    160 points. Right to about 1e-9, and quick once nodes and weights are kept.
    """
    t, w = np.polynomial.hermite.hermgauss(160)
    u = abs(d) / s
    return math.log(2) - float(w @ np.logaddexp(0.0, u * math.sqrt(2) * t - u * u / 2)) / math.sqrt(math.pi)


@right_answer
def by_the_grid_of_each(d, s):
    """Two expectations, each on a grid around its own mean, in the given unit: no distance is too large for it, since
    no grid has to reach from one bell to the other.
    """
    z = np.linspace(-10 * s, 10 * s, 8001)
    weights = np.exp(-0.5 * (z / s) ** 2)
    weights /= weights.sum()
    ahead = np.logaddexp(0.0, (d * z - d * d / 2) / s**2)
    behind = np.logaddexp(0.0, (-d * z - d * d / 2) / s**2)
    return math.log(2) - 0.5 * float(weights @ ahead) - 0.5 * float(weights @ behind)


def on_a_grid(d, s, low, high, combine, n=200001):
    """The trapezoidal sum of combine(p, q) over a grid."""
    x = np.linspace(low, high, n)
    with np.errstate(all="ignore"):
        p, q = (np.exp(-0.5 * ((x - mean) / s) ** 2) / (s * math.sqrt(2 * math.pi)) for mean in (0.0, d))
        return float(np.sum(combine(p, q)) * (x[1] - x[0]))


def both_terms(p, q):
    m = (p + q) / 2
    return 0.5 * np.where(p > 0, p * np.log(p / m), 0) + 0.5 * np.where(q > 0, q * np.log(q / m), 0)


without_halves = wrong_answer(feedback="Each of the two terms counts half. Yours is twice as large as it should be.")(
    lambda d, s: 2 * by_hermite_nodes(d, s)
)

in_bits = wrong_answer(feedback="This is in bits. The logarithm is natural here.")(
    lambda d, s: by_hermite_nodes(d, s) / math.log(2)
)

the_distance = wrong_answer(feedback="That is the square root, the Jensen-Shannon distance. The divergence is asked.")(
    lambda d, s: math.sqrt(max(by_hermite_nodes(d, s), 0.0))
)

kullback_leibler = wrong_answer(
    feedback="That is the Kullback-Leibler divergence, which grows without bound. JS compares both with their mixture.",
)(lambda d, s: d * d / (2 * s * s))

mixture_as_one_gaussian = wrong_answer(
    feedback="A mixture of two Gaussians is not a Gaussian: it has two humps. Yours is one of the same mean and variance.",
)(lambda d, s: 0.5 * math.log1p((d / s) ** 2 / 4))

total_variation = wrong_answer(feedback="That is the total variation, which is 1 far out. JS ends at log 2.")(
    lambda d, s: math.erf(abs(d) / s / math.sqrt(8))
)

as_without_noise = wrong_answer(
    passes=(nothing_apart_and_far_apart,),
    feedback="log 2 for any distance is what comes without noise. Gaussians overlap everywhere.",
)(lambda d, s: math.log(2) if d else 0.0)

small_distances_only = wrong_answer(
    passes=(nothing_apart_and_far_apart, beyond_all_overlap),
    feedback="d²/(8 s²) is the beginning of the series for small distances. At the distance of one s it is 12 % too large.",
)(lambda d, s: min(d * d / (8 * s * s), math.log(2)))

s_as_variance = wrong_answer(
    passes=(nothing_apart_and_far_apart,),
    feedback="s is the standard deviation. You use it as the variance.",
)(lambda d, s: by_hermite_nodes(d, math.sqrt(s)))

a_grid_that_stays = wrong_answer(
    feedback="Your grid does not move and grow with d and s, so it misses a part of the two Gaussians.",
)(lambda d, s: on_a_grid(d, s, -5, 5, both_terms, 20001))

zero_by_zero = wrong_answer(
    passes=(two_known_values, any_distance_in_any_unit),
    feedback="Far out the densities are 0 in floating point, and a quotient of them is not what it should be. Use their "
    "logarithms.",
)(lambda d, s: on_a_grid(d, s, min(d, 0) - 10 * s, max(d, 0) + 10 * s, both_terms))

a_grid_too_coarse = wrong_answer(
    passes=(nothing_apart_and_far_apart, two_known_values, any_distance_in_any_unit),
    feedback="For an enormous distance the points of your grid lie so far apart that both Gaussians fall between them.",
)(
    lambda d, s: on_a_grid(
        d, s, min(d, 0) - 10 * s, max(d, 0) + 10 * s, lambda p, q: both_terms(p + 1e-300, q + 1e-300), 100001
    )
)

a_generator_on_the_left_is_forgotten = wrong_answer(
    passes=(nothing_apart_and_far_apart, two_known_values),
    feedback="For negative d your grid ends before the generator begins. The distance is |d|.",
)(lambda d, s: on_a_grid(d, s, -10 * s, d + 10 * s, lambda p, q: both_terms(p + 1e-300, q + 1e-300)))
