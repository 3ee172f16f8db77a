from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.evidence import load_events
from sapa_analysis.pipeline import known_events, known_targets
from sapa_analysis.reporting import events_table
from sapa_analysis.reporting.figures import as_svg, plot_evidence, plot_forecast
from sapa_analysis.reporting.figures.events import MOST_EVENTS, choose_events, day_in_year, mark_events
from sapa_analysis.reporting.language import texts

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
COLUMNS = ["date", "name_vi", "name_en", "indicator_affected"]
CURVE = pd.Series([1.0, 3.0, 2.0, 4.0, 5.0], index=range(2018, 2023))

days = st.dates(date(2015, 1, 1), date(2024, 12, 31))
dates = st.one_of(days.map(str), days.map(lambda day: f"{day:%Y-%m}"), days.map(lambda day: f"{day:%Y}"))
names = st.sampled_from(["plague: begins", "plague: ends", "road", "flood", "fair", "bridge", "town"])
rows = st.lists(st.tuples(dates, names, st.sampled_from(["all", "grdp", "rooms", "grdp;rooms"])), max_size=12)


@pytest.fixture(autouse=True)
def quiet_canvas() -> Iterator[None]:
    """Draw on no screen, and leave no figure open."""
    mpl.use("Agg")
    yield
    plt.close("all")


def table(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame([(day, name, name, what) for day, name, what in rows], columns=COLUMNS, dtype=object)


def choose(events: pd.DataFrame, **options: object) -> pd.DataFrame:
    return choose_events(events, "grdp", lang="en", **({"first": 2017.5, "last": 2022.5} | options))


def canvas() -> plt.Axes:
    ax = plt.subplots()[1]
    ax.plot(CURVE.index, CURVE)
    ax.set_xlim(2017.4, 2022.6)
    ax.set_ylim(0, 6)
    return ax


def marks(ax: plt.Axes) -> list[mpl.text.Text]:
    """Return the numbers in circles."""
    return [text for text in ax.texts if text.get_bbox_patch() is not None]


def overlaps(texts: list[mpl.text.Text]) -> list[tuple[str, str]]:
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts if text.get_text()]
    return [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)]


@given(days, days)
def test_days_keep_their_order_and_stay_near_their_year(one, other):
    assert (day_in_year(one) < day_in_year(other)) == (one < other)
    assert abs(day_in_year(one) - one.year) < 0.5


@given(rows, st.integers(0, 5), st.randoms(use_true_random=False))
def test_the_choice_is_a_handful_in_the_order_of_time_whatever_the_order_of_the_rows(rows, most, random):
    chosen = choose(table(*rows), most=most)
    assert len(chosen) <= most
    assert not chosen["name"].duplicated().any()
    assert chosen["start"].is_monotonic_increasing
    assert (chosen["start"] <= chosen["end"]).all()
    assert ((chosen["end"] >= 2017.5) & (chosen["start"] <= 2022.5)).all()
    shuffled = random.sample(rows, len(rows))
    pd.testing.assert_frame_equal(choose(table(*shuffled), most=most), chosen)


@given(rows, st.integers(0, 5))
def test_a_smaller_choice_is_part_of_a_larger_one(rows, most):
    few, more = (set(choose(table(*rows), most=limit)["name"]) for limit in (most, most + 1))
    assert few <= more


@given(rows)
def test_an_event_that_names_the_indicator_is_never_left_out_for_one_that_affects_all(rows):
    own = {name.split(":")[0] for _, name, what in rows if "grdp" in what}
    chosen = {name.split(":")[0] for name in choose(table(*rows), most=3)["name"]}
    seen = {name.split(":")[0] for name in choose(table(*rows), most=99)["name"]}
    assert not (chosen - own) or own & seen <= chosen


def test_rows_of_one_event_are_one_from_its_first_to_its_last_date():
    [row] = choose(table(("2020-03", "plague: begins", "all"), ("2021-06", "plague: ends", "all"))).to_dict(
        "records"
    )
    assert (row["name"], row["since"], row["until"]) == ("plague", "2020-03", "2021-06")
    assert row["start"] < 2020 < 2021 < row["end"] + 0.1


def test_a_single_row_of_an_event_keeps_its_whole_name():
    twice = table(("2020", "plague: begins", "all"), ("2020", "plague: begins", "all"))
    assert choose(twice)["name"].tolist() == ["plague: begins"]


def test_what_is_known_of_by_its_year_only_stands_in_the_middle_of_it():
    assert choose(table(("2020", "road", "all")))["start"].tolist() == [pytest.approx(2020, abs=0.01)]


@pytest.mark.parametrize("events", [None, table(), table(("2020", "road", "rooms"))])
def test_without_an_event_nothing_is_drawn_and_nothing_moves(events):
    ax, bare = canvas(), canvas()
    assert mark_events(ax, events, "grdp", CURVE, "en") == ""
    assert as_svg(ax.figure) == as_svg(bare.figure)


def test_without_a_year_drawn_nothing_is_marked():
    assert mark_events(canvas(), table(("2020", "road", "all")), "grdp", CURVE.iloc[:0], "en") == ""


@settings(max_examples=25, deadline=None)
@given(rows)
def test_marks_are_numbered_apart_and_told_in_the_key(rows):
    ax = canvas()
    key = mark_events(ax, table(*rows), "grdp", CURVE, "en")
    shown = marks(ax)
    chosen = choose(table(*rows), most=MOST_EVENTS)
    assert [text.get_text() for text in shown] == [str(n + 1) for n in range(len(chosen))]
    assert all(name in key for name in chosen["name"])
    assert overlaps(shown) == []
    places = [text.get_position()[0] for text in shown]
    assert all(one < other for one, other in pairwise(places))
    plt.close(ax.figure)


def test_a_line_leads_from_a_mark_to_the_series():
    ax = canvas()
    mark_events(ax, table(("2019", "road", "all")), "grdp", CURVE, "en")
    [stem] = ax.collections[-1].get_segments()
    np.testing.assert_allclose(stem, [[2019, 0], [2019, 3.0]], atol=0.01)


@pytest.mark.parametrize(
    ("since", "until", "shown"),
    [("2020", "2020", "2020"), ("2020-03-18", "2020-03-18", "3/2020"), ("2020-03", "2020-06-01", "3–6/2020"),
     ("2020-12", "2022-03-15", "12/2020–3/2022"), ("2019", "2020-03", "2019–3/2020")],
)  # fmt: skip
@either
def test_the_key_tells_the_months_of_an_event(lang, since, until, shown):
    events = table((since, "plague: begins", "all"), (until, "plague: ends", "all"))
    assert f"({shown})" in mark_events(canvas(), events, "grdp", CURVE, lang)


@either
def test_the_foot_of_a_fan_chart_holds_the_key_above_the_sources(lang, outcomes, tables, params):
    for subject, outcome in outcomes.items():
        events, targets = known_events(tables, params, subject), known_targets(tables, params, subject)
        ax = plot_forecast(outcome, targets, tables.indicators.loc[subject], lang=lang, events=events)
        head, foot = (
            texts(lang)["figure"]["events"].split("{")[0],
            texts(lang)["figure"]["sources"].split("{")[0],
        )
        [said] = [text.get_text() for text in ax.texts if head in text.get_text()]
        assert said.startswith(head)
        assert any(foot in line for line in said.splitlines()[-2:])
        assert said.index(head) < said.index(foot)
        assert not [line for line in said.splitlines() if len(line) > 140]
        ax.figure.canvas.draw()
        assert overlaps([*marks(ax), *ax.get_xticklabels()]) == []
        plt.close(ax.figure)


def test_no_name_of_the_other_language_stands_on_a_page(outcomes, tables, params):
    subject = "tourist_arrivals"
    events, seen = known_events(tables, params, subject), outcomes[subject].observed
    for lang, other in (LANGUAGES, LANGUAGES[::-1]):
        ax = plot_evidence(seen, tables.indicators.loc[subject], events=events, lang=lang)
        said = " ".join(text.get_text() for text in ax.texts)
        strange = set(events[f"name_{other}"]) - set(events[f"name_{lang}"])
        assert not [name for name in strange if name in said]


@either
def test_the_table_of_events_has_one_row_each_with_its_source(lang, root):
    events = load_events(root / "data")
    printed = events_table(events, lang=lang)
    assert len(printed) == len(events)
    assert sorted(printed.iloc[:, 1]) == sorted(events[f"name_{lang}"])
    assert sorted(printed.iloc[:, 2]) == sorted(events["event_vi" if lang == "vi" else "event"])
    years = printed.iloc[:, 0].str[-4:]
    assert years.is_monotonic_increasing
    assert sorted(printed.iloc[:, -1].str.extract("<(.*)>")[0]) == sorted(events["source_url"])
