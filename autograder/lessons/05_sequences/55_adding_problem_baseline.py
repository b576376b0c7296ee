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
COVERS = ["S3.24", "S3.25"]

# %% [markdown]
# > **Often printed: "the baseline is 0.1767."** In a textbook, in the documentation of a well-known library of
# > networks, and from there in many papers. It is a misprint, or one lucky draw. Measured on 1000 sequences the error of the best
# > constant varies from sample to sample with a standard deviation of 0.0062. So one measured 0.1767 is possible, it
# > lies 1.6 deviations above. As an *expected* error it is wrong, and the experiment shows by how much: ten samples of
# > 1000, and one of four million.
# >
# > **And in the paper of 1997?** There the values are uniform between $-1$ and $1$ and the target is $0.5 + (X_1 +
# > X_2)/4$. Same task, other scale, and the baseline is a quarter of ours. Before you compare two numbers, compare
# > their units.

# %% experiment
import numpy as np

draws = np.random.default_rng(0)
sums = draws.random((10, 1000)) + draws.random((10, 1000))
print("ten samples of 1000:", *(f"{each:.4f}" for each in np.mean((sums - 1) ** 2, axis=1)))
many = draws.random(4_000_000) + draws.random(4_000_000)
print(
    f"four million: {np.mean((many - 1) ** 2):.4f}   standard deviation for 1000: {np.std((many - 1) ** 2) / 1000**0.5:.4f}"
)
target = 0.5 + (2 * many - 2) / 4
print(f"in the scale of 1997: {np.mean((target - 0.5) ** 2):.4f}")

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
