"""The parts of the grading benchmark: what is measured, each beside its peer."""

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
from _measuring import living_cpu, median, own_cpu, run

from autograder.building.example_class import reference
from autograder.grading.matching import Matching
from autograder.grading.one_submission import grade
from autograder.grading.submission import read_submission
from autograder.jail.worker import Worker
from autograder.jail.zygote import make_shell
from autograder.release import release
from autograder.remote.process import Process
from autograder.remote.zygote import Zygote
from helpers.running import run_check

FIXTURES = Path(__file__).parent.parent / "tests" / "lessons"
BATCH = 20


@dataclass(frozen=True)
class Row:
    """One line of the table: a ratio (or a number), what it is, and how it should be."""

    ratio: str
    what: str
    ours: str
    theirs: str
    target: str


def seconds(value):
    return f"{value:.4f} s"


def jailed(matching, path, zygote, number):
    """CPU seconds of a submission, graded as `course grade` does it."""
    before = own_cpu() + living_cpu()
    for seed in range(BATCH):
        graded = grade(read_submission(path), matching, zygote, seed=seed + number)
        _require_full(matching.lesson, sum(one.points for one in graded.exercises))
    return (own_cpu() + living_cpu() - before) / BATCH


def bare(matching, path, shell, number):
    """CPU seconds of a submission with a fork, the cells and the same checks in one process, and nothing else."""
    before = own_cpu()
    for seed in range(BATCH):
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            _grade_in_process(matching, path, shell, seed + number, writing)
        os.close(writing)
        with os.fdopen(reading) as answer:
            _require_full(matching.lesson, json.loads(answer.read()))
        os.waitpid(pid, 0)
    return (own_cpu() - before) / BATCH


def _grade_in_process(matching, path, shell, seed, writing):
    try:
        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
        worker, points = Worker(None, shell), 0
        for step in matching.plan(read_submission(path)).steps:
            if step.exercise:
                checks = matching.lesson.exercises[step.exercise].checks
                points += sum(run_check(check, shell.user_ns, seed).earned for check in checks)
            else:
                worker._run(step.text, step.cell)
        os.write(writing, json.dumps(points).encode())
    finally:
        os._exit(0)


def _require_full(lesson, points):
    if points != lesson.max_points:
        raise SystemExit(f"A solved notebook has {points:g} of {lesson.max_points:g} points; nothing is compared.")


def part_floor(course):
    """Ours beside the bare floor, A B, B A."""
    matching, shell = Matching(course.lesson), make_shell()
    import matplotlib.pyplot  # noqa: F401  what the zygote has imported, too

    ours, theirs = [], []
    with Zygote() as zygote:
        jailed(matching, course.solved, zygote, 0)
        bare(matching, course.solved, shell, 0)
        for number in range(course.rounds):
            pair = [(ours, jailed, zygote), (theirs, bare, shell)]
            for times, how, where in pair[:: 1 if number % 2 else -1]:
                times.append(how(matching, course.solved, where, number * BATCH))
        layers = ", ".join(zygote.layers)
    course.cpu = median(ours)
    ratio = median(a / b for a, b in zip(ours, theirs, strict=True))
    what = f"CPU a submission, jail on ({layers}) : bare fork and checks, no jail"
    yield Row(f"{ratio:.2f}", what, seconds(course.cpu), seconds(median(theirs)), "about 2")
    yield Row("", "of it, calls over the wire", f"{_calls(matching, course.solved)}", "", "")


def _calls(matching, path):
    """How many messages a submission takes."""
    counted, honest = [], Process._send
    Process._send = lambda self, *args: counted.append(1) or honest(self, *args)
    try:
        with Zygote() as zygote:
            grade(read_submission(path), matching, zygote, seed=0)
    finally:
        Process._send = honest
    return len(counted)


def part_cold(course):
    """`course grade` on one notebook, from nothing."""
    times = []
    for number in range(course.rounds):
        words = ["grade", course.solved, "--out", course.folder / f"cold{number}"]
        times.append(run([sys.executable, "-m", "autograder", *words], course.folder))
    cpu, wall = (median(column) for column in zip(*times, strict=True))
    yield Row("", "course grade on one notebook, cold", f"{cpu:.2f} s CPU, {wall:.2f} s", "", "< 1.5 s CPU")


def part_otter(course):
    """`otter run` on the release for otter."""
    folder = release(course.lesson, "otter", course.folder)
    notebook = _answered(folder / "student" / f"{course.lesson.name}.ipynb", course.lesson)
    path = folder / "student" / "solved.ipynb"
    nbformat.write(notebook, path)
    command = [sys.executable, "-m", "otter", "run", path, "-a", folder / "autograder" / "autograder.zip"]
    cpu, wall = zip(*(run(command, folder) for _ in range(min(3, course.rounds))), strict=True)
    yield Row(
        f"1/{median(cpu) / course.cpu:.0f}",
        "CPU a submission : otter run",
        seconds(course.cpu),
        f"{median(cpu):.2f} s, {median(wall):.2f} s of wall",
        "1/100",
    )


def part_nbgrader(course):
    """`nbgrader autograde` on the release for nbgrader, three submissions in a batch."""
    folder = release(course.lesson, "nbgrader", course.folder)
    name = course.lesson.name
    notebook = _answered(folder / "release" / name / f"{name}.ipynb", course.lesson)
    for number in range(3):
        shutil.copytree(folder / "release" / name, folder / "submitted" / f"s{number}" / name)
        nbformat.write(notebook, folder / "submitted" / f"s{number}" / name / f"{name}.ipynb")
    command = [sys.executable, "-m", "nbgrader", "autograde", name, "--force"]
    times = [run(command, folder) for _ in range(min(3, course.rounds))]
    cpu, wall = (median(column) / 3 for column in zip(*times, strict=True))
    ours = seconds(course.cpu)
    what = "CPU a submission : nbgrader autograde, in a batch"
    yield Row(f"1/{cpu / course.cpu:.0f}", what, ours, f"{cpu:.2f} s, {wall:.2f} s of wall", "1/20")


def _answered(path, lesson):
    """A tool's student notebook with every answer right."""
    notebook, answers = nbformat.read(path, 4), reference(lesson)
    for cell in notebook.cells:
        cell.source = answers.pop(cell.get("id"), cell.source)
    if answers:
        raise SystemExit(f"{path} has no cells called {', '.join(answers)}.")
    return notebook
