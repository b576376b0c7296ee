# %% [markdown]
# ## What is left after L layers
#
# Now put the units in a line. One number goes in, passes through $L$ sigmoids with the same weight $w$, and comes out:
#
# $$ h_{l+1} = \sigma(w\,h_l), \qquad
#    \frac{dh_L}{dh_0} = \prod_{l=0}^{L-1} w\,\sigma'(w\,h_l). $$
#
# The chain rule turns depth into a product, and a product of many factors is seldom of a reasonable size. Each
# $\sigma'$ is at most a quarter. So each factor is at most $|w|/4$ in size: with $w = 1$, ten layers leave less than
# one millionth of the gradient, whatever the input is.
#
# Draw the chain as a computation graph and it is also the smallest *recurrent* network, unrolled in time: for
# $t = 1, 2, 3$ a node $a_t = W x_t + U h_{t-1}$, a node $h_t = \sigma(a_t)$, an output $y_t = v^\top h_t$, the same
# weights at every step. Such a drawing is complete only if it shows every quantity that the loss reads. If the loss
# also punishes the slope $\partial y_t / \partial x_t$, that slope is a node too, it hangs on $a_t$, and a drawing
# without it loses a part of the gradient.
#
# | argument | shape | meaning |
# |---|---|---|
# | `h0` | number | the input of the chain |
# | `w` | number | the weight, the same in every layer, of either sign and any size |
# | `L` | integer, at least 0 | the number of layers |
#
# **Write `deep_sigmoid_gradient(h0, w, L)`, which returns $dh_L/dh_0$ as a number.** A chain of no layers passes its
# input on as it is, so its derivative is 1. The result may be tiny, and must still be accurate in the relative sense:
# after fifty or two hundred layers, and where the units are saturated. At $w h = 40$ the slope is
# $4.248 \cdot 10^{-18}$, not 0, and at $w h = \pm 1000$ it is 0, without an overflow.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect, expect_array, expect_close, right_answer, wrong_answer


# %% answer
def deep_sigmoid_gradient(h0, w, L):
    """Return dh_L/dh_0, a number, for the chain h_{l+1} = σ(w h_l) of L layers."""
    # BEGIN SOLUTION
    h, gradient = h0, 1.0
    for _ in range(L):
        decay = math.exp(-abs(w * h))
        gradient *= w * decay / (1 + decay) ** 2
        h = 1 / (1 + decay) if w * h >= 0 else decay / (1 + decay)
    return gradient
    # END SOLUTION


# %% checks
def chain(h, w, L):
    """The output of the chain, for complex input too."""
    for _ in range(L):
        h = 1 / (1 + np.exp(-w * h))
    return h


# %% public checks
@check(points=0.5)
def no_layers_change_nothing(deep_sigmoid_gradient):
    """With L = 0 the derivative is 1, whatever the weight; one layer with w = 1 at h0 = 0 makes it 1/4."""
    expect_close(deep_sigmoid_gradient(0.5, 3.0, 0), 1.0, "deep_sigmoid_gradient(0.5, 3, 0)", atol=0)
    expect_close(deep_sigmoid_gradient(0.0, 1.0, 1), 0.25, "deep_sigmoid_gradient(0, 1, 1)", atol=0)


@check(points=0.5)
def one_and_two_layers_by_hand(deep_sigmoid_gradient):
    """From h0 = 0: one layer with w = 3 gives 3/4; two layers with w = 2 ln 3 give (w/4)(3w/16), for h1 = 1/2."""
    w = 2 * math.log(3)
    expect_close(deep_sigmoid_gradient(0.0, w, 2), 3 * w**2 / 64, "deep_sigmoid_gradient(0, 2 ln 3, 2)")
    expect_close(deep_sigmoid_gradient(0.0, 3.0, 1), 0.75, "deep_sigmoid_gradient(0, 3, 1)")


# %% hidden checks
def by_logarithms(h, w, L):
    """The derivative as a sign and a sum of logarithms, which neither overflows nor cancels."""
    total, sign = 0.0, 1.0
    for _ in range(L):
        z = w * h
        total += math.log(abs(w)) - abs(z) - 2 * math.log1p(math.exp(-abs(z)))
        sign *= math.copysign(1.0, w)
        h = math.exp(-abs(z) * (z < 0)) / (1 + math.exp(-abs(z)))
    return sign * math.exp(total)


@check(points=1, hidden=True)
def agrees_with_the_complex_step(deep_sigmoid_gradient, rng):
    """It matches a derivative taken to machine precision, in the relative sense, for weights of either sign and 0, and any depth."""
    for w, L in [
        (1.0, 1),
        (4.0, 10),
        (-3.0, 7),
        (0.0, 3),
        (1.5, 2),
        (6.0, 4),
        (0.5, 50),
        (1.0, 200),
        (-1.0, 3),
        (2, 5),
    ]:
        for h0 in (0.3, rng.uniform(-1, 1), -2.0, 0):
            derivative = complex_step(lambda h, w=w, L=L: chain(h, w, L), h0).item()
            what = f"deep_sigmoid_gradient({h0:.4g}, {w:g}, {L})"
            expect_close(deep_sigmoid_gradient(h0, w, L), derivative, what, rtol=1e-9, atol=0)


@check(points=1, hidden=True)
def at_a_fixed_point_it_is_a_power(deep_sigmoid_gradient, rng):
    """Where every layer has the same activation h it is (w h (1 - h))^L; saturated units leave what they should, without overflow."""
    for h in (rng.uniform(0.75, 0.85), 0.6, 0.3):
        w = math.log(h / (1 - h)) / h
        for L in (5, 50):
            what = f"deep_sigmoid_gradient({h:g}, {w:.4f}, {L})"
            gradient = expect_array(deep_sigmoid_gradient(h, w, L), (), what)
            expect_close(gradient, (w * h * (1 - h)) ** L, what, rtol=1e-7, atol=0)
            expect(
                abs(gradient) <= (abs(w) / 4) ** L, f"{what} is {float(gradient):.3g}.", "At most (|w|/4)^L in size."
            )
    for h0, w, L in [
        (0.5, 20.0, 2),
        (1.0, 40.0, 1),
        (1.0, 40.0, 3),
        (-1.0, 40.0, 2),
        (0.5, -30.0, 3),
        (1.0, 650.0, 1),
        (0.5, 1e-150, 2),
    ]:
        what = f"deep_sigmoid_gradient({h0:g}, {w:g}, {L})"
        expect_close(deep_sigmoid_gradient(h0, w, L), by_logarithms(h0, w, L), what, rtol=1e-9, atol=0)
    for h0, w in [(1.0, 1000.0), (1.0, -1000.0), (-1.0, 1e150)]:
        expect_close(deep_sigmoid_gradient(h0, w, 1), 0.0, f"deep_sigmoid_gradient({h0:g}, {w:g}, 1)", atol=0)


# %% hints
HINTS = [
    "Walk through the layers once, and keep two numbers: where you are, and the derivative so far.",
    "Each layer multiplies the derivative by two factors: one from z = w h, one from σ(z).",
    "Take the slope at this layer's own z, before you move on to the next activation.",
]
COVERS = ["S1.3", "S3.19", "S0.bptt.a"]
KERNELS = [kernels.deep_sigmoid_gradient, kernels.numerical_gradient]
WHY = """
One walk through the layers carries two numbers: where the signal is, and the derivative so far. The order of the lines
is all that can go wrong, for each slope belongs to this layer's own $z = w h$, and $h$ moves on only afterwards. The
slope is written with $e^{-|z|}$ and not as $h (1 - h)$, which is 0 at $z = 40$ and would say that nothing comes
through. With a single input, going forward like this is the cheap direction: no activation has to be kept.
"""

# %% [markdown]
# **See it.** The same chain, ever deeper. With $w = 1$ it vanishes faster than $0.25^L$. With $w = 4$ every factor
# *could* be 1, and is not: the activations move away from 0, where the slope is smaller. A larger weight makes it
# worse, for it drives the units into saturation.

# %% experiment
chain_gradient = grader.yours("deep_sigmoid_gradient")
print(f"{'L':>3} {'0.25^L':>10} {'w = 1':>10} {'w = 4':>10} {'w = 8':>10}")
for layers in (1, 2, 5, 10, 20, 50):
    left = [chain_gradient(0.5, weight, layers) for weight in (1.0, 4.0, 8.0)]
    print(f"{layers:3d} {0.25**layers:10.1e}", *(f"{each:10.1e}" for each in left))

# %% [markdown]
# > **A common claim: "the factors need not be 1. It is enough that they do not vanish; only a factor like 2 would
# > explode."** A factor of 0.9 keeps nine tenths, which sounds harmless. For one layer it is. Over $T$ steps *every* constant $c \ne 1$ vanishes or explodes: $0.9^{100} =
# > 0.000027$, $1.1^{100} = 13781$. For something of ordinary size to be left after $T$ steps, $c$ must be as close to
# > 1 as $1/T$: $(1 + r/T)^T$ stays near $e^r$. That is why networks for long sequences carry a state with a factor of
# > exactly 1, and why normalization looks after the factor in every layer.

# %% experiment
print(f"{'T':>5} {'0.9^T':>10} {'0.99^T':>10} {'(1 - 1/T)^T':>12} {'(1 + 1/T)^T':>12} {'1.1^T':>10}")
for steps in (10, 100, 1000):
    powers = 0.9**steps, 0.99**steps, (1 - 1 / steps) ** steps, (1 + 1 / steps) ** steps, 1.1**steps
    print("{:5d} {:10.1e} {:10.1e} {:12.4f} {:12.4f} {:10.1e}".format(steps, *powers))


# %% right and wrong answers
@right_answer
def backwards_over_a_list(h0, w, L):
    """Back-propagation proper: keep the inputs on the way forward, multiply the slopes on the way back. It needs memory
    for L numbers, and it is the cheap direction as soon as there are many weights and one output.
    """
    inputs = [h0]
    for _ in range(L):
        inputs.append(math.exp(-np.logaddexp(0.0, -w * inputs[-1])))
    gradient = 1.0
    for h in reversed(inputs[:L]):
        gradient = gradient * w * math.exp(-np.logaddexp(0.0, -w * h) - np.logaddexp(0.0, w * h))
    return gradient


@right_answer
def by_recursion(h0, w, L):
    """The chain rule as one says it: the first layer's factor times the derivative of the rest. Python gives up at about a
    thousand layers.
    """
    if L == 0:
        return 1.0
    decay = math.exp(-abs(w * h0))
    h = 1 / (1 + decay) if w * h0 > 0 else decay / (1 + decay)
    return w * decay / (1 + decay) ** 2 * by_recursion(h, w, L - 1)


def one_by_one(factor, *, shifted=0):
    """A chain whose factor of each layer is some function of the weight and the layer's input."""

    def run(h0, w, L):
        gradient, h = 1.0, h0
        for _ in range(L):
            following = math.exp(-np.logaddexp(0.0, -w * h))
            gradient *= factor(w, following if shifted else h)
            h = following
        return gradient

    return run


def slope(z):
    return math.exp(-np.logaddexp(0.0, z) - np.logaddexp(0.0, -z))


a_quarter_per_layer = wrong_answer(
    passes=(no_layers_change_nothing,),
    feedback="A quarter is only the upper bound of each slope, and the weight w is missing.",
)(one_by_one(lambda w, h: 0.25))

forgot_the_weight = wrong_answer(
    passes=(no_layers_change_nothing,),
    feedback="The weight is missing: with z = w h, each layer contributes dz/dh as well as the slope of σ at z.",
)(one_by_one(lambda w, h: slope(w * h)))

slope_at_the_activation = wrong_answer(
    passes=(no_layers_change_nothing,),
    feedback="You took the slope of σ at h, the activation. It belongs at z = w h, the input of the sigmoid.",
)(one_by_one(lambda w, h: w * slope(h)))

stepped_before_taking_the_slope = wrong_answer(
    feedback="Every slope is taken one layer too late: first the slope at this layer's z, then the next activation.",
)(one_by_one(lambda w, h: w * slope(w * h), shifted=1))

sizes_only = wrong_answer(
    agrees_with_the_complex_step,
    at_a_fixed_point_it_is_a_power,
    feedback="The size is right, the sign is not: each layer with a negative weight turns it around.",
)(one_by_one(lambda w, h: abs(w) * slope(w * h)))


@wrong_answer(
    one_and_two_layers_by_hand,
    agrees_with_the_complex_step,
    at_a_fixed_point_it_is_a_power,
    feedback="You raised the first layer's factor to a power. Each layer has its own activation and its own factor.",
)
def same_factor_in_every_layer(h0, w, L):
    return (w * slope(w * h0)) ** L


@wrong_answer(
    at_a_fixed_point_it_is_a_power,
    feedback="Where a unit is saturated digits are lost, as they are in h (1 - h) with h close to 1: 1 - σ(z) has another name, σ(-z).",
)
def one_minus_the_activation(h0, w, L):
    gradient, h = 1.0, h0
    for _ in range(L):
        h = math.exp(-np.logaddexp(0.0, -w * h))
        gradient *= w * h * (1 - h)
    return gradient


@wrong_answer(
    at_a_fixed_point_it_is_a_power,
    feedback="math.exp raises an OverflowError beyond 709: only take exponentials of numbers that are not positive.",
)
def with_an_overflow(h0, w, L):
    gradient, h = 1.0, h0
    for _ in range(L):
        decay = math.exp(-w * h)
        gradient *= w * decay / (1 + decay) ** 2
        h = 1 / (1 + decay)
    return gradient


@wrong_answer(
    agrees_with_the_complex_step,
    at_a_fixed_point_it_is_a_power,
    feedback="A tiny result came out as exactly 0. It is to be accurate in the relative sense, however small it is.",
)
def tiny_as_zero(h0, w, L):
    gradient = by_recursion(h0, w, L)
    return gradient if abs(gradient) > 1e-14 else 0.0


@wrong_answer(feedback="That is one layer too many: a chain of L layers has L factors, and one of no layers has none.")
def one_layer_too_many(h0, w, L):
    return by_recursion(h0, w, L + 1)


@wrong_answer(feedback="That is one layer too few: a chain of L layers has L factors.")
def one_layer_too_few(h0, w, L):
    return by_recursion(h0, w, L - 1) if L > 0 else 0.25
