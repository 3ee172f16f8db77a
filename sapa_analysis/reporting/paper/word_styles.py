"""The looks of the Word templates: every style, its Vietnamese name, and what each form sets for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .model import FILLS

FORMS = ("plain", "party", "two-pages")
#: Width and height of A4 in millimetres, and margins of each form: top, bottom, left, right.
PAGE = (210.0, 297.0)
MARGINS = {
    "plain": (20.0, 20.0, 30.0, 15.0),
    "party": (20.0, 20.0, 30.0, 15.0),
    "two-pages": (15.0, 12.0, 18.0, 12.0),
}


@dataclass(frozen=True, slots=True)
class Look:
    """A style: its name in Word, the name that an official finds it by, and what it looks like.

    Attributes
    ----------
    name, alias : str
    size : float
        Points; 0 as in the style that it is based on.
    bold, italic, caps, keep : bool
        `keep` holds it on the page of what follows.
    align : str
        `left`, `right`, `center` or `both`; blank as in the base.
    first, left : float
        Indent of the first line (negative hangs) and of all lines, in millimetres.
    before, after, line : float
        Space in points, and lines of height.
    edges : str
        Sides with a border: `box`, `left`, `top`, `bottom`; blank for none.
    fill, colour : str
        RRGGBB.
    level, list : int
        Level of a heading; 1 for a list of points, 2 for a numbered one.
    base : str
        The style that it is based on.
    """

    name: str
    alias: str
    size: float = 0
    bold: bool = False
    italic: bool = False
    caps: bool = False
    keep: bool = False
    align: str = ""
    first: float = 0
    left: float = 0
    before: float = 0
    after: float = 0
    line: float = 1
    edges: str = ""
    fill: str = ""
    colour: str = ""
    level: int = 0
    list: int = 0
    base: str = "Normal"


#: Styles of a paragraph of the model, of the shade of a cell, and of a heading, by what they are for.
OF_PARAGRAPH = {
    "body": "Body Text",
    "lead": "Lead",
    "note": "Note",
    "notice": "Notice",
    "blank": "Blank",
    "draft": "Draft",
}
OF_SHADE = {
    "likely": "Shade Likely",
    "even": "Shade Even",
    "unlikely": "Shade Unlikely",
    "plan_only": "Shade Plan Only",
    "not_assessed": "Shade Not Assessed",
    "head": "Shade Head",
    "blank": "Shade Blank",
}
_SHADE_NAMES = {
    "likely": "Nền: có khả năng hoàn thành",
    "even": "Nền: cần phấn đấu",
    "unlikely": "Nền: khó hoàn thành",
    "plan_only": "Nền: mới có kế hoạch",
    "not_assessed": "Nền: chưa đánh giá",
    "head": "Nền: đầu bảng",
    "blank": "Nền: văn phòng bổ sung",
}
TABLES = ("Table Grid", "Table Dense", "Table Bare")
CHARACTERS = ("Strong", "Hyperlink")
#: Fields that a template must have, and what else it may have.
FIELDS = ("cut_off", "page", "content")
PARTY_FIELDS = ("left", "right", "place")
FREE_FIELDS = ("draft", "title", "subtitle")

_PLAIN = (
    Look("Normal", "Chữ thường", 13, base=""),
    Look("Title", "Tên báo cáo", 15, bold=True, caps=True, align="center", before=6, after=3, keep=True),
    Look("Subtitle", "Trích yếu", 13, bold=True, align="center", after=10, keep=True),
    Look("Heading 1", "Đề mục I", 13, bold=True, before=10, after=4, keep=True, level=1),
    Look("Heading 2", "Đề mục 1", 13, bold=True, before=6, after=4, keep=True, level=2, left=0),
    Look("Heading 3", "Đề mục a", 13, bold=True, italic=True, before=4, after=3, keep=True, level=3),
    Look("Body Text", "Thân bài", align="both", first=12.7, after=6, line=1.1),
    Look("Lead", "Câu mở đầu", bold=True, align="both", first=12.7, after=6, line=1.1),
    Look("Note", "Ghi chú", 10.5, italic=True, align="both", before=2, after=6),
    Look("Notice", "Lưu ý trong khung", 12, align="both", before=4, after=8, left=1.3, edges="box",
         fill="F2F2F2"),
    Look("Blank", "Văn phòng bổ sung", italic=True, align="both", before=2, after=6, left=1.7,
         edges="left", fill=FILLS["blank"]),
    Look("Draft", "Đoạn gợi ý", italic=True, align="both", before=2, after=6, left=1.7, edges="left",
         colour="44546A"),
    Look("Draft Mark", "Dấu dự thảo", 12, bold=True, after=4),
    Look("List Bullet", "Gạch đầu dòng", align="both", after=3, list=1, line=1.1),
    Look("List Number", "Đánh số", align="both", after=3, list=2, line=1.1),
    Look("Caption", "Tên bảng, tên hình", 12, bold=True, align="center", before=6, after=3, keep=True),
    Look("Figure", "Hình", align="center", before=4, keep=True),
    Look("Figure Text", "Lời dưới hình", 11, align="center", after=2),
    Look("Table Head", "Đầu bảng", 10.5, bold=True, align="center", before=1, after=1, keep=True),
    Look("Table Head Small", "Đầu bảng chữ nhỏ", 9, bold=True, align="center", keep=True),
    Look("Table Subhead", "Đề mục trong bảng", 10.5, bold=True, align="left", before=1, after=1, keep=True),
    Look("Table Subhead Small", "Đề mục trong bảng chữ nhỏ", 9, bold=True, align="left", keep=True),
    Look("Table Text", "Chữ trong bảng", 10.5, align="left", before=1, after=1),
    Look("Table Small", "Chữ nhỏ trong bảng", 9, align="left"),
    Look("Table End", "Cách dưới bảng", 4, after=2),
    Look("Tile Title", "Ô đếm: tên", 11, bold=True, align="left", before=2, after=2),
    Look("Tile Count", "Ô đếm: số", 18, bold=True, align="center", before=2),
    Look("Tile Word", "Ô đếm: chữ", 9.5, align="center", after=2),
    Look("Source", "Nguồn", 10.5, align="left", first=-9, left=9, after=2),
    Look("Header", "Đầu trang", 13, align="center"),
    Look("Footer", "Chân trang", 10, align="center", before=2, edges="top"),
)  # fmt: skip
_PARTY = (
    Look("Head Left", "Tiêu đề bên trái", 14, align="center"),
    Look("Head Issuer", "Cơ quan ban hành", 14, bold=True, align="center"),
    Look("Head Right", "Tiêu đề bên phải", 15, bold=True, align="center", edges="bottom", left=8),
    Look("Place And Date", "Địa danh, ngày tháng", 14, italic=True, align="center", before=6),
)
#: What another form sets otherwise: by style, by what a look holds.
_OTHERWISE: dict[str, dict[str, dict[str, float | str]]] = {
    "plain": {},
    "party": {
        "Normal": {"size": 14},
        "Title": {"size": 16, "before": 18},
        "Subtitle": {"size": 14, "after": 14},
        "Heading 1": {"size": 14},
        "Heading 2": {"size": 14},
        "Heading 3": {"size": 14},
        "Notice": {"size": 13},
        "Draft Mark": {"size": 13, "align": "center", "before": 6},
        "Table Text": {"size": 11},
        "Table Head": {"size": 11},
        "Table Subhead": {"size": 11},
        "Header": {"size": 14},
    },
    "two-pages": {
        "Normal": {"size": 10.5},
        "Title": {"size": 13, "before": 0, "after": 1},
        "Subtitle": {"size": 10.5, "after": 3},
        "Heading 1": {"size": 11, "before": 4, "after": 2},
        "Heading 2": {"size": 10.5, "before": 3, "after": 1},
        "Heading 3": {"size": 10.5, "before": 2, "after": 1},
        "Body Text": {"first": 8, "after": 2, "line": 1},
        "Lead": {"first": 0, "after": 2, "line": 1},
        "Note": {"size": 8.5, "before": 1, "after": 2},
        "Notice": {"size": 9.5, "before": 2, "after": 3},
        "Blank": {"before": 1, "after": 2},
        "Draft": {"before": 1, "after": 2},
        "Draft Mark": {"size": 9, "after": 0},
        "List Bullet": {"after": 1, "line": 1},
        "List Number": {"after": 1, "line": 1},
        "Caption": {"size": 9.5, "before": 2, "after": 1},
        "Figure": {"before": 1},
        "Figure Text": {"size": 9, "after": 0},
        "Table Head": {"size": 8.5, "before": 0, "after": 0},
        "Table Head Small": {"size": 8},
        "Table Subhead": {"size": 8.5, "before": 0, "after": 0},
        "Table Subhead Small": {"size": 8},
        "Table Text": {"size": 8.5, "before": 0, "after": 0},
        "Table Small": {"size": 8},
        "Table End": {"size": 2, "after": 1},
        "Tile Title": {"size": 9.5, "before": 0, "after": 0},
        "Tile Count": {"size": 13, "before": 0},
        "Tile Word": {"size": 8, "after": 0},
        "Source": {"size": 8.5, "after": 0, "first": -7, "left": 7},
        "Footer": {"size": 8.5, "before": 1},
    },
}


def looks(form: str) -> list[Look]:
    """Return the paragraph styles of a form: of texts, of the Party head, and the colours behind cells."""
    shades = [
        Look(OF_SHADE[shade], alias, fill=FILLS[shade], base="Table Text")
        for shade, alias in _SHADE_NAMES.items()
    ]
    own = (*_PLAIN, *(_PARTY if form == "party" else ()))
    otherwise = _OTHERWISE[form]
    return [*(replace(look, **otherwise.get(look.name, {})) for look in own), *shades]


def needed_styles(form: str) -> list[str]:
    """Return the names of all styles that a template of a form must have."""
    return [*(look.name for look in looks(form)), *CHARACTERS, *TABLES]
