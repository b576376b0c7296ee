# %% [markdown]
# ## Why this direction?
#
# The gap of the ELBO is $\mathrm{KL}(q(z \mid x) \,\|\, p(z \mid x))$. Lesson 06 has shown what this direction does to a posterior with
# two heaps, and that the other direction, $\mathrm{KL}(p(z \mid x) \,\|\, q(z \mid x))$, would cover both.
#
# **Why does nobody simply minimize the other one?** Say what each of the two needs to be estimated and whether one has it. Then say what the usual
# direction does to an encoder whose family is too small, and what this does to the decoder that is trained with it. This answer is
# read by a person.

# %% imports
from helpers.checking import question

# %% why
QUESTION = question(
    rubric=[
        (
            1,
            "KL(q || p) is a mean over q, which can be drawn from, and needs p(z|x) only up to its constant p(x), which does not depend on q: hence the ELBO.",
        ),
        (
            1,
            "KL(p || q) is a mean over p(z|x), from which nobody can draw (that is the problem to be solved); it takes importance weights, or dreams of the model as in wake-sleep.",
        ),
        (
            1,
            "The usual direction hides: q goes to one heap and is too narrow, for it is punished where p is small and q is not.",
        ),
        (
            1,
            "The decoder raises the ELBO also by making its posterior easier for q: the model is pulled towards posteriors of the small family, away from the likelihood.",
        ),
    ],
    answer=r"""
$\mathrm{KL}(q \,\|\, p(z|x)) = \mathrm{E}_q[\log q - \log p(x, z)] + \log p(x)$. Draws from $q$ are cheap, $p(x, z)$ is the product of two things that we wrote
ourselves, and the one unknown, $\log p(x)$, does not depend on $q$. The other direction is a mean over $p(z \mid x)$. Who could draw from that would not need a $q$.
One can weight draws from $q$ instead (few of them count when $q$ is bad), or draw $z$ and $x$ from the model, as wake-sleep does: then
it is the model's dreams that are explained, not the data. The price of the usual direction: $q$ is fined for being where the posterior is not, and not for
being absent where it is. So a single bell picks one of two heaps and is too narrow. The decoder is trained on the same number, bound and gap in one: it may
raise it by explaining the data better, or by having posteriors that a bell can fit. It does both, and the second is not what was asked for.
""",
)
