# %% [markdown]
# ## The slope of a parabola
#
# **Write `slope(x, a=1.0)`**, the derivative of $a x^2$ at every element of `x`.

# %%
import numpy as np

from helpers.checking import check, expect_close, expect_raises, right_answer, wrong_answer

# %% given
scale = 2.0


# %% answer
def slope(x, a=1.0):
    """Return d(a x^2)/dx at every element of x, same shape; ValueError where a is 0."""
    # BEGIN SOLUTION
    if a == 0:
        raise ValueError("a must not be 0")
    return scale * a * np.asarray(x, dtype=float)
    # END SOLUTION


# %%
@check(points=1)
def at_three(slope):
    """The slope of x^2 at 3 is 6."""
    expect_close(slope(np.array([3.0])), [6.0], "slope([3])")


# %%
STEP = 1e-30


def complex_step(function, x):
    return np.imag(function(x + 1j * STEP)) / STEP


@check(points=2, hidden=True)
def agrees_with_complex_step(slope, rng):
    """It matches a derivative taken to machine precision, for any shape and factor."""
    for shape, a in [((3,), 3.0), ((2, 4), -0.5)]:
        x = rng.normal(size=shape)
        expect_close(slope(x, a), complex_step(lambda z: a * z**2, x), f"slope at random x, a = {a}")


@check(points=1, hidden=True)
def refuses_zero(slope, rng):
    """A factor of 0 raises ValueError; another one does not."""
    expect_close(slope(np.array([0.0]), 2.0), [0.0], "slope([0], 2)")
    with expect_raises(ValueError, "slope([1], 0)"):
        slope(rng.normal(size=1), 0.0)


# %%
NOT_PROBED = ("everything",)  # what the probes see has tests of its own
UNTRIED = {"everything": "a fixture: input coverage has tests of its own"}
HINTS = ["Use the power rule.", "The exponent comes down as a factor."]
WHY = "The exponent comes down as a factor and loses one."
COVERS = ["S1.1"]


# %% experiment
print("the slope at 3:", 2 * 3.0)


# %%
@right_answer
def by_adding(x, a=1.0):
    """Without a product by 2."""
    if a == 0:
        raise ValueError("no parabola")
    x = np.asarray(x, dtype=float)
    return a * x + a * x


@wrong_answer(
    at_three, agrees_with_complex_step, feedback="The exponent must come down as a factor: yours lacks the 2."
)
def no_factor(x, a=1.0):
    return by_adding(x, a) / 2


@wrong_answer(agrees_with_complex_step, feedback="You left the factor a out.")
def no_a(x, a=1.0):
    if a == 0:
        raise ValueError("no parabola")
    return by_adding(x, 1.0)


@wrong_answer(refuses_zero, feedback="A factor of 0 is to be refused with a ValueError.")
def accepts_zero(x, a=1.0):
    return 2 * a * np.asarray(x, dtype=float)
