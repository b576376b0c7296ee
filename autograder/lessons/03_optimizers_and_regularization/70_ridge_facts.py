# %% [markdown]
# ## Facts about ridge
#
# You have solved it, differentiated it and compared it with its neighbors. Judge these sentences before you run the
# experiment below.
#
# **Which statement about ridge regression is right?** Answer `ridge_facts` with a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
ridge_facts = choice(
    option(
        "With a strength of 0 it turns from a linear into a non-linear regression.",
        "A strength of 0 leaves ordinary least squares, which is linear.",
    ),
    option(
        "Its penalty must include the bias, as it includes all other parameters.",
        "By convention it does not: penalizing the bias makes the fit depend on the origin of y.",
    ),
    option(
        "As its strength grows, the norm of the weights falls to 0, but generically no weight is exactly 0.",
        "Correct. A weight is exactly 0 at single strengths only, where it changes its sign.",
        right=True,
    ),
    option(
        "Its penalty is added to the outputs of the hidden layers of the model.",
        "The penalty is added to the error function. There need not be any hidden layer.",
    ),
    option(
        "As its strength grows, every single weight falls steadily in absolute value.",
        "Only the norm must fall. With correlated inputs a single weight may grow, or change its sign, on the way.",
    ),
    points=2,
)

# %% hints
COVERS = ["S1.12a", "S1.12b", "S1.12c", "S1.12d"]

# %% [markdown]
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > **A common claim: "the stronger the ridge, the closer to 0 is each weight, though never exactly 0."** True of the *norm*.
# > A single weight may do as it likes on the way. Two inputs, strongly correlated, whose least-squares weights have
# > opposite signs: the second weight climbs from below 0 to well above it, and only then shrinks. In between it *is*
# > exactly 0, at one strength, which the cell finds by bisection.
#
# </details>

# %% experiment
fit = grader.yours("ridge")
X = np.array([[1.0, 1.0], [2.0, 1.5], [3.0, 3.5], [4.0, 3.5]])
y = X @ np.array([1.0, -0.05])
print(f"{'strength':>10} {'weight 1':>10} {'weight 2':>10} {'norm':>8}")
for lam in (0.0, 0.02, 0.1, 1.0, 10.0, 100.0, 10_000.0):
    w, _ = fit(X, y, lam)
    print(f"{lam:10g} {w[0]:10.4f} {w[1]:10.4f} {np.linalg.norm(w):8.4f}")
low, high = 0.0, 10.0
for _ in range(60):
    middle = (low + high) / 2
    low, high = (middle, high) if fit(X, y, middle)[0][1] < 0 else (low, middle)
print(f"weight 2 is 0 at the strength {low:.6f}, and only there")
