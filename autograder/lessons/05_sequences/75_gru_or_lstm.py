# %% [markdown]
# ## GRU or LSTM?
#
# The GRU is the LSTM's younger sister. It has no separate cell, it forgets exactly as much as it adds, and it makes do
# with three blocks of weights where the LSTM has four. You have counted them. What follows from that?
#
# **A GRU and an LSTM layer have the same numbers of inputs and units. Which claim is safe?** Answer `gru_or_lstm` with
# a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
gru_or_lstm = choice(
    option(
        "The GRU is certainly the faster one of the two, because it has fewer parameters to multiply with.",
        "Fewer parameters need not mean less time: with PyTorch on one CPU thread the GRU took 2.8, 1.8 and 1.35 times "
        "as long at 32, 64 and 128 units, and 0.88 times at 256.",
    ),
    option(
        "The GRU is at least as accurate on any task, because its gates are coupled and so easier to train.",
        "Accuracy is case by case: sometimes the one, sometimes the other, often neither by much.",
    ),
    option(
        "The GRU has three quarters of the parameters; which one is faster or more accurate must be measured.",
        "Correct: only the count follows from the formulas.",
        right=True,
    ),
    option(
        "The two have the same number of parameters, since the GRU only shares the gates of an LSTM differently.",
        "Count the blocks: four against three.",
    ),
    points=2,
)

# %% hints
COVERS = ["S3.29a", "S3.29b", "S3.17b", "S3.38"]

# %% [markdown]
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > **Often said: "the GRU is certainly faster, it has fewer parameters."** In time, what counts is how the work is cut
# > into pieces. Measured with PyTorch on one CPU thread, GRU over LSTM: 2.8 at 32 units, 1.8 at 64, 1.35 at 128, 0.88
# > at 256, 0.93 at 512. The smaller cell was the slower one for all small layers. Why, the formulas do not say. A product
# > of small matrices costs mostly the call, so that three blocks in one product are hardly cheaper than four; the cell
# > below times them on your machine. And what a library does around the products, element by element, may be one fused
# > loop for one cell and a dozen calls for the other. (A GRU *as first published* needs two products, one after the
# > other, since its candidate waits for the reset gate: last column. PyTorch's lets the gate act after the product, and
# > needs one.)
# >
# > **"One library will outgrow the others"** was said as confidently, at about the same time, of four frameworks. Of
# > the two that were to fade, one (Chainer) went into maintenance in December 2019, with the advice to move to the
# > other (PyTorch), which did anything but fade. The formulas of this lesson have outlived three generations of code.
#
# </details>

# %% experiment
import time

import numpy as np


def fastest(*products, repeats=200):
    """The shortest time, in microseconds, that the products take one after the other."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        for left, right in products:
            left @ right
        times.append(time.perf_counter() - start)
    return 1e6 * min(times)


draws = np.random.default_rng(0)
print(
    f"{'units':>6} {'4 blocks at once':>17} {'3 blocks at once':>17} {'2 blocks, then 1':>17}   (microseconds, batch of 1)"
)
print(f"{'':>6} {'1':>17} {'0.75':>17} {'0.75':>17}   (multiplications)")
for units in (16, 32, 64, 128, 256):
    state = draws.normal(size=(1, units)).astype(np.float32)
    sizes = (4, 3, 2, 1)
    four, three, two, one = (draws.normal(size=(units, blocks * units)).astype(np.float32) for blocks in sizes)
    times = fastest((state, four)), fastest((state, three)), fastest((state, two), (state, one))
    print(f"{units:6d}", *(f"{each:17.2f}" for each in times))
