"""Which folder is a person's, where no learning system says so: told by what repeats.

`able/hw1.ipynb` and `bee/hw1.ipynb` are of able and bee. `week1/able.ipynb` and `week2/able.ipynb` are of able, and
so is every file of a folder in which many people have a file of the same lesson. The folders on one level are compared
with each other; a folder that is called after a lesson, or "notebooks", says nothing and is looked through.
"""

from collections import defaultdict
from dataclasses import dataclass

from autograder.rules.identity.spelling import EDGES, is_generic, mention


@dataclass(frozen=True)
class Placed:
    """A file among others: its folders below the named one, what its own name says of a person, and its lesson."""

    folders: tuple[str, ...]
    name: str
    lesson: str


def owners(placed, lessons):
    """Return for every file the depth of the folder that is its owner's, or None where its own name decides."""
    found = {}
    _decide([(number, one) for number, one in enumerate(placed)], 0, lessons, found)
    return [found.get(number) for number in range(len(placed))]


def _decide(files, depth, lessons, found):
    """Decide for all files that share their first `depth` folders."""
    children = defaultdict(list)
    for number, one in files:
        if len(one.folders) > depth:
            children[one.folders[depth]].append((number, one))
    telling = {name: inside for name, inside in children.items() if not _says_nothing(name, lessons)}
    for name, inside in children.items():
        if name not in telling:
            _decide(inside, depth + 1, lessons, found)
    if not telling:
        return
    views = {name: _View([one for _, one in inside], depth + 1, lessons) for name, inside in telling.items()}
    persons = _persons(views)
    for name, inside in telling.items():
        if name in persons:
            found.update(dict.fromkeys((number for number, _ in inside), depth))
        else:
            _decide(inside, depth + 1, lessons, found)


def _says_nothing(folder, lessons):
    return is_generic(folder) or not mention(tuple(lessons)).sub("", folder).strip(EDGES)


class _View:
    """What the files in one folder say of how many people they are of."""

    def __init__(self, files, depth, lessons):
        folders, names = defaultdict(list), defaultdict(set)
        self.files = files
        for one in files:
            below = [name for name in one.folders[depth:] if not _says_nothing(name, lessons)]
            if below:
                folders[one.lesson].append(below)
            else:
                names[one.lesson].add(one.name.lower())
        self.is_deep = not names
        self.holds_folders = any(_differ(inside) for inside in folders.values())
        self.holds_names = any(len(inside - {""}) > 1 for inside in names.values())


def _differ(paths):
    """Whether paths part somewhere, and not only in their length."""
    return any(len(set(column)) > 1 for column in zip(*paths, strict=False))


def _repeat(of):
    """Whether one name is there for the same lesson twice, or may be: not all that is handed in says its lesson."""
    return len(of) > 1 and ("" in of or len(set(of)) < len(of))


def _persons(views):
    """The names of those folders on one level that are a person's each."""
    shallow = {name: view for name, view in views.items() if not view.is_deep}
    deep = {name: view for name, view in views.items() if view.is_deep}
    # A lone folder around folders is a wrapper, and so are several of which not only a few hold folders that differ.
    holders = sum(len(view.files) for view in deep.values() if view.holds_folders)
    wrappers = len(views) == 1 or 3 * holders >= sum(len(view.files) for view in views.values())
    crowds = sum(view.holds_names for view in shallow.values())
    seen = defaultdict(list)
    for view in shallow.values():
        for name, lesson in {(one.name.lower(), one.lesson) for one in view.files}:
            seen[name].append(lesson)
    said = "" in seen or any(_repeat(of) for of in seen.values())
    return {*(() if wrappers else deep), *(shallow if said and 2 * crowds <= len(shallow) else ())}
