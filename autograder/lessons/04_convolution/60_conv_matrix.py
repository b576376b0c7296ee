# %% [markdown]
# ## Convolution is a matrix
#
# "Linear" means: there is a matrix. Let us see the one of a convolution on a line, where it fits on a page. Take a kernel
# $k = (k_0, k_1, k_2)$ and five pixels. The 'valid' convolution has three numbers, $y_t = k_0 x_{t+2} + k_1 x_{t+1} + k_2
# x_t$, counted from the first full overlap, so
#
# $$ A = \begin{pmatrix} k_2 & k_1 & k_0 & & \\ & k_2 & k_1 & k_0 & \\ & & k_2 & k_1 & k_0 \end{pmatrix}, \qquad y = A x . $$
#
# Each row is the one above it, moved by one: constant along every diagonal, a **Toeplitz** matrix. Two savings stand side
# by side. A fully connected layer has 15 free numbers here. Where the matrix is *zero* a pixel is out of sight: the
# connections are local. Where it *repeats itself* the weights are shared. What is left of the 15 is 3.
#
# And its transpose is the backward pass. $A^\top$ takes three gradients to five pixels, moves the kernel down along the
# columns, and *adds* where they overlap. It is "full" where $A$ is "valid", and it turns the kernel the other way. That is
# col2im once more, drawn as a matrix.
#
# | argument | shape | meaning |
# |---|---|---|
# | `k` | `(m,)` | the kernel, an array or a list, of tiny numbers too |
# | `n` | int $\ge m$ | the length of the signal |
# | result | `(n - m + 1, n)` | floats |
#
# **Write `conv_matrix(k, n)`, so that `conv_matrix(k, n) @ x` is the valid true convolution of any `x` of length $n$ with
# `k`.**

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_array, expect_close, right_answer, wrong_answer


# %% answer
def conv_matrix(k, n):
    """Return the matrix (n - m + 1, n) of the valid true convolution of n numbers with a kernel k (m,)."""
    # BEGIN SOLUTION
    m = len(k)
    matrix = np.zeros((n - m + 1, n))
    for row in range(n - m + 1):
        matrix[row, row : row + m] = k[::-1]
    return matrix
    # END SOLUTION


# %% public checks
@check(points=0.5)
def three_pixels_make_one(conv_matrix):
    """(1, 0, 1) on three pixels is a matrix of a single row, and takes (1, 2, 3) to 4."""
    matrix = expect_array(conv_matrix([1.0, 0.0, 1.0], 3), (1, 3), "conv_matrix([1, 0, 1], 3)")
    expect_close(matrix @ np.array([1.0, 2.0, 3.0]), [4.0], "conv_matrix([1, 0, 1], 3) @ [1, 2, 3]")


@check(points=0.5)
def a_clap_in_the_middle(conv_matrix):
    """With the kernel (1, 2, 3) the middle one of five pixels contributes 1, 2 and 3 to the three outputs."""
    matrix = expect_array(conv_matrix([1.0, 2.0, 3.0], 5), (3, 5), "conv_matrix([1, 2, 3], 5)")
    expect_close(matrix @ np.array([0.0, 0.0, 1.0, 0.0, 0.0]), [1.0, 2.0, 3.0], "its middle column")


# %% hidden checks
@check(points=1, hidden=True)
def it_convolves_any_signal(conv_matrix, rng):
    """For kernels of any length and size, integers too, the product with a random signal is the sum of the definition."""
    for m, n in [(1, 3), (2, 2), (2, 6), (3, 7), (4, 4), (5, 6)]:
        k, x = rng.normal(size=m), rng.normal(size=n)
        expected = np.array([sum(k[j] * x[t - j] for j in range(m)) for t in range(m - 1, n)])
        matrix = expect_array(conv_matrix(k, n), (n - m + 1, n), f"conv_matrix of {m} taps, n = {n}")
        expect_close(matrix @ x, expected, f"conv_matrix of {m} taps, n = {n}, times x")
    expect_close(conv_matrix([1, 2], 3), [[2.0, 1.0, 0.0], [0.0, 2.0, 1.0]], "conv_matrix([1, 2], 3)")


@check(points=1, hidden=True)
def its_entries(conv_matrix, rng):
    """Entry (t, u) is the tap m - 1 + t - u where there is one, and 0 elsewhere."""
    for m, n, size in [(3, 6, 1), (2, 5, 1), (1, 4, 1), (4, 5, 1), (4, 4, 1), (1, 1, 1), (3, 5, 1e4), (2, 4, 1e-305)]:
        k = size * rng.normal(size=m)
        expected = [[k[m - 1 + t - u] if 0 <= m - 1 + t - u < m else 0.0 for u in range(n)] for t in range(n - m + 1)]
        expect_close(conv_matrix(k, n), expected, f"conv_matrix of {m} taps, n = {n}", atol=0)
    expected = [[-2.0, -2.0, 0.0], [0.0, -2.0, -2.0]]
    expect_close(conv_matrix(np.array([-2.0, -2.0]), 3), expected, "conv_matrix([-2, -2], 3)")
    expected = [[-1.0, 0.0, 3.0, 0.0], [0.0, -1.0, 0.0, 3.0]]
    expect_close(conv_matrix(np.array([3.0, 0.0, -1.0]), 4), expected, "conv_matrix([3, 0, -1], 4)")


# %% hints
HINTS = [
    "Row t holds what each pixel contributes to output t. Which pixels lie under the kernel then?",
    "The pixel with the smallest index meets the tap with the largest: convolution turns the kernel around.",
    "Each row is the row above moved to the right by one.",
]
WHY = """
Output $t$ sees the pixels from $t$ to $t + m - 1$, and the first of them meets the *last* tap: so each row is
`k[::-1]`, one place further to the right than the row above. The turn stands in the code once. Without it
`conv_matrix([1, 0, 1], 3)` would still be right, and every kernel that is not symmetric wrong. All that is not
written to stays 0: those are the connections that a local layer does not have.
"""
COVERS = ["S0.u"]
KERNELS = [kernels.conv_matrix]

# %% [markdown]
# **See it.** The matrix of a kernel of three taps on seven pixels, and its transpose at work. Five gradients go back to seven
# pixels. The same comes out if they are convolved, in full, with the kernel turned around: the backward pass of a
# convolution is a convolution.

# %% experiment
matrix_of, convolved_with = grader.yours("conv_matrix"), grader.yours("conv1d")
A = matrix_of([1.0, 2.0, 3.0], 7)
print(A.astype(int))
print(f"{A.size} entries, {np.count_nonzero(A)} of them not zero, {len(np.unique(A)) - 1} different ones")
upstream = np.array([1.0, 0.0, 0.0, 2.0, 1.0])
print("A^T g:                           ", A.T @ upstream)
print("g convolved with (3, 2, 1), full:", convolved_with(upstream, [3.0, 2.0, 1.0], "full"))


# %% right and wrong answers
@right_answer
def one_diagonal_for_each_tap(k, n):
    """Reads the matrix along its diagonals: tap j stands on one of them and nowhere else. That is weight sharing, as
    code, and takes m steps where the rows take n - m + 1. SciPy's `linalg.toeplitz` builds on the same.
    """
    m = len(k)
    return sum(float(k[j]) * np.eye(n - m + 1, n, m - 1 - j) for j in range(m))


@right_answer
def what_each_pixel_contributes(k, n):
    """Column by column: the answer to a lone 1 at pixel u *is* column u. This finds the matrix of any linear map that
    one can only call, a layer, im2col, a whole linear network, for the price of one call a pixel.
    """
    return np.stack([np.convolve(pixel, k)[len(k) - 1 : n] for pixel in np.eye(n)], axis=1)


@wrong_answer(
    passes=(three_pixels_make_one,),
    feedback="The kernel stands in your rows as it is: that is cross-correlation. Convolution turns it around.",
)
def unturned(k, n):
    return one_diagonal_for_each_tap(k[::-1], n)


@wrong_answer(feedback="That is the matrix of the full convolution, n + m - 1 rows. 'valid' has n - m + 1.")
def full(k, n):
    return np.stack([np.convolve(pixel, k) for pixel in np.eye(n)], axis=1)


@wrong_answer(feedback="Transposed: that is the operator of the backward pass, from outputs to pixels.")
def transposed(k, n):
    return one_diagonal_for_each_tap(k, n).T


@wrong_answer(
    feedback="Your kernel goes round in a circle: n rows, the last of which begin again on the left. 'valid' stops at the end."
)
def circular(k, n):
    first = np.zeros(n)
    first[: len(k)] = k[::-1]
    return np.stack([np.roll(first, t) for t in range(n)]) if n > len(k) else np.stack([first] * n)


@wrong_answer(
    passes=(three_pixels_make_one,),
    feedback="Every row holds the kernel at the same place. It must move to the right by one from row to row.",
)
def it_does_not_move(k, n):
    return np.tile(one_diagonal_for_each_tap(k, n)[:1], (n - len(k) + 1, 1))
