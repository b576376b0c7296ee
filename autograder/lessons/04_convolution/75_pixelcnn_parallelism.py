# %% [markdown]
# ## What is parallel about it?
#
# The chain rule of probability holds for any order of the pixels,
#
# $$ p(x) = \prod_{t} p(x_t \mid x_1, \dots, x_{t-1}), $$
#
# and a stack of masked convolutions computes all these conditionals, with logits at every pixel. Recurrent networks paint
# with the same formula, and need one step after the other. "PixelCNN can be parallelized", an answer sheet says.
#
# **In which sense?** Answer `pixelcnn_parallelism` with a letter, before you run the experiment below.

# %% imports
from helpers.checking import choice, option

# %% answer
pixelcnn_parallelism = choice(
    option(
        "Training and the likelihood of a given image take one parallel pass; sampling still goes pixel by pixel.",
        "Correct: where all pixels are known, so is every condition.",
        right=True,
    ),
    option(
        "Training and sampling take one parallel pass each, since the masks make all conditionals independent.",
        "Sampling needs the pixels that were drawn before as its input. The masks do not make anything independent.",
    ),
    option(
        "Neither is parallel: each of the conditionals needs the one before it to be computed first, in any use.",
        "During training all pixels are known (teacher forcing), so all conditionals come from one masked pass.",
    ),
    option(
        "Sampling takes one parallel pass; training is sequential, since the loss is a product over all pixels.",
        "It is the other way round. And the logarithm of a product is a sum, whose terms can be computed at once.",
    ),
    points=2,
)

# %% hints
COVERS = ["S0.h"]

# %% [markdown]
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > **Often said: "PixelCNN is parallel."** Half of it is. The cell takes two masked layers with random weights and a 6 x 6 image.
# > First it changes each pixel in turn and notes which logits move: only later ones, so the table of influences is strictly
# > triangular. Therefore one pass over a *given* image finds what 36 passes find, each of which knew only the past. Then it
# > samples from a model in which each pixel copies its left neighbor nearly always. Drawn one after the other, neighbors
# > agree. Drawn all at once, from the conditionals of a random image, each agrees with a pixel that is no longer there.
#
# </details>

# %% experiment
layer, mask_of, draws = grader.yours("conv2d"), grader.yours("pixelcnn_mask"), np.random.default_rng(0)
side = 6
W1, W2 = draws.normal(size=(4, 1, 3, 3)) * mask_of(3, 3, "A"), draws.normal(size=(1, 4, 3, 3)) * mask_of(3, 3, "B")


def masked(images, W):
    """A layer with padding 1, and no use for its gradients."""
    return layer(images, W, np.zeros(len(W)), 1, 1, np.zeros((len(images), len(W), side, side)))[0]


def logits(image):
    """What the two layers say about every pixel, from the pixels before it."""
    return masked(np.tanh(masked(image[None, None], W1)), W2)[0, 0].ravel()


image = draws.integers(0, 2, size=(side, side)).astype(float)
at_once = logits(image)
influence = np.zeros((side**2, side**2), dtype=bool)
one_by_one = np.zeros(side**2)
for t in range(side**2):
    flipped, known = image.copy().ravel(), image.copy().ravel()
    flipped[t], known[t:] = 1 - flipped[t], 0
    influence[:, t] = logits(flipped.reshape(side, side)) != at_once
    one_by_one[t] = logits(known.reshape(side, side))[t]
print(
    "pixels that move their own logit or an earlier one:",
    np.triu(influence).sum(),
    " later ones:",
    np.tril(influence, -1).sum(),
)
print("1 pass and 36 passes agree to", abs(at_once - one_by_one).max())


def copies_its_left_neighbor(picture):
    """The probability of a 1 at every pixel; 1/2 in the first column."""
    left = np.full((side, side), 0.5)
    left[:, 1:] = 0.02 + 0.96 * picture[:, :-1]
    return left


agreement = {"one after the other": [], "all at once": []}
for _ in range(200):
    sequential, noise = np.zeros((side, side)), draws.integers(0, 2, size=(side, side)).astype(float)
    for y, x in np.ndindex(side, side):
        sequential[y, x] = draws.random() < copies_its_left_neighbor(sequential)[y, x]
    parallel = draws.random((side, side)) < copies_its_left_neighbor(noise)
    for name, picture in zip(agreement, (sequential, parallel), strict=True):
        agreement[name].append(np.mean(picture[:, 1:] == picture[:, :-1]))
for name, shares in agreement.items():
    print(f"drawn {name:>20}: {np.mean(shares):.0%} of the pixels equal their left neighbor (the model says 98%)")
