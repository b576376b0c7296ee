"""What grading costs beside its peers, in the same run: `course bench grading`.

    python benchmarks/grading.py [PART ...] [--lesson 02] [--rounds 5] [--write]

CPU seconds are those of all processes together. The peers: the same checks after a bare fork without a jail (the
floor), `otter run`, and `nbgrader autograde` in a batch of three, on releases of the same lesson with the same answers.
The parts `floor cold otter nbgrader` take about two minutes and run by default; `class` grades 1,000 notebooks,
`memory` 10,000 small ones more.
"""

# ruff: noqa: E402
import os

for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy is imported

import argparse
import ctypes
import shutil
import sys
import tempfile
from pathlib import Path

import _grading_parts
import _grading_scale

from autograder.building.example_class import filled, reference
from autograder.building.notebook import notebook_text
from autograder.source.lesson import load_lesson

HERE = Path(__file__).parent
PR_SET_CHILD_SUBREAPER = 36
PART_OF = {
    "floor": _grading_parts.part_floor,
    "cold": _grading_parts.part_cold,
    "otter": _grading_parts.part_otter,
    "nbgrader": _grading_parts.part_nbgrader,
    "class": _grading_scale.part_class,
    "memory": _grading_scale.part_memory,
}
PARTS, QUICK = tuple(PART_OF), ("floor", "cold", "otter", "nbgrader")


def table(rows, course):
    """The table as Markdown, ratio first."""
    lines = [
        f"Lesson {course.lesson.name}, {len(course.lesson.exercises)} exercises, "
        f"{sum(len(one.checks) for one in course.lesson.exercises.values())} checks, "
        f"medians of {course.rounds} rounds, {os.cpu_count()} cores.",
        "",
        "| ratio | what | ours | theirs | target |",
        "|---|---|---|---|---|",
        *(f"| {row.ratio} | {row.what} | {row.ours} | {row.theirs} | {row.target} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def options():
    parser = argparse.ArgumentParser(description="Compare the grader with its peers.")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], default=[], help=f"of {', '.join(PARTS)}")
    parser.add_argument("--all", action="store_true", help="all parts")
    parser.add_argument("--lesson", default="02")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write the table to benchmarks/grading.md")
    return parser.parse_args()


def main():
    chosen = options()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # so that what orphans used is counted, too
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    course = argparse.Namespace(lesson=load_lesson(chosen.lesson), rounds=chosen.rounds, folder=folder, cpu=None)
    course.solved = folder / "solved.ipynb"
    course.solved.write_text(notebook_text(filled(course.lesson, reference(course.lesson))), encoding="utf-8")
    parts = PARTS if chosen.all else (chosen.parts or QUICK)
    if not {"otter", "nbgrader"}.isdisjoint(parts):
        parts = dict.fromkeys(["floor", *parts])  # their ratios need ours
    rows = []
    try:
        for part in parts:
            rows += PART_OF[part](course)
            print(f"{part} is done", file=sys.stderr, flush=True)
    finally:
        shutil.rmtree(folder)
    print(table(rows, course))
    if chosen.write:
        how = " ".join(["python benchmarks/grading.py", *sys.argv[1:]])
        text = f"# What grading costs\n\nMade by `{how}`.\n\n{table(rows, course)}"
        (HERE / "grading.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
