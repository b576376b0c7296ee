"""Every right and wrong answer, typed as a student would, behaves as the one in its section."""

import ast
import math
import textwrap

import numpy as np
import pytest

from autograder.source.problems import AuthorError
from autograder.source.section import load_section
from autograder.source.typed_answers import submission_source
from conftest import exercises
from helpers.running import run_check

AWKWARD = '''
# %%
import itertools

import numpy as np

from helpers.checking import check, expect_close, right_answer, wrong_answer

# %% given
offset = 1.0

# %% answer
def shifted(x, by=1.0):
    """Return x + by."""
    # BEGIN SOLUTION
    shifted_x = x + by
    return shifted_x
    # END SOLUTION

# %% answer
# BEGIN SOLUTION
bound = 4.0
# END SOLUTION

# %%
@check(points=1)
def one_step(shifted):
    """From 1 to 2."""
    expect_close(shifted(1.0), 2.0, "shifted(1)")

@check(points=1, hidden=True)
def four(bound):
    """It is four."""
    expect_close(bound, 4.0, "bound")

# %%
STEP, FAR = 1.0, 3.0

def walk(x, steps):
    """Walk.

    In steps.
    """
    return x + sum(STEP for _ in itertools.islice(itertools.count(), steps))

@right_answer
def by_walking(x, by=STEP):
    return walk(x, int(by))

@wrong_answer(one_step, feedback="Twice.")
def from_the_reference(x, by=1.0):
    return shifted(shifted(x, by), by)

@wrong_answer(one_step, feedback="Over and over.")
def over_and_over(x, by=1.0):
    return over_and_over(x, by / 2) + 1 if by > 0.3 else shifted(x, by)

@wrong_answer(one_step, feedback="Far.")
def far(x, by=FAR):
    return by_walking(x + offset, by)

from_a_lambda = wrong_answer(one_step, feedback="Times.")(lambda x, by=1.0: walk(x, 5) * by)
twice_four = wrong_answer(four, feedback="Twice.", instead_of=bound)(2 * (FAR + STEP))
also_four = right_answer(FAR + STEP, instead_of=bound)
'''


def every_given():
    """Every right and wrong answer of every section, as pytest parameters."""
    for one in exercises():
        section = one.values[0]
        for name, given in (section.exercise.right_answers | section.exercise.wrong_answers).items():
            yield pytest.param(section, given, id=f"{one.id}/{name}")


@pytest.fixture(scope="module")
def awkward(tmp_path_factory):
    path = tmp_path_factory.mktemp("lesson") / "10_awkward.py"
    path.write_text(AWKWARD, encoding="utf-8")
    return load_section(path)


def notebook_names(section):
    """What a notebook holds when the answer cell runs: the set-up, given cells, and the other answers."""
    names = {"np": np, "math": math}
    for cell in section.cells:
        if cell.kind == "given":
            exec(cell.text, names)
    return names | section.exercise.reference


def typed(section, given):
    names = notebook_names(section)
    source = submission_source(section, given)
    assert "SOLUTION" not in source
    exec(compile(source, "<a cell>", "exec"), names)
    return names


def a_few_first(params):
    """The same, of which seven in eight are slow."""
    for number, one in enumerate(params):
        yield pytest.param(*one.values, id=one.id, marks=[pytest.mark.slow] if number % 8 else [])


@pytest.mark.parametrize(("section", "given"), list(a_few_first(every_given())))
def test_it_behaves_as_in_the_section(section, given):
    names = typed(section, given)
    for check in section.exercise.checks:
        ours, theirs = run_check(check, section.exercise.names_with(given)), run_check(check, names)
        assert (theirs.outcome, theirs.fingerprint) == (ours.outcome, ours.fingerprint), check.name


@pytest.mark.parametrize(
    "name", ["by_walking", "from_the_reference", "over_and_over", "far", "from_a_lambda", "twice_four", "also_four"]
)
def test_it_brings_along_what_it_leans_on(awkward, name):
    test_it_behaves_as_in_the_section(awkward, vars(awkward.module)[name])


def test_it_defines_the_answer_and_little_else(awkward):
    source = submission_source(awkward, awkward.module.far)
    assert source.startswith(
        textwrap.dedent('''\
        STEP, FAR = 1.0, 3.0
        def shifted(x, by=FAR):
            """Return x + by."""
            import itertools
        ''')
    )
    assert [type(node).__name__ for node in ast.parse(source).body] == ["Assign", "FunctionDef"]
    assert "wrong_answer" not in source
    assert "offset =" not in source


def test_a_value_that_no_name_holds_is_an_authors_mistake(awkward):
    with pytest.raises(AuthorError, match=r"cannot be found\. Write it as a function"):
        submission_source(awkward, type(awkward.module.far)(5.0, (), ""))
