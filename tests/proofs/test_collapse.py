"""The best q of a beta-VAE, free bits and active units against integrals, slow sums and exact fractions."""

import math
from fractions import Fraction

import numpy as np
import pytest

from helpers import kernels
from helpers.derivatives import complex_step
from proofs import close, close32
from proofs.arguments import unchanged


@pytest.mark.parametrize("beta", [0.25, 1.0, 4.0, 30.0])
@pytest.mark.parametrize("x", [-3.0, 0.0, 1.7])
def test_the_best_q_is_the_tempered_posterior_and_cannot_be_beaten(x, beta, rng):
    z = np.linspace(-15, 15, 6001)
    mass = np.exp(-(z**2) / 2 - (x - z) ** 2 / (2 * beta))
    mass /= mass.sum()
    mean, variance = kernels.beta_posterior(x, beta)
    assert mean == pytest.approx(mass @ z, abs=1e-12)
    assert variance == pytest.approx(mass @ (z - mean) ** 2, rel=1e-9)
    best = kernels.gaussian_elbo(x, mean, variance, beta)
    for _ in range(50):
        other = kernels.gaussian_elbo(x, mean + rng.normal(), variance * math.exp(rng.normal()), beta)
        assert other < best


def test_beta_of_arrays_and_what_is_refused():
    mean, variance = kernels.beta_posterior(np.array([2.0, 4.0]), np.array([1.0, 3.0]))
    close(mean, np.array([1.0, 1.0]))
    close(variance, np.array([0.5, 0.75]))
    for beta in (0.0, -1.0, [1.0, 0.0]):
        with pytest.raises(ValueError, match="positive"):
            kernels.beta_posterior(1.0, beta)


def slow_free_bits(kl, floor):
    """Dimension by dimension, for real and complex terms."""
    means = [sum(column) / len(column) for column in kl.T]
    return sum(mean if np.real(mean) >= floor else floor for mean in means)


@pytest.mark.parametrize(("shape", "floor"), [
    ((6, 5), 0.4), ((4, 4), 0.0), ((1, 3), 0.5), ((5, 1), 0.2), ((3, 2), 20.0), ((3, 0), 1.0),
])  # fmt: skip
def test_free_bits_and_their_gradient(shape, floor, rng):
    kl = rng.exponential(1.0, shape) * rng.choice([2.0, 0.3, 0.0], shape[1])
    value, gradient = kernels.free_bits(kl, floor)
    assert value == pytest.approx(slow_free_bits(kl, floor), rel=1e-13)
    close(gradient, complex_step(lambda one: slow_free_bits(one, floor), kl))
    close32(kernels.free_bits(kl.astype(np.float32), floor)[1], gradient)


def test_at_the_floor_the_kl_counts():
    value, gradient = kernels.free_bits(np.array([[0.25, 1.0], [0.75, 2.0]]), 0.5)
    assert value == 2.0
    close(gradient, np.full((2, 2), 0.5))
    close(kernels.free_bits(np.zeros((2, 3)), 0)[1], np.full((2, 3), 0.5))


@pytest.mark.parametrize("shape", [(40, 5), (3, 7), (1, 3), (2, 1)])
@pytest.mark.parametrize("level", [0.0, 1e6])
def test_active_units_in_exact_fractions(shape, level, rng):
    mu = rng.normal(size=shape) * rng.choice([1.0, 0.05], shape[1]) + level
    exact = []
    for column in mu.T.tolist():
        mean = sum(map(Fraction, column)) / len(column)
        exact.append(sum((Fraction(one) - mean) ** 2 for one in column) / len(column))
    number, variances = kernels.active_units(mu)
    np.testing.assert_allclose(variances, [float(one) for one in exact], rtol=1e-11, atol=1e-14)
    assert number == sum(one > Fraction(0.01) for one in exact)
    assert type(number) is int
    assert kernels.active_units((mu - level).astype(np.float32))[1].dtype == np.float32


def test_a_unit_at_the_threshold_is_not_active():
    assert kernels.active_units(np.array([[0.5, 1.0], [-0.5, -1.0]]), 0.25)[0] == 1


def test_what_is_no_matrix_is_refused():
    for function in (lambda one: kernels.free_bits(one, 0.1), kernels.active_units):
        for shape in ((3,), (0, 3), (2, 2, 2)):
            with pytest.raises(ValueError, match="at least one example"):
                function(np.zeros(shape))
    with pytest.raises(ValueError, match="from 0"):
        kernels.free_bits(np.ones((2, 2)), -0.1)


def test_no_argument_is_changed(rng):
    unchanged(kernels.free_bits, rng.exponential(1.0, (3, 4)), 0.5)
    unchanged(kernels.active_units, rng.normal(size=(3, 4)))
