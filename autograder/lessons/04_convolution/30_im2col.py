# %% [markdown]
# ## One row for each window
#
# A convolution layer written down as it is defined is seven loops deep: image, filter, row, column, and inside channel
# and the two axes of the window. It is correct, and in Python it takes minutes. The remedy is as simple as it is
# wasteful: **copy the pixels of every window into a row of a large matrix**. Then all windows meet all filters in one
# matrix product, the operation that computers do best.
#
# ```
# x           2 x 2 windows        im2col(x)
#
# a b c       ┌a b┐   ┌b c┐        a b d e     y = 0, x = 0
# d e f       └d e┘   └e f┘        b c e f     y = 0, x = 1
# g h i       ┌d e┐   ┌e f┐        d e g h     y = 1, x = 0
#             └g h┘   └h i┘        e f h i     y = 1, x = 1
# ```
#
# For this to fit together two orders must be kept. **Rows run over $(n, y, x)$**: image by image, and in an image as one
# reads. **Columns run over $(c, i, j)$**: channel by channel, and in a channel as one reads, since that is the order in
# which `W.reshape(F, -1)` lays out a filter of shape $(C, k_h, k_w)$. With $X$ the padded images,
#
# $$ \mathrm{col}_{(n, y, x),\,(c, i, j)} = X_{n,\; c,\; s y + i,\; s x + j} . $$
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | `(N, C, H, W)` | images, channel by channel; any numbers, tiny ones too |
# | `kh`, `kw` | ints $\ge 1$ | height and width of the window |
# | `s`, `p` | ints | stride and padding, the same along both axes; padding is zeros |
# | result | `(N * oh * ow, C * kh * kw)` | one row for each window, **of the dtype of `x`** |
#
# Here `oh` and `ow` are the sizes of the output, as in `conv_output_size`.
#
# **Write `im2col(x, kh, kw, s, p)`.** A window that does not fit into the padded image raises `ValueError`. Loops over the
# taps $i, j$ are fine, there are few of them; loops over pixels are slow.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_array, expect_close, expect_raises, right_answer, wrong_answer


# %% answer
def im2col(x, kh, kw, s, p):
    """Return the windows of images x (N, C, H, W) as rows: (N oh ow, C kh kw), in the dtype of x."""
    # BEGIN SOLUTION
    N, C, H, W = x.shape
    if H + 2 * p < kh or W + 2 * p < kw:
        raise ValueError(f"a window of {kh} x {kw} does not fit into {H + 2 * p} x {W + 2 * p}")
    oh, ow = (H + 2 * p - kh) // s + 1, (W + 2 * p - kw) // s + 1
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    windows = np.empty((N, C, kh, kw, oh, ow), x.dtype)
    for i in range(kh):
        for j in range(kw):
            # Every s-th pixel from (i, j) on: what this tap sees, in all windows at once.
            windows[:, :, i, j] = padded[:, :, i : i + s * oh : s, j : j + s * ow : s]
    return windows.transpose(0, 4, 5, 1, 2, 3).reshape(N * oh * ow, C * kh * kw)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def twelve_pixels_in_six_windows(im2col):
    """An image of 3 x 4 pixels has six windows of 2 x 2: one row for each, read as one reads a page."""
    got = im2col(np.arange(12.0).reshape(1, 1, 3, 4), 2, 2, 1, 0)
    expected = [[0, 1, 4, 5], [1, 2, 5, 6], [2, 3, 6, 7], [4, 5, 8, 9], [5, 6, 9, 10], [6, 7, 10, 11]]
    expect_close(got, expected, "im2col of 0..11, shape (1, 1, 3, 4), 2 x 2, s = 1, p = 0")


@check(points=0.5)
def one_channel_after_the_other(im2col):
    """Two images of two channels of 1 x 2 pixels, under 1 x 2 windows: a row holds the first channel, then the second."""
    got = im2col(np.arange(8.0).reshape(2, 2, 1, 2), 1, 2, 1, 0)
    expect_close(got, np.arange(8.0).reshape(2, 4), "im2col of 0..7, shape (2, 2, 1, 2)")


# %% hidden checks
def window_by_window(x, kh, kw, s, p):
    """Cut out every window where it stands, and lay it flat; a pixel outside the image is 0."""
    count, channels, height, width = x.shape
    rows = []
    for n in range(count):
        for top in range(-p, height + p - kh + 1, s):
            for left in range(-p, width + p - kw + 1, s):
                places = [(c, top + i, left + j) for c in range(channels) for i in range(kh) for j in range(kw)]
                rows.append([x[n, c, y, x_] if 0 <= y < height and 0 <= x_ < width else 0 for c, y, x_ in places])
    return np.array(rows, dtype=float)


@check(points=1, hidden=True)
def every_window_in_its_row(im2col, rng):
    """For random images, high or wide, of one or several channels, every row is the window that belongs there."""
    for shape, kh, kw, s in [((2, 3, 5, 5), 3, 3, 1), ((2, 2, 4, 7), 2, 3, 1), ((1, 1, 3, 4), 2, 2, 1),
                             ((2, 3, 3, 4), 1, 1, 1), ((2, 2, 3, 4), 3, 4, 1), ((1, 2, 7, 3), 2, 1, 1), ((3, 3, 3, 3), 2, 2, 1)]:  # fmt: skip
        for size in (1.0, 1e4, 1e-305):
            x = size * rng.normal(size=shape)
            what = f"im2col at {shape}, {kh} x {kw}"
            expect_close(im2col(x, kh, kw, s, 0), window_by_window(x, kh, kw, s, 0), what, rtol=0, atol=0)
    x = -1.5 - np.arange(12.0).reshape(1, 2, 2, 3) // 2
    expect_close(im2col(x, 2, 2, 1, 0), window_by_window(x, 2, 2, 1, 0), "im2col of pixels below 0")


@check(points=0.5, hidden=True)
def strides_and_padding(im2col, rng):
    """With strides that divide or do not, and with a border of zeros, every row is the window that belongs there."""
    for shape, kh, kw, s, p in [((1, 2, 6, 5), 2, 2, 3, 0), ((2, 2, 5, 6), 3, 3, 1, 1), ((2, 1, 5, 4), 3, 2, 2, 1),
                                ((1, 2, 2, 2), 3, 3, 1, 1), ((1, 1, 3, 3), 2, 3, 2, 2), ((1, 1, 4, 4), 3, 3, 2, 0),
                                ((1, 1, 2, 3), 6, 1, 1, 2), ((1, 1, 3, 2), 1, 6, 1, 2), ((2, 2, 4, 1), 2, 1, 1, 0)]:  # fmt: skip
        x = rng.normal(size=shape)
        what = f"im2col at {shape}, {kh} x {kw}, s = {s}, p = {p}"
        expect_close(im2col(x, kh, kw, s, p), window_by_window(x, kh, kw, s, p), what)


@check(points=0.5, hidden=True)
def it_makes_convolution_one_product(im2col, rng):
    """col @ W.reshape(F, -1).T holds the answer of every filter to every window."""
    x, w = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(4, 3, 2, 3))
    col = expect_array(im2col(x, 2, 3, 1, 0), (2 * 3 * 3, 3 * 2 * 3), "im2col at (2, 3, 4, 5), 2 x 3")
    windows = np.lib.stride_tricks.sliding_window_view(x, (2, 3), axis=(2, 3))
    expected = np.einsum("ncyxij,fcij->nyxf", windows, w).reshape(-1, 4)
    expect_close(col @ w.reshape(4, -1).T, expected, "col @ W.reshape(F, -1).T")


@check(points=0.5, hidden=True)
def the_numbers_keep_their_type(im2col, rng):
    """Single precision stays single precision, integers stay integers, booleans booleans, and the values are right."""
    for dtype in (np.float32, np.float64, np.uint8, np.int64, bool):
        x = rng.integers(0, 7, size=(1, 1, 1, 18)).astype(dtype)
        col = im2col(x, 1, 18, 1, 0)
        expect_close(col, x.reshape(1, 18).astype(float), f"im2col of a single window of {np.dtype(dtype)}")
        expect(
            np.asarray(col).dtype == dtype,
            f"im2col of an array of {np.dtype(dtype)} has dtype {np.asarray(col).dtype}.",
            f"{np.dtype(dtype)}: the matrix is large enough as it is.",
            summary="The result has another dtype than x.",
        )


@check(points=0.5, hidden=True)
def what_does_not_fit_is_refused(im2col, rng):
    """A window larger than the padded image, in one axis too, raises ValueError; one that just fits does not."""
    for shape, kh, kw, p in [((1, 1, 2, 3), 2, 3, 0), ((1, 1, 2, 3), 4, 5, 1)]:
        expect_array(
            im2col(rng.normal(size=shape), kh, kw, 1, p), (1, kh * kw), f"im2col at {shape}, {kh} x {kw}, p = {p}"
        )
    for shape, kh, kw, p in [
        ((1, 1, 2, 2), 3, 3, 0),
        ((1, 1, 2, 6), 3, 2, 0),
        ((1, 1, 6, 2), 2, 3, 0),
        ((1, 1, 2, 6), 5, 2, 1),
        ((1, 1, 6, 2), 2, 5, 1),
        ((1, 1, 4, 4), 9, 9, 2),
    ]:
        with expect_raises(ValueError, f"im2col at {shape}, {kh} x {kw}, p = {p}"):
            im2col(rng.normal(size=shape), kh, kw, 1, p)


# %% hints
HINTS = [
    "First fill an array of shape (N, C, kh, kw, oh, ow), one tap (i, j) at a time: each is a slice with a step.",
    "The slice for tap i starts at i, has the step s, and must hold exactly oh pixels: where does it have to end?",
    "Then bring the axes into the order of the rows and columns, (n, y, x, c, i, j), and only then reshape.",
]
WHY = """
Not window by window but tap by tap: what tap $(i, j)$ sees in *all* windows is one slice of the padded images with
step $s$. That is $k_h k_w$ steps in Python, however large the images are. The slice ends at `i + s * oh` and not at
the image's end, so it has `oh` entries also where the stride leaves pixels over. Only then are the axes put in order,
$(n, y, x)$ before $(c, i, j)$: `reshape` reads elements in the order in which they stand and sorts nothing.
"""
COVERS = ["S4.6"]
KERNELS = [kernels.im2col]

# %% [markdown]
# > **A widespread im2col is correct, and has two sharp edges.** It fills an array made by `np.zeros` without a dtype, so
# > images of one byte a pixel, and of four, come back with eight. And it does not ask whether the window fits. A window
# > one pixel too large gives a matrix of no rows at all and no error. A larger one stops with a message about
# > *negative dimensions*, which names neither the window nor the image. The check costs one line.

# %% experiment
columns_of = grader.yours("im2col")
photo = np.zeros((1, 3, 64, 64), np.uint8)
ours = columns_of(photo, 3, 3, 1, 1)
print(f"image {photo.nbytes} bytes, im2col in its own type {ours.nbytes}, as float64 {ours.astype(float).nbytes}")
for size in (3, 4):
    side = (2 - size) // 1 + 1
    try:
        print(
            f"a window of {size} on 2 pixels, unchecked: np.zeros has shape",
            np.zeros((1, 1, size, size, side, side)).shape,
        )
    except ValueError as error:
        print(f"a window of {size} on 2 pixels, unchecked: ValueError: {error}")
try:
    columns_of(np.zeros((1, 1, 2, 2)), 3, 3, 1, 0)
except ValueError as error:
    print("a window of 3 on 2 pixels, checked:   ValueError:", error)
del columns_of  # an answer stands alone


# %% right and wrong answers
def windows_of(x, kh, kw, s, p):
    """(N, C, oh, ow, kh, kw), a view of the padded images."""
    if x.shape[2] + 2 * p < kh or x.shape[3] + 2 * p < kw:
        raise ValueError("the window does not fit")
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    return np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))[:, :, ::s, ::s]


def flat(view, *order):
    """Windows with their axes in this order, as (N oh ow, C kh kw)."""
    count, channels, oh, ow, kh, kw = view.shape
    return view.transpose(order).reshape(count * oh * ow, channels * kh * kw)


@right_answer
def by_sliding_window_view(x, kh, kw, s, p):
    """No loop at all: NumPy's view shows every window without copying a pixel, `::s` picks some, and the reshape at the
    end copies once. The shortest way, and about as fast as the loop over taps. (PyTorch's `unfold` is the same with
    one window a column.)
    """
    return flat(windows_of(x, kh, kw, s, p), 0, 2, 3, 1, 4, 5)


@right_answer
def by_a_table_of_indices(x, kh, kw, s, p):
    """The place of every entry, as a table of rows and one of columns. It is the slowest of the three by a little, and
    the only one that can read in any pattern, a dilated one or an irregular one: the table says it all.
    """
    N, C, H, W = x.shape
    if min(H + 2 * p - kh, W + 2 * p - kw) < 0:
        raise ValueError("the window does not fit")
    padded = np.zeros((N, C, H + 2 * p, W + 2 * p), x.dtype)
    padded[:, :, p : p + H, p : p + W] = x
    tops, lefts = np.arange(0, H + 2 * p - kh + 1, s), np.arange(0, W + 2 * p - kw + 1, s)
    rows = tops[:, None, None, None] + np.arange(kh)[:, None]
    columns = lefts[:, None, None] + np.arange(kw)
    taken = padded[:, :, rows, columns]  # (N, C, oh, ow, kh, kw)
    return np.moveaxis(taken, 1, 3).reshape(N * len(tops) * len(lefts), -1)


@wrong_answer(
    passes=(
        one_channel_after_the_other,
        the_numbers_keep_their_type,
        what_does_not_fit_is_refused,
    ),
    feedback="reshape without transpose scrambles the pixels: the axes (n, y, x) must stand in front before you reshape.",
)
def without_transpose(x, kh, kw, s, p):
    return flat(windows_of(x, kh, kw, s, p).transpose(0, 1, 4, 5, 2, 3), 0, 1, 2, 3, 4, 5).reshape(
        flat(windows_of(x, kh, kw, s, p), 0, 2, 3, 1, 4, 5).shape
    )


@wrong_answer(
    passes=(
        twelve_pixels_in_six_windows,
        the_numbers_keep_their_type,
        what_does_not_fit_is_refused,
    ),
    feedback="Your columns run over (i, j, c). They must run over (c, i, j), the order of W.reshape(F, -1).",
)
def channels_last(x, kh, kw, s, p):
    return flat(windows_of(x, kh, kw, s, p), 0, 2, 3, 4, 5, 1)


@wrong_answer(
    passes=(
        one_channel_after_the_other,
        the_numbers_keep_their_type,
        what_does_not_fit_is_refused,
    ),
    feedback="You went down the image column by column. Rows of the matrix run along x first, then y, as one reads.",
)
def column_by_column(x, kh, kw, s, p):
    return flat(windows_of(x, kh, kw, s, p), 0, 3, 2, 1, 4, 5)


@wrong_answer(
    passes=(
        one_channel_after_the_other,
        the_numbers_keep_their_type,
        what_does_not_fit_is_refused,
    ),
    feedback="Inside a window you read downwards. The taps run over (i, j), row by row, as in the filters.",
)
def windows_read_downwards(x, kh, kw, s, p):
    return flat(windows_of(x, kh, kw, s, p), 0, 2, 3, 1, 5, 4)


@wrong_answer(
    feedback="One window a column is the transpose of what is asked for: one window a row.",
)
def transposed(x, kh, kw, s, p):
    return by_sliding_window_view(x, kh, kw, s, p).T


@wrong_answer(
    passes=(twelve_pixels_in_six_windows,),
    feedback="Height and width of the window are exchanged: kh goes from row to row, kw from column to column.",
)
def window_on_its_side(x, kh, kw, s, p):
    return by_sliding_window_view(x, kw, kh, s, p)


@wrong_answer(
    every_window_in_its_row,
    strides_and_padding,
    it_makes_convolution_one_product,
    feedback="Your rows run over (y, x, n), the images innermost, as in another well-known im2col. Here they go image by image.",
)
def images_innermost(x, kh, kw, s, p):
    return flat(windows_of(x, kh, kw, s, p), 2, 3, 0, 1, 4, 5).reshape(by_sliding_window_view(x, kh, kw, s, p).shape)


@wrong_answer(
    strides_and_padding,
    feedback="You refuse windows that do not tile the image. They need not: what a stride leaves over at the end is not read.",
)
def refuses_what_does_not_tile(x, kh, kw, s, p):
    if min(x.shape[2] - kh, x.shape[3] - kw) + 2 * p >= 0:
        assert (x.shape[2] + 2 * p - kh) % s == 0
        assert (x.shape[3] + 2 * p - kw) % s == 0
    return by_sliding_window_view(x, kh, kw, s, p)


@wrong_answer(strides_and_padding, feedback="Your windows move on by one pixel each time, whatever the stride is.")
def without_stride(x, kh, kw, s, p):
    every = by_sliding_window_view(x, kh, kw, 1, p)
    oh, ow = (x.shape[2] + 2 * p - kh) // s + 1, (x.shape[3] + 2 * p - kw) // s + 1
    return every[: len(x) * oh * ow]


@wrong_answer(
    the_numbers_keep_their_type,
    feedback="Every value is right, but you made the matrix with float64 whatever x is made of. Give it the dtype of x.",
)
def always_float64(x, kh, kw, s, p):
    return by_sliding_window_view(x, kh, kw, s, p).astype(float)


@wrong_answer(
    what_does_not_fit_is_refused,
    feedback="A window one pixel too large gave a matrix without rows. Ask whether it fits before you fill anything.",
)
def no_rows_where_it_does_not_fit(x, kh, kw, s, p):
    if min(x.shape[2] - kh, x.shape[3] - kw) + 2 * p < 0:
        return np.empty((0, x.shape[1] * kh * kw), x.dtype)
    return by_sliding_window_view(x, kh, kw, s, p)
