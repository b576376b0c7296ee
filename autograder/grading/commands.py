"""The verbs of `course` that grade a class: their options, and what is handed on; the work is imported when needed."""

import os
from pathlib import Path
from typing import Annotated

import typer

from autograder.source.problems import CourseError

app = typer.Typer()
INSTRUCTORS, _ = "For instructors", ""  # a pair, as `verbs` reads them


@app.command(rich_help_panel=INSTRUCTORS)
def init(folder: Annotated[Path, typer.Argument(help="Where course.toml goes.")] = Path(".")):
    """Write a course.toml in which every rule of a course stands with what it means."""
    from autograder.rules.template import init as write

    print(f"Wrote {write(folder)}. Take the # away from what you need.")


@app.command(rich_help_panel=INSTRUCTORS)
def grade(
    paths: Annotated[list[Path], typer.Argument(help="Notebooks, folders or zips that hold some.")],
    out: Annotated[Path, typer.Option(help="Where records, grades and feedback go.")],
    lesson: Annotated[str | None, typer.Option(help="The lesson, where a notebook does not say it.")] = None,
    roster: Annotated[Path | None, typer.Option(help="Who is in the class: a CSV, any system's export.")] = None,
    student: Annotated[str, typer.Option(help="A regular expression that finds the student in a path.")] = "",
    rules: Annotated[Path | None, typer.Option("--course", help="course.toml; else beside the submissions.")] = None,
    attempts: Annotated[str, typer.Option(help="Which of several files counts: last, best or first.")] = "",
    long: Annotated[bool, typer.Option("--long", help="grades.csv with a row for each exercise.")] = False,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Pages without names, the same alias each time.")
    ] = False,
    secret: Annotated[Path | None, typer.Option(help="A file of the course's secret; else kept beside --out.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Grade all, also what is graded already.")] = False,
    isolation: Annotated[str | None, typer.Option(help="strict, standard, none; else the strongest here.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="How many work at once; by default one a core.")] = None,
    scheduler: Annotated[str | None, typer.Option(help="The address of a Dask scheduler to send the work to.")] = None,
    share: Annotated[str, typer.Option(help="Grade this share of the class, as 3/10, on this machine.")] = "",
    take: Annotated[
        list[Path] | None, typer.Option(help="Take over the records of shares: their folders, or the one around them.")
    ] = None,
):
    """Grade notebooks: records.jsonl, grades.csv and a feedback page for each student and lesson."""
    from autograder.grading.one_file import Settings
    from autograder.grading.whole_class import grade_class
    from autograder.remote.tiers import known_tier
    from autograder.rules.choices import Choices
    from autograder.rules.course_file import find_course
    from autograder.rules.keys import ATTEMPTS

    if attempts not in ("", *ATTEMPTS):
        raise CourseError(f"There is no rule of attempts called '{attempts}'; there are {', '.join(ATTEMPTS)}.")
    settings = Settings(lesson=lesson, secret=_secret(secret), isolation=known_tier(isolation))
    files = {"rules": _absolute(rules or find_course(paths)), "roster": _absolute(roster)}
    more = {"student": student, "attempts": attempts, "long": long, "anonymous": anonymous, "lesson": lesson or ""}
    options = {"choices": Choices(**files, **more), "again": again, "workers": workers, "scheduler": scheduler}
    options |= {"share": share, "take": tuple(take or ())}
    raise typer.Exit(grade_class(paths, out, settings=settings, **options))


@app.command(rich_help_panel=INSTRUCTORS)
def regrade(
    student: Annotated[str, typer.Option(help="The student, as in grades.csv.")],
    exercise: Annotated[str, typer.Option(help="The exercise.")],
    out: Annotated[Path, typer.Option(help="The folder of the records.")],
    why: Annotated[str, typer.Option(help="The reason, which every report shows.")] = "",
    points: Annotated[float | None, typer.Option(help="The points that count.")] = None,
    lesson: Annotated[str, typer.Option(help="The lesson, where several have such an exercise.")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take an earlier decision back.")] = False,
):
    """Decide on points by hand, with a reason; it survives every regrading."""
    from autograder.grading.by_hand import decide

    print(decide(out, student=student, lesson=lesson, exercise=exercise, points=points, why=why, withdraw=withdraw))


def _secret(path):
    """The secret in the file that was named, or in the environment; "" to keep one beside the output folder."""
    from autograder.reporting.output_folder import read_secret

    said = os.environ.get("COURSE_SECRET", "")
    return read_secret(path) if path else read_secret(said) if os.path.isfile(said) else said


def _absolute(path):
    return str(Path(path).resolve()) if path else ""
