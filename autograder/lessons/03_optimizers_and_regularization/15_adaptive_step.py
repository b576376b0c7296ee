# %% [markdown]
# ## A learning rate for every weight
#
# Momentum still has one learning rate for all. But a weight that belongs to a rare word feels a gradient once in a
# thousand examples, and its neighbor feels one each time. One step size cannot suit both. So let every weight keep a
# diary of how large its gradients have been, and divide by it.
#
# The diary $s$ holds **squares**, so that pushes to the left and to the right do not cancel. There are two ways of
# keeping it:
#
# $$ \text{AdaGrad:}\quad s \leftarrow s + g^2, \qquad\qquad
#    \text{RMSProp:}\quad s \leftarrow \rho\,s + (1 - \rho)\,g^2. $$
#
# AdaGrad adds up everything that ever happened. RMSProp forgets: of an old square $\rho^k$ is left after $k$ steps.
# (An average of this kind is called *exponential*.) The step is the same for both, element by element:
#
# $$ p \leftarrow p - \eta\,\frac{g}{\sqrt{s} + \varepsilon}. $$
#
# The root brings the square back to the scale of a gradient, so the step has the size of the learning rate whatever the
# units of the loss. The small $\varepsilon$ stands **outside** the root and only prevents $0/0$.
#
# | argument | shape | meaning |
# |---|---|---|
# | `p`, `s` | any, the same | parameters, and the diary of squares, $\ge 0$, before the step |
# | `g` | as `p` | the gradient at `p`, also a tiny one |
# | `lr` | number | learning rate $\eta > 0$ |
# | `rule` | string | `'adagrad'` or `'rmsprop'`; any other raises `ValueError` |
# | `rho`, `eps` | numbers | $\rho$ between 0 and 1, which AdaGrad does not use, and $\varepsilon > 0$ |
# | results | as `p`, twice | parameters and diary after the step |
#
# **Write `adaptive_step(p, s, g, lr, rule, rho=.9, eps=1e-8)`.** The step divides by the *new* $s$.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, expect_parts, expect_raises, right_answer, wrong_answer

PARTS = ("p", "s")


# %% answer
def adaptive_step(p, s, g, lr, rule, rho=0.9, eps=1e-8):
    """Return (p, s) after one step of AdaGrad or RMSProp, both of the shape of p."""
    # BEGIN SOLUTION
    if rule == "adagrad":
        s = s + g**2
    elif rule == "rmsprop":
        s = rho * s + (1 - rho) * g**2
    else:
        raise ValueError(f"there is no rule called {rule!r}")
    return p - lr * g / (np.sqrt(s) + eps), s
    # END SOLUTION


# %% public checks
@check(points=0.5)
def adagrad_by_hand(adaptive_step):
    """AdaGrad from an empty diary, with g = -5 and lr = 0.1: s = 25 and a step of 0.1, whatever the size of g."""
    results = adaptive_step(np.array([0.0]), np.array([0.0]), np.array([-5.0]), 0.1, "adagrad")
    expect_close(results, ([0.1], [25.0]), "adaptive_step([0], [0], [-5], 0.1, 'adagrad')", rtol=1e-8, parts=PARTS)


@check(points=0.5)
def rmsprop_by_hand(adaptive_step):
    """RMSProp with s = 15, g = 5, lr = 0.4: the diary becomes 13.5 + 2.5 = 16, its root 4, and p = 1 becomes 0.5."""
    results = adaptive_step(np.array([1.0]), np.array([15.0]), np.array([5.0]), 0.4, "rmsprop")
    expect_close(results, ([0.5], [16.0]), "adaptive_step([1], [15], [5], 0.4, 'rmsprop')", rtol=1e-8, parts=PARTS)


# %% checks
def after_a_history(p, s, gradients, lr, rule, rho, eps):
    """One weight after a list of gradients, its diary summed anew at every step."""
    for k in range(len(gradients)):
        past = gradients[: k + 1]
        if rule == "adagrad":
            diary = math.fsum([s, *(g * g for g in past)])
        else:
            diary = math.fsum([rho ** len(past) * s, *((1 - rho) * rho ** (k - i) * g * g for i, g in enumerate(past))])
        p -= lr * gradients[k] / (math.sqrt(diary) + eps)
    return p, diary


# %% hidden checks
@check(points=1, hidden=True)
def the_diary_of_a_history(adaptive_step, rng):
    """Over several steps it remembers what each rule should, for any shape, rho and eps, from an empty diary too."""
    for shape, rule, options, size, written in [
        ((3,), "adagrad", {}, 1.0, 1.0),
        ((3,), "rmsprop", {}, 1.0, 1.0),
        ((2, 2), "rmsprop", {"rho": 0.5}, 1.0, 0.0),
        ((2, 2), "adagrad", {"rho": 0.5, "eps": 0.5}, 1.0, 1.0),
        ((3,), "rmsprop", {"eps": 0.5}, 1.0, 1.0),
        ((1,), "adagrad", {}, 1e4, 0.0),
        ((2, 1, 2), "rmsprop", {}, 1e4, 0.0),
        ((2, 3), "adagrad", {}, 1e-151, 0.0),
        ((3, 1), "rmsprop", {}, 1e-151, 0.0),
        ((2, 1, 3, 2), "adagrad", {}, 1.0, 1.0),
        ((), "rmsprop", {}, 1.0, 1.0),
    ]:
        start = np.array(rng.normal(size=shape) * (size if size > 1e-9 else 0.0))
        diary, gradients = np.array(written * rng.uniform(0.5, 2, shape)), size * rng.normal(size=(4, *shape))
        p, s, what = start, diary, f"four steps of {rule} with {options or 'the defaults'}"
        for g in gradients:
            p, s = expect_parts(adaptive_step(p, s, g, 0.1, rule, **options), PARTS, what)
        given = {"rho": 0.9, "eps": 1e-8, **options}
        each = [
            after_a_history(float(start[i]), float(diary[i]), [float(g[i]) for g in gradients], 0.1, rule, **given)
            for i in np.ndindex(shape)
        ]
        expected = tuple(np.reshape(part, shape) for part in zip(*each, strict=True))
        expect_close((p, s), expected, what, atol=0, parts=PARTS)


@check(points=0.5, hidden=True)
def without_a_gradient_nothing_moves(adaptive_step, rng):
    """A gradient of 0 moves nothing, also with an empty diary: neither rule has momentum. A tiny one is seen against eps."""
    w = rng.normal(size=2)
    for rule, left in (("adagrad", 4.0), ("rmsprop", 3.6)):
        results = adaptive_step(w.copy(), np.array([0.0, 4.0]), np.zeros(2), 0.1, rule)
        expect_close(results, (w, [0.0, left]), f"{rule} with a gradient of 0", parts=PARTS)
    for lr in (0.1, 1):
        results, what = adaptive_step(np.zeros(1), np.zeros(1), np.array([1e-8]), lr, "adagrad"), f"g = 1e-8, lr = {lr}"
        expect_close(results, ([-lr / 2], [1e-16]), f"adagrad with an empty diary, {what}", atol=1e-20, parts=PARTS)


@check(points=0.5, hidden=True)
def another_rule_is_refused(adaptive_step, rng):
    """Both rules are accepted; any other name raises ValueError."""
    w = rng.normal(size=1)
    for rule in ("adagrad", "rmsprop"):
        expect_parts(adaptive_step(w, np.ones(1), np.ones(1), 0.1, rule), PARTS, f"the rule {rule!r}")
    for rule in ("adam", "RMSProp", "AdaGrad", "rms", "ada", "a", "r", "adagrad ", ""):
        with expect_raises(ValueError, f"adaptive_step with the rule {rule!r}"):
            adaptive_step(w, np.ones(1), np.ones(1), 0.1, rule)


# %% hints
HINTS = [
    "First update the diary, by one of two formulas; then one and the same step serves both rules.",
    "Check your units: if g is in meters, s is in square meters. What must be done before you divide by it?",
    "In an exponential average the memory rho belongs to what was there, and the rest, 1 - rho, to what is new.",
]
COVERS = ["S0.d", "S0.r1", "S0.r2", "S1.7b", "S1.7c", "S1.9", "S1.10"]
KERNELS = [kernels.adaptive_step, kernels.adagrad_step_]
WHY = r"""
The rules differ in the diary alone, so there is one line for each and one step for both. Today's square is written down
*before* the division. On the first day AdaGrad then divides $g$ by $|g|$; with yesterday's empty diary it would divide
by $\varepsilon$ and go $10^8\,\eta$ times the gradient. The root makes the quotient a pure number, so rescaling the
loss changes no step, and $\varepsilon$ beside it only matters where a gradient is as small as $\varepsilon$.
"""

# %% [markdown]
# ### What the two diaries remember
#
# > **A common claim: "AdaGrad accumulates all past gradients."** Said in haste, for it accumulates their *squares*. In
# > the first table the gradient is $+1$ and $-1$ in turns. The plain sum is 0 after every second step, and dividing by it
# > is no rule at all; the sum of squares is $t$. So against a steady gradient AdaGrad's step is $\eta/\sqrt t$: it
# > shrinks for ever.
# >
# > **A common claim: "RMSProp's steps have the size of the learning rate."** A gradient over its own average size is
# > about 1, so they should, and in the long run they do. The diary starts empty, so the very first average is only
# > $(1 - \rho)\,g^2$, and the first step is $1/\sqrt{1 - \rho} = 3.16$ times too long. The next section mends that.
# >
# > **A common claim: "RMSProp uses momentum."** Its running average looks like a velocity. But it is one of squares, and
# > only divides: set the gradient to 0, and nothing moves (the last line). Libraries offer momentum as an extra, which is
# > off unless one asks.

# %% experiment
step = grader.yours("adaptive_step")


def sizes(rule, gradients, lr=1.0):
    """The length of every step for one weight that feels these gradients."""
    p, s, lengths = np.zeros(1), np.zeros(1), []
    for g in gradients:
        moved, s = step(p, s, np.array([g]), lr, rule)
        lengths.append(abs(moved - p).item())
        p = moved
    return np.array(lengths)


in_turns = (-1.0) ** np.arange(10_000)
print(f"{'after step':>22}", *(f"{t:>8d}" for t in (1, 2, 4, 100, 10_000)))
print(f"{'sum of gradients':>22}", *(f"{in_turns[:t].sum():8.0f}" for t in (1, 2, 4, 100, 10_000)))
print(f"{'sum of squares':>22}", *(f"{(in_turns[:t] ** 2).sum():8.0f}" for t in (1, 2, 4, 100, 10_000)))
for rule in ("adagrad", "rmsprop"):
    lengths = sizes(rule, np.ones(10_000))
    print(f"{rule + ', length of step':>22}", *(f"{lengths[t - 1]:8.3f}" for t in (1, 2, 4, 100, 10_000)))
print(f"{'after a gradient of 0':>22}", *(f"{sizes(rule, [1.0, 0.0])[1]:8.3f}" for rule in ("adagrad", "rmsprop")))

# %% [markdown]
# ### What that is good for, and what it costs
#
# *Rare gradients.* A weight that feels a gradient in one step of ten has a shorter diary, so AdaGrad takes a longer step
# when its turn comes: 0.316 against 0.100 after 100 steps. That is what AdaGrad was made for.
#
# > **A common claim: "AdaGrad easily approaches the optimum on gentle slopes."** It does care for weights with small
# > gradients. But what it once wrote down it never forgets. Below, ten steps in a steep place, gradient 100, are
# > followed by a gentle slope, gradient 1. A hundred steps later RMSProp has forgotten the steep place and walks on at
# > full length. AdaGrad's step is about three hundred times shorter, and it stalls.
# >
# > **A common claim: "RMSProp needs little adjustment of the learning rate."** Less than the others, but look at the last
# > table, $f(p) = p^2/2$ from $p = 1$. Since the diary shrinks together with the gradient, the step does not become
# > short near the optimum: at a constant rate RMSProp hovers around it, at a distance of about half the rate. It gets
# > as close as you let the rate shrink.

# %% experiment
rare = np.where(np.arange(1, 101) % 10 == 0, 1.0, 0.0)
print(f"AdaGrad, step 100: frequent {sizes('adagrad', np.ones(100))[-1]:.3f}   rare {sizes('adagrad', rare)[-1]:.3f}")

steep_then_gentle = np.concatenate([np.full(10, 100.0), np.ones(100)])
for rule in ("adagrad", "rmsprop"):
    lengths = sizes(rule, steep_then_gentle)
    print(
        f"{rule:>8}: last steep step {lengths[9]:.3f}   10 steps later {lengths[19]:.3f}   100 later {lengths[-1]:.4f}"
    )

for lr in (0.1, 0.01, 0.001):
    p, s, seen = np.ones(1), np.zeros(1), []
    for _ in range(3000):
        p, s = step(p, s, p, lr, "rmsprop")
        seen.append(abs(p).item())
    print(f"RMSProp on p^2/2, rate {lr}: distance from the optimum after 3000 steps {np.mean(seen[-100:]):.5f}")


# %% right and wrong answers
@right_answer
def by_weights_of_old_and_new(p, s, g, lr, rule, rho=0.9, eps=1e-8):
    """Shows what the rules share: a diary with one weight for the old and one for the new. A third rule would be one more
    entry, and a name that has none is refused.
    """
    try:
        old, new = {"adagrad": (1.0, 1.0), "rmsprop": (rho, 1 - rho)}[rule]
    except KeyError:
        raise ValueError("unknown rule") from None
    diary = old * np.asarray(s) + new * np.square(g)
    return p - lr * np.divide(g, diary**0.5 + eps), diary


def with_diary(diary, root=np.sqrt):
    """A step that keeps its diary as `diary` says, and takes its root by `root`."""

    def step(p, s, g, lr, rule, rho=0.9, eps=1e-8):
        if rule not in ("adagrad", "rmsprop"):
            raise ValueError(rule)
        s = diary(s, g, rule, rho)
        return p - lr * g / (root(s) + eps), s

    return step


def squares(s, g, rule, rho):
    return by_weights_of_old_and_new(0.0, s, g, 1.0, rule, rho)[1]


no_root = wrong_answer(
    passes=(another_rule_is_refused,),
    feedback="Divide by the square root of the accumulator: s is in squares of a gradient.",
)(with_diary(squares, root=lambda s: s))

absolute_values = wrong_answer(
    passes=(another_rule_is_refused,), feedback="Accumulate the square of g, not its absolute value."
)(
    with_diary(
        lambda s, g, rule, rho: s + np.abs(g) if rule == "adagrad" else rho * s + (1 - rho) * np.abs(g),
    )
)

rho_on_the_new = wrong_answer(
    passes=(
        adagrad_by_hand,
        another_rule_is_refused,
    ),
    feedback="rho weights the old average, the memory, and 1 - rho the new square. Yours is the other way round.",
)(with_diary(lambda s, g, rule, rho: squares(s, g, rule, 1 - rho)))

never_forgets = wrong_answer(
    passes=(
        adagrad_by_hand,
        another_rule_is_refused,
    ),
    feedback="RMSProp forgets: an exponential average in place of a sum over all the past.",
)(with_diary(lambda s, g, rule, rho: s + g * g))

plain_gradients = wrong_answer(
    passes=(another_rule_is_refused,),
    feedback="You sum the gradients themselves, so that left and right cancel. The diary holds squares.",
)(with_diary(lambda s, g, rule, rho: s + g if rule == "adagrad" else rho * s + (1 - rho) * g))


def first_square_in_full(s, g, rule, rho):
    """RMSProp's diary, but for a first entry that is not weighted."""
    return np.where(np.asarray(s) == 0, g * g, squares(s, g, rule, rho)) if rule == "rmsprop" else s + g * g


first_entry_in_full = wrong_answer(
    the_diary_of_a_history,
    feedback="An empty diary is a diary of zeros for you, and yet you write the first square down in full. RMSProp weighs "
    "it with 1 - rho like any other.",
)(with_diary(first_square_in_full))


@wrong_answer(
    the_diary_of_a_history,
    without_a_gradient_nothing_moves,
    feedback="eps stands outside the square root. Inside, it counts for much more where gradients are small.",
)
def eps_under_the_root(p, s, g, lr, rule, rho=0.9, eps=1e-8):
    _, s = by_weights_of_old_and_new(p, s, g, lr, rule, rho, eps)
    return p - lr * g / np.sqrt(s + eps), s


@wrong_answer(
    passes=(another_rule_is_refused,),
    feedback="You divide by the diary of yesterday. Write today's square down first, then take the step.",
)
def with_the_old_diary(p, s, g, lr, rule, rho=0.9, eps=1e-8):
    _, new = by_weights_of_old_and_new(p, s, g, lr, rule, rho, eps)
    return p - lr * g / (np.sqrt(s) + eps), new


@wrong_answer(
    another_rule_is_refused,
    feedback="An unknown rule is taken for RMSProp. It must raise ValueError, or a typing mistake goes unnoticed.",
)
def rmsprop_when_in_doubt(p, s, g, lr, rule, rho=0.9, eps=1e-8):
    return by_weights_of_old_and_new(p, s, g, lr, rule if rule == "adagrad" else "rmsprop", rho, eps)
