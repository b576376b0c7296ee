"""The small figures of experiments: rows of pictures, curves, ellipses, and graphs whose arrows end at their boxes."""

import io
import itertools

import numpy as np
import pytest

from helpers import figures
from helpers.figures import curves, ellipses, graphs, pictures
from helpers.figures.style import DPI, INK, ORANGE


@pytest.fixture
def drawn(monkeypatch):
    """The figures, with their alt texts, that a test shows."""
    found = []
    for module in (curves, ellipses, graphs, pictures):
        monkeypatch.setattr(module, "show_figure", lambda fig, *, alt: found.append((fig, alt)))
    return found


def test_rows_of_pictures_lie_in_the_figure_and_do_not_touch(drawn):
    rng = np.random.default_rng(0)
    rows = [
        figures.Row("ink", rng.random((10, 8, 8))),
        figures.Row("weights", rng.normal(size=(12, 3, 3)), weights=True),
    ]
    figures.show_pictures(*rows, figures.Row("six", rng.random((6, 8, 8)), list("abcdef")), alt="digits")
    ((fig, alt),) = drawn
    assert alt == "digits"
    assert [text.get_text() for text in fig.texts] == ["ink", "weights", "six"]
    boxes = [ax.get_position() for ax in fig.axes]
    assert len(boxes) == 28
    assert all(0 <= box.x0 < box.x1 <= 1 and 0 <= box.y0 < box.y1 <= 1 for box in boxes)
    assert all(a.x1 < b.x0 or a.y0 > b.y1 for a, b in itertools.pairwise(boxes))
    assert [ax.get_title(loc="left") for ax in fig.axes[-6:]] == list("abcdef")


def test_zero_is_gray_among_weights_and_white_among_ink(drawn):
    rows = figures.Row("ink", np.zeros((1, 2, 2))), figures.Row("weights", np.array([[[-2.0, 1.0]]]), weights=True)
    figures.show_pictures(*rows, alt="")
    ink, weights = (ax.images[0] for ax in drawn[0][0].axes)
    assert ink.get_clim() == (0, 1)
    assert weights.get_clim() == (-2, 2)
    assert ink.cmap(ink.norm(0.0))[:3] == (1, 1, 1)
    assert weights.cmap(weights.norm(0.0))[0] == pytest.approx(0.5, abs=0.01)


def test_curves_stand_beside_the_level_that_one_should_know(drawn):
    learned = {"plain": ([0, 50], [0.2, 0.1]), "LSTM": ([0, 100], [0.2, 0.01])}
    words = {"said": "nothing", "over": "updates", "error": "error", "alt": "two curves"}
    figures.show_curves(learned, level=1 / 6, limits=(1e-3, 1), **words)
    (ax,) = drawn[0][0].axes
    *lines, level = ax.lines
    assert [line.get_ydata().tolist() for line in lines] == [[0.2, 0.1], [0.2, 0.01]]
    assert len({(line.get_color(), line.get_linestyle(), line.get_marker()) for line in lines}) == 2
    assert set(level.get_ydata()) == {1 / 6}
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["plain", "LSTM"]


def test_the_slice_lies_in_the_shadow(drawn):
    figures.slice_and_shadow(np.array([[1.0, 0.8], [0.8, 1.0]]), np.array([0.36, 0.36]))
    fig, alt = drawn[0]
    _, within, around, *_ = fig.axes[0].patches
    assert (within.width, around.width) == pytest.approx((1.2, 2))
    assert "0.36" in alt


def test_arrows_end_at_the_boxes_and_say_what_happens_on_the_way(drawn):
    nodes = {"a": (0.1, 0.5, "a"), "b": (0.9, 0.5, "a long name")}
    figures.computation_graph(nodes, [("a", "b", "W")], alt="", marked=("b",))
    fig, _ = drawn[0]
    a, b, _, label = fig.axes[0].texts
    assert label.get_text() == "W"
    file = io.BytesIO()
    fig.savefig(file, format="rgba", dpi=DPI)
    pixels = np.frombuffer(file.getvalue(), np.uint8).reshape(-1, int(9 * DPI), 4)
    gray = np.all(np.abs(pixels[..., :3].astype(int) - 0x6B) < 20, axis=2).sum(axis=0)
    left = round(b.get_bbox_patch().get_window_extent().x0)
    assert gray[left - 60] in (2, 3)  # the line
    assert gray[left - 20 : left].max() >= 6  # the head, before the box and not under it
    assert b.get_bbox_patch().get_edgecolor()[:3] == pytest.approx(
        tuple(int(ORANGE[i : i + 2], 16) / 255 for i in (1, 3, 5))
    )
    assert a.get_color() == INK
