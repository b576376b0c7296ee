"""What words say of inputs: a feature is excluded by a row of the statement's table, or by the rules of all notebooks.

Some features are excluded unless the statement names them, others are allowed unless its row speaks against them. A
feature that checks try although nothing names it is unsaid: only what is stated is graded.
"""

import re

from autograder.authoring.input_features import AXES
from autograder.authoring.stated_inputs import ARRAY, NUMBER

BY_RULES = "the rules of all exercises"
BY_ROW = "the table of the statement"
ANY_SIZE = r"any size|any scale|any real|however large|whatever its size"
NAMED = {
    "booleans": r"bool|dtype|the type",
    "float32": r"float32|dtype|the type",
    "a list": r"\bor (a )?lists?\b|\blist of arrays|be lists\b",
    "an infinity": r"\binf\b|\\infty|infinit",
    "empty": r"\bempty\b",
    "tiny": ANY_SIZE + r"|tiny|10\^\{-[123]\d\d\}",
    "large": ANY_SIZE + r"|huge|10\^\{[123]\d\d\}",
}
BOUNDED = r"from \$?[01]|between \$?[01]|in \[?\(?0|\(0, 1\)|0 or 1|0 for padding|< ?1\b"
NOT_NEGATIVE = (
    rf"{BOUNDED}|\\ge|≥ 0|> ?\$?0|never negative|least \d|positive|probabilit|distribution|histogram|variance|"
    r"squares|deviation|definite|covariance|rate|classes|mass|with sum|sums? to 1|\bints\b|\bsteps\b"
)
NOT_ZERO = r"> ?\$?0|\\ge \$?[1-9m]|least [1-9]|positive|deviation|variance|\(0, 1\)|from \$?(10|0\.|1)|odd"
LEAST_SIZE = re.compile(r"\$[A-Z](\$?, \$?[A-Z])* \\ge \d\$")  # of N and K, not of what an array holds
AGAINST = {
    "negative": NOT_NEGATIVE,
    "zero": NOT_ZERO,
    "one": r"\\ge [2-9]|least [2-9]|from 2",
    "equal values": r"all different|distinct",
}
NOT_INTEGERS = {ARRAY: r"^(?!.*integer).*float(s|64)\b", NUMBER: r"\(0, 1\)|in \[0, 1\]|between 0 and 1|< ?1\b"}


def excluded(wish, rows):
    """Why the rows of a wish's arguments, or the rules, exclude it; "" where they do not."""
    words = " ".join(one.words for one in rows)
    if len(wish.subject) == 2:
        least = rf"\b{wish.subject[0]}\b[^|]*\\ge [2-9]"
        return BY_ROW if wish.subject[1] == "1" and re.search(least, words) else ""
    if wish.feature in AXES and AXES.index(wish.feature) < rows[0].least:
        return BY_ROW
    if wish.feature in NAMED and not re.search(NAMED[wish.feature], words):
        return BY_RULES
    return BY_ROW if re.search(_against(wish, rows[0]), LEAST_SIZE.sub("", words)) else ""


def unsaid(wish, rows, statement):
    """Whether a feature that is tried is excluded by the rules and named by no word of the whole statement."""
    if rows[0].kind != ARRAY:
        return False
    if wish.feature == "integers":
        return bool(re.search(_against(wish, rows[0]), rows[0].words))
    return wish.feature in NAMED and not re.search(NAMED[wish.feature], statement)


def _against(wish, one):
    if wish.feature == "integers":
        return NOT_INTEGERS.get(one.kind, "$^")
    return AGAINST.get(wish.feature, "$^")
