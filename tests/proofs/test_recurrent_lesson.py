"""The small functions on sequences: against plain loops, complex steps and autograd, and at the edges."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import jacobian
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import kernels
from proofs import close, close32

SIZES = [(5, 3, 4), (1, 2, 3), (4, 3, 3), (3, 1, 1), (40, 2, 2), (0, 2, 2), (2, 0, 3)]  # T, D, H


def network(rng, size):
    T, D, H = size
    shapes = (H, D), (H, H), H, (T, D), T, H
    W, U, v, x, z, h0 = (rng.normal(size=shape) for shape in shapes)
    return W, U, 2 * v, x, z, h0


def forward_by_a_loop(W, U, v, x, h0):
    a, h = [], [h0]
    for x_t in x:
        a.append(W @ x_t + U @ h[-1])
        h.append(1 / (1 + np.exp(-a[-1])))
    return np.reshape(a, (len(x), len(h0))), np.stack(h)[1:], np.array([v @ h_t for h_t in h[1:]])


def loss_by_a_loop(W, U, v, x, z, h0, lam):
    a, _, y = forward_by_a_loop(W, U, v, x, h0)
    s = 1 / (1 + np.exp(-a))
    return np.sum((y - z) ** 2) + lam * np.sum(((v * s * (1 - s)) @ W) ** 2) + 0j


# --- the sigmoid network


@pytest.mark.parametrize("size", SIZES)
def test_rnn_forward_is_the_loop(size, rng):
    W, U, v, x, _, h0 = network(rng, size)
    arguments = W, U, v, x, h0
    for observed, expected in zip(kernels.rnn_forward(*arguments), forward_by_a_loop(*arguments), strict=True):
        close(observed, expected)
    single = kernels.rnn_forward(*(a.astype(np.float32) for a in arguments))
    for observed, expected in zip(single, forward_by_a_loop(*arguments), strict=True):
        close32(observed, expected, tol=2e-5)


def test_output_sensitivity_is_the_jacobian(rng):
    W, U, v, x, _, h0 = network(rng, (4, 3, 5))
    a, h, _ = kernels.rnn_forward(W, U, v, x, h0)
    observed = kernels.output_sensitivity(W, v, a)
    for t, row in enumerate(observed):
        before = h[t - 1] if t else h0
        close(row, jacobian(lambda x_t: anp.dot(v, 1 / (1 + anp.exp(-W @ x_t - U @ before))))(x[t]))
    close32(kernels.output_sensitivity(*(array.astype(np.float32) for array in (W, v, a))), observed)
    with np.errstate(all="raise"):
        close(kernels.output_sensitivity(W, v, np.full((1, 5), 1e4)), np.zeros((1, 3)))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lam", [None, 0.0, 1.0, 5.0])
def test_bptt_gives_the_gradients_of_the_loss(size, lam, rng):
    W, U, v, x, z, h0 = arguments = network(rng, size)
    given = () if lam is None else (lam,)
    L, *gradients = kernels.bptt(*arguments) if lam is None else kernels.penalized_bptt(*arguments, *given)
    losses = [
        lambda W: loss_by_a_loop(W, U, v, x, z, h0, lam or 0),
        lambda U: loss_by_a_loop(W, U, v, x, z, h0, lam or 0),
        lambda v: loss_by_a_loop(W, U, v, x, z, h0, lam or 0),
    ]
    assert type(L) is float
    assert pytest.approx(losses[0](W).real, rel=1e-12) == L
    for loss, argument, gradient in zip(losses, (W, U, v), gradients, strict=True):
        close(gradient, kernels.complex_step_gradient(loss, argument), rtol=1e-10, atol=1e-12)


def test_the_penalty_is_one_by_default_and_float32_stays(rng):
    arguments = network(rng, (6, 3, 4))
    default, one = kernels.penalized_bptt(*arguments), kernels.penalized_bptt(*arguments, lam=1.0)
    for a, b in zip(default, one, strict=True):
        assert np.array_equal(a, b)
    for a, b in zip(kernels.penalized_bptt(*(a.astype(np.float32) for a in arguments))[1:], one[1:], strict=True):
        close32(a, b, tol=1e-4)


# --- the cell of an LSTM


def test_lstm_step_by_its_equations(rng):
    D, H = 3, 2
    x, h, c = rng.normal(size=D), *rng.normal(size=(2, H))
    P = {name: rng.normal(size=s) for name, s in {"W": (8, 3), "U": (8, 2), "b": 8, "p": (3, 2)}.items()}
    new_h, new_c = kernels.lstm_step(x, h, c, P)
    for j in range(H):
        a = [P["W"][k * H + j] @ x + P["U"][k * H + j] @ h + P["b"][k * H + j] for k in range(4)]
        i, f = (1 / (1 + math.exp(-a[k] - P["p"][k, j] * c[j])) for k in range(2))
        assert new_c[j] == pytest.approx(f * c[j] + i * math.tanh(a[2]), rel=1e-13)
        o = 1 / (1 + math.exp(-a[3] - P["p"][2, j] * new_c[j]))
        assert new_h[j] == pytest.approx(o * math.tanh(new_c[j]), rel=1e-13)
    with pytest.raises(ValueError, match=r"p \(3, H\).*'W': \(8, 3\)"):
        kernels.lstm_step(x[:2], h, c, P)


@given(hnp.arrays(np.float64, st.integers(0, 8), elements=st.floats(0, 1)))
def test_cec_gradient_multiplies_the_gates_that_are_still_to_come(forget):
    observed = kernels.cec_gradient(forget)
    close(observed, np.array([math.prod(forget[k:]) for k in range(len(forget) + 1)], float), atol=1e-300)


def test_cec_gradient_at_the_edges():
    close(kernels.cec_gradient([0.9, 0.0, 0.8]), np.array([0, 0, 0.8, 1]))
    close(kernels.cec_gradient([1, 1]), np.ones(3))
    close32(kernels.cec_gradient(np.full(3, 0.5, np.float32)), np.array([0.125, 0.25, 0.5, 1]))
    with pytest.raises(ValueError, match=r"\(T,\), not \(1, 1\)"):
        kernels.cec_gradient([[1.0]])


# --- clipping


@given(
    st.lists(
        hnp.arrays(np.float64, hnp.array_shapes(min_side=0, max_side=3), elements=st.floats(-1e9, 1e9)), max_size=4
    ),
    st.floats(0, 1e10),
)
def test_clipping_keeps_the_direction_and_never_scales_up(grads, max_norm):
    clipped, norm = kernels.clip_by_global_norm(grads, max_norm)
    flat = np.concatenate([np.zeros(1), *(g.ravel() for g in grads)])
    assert type(norm) is float
    assert norm == pytest.approx(np.linalg.norm(flat), rel=1e-13)
    scale = min(1.0, max_norm / norm) if norm else 1.0
    for before, after in zip(grads, clipped, strict=True):
        assert not np.shares_memory(before, after)
        close(after, before * scale, rtol=1e-13, atol=1e-300)


@pytest.mark.usefixtures("block_size")
def test_clipping_at_the_edges(rng):
    g, norm = kernels.clip_by_global_norm([np.array([1e3, 0.0]), np.array([0.0, 0.1])], 1.0)
    close(np.concatenate(g), np.array([1e3, 0, 0, 0.1]) / norm)
    assert kernels.clip_by_global_norm([], 1.0) == ([], 0.0)
    for size in (1e-300, 1e300):
        with np.errstate(all="raise"):
            (g,), norm = kernels.clip_by_global_norm([np.array([3 * size, 4 * size])], size)
        assert norm == pytest.approx(5 * size, rel=1e-14)
        close(g / size, np.array([0.6, 0.8]))
    with np.errstate(all="raise"):
        (g,), norm = kernels.clip_by_global_norm([np.full(40, 1e30, np.float32)], 1.0)
    assert norm == pytest.approx(math.sqrt(40) * 1e30, rel=1e-6)
    close32(g, np.full(40, 40**-0.5))
    large = rng.normal(size=1000).astype(np.float32)
    assert kernels.clip_by_global_norm([large], 1e9)[1] == pytest.approx(np.linalg.norm(large.astype(float)), rel=1e-12)
    assert np.array_equal(kernels.clip_by_global_norm([large], 1e9)[0][0], large)
    with pytest.raises(ValueError, match="at least 0, not -1"):
        kernels.clip_by_global_norm([large], -1)


# --- both directions, and attention


@pytest.mark.parametrize(("T", "D", "H"), [(5, 3, 4), (1, 2, 3), (2, 2, 2), (0, 2, 2)])
def test_bidirectional_states_meet_at_every_step(T, D, H, rng):
    x, Wf, Uf, Wb, Ub = (rng.normal(size=s) for s in ((T, D), (H, D), (H, H), (H, D), (H, H)))
    observed = kernels.bidirectional_rnn(x, Wf, Uf, Wb, Ub)
    expected, before, after = np.empty((T, 2 * H)), np.zeros(H), np.zeros(H)
    for t in range(T):
        expected[t, :H] = before = np.tanh(Wf @ x[t] + Uf @ before)
        expected[T - 1 - t, H:] = after = np.tanh(Wb @ x[T - 1 - t] + Ub @ after)
    close(observed, expected)
    swapped = kernels.bidirectional_rnn(x[::-1], Wb, Ub, Wf, Uf)[::-1]
    close(np.concatenate([swapped[:, H:], swapped[:, :H]], axis=1), observed)
    close32(kernels.bidirectional_rnn(*(a.astype(np.float32) for a in (x, Wf, Uf, Wb, Ub))), observed)
    with pytest.raises(ValueError, match=r"Ub \(H, H\)|Uf and Ub \(H, H\)"):
        kernels.bidirectional_rnn(x, Wf, Uf, Wb, Ub[:, 1:])


def attention_row(scores, values, mask):
    real = [t for t, m in enumerate(mask) if m]
    highest = max((scores[t] for t in real), default=0)
    total = math.fsum(math.exp(scores[t] - highest) for t in real)
    weights = [math.exp(scores[t] - highest) / total if t in real else 0.0 for t in range(len(scores))]
    return weights, np.sum([w * value for w, value in zip(weights, values, strict=True)], axis=0)


@given(st.integers(0, 5), st.integers(1, 6), st.sampled_from([1.0, 1e4]), st.integers(0, 99))
def test_attention_is_a_softmax_over_the_real_steps(N, T, scale, seed):
    rng = np.random.default_rng(seed)
    scores, values, mask = scale * rng.normal(size=(N, T)), rng.normal(size=(N, T, 3)), rng.integers(0, 2, (N, T))
    with np.errstate(all="raise"):
        weights, context = kernels.attention(scores, values, mask)
    for n in range(N):
        expected = attention_row(scores[n], values[n], mask[n])
        np.testing.assert_allclose(weights[n], expected[0], rtol=1e-12, atol=1e-300)
        np.testing.assert_allclose(context[n], expected[1], rtol=1e-12, atol=1e-13)
    close(weights.sum(axis=1), mask.max(axis=1).astype(float))
    for a, b in zip(kernels.attention(scores - 7, values, mask > 0), (weights, context), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


def test_attention_at_the_edges(rng):
    weights, context = kernels.attention(np.array([[0.0, 1.0, 900.0]]), rng.normal(size=(1, 3, 2)), [[1, 1, 0]])
    assert weights[0, 2] == 0
    close(weights[0, :2], kernels.softmax([0.0, 1.0]))
    weights, context = kernels.attention(np.zeros((2, 0)), np.zeros((2, 0, 3)), np.zeros((2, 0)))
    assert weights.shape == (2, 0)
    close(context, np.zeros((2, 3)))
    single = kernels.attention(np.zeros((1, 2), np.float32), np.ones((1, 2, 1), np.float32), np.ones((1, 2)))
    assert [array.dtype for array in single] == [np.float32] * 2
    with pytest.raises(ValueError, match=r"mask \(N, T\).*values \(2, 2, 1\)"):
        kernels.attention(np.zeros((1, 2)), np.zeros((2, 2, 1)), np.ones((1, 2)))


def test_nothing_changes_its_arguments_and_wrong_shapes_are_named(rng):
    W, U, v, x, z, h0 = network(rng, (4, 3, 2))
    calls = {
        kernels.rnn_forward: (W, U, v, x, h0),
        kernels.output_sensitivity: (W, v, rng.normal(size=(4, 2))),
        kernels.bptt: (W, U, v, x, z, h0),
        kernels.penalized_bptt: (W, U, v, x, z, h0),
        kernels.bidirectional_rnn: (x, W, U, W, U),
        kernels.attention: (z[None], x[None], np.ones((1, 4))),
    }
    for function, arguments in calls.items():
        for array in arguments:
            array.flags.writeable = False
        before = [array.copy() for array in arguments]
        function(*arguments)
        assert all(np.array_equal(a, b) for a, b in zip(before, arguments, strict=True))
        for place, array in enumerate(arguments):
            wrong = [*arguments[:place], array[..., None], *arguments[place + 1 :]]
            with pytest.raises(ValueError, match=r"expected .* do not fit together"):
                function(*wrong)
