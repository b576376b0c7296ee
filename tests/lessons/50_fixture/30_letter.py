# %% [markdown]
# ## Which?

# %%
from helpers.checking import choice, option

# %% answer
letter = choice(
    option("It is the first of the options that this question has.", "That is not what was asked."),
    option("It is another of the options that this question has.", "Correct.", right=True),
    option("It is the worst of the options that this question has.", "This one is the opposite."),
    points=2,
)
