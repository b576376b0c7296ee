"""The paths of weights under a penalty: what is drawn is what was given."""

import numpy as np
import pytest

from helpers.figures import penalties

NAMES = ["age", "bmi", "bp"]
STRENGTHS = np.logspace(2, -1, 8)
WEIGHTS = np.linspace(0, 1, 8)[:, None] * np.array([5.0, -5.0, 5.01])


@pytest.fixture
def drawn(monkeypatch):
    """Catch the figures that are shown, with their alt text."""
    figures = []
    monkeypatch.setattr(penalties, "show_figure", lambda fig, *, alt: figures.append((fig, alt)))
    return figures


def test_each_penalty_has_a_panel_whose_curves_are_the_weights(drawn):
    penalties.show_paths({"ridge": (STRENGTHS, WEIGHTS, 3), "lasso": (STRENGTHS, 0 * WEIGHTS, 0)}, NAMES, alt="paths")
    ((fig, alt),) = drawn
    ridge, lasso = fig.axes
    assert alt == "paths"
    curves = np.array([line.get_ydata() for line in ridge.lines[: len(NAMES)]])
    np.testing.assert_array_equal(curves, WEIGHTS.T)
    assert ridge.lines[-1].get_xdata()[0] == STRENGTHS[3]
    assert ridge.get_title().startswith("ridge: 0 exact zeros")
    assert lasso.get_title().startswith("lasso: 3 exact zeros")
    assert ridge.xaxis_inverted()


def test_names_at_the_ends_of_curves_do_not_stand_on_each_other(drawn):
    penalties.show_paths({"ridge": (STRENGTHS, WEIGHTS, 3)}, NAMES, alt="paths")
    heights = {text.get_text(): text.get_position()[1] for text in drawn[0][0].axes[0].texts}
    assert heights["bmi"] == -5.0
    assert heights["bp"] - heights["age"] >= 0.999 * penalties.APART * (5.01 + 5.0)


def test_it_is_shown_as_a_picture_with_its_alt_text(shown):
    penalties.show_paths({"ridge": (STRENGTHS, WEIGHTS, 3)}, NAMES, alt="ridge & co")
    assert repr(shown[0]) == "ridge & co"
    assert shown[0].width == 900
