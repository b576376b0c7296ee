# %% [markdown]
# ## Weight decay is a belief
#
# Why the *squared* norm, and how large should $\lambda$ be? Both questions have the same answer: a penalty is a belief,
# written as a formula. Believe, before you see any data, that weights are about as large as $\tau$, of either sign:
# $w \sim N(0, \tau^2 I)$. Believe that the data are a line under noise: $y \sim N(Xw, \sigma^2 I)$. Then the most
# probable $w$ after seeing the data maximizes the product of the two densities. Take minus the logarithm, and drop what
# does not depend on $w$:
#
# $$ \frac{1}{2\sigma^2} \lVert y - Xw \rVert^2 + \frac{1}{2\tau^2} \lVert w \rVert^2 \;\to\; \min. $$
#
# This is ridge. The prior is on the **weights**; that data should be normal is another matter, and belongs to the first
# term. What $\lambda$ is depends on how the objective is written, and papers and libraries write it in three ways:
#
# | `form` | objective |
# |---|---|
# | `'sum'` | $\lVert y - Xw \rVert^2 + \lambda \lVert w \rVert^2$ |
# | `'half'` | $\frac12 \lVert y - Xw \rVert^2 + \frac{\lambda}{2} \lVert w \rVert^2$ |
# | `'mean'` | $\frac1n \lVert y - Xw \rVert^2 + \lambda \lVert w \rVert^2$ |
#
# | argument | type | meaning |
# |---|---|---|
# | `s2`, `t2` | numbers $> 0$ | the **variances** $\sigma^2$ of the noise and $\tau^2$ of the prior |
# | `form` | string | one of the three; any other raises `ValueError` |
# | `n` | integer $\ge 1$ | number of examples |
# | result | number | the $\lambda$ whose minimizer is the most probable $w$ |
#
# **Write `map_lambda(s2, t2, form, n)`.**

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_array, expect_close, expect_raises, right_answer, wrong_answer


# %% answer
def map_lambda(s2, t2, form, n):
    """Return the penalty for which the minimizer of the given form is the MAP estimate; s2, t2 are variances."""
    # BEGIN SOLUTION
    beside_the_sum = s2 / t2
    if form in ("sum", "half"):
        return beside_the_sum
    if form == "mean":
        return beside_the_sum / n
    raise ValueError(f"there is no form called {form!r}")
    # END SOLUTION


# %% public checks
@check(points=0.5)
def beside_the_sum(map_lambda):
    """With noise of variance 3 and a prior of variance 1.5, it is 2 beside the sum of squares, whatever n is."""
    expect_close(map_lambda(3.0, 1.5, "sum", 10), 2.0, "map_lambda(3, 1.5, 'sum', 10)")


@check(points=0.5)
def beside_the_mean_of_eight(map_lambda):
    """With noise of variance 2, a prior of variance 1/2 and 8 examples, it is 1/2 beside the mean of squares."""
    expect_close(map_lambda(2.0, 0.5, "mean", 8), 0.5, "map_lambda(2, 0.5, 'mean', 8)")


# %% hidden checks
FORMS = {"sum": (1.0, 1.0), "half": (0.5, 0.5), "mean": (None, 1.0)}


def most_probable(x, y, s2, t2):
    """One weight: the posterior mean, precision-weighted, of prior and data."""
    return (np.sum(x * y) / s2) / (np.sum(x * x) / s2 + 1 / t2)


@check(points=0.75, hidden=True)
def the_minimizer_is_the_most_probable(map_lambda, rng):
    """For all three forms, any variances and any n, the minimizer with this penalty is the posterior's peak."""
    drawn = rng.uniform(0.3, 3), rng.uniform(0.3, 3), int(rng.integers(2, 9))
    for s2, t2, n in [drawn, (0.5, 0.2, 30), (2, 3, 1), (0.1, 4.0, 7)]:
        x, y = rng.normal(size=n) + 1, rng.normal(size=n) + 2
        for form, (before_errors, before_weights) in FORMS.items():
            what = f"map_lambda({s2:g}, {t2:g}, {form!r}, {n})"
            lam = float(expect_array(map_lambda(s2, t2, form, n), (), what))
            a, b = before_errors or 1 / n, before_weights
            minimizer = a * np.sum(x * y) / (a * np.sum(x * x) + b * lam)
            expect_close(minimizer, most_probable(x, y, s2, t2), f"the minimizer with {what}")
    # Other units of y and of w: lambda follows the units of x alone.
    for form in FORMS:
        for noise, prior in [(1e6, 1.0), (1.0, 1e8), (1e-150, 1e150), (1e5, 1e-3)]:
            what = f"map_lambda({2 * noise:g}, {3 * prior:g}, {form!r}, 7)"
            expected = 2 / 3 * (noise / prior) / (7 if FORMS[form][0] is None else 1)
            expect_close(map_lambda(2 * noise, 3 * prior, form, 7), expected, what, atol=0)


@check(points=0.25, hidden=True)
def another_form_is_refused(map_lambda, rng):
    """The three names are accepted; any other raises ValueError."""
    n = int(rng.integers(2, 9))
    for form in FORMS:
        expect_array(map_lambda(1.0, 1.0, form, n), (), f"map_lambda(1, 1, {form!r}, {n})")
    for form in ("x", "total", "squared", "s", "summed", "halves", "Mean", "means", "m", "mean ", ""):
        with expect_raises(ValueError, f"map_lambda(1, 1, {form!r}, {n})"):
            map_lambda(1.0, 1.0, form, n)


# %% hints
HINTS = [
    "Multiply the negative logarithm by whatever makes its first term look like the form's. What stands beside the second?",
    "A narrow prior is a strong opinion. Does your formula then give a strong penalty?",
    "A common factor of both terms changes no minimizer; one that stands before the errors alone does.",
]
COVERS = ["S3.20", "S1.15b"]
KERNELS = [kernels.map_lambda]
WHY = r"""
Multiply the negative logarithm by $2\sigma^2$, and the errors stand as in the first form; beside the weights stands
$\sigma^2 / \tau^2$. The second form is half of the first, in both terms, and a common factor moves no minimum. The
third divides the errors alone by $n$, so the penalty must be divided too. Check it with two extremes: a narrow prior is
a strong penalty, and data without noise need none.
"""

# %% [markdown]
# **See it.** Weights drawn from a prior with $\tau^2 = 0.25$, ten data for eight weights, noise of variance 1, a thousand
# times over. The belief is true here, so its $\lambda = \sigma^2/\tau^2 = 4$ should be hard to beat, and it is. Were the
# same number taken from a paper that writes the mean of squares, it would be ten times too strong.

# %% experiment
draws = np.random.default_rng(0)
strengths = (0.004, 0.4, 1.0, 4.0, 16.0, 40.0)
errors = np.zeros(len(strengths))
for _ in range(1000):
    truth, X = 0.5 * draws.normal(size=8), draws.normal(size=(10, 8))
    y = X @ truth + draws.normal(size=10)
    for i, lam in enumerate(strengths):
        w = np.linalg.solve(X.T @ X + lam * np.eye(8), X.T @ y)  # without an offset, as in the derivation
        errors[i] += np.sum((w - truth) ** 2) / 1000
print(f"{'lambda':>28}", *(f"{lam:8g}" for lam in strengths))
print(f"{'squared error of the weights':>28}", *(f"{each:8.3f}" for each in errors))


# %% right and wrong answers
@right_answer
def by_precisions(s2, t2, form, n):
    """A ratio of two certainties, that of the prior and that of one example, as Bayesian texts put it. Another form would
    be one more entry of the table.
    """
    shares = {"sum": 1, "half": 1, "mean": n}
    if form not in shares:
        raise ValueError("unknown form")
    return (1 / t2) / (shares[form] / s2)


@wrong_answer(
    passes=(another_form_is_refused,),
    feedback="Inverted: a narrow prior, a small t2, means a strong decay.",
)
def inverted(s2, t2, form, n):
    return by_precisions(t2, s2, form, n)


@wrong_answer(
    beside_the_mean_of_eight,
    the_minimizer_is_the_most_probable,
    feedback="With the mean of squares the errors are divided by n, so lambda is too.",
)
def the_same_beside_the_mean(s2, t2, form, n):
    return by_precisions(s2, t2, "sum" if form == "mean" else form, n)


@wrong_answer(
    the_minimizer_is_the_most_probable, feedback="In the 'half' form both terms are halved, so lambda does not change."
)
def half_a_lambda(s2, t2, form, n):
    return by_precisions(s2, t2, form, n) / (2 if form == "half" else 1)


@wrong_answer(
    passes=(another_form_is_refused,),
    feedback="s2 and t2 are variances already: there is nothing to square or to take a root of.",
)
def squared_again(s2, t2, form, n):
    return by_precisions(s2**2, t2**2, form, n)


@wrong_answer(
    beside_the_mean_of_eight,
    the_minimizer_is_the_most_probable,
    feedback="You multiplied by n. Beside a mean, the errors weigh n times less, and the penalty must too.",
)
def times_n(s2, t2, form, n):
    return by_precisions(s2, t2, form, 1 / n)


@wrong_answer(
    beside_the_sum,
    the_minimizer_is_the_most_probable,
    feedback="You divided by n in every form. Only the mean of squares contains an n.",
)
def always_by_n(s2, t2, form, n):
    return by_precisions(s2, t2, form, n) / (1 if form == "mean" else n)


@wrong_answer(
    another_form_is_refused,
    feedback="You look at the first letter only, so 'squared' passes for a form. Any other string must raise ValueError.",
)
def by_the_first_letter(s2, t2, form, n):
    if form[:1] not in ("s", "h", "m"):
        raise ValueError("unknown form")
    return by_precisions(s2, t2, "mean" if form[0] == "m" else "sum", n)


@wrong_answer(
    another_form_is_refused,
    feedback="An unknown form is taken for 'sum'. It must raise ValueError, or a typing mistake goes unnoticed.",
)
def sum_when_in_doubt(s2, t2, form, n):
    return by_precisions(s2, t2, form if form == "mean" else "sum", n)
