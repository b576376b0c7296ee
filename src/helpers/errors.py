"""Errors for students: a sentence, and in a notebook nothing but the sentence."""


class StudentError(ValueError):
    """Something that the student can mend; the message says what and how.

    Where IPython shows it, the lines of this package that raised it are left out.
    """

    def _render_traceback_(self):
        return [str(self)]
