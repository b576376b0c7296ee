# %% [markdown]
# ## The first leash: clipping
#
# The critic must be nowhere steeper than 1. The first paper on the Wasserstein GAN did the simplest thing that could
# help: after every step it *clips* all weights to $[-c, c]$, with $c = 0.01$. The authors themselves called it "a
# clearly terrible way". How steep can a network with such weights be?
#
# A layer $h \mapsto h W$ makes a vector at most as many times longer as its *spectral norm*, its largest singular
# value. An activation that is itself nowhere steeper than 1, such as ReLU or tanh, adds nothing. And steepness
# multiplies: a layer that triples, after a layer that doubles, may make six of one. So
#
# $$ \text{steepest slope} \;\le\; \prod_{\text{layers}} \sigma_{\max}(W_l) . $$
#
# What is the largest spectral norm of a matrix with $a$ inputs and $b$ outputs, and all of its entries between $-c$ and
# $c$? Try $2 \times 2$ with ones. Which vector does it stretch the most, and by how much?
#
# | argument | shape | meaning |
# |---|---|---|
# | `widths` | list of integers $\ge 1$ | the numbers of units, from the input to the output; at least two |
# | `c` | number > 0 | where the weights are clipped |
# | result | number | the smallest bound that follows from the largest possible spectral norm of each layer |
#
# **Write `lipschitz_bound_from_clipping(widths, c)`.** Lengths are Euclidean, biases do not matter (why?), and the
# result is to be right relative to its size, however small it is. (In torch the clipping is one line,
# `p.data.clamp_(-c, c)` for each parameter, and there is no function for the bound: hence the many trainings with a $c$
# that nobody can explain.)

# %% imports
import itertools
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def lipschitz_bound_from_clipping(widths, c):
    """Return the bound on the slope of a network of these widths, with all weights in [-c, c], in the 2-norm."""
    # BEGIN SOLUTION
    sides = np.sqrt(widths)  # the norm of an (m, n) matrix full of c is c sqrt(m n)
    return float(np.prod(c * sides[:-1] * sides[1:]))
    # END SOLUTION


# %% checks
def by_decomposition(widths, c):
    """The product of the spectral norms of the matrices in which every entry is c."""
    norms = [np.linalg.norm(np.full((a, b), float(c)), 2) for a, b in itertools.pairwise(widths)]
    return float(np.prod(norms))


def ask(lipschitz_bound_from_clipping, widths, c):
    """Compare relative to the size."""
    what = f"lipschitz_bound_from_clipping({widths}, {c:g})"
    expect_close(lipschitz_bound_from_clipping(list(widths), c), by_decomposition(widths, c), what, rtol=1e-9, atol=0)


# %% public checks
@check(points=0.5)
def one_layer(lipschitz_bound_from_clipping):
    """A layer of 2 inputs and 8 outputs with all weights 1 makes a vector four times as long: the root of 16."""
    ask(lipschitz_bound_from_clipping, [2, 8], 1.0)


@check(points=0.5)
def two_layers(lipschitz_bound_from_clipping):
    """With widths 2, 3, 1 and c = 0.1 it is 0.1 times the root of 6, times 0.1 times the root of 3."""
    ask(lipschitz_bound_from_clipping, [2, 3, 1], 0.1)


# %% hidden checks
@check(points=1, hidden=True)
def any_widths(lipschitz_bound_from_clipping, rng):
    """It is right for one to five layers, narrow and wide, and of random widths."""
    for widths in ([1, 1], [3, 4], [10, 100, 1], [1] * 6, [5, 2, 7, 3], [2, 128, 128, 1]):
        ask(lipschitz_bound_from_clipping, widths, 0.5)
    for _ in range(3):
        ask(lipschitz_bound_from_clipping, [int(n) for n in rng.integers(1, 20, size=4)], 0.3)


@check(points=1, hidden=True)
def any_clip(lipschitz_bound_from_clipping, rng):
    """It is right for any c, small or large, relative to its size."""
    for c in (rng.uniform(0.1, 2), 1e-4, 0.01, 1.0, 2.5, 3):
        ask(lipschitz_bound_from_clipping, [2, 64, 64, 64, 1], c)
        ask(lipschitz_bound_from_clipping, [6, 2], c)


# %% hints
HINTS = [
    "Take W with all entries c and the vector with all entries 1. How long is it, and how long is what comes out?",
    "Of a matrix with a inputs and b outputs no spectral norm is above its Frobenius norm, the root of the sum of a b squares.",
    "One such factor for each layer, and there is one layer less than there are widths.",
]
WHY = r"""
No spectral norm is above the Frobenius norm, which is at most $c\sqrt{ab}$; and the matrix full of $c$ reaches it, at
the vector of ones. So this is the smallest number that holds for all clipped weights of a layer. Layers multiply.
Every inner width stands in two layers, hence whole in the product, and the outer two under a root: $c^L \sqrt{n_0
n_L} \prod n_l$ for $L$ layers. Biases move what comes out, but not differences of it.
"""
COVERS = ["S0.n"]
KERNELS = [kernels.lipschitz_bound_from_clipping]

# %% [markdown]
# > **A common claim: "clipping the weights to $[-0.01, 0.01]$ makes the critic 0.01-Lipschitz", or "to $[-1, 1]$ makes
# > it 1-Lipschitz".** It is tempting, since for a single weight it is true. But the slope of a network is no weight: it
# > depends on $c$, on the widths and on the depth, all at once. The experiment prints the bound beside the largest
# > slope that it finds among a thousand points, for weights at random, and for weights that are all at $+c$. With $c =
# > 0.01$ and two hidden layers no weights reach a slope of 0.006. With $c = 0.1$ and six of them they may reach thousands, and
# > weights at random do not even reach 0.001. The critic then estimates $K \cdot W_1$, with a $K$ that nobody knows;
# > its gradients vanish or explode with the depth, as in lesson 02; and the bound, which holds for *all* weights, says
# > little about those at hand.

# %% experiment
import itertools

import numpy as np

from helpers.kernels import critic_forward, critic_slope

bound = grader.yours("lipschitz_bound_from_clipping")
draws = np.random.default_rng(0)
points = draws.normal(size=(1000, 2))
print(f"{'hidden layers of 64':>20} {'c':>6} {'bound':>10} {'all at +c':>10} {'at random':>10}")
for depth, c in itertools.product((1, 2, 4, 6), (0.01, 0.1)):
    widths = [2] + [64] * depth + [1]
    slopes = []
    for weight in (lambda shape: np.full(shape, c), lambda shape: draws.uniform(-c, c, shape)):
        layers = [part for pair in itertools.pairwise(widths) for part in (weight(pair), np.zeros(pair[1]))]
        slopes.append(np.linalg.norm(critic_slope(critic_forward(points, layers)[1]), axis=1).max())
    print(f"{depth:20d} {c:6.2f} {bound(widths, c):10.2g} {slopes[0]:10.2g} {slopes[1]:10.2g}")


# %% right and wrong answers
@right_answer
def by_singular_values(widths, c):
    """Asks the decomposition for the norm of the worst matrix of each layer. Nothing has to be derived; a whole matrix
    is decomposed for one number that is known.
    """
    total = 1.0
    for a, b in itertools.pairwise(widths):
        total *= np.linalg.svd(np.full((a, b), c, dtype=float), compute_uv=False)[0]
    return total


@right_answer
def by_logarithms(widths, c):
    """In logarithms the depth is a mere factor: with each layer of n units the exponent changes by log(c n). So the
    bound vanishes or explodes with the depth unless c is 1/n.
    """
    widths = np.asarray(widths, dtype=float)
    logs = np.log(widths)
    return np.exp((len(widths) - 1) * np.log(c) + logs.sum() - (logs[0] + logs[-1]) / 2)


@wrong_answer(
    feedback="Clipping bounds each weight by c. The slope of a network is more than a weight.",
)
def the_clip_itself(widths, c):
    return float(c)


@wrong_answer(
    feedback="Your factor for a layer is c. A matrix with all entries c makes a vector longer than c times.",
)
def one_factor_of_c_a_layer(widths, c):
    return float(c) ** (len(widths) - 1)


@wrong_answer(
    passes=(one_layer,),
    feedback="You add the layers up. Steepness multiplies: a layer that triples after one that doubles makes six.",
)
def sum_of_layers(widths, c):
    return float(sum(c * math.sqrt(a * b) for a, b in itertools.pairwise(widths)))


@wrong_answer(
    feedback="You multiply c with the number of inputs of each layer, which bounds another norm. Lengths are Euclidean here.",
)
def row_sums(widths, c):
    return float(np.prod([c * a for a in widths[:-1]]))


@wrong_answer(
    feedback="You multiply c with the number of outputs of each layer, which bounds another norm. Lengths are Euclidean here.",
)
def column_sums(widths, c):
    return float(np.prod([c * b for b in widths[1:]]))


@wrong_answer(
    feedback="The root is missing: the Frobenius norm is the root of the sum of all squares.",
)
def without_the_root(widths, c):
    return float(np.prod([c * a * b for a, b in itertools.pairwise(widths)]))


@wrong_answer(
    passes=(one_layer,),
    feedback="You look at one layer, the steepest. All of them act one after the other.",
)
def the_steepest_layer(widths, c):
    return float(max(c * math.sqrt(a * b) for a, b in itertools.pairwise(widths)))


@wrong_answer(
    passes=(one_layer,),
    feedback="c counts once in your product. Every layer has weights of its own, and so its own factor c.",
)
def one_c_for_all(widths, c):
    return float(c * math.prod(math.sqrt(a * b) for a, b in itertools.pairwise(widths)))
