"""Pooling against its loop, its backward pass against what a gradient must be, and the rule for ties."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers import kernels
from helpers.kernels import max_pooling
from proofs import close, close32

FAMILIES = {
    "max": (kernels.max_pool2d_forward, kernels.max_pool2d_backward, kernels.max_pool2d_loops),
    "avg": (kernels.avg_pool2d_forward, kernels.avg_pool2d_backward, kernels.avg_pool2d_loops),
}
LAYERS = [  # (N, C, H, W), kernel, stride, padding
    ((2, 3, 4, 6), 2, 2, 0),
    ((2, 2, 7, 5), 2, 2, 1),  # stride does not divide
    ((2, 2, 7, 8), 3, 2, 1),
    ((1, 3, 5, 6), 3, 1, 1),
    ((2, 1, 9, 8), 2, 3, 0),  # pixels that no window sees
    ((2, 2, 4, 4), 4, 4, 0),  # one window
    ((2, 2, 9, 8), 6, 2, 3),
    ((2, 2, 5, 5), 1, 1, 0),
    ((2, 2, 5, 5), 1, 2, 0),
    ((0, 2, 4, 4), 2, 2, 0),
    ((2, 0, 4, 4), 2, 2, 0),
]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("shape", "k", "s", "p"), LAYERS)
def test_forward_is_the_loop(family, shape, k, s, p, block_size, rng):
    forward, _, loops = FAMILIES[family]
    x = rng.normal(size=shape)
    close(forward(x, k, s, p)[0], loops(x, k, s, p))


@pytest.mark.parametrize(("shape", "k", "s", "p"), LAYERS)
def test_avg_backward_is_the_adjoint(shape, k, s, p, block_size, rng):
    out, cache = kernels.avg_pool2d_forward(rng.normal(size=shape), k, s, p)
    dout, v = rng.normal(size=out.shape), rng.normal(size=shape)
    dx = kernels.avg_pool2d_backward(dout, cache)
    assert dx.shape == shape
    assert np.vdot(v, dx) == pytest.approx(np.vdot(kernels.avg_pool2d_loops(v, k, s, p), dout), abs=1e-12)


@pytest.mark.parametrize("few_taps", [0, 25, 1000])
@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize(("shape", "k", "s", "p"), LAYERS)
def test_max_backward_gives_all_to_the_first_maximum(shape, k, s, p, tied, few_taps, block_size, rng, monkeypatch):
    monkeypatch.setattr(max_pooling, "FEW_TAPS", few_taps)
    x = rng.integers(0, 3, size=shape).astype(float) if tied else rng.normal(size=shape)
    out, cache = kernels.max_pool2d_forward(x, k, s, p)
    dout = rng.normal(size=out.shape)
    close(kernels.max_pool2d_backward(dout, cache), to_first_maximum(x, dout, k, s, p))


def to_first_maximum(x, dout, k, s, p):
    """Each window's gradient to its first maximum in the order of reading, one window at a time."""
    X = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), constant_values=np.nan)
    dX = np.zeros(X.shape)
    for n, c, row, column in np.ndindex(*dout.shape):
        window = X[n, c, row * s : row * s + k, column * s : column * s + k]
        i, j = np.argwhere(window == np.nanmax(window))[0]
        dX[n, c, row * s + i, column * s + j] += dout[n, c, row, column]
    return dX[:, :, p : p + x.shape[2], p : p + x.shape[3]]


sizes, knobs = st.integers(1, 12), st.integers(1, 5)


@settings(deadline=None, max_examples=60)
@given(sizes, sizes, st.tuples(knobs, knobs), st.tuples(knobs, knobs), st.tuples(st.integers(0, 2), st.integers(0, 2)))
def test_rows_and_columns_have_their_own_knobs(H, W, kernel, stride, padding):
    assume(all(2 * p <= k <= n + 2 * p for p, k, n in zip(padding, kernel, (H, W), strict=True)))
    rng = np.random.default_rng(H * W)
    x = (rng.permutation(2 * H * W) - 1.5 * H * W).reshape(2, 1, H, W)
    (highest, highest_cache), (mean, mean_cache) = (
        forward(x, kernel, stride, padding) for forward, _, _ in FAMILIES.values()
    )
    for n, _, row, column in np.ndindex(*mean.shape):
        top, left = row * stride[0] - padding[0], column * stride[1] - padding[1]
        window = x[n, 0, max(top, 0) : top + kernel[0], max(left, 0) : left + kernel[1]]
        assert highest[n, 0, row, column] == window.max()
        assert mean[n, 0, row, column] == pytest.approx(window.sum() / (kernel[0] * kernel[1]), rel=1e-14)
    # Both layers are linear near x, and the maximum is scaled by its images: <x, dx> = <out, dout>.
    dout = rng.normal(size=mean.shape)
    assert np.vdot(x, kernels.max_pool2d_backward(dout, highest_cache)) == pytest.approx(np.vdot(highest, dout))
    assert np.vdot(x, kernels.avg_pool2d_backward(dout, mean_cache)) == pytest.approx(np.vdot(mean, dout))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_dtypes_memory_order_and_arguments(family, dtype, rng):
    forward, backward, loops = FAMILIES[family]
    x = np.asfortranarray(rng.integers(-9, 9, size=(2, 3, 7, 6)).astype(dtype))
    kept = x.copy()
    out, cache = forward(x, 3, 2, 1)
    dout = np.asfortranarray(rng.normal(size=out.shape).astype(out.dtype))
    dx = backward(dout, cache)
    (close32 if dtype == np.float32 else close)(out, loops(x, 3, 2, 1))
    assert out.dtype == dx.dtype == (np.float32 if dtype == np.float32 else np.float64)
    close32(dx.astype(np.float32), backward(dout.astype(float), forward(x.astype(float), 3, 2, 1)[1]))
    np.testing.assert_array_equal(x, kept)
    close(forward(np.asarray(x, float), 3, 3)[0], forward(np.asarray(x, float), 3)[0])


def test_max_of_infinite_pixels_and_infinite_gradients():
    x = np.full((1, 1, 4, 4), -np.inf)
    x[0, 0, 3, 2] = np.inf
    out, cache = kernels.max_pool2d_forward(x, 3, 1, 1)
    assert out[0, 0, 3, 3] == np.inf
    assert out[0, 0, 0, 0] == -np.inf
    dout = np.zeros(out.shape)
    dout[0, 0, 3, 3], dout[0, 0, 0, 0] = np.inf, 2
    dx = kernels.max_pool2d_backward(dout, cache)
    assert dx[0, 0, 3, 2] == np.inf
    assert dx[0, 0, 0, 0] == 2  # of equal pixels the first, and never the padding
    assert np.count_nonzero(dx) == 2


@pytest.mark.parametrize("few_taps", [0, 25])
@pytest.mark.parametrize("stride", [1, 2])
def test_a_window_with_nan_has_no_maximum(stride, few_taps, monkeypatch):
    monkeypatch.setattr(max_pooling, "FEW_TAPS", few_taps)
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    x[0, 0, 0, 0] = np.nan
    out, cache = kernels.max_pool2d_forward(x, 2, stride, 1)
    expected = np.zeros(out.shape, bool)
    expected[0, 0, : 3 - stride, : 3 - stride] = True
    np.testing.assert_array_equal(np.isnan(out), expected)
    dx = kernels.max_pool2d_backward(np.ones(out.shape), cache)
    assert dx.sum() == np.sum(~expected)
    assert dx[0, 0, 0, 0] == 0


@pytest.mark.parametrize("family", FAMILIES)
def test_pooling_refuses_what_does_not_fit(family):
    forward, backward, _ = FAMILIES[family]
    with pytest.raises(ValueError, match=r"\(N, C, H, W\), not \(4, 4\)"):
        forward(np.ones((4, 4)), 2)
    with pytest.raises(ValueError, match="does not fit into 4 pixels"):
        forward(np.ones((1, 1, 4, 4)), 5)
    with pytest.raises(ValueError, match=r"at most half of the kernel \(3, 3\), not \(2, 2\)"):
        forward(np.ones((1, 1, 4, 4)), 3, padding=2)
    _, cache = forward(np.ones((1, 1, 4, 4)), 2)
    with pytest.raises(ValueError, match=r"\(1, 1, 2, 2\), not \(1, 1, 4, 4\)"):
        backward(np.ones((1, 1, 4, 4)), cache)
