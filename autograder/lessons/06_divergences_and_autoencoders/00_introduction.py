# %% [markdown]
# # Divergences and autoencoders: what it costs to be wrong, and what is worth keeping
#
# A model says how probable things are. The world does what it does. How wrong was the model? The answer is a number
# with a unit, the length of a message in nats, and with a direction: to call impossible what happens is another mistake
# than to expect what never comes. Whoever minimizes such a number gets what that number asks for, and two numbers that
# agree at the goal may lead to different places as long as the goal is out of reach.
#
# After this lesson you will be able to
#
# - compute entropy, KL and Jensen-Shannon divergence, with zeros, infinities and tiny probabilities, and say what each
#   asks;
# - derive the Gaussian that is nearest to a distribution from either side, and know which of the two covers and which
#   hides;
# - write the losses that follow, from logits, so that nothing overflows;
# - say what a linear autoencoder keeps, and prove it; charge a code for trembling, and find the loophole;
# - write the best denoiser that there is, and recognize in it the slope of a density.
#
# **The map.** *What it costs:* surprise, KL, is it a distance, Jensen-Shannon, two Gaussians. *From which side:* covering,
# slicing, which loss, a picture's code length. <br>
# *What to keep:* the linear autoencoder, the contractive one, its loophole, the optimal denoiser; then digits.
#
# ## The picture: two ways to fit a Gaussian
#
# **Left**, a distribution $p$ with two heaps (gray) and one Gaussian $q$ (line). One Gaussian cannot be two heaps, so
# which compromise is best? **Middle**, three answers over the mean of $q$: the blue line is $\mathrm{KL}(p \,\|\, q)$,
# the dashes $\mathrm{KL}(q \,\|\, p)$, the dots the Jensen-Shannon divergence. The marks are where $q$ is now.
# **Right**, a cloud of points, the origin (+), and what a linear autoencoder with one hidden unit keeps of it: a line.
#
# Move one thing at a time, and guess before you look.
#
# 1. **μ of q** from one heap to the other. Blue has one valley, in between, where $p$ has almost nothing. The dashes
#    have two, one on each heap, with a hill between them: whoever walks downhill stays in the valley where he began.
# 2. **q is** *nearest by KL(p‖q)*, then *by KL(q‖p)*. The first one covers both heaps and the gap. The second one takes
#    one heap and is blind to the other.
# 3. **Share of the left** up to 0.95. The first follows at every step. When does the second jump?
# 4. **Separation** down to 0. Where $q$ can be $p$, all three agree. They only differ about mistakes.
# 5. **Width, left** down to 0.3 with **μ** at 4: what do the values say of a $q$ that misses a heap? One is enormous,
#    one moderate, and one never exceeds $\log 2 = 0.69$.
# 6. **Cloud, from origin** to 0 and back, with and without **biases**. Without them the line must pass through the
#    origin, and far away it is spent on saying where the cloud is.
#
# The figure starts with our functions. When you have answered `kl_divergence`, `js_divergence`, `moment_match` or
# `linear_autoencoder`, run its cell again: it then shows yours.

# %% experiment
from helpers.figures import two_ways_to_fit

two_ways_to_fit(
    kl_divergence=grader.yours("kl_divergence"),
    js_divergence=grader.yours("js_divergence"),
    moment_match=grader.yours("moment_match"),
    linear_autoencoder=grader.yours("linear_autoencoder"),
)

# %% hints
COVERS = ["S2.2", "S2.20"]
