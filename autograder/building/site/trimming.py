"""What the theme brings and no page needs: an extension of Sphinx that leaves it out, so that a page is light.

The icons come from the theme's font; its script of all icons there are is larger than any lesson.
"""

import re
from pathlib import Path

SCRIPT = re.compile(r"\s*<!-- So that users[^>]*-->\s*<script[^>]*scripts/fontawesome\.js[^>]*></script>")
LEFT_OUT = (
    "scripts/fontawesome.js*",
    "scripts/*.map",
    "styles/*.map",
    "webpack-macros.html",
    "sbt-webpack-macros.html",
    "vendor/fontawesome/webfonts/fa-brands-400.woff2",
    "vendor/fontawesome/webfonts/fa-regular-400.woff2",
)


def setup(app):
    """Join in where a page is made, and where all are."""
    app.connect("html-page-context", _title_once)
    app.connect("build-finished", _trim)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _title_once(app, page, template, context, doctree):
    """The first page has the title of the whole; once is enough."""
    if page == "index":
        context["docstitle"] = ""


def _trim(app, exception):
    if exception:
        return
    for page in Path(app.outdir).rglob("*.html"):
        page.write_text(SCRIPT.sub("", page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    for pattern in LEFT_OUT:
        for path in (Path(app.outdir) / "_static").glob(pattern):
            path.unlink()
