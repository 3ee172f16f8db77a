"""The workbook for an office: what is public stands in it as it was published, and nothing that is ours."""

from __future__ import annotations

import io
import random
import re
import unicodedata
import zipfile
from dataclasses import replace
from datetime import date, datetime
from functools import cache

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import DAY, figure, office

from sapa_analysis.core import Target, load_params, targets_table, unit_words
from sapa_analysis.evidence import Tables, known_by, template_file
from sapa_analysis.evidence.office.carried import carried, figure_value, period_texts
from sapa_analysis.evidence.office.layout import FORMS, GOALS, GRID, JUDGEMENTS, LIST, MEMORY, words
from sapa_analysis.evidence.office.written import goal_text, number_text
from sapa_analysis.pipeline import known_targets, load_project, tables_of

EDITIONS = [
    ("2023-06-30", "sa_pa"), ("2026-01-31", "sa_pa"), ("2023-06-30", "lao_cai"), ("2026-01-31", "viet_nam"),
]  # fmt: skip
BOUNDS = {"": "exact", "trên": "over", "gần": "under", "khoảng": "about"}
FIGURE = re.compile(r"(ước )?(?:(trên|gần|khoảng) )?(-?[\d.]+(?:,\d+)?)")


@cache
def read_tables(day: str = "2023-06-30", area: str = "sa_pa") -> Tables:
    project = load_project()
    goals = known_targets(
        project, load_params(project.root / "params/baseline.yml").with_values(as_of=day, area=area)
    )
    return replace(tables_of(project, area), targets=goals)


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


@cache
def written(day: str = "2023-06-30", area: str = "sa_pa") -> bytes:
    return template_file(read_tables(day, area), day=date.fromisoformat(day))


def of_office(given_office):
    return opened(template_file(read_tables(), day=date(2023, 6, 30), office=given_office))


def head_of(sheet, form) -> int:
    """Return the row that holds the heads of a form, by its first cell and its own columns."""
    rows = [
        row for row in range(1, sheet.max_row + 1)
        if sheet.cell(row, 1).value == form.heads[0]
        and set(form.heads) <= {sheet.cell(row, column).value for column in range(1, sheet.max_column + 1)}
    ]  # fmt: skip
    assert len(rows) == 1, (form.name, rows)
    return rows[0]


def rows_of(book, form) -> list[dict]:
    """Return the rows of a form that hold anything, by head; those of a grid up to its end."""
    sheet = book[form.sheet]
    head = head_of(sheet, form)
    heads = [cell.value for cell in sheet[head]]
    end = head_of(sheet, LIST) - 3 if form is GRID else sheet.max_row
    found = [
        dict(zip(heads, (cell.value for cell in row), strict=True))
        for row in sheet.iter_rows(min_row=head + 1, max_row=end)
    ]
    return [row for row in found if any(value is not None for value in row.values())]


def remembered(book) -> list[tuple]:
    rows = book[MEMORY].iter_rows(min_row=2, max_col=4, values_only=True)
    return [row for row in rows if row[0] is not None]


def seen(book):
    """Yield every text that a person sees, with its cell: of comments all but the addresses."""
    for sheet in book.worksheets:
        if sheet.title == MEMORY:
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield f"{sheet.title}!{cell.coordinate}", str(cell.value)
                for line in cell.comment.text.split("\n") if cell.comment else []:
                    if not line.startswith("http"):
                        yield f"comment of {sheet.title}!{cell.coordinate}", line


def parsed(text: str) -> tuple[float, str, str]:
    """Return value, bound and kind of a figure, read anew from its words."""
    ratings = {"đạt": "1", "không đạt": "0"}
    found = FIGURE.fullmatch(ratings.get(text, text))
    assert found, text
    value = float(found[3].replace(".", "").replace(",", "."))
    return value, BOUNDS[found[2] or ""], "estimate" if found[1] else "actual"


# what is public ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_equal_tables_give_equal_bytes_in_whatever_order_their_figures_stand(seed):
    tables = read_tables()
    places = list(range(len(tables.evidence)))
    random.Random(seed).shuffle(places)
    mixed = replace(tables, evidence=tables.evidence.iloc[places])
    assert template_file(mixed, day=date(2023, 6, 30)) == written()


@pytest.mark.parametrize(("day", "area"), EDITIONS)
def test_every_form_has_its_heads_and_the_sheets_their_order(day, area):
    book = opened(written(day, area))
    assert book.sheetnames == [*words()["sheets"].values(), MEMORY]
    assert book[MEMORY].sheet_state == "veryHidden"
    for form in FORMS:
        sheet = book[form.sheet]
        found = [cell.value for cell in sheet[head_of(sheet, form)] if cell.value is not None]
        assert [head for head in found if not isinstance(head, int)] == list(form.heads)
        years = [head for head in found if isinstance(head, int)]
        assert years == (list(range(years[0], years[-1] + 1)) if form is GRID else [])


@pytest.mark.parametrize(("day", "area"), EDITIONS)
def test_each_grey_figure_is_the_best_row_of_its_year_with_its_bound_and_page(day, area):
    tables, book = read_tables(day, area), opened(written(day, area))
    known = known_by(tables.evidence, day)
    known = known[(known["area"] == area) & (known["freq"] == "A") & known["value"].notna()]
    names = {name.casefold(): key for key, name in tables.indicators["name_vi"].items()}
    sheet, lines = book[GRID.sheet], words()["lines"]
    head = head_of(sheet, GRID)
    years = {cell.column: cell.value for cell in sheet[head] if isinstance(cell.value, int)}
    shown = set()
    for row in range(head + 1, head_of(sheet, LIST) - 3):
        if sheet.cell(row, 3).value != lines["public"]:
            continue
        indicator = names[sheet.cell(row, 1).value.casefold()]
        for column, year in years.items():
            cell = sheet.cell(row, column)
            if cell.value is None:
                continue
            shown.add((indicator, year))
            value, bound, kind = parsed(cell.value)
            rows = known[(known["indicator_id"] == indicator) & (known["period"] == str(year))]
            same = rows[(rows["value"] == value) & (rows["bound"] == bound) & (rows["kind"] == kind)]
            assert any(
                row["source_title"] in cell.comment.text and row["source_url"] in cell.comment.text
                for row in same.to_dict("records")
            ), (indicator, year, cell.value)
            sound = rows[rows["doubt_vi"] == ""]
            firm = sound[sound["kind"] == "actual"]
            assert (firm if len(firm) else sound if len(sound) else rows)["grade"].min() in set(same["grade"])
    goals = {goal.indicator_id for goal in tables.targets}
    wanted = known[known["indicator_id"].isin(goals)] if goals else known
    asked = {(row.indicator_id, int(row.period)) for row in wanted.itertuples()}
    assert shown == {(name, year) for name, year in asked if year in years.values()}


@pytest.mark.parametrize(("day", "area"), EDITIONS)
def test_each_goal_stands_as_its_document_prints_it_and_each_indicator_has_two_rows(day, area):
    tables, book = read_tables(day, area), opened(written(day, area))
    heads, lines = words()["heads"], words()["lines"]
    rows = rows_of(book, GOALS)
    assert [row[heads["goal"]] for row in rows] == [goal_text(goal) for goal in tables.targets]
    assert [row[heads["unit"]] for row in rows] == [unit_words("vi")[goal.unit] for goal in tables.targets]
    sheet = book[GOALS.sheet]
    told = [
        cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment
    ]  # of the goals, in their order
    for goal, text in zip(tables.targets, told, strict=True):
        assert goal.printed in text
        assert goal.source_title in text
    for column in ("lead", "published", "note", "secret"):
        assert all(row[heads[column]] is None for row in rows)
    grid = [row for row in rows_of(book, GRID) if row[heads["indicator"]]]
    assert [row[heads["line"]] for row in grid] == [lines["public"], lines["own"]] * (len(grid) // 2)
    assert len(grid) == 2 * len({row[heads["indicator"]] for row in grid})
    if rows:
        assert {row[heads["indicator"]] for row in grid} == {row[heads["indicator"]] for row in rows}
    due = {(goal.indicator_id, goal.end) for goal in tables.targets}
    assert len(rows_of(book, JUDGEMENTS)) == len(due)


def test_the_workbook_of_the_town_has_all_indicators_of_its_resolution():
    goals = [goal for goal in read_tables().targets if goal.document == "resolution-2023"]
    names = {row[words()["heads"]["indicator"]] for row in rows_of(opened(written()), GRID)}
    assert len({goal.indicator_id for goal in goals}) == 48
    for goal in goals:
        name = read_tables().indicators.loc[goal.indicator_id, "name_vi"]
        assert name[0].upper() + name[1:] in names


@pytest.mark.parametrize(("day", "area"), EDITIONS)
def test_what_is_grey_is_remembered_and_nothing_else(day, area):
    book, heads = opened(written(day, area)), words()["heads"]
    kept = remembered(book)
    grid = {(key, head): text for kind, key, head, text in kept if kind == "grid"}
    found = {
        (row[heads["indicator"]], str(head)): value
        for row in rows_of(book, GRID)
        for head, value in row.items()
        if isinstance(head, int) and value is not None
    }
    assert grid == found
    goals = [(key, head, text) for kind, key, head, text in kept if kind == "goal"]
    wanted = [
        ("|".join(str(row[heads[name]] or "") for name in ("document", "clause", "indicator", "due")),
         heads[name], str(row[heads[name]]))
        for row in rows_of(book, GOALS)
        for name in ("document", "clause", "indicator", "unit", "due", "measure", "goal")
        if row[heads[name]] is not None
    ]  # fmt: skip
    assert goals == wanted
    assert len({(key, head) for key, head, _ in goals}) == len(goals)
    assert len(kept) == len(grid) + len(goals)
    assert [cell.value for cell in book[MEMORY][1]][:4] == ["sapa-office", 1, area, day]


# what a person sees --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "area"), EDITIONS)
def test_no_id_of_ours_is_seen_and_every_letter_is_whole(day, area):
    tables, book = read_tables(day, area), opened(written(day, area))
    targets = {goal.id for goal in tables.targets}
    ids = {*map(str, tables.indicators.index), *map(str, tables.documents.index), *targets}
    fine = {str(unit) for unit in tables.indicators["unit"]}
    for place, text in seen(book):
        assert unicodedata.is_normalized("NFC", text), place
        parts = set(re.findall(r"[\w.-]+", text))
        assert not {part for part in parts & (ids | fine) if "_" in part or "-" in part}, place
        assert text not in ids, place
    told = "".join(str(cell) for row in book[MEMORY].iter_rows(values_only=True) for cell in row if cell)
    assert unicodedata.is_normalized("NFC", told)


@pytest.mark.parametrize(("day", "area"), EDITIONS)
def test_no_cell_is_a_formula_none_is_merged_and_nothing_points_outside(day, area):
    book = opened(written(day, area))
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    with zipfile.ZipFile(io.BytesIO(written(day, area))) as archive:
        names = archive.namelist()
        assert not [name for name in names if re.search("external|vba|connection|embed", name, re.I)]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_cell_for_a_number_or_a_day_keeps_what_is_typed():
    book, heads = opened(written()), words()["heads"]
    typed = {
        heads[name]
        for name in ("value", "goal", "estimate", "published", "estimated_on", "judged_on", "first")
    }
    for form in FORMS:
        sheet = book[form.sheet]
        head = head_of(sheet, form)
        last = head_of(sheet, LIST) - 4 if form is GRID else sheet.max_row
        for cell in sheet[head]:
            if cell.value in typed or isinstance(cell.value, int):
                assert sheet.cell(last, cell.column).number_format == "@", (form.name, cell.value)


def test_every_cell_for_a_name_offers_the_names_and_the_lists_hold_what_is_asked_for():
    book = opened(written())
    heads = words()["heads"]
    asked = {
        "indicator": {name[0].upper() + name[1:] for name in read_tables().indicators["name_vi"]},
        "kind": set(words()["kinds"]), "judged": set(words()["judged"].values()),
        "measure": set(words()["measures"].values()), "what": set(words()["causes"].values()),
        "line": set(words()["lines"].values()), "unit": set(),
    }  # fmt: skip
    for form in FORMS:
        sheet = book[form.sheet]
        head = head_of(sheet, form)
        for column, choices in asked.items():
            at = next((cell.column for cell in sheet[head] if cell.value == heads[column]), 0)
            if column not in form.columns or not at:
                continue
            free = sheet.cell(head + 1 if form is not GRID else head_of(sheet, LIST) - 4, at).coordinate
            [source] = [v.formula1 for v in sheet.data_validations.dataValidation if free in v.sqref]
            offered = _offered(book, source)
            assert offered >= choices, (form.name, column)
            assert offered


def _offered(book, source: str) -> set[str]:
    if source.startswith('"'):
        assert len(source) <= 255  # Excel takes no more
        return set(source.strip('"').split(","))
    place, _, cells = source.rpartition("!")
    return {row[0].value for row in book[place.strip("'")][cells.replace("$", "")]}


def test_figures_of_an_office_that_were_laid_over_the_evidence_are_not_public():
    tables = read_tables()
    own = office([figure("new_party_members", 2022, 131.0, "persons")]).figures
    over = replace(tables, evidence=pd.concat([tables.evidence, own.assign(doubt_vi="", doubt_en="")]))
    assert template_file(over, day=date(2023, 6, 30)) == written()


def test_a_day_before_a_page_shows_nothing_of_it():
    tables = read_tables()
    early = opened(template_file(tables, day=date(2018, 12, 31)))
    assert not [row for row in remembered(early) if row[0] == "goal"]
    texts = " ".join(text for place, text in seen(early) if place.startswith("comment"))
    later = tables.evidence[~tables.evidence.index.isin(known_by(tables.evidence, "2018-12-31").index)]
    later = later[(later["area"] == "sa_pa") & (later["freq"] == "A")]
    earlier = set(known_by(tables.evidence, "2018-12-31")["source_url"])
    addresses = {
        line for row in early[GRID.sheet].iter_rows() for cell in row if cell.comment
        for line in cell.comment.text.split("\n")
    }  # fmt: skip
    assert texts
    assert not addresses & (set(later["source_url"]) - earlier)


# how numbers are written -----------------------------------------------------------------------------------


@given(whole=st.integers(-(10**9), 10**9), decimals=st.integers(0, 4), more=st.integers(0, 3))
def test_a_number_says_its_value_and_at_least_its_digits(whole, decimals, more):
    value = whole / 10**decimals
    text = number_text(value, len(str(abs(whole))) + more)
    assert parsed(text)[0] == value
    assert re.fullmatch(r"-?(\d{1,3}(\.\d{3})*)(,\d+)?", text)
    if decimals or more:
        assert sum(sign.isdigit() for sign in text.lstrip("-0,.")) >= (len(str(abs(whole))) if whole else 0)


@pytest.mark.parametrize(
    ("given_goal", "text"),
    [
        ({"sense": "more_than", "value": 14.5}, "trên 14,5"),
        ({"sense": "less_than", "value": 24.7}, "dưới 24,7"),
        ({"sense": "at_least", "value": 118, "sense_inferred": "yes"}, "118"),
        ({"sense": "at_least", "value": 3.5e6, "sense_inferred": "no"}, "ít nhất 3.500.000"),
        ({"sense": "at_most", "value": 5}, "nhiều nhất 5"),
        ({"sense": "between", "value": 8, "value_high": 10}, "từ 8 đến 10"),
        ({"sense": "about", "value": 16.58, "tolerance": 0.5}, "khoảng 16,58 ± 0,5"),
        ({"sense": "at_least", "value": 1, "sense_inferred": "yes", "unit": "yes_no", "measure": "yes_no"}, "đạt"),
    ],
)  # fmt: skip
def test_a_goal_is_written_as_an_office_writes_it(given_goal, text):
    about = {"id": "mine", "indicator_id": "x", "area": "sa_pa", "measure": "level", "end": 2023}
    assert goal_text(Target(**{**about, "unit": "percent", **given_goal})) == text


# what the office has entered ------------------------------------------------------------------------------


def goal_row(goal):
    return targets_table([goal]).assign(where="so_lieu.xlsx, trang Chỉ tiêu, ô G5:5", internal=False)


@st.composite
def figures_of_an_office(draw):
    """Figures of whole years and of parts of years, each indicator and period once."""
    names = draw(st.lists(st.sampled_from(["tourist_arrivals", "poverty_rate", "grdp_growth"]), unique=True))
    rows = []
    for name in names:
        unit = str(read_tables().indicators.loc[name, "unit"])
        for period, freq in draw(st.lists(st.sampled_from(PERIODS), unique=True)):
            value = draw(st.integers(1, 99_999)) / (1 if unit == "visits" else 1000)
            digits = len(f"{value:.12g}".replace(".", "").strip("0") or "0")
            extra = draw(st.sampled_from(OTHERS))
            rows.append(
                figure(name, 2022, value, unit, **{"digits": digits, "period": period, "freq": freq, **extra})
            )
            rows[-1]["id"] = f"office.x.{len(rows)}"
    return rows


PERIODS = [("2020", "A"), ("2021", "A"), ("2022", "A"), ("2022-05", "M"), ("2022-Q2", "Q"),
           ("2022-01/2022-10", "YTD"), ("2021/2025", "TERM")]  # fmt: skip
OTHERS = [
    {}, {"bound": "over"}, {"kind": "estimate"}, {"internal": True}, {"note": "số của Chi cục"},
    {"source_title": "Báo cáo 215-BC/TU", "source_url": "office:Báo cáo 215-BC/TU"},
    {"published": "2023-01-05"},
]  # fmt: skip


@given(rows=figures_of_an_office())
def test_every_figure_of_an_office_is_carried_over_once_and_none_that_is_secret_leaves_its_sheet(rows):
    found = carried(office(rows), read_tables())
    names = {name.casefold(): key for key, name in read_tables().indicators["name_vi"].items()}

    def value_of(row, name):
        return row[name].value if name in row else None

    grid = [
        (indicator, head, *_cell(entry.value), value_of(row, "source"), value_of(row, "note"),
         value_of(row, "published"))
        for indicator, row in found.grid.items() for head, entry in row.items() if isinstance(head, int)
    ]  # fmt: skip
    listed, secret = (
        [
            (names[row["indicator"].value.casefold()], row["first"].value, *_cell(row["value"].value),
             value_of(row, "source"), value_of(row, "note"), value_of(row, "published"))
            for row in given_rows
        ]
        for given_rows in (found.figures, found.secret)
    )  # fmt: skip
    wanted = {True: [], False: []}
    for row in rows:
        source = None if row["source_title"] == "Số liệu của cơ quan" else row["source_title"]
        day = None if row["published"] == DAY.isoformat() else date.fromisoformat(row["published"])
        said = (row["value"], row["bound"], row["kind"])
        first = period_texts(row)[0]
        wanted[row["internal"]].append((row["indicator_id"], first, *said, source, row["note"] or None, day))
    assert sorted(map(str, grid + listed)) == sorted(map(str, wanted[False]))
    assert sorted(map(str, secret)) == sorted(map(str, wanted[True]))


def _cell(value) -> tuple[float, str, str]:
    return (float(value), "exact", "actual") if isinstance(value, int | float) else parsed(value)


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ({"value": 97.0, "digits": 3}, "97,0"),
        ({"value": 97.0, "digits": 2}, 97),
        ({"value": 3.68e6, "digits": 4, "unit": "visits"}, "3,680 triệu"),
        ({"value": 3.68e6, "digits": 4, "unit": "visits", "bound": "over"}, "trên 3,680 triệu"),
        ({"value": 4600 / 61, "digits": 3, "statement": "46/61 trường"}, "46/61"),
        ({"value": 4600 / 61, "digits": 3, "statement": "46/61", "kind": "estimate"}, "46/61"),
        ({"value": 96.8, "digits": 3, "statement": "sơ bộ 96,8", "kind": "estimate"}, "sơ bộ 96,8"),
        ({"value": 3.68e6, "digits": 3, "unit": "visits", "statement": "3,68 triệu lượt"}, "3,68 triệu lượt"),
        ({"value": 1.0, "digits": 1, "unit": "yes_no"}, "đạt"),
    ],
)
def test_a_figure_is_entered_again_as_it_was(changed, value):
    assert figure_value(figure("schools_at_standard", 2022, 97.0, "percent") | changed) == value


def test_goals_leads_judgements_causes_and_projects_are_carried_over():
    goals = {goal.id: goal for goal in read_tables().targets}
    visits = goals["resolution-2023.09.tourist_arrivals"]
    corrected = goal_row(
        visits.model_copy(update={"value": 3.6e6, "sense": "more_than", "sense_inferred": "no"})
    )
    added = goal_row(visits.model_copy(update={"id": "office.goals.A70", "indicator_id": "poor_households",
                                               "unit": "households", "value": 1200.0, "sense": "at_most"}))  # fmt: skip
    shared = {"published": DAY.isoformat(), "where": "", "internal": False}
    held = office(
        [figure("tourist_arrivals", 2023, 3.5e6, "visits", id="office.judgements.E20", kind="estimate",
                source_title="Phòng Văn hóa", digits=2, published="2023-06-01")],
        goals=pd.concat([corrected, added], ignore_index=True), by="Văn phòng Thị ủy",
        leads={visits.id: "Phòng Văn hóa và Thông tin"},
        judgements=pd.DataFrame([{"target": visits.id, "indicator_id": "tourist_arrivals", "end": 2023,
                                  "judged": "expected", "note": "", **shared}]),
        causes=pd.DataFrame([{"indicator_id": "", "field": "tourism", "what": "shortcoming",
                              "text": "Thiếu bãi đỗ xe", "note": "", **shared, "internal": True}]),
        projects=pd.DataFrame([{"title": "Đề án 05", "lead": "UBND", "time": "2025", "progress": "50%",
                                "obstacles": "", "note": "", **shared}]),
    )  # fmt: skip
    book, heads = of_office(held), words()["heads"]
    rows = {row[heads["indicator"]]: row for row in rows_of(book, GOALS) if row[heads["due"]] == 2023}
    assert rows["Tổng lượt khách du lịch"][heads["goal"]] == "trên 3.600.000"
    assert rows["Tổng lượt khách du lịch"][heads["lead"]] == "Phòng Văn hóa và Thông tin"
    assert rows["Số hộ nghèo"][heads["goal"]] == "1.200"
    public = [row for row in remembered(book) if "Tổng lượt khách du lịch|2023" in row[1]]
    assert [row[3] for row in public if row[2] == heads["goal"]] == ["3.500.000"]
    judged = {(row[heads["indicator"]], row[heads["year"]]): row for row in rows_of(book, JUDGEMENTS)}
    row = judged["Tổng lượt khách du lịch", 2023]
    assert [row[heads[name]] for name in ("estimated_by", "estimate", "judged")] == [
        "Phòng Văn hóa", 3_500_000, "Dự kiến đạt",
    ]  # fmt: skip
    assert row[heads["estimated_on"]].date() == date(2023, 6, 1)
    assert row[heads["judged_on"]].date() == DAY
    day = datetime(DAY.year, DAY.month, DAY.day)
    cause = book["Nguyên nhân"][head_of(book["Nguyên nhân"], FORMS[4]) + 1]
    assert [cell.value for cell in cause] == ["Du lịch", "Hạn chế", "Thiếu bãi đỗ xe", day, None, "x"]
    project = book["Đề án"][head_of(book["Đề án"], FORMS[5]) + 1]
    assert [cell.value for cell in project] == ["Đề án 05", "UBND", "2025", "50%", None, day, None, None]
    guide = {row[0].value: row[1].value for row in book["Hướng dẫn"].iter_rows()}
    about = words()["about"]
    assert guide[about["by"]] == "Văn phòng Thị ủy"
    assert guide[about["day"]].date() == date(2023, 6, 30)


#: Figures that a reader finds likely: from, to and decimals.
LIKELY = {
    "tourist_arrivals": (2_000_000, 4_000_000, 0), "poverty_rate": (20, 30, 2), "grdp_growth": (8, 14, 1),
    "schools_at_standard": (60, 80, 1), "handicraft_output": (150, 260, 1), "new_party_members": (100, 140, 0),
}  # fmt: skip
#: How a figure is said: words before it; and what else its row says.
SAID = ["", "trên ", "gần ", "khoảng ", "ước ", "sơ bộ ", "ước trên "]
ROWS = [
    {}, {"internal": True}, {"note": "số của Chi cục"}, {"published": "2023-01-05"},
    {"source_title": "Báo cáo 215-BC/TU", "source_url": "office:Báo cáo 215-BC/TU"},
]  # fmt: skip
CONTENT = [
    "indicator_id",
    "period",
    "freq",
    "value",
    "kind",
    "bound",
    "published",
    "source_title",
    "internal",
    "note",
]


def likely_figures(seed):
    """Return figures of an office as a reader would find them, in the words of their cells."""
    chance, rows = random.Random(seed), []
    for name, (low, high, decimals) in LIKELY.items():
        unit = str(read_tables().indicators.loc[name, "unit"])
        for period, freq in chance.sample(PERIODS[:-1], 4):
            value = round(chance.uniform(low, high), decimals)
            said = chance.choice(SAID)
            bound = next((own for word, own in BOUNDS.items() if word and word in said), "exact")
            kind = "estimate" if "ước" in said or "sơ bộ" in said else "actual"
            words_of = said + number_text(value)
            own = {"bound": bound, "kind": kind, "period": period, "freq": freq, "statement": words_of}
            rows.append(figure(name, 2022, float(value), unit, **own, **chance.choice(ROWS)))
            rows[-1]["id"] = f"office.x.{len(rows)}"
    return rows


def said_tables():
    goals = {goal.id: goal for goal in read_tables().targets}
    visits = goals["resolution-2023.09.tourist_arrivals"]
    changed = {
        "value": 3.6e6,
        "sense": "more_than",
        "sense_inferred": "no",
        "published": DAY.isoformat(),
        "also_at": "",
    }
    shared = {"published": DAY.isoformat(), "where": "", "internal": False, "note": ""}
    return {
        "goals": goal_row(visits.model_copy(update=changed)),
        "leads": {visits.id: "Phòng Văn hóa", "resolution-2023.03.forest_cover": "Hạt Kiểm lâm"},
        "judgements": pd.DataFrame([
            {"target": visits.id, "indicator_id": "tourist_arrivals", "end": "2023", "judged": "hard", **shared},
        ]),
        "causes": pd.DataFrame([
            {"indicator_id": "", "field": "tourism", "what": "shortcoming", "text": "Thiếu bãi đỗ xe", **shared},
            {"indicator_id": "poverty_rate", "field": "", "what": "lesson", "text": "=1+1", **shared, "internal": True},
        ]),
        "projects": pd.DataFrame([{"title": "Đề án 05", "lead": "UBND", "time": "2025", "progress": "50%",
                                   "obstacles": "", **shared}]),
    }  # fmt: skip


def as_said(table, columns):
    return sorted(map(str, table[columns].astype(str).values.tolist()))


def test_a_workbook_of_a_later_day_keeps_the_date_of_all_that_an_earlier_one_held(tmp_path):
    read, place = pytest.importorskip("sapa_analysis.evidence.office.read"), tmp_path / "so_lieu.xlsx"
    held, tables = replace(office(likely_figures(5)), **said_tables()), read_tables()
    day = date(2024, 1, 31)
    place.write_bytes(template_file(tables, day=day, office=held))
    later = read.read_office(place, tables, allow_internal=True)
    assert (later.day, dict(later.leads)) == (day, held.leads)
    assert as_said(later.figures, CONTENT) == as_said(held.figures, CONTENT)
    for name in ("goals", "judgements", "causes", "projects"):
        columns = ["published", "note", "internal"]
        assert as_said(getattr(later, name), columns) == as_said(getattr(held, name), columns), name
    _assert_new_rows_are_free(place, day, read, tables, later)


def _assert_new_rows_are_free(place, day, read, tables, later):
    """A row of an earlier day has a free one below: what is entered there is of the new day."""
    book, heads = openpyxl.load_workbook(place), words()["heads"]
    sheet = book[GRID.sheet]
    head = [cell.value for cell in sheet[head_of(sheet, GRID)]]
    at = {name: head.index(heads.get(name, name)) + 1 for name in ("indicator", "line", "published", 2023)}
    own = [row for row in range(1, sheet.max_row) if sheet.cell(row, at["line"]).value == "cơ quan"]
    dated = [row for row in own if sheet.cell(row, at["published"]).value]
    assert dated
    assert all(row + 1 in own and not sheet.cell(row + 1, at["published"]).value for row in dated)
    forest = next(row for row in own if sheet.cell(row, 1).value == "Tỷ lệ che phủ rừng")
    sheet.cell(forest, at[2023], "66,7")
    handicraft = [row for row in dated if "thủ công" in str(sheet.cell(row, 1).value)]
    if handicraft:
        sheet.cell(handicraft[0] + 1, at[2023], "240")
    book.save(place)
    new = read.read_office(place, tables, allow_internal=True).figures
    added = new[~new["value"].isin(set(later.figures["value"]))]
    assert set(added["published"]) == {day.isoformat()}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_template_of_an_office_is_read_as_the_same_office(seed, tmp_path):
    read, place = pytest.importorskip("sapa_analysis.evidence.office.read"), tmp_path / "so_lieu.xlsx"
    tables, given_office = read_tables(), office(likely_figures(seed))
    given_office = replace(given_office, by="Văn phòng Thị ủy", **said_tables())
    read_again = []
    for _ in range(3):
        held = read_again[-1] if read_again else given_office
        place.write_bytes(template_file(read_tables(), day=date(2023, 6, 30), office=held))
        read_again.append(read.read_office(place, tables, allow_internal=True))
    assert as_said(read_again[0].figures, CONTENT) == as_said(
        given_office.figures.replace("Số liệu của cơ quan", "Số liệu của Văn phòng Thị ủy"), CONTENT
    )
    assert dict(read_again[0].leads) == given_office.leads
    for name in ("goals", "judgements", "causes", "projects"):
        columns = [
            column for column in getattr(given_office, name).columns
            if column not in ("where", "source_title", "source_url", "printed", "unit_in_charge")
        ]  # fmt: skip
        before, after = getattr(given_office, name), getattr(read_again[0], name)
        assert as_said(after, columns) == as_said(before, columns), name
    once, *more = (replace(each, digest="") for each in read_again)
    assert {each.digest for each in read_again} == {read_again[0].digest}
    for each in more:
        assert as_said(each.figures, [*CONTENT, "digits", "statement"]) == as_said(
            once.figures, [*CONTENT, "digits", "statement"]
        )


@pytest.mark.slow
@pytest.mark.parametrize(("day", "area"), EDITIONS)
def test_a_template_that_nobody_touched_is_read_as_an_office_without_figures(day, area, tmp_path):
    read, place = pytest.importorskip("sapa_analysis.evidence.office.read"), tmp_path / "so_lieu.xlsx"
    place.write_bytes(written(day, area))
    found = read.read_office(place, replace(read_tables(day, area), targets=load_project().targets))
    assert not any(
        len(getattr(found, name)) for name in ("figures", "goals", "judgements", "causes", "projects")
    )
    assert (found.area, str(found.day), dict(found.leads)) == (area, day, {})
