# %% [markdown]
# ## From where to where
#
# **Write `extent(x)`**, the smallest and the largest element of an array, each moved outwards by `margin`.

# %% imports
import numpy as np

from helpers.checking import check, expect_close, right_answer, wrong_answer

# %% given
margin = 0.5


# %% answer
def extent(x):
    """Return (min - margin, max + margin) of an array of any shape."""
    # BEGIN SOLUTION
    return np.min(x) - margin, np.max(x) + margin
    # END SOLUTION


# %% public checks
@check(points=1)
def of_three_numbers(extent):
    """The numbers 1, 2, 4 reach from 0.5 to 4.5."""
    expect_close(extent(np.array([1.0, 2.0, 4.0])), (0.5, 4.5), "extent([1, 2, 4])", parts=("low", "high"))


# %% hidden checks
@check(points=2, hidden=True)
def of_a_table(extent, rng):
    """It takes tables."""
    x = rng.normal(size=(3, 2))
    expect_close(extent(x), (x.min() - 0.5, x.max() + 0.5), "extent of a table", parts=("low", "high"))


# %% hints
UNTRIED = {"everything": "a fixture: input coverage has tests of its own"}
HINTS = ["Sort.", "Take both ends."]


# %% right and wrong answers
@right_answer
def by_sorting(x):
    x = np.sort(x, axis=None)
    return x[0] - margin, x[-1] + margin


@wrong_answer(feedback="The margin is missing.")
def without_margin(x):
    return np.min(x), np.max(x)
