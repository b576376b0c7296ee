"""Where the course is published: one setting. While it is None, nothing is installed and nothing leads anywhere.

A notebook that lies alone, as in Colab, has no `helpers` beside it. Where the course is published, its setup fetches
the package that `course release all --to wheel` makes, in the notebook's own version.
"""

from dataclasses import dataclass

from helpers import __version__


@dataclass(frozen=True)
class Published:
    """The name of the package in the index that pip asks, and the repository, OWNER/NAME on GitHub.

    `site` is the address at which what `course site --lite` makes is served, without a slash at its end; "" for none.
    """

    package: str
    repository: str
    site: str = ""


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
    "JupyterLite": "{site}/lite/lab/index.html?path={lesson}.ipynb",
}
BADGES = {
    "Colab": "https://colab.research.google.com/assets/colab-badge.svg",
    "Binder": "https://mybinder.org/badge_logo.svg",
    "JupyterLite": "https://jupyterlite.readthedocs.io/en/latest/_static/badge.svg",
}


def install():
    """The lines of a setup that fetch `helpers` where it is missing; "" while the course is not published."""
    return INSTALL.format(package=PUBLISHED.package, version=__version__) if PUBLISHED else ""


def elsewhere(lesson):
    """Links, in Markdown, that open a lesson's notebook in a browser; "" while the course is not published."""
    links = [f"[{name}]({address})" for name, address in _addresses(lesson).items()]
    return f"Without installing anything, this notebook opens in {' and in '.join(links)}." if links else ""


def badges(lesson):
    """The same as pictures, a line each, for the README; "" while the course is not published."""
    number, places = lesson[:2], _addresses(lesson).items()
    return "\n".join(f"[![Open lesson {number} in {name}]({BADGES[name]})]({address})" for name, address in places)


def _addresses(lesson):
    """{place: address} of all places where a lesson opens."""
    if not PUBLISHED:
        return {}
    told = {"repository": PUBLISHED.repository, "site": PUBLISHED.site, "lesson": lesson}
    places = PLACES if PUBLISHED.site else {name: to for name, to in PLACES.items() if name != "JupyterLite"}
    return {name: to.format(**told) for name, to in places.items()}
