# %% [markdown]
# # The chain rule
#
# A network with a billion weights learns by one idea from the first year of calculus. If $z$ depends on $t$ and $t$ depends on $x$,
# the slopes multiply; if $x$ reaches $z$ along several ways, the products add. Everything else in this lesson is bookkeeping: which
# product, which sum, and which of two formulas that agree on paper survives in a computer.
#
# To understand a model is to be able to answer two questions: how is $f$ built, and how is its derivative taken? After this
# lesson you will be able to
#
# - tell a partial derivative from a total one, and check any gradient by moving its inputs;
# - take an affine layer, an activation, a softmax and a cross-entropy apart, forward and backward, for any number of axes;
# - say which index is summed, and notice when it is the wrong one;
# - write softmax and log-sum-exp so that no logits, however large, break them;
# - explain what back-propagation computes, and what it leaves to others.
#
# **The map.** *Links:* one link of the chain, a gradient checker, an affine layer, the hidden delta.<br>
# *The end of a classifier:* softmax, log-sum-exp, their gradients, cross-entropy. *The whole:* one step downhill, fan-out,
# what back-propagation is.
#
# ## The picture: a gradient under the microscope
#
# **Left**, three bars for each class: the probabilities $y$ that come from three logits, the target $c$, and the gradient of the
# cross-entropy with respect to the logits, $y - c$. **Right**, the error of two difference quotients against the step $h$, both on
# logarithmic scales. Move one thing at a time, and guess before you look.
#
# 1. **One logit.** Its probability grows, and all others give way. The gradient always sums to zero.
# 2. **The common shift.** It is added to all three logits, and nothing moves: only differences matter.
# 3. **The step.** The error falls as $h$ shrinks, then rises again: a V. On the right arm the formula is too coarse, on the left
#    the rounding of the two function values is divided by a tiny $h$. The rule of thumb is the square root of the rounding
#    unit, about $10^{-8}$, for the one-sided quotient, and its cube root, $6 \cdot 10^{-6}$, for the central one. The bottoms of the
#    two valleys lie within a few times these, and the central one is nearly a thousand times deeper. "As small as possible" is
#    the wrong advice.
# 4. **Sum over.** The panel shows which weights a hidden unit collects. One of the two choices is the chain rule.
#
# The figure starts with our functions. When you have answered `cross_entropy_from_logits` and `numerical_gradient`, run its cell
# again: it then shows yours.

# %% experiment
from helpers.figures import gradient_microscope

gradient_microscope(
    cross_entropy=grader.yours("cross_entropy_from_logits"),
    numerical_gradient=grader.yours("numerical_gradient"),
)

# %% hints
COVERS = ["S3.40"]
