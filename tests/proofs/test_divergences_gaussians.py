"""Divergences of Gaussians against sums in plain Python, the textbook formula with inverses, and quadrature."""

import math

import numpy as np
import pytest
import scipy.special

from helpers import kernels
from proofs import close, close32
from proofs.arguments import unchanged

INF = np.inf
SHAPES = [(5,), (4, 7), (2, 3, 6), (3, 1), (0, 4), (3, 0), (1, 40)]


def slow_diagonal_kl(m1, lv1, m2, lv2):
    coordinates = zip(m1, lv1, m2, lv2, strict=True)
    return math.fsum((b - a + math.exp(a - b) + (m - n) ** 2 * math.exp(-b) - 1) / 2 for m, a, n, b in coordinates)


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("shape", SHAPES)
def test_kl_of_diagonal_gaussians(shape, rng):
    arrays = rng.normal(size=(4, *shape))
    expected = np.empty(shape[:-1])
    for index in np.ndindex(expected.shape):
        expected[index] = slow_diagonal_kl(*(array[index].tolist() for array in arrays))
    close(kernels.kl_diagonal_gaussians(*arrays), expected[()], atol=1e-12)
    close32(kernels.kl_diagonal_gaussians(*arrays.astype(np.float32)), expected, 1e-5)
    assert not kernels.kl_diagonal_gaussians(*arrays[:2], *arrays[:2]).any()


def test_kl_of_diagonal_gaussians_at_the_edges():
    with np.errstate(all="raise"):
        for scale in (-800.0, -3000.0, 800.0, 3000.0):
            same_mean = kernels.kl_diagonal_gaussians([5.0], [scale], [5.0], [scale - 1])
            assert same_mean == pytest.approx((math.e - 2) / 2, rel=1e-12)
        assert kernels.kl_diagonal_gaussians([0, 1], [0, 0], [0, 0], [-3000.0, 0]) == INF
        close(kernels.kl_diagonal_gaussians([[1e-200], [1.0]], [[0.0], [0.0]], [[0.0], [0.0]], [[0.0], [2000.0]]),
              np.array([0.0, (2000 - 1) / 2]))  # fmt: skip
    assert np.isnan(kernels.kl_diagonal_gaussians([np.nan], [0.0], [0.0], [-3000.0]))
    with pytest.raises(ValueError, match=r"lv2 \(3,\)"):
        kernels.kl_diagonal_gaussians(*np.ones((3, 2)), np.ones(3))


def covariances(rng, *shape):
    a = rng.normal(size=(*shape, shape[-1]))
    return a @ np.swapaxes(a, -1, -2) + 0.3 * np.eye(shape[-1])


@pytest.mark.parametrize("lead", [(), (3,), (2, 2), (0,)])
def test_kl_of_gaussians_by_the_formula(lead, rng):
    (m1, m2), s1, s2 = rng.normal(size=(2, *lead, 4)), covariances(rng, *lead, 4), covariances(rng, *lead, 4)
    inverse, gap = np.linalg.inv(s2), m2 - m1
    logs = np.linalg.slogdet(s2)[1] - np.linalg.slogdet(s1)[1]
    trace = np.trace(inverse @ s1, axis1=-2, axis2=-1)
    expected = (trace + np.einsum("...i,...ij,...j", gap, inverse, gap) - 4 + logs) / 2
    close(kernels.kl_gaussians(m1, s1, m2, s2), expected[()] if lead else np.float64(expected), rtol=1e-10)
    singles = kernels.kl_gaussians(*(array.astype(np.float32) for array in (m1, s1, m2, s2)))
    close32(singles, expected, 1e-3)


def test_kl_of_gaussians_by_its_properties(rng):
    (m1, m2), s1, s2 = rng.normal(size=(2, 3)), covariances(rng, 3), covariances(rng, 3)
    kl = kernels.kl_gaussians(m1, s1, m2, s2)
    a, b = rng.normal(size=(3, 3)) + 3 * np.eye(3), rng.normal(size=3)
    moved = kernels.kl_gaussians(a @ m1 + b, a @ s1 @ a.T, a @ m2 + b, a @ s2 @ a.T)
    assert moved == pytest.approx(kl, rel=1e-10)
    assert kernels.kl_gaussians(m1, s1, m1, s1) == pytest.approx(0, abs=1e-14)
    lv1, lv2 = rng.normal(size=(2, 3))
    diagonal = kernels.kl_gaussians(m1, np.diag(np.exp(lv1)), m2, np.diag(np.exp(lv2)))
    assert diagonal == pytest.approx(kernels.kl_diagonal_gaussians(m1, lv1, m2, lv2), rel=1e-12)
    close(kernels.kl_gaussians([0], [[1]], [1], [[1]]), np.float64(0.5))


def test_kl_of_gaussians_names_what_is_wrong():
    eye, zero = np.eye(2), np.zeros(2)
    for second, name in ((-eye, "covariance2"), (np.ones((2, 2)) - eye, "covariance2")):
        with pytest.raises(ValueError, match=f"{name}.*positive definite"):
            kernels.kl_gaussians(zero, eye, zero, second)
    with pytest.raises(ValueError, match=r"means \(2,\) and \(2,\), covariances \(2, 2\) and \(3, 3\)"):
        kernels.kl_gaussians(zero, eye, zero, np.eye(3))


def slow_js_with_noise(d, s):
    x, step = np.linspace(min(0, d) - 12 * s, max(0, d) + 12 * s, 200_001, retstep=True)
    p, q = (np.exp(-(((x - mean) / s) ** 2) / 2) / (s * math.sqrt(2 * math.pi)) for mean in (0, d))
    return sum(np.sum(scipy.special.rel_entr(one, (p + q) / 2)) for one in (p, q)) * step / 2


@pytest.mark.parametrize(
    ("d", "s"), [(1, 1), (0, 1), (-2, 1), (0.02, 0.01), (2, 0.5), (1e-3, 1), (6, 1), (9, 1), (30, 1)]
)
def test_js_with_noise_is_the_integral(d, s):
    assert kernels.js_with_noise(d, s) == pytest.approx(slow_js_with_noise(d, s), abs=1e-12)
    assert kernels.js_with_noise(-d, s) == kernels.js_with_noise(d, s) == kernels.js_with_noise(4 * d, 4 * s)


def test_js_with_noise_far_away_is_log_2():
    assert kernels.js_with_noise(1e300, 1e-300) == kernels.js_with_noise(200, 1) == math.log(2)
    assert kernels.js_with_noise(0, 3) == 0
    for s in (0, -1, np.nan):
        with pytest.raises(ValueError, match="positive"):
            kernels.js_with_noise(1, s)


def test_no_argument_is_changed(rng):
    p, q = rng.normal(size=(2, 4))
    unchanged(kernels.kl_diagonal_gaussians, p, q, q, p)
    unchanged(kernels.kl_diagonal_gaussians, p, q, p, np.full(4, -3000.0))
    unchanged(kernels.kl_gaussians, p, covariances(rng, 4), q, covariances(rng, 4))
