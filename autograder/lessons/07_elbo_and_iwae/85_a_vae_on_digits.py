# %% [markdown]
# ## Something real: a variational autoencoder
#
# Everything is in place. The data are 1797 handwritten digits of 8 by 8 pixels, in black and white: ink where the
# gray is at least half. 1500 train, 297 test. The encoder has one hidden layer of 64 tanh units and gives a mean and
# a variance for each latent, the decoder goes the same way back and gives a probability of ink for each pixel. So
# $p(x \mid z)$ is a product of 64 coins, and $\log p(x)$ is a number in nats for a whole image.
#
# What is a good number? Here is what knowing nothing scores: let every pixel be a coin of its own, with its frequency
# in the training images, and no latent at all. Every model must beat this baseline, and the one that has given up its
# latents will not.
#
# **Your part.** The loss is $-\mathbb E_q[\log p(x \mid z)] + \beta \cdot$ `free_bits(kl, floor)`, where `kl` holds
# the KL term of each example and each latent dimension. With `floor = 0` and $\beta = 1$ it is minus the ELBO. The
# fast kernel `vae_forward` gives the two halves, and `vae_backward` takes *your* gradient of the KL term back through
# both networks. Before you trust it: the first cell puts its KL beside your `gaussian_elbo` (with $\beta = 0$ less
# with $\beta = 1$), and its gradient beside a difference quotient. Then read the training loop. It is the whole
# method.

# %% experiment
import time

from helpers.data import digits
from helpers.kernels import adam_step_, vae_backward, vae_decode, vae_encode, vae_forward, vae_log_weights, vae_weights

clamp, count, gaussian = (grader.yours(name) for name in ("free_bits", "active_units", "gaussian_elbo"))
images, labels = digits()
ink = (images.reshape(-1, 64) >= 8).astype(np.float32)
order = np.random.default_rng(0).permutation(len(ink))
train_x, test_x, test_labels = ink[order[:1500]], ink[order[1500:]], labels[order[1500:]]
chance = (train_x.sum(axis=0) + 0.5) / (len(train_x) + 1)
baseline = float((test_x @ np.log(chance) + (1 - test_x) @ np.log(1 - chance)).mean())


def objective(x, eps, weights, beta=1.0, floor=0.0):
    """The loss of a batch in nats and its gradients, in the order of the weights."""
    fit, kl, cache = vae_forward(x, eps, weights)
    price, dkl = clamp(kl.astype(float), floor)
    return beta * price - float(fit.mean()), vae_backward(np.full(len(x), -1 / len(x)), beta * dkl, cache)


rng = np.random.default_rng(1)
some, weights = test_x[:5].astype(float), vae_weights(64, 64, 2, rng, dtype=float)
eps, step = rng.normal(size=(5, 2)), 1e-5
mu, log_variance = vae_encode(some, weights)
by_hand = [
    gaussian(0.0, m, v, 0.0) - gaussian(0.0, m, v, 1.0) for m, v in zip(mu[0], np.exp(log_variance[0]), strict=True)
]
print("KL of the first image:", np.round(vae_forward(some, eps, weights)[1][0], 6), "yours:", np.round(by_hand, 6))
_, gradients = objective(some, eps, weights, 2.0, 0.01)
for name, place, spot in (("encoder", 2, (5, 1)), ("decoder", 6, (5, 20))):
    quotient = 0.0
    for sign in (1, -1):
        moved = [one.copy() for one in weights]
        moved[place][spot] += sign * step
        quotient += sign * objective(some, eps, moved, 2.0, 0.01)[0] / (2 * step)
    print(f"a weight of the {name}: gradient {gradients[place][spot]:+.8f}, difference quotient {quotient:+.8f}")

# %% experiment


def train(latents, beta=1.0, floor=0.0, epochs=120, rate=0.003, seed=0):
    """Train on batches of 100 with Adam and return the weights."""
    rng = np.random.default_rng(seed)
    weights = vae_weights(64, 64, latents, rng)
    averages, squares = ([np.zeros_like(w) for w in weights] for _ in range(2))
    for update in range(15 * epochs):
        if update % 15 == 0:
            order = rng.permutation(1500)
        x = train_x[order[update % 15 * 100 :][:100]]
        _, gradients = objective(x, rng.standard_normal((100, latents), dtype=np.float32), weights, beta, floor)
        for w, m, s, g in zip(weights, averages, squares, gradients, strict=True):
            adam_step_(w, m, s, g.astype(np.float32), update + 1, lr=rate)
    return weights


def halves(weights, repeats=20):
    """Reconstruction and KL term of the test images, in nats; their difference is the ELBO."""
    draws, fits = np.random.default_rng(3), []
    for _ in range(repeats):
        eps = draws.standard_normal((len(test_x), len(weights[4])), dtype=np.float32)
        fit, kl, _ = vae_forward(test_x, eps, weights)
        fits.append(fit.mean())
    return float(np.mean(fits)), float(kl.sum(axis=1).mean())


models, started = {}, time.perf_counter()
print(f"every pixel a coin of its own: {baseline:.2f} nats for a test image")
for latents in (2, 8):
    models[latents] = train(latents, epochs=200)
    fit, kl = halves(models[latents])
    told = f"{latents} latents: test ELBO {fit - kl:.2f} = reconstruction {fit:.2f} less KL {kl:.2f}"
    print(f"{told} ({time.perf_counter() - started:.1f} s so far)")

# %% [markdown]
# **The plane of latents.** With two latents the model can be seen whole. Left, where the encoder puts the test
# images, each drawn as its label; it was never told one. Right, what the decoder makes of the points of a grid over
# the same plane.

# %% experiment
from helpers.figures import digit_grids, latent_plane

line = np.linspace(-2.2, 2.2, 14)
across, up = np.meshgrid(line, line[::-1])
grid = np.stack([across.ravel(), up.ravel()], axis=1).astype(np.float32)
latent_plane(vae_encode(test_x, models[2])[0], test_labels, vae_decode(grid, models[2]), reach=2.2)

# %% [markdown]
# **Samples.** Draw $z$ from the prior and decode: no image goes in. Two latents are few for ten digits in all their
# handwritings; with eight there is more to say, and one can no longer see the whole. The gray is the probability of
# ink.

# %% experiment
draws = np.random.default_rng(4)
drawn = {"test images": test_x[:60]}
for latents in (2, 8):
    z = draws.standard_normal((60, latents), dtype=np.float32)
    drawn[f"drawn from the model with {latents} latents"] = vae_decode(z, models[latents])
alt = "Sixty test digits, and sixty samples each from the models with two and with eight latents, which look like blurred digits."
digit_grids(drawn, rows=6, alt=alt)

# %% [markdown]
# **How good is the bound?** Now your `iwae_bound`. A thousand samples for each test image, taken as a thousand bounds
# with $K = 1$, as a hundred with $K = 10$, and so on: by Jensen the mean must rise from row to row. Six repetitions
# give the error bar of the estimate. With two latents the number that one cannot compute *can* be computed, by a sum
# over a fine grid of the plane, and stands in the last row. (How much it would change with other 297 images is
# another error, a larger one, and common to all rows; it stands below.)
#
# Read the effective sample sizes too. With two latents the encoder's Gaussian is a fair proposal. With eight there is
# more to miss.

# %% experiment
bound, size = grader.yours("iwae_bound"), grader.yours("effective_sample_size")
samples = (1, 10, 100, 1000)


def climb(weights, repeats=6):
    """Means and standard errors of L_K, the last bounds of each image, and the mean effective sample size."""
    runs, sizes = [], []
    for seed in range(repeats):
        blocks = vae_log_weights(test_x, weights, 1000, np.random.default_rng(seed))
        logw = np.concatenate(list(blocks)).T.astype(float)  # (images, samples)
        runs.append([bound(logw.reshape(-1, K)).mean() for K in samples])
        sizes.append(size(logw).mean())
    return np.mean(runs, axis=0), np.std(runs, axis=0, ddof=1) / repeats**0.5, bound(logw), np.mean(sizes)


def evidence_of(weights, reach=6.0, points=201):
    """log p(x) of every test image: the trapezoidal rule over the plane."""
    line, step = np.linspace(-reach, reach, points, retstep=True)
    z = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    ink_there = np.clip(vae_decode(z, [w.astype(float) for w in weights]), 1e-12, 1 - 1e-12)
    joint = test_x @ np.log(ink_there).T + (1 - test_x) @ np.log(1 - ink_there).T
    joint += -(z**2).sum(axis=1) / 2 - math.log(2 * math.pi)
    top = joint.max(axis=1)
    return top + np.log(np.exp(joint - top[:, None]).sum(axis=1)) + 2 * math.log(step)


for latents in (2, 8):
    means, errors, last, worth = climb(models[latents])
    print(f"{latents} latents, effective sample size {worth:.0f} of 1000")
    for K, mean, error in zip(samples, means, errors, strict=True):
        print(f"    K = {K:4d}: {mean:8.3f} ± {error:.3f} nats")
    if latents == 2:
        print(f"    log p(x): {evidence_of(models[2]).mean():8.3f}, by a sum over the plane")
    print(f"    with other test images: ± {last.std(ddof=1) / len(last) ** 0.5:.2f}")

# %% [markdown]
# **Collapse by beta, and its cure.** Eight latents again, and the same 120 epochs for each row. Read the first
# three rows from top to bottom. At $\beta = 10$ the model has given up *all* its latents: its KL is 0, the
# bound is tight, and it scores what the coins scored, for that is what it has become. It did what it was told: the
# price of a nat was ten nats. Then the last rows: the same prices, with half a nat free in each dimension.

# %% experiment
collapsed = {}
print(
    f"{'beta':>5}  {'free':>5}  {'reconstruction':>14}  {'KL':>6}  {'ELBO':>7}  {'L_1000':>7}  {'active':>6}  variances of the means"
)
for beta, floor in ((1.0, 0.0), (4.0, 0.0), (10.0, 0.0), (4.0, 0.5), (10.0, 0.5)):
    weights = collapsed[beta, floor] = train(8, beta, floor)
    fit, kl = halves(weights)
    number, variances = count(vae_encode(test_x, weights)[0].astype(float))
    blocks = vae_log_weights(test_x, weights, 1000, np.random.default_rng(5))
    last = bound(np.concatenate(list(blocks)).T.astype(float)).mean()
    told = f"{beta:5g}  {floor:5g}  {fit:14.2f}  {kl:6.2f}  {fit - kl:7.2f}  {last:7.2f}  {number:6d}"
    print(told, "", *(f"{one:.3f}" for one in np.sort(variances)[::-1]))

# %% experiment
rebuilt = {"test images": test_x[:32]}
for key, title in (((1.0, 0.0), "beta 1"), ((10.0, 0.0), "beta 10"), ((10.0, 0.5), "beta 10, half a nat free")):
    rebuilt[title] = vae_decode(vae_encode(test_x[:32], collapsed[key])[0], collapsed[key])
alt = "Thirty-two test digits and their reconstructions: with beta 1 they are recognizable, with beta 10 all are the same gray average, with free bits they are recognizable again."
digit_grids(rebuilt, rows=4, alt=alt)
