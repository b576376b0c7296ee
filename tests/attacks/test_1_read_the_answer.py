"""Class 1, read the answer: from disk, memory, frames, closures, the environment, open files, other processes."""

import pytest

from attacks.conftest import Attack, cases, controls, is_honest

FROM_SOURCE = '''
def from_source(text):
    """Make the answers out of a section's text."""
    names = {"np": __import__("numpy"), "scale": 2.0}
    import re
    body = re.search(r"(?ms)^def slope.*?END SOLUTION", text)
    if body:
        exec(body[0], names)
    six = re.search(r"(?m)^six = (\\d+)", text)
    names["six"] = int(six[1]) if six else None
    options = re.search(r"(?ms)^letter = choice\\(.*?^\\)", text)
    if options:
        exec("from helpers.checking import choice, option\\n" + options[0], names)
        names["letter"] = names["letter"].letter
    return names
'''
FILES = """
import glob, os
def steal(name):
    for path in PATHS:
        try:
            text = open(path, errors="replace").read()
        except OSError:
            continue
        found = from_source(text).get(name)
        if found is not None and (name in text):
            return found
"""


def by_files(name, paths, **more):
    return Attack(name, FROM_SOURCE + FILES.replace("PATHS", paths), **more)


LESSONS = "os.path.dirname(__import__('helpers').__file__) + '/../../tests/lessons/*/*.py'"
MODULES = """
import sys
def steal(name):
    for module in list(sys.modules.values()):
        try:
            found = vars(module)[name]
        except (KeyError, TypeError):
            continue
        if "HINTS" in vars(module) or "choice" in vars(module):
            return getattr(found, "letter", found)
"""
GARBAGE = """
import gc, os, types
def steal(name):
    asked = os.environ.get("COURSE_LESSON")  # memory may hold copies of the lesson that other tests have changed
    for thing in gc.get_objects():
        if type(thing) is dict and name in thing and ("HINTS" in thing or "choice" in thing):
            if asked and thing.get("__file__") != asked: continue
            found = thing[name]
            if is_right(name, found): return getattr(found, "letter", found)
def is_right(name, found):  # memory may hold other people's wrong ones too
    try: return name != "slope" or found(3.0) == 6
    except Exception: return False
"""
FRAMES = """
import sys
def steal(name):
    frame = sys._getframe()
    while frame:
        for names in (frame.f_locals, frame.f_globals):
            for value in list(names.values()):
                module = getattr(value, "module", None)
                if module is not None and hasattr(module, name):
                    found = getattr(module, name)
                    return getattr(found, "letter", found)
                right = value.get(name) if type(value) is dict and "letter" in value and "six" in value else None
                if right is not None:
                    return right
        frame = frame.f_back
"""
LATE_FRAMES = """
import sys, types
class Late:
    def __init__(self, name): self.name = name
    def look(self):
        frame = sys._getframe()
        while frame:
            right = frame.f_locals.get("right") or frame.f_locals.get("expected")
            if type(right) is dict: return right[self.name]
            if right is not None: return right
            frame = frame.f_back
    def __eq__(self, other): return self.look() == other
    __hash__ = None
    def __call__(self, x, a=1.0):
        found = self.look()
        return found(x, a) if callable(found) else found
def steal(name): return Late(name)
"""
LINES = (
    FROM_SOURCE
    + """
import linecache
def steal(name):
    for entry in list(linecache.cache.values()):
        text = "".join(entry[2]) if len(entry) > 2 else ""
        if "_answer(" in text or "choice(" in text:
            found = from_source(text).get(name)
            if found is not None: return found
"""
)
ENVIRON = (
    FROM_SOURCE
    + """
import os
def steal(name):
    for value in os.environ.values():
        if value.endswith(".py"):
            return from_source(open(value).read()).get(name)
"""
)
DESCRIPTORS = (
    FROM_SOURCE
    + """
import os
def steal(name):
    for number in range(3, 64):
        try:
            text = os.pread(number, 1 << 16, 0).decode()
        except (OSError, UnicodeDecodeError):
            continue
        found = from_source(text).get(name)
        if found is not None: return found
"""
)
PROC_MEMORY = (
    FROM_SOURCE
    + """
import os, re
def steal(name):
    for pid in ("self", os.getppid()):
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
            for line in maps:
                if "rw" not in line: continue
                low, high = (int(part, 16) for part in line.split()[0].split("-"))
                if high - low > 1 << 28: continue
                memory.seek(low)
                try: text = memory.read(high - low).decode("latin-1")
                except OSError: continue
                for mark, size in (("def slope(x, a=1.0):", 900), ("six = 6", 60), ("letter = choice(", 700)):
                    if name in mark and mark in text:
                        for start in re.finditer(re.escape(mark), text):
                            try:
                                found = from_source(text[start.start():start.start() + size]).get(name)
                                wrong = callable(found) and found(3.0) != 6  # a leftover of something else
                            except Exception: continue
                            if found is not None and not wrong: return found
"""
)
PROC_FD = (
    FROM_SOURCE
    + """
import os
def steal(name):
    for pid in ("self", os.getppid()):
        for number in os.listdir(f"/proc/{pid}/fd"):
            try: text = open(os.readlink(f"/proc/{pid}/fd/{number}")).read(1 << 16)
            except (OSError, UnicodeDecodeError): continue
            found = from_source(text).get(name)
            if found is not None: return found
"""
)
PROC_ENVIRON = (
    FROM_SOURCE
    + """
import os
def steal(name):
    text = open("/proc/self/environ").read() + "\\0" + "\\0".join(f"{k}={v}" for k, v in os.environ.items())
    for part in text.split("\\0"):
        if part.endswith(".py"):
            return from_source(open(part.split("=", 1)[1]).read()).get(name)
"""
)
SHELL = (
    FROM_SOURCE
    + """
import subprocess, os, glob
def steal(name):
    text = subprocess.run(["cat", *glob.glob(PATHS)], capture_output=True, text=True).stdout
    return from_source(text).get(name)
""".replace("PATHS", LESSONS)
)
IMPORT = (
    FROM_SOURCE
    + """
import importlib.util, glob, os
def steal(name):
    for path in glob.glob(PATHS):
        spec = importlib.util.spec_from_file_location("stolen", path)
        module = importlib.util.module_from_spec(spec)
        try: spec.loader.exec_module(module)
        except Exception: pass
        if hasattr(module, name):
            found = getattr(module, name)
            return getattr(found, "letter", found)
""".replace("PATHS", LESSONS)
)
LOADER = """
def steal(name):
    from pathlib import Path
    import autograder.source.lesson
    lesson = autograder.source.lesson.load_lesson("50", Path(autograder.__file__).parents[1] / "tests" / "lessons")
    return {a.name: a.value for e in lesson.exercises.values() for a in e.answers}[name]
"""
WALK = (
    FROM_SOURCE
    + """
import os
def steal(name):
    root = os.path.dirname(__import__("numpy").__file__)
    for start in (os.path.dirname(__import__("helpers").__file__) + "/../..",):
        for folder, _, files in os.walk(start):
            for file in files:
                if file.endswith(".py") and "50_fixture" in folder:
                    found = from_source(open(os.path.join(folder, file)).read()).get(name)
                    if found is not None: return found
"""
)
ATTACKS = [
    by_files("sources beside helpers", f"glob.glob({LESSONS})"),
    by_files("sources by a listing", f"[p for p in sorted(glob.glob({LESSONS})) if os.path.isfile(p)]"),
    Attack("imported from their path", IMPORT),
    Attack("with the course's own loader", LOADER),
    Attack("a walk over the project", WALK),
    Attack("modules in memory", MODULES),
    Attack("garbage collector", GARBAGE),
    Attack("frames of the callers", FRAMES),
    Attack("frames at the time of the check", LATE_FRAMES, works_on=("six", "letter")),
    Attack("linecache", LINES),
    Attack("environment", ENVIRON),
    Attack("open descriptors", DESCRIPTORS),
    Attack("/proc: memory", PROC_MEMORY),
    Attack("/proc: open files", PROC_FD),
    Attack("/proc: environment", PROC_ENVIRON),
    Attack("a program that reads for us", SHELL),
]


@pytest.mark.parametrize(("attack", "target"), cases(ATTACKS))
def test_it_earns_nothing(attack, target, attack_earns):
    points, _ = attack_earns(attack, target)
    assert is_honest(attack, points), points


@pytest.mark.parametrize(("attack", "target"), controls(ATTACKS))
def test_negative_control(attack, target, naive_earns):
    assert naive_earns(attack, target)
