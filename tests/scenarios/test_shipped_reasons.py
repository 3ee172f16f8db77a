"""The reasons of `params/scenarios`: each number in them follows from data that were known on their day."""

import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.core.period import last_day
from sapa_analysis.core.yaml_files import read_yaml
from sapa_analysis.evidence import known_by, load_events, reference_years

pytest_plugins = ["loaded"]
ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in (ROOT / "params/scenarios").glob("*.yml") if path.stem != "base")
#: What was known on that day is asked of the tables, never of this file.
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
PERIOD = re.compile(
    r"20\d\d-\d\d-\d\d|20\d\d-Q\d|20\d\d-\d\d/20\d\d-\d\d|20\d\d/20\d\d|20\d\d-\d\d|\b20\d\d\b"
)
MILLION, BILLION = 1e6, 1e9


class Known:
    """The figures that were known on a day, as the reasons of a scenario quote them."""

    def __init__(self, tables, scenario):
        self.day, self.whole = scenario.judged_on, tables
        self.project = tables.as_of(scenario.judged_on)

    def figure(self, indicator, area, period, **narrowed):
        """Return the figure of a period: the mean where several are printed."""
        rows = self.project.evidence
        rows = rows[(rows["indicator_id"] == indicator) & (rows["area"] == area) & (rows["period"] == period)]
        for column, value in narrowed.items():
            rows = rows[rows[column] == value]
        assert len(rows), f"{indicator} of {area} {period} was not known on {self.day}"
        return float(rows["value"].astype(float).drop_duplicates().mean())

    def covariate(self, series, period):
        rows = self.project.covariates.query("series == @series and period == @period")
        assert len(rows) == 1
        return float(rows["value"].iloc[0])

    def prices(self, first, last):
        """Return the factor of consumer prices from year to year."""
        index = "viet_nam_cpi_index_annual"
        return self.covariate(index, str(last)) / self.covariate(index, str(first))

    def spending(self, area, period, *, visits=None):
        """Return what a visit spent, in million VND."""
        revenue = self.figure("tourism_revenue", area, period, **REVENUE.get((area, period), {}))
        return (
            revenue
            * BILLION
            / (visits or self.figure("tourist_arrivals", area, period, **VISITS.get(period, {})))
            / MILLION
        )

    def goal(self, id):
        [found] = [target for target in self.whole.targets if target.id == id]
        assert last_day(found.published) <= self.day
        return found.value


#: Which of several printed figures a reason takes: those to a unit, not the rounded ones.
REVENUE = {("lao_cai", "2014"): {"value": 3276.0}, ("lao_cai", "2019"): {"value": 19203.0}}
VISITS = {"2019": {"id": "e0651"}}


def pace(factor, years):
    """Return percent a year."""
    return 100 * (factor ** (1 / years) - 1)


@pytest.fixture(scope="module")
def learner():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        yield import_module("learn_growth_benchmarks")


def quartiles(learner):
    """Return lower quartile, median and upper quartile of the yearly growth over five years of tourism series."""
    return [learner.TOURISM.loc[percent, 5] for percent in (25, 50, 75)]


def shared(known):
    """Return growth of spending, of prices, and of both, from 2014 to 2022, percent a year."""
    before, after = known.spending("lao_cai", "2014"), known.spending("lao_cai", "2022")
    nominal, prices = after / before, known.prices(2014, 2022)
    return before, after, pace(nominal, 8), pace(prices, 8), pace(nominal / prices, 8)


def low(known, learner):
    lower, middle, _ = quartiles(learner)
    rebound = (
        100
        * known.figure("tourist_arrivals", "lao_cai", "2022")
        / known.figure("tourist_arrivals", "lao_cai", "2019", id="e0651")
    )
    before, after, nominal, prices, real = shared(known)
    fall = -pace(known.spending("lao_cai", "2022") / known.spending("lao_cai", "2019"), 3)
    return [
        [(lower - middle, 1)] * 5, [(middle, 1), (lower, 1), (middle - lower, 1), (rebound, 0), (518, 0), (5, 0)],
        [(-real, 1)] * 5, [(before, 2), (after, 2), (nominal, 1), (prices, 1), (real, 1), (fall, 1), (5, 0)],
    ]  # fmt: skip


def high(known, learner):
    _, middle, upper = quartiles(learner)
    area = "lao_cai" if "lao_cai" in known.name else "sa_pa"
    period, digits = ("2016/2019", 1) if area == "lao_cai" else ("2016/2020", 0)
    quick = known.figure("tourist_arrivals_growth", area, period)
    before, after, nominal, prices, real = shared(known)
    earlier = known.spending("lao_cai", "2019") / before / known.prices(2014, 2019)
    return [
        [(upper - middle, 1)] * 5, [(middle, 1), (upper, 1), (upper - middle, 1), (quick, digits), (518, 0), (5, 0)],
        [(real, 1)] * 5, [(before, 2), (after, 2), (nominal, 1), (prices, 1), (real, 1), (pace(earlier, 5), 1), (5, 0)],
    ]  # fmt: skip


def foreign(known, _):
    monthly = "viet_nam_international_arrivals_monthly"
    quarter = {
        year: sum(known.covariate(monthly, f"{year}-{month}") for month in (10, 11, 12))
        for year in (2019, 2022)
    }
    nation = quarter[2022] / quarter[2019]
    of_2022 = known.figure("international_arrivals", "lao_cai", "2022-01/2022-09")
    province = of_2022 / (9 / 12 * known.figure("international_arrivals", "lao_cai", "2019"))
    fast, slow = ([100 * (1 - (1 - start) * (1 - closed) ** (n + 0.5)) for n in range(3)]
                  for start, closed in ((nation, 0.7), (province, 0.5)))  # fmt: skip
    middle = [(one + other) / 2 for one, other in zip(fast, slow, strict=True)]
    apart = [(one - other) / 2 for one, other in zip(fast, slow, strict=True)]
    visits, abroad = (
        known.figure("tourist_arrivals", "sa_pa", "2019"),
        known.figure("international_arrivals", "sa_pa", "2019"),
    )
    effect = [abroad / visits * points for points in apart]
    is_fast = known.name == "foreign_fast"
    own, start, sign = (fast, nation, 1) if is_fast else (slow, province, -1)
    count = [] if is_fast else [(of_2022 / 1e3, 0), (9, 0)]
    about = [
        (100 * start, 0),
        (100 - 100 * start, 0),
        (123, 0),
        (50, 0),
        (70, 0),
        *((x, 0) for x in own),
        *count,
    ]
    return [
        [(x / 100, 2) for x in own], about,
        [(1 + sign * x / 100, 3) for x in effect],
        [(100 * abroad / visits, 1), (abroad / 1e3, 0), (visits / MILLION, 2), *((x, 0) for x in middle),
         *((x, 1) for x in apart), *((x, 1) for x in effect)],
    ]  # fmt: skip


def typhoon_year(known, _):
    eight, eleven = (known.figure("tourist_arrivals", "lao_cai", f"2024-01/2024-{m}") for m in ("08", "11"))
    grew = [
        float(re.search(r"up ([\d.]+) percent", known.statement(f"2024-01/2024-{m}"))[1])
        for m in ("08", "11")
    ]
    after = eleven - eight
    earlier = eleven / (1 + grew[1] / 100) - eight / (1 + grew[0] / 100)
    lost = earlier * (1 + grew[0] / 100) - after
    year = known.figure("tourist_arrivals", "lao_cai", "2024", value=7.8e6)
    share = lost / (year + lost)
    assert 0.4 < lost / MILLION < 0.6  # about half of what was expected
    return [
        [(1 - share, 2)],
        [(grew[0], 2), (grew[1], 2), (eleven / MILLION, 1), (lost / MILLION, 2), (100 * share, 0),
         ((year + lost) / MILLION, 2), (year / MILLION, 1), (1, 0), (8, 0), (11, 0)],
    ]  # fmt: skip


def real_spend_2019(known, _):
    prices, yearly = known.prices(2019, 2022), known.prices(2017, 2022) ** (1 / 5)
    visits = {year: known.figure("tourist_arrivals", "sa_pa", year) for year in ("2019", "2022-01/2022-12")}
    then, now = (known.spending("sa_pa", year, visits=visits[year]) for year in visits)
    revenue = [known.figure("tourism_revenue", "sa_pa", year) for year in visits]
    values = [prices * yearly**n for n in range(1, 7)]
    return [
        [(x, 3) for x in values],
        [(100 * prices - 100, 1), (100 * yearly - 100, 1), (100 * values[2], 0), (then, 2), (now, 2),
         (100 * now / then / prices, 0), *((x, 0) for x in revenue), (visits["2019"] / MILLION, 2),
         (visits["2022-01/2022-12"] / MILLION, 2), (5, 0)],
    ]  # fmt: skip


def plan_2025(known, _):
    visits, revenue, budget = (
        (known.goal(f"resolution-2023.{group}.{name}"), known.goal(f"congress-2020.{name}"))
        for group, name in (
            ("09", "tourist_arrivals"),
            ("09", "tourism_revenue"),
            ("06", "state_budget_revenue"),
        )
    )
    abroad = known.goal("congress-2020.international_arrivals")
    # rounded up to the last digit, so that the product reaches the goal
    spend = [np.ceil(money / number * 1e6) / 1e3 for money, number in zip(revenue, visits, strict=True)]
    share = 100 * abroad / visits[1]

    def between(pair):
        return (pair[0] * pair[1]) ** 0.5

    return [
        [(visits[0], 0), (between(visits), -4), (visits[1], 0)],
        [(visits[0] / MILLION, 1), (visits[1] / MILLION, 1), (pace(visits[1] / visits[0], 2), 1)],
        [(np.ceil(share * 20) / 20, 2)],
        [(abroad / MILLION, 0), (visits[1] / MILLION, 1), (share, 1), (np.ceil(share * 20) / 20, 2)],
        [(spend[0], 3), (between(spend), 2), (spend[1], 3)],
        [*((x, 0) for x in revenue), *((x, 3) for x in spend), (pace(spend[1] / spend[0], 2), 1)],
        [(budget[0], 1), (between(budget), 0), (budget[1], 0)],
        [(budget[0], 1), (budget[1], 0), (pace(budget[1] / budget[0], 2), 1)],
    ]


def pandemic(known, _):
    normal = known.figure("tourist_arrivals", "sa_pa", "2019")
    of_2020 = known.figure("tourist_arrivals", "sa_pa", "2020")
    half = known.figure("tourist_arrivals", "sa_pa", "2021-01/2021-06")
    part = known.figure("tourist_arrivals", "lao_cai", "2021-01/2021-06") / known.figure(
        "tourist_arrivals", "lao_cai", "2021"
    )
    of_2022 = known.figure("tourist_arrivals", "sa_pa", "2022-01/2022-12")
    shares = [of_2020 / normal, half / part / normal, of_2022 / normal]
    return [
        [(share, 2) for share in shares],
        [(normal / MILLION, 2), (of_2020 / MILLION, 1), (of_2022 / MILLION, 2), (half / 1e3, 0), (100 * part, 0),
         *((100 * share, 0) for share in shares), (3, 0), (4, 0), (6, 0)],
    ]  # fmt: skip


def quickest_quarter(known, _):
    rows = known.project.reference
    years = reference_years(rows[rows["indicator_id"] == "tourist_arrivals"])
    paces = []
    for _, place in years[years["year"] <= 2019].groupby(["place", "counting", "series"]):
        place = place.sort_values("year")
        span = int(place["year"].iloc[-1] - place["year"].iloc[0])
        if span >= 2:
            paces.append(pace(place["value"].iloc[-1] / place["value"].iloc[0], span))
    middle, upper = np.percentile(paces, [50, 75])
    return [[(upper, 1)] * 5, [(middle, 1), (upper, 1), (len(paces), 0), (2, 0)]]


QUOTED = {
    "low": low, "lao_cai_low": low, "high": high, "lao_cai_high": high, "foreign_fast": foreign,
    "foreign_slow": foreign, "typhoon_year": typhoon_year, "real_spend_2019": real_spend_2019,
    "plan_2025": plan_2025, "pandemic": pandemic, "quickest_quarter": quickest_quarter,
}  # fmt: skip
#: Days of the calendar that a text names, beside the data that it quotes.
DAYS = {"real_spend_2019": (23, 12), "pandemic": (23, 12), "typhoon_year": (9, 10, 11)}


@pytest.fixture(scope="module")
def quoted(tables, learner):
    """Return what gives the values and the quoted numbers of each adjustment, computed from the data."""

    def of(name):
        known = Known(tables, tables.scenarios[name])
        known.name = name
        known.statement = lambda period: known.project.evidence.query(
            "indicator_id == 'tourist_arrivals' and area == 'lao_cai' and period == @period"
        )["statement"].iloc[0]
        found = QUOTED[name](known, learner)
        return list(zip(found[::2], found[1::2], strict=True))

    return of


def written(value, digits):
    """Return a number as a text gives it, without marks of thousands."""
    return f"{round(value, digits):.{max(digits, 0)}f}"


def numbers(text, lang):
    """Return the numbers of a text in one form."""
    thousands, decimal = (".", ",") if lang == "vi" else (",", ".")
    return {found.replace(thousands, "").replace(decimal, ".") for found in NUMBER.findall(text)}


def is_year(number):
    return number.isdecimal() and 2010 <= int(number) <= 2028


def test_every_scenario_is_computed_here():
    assert sorted(QUOTED) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_values_are_those_that_the_data_of_the_day_give(tables, quoted, name):
    parts = tables.scenarios[name].adjustments
    assert len(parts) == len(quoted(name))
    for part, (values, _) in zip(parts, quoted(name), strict=True):
        assert [f"{value:.6g}" for value in part.values.values()] == [
            f"{round(value, digits):.6g}" for value, digits in values
        ]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_reason_quotes_the_numbers_of_the_data_and_no_others(tables, quoted, name, lang):
    for part, (_, known) in zip(tables.scenarios[name].adjustments, quoted(name), strict=True):
        wanted = {written(value, digits) for value, digits in known}
        days = set(map(str, DAYS.get(name, ())))
        said = {number for number in numbers(part.reason[lang], lang) if not is_year(number)}
        words = {"en": {"2": "two", "4": "fourth", "5": "five"}}.get(lang, {})
        assert said - days <= wanted, (part.indicator, said - days - wanted)
        assert {
            number for number in wanted - said if words.get(number, "?") not in part.reason[lang]
        } == set()


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_tell_the_same_years(tables, name):
    for part in tables.scenarios[name].adjustments:
        vi, en = ({n for n in numbers(part.reason[lang], lang) if is_year(n)} for lang in LANGUAGES)
        assert vi == en


@pytest.mark.parametrize("name", NAMES)
def test_every_source_was_known_at_the_review(tables, name):
    scenario = tables.scenarios[name]
    known = set(known_by(tables.evidence, scenario.judged_on)["period"])
    known |= set(known_by(load_events(tables.root / "data"), scenario.judged_on)["date"])
    known |= set(known_by(tables.covariates, scenario.judged_on)["period"])
    ids = {target.id: target for target in tables.targets}
    for part in scenario.adjustments:
        periods = PERIOD.findall(part.source)
        goals = [word for word in re.findall(r"[\w.-]+", part.source) if word in ids]
        assert (
            set(periods) - {str(scenario.judged_on), "2011"} - set(re.findall(r"20\d\d", " ".join(goals)))
            <= known
        )
        assert all(last_day(ids[goal].published) <= scenario.judged_on for goal in goals)
        for file in re.findall(r"(?:data|params|benchmarks)/[\w/.]+\w", part.source):
            assert (ROOT / file).exists()


def test_the_rates_at_which_gaps_closed_are_those_of_the_parameters():
    chosen, _ = read_yaml(ROOT / "params/baseline.yml", [])
    assert {"50", "70", "123"} <= set(NUMBER.findall(chosen["gap_closing"]["reason"]))


def test_nothing_later_than_its_day_is_named_in_a_reason(tables):
    for name in NAMES:
        scenario = tables.scenarios[name]
        for part in scenario.adjustments:
            named = {int(year) for year in part.values if year > 30}
            years = {int(n) for n in numbers(part.reason["en"], "en") if is_year(n)}
            assert max(years - named, default=0) <= scenario.judged_on.year
