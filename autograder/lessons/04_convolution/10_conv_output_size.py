# %% [markdown]
# ## How large is the output?
#
# Count windows, not pixels. Along one axis a window of $k$ taps starts at the first pixel, moves on by $s$ pixels at a
# time, and stops when it would run over the end. The output has one number for each place where the window *starts*.
#
# ```
# n = 7 pixels, k = 3 taps, stride s = 2          n = 8: the same three places
#
#   □ □ □ □ □ □ □                                   □ □ □ □ □ □ □ □
#   └─1─┘                                           └─1─┘
#       └─2─┘                                           └─2─┘
#           └─3─┘                                           └─3─┘ ↑ never read
# ```
#
# Three knobs are left. **Padding** $p$ adds $p$ pixels at *either* end, so there are $n + 2p$. **Dilation** $d$ pulls the
# taps apart: $k$ taps have $k - 1$ gaps, and each of them is now $d$ wide, so the window spans $d(k - 1) + 1$ pixels.
# The room that is left to move in is the difference, and **every full stride in it is one more place to start**:
#
# $$ o = \left\lfloor \frac{n + 2p - d(k - 1) - 1}{s} \right\rfloor + 1 . $$
#
# The two axes of an image do not know of each other. Each follows the formula with numbers of its own.
#
# | argument | type | meaning |
# |---|---|---|
# | `size` | int or pair | height and width of the input |
# | `kernel`, `stride`, `padding`, `dilation` | int or pair | along the rows, along the columns; an int stands for both |
# | result | pair of ints | height and width of the output |
#
# **Write `conv_output_size(size, kernel, stride=1, padding=0, dilation=1)`.** The results are whole numbers (`int`, not
# `15.0`), since they will become shapes. A window that does not fit into the padded input raises `ValueError`.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_close, expect_parts, expect_raises, right_answer, wrong_answer

PARTS = ("the height", "the width")


# %% answer
def conv_output_size(size, kernel, stride=1, padding=0, dilation=1):
    """Return (height, width) of a convolution's output; every argument is an int or a pair of ints."""

    # BEGIN SOLUTION
    def along(axis):
        knobs = (size, kernel, stride, padding, dilation)
        n, k, s, p, d = (knob if np.ndim(knob) == 0 else knob[axis] for knob in knobs)
        room = n + 2 * p - (d * (k - 1) + 1)
        if room < 0:
            raise ValueError(f"a window of {d * (k - 1) + 1} pixels does not fit into {n + 2 * p}")
        return room // s + 1

    return along(0), along(1)
    # END SOLUTION


# %% checks
def expect_sizes(got, expected, what):
    """Compare two sizes, which must be whole numbers by their type as well."""
    got = expect_parts(got, PARTS, what)
    expect_close(got, expected, what, parts=PARTS)
    expect(
        all(isinstance(one, (int, np.integer)) for one in got),
        f"{what} is {got[0]!r} and {got[1]!r}.",
        "Two integers.",
        "A shape cannot hold 7.0: use // or int().",
        summary="The sizes are not integers.",
    )


# %% public checks
@check(points=0.5)
def an_image_of_32_by_28(conv_output_size):
    """A 32 x 28 image under a 3 x 4 kernel with stride 2 gives 15 x 13: 29/2 is rounded down, 24/2 is whole."""
    expect_close(conv_output_size((32, 28), (3, 4), 2), (15, 13), "conv_output_size((32, 28), (3, 4), 2)", parts=PARTS)


@check(points=0.5)
def a_padded_image_of_6_by_6(conv_output_size):
    """A 6 x 6 image under a 2 x 2 kernel with stride 1 and padding 1 gives 7 x 7, two whole numbers."""
    expect_sizes(conv_output_size(6, 2, 1, 1), (7, 7), "conv_output_size(6, 2, 1, 1)")


# %% hidden checks
def places(n, k, s=1, p=0, d=1):
    """How many places a window may start at, found by trying every one."""
    pixels = range(-p, n + p)
    return sum(1 for start in pixels if (start + p) % s == 0 and start + d * (k - 1) in pixels)


@check(points=0.5, hidden=True)
def every_knob_at_any_setting(conv_output_size, rng):
    """For random pairs of all five it is the number of places at which a window may start, a whole one."""
    for _ in range(12):
        size, kernel = rng.integers(8, 20, size=2).tolist(), rng.integers(1, 4, size=2).tolist()
        stride, padding = rng.integers(1, 4, size=2).tolist(), rng.integers(0, 3, size=2).tolist()
        dilation = rng.integers(1, 3, size=2).tolist()
        settings = [tuple(pair) for pair in (size, kernel, stride, padding, dilation)]
        expected = tuple(places(*axis) for axis in zip(*settings, strict=True))
        expect_sizes(conv_output_size(*settings), expected, f"conv_output_size{tuple(settings)}")


@check(points=0.5, hidden=True)
def one_knob_at_a_time(conv_output_size, rng):
    """Defaults, a stride that does not divide, a dilation, a window that fills the image, pairs mixed with ints."""
    expected = places(5, 3, 2, 1, 1), places(9, 2, 2, 0, 1)
    expect_close(conv_output_size((5, 9), (3, 2), 2, (1, 0)), expected, "pairs and ints, mixed", parts=PARTS)
    for settings in [
        (int(rng.integers(20, 60)), 3, 2),
        (5, 3),
        (7, 2, 2),
        (8, 3, 2),
        (10, 3, 1, 0, 2),
        (3, 3, 5),
        (2, 3, 1, 1),
        (1, 1),
    ]:
        expected = (places(settings[0], *settings[1:]),) * 2
        expect_close(conv_output_size(*settings), expected, f"conv_output_size{settings}", parts=PARTS)
    expected = places(3000, 5, 2, 3, 4), places(2000, 7, 1, 3, 4)
    expect_sizes(conv_output_size((3000, 2000), (5, 7), (2, 1), 3, 4), expected, "a map of 3000 x 2000 pixels")


@check(points=1, hidden=True)
def what_does_not_fit_is_refused(conv_output_size, rng):
    """A window larger than the padded image raises ValueError, in one axis too; one that just fits gives 1."""
    n = int(rng.integers(5, 30))
    for settings in [(n, n + 1), (2, 3), (4, 3, 1, 0, 2), (2, 5, 1, 1), ((5, 2), 3), ((2, 5), 3), (2, 4, 3), (2, 9, 4)]:
        with expect_raises(ValueError, f"conv_output_size{settings}"):
            conv_output_size(*settings)
    for settings in [(n, n), (3, 3), (5, 3, 1, 0, 2), (2, 4, 1, 1)]:
        expect_close(conv_output_size(*settings), (1, 1), f"conv_output_size{settings}", parts=PARTS)


# %% hints
HINTS = [
    "Turn an int into a pair first; then both axes are the same small computation.",
    "How many pixels does the window span, with dilation? How many are there, with padding? The difference is the room.",
    "Integer division counts the strides that fit into the room. The window at its first place counts too.",
]
WHY = """
What counts is not the pixels but the room: how far the window's first tap can still move. Every full stride of it is
one more start, and the place where the window already stands is the last one to count, so `room // s + 1`. The
question whether the window fits comes *before* the division: `-1 // 4` is −1, and with the 1 added a window that is
too large would come out as a size of 0. And `//` stays within the integers, which a shape needs.
"""
COVERS = ["S0.c", "S1.19a", "S1.19b"]
KERNELS = [kernels.conv_output_size]

# %% [markdown]
# > **In print: "$(6 + 21 - 2)/1 + 1$".** A solution to the 6 x 6 example with this line makes the rounds. An asterisk
# > got lost on the way: it read $6 + 2 \cdot 1 - 2$, the image plus twice the padding minus the kernel. Taken literally it
# > gives 26. A glance at the picture is enough: a 2 x 2 window cannot start at 26 places along 8 pixels.

# %% experiment
size_of = grader.yours("conv_output_size")
print("as printed, 6 + 21 - 2:      ", (6 + 21 - 2) // 1 + 1)
print("as meant, 6 + 2*1 - 2:       ", (6 + 2 * 1 - 2) // 1 + 1, " and the function says", size_of(6, 2, 1, 1))
print(
    "32 x 32, kernel 3 x 4, stride 2:",
    size_of((32, 32), (3, 4), 2),
    " with padding 1:",
    size_of((32, 32), (3, 4), 2, 1),
)
del size_of  # an answer stands alone


# %% right and wrong answers
def sizes(size, kernel, stride, padding, dilation, count):
    """Both axes by a function of (n, k, s, p, d)."""
    knobs = [one if isinstance(one, tuple) else (one, one) for one in (size, kernel, stride, padding, dilation)]
    return tuple(count(*axis) for axis in zip(*knobs, strict=True))


@right_answer
def by_counting_the_starts(size, kernel, stride=1, padding=0, dilation=1):
    """The starts themselves, as a `range`: its length is the formula, and an empty one is the window that does not fit.
    Nothing about rounding is left to remember, and it costs no loop, for a range knows its length.
    """

    def count(n, k, s, p, d):
        starts = range(0, n + 2 * p - d * (k - 1), s)
        if not starts:
            raise ValueError("the window does not fit")
        return len(starts)

    return sizes(size, kernel, stride, padding, dilation, count)


@wrong_answer(
    passes=(
        a_padded_image_of_6_by_6,
        what_does_not_fit_is_refused,
    ),
    feedback="Round down: a window that would run over the border is dropped, not counted.",
)
def rounded_up(size, kernel, stride=1, padding=0, dilation=1):
    def count(n, k, s, p, d):
        room = n + 2 * p - d * (k - 1) - 1
        if room < 0:
            raise ValueError("the window does not fit")
        return -(-room // s) + 1

    return sizes(size, kernel, stride, padding, dilation, count)


@wrong_answer(
    passes=(
        an_image_of_32_by_28,
        a_padded_image_of_6_by_6,
    ),
    feedback="Dilation is ignored: with gaps of d between its k taps the window spans d (k - 1) + 1 pixels.",
)
def without_dilation(size, kernel, stride=1, padding=0, dilation=1):
    return by_counting_the_starts(size, kernel, stride, padding, 1)


@wrong_answer(
    passes=(
        an_image_of_32_by_28,
        a_padded_image_of_6_by_6,
    ),
    feedback="A dilated window does not span d times k pixels: its k taps have k - 1 gaps between them.",
)
def dilated_to_d_times_k(size, kernel, stride=1, padding=0, dilation=1):
    def count(n, k, s, p, d):
        if n + 2 * p < d * k:
            raise ValueError("the window does not fit")
        return (n + 2 * p - d * k) // s + 1

    return sizes(size, kernel, stride, padding, dilation, count)


@wrong_answer(passes=(an_image_of_32_by_28,), feedback="Padding is added at both ends: there are n + 2p pixels.")
def padded_at_one_end(size, kernel, stride=1, padding=0, dilation=1):
    def count(n, k, s, p, d):
        if n + p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        return (n + p - d * (k - 1) - 1) // s + 1

    return sizes(size, kernel, stride, padding, dilation, count)


@wrong_answer(
    feedback="A fence has one post more than it has gaps: the window at its first place counts too, so add 1."
)
def one_too_few(size, kernel, stride=1, padding=0, dilation=1):
    height, width = by_counting_the_starts(size, kernel, stride, padding, dilation)
    return height - 1, width - 1


@wrong_answer(
    what_does_not_fit_is_refused,
    feedback="A window that does not fit came out as a size. Integer division rounds -1/4 to -1, plus 1 is 0: raise first.",
)
def nothing_is_refused(size, kernel, stride=1, padding=0, dilation=1):
    return sizes(size, kernel, stride, padding, dilation, lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) - 1) // s + 1)


@wrong_answer(
    passes=(a_padded_image_of_6_by_6, what_does_not_fit_is_refused),
    feedback="You return the width first. The order is height, width: along the rows, then along the columns.",
)
def width_first(size, kernel, stride=1, padding=0, dilation=1):
    return by_counting_the_starts(size, kernel, stride, padding, dilation)[::-1]


@wrong_answer(
    passes=(an_image_of_32_by_28, what_does_not_fit_is_refused),
    feedback="The sizes are right and not whole numbers: np.floor and / return floats, and a shape takes integers only.",
)
def floats_for_sizes(size, kernel, stride=1, padding=0, dilation=1):
    height, width = by_counting_the_starts(size, kernel, stride, padding, dilation)
    return float(height), float(width)
