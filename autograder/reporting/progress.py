"""Progress: a bar with rate and time left on a terminal, a line now and then elsewhere."""

import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

EVERY = 5.0  # seconds between lines where there is no terminal


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
