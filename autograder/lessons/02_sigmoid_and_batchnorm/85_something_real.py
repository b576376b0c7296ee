# %% [markdown]
# ## Something real: twenty layers
#
# Everything of this lesson in one network. It reads 1797 handwritten digits, images of 8 x 8 pixels, through **twenty** hidden
# layers of 48 units, deeper than anybody would need for them, and is built of your functions: `init_std` draws the weights,
# `sigmoid` and `sigmoid_gradient` are the units, `batchnorm_forward` and `batchnorm_backward` stand in front of each of them,
# and `log_sigmoid` is the loss, with ten outputs that each say yes or no to one digit. (Where yours does not pass yet, ours takes
# its place, and the first lines say so.)
#
# Plain gradient descent on batches of 64, fifteen times through 1400 digits, three learning rates, sigmoid and ReLU, without
# BatchNorm and with it. The other 397 digits are for the test. There BatchNorm reads its diary, the running statistics: no digit
# of the test is judged by who else is in its batch.
#
# Guess before you run it. Which of the four networks learns at all? At how many of the three rates?

# %% experiment
from helpers.data import digits
from helpers.figures import show_curves

std_of, logistic, slope_of_sigmoid, log_of_sigmoid, forward, backward = map(
    grader.yours,
    ("init_std", "sigmoid", "sigmoid_gradient", "log_sigmoid", "batchnorm_forward", "batchnorm_backward"),
)
images, labels = digits()
order = np.random.default_rng(0).permutation(len(images))
pixels, digit = images.reshape(-1, 64)[order] / 16, labels[order]
answers = np.where(digit[:, None] == np.arange(10), 1.0, -1.0)  # for each output, yes or no
UNITS = {
    "sigmoid": (logistic, lambda z: slope_of_sigmoid(z)[0], "linear"),
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0), "relu"),
}


class Layer:
    """Weights, then BatchNorm or an offset, then the units; it keeps what its way back needs."""

    def __init__(self, draws, fan_in, fan_out, units, normalize):
        self.activation, self.slope, name = UNITS[units]
        self.W = draws.normal(scale=std_of(fan_in, fan_out, name), size=(fan_in, fan_out))
        self.gamma, self.beta = np.ones(fan_out), np.zeros(fan_out)
        self.mean, self.var, self.normalize = np.zeros(fan_out), np.ones(fan_out), normalize

    def forward(self, h, train):
        self.h, self.a = h, h @ self.W
        self.z = self.a + self.beta
        if self.normalize:
            self.z, self.mean, self.var = forward(self.a, self.gamma, self.beta, self.mean, self.var, train)
        return self.activation(self.z)

    def step_back(self, dh, rate):
        """Move all parameters by one step and return the gradient for the layer below."""
        da = dz = dh * self.slope(self.z)
        self.beta = self.beta - rate * dz.sum(axis=0)
        if self.normalize:
            da, dgamma, _ = backward(self.a, self.gamma, dz)
            self.gamma = self.gamma - rate * dgamma
        below = da @ self.W.T
        self.W = self.W - rate * self.h.T @ da
        return below


def accuracy_by_epoch(units, normalize, rate, layers=20, width=48, epochs=15):
    """Train on 1400 digits; return the share of the other 397 that is read correctly, after every epoch."""
    draws, shares = np.random.default_rng(1), []
    net = [Layer(draws, below, width, units, normalize) for below in [64] + [width] * (layers - 1)]
    W, b = draws.normal(scale=std_of(width, 10, "linear"), size=(width, 10)), np.zeros(10)
    for _ in range(epochs):
        for batch in np.array_split(draws.permutation(1400), 21):
            h = pixels[batch]
            for layer in net:
                h = layer.forward(h, True)
            sign = answers[batch]
            missing = log_of_sigmoid(sign * (h @ W + b))[1]  # what each yes or no lacks to certainty
            dlogit = -sign * missing / len(batch)
            dh = dlogit @ W.T
            W, b = W - rate * h.T @ dlogit, b - rate * dlogit.sum(axis=0)
            for layer in reversed(net):
                dh = layer.step_back(dh, rate)
        h = pixels[1400:]
        for layer in net:
            h = layer.forward(h, False)
        shares.append(np.mean((h @ W + b).argmax(axis=1) == digit[1400:]))
    return shares


RATES, curves = (0.03, 0.1, 0.3), {}
print(f"{'share of the test digits read, rate':>38}", *(f"{rate:>6}" for rate in RATES))
with np.errstate(over="ignore", invalid="ignore"):
    for units in UNITS:
        for normalize in (False, True):
            name = f"{units}, {'with BatchNorm' if normalize else 'alone'}"
            runs = [accuracy_by_epoch(units, normalize, rate) for rate in RATES]
            curves[name] = max(runs, key=lambda run: run[-1])
            print(f"{name:>38}", *(f"{run[-1]:6.2f}" for run in runs))

final = "; ".join(f"{name}: {shares[-1]:.2f}" for name, shares in curves.items())
show_curves(
    {name: (range(1, 16), 1 - np.array(shares)) for name, shares in curves.items()},
    level=0.9,
    said="guessing",
    over="times through the training digits, each network at its best rate",
    error="share of the test digits misread",
    limits=(0.02, 2),
    alt=f"Share of the test digits misread after each of 15 epochs, four networks of 20 layers. Read at the end: {final}.",
)

# %% [markdown]
# The sigmoid network alone reads no more than a guess would, at any rate: its first layers never hear of an error. With
# BatchNorm in front of every layer the *same* network, from the same random weights, reads more than nine digits in ten, at
# all three rates. The ReLU network had a gradient to begin with; it learns slowly at the two smaller rates and not at all at the
# largest, while with BatchNorm the largest serves it best. Each step took about twice as long, or more: that is the price.
#
# Two things this does *not* show. Digits do not need twenty layers, and two do as well. And BatchNorm is not the only
# way out: shortcuts around the layers, or other units, would have rescued this network too.

# %% hints
COVERS = ["S1.6b"]
