"""Where the course is published: one setting. While it is None, notebooks neither install anything nor lead anywhere.

A notebook that lies alone, as in Colab, has no `helpers` beside it. Where the course is published, its setup fetches
the package that `course release all --to wheel` makes, in the notebook's own version.
"""

from dataclasses import dataclass

from helpers import __version__


@dataclass(frozen=True)
class Published:
    """The name of the package in the index that pip asks, and the repository, OWNER/NAME on GitHub."""

    package: str
    repository: str


PUBLISHED: Published | None = None  # as in Published("deep-learning-by-hand-helpers", "OWNER/NAME")
INSTALL = """\
import importlib.util

if importlib.util.find_spec("helpers") is None:  # the notebook lies alone, as in Colab
    get_ipython().run_line_magic("pip", "install --quiet {package}=={version}")
    importlib.invalidate_caches()

"""
PLACES = {
    "Colab": "https://colab.research.google.com/github/{repository}/blob/main/notebooks/{lesson}.ipynb",
    "Binder": "https://mybinder.org/v2/gh/{repository}/main?labpath=notebooks%2F{lesson}.ipynb",
}


def install():
    """The lines of a setup that fetch `helpers` where it is missing; "" while the course is not published."""
    return INSTALL.format(package=PUBLISHED.package, version=__version__) if PUBLISHED else ""


def elsewhere(lesson):
    """Links, in Markdown, that open a lesson's notebook in a browser; "" while the course is not published."""
    if not PUBLISHED:
        return ""
    links = [f"[{name}]({to.format(repository=PUBLISHED.repository, lesson=lesson)})" for name, to in PLACES.items()]
    return f"Without installing anything, this notebook opens in {' and in '.join(links)}."
