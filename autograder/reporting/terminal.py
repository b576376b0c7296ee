"""What an instructor or a self-learner reads in the terminal: the table of a class, the verdict on one notebook."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from helpers.report import SYMBOLS

MOST_ROWS, MOST_PROBLEMS = 60, 8


def print_class(index, folder):
    """Print the grades, what went wrong and where the results are; return 1 where something could not be graded."""
    console, shown, told, failed, open_ones = Console(), 0, [], 0, 0
    table = Table(title="Grades", title_justify="left")
    for heading in ("student", "lesson", "points", "state", "file"):
        table.add_column(heading, justify="right" if heading == "points" else "left")
    for record, files in index.best():
        failed += not record.is_graded
        open_ones += record.is_unconfined
        if shown < MOST_ROWS:
            table.add_row(*(Text(value) for value in _row(record, files)))
            shown += 1
        if record.problems and len(told) < MOST_ROWS:
            told.append((record.student, record.file, record.problems))
    console.print(table)
    if len(index) > shown:
        console.print(Text(f"{len(index) - shown} more are in grades.csv."))
    _print_problems(console, told)
    if failed:
        console.print(Text(f"\n{failed} of {len(index)} could not be graded."), style="bold")
    if open_ones:
        console.print(Text(f"\n{open_ones} of {len(index)} grades were made without isolation."), style="bold")
    console.print(Text(f"\nRecords, grades.csv and feedback/ are in {folder}"), soft_wrap=True)
    return 1 if failed else 0


def _row(record, files):
    points = f"{record.points:g} of {record.max_points:g}"
    state = record.status + (f", best of {files} files" if files > 1 else "")
    return record.student, record.lesson, points, state, record.file


def _print_problems(console, told):
    if told:
        console.print(Text("\nWhat went wrong on the way"), style="bold")
    for student, file, problems in told:
        console.print(Text(f"{student} ({file})"))
        for problem in problems[:MOST_PROBLEMS]:
            console.print(Text(f"  {problem}"), soft_wrap=True)
        if len(problems) > MOST_PROBLEMS:
            console.print(Text(f"  and {len(problems) - MOST_PROBLEMS} more, in its record"))


def print_verdict(record):
    """Print everything about one record: for a self-learner, hidden checks are no secret."""
    console = Console()
    if record.is_unconfined:
        console.print(Text("This grade was made without isolation."))
    for problem in record.problems:
        console.print(Text(problem), soft_wrap=True)
    for exercise in record.exercises:
        head = f"{exercise.name}: {exercise.outcome}, {exercise.points:g} of {exercise.max_points:g}"
        console.print(Text(head, style="bold"))
        if exercise.diagnosis:
            console.print(Text(f"  Likely cause: {exercise.diagnosis}"), soft_wrap=True)
        if exercise.outcome not in ("passed", "not attempted"):
            for check in exercise.checks:
                _print_check(console, check)
    console.print(Text(f"{record.points:g} of {record.max_points:g} points", style="bold"))


def _print_check(console, check):
    console.print(Text(f"  {SYMBOLS[check.outcome]} {check.outcome}: {check.sentence}"), soft_wrap=True)
    if check.details and check.outcome != "passed":
        console.print(Text(f"      {check.details}"), soft_wrap=True)
