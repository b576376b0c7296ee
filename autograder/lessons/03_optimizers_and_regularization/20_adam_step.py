# %% [markdown]
# ## Adam, and the debt of an empty diary
#
# Momentum remembers the gradient, RMSProp its square. Adam keeps both diaries, as exponential averages:
#
# $$ m \leftarrow \beta_1 m + (1 - \beta_1)\,g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\,g^2. $$
#
# Both start at 0, and an average that starts at 0 stays too small for a long time: with $\beta_2 = 0.999$ the first
# entry of $v$ is a thousandth of $g^2$. You have just seen what that does to RMSProp. How much is missing can be worked
# out. Unroll the recursion from $m_0 = 0$:
#
# $$ m_t = (1 - \beta_1) \sum_{i=1}^{t} \beta_1^{t-i}\, g_i, \qquad
#    (1 - \beta_1) \sum_{i=1}^{t} \beta_1^{t-i} = 1 - \beta_1^t. $$
#
# The weights add up to $1 - \beta_1^t$, not to 1. Divide by that sum, and you have an honest weighted mean. The same
# holds for $v$. So the step is
#
# $$ \hat m = \frac{m}{1 - \beta_1^t}, \qquad \hat v = \frac{v}{1 - \beta_2^t}, \qquad
#    p \leftarrow p - \eta\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon}. $$
#
# | argument | shape | meaning |
# |---|---|---|
# | `p`, `m` | any, the same | parameters, and the diary of gradients, before the step |
# | `v` | as `p` | the diary of squares before the step |
# | `g` | as `p` | the gradient at `p`, also a tiny one |
# | `t` | integer $\ge 1$ | the number of this step: **1 in the first step** |
# | `lr`, `b1`, `b2`, `eps` | numbers | $\eta$, $\beta_1$, $\beta_2$, $\varepsilon$ |
# | results | as `p`, three times | parameters and diaries after the step; the diaries **not** corrected |
#
# **Write `adam_step(p, m, v, g, t, lr=1e-3, b1=.9, b2=.999, eps=1e-8)`.** The corrected values serve the step only; what
# is carried on are the plain $m$ and $v$.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, expect_parts, is_pure, right_answer, wrong_answer

PARTS = ("p", "m", "v")


# %% answer
def adam_step(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    """Return (p, m, v) after step number t = 1, 2, ... of Adam, each of the shape of p."""
    # BEGIN SOLUTION
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
    # END SOLUTION


# %% public checks
@check(points=0.5)
def the_first_step_is_the_learning_rate(adam_step):
    """From empty diaries with g = 7 and lr = 0.1: p = -0.1, whatever the size of g; m = 0.7 and v = 0.049."""
    zero = np.zeros(1)
    results = adam_step(zero, zero, zero, np.array([7.0]), 1, 0.1)
    expect_close(results, ([-0.1], [0.7], [0.049]), "adam_step(0, 0, 0, [7], 1, 0.1)", rtol=1e-8, parts=PARTS)


@check(points=0.5)
def a_steady_gradient_takes_steady_steps(adam_step):
    """With a gradient of -2 three times in a row, each of the three steps is lr = 0.1 long: p = 0.3."""
    p, m, v = np.zeros(1), np.zeros(1), np.zeros(1)
    for t in (1, 2, 3):
        p, m, v = expect_parts(adam_step(p, m, v, np.array([-2.0]), t, 0.1), PARTS, f"adam_step number {t}")
    expect_close(p, [0.3], "p after three steps", rtol=2e-8)


# %% hidden checks
@check(points=1.5, hidden=True)
def the_moments_are_honest_weighted_means(adam_step, rng):
    """From empty diaries, each step divides a weighted mean of the gradients by the root of one of their squares."""
    for shape, options, size in [
        ((3,), {}, 1.0),
        ((2, 2), {"b1": 0.5, "b2": 0.8}, 1.0),
        ((3,), {"eps": 0.3, "lr": 0.2}, 1.0),
        ((1,), {}, 1e4),
        ((2, 3), {"eps": 1e-4}, 1e-6),
        ((2, 1, 2), {}, 1e-150),
        ((2, 1, 3, 2), {}, 1.0),
        ((), {}, 1.0),
    ]:
        given = {"lr": 1e-3, "b1": 0.9, "b2": 0.999, "eps": 1e-8, **options}
        gradients = size * rng.normal(size=(6, *shape))
        expected = np.array(rng.normal(size=shape) * (size if size > 1e-9 else 0.0))
        p, m, v = expected.copy(), np.zeros(shape), np.zeros(shape)
        for t in range(1, 7):
            what = f"step {t} with {options or 'the defaults'}"
            p, m, v = expect_parts(adam_step(p, m, v, gradients[t - 1], t, **options), PARTS, what)
            ages = np.arange(t)[::-1]
            first = np.average(gradients[:t], axis=0, weights=given["b1"] ** ages)
            second = np.average(gradients[:t] ** 2, axis=0, weights=given["b2"] ** ages)
            expected = expected - given["lr"] * first / (np.sqrt(second) + given["eps"])
            kept = first * -math.expm1(t * math.log(given["b1"])), second * -math.expm1(t * math.log(given["b2"]))
            expect_close((p, m, v), (expected, *kept), what, atol=0, parts=PARTS)


@check(points=1, hidden=True)
def in_the_middle_of_a_run(adam_step, rng):
    """With diaries of any content it takes the right step, early, late, and with the default hyper-parameters."""
    p, m, g, v = *rng.normal(size=(3, 3)), rng.uniform(0.1, 1, 3)
    new_m, new_v = m + 0.1 * (g - m), v + 0.001 * (g * g - v)
    for t, arguments, lr in [(7, (0.1,), 0.1), (10_000, (0.1,), 0.1), (3, (), 1e-3)]:
        up = [-math.expm1(t * math.log(0.9)), -math.expm1(t * math.log(0.999))]
        step = [lr * new_m[i] / up[0] / (math.sqrt(new_v[i] / up[1]) + 1e-8) for i in range(3)]
        results = adam_step(p.copy(), m.copy(), v.copy(), g.copy(), t, *arguments)
        expect_close(results, (p - step, new_m, new_v), f"step {t} with given diaries", rtol=1e-7, parts=PARTS)


@check(points=0.5, hidden=True)
def tiny_gradients_and_none(adam_step, rng):
    """A gradient as small as eps takes half a step, as eps stands beside the root; a gradient of 0 takes none."""
    zero, tiny = np.zeros(3), 1e-8 * rng.uniform(0.5, 2, 3)
    p, _, _ = expect_parts(adam_step(zero, zero, zero, tiny, 1, 0.1), PARTS, "adam_step with a tiny gradient")
    expect_close(p, -0.1 * tiny / (tiny + 1e-8), "p after a tiny gradient")
    start = -rng.uniform(1, 2, size=3)
    expect_close(adam_step(start, zero, zero, zero, 1, 0.1), (start, zero, zero), "a gradient of 0", parts=PARTS)


# %% hints
HINTS = [
    "Four lines before the step: two averages, two corrections. Which of these values are carried on?",
    "In the first step t is 1, and each correction undoes exactly the factor with which the new entry was written.",
    "Nothing is subtracted from g before it is squared: v averages squares, not deviations from a mean.",
]
COVERS = ["S0.e", "S3.7"]
KERNELS = [kernels.adam_step, kernels.adam_step_]
WHY = r"""
Each diary is a weighted sum whose weights add up to $1 - \beta^t$, and divided by that it is a weighted mean. So in the
first step $\hat m = g$ and $\hat v = g^2$, and the step is the learning rate, whatever the size of $g$. The second debt
is paid off slowly: after 1000 steps $v$ still has only 63 % of its weight. The corrected values must not be carried on,
or the next step would correct them again.
"""

# %% [markdown]
# > **A common claim: "Adam divides by the standard deviation of the gradient."** An average of squares looks like a
# > variance, and where the mean is 0 it is one. Adam divides by the root of the second moment *around zero*, whatever the
# > mean. Feed it a constant gradient of 3: the variance is 0, and dividing by it would be a disaster. Adam's $\hat v$ is
# > 9, from the first step on, and its root is 3. The uncorrected $v$ needs thousands of steps to get there.
# >
# > **A common claim: "Adam takes more computation, so mind which one you use."** More, yes. It keeps two arrays for every
# > weight and RMSProp one, and that can matter: a network whose weights fill half of the memory has no room for them twice
# > more. The *time* matters little. A step costs the same whatever the batch is, while back-propagation grows with it.
# > Below, one step of each beside the back-propagation of a batch through one layer of the same size. (The ratios depend
# > on the machine; the memory does not.)

# %% experiment
import time

adam, adaptive = grader.yours("adam_step"), grader.yours("adaptive_step")
p, m, v = np.zeros(1), np.zeros(1), np.zeros(1)
print(f"{'t':>6} {'v':>10} {'corrected':>10}   constant gradient of 3, variance 0")
for t in range(1, 5001):
    p, m, v = adam(p, m, v, np.array([3.0]), t)
    if t in (1, 10, 1000, 5000):
        print(f"{t:6d} {v[0]:10.4f} {v[0] / (1 - 0.999**t):10.4f}")

draws = np.random.default_rng(0)
(W, gradient), zeros = draws.normal(size=(2, 100, 100)), np.zeros((100, 100))


def seconds(task):
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


for batch in (128, 1024):
    inputs, errors = draws.normal(size=(2, batch, 100))
    work = {
        "back-propagation": lambda: (inputs @ W, errors @ W.T, inputs.T @ errors),
        "RMSProp": lambda: adaptive(W, zeros, gradient, 1e-3, "rmsprop"),
        "Adam": lambda: adam(W, zeros, zeros, gradient, 1),
    }
    times = {name: min(seconds(task) for _ in range(15)) for name, task in work.items()}
    shares = ", ".join(f"{name} {times[name] / times['back-propagation']:.3f}" for name in ("RMSProp", "Adam"))
    print(f"batch of {batch:4d}: time of a step over time of back-propagation: {shares}")
print(f"arrays of the size of the weights that are carried along: RMSProp {1}, Adam {2}")


# %% right and wrong answers
@right_answer
def by_one_corrected_rate(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    """Both corrections are numbers, so they fit into the rate: two passes over the arrays fewer, about two thirds of the
    time for a million weights. eps must be scaled as well, or it counts 32 times as much in the first step.
    """
    m, v = m + (1 - b1) * (g - m), v + (1 - b2) * (np.square(g) - v)
    late = np.sqrt(1 - b2**t)
    return p - lr * late / (1 - b1**t) * m / (np.sqrt(v) + eps * late), m, v


def diaries(m, v, g, b1, b2):
    """Both diaries after one more gradient."""
    return m + (1 - b1) * (g - m), v + (1 - b2) * (g * g - v)


@wrong_answer(feedback="There is no bias correction: m and v start at 0 and are too small early on.")
def uncorrected(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m, v = diaries(m, v, g, b1, b2)
    return p - lr * m / (np.sqrt(v) + eps), m, v


@wrong_answer(
    the_moments_are_honest_weighted_means,
    tiny_gradients_and_none,
    feedback="eps stands outside the square root, which matters where gradients are tiny.",
)
def eps_under_the_root(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m, v = diaries(m, v, g, b1, b2)
    return p - lr * (m / (1 - b1**t)) / np.sqrt(v / (1 - b2**t) + eps), m, v


@wrong_answer(feedback="t is already 1 in the first step: the powers in the corrections are t, not t + 1.")
def counted_from_zero(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    return by_one_corrected_rate(p, m, v, g, t + 1, lr, b1, b2, eps)


@wrong_answer(feedback="The second moment is uncentered: average the square of g, not that of g - m.")
def centered(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = m + (1 - b1) * (g - m)
    v = b2 * v + (1 - b2) * (g - m) ** 2
    spread = np.sqrt(v / (1 - b2**t))
    return p - lr * (m / (1 - b1**t)) / (spread + eps), m, v


@wrong_answer(
    passes=(tiny_gradients_and_none,),
    feedback="You return the corrected moments, so the next step corrects them again. Carry on the plain ones.",
)
def corrected_for_ever(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    p, m, v = by_one_corrected_rate(p, m, v, g, t, lr, b1, b2, eps)
    return p, m / (1 - b1**t), v / (1 - b2**t)


@wrong_answer(
    a_steady_gradient_takes_steady_steps,
    the_moments_are_honest_weighted_means,
    in_the_middle_of_a_run,
    feedback="Your correction knows only the first step, 1 - beta. In step t the missing weight is beta to the power t.",
)
def first_correction_always(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m, v = diaries(m, v, g, b1, b2)
    return p - lr * (m / (1 - b1)) / (np.sqrt(v / (1 - b2)) + eps), m, v


def corrected(first=True, second=True, late=False):
    """Adam with the corrections of m and v switched on or off, or with eps added before that of v."""

    def step(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
        m, v = diaries(m, v, g, b1, b2)
        up_m, up_v = 1 - b1**t if first else 1.0, 1 - b2**t if second else 1.0
        root = np.sqrt(v) / np.sqrt(up_v) + (eps / np.sqrt(up_v) if late else eps)
        return p - lr * m / up_m / root, m, v

    return step


only_m_is_corrected = wrong_answer(
    feedback="You corrected m, but not v. Both diaries start empty, and v is the slower one of the two."
)(corrected(second=False))

only_v_is_corrected = wrong_answer(feedback="You corrected v, but not m. Both diaries start empty.")(
    corrected(first=False)
)

eps_is_corrected_too = wrong_answer(
    passes=(in_the_middle_of_a_run,),
    feedback="With both corrections in the rate, eps is divided by the root of v's correction too, and counts for more. "
    "Add eps to the root of the corrected v.",
)(corrected(late=True))


@wrong_answer(
    is_pure,
    feedback="The step is right, but the diaries were written into the caller's arrays. Make new ones.",
)
def in_place(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    results = by_one_corrected_rate(p, m, v, g, t, lr, b1, b2, eps)
    m *= b1
    return results
