# %% [markdown]
# # GAN: the forger and the detective
#
# A forger prints banknotes. A detective looks at notes, real and forged, and says of each how sure it is that it is real.
# The detective is paid for being right, the forger for being believed. Neither knows what a banknote *is*; all that the
# forger ever learns about money comes from the detective's verdicts. If the two are well matched, the notes get better
# and better. That is a generative adversarial network: two networks, one number, which one of them wants to be large and the
# other small.
#
# It is also an unstable way to learn. If the detective learns faster, it soon stops teaching: every forged note is
# "surely forged", and no small change would make it less so. If the two are evenly matched they may circle around the
# solution for ever. And a forger that has found one note that passes may never try another. This lesson is about why,
# with numbers, and about what can be done.
#
# After it you will be able to
#
# - derive the best discriminator, the value of the game, and what a generator minimizes when it plays against the best;
# - write both players' losses from logits, so that no verdict is too sure for them;
# - say which gradient vanishes, where, and why the usual loss minimizes something else than is usually said;
# - tell three ways for two players to move: one runs away, one circles, one arrives;
# - see what noise and a penalty on the discriminator's slope do, first in one number, then in a plane;
# - count the modes that a generator has dropped.
#
# **The map.** *One number:* the best discriminator, the game's value, both losses, which gradient is left, maximum
# likelihood in disguise. <br>
# *Two players:* the spiral that never closes, the whole GAN in two numbers. *Cures and relatives:* noise, four losses and one ratio,
# adversarial examples; then a GAN on eight Gaussians.
#
# Throughout, $p$ is the distribution of the data and $q$ that of the generator. $D(x)$ is the probability that $x$ is real, and
# $a$ its logit, $D = \sigma(a)$. All values are in nats.
#
# ## The picture: a duel, three times
#
# **Left,** the smallest game: $x$ wants $xy$ to be large, $y$ wants it to be small. They start at the black dot, the saddle
# point is the star, the gray circle is where infinitely small steps would lead, and the diamond is where they end.
# **Middle,** data at 0 and a generator at $d$, both seen through noise. The line is the best discriminator; the dashes are
# one that has been trained for some steps. Below, how strongly each of the two generator losses pulls the generator towards
# the data, on a logarithmic scale. **Right,** the Jensen-Shannon divergence between the two, against their distance.
#
# Move one thing at a time, and guess before you look.
#
# 1. **Step size** and **rule.** Simultaneous steps run away at any size. Alternating ones stay on an ellipse. A player who
#    looks ahead (extragradient), or who extrapolates from the step before (optimistic), arrives.
# 2. **Generator at $d$** from 1 to 6, with little noise. The divergence arrives at $\log 2$ and stays there. What does the
#    upper pair of bars do, and what the lower?
# 3. **Steps of D** up to 200. The better the detective, the less is left of the saturating pull.
# 4. **Noise** up to 3. The two bells overlap, the divergence has a slope again, and the saturating pull is back. With still
#    more noise it becomes weaker: there is a best level in between.
#
# The figure starts with our functions. When you have answered `xy_game`, `optimal_discriminator`, `discriminator_loss`,
# `generator_logit_gradient` and `js_with_noise`, run its cell again: it then shows yours.

# %% experiment
from helpers.figures import duel

duel(
    xy_game=grader.yours("xy_game"),
    optimal_discriminator=grader.yours("optimal_discriminator"),
    discriminator_loss=grader.yours("discriminator_loss"),
    generator_logit_gradient=grader.yours("generator_logit_gradient"),
    js_with_noise=grader.yours("js_with_noise"),
)

# %% hints
COVERS = ["S4.11a"]
