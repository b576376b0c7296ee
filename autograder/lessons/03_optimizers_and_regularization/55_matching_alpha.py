# %% [markdown]
# ## Which ridge would match?
#
# Early stopping and ridge are two filters that resemble each other. Could one choose the strength of the ridge so
# cleverly that they become the same? For a single direction, yes: solve
#
# $$ \frac{\lambda}{\lambda + \alpha} = 1 - (1 - \eta\lambda)^t $$
#
# for $\alpha$. The question is whether the same $\alpha$ then serves the next direction as well. Write
# $a = (1 - \eta\lambda)^t$ for the share of the start that is left, and solve on paper first.
#
# Then look at what floating point makes of it. In a very flat direction $a$ is almost 1. The share covered, $1 - a$, is
# a difference of two nearly equal numbers: with $\eta\lambda = 10^{-13}$ only three digits of it survive. NumPy has two
# functions made for that: `log1p(x)` is $\log(1 + x)$ and `expm1(x)` is $e^x - 1$, both accurate for tiny $x$.
#
# | argument | shape | meaning |
# |---|---|---|
# | `lam` | `(k,)` | eigenvalues $\lambda > 0$ with $\eta\lambda < 1$ |
# | `eta` | number $> 0$ | step size |
# | `t` | integer $\ge 1$ | number of steps |
# | result | `(k,)` | the matching ridge strength $\alpha_i$ of each direction |
#
# **Write `matching_alpha(lam, eta, t)`**, accurate to a relative error of $10^{-6}$ also where $\eta\lambda$ is tiny. In
# the limit $\eta\lambda t \to 0$ it is $1/(\eta t)$; after long training it is 0, without a warning.

# %% imports
from decimal import Decimal, localcontext

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def matching_alpha(lam, eta, t):
    """Return the ridge strengths (k,) whose filter lam / (lam + alpha) equals that of t steps of gradient descent."""
    # BEGIN SOLUTION
    log_left = t * np.log1p(-eta * lam)
    left, covered = np.exp(log_left), -np.expm1(log_left)
    return lam * left / covered
    # END SOLUTION


# %% public checks
@check(points=0.5)
def one_quarter_step(matching_alpha):
    """With lambda = 1 and eta = 1/4, one step covers a quarter of the way; so does ridge with alpha = 3."""
    expect_close(matching_alpha(np.array([1.0]), 0.25, 1), [3.0], "matching_alpha([1], 0.25, 1)")


@check(points=0.5)
def two_half_steps_and_another_direction(matching_alpha):
    """After two such steps 1/4 is left, so alpha = 1/3; for lambda = 1/2 it is 9/14: each direction has its own."""
    got = matching_alpha(np.array([1.0, 0.5]), 0.5, 2)
    expect_close(got, [1 / 3, 9 / 14], "matching_alpha([1, 0.5], 0.5, 2)")


# %% checks
def in_many_digits(lam, eta, t):
    """The same with 400 decimal digits."""
    with localcontext(prec=400):
        exact, strengths = Decimal(float(eta)), []
        for each in map(Decimal, map(float, lam)):
            left = (1 - exact * each) ** t
            strengths.append(float(each * left / (1 - left)))
    return np.array(strengths)


# %% hidden checks
@check(points=1, hidden=True)
def exact_for_every_direction(matching_alpha, rng):
    """For random eigenvalues of any size it equals what many digits give; after one step it is 1/eta - lambda."""
    for eta, t, size in [
        (0.1, 10, 1.0),
        (0.3, 3, 1.0),
        (0.01, 200, 1.0),
        (1e-6, 2, 1e4),
        (0.05, 300, 2.0),
        (2.0, 3, 0.2),
        (1, 4, 0.4),
    ]:
        lam = size * rng.uniform(0.1, 2, 4)
        what = f"matching_alpha, eta = {eta}, t = {t}"
        expect_close(matching_alpha(lam, eta, t), in_many_digits(lam, eta, t), what, atol=0)
    wanted = in_many_digits([1.0], 0.5, 1000).repeat(2)
    got = matching_alpha(np.array([1.0, 1.0]), 0.5, 1000)
    expect_close(got, wanted, "matching_alpha([1, 1], 0.5, 1000)", rtol=1e-6, atol=0)
    lam = np.array([0.5, 1.0])
    expect_close(matching_alpha(lam, 0.1, 1), 1 / 0.1 - lam, "matching_alpha([0.5, 1], 0.1, 1)")


@check(points=0.5, hidden=True)
def no_digits_lost_where_it_is_flat(matching_alpha, rng):
    """For tiny eigenvalues, tiny steps and very many of them it is as accurate as elsewhere."""
    for lam, eta, t in [
        (rng.uniform(1e-12, 2e-12, size=1), 0.1, 7),
        (np.array([1.0, 2.0]), 1e-9, 100),
        (np.array([3e-13, 1e-3]), 0.5, 20),
        (np.array([1e-17, 1e-25, 1e-100]), 0.5, 3),
        (np.array([2e-8, 5e-9, 1e-10]), 0.5, 10**8),
        (np.array([1e-16, 3e-16]), 0.25, 10**9),
        (np.array([1e-3, 1e-5]), 0.5, 1),
    ]:
        what = f"matching_alpha({lam.tolist()}, {eta}, {t})"
        expect_close(matching_alpha(lam, eta, t), in_many_digits(lam, eta, t), what, rtol=1e-6, atol=0)


@check(points=0.5, hidden=True)
def after_long_training_no_penalty_is_left(matching_alpha, rng):
    """After 2000 half steps it is next to nothing, but where it is flat, and nothing overflows or becomes invalid."""
    flat = rng.uniform(5e-4, 1e-3)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        got = matching_alpha(np.array([1.0, 1.9, flat]), 0.5, 2000)
        wanted = in_many_digits([flat], 0.5, 2000).item()
        expect_close(got, [0.0, 0.0, wanted], f"matching_alpha([1, 1.9, {flat:.3g}], 0.5, 2000)", atol=1e-200)


# %% hints
HINTS = [
    "Solve the equation for alpha: bring lambda + alpha to the other side. What you get has a and 1 - a in it.",
    "In a very flat direction, do not subtract a from 1. Work with log a = t log(1 - eta lambda) instead.",
    "1 - exp(z) for a tiny z is what expm1 computes, but for its sign.",
]
COVERS = ["S0.s"]
KERNELS = [kernels.matching_alpha]
WHY = r"""
From $\lambda / (\lambda + \alpha) = 1 - a$ follows $\alpha = \lambda a / (1 - a)$. The algebra is the easy half.
`log1p` takes the logarithm of $1 - \eta\lambda$ without forming that number, and `expm1` returns $1 - a$ without
forming $a$, so no difference of two numbers near 1 is ever taken. As it stands on paper, with $\eta\lambda = 10^{-13}$
and 5 steps of $\eta = 1$, the formula gives 0.19994 in place of 0.20000. After long training $a$ is 0 and $1 - a$ is 1,
so $\alpha$ is 0 by itself.
"""

# %% [markdown]
# **So, is early stopping ridge?** With one strength per direction, exactly; with one for all, no. Below, a bowl with
# four directions after 50 steps. The rule of thumb $1/(\eta t)$ is right for the flat direction. For the steep ones the
# matching $\alpha$ is far smaller: they were hardly held back at all. The last row uses the rule of thumb everywhere, and
# shows the share of the way that ridge then covers.

# %% experiment
match, after = grader.yours("matching_alpha"), grader.yours("gradient_descent_after")
lam, eta, t = np.array([0.01, 0.1, 0.5, 2.0]), 0.1, 50
print(f"{'lambda':>34}", *(f"{each:9g}" for each in lam))
print(f"{'matching alpha':>34}", *(f"{each:9.4f}" for each in match(lam, eta, t)))
print(f"{'1 / (eta t)':>34}", *(f"{1 / (eta * t):9.4f}" for _ in lam))
print(f"{'early stopping covers':>34}", *(f"{each:9.4f}" for each in after(np.diag(lam), lam, np.zeros(4), eta, t)))
print(f"{'ridge with its matching alpha':>34}", *(f"{each:9.4f}" for each in lam / (lam + match(lam, eta, t))))
print(f"{'ridge with 1 / (eta t)':>34}", *(f"{each:9.4f}" for each in lam / (lam + 1 / (eta * t))))


# %% right and wrong answers
@right_answer
def by_the_growth(lam, eta, t):
    """alpha = lambda / (1/a - 1), with one exponential in place of two. After long training 1/a overflows to infinity, and
    lambda over infinity is the 0 that it should be: that is why the warning may be silenced.
    """
    lam = np.asarray(lam, dtype=float)
    with np.errstate(over="ignore"):
        return lam / np.expm1(-t * np.log1p(-eta * lam))


def left_over(lam, eta, t):
    """The share of the start that is left."""
    return np.exp(t * np.log1p(-eta * np.asarray(lam)))


@wrong_answer(
    feedback="1/(eta t) is only the limit of small eta lambda t. An exact match needs one alpha for each eigenvalue."
)
def the_rule_of_thumb(lam, eta, t):
    return np.full_like(np.asarray(lam, float), 1 / (eta * t))


@wrong_answer(feedback="Inverted: the more of the start is left, the stronger the ridge that matches.")
def inverted(lam, eta, t):
    return lam * -np.expm1(t * np.log1p(-eta * lam)) / left_over(lam, eta, t)


@wrong_answer(
    passes=(one_quarter_step,),
    feedback="You lost the factor lambda on the way: alpha has the units of an eigenvalue.",
)
def without_lambda(lam, eta, t):
    return left_over(lam, eta, t) / -np.expm1(t * np.log1p(-eta * lam))


@wrong_answer(
    no_digits_lost_where_it_is_flat,
    feedback="Right on paper, but digits are lost where eta lambda is tiny: 1 minus something tiny remembers little of it.",
)
def digits_lost(lam, eta, t):
    a = (1 - eta * lam) ** t
    return lam * a / (1 - a)


@wrong_answer(
    no_digits_lost_where_it_is_flat,
    feedback="More digits only move the border: where eta lambda is below 1e-19 yours is 1 - 1 again. Do not subtract.",
)
def digits_lost_later(lam, eta, t):
    a = (1 - eta * np.asarray(lam, dtype=np.longdouble)) ** t
    with np.errstate(all="ignore"):
        return (lam * a / (1 - a)).astype(float)


@wrong_answer(
    no_digits_lost_where_it_is_flat,
    feedback="1/(eta t) is the limit of small eta lambda t, not of small eta lambda: after very many steps they differ.",
)
def rule_of_thumb_where_it_is_flat(lam, eta, t):
    exponent = t * np.log1p(-eta * np.asarray(lam))
    exact = lam * np.exp(exponent) / -np.expm1(exponent)
    return np.where(eta * np.asarray(lam) < 1e-8, 1 / (eta * t), exact)


@wrong_answer(
    feedback="exp(-eta lambda t) is what infinitely small steps leave. Steps of this size leave (1 - eta lambda)^t.",
)
def continuous_time(lam, eta, t):
    return lam * np.exp(-eta * lam * t) / -np.expm1(-eta * lam * t)


@wrong_answer(
    after_long_training_no_penalty_is_left,
    feedback="After long training your exponential overflows. What grows without bound is the inverse of the share left.",
)
def the_growth_overflows(lam, eta, t):
    return lam / np.expm1(-t * np.log1p(-eta * lam))
