"""The probes that need no author: each fault is seen, in this process and across the wire, and honest answers pass."""

import numpy as np
import pytest

from autograder.remote.zygote import Zygote
from autograder.source.purity import purity_points, purity_source
from helpers.checking import Check, check, expect_close, expect_pure, is_pure
from helpers.first_calls import Call, copied
from helpers.probing import faults, observe
from helpers.running import FAILED, PASSED, run_check

HONEST = {
    "expressions": "def f(x): return x - x.mean(axis=-1, keepdims=True)",
    "a copy changed": "def f(x):\n    x = x.astype(float)\n    x -= x.mean(axis=-1, keepdims=True)\n    return x",
    "a list returned": "def f(x): return (x - x.mean(axis=-1, keepdims=True)).tolist()",
    "a view of its argument": "def f(x): return x[..., ::-1]",
}
FAULTS = {
    "a copy changed in its type": (
        "def f(x):\n    x = x.copy()\n    x -= x.mean(axis=-1, keepdims=True)\n    return x",
        "refuses",
    ),
    "in place": ("def f(x):\n    x -= x.mean(axis=-1, keepdims=True)\n    return x", "changes"),
    "one element": ("def f(x):\n    x.flat[0] = 0\n    return 0 * x", "changes"),
    "counts its calls": ("calls = []\ndef f(x):\n    calls.append(1)\n    return x * len(calls)", "remembers"),
    "a shared buffer": (
        "import numpy as np\nkept = np.zeros((2, 3))\ndef f(x):\n    kept[:] = 2 * x\n    return kept",
        "overwrites",
    ),
    "a buffer for each shape": (
        "import numpy as np\nkept = {}\ndef f(x):\n    y = kept.setdefault(x.shape, np.zeros(x.shape))\n"
        "    y[:] = 2 * x\n    return y",
        "overwrites",
    ),
    "memory order": ("def f(x): return x.ravel(order='K')", "layout"),
    "writes and restores": (
        "def f(x):\n    old = x[0, 0]\n    x[0, 0] = 1.0\n    y = x.sum()\n    x[0, 0] = old\n    return y",
        "layout",
    ),
}


@pytest.fixture(scope="module")
def zygote():
    with Zygote("none") as zygote:
        yield zygote


def calls():
    return [Call((np.arange(6.0).reshape(2, 3),)), Call((), {"x": np.ones((2, 3))})]


def local(source):
    names = {}
    exec(source, names)
    return names["f"]


@pytest.mark.parametrize("where", ["here", "there"])
@pytest.mark.parametrize("name", [*HONEST, *FAULTS])
def test_each_fault_is_seen_and_nothing_else_is(name, where, zygote):
    source, kind = FAULTS.get(name, (HONEST.get(name), None))
    if where == "here":
        seen = observe(local(source), calls())
    else:
        process = zygote.fork()
        process.run(source, "one", 5)
        seen = process.look("f", 5).observe(calls())
        process.close()
    found = [one for one, _ in faults(calls(), seen)]
    assert found[:1] == ([kind] if kind else []), found


def test_a_probe_that_is_switched_off_finds_nothing():
    source, _ = FAULTS["writes and restores"]
    seen = observe(local(source), calls())
    assert faults(calls(), seen, off=("read-only arrays",)) == []
    assert faults(calls(), seen, off=("layout",)) == []


@pytest.mark.parametrize(("answer", "fault"), [
    (lambda x, W: W.reshape(-1, order="A") @ x.reshape(-1, order="A"), ("layout", "Fortran order")),
    (lambda x, W: np.add(x, W, out=np.empty(W.shape, W.dtype), casting="unsafe"), ("integers", "")),
    (lambda x, W: np.add(x, W, out=np.empty(x.shape, x.dtype), casting="unsafe"), ("integers", "")),
])  # fmt: skip
def test_what_is_wrong_only_where_arguments_differ_is_seen(answer, fault):
    x = np.linspace(0.1, 1, 6).reshape(2, 3)
    made = 2 * [Call((x, x + 1.0)), Call((x,), {"W": x + 1.0})]
    assert fault in faults(made, observe(answer, made))
    assert faults(made, observe(lambda x, W: x + W, made)) == []


def test_a_tuple_is_tried_as_a_list_too():
    def doubles(x, padding):
        if isinstance(padding, list):
            padding[0] *= 2
        return x

    made = [Call((np.ones(2), (1, 2)))]
    assert faults(made, observe(doubles, made)) == [("changes", "its second argument")]


def test_generators_start_anew_for_every_call():
    made = [Call((np.random.default_rng(3), 4))]
    assert faults(made, observe(lambda rng, n: rng.normal(size=n), made)) == []


def test_what_raises_is_not_judged_and_arguments_in_lists_count():
    made = [Call(([np.ones(2), np.zeros(2)],))]
    assert faults(made, observe(lambda grads: 1 / 0, made)) == []

    def rebinds(grads):
        grads[0] = grads[0] / 2
        return 1.0

    assert faults(made, observe(rebinds, made)) == [("changes", "its first argument")]


def doubled(f, rng):
    x = rng.normal(size=(2, 3))
    expect_close(f(x), 2 * x, "f(x)")


def purity(f, rng):
    """Arguments stay."""
    expect_pure({"f": f}, [Check(doubled, 1, True)], rng)


def verdict(answer):
    return run_check(Check(purity, 1, True), {"f": answer}, 5)


def in_place(x):
    x *= 2
    return x


def test_the_check_passes_fails_and_says_what_it_saw():
    assert verdict(lambda x: 2 * x).outcome == PASSED
    result = verdict(in_place)
    assert (result.outcome, result.summary) == (FAILED, "A call changes its first argument in place.")
    assert "Work on copies" in result.text


@pytest.mark.parametrize("nothing", [lambda x: 0.0, lambda x: x, lambda x: (), np.zeros_like])
def test_who_computes_nothing_right_earns_nothing_for_doing_it_cleanly(nothing):
    result = verdict(nothing)
    assert (result.outcome, result.summary) == (FAILED, "It counts only where some other check passes.")


def test_it_is_worth_a_quarter_of_the_exercise_to_the_nearest_half_point():
    points = [purity_points([check(points=own)(doubled)]) for own in (1, 2, 3, 4, 6, 9)]
    assert points == [0.5, 0.5, 1.0, 1.5, 2.0, 3.0]


def test_a_section_names_the_generated_check_by_an_object():
    assert is_pure.name == "is_pure"


def test_an_outcome_that_is_the_same_bit_by_bit_is_neither_sent_nor_judged():
    seen = observe(lambda x: x / 3, [Call((np.arange(6.0).reshape(2, 3) / 7,))])[0]
    told = {way: outcome[0] for way, outcome in seen.items() if way not in ("changed", "stayed")}
    assert told.pop("first") == told.pop("whole numbers") == "value"
    assert set(told.values()) == {"same"}


def test_a_check_whose_calls_take_long_gives_no_input():
    asked = []

    def slow(f, rng):
        asked.append("slow")
        expect_close(f(np.ones(9)), 2 * np.ones(9), "f(x)")

    def without(f, rng):
        both = [Check(doubled, 1, True), Check(slow, 1, True)]
        expect_pure({"f": f}, both, rng, inputs=both[:1])

    assert run_check(Check(without, 1, True), {"f": lambda x: 2 * x}, 5).outcome == PASSED
    assert asked == []
    given = [check(points=1)(doubled), check(points=1)(slow)]
    assert "off=('layout',), inputs=[doubled])" in purity_source(
        ["f"], given, points=1, hidden=True, off=("layout", given[1])
    )
    assert "inputs" not in purity_source(["f"], given, points=1, hidden=True)


def test_copies_share_nothing_and_keep_their_types():
    held = [np.asfortranarray(np.ones((2, 3))), (1, [2.0]), {"a": np.arange(2)}, np.random.default_rng(1), None]
    ours = copied(held)
    assert ours[0].flags.f_contiguous
    assert not np.shares_memory(ours[0], held[0])
    assert ours[1] == held[1]
    assert ours[1][1] is not held[1][1]
    assert not np.shares_memory(ours[2]["a"], held[2]["a"])
    assert ours[3].normal() == held[3].normal()
    held.append(held)
    assert copied(held) is not held  # what holds itself ends


@pytest.mark.parametrize(
    ("argument", "times"),
    [(3.0, 2), (np.ones((2, 3)), 7), ([np.ones(2)], 6), ((3, 4), 3), ({"W": np.arange(2)}, 5), (np.ones(()), 2)],
)
def test_nothing_is_asked_twice_that_is_the_same_call(argument, times):
    """Again; layouts of arrays, Fortran order of matrices, whole numbers and integers for floats or else other values,
    lists for tuples.
    """
    calls = []
    observe(calls.append, [Call((argument,))])
    assert len(calls) == times
