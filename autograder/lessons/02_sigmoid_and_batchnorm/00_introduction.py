# %% [markdown]
# # Sigmoid and BatchNorm: how a signal survives depth
#
# A whisper goes down a line of fifty people. If each of them passes on a quarter of what they heard, the last one hears
# nothing. If each of them doubles it, the last one hears a roar. A deep network is such a line, twice: the activations
# travel forward through it, the gradient travels back. What each layer multiplies them by decides whether the network
# can learn at all.
#
# After this lesson you will be able to
#
# - write a sigmoid, its slope and its logarithm so that no input, however large, breaks them;
# - say in numbers why a deep chain of sigmoids stops learning, and what a loss can and cannot do about it;
# - choose the scale of the initial weights, and explain what goes wrong if they all start at zero;
# - write BatchNorm forward and backward, by hand, with the two variances that everybody mixes up;
# - tell what BatchNorm really buys from what is only said about it.
#
# **The map.** *One unit:* the sigmoid, its slope, its logarithm. *Many layers:* a chain of sigmoids, the start of the
# weights. <br>
# *The remedy:* BatchNorm forward and backward, weight decay beside it, what it buys. *The frame:* capacity and error.
#
# ## The picture: signal and gradient through depth
#
# The figure sends a batch of random examples up through a deep network, and a random gradient back down. All curves
# stand on a logarithmic scale, so a straight line that falls is exponential decay. **Left**, the activations of each
# layer: their size, and their standard deviation over the batch. Only the second carries information: it is what
# still tells one example from another. **Right**, the norm of the gradient on its way back from the last layer.
#
# Move one thing at a time, and guess before you look.
#
# 1. **Sigmoid, depth** from 1 to 50. The size stays near one half, and yet the spread and the gradient fall by a
#    factor of four per layer, like $0.25^L$. Every unit speaks, and says the same whatever the input is. (From about
#    layer 25 on the spread stays near $4 \cdot 10^{-16}$: beside 0.5 no smaller difference can be stored. What is
#    drawn there is rounding, not signal; the gradient, which is a product of its own, falls on.)
# 2. **ReLU, gain.** The standard deviation of the weights is the gain times `init_std`, which for ReLU means the
#    variance $2 / \text{fan-in}$. At gain 1 both curves are level at any depth. At 0.7 the two has become a one, and
#    after 50 layers nothing is left; at 1.4 everything explodes.
# 3. **BatchNorm on.** It rescues the sigmoid: both curves are lifted almost to level. Then do the same to ReLU at
#    depth 50: the activations are in perfect order, and the gradient *explodes*, by a factor of more than ten thousand.
# 4. **Initial weights: constant,** then **zero.** The thin lines are single units, and they now lie on one and the same
#    curve: a layer of 64 units has become a layer of one.
#
# By the end of the lesson each of these is a number that you have worked out yourself. The figure starts with our
# functions. When you have answered `init_std` and `batchnorm_forward`, run its cell again: it then shows yours.

# %% experiment
from helpers.figures import signal_through_depth

signal_through_depth(init_std=grader.yours("init_std"), batchnorm=grader.yours("batchnorm_forward"))
