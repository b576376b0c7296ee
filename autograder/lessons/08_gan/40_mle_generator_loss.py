# %% [markdown]
# ## Maximum likelihood in GAN clothing
#
# A game is one way to train a generator. The classical way is maximum likelihood: minimize
# $\mathbb{E}_{x \sim p}[-\log q(x)]$, that is, $\mathrm{KL}(p \,\|\, q)$ up to a constant. It wants to know $q(x)$ at the
# *data*, which a GAN's generator cannot tell. But the game hands us a verdict on the generator's *own* samples. Could
# another price on those samples lead to the same gradient?
#
# Let the detective be perfect, with the logit $a(x) = \log \frac{p(x)}{q(x)}$, and let the price $f(x)$ be a function of
# this logit alone, frozen while the generator takes its step. Find $f$ such that
#
# $$ \nabla_\theta\, \mathbb{E}_{x \sim q_\theta}\bigl[f(x)\bigr]
#    = \nabla_\theta\, \mathbb{E}_{x \sim p}\bigl[-\log q_\theta(x)\bigr]. $$
#
# (The generator can reach everything that the data can: $q(x) > 0$ wherever $p(x) > 0$.) A constant may be added to any
# such $f$, as you have just seen. Take the one that goes to 0 where there are no data, $a \to -\infty$.
#
# | argument | shape | meaning |
# |---|---|---|
# | `a` | `(...)`, at least one axis and one element | logits of the perfect discriminator, between $-700$ and 700, also tiny |
# | result | the same shape | the price $f$ of each sample |
#
# **Write `mle_generator_loss(a)`, accurate to nine significant digits** however large or small the price is, and
# without an overflow on the way.
#
# Statisticians know $e^a$ as the *likelihood ratio* or the odds, and $f$ as minus the importance weight of a sample.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, right_answer, wrong_answer


# %% answer
def mle_generator_loss(a):
    """Return the frozen price f, same shape as the logits a, with which E_q[f] has the gradient of maximum likelihood."""
    # BEGIN SOLUTION
    return -np.exp(a)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def where_the_generator_is_right(mle_generator_loss):
    """Where p = q, a = 0, the price is -1."""
    expect_close(mle_generator_loss(np.zeros(1)), [-1.0], "mle_generator_loss([0])")


@check(points=0.5)
def two_plates(mle_generator_loss):
    """With p = (4/5, 1/5) and q = (1/2, 1/2) the two prices differ by 6/5, and the first note is the cheaper one."""
    prices = mle_generator_loss(np.log([1.6, 0.4]))
    expect_close(prices, [-1.6, -0.4], "mle_generator_loss(log [1.6, 0.4])")


# %% hidden checks
def chances(theta):
    return np.exp(theta) / np.sum(np.exp(theta))


@check(points=1, hidden=True)
def it_leads_where_likelihood_leads(mle_generator_loss, rng):
    """For generators that choose among K notes, the two gradients are the same, and f vanishes without data."""
    for K in (4, 2, 7):
        p, theta = rng.dirichlet(np.ones(K)) + 0.02, rng.normal(size=K)
        p, q = p / p.sum(), chances(theta)
        prices = mle_generator_loss(np.log(p / q))
        expect_close(prices, -p / q, f"mle_generator_loss of {K} notes")
        likelihood = complex_step(lambda z, p=p: -np.sum(p * np.log(chances(z))), theta)
        expected_price = complex_step(lambda z, f=prices: np.sum(chances(z) * f), theta)
        expect_close(expected_price, likelihood, f"the gradient with these prices, {K} notes")


@check(points=1, hidden=True)
def prices_of_any_size(mle_generator_loss, rng):
    """For logits of any size and arrays of any shape it is accurate to nine digits, without an overflow."""
    for a in (
        np.array([-700.0, -300.0, -20.0, 0.5, 20.0, 45.0, 300.0, 700.0]),
        rng.normal(size=(3, 2)),
        8 * rng.normal(size=(2, 1, 4)),
        rng.normal(size=(2, 1, 3, 2)),
        rng.normal(size=(3, 3)),
        np.array([[-650.0], [650.0]]),
        np.array([-3.0, -2.0, -0.5]),
        np.array([[0.0, 0.0, 1.5]]),
        np.array([1e-9, -4e-6, 1e-200]),
    ):
        expected = np.array([-math.exp(each) for each in a.ravel().tolist()]).reshape(a.shape)
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            got = mle_generator_loss(a.copy())
        expect_close(got, expected, f"mle_generator_loss of logits of shape {a.shape}", rtol=1e-9, atol=0)


# %% hints
HINTS = [
    "With f frozen, the gradient of E_q[f] is E_q[f grad log q]. Can you write the gradient of the likelihood as an "
    "expectation under q too?",
    "Any E_p[h] is E_q[(p/q) h]. Compare the factors in front of grad log q.",
    "Express p/q by the logit, and mind the sign of the likelihood.",
]
WHY = r"""
Written as expectations under $q$ of something times $\nabla \log q$, both gradients can be compared factor by factor:
$f = -p/q$ up to a constant, and $p/q = e^a$ is what a logit means. Take it from the logit and not by way of $D$: at
$a = 40$ the probability is 1 to the last digit, and $D/(1 - D)$ divides by 0. The price has no bound, and must not
have one; that is also why the method is of so little use, since a price of $-e^{10}$ is paid on a note that is hardly
ever printed.
"""
COVERS = ["S2.19"]
KERNELS = [kernels.mle_generator_loss]

# %% [markdown]
# ### Line by line
#
# Both sides as expectations under $q$, of something times $\nabla \log q$:
#
# $$ \begin{aligned}
# \nabla\, \mathbb{E}_q[f] &= \sum_x f\, \nabla q = \sum_x q\, f\, \nabla \log q = \mathbb{E}_q\bigl[f\, \nabla \log q\bigr]
#    && (f \text{ frozen}) \\
# \nabla\, \mathbb{E}_p[-\log q] &= -\sum_x p\, \nabla \log q = \mathbb{E}_q\Bigl[-\frac{p}{q}\, \nabla \log q\Bigr]
#    && (q > 0 \text{ where } p > 0) \\
# f &= -\frac{p}{q} + c = -\frac{D^*}{1 - D^*} + c = -e^{a} + c .
# \end{aligned} $$
#
# The constant is free because $\mathbb{E}_q[\nabla \log q] = \nabla \sum_x q = 0$.
#
# > **A common claim: "so a GAN can do maximum likelihood."** On paper, with three conditions, each of which bites.
# > *Frozen:* if $f = -p/q$ were differentiated too, $\mathbb{E}_q[f] = -\sum_x p = -1$ is a constant and its gradient is 0.
# > *Support:* notes that the generator never prints get no price at all. *Variance:* the price is paid on samples of the
# > generator, and where $q$ is small beside $p$ it is enormous and hardly ever seen. The cell estimates the gradient from
# > 1000 samples of the generator, four times. For a generator that is nearly right the estimates come near the
# > truth. For one that seldom prints what the data mostly are, an estimate is either 0 or four times too large.

# %% experiment
price, gradient = grader.yours("mle_generator_loss"), grader.yours("softmax_generator_gradient")
draws = np.random.default_rng(1)
data = np.array([0.6, 0.3, 0.1])
generators = {"nearly right": np.array([0.5, 0.3, 0.2]), "seldom right": np.array([0.0005, 0.2995, 0.7])}
for name, q in generators.items():
    paid, estimates = price(np.log(data / q)), []
    for _ in range(4):
        counts = draws.multinomial(1000, q) / 1000
        estimates.append(counts[0] * paid[0] - q[0] * (counts @ paid))
    told = "  ".join(f"{each:6.3f}" for each in estimates)
    print(f"{name}: slope of the first logit {gradient(np.log(q), paid)[0]:6.3f}   from 1000 samples: {told}")
print(
    "E_q[-p/q] itself:",
    *(f"{-np.sum(q * (data / q)):.6f}" for q in generators.values()),
    "the same, so no slope at all",
)


# %% right and wrong answers
@right_answer
def by_the_inverse(a):
    """One over the inverse ratio q/p, for programs that have this one at hand. Otherwise no better than the answer."""
    return -1 / np.exp(-np.asarray(a, dtype=float))


@right_answer
def by_the_halves(a):
    """The odds, D : 1 - D, with exponentials of half the logit: both shares are written without what they have in
    common, so neither rounds to 0 or 1.
    """
    return -np.exp(a / 2) / np.exp(-a / 2)


@wrong_answer(feedback="The sign: likely notes must be cheap. Compare with the gradient of -log q.")
def positive(a):
    return np.exp(a)


@wrong_answer(
    passes=(where_the_generator_is_right,),
    feedback="Inverted: this is -q/p. A price is needed that is large, and negative, where the data are and the generator is not.",
)
def inverted(a):
    return -np.exp(-a)


@wrong_answer(feedback="-D is not -p/q. Which function of D is p/q?")
def minus_the_probability(a):
    return -0.5 * (1 + np.tanh(a / 2))


@wrong_answer(feedback="-log D is the non-saturating loss. Its gradient is that of another divergence.")
def non_saturating(a):
    return np.logaddexp(0, -a)


@wrong_answer(feedback="The log ratio itself, -a, leads to KL(q||p): the expectation is under q here, not under p.")
def minus_the_logit(a):
    return -np.asarray(a, dtype=float)


@wrong_answer(feedback="log(1 - D) is the saturating loss. Its gradient is that of JS, up to a factor.")
def saturating(a):
    return -np.logaddexp(0, a)


@wrong_answer(
    passes=(where_the_generator_is_right, two_plates, it_leads_where_likelihood_leads),
    feedback="Through D/(1 - D) the digits are lost where D is near 1. The logit knows the ratio already.",
)
def through_the_probability(a):
    D = 0.5 * (1 + np.tanh(a / 2))
    with np.errstate(all="ignore"):
        return -D / (1 - D)


@wrong_answer(
    passes=(where_the_generator_is_right, two_plates, it_leads_where_likelihood_leads),
    feedback="You bound the price. Where the generator hardly ever prints what the data are, it has to be enormous.",
)
def bounded(a):
    return -np.exp(np.minimum(a, 30))


@wrong_answer(
    feedback="The difference of the prices is right, the constant is not: f must go to 0 where there are no data."
)
def with_another_constant(a):
    return 1 - np.exp(a)
