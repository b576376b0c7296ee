"""From outside: one submission against another, by files, inodes, processors and memory."""

import os
import threading
import time
from pathlib import Path

import pytest

from autograder.grading.matching import Matching
from autograder.grading.one_submission import grade
from autograder.grading.submission import read_submission
from autograder.remote import scratch
from autograder.remote.zygote import Limits, Zygote
from conftest import filled, solutions
from helpers.running import Unreachable

FULL = {"slope": 4, "letter": 2, "pair": 2.5}
FILLING = {
    "774 MiB in files": "for i in range(13): open(f'f{i}', 'wb').write(bytes(60 << 20))",
    "774 MiB in small files": "for i in range(8000): open(f'f{i}', 'wb').write(bytes(100_000))",
    "37,764 files": "for i in range(37_764): open(f'f{i}', 'w').close()",
    "37,764 folders": "for i in range(37_764): os.mkdir(f'd{i}')",
    "37,764 links": "for i in range(37_764): os.symlink('x', f'l{i}')",
    "a deep tree": "for i in range(20_000): os.mkdir('d'); os.chdir('d')",
    "a wide tree": "for i in range(200):\n    for j in range(200): os.makedirs(f'{i}/{j}')",
    "files in other folders": "os.chdir('..')\nfor i in range(37_764): open(f'f{i}', 'w').close()",
    "files that are copied": "open('f', 'wb').write(bytes(60 << 20))\nimport shutil\n"
    "for i in range(13): shutil.copyfile('f', f'g{i}')",
    "arrays on disk": "for i in range(13): np.memmap(f'm{i}', mode='w+', shape=60 << 20, dtype='u1')[:] = 1",
    "files that have no name any more": "held = []\nfor i in range(50):\n    f = open('f', 'wb', 0); held.append(f)\n"
    "    os.unlink('f'); f.write(bytes(60 << 20))",
}
SLOWLY = ("37,764 folders", "a wide tree", "a deep tree", "files in other folders")  # on a disk, to make and to delete
# A write to a mapped page for which the file system has no room ends Python (SIGBUS).
TOO_MUCH = "Python itself ended", "wrote more than 64 MB", "made more than 4096 files", "made folders too deep"
HIDDEN = ("files that have no name any more",)  # from the count of `standard`, not from the file system of `strict`


@pytest.fixture(scope="module", params=["strict", "standard"])
def jail(request):
    return request.getfixturevalue(request.param)


def fill(zygote, code):
    """Run it and return ("refused", type), ("stopped", why) or ("done", "")."""
    process = zygote.fork()
    process.latest = time.monotonic() + 60
    try:
        error = process.run(f"import os\nimport numpy as np\n{code}", "one", 30)
        return ("refused", error["types"][0]) if error else ("done", "")
    except Unreachable as death:
        return "stopped", str(death)
    finally:
        process.close()


@pytest.mark.parametrize("how", [pytest.param(how, marks=[pytest.mark.slow] * (how in SLOWLY)) for how in FILLING])
def test_the_folder_is_bounded(how, jail):
    if how in HIDDEN and "bwrap" not in jail.layers:
        pytest.skip("a file without a name cannot be counted from outside; README says so")
    ended, why = fill(jail, FILLING[how])
    assert ended in ("refused", "stopped"), how
    assert ended == "refused" or any(words in why for words in TOO_MUCH)
    process = jail.fork()
    assert (
        process.run("import os\nassert os.listdir('.') == []\nopen('x', 'wb').write(bytes(30 << 20))", "1", 5) is None
    )
    process.close()


@pytest.mark.slow
@pytest.mark.parametrize("how", ["774 MiB in small files", "37,764 files"])
def test_negative_control_without_bounds_it_fills(how, monkeypatch):
    monkeypatch.setattr(scratch, "MOST_BYTES", 1 << 40)
    monkeypatch.setattr(scratch, "MOST_FILES", 1 << 40)
    with Zygote("standard") as zygote:
        assert fill(zygote, FILLING[how].replace("8000", "1500").replace("37_764", "6_000")) == ("done", "")


CROWD = """
import threading, numpy as np
a = np.ones((120, 120))
def spin():
    while True: a @ a
for _ in range(150): threading.Thread(target=spin, daemon=True).start()
import time; time.sleep(30)
"""


@pytest.mark.slow
def test_a_crowd_of_threads_costs_the_neighbor_nothing(fixture_lesson, tmp_path):
    """150 busy threads in one submission, an honest one beside it that works for a second in each call."""
    from autograder.building.notebook import notebook_text

    path = tmp_path / "x.ipynb"
    busy = "def slope(x, a=1.0):\n    if a == 0:\n        raise ValueError\n    import time\n"
    busy += "    end = time.process_time() + 0.1\n    while time.process_time() < end: pass\n    return 2.0 * a * x"
    answers = {**solutions(fixture_lesson), "slope-answer": busy}
    path.write_text(notebook_text(filled(fixture_lesson, answers)), encoding="utf-8")
    with Zygote() as noisy, Zygote() as quiet:
        crowd = noisy.fork()
        crowding = threading.Thread(target=_crowd, args=(crowd,))
        crowding.start()
        time.sleep(0.5)
        limits = Limits(cell=2.0, call=2.0, submission=60.0)
        graded = grade(read_submission(path), Matching(fixture_lesson), quiet, seed=1, limits=limits)
        crowding.join()
    assert {one.name: one.points for one in graded.exercises} == FULL
    assert graded.problems == ()


def _crowd(process):
    try:
        process.run(CROWD, "one", 10)
    except Unreachable:
        process.close()


GROUPS = Path("/sys/fs/cgroup")
BOMB = "held = []\nwhile True: held.append(np.ones(1 << 20))"


@pytest.mark.slow
def test_a_bomb_on_a_machine_with_little_memory_costs_the_neighbor_nothing(fixture_lesson, tmp_path):
    """In a group that has 1 GiB for the grader, the bomb and the honest one: the kernel takes the bomb."""
    from autograder.building.notebook import notebook_text

    group = GROUPS / f"course-test-{os.getpid()}"
    try:
        group.mkdir()
        (group / "memory.max").write_text(str(1 << 30), encoding="utf-8")
    except OSError as error:
        pytest.skip(f"no group with a bound on memory can be made here ({error.strerror})")
    path = tmp_path / "x.ipynb"
    path.write_text(notebook_text(filled(fixture_lesson, solutions(fixture_lesson))), encoding="utf-8")
    try:
        pid = os.fork()
        if pid == 0:
            os._exit(_honest_beside_a_bomb(group, path, fixture_lesson))
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    finally:
        wait_until_empty(group)


def _honest_beside_a_bomb(group, path, lesson):
    """0 where the honest one earns everything in every one of some tries, beside a bomb that ends."""
    (group / "cgroup.procs").write_text(str(os.getpid()), encoding="utf-8")
    limits = Limits(cell=5.0, call=5.0, submission=60.0, memory=4 << 30)
    with Zygote(None, limits) as first, Zygote(None, limits) as second:
        for _ in range(4):
            bomb = first.fork()
            told = []
            thread = threading.Thread(target=lambda process=bomb, told=told: told.append(_exploded(process)))
            thread.start()
            for _ in range(5):
                graded = grade(read_submission(path), Matching(lesson), second, seed=1, limits=limits)
                if sum(one.points for one in graded.exercises) != 8.5:
                    return 1
            thread.join()
            if not told[0]:
                return 2
    return 0


def _exploded(process):
    try:
        return process.run(f"import numpy as np\n{BOMB}", "one", 5) is not None
    except Unreachable:
        return True
    finally:
        process.close()


def wait_until_empty(group):
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            return group.rmdir()
        except OSError:
            time.sleep(0.1)
