"""How fast the kernels are beside a named peer in the same run: `python benchmarks/kernels.py`.

One BLAS thread, CPU time (`process_time`), rounds in the order A B, B A, A B, ...; the table shows the median of the
rounds' ratios, so that a busy machine disturbs both alike. A ratio below 1 means that the kernel is faster. Arrays that
a call returns are allocated anew at each call, for the kernel and for its peer.
"""

# ruff: noqa: E402
import os

for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy is imported

import argparse
import statistics
import time

import numpy as np
import scipy.special

from helpers import kernels


def where_sigmoid(x):
    """The sigmoid of the textbooks: both branches for all elements, then a choice."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def one_hot_cross_entropy(x, c):
    """Softmax, then log(y + 1e-7): the widespread form, whose loss is capped at 16.1."""
    y = scipy.special.softmax(x, axis=1)
    return -(c * np.log(y + 1e-7)).sum() / len(x), (y - c) / len(x)


def scipy_cross_entropy(x, c):
    """The same value and gradient as the kernel, from SciPy's log-softmax."""
    log_y = scipy.special.log_softmax(x, axis=1)
    return -(c * log_y).sum() / len(x), (np.exp(log_y) - c) / len(x)


def jacobian_vjp(s, v):
    """The product with the Jacobian, which is built for every row."""
    jacobian = s[:, :, None] * (np.eye(s.shape[1], dtype=s.dtype) - s[:, None, :])
    return np.einsum("nij,nj->ni", jacobian, v)


def staged_batchnorm(a, gamma, beta, dout, eps=1e-5):
    """Forward and backward as a graph of nine nodes, each with its own array."""
    n = len(a)
    mean = a.sum(0) / n
    centered = a - mean
    var = (centered**2).sum(0) / n
    std = np.sqrt(var + eps)
    precision = 1 / std
    normalized = centered * precision
    out = gamma * normalized + beta
    dnormalized = dout * gamma
    dprecision = (dnormalized * centered).sum(0)
    dcentered = dnormalized * precision
    dvar = -0.5 * dprecision / (std * std * std)
    dcentered = dcentered + 2 * centered * np.ones_like(a) * dvar / n
    return out, dcentered - np.ones_like(a) * dcentered.sum(0) / n, (dout * normalized).sum(0), dout.sum(0)


def kernel_batchnorm(a, gamma, beta, dout):
    zero, one = np.zeros_like(gamma), np.ones_like(gamma)
    out, _, _ = kernels.batchnorm_forward(a, gamma, beta, zero, one, True)
    return out, *kernels.batchnorm_backward(a, gamma, dout)


def layered_affine(x, W, b, dout):
    """One matrix product for each entry of the first axis, as `@` does it, and einsum for the gradients."""
    dW = np.einsum("ntd,ntm->dm", x, dout, optimize=True)
    return x @ W + b, dout @ W.T, dW, dout.sum((0, 1))


def cases(dtype, rng):
    """Yield (name, peer's name, kernel, peer, arguments)."""
    x, small = rng.normal(size=(10_000, 1000)).astype(dtype) * 4, rng.normal(size=(2_000, 100)).astype(dtype)
    one_hot = np.eye(1000, dtype=dtype)[rng.integers(0, 1000, len(x))]
    s = kernels.softmax(small)
    flat = rng.normal(size=2_000_000).astype(dtype) * 8
    a, dout = rng.normal(size=(2, 1024, 1024)).astype(dtype)
    gamma, beta = rng.normal(size=(2, 1024)).astype(dtype)
    batch, up = rng.normal(size=(64, 50, 128)).astype(dtype), rng.normal(size=(64, 50, 64)).astype(dtype)
    W, b = rng.normal(size=(128, 64)).astype(dtype), rng.normal(size=64).astype(dtype)
    yield "softmax", "scipy softmax", kernels.softmax, lambda x: scipy.special.softmax(x, axis=-1), (x,)
    yield (
        "softmax, axis 0",
        "scipy softmax",
        lambda x: kernels.softmax(x, 0),
        lambda x: scipy.special.softmax(x, 0),
        (x,),
    )
    yield "logsumexp", "scipy logsumexp", kernels.logsumexp, lambda x: scipy.special.logsumexp(x, axis=-1), (x,)
    yield "cross_entropy", "scipy log_softmax", kernels.cross_entropy_from_logits, scipy_cross_entropy, (x, one_hot)
    yield "cross_entropy", "log(y + 1e-7)", kernels.cross_entropy_from_logits, one_hot_cross_entropy, (x, one_hot)
    yield "softmax_vjp", "Jacobian", kernels.softmax_vjp, jacobian_vjp, (s[:500], small[:500])
    yield "sigmoid", "np.where", kernels.sigmoid, where_sigmoid, (flat,)
    yield "sigmoid", "scipy expit", kernels.sigmoid, scipy.special.expit, (flat,)
    yield "log_sigmoid", "scipy log_expit", lambda x: kernels.log_sigmoid(x)[0], scipy.special.log_expit, (flat,)
    yield "batchnorm, both ways", "nine stages", kernel_batchnorm, staged_batchnorm, (a, gamma, beta, dout)
    yield "affine (N, T, D)", "@ and einsum", kernels.affine, layered_affine, (batch, W, b, up)


def ratio(kernel, peer, arguments, rounds):
    """Return the median ratio of CPU times and the kernel's median CPU time, in ms, over interleaved rounds."""
    ratios, own = [], []
    kernel(*arguments), peer(*arguments)  # warm up
    for number in range(rounds):
        order = (kernel, peer) if number % 2 == 0 else (peer, kernel)
        times = {}
        for function in order:
            start = time.process_time()
            function(*arguments)
            times[function] = time.process_time() - start
        ratios.append(times[kernel] / times[peer])
        own.append(times[kernel])
    return statistics.median(ratios), statistics.median(own) * 1e3


def largest_difference(kernel, peer, arguments):
    """Return by how much the results differ, relative to their size, in the largest of the returned arrays."""
    ours, theirs = kernel(*arguments), peer(*arguments)
    pairs = zip(ours, theirs, strict=True) if isinstance(ours, tuple) else [(ours, theirs)]
    return max(float(np.abs(np.subtract(o, t)).max() / max(1.0, np.abs(t).max())) for o, t in pairs)


def main():
    parser = argparse.ArgumentParser(description="Compare the kernels with their peers.")
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    print(f"NumPy {np.__version__}, SciPy {scipy.__version__}, one thread, median of {rounds} rounds, CPU time\n")
    print("| kernel | peer | dtype | kernel, ms | ratio to peer | difference |")
    print("|---|---|---|---:|---:|---:|")
    for dtype in (np.float32, np.float64):
        for name, peer_name, kernel, peer, arguments in cases(dtype, np.random.default_rng(0)):
            difference = largest_difference(kernel, peer, arguments)
            median, own = ratio(kernel, peer, arguments, rounds)
            print(
                f"| {name} | {peer_name} | {np.dtype(dtype)} | {own:.1f} | {median:.2f} | {difference:.0e} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
