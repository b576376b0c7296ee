# %% [markdown]
# # Wasserstein: how far is the earth to be moved?
#
# Two heaps of sand that do not touch. How different are they? The numbers of the lessons before this one compare
# heights, place by place. Where one heap is, the other one is not, so they say "entirely", and they say it at any
# distance: KL is infinite, JS is $\log 2$, and the best discriminator is right with certainty and has nothing to teach.
# Yet one of two generators may be nearly right and the other one a mile off.
#
# The number of this lesson asks another question, and a child could ask it: *how far must the sand be carried?* It sees
# the distance, since distance is all it is about. It has two faces, one for him who carries and one for him who sells
# the carrying, and the second one can be trained. It is dear to compute, and a little blur makes it cheap.
#
# After this lesson you will be able to
#
# - say what a transport plan is, price it, and build the best one on the line without any search;
# - compute $W_1$ as the area between two staircases, and say into which direction it pulls each single point;
# - *prove* that a plan is the best one, with a price list that fits on a line;
# - say what clipped weights, spectral normalization and a gradient penalty really bound, in numbers;
# - run Sinkhorn's algorithm where the textbook's form dies, and pay back the blur.
#
# **The map.** *Carrying:* plans and prices, two boxes, the line, the queue, a gradient, bells. *Selling:* the critic, a
# certificate, the best price list. <br>
# *Leashes:* clipping, the spectral norm, the penalty. *Blurring:* Sinkhorn, and his divergence; then eight Gaussians, a
# digit that flows, and a blur in four strengths.
#
# ## The picture: moving earth
#
# One real heap, a bump at 0, and a generated one, of a shape and at a place of your choice. **Left,** a plan from the
# one to the other: the darker a spot, the more goes from the point of its row to that of its column. **Middle,** both
# staircases, with the area between them, and below the best price list: nowhere steeper than 1, and worth exactly the
# area. **Right,** two boxes and what JS and $W_1$ say of their shift; and below the slope that a critic with clipped
# weights may have, beside the one that it has with random weights. The dotted line is the slope 1 that is wanted.
#
# Move one thing at a time, and guess before you look.
#
# 1. **Shift.** From 4 down to 0. The area shrinks at a steady pace. On the right $W_1$ falls with it, and JS does not
#    wake up before the boxes touch.
# 2. **Plan: queue.** One thin line, and its cost equals the area equals what the price list earns: three roads to one
#    number. *Independent:* a plan as well, and dearer.
# 3. **Plan: Sinkhorn,** and the blur from 10 down. From the independent plan to the cost of the queue. At 0.01 the rows
#    are off after a hundred rounds, and the "cost" may even fall below the area: what is not a plan may be cheaper than
#    the best one. (With $|x - y|$ for the price many plans are equally good; Sinkhorn takes the most blurred of them.)
# 4. **Generated heap: one bump, two bumps.** At shift 0. Sand moves to both sides; the price list has a ridge, and
#    turns where the staircases cross.
# 5. **Clip,** and **hidden layers.** Try to bring the bound to 1. Then add a layer.
#
# The figure starts with our functions. When you have answered `transport_cost`, `monotone_plan`, `sinkhorn`,
# `wasserstein_1d`, `optimal_critic`, `shifted_uniform_divergences` or `lipschitz_bound_from_clipping`, run its cell
# again: it then shows yours.

# %% experiment
from helpers.figures import moving_earth

moving_earth(
    transport_cost=grader.yours("transport_cost"),
    monotone_plan=grader.yours("monotone_plan"),
    sinkhorn=grader.yours("sinkhorn"),
    wasserstein_1d=grader.yours("wasserstein_1d"),
    optimal_critic=grader.yours("optimal_critic"),
    shifted_uniform_divergences=grader.yours("shifted_uniform_divergences"),
    lipschitz_bound_from_clipping=grader.yours("lipschitz_bound_from_clipping"),
)
