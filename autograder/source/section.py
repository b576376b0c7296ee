"""A section: one source file, which holds prose or one exercise; and its exercise, ready to be run.

This file loads a source and tells its author what is wrong with it. What must be true of it is in `audit`.
"""

import ast
import difflib
import linecache
import re
import types
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from autograder.source.cells import names_defined, names_of, read_cells, solution, starter
from autograder.source.choices import choice_source, choice_wrong_answers
from autograder.source.exercise import Answer, Exercise
from autograder.source.marked import question_of
from autograder.source.problems import AuthorError
from autograder.source.purity import is_probed, purity_of, purity_points
from helpers.checking import Check, Choice, Question, RightAnswer, WrongAnswer, is_pure

STEM = re.compile(r"\d+_(?P<name>[a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Section:
    """One source file: its cells, the module that it is, and its exercise, if it holds one.

    `full_source` is the file's text, and behind it the checks that its multiple-choice answers bring along.
    """

    path: Path
    full_source: str
    cells: tuple
    module: types.ModuleType

    @property
    def name(self):
        return STEM.fullmatch(self.path.stem)["name"]

    @property
    def covers(self):
        return tuple(getattr(self.module, "COVERS", ()))

    @property
    def title(self):
        headings = (re.search(r"^#+ (.+)$", cell.text, re.M) for cell in self.cells if cell.kind == "markdown")
        return next((heading[1] for heading in headings if heading), self.name)

    @cached_property
    def nodes(self):
        """The statements of the section by the names that they define; not to be changed."""
        return {name: node for node in ast.parse(self.full_source).body for name in names_of(node)}

    @cached_property
    def exercise(self):
        answers = tuple(self._answers())
        if not answers:
            return None
        return Exercise(
            name=self.name,
            title=self.title,
            path=self.path,
            answers=answers,
            checks=self._checks,
            hints=tuple(getattr(self.module, "HINTS", ())),
            right_answers=self._all(RightAnswer),
            wrong_answers=self._wrong_answers(answers),
            kernels=tuple(getattr(self.module, "KERNELS", ())),
        )

    @cached_property
    def question(self):
        """The `Question` that a person marks, of a section with a cell `# %% why`; else None."""
        return question_of(self, list(self._all(Question).values()))

    def _all(self, kind):
        return {name: value for name, value in vars(self.module).items() if isinstance(value, kind)}

    @property
    def _own(self):
        """Checks that the section or its generated code defines, the placeholder of `checking` aside."""
        return {name: check for name, check in self._all(Check).items() if check is not is_pure}

    def _answers(self):
        for cell in self.cells:
            if cell.kind == "answer":
                for name in names_defined(solution(self.path, cell) if not is_choice(cell) else cell.text):
                    yield Answer(name, getattr(self.module, name), cell)

    @cached_property
    def _checks(self):
        return tuple(self._own.values())

    def _wrong_answers(self, answers):
        """The declared ones, and every wrong option of a multiple choice."""
        declared = self._all(WrongAnswer)
        for answer in answers:
            if answer.is_choice:
                declared |= choice_wrong_answers(answer.name, answer.reference, self._checks)
        return declared


def is_choice(cell):
    """Whether an answer cell holds a multiple choice, which has no solution marks."""
    return re.search(r"^\w+ = choice\(", cell.text, re.M) is not None


def load_section(path):
    """Read, import and return the section at `path`; every fault of the source is an `AuthorError`."""
    path = Path(path)
    if not STEM.fullmatch(path.stem):
        raise AuthorError(
            path, 0, f"'{path.name}' is not a section's name", "Write NUMBER_name.py, as in 10_softmax.py"
        )
    source = path.read_text(encoding="utf-8")
    cells, tree = read_cells(path, source), _parse(path, source)
    _reject_duplicates(path, tree)
    for cell in cells:
        if cell.kind == "answer" and not is_choice(cell):
            starter(path, cell)
    module = _import(path, tree, cells)
    source += _add_checks(path, source, module, _choice_checks(module))
    section = Section(path, source, cells, module)
    return replace(section, full_source=source + _add_checks(path, source, module, _purity_check(section)))


def _reject_duplicates(path, tree):
    seen = {}
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            if node.name in seen:
                fault = f"'{node.name}' is defined here and in line {seen[node.name]}"
                raise AuthorError(path, node.lineno, fault, "Rename one of the two")
            seen[node.name] = node.lineno


def _parse(path, source):
    try:
        return ast.parse(source, str(path))
    except SyntaxError as error:
        raise AuthorError(path, error.lineno, f"this is not Python ({error.msg})", "Mend the syntax") from None


def _import(path, tree, cells):
    """Run imports, definitions and assignments; experiments run in the notebook only."""
    left_out = [range(one.line, one.line + len(one.text.splitlines())) for one in cells if one.kind == "experiment"]
    body = [node for node in tree.body if not any(node.lineno in lines for lines in left_out)]
    module = types.ModuleType(f"section_{path.stem}")
    module.__file__ = str(path)
    linecache.checkcache(str(path))
    try:
        exec(compile(ast.Module(body, tree.type_ignores), str(path), "exec"), vars(module))
    except Exception as error:
        raise _author_error(path, error, vars(module)) from error
    return module


def _choice_checks(module):
    """The source of the checks of multiple-choice answers."""
    choices = {name: value for name, value in vars(module).items() if isinstance(value, Choice)}
    return "".join(choice_source(name, choice) for name, choice in choices.items())


def _purity_check(section):
    """The source of the check that the functions of an exercise are pure; "" where it has none."""
    exercise = section.exercise
    if not exercise or not exercise.checks or not is_probed(section):
        return ""
    return purity_of(section, exercise.checks, points=purity_points(exercise.checks), hidden=True)


def _add_checks(path, source, module, text):
    """Run generated checks in the module and return their source."""
    # Line numbers go on behind the file, so that a check's source can be found in `full_source`.
    padded = "\n" * source.count("\n") + text
    if text:
        exec(compile(padded, str(path), "exec"), vars(module))
    return text


def _author_error(path, error, namespace):
    line, traceback = 0, error.__traceback__
    while traceback:
        line = traceback.tb_lineno if traceback.tb_frame.f_code.co_filename == str(path) else line
        traceback = traceback.tb_next
    if isinstance(error, NameError) and error.name:
        near = difflib.get_close_matches(error.name, namespace, 1)
        mend = f"Did you mean '{near[0]}'" if near else "Define or import it above this line"
        return AuthorError(path, line, f"'{error.name}' is not defined, as a check or otherwise", mend)
    return AuthorError(path, line, f"importing the section raised {type(error).__name__}: {error}", "Mend that line")
