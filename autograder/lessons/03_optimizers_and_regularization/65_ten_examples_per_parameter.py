# %% [markdown]
# ## How much is "ten examples per parameter" worth?
#
# There is a rule of thumb: have ten times as many examples as parameters, and all will be well. How well? For least
# squares the question has an exact answer, so let us not guess.
#
# The inputs are Gaussian, $x \sim N(0, I)$ with $p = 20$ components. The targets are $y = x^\top w + \text{noise}$, the
# noise with variance 1. Ordinary least squares, without an offset, is fitted to $n = 10\,p$ examples. On a *fresh*
# example even the true $w$ would have an expected squared error of 1. Yours has more, because $\hat w$ is off:
#
# $$ \mathbb{E}\,(y - x^\top \hat w)^2 = 1 + \mathbb{E}\,\lVert \hat w - w \rVert^2
#    = 1 + \mathbb{E}\, \mathrm{tr}\,(X^\top X)^{-1}. $$
#
# **What is the expected *excess*, test error minus 1?** Set `ten_examples_per_parameter` to a number, accurate to 0.0003.
# The mean of an inverse Wishart matrix will help you: for $X$ with $n$ rows $N(0, I_p)$, and $n > p + 1$,
# $\mathbb{E}\,(X^\top X)^{-1} = I / (n - p - 1)$.

# %% imports
from helpers.checking import check, expect, expect_array, expect_close, right_answer, wrong_answer

# %% answer
ten_examples_per_parameter = (
    # BEGIN SOLUTION
    20 / (200 - 20 - 1)
    # END SOLUTION
)


# %% checks
@check(points=0)
def it_is_an_excess(ten_examples_per_parameter):
    """The answer is a number between 0 and 1."""
    value = float(expect_array(ten_examples_per_parameter, (), "ten_examples_per_parameter"))
    expect(0 <= value < 1, f"The answer is {value:g}.", "A number from 0 to below 1.", "Asked is the excess over 1.")


@check(points=2, hidden=True)
def it_is_the_excess(ten_examples_per_parameter):
    """It is the expected excess of the test error, within 0.0003."""
    expect_close(ten_examples_per_parameter, 0.1117318, "ten_examples_per_parameter", rtol=0, atol=0.0003)


# %% hints
HINTS = [
    "The trace of the identity in p dimensions is p.",
    "Put p = 20 and n = 200 into the expected trace. The noise variance is 1 and drops out.",
]
COVERS = ["S3.39", "S0.b"]
WHY = r"""
$\mathrm{tr}\, I / (n - p - 1) = p / (n - p - 1) = 20 / 179$: every weight adds its own variance. The familiar
$p/n = 0.1$ is the excess on *the same* inputs with fresh noise. A fresh input may lie where there were few to learn
from, and that costs the other 0.0117.
"""

# %% [markdown]
# > **A common claim: "ten examples per parameter are enough."** It is easy to remember, and often it works. Enough for
# > what? There is no threshold in the formula. The excess falls like one over $n$, smoothly, and what it costs at ten is
# > for you to judge. The only place where something breaks is near $n = p$, where the excess becomes infinite. The first
# > table measures it for 10 weights.
# >
# > And for models with more weights than data, the rule says nothing. The second table fits 400 weights to 100 examples,
# > the shortest of all best fits. With inputs that are all equally large it is nearly useless. With inputs that fade
# > like $1/j$, as those of real data do, the same 400 weights do well. What counts is not the number of weights.

# %% experiment
draws = np.random.default_rng(0)


def excess(n, scales, repeats):
    """The mean over some data sets of the squared distance between the fitted and the true function."""
    found = []
    for _ in range(repeats):
        truth = draws.normal(size=len(scales))
        truth = truth / np.linalg.norm(scales * truth)
        X = draws.normal(size=(n, len(scales))) * scales
        fit = np.linalg.lstsq(X, X @ truth + 0.3 * draws.normal(size=n), rcond=None)[0]
        found.append(np.sum((scales * (fit - truth)) ** 2))
    return np.mean(found)


print("10 weights:", *(f"{n:5d} examples {excess(n, np.ones(10), 400) / 0.09:7.4f}" for n in (13, 20, 50, 100, 1000)))
for name, scales in (("equally large", np.ones(400)), ("fading like 1/j", 1 / np.arange(1.0, 401.0))):
    print(f"400 weights, 100 examples, inputs {name:>16}: {excess(100, scales, 6):.3f} of the variance of y is missed")


# %% right and wrong answers
as_an_expression = right_answer(0.1117)

plain_ratio = wrong_answer(
    it_is_the_excess,
    feedback="p/n ignores that the design is random: the mean of an inverse Wishart matrix is 1/(n - p - 1).",
)(0.1)

degrees_of_freedom = wrong_answer(it_is_the_excess, feedback="Close: the denominator is n - p - 1, not n - p.")(1 / 9)

no_excess = wrong_answer(
    it_is_the_excess,
    feedback="The rule of ten does not make the excess vanish: more than a tenth of the noise is paid on top.",
)(0.0)

the_test_error = wrong_answer(
    feedback="That is the test error itself. Asked is its excess over the noise, which costs 1."
)(1 + 20 / 179)

one_weight = wrong_answer(
    it_is_the_excess, feedback="That is the variance of a single weight. The trace adds up all twenty."
)(1 / 179)
