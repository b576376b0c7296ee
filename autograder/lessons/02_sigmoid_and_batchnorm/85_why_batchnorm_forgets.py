# %% [markdown]
# ## Why must the gradient of batch normalization be so?
#
# You know from your own `batchnorm_backward` that the gradient with respect to a column $x$ has a sum of zero and, up to $\varepsilon$, no
# component along $\hat x$. The algebra shows it in a page. It can be seen without any.
#
# **Why must it be so?** Argue from what the layer does *not* notice when all examples of a batch are changed in the same way. Then say what
# follows for two people: for one who puts a bias in front of the layer, and for one who trains with batches of a single example. This
# answer is read by a person.

# %% imports
from helpers.checking import question

# %% why
QUESTION = question(
    rubric=[
        (
            1,
            "A constant added to the whole column changes nothing in the output, so the slope in this direction, the sum of the gradient, is 0.",
        ),
        (
            1,
            "The column stretched about its mean changes nothing either (but for epsilon), so the slope in the direction of x hat is 0.",
        ),
        (0.5, "The bias in front of the layer has no effect and no gradient: beta does its work."),
        (0.5, "With one example the output is beta whatever x is, so nothing comes back: the gradient is 0."),
    ],
    answer=r"""
The layer takes away the mean and divides by the spread. If everybody in the batch is moved by the same amount, the output stays, so the
loss stays: its slope in the direction $(1, \dots, 1)$ is 0, and this slope is the sum of the gradient. If everybody is
stretched away from the mean by the same factor, the output stays again, but for $\varepsilon$: the slope in the direction of
$\hat x$ is 0. What is left of a message is what neither a shift nor a stretch explains. A bias in front of the layer is such a
shift: it does nothing and learns nothing, $\beta$ is there instead. And a batch of one is nothing but its own mean: $\hat x = 0$, the output is $\beta$, and
no message reaches $x$.
""",
)
