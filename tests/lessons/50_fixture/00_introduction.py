# %% [markdown]
# # A small lesson for the tests
#
# Two exercises of functions, one of values, one of several answers, one with options.

# %%
COVERS = ["S1.2"]
