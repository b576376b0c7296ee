"""The peers that may be missing: each is the module, held at one thread, or None."""

import importlib


def _module(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


torch, ot = _module("torch"), _module("ot")
scipy_special, scipy_stats, scipy_optimize, scipy_linalg = (
    _module(f"scipy.{part}") for part in ("special", "stats", "optimize", "linalg")
)
if torch:
    torch.set_num_threads(1)
