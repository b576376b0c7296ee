# %% [markdown]
# ## What the non-saturating loss minimizes
#
# With a perfect, frozen discriminator the saturating loss $\mathbb{E}_q \log(1 - D^*)$ has the gradient of $2\,
# \mathrm{JS}(p, q)$. That was the theory. But hardly anybody uses this loss: programs use the other one,
# $\mathbb{E}_q[-\log D^*]$.
#
# **With $D^*$ frozen, the gradient of $\mathbb{E}_q[-\log D^*]$ is the gradient of which quantity?** Answer
# `two_losses_at_the_optimum` with a letter. (With the forger of the last exercises you can compute both sides before you
# choose.)

# %% imports
from helpers.checking import choice, option

# %% answer
two_losses_at_the_optimum = choice(
    option(
        "$\\mathrm{JS}(p, q)$",
        "That belongs to the saturating loss, up to the factor 2.",
    ),
    option(
        "$\\mathrm{KL}(p \\,\\|\\, q)$",
        "That is the price of the last exercise, the negative odds.",
    ),
    option(
        "$\\mathrm{KL}(q \\,\\|\\, p) - 2\\,\\mathrm{JS}(p, q)$",
        "Correct (Arjovsky and Bottou 2017): the second term even pushes the JS divergence up.",
        right=True,
    ),
    option(
        "$2\\,\\mathrm{JS}(p, q) - \\log 4$",
        "That is the value of the game, which the saturating loss follows.",
    ),
    points=3,
)

# %% hints
COVERS = ["S2.17", "S2.19"]

# %% [markdown]
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > **A common claim: "a GAN minimizes the Jensen-Shannon divergence."** The game on paper does, with its saturating loss
# > and a perfect detective. The loss in use does not, not even with a perfect detective. Why: with $a = \log(p/q)$,
# >
# > $$ -\log D^* = -\log \frac{D^*}{1 - D^*} - \log(1 - D^*) = -a - \log(1 - D^*), $$
# >
# > and the two terms, frozen, have the gradients of $\mathrm{KL}(q \,\|\, p)$ and of $-2\,\mathrm{JS}$. Near the optimum the
# > reverse KL wins (there it is $4\,\mathrm{JS}$ to lowest order), but not everywhere. The cell compares the two gradients,
# > and then lets a forger take one small step downhill: the loss has done what it promised, and JS has grown.
#
# </details>

# %% experiment
import numpy as np

gradient, best = grader.yours("softmax_generator_gradient"), grader.yours("optimal_discriminator")


def softmax(theta):
    return np.exp(theta) / np.exp(theta).sum()


def kl(p, q):
    return float(np.sum(p * np.log(p / q)))


def js(p, q):
    return (kl(p, (p + q) / 2) + kl(q, (p + q) / 2)) / 2


def slopes_of(quantity, theta, h=1e-6):
    return np.array([(quantity(theta + h * e) - quantity(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])


data, theta = np.array([0.95, 0.001, 0.049]), np.log([0.004, 0.096, 0.9])
frozen = gradient(theta, -np.log(best(data, softmax(theta))))
print("gradient of the loss, D* frozen:", *(f"{each:9.6f}" for each in frozen))
claimed = slopes_of(lambda t: kl(softmax(t), data) - 2 * js(data, softmax(t)), theta)
print("gradient of KL(q||p) - 2 JS:    ", *(f"{each:9.6f}" for each in claimed))
print(
    "gradient of 2 JS:               ",
    *(f"{each:9.6f}" for each in slopes_of(lambda t: 2 * js(data, softmax(t)), theta)),
)
after = theta - 0.2 * frozen
for name, quantity in {"JS": js, "KL(q||p)": lambda p, q: kl(q, p)}.items():
    print(
        f"{name:>9} before the step {quantity(data, softmax(theta)):.6f}, after it {quantity(data, softmax(after)):.6f}"
    )
