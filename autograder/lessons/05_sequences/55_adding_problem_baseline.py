# %% [markdown]
# ## How good is knowing nothing?
#
# To see whether a network remembers, one needs a task that cannot be done without remembering. The *adding problem* came with the
# first LSTM and is still the standard. A sequence of $T$ steps has two channels:
#
# ```
#    value   0.31  0.88  0.05  0.62  0.47  0.93  ...  0.20
#    marker    0     1     0     0     0     1   ...    0       target: 0.88 + 0.93
# ```
#
# The values are independent and uniform between 0 and 1. Exactly two steps are marked. At the end the network is to
# say the sum of the two marked values. Whoever forgets the first can do no better than to guess.
#
# Suppose that a network has learned *nothing* about the sequence, and always answers with the same number, the best
# one there is. **What is its expected squared error?** Set `adding_problem_baseline` to a number, accurate to 0.0002.

# %% imports
from helpers.checking import check, expect, expect_array, expect_close, right_answer, wrong_answer

# %% answer
adding_problem_baseline = (
    # BEGIN SOLUTION
    2 * (1 / 12)
    # END SOLUTION
)


# %% checks
@check(points=0)
def it_is_a_squared_error(adding_problem_baseline):
    """The answer is a number above 0 and below 1."""
    value = float(expect_array(adding_problem_baseline, (), "adding_problem_baseline"))
    expect(0 < value < 1, f"The answer is {value:g}.", "A number above 0 and below 1.", "It is an error, squared.")


@check(points=2, hidden=True)
def it_is_the_expected_squared_error(adding_problem_baseline):
    """It is the expected squared error of the best constant answer, within 0.0002."""
    expect_close(adding_problem_baseline, 1 / 6, "adding_problem_baseline", rtol=0, atol=0.0002)


# %% hints
HINTS = [
    "The constant with the smallest squared error is the mean. What is the error called then?",
    "Variances of independent numbers add.",
    "The variance of one number that is uniform between 0 and 1 is the integral of (u - 1/2)² from 0 to 1.",
]
WHY = r"""
The best constant is the mean of the target, 1, and the error of the mean is the variance. Variances of independent
numbers add, and a uniform one has $\int_0^1 (u - \frac12)^2\, du = \frac{1}{12}$.
"""
COVERS = ["S3.24", "S3.25"]

# %% [markdown]
# > **Often printed: "the baseline is 0.1767."** You will meet this number in textbooks, documentations and papers. Work
# > yours out before you compare. What 0.1767 is, is measured after the next exercise, in which you make the data.

# %% right and wrong answers
to_four_digits = right_answer(0.1667)

the_misprint = wrong_answer(
    it_is_the_expected_squared_error,
    feedback="That is the number in print. Work it out: two independent uniform numbers, and variances add.",
)(0.1767)

one_uniform = wrong_answer(
    it_is_the_expected_squared_error, feedback="That is the variance of one uniform number. The target is a sum of two."
)(0.08333333333333333)

scale_of_1997 = wrong_answer(
    it_is_the_expected_squared_error,
    feedback="That belongs to the scaling of 1997. Here the values lie between 0 and 1, and the target is their sum.",
)(0.041666666666666664)

standard_deviation = wrong_answer(
    it_is_the_expected_squared_error,
    feedback="That is the standard deviation of the target. The squared error is asked for, and so its variance.",
)(0.408248290463863)

the_best_constant = wrong_answer(feedback="That is the best constant itself. Its squared error is asked for.")(1.0)
