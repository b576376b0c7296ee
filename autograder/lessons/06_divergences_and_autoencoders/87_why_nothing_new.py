# %% [markdown]
# ## Why can the best score of a training set make nothing new?
#
# You have seen it: a walk uphill along the best score that a training set allows, with less and less noise, ends on a training digit.
# Yet generators of images are trained with exactly this loss, and what they draw stands in no training set.
#
# **Why does the best denoiser of a finite training set lead back to it? And what must be different in a network that draws something new?** Say
# what would have to be true for the best denoiser to be what one wants. This answer is read by a person.

# %% imports
from helpers.checking import question

# %% why
QUESTION = question(
    rubric=[
        (
            1,
            "The best denoiser is the mean of the training points, weighted with how probable each is after y was seen; with little noise one weight is nearly 1.",
        ),
        (
            1,
            "So the density whose score it is, is a sum of bumps at the training points; as s goes to 0 its only peaks are those points.",
        ),
        (
            1,
            "A network that makes something new does not reach the minimum of its training loss: limited capacity, shared weights, early stopping, its architecture smooth the score between the points.",
        ),
        (
            1,
            "The best denoiser of the true distribution would be right: the minimum of the expected loss, which needs endless data. It is a question of generalization.",
        ),
    ],
    answer=r"""
For a finite set the clean point behind $y$ can only be one of $x_1, \dots, x_N$, so the best guess is a mean of these, with weights that prefer the near ones. As the
noise shrinks, the nearest takes all the weight, and the step from $y$ leads to it. In other words: the loss asks for the score of the
training points blurred by noise, and what is left of that without the blur is the training points. A network that draws
something new has *not* found this minimum. It cannot: it has too few weights for a bump at each point, its convolutions treat all
places alike, its training ends early. What it finds is a smoother score, and the digits between the training digits are due to that
smoothness, that is, to how its errors look. The right target would be the best denoiser of the *distribution* the digits come from. It has
the same formula with an integral in place of the sum, and only endless data would tell it from the other.
""",
)
