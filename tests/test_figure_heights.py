"""A figure and its sliders are seen together in JupyterLab on a screen of 1366 x 768."""

import math

import pytest

from helpers import kernels
from helpers.figures import depth, microscope, ravine

ROOM = 649  # pixels between JupyterLab's toolbar and its status bar
ROW, GAP = 31, 9  # of two controls beside each other; between picture and controls
FIGURES = {
    "01": (microscope.gradient_microscope, microscope.CONTROLS, ("cross_entropy_from_logits", "numerical_gradient")),
    "02": (depth.signal_through_depth, depth.CONTROLS, ("init_std", "batchnorm_forward")),
    "03": (
        ravine.ravine_and_shrinkage,
        ravine.CONTROLS,
        ("momentum_step", "adaptive_step", "adam_step", "ridge", "soft_threshold", "gradient_descent_after"),
    ),
}


@pytest.mark.parametrize("lesson", FIGURES)
def test_picture_and_controls_fit_on_a_small_screen(lesson, shown):
    figure, controls, functions = FIGURES[lesson]
    figure(*(getattr(kernels, name) for name in functions))
    assert shown[0].height + GAP + ROW * math.ceil(len(controls) / 2) <= ROOM
