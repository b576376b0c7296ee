# %% [markdown]
# ## What to remember
#
# - **Momentum is a memory of gradients:** what alternates cancels, what persists adds up. In a ravine of condition number
#   $\kappa$ the number of steps grows like $\sqrt\kappa$ in place of $\kappa$.
# - **AdaGrad and RMSProp remember squares,** one for ever, the other with forgetting. So AdaGrad may stall, and RMSProp
#   hovers at a constant rate.
# - **Adam divides by the root of an uncentered second moment,** corrected for its empty start: a weighted mean of what it
#   has seen, from the first step on.
# - **In an adaptive method weight decay belongs beside the gradient,** or large gradients divide it away.
# - **Ridge shrinks, lasso kills.** Exact zeros come from the soft threshold, not from subgradient steps, and they save time
#   only where somebody takes them out.
# - **State the convention of a rate:** half or not, sum or mean, $\mu$ damped or not. The same number means different
#   things.
# - **Early stopping is a filter,** $1 - (1 - \eta\lambda)^t$ beside ridge's $\lambda / (\lambda + \alpha)$: alike for
#   $\alpha = 1/(\eta t)$, up to 0.2 apart, and it shrinks towards the start.
# - **A penalty is a belief about the weights.** No method wins on all targets; on those that occur, beliefs pay.
#
# ## Where to read on
#
# - Diederik P. Kingma and Jimmy Ba, *Adam: A Method for Stochastic Optimization*, ICLR 2015. The algorithm and its bias
#   correction.
# - Ilya Loshchilov and Frank Hutter, *Decoupled Weight Decay Regularization*, ICLR 2019. Why the decay belongs beside the
#   gradient.
# - Trevor Hastie, Robert Tibshirani and Jerome Friedman, *The Elements of Statistical Learning*, second edition, Springer,
#   2009. Chapter 3 has ridge, the lasso and their paths.
