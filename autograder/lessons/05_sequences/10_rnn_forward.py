# %% [markdown]
# ## A network that remembers
#
# Read this sentence word by word, and you keep in mind what came before. A recurrent network does the same with one
# vector, its *state*. At every step it looks at two things, the new input and its own last state, and makes the next
# state of them. The weights are the same at every step. **What changes over time is the state, not the network.**
#
# Draw three steps, one after the other, and you have the *unrolled* graph. It is an ordinary deep network that happens
# to use the same weights in every layer.

# %% experiment
from helpers.figures import computation_graph

nodes, edges = {"h0": (0.04, 0.5, "$h_0$")}, []
for t in (1, 2, 3):
    left = 0.17 + 0.31 * (t - 1)
    nodes |= {f"x{t}": (left, 0.88, f"$x_{t}$"), f"a{t}": (left, 0.5, f"$a_{t}$")}
    nodes |= {f"h{t}": (left + 0.15, 0.5, f"$h_{t}$"), f"y{t}": (left + 0.15, 0.12, f"$y_{t}$")}
    edges += [(f"x{t}", f"a{t}", "W"), (f"h{t - 1}", f"a{t}", "U"), (f"a{t}", f"h{t}", "σ"), (f"h{t}", f"y{t}", "v")]
computation_graph(
    nodes,
    edges,
    alt="Three steps, unrolled. At each step x goes by W to a, the state before goes by U to a, a by the sigmoid to the "
    "state h, and h by v to the output y.",
)

# %% [markdown]
# $$ a_t = W x_t + U h_{t-1}, \qquad h_t = \sigma(a_t), \qquad y_t = v^\top h_t, \qquad t = 1, \dots, T . $$
#
# | argument | shape | meaning |
# |---|---|---|
# | `W`, `U` | `(H, D)`, `(H, H)` | weights from the input and from the last state |
# | `v` | `(H,)` | weights of the output, tiny ones too |
# | `x` | `(T, D)` | the inputs, one row a step; `x[0]` is $x_1$ |
# | `h0` | `(H,)` | the state before the first step |
# | results | `(T, H)`, `(T, H)`, `(T,)` | pre-activations $a_t$, states $h_t$, outputs $y_t$ |
#
# **Write `rnn_forward(W, U, v, x, h0)`, which returns `(a, h, y)`.** Row `t` belongs to step $t + 1$; the start `h0` is
# not among the states. A sequence may be empty, and the results then have no rows. Here and in the next three exercises
# pre-activations stay within $\pm 600$: no exponential overflows.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, expect_parts, is_pure, right_answer, wrong_answer


# %% answer
def rnn_forward(W, U, v, x, h0):
    """Return pre-activations (T, H), states (T, H) and outputs (T,) for inputs x (T, D) and a first state h0 (H,)."""
    # BEGIN SOLUTION
    steps = len(x)
    a, h = np.empty((steps, len(h0))), np.empty((steps, len(h0)))
    state = h0
    for t in range(steps):
        a[t] = W @ x[t] + U @ state
        h[t] = 1 / (1 + np.exp(-a[t]))
        state = h[t]
    return a, h, h @ v
    # END SOLUTION


# %% checks
PARTS = ("a", "h", "y")


def one_number_at_a_time(W, U, v, x, h0):
    """The three results by plain Python, unit by unit."""
    a, h, y, state = [], [], [], [float(each) for each in h0]
    for row in x:
        reached = [math.fsum([*(w * row), *(u * state)]) for w, u in zip(W, U, strict=True)]
        state = [1 / (1 + math.exp(-each)) for each in reached]
        a.append(reached)
        h.append(state)
        y.append(math.fsum(v * state))
    shape = len(x), len(h0)
    return np.reshape(a, shape), np.reshape(h, shape), np.array(y)


# %% public checks
@check(points=0.5)
def without_weights_every_unit_says_half(rnn_forward):
    """With W = 0 and U = 0 every state is 1/2; v = 1 then puts out 1/2 at each of two steps."""
    results = rnn_forward(np.zeros((1, 1)), np.zeros((1, 1)), np.ones(1), np.zeros((2, 1)), np.zeros(1))
    expected = np.zeros((2, 1)), np.full((2, 1), 0.5), np.array([0.5, 0.5])
    expect_close(results, expected, "rnn_forward with zero weights", parts=PARTS)


@check(points=0.5)
def two_steps_by_hand(rnn_forward):
    """From h0 = 0 with W = ln 3, U = 4/3 ln 3, v = 20, x = 1: a = (ln 3, 2 ln 3), h = (3/4, 9/10), y = (15, 18)."""
    ln3 = math.log(3)
    W, U = np.array([[ln3]]), np.array([[4 * ln3 / 3]])
    results = rnn_forward(W, U, np.array([20.0]), np.ones((2, 1)), np.zeros(1))
    expected = np.array([[ln3], [2 * ln3]]), np.array([[0.75], [0.9]]), np.array([15.0, 18.0])
    expect_close(results, expected, "rnn_forward with W = ln 3, U = 4/3 ln 3", parts=PARTS)


# %% hidden checks
@check(points=0.5, hidden=True)
def agrees_with_plain_python(rnn_forward, rng):
    """It matches the same sums one number at a time, for any sizes, one step, one unit and as many inputs as units."""
    for T, D, H, size in [
        (5, 3, 4, 1),
        (4, 3, 3, 1),
        (1, 2, 4, 1),
        (3, 1, 1, 1),
        (2, 4, 2, 1),
        (3, 3, 3, 1),
        (4, 2, 3, 1e4),
    ]:
        W, U, x = rng.normal(size=(H, D)), rng.normal(size=(H, H)), size * rng.normal(size=(T, D))
        W = W / size
        v, h0 = size * rng.normal(size=H), rng.normal(size=H)
        what = f"rnn_forward with T, D, H = {T}, {D}, {H}"
        expected = one_number_at_a_time(W, U, v, x, h0)
        expect_close(rnn_forward(W, U, v, x, h0), expected, what, parts=PARTS)
    W, x = np.array([[1.0], [-1.0]]), np.array([[30.0], [300.0], [-600.0]])
    given = W, np.eye(2), np.array([1.0, -2.0]), x, np.zeros(2)
    expected = one_number_at_a_time(*given)
    expect_close(rnn_forward(*given), expected, "rnn_forward with pre-activations up to 600", parts=PARTS)
    given = W, np.eye(2), np.full(2, -1.5), -np.ones((2, 1)), np.zeros(2)
    expected = one_number_at_a_time(*given)
    expect_close(rnn_forward(*given), expected, "rnn_forward with inputs and output weights below 0", parts=PARTS)
    one, zero = np.ones((1, 1)), np.zeros((1, 1))
    expected = np.array([[1e-20]]), np.array([[0.5]]), np.array([5e-301])
    results = rnn_forward(1e-20 * one, zero, np.array([1e-300]), one, np.zeros(1))
    expect_close(results, expected, "rnn_forward with W = 1e-20, U = 0, v = 1e-300", atol=0, parts=PARTS)


@check(points=0.5, hidden=True)
def empty_sequences(rnn_forward, rng):
    """An empty sequence gives results without rows."""
    W, U, v, h0 = rng.normal(size=(2, 3)), rng.normal(size=(2, 2)), rng.normal(size=2), rng.normal(size=2)
    a, h, y = expect_parts(rnn_forward(W, U, v, np.zeros((0, 3)), h0), PARTS, "rnn_forward with T = 0")
    expect_close(a, np.zeros((0, 2)), "a with T = 0")
    expect_close(h, np.zeros((0, 2)), "h with T = 0")
    expect_close(y, np.zeros(0), "y with T = 0")


# %% hints
HINTS = [
    "One loop over the steps. What must be remembered from one pass of the loop to the next?",
    "Each pass uses the state that the pass before it made; the first one uses h0.",
    "Give the results their full shapes before the loop, and an empty sequence needs no case of its own.",
]
WHY = """
One vector goes from one pass of the loop to the next, and it is all that the network knows of its past. The line that
matters is the last, `state = h[t]`: without it every step would begin at `h0` again. What goes on is $h$, behind the
sigmoid, not $a$. The outputs need no loop, for nothing waits for them: `h @ v` makes all of them. And arrays that
have their full shape before the loop need no case for $T = 0$.
"""
COVERS = ["S0.bptt.a", "S3.11", "S3.12", "S3.14", "S3.16"]
KERNELS = [kernels.rnn_forward]

# %% [markdown]
# **Is it enough that the weights never change?** For anything with a rule that never changes, yes. A sine, sampled at
# equal steps, follows one line with two fixed weights, whatever its phase and its size:
#
# $$ x_{t+1} = 2 \cos(\omega)\, x_t - x_{t-1} . $$
#
# > **Often said: "only what was in the data can be learned, so the data must show every pattern."** It depends on what
# > the model knows beforehand. The first row of the table fits two lags to *six* samples of a sine and then predicts a
# > thousand steps on its own: it knew the right form, and six samples were plenty. The second row fits the same two lags
# > to six samples with a little noise. The third gives sixty noisy samples to a model with only one lag, which has seen
# > almost five whole periods and still cannot say what comes next. Data and the right class of models stand in for each
# > other, and neither replaces the other everywhere.
#
# > **A misprint to know.** In some notes the network for the sine has "one hidden layer and three parameters $U, W, T$".
# > They are not three numbers but three *matrices*, from the input, from the state, and to the output (our $W$, $U$,
# > $v$; others call them $U$, $W$, $V$), and with the two biases they are five arrays. We leave the biases out in this
# > exercise, for an input that is always 1 does their work.

# %% experiment
omega, draws = 0.5, np.random.default_rng(0)
wave = np.sin(omega * np.arange(1100) + 0.3)
cases = [("2 lags, 6 clean samples", 2, 6, 0.0), ("2 lags, 6 noisy samples", 2, 6, 0.05)]
cases.append(("1 lag, 60 noisy samples", 1, 60, 0.05))
for name, lags, samples, noise in cases:
    seen = wave[:samples] + noise * draws.normal(size=samples)
    rows = np.stack([seen[lag : lag + samples - lags] for lag in range(lags)], axis=1)
    weights = np.linalg.lstsq(rows, seen[lags:], rcond=None)[0]
    path = list(wave[:lags])
    for _ in range(1000):
        path.append(float(weights @ path[-lags:]))
    error = np.abs(np.array(path) - wave[: len(path)])
    print(f"{name:>24}: largest error over 20 steps {error[:20].max():8.1e}, over 1000 steps {error.max():8.1e}")
print(f"{'fitted to clean samples':>24} should be -1 and 2 cos(omega) = {2 * np.cos(omega):.4f}")


# %% right and wrong answers
def variant(squash=lambda a: 1 / (1 + np.exp(-a)), transposed=False, carried="h", bias=0.0):
    """The forward pass with one thing changed."""

    def run(W, U, v, x, h0):
        a, h = np.zeros((2, len(x), len(h0)))
        back = U.T if transposed else U
        state = h0
        for t in range(len(x)):
            a[t] = W @ x[t] + back @ state + bias
            h[t] = squash(a[t])
            state = {"h": h[t], "a": a[t], "h0": h0}[carried]
        return a, h, h @ v

    return run


@right_answer
def inputs_all_at_once(W, U, v, x, h0):
    """What the inputs contribute waits for nobody: `x @ W.T` is one product for all steps, and only the recurrent one is
    left in the loop. Fast libraries begin like this. The sigmoid by tanh is the same function, and never overflows.
    """
    from_input = x @ W.T
    a, h = [], []
    for row in from_input:
        a.append(row + (h[-1] if h else h0) @ U.T)
        h.append(0.5 + 0.5 * np.tanh(0.5 * a[-1]))
    shape = (len(x), len(h0))
    states = np.array(h).reshape(shape)
    return np.array(a).reshape(shape), states, np.einsum("th,h->t", states, v)


state_not_carried = wrong_answer(
    two_steps_by_hand,
    agrees_with_plain_python,
    feedback="The state is not carried: use h_{t-1}, not h0, at every step.",
)(variant(carried="h0"))

transposed_forward = wrong_answer(
    agrees_with_plain_python,
    feedback="U is applied untransposed in the forward pass (its transpose belongs to the backward pass).",
)(variant(transposed=True))

carried_pre_activation = wrong_answer(
    two_steps_by_hand,
    agrees_with_plain_python,
    feedback="What goes on to the next step is the state h = σ(a), not the pre-activation a.",
)(variant(carried="a"))

with_tanh = wrong_answer(
    passes=(empty_sequences,),
    feedback="These units are sigmoids, which say 1/2 at a = 0. Yours say 0 there, as tanh does.",
)(variant(squash=np.tanh))


@wrong_answer(feedback="You put h0 among the states. Row 0 of the results belongs to the first step, after x_1.")
def start_among_the_states(W, U, v, x, h0):
    a, h, _ = inputs_all_at_once(W, U, v, x, h0)
    h = np.concatenate([h0[None], h])
    return a, h, h @ v


@wrong_answer(
    is_pure,
    feedback="The values are right, but the states were written into the caller's h0.",
)
def state_kept_in_h0(W, U, v, x, h0):
    results = inputs_all_at_once(W, U, v, x, h0)
    if len(x):
        h0[...] = results[1][-1]
    return results


@wrong_answer(
    two_steps_by_hand,
    agrees_with_plain_python,
    feedback="Every step shows the last state: you kept one array and changed it. Store a copy, or a new array, at each.",
)
def one_array_for_all_steps(W, U, v, x, h0):
    a, h, _ = inputs_all_at_once(W, U, v, x, h0)
    h = np.tile(h[-1:], (len(x), 1))
    return a, h, h @ v
