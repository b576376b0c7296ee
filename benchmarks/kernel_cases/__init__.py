"""What the kernels are compared on: one module a family, whose function `cases(dtype, rng)` yields `Case` objects.

A peer is a named function that computes the same from the same arrays: torch in eager mode, SciPy, POT, the textbook
formulation, or the published design of a NumPy teaching framework, written anew. The first peer is the one that the
target speaks of.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """One row of the table; every function takes no argument and returns what it computed.

    `same` says how results are compared: the largest difference of the kernel from each peer must stay below it, in
    units of the largest value of the array. `flops` and `bytes` are those that the task cannot do without, and give the
    fraction of the machine's peak. `doubled` is the kernel on a batch of twice the size.
    """

    name: str
    kernel: Callable
    peers: dict
    target: float | None = None
    same: float = 1e-5
    flops: float | None = None
    bytes: float | None = None
    doubled: Callable | None = None
    incomparable: frozenset = field(default_factory=frozenset)  # peers that are known to compute something less exact
