# %% [markdown]
# ## What to remember
#
# - **A plan has three conditions:** rows, columns, and no negative mass. The third one is what makes weak duality work.
# - **Any plan is an upper bound, any 1-Lipschitz function a lower one.** Where they meet, both are proved to be the
#   best: a certificate.
# - **On the line nothing is searched for.** $W_1 = \int |F - G|$, the best plan is the queue, and the best critic has
#   the slope $\pm 1$ that the staircases tell it. The difference of the means is only a lower bound.
# - **$W_1$ never saturates.** Every point hears $1/n$, from any distance. JS is $\log 2$ for all heaps that do not
#   touch, in nats and with equal weights, and its slope is 0 there.
# - **The leash is on the critic.** Without it the supremum is infinite. Clipping bounds the slope by $\prod c
#   \sqrt{ab}$, which is nearly never 1; the penalty asks for 1, softly, where it looks. A critic's number is $K \cdot
#   W_1$ at best: measure the slope before you trust it.
# - **For bells there is a closed form,** and the FID is this form. Mind the singular covariances, the epsilon, and the
#   number of samples.
# - **Entropy makes transport fast,** in logarithms or not at all. What it blurs can be paid back.
# - **Read a library's signature:** masses or samples, squares or ways, root or not, rows or columns first.
#
# ## Where to read on
#
# - Gabriel Peyré and Marco Cuturi, *Computational Optimal Transport*, Foundations and Trends in Machine Learning
#   11 (2019). The book of the field, with pictures and code.
# - Martin Arjovsky, Soumith Chintala and Léon Bottou, *Wasserstein Generative Adversarial Networks*, ICML 2017; and
#   Ishaan Gulrajani et al., *Improved Training of Wasserstein GANs*, NeurIPS 2017. The critic, and its two first
#   leashes.
# - Jean Feydy et al., *Interpolating between Optimal Transport and MMD using Sinkhorn Divergences*, AISTATS 2019. Why
#   the divergence is positive, and what it is between.
