# %% [markdown]
# ## Capacity and training error
#
# One question is left, and it frames all the others. This lesson was about whether a network *can be trained*.
# Another matter is what it could reach *if it were trained perfectly*. The two are often confused, and each of them
# with a third: how well it does on data that it has not seen.
#
# Take a family of nested architectures: each larger network contains the smaller one, for it can set its extra weights
# so that they change nothing. For each of them, think of the **lowest training error that any choice of its weights
# achieves**. Now the capacity is increased.
#
# **What happens to this lowest achievable training error?** Answer `capacity_and_training_error` with a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
capacity_and_training_error = choice(
    option(
        "It may stay where it is or go down, but it cannot go up.",
        "Correct: the smaller network is contained in the larger one. (What an optimizer reaches may well be worse.)",
        right=True,
    ),
    option(
        "It goes up at some point, since larger networks overfit.",
        "Overfitting shows in the validation error. The best training error knows nothing of it.",
    ),
    option(
        "It goes down each time, since more weights fit more.",
        "It may have reached its floor already: equality is possible.",
    ),
    option(
        "It may do either of the two, depending on the data.",
        "For nested networks it is monotone, whatever the data: the smaller one's best weights are still available.",
    ),
    points=2,
)

# %% hints
COVERS = ["S0.a", "S0.b", "S0.p", "S3.15"]

# %% [markdown]
# ### The best error and the reached error
#
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > **A common claim: "more capacity never raises the training error."** The answer above seems to say just that. The
# > *lowest achievable* one, among nested networks,
# > never rises. The one that an optimizer *reaches* may. Here are two sigmoid networks with one hidden layer and with
# > eleven, trained alike. The deeper one can come as close as you like to whatever the other does, for near 0 a sigmoid
# > is almost a straight line that passes its input on. Yet it ends at 0.693, the loss of a coin, because its gradient
# > has vanished on the way. The capacity is there, and nobody gets at it.
#
# </details>

# %% experiment
logistic, slope_of_sigmoid = grader.yours("sigmoid"), grader.yours("sigmoid_gradient")
log_of_sigmoid = grader.yours("log_sigmoid")


def training_error(hidden_layers, rate=3.0, steps=200, width=8):
    """Train a sigmoid classifier on two quadrants against the other two; return its cross-entropy."""
    draws = np.random.default_rng(1)
    x = draws.uniform(-2, 2, size=(64, 2))
    product = x[:, :1] * x[:, 1:]
    target = 1.0 * (product > np.median(product))
    shapes = [(2, width)] + [(width, width)] * (hidden_layers - 1) + [(width, 1)]
    layers = [(draws.normal(size=(m, n)) / np.sqrt(m), np.zeros(n)) for m, n in shapes]
    for _ in range(steps):
        signals, logits = [x], []
        for W, b in layers:
            logits.append(signals[-1] @ W + b)
            signals.append(logistic(logits[-1]))
        dz = (signals[-1] - target) / len(x)
        for i in reversed(range(len(layers))):
            W, b = layers[i]
            layers[i] = W - rate * signals[i].T @ dz, b - rate * dz.sum(axis=0)
            if i:
                dz = dz @ W.T * slope_of_sigmoid(logits[i - 1])[0]
    return -np.mean(log_of_sigmoid(np.where(target > 0, logits[-1], -logits[-1]))[0])


for hidden_layers in (1, 11):
    print(f"{hidden_layers:2d} hidden layer(s): training error {training_error(hidden_layers):.3f}")

# %% [markdown]
# ### The gap between training and test
#
# How does one see overfitting? **By a low training error together with a high validation error.** Neither alone says
# it: watch the gap between the two, and the point where the validation curve turns up while the training curve still
# falls.
#
# > **A common claim: "more data shrinks the gap between training and test error."** Every textbook draws the two curves
# > closing in on each other. In expectation, with a fixed capacity
# > and clearly more examples than parameters, yes: below, least squares with 20 weights, where the gap falls roughly
# > like one over $n$. Around the point where the model can just interpolate its data, no. The second row is the same
# > fit with 100 weights (the shortest of all best ones, where there are several). From 40 examples to 95 the gap
# > becomes several times as large, and only then, with 400, is it small. At $n \approx d$ the fit has barely enough
# > freedom to hit every noisy target, and pays for it with enormous weights. Networks show the same peak under the name
# > *double descent*.


# %% experiment
def gap(d, n, repeats=9):
    """The median over some data sets of test minus training error, for least squares with d weights and n examples."""
    draws, gaps = np.random.default_rng(0), []
    for _ in range(repeats):
        truth = draws.normal(size=d) / np.sqrt(d)
        x, x_test = draws.normal(size=(n, d)), draws.normal(size=(300, d))
        y, y_test = x @ truth + 0.5 * draws.normal(size=n), x_test @ truth + 0.5 * draws.normal(size=300)
        # The shortest of all best fits, from the smaller of the two systems of equations.
        fit = x.T @ np.linalg.solve(x @ x.T, y) if n < d else np.linalg.solve(x.T @ x, x.T @ y)
        gaps.append(np.mean((x_test @ fit - y_test) ** 2) - np.mean((x @ fit - y) ** 2))
    return np.median(gaps)


for d, examples in ((20, (40, 95, 400)), (100, (40, 95, 400))):
    print(f"{d:3d} weights:", "   ".join(f"n = {n:3d}: gap {gap(d, n):6.2f}" for n in examples))

# %% [markdown]
# > **A common claim: "overfitting comes from too much composition, too many functions inside functions."** The networks
# > that overfit are deep, and so one blames the depth. Composition by itself need not add anything: fifty *linear* maps,
# > one after the other, are one linear map, up to rounding. (Where something that is not linear stands between them,
# > depth does add functions.) And a *single* hidden layer is enough to fit pure noise. Below, 40 sigmoid units hit 12 random targets exactly; on fresh targets
# > the same network is worse than the constant answer 0. Overfitting is capacity measured against data, not depth.

# %% experiment
logistic, draws = grader.yours("sigmoid"), np.random.default_rng(0)
maps = [draws.normal(size=(5, 5)) / np.sqrt(5) for _ in range(50)]
start = draws.normal(size=(7, 5))
one_by_one, as_one = start, start @ np.linalg.multi_dot(maps)
for each in maps:
    one_by_one = one_by_one @ each
difference = abs(one_by_one - as_one).max() / abs(as_one).max()
print(f"50 linear maps against their product: relative difference {difference:.0e}")

steepness, offset = 10 * draws.normal(size=40), 5 * draws.normal(size=40)
x, noise = np.linspace(-1, 1, 12), draws.normal(size=12)
hidden = logistic(np.outer(x, steepness) + offset)
output_weights = np.linalg.lstsq(hidden, noise, rcond=None)[0]
fresh_x, fresh_noise = draws.uniform(-1, 1, size=500), draws.normal(size=500)
prediction = logistic(np.outer(fresh_x, steepness) + offset) @ output_weights
print(f"one hidden layer on noise: training error {np.mean((hidden @ output_weights - noise) ** 2):.0e}", end="   ")
print(f"fresh data {np.mean((prediction - fresh_noise) ** 2):.2f}   answer 0: {np.mean(fresh_noise**2):.2f}")
