# %% [markdown]
# ## When the proposal misses the support
#
# The importance-sampling estimate of the evidence is an average, and averages converge. To what?
#
# $$ \hat L_M = \log \frac1M \sum_{i=1}^{M} \frac{p(x, z_i)}{q(z_i)}, \qquad z_i \sim q . $$
#
# By the law of large numbers the mean of the weights converges to their expectation under $q$, an integral over the
# places where $q$ has density, and over no others:
#
# $$ \mathbb E_q\!\left[\frac{p(x, z)}{q(z)}\right] = \int_{q(z) > 0} q(z)\,\frac{p(x, z)}{q(z)}\,dz = \int_{q(z) > 0} p(x, z)\,dz . $$
#
# Now take a case in which the truth is known. Let $p(x, z) = \mathcal N(z;\, 0, 1)$ as a function of $z$, so that
# $p(x) = 1$ and $\log p(x) = 0$. The proposal is uniform between 0 and 3, with density $1/3$.
#
# **To which value does $\hat L_M$ converge as $M \to \infty$?** Set `missed_support` to a number in nats, accurate to
# 0.002. (`math.erf` may help: a standard normal variable lies between $-a$ and $a$ with the probability
# $\mathrm{erf}(a / \sqrt 2)$.)

# %% imports
import math

from helpers.checking import check, expect, expect_array, expect_close, right_answer, wrong_answer

# %% answer
missed_support = (
    # BEGIN SOLUTION
    math.log(math.erf(3 / math.sqrt(2)) / 2)
    # END SOLUTION
)


# %% public checks
@check(points=0)
def a_finite_number(missed_support):
    """The answer is a finite number: q reaches some of the mass, so the logarithm exists."""
    value = float(expect_array(missed_support, (), "missed_support"))
    expect(math.isfinite(value), f"The answer is {value:g}.", "A finite number.", "How much of the mass can q reach?")


# %% hidden checks
@check(points=2, hidden=True)
def it_is_the_limit(missed_support):
    """It is the limit of the estimate, within 0.002 nats."""
    steps = 30_000
    mass = sum(math.exp(-(((i + 0.5) * 3 / steps) ** 2) / 2) for i in range(steps)) * 3 / steps / math.sqrt(2 * math.pi)
    expect_close(missed_support, math.log(mass), "missed_support", rtol=0, atol=0.002)


# %% hints
HINTS = [
    "Which part of the integral of p(x, z) do the samples ever see?",
    "The density of q cancels in the expectation of a weight. Only where q is positive still matters.",
    "A normal variable lies between 0 and 3 with half the probability of lying between -3 and 3. And mind the logarithm.",
]
WHY = r"""
The proposal's density cancels in the mean weight, and what is left is the mass that it can reach: $\int_0^3 N(z; 0,
1)\, dz = \tfrac12 \mathrm{erf}(3/\sqrt 2) = 0.4987$. Its logarithm is $-0.6959$. The estimate converges to it as
smoothly as it would to the truth, and its scatter shrinks as it should. So no statistic of the samples can give the
alarm: what was never proposed leaves no trace.
"""
COVERS = ["S2.8"]

# %% [markdown]
# > **A common claim: "as $M \to \infty$ the estimate converges to $\log p(x)$."** It is asked as an exercise, *to
# > prove*, without a condition. One could believe it, for each weight has the expectation $p(x)$, as the textbook
# > writes in one line. That line divides by $q(z)$ everywhere. The claim needs the support of $q$ to contain that of
# > $p(x, \cdot)$; then, and because the mean weight $p(x)$ is finite, the strong law does the rest, without any
# > condition on the variance. (How *fast* is another matter: the bias falls like $1/M$ only if the weights have a
# > finite variance.) Watch two proposals. The uniform one settles at the logarithm of the half that it can see. The
# > second, $\mathcal N(0, 0.6^2)$, is too narrow: its variance of 0.36 is less than half of the posterior's, so the
# > weights have no finite variance. But it is positive everywhere, and so it does arrive, slowly and in jumps. Each
# > row is the mean of 20 repetitions; the last two numbers say how far these lie apart.

# %% experiment
draws = np.random.default_rng(0)
print(f"{'M':>8}  {'uniform on (0, 3)':>20}  {'N(0, 0.36)':>20}   standard deviations")
for M in (10, 100, 1000, 10_000, 100_000):
    flat = -np.square(draws.uniform(0, 3, (20, M))) / 2 - 0.5 * np.log(2 * np.pi) + np.log(3)
    eps = draws.normal(size=(20, M))
    narrow = -np.square(0.6 * eps) / 2 + eps**2 / 2 + np.log(0.6)
    ends = [np.logaddexp.reduce(logw, axis=1) - np.log(M) for logw in (flat, narrow)]
    print(f"{M:8d}  {ends[0].mean():20.4f}  {ends[1].mean():20.4f}   {ends[0].std():.4f}, {ends[1].std():.4f}")

# %% right and wrong answers
to_four_digits = right_answer(-0.6959)

the_evidence = wrong_answer(
    passes=(a_finite_number,),
    feedback="That is log p(x). The estimate would converge to it if q could propose every z that p allows.",
)(0.0)

the_mass = wrong_answer(
    passes=(a_finite_number,),
    feedback="That is the mean weight itself. The estimate is its logarithm.",
)(0.49865)

both_tails = wrong_answer(
    passes=(a_finite_number,),
    feedback="That is the logarithm of the mass between -3 and 3. The proposal never leaves the positive side.",
)(-0.0027035)

half_of_the_line = wrong_answer(
    passes=(a_finite_number,),
    feedback="That is log 1/2, the whole positive half line. The proposal ends at 3.",
)(-0.6931471805599453)

wrong_sign = wrong_answer(
    passes=(a_finite_number,),
    feedback="The mass that q reaches is less than 1. What sign does its logarithm have?",
)(0.6958512)

with_the_density_twice = wrong_answer(
    passes=(a_finite_number,),
    feedback="You divided by 3 once more: the density of q cancels when the weight is averaged over q.",
)(-1.7944635)

mean_of_the_logarithms = wrong_answer(
    passes=(a_finite_number,),
    feedback="That is the mean of the log-weights, the ELBO. Here the logarithm is taken of the mean.",
)(-1.3203262)

in_bits = wrong_answer(
    passes=(a_finite_number,),
    feedback="That is in bits. Logarithms are natural here.",
)(-1.003901)

without_a_value = wrong_answer(
    feedback="The logarithm of 0 stands for a proposal that never meets the mass. This one meets half of it.",
)(float("-inf"))
