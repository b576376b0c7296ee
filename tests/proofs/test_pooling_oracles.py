"""Pooling against PyTorch, on data with and without ties."""

import numpy as np
import pytest

from helpers import kernels
from proofs.oracles import oracle

torch = oracle("torch")

LAYERS = [
    ((8, 16, 32, 32), 2, 2, 0),
    ((8, 16, 32, 32), 3, 2, 1),
    ((2, 3, 13, 10), (3, 2), (2, 3), (1, 0)),
    ((2, 3, 14, 14), 14, 1, 0),
    ((3, 2, 17, 11), (7, 5), (2, 1), (3, 2)),
]
FAMILIES = {
    "max": (kernels.max_pool2d_forward, kernels.max_pool2d_backward, torch.nn.functional.max_pool2d),
    "avg": (kernels.avg_pool2d_forward, kernels.avg_pool2d_backward, torch.nn.functional.avg_pool2d),
}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("shape", "k", "s", "p"), LAYERS)
@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-14), (np.float32, 3e-6)])
def test_pooling_agrees_with_torch(family, shape, k, s, p, ties, dtype, tolerance, rng):
    forward, backward, theirs = FAMILIES[family]
    x = rng.normal(size=shape).astype(dtype)
    if ties:
        x = np.maximum(np.round(x), 0)
    t = torch.from_numpy(x).requires_grad_()
    expected = theirs(t, k, s, p)
    out, cache = forward(x, k, s, p)
    dout = rng.normal(size=out.shape).astype(dtype)
    expected.backward(torch.from_numpy(dout))
    for observed, tensor in ((out, expected.detach()), (backward(dout, cache), t.grad)):
        assert observed.dtype == dtype
        np.testing.assert_allclose(observed, tensor.numpy(), rtol=tolerance, atol=tolerance)
