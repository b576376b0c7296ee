"""Code, numbers and formulas within a text that runs from right to left: each is set apart, so that it stays readable.

By Unicode's isolates, which notebooks, browsers and most editors know; `language.in_html` makes elements of them.
"""

import re

from helpers.language import APART, END

RIGHT = r"\u0590-\u08ff\u200c"
_PIECE = re.compile(f"{APART}.*?{END}|[^{RIGHT}{APART}{END}«»]+", re.DOTALL)
_EDGES = re.compile(r"^([\s.,:;?!…]*)(.*?)([\s.,:;?!…]*)$", re.DOTALL)
_PAIRS = {"(": ")", "[": "]", "{": "}"}


def apart(text):
    """The text, set apart from what stands around it."""
    return f"{APART}{text}{END}" if text else text


def isolated(text):
    """A text in a language from right to left, with every run of code, numbers or Latin words in it set apart."""
    return _PIECE.sub(lambda found: found[0] if found[0].startswith(APART) else _run(found[0]), text)


def _run(piece):
    """A piece without a letter from the right: what is of it stays, the marks and open brackets at its ends do not."""
    before, core, after = _EDGES.match(piece).groups()
    while core and core[0] in _PAIRS and core.count(core[0]) > core.count(_PAIRS[core[0]]):
        before, core = before + core[0], core[1:]
    while core and core[-1] in ")]}" and core.count(core[-1]) > core.count(_opening(core[-1])):
        core, after = core[:-1], core[-1] + after
    return f"{before}{apart(core)}{after}" if re.search(r"[^\s()\[\]]", core) else piece


def _opening(bracket):
    return next(one for one, other in _PAIRS.items() if other == bracket)
