"""The verbs of `course` for students: open the notebooks, check them, watch one, see what comes next."""

import glob
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.source.problems import CourseError, require
from helpers.errors import StudentError
from helpers.language import ENGLISH, VARIABLE, chosen

app = typer.Typer()
STUDENTS, _ = "For students", ""  # a pair, as `verbs` reads them
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
QUIET_LAB = Path(__file__).parent / "jupyter"  # settings of JupyterLab: it asks nothing when it is opened


def lab_environment():
    """The environment in which JupyterLab finds our settings beside the reader's own."""
    paths = [os.environ.get("JUPYTER_CONFIG_PATH", ""), str(QUIET_LAB)]
    return {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, paths))}


def speak(language):
    """Let this command, and all that it starts, speak a language; `CourseError` where there is no such one."""
    try:
        os.environ[VARIABLE] = chosen(language)
    except StudentError as error:
        raise CourseError(str(error)) from None


def notebooks_in(language):
    """The folder of the notebooks in a language, which are made where they are missing or nobody has worked in them."""
    if language == ENGLISH:
        return NOTEBOOKS
    from autograder.building.languages.copies import translated_copies

    folder, told = translated_copies(language)
    print("\n".join(told), end="\n" * bool(told))
    return folder


def notebook_of(lesson, folder=NOTEBOOKS):
    """The notebook of a lesson, by its name or how that begins; `CourseError` where there is none."""
    found = sorted(folder.glob(f"{glob.escape(lesson)}*.ipynb"))
    if not found:
        names = ", ".join(path.stem for path in sorted(folder.glob("*.ipynb")))
        raise CourseError(f"There is no lesson {lesson!r}. The lessons are {names}.")
    return min(found, key=lambda path: len(path.name))  # before copies of it


@app.command(rich_help_panel=STUDENTS)
def lab(
    lesson: Annotated[str, typer.Argument(help="The lesson to open, by name or number.")] = "01",
    language: Annotated[str | None, typer.Option(help="en, fa, ja; else COURSE_LANGUAGE, or the system's.")] = None,
):
    """Open JupyterLab on a lesson, beside the others."""
    from autograder.reporting.terminal import warn_of_hidden_helpers
    from autograder.studying.first_view import own_windows

    asked = language or os.environ.get(VARIABLE)
    speak(language)
    require("jupyterlab", "lab")
    folder = notebooks_in(chosen() if asked else ENGLISH)
    warn_of_hidden_helpers(folder)
    opened = [str(notebook_of(lesson, folder)), f"--ServerApp.root_dir={folder}"]
    environment = lab_environment() | own_windows()
    raise typer.Exit(subprocess.call([sys.executable, "-P", "-m", "jupyter", "lab", *opened], env=environment))


@app.command(rich_help_panel=STUDENTS)
def check(
    notebook: Annotated[Path, typer.Argument(help="The notebook to check, or a folder of them.")],
    isolation: Annotated[str | None, typer.Option(help="strict, standard, none; else the strongest here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print each record as one line of JSON.")] = False,
    language: Annotated[str | None, typer.Option(help="en, fa, ja; else COURSE_LANGUAGE, or the system's.")] = None,
):
    """Check notebooks of your own, hidden checks included, and say what is wrong and why."""
    from autograder.remote.tiers import known_tier
    from autograder.reporting.terminal import warn_of_hidden_helpers
    from autograder.studying.own_notebooks import check_own, is_checked
    from autograder.studying.telling import print_verdict

    speak(language)
    whole = True
    for data in check_own(notebook, known_tier(isolation)):
        print(json.dumps(data)) if as_json else print_verdict(data, named=notebook.is_dir())
        whole &= is_checked(data)
    if not as_json:
        warn_of_hidden_helpers(notebook if notebook.is_dir() else notebook.parent)
    raise typer.Exit(0 if whole else 1)


@app.command(rich_help_panel=STUDENTS)
def watch(
    notebook: Annotated[Path, typer.Argument(help="The notebook to check.")],
    isolation: Annotated[str | None, typer.Option(help="strict, standard, none; else the strongest here.")] = None,
    language: Annotated[str | None, typer.Option(help="en, fa, ja; else COURSE_LANGUAGE, or the system's.")] = None,
):
    """Check a notebook again whenever it is saved, and show the exercise that changed."""
    from autograder.remote.tiers import known_tier
    from autograder.studying.watching import watch as watch_notebook

    speak(language)
    watch_notebook(notebook, known_tier(isolation))


@app.command("next", rich_help_panel=STUDENTS)
def what_next(
    folder: Annotated[Path, typer.Argument(help="The folder of notebooks; else the course's own.")] = NOTEBOOKS,
    isolation: Annotated[str | None, typer.Option(help="strict, standard, none; else the strongest here.")] = None,
    language: Annotated[str | None, typer.Option(help="en, fa, ja; else COURSE_LANGUAGE, or the system's.")] = None,
):
    """Say where you stand in the whole course, and what to do next."""
    from autograder.remote.tiers import known_tier
    from autograder.studying.next_steps import what_next as look

    speak(language)
    print(look(folder, known_tier(isolation)))
