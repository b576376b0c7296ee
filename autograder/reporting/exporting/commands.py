"""The verb of `course` that hands grades on: its options; the work is imported when needed."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
INSTRUCTORS, _ = "For instructors", ""  # a pair, as `verbs` reads them


@app.command(rich_help_panel=INSTRUCTORS)
def export(
    out: Annotated[Path, typer.Argument(help="The folder that course grade wrote.")],
    to: Annotated[str, typer.Option(help="canvas, moodle, blackboard, brightspace, nbgrader, csv or json.")],
    fill: Annotated[Path | None, typer.Option(help="The system's own file of grades; nbgrader's gradebook.db.")] = None,
    lesson: Annotated[str, typer.Option(help="The lesson, or total; needed where there are several.")] = "",
    column: Annotated[
        str, typer.Option(help="The column to fill, or nbgrader's assignment, where it does not name the lesson.")
    ] = "",
    scale: Annotated[
        bool | None, typer.Option("--scale/--as-is", help="Where full points differ: convert, or not.")
    ] = None,
    decimal: Annotated[str, typer.Option(help="The decimal mark, . or , where the file does not show it.")] = "",
    write: Annotated[Path | None, typer.Option(help="Where the result goes; else OUT/export/SYSTEM/.")] = None,
):
    """Fill the grades into a learning system's own file, or write plain tables."""
    from autograder.reporting.exporting.exports import Asked, export
    from autograder.reporting.exporting.filling import Wanted
    from autograder.source.problems import CourseError

    if decimal not in ("", ".", ","):
        raise CourseError(f"--decimal is . or , and not '{decimal}'.")
    lines, is_open = export(out, Asked(to, fill, write, Wanted(lesson, column, scale, decimal)))
    print("\n".join(lines))
    raise typer.Exit(1 if is_open else 0)
