# %% [markdown]
# ## The price of im2col
#
# Nothing is free. im2col buys one large matrix product, and pays in memory: a pixel is stored once for every window that
# it lies in, and with padding the zeros of the border are stored too.
#
# Take a layer as it stands in the middle of a network. `x` has shape `(8, 16, 56, 56)`; the kernel is 3 x 3, the stride 1, the
# padding 1.
#
# **How many times as many numbers as `x` does its im2col matrix hold?** Set `price_of_im2col` to this number (tolerance
# $10^{-6}$). Count rows and columns; no code is needed.

# %% imports
from helpers.checking import check, expect, expect_array, expect_close, right_answer, wrong_answer

# %% answer
price_of_im2col = (
    # BEGIN SOLUTION
    8 * 56 * 56 * 16 * 3 * 3 / (8 * 16 * 56 * 56)
    # END SOLUTION
)


# %% checks
@check(points=0)
def it_is_a_number(price_of_im2col):
    """It is a number, and not less than 1. (Whether it is the right one, the grading will say.)"""
    price = float(expect_array(price_of_im2col, (), "price_of_im2col"))
    expect(price >= 1, f"price_of_im2col is {price:g}.", "How many times as many: at least 1.")


@check(points=2, hidden=True)
def rows_times_columns(price_of_im2col):
    """It is rows times columns of the matrix, over the numbers in x."""
    # The output is as large as the input: (56 + 2 - 3)/1 + 1 = 56.
    rows, columns = 8 * 56 * 56, 16 * 3 * 3
    expect_close(price_of_im2col, rows * columns / (8 * 16 * 56 * 56), "price_of_im2col", rtol=0, atol=1e-6)


# %% hints
HINTS = [
    "How many windows are there in one image, and how many numbers does a window hold?",
    "Divide by the numbers in x, factor by factor. Nearly everything cancels.",
]
WHY = r"""
One row for each window, and with padding 1 a 3 x 3 window has as many places as there are pixels: $56^2$ an image.
One column for each number in a window, $16 \cdot 9$. Images, channels and places cancel against those of `x`, and the
taps are left.
"""
COVERS = ["S4.6"]

# %% [markdown]
# **In general** it is about $k_h k_w / s^2$ times as many. At the border it may be less, for pixels there lie in fewer
# windows, and with padding a little more, as the last lines below show.
#
# **Is it worth it?** The cell measures memory and time of a layer that loops over output places, one after the other, and of
# the same layer by way of im2col. (For one small image: the loops would need minutes for a real batch.) Libraries avoid
# both. They build the columns for a few images at a time, or never in full; so do the kernels of this course.

# %% experiment
import time

columns_of, draws = grader.yours("im2col"), np.random.default_rng(0)
x, W = draws.normal(size=(1, 8, 24, 24)), draws.normal(size=(16, 8, 3, 3))


def by_loops(x, W):
    """One number of the output after the other."""
    out = np.zeros((1, 16, 22, 22))
    for f, y, z in np.ndindex(16, 22, 22):
        out[0, f, y, z] = np.sum(x[0, :, y : y + 3, z : z + 3] * W[f])
    return out


start = time.perf_counter()
slow = by_loops(x, W)
middle = time.perf_counter()
col = columns_of(x, 3, 3, 1, 0)
fast = (col @ W.reshape(16, -1).T).reshape(1, 22, 22, 16).transpose(0, 3, 1, 2)
end = time.perf_counter()
print("the same numbers:", np.allclose(slow, fast), f"  columns over pixels: {col.size / x.size:.2f}")
print(f"loops {1e3 * (middle - start):.0f} ms, im2col {1e3 * (end - middle):.1f} ms")
for taps, stride in ((5, 1), (5, 2), (3, 3)):
    size = columns_of(np.zeros((1, 1, 56, 56)), taps, taps, stride, 1).size
    print(f"56 x 56 pixels, {taps} x {taps}, stride {stride}, padding 1: {size / 56**2:.2f} times the pixels", end=", ")
    print(f"k^2/s^2 = {taps**2 / stride**2:.2f}")

# %% right and wrong answers
as_a_fraction = right_answer(8 * 56 * 56 * 144 / (8 * 16 * 56 * 56))
three = wrong_answer(rows_times_columns, feedback="A 3 x 3 window holds nine pixels of a channel, not three.")(3.0)
channels_twice = wrong_answer(
    rows_times_columns, feedback="The 16 channels are in x already: do not count them twice."
)(144.0)
padded_windows = wrong_answer(
    rows_times_columns,
    feedback="The number of windows is the size of the output, 56 x 56, not that of the padded image, 58 x 58.",
)(9 * 58**2 / 56**2)
without_padding = wrong_answer(
    rows_times_columns,
    feedback="Without the padding there are 54 x 54 windows. With padding 1 there are as many as pixels.",
)(9 * 54**2 / 56**2)
the_count = wrong_answer(
    rows_times_columns, feedback="That is the number of entries itself. Divide it by the number of entries of x."
)(8.0 * 56 * 56 * 16 * 9)
upside_down = wrong_answer(feedback="You divided x by the matrix. The matrix is the larger one.")(1 / 9)
