"""The `course` command: every verb, what it takes, and how it ends. The work is done elsewhere, imported when needed.

Exit codes: 0 done, 1 something could not be graded or a gate failed (and it is said which), 2 wrong usage.
"""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli import site as pages
from autograder.cli import verbs, wording
from autograder.grading import commands as grading
from autograder.reporting.classroom import commands as classroom
from autograder.reporting.exporting import commands as exporting
from autograder.reporting.marking import commands as marking
from autograder.source.problems import CourseError, require
from autograder.studying import commands as studying

app = typer.Typer(rich_markup_mode="rich", pretty_exceptions_enable=False)
PROJECT = Path(__file__).parents[2]
INSTRUCTORS, AUTHORS = "For instructors", "For authors"


@app.callback(invoke_without_command=True)
def course(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Tell the version and go.")] = False,
):
    """Deep Learning by Hand: work the notebooks, grade a class, write lessons."""
    if version:
        print(f"course {verbs.version()}")
    elif context.invoked_subcommand is None:
        print(context.get_help() + verbs.without_checkout())
    elif not verbs.is_checkout() and verbs.verbs()[context.invoked_subcommand].needs_checkout:
        raise CourseError(
            f"'{context.invoked_subcommand}' works in a checkout of the course only.{verbs.without_checkout()}"
        )


# In front of what follows here.
for room in (studying, grading, marking, classroom, exporting):
    app.registered_commands += room.app.registered_commands


@app.command(rich_help_panel=INSTRUCTORS)
def demo():
    """Make a small class of submissions, grade it and show what comes out."""
    from autograder.building.demo import show_demo

    show_demo(Path("graded") / "demo")


@app.command(rich_help_panel=INSTRUCTORS)
def release(
    lesson: Annotated[str, typer.Argument(help="LESSON, or the path of its folder; all for a wheel.")],
    to: Annotated[str, typer.Option(help="otter, nbgrader, gradescope or student; wheel for helpers alone.")],
    out: Annotated[Path, typer.Option(help="Where the release goes.")] = Path("releases"),
    rules: Annotated[
        Path | None, typer.Option("--course", help="course.toml, for the points that exercises count.")
    ] = None,
    hidden: Annotated[
        str, typer.Option(help="Gradescope: when hidden checks are seen: after_published, after_due_date, hidden.")
    ] = "",
    secret: Annotated[Path | None, typer.Option(help="Gradescope: a file of the secret; else a new one.")] = None,
):
    """Make a release of a lesson with the tools' own commands."""
    from autograder.release import release as make
    from autograder.release.wheel import students_wheel
    from autograder.rules.course_file import read_course
    from autograder.rules.points import with_points
    from autograder.source.addresses import addressed

    if to == "wheel" and lesson != "all":
        raise CourseError(
            f"A wheel holds the data of all lessons, not of {lesson} alone: course release all --to wheel"
        )
    if to == "wheel":
        return print(f"Made {students_wheel(out)}")
    one, course_rules = addressed(lesson)[0], read_course(rules)
    counted = with_points(one, course_rules.points.get(one.name))
    print(f"Made {make(counted, to, out, course=course_rules, hidden=hidden, secret=secret)}")


@app.command(rich_help_panel=AUTHORS)
def new(section: Annotated[str, typer.Argument(help="LESSON/SECTION, as in 01_chain_rule/jacobian.")]):
    """Write a new exercise that already passes every promise but one."""
    from autograder.authoring.scaffold import new_section, next_steps

    lesson, _, name = section.removesuffix(".py").rpartition("/")
    path = new_section(Path(lesson).name, name)
    print(f"Wrote {path}.\n{next_steps(path)}")


@app.command(rich_help_panel=AUTHORS)
def build(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail where files are stale.")] = False,
    no_run: Annotated[bool, typer.Option("--no-run", help="Leave solved notebooks as they are run, or not.")] = False,
    language: Annotated[str | None, typer.Option(help="Only the catalogs and notebooks of this one.")] = None,
):
    """Generate notebooks, solutions, student data and pages from the lessons; run the solutions that changed."""
    from autograder.building.build import build as build_all
    from autograder.building.languages.copies import build_language

    if language:
        return print("\n".join(build_language(language)))
    told, code = build_all(check=check, runs=not no_run)
    print(told)
    raise typer.Exit(code)


@app.command(rich_help_panel=AUTHORS)
def test(
    sections: Annotated[
        list[str] | None, typer.Argument(help="LESSON, LESSON/NAME or a path; none: all tests.")
    ] = None,
):
    """Audit sections, or run the test suite."""
    from autograder.authoring.suite import findings, run_suite

    if not sections:
        raise typer.Exit(run_suite())
    found = findings(sections)
    print("\n".join(found) or "Every promise that concerns one exercise is kept.")
    raise typer.Exit(1 if found else 0)


@app.command(rich_help_panel=AUTHORS)
def mutants(lesson: Annotated[str | None, typer.Argument(help="LESSON, LESSON/NAME or a path; none: all.")] = None):
    """Mutate every reference and see which mutants the checks do not catch."""
    from autograder.authoring.mutants import mutation_run, render
    from autograder.source.addresses import addressed
    from autograder.source.lesson import lesson_names

    passed = True
    for one, section in map(addressed, [lesson] if lesson else lesson_names()):
        result = mutation_run(one, only=section)
        print(render(result))
        passed &= result.passed
    raise typer.Exit(0 if passed else 1)


@app.command(rich_help_panel=AUTHORS, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(
    context: typer.Context,
    which: Annotated[str, typer.Argument(help="The name of a file in benchmarks/; none: list them.")] = "",
):
    """Run a benchmark against its named peers; what follows its name goes to it."""
    script = PROJECT / "benchmarks" / f"{which}.py"
    if not script.is_file():
        known = ", ".join(sorted(path.stem for path in script.parent.glob("[a-z]*.py")))
        raise CourseError(f"Name one of the benchmarks: {known}.")
    raise typer.Exit(subprocess.call([sys.executable, str(script), *context.args]))


@app.command("format", rich_help_panel=AUTHORS)
def format_sources():
    """Format and lint the sources."""
    require("ruff", "test")
    commands = (["format", "."], ["check", "--fix", "."])
    raise typer.Exit(max(subprocess.call([sys.executable, "-m", "ruff", *one], cwd=PROJECT) for one in commands))


# Behind what stands here.
app.registered_commands += pages.app.registered_commands


def main():
    """Run the command; a fault that a person can mend is one sentence, without a traceback."""
    from autograder.grading.interruption import Interrupted

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # for a terminal that knows ASCII only, or a Windows alphabet
    try:
        command = typer.main.get_command(app)
        wording.reword(command, wording.language(sys.argv[1:]))
        command(prog_name="course")
    except CourseError as error:
        print(f"course: {error}", file=sys.stderr)
        sys.exit(2)
    except Interrupted as end:
        sys.exit(end.told())


if __name__ == "__main__":
    main()
