"""The verb of `course` that tells what a class did."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
INSTRUCTORS, _ = "For instructors", ""  # a pair, as `verbs` reads them


@app.command(rich_help_panel=INSTRUCTORS)
def report(
    out: Annotated[Path, typer.Argument(help="The folder of the records, as `grade --out` wrote it.")],
    lesson: Annotated[str, typer.Option(help="One lesson, by name or number; else all.")] = "",
):
    """Tell what the class did: the commonest mistakes, how hard each exercise was, whom to talk to."""
    from autograder.reporting.classroom import report as reports

    reports.print_report(*reports.report(out, lesson))
