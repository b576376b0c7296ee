# %% [markdown]
# ## The loss stands at 1.386. Has it converged?
#
# A friend trains a GAN. For an hour the loss of his discriminator has stood at 1.386, which is $\log 4$. "Game over," he says, "the forgeries
# are perfect: the theorem says so."
#
# **Why does the theorem not say so?** Tell two other stories that show him the same number for an hour. For each of the three stories say what you
# would measure, on which data, and what would come out. This answer is read by a person.

# %% imports
from helpers.checking import question

# %% why
QUESTION = question(
    rubric=[
        (
            1,
            "The theorem is about the best discriminator. log 4 with D = 1/2 says that this discriminator cannot tell the two apart, not that none can.",
        ),
        (
            1,
            "A story in which the discriminator is to blame: too small, its steps too small or held back too much, or dead (saturated, stuck).",
        ),
        (
            1,
            "Another story, as a circling game whose mean loss looks flat, or a loss on batches in which missing modes hardly show.",
        ),
        (
            1,
            "A measurement that tells them apart: train a fresh, larger discriminator against the frozen generator and judge it on held-out data; count modes, or a two-sample test; look at the losses step by step.",
        ),
    ],
    answer=r"""
The value of the game is $2\,\mathrm{JS} - \log 4$ for the *best* discriminator. Any other one is paid less, and a loss of $\log 4$ may be no distance and no shortfall, or a distance with just as much
shortfall. Story two: the judge is blind. It is too small, is held back by a strong penalty, or its step is so small that it
never left $D = 1/2$. Story three: the two go round. The loss swings about $\log 4$ within each round, and the mean over an epoch is flat.
The test for all: freeze the generator, train a new and larger discriminator against it until it gains nothing more on its
training batches, and look at its loss on *held-out* notes of both kinds. If the forgeries are perfect, it stays at $\log 4$; if the judge was blind, it falls well below. For the
circle, plot the loss of single steps and of several copies of the generator from an hour apart: they differ. And count modes:
a generator that misses one heap in eight costs the loss little and the count one eighth.
""",
)
