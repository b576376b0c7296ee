"""Fill the scores of a class into one column of a learning system's own file; all else in it stays, byte for byte."""

import re
from dataclasses import dataclass

from autograder.reporting.closing import WAITING, Point
from autograder.reporting.exporting.forms import Form, full_points, people_of, score_columns
from autograder.reporting.exporting.numbers import decimal_mark, number, shown
from autograder.reporting.exporting.pairing import Pairs, paired
from autograder.reporting.exporting.scores import TOTAL
from autograder.reporting.exporting.table import Table
from autograder.reporting.grades import safe
from autograder.rules.identity.roster import Person
from autograder.rules.identity.spelling import mention
from autograder.source.problems import CourseError


@dataclass(frozen=True)
class Wanted:
    """What is asked of a filling: the lesson, a column by its title, whether to convert points, the decimal mark."""

    lesson: str = TOTAL
    column: str = ""
    scale: bool | None = None
    decimal: str = ""


@dataclass(frozen=True)
class Filled:
    """A file filled in: its text, what is to be said of it, and who of its people each student is."""

    text: str
    told: str
    points: tuple[Point, ...]
    people: dict[str, Person]


def fill(form: Form, table: Table, scores, wanted: Wanted, roster=None):
    """Return the `Filled` table; `CourseError` where column, points or decimals are in doubt."""
    column = _column(form, table, wanted)
    people = people_of(form, table)
    if not people:
        raise CourseError(f"{table.name} names nobody: it has no rows, or no column of ids, names or addresses.")
    pairs = paired(people, scores, system=form.system, lesson=wanted.lesson, roster=roster)
    factor = _factor(form, table, column, pairs, wanted)
    values = {row: one.points * factor for row, one in pairs.found.items() if one.points is not None}
    kept = [row for row in values if not _may_be_written(form, table, row, column)]
    values = {row: value for row, value in values.items() if row not in kept}
    cells, changed = _cells(form, table, column, values, wanted.decimal)
    told = f'{len(values)} of {len(people)} people in {table.name} have their points in "{table.header[column]}"'
    scaled = f", {shown(factor)} times what they earned" if factor != 1 else ""
    points = _points(table, column, people, pairs, kept, changed)
    known = {score.student: people[row] for row, score in pairs.found.items()}
    return Filled(table.replaced(cells), told + scaled + ".", points, known)


def _column(form, table, wanted):
    """The one column to fill: the one that is asked for, else the only one that may be, or that names the lesson."""
    header, known = table.header, score_columns(form, table)
    if wanted.column:
        found = [place for place in known if wanted.column.strip() in (header[place], _bare(header[place]))]
        # A header in a language that we do not know is taken at the instructor's word.
        found = found or [
            place for place in range(1, len(header)) if form.identifier and header[place] == wanted.column
        ]
    else:
        lesson = () if wanted.lesson == TOTAL else (wanted.lesson,)
        found = [place for place in known if mention(lesson).search(header[place])]
        found = found or (known if len(known) == 1 else [])
    if len(found) == 1:
        return found[0]
    titles = ", ".join(f'"{header[place]}"' for place in known) or "none that we know"
    problem = f'no single column "{wanted.column}"' if wanted.column else "no single column that is clearly meant"
    raise CourseError(f"{table.name} has {problem}. Name one with --column; columns of scores are: {titles}.")


def _bare(title):
    """A column's title as the instructor gave it, without what the system put behind it."""
    return re.sub(r" (?:\(\d+\)|\[[^\]]*\] ?\|.*|points grade.*)$", "", title, flags=re.I)


def _factor(form, table, column, pairs, wanted):
    """What points are multiplied with: 1, or, with --scale, what makes ours the system's full points."""
    theirs, ours = full_points(form, table, column), max((one.max_points for one in pairs.found.values()), default=0)
    if wanted.scale is False or theirs is None or not ours or abs(theirs - ours) < 1e-6:
        if wanted.scale and theirs is None:
            raise CourseError(f"{table.name} does not say how many points the column has, so --scale cannot be done.")
        return 1
    if wanted.scale is None:
        raise CourseError(
            f'"{table.header[column]}" has {shown(theirs)} points, and here there are {shown(ours)}. '
            "Add --scale to convert, or --as-is to write points as they are."
        )
    return theirs / ours


def _may_be_written(form, table, row, column):
    """Whether a cell is empty or holds a number: EX, letters and words are a person's."""
    if column >= len(table.rows[row]):
        raise CourseError(f"{table.name}:{table.line(row)}: this row has fewer cells than the header. Export it anew.")
    value = table.rows[row][column].value.strip()
    return value.casefold() in form.empty or number(value) is not None


def _cells(form, table, column, values, asked):
    """({cell: text} for every cell that changes, {row: (old, new)} of numbers that do)."""
    columns = {column, *score_columns(form, table)}
    texts = [row[place].value for row in table.rows[1:] for place in columns if place < len(row)]
    mark = decimal_mark(texts, values.values(), table.delimiter, asked)
    cells, changed = {}, {}
    for row, value in values.items():
        old, new = table.rows[row][column].value.strip(), shown(value, mark)
        if number(old) is None or abs(number(old) - number(new)) > 1e-9:
            cells[row, column] = new
            if number(old) is not None:
                changed[row] = old, new
    return cells, changed


def _points(table, column, people, pairs: Pairs, kept, changed):
    """What is to be told, by name."""
    broken = [str(one) for one in pairs.found.values() if one.points is None]
    found = (
        Point("in the file and not in the grades", pairs.missing),
        Point("in the grades and not in the file", pairs.strangers),
        Point("left alone, because it cannot be told who is who", pairs.unclear),
        Point("left alone, because a notebook could not be graded", tuple(broken)),
        Point("kept as it was", tuple(f"{people[row]}: {table.rows[row][column].value}" for row in kept), False),
        Point(
            "other points than before",
            tuple(f"{people[row]}: {old} -> {new}" for row, (old, new) in changed.items()),
            False,
        ),
        Point(WAITING, tuple(str(one) for one in pairs.found.values() if one.to_mark), False),
        Point("cells that a spreadsheet takes for formulas", tuple(_formulas(table)), False),
    )
    return tuple(one for one in found if one.items)


def _formulas(table):
    for number_, row in enumerate(table.rows, 1):
        for cell in row:
            if safe(cell.value) != cell.value and len(cell.value) > 1 and number(cell.value[1:]) is None:
                yield f"row {number_}: {cell.value[:40]}"
