# %% [markdown]
# ## Reading in both directions
#
# "He sat down by the bank ..." of a river, or to ask for a loan? The next words decide. Where the whole sequence is
# there before the answer is due, a second network may read it from the end. Its state at step $t$ knows the future, as
# the first one's knows the past, and the output sees both:
#
# $$ \overrightarrow{h}_t = \tanh\bigl(W_f x_t + U_f \overrightarrow{h}_{t-1}\bigr), \qquad
#    \overleftarrow{h}_t = \tanh\bigl(W_b x_t + U_b \overleftarrow{h}_{t+1}\bigr), \qquad
#    \text{row } t = \bigl[\, \overrightarrow{h}_t,\ \overleftarrow{h}_t \,\bigr] . $$
#
# Both start from a state of zeros, the first before the first step, the second *after the last*. Row $t$ holds what
# both know at the same place of the sequence.
#
# | argument | shape | meaning |
# |---|---|---|
# | `x` | `(T, D)` | the sequence, tiny numbers too |
# | `Wf`, `Uf` | `(H, D)`, `(H, H)` | weights of the forward direction |
# | `Wb`, `Ub` | `(H, D)`, `(H, H)` | weights of the backward direction |
# | result | `(T, 2H)` | forward states in the first $H$ columns, backward states in the others |
#
# **Write `bidirectional_rnn(x, Wf, Uf, Wb, Ub)`.** The units are tanh units.

# %% imports
import math

import numpy as np

from helpers import kernels
from helpers.checking import check, expect_array, expect_close, right_answer, wrong_answer


# %% answer
def bidirectional_rnn(x, Wf, Uf, Wb, Ub):
    """Return the states of both directions, (T, 2H): forward ones in the first H columns; tanh units, zero starts."""
    # BEGIN SOLUTION
    units = len(Uf)
    states = np.zeros((len(x), 2 * units))
    forward = backward = np.zeros(units)
    for t in range(len(x)):
        forward = np.tanh(Wf @ x[t] + Uf @ forward)
        states[t, :units] = forward
    for t in reversed(range(len(x))):
        backward = np.tanh(Wb @ x[t] + Ub @ backward)
        states[t, units:] = backward
    return states
    # END SOLUTION


# %% checks
def read(rows, W, U):
    """The states of one direction as lists, in plain Python, in the order in which the rows are given."""
    state, states = [0.0] * len(U), []
    for row in rows:
        state = [math.tanh(math.fsum([*(w * row), *(u * state)])) for w, u in zip(W, U, strict=True)]
        states.append(state)
    return states


def draw(rng, T, D, H):
    """A random sequence and the weights of both directions."""
    weights = [rng.normal(size=size) for size in ((H, D), (H, H), (H, D), (H, H))]
    return rng.normal(size=(T, D)), *weights


# %% public checks
@check(points=0.5)
def a_single_step(bidirectional_rnn):
    """With one step there is no past and no future: x = 1, Wf = 1 and Wb = 2 give (tanh 1, tanh 2)."""
    one = np.ones((1, 1))
    got = bidirectional_rnn(one, one, one, 2 * one, one)
    expect_close(got, [[math.tanh(1), math.tanh(2)]], "bidirectional_rnn of one step")


@check(points=0.5)
def an_echo_runs_both_ways(bidirectional_rnn):
    """The pulse (0, 1, 0, 0) is heard afterwards by the forward states, and before it happens by the backward ones."""
    pulse, one = np.array([[0.0], [1.0], [0.0], [0.0]]), np.ones((1, 1))
    first, echo = math.tanh(1), math.tanh(math.tanh(1))
    expected = [[0.0, echo], [first, first], [echo, 0.0], [math.tanh(echo), 0.0]]
    expect_close(bidirectional_rnn(pulse, one, one, one, one), expected, "bidirectional_rnn of (0, 1, 0, 0)")


# %% hidden checks
@check(points=1, hidden=True)
def agrees_with_plain_python(bidirectional_rnn, rng):
    """It matches both directions read one number at a time, for any sizes of arrays and numbers, one step too."""
    for T, D, H, size in [(5, 3, 4, 1), (1, 2, 3, 1), (2, 2, 2, 1), (6, 1, 1, 1), (3, 3, 3, 1), (4, 2, 3, 1e4), (4, 2, 3, 1e-9),
                          (3, 2, 2, 1e-305)]:  # fmt: skip
        x, Wf, Uf, Wb, Ub = draw(rng, T, D, H)
        x, what = size * x, f"bidirectional_rnn with T, D, H = {T}, {D}, {H} and inputs of size {size:g}"
        if size > 1:
            Wf, Wb = Wf / size, Wb / size
        expected = np.concatenate([read(x, Wf, Uf), read(x[::-1], Wb, Ub)[::-1]], axis=1)
        expect_close(bidirectional_rnn(x, Wf, Uf, Wb, Ub), expected, what, atol=0)
    x, W = np.array([[-1.0], [-2.0], [-1.0]]), np.full((1, 1), -1.0)
    expected = np.concatenate([read(x, W, W), read(x[::-1], W, W)[::-1]], axis=1)
    expect_close(bidirectional_rnn(x, W, W, W, W), expected, "bidirectional_rnn of numbers below 0")


@check(points=1, hidden=True)
def backwards_it_changes_places(bidirectional_rnn, rng):
    """The reversed sequence with the directions exchanged gives the same states, in reverse; a palindrome its mirror."""
    x, Wf, Uf, Wb, Ub = draw(rng, 5, 3, 2)
    what = "bidirectional_rnn with T, D, H = 5, 3, 2"
    states = expect_array(bidirectional_rnn(x, Wf, Uf, Wb, Ub), (5, 4), what)
    turned = np.concatenate([states[::-1, 2:], states[::-1, :2]], axis=1)
    expect_close(bidirectional_rnn(x[::-1].copy(), Wb, Ub, Wf, Uf), turned, f"{what}, reversed and exchanged")
    palindrome = np.concatenate([x, x[::-1]])
    what = "bidirectional_rnn of a palindrome, with the same weights both ways"
    states = expect_array(bidirectional_rnn(palindrome, Wf, Uf, Wf, Uf), (10, 4), what)
    expect_close(states[:, 2:], states[::-1, :2], f"the backward states of {what}")
    expect_close(states[:5, :2], np.array(read(x, Wf, Uf)), f"the first five forward states of {what}")


# %% hints
HINTS = [
    "Two loops that know nothing of each other. The second one counts down.",
    "The backward state that is worked out first, after reading the last input, belongs into the last row.",
    "Give the result its full shape first, and let each loop fill its own columns.",
]
WHY = """
Two loops that know nothing of each other, and a row that belongs to a *step*, not to a turn of the loop. The second
loop counts down and writes where it has just read: so the state that is made first, from the last input, stands in
the last row. Appending to a list instead would leave the backward half upside down, and sequences of one step would
never show it.
"""
COVERS = ["S3.31", "S3.32"]
KERNELS = [kernels.bidirectional_rnn, kernels.tanh_rnn_forward]

# %% [markdown]
# > **A misprint to know.** A textbook prints the backward state with $\overleftarrow{h}_{t-1}$, as if it too came from
# > the past. Then both directions read from left to right, and there is no future in the network. The test takes a line:
# > change the *last* input and see whether the *first* row moves.
#
# > **Are they two networks, then, that might as well be trained apart?** No. The output reads both states, its error
# > depends on both, and so does every message that goes back. The second table trains the output $y_t = u \cdot
# > \overrightarrow{h}_t + w \cdot \overleftarrow{h}_t$ on targets: the gradient for $u$ with the other direction in
# > place is not the gradient without it.

# %% experiment
both_ways, draws = grader.yours("bidirectional_rnn"), np.random.default_rng(0)
x = draws.normal(size=(6, 2))
weights = [draws.normal(size=size) for size in ((3, 2), (3, 3), (3, 2), (3, 3))]
moved = x.copy()
moved[-1] += 1.0


def as_printed(x, Wf, Uf, Wb, Ub):
    """Both directions from left to right, as the misprint has it."""
    states, forward, backward = [], np.zeros(3), np.zeros(3)
    for inputs in x:
        forward, backward = np.tanh(Wf @ inputs + Uf @ forward), np.tanh(Wb @ inputs + Ub @ backward)
        states.append(np.concatenate([forward, backward]))
    return np.array(states)


for name, network in (("as it should be", both_ways), ("as printed", as_printed)):
    change = np.abs(network(moved, *weights)[0] - network(x, *weights)[0])
    print(
        f"{name:>16}: the last input moves the first row by {change[:3].max():.4f} (forward) {change[3:].max():.4f} (backward)"
    )

states, z = both_ways(x, *weights), draws.normal(size=6)
u, w = draws.normal(size=(2, 3))
together = 2 * states[:, :3].T @ (states[:, :3] @ u + states[:, 3:] @ w - z)
alone = 2 * states[:, :3].T @ (states[:, :3] @ u - z)
print(f"gradient for u, both directions {np.round(together, 3)}, the forward one alone {np.round(alone, 3)}")


# %% right and wrong answers
def variant(both_forward=False, realign=True, start_from_forward=False, swap=False, shared=False, squash=np.tanh):
    """Both directions with one thing changed."""

    def run(x, Wf, Uf, Wb, Ub):
        def states(rows, W, U, state):
            found = []
            for row in rows:
                state = squash(W @ row + U @ state)
                found.append(state)
            return np.reshape(found, (len(rows), len(U)))

        zero = np.zeros(len(Uf))
        forward = states(x, Wf, Uf, zero)
        start = forward[-1] if start_from_forward and len(x) else zero
        if shared:
            Wb, Ub = Wf, Uf
        backward = states(x if both_forward else x[::-1], Wb, Ub, start)
        if realign and not both_forward:
            backward = backward[::-1]
        return np.concatenate([backward, forward] if swap else [forward, backward], axis=1)

    return run


@right_answer
def by_turning_around(x, Wf, Uf, Wb, Ub):
    """One reader for both directions: it reads the sequence as it is, then turned around, and the second result is
    turned back. There is only one loop to get right, and the last `[::-1]` to remember.
    """

    def states_of(rows, W, U):
        states = np.zeros((len(rows) + 1, len(U)))
        for t, from_input in enumerate(rows @ W.T):
            states[t + 1] = np.tanh(from_input + U @ states[t])
        return states[1:]

    return np.concatenate([states_of(x, Wf, Uf), states_of(x[::-1], Wb, Ub)[::-1]], axis=1)


both_from_left_to_right = wrong_answer(
    passes=(a_single_step,),
    feedback="That is the textbook's misprint: the backward state comes from h_{t+1}, the future, not from h_{t-1}.",
)(variant(both_forward=True))

not_realigned = wrong_answer(
    passes=(a_single_step,),
    feedback="The backward states stand in the order in which they were made. The one made first belongs to the last row.",
)(variant(realign=False))

started_from_the_forward_state = wrong_answer(
    feedback="The backward direction starts from zeros of its own. Yours starts from the last forward state."
)(variant(start_from_forward=True))

columns_exchanged = wrong_answer(
    feedback="The forward states belong in the first H columns, the backward ones in the others."
)(variant(swap=True))

one_set_of_weights = wrong_answer(
    passes=(an_echo_runs_both_ways,), feedback="The backward direction has weights of its own, Wb and Ub."
)(variant(shared=True))

sigmoid_units = wrong_answer(feedback="The units here are tanh units. Yours are sigmoids.")(
    variant(squash=lambda a: 1 / (1 + np.exp(-a)))
)
