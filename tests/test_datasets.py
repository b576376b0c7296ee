"""The data sets that travel with the package: their shapes, and the figures that their sources give."""

import numpy as np
import pytest

from helpers import data


def test_the_diabetes_data_are_those_of_the_source():
    inputs, target, names = data.diabetes()
    assert inputs.shape == (442, 10)
    assert target.shape == (442,)
    assert names == ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")
    assert np.isfinite(inputs).all()
    assert target.mean() == pytest.approx(152.13, abs=0.01)
    np.testing.assert_array_equal(inputs[0], [59, 2, 32.1, 101, 157, 93.2, 38, 4, 4.8598, 87])
    centered = np.column_stack([np.ones(442), inputs])
    residual = target - centered @ np.linalg.lstsq(centered, target, rcond=None)[0]
    assert 1 - residual.var() / target.var() == pytest.approx(0.5177, abs=1e-4)  # the R^2 known of this data set


def test_every_data_set_has_its_source_and_license_beside_it():
    from importlib import resources

    readme = (resources.files("helpers.data") / "README.md").read_text()
    for path in resources.files("helpers.data").iterdir():
        if path.name.endswith(".gz"):
            assert f"`{path.name}`" in readme
    assert "Redistribution and use" in readme
