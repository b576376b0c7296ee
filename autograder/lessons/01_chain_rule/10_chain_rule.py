# %% [markdown]
# ## One link of the chain
#
# Turn a small wheel by one degree and it turns a larger one by some other angle. Connect a third wheel to the second and
# the factors multiply. That is the chain rule, and a deep network is nothing but many wheels.
#
# Here is the smallest chain that can already be read in two ways:
#
# $$ z = t^2, \qquad t = x + y. $$
#
# Hold $y$ still and wiggle $x$. The outer link turns at the rate $dz/dt = 2t$, evaluated **where the chain stands**, at
# $t = x + y$; the inner link at the rate $\partial t/\partial x = 1$. The partial derivative is the product:
#
# $$ \frac{\partial z}{\partial x} = 2t \cdot 1 = 2(x + y). $$
#
# Now let $y$ follow $x$, with slope $y' = dy/dx$. Then $t$ feels $x$ twice, directly and through $y$, and the total
# derivative counts both:
#
# $$ \frac{dz}{dx} = 2t \left( \frac{\partial t}{\partial x} + \frac{\partial t}{\partial y}\,y' \right) = 2(x + y)(1 + y'). $$
#
# | argument | shape | meaning |
# |---|---|---|
# | `x`, `y` | number or array of any shape, the same for both | the point |
# | `dydx` | as `x` | the slope of $y$ as a function of $x$, 0 if $y$ stands still |
#
# **Write `chain_rule(x, y, dydx)`, which returns the pair (partial, total)**, both of the shape of `x`. Numbers give
# numbers, arrays give arrays.

# %% imports
import numpy as np

from helpers.checking import check, expect_close, right_answer, wrong_answer

PARTS = ("the partial derivative", "the total derivative")


# %% answer
def chain_rule(x, y, dydx):
    """Return (dz/dx with y held fixed, dz/dx with y following x) for z = (x + y)^2, each of the shape of x."""
    # BEGIN SOLUTION
    outer = 2 * (x + y)
    return outer, outer * (1 + dydx)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def a_point_worked_by_hand(chain_rule):
    """At x = 1, y = 2 with y standing still, both derivatives are 6."""
    expect_close(chain_rule(1.0, 2.0, 0.0), (6.0, 6.0), "chain_rule(1, 2, 0)", parts=PARTS)


@check(points=0.5)
def y_follows_at_half_speed(chain_rule):
    """At x = 1, y = 2 with dy/dx = 1/2 the partial derivative is 6 and the total one 9."""
    expect_close(chain_rule(1.0, 2.0, 0.5), (6.0, 9.0), "chain_rule(1, 2, 0.5)", parts=PARTS)


# %% hidden checks
STEP = 1e-30
SHAPES = [(4,), (2, 3), (3, 3), (1,), (3, 1), (1, 2, 1), (), (2, 1, 3, 2)]


@check(points=0.5, hidden=True)
def both_agree_with_the_complex_step(chain_rule, rng):
    """At random points, large and small, in arrays of any shape, both match a derivative taken to machine precision."""
    points = [[np.array(rng.normal(size=shape)) for _ in range(3)] for shape in SHAPES]
    points += [[scale * rng.uniform(1, 2, size=3), rng.normal(size=3), rng.normal(size=3)] for scale in (1e4, -1e4)]
    for x, y, dydx in points:
        partial = np.imag((x + 1j * STEP + y) ** 2) / STEP
        total = np.imag((x + 1j * STEP + y + 1j * STEP * dydx) ** 2) / STEP
        what = f"chain_rule at random points, shape {x.shape}"
        expect_close(
            chain_rule(x, y, dydx), (partial, total), what, parts=PARTS, atol=1e-12 * max(1, np.max(np.abs(x)))
        )


@check(points=0.5, hidden=True)
def where_a_factor_vanishes(chain_rule, rng):
    """Where x + y = 0 both vanish; where y undoes x, dy/dx = -1, only the total one does; where dy/dx = 0 they agree."""
    a = rng.integers(1024, 8192) / 1024
    expect_close(chain_rule(a, -a, 3.0), (0.0, 0.0), f"chain_rule({a:g}, {-a:g}, 3)", parts=PARTS)
    expect_close(chain_rule(a, 1.0, -1.0), (2 * (a + 1), 0.0), f"chain_rule({a:g}, 1, -1)", parts=PARTS)
    expect_close(chain_rule(a + 0.5, -0.5, 0.0), (2 * a, 2 * a), f"chain_rule({a + 0.5:g}, -0.5, 0)", parts=PARTS)
    x, y, dydx = np.array([-1.0, -1.0, 0.0, 2.0]), np.array([-2.0, -2.0, 0.0, -2.0]), np.array([-3.0, -3.0, 5.0, 0.0])
    expected = np.array([-6.0, -6.0, 0.0, 0.0]), np.array([12.0, 12.0, 0.0, 0.0])
    expect_close(chain_rule(x, y, dydx), expected, "chain_rule at points that repeat", parts=PARTS)
    whole = chain_rule(np.array([1, 2, 3]), np.array([4, -2, 1]), np.array([2, 1, -2]))
    expect_close(whole, ([10.0, 0.0, 8.0], [30.0, 0.0, -8.0]), "chain_rule at whole numbers", parts=PARTS)


# %% hints
HINTS = [
    "Write down dz/dt first. At which t is it to be evaluated?",
    "How many ways are there from x to t when y follows x? Each contributes one summand to dt/dx.",
    "dt/dx is 1 for the direct way plus dy/dx for the way through y; the outer factor is common to both.",
]
COVERS = ["S1.1"]
WHY = """
Both derivatives share the outer slope $2t$, so it is worked out once, and where the chain stands. All that tells them
apart is the bracket: 1 for the way straight from $x$, $y'$ for the way through $y$. At $y' = 0$ the two agree, so a
total derivative that forgets $y$ passes every test there; try another slope. Where $y$ undoes $x$, at $y' = -1$, the
bracket is exactly 0.
"""

# %% [markdown]
# > **A common claim: "$dz/dx = 2(x + y)$", and no more.** One believes it because a formula for $z$ shows $x$ and $y$ side by
# > side, as if each were free. That is the *partial* derivative. It is the total one only while $y$ ignores $x$. The cell below
# > walks along $y = 3x$ and measures: the claim is wrong by a factor of four, and no numerical trouble is to blame.


# %% experiment
def z_along_the_line(x):
    return (x + 3 * x) ** 2


x, h = 0.5, 1e-6
measured = (z_along_the_line(x + h) - z_along_the_line(x - h)) / (2 * h)
print(f"claimed     2(x + y)          = {2 * (x + 3 * x):8.4f}")
print(f"measured    along y = 3x      = {measured:8.4f}")
print(f"total       2(x + y)(1 + 3)   = {2 * (x + 3 * x) * 4:8.4f}")


# %% right and wrong answers
@right_answer
def by_expanding_the_square(x, y, dydx):
    """Multiplied out, each summand is one way, which is good for reading. Where y nearly undoes x the summands cancel: at
    dy/dx = -1 + 1e-10 some six digits are left, and the factored form keeps them all.
    """
    return 2 * x + 2 * y, 2 * x + 2 * y + (2 * x + 2 * y) * dydx


@wrong_answer(feedback="Yours comes out as if y were 0: the outer derivative 2t is evaluated at t = x + y, not at x.")
def outer_derivative_at_x(x, y, dydx):
    return 2 * x, 2 * x * (1 + dydx)


@wrong_answer(
    passes=(a_point_worked_by_hand,),
    feedback="Your total derivative comes out as if y stood still. As y moves, t changes through y as well: dt/dx = 1 + dy/dx.",
)
def total_without_y(x, y, dydx):
    return 2 * (x + y), 2 * (x + y)


@wrong_answer(feedback="Your total derivative lacks the direct way from x to t: the 1 in 1 + dy/dx.")
def only_through_y(x, y, dydx):
    return 2 * (x + y), 2 * (x + y) * dydx


@wrong_answer(
    passes=(a_point_worked_by_hand,),
    feedback="The two results are in the wrong order: the partial derivative comes first.",
)
def total_first(x, y, dydx):
    return 2 * (x + y) * (1 + dydx), 2 * (x + y)


@wrong_answer(feedback="The derivative of t^2 is 2t: both of yours are half as large as they should be.")
def without_the_two(x, y, dydx):
    return x + y, (x + y) * (1 + dydx)


@wrong_answer(
    both_agree_with_the_complex_step,
    where_a_factor_vanishes,
    feedback="The slope came out positive where it must be negative: x + y may have either sign, and so has the slope.",
)
def magnitudes(x, y, dydx):
    return abs(2 * (x + y)), abs(2 * (x + y)) * (1 + dydx)
