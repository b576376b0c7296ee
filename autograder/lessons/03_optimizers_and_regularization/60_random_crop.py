# %% [markdown]
# ## A crop that can reach every corner
#
# The best regularizer of all is more data, and the cheapest more data is the data that you have, seen a little
# differently. Cut a window out of a photograph of a cat, and it is a photograph of a cat. Cut another one tomorrow.
#
# An image is an array in the order height, width, channel. A window is two slices:
#
# $$ \texttt{img[top : bottom, left : right, :]} $$
#
# A window of height $c$ in an image of height $H$ may start at row $0$, at row $H - c$, and everywhere between. Count
# them: that makes $H - c + 1$ places. When the window is as tall as the image, there is exactly one.
#
# | argument | shape or type | meaning |
# |---|---|---|
# | `img` | `(H, W, C)` | an image |
# | `ch`, `cw` | integers $\ge 1$ | height and width of the window |
# | `rng` | `np.random.Generator` | the source of chance |
# | result | `(ch, cw, C)` | the window, its pixels of the type that they have in `img` |
#
# **Write `random_crop(img, ch, cw, rng)`.** Draw `top` first, then `left`, one call of `rng.integers` each, so that the
# same seed gives everybody the same window. Every place is equally likely. A window that is taller or wider than the
# image raises `ValueError`.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_array, expect_close, expect_raises, right_answer, wrong_answer


# %% answer
def random_crop(img, ch, cw, rng):
    """Return a random window of shape (ch, cw, C) of an image of shape (H, W, C)."""
    # BEGIN SOLUTION
    height, width, _ = img.shape
    if ch > height or cw > width:
        raise ValueError(f"a crop of {ch} x {cw} does not fit into an image of {height} x {width}")
    top = rng.integers(0, height - ch + 1)
    left = rng.integers(0, width - cw + 1)
    return img[top : top + ch][:, left : left + cw]
    # END SOLUTION


# %% public checks
@check(points=0.5)
def rows_before_columns(random_crop):
    """A window of height 2 and width 4 has the shape (2, 4, 3)."""
    expect_array(
        random_crop(np.zeros((6, 6, 3)), 2, 4, np.random.default_rng(0)), (2, 4, 3), "random_crop(img, 2, 4, rng)"
    )


@check(points=0.5)
def as_large_as_the_image(random_crop):
    """A window as large as the image is the image; one as high, of an image of equal columns, is one of these."""
    img = np.arange(24.0).reshape(3, 4, 2)
    expect_close(random_crop(img, 3, 4, np.random.default_rng(0)), img, "random_crop(img, 3, 4, rng) of a 3 x 4 image")
    equal, what = np.repeat(img[:, :1], 4, axis=1), "random_crop(img, 3, 1, rng) of an image of equal columns"
    expect_close(random_crop(equal, 3, 1, np.random.default_rng(0)), img[:, :1], what)


# %% hidden checks
NUMBERED = np.arange(7 * 5 * 2).reshape(7, 5, 2)


@check(points=0.75, hidden=True)
def top_first_then_left(random_crop, rng):
    """For any seed it is the window whose top and left a fresh generator draws, in this order, pixels as they are."""
    for ch, cw in [(4, 3), (4, 3), (7, 3), (4, 5), (1, 1), (6, 2), (7, 5)]:
        seed = int(rng.integers(2**31))
        own = np.random.default_rng(seed)
        top, left = own.integers(8 - ch), own.integers(6 - cw)
        expected = [[NUMBERED[top + i, left + j] for j in range(cw)] for i in range(ch)]
        got = random_crop(NUMBERED, ch, cw, np.random.default_rng(seed))
        expect_close(got, np.array(expected), f"a window of {ch} x {cw} of a 7 x 5 image", rtol=0, atol=0)
    for img in (NUMBERED[:1], NUMBERED[:, :2]):
        own, what = np.random.default_rng(5), f"a window of 1 x 1 of an image of {img.shape[0]} x {img.shape[1]}"
        expected = img[own.integers(img.shape[0]), own.integers(img.shape[1])]
        expect_close(random_crop(img, 1, 1, np.random.default_rng(5)), [[expected.tolist()]], what, rtol=0, atol=0)
    below, mixed = NUMBERED.astype(np.float32) - 100, 2525.25 * (NUMBERED - 30)
    for img in ((3 * NUMBERED).astype(np.uint8), below, mixed, NUMBERED % 2 == 0):
        got, own = random_crop(img, 3, 2, np.random.default_rng(1)), np.random.default_rng(1)
        top, left = own.integers(5), own.integers(4)
        expected = np.array([[img[top + i, left + j] for j in range(2)] for i in range(3)]).astype(float)
        expect_close(got, expected, f"a window of pixels of type {img.dtype}", rtol=0, atol=0)
        expect(
            np.asarray(got).dtype == img.dtype,
            f"A window of pixels of type {img.dtype} has type {np.asarray(got).dtype}.",
            f"{img.dtype}, as the image.",
            summary="The pixels of the window are of another type than those of the image.",
        )


@check(points=0.75, hidden=True)
def every_place_equally_often(random_crop, rng):
    """Of 150 windows of height 3 in an image of height 5, each of the three places gets its fair share."""
    column = np.arange(5).reshape(5, 1, 1)
    tops = [int(expect_array(random_crop(column, 3, 1, rng), (3, 1, 1), "a window")[0, 0, 0]) for _ in range(150)]
    counts = np.bincount(tops, minlength=3)
    # A fair place is drawn 17 times or less once in 10^9 submissions.
    expect(
        len(counts) == 3 and counts.min() > 17,
        f"The places were drawn {counts.tolist()} times.",
        "About 50 each.",
        "Does the window ever touch the lower edge?",
        summary="Not every place is drawn equally often.",
    )


@check(points=0.5, hidden=True)
def too_large_is_refused(random_crop, rng):
    """A window that is taller or wider than the image raises ValueError; one that just fits does not."""
    img = NUMBERED + float(rng.integers(1, 99))
    got = random_crop(img, 7, 5, np.random.default_rng(1))
    expect_close(got, img, "a window of 7 x 5 of a 7 x 5 image", rtol=0, atol=0)
    for ch, cw in [(8, 3), (3, 6), (8, 6)]:
        with expect_raises(ValueError, f"random_crop(img, {ch}, {cw}, rng) of a 7 x 5 image"):
            random_crop(img, ch, cw, np.random.default_rng(1))


# %% hints
HINTS = [
    "At how many rows can the window start? Try a window as tall as the image.",
    "rng.integers(low, high) never returns high.",
    "A slice that goes beyond the end is silently cut short, so look at the sizes before you draw.",
]
COVERS = ["S1.17a", "S1.17b", "S1.18"]
KERNELS = [kernels.random_crop]
WHY = """
A window can start at $H - c + 1$ rows, and since `rng.integers` never returns its upper end, this number *is* the upper
end. With the 1 left out the last row is never shown, and a window as tall as the image has no place at all. The sizes
are compared before anything is drawn, because a slice beyond the end is cut short without a word. Two slices make a
view: no pixel is copied, and whoever writes into the window writes into the image.
"""

# %% [markdown]
# > **A common slip: `top = randint(0, h - ch)`.** The upper end of NumPy's integers is exclusive, so the last place is never
# > drawn: no window ever touches the lower edge or the right one. And when the window is as tall as the image, the range
# > is empty, and the line raises. (Python's own `random.randint` includes its upper end. That is where the line comes
# > from.)
# >
# > **A common claim: "augmentation, by crops, flips, rotations, raises accuracy."** On photographs of cats it does. It
# > does so where the change keeps the label. Below, a tiny world of two letters, b and d, six pixels tall, under noise,
# > and a classifier that takes the label of the most similar training picture. The letters to be read are shifted by up
# > to a pixel. A shifted b is still a b, and training on shifted copies helps enormously. A mirrored b *is a d*. Train on
# > mirrored copies under the old label, and whatever could be learned is gone.

# %% experiment
draws, counts = np.random.default_rng(0), np.zeros(4, dtype=int)
for _ in range(4000):
    counts[draws.integers(0, 6 - 3)] += 1
print(f"common slip: windows of height 3 in an image of height 6 start at rows 0 to 3: {counts.tolist()} times")
try:
    draws.integers(0, 6 - 6)
except ValueError as error:
    print(f"common slip: window as tall as the image: ValueError, {error}")

letter_b = np.zeros((8, 7))
letter_b[1:7, 1] = letter_b[3, 1:5] = letter_b[6, 1:5] = letter_b[3:7, 4] = 1
letters = {"b": letter_b, "d": letter_b[:, ::-1]}


def shifted(letter):
    """The letter moved by up to one pixel, as a crop would show it."""
    return np.roll(letter, draws.integers(-1, 2, size=2), axis=(0, 1))


def noisy(letter):
    return letter + 0.3 * draws.normal(size=letter.shape)


to_read = [(label, noisy(shifted(letters[label]))) for label in 250 * ["b", "d"]]
for name, change in (("none", lambda x: x), ("shifts", shifted), ("mirror", lambda x: x[:, ::-1])):
    train = [(label, noisy(change(x) if i % 2 else x)) for label, x in letters.items() for i in range(80)]
    pictures, labels = np.array([picture for _, picture in train]), np.array([label for label, _ in train])
    read = [labels[np.sum((pictures - picture) ** 2, axis=(1, 2)).argmin()] == label for label, picture in to_read]
    print(f"augmentation: {name:>6}   accuracy {np.mean(read):.3f}")


# %% right and wrong answers
@right_answer
def by_views(img, ch, cw, rng):
    """sliding_window_view holds all windows at once without copying a pixel, and its shape is the number of places, so
    there is no 1 to forget. Good for many windows of one image; for a single one, fifty times as slow.
    """
    if img.shape[0] < ch or img.shape[1] < cw:
        raise ValueError("too large")
    windows = np.lib.stride_tricks.sliding_window_view(img, (ch, cw), axis=(0, 1))
    top = rng.integers(windows.shape[0])
    return np.moveaxis(windows[top, rng.integers(windows.shape[1])], 0, -1)


@wrong_answer(
    top_first_then_left,
    every_place_equally_often,
    feedback="The upper end of rng.integers is exclusive: there are H - ch + 1 places, and you never draw the last one.",
)
def never_the_last_place(img, ch, cw, rng):
    height, width, _ = img.shape
    if ch > height or cw > width:
        raise ValueError
    top, left = int(rng.integers(0, max(height - ch, 1))), int(rng.integers(0, max(width - cw, 1)))
    return img[top : top + ch][:, left : left + cw]


@wrong_answer(feedback="The order of the axes is height, width, channel: the rows go from top to bottom.")
def columns_first(img, ch, cw, rng):
    height, width, _ = img.shape
    if ch > height or cw > width:
        raise ValueError
    top, left = int(rng.integers(0, height - ch + 1)), int(rng.integers(0, width - cw + 1))
    return img[left : left + cw, top : top + ch, :]


@wrong_answer(
    too_large_is_refused, feedback="A crop larger than the image must raise. Slicing silently returns a smaller window."
)
def cut_short(img, ch, cw, rng):
    height, width, _ = img.shape
    top, left = (int(rng.integers(0, max(size, 0) + 1)) for size in (height - ch, width - cw))
    return img[top : top + ch][:, left : left + cw]


@wrong_answer(
    top_first_then_left,
    feedback="The place is right, but the pixels came back as floats. A window of bytes is made of bytes: cut, do not convert.",
)
def pixels_as_floats(img, ch, cw, rng):
    return by_views(img, ch, cw, rng).astype(float)


@wrong_answer(
    feedback="The window lies on its side: its first two axes must be (ch, cw), height before width.",
)
def width_before_height(img, ch, cw, rng):
    return by_views(img, ch, cw, rng).transpose(1, 0, 2)


@wrong_answer(
    top_first_then_left,
    feedback="The windows are fine, but you draw left before top, so a seed does not give the window it should.",
)
def left_first(img, ch, cw, rng):
    return by_views(img.transpose(1, 0, 2), cw, ch, rng).transpose(1, 0, 2)


@wrong_answer(
    passes=(rows_before_columns,),
    feedback="You draw from 0 to H - ch without the end, so there is nothing to draw when the window is as tall as the image.",
)
def empty_range(img, ch, cw, rng):
    height, width, _ = img.shape
    if ch > height or cw > width:
        raise ValueError
    top, left = int(rng.integers(0, height - ch)), int(rng.integers(0, width - cw))
    return img[top : top + ch][:, left : left + cw]


@wrong_answer(
    top_first_then_left,
    every_place_equally_often,
    feedback="This is the window in the middle: it never moves, and the generator is not used.",
)
def always_in_the_middle(img, ch, cw, rng):
    height, width, _ = img.shape
    if ch > height or cw > width:
        raise ValueError
    top, left = (height - ch) // 2, (width - cw) // 2
    return img[top : top + ch][:, left : left + cw]
