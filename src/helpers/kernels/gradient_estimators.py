"""Two ways to differentiate an expectation by sampling: through the samples, or through their probability.

For z = mu + sigma eps with eps ~ N(0, I), the reparameterization gradient needs the slope of the function, the
score-function gradient only its values. `gradient_estimators` keeps every sample's estimate, to be read and to compare
variances. The other two return the mean over the samples of a diagonal Gaussian: they make z block by block, and each
sum over samples is a product of a vector and a matrix.
"""

import numpy as np

from helpers.kernels._blocks import as_float, row_blocks

LONG_RUN = 8192  # elements: NumPy broadcasts a shorter contiguous run at half the speed


def gradient_estimators(fun, dfun, mu, sigma, eps):
    """Return both estimates of d/dmu E[fun(z)], z ~ N(mu, sigma^2), sample by sample.

    reparameterized: dfun(mu + sigma eps);   score function: fun(mu + sigma eps) eps / sigma

    fun, dfun: elementwise functions of an array, the second the derivative of the first. mu, sigma: numbers.
    eps: (N,), standard normal draws.
    returns: two arrays (N,), whose means both estimate the gradient.
    raises: `ValueError` unless sigma is positive.
    source: Mohamed, Rosca, Figurnov, Mnih, Monte Carlo gradient estimation in machine learning (2020).

    >>> gradient_estimators(lambda z: z**2, lambda z: 2 * z, 1.0, 1.0, np.array([0.0, 1.0]))
    (array([2., 4.]), array([0., 4.]))
    """
    _require_positive(sigma)
    eps = as_float(eps)
    z = mu + sigma * eps
    return dfun(z), fun(z) * (eps / sigma)


def reparameterized_gradient(dfun, mu, sigma, eps):
    """Return the reparameterization estimates of the gradients of E[f(z)], z ~ N(mu, diag sigma^2).

    dmu = mean_s g_s,   dsigma = mean_s g_s eps_s,   g_s = df/dz at z_s = mu + sigma eps_s

    dfun: function of rows of samples, (B, D), that returns df/dz for each, (B, D); it sees the samples block by block,
    in memory that is used again. mu, sigma: (D,). eps: (S, D), standard normal draws.
    returns: dmu (D,), dsigma (D,); float32 if all are.
    raises: `ValueError` if the shapes do not fit, sigma is not positive or there is no sample.
    source: Kingma, Welling, Auto-encoding variational Bayes (2014), section 2.4.

    >>> reparameterized_gradient(lambda z: 2 * z, np.ones(1), np.ones(1), np.array([[-1.0], [1.0]]))
    (array([2.]), array([2.]))
    """
    mu, sigma, eps = _checked(mu, sigma, eps)
    dmu, dsigma = np.zeros((2, *mu.shape))
    for block, z in _samples(mu, sigma, eps):
        slopes = dfun(z)
        if np.shape(slopes) != z.shape:
            raise ValueError(f"dfun must return {z.shape} for samples {z.shape}, not {np.shape(slopes)}")
        ones = np.ones(len(z), z.dtype)
        dmu += ones @ slopes
        dsigma += ones @ np.multiply(slopes, eps[block], out=z)
    return (dmu / len(eps)).astype(eps.dtype), (dsigma / len(eps)).astype(eps.dtype)


def score_function_gradient(fun, mu, sigma, eps, *, baseline=0.0):
    """Return the score-function (REINFORCE) estimates of the gradients of E[f(z)], z ~ N(mu, diag sigma^2).

    dmu = mean_s (f_s - b) eps_s / sigma,   dsigma = mean_s (f_s - b) (eps_s^2 - 1) / sigma,   f_s = f(mu + sigma eps_s)

    fun: function of rows of samples, (B, D), that returns one number for each, (B,); it sees the samples block by
    block, in memory that is used again. mu, sigma: (D,). eps: (S, D), standard normal draws.
    baseline: a number b that does not depend on eps, or "mean", for each sample the mean of f over the OTHERS, which
    keeps the estimates unbiased.
    returns: dmu (D,), dsigma (D,); float32 if all are.
    raises: `ValueError` if the shapes do not fit, sigma is not positive or there are too few samples.
    source: Williams, Simple statistical gradient-following algorithms (1992); Kool, van Hoof, Welling, Buy 4 REINFORCE
    samples, get a baseline for free (2019).

    >>> score_function_gradient(lambda z: z[:, 0], np.zeros(1), np.ones(1), np.array([[-1.0], [1.0]]))
    (array([1.]), array([0.]))
    """
    mu, sigma, eps = _checked(mu, sigma, eps)
    if baseline == "mean" and len(eps) < 2:
        raise ValueError(f"the mean over the other samples needs two samples, and eps has the shape {eps.shape}")
    shift = None if baseline == "mean" else float(baseline)
    weighted, plain, total = np.zeros((2, len(mu))), np.zeros((2, len(mu))), 0.0
    for block, z in _samples(mu, sigma, eps):
        values = np.asarray(fun(z), dtype=eps.dtype)
        if values.shape != (len(z),):
            raise ValueError(f"fun must return {(len(z),)} for samples {z.shape}, not {values.shape}")
        shift = values.mean() if shift is None else shift  # near the mean, so that little cancels below
        values = values - shift
        powers = eps[block], np.square(eps[block], out=z)
        weighted += [values @ power for power in powers]
        total += values.sum(dtype=np.float64)
        if baseline == "mean":
            plain += [np.ones_like(values) @ power for power in powers]
    count = len(eps)
    if baseline == "mean":  # f_s less the mean of the others is S / (S - 1) times f_s less the mean of all
        weighted -= plain * (total / count)
        total, count = 0.0, count - 1
    dmu, dsigma = weighted / count / sigma
    return dmu.astype(eps.dtype), (dsigma - total / count / sigma).astype(eps.dtype)


def _samples(mu, sigma, eps):
    """Yield the slices of eps and the samples mu + sigma eps, which are overwritten by the next."""
    repeats = -(-LONG_RUN // max(1, len(mu)))
    sigmas, mus = np.tile(sigma, (repeats, 1)), np.tile(mu, (repeats, 1))
    scratch = None
    for block in row_blocks(eps):
        rows = eps[block]
        scratch = np.empty_like(rows) if scratch is None else scratch[: len(rows)]
        whole = len(rows) // repeats * repeats
        many = (whole // repeats, *sigmas.shape)
        np.multiply(rows[:whole].reshape(many), sigmas, out=scratch[:whole].reshape(many))
        np.add(scratch[:whole].reshape(many), mus, out=scratch[:whole].reshape(many))
        np.multiply(rows[whole:], sigma, out=scratch[whole:])
        scratch[whole:] += mu
        yield block, scratch


def _checked(mu, sigma, eps):
    mu, sigma, eps = (as_float(array) for array in (mu, sigma, eps))
    if mu.ndim != 1 or mu.shape != sigma.shape or eps.ndim != 2 or eps.shape[1:] != mu.shape or len(eps) == 0:
        shapes = f"mu {mu.shape}, sigma {sigma.shape}, eps {eps.shape}"
        raise ValueError(f"mu (D,), sigma (D,) and eps (S, D) with at least one sample are expected, not {shapes}")
    _require_positive(sigma)
    dtype = np.result_type(mu, sigma, eps)
    return mu.astype(dtype, copy=False), sigma.astype(dtype, copy=False), eps.astype(dtype, copy=False)


def _require_positive(sigma):
    if not np.all(np.asarray(sigma) > 0):
        raise ValueError("sigma, a standard deviation, must be positive")
