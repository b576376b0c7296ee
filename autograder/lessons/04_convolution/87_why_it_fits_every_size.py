# %% [markdown]
# ## Why does it fit every size?
#
# You trained a small network on digits of 8 × 8 pixels: convolutions, pooling, one affine layer at the end. Somebody hands you
# pictures of 16 × 16 in which the same small digits stand somewhere.
#
# **Which parts of the network work on them as they are, and why? Which part does not, and what would you put in its place?** And would the
# answer for a digit be exactly the same wherever it stands? This answer is read by a person.

# %% imports
from helpers.checking import question

# %% why
QUESTION = question(
    rubric=[
        (
            1,
            "The convolutions and pools work: a kernel has the size of its window, not of the image, and is the same at all places.",
        ),
        (
            1,
            "The affine layer does not: it has a weight for each place of the last map. A sum, mean or maximum over all places (global pooling) in its place does.",
        ),
        (
            1,
            "Not exactly the same: convolution moves with its input (equivariance) only up to padding at the border, and only by multiples of the strides.",
        ),
    ],
    answer=r"""
A convolution has $k_h k_w$ weights for each pair of channels, and uses the same ones wherever its window can stand. A larger image
only gives it more places, and a digit that moves makes the maps move along: equivariance. Pooling has no weights at all. The affine layer at the end has a weight
for each pixel of the last map: it knows places, not patterns, and a larger map does not fit. If the mean or the maximum of each
channel is taken first, only "what" is left and not "where", and any size will do. Exactly the same it is not: at the border a window sees
padding instead of paper, and with stride or pooling by 2 a move by one pixel falls between the grid's posts.
""",
)
