"""What no link reaches: named, with the figures of both by the nearest area that has them."""

from __future__ import annotations

import pytest

from sapa_analysis.core import Link
from sapa_analysis.pipeline import unlinked_record

pytest_plugins = ["loaded"]


@pytest.fixture(scope="module")
def few(params):
    return params.with_values(n_paths=100)


def test_of_the_core_budget_revenue_alone_is_left(tables, few):
    record = unlinked_record(tables, few)
    assert set(record["indicator_id"]) == {"state_budget_revenue"}
    assert set(record["of"]) == {"tourism_revenue"}
    assert set(record["area"]) == {"lao_cai"}
    assert set(record["n_own"]) == {0}
    assert record[["start", "end"]].to_numpy().tolist() == [[2017, 2018], [2018, 2019], [2019, 2022]]
    fell = record.iloc[-1]
    assert fell["of_ratio"] < 0.9
    assert fell["to_ratio"] > 1.1


def test_steps_follow_one_another_and_are_ratios_of_estimates(tables, few):
    record = unlinked_record(tables, few.with_values(area="lao_cai"))
    assert (record["start"].iloc[1:].to_numpy() == record["end"].iloc[:-1].to_numpy()).all()
    assert (record[["of_ratio", "to_ratio"]] > 0).all(axis=None)
    assert set(record["n_own"]) == {len(record) + 2}  # two years of it alone


def test_a_link_of_ones_own_to_budget_revenue_leaves_nothing_out(tables, few):
    mine = few.links[0].model_dump() | {"to": "state_budget_revenue"}
    assert unlinked_record(tables, few.with_values(links=[few.links[0], mine])).empty


def test_without_a_link_there_is_nothing_to_set_beside(tables, few):
    assert unlinked_record(tables, few.with_values(links=[])).empty
    assert unlinked_record(tables, few.with_values(area="viet_nam")).empty


def test_what_the_link_moves_and_what_follows_counts_as_reached(tables, few):
    link = Link(of="tourist_arrivals", to="state_budget_revenue", elasticity=0.1, sd=0.0, low=0.0, high=1.0)
    left = unlinked_record(tables, few.with_values(links=[link]))
    assert set(left["indicator_id"]) == {"grdp_growth", "grdp_per_capita"}
