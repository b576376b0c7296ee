# %% [markdown]
# ## Find the missing term
#
# A network that reacts violently to a tiny change of its input is easy to fool. So punish violence: add the squared
# norm of the sensitivity from the exercise before last to the loss, with a weight $\lambda$,
#
# $$ L = \sum_t (y_t - z_t)^2 + \lambda \sum_t \lVert g_t \rVert^2, \qquad
#    g_t = \Bigl(\frac{\partial y_t}{\partial x_t}\Bigr)^{\!\top} = W^\top \bigl(v \odot \sigma'(a_t)\bigr). $$
#
# This was an exam question. Its answer sheet has circulated for years, and says:
#
# $$ \nabla_{h_t} L = 2 (y_t - z_t)\, v + U^\top \bigl(\sigma'(a_{t+1}) \odot \nabla_{h_{t+1}} L\bigr), \qquad
#    \nabla_U L = \sum_t \bigl(\sigma'(a_t) \odot \nabla_{h_t} L\bigr)\, h_{t-1}^\top , $$
#
# and for $W$ and $v$ the plain gradients plus a term of the penalty each,
#
# $$ \nabla_W: \ + 2\lambda \sum_t \bigl(v \odot \sigma'(a_t)\bigr)\, g_t^\top, \qquad
#    \nabla_v: \ + 2\lambda \sum_t \sigma'(a_t) \odot (W g_t) . $$
#
# The penalty does not contain $U$, so it adds nothing to $\nabla_U$. It does not contain $h_t$ either. That sounds
# right. **One message is missing, and you are to find it.**
#
# Here is the sheet's own drawing, with the node (dashed) that the sheet left out:

# %% experiment
from helpers.figures import computation_graph

computation_graph(
    {
        "x": (0.05, 0.75, "$x_t$"),
        "before": (0.05, 0.3, "$h_{t-1}$"),
        "a": (0.2, 0.52, "$a_t$"),
        "h": (0.38, 0.28, "$h_t$"),
        "g": (0.51, 0.82, "$g_t = W^T (v \\odot \\sigma'(a_t))$"),
        "y": (0.58, 0.28, "$y_t$"),
        "next": (0.58, 0.09, "$a_{t+1}$"),
        "penalty": (0.85, 0.82, "$\\lambda \\, |g_t|^2$"),
        "error": (0.85, 0.28, "$(y_t - z_t)^2$"),
    },
    [
        ("x", "a", "W"),
        ("before", "a", "U"),
        ("a", "h", "σ"),
        ("a", "g"),
        ("g", "penalty"),
        ("h", "y", "v"),
        ("h", "next", "U"),
        ("y", "error"),
    ],
    marked=("g",),
    height=2.6,
    alt="x_t by W and the state before by U go to a_t. a_t has two readers: by the sigmoid the state h_t, which goes by v to "
    "y_t and its squared error and by U to the next a, and, dashed, g_t, which goes to the penalty.",
)

# %% [markdown]
# The next cell gives you this loss. Run the two experiments after it before you derive anything. The first asks a finite difference which gradients are wrong.
# In its right-hand column the targets are exactly what the network says, so that every error is 0. By the sheet, all
# messages are then 0, and so is $\nabla_U L$. The finite difference disagrees.

# %% given
import numpy as np


def penalized_loss(W, U, v, x, z, h0, lam, push=None):
    """The penalized loss, a number; `push`, of shape (T, H), is added to the pre-activations."""
    h, total = h0, 0.0
    for t in range(len(x)):
        h = 1 / (1 + np.exp(-(W @ x[t] + U @ h + (0 if push is None else push[t]))))
        g = W.T @ (v * h * (1 - h))
        total = total + (v @ h - z[t]) ** 2 + lam * (g @ g)
    return total


# %% imports
import math

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

# %% experiment
from helpers.kernels import numerical_gradient

forward, plain, sensitivity = (grader.yours(name) for name in ("rnn_forward", "bptt", "output_sensitivity"))


def as_the_answer_sheet_says(W, U, v, x, z, h0, lam):
    """dW, dU and dv as the answer sheet has them: yours without the penalty, plus its two terms."""
    a, h, _ = forward(W, U, v, x, h0)
    _, dW, dU, dv = plain(W, U, v, x, z, h0)
    slope, g = h * (1 - h), sensitivity(W, v, a)
    return dW + 2 * lam * (v * slope).T @ g, dU, dv + 2 * lam * np.sum(slope * (g @ W.T), axis=0)


draws = np.random.default_rng(4)
W, U, v = draws.normal(size=(3, 2)), draws.normal(size=(3, 3)), 2 * draws.normal(size=3)
x, z, h0 = draws.normal(size=(4, 2)), draws.normal(size=4), np.zeros(3)
fitted = forward(W, U, v, x, h0)[2]
columns = []
for targets in (z, fitted):
    measured = [
        numerical_gradient(lambda w: penalized_loss(w, U, v, x, targets, h0, 1.0), W),
        numerical_gradient(lambda w: penalized_loss(W, w, v, x, targets, h0, 1.0), U),
        numerical_gradient(lambda w: penalized_loss(W, U, w, x, targets, h0, 1.0), v),
    ]
    pairs = zip(as_the_answer_sheet_says(W, U, v, x, targets, h0, 1.0), measured, strict=True)
    columns.append([(np.linalg.norm(c), np.linalg.norm(m), np.linalg.norm(c - m)) for c, m in pairs])
print(f"{'norm of':>8} {'random targets':>30} {'targets already met':>36}")
print(f"{'':>8}", f"{'sheet':>10} {'measured':>10} {'difference':>12}   " * 2)
for name, *norms in zip(("dW", "dU", "dv"), *columns, strict=True):
    print(f"{name:>8}", *(f"{sheet:10.4f} {true:10.4f} {gap:12.1e}  " for sheet, true, gap in norms))

# %% [markdown]
# So $v$ is right, and $U$ and $W$ are wrong. Both of them reach the loss through the pre-activations $a_t$, so listen
# there. The next cell pushes one entry of one $a_t$ after the other and measures how the loss answers, which is
# $\delta_t = \partial L / \partial a_t$ by definition. From this it subtracts what the sheet sends there. What is left
# is the missing message, for a sequence of one step, where there is nothing else that could be to blame.
#
# Ask the numbers. Does the message depend on the target? Is it proportional to $\lambda$? To $v$? What happens to it
# where $a = 0$, the point at which a sigmoid is straight? **Then write your formula into the last line but one** and
# run the cell until the bottom row is 0.

# %% experiment
lam, first, start = 1.0, x[:1], np.array([0.2, 0.9, 0.5])
a, h, y = forward(W, U, v, first, start)
g = sensitivity(W, v, a)[0]


def missed(target, strength):
    """The measured message at the pre-activations of a single step, minus what the sheet sends there."""

    def loss(push):
        return penalized_loss(W, U, v, first, target, start, strength, push)

    sheet = h[0] * (1 - h[0]) * 2 * (y[0] - target[0]) * v
    return numerical_gradient(loss, np.zeros((1, 3)))[0] - sheet


print(f"a = {np.round(a[0], 3)}   v = {np.round(v, 3)}   W g = {np.round(W @ g, 3)}")
for strength in (0.0, 1.0, 2.0):
    for target in (y, y + 1.0):
        seen = np.round(missed(target, strength), 6) + 0.0
        print(f"lambda = {strength:.0f}, target off by {target[0] - y[0]:.0f}: the sheet misses {seen}")
your_message = np.zeros(3)  # your formula, in lam, a, h, v, W and g
print("still missing after yours:          ", np.round(missed(y, lam) - your_message, 6))

# %% [markdown]
# | argument | shape | meaning |
# |---|---|---|
# | `W`, `U`, `v` | `(H, D)`, `(H, H)`, `(H,)` | the weights |
# | `x`, `z`, `h0` | `(T, D)`, `(T,)`, `(H,)` | inputs, targets, the state before the first step |
# | `lam` | number $\ge 0$ | $\lambda$, the weight of the penalty |
# | results | number, `(H, D)`, `(H, H)`, `(H,)` | the loss with its penalty, and its gradients for $W$, $U$, $v$ |
#
# **Write `penalized_bptt(W, U, v, x, z, h0, lam=1.0)`, which returns `(L, dW, dU, dv)`**, all of them exact. Again the
# forward pass belongs in here, for up to 200 steps and 64 units; measuring the loss weight by weight takes far too long. The
# derivation, line by line, stands below the check; try the exercise first.


# %% answer
def penalized_bptt(W, U, v, x, z, h0, lam=1.0):
    """Return L = sum_t (y_t - z_t)^2 + lam |dy_t/dx_t|^2 and its gradients dW (H, D), dU (H, H), dv (H,)."""
    # BEGIN SOLUTION
    h = [h0]
    for inputs in x:
        h.append(1 / (1 + np.exp(-(W @ inputs + U @ h[-1]))))
    dW, dU, dv = np.zeros(W.shape), np.zeros(U.shape), np.zeros(v.shape)
    loss, from_the_future = 0.0, np.zeros(h0.shape)
    for t in reversed(range(len(x))):
        before, now = h[t], h[t + 1]
        slope = now * (1 - now)
        bend = slope * (1 - 2 * now)  # the second derivative of the sigmoid
        error, g = v @ now - z[t], (v * slope) @ W
        loss += error**2 + lam * (g @ g)
        delta = slope * (2 * error * v + from_the_future) + 2 * lam * bend * v * (W @ g)
        dW += np.outer(delta, x[t]) + 2 * lam * np.outer(v * slope, g)
        dU += np.outer(delta, before)
        dv += 2 * error * now + 2 * lam * slope * (W @ g)
        from_the_future = U.T @ delta
    return loss, dW, dU, dv
    # END SOLUTION


# %% checks
PARTS = ("L", "dW", "dU", "dv")
SIZES = [
    (5, 3, 4, 0, 1.0),
    (1, 2, 3, 0, 1.0),
    (1, 2, 3, 1, 1.0),
    (4, 3, 3, 1, 3.0),
    (3, 1, 1, 1, 1.0),
    (40, 2, 2, 0, 1.0),
    (4, 2, 3, 1, 0.0),
    (4, 2, 3, 0, 5.0),
    (3, 2, 2, 1, 1e6),
    (3, 2, 3, 1e3, 2.0),
    (3, 2, 3, 1e-10, 2.0),
    (3, 3, 3, 1, 0.5),
]


def penalized(W, U, v, x, z, h0, lam):
    """The loss, for complex weights too."""
    h, total = h0, 0.0
    for inputs, target in zip(x, z, strict=True):
        h = 1 / (1 + np.exp(-(W @ inputs + U @ h)))
        jacobian = np.einsum("h,hd->d", v * h * (1 - h), W)
        total = total + (v @ h - target) ** 2 + lam * np.sum(jacobian * jacobian)
    return total


def expect_slope(gradient, loss, weights, rng, what):
    """Compare a gradient with the derivative of the loss along one random direction."""
    direction = rng.normal(size=weights.shape)
    expected = complex_step(lambda far: loss(weights + far * direction), np.zeros(()))
    got = expect_array(gradient, weights.shape, what)
    expect_close(np.sum(got * direction), float(expected), f"{what} along a random direction", rtol=1e-8)


def draw(rng, T, D, H, start, lam):
    """Random weights, inputs, targets, a first state of size `start`, which others follow where it is not 1, and lam."""
    W, U, v = rng.normal(size=(H, D)), rng.normal(size=(H, H)), 2 * rng.normal(size=H)
    size, large = start or 1.0, max(1.0, start)
    x, z, h0 = large * rng.normal(size=(T, D)), size * rng.normal(size=T), start * rng.normal(size=H)
    return W / large, U / large, v * size, x, z, h0, lam


LONG = "penalized_bptt with T, D, H = 200, 4, 64, lam = 2"


def draw_a_long_one(rng):
    """So large that who moves weight by weight is not done in time."""
    W, U, *given = draw(rng, 200, 4, 64, 1, 2.0)
    return W, U / 8, *given


def named(T, D, H, start, lam):
    return f"penalized_bptt with T, D, H = {T}, {D}, {H}, lam = {lam:g} and h0 {'random' if start else '= 0'}"


# %% public checks
@check(points=0.5)
def without_weights_it_is_plain(penalized_bptt):
    """With W = U = 0 nothing is sensitive: for v = 1, x = 0 and target 0 at one step, L = 1/4 and dv = 1/2."""
    zero = np.zeros((1, 1))
    results = penalized_bptt(zero, zero, np.ones(1), zero, np.zeros(1), np.zeros(1))
    expected = 0.25, np.zeros((1, 1)), np.zeros((1, 1)), np.array([0.5])
    expect_close(results, expected, "penalized_bptt with zero weights", parts=PARTS)


@check(points=1.5)
def a_target_already_met(penalized_bptt):
    """W = ln 3, U = 0, v = 1, x = 1, z = 3/4: no error, and yet all three gradients are what a pencil says they are."""
    W, one = math.log(3), np.ones((1, 1))
    g, slope, bend = 3 / 16 * W, 3 / 16, -3 / 32  # σ' and σ'' at a = ln 3
    expected = g**2, [[2 * g * (bend * W + slope)]], [[2 * g * bend * W * 2]], [2 * g * slope * W]
    results = penalized_bptt(W * one, 0 * one, np.ones(1), one, np.array([0.75]), np.array([2.0]))
    expect_close(results, expected, "penalized_bptt with W = ln 3, h0 = 2", parts=PARTS)


# %% hidden checks
@check(points=1, hidden=True)
def the_loss(penalized_bptt, rng):
    """The loss is right for any sizes and any lam, 0 too, and lam is 1 where it is not given."""
    for sizes in SIZES:
        given = draw(rng, *sizes)
        expected = float(penalized(*given))
        loss, *_ = expect_parts(penalized_bptt(*given), PARTS, named(*sizes))
        expect_close(loss, expected, f"L of {named(*sizes)}", atol=0)
    W, U, _, x, _, h0, lam = draw(rng, *SIZES[0])
    v, z, what = np.ones(len(h0)), np.full(len(x), 2.0), "penalized_bptt with equal output weights and equal targets"
    expected = float(penalized(W, U, v, x, z, h0, lam))
    loss, *_ = expect_parts(penalized_bptt(W, U, v, x, z, h0, lam), PARTS, what)
    expect_close(loss, expected, f"L of {what}", atol=0)
    *given, _ = draw(rng, 3, 2, 2, 1, 1.0)
    expected = float(penalized(*given, 1.0))
    loss, *_ = expect_parts(penalized_bptt(*given), PARTS, "penalized_bptt without lam")
    expect_close(loss, expected, "L of penalized_bptt without lam")


@check(points=1, hidden=True)
def output_weights(penalized_bptt, rng):
    """dv matches the complex step for any sizes and any lam."""
    for sizes in SIZES:
        W, U, v, x, z, h0, lam = draw(rng, *sizes)
        expected = complex_step(lambda moved: penalized(W, U, moved, x, z, h0, lam), v)
        _, _, _, dv = expect_parts(penalized_bptt(W, U, v, x, z, h0, lam), PARTS, named(*sizes))
        expect_close(dv, expected, f"dv of {named(*sizes)}", atol=0)


@check(points=2, hidden=True)
def recurrent_weights(penalized_bptt, rng):
    """dU matches the complex step for any sizes and any lam, a long sequence too, with a first state that is 0 or not."""
    for sizes in SIZES:
        W, U, v, x, z, h0, lam = draw(rng, *sizes)
        expected = complex_step(lambda moved: penalized(W, moved, v, x, z, h0, lam), U)
        _, _, dU, _ = expect_parts(penalized_bptt(W, U, v, x, z, h0, lam), PARTS, named(*sizes))
        expect_close(dU, expected, f"dU of {named(*sizes)}", atol=0)
    W, U, v, x, z, h0, lam = draw_a_long_one(rng)
    _, _, dU, _ = expect_parts(penalized_bptt(W, U, v, x, z.copy(), h0, lam), PARTS, LONG)
    expect_slope(dU, lambda moved: penalized(W, moved, v, x, z, h0, lam), U, rng, f"dU of {LONG}")


@check(points=2, hidden=True)
def input_weights(penalized_bptt, rng):
    """dW matches the complex step for any sizes and any lam, a long sequence too."""
    for sizes in SIZES:
        W, U, v, x, z, h0, lam = draw(rng, *sizes)
        expected = complex_step(lambda moved: penalized(moved, U, v, x, z, h0, lam), W)
        _, dW, _, _ = expect_parts(penalized_bptt(W, U, v, x, z, h0, lam), PARTS, named(*sizes))
        expect_close(dW, expected, f"dW of {named(*sizes)}", atol=0)
    W, U, v, x, z, h0, lam = draw_a_long_one(rng)
    _, dW, _, _ = expect_parts(penalized_bptt(W, U, v, x, z.copy(), h0, lam), PARTS, LONG)
    expect_slope(dW, lambda moved: penalized(moved, U, v, x, z, h0, lam), W, rng, f"dW of {LONG}")


@check(points=1, hidden=True)
def targets_met_by_a_long_sequence(penalized_bptt, rng):
    """With every target met dU is still not 0: it matches the complex step, and grows in proportion to lam."""
    W, U, v, x, _, h0, _ = draw(rng, 6, 2, 3, 1, 1.0)
    h, z = h0, []
    for inputs in x:
        h = 1 / (1 + np.exp(-(W @ inputs + U @ h)))
        z.append(v @ h)
    z = np.array(z)
    measured = complex_step(lambda moved: penalized(W, moved, v, x, z, h0, 1.0), U)
    for lam in (1.0, 4.0):
        what = f"penalized_bptt with every target met, lam = {lam:g}"
        _, _, dU, _ = expect_parts(penalized_bptt(W, U, v, x, z.copy(), h0, lam), PARTS, what)
        expect_close(dU, lam * measured, f"dU of {what}", rtol=1e-8)


# %% hints
HINTS = [
    "Start from plain backpropagation through time. Who reads a_t in the drawing, beside h_t?",
    "The penalty reads a_t through the slopes. What is the derivative of a slope? In the hidden state alone, please.",
    "σ'' = σ'(1 - 2σ). By the chain rule the square brings 2 lam g_t, W takes it back to the units, v and σ'' scale it.",
    "The message belongs into delta_t, before delta_t goes on into dU, dW and U^T delta_t: the past hears it too.",
    "W and v also stand in g_t directly. Each has a term of its own for that, and U has none.",
]
WHY = r"""
Beside plain backpropagation through time one message is new: the penalty reads $a_t$ through the slopes, so
$\delta_t$ gets $2\lambda\, \sigma''(a_t) \odot v \odot (W g_t)$. It is added *before* $\delta_t$ goes into `dU` and
into `U.T @ delta`: the whole past must hear it. `bend` is $\sigma'' = \sigma'(1 - 2\sigma)$, made of the state alone.
$W$ and $v$ stand in $g_t$ themselves, and have a direct term each; $U$ does not, and is reached through $\delta_t$
only.
"""
COVERS = ["S0.bptt.a", "S0.bptt.b", "S0.bptt.c", "S0.bptt.dv", "S0.bptt.dW", "S0.bptt.dU"]
KERNELS = [kernels.penalized_bptt, kernels.numerical_gradient]

# %% [markdown]
# ### The derivation, line by line
#
# Only one step of the drawing is new: the node $g_t$, and the arrow from $a_t$ to it.
#
# 1. Write $s_j = v_j\, \sigma'(a_{t,j})$, so that $g_t = W^\top s$, entry by entry $g_{t,k} = \sum_j W_{jk}\, s_j$.
# 2. The square sends $2\lambda\, g_t$ back to $g_t$, since $\partial \lVert g \rVert^2 / \partial g_k = 2 g_k$.
# 3. $g_t$ reads $s$ through $W^\top$, so entry $j$ of $s$ receives $\sum_k W_{jk} \cdot 2\lambda\, g_{t,k}$, which is
#    $2\lambda\, (W g_t)_j$.
# 4. $s_j$ reads $v_j$, beside $\sigma'(a_{t,j})$. This gives $v$ its direct term, $2\lambda\, \sigma'(a_t) \odot (W g_t)$.
# 5. $g_t$ reads $W_{jk}$, beside $s_j$. This gives $W$ its direct term, $2\lambda\, \bigl(v \odot \sigma'(a_t)\bigr)\,
#    g_t^\top$. Here the sheet stops.
# 6. **$s_j$ reads $a_{t,j}$ too**, and $\partial s_j / \partial a_{t,j} = v_j\, \sigma''(a_{t,j})$. So $a_t$ receives
#
# $$ \frac{\partial\, \lambda \lVert g_t \rVert^2}{\partial a_t} = 2\lambda\, \sigma''(a_t) \odot v \odot (W g_t),
#    \qquad \sigma'' = \sigma'\,(1 - 2\sigma) . $$
#
# 7. Two messages arrive at $a_t$, and they add:
#
# $$ \boxed{\ \delta_t = \sigma'(a_t) \odot \nabla_{h_t} L + 2\lambda\, \sigma''(a_t) \odot v \odot (W g_t)\ }, \qquad
#    \nabla_{h_t} L = 2 (y_t - z_t)\, v + U^\top \delta_{t+1}, \qquad \delta_{T+1} = 0 . $$
#
# 8. From $\delta_t$ on, everything is as before: $\nabla_U L = \sum_t \delta_t h_{t-1}^\top$, and $\nabla_W L$ and
#    $\nabla_v L$ are the plain ones with this $\delta_t$, plus their direct terms of lines 4 and 5.
#
# So the penalty does reach $U$, although $U$ does not stand in it: $U$ decided what $a_t$ is, and $a_t$ decides how
# steep the units are. And it reaches the whole past, because $\delta_t$ travels on through $U^\top$.
#
# > **Often said: "$\nabla_U L$ has no term of the penalty."** It has one in every step. The common answer is exact only
# > where $\sigma''$ is 0, for linear units and (almost everywhere) for ReLU, or without a penalty. For sigmoids with
# > every target met it says 0, and a finite difference says otherwise.
# >
# > **And $\nabla_W$?** "Add $2\lambda\,(v \odot \sigma')\, g_t^\top$" is right for the *partial* derivative, with the
# > pre-activations held still. What training needs is the *total* one, through $a_t$ and all the past. An answer sheet
# > that writes $\partial (\nabla_x y) / \partial W$ may mean either. Read as a total derivative it is right, read as a
# > partial one it is off by the amount that the first experiment shows.
#
# **See it.** How far the common $\nabla_U$ points away from the true one, as the penalty grows. At $\lambda = 0$ they
# agree. At $\lambda = 1$ the cosine is 0.68, at 10 the two have nothing in common any more. In the last row every target is
# met, and the common answer has no direction at all.

# %% experiment
draws = np.random.default_rng(4)
W, U, v = draws.normal(size=(3, 2)), draws.normal(size=(3, 3)), 2 * draws.normal(size=3)
x, z, h0 = draws.normal(size=(4, 2)), draws.normal(size=4), np.zeros(3)
forward, plain, exact_at = (grader.yours(name) for name in ("rnn_forward", "bptt", "penalized_bptt"))
met = forward(W, U, v, x, h0)[2]
step = np.zeros((3, 3))
step[0, 1] = 1e-5
print(f"{'lambda':>8} {'norm, common':>14} {'norm, true':>12} {'cosine':>8} {'dU[0, 1] true':>15} {'measured':>10}")
for lam, targets in ((0.0, z), (0.1, z), (1.0, z), (10.0, z), (100.0, z), (1.0, met)):
    common, exact = plain(W, U, v, x, targets, h0)[2], exact_at(W, U, v, x, targets, h0, lam)[2]
    sizes = np.linalg.norm(common), np.linalg.norm(exact)
    cosine = f"{np.sum(common * exact) / (sizes[0] * sizes[1]):8.4f}" if sizes[0] > 1e-12 else f"{'none':>8}"
    losses = [exact_at(W, U + sign * step, v, x, targets, h0, lam)[0] for sign in (1, -1)]
    measured = (losses[0] - losses[1]) / 2e-5
    print(f"{lam:8.1f} {sizes[0]:14.4f} {sizes[1]:12.4f} {cosine} {exact[0, 1]:15.6f} {measured:10.6f}")


# %% right and wrong answers
def variant(
    message=1.0, two=2.0, curved=lambda h: h * (1 - h) * (1 - 2 * h), in_W=1.0, in_v=1.0, heard=1.0, square=2.0
):
    """The penalized gradient with one thing changed, as an adjoint sweep over lists of messages."""

    def run(W, U, v, x, z, h0, lam=1.0):
        h = [h0]
        for inputs in x:
            h.append(1 / (1 + np.exp(-W @ inputs - U @ h[-1])))
        states, before = np.array(h[1:]), np.array(h[:-1])
        slope, errors = states * (1 - states), states @ v - z
        g = (v * slope) @ W
        at_slopes = two * lam * g @ W.T
        extra = message * curved(states) * v * at_slopes
        deltas, arriving = [], 0 * h0
        for t in range(len(x) - 1, -1, -1):
            squared = slope[t] * (square * errors[t] * v + arriving)
            deltas.append(squared + extra[t])
            arriving = U.T @ (squared + heard * extra[t])
        delta = np.array(deltas[::-1])
        dW = delta.T @ x + in_W * two * lam * (v * slope).T @ g
        dv = square * states.T @ errors + in_v * np.sum(slope * at_slopes, axis=0)
        return float(errors @ errors + lam * np.sum(g * g)), dW, delta.T @ before, dv

    return run


@right_answer
def by_messages(W, U, v, x, z, h0, lam=1.0):
    """All that needs no order in time is done for all steps at once: errors, slopes, sensitivities, the penalty's
    messages. Two lines are left in the loop back.
    """
    h = [h0]
    for inputs in x:
        h.append(1 / (1 + np.exp(-W @ inputs - U @ h[-1])))
    states, before = np.array(h[1:]), np.array(h[:-1])
    errors, slopes = states @ v - z, states * (1 - states)
    g = (v * slopes) @ W
    at_slopes = 2 * lam * g @ W.T
    extra = slopes * (1 - 2 * states) * v * at_slopes
    delta, arriving = np.zeros(states.shape), np.zeros(len(h0))
    for t in reversed(range(len(x))):
        delta[t] = slopes[t] * (2 * errors[t] * v + arriving) + extra[t]
        arriving = U.T @ delta[t]
    dW = delta.T @ x + 2 * lam * (v * slopes).T @ g
    dv = 2 * states.T @ errors + np.sum(slopes * at_slopes, axis=0)
    return float(errors @ errors + lam * np.sum(g * g)), dW, delta.T @ before, dv


@right_answer
def by_forward_sensitivities(W, U, v, x, z, h0, lam=1.0):
    """No message travels back: how a_t hangs on W and U is carried forward, and the blame at each a_t is multiplied into
    it at once. Nothing can be forgotten on the way back, which makes it a good second opinion; it costs dozens of
    times as much at 64 units.
    """
    H, D = W.shape
    h, unit = h0, np.arange(H)
    of_W, of_U = np.zeros((H, H, D)), np.zeros((H, H, H))
    loss, dW, dU, dv = 0.0, np.zeros((H, D)), np.zeros((H, H)), np.zeros(H)
    for inputs, target in zip(x, z, strict=True):
        of_W, of_U = np.tensordot(U, of_W, 1), np.tensordot(U, of_U, 1)
        of_W[unit, unit] += inputs
        of_U[unit, unit] += h
        h = 1 / (1 + np.exp(-(W @ inputs + U @ h)))
        slope = h * (1 - h)
        error, g = v @ h - target, W.T @ (v * slope)
        blame = 2 * error * v * slope + 2 * lam * v * slope * (1 - 2 * h) * (W @ g)
        dW += np.tensordot(blame, of_W, 1) + 2 * lam * np.outer(v * slope, g)
        dU += np.tensordot(blame, of_U, 1)
        dv += 2 * error * h + 2 * lam * slope * (W @ g)
        loss += error**2 + lam * np.sum(g**2)
        of_W, of_U = slope[:, None, None] * of_W, slope[:, None, None] * of_U
    return loss, dW, dU, dv


the_answer_sheet = wrong_answer(
    a_target_already_met,
    recurrent_weights,
    input_weights,
    targets_met_by_a_long_sequence,
    feedback="That is the answer sheet: the penalty reads a_t through the slopes, and no message of yours says so.",
)(variant(message=0.0))

bend_without_its_sign = wrong_answer(
    a_target_already_met,
    recurrent_weights,
    input_weights,
    targets_met_by_a_long_sequence,
    feedback="The derivative of the slope is off: σ' = σ - σ², so σ'' = σ'(1 - 2σ).",
)(variant(curved=lambda h: h * (1 - h) * (1 - h)))

no_direct_term_for_W = wrong_answer(
    a_target_already_met,
    input_weights,
    feedback="W also stands directly in dy/dx = vᵀ diag(σ') W. Its own term of the penalty is missing.",
)(variant(in_W=0.0))

no_direct_term_for_v = wrong_answer(
    a_target_already_met, output_weights, feedback="v stands in the penalty too. Its own term of it is missing."
)(variant(in_v=0.0))

the_past_does_not_hear = wrong_answer(
    recurrent_weights,
    input_weights,
    targets_met_by_a_long_sequence,
    feedback="Each step counts the penalty's message, but you do not pass it on: Uᵀ multiplies all of delta_t.",
)(variant(heard=0.0))

penalty_not_squared_back = wrong_answer(
    passes=(
        without_weights_it_is_plain,
        the_loss,
    ),
    feedback="The penalty is a square as well: its gradient is 2 lam times the sensitivity. You left out that 2.",
)(variant(two=1.0))

error_without_two = wrong_answer(
    without_weights_it_is_plain,
    output_weights,
    recurrent_weights,
    input_weights,
    feedback="The factor 2 from the squared error is missing.",
)(variant(square=1.0))


@wrong_answer(
    passes=(
        without_weights_it_is_plain,
        a_target_already_met,
    ),
    feedback="Your penalty has the weight 1 whatever lam is.",
)
def lam_is_ignored(W, U, v, x, z, h0, lam=1.0):
    return by_messages(W, U, v, x, z, h0)


@wrong_answer(
    a_target_already_met, the_loss, feedback="The gradients are right, but the loss that you return lacks the penalty."
)
def loss_without_penalty(W, U, v, x, z, h0, lam=1.0):
    _, *gradients = by_messages(W, U, v, x, z, h0, lam)
    return (by_messages(W, U, v, x, z, h0, 0.0)[0], *gradients)


@wrong_answer(
    is_pure,
    feedback="The results are right, but an argument was changed: you computed the errors in the place of z.",
)
def errors_written_into_z(W, U, v, x, z, h0, lam=1.0):
    results = by_messages(W, U, v, x, z, h0, lam)
    z *= -1
    return results
