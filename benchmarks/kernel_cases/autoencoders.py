"""What lesson 06 fits in closed form: autoencoders of 20,000 images of 784 pixels, a denoiser with 5,000 of them."""

import numpy as np

from helpers import kernels
from kernel_cases import Case
from kernel_cases._peers import torch

EXAMPLES, PIXELS, HIDDEN = 20_000, 784, 256
POINTS, FEATURES, CLEAN, NOISY = 100_000, 64, 5000, 500


def cases(dtype, rng):
    """Yield the cases of this family."""
    images = (rng.normal(size=(EXAMPLES, PIXELS)) * np.linspace(1, 0.1, PIXELS)).astype(dtype)
    yield _linear_autoencoder(images[:5000])
    W, b = (rng.normal(size=shape).astype(dtype) / 28 for shape in ((HIDDEN, PIXELS), (HIDDEN,)))
    yield _contractive_penalty(W, b, images)
    x, w = rng.normal(size=(POINTS, FEATURES)).astype(dtype), rng.uniform(0, 2, POINTS).astype(dtype)
    yield _moment_match(x, w)
    yield _optimal_denoiser(x[:CLEAN] + rng.normal(size=(CLEAN, FEATURES)).astype(dtype) / 2, x[:CLEAN], w[:CLEAN])


def _linear_autoencoder(X):
    peers = {}
    if torch:
        t = torch.from_numpy(X)

        def pca():
            C = t - t.mean(0)
            _, s, Vh = torch.linalg.svd(C, full_matrices=False)
            return (Vh[:32].T @ Vh[:32]).numpy(), float((s[32:] ** 2).sum())

        peers["torch, linalg.svd"] = pca

    def by_eigenvectors():
        C = X - X.mean(axis=0)
        squares, directions = np.linalg.eigh(C.T @ C)
        kept = directions[:, -32:]
        return kept @ kept.T, float(squares[:-32].sum())

    peers["eigh of the scatter, half the digits"] = by_eigenvectors
    return Case("linear_autoencoder (5,000, 784), k = 32", lambda: kernels.linear_autoencoder(X, 32), peers, same=1e-3)


def _contractive_penalty(W, b, x):
    peers = {}
    if torch:
        tW, tb, tx = (torch.from_numpy(array) for array in (W, b, x))

        def eager():
            h = torch.sigmoid(tx @ tW.T + tb)
            return ((h * (1 - h)) ** 2 @ (tW**2).sum(1)).numpy()

        peers["torch"] = eager

    def vectorized():
        h = 1 / (1 + np.exp(-(x @ W.T + b)))
        return (h * (1 - h)) ** 2 @ np.sum(W**2, axis=1)

    peers["vectorized"] = vectorized
    return Case("contractive_penalty (20,000, 784), H = 256", lambda: kernels.contractive_penalty(W, b, x), peers)


def _moment_match(x, w):
    peers = {"np.cov": lambda: (np.average(x, axis=0, weights=w), np.cov(x.T, aweights=w, ddof=0))}
    if torch:
        tx, tw = torch.from_numpy(x), torch.from_numpy(w)
        peers = {"torch.cov": lambda: (
            ((tw / tw.sum()) @ tx).numpy(), torch.cov(tx.T, correction=0, aweights=tw).numpy()
        ), **peers}  # fmt: skip
    return Case("moment_match (100,000, 64)", lambda: kernels.moment_match(x, w), peers, same=1e-3)


def _optimal_denoiser(y, x, w):
    y, peers = y[:NOISY], {}

    def with_all_differences():
        step = x - y[:, None]
        a = np.log(w) - 0.5 * np.sum((step / 0.5) ** 2, axis=2)
        r = np.exp(a - a.max(axis=1, keepdims=True))
        r /= r.sum(axis=1, keepdims=True)
        move = np.einsum("mn,mnd->md", r, step)
        return y + move, move / 0.25

    if torch:
        ty, tx, tw = (torch.from_numpy(array) for array in (y, x, w))

        def eager():
            r = torch.softmax(tw.log() - torch.cdist(ty, tx) ** 2 / 0.5, dim=1)
            mean = r @ tx
            return mean.numpy(), ((mean - ty) / 0.25).numpy()

        peers["torch, cdist and softmax"] = eager
    peers["all differences at once"] = with_all_differences
    name = f"optimal_denoiser ({NOISY}, {FEATURES}), {CLEAN:,} points"
    return Case(name, lambda: kernels.optimal_denoiser(y, x, w, 0.5), peers, same=1e-3)
