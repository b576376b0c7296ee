"""im2col as a list of windows, col2im as its adjoint, and the arithmetic of output sizes."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers import kernels
from proofs import close

small, knobs = st.integers(1, 8), st.integers(1, 4)


@settings(deadline=None, max_examples=80)
@given(st.tuples(st.integers(0, 3), st.integers(0, 3), small, small), knobs, knobs, knobs, st.integers(0, 2))
def test_col2im_is_the_adjoint_of_im2col(shape, kh, kw, s, p):
    assume(shape[2] + 2 * p >= kh and shape[3] + 2 * p >= kw)
    rng = np.random.default_rng(kh * kw)
    x = rng.normal(size=shape)
    col = kernels.im2col(x, kh, kw, s, p)
    close(col, windows_one_by_one(x, kh, kw, s, p))
    for order in "CF":
        c = np.asarray(rng.normal(size=col.shape), order=order)
        images = kernels.col2im(c, shape, kh, kw, s, p)
        assert images.shape == shape
        assert np.vdot(col, c) == pytest.approx(np.vdot(x, images), abs=1e-11)


def windows_one_by_one(x, kh, kw, s, p):
    oh, ow = kernels.conv_output_size(x.shape[2:], (kh, kw), s, p)
    X = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    rows = [X[n, :, s * y : s * y + kh, s * z : s * z + kw].ravel() for n, y, z in np.ndindex(len(x), oh, ow)]
    return np.array(rows).reshape(len(rows), x.shape[1] * kh * kw)


def test_blocks_make_no_difference(block_size, rng):
    x = rng.normal(size=(5, 2, 6, 7))
    col = kernels.im2col(x, 3, 2, 2, 1)
    close(col, windows_one_by_one(x, 3, 2, 2, 1))
    close(kernels.col2im(col, x.shape, 3, 2, 2, 1), x * kernels.col2im(np.ones_like(col), x.shape, 3, 2, 2, 1))


def test_im2col_keeps_the_dtype_and_col2im_the_precision(rng):
    for dtype in (np.float32, np.float64, np.int16, bool):
        col = kernels.im2col(np.ones((1, 2, 3, 3), dtype), 2, 2, 1, 1)
        assert col.dtype == dtype
        expected = dtype if dtype in (np.float32, np.float64) else np.float64
        assert kernels.col2im(col, (1, 2, 3, 3), 2, 2, 1, 1).dtype == expected


def test_im2col_is_a_copy(rng):
    x = rng.normal(size=(1, 1, 3, 3))
    kept = x.copy()
    kernels.im2col(x, 1, 1, 1, 0)[...] = 0
    close(x, kept)


def test_lowering_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="does not fit into 2 pixels"):
        kernels.im2col(np.ones((1, 1, 2, 5)), 3, 3, 1, 0)
    with pytest.raises(ValueError, match=r"not \(2, 5\)"):
        kernels.im2col(np.ones((2, 5)), 3, 3, 1, 0)
    with pytest.raises(ValueError, match=r"\(4, 4\), not \(4, 3\)"):
        kernels.col2im(np.ones((4, 3)), (1, 1, 3, 3), 2, 2, 1, 0)
    with pytest.raises(ValueError, match=r"\(3, 3\)"):
        kernels.col2im(np.ones((4, 4)), (3, 3), 2, 2, 1, 0)


@settings(deadline=None)
@given(st.integers(0, 12), knobs, knobs, st.integers(0, 3), knobs)
def test_the_output_size_counts_the_windows(n, k, s, p, d):
    last_taps = [start + d * (k - 1) for start in range(0, n + 2 * p, s)]
    windows = sum(last < n + 2 * p for last in last_taps)
    if windows == 0:
        with pytest.raises(ValueError, match="does not fit"):
            kernels.conv_output_size(n, k, s, p, d)
    else:
        assert kernels.conv_output_size(n, k, s, p, d) == (windows, windows)


def test_output_size_takes_pairs_and_refuses_nonsense():
    assert kernels.conv_output_size((5, 9), (3, 2), (2, 3), (1, 0), (1, 2)) == (3, 3)
    assert kernels.conv_output_size(np.array([5, 9]), [3, 2], np.int64(2)) == (2, 4)
    wrong_calls = ((4, 0), (4, 2, 0), (4, 2, 1, -1), (4, 2, 1, 0, 0), ((4, 4, 4), 2), (4, 1.5))
    for wrong, name in zip(wrong_calls, ["kernel", "stride", "padding", "dilation", "size", "kernel"], strict=True):
        with pytest.raises(ValueError, match=name):
            kernels.conv_output_size(*wrong)


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 6))
def test_same_padding_gives_the_ceiling(n, k, s):
    before, after = kernels.same_padding(n, k, s)
    assert before >= 0
    assert after - before in (0, 1)
    if k > s or before + after > 0:
        assert (n + before + after - k) // s + 1 == -(-n // s)


@settings(deadline=None)
@given(st.lists(st.tuples(knobs, knobs, knobs), max_size=3))
def test_the_receptive_field_is_what_one_pixel_sees(layers):
    field, jump = kernels.receptive_field(layers)
    first, second = sees(layers, 0), sees(layers, 1)
    assert max(first) - min(first) + 1 == field
    assert min(second) - min(first) == jump


def sees(layers, pixel):
    """The input pixels that an output pixel depends on."""
    pixels = {pixel}
    for kernel, stride, dilation in reversed(layers):
        pixels = {stride * p + dilation * i for p in pixels for i in range(kernel)}
    return pixels


def test_shape_helpers_refuse_zero():
    with pytest.raises(ValueError, match="at least 1"):
        kernels.same_padding(0, 3, 1)
    with pytest.raises(ValueError, match=r"\(3, 0, 1\)"):
        kernels.receptive_field([(3, 0, 1)])
