"""Activations and their derivatives against slow loops and autograd, in the tails, at kinks and at infinity."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import kernels
from proofs import close, close32

INF = np.inf
C = math.sqrt(2 / math.pi)
SLOW = {  # the definitions, for one number
    "relu": lambda x: x if x > 0 else 0.0,
    "leaky_relu": lambda x: x if x > 0 else 0.01 * x,
    "elu": lambda x: x if x > 0 else math.expm1(x),
    "softplus": lambda x: math.log1p(math.exp(x)),
    "silu": lambda x: x / (1 + math.exp(-x)),
    "gelu": lambda x: x / 2 * (1 + math.tanh(C * (x + 0.044715 * x**3))),
}
DIFFERENTIABLE = {  # the same for autograd
    "relu": lambda x: anp.maximum(x, 0),
    "leaky_relu": lambda x: anp.where(x > 0, x, 0.01 * x),
    "elu": lambda x: anp.where(x > 0, x, anp.exp(x) - 1),
    "softplus": lambda x: anp.log(1 + anp.exp(x)),
    "silu": lambda x: x / (1 + anp.exp(-x)),
    "gelu": lambda x: x / 2 * (1 + anp.tanh(C * (x + 0.044715 * x**3))),
    "tanh": anp.tanh,
}
NAMES = [*SLOW, *(f"{name}_gradient" for name in DIFFERENTIABLE)]
AT_INFINITY = {  # name: (at -inf, at inf)
    "relu": (0, INF), "leaky_relu": (-INF, INF), "elu": (-1, INF), "softplus": (0, INF), "silu": (0, INF),
    "gelu": (0, INF), "relu_gradient": (0, 1), "leaky_relu_gradient": (0.01, 1), "elu_gradient": (0, 1),
    "softplus_gradient": (0, 1), "silu_gradient": (0, 1), "gelu_gradient": (0, 1), "tanh_gradient": (0, 0),
}  # fmt: skip


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("name", SLOW)
def test_values_by_a_slow_loop(name, rng):
    x = rng.normal(size=(5, 7)) * 4
    function, expected = getattr(kernels, name), np.vectorize(SLOW[name], otypes=[float])(x)
    close(function(x), expected)
    close(function(x.T), expected.T)
    close32(function(x.astype(np.float32)), expected, tol=1e-5)


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_derivatives_by_autograd(name, rng):
    x = rng.normal(size=(5, 7)) * 3
    function, expected = getattr(kernels, f"{name}_gradient"), elementwise_grad(DIFFERENTIABLE[name])(x)
    close(function(x), expected, rtol=1e-11)
    close32(function(x.astype(np.float32)), expected, tol=1e-5)


@pytest.mark.parametrize(("name", "parameter"), [("leaky_relu", 0.25), ("leaky_relu", 1.0), ("elu", 2.5), ("elu", 0.0)])
def test_parameters_reach_value_and_derivative(name, parameter, rng):
    x = rng.normal(size=20)
    form = {"leaky_relu": lambda x: parameter * x, "elu": lambda x: parameter * (anp.exp(x) - 1)}[name]

    def whole(x):
        return anp.where(x > 0, x, form(x))

    close(getattr(kernels, name)(x, parameter), whole(x))
    close(getattr(kernels, f"{name}_gradient")(x, parameter), elementwise_grad(whole)(x))


@pytest.mark.parametrize("slope", [0, -0.1, 1.5, np.nan])
def test_a_leak_that_is_none_is_refused(slope):
    for function in (kernels.leaky_relu, kernels.leaky_relu_gradient):
        with pytest.raises(ValueError, match=r"\(0, 1\]"):
            function(np.ones(3), slope)


def test_the_derivative_at_the_kink_is_the_one_from_the_left():
    zeros = np.array([0.0, -0.0])
    close(kernels.relu_gradient(zeros), np.zeros(2))
    close(kernels.leaky_relu_gradient(zeros, 0.3), np.full(2, 0.3))
    close(kernels.elu_gradient(zeros, 3.0), np.full(2, 3.0))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", NAMES)
def test_no_activation_warns_and_infinity_is_a_limit(name, dtype):
    function, big = getattr(kernels, name), float(np.finfo(dtype).max)
    far = np.array([-INF, -big, -1e4, 1e4, big, INF], dtype)
    with np.errstate(all="raise"):
        values = function(far)
        assert np.isnan(function(np.array([np.nan], dtype)))[0] or name in ("relu_gradient", "leaky_relu_gradient")
    assert values.dtype == dtype
    close(values[[0, -1]], np.array(AT_INFINITY[name], dtype))
    assert not np.isnan(values).any()


@pytest.mark.parametrize("name", NAMES)
def test_integers_lists_numbers_and_nothing(name):
    function = getattr(kernels, name)
    close(function([-2, 0, 3]), function(np.array([-2.0, 0.0, 3.0])))
    assert isinstance(function(1), np.float64)
    assert function(np.zeros((0, 3))).shape == (0, 3)
    assert function(np.float32(1)).dtype == np.float32


def test_the_left_tails_keep_their_relative_accuracy():
    x = np.linspace(-300, -20, 50)
    e = np.exp(x)
    close(kernels.softplus(x), np.log1p(e), rtol=1e-14, atol=0)
    close(kernels.softplus_gradient(x), e / (1 + e), rtol=1e-14, atol=0)
    close(kernels.silu(x), x * e / (1 + e), rtol=1e-14, atol=0)
    close(kernels.silu_gradient(x), e / (1 + e) * (1 + x / (1 + e)), rtol=1e-13, atol=0)
    close(kernels.tanh_gradient(x), 1 / np.cosh(x) ** 2, rtol=1e-13, atol=0)
    close(kernels.elu(x / 1e17), x / 1e17, rtol=1e-14, atol=0)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_sigmoid_is_within_3_units_in_the_last_place(dtype):
    x = np.linspace(-20, 20, 400_001).astype(dtype)
    exact = 1 / (1 + np.exp(-x.astype(np.longdouble)))
    s = kernels.sigmoid(x)
    assert (np.abs(s - exact) / np.spacing(s)).max() <= 3.3


@given(hnp.arrays(np.float64, st.integers(0, 20), elements=st.floats(-1e300, 1e300)))
def test_what_is_x_times_a_sigmoid_or_its_integral_differs_by_x_from_its_mirror(x):
    for function in (kernels.softplus, kernels.silu, kernels.gelu, kernels.relu):
        np.testing.assert_allclose(function(x) - function(-x), x, rtol=1e-14, atol=1e-14)
        np.testing.assert_allclose(function(np.abs(x)), np.abs(x), rtol=0, atol=0.7)


@given(hnp.arrays(np.float64, st.integers(2, 20), elements=st.floats(-1e3, 1e3)))
def test_the_others_grow(x):
    for name in ("relu", "leaky_relu", "elu", "softplus"):
        assert (np.diff(getattr(kernels, name)(np.sort(x))) >= 0).all()
        assert (getattr(kernels, f"{name}_gradient")(x) >= 0).all()


def test_the_tanh_form_of_the_gelu_is_as_close_to_the_normal_distribution_as_it_says():
    x = np.linspace(-10, 10, 20_001)
    exact = np.array([value * 0.5 * math.erfc(-value / math.sqrt(2)) for value in x])
    assert 4e-4 < np.abs(kernels.gelu(x) - exact).max() < 5e-4
