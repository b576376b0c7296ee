"""What a kernel cannot take is refused in a sentence that says what it expects."""

import numpy as np
import pytest

from helpers import kernels

HALF = np.array([0.5, 0.5])
NETWORK = (np.ones((1, 1)), np.zeros((1, 1)), np.ones(1), np.zeros((1, 1)), np.ones(1), np.zeros(1))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: kernels.softmax(3.0), "there is no axis -1 in an array of shape ()"),
        (lambda: kernels.logsumexp(3.0), "there is no axis -1 in an array of shape ()"),
        (lambda: kernels.log_softmax(np.ones((2, 2)), axis=2), "there is no axis 2 in an array of shape (2, 2)"),
        (
            lambda: kernels.receptive_field([(3, 1)]),
            "a layer is three numbers, (kernel, stride, dilation), and not (3, 1)",
        ),
        (lambda: kernels.receptive_field([3, 1, 1]), "a layer is three numbers, (kernel, stride, dilation), and not 3"),
        (
            lambda: kernels.adding_problem(2, 5, 0),
            "rng is a Generator, as np.random.default_rng(0) makes one, and not 0",
        ),
        (
            lambda: kernels.numerical_gradient(lambda x: 2 * x, np.ones(3)),
            "fun must return one number; it returned an array of shape (3,)",
        ),
        (lambda: kernels.penalized_bptt(*NETWORK, lam=-1), "lam, the weight of the penalty, is at least 0, and not -1"),
        (
            lambda: kernels.kl_divergence(np.ones(10), np.full(10, 0.1)),
            "each row of p must sum to 1, and one sums to 10",
        ),
        (lambda: kernels.kl_divergence(HALF, [[1, 2]][0]), "each row of q must sum to 1, and one sums to 3"),
        (lambda: kernels.kl_divergence([1.5, -0.5], HALF), "p holds -0.5, and no probability is negative"),
    ],
)
def test_a_refusal_says_what_is_expected(call, sentence):
    with pytest.raises((ValueError, TypeError, IndexError)) as refused:
        call()
    assert sentence in str(refused.value)


def test_what_stands_at_a_padded_step_does_not_count():
    scores, values = np.array([[0.0, 1.0, np.nan]]), np.ones((1, 3, 2))
    values[0, 2] = [np.nan, np.inf]
    weights, context = kernels.attention(scores, values, np.array([[1, 1, 0]]))
    assert weights[0, 2] == 0
    np.testing.assert_allclose(context, [[1, 1]], rtol=1e-15)


def test_a_value_that_is_nan_at_a_real_step_is_shown():
    values = np.full((1, 2, 1), np.nan)
    assert np.isnan(kernels.attention(np.zeros((1, 2)), values, np.array([[1, 0]]))[1]).all()
