# %% [markdown]
# ## Something real: a GAN, and what it leaves out
#
# Everything is in place for the whole thing: a forger and a detective, both small networks, trained against each other
# with *your* losses.
#
# ### First the detective alone
#
# Before we let two networks loose on each other, let us see whether a trained detective is what the theory says. On a line,
# the data have two humps and the forger has one. The forger stands still. A network with two hidden layers gets samples of
# both and your `discriminator_loss`; the dashed line is your `optimal_discriminator`, from the densities, which the network
# has never seen. Where there are samples the two agree. Beyond the last samples the network says whatever it likes: in
# the gray zones neither has a twentieth of its largest density.

# %% experiment
import numpy as np

from helpers.figures import judged_densities, point_clouds, push_curves
from helpers.kernels import adam_step_, mlp_backward, mlp_double_backward, mlp_forward, mlp_weights

loss_of, slope_of = grader.yours("discriminator_loss"), grader.yours("generator_logit_gradient")
best_of = grader.yours("optimal_discriminator")


def optimizer(weights, rate):
    """Adam for a list of arrays, which it changes in place."""
    first, second = ([np.zeros_like(w) for w in weights] for _ in range(2))

    def step(gradients, number):
        for w, m, v, g in zip(weights, first, second, gradients, strict=True):
            adam_step_(w, m, v, g, number, lr=rate, b1=0.5)

    return step


def detective_gradients(detective, real, fake):
    """The gradients of your loss for the detective's weights."""
    (said, way), (said_too, way_too) = mlp_forward(real, detective), mlp_forward(fake, detective)
    _, dreal, dfake = loss_of(said[:, 0], said_too[:, 0])
    halves = mlp_backward(dreal[:, None], way)[1], mlp_backward(dfake[:, None], way_too)[1]
    return [one + other for one, other in zip(*halves, strict=True)]


def bell(x, mean, std):
    return np.exp(-0.5 * ((x - mean) / std) ** 2) / (std * np.sqrt(2 * np.pi))


draws = np.random.default_rng(0)
detective = mlp_weights((1, 32, 32, 1), draws)
step = optimizer(detective, 0.003)
for number in range(1, 1501):
    real = draws.choice([-2.0, 1.5], (256, 1)) + 0.5 * draws.normal(size=(256, 1))
    step(detective_gradients(detective, real, 0.3 + draws.normal(size=(256, 1))), number)
x = np.linspace(-6, 6, 481)
p, q = (bell(x, -2, 0.5) + bell(x, 1.5, 0.5)) / 2, bell(x, 0.3, 1.0)
trained = 1 / (1 + np.exp(-mlp_forward(x[:, None], detective)[0][:, 0]))
seen = (p > 0.05 * p.max()) | (q > 0.05 * q.max())
off = np.abs(trained - best_of(p, q))
told = f"Largest difference where there are samples {off[seen].max():.2f}, mean {off[seen].mean():.3f}."
alt = f"Two densities on a line, the trained discriminator and the best one, which it follows. {told}"
judged_densities(x, p, q, trained, best_of(p, q), seen=seen, alt=alt)
print(told, f"At x = 6, far from all samples: trained {trained[-1]:.2f}, best {best_of(p, q)[-1]:.2f}.")

# %% [markdown]
# ### A detective that wins
#
# Now the plane. The data are eight little clouds on a ring, and the forger starts as a heap in the middle. Let it stand
# still once more, and let the detective take step after step. How large a push would a forged point get, from each of the two
# losses, from the same detective? The theory says: the better the detective, the less the saturating loss has to say.
# Watch it fall by four orders of magnitude, while the detective gets surer and surer.
#
# The same with two cures. *Noise:* the detective sees everything, real and forged, through Gaussian noise of standard
# deviation 0.5, as in `js_with_noise`. *R1:* its slope at real points is punished, as in `dirac_gan`. (That gradient
# needs one more pass backward through the network, `mlp_double_backward`.) Both keep the detective from ever getting that
# sure. They change the detective, not the loss.

# %% experiment
from helpers.kernels import eight_gaussians, mode_counts

BATCH = 128
LOSSES = ("saturating", "nonsaturating")


def two_networks(rng):
    """A detective, and a forger whose small weights put all its points into a heap in the middle."""
    return mlp_weights((2, 64, 64, 1), rng), [0.1 * w for w in mlp_weights((2, 64, 64, 2), rng)]


def leash(detective, real, strength):
    """The gradients of R1, strength / 2 times the mean squared slope of the detective at real points."""
    said, way = mlp_forward(real, detective)
    slopes, _ = mlp_backward(np.ones_like(said), way)
    return mlp_double_backward(strength / len(real) * slopes, way)


def detective_moves(step, number, detective, real, fake, noise, r1, rng):
    """One step of the detective, who sees both batches through noise and may be on a leash."""
    real, fake = (points + noise * rng.normal(size=points.shape) for points in (real, fake))
    gradients = detective_gradients(detective, real, fake)
    if r1:
        gradients = [one + other for one, other in zip(gradients, leash(detective, real, r1), strict=True)]
    step(gradients, number)


def mean_push(detective, fake, kind):
    """How strongly a loss pushes a forged point, on average."""
    said, way = mlp_forward(fake, detective)
    return np.linalg.norm(mlp_backward(slope_of(said[:, 0], kind)[:, None], way)[0], axis=1).mean()


def pushes(noise=0.0, r1=0.0, seed=1):
    """Train a detective against a forger that stands still: numbers of steps, and the pushes of both losses."""
    rng = np.random.default_rng(seed)
    detective, forger = two_networks(rng)
    step, rows = optimizer(detective, 0.004), []
    marks = np.unique(np.geomspace(1, 1000, 25).astype(int))
    for number in range(1, marks[-1] + 1):
        real, fake = eight_gaussians(BATCH, rng)[0], mlp_forward(rng.normal(size=(BATCH, 2)), forger)[0]
        detective_moves(step, number, detective, real, fake, noise, r1, rng)
        if number in marks:
            seen = fake + noise * rng.normal(size=fake.shape)
            rows.append([mean_push(detective, seen, kind) for kind in LOSSES])
    return marks, np.array(rows).T


cures = {"no cure": {}, "noise 0.5": {"noise": 0.5}, "R1": {"r1": 0.1}}
found = {name: pushes(**cure) for name, cure in cures.items()}
sizes = {name: each for name, (_, each) in found.items()}
ends = "; ".join(f"{name} {each[0, -1]:.1e} and {each[1, -1]:.1e}" for name, each in sizes.items())
told = f"Pushes after 1000 steps, saturating and not: {ends}."
alt = f"Mean push on a forged point by either loss against the steps of the detective. {told}"
push_curves(found["R1"][0], sizes, alt=alt)
print(told)

# %% [markdown]
# ### The duel
#
# A forger that has found one of the clouds can fool the detective there, and has no reason of its own to look for the
# other seven. Whether it does is easy to see, and easy to count: a mode is *covered* if at least 50 of 2000 forged points
# lie within three standard deviations of its center (a fair share would be 247). Both move now, one step each; the
# detective learns four times as fast. Four runs of a few seconds, equal but for one thing: the two losses, and
# for the second of them the two cures.

# %% experiment
STEPS, DICE = 2400, np.random.default_rng(9).normal(size=(2000, 2))


def duel(kind, noise=0.0, r1=0.0, seed=1):
    """Train a forger against a detective; return 2000 forged points, and the modes covered after every 600 steps."""
    rng = np.random.default_rng(seed)
    detective, forger = two_networks(rng)
    detective_step, forger_step = optimizer(detective, 0.004), optimizer(forger, 0.001)
    covered = []
    for number in range(1, STEPS + 1):
        real, fake = eight_gaussians(BATCH, rng)[0], mlp_forward(rng.normal(size=(BATCH, 2)), forger)[0]
        detective_moves(detective_step, number, detective, real, fake, noise, r1, rng)
        fake, forgers_way = mlp_forward(rng.normal(size=(BATCH, 2)), forger)
        said, way = mlp_forward(fake + noise * rng.normal(size=fake.shape), detective)
        push, _ = mlp_backward(slope_of(said[:, 0], kind)[:, None] / BATCH, way)
        forger_step(mlp_backward(push, forgers_way)[1], number)
        if number % 600 == 0:
            covered.append(int(np.sum(mode_counts(mlp_forward(DICE, forger)[0]) >= 50)))
    return mlp_forward(DICE, forger)[0], covered


runs = {
    "saturating": {"kind": "saturating"},
    "non-saturating": {"kind": "nonsaturating"},
    "with noise": {"kind": "nonsaturating", "noise": 0.3},
    "with R1": {"kind": "nonsaturating", "r1": 0.1},
}
forged = {}
print(
    "modes covered, of 8, after 600, 1200, 1800, 2400 steps; then how many of 2000 points lie at each mode at the end"
)
for name, how in runs.items():
    forged[name], covered = duel(**how)
    counts = mode_counts(forged[name])
    print(f"{name:>15}  {covered}  {counts.tolist()}, together {counts.sum()}")

# %% experiment
modes = {name: int(np.sum(mode_counts(points) >= 50)) for name, points in forged.items()}
told = ", ".join(f"{name} {count}" for name, count in modes.items())
clouds = {f"{name}: {modes[name]}": points for name, points in forged.items()}
alt = f"Five scatter plots of 2000 points: the data, eight clouds on a ring, and four forgers. Modes covered: {told}."
point_clouds({"data: 8": eight_gaussians(2000, np.random.default_rng(5))[0], **clouds}, alt=alt)

# %% [markdown]
# Small differences grow in such a game, so the numbers of your machine may differ from ours; try other seeds. The pattern
# stays.
#
# - **The plain non-saturating forger** soon forges well, and stays with a few of the modes: three here, and between three
#   and six of the eight with the five seeds that we tried. That is **mode collapse**. Nothing in its loss misses the other modes: its own notes are
#   judged one by one, and nobody asks it about data that it does not forge.
# - **With R1** the detective cannot draw a cliff around the heap. Its verdict rises gently towards all the data,
#   and all eight modes were found with each of the five seeds.
# - **Noise** helps as well, and has a price: what is finer than the noise stays blurred, and fewer than half of the points
#   lie at a mode.
# - **The saturating loss** is no failure here, only slow. Its gradient dies before a detective that has *won*, and in
#   this duel, step by step, the detective never has the time to. The ratio of steps, the loss and the leash are
#   three answers to one question: how much may the detective know before the forger moves?
