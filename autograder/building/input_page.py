"""The page on input coverage: which inputs the checks of each exercise try, and what is excluded, with the reason."""

from collections import Counter

from autograder.authoring.input_coverage import CANNOT, EXCLUDED, GAP, TRIED, UNSAID, coverage
from autograder.authoring.input_features import AXES, AXIS, OPTION
from autograder.authoring.input_words import BY_ROW, BY_RULES
from autograder.source.purity import EVERYTHING, OFF, is_probed

COLUMNS = {
    "axes": AXES,
    "size 1": ("size 1",),
    "square": ("square",),
    "not square": ("not square",),
    "integers": ("integers",),
    "booleans": ("booleans",),
    "float32": ("float32",),
    "list": ("a list",),
    "tiny": ("tiny",),
    "large": ("large",),
    "negative": ("negative",),
    "infinity": ("an infinity",),
    "empty": ("empty",),
    "ties": ("equal values",),
    "0, 1": ("zero", "one"),
    "axis": AXIS,
    "option": OPTION,
}
MARKS = {TRIED: "✓", UNSAID: "✓", GAP: "GAP", CANNOT: "no answer", BY_ROW: "–", BY_RULES: "rules"}
HEAD = """\
<!-- Generated from the statements and checks of autograder/lessons; repair with: course build -->

# Input coverage

What the checks of each exercise have tried, for each argument that the table of its statement names. Of {total}
features of arguments and sizes {tried} are tried, {rows} excluded by the statement's table, {rules} by the rules of all
exercises (floats or integers, nothing empty or infinite, nothing beyond $10^{{100}}$, no integer beyond 1000,
nothing within $10^{{-100}}$ of 0 unless a statement says so), {untried} in a word of the section, below each table. To
{cannot} the reference has no finite answer. Left untried: {gaps}. `course test LESSON/NAME` names each one
that is, with its mend.

| mark | meaning |
|---|---|
| ✓ | tried, wherever the statement allows it; under *axes* the numbers of them |
| – | the table of the statement excludes it: another shape, another sign, other values |
| rules | the rules of all exercises exclude it |
| no answer | the reference raises, or gives no finite number |
| (1) | excluded by the section itself, for the reason with this number |

*axes* counts where the shape is open, *size 1* for each letter of a shape (N, T, K = 1), *square* for two sizes that
agree, *not square* for every pair of letters, *negative* for nothing but negative numbers, *tiny* and *large* for
$10^{{-100}}$ and $10^{{100}}$, *0, 1* for numbers and integers that are no arrays, *option* for an argument that is
left out and one that is given. In *layouts* stand Fortran order, strides and read-only arrays, which the check of
purity tries by itself. Answers that take neither arrays nor numbers have no row.
"""


def input_page(lessons):
    """Return docs/inputs.md: a head with counts, and for each lesson a table and its reasons."""
    found = {section: coverage(section) for lesson in lessons for section in lesson.sections if section.exercise}
    return "\n".join([_head(found), *(_part(lesson, found) for lesson in lessons)])


def _head(found):
    every = [one for some in found.values() for one in some]
    how, reasons = Counter(one.how for one in every), Counter(one.reason for one in every)
    return HEAD.format(
        total=len(every),
        tried=how[TRIED] + how[UNSAID],
        rows=reasons[BY_ROW],
        rules=reasons[BY_RULES],
        untried=how[EXCLUDED] - reasons[BY_ROW] - reasons[BY_RULES],
        cannot=how[CANNOT],
        gaps=how[GAP],
    )


def _part(lesson, found):
    """A lesson's table, and under it the reasons of its sections."""
    columns, reasons, rows = [*COLUMNS, "layouts"], {}, []
    for section in lesson.sections:
        for name in dict.fromkeys(one.answer for one in found.get(section, ())):
            cells = [
                _cell([one for one in found[section] if one.answer == name], column, reasons) for column in COLUMNS
            ]
            rows.append(_row(f"`{name}`", *cells, _layouts(section)))
    told = [f"{number}. {text}" for text, number in reasons.items()]
    head = [f"## {lesson.title.lstrip('# ')}", "", _row("answer", *columns), "|" + "---|" * (len(columns) + 1)]
    return "\n".join([*head, *rows, "", *told, *([""] if told else [])])


def _cell(found, column, reasons):
    """What stands in a cell: a mark, and the numbers of the reasons."""
    mine = [one for one in found if one.wish.feature in COLUMNS[column]]
    own = [one for one in mine if one.how == EXCLUDED and one.reason not in MARKS]
    numbers = dict.fromkeys(str(_number(one, reasons)) for one in own)
    marks = dict.fromkeys(MARKS[one.reason if one.how == EXCLUDED else one.how] for one in mine if one not in own)
    if column == "axes" and "✓" in marks:
        del marks["✓"]
        marks[", ".join(str(AXES.index(one)) for one in AXES if _tried(mine, one))] = None
    told = [mark for mark in marks if mark == "GAP" or mark not in MARKS.values()]
    told += ["✓"] if "✓" in marks else [] if told else list(marks)[:1]
    return " ".join([*told, *(f"({one})" for one in numbers)])


def _tried(found, feature):
    return any(one.wish.feature == feature and one.how in (TRIED, UNSAID) for one in found)


def _number(one, reasons):
    return reasons.setdefault(f"`{one.answer}`, {one.wish.text}: {one.reason}", len(reasons) + 1)


def _layouts(section):
    off = set(getattr(section.module, OFF, ()))
    return "✓" if is_probed(section) and EVERYTHING not in off else "–"


def _row(*cells):
    return f"| {' | '.join(cells)} |"
