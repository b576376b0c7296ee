"""Duals, slopes and penalties: against linear programs, decompositions, complex steps, and each other."""

import itertools
import math

import numpy as np
import pytest
import scipy.optimize
import scipy.stats

from helpers import kernels
from helpers.kernels import critic_forward, critic_slope, penalized_critic_gradients
from proofs import close, close32
from proofs.arguments import unchanged


def weighted(rng, m, n):
    return rng.normal(size=m), rng.dirichlet(np.ones(m)), rng.normal(size=n), rng.dirichlet(np.ones(n))


# --- potentials on the line


def dual_program(x, p, y, q):
    """The largest dual value of all 1-Lipschitz functions, by HiGHS."""
    z, signed = np.concatenate([x, y]), np.concatenate([p, -q])
    pairs = [(i, j) for i in range(len(z)) for j in range(len(z)) if i != j]
    rows = np.zeros((len(pairs), len(z)))
    for row, (i, j) in zip(rows, pairs, strict=True):
        row[i], row[j] = 1, -1
    gaps = [abs(z[i] - z[j]) for i, j in pairs]
    found = scipy.optimize.linprog(-signed, A_ub=rows, b_ub=gaps, bounds=[(0, 0), *[(None, None)] * (len(z) - 1)])
    return -found.fun


@pytest.mark.parametrize(("m", "n"), [(1, 1), (4, 3), (6, 6)])
def test_the_best_critic_reaches_the_dual_program_and_the_distance(m, n, rng):
    x, p, y, q = weighted(rng, m, n)
    z, f = kernels.optimal_critic(x, p, y, q)
    value = p @ np.interp(x, z, f) - q @ np.interp(y, z, f)
    assert value == pytest.approx(dual_program(x, p, y, q), rel=1e-9)
    assert value == pytest.approx(scipy.stats.wasserstein_distance(x, y, p, q), rel=1e-12)
    assert np.abs(np.diff(f)).max(initial=0) <= np.diff(z).max(initial=0) * (1 + 1e-12)
    bound = kernels.kantorovich_dual_bound(np.interp(np.concatenate([x, y]), z, f), x, p, y, q)
    assert bound == pytest.approx(value, rel=1e-9)


def test_a_critic_on_common_points():
    z, f = kernels.optimal_critic([1, 1, 4], [0.25, 0.25, 0.5], [4, 0, 1], [0.25, 0.5, 0.25])
    close(z, np.array([0.0, 1.0, 4.0]))
    close(f, np.array([0.0, 1.0, 4.0]))
    z, f = kernels.optimal_critic([0, 8], [0.5, 0.5], [1, 6], [0.5, 0.5])
    close(f, np.array([0.0, -1.0, -1.0, 1.0]))


@pytest.mark.parametrize(("m", "n"), [(1, 1), (3, 4), (5, 2)])
def test_no_potential_proves_more_than_the_distance(m, n, rng):
    x, p, y, q = weighted(rng, m, n)
    distance = kernels.wasserstein_1d(x, p, y, q)
    for _ in range(50):
        phi = rng.normal(size=m + n)
        z = np.concatenate([x, y])
        slopes = [abs(phi[i] - phi[j]) / abs(z[i] - z[j]) for i, j in itertools.combinations(range(m + n), 2)]
        expected = (p @ phi[:m] - q @ phi[m:]) / max(slopes)
        bound = kernels.kantorovich_dual_bound(phi, x, p, y, q)
        assert bound == pytest.approx(expected, rel=1e-12)
        assert bound <= distance * (1 + 1e-12)


def test_potentials_that_prove_nothing():
    one, half = [1.0], [0.5, 0.5]
    assert kernels.kantorovich_dual_bound([7, 7], [0], one, [1], one) == 0
    assert kernels.kantorovich_dual_bound([1, 2], [3], one, [3], one) == 0
    assert kernels.kantorovich_dual_bound([0, 1, 5], [0, 0], half, [3.7], one) == 0
    assert kernels.kantorovich_dual_bound([2, 2], [3], one, [3], one) == 0
    with pytest.raises(ValueError, match=r"\(2,\), not \(3,\)"):
        kernels.kantorovich_dual_bound([1, 2, 3], [0], one, [1], one)
    with pytest.raises(ValueError, match="p sums to 1 and q to 2"):
        kernels.optimal_critic([0], one, [1], [2.0])


def test_shifted_boxes_by_histograms():
    width = 1000
    for shift in (0, 250, 1000, 1600):
        p, q = np.zeros(4 * width), np.zeros(4 * width)
        p[width : 2 * width], q[width + shift : 2 * width + shift] = 1 / width, 1 / width
        expected = (*(kernels.kl_divergence(*pair) for pair in ((p, q), (q, p))), kernels.js_divergence(p, q))
        found = kernels.shifted_uniform_divergences(-shift / width)
        np.testing.assert_allclose(found[:3], expected, rtol=1e-12, atol=1e-12)
        assert found[3] == pytest.approx(kernels.histogram_w1(p, q, 1 / width), rel=1e-12, abs=1e-15)
    thetas = np.array([-0.5, 0.0, 2.0], dtype=np.float32)
    assert all(
        value.dtype == np.float32 and value.shape == (3,) for value in kernels.shifted_uniform_divergences(thetas)
    )


# --- slopes


@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (1, 4), (4, 1), (4, 4)])
def test_power_iteration_by_the_decomposition(shape, rng):
    W, u = rng.normal(size=shape), rng.normal(size=shape[0])
    left, values, right = np.linalg.svd(W, full_matrices=False)
    start = left.T @ u
    for iters in (1, 2, 7):
        v = right.T @ (values ** (2 * iters - 1) * start)
        after = left @ (values ** (2 * iters) * start)
        v, after = v / np.linalg.norm(v), after / np.linalg.norm(after)
        sigma, got_u, got_v = kernels.spectral_norm(W, 5 * u, iters)
        close(got_u, after, atol=1e-12)
        close(got_v, v, atol=1e-12)
        assert sigma == pytest.approx(after @ W @ v, rel=1e-12)
        assert sigma <= values[0] * (1 + 1e-12)
    assert kernels.spectral_norm(np.zeros(shape), u, 2)[0] == 0
    single = kernels.spectral_norm(W.astype(np.float32), u.astype(np.float32), 3)
    close32(single[1], kernels.spectral_norm(W, u, 3)[1])
    with pytest.raises(ValueError, match="iters >= 1"):
        kernels.spectral_norm(W, u, 0)


def test_the_bound_of_clipping_holds_and_is_reached(rng):
    widths = [3, 5, 2, 1]
    bound = kernels.lipschitz_bound_from_clipping(widths, 0.7)
    full = [np.full(shape, 0.7) for shape in itertools.pairwise(widths)]
    assert np.linalg.norm(np.linalg.multi_dot(full), 2) == pytest.approx(bound, rel=1e-12)
    for _ in range(20):
        product = np.linalg.multi_dot([rng.uniform(-0.7, 0.7, shape) for shape in itertools.pairwise(widths)])
        assert np.linalg.norm(product, 2) < bound
    with pytest.raises(ValueError, match="an input and an output"):
        kernels.lipschitz_bound_from_clipping([3], 1.0)


# --- critics with a penalty


def network(rng, *widths, scale=0.8):
    layers = itertools.pairwise(widths)
    return [scale * rng.normal(size=shape) for m, n in layers for shape in ((m, n), (n,))]


def loss_by_hand(weights, real, fake, t, lam):
    """The loss of a critic, whose slope is taken by complex steps in the inputs; real weights only."""

    def value(x):
        for W, b in zip(weights[:-2:2], weights[1:-2:2], strict=True):
            x = np.tanh(x @ W + b)
        return (x @ weights[-2] + weights[-1])[:, 0]

    between = t[:, None] * real + (1 - t)[:, None] * fake
    steps = 1e-30j * np.eye(real.shape[1])
    slope = np.stack([value(between + step).imag / 1e-30 for step in steps], axis=1)
    penalty = lam * np.mean([(math.hypot(*row) - 1) ** 2 for row in slope])
    return value(fake).mean() - value(real).mean() + penalty, value(real).mean() - value(fake).mean(), penalty


@pytest.mark.parametrize("widths", [(2, 5, 1), (3, 4, 6, 1), (1, 3, 3, 2, 1)])
def test_a_penalized_critic(widths, rng):
    weights, lam = network(rng, *widths), 3.0
    real, fake, t = rng.normal(size=(4, widths[0])), rng.normal(size=(4, widths[0])), rng.random(4)
    *numbers, gradients = penalized_critic_gradients(weights, real, fake, t, lam)
    np.testing.assert_allclose(numbers, loss_by_hand(weights, real, fake, t, lam), rtol=1e-12)
    for k, gradient in enumerate(gradients):
        assert gradient.shape == weights[k].shape

        def loss(changed, k=k):
            return loss_by_hand([*weights[:k], changed, *weights[k + 1 :]], real, fake, t, lam)[0]

        np.testing.assert_allclose(gradient, kernels.numerical_gradient(loss, weights[k]), rtol=1e-6, atol=1e-8)


def test_its_slope_and_its_dtypes(rng):
    weights, x = network(rng, 2, 6, 5, 1), rng.normal(size=(7, 2))
    values, cache = critic_forward(x, weights)
    slope = critic_slope(cache)
    numerical = kernels.numerical_gradient(lambda at: critic_forward(at, weights)[0].sum(), x)
    np.testing.assert_allclose(slope, numerical, rtol=1e-7, atol=1e-9)
    singles = [weight.astype(np.float32) for weight in weights]
    close32(critic_forward(x.astype(np.float32), singles)[0], values)
    close32(critic_slope(critic_forward(x.astype(np.float32), singles)[1]), slope)
    arrays = (x.astype(np.float32), x[::-1].astype(np.float32), np.full(7, 0.25, np.float32))
    gradients = penalized_critic_gradients(singles, *arrays)[3]
    for single, double in zip(gradients, penalized_critic_gradients(weights, *arrays)[3], strict=True):
        close32(single, double, 1e-4)


def test_a_flat_critic_and_what_does_not_fit(rng):
    flat = [np.eye(2), np.zeros(2), np.zeros((2, 1)), np.zeros(1)]
    batch = rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), rng.random(3)
    *numbers, gradients = penalized_critic_gradients(flat, *batch)
    assert numbers == [10, 0, 10]
    assert all(np.isfinite(gradient).all() for gradient in gradients)
    with pytest.raises(ValueError, match=r"t \(N,\) are expected, not \(3, 2\), \(3, 2\) and \(2,\)"):
        penalized_critic_gradients(flat, *batch[:2], np.ones(2))
    for weights in (flat[:2], flat[:3], [*flat[:2], np.zeros((3, 1)), np.zeros(1)], [*flat[:3], np.zeros(2)]):
        with pytest.raises(ValueError, match="layers W, b that end in one value"):
            critic_forward(batch[0], weights)


def test_the_penalty_of_a_quadratic_critic(rng):
    A, b, real, fake, t = rng.normal(size=(3, 3)), rng.normal(size=3), *rng.normal(size=(2, 5, 3)), rng.random(5)
    penalties = []
    for r, k, share in zip(real, fake, t, strict=True):
        x = share * r + (1 - share) * k
        slope = kernels.numerical_gradient(lambda at: at @ A @ at / 2 + b @ at, x)
        penalties.append(10 * (np.linalg.norm(slope) - 1) ** 2)
    assert kernels.gradient_penalty(A, b, real, fake, t) == pytest.approx(np.mean(penalties), rel=1e-7)
    assert kernels.gradient_penalty(A, b, real, fake, t, 2.0) == pytest.approx(np.mean(penalties) / 5, rel=1e-7)
    with pytest.raises(ValueError, match=r"A \(2, 2\)"):
        kernels.gradient_penalty(np.eye(2), b, real, fake, t)


def test_no_argument_is_changed(rng):
    given = weighted(rng, 4, 3)
    unchanged(kernels.optimal_critic, *given)
    unchanged(kernels.kantorovich_dual_bound, rng.normal(size=7), *given)
    unchanged(kernels.spectral_norm, rng.normal(size=(3, 2)), rng.normal(size=3), 2)
    batch = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.random(4)
    unchanged(kernels.gradient_penalty, rng.normal(size=(3, 3)), rng.normal(size=3), *batch)
    weights = network(rng, 3, 4, 1)
    for weight in weights:
        weight.flags.writeable = False
    unchanged(lambda *arrays: penalized_critic_gradients(weights, *arrays)[0], *batch)
