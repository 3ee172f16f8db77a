"""One datum is changed: just the claims that depend on it change, and the list of changes names them all."""

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from factories import one_point

from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline import assess_targets
from sapa_analysis.reporting import claims_changed, claims_in, describe_claims
from sapa_analysis.reporting.briefing.compose import compose_briefing
from sapa_analysis.reporting.changes import changes_since
from sapa_analysis.reporting.paper.model import Picture
from sapa_analysis.reporting.review.compose import compose_review
from sapa_analysis.series import find_family

pytest_plugins = ["loaded"]
VISITS, FOREST = "tourist_arrivals", "forest_cover"
CORE = [VISITS, "tourism_revenue", FOREST]
TOLD = [*CORE, "retail_sales", "jobs_created"]


@pytest.fixture(scope="module")
def few(tables):
    """Return the real figures and targets of five indicators: two tied by a formula, three on their own."""
    known, goals = tables.evidence, [goal for goal in tables.targets if goal.indicator_id in TOLD]
    mine = known["indicator_id"].isin(TOLD) & known["area"].isin(["sa_pa", "lao_cai"])
    return replace(tables, targets=goals, evidence=known[mine].reset_index(drop=True))


@pytest.fixture(scope="module")
def composed(few, params):
    """Return what gives papers and verdicts of the project with other evidence, the pictures points."""
    brief = params.with_values(n_paths=100, as_of="2023-06-30", subjects={"core": CORE})

    def compose(evidence):
        project = replace(few, evidence=evidence)
        results = assess_targets(project, brief)
        changes = changes_since(project, brief, results)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                "sapa_analysis.reporting.briefing.pictures.draw",
                lambda title, *_, **__: Picture(title, "<svg/>", one_point()),
            )
            papers = [
                compose_briefing(project, results, lang="vi", changes=changes),
                compose_briefing(project, results, lang="en", changes=changes),
                compose_review(project, results, lang="vi", changes=changes),
            ]
        return claims_in(papers), results.verdicts.set_index("id")

    return compose


@pytest.fixture(scope="module")
def before(few, composed):
    return composed(few.evidence)


@pytest.fixture(scope="module")
def altered(few, composed, before):
    """Return what changes one figure by a factor and gives the changed claims and the verdicts of each side."""

    @cache
    def change(figure, factor):
        evidence = few.evidence.copy()
        evidence.loc[evidence["id"] == figure, "value"] *= factor
        after = composed(evidence)
        return claims_changed(before[0], after[0]), before[1], after[1]

    return change


def depends(key, few, indicator):
    """Return whether a claim depends on an indicator by declaration: its family, its targets, its pages."""
    family = set(find_family(indicator, few.indicators).members)
    goals = [goal.id for goal in few.targets if goal.indicator_id in family]
    ids = few.evidence.loc[few.evidence["indicator_id"].isin(family), "id"]
    named = [
        *family,
        *goals,
        *(f"changes.{what}.{goal}" for what in ("moves", "judgements", "counts") for goal in goals),
    ]
    named += [f"changes.figures.{name}" for name in ids]
    return any(key == name or key.startswith(f"{name}.") for name in named) or any(
        f".{name}." in f".{key}." for name in (*family, *goals)
    )


def moved(verdicts):
    """Return the targets whose verdict differs in anything."""
    before, after = (side.drop(columns=["latest_source", "latest_url"]) for side in verdicts)
    same = (before == after) | (before.isna() & after.isna())
    return set(before.index[~same.all(axis=1)])


@pytest.mark.parametrize(
    ("figure", "factor", "indicator"), [("e0767", 1.05, VISITS), ("e0086", 0.97, FOREST)]
)
def test_just_the_claims_that_depend_on_a_figure_change(few, altered, figure, factor, indicator):
    changed, *verdicts = altered(figure, factor)
    family = find_family(indicator, few.indicators).members
    assert moved(verdicts) == {goal.id for goal in few.targets if goal.indicator_id in family} & set(
        verdicts[0].index
    )
    counts = changed["unit"].eq("count") | changed["key"].str.contains(r"sources\.")
    beyond = changed[~counts & ~changed["key"].map(lambda key: depends(key, few, indicator))]
    assert beyond.empty, beyond["key"].to_list()
    told = set(changed["key"])
    assert any(key.startswith(f"{indicator}.2022") and key.endswith(".published") for key in told)
    for goal in moved(verdicts):  # each target that moved is told of
        assert any(key.startswith(f"{goal}.") for key in told), goal


def test_a_count_changes_where_a_judgement_in_it_does_and_else_stays(altered):
    """Forest cover falls below its goal, so one target less is likely; no arrival changes its word."""
    forest, visits = (altered(*each)[0] for each in (("e0086", 0.97), ("e0767", 1.05)))
    assert {"changed"} == set(forest.loc[forest["key"].str.startswith("review.counts."), "change"])
    assert (forest["key"] == "resolution-2023.03.forest_cover.word").any()
    assert not visits["unit"].isin(["count", "judgement"]).any()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_of_changes_names_each_with_its_words(altered, lang):
    changed = altered("e0086", 0.97)[0]
    lines = describe_claims(changed, lang=lang)
    assert [line.partition(": ")[0] for line in lines] == changed["key"].to_list()
    comma = {"vi": ",", "en": "."}[lang]
    [published] = [line for line in lines if line.startswith("forest_cover.2022.published")]
    assert f"66{comma}53" in published


def test_the_same_papers_claim_the_same(before):
    changed = claims_changed(before[0], before[0].to_dict("records"))
    assert changed.empty
    assert len(describe_claims(changed)) == 1


def test_new_and_gone_claims_are_told_and_a_blank_value_equals_itself():
    row = {"unit": "count", "text_vi": "3", "text_en": "3"}
    old = [row | {"key": "a", "value": float("nan")}, row | {"key": "b", "value": 3}]
    new = [row | {"key": "a", "value": float("nan")}, row | {"key": "c", "value": 3}]
    changed = claims_changed(pd.DataFrame(old), new)
    assert changed.set_index("key")["change"].to_dict() == {"b": "gone", "c": "new"}
    assert describe_claims(changed, lang="en") == ["b: gone (it was 3)", "c: new, 3"]


def test_a_value_that_moves_by_less_than_is_printed_is_told_so():
    sides = [
        [{"key": "a", "value": value, "unit": "percent", "text_en": "66.5%"}] for value in (66.51, 66.52)
    ]
    changed = claims_changed(*sides)
    assert not changed["printed"].any()
    assert describe_claims(changed, lang="en") == ["a: printed as 66.5% still, the value moved by less"]
