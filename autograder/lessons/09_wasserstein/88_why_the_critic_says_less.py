# %% [markdown]
# ## The critic says 0.3. Is that the distance?
#
# A critic is trained between 500 data points and 500 generated ones, with a penalty on its slope. Its number rises, and after a
# thousand steps it stays at 0.3.
#
# **Why may $W_1$ between the two distributions be smaller than 0.3, and why may it be larger?** Name everything that stands between the number and
# the distance, each with its direction, and say how you would pin the distance of these 1000 points down from both sides. This answer
# is read by a person.

# %% imports
from helpers.checking import question

# %% why
QUESTION = question(
    rubric=[
        (
            1,
            "The slope: a penalty does not make the critic 1-Lipschitz. With a largest slope K its number belongs to K W1; divide by a bound on K. (Makes the number too large, or too small.)",
        ),
        (
            1,
            "The critic is not the best one (capacity, training, penalty): any 1-Lipschitz function gives only a lower bound. (Makes it too small.)",
        ),
        (
            1,
            "The sample: the distance of two samples is not that of the distributions; between two samples of one distribution it is above 0, and slow to fall in many dimensions. (On average too large.)",
        ),
        (
            1,
            "From both sides: a function of proved slope 1 from below, any plan from above (the best one by assignment, for 500 and 500 points); where they meet is a certificate.",
        ),
    ],
    answer=r"""
Three things stand in between. *The leash.* The penalty asks for slope 1, softly, on some segments. If the steepest slope is $K$, the number bounds $K \cdot W_1$, and $K$
may lie on either side of 1: only the number divided by (a bound on) $K$ is worth anything. *The critic.* A network is some function, not the best one: divided by its slope it is a lower bound, too small by an unknown amount. *The sample.* 500 points are not the distribution. Two samples of the same
distribution already have a distance above 0, and in $d$ dimensions it falls like $n^{-1/d}$ only; on average the sample's distance is too large. For the 1000 points one can be sure: any plan is
an upper bound, and with equal weights the best one is an assignment that takes a second; its prices, or any critic divided by its proved
slope, are a lower bound. Where the two meet, it is proved. For the distributions, compare with the distance between two halves of the data.
""",
)
