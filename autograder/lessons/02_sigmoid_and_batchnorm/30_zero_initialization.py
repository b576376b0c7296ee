# %% [markdown]
# ## What if all weights start at zero?
#
# A network must start somewhere, and zero looks like the most modest choice. Here is a small one: 3 inputs, 4 hidden
# **sigmoid** units, 1 linear output, trained on a target that is not constant.
#
# $$ h = \sigma(x W_1 + b_1), \qquad y = h W_2 + b_2 $$
#
# | array | shape | at the start |
# |---|---|---|
# | $W_1$, $b_1$ | `(3, 4)`, `(4,)` | all zero |
# | $W_2$, $b_2$ | `(4, 1)`, `(1,)` | all zero |
#
# The network is trained for 200 steps of gradient descent on the squared error. Before you run anything, go through
# the first two steps with a pencil: what does a hidden unit say, which gradient does $W_2$ get, and what does that
# change for $W_1$ in the step after? Then ask what could ever tell one hidden unit from its neighbor.
#
# **Which of these is true after the 200 steps?** Answer `zero_initialization` with a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
zero_initialization = choice(
    option(
        "Every weight is still exactly 0; the only number in the network that has moved is the output bias.",
        "True for tanh or ReLU, whose units say 0 here. A sigmoid says 0.5, so the output weights get a gradient.",
    ),
    option(
        "The weights have moved away from 0, but the four hidden units are still identical to each other.",
        "Correct: σ(0) = 0.5 lets the output weights move, then the others, but identical units stay identical.",
        right=True,
    ),
    option(
        "The four hidden units have grown apart from each other, and the network trains as from any other start.",
        "Nothing breaks the symmetry: identical units receive identical gradients, step after step.",
    ),
    option(
        "The hidden units put out 0 for every input, so no gradient could reach any of the weights of the network.",
        "A sigmoid of 0 is 0.5, not 0, so its output weight receives a gradient in the very first step.",
    ),
    points=2,
)

# %% hints
COVERS = ["S1.5a", "S1.5b"]

# %% [markdown]
# ### Two popular sentences, and what the numbers say
#
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > **A common claim: "with all weights zero the values propagate equally and the parameters are not tuned."** Multiply by
# > zero and nothing comes through, neither forward nor back: that is how one comes to believe it. The first
# > half is the point, the second depends on the activation. Train the network from zero with tanh, and every weight is
# > 0 after 200 steps, to the last bit: both of its weight gradients are products with something that is 0. Train it
# > with the sigmoid and compare: the largest entry of $W_1$ has moved beyond 1. What does not move in either is the
# > *spread between the hidden units*. Nor is zero special: start all weights at 0.3 and the units stay as identical as
# > before. The trouble is **symmetry**, and a constant of any size has it. Where there is no symmetry to break, zero is
# > a perfectly good start: for biases, and for a single linear or logistic layer.
# >
# > **And a reason that is given for it: "…because no unit is activated."** A sigmoid at 0 says one half. The reason
# > holds for tanh and ReLU, which say 0, and fails for the sigmoid, whose units are all *half* activated.
#
# </details>

# %% experiment
logistic, slope_of_sigmoid = grader.yours("sigmoid"), grader.yours("sigmoid_gradient")
units = {
    "sigmoid": (logistic, lambda z: slope_of_sigmoid(z)[0]),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
}


def train_from(start, activation, slope, steps=200, rate=0.5):
    """Train the 3-4-1 network with these initial weights; return W1 and the mean squared error."""
    inputs = np.random.default_rng(0).normal(size=(32, 3))
    target = inputs[:, :1] * (1 + inputs[:, 1:2])
    (W1, W2), b1, b2 = start, np.zeros(4), np.zeros(1)
    for _ in range(steps):
        z = inputs @ W1 + b1
        hidden = activation(z)
        dy = 2 * (hidden @ W2 + b2 - target) / len(inputs)
        dz = dy @ W2.T * slope(z)
        W1, b1 = W1 - rate * inputs.T @ dz, b1 - rate * dz.sum(axis=0)
        W2, b2 = W2 - rate * hidden.T @ dy, b2 - rate * dy.sum(axis=0)
    return W1, np.mean((activation(inputs @ W1 + b1) @ W2 + b2 - target) ** 2)


draws = np.random.default_rng(1)
starts = {
    "all 0": (np.zeros((3, 4)), np.zeros((4, 1))),
    "all 0.3": (np.full((3, 4), 0.3), np.full((4, 1), 0.3)),
    "random": (0.5 * draws.normal(size=(3, 4)), 0.5 * draws.normal(size=(4, 1))),
}
print(f"one unit at 0 says: sigmoid {logistic(np.zeros(1))[0]}, tanh {np.tanh(0.0)}, ReLU {max(0.0, 0.0)}")
print(f"{'unit':>8} {'start':>8} {'max |W1|':>10} {'spread between units':>22} {'error':>8}")
for name, (activation, slope) in units.items():
    for start, weights in starts.items():
        W1, error = train_from(weights, activation, slope)
        print(f"{name:>8} {start:>8} {abs(W1).max():10.4f} {np.ptp(W1, axis=1).max():22.4f} {error:8.3f}")
