"""Fixtures of the kernel tests."""

import numpy as np
import pytest

from helpers.kernels import _blocks


@pytest.fixture
def rng():
    return np.random.default_rng(20)


@pytest.fixture(params=[False, True], ids=["one block", "many blocks"])
def block_size(request, monkeypatch):
    """Run a test twice, the second time with blocks so small that every loop over blocks takes several steps."""
    if request.param:
        monkeypatch.setattr(_blocks, "BLOCK_BYTES", 64)
        monkeypatch.setattr(_blocks, "MIN_RUN", 2)
