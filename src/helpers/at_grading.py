"""What an answer leans on in a notebook and will not have when it is graded: said in the notebook, in time.

Grading runs the notebook's own cells in a process with Python, NumPy and this package, without the kernels that would
answer the lesson. This file follows an answer through the functions and objects that it reaches by name.
"""

import functools
import inspect
import sys
import types
from pathlib import Path

import numpy as np

from helpers.language import said

MAY_BE_USED = said("Use Python's own library, NumPy and what the notebook itself imports.")
CLOSED_SENTENCE = said("{name} of helpers is closed: this lesson asks you to write it yourself")
NOT_HERE = said("{name} is not there when a notebook is graded.")
AT_GRADING = said("At grading, {told}.")
SLOW = said("This took {number} s. At grading, no call may take more than {count} s.")
# What would answer exercises by a call; and what is out of reach of a process that may not start or ask another one.
NOT_THERE = ("autograd", "jax", "keras", "scipy", "sklearn", "tensorflow", "torch")
OUT_OF_REACH = ("multiprocessing", "socket", "subprocess", "urllib")
THERE = {"numpy", "matplotlib", "mpl_toolkits", "helpers", "IPython", "ipykernel", "ipywidgets", "__main__", "builtins"}
CALL_LIMIT = 5  # seconds
HERE = str(Path(__file__).parent)


def is_there(module):
    """Whether a module by this name is not among those that grading refuses."""
    return module.partition(".")[0] not in NOT_THERE


def remarks(exercise, names, seconds=0.0):
    """Sentences on what the answers of an exercise use that they will not have at grading; `seconds` a check took."""
    answers = [names[name] for name in exercise.answers if name in names]
    if not answers:
        return ()
    reached = _reached(answers, names)
    told = dict.fromkeys(filter(None, (_closed(value, exercise.closed) for value in reached)))
    homes = {home for value in [*reached, *_modules(names)] if (home := _home(value))}
    told |= dict.fromkeys(filter(None, map(_absent, sorted(homes))))
    if seconds > CALL_LIMIT:
        told[SLOW.format(number=f"{seconds:.0f}", count=CALL_LIMIT)] = None
    return tuple(told)


def _closed(value, modules):
    """What is said of a function of helpers that is closed at grading."""
    if isinstance(value, types.FunctionType) and value.__module__ in modules:
        return AT_GRADING.format(told=CLOSED_SENTENCE.format(name=value.__name__))
    return ""


def _absent(home):
    """What is said of a module that is not there at grading, or may not be."""
    if home in OUT_OF_REACH:
        told = said("{name} is of no use at grading, where no other process or computer can be reached.")
        return f"{told.format(name=home)} {MAY_BE_USED}"
    if home in THERE or home in sys.stdlib_module_names:
        return ""
    file = getattr(sys.modules.get(home), "__file__", None) or ""
    if file and not _is_installed(file):
        told = said("{file} is a file beside the notebook. At grading it is there only if a cell writes it.")
        return told.format(file=Path(file).name)
    return f"{NOT_HERE.format(name=home)} {MAY_BE_USED}"


def _modules(names):
    """What cells have imported of the modules that grading refuses: the cell that imports one stops there."""
    return [value for name, value in names.items() if not name.startswith("_") and _home(value) in NOT_THERE]


def _home(value):
    """The name of the package that an object comes from; "" where it cannot be told."""
    if isinstance(value, types.ModuleType):
        name = value.__name__
    elif isinstance(value, np.ufunc):
        name = "numpy" if getattr(np, value.__name__, None) is value else _home_of_ufunc(value)
    elif inspect.isroutine(value) or isinstance(value, type):
        name = getattr(value, "__module__", None) or ""
    else:
        name = type(value).__module__
    return str(name).partition(".")[0]


def _home_of_ufunc(value):
    homes = [module for name, module in sys.modules.copy().items() if name.partition(".")[0] in NOT_THERE]
    return next((one.__name__ for one in homes if getattr(one, value.__name__, None) is value), "")


def _reached(values, names):
    """The functions, modules and other objects that these values reach by name, through the student's own code."""
    found, todo = {}, list(values)
    while todo:
        value = todo.pop()
        if id(value) not in found:
            found[id(value)] = value
            todo += _next(value, names)
    return list(found.values())


def _next(value, names):
    if isinstance(value, functools.partial):
        return [value.func, *value.args, *value.keywords.values()]
    if isinstance(value, types.MethodType):
        return [value.__func__, value.__self__]
    if isinstance(value, types.FunctionType):
        return _read_by(value) if _is_students(value) else []
    if isinstance(value, type):
        return list(vars(value).values()) if value.__module__ == names.get("__name__", "__main__") else []
    if isinstance(value, (staticmethod, classmethod)):
        return [value.__func__]
    if isinstance(value, functools._lru_cache_wrapper):
        return [value.__wrapped__]
    return [] if isinstance(value, types.ModuleType) else [type(value)]


def _read_by(function):
    """What a function reads: globals, attributes of helpers' modules, what it encloses, what it imports inside."""
    words = _words(function.__code__)
    read = [function.__globals__[word] for word in words if word in function.__globals__]
    read += [sys.modules[word] for word in words if word in sys.modules]
    for cell in function.__closure__ or ():
        if cell != types.CellType():
            read.append(cell.cell_contents)
    for value in read:
        if isinstance(value, types.ModuleType) and value.__name__.partition(".")[0] == "helpers":
            read += [vars(value)[word] for word in words if word in vars(value) and vars(value)[word] not in read]
    wrapped = [function.__wrapped__] if hasattr(function, "__wrapped__") else []
    return [*read, *wrapped, *(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]


def _words(code):
    """The names that a code object and those within it load."""
    inner = (const for const in code.co_consts if isinstance(const, types.CodeType))
    return set(code.co_names).union(*map(_words, inner))


def _is_students(function):
    file = function.__code__.co_filename
    return not file.startswith((HERE, "<frozen", "<check ")) and not _is_installed(file)


def _is_installed(file):
    return file.startswith((sys.prefix, sys.base_prefix, HERE))
