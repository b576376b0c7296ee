"""Formulas as MathML, which browsers draw by themselves: an extension of Sphinx, and the font that it is drawn with.

No script, and nothing to fetch from anywhere. A command that is not known is an error that names the page and the line.
"""

import html
import io
import re
from pathlib import Path

from autograder.source.problems import CourseError

MACROS = {"substack": r"\begin{subarray}{c}#1\end{subarray}"}
FONT = "math.woff"
CLOSING = re.compile(r"[-.,;:?!)\]’”…]+")
LINE = 24  # signs that fit on a line of a phone
# What a font needs besides the signs of the formulas: letters in italics, and roots, which are drawn and not written.
ALWAYS = [0x221A, 0x210E, *range(0x1D434, 0x1D468), *range(0x1D6A4, 0x1D71C), *range(0x20, 0x7F)]


def setup(app):
    """Offer Sphinx a way to write formulas."""
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, None), block_renderers=(_block, None))
    app.connect("builder-inited", lambda app: setattr(app, "signs", set()))
    app.connect("doctree-resolved", _keep_together)
    app.connect("build-finished", _write_font)
    return {"parallel_read_safe": True, "parallel_write_safe": False}


def _keep_together(app, doctree, page):
    """Give each formula the punctuation behind it: browsers would begin a line with a period."""
    from docutils import nodes

    for formula in list(doctree.findall(nodes.math)):
        text = formula.next_node(descend=False, siblings=True)
        if isinstance(text, nodes.Text) and (found := CLOSING.match(text)):
            formula["tail"] = found[0]
            text.parent.replace(text, nodes.Text(text[found.end() :]))


def as_mathml(latex, *, block):
    """Return a formula as MathML; `CourseError` where a command is not known."""
    from math_core import LatexError, LatexToMathML

    converter = LatexToMathML(macros=MACROS, fancy_error=False)
    try:
        return converter.convert_with_local_state(latex, displaystyle=block)
    except LatexError as error:
        raise CourseError(f"The formula '{latex.strip()}' cannot be shown: {error}") from None


def _inline(writer, node):
    mathml, tail = _converted(writer, node, block=False), html.escape(node.get("tail", ""))
    if len(signs(mathml)) > LINE:
        writer.body.append(f'<span class="formula">{mathml}</span>{tail}')
    else:
        writer.body.append(f'<span class="together">{mathml}{tail}</span>' if tail else mathml)
    _skip()


def _block(writer, node):
    # A formula that is wider than a phone is scrolled, not the page.
    writer.body.append(f'<div class="math">{_converted(writer, node, block=True)}</div>\n')
    _skip()


def _skip():
    from docutils import nodes

    raise nodes.SkipNode


def _converted(writer, node, *, block):
    try:
        mathml = as_mathml(node.astext(), block=block)
    except CourseError as error:
        raise CourseError(f"{node.source}:{node.line}: {error}") from None
    writer.builder.app.signs |= set(signs(mathml))
    return mathml


def signs(mathml):
    """The signs that a formula is written with."""
    return re.sub(r"<[^>]*>", "", mathml)


def _write_font(app, exception):
    if not exception:
        (Path(app.outdir) / "_static" / FONT).write_bytes(math_font(app.signs))


def math_font(signs):
    """The bytes of STIX Two Math, cut down to these signs and what they grow into; its license goes with it."""
    import ziamath
    from fontTools import subset

    options = subset.Options(layout_features=["*"], notdef_outline=True, name_IDs=["*"])
    font = subset.load_font(Path(ziamath.__file__).parent / "fonts" / "STIXTwoMath-Regular.ttf", options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes={*map(ord, signs), *ALWAYS})
    subsetter.subset(font)
    font.flavor = "woff"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
