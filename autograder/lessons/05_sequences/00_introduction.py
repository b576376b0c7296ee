# %% [markdown]
# # Sequences: learning through time
#
# To understand the last word of a sentence one may need the first. A network that reads one word after the other must
# carry something along, and to *learn* what to carry, its gradient must travel the same way back. Every step on that way
# is a factor. A hundred factors of 0.9 leave nothing, a hundred of 1.1 make ten thousand times too much, and
# between the two lies the art of this lesson.
#
# After it you will be able to
#
# - write a recurrent network forward and backward, and derive the gradient of any loss on it, line by line;
# - find the missing term in a gradient that has passed for right for years, with nothing but a finite difference;
# - say in numbers when a gradient vanishes or explodes, and what gates and clipping can do about it;
# - write an LSTM with peepholes, a bidirectional network, and attention that ignores padding;
# - make a task that cannot be done without memory, know what knowing nothing scores on it, and watch an LSTM learn it
#   where a plain network fails.
#
# **The map.** *Through time:* a network that remembers, its sensitivity, its gradient, the missing term, clipping. <br>
# *A better memory:* the LSTM, its carousel, how close to 1, counting. *The test:* the adding problem, both directions,
# attention, and the race.
#
# ## The picture: a gradient on its way through time
#
# **Left**, the size of $\partial L / \partial h_t$ for each step of a sequence, when only the last step has an error: how
# loudly does the present speak to the past? The bars are a network's with the recurrent matrix of your choice, the line
# with the round marks is the belt of an LSTM with the forget gate $f$. The gray wedge is what constant
# factors within $1/T$ of 1 would leave. **Right**, the gradient for $U$ when the sensitivity of the outputs is punished
# with a weight $\lambda$: the cosine between the answer that circulates and the true one, and below it both norms.
#
# Move one thing at a time, and guess before you look.
#
# 1. **Radius of U,** the spectral radius, with the linear activation. Below 1 the bars vanish, above 1 they explode,
#    and the longer the sequence, the narrower the wedge between. With tanh a radius a little above 1 is needed to make
#    up for the slopes. With the sigmoid no radius on the slider is enough.
# 2. **Forget gate** at 1, 0.99, 0.9. The belt knows no matrix. Compare the number of steps that it reaches.
# 3. **Penalty $\lambda$.** For a small one the two gradients agree. At 1 the angle shows; at 10 the answer sheet's points
#    almost exactly the wrong way, and a step along it makes the loss larger.
# 4. **Targets met.** Let the targets be what the network says. The answer sheet's gradient is exactly 0 then, and
#    the true one is not.
#
# The figure starts with our functions. When you have answered `rnn_forward`, `bptt`, `penalized_bptt` and
# `cec_gradient`, run its cell again: it then shows yours.

# %% experiment
from helpers.figures import gradient_through_time

gradient_through_time(
    rnn_forward=grader.yours("rnn_forward"),
    bptt=grader.yours("bptt"),
    penalized_bptt=grader.yours("penalized_bptt"),
    cec_gradient=grader.yours("cec_gradient"),
)

# %% hints
COVERS = ["S3.19"]
