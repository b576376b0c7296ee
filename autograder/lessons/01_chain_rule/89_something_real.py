# %% [markdown]
# ## Something real: a classifier that reads
#
# All the parts are there. In 1797 images of handwritten digits, 8 x 8 pixels each, a classifier looks for the right one of ten
# classes. It has one layer, and every line of it is yours: `affine` gives the logits and takes the gradient back,
# `cross_entropy_from_logits` the loss and what goes into `affine` from above, `softmax` the probabilities, and
# `numerical_gradient` watches over them. (Where yours does not pass yet, ours takes its place, and the first lines say so.)
#
# $$ \text{pixels} \;\xrightarrow{\ \text{affine}\ }\; \text{logits} \;\xrightarrow{\ \text{cross-entropy}\ }\; L,
#    \qquad \frac{\partial L}{\partial \text{logits}} \;\xrightarrow{\ \text{affine, back}\ }\; dW,\ db. $$
#
# **First the gradient check.** No training run without it. All 640 weights and 10 offsets are moved, one after the other, on the
# first 20 images. If back-propagation and the quotients agree to nine digits, the chain is right; at two or three digits, look for
# a factor, a transpose, a forgotten term.

# %% experiment
from helpers.data import digits
from helpers.figures import Row, show_pictures

layer, loss_of, probabilities_of, gradient_of = map(
    grader.yours, ("affine", "cross_entropy_from_logits", "softmax", "numerical_gradient")
)
images, labels = digits()
order = np.random.default_rng(0).permutation(len(images))
pixels, digit = images.reshape(-1, 64)[order] / 16, labels[order]
one_hot = np.eye(10)[digit]
train, test = slice(0, 1400), slice(1400, None)


def loss_and_gradients(W, b, rows):
    """The mean cross-entropy of some images, and its gradients with respect to W (64, 10) and b (10,)."""
    x, c = pixels[rows], one_hot[rows]
    logits = layer(x, W, b, np.zeros((len(x), 10)))[0]
    loss, dlogits = loss_of(logits, c)
    _, _, dW, db = layer(x, W, b, dlogits)
    return loss, dW, db


W, b, few = 0.1 * np.random.default_rng(1).normal(size=(64, 10)), np.zeros(10), slice(0, 20)
_, dW, db = loss_and_gradients(W, b, few)
for name, ours, measured in (
    ("dW", dW, gradient_of(lambda moved: float(loss_and_gradients(moved, b, few)[0]), W)),
    ("db", db, gradient_of(lambda moved: float(loss_and_gradients(W, moved, few)[0]), b)),
):
    apart = np.linalg.norm(ours - measured) / np.linalg.norm(measured)
    print(f"{name}: back-propagation and difference quotients differ by {apart:.0e} of their length")

# %% [markdown]
# **Then downhill.** From zero (one layer has no symmetry to break), 300 steps of gradient descent on the whole training set. At the
# start every class gets one tenth, so the loss is $\ln 10 = 2.303$; if yours starts elsewhere, something is wrong before any
# step was taken. The last 397 images are kept for the test.

# %% experiment
W, b, rate = np.zeros((64, 10)), np.zeros(10), 1.0
print(f"{'step':>5} {'loss':>7} {'read, training':>15} {'read, test':>11}")
for step in range(301):
    loss, dW, db = loss_and_gradients(W, b, train)
    if step in (0, 1, 3, 10, 30, 100, 300):
        guess = (pixels @ W + b).argmax(axis=1)
        shares = [np.mean(guess[part] == digit[part]) for part in (train, test)]
        print(f"{step:5d} {loss:7.4f} {shares[0]:15.3f} {shares[1]:11.3f}")
    W, b = W - rate * dW, b - rate * db

forecasts = probabilities_of(pixels[test] @ W + b)
wrong = np.flatnonzero(forecasts.argmax(axis=1) != digit[test])
surest = wrong[forecasts[wrong].max(axis=1).argsort()[::-1][:5]]
told = [f"{digit[test][n]}, read {forecasts[n].argmax()} ({forecasts[n].max():.0%})" for n in surest]
show_pictures(
    Row(
        "The weights of the ten classes: light is positive, dark negative",
        W.T.reshape(10, 8, 8),
        range(10),
        weights=True,
    ),
    Row("The mistakes it was surest of", pixels[test][surest].reshape(-1, 8, 8), told),
    alt="Ten 8 by 8 pictures of weights, in which rough digits can be recognized, and the surest mistakes: "
    f"{'; '.join(told)}. In all {len(wrong)} of {len(forecasts)} digits of the test set were read wrongly.",
)

# %% [markdown]
# Look at the weights of the 0: ink on its ring pulls the logit up (light), ink in the middle pulls it down (dark). That is all that one affine layer can say,
# and it is enough for about 97 digits in 100. The mistakes are instructive: some of them you would make yourself, and at
# others you can see what is missing, for the layer has no idea that a digit moved by one pixel is the same digit.
#
# What did the training loop need besides your functions? A subtraction. All else is the chain rule, and this will not change: in
# every later lesson the layers become more, and the loop stays.

# %% hints
COVERS = ["S3.2"]
