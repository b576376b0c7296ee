"""The verb of `course` that serves answers to people who mark them."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
INSTRUCTORS, _ = "For instructors", ""  # a pair, as `verbs` reads them


@app.command(rich_help_panel=INSTRUCTORS)
def mark(
    out: Annotated[Path, typer.Argument(help="The folder of the records, as `grade --out` wrote it.")],
    exercise: Annotated[str, typer.Option(help="One question; else all.")] = "",
    name: Annotated[str, typer.Option(help="Who marks, for other markers to read; else your login name.")] = "",
    port: Annotated[int, typer.Option(help="The port of the page; else a free one.")] = 0,
    opens: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
):
    """Mark what only people can: a page on this machine, one answer at a time, without names."""
    from autograder.reporting.marking.marking import mark as serve

    serve(out, exercise=exercise, name=name, port=port, opens=opens)
