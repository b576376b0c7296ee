"""What a student reads: results as HTML in Jupyter and as plain text elsewhere.

Pure renderers of data. Headings, words and symbols carry the meaning, color only repeats it; all text is escaped.
"""

import textwrap
from dataclasses import dataclass

from helpers.running import COULD_NOT_BE_CHECKED, FAILED, NOT_ATTEMPTED, NOTED, PASSED, TO_BE_MARKED

SYMBOLS = {
    PASSED: "✓",
    FAILED: "✗",
    NOT_ATTEMPTED: "–",
    COULD_NOT_BE_CHECKED: "?",
    NOTED: "…",
    TO_BE_MARKED: "…",
}
COLORS = {
    PASSED: "#1a7f37",
    FAILED: "#b35900",
    NOT_ATTEMPTED: "#6e7781",
    COULD_NOT_BE_CHECKED: "#8250df",
    NOTED: "#0969da",
    TO_BE_MARKED: "#0969da",
}


def symbol_of(outcome):
    """The symbol of an outcome, or of a state on the way to one."""
    return SYMBOLS.get(outcome, SYMBOLS[NOTED])


@dataclass(frozen=True)
class Line:
    """One line of a report: an outcome, a text, and details below it as pairs of heading and text."""

    outcome: str
    text: str
    details: tuple = ()


@dataclass(frozen=True)
class Report:
    """A heading, some lines, and remarks below them; shows itself as HTML or as text."""

    heading: str
    lines: tuple = ()
    remarks: tuple = ()

    def __repr__(self):
        blocks = [self.heading]
        for line in self.lines:
            blocks.append(f"  {symbol_of(line.outcome)} {line.outcome}: {line.text}")
            blocks += [_wrapped(f"{heading}: {text}") for heading, text in line.details]
        return "\n".join([*blocks, *(f"  {remark}" for remark in self.remarks)])

    def _repr_html_(self):
        items = "".join(_html_line(line) for line in self.lines)
        remarks = "".join(f"<p style='margin:.3em 0'>{_escape(remark)}</p>" for remark in self.remarks)
        listing = f"<ul style='list-style:none;padding-left:.3em;margin:.3em 0'>{items}</ul>" if items else ""
        heading = f"<strong>{_escape(self.heading)}</strong>"
        return f"<div style='border-left:3px solid #8c959f;padding:.2em .8em'>{heading}{listing}{remarks}</div>"


def _wrapped(text):
    return textwrap.indent(text, "      ")


def _escape(text):
    import html  # a student waits for what is imported above

    return html.escape(text)


def _html_line(line):
    color = COLORS.get(line.outcome, COLORS[NOTED])
    mark = f"<span style='color:{color}' aria-hidden='true'>{symbol_of(line.outcome)}</span>"
    details = "".join(
        f"<div style='margin-left:1.4em'><em>{_escape(heading)}:</em> {_escape(text)}</div>"
        for heading, text in line.details
    )
    return f"<li style='margin:.25em 0'>{mark} <b>{line.outcome}</b>: {_escape(line.text)}{details}</li>"


def points(number):
    """Write a number of points: 2, 2.5; with the word."""
    return f"{number:g} point" + ("" if number == 1 else "s")
