"""The kernels of layers and the gradient checkers, against slow loops and autograd."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from helpers import kernels
from proofs import close, close32


@pytest.mark.parametrize("lead", [(4,), (2, 5), (), (0,), (2, 0, 3)])
def test_affine_agrees_with_autograd(lead, rng):
    x, W, b, dout = (
        rng.normal(size=(*lead, 3)),
        rng.normal(size=(3, 2)),
        rng.normal(size=2),
        rng.normal(size=(*lead, 2)),
    )
    observed = kernels.affine(x, W, b, dout)
    close(observed[0], x @ W + b)
    for which in range(3):
        oracle = grad(lambda x, W, b: anp.sum((anp.dot(x, W) + b) * dout), which)
        close(observed[1 + which], oracle(x, W, b))
    for single, double in zip(kernels.affine(*(a.astype(np.float32) for a in (x, W, b, dout))), observed, strict=True):
        close32(single, double)


def test_affine_takes_integers_and_refuses_shapes_that_do_not_fit():
    out, *_ = kernels.affine([[1, 2]], [[1], [1]], [1], [[1]])
    close(out, np.array([[4.0]]))
    out, *_ = kernels.affine(np.ones((4, 0)), np.ones((0, 2)), np.ones(2), np.ones((4, 2)))
    close(out, np.ones((4, 2)))
    for x, b, dout in (((2, 3), 2, (3, 2)), ((2, 2), 2, (2, 2)), ((2, 3), 1, (2, 2))):
        with pytest.raises(ValueError, match="do not fit"):
            kernels.affine(np.ones(x), np.ones((3, 2)), np.ones(b), np.ones(dout))


@pytest.mark.parametrize(("act", "function"), [
    ("linear", lambda z: z), ("relu", lambda z: np.maximum(z, 0)), ("leaky0.1", lambda z: np.where(z > 0, z, 0.1 * z)),
])  # fmt: skip
def test_init_std_keeps_the_mean_square(act, function, rng):
    z = rng.normal(size=200_000)
    next_z_square = 64 * kernels.init_std(64, 7, act) ** 2 * np.mean(function(z) ** 2)
    assert next_z_square == pytest.approx(1, rel=0.02)
    assert kernels.init_std(100, 5, "tanh") == pytest.approx(0.1, rel=1e-15)


def test_init_std_refuses_other_names():
    with pytest.raises(ValueError, match="swishy"):
        kernels.init_std(3, 3, "swishy")


def slow_batchnorm(a, gamma, beta, eps):
    out = np.empty_like(a)
    for d in range(a.shape[1]):
        mean = math.fsum(a[:, d]) / len(a)
        var = math.fsum((value - mean) ** 2 for value in a[:, d]) / len(a)
        out[:, d] = [gamma[d] * (value - mean) / math.sqrt(var + eps) + beta[d] for value in a[:, d]]
    return out


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize(("rows", "momentum", "eps"), [(2, 0.1, 1e-5), (9, 0.3, 0.5), (40, 0.1, 1e-5)])
def test_batchnorm_forward_by_a_slow_loop(rows, momentum, eps, rng):
    a, gamma, beta = 3 + 2 * rng.normal(size=(rows, 3)), rng.normal(size=3), rng.normal(size=3)
    mean, var = rng.normal(size=3), rng.uniform(0.5, 2, 3)
    out, new_mean, new_var = kernels.batchnorm_forward(a, gamma, beta, mean, var, True, momentum, eps)
    close(out, slow_batchnorm(a, gamma, beta, eps))
    close(new_mean, (1 - momentum) * mean + momentum * a.mean(0))
    close(new_var, (1 - momentum) * var + momentum * a.var(0, ddof=1))
    single = [array.astype(np.float32) for array in (a, gamma, beta, mean, var)]
    for observed, expected in zip(
        kernels.batchnorm_forward(*single, True, momentum, eps), (out, new_mean, new_var), strict=True
    ):
        close32(observed, expected)


def test_batchnorm_evaluation_uses_and_keeps_the_running_statistics(rng):
    a, gamma, beta = rng.normal(size=(1, 3)), rng.normal(size=3), rng.normal(size=3)
    mean, var = rng.normal(size=3), rng.uniform(0.5, 2, 3)
    out, new_mean, new_var = kernels.batchnorm_forward(a, gamma, beta, mean, var, False)
    close(out, gamma * (a - mean) / np.sqrt(var + 1e-5) + beta)
    close(new_mean, mean)
    close(new_var, var)
    out, *_ = kernels.batchnorm_forward(a.astype(np.float32), gamma, beta, mean, var, False)
    assert out.dtype == np.float32
    for rows in (0, 1):
        with pytest.raises(ValueError, match="two rows"):
            kernels.batchnorm_forward(np.ones((rows, 3)), gamma, beta, mean, var, True)


def test_batchnorm_far_from_zero_keeps_its_digits(rng):
    a = rng.normal(size=(50, 2))
    one, zero = np.ones(2), np.zeros(2)
    near = kernels.batchnorm_forward(a, one, zero, zero, one, True)[0]
    np.testing.assert_allclose(kernels.batchnorm_forward(a + 1e6, one, zero, zero, one, True)[0], near, atol=1e-8)


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize(("rows", "eps"), [(2, 1e-5), (7, 0.7), (40, 1e-5)])
def test_batchnorm_backward_agrees_with_autograd(rows, eps, rng):
    a, gamma, dout = 3 + 2 * rng.normal(size=(rows, 3)), rng.normal(size=3), rng.normal(size=(rows, 3))

    def loss(a, gamma, beta):
        mean = anp.mean(a, axis=0)
        var = anp.mean((a - mean) ** 2, axis=0)
        return anp.sum((gamma * (a - mean) / anp.sqrt(var + eps) + beta) * dout)

    observed = kernels.batchnorm_backward(a, gamma, dout, eps)
    for which in range(3):
        close(observed[which], grad(loss, which)(a, gamma, np.zeros(3)), rtol=1e-10, atol=1e-11)
    single = kernels.batchnorm_backward(*(array.astype(np.float32) for array in (a, gamma, dout)), eps)
    for one, expected in zip(single, observed, strict=True):
        assert one.dtype == np.float32
        np.testing.assert_allclose(one, expected, rtol=1e-4, atol=1e-4)
    with pytest.raises(ValueError, match="same shape"):
        kernels.batchnorm_backward(a, gamma, dout[:1], eps)


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
