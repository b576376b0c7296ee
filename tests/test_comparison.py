"""What counts as the same value, and what form an answer may come in."""

import decimal
import fractions
import itertools
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.checking import Feedback, as_letter, expect_close, expect_unchanged
from helpers.comparison import same_values

SPECIALS = (np.nan, np.inf, -np.inf, 0.0, 1.0, -1.0, 1e-300, 1e300, 1.7976931348623157e308)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def accepts(observed, expected, **options):
    try:
        expect_close(observed, expected, "f(x)", **options)
    except Feedback:
        return False
    return True


@pytest.mark.parametrize(("got", "wanted"), list(itertools.product(SPECIALS, SPECIALS)))
def test_every_special_value_is_met_by_itself_only(got, wanted):
    same = got == wanted or (np.isnan(got) and np.isnan(wanted))
    for options in ({}, {"rtol": 0.1}, {"rtol": 0, "atol": 0}):
        near = 0.0 in (got, wanted) and 1e-300 in (got, wanted) and options != {"rtol": 0, "atol": 0}
        assert accepts(got, wanted, **options) == (same or near)
        assert accepts(np.array([got, 2.0]), np.array([wanted, 2.0]), **options) == (same or near)


@given(FINITE, st.sampled_from([np.inf, -np.inf, np.nan]), st.floats(0, 1), st.floats(0, 1e300))
def test_no_finite_number_meets_an_infinity_or_nan_at_any_tolerance(number, special, rtol, atol):
    assert not accepts(number, special, rtol=rtol, atol=atol)
    assert not accepts(special, number, rtol=rtol, atol=atol)


@given(FINITE, FINITE)
def test_without_an_absolute_part_only_relative_nearness_counts(got, wanted):
    close = abs(np.longdouble(got) - np.longdouble(wanted)) <= np.longdouble(1e-7) * abs(np.longdouble(wanted))
    assert accepts(got, wanted, rtol=1e-7, atol=0) == close


@given(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1))
def test_integers_that_differ_are_told_apart_whatever_their_size(got, wanted):
    assert accepts(np.int64(got), np.int64(wanted), rtol=0, atol=0) == (got == wanted)
    assert not accepts(np.int64(got), np.int64(got - 1 if got > -(2**63) else got + 1), rtol=0, atol=0)


@given(st.floats(1e-290, 1e290), st.sampled_from([-1, 1]), st.floats(1e-6, 10))
def test_no_value_passes_that_is_off_by_a_millionth(size, sign, off):
    wanted = sign * size
    assert not accepts(wanted * (1 + off), wanted, atol=0)
    assert not accepts(-wanted, wanted, atol=0)


def test_what_is_tiny_is_not_taken_for_zero():
    assert not accepts(0.0, 1.7e-16, atol=0)
    assert not accepts(0.0, 1e-9)


class Pair(NamedTuple):
    a: float
    b: float


@pytest.mark.parametrize(
    "number",
    [0.25, fractions.Fraction(1, 4), decimal.Decimal("0.25"), np.float32(0.25), np.array(0.25), np.array([0.25]),
     np.array([[0.25]]), [0.25], (0.25,), [fractions.Fraction(1, 4)]],
)  # fmt: skip
def test_a_number_may_come_in_any_form(number):
    assert accepts(number, 0.25)


@pytest.mark.parametrize("array", [[1, 0], (1.0, 0.0), [True, False], np.array([True, False]), [np.float64(1), 0]])
def test_an_array_may_come_as_a_list_and_zero_and_one_as_booleans(array):
    assert accepts(array, np.array([1.0, 0.0]))


@pytest.mark.parametrize("pair", [(1.0, 2.0), [1.0, 2.0], np.array([1.0, 2.0]), Pair(1.0, 2.0)])
def test_a_pair_may_come_as_a_list_an_array_or_a_named_tuple(pair):
    assert accepts(pair, (1.0, 2.0))


@pytest.mark.parametrize(
    ("observed", "expected"),
    [(np.array([1.0]), np.array([[1.0]])), (1.0, np.array([1.0])), ([[1.0], [1.0, 2.0]], np.ones((2, 2))),
     ([1.0, None], np.ones(2)), ("1", 1.0), (None, 1.0), (1j, 1.0), ([], 1.0), ({1.0}, 1.0)],
)  # fmt: skip
def test_the_shape_of_an_array_is_part_of_the_answer_and_other_things_are_no_numbers(observed, expected):
    assert not accepts(observed, expected)


@pytest.mark.parametrize("letter", ["B", "b", " b ", "B.", "(b)", "b)", ["B"], ("b",), np.str_("B"), np.array(["B"])])
def test_a_letter_may_come_in_any_form(letter):
    assert as_letter(letter) == "B"


@pytest.mark.parametrize("other", ["", "BC", "AB", None, 2, ["A", "B"], b"B"])
def test_what_is_no_letter_is_none(other):
    assert as_letter(other) == ""


def test_an_argument_that_changes_in_place_is_seen_in_lists_too():
    with expect_unchanged(x=np.ones(2), many=[np.zeros(2), {"a": np.zeros(1)}]):
        pass
    many = [np.zeros(2), {"a": np.zeros(1)}]
    with pytest.raises(Feedback, match="many is another after the call"), expect_unchanged(many=many):
        many[1]["a"] += 1


def test_same_values_speaks_for_each_element():
    got, wanted = np.array([1.0, np.nan, np.inf, 2.0]), np.array([1.0, 1.0, -np.inf, 2.0])
    assert same_values(got, wanted, 1e-7, 0).tolist() == [True, False, False, True]
