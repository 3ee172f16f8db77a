"""Numbers as papers print them, Vietnamese and English, read from plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

#: Words behind a number that multiply it, the longest first.
SCALES = {
    "nghìn tỷ": 1e12, "nghìn tỉ": 1e12, "ngàn tỷ": 1e12, "triệu": 1e6, "tỷ": 1e9, "tỉ": 1e9, "nghìn": 1e3,
    "ngàn": 1e3, "vạn": 1e4, "trillion": 1e12, "billion": 1e9, "million": 1e6, "thousand": 1e3,
}  # fmt: skip
#: What the words behind a number say that it counts.
_SORTS = {
    "percent": r"%|phần trăm\b|điểm phần trăm|điểm %|percent|percentage points?",
    "visits": r"(?:lượt|khách|visits?|visitors?)\b",
    "vnd": r"(?:đồng|VND|VNĐ)\b|đ/",
    "usd": r"USD\b",
}
_SORT = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _SORTS.items()), re.IGNORECASE)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_YEAR = r"(?:19|20)\d\d"
#: What has digits and is no figure: days, months, years and periods; names; marks and numbers of order.
_ASIDE = re.compile(
    rf"""
      \[\d+(?:\s*[,;–-]\s*\d+)*\]                                              # [3], [1, 2]
    | \b\d{{1,2}}[/.-]\d{{1,2}}[/.-]{_YEAR}\b                                  # 15/01/2024
    | \b{_YEAR}-\d\d(?:-\d\d)?\b                                               # 2024-01-15
    | \bngày\s+\d{{1,2}}\s+tháng\s+\d{{1,2}}(?:\s+năm\s+{_YEAR})?\b
    | \bngày\s+\d{{1,2}}/\d{{1,2}}(?:/{_YEAR})?\b
    | \bngày\s+\d{{1,2}}\b(?!/)
    | \btháng\s+\d{{1,2}}(?:/{_YEAR})?\b
    | \b(?:0?[1-9]|1[0-2])/{_YEAR}\b                                           # 6/2021
    | \b\d{{1,2}}\s+(?:{_MONTHS})\b(?:\s+{_YEAR})?
    | \b(?:{_MONTHS})\s+\d{{1,2}},\s+{_YEAR}\b
    | \b(?:quý|quarter)\s+[IV]+(?:/{_YEAR})?\b
    | \b\d{{1,2}}\s+tháng\b | \b\d{{1,2}}\s+months\b
    | \b(?:Bảng|Biểu|Hình|Phụ\ lục|Mẫu|Điều|khoản|trang|Trang|Table|Figure|Annex|Page|page)\s+
      (?:số\s+)?\d+(?:[./]\d+)*
    | \b\d{{1,3}}-{_YEAR}\b                                                   # 11-2021
    | \b\d+[-/](?:{_YEAR}/)?[A-ZĐ]{{2,}}[\w/-]*                                # 36-HD/VPTW, 30/2020/NĐ-CP
    | [^\W\d]+[-.]?\d[\w.-]*                                                   # COVID-19, A4, QL4D
    | (?<![\d.,/]){_YEAR}(?![\d/]|[.,]\d)
    """,
    re.VERBOSE,
)
_URL = re.compile(r"https?://\S+|www\.\S+")
#: The number of a heading or of a point of a list, at the start of its paragraph.
_ORDER = re.compile(r"\s*(?:\d{1,2}(?:\.\d{1,2})*[.)](?=\s)|\d{1,2}(?:\.\d{1,2})+(?=\s+(?P<next>\w)))")
_FIGURE = re.compile(
    r"(?P<sign>(?<![\w.,%)])[+−-])?(?P<number>\d{1,3}(?:[\u00a0\u202f]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)*)"
    r"(?:/(?P<of>\d+(?:[.,]\d+)*))?"
)
_SCALE = re.compile(rf"\s*(?P<scale>{'|'.join(SCALES)})\b\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as it is printed.

    Attributes
    ----------
    text : str
        The number with its sign, or both numbers of a fraction, without its unit.
    start, end : int
        Where it stands in the text.
    readings : tuple of (float, float)
        Each value that it can have, without its sign, and the step of its last digit: 12.085 is both twelve
        thousand in Vietnamese and twelve in English. That of a language asked for is the first.
    scale : float
        What the word behind it multiplies it with; 1 without one.
    sort : str
        What it counts: percent, visits, vnd, usd; blank where the words behind it do not say.
    """

    text: str
    start: int
    end: int
    readings: tuple[tuple[float, float], ...]
    scale: float = 1.0
    sort: str = ""

    @property
    def is_fraction(self) -> bool:
        """Whether it is two numbers, 46/61."""
        return "/" in self.text


def figures_in(text: str, lang: str = "vi") -> list[Printed]:
    """Return the figures of a text in order: no day, year, period, mark, number of order or name.

    Examples
    --------
    >>> from sapa_analysis.reporting.trace.printed import figures_in
    >>> text = "2. Năm 2023 đón 3,5 triệu lượt [4], đạt 46/61; GRDP 12.085 tỷ đồng đến 15/01/2024."
    >>> [(figure.text, figure.readings, figure.scale, figure.sort) for figure in figures_in(text)]
    [('3,5', ((3.5, 0.1),), 1000000.0, 'visits'), ('46/61', ((46.0, 1.0),), 1.0, ''),
     ('12.085', ((12085.0, 1.0), (12.085, 0.001)), 1000000000.0, 'vnd')]
    """
    return list(_figures(text, lang))


def _figures(text: str, lang: str) -> Iterator[Printed]:
    blank = _without_what_is_none(text)
    found = list(_FIGURE.finditer(blank))
    ends = [*(each.start() for each in found[1:]), len(blank)]
    for each, until in zip(found, ends, strict=False):
        behind = blank[each.end() : until]
        scale = _SCALE.match(behind)
        after = behind[scale.end() if scale else 0 :].lstrip(" \u00a0\u202f")
        sort = _SORT.match(after)
        readings = tuple(_readings(each["number"], lang))
        yield Printed(
            text[each.start() : each.end()], each.start(), each.end(), readings,
            SCALES[scale["scale"].lower()] if scale else 1.0, (sort.lastgroup or "") if sort else "",
        )  # fmt: skip


def loose_digits(text: str) -> list[str]:
    """Return the words with digits that are no date, year or number of order: untagged, they are a fault.

    Examples
    --------
    >>> from sapa_analysis.reporting.trace.printed import loose_digits
    >>> loose_digits("1. Năm 2023 tăng 14,5%, giai đoạn 2020-2025, sau dịch COVID-19, đến 30/6/2023")
    ['14,5%']
    """
    found = re.findall(r"\S*\d\S*", _without_what_is_none(text))
    return [word.strip('.,;:()[]“”"') for word in found]


def _without_what_is_none(text: str) -> str:
    """Return a text of the same length, with spaces for what has digits and is no figure."""
    order = _ORDER.match(text)
    heads = order is not None and (order["next"] or "A").isupper()  # 2.1 Growth; but 4.7 million
    start = order.end() if order is not None and heads else 0
    blank = " " * start + text[start:]
    for form in (_URL, _ASIDE):
        blank = form.sub(lambda found: " " * len(found[0]), blank)
    return blank


def _readings(number: str, lang: str) -> Iterator[tuple[float, float]]:
    plain = re.sub(r"[\u00a0\u202f]", "", number)
    marks = [sign for sign in plain if sign in ".,"]
    if not marks:
        yield float(plain), 1.0
        return
    groups = re.split(r"[.,]", plain)
    whole = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    same = len(set(marks)) == 1
    thousands = whole and same and groups[0] != "0"
    decimal = len(marks) == 1 or (not same and len(set(marks[:-1])) == 1)
    read = []
    if thousands:
        read.append((float("".join(groups)), 1.0))
    if decimal:
        read.append((float(f"{''.join(groups[:-1])}.{groups[-1]}"), float(f"1e-{len(groups[-1])}")))
    first_is_decimal = marks[-1] == ("," if lang == "vi" else ".")
    yield from reversed(read) if first_is_decimal else read
    if not read:  # 1.2.3 and the like: its numbers, one after the other
        yield from ((float(group), 1.0) for group in groups)


def digits_of(value: float, step: float) -> int:
    """Return how many significant digits a number printed to a step has.

    Examples
    --------
    >>> from sapa_analysis.reporting.trace.printed import digits_of
    >>> digits_of(3.19, 0.01), digits_of(0.4, 0.1), digits_of(12085.0, 1.0)
    (3, 1, 5)
    """
    return len(str(round(value / step)))


def spans(text: str, figures: list[Printed]) -> Iterator[tuple[Printed, str]]:
    """Yield each figure with the words around it, up to those of its neighbours."""
    edges = [0, *(each.end for each in figures), len(text)]
    for place, (figure, (before, _)) in enumerate(zip(figures, pairwise(edges), strict=False)):
        after = figures[place + 1].start if place + 1 < len(figures) else len(text)
        yield figure, text[before:after]
