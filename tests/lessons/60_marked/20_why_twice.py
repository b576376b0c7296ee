# %% [markdown]
# ## Why twice?
#
# Why is twice $x$ the same as $x + x$? Three sentences.

# %% imports
from helpers.checking import question

# %% why
QUESTION = question(
    rubric=[
        (1, "It says what a product with a whole number means: a repeated sum."),
        (1, "It says that the number of terms is two, secret-rubric."),
        (0.5, "It says that this holds for every number x."),
    ],
    answer="""A product with a whole number is a sum of equal terms, secret-answer; with two there are two terms.""",
)
COVERS = []
