"""The steps of the optimizers, against their formulas, and by their own properties."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import kernels
from proofs import close, close32


def adam(p, m, v, g, t, wd=0.0):
    p, m, v = kernels.adam_step_plain((1 - 1e-2 * wd) * p, m, v, g, t, 1e-2)
    return p, m, v


def adaptive(p, s, g):
    return p - 1e-2 * g / (np.sqrt(s) + 1e-8), s


# name: (number of arrays that change, settings, the formula)
RULES = {
    "sgd": (1, (0.1,), lambda p, g: (p - 0.1 * g,)),
    "momentum": (2, (0.1, 0.9), lambda p, v, g: (p + 0.9 * v - 0.1 * g, 0.9 * v - 0.1 * g)),
    "adagrad": (2, (1e-2,), lambda p, s, g: adaptive(p, s + g**2, g)),
    "rmsprop": (2, (1e-2, 0.8), lambda p, s, g: adaptive(p, 0.8 * s + 0.2 * g**2, g)),
    "adam": (3, (3, 1e-2), lambda p, m, v, g: adam(p, m, v, g, 3)),
    "adamw": (3, (3, 1e-2, 0.9, 0.999, 1e-8, 0.5), lambda p, m, v, g: adam(p, m, v, g, 3, 0.5)),
}
SHAPES = [(), (0,), (1,), (7,), (3, 5), (2, 0, 3), (2, 3, 4, 5)]


@pytest.fixture(params=RULES)
def rule(request):
    """The pure step, which gives a tuple here, the step in place, the formula, and how many arrays change."""
    count, settings, formula = RULES[request.param]
    pure, in_place = (getattr(kernels, f"{request.param}_step{end}") for end in ("", "_"))

    def stepped(*arrays):
        results = pure(*arrays, *settings)
        return results if count > 1 else (results,)

    return stepped, lambda *arrays: in_place(*arrays, *settings), formula, count


def arrays_for(count, shape, rng):
    """Parameters, state (the last of which is a sum of squares) and gradient."""
    p, *state = rng.normal(size=(count, *shape))
    return [p, *(np.abs(each) + 0.1 for each in state), np.asarray(rng.normal(size=shape))]


@pytest.mark.parametrize("shape", SHAPES)
def test_steps_agree_with_their_formulas(rule, shape, rng, block_size):
    pure, in_place, formula, count = rule
    arrays = [np.asarray(array) for array in arrays_for(count, shape, rng)]
    expected = formula(*arrays)
    before = [array.copy() for array in arrays]
    for observed, right in zip(pure(*arrays), expected, strict=True):
        close(observed, np.asarray(right), rtol=1e-14, atol=1e-14)
    for array, copy in zip(arrays, before, strict=True):
        close(array, copy, 0, 0)
    assert in_place(*arrays) is None
    for observed, right in zip(arrays, (*expected, before[-1]), strict=True):
        close(observed, np.asarray(right), rtol=1e-14, atol=1e-14)


def test_steps_in_place_keep_float32_and_agree(rule, rng, block_size):
    pure, in_place, formula, count = rule
    arrays = arrays_for(count, (5, 9), rng)
    single = [array.astype(np.float32) for array in arrays]
    for observed, right in zip(pure(*single), formula(*arrays), strict=True):
        close32(observed, right, 1e-6)
    in_place(*single)
    for observed, right in zip(single, formula(*arrays), strict=False):
        close32(observed, right, 1e-6)


def test_any_layout_changes_where_it_stands(rule, rng, block_size):
    """Slices, transposed and reversed arrays are changed themselves, not a copy of them."""
    _, in_place, formula, count = rule
    arrays = arrays_for(count, (6, 8), rng)
    views = [arrays[0].T[1:-1, ::-2], *(array.T[1:-1, ::-2] for array in arrays[1:])]
    expected = formula(*(view.copy() for view in views))
    untouched = arrays[0][:, 0].copy()
    in_place(*views[:-1], np.ascontiguousarray(views[-1]))
    for view, right in zip(views, expected, strict=False):
        close(view, right, rtol=1e-14, atol=1e-14)
    close(arrays[0][:, 0], untouched, 0, 0)


def test_the_gradient_may_be_the_parameters_themselves(rule, rng, block_size):
    """As it is for |p|^2 / 2."""
    _, in_place, formula, count = rule
    *arrays, _ = arrays_for(count, (50,), rng)
    expected = formula(*arrays, arrays[0].copy())
    in_place(*arrays, arrays[0])
    for observed, right in zip(arrays, expected, strict=True):
        close(observed, right, rtol=1e-14, atol=1e-14)


def test_pure_steps_take_lists_and_integers_and_mix_dtypes(rule):
    pure, _, formula, count = rule
    observed = pure(*([[1, 2]] * count), [3, 4])
    for one, right in zip(observed, formula(*([np.array([1.0, 2.0])] * count), np.array([3.0, 4.0])), strict=True):
        close(one, right)
    mixed = pure(*([np.ones(2, np.float32)] * count), np.ones(2))
    assert all(each.dtype == np.float64 for each in mixed)


def test_an_untouched_coordinate_of_any_size_gives_no_warning(rule):
    pure, _, _, count = rule
    for dtype in (np.float32, np.float64):
        huge = np.sqrt(np.finfo(dtype).max) * 10
        extreme = np.array([0, huge, -huge, np.finfo(dtype).tiny, 0], dtype)
        with np.errstate(all="raise"):
            p, *_ = pure(*np.zeros((count, 5), dtype), extreme)
        assert np.all(np.isfinite(p))
        assert p[0] == 0


def test_shapes_and_dtypes_that_do_not_fit_are_refused(rule):
    pure, in_place, _, count = rule
    with pytest.raises(ValueError, match=r"one shape are expected, not p \(2,\).*g \(3,\)"):
        pure(*np.ones((count, 2)), np.ones(3))
    with pytest.raises(ValueError, match=r"one shape and one floating-point dtype.*g \(3,\) float64"):
        in_place(*np.ones((count, 2)), np.ones(3))
    with pytest.raises(ValueError, match=r"p \(2,\) float64.*g \(2,\) float32"):
        in_place(*np.ones((count, 2)), np.ones(2, np.float32))
    with pytest.raises(ValueError, match=r"g \(2,\) int64"):
        in_place(*np.ones((count, 2), int), np.ones(2, int))
    with pytest.raises(ValueError, match="p list"):
        in_place([1.0], *np.ones((count, 1)))
    fixed = np.ones(2)
    fixed.flags.writeable = False
    with pytest.raises(ValueError, match="p must be writable"):
        in_place(fixed, *np.ones((count, 2)))


def test_numbers_out_of_range_are_refused():
    zero = np.zeros(1)
    for t, b1, b2 in ((0, 0.9, 0.9), (1, 1.0, 0.9), (1, 0.9, 1.0), (1, -0.1, 0.9)):
        for step in (kernels.adam_step, kernels.adam_step_, kernels.adamw_step):
            with pytest.raises(ValueError, match="t is at least 1"):
                step(zero, zero, zero, zero, t, 0.1, b1, b2)
    with pytest.raises(ValueError, match="rule is 'adagrad' or 'rmsprop', not 'adam'"):
        kernels.adaptive_step(zero, zero, zero, 0.1, "adam")


@pytest.mark.parametrize("eps", [1e-8, 0.5])
def test_adaptive_step_is_the_rule_of_that_name(eps, rng):
    p, s, g = arrays_for(2, (4,), rng)
    for observed, expected in (
        (kernels.adaptive_step(p, s, g, 0.1, "adagrad", 0.7, eps), kernels.adagrad_step(p, s, g, 0.1, eps)),
        (kernels.adaptive_step(p, s, g, 0.1, "rmsprop", 0.7, eps), kernels.rmsprop_step(p, s, g, 0.1, 0.7, eps)),
    ):
        for one, other in zip(observed, expected, strict=True):
            close(one, other, 0, 0)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("decoupled", [False, True])
def test_decayed_step_agrees_with_its_formula(decoupled, shape, rng, block_size):
    p, s, g = (np.asarray(array) for array in arrays_for(2, shape, rng))
    h = g if decoupled else g + 0.3 * p
    expected = adaptive((1 - 1e-2 * 0.3 * decoupled) * p, 0.8 * s + 0.2 * h**2, h)
    kept = [array.copy() for array in (p, s, g)]
    for one, other in zip(kernels.decayed_step(p, s, g, 1e-2, 0.3, decoupled, 0.8), expected, strict=True):
        close(one, np.asarray(other), rtol=1e-14, atol=1e-14)
    for one, other in zip((p, s, g), kept, strict=True):
        close(one, other, 0, 0)
    single = [array.astype(np.float32) for array in (p, s, g)]
    for one, other in zip(kernels.decayed_step(*single, 1e-2, 0.3, decoupled, 0.8), expected, strict=True):
        close32(one, other, 1e-6)


@settings(max_examples=30, deadline=None)
@given(
    g=hnp.arrays(np.float64, st.integers(1, 6), elements=st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-3)),
    scale=st.sampled_from([1e-3, 10.0, 1e3]),
)
def test_adaptive_methods_do_not_notice_the_scale_of_the_gradient(g, scale):
    """The first step of AdaGrad and of Adam is the learning rate, in the direction of the sign."""
    zero = np.zeros_like(g)
    for gradient in (g, scale * g):
        close(kernels.adagrad_step(zero, zero, gradient, 0.1, eps=0)[0], -0.1 * np.sign(g), 1e-14)
        close(kernels.adam_step(zero, zero, zero, gradient, 1, 0.1, eps=0)[0], -0.1 * np.sign(g), 1e-14)


def test_a_step_in_place_needs_one_scratch_of_a_block():
    p, m, v, g = np.ones((4, 1_000_000))
    tracemalloc.start()
    kernels.adam_step_(p, m, v, g, 1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.2 * 2**20
