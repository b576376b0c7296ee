# %% [markdown]
# ## What the leashes really hold
#
# Clipped weights, normalized layers, a penalty on the slope. You have worked out what the first one bounds, and what
# the third one asks for, and where.
#
# **Which statement is accurate?** Answer `clipping_or_penalty` with a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
clipping_or_penalty = choice(
    option(
        "Clipped weights give a critic of slope at most some K, set by c, widths and depth, and so at best K times W1; the "
        "penalty softly asks for slope 1 on the lines between real and generated points.",
        "Correct. And clipping leaves a poor class of functions besides.",
        right=True,
    ),
    option(
        "Clipped to [-1, 1], the weights make a critic whose slope is at most 1, so that it measures W1 itself; the penalty "
        "does the same more slowly, since it needs a gradient of a gradient in each step.",
        "The slope of a network is not the size of its largest weight: it is bounded by a product of spectral norms.",
    ),
    option(
        "Clipped weights bound the slope of the critic only near the origin; the penalty guarantees that it is 1-Lipschitz "
        "everywhere, since the lines between real and generated points fill the space.",
        "The bound of clipping holds everywhere, and the penalty is soft and speaks of the sampled points only.",
    ),
    option(
        "Clipped weights and the penalty are two exact ways of solving the dual problem; they differ in how fast the critic "
        "arrives at its best, and so in the number of its steps for each one of the generator.",
        "Neither is exact: the one solves the problem for another class of functions, the other for a softened constraint.",
    ),
    points=2,
)

# %% hints
COVERS = ["S0.n"]

# %% [markdown]
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > **A common claim: "the gradient penalty makes the critic 1-Lipschitz".** It asks, softly, and only at the points
# > that were drawn. Below, the critic $f(x) = \sin(x)$ on the line, whose slope has the size 1 only at multiples of $\pi$, and
# > $f(x) = x$ for $|x| < 1$ with a wall of slope 50 behind it. If real and generated points lie between $-1$ and $1$,
# > the second one has the penalty 0, and yet is anything but 1-Lipschitz. (For the optimal pairs the condition "slope 1
# > on the line between" can be proved; the pairs of a batch are not the optimal ones, but drawn at random.)
#
# </details>

# %% experiment
import numpy as np

draws = np.random.default_rng(0)
between = draws.uniform(-1, 1, 10_000)
for name, slope_at in {
    "sin x": np.cos,
    "x, with walls of slope 50 beyond 1": lambda x: np.where(np.abs(x) < 1, 1.0, 50.0),
    "x": np.ones_like,
}.items():
    penalty = 10 * np.mean((np.abs(slope_at(between)) - 1) ** 2)
    steepest = np.abs(slope_at(np.linspace(-3, 3, 1001))).max()
    print(f"f(x) = {name:36} penalty {penalty:7.4f}   steepest slope between -3 and 3: {steepest:4.1f}")
