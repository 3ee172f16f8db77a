"""Model of a paper: what is printed, made once from the results and before any format is chosen.

All text is tagged (see `tagged_numbers`): each number and each judgement in it has its key and value. A
writer turns a paper into one format; it reads nothing but the paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any, Literal

from ..language import texts

#: Stands behind every figure of the office itself; no public figure has it.
OWN_SIGN = "§"
#: Stands behind one of them that must stay in the house.
SECRET_SIGN = 2 * OWN_SIGN
#: Styles of a paragraph. `blank` is left for the office to fill in; `notice` is a warning in a frame.
PARAGRAPHS = ("body", "lead", "note", "notice", "blank", "draft")
#: Colours behind a cell or a tile: the outlooks of verdicts, the head of a table, what the office fills in.
SHADES = ("", "likely", "even", "unlikely", "plan_only", "not_assessed", "head", "blank")
#: Colours behind cells by their shade, as RRGGBB, the same in Word and Excel; others have none.
#: The worse the outlook, the darker, so that print in black and white tells them apart.
FILLS = {
    "likely": "E6F1FA",
    "even": "E9E0C4",
    "unlikely": "F0BC98",
    "plan_only": "F7F7F7",
    "not_assessed": "FFFFFF",
    "head": "E7E6E6",
    "blank": "FFF2CC",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished figure: its title, SVG text for pages and PDF, and PNG bytes for Word."""

    title: str
    svg: str
    png: bytes


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3, numbered by its own text (I., 1., a) where it is."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `style` is one of `PARAGRAPHS`."""

    text: str
    style: str = "body"


@dataclass(frozen=True, slots=True)
class Points:
    """A list of points; numbered from 1 where order counts."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes
    ----------
    text : str
        Tagged text.
    down, across : int
        Rows and columns that it covers. A covered place has no cell in its row.
    align : {"left", "right", "middle"}
    strong : bool
        Whether it is bold.
    shade : str
        One of `SHADES`.
    ratio : tuple of int, optional
        Two columns of the same row, from 0: the cell is the first in percent of the second. A workbook writes
        it as a formula.
    """

    text: str = ""
    down: int = 1
    across: int = 1
    align: Literal["left", "right", "middle"] = "left"
    strong: bool = False
    shade: str = ""
    ratio: tuple[int, int] | None = None


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a repeated head.

    Attributes
    ----------
    name : str
        Short, unique in the paper: anchor of a page, sheet of a workbook.
    caption : str
        Tagged text above the table; blank for none.
    heads, rows : tuple of tuple of Cell
        A row with one cell across all columns is a subheading inside the table.
    widths : tuple of float
        Shares of the text width, one per column; they sum to 1.
    notes : tuple of str
        Remarks under the table.
    named_by : int
        The column that names a row: the head of its card on a phone.
    dense : bool
        Whether small print is wanted, for wide tables of an annex.
    sheet : bool
        Whether it is a sheet of the workbook.
    """

    name: str
    caption: str
    heads: tuple[Row, ...]
    rows: tuple[Row, ...]
    widths: tuple[float, ...]
    notes: tuple[str, ...] = ()
    named_by: int = 0
    dense: bool = False
    sheet: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its caption, its text alternative, and lines that stand under it."""

    picture: Picture
    caption: str
    alt: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Strip:
    """Figures side by side; below each other on a phone."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """A row of counts: a title, then shade, tagged number and word of each count."""

    title: str
    counts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Tiles:
    """Rows of counts with the same words, for the first look."""

    rows: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A source: the plain number by which marks name it, its tagged words, its address or none."""

    number: int
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """The list of numbered sources."""

    items: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A new page; what follows is upright, or across (landscape) until the next turn."""

    landscape: bool = False


Block = Heading | Paragraph | Points | Table | Figure | Strip | Tiles | Sources | Turn


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a paper in the Party form: who issues it, left and right, and place and date."""

    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper in one language.

    Attributes
    ----------
    kind, lang : str
        They name its file: `briefing-vi`.
    title, subtitle : str
        Tagged text.
    cut_off : str
        The day whose knowledge counts, in words: in the footer of every page.
    as_of : datetime.date
        That day; it stands in the properties of a file instead of the clock.
    blocks : tuple of Block
        The contents, in order.
    words : mapping of str to str
        What writers say themselves: `page` ("Page {page} of {pages}"), `draft`, `way`, `close`, `sources`.
    form : {"plain", "party"}
        The form of administrative papers, or that of guide 36-HD/VPTW.
    head : Head
        Blank in the plain form.
    pages : int
        Pages of A4 that it must fill in print, 0 for any number.
    ways : mapping of str to tuple of str
        By the key of a number or judgement: the way back to what was published, a plain line a step.
    internal : bool
        Whether it must stay in the house: every page of it then bears `mark`.
    """

    kind: str
    lang: str
    title: str
    cut_off: str
    as_of: date
    blocks: tuple[Block, ...]
    words: Mapping[str, str]
    subtitle: str = ""
    form: str = "plain"
    head: Head = field(default_factory=Head)
    pages: int = 0
    ways: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    internal: bool = False

    @property
    def mark(self) -> str:
        """What stands on every page of a paper that must stay in the house; blank on any other."""
        return str(texts(self.lang)["office"]["internal"]) if self.internal else ""

    @property
    def stem(self) -> str:
        """Name of its files, without the ending."""
        return f"{self.kind}-{self.lang}"


def texts_in(part: Any) -> Iterator[str]:
    """Yield every text of a paper or of a part of one, in order; not its ways, and no picture."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list | tuple):
        for item in part:
            yield from texts_in(item)
    elif isinstance(part, Paper):
        yield from texts_in((part.title, part.subtitle, part.cut_off, part.head, part.blocks))
    elif is_dataclass(part) and not isinstance(part, Picture):
        for each in fields(part):
            if each.name not in ("name", "shade", "style", "align", "url"):
                yield from texts_in(getattr(part, each.name))
