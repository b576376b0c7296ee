# %% [markdown]
# ## Twice
#
# **Write `twice(f, x)`**, which is $f(f(x))$, and give **`dozen`**.

# %% imports
import numpy as np

from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def twice(f, x):
    """Return f(f(x))."""
    # BEGIN SOLUTION
    return f(f(x))
    # END SOLUTION


# %% answer
# BEGIN SOLUTION
dozen = 12
# END SOLUTION


# %% public checks
@check(points=1)
def of_doubling(twice):
    """Doubling twice is taking four times as much."""
    expect_close(twice(lambda x: 2 * x, 3.0), 12.0, "twice(doubling, 3)")


@check(points=1)
def is_twelve(dozen):
    """A dozen are twelve."""
    expect_close(dozen, 12, "dozen")


# %% hidden checks
@check(points=2, hidden=True)
def of_squares(twice, rng):
    """Squaring twice is the fourth power."""
    x = rng.normal(size=3)
    expect_close(twice(np.square, x), x**4, "twice(np.square, x)")


# %% hints
UNTRIED = {"everything": "a fixture: input coverage has tests of its own"}
HINTS = ["Call it.", "Call it again."]


# %% right and wrong answers
@right_answer
def by_a_loop(f, x):
    for _ in range(2):
        x = f(x)
    return x


@wrong_answer(feedback="This is f(x), once.")
def once(f, x):
    return f(x)


ten = wrong_answer(feedback="Ten is not a dozen.", instead_of=dozen)(10)
