# %% [markdown]
# ## Shares
#
# **Write `shares(a)`**, the softmax of a vector of shape `(K,)`.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer

# %% experiment
heights = [3.0, 1.0]
largest = max(heights)


def lowered(a):
    """The vector with its largest element at 0."""
    return np.asarray(a) - np.max(a)


def powers(a):
    """e to the lowered vector."""
    return np.exp(lowered(a))


print("lowered:", lowered(heights), largest)


# %% answer
def shares(a):
    """Return exp(a) / sum exp(a), shape (K,)."""
    # BEGIN SOLUTION
    e = np.exp(np.asarray(a) - np.max(a))
    return e / np.sum(e)
    # END SOLUTION


# %% public checks
@check(points=1)
def of_equals(shares):
    """Equal logits have equal shares."""
    expect_close(shares(np.zeros(4)), np.full(4, 0.25), "shares([0, 0, 0, 0])")


# %% hidden checks
@check(points=2, hidden=True)
def of_any(shares, rng):
    """Shares are powers over their sum."""
    a = rng.normal(size=5)
    expect_close(shares(a), np.exp(a) / np.sum(np.exp(a)), "shares of random logits")


# %% hints
UNTRIED = {"everything": "a fixture: input coverage has tests of its own"}
HINTS = ["Lower.", "Divide."]
KERNELS = [kernels.softmax]


# %% right and wrong answers
@right_answer
def by_logs(a):
    return np.exp(a - np.log(np.sum(np.exp(a))))


@wrong_answer(feedback="The shares add up to 1: divide by their sum.")
def undivided(a):
    return np.exp(a)


# %% experiment
halves = shares(np.zeros(2))
