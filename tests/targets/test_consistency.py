from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pytest
from factories import evidence, observation, target
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis.core import targets_table
from sapa_analysis.core.errors import SapaError, TargetsError
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.evidence import known_by
from sapa_analysis.reporting import describe_consistency
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.tagged_numbers import numbers_in, plain
from sapa_analysis.targets import check_documents
from sapa_analysis.targets.consistency.check import CHECKS, COLUMNS
from sapa_analysis.targets.consistency.papers import FINDINGS, NUMBERS
from sapa_analysis.targets.relation import Relations, load_relations

pytest_plugins = ["loaded"]
few = settings(max_examples=min(10, settings.default.max_examples))
either = pytest.mark.parametrize("lang", LANGUAGES)
PAPERS = ["resolution-2023", "congress-2020", "congress-2020-restated"]
LIMITS = {
    name: {"value": 10, "unit": "percent", "why": "as invented"} for name in ("spend_growth", "price_growth")
}
PART = {"part": "international_arrivals", "whole": "tourist_arrivals", "why": "as invented"}
DECLARED = {
    "rates": {"check": "spend_per_visit", "amount": "tourism_revenue", "count": "tourist_arrivals",
              "rate": "spend_per_visit", "limit": "spend_growth"},
    "within": {"check": "revenue_in_retail", "amount": "tourism_revenue", "whole": "retail_sales"},
    "within_per_head": {"check": "revenue_in_grdp", "amount": "tourism_revenue", "whole": "grdp",
                        "per_head": "grdp_per_capita", "people": "population"},
    "prices_per_head": {"check": "growth_per_head", "per_head": "grdp_per_capita", "growth": "grdp_growth",
                        "people_growth": "natural_population_growth", "limit": "price_growth"},
}  # fmt: skip
NAMES = {section: entry["check"] for section, entry in DECLARED.items()}
UNITS = {
    "tourist_arrivals": "visits", "international_arrivals": "visits", "tourism_revenue": "billion_vnd",
    "retail_sales": "billion_vnd", "grdp_per_capita": "million_vnd", "jobs_created": "persons",
}  # fmt: skip


def goal(
    indicator: str, value: float, document: str = "plan", measure: str = "level", **changed: Any
) -> dict:
    """Return a bare goal of 2025, in percent where `UNITS` says nothing else."""
    made = target(measure, changed.pop("sense", "at_least"), float(value))
    made |= {"document": document, "indicator_id": indicator, "unit": UNITS.get(indicator, "percent"),
             "sense_inferred": "yes", "fraction": ""} | changed  # fmt: skip
    return made | {"id": f"{document}.{indicator}.{made['end']}"}


def counted(count: int, basis: str = "published", indicator: str = "strong_militia_units") -> Relations:
    known = basis == "published"
    entry = {"indicator_id": indicator, "area": "sa_pa", "count": count, "basis": basis,
             "published": "2020" if known else "", "source_title": "A page" if known else "",
             "source_url": "", "note": "as invented"}  # fmt: skip
    return Relations.model_validate({"counts": [entry]})


def related(**sections: Any) -> Relations:
    """Return the relations of these sections, with the project's declared checks and invented limits."""
    declared = {section: [entry | {"why": "as invented"}] for section, entry in DECLARED.items()}
    return Relations.model_validate({"limits": LIMITS, **declared, **sections})


def shares(*values: float) -> list[dict]:
    names = ("share_agriculture", "share_industry_construction", "share_trade_services")
    return [goal(name, value, sense="about") for name, value in zip(names, values, strict=True)]


def tourism(revenue: float, arrivals: float, year: int = 2025, document: str = "plan") -> list[dict]:
    return [goal("tourism_revenue", revenue, document, end=year),
            goal("tourist_arrivals", arrivals, document, end=year)]  # fmt: skip


def per_head(first: float, last: float, growth: float) -> list[dict]:
    mean = {"measure": "term_mean_growth", "start": 2021}
    return [goal("grdp_per_capita", first, "resolution", end=2023), goal("grdp_per_capita", last),
            goal("grdp_growth", growth, **mean)]  # fmt: skip


def yearly(*values: float, mean: float) -> list[dict]:
    years = [
        goal("grdp_growth", value, f"plan-{year}", "growth", end=year)
        for year, value in enumerate(values, 2021)
    ]
    return [*years, goal("grdp_growth", mean, "congress", "term_mean_growth", start=2021)]


def people(n: float) -> pd.DataFrame:
    return evidence(observation("2024", n, indicator_id="population", unit="persons"))


@dataclass(frozen=True)
class Pair:
    """A sound paper and a fault seeded into it, with what the check then has to say."""

    sound: list[dict]
    fault: list[dict]
    says: str
    relations: Relations = field(default_factory=related)
    figures: pd.DataFrame = field(default_factory=evidence)
    faulty_relations: Relations | None = None


HALVES = ([goal("tourism_revenue", 600), goal("retail_sales", 900)],
          [goal("tourism_revenue", 1200), goal("retail_sales", 900)])  # fmt: skip
SCHOOLS = {"fraction": "46/61"}
FLOOR = {"sense": "more_than", "sense_inferred": "no"}
PAIRS = {
    "shares_of_whole": [
        Pair(shares(16.58, 30.91, 52.51), shares(16.58, 30.91, 53.51), "cannot_both_hold"),
        Pair(shares(33.3, 33.3, 33.3), shares(33.3, 33.3, 33.1), "tension"),
    ],
    "fractions": [
        Pair([goal("schools_at_standard", 75.4, **SCHOOLS)], [goal("schools_at_standard", 75.5, **SCHOOLS)],
             "cannot_both_hold"),
    ],
    "share_of_units": [
        Pair([goal("strong_militia_units", 96.2)], [goal("strong_militia_units", 96.3)], "cannot_both_hold",
             counted(26)),
        Pair([goal("strong_militia_units", 96.2)], [goal("strong_militia_units", 96.2)], "tension",
             counted(26, "assumed"), faulty_relations=counted(25, "assumed")),
    ],
    "least_units": [
        Pair([goal("strong_militia_units", 88, **FLOOR)], [goal("strong_militia_units", 100, **FLOOR)],
             "cannot_both_hold", counted(16)),
    ],
    "part_of_whole": [
        Pair([goal("international_arrivals", 1e6), goal("tourist_arrivals", 5.8e6)],
             [goal("international_arrivals", 5.9e6), goal("tourist_arrivals", 5.8e6)],
             "cannot_both_hold", related(parts=[PART])),
    ],
    "spend_per_visit": [
        Pair([*tourism(12_000, 4e6, 2023, "first"), *tourism(18_000, 5e6)],
             [*tourism(12_000, 4e6, 2023, "first"), *tourism(27_000, 5e6)], "tension"),
        Pair(tourism(18_000, 5e6), tourism(9_000, 5e6), "tension", figures=evidence(
            observation("2024", 4e6),
            observation("2024", 14e3, indicator_id="tourism_revenue", unit="billion_vnd"))),
    ],
    "revenue_in_retail": [Pair(*HALVES, "tension")],
    "revenue_in_grdp": [
        Pair([goal("tourism_revenue", 5_000), goal("grdp_per_capita", 118)],
             [goal("tourism_revenue", 9_000), goal("grdp_per_capita", 118)], "tension", figures=people(70_000)),
    ],
    "growth_per_head": [
        Pair(per_head(118, 145, 14.5), per_head(118, 200, 14.5), "tension"),
        Pair(per_head(100, 125, 7.0), per_head(100, 145, 7.0), "tension"),
    ],
    "years_of_term": [
        Pair(yearly(10, 12, 14, 16, 18, mean=13.9), yearly(10, 12, 14, 16, 18, mean=14.0), "tension"),
        Pair(yearly(10, 12, mean=11.5), yearly(10, 12, mean=12.5), "tension"),
        Pair([goal("jobs_created", 500, f"plan-{year}", end=year) for year in range(2021, 2026)]
             + [goal("jobs_created", 2500, "congress", "term_total", start=2021)],
             [goal("jobs_created", 500, f"plan-{year}", end=year) for year in range(2021, 2026)]
             + [goal("jobs_created", 2600, "congress", "term_total", start=2021)], "tension"),
    ],
}  # fmt: skip
CASES = [(name, pair) for name, pairs in PAIRS.items() for pair in pairs]


@pytest.fixture(scope="module")
def indicators(tables) -> pd.DataFrame:
    return tables.indicators


@pytest.fixture(scope="module")
def check(indicators):
    def run(rows: Iterable[dict], **options: Any) -> pd.DataFrame:
        known = {"indicators": indicators, "relations": related(), **options}
        return check_documents(pd.DataFrame(rows), **known)

    return run


@pytest.fixture(scope="module")
def relations(root) -> Relations:
    return load_relations(root / "data")


@pytest.fixture(scope="module")
def published(tables) -> pd.DataFrame:
    return tables.evidence


@pytest.fixture(scope="module")
def targets(tables) -> pd.DataFrame:
    table = targets_table(tables.targets)
    return table[table["document"].isin(PAPERS)]


@pytest.fixture(scope="module")
def real(targets, indicators, published, relations) -> pd.DataFrame:
    return check_documents(targets, indicators=indicators, figures=published, relations=relations)


# every check has two sides --------------------------------------------------------------------------------


def test_every_check_has_a_sound_paper_and_a_seeded_fault():
    assert set(PAIRS) == set(CHECKS) - set(NAMES) | set(NAMES.values())


@pytest.mark.parametrize(("name", "pair"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_check_is_silent_on_a_sound_paper_and_fires_on_a_seeded_fault(check, name, pair):
    sound = check(pair.sound, figures=pair.figures, relations=pair.relations)
    fault = check(pair.fault, figures=pair.figures, relations=pair.faulty_relations or pair.relations)
    assert set(sound["finding"]) == {"consistent"}
    assert set(sound["check"]) == {name}
    assert fault.loc[fault["check"] == name, "finding"].to_list() == [pair.says]


@pytest.mark.parametrize("pair", [pair for _, pair in CASES])
def test_the_order_of_the_targets_does_not_matter(check, pair):
    options = {"figures": pair.figures, "relations": pair.relations}
    there, back = check(pair.fault, **options), check(pair.fault[::-1], **options)
    assert sorted(there["finding"]) == sorted(back["finding"])
    assert there["ratio"].to_list() == back["ratio"].to_list() or there["ratio"].isna().all()


def test_a_check_of_nothing_finds_nothing(check, indicators, targets):
    table = check([goal("forest_cover", 66.29)])
    assert table.empty
    assert list(table.columns) == COLUMNS
    assert check_documents(targets.head(0), indicators=indicators).empty


def test_a_target_in_another_unit_than_its_indicator_is_refused(check):
    with pytest.raises(
        TargetsError, match=r'plan\.tourist_arrivals\.2025 is in "persons", its indicator in "visits"'
    ):
        check([goal("tourist_arrivals", 5e6, unit="persons")])


def test_goals_of_two_areas_are_never_held_against_each_other(check):
    ward = [row | {"area": "sa_pa_ward"} for row in tourism(27_000, 5e6)]
    assert check([*tourism(12_000, 4e6, 2023, "first"), *ward], relations=related()).empty


def test_the_tables_are_left_as_they_were(indicators, targets, published, relations):
    tables = (targets, indicators, published)
    before = [table.copy(deep=True) for table in tables]
    check_documents(targets, indicators=indicators, figures=published, relations=relations)
    for table, copy in zip(tables, before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


# laws -----------------------------------------------------------------------------------------------------


@few
@given(st.sampled_from([(pair, rows) for _, pair in CASES for rows in (pair.sound, pair.fault)]),
       st.from_regex("[a-z]{3}_", fullmatch=True))  # fmt: skip
def test_no_check_knows_an_indicator_by_its_name(check, indicators, case, prefix):
    pair, rows = case
    ids = re.compile(rf"\b({'|'.join(indicators.index)})\b")

    def named(text: str) -> str:
        return ids.sub(rf"{prefix}\1", text)

    texts = ["indicator_id", "formula", "part_of", "growth_of"]
    others = indicators.assign(**{name: indicators[name].map(named) for name in texts})
    relations = pair.relations.model_dump()
    for section in ("parts", "counts", *DECLARED):
        relations[section] = [{role: named(value) if isinstance(value, str) and role != "check" else value
                               for role, value in entry.items()} for entry in relations[section]]  # fmt: skip
    again = check(
        [row | {"indicator_id": named(row["indicator_id"])} for row in rows],
        indicators=others.set_index("indicator_id", drop=False),
        figures=pair.figures.assign(indicator_id=pair.figures["indicator_id"].map(named)),
        relations=Relations.model_validate(relations),
    )
    told = check(rows, figures=pair.figures, relations=pair.relations)
    pd.testing.assert_frame_equal(told.assign(indicator_id=told["indicator_id"].map(named)), again)


def test_without_declarations_no_amount_is_checked(check):
    papers = [row for _, pair in CASES for row in pair.fault]
    assert not set(check(papers, relations=Relations())["check"]) & set(NAMES.values())


@few
@given(st.lists(st.floats(1, 100), min_size=3, max_size=3), st.integers(0, 2))
def test_shares_that_were_only_rounded_are_consistent(check, parts, decimals):
    rounded = [round(100 * part / sum(parts), decimals) for part in parts]
    assert check(shares(*rounded))["finding"].to_list() == ["consistent"]


@few
@given(st.data(), st.integers(1, 200), st.integers(0, 2))
def test_a_fraction_fits_its_own_rounded_percentage_and_no_other(check, data, whole, decimals):
    part = data.draw(st.integers(0, whole))
    step = 10.0**-decimals
    printed = round(100 * part / whole, decimals)
    found = [
        check([goal("schools_at_standard", value, fraction=f"{part}/{whole}")])["finding"].iloc[0]
        for value in (printed, round(printed + 1.1 * step + 1e-9, decimals + 1))
    ]
    assert found == ["consistent", "cannot_both_hold"]


@few
@given(st.data(), st.integers(1, 99))
def test_units_are_found_again_in_their_rounded_percentage(check, data, count):
    units = data.draw(st.integers(0, count))
    table = check([goal("strong_militia_units", round(100 * units / count, 1))], relations=counted(count))
    assert table[["finding", "units"]].to_numpy().tolist() == [["consistent", units]]


@few
@given(st.integers(0, 99), st.integers(1, 60), st.sampled_from(["more_than", "at_least"]))
def test_the_least_units_attain_the_floor_and_one_fewer_misses_it(check, floor, count, sense):
    row = goal("strong_militia_units", floor, sense=sense, sense_inferred="no")
    [found] = check([row], relations=counted(count)).to_dict("records")
    attained = [100 * n > floor * count or (sense == "at_least" and 100 * n == floor * count)
                for n in (found["units"], found["units_below"])]  # fmt: skip
    assert attained == [True, False]
    assert found["finding"] == "consistent"


@few
@given(st.floats(-9.9, 9.9), st.integers(1, 6), st.floats(1e5, 1e7), st.floats(1e5, 1e7))
def test_the_growth_of_spend_between_two_goals_is_told_whatever_the_visits(check, growth, years, first, last):
    spend = 3.0 * (1 + growth / 100) ** years
    rows = [
        *tourism(3.0 * first / 1000, first, 2023, "first"),
        *tourism(spend * last / 1000, last, 2023 + years),
    ]
    [found] = check(rows, relations=related()).to_dict("records")
    assert found["finding"] == "consistent"
    assert [found["spend_before"], found["spend"], found["growth"]] == pytest.approx([3.0, spend, growth])


@settings(max_examples=6)
@given(st.sampled_from(["revenue_in_retail", "spend_per_visit"]), st.integers(-3, 3))
def test_units_of_money_and_visits_do_not_matter(check, name, power):
    factor = 2.0**power  # exact in binary
    pair = PAIRS[name][0]
    for rows in (pair.sound, pair.fault):
        scaled = [row | {"value": row["value"] * factor} for row in rows]
        told, again = (check(papers, relations=pair.relations) for papers in (rows, scaled))
        kept = ["finding", "note", "ratio", "growth", "spend"]
        pd.testing.assert_frame_equal(told[kept], again[kept])


@few
@given(st.floats(1, 20), st.floats(-3, 9.9), st.floats(0, 3))
def test_growth_prices_and_population_explain_the_level_per_head(check, growth, prices, population):
    last = 100 * ((1 + growth / 100) * (1 + prices / 100) / (1 + population / 100)) ** 2
    residents = goal("natural_population_growth", population, "resolution", end=2023, sense="less_than")
    [found] = check([*per_head(100, last, growth), residents], relations=related()).to_dict("records")
    assert found["finding"] == "consistent"
    assert found["needed"] == pytest.approx(prices, abs=1e-9)
    assert (found["note"] == "consistent_implied") == (found["needed"] <= 0)


@few
@given(st.lists(st.floats(-5, 25), min_size=1, max_size=4), st.floats(1, 20))
def test_the_rest_of_a_term_carries_it_to_its_mean(check, values, mean):
    found = check(yearly(*values, mean=mean)).iloc[0]
    years = [*values, *[found["rest"]] * int(found["left_years"])]
    assert np.prod([1 + value / 100 for value in years]) == pytest.approx((1 + mean / 100) ** 5)
    assert (found["finding"] == "tension") == (found["rest"] > max(values) + 1e-9 * mean)


# what is read how -----------------------------------------------------------------------------------------


def test_a_ceiling_of_a_term_is_missed_from_above(check):
    rows = yearly(1, 1, 1, 1, 1, mean=1.2)
    assert check([*rows[:-1], rows[-1] | {"sense": "less_than"}])["finding"].to_list() == ["consistent"]
    assert check([*rows[:-1], rows[-1] | {"sense": "less_than", "value": 0.9}])["finding"].to_list() == [
        "tension"
    ]


def test_the_years_left_under_a_ceiling_may_be_no_lower_than_the_lowest_that_was_set(check):
    rows = [row | {"sense": "at_most"} for row in yearly(1.0, 2.0, mean=1.3)]
    [found] = check(rows).to_dict("records")
    assert (found["finding"], found["extreme"]) == ("consistent", 1.0)
    [found] = check([*rows[:-1], rows[-1] | {"value": 1.1}]).to_dict("records")
    assert (found["finding"], found["rest"]) == ("tension", pytest.approx(0.835, abs=0.005))


def test_the_growth_goal_of_a_year_counts_only_when_it_is_kept_on_from_the_first_level(check):
    rows = per_head(118, 145, 14.5)[:2]
    kept, later = (goal("grdp_growth", 14.5, "resolution", "growth", end=year) for year in (2023, 2024))
    assert check([*rows, kept])["check"].to_list() == ["growth_per_head"]
    assert check([*rows, later]).empty


def test_a_restated_goal_is_read_with_those_that_stand_and_nothing_is_told_twice(check):
    restated = goal("tourism_revenue", 2400, "again")
    rows = [goal("tourism_revenue", 600), goal("retail_sales", 900), restated]
    own = related(restatements=[{"document": "again", "of": "plan", "why": "as invented"}])
    assert check(rows, relations=own)[["documents", "ratio"]].round(1).to_numpy().tolist() == [
        ["plan", 66.7], ["again;plan", 266.7],
    ]  # fmt: skip
    assert len(check(rows, relations=related())) == 1


def test_published_spend_is_that_of_one_period_the_whole_year_first(check):
    money = {"indicator_id": "tourism_revenue", "unit": "billion_vnd"}
    figures = evidence(
        observation("2022-01/2022-12", 7120, "YTD", through="2022-12-23", **money),
        observation("2022-01/2022-12", 2.43e6, "YTD", through="2022-12-23"),
        observation("2021-01/2021-12", 9999, "YTD", **money),
        observation("2021-01/2021-12", 1e6, "YTD"),
        observation("2023-01/2023-09", 9999, "YTD", **money),
        observation("2023-01/2023-09", 1e6, "YTD"),
        observation("2024", 9999, **money),
    )
    [found] = check(tourism(18_000, 5e6), figures=figures, relations=related()).to_dict("records")
    assert (found["since"], found["spend_before"]) == (2022, pytest.approx(7120 / 2430))
    whole = evidence(observation("2022", 7300, **money), observation("2022", 2.5e6))
    both = pd.concat([figures, whole], ignore_index=True)
    [found] = check(tourism(18_000, 5e6), figures=both, relations=related()).to_dict("records")
    assert (found["since"], found["spend_before"]) == (2022, pytest.approx(7300 / 2500))


def test_residents_are_those_of_the_nearest_year_by_the_firmest_page(check):
    said = {"indicator_id": "population", "unit": "persons"}
    figures = evidence(
        observation("2024", 82_000, grade="C", **said),
        observation("2024", 72_000, grade="A", kind="estimate", **said),
        observation("2024", 70_000, grade="A", **said),
        observation("2019", 60_000, grade="A", **said),
    )
    rows = [goal("tourism_revenue", 5_000), goal("grdp_per_capita", 100)]
    [found] = check(rows, figures=figures).to_dict("records")
    assert (found["population"], found["since"], found["grdp"]) == (70_000, 2024, 7_000)


# the resolution of 2023 and the congress ------------------------------------------------------------------


def told(table: pd.DataFrame, name: str, *columns: str) -> list[list[Any]]:
    return table.loc[table["check"] == name, list(columns)].to_numpy().tolist()


def test_what_the_real_documents_yield(real):
    found = real.groupby("check", sort=False)["finding"].value_counts().to_dict()
    assert found == {
        ("shares_of_whole", "consistent"): 1,
        ("fractions", "consistent"): 1,
        ("share_of_units", "consistent"): 1,
        ("least_units", "consistent"): 1,
        ("part_of_whole", "consistent"): 2,
        ("spend_per_visit", "tension"): 5,
        ("revenue_in_retail", "tension"): 1,
        ("revenue_in_grdp", "tension"): 3,
        ("growth_per_head", "consistent"): 1,
        ("years_of_term", "consistent"): 1,
    }
    assert "cannot_both_hold" not in set(real["finding"])


def test_shares_schools_and_units_of_the_resolution_agree(real):
    assert told(real, "shares_of_whole", "total", "gap") == [[100.0, 0.0]]
    assert told(real, "fractions", "part", "whole", "printed") == [[46, 61, 75.4]]
    assert told(real, "share_of_units", "units", "all_units", "note") == [[25, 26, "consistent_assumed"]]
    assert told(real, "least_units", "units", "all_units", "share", "units_below", "share_below") == [
        [15, 16, 93.75, 14, 87.5]
    ]


def test_26_is_the_least_number_of_units_that_fits(check):
    every = related(counts=[count.model_dump() for n in range(1, 60) for count in counted(n).counts])
    found = check([goal("strong_militia_units", 96.2)], relations=every)
    assert found.loc[found["finding"] == "consistent", "all_units"].to_list() == [26, 52, 53]


def test_the_goals_imply_that_a_visit_brings_ever_more(real):
    rows = real[(real["check"] == "spend_per_visit") & (real["note"] == "tension_goals")]
    assert rows[["since", "year"]].to_numpy().tolist() == [[2023, 2025]] * 2
    assert rows["spend_before"].to_list() == pytest.approx([12_085 / 3_500] * 2)
    assert rows["spend"].to_list() == pytest.approx([27_000 / 5_800, 27_900 / 5_800])
    assert rows["growth"].to_list() == pytest.approx([16.1, 18.0], abs=0.05)


def test_at_the_start_of_2023_the_congress_was_held_against_the_spend_of_2022(
    targets, indicators, published, relations
):
    early = targets[targets["document"] != "congress-2020-restated"]
    found = check_documents(
        early, indicators=indicators, figures=known_by(published, "2023-01-15"), relations=relations
    )
    rows = found[(found["check"] == "spend_per_visit") & found["note"].str.endswith("_published")]
    assert rows[["year", "since", "note"]].to_numpy().tolist() == [
        [2023, 2022, "tension_published"], [2025, 2022, "tension_published"],
    ]  # fmt: skip
    assert rows["growth"].to_list() == pytest.approx([17.8, 16.7], abs=0.05)


def test_tourism_revenue_is_above_retail_and_above_the_product_it_is_part_of(real):
    assert told(real, "revenue_in_retail", "revenue", "retail", "ratio") == [
        [12_085, 8_000, pytest.approx(151.1, abs=0.05)]
    ]
    assert told(real, "revenue_in_grdp", "revenue", "population", "grdp") == [
        [12_085, 72_000, pytest.approx(8_496)],
        [27_000, 72_000, pytest.approx(10_440)],
        [27_900, 72_000, pytest.approx(10_440)],
    ]


def test_the_growth_goal_already_implies_the_goal_per_head(real):
    [(note, *numbers)] = told(
        real, "growth_per_head",
        "note", "implied", "implied_with_population", "per_head", "population_limit", "needed",
    )  # fmt: skip
    assert note == "consistent_implied"
    assert numbers == pytest.approx([154.70, 151.05, 145, 3.29, -2.02], abs=0.005)


def test_the_goal_of_2022_leaves_the_rest_of_the_term_more_than_any_year_asks(tables, indicators):
    table = targets_table(tables.targets)
    papers = table[table["document"].isin([*PAPERS, "resolution-2022"])]
    [row] = told(
        check_documents(papers, indicators=indicators), "years_of_term", "finding", "rest", "extreme"
    )
    assert row == ["tension", pytest.approx(16.37, abs=0.005), 14.5]


# in print -------------------------------------------------------------------------------------------------


@either
def test_every_check_and_finding_has_words_and_none_are_left_over(lang):
    words = texts(lang)["consistency"]
    assert set(words["checks"]) == set(words["notes"]) == set(CHECKS) | set(NAMES.values())
    assert {section: set(words["notes"][section]) for section in NAMES} == {
        section: set(words["notes"][name]) for section, name in NAMES.items()
    }
    assert set(words["findings"]) == set(FINDINGS)


@either
def test_every_number_of_a_finding_has_a_unit_with_words(lang):
    units = {printed.unit for printed in NUMBERS.values()} - {"", "count"}
    assert units <= set(texts(lang)["units"])


@pytest.fixture(scope="module")
def all_told(check) -> pd.DataFrame:
    """Return every note that a check can give, once or more."""
    more = [Pair([goal("strong_militia_units", 96.2)], [], "", counted(26, "assumed")),
            Pair(per_head(100, 115, 5.0), [], ""),
            Pair([*tourism(12_000, 4e6), *tourism(24_000, 5e6, 2026, "next")], [], "")]  # fmt: skip
    more.append(Pair(tourism(18_000, 5e6), [], "", figures=PAIRS["spend_per_visit"][1].figures))
    tables = [check(pair.sound, figures=pair.figures, relations=pair.relations)
              for pair in [*(pair for _, pair in CASES), *more]]  # fmt: skip
    tables += [check(pair.fault, figures=pair.figures, relations=pair.faulty_relations or pair.relations)
               for _, pair in CASES]  # fmt: skip
    return pd.concat(tables, ignore_index=True)


@either
def test_every_note_can_be_printed_and_is_given_by_some_paper(lang, all_told, indicators):
    printed = plain(describe_consistency(all_told, indicators, lang=lang))
    assert not [cell for cell in printed.to_numpy().ravel() if "{" in cell or "nan" in cell.split()]
    notes = texts(lang)["consistency"]["notes"]
    assert set(zip(all_told["check"], all_told["note"], strict=True)) == {
        (name, note) for name in notes if name not in NAMES for note in notes[name]
    }


@either
def test_a_declared_check_without_words_of_its_own_is_told_in_those_of_its_section(
    lang, all_told, indicators
):
    declared = {section: [entry | {"check": f"other_{section}", "why": "as invented"}]
                for section, entry in DECLARED.items()}  # fmt: skip
    others = {name: f"other_{section}" for section, name in NAMES.items()}
    renamed = all_told[all_told["check"].isin(others)].replace({"check": others})
    words = texts(lang)["consistency"]["checks"]
    printed = plain(
        describe_consistency(renamed, indicators, relations=related(**declared), lang=lang)
    ).to_numpy()
    assert set(printed[:, 0]) == {words[section] for section in NAMES}
    assert not [cell for cell in printed.ravel() if "{" in cell or "nan" in cell.split()]


def test_general_words_name_the_indicators_in_their_own_units(check, indicators):
    share = {"check": "guests_from_abroad", "amount": "international_arrivals", "count": "tourist_arrivals",
             "rate": "international_share", "limit": "share_growth", "why": "as invented"}  # fmt: skip
    limits = {"share_growth": {"value": 5, "unit": "percent", "why": "as invented"}}
    own = related(rates=[share], limits={**LIMITS, **limits})
    rows = [goal(name, value, f"plan-{year}", end=year)
            for name, year, value in (("international_arrivals", 2024, 1e6), ("tourist_arrivals", 2024, 5e6),
                                      ("international_arrivals", 2025, 2e6), ("tourist_arrivals", 2025, 5e6))]  # fmt: skip
    found = check(rows, relations=own)
    assert found[["check", "spend_before", "spend", "limit"]].to_numpy().tolist() == [
        ["guests_from_abroad", 20, 40, 5]
    ]
    [cells] = plain(describe_consistency(found, indicators, relations=own, lang="en")).to_numpy().tolist()
    assert cells[-1] == (
        "International share of arrivals: the goals for 2024 imply 20%, those for 2025 40%: a change of "
        "100% a year, outside the 5% a year that serve as a yardstick."
    )


def test_a_check_without_any_words_says_what_is_wanted(all_told, indicators):
    odd = all_told.head(1).assign(check="odd")
    with pytest.raises(SapaError, match=r'the check "odd" has no words for .* hand over the relations'):
        describe_consistency(odd, indicators)


@either
def test_every_printed_number_knows_its_check_and_target_and_no_other_is_typed(lang, real, indicators):
    table = describe_consistency(real, indicators, lang=lang)
    assert list(table.columns) == list(texts(lang)["consistency"]["columns"].values())
    for row, why in zip(real.to_dict("records"), table.iloc[:, -1], strict=True):
        first = row["targets"].split(";")[0]
        numbers = numbers_in([why])
        assert numbers
        for number in numbers:
            name = number.key.removeprefix(f"{row['check']}.{first}.")
            assert number.value == row[name]
        bare = set(re.findall(r"\d+", re.sub("\ue000.*?\ue002", "", why)))
        assert bare <= {str(row["year"]), str(row["since"])}


def test_the_office_reads_a_tension_in_its_own_words(real, indicators):
    printed = plain(describe_consistency(real, indicators, lang="vi"))
    [row] = printed[printed.iloc[:, 0] == "Doanh thu du lịch so với bán lẻ và dịch vụ"].to_numpy().tolist()
    assert row[2:] == [
        "NQ năm 2023",
        # the method note of the project, section 4
        "chưa thống nhất về phạm vi thống kê, đề nghị cơ quan chuyên môn làm rõ",
        "Doanh thu du lịch 12.085 tỷ đồng bằng 151% tổng mức bán lẻ hàng hóa, doanh thu dịch vụ "
        "(8.000 tỷ đồng), dù phần lớn khoản chi của khách được tính trong tổng mức này.",
    ]
