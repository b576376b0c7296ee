"""The steps of the optimizers beside torch.optim, three steps each."""

import numpy as np
import pytest

from helpers import kernels
from proofs.oracles import oracle

torch = oracle("torch")

LR = 1e-2
# name: (torch's optimizer, its options, arrays of state, our step of (p, *state, g, t))
PAIRS = {
    "sgd": ("SGD", {}, 0, lambda p, g, t: kernels.sgd_step_(p, g, LR)),
    "momentum": ("SGD", {"momentum": 0.9}, 1, lambda p, v, g, t: kernels.momentum_step_(p, v, g, LR, 0.9)),
    "adagrad": ("Adagrad", {"eps": 1e-8}, 1, lambda p, s, g, t: kernels.adagrad_step_(p, s, g, LR)),
    "rmsprop": ("RMSprop", {"alpha": 0.9}, 1, lambda p, s, g, t: kernels.rmsprop_step_(p, s, g, LR)),
    "adam": ("Adam", {}, 2, lambda p, m, v, g, t: kernels.adam_step_(p, m, v, g, t, LR)),
    "adamw": (
        "AdamW",
        {"weight_decay": 0.1},
        2,
        lambda p, m, v, g, t: kernels.adamw_step_(p, m, v, g, t, LR, wd=0.1),
    ),
}


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 3e-16), (np.float32, 1.2e-7)])
@pytest.mark.parametrize("name", PAIRS)
def test_three_steps_agree_with_torch(name, dtype, tolerance, rng, block_size):
    optimizer, options, count, step = PAIRS[name]
    p = rng.normal(size=500).clip(-1, 1).astype(dtype)
    theirs = torch.nn.Parameter(torch.from_numpy(p.copy()))
    racer = getattr(torch.optim, optimizer)([theirs], lr=LR, foreach=True, **options)
    state = [np.zeros_like(p) for _ in range(count)]
    for t in (1, 2, 3):
        g = (rng.normal(size=500) * 10.0 ** rng.integers(-3, 3, 500)).astype(dtype)
        theirs.grad = torch.from_numpy(g)
        racer.step()
        step(p, *state, g, t)
        gap = np.abs(p - theirs.detach().numpy()).max()
        assert p.dtype == dtype
        assert gap <= tolerance * max(1, np.abs(p).max())


def test_weight_decay_in_the_gradient_agrees_with_torch(rng):
    p, s = rng.normal(size=500), np.zeros(500)
    theirs = torch.nn.Parameter(torch.from_numpy(p.copy()))
    racer = torch.optim.RMSprop([theirs], lr=LR, alpha=0.9, weight_decay=0.3)
    for _ in range(3):
        g = rng.normal(size=500)
        theirs.grad = torch.from_numpy(g)
        racer.step()
        p, s = kernels.decayed_step(p, s, g, LR, 0.3, decoupled=False)
        assert np.abs(p - theirs.detach().numpy()).max() <= 1e-15
