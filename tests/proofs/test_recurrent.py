"""The recurrent layers against their loops, their gradients against complex steps through the loops, and the edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import kernels
from helpers.kernels import _recurrent
from proofs import close, close32

# the fast forward and backward passes, the loop, the number of gates, of states, and the shapes of what else there is
LSTM = kernels.lstm_forward, kernels.lstm_backward, kernels.lstm_loop, 4, 2, ()
PEEPHOLES = kernels.lstm_forward, kernels.lstm_backward, kernels.lstm_loop, 4, 2, (3,)
RNN = kernels.tanh_rnn_forward, kernels.tanh_rnn_backward, kernels.tanh_rnn_loop, 1, 1, ()
GRU = kernels.gru_forward, kernels.gru_backward, kernels.gru_loop, 3, 1, ()
GRU_WITH_BIAS = *GRU[:-1], (None,)
LAYERS = {"LSTM": LSTM, "LSTM with peepholes": PEEPHOLES, "RNN": RNN, "GRU": GRU, "GRU with bias": GRU_WITH_BIAS}
SIZES = [(5, 3, 2, 4), (1, 1, 1, 1), (1, 3, 4, 2), (7, 1, 2, 3), (4, 5, 1, 1), (3, 2, 6, 2), (4, 3, 0, 2)]  # T, B, D, H


@pytest.fixture(params=LAYERS)
def layer(request):
    return LAYERS[request.param]


@pytest.fixture(params=[256, 6, 1])
def chunks(request, monkeypatch):
    """Chunks of all steps, of a few, and of one."""
    monkeypatch.setattr(_recurrent, "CHUNK_ROWS", request.param)


def arguments_of(layer, size, rng, scale=1.0):
    T, B, D, H = size
    *_, gates, states, more = layer
    shapes = (
        (T, B, D),
        *[(B, H)] * states,
        (gates * H, D),
        (gates * H, H),
        (gates * H,),
        *[(n, H) if n else (H,) for n in more],
    )
    return [scale * rng.normal(size=shape) for shape in shapes]


@pytest.mark.usefixtures("chunks")
@pytest.mark.parametrize("size", SIZES)
def test_the_states_are_those_of_the_loop(layer, size, rng):
    forward, _, loop, *_ = layer
    arguments = arguments_of(layer, size, rng)
    h, _ = forward(*arguments)
    close(h, loop(*arguments))
    close32(forward(*(a.astype(np.float32) for a in arguments))[0], h)


@pytest.mark.usefixtures("chunks")
@pytest.mark.parametrize("size", SIZES)
def test_the_gradients_are_those_of_complex_steps(layer, size, rng):
    forward, backward, loop, *_ = layer
    arguments = arguments_of(layer, size, rng)
    h, cache = forward(*arguments)
    dh = rng.normal(size=h.shape)
    gradients = backward(dh, cache)
    single = backward(dh.astype(np.float32), forward(*(a.astype(np.float32) for a in arguments))[1])
    assert len(gradients) == len(single) == len(arguments)
    for place, (gradient, gradient32) in enumerate(zip(gradients, single, strict=True)):

        def loss(argument):
            return np.sum(dh * loop(*arguments[:place], argument, *arguments[place + 1 :]))

        close(gradient, kernels.complex_step_gradient(loss, arguments[place]), rtol=1e-11)
        close32(gradient32, gradient, tol=3e-5)


@settings(max_examples=40)
@given(st.tuples(*[st.integers(0, 4)] * 4), st.sampled_from(sorted(LAYERS)), st.integers(0, 99))
def test_layers_of_any_size_even_of_none(size, name, seed):
    layer, rng = LAYERS[name], np.random.default_rng(seed)
    forward, backward, loop, *_ = layer
    arguments = arguments_of(layer, size, rng)
    h, cache = forward(*arguments)
    assert h.shape == (*size[:2], size[3])
    if h.size:
        close(h, loop(*arguments))
    gradients = backward(h, cache)
    assert [gradient.shape for gradient in gradients] == [argument.shape for argument in arguments]
    assert h.size or not any(gradient.any() for gradient in gradients)


@given(st.integers(0, 6), st.sampled_from([name for name, layer in LAYERS.items() if layer[4] == 1]))
def test_a_run_in_two_parts_is_the_whole_run(cut, name):
    layer, rng = LAYERS[name], np.random.default_rng(cut)
    forward, backward, *_ = layer
    x, h0, *parameters = arguments_of(layer, (6, 3, 2, 4), rng)
    h, cache = forward(x, h0, *parameters)
    first, cache_first = forward(x[:cut], h0, *parameters)
    then, cache_then = forward(x[cut:], np.concatenate([h0[None], first])[-1], *parameters)
    close(np.concatenate([first, then]), h)
    dh = rng.normal(size=h.shape)
    dx_then, dh_then, *parameters_then = backward(dh[cut:], cache_then)
    upstream = np.concatenate([np.zeros((1, *dh_then.shape)), dh[:cut]])
    upstream[-1] += dh_then
    dx_first, dh_first, *parameters_first = backward(upstream[1:], cache_first)
    dx, dh0, *gradients = backward(dh, cache)
    close(np.concatenate([dx_first, dx_then]), dx)
    close(dh_first if cut else dh_then, dh0)
    for one, other, both in zip(parameters_first, parameters_then, gradients, strict=True):
        close(one + other, both, rtol=1e-11, atol=1e-12)


def test_the_backward_pass_is_linear_and_leaves_its_cache(layer, rng):
    forward, backward, *_ = layer
    h, cache = forward(*arguments_of(layer, (6, 3, 2, 4), rng))
    one, other = rng.normal(size=(2, *h.shape))
    both = backward(one + 2 * other, cache)
    for a, b, c in zip(backward(one, cache), backward(other, cache), both, strict=True):
        close(a + 2 * b, c, rtol=1e-11, atol=1e-12)
    for a, b in zip(backward(one + 2 * other, cache), both, strict=True):
        assert np.array_equal(a, b)


def test_sequences_do_not_see_each_other(layer, rng):
    forward, *_ = layer
    x, *rest = arguments_of(layer, (5, 4, 3, 2), rng)
    changed = x.copy()
    changed[:, 1] += 1
    h, h_changed = forward(x, *rest)[0], forward(changed, *rest)[0]
    assert np.array_equal(h[:, [0, 2, 3]], h_changed[:, [0, 2, 3]])
    assert (h[:, 1] != h_changed[:, 1]).all()


def test_no_argument_changes_and_any_memory_order_will_do(layer, rng):
    forward, backward, *_ = layer
    arguments = arguments_of(layer, (5, 3, 2, 4), rng)
    before = [a.copy() for a in arguments]
    for a in arguments:
        a.flags.writeable = False
    h, cache = forward(*arguments)
    dh = rng.normal(size=h.shape)
    dh.flags.writeable = False
    gradients = backward(dh, cache)
    for was, now in zip(before, arguments, strict=True):
        assert np.array_equal(was, now)
    h_too, cache = forward(*(np.asfortranarray(a) for a in arguments))
    close(h_too, h)
    for a, b in zip(backward(np.asfortranarray(dh), cache), gradients, strict=True):
        close(a, b)
    for gradient, argument in zip(gradients, arguments, strict=True):
        assert not any(np.shares_memory(gradient, other) for other in (argument, dh, h))


def test_saturated_gates_and_integers_give_no_warning(layer, rng):
    forward, backward, *_ = layer
    for scale in (1e4, 1e-300):
        with np.errstate(all="raise"):
            h, cache = forward(*arguments_of(layer, (5, 3, 2, 4), rng, scale))
            gradients = backward(np.ones(h.shape), cache)
        assert all(np.isfinite(array).all() for array in (h, *gradients))
    integers = [np.ones(a.shape, int) for a in arguments_of(layer, (3, 2, 2, 2), rng)]
    close(forward(*integers)[0], forward(*(a.astype(float) for a in integers))[0])


def test_shapes_that_do_not_fit_are_named(layer, rng):
    forward, backward, *_ = layer
    arguments = arguments_of(layer, (5, 3, 2, 4), rng)
    h, cache = forward(*arguments)
    for place, argument in enumerate(arguments):
        wrong = [*arguments[:place], np.concatenate([argument, argument], axis=-1), *arguments[place + 1 :]]
        with pytest.raises(ValueError, match=r"expected x \(T, B, D\).*do not fit together: x \("):
            forward(*wrong)
    with pytest.raises(ValueError, match=r"do not fit together: x \(3, 2\)"):
        forward(arguments[0][0], *arguments[1:])
    with pytest.raises(ValueError, match="do not fit together"):
        forward(*arguments[:-1], 1.0)
    with pytest.raises(ValueError, match=r"\(5, 3, 4\), not \(3, 4\)"):
        backward(h[0], cache)


# --- what an LSTM does


def test_open_forget_gates_carry_the_cell_unchanged(rng):
    T, B, H = 50, 2, 3
    b = np.repeat([-800.0, 800.0, 0.0, 800.0], H)  # input closed, forget open, output open
    weights = np.zeros((4 * H, 1)), np.zeros((4 * H, H)), b
    h, cache = kernels.lstm_forward(np.zeros((T, B, 1)), *rng.normal(size=(2, B, H)), *weights)
    assert np.array_equal(h, np.broadcast_to(h[0], h.shape))
    last = np.zeros(h.shape)
    last[-1] = 1
    close(kernels.lstm_backward(last, cache)[2], 1 - h[-1] ** 2)


def test_a_layer_without_peepholes_is_one_with_zeros(rng):
    arguments = arguments_of(LSTM, (5, 3, 2, 4), rng)
    h, cache = kernels.lstm_forward(*arguments)
    peeping, cache_peeping = kernels.lstm_forward(*arguments, np.zeros((3, 4)))
    close(peeping, h)
    for a, b in zip(kernels.lstm_backward(h, cache), kernels.lstm_backward(h, cache_peeping), strict=False):
        close(a, b)
