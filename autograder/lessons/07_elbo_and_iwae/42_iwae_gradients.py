# %% [markdown]
# ## What tightening costs: the encoder's gradient, twice
#
# The bound rises with $K$. Now train with it. The parameters of the model are happy: their gradient gets less noisy with
# every sample. The encoder's does not. As $K$ grows, $L_K$ tends to $\log p(x)$ *whatever $q$ is*; so the gradient for $q$
# vanishes, like $1/K$, while its noise falls like $1/\sqrt K$ only. The better the bound, the less the encoder learns from it.
# This section has the ordinary gradient, and the cure.
#
# **The ordinary one.** Let $q = N(b, s^2)$, with $b$ to be learned, and $z_k = b + s\varepsilon_k$, so that
# $\partial z_k / \partial b = 1$. With $\tilde w_k = w_k / \sum_j w_j$, the derivative of a log-mean-exp is
#
# $$ \frac{d L_K}{d b} = \sum_k \tilde w_k\, \frac{d \log w_k}{d b}, \qquad \log w_k = \log p(x, z_k) - \log q(z_k; b). $$
#
# This is a *total* derivative: $b$ moves $z_k$, and it also stands in $q$ itself. For the second term both together do nothing at
# all: $\log q(b + s\varepsilon; b) = -\varepsilon^2/2 - \log s - \frac12\log 2\pi$. There is no $b$ in it. What is left is
#
# $$ \mathrm{standard} = \sum_k \tilde w_k\, \frac{\partial \log p(x, z_k)}{\partial z_k} . $$
#
# **The cure.** Take the two ways of $b$ apart. Through the sample, and directly:
#
# $$ \frac{d L_K}{d b} = \sum_k \tilde w_k\, \frac{\partial \log w_k}{\partial z_k}
#    - \sum_k \tilde w_k\, \frac{\partial \log q(z_k; b)}{\partial b}, \qquad
#    \frac{\partial \log w_k}{\partial z_k} = \frac{\partial \log p(x, z_k)}{\partial z_k} + \frac{z_k - b}{s^2} . $$
#
# The second sum is a score function, and score functions are noisy. So reparameterize it once more. For any $g$,
# $\mathbb{E}_q[\, g(z)\, \partial_b \log q(z; b)\,] = \mathbb{E}_q[\, g'(z)\,]$: these are the two estimators that you have
# written. Here $g$ is $\tilde w_k$ as a function of its own sample, and the derivative of a softmax is
#
# $$ \frac{\partial \tilde w_k}{\partial z_k} = \tilde w_k (1 - \tilde w_k)\, \frac{\partial \log w_k}{\partial z_k} . $$
#
# Put it in. In expectation the two sums are $\bigl[\tilde w_k - \tilde w_k (1 - \tilde w_k)\bigr]\, \partial \log w_k / \partial z_k$,
# and the bracket is $\tilde w_k^2$:
#
# $$ \mathrm{dreg} = \sum_k \tilde w_k^2 \, \frac{\partial \log w_k}{\partial z_k} . $$
#
# The same mean, and no score function in it. If $q$ is the posterior, $\log w$ does not depend on $z$, and the estimate is
# exactly 0, sample by sample: an encoder that is right stays where it is. This is the doubly reparameterized gradient, DReG
# (Tucker, Lawson, Gu and Maddison, 2019).
#
# | argument | shape | meaning |
# |---|---|---|
# | `z` | `(N, K)` | samples $b + s\varepsilon$; each row is one estimate with $K$ samples |
# | `b`, `s` | numbers, `s` > 0 | mean and **standard deviation** of $q$ |
# | `dlogp` | `(N, K)` | $\partial \log p(x, z) / \partial z$ at the samples |
# | `logw` | `(N, K)` | the log-weights, finite; some rows near 0, others near $-2000$ or $2000$ |
# | results | two arrays `(N,)` | the standard and the DReG estimate of $d L_K / d b$, one for each row |
#
# **Write `iwae_gradients(z, b, s, dlogp, logw)`, which returns `(standard, dreg)`.**
#
# *Elsewhere:* in torch one multiplies the gradient that arrives at $z$ by $\tilde w_k$ once more (`z.register_hook`), and takes
# the parameters of $q$ out of the graph where they stand in $\log q$ (`detach`).

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, right_answer, wrong_answer


# %% answer
def iwae_gradients(z, b, s, dlogp, logw):
    """Return the standard and the DReG estimate of dL_K/db, both (N,); z, dlogp = dlog p(x,z)/dz and logw are (N, K)."""
    # BEGIN SOLUTION
    weights = np.exp(logw - logw.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    through_z = dlogp + (z - b) / s**2  # d log w / dz
    return (weights * dlogp).sum(axis=1), (weights**2 * through_z).sum(axis=1)
    # END SOLUTION


# %% public checks
PARTS = ("the standard estimates", "the DReG estimates")


@check(points=0.5)
def a_single_sample(iwae_gradients):
    """With K = 1, z = 3, b = 1, s = 2 and dlogp = 5, the estimates are 5 and 5 + 2/4."""
    got = iwae_gradients(np.array([[3.0]]), 1.0, 2.0, np.array([[5.0]]), np.array([[-7.0]]))
    expect_close(got, (np.array([5.0]), np.array([5.5])), "iwae_gradients with one sample", parts=PARTS)


@check(points=0.5)
def two_samples_by_hand(iwae_gradients):
    """Weights 1 and 3 at z = 0 and 2, with b = s = 1 and dlogp = 4 and 8, give (4 + 24)/4 and (3 + 81)/16."""
    got = iwae_gradients(np.array([[0.0, 2.0]]), 1.0, 1.0, np.array([[4.0, 8.0]]), np.log([[1.0, 3.0]]))
    expect_close(got, (np.array([7.0]), np.array([5.25])), "iwae_gradients with weights 1 and 3", parts=PARTS)


@check(points=0.5)
def rows_of_their_own(iwae_gradients):
    """Adding 2000 to the log-weights of a row, or taking 2000 away, changes nothing."""
    rows, level = np.ones((3, 1)), np.array([[2000.0], [0.0], [-2000.0]])
    z, dlogp, logw = rows * np.array([0.0, 2.0]), rows * np.array([4.0, 8.0]), level + np.log([1.0, 3.0])
    got = iwae_gradients(z, 1.0, 1.0, dlogp, logw)
    expected = (np.full(3, 7.0), np.full(3, 5.25))
    expect_close(got, expected, "iwae_gradients of rows near 2000, 0 and -2000", parts=PARTS)


# %% hidden checks
def log_joint(z):
    """Some log p(x, z) whose derivative is not a straight line."""
    return -(z**4) / 10 - (1.5 - z) ** 2 / 2 + np.sin(z)


def slope(z):
    return -0.4 * z**3 + (1.5 - z) + np.cos(z)


def log_q(z, b, s):
    return -((z - b) ** 2) / (2 * s**2) - math.log(s)


def bound(logw):
    """The log-mean-exp of a vector that may be complex."""
    level = np.max(np.real(logw))
    return level + np.log(np.mean(np.exp(logw - level)))


def by_complex_steps(eps, b, s):
    """Both estimates of a row, from derivatives of the bound: for b, and for every sample and log-weight at fixed q."""
    z = b + s * eps
    logw = log_joint(z) - log_q(z, b, s)
    standard = complex_step(lambda b: bound(log_joint(b + s * eps) - log_q(b + s * eps, b, s)), np.array(b))
    for_samples = complex_step(lambda z: bound(log_joint(z) - log_q(z, b, s)), z)
    return float(standard), float(complex_step(bound, logw) @ for_samples)


@check(points=1, hidden=True)
def derivatives_of_the_bound(iwae_gradients, rng):
    """For 1 to 5 rows and 1 to 30 samples the standard estimate is the derivative of L_K, and DReG its two factors."""
    for N, K, b, s in [
        (4, 5, 1.2, 0.8),
        (3, 1, -0.5, 0.3),
        (1, 30, 0.2, 1.5),
        (1, 1, 2.0, 1.0),
        (5, 5, 0.9, 0.6),
        (2, 3, 0.0, 0.7),
    ]:
        eps = rng.normal(size=(N, K))
        z = b + s * eps
        logw = log_joint(z) - log_q(z, b, s)
        expected = tuple(np.array([by_complex_steps(row, b, s) for row in eps]).T)
        what = f"iwae_gradients of {N} rows with {K} samples"
        expect_close(iwae_gradients(z, b, s, slope(z), logw), expected, what, parts=PARTS, rtol=1e-8)


@check(points=1, hidden=True)
def weights_of_every_size(iwae_gradients, rng):
    """It holds for rows near 0, 2000 and -2000 together, and where one sample has all the weight."""
    eps = rng.normal(size=(4, 3))
    for b, s in ((30.0, 0.05), (0.7, 0.9)):
        z = b + s * eps
        logw = log_joint(z) - log_q(z, b, s)
        expected = tuple(np.array([by_complex_steps(row, b, s) for row in eps]).T)
        what = f"iwae_gradients of log-weights near {logw.mean():.0f}"
        expect_close(iwae_gradients(z, b, s, slope(z), logw), expected, what, parts=PARTS, rtol=1e-8)
    moved = logw + np.array([[-2000.0], [0.0], [2000.0], [-700.0]])
    what = "iwae_gradients of rows at different levels"
    expect_close(iwae_gradients(z, b, s, slope(z), moved), expected, what, parts=PARTS, rtol=1e-8)
    apart = np.array([[0.0, 2000.0, 1.0], [1500.0, 0.0, 0.0]])
    heavy = z[:2][apart > 1000]
    expected = slope(heavy), slope(heavy) + (heavy - b) / s**2
    what = "iwae_gradients where one sample has all the weight"
    expect_close(iwae_gradients(z[:2], b, s, slope(z[:2]), apart), expected, what, parts=PARTS, rtol=1e-8)
    got = iwae_gradients(np.array([[0, 2]]), 1, 1, np.array([[4, 8]]), np.array([[-5, -5]]))
    expect_close(got, (np.array([6.0]), np.array([3.0])), "iwae_gradients of integers", parts=PARTS, rtol=1e-8)


@check(points=1, hidden=True)
def a_perfect_encoder_is_left_alone(iwae_gradients, rng):
    """If q is the posterior, every DReG estimate is 0, while the standard one is noise."""
    b, s = 1.0, 0.5
    z = b + s * rng.integers(-16, 17, size=(5, 4)) / 8  # sums of eighths are exact, and 0 is 0
    slopes = (b - z) / s**2
    expected = (slopes.mean(axis=1), np.zeros(5))
    got = iwae_gradients(z, b, s, slopes, np.full((5, 4), -2.5))
    expect_close(got, expected, "iwae_gradients with q = posterior", parts=PARTS, rtol=1e-8)


@check(points=1.5, hidden=True)
def the_same_mean(iwae_gradients, rng):
    """Averaged over all samples, with K = 1 and K = 2, both are the derivative of the expected bound."""
    nodes, chances = np.polynomial.hermite_e.hermegauss(40)
    first, second = (each.ravel() for each in np.meshgrid(nodes, nodes))
    b, s = rng.uniform(1.1, 1.3), 0.8
    for eps, chance in ((nodes[:, None], chances), (np.stack([first, second], 1), np.outer(chances, chances).ravel())):
        K, chance = eps.shape[1], chance / chance.sum()
        z = b + s * eps
        logw = -((z - 0.4) ** 2) / 2 - (1.5 - z) ** 2 / 2 - log_q(z, b, s)
        got = iwae_gradients(z, b, s, 1.9 - 2 * z, logw)
        standard, dreg = (chance @ np.asarray(each, dtype=float) for each in got)
        weights = np.exp(logw - logw.max(axis=1, keepdims=True))
        slope_of_the_mean = chance @ (np.sum(weights * (1.9 - 2 * z), axis=1) / weights.sum(axis=1))
        what, expected = f"the mean estimates with K = {K}", (slope_of_the_mean, slope_of_the_mean)
        expect_close((standard, dreg), expected, what, parts=("standard", "DReG"), rtol=1e-5)


# %% hints
HINTS = [
    "The normalized weights first: a softmax over each row, with each row's own maximum subtracted.",
    "In the standard estimate q does not appear: follow b through log q(b + s eps; b) once more.",
    "For DReG you need d log w / dz with q held fixed. What is the derivative of minus log q for z?",
    "Both are sums over k. They differ in the derivative, and in a power of the weights.",
]
WHY = r"""
Along $z = b + s\varepsilon$ the density $\log q(z; b)$ does not change with $b$, so the standard estimate has the
slope of $\log p$ and nothing else. DReG holds $q$ still and moves $z$ alone: then $-\log q$ has the slope $(z -
b)/s^2$, and the weights are squared. If $q$ is the posterior this slope cancels that of $\log p$ at every sample, so
the estimate is 0 with no noise at all, while the standard one is 0 on average only. The squares need no second
normalization: their sum is less than 1 and is meant to be, for it makes the mean fall like $1/K$.
"""
COVERS = ["S2.9", "S0.k"]
KERNELS = [kernels.iwae_gradients]

# %% [markdown]
# **See it.** The model has the prior $N(0.4, 1)$, and $x = 1.5$; its posterior is $N(0.95, 1/2)$. The encoder says
# $N(1.2, 2/3)$. The signal-to-noise ratio is the size of an estimate's mean over its standard deviation: how many standard
# deviations from 0 is the direction? For the standard gradient it falls from 0.3 to below 0.01. For DReG it grows, and with
# the square root of $K$.
#
# > **A common claim: "drop the score function from the gradient: its mean is 0."** With $K = 1$ it is, and leaving it out is a good
# > idea, known as sticking the landing. With $K > 1$ the weights $\tilde w_k$ in front of it depend on the same samples, and its
# > mean is not 0. The last column is that estimate, $\sum_k \tilde w_k\, \partial \log w_k / \partial z_k$. Its mean should be that of
# > the second column, which goes to 0; it stays near $-0.375$. That is $(0.95 - 1.2) / (2/3)$, the mean score of $q$ under the
# > *posterior*: the slope of another quantity, minus $\mathrm{KL}(p(z \mid x) \,\|\, q)$. It may even be a good thing to climb (reweighted
# > wake-sleep does so), but it is not the gradient of $L_K$.

# %% experiment
gradients = grader.yours("iwae_gradients")
draws, x, theta, b, s = np.random.default_rng(0), 1.5, 0.4, 1.2, math.sqrt(2 / 3)
print(f"{'K':>5} {'mean':>9} {'ratio, standard':>16} {'ratio, DReG':>12} {'mean without score function':>28}")
for K in (1, 2, 8, 32, 128, 1000):
    eps = draws.normal(size=(800_000 // K, K))
    z = b + s * eps
    logw = -((z - theta) ** 2 + (x - z) ** 2 - eps**2) / 2
    standard, dreg = gradients(z, b, s, theta + x - 2 * z, logw)
    without, _ = gradients(z, b, s, theta + x - 2 * z + (z - b) / s**2, logw)
    mean = abs(dreg.mean())  # both have this mean; DReG knows it better
    print(f"{K:5d} {dreg.mean():9.4f} {mean / standard.std():16.3f} {mean / dreg.std():12.2f} {without.mean():28.3f}")


# %% right and wrong answers
@right_answer
def in_loops(z, b, s, dlogp, logw):
    """The two sums as they stand in the text, row by row. Slow, and good for checking anything faster."""
    standard, dreg = [], []
    for row, slopes, logs in zip(z, dlogp, logw, strict=True):
        w = [math.exp(each - max(logs)) for each in logs]
        shares = [each / sum(w) for each in w]
        standard.append(sum(a * g for a, g in zip(shares, slopes, strict=True)))
        dreg.append(sum(a * a * (g + (v - b) / s**2) for a, g, v in zip(shares, slopes, row, strict=True)))
    return np.array(standard), np.array(dreg)


@right_answer
def with_einsum(z, b, s, dlogp, logw):
    """Each result in one call, and no array of products is ever written down, which counts where N times K is large.
    The shares are normalized in logarithms.
    """
    shares = np.exp(logw - np.logaddexp.reduce(logw, axis=1, keepdims=True))
    eps = (z - b) / s
    return np.einsum("nk,nk->n", shares, dlogp), np.einsum("nk,nk,nk->n", shares, shares, dlogp + eps / s)


def softmax(logw):
    return np.exp(logw - np.logaddexp.reduce(logw, axis=1, keepdims=True))


def estimated(standard=lambda w, d, q: w * d, dreg=lambda w, d, q: w**2 * (d + q), shares=softmax):
    """The two sums with other terms, made of the weights, dlogp and -d log q/dz, or with other weights."""

    def answer(z, b, s, dlogp, logw):
        with np.errstate(all="ignore"):
            w, from_q = shares(logw), (z - b) / s**2
        return standard(w, dlogp, from_q).sum(axis=1), dreg(w, dlogp, from_q).sum(axis=1)

    return answer


weights_not_squared = wrong_answer(
    passes=(a_single_sample, a_perfect_encoder_is_left_alone),
    feedback="In DReG the weights are squared. With plain weights you have dropped the score function, which is biased for K > 1.",
)(estimated(dreg=lambda w, d, q: w * (d + q)))

sign_of_q = wrong_answer(
    feedback="The sign: log q is subtracted in log w, and its own derivative for z is negative to the right of b.",
)(estimated(dreg=lambda w, d, q: w**2 * (d - q)))

q_in_the_standard_one = wrong_answer(
    feedback="Along the path z = b + s eps the density log q(z; b) does not change with b, so q drops out of the standard estimate.",
)(estimated(standard=lambda w, d, q: w * (d + q)))

q_missing = wrong_answer(
    feedback="DReG has the derivative of log w, not of log p alone: q, held fixed, depends on z too.",
)(estimated(dreg=lambda w, d, q: w**2 * d))

only_the_standard_one = wrong_answer(
    passes=(the_same_mean,),
    feedback="Your two results are the same. DReG differs in two things: in the derivative, and in the power of the weights.",
)(estimated(dreg=lambda w, d, q: w * d))

squares_normalized = wrong_answer(
    passes=(a_single_sample, a_perfect_encoder_is_left_alone),
    feedback="You normalize the squared weights once more. Their sum is less than 1, and is meant to be.",
)(estimated(dreg=lambda w, d, q: w**2 / (w**2).sum(axis=1, keepdims=True) * (d + q)))

no_weights = wrong_answer(
    passes=(a_single_sample, a_perfect_encoder_is_left_alone),
    feedback="Every sample counts alike in yours. That is the gradient of the ELBO; here each counts with its normalized weight.",
)(estimated(lambda w, d, q: d / d.shape[1], lambda w, d, q: (d + q) / d.shape[1]))

not_normalized = wrong_answer(
    feedback="The weights are to be normalized: they sum to 1 in each row.",
)(estimated(shares=lambda logw: np.exp(np.minimum(logw, 300.0))))

no_shift = wrong_answer(
    rows_of_their_own,
    weights_of_every_size,
    feedback="exp(2000) is inf, exp(-2000) is 0, and both end as nan. Subtract each row's maximum first.",
)(estimated(shares=lambda logw: np.exp(logw) / np.exp(logw).sum(axis=1, keepdims=True)))

one_shift_for_all = wrong_answer(
    rows_of_their_own,
    weights_of_every_size,
    feedback="One maximum for the whole array leaves rows in which every weight is 0. Each row needs its own.",
)(estimated(shares=lambda logw: np.exp(logw - logw.max()) / np.exp(logw - logw.max()).sum(axis=1, keepdims=True)))

normalized_over_rows = wrong_answer(
    passes=(a_single_sample,),
    feedback="The weights are normalized over the K samples of a row, not over the N rows.",
)(estimated(shares=lambda logw: np.exp(logw - np.logaddexp.reduce(logw, axis=0))))


@wrong_answer(
    passes=(two_samples_by_hand, rows_of_their_own),
    feedback="The derivative of log q for z has the variance in its denominator, the square of s.",
)
def s_not_squared(z, b, s, dlogp, logw):
    return estimated()(z, b, math.sqrt(s), dlogp, logw)


@wrong_answer(
    passes=(the_same_mean,),
    feedback="The order: the standard estimates come first.",
)
def dreg_first(z, b, s, dlogp, logw):
    return in_loops(z, b, s, dlogp, logw)[::-1]


@wrong_answer(
    feedback="One estimate for each row is asked. You average over the rows.",
)
def averaged(z, b, s, dlogp, logw):
    return tuple(float(each.mean()) for each in in_loops(z, b, s, dlogp, logw))
