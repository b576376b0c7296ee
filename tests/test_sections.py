"""Sources: what an author's mistake is answered with, and what a cell becomes."""

import pytest

from autograder.authoring.audit import audit
from autograder.source.cells import read_cells, solution, starter
from autograder.source.lesson import load_lesson
from autograder.source.problems import AuthorError, CourseError
from autograder.source.section import load_section
from autograder.source.standalone import standalone


@pytest.fixture
def write(tmp_path, fixture_lesson):
    """Write the fixture's slope section with one replacement, and return its path."""
    text = fixture_lesson.section("slope").path.read_text()

    def make(old="", new="", name="20_slope.py"):
        assert old in text
        path = tmp_path / "50_fixture" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace(old, new, 1))
        return path

    return make


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("@wrong_answer(\n    at_three,", "@wrong_answer(\n    at_tree,", "at_tree", "Did you mean 'at_three'"),
        ("    # END SOLUTION\n", "", "# BEGIN SOLUTION", "never closed"),
        ("    # BEGIN SOLUTION\n", "", "# END SOLUTION", "END SOLUTION has no BEGIN SOLUTION"),
        ("def no_a(", "def no_factor(", "def no_factor(x, a=1.0):\n    if", "'no_factor' is defined here and in line"),
        ("# %% given", "# %% gift", "# %% gift", "no cell is marked 'gift'"),
        ("return scale * a", "return scale * * a", "scale * * a", "this is not Python"),
        ("STEP = 1e-30", "STEP = 1 / 0", "STEP = 1 / 0", "ZeroDivisionError"),
    ],
)
def test_an_authors_mistake_is_one_sentence_with_file_line_and_mend(write, old, new, where, words):
    path = write(old, new)
    text = path.read_text()
    line = text[: text.index(where)].count("\n") + 1
    with pytest.raises(AuthorError) as caught:
        load_section(path).exercise  # noqa: B018
    message = str(caught.value)
    assert message.startswith(f"{path}:{line}: ")
    assert words in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('HINTS = ["Use the power rule.", "The exponent comes down as a factor."]', "HINTS = []", "has 0 hints"),
        ('"""A factor of 0 raises ValueError; another one does not."""', "pass", "has no docstring"),
        ("complex_step(lambda z: a * z**2, x)", "by_adding(x, a)", "leans on"),
        ("@wrong_answer(refuses_zero,", "@wrong_answer(at_three,", "passes at_three"),
        ("@right_answer\n", "", "has no @right_answer"),
        (
            'WHY = "The exponent comes down as a factor and loses one."\n',
            "",
            "does not say why its answer works; write WHY",
        ),
        ('    """Without a product by 2."""\n', "", "say in the docstring of by_adding what this way is good for"),
        ("return a * x + a * x", "return a * x + x", "the right answer by_adding of slope fails"),
        ("return by_adding(x, a) / 2", "return by_adding(x, a)", "passes at_three with seed 0, which it must fail"),
        ("hidden=True)\ndef agrees", ")\ndef agrees", ""),
    ],
)
def test_the_audit_finds_what_an_exercise_lacks(write, old, new, words):
    findings = audit(load_section(write(old, new)))
    assert any(words in finding for finding in findings) or (not words and findings == [])


def test_two_exercises_with_one_name_are_told_apart(write, tmp_path):
    write()
    write(name="30_slope.py")
    with pytest.raises(AuthorError, match=r"the name 'slope' is taken by 20_slope\.py"):
        load_lesson("50_fixture", tmp_path)


def test_a_lesson_that_does_not_exist_names_those_that_do(tmp_path):
    (tmp_path / "07_elbo").mkdir()
    with pytest.raises(CourseError, match="The lessons are: 07_elbo"):
        load_lesson("08", tmp_path)


def test_starter_and_solution_come_from_one_cell(fixture_lesson):
    section = fixture_lesson.section("slope")
    cell = section.exercise.answers[0].cell
    assert starter(section.path, cell).endswith('ValueError where a is 0."""\n    ...  # your code here')
    assert "SOLUTION" not in solution(section.path, cell)
    assert "return scale * a * np.asarray(x, dtype=float)" in solution(section.path, cell)


def test_several_answers_in_one_cell_and_in_several(fixture_lesson):
    exercise = fixture_lesson.section("pair").exercise
    assert [answer.name for answer in exercise.answers] == ["double", "triple", "six"]
    assert exercise.names_with(exercise.wrong_answers["five"])["six"] == 5


def test_the_right_option_stands_where_its_words_put_it(fixture_lesson):
    answer = fixture_lesson.section("letter").exercise.answers[0]
    assert answer.reference.by_letter[answer.value].right
    assert [one.text for one in answer.reference.by_letter.values()] != [one.text for one in answer.reference.options]


def test_a_check_travels_with_what_it_needs_and_no_more(fixture_lesson):
    section = fixture_lesson.section("slope")
    text = standalone(section, [section.exercise.checks[1]])
    assert "def complex_step" in text
    assert "STEP = 1e-30" in text
    assert "by_adding" not in text
    assert "expect_raises" not in text
    namespace = {}
    exec(text, namespace)
    assert namespace["agrees_with_complex_step"].hidden


def test_experiments_do_not_run_on_import(fixture_lesson, capsys):
    load_section(fixture_lesson.section("slope").path)
    assert capsys.readouterr().out == ""


def test_cells_are_cut_at_their_markers():
    cells = read_cells("x.py", "# %% [markdown]\n# # Title\n#\n# text\n\n# %%\nx = 1\n\n\n# %% experiment\nprint(x)\n")
    assert [(cell.kind, cell.text, cell.line) for cell in cells] == [
        ("markdown", "# Title\n\ntext", 2),
        ("author", "x = 1", 7),
        ("experiment", "print(x)", 11),
    ]
