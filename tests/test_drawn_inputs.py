"""Hidden inputs differ by student: the audit finds where they do not; public ones do not; the README counts them."""

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

import autograder
from autograder.authoring.audit import audit
from autograder.authoring.drawn_inputs import asked, calls, draws
from autograder.source.lesson import load_lesson
from conftest import BUILT
from helpers.checking import Check

README = Path(autograder.__file__).parent / "README.md"
EXERCISES = [pytest.param(e, id=f"{name}/{e.name}") for name in BUILT for e in load_lesson(name).exercises.values()]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_public_inputs_are_the_same_for_everybody(exercise):
    """That hidden ones differ is what the audit says, for every exercise, in test_promises.py."""
    for check in exercise.checks:
        assert check.hidden or asked(exercise, check, "a") == asked(exercise, check, "b")


def test_a_check_that_asks_everybody_the_same_is_a_finding(fixture_lesson, monkeypatch):
    section = fixture_lesson.section("slope")
    exercise = section.exercise

    def at_five(slope):
        """The slope at 5 is 10."""
        assert slope(5.0) == 10.0

    with_it = replace(exercise, checks=(*exercise.checks, Check(at_five, 1, True)))
    for about_its_source in ("_form", "_explained"):
        monkeypatch.setattr(f"autograder.authoring.audit.{about_its_source}", lambda *_: ())  # it is in no source
    told = audit(SimpleNamespace(exercise=with_it, module=SimpleNamespace(UNTRIED={"everything": "a stand-in"})))
    assert "the hidden check at_five of slope asks every student the same; let it draw its inputs from rng" in told


@pytest.mark.slow
def test_the_readme_counts_the_points_whose_inputs_are_drawn():
    checks = [(e.values[0], check) for e in EXERCISES for check in e.values[0].checks if check.hidden]
    drawn = sum(check.points for exercise, check in checks if calls(exercise, check) and draws(exercise, check))
    told = re.search(r"([\d.]+) of the ([\d.]+) hidden points", README.read_text(encoding="utf-8"))
    assert [float(one) for one in told.groups()] == pytest.approx([drawn, sum(check.points for _, check in checks)])
