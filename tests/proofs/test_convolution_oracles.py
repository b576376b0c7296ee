"""The convolution layer, im2col and col2im against PyTorch."""

import numpy as np
import pytest

from helpers import kernels
from proofs.oracles import oracle

torch = oracle("torch")

LAYERS = {  # (N, C, H, W, F, kh, kw), stride, padding, dilation
    "LeNet": ((8, 1, 28, 28, 6, 5, 5), (1, 1), (2, 2), (1, 1)),
    "CIFAR": ((8, 3, 32, 32, 32, 3, 3), (1, 1), (1, 1), (1, 1)),
    "strided": ((8, 16, 32, 32, 32, 3, 3), (2, 2), (1, 1), (1, 1)),
    "ResNet": ((2, 64, 56, 56, 64, 3, 3), (1, 1), (1, 1), (1, 1)),
    "late": ((8, 64, 7, 7, 32, 3, 3), (1, 1), (1, 1), (1, 1)),
    "pairs": ((3, 4, 17, 23, 5, 3, 2), (2, 3), (1, 2), (2, 1)),
    "dilated and strided": ((2, 4, 25, 21, 8, 3, 3), (2, 4), (3, 0), (2, 2)),
    "dense": ((4, 16, 5, 5, 120, 5, 5), (1, 1), (0, 0), (1, 1)),
    "one tap in four": ((4, 16, 14, 14, 32, 1, 1), (2, 2), (0, 0), (1, 1)),
}


def relative(observed, expected):
    expected = expected.detach().numpy()
    assert observed.shape == expected.shape
    assert observed.dtype == expected.dtype
    return np.abs(observed - expected).max() / np.abs(expected).max()


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-13), (np.float32, 2e-5)])
def test_the_layer_agrees_with_torch(layer, dtype, tolerance, rng):
    (N, C, H, Wd, F, kh, kw), s, p, d = LAYERS[layer]
    x, W, b = (rng.normal(size=shape).astype(dtype) for shape in ((N, C, H, Wd), (F, C, kh, kw), F))
    tensors = [torch.from_numpy(a).requires_grad_() for a in (x, W, b)]
    expected = torch.conv2d(*tensors, s, p, d)
    out, cache = kernels.conv2d_forward(x, W, b, s, p, d)
    dout = rng.normal(size=out.shape).astype(dtype)
    expected.backward(torch.from_numpy(dout))
    assert relative(out, expected) < tolerance
    for gradient, tensor in zip(kernels.conv2d_backward(dout, cache), tensors, strict=True):
        assert relative(gradient, tensor.grad) < tolerance


@pytest.mark.parametrize("layer", ["CIFAR", "strided", "ResNet"])
def test_float32_gradients_are_as_exact_as_sums_allow(layer, rng):
    (N, C, H, Wd, F, kh, kw), s, p, d = LAYERS[layer]
    x, W, b = (rng.normal(size=shape) for shape in ((N, C, H, Wd), (F, C, kh, kw), F))
    out, cache = kernels.conv2d_forward(x, W, b, s, p, d)
    exact = out, *kernels.conv2d_backward(out, cache)
    single, cache = kernels.conv2d_forward(*(a.astype(np.float32) for a in (x, W, b)), s, p, d)
    for observed, expected in zip((single, *kernels.conv2d_backward(out, cache)), exact, strict=True):
        assert np.abs(observed - expected).max() < 2e-6 * np.abs(expected).max()


@pytest.mark.parametrize(("k", "s", "p"), [(3, 1, 1), (3, 2, 1), (2, 2, 0), (4, 3, 2)])
def test_im2col_and_col2im_agree_with_unfold_and_fold(k, s, p, rng):
    x = rng.normal(size=(3, 4, 13, 10))
    unfolded = torch.nn.functional.unfold(torch.from_numpy(x), k, padding=p, stride=s)
    col = kernels.im2col(x, k, k, s, p)
    assert np.array_equal(col.reshape(3, -1, 4 * k * k), unfolded.numpy().transpose(0, 2, 1))
    folded = torch.nn.functional.fold(unfolded, x.shape[2:], k, padding=p, stride=s)
    assert relative(kernels.col2im(col, x.shape, k, k, s, p), folded) < 1e-15
