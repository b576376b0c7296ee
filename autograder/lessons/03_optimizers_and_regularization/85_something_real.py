# %% [markdown]
# ## Something real
#
# ### A race on two problems
#
# Five optimizers, two problems. The first is a *regression*: ten measurements of 442 patients, and how far their
# diabetes had progressed a year later. The measurements are taken as they come, only divided by the largest value of
# each column, so that some of them hardly vary: a ravine, from nature. The second is a *classification*: two spirals,
# which no straight line can separate, and a small network with two hidden layers of tanh units.
#
# Each optimizer is tried with a whole row of learning rates, and takes its best. That is the only fair way: a race at one
# common rate measures who likes that rate. Beside the best loss stands the *range*: with how many of the rates does the
# optimizer make nine tenths of the progress that the winner makes? A wide range is what "needs little adjustment" means.

# %% experiment
from helpers.data import diabetes

momentum, adaptive, adam = grader.yours("momentum_step"), grader.yours("adaptive_step"), grader.yours("adam_step")


def with_one_diary(rule):
    """A step of (p, state, g, t, lr) from a rule that carries one array along."""

    def step(p, state, g, t, lr):
        p, first = rule(p, state[0], g, lr)
        return p, [first]

    return step


def with_two_diaries(p, state, g, t, lr):
    p, *state = adam(p, *state, g, t, lr)
    return p, state


stepping = {
    "gradient descent": with_one_diary(lambda p, v, g, lr: momentum(p, v, g, lr, 0.0)),
    "momentum": with_one_diary(lambda p, v, g, lr: momentum(p, v, g, lr, 0.9)),
    "AdaGrad": with_one_diary(lambda p, s, g, lr: adaptive(p, s, g, lr, "adagrad")),
    "RMSProp": with_one_diary(lambda p, s, g, lr: adaptive(p, s, g, lr, "rmsprop")),
    "Adam": with_two_diaries,
}
RATES = 10.0 ** np.arange(-4, 1.01, 0.5)

measured, progression, names = diabetes()
inputs = np.column_stack([measured / measured.max(axis=0), np.ones(442)])
target = (progression - progression.mean()) / progression.std()
draws = np.random.default_rng(0)
angle = np.sqrt(draws.uniform(0.05, 1, 150)) * 10
arms = np.stack([angle * np.cos(angle), angle * np.sin(angle)], axis=1) / 10
points_xy = np.concatenate([arms, -arms]) + 0.02 * draws.normal(size=(300, 2))
labels = np.repeat([0.0, 1.0], 150)
SHAPES = [(2, 16), (16,), (16, 16), (16,), (16, 1), (1,)]


def regression(p):
    """Mean squared error and its gradient."""
    error = inputs @ p - target
    return np.mean(error**2), 2 * inputs.T @ error / len(error)


def classification(p):
    """Cross-entropy of the small network and its gradient; p holds all weights in a row."""
    cuts = np.cumsum([np.prod(shape) for shape in SHAPES])[:-1]
    W1, b1, W2, b2, W3, b3 = (part.reshape(shape) for part, shape in zip(np.split(p, cuts), SHAPES, strict=True))
    h1 = np.tanh(points_xy @ W1 + b1)
    h2 = np.tanh(h1 @ W2 + b2)
    logit = (h2 @ W3 + b3)[:, 0]
    loss = np.mean(np.logaddexp(0, logit) - labels * logit)
    d3 = ((1 + np.tanh(logit / 2)) / 2 - labels)[:, None] / len(labels)
    d2 = d3 @ W3.T * (1 - h2**2)
    d1 = d2 @ W2.T * (1 - h1**2)
    parts = (points_xy.T @ d1, d1.sum(axis=0), h1.T @ d2, d2.sum(axis=0), h2.T @ d3, d3.sum(axis=0))
    return loss, np.concatenate([part.ravel() for part in parts])


def race(problem, start, steps):
    """The loss of every optimizer at every rate, after this many steps."""
    final = {}
    for name, step in stepping.items():
        for lr in RATES:
            p, state = start.copy(), [np.zeros_like(start), np.zeros_like(start)]
            for t in range(1, steps + 1):
                loss, gradient = problem(p)
                if not loss < 1e6:
                    break
                p, state = step(p, state, gradient, t, lr)
            final[name, lr] = problem(p)[0] if loss < 1e6 else np.inf
    return final


start = np.concatenate([draws.normal(size=shape).ravel() / np.sqrt(shape[0]) * (len(shape) > 1) for shape in SHAPES])
tracks = {"regression": (regression, np.zeros(11), 300), "classification": (classification, start, 200)}
best_possible = np.mean((inputs @ np.linalg.lstsq(inputs, target, rcond=None)[0] - target) ** 2)
for track, (problem, begin, steps) in tracks.items():
    final = race(problem, begin, steps)
    print(f"\n{track}, {steps} steps, loss {problem(begin)[0]:.4f} at the start", end="")
    print(f", {best_possible:.4f} at the optimum" if track == "regression" else "")
    good = 0.9 * min(final.values()) + 0.1 * problem(begin)[0]
    for name in stepping:
        losses = np.array([final[name, lr] for lr in RATES])
        wide = np.sum(losses <= good)
        print(
            f"{name:>18}: best loss {losses.min():8.4f} at rate {RATES[losses.argmin()]:7.4f}   range {wide:2d} of {len(RATES)}"
        )

# %% [markdown]
# Adam and momentum win both races, and momentum's win is the more surprising: it is the simplest of the five after
# gradient descent itself. What Adam buys shows in the last column: on the patients it does well with seven of the
# eleven rates, momentum with three, and plain gradient descent with none. AdaGrad's steps have become too short
# before it arrives. RMSProp, at a constant rate, hovers on the first problem and is slow on the second; it wants a rate
# that falls. And mind what has been compared: the *training* loss, after a fixed number of steps, on two problems. On two
# others the order may be another.
#
# ### The paths of ridge and lasso
#
# Now the same patients, with the measurements standardized, and the question of the second half of this lesson. From left
# to right the penalty falls. The dotted lines mark what five-fold cross-validation would choose: the fit is made on four
# fifths of the patients and judged by the rest.
#
# Look at `s1` and `s2`, which almost copy each other (their correlation is 0.90). At the right margin one of them has a
# weight of $-36$ and the other of $+21$, and each takes back part of what the other does: over the patients their two terms
# spread by 36 and 21, their sum by 19. A little penalty, and the pair collapses; under ridge both even change their signs
# on the way. And look at the left margins: under ridge all weights leave 0 at once, under the lasso
# one after the other.

# %% experiment
from helpers.figures import show_paths

fit, threshold, lam_max = grader.yours("ridge"), grader.yours("soft_threshold"), grader.yours("lasso_lambda_max")
X, y = (measured - measured.mean(axis=0)) / measured.std(axis=0), progression


def lasso(X, y, lam, w, rounds=400):
    """Least squares with an L1 penalty by accelerated proximal steps from w; the offset is free."""
    A, B = X - X.mean(axis=0), y - y.mean()
    gram, pull, ahead, age = A.T @ A, A.T @ B, w, 1.0
    rate = 1 / np.linalg.eigvalsh(gram)[-1]
    for _ in range(rounds):
        before, older = w, age
        w = threshold(ahead - rate * (gram @ ahead - pull), rate * lam)
        age = (1 + np.sqrt(1 + 4 * age**2)) / 2
        ahead = w + (older - 1) / age * (w - before)
    return w, y.mean() - X.mean(axis=0) @ w


def path(method, strengths, X, y):
    """The weights at every strength, from strong to weak, each starting where the last one ended."""
    w, weights = np.zeros(X.shape[1]), []
    for lam in strengths:
        w, b = method(X, y, lam, w)
        weights.append(np.append(w, b))
    return np.array(weights)


methods = {
    "ridge": (lambda X, y, lam, w: fit(X, y, lam), np.logspace(5.5, -1, 40)),
    "lasso": (lasso, lam_max(X, y) * np.logspace(0, -3.5, 40)),
}
folds = np.random.default_rng(0).permutation(442) % 5
paths = {}
for name, (method, strengths) in methods.items():
    errors = np.zeros(len(strengths))
    for fold in range(5):
        train, test = folds != fold, folds == fold
        predicted = np.column_stack([X[test], np.ones(test.sum())]) @ path(method, strengths, X[train], y[train]).T
        errors += np.sum((predicted - y[test][:, None]) ** 2, axis=0) / 442
    chosen = errors.argmin()
    paths[name] = strengths, path(method, strengths, X, y)[:, :10], chosen
    used = ", ".join(label for label, w in zip(names, paths[name][1][chosen], strict=True) if w != 0)
    print(
        f"{name:>6}: error of cross-validation {errors[chosen]:6.0f}, of least squares {errors[-1]:6.0f}, uses {used}"
    )
show_paths(
    paths,
    names,
    alt="Two panels of ten curves over the penalty, which falls from left to right. Ridge: all weights leave zero together. "
    "Lasso: they leave zero one by one, bmi and s5 first.",
)

# %% [markdown]
# ### Was it worth it?
#
# With 442 patients and ten weights, hardly: cross-validation gains less than one percent over least squares. That is as
# it should be, for there are more than forty patients per weight. Now let there be fewer. Each row fits a random part of
# the patients and predicts all the others, ten times over. (For ridge and lasso the penalty is chosen from a small grid by
# five-fold cross-validation among the fitted patients.)
# Least squares from 15 patients is far worse than the constant answer, the mean of the targets, whose error is about
# 5900. Ridge and lasso from the same 15 patients are better than the constant, and with every further patient the
# difference becomes smaller. **Regularization is what one does about a lack of data.**

# %% experiment
draws = np.random.default_rng(0)


def errors_of(method, strengths, train, test):
    """The mean squared error on the test patients, for each strength."""
    weights = path(method, strengths, X[train], y[train])
    predicted = np.column_stack([X[test], np.ones(len(test))]) @ weights.T
    return np.mean((predicted - y[test][:, None]) ** 2, axis=0)


def quick_lasso(X, y, lam, w):
    return lasso(X, y, lam, w, rounds=60)


print(f"{'patients':>9} {'least squares':>14} {'ridge':>8} {'lasso':>8}   mean squared error on the others")
for size in (15, 30, 100, 350):
    errors = {"least squares": [], "ridge": [], "lasso": []}
    for _ in range(10):
        order = draws.permutation(442)
        train, test = order[:size], order[size:]
        grids = {
            "least squares": (methods["ridge"][0], [0.0]),
            "ridge": (methods["ridge"][0], size * np.logspace(2, -3, 11)),
            "lasso": (quick_lasso, lam_max(X[train], y[train]) * np.logspace(0, -3, 11)),
        }
        for name, (method, strengths) in grids.items():
            folds = [(train[np.arange(size) % 5 != fold], train[np.arange(size) % 5 == fold]) for fold in range(5)]
            judged = sum(errors_of(method, strengths, *fold) for fold in folds) if len(strengths) > 1 else np.zeros(1)
            errors[name].append(errors_of(method, strengths, train, test)[judged.argmin()])
    print(
        f"{size:9d} {np.mean(errors['least squares']):14.0f}",
        *(f"{np.mean(errors[n]):8.0f}" for n in ("ridge", "lasso")),
    )
