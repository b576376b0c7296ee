"""Where a page is not as the theme has it: an extension of Sphinx that leaves out what no page needs.

The icons come from the theme's font; its script of all icons there are is larger than any lesson.
"""

import re
from pathlib import Path

SCRIPT = re.compile(r"\s*<!-- So that users[^>]*-->\s*<script[^>]*scripts/fontawesome\.js[^>]*></script>")
# A button that is called otherwise than it reads cannot be asked for by voice.
LABEL = re.compile(r'(<button class="btn search-button-field[^>]*) aria-label="[^"]*"')
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
        text = LABEL.sub(r"\1", SCRIPT.sub("", page.read_text(encoding="utf-8")))
        page.write_text(text, encoding="utf-8", newline="\n")
    for pattern in LEFT_OUT:
        for path in (Path(app.outdir) / "_static").glob(pattern):
            path.unlink()
