"""Ridge and the lasso, against slow forms and their conditions of optimality."""

import numpy as np
import pytest

from helpers import kernels
from proofs import close, close32
from proofs.arguments import unchanged


def problem(rng, n=30, p=5, alike=0.0):
    """Inputs with means of their own and, if `alike` is near 1, hardly different from each other; and targets."""
    X = rng.normal(size=(n, p)) * (1 - alike) + rng.normal(size=(n, 1)) * alike + np.arange(p)
    return X, X @ rng.normal(size=p) + rng.normal(size=n) + 50


@pytest.mark.parametrize(("n", "p"), [(30, 5), (4, 9), (5, 5), (1, 3), (3, 0), (2, 1)])
@pytest.mark.parametrize("lam", [1e-6, 1.0, 1e3])
def test_ridge_is_least_squares_with_the_penalty_as_data(n, p, lam, rng):
    """The rows sqrt(lam) e_j with target 0, and no offset in them."""
    X, y = problem(rng, n, p)
    extended = np.block([[X, np.ones((n, 1))], [np.sqrt(lam) * np.eye(p), np.zeros((p, 1))]])
    expected = np.linalg.lstsq(extended, np.append(y, np.zeros(p)), rcond=None)[0]
    w, b = kernels.ridge(X, y, lam)
    close(w, expected[:p], rtol=1e-6, atol=1e-6 / lam)
    assert b == pytest.approx(expected[p], rel=1e-6)


def test_ridge_with_a_huge_penalty_is_the_pull_of_the_data_over_it(rng):
    X, y = problem(rng)
    for lam in (1e12, 1e300):
        w, b = kernels.ridge(X, y, lam)
        close(w * lam, (X - X.mean(axis=0)).T @ (y - y.mean()), rtol=1e-9)
        assert b == pytest.approx(y.mean())


def test_ridge_without_a_penalty_is_the_shortest_least_squares_solution(rng):
    for n, p in ((30, 4), (4, 9)):
        X, y = problem(rng, n, p)
        X = np.column_stack([X, X[:, 0], np.ones(n)])
        expected = np.linalg.pinv(X - X.mean(axis=0), rcond=1e-12) @ (y - y.mean())
        w, b = kernels.ridge(X, y, 0.0)
        close(w, expected, rtol=1e-9, atol=1e-10)
        close(np.mean(X @ w + b - y), np.float64(0), atol=1e-9)


def test_ridge_path_is_ridge_for_every_penalty_and_shrinks(rng):
    X, y = problem(rng, alike=0.9)
    lams = np.array([0.0, 1e-3, 1.0, 50.0, 1e9])
    weights, offsets = kernels.ridge_path(X, y, lams)
    for lam, w, b in zip(lams, weights, offsets, strict=True):
        alone = kernels.ridge(X, y, lam)
        close(w, alone[0])
        close(b, alone[1])
    assert np.all(np.diff(np.linalg.norm(weights, axis=1)) < 0)
    assert np.all(weights != 0)
    single = kernels.ridge_path(X.astype(np.float32), y.astype(np.float32), lams[2:])
    close32(single[0], weights[2:], 1e-3)
    close32(single[1], offsets[2:], 1e-4)
    shifted = kernels.ridge_path(X + 7, y + 100, lams)
    close(shifted[0], weights, rtol=1e-8, atol=1e-10)
    assert kernels.ridge_path(X, y, [])[0].shape == (0, 5)


@pytest.mark.parametrize(("n", "p", "alike"), [(40, 6, 0.0), (40, 6, 0.98), (8, 20, 0.0), (2, 3, 0.0), (50, 1, 0.0)])
@pytest.mark.parametrize("l1_ratio", [1.0, 0.3])
def test_elastic_net_meets_its_conditions_of_optimality(n, p, alike, l1_ratio, rng):
    """The residual pulls at each weight that is not 0 as hard as the penalty holds, and no harder at the others."""
    X, y = problem(rng, n, p, alike)
    A, B = X - X.mean(axis=0), y - y.mean()
    lams = kernels.lasso_lambda_max(X, y) / l1_ratio * np.logspace(0.1, -3, 12)
    weights, offsets = kernels.elastic_net_path(X, y, lams, l1_ratio=l1_ratio, tol=1e-13)
    for lam, w, b in zip(lams, weights, offsets, strict=True):
        pull = (A.T @ (B - A @ w) - lam * (1 - l1_ratio) * w) / (lam * l1_ratio)
        assert np.all(np.abs(pull) <= 1 + 1e-3)
        close(pull[w != 0], np.sign(w[w != 0]), rtol=1e-3)
        assert np.mean(X @ w + b - y) == pytest.approx(0, abs=1e-9)
    assert not weights[0].any()


def test_the_duality_gap_bounds_how_far_the_objective_is_from_its_minimum(rng):
    X, y = problem(rng, 60, 8, 0.95)
    lam = kernels.lasso_lambda_max(X, y) / 50

    def objective(w, b):
        return np.sum((y - b - X @ w) ** 2) / 2 + lam * np.abs(w).sum()

    least = objective(*kernels.lasso(X, y, lam, tol=1e-14))
    scale = np.sum((y - y.mean()) ** 2) / 2
    for tol in (1e-2, 1e-4, 1e-8):
        assert -1e-14 * scale <= objective(*kernels.lasso(X, y, lam, tol=tol)) - least <= tol * scale
    with pytest.raises(RuntimeError, match="after 1 rounds the duality gap is"):
        kernels.elastic_net_path(X, y, [lam], rounds=1)


def test_lasso_is_coordinate_descent_that_has_converged(rng):
    X, y = problem(rng, 40, 6)
    for lam in (0.5, 5.0, 30.0):
        w, b = kernels.lasso(X, y, lam, tol=1e-14)
        plain, offset = kernels.lasso_plain(X, y, lam, sweeps=300)
        close(w, plain, rtol=1e-6, atol=1e-6)
        assert b == pytest.approx(offset, rel=1e-6)
        assert np.array_equal(w == 0, plain == 0)
    w, b = kernels.lasso(X.astype(np.float32), y.astype(np.float32), 5.0)
    close32(w, kernels.lasso(X, y, 5.0)[0], 1e-3)
    assert b.dtype == np.float32


def test_lasso_of_orthogonal_inputs_is_the_soft_threshold(rng):
    Q = np.linalg.qr(np.column_stack([np.ones(20), rng.normal(size=(20, 4))]))[0][:, 1:]
    y = rng.normal(size=20)
    close(kernels.lasso(Q, y, 0.5, tol=1e-15)[0], kernels.soft_threshold(Q.T @ y, 0.5), atol=1e-7)


def test_inputs_twice_or_constant_and_nothing_to_explain(rng):
    """Of two equal columns the objective sees only the sum; a constant one gets weight 0."""
    X, y = problem(rng, 20, 2)
    lam = 0.1
    doubled = np.column_stack([X, X[:, 0], np.full(20, 3.0)])
    w = kernels.lasso(doubled, y, lam, tol=1e-13)[0]
    once = kernels.lasso(X, y, lam, tol=1e-13)[0]
    close(np.array([w[0] + w[2], w[1]]), once, rtol=1e-5)
    assert w[3] == 0
    for inputs, targets in ((X, np.full(20, 7.0)), (X[:1], y[:1]), (np.empty((3, 0)), y[:3])):
        w, b = kernels.lasso(inputs, targets, lam)
        assert not w.any()
        assert b == pytest.approx(targets.mean())
        assert kernels.lasso_lambda_max(inputs, targets) == 0


def test_lambda_max_is_where_the_last_weight_leaves(rng):
    X, y = problem(rng)
    most = kernels.lasso_lambda_max(X, y)
    assert not kernels.lasso(X, y, most)[0].any()
    assert np.count_nonzero(kernels.lasso(X, y, 0.999 * most)[0]) == 1
    assert isinstance(most, float)
    assert kernels.lasso_lambda_max(X.astype(np.float32), y.astype(np.float32)) == pytest.approx(most, rel=1e-4)


def test_regressions_refuse_what_does_not_fit(rng):
    X, y = problem(rng)
    for function in (kernels.ridge, kernels.lasso, lambda X, y, lam: kernels.lasso_lambda_max(X, y)):
        for wrong_X, wrong_y in ((X, y[:-1]), (X[0], y), (X, X), (X[:0], y[:0])):
            with pytest.raises(ValueError, match=r"X \(n, p\) and y \(n,\) with n at least 1 are expected"):
                function(wrong_X, wrong_y, 1.0)
    for lam, l1_ratio in ((0.0, 1.0), (1.0, 0.0), (1.0, 1.5), (-1.0, 1.0)):
        with pytest.raises(ValueError, match=r"above 0|at least 0"):
            kernels.elastic_net_path(X, y, [lam], l1_ratio=l1_ratio)
    for lams in ([-1.0], [[1.0]], [np.nan]):
        with pytest.raises(ValueError, match="penalties of at least 0"):
            kernels.ridge_path(X, y, lams)


def test_regressions_change_no_argument(rng):
    X, y = problem(rng)
    for function in (kernels.ridge, kernels.lasso):
        unchanged(function, X, y, 1.0)
    unchanged(kernels.lasso_lambda_max, X, y)
