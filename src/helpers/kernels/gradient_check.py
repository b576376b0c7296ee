"""Gradients without a backward pass, to check one with: differences, a complex step, and a few random directions.

`numerical_gradient` and `complex_step_gradient` walk from coordinate to coordinate. `check_gradient` costs 13
evaluations however many parameters there are: a direction of random signs moves all of them at once, so one wrong
coordinate in 80,000 still shows; where it is, the other two tell. All work in float64 whatever they are given: in
float32 no difference quotient gets closer than about 1e-4.
"""

import numpy as np

FOURTH_ORDER = ((1, 2 / 3), (2, -1 / 12))  # f' ~ sum_i weight_i (f(x + i h) - f(x - i h)) / h, error O(h^4)


def numerical_gradient(fun, x, h=1e-5):
    """Return the gradient of a scalar function by central differences, one coordinate after the other.

    g_i = (f(x + h e_i) - f(x - h e_i)) / (2 h), error O(h^2)

    fun: function of one float64 array that returns a number. x: array of any shape, integers too; it stays as it is.
    returns: float64 array of the shape of x.
    raises: `TypeError` if fun does not return a number.
    source: Nocedal, Wright, Numerical Optimization (2006), section 8.1.

    >>> numerical_gradient(lambda x: (x**2).sum(), [1, 2]).round(6)
    array([2., 4.])
    """
    point = np.array(x, dtype=np.float64)
    slopes = np.empty(point.shape)
    for index, here in np.ndenumerate(point.copy()):
        ahead, behind = here + h, here - h
        point[index] = ahead
        slopes[index] = _number(fun(point))
        point[index] = behind
        slopes[index] -= _number(fun(point))
        slopes[index] /= ahead - behind  # the step that was really taken, which rounding makes differ from 2 h
        point[index] = here
    return slopes


def _number(value):
    """Return what fun gave as a float; an array of one element is a number, too."""
    if np.size(value) != 1:
        raise TypeError(f"fun must return one number; it returned an array of shape {np.shape(value)}")
    return float(np.asarray(value).reshape(()))


def complex_step_gradient(fun, x, h=1e-30):
    """Return the gradient of a scalar function to the last digit, by one complex evaluation a coordinate.

    g_i = Im f(x + i h e_i) / h, error O(h^2) and no difference in which digits could cancel

    fun: function of one complex array that returns a complex number; it must be made of analytic operations, which
    abs, max, comparisons and conjugates are not. x: real array of any shape; it stays as it is. h: tiny.
    returns: float64 array of the shape of x.
    raises: `ValueError` if fun returns a real number, so that it has lost the imaginary part on its way.
    source: Squire, Trapp, Using complex variables to estimate derivatives of real functions, SIAM Review (1998).

    >>> complex_step_gradient(lambda x: (x**2).sum(), [1, 2])
    array([2., 4.])
    """
    point = np.array(x, dtype=np.complex128)
    slopes = np.empty(point.shape)
    for index, here in np.ndenumerate(point.copy()):
        point[index] = here + 1j * h
        value = fun(point)
        if not np.iscomplexobj(value):
            raise ValueError(f"the function must return a complex number for complex input, not {type(value).__name__}")
        slopes[index] = np.imag(value) / h
        point[index] = here
    return slopes


def check_gradient(fun_and_grad, *arrays, h=1e-4, directions=3, rng=None):
    """Return how far a gradient is from the function's own slope along random directions of +-1.

    max over directions d of |f'(x; d) - <g, d>| / max(|g|, |f'(x; d)|), less what rounding of f explains;
    f'(x; d) = (8 (f(x + h d) - f(x - h d)) - f(x + 2 h d) + f(x - 2 h d)) / (12 h), error O(h^4)

    fun_and_grad: function of the arrays that returns (value, gradient, gradient, ...), gradients in argument order.
    arrays: the point. h: every coordinate moves by it at once. For a smooth function of a few hundred coordinates 3e-3
    is more accurate still; near kinks a smaller one is safer.
    directions: each costs 4 evaluations. rng: a Generator, by default a seeded one.
    returns: a float; about 1e-10 for a right gradient, and a single wrong coordinate in 1e5 still stands out.
    raises: `ValueError` if the gradients are not as many as the arrays, or have other shapes.
    source: Fornberg, Generation of finite difference formulas on arbitrarily spaced grids, Math. Comp. (1988).

    >>> check_gradient(lambda x: ((x**3).sum(), 3 * x**2), np.array([1.0, 2.0])) < 1e-9
    True
    >>> check_gradient(lambda x: ((x**3).sum(), 2 * x**2), np.array([1.0, 2.0])) > 0.1
    True
    """
    rng = np.random.default_rng(0) if rng is None else rng
    point = [np.array(array, dtype=np.float64) for array in arrays]
    _, *gradients = fun_and_grad(*point)
    if [np.shape(g) for g in gradients] != [p.shape for p in point]:
        raise ValueError(f"gradients {[np.shape(g) for g in gradients]} for arrays {[p.shape for p in point]}")
    length = float(np.sqrt(sum(np.sum(np.square(g, dtype=np.float64)) for g in gradients)))
    worst = 0.0
    for _ in range(directions):
        signs = [2.0 * rng.integers(0, 2, p.shape, dtype=np.int8) - 1 for p in point]
        claimed = float(sum(np.vdot(g, sign) for g, sign in zip(gradients, signs, strict=True)))
        measured, rounding = _slope_along(fun_and_grad, point, signs, h)
        excess = max(0.0, abs(measured - claimed) - rounding)
        worst = max(worst, excess / max(length, abs(measured))) if excess else worst
    return worst


def _slope_along(fun_and_grad, point, signs, h):
    """Return the slope of the function along the direction `signs`, and how much of it may be rounding."""
    slope, largest = 0.0, 0.0
    for steps, weight in FOURTH_ORDER:
        moves = [steps * h * d for d in signs]
        ahead = float(fun_and_grad(*(p + move for p, move in zip(point, moves, strict=True)))[0])
        behind = float(fun_and_grad(*(p - move for p, move in zip(point, moves, strict=True)))[0])
        slope += weight * (ahead - behind) / h
        largest = max(largest, abs(ahead), abs(behind))
    return slope, float(np.finfo(np.float64).eps) * largest / h
