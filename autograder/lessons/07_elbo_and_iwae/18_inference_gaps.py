# %% [markdown]
# ## Why the bound is off: two gaps, not three
#
# The gap of the ELBO is $\mathrm{KL}(q \,\|\, p)$, with $p$ short for the posterior. There are two reasons why it is not 0.
# The posterior may be a kind of distribution that $q$ cannot be, however well it is chosen. And $q$ may not be chosen
# well: in a variational autoencoder it comes out of a network that must serve all pictures, not this one alone. Call
# $q^\ast$ the best member of the family, the one with the largest ELBO. Then, with nothing but a term added and taken away,
#
# $$ \underbrace{\mathrm{KL}(q \,\|\, p)}_{\text{total}}
#    = \log p(x) - \mathrm{ELBO}(q)
#    = \underbrace{\mathrm{KL}(q^\ast \,\|\, p)}_{\text{approximation gap}}
#    + \underbrace{\mathrm{ELBO}(q^\ast) - \mathrm{ELBO}(q)}_{\text{amortization gap}} . $$
#
# The first is the family's fault, the second the encoder's. Knowing which is which tells you what to do. Against the
# first helps a richer family: full covariances, mixtures, flows, auxiliary variables, importance weights (the next
# section). Against the second helps a better encoder, or a few gradient steps for each picture from where the encoder
# has put $q$.
#
# **A case where all can be computed.** The posterior is $N(0, S)$, with correlations. The family is that of most
# autoencoders, Gaussians without any: $q = N(m, \mathrm{diag}\, s^2)$. Let $\Lambda = S^{-1}$, the precision. Then
#
# $$ \mathbb{E}_q \log q = -\tfrac12 \sum_i \log s_i^2 - \tfrac{D}{2}(1 + \log 2\pi), \qquad
#    \mathbb{E}_q \log p = -\tfrac12 \mathbb{E}_q\, z^\top \Lambda z - \tfrac12 \log\det S - \tfrac{D}{2} \log 2\pi , $$
#
# and $\mathbb{E}_q\, z^\top \Lambda z = m^\top \Lambda m + \sum_i \Lambda_{ii} s_i^2$, since under $q$ the coordinates vary
# independently. The difference of the two lines is the total:
#
# $$ \mathrm{KL}(q \,\|\, p) = \tfrac12 \Bigl( \sum_i \Lambda_{ii} s_i^2 + m^\top \Lambda m - D + \log\det S
#    - \sum_i \log s_i^2 \Bigr). $$
#
# Which $m$ and $s^2$ make it smallest? Answer that yourself, coordinate by coordinate; what is left at the best ones is the
# approximation gap.
#
# | argument | shape | meaning |
# |---|---|---|
# | `S` | `(D, D)` | covariance of the posterior, symmetric, positive definite |
# | `m`, `s2` | `(D,)` | means and **variances** of $q$; variances > 0 |
# | results | three numbers | total, approximation gap, amortization gap, in nats |
#
# **Write `inference_gaps(S, m, s2)`, which returns the three in this order.** $D$ may be 100, and the determinant of $S$
# then smaller, or larger, than any float.
#
# *Elsewhere:* `torch.distributions.kl_divergence(q, p)` has the arguments in the order of the formula and is the total. The
# two gaps got their names from Cremer, Li and Duvenaud (2018).

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def inference_gaps(S, m, s2):
    """Return KL(q || N(0, S)) for q = N(m, diag s2), its approximation gap and its amortization gap, in nats."""
    # BEGIN SOLUTION
    precision = np.linalg.inv(S)
    log_det = np.linalg.slogdet(S)[1]
    own = np.diag(precision)
    total = (own @ s2 + m @ precision @ m - len(m) + log_det - np.sum(np.log(s2))) / 2
    approximation = (log_det + np.sum(np.log(own))) / 2  # at the best q: m = 0 and s2 = 1 / own
    return total, approximation, total - approximation
    # END SOLUTION


# %% public checks
PARTS = ("the total", "the approximation gap", "the amortization gap")
CORRELATED = np.array([[1.0, 0.8], [0.8, 1.0]])


@check(points=0.5)
def variances_twice_too_large(inference_gaps):
    """With correlation 0.8 the best variances are 0.36, and the family loses log 5/3; 0.72 costs 1 - log 2 more."""
    got = inference_gaps(CORRELATED.copy(), np.zeros(2), np.array([0.72, 0.72]))
    family, encoder = math.log(5 / 3), 1 - math.log(2)
    what = "inference_gaps with correlation 0.8, m = 0 and s2 = (0.72, 0.72)"
    expect_close(got, (family + encoder, family, encoder), what, parts=PARTS)


@check(points=0.5)
def a_mean_that_is_off(inference_gaps):
    """With the best variances, 0.36, a mean of (1, 1) costs 5/9, and that is the encoder's fault."""
    got = inference_gaps(CORRELATED.copy(), np.ones(2), np.array([0.36, 0.36]))
    expected = (math.log(5 / 3) + 5 / 9, math.log(5 / 3), 5 / 9)
    expect_close(got, expected, "inference_gaps with correlation 0.8 and m = (1, 1)", parts=PARTS)


# %% hidden checks
def kl_by_points(S, m, s2):
    """KL(q || N(0, S)): E_q of a square is its mean over 2 D points, and no precision matrix is needed."""
    D = len(m)
    points = np.concatenate([m + np.diag(np.sqrt(D * s2)), m - np.diag(np.sqrt(D * s2))])
    squares = np.mean(np.sum(points * np.linalg.solve(S, points.T).T, axis=1))
    return float(squares - D + np.sum(np.log(np.linalg.eigvalsh(S))) - np.sum(np.log(s2))) / 2


def best_variances(S):
    """The variance that is left in each coordinate when all others are known."""
    left = []
    for i in range(len(S)):
        others = [j for j in range(len(S)) if j != i]
        explained = S[i, others] @ np.linalg.solve(S[np.ix_(others, others)], S[others, i])
        left.append(S[i, i] - explained)
    return np.array(left)


def by_another_route(S, m, s2):
    """The three numbers, each gap a difference of two KL divergences."""
    total, least = kl_by_points(S, m, s2), kl_by_points(S, np.zeros(len(m)), best_variances(S))
    return total, least, total - least


def random_case(rng, D):
    """A posterior with correlations, and some q."""
    A = rng.normal(size=(D, D))
    return A @ A.T + 0.3 * np.eye(D), rng.normal(size=D), rng.uniform(0.2, 1, D)


@check(points=1.5, hidden=True)
def the_family_and_the_encoder(inference_gaps, rng):
    """For random posteriors of 2 to 6 dimensions all three match KL divergences computed in another way."""
    for D in (2, 3, 4, 6):
        S, m, s2 = random_case(rng, D)
        what = f"inference_gaps of a random posterior in {D} dimensions"
        expect_close(inference_gaps(S, m, s2), by_another_route(S, m, s2), what, parts=PARTS, rtol=1e-9)
    S, m, s2 = np.array([[2, 1], [1, 2]]), np.array([1, 0]), np.array([1, 3])
    got, expected = inference_gaps(S, m, s2), by_another_route(S, m, s2)
    expect_close(got, expected, "inference_gaps of arrays of integers", parts=PARTS, rtol=1e-9)


@check(points=1, hidden=True)
def the_mean_along_and_across(inference_gaps, rng):
    """The same mean error costs little along the posterior's long axis and much across it."""
    for m in ([1.0, 1.0], [1.0, -1.0], [-2.0, 0.5], [-1.0, -2.0], [90.0, -70.0], rng.normal(size=2)):
        m, s2 = np.array(m), np.array([0.5, 0.3])
        what = f"inference_gaps with correlation 0.8, m = {m.tolist()} and s2 = (0.5, 0.3)"
        expected = by_another_route(CORRELATED, m, s2)
        expect_close(inference_gaps(CORRELATED.copy(), m, s2), expected, what, parts=PARTS, rtol=1e-9)


@check(points=0.5, hidden=True)
def without_correlations_the_family_is_rich_enough(inference_gaps, rng):
    """For an uncorrelated posterior, and in one dimension, the approximation gap is 0 and all is the encoder's fault."""
    for D in (2, 1, 5):
        variances, m, s2 = 2.0 ** rng.integers(1, 4, D), rng.normal(size=D), rng.uniform(0.2, 1, D)
        total = math.fsum(s / v + a * a / v - 1 + math.log(v / s) for v, a, s in zip(variances, m, s2, strict=True)) / 2
        what = f"inference_gaps of an uncorrelated posterior in {D} dimensions"
        expect_close(inference_gaps(np.diag(variances), m, s2), (total, 0.0, total), what, parts=PARTS)


@check(points=1, hidden=True)
def determinants_beyond_the_floats(inference_gaps, rng):
    """In 60 and 100 dimensions it holds for very small and very large covariances too."""
    for D, scale in ((60, 1e-8), (100, 1e6)):
        S, m, s2 = random_case(rng, D)
        S, m, s2 = scale * (S / D + 0.5 * np.eye(D)), math.sqrt(scale) * m, scale * s2
        what = f"inference_gaps in {D} dimensions, covariances near {scale:g}"
        expect_close(inference_gaps(S, m, s2), by_another_route(S, m, s2), what, parts=PARTS)


# %% hints
HINTS = [
    "Invert S once. The total is the formula above, term by term; np.linalg.slogdet gives a determinant's logarithm.",
    "Differentiate the total with respect to one variance of q. Where is it 0, and what is the best m?",
    "The approximation gap is the total at the best q. Insert it into the formula and see which terms cancel.",
    "The amortization gap is what is left of the total. It is a difference of two ELBOs, not a KL of its own.",
]
WHY = r"""
The total has the derivative $\tfrac12 (\Lambda_{ii} - 1/s_i^2)$ in each variance, so the best ones are
$1/\Lambda_{ii}$, one over the diagonal of the *precision*. They are never larger than the diagonal of $S$: the best
$q$ without correlations is too narrow. Put in, $\sum_i \Lambda_{ii} s_i^2$ becomes $D$ and cancels, and $\tfrac12
(\log\det S + \sum_i \log \Lambda_{ii})$ is left. The third number is what remains of the total; to give it a formula
of its own, $\mathrm{KL}(q \,\|\, q^\ast)$, is the mistake in the box below. `slogdet`, because the determinant of a
hundred variances of $10^{-5}$ is 0 for a float.
"""
COVERS = ["S0.elbo.b", "S0.elbo.c"]
KERNELS = [kernels.inference_gaps]

# %% [markdown]
# > **A common claim: "$\mathrm{KL}(q \,\|\, p) = \mathrm{KL}(q^\ast \,\|\, p) + \mathrm{KL}(q \,\|\, q^\ast)$."** It looks like the
# > theorem of Pythagoras, with $q^\ast$ as the foot of the perpendicular, and it was the model answer to an exam question on
# > these two gaps. Let us see what it would need. Always,
# >
# > $$ \mathrm{KL}(q \,\|\, p) = \mathbb{E}_q \log \frac{q}{q^\ast} + \mathbb{E}_q \log \frac{q^\ast}{p}
# >    = \mathrm{KL}(q \,\|\, q^\ast) + \mathbb{E}_q \log \frac{q^\ast}{p} , $$
# >
# > and the claim holds exactly if the last term has the same mean under $q$ as under $q^\ast$.
# >
# > **Where it holds:** in a *linear* family, all distributions with given means $\mathbb{E}_q f_i = c_i$ of some functions.
# > There the best member is $q^\ast \propto p\, e^{\sum_i \theta_i f_i}$ (set the derivative of $\mathrm{KL}(q \,\|\, p)$ plus
# > multipliers to 0). So $\log (q^\ast / p) = \sum_i \theta_i f_i - \log Z$ is made of the very functions whose means all
# > members share, and its mean is the same for all. That is the Pythagorean identity of information geometry (Csiszár 1975).
# >
# > **Where it fails:** in the family of this section, to begin with. Here
# > $\log (q^\ast / p) = \tfrac12 z^\top (\Lambda - \mathrm{diag}\, \Lambda) z + \text{const}$. Under $q$ the variances do not
# > matter for it, but the mean does: the two sides differ by
# > $\tfrac12 m^\top (\Lambda - \mathrm{diag}\, \Lambda)\, m$, which has either sign. The cell shows both. One looks right: with
# > the mean at 0 the claim happens to hold, and so it survives a careless test.

# %% experiment
gaps = grader.yours("inference_gaps")
S, s2 = np.array([[1.0, 0.8], [0.8, 1.0]]), np.array([0.5, 0.3])
precision = np.linalg.inv(S)
own = np.diag(precision)
print(f"{'m':>8} {'KL(q||p)':>9} {'the claim':>10} {'difference':>11} {'by the formula':>15}")
for m in (np.array([1.0, 1.0]), np.array([1.0, -1.0]), np.zeros(2)):
    total, least, amortization = gaps(S, m, s2)
    to_the_best = (own @ s2 + own @ m**2 - 2 - np.log(own * s2).sum()) / 2
    formula = m @ (precision - np.diag(own)) @ m / 2
    claim = least + to_the_best
    print(f"{m.astype(int).tolist()!s:>8} {total:9.3f} {claim:10.3f} {total - claim:11.3f} {formula:15.3f}")
print("approximation gap by correlation:", end=" ")
print(*(f"{r:g}: {gaps(np.array([[1, r], [r, 1]]), np.zeros(2), s2)[1]:.3f}" for r in (0.0, 0.5, 0.9, 0.99)), sep="   ")


# %% right and wrong answers
@right_answer
def by_cholesky(S, m, s2):
    """One triangular factor gives the precision and the determinant (twice the sum of the logarithms on its diagonal),
    and stops with an error where S is no covariance. The habit of most libraries.
    """
    L = np.linalg.cholesky(np.asarray(S, dtype=float))
    half = np.linalg.solve(L, np.eye(len(m)))
    own, log_det = np.sum(half**2, axis=0), 2 * np.sum(np.log(np.diag(L)))

    def kl(mean, variances):
        return 0.5 * (own @ variances + np.sum((half @ mean) ** 2) - len(m) + log_det - np.log(variances).sum())

    total, least = kl(m, s2), kl(np.zeros(len(m)), 1 / own)
    return total, least, total - least


@right_answer
def by_eigenvectors(S, m, s2):
    """Along its own axes the ellipsoid is a product of bells. The amortization gap is computed by itself here, from
    terms that are never negative, and the total from it: no digits are lost where q is nearly the best.
    """
    values, vectors = np.linalg.eigh(S)
    own = (vectors**2 / values).sum(axis=1)
    amortization = 0.5 * (own * s2 - np.log(own * s2) - 1).sum() + 0.5 * np.sum((vectors.T @ m) ** 2 / values)
    approximation = 0.5 * np.log(values).sum() + 0.5 * np.log(own).sum()
    return [float(approximation + amortization), float(approximation), float(amortization)]


def terms(S, m, s2):
    """Total, approximation gap, diagonal of the precision and the precision, for wrong answers to be made of."""
    precision = np.linalg.inv(S)
    total, approximation, _ = by_eigenvectors(S, m, s2)
    return total, approximation, np.diag(precision), precision


@wrong_answer(
    passes=(variances_twice_too_large, without_correlations_the_family_is_rich_enough),
    feedback="Your third number is KL(q || q*). The amortization gap is what is left of the total, a difference of two ELBOs.",
)
def pythagoras(S, m, s2):
    total, approximation, own, _ = terms(S, m, s2)
    return total, approximation, (own @ s2 + own @ m**2 - len(m) - np.log(own * s2).sum()) / 2


@wrong_answer(
    passes=(without_correlations_the_family_is_rich_enough,),
    feedback="The best variances are not the posterior's marginal ones: differentiate the total. KL(q || p) punishes q for being too wide.",
)
def marginal_variances(S, m, s2):
    total, _, own, _ = terms(S, m, s2)
    variances = np.diag(S)
    log_det = np.linalg.slogdet(S)[1]
    approximation = (own @ variances - len(m) + log_det - np.log(variances).sum()) / 2
    return total, approximation, total - approximation


@wrong_answer(
    passes=(variances_twice_too_large, without_correlations_the_family_is_rich_enough),
    feedback="The mean enters the total through the whole precision matrix. You use its diagonal only.",
)
def diagonal_for_the_mean(S, m, s2):
    total, approximation, own, precision = terms(S, m, s2)
    total += (own @ m**2 - m @ precision @ m) / 2
    return total, approximation, total - approximation


@wrong_answer(
    passes=(variances_twice_too_large,),
    feedback="The mean of q is missing from the total: it costs something that the posterior lies elsewhere.",
)
def mean_forgotten(S, m, s2):
    return by_eigenvectors(S, np.zeros(len(m)), s2)


@wrong_answer(
    feedback="s2 holds variances already. You square them once more, as if they were standard deviations.",
)
def s2_taken_for_sigma(S, m, s2):
    return by_eigenvectors(S, m, s2**2)


@wrong_answer(
    feedback="Your total is KL(p || q). The gap of the ELBO is the other direction, KL(q || p), and so is the best q.",
)
def the_other_direction(S, m, s2):
    variances, log_det = np.diag(S), np.linalg.slogdet(S)[1]
    total = (np.sum((variances + m**2) / s2) - len(m) + np.log(s2).sum() - log_det) / 2
    approximation = (np.log(variances).sum() - log_det) / 2
    return total, approximation, total - approximation


@wrong_answer(
    feedback="A covariance stands where its inverse belongs: S is the posterior's covariance, and the formula has the precision.",
)
def covariance_for_precision(S, m, s2):
    own, log_det = np.diag(S), np.linalg.slogdet(S)[1]
    total = (own @ s2 + m @ S @ m - len(m) + log_det - np.log(s2).sum()) / 2
    approximation = (log_det + np.log(own).sum()) / 2
    return total, approximation, total - approximation


@wrong_answer(
    feedback="The factor one half of the KL between Gaussians is missing.",
)
def not_halved(S, m, s2):
    return tuple(2 * each for each in by_eigenvectors(S, m, s2))


@wrong_answer(
    feedback="The sign of the log determinant is off: the wider the posterior, the more probability q leaves unused.",
)
def determinant_subtracted(S, m, s2):
    total, approximation, _, _ = terms(S, m, s2)
    log_det = np.linalg.slogdet(S)[1]
    return total - log_det, approximation - log_det, total - approximation


@wrong_answer(
    feedback="The amortization gap has the wrong sign: q* has the larger ELBO, so ELBO(q*) - ELBO(q) is not negative.",
)
def amortization_negative(S, m, s2):
    total, approximation, amortization = by_eigenvectors(S, m, s2)
    return total, approximation, -amortization


@wrong_answer(
    feedback="The two gaps stand in the other order than asked: total, approximation, amortization.",
)
def amortization_second(S, m, s2):
    total, approximation, amortization = by_eigenvectors(S, m, s2)
    return total, amortization, approximation


@wrong_answer(
    passes=(without_correlations_the_family_is_rich_enough,),
    feedback="You give the whole total to the encoder. What even the best q of the family loses is not its fault.",
)
def all_amortization(S, m, s2):
    total, approximation, _ = by_eigenvectors(S, m, s2)
    return total, approximation, total


@wrong_answer(
    determinants_beyond_the_floats,
    feedback="The determinant itself is too small or too large for a float here. Ask for its logarithm instead.",
)
def determinant_then_logarithm(S, m, s2):
    total, approximation, _, _ = terms(S, m, s2)
    with np.errstate(all="ignore"):
        error = np.log(np.linalg.det(S)) / 2 - np.linalg.slogdet(S)[1] / 2
    return total + error, approximation + error, total - approximation
