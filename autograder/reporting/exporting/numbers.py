"""Points as a learning system's file writes numbers: with its own decimal mark, which the file itself must tell."""

import re

from autograder.source.problems import CourseError

NUMBER = re.compile(r"\d+(?:[.,]\d+)?%?")
FRACTION = re.compile(r"\d+([.,])\d{1,2}")
DIGITS = 4


def number(text):
    """The number that a cell holds, with either decimal mark; None where it holds something else."""
    text = text.strip()
    return float(text.replace(",", ".")) if NUMBER.fullmatch(text) and not text.endswith("%") else None


def decimal_mark(texts, values, delimiter, asked=""):
    """The decimal mark of a file whose score columns hold `texts`, in which `values` are to be written.

    `CourseError` where the file does not tell it and it matters.
    """
    seen = {found[1] for text in texts if (found := FRACTION.fullmatch(text.strip()))}
    if asked or len(seen) == 1:
        return asked or seen.pop()
    if all(float(shown(value)).is_integer() for value in values) or (not seen and delimiter == ","):
        return "."
    said = "has numbers with both" if seen else "shows in no number"
    raise CourseError(f"The file {said} whether decimals have a point or a comma: add --decimal . or --decimal ,")


def shown(value, mark="."):
    """A number as it is written, with at most four digits behind the mark."""
    text = f"{round(value, DIGITS) + 0.0:.{DIGITS}f}".rstrip("0").rstrip(".")
    return text.replace(".", mark)
