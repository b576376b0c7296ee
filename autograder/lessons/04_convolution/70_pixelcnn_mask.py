# %% [markdown]
# ## A mask that cannot see the future
#
# A model can paint a picture the way one writes a page: pixel by pixel, row by row, each one drawn from a distribution
# that depends on all pixels before it. PixelCNN computes these distributions with convolutions. But a window looks in
# all directions, and a network that sees the pixel it is to predict learns to copy it, perfectly and uselessly.
#
# The remedy is to multiply the kernel by zeros and ones. The **present** is the middle of the window. In the order of
# reading, what comes before it is the **past**: all rows above, *in full*, and in its own row what lies to the left.
#
# ```
#   1 1 1 1 1
#   1 1 1 1 1        kind 'A': the present is hidden,  ● = 0
#   1 1 ● 0 0        kind 'B': the present is visible, ● = 1
#   0 0 0 0 0
#   0 0 0 0 0
# ```
#
# The first layer reads pixels, so it needs kind 'A'. The layers above read features, which know only the past: there the
# present gives nothing away, and kind 'B' is safe.
#
# | argument | type | meaning |
# |---|---|---|
# | `kh`, `kw` | odd ints | height and width of the kernel |
# | `kind` | string | `'A'` or `'B'` |
# | result | `(kh, kw)` | 0 and 1 |
#
# **Write `pixelcnn_mask(kh, kw, kind)`.** An even height or width has no middle, and other kinds do not
# exist: each raises `ValueError`.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_array, expect_close, expect_raises, right_answer, wrong_answer


# %% answer
def pixelcnn_mask(kh, kw, kind):
    """Return the mask (kh, kw) of zeros and ones that hides the future, and for kind 'A' the present too."""
    # BEGIN SOLUTION
    if kind not in ("A", "B") or kh % 2 == 0 or kw % 2 == 0:
        raise ValueError(f"there is no mask of {kh} x {kw} and kind {kind!r}")
    row, column = kh // 2, kw // 2
    mask = np.zeros((kh, kw))
    mask[:row] = 1
    mask[row, :column] = 1
    mask[row, column] = kind == "B"
    return mask
    # END SOLUTION


# %% public checks
@check(points=0.5)
def a_small_mask_of_kind_a(pixelcnn_mask):
    """The 3 x 3 mask of kind 'A' holds [1, 1, 1], [1, 0, 0], [0, 0, 0]."""
    expect_close(pixelcnn_mask(3, 3, "A"), [[1, 1, 1], [1, 0, 0], [0, 0, 0]], "pixelcnn_mask(3, 3, 'A')")


@check(points=0.5)
def a_small_mask_of_kind_b(pixelcnn_mask):
    """The 3 x 3 mask of kind 'B' shows one pixel more, the middle."""
    mask = expect_array(pixelcnn_mask(3, 3, "B"), (3, 3), "pixelcnn_mask(3, 3, 'B')")
    expect_close(mask[1], [1, 1, 0], "the middle row of pixelcnn_mask(3, 3, 'B')")


# %% hidden checks
@check(points=1, hidden=True)
def the_past_in_the_order_of_reading(pixelcnn_mask, rng):
    """For any odd sizes, high, wide or a single row, the ones are the pixels that are read before the middle."""
    drawn = 2 * int(rng.integers(1, 5)) + 1, 2 * int(rng.integers(1, 5)) + 1
    for kh, kw in [drawn, (3, 3), (5, 3), (1, 5), (3, 7), (1, 1), (5, 5), (7, 1)]:
        for kind in ("A", "B"):
            seen = kh * kw // 2 + (kind == "B")
            expected = (np.arange(kh * kw) < seen).reshape(kh, kw).astype(float)
            expect_close(pixelcnn_mask(kh, kw, kind), expected, f"pixelcnn_mask({kh}, {kw}, '{kind}')")


@check(points=1, hidden=True)
def what_does_not_exist_is_refused(pixelcnn_mask, rng):
    """Odd sizes and both kinds are accepted; an even height, an even width and any other kind raise ValueError."""
    n = 2 * int(rng.integers(1, 9)) + 1
    for kind in ("A", "B"):
        expect_array(pixelcnn_mask(1, n, kind), (1, n), f"pixelcnn_mask(1, {n}, {kind!r})")
    for kh, kw, kind in [(2, n, "A"), (3, 4, "B"), (4, 4, "A"), (3, 3, "C"), (3, 3, "a"), (3, 3, "AB"), (5, 5, "")]:
        with expect_raises(ValueError, f"pixelcnn_mask({kh}, {kw}, {kind!r})"):
            pixelcnn_mask(kh, kw, kind)


# %% hints
HINTS = [
    "Number the pixels of the window as you read them. Which number has the middle, and which pixels come before it?",
    "Three parts: the rows above, the left part of the middle row, and the middle itself, which depends on the kind.",
]
WHY = """
Three assignments for three parts: the rows above in full, the left part of the middle row, and the middle itself,
where `kind == "B"` becomes 1 or 0. What is never assigned is the future. The kind is compared with two names in a
tuple: `kind in "AB"` would also accept an empty string, and "AB".
"""
COVERS = ["S0.h"]
KERNELS = [kernels.pixelcnn_mask]

# %% [markdown]
# > **Often said: "with these masks, each pixel sees all pixels before it."** Each mask shows all of the past that lies in its
# > *window*. Put several on top of each other, and something is missing. The cell stacks one layer of kind 'A' and five of
# > kind 'B' and marks which pixels reach the one in the middle of the second row from below. To the right the view widens by
# > one pixel a row, no more, so a wedge above and to the right stays dark however deep the stack is: the **blind spot**.
# > Later models see it by two stacks, one for the rows above and one for the row itself.

# %% experiment
layer, mask_of = grader.yours("conv2d"), grader.yours("pixelcnn_mask")
reached = np.zeros((1, 1, 6, 13))
reached[0, 0, 4, 6] = 1.0
for mask in [mask_of(3, 3, "B")] * 5 + [mask_of(3, 3, "A")]:
    # Backwards from the pixel in question: dx says which pixels it depends on.
    reached = layer(reached, mask[None, None], np.zeros(1), 1, 1, reached)[1]
past = np.arange(6 * 13).reshape(6, 13) < 4 * 13 + 6
for y, x in np.ndindex(6, 13):
    mark = "?" if (y, x) == (4, 6) else "■" if reached[0, 0, y, x] else "□" if past[y, x] else "·"
    print(mark, end="\n" if x == 12 else " ")
print("? the pixel to predict   ■ seen   □ past and never seen   · future")


# %% right and wrong answers
@right_answer
def by_numbering_the_pixels(kh, kw, kind):
    """The past is whatever has a smaller number in the order of reading, and the middle of an odd by odd window has the
    number kh * kw // 2. One comparison for all rows, and another order of painting would need another numbering only.
    """
    if {"A": 0, "B": 1}.get(kind) is None or not (kh % 2 and kw % 2):
        raise ValueError("no such mask")
    return np.where(np.arange(kh * kw) < kh * kw // 2 + (kind == "B"), 1.0, 0.0).reshape(kh, kw)


@wrong_answer(
    what_does_not_exist_is_refused,
    feedback="Python finds '' in 'AB', and 'AB' too. Compare the kind with each of the two names.",
)
def any_part_of_ab(kh, kw, kind):
    if kind not in "AB" or not (kh % 2 and kw % 2):
        raise ValueError("no such mask")
    return by_numbering_the_pixels(kh, kw, kind or "A") if kind != "AB" else np.ones((kh, kw))


@wrong_answer(
    a_small_mask_of_kind_a,
    the_past_in_the_order_of_reading,
    feedback="Kind 'A', for the first layer, must hide the present too, or the pixel is predicted from itself.",
)
def the_present_is_seen(kh, kw, kind):
    return by_numbering_the_pixels(kh, kw, "B" if kind == "A" else kind)


@wrong_answer(
    passes=(what_does_not_exist_is_refused,), feedback="Pixels to the right in the same row are still in the future."
)
def the_whole_row_is_seen(kh, kw, kind):
    mask = by_numbering_the_pixels(kh, kw, kind)
    mask[kh // 2, kw // 2 + 1 :] = 1
    return mask


@wrong_answer(
    a_small_mask_of_kind_a,
    the_past_in_the_order_of_reading,
    feedback="The rows above are visible over their full width, to the upper right as well.",
)
def nothing_to_the_upper_right(kh, kw, kind):
    mask = by_numbering_the_pixels(kh, kw, kind)
    mask[: kh // 2, kw // 2 + 1 :] = 0
    return mask


@wrong_answer(
    a_small_mask_of_kind_b,
    the_past_in_the_order_of_reading,
    feedback="Kind 'B' lets the middle through: the layers above the first read features, which know only the past.",
)
def always_kind_a(kh, kw, kind):
    return by_numbering_the_pixels(kh, kw, "A" if kind == "B" else kind)


@wrong_answer(
    a_small_mask_of_kind_a,
    the_past_in_the_order_of_reading,
    feedback="Your mask goes column by column. Pictures are painted row by row, as one reads.",
)
def column_by_column(kh, kw, kind):
    return by_numbering_the_pixels(kw, kh, kind).T


@wrong_answer(
    what_does_not_exist_is_refused,
    feedback="A kernel of even size has no middle, and only 'A' and 'B' exist: the rest must raise ValueError.",
)
def nothing_is_refused(kh, kw, kind):
    return by_numbering_the_pixels(kh // 2 * 2 + 1, kw // 2 * 2 + 1, "A" if kind == "A" else "B")[:kh, :kw]
