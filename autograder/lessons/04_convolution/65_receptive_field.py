# %% [markdown]
# ## How far does a deep unit see?
#
# One 3 x 3 layer sees three pixels across. A unit of the layer above sees three units of the first, and through them five
# pixels. So the view widens with depth, and the first layers can hardly know more than points and bits of line, while
# later ones see whole strokes and how they meet. (That low layers respond to points and lines, and high ones to contours
# and parts, is what one finds in trained networks. It is an observation, not a theorem; this much of it is geometry.)
#
# Two numbers suffice to keep the books, for each axis. The **receptive field** $r$: how many pixels wide a unit's view is,
# from the first to the last. The **jump** $j$: by how many pixels the views of two neighbors differ. A pixel has $r = j =
# 1$. Now add a layer with $k$ taps, stride $s$ and dilation $d$. Its taps reach over $d(k - 1)$ gaps, and each gap is a step
# between neighbors *of the layer below*, $j$ pixels wide:
#
# $$ r \leftarrow r + d\,(k - 1)\,j, \qquad \text{and then} \qquad j \leftarrow j\,s . $$
#
# The order matters. A layer's own stride moves its units apart; it does not widen what each of them sees.
#
# ```
# pixels      □ □ □ □ □ □ □        k = 3, s = 2:   r = 3, j = 2
#             └─┬─┘
#                 └─┬─┘
#                     └─┬─┘
# layer 1       ○   ○   ○          k = 3, s = 1:   r = 3 + 2·2 = 7, j = 2
#               └───┬───┘
# layer 2           ●
# ```
#
# | argument | type | meaning |
# |---|---|---|
# | `layers` | list of `(kernel, stride, dilation)` | triples of ints, the layer nearest to the pixels first |
# | result | pair of ints | receptive field and jump of a unit of the last layer, in pixels |
#
# **Write `receptive_field(layers)`.** Pooling is a layer like any other. An empty list is a pixel.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer

PARTS = ("the receptive field", "the jump")


# %% answer
def receptive_field(layers):
    """Return (receptive field, jump) in pixels of a stack of layers, each (kernel, stride, dilation)."""
    # BEGIN SOLUTION
    seen = step = 1
    for taps, stride, dilation in layers:
        gaps = taps - 1
        seen += gaps * dilation * step
        step *= stride
    return seen, step
    # END SOLUTION


# %% public checks
@check(points=0.5)
def two_plain_layers(receptive_field):
    """Two layers of 3 x 3 with stride 1 see 5 pixels, and their neighbors one pixel further."""
    expect_close(
        receptive_field([(3, 1, 1), (3, 1, 1)]), (5, 1), "receptive_field([(3, 1, 1), (3, 1, 1)])", parts=PARTS
    )


@check(points=0.5)
def the_layers_of_the_picture(receptive_field):
    """Three taps, stride 2, then three, stride 1, see 7 pixels, neighbors 2 further; pooling by 2 before it: 14 and 4."""
    for layers, expected in [([(2, 2, 1), (3, 2, 1), (3, 1, 1)], (14, 4)), ([(3, 2, 1), (3, 1, 1)], (7, 2))]:
        expect_close(receptive_field(layers), expected, f"receptive_field({layers})", parts=PARTS)


# %% hidden checks
def followed_down(layers):
    """Follow a unit and its neighbor down to the pixels, layer by layer."""
    first, last, neighbor = 0, 0, 1
    for kernel, stride, dilation in reversed(layers):
        first, last, neighbor = first * stride, last * stride + dilation * (kernel - 1), neighbor * stride
    return last - first + 1, neighbor - first


@check(points=1, hidden=True)
def stacks_that_people_build(receptive_field, rng):
    """A stride at the end, dilations that double, pooling four times, a 1 x 1 layer, and no layer at all."""
    stacks = [[], [(3, 1, 1), (3, 2, 1)], [(3, 1, 1), (3, 1, 2), (3, 1, 4)], [(2, 2, 1)] * 4, [(1, 1, 1)], [(1, 3, 1), (5, 1, 2)],
              [(7, 2, 1), (3, 2, 1), (3, 1, 1), (3, 1, 1)], [(3, 2, 1)] * 12, [(3, 1, 500)], [(int(rng.integers(2, 8)), 2, 1), (3, 1, 1)]]  # fmt: skip
    for layers in stacks:
        expect_close(receptive_field(layers), followed_down(layers), f"receptive_field({layers})", parts=PARTS)


@check(points=1, hidden=True)
def random_stacks(receptive_field, rng):
    """For random stacks it is what following a unit and its neighbor down to the pixels gives."""
    for depth in (1, 2, 3, 5, 8):
        layers = [tuple(row) for row in rng.integers(1, 4, size=(depth, 3)).tolist()] + [(2, 2, 2)]
        expect_close(receptive_field(layers), followed_down(layers), f"receptive_field({layers})", parts=PARTS)


# %% hints
HINTS = [
    "Start from a pixel: it sees one pixel, and its neighbor is one further.",
    "How many gaps do k taps have, how wide is a gap in units of the layer below, and how wide is such a unit in pixels?",
    "Use the jump of the layers below before you multiply it by the layer's own stride.",
]
WHY = r"""
Everything is kept in pixels. A layer's $k - 1$ gaps are $d$ steps of the layer below wide each, and `step` is that
step's length in pixels: the product of all strides *below*. So `seen` grows before `step` does; the other order would
let a layer's own stride widen its own view. Unrolled, $r = 1 + \sum_l d_l (k_l - 1) \prod_{m < l} s_m$.
"""
COVERS = ["S0.c", "S3.10"]
KERNELS = [kernels.receptive_field]

# %% [markdown]
# **Counting is one thing, weight another.** The receptive field says which pixels *can* matter. How much each of them does
# matter is another question, and the gradient answers it. Below, a stack of 3 x 3 layers with equal weights: the share
# of each pixel in the middle unit. The field grows by 2 a layer. The part of it that carries 90 percent of the weight grows
# much more slowly, like the square root of the depth: it is the central limit theorem at work.

# %% experiment
field_of = grader.yours("receptive_field")
print(f"{'layers':>7} {'field':>7} {'pixels with 90 % of the weight':>32}")
for depth in (1, 4, 16, 64):
    share = np.ones(1)
    for _ in range(depth):
        share = np.convolve(share, np.ones(3) / 3)
    order = np.cumsum(np.sort(share)[::-1])
    print(f"{depth:7d} {field_of([(3, 1, 1)] * depth)[0]:7d} {np.searchsorted(order, 0.9) + 1:32d}")
doubling = [(3, 1, 2**level) for level in range(6)]
print(
    "six layers with dilations 1, 2, 4, ..., 32 see",
    field_of(doubling)[0],
    "pixels; undilated they see",
    field_of([(3, 1, 1)] * 6)[0],
)


# %% right and wrong answers
@right_answer
def from_the_top_down(layers):
    """How many units of the layer below does it take? Going down, that is the size formula solved for its input, $n = (o
    - 1)s + d(k - 1) + 1$. It needs no jump, and tells at each level how large a crop one output needs.
    """
    field, jump = 1, 1
    for kernel, stride, dilation in layers[::-1]:
        field = (field - 1) * stride + dilation * (kernel - 1) + 1
        jump = jump * stride
    return field, jump


def walked(layers, reach=lambda k, d, jump: d * (k - 1) * jump, jump_first=False):
    """The recursion, with another reach of a layer or another order."""
    field = jump = 1
    for k, s, d in layers:
        jump *= s if jump_first else 1
        field += reach(k, d, jump)
        jump *= 1 if jump_first else s
    return field, jump


@wrong_answer(
    passes=(two_plain_layers,),
    feedback="A gap between the taps of a deep layer is jump pixels wide: multiply by the strides of the layers below.",
)
def strides_below_ignored(layers):
    return walked(layers, lambda k, d, jump: d * (k - 1))


@wrong_answer(
    passes=(two_plain_layers,),
    feedback="Update the jump after you have used it: a layer's own stride widens only the layers above.",
)
def stride_first(layers):
    return walked(layers, jump_first=True)


@wrong_answer(feedback="A fence of k posts has k - 1 gaps: k taps reach k - 1 gaps further, not k.")
def k_gaps(layers):
    return walked(layers, lambda k, d, jump: d * k * jump)


@wrong_answer(
    stacks_that_people_build,
    random_stacks,
    feedback="Dilation is ignored: it makes every gap between the taps d times as wide.",
)
def without_dilation(layers):
    return walked(layers, lambda k, d, jump: (k - 1) * jump)


@wrong_answer(
    passes=(two_plain_layers,),
    feedback="You took the layers from the last to the first. The first triple is the layer nearest to the pixels.",
)
def upside_down(layers):
    return walked(layers[::-1])


@wrong_answer(
    passes=(two_plain_layers,),
    feedback="Strides multiply. Two layers of stride 2 put four pixels between neighbors, four layers sixteen.",
)
def strides_added(layers):
    field, _ = walked(layers)
    return field, 1 + sum(s - 1 for _, s, _ in layers)
