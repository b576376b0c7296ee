# %% [markdown]
# ## Two answers
#
# **Write `double(x)` and `triple(x)`**, and give the number `six`.

# %%
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def double(x):
    """Return 2 x."""
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION


# %% answer
def triple(x):
    """Return 3 x."""
    # BEGIN SOLUTION
    return 3 * x
    # END SOLUTION


# BEGIN SOLUTION
six = 6
# END SOLUTION


# %%
@check(points=1)
def double_of_three(double):
    """Twice three is six."""
    expect_close(double(3.0), 6.0, "double(3)")


@check(points=1, hidden=True)
def triple_of_two(triple, double, rng):
    """Three times two is six, one more than once and twice together allow."""
    expect_close(triple(2.0), 6.0, "triple(2)")
    expect_close(double(-1.0), -2.0, "double(-1)")
    x = rng.uniform(3, 9)
    expect_close(triple(x), 3 * x, f"triple({x:g})")


@check(points=0.5, hidden=True)
def six_is_six(six):
    """Six is six."""
    expect_close(six, 6, "six")


# %%
NOT_PROBED = ("everything",)  # what the probes see has tests of its own
UNTRIED = {"everything": "a fixture: input coverage has tests of its own"}
HINTS = ["Multiply.", "By two, and by three."]
WHY = "A product is a repeated sum."


@right_answer(instead_of=triple)
def by_adding_three_times(x):
    """Without a product."""
    return x + x + x


@wrong_answer(double_of_three, triple_of_two, feedback="This is the square.", instead_of=double)
def squared(x):
    return x * x


@wrong_answer(triple_of_two, feedback="This is the cube.", instead_of=triple)
def cubed(x):
    return x**3


five = wrong_answer(six_is_six, feedback="Five is one short.", instead_of=six)(5)
