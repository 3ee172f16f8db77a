"""What an office writes into a cell is read as it is meant, or refused with the way to write it."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sapa_analysis.core import unit_words
from sapa_analysis.evidence import contradictions
from sapa_analysis.evidence.office.grammar import Written, digits_of, read_figure, row_decimals
from sapa_analysis.evidence.office.number_words import CellError, read_number
from sapa_analysis.evidence.office.periods import read_day, read_due, read_period, read_year
from sapa_analysis.evidence.office.sheet_cells import Cell
from sapa_analysis.evidence.office.spelling import folded
from sapa_analysis.evidence.office.told import shown_number
from sapa_analysis.evidence.office.workbook_parts import look_of
from sapa_analysis.evidence.office.written_goals import read_goal

NUMBERS = st.decimals(-(10**9), 10**9, places=None, allow_nan=False).map(
    lambda n: n.quantize(Decimal("0.0001"))
)
PLACED = st.tuples(NUMBERS, st.integers(0, 4)).map(lambda pair: round(pair[0], pair[1]) + Decimal(0))


def text(written):
    return Cell(1, 1, "text", written)


def number(value, shown=""):
    return Cell(1, 1, "number", number=Decimal(str(value)), shown=shown)


def refusal(read, *given_):
    with pytest.raises(CellError) as found:
        read(*given_)
    return found.value


@given(PLACED)
def test_a_number_written_the_vietnamese_way_reads_back(value):
    read, decimals = read_number(shown_number(value))
    assert (read, decimals) == (value, max(0, -value.as_tuple().exponent))


@given(PLACED, st.sampled_from(["\u00a0", " ", "\u202f"]))
def test_spaces_between_thousands_full_width_digits_and_an_apostrophe_say_nothing(value, space):
    written = shown_number(value)
    wide = written.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    for same in (written.replace(".", space), wide, f"'{written}", f" {written} "):
        assert read_number(same)[0] == value


@given(st.decimals(0, 10**8, places=2, allow_nan=False))
def test_an_english_number_is_refused_with_the_same_number_as_hint(value):
    error = refusal(read_number, f"{value:,f}")
    hint = error.holes["hint"].removeprefix("; viết ")
    assert error.key == "number"
    assert read_number(hint)[0] == value


@pytest.mark.parametrize(
    ("written", "value"),
    [("1.234", 1234), ("1.234,5", 1234.5), ("96,8", 96.8), ("0,968", 0.968), ("1,234", 1.234), ("−3,5", -3.5),
     ("007", 7), ("1 234 567", 1234567), ("3.680.000", 3680000)],
)  # fmt: skip
def test_numbers(written, value):
    assert float(read_number(written)[0]) == value


@pytest.mark.parametrize(
    ("written", "hint"),
    [("96.8", "; viết 96,8"), ("1,234.5", "; viết 1.234,5"), ("1,234,567", "; viết 1.234.567"), ("(3,5)", "; viết -3,5"),
     ("1.23.4", ""), ("9 6,8", "; viết 96,8"), ("12.345,", ""), ("abc", ""), ("", ""), ("1e5", ""), ("½", ""), ("٣", "")],
)  # fmt: skip
def test_what_is_no_vietnamese_number_is_refused(written, hint):
    error = refusal(read_number, written)
    assert (error.key, error.holes["hint"]) == ("number", hint)


@given(PLACED, st.sampled_from([("trên", "over"), ("Hơn", "over"), ("gần", "under"), ("dưới", "under"), ("KHOẢNG", "about"), ("xấp xỉ", "about"), ("", "exact")]),
       st.sampled_from([("ước", "estimate"), ("sơ bộ", "estimate"), ("Ước thực hiện", "estimate"), ("chính thức", "actual"), ("thực hiện", "actual"), ("", "")]))  # fmt: skip
def test_words_before_a_number_are_its_kind_and_bound(value, bound, kind):
    assume(value == 0 or abs(value) >= Decimal("0.0001"))
    read = read_figure(text(f"{kind[0]} {bound[0]} {shown_number(value)} tỷ đồng"), "billion_vnd")
    assert (read.value, read.bound, read.kind) == (value, bound[1], kind[1])


@pytest.mark.parametrize(
    ("written", "unit", "value"),
    [("96,8%", "percent", 96.8), ("96,8 phần trăm", "percent", 96.8), ("3,68 triệu lượt", "visits", 3.68e6),
     ("3,68 triệu", "visits", 3.68e6), ("11 nghìn tỷ đồng", "billion_vnd", 11000), ("500 triệu đồng", "billion_vnd", 0.5),
     ("7.294 tỷ", "billion_vnd", 7294), ("118 triệu đồng/người/năm", "million_vnd", 118), ("1.350 lao động", "persons", 1350),
     ("24,8 giường bệnh", "per_10k_people", 24.8), ("13,9 tiêu chí/xã", "criteria_per_commune", 13.9),
     ("140 triệu đồng", "million_vnd_per_ha", 140), ("5 triệu", "million_visits", 5)],
)  # fmt: skip
def test_units_after_a_number_scale_it(written, unit, value):
    assert float(read_figure(text(written), unit).value) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("written", "unit"),
    [("7.294 triệu đồng/ha", "billion_vnd"), ("7 đồng", "billion_vnd"), ("3 triệu", "percent"), ("3,5 nghìn", "billion_vnd"),
     ("3 tỷ đồng", "visits"), ("96,8%", "persons"), ("12 hộ", "visits")],
)  # fmt: skip
def test_a_unit_that_does_not_fit_is_refused(written, unit):
    assert refusal(read_figure, text(written), unit).key == "unit_in_cell"


@given(st.integers(1, 500), st.integers(0, 500))
def test_a_fraction_is_a_percentage(whole, part):
    assume(part <= whole and (part == 0 or part / whole > 1e-4))
    read = read_figure(text(f"{part}/{whole}"), "percent")
    assert float(read.value) == pytest.approx(100 * part / whole, rel=1e-12)
    assert (read.fraction, read.words) == (f"{part}/{whole}", f"{part}/{whole}")


@pytest.mark.parametrize(
    ("written", "unit", "key"),
    [("61/46", "percent", "fraction"), ("1/0", "percent", "fraction"), ("46/61", "persons", "fraction_unit"), ("trên 46/61", "percent", "fraction_bound")],
)  # fmt: skip
def test_a_fraction_that_is_none_is_refused(written, unit, key):
    assert refusal(read_figure, text(written), unit).key == key


def test_a_cell_in_percent_is_read_as_it_is_shown():
    read = read_figure(number(0.968, "percent"), "percent")
    assert (read.value, read.words) == (Decimal("96.8"), "96,8%")
    assert refusal(read_figure, number(0.968, "percent"), "billion_vnd").key == "percent_format"


def test_a_number_that_excel_turned_into_a_day_is_refused():
    error = refusal(read_figure, number(45082, "day"), "percent")
    assert (error.key, error.holes["day"]) == ("day_as_number", "05/06/2023")


@pytest.mark.parametrize(
    ("written", "value"),
    [("đạt", 1), ("Hoàn thành tốt nhiệm vụ", 1), ("không đạt", 0), ("hoàn thành nhiệm vụ", 0), ("1", 1)],
)
def test_a_rating_is_a_word(written, value):
    assert read_figure(text(written), "yes_no").value == value
    assert refusal(read_figure, text("tốt lắm"), "yes_no").key == "yes_no"


@given(st.text(max_size=40), st.sampled_from(sorted(unit_words("vi"))))
def test_any_text_is_a_figure_or_refused(written, unit):
    for read in (lambda cell: read_figure(cell, unit), lambda cell: read_goal(cell, unit, "more"), read_day, read_year,
                 read_due, lambda cell: read_period(cell, None), lambda cell: read_period(cell, cell)):  # fmt: skip
        try:
            read(text(written))
        except CellError:
            continue


@given(PLACED, st.integers(0, 4), st.sampled_from(["", "trên ", "gần ", "khoảng "]))
def test_digits_and_bound_never_disagree_with_the_words(value, decimals, bound):
    assume(value == 0 or abs(value) >= Decimal("0.0001"))
    read = read_figure(text(bound + shown_number(value)), "percent")
    row = {"value": float(read.value), "digits": digits_of(read, decimals), "bound": read.bound, "freq": "A", "period": "2022",
           "through": "", "statement": read.words, "note": ""}  # fmt: skip
    assert contradictions(row) == []


@pytest.mark.parametrize(
    ("row", "digits"),
    [(["97", "96,5"], [3, 3]), (["97"], [2]), (["3.500.000"], [2]), (["3,50 triệu"], [3]), (["120"], [3]), (["0,50"], [2]), (["0"], [1])],
)  # fmt: skip
def test_digits_follow_from_what_is_written(row, digits):
    read = [read_figure(text(each), "visits") for each in row]
    assert [digits_of(each, row_decimals(read)) for each in read] == digits


def test_the_result_of_a_formula_gives_its_row_no_decimals():
    assert (
        row_decimals([Written(Decimal("75.4098360656"), decimals=10), Written(Decimal("96.5"), decimals=1)])
        == 1
    )


@pytest.mark.parametrize(
    ("first", "last", "freq", "period", "through"),
    [("2022", None, "A", "2022", ""), ("năm 2022", None, "A", "2022", ""), ("quý II/2022", None, "Q", "2022-Q2", ""),
     ("Quý 2 năm 2022", None, "Q", "2022-Q2", ""), ("tháng 5/2022", None, "M", "2022-05", ""), ("05/2022", None, "M", "2022-05", ""),
     ("6 tháng 2022", None, "YTD", "2022-01/2022-06", ""), ("9 tháng đầu năm 2022", None, "YTD", "2022-01/2022-09", ""),
     ("12 tháng 2022", None, "A", "2022", ""), ("2021-2025", None, "TERM", "2021/2025", ""), ("giai đoạn 2021 – 2025", None, "TERM", "2021/2025", ""),
     ("01/01/2022", "31/12/2022", "A", "2022", ""), ("01/2022", "10/2022", "YTD", "2022-01/2022-10", ""),
     ("1/1/2022", "15/10/2022", "YTD", "2022-01/2022-10", "2022-10-15"), ("01/04/2022", "30/06/2022", "Q", "2022-Q2", ""),
     ("2021", "2025", "TERM", "2021/2025", ""), ("01/05/2022", "31/05/2022", "M", "2022-05", ""), ("2022-01-01", "2022-03-31", "YTD", "2022-01/2022-03", "")],
)  # fmt: skip
def test_periods(first, last, freq, period, through):
    found = read_period(text(first), last and text(last))
    assert (found.freq, found.period, found.through) == (freq, period, through)


@pytest.mark.parametrize(
    ("first", "last", "key"),
    [("13/2022", None, "period"), ("quý V/2022", None, "period"), ("15/06/2022", None, "one_day"), ("2025-2021", None, "period"),
     ("02/05/2022", "30/06/2022", "odd_span"), ("2023", "2022", "turned"), ("quý I/2022", "2023", "two_periods"),
     ("31/02/2022", "31/12/2022", "period"), ("2022", "hết năm", "period"), ("1850", None, "period")],
)  # fmt: skip
def test_what_is_no_period_is_refused(first, last, key):
    assert refusal(read_period, text(first), last and text(last)).key == key


def test_days_of_a_holiday_are_a_period_of_an_indicator_of_holidays():
    found = read_period(text("30/04/2023"), text("03/05/2023"), has_holidays=True)
    assert (found.freq, found.period) == ("EVENT", "2023-04-30/2023-05-03")


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)), st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "ngày %d tháng %m năm %Y", "%Y-%m-%d"]))  # fmt: skip
def test_a_day_reads_back(day, form):
    assert read_day(text(day.strftime(form))) == day


@pytest.mark.parametrize(
    ("cell", "key", "hint"),
    [(text("12/31/2022"), "day", "31/12/2022"), (number(44926), "serial", "31/12/2022"), (number(5), "day", "15/06/2023"),
     (text("hôm qua"), "day", "15/06/2023"), (text("31/02/2022"), "day", "15/06/2023")],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_a_day(cell, key, hint):
    error = refusal(read_day, cell)
    assert error.key == key
    assert hint in f"{error.holes.get('hint', '')}{error.holes.get('day', '')}"


@pytest.mark.parametrize(
    ("written", "better", "sense", "value", "high"),
    [("trên 14,5%", "more", "more_than", 14.5, None), ("dưới 24,7", "less", "less_than", 24.7, None), ("không quá 5", "less", "at_most", 5, None),
     ("từ 8 đến 10%", "more", "between", 8, 10), ("8 - 10", "more", "between", 8, 10), ("khoảng 12", "more", "about", 12, None),
     ("98", "more", "at_least", 98, None), ("4", "less", "at_most", 4, None), ("16,58", "none", "about", 16.58, None),
     ("từ 90 trở lên", "more", "at_least", 90, None), ("ít nhất 90", "more", "at_least", 90, None), ("khoảng 5,8 ± 0,2", "more", "about", 5.8, None)],
)  # fmt: skip
def test_goals(written, better, sense, value, high):
    goal = read_goal(text(written), "percent", better)
    assert (goal["sense"], goal["value"], goal["value_high"]) == (sense, value, high)
    assert goal["sense_inferred"] == ("yes" if written[0].isdigit() and high is None else "no")
    assert goal["tolerance"] == (0.2 if "±" in written else None)


@pytest.mark.parametrize("written", ["từ 10 đến 8", "ước 98", "trên trên 98", "trên", "98 hoặc 99", "tốt"])
def test_what_is_no_goal_is_refused(written):
    assert refusal(read_goal, text(written), "percent", "more").key in ("goal", "number", "no_figure")


@pytest.mark.parametrize(
    ("one", "other"),
    [("tỉ lệ", "Tỷ  Lệ"), ("hoá", "hóa"), ("thủy", "thuỷ"), ("Đảng bộ", "ĐẢNG BỘ"), ("hòa", "ho\u0300a")],
)
def test_names_are_found_however_they_are_typed(one, other):
    assert folded(one) == folded(other)


# what offices write as well -------------------------------------------------------------------------------

SPANS = [
    *((f"{name} {month}/2022", date(2022, month, 1), month) for month in range(1, 13) for name in ("tháng", "T")),
    *((f"{name}{number}/2022", date(2022, 3 * number - 2, 1), 3 * number) for number in range(1, 5) for name in ("quý ", "Q")),
    *((f"{month}{name}", date(2022, 1, 1), month) for month in range(1, 13) for name in (" tháng 2022", "T/2022")),
    ("cả năm 2022", date(2022, 1, 1), 12), ("2022", date(2022, 1, 1), 12),
]  # fmt: skip


@given(
    st.sampled_from(SPANS), st.booleans(), st.sampled_from(["%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%-d/%-m/%Y"])
)
def test_a_period_in_words_is_the_same_as_its_days(span, has_holidays, form):
    words, first, month = span
    last = date(2022, month, monthrange(2022, month)[1])
    said = read_period(text(words), None, has_holidays=has_holidays)
    typed = (text(first.strftime(form)), text(last.strftime(form)))
    months = (text(first.strftime("%m/%Y")), text(last.strftime("%m/%Y")))
    for cells in (typed, months):
        read = read_period(*cells, has_holidays=has_holidays)
        if said.period == "2022-Q1":  # the same days as three months: both ways to say it are kept
            assert (read.freq, read.first, read.last) == ("YTD", said.first, said.last)
        else:
            assert read == said


@given(st.dates(date(2000, 1, 1), date(2049, 12, 31)), st.integers(0, 26))
def test_days_fewer_than_a_month_are_a_holiday(first, more):
    found = read_period(text(str(first)), text(str(first + timedelta(more))), has_holidays=True)
    assert (found.freq, found.first, found.last) == ("EVENT", first, first + timedelta(more))


def test_months_up_to_a_day_are_no_holiday_and_odd_months_are_refused():
    found = read_period(text("1/1/2022"), text("15/10/2022"), has_holidays=True)
    assert (found.freq, found.through) == ("YTD", "2022-10-15")
    given_ = text("2/3/2022"), text("15/10/2022")
    with pytest.raises(CellError, match="odd_span"):
        read_period(*given_, has_holidays=True)


@pytest.mark.parametrize(
    ("written", "unit", "value", "bound", "kind"),
    [("2,5tr", "visits", 2.5e6, "exact", ""), ("2,5 tr", "visits", 2.5e6, "exact", ""), (">97", "percent", 97, "over", ""),
     ("≥97", "percent", 97, "over", ""), (">= 97", "percent", 97, "over", ""), ("<97", "percent", 97, "under", ""), ("≤ 97", "percent", 97, "under", ""),
     ("~97", "percent", 97, "about", ""), ("60,5 (ước)", "percent", 60.5, "exact", "estimate"), ("60,5(sơ bộ)", "percent", 60.5, "exact", "estimate"),
     ("đạt 97,6%", "percent", 97.6, "exact", ""), ("ước đạt trên 97,6%", "percent", 97.6, "over", "estimate"),
     ("8.500 triệu", "billion_vnd", 8.5, "exact", ""), ("8.500 triệu đồng", "billion_vnd", 8.5, "exact", "")],
)  # fmt: skip
def test_short_ways_to_write_a_figure(written, unit, value, bound, kind):
    read = read_figure(text(written), unit)
    assert (float(read.value), read.bound, read.kind) == (value, bound, kind)
    row = {"value": value, "digits": digits_of(read, read.decimals), "bound": bound, "freq": "A", "period": "2022", "through": "",
           "statement": read.words, "note": ""}  # fmt: skip
    assert contradictions(row) == []


@pytest.mark.parametrize(
    ("written", "sense", "value"),
    [("đạt 4,2 triệu lượt", "at_least", 4.2e6), ("4 triệu lượt trở lên", "at_least", 4e6), ("từ 4 triệu lượt trở xuống", "at_most", 4e6),
     ("≥ 4.000.000", "at_least", 4e6), (">4 triệu", "more_than", 4e6), ("<4tr", "less_than", 4e6), ("đạt trên 4 triệu", "more_than", 4e6)],
)  # fmt: skip
def test_short_ways_to_write_a_goal(written, sense, value):
    goal = read_goal(text(written), "visits", "more")
    assert (goal["sense"], goal["value"]) == (sense, value)


@pytest.mark.parametrize("written", ["-", "–", "...", "…", "x", "X", "n/a", "không có"])
def test_a_sign_for_none_is_refused(written):
    assert refusal(read_figure, text(written), "percent").key == "no_figure"


@pytest.mark.parametrize(
    ("written", "unit", "hint"),
    [("giảm 5,2", "percent", "-5,2"), ("tăng 5,2%", "percent", "5,2"), ("2 triệu 600 nghìn", "visits", "2.600.000"),
     ("2 triệu 600 nghìn lượt", "visits", "2.600.000"), ("2 triệu 600 hộ", "visits", None), ("1 tỷ 500 triệu", "billion_vnd", "1,5")],
)  # fmt: skip
def test_a_number_in_words_is_refused_with_the_number(written, unit, hint):
    error = refusal(read_figure, text(written), unit)
    assert error.key in ("number", "unit_in_cell")
    assert error.holes.get("hint") == (f"; viết {hint}" if hint else None)


@pytest.mark.parametrize(
    ("value", "code", "unit", "read", "digits"),
    [(97.6493827, "0.0", "percent", "97.6", 3), (0.29137, "0%", "percent", "29", 2), (1234567.8, "#,##0", "visits", "1234568", 7),
     (97, "0.0", "percent", "97.0", 3), (97.65, "0.0", "percent", "97.7", 3), (97.6493827123456, "General", "percent", "97.6493827123", 12),
     (97.6493827, "0.##", "percent", "97.65", 4), (97.5, "0.0##", "percent", "97.5", 3), (97.6, '0.0"%"', "percent", "97.6", 3),
     (-2.55, "#,##0.0;[Red]-#,##0.0", "percent", "-2.6", 2)],
)  # fmt: skip
def test_a_number_is_read_with_the_decimals_that_its_format_shows(value, code, unit, read, digits):
    look = look_of(164, code)
    found = read_figure(number(value, look.shown)._replace(places=look.places), unit)
    assert str(found.value) == read
    assert digits_of(found, row_decimals([found])) == digits


@pytest.mark.parametrize(
    ("code", "hidden"),
    [(";;;", True), (";;", True), (";;;@", False), ("0;-0", False), ('"x";;', False), ("General", False)],
)
def test_a_format_that_shows_nothing_is_known(code, hidden):
    assert (look_of(164, code).shown == "nothing") == hidden
