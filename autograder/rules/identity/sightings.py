"""What a learning system's layout tells of one path, and of the paths of a class together.

`systems` is the table of layouts; this file reads paths by it.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import takewhile

from autograder.rules.identity.systems import ASSIGNMENT, BLACKBOARD, LAYOUTS, Layout
from autograder.source.problems import CourseError


@dataclass(frozen=True)
class Sighting:
    """What a layout tells of one path."""

    layout: Layout
    label: str
    groups: dict[str, str]

    @property
    def ids(self):
        """What may stand for the person in a roster.

        A number of one assignment as Moodle's worksheet has it; of what stands behind a title, every end, for
        underscores may be of either.
        """
        if self.layout.within == ASSIGNMENT:
            return (f"Participant {self.groups['id']}",)
        if self.layout.system == BLACKBOARD:
            words = f"{self.groups['title']}_{self.groups['id']}".split("_")
            return tuple("_".join(words[start:]) for start in range(1, len(words)))
        return tuple(self.groups[name] for name in ("id", "login") if name in self.groups)


def layouts_of(system):
    """The layouts of one learning system, by the beginning of its name; all, where none is named."""
    found = tuple(one for one in LAYOUTS if one.system.casefold().startswith(system.casefold()))
    if not found:
        known = ", ".join(dict.fromkeys(one.system.partition(",")[0] for one in LAYOUTS))
        raise CourseError(f"There is no learning system called '{system}' here; there are {known}.")
    return found


def sighted(parts, is_a_lesson=lambda text: False, layouts=LAYOUTS):
    """Return the `Sighting` of the outermost folder or file of a path that a learning system named, or None.

    `is_a_lesson` says whether a text begins with a lesson's name: the number of a lesson is nobody's id.
    """
    for start in range(len(parts)):
        rest = "/".join(parts[start:])
        for layout in layouts:
            found = layout.regex.match(rest)
            if found and not _is_a_lessons_number(found, is_a_lesson):
                groups = {name: text for name, text in found.groupdict().items() if text}
                return Sighting(layout, layout.label.format(**groups), groups)
    return None


def _is_a_lessons_number(found, is_a_lesson):
    groups = found.groupdict()
    return bool(groups.get("sequence") and groups.get("rest")) and is_a_lesson(f"{groups['sequence']}_{groups['rest']}")


def with_shared_titles(sightings):
    """Sightings whose ids are whole where an underscore stands in them: the title is what several people share."""
    ids = defaultdict(set)
    for one in filter(None, sightings):
        if one.layout.system == BLACKBOARD:
            ids[one.groups["title"]].add(one.groups["id"])
    shared = {title for title, found in ids.items() if len(found) > 1}
    lone = ids.keys() - shared
    titles = [*shared, _in_common(sorted(lone))]
    return [
        _under(one, titles) if one and one.layout.system == BLACKBOARD and one.groups["title"] in lone else one
        for one in sightings
    ]


def _in_common(titles):
    """What titles have in common up to an underscore; "" of a single one."""
    words = [title.split("_") for title in titles]
    same = takewhile(lambda column: len(set(column)) == 1, zip(*words, strict=False)) if len(words) > 1 else ()
    return "_".join(column[0] for column in same)


def _under(one, titles):
    title = max((title for title in titles if one.groups["title"].startswith(f"{title}_")), key=len, default="")
    if not title:
        return one
    whole = f"{one.groups['title']}_{one.groups['id']}"[len(title) + 1 :]
    return replace(one, label=whole, groups={**one.groups, "title": title, "id": whole})
