"""The kernels of lesson 05 against slow loops, complex steps and their own symmetries."""

import numpy as np
import pytest

from helpers import kernels
from proofs import close

SIZES = [(5, 3, 4), (1, 2, 3), (4, 3, 3), (3, 1, 1), (30, 2, 2)]  # T, D, H
STEP = 1e-30


def network(rng, T, D, H):
    W, U, v = rng.normal(size=(H, D)), rng.normal(size=(H, H)), rng.normal(size=H)
    return W, U, v, rng.normal(size=(T, D)), rng.normal(size=T), rng.normal(size=H)


def loss_loop(W, U, v, x, z, h0, lam):
    h, total = h0, 0.0
    for x_t, z_t in zip(x, z, strict=True):
        h = 1 / (1 + np.exp(-(W @ x_t + U @ h)))
        g = (v * h * (1 - h)) @ W
        total = total + (v @ h - z_t) ** 2 + lam * (g @ g)
    return total


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lam", [0.0, 1.0, 3.0])
def test_the_penalized_gradients_are_those_of_complex_steps(size, lam, rng):
    arguments = network(rng, *size)
    kept = [array.copy() for array in arguments]
    loss, *gradients = kernels.penalized_bptt(*arguments, lam)
    close(loss, loss_loop(*arguments, lam))
    for place, gradient in enumerate(gradients):
        expected = np.empty(arguments[place].shape)
        for index in np.ndindex(*expected.shape):
            moved = [array.astype(complex) if i == place else array for i, array in enumerate(arguments)]
            moved[place][index] += 1j * STEP
            expected[index] = np.imag(loss_loop(*moved, lam)) / STEP
        close(gradient, expected)
    for array, before in zip(arguments, kept, strict=True):
        np.testing.assert_array_equal(array, before)
    if lam == 0:
        for plain, penalized in zip(kernels.bptt(*arguments), (loss, *gradients), strict=True):
            close(plain, penalized)


@pytest.mark.parametrize("size", [*SIZES, (0, 2, 3)])
def test_states_and_sensitivities_are_those_of_the_loop(size, rng):
    W, U, v, x, _, h0 = network(rng, *size)
    a, h, y = kernels.rnn_forward(W, U, v, x, h0)
    assert a.shape == h.shape == (len(x), len(h0))
    before = np.concatenate([h0[None], h])[:-1]
    close(a, x @ W.T + before @ U.T)
    close(h, 1 / (1 + np.exp(-a)))
    close(y, h @ v)
    sensitivity = kernels.output_sensitivity(W, v, a)
    for k, column in enumerate(W.T):
        close(sensitivity[:, k], np.imag(1 / (1 + np.exp(-(a + 1j * STEP * column))) @ v) / STEP)


@pytest.mark.parametrize("size", [*SIZES, (0, 2, 3)])
def test_both_directions_are_the_tanh_layer_read_twice(size, rng):
    Wf, Uf, _, x, _, _ = network(rng, *size)
    Wb, Ub, *_ = network(rng, *size)
    zero = np.zeros((1, len(Uf)))
    forward = kernels.tanh_rnn_loop(x[:, None], zero, Wf, Uf, 0.0)[:, 0] if len(x) else np.zeros((0, len(Uf)))
    backward = kernels.tanh_rnn_loop(x[::-1, None], zero, Wb, Ub, 0.0)[::-1, 0] if len(x) else forward
    close(kernels.bidirectional_rnn(x, Wf, Uf, Wb, Ub), np.concatenate([forward, backward], axis=1))


def test_attention_is_a_softmax_of_the_real_steps(rng):
    scores, values = 300 * rng.normal(size=(6, 5)), rng.normal(size=(6, 5, 2))
    mask = (rng.random((6, 5)) < 0.6).astype(float)
    mask[0], mask[1] = 0, 1
    weights, context = kernels.attention(scores, values, mask)
    for row in range(6):
        real = mask[row] > 0
        assert not weights[row, ~real].any()
        if real.any():
            close(weights[row, real], kernels.softmax(scores[row, real]))
        close(context[row], weights[row] @ values[row])


@pytest.mark.parametrize("limit", [0.5, 1e9])
def test_clipping_keeps_the_direction(limit, rng):
    grads = [rng.normal(size=(2, 3)), rng.normal(size=4), np.array(2.0)]
    clipped, norm = kernels.clip_by_global_norm(grads, limit)
    flat = np.concatenate([np.ravel(g) for g in grads])
    close(norm, np.linalg.norm(flat))
    close(np.concatenate([np.ravel(g) for g in clipped]), flat * min(1, limit / norm))
    assert kernels.clip_by_global_norm([np.zeros(2)], 1.0)[1] == 0
