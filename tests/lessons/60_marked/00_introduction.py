# %% [markdown]
# # A lesson for the tests, with a question that a person marks
