# %% [markdown]
# ## Which?

# %% imports
from helpers.checking import choice, option

# %% answer
which = choice(
    option("This one of the options that there are here.", "Not this one."),
    option("The other of the options that there are here.", "Correct.", right=True),
    option("The last of the options that there are in here.", "Nor this one."),
    points=2,
)
