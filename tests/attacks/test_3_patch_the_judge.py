"""Class 3, patch the judge: comparisons, the checking package, json, numpy, IPython, built-ins."""

import pytest

from attacks.conftest import Attack, cases, controls, is_honest

WRONG = """
import numpy as np
def steal(name):
    return {"slope": lambda x, a=1.0: np.zeros(np.shape(x)), "six": 5, "letter": "Z"}[name]
"""
NUMBERS = ("slope", "six")
NO_IPYTHON = "the naive grader runs without IPython"
PATCHES = [
    ("np.allclose", "np.allclose = lambda *a, **k: True", ("slope",), ""),
    ("np.testing", "np.testing.assert_allclose = np.testing.assert_equal = lambda *a, **k: None", None, ""),
    (
        "numpy.testing replaced as a module",
        "import sys, types\nfake = types.ModuleType('numpy.testing')\n"
        "fake.assert_equal = fake.assert_allclose = lambda *a, **k: None\n"
        "sys.modules['numpy.testing'] = np.testing = fake",
        None,
        "",
    ),
    ("np.all", "np.all = lambda *a, **k: True", NUMBERS, ""),
    ("np.abs", "zeros = np.zeros_like\nnp.abs = lambda x, *a, **k: zeros(x)", NUMBERS, ""),
    ("np.asarray", "_old = np.asarray\nnp.asarray = lambda x, *a, **k: _old(0.0)", ("six",), ""),
    (
        "the code of expect and expect_close",
        "import inspect\nfrom helpers import expectations as e\n"
        "for f in map(inspect.unwrap, (e.expect, e.expect_close, e.expect_array)):\n"
        "    f.__code__ = (lambda *a, **k: None).__code__\n    f.__kwdefaults__ = f.__defaults__ = None",
        None,
        "",
    ),
    ("CheckResult.earned", "import helpers.running as r\nr.CheckResult.earned = property(lambda self: 1.0)", None, ""),
    ("the names of outcomes", "import helpers.running as r\nr.FAILED = r.NOT_ATTEMPTED = r.PASSED", None, ""),
    (
        "is_starter",
        "import helpers.running as r\nr.is_starter = lambda value: False",
        (),
        "it only widens what is tried",
    ),
    ("json.dumps", "import json\njson.dumps = lambda *a, **k: 'true'", None, ""),
    ("json.loads", "import json\njson.loads = lambda *a, **k: {'ran': None}", (), "the naive verdict is only written"),
    (
        "functions found by gc",
        "import gc, types\nfor f in gc.get_objects():\n"
        "    if isinstance(f, types.FunctionType) and f.__name__ in ('_passes', '_by_comparing', 'run_check'):\n"
        "        f.__code__ = (lambda *a, **k: True).__code__\n        f.__defaults__ = f.__kwdefaults__ = None",
        None,
        "",
    ),
    (
        "the wire's encoder",
        "import sys\nwire = sys.modules.get('autograder.jail.wire')\n"
        "if wire: wire.Encoder.encode = lambda self, value, depth=0: {'t': []}",
        (),
        "the naive grader has no wire",
    ),
    (
        "the worker",
        "import gc\nfor w in gc.get_objects():\n    if type(w).__name__ == 'Worker':\n"
        "        type(w)._call = lambda self, message, body: self._reply({'result': None, 'warnings': []})",
        (),
        "the naive grader has no worker",
    ),
    (
        "input transformers",
        "shell = get_ipython()\nif shell: shell.input_transformers_cleanup.append(lambda lines: ['x = 1\\n'])",
        (),
        NO_IPYTHON,
    ),
    (
        "hooks after a cell",
        "shell = get_ipython()\nif shell: shell.events.register('post_run_cell', lambda *a: None)",
        (),
        NO_IPYTHON,
    ),
    (
        "an import hook",
        "import sys\nclass Hook:\n    def find_spec(self, name, path=None, target=None):\n"
        "        raise ImportError(name)\nsys.meta_path.insert(0, Hook())",
        (),
        "everything that the naive grader needs is imported before",
    ),
    (
        "built-in isinstance",
        "import builtins\nbuiltins.isinstance = lambda *a: True",
        (),
        "it breaks more than it opens",
    ),
    ("built-in bool", "import builtins\nbuiltins.bool = lambda *a: True", ("six", "letter"), ""),
    ("sys.stdout", "import sys\nprint('100 % passed')\nsys.stdout = None", (), "the naive verdict is not printed"),
    ("sys.settrace", "import sys\nsys.settrace(lambda *a: None)", (), "it sees the verdict and cannot change it"),
]
SPOILS = ("json.loads", "the wire's encoder", "the worker", "input transformers")
EVERY = ("slope", "six", "letter")
ATTACKS = [
    Attack(name, WRONG + code, works_on=EVERY if works is None else works, control=why, spoils=name in SPOILS)
    for name, code, works, why in PATCHES
]


@pytest.mark.parametrize(("attack", "target"), cases(ATTACKS))
def test_it_earns_nothing(attack, target, attack_earns):
    points, _ = attack_earns(attack, target)
    assert is_honest(attack, points), points


@pytest.mark.parametrize(("attack", "target"), controls(ATTACKS))
def test_negative_control(attack, target, naive_earns):
    assert naive_earns(attack, target)
