# %% [markdown]
# ## Weight decay: in the gradient, or beside it?
#
# Large weights make a function wild. So one pulls them towards 0, a little in every step, and there seem to be two ways
# of writing that down.
#
# *In the gradient.* Add the penalty $\frac{\lambda}{2} \lVert p \rVert^2$ to the loss; its gradient is $\lambda p$, and
# the optimizer gets $h = g + \lambda p$ in place of $g$. This is the **L2 penalty**.
#
# *Beside it.* Leave the gradient alone and shrink the weights directly, by $\eta \lambda p$. This is **decoupled weight
# decay**.
#
# For plain gradient descent the two are one and the same: $p - \eta(g + \lambda p) = (p - \eta g) - \eta \lambda p$. For
# an adaptive method they are not. Whatever is in the gradient gets divided by $\sqrt s$, and a weight with large
# gradients has a large $s$: its decay is divided away, just where one would want it.
#
# $$ \text{L2:}\quad h = g + \lambda p, \qquad
#    s \leftarrow \rho\,s + (1 - \rho)\,h^2, \qquad
#    p \leftarrow p - \eta\,\frac{h}{\sqrt s + \varepsilon} $$
#
# $$ \text{decoupled:}\quad s \leftarrow \rho\,s + (1 - \rho)\,g^2, \qquad
#    p \leftarrow p - \eta \lambda\,p - \eta\,\frac{g}{\sqrt s + \varepsilon} $$
#
# | argument | shape | meaning |
# |---|---|---|
# | `p`, `s` | any, the same | parameters, and the diary of squares, before the step |
# | `g` | as `p` | the gradient of the loss, without a penalty |
# | `lr`, `wd` | numbers | learning rate $\eta > 0$; strength $\lambda \ge 0$ of the decay |
# | `decoupled` | bool | `True`: beside the gradient. `False`: in it |
# | `rho`, `eps` | numbers | as for RMSProp |
# | results | as `p`, twice | parameters and diary after the step |
#
# **Write `decayed_step(p, s, g, lr, wd, decoupled, rho=.9, eps=1e-8)`, a step of RMSProp with either decay.** Both parts
# of the decoupled step start from the same old `p`.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer

PARTS = ("p", "s")


# %% answer
def decayed_step(p, s, g, lr, wd, decoupled, rho=0.9, eps=1e-8):
    """Return (p, s) after one step of RMSProp with L2 penalty or decoupled weight decay, both of the shape of p."""
    # BEGIN SOLUTION
    penalty = wd * p
    if not decoupled:
        g = g + penalty
    s = rho * s + (1 - rho) * g**2
    moved = p - lr * g / (np.sqrt(s) + eps)
    return moved - lr * penalty if decoupled else moved, s
    # END SOLUTION


# %% public checks
@check(points=0.5)
def decay_beside_by_hand(decayed_step):
    """Decoupled, without a gradient: p = 1 loses lr * wd = 0.1 * 0.5 and becomes 0.95; the diary fades from 1 to 0.9."""
    results = decayed_step(np.array([1.0]), np.array([1.0]), np.array([0.0]), 0.1, 0.5, True)
    expect_close(results, ([0.95], [0.9]), "decayed_step([1], [1], [0], 0.1, 0.5, True)", parts=PARTS)


@check(points=0.5)
def decay_in_the_gradient_by_hand(decayed_step):
    """In the gradient, with p = 2, s = 4, g = 1, wd = 0.5: h = 2, so s stays 4, and the step is 0.1 * 2/2: p = 1.9."""
    results = decayed_step(np.array([2.0]), np.array([4.0]), np.array([1.0]), 0.1, 0.5, False)
    expect_close(results, ([1.9], [4.0]), "decayed_step([2], [4], [1], 0.1, 0.5, False)", parts=PARTS)


# %% checks
def one_weight(p, s, g, lr, rho, eps):
    """RMSProp for a single weight, without any decay."""
    diary = rho * s + g * g - rho * g * g
    return p - lr * g / (math.sqrt(diary) + eps), diary


def every_weight(p, s, g, lr, rho=0.9, eps=1e-8):
    """RMSProp without any decay, one weight after the other."""
    each = [one_weight(float(p[i]), float(s[i]), float(g[i]), lr, rho, eps) for i in np.ndindex(p.shape)]
    return tuple(np.reshape(part, p.shape) for part in zip(*each, strict=True))


def drawn(rng, shape=(3,), size=1.0):
    """Parameters, a diary, and a gradient of this size."""
    drawn = rng.normal(size=shape), rng.uniform(0.1, 1, shape), size * rng.normal(size=shape)
    return tuple(map(np.array, drawn))


# %% hidden checks
@check(points=1, hidden=True)
def without_decay_it_is_rmsprop(decayed_step, rng):
    """With wd = 0 both ways are plain RMSProp, for any shape, rho and eps."""
    for decoupled in (True, False):
        for shape, options, size in [((3,), {}, 1.0), ((2, 2), {"rho": 0.5}, 1.0), ((3,), {"rho": 0.9, "eps": 0.5}, 1.0),
                                     ((1,), {}, 1e4), ((2, 1, 3), {}, 1e4), ((2, 1, 3, 2), {}, 1.0), ((), {}, 1.0)]:  # fmt: skip
            p, s, g = drawn(rng, shape, size)
            what = f"wd = 0, decoupled = {decoupled}, {options or 'the defaults'}"
            expected = every_weight(p, s, g, 0.1, **options)
            expect_close(decayed_step(p, s, g, 0.1, 0.0, decoupled, **options), expected, what, parts=PARTS)
        zero, tiny = np.zeros(2), np.array([1e-8, -3e-8])
        what = f"wd = 0, decoupled = {decoupled}, a tiny gradient and an empty diary"
        expected = every_weight(zero, zero, tiny, 0.1)
        expect_close(decayed_step(zero, zero, tiny, 0.1, 0.0, decoupled), expected, what, atol=1e-20, parts=PARTS)


@check(points=1, hidden=True)
def beside_the_gradient_nothing_divides_it(decayed_step, rng):
    """Decoupled, every weight loses lr * wd of its old self on top of the RMSProp step; the diary does not notice."""
    for lr, wd, options in [(0.1, 0.3, {}), (0.2, 0.5, {"rho": 0.5}), (0.1, 0.3, {"eps": 0.5}), (1, 2, {})]:
        for shape, size in (((3,), 1.0), ((2, 3), 0.0), ((1,), 1e3)):
            p, s, g = drawn(rng, shape, size)
            p = max(1.0, size) * p
            moved, diary = every_weight(p, s, g, lr, **options)
            what = f"decoupled, lr = {lr}, wd = {wd}, {options or 'the defaults'}, size of g {size:g}"
            expect_close(
                decayed_step(p, s, g, lr, wd, True, **options), (moved - lr * wd * p, diary), what, parts=PARTS
            )


@check(points=1, hidden=True)
def in_the_gradient_it_is_a_gradient(decayed_step, rng):
    """With L2, a penalized weight behaves in every way as if the loss itself had the gradient g + wd p."""
    for lr, wd, options in [(0.1, 0.3, {}), (0.2, 0.5, {"rho": 0.5}), (0.1, 0.3, {"eps": 0.5}), (1, 2, {})]:
        for shape, size in (((3,), 1.0), ((2, 3), 0.0), ((1,), 1e3)):
            p, s, g = drawn(rng, shape, size)
            p = max(1.0, size) * p
            expected = every_weight(p, s, g + wd * p, lr, **options)
            what = f"L2, lr = {lr}, wd = {wd}, {options or 'the defaults'}, size of g {size:g}"
            expect_close(decayed_step(p, s, g, lr, wd, False, **options), expected, what, parts=PARTS)


# %% hints
HINTS = [
    "With L2, replace g by the full gradient at the very beginning. All that follows is RMSProp.",
    "Decoupled, the diary and the denominator know nothing of the decay.",
    "Count the factors of the decoupled decay: the old weight, the strength, and one that scales every step.",
]
COVERS = ["S1.15b", "S0.f"]
KERNELS = [kernels.decayed_step]
WHY = r"""
All that matters is whether the decay passes through the division. In the gradient it comes first, so the diary sees it
and $\sqrt s$ divides it. Beside the gradient, neither happens. `penalty` is worked out before anything moves, so both
ways start from the old `p`, and the learning rate scales both: a schedule that lowers the rate lowers the decay with
it.
"""

# %% [markdown]
# > **A common claim: "weight decay is the L2 penalty, by another name."** For plain gradient descent it is. Below, two
# > weights feel nothing but noise, one of standard deviation 100, the other of 0.01, so that nothing speaks for either of
# > them. Decay should take both to 0 at the same pace, and decoupled it does: of 1, about $e^{-1}$ is left. In the
# > gradient of an adaptive method, the decay of the noisy weight is divided by 100. It hardly shrinks at all, while the
# > quiet weight is pulled down at once. (To see the decay and not the noise, each row is the mean of 400 runs.)
# >
# > The same happens in Adam; decoupled, it is known as AdamW. And behind a BatchNorm decay has yet another task: it
# > keeps the effective learning rate up, as lesson 02 shows.

# %% experiment
step = grader.yours("decayed_step")
noise, draws = np.array([100.0, 0.01]), np.random.default_rng(0)
print(f"{'what is left of 1 after 1000 steps':>36} {'noise 100':>10} {'noise 0.01':>11}")
for decoupled in (False, True):
    p, s = np.ones((400, 2)), np.tile(noise**2, (400, 1))
    for _ in range(1000):
        p, s = step(p, s, noise * draws.normal(size=p.shape), 0.001, 1.0, decoupled)
    print(f"{'decoupled' if decoupled else 'in the gradient':>36} {p.mean(axis=0)[0]:10.3f} {p.mean(axis=0)[1]:11.3f}")


# %% right and wrong answers
@right_answer
def two_separate_rules(p, s, g, lr, wd, decoupled, rho=0.9, eps=1e-8):
    """Each way written out, to be read beside its formula. (1 - lr wd) p says what decoupled decay is, a shrinking by a
    factor, and when it goes wrong: once lr wd is above 2.
    """
    if decoupled:
        s = s + (1 - rho) * (np.square(g) - s)
        return (1 - lr * wd) * p - lr * g / (np.sqrt(s) + eps), s
    h = g + wd * p
    s = s + (1 - rho) * (np.square(h) - s)
    return p - lr * h / (np.sqrt(s) + eps), s


@wrong_answer(
    decay_beside_by_hand,
    beside_the_gradient_nothing_divides_it,
    feedback="Decoupled decay must not pass through the adaptive denominator: it stands beside the step.",
)
def always_in_the_gradient(p, s, g, lr, wd, decoupled, rho=0.9, eps=1e-8):
    return two_separate_rules(p, s, g, lr, wd, False, rho, eps)


@wrong_answer(
    decay_beside_by_hand,
    beside_the_gradient_nothing_divides_it,
    feedback="The decoupled decay is scaled by the learning rate too.",
)
def decay_without_the_rate(p, s, g, lr, wd, decoupled, rho=0.9, eps=1e-8):
    moved, s = two_separate_rules(p, s, g, lr, 0.0 if decoupled else wd, decoupled, rho, eps)
    return moved - (wd * p if decoupled else 0), s


@wrong_answer(
    decay_in_the_gradient_by_hand,
    in_the_gradient_it_is_a_gradient,
    feedback="With L2 the accumulator sees the full gradient, g + wd p.",
)
def the_diary_misses_the_penalty(p, s, g, lr, wd, decoupled, rho=0.9, eps=1e-8):
    if decoupled:
        return two_separate_rules(p, s, g, lr, wd, True, rho, eps)
    _, s = two_separate_rules(p, s, g, lr, 0.0, True, rho, eps)
    return p - lr * (g + wd * p) / (np.sqrt(s) + eps), s


@wrong_answer(
    passes=(without_decay_it_is_rmsprop,), feedback="The two ways are exchanged: decoupled means beside the gradient."
)
def the_other_way_round(p, s, g, lr, wd, decoupled, rho=0.9, eps=1e-8):
    return two_separate_rules(p, s, g, lr, wd, not decoupled, rho, eps)


@wrong_answer(
    beside_the_gradient_nothing_divides_it,
    feedback="You decayed the weights after the step. Both parts start from the same old p.",
)
def decay_after_the_step(p, s, g, lr, wd, decoupled, rho=0.9, eps=1e-8):
    moved, s = two_separate_rules(p, s, g, lr, 0.0 if decoupled else wd, decoupled, rho, eps)
    return moved * (1 - lr * wd if decoupled else 1), s


@wrong_answer(
    passes=(
        decay_beside_by_hand,
        decay_in_the_gradient_by_hand,
    ),
    feedback="eps stands outside the square root, as in RMSProp.",
)
def eps_under_the_root(p, s, g, lr, wd, decoupled, rho=0.9, eps=1e-8):
    h = g if decoupled else g + wd * p
    s = rho * s + (1 - rho) * h * h
    return p - (lr * wd * p if decoupled else 0) - lr * h / np.sqrt(s + eps), s


@wrong_answer(
    decay_in_the_gradient_by_hand,
    in_the_gradient_it_is_a_gradient,
    feedback="The penalty is half the squared norm times wd: in its gradient the 2 cancels.",
)
def twice_the_penalty(p, s, g, lr, wd, decoupled, rho=0.9, eps=1e-8):
    return two_separate_rules(p, s, g, lr, wd if decoupled else 2 * wd, decoupled, rho, eps)
