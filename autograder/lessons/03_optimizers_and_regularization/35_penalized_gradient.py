# %% [markdown]
# ## The two springs, seen by gradient descent
#
# For a network there is no formula to solve. The penalty enters where everything enters: through the gradient. Two are
# in common use. One is a spring that pulls the harder the farther a weight is out. The other pulls with the same force
# everywhere:
#
# $$ \text{L2:}\quad \frac{r}{2}\,\lVert w \rVert_2^2 = \frac{r}{2} \sum_i w_i^2, \qquad\qquad
#    \text{L1:}\quad r\,\lVert w \rVert_1 = r \sum_i |w_i|. $$
#
# Their slopes are $r\,w_i$, and $r$ times the *sign* of $w_i$: $+r$ on the right of 0, $-r$ on the left. At 0 itself the
# absolute value has a corner. Any number between $-r$ and $r$ is a *subgradient* there, a slope of a line that touches
# the graph from below, and 0 is the natural choice.
#
# | argument | shape | meaning |
# |---|---|---|
# | `param` | any | the weights, tiny ones too |
# | `grad` | as `param` | gradient of the loss without a penalty |
# | `rate` | number $\ge 0$ | $r$ |
# | `kind` | string | `'l1'` or `'l2'`; any other raises `ValueError` |
# | result | as `param` | gradient of loss plus penalty, with the penalties exactly as written above |
#
# **Write `penalized_gradient(param, grad, rate, kind)`.**

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, complex_step, expect_array, expect_close, expect_raises, right_answer, wrong_answer


# %% answer
def penalized_gradient(param, grad, rate, kind):
    """Return the gradient of loss + rate |w|_1 ('l1') or loss + rate/2 |w|_2^2 ('l2'), of the shape of param."""
    # BEGIN SOLUTION
    if kind == "l1":
        return grad + rate * np.sign(param)
    if kind == "l2":
        return grad + rate * param
    raise ValueError(f"there is no penalty called {kind!r}")
    # END SOLUTION


# %% public checks
@check(points=0.5)
def the_same_force_everywhere(penalized_gradient):
    """With L1 and a rate of 1/2, a weight of -3 without a gradient of its own gets -1/2, one of 4 gets +1/2."""
    got = penalized_gradient(np.array([-3.0, 4.0]), np.zeros(2), 0.5, "l1")
    expect_close(got, [-0.5, 0.5], "penalized_gradient([-3, 4], [0, 0], 0.5, 'l1')")


@check(points=0.5)
def the_farther_the_stronger(penalized_gradient):
    """With L2 and a rate of 1/2, a weight of 3 with a gradient of 1 gets 1 + 1.5 = 2.5."""
    got = penalized_gradient(np.array([3.0]), np.array([1.0]), 0.5, "l2")
    expect_close(got, [2.5], "penalized_gradient([3], [1], 0.5, 'l2')")


# %% hidden checks
PENALTIES = {"l1": lambda w: np.sum(np.sqrt(w * w)), "l2": lambda w: np.sum(w * w) / 2}


@check(points=0.5, hidden=True)
def agrees_with_the_complex_step(penalized_gradient, rng):
    """For both penalties, any shape and any rate, it adds their derivative, taken to machine precision."""
    for kind, penalty in PENALTIES.items():
        for shape, rate, scale in [((5,), 0.1, 1.0), ((2, 3), 0.7, 1.0), ((4,), 0.0, 1.0), ((3, 3), 0.2, 1e-5),
                                   ((1,), 3.0, 1e4), ((2, 1, 2), 1e-3, 1e3), ((6,), 1e-9, 1e-9), ((2, 1, 3, 2), 2, 1.0), ((), 0.3, 1.0)]:  # fmt: skip
            size, grad = np.array(scale * rng.uniform(0.1, 2, shape)), np.array(scale * rng.normal(size=shape))
            param = np.array(size * np.where(np.arange(size.size).reshape(shape) % 2, 1.0, -1.0))
            expected = grad + rate * complex_step(penalty, param)
            what = f"penalized_gradient, {kind}, shape {shape}, rate {rate}"
            expect_close(penalized_gradient(param, grad, rate, kind), expected, what, atol=0)


@check(points=0.25, hidden=True)
def at_zero_nothing_is_added(penalized_gradient, rng):
    """At a weight of exactly 0 the subgradient is 0, and nowhere else: the gradient of the loss stands alone."""
    for kind in PENALTIES:
        grad = rng.normal(size=3)
        got = penalized_gradient(np.array([0.0, 0.0, -2.0]), grad, 0.5, kind)
        expected = grad + np.array([0.0, 0.0, -0.5 if kind == "l1" else -1.0])
        expect_close(got, expected, f"penalized_gradient([0, 0, -2], ..., 0.5, {kind!r})")
        got = penalized_gradient(np.zeros(2), np.zeros(2), 0.5, kind)
        expect_close(got, np.zeros(2), f"penalized_gradient([0, 0], [0, 0], 0.5, {kind!r})", atol=0)
    tiny = np.array([1e-300, -1e-300, 1e-4, -1e-12])
    got = penalized_gradient(tiny, np.zeros(4), 0.5, "l1")
    expect_close(got, [0.5, -0.5, 0.5, -0.5], "penalized_gradient([1e-300, -1e-300, 1e-4, -1e-12], 0, 0.5, 'l1')")


@check(points=0.25, hidden=True)
def another_penalty_is_refused(penalized_gradient, rng):
    """Both names are accepted; any other raises ValueError."""
    w = rng.normal(size=1)
    for kind in PENALTIES:
        expect_array(penalized_gradient(w, np.ones(1), 0.1, kind), (1,), f"the kind {kind!r}")
    for kind in ("l3", "L1", "L2", "l", "l1 ", "l22", "1", ""):
        for rate in (0.1, 0.0):
            with expect_raises(ValueError, f"penalized_gradient with the kind {kind!r} and the rate {rate}"):
                penalized_gradient(w, np.ones(1), rate, kind)


# %% hints
HINTS = [
    "Differentiate r/2 times w squared. What becomes of the 2?",
    "The slope of |w| is a constant on either side of 0, but not the same constant.",
    "NumPy has a function that returns -1, 0 or 1, whichever side of 0 a number is on.",
]
COVERS = ["S1.15a", "S1.15b", "S1.16a", "S1.16b"]
KERNELS = [kernels.penalized_gradient]
WHY = """
A penalty is added to the loss, so its gradient is added to the gradient. It points away from 0, and descent, which
subtracts, goes towards it. The pull of L2 fades with the weight, so it never quite gets there; that of L1 keeps its
full size up to 0. `np.sign` returns 0 at 0, the natural subgradient, and the corner needs no case of its own.
"""

# %% [markdown]
# > **A common claim: "the derivative of $|w|$ is a constant; where it is minus, make it plus."** A penalty is never
# > negative, so why should its derivative be? The slope is $-1$ on the left of 0, and it must stay so. Descent subtracts
# > the gradient, so a minus pushes a negative weight *up*, towards 0. Make it plus, and every negative weight runs away.
# > See the first table: a weight that starts at $-0.45$, with nothing but the penalty.
# >
# > **A common claim: "the L2 norm is $w^2$, its derivative $2w$, and the 2 goes into the rate."** Among friends one knows
# > what is meant. The norm is the root; what is used is its *square*. And whoever lets the 2 go into the rate has halved
# > the meaning of every rate that they report. In the second table the same data are fitted with the same number, 0.5,
# > under either convention.

# %% experiment
gradient_with = grader.yours("penalized_gradient")
print(f"{'after steps of 0.1':>28}", *(f"{count:>7d}" for count in (0, 2, 4, 6, 8)))
for name, slope in (
    ("as it is", lambda w: gradient_with(w, np.zeros(1), 1.0, "l1")),
    ("made plus", lambda w: np.ones(1)),
):
    w, seen = np.array([-0.45]), []
    for _ in range(9):
        seen.append(w.item())
        w = w - 0.1 * slope(w)
    print(f"{'slope of |w| ' + name:>28}", *(f"{each:7.2f}" for each in seen[::2]))

draws = np.random.default_rng(0)
x, y = draws.normal(size=30), np.zeros(30)
y = 2 * x + draws.normal(size=30)
print(f"{'rate 0.5 beside half the mean square':>40}     w")
for name, rate in (("penalty r/2 w^2, gradient r w", 0.5), ("penalty r w^2, gradient 2 r w", 1.0)):
    w = np.zeros(1)
    for _ in range(500):
        w = w - 0.1 * gradient_with(w, np.array([x @ (x * w - y) / 30]), rate, "l2")
    print(f"{name:>40} {w[0]:5.2f}")


# %% right and wrong answers
@right_answer
def by_cases(param, grad, rate, kind):
    """Builds the sign from two comparisons, so one sees why it is 0 at 0: neither of them holds. It works out both pulls,
    and takes several times as long as np.sign.
    """
    pulls = {"l2": np.asarray(param), "l1": 1.0 * (np.asarray(param) > 0) - 1.0 * (np.asarray(param) < 0)}
    if kind not in pulls:
        raise ValueError("unknown penalty")
    return np.add(grad, np.multiply(rate, pulls[kind]))


@wrong_answer(
    passes=(
        the_same_force_everywhere,
        another_penalty_is_refused,
    ),
    feedback="With half the squared norm the factor 2 cancels. State which convention a given rate uses.",
)
def factor_of_two(param, grad, rate, kind):
    return by_cases(param, grad, 2 * rate if kind == "l2" else rate, kind)


@wrong_answer(
    passes=(
        the_farther_the_stronger,
        another_penalty_is_refused,
    ),
    feedback="That is the penalty itself. The slope of |w| has the same size everywhere.",
)
def the_penalty_itself(param, grad, rate, kind):
    return grad + rate * np.abs(param) if kind == "l1" else by_cases(param, grad, rate, kind)


@wrong_answer(
    passes=(
        the_farther_the_stronger,
        another_penalty_is_refused,
    ),
    feedback="The slope of |w| is -1 where w is negative. With the same sign everywhere, negative weights grow.",
)
def always_plus(param, grad, rate, kind):
    return grad + rate + 0 * param if kind == "l1" else by_cases(param, grad, rate, kind)


@wrong_answer(
    at_zero_nothing_is_added, feedback="At a weight of exactly 0 you still push. The subgradient there is to be 0."
)
def a_push_at_zero(param, grad, rate, kind):
    return by_cases(np.where(param == 0, 1.0, param) if kind == "l1" else param, grad, rate, kind)


@wrong_answer(
    passes=(the_same_force_everywhere, the_farther_the_stronger, another_penalty_is_refused),
    feedback="You take small weights for 0. However close to 0 a weight is, L1 pushes it with the full rate.",
)
def a_dead_zone(param, grad, rate, kind):
    return by_cases(np.where(np.abs(param) < 1e-3, 0.0, param) if kind == "l1" else param, grad, rate, kind)


@wrong_answer(
    passes=(the_farther_the_stronger, another_penalty_is_refused),
    feedback="You divide by |w| plus something small, so weights near 0 are pushed less. The sign does not fade.",
)
def a_smooth_sign(param, grad, rate, kind):
    return grad + rate * param / (np.abs(param) + 1e-8) if kind == "l1" else by_cases(param, grad, rate, kind)


@wrong_answer(
    another_penalty_is_refused,
    feedback="An unknown penalty is taken for L2. It must raise ValueError, or a typing mistake goes unnoticed.",
)
def l2_when_in_doubt(param, grad, rate, kind):
    return by_cases(param, grad, rate, "l1" if kind == "l1" else "l2")


@wrong_answer(
    passes=(another_penalty_is_refused,),
    feedback="The penalty is added to the loss, so its gradient is added too. That the step subtracts comes later.",
)
def subtracted(param, grad, rate, kind):
    return by_cases(param, grad, -rate, kind)
