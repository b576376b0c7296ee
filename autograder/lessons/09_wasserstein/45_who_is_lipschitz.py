# %% [markdown]
# ## A price list, and who must keep to it
#
# So far somebody had to carry the sand. Now the other side of the market. A carrier offers to do the whole job, and
# posts a list of prices $f$: for a grain that you hand over at $x$ he takes $f(x)$, and when you fetch one at $y$ he
# gives you $f(y)$ back. To bring a grain from $x$ to $y$ then costs you $f(x) - f(y)$. You will take the offer for every
# grain, if it never costs more than to carry it yourself:
#
# $$ f(x) - f(y) \;\le\; |x - y| \qquad \text{for all } x, y . $$
#
# Such a function is called **1-Lipschitz**: it is nowhere steeper than 1. What can the carrier earn at most, with a
# list that keeps to this rule? Kantorovich's answer, a part of what won him a Nobel prize: exactly what the best plan costs,
#
# $$ W_1(p, q) = \max_{f \text{ 1-Lipschitz}} \; \mathrm{E}_p[f] - \mathrm{E}_q[f] . $$
#
# A Wasserstein GAN is trained by this formula. It has two networks again. One, the *generator*, makes points out of noise; the
# other one, the *critic*, is shown real points and made ones, and gives each a number. What plays which part in the formula is for you to say.
#
# **On what does a Wasserstein GAN put the 1-Lipschitz constraint?** Answer `who_is_lipschitz` with a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
who_is_lipschitz = choice(
    option(
        "The critic.",
        "Correct: it restricts the potential of the dual problem. Without it the supremum is infinite.",
        right=True,
    ),
    option(
        "The generator.",
        "The generator may be any function: nothing in the dual problem asks how steep it is.",
    ),
    option(
        "The critic and the generator.",
        "Only the potential of the dual problem is restricted, and one of the two networks stands for it.",
    ),
    option(
        "The density of the data.",
        "Nothing is asked of the data but a finite first moment: they may sit on a few points.",
    ),
    points=2,
)

# %% hints
COVERS = ["S0.n"]

# %% [markdown]
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# That is the door to training. A network in the place of $f$ needs samples of $p$ and of $q$ and nothing else: raise
# $f$ on the real ones, lower it on the generated ones. This network takes the place of the discriminator; it judges
# nothing, it names prices. The generator then lowers the estimate, by moving its points up the slope of $f$.
#
# > **A common claim: "a WGAN makes the generator 1-Lipschitz".** It is easy to believe, since *something* in a WGAN is
# > 1-Lipschitz, and smooth generators sound like a good thing. But a generator that is nowhere steeper than 1 could not
# > even stretch noise of width 1 over data of width 10. The constraint belongs to the critic, and it is no matter of
# > taste: without it the supremum is infinite. Below, $p$ sits at $2$ and $q$ at $0$, and the critic is $f(x) = ax$. It
# > "measures" $2a$, whatever you like. With the constraint the best $a$ is 1, and the number is 2, the distance.
#
# </details>

# %% experiment
for a in (0.5, 1.0, 2.0, 10.0, 1000.0):
    print(f"f(x) = {a:6g} x: E_p f - E_q f = {a * 2 - a * 0:8g}   {'allowed' if a <= 1 else 'steeper than 1'}")
