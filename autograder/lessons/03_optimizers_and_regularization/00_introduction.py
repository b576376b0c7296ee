# %% [markdown]
# # Optimizers and regularization: getting down, and knowing where to stop
#
# A gradient says which way is down, here. It does not say how far to go, nor whether the bottom is where you want to be.
# Two crafts answer these questions. *Optimization* gets to the bottom of a valley that may be a thousand times as steep
# across as along. *Regularization* stops before the bottom, for the bottom belongs to the training data, and some of
# what lies there is noise. This lesson is about both, and about the place where they turn out to be one: a method that
# stops early is a method that regularizes.
#
# After this lesson you will be able to
#
# - write momentum, AdaGrad, RMSProp and Adam, and say of each what it remembers and what that costs;
# - tell weight decay from an L2 penalty, and know when it matters;
# - solve ridge regression, and make exact zeros with the lasso;
# - predict where gradient descent stands after a million steps, without taking one;
# - read a number called "regularization strength" and ask which of the conventions it belongs to.
#
# **The map.** *Getting down:* momentum, AdaGrad and RMSProp, Adam, weight decay. *Holding back:* ridge, L1 and L2, soft
# threshold. <br>
# *Stopping early:* a filter, and its ridge. *Data and beliefs:* crops, ten examples per parameter, priors, no free lunch;
# then a race, and real patients.
#
# ## The picture: ravine and shrinkage
#
# One bowl, seen three times. **Left**, from above: a tilted ravine, $\kappa$ times as steep across as along, and the paths
# of five optimizers from the circle towards the star. The legend says how far above the optimum each has come to rest.
# **Top right**, the same two weights when something holds them back: ridge, lasso, or stopping early after $t$ steps. From
# left to right the strength $\alpha$ falls. For early stopping $\alpha$ stands for $1/(\eta t)$, and the vertical line is
# where the left panel has stopped. **Bottom right**, the share of its way to the optimum that a direction of eigenvalue
# $\lambda$ is allowed to go. The dotted lines mark the two directions of the bowl.
#
# Move one thing at a time, and guess before you look.
#
# 1. **Steps** up to 200. Who arrives first, who never does? AdaGrad writes down everything and slows down. RMSProp keeps
#    its pace and ends up trembling around the star. On the right, the vertical line moves: more steps, less penalty.
# 2. **Momentum** from 0 to 0.98. At 0 it is gradient descent. A little of it shortens the way, too much swings past.
# 3. **Steepness** up to 60. As soon as $\eta\kappa$ is above 2, gradient descent is thrown out of the bowl. Those who
#    divide by the size of the gradient do not even notice.
# 4. **Start: elsewhere.** On the right the early-stopping curves now begin at the new start, and not at 0. That is where
#    early stopping shrinks to. Ridge and lasso do not know of any start.
# 5. **Steps** once more, from 1 up, and the last panel. The two filters meet at both ends, and nowhere in between. With
#    many small steps the widest gap settles at 0.204, where $\lambda\eta t = 2.51$. Which learning rate the steps have does
#    not matter: it moves the curves to and fro, and the gap along with them.
#
# The figure starts with our functions. When you have answered `momentum_step`, `adaptive_step`, `adam_step`, `ridge`,
# `soft_threshold` or `gradient_descent_after`, run its cell again: it then shows yours.

# %% experiment
from helpers.figures import ravine_and_shrinkage

ravine_and_shrinkage(
    momentum_step=grader.yours("momentum_step"),
    adaptive_step=grader.yours("adaptive_step"),
    adam_step=grader.yours("adam_step"),
    ridge=grader.yours("ridge"),
    soft_threshold=grader.yours("soft_threshold"),
    gradient_descent_after=grader.yours("gradient_descent_after"),
)
