"""Questions that a person marks: how a section declares one, and what a notebook file says in answer to it.

The answer is prose in a text cell, which no kernel sees: it is read from the saved file. The same code serves the
student's side and the grader.
"""

from dataclasses import dataclass
from functools import cache

from helpers.language import ENGLISH, languages

STARTER = "*Write your answer over this line: three to five sentences, formulas welcome. A person reads and marks it.*"
OTTERS = "_Type your answer here, replacing this text._"  # what otter puts in its place
FRAME = '<div dir="rtl">', "</div>"  # around it where it is written from right to left
COMMON = "every_lesson"  # the catalog of what all notebooks share
MOST_LETTERS = 20_000  # of an answer that is kept


@dataclass(frozen=True)
class Question:
    """A question that a person marks: pairs of points and what earns them, and an answer of ours."""

    rubric: tuple[tuple[float, str], ...]
    answer: str

    @property
    def points(self):
        """What it is worth in all."""
        return sum(points for points, _ in self.rubric)


def question(*, rubric, answer):
    """Declare the question that the text above it asks, in a cell `# %% why`.

    rubric: three to five pairs of points and a sentence that says what earns them; students never see it.
    answer: an answer that earns all of them, for the solved notebook.
    """
    return Question(tuple((float(points), text) for points, text in rubric), answer.strip())


@cache
def starters():
    """What stands in an answer's cell before anybody wrote one, in every language."""
    from helpers.translating import catalog

    catalogs = [catalog(one, COMMON) for one in languages() if one != ENGLISH]
    return (STARTER, *filter(None, (one.whole(STARTER) for one in catalogs if one)))


@dataclass(frozen=True)
class Place:
    """Where a question stands in its notebook: the ids of its answer's cell and of the next one, and its heading."""

    name: str
    title: str
    points: float
    cell: str
    next: str
    hints: tuple = ()
    answers: tuple = ()
    checks: tuple = ()
    kernel: None = None

    def answer_in(self, cells):
        """What stands there, in the lesson's cell and in own cells below it; "" where nobody wrote anything.

        `cells` are (id, text) of all cells of a notebook, in order.
        """
        ids, texts = [name for name, _ in cells], [text for _, text in cells]
        if self.cell in ids:
            first = ids.index(self.cell)
        else:  # the ids are lost, as in an old format: by the heading above
            headed = [i for i, text in enumerate(texts) if text.lstrip("# ").startswith(self.title)]
            first = headed[-1] + 1 if headed else len(texts)
        last = ids.index(self.next, first) if self.next in ids[first:] else first + 1
        written = [_own(text) for text in texts[first:last]]
        return "\n\n".join(text for text in written if text)[:MOST_LETTERS]


def _own(text):
    """What somebody wrote in a cell, without what stood there before."""
    for given in (*starters(), OTTERS, *FRAME):
        text = text.replace(given, "")
    return text.strip()
