"""Checking the gradient of a two-layer tanh network: along random directions, and coordinate by coordinate."""

import numpy as np

from helpers import kernels
from kernel_cases import Case
from kernel_cases._peers import torch


def cases(dtype, rng):
    """Yield the cases of this family; a gradient is checked in float64."""
    if dtype == np.float64:
        yield _check(rng, features=24, hidden=25, classes=7, everything=True)
        yield _check(rng, features=784, hidden=100, classes=10, everything=False)


def _check(rng, *, features, hidden, classes, everything):
    x, labels = rng.random((32, features)), rng.integers(0, classes, 32)
    parameters = (
        rng.normal(size=(features, hidden)) / np.sqrt(features),
        0.1 * rng.normal(size=hidden),
        rng.normal(size=(hidden, classes)) / np.sqrt(hidden),
        np.zeros(classes),
    )

    def network(*parameters):
        return loss_and_gradients(x, labels, *parameters)

    # The target is a number of evaluations, 15, and a test counts them: 13. This peer shows what else the check costs.
    peers = {"15 losses and gradients": lambda: float(np.isnan([network(*parameters)[0] for _ in range(15)]).any())}
    if everything:  # otherwise it takes half a minute
        peers["coordinate by coordinate"] = lambda: one_by_one(network, parameters)
        peers["complex step"] = lambda: complex_step(x, labels, parameters)
    if torch:
        peers["torch gradcheck, fast"] = torch_gradcheck(x, labels, parameters)
    count = sum(p.size for p in parameters)
    return Case(f"check_gradient, {count:,} parameters", lambda: kernels.check_gradient(network, *parameters), peers)


def loss_and_gradients(x, labels, W1, b1, W2, b2):
    """The mean cross-entropy of the network, and its gradients."""
    z, first = kernels.affine_forward(x, W1, b1)
    logits, second = kernels.affine_forward(np.tanh(z), W2, b2)
    loss, dlogits = kernels.cross_entropy_from_labels(logits, labels)
    dh, dW2, db2 = kernels.affine_backward(dlogits, second)
    _, dW1, db1 = kernels.affine_backward(dh * kernels.tanh_gradient(z), first)
    return loss, dW1, db1, dW2, db2


def one_by_one(network, parameters):
    """The checker of the course notes: two losses for every coordinate, and the largest relative error."""
    _, *gradients = network(*parameters)
    worst = 0.0
    for which, gradient in enumerate(gradients):
        fixed = list(parameters)

        def loss(array, which=which, fixed=fixed):
            return network(*fixed[:which], array, *fixed[which + 1 :])[0]

        numeric = kernels.numerical_gradient(loss, parameters[which])
        worst = max(worst, np.abs(numeric - gradient).max() / np.abs(gradient).max())
    return worst


def complex_step(x, labels, parameters):
    """The same by a complex step in every coordinate."""
    _, *gradients = loss_and_gradients(x, labels, *parameters)
    worst = 0.0
    for which, gradient in enumerate(gradients):
        fixed = list(parameters)

        def loss(array, which=which, fixed=fixed):
            W1, b1, W2, b2 = *fixed[:which], array, *fixed[which + 1 :]
            logits = np.tanh(x @ W1 + b1) @ W2 + b2
            picked = logits[np.arange(len(x)), labels]
            return np.mean(np.log(np.exp(logits).sum(axis=1)) - picked)

        exact = kernels.complex_step_gradient(loss, parameters[which])
        worst = max(worst, np.abs(exact - gradient).max() / np.abs(gradient).max())
    return worst


def torch_gradcheck(x, labels, parameters):
    """torch.autograd.gradcheck in its fast mode, which projects on random vectors too; 0 if it passes."""
    inputs, target = torch.from_numpy(x), torch.from_numpy(labels)
    tensors = [torch.from_numpy(p).requires_grad_() for p in parameters]

    def loss(W1, b1, W2, b2):
        return torch.nn.functional.cross_entropy(torch.tanh(inputs @ W1 + b1) @ W2 + b2, target)

    return lambda: 1.0 - torch.autograd.gradcheck(loss, tensors, fast_mode=True)
