# %% [markdown]
# ## Why not choose the penalty on the test set?
#
# A colleague has a training set and a test set. She fits ridge regression for 200 values of $\alpha$, takes the one with the smallest
# error on the test set, and reports this error as what may be expected from new data. "I never trained on the test set," she says.
#
# **Why is the number that she reports too good, and on what does it depend how much?** Say what she should have done instead, and
# when the fault is harmless. This answer is read by a person.

# %% imports
from helpers.checking import question

# %% why
QUESTION = question(
    rubric=[
        (
            1,
            "Choosing is fitting: the smallest of many noisy estimates is smaller than what it estimates, so the reported error is biased downward.",
        ),
        (
            1,
            "How much: more for a small test set (noisier estimates), for more candidates and for candidates that differ in what they predict.",
        ),
        (
            1,
            "Instead: choose on a validation set or by cross-validation on the training data, and use the test set once, at the end.",
        ),
        (
            0.5,
            "Harmless where the test set is large, or the errors of the candidates move together, as those of neighboring penalties do.",
        ),
    ],
    answer=r"""
Each test error is the true error plus noise, and who takes the smallest of 200 takes one whose noise was lucky. The minimum of
estimates lies below the estimate of the minimum: the test set has been used to fit one more number, $\alpha$. The luck is the greater the
smaller the test set, the more candidates there are, and the less they agree. Neighboring values of $\alpha$ give nearly the
same predictions, so their noise moves together, and 200 of them are worth far fewer independent ones: with a large test set the fault may be small, but
nobody knows without doing it properly. Properly means: choose $\alpha$ on a part of the training data, or by cross-validation, then
open the test set once.
""",
)
