# %% [markdown]
# ## Which loss for which question?
#
# The cross-entropy of a prediction is the length of a code. So a *loss* is a statement about what the targets are like:
# it is $-\log$ of the probability that the model gives to what happened, and every family of probabilities brings a
# loss of its own.
#
# Two questions about a share: **(i)** *Will the price rise or fall?* **(ii)** *What will the price be?* **Which pairs
# of output unit and loss are the natural ones?** Answer `which_loss` with a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
which_loss = choice(
    option(
        "(i) sigmoid with squared error; (ii) linear with squared error",
        "Behind a sigmoid the squared error saturates: with target 1 and logit -10 its gradient is 4.5e-5 (half of the "
        "square), that of the cross-entropy 1.0.",
    ),
    option(
        "(i) linear with squared error; (ii) sigmoid with cross-entropy",
        "The other way round: a price is no probability, and rise or fall is no number on a scale.",
    ),
    option(
        "(i) sigmoid with cross-entropy; (ii) linear with squared error",
        "Correct: each is minus the logarithm of what the model's family says of the target.",
        right=True,
    ),
    option(
        "(i) sigmoid with cross-entropy; (ii) sigmoid with cross-entropy",
        "A price on a scale has no two classes, and a sigmoid ends at 1.",
    ),
    points=1,
)

# %% hints
COVERS = ["S3.26", "S3.27", "S3.28"]

# %% [markdown]
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > For a target that is 0 or 1 the model says one probability, and $-\log$ of that is the cross-entropy. For a number on
# > a scale it says, for example, the mean of a Gaussian with a fixed width, and $-\log$ of its density is the squared
# > error, up to a factor and a constant.
# >
# > **Often said: "any error function will do, as long as it can be differentiated; one takes those that are easy."**
# > The cell gives both losses a unit that is *confidently wrong*: the target is 1, and the logit more and more
# > negative. The squared error (half of it, as usual) sends back next to nothing, precisely where there is most to
# > learn. The slope of the sigmoid, which is a factor in it, has vanished. In the cross-entropy the logarithm cancels
# > that factor.
# >
# > **"Machine learning is classification and regression."** That is the *supervised* part of it. The rest of this
# > lesson has no targets at all: an autoencoder learns from $x$ alone what there is to keep.
#
# </details>

# %% experiment
print(
    f"{'logit':>6} {'output':>10} {'squared error':>14} {'cross-entropy':>14}   (sizes of the gradients at the logit)"
)
for logit in (0.0, -2.0, -5.0, -10.0, -20.0):
    output = 1 / (1 + np.exp(-logit))
    print(f"{logit:6.0f} {output:10.2e} {(1 - output) * output * (1 - output):14.2e} {1 - output:14.4f}")
