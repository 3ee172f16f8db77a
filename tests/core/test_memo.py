"""Keys follow the content of tables; copies keep what is kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import Keyed, apart, fingerprint, untouched

CELLS = st.one_of(st.text(max_size=3), st.none())
TABLES = st.lists(st.tuples(CELLS, st.floats(allow_nan=True)), min_size=1, max_size=5).map(
    lambda rows: pd.DataFrame(rows, columns=["where", "value"]).astype({"where": "str"})
)


@given(TABLES)
def test_equal_tables_have_equal_fingerprints(table):
    assert fingerprint({"a": table.copy(deep=True)}) == fingerprint({"a": table})


@given(TABLES, st.data())
def test_every_cell_counts(table, data):
    row = data.draw(st.integers(0, len(table) - 1))
    column = data.draw(st.sampled_from(["where", "value"]))
    other = table.copy()
    other.loc[row, column] = "another" if column == "where" else 12.5
    assert (fingerprint({"a": other}) == fingerprint({"a": table})) == other.equals(table)


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.rename(columns={"value": "values"}),
        lambda table: table.astype({"value": "Int64"}),
        lambda table: table.iloc[::-1],
        lambda table: table.iloc[:1],
        lambda table: table.set_axis([5, 6]),
        lambda table: table[["value", "unit"]],
    ],
)
def test_names_types_order_and_index_count(change):
    table = pd.DataFrame({"unit": ["visits", "visits"], "value": [1, 2]})
    assert fingerprint({"a": change(table)}) != fingerprint({"a": table})
    assert fingerprint({"b": table}) != fingerprint({"a": table})


def test_a_key_alone_says_whether_two_arguments_are_the_same():
    assert Keyed("a", [1]) == Keyed("a", [2])
    assert len({Keyed("a", [1]), Keyed("a", [2]), Keyed("b", [1])}) == 2


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    table: pd.DataFrame
    last: np.ndarray
    parts: dict[str, Held]


def test_what_is_changed_in_a_copy_stays_as_it_was_where_it_is_kept():
    part = Held(pd.DataFrame({"value": [1.0]}), np.ones(2), {})
    kept = {"one": Held(pd.DataFrame({"value": [2.0]}), np.ones(2), {"part": part}), "part": part}
    mine = apart(kept)
    mine["one"].table.loc[0, "value"] = 9.0
    mine["part"].table.loc[0, "value"] = 9.0
    mine["one"].parts["more"] = part
    del mine["part"]
    with pytest.raises(ValueError, match="read-only"):
        mine["one"].last[0] = 9.0
    assert kept["one"].table.loc[0, "value"] == 2.0
    assert part.table.loc[0, "value"] == 1.0
    assert list(kept) == ["one", "part"]
    assert list(kept["one"].parts) == ["part"]


def test_what_two_hold_together_they_hold_together_in_the_copy():
    part = Held(pd.DataFrame({"value": [1.0]}), np.ones(2), {})
    kept = {"one": Held(pd.DataFrame({"value": [2.0]}), np.ones(2), {"part": part}), "part": part}
    mine = apart(kept)
    assert mine["one"].parts["part"] is mine["part"]


def test_a_view_in_another_order_or_of_other_rows_is_no_copy_of_it():
    table = pd.DataFrame({"value": [1.0, 2.0, 3.0, 4.0]})
    for view, other in ((slice(None, None, -1), slice(None)), (slice(2, None), slice(None, 2))):
        kept = apart(table.iloc[other].reset_index(drop=True))
        assert not untouched(table.iloc[view].reset_index(drop=True), kept)
        assert untouched(table.iloc[other].reset_index(drop=True), kept)
