"""What a check says when it fails: observed, expected, next step.

This file knows how a finding is worded. It does not compare anything; `expectations` does.
"""

from helpers.language import said

UNEXPECTED = said("The result is not what was expected.")


class Feedback(Exception):
    """A check's finding: the answer is wrong, in words for the student.

    `summary` says what kind of thing is wrong and holds no value, so that it may be shown for a hidden check;
    `observed` and `expected` hold the values, `next_step` says what to look at.
    """

    def __init__(self, observed, expected="", next_step="", *, summary=UNEXPECTED):
        super().__init__(observed, expected, next_step, summary)
        self.observed, self.expected, self.next_step, self.summary = observed, expected, next_step, summary

    def __str__(self):
        return "\n".join(line for _, line in self.parts)

    @property
    def parts(self):
        """The non-empty parts, as pairs of a heading and a text."""
        named = [
            (said("observed"), self.observed),
            (said("expected"), self.expected),
            (said("next step"), self.next_step),
        ]
        return [(heading, text) for heading, text in named if text]
