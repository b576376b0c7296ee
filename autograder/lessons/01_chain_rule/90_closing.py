# %% [markdown]
# ## What to remember
#
# - Slopes along a way multiply, ways add. A partial derivative holds the rest still, a total one lets it follow.
# - A gradient that was not checked is wrong. Go to both sides by about $10^{-5}$, not "as small as possible".
# - Indices decide: a gradient sums over every index that its result does not have, and leading axes are only more of the same.
# - Softmax does not notice a common shift. Subtract the maximum of each slice, and take logarithms before you need them.
# - The Jacobian of a softmax is $\mathrm{diag}(s) - s s^\top$; its product with a vector needs no Jacobian.
# - Cross-entropy from logits has the gradient $(\sum c)\, y - c$. It is $y - c$ only where the weights sum to 1.
# - $y - t$ stands in the gradient, $t - y$ in the update.
# - Back-propagation computes gradients. It minimizes nothing.
#
# **To read on.** D. E. Rumelhart, G. E. Hinton, R. J. Williams, *Learning representations by back-propagating errors*, Nature 323, 1986. —
# A. Griewank, A. Walther, *Evaluating Derivatives: Principles and Techniques of Algorithmic Differentiation*, second edition,
# SIAM, 2008. — N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, second edition, SIAM, 2002.

# %% hints
COVERS = ["S3.40"]
