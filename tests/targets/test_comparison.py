from __future__ import annotations

import re
from collections import Counter

import pandas as pd
import pytest
from factories import target
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis.core.errors import TargetsError
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.core.table_terms import SENSES
from sapa_analysis.core.target import Target
from sapa_analysis.reporting import describe_comparisons
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.tagged_numbers import numbers_in, plain
from sapa_analysis.targets import compare_documents
from sapa_analysis.targets.comparison import COLUMNS, NOTES, RELATIONS, relate
from sapa_analysis.targets.relation import Relations, load_relations

pytest_plugins = ["loaded"]
few = settings(max_examples=min(12, settings.default.max_examples))
either = pytest.mark.parametrize("lang", LANGUAGES)
SWAPPED = {"stricter": "looser", "looser": "stricter", "only_one": "only_other", "only_other": "only_one"}
AKIN = Relations.model_validate(
    {"related": [{"indicators": ["grdp_per_capita", "income_per_capita"], "why": "two statistics"}],
     "parts": [{"part": "international_arrivals", "whole": "tourist_arrivals", "why": "guests from abroad"}]}
)  # fmt: skip


def row(document: str, measure: str = "level", sense: str = "at_least", value: float = 3.0, **changed):
    """Return a target of a document; its id says whose and of what."""
    made = target(measure, sense, value, **{"document": document, **changed})
    return made | {"id": f"{document}.{made['indicator_id']}.{made['end']}"}


def compare(*rows: dict, indicators: pd.DataFrame, one: str = "one", other: str = "other", **options):
    return compare_documents(pd.DataFrame(rows), one, other, indicators=indicators, **options)


@pytest.fixture(scope="module")
def indicators(tables) -> pd.DataFrame:
    return tables.indicators


@pytest.fixture(scope="module")
def real(root, tables, indicators) -> pd.DataFrame:
    """Return the resolution of 2023 beside the congress and its goal restated in 2024."""
    return compare_documents(
        tables.targets,
        "resolution-2023",
        ["congress-2020", "congress-2020-restated"],
        indicators=indicators,
        relations=load_relations(root / "data"),
    )


# which of two asks more -----------------------------------------------------------------------------------

quarters = st.integers(-8, 8).map(lambda n: n / 4)


@st.composite
def goals(draw) -> Target:
    sense, value = draw(st.sampled_from(SENSES)), draw(quarters)
    more = {"between": {"value_high": value + draw(st.sampled_from([0.25, 1.0]))},
            "about": {"tolerance": draw(st.sampled_from([None, 0.0, 0.5]))}}  # fmt: skip
    return Target.model_validate(target("level", sense, value, **more.get(sense, {})))


#: Every end of a goal of `goals`, and a value between any two of them.
GRID = [n / 8 for n in range(-40, 41)]


@given(goals(), goals())
def test_the_stricter_goal_is_attained_only_where_the_other_is_too(one, other):
    relation = relate(one, other)
    attains, attains_other = set(one.attained(GRID).nonzero()[0]), set(other.attained(GRID).nonzero()[0])
    if any(goal.sense == "about" and goal.tolerance is None for goal in (one, other)):
        alike = one.sense == other.sense and one.value == other.value and one.tolerance == other.tolerance
        assert relation == ("same" if alike else "neither")
    elif attains == attains_other:
        assert relation == "same"
    elif attains < attains_other:
        assert relation == "stricter"
    else:
        assert relation == ("looser" if attains > attains_other else "neither")


@given(goals(), goals())
def test_a_swap_of_two_goals_swaps_stricter_and_looser(one, other):
    relation = relate(one, other)
    assert relate(other, one) == SWAPPED.get(relation, relation)


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        (("at_least", 3.0), ("at_least", 2.0), "stricter"),
        (("at_most", 3.0), ("at_most", 2.0), "looser"),
        (("less_than", 2.0), ("less_than", 3.0), "stricter"),
        (("more_than", 3.0), ("at_least", 3.0), "stricter"),
        (("at_most", 3.0), ("less_than", 3.0), "looser"),
        (("more_than", 3.0), ("more_than", 3.0), "same"),
        (("at_least", 3.0), ("at_most", 3.0), "neither"),
        (("about", 3.0), ("at_least", 3.0), "neither"),
        (("about", 3.0), ("about", 3.0), "same"),
        (("about", 3.0), ("about", 3.1), "neither"),
    ],
)
def test_sense_counts_as_well_as_value(one, other, relation):
    pair = [Target.model_validate(target("level", *goal)) for goal in (one, other)]
    assert relate(*pair) == relation


@pytest.mark.parametrize(
    ("changed", "relation", "note"),
    [
        ({}, "same", "same"),
        ({"unit": "persons"}, "other_unit", "other_unit"),
        ({"area": "sa_pa_ward"}, "other_area", "other_area"),
        ({"end": 2030}, "other_year", "later_year"),
        ({"measure": "term_total", "start": 2021}, "other_definition", "other_measure"),
        ({"area": "sa_pa_ward", "unit": "persons", "end": 2030}, "other_area", "other_area"),
    ],
)
def test_what_differs_is_named_and_never_compared(indicators, changed, relation, note):
    table = compare(row("one"), row("other", **changed), indicators=indicators)
    assert table[["relation", "note"]].to_numpy().tolist() == [[relation, note]]
    assert table["pace"].notna().to_list() == [note == "later_year"]


def test_akin_indicators_are_named_side_by_side_and_others_are_not(indicators):
    rows = [row("one"), row("other", indicator_id="international_arrivals", value=1.0),
            row("other", indicator_id="tourism_revenue", unit="billion_vnd")]  # fmt: skip
    table = compare(*rows, indicators=indicators, relations=AKIN)
    assert table["relation"].to_list() == ["other_definition", "only_other"]
    assert table.loc[0, ["indicator_id_one", "indicator_id_other"]].to_list() == [
        "tourist_arrivals", "international_arrivals",
    ]  # fmt: skip
    alone = compare(*rows, indicators=indicators)
    assert alone["relation"].to_list() == ["only_one", "only_other", "only_other"]


def test_the_growth_of_a_year_is_not_judged_against_the_mean_of_a_term_that_holds_it(indicators):
    growth = {"indicator_id": "grdp_growth", "unit": "percent", "value": 14.5, "sense": "more_than"}
    year, later = (row("one", "growth", end=end, **growth) for end in (2023, 2027))
    term = row("other", "term_mean_growth", start=2021, **growth)
    table = compare(year, later, term, indicators=indicators)
    assert table["relation"].to_list() == ["other_year", "other_year"]
    assert table["note"].to_list() == ["year_of_term", "other_year"]
    assert table["pace"].isna().all()


# the pace between two levels ------------------------------------------------------------------------------


@few
@given(st.floats(1, 1e6), st.floats(1, 1e6), st.integers(1, 8))
def test_keeping_the_pace_leads_from_one_goal_to_the_other(indicators, first, second, years):
    table = compare(
        row("one", value=first, end=2023), row("other", value=second, end=2023 + years), indicators=indicators
    )
    [(pace, unit, n)] = table[["pace", "pace_unit", "years"]].to_numpy().tolist()
    assert (unit, n) == ("percent_a_year", years)
    assert first * (1 + pace / 100) ** years == pytest.approx(second, rel=1e-9)


def test_the_pace_of_a_rate_is_in_percentage_points(indicators):
    rate = {"indicator_id": "forest_cover", "unit": "percent"}
    table = compare(
        row("one", value=66.0, end=2023, **rate), row("other", value=69.0, **rate), indicators=indicators
    )
    assert table[["pace", "pace_unit"]].to_numpy().tolist() == [[1.5, "percentage_points_a_year"]]


documents = st.lists(
    st.builds(
        lambda document, indicator, sense, value, end: row(
            document, "level", sense, value, indicator_id=indicator, end=end, unit="million_vnd"
        ),
        st.sampled_from(["one", "other"]),
        st.sampled_from(["grdp_per_capita", "income_per_capita", "spend_per_visit"]),
        st.sampled_from(["at_least", "more_than", "at_most", "less_than"]),
        st.integers(1, 20).map(float),
        st.integers(2023, 2025),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda made: made["id"],
).filter(lambda rows: {made["document"] for made in rows} == {"one", "other"})


@few
@given(documents)
def test_a_swap_of_the_documents_swaps_what_is_said_of_them(indicators, rows):
    there = compare(*rows, indicators=indicators, relations=AKIN)
    back = compare(*rows, indicators=indicators, relations=AKIN, one="other", other="one")

    def told(table: pd.DataFrame, one: str, other: str, words: dict[str, str]) -> Counter:
        cells = table[["relation", "pace", f"id_{one}", f"id_{other}"]].astype(object).fillna("")
        return Counter(
            (words.get(relation, relation), *rest) for relation, *rest in cells.to_numpy().tolist()
        )

    assert told(there, "one", "other", {}) == told(back, "other", "one", SWAPPED)


@few
@given(documents, st.integers(-3, 3))
def test_units_do_not_matter(indicators, rows, power):
    factor = 2.0**power  # exact in binary
    plainly = compare(*rows, indicators=indicators)
    scaled = compare(*({**made, "value": made["value"] * factor} for made in rows), indicators=indicators)
    assert scaled["relation"].to_list() == plainly["relation"].to_list()
    assert scaled["pace"].to_list() == pytest.approx(plainly["pace"].to_list(), nan_ok=True)


@few
@given(documents)
def test_every_target_of_both_documents_is_told(indicators, rows):
    table = compare(*rows, indicators=indicators, relations=AKIN)
    told = {*table["id_one"].dropna(), *table["id_other"].dropna()}
    assert told == {made["id"] for made in rows}
    assert list(table.columns) == COLUMNS


def test_the_targets_are_left_as_they_were(indicators):
    rows = pd.DataFrame([row("one"), row("other")])
    before = rows.copy(deep=True)
    compare_documents(rows, "one", "other", indicators=indicators)
    pd.testing.assert_frame_equal(rows, before)


# what is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "names", "message"),
    [
        ({}, ("one", "othr"), '"othr" has no target; did you mean other?'),
        ({}, ("one", "one"), '"one" would be compared with itself'),
        ({}, ("one", ["other", "one"]), '"one" would be compared with itself'),
        ({"indicator_id": "arrivals"}, ("one", "other"), '"arrivals" is no indicator; '),
    ],
)
def test_a_document_or_indicator_that_is_not_there_is_refused(indicators, changed, names, message):
    with pytest.raises(TargetsError, match=re.escape(message)):
        compare_documents(pd.DataFrame([row("one", **changed), row("other")]), *names, indicators=indicators)


# the resolution of 2023 and the congress ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "value", "pace"),
    [
        # the method note of the project, section 3: arrivals, revenue, budget, GRDP per head
        ("tourist_arrivals", 5_800_000, 29),
        ("tourism_revenue", 27_000, 49.5),
        ("state_budget_revenue", 1_500, 62),
        ("grdp_per_capita", 145, 11),
        ("tourism_revenue", 27_900, 52),
        ("product_value_per_ha", 160, 6.9),
    ],
)
def test_the_plan_of_2023_leaves_this_pace_to_the_goals_of_2025(real, indicator, value, pace):
    found = real[(real["indicator_id_other"] == indicator) & (real["value_other"] == value)]
    found = found[found["indicator_id_one"] == indicator]
    assert found[["relation", "years", "pace_unit"]].to_numpy().tolist() == [
        ["other_year", 2, "percent_a_year"]
    ]
    assert found["pace"].iloc[0] == pytest.approx(pace, abs=0.5 if pace == int(pace) else 0.05)


def test_the_rest_of_both_documents_is_told_too(real):
    assert real["relation"].value_counts().to_dict() == {
        "only_one": 42, "other_year": 7, "other_definition": 2, "only_other": 1,
    }  # fmt: skip
    assert real.loc[real["relation"] == "only_other", "indicator_id_other"].to_list() == [
        "high_tech_agriculture_area"
    ]
    growth = real[real["indicator_id_one"] == "grdp_growth"]
    assert growth["note"].to_list() == ["year_of_term"]
    akin = real[real["relation"] == "other_definition"]
    assert akin["indicator_id_other"].to_list() == ["income_per_capita", "international_arrivals"]


# in print -------------------------------------------------------------------------------------------------


@either
def test_every_relation_and_note_has_words_and_none_are_left_over(lang):
    words = texts(lang)["comparisons"]
    notes = {note for name in RELATIONS for note in NOTES.get(name, (name,))}
    assert set(words["relations"]) == set(RELATIONS)
    assert set(words["notes"]) == notes


@either
def test_every_note_can_be_printed(lang, indicators):
    growth = {"indicator_id": "grdp_growth", "unit": "percent", "measure": "growth"}
    single = {"indicator_id": "population", "unit": "persons"}
    pairs = [
        ({}, {}), ({"value": 4.0}, {}), ({"value": 2.0}, {}), ({"sense": "at_most"}, {}), ({"end": 2023}, {}),
        ({"unit": "persons"}, {}), ({"area": "sa_pa_ward"}, {}), ({"measure": "term_total", "start": 2021}, {}),
        ({"indicator_id": "international_arrivals"}, {}), (single, {}), (growth | {"end": 2023}, growth),
        (growth | {"end": 2023}, growth | {"measure": "term_mean_growth", "start": 2021}),
    ]  # fmt: skip
    told = set()
    for one, other in pairs:
        table = compare(row("one", **one), row("other", **other), indicators=indicators, relations=AKIN)
        printed = plain(describe_comparisons(table, indicators, lang=lang))
        assert not [cell for cell in printed.to_numpy().ravel() if "{" in cell or "nan" in cell.split()]
        told |= set(table["note"])
    assert told == set(texts(lang)["comparisons"]["notes"])


@either
def test_the_table_of_the_real_documents_has_a_row_each_and_only_marked_numbers(lang, real, indicators):
    table = describe_comparisons(real, indicators, lang=lang)
    assert list(table.columns) == list(texts(lang)["comparisons"]["columns"].values())
    assert len(table) == len(real)
    years = {"2021", "2023", "2025"}.union(
        *(re.findall(r"\d+", name) for name in texts(lang)["documents"].values())
    )
    for cell in table.to_numpy().ravel():
        assert set(re.findall(r"\d+", re.sub("\ue000.*?\ue002", "", cell))) <= years
    paces = [number for number in numbers_in(table.to_numpy().ravel()) if ".to." in number.key]
    assert sorted(number.value for number in paces) == sorted(real["pace"].dropna())


def test_a_table_of_nothing_keeps_its_heads(real, indicators):
    assert list(describe_comparisons(real.head(0), indicators).columns) == list(
        texts("vi")["comparisons"]["columns"].values()
    )


def test_the_office_reads_both_goals_and_the_pace(real, indicators):
    printed = plain(describe_comparisons(real, indicators, lang="vi"))
    [budget] = printed[printed["Chỉ tiêu"] == "Thu ngân sách nhà nước trên địa bàn"].to_numpy().tolist()
    assert budget == [
        "Thu ngân sách nhà nước trên địa bàn",
        "570,3 tỷ đồng (năm 2023; NQ năm 2023)",
        "1.500 tỷ đồng (năm 2025; NQ Đại hội XXIII)",
        "khác thời điểm",
        "62,2%/năm",
        "Từ mục tiêu năm 2023 đến mục tiêu năm 2025, mức thay đổi cần có là 62,2%/năm.",
    ]
