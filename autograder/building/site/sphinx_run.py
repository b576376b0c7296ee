"""From the sources to the finished site, with Sphinx, myst-nb and the book theme; notebooks are shown, not run.

What Sphinx warns of is an error: a link that leads nowhere, a formula or a code block that it cannot read.
"""

import io
import re
import tempfile
from pathlib import Path

from autograder.building.site.placing import placed
from autograder.building.site.sources import sources
from autograder.source.problems import CourseError, require
from helpers import __version__

STATIC = Path(__file__).parent / "static"
NEEDED = ("sphinx", "myst_nb", "sphinx_book_theme", "math_core", "ziamath")
SETTINGS = {
    "project": "Deep Learning by Hand",
    "author": "The Deep Learning by Hand authors",
    "version": __version__,
    "language": "en",
    "extensions": [
        "myst_nb",
        "sphinx_book_theme",
        "autograder.building.site.mathml",
        "autograder.building.site.trimming",
    ],
    "nb_execution_mode": "off",
    "nb_ipywidgets_js": {},  # widgets live in notebooks; their scripts would come from another address
    "myst_enable_extensions": ["colon_fence", "dollarmath"],
    "myst_heading_anchors": 3,
    "suppress_warnings": ["mystnb.unknown_mime_type"],
    "html_theme": "sphinx_book_theme",
    "html_title": "Deep Learning by Hand",
    "html_math_renderer": "mathml",
    "html_static_path": [str(STATIC)],
    "html_css_files": ["course.css"],
    "html_js_files": [("course.js", {"defer": "defer"})],
    "html_favicon": str(STATIC / "favicon.svg"),
    "html_copy_source": False,
    "html_context": {"default_mode": "auto"},
    "html_show_sourcelink": False,
    "html_show_sphinx": False,
    "html_show_copyright": False,
    "html_use_index": False,
    "html_domain_indices": False,
    "html_theme_options": {
        "logo": {"text": "Deep Learning by Hand"},
        "navbar_start": [],
        "navbar_center": [],
        "navbar_end": [],
        "navbar_persistent": [],
        "use_download_button": False,
        "show_toc_level": 2,
        "pygments_light_style": "a11y-high-contrast-light",
        "pygments_dark_style": "a11y-high-contrast-dark",
    },
}


def build_site(out, browser=None):
    """Build the site into the folder `out` and return what to say; `browser` puts the lessons in JupyterLite there."""
    for module in NEEDED:
        require(module, "site")
    with placed(out) as made, tempfile.TemporaryDirectory() as scratch:
        written = Path(scratch) / "source"
        for path, text in sources(browser=browser).items():
            target = written / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text if isinstance(text, bytes) else text.encode())
        run_sphinx(written, made, Path(scratch) / "trees")
        pages = len(list(made.rglob("*.html")))
        if browser:
            browser.build(made / "lite")
    if browser:
        return f"Made {pages} pages, and JupyterLite. To open them: python3 -m http.server --directory {out}"
    return f"Made {pages} pages. Open {Path(out) / 'index.html'} in a browser."


def run_sphinx(written, made, trees):
    """Build pages from a folder of sources; `CourseError` with what Sphinx said where it said anything."""
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    said = io.StringIO()
    with patch_docutils(), docutils_namespace():
        try:
            app = Sphinx(written, None, made, trees, "html", SETTINGS, status=None, warning=said, freshenv=True)
            app.build()
        except SphinxError as error:
            raise CourseError(f"The site cannot be built: {error}") from None
    if words := _without_colors(said.getvalue()).replace(f"{written}/", "").strip():
        raise CourseError(f"The site cannot be built, for Sphinx says:\n{words}")


def _without_colors(text):
    return re.sub(r"\x1b\[[\d;]*m", "", text)
