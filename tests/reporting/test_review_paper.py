"""The review: what it says of each target follows from its case, and every number in it is known by its key."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from itertools import pairwise

import pytest

from sapa_analysis.core.likelihood import OUTLOOKS
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline.assess import Results
from sapa_analysis.pipeline.project import Project
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.paper.model import (
    PARAGRAPHS,
    SHADES,
    Cell,
    Heading,
    Paper,
    Paragraph,
    Points,
    Sources,
    Table,
    Turn,
    texts_in,
)
from sapa_analysis.reporting.review import cases
from sapa_analysis.reporting.review import parts as review_parts
from sapa_analysis.reporting.review.annex_cells import columns_of
from sapa_analysis.reporting.review.compose import compose_review
from sapa_analysis.reporting.review.head import head_of
from sapa_analysis.reporting.review.keys import KEYS
from sapa_analysis.reporting.review.subjects import subjects_of, term_of
from sapa_analysis.reporting.tagged_numbers import Number, numbers_in, parts, plain

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
EDITIONS = ("2023-06-30", "2024-01-15", "2026-01-31")
every_edition = pytest.mark.parametrize("day", EDITIONS)
#: What may be a number without a key: days, months and years.
DATES = re.compile(r"\b\d{1,2}/(?:\d{1,2}/)?(?:19|20)\d\d\b|\b(?:19|20)\d\d\b")
#: No sentence pattern is used more often than this in one paper.
OFTEN = 4

Of = Callable[[str, str], Paper]


@pytest.fixture(scope="session")
def review(tables: Project, quick: Callable[..., Results]) -> Of:
    return cache(lambda day, lang: compose_review(tables, quick(day), lang=lang, form="party"))


def table(paper: Paper, name: str) -> Table:
    [found] = [block for block in paper.blocks if isinstance(block, Table) and block.name == name]
    return found


def heads(found: Table) -> list[str]:
    """Return the head of each column; under a shared head, with its own."""
    top, below, placed = found.heads[0], list(found.heads[1]), []
    for cell in top:
        placed += (
            [f"{plain(cell.text)} {plain(below.pop(0).text)}" for _ in range(cell.across)]
            if (cell.down == 1)
            else [plain(cell.text)]
        )
    return placed


def rows(found: Table) -> Iterator[dict[str, Cell]]:
    """Yield the rows of targets by their heads, without subheadings."""
    named = heads(found)
    for row in found.rows:
        if len(row) == len(named):
            yield dict(zip(named, row, strict=True))


def told(paper: Paper) -> list[str]:
    """Return the paragraphs of the results on the targets, without tags."""
    level = [n for n, b in enumerate(paper.blocks) if isinstance(b, Heading) and b.level < 3]
    mine = paper.blocks[level[2] : level[3]]
    return [plain(b.text) for b in mine if isinstance(b, Paragraph) and b.style == "body"]


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.])\s+(?=[^\W\d_a-zà-ỹ])", text)


# the whole paper ------------------------------------------------------------------------------------------


@either
@every_edition
def test_every_number_is_known_by_its_key(review, lang, day):
    loose = [part for text in texts_in(review(day, lang)) for part in parts(text) if isinstance(part, str)]
    assert [part for part in loose if re.search(r"\d", DATES.sub("", part))] == []


@every_edition
def test_one_key_has_one_value_in_both_languages(review, day):
    values: dict[str, set[tuple[object, str]]] = {}
    for number in (each for lang in LANGUAGES for each in numbers_in(texts_in(review(day, lang)))):
        if number.unit != "quoted":
            values.setdefault(number.key, set()).add((number.value, number.unit))
    assert {key: found for key, found in values.items() if len(found) > 1} == {}


@either
@every_edition
def test_words_are_composed_and_of_one_language(review, lang, day):
    text = "\n".join(plain(part) for part in texts_in(review(day, lang).blocks))
    assert unicodedata.is_normalized("NFC", text)
    foreign = {"vi": r"\b(?:the|of|and|not)\b", "en": r"\b(?:chỉ tiêu|mục tiêu|năm|đạt)\b"}[lang]
    own = re.sub(r"(?s)\n[^\n]*\d{4}\)\n", "\n", text)
    printed = [line for line in own.splitlines() if re.search(foreign, line)]
    cited = "\n".join(
        plain(item.text) for b in review(day, lang).blocks if isinstance(b, Sources) for item in b.items
    )
    assert [line for line in printed if line not in cited] == []
    assert not re.search(r"trung vị|\bmedian\b|{|}", text)


@every_edition
def test_blocks_use_the_styles_and_shades_of_the_model(review, day):
    paper = review(day, "vi")
    assert {b.style for b in paper.blocks if isinstance(b, Paragraph)} <= set(PARAGRAPHS)
    for found in (b for b in paper.blocks if isinstance(b, Table)):
        assert sum(found.widths) == pytest.approx(1)
        assert {cell.shade for row in found.rows for cell in row} <= set(SHADES)
        free: Counter[int] = Counter()
        for place, row in enumerate((*found.heads, *found.rows)):
            width = sum(cell.across for cell in row) + free[place]
            assert width == len(found.widths), plain(row[0].text)
            for cell in row:
                for below in range(1, cell.down):
                    free[place + below] += cell.across
    assert [b.landscape for b in paper.blocks if isinstance(b, Turn)] == [True]


def test_lao_cai_has_a_paper_and_that_of_an_area_without_a_target_says_so(tables, quick):
    paper = compose_review(tables, quick("2023-06-30", "lao_cai"), lang="vi")
    loose = [part for text in texts_in(paper) for part in parts(text) if isinstance(part, str)]
    assert [part for part in loose if re.search(r"\d", DATES.sub("", part))] == []
    nothing = compose_review(tables, quick("2023-06-30", "viet_nam"), lang="vi")
    assert [block.text for block in nothing.blocks] == [texts("vi")["verdicts"]["no_target"]]


@either
def test_every_key_of_the_paper_s_own_families_is_told(review, lang):
    own = [n.key for n in numbers_in(texts_in(review("2026-01-31", lang))) if n.key.startswith("review.")]
    assert [key for key in own if not any(key.startswith(prefix.rstrip("*")) for prefix in KEYS)] == []


# head and title -------------------------------------------------------------------------------------------


def test_the_head_follows_from_the_area_and_the_day(tables):
    head = head_of(tables, "sa_pa", date(2023, 6, 30), "vi")
    assert head.left == ("ĐẢNG BỘ TỈNH LÀO CAI", "THỊ ỦY SA PA", "*")
    assert head.right == ("ĐẢNG CỘNG SẢN VIỆT NAM",)
    assert head.place == "Sa Pa, ngày ... tháng ... năm 2023"
    assert "[CƠ QUAN BAN HÀNH]" in head_of(tables, "sa_pa", date(2026, 1, 31), "vi").left
    assert head_of(tables, "lao_cai", date(2023, 6, 30), "vi").left == ("TỈNH ỦY LÀO CAI", "*")
    assert head_of(tables, "sa_pa_ward", date(2026, 1, 31), "vi").left[1] == "ĐẢNG ỦY PHƯỜNG SA PA"


def test_the_title_is_that_of_the_congress_term(review):
    document = "Nghị quyết Đại hội Đảng bộ thị xã Sa Pa lần thứ XXIII, nhiệm kỳ 2020 - 2025"
    assert plain(review("2023-06-30", "vi").title) == f"Báo cáo sơ kết giữa nhiệm kỳ thực hiện {document}"
    assert plain(review("2026-01-31", "vi").title) == f"Báo cáo kết quả thực hiện {document}"
    assert review("2023-06-30", "vi").stem == "review-vi"


def test_a_plain_paper_has_no_head(tables, quick):
    assert compose_review(tables, quick("2023-06-30"), lang="vi").head.left == ()


# sentences ------------------------------------------------------------------------------------------------


def forms(lang: str) -> dict[str, str]:
    words = texts(lang)["review"]
    told = {
        f"{case}.{name}": form for case, each in words["sentences"].items() for name, form in each.items()
    }
    return told | {f"opening.{case}.{name}": form for case in ("some", "all")
                   for name, form in words["opening"][case].items()}  # fmt: skip


def pattern(form: str) -> re.Pattern[str]:
    parts = re.split(r"\{.*?\}", form)
    return re.compile(".+?".join(re.escape(part) for part in parts), re.I | re.S)


@either
def test_there_are_enough_forms(lang):
    assert len(forms(lang)) >= 40


@either
@every_edition
def test_no_pattern_is_repeated_often(review, lang, day):
    texts_told = " ".join(told(review(day, lang)))
    found = Counter()
    for name, form in forms(lang).items():
        fixed = max(re.split(r"\{.*?\}", form), key=len)
        found[name] = texts_told.count(fixed) if len(fixed) > 12 else 0
    assert {name: n for name, n in found.items() if n > OFTEN} == {}


@either
@every_edition
def test_no_two_sentences_in_a_row_begin_alike(review, lang, day):
    said = [line for text in told(review(day, lang)) for line in sentences(text)]
    begun = [review_parts.beginning(line) for line in said]
    assert len(begun) > 15
    assert [a for a, b in pairwise(begun) if a == b] == []


def test_a_figure_is_compared_with_goals_of_its_own_only(review):
    text = " ".join(told(review("2026-01-31", "vi")))
    assert "năm 2023 đạt trên 3,68 triệu lượt" in text
    assert "gần 5 triệu lượt [" in text
    [of_2025] = re.findall(r"gần 5 triệu lượt[^.;]*", text)
    assert "mục tiêu năm 2023" not in of_2025


def test_amounts_are_told_in_percent_of_the_goal_and_rates_in_points(review):
    text = " ".join(told(review("2023-06-30", "vi")))
    assert "2,43 triệu lượt" in text
    assert "bằng 69% mục tiêu năm 2023 (3,5 triệu lượt) và 42% mục tiêu Đại hội đến năm 2025" in text
    assert "thấp hơn 0,7 điểm phần trăm so với mục tiêu năm 2023 (trên 14,5%)" in text
    assert not re.search(r"13,8%[^.]*bằng \d+% mục tiêu", text)


@every_edition
def test_after_a_deadline_no_pace_is_asked(review, day, tables, quick):
    overdue = {
        a.row.id for s in subjects_of(tables, quick(day), "vi") for a in s.aims if a.verdict["overdue"]
    }
    paced = {
        n.key.rsplit(".", 1)[0] for n in numbers_in(texts_in(review(day, "vi"))) if n.key.endswith(".pace")
    }
    assert paced & overdue == set()


def test_each_case_has_words():
    known = set(texts("vi")["review"]["sentences"])
    assert set(cases.JOINED) <= known
    for case in cases.JOINED:
        assert any(name.startswith("many") for name in texts("vi")["review"]["sentences"][case])


@every_edition
def test_every_target_has_its_judgement_or_is_asked_for(review, day, tables, quick):
    paper = review(day, "vi")
    told = {n.key for n in numbers_in(texts_in(paper)) if n.unit == "judgement"}
    listed = plain("\n".join(cell.text for row in table(paper, "wanted").rows for cell in row)).lower()
    for subject in subjects_of(tables, quick(day), "vi"):
        for aim in subject.aims:
            asked = aim.row.status == "not_assessed" and plain(subject.name).lower() in listed
            assert asked or f"{aim.row.id}.judged" in told


# counts ---------------------------------------------------------------------------------------------------


@every_edition
def test_counts_sum_to_all(review, day):
    found = table(review(day, "vi"), "counts")
    numbers = [
        [int(numbers_in([cell.text])[0].value) if cell.text else 0 for cell in row[1:]]
        for row in found.rows
        if len(row) > 1
    ]
    bands, outlooks, total = numbers[:5], numbers[5:-1], numbers[-1]
    assert [sum(column) for column in zip(*bands, strict=True)] == total
    assert [sum(column) for column in zip(*outlooks, strict=True)] == total
    assert total[:2] == [25, 48]


def test_the_authorities_own_count_is_told_with_its_page(review):
    [line] = [text for text in told(review("2024-01-15", "vi")) if "18/25" in text]
    assert re.search(r"18/25 \[\d+\]", line)


# annex ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "years"),
    [
        ("2023-06-30", ["Thực hiện 2021", "Thực hiện 2022", "Kế hoạch 2023", "Ước TH 2023"]),
        ("2024-01-15", ["Thực hiện 2021", "Thực hiện 2022", "Kế hoạch 2023", "TH, ước TH 2023"]),
        ("2026-01-31", ["Thực hiện 2021", "Thực hiện 2022", "Kế hoạch 2023", "Thực hiện 2023", "Thực hiện 2024",
                        "TH, ước TH 2025"]),
    ],
)  # fmt: skip
def test_the_years_of_the_annex_follow_from_the_term_and_the_day(review, day, years):
    named = heads(table(review(day, "vi"), "annex"))
    assert [head for head in named if re.match("Thực hiện|Kế hoạch|Ước|TH,", head)] == years
    assert named[3] == "Mục tiêu Đại hội 2025"


def test_the_year_under_review_follows_from_the_day(tables, quick):
    terms = {day: term_of(tables, quick(day)) for day in EDITIONS}
    assert [(term.start, term.end, term.focus) for term in terms.values()] == [
        (2021, 2025, 2023), (2021, 2025, 2023), (2021, 2025, 2025),
    ]  # fmt: skip
    subjects = subjects_of(tables, quick("2023-06-30"), "vi")
    kinds = [column.kind for column in columns_of(quick("2023-06-30"), subjects, terms["2023-06-30"])]
    assert kinds.count("done") == 2


def test_a_row_joins_both_documents(review):
    found = {plain(row["Chỉ tiêu"].text): row for row in rows(table(review("2023-06-30", "vi"), "annex"))}
    numbers = {each.key: each.value for each in numbers_in(texts_in(review("2023-06-30", "vi")))}
    assert len(found) + numbers["review.annex.left"] == 48 + 3  # what has no figure stands in a list instead
    assert all(
        row["Nguồn"].text or row["Đánh giá 2023"].text or row["Đánh giá 2025"].text for row in found.values()
    )
    visits = found["Tổng lượt khách du lịch đến địa bàn"]
    shown = {head: plain(cell.text) for head, cell in visits.items()}
    assert shown["Mục tiêu Đại hội 2025"], shown["Kế hoạch 2023"] == ("5,8", "3,5")
    assert (shown["ĐVT"], shown["Thực hiện 2021"]) == ("triệu lượt", "0,552 (6 tháng)")
    assert shown["Thực hiện 2022"] == "2,43 (đến 23/12)"
    assert (shown["So với mục tiêu 2023"], shown["So với mục tiêu 2025"]) == ("69%", "42%")
    assert shown["Ước TH 2023"] == "trên 0,534 (2 tháng)"
    assert visits["Đánh giá 2023"].shade == "unlikely"


@every_edition
def test_a_ratio_is_the_quotient_of_its_two_cells(review, day):
    for row in rows(table(review(day, "vi"), "annex")):
        cells = list(row.values())
        for cell in cells:
            if cell.ratio:
                value, goal = (numbers_in([cells[place].text])[0].value for place in cell.ratio)
                assert numbers_in([cell.text])[0].value == pytest.approx(value / goal)


@every_edition
def test_a_yearly_result_is_a_published_figure(review, day, tables):
    known = tables.as_of(date.fromisoformat(day)).evidence
    for number in numbers_in(texts_in(table(review(day, "vi"), "annex"))):
        if number.key.endswith(".published"):
            indicator, period = number.key.removesuffix(".published").split(".", 1)
            said = known[(known["indicator_id"] == indicator) & (known["period"] == period)]
            assert number.value in set(said["value"])


def test_conflicting_pages_are_marked(review):
    found = table(review("2026-01-31", "vi"), "annex")
    marked = [plain(cell.text) for row in found.rows for cell in row if "*" in cell.text]
    assert "trên 4,6*" in marked
    assert any(note.startswith("*") for note in found.notes)


def test_judgements_are_shaded_by_their_outlook(review):
    for row in rows(table(review("2023-06-30", "vi"), "annex")):
        for head, cell in row.items():
            if head.startswith("Đánh giá") and cell.text:
                [number] = numbers_in([cell.text])
                assert number.unit == "judgement"
                assert cell.shade in OUTLOOKS


# sources --------------------------------------------------------------------------------------------------


@either
@every_edition
def test_marks_and_sources_answer_each_other(review, lang, day):
    paper = review(day, lang)
    marks = {n.value for n in numbers_in(texts_in(paper)) if isinstance(n, Number) and n.unit == "source"}
    listed = [item for block in paper.blocks if isinstance(block, Sources) for item in block.items]
    assert [item.number for item in listed] == list(range(1, len(listed) + 1))
    assert marks == {item.number for item in listed}
    assert len({item.url for item in listed if item.url}) == len([item for item in listed if item.url])


def test_authorities_stand_before_the_press(review):
    [listed] = [block for block in review("2026-01-31", "vi").blocks if isinstance(block, Sources)]
    office = [bool(re.search(r"\.gov\.vn/", item.url)) for item in listed.items]
    assert office.index(True) <= 1
    press = next(n for n, item in enumerate(listed.items) if "vietnamplus" in item.url)
    assert not any(office[press:])


def test_figures_of_pages_not_to_be_cited_are_marked(review):
    paper = review("2023-06-30", "vi")
    assert any("†" in plain(text) for text in told(paper))
    assert [b.text for b in paper.blocks if isinstance(b, Paragraph) and b.text.startswith("†")]


# order ----------------------------------------------------------------------------------------------------


def test_the_parts_stand_in_the_order_of_reports(review):
    paper = review("2023-06-30", "vi")
    first = [plain(b.text) for b in paper.blocks if isinstance(b, Heading) and b.level == 1]
    assert first[0].startswith("I. ")
    assert first[-3:] == [
        "PHỤ LỤC: KẾT QUẢ THỰC HIỆN TỪNG CHỈ TIÊU",
        "NGUỒN SỐ LIỆU",
        "CÁCH TÍNH VÀ CÁCH ĐỌC",
    ]
    assert any(isinstance(b, Points) for b in paper.blocks)


@either
def test_the_party_form_is_marked_as_a_draft_and_the_plain_one_as_a_working_paper(tables, quick, lang):
    results, words = quick("2023-06-30"), texts(lang)["paper"]
    for form, mark in (("party", "draft_party"), ("plain", "draft")):
        assert compose_review(tables, results, lang=lang, form=form).words["draft"] == words[mark]
