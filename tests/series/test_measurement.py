"""The table between evidence and smoother fits its declared schema, whatever was published."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
import pytest
from factories import observation, vintage
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core.errors import SapaError
from sapa_analysis.pipeline.area import families_of
from sapa_analysis.pipeline.known import lineage
from sapa_analysis.series.bridge import read_bridges
from sapa_analysis.series.measurement import Measured
from sapa_analysis.series.plan import read_plans
from sapa_analysis.series.statement import ask, measure, measured
from sapa_analysis.series.system import read_all

pytest_plugins = ["loaded"]
FLAT = pd.DataFrame({"share": 1 / 12, "sd": 0.01}, index=pd.RangeIndex(1, 13, name="month"))
periods = st.sampled_from(
    [("2019", "A"), ("2019-01/2019-06", "YTD"), ("2019", "YTD"), ("2019-Q1", "Q"), ("2016/2020", "TERM"), ("2019-07", "M")]
)  # fmt: skip
rows = st.builds(
    lambda when, value, kind, bound: observation(when[0], value, when[1], kind=kind, bound=bound),
    periods, st.integers(1, 9_999_999), st.sampled_from(["actual", "estimate"]), st.sampled_from(["exact", "over", "about"]),
)  # fmt: skip


@given(st.lists(rows, min_size=1, max_size=6))
def test_whatever_is_published_gives_a_table_that_fits(printed):
    read = measure(vintage(*printed), "tourist_arrivals", "sa_pa", shock_years=(), profile=FLAT)
    pd.testing.assert_frame_equal(Measured.validate(read), read)


def test_a_row_without_a_reading_that_claims_to_inform_does_not_fit():
    read = measure(vintage(observation("2019", 10)), "tourist_arrivals", "sa_pa", shock_years=())
    for wrong in ({"reading": float("nan")}, {"first": 2020}, {"form": "slope"}, {"own_sd": -1.0}):
        with pytest.raises(pa.errors.SchemaError):
            Measured.validate(read.assign(**wrong))


@pytest.mark.parametrize("area", ["sa_pa", "lao_cai"])
def test_every_table_of_the_project_fits(tables, params, area):
    chosen = params.with_values(area=area, as_of="2026-01-31")
    known, areas = tables.as_of(chosen.as_of), lineage(tables, area)
    for family in families_of(tables, chosen):
        said = read_all(known, family, areas, chosen.shock_years)
        Measured.validate(said)
        for more in (
            read_plans(known.targets, said, family.primaries),
            read_bridges(known, chosen.bridges, family.members, area),
        ):
            if len(more):
                Measured.validate(more)
    said = known.statements
    for indicator in said.loc[said["area"] == area, "indicator_id"].unique():
        try:
            read = measure(known, indicator, area, shock_years=chosen.shock_years)
        except SapaError:
            continue
        Measured.validate(read)


def test_without_a_statement_there_is_an_empty_table():
    assert measure(vintage(), "tourist_arrivals", "sa_pa", shock_years=()).empty


@given(st.lists(rows, max_size=4), st.sampled_from(["2019-12-30", "2019-12-31", "2022-01-01", None]))
def test_what_is_read_once_is_what_is_read_anew(printed, day):
    known = vintage(*printed).as_of(day)
    try:
        wanted = measure(known, "tourist_arrivals", "sa_pa", shock_years=())
    except SapaError:
        return
    read = measured(ask(known.keyed(), "tourist_arrivals", "sa_pa", ()))
    pd.testing.assert_frame_equal(read, wanted.reset_index(drop=True))
