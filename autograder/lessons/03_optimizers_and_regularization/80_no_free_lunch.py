# %% [markdown]
# ## No free lunch
#
# Momentum or Adam, ridge or lasso: after so many methods one would like to know which of them is the best. There is a
# theorem about that, and it is quoted more often than it is read.
#
# **The no-free-lunch theorem says that all learners have the same error outside of the training data…** Complete the
# sentence: answer `no_free_lunch` with a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
no_free_lunch = choice(
    option(
        "… on every single problem, so that there is no point in comparing algorithms.",
        "It is a statement about an average over targets. On a single problem learners differ.",
    ),
    option(
        "… averaged over all the problems that the real world is known to pose.",
        "Real problems are not a uniform draw from all targets: most targets look like noise.",
    ),
    option(
        "… averaged uniformly over all possible targets, structured or not.",
        "Correct. For structured problems some learners are far better than others.",
        right=True,
    ),
    option(
        "… provided that they have reached the same error on the training data.",
        "The training error plays no role in the statement.",
    ),
    points=2,
)

# %% hints
COVERS = ["S4.3"]

# %% [markdown]
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > **A common claim: "there is no general-purpose algorithm, so one must be designed anew for each task."** It sounds
# > like the theorem itself. Count and see. On three bits there are 8 inputs and $2^8 = 256$ possible targets. Each of
# > four learners sees 5 inputs with their labels and is asked for the other 3. Over *all* 256 targets each of them is
# > right exactly half of the time, even the one that answers with the *rarer* label. Now look at a smaller world. Among
# > the targets that change gently, where neighboring inputs mostly agree, the rarer label is right in a quarter of the
# > cases and the more frequent one in three quarters. Among the six targets that copy a single bit or its opposite,
# > whoever looks for such a bit is always right. The theorem forbids a winner over all targets. The world does not draw
# > from all targets, so methods of wide use may well exist, for the part of them that occurs.
#
# </details>

# %% experiment
inputs = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)])
distances = np.abs(inputs[:, None] - inputs[None]).sum(axis=2)
seen, unseen = np.array([0, 1, 2, 5, 7]), np.array([3, 4, 6])
single_bits = np.concatenate([inputs.T, 1 - inputs.T])
learners = {
    "more frequent label": lambda labels: np.full(3, labels.mean() > 0.5),
    "rarer label": lambda labels: np.full(3, labels.mean() < 0.5),
    "nearest neighbor": lambda labels: labels[distances[np.ix_(unseen, seen)].argmin(axis=1)],
    "best single bit": lambda labels: single_bits[np.sum(single_bits[:, seen] == labels, axis=1).argmax(), unseen],
}
targets = np.array([[number >> i & 1 for i in range(8)] for number in range(256)])
agreeing = np.array([np.mean((target[:, None] == target[None])[distances == 1]) for target in targets])
worlds = {"all": targets, "gentle": targets[agreeing >= 0.6], "one bit": single_bits}
print(f"{'accuracy on the unseen inputs':>32}", *(f"{name + f', {len(world)}':>12}" for name, world in worlds.items()))
for name, learn in learners.items():
    right = [np.mean([learn(target[seen]) == target[unseen] for target in world]) for world in worlds.values()]
    print(f"{name:>32}", *(f"{each:12.4f}" for each in right))
