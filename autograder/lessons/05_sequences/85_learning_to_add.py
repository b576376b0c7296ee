# %% [markdown]
# ## Something real: learning to add
#
# Everything is in place. The task: sequences of eighty steps, two of them marked, and the sum of the two is wanted
# at the end. The two runners: a plain network of 32 tanh units, and an LSTM with 32 cells. Both get the same inputs, the
# same loss, the same optimizer, the same number of steps, and the same limit on the gradient's norm.
#
# The data come from your `adding_problem`, the limit from your `clip_by_global_norm`. For whole batches there are fast
# kernels in `helpers` that run a layer forward and backward through time, and Adam in place. Read the loop: it is the
# whole method.
#
# One choice deserves a word. All weights start uniform within $\pm 1 / \sqrt{32}$ and all biases at 0, as is usual, but
# for the bias of the forget gate, which starts at 1. So the doors of the belt are more open than shut to begin with.
# Over eighty steps $\sigma(1)^{80}$ is still next to nothing, and yet it makes the difference between a start that
# finds the way and one that waits for luck.

# %% experiment
import time

import numpy as np

from helpers.kernels import adam_step_, lstm_backward, lstm_forward, tanh_rnn_backward, tanh_rnn_forward

generate, clip = grader.yours("adding_problem"), grader.yours("clip_by_global_norm")
UNITS, BATCH = 32, 64


def batch_of(sequences, steps, rng):
    """Inputs (T, N, 2), time first, and targets (N,), in single precision."""
    x, y = generate(sequences, steps, rng)
    return np.ascontiguousarray(x.transpose(1, 0, 2), dtype=np.float32), y.astype(np.float32)


def first_weights(cell, rng):
    """W, U, b of the layer and the weights and offset of its output."""
    gates = 4 if cell == "LSTM" else 1
    shapes = (gates * UNITS, 2), (gates * UNITS, UNITS), (gates * UNITS,), (UNITS,), (1,)
    weights = [rng.uniform(-1, 1, shape).astype(np.float32) / np.float32(UNITS**0.5) for shape in shapes]
    for bias in (weights[2], weights[4]):
        bias[:] = 0
    if cell == "LSTM":
        weights[2][UNITS : 2 * UNITS] = 1  # the forget gates, second in the order i, f, g, o
    return weights


def predict(cell, weights, x):
    """The output after the last step, (N,), the states, and what the way back needs."""
    W, U, b, v, offset = weights
    zero = np.zeros((x.shape[1], UNITS), np.float32)
    h, cache = lstm_forward(x, zero, zero, W, U, b) if cell == "LSTM" else tanh_rnn_forward(x, zero, W, U, b)
    return h[-1] @ v + offset[0], h, cache


def gradients_of(cell, weights, x, y):
    """The gradients of the mean squared error, in the order of the weights."""
    output, h, cache = predict(cell, weights, x)
    blame = 2 * (output - y) / len(y)
    dh = np.zeros_like(h)
    dh[-1] = np.outer(blame, weights[3])
    *_, dW, dU, db = lstm_backward(dh, cache) if cell == "LSTM" else tanh_rnn_backward(dh, cache)
    return [dW, dU, db, h[-1].T @ blame, blame.sum(keepdims=True)]


def train(cell, steps, rate, updates=1200, enough=0.002, seed=0):
    """Train on fresh batches until the test error is small enough, with a dot for every 200 updates; return both."""
    rng, (x_test, y_test) = np.random.default_rng(seed), batch_of(2000, steps, np.random.default_rng(12345))
    weights = first_weights(cell, rng)
    averages, squares = ([np.zeros_like(w) for w in weights] for _ in range(2))
    seen, errors = [], []
    for update in range(updates + 1):
        if update % 50 == 0:
            seen.append(update)
            errors.append(float(np.mean((predict(cell, weights, x_test)[0] - y_test) ** 2)))
            print("." if update % 200 == 0 else "", end="", flush=True)
            if errors[-1] < enough:
                break
        gradients, _ = clip(gradients_of(cell, weights, *batch_of(BATCH, steps, rng)), 1.0)
        for w, m, s, g in zip(weights, averages, squares, gradients, strict=True):
            adam_step_(w, m, s, g.astype(np.float32), update + 1, lr=rate)
    return seen, errors


y_test = batch_of(2000, 80, np.random.default_rng(12345))[1]
baseline = float(np.mean((y_test - 1) ** 2))
print(f"weights: plain {sum(w.size for w in first_weights('plain', np.random.default_rng(0)))}", end=", ")
print(f"LSTM {sum(w.size for w in first_weights('LSTM', np.random.default_rng(0)))}")
print(f"the constant 1 on these 2000 test sequences: {baseline:.4f} (expected: {1 / 6:.4f})")
curves = {}
runs = [("plain", 10, 0.003), ("plain", 80, 0.01), ("plain", 80, 0.001), ("LSTM", 80, 0.02)]
for cell, steps, rate in runs:
    start = time.perf_counter()
    print(f"{cell:>5} network, T = {steps:2d}, rate {rate:5.3f} ", end="", flush=True)
    curves[cell, steps, rate] = train(cell, steps, rate)
    (*_, last), (*_, error) = curves[cell, steps, rate]
    seconds = time.perf_counter() - start
    print(f" test error {error:.4f} after {last:4d} updates ({seconds:.0f} s)")

# %% [markdown]
# **Read the table against the baseline.** At $T = 10$ the plain network learns the task, so it is no fool, and its
# gradient is right. At $T = 80$ it ends where a constant would be, at either rate: it has learned the mean and
# nothing else. The LSTM does for a long time nothing better. Then, within some hundred updates, it discovers what the
# belt is for, and its error falls to about a hundredth of the baseline. The figure shows the moment.

# %% experiment
from helpers.figures import show_curves

told = [
    f"{cell} at T = {steps}, rate {rate:g}: {errors[-1]:.4f}" for (cell, steps, rate), (_, errors) in curves.items()
]
show_curves(
    {f"{cell}, T = {steps}, rate {rate:g}": curve for (cell, steps, rate), curve in curves.items()},
    level=1 / 6,
    said="knowing nothing: 1/6",
    over="updates",
    error="squared error on test sequences",
    limits=(3e-4, 3),
    alt=f"Test error against updates, logarithmic, with the baseline 1/6. At the end, {'; '.join(told)}.",
)

# %% [markdown]
# **Why?** Look at the messages. Below, for both networks *before* any training, the size of $\partial L / \partial x_t$, of
# what arrives at the input of a step, at the end, and 10, 40 and 79 steps back. The plain network's has faded to nothing by the time that it reaches the first
# steps, so nothing it did there can be praised or blamed. (That a plain network can be *made* to learn this, with an
# orthogonal start, other units, or patience, is true, and a field of its own. The point is what it takes.)

# %% experiment
rng = np.random.default_rng(0)
x, y = batch_of(BATCH, 80, rng)
print(f"{'steps back':>12}", *(f"{back:>10d}" for back in (0, 10, 40, 79)))
for cell in ("plain", "LSTM"):
    weights = first_weights(cell, np.random.default_rng(0))
    output, h, cache = predict(cell, weights, x)
    dh = np.zeros_like(h)
    dh[-1] = np.outer(output - y, weights[3])
    # What arrives at an input has passed all the steps after it.
    dx = lstm_backward(dh, cache)[0] if cell == "LSTM" else tanh_rnn_backward(dh, cache)[0]
    sizes = np.linalg.norm(dx, axis=(1, 2))[::-1]
    print(f"{cell:>12}", *(f"{sizes[back] / sizes[0]:10.1e}" for back in (0, 10, 40, 79)))
