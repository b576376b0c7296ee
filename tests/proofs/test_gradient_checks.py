"""The gradient checkers: against closed forms, against each other, and against gradients that are wrong."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import kernels
from proofs import close


def test_numerical_gradient(rng):
    A, x = rng.normal(size=(3, 3)), rng.normal(size=3)
    np.testing.assert_allclose(kernels.numerical_gradient(lambda x: x @ A @ x, x), (A + A.T) @ x, rtol=1e-8, atol=1e-9)
    X = rng.normal(size=(2, 3))
    np.testing.assert_allclose(kernels.numerical_gradient(lambda X: np.sin(X).sum(), X), np.cos(X), atol=1e-9)
    np.testing.assert_allclose(kernels.numerical_gradient(lambda x: (x**3).sum(), np.array([1, 2])), [3, 12], rtol=1e-8)
    assert kernels.numerical_gradient(lambda x: float(x) ** 2, np.array(3.0)) == pytest.approx(6, rel=1e-9)
    with pytest.raises(TypeError):
        kernels.numerical_gradient(lambda x: x, np.ones(2))


def test_numerical_gradient_shows_the_h_squared_error_of_the_central_difference():
    # (f(x+h) - f(x-h)) / 2h of exp at 0 is sinh(h) / h
    assert kernels.numerical_gradient(math.exp, 0.0, 1e-2) == pytest.approx(math.sinh(0.01) / 0.01, rel=1e-12)


def test_check_gradient_accepts_right_gradients_of_several_arrays(rng):
    x, W, b, dout = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=(4, 2))

    def loss(x, W, b):
        out, *gradients = kernels.affine(x, W, b, dout)
        return np.sum(out * dout), *gradients

    assert kernels.check_gradient(loss, x, W, b) < 1e-9
    assert kernels.check_gradient(lambda x: kernels.cross_entropy_from_logits(x, np.eye(3)[[0, 1, 2, 0]]), x) < 1e-9
    assert kernels.check_gradient(lambda x: (np.exp(x).sum(), np.exp(x)), x, h=3e-3) < 1e-10  # h^2 alone gives 1e-6
    assert kernels.check_gradient(lambda x: (7.0, np.zeros(3)), np.ones(3)) == 0
    with pytest.raises(ValueError, match="for arrays"):
        kernels.check_gradient(lambda x: (0.0, np.zeros(3)), np.ones(4))


def test_check_gradient_finds_one_wrong_coordinate_in_many(rng):
    x = rng.normal(size=80_000)

    def off_by_one_percent(x):
        gradient = np.cos(x)
        gradient[1234] *= 1.01
        return np.sin(x).sum(), gradient

    assert kernels.check_gradient(lambda x: (np.sin(x).sum(), np.cos(x)), x) < 1e-9
    assert kernels.check_gradient(off_by_one_percent, x) > 1e-6
    assert kernels.check_gradient(lambda x: (np.sin(x).sum(), np.zeros_like(x)), x, directions=1) == pytest.approx(1)


# --- the complex step


def test_complex_step_is_exact_to_the_last_digit(rng):
    A, x = rng.normal(size=(3, 3)), rng.normal(size=3)
    close(kernels.complex_step_gradient(lambda x: x @ A @ x, x), (A + A.T) @ x, rtol=1e-14)
    X = rng.normal(size=(2, 3))
    close(kernels.complex_step_gradient(lambda X: np.sin(X).sum(), X), np.cos(X), rtol=1e-15)
    close(kernels.complex_step_gradient(lambda x: (x**3).sum(), [1, 2]), np.array([3.0, 12.0]), rtol=1e-15)
    close(kernels.complex_step_gradient(np.exp, 0.0), np.array(1.0), rtol=1e-15)
    assert kernels.complex_step_gradient(lambda x: x.sum(), np.zeros((0, 2))).shape == (0, 2)


def test_complex_step_refuses_a_function_that_loses_the_imaginary_part():
    with pytest.raises(ValueError, match="complex number for complex input, not float"):
        kernels.complex_step_gradient(lambda x: float(np.abs(x).sum()), np.ones(2))


@given(hnp.arrays(np.float64, (4, 3), elements=st.floats(-3, 3)))
def test_complex_step_agrees_with_differences_and_the_kernels(logits):
    c = np.full((4, 3), 0.5)

    def loss(logits):
        return -np.sum(c * (logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)))) / 4

    exact = kernels.complex_step_gradient(loss, logits)
    np.testing.assert_allclose(kernels.cross_entropy_from_logits(logits, c)[1], exact, atol=1e-15)
    np.testing.assert_allclose(kernels.numerical_gradient(loss, logits), exact, atol=1e-9)


# --- a network with 79,510 parameters


def tanh_network(rng):
    """A 784-100-10 network as (function of the parameters that returns loss and gradients, the parameters)."""
    x, labels = rng.random((8, 784)), rng.integers(0, 10, 8)
    parameters = (
        rng.normal(size=(784, 100)) / 28, 0.1 * rng.normal(size=100), rng.normal(size=(100, 10)) / 10, np.zeros(10),
    )  # fmt: skip

    def loss_and_gradients(W1, b1, W2, b2):
        z, first = kernels.affine_forward(x, W1, b1)
        logits, second = kernels.affine_forward(np.tanh(z), W2, b2)
        loss, dlogits = kernels.cross_entropy_from_labels(logits, labels)
        dh, dW2, db2 = kernels.affine_backward(dlogits, second)
        _, dW1, db1 = kernels.affine_backward(dh * kernels.tanh_gradient(z), first)
        return loss, dW1, db1, dW2, db2

    assert sum(p.size for p in parameters) == 79_510
    return loss_and_gradients, parameters


CAUGHT = 1e-7  # between a clean score of about 1e-10 and that of a single coordinate off by 1 %, about 1e-5


def test_a_right_gradient_of_a_network_passes_at_a_constant_cost(rng):
    network, parameters = tanh_network(rng)
    calls = []

    def counted(*parameters):
        calls.append(1)
        return network(*parameters)

    assert kernels.check_gradient(counted, *parameters) <= 1e-9
    assert len(calls) <= 15


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize("quantile", [0.05, 0.5, 0.95])
@pytest.mark.parametrize("factor", [1.01, 0.99])
def test_one_coordinate_in_80_000_that_is_off_by_a_percent_is_caught(which, quantile, factor, rng):
    network, parameters = tanh_network(rng)
    by_size = np.argsort(np.abs(network(*parameters)[1 + which]), axis=None)
    coordinate = by_size[int(quantile * len(by_size))]

    def off(*parameters):
        loss, *gradients = network(*parameters)
        gradients[which].reshape(-1)[coordinate] *= factor
        return loss, *gradients

    assert kernels.check_gradient(off, *parameters) > CAUGHT


def test_a_check_without_a_generator_is_the_same_every_time(rng):
    network, parameters = tanh_network(rng)
    first, second = (kernels.check_gradient(network, *parameters) for _ in range(2))
    assert first == second
    assert kernels.check_gradient(network, *parameters, rng=rng, directions=1) <= 1e-9
