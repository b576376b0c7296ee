"""What the generated checks of purity cost: CPU of a solved submission of each lesson with them and without, A B B A.

    course bench probes [LESSON ...] [--rounds 5]

CPU seconds are those of all processes together, on medians; the aim is at most 15 % of a submission.
"""

# ruff: noqa: E402
import os

for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy is imported

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from _grading_parts import jailed
from _measuring import median

from autograder.building.example_class import filled, reference
from autograder.building.notebook import notebook_text
from autograder.grading.matching import Matching
from autograder.remote.zygote import Zygote
from autograder.source.lesson import lesson_names, load_lesson


def without_probes(lesson):
    """The same lesson with the checks alone that its sections write themselves."""
    fewer = replace(lesson)
    fewer.__dict__["exercises"] = {name: replace(one, checks=one.own_checks) for name, one in lesson.exercises.items()}
    return fewer


def measured(lesson, path, rounds):
    """(CPU seconds with the probes, without), medians of interleaved rounds."""
    both = [Matching(lesson), Matching(without_probes(lesson))]
    with Zygote() as zygote:
        times = [[], []]
        for number in range(rounds):
            for which in (0, 1) if number % 2 else (1, 0):
                times[which].append(jailed(both[which], path, zygote, number))
    return tuple(map(median, times))


def main():
    """Print one line a lesson."""
    parser = argparse.ArgumentParser(description="Measure what the probes cost.")
    parser.add_argument("lessons", nargs="*", default=lesson_names())
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    print("| lesson | with probes | without | of the whole |\n|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for lesson in map(load_lesson, chosen.lessons):
            path = Path(folder) / "solved.ipynb"
            path.write_text(notebook_text(filled(lesson, reference(lesson))), encoding="utf-8")
            probed, bare = measured(lesson, path, chosen.rounds)
            print(f"| {lesson.name} | {probed:.3f} s | {bare:.3f} s | {1 - bare / probed:.0%} |", flush=True)


if __name__ == "__main__":
    main()
