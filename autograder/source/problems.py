"""The faults that are told to people: each is one sentence that says what is wrong, where, and what to do."""

import importlib.util


class CourseError(Exception):
    """Something that a person can mend; the command line prints it without a traceback."""


class AuthorError(CourseError):
    """A fault in a lesson's source: file, line, fault and mend in one sentence."""

    def __init__(self, path, line, fault, mend):
        place = f"{path}:{line}" if line else str(path)
        super().__init__(f"{place}: {fault}. {mend}.")
        self.path, self.line = path, line


def require(module, extra):
    """Refuse with a sentence where a package that an extra of pyproject.toml brings is missing."""
    if importlib.util.find_spec(module) is None:
        mend = f"python3 course.py installs what a verb needs; so does: pip install 'deep-learning-by-hand[{extra}]'"
        raise CourseError(f"{module} is not installed here. {mend}")
