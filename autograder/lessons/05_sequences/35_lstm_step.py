# %% [markdown]
# ## A cell with doors
#
# A plain recurrent network rewrites its whole memory at every step, through a matrix and a squashing function. No
# wonder that it forgets. The LSTM keeps a second vector, the *cell* $c$, on a conveyor belt. By default it goes on
# unchanged. Three doors, called gates, decide: how much of the old cell to keep ($f$), how much of a new proposal $g$ to
# add ($i$), how much of the result to show ($o$). A gate is a sigmoid, so a door may be ajar.
#
# Here is one step. From the input and the last state come the three gates $f$, $i$, $o$ and the proposal $g$; the belt runs along the
# top.

# %% experiment
from helpers.figures import computation_graph

computation_graph(
    {
        "seen": (0.06, 0.08, "$x_t,\\ h_{t-1}$"),
        "before": (0.06, 0.88, "$c_{t-1}$"),
        "f": (0.25, 0.5, "$f$"),
        "keep": (0.25, 0.88, "×"),
        "i": (0.38, 0.38, "$i$"),
        "g": (0.58, 0.38, "$g$"),
        "add": (0.48, 0.6, "×"),
        "belt": (0.48, 0.88, "+"),
        "tanh": (0.8, 0.52, "tanh"),
        "o": (0.69, 0.16, "$o$"),
        "show": (0.8, 0.16, "×"),
        "c": (0.95, 0.88, "$c_t$"),
        "h": (0.95, 0.16, "$h_t$"),
    },
    [
        ("before", "keep"),
        ("keep", "belt"),
        ("belt", "c"),
        *(("seen", gate) for gate in "figo"),
        ("f", "keep"),
        ("i", "add"),
        ("g", "add"),
        ("add", "belt"),
        ("c", "tanh"),
        ("tanh", "show"),
        ("o", "show"),
        ("show", "h"),
    ],
    alt="The old cell is multiplied by the gate f; the product of the gate i and the proposal g is added: that is the new cell. Its tanh, "
    "multiplied by the gate o, is the new state. Gates and proposal come from the input and the last state.",
    height=3.2,
)

# %% [markdown]
# But a door that sees only $x_t$ and $h_{t-1}$ does not see what it guards: with the output door shut, $h$ is 0,
# whatever is in the cell. **Peepholes** show the cell to its gates. The gates of the input and of forgetting look at the
# old cell, for the new one does not exist yet. The output gate acts last, and looks at the *new* cell:
#
# $$ \begin{aligned}
#    i &= \sigma(W_i x + U_i h + b_i + p_i \odot c), & f &= \sigma(W_f x + U_f h + b_f + p_f \odot c), \\
#    g &= \tanh(W_g x + U_g h + b_g), & c' &= f \odot c + i \odot g, \\
#    o &= \sigma(W_o x + U_o h + b_o + p_o \odot c'), & h' &= o \odot \tanh(c') .
# \end{aligned} $$
#
# | argument | shape | meaning |
# |---|---|---|
# | `x`, `h`, `c` | `(D,)`, `(H,)`, `(H,)` | input, last hidden state, last cell |
# | `P["W"]`, `P["U"]`, `P["b"]` | `(4H, D)`, `(4H, H)`, `(4H,)` | four blocks of $H$ rows, in the order $i, f, g, o$ |
# | `P["p"]` | `(3, H)` | the peepholes $p_i, p_f, p_o$, one row each |
# | results | `(H,)`, `(H,)` | the new hidden state $h'$ and the new cell $c'$ |
#
# **Write `lstm_step(x, h, c, P)`, which returns `(h, c)`.** A cell may count as high as it likes: 1000 is no mistake.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_close, expect_parts, is_pure, right_answer, wrong_answer


# %% answer
def lstm_step(x, h, c, P):
    """Return the next hidden state and cell, (H,) each; P holds W (4H, D), U (4H, H), b (4H,), p (3, H), in order i f g o."""

    # BEGIN SOLUTION
    def gate(z):
        return 1 / (1 + np.exp(-z))

    z_i, z_f, z_g, z_o = np.split(P["W"] @ x + P["U"] @ h + P["b"], 4)
    peep_i, peep_f, peep_o = P["p"]
    keep = gate(z_f + peep_f * c)
    add = gate(z_i + peep_i * c)
    new_c = keep * c + add * np.tanh(z_g)
    show = gate(z_o + peep_o * new_c)
    return show * np.tanh(new_c), new_c
    # END SOLUTION


# %% checks
PARTS = ("h", "c")


def one_unit(j, x, h, c, P):
    """The new hidden state and cell of unit j, in plain Python."""
    H = len(h)

    def reached(block):
        row = block * H + j
        return math.fsum([*(P["W"][row] * x), *(P["U"][row] * h), P["b"][row]])

    def gate(z):
        return (1 + math.tanh(z / 2)) / 2

    old, peep = float(c[j]), P["p"][:, j]
    new = gate(reached(1) + peep[1] * old) * old + gate(reached(0) + peep[0] * old) * math.tanh(reached(2))
    return gate(reached(3) + peep[2] * new) * math.tanh(new), new


def unit_by_unit(x, h, c, P):
    """The step, one unit after the other."""
    both = [one_unit(j, x, h, c, P) for j in range(len(h))]
    return np.array([new_h for new_h, _ in both]), np.array([new_c for _, new_c in both])


def draw(rng, H, D, peepholes=1.0):
    """A random input, state, cell and parameters."""
    P = {"W": rng.normal(size=(4 * H, D)), "U": rng.normal(size=(4 * H, H)), "b": rng.normal(size=4 * H)}
    return rng.normal(size=D), rng.normal(size=H), rng.normal(size=H), {**P, "p": peepholes * rng.normal(size=(3, H))}


# %% public checks
@check(points=0.5)
def all_doors_half_open(lstm_step):
    """With all parameters 0 and c = 1, every gate is 1/2: the new cell is 1/2, and h = tanh(1/2)/2."""
    P = {"W": np.zeros((4, 1)), "U": np.zeros((4, 1)), "b": np.zeros(4), "p": np.zeros((3, 1))}
    expected = np.array([math.tanh(0.5) / 2]), np.array([0.5])
    expect_close(lstm_step(np.zeros(1), np.zeros(1), np.ones(1), P), expected, "lstm_step of zeros, c = 1", parts=PARTS)


@check(points=1)
def the_doors_in_their_order(lstm_step):
    """With b = (ln 3, -ln 3, artanh 1/2, ln 3) the gates are 3/4, 1/4, 3/4 and g = 1/2: from c = 2, c' = 7/8."""
    b = np.array([math.log(3), -math.log(3), math.atanh(0.5), math.log(3)])
    P = {"W": np.zeros((4, 1)), "U": np.zeros((4, 1)), "b": b, "p": np.zeros((3, 1))}
    expected = np.array([0.75 * math.tanh(0.875)]), np.array([0.875])
    got = lstm_step(np.zeros(1), np.zeros(1), np.array([2.0]), P)
    expect_close(got, expected, "lstm_step with biases only, c = 2", parts=PARTS)


# %% hidden checks
@check(points=1.5, hidden=True)
def without_peepholes(lstm_step, rng):
    """Without peepholes it matches plain Python, for any sizes, for an empty cell and for one that has counted far."""
    for H, D in [(3, 2), (1, 1), (2, 4), (3, 3)]:
        x, h, c, P = draw(rng, H, D, 0.0)
        for cell, said in ((c, "random"), (0 * c, "0"), (-np.abs(c) - 20, "about -20"), (5000 * c, "in the thousands")):
            what = f"lstm_step with H, D = {H}, {D}, no peepholes and c {said}"
            expected = unit_by_unit(x, h, cell, P)
            expect_close(lstm_step(x, h, cell.copy(), P), expected, what, parts=PARTS)
    x, h, c, P = draw(rng, 2, 3, 0.0)
    for far in (900.0, -900.0):
        moved = {**P, "b": P["b"] + far}
        what = f"lstm_step with every offset near {far:g}"
        expect_close(lstm_step(x, h, c.copy(), moved), unit_by_unit(x, h, c, moved), what, parts=PARTS)
    P = {"W": np.zeros((8, 1)), "U": np.zeros((8, 2)), "b": np.zeros(8), "p": np.zeros((3, 2))}
    got, expected = lstm_step(np.zeros(1), np.zeros(2), np.array([8e-20, 0.0]), P), np.array([2e-20, 0.0])
    what = "lstm_step with weights of 0 and c = (8e-20, 0)"
    expect_close(got, (expected, 2 * expected), what, atol=0, parts=PARTS)


@check(points=1.5, hidden=True)
def with_peepholes(lstm_step, rng):
    """With peepholes it matches plain Python, for any sizes."""
    for H, D in [(4, 3), (1, 1), (2, 2), (3, 5)]:
        given = draw(rng, H, D)
        what = f"lstm_step with H, D = {H}, {D} and peepholes"
        expected = unit_by_unit(*given)
        expect_close(lstm_step(*given), expected, what, parts=PARTS)
    x, h, c, P = draw(rng, 3, 2)
    P |= {name: -np.abs(P[name]) for name in ("W", "U")}
    expected = unit_by_unit(x, h, c, P)
    expect_close(lstm_step(x, h, c.copy(), P), expected, "lstm_step with weights below 0", parts=PARTS)
    x, h, c, P = draw(rng, 3, 2)
    P["p"][2] /= 100
    for cell in (30 * c, np.full(3, -25.0)):
        expected = unit_by_unit(x, h, cell, P)
        expect_close(lstm_step(x, h, cell.copy(), P), expected, "lstm_step with peepholes and large cells", parts=PARTS)


@check(points=0.5, hidden=True)
def the_output_gate_alone_peeps(lstm_step, rng):
    """With a peephole of 6 at the output gate only, a new cell of 1 opens its door, and one of -1 shuts it."""
    P = {"W": np.zeros((8, 1)), "U": np.zeros((8, 2)), "b": np.zeros(8), "p": np.array([[0.0, 0], [0, 0], [6, 6]])}
    c = np.array([2.0, -2.0])
    expected = np.array([math.tanh(1), -math.tanh(1)]) / (1 + np.exp([-6.0, 6.0]))
    what = "lstm_step with an output peephole of 6 and c = (2, -2)"
    new_h, _ = expect_parts(lstm_step(np.zeros(1), rng.normal(size=2), c, P), PARTS, what)
    expect_close(new_h, expected, f"h of {what}")


# %% hints
HINTS = [
    "One product for all four blocks, then cut the 4H numbers into four pieces of H.",
    "Work in the order of time: the gates that see the old cell, then the new cell, then the output gate.",
    "A peephole multiplies element by element: each gate sees the cell of its own unit.",
]
WHY = """
One product for all blocks, then four pieces in the order $i, f, g, o$. The order of the lines is the order of time:
`keep` and `add` look at the old cell, then the new one is made, and `show` peeps at the *new* one, which exists by
then. On the belt, from `c` to `new_c`, there is one factor and one sum, no matrix and no squashing. The tanh stands
on the way out to $h$, so the cell may count as high as it likes.
"""
COVERS = ["S3.17a", "S3.18", "S3.22", "S3.23a", "S3.23b"]
KERNELS = [kernels.lstm_step, kernels.lstm_forward]

# %% [markdown]
# **What the forget gate is for.** Seismographs know two waves: the fast p-wave, then the slow, strong s-wave. A cell
# that has no forget gate ($f = 1$, as in the first LSTM of 1997) adds up the p-wave and keeps it forever; when the
# s-wave comes, the memory is full of the past. Below, twenty strong steps at the start, a hundred and fifty quiet
# ones, then a small event. With $f = 0.9$ the cell is empty again when it matters.
#
# > **Often said: "no library offers peepholes, and they have little effect."** The first half is wrong: Chainer had
# > `StatefulPeepholeLSTM`, and TensorFlow had `PeepholeLSTMCell`. The second half is right on average: in the large
# > comparison by Greff and others (2015) peepholes changed little. It is wrong for tasks that hang on exact timing,
# > where Gers and others (2002) needed them. The second table shows why, on the smallest example. The output gate is to open
# > when the cell reaches 1, and the hidden state tells it nothing as long as it is shut. With a peephole it knows.

# %% experiment
lstm = grader.yours("lstm_step")


def simple_cell(forget_bias, output_bias, peephole):
    """One unit whose proposal is nearly its input, with the input gate open."""
    W = np.array([[0.0], [0.0], [0.01], [0.0]])
    b = np.array([30.0, forget_bias, 0.0, output_bias])
    return {"W": W, "U": np.zeros((4, 1)), "b": b, "p": np.array([[0.0], [0.0], [peephole]])}


pulse = np.concatenate([np.full(20, 100.0), np.zeros(150), np.full(3, 20.0)])
for name, bias in (("no forget gate, f = 1", 40.0), ("forget gate, f = 0.9", np.log(9))):
    h, c, seen = np.zeros(1), np.zeros(1), []
    for each in pulse:
        h, c = lstm(np.array([each]), h, c, simple_cell(bias, 0.0, 0.0))
        seen.append(c[0])
    print(
        f"{name:>22}: cell after the p-wave {seen[19]:6.2f}, before the s-wave {seen[169]:9.2e}, after {seen[172]:6.2f}"
    )

print("\nthe cell counts up by 0.1 a step; how far the output gate is open")
for name, bias, peephole in (("without a peephole", 0.0, 0.0), ("with a peephole", -40.0, 40.0)):
    h, c, door = np.zeros(1), np.zeros(1), []
    for _ in range(15):
        h, c = lstm(np.array([100 * np.arctanh(0.1)]), h, c, simple_cell(40.0, bias, peephole))
        door.append(h[0] / np.tanh(c[0]))
    print(f"{name:>20}:", *(f"{each:4.2f}" for each in door))


# %% right and wrong answers
def variant(output_peeps_at="new", squash=np.tanh, coupled=False, peepholes=True, order="ifgo", proposal=np.tanh):
    """One step with one thing changed."""

    def run(x, h, c, P):
        H, p = len(h), P["p"] * peepholes
        z = (P["W"] @ x + P["U"] @ h + P["b"]).reshape(4, H)
        blocks = {name: z[k] for k, name in enumerate(order)}

        def gate(a):
            return 0.5 + 0.5 * np.tanh(0.5 * a)

        i = gate(blocks["i"] + p[0] * c)
        f = 1 - i if coupled else gate(blocks["f"] + p[1] * c)
        new = f * c + i * proposal(blocks["g"])
        o = gate(blocks["o"] + p[2] * (new if output_peeps_at == "new" else c))
        return o * squash(new), new

    return run


@right_answer
def in_four_rows(x, h, c, P):
    """`reshape(4, H)` names the four blocks in one line. The sigmoid by tanh has no exponential that could overflow: a
    pre-activation of -1000 gives 0 without a warning.
    """

    def gate(a):
        return 0.5 + np.tanh(a / 2) / 2

    i, f, g, o = (P["W"] @ x + P["U"] @ h + P["b"]).reshape(4, len(h))
    p_i, p_f, p_o = P["p"]
    new = gate(f + p_f * c) * c + gate(i + p_i * c) * np.tanh(g)
    return gate(o + p_o * new) * np.tanh(new), new


output_peeps_at_the_old_cell = wrong_answer(
    with_peepholes,
    the_output_gate_alone_peeps,
    feedback="The output gate peeps at the new cell, which is known by then. Yours looks at the old one.",
)(variant(output_peeps_at="old"))

cell_not_squashed = wrong_answer(feedback="h = o tanh(c): the squashing of the cell is missing.")(
    variant(squash=lambda cell: cell)
)

input_and_forget_coupled = wrong_answer(
    without_peepholes,
    with_peepholes,
    feedback="You coupled forgetting to the input, f = 1 - i. That is the idea of the GRU; here both gates are free.",
)(variant(coupled=True))

no_peepholes = wrong_answer(
    with_peepholes, the_output_gate_alone_peeps, feedback="The peepholes are missing: p is never used."
)(variant(peepholes=False))

torchs_forgotten_order = wrong_answer(
    the_doors_in_their_order,
    without_peepholes,
    with_peepholes,
    feedback="The blocks are cut in another order. Here it is i, f, g, o.",
)(variant(order="figo"))

sigmoid_proposal = wrong_answer(
    feedback="The proposal g goes through tanh, so that it may be negative. Yours goes through a sigmoid like the gates.",
)(variant(proposal=lambda a: 0.5 + 0.5 * np.tanh(0.5 * a)))


@wrong_answer(feedback="You returned the cell first. The order is (h, c).")
def swapped(x, h, c, P):
    return in_four_rows(x, h, c, P)[::-1]


@wrong_answer(
    passes=(all_doors_half_open, the_doors_in_their_order, the_output_gate_alone_peeps),
    feedback="Your cell stops at a bound. The belt has none: what keeps h between -1 and 1 is the tanh behind it.",
)
def bounded_cell(x, h, c, P):
    new_h, new_c = in_four_rows(x, h, c, P)
    return new_h, np.clip(new_c, -3, 3)


@wrong_answer(
    is_pure,
    feedback="The values are right, but the cell was updated in place, in the caller's own array.",
)
def cell_in_place(x, h, c, P):
    new_h, new_c = in_four_rows(x, h, c, P)
    c[...] = new_c
    return new_h, c
