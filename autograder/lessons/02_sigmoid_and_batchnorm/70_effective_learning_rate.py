# %% [markdown]
# ## Weight decay under BatchNorm
#
# Multiply all weights in front of a BatchNorm by 10. The pre-activations are ten times larger, so are their mean and
# their spread, and the output is what it was ($\varepsilon$ aside). The network cannot see the *length* of those
# weights at all, only their **direction**. For any $\alpha > 0$,
#
# $$ L(\alpha w) = L(w) . $$
#
# So weight decay, which shortens $w$, seems to do nothing. It does something, in a place where nobody looks: it
# changes how fast the direction turns. Two things depend on the length, and both are yours to work out.
#
# - **The gradient.** The landscape at $\alpha w$ is the same one, drawn on a larger map. How steep is it there?
# - **The angle.** A step of a given length turns a long arrow less than a short one.
#
# Put together, one step of gradient descent $-\eta \nabla L(w)$, which stands at a right angle to $w$, turns the
# direction (to first order) by the angle
#
# $$ \frac{\eta\,\lVert \nabla L(w) \rVert}{\lVert w \rVert}
#    = \eta_{\text{eff}}(w) \cdot \Bigl\lVert \nabla L\Bigl(\tfrac{w}{\lVert w \rVert}\Bigr) \Bigr\rVert . $$
#
# On the right, the second factor is the gradient at *unit length*, a property of the direction alone. All that depends
# on the length is in the first, the **effective learning rate**.
#
# | argument | shape | meaning |
# |---|---|---|
# | `w` | any, at least one axis | the weights in front of a BatchNorm (a matrix counts as one long vector) |
# | `g` | the shape of `w` | the gradient at `w`, $\nabla L(w)$ |
# | `lr` | number | the learning rate $\eta$ |
# | `alpha` | number > 0 | the factor $\alpha$ by which the weights are stretched |
# | first result | the shape of `w` | the gradient at the stretched weights, $\nabla L(\alpha w)$ |
# | second result | number | the effective learning rate at the stretched weights |
#
# **Write `effective_learning_rate(w, g, lr, alpha)`, which returns the two results in this order.**

# %% imports
import math

import numpy as np

from helpers.checking import check, complex_step, expect_close, expect_parts, is_pure, right_answer, wrong_answer


# %% answer
def effective_learning_rate(w, g, lr, alpha):
    """Return the gradient at alpha w (the shape of w) and the effective learning rate there (a float)."""
    # BEGIN SOLUTION
    stretched = alpha * w
    return g / alpha, lr / np.sum(stretched**2)
    # END SOLUTION


# %% checks
PARTS = ("the gradient", "the effective learning rate")
CASES = [
    ((4,), 0.1, 2.0), ((4,), 0.2, 0.5), ((2, 3), 0.3, 3.0), ((4,), 0.1, 1.0), ((3, 3), 0.1, 0.3), ((2, 3, 2), 0.5, 4.0),
    ((2, 1), 1.0, 7.0), ((1, 3), 1e-3, 2), ((2, 2, 1, 2), 0.1, 1.5),
]  # fmt: skip


def scale_free_gradient(w, target):
    """The gradient of the scale-free loss (w . target) / |w|, element by element, by complex steps."""
    return complex_step(lambda z: np.sum(z * target) / np.sqrt(np.sum(z * z)), w)


# %% public checks
@check(points=0.5)
def three_times_as_long_by_hand(effective_learning_rate):
    """For w = (2, 0), g = (0, 6), lr = 0.72 and alpha = 3 the gradient is (0, 2) and the effective rate 0.02."""
    results = effective_learning_rate(np.array([2.0, 0.0]), np.array([0.0, 6.0]), 0.72, 3.0)
    expect_close(results, ([0.0, 2.0], 0.02), "effective_learning_rate([2, 0], [0, 6], 0.72, 3)", parts=PARTS)


@check(points=0.5)
def an_arrow_of_length_five(effective_learning_rate):
    """For w = (3, 4), g = (-4, 3), lr = 0.5 and alpha = 1 the gradient is as given and the effective rate 0.02."""
    results = effective_learning_rate(np.array([3.0, 4.0]), np.array([-4.0, 3.0]), 0.5, 1.0)
    expect_close(results, ([-4.0, 3.0], 0.02), "effective_learning_rate([3, 4], [-4, 3], 0.5, 1)", parts=PARTS)


# %% hidden checks
@check(points=1, hidden=True)
def the_gradient_on_the_larger_map(effective_learning_rate, rng):
    """The first result is the gradient of a scale-free loss at alpha w, for any number of axes, any alpha, weights of any size."""
    for (shape, lr, alpha), size in [
        *((case, 1.0) for case in CASES),
        (((3, 2), 0.1, 2.0), -1e-4),
        (((4,), 0.1, 2.0), 1e3),
    ]:
        w, target = size * rng.uniform(1, 2, size=shape), 1 + rng.normal(size=shape)
        expected = scale_free_gradient(alpha * w, target)
        what = f"effective_learning_rate with shape {shape}, alpha = {alpha:g}"
        results = effective_learning_rate(w, scale_free_gradient(w, target), lr, alpha)
        gradient, _ = expect_parts(results, PARTS, what)
        expect_close(gradient, expected, f"the gradient of {what}", atol=1e-12 / abs(size))
    tiny = np.array([1.0, 1.0]), np.array([0.0, 1e-12])
    gradient, _ = expect_parts(effective_learning_rate(*tiny, 1e-12, 2.0), PARTS, "a tiny gradient")
    expect_close(gradient, [0.0, 5e-13], "the gradient (0, 1e-12), weights stretched by 2", atol=0)
    negative = np.array([1.0, -1.0]), np.array([-1.0, -1.0])
    gradient, _ = expect_parts(effective_learning_rate(*negative, 1, 2.0), PARTS, "a negative gradient")
    expect_close(gradient, [-0.5, -0.5], "the gradient (-1, -1), weights stretched by 2", atol=0)


@check(points=1, hidden=True)
def the_angle_of_one_step(effective_learning_rate, rng):
    """The second result times the gradient's norm at unit length is the tangent of the angle that a step turns w by."""
    for (shape, lr, alpha), size in [
        *((case, 1.0) for case in CASES),
        (((3, 2), 0.1, 2.0), -1e-2),
        (((4,), 50.0, 2.0), 1e2),
    ]:
        w, target = size * rng.uniform(1, 2, size=shape), 1 + rng.normal(size=shape)
        gradient = scale_free_gradient(w, target)
        # A scale-free gradient stands at a right angle to w, so one step is the short side of a right triangle.
        tangent = lr * np.linalg.norm(scale_free_gradient(alpha * w, target)) / np.linalg.norm(alpha * w)
        at_unit_length = np.linalg.norm(scale_free_gradient(w / np.linalg.norm(w), target))
        what = f"effective_learning_rate with shape {shape}, lr = {lr:g}, alpha = {alpha:g}"
        _, rate = expect_parts(effective_learning_rate(w, gradient, lr, alpha), PARTS, what)
        expect_close(rate, tangent / at_unit_length, f"the effective rate of {what}", atol=0)
    equal = np.array([[-2.0, -2.0], [-2.0, -2.0]])
    _, rate = expect_parts(effective_learning_rate(equal, np.zeros((2, 2)), 8.0, 0.5), PARTS, "four equal weights")
    expect_close(rate, 2.0, "the effective rate of four weights of -2, lr = 8, alpha = 0.5", atol=0)
    for lr in (1e-12, 0.0):
        _, rate = expect_parts(effective_learning_rate(equal, np.zeros((2, 2)), lr, 0.5), PARTS, "a tiny rate")
        expect_close(rate, lr / 4, f"the effective rate of four weights of -2, lr = {lr:g}, alpha = 0.5", atol=0)


# %% hints
HINTS = [
    "Differentiate both sides of L(alpha w) = L(w) with respect to w. The chain rule adds a factor on the left.",
    "On a map that is alpha times as large, the same hill is stretched. Is it steeper or flatter there?",
    "Now stretch a vector of length 1 to the length of alpha w: by which factor does its gradient change?",
    "Put that into the angle's formula. The length enters once through the gradient and once more through the angle.",
]
COVERS = ["S0.f"]
WHY = r"""
Differentiate both sides of $L(\alpha w) = L(w)$ with respect to $w$: $\alpha \nabla L(\alpha w) = \nabla L(w)$, so the
gradient is `g / alpha`. Starting from length 1, the same rule makes the gradient at $\alpha w$ smaller by
$\lVert \alpha w \rVert$, and the angle divides by this length once more. Hence the *square* of the length, and no root.
`np.sum` without an axis takes a matrix for the one long vector that it is here.
"""

# %% [markdown]
# > **A common claim: "with BatchNorm, weight decay is meaningless."** The length of $w$ is divided out again, so why
# > shorten it? It is true that decay no longer limits *which functions*
# > the network can express. But it decides how fast the network moves among them. Without decay, every step is at a
# > right angle to $w$ and makes it longer, so the effective learning rate falls and falls. With decay the length
# > settles where growth and shrinking balance, and the direction keeps turning. Below, the same noisy regression behind
# > a BatchNorm, with the same $\eta$: with decay the weights are shorter and each step turns them several times as far.
# > (Decay also acts, in the ordinary way, on $\gamma$, on $\beta$ and on layers that no BatchNorm follows.)

# %% experiment
forward, backward = grader.yours("batchnorm_forward"), grader.yours("batchnorm_backward")


def train_direction(decay, rate=0.1, steps=300):
    """Return the length of w after training and the mean angle of its last 100 steps."""
    draws, one, zero = np.random.default_rng(0), np.ones(1), np.zeros(1)
    w, teacher, angles = draws.normal(size=(10, 1)) / 3, draws.normal(size=(10, 1)) / 3, []
    for _ in range(steps):
        inputs = draws.normal(size=(32, 10))
        target = inputs @ teacher + draws.normal(size=(32, 1))
        before = inputs @ w
        out = forward(before, one, zero, zero, one, True)[0]
        gradient = inputs.T @ backward(before, one, 2 * (out - target) / 32)[0]
        moved = w - rate * (gradient + decay * w)
        cosine = np.sum(moved * w) / np.linalg.norm(moved) / np.linalg.norm(w)
        angles.append(math.acos(min(1.0, cosine)))
        w = moved
    return np.linalg.norm(w), np.mean(angles[-100:])


print(f"{'decay':>6} {'length of w':>12} {'angle per step':>15}   (radians)")
for decay in (0.0, 0.01, 0.1):
    length, angle = train_direction(decay)
    print(f"{decay:6.2f} {length:12.3f} {angle:15.4f}")


# %% right and wrong answers
@right_answer
def by_lengths(w, g, lr, alpha):
    """Divides by the length twice, once for the gradient and once for the angle, as the derivation does. The root is taken
    only to be squared again.
    """
    length = alpha * np.linalg.norm(np.ravel(w))
    return np.multiply(1 / alpha, g), lr / length / length


@wrong_answer(
    three_times_as_long_by_hand,
    the_gradient_on_the_larger_map,
    feedback="The loss is the same at alpha w, its gradient is not: differentiate L(alpha w) = L(w) by the chain rule.",
)
def same_gradient(w, g, lr, alpha):
    return g, by_lengths(w, g, lr, alpha)[1]


@wrong_answer(
    three_times_as_long_by_hand,
    the_gradient_on_the_larger_map,
    feedback="The other way round: where the weights are longer, the same landscape is flatter.",
)
def longer_is_steeper(w, g, lr, alpha):
    return g * alpha, by_lengths(w, g, lr, alpha)[1]


@wrong_answer(
    passes=(the_gradient_on_the_larger_map,),
    feedback="The length enters twice: once through the gradient, once more when the step's length becomes an angle.",
)
def length_not_squared(w, g, lr, alpha):
    return g / alpha, lr / (alpha * np.linalg.norm(w))


@wrong_answer(
    three_times_as_long_by_hand,
    the_angle_of_one_step,
    feedback="Your rate is the one at w. It is asked for at the stretched weights.",
)
def rate_at_the_old_place(w, g, lr, alpha):
    return g / alpha, lr / np.sum(w**2)


@wrong_answer(
    three_times_as_long_by_hand,
    the_angle_of_one_step,
    feedback="Stretching the weights by alpha stretches their squared length by the square of alpha.",
)
def alpha_not_squared(w, g, lr, alpha):
    return g / alpha, lr / (alpha * np.sum(w**2))


@wrong_answer(
    three_times_as_long_by_hand,
    the_gradient_on_the_larger_map,
    feedback="One factor of alpha too many in the gradient: the second one belongs to the angle, not to the slope.",
)
def divided_twice(w, g, lr, alpha):
    return g / alpha**2, by_lengths(w, g, lr, alpha)[1]


@wrong_answer(
    passes=(the_gradient_on_the_larger_map,),
    feedback="You multiply by the squared length. A longer arrow turns less, so its effective rate is smaller.",
)
def rate_grows_with_length(w, g, lr, alpha):
    return g / alpha, lr * np.sum((alpha * w) ** 2)


@wrong_answer(
    the_angle_of_one_step,
    feedback="The length is that of the whole array, all axes taken together. Yours comes from a part of them, or is another norm.",
)
def norm_of_the_first_row(w, g, lr, alpha):
    first = w if w.ndim < 2 else w[0]
    return g / alpha, lr / np.sum((alpha * first) ** 2)


@wrong_answer(
    passes=(the_gradient_on_the_larger_map,),
    feedback="A small number added to the squared length, or the length, changes every rate. The length is never 0 here.",
)
def with_an_epsilon(w, g, lr, alpha):
    return g / alpha, lr / (np.sum((alpha * w) ** 2) + 1e-6)


@wrong_answer(
    is_pure,
    feedback="Both results are right, but w or g is no longer what it was: an in-place operation wrote into it.",
)
def in_place(w, g, lr, alpha):
    gradient, rate = by_lengths(w, g, lr, alpha)
    g /= 2 * alpha
    return gradient, rate
