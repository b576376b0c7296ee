# %% [markdown]
# ## A choice with a slope
#
# There is a second road through a discrete latent. Emil Gumbel's distribution has a curious property: add an
# independent Gumbel draw $g_j$ to each logit, take the class with the *largest sum*, and you have drawn exactly from
# the softmax of the logits. Think of a race in which every runner has a time of arrival $E_j = -\log u_j$,
# exponentially distributed, divided by $e^{\ell_j}$, the runner's speed. The probability of arriving first is the own
# speed over the sum of all speeds. And the smallest $E_j e^{-\ell_j}$ has the largest $\ell_j - \log E_j$:
#
# $$ g_j = -\log(-\log u_j), \qquad u_j \text{ uniform between 0 and 1}. $$
#
# All the chance is now in $g$, outside, like the $\varepsilon$ of a Gaussian. Only the largest is still a choice
# without a slope. So one replaces it by a softmax at a temperature $\tau$:
#
# $$ \mathrm{soft} = \mathrm{softmax}\!\left(\frac{\ell + g}{\tau}\right), \qquad \mathrm{hard} = \mathrm{onehot}\!\left(\arg\max_j\,(\ell_j + g_j)\right) . $$
#
# For $\tau \to 0$ the soft sample becomes the hard one. The temperature divides logits *and* noise, so that it never
# changes which class is the largest.
#
# | argument | shape | meaning |
# |---|---|---|
# | `logits` | `(N, K)`, float64 or integer | finite, of any size, not normalized; $N$, $K \ge 1$ |
# | `u` | `(N, K)`, float64 | strictly between 0 and 1, and as near to either end as a float64 can come |
# | `tau` | number from 0.001 to 1000 | the temperature |
# | first result | `(N, K)` | soft samples; each row sums to 1 |
# | second result | `(N, K)` | hard samples: 1 at the class that was drawn, 0 elsewhere |
#
# **Write `gumbel_softmax(logits, u, tau)`.** Neither tiny temperatures nor huge logits may overflow, and a small
# number added inside the logarithms is not needed here: `u` is never 0 or 1. No two sums lie within $10^{-12}$ of one
# another. *Elsewhere:* `torch.nn.functional.gumbel_softmax(logits, tau, hard)` draws its own noise and returns one of
# the two. With `hard=True` its value is the hard sample, and its gradient that of the soft one, which is called
# *straight-through*.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, right_answer, wrong_answer


# %% answer
def gumbel_softmax(logits, u, tau):
    """Return relaxed samples and the one-hot samples that they relax, both (N, K), for logits and uniform u (N, K)."""
    # BEGIN SOLUTION
    noisy = logits - np.log(-np.log(u))
    ahead = noisy - noisy.max(axis=1, keepdims=True)  # 0 for the largest, before the division: nothing overflows
    grown = np.exp(ahead / tau)
    return grown / grown.sum(axis=1, keepdims=True), np.eye(logits.shape[1])[noisy.argmax(axis=1)]
    # END SOLUTION


# %% public checks
PARTS = ("soft", "hard")


@check(points=0.5)
def a_race_by_hand(gumbel_softmax):
    """With times of arrival 1, 2 and 4 and speeds 1, 1 and 8, the quotients are 1, 2 and 1/2: the third is first."""
    logits, u = np.array([[0.0, 0.0, math.log(8)]]), np.exp(-np.array([[1.0, 2.0, 4.0]]))
    expected = (np.array([[2.0, 1.0, 4.0]]) / 7, np.array([[0.0, 0.0, 1.0]]))
    expect_close(gumbel_softmax(logits, u, 1.0), expected, "gumbel_softmax with arrivals 1, 2, 4", parts=PARTS)


@check(points=0.5)
def the_same_race_colder(gumbel_softmax):
    """At half the temperature the soft sample takes the squares of 2, 1 and 4; the hard one stays."""
    logits, u = np.array([[0.0, 0.0, math.log(8)]]), np.exp(-np.array([[1.0, 2.0, 4.0]]))
    expected = (np.array([[4.0, 1.0, 16.0]]) / 21, np.array([[0.0, 0.0, 1.0]]))
    expect_close(gumbel_softmax(logits, u, 0.5), expected, "the same with tau = 1/2", parts=PARTS)


# %% hidden checks
def race(logits, u, tau):
    """Soft and hard samples from all pairs of runners: 1 / sum_j (E_k e^-l_k / E_j e^-l_j)^(1 / tau)."""
    soft, hard = np.zeros(logits.shape), np.zeros(logits.shape)
    for n, (row, times) in enumerate(zip(logits.tolist(), (-np.log(u)).tolist(), strict=True)):
        lead = [level - math.log(time) for level, time in zip(row, times, strict=True)]
        hard[n, max(range(len(row)), key=lead.__getitem__)] = 1.0
        for k in range(len(row)):
            gaps = [(other - lead[k]) / tau for other in lead]
            soft[n, k] = 0.0 if max(gaps) > 700 else 1 / math.fsum(math.exp(gap) for gap in gaps)
    return soft, hard


def compare(gumbel_softmax, logits, u, tau, what):
    """Both results beside the race; soft ones to relative accuracy, as far as they are not next to nothing."""
    expect_close(gumbel_softmax(logits, u, tau), race(logits, u, tau), what, parts=PARTS, rtol=1e-7, atol=1e-100)


@check(points=1, hidden=True)
def any_race(gumbel_softmax, rng):
    """For any numbers of races and classes, one of each too, and any temperature it matches all pairs worked out."""
    for (N, K), tau in [
        ((3, 4), 1.0),
        ((5, 3), 0.1),
        ((4, 4), 0.7),
        ((2, 1), 0.5),
        ((1, 6), 2.0),
        ((1, 1), 1.0),
        ((9, 6), 5.0),
    ]:
        logits, u = 1.5 * rng.normal(size=(N, K)), rng.uniform(0.01, 0.99, (N, K))
        compare(gumbel_softmax, logits, u, tau, f"gumbel_softmax of {N} races of {K}, tau = {tau}")


@check(points=1, hidden=True)
def cold_hot_and_huge(gumbel_softmax, rng):
    """Temperatures of 0.001 and 1000, logits of 10000 or -10000, and rows at different levels: nothing overflows."""
    u = rng.uniform(0.01, 0.99, (4, 3))
    logits = rng.normal(size=(4, 3))
    huge = np.array([[1e4, 0.0, 0.0], [-1e4, 0.0, 1.0], [0.0, 1.0, 2.0], [-9e3, -9e3, -9e3]])
    for some, tau in [(logits, 1e-3), (logits, 1e3), (huge, 1.0), (huge, 1e-3), (huge, 30.0), (logits - 5e3, 0.5)]:
        compare(gumbel_softmax, some, u, tau, f"gumbel_softmax at tau = {tau:g}, logits up to {abs(some).max():.0f}")
    for row in ([1, 0, -2], [1e150, 0.0, -1e150], [1e-150, 0.0, 0.0]):
        compare(gumbel_softmax, np.array([row] * 4), u, 2, f"gumbel_softmax at tau = 2, logits of {row}")
    compare(gumbel_softmax, logits, np.full((4, 3), 0.3), 1.0, "gumbel_softmax with equal draws")
    close, even = np.array([[0.0, 2e-12, -1.0]]), np.full((1, 3), 0.5)
    compare(gumbel_softmax, close, even, 1e3, "gumbel_softmax of sums 2e-12 apart at tau = 1000")


@check(points=1, hidden=True)
def draws_next_to_0_and_1(gumbel_softmax, rng):
    """The rarest draws count in full: u of 1e-300, and u so near to 1 that nothing lies between."""
    last = np.nextafter(1.0, 0.0)
    u = rng.uniform(0.2, 0.8, (4, 3))
    u[0, 0], u[1, 1], u[2, 2], u[3] = 1e-300, last, 1e-12, [1e-20, 3e-20, 1e-21]
    logits = rng.normal(size=(4, 3)) * np.array([[1.0], [1.0], [1.0], [0.0]])
    compare(gumbel_softmax, logits, u, 1.5, "gumbel_softmax with u of 1e-300 and 1 - 1.1e-16")
    compare(gumbel_softmax, np.zeros((1, 2)), np.array([[last, 1 - 1e-9]]), 4.0, "gumbel_softmax with u next to 1")
    compare(gumbel_softmax, np.zeros((1, 2)), np.array([[1e-300, 1e-200]]), 1.0, "gumbel_softmax with u next to 0")


# %% hints
HINTS = [
    "Make the noisy logits first, with two minus signs in the noise. Both results come from them.",
    "Which of the two results depends on the temperature?",
    "A softmax does not change if the largest entry of each row is subtracted. Do it before you divide by a small tau.",
]
WHY = r"""
All the chance is in `u`. Both results are read off the same noisy logits, so they agree on the winner at every
temperature, and the hard one needs no $\tau$ at all. The line that matters subtracts the row's largest: then $\tau =
0.001$ sends all others towards $-\infty$, whose exponential is 0, and nothing towards $+\infty$. No epsilon is
needed: the largest `u` below 1 makes a noise of 36.7, the smallest above 0 one of $-6.6$.
"""
COVERS = ["S2.10"]
KERNELS = [kernels.gumbel_softmax]

# %% [markdown]
# **See it: the draws are exact.** Two hundred thousand hard samples, counted, beside the softmax of the logits.
#
# > **A common claim: "with a low temperature Gumbel-softmax gives the exact gradient of the discrete model."** One
# > believes it, because the soft sample becomes the hard one. Its *bias* does vanish with $\tau$. But the slope of
# > soft with respect to the logits is $(\mathrm{diag}(s) - s s^\top)/\tau$: nearly always 0, and now and then of size
# > $1/\tau$. So the variance grows without bound while the bias shrinks, and there is no temperature at which both
# > are small. The table differentiates $\mathbb E[f(z)]$ with $f(z) = (c \cdot z)^2$, which the exact gradient knows
# > from enumeration. (Below a bias of 0.1 the two coldest rows show little but the error of 200 000 draws.) Beside it, at no
# > temperature at all, stands REINFORCE with a baseline that costs nothing to know here, $b = \mathbb E[f]$.
#
# **Which road, then?** Enumerate if there are few classes. Relax if $f$ can be evaluated between the classes and a
# little bias is welcome for less noise. Use the score function where $f$ exists for classes only, or where bias is
# not welcome. And there is a fourth one, vector quantization: take the nearest of $K$ code vectors forward, and pass
# the gradient straight through backward, biased and with little noise.

# %% experiment
sample = grader.yours("gumbel_softmax")
draws = np.random.default_rng(0)
logits, c = np.array([0.5, -0.2, 0.1]), np.array([1.0, 3.0, -2.0])
p = np.exp(logits) / np.exp(logits).sum()
many = np.tile(logits, (200_000, 1))
u = draws.uniform(1e-12, 1, many.shape)
print("hard samples", np.round(sample(many, u, 1.0)[1].mean(axis=0), 3), "  softmax", np.round(p, 3))
exact = p * (c**2 - p @ c**2)
print(f"exact gradient {np.round(exact, 3)}\n{'tau':>10}  {'bias':>6}  {'standard deviation of one draw':>6}")
for tau in (3.0, 1.0, 0.3, 0.1, 0.03, 0.01):
    s, _ = sample(many, u, tau)
    slope = 2 * (s @ c)[:, None] * c  # df/dz at the soft sample
    rows = s * (slope - (s * slope).sum(axis=1, keepdims=True)) / tau
    bias, spread = np.linalg.norm(rows.mean(axis=0) - exact), math.sqrt(rows.var(axis=0).sum())
    print(f"{tau:10g}  {bias:6.2f}  {spread:6.2f}")
k = sample(many, u, 1.0)[1].argmax(axis=1)
rows = (c[k] ** 2 - p @ c**2)[:, None] * (np.eye(3)[k] - p)
bias = np.linalg.norm(rows.mean(axis=0) - exact)
print(f"{'REINFORCE':>10}  {bias:6.2f}  {math.sqrt(rows.var(axis=0).sum()):6.2f}")


# %% right and wrong answers
def log_softmax(a):
    return a - np.logaddexp.reduce(np.asarray(a, dtype=float), axis=1, keepdims=True)


def variant(
    noise=lambda u: -np.log(-np.log(u)),
    relax=lambda logits, g, tau: (logits + g) / tau,
    shift=True,
    axis=1,
    hard=lambda logits, g, tau, soft: np.eye(logits.shape[1])[(logits + g).argmax(axis=1)],
    prepare=lambda logits: logits,
):
    """Gumbel-softmax with one thing changed."""

    def run(logits, u, tau):
        with np.errstate(all="ignore"):
            logits, g = prepare(np.asarray(logits, dtype=float)), noise(u)
            a = relax(logits, g, tau)
            grown = np.exp(a - (a.max(axis=axis, keepdims=True) if shift else 0.0))
            soft = grown / grown.sum(axis=axis, keepdims=True)
            return soft, hard(logits, g, tau, soft)

    return run


@right_answer
def by_logarithms(logits, u, tau):
    """The softmax as an exponential of a difference of logarithms: the form to take if one wants the logarithm of the
    soft sample too, as a loss does. Finding the winner by comparison would mark two in a tie.
    """
    noisy = logits - np.log(-np.log1p(np.asarray(u) - 1.0)) if np.min(u) > 0.5 else logits - np.log(-np.log(u))
    soft = np.exp(noisy / tau - np.logaddexp.reduce(noisy / tau, axis=1, keepdims=True))
    hard = (noisy == noisy.max(axis=1, keepdims=True)).astype(float)
    return soft, hard


@right_answer
def row_by_row(logits, u, tau):
    """One row after the other, as one reads it. The winner is taken from the soft sample, so two entries that round to
    the same number could be mistaken for one another.
    """
    soft, hard = np.zeros(logits.shape), np.zeros(logits.shape)
    for n in range(len(logits)):
        noisy = logits[n] - np.log(-np.log(u[n]))
        grown = np.exp((noisy - max(noisy)) / tau)
        soft[n] = grown / sum(grown)
        hard[n, np.argmax(soft[n])] = 1
    return soft, hard


@right_answer
def normalized_logits_first(logits, u, tau):
    """Neither softmax nor argmax minds a constant in the logits, so the normalized log-probabilities of a network may
    go in as they are.
    """
    noisy = log_softmax(logits) - np.log(-np.log(u))
    return np.exp(log_softmax(noisy / tau)), np.eye(logits.shape[1])[noisy.argmax(axis=1)]


noise_upside_down = wrong_answer(
    feedback="The noise has the wrong sign: it is minus the logarithm of minus log u.",
)(variant(noise=lambda u: np.log(-np.log(u))))

noise_not_cooled = wrong_answer(
    passes=(a_race_by_hand,),
    feedback="The temperature divides logits and noise together. Cooling only the logits changes which class is drawn.",
)(
    variant(
        relax=lambda logits, g, tau: logits / tau + g,
        hard=lambda logits, g, tau, soft: np.eye(logits.shape[1])[(logits / tau + g).argmax(axis=1)],
    )
)

logits_not_cooled = wrong_answer(
    passes=(a_race_by_hand,),
    feedback="Only the noise was divided by the temperature in your soft sample. Both are.",
)(variant(relax=lambda logits, g, tau: logits + g / tau))

multiplied = wrong_answer(
    passes=(a_race_by_hand,),
    feedback="A small temperature makes the sample nearly one-hot. Yours makes it nearly uniform: divide.",
)(variant(relax=lambda logits, g, tau: (logits + g) * tau))

never_cooled = wrong_answer(
    passes=(a_race_by_hand,),
    feedback="Your soft sample does not depend on the temperature.",
)(variant(relax=lambda logits, g, tau: logits + g))

without_the_shift = wrong_answer(
    passes=(a_race_by_hand, the_same_race_colder, any_race, draws_next_to_0_and_1),
    feedback="The exponentials overflow, or are all 0. Subtract the largest entry of each row first.",
)(variant(shift=False))

without_noise = wrong_answer(
    feedback="No noise enters your soft sample: it is the same whatever u is.",
)(variant(relax=lambda logits, g, tau: logits / tau))

one_logarithm = wrong_answer(
    feedback="You took one logarithm. A Gumbel draw has two: the first makes an exponential time, the second its logarithm.",
)(variant(noise=lambda u: -np.log(u)))

uniform_noise = wrong_answer(
    feedback="You added u itself. The noise is Gumbel, made from u.",
)(variant(noise=lambda u: u))

logits_as_probabilities = wrong_answer(
    feedback="You took the logarithm of the logits. They are logarithms of (unnormalized) probabilities already.",
)(variant(prepare=lambda logits: np.log(np.abs(logits) + 1e-20)))

over_the_batch = wrong_answer(
    feedback="The softmax runs over the classes of one row, axis 1. Yours runs over the rows.",
)(variant(axis=0))

hard_from_the_logits = wrong_answer(
    passes=(a_race_by_hand, the_same_race_colder),
    feedback="Your hard sample ignores the noise: it always takes the most probable class, and nothing is drawn.",
)(variant(hard=lambda logits, g, tau, soft: np.eye(logits.shape[1])[logits.argmax(axis=1)]))

hard_above_a_half = wrong_answer(
    passes=(a_race_by_hand, the_same_race_colder),
    feedback="The largest entry need not be above 1/2: some of your hard samples have no 1 at all.",
)(variant(hard=lambda logits, g, tau, soft: (soft > 0.5) * 1.0))

hard_as_numbers = wrong_answer(
    feedback="The hard sample is one-hot, of the shape of the logits. You returned the numbers of the classes.",
)(variant(hard=lambda logits, g, tau, soft: (logits + g).argmax(axis=1)))

an_epsilon_in_the_logarithms = wrong_answer(
    passes=(a_race_by_hand, the_same_race_colder, any_race, cold_hot_and_huge),
    feedback="A small number inside the logarithms changes the rarest draws. Here u is never 0 or 1, and nothing has to be added.",
)(variant(noise=lambda u: -np.log(-np.log(u + 1e-20) + 1e-20)))

a_larger_epsilon = wrong_answer(
    feedback="A small number such as 1e-6 inside the logarithms shows in the digits. Here u is never 0 or 1, and nothing has to be added.",
)(variant(noise=lambda u: -np.log(-np.log(u + 1e-6) + 1e-6)))

clipped = wrong_answer(
    passes=(a_race_by_hand, the_same_race_colder, any_race, cold_hot_and_huge),
    feedback="You clip u. The draws beyond the limit are rare, and they count as they are.",
)(variant(noise=lambda u: -np.log(-np.log(np.clip(u, 1e-10, 1 - 1e-10)))))
