# %% [markdown]
# ## Why backwards?
#
# A network is a long chain of functions, and the gradient of its loss is a product of their Jacobians. A product of matrices may be worked
# out from either end, and the result is the same. Every library starts at the loss.
#
# **Why?** Take a network with a million parameters and one loss. Say what is carried along on the way from the loss to the parameters, what
# would be carried along on the way from the parameters to the loss, and what each costs. Then name a case in which the other end would
# be the better one to start from. This answer is read by a person.

# %% imports
from helpers.checking import question

# %% why
QUESTION = question(
    rubric=[
        (
            1,
            "From the loss: what is carried is one vector for each value, so each step is a vector times a Jacobian; in all about one or two forward passes, for all parameters together.",
        ),
        (
            1,
            "From the parameters: what is carried has one column for each parameter, so the work is that of about as many forward passes as there are parameters.",
        ),
        (
            1,
            "A case for the other end: few inputs and many outputs, as the derivative of a whole curve or image by one number.",
        ),
    ],
    answer=r"""
The loss is one number. Coming from it, all that is carried is $\partial L / \partial v$, as large as $v$ itself, and every step
is one product of a vector with a Jacobian. The whole way back costs about one or two forward passes, and all million slopes
fall out on the way, because they share it. Coming from the parameters, one carries $\partial v / \partial \theta$, with a column
for each of the million: the work of a million forward passes, to be summed up at the end into one row. The price of going back is
memory: the values of the forward pass must be kept. Where there is one input and many outputs (how does a whole picture change with
one angle?), the columns are few and the rows many: then one starts at the input.
""",
)
