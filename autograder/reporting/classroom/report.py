"""`course report`: from a folder of records to a page, and its summary in the terminal."""

import math
from dataclasses import replace
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.reporting.classroom.changes import changes, read_state, state_of, write_state
from autograder.reporting.classroom.lesson_report import lesson_report, of_one_version
from autograder.reporting.classroom.page import report_page
from autograder.reporting.classroom.people import fell_behind
from autograder.reporting.classroom.rows import Rows
from autograder.reporting.record_file import replacing
from autograder.source.problems import CourseError

RECORDS, PAGE = "records.jsonl", "report.html"
SHORT = 3  # mistakes that the terminal names of each lesson


def report(folder, lesson=""):
    """Write the report of a folder of records and return (its path, the `LessonReport`s).

    `CourseError` where the folder holds no records, or none that count of this lesson.
    """
    folder = Path(folder)
    if not (folder / RECORDS).is_file():
        raise CourseError(f"{folder} holds no {RECORDS}: name the folder that `course grade --out` wrote.")
    rows = Rows(folder / RECORDS)
    lessons = {name: each for name, each in rows.of_lessons().items() if name.startswith(lesson)}
    if not lessons:
        raise CourseError(f"{folder / RECORDS} holds nothing that was graded{f' of {lesson}' if lesson else ''}.")
    kept = {name: of_one_version(each) for name, each in lessons.items()}
    made = [lesson_report(name, own, rows.examples) for name, (own, _) in kept.items()]
    others = {name: left_out for name, (_, left_out) in kept.items()}
    since, made = _compared(folder, made, kept)
    behind = fell_behind({name: own for name, (own, _) in kept.items()})
    with replacing(folder / PAGE) as file:
        file.write(report_page(made, others, behind, rows.not_graded, since))
    return folder / PAGE, made


def _compared(folder, made, kept):
    """(when the last report was made, the `LessonReport`s with what changed since), which the next report will be."""
    since, before = read_state(folder)
    now = {one.name: state_of(one, kept[one.name][0]) for one in made}
    if any(before.get(name) != state for name, state in now.items()):
        write_state(folder, before | now)
    told = [
        replace(one, changes=changes(before[one.name], now[one.name])) if one.name in before else one for one in made
    ]
    return since, told


def print_report(path, lessons):
    """Print of each lesson its numbers and what cost most, and where the page is."""
    console = Console()
    table = Table(title="What the class did", title_justify="left", box=box.SIMPLE_HEAD)
    for heading in ("lesson", "students", "mean", "of", "alpha", "hardest exercise"):
        table.add_column(heading, justify="left" if heading in ("lesson", "hardest exercise") else "right")
    for one in lessons:
        tried = [line for line in one.exercises if line.not_attempted < 1]
        hardest = min(tried, key=lambda line: line.difficulty, default=None)
        told = f"{hardest.name}, {100 * hardest.difficulty:.0f} %" if hardest else ""
        alpha = "" if math.isnan(one.alpha) else f"{one.alpha:.2f}"
        table.add_row(*map(Text, (one.name, str(len(one.totals)), f"{one.mean:.1f}", f"{one.most:g}", alpha, told)))
    console.print(table)
    for one in lessons:
        for change in one.changes:
            console.print(Text(f"New in {one.name} since the last report: {change}"))
        for mistake in [each for each in one.mistakes if each.is_named][:SHORT]:
            console.print(Text(f"{len(mistake.students)} in {mistake.exercise}: {mistake.sentence}"))
        others = sum(len(each.students) for each in one.mistakes if not each.is_named)
        if others:
            console.print(Text(f"{others} more wrong answers to {one.name} are no mistake that is known by name."))
    console.print(Text(f"\nThe report is {path}."), soft_wrap=True)
