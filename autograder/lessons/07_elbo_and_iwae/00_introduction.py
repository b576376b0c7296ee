# %% [markdown]
# # ELBO and IWAE: a number that one cannot compute, and a bound that one can
#
# How probable is this picture? A model with hidden causes has an answer: add up, over everything that may have been behind
# it, how probable that was and how probable it would have made the picture. It is a perfectly good number, and one that
# nobody can compute, for there are too many causes. This lesson is about living without it.
#
# What one *can* have is a number that is never above it. One guesses the causes, by a distribution $q$, and the guess
# pays its way: the better it is, the closer the number. So one may train the guess and the model together, by pushing the
# bound up. That is a variational autoencoder. The lesson asks the four questions that one should ask of any bound. What
# exactly is it? How far is it off, and whose fault is that? Can it be made tighter? What does that cost?
#
# After this lesson you will be able to
#
# - compute the ELBO, its gap and the true log-likelihood where all three can be had, and say why they are tied together;
# - tell the part of the gap that a richer family would close from the part that a better encoder would, and show that a
#   popular formula for the two is wrong;
# - tighten the bound with importance weights, know beforehand by how much, and recognize the guesses for which no number
#   of samples is enough;
# - measure how the encoder's gradient drowns in noise while the bound gets better, and cure it;
# - differentiate through samples: of real numbers in two ways, of categories in two others;
# - weigh the terms of the bound by a $\beta$, see a latent collapse, count what is left, and prevent it;
# - train a variational autoencoder on handwritten digits with nothing but what you have written.
#
# **The map.** *A bound:* on a finite latent, for a Gaussian, and why it is off. *A tighter one:* importance weights, the
# exact curve, its bias. *What it costs:* two gradient estimators, the encoder's gradient and its cure, what a
# weight is worth, a proposal that misses. <br>
# *Latents that are no real numbers:* REINFORCE, Gumbel-softmax. *Turning the dials:* β, free bits, units that
# collapse; then a look back, and digits.
#
# All logarithms are natural: log-likelihoods, bounds and gaps are in nats.
#
# ## The picture: how good is the bound?
#
# One latent number and one pixel: $z \sim N(0, 1)$, $x \mid z \sim N(z, 1)$, and $x = 2$ was seen. So the posterior is
# $N(1, \tfrac12)$, $\log p(x)$ is $-2.266$, and everything can be compared with the truth.
#
# **Top, from left to right:** the guess $q$ beside what it should be; how the log-weights of its samples scatter around
# $\log p(x)$; the bound with $K$ samples, $L_K$, as it climbs towards $\log p(x)$, and what the delta method expects of
# it. **Bottom:** the variance of the weights, relative to $p(x)^2$, against the variance of $q$, with the zone where it is
# infinite; the signal-to-noise ratio of three gradients against $K$; and samples of a category with three values, relaxed
# by Gumbel-softmax, in their triangle.
#
# Move one thing at a time, and guess before you look.
#
# 1. **Mean of q** to 1, then **variance of q** to 0.5. The gap closes, every weight is the same, one sample is as good as a
#    thousand, and two of the gradients have nothing left to say.
# 2. **Variance of q** slowly down from 0.5. The weights of most samples are now too small, and a few rare ones are huge. At a
#    quarter, half the posterior's variance, their variance becomes infinite. Watch the curve: it still climbs, but no
#    longer as fast as promised. Too wide is the lesser evil.
# 3. **Samples K** from 1 to 500, with a guess that is off. The bound gets tighter, the decoder's gradient clearer. The
#    encoder's fades. Its other form, DReG, does not.
# 4. **β** from 0.03 to 30. The purple curve is the $q$ that is best for this β: from a spike at the pixel itself, through the
#    posterior, to the prior, which knows nothing of $x$.
# 5. **Temperature τ**. Cold samples are nearly pure categories, hot ones are all alike. The percentages do not move: what
#    the samples stand for does not depend on the temperature.
#
# The figure starts with our functions. When you have answered `gaussian_elbo`, `iwae_bound`, `iwae_bias`,
# `iwae_gradients`, `effective_sample_size`, `gumbel_softmax` or `beta_posterior`, run its cell again: it then shows yours.

# %% experiment
from helpers.figures import how_good_is_the_bound

how_good_is_the_bound(
    gaussian_elbo=grader.yours("gaussian_elbo"),
    iwae_bound=grader.yours("iwae_bound"),
    iwae_bias=grader.yours("iwae_bias"),
    iwae_gradients=grader.yours("iwae_gradients"),
    effective_sample_size=grader.yours("effective_sample_size"),
    gumbel_softmax=grader.yours("gumbel_softmax"),
    beta_posterior=grader.yours("beta_posterior"),
)
