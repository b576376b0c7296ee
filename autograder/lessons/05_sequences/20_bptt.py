# %% [markdown]
# ## Back through time
#
# Now the network is to learn. At every step there is a target $z_t$, and the loss is the plain squared error,
#
# $$ L = \sum_{t=1}^{T} (y_t - z_t)^2 . $$
#
# The unrolled graph is a deep network, so its gradient is found as always: start at the end, and let messages travel
# back along every arrow. Two facts are special. **A state has two readers:** the output of its own step, and the next
# state. So two messages arrive at $h_t$, and they add. **A weight is used at every step:** its gradient is a sum over
# time.
#
# Write $\delta_t$ for the message at the pre-activation, $\delta_t = \partial L / \partial a_t$. Line by line:
#
# 1. $h_t$ is read by $y_t = v^\top h_t$, which sends back $2 (y_t - z_t)\, v$.
# 2. $h_t$ is read by $a_{t+1} = W x_{t+1} + U h_t$. There, entry $j$ of $a_{t+1}$ reads entry $k$ of $h_t$ with the
#    weight $U_{jk}$, so entry $k$ receives $\sum_j U_{jk}\, \delta_{t+1, j}$, which is $(U^\top \delta_{t+1})_k$.
# 3. Together, $\nabla_{h_t} L = 2 (y_t - z_t)\, v + U^\top \delta_{t+1}$.
# 4. From the state to the pre-activation, unit by unit: $\delta_t = \sigma'(a_t) \odot \nabla_{h_t} L$.
# 5. **The base case.** After the last step nobody reads $h_T$ but $y_T$. So $\delta_{T+1} = 0$. Without this line the
#    recursion has nowhere to start, and some answer sheets forget it.
# 6. $a_t$ reads $W$ beside $x_t$ and $U$ beside $h_{t-1}$, and $y_t$ reads $v$ beside $h_t$:
#
# $$ \nabla_W L = \sum_t \delta_t\, x_t^\top, \qquad \nabla_U L = \sum_t \delta_t\, h_{t-1}^\top, \qquad
#    \nabla_v L = \sum_t 2 (y_t - z_t)\, h_t . $$
#
# | argument | shape | meaning |
# |---|---|---|
# | `W`, `U`, `v` | `(H, D)`, `(H, H)`, `(H,)` | the weights, as before |
# | `x`, `z` | `(T, D)`, `(T,)` | inputs and targets |
# | `h0` | `(H,)` | the state before the first step, not always 0 |
# | results | number, `(H, D)`, `(H, H)`, `(H,)` | the loss and its gradients for $W$, $U$, $v$ |
#
# **Write `bptt(W, U, v, x, z, h0)`, which returns `(L, dW, dU, dv)`.** You need the forward pass too: write it in here
# (a few lines), so that this exercise stands alone. Sequences may be long: for 200 steps and 64 units one pass forward and
# one back take a few milliseconds. To move each weight in turn, and to look at the loss, takes far too long.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import (
    check,
    complex_step,
    expect_array,
    expect_close,
    expect_parts,
    is_pure,
    right_answer,
    wrong_answer,
)


# %% answer
def bptt(W, U, v, x, z, h0):
    """Return the squared error of the outputs and its gradients dW (H, D), dU (H, H), dv (H,); x (T, D), z (T,)."""
    # BEGIN SOLUTION
    h = [h0]
    for inputs in x:
        h.append(1 / (1 + np.exp(-(W @ inputs + U @ h[-1]))))
    dW, dU, dv = np.zeros(W.shape), np.zeros(U.shape), np.zeros(v.shape)
    loss, from_the_future = 0.0, np.zeros(h0.shape)
    for t in reversed(range(len(x))):
        before, now = h[t], h[t + 1]
        error = v @ now - z[t]
        loss += error**2
        delta = now * (1 - now) * (2 * error * v + from_the_future)
        dW += np.outer(delta, x[t])
        dU += np.outer(delta, before)
        dv += 2 * error * now
        from_the_future = U.T @ delta
    return loss, dW, dU, dv
    # END SOLUTION


# %% checks
PARTS = ("L", "dW", "dU", "dv")
SIZES = [
    (5, 3, 4, 1),
    (1, 2, 3, 0),
    (1, 2, 3, 1),
    (4, 3, 3, 0),
    (3, 1, 1, 1),
    (40, 2, 2, 0),
    (3, 3, 3, 1),
    (2, 2, 3, 1e3),
    (4, 2, 3, 1e-10),
]


def squared_error(W, U, v, x, z, h0):
    """The loss, for complex weights too."""
    h, total = h0, 0.0
    for inputs, target in zip(x, z, strict=True):
        h = 1 / (1 + np.exp(-(W @ inputs + U @ h)))
        total = total + (v @ h - target) ** 2
    return total


def draw(rng, T, D, H, start):
    """Random weights, inputs, targets and a first state of size `start`; where that is not 1, others follow it."""
    W, U, v = rng.normal(size=(H, D)), rng.normal(size=(H, H)), 2 * rng.normal(size=H)
    size, large = start or 1.0, max(1.0, start)
    x, z, h0 = large * rng.normal(size=(T, D)), size * rng.normal(size=T), start * rng.normal(size=H)
    return W / large, U / large, v * size, x, z, h0


LONG = "bptt with T, D, H = 200, 4, 64"


def draw_a_long_one(rng):
    """So large that who moves weight by weight is not done in time."""
    W, U, *given = draw(rng, 200, 4, 64, 1)
    return W, U / 8, *given


def expect_slope(gradient, loss, weights, rng, what):
    """Compare a gradient with the derivative of the loss along one random direction."""
    direction = rng.normal(size=weights.shape)
    expected = complex_step(lambda far: loss(weights + far * direction), np.zeros(()))
    got = expect_array(gradient, weights.shape, what)
    expect_close(np.sum(got * direction), float(expected), f"{what} along a random direction", rtol=1e-8)


def named(T, D, H, start):
    return f"bptt with T, D, H = {T}, {D}, {H} and h0 {'random' if start else '= 0'}"


# %% public checks
@check(points=1)
def one_step_without_weights(bptt):
    """With W = U = 0, v = 1 and target 0 at one step: L = 1/4, dv = 1/2, and dW = 1/4 for x = 1."""
    zero = np.zeros((1, 1))
    results = bptt(zero, zero, np.ones(1), np.ones((1, 1)), np.zeros(1), np.zeros(1))
    expected = 0.25, np.array([[0.25]]), np.zeros((1, 1)), np.array([0.5])
    expect_close(results, expected, "bptt with zero weights", parts=PARTS)


@check(points=1)
def two_steps_by_hand(bptt):
    """U = 2 ln 3, v = 4, z = (1, 2) give y = (2, 3): both steps err by 1, and the deltas are 2 + 3/4 ln 3 and 3/2."""
    ln3 = math.log(3)
    U, v = np.array([[2 * ln3]]), np.array([4.0])
    results = bptt(np.zeros((1, 1)), U, v, np.ones((2, 1)), np.array([1.0, 2.0]), np.zeros(1))
    expected = 2.0, np.array([[3.5 + 0.75 * ln3]]), np.array([[0.75]]), np.array([2.5])
    expect_close(results, expected, "bptt with U = 2 ln 3", parts=PARTS)


# %% hidden checks
@check(points=1, hidden=True)
def loss_and_output_weights(bptt, rng):
    """The loss is right for any sizes, and dv matches the complex step."""
    for sizes in SIZES:
        W, U, v, x, z, h0 = draw(rng, *sizes)
        right_loss = float(squared_error(W, U, v, x, z, h0))
        expected = complex_step(lambda moved: squared_error(W, U, moved, x, z, h0), v)
        loss, _, _, dv = expect_parts(bptt(W, U, v, x, z, h0), PARTS, named(*sizes))
        expect_close(loss, right_loss, f"L of {named(*sizes)}", atol=0)
        expect_close(dv, expected, f"dv of {named(*sizes)}", atol=0)
    W, U, _, x, _, h0 = draw(rng, *SIZES[0])
    v, z, what = np.ones(len(h0)), np.full(len(x), 2.0), "bptt with equal output weights and equal targets"
    right_loss = float(squared_error(W, U, v, x, z, h0))
    loss, *_ = expect_parts(bptt(W, U, v, x, z, h0), PARTS, what)
    expect_close(loss, right_loss, f"L of {what}", atol=0)


@check(points=1.5, hidden=True)
def recurrent_weights(bptt, rng):
    """dU matches the complex step for any sizes, one step and two hundred, with a first state that is 0 or not."""
    for sizes in SIZES:
        W, U, v, x, z, h0 = draw(rng, *sizes)
        expected = complex_step(lambda moved: squared_error(W, moved, v, x, z, h0), U)
        _, _, dU, _ = expect_parts(bptt(W, U, v, x, z, h0), PARTS, named(*sizes))
        expect_close(dU, expected, f"dU of {named(*sizes)}", atol=0)
    W, U, v, x, z, h0 = draw_a_long_one(rng)
    _, _, dU, _ = expect_parts(bptt(W, U, v, x, z.copy(), h0), PARTS, LONG)
    expect_slope(dU, lambda moved: squared_error(W, moved, v, x, z, h0), U, rng, f"dU of {LONG}")


@check(points=1.5, hidden=True)
def input_weights(bptt, rng):
    """dW matches the complex step for any sizes, one step and two hundred."""
    for sizes in SIZES:
        W, U, v, x, z, h0 = draw(rng, *sizes)
        expected = complex_step(lambda moved: squared_error(moved, U, v, x, z, h0), W)
        _, dW, _, _ = expect_parts(bptt(W, U, v, x, z, h0), PARTS, named(*sizes))
        expect_close(dW, expected, f"dW of {named(*sizes)}", atol=0)
    W, U, v, x, z, h0 = draw_a_long_one(rng)
    _, dW, _, _ = expect_parts(bptt(W, U, v, x, z.copy(), h0), PARTS, LONG)
    expect_slope(dW, lambda moved: squared_error(moved, U, v, x, z, h0), W, rng, f"dW of {LONG}")


# %% hints
HINTS = [
    "Walk forward and keep every state, h0 too. Then walk back over the steps with one vector in your hand.",
    "That vector is what step t + 1 sends to h_t. Before the last step it is 0.",
    "delta_t holds everything that a_t is to blame for: make it first, and dW, dU and the next message follow from it.",
    "If only the length T = 1 comes out right, look at the message; if only h0 = 0 does, look at dU at the first step.",
]
WHY = r"""
One vector goes back through time: `from_the_future` is what step $t + 1$ says to $h_t$. It starts at 0, for nobody
but $y_T$ reads the last state. In each pass the messages of the two readers add, the slope makes $\delta_t$ of their
sum, and all else is made of $\delta_t$. Two places to slip: in `dU` it stands beside the state *before*, which is
`h0` at the first step; and what is sent on is $U^\top \delta_t$, slope included. `+=`, for every weight is used at
every step.
"""
COVERS = ["S0.bptt.a", "S0.bptt.b", "S3.19"]
KERNELS = [kernels.bptt, kernels.numerical_gradient]

# %% [markdown]
# **See it.** Your gradient at work: four units learn to say what a sine will do next, from its present value alone, by
# 300 steps downhill. A network without memory could not. At a value of 0.5 a sine may be rising or falling, and only
# the past tells which. (The best guess from the present value alone is $\cos(\omega)\,x_t$.)

# %% experiment
gradients_of = grader.yours("bptt")
omega, draws = 0.5, np.random.default_rng(0)
wave = np.sin(omega * np.arange(61))
x = np.stack([wave[:-1], np.ones(60)], axis=1)  # the second input is always 1: a bias
z = wave[1:]
weights = [draws.normal(size=(4, 2)), draws.normal(size=(4, 4)), draws.normal(size=4)]
first_moment, second_moment = ([np.zeros_like(w) for w in weights] for _ in range(2))
for step in range(1, 301):
    loss, *gradients = gradients_of(*weights, x, z, np.full(4, 0.5))
    if step in (1, 10, 100, 300):
        print(f"after {step - 1:3d} steps the mean squared error is {loss / 60:.5f}")
    # Adam, from lesson 03, written out.
    for w, g, m, s in zip(weights, gradients, first_moment, second_moment, strict=True):
        m += 0.1 * (g - m)
        s += 0.01 * (g**2 - s)
        w -= 0.05 * (m / (1 - 0.9**step)) / (np.sqrt(s / (1 - 0.99**step)) + 1e-8)
print(f"without memory, at best {np.mean((np.cos(omega) * wave[:-1] - z) ** 2):.5f}")
del gradients_of  # an answer stands alone

# %% [markdown]
# **And where it fades.** The message to a step in the past is a product: $U^\top$ and a slope for each step on the way.
# Below, the size of $\partial L / \partial a_t$ when only the *last* step has an error, for three sizes of the same $U$.
# A slope is at most 1/4, so with sigmoids even a $U$ of norm 3 forgets. A larger $U$ helps less than one would hope, since
# it also drives units into saturation, where their slopes are smaller. Here, at norm 4, less comes through than at 3; with
# other random numbers more may. The cure is the subject of the second half.

# %% experiment
forward = grader.yours("rnn_forward")
draws = np.random.default_rng(1)
orthogonal = np.linalg.qr(draws.normal(size=(8, 8)))[0]
W, v, x = 0.1 * draws.normal(size=(8, 1)), np.ones(8), draws.normal(size=(40, 1))
print(f"{'steps back':>14}", *(f"{back:>9d}" for back in (0, 1, 5, 10, 20, 39)))
for scale in (1.0, 3.0, 4.0):
    a, h, _ = forward(W, scale * orthogonal, v, x, np.full(8, 0.5))
    message, sizes = v * h[-1] * (1 - h[-1]), []
    for t in reversed(range(40)):
        sizes.append(np.linalg.norm(message))
        message = h[t - 1] * (1 - h[t - 1]) * (scale * orthogonal.T @ message)
    print(f"norm of U = {scale:3.1f}", *(f"{sizes[back] / sizes[0]:9.1e}" for back in (0, 1, 5, 10, 20, 39)))
del forward  # an answer stands alone


# %% right and wrong answers
def variant(future=1.0, transposed=True, two=2.0, pair_with_now=False, through_slope=True, first_step=True):
    """Backpropagation through time with one thing changed, in two passes over lists."""

    def run(W, U, v, x, z, h0):
        h = [h0]
        for inputs in x:
            h.append(1 / (1 + np.exp(-W @ inputs - U @ h[-1])))
        back = U.T if transposed else U
        deltas, arriving = [], 0.0 * h0
        for now, target in zip(h[:0:-1], z[::-1], strict=True):
            gradient = two * (v @ now - target) * v + future * arriving
            deltas.append(now * (1 - now) * gradient)
            arriving = back @ (deltas[-1] if through_slope else gradient)
        delta, states = np.array(deltas[::-1]), np.array(h[1:])
        errors, beside = states @ v - z, states if pair_with_now else np.array(h[:-1])
        rows = slice(None) if first_step else slice(1, None)
        return float(errors @ errors), delta.T @ x, delta[rows].T @ beside[rows], two * states.T @ errors

    return run


@right_answer
def in_two_passes(W, U, v, x, z, h0):
    """Only the messages need a loop. If all of them are kept, the sums over time are products of two matrices, `delta.T
    @ x`. Less Python for each step, and one more array of shape (T, H).
    """
    h = [h0]
    for inputs in x:
        h.append(1 / (1 + np.exp(-W @ inputs - U @ h[-1])))
    states, before = np.array(h[1:]), np.array(h[:-1])
    errors, slopes = states @ v - z, states * (1 - states)
    delta, arriving = np.zeros(states.shape), np.zeros(len(h0))
    for t in reversed(range(len(x))):
        delta[t] = slopes[t] * (2 * errors[t] * v + arriving)
        arriving = U.T @ delta[t]
    return float(errors @ errors), delta.T @ x, delta.T @ before, 2 * states.T @ errors


@right_answer
def by_forward_sensitivities(W, U, v, x, z, h0):
    """Real-time recurrent learning: how the state hangs on every weight is carried *forward*. No past state must be
    kept, and a gradient is there after each step, for streams that never end. The price is some H⁴ multiplications a
    step, where going back takes some H²: at 64 units and 200 steps dozens of times as long.
    """
    H, D = W.shape
    h, in_W, in_U = h0, np.zeros((H, H, D)), np.zeros((H, H, H))
    loss, dW, dU, dv, unit = 0.0, np.zeros((H, D)), np.zeros((H, H)), np.zeros(H), np.arange(H)
    for inputs, target in zip(x, z, strict=True):
        in_W, in_U = np.tensordot(U, in_W, 1), np.tensordot(U, in_U, 1)
        in_W[unit, unit] += inputs
        in_U[unit, unit] += h
        h = 1 / (1 + np.exp(-(W @ inputs + U @ h)))
        slope = (h * (1 - h))[:, None, None]
        in_W, in_U, error = slope * in_W, slope * in_U, v @ h - target
        loss += error**2
        dW, dU = dW + 2 * error * np.tensordot(v, in_W, 1), dU + 2 * error * np.tensordot(v, in_U, 1)
        dv += 2 * error * h
    return loss, dW, dU, dv


no_message_from_the_future = wrong_answer(
    two_steps_by_hand,
    recurrent_weights,
    input_weights,
    feedback="Only the step's own error counts in yours. h_t also receives what flows back from step t + 1.",
)(variant(future=0.0))

not_transposed = wrong_answer(
    recurrent_weights,
    input_weights,
    feedback="Going back, the message is multiplied by U transposed: entry k of h_t gets the column k of U.",
)(variant(transposed=False))

no_factor_two = wrong_answer(feedback="The factor 2 from the square is missing.")(variant(two=1.0))

paired_with_the_new_state = wrong_answer(
    one_step_without_weights,
    two_steps_by_hand,
    recurrent_weights,
    feedback="In dU, delta_t stands beside the previous state h_{t-1}, which U multiplied. You took h_t.",
)(variant(pair_with_now=True))

message_skips_the_slope = wrong_answer(
    two_steps_by_hand,
    recurrent_weights,
    input_weights,
    feedback="What goes back through U is delta, slope included. You sent the gradient of h_{t+1} instead.",
)(variant(through_slope=False))

first_step_left_out_of_dU = wrong_answer(
    recurrent_weights, feedback="dU lacks the first step, where U multiplied h0. That is right only where h0 is 0."
)(variant(first_step=False))


@wrong_answer(
    passes=(one_step_without_weights,),
    feedback="Only the error of the last step is in your loss. Here every step has a target.",
)
def last_step_only(W, U, v, x, z, h0):
    _, h, y = _outputs(W, U, v, x, h0)
    targets = np.append(y[:-1], z[-1])
    return variant()(W, U, v, x, targets, h0)


def _outputs(W, U, v, x, h0):
    h = [h0]
    for inputs in x:
        h.append(1 / (1 + np.exp(-W @ inputs - U @ h[-1])))
    return None, np.array(h[1:]), np.array(h[1:]) @ v


@wrong_answer(passes=(one_step_without_weights,), feedback="You averaged over the steps. The loss here is a sum.")
def averaged(W, U, v, x, z, h0):
    return tuple(each / len(x) for each in variant()(W, U, v, x, z, h0))


@wrong_answer(
    passes=(one_step_without_weights,),
    feedback="What you return are the shares of a single step. A weight is used at every step: its shares add up (+=).",
)
def shares_of_the_first_step(W, U, v, x, z, h0):
    loss, dW, _, dv = variant()(W, U, v, x, z, h0)
    _, h, y = _outputs(W, U, v, x, h0)
    delta = _delta_of_the_first_step(W, U, v, x, z, h0)
    return loss, np.outer(delta, x[0]), np.outer(delta, h0), 2 * (y[0] - z[0]) * h[0]


def _delta_of_the_first_step(W, U, v, x, z, h0):
    _, h, y = _outputs(W, U, v, x, h0)
    delta = np.zeros(len(h0))
    for t in reversed(range(len(x))):
        delta = h[t] * (1 - h[t]) * (2 * (y[t] - z[t]) * v + U.T @ delta)
    return delta


@wrong_answer(
    two_steps_by_hand,
    recurrent_weights,
    input_weights,
    feedback="Your messages travel forward in time. The last step must come first: its message goes to the step before it.",
)
def messages_forward_in_time(W, U, v, x, z, h0):
    loss, _, _, dv = variant()(W, U, v, x, z, h0)
    _, h, y = _outputs(W, U, v, x, h0)
    deltas, delta = [], np.zeros(len(h0))
    for now, error in zip(h, y - z, strict=True):
        delta = now * (1 - now) * (2 * error * v + U.T @ delta)
        deltas.append(delta)
    return loss, np.array(deltas).T @ x, np.array(deltas).T @ np.concatenate([h0[None], h[:-1]]), dv


@wrong_answer(
    is_pure,
    feedback="The results are right, but the targets were changed: you computed the errors in their place.",
)
def errors_written_into_z(W, U, v, x, z, h0):
    results = variant()(W, U, v, x, z, h0)
    z -= _outputs(W, U, v, x, h0)[2]
    return results
