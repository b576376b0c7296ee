# %% [markdown]
# ## A bound, and exactly how far it is off
#
# Somebody shows you a picture $x$ and a story about how pictures come to be: first a hidden cause $z$ is drawn from the
# *prior* $p(z)$, then the picture from the *likelihood* $p(x \mid z)$. How probable is this picture under this story? Add up
# all the ways in which it can have come about,
#
# $$ p(x) = \sum_z p(z)\, p(x \mid z). $$
#
# With five causes that is a sum of five numbers. With the real vectors of a variational autoencoder it is an integral
# that nobody can do, and the *posterior* $p(z \mid x) = p(z)\, p(x \mid z) / p(x)$, which cause it was, falls with it. So
# one guesses the posterior, by a distribution $q(z)$ that one can handle, and finds that the guess also yields a number:
#
# $$ \mathrm{ELBO}(q) = \mathbb{E}_q \bigl[ \log p(x, z) - \log q(z) \bigr]
#    = \mathbb{E}_q \log p(x \mid z) - \mathrm{KL}(q \,\|\, p(z)). $$
#
# How good is it? Write $p(x, z) = p(x)\, p(z \mid x)$ inside the expectation. The factor $p(x)$ does not depend on $z$ and
# comes out:
#
# $$ \mathrm{ELBO}(q) = \log p(x) + \mathbb{E}_q \bigl[ \log p(z \mid x) - \log q(z) \bigr]
#    = \log p(x) - \mathrm{KL}\bigl(q \,\|\, p(z \mid x)\bigr). $$
#
# Two lines, no inequality in them. A KL divergence is never negative, so the ELBO is a lower bound, and the **gap** is how
# badly $q$ is wrong about the posterior. Here, where all sums can be done, you compute all three.
#
# | argument | shape | meaning |
# |---|---|---|
# | `prior` | `(Z,)` | $p(z)$, sums to 1, zeros allowed |
# | `lik` | `(Z,)` | $p(x \mid z)$ for the one $x$ that was seen, $\ge 0$; a density may exceed 1. No sum to obey |
# | `q` | `(Z,)` | the guess, sums to 1, zeros allowed |
# | results | three numbers | ELBO, gap $\mathrm{KL}(q \,\|\, p(z \mid x))$, $\log p(x)$, in nats |
#
# **Write `elbo(prior, lik, q)`, which returns the three numbers in this order.** A $z$ that $q$ does not use adds nothing
# ($0 \log 0 = 0$). If $q$ uses a $z$ that is impossible, $p(z)\, p(x \mid z) = 0$, the ELBO is `-inf` and the gap `inf`.
# The $x$ that was seen is possible, $p(x) > 0$.
#
# *Elsewhere:* Pyro's `Trace_ELBO().loss` and nearly every training loop return *minus* the bound, as a loss to be
# minimized.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def elbo(prior, lik, q):
    """Return the ELBO, KL(q || posterior) and log p(x), three numbers in nats; prior, lik and q have the shape (Z,)."""
    # BEGIN SOLUTION
    joint, used = prior * lik, q > 0
    log_evidence = math.log(joint.sum())
    with np.errstate(divide="ignore"):  # the logarithm of an impossible z is -inf, and so it should be
        bound = float(np.sum(q[used] * np.log(joint[used] / q[used])))
    return bound, log_evidence - bound, log_evidence
    # END SOLUTION


# %% public checks
PARTS = ("the ELBO", "the gap", "log p(x)")


@check(points=0.5)
def a_gap_worked_by_hand(elbo):
    """Prior (1/4, 3/4) and likelihood (1/2, 1/6) make both causes equally likely; q = (3/4, 1/4) misses by 0.1308."""
    gap = 0.75 * math.log(3) - math.log(2)
    expected = (math.log(1 / 4) - gap, gap, math.log(1 / 4))
    got = elbo(np.array([0.25, 0.75]), np.array([1 / 2, 1 / 6]), np.array([0.75, 0.25]))
    expect_close(got, expected, "elbo((1/4, 3/4), (1/2, 1/6), (3/4, 1/4))", parts=PARTS)


@check(points=0.5)
def nothing_is_lost_at_the_posterior(elbo):
    """With q = (1/4, 3/4), the posterior of prior (1/2, 1/2) and likelihood (1/4, 3/4), the ELBO is log p(x) = log 1/2."""
    got = elbo(np.array([0.5, 0.5]), np.array([0.25, 0.75]), np.array([0.25, 0.75]))
    expect_close(got, (math.log(0.5), 0.0, math.log(0.5)), "elbo with q = posterior", parts=PARTS)


@check(points=0.5)
def a_certain_guess(elbo):
    """With q = (1, 0, 0) only the first cause counts: the ELBO is the logarithm of 0.2 times 0.9."""
    got = elbo(np.array([0.2, 0.3, 0.5]), np.array([0.9, 0.5, 0.1]), np.array([1.0, 0.0, 0.0]))
    expected = (math.log(0.18), math.log(0.38 / 0.18), math.log(0.38))
    expect_close(got, expected, "elbo with q = (1, 0, 0)", parts=PARTS)


# %% hidden checks
def spread(rng, n):
    """Probabilities, none of them very small."""
    return (rng.dirichlet(np.ones(n)) + 0.1) / (1 + 0.1 * n)


def one_by_one(prior, lik, q):
    """The three numbers, each from its own formula: E log lik - KL(q || prior), KL(q || posterior), log of the sum."""
    triples = [(float(p), float(like), float(guess)) for p, like, guess in zip(prior, lik, q, strict=True)]
    evidence = math.fsum(p * like for p, like, _ in triples)
    used = [one for one in triples if one[2] > 0]
    reconstruction = math.fsum(guess * math.log(like) for _, like, guess in used)
    to_prior = math.fsum(guess * math.log(guess / p) for p, _, guess in used)
    gap = math.fsum(guess * math.log(guess / (p * like / evidence)) for p, like, guess in used)
    return reconstruction - to_prior, gap, math.log(evidence)


@check(points=0.5, hidden=True)
def both_ways_of_writing_it_agree(elbo, rng):
    """For random models of 1 to 40 causes it equals E_q log p(x|z) - KL(q || p(z)), and the gap its own sum."""
    for causes in (5, 2, 1, 9, 40):
        prior, lik, q = spread(rng, causes), rng.uniform(0.05, 0.9, causes), spread(rng, causes)
        what = f"elbo of a random model with {causes} causes"
        expect_close(elbo(prior, lik, q), one_by_one(prior, lik, q), what, parts=PARTS)
        expect_close(elbo(prior, lik, prior), one_by_one(prior, lik, prior), f"{what}, q = prior", parts=PARTS)
        what, rare = f"{what} that hardly explain what was seen", 1e-9 * lik
        expect_close(elbo(prior, rare, q), one_by_one(prior, rare, q), what, parts=PARTS)


@check(points=0.5, hidden=True)
def unused_and_impossible_causes(elbo, rng):
    """A cause that q does not use adds nothing, possible or not; one that q uses and that is impossible costs all."""
    prior, lik = spread(rng, 4), rng.uniform(0.1, 0.9, 4)
    q = np.array([0.3, 0.0, 0.7, 0.0])
    expect_close(elbo(prior, lik, q), one_by_one(prior, lik, q), "elbo with zeros in q", parts=PARTS)
    for shut in (np.array([1.0, 0.0, 1.0, 1.0]), np.array([1.0, 0.0, 1.0, 0.0])):
        what, log_evidence = "elbo with an impossible cause", math.log(math.fsum(prior * lik * shut))
        expected = one_by_one(prior, lik * shut, q)
        expect_close(elbo(prior, lik * shut, q), expected, f"{what} that q avoids", parts=PARTS)
        expected = (-math.inf, math.inf, log_evidence)
        expect_close(elbo(prior, lik * shut, spread(rng, 4)), expected, f"{what} that q uses", parts=PARTS)
    half = np.array([0.5, 0.5, 0.0])
    got, expected = elbo(half, lik[:3], half[::-1]), math.log((lik[0] + lik[1]) / 2)
    expect_close(got, (-math.inf, math.inf, expected), "elbo where the prior forbids what q uses", parts=PARTS)
    got, expected = elbo(prior, lik, np.array([0, 0, 1, 0])), one_by_one(prior, lik, [0, 0, 1, 0])
    expect_close(got, expected, "elbo with a q of integers", parts=PARTS)


@check(points=0.5, hidden=True)
def however_small_the_likelihood(elbo, rng):
    """It holds for likelihoods near 1e-80, as of pictures, and for densities far above 1."""
    for scale in (1e-80, 1e-20, 1e6):
        prior, lik, q = spread(rng, 5), scale * rng.uniform(0.05, 0.9, 5), spread(rng, 5)
        what = f"elbo with likelihoods near {scale:g}"
        expect_close(elbo(prior, lik, q), one_by_one(prior, lik, q), what, parts=PARTS, rtol=1e-9)


# %% hints
HINTS = [
    "The product of prior and likelihood is p(x, z). Two of the three numbers follow from it and q; one needs no q.",
    "The three numbers are tied together by one equation: compute two of them, and the third is their difference.",
    "Select the causes that q uses before you take a logarithm. Is one of them impossible?",
]
WHY = r"""
The product of prior and likelihood is $p(x, z)$, and its sum is $p(x)$: what nobody can add up for a real model is
one line here. The line that matters selects the causes that $q$ uses. It comes before the logarithm, so that $0 \log
0$ is never computed, and it looks at $q$ alone, so that an impossible cause which $q$ does use still costs $-\infty$.
The gap is a subtraction, since bound and gap add up to $\log p(x)$ for every $q$.
"""
COVERS = ["S0.elbo.a", "S0.g", "S2.5"]
KERNELS = [kernels.elbo]

# %% [markdown]
# > **A common claim: "maximizing the ELBO means minimizing $\mathrm{KL}(q \,\|\, p(z))$."** The term does stand in it, with a
# > minus sign, and in the loss of every variational autoencoder. But it does not stand there alone. The table has five
# > guesses for one model. $\mathrm{KL}(q \,\|\, p(z))$ is smallest for the prior, which knows nothing of $x$, and there the
# > bound is the lowest of all. What falls exactly as the bound rises is the gap, $\mathrm{KL}(q \,\|\, p(z \mid x))$: their
# > sum is the same in every row.

# %% experiment
bound = grader.yours("elbo")
prior, lik = np.array([0.6, 0.3, 0.1]), np.array([0.02, 0.1, 0.7])
posterior = prior * lik / (prior @ lik)
guesses = {
    "the prior": prior,
    "half way": (prior + posterior) / 2,
    "the posterior": posterior,
    "all alike": np.full(3, 1 / 3),
    "surely the third": np.array([0.0, 0.0, 1.0]),
}
print(f"{'q':>18} {'ELBO':>9} {'gap':>9} {'KL(q||prior)':>13} {'ELBO + gap':>11}")
for name, q in guesses.items():
    value, gap, _ = bound(prior, lik, q)
    to_prior = sum(a * math.log(a / b) for a, b in zip(q, prior, strict=True) if a > 0)
    print(f"{name:>18} {value:9.4f} {gap:9.4f} {to_prior:13.4f} {value + gap:11.4f}")


# %% right and wrong answers
@right_answer
def reconstruction_minus_kl(prior, lik, q):
    """The two halves that a training loop reports, reconstruction and KL: take it where one wants to watch them one by
    one, or to weigh one of them.
    """
    prior, lik, q = (np.asarray(each, dtype=float) for each in (prior, lik, q))
    with np.errstate(all="ignore"):
        log_lik = np.where(q > 0, np.log(lik), 0.0)
        to_prior = np.where(q > 0, q * np.log(q / prior), 0.0).sum()
    bound = q @ log_lik - to_prior
    evidence = np.log(prior @ lik)
    return bound, evidence - bound, evidence


@right_answer
def in_a_loop(prior, lik, q):
    """The gap from its own sum, and the bound from it. Slower than arrays, but a tiny gap keeps its digits where log
    p(x) is far from 0: the subtraction of two numbers near -180 leaves an error of 1e-14.
    """
    evidence = sum(p * like for p, like in zip(prior, lik, strict=True))
    gap = 0.0
    for p, like, guess in zip(prior, lik, q, strict=True):
        if guess > 0:
            truth = p * like / evidence
            gap += guess * (math.log(guess) - math.log(truth)) if truth > 0 else math.inf
    return math.log(evidence) - gap, gap, math.log(evidence)


def changed(change):
    """A wrong answer that first finds the right one, and where it is finite gives it to `change` with the sums."""

    def answer(prior, lik, q):
        joint, q = np.asarray(prior, dtype=float) * lik, np.asarray(q, dtype=float)
        value, gap, evidence = in_a_loop(prior, lik, q)
        used = (q > 0) & (joint > 0)
        return change(value, gap, evidence, np.asarray(prior)[used], np.asarray(lik)[used], q[used])

    return answer


no_entropy = wrong_answer(
    passes=(a_certain_guess,),
    feedback="The entropy of q is missing: inside the expectation stands log p(x,z) - log q(z).",
)(changed(lambda e, k, L, p, lik, q: (e + (q @ np.log(q)), k - (q @ np.log(q)), L)))

gap_to_the_prior = wrong_answer(
    feedback="The gap is the KL from q to the posterior. Yours is the KL from q to the prior.",
)(changed(lambda e, k, L, p, lik, q: (e, float(q @ np.log(q / p)), L)))

prior_rewarded = wrong_answer(
    feedback="The KL to the prior is subtracted from the reconstruction term: it is a cost, and you add it.",
)(changed(lambda e, k, L, p, lik, q: (e + 2 * (q @ np.log(q / p)), k - 2 * (q @ np.log(q / p)), L)))

the_loss = wrong_answer(
    feedback="That is minus the bound, the loss of a training loop. Asked for is the bound itself, which lies below log p(x).",
)(changed(lambda e, k, L, p, lik, q: (-e, k, L)))

gap_first = wrong_answer(
    feedback="The numbers come in another order than asked: the bound first, then its gap, then log p(x).",
)(changed(lambda e, k, L, p, lik, q: (k, e, L)))

in_bits = wrong_answer(
    feedback="These are bits. In nats the logarithm is the natural one.",
)(changed(lambda e, k, L, p, lik, q: (e / math.log(2), k / math.log(2), L / math.log(2))))


@wrong_answer(
    passes=(nothing_is_lost_at_the_posterior,),
    feedback="The gap has q in front, KL(q || posterior). You took the other direction, which is infinite where q has zeros.",
)
def the_other_direction(prior, lik, q):
    value, _, evidence = in_a_loop(prior, lik, q)
    posterior = np.asarray(prior, dtype=float) * lik / math.exp(evidence)
    used = posterior > 0
    with np.errstate(all="ignore"):
        return value, float(np.sum(posterior[used] * np.log(posterior[used] / np.asarray(q)[used]))), evidence


@wrong_answer(
    passes=(a_gap_worked_by_hand, a_certain_guess),
    feedback="A small number added inside a logarithm shifts every result a little, hides -inf, and swamps likelihoods that are smaller than it is.",
)
def padded_logarithms(prior, lik, q):
    joint, tiny = np.asarray(prior, dtype=float) * lik, 1e-12
    value = float(np.sum(q * (np.log(joint + tiny) - np.log(np.asarray(q) + tiny))))
    return value, math.log(joint.sum()) - value, math.log(joint.sum())


@wrong_answer(
    a_certain_guess,
    unused_and_impossible_causes,
    feedback="0 times log 0 came out as nan. A cause that q does not use adds nothing: leave it out of the sum.",
)
def zero_times_log_zero(prior, lik, q):
    joint = np.asarray(prior, dtype=float) * lik
    with np.errstate(all="ignore"):
        value = float(np.sum(q * np.log(joint / q)))
    return value, math.log(joint.sum()) - value, math.log(joint.sum())


@wrong_answer(
    unused_and_impossible_causes,
    feedback="You leave out causes that q uses and that are impossible. They must not be forgiven: log 0 is -inf, and so is the bound.",
)
def impossible_forgiven(prior, lik, q):
    joint, q = np.asarray(prior, dtype=float) * lik, np.asarray(q, dtype=float)
    used = (q > 0) & (joint > 0)
    value = float(np.sum(q[used] * np.log(joint[used] / q[used])))
    return value, math.log(joint.sum()) - value, math.log(joint.sum())


@wrong_answer(
    feedback="log p(x) is the logarithm of a sum over the causes. Yours is a sum of logarithms, which lies below it.",
)
def logarithm_inside(prior, lik, q):
    value, _, _ = in_a_loop(prior, lik, q)
    with np.errstate(all="ignore"):
        evidence = float(np.sum(np.where(np.asarray(prior) > 0, prior * np.log(lik), 0.0)))
    return value, evidence - value, evidence


@wrong_answer(
    feedback="The prior is missing from p(x, z): each likelihood counts as often as its cause occurs.",
)
def prior_forgotten(prior, lik, q):
    return in_a_loop(np.ones(len(prior)), lik, q)
