# %% [markdown]
# ## Your own gradient checker
#
# You will write many gradients in this course, and most first drafts will be wrong. A wrong gradient rarely crashes. The loss
# still goes down, only more slowly, and you blame the learning rate. So the first tool to build is one that tells you.
#
# Move one coordinate a little to either side and look at what the function does:
#
# $$ \frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h}. $$
#
# The even terms of the Taylor series cancel, so the error is of order $h^2$; a one-sided quotient keeps the first of them and
# errs by order $h$. Too small an $h$ is no better: both values of $f$ carry rounding errors of about $10^{-16}$, and dividing by
# $h$ blows them up. The two errors meet near $h = 10^{-5}$, which is the V in the figure above.
#
# | argument | shape | meaning |
# |---|---|---|
# | `fun` | function | takes an array of the shape of `x`, returns a number |
# | `x` | any, also `()` | the point; integers and float32 are welcome, and any order in memory |
# | `h` | number | the step, the same for every coordinate, whatever its size |
# | result | the shape of `x`, float64 | all partial derivatives |
#
# **Write `numerical_gradient(fun, x, h=1e-5)`.** `fun` is only ever given arrays of floats of the shape of `x`, also where `x`
# itself is made of integers. Six correct digits are asked for, so step in float64: float32 swallows most of a step of $10^{-5}$.
# (If you move the caller's own `x`, put it back to the last bit.)

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_close, is_pure, right_answer, wrong_answer


# %% answer
def numerical_gradient(fun, x, h=1e-5):
    """Return the central-difference gradient of a scalar function at x: float64, of the shape of x."""
    # BEGIN SOLUTION
    point = np.array(x, dtype=float)
    gradient = np.zeros_like(point)
    for i in np.ndindex(point.shape):
        here = point[i]
        point[i] = here + h
        above = fun(point)
        point[i] = here - h
        below = fun(point)
        point[i] = here
        gradient[i] = (above - below) / (2 * h)
    return gradient
    # END SOLUTION


# %% checks
# Who moves the caller's own array and puts it back leaves it as it was, but cannot work on a read-only one.
NOT_PROBED = ("read-only arrays",)


# %% public checks
@check(points=0.5)
def of_a_sum_of_squares(numerical_gradient):
    """The gradient of the sum of squares at (1, 2) is (2, 4)."""
    got = numerical_gradient(lambda x: float(np.sum(x**2)), np.array([1.0, 2.0]))
    expect_close(got, [2.0, 4.0], "numerical_gradient(sum of squares, [1, 2])", atol=1e-6)


@check(points=0.5)
def of_a_product(numerical_gradient):
    """The gradient of the product of (2, 3, 5) is (15, 10, 6): every coordinate is moved alone and put back."""
    got = numerical_gradient(lambda x: float(np.prod(x)), np.array([2.0, 3.0, 5.0]))
    expect_close(got, [15.0, 10.0, 6.0], "numerical_gradient(product, [2, 3, 5])", atol=1e-6)


# %% hidden checks
POWERS = 1.0 + np.arange(24)


def uneven(v):
    """A function whose partial derivatives all differ, and each of which changes with every coordinate."""
    return float(np.sum(POWERS[: v.size].reshape(v.shape) * np.sin(v)) + np.sum(v) ** 2 / 2)


def slopes_of_uneven(x):
    return POWERS[: x.size].reshape(x.shape) * np.cos(x) + np.sum(x)


@check(points=1, hidden=True)
def any_shape_any_number(numerical_gradient, rng):
    """It works for arrays of any shape and order in memory, 0-d ones too, and for integers, whose gradient need not be whole."""
    m = rng.normal(size=(2, 3))
    points = [m, m.T, rng.normal(size=(2, 1, 3)), rng.normal(size=(3, 3)), rng.normal(size=(4,)), rng.normal(size=(1,))]
    points += [
        rng.normal(size=(2, 1, 3, 2)),
        np.asfortranarray(rng.normal(size=(3, 4))),
        -rng.uniform(1, 2, size=(2, 2)),
        np.zeros((2, 2)),
        np.ones(3),
    ]
    for x in points:
        expected, what = slopes_of_uneven(x), f"the gradient at random points, shape {x.shape}"
        expect_close(numerical_gradient(uneven, x), expected, what, rtol=1e-6, atol=1e-6)
    got = numerical_gradient(lambda v: float((v**3).sum() / 2), np.array([1, 2, 3]))
    expect_close(got, [1.5, 6.0, 13.5], "the gradient of half a sum of cubes at integers", atol=1e-6)
    got = numerical_gradient(lambda v: float(np.sum(v**2)), np.array(3.0))
    expect_close(got, np.array(6.0), "the gradient of a square at a 0-d array", atol=1e-6)


@check(points=0.5, hidden=True)
def six_digits_everywhere(numerical_gradient, rng):
    """Steep, large and flat slopes come out to six digits, at points large and small, and where x is float32."""
    a, x = rng.uniform(1, 2, size=(3, 3)), 1000 * rng.uniform(1, 2, size=3)
    expected = (a + a.T) @ x
    got = numerical_gradient(lambda v: float(v @ a @ v), x)
    expect_close(got, expected, "the gradient of a quadratic form far from 0", rtol=1e-6)
    x = rng.normal(size=(2, 2))
    expected = np.cos(100 * x)
    got = numerical_gradient(lambda v: float(np.sin(100 * v).sum() / 100), x)
    expect_close(got, expected, "the gradient of a sum of fast sines", atol=1e-6)
    x = np.array([[0.3, -0.7], [1.1, 0.9]], dtype=np.float32)
    expected = slopes_of_uneven(x.astype(float))
    expect_close(numerical_gradient(uneven, x), expected, "the gradient at an x of float32", rtol=1e-6, atol=1e-6)
    got = numerical_gradient(lambda v: float(v[0] ** 2), np.array([3.0, 5.0]))
    expect_close(got, [6.0, 0.0], "the gradient of a function of v[0] alone", rtol=1e-6, atol=0)


@check(points=0.5, hidden=True)
def what_the_function_is_given(numerical_gradient, rng):
    """The function gets nothing but arrays of floats, each of the shape of x, also where x is made of integers."""
    given = []
    for x in (rng.normal(size=(2, 3)), rng.integers(1, 9, size=2), rng.normal(size=(1, 2, 1)), np.array(rng.normal())):
        given.clear()
        numerical_gradient(lambda v: given.append(v) or 0.0, x)
        shapes, kinds = {np.shape(v) for v in given}, {np.asarray(v).dtype.kind for v in given}
        expect(
            shapes == {x.shape},
            f"At an x of shape {x.shape} the function was given arrays of shape {sorted(shapes)}.",
            f"Shape {x.shape}, each time.",
            summary="The function was given an array of another shape than x has.",
        )
        expect(
            kinds == {"f"},
            "The function was given an array that is not made of floats.",
            "Floats, whatever x is made of.",
            summary="The function was given an array that is not made of floats.",
        )


@check(points=0.5, hidden=True)
def it_is_central_and_keeps_to_its_step(numerical_gradient, rng):
    """With h = 1/100 the quotient is sinh(h)/h times the slope of exp; by default it looks 1e-5 to either side, wherever x is."""
    x, h = np.array([0.0, rng.uniform(0.5, 1.5)]), 1e-2
    expected = np.exp(x) * np.sinh(h) / h
    got = numerical_gradient(lambda v: float(np.exp(v).sum()), x, h)
    expect_close(got, expected, "the gradient of a sum of exponentials, h = 0.01")
    x = np.array([0.0, 10.0, -300.0])
    expected = 3 * x**2 + 0.25
    got = numerical_gradient(lambda v: float((v**3).sum()), x, h=0.5)
    expect_close(got, expected, "the gradient of a sum of cubes, h = 0.5", atol=1e-7)
    far = float(rng.integers(300, 600))
    for place in (0.0, far, -far):
        seen = []
        numerical_gradient(lambda v, seen=seen: seen.append(float(v[0])) or 0.0, np.array([place]))
        steps = np.array([min(seen), max(seen)]) - place
        expect_close(steps, [-1e-5, 1e-5], f"the steps from {place:g}", rtol=1e-6)


# %% hints
HINTS = [
    "np.ndindex(x.shape) runs over all indices of an array of any shape, also of shape ().",
    "Work on a float copy: an integer array swallows a step of 1e-5.",
    "Keep the coordinate's value, move it up, move it down, and put it back before the next one.",
]
COVERS = ["S1.2", "S3.3"]
KERNELS = [kernels.numerical_gradient]
WHY = """
Between $f(x + h)$ and $f(x - h)$ all even terms of the Taylor series cancel. What is left is the slope plus
$h^2 f'''(x) / 6$, so a smaller $h$ pays off quadratically, until rounding takes over. The line that matters is
`point[i] = here`: the coordinate gets back the number that was kept. Going up by $h$, down by $2h$ and up by $h$ again
ends a last bit away for three numbers in four. The copy in floats saves two things at once: the caller's array stays as
it is, and an integer cannot swallow the step. The price is two calls of `fun` for every coordinate, so this is a tool
for checking gradients, not for training with them.
"""

# %% [markdown]
# > **A common claim: "training looks for the point where the gradient is zero."** In school one differentiates, sets to zero,
# > and there is the minimum. True, and not enough. A zero gradient may be a minimum, a maximum or a saddle. For models worth
# > training the equation cannot be solved on paper, so one follows the gradient downhill; and a point where it vanishes still has
# > to be looked at. Below, $f(x, y) = x^2 - y^2$ at the origin: gradient zero, and a way down on either side.

# %% experiment
gradient_of = grader.yours("numerical_gradient")


def saddle(p):
    return float(p[0] ** 2 - p[1] ** 2)


print("gradient at (0, 0):", np.round(gradient_of(saddle, np.zeros(2)), 8))
print(f"f(0, 0) = {saddle([0, 0]):.2f}   f(0.1, 0) = {saddle([0.1, 0]):+.2f}   f(0, 0.1) = {saddle([0, 0.1]):+.2f}")


# %% right and wrong answers
IN_THE_TYPE_OF_X = (
    "You stepped in the number type of x. Integers swallow a step of 1e-5 whole, float32 takes it inexactly: "
    "work on a copy in float64."
)


@right_answer
def one_shifted_copy_at_a_time(fun, x, h=1e-5):
    """Nothing is moved, so nothing has to be put back, and a read-only x is no trouble. It makes three arrays for every
    coordinate.
    """
    x = np.asarray(x, dtype=float)
    gradient = np.empty(x.size)
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (fun(x + step) - fun(x - step)) / (2 * h)
    return gradient.reshape(x.shape)


@right_answer
def moved_and_put_back(fun, x, h=1e-5):
    """Makes no copy where x is made of float64 already, which counts for large arrays. The price: if fun raises, the
    caller's x stays moved.
    """
    x = np.asarray(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        here = x[i]
        x[i] = here + h
        above = fun(x)
        x[i] = here - h
        gradient[i] = (above - fun(x)) / (2 * h)
        x[i] = here
    return gradient


@wrong_answer(
    passes=(of_a_product, what_the_function_is_given),
    feedback="Your error is of order h, as that of a one-sided quotient is. Go to both sides: the central one errs by h squared.",
)
def one_sided(fun, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    start = fun(x)
    for i in np.ndindex(x.shape):
        here, x[i] = x[i], x[i] + h
        gradient[i] = (fun(x) - start) / h
        x[i] = here
    return gradient


@wrong_answer(
    of_a_product,
    any_shape_any_number,
    six_digits_everywhere,
    feedback="The first component is right, and the later ones are taken at a shifted point: put x[i] back before the next one.",
)
def never_put_back(fun, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = fun(x)
        x[i] -= 2 * h
        gradient[i] = (above - fun(x)) / (2 * h)
    return gradient


@wrong_answer(
    passes=(what_the_function_is_given,),
    feedback="Each component is the sum of all partial derivatives, as if all coordinates moved at once. Move them one at a time.",
)
def all_at_once(fun, x, h=1e-5):
    x = np.array(x, dtype=float)
    return np.full_like(x, (fun(x + h) - fun(x - h)) / (2 * h))


@wrong_answer(
    passes=(what_the_function_is_given,),
    feedback="Yours is twice too large: from x - h to x + h the way is 2h long, not h.",
)
def divided_by_h(fun, x, h=1e-5):
    return 2 * one_shifted_copy_at_a_time(fun, x, h)


@wrong_answer(
    any_shape_any_number,
    feedback="At integers every slope was cut to a whole number: the gradient must be made of floats, whatever x is made of.",
)
def integers_in_integers_out(fun, x, h=1e-5):
    return one_shifted_copy_at_a_time(fun, x, h).astype(np.promote_types(np.asarray(x).dtype, np.int64))


@wrong_answer(
    any_shape_any_number,
    six_digits_everywhere,
    what_the_function_is_given,
    feedback=IN_THE_TYPE_OF_X,
)
def a_step_in_the_type_of_x(fun, x, h=1e-5):
    point = np.array(x)
    gradient = np.zeros(point.shape)
    for i in np.ndindex(point.shape):
        here = point[i]
        point[i] = here + h
        above = fun(point)
        point[i] = here - h
        gradient[i] = (above - fun(point)) / (2 * h)
        point[i] = here
    return gradient


@wrong_answer(
    six_digits_everywhere,
    feedback=IN_THE_TYPE_OF_X,
)
def floats_stay_as_they_are(fun, x, h=1e-5):
    x = np.array(x)
    return a_step_in_the_type_of_x(fun, x if x.dtype.kind == "f" else x.astype(float), h)


@wrong_answer(
    what_the_function_is_given,
    feedback="The function was given arrays of one axis. It expects the shape of x, whatever that is.",
)
def flattened(fun, x, h=1e-5):
    return one_shifted_copy_at_a_time(lambda v: fun(v.ravel()), x, h)


@wrong_answer(
    it_is_central_and_keeps_to_its_step,
    feedback="The step is h, at every coordinate: yours grows with the size of x.",
)
def a_relative_step(fun, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        here, step = x[i], h * max(1.0, abs(x[i]))
        x[i] = here + step
        above = fun(x)
        x[i] = here - step
        gradient[i] = (above - fun(x)) / (2 * step)
        x[i] = here
    return gradient


@wrong_answer(
    any_shape_any_number,
    feedback="Where x is not in C order the gradient came out as 0: ravel() made a copy there, and what you moved was not x.",
)
def ravel_that_copies(fun, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient, flat = np.zeros(x.shape), x.ravel()
    for i in range(x.size):
        here = flat[i]
        flat[i] = here + h
        above = fun(x)
        flat[i] = here - h
        gradient.flat[i] = (above - fun(x)) / (2 * h)
        flat[i] = here
    return gradient


@wrong_answer(
    is_pure,
    feedback="The gradient is right, but x is not what it was: put every coordinate back to the last bit, or work on a copy.",
)
def put_back_almost(fun, x, h=1e-5):
    result = one_shifted_copy_at_a_time(fun, x, h)
    if isinstance(x, np.ndarray) and x.dtype.kind == "f":
        x += h
    return result
