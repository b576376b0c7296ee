# %% [markdown]
# ## Convolution on a line
#
# Clap once in a large room and listen. You hear the clap, then its echoes, each later and fainter: the numbers $k_0, k_1,
# k_2, \dots$ Now play a tune. Each note starts an echo of its own, and what reaches your ear is the sum. At time $t$ the
# note that was played $j$ steps ago is at the $j$-th step of its echo:
#
# $$ y_t = \sum_j k_j\, x_{t - j} . $$
#
# That is convolution. Read the indices: as $j$ goes *up* in $k$ it goes *down* in $x$. Whoever slides $k$ along $x$ and
# multiplies what lies opposite must turn $k$ around first. Without the turn, $\sum_j k_j\,x_{t+j}$, it is called
# **cross-correlation**, and it is what deep-learning libraries compute under the name of convolution. For weights that
# are learned the difference is a renaming. For weights that are given it is not.
#
# ```
# x:       1  2  3            each note starts an echo (1, 0, 1):
#
#          1  0  1            1 · (1, 0, 1)
#             2  0  2         2 · (1, 0, 1), one step later
#                3  0  3      3 · (1, 0, 1), two steps later
#         ───────────────
# full:    1  2  4  2  3      n + m - 1: whenever it sounds
# same:       2  4  2         n: the middle part
# valid:         4            n - m + 1: where k lies on x in full
# ```
#
# | argument | shape | meaning |
# |---|---|---|
# | `x`, `k` | `(n,)`, `(m,)` | signal and kernel, arrays or lists, tiny numbers too, $1 \le m \le n$ |
# | `mode` | string | `'full'`, `'same'` or `'valid'` |
# | result | `(n + m - 1,)`, `(n,)` or `(n - m + 1,)` | floats |
#
# **Write `conv1d(x, k, mode)`, true convolution.** `'same'` is the part of `'full'` of length $n$ that starts at index
# $\lfloor (m - 1)/2 \rfloor$. Any other mode raises `ValueError`. (NumPy has a function for this. Leave it aside: you will
# need the idea twice more.)

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, expect_raises, right_answer, wrong_answer


# %% answer
def conv1d(x, k, mode):
    """Return the true convolution of x (n,) with k (m,), m <= n; mode is 'full', 'same' or 'valid'."""
    # BEGIN SOLUTION
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"there is no mode {mode!r}")
    n, m = len(x), len(k)
    heard = np.zeros(n + m - 1)
    for j in range(m):
        heard[j : j + n] += k[j] * np.asarray(x)
    middle = (m - 1) // 2
    return {"full": heard, "same": heard[middle : middle + n], "valid": heard[m - 1 : n]}[mode]
    # END SOLUTION


# %% public checks
@check(points=0.5)
def the_tune_of_three_notes(conv1d):
    """[1, 2, 3] with [1, 0, 1] gives [1, 2, 4, 2, 3] in full and [4] where the kernel lies on the signal."""
    expect_close(
        conv1d([1, 2, 3], [1, 0, 1], "full"), [1.0, 2.0, 4.0, 2.0, 3.0], "conv1d([1, 2, 3], [1, 0, 1], 'full')"
    )
    expect_close(conv1d([1, 2, 3], [1, 0, 1], "valid"), [4.0], "conv1d([1, 2, 3], [1, 0, 1], 'valid')")


@check(points=0.5)
def a_clap_is_answered_with_the_echo(conv1d):
    """A single 1 among zeros gives the kernel itself, in its own order."""
    got = conv1d(np.array([0.0, 1.0, 0.0]), np.array([4.0, 2.0, 1.0]), "full")
    expect_close(got, [0.0, 4.0, 2.0, 1.0, 0.0], "conv1d([0, 1, 0], [4, 2, 1], 'full')")


# %% hidden checks
def by_definition(x, k, mode):
    """The sum over j, one output at a time; x is 0 outside."""
    n, m = len(x), len(k)
    times = {"full": range(n + m - 1), "same": range((m - 1) // 2, (m - 1) // 2 + n), "valid": range(m - 1, n)}[mode]
    return np.array([sum(float(k[j] * x[t - j]) for j in range(m) if 0 <= t - j < n) for t in times])


@check(points=1, hidden=True)
def every_mode_for_any_kernel(conv1d, rng):
    """For random signals of any size and kernels of 1 to 7 taps every mode gives the sums of the definition."""
    for mode in ("full", "same", "valid"):
        for n, m, size in [
            (7, 1, 1),
            (7, 2, 1),
            (7, 3, 1),
            (7, 4, 1),
            (7, 7, 1),
            (1, 1, 1),
            (5, 3, 1e3),
            (4, 2, 1e-152),
        ]:
            x, k = size * rng.normal(size=n), size * rng.normal(size=m)
            what = f"conv1d of {n} numbers with {m} taps, '{mode}'"
            expect_close(conv1d(x, k, mode), by_definition(x, k, mode), what, atol=0)
        x, k = np.array([-2.0, -2.0, -3.0, -1.0]), np.array([-1.0, -1.0])
        expect_close(conv1d(x, k, mode), by_definition(x, k, mode), f"conv1d of numbers below 0, '{mode}'")


@check(points=0.5, hidden=True)
def the_kernel_is_turned_around(conv1d, rng):
    """With [1, 0, -1] the lone 'valid' value of [1, 2, 3] is 3 - 1 = 2; lists, integers and lone numbers will do."""
    expect_close(conv1d([1, 2, 3], [1, 0, -1], "valid"), [2.0], "conv1d([1, 2, 3], [1, 0, -1], 'valid')")
    expect_close(conv1d([1.0, 2.0], [3.0], "same"), [3.0, 6.0], "conv1d([1, 2], [3], 'same')")
    x = 2 * rng.integers(0, 5, size=3) + 1
    got = conv1d(x, np.array([0.5, 0.25]), "full")
    expect_close(
        got,
        [x[0] / 2, x[0] / 4 + x[1] / 2, x[1] / 4 + x[2] / 2, x[2] / 4],
        "conv1d of integers with [0.5, 0.25], 'full'",
    )


@check(points=0.5, hidden=True)
def an_unknown_mode_is_refused(conv1d, rng):
    """The three modes are accepted; any other raises ValueError."""
    a = float(rng.integers(3, 9))
    for mode in ("full", "same", "valid"):
        expect_close(conv1d([a], [2.0], mode), [2 * a], f"conv1d([{a:g}], [2], {mode!r})")
    for mode in ("x", "", "FULL", "f", "val", "valid ", "sames"):
        with expect_raises(ValueError, f"conv1d([{a:g}], [1], {mode!r})"):
            conv1d([a], [1.0], mode)


# %% hints
HINTS = [
    "Take the picture literally: m shifted copies of x, each multiplied by one number of k, added up.",
    "The j-th copy occupies the places j to j + n of an array of n + m - 1 zeros. That is 'full'.",
    "The other modes are slices of it: 'valid' starts where the whole kernel has arrived, 'same' half-way there.",
]
WHY = r"""
Echo by echo: tap $j$ adds $k_j$ times the whole signal, $j$ places later. Nobody turns the kernel around here. The
copies are laid out forward in time, and so what meets at place $t$ is $k_j\, x_{t - j}$ by itself. 'same' and 'valid'
are slices of the one array, and cannot disagree with it. `np.zeros` is made of floats, so integers that come in lose
no fractions.
"""
COVERS = ["S0.t", "S0.u"]
KERNELS = [kernels.conv1d]

# %% [markdown]
# > **Often shown: "$[1, 2, 3] * [1, 0, 1] = [1, 2, 4, 2, 3]$", as *the* example of a convolution.** The numbers are right. But
# > $(1, 0, 1)$ reads the same from both ends, so this example cannot tell a convolution from a correlation, and whoever
# > forgets the turn passes it. Change one sign and the two part, $2$ against $-2$.

# %% experiment
convolved_with = grader.yours("conv1d")
tune = np.array([1.0, 2.0, 3.0])
print(f"{'kernel':>12} {'convolution, valid':>20} {'correlation, valid':>20} {'convolution, full':>24}")
for echo in ([1.0, 0.0, 1.0], [1.0, 0.0, -1.0]):
    convolved, correlated = convolved_with(tune, echo, "valid"), np.correlate(tune, echo, "valid")
    print(f"{echo!s:>12} {convolved[0]:20.0f} {correlated[0]:20.0f}   {convolved_with(tune, echo, 'full')}")
del convolved_with  # an answer stands alone


# %% right and wrong answers
def sliced(full, n, m, mode):
    """The part of a full convolution that a mode asks for."""
    if mode == "valid":
        return full[m - 1 : n]
    return full[(m - 1) // 2 : (m - 1) // 2 + n] if mode == "same" else full


@right_answer
def by_looking_back(x, k, mode):
    """The window that slides, as one draws it: an inner product for each output, with the kernel turned around where
    everyone can see it. It takes n + m - 1 steps in Python, the echoes take m.
    """
    if mode not in ("full", "same", "valid"):
        raise ValueError("unknown mode")
    m = len(k)
    padded = np.concatenate([np.zeros(m - 1), x, np.zeros(m - 1)])
    full = np.array([padded[t : t + m] @ np.asarray(k)[::-1] for t in range(len(x) + m - 1)])
    return sliced(full, len(x), m, mode)


@wrong_answer(
    passes=(
        the_tune_of_three_notes,
        an_unknown_mode_is_refused,
    ),
    feedback="That is cross-correlation: convolution turns the kernel around. ([1, 0, 1] cannot tell the difference.)",
)
def correlation(x, k, mode):
    return by_looking_back(x, k[::-1], mode)


@wrong_answer(
    passes=(
        a_clap_is_answered_with_the_echo,
        an_unknown_mode_is_refused,
    ),
    feedback="'valid' has one number for each place where the kernel lies on the signal in full: n - m + 1 of them.",
)
def one_too_many_are_valid(x, k, mode):
    if mode == "valid":
        return by_looking_back(x, k, "full")[len(k) - 1 : len(x) + 1]
    return by_looking_back(x, k, mode)


@wrong_answer(
    passes=(an_unknown_mode_is_refused,),
    feedback="'full' goes on until the last echo has died away, n + m - 1 numbers: the tail is missing.",
)
def without_the_tail(x, k, mode):
    result = by_looking_back(x, k, mode)
    return result[: len(x)] if mode == "full" else result


@wrong_answer(
    every_mode_for_any_kernel,
    feedback="With an even number of taps there is no middle. 'same' starts at index (m - 1)//2 of 'full', yours one later.",
)
def same_starts_at_half_of_m(x, k, mode):
    full = by_looking_back(x, k, "full")
    return full[len(k) // 2 : len(k) // 2 + len(x)] if mode == "same" else by_looking_back(x, k, mode)


@wrong_answer(
    every_mode_for_any_kernel,
    feedback="The first n numbers of 'full' are not its middle: 'same' leaves out (m - 1)//2 of them at the front.",
)
def same_starts_at_zero(x, k, mode):
    return by_looking_back(x, k, "full")[: len(x)] if mode == "same" else by_looking_back(x, k, mode)


@wrong_answer(
    an_unknown_mode_is_refused,
    feedback="A mode that does not exist is accepted. It must raise ValueError, or a typing mistake goes unnoticed.",
)
def full_when_in_doubt(x, k, mode):
    return by_looking_back(x, k, mode if mode in ("same", "valid") else "full")


@wrong_answer(
    the_kernel_is_turned_around,
    feedback="Integers went in, and your output was made of integers too, which cut the fractions off. Make it of floats.",
)
def integers_in_integers_out(x, k, mode):
    result = by_looking_back(x, k, mode)
    return result.astype(int) if np.asarray(x).dtype.kind == "i" else result
