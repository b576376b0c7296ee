# %% [markdown]
# ## Something real: digits, kept and cleaned
#
# ### Three autoencoders side by side
#
# 1,797 handwritten digits of 8 x 8 pixels, three quarters of them for training. Three autoencoders must say what is
# worth keeping:
#
# - **PCA** with 16 directions: your `linear_autoencoder`, one decomposition;
# - a **linear autoencoder** with 16 hidden units, trained by Adam from random weights. Its loss knows the data only
#   through their covariance, so a step takes a tenth of a millisecond;
# - **sigmoid autoencoders** with as many hidden units as there are pixels, 64, so that they *could* simply copy, with
#   tied weights (the loophole is shut): once without a penalty, and once contractive, with your `contractive_penalty`
#   as the judge. The gradient of the penalty is three lines more of the chain rule. The cell holds it against a complex
#   step first.

# %% experiment
import time

from helpers.checking import complex_step
from helpers.data import digits
from helpers.kernels import adam_step_

best, penalty, denoise = (
    grader.yours(name) for name in ("linear_autoencoder", "contractive_penalty", "optimal_denoiser")
)
images, labels = digits()
pixels = images.reshape(1797, 64) / 16
order = np.random.default_rng(0).permutation(1797)
train, test = pixels[order[:1347]], pixels[order[1347:]]
center = train.mean(axis=0)


def squared(difference):
    """The mean over the examples of the summed squares."""
    return np.sum(difference**2) / len(difference)


def adam(arrays, gradient, batches, rate):
    """Move the arrays in place against their gradients, one step a batch, at a rate that falls to 0."""
    averages, squares = ([np.zeros_like(array) for array in arrays] for _ in range(2))
    for t, batch in enumerate(batches, 1):
        for array, m, v, g in zip(arrays, averages, squares, gradient(arrays, batch), strict=True):
            adam_step_(array, m, v, g, t, lr=rate * (1 - t / (len(batches) + 1)))
    return arrays


covariance = np.cov(train.T, ddof=0)


def linear_gradient(arrays, batch):
    """The gradient of the mean squared error of A B, from the covariance alone; the offset is the best one."""
    A, B = arrays
    off = (A @ B - np.eye(64)) @ covariance
    return 2 * off @ B.T, 2 * A.T @ off


def sigmoid_code(W, b, x):
    """The outputs of the hidden layer; complex numbers are welcome."""
    return 1 / (np.exp(-b - x @ W.T) + 1)


def sigmoid_gradient(weight):
    """The gradient of the mean of |x - W^T h - c|^2 + weight times the penalty, for h = sigmoid(W x + b)."""

    def gradient(arrays, x):
        W, b, c = arrays
        h = sigmoid_code(W, b, x)
        slope, rest = h * (1 - h), h @ W + c - x
        da = 2 * rest @ W.T * slope + weight * 2 * slope**2 * (1 - 2 * h) * np.sum(W**2, axis=1)
        dW = da.T @ x + 2 * h.T @ rest + weight * 2 * np.sum(slope**2, axis=0)[:, None] * W
        return dW / len(x), da.mean(axis=0), 2 * rest.mean(axis=0)

    return gradient


def first_weights(hidden, draws):
    """Random weights, offsets that put every unit at 1/2 for the mean digit, and the mean digit as output offset."""
    W = 0.25 * draws.normal(size=(hidden, 64))
    return [W, -W @ center, center.copy()]


def sigmoid_autoencoder(weight, hidden=64, epochs=60, batch=64):
    """Train with this weight of the penalty; return W, b, c."""
    draws = np.random.default_rng(0)
    start = first_weights(hidden, draws)
    batches = [train[draws.permutation(1347)[:batch]] for _ in range(epochs * 1347 // batch)]
    return adam(start, sigmoid_gradient(weight), batches, 0.004)


# The gradient of the penalty, held against an exact derivative for one example and a small layer.
W, b, c = first_weights(3, np.random.default_rng(1))
few = train[:1]


def charged(W):
    h = sigmoid_code(W, b, few)
    return np.sum((few - h @ W - c) ** 2) + 0.3 * np.sum((h * (1 - h)) ** 2 @ np.sum(W**2, axis=1))


print(f"penalty by yours or ours {penalty(W, b, few)[0]:.6f}, ", end="")
print(
    f"gradient off by at most {np.abs(sigmoid_gradient(0.3)([W, b, c], few)[0] - complex_step(charged, W)).max():.0e}\n"
)

started = time.perf_counter()
projector, error = best(train, 16)
draws = np.random.default_rng(0)
A, B = adam([0.1 * draws.normal(size=(64, 16)), 0.1 * draws.normal(size=(16, 64))], linear_gradient, range(4000), 0.01)
plain, contractive = (sigmoid_autoencoder(weight) for weight in (0.0, 0.3))
kept = np.linalg.eigh(projector)[1][:, -16:]
overlaps = np.linalg.svd(np.linalg.qr(A)[0].T @ kept, compute_uv=False)
angle = np.degrees(np.arccos(min(1, overlaps.min())))
print(
    f"PCA loses {error / 1347:.6f} a digit, the trained linear autoencoder {squared((train - center) @ (A @ B - np.eye(64)).T):.6f}"
)
print(
    f"largest angle between the two subspaces: {angle:.4f} degrees; of the factors: |B - A^T| = {np.linalg.norm(B - A.T):.2f}"
)
print(f"all trained in {time.perf_counter() - started:.1f} s")

# %% [markdown]
# The first two have the same error to six digits, and the same subspace. Their codes are different, as promised.
#
# Now the sigmoid ones. The next table asks each autoencoder four things, on test digits: how well it rebuilds them; how
# sensitive the code is along the four directions in which digits vary most, and along sixteen in which they hardly
# vary; and how well it rebuilds a *clean* digit from one with noise ($s = 0.3$), for which nobody has trained it.


# %% experiment
def sensitivity(jacobians, directions):
    """The mean squared length of the code's answer to a step along each direction."""
    return np.mean(np.sum((jacobians @ directions.T) ** 2, axis=1))


directions = np.linalg.svd(train - center)[2]
noise = 0.3 * np.random.default_rng(1).normal(size=test.shape)
coders = {
    "PCA, 16": (lambda x: (x - center) @ projector + center, lambda x: np.tile(kept.T, (len(x), 1, 1))),
    "linear, 16": (lambda x: (x - center) @ (A @ B).T + center, lambda x: np.tile(B, (len(x), 1, 1))),
}
for name, (W, b, c) in (("sigmoid, 64", plain), ("contractive, 64", contractive)):

    def code(x, W=W, b=b):
        return sigmoid_code(W, b, x)

    coders[name] = (
        lambda x, code=code, W=W, c=c: code(x) @ W + c,
        lambda x, code=code, W=W: (code(x) * (1 - code(x)))[:, :, None] * W,
    )
print(f"{'':>16} {'rebuilt':>8} {'sensitive: most':>16} {'least':>8} {'ratio':>7} {'from noise':>11}")
for name, (rebuild, jacobian) in coders.items():
    J = jacobian(test[:200])
    most, least = sensitivity(J, directions[:4]), sensitivity(J, directions[40:56])
    ratio = f"{most / least:7.1f}" if least > 1e-6 else f"{'inf':>7}"
    told = squared(rebuild(test) - test), squared(rebuild(test + noise) - test)
    print(f"{name:>16} {told[0]:8.3f} {most:16.4f} {least:8.4f} {ratio} {told[1]:11.3f}")
for name, (W, b, _) in (("sigmoid", plain), ("contractive", contractive)):
    print(f"mean penalty on test digits, {name}: {penalty(W, b, test).mean():.2f}")
print(f"(the noise itself is {squared(noise):.3f})")

# %% [markdown]
# **What does an autoencoder keep?** PCA keeps the directions of large variance and drops the others altogether. The
# plain sigmoid autoencoder has room for everything and keeps everything, noise too: it is almost a copying machine. The
# contractive one has the same room. It was never told how many directions to keep, and it has arrived near PCA: it
# answers to the directions in which digits differ, and is nearly deaf to the rest. It pays for that with a worse copy,
# and is rewarded with a better rebuilding from noise. Unlike PCA it may be sensitive to different directions at
# different digits.
#
# One number in the table is a trap. The linear autoencoder rebuilds *clean* digits exactly as PCA does, and noisy ones
# a little worse. Three of the 64 pixels are empty in every training digit. Nothing that happens there has ever had an
# influence on the loss, so the weights that read them are still those of the random start, and with noise these pixels
# speak. "The same subspace" is a statement about the directions in which there are data.

# %% experiment
from helpers.figures import Row, show_pictures

busiest = np.argsort(-np.linalg.norm(contractive[0], axis=1))[:10]
shown = {
    "PCA: ten directions, in their order": directions[:10],
    "linear autoencoder: ten units, a mixture of the same directions": A.T[:10],
    "contractive: ten of 64 units": contractive[0][busiest],
}
show_pictures(
    *(Row(title, weights.reshape(-1, 8, 8), weights=True) for title, weights in shown.items()),
    alt="Weights as pictures. PCA: smooth patterns, from coarse to fine. Linear autoencoder: smooth mixtures of them. "
    "Contractive: a few strokes, and much of the random start, also at the margins.",
)

# %% [markdown]
# ### The best denoiser that a training set can be
#
# Your `optimal_denoiser` needs no training at all. The 1,347 training digits are its clean points, each with weight 1,
# and for a noisy digit it returns their mean, weighted by how probable each of them has become. How good is that, for
# noisy copies of *training* digits, and of *test* digits, which are not among the clean points?

# %% experiment
weights, judged = np.ones(1347), 100
started = time.perf_counter()
denoise(train[:2], train, weights, 0.3)
if (expected := (time.perf_counter() - started) / 2 * judged * 18) > 20:
    print(f"With your optimal_denoiser this would take about {expected:.0f} seconds: we take ours.")
    denoise = kernels.optimal_denoiser


def in_portions(y, s, part):
    """Mean (part 0) or score (part 1) for many rows, twenty at a time: the differences of all pairs need memory."""
    return np.concatenate([denoise(y[i : i + 20], train, weights, s)[part] for i in range(0, len(y), 20)])


rebuild = {name: rebuild for name, (rebuild, _) in coders.items()}
print(f"{'':>22} {'noise':>7} {'PCA, 16':>8} {'contractive':>12} {'optimal':>8} {'with blur 0.15':>15}")
for s in (0.2, 0.3, 0.5):
    for name, clean in (("training digits", train[:judged]), ("test digits", test[:judged])):
        noisy = clean + s * np.random.default_rng(2).normal(size=clean.shape)
        guesses = [noisy, rebuild["PCA, 16"](noisy), rebuild["contractive, 64"](noisy), in_portions(noisy, s, 0)]
        # Clean points that are blurred by 0.15: the noisy density is the same with more noise, and Tweedie does the rest.
        guesses.append(noisy + s**2 * in_portions(noisy, np.hypot(s, 0.15), 1))
        shown = [squared(guess - clean) for guess in guesses]
        print(f"{name:>15}, s = {s} {shown[0]:7.2f} {shown[1]:8.2f} {shown[2]:12.2f} {shown[3]:8.2f} {shown[4]:15.2f}")

# %% [markdown]
# At $s = 0.5$ it is a quarter of PCA's error on training digits, and little more than a third on others: a mean of
# whole digits looks like a digit, while a projection of noise is noise. But read the rows in pairs. "Optimal" is meant
# for the density whose clean points are exactly those 1,347. On its own training digits it is almost perfect at little
# noise, and *that is a bad sign*: it has recognized them. On digits it has not seen it must answer with one that it
# knows.
#
# The last column repairs that in one line, and the line is Tweedie's. Suppose that clean digits lie *around* the
# training digits, within 0.15 a pixel. Then the noisy density is that of your function with $\sqrt{s^2 + 0.15^2}$ in
# place of $s$, its score is your second result, and the best guess is $y + s^2$ score. On test digits with little noise
# it is the better one.
#
# One experiment more. Start from nothing but noise, and walk home: go to the best guess, add noise again, a little less
# than before, forty times. That is a diffusion model in five lines, and yours is the best score that these training data have
# to give. Where does the walk end?

# %% experiment
draws = np.random.default_rng(7)
walk, levels = 4.0 * draws.normal(size=(10, 64)) + 0.5, 4.0 * 0.87 ** np.arange(40)
for s in levels:
    guess = in_portions(walk, s, 0)
    walk = guess + 0.87 * s * draws.normal(size=walk.shape)
nearest = np.sqrt(np.min(np.sum((guess[:, None] - train) ** 2, axis=2), axis=1))
clean = test[:10]
noisy = clean + 0.5 * draws.normal(size=clean.shape)
shown = {
    "test digits with noise, s = 0.5": noisy,
    "rebuilt by PCA, 16": rebuild["PCA, 16"](noisy),
    "the optimal denoiser": in_portions(noisy, 0.5, 0),
    "the clean ones": clean,
    "walked home from pure noise": guess,
}
show_pictures(
    *(Row(title, pictures.reshape(-1, 8, 8)) for title, pictures in shown.items()),
    alt="Ten noisy digits, rebuilt by PCA (blotchy) and by the optimal denoiser (clean digits), the originals, and ten "
    "digits that came out of pure noise.",
)
print(f"distance of the ten walkers from the nearest training digit: at most {nearest.max():.1e}")

# %% [markdown]
# Every walk ends *on a training digit*, to the last bit or nearly. The best possible score of a training set leads back
# to that training set. A model that generates anything new does so because it is **not** optimal for its training data:
# it is too smooth, too small, or stopped early. What it should be like instead is the question of the next lesson, in
# which an autoencoder learns to say how unsure it is.
