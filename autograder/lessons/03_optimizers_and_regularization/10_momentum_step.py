# %% [markdown]
# ## A ball that keeps rolling
#
# Plain gradient descent is a hiker without memory. At every step it looks at the slope under its feet and at nothing
# else. In a long, narrow valley that is a pity: the slope points across the valley, hardly ever along it. So the hiker
# bounces from wall to wall, and a learning rate that is small enough for the walls is far too small for the floor.
#
# Now let a heavy ball roll down. It has a *velocity* $v$. What pushes it left in one step and right in the next
# cancels; what pushes it the same way every time adds up:
#
# $$ v \leftarrow \mu\,v - \eta\,g, \qquad p \leftarrow p + v. $$
#
# The new velocity is the whole update. So each update is $\mu$ times the previous one, plus a step down the slope. A
# constant gradient is felt $1 + \mu + \mu^2 + \dots = 1/(1 - \mu)$ times: ten times for $\mu = 0.9$.
#
# | argument | shape | meaning |
# |---|---|---|
# | `p`, `v` | any, the same | parameters and velocity before the step |
# | `g` | as `p` | the gradient at `p`; like the others it may be tiny |
# | `lr`, `mu` | numbers | learning rate $\eta > 0$; momentum $0 \le \mu < 1$ |
# | results | as `p`, twice | parameters and velocity after the step, in this order |
#
# **Write `momentum_step(p, v, g, lr, mu)`, one step of the heavy ball.**

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, expect_parts, is_pure, right_answer, wrong_answer

PARTS = ("p", "v")


# %% answer
def momentum_step(p, v, g, lr, mu):
    """Return (p, v) after one step of gradient descent with momentum, both of the shape of p."""
    # BEGIN SOLUTION
    v = mu * v - lr * g
    return p + v, v
    # END SOLUTION


# %% public checks
@check(points=0.5)
def the_first_step_by_hand(momentum_step):
    """From rest at p = 1, with g = 1, lr = 0.1 and mu = 0.9, the ball gets v = -0.1 and comes to p = 0.9."""
    results = momentum_step(np.array([1.0]), np.array([0.0]), np.array([1.0]), 0.1, 0.9)
    expect_close(results, ([0.9], [-0.1]), "momentum_step([1], [0], [1], 0.1, 0.9)", parts=PARTS)


@check(points=0.5)
def it_rolls_on_where_the_ground_is_level(momentum_step):
    """With g = 0 and mu = 0.5, a ball at p = 1 with v = -0.4 goes on: v = -0.2, p = 0.8."""
    results = momentum_step(np.array([1.0]), np.array([-0.4]), np.array([0.0]), 0.1, 0.5)
    expect_close(results, ([0.8], [-0.2]), "momentum_step([1], [-0.4], [0], 0.1, 0.5)", parts=PARTS)


# %% hidden checks
SIZES = [((3,), 0.1, 0.9, 1.0), ((2, 3), 0.3, 0.5, 1.0), ((4,), 0.1, 0.0, 1.0), ((1,), 2.0, 0.9, 1e4),
         ((3, 3), 0.3, 0.5, 1e-303), ((2, 1, 2), 0.1, 0.99, 1e-9), ((2, 2), 1e-3, 0.9, 1e3), ((2, 1, 3, 2), 1, 0.5, 1.0), ((), 0.1, 0.9, 1.0)]  # fmt: skip


@check(points=1, hidden=True)
def five_steps_unrolled(momentum_step, rng):
    """Five steps in a row equal the sum of all that was ever felt, each part weighted by its powers of mu."""
    for shape, lr, mu, size in SIZES:
        start, push, gradients = (np.array(size * rng.normal(size=one)) for one in (shape, shape, (5, *shape)))
        p, v, what = start.copy(), push.copy(), f"five steps with shape {shape}, lr = {lr}, mu = {mu}"
        for g in gradients:
            p, v = expect_parts(momentum_step(p, v, g, lr, mu), PARTS, what)
        speeds = [mu**k * push - lr * sum(mu ** (k - 1 - i) * gradients[i] for i in range(k)) for k in range(1, 6)]
        expect_close((p, v), (start + sum(speeds), speeds[-1]), what, atol=0, parts=PARTS)
    results = momentum_step(np.full(3, 2.0), np.full(3, 1.0), np.full(3, 4.0), 0.5, 0.5)
    expect_close(results, (np.full(3, 0.5), np.full(3, -1.5)), "a step of three equal weights", parts=PARTS)


# %% hints
HINTS = [
    "Two lines: first the velocity, then the parameters. Which velocity moves the parameters, the old or the new one?",
    "The velocity remembers mu times what it was, and gets the ordinary step of gradient descent on top.",
    "Descent subtracts the gradient: the minus sign stands in the velocity, so the parameters simply add it.",
]
COVERS = ["S1.7a", "S1.8"]
KERNELS = [kernels.momentum_step, kernels.momentum_step_]
WHY = r"""
Unrolled, the velocity is $-\eta\,(g_t + \mu g_{t-1} + \mu^2 g_{t-2} + \dots)$: what changes its sign cancels in this
sum, what persists adds up. The order of the two lines decides which method it is. Moving by the *old* velocity is one
step late, and moving by $\mu v - \eta g$ once more is Nesterov's look-ahead. Here the rate is inside of $v$. Some
libraries keep bare gradients in it and apply the rate when they move: the same path as long as the rate stays what it
is, another one as soon as it changes.
"""

# %% [markdown]
# **See it.** The ravine $f(x, y) = \frac12 (x^2 + \kappa y^2)$ is $\kappa$ times as steep across as along. Both methods
# get the best constants that theory knows for them, and start at $(1, 1)$. The steps of gradient descent grow like
# $\kappa$, those of momentum like $\sqrt\kappa$. The last column shows what momentum adds: the last update of the run
# is $\mu$ times the one before it minus $\eta g$, to the last digit.
#
# > **A common claim: "momentum multiplies the gradient by $1 - \mu$."** In some libraries it does: there
# > $v \leftarrow \mu v - (1 - \mu)\,\eta g$. It is the same path at another learning rate: every $\eta$ of one form is
# > $\eta / (1 - \mu)$ in the other. Nothing is lost, unless you copy a learning rate from one form to the other: at
# > $\mu = 0.9$ it is then wrong by a factor of ten. Ask which form a reported rate belongs to.

# %% experiment
step = grader.yours("momentum_step")


def steps_to_the_bottom(kappa, lr, mu, tolerance=1e-6):
    """Count the steps from (1, 1) until f is below the tolerance; return them and what the last update was made of."""
    curvature = np.array([1.0, kappa])
    p, v = np.ones(2), np.zeros(2)
    for count in range(1, 100_000):
        before, g = v, curvature * p
        moved, v = step(p, v, g, lr, mu)
        made_of, p = (moved - p) - (mu * before - lr * g), moved
        if np.sum(curvature * p**2) / 2 < tolerance:
            return count, abs(made_of).max()


print(f"{'kappa':>6} {'gradient descent':>18} {'momentum':>10}   steps        last update: difference")
for kappa in (10, 40, 1000):
    root = np.sqrt(kappa)
    plain, _ = steps_to_the_bottom(kappa, 2 / (1 + kappa), 0.0)
    heavy, difference = steps_to_the_bottom(kappa, 4 / (1 + root) ** 2, ((root - 1) / (root + 1)) ** 2)
    print(f"{kappa:6d} {plain:18d} {heavy:10d} {difference:32.0e}")


# %% right and wrong answers
@right_answer
def with_the_speed_uphill(p, v, g, lr, mu):
    """Keeps in mind what p subtracts, so the minus stands where it does in plain gradient descent. The same two
    operations; the velocity changes its sign on the way in and out.
    """
    uphill = lr * np.asarray(g) - mu * np.asarray(v)
    return p - uphill, -uphill


@wrong_answer(
    the_first_step_by_hand,
    five_steps_unrolled,
    feedback="There is no damping of the gradient by 1 - mu in the heavy-ball form: it only rescales the learning rate.",
)
def damped(p, v, g, lr, mu):
    return with_the_speed_uphill(p, v, g, (1 - mu) * lr, mu)


@wrong_answer(
    feedback="That is Nesterov's look-ahead: the parameters move by the new velocity itself, not by one that is carried on."
)
def nesterov(p, v, g, lr, mu):
    new = mu * v - lr * g
    return p + mu * new - lr * g, new


@wrong_answer(
    the_first_step_by_hand, five_steps_unrolled, feedback="The sign: descent subtracts the gradient, yours climbs."
)
def uphill(p, v, g, lr, mu):
    return with_the_speed_uphill(p, v, g, -lr, mu)


@wrong_answer(feedback="You moved by the old velocity. Update the velocity first, then let it move the parameters.")
def one_step_late(p, v, g, lr, mu):
    return p + v, mu * v - lr * g


@wrong_answer(
    feedback="The parameters moved rightly, but the velocity that you return is the old one: nothing is remembered."
)
def forgets_its_speed(p, v, g, lr, mu):
    return with_the_speed_uphill(p, v, g, lr, mu)[0], np.array(v)


@wrong_answer(
    feedback="Your velocity is made of gradients, and the rate comes in only where it moves p. Here the rate is in v already."
)
def rate_outside_of_the_velocity(p, v, g, lr, mu):
    v = mu * v + g
    return p - lr * v, v


@wrong_answer(
    feedback="Your velocity has the wrong sign: it points uphill, and p subtracts it. Here v points the way that p moves."
)
def velocity_uphill(p, v, g, lr, mu):
    moved, new = with_the_speed_uphill(p, -v, g, lr, mu)
    return moved, -new


@wrong_answer(is_pure, feedback="The step is right, but it was written into the caller's arrays. Make new ones.")
def in_place(p, v, g, lr, mu):
    v *= mu
    v -= lr * g
    p += v
    return p.copy(), v.copy()
