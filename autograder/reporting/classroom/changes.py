"""What changed since the last report: its numbers lie in report.json beside the page, and are compared with the new.

The file is written anew when something has changed, so that a report that is made twice still says since when.
"""

import json
from datetime import UTC, datetime

from autograder.reporting.record_file import replacing
from autograder.source.problems import CourseError

STATE = "report.json"
MOST_NAMES, MOST_LINES = 12, 5
MOVED = 0.05  # a share of the points of an exercise that is worth a line


def state_of(lesson, rows):
    """The numbers of one lesson's report that a later one is compared with."""
    return {
        "students": {row.student: round(total, 6) for row, total in zip(rows, lesson.totals, strict=True)},
        "exercises": {line.name: round(line.difficulty, 6) for line in lesson.exercises},
        "mistakes": [[one.exercise, one.sentence, len(one.students)] for one in lesson.mistakes if one.is_named],
    }


def read_state(folder):
    """Return (when the last report was made, {lesson: its numbers}); ("", {}) where there was none."""
    path = folder / STATE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return datetime.fromisoformat(data["at"]).strftime("%Y-%m-%d %H:%M UTC"), dict(data["lessons"])
    except FileNotFoundError:
        return "", {}
    except (ValueError, TypeError, KeyError):
        raise CourseError(f"{path} is broken. Delete it; the next report then has nothing to compare with.") from None


def write_state(folder, lessons):
    """Keep the numbers of a report, {lesson: its numbers}."""
    with replacing(folder / STATE) as file:
        json.dump({"at": datetime.now(UTC).isoformat(timespec="seconds"), "lessons": lessons}, file, ensure_ascii=False)


def changes(old, new):
    """What changed in a lesson between two reports, a sentence each."""
    return (*_who(old["students"], new["students"]), *_exercises(old, new), *_mistakes(old, new))


def _who(old, new):
    yield from _named("handed in since", [name for name in new if name not in old])
    yield from _named("counted then and not now", [name for name in old if name not in new])
    moved = [f"{name} {old[name]:g} to {new[name]:g}" for name in new if name in old and new[name] != old[name]]
    yield from _named("have other points", moved)
    means = [sum(one.values()) / len(one) for one in (old, new) if one]
    if len(means) == 2 and abs(means[1] - means[0]) >= MOVED:
        yield f"The mean was {means[0]:.1f} and is {means[1]:.1f}."


def _named(words, names):
    if names:
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        yield f"{len(names)} {words}: {', '.join(names[:MOST_NAMES])}{more}."


def _exercises(old, new):
    """The exercises whose share of points moved, those that moved most."""
    before, now = old["exercises"], new["exercises"]
    moved = {
        name: now[name] - before[name] for name in now if name in before and abs(now[name] - before[name]) >= MOVED
    }
    for name in sorted(moved, key=lambda name: (-abs(moved[name]), name))[:MOST_LINES]:
        yield f"{name}: {100 * now[name]:.0f} % of the points were earned, after {100 * before[name]:.0f} %."


def _mistakes(old, new):
    """The known mistakes that are made by other numbers of students, those that changed most."""
    before, now = ({(name, said): count for name, said, count in one["mistakes"]} for one in (old, new))
    changed = {key: now.get(key, 0) - before.get(key, 0) for key in before | now}
    for key in sorted((key for key in changed if changed[key]), key=lambda key: (-abs(changed[key]), key))[:MOST_LINES]:
        yield f"{now.get(key, 0)} in {key[0]}, after {before.get(key, 0)}: {key[1]}"
