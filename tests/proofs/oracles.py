"""The oracles that may be missing. A file of tests that needs one begins with `torch = oracle("torch")`."""

import pytest


def oracle(name):
    """The module, or one sentence and the file is skipped."""
    return pytest.importorskip(name, reason=f"{name} is not installed; the extra `oracles` brings it")
