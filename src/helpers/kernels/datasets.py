"""Small data sets that are made, not loaded: ravines, spirals and mixtures of Gaussians, from a passed-in Generator.

Sizes come first, then the Generator, then what has a default, by keyword. The same Generator state gives the same data.
"""

import numpy as np


def ravine(dim, condition, rng):
    """Return a quadratic bowl that is `condition` times as steep in its steepest direction as in its flattest.

    f(w) = 1/2 w^T H w - c^T w, with gradient H w - c and minimum at w* where H w* = c
    eigenvalues of H in a geometric row from 1 to `condition`, axes random, w* standard normal

    dim: integer, at least 1; with 1 the only eigenvalue is `condition`. condition: number, at least 1. rng: Generator.
    returns: H (dim, dim), symmetric, and c (dim,), float64.
    raises: `ValueError` if dim or condition is below 1.
    source: Nocedal, Wright, Numerical Optimization (2006), section 3.3; the axes as in Mezzadri (2007).

    >>> H, c = ravine(2, 100.0, np.random.default_rng(0))
    >>> np.linalg.eigvalsh(H).round(9)
    array([  1., 100.])
    """
    if dim < 1 or not condition >= 1:
        raise ValueError(f"dim and condition are at least 1, not {dim} and {condition}")
    axes, _ = np.linalg.qr(rng.normal(size=(dim, dim)))
    eigenvalues = condition ** (np.linspace(0, 1, dim) if dim > 1 else np.ones(1))
    H = (axes * eigenvalues) @ axes.T
    H = (H + H.T) / 2
    return H, H @ rng.normal(size=dim)


def spirals(n, rng, *, arms=2, turns=1.5, noise=0.02):
    """Return points on interleaved spiral arms, which no straight line separates.

    x = r (cos(2 pi (turns r + k / arms)), sin(...)) + noise e for arm k, r^2 uniform in [0.05, 1], e standard normal

    n: integer, points of each arm, at least 0. rng: Generator. arms: integer, at least 1. turns: how often an arm goes
    around. noise: standard deviation.
    returns: x (arms n, 2), float64, and labels (arms n,), integers from 0, arm by arm.
    raises: `ValueError` if n, arms or noise is out of range.
    source: Lang, Witbrock, Learning to tell two spirals apart (1988), with random radii and noise.

    >>> x, labels = spirals(3, np.random.default_rng(0))
    >>> x.shape, labels
    ((6, 2), array([0, 0, 0, 1, 1, 1]))
    """
    if n < 0 or arms < 1 or not noise >= 0:
        raise ValueError(f"n >= 0, arms >= 1 and noise >= 0 are expected, not {n}, {arms} and {noise}")
    labels = np.repeat(np.arange(arms), n)
    radius = np.sqrt(rng.uniform(0.05, 1, arms * n))
    angle = 2 * np.pi * (turns * radius + labels / arms)
    x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return x + noise * rng.normal(size=x.shape), labels


def two_gaussians(n, rng, *, dim=2, distance=4.0, std=1.0):
    """Return points of two round Gaussian clouds, side by side on the first axis.

    x ~ N(-+ distance / 2 e_1, std^2 I): the best boundary is x_1 = 0, with the error rate Phi(-distance / (2 std))

    n: integer, points of each cloud, at least 0. rng: Generator. dim: integer, at least 1. distance: number, from mean
    to mean. std: number, at least 0.
    returns: x (2 n, dim), float64, and labels (2 n,), n times 0 on the left, then n times 1.
    raises: `ValueError` if n, dim or std is out of range.
    source: Bishop, Pattern Recognition and Machine Learning (2006), section 4.2.1.

    >>> x, labels = two_gaussians(2, np.random.default_rng(0), std=0.0)
    >>> x[:, 0], labels
    (array([-2., -2.,  2.,  2.]), array([0, 0, 1, 1]))
    """
    if n < 0 or dim < 1 or not std >= 0:
        raise ValueError(f"n >= 0, dim >= 1 and std >= 0 are expected, not {n}, {dim} and {std}")
    labels = np.repeat([0, 1], n)
    x = std * rng.normal(size=(2 * n, dim))
    x[:, 0] += distance * (labels - 0.5)
    return x, labels


def ring_of_gaussians(n, rng, *, modes=8, radius=2.0, std=0.02):
    """Return points of a mixture of Gaussians on a ring, on which a generator that drops modes is easily caught.

    k uniform in {0, ..., modes - 1},   x ~ N(radius (cos(2 pi k / modes), sin(2 pi k / modes)), std^2 I)

    n: integer, points in all, at least 0. rng: Generator. modes: integer, at least 1. radius: number. std: number, at
    least 0.
    returns: x (n, 2), float64, and labels (n,), the number k of each point's mode.
    raises: `ValueError` if n, modes or std is out of range.
    source: Metz, Poole, Pfau, Sohl-Dickstein, Unrolled generative adversarial networks (2017), section 3.3.1.

    >>> x, labels = ring_of_gaussians(5, np.random.default_rng(0), modes=1, std=0.0)
    >>> x[0], labels
    (array([2., 0.]), array([0, 0, 0, 0, 0]))
    """
    if n < 0 or modes < 1 or not std >= 0:
        raise ValueError(f"n >= 0, modes >= 1 and std >= 0 are expected, not {n}, {modes} and {std}")
    labels = rng.integers(0, modes, n)
    angle = 2 * np.pi * labels / modes
    x = radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + std * rng.normal(size=x.shape), labels


def eight_gaussians(n, rng):
    """Return points of the eight Gaussians that the GANs of lessons 08 and 09 learn: a ring that a small net can learn.

    x ~ 1/8 sum_k N(2 (cos(pi k / 4), sin(pi k / 4)), 0.1^2 I),   k = 0, ..., 7

    n: integer, points in all, at least 0. rng: Generator.
    returns: x (n, 2), float64, and labels (n,), the number k of each point's mode, as `ring_of_gaussians`.
    raises: `ValueError` if n is negative.
    source: Metz, Poole, Pfau, Sohl-Dickstein, Unrolled generative adversarial networks (2017), with a larger spread.

    >>> x, labels = eight_gaussians(3, np.random.default_rng(0))
    >>> x.shape, labels
    ((3, 2), array([6, 5, 4]))
    """
    return ring_of_gaussians(n, rng, modes=8, radius=2.0, std=0.1)


def mode_counts(x, *, modes=8, radius=2.0, std=0.1, within=3.0):
    """Return how many points lie at each mode of a ring of Gaussians: what a generator covers, and what it drops.

    counts_k = #{n: |x_n - c_k| <= within std},   c_k = radius (cos(2 pi k / modes), sin(2 pi k / modes))

    x: (n, 2) real; the defaults are those of `eight_gaussians`. modes: integer, at least 1. within: in standard
    deviations: of a Gaussian in the plane 1 - exp(-within^2 / 2) lies inside, 98.9 % for 3.
    returns: counts (modes,), integers. n - counts.sum() points lie at no mode, as long as the circles do not overlap.
    source: Srivastava, Valkov, Russell, Gutmann, Sutton, VEEGAN (2017), section 5.1.

    >>> mode_counts(np.array([[2.0, 0.0], [1.9, 0.1], [0.0, 2.0], [0.0, 0.0]]))
    array([2, 0, 1, 0, 0, 0, 0, 0])
    """
    angle = 2 * np.pi * np.arange(modes) / modes
    centers = radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    distance = np.linalg.norm(np.asarray(x)[:, None] - centers, axis=2)
    return np.count_nonzero(distance <= within * std, axis=0)
