# %% [markdown]
# ## The way back: repair col2im
#
# im2col copies pixels. A pixel in the middle of the image lies under several windows, so it is copied several times. On
# the way back each copy returns with a gradient of its own. What is the gradient of the pixel? Lesson 1 has the answer:
# where a value is used more than once, the gradients **add**.
#
# **The adjoint view.** Say it once without indices. im2col is a linear map: it only copies. Write it as a matrix $A$ that
# takes all pixels to all entries of the columns, $c = A x$. Each row of $A$ holds a single 1, at the pixel that this entry
# copies (or no 1, where it copies padding). Let $r$ be the gradient of the loss with respect to $c$. Then, line by line,
#
# $$ \begin{aligned}
#   dL &= \langle r,\; dc \rangle             && \text{what a gradient is} \\
#      &= \langle r,\; A\,dx \rangle          && \text{im2col is linear} \\
#      &= \langle A^\top r,\; dx \rangle      && \text{the definition of the transpose} \\
#   \frac{\partial L}{\partial x} &= A^\top r  && \text{again what a gradient is.}
# \end{aligned} $$
#
# The transpose of a matrix that copies is a matrix that adds: column $q$ of $A$ has a 1 for every copy of pixel $q$, so
# $(A^\top r)_q$ is the sum of what all copies send back. This map is **col2im**. You never need to build $A$; what defines
# col2im is the third line, an equation between two plain sums that anyone can check:
#
# $$ \sum \mathrm{im2col}(x) \cdot r = \sum x \cdot \mathrm{col2im}(r) \qquad \text{for every } x \text{ and every } r . $$
#
# For $r$ all ones it counts in how many windows each pixel lies: the lower left panel of the figure.
#
# Here is a version that stands in a memo of formulas and code, to be copied. **Two things are wrong with it.**

# %% given
import numpy as np


def memo_col2im(col, input_shape, filter_h, filter_w, stride=1, pad=0, is_backward=False):
    """col2im as it stands in a memo."""
    N, C, H, W = input_shape
    out_h = (H + 2 * pad - filter_h) // stride + 1
    out_w = (W + 2 * pad - filter_w) // stride + 1
    col = col.reshape(N, out_h, out_w, C, filter_h, filter_w).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros((N, C, H + 2 * pad + stride - 1, W + 2 * pad + stride - 1))
    for y in range(filter_h):
        y_max = y + stride * out_w
        for x in range(filter_w):
            x_max = x + stride * out_w
            if is_backward:
                img[:, :, y:y_max:stride, x:x_max:stride] += col[:, :, y, x, :, :]
            else:
                img[:, :, y:y_max:stride, x:x_max:stride] = col[:, :, y, x, :, :]
    return img[:, :, pad : H + pad, pad : W + pad]


# %% [markdown]
# Watch it at work before you repair it. Columns of ones go in, so every pixel should come back as the number of windows
# that it lies in.

# %% experiment
for shape in ((1, 1, 3, 3), (1, 1, 4, 3), (1, 1, 2, 4)):
    oh, ow = shape[2] - 1, shape[3] - 1
    print(f"an image of {shape[2]} x {shape[3]} under 2 x 2 windows, output {oh} x {ow}, is_backward=True:")
    try:
        print(memo_col2im(np.ones((oh * ow, 4)), shape, 2, 2, is_backward=True)[0, 0])
    except ValueError as error:
        print("  ValueError:", error)

# %% [markdown]
# The first is right. The second stops. The third does not stop, and its second row should be `[1, 2, 2, 1]` like the
# first, since every window covers both rows. The cause is one letter; find it.
#
# | argument | shape | meaning |
# |---|---|---|
# | `col` | `(N * oh * ow, C * kh * kw)` | one row for each window, in the order of `im2col`; tiny numbers too |
# | `shape` | `(N, C, H, W)` | a tuple, the shape of the images |
# | `kh`, `kw`, `s`, `p` | ints | window, stride and padding, as in `im2col` |
# | result | `shape`, floats | the sum of what all windows send back |
#
# **Write `col2im(col, shape, kh, kw, s, p)`, the adjoint of `im2col`**, for images and outputs of any height and width.

# %% imports
from helpers import kernels
from helpers.checking import check, expect_array, expect_close, right_answer, wrong_answer


# %% answer
def col2im(col, shape, kh, kw, s, p):
    """Return the adjoint of im2col: an array of `shape` (N, C, H, W) in which overlapping windows are added up."""
    # BEGIN SOLUTION
    N, C, H, W = shape
    oh, ow = (H + 2 * p - kh) // s + 1, (W + 2 * p - kw) // s + 1
    windows = col.reshape(N, oh, ow, C, kh, kw).transpose(0, 3, 4, 5, 1, 2)
    padded = np.zeros((N, C, H + 2 * p, W + 2 * p))
    for i in range(kh):
        for j in range(kw):
            # No pixel is hit twice by the same tap, so a slice can be added to at once.
            padded[:, :, i : i + s * oh : s, j : j + s * ow : s] += windows[:, :, i, j]
    return padded[:, :, p : p + H, p : p + W]
    # END SOLUTION


# %% public checks
@check(points=0.5)
def a_lone_window_goes_back_where_it_came_from(col2im):
    """A 2 x 2 image in a single window: [1, 2, 3, 4] becomes [[1, 2], [3, 4]]; two windows, one above the other, stay so."""
    got = col2im(np.array([[1.0, 2.0, 3.0, 4.0]]), (1, 1, 2, 2), 2, 2, 1, 0)
    expect_close(got, [[[[1.0, 2.0], [3.0, 4.0]]]], "col2im of one window")
    got = col2im(np.array([[1.0, 2.0], [3.0, 4.0]]), (1, 1, 4, 1), 2, 1, 2, 0)
    expect_close(got, [[[[1.0], [2.0], [3.0], [4.0]]]], "col2im of [[1, 2], [3, 4]], 4 x 1 under 2 x 1, s = 2")


@check(points=1)
def ones_come_back_as_counts(col2im):
    """Ones from the four 2 x 2 windows of a 3 x 3 image add up to 1 in the corners, 2 at the edges, 4 in the middle."""
    # The numbers 1, 2, 3 first: they tell what adds from what takes the mean, and what keeps the last from both.
    got = col2im(np.array([[1.0, 2.0], [4.0, 8.0]]), (1, 1, 1, 3), 1, 2, 1, 0)
    expect_close(got, [[[[1.0, 6.0, 8.0]]]], "col2im of [[1, 2], [4, 8]], 1 x 3 under 1 x 2")
    got = col2im(np.ones((4, 4)), (1, 1, 3, 3), 2, 2, 1, 0)
    expect_close(got, [[[[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]]], "col2im of ones, 3 x 3 under 2 x 2")


# %% hidden checks
def entry_by_entry(col, shape, kh, kw, s, p):
    """Send every entry of every row back to the one pixel that it copies; padding takes the rest."""
    count, channels, height, width = shape
    images, rows = np.zeros(shape), iter(col)
    for n in range(count):
        for top in range(-p, height + p - kh + 1, s):
            for left in range(-p, width + p - kw + 1, s):
                row = iter(next(rows))
                for c, i, j in np.ndindex(channels, kh, kw):
                    value = next(row)
                    if 0 <= top + i < height and 0 <= left + j < width:
                        images[n, c, top + i, left + j] += value
    return images


def some_columns(rng, shape, kh, kw, s, p):
    """Random columns that belong to images of this shape."""
    oh, ow = (shape[2] + 2 * p - kh) // s + 1, (shape[3] + 2 * p - kw) // s + 1
    return rng.normal(size=(shape[0] * oh * ow, shape[1] * kh * kw))


@check(points=1, hidden=True)
def square_outputs(col2im, rng):
    """For square images, windows that overlap, touch or leave gaps, every entry comes back to its pixel."""
    for shape, kh, kw, s in [((2, 2, 5, 5), 3, 3, 1), ((2, 2, 4, 4), 2, 2, 2), ((2, 1, 5, 5), 2, 2, 2),
                             ((1, 1, 7, 7), 2, 2, 3), ((2, 3, 3, 3), 1, 1, 1), ((2, 2, 2, 2), 2, 2, 1), ((1, 2, 4, 4), 3, 3, 1)]:  # fmt: skip
        for size in (1.0, 1e4, 1e-305):
            col = size * some_columns(rng, shape, kh, kw, s, 0)
            what = f"col2im at {shape}, {kh} x {kw}, s = {s}"
            expect_close(col2im(col, shape, kh, kw, s, 0), entry_by_entry(col, shape, kh, kw, s, 0), what, atol=0)
    got = col2im(-np.ones((4, 4)) - 1, (1, 1, 3, 3), 2, 2, 1, 0)
    expect_close(got, [[[[-2.0, -4, -2], [-4, -8, -4], [-2, -4, -2]]]], "col2im of -2, 3 x 3 under 2 x 2")
    got = col2im(np.array([[0.0, 5.0], [7.0, 0.0]]), (1, 1, 1, 3), 1, 2, 1, 0)
    expect_close(got, [[[[0.0, 12.0, 0.0]]]], "col2im of [[0, 5], [7, 0]], 1 x 3 under 1 x 2")


@check(points=1.5, hidden=True)
def high_and_wide_outputs(col2im, rng):
    """It works where the output is higher than wide, wider than high, a single row or a single column."""
    for shape, kh, kw, s in [((1, 2, 7, 4), 2, 2, 1), ((1, 1, 4, 7), 2, 2, 1), ((1, 1, 2, 4), 2, 2, 1),
                             ((2, 2, 4, 2), 2, 2, 1), ((1, 2, 5, 9), 3, 2, 2), ((2, 1, 3, 6), 3, 2, 1)]:  # fmt: skip
        col = some_columns(rng, shape, kh, kw, s, 0)
        what = f"col2im at {shape}, {kh} x {kw}, s = {s}"
        expect_close(col2im(col, shape, kh, kw, s, 0), entry_by_entry(col, shape, kh, kw, s, 0), what)


@check(points=0.5, hidden=True)
def padding_is_cut_off(col2im, rng):
    """What windows send back to the padding is lost, on all four sides, and the rest is where it belongs."""
    for shape, kh, kw, s, p in [((2, 2, 5, 5), 3, 3, 1, 1), ((1, 1, 3, 3), 3, 3, 1, 2), ((1, 2, 5, 5), 3, 3, 2, 1)]:
        col = some_columns(rng, shape, kh, kw, s, p)
        what = f"col2im at {shape}, {kh} x {kw}, s = {s}, p = {p}"
        expect_close(col2im(col, shape, kh, kw, s, p), entry_by_entry(col, shape, kh, kw, s, p), what)


@check(points=1.5, hidden=True)
def it_is_the_adjoint(col2im, rng):
    """For random shapes, strides and paddings, <im2col(x), r> = <x, col2im(r)>."""
    for _ in range(20):
        count, channels, height, width, kh, kw, s, p = rng.integers(
            (1, 1, 3, 3, 1, 1, 1, 0), (3, 3, 8, 8, 4, 4, 4, 2)
        ).tolist()
        x = rng.normal(size=(count, channels, height, width))
        padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        view = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))[:, :, ::s, ::s]
        r = rng.normal(size=(view.shape[0] * view.shape[2] * view.shape[3], channels * kh * kw))
        forward = np.sum(view.transpose(0, 2, 3, 1, 4, 5).reshape(r.shape) * r)
        what = f"col2im at {x.shape}, {kh} x {kw}, s = {s}, p = {p}"
        back = expect_array(col2im(r, x.shape, kh, kw, s, p), x.shape, what)
        expect_close(np.sum(x * back), forward, f"<x, r'> with r' = {what}")


# %% hints
HINTS = [
    "Which variable ends the slice along the rows in the memo? How many rows does the output have?",
    "A pixel under several windows gets something from each of them: is the value replaced, or added to?",
    "Go through im2col backwards: undo the reshape, undo the transpose, and where it read from a slice, add to it.",
    "The windows write into padded images. Which part of these are the images?",
]
WHY = """
It is im2col read backwards: the reshape and the transpose are undone, and where im2col *read* from a slice, this
*adds* to the same slice. `+=` is the gradient's rule for a value with many readers. It is safe here because within a
slice no pixel appears twice; with arrays of indices, where pixels repeat, `+=` would add only once. `p : p + H` cuts
the padding off for every $p$, while `p:-p` is empty at $p = 0$.
"""
COVERS = ["S4.7a", "S4.7b", "S4.7c"]
KERNELS = [kernels.col2im]

# %% [markdown]
# ### The memo under test
#
# > **In the memo: `y_max = y + stride*out_w`.** The rows are counted with the width. The cell goes through every small
# > image, kernel and stride and compares the memo (in its better mood, adding) with yours. Where the output is square,
# > it is right each time, and square is what everyone tries. Elsewhere it mostly raises. It is right by accident where
# > NumPy cuts the slice at the border of the image. And it is wrong *in silence* only where the output is a single row:
# > then this one row is broadcast over all the rows that the slice asks for.

# %% experiment
from collections import Counter

repaired = grader.yours("col2im")
outcomes, draws = Counter(), np.random.default_rng(0)
for height, width, kh, kw, s, p in np.ndindex(6, 6, 3, 3, 3, 2):
    shape, kh, kw, s = (1, 1, height + 1, width + 1), kh + 1, kw + 1, s + 1
    if shape[2] + 2 * p < kh or shape[3] + 2 * p < kw:
        continue
    oh, ow = (shape[2] + 2 * p - kh) // s + 1, (shape[3] + 2 * p - kw) // s + 1
    col = draws.normal(size=(oh * ow, kh * kw))
    kind = "square output" if oh == ow else "a single row" if oh == 1 else "any other"
    try:
        agrees = np.allclose(memo_col2im(col, shape, kh, kw, s, p, True), repaired(col, shape, kh, kw, s, p))
        outcomes[kind, "right" if agrees else "silently wrong"] += 1
    except ValueError:
        outcomes[kind, "raises"] += 1
print(f"{'':>15} {'right':>8} {'raises':>8} {'silently wrong':>16}")
for kind in ("square output", "a single row", "any other"):
    right, raised, wrong = (outcomes[kind, outcome] for outcome in ("right", "raises", "silently wrong"))
    print(f"{kind:>15} {right:8d} {raised:8d} {wrong:16d}")
del repaired  # an answer stands alone

# %% [markdown]
# > **In the memo: `+=` only if `is_backward`, and `=` by default.** Assigning has a use. It puts an image together again from
# > its *own* columns, since all copies of a pixel are equal and the last one will do. (Pixels that the stride leaves
# > unread stay zero.) But it is not the gradient. Run it on a gradient and every pixel keeps the last message only: the
# > equation of the adjoint fails as soon as windows overlap. Two different questions, one flag, and the default
# > answers the rarer one.

# %% experiment
columns_of, repaired = grader.yours("im2col"), grader.yours("col2im")
draws = np.random.default_rng(0)
picture = draws.normal(size=(1, 1, 4, 4))
print("3 x 3 windows on a 4 x 4 image, in square outputs, where the memo's first fault does not show")
own = columns_of(picture, 3, 3, 1, 0)
print("  its own columns: assigning gives the image back:", np.allclose(memo_col2im(own, picture.shape, 3, 3), picture))
print(
    "                   adding gives the image back:   ", np.allclose(repaired(own, picture.shape, 3, 3, 1, 0), picture)
)
gradient = draws.normal(size=own.shape)
print(f"  a gradient:      <im2col(x), r>              {np.sum(own * gradient):+.4f}")
print(
    f"                   <x, col2im(r)>, adding      {np.sum(picture * repaired(gradient, picture.shape, 3, 3, 1, 0)):+.4f}"
)
print(
    f"                   <x, col2im(r)>, assigning   {np.sum(picture * memo_col2im(gradient, picture.shape, 3, 3)):+.4f}"
)
del columns_of, repaired  # an answer stands alone

# %% [markdown]
# > **In the memo: a buffer of $H + 2p + s - 1$ rows.** The extra $s - 1$ rows are there so that the last slice does not run over
# > the end. NumPy cuts a slice at the end by itself, and with the right `y_max` nothing needs cutting: a slice of $o_h$ pixels
# > from $i$ with step $s$ takes its last one at $i + s(o_h - 1)$, which the size formula keeps inside. The cell counts, for
# > many settings, how many rows of the image itself lie behind the last one that is written to. It is never less than
# > none, so the extra rows are unnecessary, and harmless.

# %% experiment
spare = []
for rows, taps, step in np.ndindex(30, 8, 5):
    taps, step = taps + 1, step + 1
    if taps <= rows:  # padding included
        last = (taps - 1) + step * ((rows - taps) // step)
        spare.append(rows - 1 - last)
print(f"rows left behind the last one written to, in {len(spare)} settings: from {min(spare)} to {max(spare)}")


# %% right and wrong answers
def added(col, shape, kh, kw, s, p):
    """Padded images with everything added up, by a table of pixel numbers."""
    N, C, H, W = shape
    high, wide = H + 2 * p, W + 2 * p
    numbers = np.arange(N * C * high * wide).reshape(N, C, high, wide)
    view = np.lib.stride_tricks.sliding_window_view(numbers, (kh, kw), axis=(2, 3))[:, :, ::s, ::s]
    places = view.transpose(0, 2, 3, 1, 4, 5).reshape(col.shape)
    return np.bincount(places.ravel(), weights=col.ravel(), minlength=numbers.size).reshape(numbers.shape)


@right_answer
def by_counting_with_weights(col, shape, kh, kw, s, p):
    """A pixel number for every entry, and `np.bincount` sums the entries of each number: the transpose of a copying
    matrix in one call, as fast as the slices. It costs a table as large as `col`.
    """
    return added(col, shape, kh, kw, s, p)[:, :, p : p + shape[2], p : p + shape[3]]


@right_answer
def window_after_window(col, shape, kh, kw, s, p):
    """The definition, which needs no order of axes but that of the rows. Slow (a step in Python for each window), and
    the first thing to write: a fast version is tested against this one.
    """
    N, C, H, W = shape
    X = np.zeros((N, C, H + 2 * p, W + 2 * p))
    oh, ow = (H + 2 * p - kh) // s + 1, (W + 2 * p - kw) // s + 1
    for (n, y, x), row in zip(np.ndindex(N, oh, ow), col, strict=True):
        X[n, :, s * y : s * y + kh, s * x : s * x + kw] += row.reshape(C, kh, kw)
    return X[:, :, p : p + H, p : p + W]


@wrong_answer(
    passes=(a_lone_window_goes_back_where_it_came_from,),
    feedback="Overlapping windows must accumulate (+=): by assignment every pixel keeps only the last of its gradients.",
)
def assigned(col, shape, kh, kw, s, p):
    N, C, H, W = shape
    oh, ow = (H + 2 * p - kh) // s + 1, (W + 2 * p - kw) // s + 1
    c, X = col.reshape(N, oh, ow, C, kh, kw), np.zeros((N, C, H + 2 * p, W + 2 * p))
    for i in range(kh):
        for j in range(kw):
            X[:, :, i : i + s * oh : s, j : j + s * ow : s] = c[..., i, j].transpose(0, 3, 1, 2)
    return X[:, :, p : p + H, p : p + W]


@wrong_answer(
    passes=(a_lone_window_goes_back_where_it_came_from,),
    feedback="+= with arrays of indices adds only once where an index repeats. np.add.at adds every time; slices do too.",
)
def added_by_index(col, shape, kh, kw, s, p):
    N, C, H, W = shape
    numbers = np.arange(N * C * (H + 2 * p) * (W + 2 * p)).reshape(N, C, H + 2 * p, W + 2 * p)
    view = np.lib.stride_tricks.sliding_window_view(numbers, (kh, kw), axis=(2, 3))[:, :, ::s, ::s]
    X = np.zeros(numbers.size)
    X[view.transpose(0, 2, 3, 1, 4, 5).reshape(col.shape)] += col
    return X.reshape(numbers.shape)[:, :, p : p + H, p : p + W]


@wrong_answer(
    passes=(padding_is_cut_off,),
    feedback="You cut the padding off with p:-p. At p = 0 that is 0:-0, which is empty: cut from p to p + H instead.",
)
def cut_by_minus_p(col, shape, kh, kw, s, p):
    return added(col, shape, kh, kw, s, p)[:, :, p:-p, p:-p]


@wrong_answer(
    padding_is_cut_off,
    it_is_the_adjoint,
    feedback="These are the padded images, border and all. Cut the padding off, so that the result has the given shape.",
)
def border_and_all(col, shape, kh, kw, s, p):
    return added(col, shape, kh, kw, s, p)


@wrong_answer(
    a_lone_window_goes_back_where_it_came_from,
    high_and_wide_outputs,
    it_is_the_adjoint,
    feedback="The rows run up to s * oh, not s * ow: the memo's slip. It raises for most outputs that are not square, and is "
    "silently wrong for a single row.",
)
def rows_counted_with_the_width(col, shape, kh, kw, s, p):
    return memo_col2im(col, shape, kh, kw, s, p, True)


@wrong_answer(
    feedback="That is the memo as it stands: it assigns where gradients must add, and counts the rows with the width.",
)
def the_memo_as_it_stands(col, shape, kh, kw, s, p):
    return memo_col2im(col, shape, kh, kw, s, p)


@wrong_answer(
    padding_is_cut_off,
    it_is_the_adjoint,
    feedback="Cut the padding off on both sides, from p to p + H. Yours kept the upper left corner of the padded image.",
)
def padding_kept_in_front(col, shape, kh, kw, s, p):
    return added(col, shape, kh, kw, s, p)[:, :, : shape[2], : shape[3]]


@wrong_answer(
    passes=(a_lone_window_goes_back_where_it_came_from,),
    feedback="You divided by the number of windows. That re-assembles an image; a gradient is the sum, not the mean.",
)
def averaged(col, shape, kh, kw, s, p):
    sums, counts = (by_counting_with_weights(c, shape, kh, kw, s, p) for c in (col, np.ones(col.shape)))
    return sums / np.maximum(counts, 1)


@wrong_answer(
    passes=(ones_come_back_as_counts,),
    feedback="The rows of col run over (n, y, x) and the columns over (c, i, j): reshape to these axes first, then transpose.",
)
def without_transpose(col, shape, kh, kw, s, p):
    N, C, H, W = shape
    oh, ow = (H + 2 * p - kh) // s + 1, (W + 2 * p - kw) // s + 1
    shuffled = col.reshape(N, C, kh, kw, oh, ow).transpose(0, 4, 5, 1, 2, 3).reshape(col.shape)
    return by_counting_with_weights(shuffled, shape, kh, kw, s, p)


@wrong_answer(
    passes=(ones_come_back_as_counts,),
    feedback="Inside a window you wrote downwards. The entries of a row run over (i, j), row by row, as im2col took them.",
)
def windows_written_downwards(col, shape, kh, kw, s, p):
    turned = col.reshape(len(col), shape[1], kw, kh).transpose(0, 1, 3, 2).reshape(col.shape)
    return by_counting_with_weights(turned, shape, kh, kw, s, p)
