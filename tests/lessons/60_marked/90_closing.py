# %% [markdown]
# ## What to remember
#
# Nothing but the sum.
