"""What is said of an answer that no author foresaw: relations of numbers, and where it fails; each only where true."""

import numpy as np
import pytest

from autograder.source.lesson import load_lesson
from autograder.source.other_arguments import diagnosis_of
from helpers.checking import Check, expect_close, expect_raises
from helpers.diagnosis import diagnose
from helpers.relations import tells_enough
from helpers.running import run_check
from helpers.where_it_fails import NOWHERE_RIGHT


def rows(f, rng):
    for n in (4, 3, 6):
        x = rng.normal(size=(n, n))
        expect_close(f(x), np.cumsum(x, axis=1) + 0.3, "f(x)")


def sums(f, rng):
    for n in (4, 3, 6):
        x = rng.uniform(1, 2, size=(n, 5))
        expect_close(f(x), np.sum(x, axis=0), "f(x)")


def pairs(f, rng):
    for _ in range(3):
        x = rng.uniform(0.2, 0.9, 4)
        expect_close(f(x), (np.exp(x), np.log(x)), "f(x)")


RIGHT = {
    rows: lambda x: np.cumsum(x, axis=1) + 0.3,
    sums: lambda x: np.sum(x, axis=0),
    pairs: lambda x: (np.exp(x), np.log(x)),
}


def told(check, answer):
    return diagnose([run_check(Check(check, 1, False), {"f": answer})], [])


def each(change):
    """The change on every result of the three exercises."""

    def changed(check):
        def answer(x):
            right = RIGHT[check](x)
            return tuple(map(change, right)) if isinstance(right, tuple) else change(right)

        return answer

    return {check: changed(check) for check in RIGHT}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda y: -y, "yours is the negative of what is expected"),
        (lambda y: 2 * y, "yours is twice what is expected"),
        (lambda y: y / np.log(2), "1 / ln 2 times"),
        (lambda y: 0.37 * y, "yours is the same multiple of what is expected"),
        (lambda y: y + 1.7, "every element of yours is off by the same number"),
        (lambda y: np.roll(y, 1, axis=0), "yours has the right numbers in the wrong places"),
        (lambda y: y[::-1], "in reverse order along axis 0"),
        (lambda y: np.round(y, 4), "close but not exact"),
        (lambda y: y * np.nan, "what is wrong comes out infinite or nan"),
        (lambda y: y[None], "an axis of size 1 is too much"),
        (lambda y: y[None, ..., None], "axes of size 1 are too many"),
        (lambda y: np.cumsum(y, axis=0), "yours is the running sum of what is expected"),
        (lambda y: np.concatenate([y[:-1], y[-1:] + 5]), "only the last element along the first axis is wrong"),
        (lambda y: np.concatenate([y[:1] - 5, y[1:]]), "only the first element along the first axis is wrong"),
        (lambda y: y**2, "yours is the square of what is expected"),
        (np.exp, "yours is the exponential of what is expected"),
    ],
)
def test_each_relation_is_said_in_three_exercises(change, words):
    for check, answer in each(change).items():
        assert words in told(check, answer), (check.__name__, told(check, answer))


@pytest.mark.parametrize(
    ("check", "answer", "words"),
    [
        (rows, lambda x: (np.cumsum(x, axis=1) + 0.3).T, "yours is the transpose of what is expected"),
        (rows, lambda x: x, "your result is argument 1 itself"),
        (
            sums,
            lambda x: x.mean(axis=0),
            "yours is 1/N times, N being the size of axis 0 of argument 1, what is expected",
        ),
        (
            sums,
            lambda x: len(x) * x.sum(axis=0),
            "yours is N, the size of axis 0 of argument 1, times what is expected",
        ),
        (pairs, lambda x: (np.log(x), np.exp(x)), "your two results are the expected ones in the other order"),
        (pairs, lambda x: (np.exp(x), np.log2(x)), "number 2 of 2 is wrong and the rest right"),
        (pairs, np.exp, "It must return 2 results"),
    ],
)
def test_relations_that_need_their_own_exercise(check, answer, words):
    assert words in told(check, answer), told(check, answer)


def everywhere(f, rng):
    for x in (
        rng.normal(size=3),
        np.array([1, 2, 7]),
        np.array([3, 4]),
        rng.normal(size=(2, 3)),
        900 + rng.normal(size=3),
    ):
        for axis in (-1, 0):
            expect_close(f(x, axis=axis), np.max(x, axis=axis) + 0.1234, "f(x)")


def largest(x, axis):
    return np.max(x, axis=axis) + 0.1234


@pytest.mark.parametrize(
    ("wrong_where", "words"),
    [
        (lambda x, axis: axis == 0, "wrong along an axis that is not the last, and only there"),
        (lambda x, axis: x.dtype.kind == "i", "wrong where an array of integers is given, and only there"),
        (lambda x, axis: np.abs(x).max() > 500, None),
        (lambda x, axis: x.ndim == 2, "wrong where there are two axes, and only there"),
        (lambda x, axis: x.ndim == 1, "wrong where there is one axis, and only there"),
    ],
)
def test_where_it_fails_is_said_if_nothing_else_is(wrong_where, words):
    def answer(x, axis):
        right = largest(x, axis=axis)
        return np.sin(7 * right) + right**2 if wrong_where(x, axis) else right

    sentence = told(everywhere, answer)
    assert words in sentence if words else "for large inputs" in sentence, sentence


def test_what_is_wrong_everywhere_is_said_to_be():
    assert told(sums, lambda x: np.sin(40 * x).sum(axis=0)) == NOWHERE_RIGHT


def test_a_coincidence_in_one_case_says_nothing_of_the_others():
    def twice_sometimes(x):
        right = np.sum(x, axis=0)
        return 2 * right if len(x) == 4 else np.sin(9 * right)

    assert told(sums, twice_sometimes) == NOWHERE_RIGHT


def refuses(f):
    for x in (np.ones(2), np.ones(3)):
        expect_close(f(x), 1.0, "f(ones)")
    with expect_raises(ValueError, "f([])"):
        f(np.ones(0))


def test_a_check_runs_to_its_end_and_raises_its_first_finding():
    result = run_check(Check(refuses, 1, False), {"f": lambda x: 0.5})
    assert [case.failed for case in result.cases] == [True, True, True]
    assert "f(ones) is 0.5" in result.text


def test_an_exception_after_a_wrong_value_is_not_the_finding():
    def gives_up(x):
        if len(x) == 3:
            raise RuntimeError
        return 0.5

    result = run_check(Check(refuses, 1, False), {"f": gives_up})
    assert "f(ones) is 0.5" in result.text


def told_at_grading(exercise, answer):
    results = exercise.run({**exercise.reference, exercise.name: answer}, 3)
    return diagnosis_of(exercise, results, 3)[0]


@pytest.mark.parametrize(("lesson", "name", "change", "words"), [
    ("08_gan", "js_with_noise", lambda right: lambda d, s: right(d, np.sqrt(s)), "for the root of s."),
    (
        "03_optimizers_and_regularization", "ridge",
        lambda right: lambda X, y, lam: right(X, y, lam**2), "for lam squared.",
    ),
    (
        "06_divergences_and_autoencoders", "js_divergence",
        lambda right: lambda p, q, w=0.5: right(q, p, w), "with p and q exchanged.",
    ),
])  # fmt: skip
def test_the_reference_with_another_argument_is_told_as_that(lesson, name, change, words):
    exercise = load_lesson(lesson).exercises[name]
    told = told_at_grading(exercise, change(exercise.reference[name]))
    assert told == f"In all cases that fail, yours is what is right {words}"


def test_what_explains_the_error_but_for_a_hundredth_is_not_said():
    exercise = load_lesson("08_gan").exercises["js_with_noise"]
    right = exercise.reference["js_with_noise"]
    assert "root" in told_at_grading(exercise, lambda d, s: right(d, np.sqrt(s)))

    def nearly(d, s):
        return right(d, s) + 1.01 * (right(d, np.sqrt(s)) - right(d, s))

    assert "what is right" not in told_at_grading(exercise, nearly)


def test_what_explains_most_cases_and_not_all_is_not_said():
    exercise = load_lesson("08_gan").exercises["js_with_noise"]
    right = exercise.reference["js_with_noise"]
    assert "what is right" not in told_at_grading(
        exercise, lambda d, s: right(d, np.sqrt(s)) if s < 100 else 2 * right(d, s)
    )


@pytest.mark.parametrize(("expected", "enough"), [(3.0, False), (np.sqrt(3), True), (np.arange(5.0), True)])
def test_a_lone_whole_number_may_agree_with_another_by_chance(expected, enough):
    def compared(f):
        expect_close(f(1), expected, "f(1)")

    assert tells_enough([run_check(Check(compared, 1, False), {"f": lambda x: expected + 1})]) == enough


def test_an_argument_is_told_by_its_name_where_it_is_known():
    def right_for_one_mode(f):
        for mode, factor in (("a", 2), ("b", 3), ("a", 4), ("b", 5)):
            x = np.linspace(1, 2, 7)
            expect_close(f(x, mode), factor * np.sin(x), "f(x, mode)")

    waves = iter((lambda x: 2 * np.sin(x), np.cos, lambda x: 4 * np.sin(x), np.cos))
    results = [run_check(Check(right_for_one_mode, 1, False), {"f": lambda x, mode: next(waves)(x)})]
    assert (
        diagnose(results, [], ("x", "mode")) == "It is wrong where mode is 'b', and only there, in all that was tried."
    )


def test_a_floating_point_warning_that_a_check_forbids_is_no_exception_of_the_students():
    def without_a_warning(f):
        with np.errstate(all="raise"):
            expect_close(f(np.array([1000.0])), [1.0], "f(1000)")

    told = diagnose([run_check(Check(without_a_warning, 1, False), {"f": lambda x: np.exp(x) / np.exp(x)})], [])
    assert told == "Every check that fails ends in a floating-point warning of your code, none in a wrong value."


@pytest.mark.parametrize(("answer", "words"), [
    (lambda x: 0 * x, "what is wrong comes out as 0"),
    (lambda x: np.where(x > 1.6, 1, -1) * np.exp(x), "the magnitudes are right, and in places the sign is not"),
    (lambda x: np.exp(x) + 1 / x, "what is wrong is too large"),
    (lambda x: np.exp(x) - 1 / x, "what is wrong is too small"),
])  # fmt: skip
def test_signs_zeros_and_tendencies_are_told(answer, words):
    def exponentials(f):
        for top in (2, 3, 4):
            x = np.linspace(1, top, 5)
            expect_close(f(x), np.exp(x), "f(x)")

        expect_close(np.ones(2), np.ones(2), "what is right")

    results = [run_check(Check(exponentials, 1, False), {"f": answer})]
    assert words in diagnose(results, [])


def test_a_finite_number_in_an_infinitys_place_is_told():
    def infinite(f):
        for x in (np.array([0.0, 1.0]), np.array([0.0, 2.0, 3.0])):
            expect_close(f(x), np.where(x > 0, x, -np.inf), "f(x)")

    results = [run_check(Check(infinite, 1, False), {"f": lambda x: np.where(x > 0, x, -1e308)})]
    assert "what should be infinite comes out finite" in diagnose(results, [])


def test_a_shape_that_is_wrong_is_no_result_that_is_wrong_by_its_number():
    def moments(f):
        for n in (3, 4):
            x = np.linspace(1, 2, n)
            expect_close(f(x), (np.mean(x), np.array([[np.var(x)]])), "f(x)")

    told = diagnose([run_check(Check(moments, 1, False), {"f": lambda x: (np.mean(x), np.var(x))})], [])
    assert "number" not in told


def test_a_pair_is_told_apart_from_a_number():
    def sizes(f):
        for size in (3, (3, 4), 5, (6, 2)):
            expect_close(f(size), np.broadcast_to(size, 2) + np.sqrt(2), "f(size)")

    def numbers_only(size):
        return np.full(2, size + np.sqrt(2)) if isinstance(size, int) else np.cos(np.array(size))

    told = diagnose([run_check(Check(sizes, 1, False), {"f": numbers_only})], [], ("size",))
    assert told == "It is wrong where size is a pair, and only there, in all that was tried."
