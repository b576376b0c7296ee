# %% [markdown]
# ## A speed limit for gradients
#
# A product of many factors vanishes or explodes. A vanished gradient teaches nothing. An exploded one is worse: a
# single step along it can throw the weights so far that all that was learned is lost. Imagine a valley with a cliff in
# it. On the cliff the gradient is enormous, and it points the right way; only its length is absurd.
#
# So keep the direction and limit the length. The direction of *what*? Of the whole gradient, all arrays of weights
# taken together as one long vector:
#
# $$ n = \Bigl( \sum_i \lVert g_i \rVert^2 \Bigr)^{1/2}, \qquad
#    g_i \leftarrow g_i \cdot \min\Bigl(1, \frac{m}{n}\Bigr) \quad \text{for every } i . $$
#
# | argument | shape | meaning |
# |---|---|---|
# | `grads` | list of arrays of any shapes | the gradients, one for each array of weights |
# | `max_norm` | number > 0 | the limit $m$ |
# | results | list of arrays, number | the clipped gradients, and the total norm $n$ *before* clipping |
#
# **Write `clip_by_global_norm(grads, max_norm)`, which returns the two results in this order.** A gradient below the
# limit stays as it is, for clipping never makes anything longer. A norm of 0 is fine. (Norms lie between $10^{-150}$ and
# $10^{150}$, so that their squares do not leave the range of floats.)

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import (
    check,
    expect,
    expect_array,
    expect_close,
    expect_parts,
    is_pure,
    right_answer,
    wrong_answer,
)


# %% answer
def clip_by_global_norm(grads, max_norm):
    """Return the gradients (list of arrays) scaled so that their total norm is at most max_norm, and the norm before."""
    # BEGIN SOLUTION
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
    factor = max_norm / norm if norm > max_norm else 1.0
    return [factor * g for g in grads], norm
    # END SOLUTION


# %% checks
PARTS = ("the clipped gradients", "the norm before")


def expect_clipped(results, arrays, norm, what):
    """Compare the two results, array by array."""
    clipped, before = expect_parts(results, PARTS, what)
    listed = isinstance(clipped, (list, tuple)) and len(clipped) == len(arrays)
    expect(
        listed,
        f"The first result of {what} is no list of {len(arrays)} arrays.",
        f"A list of {len(arrays)} arrays, in the order of the given ones.",
        summary="The first result must be a list of arrays, as many as were given.",
    )
    for i, (got, expected) in enumerate(zip(clipped, arrays, strict=True)):
        expect_close(got, expected, f"array {i} of {what}", atol=0)
    expect_close(before, norm, f"the norm before clipping of {what}", atol=0)


def length(arrays):
    """The total norm, number by number."""
    return math.hypot(*(float(each) for array in arrays for each in array.ravel()))


# %% public checks
@check(points=0.5)
def three_four_five(clip_by_global_norm):
    """The gradient (3, 4) has the norm 5; limited to 1 it is (0.6, 0.8)."""
    results = clip_by_global_norm([np.array([3.0, 4.0])], 1.0)
    expect_clipped(results, [np.array([0.6, 0.8])], 5.0, "clip_by_global_norm([(3, 4)], 1)")


@check(points=0.5)
def one_factor_for_all(clip_by_global_norm):
    """The arrays [2, 1] and [[2]] have the norm 3 together; limited to 1.5 both are halved."""
    results = clip_by_global_norm([np.array([2.0, 1.0]), np.array([[2.0]])], 1.5)
    expect_clipped(results, [np.array([1.0, 0.5]), np.array([[1.0]])], 3.0, "clip_by_global_norm([[2, 1], [[2]]], 1.5)")


# %% hidden checks
@check(points=1, hidden=True)
def shorter_gradients_are_left_alone(clip_by_global_norm, rng):
    """Below the limit, exactly at it, and at a norm of 0, nothing changes and nothing becomes nan."""
    small = [0.01 * rng.normal(size=(2, 3)), 0.05 * rng.normal(size=4)]
    exact, zero = [np.array([3.0, 4.0])], [np.zeros(3), np.zeros((2, 2))]
    tiny, long, one = [1e-120 * rng.normal(size=(1, 3))], [1e100 * rng.normal(size=4)], [np.full((2, 1), -3.0)]
    for arrays, limit in [(small, 1.0), (exact, 5.0), (zero, 1.0), ([np.array([0.3, 0.4])], 0.6), (tiny, 1e-100),
                          (long, 1e103), (one, 5.0)]:  # fmt: skip
        results = clip_by_global_norm([array.copy() for array in arrays], limit)
        expect_clipped(results, arrays, length(arrays), f"clip_by_global_norm with limit {limit:g}, norm below it")


@check(points=1, hidden=True)
def the_direction_survives(clip_by_global_norm, rng):
    """Longer gradients get exactly the limit as their norm and keep their direction, whatever the sizes and shapes."""
    mixed = [
        rng.normal(size=(2, 3)),
        5 * rng.normal(size=4),
        0.1 * rng.normal(size=(1, 2, 2)),
        rng.normal(size=(2, 1, 2, 3)),
    ]
    huge = [np.array([1e3, 0.0]), np.array([0.0, 0.1])]
    tiny, long = [1e-120 * each for each in mixed], [1e140 * each for each in mixed]
    for arrays, limit in [(mixed, 1.0), (mixed, 0.3), (huge, 1.0), ([np.array([0.3, 0.4])], 0.1), ([np.array(7.0)], 2),
                          (tiny, 1e-121), (long, 1e3), ([np.full((3, 3), -8.0), np.full(1, 8.0)], 2.0)]:  # fmt: skip
        what, total = f"clip_by_global_norm with limit {limit:g}, norm above it", length(arrays)
        kept = [array.copy() for array in arrays]
        results = clip_by_global_norm(arrays, limit)
        expect_clipped(results, [limit * array / total for array in kept], total, what)
        clipped = [expect_array(each, array.shape, what) for each, array in zip(results[0], kept, strict=True)]
        expect_close(length(clipped), limit, f"the norm after {what}", atol=0)


# %% hints
HINTS = [
    "The total norm first: one number for all arrays together.",
    "Then one factor for all arrays. What must it be where the norm is below the limit, or 0?",
    "Decide by comparing the norm with the limit before you divide by it.",
]
WHY = """
One norm for all arrays together and one factor for all of them, so the long vector keeps its direction. The
comparison comes before the division: below the limit the factor is exactly 1, and a norm of 0 is never divided by. No
small number is added to the norm, so that a gradient that is cut has the norm $m$ to the last digits. Squares are
added, and the root is taken once, at the end.
"""
COVERS = ["S3.19"]
KERNELS = [kernels.clip_by_global_norm]

# %% [markdown]
# **See it.** The smallest recurrent network there is: $s \leftarrow w\,\sigma(s) + b$, fifty times, two numbers to learn,
# and at the end $\sigma(s)$ is to be 0.7. For some pairs $(w, b)$ the state has two places to settle in, and where one
# of them vanishes the landscape has a cliff. Five starts, 400 steps of gradient descent. Every path meets the cliff, with
# gradients a hundred to ten thousand times their usual size (the median of their norms is below 0.1). Without a limit, each is thrown onto the plateau behind, where
# the loss is 0.08 or 0.09 and the ground so flat that it hardly moves again. With a limit of 0.5 each gets down.
#
# A limit does not cure *vanished* gradients. There is nothing to scale up but noise.

# %% experiment
clip = grader.yours("clip_by_global_norm")


def end_of_chain(w, b):
    """The squared error at the end of the chain, and its derivatives for w and b, carried forward."""
    s, in_w, in_b = 0.5, 0.0, 0.0
    for _ in range(50):
        h = 1 / (1 + np.exp(-s))
        s, in_w, in_b = w * h + b, h + w * h * (1 - h) * in_w, 1 + w * h * (1 - h) * in_b
    h = 1 / (1 + np.exp(-s))
    return (h - 0.7) ** 2, 2 * (h - 0.7) * h * (1 - h) * np.array([in_w, in_b])


print(f"{'start (w, b)':>14} {'largest norm':>13} {'loss, no limit':>15} {'largest norm':>13} {'loss, limit 0.5':>16}")
for start in ((6.5, -2.75), (6.0, -2.6), (6.0, -2.5), (5.5, -2.4), (5.0, -2.2)):
    shown = []
    for limit in (np.inf, 0.5):
        point, norms = np.array(start), []
        for _ in range(400):
            error, slope = end_of_chain(*point)
            (slope,), norm = clip([slope], limit)
            point = point - 0.5 * slope
            norms.append(norm)
        shown += [max(norms), end_of_chain(*point)[0]]
    print(f"{start!s:>14} {shown[0]:13.1f} {shown[1]:15.4f} {shown[2]:13.1f} {shown[3]:16.4f}")


# %% right and wrong answers
@right_answer
def as_one_long_vector(grads, max_norm):
    """The long vector, literally: closest to the definition, and short. It copies all gradients once, which the sum of
    squares does not.
    """
    everything = np.concatenate([np.ravel(g) for g in grads])
    norm = float(np.linalg.norm(everything))
    return [g * min(1.0, max_norm / max(norm, 1e-300)) for g in grads], norm


@wrong_answer(
    one_factor_for_all,
    the_direction_survives,
    feedback="You clip each array by its own norm, which changes the direction. One common factor for all of them.",
)
def each_by_its_own(grads, max_norm):
    lengths = [float(np.linalg.norm(np.ravel(g))) for g in grads]
    clipped = [g * min(1.0, max_norm / n) if n > 0 else g for g, n in zip(grads, lengths, strict=True)]
    return clipped, math.hypot(*lengths)


@wrong_answer(
    passes=(shorter_gradients_are_left_alone,),
    feedback="That clips the values, one by one. Clipping the norm keeps the direction.",
)
def values_clipped(grads, max_norm):
    return [np.clip(g, -max_norm, max_norm) for g in grads], as_one_long_vector(grads, max_norm)[1]


@wrong_answer(
    feedback="You divide by the norm plus 1e-6, a guard that libraries have: the result is then a little shorter than the "
    "limit. Where the norm is above the limit it is not 0, and needs no guard.",
)
def guarded_division(grads, max_norm):
    norm = as_one_long_vector(grads, max_norm)[1]
    factor = max_norm / (norm + 1e-6)
    return [g * factor if factor < 1 else g for g in grads], norm


@wrong_answer(
    shorter_gradients_are_left_alone,
    feedback="A gradient below the limit must be left alone, and a norm of 0 must not be divided by.",
)
def always_scaled(grads, max_norm):
    norm = as_one_long_vector(grads, max_norm)[1]
    return [g * np.divide(max_norm, norm) for g in grads], norm


@wrong_answer(
    passes=(shorter_gradients_are_left_alone,),
    feedback="The clipped gradients are right. The norm to return is the one before clipping.",
)
def norm_after(grads, max_norm):
    clipped, norm = as_one_long_vector(grads, max_norm)
    return clipped, min(norm, max_norm)


@wrong_answer(passes=(three_four_five,), feedback="Norms of parts do not add: their squares do.")
def sum_of_norms(grads, max_norm):
    norm = sum(float(np.linalg.norm(np.ravel(g))) for g in grads)
    return [g * (max_norm / norm if norm > max_norm else 1.0) for g in grads], norm


@wrong_answer(feedback="You compare the squared norm with the limit: take the square root first.")
def no_square_root(grads, max_norm):
    norm = as_one_long_vector(grads, max_norm)[1] ** 2
    return [g * (max_norm / norm if norm > max_norm else 1.0) for g in grads], norm


@wrong_answer(is_pure, feedback="The values are right, but you scaled the caller's own arrays. Return new ones.")
def in_place(grads, max_norm):
    clipped, norm = as_one_long_vector(grads, max_norm)
    for g, each in zip(grads, clipped, strict=True):
        g[...] = each
    return clipped, norm
