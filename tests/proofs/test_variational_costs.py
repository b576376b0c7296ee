"""The two gaps of Gaussians, the bias of the importance-weighted bound and its encoder's gradients, by other routes."""

import math
from fractions import Fraction

import numpy as np
import pytest

from helpers import kernels
from proofs import close, close32
from proofs.arguments import unchanged

# --- the two gaps


def posterior(rng, D):
    A = rng.normal(size=(D, D))
    return A @ A.T + 0.2 * np.eye(D)


@pytest.mark.parametrize("D", [1, 2, 5, 40])
def test_the_gaps_are_kl_divergences(D, rng):
    S, m, s2 = posterior(rng, D), rng.normal(size=D), rng.uniform(0.1, 2, D)
    unchanged(kernels.inference_gaps, S, m, s2)
    total, approximation, amortization = kernels.inference_gaps(S, m, s2)
    best = 1 / np.diag(np.linalg.inv(S))
    zero = np.zeros(D)
    close(total, float(kernels.kl_gaussians(m, np.diag(s2), zero, S)), rtol=1e-8)
    close(approximation, float(kernels.kl_gaussians(zero, np.diag(best), zero, S)), rtol=1e-8, atol=1e-9)
    close(amortization, total - approximation, rtol=1e-8)
    for factor in (0.9, 1.1):
        assert kernels.inference_gaps(S, zero, factor * best)[0] > approximation


def test_no_correlations_no_approximation_gap_and_no_determinant_too_small(rng):
    variances = np.full(300, 1e-6)
    total, approximation, amortization = kernels.inference_gaps(np.diag(variances), np.zeros(300), 2 * variances)
    close(approximation, 0.0, atol=1e-9)
    close(amortization, 150 * (1 - math.log(2)), rtol=1e-9)
    close(total, amortization, rtol=1e-9)


@pytest.mark.parametrize(("arguments", "words"), [
    ((np.eye(2), np.zeros(3), np.ones(3)), "are expected"), ((np.eye(2), np.zeros(2), np.zeros(2)), "not positive"),
    ((np.array([[1.0, 2.0], [2.0, 1.0]]), np.zeros(2), np.ones(2)), "not positive definite"),
])  # fmt: skip
def test_gaps_refuse_what_has_none(arguments, words):
    with pytest.raises(ValueError, match=words):
        kernels.inference_gaps(*arguments)


# --- the bias


def test_the_bias_is_exact_in_fractions_and_scale_free():
    weights = [1, 2, 2, 7, 30]
    mean = Fraction(sum(weights), 5)
    variance = sum((w - mean) ** 2 for w in weights) / 4
    expected = float(variance / (2 * 6 * mean**2))
    for shift in (0.0, -2000.0, 900.0):
        close(kernels.iwae_bias(np.log(weights) + shift, 6), expected, rtol=1e-11)
    assert kernels.iwae_bias(np.full(4, -3000.0), 2) == 0
    close(kernels.iwae_bias(np.array([0.0, -np.inf]), 1), 1.0)


def test_the_bias_is_what_the_exact_curve_lacks():
    w, p = (4.0, 0.5), 0.2
    mean, variance = p * w[0] + (1 - p) * w[1], p * (1 - p) * (w[0] - w[1]) ** 2
    draws = np.repeat(w, [2000, 8000])
    for K in (100, 1000):
        lacks = math.log(mean) - kernels.expected_iwae_bound(w, p, K)
        close(lacks, variance / (2 * K * mean**2), rtol=2 / K)
        close(kernels.iwae_bias(np.log(draws), K), lacks, rtol=3 / K)


def test_the_bias_refuses_too_few_samples():
    for arguments in ((np.zeros(1), 1), (np.zeros((2, 2)), 1), (np.zeros(3), 0)):
        with pytest.raises(ValueError, match="are expected"):
            kernels.iwae_bias(*arguments)


# --- the encoder's gradients


def model(eps, b, s, x=1.5, theta=0.4):
    """Samples, d log p / dz and log-weights of z ~ N(theta, 1), x | z ~ N(z, 1), q = N(b, s^2)."""
    z = b + s * eps
    return z, theta + x - 2 * z, -((z - theta) ** 2) / 2 - (x - z) ** 2 / 2 + eps**2 / 2 + np.log(s)


def bound(eps, b, s):
    logw = model(eps, b, s)[2]
    return np.log(np.exp(logw).mean(axis=-1))


def test_the_plain_gradient_is_the_derivative_of_the_bound(rng):
    eps, b, s = rng.normal(size=(6, 4)), 1.2, 0.8
    z, dlogp, logw = model(eps, b, s)
    close(kernels.iwae_gradients(z, b, s, dlogp, logw)[0], bound(eps, b + 1e-30j, s).imag / 1e-30, rtol=1e-12)


@pytest.mark.parametrize("K", [1, 2, 3])
def test_both_gradients_have_the_same_mean(K):
    nodes, weights = np.polynomial.hermite_e.hermegauss(24)
    eps = np.stack([each.ravel() for each in np.meshgrid(*K * [nodes])], axis=1)
    chance = np.prod(np.stack([each.ravel() for each in np.meshgrid(*K * [weights])], axis=1), axis=1)
    z, dlogp, logw = model(eps, 1.2, 0.9)
    standard, dreg = (chance @ each / chance.sum() for each in kernels.iwae_gradients(z, 1.2, 0.9, dlogp, logw))
    close(standard, dreg, rtol=1e-5)


def test_at_the_posterior_the_second_one_is_nothing(rng):
    b, s = 0.95, math.sqrt(0.5)
    z, dlogp, logw = model(rng.normal(size=(5, 3)), b, s)
    close(kernels.iwae_gradients(z, b, s, dlogp, logw)[1], np.zeros(5), atol=1e-14)
    single = [each.astype(np.float32) for each in (z, dlogp, logw)]
    plain = kernels.iwae_gradients(z, b, s, dlogp, logw)[0]
    close32(kernels.iwae_gradients(single[0], np.float32(b), np.float32(s), *single[1:])[0], plain, 1e-5)
    with pytest.raises(ValueError, match="shape"):
        kernels.iwae_gradients(z, b, s, dlogp, logw[:, :2])
