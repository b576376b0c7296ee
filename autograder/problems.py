"""The faults that are told to people: each is one sentence that says what is wrong, where, and what to do."""


class CourseError(Exception):
    """Something that a person can mend; the command line prints it without a traceback."""


class AuthorError(CourseError):
    """A fault in a lesson's source: file, line, fault and mend in one sentence."""

    def __init__(self, path, line, fault, mend):
        place = f"{path}:{line}" if line else str(path)
        super().__init__(f"{place}: {fault}. {mend}.")
        self.path, self.line = path, line
