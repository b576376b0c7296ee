"""The data sets that are made: shapes, statistics, and the same data from the same seed."""

import numpy as np
import pytest

from helpers import kernels
from proofs import close

MAKERS = {
    "ravine": lambda rng: kernels.ravine(3, 10.0, rng),
    "spirals": lambda rng: kernels.spirals(5, rng),
    "two_gaussians": lambda rng: kernels.two_gaussians(5, rng),
    "ring_of_gaussians": lambda rng: kernels.ring_of_gaussians(5, rng),
    "eight_gaussians": lambda rng: kernels.eight_gaussians(5, rng),
    "adding_problem": lambda rng: kernels.adding_problem(5, 7, rng),
}


@pytest.mark.parametrize("name", MAKERS)
def test_the_same_seed_gives_the_same_data(name):
    one, other, third = (MAKERS[name](np.random.default_rng(seed)) for seed in (0, 0, 1))
    for first, second in zip(one, other, strict=True):
        close(first, second, 0, 0)
    assert not np.array_equal(one[0], third[0])


@pytest.mark.parametrize("dim", [1, 2, 7])
@pytest.mark.parametrize("condition", [1, 30.0, 1e6])
def test_a_ravine_has_its_condition_number(dim, condition, rng):
    H, c = kernels.ravine(dim, condition, rng)
    assert H.shape == (dim, dim)
    assert c.shape == (dim,)
    assert np.array_equal(H, H.T)
    eigenvalues = np.linalg.eigvalsh(H)
    expected = condition ** np.linspace(0, 1, dim) if dim > 1 else [condition]
    close(eigenvalues, np.asarray(expected, float), rtol=1e-6)
    assert dim == 1 or abs(H[0, 1]) > 0 or condition == 1


def test_axes_of_ravines_point_anywhere(rng):
    """The direction of the steepest axis is uniform: the mean of its outer product is I / 2."""
    axes = [np.linalg.eigh(kernels.ravine(2, 10.0, rng)[0])[1][:, 1] for _ in range(2000)]
    close(np.mean([np.outer(axis, axis) for axis in axes], axis=0), np.eye(2) / 2, atol=0.04)


@pytest.mark.parametrize("arms", [1, 2, 3])
def test_spirals_without_noise_lie_on_their_arms(arms, rng):
    x, labels = kernels.spirals(200, rng, arms=arms, turns=1.25, noise=0.0)
    assert x.shape == (200 * arms, 2)
    assert np.bincount(labels).tolist() == [200] * arms
    radius = np.hypot(*x.T)
    assert np.sqrt(0.05) <= radius.min()
    assert radius.max() <= 1
    angle = 2 * np.pi * (1.25 * radius + labels / arms)
    close(x, radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), atol=1e-12)


def test_spirals_have_the_noise_that_was_asked_for():
    clean, noisy = (kernels.spirals(5000, np.random.default_rng(3), noise=noise)[0] for noise in (0.0, 0.1))
    assert np.std(noisy - clean) == pytest.approx(0.1, rel=0.03)


@pytest.mark.parametrize("dim", [1, 2, 5])
def test_two_gaussians_have_their_means_and_spread(dim, rng):
    x, labels = kernels.two_gaussians(5000, rng, dim=dim, distance=3.0, std=0.5)
    assert x.shape == (10_000, dim)
    for label, center in ((0, -1.5), (1, 1.5)):
        cloud = x[labels == label]
        close(cloud.mean(axis=0), center * np.eye(dim)[0], atol=0.04)
        close(cloud.std(axis=0), np.full(dim, 0.5), atol=0.03)


def test_a_ring_has_all_its_modes(rng):
    x, labels = kernels.ring_of_gaussians(20_000, rng, modes=5, radius=3.0, std=0.1)
    assert x.shape == (20_000, 2)
    assert np.bincount(labels).min() > 3700
    for k in range(5):
        angle = 2 * np.pi * k / 5
        cloud = x[labels == k]
        close(cloud.mean(axis=0), 3 * np.array([np.cos(angle), np.sin(angle)]), atol=0.01)
        close(cloud.std(axis=0), np.full(2, 0.1), atol=0.005)


def test_eight_gaussians_are_the_ring_of_the_lessons_and_are_counted_as_they_lie(rng):
    x, labels = kernels.eight_gaussians(40_000, rng)
    counts = kernels.mode_counts(x)
    assert counts.sum() / 40_000 == pytest.approx(1 - np.exp(-4.5), abs=0.003)
    by_label = [np.sum(np.linalg.norm(x[labels == k] - x[labels == k].mean(axis=0), axis=1) <= 0.3) for k in range(8)]
    close(counts.astype(float), np.array(by_label, float), rtol=0.01)
    close(np.linalg.norm(x, axis=1).mean(), 2 + 0.01 / 4, atol=0.003)


def test_mode_counts_leaves_out_what_lies_between():
    between = 2 * np.array([[np.cos(a), np.sin(a)] for a in np.pi * (np.arange(8) / 4 + 1 / 8)])
    assert kernels.mode_counts(between).sum() == 0
    assert np.array_equal(kernels.mode_counts(np.zeros((0, 2))), np.zeros(8))
    assert np.array_equal(kernels.mode_counts(np.array([[-3.0, 0.0], [3.1, 0.0]]), modes=2, radius=3.0), [1, 1])


@pytest.mark.parametrize(("N", "T"), [(5, 7), (4, 2), (0, 3), (1, 10)])
def test_adding_problem_follows_the_order_of_draws(N, T):
    rng, again = np.random.default_rng(4), np.random.default_rng(4)
    x, y = kernels.adding_problem(N, T, rng)
    numbers, marks = again.random((N, T)), np.zeros((N, T))
    for row in marks:
        row[again.permutation(T)[:2]] = 1
    close(x, np.stack([numbers, marks], axis=-1), 0, 0)
    close(y, (numbers * marks).sum(axis=1))


def test_adding_problem_has_the_error_of_the_best_constant(rng):
    x, y = kernels.adding_problem(5000, 6, rng)
    assert np.mean((y - 1) ** 2) == pytest.approx(1 / 6, abs=0.012)
    close(x[:, :, 1].mean(axis=0), np.full(6, 1 / 3), atol=0.04)


def test_no_points_are_points_too(rng):
    assert kernels.spirals(0, rng)[0].shape == (0, 2)
    assert kernels.two_gaussians(0, rng, dim=3)[0].shape == (0, 3)
    assert kernels.ring_of_gaussians(0, rng)[0].shape == (0, 2)


@pytest.mark.parametrize(
    ("maker", "arguments", "options"),
    [
        ("ravine", (0, 10.0), {}),
        ("ravine", (2, 0.5), {}),
        ("spirals", (-1,), {}),
        ("spirals", (1,), {"arms": 0}),
        ("spirals", (1,), {"noise": -1.0}),
        ("two_gaussians", (-1,), {}),
        ("two_gaussians", (1,), {"dim": 0}),
        ("two_gaussians", (1,), {"std": -1.0}),
        ("ring_of_gaussians", (-1,), {}),
        ("eight_gaussians", (-1,), {}),
        ("ring_of_gaussians", (1,), {"modes": 0}),
        ("ring_of_gaussians", (1,), {"std": np.nan}),
        ("adding_problem", (3, 1), {}),
        ("adding_problem", (-1, 5), {}),
    ],
)
def test_sizes_out_of_range_are_refused(maker, arguments, options, rng):
    with pytest.raises(ValueError, match=r"expected|at least"):
        getattr(kernels, maker)(*arguments, rng, **options)
