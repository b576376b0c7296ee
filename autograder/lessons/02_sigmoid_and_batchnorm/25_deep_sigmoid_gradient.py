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
# | `w` | number | the weight, the same in every layer, of either sign |
# | `L` | integer, at least 0 | the number of layers |
#
# **Write `deep_sigmoid_gradient(h0, w, L)`, which returns $dh_L/dh_0$ as a number.** A chain of no layers passes its
# input on as it is, so its derivative is 1. After fifty layers the result is tiny, and must still be accurate in the
# relative sense.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_array, expect_close, right_answer, wrong_answer


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
STEP = 1e-30


def chain(h, w, L):
    """The output of the chain, for complex input too."""
    for _ in range(L):
        h = 1 / (1 + np.exp(-w * h))
    return h


# %% public checks
@check(points=0.5)
def no_layers_change_nothing(deep_sigmoid_gradient):
    """With L = 0 the derivative is 1, whatever the weight."""
    expect_close(deep_sigmoid_gradient(0.5, 3.0, 0), 1.0, "deep_sigmoid_gradient(0.5, 3, 0)", atol=0)


@check(points=0.5)
def one_and_two_layers_by_hand(deep_sigmoid_gradient):
    """From h0 = 0: one layer with w = 3 gives 3/4; two layers with w = 2 ln 3 give (w/4)(3w/16), for h1 = 1/2."""
    expect_close(deep_sigmoid_gradient(0.0, 3.0, 1), 0.75, "deep_sigmoid_gradient(0, 3, 1)")
    w = 2 * math.log(3)
    expect_close(deep_sigmoid_gradient(0.0, w, 2), 3 * w**2 / 64, "deep_sigmoid_gradient(0, 2 ln 3, 2)")


# %% hidden checks
@check(points=1, hidden=True)
def agrees_with_the_complex_step(deep_sigmoid_gradient, rng):
    """It matches a derivative taken to machine precision, for weights of either sign and 0, and any depth."""
    for w, L in [(1.0, 1), (4.0, 10), (-3.0, 7), (0.0, 3), (1.5, 2), (6.0, 4)]:
        for h0 in (0.3, rng.uniform(-1, 1)):
            derivative = np.imag(chain(h0 + 1j * STEP, w, L)) / STEP
            what = f"deep_sigmoid_gradient({h0:.4f}, {w:g}, {L})"
            expect_close(deep_sigmoid_gradient(h0, w, L), derivative, what, rtol=1e-9, atol=1e-15)


@check(points=1, hidden=True)
def at_a_fixed_point_it_is_a_power(deep_sigmoid_gradient):
    """Where every layer has the same activation h it is (w h (1 - h))^L, and at most (|w|/4)^L in size."""
    for h in (0.8, 0.6, 0.3):
        w = math.log(h / (1 - h)) / h
        for L in (5, 50):
            what = f"deep_sigmoid_gradient({h:g}, {w:.4f}, {L})"
            gradient = expect_array(deep_sigmoid_gradient(h, w, L), (), what)
            expect_close(gradient, (w * h * (1 - h)) ** L, what, rtol=1e-7, atol=0)
            expect(
                abs(gradient) <= (abs(w) / 4) ** L, f"{what} is {float(gradient):.3g}.", "At most (|w|/4)^L in size."
            )


# %% hints
HINTS = [
    "Walk through the layers once, and keep two numbers: where you are, and the derivative so far.",
    "Each layer multiplies the derivative by two factors: one from z = w h, one from σ(z).",
    "Take the slope at this layer's own z, before you move on to the next activation.",
]
COVERS = ["S1.3", "S3.19", "S0.bptt.a"]
KERNELS = [kernels.deep_sigmoid_gradient]

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
# > **Often said: "the factors need not be 1. It is enough that they do not vanish; only a factor like 2 would
# > explode."** One factor, perhaps. Over $T$ steps *every* constant $c \ne 1$ vanishes or explodes: $0.9^{100} =
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
    activations = [h0]
    for _ in range(L):
        activations.append(math.exp(-np.logaddexp(0.0, -w * activations[-1])))
    gradient = 1.0
    for h in reversed(activations[1:]):
        gradient = gradient * w * h * (1 - h)
    return gradient


@right_answer
def by_recursion(h0, w, L):
    if L == 0:
        return 1.0
    h = 0.5 * (1 + math.tanh(w * h0 / 2))
    return w * h * (1 - h) * by_recursion(h, w, L - 1)


@wrong_answer(
    passes=(no_layers_change_nothing,),
    feedback="A quarter is only the upper bound of each slope, and the weight w is missing.",
)
def a_quarter_per_layer(h0, w, L):
    return 0.25**L


@wrong_answer(
    passes=(no_layers_change_nothing,),
    feedback="The weight is missing: with z = w h, each layer contributes dz/dh as well as the slope of σ at z.",
)
def forgot_the_weight(h0, w, L):
    gradient, h = 1.0, h0
    for _ in range(L):
        h = 1 / (1 + math.exp(-w * h))
        gradient *= h * (1 - h)
    return gradient


@wrong_answer(
    one_and_two_layers_by_hand,
    agrees_with_the_complex_step,
    feedback="You raised the first layer's factor to a power. Each layer has its own activation and its own factor.",
)
def same_factor_in_every_layer(h0, w, L):
    h = 1 / (1 + math.exp(-w * h0))
    return (w * h * (1 - h)) ** L


@wrong_answer(
    passes=(no_layers_change_nothing,),
    feedback="You took the slope of σ at h, the activation. It belongs at z = w h, the input of the sigmoid.",
)
def slope_at_the_activation(h0, w, L):
    gradient, h = 1.0, h0
    for _ in range(L):
        sigma = 1 / (1 + math.exp(-h))
        gradient *= w * sigma * (1 - sigma)
        h = 1 / (1 + math.exp(-w * h))
    return gradient


@wrong_answer(
    one_and_two_layers_by_hand,
    agrees_with_the_complex_step,
    feedback="Every slope is taken one layer too late: first the slope at this layer's z, then the next activation.",
)
def stepped_before_taking_the_slope(h0, w, L):
    gradient, h = 1.0, h0
    for _ in range(L):
        h = 1 / (1 + math.exp(-w * h))
        sigma = 1 / (1 + math.exp(-w * h))
        gradient *= w * sigma * (1 - sigma)
    return gradient


@wrong_answer(feedback="That is one layer too many: a chain of L layers has L factors, and one of no layers has none.")
def one_layer_too_many(h0, w, L):
    return by_recursion(h0, w, L + 1)
