# %% [markdown]
# # A lesson for odd notebooks
#
# A pair of results, an answer with a kernel and an experiment, a function argument, a value, a letter.
