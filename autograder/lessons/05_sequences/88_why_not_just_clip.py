# %% [markdown]
# ## Why not just clip?
#
# "Gradients through time explode or vanish. For the first there is clipping. So for the second let us do the opposite: whenever the
# norm of the gradient falls below $10^{-3}$, scale it up to $10^{-3}$."
#
# **Why does this not teach a plain recurrent network to remember over 100 steps?** Say what the gradient with respect to a weight is a sum
# of, and which of its terms are lost. Then say what the belt of an LSTM does differently, and why it may still need clipping. This
# answer is read by a person.

# %% imports
from helpers.checking import question

# %% why
QUESTION = question(
    rubric=[
        (
            1,
            "The gradient for a weight is a sum over time; what vanishes are the terms from long ago, beside recent ones that do not, so the norm is not small at all.",
        ),
        (
            1,
            "Scaling multiplies all terms alike: the share of the old ones stays as tiny, and their direction is dominated by the recent ones (or by rounding).",
        ),
        (
            1,
            "The belt carries the message from step to step by the forget gate alone, a factor near 1, not by a product of U and slopes; so the old terms keep their share.",
        ),
        (0.5, "The gates and detours through h still multiply by U, so that gradients can explode: hence clipping."),
    ],
    answer=r"""
The gradient for $U$ is a sum with one term for each step. The term from 100 steps ago has passed 100 factors $U^\top \mathrm{diag}(1 - h^2)$, and if each
shrinks it by 0.9, it comes with $3 \cdot 10^{-5}$ of its strength. But beside it stands the term from yesterday, at full strength. So the norm of the sum is
not small, and the rule would never fire; and if it fired, it would scale yesterday along with it. What is
lost is the share, and no common factor brings a share back. Exploding is different: there the direction is (nearly) right and only the length is wrong. An LSTM does not
repair the gradient but the way: on the belt a message is multiplied by the forget gate alone, which can be 1, so
that the old term arrives with its share. Its gates still listen to $h$, by matrices that may stretch: clipping stays useful.
""",
)
