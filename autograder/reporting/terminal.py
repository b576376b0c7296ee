"""What an instructor or a self-learner reads in the terminal: the table of a class, the verdict on one notebook."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.reporting.records import status

MOST_ROWS, MOST_PROBLEMS = 60, 8


def print_class(index, folder):
    """Print the grades, what went wrong and where the results are; return 1 where something could not be graded."""
    console, shown, told, failed, open_ones = Console(), 0, [], 0, 0
    table = Table(title="Grades", title_justify="left")
    for heading in ("student", "lesson", "points", "state", "file"):
        table.add_column(heading, justify="right" if heading == "points" else "left")
    for data, files in index.best():
        failed += status(data) == "could not be graded"
        open_ones += data["isolation"] == ["none"]
        if shown < MOST_ROWS:
            table.add_row(*(Text(value) for value in _row(data, files)))
            shown += 1
        if data["problems"] and len(told) < MOST_ROWS:
            told.append((data["student"], data["file"], data["problems"]))
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


def _row(data, files):
    points = f"{data['points']:g} of {data['max_points']:g}"
    state = status(data) + (f", best of {files} files" if files > 1 else "")
    return data["student"], data["lesson"], points, state, data["file"]


def _print_problems(console, told):
    if told:
        console.print(Text("\nWhat went wrong on the way"), style="bold")
    for student, file, problems in told:
        console.print(Text(f"{student} ({file})"))
        for problem in problems[:MOST_PROBLEMS]:
            console.print(Text(f"  {problem}"), soft_wrap=True)
        if len(problems) > MOST_PROBLEMS:
            console.print(Text(f"  and {len(problems) - MOST_PROBLEMS} more, in its record"))


def warn_of_hidden_helpers(folder):
    """Say so where a file of the student's own hides the package that the notebooks beside it import."""
    own = folder / "helpers.py"
    if own.exists():
        print(
            f"{own} hides the course's own package helpers from the notebooks beside it. Rename it, or put its "
            "functions into a cell: what is graded is the notebook alone."
        )
