# %% [markdown]
# ## The loophole
#
# A penalty is a law, and an optimizer is a lawyer. An autoencoder with a **linear** encoder $f(x) = Ex$ and a
# **linear** decoder $g(h) = Dh$, whose weights are *not* tied to each other, is trained on
#
# $$ \lVert x - g(f(x)) \rVert^2 + \lambda \Bigl\lVert \frac{\partial f}{\partial x} \Bigr\rVert_F^2, \qquad \lambda > 0. $$
#
# **What happens?** Answer `contractive_loophole` with a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
contractive_loophole = choice(
    option(
        "The penalty makes the rows of E orthonormal, as those of PCA are.",
        "Nothing here prefers the length 1: a shorter row is always cheaper.",
    ),
    option(
        "E shrinks toward 0 and D grows in return: no penalty, and the reconstruction stays as it is.",
        "Correct: with E → cE and D → D/c the error stays and the penalty is c² times what it was. Tie the weights, or "
        "bound the decoder.",
        right=True,
    ),
    option(
        "The penalty makes the reconstruction exact, since it removes the noise of the code.",
        "A penalty on the code can only be in the way of the reconstruction, or at best not be in its way.",
    ),
    option(
        "Nothing: the Jacobian of a linear encoder is 0, so there is nothing to be charged.",
        "The Jacobian of a linear map is the map itself, here E. Its second derivative is 0.",
    ),
    points=2,
)

# %% hints
COVERS = ["S0.w"]

# %% [markdown]
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > **Often printed without a condition:
# > $\lVert x - g(f(x)) \rVert^2 + \lambda \lVert \partial f / \partial x \rVert_F^2$.** As a formula it is right. As an
# > objective it has no minimum worth having, unless the decoder is held: by tied weights ($D = E^\top$), or by a bound
# > on $D$. Below, the same autoencoder with its code divided by 10 again and again. Every row rebuilds the data equally
# > well, and the penalty goes to 0. With tied weights, in the last column, shrinking the code costs reconstruction, and
# > so the penalty buys what it was meant to buy.
# >
# > (With a sigmoid encoder the trick needs one more step: small weights keep the units near 1/2, where they are almost
# > linear.)
#
# </details>

# %% experiment
best = grader.yours("linear_autoencoder")
draws = np.random.default_rng(0)
X = draws.normal(size=(100, 5)) * np.array([3.0, 2.0, 1.0, 0.5, 0.2])
X = X - X.mean(axis=0)
projector, _ = best(X, 2)
E = np.linalg.eigh(projector)[1][:, -2:].T  # an encoder of the best autoencoder; its transpose is a decoder
print(f"{'c':>7} {'error, D / c':>13} {'penalty, c E':>13} {'error, tied':>12}")
for c in (1.0, 0.1, 0.01, 0.001):
    free, tied = (np.sum((X - X @ (c * E).T @ decoder.T) ** 2) for decoder in (E.T / c, c * E.T))
    print(f"{c:7g} {free:13.4f} {np.sum((c * E) ** 2):13.2e} {tied:12.4f}")
