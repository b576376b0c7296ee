"""Winograd's convolution is the convolution layer, forward and backward, for any image."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers import kernels
from helpers.kernels import winograd
from proofs import close
from proofs.oracles import oracle


def arrays(rng, N, C, H, W, F):
    return rng.normal(size=(N, H, W, C)), rng.normal(size=(F, C, 3, 3)), rng.normal(size=F)


def layer(x, W, b, padding, dout):
    """(out, dx, dW, db) of channels-last images, by the kernel that the lesson is about."""
    x, dout = (np.ascontiguousarray(a.transpose(0, 3, 1, 2)) for a in (x, dout))
    out, dx, dW, db = kernels.conv2d(x, W, b, 1, padding, dout)
    return out.transpose(0, 2, 3, 1), dx.transpose(0, 2, 3, 1), dW, db


@settings(deadline=None, max_examples=60)
@given(
    st.tuples(st.integers(0, 3), st.integers(1, 3), st.integers(1, 9), st.integers(1, 9), st.integers(1, 3)),
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
    st.sampled_from([1, 3000, winograd.TILE_BYTES]),
)
def test_it_is_the_layer_for_images_of_any_size_in_blocks_of_any_size(sizes, padding, block):
    assume(sizes[2] + 2 * padding[0] > 2 and sizes[3] + 2 * padding[1] > 2)
    x, W, b = arrays(np.random.default_rng(sizes[3]), *sizes)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(winograd, "TILE_BYTES", block)
        out, cache = kernels.winograd_forward(x, W, b, padding)
        dout = np.random.default_rng(0).normal(size=out.shape)
        observed = out, *kernels.winograd_backward(dout, cache)
    for ours, expected in zip(observed, layer(x, W, b, padding, dout), strict=True):
        close(ours, expected, atol=1e-12)


def test_the_transforms_are_the_published_matrices(rng):
    """On one tile, the sums that are written out are B^T x B, A^T m A and its transpose."""
    Bt = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]])
    At = np.array([[1, 1, 1, 0], [0, 1, -1, -1]])
    x, m, y = rng.normal(size=(4, 4)), rng.normal(size=(4, 4)), rng.normal(size=(2, 2))
    close(winograd._transformed_tiles(x[None, :, :, None]).reshape(4, 4), Bt @ x @ Bt.T)
    out = np.empty((1, 2, 2, 1))
    winograd._write_outputs(m.reshape(4, 4, 1, 1), out)
    close(out.reshape(2, 2), At @ m @ At.T)
    close(winograd._spread_outputs(y[None, :, :, None]).reshape(4, 4), At.T @ y @ At)


@pytest.mark.parametrize(("C", "F"), [(0, 2), (2, 0)])
def test_no_channels_and_no_filters(C, F, rng):
    x, W, b = arrays(rng, 2, C, 5, 4, F)
    out, cache = kernels.winograd_forward(x, W, b)
    close(out, np.zeros((2, 5, 4, F)) + b)
    assert [a.shape for a in kernels.winograd_backward(out, cache)] == [x.shape, W.shape, b.shape]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_stays_and_the_arguments_are_left_alone(dtype, rng):
    given = [a.astype(dtype) for a in arrays(rng, 2, 8, 12, 11, 6)]
    dout = rng.normal(size=(2, 12, 11, 6)).astype(dtype)
    before = [a.copy() for a in (*given, dout)]
    out, cache = kernels.winograd_forward(*given)
    results = out, *kernels.winograd_backward(dout, cache)
    for now, then in zip((*given, dout), before, strict=True):
        close(now, then, rtol=0, atol=0)
    for observed, exact in zip(results, layer(*(a.astype(float) for a in given), 1, dout.astype(float)), strict=True):
        assert observed.dtype == dtype
        assert np.abs(observed - exact).max() < 20 * np.finfo(dtype).eps * np.abs(exact).max()


@pytest.mark.parametrize(
    ("shapes", "padding", "told"),
    [
        (((1, 5, 5), (2, 1, 3, 3), (2,)), 1, r"not \(1, 5, 5\), \(2, 1, 3, 3\) and \(2,\)"),
        (((1, 5, 5, 3), (2, 1, 3, 3), (2,)), 1, r"not \(1, 5, 5, 3\), \(2, 1, 3, 3\)"),
        (((1, 5, 5, 1), (2, 1, 5, 5), (2,)), 1, r"\(F, C, 3, 3\)"),
        (((1, 5, 5, 1), (2, 1, 3, 3), (1,)), 1, r"and \(1,\)"),
        (((1, 5, 5, 1), (2, 1, 3, 3), (2,)), 3, "padding must be 0, 1 or 2, not"),
        (((1, 2, 5, 1), (2, 1, 3, 3), (2,)), 0, "does not fit into 2 pixels"),
    ],
)
def test_what_does_not_fit_is_said(shapes, padding, told):
    with pytest.raises(ValueError, match=told):
        kernels.winograd_forward(*map(np.ones, shapes), padding)


def test_a_gradient_of_another_shape_is_said():
    _, cache = kernels.winograd_forward(np.ones((1, 4, 4, 1)), np.ones((1, 1, 3, 3)), [0.0])
    with pytest.raises(ValueError, match=r"dout must have the shape of the output, \(1, 4, 4, 1\), not \(1, 2, 2, 1\)"):
        kernels.winograd_backward(np.ones((1, 2, 2, 1)), cache)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-13), (np.float32, 2e-5)])
def test_it_agrees_with_torch(dtype, tolerance, rng):
    torch = oracle("torch")
    x, W, b = (a.astype(dtype) for a in arrays(rng, 4, 32, 28, 27, 24))
    tensors = [torch.from_numpy(a).requires_grad_() for a in (x, W, b)]
    expected = torch.conv2d(tensors[0].permute(0, 3, 1, 2), *tensors[1:], padding=1).permute(0, 2, 3, 1)
    out, cache = kernels.winograd_forward(x, W, b)
    dout = rng.normal(size=out.shape).astype(dtype)
    expected.backward(torch.from_numpy(dout))
    theirs = expected.detach(), *(tensor.grad for tensor in tensors)
    for observed, other in zip((out, *kernels.winograd_backward(dout, cache)), theirs, strict=True):
        other = other.numpy()
        assert np.abs(observed - other).max() < tolerance * np.abs(other).max()
