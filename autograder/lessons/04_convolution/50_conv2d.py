# %% [markdown]
# ## The convolution layer
#
# Everything is in place. A layer holds $F$ filters, each as deep as its input and as small as a window. Every filter goes
# over the whole image, and its answers make one channel of the output. With $X$ the padded input,
#
# $$ \mathrm{out}_{nfyx} = b_f + \sum_{c, i, j} W_{fcij}\; X_{n,\,c,\,sy + i,\,sx + j} . $$
#
# The kernel is *not* turned around: this is cross-correlation, as in every deep-learning library. Let $G_{nfyx}$ be the
# gradient that arrives from above. The sum above is linear in each of its three ingredients, so each gradient holds the
# other ingredient, and sums over whatever the result does not have. Follow the indices line by line:
#
# $$ \begin{aligned}
#   \frac{\partial L}{\partial b_f} &= \sum_{n, y, x} G_{nfyx}
#       && \text{one } b_f \text{ for all images and all places} \\
#   \frac{\partial L}{\partial W_{fcij}} &= \sum_{n, y, x} G_{nfyx}\; X_{n,\,c,\,sy + i,\,sx + j}
#       && \text{one weight, used at every place} \\
#   \frac{\partial L}{\partial X_{ncuv}} &= \sum_{f} \;\sum_{\substack{y, i:\; sy + i = u \\ x, j:\; sx + j = v}}
#       G_{nfyx}\; W_{fcij} && \text{one pixel, used by every window over it.}
# \end{aligned} $$
#
# The last line is col2im again: every window sends $G\,W$ back to its pixels, and what arrives is added. Then the padding
# is cut off. In matrices, with one row for each window, it is the affine layer of lesson 1 between im2col and its adjoint:
#
# $$ \mathrm{out} = \mathrm{col}\,W^\top + b, \qquad dW = G^\top \mathrm{col}, \qquad
#    dx = \mathrm{col2im}(G\,W) . $$
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | `(N, C, H, W)` | images |
# | `W`, `b` | `(F, C, kh, kw)`, `(F,)` | filters and offsets |
# | `s`, `p` | ints | stride $\ge 1$ and padding $\ge 0$; at least one window fits |
# | `dout` | `(N, F, oh, ow)` | the gradient $G$ from above |
# | results | as `dout`, `x`, `W`, `b` | `out`, `dx`, `dW`, `db` |
#
# **Write `conv2d(x, W, b, s, p, dout)`, which returns `(out, dx, dW, db)`**: the output, and the gradients of
# `sum(out * dout)`. A loop over the $k_h \cdot k_w$ taps is all you need; `np.einsum` reads like the formulas. The answer
# stands alone: what it needs of `im2col`, write it in here. For four images of 32 x 32 pixels that takes milliseconds, and
# even loops over all places and taps take a second; to move each pixel in turn and to look at the output takes far too long.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_array, expect_close, expect_parts, is_pure, right_answer, wrong_answer

PARTS = ("out", "dx", "dW", "db")


# %% answer
def conv2d(x, W, b, s, p, dout):
    """Return (out, dx, dW, db) of a layer with filters W (F, C, kh, kw) on images x (N, C, H, W)."""
    # BEGIN SOLUTION
    height, width = x.shape[2:]
    kh, kw = W.shape[2:]
    oh, ow = dout.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    out = np.zeros(dout.shape) + b[:, None, None]
    dpadded, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for i in range(kh):
        for j in range(kw):
            # What tap (i, j) sees: one pixel for each place of the output.
            seen = (..., slice(i, i + s * oh, s), slice(j, j + s * ow, s))
            out += np.einsum("fc,ncyx->nfyx", W[:, :, i, j], padded[seen])
            dW[:, :, i, j] = np.einsum("nfyx,ncyx->fc", dout, padded[seen])
            dpadded[seen] += np.einsum("nfyx,fc->ncyx", dout, W[:, :, i, j])
    return out, dpadded[:, :, p : p + height, p : p + width], dW, dout.sum(axis=(0, 2, 3))
    # END SOLUTION


# %% public checks
@check(points=1)
def ones_by_hand(conv2d):
    """For x, W, dout of ones, 3 x 3 pixels under 2 x 2: every output is 4, so is dW, so is db, and dx counts windows."""
    got = conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), np.zeros(1), 1, 0, np.ones((1, 1, 2, 2)))
    counts = [[[[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]]]
    fours = np.full((1, 1, 2, 2), 4.0)
    expect_close(got, (fours, np.array(counts), fours, np.array([4.0])), "conv2d(ones)", parts=PARTS)


@check(points=1)
def a_line_by_hand(conv2d):
    """x = (1, 2, 4), W = (1, 3), b = 1/2, dout = (1, 10): out = (7.5, 14.5), dx = (1, 13, 30), dW = (21, 42), db = 11."""

    def line(*values):
        """Values as an image, or a filter, of a single row."""
        return np.array(values, dtype=float).reshape(1, 1, 1, -1)

    got = conv2d(line(1, 2, 4), line(1, 3), np.array([0.5]), 1, 0, line(1, 10))
    expected = (line(7.5, 14.5), line(1, 13, 30), line(21, 42), np.array([11.0]))
    expect_close(got, expected, "conv2d((1, 2, 4), (1, 3), ...)", parts=PARTS)


# %% hidden checks
SETTINGS = [(2, 2, 5, 5, 3, 3, 3, 1, 1), (2, 3, 5, 7, 2, 3, 2, 2, 0), (1, 2, 6, 6, 2, 3, 3, 2, 0),
            (2, 3, 3, 3, 4, 1, 1, 1, 0), (1, 2, 4, 4, 2, 2, 2, 1, 0), (2, 1, 4, 6, 2, 3, 2, 3, 2), (1, 2, 2, 5, 1, 2, 2, 1, 0),
            (2, 2, 3, 4, 2, 2, 2, 1, 1, 1e4), (2, 1, 4, 2, 3, 2, 2, 1, 0, -1.0),
            (2, 1, 4, 1, 2, 2, 1, 1, 0)]  # fmt: skip


def draw(rng, count, channels, height, width, filters, kh, kw, s, p, size=1.0):
    """Random arguments of a layer, all of this size; where it is negative, so are they, and the offsets are equal."""
    oh, ow = (height + 2 * p - kh) // s + 1, (width + 2 * p - kw) // s + 1
    shapes = (count, channels, height, width), (filters, channels, kh, kw), (filters,), (count, filters, oh, ow)
    x, w, b, dout = (size * rng.normal(size=shape) for shape in shapes)
    if size < 0:
        x, w, b, dout = -np.abs(x), -np.abs(w), np.full(filters, size), -np.abs(dout)
    return x, w, b, s, p, dout


def described(args):
    """The shapes and settings of a layer's arguments, for messages."""
    return f"x {args[0].shape}, W {args[1].shape}, s = {args[3]}, p = {args[4]}"


def place_by_place(x, w, b, s, p, dout):
    """The four results, one place of the output after the other."""
    kh, kw = w.shape[2:]
    padded = np.zeros((*x.shape[:2], x.shape[2] + 2 * p, x.shape[3] + 2 * p))
    inside = (..., slice(p, p + x.shape[2]), slice(p, p + x.shape[3]))
    padded[inside] = x
    out, back, dw, db = np.zeros(dout.shape), np.zeros(padded.shape), np.zeros(w.shape), np.zeros(b.shape)
    for n, f, y, z in np.ndindex(dout.shape):
        window = (n, slice(None), slice(s * y, s * y + kh), slice(s * z, s * z + kw))
        out[n, f, y, z] = (padded[window] * w[f]).sum() + b[f]
        back[window] += dout[n, f, y, z] * w[f]
        dw[f] += dout[n, f, y, z] * padded[window]
        db[f] += dout[n, f, y, z]
    return out, back[inside], dw, db


@check(points=1, hidden=True)
def the_output(conv2d, rng):
    """For any stride, padding and shape the output is the sum over channels and taps, plus the offset."""
    for setting in SETTINGS:
        args = draw(rng, *setting)
        expected, *_ = place_by_place(*args)
        out, *_ = expect_parts(conv2d(*args), PARTS, "conv2d")
        expect_close(out, expected, f"out of conv2d, {described(args)}")


@check(points=1.5, hidden=True)
def what_the_images_get(conv2d, rng):
    """dx sums what all windows over a pixel send back; pixels that no window reads get 0."""
    for setting in SETTINGS:
        args = draw(rng, *setting)
        _, expected, *_ = place_by_place(*args)
        _, dx, *_ = expect_parts(conv2d(*args), PARTS, "conv2d")
        expect_close(dx, expected, f"dx of conv2d, {described(args)}")
    # So large that who moves pixel by pixel is not done in time. Windows of another x, times dout, are dx times that x.
    args = draw(rng, 4, 2, 32, 32, 3, 3, 3, 1, 0)
    other = rng.normal(size=args[0].shape)
    windows = np.lib.stride_tricks.sliding_window_view(other, (3, 3), axis=(2, 3))
    expected = np.sum(np.einsum("ncyxij,fcij->nfyx", windows, args[1]) * args[5])
    _, dx, *_ = expect_parts(conv2d(*args), PARTS, "conv2d")
    dx = expect_array(dx, other.shape, f"dx of conv2d, {described(args)}")
    expect_close(np.sum(dx * other), expected, f"dx times random images, {described(args)}", atol=1e-9)


@check(points=1, hidden=True)
def what_the_weights_get(conv2d, rng):
    """dW and db are sums over all images and places."""
    for setting in SETTINGS:
        args = draw(rng, *setting)
        _, _, *expected = place_by_place(*args)
        _, _, *got = expect_parts(conv2d(*args), PARTS, "conv2d")
        expect_close(tuple(got), tuple(expected), f"conv2d, {described(args)}", parts=("dW", "db"))


@check(points=0.5, hidden=True)
def the_gradients_predict_the_change(conv2d, rng):
    """Moving x, W and b along random directions changes sum(out * dout) by as much as the gradients say."""
    x, w, b, s, p, dout = draw(rng, 2, 2, 5, 4, 3, 3, 2, 2, 1)
    gradients = expect_parts(conv2d(x, w, b, s, p, dout.copy()), PARTS, "conv2d")[1:]
    for place, name in enumerate(("x", "W", "b")):
        moved = [[x, w, b], [x, w, b]]
        step = rng.normal(size=moved[0][place].shape)
        moved[0][place], moved[1][place] = moved[0][place] + step, moved[1][place] - step
        up, down = (
            expect_array(expect_parts(conv2d(*one, s, p, dout.copy()), PARTS, "conv2d")[0], dout.shape, "out")
            for one in moved
        )
        gradient = expect_array(gradients[place], step.shape, f"d{name}")
        expect_close(np.sum(gradient * step), np.sum((up - down) * dout) / 2, f"the change that d{name} predicts")


# %% hints
HINTS = [
    "Fix one tap (i, j). The pixels that it sees, over all places, are one slice of the padded images with step s.",
    "For that tap all three sums are products of two arrays over some letters: n, f, c, y, x. Which letters survive?",
    "Forward you read from the slice. For dx you add to the same slice of an array of zeros, padded like x.",
    "b is shared by all images and all places. Cut the padding off dx at the very end, on both sides.",
]
WHY = """
For one tap all three sums run over the same pixels, so one slice `seen` serves three times: it is read for `out`,
read for `dW`, and added to for `dx`. In each `einsum` the letters behind the arrow are the shape of what is wanted,
and every other letter is summed over, as in the formulas. The line that matters is `dpadded[seen] += ...`: windows
overlap, and a plain `=` would keep the last message only. `b` was spread over images and places, so `db` sums over
just these axes.
"""
COVERS = ["S4.6", "S4.7b", "S1.19a"]
KERNELS = [kernels.conv2d, kernels.winograd_forward, kernels.numerical_gradient]

# %% [markdown]
# **One set of weights, everywhere.** What the layer buys is seen best by moving the picture. Below, one filter looks at a
# bright square, and at the same square two pixels further. The answers move along, by two pixels: the layer is
# *equivariant*, not invariant. With stride 2 a move by one pixel is another matter. The grid does not move half a step, and
# the answers change.

# %% experiment
layer = grader.yours("conv2d")
scene, moved = np.zeros((1, 1, 12, 12)), np.zeros((1, 1, 12, 12))
scene[..., 4:8, 2:5] = 1.0
moved[..., 4:8, 4:7] = 1.0
edge = np.array([[[[1.0, -1.0], [1.0, -1.0]]]])


def answers(image, stride):
    """The layer's answers to one image, without an offset."""
    size = (12 - 2) // stride + 1
    return layer(image, edge, np.zeros(1), stride, 0, np.zeros((1, 1, size, size)))[0][0, 0]


print(
    "row 5 of the answers:    ",
    answers(scene, 1)[5].astype(int),
    "\nthe square 2 further on: ",
    answers(moved, 1)[5].astype(int),
)
shifted = np.roll(scene, 1, axis=3)
print(
    "stride 2:                ",
    answers(scene, 2)[2].astype(int),
    "\nthe square 1 further on: ",
    answers(shifted, 2)[2].astype(int),
)


# %% right and wrong answers
def by_columns(x, W, b, s, p, dout, flip=False, assign=False):
    """im2col, one affine layer, col2im; the ways in which it can go wrong are switches."""
    filters = W[:, :, ::-1, ::-1] if flip else W
    kh, kw = W.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    numbers = np.arange(padded.size).reshape(padded.shape)
    view = np.lib.stride_tricks.sliding_window_view(numbers, (kh, kw), axis=(2, 3))[:, :, ::s, ::s]
    places = view.transpose(0, 2, 3, 1, 4, 5).reshape(-1, W[0].size)
    col, rows = padded.ravel()[places], dout.transpose(0, 2, 3, 1).reshape(-1, len(W))
    out = (col @ filters.reshape(len(W), -1).T + b).reshape(len(x), *dout.shape[2:], len(W)).transpose(0, 3, 1, 2)
    dcol, dpadded = rows @ filters.reshape(len(W), -1), np.zeros(padded.size)
    if assign:
        for tap in range(places.shape[1]):
            dpadded[places[:, tap]] = dcol[:, tap]
    else:
        np.add.at(dpadded, places, dcol)
    dW = (rows.T @ col).reshape(W.shape)
    return out, dpadded.reshape(padded.shape), dW[:, :, ::-1, ::-1] if flip else dW, rows.sum(axis=0)


def cut(results, x, p):
    """The results with the padding cut off dx."""
    out, dpadded, dW, db = results
    return out, dpadded[:, :, p : p + x.shape[2], p : p + x.shape[3]], dW, db


@right_answer
def one_matrix_product(x, W, b, s, p, dout):
    """im2col, an affine layer, im2col's adjoint: out = col Wᵀ + b, dW = Gᵀ col, dcol = G W, each of them one product of
    two matrices, for which libraries are tuned. The price is `col`, which holds about $k_h k_w / s^2$ times the
    numbers of `x`.
    """
    (F, C, kh, kw), (oh, ow) = W.shape, dout.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))[:, :, ::s, ::s]
    col = windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, C * kh * kw)
    rows, filters = dout.transpose(0, 2, 3, 1).reshape(-1, F), W.reshape(F, -1)
    out = (col @ filters.T + b).reshape(-1, oh, ow, F).transpose(0, 3, 1, 2)
    sent = (rows @ filters).reshape(-1, oh, ow, C, kh, kw).transpose(0, 3, 1, 2, 4, 5)
    back = np.zeros(padded.shape)
    for i, j in np.ndindex(kh, kw):
        back[:, :, i : i + s * oh : s, j : j + s * ow : s] += sent[..., i, j]
    dx = back[:, :, p : p + x.shape[2], p : p + x.shape[3]]
    return out, dx, (rows.T @ col).reshape(W.shape), rows.sum(axis=0)


@wrong_answer(
    passes=(
        ones_by_hand,
        the_gradients_predict_the_change,
    ),
    feedback="You turned the kernel around. Deep-learning layers compute cross-correlation: W as it stands.",
)
def turned_around(x, W, b, s, p, dout):
    return cut(by_columns(x, W, b, s, p, dout, flip=True), x, p)


@wrong_answer(
    passes=(
        the_output,
        what_the_weights_get,
    ),
    feedback="dx must accumulate (+=) over overlapping windows: yours keeps what the last one sent.",
)
def assigned(x, W, b, s, p, dout):
    return cut(by_columns(x, W, b, s, p, dout, assign=True), x, p)


@wrong_answer(
    passes=(
        the_output,
        what_the_images_get,
    ),
    feedback="The offset is shared by all places: db sums over batch and space. Yours takes the mean over space.",
)
def mean_for_db(x, W, b, s, p, dout):
    out, dx, dW, _ = one_matrix_product(x, W, b, s, p, dout)
    return out, dx, dW, dout.sum(axis=0).mean(axis=(1, 2))


@wrong_answer(
    what_the_weights_get,
    the_gradients_predict_the_change,
    feedback="You averaged dW over the images. The layer passes on the gradient of a sum; the loss decides about means.",
)
def mean_for_dw(x, W, b, s, p, dout):
    out, dx, dW, db = one_matrix_product(x, W, b, s, p, dout)
    return out, dx, dW / len(x), db


@wrong_answer(
    a_line_by_hand,
    the_output,
    the_gradients_predict_the_change,
    feedback="You left the offset b out of the forward pass.",
)
def without_b(x, W, b, s, p, dout):
    out, dx, dW, db = one_matrix_product(x, W, b, s, p, dout)
    return out - b[:, None, None], dx, dW, db


@wrong_answer(
    what_the_images_get,
    the_gradients_predict_the_change,
    feedback="dx is the gradient of the padded images, or a wrong part of it: cut off p rows and columns on each side.",
)
def padding_kept_in_front(x, W, b, s, p, dout):
    out, dpadded, dW, db = by_columns(x, W, b, s, p, dout)
    return out, dpadded[:, :, : x.shape[2], : x.shape[3]], dW, db


@wrong_answer(
    a_line_by_hand,
    what_the_images_get,
    the_gradients_predict_the_change,
    feedback="For dx you correlated dout with W as it stands. Going back, tap (i, j) returns to where it read, so the "
    "kernel acts turned around.",
)
def dx_by_an_unturned_kernel(x, W, b, s, p, dout):
    out, _, dW, db = one_matrix_product(x, W, b, s, p, dout)
    return out, one_matrix_product(x, W[:, :, ::-1, ::-1], b, s, p, dout)[1], dW, db


@wrong_answer(
    passes=(
        the_output,
        what_the_weights_get,
    ),
    feedback="+= with arrays of indices adds only once where an index repeats: overlapping windows lose gradients in dx.",
)
def added_by_index(x, W, b, s, p, dout):
    out, _, dW, db = one_matrix_product(x, W, b, s, p, dout)
    shape = (*x.shape[:2], x.shape[2] + 2 * p, x.shape[3] + 2 * p)
    numbers = np.arange(np.prod(shape)).reshape(shape)
    view = np.lib.stride_tricks.sliding_window_view(numbers, W.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
    flat = np.zeros(numbers.size)
    flat[view.transpose(0, 2, 3, 1, 4, 5)] += np.einsum("nfyx,fcij->nyxcij", dout, W)
    return cut((out, flat.reshape(shape), dW, db), x, p)


@wrong_answer(
    ones_by_hand,
    a_line_by_hand,
    what_the_images_get,
    feedback="You cut the padding off dx with p:-p. At p = 0 that is 0:-0, which is empty: cut from p to p + H instead.",
)
def cut_by_minus_p(x, W, b, s, p, dout):
    out, dpadded, dW, db = by_columns(x, W, b, s, p, dout)
    return out, dpadded[:, :, p:-p, p:-p], dW, db


@wrong_answer(
    what_the_images_get,
    the_gradients_predict_the_change,
    feedback="Your dx still has its border of padding. Cut it off on all four sides, so that dx has the shape of x.",
)
def border_and_all(x, W, b, s, p, dout):
    return by_columns(x, W, b, s, p, dout)


@wrong_answer(
    is_pure,
    feedback="The results are right, but dout was changed on the way: an in-place operation wrote into an argument.",
)
def wrote_into_dout(x, W, b, s, p, dout):
    results = one_matrix_product(x, W, b, s, p, dout)
    dout *= W.mean()
    return results
