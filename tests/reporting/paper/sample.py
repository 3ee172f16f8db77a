"""A paper with every kind of block, for the tests of all writers: invented figures in real shapes.

`sample_paper()` is a review with an annex of eleven columns; `sample_paper("briefing")` fills two pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from sapa_analysis.reporting.figures import draw
from sapa_analysis.reporting.figures.style import BLUE, GOAL, axes_of
from sapa_analysis.reporting.language import number
from sapa_analysis.reporting.paper.model import (
    Block,
    Cell,
    Figure,
    Head,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Points,
    Row,
    Source,
    Sources,
    Strip,
    Table,
    Tile,
    Tiles,
    Turn,
    texts_in,
)
from sapa_analysis.reporting.tagged_numbers import numbers_in, tag, tag_quoted

WORDS = {
    "page": "Trang {page}/{pages}",
    "draft": "Bản làm việc, chưa phải văn bản phát hành",
    "way": "Số này lấy từ đâu",
    "close": "Đóng",
    "sources": "Nguồn số liệu",
}

#: Fields and their targets: printed goal, unit, goal, figures of 2019 to 2022, band of 2023, shade and word.
_TARGETS = {
    "Kinh tế": (
        ("tourist_arrivals", "Tổng lượt khách du lịch", "3,5 triệu lượt", "triệu lượt", 3.5,
         (3.26, 1.23, 0.88, 2.5), (2.7, 3.8), "even", "Cần phấn đấu"),
        ("tourism_revenue", "Tổng thu từ khách du lịch", "trên 12.000 tỷ đồng", "tỷ đồng", 12000,
         (9410, 3725, 2710, 7294), (7900, 12900), "unlikely", "Khó hoàn thành"),
        ("budget_revenue", "Thu ngân sách nhà nước trên địa bàn", "1.000 tỷ đồng", "tỷ đồng", 1000,
         (447, None, 411.5, 617), (520, 1240), "even", "Cần phấn đấu"),
        ("grdp_per_capita", "Tổng sản phẩm bình quân đầu người", "118 triệu đồng", "triệu đồng", 118,
         (72, None, None, 96.8), (101, 124), "likely", "Có khả năng hoàn thành"),
        ("farm_value_per_ha", "Giá trị sản phẩm trên 1 ha đất canh tác", "98 triệu đồng/ha",
         "triệu đồng/ha", 98, (None, 85, None, None), None, "plan_only", "Chỉ có số kế hoạch"),
    ),
    "Văn hoá - xã hội": (
        ("poverty_rate", "Giảm tỷ lệ hộ nghèo đa chiều bình quân năm", "5,11%", "%", 5.11,
         (7.4, 6.2, None, 6.8), (4.9, 7.6), "likely", "Có khả năng hoàn thành"),
        ("health_insurance", "Tỷ lệ bao phủ bảo hiểm y tế", "98%", "%", 98,
         (None, 96.1, 93.4, 96.8), (95.4, 98.1), "even", "Cần phấn đấu"),
        ("stunting", "Tỷ lệ trẻ em dưới 5 tuổi suy dinh dưỡng thể thấp còi", "dưới 24,7%", "%", 24.7,
         (None, 28.4, 27.1, 25.9), (23.8, 26.0), "even", "Cần phấn đấu"),
        ("schools", "Tỷ lệ trường đạt chuẩn quốc gia", "75,4%", "%", 75.4,
         (None, None, None, None), None, "not_assessed", "Chưa đủ cơ sở đánh giá"),
    ),
    "Xây dựng Đảng, hệ thống chính trị": (
        ("new_members", "Kết nạp đảng viên mới", "120 đảng viên", "đảng viên", 120,
         (131, 118, 124, 130), (118, 141), "likely", "Có khả năng hoàn thành"),
        ("cells", "Tỷ lệ chi bộ hoàn thành tốt nhiệm vụ trở lên", "trên 90%", "%", 90,
         (None, None, None, None), None, "not_assessed", "Chưa đủ cơ sở đánh giá"),
    ),
}  # fmt: skip
_YEARS = (2019, 2020, 2021, 2022)


def shown(value: float) -> str:
    """Return a figure as Vietnamese papers write it."""
    decimals = 0 if float(value).is_integer() else 2 if value < 10 else 1
    return number(value, decimals, "vi")


def figure(value: float | None, key: str, unit: str) -> str:
    """Return a tagged figure, blank where there is none."""
    return "" if value is None else tag(shown(value), key, value, unit)


def quoted(text: str, key: str) -> str:
    """Return a text whose numbers are quoted."""
    return tag_quoted(text, f"said.{key}")


def mark(n: int) -> str:
    """Return the mark of a source."""
    return tag(f"[{n}]", f"sources.{n}.mark", n, "source")


def judged(target: str, shade: str, word: str) -> Cell:
    """Return the cell of a judgement."""
    return Cell(tag(word, f"plan.{target}.short", shade, "judgement"), shade=shade, strong=True)


@cache
def line_picture(title: str = "Lượt khách du lịch và mục tiêu năm 2023", wide: bool = True) -> Picture:
    """Return a figure of five years with a goal."""
    return draw(title, _line, title, (9.0, 3.6) if wide else (2.9, 2.3))


def _line(title: str, size: tuple[float, float]):
    ax = axes_of(None, figsize=size)
    ax.plot(_YEARS, (3.26, 1.23, 0.88, 2.5), "o-", color=BLUE)
    ax.plot([2022, 2023], [2.5, 3.2], "--", color=BLUE)
    ax.fill_between([2022, 2023], [2.5, 2.7], [2.5, 3.8], color=BLUE, alpha=0.2)
    ax.axhline(3.5, color=GOAL, linestyle=":")
    ax.set_xticks([*_YEARS, 2023])
    ax.set_title(title)
    return ax


@cache
def bar_picture(title: str = "Chỉ tiêu theo lĩnh vực", wide: bool = False) -> Picture:
    """Return a figure of bars."""
    return draw(title, _bars, title, (9.0, 3.0) if wide else (2.9, 2.3))


def _bars(title: str, size: tuple[float, float]):
    ax = axes_of(None, figsize=size)
    ax.barh(["Kinh tế", "Xã hội", "Đảng"], [5, 4, 2], color=BLUE)
    ax.set_title(title)
    return ax


def strip() -> Strip:
    """Return three small figures side by side."""
    lines = ("Số gần nhất: " + figure(2.5, "tourist_arrivals.2022.published", "triệu lượt") + f" {mark(1)}.",)
    return Strip(
        (
            Figure(line_picture("Lượt khách", wide=False), "Lượt khách (triệu lượt)", "Lượt khách tăng lại", lines),
            Figure(bar_picture("Doanh thu"), "Doanh thu (nghìn tỷ đồng)", "Doanh thu theo lĩnh vực", lines),
            Figure(line_picture("Thu ngân sách", wide=False), "Thu ngân sách", "Thu ngân sách tăng chậm", lines),
        )
    )  # fmt: skip


def tiles() -> Tiles:
    """Return two rows of counts."""
    words = (
        ("likely", "có khả năng hoàn thành"),
        ("even", "cần phấn đấu"),
        ("unlikely", "khó hoàn thành"),
        ("plan_only", "chỉ có kế hoạch"),
        ("not_assessed", "chưa đủ cơ sở đánh giá"),
    )

    def row(title: str, prefix: str, counts: tuple[int, ...]) -> Tile:
        told = [
            tag(str(n), f"{prefix}.n_{shade}", n, "count")
            for n, (shade, _) in zip(counts, words, strict=True)
        ]
        return Tile(title, tuple((shade, n, word) for n, (shade, word) in zip(told, words, strict=True)))

    plan = tag("25", "plan.n_groups", 25, "count")
    return Tiles(
        (
            row(f"{plan} nhóm chỉ tiêu Nghị quyết năm 2023", "plan", (6, 2, 4, 2, 11)),
            row(
                quoted("9 mục tiêu", "congress.n") + " Nghị quyết Đại hội XXIII tìm được trên trang công bố",
                "congress",
                (1, 2, 3, 0, 3),
            ),
        )
    )


def main_table() -> Table:
    """Return a table of eight columns in which numbers of groups cover several rows."""
    names = ("Nhóm", "Chỉ tiêu", "Mục tiêu", "Số liệu gần nhất", "Cơ quan chuyên môn ước",
             "Dự báo năm 2023", "Đánh giá", "Chủ trì")  # fmt: skip
    rows: list[Row] = []
    for group, (field, targets) in enumerate(_TARGETS.items(), 1):
        for place, (target, name, goal, unit, _, figures, band, shade, word) in enumerate(targets):
            known = [(year, value) for year, value in zip(_YEARS, figures, strict=True) if value is not None]
            last = f" ({known[-1][0]}) {mark(group)}" if known else ""
            latest = figure(known[-1][1], f"{target}.{known[-1][0]}.published", unit) if known else ""
            ends = [
                figure(end, f"plan.{target}.{key}_80", unit)
                for end, key in zip(band or (), ("lower", "upper"), strict=False)
            ]
            number_of = tag_quoted(str(group), f"plan.{target}.group")
            first = (Cell(number_of, down=len(targets), align="middle", strong=True),) if place == 0 else ()
            rows.append(
                (
                    *first,
                    Cell(quoted(name, f"{target}.name")),
                    Cell(tag_quoted(goal, f"plan.{target}.wording")),
                    Cell(latest + last),
                    Cell(figure(round(known[-1][1] * 1.1, 1), f"plan.{target}.office", unit) if known else "", align="right"),
                    Cell("–".join(ends) + (f" {unit}" if ends and unit != "%" else ""), align="right"),
                    judged(target, shade, word),
                    Cell("Phòng Văn hoá và Thông tin" if field == "Kinh tế" else ""),
                )
            )  # fmt: skip
    return Table(
        "chi-tieu-2023",
        "Các chỉ tiêu của Nghị quyết năm 2023",
        (tuple(Cell(name, shade="head", strong=True, align="middle") for name in names),),
        tuple(rows),
        (0.06, 0.2, 0.13, 0.14, 0.1, 0.12, 0.13, 0.12),
        notes=("Số trong ngoặc vuông là số thứ tự của nguồn.", "Để trống: chưa có số liệu."),
        named_by=1,
        sheet=True,
    )


def wide_table() -> Table:
    """Return an annex of eleven columns under two rows of heads, with subheadings and formulas."""
    heads: tuple[Row, ...] = (
        (
            *(Cell(name, down=2, shade="head", strong=True, align="middle") for name in ("TT", "Chỉ tiêu", "Đơn vị tính", "Mục tiêu Đại hội")),
            Cell("Thực hiện", across=4, shade="head", strong=True, align="middle"),
            *(Cell(name, down=2, shade="head", strong=True, align="middle") for name in ("So mục tiêu (%)", "Khả năng hoàn thành", "Ghi chú")),
        ),
        tuple(Cell(str(year), shade="head", strong=True, align="middle") for year in _YEARS),
    )  # fmt: skip
    rows: list[Row] = []
    count = 0
    for field, targets in _TARGETS.items():
        rows.append((Cell(field, across=11, strong=True),))
        for target, name, _, unit, goal, figures, _, shade, word in targets:
            count += 1
            none = all(value is None for value in figures)
            years = (
                (Cell("[Văn phòng bổ sung]", across=4, align="middle", shade="blank"),)
                if none
                else tuple(
                    Cell(figure(value, f"{target}.{year}.published", unit), align="right")
                    for year, value in zip(_YEARS, figures, strict=True)
                )
            )
            done = None if none or figures[-1] is None else figures[-1] / goal
            rows.append(
                (
                    Cell(tag(str(count), f"annex.{target}.number", count, "count"), align="middle"),
                    Cell(quoted(name, f"{target}.name")),
                    Cell(unit),
                    Cell(figure(goal, f"plan.{target}.value", unit), align="right"),
                    *years,
                    Cell("" if done is None else tag(f"{100 * done:.0f}", f"plan.{target}.completion", done, "share"), align="right", ratio=None if done is None else (7, 3)),
                    judged(target, shade, word),
                    Cell("Số liệu của phòng chuyên môn, chưa công bố" if none else ""),
                )
            )  # fmt: skip
    return Table(
        "phu-luc-1",
        quoted("Phụ lục 1", "annex") + ". Mức độ hoàn thành các mục tiêu Nghị quyết Đại hội XXIII",
        heads,
        tuple(rows),
        (0.04, 0.2, 0.08, 0.08, 0.07, 0.07, 0.07, 0.07, 0.08, 0.12, 0.12),
        notes=("So mục tiêu: thực hiện năm 2022 chia mục tiêu.",),
        named_by=1,
        dense=True,
        sheet=True,
    )


def sources() -> Sources:
    """Return three sources, one without an address."""
    return Sources(
        (
            Source(1, "Báo Lào Cai, “Sa Pa đón " + quoted("2,5 triệu", "sources.1.title") + " lượt khách”, 05/01/2023", "https://baolaocai.vn/sa-pa-don-khach?y=2022&m=12"),
            Source(2, "Thị uỷ Sa Pa, Nghị quyết năm 2023, 15/12/2022", "https://sapa.laocai.gov.vn/nghi-quyet"),
            Source(3, "Báo cáo của phòng chuyên môn, bản giấy"),
        )
    )  # fmt: skip


def ways_of(blocks: tuple[Block, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return a way back for most numbers; quoted ones have none."""
    found = numbers_in(texts_in(blocks))
    return {
        each.key: (
            f"Số in: {each.text}",
            "Tính từ số công bố của ngành du lịch, không sửa đổi",
            "Báo Lào Cai, “Sa Pa đón 2,5 triệu lượt khách”, 05/01/2023",
        )
        for each in found
        if each.unit != "quoted"
    }


def _opening() -> tuple[Block, ...]:
    arrivals = figure(2.5, "tourist_arrivals.2022.published", "triệu lượt")
    word = tag(
        "cần phấn đấu, tập trung chỉ đạo mới hoàn thành", "plan.tourist_arrivals.word", "even", "judgement"
    )
    return (
        Paragraph("Tài liệu làm việc, phục vụ họp Ban Thường vụ; số liệu đã công bố đến ngày chốt.", "note"),
        Paragraph("Đến ngày 30/6/2023 chưa có số liệu chính thức về trường đạt chuẩn; đề nghị Phòng Giáo dục và Đào tạo cung cấp.", "notice"),
        Paragraph(f"Năm 2022, thị xã đón {arrivals} triệu lượt khách {mark(1)}; mục tiêu năm 2023 {word}.", "lead"),
        tiles(),
    )  # fmt: skip


def _prose() -> tuple[Block, ...]:
    low, high = (
        figure(end, f"plan.tourist_arrivals.{key}", "triệu lượt")
        for end, key in ((2.7, "lower_80"), (3.8, "upper_80"))
    )
    return (
        Heading("I. KẾT QUẢ THỰC HIỆN MỤC TIÊU", 1),
        Heading(quoted("1.", "heading") + " Du lịch", 2),
        Paragraph(
            quoted("Sau dịch COVID-19", "covid") + ", lượt khách phục hồi nhanh trong nửa cuối năm 2022, chủ yếu là khách nội địa; khách "
            "quốc tế còn thấp so với năm 2019. Hoạt động du lịch tập trung vào dịp lễ, Tết và mùa hè, nên số liệu sáu "
            f"tháng chưa phản ánh cả năm. Dự báo năm 2023 từ {low} đến {high} triệu lượt, với 8 trên 10 khả năng.".replace("8 trên 10", quoted("8 trên 10", "level.words"))
        ),
        Paragraph("Mức tăng phụ thuộc vào sức chứa lưu trú và hạ tầng giao thông; hai yếu tố này chưa thay đổi lớn."),
        Figure(line_picture(), quoted("Hình 1", "figure") + ". Lượt khách du lịch, mục tiêu và khoảng dự báo", "Lượt khách giảm trong các năm 2020 và 2021, phục hồi năm 2022; mục tiêu năm 2023 nằm trong khoảng dự báo.", ("Vạch chấm là mục tiêu; dải màu là khoảng dự báo.",)),
        Heading("a) Việc cần làm", 3),
        Points(
            (
                f"Cung cấp số liệu lưu trú: cần {tag('3', 'needed.years', 3, 'years')} năm.",
                "Thống nhất phạm vi thống kê của tỷ trọng dịch vụ.",
                "Đối chiếu số thu ngân sách với dự toán tỉnh giao.",
            ),
            numbered=True,
        ),
        Points(("Số ước cả năm do phòng chuyên môn lập.", "Số sơ bộ có thể được sửa.")),
        main_table(),
    )  # fmt: skip


def _closing() -> tuple[Block, ...]:
    return (
        Heading("II. HẠN CHẾ, NGUYÊN NHÂN", 1),
        Paragraph("[Văn phòng bổ sung: hạn chế, nguyên nhân chủ quan]", "blank"),
        Paragraph(
            "Gợi ý: sáu chỉ tiêu chậm so với tiến độ, xem " + quoted("Phụ lục 1", "annex") + ".", "draft"
        ),
        Turn(landscape=True),
        Heading("Phụ lục", 1),
        wide_table(),
        Turn(),
        Heading("Nguồn", 1),
        sources(),
    )


def sample_paper(kind: str = "review", form: str = "plain") -> Paper:
    """Return a review of any length, or a briefing on two pages."""
    brief = kind == "briefing"
    blocks = (
        (*_opening(), strip(), main_table(), sources())
        if brief
        else (*_opening(), *_prose(), strip(), *_closing())
    )
    head = Head(
        ("ĐẢNG BỘ TỈNH LÀO CAI", "THỊ UỶ SA PA", "*"), ("ĐẢNG CỘNG SẢN VIỆT NAM",), "Sa Pa, ngày      tháng      năm 2023"
    )  # fmt: skip
    return Paper(
        kind=kind,
        lang="vi",
        title="Tình hình thực hiện các chỉ tiêu năm 2023" if brief else "BÁO CÁO SƠ KẾT GIỮA NHIỆM KỲ",
        subtitle="thực hiện Nghị quyết Đại hội Đảng bộ thị xã lần thứ XXIII, nhiệm kỳ 2020–2025",
        cut_off="Số liệu chốt đến ngày 30/6/2023",
        as_of=date(2023, 6, 30),
        blocks=blocks,
        words=WORDS,
        form=form,
        head=head if form == "party" else Head(),
        pages=2 if brief else 0,
        ways=ways_of(blocks),
    )  # fmt: skip
