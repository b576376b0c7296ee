"""Gradient estimators and relaxed samples against slow sums, by what they estimate, and at the edges."""

import importlib
import math

import numpy as np
import pytest
import scipy.special

from helpers import kernels
from proofs import close, close32
from proofs.arguments import unchanged

INF = np.inf

# --- gradient estimators


@pytest.fixture(params=[False, True], ids=["long runs", "short runs"])
def runs(request, monkeypatch, block_size):
    """Run a test with repeated parameters of a few rows too, so that a block holds whole repeats and a rest."""
    if request.param:
        monkeypatch.setattr(importlib.import_module("helpers.kernels.gradient_estimators"), "LONG_RUN", 5)


def test_both_estimators_sample_by_sample(rng):
    eps = rng.normal(size=7)
    pathwise, score = kernels.gradient_estimators(np.sin, np.cos, 0.3, 0.5, eps)
    close(pathwise, np.array([math.cos(0.3 + 0.5 * e) for e in eps]))
    close(score, np.array([math.sin(0.3 + 0.5 * e) * e / 0.5 for e in eps]))
    assert kernels.gradient_estimators(np.sin, np.cos, 0.3, 0.5, eps.astype(np.float32))[1].dtype == np.float32
    with pytest.raises(ValueError, match="positive"):
        kernels.gradient_estimators(np.sin, np.cos, 0.3, 0.0, eps)


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize(("draws", "dimensions"), [(50, 3), (1, 1), (7, 1), (3, 40), (4, 0)])
def test_the_means_over_all_samples(draws, dimensions, rng):
    mu, c, sigma = rng.normal(size=dimensions), rng.normal(size=dimensions), rng.uniform(0.5, 2, dimensions)
    eps = rng.normal(size=(draws, dimensions))
    z = mu + sigma * eps
    dmu, dsigma = kernels.reparameterized_gradient(lambda z: np.cos(z - c), mu, sigma, eps)
    close(dmu, np.cos(z - c).mean(0))
    close(dsigma, (np.cos(z - c) * eps).mean(0))
    values = np.sin(z - c).sum(1)
    for baseline in (0.0, 7.5, "mean"):
        others = (values.sum() - values) / max(1, draws - 1) if baseline == "mean" else baseline
        if baseline == "mean" and draws < 2:
            continue
        centered = (values - others)[:, None]
        fun = lambda z: np.sin(z - c).sum(1)  # noqa: E731
        dmu, dsigma = kernels.score_function_gradient(fun, mu, sigma, eps, baseline=baseline)
        close(dmu, (centered * eps / sigma).mean(0), atol=1e-12)
        close(dsigma, (centered * (eps**2 - 1) / sigma).mean(0), atol=1e-12)
        single = [a.astype(np.float32) for a in (mu, sigma, eps)]
        close32(kernels.score_function_gradient(fun, *single, baseline=baseline)[0], dmu, 1e-4)
    close32(kernels.reparameterized_gradient(lambda z: np.cos(z - c.astype(np.float32)), *single)[1],
            (np.cos(z - c) * eps).mean(0), 1e-5)  # fmt: skip


def test_one_dimension_agrees_with_the_estimates_of_every_sample(rng):
    eps = rng.normal(size=30)
    pathwise, score = kernels.gradient_estimators(np.sin, np.cos, 0.3, 0.5, eps)
    mu, sigma = np.array([0.3]), np.array([0.5])
    dmu, _ = kernels.reparameterized_gradient(np.cos, mu, sigma, eps[:, None])
    assert dmu[0] == pytest.approx(pathwise.mean(), rel=1e-13)
    dmu, _ = kernels.score_function_gradient(lambda z: np.sin(z[:, 0]), mu, sigma, eps[:, None])
    assert dmu[0] == pytest.approx(score.mean(), rel=1e-13)


def test_both_estimators_find_the_gradient_and_a_baseline_calms_the_score(rng):
    """E[|z|^2] = |mu|^2 + |sigma|^2, plus a constant that only the score function feels."""
    mu, sigma = np.array([0.5, -1.0]), np.array([1.0, 0.7])
    fun, dfun = (lambda z: (z**2).sum(1) + 100.0), (lambda z: 2 * z)
    estimates = {"pathwise": [], 0.0: [], "mean": []}
    for _ in range(60):
        eps = rng.normal(size=(400, 2))
        estimates["pathwise"].append(kernels.reparameterized_gradient(dfun, mu, sigma, eps))
        for baseline in (0.0, "mean"):
            estimates[baseline].append(kernels.score_function_gradient(fun, mu, sigma, eps, baseline=baseline))
    spread = {}
    for name, found in estimates.items():
        found = np.array(found)
        spread[name] = found.var(axis=0).sum()
        error = np.abs(found.mean(0) - [2 * mu, 2 * sigma]) / (found.std(0) / math.sqrt(60))
        assert error.max() < 4.5, name
    assert spread["pathwise"] < 0.5 * spread["mean"] < 0.01 * spread[0.0]


def test_the_mean_baseline_is_unbiased_to_the_letter():
    """All 9 outcomes of two draws from three points that have mean 0 and mean square 1 stand for the expectation."""
    points, fun = np.array([-math.sqrt(1.5), 0.0, math.sqrt(1.5)]), lambda z: 5 + z[:, 0] ** 3
    pairs = np.array([[a, b] for a in points for b in points])
    one = [np.array([0.2]), np.array([1.3])]
    found = [kernels.score_function_gradient(fun, *one, pair[:, None], baseline="mean")[0][0] for pair in pairs]
    values = 5 + (0.2 + 1.3 * points) ** 3
    assert np.mean(found) == pytest.approx(np.mean(values * points / 1.3), rel=1e-12)


def test_estimators_name_what_does_not_fit():
    mu, sigma, eps = np.zeros(2), np.ones(2), np.zeros((5, 2))
    for estimate, fun in ((kernels.reparameterized_gradient, lambda z: z), (kernels.score_function_gradient, np.sum)):
        for bad in (
            (mu, np.ones(3), eps),
            (mu, sigma, np.zeros((5, 3))),
            (mu, sigma, mu),
            (mu, sigma, eps[:0]),
            (0, 1, mu),
        ):
            with pytest.raises(ValueError, match=r"eps \(S, D\) with at least one sample"):
                estimate(fun, *bad)
        with pytest.raises(ValueError, match="must be positive"):
            estimate(fun, mu, -sigma, eps)
    with pytest.raises(ValueError, match=r"fun must return \(5,\) for samples \(5, 2\), not \(\)"):
        kernels.score_function_gradient(np.sum, mu, sigma, eps)
    with pytest.raises(ValueError, match=r"dfun must return \(5, 2\) for samples \(5, 2\), not \(5,\)"):
        kernels.reparameterized_gradient(lambda z: z[:, 0], mu, sigma, eps)
    with pytest.raises(ValueError, match="'median'"):
        kernels.score_function_gradient(lambda z: z[:, 0], mu, sigma, eps, baseline="median")
    with pytest.raises(ValueError, match="two samples"):
        kernels.score_function_gradient(lambda z: z[:, 0], mu, sigma, eps[:1], baseline="mean")


# --- categorical latents


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("shape", [(3, 4), (5, 1), (0, 3), (2, 3, 4), (6,)])
@pytest.mark.parametrize("tau", [1.0, 0.1, 1e-3, 1e3])
def test_gumbel_softmax(shape, tau, rng):
    logits, u = rng.normal(size=shape), rng.uniform(0.01, 0.99, shape)
    soft, hard = kernels.gumbel_softmax(logits, u, tau)
    noisy = logits - np.log(-np.log(u))
    close(soft, scipy.special.softmax(noisy / tau, axis=-1), rtol=1e-11)
    close(hard, np.eye(shape[-1])[noisy.argmax(-1)])
    singles = kernels.gumbel_softmax(logits.astype(np.float32), u.astype(np.float32), tau)
    close32(singles[1], hard)
    if tau >= 0.1:
        close32(singles[0], soft, 1e-4)


def test_gumbel_softmax_draws_from_the_softmax(rng):
    logits = np.array([0.5, -0.2, 0.1])
    hard = kernels.gumbel_softmax(np.tile(logits, (40_000, 1)), rng.random((40_000, 3)), 0.5)[1]
    np.testing.assert_allclose(hard.mean(0), scipy.special.softmax(logits), atol=0.012)


def test_gumbel_softmax_at_the_edges():
    with np.errstate(all="raise"):
        soft, hard = kernels.gumbel_softmax(
            [[1e4, 0.0], [-INF, 0.0], [0.0, 0.0], [0, 0]], [[0.5, 0.5], [1, 0], [0, 1], [1, 1]], 1.0
        )
        close(hard, np.array([[1.0, 0], [0, 1], [0, 1], [1, 0]]))
        close(soft, np.array([[1.0, 0], [0, 1], [0, 1], [0.5, 0.5]]), atol=1e-15)
        close32(
            kernels.gumbel_softmax(np.zeros((1, 2), np.float32), np.ones((1, 2), np.float32), 1e-30)[0], [[0.5, 0.5]]
        )
    for logits, u, tau, words in (
        (np.zeros((2, 3)), np.zeros((2, 2)), 1.0, r"logits \(2, 3\), u \(2, 2\)"),
        (np.zeros(2), np.zeros(2), 0.0, "tau"),
        (np.zeros(2), np.array([0.5, 1.5]), 1.0, "from 0.5 to 1.5"), (np.zeros(2), np.array([0.5, np.nan]), 1.0, "nan"),
        (np.zeros((2, 0)), np.zeros((2, 0)), 1.0, "at least one class"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=words):
            kernels.gumbel_softmax(logits, u, tau)


@pytest.mark.parametrize("baseline", [0.0, 10.0])
def test_reinforce(baseline, rng):
    logits, fvals, k = rng.normal(size=4), rng.normal(size=4) + 10, rng.integers(0, 4, 6)
    gradients, exact = kernels.reinforce(logits, fvals, k, baseline)
    s = scipy.special.softmax(logits)
    close(gradients, (fvals[k] - baseline)[:, None] * (np.eye(4)[k] - s))
    everything, _ = kernels.reinforce(logits, fvals, np.arange(4), baseline)
    close(exact, s @ everything, atol=1e-12)  # the expectation of the estimate, whatever the baseline
    singles = kernels.reinforce(logits.astype(np.float32), fvals.astype(np.float32), k, baseline)
    close32(singles[0], gradients, 1e-5)
    close32(singles[1], exact, 1e-5)


def test_reinforce_at_the_edges():
    with np.errstate(all="raise"):
        gradients, exact = kernels.reinforce([900, 0], [1, 2], [0, 0], 0)
        close(gradients, np.zeros((2, 2)))
        close(exact, np.zeros(2))
        assert kernels.reinforce(np.zeros(3), np.ones(3), [], 0.0)[0].shape == (0, 3)
    for k, words in (([2], "classes 0 to 1"), ([-1], "classes 0 to 1"), ([0.5], "integers"), ([[0]], "integers")):
        with pytest.raises(ValueError, match=words):
            kernels.reinforce(np.zeros(2), np.zeros(2), k, 0.0)
    with pytest.raises(ValueError, match=r"fvals \(3,\)"):
        kernels.reinforce(np.zeros(2), np.zeros(3), [0], 0.0)


def test_no_argument_is_changed(rng):
    eps, u = rng.normal(size=(3, 4)), rng.random((3, 4))
    unchanged(kernels.gradient_estimators, np.sin, np.cos, 0.0, 1.0, eps[0])
    unchanged(kernels.reparameterized_gradient, np.cos, u[0], np.exp(u[1]), eps)
    unchanged(kernels.score_function_gradient, lambda z: z[:, 0], u[0], np.exp(u[1]), eps, baseline="mean")
    unchanged(kernels.gumbel_softmax, eps, u, 0.5)
    unchanged(kernels.reinforce, eps[0], u[0], np.array([0, 3]), 0.5)
