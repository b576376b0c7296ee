"""Entropy and divergences against sums in plain Python, at the edges of floating point, and by their own properties."""

import itertools
import math

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import kernels
from proofs import close, close32
from proofs.arguments import unchanged

INF = np.inf
SHAPES = [(5,), (4, 7), (2, 3, 6), (3, 1), (0, 4), (3, 0), (2, 0, 3), (1, 40)]
weights = hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(0, 1))


def histograms(rng, shape, dtype=np.float64):
    """Random distributions along the last axis, with empty bins here and there."""
    p = rng.exponential(size=shape) * (rng.random(shape) < 0.8) + 1e-3 * (np.arange(shape[-1]) == 0)
    return (p / np.sum(p, axis=-1, keepdims=True, initial=1e-300)).astype(dtype)


def by_rows(function, *arrays):
    """A function of one distribution each, row by row."""
    result = np.empty(arrays[0].shape[:-1])
    for index in np.ndindex(result.shape):
        result[index] = function(*(array[index].tolist() for array in arrays))
    return result


def slow_entropy(p):
    return -math.fsum(x * math.log(x) for x in p if x > 0)


def slow_cross_entropy(p, q):
    return math.fsum(-x * math.log(y) if y > 0 else INF for x, y in zip(p, q, strict=True) if x > 0)


def slow_kl(p, q):
    return math.fsum(x * math.log(x / y) if y > 0 else INF for x, y in zip(p, q, strict=True) if x > 0)


def slow_js(p, q, w=0.5):
    m = [w * x + (1 - w) * y for x, y in zip(p, q, strict=True)]
    return (w * slow_kl(p, m) if w > 0 else 0) + ((1 - w) * slow_kl(q, m) if w < 1 else 0)


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("shape", SHAPES)
def test_all_agree_with_slow_sums(shape, rng):
    p, q = histograms(rng, shape), histograms(rng, shape)
    full = rng.dirichlet(np.ones(max(1, shape[-1])), shape[:-1])[..., : shape[-1]]
    pairs = [
        (kernels.entropy, slow_entropy, (p,)),
        *((kernels.cross_entropy, slow_cross_entropy, (p, r)) for r in (q, full)),
        *((kernels.kl_divergence, slow_kl, (p, r)) for r in (q, full, p)),
        (kernels.js_divergence, slow_js, (p, q)),
    ]
    for fast, slow, arrays in pairs:
        expected = by_rows(slow, *arrays)[()]
        close(fast(*arrays), expected)
        close32(fast(*(array.astype(np.float32) for array in arrays)), expected, 2e-5)


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("w", [0.0, 1e-3, 0.2, 0.5, 0.9, 1.0])
def test_js_divergence_with_weights(w, rng):
    p, q = histograms(rng, (30, 8)), histograms(rng, (30, 8))
    close(kernels.js_divergence(p, q, w), by_rows(lambda p, q: slow_js(p, q, w), p, q))
    close32(kernels.js_divergence(p.astype(np.float32), q.astype(np.float32), w), kernels.js_divergence(p, q, w), 1e-5)
    close(kernels.js_divergence(p, q, w), kernels.js_divergence(q, p, 1 - w), atol=1e-12)
    m = w * p + (1 - w) * q
    concavity = kernels.entropy(m) - w * kernels.entropy(p) - (1 - w) * kernels.entropy(q)
    close(kernels.js_divergence(p, q, w), concavity, rtol=1e-9)
    disjoint = kernels.js_divergence(np.array([0.5, 0.5, 0, 0]), np.array([0, 0, 0.9, 0.1]), w)
    assert disjoint == pytest.approx(kernels.entropy([w, 1 - w]), rel=1e-12)


def test_the_plain_version_agrees(rng):
    for p, q in itertools.product(histograms(rng, (6, 5)), histograms(rng, (6, 5))):
        assert kernels.kl_divergence_plain(p, q) == pytest.approx(kernels.kl_divergence(p, q), rel=1e-12)
    assert kernels.kl_divergence_plain([0.5, 0.5, 0], [0.4, 0.6, 0]) == pytest.approx(slow_kl([0.5, 0.5], [0.4, 0.6]))
    with pytest.raises(ValueError, match=r"longer|shorter"):
        kernels.kl_divergence_plain([1.0], [0.5, 0.5])


@pytest.mark.parametrize(("p", "q", "expected"), [
    ([0.5, 0.5, 0.0], [0.25, 0.25, 0.5], math.log(2)), ([0.25, 0.25, 0.5], [0.5, 0.5, 0.0], INF),
    ([0.3, 0.7], [0.3, 0.7], 0.0), ([1.0, 0.0], [0.0, 1.0], INF), ([1.0, 0.0], [0.2, 0.8], math.log(5)),
    ([0.5, 0.5], [1.0, 1e-300], 0.5 * math.log(0.5) + 0.5 * (math.log(0.5) + 300 * math.log(10))),
    ([0.5, 0.5], [1.0, 5e-324], 0.5 * math.log(0.5) + 0.5 * (math.log(0.5) - math.log(5e-324))),
    ([0.5, 0.5, 0.0], [1.0, 5e-324, 0.0], 0.5 * math.log(0.5) + 0.5 * (math.log(0.5) - math.log(5e-324))),
    ([5e-324, 1.0], [0.5, 0.5], math.log(2)), ([4.5e-308, 1.0], [0.0, 1.0], INF), ([1, 0], [1, 0], 0.0),
])  # fmt: skip
def test_kl_divergence_at_the_edges(p, q, expected):
    with np.errstate(all="raise"):
        assert kernels.kl_divergence(p, q) == pytest.approx(expected, rel=1e-14, abs=1e-300)
        assert kernels.cross_entropy(p, q) == pytest.approx(slow_cross_entropy(p, q), rel=1e-14, abs=1e-300)
        assert kernels.entropy(p) == pytest.approx(slow_entropy(p), rel=1e-14, abs=1e-300)
        assert kernels.js_divergence(p, q) == pytest.approx(slow_js(p, q), rel=1e-14, abs=1e-300)


def test_a_denormal_of_float32_is_no_zero():
    p, q = np.array([[0.5, 0.5], [0.5, 0.5]], np.float32), np.array([[1, 1e-40], [1e-45, 1]], np.float32)
    close32(kernels.kl_divergence(p, q), by_rows(slow_kl, p, q))
    close32(kernels.cross_entropy(p, q), by_rows(slow_cross_entropy, p, q))
    assert kernels.kl_divergence(np.float32([0.5, 0.5]), np.float32([1, 0])) == INF


def test_counts_that_are_far_from_1_do_not_overflow_in_the_half_that_has_no_weight():
    p, q = np.array([1e9, 0.0], np.float32), np.array([0.0, 1e9], np.float32)
    assert kernels.js_divergence(p, q, 0.0) == kernels.js_divergence(p, q, 1.0) == 0


def test_nan_is_passed_on():
    for function in (kernels.cross_entropy, kernels.kl_divergence, kernels.js_divergence):
        assert np.isnan(function([0.5, np.nan], [0.5, 0.5]))
        assert np.isnan(function([0.5, 0.5], [0.5, np.nan]))
    assert np.isnan(kernels.entropy([np.nan, 0.5]))


def test_equal_distributions_are_at_distance_zero_exactly(rng):
    p = histograms(rng, (50, 9))
    assert not kernels.kl_divergence(p, p).any()
    assert not kernels.js_divergence(p, p).any()
    assert not np.signbit(kernels.entropy(np.eye(3))).any()


@given(weights, weights)
def test_bounds_and_symmetry(a, b):
    height, width = np.minimum(a.shape, b.shape)
    p, q = ((x[:height, :width] + 1e-30) / (x[:height, :width] + 1e-30).sum(1, keepdims=True) for x in (a, b))
    assert (kernels.kl_divergence(p, q) >= -1e-15).all()
    js = kernels.js_divergence(p, q)
    assert ((js >= -1e-15) & (js <= math.log(2) + 1e-15)).all()
    np.testing.assert_allclose(js, kernels.js_divergence(q, p), rtol=1e-12, atol=1e-16)
    assert (kernels.entropy(p) <= math.log(width) + 1e-14).all()
    gap = kernels.cross_entropy(p, q) - kernels.entropy(p)
    np.testing.assert_allclose(gap, kernels.kl_divergence(p, q), rtol=1e-10, atol=1e-12)


def test_independent_pairs_add_up(rng):
    p, q, r, s = rng.dirichlet(np.ones(4), 4)
    joint = kernels.kl_divergence(np.outer(p, r).ravel(), np.outer(q, s).ravel())
    assert joint == pytest.approx(kernels.kl_divergence(p, q) + kernels.kl_divergence(r, s), rel=1e-13)


def test_long_rows_are_summed_in_pieces(rng):
    p, q = rng.dirichlet(np.ones(300_000), 2)
    close(kernels.kl_divergence(p, q), np.sum(scipy.special.rel_entr(p, q)))
    close32(kernels.entropy(p.astype(np.float32)), slow_entropy(p.tolist()), 1e-6)


def test_information_quantities(rng):
    t, y = histograms(rng, (6, 4)), rng.dirichlet(np.ones(4), 6)
    observed = kernels.information_quantities(t, y)
    assert all(type(value) is float for value in observed)
    expected = [
        by_rows(f, *a).mean() for f, a in ((slow_entropy, (t,)), (slow_cross_entropy, (t, y)), (slow_kl, (t, y)))
    ]
    assert observed == pytest.approx(expected, rel=1e-12)
    assert kernels.information_quantities(np.eye(2), [[0, 1], [1, 0]]) == (0, INF, INF)
    for shape in ((0, 3), (3,)):
        with pytest.raises(ValueError, match="at least one row"):
            kernels.information_quantities(np.ones(shape), np.ones(shape))


def test_bad_arguments_are_named():
    for function in (kernels.cross_entropy, kernels.kl_divergence, kernels.js_divergence):
        with pytest.raises(ValueError, match=r"p \(2, 3\), q \(3,\)"):
            function(np.ones((2, 3)), np.ones(3))
        with pytest.raises(ValueError, match="at least one axis"):
            function(1.0, 1.0)
    with pytest.raises(ValueError, match="at least one axis"):
        kernels.entropy(1.0)
    for w in (-0.1, 1.1, np.nan):
        with pytest.raises(ValueError, match="lies in"):
            kernels.js_divergence([1.0], [1.0], w)


def test_no_argument_is_changed(rng):
    p, q = rng.dirichlet(np.ones(4), (2, 3))
    for function in (
        kernels.cross_entropy,
        kernels.kl_divergence,
        kernels.js_divergence,
        kernels.information_quantities,
    ):
        unchanged(function, p, q)
    unchanged(kernels.entropy, p)
    unchanged(kernels.kl_divergence, np.array([0.5, 0.5, 0]), np.array([1.0, 0, 0]))
