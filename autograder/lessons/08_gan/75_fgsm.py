# %% [markdown]
# ## Adversarial examples need no GAN
#
# The word *adversarial* has a second life. Take a classifier that is trained and finished, and an input that it gets
# right. Change every number of the input a little, by the same tiny amount up or down, in the worst direction that there
# is. Often that is enough to turn the verdict around, and the change is too small to see. No generator, no game: one
# gradient, with respect to the *input*.
#
# Our classifier is logistic: $x$ has the logit $z = x \cdot w + b$, and with a label $t \in \{0, 1\}$ the loss is
#
# $$ \ell(x, t) = -t \log \sigma(z) - (1 - t) \log\bigl(1 - \sigma(z)\bigr). $$
#
# The **fast gradient sign method** moves each number of the input by exactly `eps`, in the direction in which the loss
# *grows*:
#
# $$ x' = x + \varepsilon\, \operatorname{sign}\bigl(\nabla_x \ell(x, t)\bigr). $$
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | `(N, D)`, $N, D \ge 1$ | inputs, real numbers |
# | `w`, `b` | `(D,)`, number | the classifier; all logits lie between $-20$ and 20 |
# | `t` | `(N,)` | the true labels, 0 or 1, integers or floats |
# | `eps` | number $\ge 0$ | how far each number may move |
# | result | `(N, D)` | the moved inputs; where a weight is 0, the number stays as it is ($\operatorname{sign} 0 = 0$) |
#
# **Write `fgsm(x, w, b, t, eps)`.** Nothing is clipped: these inputs are no images. (The tutorials' version ends with a
# clamp to $[0, 1]$, the range of a pixel.)

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_close, right_answer, wrong_answer


# %% answer
def fgsm(x, w, b, t, eps):
    """Return x, shape (N, D), each number moved by eps in the direction in which the logistic loss with label t grows."""
    # BEGIN SOLUTION
    probability = 1 / (1 + np.exp(-(x @ w + b)))
    gradient = np.outer(probability - t, w)
    return x + eps * np.sign(gradient)
    # END SOLUTION


# %% public checks
@check(points=0.5)
def one_number(fgsm):
    """For w = 1 and the label 1, the loss grows to the left: 0 moves to -1/2."""
    got = fgsm(np.zeros((1, 1)), np.ones(1), 0.0, np.array([1.0]), 0.5)
    expect_close(got, [[-0.5]], "fgsm([[0]], [1], 0, [1], 0.5)")


@check(points=0.5)
def two_inputs(fgsm):
    """With w = (2, -3, 0): the first input, label 0, moves by (+, -, 0), the second, label 1, by (-, +, 0)."""
    x, w = np.array([[0.3, 0.1, 5.0], [-0.5, 0.4, -7.0]]), np.array([2.0, -3.0, 0.0])
    expected = x + 0.25 * np.array([[1.0, -1.0, 0.0], [-1.0, 1.0, 0.0]])
    expect_close(fgsm(x, w, 0.1, np.array([0, 1]), 0.25), expected, "fgsm(x, [2, -3, 0], 0.1, [0, 1], 0.25)")


# %% hidden checks
def losses(x, w, b, t):
    """The loss of each row, for real and complex inputs."""
    z = (1 - 2 * np.asarray(t)) * (x @ w + b)
    return np.log(1 + np.exp(z))


@check(points=1, hidden=True)
def the_sign_of_the_slope(fgsm, rng):
    """For any inputs, labels and weights it moves along the sign of the gradient, and not at all with eps = 0."""
    for n, d, eps in [(4, 3, 0.2), (2, 5, 0.1), (1, 1, 1.0), (6, 1, 0.05), (1, 4, 2.5), (3, 3, 0.0)]:
        x, w, b = rng.normal(size=(n, d)), rng.normal(size=d), rng.normal()
        for t in (rng.integers(0, 2, n), rng.integers(0, 2, n).astype(float), np.ones(n), np.zeros(n, dtype=int)):
            slopes = complex_step(lambda z, w=w, b=b, t=t: np.sum(losses(z, w, b, t)), x)
            expect_close(
                fgsm(x, w, b, t, eps), x + eps * np.sign(slopes), f"fgsm of {n} inputs with {d} numbers, eps = {eps}"
            )


@check(points=1, hidden=True)
def the_worst_within_reach(fgsm, rng):
    """No other change within eps raises the loss more: the logit moves by eps times the sum of |w|, against the label."""
    x, w, t = 2 * rng.normal(size=(8, 5)), rng.normal(size=5), np.array([0, 1, 1, 0, 0, 1, 0, 1])
    w[2] = 0.0
    moved = np.asarray(fgsm(x, w, -0.3, t, 0.3))
    expect_close(moved @ w, x @ w + 0.3 * (1 - 2 * t) * np.abs(w).sum(), "the logits of the moved inputs, without b")
    expect_close(moved[:, 2], x[:, 2], "the number whose weight is 0, moved")
    far = np.array([[3000.0, -2000.0], [-400.0, 1500.0]])
    expected = far + 3 * np.array([[-1.0, -1.0], [1.0, 1.0]])
    expect_close(fgsm(far, np.array([0.004, 0.002]), 1.0, np.array([1, 0]), 3), expected, "fgsm of inputs far from 0")
    got = fgsm(np.array([[0.5, -1.0]]), np.array([0.5, 0.5]), 1, np.array([0]), 0.25)
    expect_close(got, [[0.75, -0.75]], "fgsm with equal weights")
    for size in (1e-5, 1e-80):
        got = fgsm(np.array([[0.5, -1.0]]), size * np.array([3, -0.8]), 0.2, np.array([0]), 0.25)
        expect_close(got, [[0.75, -1.25]], f"fgsm with weights of {size:g}")


# %% hints
HINTS = [
    "The slope of the loss for the logit is sigma(z) - t, as in lesson 01. And the slope of the logit for x?",
    "The gradient has one row for each input: an outer product of something of shape (N,) and w.",
    "Every number moves by eps or not at all, whatever the size of the slope.",
]
WHY = r"""
The gradient for the input is $(\sigma(z) - t)\, w$, one row for each input: an outer product. The sign then throws
all sizes away. $\sigma(z) - t$ is negative for every input with label 1 and positive for every one with label 0, so
the attack pushes each logit away from its label, by $\varepsilon \sum_i |w_i|$: with 64 pixels a small step has 64
chances to add up. The *true* label decides; with the predicted one an input that is misread already would be mended.
"""
COVERS = ["S0.o"]
KERNELS = [kernels.fgsm]

# %% [markdown]
# > **A common claim: "adversarial examples are samples of a GAN."** One could believe it: the word is the same. A GAN's
# > sample is made from noise, by a generator that was trained against a discriminator, and it is meant to look real. An
# > adversarial example is a given input with a small change, made against a finished classifier, and it is meant to be
# > misread. (Look at your code: neither the offset $b$ nor the size of the logit
# > matters to the attack. All it needs is the weights and the side that the label is on.) The cell makes some without any GAN: a logistic classifier for the handwritten digits 3 and 8, and the share of
# > test images that it reads rightly, when each of the 64 pixels (0 to 1) is moved by `eps`. Beside it a change of the
# > same size in *random* directions. In many dimensions small things add up: the logit moves by
# > $\varepsilon \sum_i |w_i|$, and the sum has many terms.

# %% experiment
from helpers.data import digits

attack = grader.yours("fgsm")
images, labels = digits()[:2]
chosen = np.isin(labels, (3, 8))
pixels, eight = images[chosen].reshape(chosen.sum(), -1) / images.max(), (labels[chosen] == 8).astype(float)
train, test = np.arange(len(eight)) % 3 > 0, np.arange(len(eight)) % 3 == 0
weights, offset = np.zeros(64), 0.0
for _ in range(2000):
    error = 1 / (1 + np.exp(-(pixels[train] @ weights + offset))) - eight[train]
    weights -= 0.5 * pixels[train].T @ error / train.sum()
    offset -= 0.5 * error.mean()
draws = np.random.default_rng(0)
print(f"{'eps':>5} {'worst direction':>16} {'random direction':>17}   read rightly, of {test.sum()} test images")
for eps in (0.0, 0.05, 0.1, 0.2, 0.3):
    worst = attack(pixels[test], weights, offset, eight[test], eps)
    any_other = pixels[test] + eps * draws.choice([-1.0, 1.0], pixels[test].shape)
    rates = [np.mean((inputs @ weights + offset > 0) == eight[test]) for inputs in (worst, any_other)]
    print(f"{eps:5g} {rates[0]:16.1%} {rates[1]:17.1%}")


# %% right and wrong answers
def slopes(x, w, b, t):
    z = x @ w + b
    return (0.5 * (1 + np.tanh(z / 2)) - t)[:, None] * w


@right_answer
def against_the_label(x, w, b, t, eps):
    """The sigmoid is not needed: its error has the sign of the label's side. So it is right for any logit, also beyond
    37, where the sigmoid rounds to 1 and the gradient to 0.
    """
    return x - eps * (2 * np.asarray(t) - 1)[:, None] * np.sign(w)


@right_answer
def row_by_row(x, w, b, t, eps):
    """Input after input, by the case of its label. To be read."""
    rows = [row + eps * np.sign(w) * (1 if label == 0 else -1) for row, label in zip(x, t, strict=True)]
    return np.array(rows)


@wrong_answer(feedback="Fast gradient SIGN: every number moves by exactly eps, whatever the size of its slope.")
def without_the_sign(x, w, b, t, eps):
    return x + eps * slopes(x, w, b, t)


@wrong_answer(feedback="That makes the loss smaller. The attack makes it larger.")
def downhill(x, w, b, t, eps):
    return x - eps * np.sign(slopes(x, w, b, t))


@wrong_answer(feedback="The direction depends on the label: with t = 1 the logit must go down. Yours goes up for all.")
def label_forgotten(x, w, b, t, eps):
    return x + eps * np.sign(w) * np.ones((len(x), 1))


@wrong_answer(feedback="You clip the result to [0, 1], the range of a pixel. These inputs may be any real numbers.")
def clipped_to_pixels(x, w, b, t, eps):
    return np.clip(x + eps * np.sign(slopes(x, w, b, t)), 0, 1)


@wrong_answer(
    passes=(one_number,),
    feedback="You move along the gradient by a distance of eps. Here every number moves by eps: a corner of a box.",
)
def on_a_ball(x, w, b, t, eps):
    direction = slopes(x, w, b, t)
    return x + eps * direction / np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-300)


@wrong_answer(passes=(one_number,), feedback="That is the change alone. The moved inputs are asked.")
def the_change_alone(x, w, b, t, eps):
    return eps * np.sign(slopes(x, w, b, t))


@wrong_answer(
    passes=(one_number,),
    feedback="You use the label that the classifier predicts. Where it errs, the true label points the other way.",
)
def predicted_label(x, w, b, t, eps):
    return x + eps * np.sign(slopes(x, w, b, (x @ w + b >= 0).astype(float)))


@wrong_answer(
    passes=(one_number,),
    feedback="One direction for the whole batch: you add the slopes of all inputs. Each input has its own.",
)
def one_for_the_batch(x, w, b, t, eps):
    return x + eps * np.sign(slopes(x, w, b, t).sum(axis=0))


@wrong_answer(
    passes=(one_number, the_sign_of_the_slope),
    feedback="A number whose weight is 0 stays as it is. Yours moves: sign(0) is 0, not 1 or -1.",
)
def every_number_moves(x, w, b, t, eps):
    return x + eps * np.where(slopes(x, w, b, t) > 0, 1.0, -1.0)
