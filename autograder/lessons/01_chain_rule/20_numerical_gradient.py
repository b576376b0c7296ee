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
# | `x` | any, also `()` | the point; integers are welcome |
# | `h` | number | the step |
# | result | the shape of `x`, float64 | all partial derivatives |
#
# **Write `numerical_gradient(fun, x, h=1e-5)`.** Afterwards the caller's `x` is what it was. `fun` is only ever given arrays of
# floats of the shape of `x`, also where `x` itself is made of integers.

# %% imports
import numpy as np

from helpers import kernels
from helpers.checking import check, expect, expect_array, expect_close, right_answer, wrong_answer


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
@check(points=0.5, hidden=True)
def any_shape_any_number(numerical_gradient, rng):
    """It works for vectors, matrices and 0-d arrays, and for integers, whose gradient need not be whole."""
    a, x = rng.normal(size=(3, 3)), rng.normal(size=3)
    expected = (a + a.T) @ x
    expect_close(
        numerical_gradient(lambda v: float(v @ a @ v), x), expected, "the gradient of a quadratic form", atol=1e-6
    )
    m = rng.normal(size=(2, 3))
    expected = np.cos(m)
    got = numerical_gradient(lambda v: float(np.sin(v).sum()), m)
    expect_close(got, expected, "the gradient of a sum of sines, shape (2, 3)", atol=1e-6)
    got = numerical_gradient(lambda v: float((v**3).sum() / 2), np.array([1, 2, 3]))
    expect_close(got, [1.5, 6.0, 13.5], "the gradient of half a sum of cubes at integers", atol=1e-6)
    got = numerical_gradient(lambda v: float(np.sum(v**2)), np.array(3.0))
    expect_close(got, 6.0, "the gradient of a square at a 0-d array", atol=1e-6)


@check(points=0.5, hidden=True)
def what_the_function_is_given(numerical_gradient):
    """The function gets nothing but arrays of floats, each of the shape of x, also where x is made of integers."""
    given = []
    for x in (np.ones((2, 3)), np.array([1, 2])):
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
def it_is_central_and_keeps_to_its_step(numerical_gradient):
    """With h = 1/100 the quotient is sinh(h)/h times the slope of exp; by default it looks 1e-5 to either side."""
    x, h = np.array([0.0, 1.0]), 1e-2
    expected = np.exp(x) * np.sinh(h) / h
    expect_close(
        numerical_gradient(lambda v: float(np.exp(v).sum()), x, h),
        expected,
        "the gradient of a sum of exponentials, h = 0.01",
    )
    seen = []
    numerical_gradient(lambda v: seen.append(float(v[0])) or 0.0, np.zeros(1))
    expect_close(np.array([min(seen), max(seen)]), [-1e-5, 1e-5], "the points looked at around 0", atol=1e-12)


@check(points=0.5, hidden=True)
def the_point_is_left_alone(numerical_gradient, rng):
    """Afterwards x is what it was, bit by bit."""
    x = rng.normal(size=(2, 2))
    before = x.copy()
    expect_array(numerical_gradient(lambda v: float((v**2).sum()), x), (2, 2), "numerical_gradient at a matrix")
    expect(
        np.array_equal(x, before),
        "x was changed.",
        "x as it was before the call.",
        "Work on a copy.",
        summary="The argument x was changed by the call.",
    )


# %% hints
HINTS = [
    "np.ndindex(x.shape) runs over all indices of an array of any shape, also of shape ().",
    "Work on a float copy: an integer array swallows a step of 1e-5.",
    "Keep the coordinate's value, move it up, move it down, and put it back before the next one.",
]
COVERS = ["S1.2", "S3.3"]
KERNELS = [kernels.numerical_gradient]

# %% [markdown]
# > **Often said: "training looks for the point where the gradient is zero."** True, and not enough. A zero gradient may be a
# > minimum, a maximum or a saddle. For models worth training the equation cannot be solved on paper, so one follows the gradient
# > downhill; and a point where it vanishes still has to be looked at. Below, $f(x, y) = x^2 - y^2$ at the origin: gradient zero,
# > and a way down on either side.

# %% experiment
gradient_of = grader.yours("numerical_gradient")


def saddle(p):
    return float(p[0] ** 2 - p[1] ** 2)


print("gradient at (0, 0):", np.round(gradient_of(saddle, np.zeros(2)), 8))
print(f"f(0, 0) = {saddle([0, 0]):.2f}   f(0.1, 0) = {saddle([0.1, 0]):+.2f}   f(0, 0.1) = {saddle([0, 0.1]):+.2f}")


# %% right and wrong answers
@right_answer
def one_shifted_copy_at_a_time(fun, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    gradient = np.empty(x.size)
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (fun(x + step) - fun(x - step)) / (2 * h)
    return gradient.reshape(x.shape)


@wrong_answer(
    of_a_sum_of_squares,
    any_shape_any_number,
    it_is_central_and_keeps_to_its_step,
    feedback="This is the one-sided quotient, whose error is of order h. Go to both sides: the central one errs by h squared.",
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
    feedback="You never put x[i] back, so the later components are taken at a shifted point.",
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
    passes=(
        what_the_function_is_given,
        the_point_is_left_alone,
    ),
    feedback="You moved all coordinates at once: that is the sum of the partial derivatives. Move them one at a time.",
)
def all_at_once(fun, x, h=1e-5):
    x = np.array(x, dtype=float)
    return np.full_like(x, (fun(x + h) - fun(x - h)) / (2 * h))


@wrong_answer(
    passes=(
        what_the_function_is_given,
        the_point_is_left_alone,
    ),
    feedback="From x - h to x + h the way is 2h long: yours is divided by h and comes out twice too large.",
)
def divided_by_h(fun, x, h=1e-5):
    return 2 * one_shifted_copy_at_a_time(fun, x, h)


@wrong_answer(
    any_shape_any_number,
    feedback="Your gradient inherited the integers of x, and every slope was cut to a whole number. Make it of floats.",
)
def integers_in_integers_out(fun, x, h=1e-5):
    return one_shifted_copy_at_a_time(fun, x, h).astype(np.asarray(x).dtype)


@wrong_answer(
    any_shape_any_number,
    what_the_function_is_given,
    feedback="You stepped in the integers of x, which swallow a step of 1e-5 whole. Work on a copy that is made of floats.",
)
def a_step_among_integers(fun, x, h=1e-5):
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
    what_the_function_is_given,
    feedback="You flattened x before you called the function. It expects the shape of x, whatever that is.",
)
def flattened(fun, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    flat = one_shifted_copy_at_a_time(lambda v: fun(v if x.ndim == 0 else v.ravel()), x, h)
    return flat.reshape(x.shape)


@wrong_answer(
    passes=(
        of_a_sum_of_squares,
        it_is_central_and_keeps_to_its_step,
    ),
    feedback="You worked on the caller's own array and did not put it back: afterwards x is another point.",
)
def in_place(fun, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        here = x[i]
        x[i] = here + h
        above = fun(x)
        x[i] = here - h
        gradient[i] = (above - fun(x)) / (2 * h)
    return gradient
