# %% [markdown]
# ## How large should random weights be?
#
# Random weights break the symmetry. Their *size* is the next question, and the figure at the top has shown how much
# hangs on it: per layer a factor of 0.7 or 1.4 seems harmless, over 50 layers it is $10^{-8}$ or $10^{7}$.
#
# Follow one pre-activation. It is a sum of fan-in terms, weight times activation. With independent zero-mean weights
# of variance $s^2$ the mixed terms cancel on average, and what is left is the **mean square**:
#
# $$ z_j = \sum_{i=1}^{\text{fan-in}} h_i\,w_{ij}, \qquad
#    \mathbb{E}\,z_j^2 = \text{fan-in} \cdot s^2 \cdot \mathbb{E}\,h^2 . $$
#
# Those $h$ are the previous layer's pre-activations, sent through an activation that lets some share
# $c = \mathbb{E}\,h^2 / \mathbb{E}\,z^2$ of the mean square pass. A line lets everything pass, $c = 1$. ReLU cuts away
# one of two equally likely signs. To arrive with the same mean square with which it set out, the signal needs
# $\text{fan-in} \cdot s^2 \cdot c = 1$.
#
# | argument | type | meaning |
# |---|---|---|
# | `fan_in`, `fan_out` | positive integers | how many inputs and outputs the layer has |
# | `act` | string | `'linear'`, `'tanh'`, `'relu'` or `'leaky0.1'` |
# | result | float | $s$, the **standard deviation** of the weights |
#
# **Write `init_std(fan_in, fan_out, act)`: the standard deviation that keeps the mean square of the pre-activations
# from layer to layer.** Take the pre-activations as symmetric about 0. Treat tanh as what it is near 0, a line. Leaky
# ReLU, `'leaky0.1'`, multiplies negative inputs by 0.1. Any other name raises `ValueError`, also one that only begins like
# one of these, such as `'leaky0.2'` or `'relu6'`. (One of the two sizes is
# not needed. It is there because people expect it, and because its turn comes on the way back.)

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_array, expect_close, expect_raises, right_answer, wrong_answer


# %% answer
def init_std(fan_in, fan_out, act):
    """Return the standard deviation of zero-mean weights that preserves the mean square of the pre-activations."""
    # BEGIN SOLUTION
    passed = {"linear": 1.0, "tanh": 1.0, "relu": 1 / 2, "leaky0.1": (1 + 0.1**2) / 2}
    if act not in passed:
        raise ValueError(f"there is no rule for the activation {act!r}")
    return math.sqrt(1 / (fan_in * passed[act]))
    # END SOLUTION


# %% checks
HALF = np.arange(1, 101) / 100
PRE_ACTIVATIONS = np.concatenate([-HALF, HALF])
ACTIVATIONS = {
    "linear": lambda z: z,
    "tanh": lambda z: np.tanh(1e-6 * z) / 1e-6,
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "leaky0.1": lambda z: np.where(z > 0, z, 0.1 * z),
}


def preserving(fan_in, act):
    """The standard deviation that puts the mean square of symmetric pre-activations back to what it was."""
    passed_on = np.mean(ACTIVATIONS[act](PRE_ACTIVATIONS) ** 2)
    return math.sqrt(np.mean(PRE_ACTIVATIONS**2) / (fan_in * passed_on))


# %% public checks
@check(points=0.5)
def two_inputs_of_a_relu_layer(init_std):
    """A ReLU layer with 2 inputs and 5 outputs starts with a standard deviation of 1, one with 8 inputs with 1/2."""
    expect_close(init_std(2, 5, "relu"), 1.0, "init_std(2, 5, 'relu')", rtol=1e-12)
    expect_close(init_std(8, 5, "relu"), 0.5, "init_std(8, 5, 'relu')", rtol=1e-12)


@check(points=0.5)
def four_inputs_of_a_linear_layer(init_std):
    """A linear or tanh layer with 4 inputs and 9 outputs starts with a standard deviation of 1/2."""
    for act in ("linear", "tanh"):
        expect_close(init_std(4, 9, act), 0.5, f"init_std(4, 9, '{act}')", rtol=1e-12)


# %% hidden checks
@check(points=1, hidden=True)
def every_activation_keeps_the_mean_square(init_std, rng):
    """For each activation and several shapes it undoes exactly what the activation takes away."""
    drawn = int(rng.integers(20, 100)), int(rng.integers(200, 400))
    for act in ACTIVATIONS:
        for fan_in, fan_out in [drawn, (100, 100), (50, 200), (7, 3), (1, 1), (1, 6), (4, 1), (10_000, 3), (3, 10_000)]:
            what = f"init_std({fan_in}, {fan_out}, '{act}')"
            expect_close(init_std(fan_in, fan_out, act), preserving(fan_in, act), what, rtol=1e-9, atol=0)


@check(points=0.5, hidden=True)
def a_signal_survives_four_relu_layers(init_std, rng):
    """A random batch keeps its size, within a factor of 3, through four ReLU layers of 200 to 300 units."""
    n = int(rng.integers(200, 300))
    std = float(expect_array(init_std(n, n, "relu"), (), f"init_std({n}, {n}, 'relu')"))
    batch = rng.normal(size=(32, n))
    for _ in range(4):
        batch = np.where(batch > 0, batch, 0.0) @ (std * rng.normal(size=(n, n)))
    left = np.mean(batch**2)
    expect(0.3 < left < 3, f"After four layers the mean square is {left:.3g}.", "Near 1, where it started.")


@check(points=0.5, hidden=True)
def an_unknown_activation_is_refused(init_std, rng):
    """The four names are accepted; any other raises ValueError."""
    n = int(rng.integers(2, 9))
    for act in ACTIVATIONS:
        expect_array(init_std(n, 3, act), (), f"init_std({n}, 3, {act!r})")
    for act in ("swishy", "sigmoid", "", "leaky0.2", "leaky", "leaky0.01", "relu6", "tan"):
        with expect_raises(ValueError, f"init_std({n}, 3, {act!r})"):
            init_std(n, 3, act)


# %% hints
HINTS = [
    "First find c, the share of the mean square that each activation lets pass. For a line it is 1.",
    "ReLU leaves half of the inputs their square and takes all of the others'. What does leaky ReLU do to those?",
    "Solve fan-in times variance times c = 1 for the variance, and mind what was asked for: not the variance.",
]
COVERS = ["S1.5a", "S3.6"]
KERNELS = [kernels.init_std]
WHY = r"""
The condition is $\text{fan-in} \cdot s^2 \cdot c = 1$, and all the work is in $c$. Symmetric pre-activations are
positive half of the time, so ReLU lets half of the mean square pass, and leaky ReLU half of it and half of a
*hundredth*: its slope of 0.1 acts on values, the mean square feels the square of it. The root comes last, because a
standard deviation was asked for. Looking the name up in a dictionary refuses whatever is not in it; a test of how the
name begins would take `'leaky0.2'` for `'leaky0.1'`.
"""

# %% [markdown]
# **See it.** Three sizes for the weights of a ReLU network, and what is left of the signal after 1, 10 and 30 layers
# of 200 units. Between the second and the third row lies a factor of 1.4, the square root of two. (The third row does
# not stay at 1 to the digit: it is right on average, and every layer of random weights adds some chance.)
#
# **Which activation?** ReLU and leaky ReLU are the usual advice for hidden layers, and a sound one: for positive inputs
# their slope is exactly 1, the only factor that survives a long product. It is an opinion with good reasons, not a law,
# and the table shows its fine print: ReLU wants *its own* size of weights.

# %% experiment
std_of = grader.yours("init_std")
width, draws = 200, np.random.default_rng(0)
sizes = {"0.01": 0.01, "as for a line": std_of(width, width, "linear"), "as for ReLU": std_of(width, width, "relu")}
print(f"{'size of the weights':>20} {'std':>8} {'1 layer':>10} {'10 layers':>10} {'30 layers':>10}   root mean square")
for name, std in sizes.items():
    signal, sizes_seen = draws.normal(size=(50, width)), {}
    for depth in range(1, 31):
        signal = np.maximum(signal, 0) @ draws.normal(scale=std, size=(width, width))
        sizes_seen[depth] = np.sqrt(np.mean(signal**2))
    print(f"{name:>20} {std:8.4f}", *(f"{sizes_seen[depth]:10.2g}" for depth in (1, 10, 30)))


# %% right and wrong answers
@right_answer
def by_gains(fan_in, fan_out, act):
    """The same number as gain / sqrt(fan_in), which is how libraries write it. PyTorch's calculate_gain agrees for linear,
    ReLU and leaky ReLU; for tanh it says 5/3, for pre-activations that are not small.
    """
    slopes = {"linear": (1, 1), "tanh": (1, 1), "relu": (0, 1), "leaky0.1": (0.1, 1)}
    try:
        left, right = slopes[act]
    except KeyError:
        raise ValueError("unknown activation") from None
    return np.sqrt(2 / (left**2 + right**2)) / np.sqrt(fan_in)


@wrong_answer(
    passes=(four_inputs_of_a_linear_layer,),
    feedback="Every activation comes out as a line. What ReLU takes from the mean square, the weights must give back.",
)
def a_line_for_everything(fan_in, fan_out, act):
    return math.sqrt(1 / fan_in)


@wrong_answer(
    passes=(
        a_signal_survives_four_relu_layers,
        an_unknown_activation_is_refused,
    ),
    feedback="The forward signal is a sum over the layer's inputs. The number of outputs governs the backward pass.",
)
def with_fan_out(fan_in, fan_out, act):
    return by_gains(fan_out, fan_in, act)


@wrong_answer(
    passes=(
        a_signal_survives_four_relu_layers,
        an_unknown_activation_is_refused,
    ),
    feedback="The mean of both sizes is a compromise between forward and backward. Here only the forward pass counts.",
)
def with_the_mean_of_both(fan_in, fan_out, act):
    return by_gains((fan_in + fan_out) / 2, fan_out, act)


@wrong_answer(
    passes=(an_unknown_activation_is_refused,),
    feedback="That is the variance. The standard deviation was asked for.",
)
def the_variance(fan_in, fan_out, act):
    return by_gains(fan_in, fan_out, act) ** 2


@wrong_answer(
    every_activation_keeps_the_mean_square,
    feedback="Leaky ReLU lets a hundredth of the mean square of the negative half pass as well: it is not quite ReLU.",
)
def leaky_as_relu(fan_in, fan_out, act):
    return by_gains(fan_in, fan_out, "relu" if act == "leaky0.1" else act)


@wrong_answer(
    every_activation_keeps_the_mean_square,
    feedback="The slope 0.1 acts on the values, so its square acts on the mean square.",
)
def slope_not_squared(fan_in, fan_out, act):
    return math.sqrt(2 / (1.1 * fan_in)) if act == "leaky0.1" else by_gains(fan_in, fan_out, act)


@wrong_answer(
    an_unknown_activation_is_refused,
    feedback="An unknown name is taken for a line. It must raise ValueError, or a typing mistake goes unnoticed.",
)
def a_line_when_in_doubt(fan_in, fan_out, act):
    return by_gains(fan_in, fan_out, act if act in ("tanh", "relu", "leaky0.1") else "linear")


@wrong_answer(
    passes=(
        four_inputs_of_a_linear_layer,
        an_unknown_activation_is_refused,
    ),
    feedback="The correction points the wrong way: what an activation takes away, the weights must give back.",
)
def gain_upside_down(fan_in, fan_out, act):
    return 1 / (fan_in * by_gains(fan_in, fan_out, act))


@wrong_answer(
    an_unknown_activation_is_refused,
    feedback="A name that only begins like one of the four is accepted: leaky0.2, for instance, has another slope, and must raise ValueError.",
)
def by_the_first_letters(fan_in, fan_out, act):
    known = [name for name in ("linear", "tanh", "relu", "leaky0.1") if act and act[:4] == name[:4]]
    return by_gains(fan_in, fan_out, known[0] if known else act)


@wrong_answer(
    passes=(four_inputs_of_a_linear_layer, an_unknown_activation_is_refused),
    feedback="The correction enters twice: a gain of the square root of 2 for ReLU goes with the standard deviation, 2 with the variance.",
)
def gain_squared(fan_in, fan_out, act):
    return by_gains(fan_in, fan_out, act) ** 2 * math.sqrt(fan_in)
