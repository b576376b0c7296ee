# %% [markdown]
# # The whole course
#
# You began with the slope of a composed function and end with sand that knows the shortest way. In between lies one thought, and it was
# said nine times: *write down what is to be small, follow the blame back to every number that you may change, and mistrust whatever you have
# not checked.*
#
# The map has the nine lessons, the question that each asks, and what travels on from one to the next. Start at the upper left. Whoever is lost
# somewhere goes back along an arrow.

# %% experiment
from helpers.figures import course_map

course_map()

# %% [markdown]
# ## What nine lessons have in common
#
# - **A gradient is a claim.** Finite differences, a complex step, an identity that must hold: one of them was always there to check it.
# - **The same trap in many clothes.** Subtract the maximum, divide by $n$ or $n - 1$, sum over what was broadcast, the last batch that is smaller:
#   what went wrong in lesson 01 went wrong in lesson 09.
# - **A number needs its conditions.** $\log 2$ in nats and with equal weights, a bound with its gap, a distance with its slope. Nearly every "common claim" was a
#   true sentence that had lost one.
# - **The cheap thing is cheap for a reason.** One pass back for a million slopes, a convolution for all places, a bound in place of an integral, a blur in place of
#   a search. It is worth knowing what was paid with.
#
# ## Where to go from here
#
# *Wider.* Ian Goodfellow, Yoshua Bengio and Aaron Courville, *Deep Learning*, MIT Press, 2016. — Christopher Bishop and Hugh Bishop, *Deep Learning: Foundations
# and Concepts*, Springer, 2024. — Kevin Murphy, *Probabilistic Machine Learning: Advanced Topics*, MIT Press, 2023.
#
# *Further,* each a short way from a lesson of yours:
#
# - from the denoiser of lesson 06: Jonathan Ho, Ajay Jain and Pieter Abbeel, *Denoising Diffusion Probabilistic Models*, NeurIPS 2020;
# - from the attention of lesson 05: Ashish Vaswani and others, *Attention Is All You Need*, NeurIPS 2017;
# - from the bounds of lesson 07: George Papamakarios and others, *Normalizing Flows for Probabilistic Modeling and Inference*, Journal of Machine Learning
#   Research 22, 2021, where the likelihood is no bound at all.
#
# *Deeper.* Take one exercise and prove what it only measured. The boxes "line by line" are where to begin.
#
# ## Where you stand
#
# The cell looks at the account that `course next` keeps in the file `course_progress.json` beside your notebooks: all lessons, the hidden checks included. Run
# `course next` in a terminal, then the cell. When everything is passed, it says so, and you may print it and hang it up.

# %% experiment
from helpers.whole_course import standing

standing()
