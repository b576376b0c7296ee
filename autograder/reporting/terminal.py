"""What an instructor or a self-learner reads in the terminal: progress, grades of a class, the verdict on a notebook.

A terminal that knows ASCII or one of Windows' alphabets only gets what it can show.
"""

import sys
import time

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from autograder.reporting.grades import remark
from helpers.report import symbol_of

MOST_ROWS, MOST_PROBLEMS = 60, 8
EVERY = 5.0  # seconds between lines of progress where there is no terminal
PLAIN = {"✓": "+", "✗": "x", "–": "-", "…": "..."}


def _shows(text):
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def symbol(outcome):
    """The symbol of an outcome, in what this terminal can show."""
    shown = symbol_of(outcome)
    return shown if _shows(shown) else PLAIN.get(shown, "?")


def print_class(index, folder):
    """Print the grades, what went wrong and where the results are."""
    console, entries = Console(), index.counting()
    table = Table(title="Grades", title_justify="left", box=box.HEAVY_HEAD if _shows("━┃│") else box.ASCII)
    for heading in ("student", "lesson", "points", "state", "file"):
        table.add_column(heading, justify="right" if heading == "points" else "left")
    for one in entries[:MOST_ROWS]:
        table.add_row(*map(Text, _row(one)))
    console.print(table)
    if len(entries) > MOST_ROWS:
        console.print(Text(f"{len(entries) - MOST_ROWS} more are in grades.csv."))
    _print_problems(console, index, entries)
    failed, unconfined = sum(not one.is_graded for one in entries), sum(one.is_unconfined for one in entries)
    if failed:
        console.print(Text(f"\n{failed} of {len(entries)} could not be graded."), style="bold")
    if unconfined:
        console.print(Text(f"\n{unconfined} of {len(entries)} grades were made without isolation."), style="bold")
    console.print(Text(f"\nRecords, grades.csv and feedback/ are in {folder}"), soft_wrap=True)


def _row(one):
    shown = f"{one.student} ({one.whose.name})" if one.whose.name not in ("", one.student) else one.student
    points = f"{one.points:g} of {one.max_points:g}"
    return shown, one.lesson, points, remark(one) or "graded", one.file


def _print_problems(console, index, entries):
    troubled = [one for one in entries if one.has_problems][:MOST_ROWS]
    if troubled:
        console.print(Text("\nWhat went wrong on the way"), style="bold")
    for record in index.records(troubled):
        console.print(Text(f"{record.student} ({record.file})"))
        for problem in record.problems[:MOST_PROBLEMS]:
            console.print(Text(f"  {problem}"), soft_wrap=True)
        if len(record.problems) > MOST_PROBLEMS:
            console.print(Text(f"  and {len(record.problems) - MOST_PROBLEMS} more, in its record"))


def print_closing(head, points):
    """Print the closing block; return whether anything in it waits for a person."""
    console = Console()
    console.print(Text(f"\n{head}"), style="bold", soft_wrap=True)
    for point in points:
        console.print(Text(f"  {point}"), soft_wrap=True)
    waits = any(point.is_open for point in points)
    if points:
        console.print(Text("Every file, and whose it is: matching.csv."))
    return waits


def print_changes(changes):
    """Print whose points moved, from what to what, and why: each reason once, above those whom it concerns."""
    if not changes:
        return
    console = Console()
    console.print(Text(f"\nPoints moved ({len(changes)})"), style="bold")
    shown = changes[:MOST_ROWS]
    for why in dict.fromkeys(one.why for one in shown):
        console.print(Text(f"  {why}"), soft_wrap=True)
        for one in (one for one in shown if one.why == why):
            old, new = one.old or "none", one.new or "none"
            console.print(Text(f"    {one.student} {one.lesson}: {old} -> {new}"), soft_wrap=True)
    more = (
        f"{len(changes) - MOST_ROWS} more, and those before, are"
        if len(changes) > MOST_ROWS
        else "These and those before are"
    )
    console.print(Text(f"{more} in changes.csv."))


class Rate(ProgressColumn):
    """Submissions a second, so far."""

    def render(self, task):
        """Return the rate as text."""
        return Text(f"{task.completed / task.elapsed:.1f} a second" if task.elapsed and task.completed else "")


def with_progress(records, total):
    """Yield the records and show how far they are."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield from _with_lines(records, total)
        return
    columns = TextColumn("Grading"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Grading", total=total)
        for data in records:
            yield data
            progress.advance(task)


def _with_lines(records, total):
    started = said = time.monotonic()
    for number, data in enumerate(records, 1):
        yield data
        now = time.monotonic()
        if number == total or now - said >= EVERY:
            print(f"graded {number} of {total}, {number / max(now - started, 1e-9):.1f} a second", flush=True)
            said = now


def warn_of_hidden_helpers(folder):
    """Say so where a file of the student's own hides the package that the notebooks beside it import."""
    own = folder / "helpers.py"
    if own.exists():
        print(
            f"{own} hides the course's own package helpers from the notebooks beside it. Rename it, or put its "
            "functions into a cell: what is graded is the notebook alone."
        )
