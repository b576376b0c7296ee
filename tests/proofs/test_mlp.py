"""The small network against finite differences, and its second backward pass against those of its first."""

import numpy as np
import pytest

from helpers import kernels
from proofs import close
from proofs.arguments import unchanged
from proofs.oracles import oracle

SIZES = [(2, 5, 4, 1), (3, 4, 1), (2, 1)]


def network(sizes, rng, n=6):
    weights = kernels.mlp_weights(sizes, rng)
    weights = [w + 0.1 * rng.normal(size=w.shape) for w in weights]
    return rng.normal(size=(n, sizes[0])), weights


def differences(function, arrays, h=1e-6):
    """Central differences of a number for every element of every array."""
    found = []
    for array in arrays:
        slopes = np.empty_like(array)
        for index in np.ndindex(array.shape):
            before = array[index]
            array[index] = before + h
            above = function()
            array[index] = before - h
            slopes[index] = (above - function()) / (2 * h)
            array[index] = before
        found.append(slopes)
    return found


@pytest.mark.parametrize("sizes", [*SIZES, (2, 4, 3)])
def test_backward_is_the_gradient(sizes, rng):
    x, weights = network(sizes, rng)
    upstream = rng.normal(size=(len(x), sizes[-1]))
    dx, gradients = kernels.mlp_backward(upstream, kernels.mlp_forward(x, weights)[1])
    expected = differences(lambda: np.sum(upstream * kernels.mlp_forward(x, weights)[0]), [x, *weights])
    for got, wanted in zip([dx, *gradients], expected, strict=True):
        close(got, wanted, atol=1e-7)
    unchanged(lambda x: kernels.mlp_forward(x, weights)[0], x)


@pytest.mark.parametrize("sizes", SIZES)
def test_double_backward_is_the_gradient_of_the_slope_along_a_direction(sizes, rng):
    x, weights = network(sizes, rng)
    direction = rng.normal(size=x.shape)

    def slope_along():
        _, cache = kernels.mlp_forward(x, weights)
        return np.sum(direction * kernels.mlp_backward(np.ones((len(x), 1)), cache)[0])

    got = kernels.mlp_double_backward(direction, kernels.mlp_forward(x, weights)[1])
    for one, wanted in zip(got, differences(slope_along, weights), strict=True):
        close(one, wanted, atol=1e-7)


def test_r1_against_torch(rng):
    torch = oracle("torch")
    x, weights = network((2, 8, 7, 1), rng, 20)
    _, cache = kernels.mlp_forward(x, weights)
    slopes, _ = kernels.mlp_backward(np.ones((20, 1)), cache)
    got = kernels.mlp_double_backward(0.7 / 20 * slopes, cache)
    inputs, theirs = torch.tensor(x, requires_grad=True), [torch.tensor(w, requires_grad=True) for w in weights]
    h = inputs
    for k in range(0, 4, 2):
        h = torch.nn.functional.leaky_relu(h @ theirs[k] + theirs[k + 1], 0.2)
    out = h @ theirs[4] + theirs[5]
    (slope,) = torch.autograd.grad(out.sum(), inputs, create_graph=True)
    penalty = 0.35 * (slope**2).sum(1).mean()
    expected = torch.autograd.grad(penalty, theirs, allow_unused=True)
    close(slopes, slope.detach().numpy())
    for one, wanted in zip(got, expected, strict=True):
        close(one, np.zeros_like(one) if wanted is None else wanted.numpy(), atol=1e-14)


def test_sizes_and_dtype(rng):
    with pytest.raises(ValueError, match="at least an input and an output"):
        kernels.mlp_weights((3,), rng)
    weights = [w.astype(np.float32) for w in kernels.mlp_weights((2, 3, 1), rng)]
    out, cache = kernels.mlp_forward(rng.normal(size=(4, 2)).astype(np.float32), weights)
    assert out.dtype == np.float32
    assert all(g.dtype == np.float32 for g in kernels.mlp_backward(out, cache)[1])
