"""Bounds and importance weights against slow sums, exact integrals, and by their own properties."""

import math

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import kernels
from proofs import close, close32
from proofs.arguments import unchanged

INF = np.inf
SHAPES = [(3, 5), (4, 1), (1, 30), (0, 5), (2, 3, 4), (6,)]
log_weights = hnp.arrays(
    np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=7), elements=st.floats(-900, 900)
)


def slow_bound(row):
    highest = max(row)
    if math.isinf(highest):
        return highest
    return highest + math.log(math.fsum(math.exp(x - highest) for x in row) / len(row))


def by_rows(function, logw):
    result = np.empty(logw.shape[:-1])
    for index in np.ndindex(result.shape):
        result[index] = function(logw[index].tolist())
    return result[()]


def in_chunks(logw, size):
    """The blocks that `iwae_bound_streaming` takes, (chunk, N)."""
    return [logw.T[i : i + size] for i in range(0, logw.shape[1], size)]


# --- the bound and its weights


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("shift", [0.0, -2000.0])
def test_bound_weights_and_sample_size(shape, shift, rng):
    logw = rng.normal(size=shape) * 5 + shift
    bound, weights = kernels.iwae_bound_and_weights(logw)
    close(kernels.iwae_bound(logw), by_rows(slow_bound, logw))
    close(bound, kernels.iwae_bound(logw))
    close(weights, scipy.special.softmax(logw, axis=-1))
    close(kernels.effective_sample_size(logw), (1 / np.square(weights).sum(-1))[()], rtol=1e-11)
    single = (logw - shift).astype(np.float32)
    close32(kernels.iwae_bound(single), by_rows(slow_bound, single), 1e-6)
    close32(kernels.iwae_bound_and_weights(single)[1], weights, 1e-5)
    close32(kernels.effective_sample_size(single), kernels.effective_sample_size(logw), 1e-4)


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("chunk", [1, 3, 64])
@pytest.mark.parametrize("shift", [0.0, -300.0, 700.0])
def test_streaming_gives_the_same_bound(chunk, shift, rng):
    logw = rng.normal(size=(9, 100)) * 8 + shift
    logw[0, :50], logw[1], logw[2, 70], logw[3, ::2] = -INF, -INF, INF, -INF
    close(kernels.iwae_bound_streaming(in_chunks(logw, chunk)), kernels.iwae_bound(logw))
    close32(kernels.iwae_bound_streaming(in_chunks(logw.astype(np.float32), chunk)), kernels.iwae_bound(logw), 1e-6)


def test_streaming_takes_blocks_of_any_size_and_forgets_them(rng):
    logw = np.sort(rng.normal(size=(5, 60)) * 100)  # the largest comes last: every block moves the reference
    sizes = [7, 1, 0, 40, 12]
    ends = np.cumsum([0, *sizes])
    block = np.empty((40, 5))

    def blocks():
        for start, size in zip(ends, sizes, strict=False):
            block[:size] = logw.T[start : start + size]  # the same memory again and again
            yield block[:size]

    close(kernels.iwae_bound_streaming(blocks()), kernels.iwae_bound(logw))
    close(kernels.iwae_bound_streaming([np.zeros((3, 0))]), np.empty(0))
    close(kernels.iwae_bound_streaming([[[0]], [[0]]]), np.zeros(1))


def test_streaming_refuses_what_is_no_sample():
    for blocks in ([], [np.zeros((0, 4))]):
        with pytest.raises(ValueError, match="no sample"):
            kernels.iwae_bound_streaming(blocks)
    with pytest.raises(ValueError, match=r"N = 4 \(2, 3\)"):
        kernels.iwae_bound_streaming([np.zeros((2, 4)), np.zeros((2, 3))])
    with pytest.raises(ValueError, match=r"not \(4,\)"):
        kernels.iwae_bound_streaming([np.zeros(4)])


@given(log_weights)
def test_the_bound_lies_between_the_elbo_and_the_largest(logw):
    bound, weights = kernels.iwae_bound_and_weights(logw)
    assert (bound <= logw.max(1) + 1e-9).all()
    assert (bound >= logw.mean(1) - 1e-9).all()
    np.testing.assert_allclose(weights.sum(1), 1, rtol=1e-13)
    size = kernels.effective_sample_size(logw)
    assert ((size >= 1 - 1e-12) & (size <= logw.shape[1] * (1 + 1e-12))).all()
    np.testing.assert_allclose(kernels.iwae_bound(logw + 3) - 3, bound, rtol=1e-12, atol=1e-10)


def test_the_weights_are_the_gradient_of_the_bound(rng):
    logw, step = rng.normal(size=(1, 6)), 1e-6
    for k in range(6):
        shift = step * np.eye(6)[k]
        slope = (kernels.iwae_bound(logw + shift) - kernels.iwae_bound(logw - shift)) / (2 * step)
        assert slope[0] == pytest.approx(kernels.iwae_bound_and_weights(logw)[1][0, k], abs=1e-9)


def test_log_weights_at_the_edges():
    logw = np.array([[0.0, -INF], [-INF, -INF], [0.0, 2000.0], [INF, 0.0], [np.nan, 0.0], [-1e4, -1e4]])
    with np.errstate(all="raise"):
        bound, weights = kernels.iwae_bound_and_weights(logw)
        close(bound, np.array([-math.log(2), -INF, 2000 - math.log(2), INF, np.nan, -1e4]))
        close(kernels.iwae_bound(logw), bound)
        close(weights[[0, 2, 5]], np.array([[1, 0], [0, 1], [0.5, 0.5]]))
        assert np.isnan(weights[1]).all()
        sizes = kernels.effective_sample_size(logw)
        close(sizes[[0, 2, 5]], np.array([1.0, 1.0, 2.0]))
        assert np.isnan(sizes[1])
    for function in (kernels.iwae_bound, kernels.iwae_bound_and_weights, kernels.effective_sample_size):
        for shape in ((3, 0), ()):
            with pytest.raises(ValueError, match="at least one sample"):
                function(np.zeros(shape))


def slow_expected_bound(w, p, K):
    terms = (
        math.comb(K, k) * p**k * (1 - p) ** (K - k) * math.log((k * w[0] + (K - k) * w[1]) / K) for k in range(K + 1)
    )
    return math.fsum(terms)


@pytest.mark.parametrize(("w", "p", "K"), [
    ((4.0, 0.5), 0.2, 1), ((4.0, 0.5), 0.2, 2), ((4.0, 0.5), 0.2, 50), ((2.0, 2.0), 0.3, 5), ((4.0, 0.5), 0.0, 3),
    ((4.0, 0.5), 1.0, 3), ((1e4, 1e-4), 0.01, 10), ((4.0, 0.5), 0.999, 400),
])  # fmt: skip
def test_the_expected_bound_is_the_binomial_sum(w, p, K):
    assert kernels.expected_iwae_bound(w, p, K) == pytest.approx(slow_expected_bound(w, p, K), rel=1e-12, abs=1e-14)


def test_the_expected_bound_grows_with_the_samples_and_stays_below_the_evidence():
    curve = [kernels.expected_iwae_bound((4.0, 0.5), 0.2, K) for K in (*range(1, 60), 10**3, 10**5)]
    assert (np.diff(curve) > 0).all()
    assert curve[-1] < math.log(1.2)
    assert math.log(1.2) - curve[-1] == pytest.approx(
        0.2 * 0.8 * 3.5**2 / (2 * 1.2**2 * 1e5), rel=1e-3
    )  # the 1 / K bias


@pytest.mark.parametrize(
    ("w", "p", "K"), [((0.0, 1.0), 0.5, 2), ((1.0, -1.0), 0.5, 2), ((1.0, 1.0), 1.5, 2), ((1.0, 1.0), 0.5, 0)]
)
def test_the_expected_bound_refuses_what_has_no_logarithm(w, p, K):
    with pytest.raises(ValueError, match="positive weights"):
        kernels.expected_iwae_bound(w, p, K)


# --- the ELBO


@pytest.mark.parametrize("lead", [(), (4,), (2, 3)])
def test_elbo_and_gap_add_up_to_the_evidence(lead, rng):
    prior, q = rng.dirichlet(np.ones(5), (2, *lead))
    lik = rng.uniform(0.05, 0.9, (*lead, 5))
    bound, gap, evidence = kernels.elbo(prior, lik, q)
    close(evidence, np.log((prior * lik).sum(-1))[()])
    close(bound, (q * np.log(prior * lik / q)).sum(-1)[()])
    posterior = prior * lik / (prior * lik).sum(-1, keepdims=True)
    close(gap, kernels.kl_divergence(q, posterior), atol=1e-12)
    close(kernels.elbo(prior, lik, posterior)[1], np.zeros(lead)[()], atol=1e-12)
    assert all(part.dtype == np.float32 for part in kernels.elbo(*(a.astype(np.float32) for a in (prior, lik, q))))


def test_elbo_with_values_that_are_impossible():
    with np.errstate(all="raise"):
        assert kernels.elbo([0.5, 0.5], [0.3, 0.0], [0.5, 0.5]) == (-INF, INF, math.log(0.15))
        assert kernels.elbo([0.5, 0.5], [0.3, 0.0], [1.0, 0.0]) == pytest.approx((math.log(0.15), 0, math.log(0.15)))
    with pytest.raises(ValueError, match="no posterior"):
        kernels.elbo([0.5, 0.5], [0.0, 0.0], [0.5, 0.5])
    with pytest.raises(ValueError, match=r"lik \(3,\)"):
        kernels.elbo(np.ones(2), np.ones(3), np.ones(2))


@pytest.mark.parametrize(("x", "m", "s2", "beta"), [
    (2.0, 1.0, 0.5, 1.0), (2.0, 0.0, 1.0, 1.0), (0.7, 0.2, 0.3, 1.0), (2.0, 0.4, 0.8, 4.0), (2.0, 0.4, 0.8, 0.0),
])  # fmt: skip
def test_gaussian_elbo_is_the_integral(x, m, s2, beta):
    nodes, masses = np.polynomial.hermite_e.hermegauss(20)
    z = m + math.sqrt(s2) * nodes
    log_likelihood = -((x - z) ** 2 + math.log(2 * math.pi)) / 2
    log_ratio = -(z**2) / 2 + nodes**2 / 2 + math.log(s2) / 2
    expected = masses @ (log_likelihood + beta * log_ratio) / math.sqrt(2 * math.pi)
    assert kernels.gaussian_elbo(x, m, s2, beta) == pytest.approx(expected, rel=1e-12)
    if (x, m, s2) == (2.0, 1.0, 0.5):  # q is the posterior, so nothing is missing from log p(x), x ~ N(0, 2)
        assert kernels.gaussian_elbo(x, m, s2) == pytest.approx(-math.log(4 * math.pi) / 2 - x * x / 4, rel=1e-14)


def test_gaussian_elbo_of_arrays(rng):
    x, m, s2 = rng.normal(size=3), rng.normal(size=(2, 1)), rng.uniform(0.1, 2, (2, 3))
    bounds = kernels.gaussian_elbo(x, m, s2, 2.0)
    for i, j in np.ndindex(2, 3):
        assert bounds[i, j] == pytest.approx(kernels.gaussian_elbo(x[j], m[i, 0], s2[i, j], 2.0), rel=1e-14)
    assert kernels.gaussian_elbo(*(a.astype(np.float32) for a in (x, m, s2))).dtype == np.float32
    for s2 in (0.0, -1.0, [1.0, 0.0]):
        with pytest.raises(ValueError, match="not positive"):
            kernels.gaussian_elbo(0.0, 0.0, s2)


def test_no_argument_is_changed(rng):
    logw, u = rng.normal(size=(3, 4)), rng.random((3, 4))
    for function in (kernels.iwae_bound, kernels.iwae_bound_and_weights, kernels.effective_sample_size):
        unchanged(function, logw)
    unchanged(lambda logw: kernels.iwae_bound_streaming([logw, logw]), logw)
    unchanged(kernels.elbo, *rng.dirichlet(np.ones(3), 3))
    unchanged(kernels.gaussian_elbo, logw, u, np.exp(u))
