"""What somebody wrote, as HTML that is safe to show: Markdown as in the notebook, formulas as MathML, all else escaped.

Links, pictures and HTML stay the letters that they are. latex2mathml neither escapes text nor leaves attributes alone,
and follows definitions without end, so what it makes is built anew from the elements and attributes of a short list.
"""

import re
from functools import cache
from html import escape, unescape
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import convert_to_element
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

LEFT_ALONE = ["link", "image", "autolink", "reference", "html_block", "html_inline"]
MOST_LETTERS = 2000  # of a formula that is set; a longer one is shown as it was written
DEFINING = ("\\def", "\\newcommand", "\\newenvironment", "\\DeclareMathOperator")  # \a may double \b, which doubles \c
ELEMENT = re.compile(
    "math|mrow|mi|mn|mo|mtext|ms|mspace|mfrac|msqrt|mroot|mstyle|mpadded|mphantom|msub|msup|msubsup|munder|mover|"
    "munderover|mmultiscripts|mprescripts|none|mtable|mtr|mtd|menclose|merror"
)
ATTRIBUTE = re.compile(
    "display|displaystyle|scriptlevel|mathvariant|accent|accentunder|stretchy|fence|form|largeop|movablelimits|"
    "symmetric|separator|linethickness|columnalign|columnlines|columnspacing|rowlines|rowspacing|rowspan|columnspan|"
    "width|height|depth|lspace|rspace|voffset|minsize|maxsize|notation"
)


def safe_html(text):
    """Return Markdown as HTML in which nothing of its writer's runs, is fetched or can be followed."""
    return Markup(_markdown().render(text))


def safe_line(text):
    """The same of one line, without a paragraph around it."""
    return Markup(_markdown().renderInline(text))


def formula(latex, *, display="inline"):
    """Return a formula as MathML, or as it was written where it cannot be set."""
    if len(latex) <= MOST_LETTERS and not any(word in latex for word in DEFINING):
        try:
            return tostring(_rebuilt(convert_to_element(latex, display=display)), encoding="unicode")
        except Exception:  # of many kinds, a depth that no stack holds among them: whatever it is, it is no formula
            pass
    return f'<code class="unset">{escape(latex)}</code>'


def _rebuilt(found):
    """The same formula, of known elements and attributes only."""
    name = found.tag if ELEMENT.fullmatch(found.tag) else "mrow"
    made = Element(name, {key: value for key, value in found.attrib.items() if ATTRIBUTE.fullmatch(key)})
    made.text, made.tail = (unescape(text) if text else None for text in (found.text, found.tail))
    made.extend(map(_rebuilt, found))
    return made


@cache
def _markdown():
    reader = MarkdownIt("commonmark", {"html": False}).disable(LEFT_ALONE)
    reader.use(dollarmath_plugin, allow_labels=False, double_inline=True).use(amsmath_plugin)
    for rule, display in (("math_inline", "inline"), ("math_inline_double", "block")):
        reader.add_render_rule(rule, _set_as(display))
    for rule in ("math_block", "amsmath"):
        reader.add_render_rule(rule, _set_as("block"))
    # A heading of an answer is no heading of the page.
    reader.add_render_rule("heading_open", lambda *_: "<p><strong>")
    reader.add_render_rule("heading_close", lambda *_: "</strong></p>\n")
    return reader


def _set_as(display):
    return lambda renderer, tokens, place, options, env: formula(tokens[place].content.strip(), display=display)
