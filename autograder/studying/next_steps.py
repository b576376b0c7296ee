"""`course next`: where one stands in a folder of notebooks, and what to do next, a line each.

Only what changed is checked again. A notebook without an answer is not run at all.
"""

from pathlib import Path

from autograder.grading.matching import Matching
from autograder.grading.submission import read_submission
from autograder.rules.identity.which_lesson import lesson_of
from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.notebook_cells import places
from autograder.studying.own_notebooks import found_in, own_grader
from autograder.studying.state import entry, keep, kept, lesson_digest, untouched
from helpers.language import chosen, in_language, said
from helpers.whole_course import read, report


def what_next(folder, isolation=None):
    """Bring the account of a folder's notebooks up to date and return the report on it."""
    folder = Path(folder)
    before, entries, waiting = kept(folder), {}, []
    for path in found_in(folder):
        found = _without_running(path, before.get(path.name, {}))
        if found:
            entries[path.name] = found
        elif found is None:
            waiting.append(path)
    if waiting:
        told = said("Checking {names} ...").format(names=", ".join(path.stem for path in waiting))
        print(in_language(told), flush=True)
        with own_grader(isolation) as grade:
            entries |= {path.name: entry(grade(path)) for path in waiting}
    keep(folder, entries)
    return report(read(folder)).told_in(chosen())


def _without_running(path, known):
    """What can be said of a notebook without running it: an entry; False for none of ours; None where it must run."""
    submission = read_submission(path)
    lessons = {name: load_lesson(name) for name in lesson_names()}
    name = "" if submission.problem else lesson_of(submission, lessons).lesson
    if not name:
        return False
    if (known.get("sha256"), known.get("lesson_sha256")) == (submission.sha256, lesson_digest(name)):
        return known
    attempted = any(Matching(lessons[name]).plan(submission).answer_cells.values())
    cells = [(cell.id, cell.text) for cell in submission.cells]
    written = any(place.answer_in(cells) for place in places(lessons[name]).values())
    return None if attempted or written else untouched(lessons[name], submission.sha256)
