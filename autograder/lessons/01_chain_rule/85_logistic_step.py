# %% [markdown]
# ## Target minus output, or output minus target? One step downhill
#
# Will the price go up or down tomorrow? Two classes, one number: $y = \sigma(Xw + b)$ is the probability of "up", and cross-entropy is
# the loss that fits it. (For the price itself one would use regression and the squared error.) With targets $t_n \in \{0, 1\}$ and
# the loss *summed* over the examples, everything in the middle cancels again:
#
# $$ \frac{\partial L}{\partial w} = X^\top (y - t), \qquad \frac{\partial L}{\partial b} = \sum_n (y_n - t_n). $$
#
# Descent *subtracts* the gradient, with a step $\eta$:
#
# $$ w \leftarrow w - \eta\, X^\top (y - t) = w + \eta\, X^\top (t - y). $$
#
# So both signs are right, each in its place: $y - t$ in the gradient, $t - y$ in the update.
#
# | argument | shape | meaning |
# |---|---|---|
# | `w`, `b` | `(D,)`, number | weights and offset before the step |
# | `X`, `t` | `(N, D)`, `(N,)` | examples, and targets 0 or 1 |
# | `eta` | number $\ge 0$ | the step, also a large one |
# | results | `(D,)`, number | weights and offset after the step |
#
# **Write `logistic_step(w, b, X, t, eta)`**, one step of gradient descent on the summed cross-entropy. Logits of $\pm 1000$ must not
# overflow, and the sigmoid is the sigmoid, not 1 from some bound on: $1 - \sigma(20)$ is $2 \cdot 10^{-9}$.

# %% imports
import math

import numpy as np

from helpers.checking import check, expect_close, is_pure, right_answer, wrong_answer

PARTS = ("w", "b")


# %% answer
def logistic_step(w, b, X, t, eta):
    """Return (w, b) after one step of gradient descent on the summed cross-entropy of y = sigmoid(Xw + b)."""
    # BEGIN SOLUTION
    z = X @ w + b
    decay = np.exp(-np.abs(z))
    y = np.where(z >= 0, 1 / (1 + decay), decay / (1 + decay))
    error = t - y
    return w + eta * (X.T @ error), b + eta * np.sum(error)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def uphill_for_the_probability(logistic_step):
    """From zero, one example x = 1 with target 1 and a step of 1 give w = b = 1/2: towards the target."""
    got = logistic_step(np.zeros(1), 0.0, np.array([[1.0]]), np.array([1.0]), 1.0)
    expect_close(got, ([0.5], 0.5), "logistic_step(0, 0, [[1]], [1], 1)", parts=PARTS)


@check(points=0.5)
def two_examples_add_up(logistic_step):
    """From zero, examples 1 and 3 with targets 1 and 0 and a step of 1 give w = (1 - 3)/2 = -1 and b = 0: a sum, not a mean."""
    got = logistic_step(np.zeros(1), 0.0, np.array([[1.0], [3.0]]), np.array([1.0, 0.0]), 1.0)
    expect_close(got, ([-1.0], 0.0), "logistic_step(0, 0, [[1], [3]], [1, 0], 1)", parts=PARTS)


# %% hidden checks
def exact_step(w, b, x, t, eta):
    """The step, one example after the other."""
    w, b = np.array(w, dtype=float), float(b)
    errors = []
    for row, target in zip(x, t, strict=True):
        z = math.fsum([*(row * w), b])
        e = math.exp(-abs(z))
        errors.append(target - (1 / (1 + e) if z >= 0 else e / (1 + e)))
    return w + eta * sum(error * row for error, row in zip(errors, x, strict=True)), b + eta * math.fsum(errors)


@check(points=1.5, hidden=True)
def random_steps(logistic_step, rng):
    """For random examples, one or many, it matches the step worked out one example after the other; a step of 0 changes nothing."""
    for n, d, eta, scale in [
        (6, 3, 0.1, 1.0),
        (6, 3, 0.0, 1.0),
        (3, 3, 2.0, 1.0),
        (1, 2, 1.0, 1.0),
        (5, 1, 0.3, 1.0),
        (4, 2, 7.0, 30.0),
    ]:
        x, t, w = scale * rng.normal(size=(n, d)), 1.0 * (rng.uniform(size=n) < 0.5), rng.normal(size=d) / scale
        expected = exact_step(w, 0.2, x, t, eta)
        got = logistic_step(w, 0.2, x, t, eta)
        expect_close(got, expected, f"logistic_step with N, D = {n}, {d}, eta = {eta}", parts=PARTS, rtol=1e-11)
    x, t, w = -np.array([[1.0, 2.0], [1.0, 2.0], [3.0, 1.0]]), np.array([1, 0, 1]), np.array([-0.5, -0.5])
    expected = exact_step(w, -1.0, x, t, 0.5)
    expect_close(
        logistic_step(w, -1.0, x, t, 0.5), expected, "logistic_step where all is negative", parts=PARTS, rtol=1e-11
    )
    for b, eta in [(0.0, 1.0), (0, 1)]:
        got = logistic_step(np.zeros(2), b, np.array([[1.0, 2.0]]), np.array([1.0]), eta)
        expect_close(got, ([0.5, 1.0], 0.5), "logistic_step on one example", parts=PARTS)
    got = logistic_step(np.zeros(2), 0.0, np.array([[1.0, 2.0]]), np.array([1.0]), 1e-12)
    expect_close(got, ([5e-13, 1e-12], 5e-13), "logistic_step with a tiny step", parts=PARTS, atol=0)
    got = logistic_step(np.zeros(2), 0.0, np.array([[1.0, 2.0]]), np.array([1.0]), 0.0)
    expect_close(got, ([0.0, 0.0], 0.0), "logistic_step from 0 with a step of 0", parts=PARTS, atol=0)


@check(points=0.5, hidden=True)
def saturated_and_at_rest(logistic_step, rng):
    """Near certainty moves as little as it should; at logits of 1000 and -1000 a perfect fit stays, without overflow."""
    x = np.array([[1.0], [-1.0]])
    with np.errstate(over="raise"):
        for z in np.array([8.0, 15.0, 20.0, 25.0, 30.0]) - rng.random(5):
            # The error at a logit z with target 1 is 1/(1 + e^z); a step of e^z makes it visible.
            rest = math.exp(z) / (1 + math.exp(z))
            got = logistic_step(np.array([z]), 0.0, x, np.array([1.0, 0.0]), math.exp(z))
            expect_close(
                got,
                ([z + 2 * rest], 0.0),
                f"logistic_step at logits of {z:g} and {-z:g}",
                parts=PARTS,
                rtol=1e-4,
                atol=1e-2,
            )
        at_rest = logistic_step(np.array([1000.0]), 0.0, x, np.array([1.0, 0.0]), 0.5)
        expect_close(at_rest, ([1000.0], 0.0), "logistic_step from a perfect fit", parts=PARTS)
        wrong = logistic_step(np.array([1000.0]), 0.0, x, np.array([0.0, 1.0]), 0.5)
        expect_close(wrong, ([999.0], 0.0), "logistic_step from a perfectly wrong fit", parts=PARTS)


# %% hints
HINTS = [
    "Compute y first, without overflow, then the error of each example.",
    "Which sign does the update have if the target is 1 and y is 1/2? The weight of a positive input must grow.",
    "With cross-entropy the slope of the sigmoid cancels; what is left is X^T times the errors.",
]
COVERS = ["S3.1", "S3.28"]
WHY = """
The slope of the sigmoid cancels against the derivative of the logarithm, so each example contributes its error
$t_n - y_n$, times its inputs: `X.T @ error` is that sum, and for `b` every input is 1. The update adds `t - y` because
descent subtracts `y - t`. `np.where` works out *both* of its branches for every element, so a safe branch does not
protect a dangerous one. Here both are built from $e^{-|z|}$, which is never above 1.
"""

# %% [markdown]
# > **A common claim: "$-(t - y)$ is a misprint, it must be $t - y$."** Two books open side by side, one sign in each: one of
# > them must be wrong. It depends on what is being printed. The *gradient* of the cross-entropy is $-(t - y)\,x$; the *update* adds $+\eta\,(t - y)\,x$, because descent subtracts. Take one for the other and the
# > model climbs. The cell measures the gradient at $w = 0$, where every $y$ is one half, and then takes ten steps either way.

# %% experiment
gradient_of = grader.yours("numerical_gradient")
rng = np.random.default_rng(0)
x = rng.normal(size=40)
t = (x + 0.3 * rng.normal(size=40) > 0).astype(float)


def summed_loss(w):
    return float(np.sum(np.logaddexp(0, x * w[0]) - t * x * w[0]))


print(f"measured gradient at w = 0   {gradient_of(summed_loss, np.zeros(1))[0]:+8.3f}")
print(f"sum of -(t - y) x            {np.sum(-(t - 0.5) * x):+8.3f}")
print(f"sum of  (t - y) x            {np.sum((t - 0.5) * x):+8.3f}")
for name, sign in (("minus", -1), ("plus ", +1)):
    w = np.zeros(1)
    losses = [summed_loss(w)]
    for _ in range(10):
        w = w + sign * 0.05 * gradient_of(summed_loss, w)
        losses.append(summed_loss(w))
    print(f"w {name} eta times the gradient: loss {losses[0]:5.1f} -> {losses[5]:5.1f} -> {losses[10]:6.1f}")


# %% right and wrong answers
@right_answer
def with_tanh(w, b, X, t, eta):
    """The sigmoid is a tanh, shifted and scaled: one call, no branches, no overflow. Far to the left it cancels to 0,
    where the sigmoid is not 0: harmless in y - t, not under a logarithm.
    """
    half = (X @ w + b) / 2
    error = np.asarray(t) - (1 + np.tanh(half)) / 2
    return w + eta * np.einsum("nd,n->d", X, error), b + eta * error.sum()


@wrong_answer(
    feedback="Your step climbs: -(t - y) x is the gradient, and descent subtracts it, so the update adds eta (t - y) x."
)
def uphill(w, b, X, t, eta):
    up_w, up_b = with_tanh(w, b, X, t, eta)
    return 2 * w - up_w, 2 * b - up_b


@wrong_answer(
    passes=(uphill_for_the_probability,),
    feedback="Your step is divided by the number of examples. The loss here is the sum over them, not the mean.",
)
def averaged(w, b, X, t, eta):
    return with_tanh(w, b, X, t, eta / len(t))


@wrong_answer(feedback="The factor y (1 - y) belongs to the squared error. With cross-entropy it cancels.")
def with_the_sigmoids_slope(w, b, X, t, eta):
    y = (1 + np.tanh((X @ w + b) / 2)) / 2
    error = (t - y) * y * (1 - y)
    return w + eta * X.T @ error, b + eta * error.sum()


@wrong_answer(
    saturated_and_at_rest,
    feedback="An exponential overflows at a logit of 1000 or -1000: write the sigmoid with exp(-|z|), which is never above 1.",
)
def naive_sigmoid(w, b, X, t, eta):
    error = t - 1 / (1 + np.exp(-(X @ w + b)))
    return w + eta * X.T @ error, b + eta * error.sum()


@wrong_answer(
    saturated_and_at_rest,
    feedback="Logits were clipped at 10: beyond it the sigmoid goes on, 1 - y falls from 5e-5 to 2e-9 at 20, and the step with it.",
)
def clipped_at_ten(w, b, X, t, eta):
    error = t - 1 / (1 + np.exp(-np.clip(X @ w + b, -10, 10)))
    return w + eta * X.T @ error, b + eta * error.sum()


@wrong_answer(
    passes=(two_examples_add_up, saturated_and_at_rest),
    feedback="The offset stayed where it was. It moves too: its gradient is the sum of the errors, as if its input were 1 in every example.",
)
def offset_not_moved(w, b, X, t, eta):
    return with_tanh(w, b, X, t, eta)[0], b


@wrong_answer(
    random_steps,
    feedback="The offset b is missing from your logits: y = sigmoid(Xw + b).",
)
def logits_without_b(w, b, X, t, eta):
    new_w, new_b = with_tanh(w, 0.0, X, t, eta)
    return new_w, b + new_b


@wrong_answer(
    is_pure,
    feedback="The step is right, but w, X or t is no longer what it was: return new arrays, and give the errors one of their own.",
)
def in_place(w, b, X, t, eta):
    new_w, new_b = with_tanh(w, b, X, t, eta)
    w[:] = new_w
    return w.copy(), new_b


@wrong_answer(
    passes=(uphill_for_the_probability,),
    feedback="Two things: the step is divided by the number of examples, and an exponential overflows at a logit of 1000 or -1000.",
)
def averaged_and_naive(w, b, X, t, eta):
    return naive_sigmoid(w, b, X, t, eta / len(t))
