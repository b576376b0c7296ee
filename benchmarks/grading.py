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
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.example_class import filled, reference
from autograder.grading import grade
from autograder.jail.worker import Worker
from autograder.jail.zygote import make_shell
from autograder.lesson import load_lesson
from autograder.matching import Matching
from autograder.notebook import notebook_text
from autograder.process import Process
from autograder.release import release
from autograder.session import Zygote
from autograder.submission import read_submission
from helpers.running import run_check

HERE = Path(__file__).parent
FIXTURES = HERE.parent / "tests" / "lessons"
QUICK, PARTS = ("floor", "cold", "otter", "nbgrader"), ("floor", "cold", "otter", "nbgrader", "class", "memory")
PR_SET_CHILD_SUBREAPER = 36
TICK = os.sysconf("SC_CLK_TCK")
BATCH = 20
# `course` with the small lesson of the tests in the place of the course's own.
SMALL = """
import sys
from pathlib import Path
from autograder import class_grading, class_run, cli
from autograder.lesson import load_lesson

lesson = load_lesson("50_fixture", Path(sys.argv.pop(1)))
for module in (class_grading, class_run):
    module.lesson_names, module.load_lesson = lambda: [lesson.name], lambda name: lesson
cli.main()
"""


@dataclass(frozen=True)
class Row:
    """One line of the table: a ratio (or a number), what it is, and how it should be."""

    ratio: str
    what: str
    ours: str
    theirs: str
    target: str


def own_cpu():
    """CPU seconds of this process and of the children that it has waited for."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def descendants():
    """The processes below this one."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, before = {os.getpid()}, 0
    while len(found) > before:
        before = len(found)
        found |= {pid for pid, parent in parents.items() if parent in found}
    return found - {os.getpid()}


def living_cpu():
    """CPU seconds of the processes below this one that are still there, with all that they have waited for."""
    ticks = 0
    for pid in descendants():
        try:
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
        except OSError:
            continue
    return ticks / TICK


def memory_of(pids):
    """The bytes of memory of some processes, shared pages counted once."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
    return total


class Peak(threading.Thread):
    """Watches the memory of everything below this process, until stopped."""

    def __init__(self):
        super().__init__(daemon=True)
        self.bytes, self._stopped = 0, threading.Event()

    def run(self):
        while not self._stopped.wait(0.5):
            self.bytes = max(self.bytes, memory_of(descendants()))

    def stop(self):
        self._stopped.set()
        self.join()
        return self.bytes


def run(command, folder, accepted=(0,)):
    """Run a command with all that it leaves behind and return (CPU seconds, wall seconds)."""
    cpu, wall = own_cpu(), time.monotonic()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in accepted:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{(done.stdout + done.stderr)[-2000:]}")
    wall = time.monotonic() - wall
    try:  # orphans come to this process, see `main`
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass
    return own_cpu() - cpu, wall


def median(values):
    return statistics.median(values)


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
        times.append(run([sys.executable, "-m", "autograder.cli", *words], course.folder))
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
    start = ["-c", SMALL, FIXTURES] if small else ["-m", "autograder.cli"]
    words = ["grade", folder, "--out", course.folder / f"{name}-out", "--workers", 2]
    peak = Peak()
    peak.start()
    cpu, wall = run([sys.executable, *map(str, [*start, *words])], course.folder)
    return cpu, wall, peak.stop()


def seconds(value):
    return f"{value:.4f} s"


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
            rows += globals()[f"part_{part}"](course)
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
