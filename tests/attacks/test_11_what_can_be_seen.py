"""From outside: what a notebook can find out about the machine, the course and other people's work.

In `strict` nothing is there but the interpreter, the libraries and one folder. In `standard` the kernel tells whether a
path exists, and that is all it tells; README says so, and so does a test here.
"""

import os

import pytest

import autograder

PROJECT = os.path.dirname(os.path.dirname(autograder.__file__))
TELL = """
import ctypes, glob, os, sys, helpers
project, other = PROJECT, OTHER
lessons = project + "/autograder/lessons"
def tells(look):
    try: return bool(look())
    except OSError: return False
def argv():
    count, words = ctypes.c_int(), ctypes.POINTER(ctypes.c_wchar_p)()
    ctypes.pythonapi.Py_GetArgcArgv(ctypes.byref(count), ctypes.byref(words))
    return [words[i] for i in range(count.value)]
"""
EXISTENCE = {
    "stat of a lesson": "os.stat(lessons)",
    "lstat of a lesson": "os.lstat(lessons)",
    "access to a lesson": "os.access(lessons, os.F_OK)",
    "changing into the lessons": "os.chdir(lessons) or True",
    "whether somebody's notebook is there": "os.path.exists(other)",
    "how large it is": "os.stat(other).st_size",
    "when it was changed": "os.stat(other).st_mtime",
    "a relative way out": "os.stat('../../../../../../..' + other)",
    "a link and its target": "(os.path.lexists('l') or os.symlink(other, 'l')) or os.path.exists('l')",
    "the users of the machine": "os.stat('/etc/passwd')",
    "homes": "os.path.isdir('/home')",
    "the machine's logs": "os.path.isdir('/var/log')",
    "programs": "os.path.exists('/usr/bin/env')",
    "the tests": "os.path.exists(project + '/tests')",
    "the history of the project": "os.path.exists(project + '/.git') or os.path.exists(project + '/pyproject.toml')",
    "the source of the kernels": "__import__('linecache').getlines(helpers.__path__[0] + '/kernels/softmax.py')"
    " or os.stat(project + '/docs')",
}
CONTENT = {
    "a listing of the root": "os.listdir('/')",
    "a listing of the lessons": "os.listdir(lessons)",
    "a glob": "glob.glob(lessons + '/*/*.py')",
    "a walk": "list(os.walk(lessons))",
    "a lesson read": "open(sorted(glob.glob(lessons + '/*/*.py'))[0]).read() if glob.glob(lessons + '/*') else 0",
    "somebody's notebook read": "open(other).read()",
    "its folder listed": "os.listdir(os.path.dirname(other))",
    "the command line": "open('/proc/self/cmdline').read()",
    "the grader's command line": "open(f'/proc/{os.getppid()}/cmdline').read()",
    "the environment at the start": "open('/proc/self/environ').read()",
    "the parent's descriptors": "os.listdir(f'/proc/{os.getppid()}/fd')",
    "its own map of memory": "open('/proc/self/maps').read()",
    "all processes": "[p for p in os.listdir('/proc') if p.isdigit()]",
    "the load": "open('/proc/loadavg').read()",
    "mounts": "open('/proc/mounts').read()",
    "the kernel's settings": "open('/proc/sys/kernel/ostype').read()",
    "sysfs": "os.listdir('/sys')",
    "shared memory": "os.listdir('/dev/shm') is not None",
    "temporary files of others": "os.listdir('/tmp')",
    "how full the disk is": "__import__('shutil').disk_usage('.')",
    "how much memory there is": "ctypes.CDLL(None).sysinfo(ctypes.create_string_buffer(512)) == 0",
}
ARGUMENTS = {
    "sys.orig_argv": "any(project in word for word in sys.orig_argv)",
    "sys.argv": "any(other in word or 'secret' in word or 'lessons' in word for word in sys.argv)",
    "the arguments in memory": "any(project in word or 'secret' in word for word in argv())",
}


@pytest.fixture
def other(tmp_path):
    path = tmp_path / "class" / "somebody.ipynb"
    path.parent.mkdir()
    path.write_text("somebody's work", encoding="utf-8")
    return path


def tells(zygote, look, other):
    process = zygote.fork()
    try:
        assert process.run(TELL.replace("PROJECT", repr(PROJECT)).replace("OTHER", repr(str(other))), "one", 5) is None
        error = process.run(f"told = tells(lambda: {look})", "two", 5)
        assert error is None, error
        return process.look("told", 5)
    finally:
        process.close()


@pytest.mark.parametrize("look", {**EXISTENCE, **CONTENT, **ARGUMENTS})
def test_in_strict_nothing_is_told(look, strict, other):
    assert tells(strict, {**EXISTENCE, **CONTENT, **ARGUMENTS}[look], other) is False


@pytest.mark.parametrize("look", {**CONTENT, **ARGUMENTS})
def test_in_standard_nothing_is_told_but_existence(look, standard, other):
    assert tells(standard, {**CONTENT, **ARGUMENTS}[look], other) is False


def test_what_standard_cannot_hide_is_what_the_readme_says(standard, other):
    told = {look for look, code in EXISTENCE.items() if tells(standard, code, other)}
    assert "stat of a lesson" in told
    with open(os.path.join(PROJECT, "autograder", "README.md"), encoding="utf-8") as file:
        assert "whether a path exists" in file.read()


@pytest.mark.parametrize("look", {**EXISTENCE, **CONTENT})
def test_negative_control(look, open_zygote, other):
    assert tells(open_zygote, {**EXISTENCE, **CONTENT}[look], other) is True
