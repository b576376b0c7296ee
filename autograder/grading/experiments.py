"""What answers take from a lesson's experiment cells, which are not run at grading: only those statements are.

In the notebook an experiment has been run, so that its functions and data are there. At grading most of it would only
cost time; what an answer reads of it is cut out, with all that this in turn reads.
"""

import ast
from dataclasses import dataclass

from autograder.grading.definitions import definitions, tree_of, uses


@dataclass(frozen=True)
class _Statement:
    """One statement of an experiment cell: the cell's number, what it defines and reads, its text."""

    cell: int
    defines: frozenset
    reads: frozenset
    text: str


class Experiments:
    """The experiment cells of a lesson, in order, cut into statements; `sections` are the lesson's, in order."""

    def __init__(self, cells, sections):
        self._sections = [sections.index(cell.section) for cell in cells]
        self._statements = [one for number, cell in enumerate(cells) for one in _statements(number, cell.starter)]
        self._order = sections

    @property
    def names(self):
        """Every name that an experiment defines."""
        return frozenset().union(*(one.defines for one in self._statements))

    def cut(self, needed, section):
        """The text of the statements that define these names for a cell of this section, and what they read."""
        near = max((n for n, s in enumerate(self._sections) if s <= self._order.index(section)), default=-1)
        open_, chosen = {(name, near) for name in needed}, set()
        while open_:
            found = {i for name, at in open_ for i in self._defining(name, at)} - chosen
            chosen |= found
            open_ = {(name, self._statements[i].cell) for i in found for name in self._statements[i].reads}
        return "\n".join(self._statements[i].text for i in sorted(chosen))

    def _defining(self, name, at):
        """The statements that define a name, of the last cell up to this one, else of the first behind it."""
        cells = sorted({one.cell for one in self._statements if name in one.defines})
        before = [cell for cell in cells if cell <= at]
        cell = before[-1] if before else cells[0] if cells else None
        return [i for i, one in enumerate(self._statements) if one.cell == cell and name in one.defines]


def _statements(number, text):
    for node in tree_of(text).body:
        one = ast.unparse(node)
        yield _Statement(number, frozenset(definitions(one)), frozenset(uses(one)), one)


def needed_by_answers(texts, answers, available):
    """{place: names} that cells read of `available` for the sake of answers, given {place: text} of those that run.

    A cell counts if it attempts an answer, or defines what a cell that counts reads.
    """
    defines = {place: set(definitions(text)) for place, text in texts.items()}
    reads = {place: uses(text) for place, text in texts.items()}
    counting = {place for place in texts if defines[place] & set(answers)}
    while more := {at for at in texts if any(defines[at] & reads[one] for one in counting)} - counting:
        counting |= more
    own = set().union(*defines.values())
    found = {place: (reads[place] & set(available)) - own for place in sorted(counting)}
    return {place: names for place, names in found.items() if names}
