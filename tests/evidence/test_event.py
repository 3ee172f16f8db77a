from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.evidence import affecting

ids = st.sampled_from(["all", "grdp", "population", "rooms"])
areas = st.sampled_from(["viet_nam", "lao_cai", "sa_pa"])
rows = st.lists(st.tuples(st.lists(ids, min_size=1, unique=True).map(";".join), areas), max_size=8)


def table(rows: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["indicator_affected", "area"], dtype=object)


@given(rows, st.sampled_from(["grdp", "rooms"]))
def test_every_event_of_an_indicator_is_found_and_no_other(rows, indicator):
    events = table(rows)
    found = affecting(events, indicator)
    said = [{indicator, "all"} & set(text.split(";")) != set() for text, _ in rows]
    assert list(found.index) == [place for place, yes in enumerate(said) if yes]
    assert affecting(found, indicator).equals(found)


@given(rows, st.sets(areas))
def test_more_areas_never_have_fewer_events(rows, chosen):
    events = table(rows)
    some, every = affecting(events, "grdp", areas=chosen), affecting(events, "grdp")
    assert set(some.index) <= set(every.index)
    assert set(some["area"]) <= chosen
    assert affecting(events, "grdp", areas={"viet_nam", "lao_cai", "sa_pa"}).equals(every)


def test_an_indicator_is_not_found_by_a_part_of_its_name():
    assert affecting(table([("grdp_growth", "sa_pa")]), "grdp").empty
