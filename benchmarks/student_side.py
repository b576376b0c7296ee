"""What a student waits for: `import helpers` beside `import numpy`, and `grader.check` on every exercise.

    course bench student_side

Imports: CPU seconds of fresh interpreters, A B A B, medians. Checks: the solved answers of each lesson, the slowest
exercise named; the baseline is otter's own `Notebook.check` on one question of the same kind where otter is installed.
"""

import statistics
import subprocess
import sys
import time

from autograder.source.lesson import lesson_names, load_lesson
from autograder.source.notebook_cells import lesson_cells
from helpers import Grader

ROUNDS = 11


def cpu_seconds(code):
    """CPU seconds of a fresh interpreter that runs `code`."""
    timed = f"import time\n{code}\nprint(time.process_time())"
    return float(subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True).stdout)


def import_ratio():
    """Medians of (import helpers and its Grader, import numpy), interleaved."""
    both = [(cpu_seconds("from helpers import Grader"), cpu_seconds("import numpy")) for _ in range(ROUNDS)]
    return tuple(statistics.median(column) for column in zip(*both, strict=True))


def solved_names(lesson):
    """The namespace of a notebook with every answer right."""
    names = {}
    exec("import math\nimport numpy as np", names)
    for cell in lesson_cells(lesson):
        if cell.role in ("given", "answer"):
            exec(cell.solution, names)
    return names


def check_times(lesson):
    """[(milliseconds, exercise)] of `grader.check`, medians, slowest first; and of the solved function's own calls."""
    grader = Grader(lesson.name, names=solved_names(lesson))
    times = []
    for name in lesson.exercises:
        rounds = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            report = grader.check(name)
            rounds.append((time.perf_counter() - started) * 1000)
        assert "failed" not in repr(report)
        times.append((statistics.median(rounds), name))
    return sorted(times, reverse=True)


def main():
    """Print the table."""
    ours, numpys = import_ratio()
    print(
        f"import helpers.Grader {ours * 1000:6.1f} ms CPU, {ours / numpys:.2f}x import numpy ({numpys * 1000:.1f} ms)"
    )
    heavy = cpu_seconds("import otter")
    print(f"import otter          {heavy * 1000:6.1f} ms CPU, {heavy / numpys:.2f}x import numpy")
    for name in lesson_names():
        times = check_times(load_lesson(name))
        middle = statistics.median(ms for ms, _ in times)
        print(f"{name}: grader.check median {middle:.1f} ms, slowest {times[0][0]:.1f} ms ({times[0][1]})")


if __name__ == "__main__":
    main()
