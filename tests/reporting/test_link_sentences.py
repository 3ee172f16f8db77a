"""Sentences about links: the law in numbers, what is left out with its figures, in both languages."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from sapa_analysis.core import LANGUAGES
from sapa_analysis.pipeline import unlinked_record
from sapa_analysis.reporting import describe_links
from sapa_analysis.reporting.tagged_numbers import Number, numbers_in, parts
from sapa_analysis.scenarios import elasticities

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)


@either
def test_links_are_told_with_the_law_and_what_is_left_with_its_figures(lang, tables, params):
    few = params.with_values(n_paths=100)
    record = unlinked_record(tables, few)
    told = describe_links(few, record, tables.areas, tables.indicators, lang=lang)
    numbers = {number.key: number.value for number in numbers_in(told)}
    drawn = elasticities(few.links[0], 10_000)
    wanted = {"middle": 0.5, "low": 0.1, "high": 0.9}
    for name, share in wanted.items():
        key = f"links.tourism_revenue.grdp_growth.{name}"
        assert numbers[key] == pytest.approx(1.1 ** np.quantile(drawn, share) - 1)
    of = "links.tourism_revenue.state_budget_revenue"
    assert f"{of}.n_own" not in numbers  # it has none, in words
    assert numbers[f"{of}.2022.to"] == pytest.approx(record.iloc[-1]["to_ratio"] - 1)
    assert str(tables.indicators.loc["state_budget_revenue", f"name_{lang}"]) in told[-1]
    loose = [part for text in told for part in parts(text) if not isinstance(part, Number)]
    assert [part for part in loose if re.search(r"\d", part)] == []


@either
def test_where_no_link_is_set_that_is_told(lang, tables, params):
    there = params.with_values(area="viet_nam")
    [told] = describe_links(there, unlinked_record(tables, there), tables.areas, tables.indicators, lang=lang)
    assert str(tables.areas.loc["viet_nam", f"name_{lang}"]) in told
    none = params.with_values(links=[])
    assert (
        len(describe_links(none, unlinked_record(tables, none), tables.areas, tables.indicators, lang=lang))
        == 1
    )


@either
@pytest.mark.parametrize("n_own", [0, 1, 4])
def test_how_many_figures_the_area_has_itself_is_told_unless_it_is_the_one_compared(
    lang, n_own, tables, params
):
    record = pd.DataFrame(
        {"indicator_id": "state_budget_revenue", "of": "tourism_revenue", "n_own": n_own, "area": "lao_cai",
         "start": [2017, 2018], "end": [2018, 2019], "of_ratio": [1.3, 1.0], "to_ratio": [1.1, 1.2]}
    )  # fmt: skip
    told = {
        area: describe_links(
            params.with_values(area=area), record, tables.areas, tables.indicators, lang=lang
        )[-1]
        for area in ("sa_pa", "lao_cai")
    }
    key = "links.tourism_revenue.state_budget_revenue.n_own"
    assert [number.value for number in numbers_in([told["sa_pa"]]) if number.key == key] == [n_own] * (
        n_own > 0
    )
    assert key not in {number.key for number in numbers_in([told["lao_cai"]])}
    # of two steps one is without a change of the other quantity: no ratio, nothing is compared
    assert not [number for number in numbers_in([told["lao_cai"]]) if number.unit == "share"]
