"""Recurrent layers, forward and backward through time: 200 steps, 128 units, 32 inputs, batches of 64, 8 and 1."""

import numpy as np

from helpers import kernels
from kernel_cases import Case, _recurrent_peers
from kernel_cases._peers import torch

STEPS, UNITS, INPUTS = 200, 128, 32
GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}
KERNELS = {
    "RNN": (kernels.tanh_rnn_forward, kernels.tanh_rnn_backward),
    "LSTM": (kernels.lstm_forward, kernels.lstm_backward),
    "GRU": (kernels.gru_forward, kernels.gru_backward),
}
TARGETS = {  # against torch, (cell, batch): (float32, float64)
    ("RNN", 64): (0.75, 0.8),
    ("LSTM", 64): (1.35, 0.8),
    ("LSTM", 8): (1.5, 0.8),
    ("LSTM", 1): (2.05, 0.8),
    ("GRU", 64): (0.8, 0.8),
}


def cases(dtype, rng):
    """Yield the cases of this family."""
    for (cell, batch), targets in TARGETS.items():
        yield _case(cell, batch, targets[dtype == np.float64], dtype, rng)


def _case(cell, batch, target, dtype, rng):
    arguments, dh = _arguments(cell, batch, dtype, rng)
    peers = {"torch, autograd": _eager(cell, arguments, dh)} if torch else {}
    peers |= {name: lambda peer=peer: peer(arguments, dh) for name, peer in _recurrent_peers.PEERS[cell].items()}
    doubled = None
    if batch == 64:
        twice = _arguments(cell, 2 * batch, dtype, rng)
        doubled = lambda: _ours(cell, *twice)  # noqa: E731
    operations = 3 * 2 * STEPS * batch * GATES[cell] * UNITS * (UNITS + INPUTS)
    name = f"{cell}, batch of {batch}"
    return Case(name, lambda: _ours(cell, arguments, dh), peers, target, flops=operations, doubled=doubled)


def _arguments(cell, batch, dtype, rng):
    """Every argument of the layer, and the upstream gradient."""
    rows, states = GATES[cell] * UNITS, 2 if cell == "LSTM" else 1
    arrays = [rng.normal(size=(STEPS, batch, INPUTS)), *rng.normal(size=(states, batch, UNITS))]
    arrays += [rng.normal(size=shape) / np.sqrt(UNITS) for shape in ((rows, INPUTS), (rows, UNITS), rows)]
    if cell == "GRU":
        arrays.append(rng.normal(size=UNITS))
    return [array.astype(dtype) for array in arrays], rng.normal(size=(STEPS, batch, UNITS)).astype(dtype)


def _ours(cell, arguments, dh):
    forward, backward = KERNELS[cell]
    h, cache = forward(*arguments)
    return h, *backward(dh, cache)


def _eager(cell, arguments, dh):
    """The layer of torch.nn, whose second bias is zero but for what a GRU adds to its recurrent candidate."""
    x, *states, W, U, b = arguments[:-1] if cell == "GRU" else arguments
    layer = getattr(torch.nn, cell)(INPUTS, UNITS, dtype=getattr(torch, x.dtype.name))
    second = np.zeros_like(b)
    if cell == "GRU":
        second[-UNITS:] = arguments[-1]
    with torch.no_grad():
        for name, array in (("weight_ih", W), ("weight_hh", U), ("bias_ih", b), ("bias_hh", second)):
            getattr(layer, f"{name}_l0").copy_(torch.from_numpy(array))
    inputs = [torch.from_numpy(array).requires_grad_() for array in (x, *states)]
    tensors = [*inputs, layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0]
    upstream = torch.from_numpy(dh)

    def eager():
        for tensor in (*tensors, layer.bias_hh_l0):
            tensor.grad = None
        first = tuple(state[None] for state in inputs[1:])
        h, _ = layer(inputs[0], first if cell == "LSTM" else first[0])
        h.backward(upstream)
        gradients = [tensor.grad.numpy() for tensor in tensors]
        if cell == "GRU":
            gradients.append(layer.bias_hh_l0.grad.numpy()[-UNITS:])
        return h.detach().numpy(), *gradients

    return eager
