"""The `course` command: every verb, what it takes, and how it ends. The work is done elsewhere, imported when needed.

Exit codes: 0 done, 1 something could not be graded or a gate failed (and it is said which), 2 wrong usage.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.grading import verbs
from autograder.problems import CourseError

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
PROJECT = Path(__file__).parent.parent
STUDENTS, INSTRUCTORS, AUTHORS = "For students", "For instructors", "For authors"


def _version(wanted: bool):
    if wanted:
        from helpers import __version__

        print(f"course {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def course(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
):
    """Deep Learning by Hand: work the notebooks, grade a class, write lessons."""
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command(rich_help_panel=STUDENTS)
def lab():
    """Open JupyterLab on the notebooks."""
    raise typer.Exit(subprocess.call([sys.executable, "-m", "jupyter", "lab", str(PROJECT / "notebooks")]))


@app.command(rich_help_panel=STUDENTS)
def check(
    notebook: Annotated[Path, typer.Argument(help="The notebook to check, or a folder of them.")],
    isolation: Annotated[str | None, typer.Option(help="strict, standard, none; else the strongest here.")] = None,
):
    """Check notebooks of your own, hidden checks included, and say what is wrong and why."""
    from autograder.grading.whole_class import check_own
    from autograder.reporting.terminal import print_verdict

    whole = True
    for record in check_own(notebook, verbs.tier(isolation)):
        print_verdict(record, named=notebook.is_dir())
        whole &= record.is_graded
    raise typer.Exit(0 if whole else 1)


for verb in (verbs.init, verbs.grade, verbs.regrade):
    app.command(rich_help_panel=INSTRUCTORS)(verb)


@app.command(rich_help_panel=INSTRUCTORS)
def demo():
    """Grade the small class in examples/ and show what comes out."""
    from autograder.grading.one_file import Settings
    from autograder.grading.whole_class import grade_class

    out = Path("graded") / "demo"
    grade_class([PROJECT / "examples" / "class"], out, settings=Settings(), again=True)
    print(f"\nOpen {out / 'feedback'} in a browser for what each student reads.")


@app.command(rich_help_panel=INSTRUCTORS)
def release(
    lesson: str,
    to: Annotated[str, typer.Option(help="otter, nbgrader or student.")],
    out: Annotated[Path, typer.Option(help="Where the release goes.")] = Path("releases"),
    rules: Annotated[
        Path | None, typer.Option("--course", help="course.toml, for the points that exercises count.")
    ] = None,
):
    """Make a release of a lesson with the tools' own commands."""
    from autograder.release import release as make
    from autograder.rules.course_file import read_course
    from autograder.rules.points import with_points

    one = _lesson(lesson)
    print(f"Made {make(with_points(one, read_course(rules).points.get(one.name)), to, out)}")


@app.command(rich_help_panel=AUTHORS)
def new(section: Annotated[str, typer.Argument(help="LESSON/SECTION, as in 01_chain_rule/jacobian.")]):
    """Write a new exercise that already passes every promise but one."""
    from autograder.authoring.scaffold import new_section, next_steps

    lesson, _, name = section.partition("/")
    path = new_section(lesson, name)
    print(f"Wrote {path}.\n{next_steps(path)}")


@app.command(rich_help_panel=AUTHORS)
def build(check: Annotated[bool, typer.Option("--check", help="Change nothing; fail where files are stale.")] = False):
    """Generate notebooks, solutions, student data, coverage page and examples from the lessons."""
    from autograder.building.build import REPAIR, drift, generated, write

    files = generated()
    if not check:
        changed = write(files)
        print("\n".join(["Written:", *changed] if changed else [f"All {len(files)} generated files are up to date."]))
        return
    difference = drift(files)
    if difference:
        print(f"{difference}\nGenerated files differ from their sources. Repair them with: {REPAIR}")
        raise typer.Exit(1)
    print(f"All {len(files)} generated files equal what their sources say.")


@app.command(rich_help_panel=AUTHORS)
def test(
    sections: Annotated[list[Path] | None, typer.Argument(help="Section files to audit; none: the test suite.")] = None,
):
    """Audit sections, or run the test suite."""
    if not sections:
        workers = ["-n", "2"] if (os.cpu_count() or 1) > 1 else []
        raise typer.Exit(subprocess.call([sys.executable, "-m", "pytest", *workers], cwd=PROJECT))
    from autograder.authoring.audit import audit
    from autograder.source.section import load_section

    findings = [finding for path in sections for finding in audit(load_section(path))]
    print("\n".join(findings) or "Every promise that concerns one exercise is kept.")
    raise typer.Exit(1 if findings else 0)


@app.command(rich_help_panel=AUTHORS)
def mutants(lesson: Annotated[str | None, typer.Argument(help="A lesson; none: all.")] = None):
    """Mutate every reference and see which mutants the checks do not catch."""
    from autograder.authoring.mutants import mutation_run, render
    from autograder.source.lesson import lesson_names

    passed = True
    for name in [lesson] if lesson else lesson_names():
        result = mutation_run(_lesson(name))
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
    commands = (["format", "."], ["check", "--fix", "."])
    raise typer.Exit(max(subprocess.call([sys.executable, "-m", "ruff", *one], cwd=PROJECT) for one in commands))


def _lesson(name):
    from autograder.source.lesson import load_lesson

    return load_lesson(name)


def main():
    """Run the command; a fault that a person can mend is one sentence, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # for a terminal that knows ASCII only, or a Windows alphabet
    try:
        app()
    except CourseError as error:
        print(f"course: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
