# %% [markdown]
# ## Tighter is not always better
#
# More samples make the bound tighter. They cost time, and nothing else? A gradient is only useful as far as it stands
# out of its own noise. Its *signal-to-noise ratio* is the size of its mean over its standard deviation: at 1, one
# draw tells you roughly the direction; at 0.01 it takes ten thousand draws to see it at all.
#
# Look at the two networks of a variational autoencoder. The *decoder* has the parameters $\theta$ of the model
# $p_\theta(x, z)$, the *encoder* has the parameters $\phi$ of the proposal $q_\phi(z \mid x)$. Both climb the same
# bound with the gradient that automatic differentiation gives, through $z_k = \mu_\phi + \sigma_\phi \varepsilon_k$,
#
# $$ \nabla L_K = \sum_{k=1}^{K} \tilde w_k \, \nabla \log w_k, \qquad \tilde w_k = \frac{w_k}{\sum_j w_j} . $$
#
# Three facts, in the generic case in which the weights have a finite variance and $q_\phi$ is not the posterior:
#
# - The bound falls short of the evidence by about $\mathrm{Var}(w) / (2 K p(x)^2)$, and only this shortfall depends
#   on $\phi$.
# - The sum is an average of $K$ independent terms, with normalized weights of size about $1/K$.
# - The evidence itself depends on $\theta$, however large $K$ is.
#
# **As $K$ grows, how do the signal-to-noise ratios of this standard gradient scale?** Answer
# `tighter_is_not_always_better` with a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
tighter_is_not_always_better = choice(
    option(
        "Decoder: like sqrt(K), it grows. Encoder: like 1/sqrt(K), it shrinks. The doubly reparameterized form repairs the encoder.",
        "Correct: from K = 1 to 1000 the encoder's falls from 0.31 to 0.008, and the decoder's grows from 0.98 to 26.",
        right=True,
    ),
    option(
        "Decoder: like sqrt(K), it grows. Encoder: like sqrt(K), it grows too. Averaging K terms reduces the noise of both.",
        "The encoder's noise does shrink like 1/sqrt(K), but its mean goes like 1/K: the bound becomes tight whatever q is.",
    ),
    option(
        "Decoder: like 1/sqrt(K), it shrinks. Encoder: like 1/sqrt(K), it shrinks too. A tight bound leaves nothing to learn.",
        "The decoder's mean tends to the gradient of log p(x), which is not 0, while its noise shrinks.",
    ),
    option(
        "Decoder and encoder: neither depends on K, because the normalized weights sum to 1 for every K, and so scale both alike.",
        "Both depend on K: look at the mean and at the standard deviation of each for themselves.",
    ),
    points=3,
)

# %% hints
HINTS = [
    "What is the limit of the bound for K to infinity, and on which of the two sets of parameters does it depend?",
    "Write mean and standard deviation as powers of K, for each network by itself, then divide.",
]
COVERS = ["S0.k", "S2.9"]

# %% [markdown]
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# **The ratios, line by line.** *Noise.* A sum of $K$ terms of size $1/K$ that fluctuate independently has a standard
# deviation of $\sqrt K / K = K^{-1/2}$, for both networks. *Signal of the decoder.*
# $\nabla_\theta\, \mathbb E[L_K] \to \nabla_\theta \log p_\theta(x)$, some number: the ratio grows like $K^{1/2}$.
# *Signal of the encoder.* $\log p_\theta(x)$ does not contain $\phi$. So
# $\nabla_\phi\, \mathbb E[L_K] \approx -\nabla_\phi \mathrm{Var}(w) / (2 K p^2)$, of size $K^{-1}$: the ratio is
# $K^{-1} / K^{-1/2} = K^{-1/2}$ and falls. *Doubly reparameterized.* The terms of the DReG estimator carry
# $\tilde w_k^2$, of size $K^{-2}$: the mean of their sum is again $K \cdot K^{-2} = K^{-1}$, as it must be, for the
# expectation is the same; but the noise is $\sqrt K \cdot K^{-2} = K^{-3/2}$, and the ratio grows like $K^{1/2}$.
#
# > **A common claim: "the bound of the IWAE is tighter, so it is the better objective."** The first half is true in
# > expectation, and one believes the second because for the decoder it is. Look at both networks side by side, in the
# > model of the section on `iwae_gradients`: the encoder's parameter is the mean $b = 1.2$ of $q$, the decoder's is
# > the mean of the prior, and the gradients come from your function. The signal is the mean of the DReG estimates for
# > both columns of the encoder, because at $K = 1000$ not even the mean of thousands of standard ones shows it.
# > Beside each ratio stands what it means for one step of training: how many of a hundred gradients point the right
# > way. At $K = 1000$ the standard one is a coin. The last line is the fitted power of $K$.
# >
# > Two cures, then. Take DReG, or let the encoder climb the bound of $K = 1$ while the decoder climbs that of
# > $K = 1000$.
#
# </details>

# %% experiment
gradients = grader.yours("iwae_gradients")
draws = np.random.default_rng(0)
b, s, samples = 1.2, math.sqrt(2 / 3), (1, 10, 100, 1000)
ratios = []
print(f"{'K':>6}" + "".join(f"{name:>24}" for name in ("encoder", "encoder, DReG", "decoder")))
for K in samples:
    eps = draws.normal(size=(max(3000, 50_000 // K), K))
    z = b + s * eps
    logw = -((z - 0.4) ** 2) / 2 - (1.5 - z) ** 2 / 2 + eps**2 / 2  # up to a constant
    standard, dreg = gradients(z, b, s, (0.4 - z) + (1.5 - z), logw)
    w = np.exp(logw - logw.max(axis=1, keepdims=True))
    decoder = (w * (z - 0.4)).sum(axis=1) / w.sum(axis=1)
    signals = dreg.mean(), dreg.mean(), decoder.mean()
    pairs = list(zip((standard, dreg, decoder), signals, strict=True))
    ratios.append([abs(signal) / each.std() for each, signal in pairs])
    right = [100 * np.mean(each * signal > 0) for each, signal in pairs]
    print(f"{K:6d}" + "".join(f"{a:14.3f} ({n:3.0f} %)  " for a, n in zip(ratios[-1], right, strict=True)))
powers = np.polyfit(np.log(samples), np.log(ratios), 1)[0]
print(f"{'power':>6}" + "".join(f"{power:14.2f}          " for power in powers))
