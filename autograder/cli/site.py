"""The verb of `course` that builds the site: its options; the work is imported when needed."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
AUTHORS, _ = "For authors", ""  # a pair, as `verbs` reads them


@app.command(rich_help_panel=AUTHORS)
def site(
    out: Annotated[Path, typer.Option(help="Where the site goes; an older one is replaced.")] = Path("site"),
    lite: Annotated[
        bool, typer.Option("--lite", help="Let every lesson be worked in the browser: JupyterLite.")
    ] = False,
    pyodide: Annotated[
        Path | None, typer.Option(help="With --lite: a folder of the whole Pyodide; else readers fetch it.")
    ] = None,
):
    """Build the course as a website to read: lessons, kernels, coverage, grading; it needs no network."""
    from autograder.building.site.sphinx_run import build_site
    from autograder.release.browser import for_the_browser
    from autograder.source.problems import CourseError

    if pyodide and not lite:
        raise CourseError("--pyodide is for the lessons in the browser: course site --lite --pyodide PATH")
    print(build_site(out, for_the_browser(pyodide) if lite else None))
