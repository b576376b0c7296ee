"""What an instructor or a self-learner reads in the terminal: the table of a class, the verdict on one notebook."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.records import best, status
from helpers.report import SYMBOLS


def print_class(records, out):
    """Print the table of a class, what went wrong in plain words, and where the results are."""
    console = Console()
    table = Table(title="Grades", title_justify="left")
    for heading, justify in (
        ("student", "left"),
        ("lesson", "left"),
        ("points", "right"),
        ("state", "left"),
        ("file", "left"),
    ):
        table.add_column(heading, justify=justify)
    for data, files in sorted(best(records), key=lambda pair: (pair[0]["lesson"], pair[0]["student"])):
        points = f"{data['points']:g} of {data['max_points']:g}"
        state = status(data) + (f", best of {files} files" if files > 1 else "")
        table.add_row(*(Text(value) for value in (data["student"], data["lesson"], points, state, data["file"])))
    console.print(table)
    troubled = [data for data in records if data["problems"]]
    if troubled:
        console.print(Text("\nWhat went wrong on the way"), style="bold")
    for data in troubled:
        console.print(Text(f"{data['student']} ({data['file']})"))
        for problem in data["problems"]:
            console.print(Text(f"  {problem}"), soft_wrap=True)
    console.print(Text(f"\nRecords, grades.csv and feedback/ are in {out}"))


def print_verdict(data):
    """Print everything about one record: for a self-learner, hidden checks are no secret."""
    console = Console()
    for problem in data["problems"]:
        console.print(Text(problem), soft_wrap=True)
    for exercise in data["exercises"]:
        head = f"{exercise['name']}: {exercise['outcome']}, {exercise['points']:g} of {exercise['max_points']:g}"
        console.print(Text(head, style="bold"))
        if exercise["diagnosis"]:
            console.print(Text(f"  Likely cause: {exercise['diagnosis']}"), soft_wrap=True)
        if exercise["outcome"] not in ("passed", "not attempted"):
            for check in exercise["checks"]:
                _print_check(console, check)
    console.print(Text(f"{data['points']:g} of {data['max_points']:g} points", style="bold"))


def _print_check(console, check):
    console.print(Text(f"  {SYMBOLS[check['outcome']]} {check['outcome']}: {check['sentence']}"), soft_wrap=True)
    if check["details"] and check["outcome"] != "passed":
        console.print(Text(f"      {check['details']}"), soft_wrap=True)
