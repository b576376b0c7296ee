"""Penalties, early stopping and crops, against slow forms and by their own properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import kernels
from proofs import close, close32
from proofs.arguments import unchanged


def test_penalized_gradient_agrees_with_complex_steps(rng):
    param, rate = rng.normal(size=(3, 2)), 0.3
    grad = rng.normal(size=(3, 2))
    penalties = {"l1": lambda w: rate * np.sum(np.sqrt(w**2)), "l2": lambda w: rate / 2 * np.sum(w**2)}
    for kind, penalty in penalties.items():
        expected = grad + kernels.complex_step_gradient(penalty, param)
        close(kernels.penalized_gradient(param, grad, rate, kind), expected)
        single = kernels.penalized_gradient(param.astype(np.float32), grad.astype(np.float32), rate, kind)
        close32(single, expected)
    close(kernels.penalized_gradient([0, -2], [1, 1], 0.5, "l1"), np.array([1.0, 0.5]))
    with pytest.raises(ValueError, match="'l1' or 'l2', not 'l3'"):
        kernels.penalized_gradient(param, grad, rate, "l3")
    with pytest.raises(ValueError, match=r"param and grad.*\(3, 2\) and \(2,\)"):
        kernels.penalized_gradient(param, grad[0], rate, "l1")


@settings(max_examples=50, deadline=None)
@given(z=st.floats(-1e3, 1e3), t=st.floats(0, 1e3))
def test_soft_threshold_is_the_proximal_map_of_the_absolute_value(z, t):
    """w is the minimizer exactly if z - w is a subgradient of t |w|."""
    w = float(kernels.soft_threshold(np.array([z]), t)[0])
    if w == 0:
        assert abs(z) <= t
    else:
        assert z - w == pytest.approx(np.sign(w) * t, abs=1e-12)
        assert np.sign(w) == np.sign(z)


def test_soft_threshold_broadcasts_and_refuses_negative_thresholds(rng):
    z, t = rng.normal(size=(4, 3)), rng.uniform(0, 2, size=3)
    close(kernels.soft_threshold(z, t), np.sign(z) * np.maximum(np.abs(z) - t, 0))
    close32(kernels.soft_threshold(z.astype(np.float32), 0.5), np.sign(z) * np.maximum(np.abs(z) - 0.5, 0))
    close(kernels.soft_threshold([3, -1], np.array([1, np.inf])), np.array([2.0, 0.0]))
    assert kernels.soft_threshold(np.empty((0, 2)), 1.0).shape == (0, 2)
    assert np.all(kernels.soft_threshold(z, 0.0) == z)
    with pytest.raises(ValueError, match="at least 0, not -1"):
        kernels.soft_threshold(z, np.array([1.0, -1.0, 0.0]))


def test_map_lambda_makes_the_minimum_the_most_probable_weights(rng):
    X, y, s2, t2 = rng.normal(size=(7, 2)), rng.normal(size=7), 0.5, 0.2
    best = np.linalg.solve(X.T @ X / s2 + np.eye(2) / t2, X.T @ y / s2)
    for form, half, mean in (("sum", 1, 1), ("half", 2, 1), ("mean", 1, 7)):
        lam = kernels.map_lambda(s2, t2, form, 7)
        gradient = 2 / half * (X.T @ (X @ best - y) / mean + lam * best)
        close(gradient, np.zeros(2), atol=1e-12)
    for arguments in ((1.0, 1.0, "x", 5), (0.0, 1.0, "sum", 5), (1.0, -1.0, "sum", 5), (1.0, 1.0, "mean", 0)):
        with pytest.raises(ValueError, match=r"form is|are positive"):
            kernels.map_lambda(*arguments)


@pytest.mark.parametrize("t", [0, 1, 2, 37])
@pytest.mark.parametrize("eta", [0.05, 0.3])
def test_gradient_descent_after_t_steps_is_where_the_steps_lead(t, eta, rng):
    A = rng.normal(size=(3, 4))  # so H is singular
    H, c, w0 = A.T @ A / 3, rng.normal(size=4), rng.normal(size=4)
    w = w0.copy()
    for _ in range(t):
        w = w - eta * (H @ w - c)
    close(kernels.gradient_descent_after(H, c, w0, eta, t), w, rtol=1e-10, atol=1e-10)
    single = (each.astype(np.float32) for each in (H, c, w0))
    close32(kernels.gradient_descent_after(*single, eta, t), w, 1e-4)


def test_gradient_descent_after_a_million_steps(rng):
    """By repeated squaring of the affine map; flat directions go on for ever, hardly flat ones nearly so."""
    for H in (np.diag([1.0, 0.0]), np.diag([1.0, 1e-9]), np.diag([1.9, 1e-13])):
        c, w0 = np.array([1.0, 0.5]), np.array([3.0, 4.0])
        observed = kernels.gradient_descent_after(H, c, w0, 0.1, 10**6)
        lam = H[1, 1]
        sum_of_powers = 1e6 if lam == 0 else -np.expm1(1e6 * np.log1p(-0.1 * lam)) / (0.1 * lam)
        expected = np.array([1 / H[0, 0], np.exp(1e6 * np.log1p(-0.1 * lam)) * 4 + 0.05 * sum_of_powers])
        close(observed, expected, rtol=1e-12)


def test_gradient_descent_after_refuses_what_does_not_fit(rng):
    H, c = np.eye(2), np.ones(2)
    for wrong in ((np.eye(3), c, c, 0.1, 1), (H, c, np.ones(3), 0.1, 1), (H, c[:, None], c, 0.1, 1)):
        with pytest.raises(ValueError, match=r"H \(n, n\), c \(n,\), w0 \(n,\) are expected"):
            kernels.gradient_descent_after(*wrong)
    with pytest.raises(ValueError, match="at least 0, not -1"):
        kernels.gradient_descent_after(H, c, c, 0.1, -1)
    with pytest.raises(ValueError, match="symmetric, and differs from its transpose by 1"):
        kernels.gradient_descent_after(np.array([[1.0, 1.0], [0.0, 1.0]]), c, c, 0.1, 1)
    with pytest.raises(TypeError):
        kernels.gradient_descent_after(H, c, c, 0.1, 1.5)
    assert kernels.gradient_descent_after(np.empty((0, 0)), np.empty(0), np.empty(0), 0.1, 5).shape == (0,)


@settings(max_examples=50, deadline=None)
@given(lam=st.floats(1e-9, 2), eta=st.floats(1e-9, 0.49), t=st.integers(1, 10**6))
def test_matching_alpha_matches(lam, eta, t):
    alpha = float(kernels.matching_alpha(np.array([lam]), eta, t)[0])
    assert lam / (lam + alpha) == pytest.approx(-np.expm1(t * np.log1p(-eta * lam)), rel=1e-9)


def test_matching_alpha_at_its_limits():
    close(kernels.matching_alpha(np.array([1e-12]), 0.1, 7), np.array([1 / 0.7]), 1e-9)
    close(kernels.matching_alpha(np.array([[0.5]]), 0.5, 100_000), np.zeros((1, 1)), atol=0)
    close32(kernels.matching_alpha(np.float32([1.0]), 0.5, 1), [1.0])
    for lam, eta, t in (([0.0], 0.1, 1), ([1.0], 1.0, 1), ([1.0], 0.0, 1), ([1.0], 0.1, 0)):
        with pytest.raises(ValueError, match="0 < lam < 1 / eta and t >= 1"):
            kernels.matching_alpha(lam, eta, t)


def test_random_crop_reaches_every_place_equally_often(rng):
    img = np.arange(4 * 3).reshape(4, 3, 1)
    corners = [int(kernels.random_crop(img, 3, 2, rng)[0, 0, 0]) for _ in range(4000)]
    values, counts = np.unique(corners, return_counts=True)
    assert values.tolist() == [0, 1, 3, 4]
    assert counts.min() > 850


def test_random_crop_is_a_window_or_refused(rng):
    img = rng.normal(size=(7, 5, 2)).astype(np.float32)
    for ch, cw in ((7, 5), (1, 1), (4, 5), (2, 3)):
        crop = kernels.random_crop(img, ch, cw, rng)
        assert crop.shape == (ch, cw, 2)
        assert crop.base is img
        assert crop.dtype == np.float32
    for ch, cw in ((8, 3), (3, 6), (0, 1), (1, -1)):
        with pytest.raises(ValueError, match=r"does not fit into an image \(H, W, C\) of shape \(7, 5, 2\)"):
            kernels.random_crop(img, ch, cw, rng)
    with pytest.raises(ValueError, match=r"of shape \(7, 5\)"):
        kernels.random_crop(img[:, :, 0], 1, 1, rng)


def test_no_argument_changes(rng):
    H, c = np.diag([1.0, 2.0]), rng.normal(size=2)
    unchanged(kernels.penalized_gradient, c, c.copy(), 0.1, "l1")
    unchanged(kernels.soft_threshold, c, 0.5)
    unchanged(kernels.gradient_descent_after, H, c, c.copy(), 1e-3, 5)
    unchanged(kernels.matching_alpha, np.array([0.5]), 0.1, 3)
