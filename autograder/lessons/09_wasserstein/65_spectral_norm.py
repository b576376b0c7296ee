# %% [markdown]
# ## The second leash: divide by the spectral norm
#
# If a layer may be as steep as its largest singular value $\sigma$, then divide its weights by $\sigma$, and it is
# exactly 1-Lipschitz: no more and no less in its steepest direction. With all layers treated so, the whole network is
# 1-Lipschitz. This is *spectral normalization*, and it works well.
#
# A singular value decomposition in every step would be too dear. But the largest singular value alone is cheap. Send
# any vector through $W^\top$ and back through $W$: the part along the steepest direction grows the most. Do it again,
# and it grows the most again. After some rounds nothing else is left. To keep the numbers from overflowing, each result
# is brought to length 1:
#
# $$ v \leftarrow \frac{W^\top u}{\|W^\top u\|}, \qquad u \leftarrow \frac{W v}{\|W v\|}, \qquad \text{and in the end} \quad \sigma = u^\top W v . $$
#
# This is the *power iteration*. Its estimate grows from round to round, never exceeds the true $\sigma$, and reaches
# it, unless the starting vector has no part at all in the steepest direction.
#
# | argument | shape | meaning |
# |---|---|---|
# | `W` | `(m, n)` | the weights |
# | `u` | `(m,)` | where to start; of any length but 0 |
# | `iters` | integer $\ge 1$ | how many rounds; a round renews `v`, then `u` |
# | results | number, `(m,)`, `(n,)` | $\sigma$, and the last `u` and `v` |
#
# **Write `spectral_norm(W, u, iters)`, which returns `(sigma, u, v)`.** A vector that has become 0 stays 0, so that $W
# = 0$ gives $\sigma = 0$. (`torch.nn.utils.parametrizations.spectral_norm` does *one* round in a training step and
# keeps its `u` for the next: the weights have hardly moved in between. Convolutions are flattened to (outputs, rest)
# first.)

# %% imports
import itertools

import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_array, expect_close, expect_parts, right_answer, wrong_answer


# %% answer
def spectral_norm(W, u, iters):
    """Return sigma, u (m,) and v (n,) after some rounds of power iteration on W (m, n) that start from u (m,)."""

    # BEGIN SOLUTION
    def unit(vector):
        length = np.linalg.norm(vector)
        return vector / length if length > 0 else vector

    for _ in range(iters):
        v = unit(W.T @ u)
        u = unit(W @ v)
    return float(u @ W @ v), u, v
    # END SOLUTION


# %% checks
PARTS = ("sigma", "u", "v")


def by_decomposition(W, u, iters):
    """The results from powers of the singular values: a round multiplies the part along each with its square."""
    left, values, right = np.linalg.svd(W, full_matrices=False)
    part = left.T @ u
    share = values / values[0] if values[0] > 0 else values
    v, u = right.T @ (share ** (2 * iters - 1) * part), left @ (share ** (2 * iters) * part)
    lengths = [np.linalg.norm(each) for each in (u, v)]
    u, v = (each / length if length > 1e-12 else 0 * each for each, length in zip((u, v), lengths, strict=True))
    return float(u @ W @ v), u, v


def ask(spectral_norm, W, u, iters, what):
    """Compare with the decomposition."""
    expect_close(spectral_norm(W, u, iters), by_decomposition(W, u, iters), what, parts=PARTS)


# %% public checks
@check(points=0.5)
def forty_rounds(spectral_norm):
    """Forty rounds on diag(3, 1) from (1, 1) find sigma = 3, and that the first direction is the steepest."""
    got = spectral_norm(np.diag([3.0, 1.0]), np.array([1.0, 1.0]), 40)
    first = np.array([1.0, 0.0])
    expect_close(got, (3.0, first, first), "spectral_norm(diag(3, 1), (1, 1), 40)", parts=PARTS)


@check(points=0.5)
def two_rounds(spectral_norm):
    """After two rounds on a matrix of 2 x 3 it is on its way: the estimate, u and v of that moment are asked for."""
    W = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, -1.0]])
    ask(spectral_norm, W, np.array([0.0, 1.0]), 2, "spectral_norm of a 2 x 3 matrix from (0, 1), 2 rounds")


# %% hidden checks
@check(points=0.75, hidden=True)
def round_after_round(spectral_norm, rng):
    """It is right for any number of rounds, any shape, and any length of the starting vector."""
    for shape, iters, length in [
        ((3, 5), 1, 1.0),
        ((5, 3), 2, 1.0),
        ((4, 4), 3, 1e3),
        ((2, 3), 5, 1e-3),
        ((1, 4), 1, 2.0),
    ]:
        W, u = rng.normal(size=shape), length * rng.normal(size=shape[0])
        ask(spectral_norm, W, u, iters, f"spectral_norm of a {shape} matrix, {iters} rounds")
    ask(spectral_norm, rng.normal(size=(4, 1)), rng.normal(size=4), 2, "spectral_norm of a single column")
    for size in (1e-3, 1e4):
        ask(spectral_norm, size * rng.normal(size=(3, 4)), rng.normal(size=3), 2, f"weights of size {size:g}")
    W, u = rng.normal(size=(3, 4)), rng.normal(size=3)
    sigma, *directions = by_decomposition(W, u, 2)
    got = spectral_norm(1e-10 * W, 1e-9 * u, 2)
    expect_close(got, (1e-10 * sigma, *directions), "weights of 1e-10 and a start of 1e-9", parts=PARTS, atol=0)


@check(points=0.75, hidden=True)
def it_rises_to_the_largest(spectral_norm, rng):
    """The estimate never falls, and ends at the largest singular value."""
    left, right = np.linalg.qr(rng.normal(size=(6, 4)))[0], np.linalg.qr(rng.normal(size=(4, 4)))[0]
    W, u = (left * [4.0, 3.0, 2.0, 1.0]) @ right, rng.normal(size=6)
    estimates = []
    for iters in (1, 2, 3, 5, 10, 100):
        sigma = expect_parts(spectral_norm(W, u, iters), PARTS, "spectral_norm")[0]
        estimates.append(float(expect_array(sigma, (), "sigma")))
    rises = all(b >= a - 1e-12 for a, b in itertools.pairwise(estimates))
    expect(rises, f"The estimates are {estimates}.", "They never fall.", summary="An estimate falls with more rounds.")
    expect_close(estimates[-1], 4.0, "sigma after 100 rounds")
    for iters in (1, 3):
        ask(spectral_norm, W, u, iters, f"spectral_norm of singular values 4, 3, 2, 1, {iters} rounds")


@check(points=0.5, hidden=True)
def special_matrices(spectral_norm, rng):
    """W = 0 gives 0, a negative number its size, and a start without a part in the steepest direction never finds it."""
    ask(spectral_norm, np.zeros((2, 3)), np.ones(2), 2, "spectral_norm of W = 0")
    ask(spectral_norm, np.array([[-2.0]]), np.array([1.0]), 1, "spectral_norm of (-2)")
    ask(spectral_norm, np.linalg.qr(rng.normal(size=(3, 3)))[0], rng.normal(size=3), 1, "spectral_norm of a rotation")
    expected = 1.0, np.array([0.0, 1.0]), np.array([0.0, 1.0])
    got = spectral_norm(np.diag([3.0, 1.0]), np.array([0.0, 1.0]), 5)
    expect_close(got, expected, "spectral_norm(diag(3, 1), (0, 1), 5)", parts=PARTS)
    ask(spectral_norm, np.outer(rng.normal(size=3), rng.normal(size=4)), rng.normal(size=3), 1, "a matrix of rank 1")


# %% hints
HINTS = [
    "One round is two lines: v from u, then u from the new v.",
    "Each line ends with a division by the vector's own length. A length of 0 must not be divided by.",
    "sigma belongs to the last u and the last v. It is a number: row times matrix times column.",
]
WHY = r"""
A round multiplies $u$ by $W W^\top$, whose largest eigenvalue is $\sigma^2$: the part along the steepest direction
gains on the next one by $(\sigma_1/\sigma_2)^2$ each time, until nothing else is left. Lengths of 1 keep the numbers
in range. In the end $u^\top W v$ takes the *last* $u$ and $v$, and is then simply $\|Wv\|$, so it can never exceed
the true $\sigma$. The guard in `unit` leaves a vector of 0 as it is.
"""
COVERS = []
KERNELS = [kernels.spectral_norm]

# %% [markdown]
# **See it.** A random layer of 64 by 64, whose largest singular values lie close together, so that it takes many rounds
# from scratch. In training it need not start from scratch: below, the weights move a little in each of 200 steps, and a
# single round per step, with the old `u`, stays within a percent. And what the leash does: three layers whose product
# is steep become a network of slope at most 1 (and mostly much less, for the steepest directions of the layers need not
# line up).

# %% experiment
norm = grader.yours("spectral_norm")
draws = np.random.default_rng(0)
W, u = draws.normal(size=(64, 64)) / 8, draws.normal(size=64)
true = np.linalg.norm(W, 2)
print(
    "from scratch:",
    *(f"{rounds} rounds {norm(W, u, rounds)[0] / true:.4f}" for rounds in (1, 3, 10, 30, 100)),
    sep="   ",
)
for _ in range(200):
    W = W + 0.002 * draws.normal(size=(64, 64))
    sigma, u, _ = norm(W, u, 1)
print(f"one round a step, 200 steps: {sigma / np.linalg.norm(W, 2):.4f} of the true one")
layers = [draws.normal(size=(2, 64)), draws.normal(size=(64, 64)), draws.normal(size=(64, 1))]
tamed = [layer / norm(layer, draws.normal(size=len(layer)), 50)[0] for layer in layers]
for name, chain in (("as they are", layers), ("each divided by its sigma", tamed)):
    print(f"three layers, {name}: the product stretches by {np.linalg.norm(np.linalg.multi_dot(chain), 2):.3f}")


# %% right and wrong answers
def unit(vector):
    length = np.linalg.norm(vector)
    return vector / length if length > 0 else vector


def rounds(W, u, iters):
    for _ in range(iters):
        v = unit(W.T @ u)
        u = unit(W @ v)
    return u, v


@right_answer
def by_powers(W, u, iters):
    """Iterates on u alone and makes v once, at the end; sigma is the length of Wv, which needs no further product."""
    a = unit(u)
    for _ in range(iters - 1):
        a = unit(W @ (W.T @ a))
    v = unit(W.T @ a)
    b = W @ v
    sigma = np.linalg.norm(b)
    return sigma, (b / sigma if sigma > 0 else b), v


@right_answer
def with_a_small_floor(W, u, iters):
    """A floor under the length in the place of a branch: 0 over 1e-300 is 0. Libraries do it with 1e-12, which is
    harmless as long as the weights are not that small.
    """
    u = np.array(u, dtype=float)
    for _ in range(iters):
        v = np.einsum("mn,m->n", W, u)
        v = v / max(np.sqrt((v * v).sum()), 1e-300)
        z = np.einsum("mn,n->m", W, v)
        sigma = np.sqrt((z * z).sum())
        u = z / max(sigma, 1e-300)
    return [sigma, u, v]


@wrong_answer(
    feedback="That is the Frobenius norm: all singular values together, not the largest.",
)
def frobenius(W, u, iters):
    return (float(np.linalg.norm(W)), *rounds(W, u, iters))


@wrong_answer(
    passes=(forty_rounds,),
    feedback="sigma belongs to the last u and v. You take the u from before its last renewal.",
)
def stale_u(W, u, iters):
    before = rounds(W, u, iters - 1)[0] if iters > 1 else unit(u)
    after, v = rounds(W, u, iters)
    return float(before @ W @ v), after, v


@wrong_answer(
    feedback="That is sigma squared, the eigenvalue of W times its transpose.",
)
def the_square(W, u, iters):
    u, v = rounds(W, u, iters)
    return float(u @ W @ v) ** 2, u, v


@wrong_answer(
    passes=(forty_rounds,),
    feedback="After few rounds power iteration has not arrived: its own estimate is asked for, not the exact decomposition.",
)
def by_the_decomposition(W, u, iters):
    left, values, right = np.linalg.svd(W)
    side = 1.0 if left[:, 0] @ np.ones(len(W)) > 0 else -1.0
    return float(values[0]), side * left[:, 0], side * right[0]


@wrong_answer(
    passes=(special_matrices,),
    feedback="You do one round, however many are asked for.",
)
def one_round(W, u, iters):
    u, v = rounds(W, u, 1)
    return float(u @ W @ v), u, v


@wrong_answer(
    feedback="v has to be brought to length 1 as well, or sigma carries its length.",
)
def v_not_normalized(W, u, iters):
    for _ in range(iters):
        v = W.T @ u
        u = unit(W @ v)
    return float(u @ W @ v), u, v


@wrong_answer(
    passes=(forty_rounds, two_rounds, round_after_round, it_rises_to_the_largest),
    feedback="You divide by a length of 0. A vector that has become 0 stays 0.",
)
def divides_by_zero(W, u, iters):
    with np.errstate(all="ignore"):
        for _ in range(iters):
            v = W.T @ u
            v = v / np.linalg.norm(v)
            u = W @ v
            u = u / np.linalg.norm(u)
        return float(u @ W @ v), u, v


@wrong_answer(
    passes=(forty_rounds, special_matrices),
    feedback="You do one round more than iters says.",
)
def one_round_too_many(W, u, iters):
    u, v = rounds(W, u, iters + 1)
    return float(u @ W @ v), u, v
