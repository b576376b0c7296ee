# %% [markdown]
# ## Is it a distance?
#
# One hears that the KL divergence "measures the distance between two distributions". A distance, in mathematics, has
# three duties: it is 0 only between equals, it is the same both ways, and no detour is shorter than the direct way (the
# triangle inequality). You can now compute it. Take a few pairs, and then decide.
#
# **Which statement is right?** Answer `is_kl_a_distance` with a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
is_kl_a_distance = choice(
    option(
        "It becomes a distance as soon as it is symmetrized, as KL(p‖q) + KL(q‖p).",
        "Symmetrizing mends one of two faults: the sum of both directions still breaks the triangle inequality.",
    ),
    option(
        "It is never negative, and 0 only for p = q; but it is not symmetric, and detours can be shorter.",
        "Correct. What does obey the triangle inequality is the square root of the Jensen-Shannon divergence.",
        right=True,
    ),
    option(
        "It can be negative, namely where q is larger than p in most of the bins.",
        "Single terms can be negative, the sum never: Gibbs' inequality, for any two distributions that sum to 1.",
    ),
    option(
        "It is the square of a distance, so that its square root is a distance.",
        "Its square root is not even symmetric. The square root of the Jensen-Shannon divergence is a distance.",
    ),
    points=2,
)

# %% hints
COVERS = ["S4.8b"]

# %% [markdown]
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > **Often said: "KL measures the distance between two distributions."** It measures how far *from* $p$ the explanation
# > $q$ is, and that is a one-way street. Three coins are enough to see it: A falls heads with 0.9, B with 0.5, C with
# > 0.1. From A to B it is 0.368 and back 0.511. From A to C directly it is 1.758, but by way of B only 0.879: the
# > detour is half as long. Adding both directions makes the street two-way, and the detour is still shorter.
# >
# > *Why it is never negative, in one line:* $\log a \le a - 1$, so
# > $-\mathrm{KL}(p \,\|\, q) = \sum_{p_k > 0} p_k \log \frac{q_k}{p_k} \le \sum_{p_k > 0} p_k \bigl(\frac{q_k}{p_k} - 1\bigr) \le 1 - 1 = 0$.
# > The last rows count, for 20,000 random triples of histograms with three bins, how often each of four measures finds
# > a detour that is shorter.
#
# </details>

# %% experiment
kl = grader.yours("kl_divergence")
coins = {"A": np.array([0.9, 0.1]), "B": np.array([0.5, 0.5]), "C": np.array([0.1, 0.9])}
for a, b in ("AB", "BA", "AC", "CA"):
    print(f"from {a} to {b}: {kl(coins[a], coins[b]):.3f}")
print(f"from A to C by way of B: {kl(coins['A'], coins['B']) + kl(coins['B'], coins['C']):.3f}\n")


def many_kl(p, q):
    """KL of many pairs at once, shape (..., bins), without zeros."""
    return np.sum(p * np.log(p / q), axis=-1)


def many_js(p, q):
    m = (p + q) / 2
    return np.maximum(many_kl(p, m) + many_kl(q, m), 0) / 2


measures = {
    "KL": many_kl,
    "KL both ways": lambda p, q: many_kl(p, q) + many_kl(q, p),
    "JS divergence": many_js,
    "square root of JS": lambda p, q: np.sqrt(many_js(p, q)),
}
p, q, between = np.random.default_rng(0).dirichlet(np.ones(3), (3, 20_000))
for name, measure in measures.items():
    shorter = measure(p, between) + measure(between, q) < measure(p, q) - 1e-12
    print(f"{name:>18}: the detour is shorter in {np.mean(shorter):6.1%} of the triples")
