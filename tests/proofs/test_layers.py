"""The kernels of layers, against slow loops and autograd, and by their own properties."""

import math
import tracemalloc

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import kernels
from helpers.kernels import _blocks
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


def test_affine_is_its_forward_and_backward_pass_after_each_other(rng):
    x, W, b, dout = (rng.normal(size=shape) for shape in ((2, 5, 3), (3, 3), 3, (2, 5, 3)))
    out, cache = kernels.affine_forward(x, W, b)
    for pair, whole in zip((out, *kernels.affine_backward(dout, cache)), kernels.affine(x, W, b, dout), strict=True):
        close(pair, whole)
    assert all(kept is given for kept, given in zip(cache, (x, W), strict=True))
    # Adjointness: what the backward pass is.
    assert np.vdot(dout, out - b) == pytest.approx(np.vdot(kernels.affine_backward(dout, cache)[0], x), rel=1e-12)


def test_affine_takes_integers_and_refuses_shapes_that_do_not_fit():
    out, *_ = kernels.affine([[1, 2]], [[1], [1]], [1], [[1]])
    close(out, np.array([[4.0]]))
    out, *_ = kernels.affine(np.ones((4, 0)), np.ones((0, 2)), np.ones(2), np.ones((4, 2)))
    close(out, np.ones((4, 2)))
    for x, b, dout in (((2, 3), 2, (3, 2)), ((2, 2), 2, (2, 2)), ((2, 3), 1, (2, 2))):
        with pytest.raises(ValueError, match="do not fit"):
            kernels.affine(np.ones(x), np.ones((3, 2)), np.ones(b), np.ones(dout))
    with pytest.raises(ValueError, match=r"W \(3,\)"):
        kernels.affine_forward(np.ones((2, 3)), np.ones(3), np.ones(1))


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


# --- batch normalization of images


IMAGES = [(2, 3, 1), (1, 2, 5), (4, 3, 2, 5), (7, 1, 3, 3), (3, 40, 2, 2), (2, 3, 2, 2, 2)]


def as_rows(images):
    """The images as the (N, D) batch that has the same statistics."""
    return np.moveaxis(images, 1, -1).reshape(-1, images.shape[1])


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("shape", IMAGES)
@pytest.mark.parametrize("train", [True, False])
def test_batchnorm_of_images_is_that_of_their_pixels(shape, train, rng):
    a, dout = 3 + 2 * rng.normal(size=shape), rng.normal(size=shape)
    gamma, beta, mean = rng.normal(size=(3, shape[1]))
    var = rng.uniform(0.5, 2, shape[1])
    observed = kernels.batchnorm_forward(a, gamma, beta, mean, var, train)
    expected = kernels.batchnorm_forward(as_rows(a), gamma, beta, mean, var, train)
    close(as_rows(observed[0]), expected[0], rtol=1e-11, atol=1e-12)
    for one, other in zip(observed[1:], expected[1:], strict=True):
        close(one, other)
    running = None if train else (mean, var)
    da, *rest = kernels.batchnorm_backward(a, gamma, dout, running=running)
    expected_da, *expected_rest = kernels.batchnorm_backward(as_rows(a), gamma, as_rows(dout), running=running)
    close(as_rows(da), expected_da, rtol=1e-10, atol=1e-11)
    for one, other in zip(rest, expected_rest, strict=True):
        close(one, other, rtol=1e-11, atol=1e-11)
    single = kernels.batchnorm_backward(a.astype(np.float32), gamma, dout.astype(np.float32), running=running)
    for one, other in zip(single, (da, *rest), strict=True):
        assert one.dtype == np.float32
        np.testing.assert_allclose(one, other, rtol=2e-4, atol=2e-4)


@pytest.mark.usefixtures("block_size")
def test_batchnorm_is_its_form_for_reading(rng):
    a, dout = 3 + 2 * rng.normal(size=(2, 50, 4))
    gamma, beta = rng.normal(size=(2, 4))
    out, da, dgamma, dbeta = kernels.batchnorm_plain(a, gamma, beta, dout)
    close(kernels.batchnorm_forward(a, gamma, beta, beta, gamma**2, True)[0], out)
    for observed, expected in zip(kernels.batchnorm_backward(a, gamma, dout), (da, dgamma, dbeta), strict=True):
        close(observed, expected, rtol=1e-11, atol=1e-11)


@pytest.mark.usefixtures("block_size")
def test_batchnorm_backward_of_evaluation_is_the_gradient_of_evaluation(rng):
    a, dout = rng.normal(size=(2, 9, 3))
    gamma, beta, mean = rng.normal(size=(3, 3))
    var = rng.uniform(0.5, 2, 3)

    def loss(a, gamma, beta):
        return anp.sum((gamma * (a - mean) / anp.sqrt(var + 0.1) + beta) * dout)

    for which, observed in enumerate(kernels.batchnorm_backward(a, gamma, dout, 0.1, running=(mean, var))):
        close(observed, grad(loss, which)(a, gamma, beta))


@pytest.mark.usefixtures("block_size")
def test_batchnorm_in_float32_keeps_its_digits_far_from_zero(rng):
    near = rng.integers(-8, 9, size=(64, 3)).astype(np.float64)  # integers: float32 holds them with the shift
    far = (near + 100_000).astype(np.float32)
    dout = rng.normal(size=(64, 3))
    one, zero = np.ones(3), np.zeros(3)
    close32(kernels.batchnorm_forward(far, one, zero, zero, one, True)[0],
            kernels.batchnorm_forward(near, one, zero, zero, one, True)[0], tol=3e-3)  # fmt: skip
    for observed, expected in zip(
        kernels.batchnorm_backward(far, one, dout), kernels.batchnorm_backward(near, one, dout), strict=True
    ):
        np.testing.assert_allclose(observed, expected, atol=1e-2)


def test_batchnorm_shapes_that_do_not_fit():
    one = np.ones(3)
    with pytest.raises(ValueError, match=r"not \(3,\)"):
        kernels.batchnorm_forward(np.ones(3), one, one, one, one, True)
    with pytest.raises(ValueError, match=r"beta must be \(3,\), .* `a` \(2, 3, 4\), not \(4,\)"):
        kernels.batchnorm_forward(np.ones((2, 3, 4)), one, np.ones(4), one, one, True)
    with pytest.raises(ValueError, match="run_var"):
        kernels.batchnorm_backward(np.ones((2, 3)), one, np.ones((2, 3)), running=(one, np.ones(2)))
    with pytest.raises(ValueError, match=r"\(1, 3, 1, 1\)"):
        kernels.batchnorm_forward(np.ones((1, 3, 1, 1)), one, one, one, one, True)
    for shape in ((0, 3), (0, 3, 4), (2, 3, 0)):
        assert kernels.batchnorm_forward(np.ones(shape), one, one, one, one, False)[0].shape == shape
        for gradient, expected in zip(
            kernels.batchnorm_backward(np.ones(shape), one, np.ones(shape)),
            (np.ones(shape), np.zeros(3), np.zeros(3)),
            strict=True,
        ):
            close(gradient, expected)
    assert kernels.batchnorm_forward(np.ones((2, 0)), *np.ones((4, 0)), True)[0].shape == (2, 0)


@settings(max_examples=40)
@given(hnp.array_shapes(min_dims=2, max_dims=4, max_side=5).filter(lambda s: np.prod(s) > s[1]), st.integers(0, 2**32))
def test_batchnorm_normalizes_and_its_gradient_is_orthogonal_to_shift_and_scale(shape, seed):
    rng = np.random.default_rng(seed)
    a, dout = rng.normal(size=(2, *shape))
    one, zero = np.ones(shape[1]), np.zeros(shape[1])
    out = as_rows(kernels.batchnorm_forward(a, one, zero, zero, one, True, eps=1e-12)[0])
    np.testing.assert_allclose(out.mean(0), 0, atol=1e-10)
    np.testing.assert_allclose((out**2).mean(0), 1, rtol=1e-4)
    da = as_rows(kernels.batchnorm_backward(a, one, dout, 1e-12)[0])
    scale = np.abs(da).max() + 1
    np.testing.assert_allclose(da.sum(0) / scale, 0, atol=1e-8)
    np.testing.assert_allclose((da * out).sum(0) / scale, 0, atol=1e-5)


@pytest.mark.parametrize("shape", [(32, 32, 32, 32), (40, 50_000)], ids=["images", "wide rows"])
def test_batchnorm_needs_the_memory_of_its_result(shape, rng):
    a, dout = rng.normal(size=(2, *shape))
    one, zero = np.ones(shape[1]), np.zeros(shape[1])
    for function, arguments in (
        (kernels.batchnorm_forward, (a, one, zero, zero, one, True)),
        (kernels.batchnorm_backward, (a, one, dout)),
    ):
        tracemalloc.start()
        function(*arguments)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 1.2 * a.nbytes


# --- dropout


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dropout_keeps_the_mean_and_drops_what_it_should(dtype, rng):
    x = np.ones((300, 400), dtype)
    out, cache = kernels.dropout_forward(x, 0.3, rng, True)
    assert out.dtype == dtype
    close(np.unique(out), np.array([0, 1 / 0.7], dtype))
    assert np.mean(out == 0) == pytest.approx(0.3, abs=0.01)
    close(kernels.dropout_backward(x, cache), out)


@pytest.mark.parametrize("shape", [(), (7,), (3, 4), (0, 2)])
def test_dropout_is_linear_with_the_same_mask_backward(shape, rng):
    x, dout = rng.normal(size=shape), rng.normal(size=shape)
    out, cache = kernels.dropout_forward(x, 0.5, rng, True)
    dx = kernels.dropout_backward(dout, cache)
    assert dx.shape == out.shape == shape
    assert np.vdot(dx, x) == pytest.approx(np.vdot(dout, out), rel=1e-12)
    close(out, np.where(cache[0], x * 2, 0))


def test_dropout_at_the_ends_and_in_evaluation(rng):
    x = rng.normal(size=(3, 4))
    close(kernels.dropout_forward(x, 0, rng, True)[0], x)
    close(kernels.dropout_forward(x, 1, rng, True)[0], np.zeros((3, 4)))
    out, cache = kernels.dropout_forward(x, 0.5, None, False)
    close(out, x)
    close(kernels.dropout_backward(x, cache), x)
    close(kernels.dropout_forward([1, 2], 0.0, rng, True)[0], np.array([1.0, 2.0]))


def test_dropout_depends_on_the_generator_only(monkeypatch, rng):
    x = rng.normal(size=(20, 30)).astype(np.float32)
    whole, _ = kernels.dropout_forward(x, 0.4, np.random.default_rng(1), True)
    monkeypatch.setattr(_blocks, "BLOCK_BYTES", 100)
    close(kernels.dropout_forward(x, 0.4, np.random.default_rng(1), True)[0], whole)


@pytest.mark.parametrize("rate", [-0.1, 1.1, np.nan])
def test_dropout_refuses_what_is_no_probability(rate, rng):
    with pytest.raises(ValueError, match="from 0 to 1"):
        kernels.dropout_forward(np.ones(3), rate, rng, True)


def test_dropout_refuses_another_shape(rng):
    _, cache = kernels.dropout_forward(np.ones((2, 3)), 0.5, rng, True)
    with pytest.raises(ValueError, match=r"\(2, 3\), not \(3,\)"):
        kernels.dropout_backward(np.ones(3), cache)
