"""The kernels against slow loops, SciPy and autograd, at the edges of floating point, and by their own properties."""

import math
from functools import partial

import autograd.numpy as anp
import numpy as np
import pytest
import scipy.special
from autograd import elementwise_grad, grad
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import kernels
from proofs import close, close32

INF = np.inf
SHAPES = [((7,), -1), ((3, 4), -1), ((3, 4), 0), ((2, 3, 4), 1), ((2, 3, 4), -3), ((1, 1), 0), ((0, 5), -1)]
finite_rows = hnp.arrays(
    np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(-1e4, 1e4)
)


# --- softmax, logsumexp, softmax_vjp, cross-entropy


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize(("shape", "axis"), SHAPES)
def test_softmax_and_logsumexp_agree_with_scipy(shape, axis, rng):
    a = rng.normal(size=shape) * 10
    close(kernels.softmax(a, axis), scipy.special.softmax(a, axis))
    if a.size:
        close(kernels.logsumexp(a, axis), scipy.special.logsumexp(a, axis))
    close32(kernels.softmax(a.astype(np.float32), axis), scipy.special.softmax(a, axis))
    assert kernels.logsumexp(a.astype(np.float32), axis).dtype == np.float32


@pytest.mark.usefixtures("block_size")
def test_softmax_by_a_slow_loop(rng):
    a = rng.normal(size=(30, 40))
    expected = [[math.exp(x) / math.fsum(math.exp(y) for y in row) for x in row] for row in a]
    close(kernels.softmax(a), np.array(expected))
    close(kernels.softmax(a.T, 0), np.array(expected).T)


def test_softmax_at_the_edges():
    with np.errstate(all="raise"):
        close(kernels.softmax([1000, 1001]), scipy.special.softmax([0.0, 1.0]))
        close(kernels.softmax([0.0, -INF, 0.0]), np.array([0.5, 0.0, 0.5]))
        close(kernels.softmax([-1e308, 1e308]), np.array([0.0, 1.0]))
        close(kernels.softmax([[0.0, 1.0], [5e3, 5001.0]])[1], kernels.softmax([0.0, 1.0]))
        assert np.isnan(kernels.softmax([-INF, -INF])).all()
        assert kernels.softmax(np.zeros((3, 0))).shape == (3, 0)


def test_logsumexp_at_the_edges():
    with np.errstate(all="raise"):
        close(kernels.logsumexp([-1000.0, -1000.0]), np.float64(math.log(2) - 1000))
        assert kernels.logsumexp([-INF, -INF]) == -INF
        assert kernels.logsumexp([0.0, INF]) == INF
        assert kernels.logsumexp([-INF, INF]) == INF
        assert kernels.logsumexp([0.0, -INF]) == 0
        assert np.isnan(kernels.logsumexp([0.0, np.nan]))
        close(kernels.logsumexp([0.0, 2000.0]), np.float64(2000))
        close(kernels.logsumexp(np.zeros((3, 0))), np.full(3, -INF))
        close(kernels.logsumexp([7, 7]), np.float64(7 + math.log(2)))


@pytest.mark.parametrize("function", [kernels.softmax, kernels.logsumexp])
def test_an_axis_that_does_not_exist_is_an_index_error(function):
    with pytest.raises(IndexError):
        function(np.zeros((2, 3)), 2)


@given(finite_rows, st.floats(-1e3, 1e3))
def test_softmax_rows_sum_to_one_and_a_shift_changes_nothing(a, shift):
    s = kernels.softmax(a)
    np.testing.assert_allclose(s.sum(-1), 1, rtol=1e-13)
    np.testing.assert_allclose(kernels.softmax(a + shift), s, rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(kernels.logsumexp(a + shift), kernels.logsumexp(a) + shift, rtol=1e-12, atol=1e-10)
    assert (kernels.logsumexp(a) >= a.max(-1)).all()


@pytest.mark.usefixtures("block_size")
def test_softmax_vjp_is_the_product_with_the_jacobian(rng):
    s, v = rng.dirichlet(np.ones(5), size=(2, 6)), rng.normal(size=(2, 6, 5))
    expected = np.empty_like(v)
    for index in np.ndindex(2, 6):
        expected[index] = (np.diag(s[index]) - np.outer(s[index], s[index])).T @ v[index]
    close(kernels.softmax_vjp(s, v), expected)
    close32(kernels.softmax_vjp(s.astype(np.float32), v.astype(np.float32)), expected)
    close(kernels.softmax_vjp(s[0, :0], v[0, :0]), np.empty((0, 5)))
    close(kernels.softmax_vjp(np.eye(4)[[1]], v[:1, 0, :4]), np.zeros((1, 4)))


@pytest.mark.usefixtures("block_size")
def test_cross_entropy_agrees_with_autograd(rng):
    def loss(x, c):
        shifted = x - anp.max(x, axis=1, keepdims=True)
        return -anp.sum(c * (shifted - anp.log(anp.sum(anp.exp(shifted), axis=1, keepdims=True)))) / len(x)

    for c in (np.eye(4)[rng.integers(0, 4, 9)], rng.dirichlet(np.ones(4), 9), rng.uniform(0, 2, (9, 4))):
        x = rng.normal(size=(9, 4)) * 5
        value, gradient = kernels.cross_entropy_from_logits(x, c)
        assert type(value) is float
        assert value == pytest.approx(loss(x, c), rel=1e-13)
        close(gradient, grad(loss)(x, c))
        value, gradient = kernels.cross_entropy_from_logits(x.astype(np.float32), c)
        assert value == pytest.approx(loss(x, c), rel=1e-5)
        close32(gradient, grad(loss)(x, c))


def test_cross_entropy_at_the_edges():
    cross_entropy = kernels.cross_entropy_from_logits
    with np.errstate(all="raise"):
        assert cross_entropy(np.array([[1e4, 0.0], [0.0, 1e4]]), np.eye(2))[0] == 0
        value, gradient = cross_entropy(np.array([[1e4, 0.0]]), np.array([[0.0, 1.0]]))
        assert value == 1e4
        close(gradient, np.array([[1.0, -1.0]]))
        value, gradient = cross_entropy(np.array([[0.0, 1.0, -INF]]), np.array([[1.0, 0.0, 0.0]]))
        assert value == pytest.approx(math.log(1 + math.e), rel=1e-14)
        close(gradient, kernels.softmax([[0.0, 1.0, -INF]]) - [[1.0, 0.0, 0.0]])
        assert cross_entropy(np.array([[0.0, -INF]]), np.array([[0, 1]]))[0] == INF
    with pytest.raises(ValueError, match="at least one row"):
        cross_entropy(np.zeros((0, 3)), np.zeros((0, 3)))
    with pytest.raises(ValueError, match="same shape"):
        cross_entropy(np.zeros((2, 3)), np.zeros((1, 3)))


# --- sigmoids


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sigmoid_and_its_logarithm_agree_with_scipy(dtype):
    x = np.linspace(-80, 80, 321).reshape(3, 107).astype(dtype)
    check = close if dtype is np.float64 else close32
    check(kernels.sigmoid(x), scipy.special.expit(x))
    value, slope = kernels.log_sigmoid(x)
    check(value, scipy.special.log_expit(x))
    check(slope, scipy.special.expit(-x))


def test_the_left_tails_keep_their_relative_accuracy():
    x = np.linspace(-700, 0, 50)
    close(kernels.sigmoid(x), np.exp(x) / (1 + np.exp(x)), rtol=1e-14, atol=0)
    close(kernels.log_sigmoid(-x)[0], -np.log1p(np.exp(x)), rtol=1e-14, atol=0)
    close(kernels.log_sigmoid(-x)[1], np.exp(x) / (1 + np.exp(x)), rtol=1e-14, atol=0)
    close(kernels.sigmoid_gradient(x)[0], np.exp(x) / (1 + np.exp(x)) ** 2, rtol=1e-14, atol=0)


@pytest.mark.parametrize("x", [-INF, -1e308, -1000, -745, 0, 1000, 1e308, INF])
def test_no_sigmoid_warns_anywhere(x):
    with np.errstate(all="raise"):
        close(kernels.sigmoid(x), scipy.special.expit(np.float64(x)))
        value, slope = kernels.log_sigmoid(x)
        assert value == scipy.special.log_expit(np.float64(x))
        assert slope == scipy.special.expit(-np.float64(x))
        assert kernels.sigmoid_gradient(x)[0] == pytest.approx(0.25 if x == 0 else 0, abs=1e-300)
        assert np.isnan(kernels.sigmoid(np.nan))


def test_sigmoids_of_integers_lists_and_nothing():
    close(kernels.sigmoid([-2, 0, 2]), scipy.special.expit([-2.0, 0.0, 2.0]))
    assert kernels.sigmoid(np.zeros((0, 3))).shape == (0, 3)
    assert isinstance(kernels.sigmoid(0), np.float64)


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("k", [1.0, 4.0, 0.5, 0.0, -2.0])
def test_sigmoid_gradient_agrees_with_autograd(k, rng):
    x = rng.normal(size=(5, 3))
    slope, highest = kernels.sigmoid_gradient(x, k)
    close(slope, elementwise_grad(lambda x: 1 / (1 + anp.exp(-k * x)))(x))
    close32(kernels.sigmoid_gradient(x.astype(np.float32), k)[0], slope)
    assert highest == (k / 4 if k > 0 else 0)
    assert type(highest) is float
    assert (kernels.sigmoid_gradient(np.linspace(-9, 9, 1001), k)[0] <= highest).all()


@pytest.mark.parametrize(("w", "layers"), [(1.0, 1), (2.0, 0), (4.0, 10), (-3.0, 7), (0.0, 3), (400.0, 3)])
def test_deep_sigmoid_gradient_agrees_with_autograd(w, layers):
    def chain(h):
        for _ in range(layers):
            h = 0.5 * (1 + anp.tanh(w * h / 2))
        return h

    starts = np.array([0.3, -1.2])
    expected = [grad(chain)(h) for h in starts]
    assert kernels.deep_sigmoid_gradient(0.3, w, layers) == pytest.approx(expected[0], rel=1e-11, abs=1e-15)
    close(kernels.deep_sigmoid_gradient(starts, w, layers), np.array(expected), rtol=1e-11, atol=1e-15)
    assert abs(kernels.deep_sigmoid_gradient(0.3, w, layers)) <= (abs(w) / 4) ** layers


@given(hnp.arrays(np.float64, st.integers(0, 20), elements=st.floats(allow_nan=False)))
def test_sigmoid_is_symmetric_and_log_sigmoid_is_its_logarithm(x):
    s = kernels.sigmoid(x)
    np.testing.assert_allclose(s + kernels.sigmoid(-x), 1, rtol=1e-15)
    np.testing.assert_allclose(np.exp(kernels.log_sigmoid(x)[0]), s, rtol=1e-12, atol=1e-300)


# --- all kernels


def calls(rng):
    """One call of every kernel that takes arrays, as (function, arguments)."""
    a, c = rng.normal(size=(6, 4)), rng.dirichlet(np.ones(4), 6)
    p, q = rng.normal(size=4), rng.uniform(1, 2, 4)
    for name in ("softmax", "log_softmax", "logsumexp", "sigmoid", "log_sigmoid", "sigmoid_gradient", "tanh_gradient"):
        yield getattr(kernels, name), (a,)
    for name in ("relu", "leaky_relu", "elu", "softplus", "silu", "gelu"):
        yield getattr(kernels, name), (a,)
        yield getattr(kernels, f"{name}_gradient"), (a,)
    for name in ("softmax_vjp", "log_softmax_vjp", "mean_squared_error", "bernoulli_loss_from_logits"):
        yield getattr(kernels, name), (c, a)
    yield kernels.cross_entropy_from_labels, (a, np.array([0, 3, 1, 1, 2, 0]))
    yield kernels.dropout_forward, (a, 0.5, rng, True)
    yield kernels.dropout_backward, (a, (c > 0.2, 2.0))
    yield kernels.cross_entropy_from_logits, (a, c)
    yield kernels.affine, (a, rng.normal(size=(4, 2)), rng.normal(size=2), rng.normal(size=(6, 2)))
    yield kernels.batchnorm_forward, (a, p, p, p, q, True)
    yield kernels.batchnorm_forward, (a, p, p, p, q, False)
    yield kernels.batchnorm_backward, (a, p, c)
    yield partial(kernels.batchnorm_backward, running=(p, q)), (a, p, c)
    yield kernels.complex_step_gradient, (lambda x: x.sum(), p)
    yield kernels.deep_sigmoid_gradient, (p, 1.0, 3)
    yield kernels.numerical_gradient, (lambda x: x.sum(), p)
    yield kernels.check_gradient, (lambda x: (x.sum(), np.ones(4)), p)


def test_no_kernel_changes_its_arguments(rng):
    for function, arguments in calls(rng):
        before = [np.copy(a) if isinstance(a, np.ndarray) else a for a in arguments]
        for array in (a for a in arguments if isinstance(a, np.ndarray)):
            array.flags.writeable = False
        function(*arguments)
        for was, now in zip(before, arguments, strict=True):
            assert was is now or np.array_equal(was, now), function


@settings(max_examples=25)
@given(finite_rows)
def test_strided_and_fortran_ordered_input_give_the_same(a):
    for function in (kernels.softmax, kernels.logsumexp, kernels.sigmoid):
        np.testing.assert_array_max_ulp(function(a[::-1])[::-1], function(a), 2)
        np.testing.assert_array_max_ulp(function(np.asfortranarray(a)), function(a), 2)
