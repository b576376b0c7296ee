"""Classical item analysis: how hard each exercise was, how well it tells students apart, how far a lesson agrees.

Points are an array of shape (students, exercises). The formulas are those of any textbook of test theory, for example
Lord and Novick, Statistical Theories of Mental Test Scores (1968), chapters 4 and 15.
"""

import numpy as np


def difficulty(points, most):
    """The mean share of an exercise's points, shape (exercises,): 1 where all earned everything."""
    return np.asarray(points, dtype=float).mean(axis=0) / most


def discrimination(points):
    """The corrected item-total correlation of each exercise, shape (exercises,): with the sum of all others.

    nan where it is not defined: one student, one exercise, or no differences.
    """
    points = np.asarray(points, dtype=float)
    rest = points.sum(axis=1, keepdims=True) - points
    a, b = points - points.mean(axis=0), rest - rest.mean(axis=0)
    scale = np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    defined = scale > 1e-12
    return np.where(defined, (a * b).sum(axis=0) / np.where(defined, scale, 1.0), np.nan)


def cronbach_alpha(points):
    """Cronbach's alpha, k/(k - 1) (1 - sum of the exercises' variances / variance of the total); nan if undefined."""
    points = np.asarray(points, dtype=float)
    students, k = points.shape
    if students < 2 or k < 2:
        return float("nan")
    total = points.sum(axis=1).var(ddof=1)
    return float(k / (k - 1) * (1 - points.var(axis=0, ddof=1).sum() / total)) if total > 1e-12 else float("nan")
