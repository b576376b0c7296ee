"""The adding problem: two numbers to remember from anywhere in a sequence, a classical test of long memory."""

import numpy as np


def adding_problem(N, T, rng):
    """Return sequences of random numbers of which two are marked, and the sum of those two.

    x[n, :, 0] uniform in [0, 1);   x[n, :, 1] = 1 at two distinct random positions, else 0;   y = sum_t x0 x1

    N: integer, number of sequences, at least 0. T: integer, their length, at least 2. rng: Generator, which draws the
    numbers first, then a permutation of the positions for each sequence.
    returns: x (N, T, 2) and y (N,), float64. The best constant guess, 1, has the mean squared error 1/6.
    raises: `ValueError` if T is below 2, or N is negative; `TypeError` if rng is not a Generator.
    source: Hochreiter, Schmidhuber, Long short-term memory, Neural Computation 9 (1997), with numbers in [0, 1).

    >>> x, y = adding_problem(3, 5, np.random.default_rng(0))
    >>> x.shape, y.shape, x[:, :, 1].sum(axis=1)
    ((3, 5, 2), (3,), array([2., 2., 2.]))
    """
    if N < 0 or T < 2:
        raise ValueError(f"N >= 0 sequences of length T >= 2 are expected, not N = {N} and T = {T}")
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng is a Generator, as np.random.default_rng(0) makes one, and not {rng!r}")
    x = np.zeros((N, T, 2))
    x[:, :, 0] = rng.random((N, T))
    for sequence in x:
        sequence[rng.permutation(T)[:2], 1] = 1
    return x, (x[:, :, 0] * x[:, :, 1]).sum(axis=1)
