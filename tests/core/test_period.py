from __future__ import annotations

import calendar
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sapa_analysis
from sapa_analysis.core.period import (
    FORMS,
    Span,
    first_day,
    is_yearly_plan,
    last_day,
    parse_period,
    term_years,
    today,
)

years = st.integers(1000, 9998)
months = st.integers(1, 12)
days = st.dates(date(1000, 1, 1), date(9998, 12, 31))


def make_date_texts(day: date) -> tuple[str, str, str]:
    return f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d}"


@given(days)
def test_a_date_lies_between_the_first_and_last_day_of_what_is_printed_of_it(day):
    for text in make_date_texts(day):
        assert first_day(text) <= day <= last_day(text)


@given(days)
def test_the_more_is_printed_the_fewer_days_are_meant(day):
    spans = [(first_day(text), last_day(text)) for text in make_date_texts(day)]
    for (first, last), (narrower_first, narrower_last) in pairwise(spans):
        assert first <= narrower_first <= narrower_last <= last
    assert spans[-1] == (day, day)


@given(years)
def test_a_year_is_its_quarters_and_its_months_laid_end_to_end(year):
    quarters = [parse_period(f"{year}-Q{quarter}", "Q") for quarter in (1, 2, 3, 4)]
    whole_months = [parse_period(f"{year}-{month:02d}", "M") for month in range(1, 13)]
    for parts in (quarters, whole_months):
        for part, following in pairwise(parts):
            assert following.start - part.end == timedelta(days=1)
        assert Span(parts[0].start, parts[-1].end) == parse_period(str(year), "A")


@given(years, months)
def test_a_month_reads_back_as_it_is_written(year, month):
    span = parse_period(f"{year}-{month:02d}", "M")
    assert (span.start, span.end) == (
        date(year, month, 1),
        date(year, month, calendar.monthrange(year, month)[1]),
    )


@given(years, months)
def test_a_cumulative_period_runs_from_january_to_the_end_of_its_month(year, month):
    span = parse_period(f"{year}-01/{year}-{month:02d}", "YTD")
    assert (span.start, span.end) == (date(year, 1, 1), last_day(f"{year}-{month:02d}"))


@given(days, days)
def test_a_holiday_reads_back_as_it_is_written_or_ends_before_it_starts(one, other):
    text = f"{one}/{other}"
    if one <= other:
        assert parse_period(text, "EVENT") == Span(one, other)
    else:
        with pytest.raises(ValueError, match="ends before it starts"):
            parse_period(text, "EVENT")


@given(years, st.integers(0, 40))
def test_a_term_runs_from_new_year_to_new_years_eve(year, length):
    last = min(year + length, 9998)
    assert parse_period(f"{year}/{last}", "TERM") == Span(date(year, 1, 1), date(last, 12, 31))


@given(st.text(max_size=12) | st.from_regex(r"\A\d{4}([-/]\d{2,4}|-Q\d)?\Z"), st.sampled_from(sorted(FORMS)))
def test_any_text_is_a_period_or_is_refused_in_words(text, freq):
    try:
        span = parse_period(text, freq)
    except ValueError as error:
        said = str(error)
    else:
        said = f'"{text}"'
        assert text.isascii()
        assert span.start <= span.end
    assert said.startswith(f'"{text}"')


@pytest.mark.parametrize(
    "text",
    [
        "2021-02-30",
        "2023-02-29",
        "2022-13",
        "2022-00",
        "0000",
        "22",
        "5/1/2023",
        "2023-1-5",
        "２０２３",
        "2023\n",
        "",
    ],
)
def test_what_is_no_date_is_refused_and_the_forms_are_named(text):
    for read in (first_day, last_day):
        with pytest.raises(ValueError, match="is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"):
            read(text)


@pytest.mark.parametrize(
    ("text", "freq", "message"),
    [
        ("2022-Q5", "Q", "write YYYY-Q1 to YYYY-Q4"),
        ("2022-Q1", "A", "write YYYY"),
        ("2022", "M", "write YYYY-MM"),
        ("2022-13", "M", "is not a date"),
        ("2022-02/2022-10", "YTD", "write YYYY-01/YYYY-MM"),
        ("2021-01/2022-10", "YTD", "runs over more than one year"),
        ("2022-01/2021-10", "YTD", "ends before it starts"),
        ("2025/2020", "TERM", "ends before it starts"),
        ("2020-2025", "TERM", "write YYYY/YYYY"),
        ("2022-02-28/2022-02-30", "EVENT", "is not a date"),
        ("２０２２", "A", "write YYYY"),
    ],
)
def test_a_wrong_period_names_the_form_that_is_wanted(text, freq, message):
    with pytest.raises(ValueError, match=message):
        parse_period(text, freq)


@given(st.integers(205, 1900))
def test_congress_terms_and_plan_terms_mean_the_same_five_years(five):
    last = 5 * five
    for text in (f"{last - 5}/{last}", f"{last - 4}/{last}"):
        assert list(term_years(text)) == list(range(last - 4, last + 1))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020/2025", 2021, 2025),
        ("2021/2025", 2021, 2025),
        ("2018/2023", 2018, 2023),
        ("2011/2020", 2011, 2020),
    ],
)
def test_a_term_is_read_as_the_documents_mean_it(text, first, last):
    assert list(term_years(text)) == list(range(first, last + 1))


# today ----------------------------------------------------------------------------------------------------

moments = st.datetimes(
    datetime(1976, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)  # Viet Nam keeps seven hours since 1975
)  # fmt: skip


@given(moments, st.integers(-14 * 4, 14 * 4))
def test_the_day_is_that_of_viet_nam_in_whatever_zone_the_moment_is_given(moment, quarters):
    elsewhere = moment.astimezone(timezone(timedelta(minutes=15 * quarters)))
    assert today(elsewhere) == today(moment) == (moment + timedelta(hours=7)).date()


def test_the_clock_of_the_machine_does_not_move_the_day():
    code = "from sapa_analysis.core import today; print(today())"
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True, capture_output=True, text=True, env=os.environ | {"TZ": zone},
        ).stdout
        for zone in ("UTC+12", "UTC-14")
    }  # fmt: skip
    assert said <= {f"{today() - timedelta(days=1)}\n", f"{today()}\n"}
    assert len(said) == 1 or f"{today()}\n" in said


def test_no_other_module_asks_a_clock_for_the_day():
    package = Path(sapa_analysis.__file__).parent
    asks = re.compile(
        r"\b(date\.today|datetime\.(now|today|utcnow)|Timestamp\.(now|today)|localtime|gmtime)\b"
    )
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if asks.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"core/period.py", "runs/notebook.py"}  # a run tells when it began


@pytest.mark.parametrize(
    ("published", "is_plan"),
    [
        ("2024", True),
        ("2024-12", True),
        ("2024-12-05", True),
        ("2024-03", False),
        ("2025", True),
        ("2023", False),
        ("", False),
    ],
)
def test_a_yearly_plan_is_dated_by_the_last_day_that_its_date_can_mean(published, is_plan):
    assert is_yearly_plan(2025, published) is is_plan
