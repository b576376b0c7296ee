# %% [markdown]
# ## What to remember
#
# - **Only exponentiate what is not positive.** $e^{-|x|}$ gives the sigmoid, its slope and its logarithm without a
#   warning and with all digits, in both tails.
# - **A sigmoid passes on a quarter at best,** and only at 0. Depth multiplies, and a constant factor $c \ne 1$
#   vanishes or explodes; to survive $T$ steps it must be within about $1/T$ of 1.
# - **The loss can undo the last slope.** Cross-entropy cancels the slope of the output sigmoid, the squared error does
#   not. The slopes of the hidden layers no loss can undo.
# - **Symmetry, not zero, is what ails a constant start.** Random weights break it. Their variance is 1 / fan-in for a
#   line and 2 / fan-in for ReLU, so that the mean square survives.
# - **BatchNorm has two variances:** biased for the batch, unbiased for the running statistics, which evaluation uses.
#   Backward there are three roads: directly, through the mean, through the variance.
# - **BatchNorm buys fewer steps at a higher price per step.** It rescues deep sigmoids, makes plain deep ReLU networks
#   explode, and turns weight decay into a knob for the effective learning rate.
# - **The best achievable training error never rises with capacity; the reached one may.** Overfitting is a gap, and
#   more data closes it except around the interpolation peak.
#
# ## Where to read on
#
# - Xavier Glorot and Yoshua Bengio, *Understanding the difficulty of training deep feedforward neural networks*,
#   AISTATS 2010. The signal and the gradient through depth, measured layer by layer.
# - Kaiming He, Xiangyu Zhang, Shaoqing Ren and Jian Sun, *Delving Deep into Rectifiers: Surpassing Human-Level
#   Performance on ImageNet Classification*, ICCV 2015. Where the 2 in 2 / fan-in comes from.
# - Sergey Ioffe and Christian Szegedy, *Batch Normalization: Accelerating Deep Network Training by Reducing Internal
#   Covariate Shift*, ICML 2015. The method itself; what it does and why is still being argued about.
