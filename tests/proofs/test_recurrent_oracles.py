"""The recurrent layers against PyTorch."""

import numpy as np
import pytest

from helpers import kernels
from proofs.oracles import oracle

torch = oracle("torch")


LAYERS = {
    "RNN": (kernels.tanh_rnn_forward, kernels.tanh_rnn_backward),
    "LSTM": (kernels.lstm_forward, kernels.lstm_backward),
    "GRU": (kernels.gru_forward, kernels.gru_backward),
}


def relative(observed, expected):
    expected = expected.detach().numpy()
    assert observed.shape == expected.shape
    assert observed.dtype == expected.dtype
    return np.abs(observed - expected).max() / np.abs(expected).max()


def weights_of(module):
    """W and U, and the two biases of torch, which only a GRU needs apart."""
    named = (getattr(module, f"{name}_l0") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    return [tensor.detach().numpy() for tensor in named]


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-13), (np.float32, 5e-6)])
@pytest.mark.parametrize("size", [(200, 8, 32, 64), (30, 64, 16, 48), (1, 1, 3, 5), (300, 1, 2, 20)])
@pytest.mark.parametrize("cell", LAYERS)
def test_the_layer_agrees_with_torch(cell, size, dtype, tolerance, rng):
    T, B, D, H = size
    forward, backward = LAYERS[cell]
    module = getattr(torch.nn, cell)(D, H, dtype=getattr(torch, np.dtype(dtype).name))
    W, U, b, c = weights_of(module)
    biases = [b + c]
    if cell == "GRU":
        biases = [b + np.where(np.arange(3 * H) < 2 * H, c, 0), c[2 * H :]]
    x, *states = (rng.normal(size=s).astype(dtype) for s in ((T, B, D), *[(B, H)] * (2 if cell == "LSTM" else 1)))
    tensors = [torch.from_numpy(a).requires_grad_() for a in (x, *states)]
    initial = [tensor[None] for tensor in tensors[1:]]
    expected, _ = module(tensors[0], tuple(initial) if cell == "LSTM" else initial[0])
    h, cache = forward(x, *states, W, U, *biases)
    assert relative(h, expected) < tolerance
    dh = rng.normal(size=h.shape).astype(dtype)
    expected.backward(torch.from_numpy(dh))
    parameters = [module.weight_ih_l0.grad, module.weight_hh_l0.grad, module.bias_ih_l0.grad]
    if cell == "GRU":
        parameters.append(module.bias_hh_l0.grad[2 * H :])
    gradients = backward(dh, cache)
    for gradient, tensor in zip(gradients, (*(t.grad for t in tensors), *parameters), strict=True):
        assert relative(gradient, tensor) < tolerance
