# %% [markdown]
# ## What is reparameterization for?
#
# You have both estimators, and you have seen their means and variances for four functions.
#
# **Which statement is right?** Answer `purpose_of_reparameterization` with a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
purpose_of_reparameterization = choice(
    option(
        "It removes the bias that the score-function estimator has for finitely many samples.",
        "The score-function estimator has no bias either: both means are the gradient, for any number of samples.",
    ),
    option(
        "It replaces one unbiased estimator by another, usually, but not always, of smaller variance.",
        "Correct. For sin 5z under N(mu, 1) it is the score function that scatters less: 0.5 against 12.5.",
        right=True,
    ),
    option(
        "It replaces one unbiased estimator by another, which always has the smaller variance.",
        "Usually it does. Look at sin 5z: its derivative swings five times as far as the function itself.",
    ),
    option(
        "It makes functions usable that have no derivative, as steps and samples of categories.",
        "It is the pathwise estimator that needs the derivative. For a step it is 0 everywhere, and wrong.",
    ),
    points=2,
)

# %% hints
COVERS = ["S0.i"]

# %% [markdown]
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > **A common claim: "the aim of reparameterization is to reduce bias."** There is no bias to be reduced. Put the score function
# > to the test with very few samples: averages of two, a hundred thousand times. Their mean is the true slope, for the
# > parabola of the section before 0.6, within its own error. What two samples have is variance, 8 for the score function,
# > 2 for the other.
# >
# > **A common claim: "reparameterization has the smaller variance."** Usually. For the parabola the pathwise estimate wins, and
# > adding 10 to it makes the score function pay dearly. For $\sin 5z$ the derivative swings five times as far as the function,
# > and the score function wins, with a variance of 0.5 against 12.5. For the step the pathwise estimate has no variance at
# > all, and is wrong: where $f$ jumps its derivative sees nothing, and derivative and integral must not be exchanged.
#
# </details>

# %% experiment
import numpy as np

estimators = grader.yours("gradient_estimators")
eps = np.random.default_rng(0).normal(size=200_000)
found = estimators(lambda z: z**2, lambda z: 2 * z, 0.3, 1.0, eps)
for name, each in zip(("pathwise", "score function"), found, strict=True):
    pairs = each.reshape(-1, 2).mean(axis=1)
    error = pairs.std() / np.sqrt(len(pairs))
    print(f"{name:>15}: mean of 100 000 averages of two {pairs.mean():.3f}, give or take {error:.3f}", end="")
    print(f", their variance {pairs.var():.2f}")
