"""Activations, losses and layers against PyTorch, in float64 and float32."""

import numpy as np
import pytest

from helpers import kernels
from proofs.oracles import oracle

torch = oracle("torch")
functional = torch.nn.functional

ACTIVATIONS = {
    "relu": functional.relu,
    "leaky_relu": functional.leaky_relu,
    "elu": functional.elu,
    "softplus": functional.softplus,
    "silu": functional.silu,
    "gelu": lambda t: functional.gelu(t, approximate="tanh"),
}
DTYPES = {np.float64: 1e-10, np.float32: 2e-6}
both_dtypes = pytest.mark.parametrize(("dtype", "tol"), DTYPES.items(), ids=["float64", "float32"])


def agree(observed, expected, tol):
    expected = expected.detach().numpy()
    assert observed.shape == expected.shape
    assert observed.dtype == (np.float64 if tol < 1e-7 else np.float32)
    assert np.abs(observed - expected).max() <= tol * max(1.0, np.abs(expected).max())


@both_dtypes
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_and_derivatives(name, dtype, tol, rng):
    x = (rng.normal(size=(30, 40)) * 6).astype(dtype)
    t = torch.from_numpy(x).requires_grad_()
    value = ACTIVATIONS[name](t)
    value.sum().backward()
    if name != "softplus" or dtype == np.float32:  # torch's softplus is x beyond 20, which is 2e-9 off
        agree(getattr(kernels, name)(x), value, tol)
    else:
        agree(kernels.softplus(x), torch.logaddexp(t, torch.zeros_like(t)), tol)
    agree(getattr(kernels, f"{name}_gradient")(x), t.grad, max(tol, 3e-9 if name == "softplus" else 0))


@both_dtypes
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmaxes(axis, dtype, tol, rng):
    x, v = (rng.normal(size=(2, 6, 50, 7)) * 4).astype(dtype)
    t = torch.from_numpy(x).requires_grad_()
    agree(kernels.softmax(x, axis), torch.softmax(t, axis), tol)
    agree(kernels.log_softmax(x, axis), torch.log_softmax(t, axis), tol)
    agree(kernels.logsumexp(x, axis), torch.logsumexp(t, axis), tol)
    torch.log_softmax(t, -1).backward(torch.from_numpy(v))
    agree(kernels.log_softmax_vjp(kernels.log_softmax(x), v), t.grad, 4 * tol)


@both_dtypes
def test_losses(dtype, tol, rng):
    x = (rng.normal(size=(300, 50)) * 4).astype(dtype)
    labels, c = rng.integers(0, 50, 300), rng.dirichlet(np.ones(50), 300).astype(dtype)
    inside = rng.random(x.shape).astype(dtype)
    for observed, form in (
        (kernels.cross_entropy_from_labels(x, labels), lambda t: functional.cross_entropy(t, torch.from_numpy(labels))),
        (kernels.cross_entropy_from_logits(x, c), lambda t: functional.cross_entropy(t, torch.from_numpy(c))),
        (kernels.mean_squared_error(x, inside), lambda t: functional.mse_loss(t, torch.from_numpy(inside))),
        (
            kernels.bernoulli_loss_from_logits(x, inside),
            lambda t: functional.binary_cross_entropy_with_logits(t, torch.from_numpy(inside), reduction="sum"),
        ),
    ):
        t = torch.from_numpy(x).requires_grad_()
        loss = form(t)
        loss.backward()
        assert observed[0] == pytest.approx(float(loss.detach()), rel=max(tol, 1e-12))
        agree(observed[1], t.grad, tol)


@both_dtypes
@pytest.mark.parametrize("shape", [(2, 5), (200, 30), (4, 6, 8), (8, 16, 14, 14), (3, 2, 70, 90), (2, 3, 4, 5, 6)])
def test_batchnorm_in_training(shape, dtype, tol, rng):
    """The kernel in float32 is held to torch in float64, because torch in float32 is a few 1e-5 off itself."""
    a, dout = (3 + 2 * rng.normal(size=(2, *shape))).astype(dtype)
    gamma, beta, run_mean = rng.normal(size=(3, shape[1])).astype(dtype)
    run_var = rng.uniform(0.5, 2, shape[1]).astype(dtype)
    t, g, b = (torch.from_numpy(array).double().requires_grad_() for array in (a, gamma, beta))
    mean, var = torch.tensor(run_mean, dtype=t.dtype), torch.tensor(run_var, dtype=t.dtype)
    out = functional.batch_norm(t, mean, var, g, b, True, 0.1, 1e-5)
    out.backward(torch.from_numpy(dout).double())
    for observed, expected in zip(
        kernels.batchnorm_forward(a, gamma, beta, run_mean, run_var, True), (out, mean, var), strict=True
    ):
        agree(observed, expected, tol)
    for observed, expected in zip(kernels.batchnorm_backward(a, gamma, dout), (t.grad, g.grad, b.grad), strict=True):
        agree(observed, expected, 20 * tol)


@both_dtypes
@pytest.mark.parametrize("shape", [(1, 5), (20, 30), (3, 6, 8, 9)])
def test_batchnorm_in_evaluation(shape, dtype, tol, rng):
    a, dout = (3 + 2 * rng.normal(size=(2, *shape))).astype(dtype)
    gamma, beta, run_mean = rng.normal(size=(3, shape[1])).astype(dtype)
    run_var = rng.uniform(0.5, 2, shape[1]).astype(dtype)
    t, g, b = (torch.from_numpy(array).requires_grad_() for array in (a, gamma, beta))
    out = functional.batch_norm(t, torch.from_numpy(run_mean), torch.from_numpy(run_var), g, b, False)
    out.backward(torch.from_numpy(dout))
    agree(kernels.batchnorm_forward(a, gamma, beta, run_mean, run_var, False)[0], out, tol)
    observed = kernels.batchnorm_backward(a, gamma, dout, running=(run_mean, run_var))
    for one, expected in zip(observed, (t.grad, g.grad, b.grad), strict=True):
        agree(one, expected, 10 * tol)


@both_dtypes
def test_affine(dtype, tol, rng):
    x, W, b, dout = (rng.normal(size=shape).astype(dtype) for shape in ((4, 9, 30), (30, 20), 20, (4, 9, 20)))
    tx, tW, tb = (torch.from_numpy(array).requires_grad_() for array in (x, W, b))
    out = tx @ tW + tb
    out.backward(torch.from_numpy(dout))
    for observed, expected in zip(kernels.affine(x, W, b, dout), (out, tx.grad, tW.grad, tb.grad), strict=True):
        agree(observed, expected, tol)
