# %% [markdown]
# ## Where does beta send the posterior?
#
# The $\beta$-VAE weighs the two halves of the ELBO: it looks for the $q$ that makes
#
# $$ J_\beta(q) = \mathbb E_q[\log p(x \mid z)] - \beta\, \mathrm{KL}(q \,\|\, p(z)) $$
#
# as large as possible. **By which computation does $\beta$ appear?** As a multiplier. Ask for the best reconstruction
# with a limited budget of information: maximize $\mathbb E_q[\log p(x \mid z)]$ subject to
# $\mathrm{KL}(q \,\|\, p(z)) \le \epsilon$. The Lagrangian of this problem is $J_\beta(q) + \beta \epsilon$ with
# $\beta \ge 0$, and by the conditions of Karush, Kuhn and Tucker $\beta$ is 0 unless the whole budget is used. A
# small budget is a large $\beta$.
#
# **Which $q$ wins, line by line.** Call $q_\beta(z) = p(z)\, p(x \mid z)^{1/\beta} / Z_\beta$ the *tempered
# posterior*, with $Z_\beta = \int p(z)\, p(x \mid z)^{1/\beta} dz$. Then
#
# $$ J_\beta(q) = \beta\, \mathbb E_q\!\left[ \tfrac1\beta \log p(x \mid z) + \log p(z) - \log q(z) \right]
#    = \beta\, \mathbb E_q\!\left[ \log \frac{Z_\beta\, q_\beta(z)}{q(z)} \right] = \beta \log Z_\beta - \beta\, \mathrm{KL}(q \,\|\, q_\beta) . $$
#
# The first term does not know of $q$, and the second is at best 0. So $q_\beta$ wins, no derivative needed. For
# $\beta = 1$ it is the posterior, as ever. For $\beta > 1$ the likelihood counts for less.
#
# In our Gaussian model, $z \sim \mathcal N(0, 1)$ and $x \mid z \sim \mathcal N(z, 1)$, the winner is again Gaussian.
#
# | argument | type | meaning |
# |---|---|---|
# | `x` | number | the observation, of either sign |
# | `beta` | number $> 0$ | the weight of the KL term, from $10^{-6}$ to $10^6$ |
# | results | number, number | mean and **variance** of the $q$ that maximizes $J_\beta$ |
#
# **Write `beta_posterior(x, beta)`.** *Elsewhere:* many implementations average the reconstruction over pixels or
# take the mean of the KL over latents; their "beta" is then ours times the ratio of the two numbers, which is why
# values from 0.001 to 250 are reported.

# %% imports
from fractions import Fraction

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def beta_posterior(x, beta):
    """Return mean and variance of the q that maximizes E_q[log N(x; z, 1)] - beta KL(q || N(0, 1))."""
    # BEGIN SOLUTION
    precision = 1 + 1 / beta  # one from the prior, 1 / beta from the tempered likelihood
    return (x / beta) / precision, 1 / precision
    # END SOLUTION


# %% public checks
PARTS = ("mean", "variance")


@check(points=0.5)
def beta_of_one_is_the_posterior(beta_posterior):
    """For x = 2 and beta = 1 it is the posterior, with mean 1 and variance 1/2."""
    expect_close(beta_posterior(2.0, 1.0), (1.0, 0.5), "beta_posterior(2, 1)", parts=PARTS)


@check(points=0.5)
def beta_of_four(beta_posterior):
    """For x = 3 and beta = 4 the precision is 1 + 1/4: the variance is 4/5, and the mean 3/4 of it, 3/5."""
    expect_close(beta_posterior(3.0, 4.0), (0.6, 0.8), "beta_posterior(3, 4)", parts=PARTS)


# %% hidden checks
def on_a_grid(x, beta):
    """Mean and variance of prior times likelihood to the power 1 / beta, by the trapezoidal rule."""
    z = np.linspace(-12, 12, 4001) + x * min(1.0, 1 / beta)
    exponent = -(z**2) / 2 - (x - z) ** 2 / (2 * beta)
    mass = np.exp(exponent - exponent.max())
    mass /= mass.sum()
    mean = mass @ z
    return float(mean), float(mass @ (z - mean) ** 2)


def exactly(x, beta):
    """By the zero of the objective's slopes, in rational numbers: x - m = beta m and 1 = beta (1 / v - 1)."""
    x, beta = Fraction(x), Fraction(beta)
    return float(x / (beta + 1)), float(1 / (1 + 1 / beta))


@check(points=1, hidden=True)
def the_tempered_posterior_on_a_grid(beta_posterior, rng):
    """It has the moments of prior times likelihood to the power 1/beta, integrated numerically, on either side of 1."""
    for beta in (0.25, 0.7, 1.0, 1.6, 4.0, 20.0):
        x = float(3 * rng.normal())
        expect_close(beta_posterior(x, beta), on_a_grid(x, beta), f"beta_posterior({x:.3f}, {beta})", parts=PARTS)
    expect_close(beta_posterior(0.0, 2.0), (0.0, 2 / 3), "beta_posterior(0, 2)", parts=PARTS, atol=0)


@check(points=1, hidden=True)
def from_the_data_to_the_prior(beta_posterior, rng):
    """A tiny beta leaves q at the data with next to no width, a huge one at the prior; whole numbers do as well."""
    x = float(2 + rng.random())
    for given, beta in [(x, 1e-6), (-x, 1e-3), (x, 1e6), (-x, 1e3), (5, 3), (-2, 1), (x * 1e5, 7.0)]:
        expected = exactly(given, beta)
        expect_close(beta_posterior(given, beta), expected, f"beta_posterior({given:g}, {beta:g})", parts=PARTS, atol=0)


# %% hints
HINTS = [
    "Write the logarithm of prior times likelihood to the power 1/beta. It is a parabola in z; read off its curvature.",
    "Precisions add: 1 from the prior, and from the tempered likelihood something else than 1.",
    "The mean is the weighted mean of the prior's 0 and the data's x, with the precisions as weights.",
]
WHY = r"""
The logarithm of $p(z)\, p(x \mid z)^{1/\beta}$ is a parabola, $-\tfrac12 (1 + \tfrac1\beta) z^2 + \tfrac{x}{\beta} z$
and a constant, and a Gaussian is read off it: the curvature is the precision, the linear term over the curvature the
mean. The trap is the mean. The data's pull has become weaker as well, so it is $x/(1 + \beta)$ and not the variance
times $x$. Look at both ends: $\beta \to 0$ gives a spike at $x$, $\beta \to \infty$ the prior.
"""
COVERS = ["S2.11"]
KERNELS = [kernels.beta_posterior]

# %% [markdown]
# > **A common claim: "the objective of a $\beta$-VAE is a lower bound on $\log p(x)$."** For $\beta \ge 1$ it is:
# > $J_\beta = \mathrm{ELBO} - (\beta - 1)\, \mathrm{KL}$, so it lies below the ELBO. It is loose, and the looser the
# > larger $\beta$. For $\beta < 1$ something is added to the ELBO, and then it *need* not be a bound. Below, $x = 2$
# > and $\log p(x) = -2.2655$. The objective at its own best $q$ crosses the evidence exactly at $\beta = 1$. So
# > comparing models by their objectives, with different $\beta$, compares nothing.

# %% experiment
best, bound = grader.yours("beta_posterior"), grader.yours("gaussian_elbo")
evidence = -math.log(4 * math.pi) / 2 - 2.0**2 / 4
print(f"log p(x) = {evidence:.4f}\n{'beta':>6}  {'mean':>6}  {'variance':>8}  {'KL':>6}  {'ELBO':>8}  {'objective':>9}")
for beta in (0.01, 0.25, 0.5, 1.0, 2.0, 4.0, 20.0):
    m, v = best(2.0, beta)
    kl = bound(2.0, m, v, 0.0) - bound(2.0, m, v, 1.0)
    objective = bound(2.0, m, v, beta)
    told = "  above the evidence" if objective > evidence + 1e-9 else ""
    print(f"{beta:6g}  {m:6.3f}  {v:8.3f}  {kl:6.3f}  {bound(2.0, m, v, 1.0):8.4f}  {objective:9.4f}{told}")


# %% right and wrong answers
@right_answer
def by_completing_the_square(x, beta):
    """What is left after one more line by hand. No 1/beta in it, and both limits can be seen."""
    return x / (1 + beta), beta / (1 + beta)


@right_answer
def as_a_weighted_mean(x, beta):
    """Says what the mean is: the prior's 0 and the data's x, weighted by their precisions. It goes on to any number of
    Gaussian pieces of evidence.
    """
    precisions = np.array([1.0, 1.0 / beta])
    return np.average([0.0, x], weights=precisions), 1 / precisions.sum()


@wrong_answer(
    passes=(beta_of_one_is_the_posterior,),
    feedback="That is the posterior of beta = 1, whatever beta is.",
)
def always_the_posterior(x, beta):
    return x / 2, 0.5


@wrong_answer(
    passes=(beta_of_one_is_the_posterior,),
    feedback="The likelihood is raised to the power 1/beta, not beta: a larger beta moves q toward the prior.",
)
def to_the_power_of_beta(x, beta):
    return by_completing_the_square(x, 1 / beta)


@wrong_answer(
    passes=(beta_of_one_is_the_posterior,),
    feedback="The mean is weighted by precisions. Yours is the variance times x, as if the data had the precision 1.",
)
def mean_with_full_weight(x, beta):
    v = beta / (1 + beta)
    return v * x, v


@wrong_answer(feedback="The second result is the variance. You returned its root.")
def standard_deviation(x, beta):
    m, v = by_completing_the_square(x, beta)
    return m, v**0.5


@wrong_answer(feedback="The second result is the variance. You returned its inverse, the precision.")
def precision(x, beta):
    m, v = by_completing_the_square(x, beta)
    return m, 1 / v


@wrong_answer(
    passes=(beta_of_one_is_the_posterior,),
    feedback="Your mean follows beta, your variance stays at 1/2. Both belong to the same tempered posterior.",
)
def beta_in_the_mean_only(x, beta):
    return x / (1 + beta), 0.5


@wrong_answer(
    passes=(beta_of_one_is_the_posterior,),
    feedback="Your variance shrinks as beta grows. A weaker likelihood leaves q wider, at most as wide as the prior.",
)
def variance_upside_down(x, beta):
    return x / (1 + beta), 1 / (1 + beta)


@wrong_answer(feedback="That is the prior. It is the limit for an infinite beta, and says nothing about x.")
def the_prior(x, beta):
    return 0.0, 1.0


@wrong_answer(feedback="The results are in the wrong order: the mean first, then the variance.")
def exchanged(x, beta):
    return by_completing_the_square(x, beta)[::-1]
