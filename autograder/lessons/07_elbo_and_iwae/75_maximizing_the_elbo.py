# %% [markdown]
# ## Maximizing the ELBO
#
# The ELBO is written in three ways, and each of them shows another KL divergence, or none:
#
# $$ \mathcal L(q) = \mathbb E_q[\log p(x \mid z)] - \mathrm{KL}(q \,\|\, p(z))
#    = \mathbb E_q[\log p(x, z)] + H(q)
#    = \log p(x) - \mathrm{KL}(q \,\|\, p(z \mid x)) . $$
#
# Keep the generative model fixed: prior and likelihood are what they are, and only $q$ moves.
#
# **Then maximizing the ELBO over $q$ is the same as minimizing what?** Answer `maximizing_the_elbo` with a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
maximizing_the_elbo = choice(
    option(
        "KL(q || p(z|x)), the divergence of q from the posterior",
        "Correct: log p(x) = ELBO + KL(q || p(z|x)), and the left side does not know of q.",
        right=True,
    ),
    option(
        "KL(q || p(z)), the divergence of q from the prior",
        "That is only the regularizer inside the ELBO. Its minimum is q = p(z), which ignores x.",
    ),
    option(
        "KL(p(z|x) || q), the divergence of the posterior from q",
        "That is the other direction, an average over the posterior, as the sleep phase of wake-sleep has it.",
    ),
    option(
        "the reconstruction error, minus E_q[log p(x|z)]",
        "That is only one of the two terms. Its minimum is a q without any width, at the best z.",
    ),
    points=2,
)

# %% hints
HINTS = [
    "In which of the three ways does q appear only once?",
    "What does not depend on q may be left out of a maximization over q.",
]
COVERS = ["S0.g", "S0.k"]

# %% [markdown]
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > **A common claim: "to maximize the ELBO is to minimize $\mathrm{KL}(q \,\|\, p(z))$."** It stands in exams as a
# > trap, and in many a slide by mistake. One could believe it, for this is the KL that one *sees* in the loss of
# > every variational autoencoder. Follow the advice in our Gaussian model with $x = 2$: the KL to the prior is 0 for
# > $q = p(z)$, and there the ELBO is $-3.419$. The posterior $\mathcal N(1, 1/2)$ pays 0.597 nats to the prior, gains
# > more in reconstruction, and reaches $-2.2655$, which is $\log p(x)$ itself. The last row is the winner of the
# > fourth option: a $q$ that is all reconstruction.
# >
# > And the small print: *for a fixed model*. When the decoder learns too, the ELBO may also rise by moving the
# > posterior toward $q$, which is how a model with a poor encoder learns to have simple posteriors.
#
# </details>

# %% experiment
bound = grader.yours("gaussian_elbo")
evidence = -math.log(4 * math.pi) / 2 - 2.0**2 / 4
rows = [("the posterior", 1.0, 0.5), ("the prior", 0.0, 1.0), ("in between", 0.5, 0.75), ("all data", 2.0, 1e-4)]
print(
    f"log p(x) = {evidence:.4f}\n{'q':>14}  {'to the prior':>12}  {'to the posterior':>16}  {'ELBO':>8}  {'sum with KL':>11}"
)
for name, m, s2 in rows:
    prior_kl = (m**2 + s2 - 1 - math.log(s2)) / 2
    posterior_kl = (2 * s2 + 2 * (m - 1) ** 2 - 1 - math.log(2 * s2)) / 2
    elbo_of_q = bound(2.0, m, s2)
    print(f"{name:>14}  {prior_kl:12.4f}  {posterior_kl:16.4f}  {elbo_of_q:8.4f}  {elbo_of_q + posterior_kl:11.4f}")
