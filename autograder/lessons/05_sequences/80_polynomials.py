# %% [markdown]
# ## Can polynomials do everything?
#
# A deep network is a composition, $f = g \circ h \circ i \circ \dots$, one function a layer, and unrolled in time a
# recurrent one is the same function composed with itself, again and again. Why this detour? There is an older family of
# functions that can be made as rich as one likes, the polynomials. One often reads a sentence like this one:
#
# *"Every function can be approximated by a polynomial, through its Maclaurin expansion* $f(0) + f'(0)\,x +
# \tfrac{1}{2} f''(0)\,x^2 + \dots$*"*
#
# Try it, in thought, on $\lvert x \rvert$, on $\log(1 + x)$ at $x = 2$, and on $e^{-1/x^2}$, which is 0 at 0.
#
# **What is right?** Answer `polynomials` with a letter.

# %% imports
from helpers.checking import choice, option

# %% answer
polynomials = choice(
    option(
        "The Maclaurin series of any function with derivatives of all orders converges to that function.",
        "exp(-1/x²) has derivatives of all orders, and its series is 0 everywhere.",
    ),
    option(
        "It is true of all functions on an interval, whether or not they are continuous.",
        "A limit of polynomials, uniform on an interval, is continuous. A jump stays out of reach.",
    ),
    option(
        "It is false: with polynomials one can approximate polynomials, and nothing else.",
        "Weierstrass' theorem says the contrary for continuous functions.",
    ),
    option(
        "On a closed, bounded interval polynomials approximate every continuous function, but seldom as its Maclaurin series.",
        "Correct: that is Weierstrass' theorem, and its polynomials come from the whole interval, not from one point.",
        right=True,
    ),
    points=2,
)

# %% hints
COVERS = ["S3.13", "S3.14", "S3.15"]

# %% [markdown]
# <details><summary><b>After your answer:</b> what is behind it</summary>
#
# > **See the claim fail, three times.** For $\log(1 + x)$ at $x = 2$ the series diverges: the more terms, the worse. For
# > $e^{-1/x^2}$ all its terms are 0. $\lvert x \rvert$ has no series at all, for it has no slope at 0. A polynomial that
# > is fitted on the *whole* interval (here by interpolation at Chebyshev's points) comes closer and closer to all three.
# > How fast depends on how smooth the function is.
# >
# > **So why networks?** Not because they can approximate more. In one dimension polynomials do very well. But a
# > polynomial of degree 10 in 100 variables has more than $10^{13}$ coefficients, and one that is evaluated a little
# > outside of its interval runs off to infinity. And is composition as such the danger, "too much of it is overfitting"?
# > You saw in lesson 02 that fifty composed linear maps are one linear map: capacity against data is what counts.
#
# </details>

# %% experiment
import math

import numpy as np

x = np.linspace(0.001, 2, 2001)
cases = {
    "log(1 + x)": (lambda x: np.log(1 + x), lambda n: (-1) ** (n + 1) / n if n else 0.0),
    "exp(-1/x^2)": (lambda x: np.exp(-1 / x**2), lambda n: 0.0),
    "|x - 1|": (lambda x: np.abs(x - 1), None),
}
print(f"{'largest error on (0, 2]':>34} {'degree 5':>10} {'degree 20':>10} {'degree 80':>10}")
for name, (function, coefficient) in cases.items():
    if coefficient:
        series = [np.polynomial.polynomial.polyval(x, [coefficient(n) for n in range(d + 1)]) for d in (5, 20, 80)]
        print(f"{name + ', Maclaurin':>34}", *(f"{abs(s - function(x)).max():10.1e}" for s in series))
    else:
        print(f"{name + ' around its kink, Maclaurin':>34} {'none':>10} {'none':>10} {'none':>10}")
    fits = [np.polynomial.Chebyshev.interpolate(function, d, domain=[0.001, 2])(x) for d in (5, 20, 80)]
    print(f"{name + ', whole interval':>34}", *(f"{abs(fit - function(x)).max():10.1e}" for fit in fits))
print(f"coefficients of degree 10 in 100 variables: {math.comb(110, 10):.1e}")
