"""The kernels of the GAN lesson: closed forms against minimization and sums, slopes by complex step, paths by maps."""

import math

import numpy as np
import pytest
import scipy.optimize
import scipy.special

from helpers import kernels
from helpers.checking import complex_step
from proofs import close
from proofs.arguments import unchanged

SCORE_LOSSES = {
    "logistic": (lambda s: np.logaddexp(0, -s), lambda s: np.logaddexp(0, s)),
    "smoothed": (lambda s: 0.9 * np.logaddexp(0, -s) + 0.1 * np.logaddexp(0, s), lambda s: np.logaddexp(0, s)),
    "least-squares": (lambda s: (s - 1) ** 2, lambda s: (s + 1) ** 2),
    "hinge": (lambda s: np.maximum(0, 1 - s), lambda s: np.maximum(0, 1 + s)),
}


def pair(rng, shape=(7,)):
    return rng.dirichlet(np.ones(shape[-1]), shape[:-1]), rng.dirichlet(np.ones(shape[-1]), shape[:-1])


@pytest.mark.parametrize("shape", [(7,), (1,), (3, 4), (2, 0)])
def test_the_best_discriminator_is_the_sigmoid_of_the_log_ratio(shape, rng):
    p, q = rng.uniform(0.1, 3, shape), rng.uniform(0.1, 3, shape)
    close(kernels.optimal_discriminator(p, q), scipy.special.expit(np.log(p) - np.log(q)))
    unchanged(kernels.optimal_discriminator, p, q)


def test_only_the_ratio_counts_and_empty_bins_have_a_limit():
    p, q = np.array([3e-250, 0, 0, 2.0]), np.array([1e-250, 0, 1e-300, 0])
    assert np.array_equal(kernels.optimal_discriminator(p, q)[1:], [0.5, 0, 1])
    close(kernels.optimal_discriminator(p, q)[:1], np.array([0.75]))
    whole = kernels.optimal_discriminator(np.array([3, 0]), np.array([1, 0]))
    assert np.array_equal(whole, [0.75, 0.5])
    single = kernels.optimal_discriminator(np.float32([1]), np.float32([3]))
    assert single.dtype == np.float32


@pytest.mark.parametrize("shape", [(5,), (1,), (3, 4)])
def test_the_game_is_worth_twice_js_minus_log_4(shape, rng):
    p, q = pair(rng, shape)
    D = rng.uniform(0.05, 0.95, shape)
    value, shortfall = kernels.game_value(p, q, D)
    close(value, (p * np.log(D) + q * np.log1p(-D)).sum(axis=-1))
    close(value + shortfall, 2 * kernels.js_divergence(p, q) - math.log(4))
    close(kernels.game_value(p, q, p / (p + q))[1], np.zeros(shape[:-1]), atol=1e-15)
    unchanged(kernels.game_value, p, q, D)


def test_a_sure_discriminator_pays_nothing_or_everything():
    p, q = np.array([1.0, 0.0]), np.array([1e-20, 1.0])
    assert kernels.game_value(p, np.array([0.0, 1.0]), np.array([1.0, 0.0])) == (0, 0)
    assert kernels.game_value(p, q, np.array([0.0, 0.0])) == (-np.inf, np.inf)
    assert np.isfinite(kernels.game_value(p, q, np.array([0.5, 0.5]))[1])


@pytest.mark.parametrize("loss", SCORE_LOSSES)
def test_no_score_does_better_than_the_best_ones(loss, rng):
    real, fake = SCORE_LOSSES[loss]
    p, q = pair(rng)
    scores, least = kernels.optimal_discriminator_scores(p, q, loss)
    assert p @ real(scores) + q @ fake(scores) == pytest.approx(least, abs=1e-12)
    for a, b, score in zip(p, q, scores, strict=True):
        found = scipy.optimize.minimize_scalar(
            lambda s, a=a, b=b: a * real(s) + b * fake(s), bounds=(-9, 9), method="bounded", options={"xatol": 1e-9}
        )
        assert found.fun >= a * real(score) + b * fake(score) - 1e-12
        assert loss == "hinge" or found.x == pytest.approx(score, abs=1e-6)


def test_least_losses_are_divergences(rng):
    p, q = pair(rng)
    least = {loss: kernels.optimal_discriminator_scores(p, q, loss)[1] for loss in SCORE_LOSSES}
    assert least["logistic"] == pytest.approx(2 * math.log(2) - 2 * kernels.js_divergence(p, q))
    assert least["least-squares"] == pytest.approx(2 - np.sum((p - q) ** 2 / (p + q)))
    assert least["hinge"] == pytest.approx(2 - np.abs(p - q).sum())
    a, b = 0.9 * p, q + 0.1 * p
    assert least["smoothed"] == pytest.approx(
        scipy.special.rel_entr(a, a + b).sum() * -1 - np.sum(b * np.log(b / (a + b)))
    )


def test_scores_of_empty_bins():
    p, q = np.array([0.25, 0.5, 0.0, 0.25, 0.0]), np.array([0.25, 0.0, 0.25, 0.5, 0.0])
    expected = {
        "logistic": [0, np.inf, -np.inf, -math.log(2), 0],
        "smoothed": [math.log(9 / 11), math.log(9), -np.inf, math.log(0.225 / 0.525), 0],
        "least-squares": [0, 1, -1, -1 / 3, 0],
        "hinge": [0, 1, -1, -1, 0],
    }
    for loss, scores in expected.items():
        close(kernels.optimal_discriminator_scores(p, q, loss)[0], np.array(scores, float), atol=1e-15)
    with pytest.raises(ValueError, match="loss is one of"):
        kernels.optimal_discriminator_scores(p, q, "wasserstein")


@pytest.mark.parametrize(("n", "m"), [(4, 4), (3, 5), (1, 7)])
def test_the_losses_of_both_players_have_these_slopes(n, m, rng):
    real, fake = rng.normal(size=n), rng.normal(size=m)

    def loss(real, fake):
        return -np.mean(np.log(1 / (1 + np.exp(-real)))) - np.mean(np.log(1 / (1 + np.exp(fake))))

    got, dreal, dfake = kernels.discriminator_loss(real, fake)
    assert got == pytest.approx(loss(real, fake))
    close(dreal, complex_step(lambda a: loss(a, fake), real))
    close(dfake, complex_step(lambda a: loss(real, a), fake))
    slopes = {kind: kernels.generator_logit_gradient(fake, kind) for kind in ("saturating", "nonsaturating")}
    close(slopes["saturating"], complex_step(lambda a: np.sum(np.log(1 / (1 + np.exp(a)))), fake))
    close(slopes["nonsaturating"], complex_step(lambda a: -np.sum(np.log(1 / (1 + np.exp(-a)))), fake))
    with pytest.raises(ValueError, match="kind is"):
        kernels.generator_logit_gradient(fake, "wgan")
    unchanged(kernels.discriminator_loss, real, fake)


def test_sure_players_stay_finite():
    with np.errstate(all="raise", under="ignore"):
        loss, dreal, dfake = kernels.discriminator_loss(np.array([-800.0, 900.0]), np.array([1000.0]))
        slopes = kernels.generator_logit_gradient(np.array([-1000.0, 40.0]), "nonsaturating")
    assert (loss, dreal.tolist(), dfake.tolist()) == (1400.0, [-0.5, 0.0], [1.0])
    close(slopes, np.array([-1, -math.exp(-40)]))


def test_the_frozen_price_follows_maximum_likelihood(rng):
    p, theta = rng.dirichlet(np.ones(5)), rng.normal(size=5)
    q = scipy.special.softmax(theta)
    price = kernels.mle_generator_loss(np.log(p / q))
    likelihood = complex_step(lambda z: -np.sum(p * (z - np.log(np.sum(np.exp(z))))), theta)
    close(kernels.softmax_generator_gradient(theta, price), likelihood, atol=1e-14)
    close(kernels.softmax_generator_gradient(theta + 900, price), likelihood, atol=1e-12)
    assert kernels.mle_generator_loss(np.float32([0])).dtype == np.float32


def test_paths_of_the_xy_game(rng):
    x, y, eta = *rng.normal(size=2), 0.3
    maps = {
        "sim": np.array([[1, eta], [-eta, 1]]),
        "alt": np.array([[1, eta], [-eta, 1 - eta**2]]),
        "eg": np.array([[1 - eta**2, eta], [-eta, 1 - eta**2]]),
    }
    for rule, step in maps.items():
        expected = np.array([np.linalg.matrix_power(step, k) @ [x, y] for k in range(9)])
        close(kernels.xy_game(x, y, eta, 8, rule), expected)
    kept = kernels.xy_game(x, y, eta, 500, "alt")
    close(kept[:, 0] ** 2 + kept[:, 1] ** 2 + eta * kept[:, 0] * kept[:, 1], np.full(501, x * x + y * y + eta * x * y))
    with pytest.raises(ValueError, match="rule is"):
        kernels.xy_game(1.0, 1.0, 0.1, 0, "newton")


def test_paths_of_the_dirac_gan(rng):
    z = rng.normal(size=2)
    path = kernels.dirac_gan(*z, 0.2, 12, 0.3)
    for k in range(12):
        theta, psi = path[k]
        dtheta = -psi * scipy.special.expit(-psi * theta)
        dpsi = theta * scipy.special.expit(-psi * theta) - 0.3 * psi
        close(path[k + 1], path[k] + 0.2 * np.array([dtheta, dpsi]))
    outward = np.hypot(*kernels.dirac_gan(1.0, 0.5, 0.2, 60).T)
    assert np.all(np.diff(outward) > 0)
    assert np.hypot(*kernels.dirac_gan(1.0, 0.5, 0.2, 400, 1.0)[-1]) < 1e-6
    assert np.isfinite(kernels.dirac_gan(-30.0, 30.0, 0.5, 5)).all()


def test_fgsm_climbs_the_loss_as_far_as_a_box_allows(rng):
    x, w, t = rng.normal(size=(20, 6)), rng.normal(size=6), rng.integers(0, 2, 20)
    w[2] = 0

    def losses(x):
        return np.logaddexp(0, (1 - 2 * t) * (x @ w + 0.3))

    moved = kernels.fgsm(x, w, 0.3, t, 0.25)
    close(np.abs(moved - x), np.broadcast_to(0.25 * (w != 0), x.shape), atol=1e-15)
    for _ in range(50):
        assert np.all(losses(moved) >= losses(x + rng.uniform(-0.25, 0.25, x.shape)))
    sure = kernels.fgsm(np.array([[100.0]]), np.array([9.0]), 0.0, np.array([1]), 0.5)
    assert sure[0, 0] == 99.5
    unchanged(kernels.fgsm, x, w, 0.3, t, 0.25)
