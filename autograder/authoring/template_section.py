# %% [markdown]
# ## The root mean square
#
# Why should one care? Two to four sentences, with the picture before the formula. For numbers $x_1, \dots, x_n$,
#
# $$ \mathrm{rms}(x) = \sqrt{\frac{1}{n} \sum_{i} x_i^2}. $$
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | any | real numbers, at least one |
#
# **Write `root_mean_square(x)`**, the root mean square of all elements of `x`, a number.

# %% imports
import numpy as np

from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def root_mean_square(x):
    """Return the root mean square of all elements of x (any shape), a number."""
    # BEGIN SOLUTION
    return np.sqrt(np.mean(x**2))
    # END SOLUTION


# %% public checks
@check(points=1)
def three_and_four(root_mean_square):
    """The root mean square of 3 and 4 is the root of 12.5, by hand 3.5355."""
    observed = root_mean_square(np.array([3.0, 4.0]))
    expect_close(observed, np.sqrt(12.5), "the root mean square of [3, 4]")


# %% hidden checks
@check(points=1, hidden=True)
def doubling_the_data_doubles_it(root_mean_square, rng):
    """For data of any shape, it agrees with a plain loop, and doubling the data doubles it."""
    shapes = [(5,), (3, 3), (4, 1, 2), (2, 1, 3, 2), ()]
    for x in (
        *(np.array(rng.normal(size=shape)) for shape in shapes),
        np.array([[2, 0, 7], [2, 7, 7]]),
        900 * rng.normal(size=5),
        -1 - rng.random((2, 3)),
        1e-4 * rng.normal(size=(1, 3)),
        np.zeros(3),
    ):
        expected = (sum(float(one) ** 2 for one in x.ravel()) / x.size) ** 0.5
        observed, doubled = root_mean_square(x), root_mean_square(2 * x)
        expect_close(observed, expected, f"the root mean square of x of shape {x.shape}")
        expect_close(doubled, 2 * expected, f"the root mean square of 2 x, x of shape {x.shape}")


# %% hints
HINTS = [
    "Read the name from its end: which of square, mean and root comes first?",
    "Every element is squared on its own; the mean is over all of them, whatever the shape.",
]
UNTRIED = {}  # inputs that the statement excludes in words that no one else reads, as in {"x: negative": "lengths"}
WHY = """
Say here why the answer works, in two to five sentences: a student reads it beside the solution. Squares forget the
sign, so nothing cancels in their mean; the root brings the unit back.
"""
COVERS = []  # the items of syllabus.toml that this section settles, as in ["S1.1"]


# %% right and wrong answers
@right_answer
def with_a_norm(x):
    """The norm is the root of the sum: the mean's 1/n leaves the root as 1/sqrt(n)."""
    return np.linalg.norm(x.ravel()) / np.sqrt(x.size)


@wrong_answer(feedback="This is the mean square: the root that undoes the square is missing.")
def forgot_the_root(x):
    return np.mean(x**2)


@wrong_answer(feedback="You summed the squares: a mean also divides by how many there are.")
def not_a_mean(x):
    return np.sqrt(np.sum(x**2))
