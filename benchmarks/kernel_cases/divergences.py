"""Entropy and divergences of 10,000 pairs of histograms with 1,000 bins, and of Gaussians in 512 dimensions."""

import numpy as np

from helpers import kernels
from kernel_cases import Case
from kernel_cases._peers import scipy_special, torch

ROWS, BINS, DIMENSIONS = 10_000, 1000, 512


def cases(dtype, rng):
    """Yield the cases of this family."""
    p, q = (rng.dirichlet(np.ones(BINS), ROWS).astype(dtype) for _ in range(2))
    yield _entropy(p)
    yield _kl(p, q)
    yield _js(p, q)
    yield _kl_diagonal_gaussians(*rng.normal(size=(4, ROWS, DIMENSIONS)).astype(dtype))


def _entropy(p):
    peers = {}
    if torch:
        t = torch.from_numpy(p)
        peers["torch, special.entr"] = lambda: torch.special.entr(t).sum(-1).numpy()
    if scipy_special:
        peers["scipy entr"] = lambda: scipy_special.entr(p).sum(-1)
    peers["np.where"] = lambda: -np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0).sum(-1)
    twice = np.vstack([p, p])
    return Case("entropy", lambda: kernels.entropy(p), peers, target=0.4, doubled=lambda: kernels.entropy(twice))


def _kl(p, q):
    peers = {}
    if torch:
        s, t = torch.from_numpy(p), torch.from_numpy(q)
        peers["torch, kl_div"] = lambda: torch.nn.functional.kl_div(t.log(), s, reduction="none").sum(-1).numpy()
        peers["torch, xlogy"] = lambda: torch.xlogy(s, s / t).sum(-1).numpy()
    if scipy_special:
        peers["scipy rel_entr"] = lambda: scipy_special.rel_entr(p, q).sum(-1)
    peers["np.where"] = lambda: where_kl(p, q)
    return Case("kl_divergence", lambda: kernels.kl_divergence(p, q), peers)


def _js(p, q):
    peers = {}
    if torch:
        s, t = torch.from_numpy(p), torch.from_numpy(q)

        def eager():
            log_mixture = ((s + t) / 2).log()
            halves = (torch.nn.functional.kl_div(log_mixture, one, reduction="none").sum(-1) for one in (s, t))
            return (sum(halves) / 2).numpy()

        def eager_with_ratios():
            mixture = (s + t) / 2
            return (sum(torch.xlogy(one, one / mixture).sum(-1) for one in (s, t)) / 2).numpy()

        peers |= {"torch, kl_div": eager, "torch, xlogy": eager_with_ratios}
    if scipy_special:
        peers["scipy rel_entr"] = lambda: sum(scipy_special.rel_entr(one, (p + q) / 2).sum(-1) for one in (p, q)) / 2
    peers["np.where"] = lambda: (where_kl(p, (p + q) / 2) + where_kl(q, (p + q) / 2)) / 2
    return Case("js_divergence", lambda: kernels.js_divergence(p, q), peers, target=0.25)


def _kl_diagonal_gaussians(m1, lv1, m2, lv2):
    peers = {}
    if torch:
        a, b, c, d = (torch.from_numpy(array) for array in (m1, lv1, m2, lv2))

        def eager():
            terms = d - b + (b - d).exp() + (a - c) ** 2 * (-d).exp() - 1
            return (terms.sum(-1) / 2).numpy()

        def distributions():
            first = torch.distributions.Normal(a, (b / 2).exp(), validate_args=False)
            second = torch.distributions.Normal(c, (d / 2).exp(), validate_args=False)
            return torch.distributions.kl_divergence(first, second).sum(-1).numpy()

        peers |= {"torch": eager, "torch.distributions": distributions}
    peers["vectorized"] = lambda: (lv2 - lv1 + np.exp(lv1 - lv2) + (m1 - m2) ** 2 * np.exp(-lv2) - 1).sum(-1) / 2
    name = f"kl_diagonal_gaussians ({ROWS:,}, {DIMENSIONS})"
    return Case(name, lambda: kernels.kl_diagonal_gaussians(m1, lv1, m2, lv2), peers, target=0.5)


def where_kl(p, q):
    """The vectorized form: a mask, and a temporary of the array's size at each step."""
    used = p > 0
    return np.where(used, p * np.log(np.where(used, p, 1) / np.where(used, q, 1)), 0).sum(-1)
