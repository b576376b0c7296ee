"""A discriminator's loss with its slopes, and its step with R1 on a small network, beside torch's double backward."""

import numpy as np

from helpers import kernels
from kernel_cases import Case
from kernel_cases._peers import torch

GAMMA, SIZES = 0.1, (2, 64, 64, 1)


def cases(dtype, rng):
    """Yield the cases of this family."""
    real, fake = rng.normal(size=(2, 200_000)).astype(dtype)
    peers = {"torch": lambda: _torch_loss(real, fake)} if torch else {}
    yield Case("discriminator_loss, 2 x 200,000, both ways", lambda: kernels.discriminator_loss(real, fake), peers, 1.2)
    for n in (128, 4096):
        x = rng.normal(size=(n, 2)).astype(dtype)
        weights = [w.astype(dtype) for w in kernels.mlp_weights(SIZES, rng)]
        peers = {"torch": _torch_r1(x, weights)} if torch else {}
        yield Case(f"R1 of a network 2-64-64-1, N = {n}", _r1(x, weights), peers, 1.0 if n < 1000 else 2.0, same=1e-4)


def _r1(x, weights):
    def gradients():
        out, cache = kernels.mlp_forward(x, weights)
        slopes, _ = kernels.mlp_backward(np.ones_like(out), cache)
        return kernels.mlp_double_backward(x.dtype.type(GAMMA / len(x)) * slopes, cache)[::2]

    return gradients


def _torch_loss(real, fake):
    logits = [torch.from_numpy(a).requires_grad_() for a in (real, fake)]
    bce = torch.nn.functional.binary_cross_entropy_with_logits
    loss = bce(logits[0], torch.ones_like(logits[0])) + bce(logits[1], torch.zeros_like(logits[1]))
    loss.backward()
    return loss.item(), logits[0].grad.numpy(), logits[1].grad.numpy()


def _torch_r1(x, weights):
    inputs, theirs = torch.from_numpy(x).requires_grad_(), [torch.from_numpy(w).requires_grad_() for w in weights]

    def gradients():
        h = inputs
        for k in range(0, len(theirs) - 2, 2):
            h = torch.nn.functional.leaky_relu(h @ theirs[k] + theirs[k + 1], 0.2)
        (slope,) = torch.autograd.grad((h @ theirs[-2]).sum(), inputs, create_graph=True)
        penalty = GAMMA / 2 * (slope**2).sum(1).mean()
        return [g.numpy() for g in torch.autograd.grad(penalty, theirs[::2])]

    return gradients
