# %% [markdown]
# ## The spiral that never closes
#
# So far one of the two players stood still. Now let them move. The smallest game has two numbers and one product:
# player one owns $x$ and wants $f(x, y) = xy$ to be **large**; player two owns $y$ and wants it to be **small**. If $y > 0$,
# player one raises $x$; then player two had better make $y$ negative; then player one lowers $x$; and so on, round
# and round. There is one place where neither can do better by moving alone, the saddle point $(0, 0)$: anywhere else one
# of the two slopes, $y$ and $x$, is not zero.
#
# Both follow their gradients, with a step size $\eta$. It matters who looks when:
#
# | rule | one step |
# |---|---|
# | `"sim"`, simultaneous | both slopes are taken at the old point: $x' = x + \eta y$ and $y' = y - \eta x$ |
# | `"alt"`, alternating | $x$ goes first, $x' = x + \eta y$, and $y$ answers the **new** $x'$ |
# | `"eg"`, extragradient | look ahead with one whole simultaneous step, to a point $(\tilde x, \tilde y)$; then step **from the old point**, with the slopes found at $(\tilde x, \tilde y)$ |
#
# | argument | shape | meaning |
# |---|---|---|
# | `x`, `y` | numbers, integers too | the start |
# | `eta` | number $> 0$ | the step size $\eta$ |
# | `n` | integer $\ge 0$ | the number of steps |
# | `rule` | string | one of the three; anything else is a `ValueError` (tested with $n \ge 1$) |
# | result | `(n + 1, 2)` | the path, one row $(x, y)$ for each moment, the start first |
#
# **Write `xy_game(x, y, eta, n, rule)`.** Remember that $x$ *ascends* and $y$ *descends*. In a GAN the discriminator is
# the one that ascends; other texts write the descending player first.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, describe, expect, expect_close, expect_raises, right_answer, wrong_answer


# %% answer
def xy_game(x, y, eta, n, rule):
    """Return the path, shape (n + 1, 2), of x, which ascends xy, and y, which descends; rule "sim", "alt" or "eg"."""
    # BEGIN SOLUTION
    path = [(x, y)]
    for _ in range(n):
        if rule == "sim":
            x, y = x + eta * y, y - eta * x
        elif rule == "alt":
            x = x + eta * y
            y = y - eta * x
        elif rule == "eg":
            ahead_x, ahead_y = x + eta * y, y - eta * x
            x, y = x + eta * ahead_y, y - eta * ahead_x
        else:
            raise ValueError(f"rule is 'sim', 'alt' or 'eg', not {rule!r}")
        path.append((x, y))
    return np.array(path, dtype=float)
    # END SOLUTION


# %% public checks
@check(points=1)
def one_step_of_each(xy_game):
    """From (2, 1) with eta = 1/2, one step leads to (2.5, 0), (2.5, -0.25) and (2, -0.25) by the three rules."""
    got = {rule: xy_game(2.0, 1.0, 0.5, 1, rule) for rule in ("sim", "alt", "eg")}
    for rule, end in (("sim", [2.5, 0.0]), ("alt", [2.5, -0.25]), ("eg", [2.0, -0.25])):
        expect_close(got[rule], [[2.0, 1.0], end], f'xy_game(2, 1, 0.5, 1, "{rule}")')


@check(points=0.5)
def an_unknown_rule(xy_game):
    """Another rule, "newton" for example, is a ValueError; the three known ones give a path."""
    for rule in ("sim", "alt", "eg"):
        path = xy_game(1.0, 1.0, 0.1, 1, rule)
        expect(np.ndim(path) == 2, f'xy_game(1, 1, 0.1, 1, "{rule}") is {describe(path)}.', "A table of two columns.")
    with expect_raises(ValueError, 'xy_game(1, 1, 0.1, 1, "newton")'):
        xy_game(1.0, 1.0, 0.1, 1, "newton")


# %% hidden checks
def one_step(rule, eta):
    """The step as a matrix: for "alt" one player after the other, for "eg" 1 + A + A^2 with the simultaneous 1 + A."""
    both = np.array([[0.0, eta], [-eta, 0.0]])
    if rule == "alt":
        return np.array([[1.0, 0.0], [-eta, 1.0]]) @ np.array([[1.0, eta], [0.0, 1.0]])
    return np.eye(2) + both + (both @ both if rule == "eg" else 0)


@check(points=2, hidden=True)
def powers_of_a_matrix(xy_game, rng):
    """From any start, for small and large steps, the path consists of the powers of one matrix; no step, no path."""
    for rule in ("eg", "sim", "alt"):
        for (x, y), eta, n in [
            (rng.normal(size=2), 0.1, 20),
            ((1, -3), 0.9, 5),
            ((0.0, 0.0), 0.5, 3),
            ((1.0, 0.5), 2.5, 6),
            ((1.5, 2.0), 0.3, 0),
            ((1, 2), 1, 4),
        ]:
            expected = [np.linalg.matrix_power(one_step(rule, eta), k) @ [x, y] for k in range(n + 1)]
            expect_close(xy_game(x, y, eta, n, rule), expected, f'xy_game of {n} steps, eta = {eta}, rule "{rule}"')


@check(points=1.5, hidden=True)
def outward_around_and_inward(xy_game, rng):
    """Over long times: outward by sqrt(1 + eta^2) a step, for ever on one ellipse, and into the saddle point."""
    a = rng.uniform(0.5, 1.5)
    start = np.hypot(a, 1)
    radius = np.hypot(*np.asarray(xy_game(a, 1.0, 0.1, 300, "sim")).T)
    expect_close(radius, start * 1.01 ** (np.arange(301) / 2), f'the distance along xy_game({a:g}, 1, 0.1, 300, "sim")')
    x, y = np.asarray(xy_game(a, 1.0, 0.1, 2000, "alt")).T
    expect_close(
        x**2 + y**2 + 0.1 * x * y, np.full(2001, start**2 + 0.1 * a), 'x^2 + y^2 + eta x y along "alt"', rtol=1e-9
    )
    radius = np.hypot(*np.asarray(xy_game(a, 1.0, 0.1, 2000, "eg")).T)
    factor = np.sqrt(1 - 0.1**2 + 0.1**4)
    expect_close(radius, start * factor ** np.arange(2001), 'the distance along "eg"', rtol=1e-8)


# %% hints
HINTS = [
    "Python's `x, y = ..., ...` works out the right side before it assigns. When do you want that, and when not?",
    "For the extragradient rule keep the old point: the point ahead only lends its slopes.",
    "The slope for x is y, and the slope for y is x. Who adds, and who subtracts?",
]
WHY = """
The rules differ in one thing only: what the right sides see. `x, y = x + eta * y, y - eta * x` works out both before
it assigns, so that is the simultaneous step; the same in two lines is the alternating one. Extragradient keeps the
old point and takes from the point ahead its slopes alone; who steps on from there takes two simultaneous steps, and
runs away faster. The signs make a rotation: one adds, one subtracts. With the same sign twice the origin would be a
saddle that one slides off, and no game.
"""
COVERS = ["S2.18a", "S2.18b"]
KERNELS = [kernels.xy_game]

# %% [markdown]
# ### Where the paths go, line by line
#
# **Simultaneous.** The step is a matrix with the eigenvalues $1 \pm i\eta$, of modulus $\sqrt{1 + \eta^2} > 1$. Directly:
# $x'^2 + y'^2 = (x + \eta y)^2 + (y - \eta x)^2 = (1 + \eta^2)(x^2 + y^2)$. Every step takes them farther away.
#
# **Alternating.** Put $x' = x + \eta y$ and $y' = y - \eta x'$ into $E = x^2 + y^2 + \eta x y$:
#
# $$ \begin{aligned}
# x'^2 + y'^2 + \eta x' y'
#   &= x'^2 + (y - \eta x')^2 + \eta x' (y - \eta x') \\
#   &= x'^2 + y^2 - 2 \eta x' y + \eta^2 x'^2 + \eta x' y - \eta^2 x'^2 \\
#   &= x'^2 + y^2 - \eta x' y \\
#   &= (x + \eta y)^2 + y^2 - \eta (x + \eta y)\, y \\
#   &= x^2 + 2 \eta x y + \eta^2 y^2 + y^2 - \eta x y - \eta^2 y^2 \\
#   &= x^2 + y^2 + \eta x y .
# \end{aligned} $$
#
# The quantity $E$ never changes. For $\eta < 2$ the curves $E = \text{const}$ are ellipses, so the path stays on one for
# ever: it neither runs away nor arrives.
#
# **Extragradient.** The step is $1 + A + A^2$ with $A = \eta \begin{pmatrix} 0 & 1 \\ -1 & 0 \end{pmatrix}$ and
# $A^2 = -\eta^2$. Its eigenvalues are $1 - \eta^2 \pm i \eta$, of squared modulus $1 - \eta^2 + \eta^4 < 1$ for $\eta < 1$:
# inward. A player who looks one move ahead closes the spiral.
#
# > **A common claim: "with a small enough step size, simultaneous gradient steps converge."** For a *minimum* that is
# > so. In this game no step size is small enough. One could believe it because in the limit $\eta \to 0$, at fixed time
# > $\eta n$, the path becomes a circle. The cell shows the distance after a fixed time of 40 units, from
# > $\sqrt 2$ at the start. Smaller steps run away more slowly, and not one of them comes closer.

# %% experiment
play = grader.yours("xy_game")
print(f"{'eta':>6} {'steps':>6} {'simultaneous':>13} {'alternating':>12} {'extragradient':>14}   distance at time 40")
for eta, n in ((0.5, 80), (0.2, 200), (0.1, 400), (0.02, 2000), (0.005, 8000)):
    ends = [np.hypot(*play(1.0, 1.0, eta, n, rule)[-1]) for rule in ("sim", "alt", "eg")]
    print(f"{eta:6g} {n:6d} {ends[0]:13.4g} {ends[1]:12.4f} {ends[2]:14.4g}")


# %% right and wrong answers
def game(**steps):
    """An answer that makes the given step for each rule: (x, y, eta) -> (x, y)."""

    def answer(x, y, eta, n, rule):
        if rule not in steps:
            raise ValueError(rule)
        path = [(x, y)]
        for _ in range(n):
            path.append(steps[rule](*path[-1], eta))
        return np.array(path, dtype=float)

    return answer


def sim(x, y, eta):
    return x + eta * y, y - eta * x


def alt(x, y, eta):
    return x + eta * y, y - eta * (x + eta * y)


def eg(x, y, eta):
    ahead = sim(x, y, eta)
    return x + eta * ahead[1], y - eta * ahead[0]


@right_answer
def step_functions(x, y, eta, n, rule):
    """A table from each rule to its step: one loop without branches, and a fourth rule is one more function."""
    steps = {"sim": sim, "alt": alt, "eg": eg}
    if rule not in steps:
        raise ValueError(rule)
    path = [(x, y)]
    for _ in range(n):
        path.append(steps[rule](*path[-1], eta))
    return np.array(path, dtype=float)


@right_answer
def with_complex_numbers(x, y, eta, n, rule):
    """z = x + iy: the simultaneous step is z (1 - i eta), the extragradient one z (1 - eta^2 - i eta). The growth can
    be read off as the modulus of the factor.
    """
    if rule not in {"sim", "alt", "eg"}:
        raise ValueError(rule)
    z = np.empty(n + 1, complex)
    z[0] = x + 1j * y
    for k in range(n):
        if rule == "alt":
            new_x = z[k].real + eta * z[k].imag
            z[k + 1] = new_x + 1j * (z[k].imag - eta * new_x)
        else:
            z[k + 1] = z[k] * (1 - 1j * eta - (rule == "eg") * eta**2)
    return np.stack([z.real, z.imag], axis=1)


always_the_new_x = wrong_answer(
    passes=(an_unknown_rule,),
    feedback="In the simultaneous step both slopes are taken at the OLD point. Your y already sees the new x.",
)(game(sim=alt, alt=alt, eg=eg))

alternating_is_simultaneous = wrong_answer(
    passes=(an_unknown_rule,),
    feedback="In the alternating step y answers the NEW x. Yours still sees the old one.",
)(game(sim=sim, alt=sim, eg=eg))

y_first = wrong_answer(
    passes=(an_unknown_rule,),
    feedback="In the alternating step x goes first. In yours y does.",
)(game(sim=sim, alt=lambda x, y, eta: (x + eta * (y - eta * x), y - eta * x), eg=eg))

both_descend = wrong_answer(
    passes=(an_unknown_rule,),
    feedback="Both players descend. x wants xy to be large: it moves along +y.",
)(
    game(
        sim=lambda x, y, eta: (x - eta * y, y - eta * x),
        alt=lambda x, y, eta: (x - eta * y, y - eta * (x - eta * y)),
        eg=lambda x, y, eta: (x - eta * (y - eta * x), y - eta * (x - eta * y)),
    )
)

exchanged = wrong_answer(
    passes=(an_unknown_rule,),
    feedback="The players are exchanged: here x ascends and y descends.",
)(
    game(
        sim=lambda x, y, eta: sim(x, y, -eta),
        alt=lambda x, y, eta: alt(x, y, -eta),
        eg=lambda x, y, eta: eg(x, y, -eta),
    )
)

from_the_point_ahead = wrong_answer(
    passes=(an_unknown_rule,),
    feedback="The extragradient step starts from the ORIGINAL point; the point ahead only lends its slopes.",
)(game(sim=sim, alt=alt, eg=lambda x, y, eta: sim(*sim(x, y, eta), eta)))

half_a_look = wrong_answer(
    passes=(an_unknown_rule,),
    feedback="You look only half a step ahead. Here the look ahead is one whole step.",
)(
    game(
        sim=sim,
        alt=alt,
        eg=lambda x, y, eta: (x + eta * (y - eta / 2 * x), y - eta * (x + eta / 2 * y)),
    )
)

look_ahead_one_after_the_other = wrong_answer(
    passes=(an_unknown_rule,),
    feedback="In the look ahead both slopes are taken at the old point; your second player already sees the first one's move.",
)(
    game(
        sim=sim,
        alt=alt,
        eg=lambda x, y, eta: (x + eta * alt(x, y, eta)[1], y - eta * alt(x, y, eta)[0]),
    )
)


@wrong_answer(
    passes=(an_unknown_rule,),
    feedback="The first row must be the start: n steps make n + 1 rows.",
)
def without_the_start(x, y, eta, n, rule):
    return step_functions(x, y, eta, n, rule)[1:]


@wrong_answer(
    passes=(an_unknown_rule,),
    feedback="One row is missing at the end: n steps make n + 1 rows.",
)
def without_the_end(x, y, eta, n, rule):
    return step_functions(x, y, eta, n, rule)[:n]


@wrong_answer(
    passes=(an_unknown_rule,),
    feedback="One row for each moment, with x and y as the two columns. Yours is transposed.",
)
def transposed(x, y, eta, n, rule):
    return step_functions(x, y, eta, n, rule).T


@wrong_answer(
    passes=(one_step_of_each, powers_of_a_matrix, outward_around_and_inward),
    feedback="An unknown rule passes for one of the three. It is a ValueError.",
)
def any_rule_goes(x, y, eta, n, rule):
    return step_functions(x, y, eta, n, rule if rule in ("sim", "alt") else "eg")
