# %% [markdown]
# ## What surprise costs
#
# In Morse code the letter E is one dot, and Q takes four signs, because E is frequent and Q is rare. The best code
# there is gives a word of probability $p$ a length of $\log 1/p$: certain words cost nothing, rare ones are expensive.
# With the natural logarithm the unit of length is the *nat*; divide by $\log 2$ and it is the bit.
#
# Now send words that follow a distribution $t$, with a code that was made for a distribution $y$:
#
# - the **entropy** $H(t) = -\sum_k t_k \log t_k$ is the mean length under the best code, the one made for $t$;
# - the **cross-entropy** $\mathrm{CE}(t, y) = -\sum_k t_k \log y_k$ is the mean length under the code made for $y$;
# - the **Kullback-Leibler divergence** $\mathrm{KL}(t \,\|\, y)$ is the surplus that one pays for having been wrong:
#
# $$ \mathrm{CE}(t, y) = H(t) + \mathrm{KL}(t \,\|\, y). $$
#
# A classifier whose targets are certain has $H(t) = 0$, so there the two are the same number, and with soft targets
# they are not. That is why a perfect model can still show a loss above 0: the rest is $H(t)$, and no training removes
# it.
#
# | argument | shape | meaning |
# |---|---|---|
# | `t` | `(N, K)` | each row a distribution: what happens. Zeros are allowed, and so are integers 0 and 1 |
# | `y` | `(N, K)` | each row a distribution, all of it > 0, but possibly tiny: what was expected |
# | results | three numbers | $H$, CE and KL, each averaged over the rows, in nats |
#
# **Write `information_quantities(t, y)`, which returns `(H, CE, KL)`.** A class that never happens adds nothing
# ($0 \log 0 = 0$). A probability of $10^{-300}$ is no zero: it costs 691 nats.
#
# *Elsewhere:* `scipy.stats.entropy(t, y, axis=1)` is the KL of each row; PyTorch's `cross_entropy(logits, t)` has the
# prediction first, and its `kl_div(log y, t)` expects the logarithm of it.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer

PARTS = ("H", "CE", "KL")


# %% answer
def information_quantities(t, y):
    """Return entropy, cross-entropy and KL divergence (H, CE, KL) of rows (N, K), averaged over rows, in nats."""
    # BEGIN SOLUTION
    happens = t > 0
    own_length = -np.log(np.where(happens, t, 1.0))
    entropy = np.sum(t * own_length, axis=1).mean()
    crossed = -np.sum(t * np.log(y), axis=1).mean()
    return entropy, crossed, crossed - entropy
    # END SOLUTION


# %% public checks
@check(points=0.5)
def a_fair_coin_with_a_code_for_another(information_quantities):
    """A fair coin (1/2, 1/2) that was expected to fall (1/4, 3/4): H = log 2, CE = log 4 - log(3)/2, KL = 0.1438."""
    expected = (math.log(2), math.log(4) - math.log(3) / 2, math.log(2) - math.log(3) / 2)
    results = information_quantities(np.array([[0.5, 0.5]]), np.array([[0.25, 0.75]]))
    expect_close(results, expected, "information_quantities([[1/2, 1/2]], [[1/4, 3/4]])", parts=PARTS)


@check(points=0.5)
def a_certain_row_and_a_doubtful_one(information_quantities):
    """The rows (1, 0, 0) and (0, 1/2, 1/2), expected at (1/2, 1/4, 1/4): H = log(2)/2, CE = log(8)/2, KL = log 2."""
    t, y = np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]), np.array([[0.5, 0.25, 0.25], [0.5, 0.25, 0.25]])
    expected = (math.log(2) / 2, math.log(8) / 2, math.log(2))
    expect_close(information_quantities(t, y), expected, "information_quantities of these two rows", parts=PARTS)


# %% hidden checks
def number_by_number(t, y):
    """The three means, from the lengths of single words."""
    own, crossed, surplus = [], [], []
    for mine, theirs in ((float(a), float(b)) for row in zip(t, y, strict=True) for a, b in zip(*row, strict=True)):
        if mine > 0:
            own.append(-mine * math.log(mine))
            crossed.append(-mine * math.log(theirs))
            surplus.append(mine * (math.log(mine) - math.log(theirs)))
    return tuple(math.fsum(lengths) / len(t) for lengths in (own, crossed, surplus))


@check(points=0.5, hidden=True)
def sums_over_words_for_any_rows(information_quantities, rng):
    """For random rows of any number and length it equals the sums taken word by word."""
    for N, K in [(4, 3), (1, 5), (3, 3), (5, 1), (30, 20)]:
        t, y = rng.dirichlet(np.ones(K), N), rng.dirichlet(np.ones(K), N)
        what = f"information_quantities of {N} rows with {K} classes"
        expect_close(information_quantities(t, y), number_by_number(t, y), what, parts=PARTS)
    t, y = rng.dirichlet(np.full(2000, 50), (2, 1))
    expect_close(information_quantities(t, y), number_by_number(t, y), "those of 2000 classes", parts=PARTS)
    t = rng.dirichlet(np.ones(4), 3)
    expect_close(information_quantities(t, t.copy())[2], 0.0, "KL of equal rows")


@check(points=0.5, hidden=True)
def zeros_cost_nothing_and_rare_words_much(information_quantities, rng):
    """Classes that never happen add nothing, certain targets have KL = CE, and tiny probabilities count in full."""
    y = rng.dirichlet(np.ones(4), 3)
    certain, half = np.eye(4)[[0, 2, 3]], np.array([[0.5, 0.0, 0.5, 0.0], [0.0, 0.0, 0.0, 1.0], [0.2, 0.3, 0.5, 0.0]])
    rare = np.array([[1e-20, 0.5, 0.25, 0.25], [1e-300, 1e-9, 0.5, 0.5], [0.25, 0.25, 0.5, 1e-12]])
    for t, other in [(certain, y), (certain.astype(int), y), (half, y), (certain, rare), (half, rare)]:
        what = "information_quantities of rows with zeros" + (" and tiny probabilities" if other is rare else "")
        expect_close(information_quantities(t, other), number_by_number(t, other), what, parts=PARTS)
    sure = np.array([[1 - 1e-12, 1e-12]])
    got = information_quantities(sure, np.array([[0.5, 0.5]]))
    expected = number_by_number(sure, np.array([[0.5, 0.5]]))
    expect_close(got, expected, "information_quantities of a row that is almost certain", parts=PARTS)
    t, y = np.array([[1.0, 0.0]]), np.array([[1e-300, 1.0]])
    expected = (0.0, 300 * math.log(10), 300 * math.log(10))
    expect_close(information_quantities(t, y), expected, "information_quantities([[1, 0]], [[1e-300, 1]])", parts=PARTS)


# %% hints
HINTS = [
    "The sum runs over the classes of one row, the mean over the rows. Which axis is which?",
    "Once you have two of the three, the third needs no logarithm.",
    "Where t is 0, put something harmless in its place before you take the logarithm: the factor t makes it 0 anyway.",
]
WHY = r"""
Two logarithms are enough: $\mathrm{KL} = \mathrm{CE} - H$, word for word the surplus of one length over the other.
Where $t = 0$ a harmless 1 stands in for it *before* the logarithm, since $0 \cdot (-\infty)$ is nan, and the factor
$t$ makes the term 0 anyway. `log(y)` is left as it is: $y$ is positive, and an epsilon would make $10^{-300}$ cheap,
which costs 691 nats. Sum over the classes (axis 1) first, mean over the rows after.
"""
COVERS = ["S4.8a", "S4.9", "S4.10"]
KERNELS = [kernels.information_quantities]

# %% [markdown]
# **See it.** A sentence, letter by letter, sent with four codes. The one that knows the frequencies is the shortest,
# and the surplus of each other one is its KL. Nothing goes below the entropy, and a code that has the ranking upside
# down pays dearly: its frequent letters have the long words.

# %% experiment
quantities = grader.yours("information_quantities")
text = "what it costs to be wrong about a distribution in which direction and what an autoencoder keeps"
letters, counts = np.unique(list(text.replace(" ", "")), return_counts=True)
frequency = counts / counts.sum()
codes = {
    "its own frequencies": frequency,
    "half own, half uniform": (frequency + 1 / len(letters)) / 2,
    "all letters alike": np.full(len(letters), 1 / len(letters)),
    "the ranking reversed": np.sort(frequency)[::-1][np.argsort(np.argsort(frequency))],
}
print(f"{'code made for':>24} {'entropy':>8} {'length':>8} {'surplus':>8}   (nats a letter)    bits a letter")
for name, expected in codes.items():
    entropy, length, surplus = quantities(frequency[None], expected[None])
    print(f"{name:>24} {entropy:8.4f} {length:8.4f} {surplus:8.4f} {length / np.log(2):33.4f}")


# %% right and wrong answers
@right_answer
def with_loops(t, y):
    """Word by word, as the definition says. Slow, and right at a glance: classes that never happen are skipped, and
    nothing needs to be put in their place.
    """
    entropy = crossed = 0.0
    for row, other in zip(t, y, strict=True):
        for mine, theirs in zip(row, other, strict=True):
            if mine > 0:
                entropy -= mine * math.log(mine)
                crossed -= mine * math.log(theirs)
    return entropy / len(t), crossed / len(t), (crossed - entropy) / len(t)


@right_answer
def surplus_first(t, y):
    """The surplus is summed from the logarithms of the ratios, not found as a difference of two lengths. So it keeps
    more digits where t and y almost agree: there two lengths of some nats leave a surplus of some billionths.
    """
    ratio = np.log(t, out=np.zeros(t.shape), where=t > 0) - np.log(y)
    surplus = np.mean(np.einsum("nk,nk->n", t, ratio))
    crossed = -np.einsum("nk,nk->", t, np.log(y)) / len(t)
    return [crossed - surplus, crossed, surplus]


@wrong_answer(
    feedback="The surplus has the wrong sign or the wrong partner: CE = H + KL, so which difference is KL?",
)
def sum_for_difference(t, y):
    H, CE, _ = with_loops(t, y)
    return H, CE, CE + H


@wrong_answer(feedback="Your KL is negative: you subtract the longer code from the shorter one.")
def negative_surplus(t, y):
    H, CE, KL = with_loops(t, y)
    return H, CE, -KL


@wrong_answer(
    feedback="You average over the classes too: within a row the terms are summed, and only rows are averaged."
)
def mean_over_everything(t, y):
    return tuple(value / t.shape[1] for value in with_loops(t, y))


@wrong_answer(
    passes=(a_fair_coin_with_a_code_for_another,),
    feedback="You sum over the rows as well. Each quantity is averaged over the rows.",
)
def summed_over_rows(t, y):
    return tuple(value * len(t) for value in with_loops(t, y))


@wrong_answer(feedback="Look at who is weighted by whom: the weights are the targets t, the logarithm is of y.")
def weights_and_logarithm_exchanged(t, y):
    H = with_loops(t, y)[0]
    CE = -np.sum(y * np.log(np.where(t > 0, t, 1.0)), axis=1).mean()
    return H, CE, CE - H


@wrong_answer(feedback="This is in bits. A nat is the unit of the natural logarithm.")
def in_bits(t, y):
    return tuple(value / math.log(2) for value in with_loops(t, y))


def with_epsilon(epsilon):
    """An epsilon within every logarithm, against the zeros."""

    def answer(t, y):
        H = -np.sum(t * np.log(t + epsilon), axis=1).mean()
        CE = -np.sum(t * np.log(y + epsilon), axis=1).mean()
        return H, CE, CE - H

    return answer


AN_EPSILON = (
    "Something was added within the logarithms. It changes every result, and a probability of 1e-20 altogether."
)
epsilon_of_1e_7 = wrong_answer(feedback=AN_EPSILON)(with_epsilon(1e-7))
epsilon_of_1e_12 = wrong_answer(
    passes=(a_fair_coin_with_a_code_for_another, a_certain_row_and_a_doubtful_one), feedback=AN_EPSILON
)(with_epsilon(1e-12))


@wrong_answer(
    feedback="You charge for what did not happen too, (1 - t) log(1 - y). That is for yes-or-no targets; these rows sum to 1.",
)
def binary_terms_too(t, y):
    H = with_loops(t, y)[0]
    CE = -np.sum(t * np.log(y) + (1 - t) * np.log(1 - y), axis=1).mean()
    return H, CE, CE - H


@wrong_answer(feedback="Your entropy is that of y, the expectation. The best code is made for what happens, t.")
def entropy_of_the_other(t, y):
    H, CE = -np.sum(y * np.log(y), axis=1).mean(), with_loops(t, y)[1]
    return H, CE, CE - H


@wrong_answer(
    passes=(a_fair_coin_with_a_code_for_another, sums_over_words_for_any_rows),
    feedback="0 log 0 came out as nan. A class that never happens adds nothing.",
)
def zero_times_minus_infinity(t, y):
    H = -np.sum(t * np.log(t), axis=1).mean()
    CE = -np.sum(t * np.log(y), axis=1).mean()
    return H, CE, CE - H


@wrong_answer(feedback="The three numbers are right, in another order: the entropy first, then CE, then KL.")
def another_order(t, y):
    H, CE, KL = with_loops(t, y)
    return KL, CE, H


@wrong_answer(feedback="In bits, and summed over the rows: the natural logarithm, and a mean, are wanted.")
def bits_and_sum(t, y):
    return tuple(value * len(t) / math.log(2) for value in with_loops(t, y))
