# %% [markdown]
# ## A latent that is a choice
#
# What must change in a variational autoencoder if its latent $z$ is *discrete*, one of $K$ classes? Three things: the
# prior becomes a table of $K$ probabilities, the KL term a sum over the classes, and the gradient loses its road. For
# $z = \mu + \sigma \varepsilon$ you could move $z$ a little. A class cannot be moved a little: it is drawn, or it is
# not.
#
# With few classes one can *enumerate*: $\mathbb E[f(z)] = \sum_j p_j f_j$ with $p = \mathrm{softmax}(\text{logits})$
# is a smooth function of the logits $\ell$, and its slope is exact. With $p_j = e^{\ell_j} / \sum_i e^{\ell_i}$ we
# have $\partial p_j / \partial \ell_i = p_j (\delta_{ij} - p_i)$, and so
#
# $$ \frac{\partial}{\partial \ell_i} \sum_j p_j f_j = \sum_j f_j\, p_j (\delta_{ij} - p_i) = p_i \left( f_i - \sum_j p_j f_j \right) . $$
#
# A class gains if it is better than the average. With a million classes, or twenty latents of ten classes each, one
# can only draw. The *score function* turns the slope of a probability into an average again,
# $\nabla p_k = p_k \nabla \log p_k$: a draw $k_n$ with the value $f_{k_n}$ contributes
#
# $$ g_n = (f_{k_n} - b)\, \nabla_\ell \log p_{k_n} . $$
#
# The *baseline* $b$ may be any number that does not depend on the draw, because
# $\mathbb E[\nabla \log p_k] = \sum_k \nabla p_k = \nabla 1 = 0$. It leaves the mean as it is, and can take most of
# the noise away. This is REINFORCE.
#
# | argument | shape | meaning |
# |---|---|---|
# | `logits` | `(K,)`, float64 or integer | $\ell$, finite, of any size, not normalized; $K \ge 1$ |
# | `fvals` | `(K,)`, float64 or integer | $f_j$ for each class, finite, in whatever unit $f$ has |
# | `k` | `(N,)`, integer | the classes drawn, from 0 to $K - 1$; $N \ge 1$ |
# | `baseline` | number | $b$ |
# | first result | `(N, K)` | $g_n$ for each draw, not averaged |
# | second result | `(K,)` | the exact gradient of $\mathbb E[f(z)]$, by enumeration |
#
# **Write `reinforce(logits, fvals, k, baseline)`.** *Elsewhere:* PyTorch has
# `Categorical(logits=logits).log_prob(k)`, and one lets autograd differentiate `((f - b) * log_prob).sum()`. There
# $f$ is often a loss to be made small; the gradient here is that of $\mathbb E[f]$ itself.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, expect_parts, right_answer, wrong_answer


# %% answer
def reinforce(logits, fvals, k, baseline):
    """Return (f_k - b) grad log p_k for each draw, shape (N, K), and the exact gradient of E[f], shape (K,)."""
    # BEGIN SOLUTION
    p = np.exp(logits - logits.max())
    p = p / p.sum()
    scores = np.eye(len(p))[k] - p  # grad log p_k = onehot(k) - p, a row for each draw
    return (fvals[k] - baseline)[:, None] * scores, p * (fvals - p @ fvals)
    # END SOLUTION


# %% public checks
PARTS = ("gradients", "exact")
HAND = (np.array([0.0, math.log(3)]), np.array([4.0, 8.0]), np.array([0, 1, 1]), 1.0)


@check(points=0.5)
def each_draw_by_hand(reinforce):
    """With p = (1/4, 3/4), f = (4, 8) and b = 1, draws of class 0, 1, 1 give (9/4, -9/4) and twice (-7/4, 7/4)."""
    gradients, _ = expect_parts(reinforce(*HAND), PARTS, "reinforce([0, ln 3], [4, 8], [0, 1, 1], 1)")
    expected = [[2.25, -2.25], [-1.75, 1.75], [-1.75, 1.75]]
    expect_close(gradients, expected, "gradients of reinforce([0, ln 3], [4, 8], [0, 1, 1], 1)")


@check(points=0.5)
def the_exact_one_by_hand(reinforce):
    """There E[f] = 7. Class 0 lies 3 below it and class 1 lies 1 above: the exact gradient is (-3/4, 3/4)."""
    _, exact = expect_parts(reinforce(*HAND), PARTS, "reinforce([0, ln 3], [4, 8], [0, 1, 1], 1)")
    expect_close(exact, [-0.75, 0.75], "exact gradient of reinforce([0, ln 3], [4, 8], [0, 1, 1], 1)")


# %% hidden checks
SIZES = [(4, 6, 0.0), (3, 3, 0.7), (2, 1, -1.5), (5, 2, 3.0), (1, 3, 0.4), (1, 1, 2.0), (3, 4, 2500.0)]


def log_softmax(logits):
    """The logarithms of the probabilities, for real and for complex logits."""
    level = np.max(np.real(logits))
    return logits - level - np.log(np.sum(np.exp(logits - level)))


def problem(rng, K, N):
    """Logits, values and draws."""
    return 1.5 * rng.normal(size=K), 2 + rng.normal(size=K), rng.integers(0, K, N)


@check(points=1, hidden=True)
def each_score_by_complex_step(reinforce, rng):
    """Each row is (f - b) times the derivative of log p of the class drawn, for any numbers of classes and draws."""
    for K, N, baseline in SIZES:
        logits, fvals, k = problem(rng, K, N)
        rows = [(fvals[j] - baseline) * complex_step(lambda one, j=j: log_softmax(one)[j], logits) for j in k]
        what = f"reinforce with {K} classes, {N} draws, baseline {baseline}"
        gradients, _ = expect_parts(reinforce(logits, fvals, k, baseline), PARTS, what)
        expect_close(gradients, np.array(rows), f"gradients of {what}")


@check(points=1, hidden=True)
def the_exact_one_by_complex_step(reinforce, rng):
    """The second result is the derivative of E[f] whatever was drawn, and 0 where f is the same for all classes."""
    for K, N, baseline in SIZES:
        logits, fvals, k = problem(rng, K, N)
        for values, name in (
            (fvals, "random values"),
            (np.full(K, 2.0), "equal values"),
            (1e5 + fvals, "large values"),
        ):
            expected = complex_step(lambda one, f=values: np.sum(np.exp(log_softmax(one)) * f), logits)
            what = f"reinforce with {K} classes, {N} draws, {name}"
            _, exact = expect_parts(reinforce(logits, values, k, baseline), PARTS, what)
            expect_close(exact, expected, f"exact gradient of {what}", rtol=1e-6, atol=1e-8)


@check(points=1, hidden=True)
def logits_of_any_size(reinforce, rng):
    """Logits of 900 or -900 are no trouble, and a common shift of all logits changes nothing."""
    logits, fvals, k = problem(rng, 4, 5)
    expected = [np.stack([(fvals[j] - 0.5) * complex_step(lambda one, j=j: log_softmax(one)[j], logits) for j in k])]
    expected.append(complex_step(lambda one: np.sum(np.exp(log_softmax(one)) * fvals), logits))
    for shift in (900.0, -900.0, 1e5, -1e5):
        what = f"reinforce after a shift of the logits by {shift:g}"
        got = reinforce(logits + shift, fvals, k, 0.5)
        expect_close(got, tuple(expected), what, parts=PARTS, rtol=1e-7, atol=1e-9)
    even = reinforce(np.array([1e-150, 0.0]), np.array([-1.0, -2.0]), np.array([0]), 1)
    expect_close(even, ([[-1.0, 1.0]], [0.25, -0.25]), "reinforce([1e-150, 0], [-1, -2], [0], 1)", parts=PARTS)
    sure = reinforce(np.array([1e150, 0.0]), np.array([1.0, 2.0]), np.array([0, 1]), 0.0)
    expect_close(sure, ([[0.0, 0.0], [-2.0, 2.0]], [0.0, 0.0]), "reinforce([1e150, 0], [1, 2], [0, 1], 0)", parts=PARTS)
    sure = reinforce(np.array([900.0, 0.0]), np.array([1.0, 2.0]), np.array([0, 1]), 0.0)
    wanted = (np.array([[0.0, 0.0], [-2.0, 2.0]]), np.zeros(2))
    expect_close(sure, wanted, "reinforce([900, 0], [1, 2], [0, 1], 0)", parts=PARTS)


# %% hints
HINTS = [
    "Differentiate log p_k = l_k - log(sum of the exponentials) by l_i, for i = k and for any other i.",
    "So the gradient of log p_k is a vector of K numbers that sum to 0. It differs from draw to draw in one place only.",
    "The second result needs no draw at all. And softmax does not change if all logits are lowered by the largest one.",
]
WHY = r"""
From $\log p_k = \ell_k - \log \sum_i e^{\ell_i}$ the score is $\mathrm{onehot}(k) - p$. Each row sums to 0, as it
must: raising all logits alike changes nothing. `np.eye(K)[k]` picks the one-hot rows of all draws at once. The exact
gradient is the mean of $f_k\,(\mathrm{onehot}(k) - p)$ over $p$, which is $p_i (f_i - \mathbb{E} f)$. The baseline
stands in the first result and not in the second, for the mean score is 0, and so is any number times it.
"""
COVERS = ["S2.10"]
KERNELS = [kernels.reinforce]

# %% [markdown]
# **See it.** Three classes with the values 11, 13 and 8. Without a baseline every draw is praised, some more and some
# less, and the direction has to come from the small differences. With $b = \mathbb E[f]$ a draw is praised or blamed.
# The mean is the same, the variance is not.
#
# > **A common claim: "any baseline leaves the gradient unbiased."** It is said without the small print, and one
# > believes it because the proof is one line. That line takes $b$ out of the expectation. If $b$ is the mean of *the
# > same* draws, each draw appears in its own baseline, and the estimate shrinks to the share $(N - 1)/N$ of the
# > gradient: with $N = 2$ to a half. The last column is a number that should be 1. The remedy costs nothing: take for
# > each draw the mean of the *others*.

# %% experiment
estimate = grader.yours("reinforce")
draws = np.random.default_rng(0)
logits, fvals = np.array([0.5, -0.2, 0.1]), np.array([11.0, 13.0, 8.0])
p = np.exp(logits) / np.exp(logits).sum()
_, exact = estimate(logits, fvals, np.array([0]), 0.0)
print("exact gradient", np.round(exact, 3))
k = draws.choice(3, size=40_000, p=p)
for name, b in (("no baseline", 0.0), ("b = E[f]", float(p @ fvals)), ("b = 100", 100.0)):
    rows, _ = estimate(logits, fvals, k, b)
    print(
        f"{name:>12}: mean {np.round(rows.mean(axis=0), 2)}, total variance of one draw {rows.var(axis=0).sum():8.2f}"
    )


def average(others_only, N, repeats):
    """The estimate of N draws with their own mean as baseline, averaged over many repetitions."""
    total = np.zeros(3)
    for _ in range(repeats):
        k = draws.choice(3, size=N, p=p)
        f = fvals[k]
        for n in range(N):
            b = (f.sum() - f[n]) / (N - 1) if others_only else f.mean()
            total += estimate(logits, fvals, k[n : n + 1], b)[0][0]
    return total / (repeats * N)


for N in (2, 4):
    for others_only in (False, True):
        share = average(others_only, N, 12_000 // N) @ exact / (exact @ exact)
        print(f"N = {N}, mean of {'the others' if others_only else 'all draws':>10}: {share:5.2f} of the gradient")


# %% right and wrong answers
def variant(
    shift=True, score="onehot - p", weight="f - b", exact="p (f - E f)", normalized=True, sign=1.0, averaged=False
):
    """REINFORCE with one thing changed."""

    def run(logits, fvals, k, baseline):
        with np.errstate(all="ignore"):
            p = np.exp(logits - (logits.max() if shift else 0.0))
            p = p / p.sum() if normalized else p
        chosen = np.eye(len(p))[k]
        scores = {
            "onehot - p": chosen - p,
            "onehot": chosen,
            "onehot - p_k": chosen - p[k][:, None],
            "p_k (onehot - p)": p[k][:, None] * (chosen - p),
            "onehot - logits": chosen - logits,
        }[score]
        f, b = fvals[k][:, None], baseline
        gradients = {"f - b": (f - b) * scores, "f": f * scores, "minus b": f * scores - b}[weight]
        gradients = np.broadcast_to(gradients.mean(axis=0), scores.shape) if averaged else gradients
        wholes = {
            "p (f - E f)": p * (fvals - p @ fvals),
            "p f": p * fvals,
            "p (f - b)": p * (fvals - b),
            "p (1 - p) f": p * (1 - p) * fvals,
            "mean of the draws": gradients.mean(axis=0),
        }
        return sign * gradients, sign * wholes[exact]

    return run


@right_answer
def draw_by_draw(logits, fvals, k, baseline):
    """Draw after draw, as it is done where draws come one by one: in reinforcement learning, after each episode."""
    level = max(logits)
    p = np.exp(np.asarray(logits) - level) / np.sum(np.exp(np.asarray(logits) - level))
    rows = []
    for one in k:
        row = -p
        row[one] += 1.0
        rows.append((fvals[one] - baseline) * row)
    return np.array(rows), p * fvals - p * np.sum(p * fvals)


@right_answer
def by_the_jacobian(logits, fvals, k, baseline):
    """With the whole Jacobian of the softmax, diag(p) less the outer product of p with itself. Plain to read and to
    check; K squared numbers where K would do.
    """
    p = np.exp(log_softmax(logits))
    jacobian = np.diag(p) - np.outer(p, p)
    scores = (np.eye(len(p)) - p)[k]
    return np.einsum("n,nk->nk", fvals[k] - baseline, scores), jacobian @ fvals


without_minus_p = wrong_answer(
    passes=(the_exact_one_by_hand, the_exact_one_by_complex_step),
    feedback="The gradient of log p_k has an entry for every class, not only for the one drawn: raising another logit lowers p_k.",
)(variant(score="onehot"))

baseline_outside = wrong_answer(
    passes=(the_exact_one_by_hand, the_exact_one_by_complex_step),
    feedback="The baseline is subtracted from f, before the score multiplies. Subtracted from the gradient it is a bias.",
)(variant(weight="minus b"))

without_the_average = wrong_answer(
    passes=(each_draw_by_hand, each_score_by_complex_step),
    feedback="Your exact gradient holds p f alone. The classes share one sum: p_i changes with every logit.",
)(variant(exact="p f"))

baseline_in_the_exact = wrong_answer(
    passes=(each_draw_by_hand, each_score_by_complex_step),
    feedback="The exact gradient does not know of any baseline: what is each class compared with there?",
)(variant(exact="p (f - b)"))

only_the_diagonal = wrong_answer(
    passes=(each_draw_by_hand, each_score_by_complex_step),
    feedback="You took only the diagonal p (1 - p) of the softmax's derivative. Each probability depends on every logit.",
)(variant(exact="p (1 - p) f"))

the_chosen_p_for_all = wrong_answer(
    passes=(the_exact_one_by_hand, the_exact_one_by_complex_step),
    feedback="Each class loses its own probability, not that of the class drawn.",
)(variant(score="onehot - p_k"))

gradient_of_p = wrong_answer(
    passes=(the_exact_one_by_hand, the_exact_one_by_complex_step),
    feedback="That is the gradient of p_k, not of log p_k. The draws already bring the factor p_k along.",
)(variant(score="p_k (onehot - p)"))

unshifted = wrong_answer(
    passes=(each_draw_by_hand, the_exact_one_by_hand, each_score_by_complex_step, the_exact_one_by_complex_step),
    feedback="The exponential of 900 overflows, and that of -900 is 0. Lower all logits by the largest one first.",
)(variant(shift=False))

without_the_baseline = wrong_answer(
    passes=(the_exact_one_by_hand, the_exact_one_by_complex_step),
    feedback="The baseline is never used in your gradients.",
)(variant(weight="f"))

minus_the_gradient = wrong_answer(
    feedback="Right in size, with the opposite sign: the gradient of E[f] is asked, not that of a loss -E[f].",
)(variant(sign=-1.0))

the_mean_of_the_draws = wrong_answer(
    passes=(each_draw_by_hand, each_score_by_complex_step),
    feedback="The second result is exact: it comes from all classes with their probabilities, not from the classes drawn.",
)(variant(exact="mean of the draws"))

logits_for_probabilities = wrong_answer(
    passes=(the_exact_one_by_hand, the_exact_one_by_complex_step),
    feedback="The score subtracts probabilities. You subtract the logits themselves.",
)(variant(score="onehot - logits"))

without_normalization = wrong_answer(
    feedback="Your probabilities do not sum to 1: divide the exponentials by their sum.",
)(variant(normalized=False))


@wrong_answer(
    passes=(the_exact_one_by_hand, the_exact_one_by_complex_step),
    feedback="One gradient for each draw is asked, N rows. You averaged over the draws.",
)
def averaged_over_the_draws(logits, fvals, k, baseline):
    gradients, exact = variant()(logits, fvals, k, baseline)
    return gradients.mean(axis=0), exact
