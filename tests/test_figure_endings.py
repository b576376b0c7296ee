"""The pictures at the ends of lessons 07 to 09, and the staircases: what stands in them, in the alt text too."""

import numpy as np

from helpers import figures
from helpers.figures import staircases

RNG = np.random.default_rng(0)


def drawn(monkeypatch, module, draw):
    """The Matplotlib figure and the alt text that a function would show."""
    seen = []
    monkeypatch.setattr(module, "show_figure", lambda figure, *, alt: seen.append((figure, alt)))
    draw()
    (found,) = seen
    return found


def test_every_ending_shows_one_picture_with_its_words(shown):
    x = np.linspace(-3, 3, 50)
    p, q = np.exp(-(x**2)), np.exp(-((x - 1) ** 2))
    cloud = RNG.normal(size=(600, 2))
    history = [(0, 0.4, 0.3, cloud), (100, 0.2, 0.1, cloud)]
    silent = [(step, None, exact, points) for step, _, exact, points in history]
    figures.digit_grids({"a": RNG.random((12, 64)), "b": RNG.random((12, 64))}, rows=3, alt="grids")
    figures.plan_pictures({"a": RNG.random((4, 5)), "b": RNG.random((5, 4))}, alt="plans")
    figures.judged_densities(x, p, q, p, q, seen=p > 0.05, alt="densities")
    figures.push_curves(np.arange(1, 9), {"a": RNG.random((2, 8)), "b": RNG.random((2, 8))}, alt="pushes")
    figures.point_clouds({"data": cloud, "forged": cloud}, alt="clouds")
    figures.claims_and_clouds({"leash": history, "none": silent}, cloud, ["one", "two"], alt="claims")
    assert [repr(one) for one in shown] == ["grids", "plans", "densities", "pushes", "clouds", "claims"]


def test_digits_stand_in_rows_in_their_order(monkeypatch):
    from helpers.figures import digit_pictures

    pixels = np.repeat(np.arange(6) / 10, 64).reshape(6, 64)
    figure, _ = drawn(
        monkeypatch, digit_pictures, lambda: digit_pictures.digit_grids({"a": pixels, "b": pixels}, rows=2, alt="")
    )
    image = np.asarray(figure.axes[0].images[0].get_array())
    assert image.shape == (17, 26)  # two rows of three, with a line between and none at the lower edge
    assert [image[0, 0], image[0, 9], image[0, 18], image[9, 0], image[9, 18]] == [0.0, 0.1, 0.2, 0.3, 0.5]


def test_the_plane_of_latents_tells_where_each_digit_lies(monkeypatch):
    from helpers.figures import digit_pictures

    labels = np.arange(20) % 10
    means = np.stack([labels / 10, -labels / 10], axis=1)
    _, alt = drawn(
        monkeypatch, digit_pictures, lambda: digit_pictures.latent_plane(means, labels, RNG.random((9, 64)), 2.0)
    )
    assert "3 near (0.3, -0.3)" in alt
    assert "7 near (0.7, -0.7)" in alt


def test_a_critic_that_claims_nothing_has_no_dashes(monkeypatch):
    from helpers.figures import forgeries

    points = RNG.normal(size=(9, 2))
    with_claim, without = [(1, 0.5, 0.4, points)], [(1, None, 0.4, points)]
    figure, _ = drawn(
        monkeypatch,
        forgeries,
        lambda: forgeries.claims_and_clouds({"a": with_claim, "b": without}, points, ["", ""], alt=""),
    )
    assert [line.get_linestyle() for line in figure.axes[0].lines] == ["-", "--", "-"]


def test_the_staircases_are_distribution_functions_and_the_gap_is_what_passes(monkeypatch):
    figure, alt = drawn(monkeypatch, staircases, staircases.passing_mass)
    first, second = (line.get_ydata() for line in figure.axes[0].lines if len(line.get_ydata()) == 4)
    assert list(first) == [0, 0.75, 1, 1]
    assert list(second) == [0, 0.9, 1, 1]
    assert "0.15 must come over from the right" in alt
    total = sum(
        np.ptp(box.get_paths()[0].vertices[:, 0]) * np.ptp(box.get_paths()[0].vertices[:, 1])
        for box in figure.axes[0].collections
    )
    assert np.isclose(total, 1.25)  # W1: 0.75 over 1, 0.15 over 2, 0.1 over 2
