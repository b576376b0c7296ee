"""Gaussians nearest to a distribution, against pairs of points, ratios of determinants and the divergence itself."""

from itertools import product

import numpy as np
import pytest

from helpers import kernels
from proofs import close, close32
from proofs.arguments import unchanged


def covariance(rng, size):
    a = rng.normal(size=(size, size))
    return a @ a.T + 0.1 * np.eye(size)


@pytest.mark.parametrize("shape", [(6, 2), (4, 4), (1, 3), (7, 1), (30, 5), (2, 0)])
def test_the_covariance_is_half_the_mean_square_of_all_differences(shape, rng):
    x, w = rng.normal(size=shape) + 5, rng.uniform(0, 2, shape[0])
    shares = w / w.sum()
    expected = np.zeros((shape[1], shape[1]))
    for i, j in product(range(len(x)), repeat=2):
        expected += shares[i] * shares[j] * np.outer(x[i] - x[j], x[i] - x[j]) / 2
    mean, found = kernels.moment_match(x, w)
    close(mean, sum((share * row for share, row in zip(shares, x, strict=True)), np.zeros(shape[1])))
    close(found, expected)
    assert (found == found.T).all()
    close(kernels.moment_match(x, 1e-200 * w)[1], expected)
    close32(kernels.moment_match(x.astype(np.float32), w.astype(np.float32))[1], expected, 1e-5)


def test_no_other_gaussian_is_nearer_to_the_points(rng):
    x, w = rng.normal(size=(9, 2)), rng.dirichlet(np.ones(9))
    mean, found = kernels.moment_match(x, w)

    def surprise(mean, covariance):
        squares = np.einsum("ni,ij,nj->n", x - mean, np.linalg.inv(covariance), x - mean)
        return w @ (squares + np.linalg.slogdet(covariance)[1]) / 2

    least = surprise(mean, found)
    for _ in range(50):
        nearby = found + 1e-2 * covariance(rng, 2) * rng.choice([-0.1, 1])
        assert surprise(mean + 0.1 * rng.normal(size=2), nearby) > least


@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_a_mean_field_variance_is_a_ratio_of_determinants(size, rng):
    mu, Sigma = rng.normal(size=size), covariance(rng, size)
    others = [np.delete(np.delete(Sigma, i, 0), i, 1) for i in range(size)]
    expected = np.array([np.linalg.det(Sigma) / np.linalg.det(other) for other in others])
    m, s2 = kernels.mean_field_gaussian(mu, Sigma)
    close(m, mu)
    close(s2, expected, rtol=1e-9)
    assert not np.shares_memory(m, mu)
    close(kernels.mean_field_gaussian(mu, 1e-8 * Sigma)[1], 1e-8 * expected, rtol=1e-9, atol=0)
    close32(kernels.mean_field_gaussian(mu.astype(np.float32), Sigma.astype(np.float32))[1], expected, 1e-3)


def test_no_other_factorized_gaussian_is_nearer(rng):
    mu, Sigma = rng.normal(size=3), covariance(rng, 3)
    m, s2 = kernels.mean_field_gaussian(mu, Sigma)
    least = kernels.kl_gaussians(m, np.diag(s2), mu, Sigma)
    for _ in range(50):
        other = kernels.kl_gaussians(m + 0.1 * rng.normal(size=3), np.diag(s2 * np.exp(rng.normal(size=3))), mu, Sigma)
        assert other > least


def test_projections_leave_their_arguments_alone_and_name_what_is_wrong(rng):
    unchanged(kernels.moment_match, rng.normal(size=(5, 2)), rng.uniform(0, 1, 5))
    unchanged(kernels.mean_field_gaussian, rng.normal(size=2), covariance(rng, 2))
    for x, w in (([1.0], [1.0]), ([[1.0]], [1.0, 2.0])):
        with pytest.raises(ValueError, match="do not fit together"):
            kernels.moment_match(x, w)
    for w in ([-1.0, 2.0], [0.0, 0.0], [np.nan, 1.0]):
        with pytest.raises(ValueError, match="non-negative"):
            kernels.moment_match([[1.0], [2.0]], w)
    with pytest.raises(ValueError, match="do not fit together"):
        kernels.mean_field_gaussian([1.0], np.eye(2))
    with pytest.raises(ValueError, match="positive definite"):
        kernels.mean_field_gaussian([1.0, 2.0], -np.eye(2))
