"""The linear autoencoder against training, the contractive penalty against Jacobians, the denoiser in decimals."""

from decimal import Decimal, localcontext

import numpy as np
import pytest

from helpers import kernels
from proofs import close, close32
from proofs.arguments import unchanged


@pytest.mark.parametrize("shape", [(20, 4), (6, 6), (5, 9), (8, 1), (1, 3)])
def test_the_projector_is_the_one_of_the_scatter_matrix(shape, rng):
    X = rng.normal(size=shape) @ rng.normal(size=(shape[1], shape[1])) + 10 * rng.normal(size=shape[1])
    centered = X - X.mean(axis=0)
    sizes, directions = np.linalg.eigh(centered.T @ centered)
    for k in range(min(shape[0] - 1, shape[1]) + 1):
        kept = directions[:, shape[1] - k :]
        projector, error = kernels.linear_autoencoder(X, k)
        close(projector, kept @ kept.T, rtol=1e-8, atol=1e-9)
        assert error == pytest.approx(np.sum((centered - centered @ projector) ** 2), abs=1e-9 * sizes.sum())
        close32(kernels.linear_autoencoder(X.astype(np.float32), k)[0], projector, 1e-2)


def test_gradient_descent_finds_no_better_autoencoder(rng):
    X = rng.normal(size=(30, 4)) * [3.0, 2.0, 0.5, 0.3] + rng.normal(size=4)
    projector, error = kernels.linear_autoencoder(X, 2)
    A, B, c = rng.normal(size=(4, 2)) / 2, rng.normal(size=(2, 4)) / 2, np.zeros(4)
    for _ in range(9000):
        code = X @ B.T
        wrong = code @ A.T + c - X
        slopes = wrong.T @ code, A.T @ wrong.T @ X, wrong.sum(axis=0)
        A, B, c = (value - 0.001 * slope for value, slope in zip((A, B, c), slopes, strict=True))
    close(A @ B, projector, atol=1e-6)
    assert np.sum((X @ B.T @ A.T + c - X) ** 2) == pytest.approx(error, rel=1e-9)
    assert np.abs(A - B.T).max() > 0.1  # the product is PCA's, the factors are anybody's


def test_a_linear_autoencoder_of_more_units_than_examples_is_perfect():
    projector, error = kernels.linear_autoencoder(np.arange(6.0).reshape(2, 3), 3)
    close(projector, np.eye(3))
    assert error == 0
    for X, k in ((np.ones(3), 1), (np.ones((0, 3)), 1), (np.ones((2, 3)), 4), (np.ones((2, 3)), -1)):
        with pytest.raises(ValueError, match=r"k lies in 0\.\.D"):
            kernels.linear_autoencoder(X, k)


@pytest.mark.parametrize("shape", [(3, 5, 4), (3, 3, 3), (1, 2, 3), (4, 1, 1)])
def test_the_penalty_is_the_squared_norm_of_the_jacobian(shape, rng):
    H, D, N = shape
    W, b, x = rng.normal(size=(H, D)), rng.normal(size=H), rng.normal(size=(N, D))
    expected = np.zeros(N)
    for n in range(N):
        for d in range(D):
            moved = x[n] + 1e-30j * np.eye(D)[d]
            column = np.imag(1 / (1 + np.exp(-(W @ moved + b)))) / 1e-30
            expected[n] += np.sum(column**2)
    close(kernels.contractive_penalty(W, b, x), expected)
    singles = (array.astype(np.float32) for array in (W, b, x))
    close32(kernels.contractive_penalty(*singles), expected, 1e-5)


def test_the_penalty_keeps_its_digits_where_units_are_saturated():
    found = kernels.contractive_penalty([[2.0]], [0.0], [[-40.0], [40.0]])
    close(found, np.full(2, 4 * np.exp(-160)), atol=0)
    with pytest.raises(ValueError, match="do not fit together"):
        kernels.contractive_penalty(np.ones((2, 3)), np.ones(3), np.ones((1, 3)))


def in_decimals(y, x, w, s):
    """E[x | y] and score of one noisy point, with 60 digits."""
    with localcontext() as context:
        context.prec = 60
        x, w = x[w > 0], w[w > 0]
        exact = [[Decimal(float(each)) for each in row] for row in x]
        given, width = [Decimal(float(each)) for each in y], Decimal(float(s))
        distances = [sum((a - b) ** 2 for a, b in zip(row, given, strict=True)) for row in exact]
        nearest = min(distances)
        shares = [Decimal(float(v)) * ((nearest - d) / (2 * width**2)).exp() for d, v in zip(distances, w, strict=True)]
        means = [sum(r * row[i] for r, row in zip(shares, exact, strict=True)) / sum(shares) for i in range(len(given))]
        score = [(mean - value) / width**2 for mean, value in zip(means, given, strict=True)]
        return [float(each) for each in means], [float(each) for each in score]


@pytest.mark.usefixtures("block_size")
@pytest.mark.parametrize("s", [1e-6, 1e-3, 0.3, 1.0, 30.0, 1e4])
def test_the_denoiser_in_sixty_digits(s, rng):
    x, w = rng.normal(size=(6, 2)), rng.uniform(0, 2, 6) * [1, 1, 0, 1, 1, 1]
    y = np.concatenate([x[:3] + s * rng.normal(size=(3, 2)), 50 * rng.normal(size=(2, 2)), x[2:3]])
    expected = [np.array(part) for part in zip(*(in_decimals(row, x, w, s) for row in y), strict=True)]
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        mean, score = kernels.optimal_denoiser(y, x, w, s)
    close(mean, expected[0], rtol=1e-9, atol=1e-9)
    close(score, expected[1], rtol=1e-9, atol=1e-12 / s)


def test_the_score_is_the_slope_of_the_log_density(rng):
    x, w, y = rng.normal(size=(7, 3)), rng.uniform(0.1, 1, 7), rng.normal(size=(4, 3))

    def log_density(y):
        return np.log(np.exp(-((y[:, None] - x) ** 2).sum(axis=2) / 0.5) @ w)

    _, score = kernels.optimal_denoiser(y, x, w, 0.5)
    for d in range(3):
        close(score[:, d], np.imag(log_density(y + 1e-30j * np.eye(3)[d])) / 1e-30)


def test_the_denoiser_keeps_to_its_dtype_and_names_what_is_wrong(rng):
    y, x, w = rng.normal(size=(3, 2)), rng.normal(size=(5, 2)), np.ones(5)
    unchanged(kernels.optimal_denoiser, y, x, w, 0.5)
    expected = kernels.optimal_denoiser(y, x, w, 0.5)
    singles = kernels.optimal_denoiser(*(array.astype(np.float32) for array in (y, x, w)), 0.5)
    for one, other in zip(singles, expected, strict=True):
        close32(one, other, 1e-5)
    assert kernels.optimal_denoiser(y[:0], x, w, 0.5)[0].shape == (0, 2)
    with pytest.raises(ValueError, match="do not fit together"):
        kernels.optimal_denoiser(y, x, w[:4], 0.5)
    for weights, s in ((-w, 1.0), (0 * w, 1.0), (w, 0.0)):
        with pytest.raises(ValueError, match="not all of them 0"):
            kernels.optimal_denoiser(y, x, weights, s)
