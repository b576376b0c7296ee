"""The parts of the grading benchmark that need a large class: a thousand notebooks, and ten thousand small ones."""

import sys
from pathlib import Path

from _grading_parts import Row
from _measuring import Peak, run

from autograder.building.example_class import filled, reference
from autograder.building.notebook import notebook_text
from autograder.source.lesson import load_lesson

FIXTURES = Path(__file__).parent.parent / "tests" / "lessons"
# `course` with the small lesson of the tests in the place of the course's own.
SMALL = """
import sys
from pathlib import Path
from autograder.grading import jobs, one_file, whole_class
from autograder.cli import app as cli
from autograder.source.lesson import load_lesson

lesson = load_lesson("50_fixture", Path(sys.argv.pop(1)))
for module in (jobs, one_file, whole_class):
    module.lesson_names, module.load_lesson = lambda: [lesson.name], lambda name: lesson
cli.main()
"""


def part_class(course):
    """A thousand notebooks of the lesson on two cores."""
    cpu, wall, peak = _class_run(course, "class", 1000, notebook_text(filled(course.lesson, reference(course.lesson))))
    yield Row("", "1,000 submissions, two workers", f"{wall:.0f} s of wall, {cpu:.0f} s CPU", "", "< 60 s of wall")
    yield Row("", "peak memory of all processes", f"{peak / 2**20:.0f} MiB", "", "")


def part_memory(course):
    """A thousand and ten thousand small notebooks: memory and time as they grow."""
    small = load_lesson("50_fixture", FIXTURES)
    text = notebook_text(filled(small, reference(small)))
    _, wall, peak = _class_run(course, "small", 1000, text, small=True)
    _, wall_10, peak_10 = _class_run(course, "large", 10_000, text, small=True)
    times, bytes_ = f"{wall_10:.0f} s : {wall:.0f} s", f"{peak_10 / 2**20:.0f} MiB : {peak / 2**20:.0f} MiB"
    yield Row(f"{wall_10 / wall:.2f}", "wall, 10,000 : 1,000 small submissions", times, "", "10")
    yield Row(f"{peak_10 / peak:.2f}", "peak memory, 10,000 : 1,000", bytes_, "", "1.0 to 1.1")


def _class_run(course, name, count, text, *, small=False):
    folder = course.folder / name
    folder.mkdir()
    for number in range(count):
        (folder / f"s{number:05}.ipynb").write_text(text + "\n" * (number % 7), encoding="utf-8")
    start = ["-c", SMALL, FIXTURES] if small else ["-m", "autograder"]
    words = ["grade", folder, "--out", course.folder / f"{name}-out", "--workers", 2]
    peak = Peak()
    peak.start()
    cpu, wall = run([sys.executable, *map(str, [*start, *words])], course.folder)
    return cpu, wall, peak.stop()
