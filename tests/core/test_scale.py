from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core.scale import SCALES
from sapa_analysis.core.table_terms import SCALE_NAMES

#: Where each scale can be undone; a share outside 0.5 to 99.5 is moved to that edge first.
DOMAINS = {"log": (1e-6, 1e12), "logit": (0.5, 99.5), "level": (-1e12, 1e12), "growth": (-1e3, 1e3)}
a_scale = st.sampled_from(sorted(SCALES))


def test_every_scale_that_an_indicator_may_name_exists():
    assert set(SCALES) == set(SCALE_NAMES) == set(DOMAINS)
    assert all(scale.name == name for name, scale in SCALES.items())


@given(a_scale, st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_a_scale_undoes_itself(name, fractions):
    low, high = DOMAINS[name]
    values = low + np.array(fractions) * (high - low)
    back = SCALES[name].to_unit(SCALES[name].to_model(values))
    np.testing.assert_allclose(back, values, rtol=1e-9)


@given(a_scale, st.floats(0, 1), st.floats(0, 1))
def test_a_scale_keeps_the_order(name, one, other):
    low, high = DOMAINS[name]
    lesser, greater = sorted([low + one * (high - low), low + other * (high - low)])
    scale = SCALES[name]
    assert scale.to_model(lesser) <= scale.to_model(greater)
    if greater - lesser > 1e-6 * (high - low):
        assert scale.to_model(lesser) < scale.to_model(greater)


@given(st.floats(-1e6, 1e6))
def test_whatever_the_model_says_a_share_stays_between_0_and_100(value):
    assert 0 <= SCALES["logit"].to_unit(value) <= 100


@given(st.floats(0, 100))
def test_a_share_stays_what_it_is_to_its_ends(printed):
    logit = SCALES["logit"]
    assert np.isfinite(logit.to_model(printed))
    assert logit.to_unit(logit.to_model(printed)) == pytest.approx(printed, rel=1e-9, abs=1e-9)


@given(st.floats(1e-6, 1e9), st.floats(0.01, 100))
def test_equal_ratios_are_equal_steps_in_logs(value, ratio):
    log = SCALES["log"].to_model
    assert log(value * ratio) - log(value) == pytest.approx(np.log(ratio), abs=1e-9)


@given(st.floats(0.6, 99.4))
def test_a_share_and_the_rest_lie_opposite(share):
    logit = SCALES["logit"].to_model
    assert logit(share) == pytest.approx(-logit(100 - share), abs=1e-9)
