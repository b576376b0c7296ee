# %% [markdown]
# ## The best discriminator is a ratio
#
# A stranger hands you a banknote and asks: printed by the state, or by the forger? You know how often each of them
# prints a note that looks like this one. What is the most honest answer?
#
# Call the two frequencies $p(x)$, for the data, and $q(x)$, for the generator. The discriminator answers with a number
# $D(x)$ between 0 and 1, the probability that $x$ is **real**, and it is paid by
#
# $$ V(D) = \mathbb{E}_{x \sim p} \log D(x) + \mathbb{E}_{x \sim q} \log\bigl(1 - D(x)\bigr)
#         = \sum_x \Bigl[\, p(x) \log D(x) + q(x) \log\bigl(1 - D(x)\bigr) \Bigr]. $$
#
# Nothing ties the answer at one $x$ to the answer at another (that is what "unlimited capacity" means). So every term
# of the sum may be made as large as it can be, on its own: two numbers $p, q$ are given, and one number $D$ is sought.
#
# | argument | shape | meaning |
# |---|---|---|
# | `p`, `q` | `(...)`, the same shape, at least one axis and one element | probabilities, densities (which may exceed 1) or counts (which may be integers), as they stand: nothing is normalized; never negative |
# | result | the same shape | $D^*(x)$, the best answer at every point |
#
# **Write `optimal_discriminator(p, q)`.** Exactly 1 where only the data occur and exactly 0 where only the generator
# does. Where neither occurs, every answer is as good as any other: return 0.5 there. Also where both are as tiny as
# $10^{-250}$ only their ratio counts. No division by zero, and no warning of one.
#
# In other books: with the *logit* $a = \log(p/q)$ this number is $\sigma(a)$, and statisticians call the whole method
# "density-ratio estimation by classification".

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def optimal_discriminator(p, q):
    """Return the D, same shape as p and q, that maximizes p log D + q log(1 - D); 0.5 where both are 0."""
    # BEGIN SOLUTION
    total = p + q
    return np.where(total > 0, p / np.where(total > 0, total, 1.0), 0.5)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def worked_by_hand(optimal_discriminator):
    """Where p is three times q the answer is 3/4; where q is twice p it is 1/3."""
    got = optimal_discriminator(np.array([0.6, 0.4]), np.array([0.2, 0.8]))
    expect_close(got, [0.75, 1 / 3], "optimal_discriminator([0.6, 0.4], [0.2, 0.8])")


@check(points=0.5)
def one_of_them_or_none(optimal_discriminator):
    """Only the data: 1. Only the generator: 0. Neither: 0.5, without a division by zero on the way."""
    p, q = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    with np.errstate(divide="raise", invalid="raise"):
        got = optimal_discriminator(p, q)
    expect_close(got, [1.0, 0.0, 0.5], "optimal_discriminator([1, 0, 0], [0, 1, 0])", rtol=1e-9, atol=0)


# %% hidden checks
def by_the_logit(p, q):
    """sigma(log p - log q), for positive p and q."""
    return 0.5 * (1 + np.tanh(0.5 * (np.log(p) - np.log(q))))


@check(points=0.5, hidden=True)
def any_two_of_any_shape(optimal_discriminator, rng):
    """It is right for histograms, densities above 1 and counts, of any shape."""
    for shape in [(4,), (1,), (3, 2), (2, 1, 5), (3, 3), (2, 1, 3, 2)]:
        p, q = rng.uniform(0.05, 4, shape), rng.uniform(0.05, 4, shape)
        expect_close(optimal_discriminator(p, q), by_the_logit(p, q), f"optimal_discriminator of shape {shape}")
    p, q = 1e5 * rng.uniform(0.05, 4, 5), 1e5 * rng.uniform(0.05, 4, 5)
    expect_close(optimal_discriminator(p, q), by_the_logit(p, q), "optimal_discriminator of very large densities")
    p, q = rng.integers(1, 9, (2, 6)), rng.integers(1, 9, (2, 6))
    expect_close(optimal_discriminator(p, q), by_the_logit(p, q), "optimal_discriminator of counts")


@check(points=0.5, hidden=True)
def empty_and_tiny_bins(optimal_discriminator, rng):
    """It is right where bins are empty or as tiny as 1e-250, and does not divide by zero."""
    ratio, size = rng.uniform(0.1, 9, 4), np.array([1e-9, 1e-30, 1e-120, 1e-250])
    p, q = np.array([[0.0, 0.3], [0.0, 7.0]]), np.array([[0.0, 0.0], [1e-200, 0.0]])
    with np.errstate(divide="raise", invalid="raise"):
        tiny = optimal_discriminator(ratio * size, size)
        empty = optimal_discriminator(p, q)
        whole = optimal_discriminator(np.array([3, 0, 0, 1]), np.array([1, 0, 2, 0]))
    expect_close(tiny, ratio / (ratio + 1), "optimal_discriminator of tiny bins", rtol=1e-9, atol=0)
    expect_close(empty, [[0.5, 1.0], [0.0, 1.0]], "optimal_discriminator of empty bins", rtol=1e-9, atol=0)
    expect_close(whole, [0.75, 0.5, 0.0, 1.0], "optimal_discriminator of the counts [3, 0, 0, 1], [1, 0, 2, 0]", atol=0)


# %% hints
HINTS = [
    "Fix p and q, two numbers, and call the unknown d. For which d is p log d + q log(1 - d) largest?",
    "The derivative of p log d + q log(1 - d) is p/d - q/(1 - d). Set it to zero and solve for d.",
    "Where both are zero, give the division another divisor first, and choose afterwards.",
]
WHY = """
At every point the best answer is the share of $p$ in $p + q$. A common factor cancels, so probabilities, densities
and counts all do. The inner `np.where` hands the division a harmless divisor where both are 0, the outer one puts 0.5
there. One of them would not be enough: `np.where` works out both of its branches before it chooses. An epsilon in the
denominator would do neither; it makes 0 of the 0.5, and drowns a $p$ and a $q$ that are both tiny.
"""
COVERS = ["S2.12", "S0.l"]
KERNELS = [kernels.optimal_discriminator]

# %% [markdown]
# ### Line by line
#
# At one point, with $p, q > 0$ and $0 < d < 1$:
#
# $$ \begin{aligned}
# \frac{\partial}{\partial d} \bigl[p \log d + q \log(1 - d)\bigr] &= \frac{p}{d} - \frac{q}{1 - d} = 0 \\
# p\,(1 - d) &= q\,d \\
# p &= (p + q)\,d .
# \end{aligned} $$
#
# The second derivative, $-p/d^2 - q/(1-d)^2$, is negative everywhere, so this is the one maximum. If only one of the two
# is positive, the expression grows up to the edge, and the edge is the answer. If both are zero, it is 0 for every $d$.
#
# > **A common claim: "the discriminator learns the density of the data."** One could believe it: it is trained on the
# > data, it says large numbers where data are. But it learns a *ratio*. Where the forger is good, the best answer is 1/2,
# > whether the note is common or rare; far from both, where the density of the data is nearly 0, the answer may be
# > anything at all. Run the cell: against three generators the best discriminator of the *same* data looks quite
# > different, and against the perfect one it says nothing.

# %% experiment
D = grader.yours("optimal_discriminator")
bins = np.arange(-3, 4)
p = np.exp(-(bins**2) / 2)
p /= p.sum()
generators = {
    "perfect": p,
    "shifted by 2": np.exp(-((bins - 2) ** 2) / 2),
    "too wide": np.ones(7),
}
print(f"{'x':>22}", *(f"{x:7d}" for x in bins))
print(f"{'density of the data':>22}", *(f"{each:7.3f}" for each in p))
for name, q in generators.items():
    print(f"{'D* against ' + name:>22}", *(f"{each:7.3f}" for each in D(p, q / q.sum())))


# %% right and wrong answers
@right_answer
def divide_where_it_can(p, q):
    """NumPy's own way to divide in some places only: `out` holds the 0.5 that stays where `where` is false. One
    division and no second divisor.
    """
    total = np.add(p, q, dtype=float)
    return np.divide(p, total, out=np.full_like(total, 0.5), where=total > 0)


@right_answer
def from_the_inverse_ratio(p, q):
    """The sigmoid of the logit in other letters, 1 / (1 + q/p): good to see that only the ratio counts. It divides by
    0 on purpose, so its warnings have to be silenced.
    """
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(1 / (1 + q / p), nan=0.5)


@right_answer
def one_by_one(p, q):
    """One bin after the other, with the case that matters in plain sight. For large arrays the loop is slow."""
    flat = [a / (a + b) if a + b > 0 else 0.5 for a, b in zip(p.ravel().tolist(), q.ravel().tolist(), strict=True)]
    return np.array(flat).reshape(p.shape)


@wrong_answer(feedback="That is the density of the data. The discriminator has to weigh it against the generator's.")
def the_density(p, q):
    return np.asarray(p, dtype=float)


@wrong_answer(feedback="Reversed: D is the probability of being real, so it is 1 where only the data occur.")
def reversed_roles(p, q):
    return divide_where_it_can(q, p)


@wrong_answer(
    passes=(worked_by_hand, any_two_of_any_shape),
    feedback="0/0 where neither has mass. Every answer is as good there, and 0.5 is asked.",
)
def zero_by_zero(p, q):
    with np.errstate(all="ignore"):
        return np.asarray(p, dtype=float) / (np.asarray(p) + q)


def with_epsilon(epsilon):
    """p / (p + q + epsilon), as it is often written."""
    return lambda p, q: p / (np.asarray(p, dtype=float) + q + epsilon)


BELOW = "An epsilon in the denominator alone gives 0, not 0.5, where both are 0, and is wrong where both are tiny."
epsilon_of_1e_12 = wrong_answer(passes=(worked_by_hand, any_two_of_any_shape), feedback=BELOW)(with_epsilon(1e-12))
epsilon_of_1e_10 = wrong_answer(passes=(worked_by_hand, any_two_of_any_shape), feedback=BELOW)(with_epsilon(1e-10))
epsilon_of_1e_8 = wrong_answer(feedback=BELOW)(with_epsilon(1e-8))


@wrong_answer(
    passes=(worked_by_hand, any_two_of_any_shape),
    feedback="Where neither occurs yours says 'surely fake'. 0.5 is asked there.",
)
def zero_for_none(p, q):
    total = np.add(p, q, dtype=float)
    return np.divide(p, total, out=np.zeros_like(total), where=total > 0)


@wrong_answer(
    passes=(worked_by_hand, one_of_them_or_none, any_two_of_any_shape),
    feedback="An epsilon above and below draws every tiny bin towards 0.5. Only the ratio counts.",
)
def epsilon_above_and_below(p, q):
    middle = (np.asarray(p, dtype=float) + 1e-12) / (np.asarray(p) + q + 2e-12)
    return np.where(
        np.asarray(q) == 0, np.where(np.asarray(p) == 0, 0.5, 1.0), np.where(np.asarray(p) == 0, 0.0, middle)
    )


@wrong_answer(feedback="p/q is the ratio of the two, from 0 to infinity. What share of p + q is that?")
def the_likelihood_ratio(p, q):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    return np.where(q > 0, p / np.where(q > 0, q, 1.0), np.where(p > 0, np.inf, 0.0))


@wrong_answer(
    passes=(one_of_them_or_none,),
    feedback="You decide for one of the two. The payment is for a probability, and being sure and wrong costs infinitely much.",
)
def a_decision(p, q):
    return 0.5 * (1 + np.sign(np.asarray(p, dtype=float) - q))


@wrong_answer(
    passes=(worked_by_hand, any_two_of_any_shape),
    feedback="You clip D away from 0 and 1. Where only one of the two occurs the best answer is exactly 1 or 0.",
)
def clipped(p, q):
    return np.clip(divide_where_it_can(p, q), 1e-12, 1 - 1e-12)
