"""What a student reads: results as HTML in Jupyter and as plain text elsewhere.

Pure renderers of data. Headings, words and symbols carry the meaning, color only repeats it; all text is escaped.
"""

import textwrap
from dataclasses import dataclass, replace

from helpers.language import ENGLISH, counted, in_html, in_language, is_right_to_left, of_lesson, said
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

HIDDEN = said("(hidden check)")


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
class CheckLine(Line):
    """The line of a check: its text is the sentence of a section, which is looked up in the lesson's own catalog."""

    is_hidden: bool = False


@dataclass(frozen=True)
class Report:
    """A heading, some lines, and remarks below them; shows itself as HTML or as text, in the language that it is in."""

    heading: str
    lines: tuple = ()
    remarks: tuple = ()
    language: str = ENGLISH

    def __repr__(self):
        blocks = [self.heading]
        for line in self.lines:
            blocks.append(f"  {symbol_of(line.outcome)} {self._said(line.outcome)}: {self._text_of(line)}")
            blocks += [_wrapped(f"{heading}: {text}") for heading, text in line.details]
        return "\n".join([*blocks, *(f"  {remark}" for remark in self.remarks)])

    def _repr_html_(self):
        items = "".join(self._html_line(line) for line in self.lines)
        remarks = "".join(f"<p style='margin:.3em 0;text-align:start'>{_escape(remark)}</p>" for remark in self.remarks)
        listing = f"<ul style='list-style:none;padding-{self._side}:.3em;margin:.3em 0'>{items}</ul>" if items else ""
        heading = f"<strong>{_escape(self.heading)}</strong>"
        return f"<div{self._direction}>{heading}{listing}{remarks}</div>"

    @property
    def _direction(self):
        if is_right_to_left(self.language):
            style = "border-right:3px solid #8c959f;padding:.2em .8em;text-align:right"
            return f" dir='rtl' lang='{self.language}' style='{style}'"
        lang = f" lang='{self.language}'" if self.language != ENGLISH else ""
        return f"{lang} style='border-left:3px solid #8c959f;padding:.2em .8em'"

    @property
    def _side(self):
        """Where a line begins."""
        return "right" if is_right_to_left(self.language) else "left"

    def _said(self, word):
        return in_language(word, self.language)

    def _text_of(self, line):
        is_hidden = isinstance(line, CheckLine) and line.is_hidden
        return f"{line.text} {self._said(HIDDEN)}" if is_hidden else line.text

    def _html_line(self, line):
        color = COLORS.get(line.outcome, COLORS[NOTED])
        mark = f"<span style='color:{color}' aria-hidden='true'>{symbol_of(line.outcome)}</span>"
        details = "".join(
            f"<div style='margin-{self._side}:1.4em'><em>{_escape(heading)}:</em> {_escape(text)}</div>"
            for heading, text in line.details
        )
        told = f"<b>{_escape(self._said(line.outcome))}</b>: {_escape(self._text_of(line))}"
        return f"<li style='margin:.25em 0'>{mark} {told}{details}</li>"

    def told_in(self, language, lesson=""):
        """The report in a language: what we say by our catalog, what the lesson says by the lesson's."""
        if language == ENGLISH:
            return self
        lines = tuple(_line_in(line, language, lesson) for line in self.lines)
        remarks = tuple(in_language(one, language, lesson) for one in self.remarks)
        return Report(in_language(self.heading, language, lesson), lines, remarks, language)


def _line_in(line, language, lesson):
    is_lessons = isinstance(line, CheckLine)
    text = of_lesson(lesson, line.text, language) if is_lessons else in_language(line.text, language, lesson)
    details = tuple((in_language(one, language), in_language(told, language, lesson)) for one, told in line.details)
    return replace(line, text=text, details=details)


def _wrapped(text):
    return textwrap.indent(text, "      ")


def _escape(text):
    import html  # a student waits for what is imported above

    return in_html(html.escape(text))


def points(number):
    """Write a number of points: 2, 2.5; with the word."""
    return counted("{number} point", "{number} points", number).format(number=f"{number:g}")
