"""How good a bound is for one Gaussian model: weights, curve, gradients, relaxed samples. The numbers of `bound`.

z ~ N(0, 1), x | z ~ N(z, 1), and x = 2: the posterior is N(1, 1/2) and log p(x) is known. All samples come from the
same noise, the quantiles of a normal distribution in a random order: then nothing jumps while a slider moves, and means
over all samples are right to many digits. No drawing here.
"""

import functools
import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from helpers.figures.guarded import Unusable, numbers_from

X, POSTERIOR = 2.0, (1.0, 0.5)
LOG_P = -math.log(4 * math.pi) / 2 - X**2 / 4
SAMPLES, SEED = 2**14, 5
KS = 2 ** np.arange(10)
CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, math.sqrt(0.75)]])
DOTS, LOGITS = 150, np.log([0.5, 0.3, 0.2])


@dataclass(frozen=True)
class Functions:
    """The student's functions, or ours."""

    gaussian_elbo: Callable
    iwae_bound: Callable
    iwae_bias: Callable
    iwae_gradients: Callable
    effective_sample_size: Callable
    gumbel_softmax: Callable
    beta_posterior: Callable


@dataclass(frozen=True)
class Curve:
    """E[L_K] for every K of `Ks`, and log p minus the bias that the delta method expects."""

    Ks: np.ndarray
    bound: np.ndarray
    expected: np.ndarray


@dataclass(frozen=True)
class Signals:
    """Mean over standard deviation of three gradients, for every K of `Ks`."""

    Ks: np.ndarray
    encoder: np.ndarray
    dreg: np.ndarray
    decoder: np.ndarray


@functools.lru_cache(maxsize=1)
def noise():
    """The quantiles of N(0, 1) in a random order, (SAMPLES,)."""
    normal = statistics.NormalDist()
    values = np.array([normal.inv_cdf((i + 0.5) / SAMPLES) for i in range(SAMPLES)])
    return np.random.default_rng(SEED).permutation(values / values.std())


def samples(m, s2):
    """Return the samples of q = N(m, s2), their log-weights, and d log p(x, z) / dz, each (SAMPLES,)."""
    eps = noise()
    z = m + math.sqrt(s2) * eps
    logw = (eps**2 - z**2 - (X - z) ** 2 + math.log(s2) - math.log(2 * math.pi)) / 2
    return z, logw, X - 2 * z


def in_rows(values, K):
    """Return as many rows of K values as there are."""
    return values[: len(values) // K * K].reshape(-1, K)


def bound_of(functions, *, m, s2):
    """Return the ELBO of q, by the student's closed form."""
    return float(numbers_from("Your gaussian_elbo", functions.gaussian_elbo, X, m, s2, shape=()))


def curve(functions, *, K, m, s2):
    """Return the `Curve` over all K, the chosen one included."""
    Ks, logw = np.union1d(KS, [K]), samples(m, s2)[1]
    rows = {int(k): in_rows(logw, k) for k in Ks}
    name, bound = "Your iwae_bound", functions.iwae_bound
    bounds = [numbers_from(name, bound, row, shape=(len(row),)).mean() for row in rows.values()]
    bias = [numbers_from("Your iwae_bias", functions.iwae_bias, logw, k, shape=()) for k in rows]
    return Curve(Ks, np.array(bounds), LOG_P - np.array(bias))


def signals(functions, *, K, m, s2):
    """Return the `Signals` over all K, the chosen one included.

    The encoder's two gradients have one mean, which DReG knows better. The decoder's, for the mean of the prior, is the
    weighted mean of z - 0: the standard formula with z in the place of d log p / dz.
    """
    Ks, (z, logw, slopes), s = np.union1d(KS, [K]), samples(m, s2), math.sqrt(s2)
    ratios = []
    for k in Ks:
        z_rows, logw_rows, slope_rows = (in_rows(values, k) for values in (z, logw, slopes))
        shape = (2, len(z_rows))
        call = functools.partial(numbers_from, "Your iwae_gradients", functions.iwae_gradients, shape=shape)
        standard, dreg = call(z_rows, m, s, slope_rows, logw_rows)
        decoder = call(z_rows, m, s, z_rows, logw_rows)[0]
        ratios.append((_ratio(dreg, standard), _ratio(dreg, dreg), _ratio(decoder, decoder)))
    return Signals(Ks, *np.array(ratios).T)


def _ratio(mean_of, deviation_of):
    """The size of a mean over a standard deviation; nan where neither is more than rounding."""
    mean, deviation = abs(mean_of.mean()), deviation_of.std()
    return mean / deviation if deviation > 1e-9 else math.nan


def relative_variance(m, s2):
    """Return Var(w) / p(x)^2 for q = N(m, s2): a closed form, or inf up to half the posterior's variance."""
    mean, variance = POSTERIOR
    room = 2 * np.asarray(s2, dtype=float) - variance
    with np.errstate(all="ignore"):
        second = s2 / np.sqrt(variance * room) * np.exp((mean - m) ** 2 / room)
    return np.where(room > 0, second - 1, np.inf)


def worth(functions, *, K, m, s2):
    """Return the mean effective size of K samples, and all log-weights relative to log p(x)."""
    logw = samples(m, s2)[1]
    rows = in_rows(logw, K)
    name, size = "Your effective_sample_size", functions.effective_sample_size
    return numbers_from(name, size, rows, shape=(len(rows),)).mean(), logw - LOG_P


def moved(functions, *, beta):
    """Return mean and variance of the q that is best for beta."""
    mean, variance = numbers_from("Your beta_posterior", functions.beta_posterior, X, beta, shape=(2,))
    if not variance > 0:
        raise Unusable(f"Your beta_posterior returned the variance {variance:g} here.")
    return float(mean), float(variance)


def relaxed(functions, *, tau):
    """Return the relaxed samples as points of a triangle, (DOTS, 2), and the class that each of them stands for."""
    u = np.random.default_rng(SEED).uniform(1e-6, 1, size=(DOTS, 3))
    logits = np.tile(LOGITS, (DOTS, 1))
    call = functools.partial(numbers_from, "Your gumbel_softmax", functions.gumbel_softmax, logits, u, tau)
    soft, hard = call(shape=(2, DOTS, 3))
    return soft @ CORNERS, hard.argmax(axis=1)
