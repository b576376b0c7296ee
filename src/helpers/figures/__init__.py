"""Figures that a student can move: a static picture with alt text first, sliders where a live notebook can show them.

Nothing is loaded before it is used: Matplotlib and ipywidgets cost seconds that a grader or a browser should not pay.
"""

import importlib

# No module is called like what it offers: importing it would put the module in the function's place.
_HOME = {
    "Row": "helpers.figures.pictures",
    "claims_and_clouds": "helpers.figures.forgeries",
    "computation_graph": "helpers.figures.graphs",
    "course_map": "helpers.figures.course",
    "digit_grids": "helpers.figures.digit_pictures",
    "duel": "helpers.figures.duel_figure",
    "gradient_microscope": "helpers.figures.microscope",
    "gradient_through_time": "helpers.figures.sequence",
    "how_good_is_the_bound": "helpers.figures.bound",
    "judged_densities": "helpers.figures.forgeries",
    "latent_plane": "helpers.figures.digit_pictures",
    "moving_earth": "helpers.figures.transport",
    "passing_mass": "helpers.figures.staircases",
    "plan_pictures": "helpers.figures.digit_pictures",
    "point_clouds": "helpers.figures.forgeries",
    "push_curves": "helpers.figures.forgeries",
    "ravine_and_shrinkage": "helpers.figures.ravine",
    "show": "helpers.figures.interactive",
    "show_curves": "helpers.figures.curves",
    "show_figure": "helpers.figures.interactive",
    "show_paths": "helpers.figures.penalties",
    "show_pictures": "helpers.figures.pictures",
    "signal_through_depth": "helpers.figures.depth",
    "slice_and_shadow": "helpers.figures.ellipses",
    "sliding_window": "helpers.figures.sliding",
    "two_ways_to_fit": "helpers.figures.two_fits",
}
__all__ = sorted(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"helpers.figures has no {name!r}; it offers {', '.join(__all__)}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__():
    return __all__
