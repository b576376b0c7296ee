# %% [markdown]
# ## What does BatchNorm buy?
#
# You have now built it from both sides. What it is good for is the subject of many confident sentences. Judge four of
# them by what you have written and measured in this lesson, before you run the experiments below.
#
# **Which statement is right?** Answer `what_batchnorm_buys` with a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
what_batchnorm_buys = choice(
    option(
        "Each training step becomes cheaper to compute, because normalized numbers are easier to work with.",
        "It adds work to every step: statistics and a normalization, both ways. Convergence is what can get faster.",
    ),
    option(
        "Training usually stands a larger learning rate and needs fewer steps, while each single step costs more.",
        "Correct: the gain is in the number of steps, not in the cost of one.",
        right=True,
    ),
    option(
        "Weight decay on the preceding weights loses any effect, because their length is divided out again.",
        "The functions stay the same, but decay controls the length of w, and with it the effective learning rate.",
    ),
    option(
        "Gradients can neither vanish nor explode any more, whatever the depth and the activation may be.",
        "In a plain deep ReLU network it is BatchNorm itself that makes the gradient explode at the start of training.",
    ),
    points=2,
)

# %% hints
COVERS = ["S0.f", "S1.6a", "S1.6b", "S1.6c"]

# %% [markdown]
# ### The price of a step, counted and timed
#
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > **A common claim: "BatchNorm makes the computation faster."** Training with it is often done sooner, so one says so. Not
# > the computation: a step with BatchNorm does all the work of the step without it, and then some. Below, one layer forward
# > and backward, counted and timed, narrow and wide. In numbers of operations BatchNorm adds a tenth or a hundredth. In time
# > it adds far more: on small arrays because every one of its twenty or so NumPy calls has a price of its own, whatever
# > it works on, on large ones because each of them walks through the whole array for one operation per number, while a
# > matrix product does hundreds. (By how much depends on the machine; the ratio is above 1 on all of them.) What can
# > become faster is *convergence*: fewer steps, because a larger learning rate does no harm.
# >
# > **And a reason that is given for it: "…because normalized data make the computation compact."** Small numbers are easier
# > for people. For a processor a multiplication of two numbers near 1 takes as long as any other. The products are counted
# > the same with and without BatchNorm, for not one operation of theirs goes away.
#
# </details>

# %% experiment
import time

forward, backward = grader.yours("batchnorm_forward"), grader.yours("batchnorm_backward")


def make_step(rows, width):
    """One layer forward and backward, as a function that returns the gradients for its weights and its inputs."""
    draws, one, zero = np.random.default_rng(0), np.ones(width), np.zeros(width)
    inputs, errors = draws.normal(size=(2, rows, width))
    W = draws.normal(size=(width, width)) / np.sqrt(width)

    def one_step(normalize):
        z, dz = inputs @ W, errors
        if normalize:
            forward(z, one, zero, zero, one, True)
            dz = backward(z, one, errors)[0]
        return inputs.T @ dz, dz @ W.T

    return one_step


def seconds(step, normalize):
    start = time.perf_counter()
    step(normalize)
    return time.perf_counter() - start


print(f"{'layer':>12} {'products':>12} {'BatchNorm (about)':>18} {'by count':>9} {'by time':>8}   with over without")
for rows, width, repeats in ((64, 32, 200), (1024, 256, 20)):
    step = make_step(rows, width)
    times = np.array([(seconds(step, False), seconds(step, True)) for _ in range(repeats)])
    without, with_it = np.median(times[repeats // 10 :], axis=0)
    products, extra = 3 * 2 * rows * width * width, 18 * rows * width
    ratios = f"{1 + extra / products:9.2f} {with_it / without:8.2f}"
    print(f"{rows:>5} x {width:>4} {products:12d} {extra:18d} {ratios}")

# %% [markdown]
# ### What it does buy
#
# Six sigmoid layers, the same data, the same 60 steps of plain gradient descent, three learning rates. Without
# BatchNorm none of the rates gets the network to do better than a coin: 0.693 is $\ln 2$, the loss of a classifier that
# always says "one half". With it the network learns at all three, and fastest at the largest. So "vanishing gradients
# become less likely" holds *here*. In the section on the backward pass you have seen the ReLU network for which it
# does not.

# %% experiment
logistic, slope_of_sigmoid = grader.yours("sigmoid"), grader.yours("sigmoid_gradient")
log_of_sigmoid = grader.yours("log_sigmoid")


def train_classifier(rate, normalize, layers=6, width=8, steps=60):
    """Train a sigmoid network to tell the two sides of a curve apart; return the cross-entropy."""
    draws, one, zero = np.random.default_rng(0), np.ones(width), np.zeros(width)
    x = draws.uniform(-2, 2, size=(64, 2))
    curve = x[:, :1] + x[:, 1:] ** 2 / 2
    target = 1.0 * (curve > np.median(curve))
    shapes = [(2, width)] + [(width, width)] * (layers - 1) + [(width, 1)]
    weights = [draws.normal(size=shape) / np.sqrt(shape[0]) for shape in shapes]
    bias = np.zeros(1)
    for _ in range(steps):
        h, passed = x, []
        for W in weights[:-1]:
            before = h @ W
            z = forward(before, one, zero, zero, one, True)[0] if normalize else before
            passed.append((h, before, z))
            h = logistic(z)
        logit = h @ weights[-1] + bias
        dz = (logistic(logit) - target) / len(x)
        dh, bias = dz @ weights[-1].T, bias - rate * dz.sum(axis=0)
        weights[-1] = weights[-1] - rate * h.T @ dz
        for i in reversed(range(len(weights) - 1)):
            below, before, z = passed[i]
            dz = dh * slope_of_sigmoid(z)[0]
            if normalize:
                dz = backward(before, one, dz)[0]
            dh = dz @ weights[i].T
            weights[i] = weights[i] - rate * below.T @ dz
    return -np.mean(log_of_sigmoid(np.where(target > 0, logit, -logit))[0])


print(f"{'learning rate':>14} {'without':>10} {'with BatchNorm':>15}   cross-entropy after 60 steps")
for rate in (0.1, 1.0, 3.0):
    print(f"{rate:14.1f} {train_classifier(rate, False):10.3f} {train_classifier(rate, True):15.3f}")
