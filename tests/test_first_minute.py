"""The way in: what installs nothing, what is told where nothing can be installed, and what grading does not import."""

import errno
import importlib.util
import os
import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest
from test_project import EXTRAS, imports_of, named

from autograder.building.example_class import example_class
from autograder.cli import verbs
from autograder.source.lesson import lesson_names, load_lesson

PROJECT = Path(__file__).parent.parent
VERBS = ("autograder/cli/verbs.py", "autograder/cli/wording.py", *(f"autograder/{name}" for name in verbs.COMMANDS))
AUTHORING = ("nbformat", "jupytext", "nbgrader", "otter", "jupyter", "jupyterlab", "nbclient", "nbconvert", "pytest")
SITE = ("sphinx", "docutils", "myst_nb", "math_core", "fontTools", "ziamath")


@pytest.fixture
def way_in():
    """course.py as a module of its own, so that a test may change it."""
    spec = importlib.util.spec_from_file_location("way_in", PROJECT / "course.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A checkout without an environment."""
    root = tmp_path_factory.mktemp("bare")
    for name in ("course.py", "pyproject.toml", "constraints.txt", *VERBS):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, root / name)
    for name in ("autograder/__init__.py", "src/helpers/__init__.py", "notebooks/one.ipynb"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text('__version__ = "1.2.3"\n')
    return root


def course(bare, *words):
    """Run course.py with the standard library alone: -S leaves out site-packages."""
    command = [sys.executable, "-S", "-E", bare / "course.py", *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=bare)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 0, "For instructors:\n  init     Write a course.toml"),
        (["--help"], 0, "Check notebooks of your own, hidden checks included, and say what is wrong and why.\n"),
        (["-h"], 0, "Usage: python3 course.py VERB"),
        (["--version"], 0, "course 1.2.3\n"),
        (["grad"], 2, "There is no verb 'grad'. Did you mean 'grade'?"),
        (["zzz"], 2, "The verbs are lab, check, "),
        (["grade", "--help"], 0, "--workers     How many work at once"),
    ],
)
def test_help_and_slips_install_nothing(bare, words, code, said):
    before = sorted(bare.rglob("*"))
    shown = course(bare, *words)
    assert (shown.returncode, said in shown.stdout + shown.stderr) == (code, True), shown
    assert sorted(bare.rglob("*")) == before


def test_a_verb_needs_no_more_than_it_says():
    extra = {verb.name: verb.extra for verb in verbs.verbs().values()}
    assert {extra[name] for name in ("demo", "grade", "check", "new", "build", "mutants")} == {"grade"}
    assert [extra[name] for name in ("lab", "release", "site", "test")] == ["lab", "release", "site", "test"]
    assert set(named(EXTRAS["grade"])) == {
        *("ipython", "jinja2", "landlock", "latex2mathml", "markdown-it-py", "mdit-py-plugins", "pyseccomp"),
        *("rich", "typer"),
    }
    assert not set(AUTHORING) & set(named(EXTRAS["grade"]))


def test_extras_contain_what_course_py_says(way_in):
    def contained(extra):
        own = [one for one in EXTRAS[extra] if one.startswith("deep-learning-by-hand[")]
        below = [name for one in own for name in one.partition("[")[2].rstrip("]").split(",")]
        return {extra, *(name for one in below for name in contained(one))}

    assert {extra: contained(extra) - {"cluster"} for extra in way_in.CONTAINS} == way_in.CONTAINS


def test_an_environment_serves_what_it_was_made_for(way_in, tmp_path, monkeypatch):
    monkeypatch.setattr(way_in, "STAMP", tmp_path / "stamp")
    assert not way_in.is_installed("grade")
    way_in.STAMP.write_text(f"lab,release {way_in.fingerprint()}")
    assert [name for name in way_in.CONTAINS if way_in.is_installed(name)] == ["grade", "lab", "release"]
    way_in.STAMP.write_text("dev of-another-time")
    assert not way_in.is_installed("grade")
    assert way_in.installed()[0] == ["dev"]


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_a_python_without_venv_names_the_package(way_in, tmp_path, monkeypatch, module):
    monkeypatch.setattr(way_in, "VENV", tmp_path / ".venv")
    found = importlib.util.find_spec
    monkeypatch.setattr(way_in.importlib.util, "find_spec", lambda name: None if name == module else found(name))
    with pytest.raises(SystemExit, match=r"without the module venv[^\0]*sudo apt install python3\.\d+-venv"):
        way_in.make_environment(None)


@pytest.mark.parametrize(
    ("number", "mend"),
    [(errno.EROFS, "a folder of your own"), (errno.EACCES, "a folder of"), (errno.ENOSPC, "Free some")],
)
def test_a_folder_that_cannot_be_written_is_a_sentence(way_in, monkeypatch, number, mend):
    def refuse(*_, **__):
        raise OSError(number, os.strerror(number), "/here/.venv")

    monkeypatch.setattr(way_in.Path, "mkdir", refuse)
    monkeypatch.setattr(way_in, "is_installed", lambda extra: False)
    monkeypatch.setattr(way_in.sys, "argv", ["course.py", "demo"])
    with pytest.raises(SystemExit, match=rf"^/here/\.venv cannot be written \({os.strerror(number)}\)\. .*{mend}"):
        way_in.main()


NO_NETWORK, FAILED = "there is no way to the network", "The installation failed"
# What pip and uv said where each was tried: without a network, on a full file system, with a version that is none.
LOGS = {
    "pip, no network": (
        "'NewConnectionError(\"Failed to establish a new connection: [Errno -3]\")': /x/\n",
        NO_NETWORK,
    ),
    "uv, no network": ("error: Failed to fetch: `https://x/hatchling/`\n  Caused by: dns error\n", NO_NETWORK),
    "full": ("ERROR: Could not install: [Errno 28] No space left on device\n", "The disk is full"),
    "a wrong pin": ("ERROR: No matching numpy==0.0\n\n", f"{FAILED} (ERROR: No matching numpy==0.0). Mend that"),
    "silence": ("", f"{FAILED} (it said nothing). Mend that"),
}


@pytest.mark.parametrize("name", LOGS)
def test_a_failed_installation_names_its_cause_and_keeps_its_log(way_in, tmp_path, monkeypatch, name, capsys):
    monkeypatch.setattr(way_in, "LOG", tmp_path / "log")
    said, cause = LOGS[name]
    with pytest.raises(SystemExit) as stopped:
        way_in.install([sys.executable, "-c", f"import sys; sys.stderr.write({said!r}); sys.exit(1)"], "Setting up")
    assert cause in str(stopped.value)
    assert str(stopped.value).endswith(f"All that was said is in {tmp_path / 'log'}")
    assert not said or (tmp_path / "log").read_text() == said
    assert capsys.readouterr().out == "Setting up ..."


def test_an_installation_is_one_line(way_in, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(way_in, "LOG", tmp_path / "log")
    way_in.install([sys.executable, "-c", "print('Collecting numpy\\n' * 300)"], "Setting up")
    assert capsys.readouterr().out.count("\n") == 1
    assert (tmp_path / "log").read_text().count("Collecting") == 300


def test_a_path_that_is_not_ascii_works_with_the_locale_c(way_in, tmp_path, monkeypatch):
    root = tmp_path / "Ünïcode"
    venv = root / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    packages = next(venv.rglob("site-packages"))
    (packages / "course.pth").write_text(f"{root}\n{root / 'src'}\nimport os\n", encoding="utf-8")
    monkeypatch.setattr(way_in, "ROOT", root)
    way_in.make_relative(venv)
    assert (packages / "course.pth").read_bytes().isascii()
    (root / "src").mkdir()
    (root / "src" / "found.py").write_text("")
    shown = subprocess.run([venv / "bin/python", "-c", "import found"], env={"LC_ALL": "C"}, capture_output=True)
    assert shown.returncode == 0, shown.stderr


def test_without_typer_help_works_and_a_verb_says_what_brings_it(monkeypatch, capsys):
    from autograder import __main__ as entry

    monkeypatch.setitem(sys.modules, "autograder.cli.app", None)
    monkeypatch.setattr(
        entry, "sys", types.SimpleNamespace(argv=[], stderr=sys.stderr, stdout=sys.stdout, exit=sys.exit)
    )
    assert entry._without([], "typer") == 0
    assert entry._without(["grade"], "typer") == 2
    assert "pip install 'deep-learning-by-hand[grade]'" in capsys.readouterr().err
    monkeypatch.setattr(verbs, "is_checkout", lambda: False)
    assert entry._without(["test"], "typer") == 2
    assert "a checkout of the course, and there: python3 course.py test" in capsys.readouterr().err
    here = "Here work: check, watch, next, init, grade, regrade, mark, report, export, demo, release."
    assert here in verbs.overview("course")


def test_nothing_on_the_way_to_a_grade_imports_what_authors_need():
    for path in (PROJECT / "autograder").rglob("*.py"):
        # `outputs.py` runs solved notebooks, `nbgrader_gradebook.py` writes into nbgrader, and imports it when it does.
        if not {"release", "lessons", "outputs.py", "nbgrader_gradebook.py"} & set(path.relative_to(PROJECT).parts):
            assert not [name for name in imports_of(path) if name.split(".")[0] in AUTHORING], path
        if "site" not in path.parts:
            assert not [name for name in imports_of(path) if name.split(".")[0] in SITE], path


BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {names}:
            raise ModuleNotFoundError(f"{{name}} is out of reach", name=name)
sys.meta_path.insert(0, Blocked())
from autograder.cli.app import main
main()
"""


def test_grade_and_check_run_where_only_the_extra_grade_is_installed(tmp_path):
    (tmp_path / "amina.ipynb").write_text(example_class(*map(load_lesson, lesson_names()[:4]))["amina.ipynb"])
    for words in (["check", "amina.ipynb"], ["grade", "amina.ipynb", "--out", "out"]):
        command = [sys.executable, "-c", BLOCKED.format(names=AUTHORING + SITE), *words]
        shown = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert shown.returncode == 0, shown.stderr
        assert f"{load_lesson(lesson_names()[0]).max_points:g} of " in shown.stdout
