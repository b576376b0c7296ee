"""Losses and their gradients against forms for reading and autograd, and at the edges of floating point."""

import math
import tracemalloc

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import kernels
from proofs import close, close32

INF = np.inf


# --- log-softmax and its vector-Jacobian product


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize(("shape", "axis"), [((7,), -1), ((3, 4), 0), ((2, 3, 4), 1), ((2, 3, 4), -3), ((0, 5), -1)])
def test_log_softmax_is_the_logarithm_of_the_softmax(shape, axis, rng):
    a = rng.normal(size=shape) * 10
    close(kernels.log_softmax(a, axis), np.log(kernels.softmax(a, axis)))
    close(kernels.softmax(a, axis), kernels.softmax_plain(a, axis))
    close32(kernels.log_softmax(a.astype(np.float32), axis), np.log(kernels.softmax(a, axis)), tol=1e-5)


def test_log_softmax_at_the_edges():
    with np.errstate(all="raise"):
        close(kernels.log_softmax([0, -2000]), np.array([0.0, -2000.0]))
        close(kernels.log_softmax([1e4, 1e4 + 1]), kernels.log_softmax([0.0, 1.0]))
        close(kernels.log_softmax([0.0, -INF]), np.array([0.0, -INF]))
        close(kernels.log_softmax([-1e308, 1e308])[1:], np.array([0.0]))
        close(kernels.log_softmax([[3.0]]), np.zeros((1, 1)))
        assert np.isnan(kernels.log_softmax([-INF, -INF])).all()
        assert kernels.log_softmax(np.zeros((3, 0))).shape == (3, 0)
    with pytest.raises(IndexError):
        kernels.log_softmax(np.zeros((2, 3)), 2)


@pytest.mark.usefixtures("block_size")
def test_log_softmax_vjp_is_the_product_with_the_jacobian(rng):
    log_s, v = np.log(rng.dirichlet(np.ones(5), size=(2, 6))), rng.normal(size=(2, 6, 5))
    expected = np.empty_like(v)
    for index in np.ndindex(2, 6):
        expected[index] = (np.eye(5) - np.exp(log_s[index])).T @ v[index]
    close(kernels.log_softmax_vjp(log_s, v), expected)
    close32(kernels.log_softmax_vjp(log_s.astype(np.float32), v.astype(np.float32)), expected)
    close(kernels.log_softmax_vjp(log_s[0, :0], v[0, :0]), np.empty((0, 5)))
    with pytest.raises(ValueError, match="same shape"):
        kernels.log_softmax_vjp(log_s, v[:1])


# --- cross-entropy


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize(("rows", "classes"), [(1, 1), (1, 4), (9, 4), (40, 3)])
def test_cross_entropy_of_labels_is_that_of_one_hot_weights(rows, classes, rng):
    logits, labels = rng.normal(size=(rows, classes)) * 5, rng.integers(0, classes, rows)
    one_hot = np.eye(classes)[labels]
    loss, gradient = kernels.cross_entropy_from_labels(logits, labels)
    for other in (kernels.cross_entropy_plain, kernels.cross_entropy_from_logits):
        expected = other(logits, one_hot)
        assert loss == pytest.approx(expected[0], rel=1e-13, abs=1e-15)
        close(gradient, expected[1])
    single, single_gradient = kernels.cross_entropy_from_labels(logits.astype(np.float32), labels.astype(np.uint8))
    assert type(loss) is type(single) is float
    assert single == pytest.approx(loss, rel=1e-5, abs=1e-6)
    close32(single_gradient, gradient)


def test_cross_entropy_of_labels_at_the_edges():
    with np.errstate(all="raise"):
        loss, gradient = kernels.cross_entropy_from_labels(np.array([[1e4, 0.0], [0.0, 1e4]]), [0, 0])
        assert loss == 5000
        close(gradient, np.array([[0.0, 0.0], [-0.5, 0.5]]))
        loss, gradient = kernels.cross_entropy_from_labels([[0, 1, -INF]], [0])
        assert loss == pytest.approx(math.log(1 + math.e), rel=1e-14)
        assert gradient[0, 2] == 0
        assert kernels.cross_entropy_from_labels(np.array([[0.0, -INF]]), [1])[0] == INF


@pytest.mark.parametrize(("logits", "labels", "sentence"), [
    (np.zeros((2, 3)), [0, 1, 2], r"\(2, 3\) and \(3,\)"), (np.zeros(3), [0, 1, 2], r"\(3,\) and \(3,\)"),
    (np.zeros((2, 3)), [0, 3], "from 0 to 2"), (np.zeros((2, 3)), [-1, 0], "from 0 to 2"),
    (np.zeros((2, 3)), [0.0, 1.0], "integers"), (np.zeros((0, 3)), [], r"at least one row.*\(0, 3\)"),
])  # fmt: skip
def test_labels_that_are_none_are_refused(logits, labels, sentence):
    with pytest.raises(ValueError, match=sentence):
        kernels.cross_entropy_from_labels(logits, labels)


def test_cross_entropy_needs_the_memory_of_its_gradient(rng):
    logits, labels = rng.normal(size=(4000, 500)), rng.integers(0, 500, 4000)
    weights = np.eye(500)[labels]
    for function, target in ((kernels.cross_entropy_from_labels, labels), (kernels.cross_entropy_from_logits, weights)):
        tracemalloc.start()
        function(logits, target)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 1.02 * logits.nbytes


@given(
    hnp.arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.floats(-1e4, 1e4)), st.data()
)
def test_cross_entropy_is_not_negative_and_its_gradient_rows_sum_to_zero(logits, data):
    labels = data.draw(hnp.arrays(int, len(logits), elements=st.integers(0, logits.shape[1] - 1)))
    loss, gradient = kernels.cross_entropy_from_labels(logits, labels)
    assert loss >= 0
    np.testing.assert_allclose(gradient.sum(1), 0, atol=1e-15)
    np.testing.assert_allclose(kernels.cross_entropy_from_labels(logits + 7, labels)[1], gradient, atol=1e-9)


# --- mean squared error


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("shape", [(), (1,), (30,), (4, 5), (2, 3, 4)])
def test_mean_squared_error_by_a_slow_loop(shape, rng):
    y, t = rng.normal(size=shape), rng.normal(size=shape)
    loss, gradient = kernels.mean_squared_error(y, t)
    expected = math.fsum((a - b) ** 2 for a, b in zip(y.flat, t.flat, strict=True)) / y.size
    assert type(loss) is float
    assert loss == pytest.approx(expected, rel=1e-14)
    close(gradient, grad(lambda y: anp.mean((y - t) ** 2))(y))
    single, single_gradient = kernels.mean_squared_error(y.astype(np.float32), t)
    assert single == pytest.approx(expected, rel=1e-5)
    close32(single_gradient, gradient)


def test_mean_squared_error_refuses_other_shapes_and_nothing():
    with pytest.raises(ValueError, match=r"\(3,\) and \(3, 1\)"):
        kernels.mean_squared_error(np.ones(3), np.ones((3, 1)))
    with pytest.raises(ValueError, match=r"\(0, 2\)"):
        kernels.mean_squared_error(np.ones((0, 2)), np.ones((0, 2)))
    close(kernels.mean_squared_error([1, 2], [1, 4])[1], np.array([0.0, -2.0]))


# --- Bernoulli


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("shape", [(), (30,), (4, 5), (0, 3)])
def test_bernoulli_loss_agrees_with_autograd(shape, rng):
    logits, x = rng.normal(size=shape) * 3, rng.random(shape)

    def loss(logits):
        s = 1 / (1 + anp.exp(-logits))
        return -anp.sum(x * anp.log(s) + (1 - x) * anp.log(1 - s))

    value, gradient = kernels.bernoulli_loss_from_logits(logits, x)
    assert type(value) is float
    assert value == pytest.approx(loss(logits), rel=1e-12)
    close(gradient, grad(loss)(logits), rtol=1e-11)
    single, single_gradient = kernels.bernoulli_loss_from_logits(logits.astype(np.float32), x)
    assert single == pytest.approx(value, rel=1e-5)
    close32(single_gradient, gradient)


def test_bernoulli_loss_at_the_edges():
    loss = kernels.bernoulli_loss_from_logits
    with np.errstate(all="raise"):
        assert loss(np.array([-1000.0, 1000.0]), [1, 0])[0] == 2000
        assert loss(np.array([40.0]), [1.0])[0] == pytest.approx(math.exp(-40), rel=1e-12)
        assert loss(np.array([INF, -INF]), [1, 0])[0] == 0
        assert loss(np.array([INF, 0.0]), [0.5, 0.0])[0] == INF
        assert loss(np.array([-INF, 0.0, INF]), [0.0, 1.0, 1.0])[0] == pytest.approx(math.log(2), rel=1e-14)
        close(loss(np.array([INF, -INF]), [1, 1])[1], np.array([0.0, -1.0]))
        assert np.isnan(loss(np.array([np.nan, 1.0]), [0.0, 1.0])[0])
    with pytest.raises(ValueError, match="same shape"):
        loss(np.ones(3), np.ones((1, 3)))


@given(hnp.arrays(np.float64, st.integers(1, 9), elements=st.floats(-1e3, 1e3)), st.floats(0, 1))
def test_bernoulli_loss_is_symmetric_and_not_below_the_entropy(logits, p):
    x = np.full(logits.shape, p)
    loss, gradient = kernels.bernoulli_loss_from_logits(logits, x)
    mirrored, mirrored_gradient = kernels.bernoulli_loss_from_logits(-logits, 1 - x)
    assert loss == pytest.approx(mirrored, rel=1e-9, abs=1e-9)
    np.testing.assert_allclose(gradient, -mirrored_gradient, atol=1e-15)
    entropy = -sum(q * math.log(q) for q in (p, 1 - p) if q > 0)
    assert loss >= len(logits) * entropy * (1 - 1e-12) - 1e-12
