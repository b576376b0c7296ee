"""Convolution along a line, its matrix, and the causal mask."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import kernels
from proofs import close, close32


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 12), st.data())
def test_all_modes_are_parts_of_the_loop(n, data):
    m = data.draw(st.integers(1, n))
    rng = np.random.default_rng(n * m)
    x, k = rng.normal(size=n), rng.normal(size=m)
    full = kernels.conv1d_loops(x, k)
    close(kernels.conv1d(x, k, "full"), full)
    close(kernels.conv1d(x, k, "valid"), full[m - 1 : n])
    close(kernels.conv1d(x, k, "same"), full[(m - 1) // 2 :][:n])
    close(kernels.conv_matrix(k, n) @ x, full[m - 1 : n])


def test_the_kernel_is_flipped():
    close(kernels.conv1d([1, 2, 3], [1, 0, -1], "valid"), np.array([2.0]))
    close(kernels.conv1d([0, 1, 0, 0], [1, 2, 3], "full"), np.array([0.0, 1, 2, 3, 0, 0]))


def test_convolution_commutes_with_shifts_and_is_a_product_of_polynomials(rng):
    x, k = np.append(rng.normal(size=8), [0, 0]), rng.normal(size=3)
    close(kernels.conv1d(np.roll(x, 1), k, "full")[1:], kernels.conv1d(x, k, "full")[:-1])
    close(kernels.conv1d(x[:-2], k, "full"), np.polynomial.polynomial.polymul(x[:-2], k))


def test_the_layer_is_the_unflipped_one(rng):
    x, k = rng.normal(size=9), rng.normal(size=4)
    out, _ = kernels.conv2d_forward(x.reshape(1, 1, 1, 9), k[::-1].reshape(1, 1, 1, 4), np.zeros(1))
    close(out.ravel(), kernels.conv1d(x, k, "valid"))


def test_line_dtypes_and_arguments(rng):
    x, k = rng.normal(size=7), rng.normal(size=3)
    kept = x.copy(), k.copy()
    close32(kernels.conv1d(x.astype(np.float32), k, "same"), kernels.conv1d(x, k, "same"))
    assert kernels.conv_matrix(k.astype(np.float32), 5).dtype == np.float32
    assert kernels.conv1d([1, 2], [3], "full").dtype == np.float64
    for array, copy in zip((x, k), kept, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize(("x", "k"), [((3,), (4,)), ((3,), (0,)), ((0,), (0,)), ((2, 2), (1,)), ((2,), (1, 1))])
def test_line_shapes_that_do_not_fit(x, k):
    with pytest.raises(ValueError, match=r"not .*\("):
        kernels.conv1d(np.ones(x), np.ones(k), "full")


def test_line_refusals():
    with pytest.raises(ValueError, match="full, valid, same, not 'reflect'"):
        kernels.conv1d([1.0], [1.0], "reflect")
    for k in ([], [1, 2, 3, 4], [[1]]):
        with pytest.raises(ValueError, match="1 to n = 3 numbers"):
            kernels.conv_matrix(k, 3)


@pytest.mark.parametrize("kind", "AB")
@pytest.mark.parametrize(("kh", "kw"), [(3, 3), (5, 3), (1, 5), (1, 1), (3, 7)])
def test_a_masked_convolution_does_not_see_the_future(kh, kw, kind, rng):
    mask = kernels.pixelcnn_mask(kh, kw, kind)
    W = rng.normal(size=(1, 1, kh, kw)) * mask
    x = rng.normal(size=(1, 1, 6, 7))
    padding = kh // 2, kw // 2
    out, _ = kernels.conv2d_forward(x, W, np.zeros(1), padding=padding)
    x.reshape(-1)[20:] += 1
    changed = (kernels.conv2d_forward(x, W, np.zeros(1), padding=padding)[0] != out).ravel()
    assert not changed[: 20 + (kind == "A")].any()
    assert mask.sum() == kh * kw // 2 + (kind == "B")


@pytest.mark.parametrize(("arguments", "says"), [((2, 3, "A"), "2 x 3"), ((3, 4, "B"), "3 x 4"), ((3, 3, "C"), "'C'")])
def test_mask_refusals(arguments, says):
    with pytest.raises(ValueError, match=says):
        kernels.pixelcnn_mask(*arguments)
