# %% [markdown]
# ## How fast does it spiral out?
#
# Two players of $xy$ start at $(1, 1)$ and take simultaneous steps of size $\eta = 0.1$.
#
# **How far from the saddle point are they after 500 steps?** Set `spiral_rate` to that distance, accurate to 0.01. (You
# can let your `xy_game` tell you. Better, find the formula and use the game to check it.)

# %% imports
import math

from helpers.checking import check, expect, expect_array, expect_close, right_answer, wrong_answer

# %% answer
spiral_rate = (
    # BEGIN SOLUTION
    2**0.5 * (1 + 0.1**2) ** (500 / 2)
    # END SOLUTION
)


# %% public checks
@check(points=0)
def it_is_a_distance(spiral_rate):
    """The answer is a number above 0."""
    value = float(expect_array(spiral_rate, (), "spiral_rate"))
    expect(0 < value < math.inf, f"The answer is {value:g}.", "A number above 0.", "It is a distance from (0, 0).")


# %% hidden checks
@check(points=2, hidden=True)
def it_is_the_distance_after_500_steps(spiral_rate):
    """It is the distance after 500 simultaneous steps of 0.1 from (1, 1), within 0.01."""
    x, y = 1.0, 1.0
    for _ in range(500):
        x, y = x + 0.1 * y, y - 0.1 * x
    expect_close(spiral_rate, math.hypot(x, y), "spiral_rate", rtol=0, atol=0.01)


# %% hints
HINTS = [
    "Work out x² + y² after one step, in terms of x² + y² before it.",
    "The SQUARE of the distance grows by the factor 1 + η² in every step.",
    "At the start the distance is that of (1, 1) from (0, 0).",
]
WHY = r"""
One step multiplies the *square* of the distance by $1 + \eta^2 = 1.01$, hence the distance by $\sqrt{1.01}$. After
500 steps from $\sqrt 2$: $\sqrt 2 \cdot 1.01^{250} = 17.02$. In a fixed time $t = \eta n$ the distance grows by about
$e^{\eta t / 2}$: smaller steps run away more slowly, and still run away.
"""
COVERS = ["S2.18b"]

# %% right and wrong answers
to_two_digits = right_answer(17.02)

the_circle = wrong_answer(
    passes=(it_is_a_distance,),
    feedback="That is the circle of infinitely small steps. Steps of 0.1 leave it, a little more each time.",
)(2**0.5)

factor_not_rooted = wrong_answer(
    passes=(it_is_a_distance,),
    feedback="1 + eta^2 is the factor of the SQUARED distance. What is the factor of the distance?",
)(2**0.5 * 1.01**500)

squared_distance = wrong_answer(
    passes=(it_is_a_distance,),
    feedback="That is the square of the distance.",
)(2 * 1.01**500)

start_forgotten = wrong_answer(
    passes=(it_is_a_distance,),
    feedback="That is the factor by which the distance has grown. The start is not at distance 1.",
)(1.01**250)

it_converges = wrong_answer(
    feedback="It does not converge, for any step size: every step takes them farther from the saddle point."
)(0.0)

off_by_one_step = wrong_answer(
    passes=(it_is_a_distance,),
    feedback="That is the distance after 501 steps: the start is step 0.",
)(2**0.5 * 1.01**250.5)
