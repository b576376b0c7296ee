# %% [markdown]
# ## Free bits: a clamp in the right place
#
# A decoder that is strong enough can explain the data without looking at $z$. Early in training $z$ is noise anyway,
# and the KL term offers a reward for every nat that is given up: so one dimension after the other is set to the
# prior, says nothing, and never comes back. This is *posterior collapse*.
#
# The remedy of Kingma and others: give each latent dimension an allowance of $\lambda$ nats for which nothing is
# charged. Below it there is no reward for giving up more. For a batch of $N$ examples with the KL terms
# $\mathrm{kl}_{nd}$,
#
# $$ \mathrm{value} = \sum_{d=1}^{D} \max\!\left( \frac1N \sum_{n=1}^{N} \mathrm{kl}_{nd},\; \lambda \right) . $$
#
# Read it from the inside. The dimension's KL is *averaged over the examples* first. Some examples may need a
# dimension and others not, and that is how it should be. Then each dimension is clamped *by itself*. Only then are
# the dimensions added, as KL terms of independent dimensions are.
#
# | argument | shape | meaning |
# |---|---|---|
# | `kl` | `(N, D)`, float64 or integer | one KL term for each example and latent dimension, finite, $\ge 0$, in nats; $N$, $D \ge 1$ |
# | `floor` | number $\ge 0$ | $\lambda$, in nats |
# | first result | number | the value, in nats |
# | second result | `(N, D)` | its gradient with respect to `kl` |
#
# Where a mean *equals* the floor, the KL still counts in the gradient. So a floor of 0 is the plain KL term, with its
# plain gradient, in dimensions that have collapsed to exactly 0 too.
#
# **Write `free_bits(kl, floor)`.** *Elsewhere:* `torch.clamp(kl.mean(0), min=floor).sum()` is the same, its gradient
# at equality included. Much code clamps in another place, and so computes another thing under the same name.

# %% imports

import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, expect_parts, right_answer, wrong_answer


# %% answer
def free_bits(kl, floor):
    """Return sum_d max(mean_n kl[n, d], floor) and its gradient with respect to kl, shape (N, D)."""
    # BEGIN SOLUTION
    means = kl.mean(axis=0)
    counts = np.where(means >= floor, 1 / len(kl), 0.0)
    return np.maximum(means, floor).sum(), np.tile(counts, (len(kl), 1))
    # END SOLUTION


# %% public checks
PARTS = ("value", "gradient")
BUSY_AND_IDLE = np.array([[0.25, 0.0, 0.75], [3.75, 0.5, 1.25]])


@check(points=0.5)
def one_is_busy_one_is_idle(free_bits):
    """Means of 2, 1/4 and 1 nat with half a nat free: the value is 2 + 1/2 + 1."""
    value, _ = expect_parts(free_bits(BUSY_AND_IDLE.copy(), 0.5), PARTS, "free_bits with means 2, 1/4, 1, floor 1/2")
    expect_close(value, 3.5, "value of free_bits with means 2, 1/4, 1, floor 1/2")


@check(points=0.5)
def the_idle_one_is_left_alone(free_bits):
    """There, each of the two examples counts 1/2 in the dimensions above the floor, and nothing in the one below."""
    got = free_bits(BUSY_AND_IDLE.copy(), 0.5)
    _, gradient = expect_parts(got, PARTS, "free_bits with means 2, 1/4, 1, floor 1/2")
    expected = [[0.5, 0.0, 0.5], [0.5, 0.0, 0.5]]
    expect_close(gradient, expected, "gradient of free_bits with means 2, 1/4, 1, floor 1/2")


# %% hidden checks
def slow_value(kl, floor):
    """Dimension by dimension; real or complex."""
    means = [sum(column) / len(column) for column in zip(*kl.tolist(), strict=True)]
    return sum(mean if complex(mean).real >= floor else floor for mean in means)


def compare(free_bits, kl, floor, what):
    """Value and gradient beside the slow sum and its complex step."""
    expected = (float(slow_value(kl, floor)), complex_step(lambda one: slow_value(one, floor), kl))
    expect_close(free_bits(kl.copy(), floor), expected, what, parts=PARTS, atol=0)


@check(points=0.75, hidden=True)
def for_any_sizes(free_bits, rng):
    """For any numbers of examples and dimensions, one of each too, value and gradient match a slow sum's."""
    for (N, D), floor in [((6, 5), 0.4), ((4, 4), 0.7), ((1, 4), 0.5), ((5, 1), 0.2), ((3, 8), 1.0), ((1, 1), 0.1)]:
        kl = rng.exponential(1.0, (N, D)) * rng.choice([2.0, 1.0, 0.3, 0.05], D)
        compare(free_bits, kl, floor, f"free_bits of {N} examples, {D} dimensions, floor {floor}")
    compare(free_bits, rng.exponential(1e-9, (3, 2)), 1e-9, "free_bits of tiny terms")
    compare(free_bits, rng.exponential(1.0, (4, 3)) * np.array([5e3, 1.0, 3e4]), 250.0, "free_bits of large terms")


@check(points=0.75, hidden=True)
def the_clamp_sits_at_each_mean(free_bits, rng):
    """It is the mean of a dimension that is compared: not an example, not the total, not the mean of all."""
    for kl, floor, told in [
        ([[2.0, 0.1], [0.0, 3.0], [0.0, 0.2]], 1.0, "one example above, the mean below"),
        ([[0.4] * 10] * 2, 0.5, "the total above, every mean below"),
        ([[5.0, 0.1], [7.0, 0.3]], 0.5, "the mean over all above, one dimension below"),
        ([[0.9, 0.1], [0.2, 0.3]], 20.0, "everything below"),
    ]:
        compare(free_bits, np.array(kl), floor, f"free_bits with {told}")
    kl = rng.exponential(1.0, (5, 3)) + np.array([0.0, 2.0, 9.0])
    compare(free_bits, kl, float(np.sort(kl.mean(axis=0))[1] - 0.5), "free_bits with a floor between the means")


@check(points=0.5, hidden=True)
def at_the_floor_it_counts(free_bits, rng):
    """A mean equal to the floor counts; a floor of 0 is the plain KL term, with collapsed dimensions too."""
    compare(free_bits, np.array([[0.25, 1.0], [0.75, 2.0]]), 0.5, "free_bits with a mean equal to the floor")
    kl = rng.exponential(1.0, (4, 3)) * np.array([1.0, 0.0, 2.0])
    compare(free_bits, kl, 0.0, "free_bits with floor 0 and a collapsed dimension")
    compare(free_bits, np.zeros((2, 3)), 0, "free_bits with floor 0 and nothing but collapsed dimensions")


# %% hints
HINTS = [
    "Average, clamp, add: in this order. Over which axis is each?",
    "The gradient of a mean of N numbers is 1/N for each of them. What is the gradient of a constant?",
    "All examples of one dimension have the same gradient: it depends on the mean alone.",
]
WHY = """
Average, clamp, add: the clamp sits between the mean over the examples and the sum over the dimensions, so a dimension
is judged by its use on average. The gradient goes the same way back: $1/N$ for all examples of a dimension that
reaches the floor, 0 for all examples of one that does not, and never a look at a single example. `>=` and not `>`, so
that a floor of 0 is the plain KL term even for a dimension that has collapsed to 0.
"""
KERNELS = [kernels.free_bits]

# %% [markdown]
# > **A common claim: "free bits clamp each KL term from below."** Of ten public implementations that we read, three
# > averaged over the dimensions as well before they clamped, and others clamp each example. One could believe that
# > the place does not matter, since below the floor the gradient is 0 everywhere. Take a dimension that is used by a
# > tenth of the examples, with 5 nats each: its mean is 0.5 nats, above a floor of 0.25. Clamped example by example,
# > the nine tenths without use pay 0.25 each, for nothing. Clamped after adding up (or averaging) the dimensions, one
# > busy dimension pays for all the idle ones, and these have no protection at all.

# %% experiment
clamp = grader.yours("free_bits")
kl = np.zeros((10, 3))
kl[0, 0], kl[:, 1] = 5.0, 3.0  # used by one in ten; used by all; collapsed
value, gradient = clamp(kl, 0.25)
print("means over the examples", kl.mean(axis=0), " floor 0.25")
print(f"{'each mean':>16}: {value:.3f} nats, gradient of the three dimensions {gradient[3]}")
print(f"{'each example':>16}: {np.maximum(kl, 0.25).mean(axis=0).sum():.3f} nats, gradient {(kl[3] >= 0.25) / 10}")
print(f"{'the total':>16}: {max(kl.mean(axis=0).sum(), 0.25):.3f} nats, gradient {np.full(3, 0.1)}")


# %% right and wrong answers
@right_answer
def dimension_by_dimension(kl, floor):
    """The definition, one dimension after the other. A latent has few dimensions, so the loop costs next to nothing."""
    value, gradient = 0.0, np.zeros(np.shape(kl))
    for d in range(kl.shape[1]):
        mean = np.sum(kl[:, d]) / kl.shape[0]
        if mean < floor:
            value += floor
        else:
            value += mean
            gradient[:, d] = 1 / kl.shape[0]
    return value, gradient


@right_answer
def what_is_above_the_floor(kl, floor):
    """The floors of all dimensions, a constant, and what exceeds them. It shows that only the excess is trained on."""
    above = np.average(kl, axis=0) - floor
    counts = (above >= 0).astype(float)
    return floor * kl.shape[1] + np.clip(above, 0, None).sum(), np.ones_like(kl) * counts / kl.shape[0]


def variant(value, gradient):
    """Free bits with another value or another gradient."""

    def run(kl, floor):
        means = kl.mean(axis=0)
        return float(value(kl, means, floor)), np.array(gradient(kl, means, floor), dtype=float)

    return run


def right_value(kl, means, floor):
    """The sum over dimensions of the clamped means."""
    return np.maximum(means, floor).sum()


def right_gradient(kl, means, floor):
    """1 / N where the mean reaches the floor."""
    return np.tile((means >= floor) / len(kl), (len(kl), 1))


each_example = wrong_answer(
    feedback="You clamp every example by itself: an example below the floor then counts as the floor, although the dimension is in use.",
)(
    variant(
        lambda kl, means, floor: np.maximum(kl, floor).mean(axis=0).sum(), lambda kl, means, floor: (kl >= floor) / len(kl)
    )
)  # fmt: skip

the_total = wrong_answer(
    passes=(at_the_floor_it_counts,),
    feedback="You clamp the total: one busy dimension then pays for all the collapsed ones. The floor belongs to each dimension.",
)(
    variant(
        lambda kl, means, floor: max(means.sum(), floor),
        lambda kl, means, floor: np.full(kl.shape, (means.sum() >= floor) / len(kl)),
    )
)

the_mean_of_all = wrong_answer(
    feedback="You average over the dimensions too, and clamp that: the floor belongs to each dimension, and dimensions are added.",
)(
    variant(
        lambda kl, means, floor: max(kl.mean(), floor),
        lambda kl, means, floor: np.full(kl.shape, (kl.mean() >= floor) / kl.size),
    )
)

averaged_dimensions = wrong_answer(
    feedback="Dimensions of a latent add up. Only examples are averaged.",
)(
    variant(
        lambda kl, means, floor: np.maximum(means, floor).mean(),
        lambda kl, means, floor: right_gradient(kl, means, floor) / len(means),
    )
)

gradient_without_the_clamp = wrong_answer(
    passes=(one_is_busy_one_is_idle, at_the_floor_it_counts),
    feedback="The value is right, the gradient ignores the clamp: what changes when a dimension below the floor moves a little?",
)(variant(right_value, lambda kl, means, floor: np.full(kl.shape, 1 / len(kl))))

gradient_of_a_sum = wrong_answer(
    passes=(one_is_busy_one_is_idle,),
    feedback="Your gradient is that of a sum over the examples. Of a mean over N examples each counts for a part only.",
)(variant(right_value, lambda kl, means, floor: right_gradient(kl, means, floor) * len(kl)))

nothing_at_the_floor = wrong_answer(
    passes=(one_is_busy_one_is_idle, the_idle_one_is_left_alone, for_any_sizes, the_clamp_sits_at_each_mean),
    feedback="Where a mean equals the floor your gradient is 0. The statement says that there the KL still counts.",
)(variant(right_value, lambda kl, means, floor: np.tile((means > floor) / len(kl), (len(kl), 1))))

clamped_from_above = wrong_answer(
    feedback="You cut off what is above the floor. The floor is the least that a dimension costs, not the most.",
)(
    variant(
        lambda kl, means, floor: np.minimum(means, floor).sum(),
        lambda kl, means, floor: np.tile((means <= floor) / len(kl), (len(kl), 1)),
    )
)

only_what_is_above = wrong_answer(
    passes=(the_idle_one_is_left_alone,),
    feedback="You charge only what exceeds the floor. The gradient is the same, but the value lacks the floor of every dimension.",
)(variant(lambda kl, means, floor: np.maximum(means - floor, 0).sum(), right_gradient))

masked_by_the_examples = wrong_answer(
    passes=(one_is_busy_one_is_idle,),
    feedback="The value is right; your gradient looks at each example's own KL. The clamp looks at the mean of the dimension.",
)(variant(right_value, lambda kl, means, floor: (kl > floor) / len(kl)))

a_gradient_for_the_means = wrong_answer(
    passes=(one_is_busy_one_is_idle,),
    feedback="The gradient has the shape of kl, (N, D): a row for each example. Yours is that of the means.",
)(variant(right_value, lambda kl, means, floor: (means >= floor) / len(kl)))

summed_examples = wrong_answer(
    feedback="You add the examples up before you clamp. The mean over the examples is compared with the floor.",
)(
    variant(
        lambda kl, means, floor: np.maximum(kl.sum(axis=0), floor).sum(),
        lambda kl, means, floor: np.tile((kl.sum(axis=0) >= floor) * 1.0, (len(kl), 1)),
    )
)
