"""Fingerprints of checks: what a verdict depends on, so that a changed check is noticed and nothing else is.

A check's own is made of its code, its points, whether it is hidden, and every function of its section and of `helpers`
that it uses, expectations among them. Comments, layout and docstrings do not count. What the lesson gives to all
exercises has one of its own.
"""

import ast
import hashlib
import inspect
import textwrap
from collections import Counter
from dataclasses import dataclass
from functools import cache
from types import FunctionType, MethodType

from autograder.source.cells import names_of
from autograder.source.notebook_cells import lesson_cells
from autograder.source.standalone import free_names

LENGTH = 16


@dataclass(frozen=True)
class Fingerprints:
    """The fingerprints of one lesson: of what it gives, and of each check by (exercise, check)."""

    given: str
    checks: dict[tuple[str, str], str]

    @property
    def digest(self):
        """One fingerprint for all of them."""
        return _hash([self.given, *(f"{name}={text}" for name, text in sorted(self.checks.items()))])


def fingerprints(lesson):
    """Return the `Fingerprints` of a lesson."""
    given = [cell.starter for cell in lesson_cells(lesson) if cell.role in ("setup", "given")]
    given += [f"{name} {one.question.points:g}" for name, one in lesson.questions.items()]  # what a person marks
    checks = {}
    for section in lesson.sections:
        if section.exercise:
            definitions, texts = _definitions(section.full_source), {}  # {name: (code, names that it reads)}
            for check in section.exercise.checks:
                used = _used(check.name, definitions, vars(section.module), texts)
                checks[section.exercise.name, check.name] = _hash([f"{check.points:.9g}", str(check.hidden), *used])
    return Fingerprints(_hash(_normal(text) for text in given), checks)


class OfLessons:
    """The `Fingerprints` of lessons by name, each worked out when it is first asked for."""

    def __init__(self, lessons):
        self._lessons, self._known = lessons, {}

    def of(self, name):
        """Those of one lesson; None where it is none of these."""
        if name not in self._known:
            self._known[name] = fingerprints(self._lessons[name]) if name in self._lessons else None
        return self._known[name]

    def are(self, name, digest):
        """Whether those of one lesson have this digest now."""
        now = self.of(name)
        return now is not None and now.digest == digest


def of_record(record):
    """The `Fingerprints` that a record was made with."""
    pairs = {(one.name, check.name): check.fingerprint for one in record.exercises for check in one.checks}
    return Fingerprints(record.given, pairs)


def changed(old, new):
    """Say what differs between two `Fingerprints`, as a `Counter` of phrases with one each."""
    said = Counter()
    if old.given != new.given:
        said["what the lesson gives"] += 1
    for exercise, check in old.checks.keys() | new.checks.keys():
        if old.checks.get((exercise, check)) != new.checks.get((exercise, check)):
            is_new = (exercise, check) not in old.checks
            said[f"check {check} of {exercise}{' (new)' if is_new else ''}"] += 1
    return said


def _hash(parts):
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def _definitions(source):
    return {name: node for node in ast.parse(source).body for name in names_of(node)}


def _used(name, definitions, namespace, texts):
    """Every definition of the section that a check uses, in a fixed order, and those of `helpers`."""
    seen, waiting, foreign = {}, [name], {}
    while waiting:
        one = waiting.pop()
        node = definitions.get(one)
        if one in seen or node is None:
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            foreign |= _of_helpers(namespace.get(one))
            continue
        if one not in texts:
            texts[one] = _dumped(node), sorted(free_names(node))
        seen[one], names = texts[one]
        waiting += names
    return [*(f"{one}:{seen[one]}" for one in sorted(seen)), *(f"{one}:{foreign[one]}" for one in sorted(foreign))]


@cache
def _source(function):
    return _normal(textwrap.dedent(inspect.getsource(function)))


def _of_helpers(value):
    """The functions of `helpers` behind a value that a section imports from there, by their names."""
    found, waiting = {}, [value]
    while waiting:
        one = waiting.pop()
        one = one.__func__ if isinstance(one, MethodType) else inspect.unwrap(one) if callable(one) else one
        if not isinstance(one, FunctionType) or not one.__module__.startswith("helpers"):
            continue
        name = f"{one.__module__}.{one.__qualname__}"
        if name not in found:
            found[name] = _source(one)
            waiting += [one.__globals__[used] for used in one.__code__.co_names if used in one.__globals__]
    return found


def _normal(text):
    try:
        return _dumped(ast.parse(text))
    except SyntaxError:
        return text


def _dumped(node):
    """A piece of code without its comments, layout and docstrings."""
    node = ast.parse(ast.unparse(node))
    for one in ast.walk(node):
        body = getattr(one, "body", None)
        if isinstance(one, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(one, clean=False) is not None:
            one.body = body[1:] or [ast.Pass()]
    return ast.dump(node)
