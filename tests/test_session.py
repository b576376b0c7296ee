"""Names that are remote feel local: what crosses the wire, in both directions."""

import os
import warnings

import numpy as np
import pytest

from autograder.remote.zygote import Zygote
from helpers.running import Unreachable

CELL = """\
import warnings
import numpy as np

def echo(*args, **kwargs): return args, kwargs
def add_one(x): x += 1
def draw(rng): return rng.normal(size=3)
def apply(fun, x): return fun(x) + 1
def overflow(x): return np.exp(x)
def complain(x): warnings.warn("take care", RuntimeWarning); return x
def fail(x): raise IndexError(f"no {x}")
def fail_oddly():
    class Odd(ValueError): pass
    raise Odd("odd")
def leave(): raise SystemExit
def forever():
    while True: pass
def vanish():
    import os; os._exit(0)
class Strange: pass
def strange(): return Strange()
def objects(): return np.array([1, "a", None], dtype=object)
def huge(): return np.zeros(1 << 26)
def deep():
    x = []
    for _ in range(1000): x = [x]
    return x
value = {"a": (1, 2.5, [True, None]), "b": np.arange(6.0).reshape(2, 3)}
def starter(x):
    "Nothing yet."
    ...
"""


@pytest.fixture
def process(zygote):
    started = zygote.fork()
    assert started.run(CELL, "one", 5) is None
    yield started
    started.close()


def test_plain_data_crosses_as_it_is(process):
    sent = (1, -2.5, "é", None, True, (1, [2, {"k": 3 + 4j}]), float("inf"))
    args, kwargs = process.look("echo", 5)(*sent, key=np.float32(0.5))
    assert args == sent
    assert [type(item) for item in args] == [type(item) for item in sent]
    assert kwargs == {"key": np.float32(0.5)}
    assert type(kwargs["key"]) is np.float32


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint16, np.int64, np.float32, np.float64, complex])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3)])
def test_arrays_cross_with_shape_and_dtype(process, dtype, shape):
    sent = np.ones(shape, dtype=dtype)
    ((back,), _) = process.look("echo", 5)(sent)
    assert back.dtype == sent.dtype
    assert back.shape == sent.shape
    assert np.array_equal(back, sent)
    back[...] = 0


def test_values_and_starters_are_looked_up(process):
    value = process.look("value", 5)
    assert value["a"] == (1, 2.5, [True, None])
    assert np.array_equal(value["b"], np.arange(6.0).reshape(2, 3))
    assert process.look("starter", 5) is ...
    assert process.look("nothing", 5) is ...


def test_a_change_in_place_comes_back(process):
    x = np.arange(3.0)
    process.look("add_one", 5)(x)
    assert x.tolist() == [1, 2, 3]


GRID = np.arange(12.0).reshape(3, 4)


@pytest.mark.parametrize("sent", [GRID, GRID.T, GRID[:, :1], GRID[:, :1].T, GRID.reshape(2, 2, 3).T, GRID[:0].T])
def test_the_order_in_memory_crosses_too(process, sent):
    """`ravel` makes a copy of an array in Fortran order, so that an answer may go wrong on it alone."""
    ((back,), _) = process.look("echo", 5)(sent)
    assert np.array_equal(back, sent)
    assert back.flags.f_contiguous or not sent.flags.f_contiguous
    assert back.flags.c_contiguous or not sent.flags.c_contiguous


def test_a_generator_crosses_by_its_state(process):
    ours, twin = np.random.default_rng(5), np.random.default_rng(5)
    assert np.array_equal(process.look("draw", 5)(ours), twin.normal(size=3))
    assert ours.normal() == twin.normal()


def test_a_function_argument_is_called_back(process):
    seen = []

    def fun(x):
        seen.append(x.copy())
        return float(np.sum(x))

    assert process.look("apply", 5)(fun, np.arange(4)) == 7
    assert np.array_equal(seen[0], np.arange(4))


def test_an_error_in_a_callback_is_the_answers_to_handle(process):
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        process.look("apply", 5)(lambda x: 1 / 0, 1)


def test_the_callers_floating_point_state_holds_over_there(process):
    overflow = process.look("overflow", 5)
    with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="overflow") as caught:
        overflow(1000.0)
    assert caught.value.__notes__ == ["Line 8 of its cell: def overflow(x): return np.exp(x)"]
    with np.errstate(all="ignore"):
        assert overflow(1000.0) == np.inf


def test_warnings_come_back(process):
    with pytest.warns(RuntimeWarning, match="take care"):
        assert process.look("complain", 5)(3) == 3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RuntimeWarning):
            process.look("complain", 5)(3)


def test_exceptions_come_back_as_their_built_in_type(process):
    with pytest.raises(IndexError, match="no 3"):
        process.look("fail", 5)(3)
    with pytest.raises(ValueError, match="odd"):
        process.look("fail_oddly", 5)()
    with pytest.raises(SystemExit):
        process.look("leave", 5)()
    assert process.look("echo", 5)() == ((), {})


@pytest.mark.parametrize("name", ["strange", "objects"])
def test_what_is_not_plain_data_stays_behind(process, name):
    result = process.look(name, 5)()
    assert not isinstance(result, (np.ndarray, float, int, str, tuple, list, dict))


def test_what_is_too_large_or_too_deep_is_refused_and_nothing_breaks(process):
    with pytest.raises((ValueError, MemoryError)):
        process.look("huge", 20)()
    process.look("deep", 5)()
    assert process.look("echo", 5)() == ((), {})


def test_a_call_that_never_returns_ends_with_a_sentence(process):
    call = process.look("forever", 0.3)
    with pytest.raises(Unreachable, match=r"a call of forever did not return within 0\.3 s"):
        call()
    with pytest.raises(Unreachable, match="did not return"):
        process.look("echo", 5)


def test_a_process_that_vanishes_ends_with_a_sentence(process):
    with pytest.raises(Unreachable, match="Python itself ended during a call of vanish"):
        process.look("vanish", 5)()


def test_the_zygote_leaves_nothing_running():
    with Zygote("standard") as zygote:  # in a namespace of its own, its numbers would not be ours
        process = zygote.fork()
        process.run("import os, time\nif os.fork() == 0:\n    time.sleep(60)", "one", 5)
        pid, zygote_pid = process.pid, zygote._process.pid
    for number in (pid, zygote_pid):
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)
