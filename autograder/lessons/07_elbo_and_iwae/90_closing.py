# %% [markdown]
# ## What to remember
#
# - **$\log p(x) = \mathrm{ELBO} + \mathrm{KL}(q \,\|\, p(z \mid x))$, exactly.** So for a fixed model, raising the
#   bound is bringing $q$ to the *posterior*. The KL to the prior is only a part of the bound.
# - **The gap has two parts,** what the family cannot do and what the encoder does not do. The second is a difference
#   of two bounds, not a KL divergence, unless the family is linear.
# - **$K$ samples, one logarithm outside the mean:** $L_K$ rises with $K$ toward $\log p(x)$, about
#   $\mathrm{Var}(w) / (2 K p^2)$ below it, if the weights have a finite variance, and if $q$ covers what $p$ allows.
#   A single draw may lie on either side.
# - **A large effective sample size proves nothing.** It speaks of the samples that came, not of the peak that was
#   missed.
# - **Tighter is not better for everybody.** The decoder's gradient gets clearer like $\sqrt K$, the encoder's drowns
#   like $1/\sqrt K$. Doubly reparameterized it grows with $\sqrt K$ too, with the same mean.
# - **Both gradient estimators are unbiased; they differ in variance,** and neither always wins. A baseline costs
#   nothing, if it does not know the draw.
# - **Gumbel-softmax buys a slope with a bias.** A colder temperature pays the bias back in variance.
# - **A larger beta moves $q$ to the prior:** the likelihood counts with the power $1/\beta$. Too large, and every
#   latent collapses, the bound is tight and the model is a bag of coins. Free bits, clamped at each dimension's mean,
#   keep it from giving up.
# - **Work in logarithms, take out the largest of each row,** add no epsilon, and name the unit. These are nats.
#
# ## Where to read on
#
# - Diederik P. Kingma and Max Welling, *Auto-Encoding Variational Bayes*, ICLR 2014. The bound, the
#   reparameterization, the network.
# - Yuri Burda, Roger Grosse and Ruslan Salakhutdinov, *Importance Weighted Autoencoders*, ICLR 2016. The bound with
#   $K$ samples, and units that are active or not.
# - Tom Rainforth and others, *Tighter Variational Bounds are Not Necessarily Better*, ICML 2018; and the cure, George
#   Tucker and others, *Doubly Reparameterized Gradient Estimators for Monte Carlo Objectives*, ICLR 2019.
