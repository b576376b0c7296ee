# %% [markdown]
# ## Fan-out: gradients add
#
# Programs use a value more than once. In
#
# $$ L = \bigl( x \sin x + x^2 \bigr)^2 $$
#
# the number $x$ goes to three places: into the sine, into the product, into the square. Drawn as a graph, with one node for each
# operation, values travel along the arrows, from left to right.

# %% experiment
from helpers.figures import computation_graph

computation_graph(
    {
        "x": (0.07, 0.5, "x"),
        "s": (0.3, 0.86, "s = sin x"),
        "a": (0.53, 0.66, "a = x s"),
        "b": (0.41, 0.14, "b = x²"),
        "c": (0.74, 0.5, "c = a + b"),
        "L": (0.93, 0.5, "L = c²"),
    },
    [("x", "s"), ("x", "a"), ("x", "b"), ("s", "a"), ("a", "c"), ("b", "c"), ("c", "L")],
    alt="Computation graph. x goes to s = sin x, to a = x s and to b = x squared; s goes to a; a and b to c = a + b; c to "
    "L = c squared. Three arrows leave x.",
)

# %% [markdown]
# Going back, $L$ tells $c$, $c$ tells $a$ and $b$, and so on, along every arrow from its head to its tail, each time multiplied by the
# slope of that one operation. Three messages arrive at $x$, and the chain rule says what to do with them: **add**. That is all of
# back-propagation. A recurrent network, which uses the same weights at every step, is this picture with more nodes.
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | any, also `()` | the points, 0 or between $10^{-50}$ and $10^{50}$ in size |
# | results | the shape of `x` | $L$ and $dL/dx$, element by element |
#
# **Write `fan_out_gradient(x)`, which returns `(L, dL/dx)`**, going forward node by node and back the same way. Both are accurate
# to a relative error of $10^{-11}$, also near 0, where they are tiny: that is more than a difference quotient has to offer.

# %% imports
import math

import numpy as np

from helpers.checking import check, complex_step, expect_close, is_pure, right_answer, wrong_answer

PARTS = ("the value", "the derivative")


# %% answer
def fan_out_gradient(x):
    """Return (L, dL/dx) for L = (x sin x + x^2)^2, element by element, both of the shape of x."""
    # BEGIN SOLUTION
    s = np.sin(x)
    a = x * s
    b = x**2
    c = a + b
    to_c = 2 * c
    through_the_sine = to_c * x * np.cos(x)
    through_the_product = to_c * s
    through_the_square = to_c * 2 * x
    return c**2, through_the_sine + through_the_product + through_the_square
    # END SOLUTION


# %% public checks
@check(points=0.5)
def at_half_a_turn(fan_out_gradient):
    """At x = pi the sine is 0: L = pi^4 and dL/dx = 2 pi^2 (2 pi - pi) = 2 pi^3."""
    expect_close(
        fan_out_gradient(np.array([np.pi])), ([math.pi**4], [2 * math.pi**3]), "fan_out_gradient([pi])", parts=PARTS
    )


@check(points=0.5)
def at_a_quarter_turn(fan_out_gradient):
    """At x = pi/2 the cosine is 0: with c = pi/2 + pi^2/4, L = c^2 and dL/dx = 2 c (1 + pi)."""
    c = math.pi / 2 + math.pi**2 / 4
    expect_close(
        fan_out_gradient(np.array([np.pi / 2])),
        ([c**2], [2 * c * (1 + math.pi)]),
        "fan_out_gradient([pi/2])",
        parts=PARTS,
    )


# %% hidden checks
@check(points=2, hidden=True)
def everywhere_else(fan_out_gradient, rng):
    """In any shape, at points near 0 and far away, it matches the formula and a derivative to machine precision; at 0 both are 0."""
    points = [rng.normal(size=shape) for shape in [(5,), (2, 3), (3, 3), (1,), (2, 1, 2), (4, 1), (2, 1, 3, 2)]]
    points += [
        np.array([-0.5, -2.0, -2.0]),
        np.array([2e-4, -1e-6]),
        np.array([1e-5, -3e-4, 1e-3]),
        np.array([30.0, -250.0, 4000.0]),
        np.array(0.7),
    ]
    for x in points:
        expected = np.array((x * np.sin(x) + x**2) ** 2), complex_step(lambda z: np.sum((z * np.sin(z) + z**2) ** 2), x)
        what = f"fan_out_gradient at shape {x.shape}"
        expect_close(fan_out_gradient(x), expected, what, parts=PARTS, rtol=1e-11, atol=0)
    expect_close(
        fan_out_gradient(np.zeros(2)), ([0.0, 0.0], [0.0, 0.0]), "fan_out_gradient([0, 0])", parts=PARTS, atol=0
    )


# %% hints
HINTS = [
    "Name every node of the graph and compute its value on the way forward; you need them again on the way back.",
    "dL/dc = 2c. What does each of the three ways from c back to x multiply it by?",
    "The product node has two inputs, x and s: one message goes to x directly, the other through the sine.",
]
COVERS = ["S0.bptt.a"]
WHY = """
Three arrows leave $x$, so three messages come back, and they are added. Each is the product of the slopes along its
way, and all share the factor $2c$ of the last square, worked out once. Count the arrows that leave a value: a gradient
with fewer summands has lost a way. Near 0 the three messages have the same sign, so nothing cancels, and the relative
accuracy costs no effort.
"""


# %% right and wrong answers
@right_answer
def with_the_product_rule(x):
    """With x taken out of the bracket the product rule does the adding: shorter, and what one would do on paper.
    Back-propagation never sees the whole formula, so it goes node by node.
    """
    c = x * (np.sin(x) + x)
    return c * c, 2 * c * ((np.sin(x) + x) + x * (np.cos(x) + 1))


@wrong_answer(
    passes=(at_half_a_turn,), feedback="One message is lost: the one from the product straight to x. Sum over all ways."
)
def without_the_product(x):
    c = x * np.sin(x) + x**2
    return c**2, 2 * c * (x * np.cos(x) + 2 * x)


@wrong_answer(passes=(at_a_quarter_turn,), feedback="One message is lost: the one that comes back through the sine.")
def without_the_sine(x):
    c = x * np.sin(x) + x**2
    return c**2, 2 * c * (np.sin(x) + 2 * x)


@wrong_answer(feedback="One message is lost: the one that comes back through the square.")
def without_the_square(x):
    c = x * np.sin(x) + x**2
    return c**2, 2 * c * (np.sin(x) + x * np.cos(x))


@wrong_answer(feedback="You stopped at c: the outermost square contributes the factor 2c.")
def without_the_outer_square(x):
    c = x * np.sin(x) + x**2
    return c**2, np.sin(x) + x * np.cos(x) + 2 * x


@wrong_answer(
    everywhere_else,
    feedback="Right to a few digits only, and to none near 0, as a difference quotient is. Go back node by node instead.",
)
def by_differences(x):
    def value(x):
        return (x * np.sin(x) + x**2) ** 2

    return value(x), (value(x + 1e-5) - value(x - 1e-5)) / 2e-5


@wrong_answer(
    feedback="The messages are right, but they were multiplied where they should be added: ways add, links multiply."
)
def messages_multiplied(x):
    c = x * np.sin(x) + x**2
    return c**2, 2 * c * (x * np.cos(x)) * np.sin(x) * 2 * x


@wrong_answer(
    everywhere_else,
    feedback="An array without an axis must give results without one: yours have an axis of size 1.",
)
def always_an_axis(x):
    return with_the_product_rule(np.atleast_1d(x))


@wrong_answer(is_pure, feedback="Both results are right, but x is no longer what it was: some line works in place.")
def in_place(x):
    result = with_the_product_rule(x)
    if isinstance(x, np.ndarray):
        x += 1
    return result
