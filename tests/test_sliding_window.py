"""The sliding window: honest numbers from the given functions, a picture at every corner, sentences for broken ones."""

import itertools

import numpy as np
import pytest

from helpers import figures, kernels
from helpers.figures import interactive, sliding
from helpers.figures.guarded import Unusable
from helpers.figures.sliding_numbers import counts, memo_counts, picture, reads, setting_of, slide, true_counts

START = {name: control.value for name, control in sliding.CONTROLS.items()}
CORNERS = [
    {**START, "height": height, "width": width, "kh": kh, "kw": kw, "stride": s, "padding": p, "dilation": d}
    for height, width, kh, kw, s, p, d in itertools.product((2, 5, 8), (3, 8), (1, 3), (2, 4), (1, 3), (0, 2), (1, 2))
]


@pytest.fixture
def drawn(monkeypatch):
    """Return a function that renders the figure at given settings."""
    kept = []
    monkeypatch.setattr(sliding, "show", lambda draw, controls, *, alt: kept.append((draw, alt)))
    sliding.sliding_window(kernels.im2col, kernels.col2im)
    return lambda values: interactive.rendered(*kept[0], {**START, **values})


def fits(values):
    try:
        return setting_of(values)
    except Unusable:
        return None


def test_output_and_columns_are_those_of_a_dilated_layer():
    for values in filter(fits, CORNERS):
        for rule, turn in (("correlation", 1), ("convolution", -1)):
            now = slide(kernels.im2col, {**values, "rule": rule})
            weights = np.fromfunction(lambda i, j: 1 + i - 2 * j, now.setting.kernel)[::turn, ::turn]
            knobs = values["stride"], values["padding"], values["dilation"]
            expected, _ = kernels.conv2d_forward(now.image[None, None], weights[None, None], np.zeros(1), *knobs)
            np.testing.assert_allclose(now.output, expected[0, 0], atol=1e-9)


def test_the_counts_are_the_given_col2im_s_and_agree_with_counting():
    for values in filter(fits, CORNERS):
        np.testing.assert_array_equal(counts(kernels.col2im, values), true_counts(values))
        p = values["padding"]
        inside = reads(setting_of(values))[p : p + values["height"], p : p + values["width"]]
        np.testing.assert_array_equal(inside, true_counts(values) > 0)
    broken = counts(lambda col, shape, *knobs: np.full(shape, 7.0), START)
    assert (broken == 7).all()


def test_the_memo_raises_is_silently_wrong_or_right():
    same = {**START, "height": 6, "width": 6}
    np.testing.assert_array_equal(memo_counts(same), true_counts(same))
    with pytest.raises(ValueError, match="broadcast"):
        memo_counts(START)
    single = {**START, "height": 3, "stride": 1}
    assert not np.array_equal(memo_counts(single), true_counts(single))
    assert sliding.memo_verdict(single)[1] == "wrong, and no error"
    assert "raises ValueError" in sliding.memo_verdict(START)[1]


def test_assigning_loses_the_counts():
    values = {**START, "stride": 1, "returned": "assign"}
    assert counts(kernels.col2im, values).max() == 1 == true_counts(values).max()


def test_a_stride_that_does_not_divide_leaves_pixels_unread(drawn):
    assert (~reads(setting_of(START))).sum() == START["width"]
    assert f"{START['width']} pixels are never read" in drawn({}).alt
    assert "No pixels are never read" in drawn({"stride": 1}).alt


def test_a_window_that_does_not_fit_is_a_sentence(drawn):
    picture = drawn({"height": 2, "kh": 4})
    assert "does not fit" in picture.alt
    assert picture.png.startswith(b"\x89PNG")


@pytest.mark.parametrize("values", [
    {"window": 64}, {"dilation": 3, "padding": 2}, {"height": 3, "stride": 1},
    {"height": 8, "width": 8, "padding": 2, "kh": 1, "kw": 1, "stride": 1},
    {"rule": "convolution", "taps": "symmetric", "returned": "assign"},
    {"height": 2, "width": 2, "kh": 2, "kw": 2},
])  # fmt: skip
def test_it_draws_at_every_corner(values, drawn):
    assert "could not be drawn" not in drawn(values).alt


def test_a_larger_image_holds_the_smaller_one():
    np.testing.assert_array_equal(picture((8, 8))[:3, :5], picture((3, 5)))


def raises(*arguments):
    print("noise")
    raise KeyError("mine")


@pytest.mark.parametrize(("im2col", "col2im", "sentence"), [
    (raises, kernels.col2im, "Your im2col could not be drawn: KeyError: 'mine'."),
    (kernels.im2col, raises, "Your col2im could not be drawn: KeyError: 'mine'."),
    (lambda x, kh, kw, s, p: None, kernels.col2im, "Your im2col returned None"),
    (lambda *_: np.zeros((2, 2)), kernels.col2im, "where (6, 9) belongs"),
])  # fmt: skip
def test_it_says_what_a_broken_function_did(im2col, col2im, sentence, shown, capsys):
    figures.sliding_window(im2col, col2im)
    assert sentence in repr(shown[0])
    assert shown[0].png.startswith(b"\x89PNG")
    assert capsys.readouterr().out == ""


def test_every_control_makes_a_widget_with_a_description():
    for control in sliding.CONTROLS.values():
        widget = control.widget()
        assert widget.description == control.description
        assert widget.value == control.value


def test_nothing_is_drawn_under_grading(monkeypatch):
    monkeypatch.setenv(interactive.GRADING, "1")
    monkeypatch.setattr(interactive, "_display", lambda picture: pytest.fail("nobody looks"))
    figures.sliding_window(raises, raises)
