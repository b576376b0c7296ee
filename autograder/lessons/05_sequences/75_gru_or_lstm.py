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
# > **Often said: "the GRU is certainly faster, it has fewer parameters."** In time, what counts is how the work is cut
# > into pieces. Measured with PyTorch on one CPU thread, GRU over LSTM: 2.8 at 32 units, 1.8 at 64, 1.35 at 128, 0.88
# > at 256, 0.93 at 512. The smaller cell was the slower one for all small layers. The cell below shows why such a thing can happen, by
# > timing the products alone on your machine: the *same* multiplications once in one piece, as an LSTM can do them for
# > all its four blocks, and once in two, as a GRU must, whose candidate waits for the reset gate. At 32 units three
# > blocks in two pieces may well take longer than four in one.
# >
# > **"One library will outgrow the others"** was said as confidently, at about the same time, of four frameworks. Of
# > the two that were to fade, one (Chainer) went into maintenance in December 2019, with the advice to move to the
# > other (PyTorch), which did anything but fade. The formulas of this lesson have outlived three generations of code.

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
    f"{'units':>6} {'4 blocks at once':>17} {'2 blocks, then 1':>17} {'ratio':>6}   (microseconds, batch of 1; multiplications: 0.75)"
)
for units in (16, 32, 64, 128, 256):
    state = draws.normal(size=(1, units)).astype(np.float32)
    four, two, one = (draws.normal(size=(units, blocks * units)).astype(np.float32) for blocks in (4, 2, 1))
    whole, pieces = fastest((state, four)), fastest((state, two), (state, one))
    print(f"{units:6d} {whole:17.2f} {pieces:17.2f} {pieces / whole:6.2f}")
