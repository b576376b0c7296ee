# %% [markdown]
# ## Twice as much
#
# **Write `double(x)`**, a number.

# %% imports
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def double(x):
    """Return 2 x."""
    # BEGIN SOLUTION
    return x * 2
    # END SOLUTION


# %% checks
@check(points=1)
def twice_three(double):
    """Twice three is six."""
    expect_close(double(3.0), 6.0, "double(3)")


@check(points=1, hidden=True)
def twice_any(double, rng):
    """It is right for any number."""
    x = rng.normal()
    expect_close(double(x), x + x, "double of a random number")


# %% hints
NOT_PROBED = ("everything",)
UNTRIED = {"everything": "a fixture: input coverage has tests of its own"}
HINTS = ["Multiply.", "By two."]
WHY = """Doubling is *linear*: $2 x$ is $x + x$."""


# %% right and wrong answers
@right_answer
def by_adding(x):
    """Needs no multiplication, which matters on a machine that has none."""
    return x + x


@right_answer
def by_halving(x):
    return x / 0.5


@wrong_answer(feedback="This is the square of x, which equals 2 x only at 0 and at 2.")
def squared(x):
    return x * x


@wrong_answer(feedback="This is x itself.")
def unchanged(x):
    return x


@wrong_answer(passes=(twice_three,), feedback="This is six, whatever x is.")
def always_six(x):
    return 6.0
