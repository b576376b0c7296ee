# %% [markdown]
# ## The whole GAN in two numbers
#
# The game of $xy$ has no data and no samples. This one has both, and still only two numbers. All **data sit at 0**. The
# generator prints one note, at $\theta$. The discriminator is a straight line, $\psi x$: at the data it says 0, whatever
# $\psi$ is, and at the note it says $\psi\theta$. Both play for the same number,
#
# $$ f(\psi\theta), \qquad f(t) = -\log\bigl(1 + e^{-t}\bigr), $$
#
# which the generator wants to be small ($\theta$ **descends**), and the discriminator large ($\psi$ **ascends**). In $(0, 0)$
# the generator is right and the discriminator has nothing left to say. Will they get there?
#
# To help them, the discriminator can be put on a leash. The penalty **R1** is half of $\gamma$ times the squared slope
# of the discriminator at *real* points. Here this slope is $\psi$, so
#
# $$ \theta \text{ descends } f(\psi\theta), \qquad\qquad
#    \psi \text{ ascends } f(\psi\theta) - \frac{\gamma}{2}\,\psi^2 . $$
#
# | argument | shape | meaning |
# |---|---|---|
# | `theta`, `psi` | numbers | the start; $\lvert\psi\theta\rvert$ may be as large as 1000 on the way |
# | `lr` | number $> 0$ | the step size of both players |
# | `steps` | integer $\ge 0$ | the number of steps |
# | `r1` | number $\ge 0$ | the strength $\gamma$ of the penalty |
# | result | `(steps + 1, 2)` | the path of $(\theta, \psi)$, the start first |
#
# **Write `dirac_gan(theta, psi, lr, steps, r1=0.0)`.** Both slopes are taken at the old point. The slope of $f$ must be
# right, and finite, for any $t$ between $-1000$ and 1000.
#
# In programs R1 is `0.5 * gamma * grad(D(x_real), x_real).square().sum(1).mean()`.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, right_answer, wrong_answer


# %% answer
def dirac_gan(theta, psi, lr, steps, r1=0.0):
    """Return the path, shape (steps + 1, 2): theta descends f(psi theta), psi ascends f(psi theta) - r1/2 psi^2."""
    # BEGIN SOLUTION
    path = [(theta, psi)]
    for _ in range(steps):
        slope = 0.5 * (1 - math.tanh(theta * psi / 2))
        theta, psi = theta - lr * psi * slope, psi + lr * (theta * slope - r1 * psi)
        path.append((theta, psi))
    return np.array(path, dtype=float)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def one_step_by_hand(dirac_gan):
    """With theta = 0 and psi = 1 the slope of f is 1/2: a step of 1/2 takes theta to -1/4, and psi stays."""
    expect_close(dirac_gan(0.0, 1.0, 0.5, 1), [[0.0, 1.0], [-0.25, 1.0]], "dirac_gan(0, 1, 0.5, 1)")


@check(points=0.5)
def two_steps_with_a_leash(dirac_gan):
    """From (1, log 3) the slope is 1/4; with a penalty of 2 and steps of 1/2 the path goes on as worked out by hand."""
    l3 = math.log(3)
    first = 1 - l3 / 8, l3 + 0.5 * (0.25 - 2 * l3)
    slope = 1 / (1 + math.exp(first[0] * first[1]))
    second = first[0] - 0.5 * first[1] * slope, first[1] + 0.5 * (first[0] * slope - 2 * first[1])
    got = dirac_gan(1.0, l3, 0.5, 2, 2.0)
    expect_close(got, [(1.0, l3), first, second], "dirac_gan(1, log 3, 0.5, 2, r1=2)")


# %% hidden checks
def payoff(theta, psi):
    """f(psi theta), stable on both sides, for complex arguments too."""
    t = theta * psi
    return t - np.log(1 + np.exp(t)) if t.real < 0 else -np.log(1 + np.exp(-t))


def step_by_step(theta, psi, lr, steps, r1=0.0):
    """The path, with slopes by complex step."""
    z, path = np.array([theta, psi], dtype=float), [np.array([theta, psi], dtype=float)]
    for _ in range(steps):
        down = complex_step(lambda both: payoff(both[0], both[1]), z)
        z = z + lr * np.array([-down[0], down[1] - r1 * z[1]])
        path.append(z)
    return np.array(path)


@check(points=2, hidden=True)
def every_step_follows_both_slopes(dirac_gan, rng):
    """From any start, with and without the penalty, both players follow their slopes at the old point."""
    a, b = rng.uniform(0.5, 1.5, 2)
    cases = [
        (a, b, 0.2, 15),
        (a, -b, 0.2, 15, 1.0),
        (b, a, 0.7, 6, 0.3),
        (-a, b, 0.3, 4, 0.1),
        (a, b, 0.1, 0),
        (a, b, 0.1, 0, 2.0),
    ]
    cases += [
        (0.0, 0.0, 0.3, 4, 0.5),
        (0.0, 1.0, 0.5, 5),
        (1, -2, 1, 3),
        (1.0, 0.0, 0.1, 100),
        (1.0, 0.0, 0.1, 100, 1.0),
    ]
    cases += [(30.0, 30.0, 0.5, 3), (-30.0, 30.0, 0.5, 3, 0.1), (-31.0, 32.0, 0.01, 4), (40.0, 25.0, 0.1, 2, 1.0)]
    for arguments in cases:
        told = ", ".join(f"{each:g}" for each in arguments)
        expect_close(dirac_gan(*arguments), step_by_step(*arguments), f"dirac_gan({told})")


@check(points=1, hidden=True)
def outward_without_inward_with(dirac_gan, rng):
    """Without the penalty every step leads farther away, by sqrt(1 + lr^2 f'^2); with it the path runs into (0, 0)."""
    a = rng.uniform(0.5, 1.5)
    path = np.asarray(dirac_gan(a, 0.5, 0.2, 60))
    expect_close(path[0], [a, 0.5], f"the first row of dirac_gan({a:g}, 0.5, 0.2, 60)")
    radius, slope = np.hypot(*path.T), 1 / (1 + np.exp(path[:, 0] * path[:, 1]))
    growth = np.sqrt(1 + 0.04 * slope[:-1] ** 2)
    expect_close(
        radius[1:] / radius[:-1], growth, f"how the distance from (0, 0) grows along dirac_gan({a:g}, 0.5, 0.2, 60)"
    )
    end = np.asarray(dirac_gan(1.0, 0.5, 0.2, 400, 1.0))[-1]
    expect_close(end, [0.0, 0.0], "the end of dirac_gan(1, 0.5, 0.2, 400, r1=1)", atol=1e-6)


# %% hints
HINTS = [
    "f(t) = -log(1 + e^-t) has the slope 1/(1 + e^t): near 1 on the left, near 0 on the right.",
    "The chain rule: the slope of f(psi theta) for theta is psi f', the one for psi is theta f'.",
    "The penalty only acts on psi. Differentiate r1/2 psi², and mind that psi ascends MINUS the penalty.",
    "exp(1000) overflows. A tanh of half the argument says the same and does not.",
]
WHY = r"""
One number serves both players, $f'(\psi\theta) = 1/(1 + e^{\psi\theta})$: times $\psi$ it is the generator's slope,
times $\theta$ the discriminator's. As $\tfrac12 (1 - \tanh \tfrac t2)$ it cannot overflow. Both updates stand in one
assignment, so both see the old point. Without the penalty each step makes the distance $\sqrt{1 + (\eta f')^2}$ times
as long. The penalty pulls $\psi$ back by $\gamma\psi$ (the half goes with the square), and is the only thing here
that makes anything shorter.
"""
COVERS = ["S2.18b"]
KERNELS = [kernels.dirac_gan]

# %% [markdown]
# **See it.** The distance from the equilibrium, with growing penalties. Without one the two walk in circles that widen for
# ever. A little of it bends the path inward; with more of it the spiral closes faster; and too much holds the
# discriminator so tightly that it can hardly tell the generator where the data are. (Near the equilibrium the step is
# linear: with $f' = 1/2$ its eigenvalues are $1 - \frac{\eta}{2}\bigl(\gamma \mp \sqrt{\gamma^2 - 1}\bigr)$, so $\gamma = 1$,
# where the root vanishes, is the fastest.)
#
# > **A common claim: "a GAN that oscillates only needs a smaller learning rate."** One could believe it: it helps
# > when a *minimum* is overshot. Here the circle is in the vector field, not in the step. The last column is the distance
# > at the same time $\eta n = 100$, without a penalty and with ever smaller steps: it comes down to the distance at
# > the start, 1, and no farther.

# %% experiment
play = grader.yours("dirac_gan")
print(f"{'r1':>5} {'lr':>6} {'steps':>6} {'distance from (0, 0) at the end':>32}")
for r1, lr, steps in (
    (0, 0.1, 1000),
    (0.1, 0.1, 1000),
    (1, 0.1, 1000),
    (10, 0.1, 1000),
    (0, 0.02, 5000),
    (0, 0.004, 25000),
):
    end = play(1.0, 0.0, lr, steps, r1)[-1]
    print(f"{r1:5g} {lr:6g} {steps:6d} {np.hypot(*end):32.3g}")


# %% right and wrong answers
def falling(t):
    """f'(t) = 1 / (1 + e^t)."""
    return 0.5 * (1 - np.tanh(t / 2))


def path_of(step):
    """An answer that makes the given step (theta, psi, lr, r1) -> (theta, psi)."""

    def answer(theta, psi, lr, steps, r1=0.0):
        path = [(theta, psi)]
        for _ in range(steps):
            path.append(step(*path[-1], lr, r1))
        return np.array(path, dtype=float)

    return answer


@right_answer
def a_field_of_vectors(theta, psi, lr, steps, r1=0.0):
    """Both players as one point that moves along a field: the form for drawing the field, for its Jacobian at the
    equilibrium, or for a better integrator.
    """

    def sigmoid(a):
        return 1 / (1 + math.exp(-a)) if a >= 0 else math.exp(a) / (1 + math.exp(a))

    z = np.array([theta, psi], dtype=float)
    path = [z]
    for _ in range(steps):
        slope = sigmoid(-z[0] * z[1])
        z = z + lr * np.array([-z[1] * slope, z[0] * slope - r1 * z[1]])
        path.append(z)
    return np.stack(path)


@right_answer
def row_by_row(theta, psi, lr, steps, r1=0.0):
    """The plain sigmoid is right too: where its exponential overflows, 1 over infinity is the 0 that belongs there,
    and NumPy only warns. The table of the path is made once, at full length.
    """
    path = np.empty((steps + 1, 2))
    path[0] = theta, psi
    for k in range(steps):
        t, p = path[k]
        slope = 1 / (1 + np.exp(t * p))
        path[k + 1] = t - lr * p * slope, p + lr * t * slope - lr * r1 * p
    return path


def one_after_the_other_step(theta, psi, lr, r1):
    new = theta - lr * psi * falling(theta * psi)
    return new, psi + lr * (new * falling(new * psi) - r1 * psi)


one_after_the_other = wrong_answer(
    feedback="Both slopes are taken at the OLD point. Your psi already sees the new theta."
)(path_of(one_after_the_other_step))


def exchanged_step(theta, psi, lr, r1):
    slope = falling(theta * psi)
    return theta + lr * psi * slope, psi - lr * (theta * slope + r1 * psi)


exchanged = wrong_answer(
    passes=(outward_without_inward_with,),
    feedback="Who ascends? In yours the generator does, and the discriminator descends.",
)(path_of(exchanged_step))


rising_slope = wrong_answer(
    passes=(one_step_by_hand,),
    feedback="Look at f at a large positive t: it is flat there, and your slope is 1.",
)(
    path_of(
        lambda theta, psi, lr, r1: (
            theta - lr * psi * falling(-theta * psi),
            psi + lr * (theta * falling(-theta * psi) - r1 * psi),
        )
    )
)

penalty_rewards = wrong_answer(
    passes=(one_step_by_hand,),
    feedback="The penalty drives psi outward. It must hold the discriminator back.",
)(
    path_of(
        lambda theta, psi, lr, r1: (
            theta - lr * psi * falling(theta * psi),
            psi + lr * (theta * falling(theta * psi) + r1 * psi),
        )
    )
)

half_the_penalty = wrong_answer(
    passes=(one_step_by_hand, outward_without_inward_with),
    feedback="The derivative of the penalty is off by a factor: differentiate r1/2 psi².",
)(
    path_of(
        lambda theta, psi, lr, r1: (
            theta - lr * psi * falling(theta * psi),
            psi + lr * (theta * falling(theta * psi) - r1 / 2 * psi),
        )
    )
)

penalty_forgotten = wrong_answer(
    passes=(one_step_by_hand,),
    feedback="The penalty is missing: with r1 > 0 nothing holds psi back.",
)(
    path_of(
        lambda theta, psi, lr, r1: (
            theta - lr * psi * falling(theta * psi),
            psi + lr * theta * falling(theta * psi),
        )
    )
)

penalty_on_both = wrong_answer(
    passes=(one_step_by_hand, outward_without_inward_with),
    feedback="The penalty belongs to the discriminator alone. Yours pulls theta to 0 too, as if the generator knew the data.",
)(
    path_of(
        lambda theta, psi, lr, r1: (
            theta - lr * (psi * falling(theta * psi) + r1 * theta),
            psi + lr * (theta * falling(theta * psi) - r1 * psi),
        )
    )
)

non_saturating = wrong_answer(
    passes=(one_step_by_hand,),
    feedback="That is the non-saturating generator, with a loss of its own. Here both play for the same f.",
)(
    path_of(
        lambda theta, psi, lr, r1: (
            theta - lr * psi * falling(-theta * psi),
            psi + lr * (theta * falling(theta * psi) - r1 * psi),
        )
    )
)


def overflows_step(theta, psi, lr, r1):
    slope = 1 / (1 + math.exp(theta * psi))
    return theta - lr * psi * slope, psi + lr * (theta * slope - r1 * psi)


overflows = wrong_answer(
    passes=(one_step_by_hand, two_steps_with_a_leash, outward_without_inward_with),
    feedback="The exponential in the slope of f overflows for large psi theta. Write it so that it cannot.",
)(path_of(overflows_step))


@wrong_answer(feedback="The first row must be the start, and `steps` steps make steps + 1 rows.")
def without_the_start(theta, psi, lr, steps, r1=0.0):
    return row_by_row(theta, psi, lr, steps, r1)[1:]
