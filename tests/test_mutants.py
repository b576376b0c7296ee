"""Mutation runs: what is changed, that it is noticed within limits, and that every survivor is explained."""

import ast
import os
import time

import pytest

from autograder.authoring._forking import DIED, NO, YES, ForkLimits, ask_all
from autograder.authoring.mutants import mutation_run, render
from autograder.authoring.mutations import mutations
from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.problems import CourseError

SECTION = '''\
# %%
from helpers.checking import check, expect


# %% answer
def power(x, n=2):
    """Return x to the n, n a whole number that is not negative."""
    # BEGIN SOLUTION
    result = 1
    while n > 0:
        result = result * x
        n = n - 1
    return result
    # END SOLUTION


# %%
@check(points=1)
def two_to_the_three(power):
    """2 to the 3 is 8."""
    expect(power(2, 3) == 8, "no")


@check(points=1, hidden=True)
def by_default_it_squares(power, rng):
    """Without n it squares."""
    x = int(rng.integers(3, 9))
    expect(power(x) == x**2, "no")
'''


@pytest.fixture
def lesson(tmp_path):
    """Make a lesson of this one section, with replacements, and its survivors.toml."""

    def make(old="", new="", survivors=""):
        folder = tmp_path / "10_powers"
        folder.mkdir()
        assert old in SECTION
        (folder / "10_power.py").write_text(SECTION.replace(old, new), encoding="utf-8")
        if survivors:
            (folder / "survivors.toml").write_text(survivors, encoding="utf-8")
        return load_lesson("10_powers", tmp_path)

    return make


def run(made):
    return mutation_run(made, seconds=0.2)


def changes(source):
    return {one.description.partition(": ")[2] for one in mutations(source)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b - c", {"b - c -> b + c", "b - c -> c - b", "b - c -> b", "b - c -> c", "b - c -> -(b - c)"}),
        ("a = b @ c", {"b @ c -> b * c", "b @ c -> c @ b"}),
        (
            "a = b ** 2",
            {"b ** 2 -> b * 2", "b ** 2 -> b ** 3", "b ** 2 -> b ** 1", "b ** 2 -> b ** 0", "b ** 2 -> b ** (-2)"},
        ),
        ("a = b // c / d", {"b // c -> b / c", "b // c / d -> b // c * d"}),
        ("a = -b", {"-b -> b"}),
        ("a = -1", {"-1 -> 0", "-1 -> -2", "-1 -> 1"}),
        ("a = 0.5", {"0.5 -> 1.0", "0.5 -> 0.0", "0.5 -> -0.5"}),
        ("if a < b: pass", {"a < b -> not a < b", "a < b -> a <= b", "a < b -> a > b"}),
        ("if a and b: pass", {"a and b -> a or b", "a and b -> a", "a and b -> b"}),
        ("a = a and not b", {"not b -> b"}),
        ("a.sum(axis=-1)", {"axis=-1 -> axis=0", "axis=-1 -> axis=1", "a.sum(axis=-1) -> a.sum()"}),
        ("a.sum(keepdims=True)", {"keepdims=True -> keepdims=False", "a.sum(keepdims=True) -> a.sum()"}),
        ("f(a, b)", {"f(a, b) -> f(b, a)"}),
        ("np.max(a)", {"np.max(a) -> np.min(a)", "np.max(a) -> np.sum(a)"}),
        ("np.log1p(a) + np.sin(a)", {"np.log1p(a) -> np.log(a)", "np.sin(a) -> np.cos(a)"}),
        ("np.zeros_like(a) + abs(a)", {"np.zeros_like(a) -> np.ones_like(a)", "abs(a) -> a"}),
        ("np.any(np.maximum(a, b))", {"np.any(np.maximum(a, b)) -> np.all(np.maximum(a, b))"}),
        ("a.copy()", {"a.copy() -> a"}),
        ("def f(a): return a, b", {"(a, b) -> (b, a)", "a -> -a", "b -> -b", "delete `return (a, b)`"}),
        ("def f(a, n=3): return a", {"a, n=3 -> a, n=4", "a, n=3 -> a, n=-3"}),
        ("def f(a):\n a = g(a)\n return a", {"delete `a = g(a)`"}),
        ("if a:\n raise ValueError('no')", {"delete `raise ValueError('no')`"}),
        ("a += b", {"a += b -> a -= b", "a += b -> a = b", "delete `a += b`"}),
        ("a[1:, 0]", {"1: -> :", "1: -> 2:", "(1:, 0) -> (1:, 1)", "(1:, 0) -> (0, 1:)"}),
        ("a = b.T", {"b.T -> b"}),
        ("a = b if c else d", {"b if c else d -> d if c else b", "b if c else d -> b"}),
        ("while a:\n break", {"break -> continue", "break -> pass"}),
        ("[a for a in b if c]", {"[a for a in b if c] -> [a for a in b]"}),
    ],
)
def test_each_operator_makes_its_changes(source, expected):
    assert expected <= changes(source)


@pytest.mark.parametrize(
    ("source", "never"),
    [
        ('def f(a):\n """Text."""\n return a', "delete `'Text.'`"),
        ("def f(a: S[2]) -> S[2]:\n return a", "S[2] -> "),
        ("raise ValueError(1 + 1)", "1 + 1 -> "),
        ("b = f'{1 + 1}'", "1 + 1 -> "),
        ("def f(a):\n b = g(a)\n return b", "delete `b = g(a)`"),
    ],
)
def test_texts_annotations_and_what_a_name_needs_are_left_alone(source, never):
    assert not [one for one in changes(source) if one.startswith(never)]


def test_descriptions_are_stable_and_unique_and_every_source_is_new():
    source = "def f(x):\n    y = x * 2 + x * 2\n    return y[0], y[0]\n"
    first, second = mutations(source), mutations(source)
    assert first == second
    assert len({one.description for one in first}) == len(first) == len({one.source for one in first})
    assert ast.unparse(ast.parse(source)) not in {one.source for one in first}
    assert "line 2: x * 2 -> x * 3 (2)" in {one.description for one in first}


def spin():
    while True:
        pass


def sleep():
    time.sleep(60)


def grow():
    return bytearray(10 << 30) is None


def fall():
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("question", "limits"),
    [
        (spin, ForkLimits(seconds=0.2, clock=60.0)),
        (sleep, ForkLimits(seconds=60.0, clock=0.5)),
        (grow, ForkLimits(seconds=60.0, memory=200 << 20)),
        (fall, ForkLimits()),
    ],
)
def test_what_spins_sleeps_grows_or_raises_has_died_soon_and_the_rest_is_answered(question, limits):
    started = time.monotonic()
    assert ask_all([(lambda: True, limits), (question, limits), (lambda: False, limits)]) == [YES, DIED, NO]
    assert time.monotonic() - started < 10


@pytest.mark.slow
def test_a_run_counts_what_is_noticed_and_endless_loops_are(lesson):
    result = run(lesson())
    assert result.mutants == sum(one.mutants for one in result.tallies)
    assert [one.mutants >= 3 for one in result.tallies] == [True, True]
    assert result.unexplained == ()
    assert result.passed
    assert "power" in render(result)


@pytest.mark.slow
def test_a_weak_check_lets_a_mutant_survive_and_the_table_names_it(lesson):
    result = run(lesson("power(x) == x**2", "power(x) >= x"))
    survivor = ("power", "line 1: x, n=2 -> x, n=3")
    assert survivor in result.unexplained
    assert result.score < 1
    assert not result.passed
    assert "survives, sharpen a check or explain it in survivors.toml: [power] line 1: x, n=2 -> x, n=3" in render(
        result
    )


@pytest.mark.slow
def test_an_explained_survivor_leaves_the_score_and_a_stale_explanation_is_found(lesson):
    reasons = (
        '[power]\n"line 1: x, n=2 -> x, n=3" = "why"\n"line 1: x, n=2 -> x, n=1" = "why"\n"line 9: gone" = "why"\n'
        '"clips results at 10" = "why"\n'
    )
    result = run(lesson("power(x) == x**2", "power(x) >= x", reasons))
    assert result.unexplained == ()
    assert result.score == 1
    assert result.stale == (("power", "line 9: gone"),)
    assert not result.passed
    assert "no survivor, remove it from survivors.toml: [power] line 9: gone" in render(result)


@pytest.mark.slow
def test_a_reference_that_fails_in_a_fork_is_no_killed_mutant(lesson):
    with pytest.raises(CourseError, match="The reference of power does not pass its own checks in a fork"):
        run(lesson("== 8", "== 9"))


# One mutant in three, and all that are explained; `course mutants` runs every one.
EVERY = int(os.environ.get("COURSE_MUTANTS_EVERY", "3"))


@pytest.mark.slow
@pytest.mark.parametrize("name", lesson_names())
def test_promise_4_the_checks_of_a_lesson_kill_its_mutants(name):
    result = mutation_run(load_lesson(name), every=EVERY)
    assert result.passed, render(result)
