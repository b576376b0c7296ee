# %% [markdown]
# ## What to remember
#
# - **Surprise has a unit.** Cross-entropy = entropy + KL. A perfect model of uncertain targets has a loss above 0, and
#   it is $H(t)$.
# - **KL is not a distance.** It is 0 only between equals, but it has a direction, and detours can be shorter. The
#   square root of the Jensen-Shannon divergence is a distance.
# - **Infinity is an answer.** Where $q$ excludes what $p$ does, KL is infinite. An epsilon replaces it by the taste of
#   whoever chose the epsilon.
# - **JS is bounded, and so it is blind.** At most $\log 2$ (equal weights, nats), and exactly that at every distance
#   once nothing is shared. Lesson 08 suffers from it, lesson 09 cures it.
# - **$\mathrm{KL}(p \,\|\, q)$ covers, $\mathrm{KL}(q \,\|\, p)$ hides.** The first matches moments, $\Sigma$; the
#   second takes a slice, $1 / \Lambda_{ii}$, or one heap of two.
# - **Log-variances, logits, log-weights.** Divide before you square, subtract before you exponentiate, one maximum for
#   each row.
# - **A linear autoencoder is PCA** with biases or centered data, up to an invertible mixture of the code.
# - **A penalty needs a law on the other side too.** $\lVert \partial f / \partial x \rVert^2$ goes to 0 for free unless
#   the decoder is held.
# - **The best denoiser is a score:** $\mathrm{E}[x \mid y] = y + s^2\, \nabla \log p(y)$. The best of all for a
#   training set leads back to the training set.
#
# ## Where to read on
#
# - Thomas Cover and Joy Thomas, *Elements of Information Theory*, second edition, Wiley, 2006. Chapter 2 has entropy,
#   KL and their inequalities, with proofs of a few lines.
# - Pierre Baldi and Kurt Hornik, *Neural Networks and Principal Component Analysis: Learning from Examples Without
#   Local Minima*, Neural Networks 2, 1989. Why the landscape of the linear autoencoder has no trap.
# - Pascal Vincent, *A Connection Between Score Matching and Denoising Autoencoders*, Neural Computation 23, 2011. The
#   last exercise, and where diffusion models come from.
