# %% [markdown]
# ## Saturating or not
#
# Now the forger's turn. Its note gets the logit $a$ from the detective, and the forger wants $a$ to be larger. Two losses
# have been proposed for it, both to be minimized:
#
# $$ \text{saturating:}\quad \log\bigl(1 - \sigma(a)\bigr), \qquad\qquad
#    \text{non-saturating:}\quad -\log \sigma(a). $$
#
# The first is the forger's part of $V$, taken literally. The second is a suggestion of the same paper. Both fall as $a$
# grows, and they agree on which note is the better one. What differs is how *loudly* they say so, and to whom.
#
# | argument | shape | meaning |
# |---|---|---|
# | `a` | `(N,)`, $N \ge 1$ | logits of generated samples, between $-1000$ and 1000 |
# | `kind` | string | `"saturating"` or `"nonsaturating"`; anything else is a `ValueError` |
# | result | `(N,)` | the slope of each sample's own loss for its own logit: no mean over the batch |
#
# **Write `generator_logit_gradient(a, kind)`.** At $a = -800$, where the detective is sure that the note is forged, it
# must still be right, and there must be no overflow on the way, and no warning of one.
#
# In PyTorch the second loss is `binary_cross_entropy_with_logits(a, ones)`, "fake samples with the label of real ones", with
# a mean over the batch; papers call the first one the *minimax* loss.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_array, expect_close, expect_raises, right_answer, wrong_answer


# %% answer
def generator_logit_gradient(a, kind):
    """Return the slope of the generator's loss at every logit, shape (N,); kind is "saturating" or "nonsaturating"."""
    # BEGIN SOLUTION
    small = np.exp(-np.abs(a))
    if kind == "saturating":
        return -np.where(a >= 0, 1.0, small) / (1 + small)
    if kind == "nonsaturating":
        return -np.where(a >= 0, small, 1.0) / (1 + small)
    raise ValueError(f"kind is 'saturating' or 'nonsaturating', not {kind!r}")
    # END SOLUTION


# %% public checks
@check(points=0.5)
def two_notes(generator_logit_gradient):
    """For notes with D = 3/4 and D = 1/4 the saturating slopes are -3/4 and -1/4, the others -1/4 and -3/4."""
    a = np.array([np.log(3), -np.log(3)])
    got = {kind: generator_logit_gradient(a, kind) for kind in ("saturating", "nonsaturating")}
    expect_close(got["saturating"], [-0.75, -0.25], "generator_logit_gradient([log 3, -log 3], 'saturating')")
    expect_close(got["nonsaturating"], [-0.25, -0.75], "generator_logit_gradient([log 3, -log 3], 'nonsaturating')")


@check(points=0.5)
def an_unknown_kind(generator_logit_gradient):
    """Another kind, "wgan" for example, is a ValueError; the two known ones give one slope for each logit."""
    for kind in ("saturating", "nonsaturating"):
        expect_array(generator_logit_gradient(np.zeros(1), kind), (1,), f"generator_logit_gradient([0], {kind!r})")
    with expect_raises(ValueError, 'generator_logit_gradient([0], "wgan")'):
        generator_logit_gradient(np.zeros(1), "wgan")


# %% hidden checks
LOSSES = {
    "saturating": lambda a: np.log(1 / (1 + np.exp(a))),
    "nonsaturating": lambda a: -np.log(1 / (1 + np.exp(-a))),
}


@check(points=1, hidden=True)
def slopes_of_the_losses(generator_logit_gradient, rng):
    """For both kinds it is the slope of the loss, sample by sample, whatever the size of the batch."""
    for a in (3 * rng.normal(size=5), rng.normal(size=1), 3 * rng.normal(size=12), np.full(4, 0.3)):
        got = {kind: generator_logit_gradient(a, kind) for kind in LOSSES}
        for kind, loss in LOSSES.items():
            expected = complex_step(lambda z, loss=loss: np.sum(loss(z)), a)
            expect_close(got[kind], expected, f"generator_logit_gradient of {len(a)} logits, {kind!r}")


@check(points=1, hidden=True)
def sure_detectives(generator_logit_gradient, rng):
    """For logits of any size, of both signs in one batch, it is right, and nothing overflows."""
    far = rng.uniform(35, 45)
    a = np.array([-1000.0, -800.0, -far, -20.0, 0.0, 20.0, far, 800.0, 1000.0])
    rising = np.array([0.0, 0.0, np.exp(-far), 2.0611536181902037e-09, 0.5, 0.9999999979388464, 1.0, 1.0, 1.0])
    for part in (slice(None), slice(0, 2), slice(7, 9)):
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            got = [generator_logit_gradient(a[part].copy(), kind) for kind in ("saturating", "nonsaturating")]
        what = f"generator_logit_gradient({a[part].tolist()}, ...)"
        expect_close(got[0], -rising[part], what.replace("...", "'saturating'"), atol=1e-15)
        expect_close(got[1], -rising[::-1][part], what.replace("...", "'nonsaturating'"), atol=1e-15)
    for kind in ("non-saturating", "", "Saturating"):
        with expect_raises(ValueError, f"generator_logit_gradient([0], {kind!r})"):
            generator_logit_gradient(np.zeros(1), kind)


# %% hints
HINTS = [
    "Write each loss with a softplus, as in the last exercise, and differentiate that.",
    "The slope of log(1 + exp(z)) is sigma(z). In the one loss z is a, in the other -a.",
    "At a = -800 one of the slopes is 0 and the other is -1. Which is which?",
]
WHY = r"""
The saturating loss is minus a softplus of $a$, with the slope $-\sigma(a)$; the other one is a softplus of $-a$, with
the slope $-\sigma(-a)$. Together they are always $-1$: what the one says loudly the other one whispers. Both are made
of $e^{-|a|}$, which lies between 0 and 1, and the sign of $a$ says whether it or the 1 stands above the line. So the
small slope keeps its digits, $-4 \cdot 10^{-18}$ at $a = -40$, and its size is what this section is about.
"""
COVERS = ["S2.15", "S2.16", "S2.17"]
KERNELS = [kernels.generator_logit_gradient]

# %% [markdown]
# ### Why the loudness matters
#
# The forger does not move $a$, it moves the note, and the chain rule multiplies: slope of the loss in $a$, times slope of
# $a$ in $x$, times slope of $x$ in the forger's weights. Early in training the notes are bad and the detective is sure,
# $a \ll 0$. There the saturating slope $-\sigma(a)$ is nearly 0: **it vanishes exactly where the forger is worst.** The
# non-saturating slope, $-(1 - \sigma(a))$, is nearly $-1$ there.
#
# > **A common claim: "the loss $-\log D$ cures the vanishing gradient."** It cures one factor of three. The second factor,
# > the slope of the logit in $x$, is the detective's own, and if its verdict is *flat* around the forged notes then no
# > loss can tell the forger which way to go. Run the cell: data at 0, a forger at distance $\theta$, both with spread 1.
# > Against the best detective the logit is a straight line and the claim holds. Against one whose logit levels off (as
# > networks do far from everything they have seen), both gradients are 0.

# %% experiment
slope = grader.yours("generator_logit_gradient")
points = np.linspace(-6, 6, 4001)
weights = np.exp(-(points**2) / 2)
weights /= weights.sum()
print("mean slope of the generator's loss for its position")
print(f"{'distance':>9} | {'best detective':^28} | {'one that levels off at -12':^28}")
print(f"{'':>9} | {'saturating':>13} {'non-saturating':>14} | {'saturating':>13} {'non-saturating':>14}")
for distance in (0.5, 2.0, 5.0, 10.0, 20.0):
    x = distance + points
    logit = -distance * x + distance**2 / 2  # log p(x) - log q(x), a straight line
    row = []
    for verdict, rise in ((logit, -distance), (np.maximum(logit, -12), np.where(logit > -12, -distance, 0.0))):
        row += [np.sum(weights * slope(verdict, kind) * rise) for kind in ("saturating", "nonsaturating")]
    print(f"{distance:9g} | {row[0]:13.2e} {row[1]:14.2e} | {row[2]:13.2e} {row[3]:14.2e}")


# %% right and wrong answers
def gate(a):
    return 0.5 * (1 + np.tanh(a / 2))


def slopes(saturating, nonsaturating):
    """An answer that knows both kinds and no other."""

    def answer(a, kind):
        if kind not in ("saturating", "nonsaturating"):
            raise ValueError(kind)
        return saturating(a) if kind == "saturating" else nonsaturating(a)

    return answer


@right_answer
def with_tanh(a, kind):
    """The shortest that cannot overflow. But 1 + tanh rounds, and a saturating slope below 1e-16 comes out as 0: it
    looks as if nothing at all were left.
    """
    if kind == "saturating":
        return -gate(a)
    if kind == "nonsaturating":
        return gate(a) - 1
    raise ValueError(kind)


@right_answer
def by_exponentials(a, kind):
    """In logarithms to the end: the sigmoid is the exponential of minus a softplus. It keeps the smallest slopes, for
    one logarithm more.
    """
    sign = {"saturating": -1, "nonsaturating": 1}.get(kind)
    if sign is None:
        raise ValueError(kind)
    return -np.exp(-np.logaddexp(0, sign * a))


exchanged = wrong_answer(
    passes=(an_unknown_kind,),
    feedback="The two kinds are exchanged. Which of the slopes vanishes where the detective is sure that the note is forged?",
)(slopes(lambda a: -gate(-a), lambda a: -gate(a)))

wrong_sign = wrong_answer(
    passes=(an_unknown_kind,),
    feedback="Both losses fall as the logit grows, so both slopes are negative.",
)(slopes(gate, lambda a: gate(-a)))

slope_of_the_sigmoid = wrong_answer(
    passes=(an_unknown_kind,),
    feedback="That is the slope of -sigma(a). The logarithm in the loss cancels one factor.",
)(slopes(lambda a: -gate(a) * gate(-a), lambda a: -gate(a) * gate(-a)))

divided_by_the_batch = wrong_answer(
    passes=(an_unknown_kind,),
    feedback="You divide by the size of the batch. Each sample's own slope is asked, without a mean.",
)(slopes(lambda a: -gate(a) / len(a), lambda a: -gate(-a) / len(a)))

no_logarithm_at_all = wrong_answer(
    passes=(an_unknown_kind,),
    feedback="A slope of -1 whatever the logit belongs to a loss without logarithm and sigmoid, that of the next lesson.",
)(slopes(lambda a: -np.ones_like(a), lambda a: -np.ones_like(a)))

saturating_for_both = wrong_answer(
    passes=(an_unknown_kind,),
    feedback="Both kinds give the saturating slope.",
)(slopes(lambda a: -gate(a), lambda a: -gate(a)))

nonsaturating_for_both = wrong_answer(
    passes=(an_unknown_kind,),
    feedback="Both kinds give the non-saturating slope.",
)(slopes(lambda a: -gate(-a), lambda a: -gate(-a)))

the_losses = wrong_answer(
    passes=(an_unknown_kind,),
    feedback="These are the losses. Their slopes are asked.",
)(slopes(lambda a: -np.logaddexp(0, a), lambda a: np.logaddexp(0, -a)))

slope_for_the_probability = wrong_answer(
    passes=(an_unknown_kind,),
    feedback="That is the slope for D, the probability. The slope for the logit has one factor more, D (1 - D).",
)(slopes(lambda a: -1 - np.exp(np.minimum(a, 700)), lambda a: -1 - np.exp(np.minimum(-a, 700))))

overflows = wrong_answer(
    passes=(two_notes, an_unknown_kind, slopes_of_the_losses),
    feedback="The exponential overflows where the detective is sure. Take the exponential of something that is never positive.",
)(slopes(lambda a: -1 / (1 + np.exp(-a)), lambda a: -1 / (1 + np.exp(a))))

clipped_logits = wrong_answer(
    passes=(two_notes, an_unknown_kind, slopes_of_the_losses),
    feedback="You clip the logits, and with them the small slopes. The sizes of these slopes are the point.",
)(slopes(lambda a: -gate(np.clip(a, -15, 15)), lambda a: -gate(-np.clip(a, -15, 15))))


@wrong_answer(
    passes=(two_notes, slopes_of_the_losses),
    feedback="Any kind that is not 'saturating' is taken for the other one. An unknown kind is a ValueError.",
)
def any_kind_goes(a, kind):
    return -gate(a) if kind == "saturating" else -gate(-a)
