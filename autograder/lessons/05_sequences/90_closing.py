# %% [markdown]
# ## What to remember
#
# - **A recurrent network is a deep one whose layers share their weights.** Its state changes, its weights do not, and
#   the gradient for a weight is a sum over time.
# - **Every reader of a value sends a message back.** $h_t$ has two readers, $y_t$ and $a_{t+1}$. A penalty on the
#   sensitivity is a third one, of $a_t$. Draw the graph before you write the formula, and start from $\delta_{T+1} = 0$.
# - **A gradient that looks right is a claim.** Put it beside a finite difference, and choose a case in which the claim
#   says 0: there a missing term has nowhere to hide.
# - **Any constant factor but 1 vanishes or explodes.** Over $T$ steps it must be within about $1/T$ of 1. The belt of
#   an LSTM is 1 by construction, and the forget gate decides where it is not.
# - **Clip the global norm, not the values.** The direction is the information. For a vanished gradient there is no such
#   remedy.
# - **Count arrays, and say which.** LSTM 12, with peepholes 15, GRU 9. Fewer parameters are not less time.
# - **Know what knowing nothing costs.** 1/6 for the adding problem, not 0.1767. A network below its baseline has
#   learned something, and only then.
# - **Mask before the softmax.** Attention decides anew for each sequence where to look; padding must not be there at all.
#
# ## Where to read on
#
# - Sepp Hochreiter and Jürgen Schmidhuber, *Long Short-Term Memory*, Neural Computation 9(8), 1997. The constant error
#   carousel and the adding problem, in their first form.
# - Felix Gers, Nicol Schraudolph and Jürgen Schmidhuber, *Learning Precise Timing with LSTM Recurrent Networks*, Journal
#   of Machine Learning Research 3, 2002. What peepholes are for.
# - Razvan Pascanu, Tomas Mikolov and Yoshua Bengio, *On the difficulty of training recurrent neural networks*, ICML 2013.
#   Vanishing, exploding, the cliff, and clipping by the norm.
