# %% [markdown]
# ## How many discriminator steps?
#
# In the derivation the detective is perfect before the forger moves. In a program it takes $k$ steps, then the forger
# takes one, and so on. The paper of 2014 writes $k$ as a parameter and uses $k = 1$, "the least expensive option".
#
# **For the original, saturating loss: which recommendation is honest?** Answer `how_many_discriminator_steps` with a
# letter.

# %% imports
from helpers.checking import choice, option

# %% answer
how_many_discriminator_steps = choice(
    option(
        "As many steps of the discriminator as one can pay for: the nearer it is to the best one, the better the "
        "generator learns.",
        "Nearer to the theory, yes. But where the supports hardly meet, the best discriminator sends a gradient of exactly "
        "0 through log(1 - D).",
    ),
    option(
        "One step of the discriminator after several of the generator, so that the discriminator never wins and the "
        "gradient never vanishes.",
        "Then V is far from any divergence, and the generator runs after the verdict of a discriminator that is out of date.",
    ),
    option(
        "The ratio does not matter: at the equilibrium both are the same, and only the learning rates decide whether it "
        "is reached.",
        "The ratio decides how well V stands for 2 JS - log 4 at every step of the way.",
    ),
    option(
        "More steps of the discriminator bring V nearer to the theory, but the better it is on disjoint supports, the "
        "smaller the generator's gradient; so change the loss, not only the ratio.",
        "Correct: another loss, noise on the inputs, or another distance, as in the next lesson.",
        right=True,
    ),
    points=2,
)

# %% hints
COVERS = ["S2.14", "S2.16"]

# %% [markdown]
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > **A common claim: "train the discriminator to the end before each step of the generator; that is what the theory
# > asks for."** The theory of the *value* does. Watch what it does to the *gradient*. Below, data at $-5$, a forger at 5,
# > both with spread 1, and a detective with a straight line for its logit (the best one has such a line). With the
# > number $k$ of its steps its loss falls towards 0, as promised: $V$ nears $2 \log 2 - \log 4 = 0$, the value for supports
# > that hardly meet. The saturating gradient first grows, while the detective learns where to look, and then falls
# > with the loss. The non-saturating one grows on.
#
# </details>

# %% experiment
import numpy as np

loss_of, slope = grader.yours("discriminator_loss"), grader.yours("generator_logit_gradient")
draws = np.random.default_rng(0)
real, fake = draws.normal(size=400) - 5, draws.normal(size=400) + 5
w, b, told = 0.0, 0.0, (1, 3, 10, 30, 100, 300, 1000, 3000)
print(f"{'k':>5} {'loss -V':>9} {'saturating':>12} {'non-saturating':>15}   (mean slopes for the forger's position)")
for k in range(1, told[-1] + 1):
    _, dreal, dfake = loss_of(w * real + b, w * fake + b)
    w, b = w - 0.02 * (dreal @ real + dfake @ fake), b - 0.02 * (dreal.sum() + dfake.sum())
    if k in told:
        loss = loss_of(w * real + b, w * fake + b)[0]
        pulls = [np.mean(slope(w * fake + b, kind)) * w for kind in ("saturating", "nonsaturating")]
        print(f"{k:5d} {loss:9.5f} {pulls[0]:12.2e} {pulls[1]:15.2e}")
