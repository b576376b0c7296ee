# %% [markdown]
# ## The same bound for a real latent: a Gaussian one
#
# The smallest variational autoencoder there is has one latent number, one pixel and no network. The prior is
# $z \sim N(0, 1)$, the pixel is $x \mid z \sim N(z, 1)$, and the guess about where it came from is $q = N(m, s^2)$. Sums
# become integrals, and all of them can be done.
#
# The first part of the bound asks how well the latents that $q$ proposes explain the pixel. Inside the logarithm of a Gaussian
# stands a square, and the mean of a square is the square of the mean plus the variance:
#
# $$ \mathbb{E}_q \log p(x \mid z) = -\tfrac12 \log 2\pi - \tfrac12\, \mathbb{E}_q (x - z)^2, \qquad
#    \mathbb{E}_q (x - z)^2 = (x - m)^2 + s^2 . $$
#
# The second part is what it costs that $q$ is not the prior:
#
# $$ \mathrm{KL}\bigl(N(m, s^2) \,\|\, N(0, 1)\bigr) = \tfrac12 \bigl( m^2 + s^2 - 1 - \log s^2 \bigr). $$
#
# One wants to pay little and explain much. A factor $\beta$ in front of the cost says how much a nat of cost counts:
#
# $$ \mathbb{E}_q \log p(x \mid z) - \beta\, \mathrm{KL}(q \,\|\, p(z)). $$
#
# With $\beta = 1$ that is the ELBO; other values make what is called a β-VAE.
#
# | argument | type | meaning |
# |---|---|---|
# | `x` | number | the pixel |
# | `m`, `s2` | numbers, `s2` > 0 | mean and **variance** of $q$ |
# | `beta` | number $\ge 0$, 1 unless given | the weight of the KL term |
# | result | number | the bound, in nats, with all its constants |
#
# **Write `gaussian_elbo(x, m, s2, beta=1.0)`.**
#
# *Elsewhere:* networks put out $\log s^2$, called `logvar`, and the line `-0.5 * (1 + logvar - mu**2 - logvar.exp())` in
# many programs is this KL. They minimize minus the bound, and drop the constant.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def gaussian_elbo(x, m, s2, beta=1.0):
    """Return E_q[log p(x|z)] - beta KL(q || p(z)) in nats, for z ~ N(0, 1), x|z ~ N(z, 1) and q = N(m, variance s2)."""
    # BEGIN SOLUTION
    reconstruction = -(math.log(2 * math.pi) + (x - m) ** 2 + s2) / 2
    cost = (m**2 + s2 - 1 - math.log(s2)) / 2
    return reconstruction - beta * cost
    # END SOLUTION


# %% public checks
@check(points=0.5)
def at_the_posterior_it_is_log_p(gaussian_elbo):
    """For x = 2 the posterior is N(1, 1/2); there the bound is log p(x), the logarithm of N(2; 0, 2), -2.2655."""
    expect_close(gaussian_elbo(2.0, 1.0, 0.5), -math.log(4 * math.pi) / 2 - 1, "gaussian_elbo(2, 1, 0.5)")


@check(points=0.5)
def a_cost_that_counts_four_times(gaussian_elbo):
    """With x = 3, m = 1, s2 = 1 the square is 5 on average and the KL 1/2; beta = 4 makes it cost 2."""
    expected = -math.log(2 * math.pi) / 2 - 2.5 - 2
    expect_close(gaussian_elbo(3.0, 1.0, 1.0, 4.0), expected, "gaussian_elbo(3, 1, 1, beta=4)")


# %% hidden checks
def by_quadrature(x, m, s2, beta=1.0):
    """Both expectations as sums over the nodes of Gauss and Hermite, which are exact for squares."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(6)
    weights = weights / weights.sum()
    z = m + math.sqrt(s2) * nodes
    log_2pi = math.log(2 * math.pi)
    log_lik, log_prior = -((x - z) ** 2 + log_2pi) / 2, -(z**2 + log_2pi) / 2
    log_q = -(nodes**2 + log_2pi + math.log(s2)) / 2
    return float(weights @ log_lik - beta * (weights @ (log_q - log_prior)))


@check(points=1, hidden=True)
def every_expectation_is_taken(gaussian_elbo, rng):
    """For random x, m and s2 it equals both expectations, taken numerically."""
    for _ in range(4):
        x, m, s2 = 2 * float(rng.normal()), float(rng.normal()), float(rng.uniform(0.2, 0.7))
        what = f"gaussian_elbo({x:.2g}, {m:.2g}, {s2:.2g})"
        expect_close(gaussian_elbo(x, m, s2), by_quadrature(x, m, s2), what, rtol=1e-9)
    expect_close(gaussian_elbo(2, 0, 1), by_quadrature(2, 0, 1), "gaussian_elbo(2, 0, 1), all integers", rtol=1e-9)
    for x in (-3.0, 0.0, 1.3):
        log_p = -(x**2) / 4 - math.log(4 * math.pi) / 2
        expect_close(gaussian_elbo(x, x / 2, 0.5), log_p, f"gaussian_elbo at the posterior of x = {x:g}", rtol=1e-9)


@check(points=0.5, hidden=True)
def beta_weighs_the_cost_alone(gaussian_elbo, rng):
    """Any beta weighs the KL and nothing else; with 0 only the reconstruction is left."""
    x, m, s2 = (float(value) for value in rng.uniform(0.3, 0.8, size=3))
    for beta in (4.0, 0.25, 0.0, 10):
        what = f"gaussian_elbo({x:.2g}, {m:.2g}, {s2:.2g}, {beta:g})"
        expect_close(gaussian_elbo(x, m, s2, beta), by_quadrature(x, m, s2, beta), what, rtol=1e-9)


@check(points=0.5, hidden=True)
def sure_and_unsure_guesses(gaussian_elbo, rng):
    """It holds for variances from 1e-12 to 1e6, and for guesses far away."""
    for x, m, s2 in [(*rng.normal(size=2), 1e-6), (0.3, -2.0, 1e-12), (1.0, 0.5, 1e6), (-40.0, 30.0, 3.0)]:
        expect_close(
            gaussian_elbo(x, m, s2), by_quadrature(x, m, s2), f"gaussian_elbo({x:g}, {m:g}, {s2:g})", rtol=1e-9
        )


# %% hints
HINTS = [
    "Two terms. Write them on lines of their own, each with its factor one half.",
    "The mean of (x - z) squared over q has two parts, and one of them does not depend on x.",
    "Beta stands in front of the second term only. Is what you return below log p(x), or minus that?",
]
WHY = r"""
The logarithm of a Gaussian is a parabola, and the mean of a parabola over $q$ needs nothing of $q$ but its mean and
its variance: $\mathbb{E}_q (x - z)^2 = (x - m)^2 + s^2$. So no integral is left. The $s^2$ in it is what one forgets,
and without it the best width would be the prior's. With it the reconstruction pulls the width down and the cost pulls
it towards 1, and the two agree at $s^2 = \beta / (1 + \beta)$, which is $1/2$ for $\beta = 1$.
"""
COVERS = ["S0.g", "S2.11"]
KERNELS = [kernels.gaussian_elbo]

# %% [markdown]
# > **A common claim: "what a β-VAE maximizes is a lower bound on $\log p(x)$."** For $\beta \ge 1$ it is: then more is
# > subtracted than in the ELBO, which is already a bound. For $\beta < 1$ it need not be. Below, for several $\beta$, the
# > best of ten thousand guesses $q$, found with your function, and what the maximum promises. At $\beta = 1$ it touches
# > $\log p(x) = -2.2655$, at the posterior $N(1, 1/2)$. With a larger $\beta$ it promises too little, with a smaller one
# > more than there is. The last column is the ELBO of the same $q$, which stays a bound whatever $q$ is.
# >
# > The first line of the output is the claim of the section before, once more: the prior has
# > $\mathrm{KL}(q \,\|\, p(z)) = 0$, and an ELBO of $-3.419$.

# %% experiment
bound = grader.yours("gaussian_elbo")
x, log_p = 2.0, -math.log(4 * math.pi) / 2 - 1
print(
    f"log p(2) = {log_p:.4f}   ELBO of the posterior {bound(x, 1.0, 0.5):.4f}   of the prior {bound(x, 0.0, 1.0):.4f}"
)
means, variances = np.linspace(0, 2, 101), np.linspace(0.01, 1, 100)
print(f"{'beta':>6} {'best m':>7} {'best s2':>8} {'maximum':>9} {'above log p?':>13} {'ELBO of this q':>15}")
for beta in (10.0, 4.0, 1.0, 0.25, 0.05):
    value, m, s2 = max((float(bound(x, m, s2, beta)), m, s2) for m in means for s2 in variances)
    above = "yes" if value > log_p + 1e-4 else "no"
    print(f"{beta:6g} {m:7.2f} {s2:8.2f} {value:9.4f} {above:>13} {bound(x, m, s2):15.4f}")


# %% right and wrong answers
@right_answer
def with_logvar(x, m, s2, beta=1.0):
    """As networks have it: they put out the logarithm of the variance, which may be any real number, so that no
    variance can become negative.
    """
    logvar = np.log(s2)
    kl = -0.5 * (1 + logvar - m**2 - np.exp(logvar))
    mean_log_likelihood = -0.5 * np.log(2 * np.pi) - 0.5 * (x * x - 2 * x * m + m * m + s2)
    return mean_log_likelihood - beta * kl


@right_answer
def three_nodes(x, m, s2, beta=1.0):
    """A Gauss-Hermite rule, exact here because everything under the mean is a parabola in z. Where the likelihood is
    no Gaussian and the formula is missing it still works, with more nodes.
    """
    total = 0.0
    for weight, z in ((1 / 6, m - math.sqrt(3 * s2)), (2 / 3, m), (1 / 6, m + math.sqrt(3 * s2))):
        log_prior, log_lik = -0.5 * z * z, -0.5 * (x - z) ** 2 - 0.5 * math.log(2 * math.pi)
        log_q = -0.5 * (z - m) ** 2 / s2 - 0.5 * math.log(s2)
        total += weight * (log_lik - beta * (log_q - log_prior))
    return total


LOG_2PI = math.log(2 * math.pi)


def put_together(square, cost, constant=LOG_2PI, sign=1):
    """The bound with another square of the reconstruction, another cost, another constant, another sign."""

    def answer(x, m, s2, beta=1.0):
        return sign * (-(constant + square(x, m, s2)) / 2 - beta * cost(m, s2))

    return answer


def true_square(x, m, s2):
    return (x - m) ** 2 + s2


def true_cost(m, s2):
    return (m * m + s2 - 1 - math.log(s2)) / 2


no_variance = wrong_answer(
    feedback="The square is averaged over q: its mean is (x - m)^2 plus the variance of q, which you leave out.",
)(put_together(lambda x, m, s2: (x - m) ** 2, true_cost))

no_constant = wrong_answer(
    feedback="A constant of the Gaussian density is missing. Without it this is no bound on log p(x).",
)(put_together(true_square, true_cost, constant=0))

cost_added = wrong_answer(
    feedback="The KL is added. It is a cost and lowers the bound.",
)(put_together(true_square, lambda m, s2: -true_cost(m, s2)))

the_loss = wrong_answer(
    feedback="That is minus the bound, the loss of a training loop.",
)(put_together(true_square, true_cost, sign=-1))

the_loss_without_constant = wrong_answer(
    feedback="That is a training loop's loss: minus the bound, and without the constant of the Gaussian density.",
)(put_together(true_square, true_cost, constant=0, sign=-1))

s2_taken_for_sigma = wrong_answer(
    passes=(a_cost_that_counts_four_times,),
    feedback="s2 is the variance already. You square it once more, as if it were the standard deviation.",
)(put_together(lambda x, m, s2: (x - m) ** 2 + s2**2, lambda m, s2: true_cost(m, s2**2)))

logarithm_not_halved = wrong_answer(
    passes=(a_cost_that_counts_four_times,),
    feedback="In the KL the factor one half belongs to every term, the logarithm of the variance too.",
)(put_together(true_square, lambda m, s2: (m * m + s2 - 1) / 2 - math.log(s2)))

logarithm_of_sigma = wrong_answer(
    passes=(a_cost_that_counts_four_times,),
    feedback="In the bracket of the KL stands the logarithm of the variance, not of the standard deviation.",
)(put_together(true_square, lambda m, s2: (m * m + s2 - 1 - math.log(s2) / 2) / 2))

no_logarithm = wrong_answer(
    passes=(a_cost_that_counts_four_times,),
    feedback="The KL lacks its logarithm: without it nothing keeps the variance of q away from 0.",
)(put_together(true_square, lambda m, s2: (m * m + s2 - 1) / 2))

square_not_halved = wrong_answer(
    feedback="In the exponent of a Gaussian density the square is halved. You count the whole squared error.",
)(put_together(lambda x, m, s2: 2 * true_square(x, m, s2), true_cost))

the_squared_error = wrong_answer(
    feedback="A plain squared error lacks two things of a log density: the factor one half, and the constant.",
)(put_together(lambda x, m, s2: 2 * true_square(x, m, s2), true_cost, constant=0))

the_other_direction = wrong_answer(
    passes=(a_cost_that_counts_four_times,),
    feedback="Your KL has the prior in front. Asked is the KL of q from the prior.",
)(put_together(true_square, lambda m, s2: (math.log(s2) + (1 + m * m) / s2 - 1) / 2))


@wrong_answer(
    a_cost_that_counts_four_times,
    beta_weighs_the_cost_alone,
    feedback="Beta weighs the KL, and only that. In yours the reconstruction is weighted too, or instead.",
)
def beta_on_the_reconstruction(x, m, s2, beta=1.0):
    return -beta * (math.log(2 * math.pi) + true_square(x, m, s2)) / 2 - true_cost(m, s2)


@wrong_answer(
    a_cost_that_counts_four_times,
    beta_weighs_the_cost_alone,
    feedback="Beta weighs the KL, and only that. In yours the reconstruction is weighted too, or instead.",
)
def beta_on_everything(x, m, s2, beta=1.0):
    return beta * three_nodes(x, m, s2)


@wrong_answer(
    a_cost_that_counts_four_times,
    beta_weighs_the_cost_alone,
    feedback="Your result does not depend on beta.",
)
def beta_ignored(x, m, s2, beta=1.0):
    return three_nodes(x, m, s2)


@wrong_answer(
    feedback="The logarithm stands inside the expectation. You average the likelihood first and take the logarithm then.",
)
def logarithm_outside(x, m, s2, beta=1.0):
    return -(math.log(2 * math.pi * (1 + s2)) + (x - m) ** 2 / (1 + s2)) / 2 - beta * true_cost(m, s2)
