# %% [markdown]
# ## "Same" padding
#
# A stack of twenty 3 x 3 layers without padding eats 40 rows and 40 columns: from an image of 32 x 32 nothing is left. So
# one pads, and wants the output to be as large as the input. With a stride that cannot be. What "same" then means, in
# TensorFlow and those who follow it, is this: **one output for each stride that begins inside the image**,
#
# $$ o = \lceil n / s \rceil . $$
#
# Turn the size formula around. The last of these $o$ windows starts at pixel $(o - 1)s$ of the padded line and ends $k$
# pixels later, so the padded line needs at least $(o - 1)s + k$ pixels. What is missing beyond the $n$ that are there is
# the total padding, and if nothing is missing it is 0:
#
# $$ t = \max\bigl( (o - 1)\,s + k - n,\; 0 \bigr) . $$
#
# It depends on the stride, and it can be odd. Half a pixel cannot go to either side, so a convention is needed: here, as
# there, **the odd pixel goes after**, that is, to the right or below.
#
# | argument | type | meaning |
# |---|---|---|
# | `n`, `k`, `s` | ints $\ge 1$ | pixels, taps and stride along one axis |
# | result | pair of ints $\ge 0$ | pixels to add before and after |
#
# **Write `same_padding(n, k, s)`, which returns `(before, after)`**: as few added pixels as give $\lceil n/s \rceil$
# outputs, spread as evenly as possible, the odd one after.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_close, expect_parts, right_answer, wrong_answer

PARTS = ("before", "after")


# %% answer
def same_padding(n, k, s):
    """Return (before, after), the padding of an axis of n pixels that gives ceil(n / s) outputs for k taps, stride s."""
    # BEGIN SOLUTION
    outputs = -(-n // s)
    missing = (outputs - 1) * s + k - n
    added = max(missing, 0)
    return added // 2, added - added // 2
    # END SOLUTION


# %% checks
def expect_pixels(got, expected, what):
    """Compare two paddings, which must be whole numbers by their type as well."""
    got = expect_parts(got, PARTS, what)
    expect_close(got, expected, what, parts=PARTS)
    expect(
        all(isinstance(one, (int, np.integer)) for one in got),
        f"{what} is {got[0]!r} and {got[1]!r}.",
        "Two integers.",
        "Use // where a whole number is wanted.",
        summary="The paddings are not integers.",
    )


# %% public checks
@check(points=0.5)
def a_three_tap_kernel(same_padding):
    """Eight pixels under three taps with stride 1 get one more at either end, and these are whole numbers."""
    expect_pixels(same_padding(8, 3, 1), (1, 1), "same_padding(8, 3, 1)")


@check(points=0.5)
def a_four_tap_kernel(same_padding):
    """Eight pixels under four taps with stride 1 need three more: one before, two after."""
    expect_close(same_padding(8, 4, 1), (1, 2), "same_padding(8, 4, 1)", parts=PARTS)


# %% hidden checks
def least_padding(n, k, s):
    """Add pixel after pixel, at the end first, until there are enough places for a window to start."""
    wanted = len(range(0, n, s))
    before = after = 0
    while len(range(0, before + n + after - k + 1, s)) < wanted:
        before, after = (before, after + 1) if before == after else (before + 1, after)
    return before, after


@check(points=1, hidden=True)
def as_few_pixels_as_will_do(same_padding, rng):
    """For random sizes, kernels and strides it is what adding pixel after pixel arrives at, in whole pixels."""
    draws = rng.integers((3, 1, 1), (20, 7, 5), size=(16, 3)).tolist()
    for n, k, s in [
        (8, 4, 1),
        (8, 3, 2),
        (8, 2, 1),
        (7, 3, 2),
        (2, 5, 1),
        (1, 4, 3),
        (3, 1601, 1),
        (900, 12, 7),
        *draws,
    ]:
        expect_pixels(same_padding(n, k, s), least_padding(n, k, s), f"same_padding({n}, {k}, {s})")


@check(points=1, hidden=True)
def nothing_is_added_where_nothing_is_missing(same_padding, rng):
    """A kernel that is shorter than the stride, or ends with the image, needs no padding, and never a negative one."""
    for n, k, s in [
        (int(rng.integers(10, 40)), 1, 3),
        (9, 1, 3),
        (5, 1, 4),
        (8, 1, 1),
        (6, 2, 2),
        (9, 3, 3),
        (7, 3, 4),
        (9, 2, 5),
    ]:
        expect_close(same_padding(n, k, s), least_padding(n, k, s), f"same_padding({n}, {k}, {s})", parts=PARTS)


# %% hints
HINTS = [
    "How many outputs are wanted? -(-n // s) rounds up without leaving the integers.",
    "Where does the last window start, and where does it end? What it needs beyond n is the total padding.",
    "The total may come out negative: then nothing is missing. Integer division gives the smaller half.",
]
WHY = """
Follow the last window: it starts at $(o - 1)s$ and ends $k$ pixels later, and what that is beyond $n$ is missing.
`-(-n // s)` rounds up without leaving the integers. `max` speaks where a kernel is shorter than the stride: 9 pixels,
1 tap, stride 3 need −2 more, and a negative padding would cut pixels off. The second half is *the rest*, not a second
division, so that both add up to the total and the odd pixel falls after.
"""
COVERS = ["S0.c", "S0.t"]
KERNELS = [kernels.same_padding]

# %% [markdown]
# > **Often said: "for the same size, pad by $(k - 1)/2$."** With an odd kernel and stride 1, yes. Run the cell: with an even
# > kernel one pixel is missing, and with stride 2 the rule adds a pixel that nobody needs. The number of outputs is
# > right all the same, and that hides it: what changes is *where* the windows stand. In the last line the rule reads
# > a pixel of padding at the left; the other one starts on the image. Two libraries with two conventions compute two
# > different networks from the same weights.

# %% experiment
size_of, padding_for = grader.yours("conv_output_size"), grader.yours("same_padding")
for n, k, s in ((8, 3, 1), (8, 2, 1), (8, 3, 2)):
    half, (before, after) = (k - 1) // 2, padding_for(n, k, s)
    by_rule, by_need = size_of((n, n), k, s, half)[0], size_of((before + n + after,) * 2, k, s)[0]
    print(f"n = {n}, k = {k}, s = {s}: wanted {-(-n // s)}", end="   ")
    print(f"rule: pad {half} + {half} -> {by_rule}   needed: {before} + {after} -> {by_need}")
del size_of, padding_for  # an answer stands alone


# %% right and wrong answers
@right_answer
def by_trying(n, k, s):
    """Asks the size formula and derives nothing, which makes it a good test for the formula. The loop is short: never
    more than k - 1 pixels are missing.
    """
    total = 0
    while (n + total - k) // s + 1 < (n + s - 1) // s:
        total += 1
    return total // 2, (total + 1) // 2


@wrong_answer(
    passes=(a_three_tap_kernel,), feedback="(k - 1)/2 at either end is right for odd kernels and stride 1 only."
)
def half_a_kernel(n, k, s):
    return (k - 1) // 2, (k - 1) // 2


@wrong_answer(
    a_four_tap_kernel,
    as_few_pixels_as_will_do,
    feedback="The odd pixel is on the wrong side: here it goes after, as in TensorFlow.",
)
def odd_pixel_before(n, k, s):
    before, after = by_trying(n, k, s)
    return after, before


@wrong_answer(
    as_few_pixels_as_will_do,
    nothing_is_added_where_nothing_is_missing,
    feedback="k - 1 pixels are missing at stride 1 only. The last window starts at (ceil(n/s) - 1) s: follow it.",
)
def stride_ignored(n, k, s):
    return (k - 1) // 2, k // 2


@wrong_answer(
    as_few_pixels_as_will_do,
    nothing_is_added_where_nothing_is_missing,
    feedback="A negative padding would cut pixels off. Where nothing is missing, nothing is added: 0.",
)
def negative_too(n, k, s):
    total = (-(-n // s) - 1) * s + k - n
    return total // 2, -(-total // 2)


@wrong_answer(
    as_few_pixels_as_will_do,
    nothing_is_added_where_nothing_is_missing,
    feedback="You kept all n outputs and forgot that a stride leaves only ceil(n/s) of them.",
)
def as_many_outputs_as_inputs(n, k, s):
    total = (n - 1) * s + k - n
    return total // 2, -(-total // 2)


@wrong_answer(
    passes=(nothing_is_added_where_nothing_is_missing,),
    feedback="You add everything after. Half of it goes before, rounded down; only an odd pixel is one more after.",
)
def all_after(n, k, s):
    return 0, sum(by_trying(n, k, s))


@wrong_answer(
    passes=(nothing_is_added_where_nothing_is_missing,),
    feedback="The total is right and stands on both sides: split it, so that before and after add up to it.",
)
def the_total_twice(n, k, s):
    return sum(by_trying(n, k, s)), sum(by_trying(n, k, s))


@wrong_answer(
    a_three_tap_kernel,
    as_few_pixels_as_will_do,
    feedback="The paddings are right and not whole numbers: / returns a float, and nobody can add 1.0 pixels.",
)
def floats_for_pixels(n, k, s):
    before, after = by_trying(n, k, s)
    return float(before), float(after)
