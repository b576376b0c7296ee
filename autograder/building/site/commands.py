"""The verb of `course` that builds the site: its options; the work is imported when needed."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
AUTHORS, _ = "For authors", ""  # a pair, as `verbs` reads them


@app.command(rich_help_panel=AUTHORS)
def site(out: Annotated[Path, typer.Option(help="Where the site goes; an older one is replaced.")] = Path("site")):
    """Build the course as a website to read: lessons, kernels, coverage, grading; it needs no network."""
    from autograder.building.site.sphinx_run import build_site

    print(build_site(out))
