"""The convolution layer against its loop, and as what it is: linear in the images, linear in the weights."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers import kernels
from proofs import close, close32


def arrays(rng, N, C, H, W, F, kh, kw):
    return rng.normal(size=(N, C, H, W)), rng.normal(size=(F, C, kh, kw)), rng.normal(size=F)


LAYERS = [  # (N, C, H, W, F, kh, kw), stride, padding, dilation
    ((2, 3, 5, 5, 4, 3, 3), 1, 1, 1),
    ((2, 2, 6, 9, 3, 3, 2), 1, 0, 1),
    ((1, 1, 7, 6, 5, 3, 3), 2, 1, 1),  # many filters a channel: the gradient is added, not gathered
    ((3, 2, 9, 7, 2, 3, 3), 2, 0, 2),
    ((2, 2, 8, 8, 3, 2, 2), 3, 0, 1),  # pixels that no window sees
    ((2, 3, 7, 8, 2, 3, 3), 3, 2, 2),
    ((2, 2, 3, 4, 2, 3, 4), 1, 0, 1),  # one window
    ((2, 4, 3, 3, 2, 1, 1), 1, 0, 1),
    ((2, 3, 5, 5, 2, 1, 1), 2, 2, 1),  # padding beyond the kernel
    ((1, 2, 9, 12, 2, 2, 3), 1, 1, 1),  # more than 64 output pixels: one matrix an image
    ((2, 3, 20, 19, 2, 3, 3), 2, 1, 1),
    ((1, 3, 22, 19, 2, 3, 3), 2, 2, 2),  # stride and dilation share a factor
    ((2, 1, 12, 11, 6, 5, 5), 1, 2, 1),
]


@pytest.mark.parametrize(("sizes", "s", "p", "d"), LAYERS)
def test_forward_is_the_loop_and_backward_its_adjoint(sizes, s, p, d, block_size, rng):
    x, W, b = arrays(rng, *sizes)
    out, cache = kernels.conv2d_forward(x, W, b, s, p, d)
    close(out, kernels.conv2d_loops(x, W, b, s, p, d))
    assert out.flags.c_contiguous
    dout = rng.normal(size=out.shape)
    dx, dW, db = kernels.conv2d_backward(dout, cache)
    for gradient, array in ((dx, x), (dW, W)):
        assert gradient.shape == array.shape
        assert gradient.flags.c_contiguous
    # The loop is linear in x and in W, so the adjoint is known by its product with every direction.
    zero = np.zeros_like(b)
    for _ in range(3):
        v, V = rng.normal(size=x.shape), rng.normal(size=W.shape)
        assert np.vdot(v, dx) == pytest.approx(np.vdot(kernels.conv2d_loops(v, W, zero, s, p, d), dout), abs=1e-11)
        assert np.vdot(V, dW) == pytest.approx(np.vdot(kernels.conv2d_loops(x, V, zero, s, p, d), dout), abs=1e-11)
    close(db, dout.sum(axis=(0, 2, 3)))
    without, *others = kernels.conv2d_backward(dout, cache, need_dx=False)
    assert without is None
    close(others[0], dW)
    close(others[1], db)


knobs = st.integers(1, 3)


@settings(deadline=None, max_examples=60)
@given(st.tuples(st.integers(0, 3), knobs, st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), knobs, knobs),
       st.tuples(knobs, knobs), st.tuples(st.integers(0, 3), st.integers(0, 3)), st.tuples(knobs, knobs))  # fmt: skip
def test_any_layer_agrees_with_shifted_images(sizes, stride, padding, dilation):
    _, _, H, W, F, kh, kw = sizes
    assume(H + 2 * padding[0] > dilation[0] * (kh - 1) and W + 2 * padding[1] > dilation[1] * (kw - 1))
    x, weights, b = arrays(np.random.default_rng(H * W), *sizes)
    out, cache = kernels.conv2d_forward(x, weights, b, stride, padding, dilation)
    dout = np.random.default_rng(F).normal(size=out.shape)
    for observed, expected in zip(
        (out, *kernels.conv2d_backward(dout, cache)),
        shifted(x, weights, b, stride, padding, dilation, dout),
        strict=True,
    ):
        close(observed, expected, atol=1e-12)


def shifted(x, W, b, stride, padding, dilation, dout):
    """The layer as a sum over taps of shifted images: a third formulation, which knows pairs."""
    (py, px), (sy, sx), (dy, dx) = padding, stride, dilation
    X = np.pad(x, ((0, 0), (0, 0), (py, py), (px, px)))
    out, dX, dW = np.zeros(dout.shape), np.zeros(X.shape), np.zeros(W.shape)
    for i, j in np.ndindex(*W.shape[2:]):
        taken = (..., slice(dy * i, None, sy), slice(dx * j, None, sx))
        pixels = X[taken][:, :, : out.shape[2], : out.shape[3]]
        out += np.einsum("ncyx,fc->nfyx", pixels, W[:, :, i, j])
        dW[:, :, i, j] = np.einsum("nfyx,ncyx->fc", dout, pixels)
        dX[taken][:, :, : out.shape[2], : out.shape[3]] += np.einsum("nfyx,fc->ncyx", dout, W[:, :, i, j])
    dx = dX[:, :, py : py + x.shape[2], px : px + x.shape[3]]
    return out + b[:, None, None], dx, dW, dout.sum((0, 2, 3))


def test_the_exercise_is_the_layer(rng):
    x, W, b = arrays(rng, 2, 3, 5, 7, 4, 3, 2)
    out, cache = kernels.conv2d_forward(x, W, b, 2, 1)
    dout = rng.normal(size=out.shape)
    for observed, expected in zip(
        kernels.conv2d(x, W, b, 2, 1, dout), (out, *kernels.conv2d_backward(dout, cache)), strict=True
    ):
        close(observed, expected, rtol=0, atol=0)


def test_a_shifted_image_gives_a_shifted_output(rng):
    x, W, b = arrays(rng, 2, 3, 8, 8, 2, 3, 3)
    x[:, :, [0, -2, -1]] = 0
    out, _ = kernels.conv2d_forward(x, W, b, padding=1)
    moved, _ = kernels.conv2d_forward(np.roll(x, 1, axis=2), W, b, padding=1)
    close(moved[:, :, 2:], out[:, :, 1:-1])


def test_a_kernel_with_one_tap_picks_a_channel(rng):
    x, W, b = rng.normal(size=(2, 3, 6, 6)), np.zeros((1, 3, 3, 3)), np.zeros(1)
    W[0, 2, 1, 1] = 1
    close(kernels.conv2d_forward(x, W, b, padding=1)[0], x[:, 2:])


@pytest.mark.parametrize("size", [4, 20])
@pytest.mark.parametrize(("N", "C", "F"), [(0, 2, 3), (0, 1, 8), (2, 0, 3), (2, 2, 0)])
def test_empty_batches_channels_and_filters(N, C, F, size, rng):
    x, W, b = arrays(rng, N, C, size, size, F, 3, 3)
    out, cache = kernels.conv2d_forward(x, W, b)
    dx, dW, db = kernels.conv2d_backward(np.ones_like(out), cache)
    assert (dx.shape, dW.shape, db.shape) == (x.shape, W.shape, b.shape)
    close(out, np.zeros(out.shape) + b[:, None, None])
    assert not np.any(dW)


def test_an_image_that_is_all_padding(rng):
    out, cache = kernels.conv2d_forward(np.ones((2, 1, 0, 3)), np.ones((1, 1, 2, 2)), [1.5], padding=1)
    close(out, np.full((2, 1, 1, 4), 1.5))
    assert kernels.conv2d_backward(out, cache)[0].shape == (2, 1, 0, 3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_stays_and_the_arguments_are_left_alone(dtype, rng):
    x, W, b = arrays(rng, 2, 3, 9, 9, 4, 3, 3)
    out, cache = kernels.conv2d_forward(x, W, b, 2, 1)
    expected = out, *kernels.conv2d_backward(out, cache)
    arguments = [a.astype(dtype) for a in (x, W, b, out)]
    copies = [a.copy() for a in arguments]
    observed = kernels.conv2d(*arguments[:3], 2, 1, arguments[3])
    for result, right in zip(observed, expected, strict=True):
        if dtype == np.float32:
            close32(result, right, tol=2e-5)
        else:
            close(result, right)
    for array, copy in zip(arguments, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_integers_give_float64_and_the_images_decide():
    x, W, dout = (np.ones((1, 1, size, size), int) for size in (3, 2, 2))
    assert all(result.dtype == np.float64 for result in kernels.conv2d(x, W, [0], 1, 0, dout))
    out, _ = kernels.conv2d_forward(x.astype(np.float32), W.astype(float), np.zeros(1))
    assert out.dtype == np.float32


def test_any_memory_order(rng):
    x, W, b = arrays(rng, 2, 3, 12, 13, 4, 3, 3)
    out, cache = kernels.conv2d_forward(x, W, b, 1, 1)
    expected = out, *kernels.conv2d_backward(out, cache)
    other = [np.asfortranarray(x), W[:, :, ::-1, ::-1].copy()[:, :, ::-1, ::-1], b, np.asfortranarray(out)]
    for result, right in zip(kernels.conv2d(*other[:3], 1, 1, other[3]), expected, strict=True):
        close(result, right)


def test_large_and_infinite_pixels_stay_where_they_are():
    x = np.zeros((1, 1, 5, 20))
    x[0, 0, 2, 3] = np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # inf times 0 is the caller's own
        out, _ = kernels.conv2d_forward(x, np.ones((1, 1, 3, 3)), [0.0])
    assert np.isinf(out[0, 0, :, 1:4]).all()
    assert not out[0, 0, :, 4:].any()


@pytest.mark.parametrize(("x", "W", "b", "says"), [
    ((1, 2, 4, 4), (3, 1, 2, 2), (3,), r"\(1, 2, 4, 4\), \(3, 1, 2, 2\)"),
    ((2, 4, 4), (3, 2, 2, 2), (3,), r"\(2, 4, 4\)"),
    ((1, 2, 4, 4), (3, 2, 2, 2), (2,), r"\(2,\)"),
    ((1, 2, 4, 4), (3, 2, 5, 2), (3,), "5 .* does not fit into 4 pixels"),
])  # fmt: skip
def test_shapes_that_do_not_fit(x, W, b, says):
    with pytest.raises(ValueError, match=says):
        kernels.conv2d_forward(np.ones(x), np.ones(W), np.ones(b))


def test_a_gradient_of_another_shape():
    _, cache = kernels.conv2d_forward(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), [0.0])
    with pytest.raises(ValueError, match=r"\(1, 1, 2, 2\), not \(1, 1, 3, 3\)"):
        kernels.conv2d_backward(np.ones((1, 1, 3, 3)), cache)
