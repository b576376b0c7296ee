"""What verbs `course` has, read from the commands' text with the standard library: nobody must install to read help.

This file knows names, help and what each verb needs installed. It imports nothing outside of the standard library, so
that course.py can use it on a bare machine.
"""

import ast
import difflib
import re
import textwrap
from dataclasses import dataclass

from autograder.cli import wording
from autograder.cli.wording import HELPERS, PACKAGE, told

CHECKOUT = PACKAGE.parent
COMMANDS = (
    "studying/commands.py",
    "grading/commands.py",
    "reporting/marking/commands.py",
    "reporting/classroom/commands.py",
    "reporting/exporting/commands.py",
    "cli/app.py",
    "cli/site.py",
)
PANELS = (wording.STUDENTS, "For instructors", "For authors")
# The extra of pyproject.toml that a verb needs; `grade` for all others.
NEEDS = {"lab": "lab", "release": "release", "test": "test", "format": "test", "bench": "dev", "site": "site"}
OPTIONS_NEED = {("site", "--lite"): "lite"}  # an option that needs another one


@dataclass(frozen=True)
class Verb:
    """One verb: its panel of the help, its one line, and pairs of a parameter and what is said of it."""

    name: str
    panel: str
    line: str
    parameters: tuple[tuple[str, str], ...]

    @property
    def extra(self):
        """What must be installed for it."""
        return NEEDS.get(self.name, "grade")

    @property
    def needs_checkout(self):
        """Whether it works on files that an installed package does not hold: notebooks, tests, sources."""
        return self.name == "lab" or self.panel == PANELS[-1]


def verbs():
    """Return {name: Verb}, panel by panel, in the order of the files of `COMMANDS`."""
    found = [verb for path in COMMANDS for verb in _verbs_in(ast.parse((PACKAGE / path).read_text(encoding="utf-8")))]
    return {verb.name: verb for panel in PANELS for verb in found if verb.panel == panel}


def extra_of(words):
    """What must be installed for a command line, as a list of words whose first is a verb."""
    of_options = [OPTIONS_NEED.get((words[0], one)) for one in words]
    return next(filter(None, of_options), verbs()[words[0]].extra)


def _verbs_in(tree):
    panels = _constants(tree)
    commands = ((node, _command(node)) for node in tree.body if isinstance(node, ast.FunctionDef))
    return [_verb(node, command, panels) for node, command in commands if command]


def _constants(tree):
    """The strings that the module's own names stand for."""
    pairs = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            names = [name.id for name in node.targets[0].elts]
            pairs |= dict(zip(names, ast.literal_eval(node.value), strict=True))
    return pairs


def _command(node):
    """The call `app.command(...)` that decorates a function, or None."""
    calls = (one for one in node.decorator_list if isinstance(one, ast.Call))
    return next((one for one in calls if ast.unparse(one.func) == "app.command"), None)


def _verb(node, command, panels):
    name = command.args[0].value if command.args else node.name
    panel = next(one.value.id for one in command.keywords if one.arg == "rich_help_panel")
    line = ast.get_docstring(node).splitlines()[0]
    parameters = [_parameter(one) for one in node.args.args if isinstance(one.annotation, ast.Subscript)]
    return Verb(name, panels[panel], line, tuple(parameters))


def _parameter(argument):
    """("NAME" or "--name", its help) from `name: Annotated[TYPE, typer.Argument(help=...)]`."""
    call = argument.annotation.slice.elts[1]
    told = next((one.value.value for one in call.keywords if one.arg == "help"), "")
    is_option = ast.unparse(call.func) == "typer.Option"
    own = next((one.value for one in call.args if isinstance(one, ast.Constant)), f"--{argument.arg.replace('_', '-')}")
    return own.partition("/")[0] if is_option else argument.arg.upper(), told


def version():
    """The version of the course, without importing it."""
    return re.search(r'__version__ = "(.+)"', (HELPERS / "__init__.py").read_text(encoding="utf-8"))[1]


def is_checkout():
    """Whether this is the course with its notebooks, sources and tests, not an installed package alone."""
    return (CHECKOUT / "course.py").is_file() and (CHECKOUT / "notebooks").is_dir()


def without_checkout():
    """Return what to know where only the package is installed; "" in a checkout."""
    if is_checkout():
        return ""
    here = ", ".join(one.name for one in verbs().values() if not one.needs_checkout)
    return f" Here work: {here}. All others need a checkout, and there: python3 course.py VERB"


def overview(way_in, language="en"):
    """Return the help of the whole command; `way_in` is how it is called."""
    rows = [(one.panel, f"  {one.name:<9}{told(one.line, language)}") for one in verbs().values()]
    panels = ["\n".join([f"{told(panel, language)}:", *(row for its, row in rows if its == panel)]) for panel in PANELS]
    usage = told(wording.USAGE, language, command=f"{way_in} VERB ...")
    more = told(wording.MORE, language, command=f"{way_in} VERB --help") + without_checkout()
    return "\n\n".join([usage, told(wording.TITLE, language), *panels, more]) + "\n"


def help_of(verb, way_in, language="en"):
    """Return the help of one verb."""
    words = [name if name.isupper() else f"[{name}]" for name, _ in verb.parameters]
    rows = [f"  {name:<14}{told(text, language)}" for name, text in verb.parameters]
    usage = told(wording.USAGE, language, command=f"{way_in} {' '.join([verb.name, *words])}")
    folded = textwrap.fill(usage, 100, subsequent_indent="    ")
    return "\n\n".join(piece for piece in (folded, told(verb.line, language), "\n".join(rows)) if piece) + "\n"


def unknown(word):
    """Return the sentence for what is no verb."""
    near = difflib.get_close_matches(word, verbs(), 1)
    mend = f"Did you mean '{near[0]}'?" if near else f"The verbs are {', '.join(verbs())}."
    return f"course: There is no verb '{word}'. {mend}"


def answer(words, way_in):
    """What can be said to these words with nothing installed: (text, exit code), or None where a verb is to run."""
    word, language = words[0] if words else "--help", wording.language(words)
    if word in ("-h", "--help"):
        return overview(way_in, language), 0
    if word == "--version":
        return f"course {version()}\n", 0
    if word not in verbs():
        return unknown(word) + "\n", 2
    if {"-h", "--help"} & set(words[1:]):
        return help_of(verbs()[word], way_in, language), 0
    return None
