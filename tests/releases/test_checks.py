"""A check as the one test function that otter and nbgrader run."""

import contextlib
import io
import sys

import pytest

from autograder.release.shared import as_test
from conftest import exercises
from helpers.running import PASSED, run_check


def outcome(section, check, env):
    """What the test function raises on a student's names, "" if nothing."""
    names = {}
    exec(as_test(section, check), names)
    try:
        names[f"test_{check.name}"](env)
    except AssertionError as error:
        return str(error)
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("section", exercises())
def test_it_fails_where_the_check_does_and_says_no_more_than_may_be_shown(section):
    exercise = section.exercise
    submissions = [exercise.reference, dict.fromkeys(exercise.reference, ...)]
    submissions += [exercise.names_with(wrong) for wrong in exercise.wrong_answers.values()]
    for env in submissions:
        for check in exercise.checks:
            result, said = run_check(check, env), outcome(section, check, env)
            shown = result.summary if check.hidden else result.text
            assert said == ("" if result.outcome == PASSED else f"{check.sentence} {shown}")


@pytest.mark.parametrize("section", exercises())
def test_it_defines_nothing_but_itself(section):
    for check in section.exercise.checks:
        names = {"__builtins__": {"__build_class__": __build_class__, "__name__": "x"}}
        exec(as_test(section, check), names)
        assert set(names) == {"__builtins__", f"test_{check.name}"}


def test_what_an_answer_prints_is_swallowed(fixture_lesson):
    section = fixture_lesson.section("slope")

    def chatty(x, a=1.0):
        print("on the way")
        print("careful", file=sys.stderr)
        return 2 * a * x

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        assert outcome(section, section.exercise.checks[0], {"slope": chatty}) == ""
    assert (out.getvalue(), err.getvalue()) == ("", "")
