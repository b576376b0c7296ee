"""The variational autoencoder: its halves, gradients and importance weights by formulas, complex steps, an integral."""

import math

import numpy as np
import pytest

from helpers import kernels
from helpers.derivatives import complex_step
from proofs import close, close32
from proofs.arguments import unchanged

SIZES = [(5, 6, 4, 2), (1, 3, 2, 1), (4, 4, 4, 4), (3, 7, 5, 1)]


def problem(rng, N, P, H, D, dtype=np.float64):
    """Images, draws and weights with offsets that are not 0."""
    weights = [one + 0.3 * rng.normal(size=one.shape) for one in kernels.vae_weights(P, H, D, rng, dtype=np.float64)]
    x, eps = rng.integers(0, 2, (N, P)), rng.normal(size=(N, D))
    return x.astype(dtype), eps.astype(dtype), [one.astype(dtype) for one in weights]


def halves(x, eps, weights):
    """Log-likelihoods and KL terms as the formulas have them, for real and for complex weights."""
    W_in, b_in, W_code, b_code, V_in, c_in, V_out, c_out = weights
    code = np.tanh(x @ W_in + b_in) @ W_code + b_code
    mu, log_variance = code[:, : eps.shape[1]], code[:, eps.shape[1] :]
    z = mu + np.exp(log_variance / 2) * eps
    logits = np.tanh(z @ V_in + c_in) @ V_out + c_out
    return (x * logits - np.log(1 + np.exp(logits))).sum(axis=1), (mu**2 + np.exp(log_variance) - 1 - log_variance) / 2


@pytest.mark.parametrize("sizes", SIZES)
def test_both_halves(sizes, rng):
    x, eps, weights = problem(rng, *sizes)
    log_likelihood, kl, _ = kernels.vae_forward(x, eps, weights)
    expected = halves(x, eps, weights)
    close(log_likelihood, expected[0])
    close(kl, expected[1])
    mu, log_variance = kernels.vae_encode(x, weights)
    nothing = np.zeros_like(mu)
    close(kernels.kl_diagonal_gaussians(mu, log_variance, nothing, nothing), kl.sum(axis=1), rtol=1e-11)
    single = problem(np.random.default_rng(20), *sizes, dtype=np.float32)
    for one, other in zip(kernels.vae_forward(*single)[:2], halves(*single), strict=True):
        close32(one, other, 1e-5)


@pytest.mark.parametrize("sizes", SIZES)
def test_gradients_by_complex_step(sizes, rng):
    x, eps, weights = problem(rng, *sizes)
    dlog, dkl = rng.normal(size=len(x)), rng.normal(size=eps.shape)
    gradients = kernels.vae_backward(dlog, dkl, kernels.vae_forward(x, eps, weights)[2])

    def loss(one, place):
        log_likelihood, kl = halves(x, eps, [*weights[:place], one, *weights[place + 1 :]])
        return (log_likelihood * dlog).sum() + (kl * dkl).sum()

    for place, (weight, gradient) in enumerate(zip(weights, gradients, strict=True)):
        close(gradient, complex_step(lambda one, place=place: loss(one, place), weight), rtol=1e-9, atol=1e-11)


def test_logits_far_out_are_exact_and_do_not_warn(rng):
    x, eps, weights = problem(rng, 2, 4, 3, 1, dtype=np.float32)
    x[:] = [[1, 1, 0, 0], [0, 1, 0, 1]]
    weights[6][:], weights[7][:] = 0, [5000, 1, -5000, -700]
    with np.errstate(all="raise"):
        log_likelihood, _, cache = kernels.vae_forward(x, eps, weights)
        gradients = kernels.vae_backward(np.ones(2), np.zeros((2, 1)), cache)
    close32(log_likelihood, [-math.log1p(math.exp(-1)), -5000 - math.log1p(math.exp(-1)) - 700])
    close32(gradients[7], np.array([-1, 2 * (1 - 1 / (1 + math.exp(-1))), 0, 1]), 1e-6)


def test_a_collapsed_posterior_costs_nothing(rng):
    x, eps, weights = problem(rng, 3, 5, 4, 2, dtype=np.float32)
    weights[2][:], weights[3][:] = 0, 1e-4
    kl = kernels.vae_forward(x, eps, weights)[1]
    close32(kl, np.full((3, 2), (1e-8 + math.expm1(1e-4) - 1e-4) / 2), 1e-8)


def test_decoder_and_first_weights(rng):
    _, eps, weights = problem(rng, 3, 5, 4, 2)
    chances = kernels.vae_decode(eps, weights)
    close(chances, 1 / (1 + np.exp(-np.tanh(eps @ weights[4] + weights[5]) @ weights[6] - weights[7])))
    close(kernels.vae_decode(eps.reshape(3, 1, 2), weights)[:, 0], chances)
    first = kernels.vae_weights(300, 200, 5, rng)
    assert [one.shape for one in first] == [(300, 200), (200,), (200, 10), (10,), (5, 200), (200,), (200, 300), (300,)]
    assert all(one.dtype == np.float32 for one in first)
    assert first[0].std() * 300**0.5 == pytest.approx(1, rel=0.02)


# --- importance weights


def test_log_weights_are_log_density_ratios(rng):
    x, _, weights = problem(rng, 4, 6, 5, 2)
    blocks = list(kernels.vae_log_weights(x, weights, 7, np.random.default_rng(3)))
    eps = np.random.default_rng(3).standard_normal((7, 4, 2))
    mu, log_variance = kernels.vae_encode(x, weights)
    for k, row in enumerate(np.concatenate(blocks)):
        z = mu + np.exp(log_variance / 2) * eps[k]
        chance = kernels.vae_decode(z, weights)
        log_likelihood = np.log(np.where(x == 1, chance, 1 - chance)).sum(axis=1)
        prior = -(z**2 + math.log(2 * math.pi)).sum(axis=1) / 2
        proposal = -((z - mu) ** 2 / np.exp(log_variance) + log_variance + math.log(2 * math.pi)).sum(axis=1) / 2
        close(row, log_likelihood + prior - proposal, rtol=1e-11)


def test_blocks_do_not_change_what_is_drawn(rng, monkeypatch):
    x, _, weights = problem(rng, 4, 6, 5, 2)
    pieces = {}
    for size in (1, 400, 10**6):
        monkeypatch.setattr("helpers.kernels.vae.BLOCK_BYTES", size)
        pieces[size] = list(kernels.vae_log_weights(x, weights, 30, np.random.default_rng(3)))
        close(np.concatenate(pieces[size]), np.concatenate(pieces[1]))
    assert [len(one) for one in pieces.values()] == [30, 15, 1]


def exact_evidence(x, weights):
    """log p(x) by the trapezoidal rule over a latent of one dimension."""
    z, step = np.linspace(-12, 12, 4001, retstep=True)
    chance = kernels.vae_decode(z[:, None], weights)
    log_joint = np.log(chance) @ x.T + np.log(1 - chance) @ (1 - x).T - (z[:, None] ** 2 + math.log(2 * math.pi)) / 2
    return np.logaddexp.reduce(log_joint, axis=0) + math.log(step)


def test_the_bounds_climb_to_the_evidence(rng):
    x, eps, weights = problem(rng, 50, 6, 5, 1)
    weights[2] *= 0.2
    weights[3][:] = [0.1, 0.3]  # a proposal wider than the posterior, so that the weights have a finite variance
    logw = np.concatenate(list(kernels.vae_log_weights(x, weights, 10_000, np.random.default_rng(0))))
    # Groups of a common pool: by Jensen their mean climbs with their size, whatever was drawn.
    means = [
        float(kernels.iwae_bound(logw.reshape(-1, K, 50).swapaxes(1, 2)).mean()) for K in (1, 10, 100, 1000, 10_000)
    ]
    assert (np.diff(means) > 0).all()
    assert means[-1] == pytest.approx(exact_evidence(x, weights).mean(), abs=0.003)
    streamed = kernels.iwae_bound_streaming(kernels.vae_log_weights(x, weights, 10_000, np.random.default_rng(0)))
    close(streamed.mean(), np.float64(means[-1]), rtol=1e-12)
    kl = kernels.vae_forward(x, eps, weights)[1].sum(axis=1).mean()
    mu, log_variance = kernels.vae_encode(x, weights)
    z = mu + np.exp(log_variance / 2) * np.random.default_rng(0).standard_normal((10_000, 50, 1))
    chance = kernels.vae_decode(z, weights)
    elbo = np.log(np.where(x == 1, chance, 1 - chance)).sum(axis=-1).mean() - kl
    assert means[0] == pytest.approx(elbo, abs=0.01)  # the same draws; only the sampled KL differs from the exact one


# --- what is refused, and what stays


def test_what_does_not_fit_is_refused(rng):
    x, eps, weights = problem(rng, 3, 5, 4, 2)
    with pytest.raises(ValueError, match=r"images \(N, 5\)"):
        kernels.vae_forward(x[:, 1:], eps, weights)
    with pytest.raises(ValueError, match=r"eps of shape \(3, 2\)"):
        kernels.vae_forward(x, eps[:, 1:], weights)
    with pytest.raises(ValueError, match="do not fit together"):
        kernels.vae_encode(x, [*weights[:7], weights[7][1:]])
    with pytest.raises(ValueError, match="eight weights"):
        kernels.vae_encode(x, weights[:3])
    with pytest.raises(ValueError, match=r"latents \(\.\.\., 2\)"):
        kernels.vae_decode(eps[:, 1:], weights)
    with pytest.raises(ValueError, match="upstream gradients"):
        kernels.vae_backward(np.ones(2), np.ones((3, 2)), kernels.vae_forward(x, eps, weights)[2])
    with pytest.raises(ValueError, match="at least one sample"):
        next(kernels.vae_log_weights(x, weights, 0, rng))


def test_no_argument_is_changed(rng):
    x, eps, weights = problem(rng, 3, 5, 4, 2)
    unchanged(lambda *all_of_them: kernels.vae_forward(*all_of_them[:2], all_of_them[2:])[:2], x, eps, *weights)
    dlog, dkl, cache = np.ones(3), np.ones((3, 2)), kernels.vae_forward(x, eps, weights)[2]
    unchanged(lambda *given: tuple(kernels.vae_backward(*given, cache)), dlog, dkl)
    unchanged(
        lambda *given: next(kernels.vae_log_weights(given[0], given[1:], 3, np.random.default_rng(0))), x, *weights
    )
