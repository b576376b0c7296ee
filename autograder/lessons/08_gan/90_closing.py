# %% [markdown]
# ## What to remember
#
# - **The best discriminator is a ratio.** $D^* = p/(p+q)$: it knows where the forger is wrong, not where the data are. Its
#   logit is $\log(p/q)$, and every other discriminator loss shows the same ratio through other glasses.
# - **The value of the game is $2\,\mathrm{JS} - \log 4$, against the best discriminator only.** Any other falls short, and from
#   outside nobody can tell a shortfall from a good forger.
# - **A better judge is a worse teacher, for the saturating loss.** Its slope $-\sigma(a)$ dies where the forger is worst. The
#   non-saturating slope lives on, but it is the slope of another thing, $\mathrm{KL}(q\|p) - 2\,\mathrm{JS}$; and no loss helps
#   where the verdict itself is flat.
# - **A price on the forger's own samples can even do maximum likelihood:** $f = -e^a$, frozen, on paper. What it costs is
#   variance.
# - **Two players are not one descent.** On $xy$ simultaneous steps grow by $\sqrt{1+\eta^2}$, alternating ones keep
#   $x^2 + y^2 + \eta xy$, and extragradient steps arrive. A smaller step only runs away more slowly.
# - **Hold the judge back.** Noise makes the two overlap; R1 bounds the slope at the data. Both change the discriminator, not the
#   loss, and both need the right amount.
# - **Count the modes.** A loss on the forger's own samples misses nothing that the forger never forges.
# - **Adversarial examples need one gradient and no game.**
#
# What is left open: even with noise the divergence is a poor guide when the two are far apart. The next lesson measures
# another distance, which grows with how far the mass would have to travel.
#
# ## Where to read on
#
# - Ian Goodfellow and others, *Generative adversarial nets*, NeurIPS 2014. Eight pages: the game, its value, both losses.
# - Martin Arjovsky and Léon Bottou, *Towards principled methods for training generative adversarial networks*, ICLR 2017. Which
#   gradients vanish, what the other loss minimizes, and why noise helps.
# - Lars Mescheder, Andreas Geiger and Sebastian Nowozin, *Which training methods for GANs do actually converge?*, ICML
#   2018. The Dirac GAN, and R1.
