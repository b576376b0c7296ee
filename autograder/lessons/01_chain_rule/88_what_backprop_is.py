# %% [markdown]
# ## What back-propagation is, and is not
#
# You have now written all of it: values forward, messages back, sums where ways meet. It is worth being exact about the word, because
# it is used for half a dozen things.
#
# **Which statement about back-propagation is right?** Set `what_backprop_is` to one letter.

# %% imports
from helpers.checking import choice, option

# %% answer
what_backprop_is = choice(
    option(
        "It computes the gradient of the error for all parameters in one sweep; using it is the optimizer's business.",
        "Correct. One sweep back costs about as much as one or two forward, however many parameters there are.",
        right=True,
    ),
    option(
        "It solves the equation that sets all derivatives of the error to zero, layer by layer, from the last to the first.",
        "Only simple models can be solved in this way. That is why gradients are followed step by step.",
    ),
    option(
        "It finds the global minimum of the error, provided that the learning rate is small and the sweeps are many.",
        "Gradient methods stop where the gradient is small: at minima, local ones too, and near saddles.",
    ),
    option(
        "It is another name for stochastic gradient descent, which sends the error of one batch back through the net.",
        "Stochastic gradient descent is one way of using the gradient. Back-propagation is how the gradient is computed.",
    ),
    points=1,
)

# %% hints
COVERS = ["S3.2", "S3.3", "S4.1"]
