"""One step of each optimizer on 10,000,000 parameters, in place.

All racers share the arrays. Steps in place change them, so each call begins by setting the first thousand elements to
what they were, and these are what is compared.
"""

import importlib
from unittest import mock

import numpy as np

from helpers import kernels
from helpers.kernels import _in_place
from kernel_cases import Case
from kernel_cases._peers import torch

SIZE, WITNESSES, T, LR = 10_000_000, 1000, 5, 1e-3
NAIVE, ONE_BLOCK, FOREACH, FUSED = "formula", "in place, one block", "torch foreach", "torch fused"


def cases(dtype, rng):
    """Yield the cases of this family."""
    p, g = rng.normal(size=(2, SIZE)).astype(dtype)
    m, v = np.abs(rng.normal(size=(2, SIZE))).astype(dtype)
    yield _case("sgd_step_", kernels.sgd_step_, [p], g, (LR,), None, _torch_sgd(0.0))
    yield _case("momentum_step_", kernels.momentum_step_, [p, m], g, (LR, 0.9), 1.0, _torch_sgd(0.9))
    yield _case("adagrad_step_", kernels.adagrad_step_, [p, v], g, (LR,), 1.0, _torch_adagrad)
    yield _case("rmsprop_step_", kernels.rmsprop_step_, [p, v], g, (LR,), 1.0, _torch_rmsprop)
    yield _case("adam_step_", kernels.adam_step_, [p, m, v], g, (T, LR), 0.9, _torch_adam)
    yield _case("adamw_step_", kernels.adamw_step_, [p, m, v], g, (T, LR), 0.9, _torch_adamw)
    yield _pure_adam(p, m, v, g)


def _case(name, kernel, changing, g, settings, target, torch_step):
    peers = {}
    if torch:
        peers[FOREACH] = _torch_peer(torch_step, changing, g, foreach=True)
    peers[NAIVE] = _from_witnesses(lambda: FORMULAS[name](*changing, g), changing)
    peers[ONE_BLOCK] = _from_witnesses(lambda: in_one_block(kernel, *changing, g, *settings), changing)
    if torch and torch_step is not _torch_rmsprop:
        peers[FUSED] = _torch_peer(torch_step, changing, g, fused=True)
    racer = _from_witnesses(lambda: kernel(*changing, g, *settings), changing)
    return Case(name, racer, peers, target, bytes=(2 * len(changing) + 1) * g.nbytes)


def _pure_adam(p, m, v, g):
    peers = {NAIVE: lambda: kernels.adam_step_plain(p, m, v, g, T, LR)}
    return Case("adam_step, new arrays", lambda: kernels.adam_step(p, m, v, g, T, LR), peers, bytes=7 * g.nbytes)


def _from_witnesses(step, changing):
    """The step from fixed first elements, returned as they are after it: those of new arrays if it returns any."""
    given = [array[:WITNESSES].copy() for array in changing]

    def racer():
        for array, first in zip(changing, given, strict=True):
            array[:WITNESSES] = first
        return [array[:WITNESSES].copy() for array in step() or changing]

    return racer


def _torch_peer(step, changing, g, **how):
    """A functional step of torch on the same memory; it calls momentum what we call - velocity / lr."""
    tensors, count = [[torch.from_numpy(array)] for array in (*changing, g)], torch.tensor(0.0)

    def run():
        count.fill_(T - 1)
        step(*tensors, count, {"foreach": False, "fused": False, **how})

    if step.__name__ != "heavy_ball" or len(changing) == 1:
        return _from_witnesses(run, changing)
    return _with_buffer_as_velocity(run, changing)


def _with_buffer_as_velocity(run, changing):
    """Translate the witnesses of the velocity before and after, a thousand elements of ten million."""
    p, v = changing
    first_p, first_v = p[:WITNESSES].copy(), v[:WITNESSES].copy()

    def racer():
        p[:WITNESSES], v[:WITNESSES] = first_p, first_v / -LR
        run()
        return [p[:WITNESSES].copy(), v[:WITNESSES] * -LR]

    return racer


def _functional(name):
    return getattr(importlib.import_module(f"torch.optim.{name}"), name)


def _torch_sgd(mu):
    def heavy_ball(p, *rest):
        *buffer, g, _, how = rest
        options = {"weight_decay": 0, "lr": LR, "dampening": 0, "nesterov": False, "maximize": False}
        _functional("sgd")(p, g, *(buffer or [[None]]), momentum=mu, **options, **how)

    return heavy_ball


def _torch_adagrad(p, s, g, count, how):
    options = {"lr": LR, "weight_decay": 0, "lr_decay": 0, "eps": 1e-8, "maximize": False}
    _functional("adagrad")(p, g, s, [count], has_sparse_grad=False, differentiable=False, **options, **how)


def _torch_rmsprop(p, s, g, count, how):
    options = {"lr": LR, "alpha": 0.9, "eps": 1e-8, "weight_decay": 0, "momentum": 0, "centered": False}
    _functional("rmsprop")(p, g, s, [], [], [count], foreach=how["foreach"], **options)


ADAM = {"amsgrad": False, "beta1": 0.9, "beta2": 0.999, "lr": LR, "eps": 1e-8, "maximize": False}


def _torch_adam(p, m, v, g, count, how):
    _functional("adam")(p, g, m, v, [], [count], weight_decay=0, **ADAM, **how)


def _torch_adamw(p, m, v, g, count, how):
    _functional("adamw")(p, g, m, v, [], [count], weight_decay=1e-2, **ADAM, **how)


def in_one_block(kernel, *arguments):
    """The kernel, but with a block and a scratch as large as the arrays."""
    with mock.patch.object(_in_place, "BLOCKS", SIZE):
        kernel(*arguments)


def momentum_formula(p, v):
    """Move by the velocity."""
    return p + v, v


def adaptive_formula(p, g, s):
    """Divide by the root of what has been accumulated."""
    return p - LR * g / (np.sqrt(s) + 1e-8), s


FORMULAS = {
    "sgd_step_": lambda p, g: (p - LR * g,),
    "momentum_step_": lambda p, v, g: momentum_formula(p, 0.9 * v - LR * g),
    "adagrad_step_": lambda p, s, g: adaptive_formula(p, g, s + g * g),
    "rmsprop_step_": lambda p, s, g: adaptive_formula(p, g, 0.9 * s + (1 - 0.9) * g * g),
    "adam_step_": lambda p, m, v, g: kernels.adam_step_plain(p, m, v, g, T, LR),
    "adamw_step_": lambda p, m, v, g: kernels.adam_step_plain((1 - LR * 1e-2) * p, m, v, g, T, LR),
}
