"""The body of a Word file: where the next block goes, and the pages it lies on."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from itertools import count
from typing import TYPE_CHECKING, Any

from .model import Turn
from .office_template import content_mark
from .word_fields import element, qualified

if TYPE_CHECKING:
    from docx.document import Document

#: A twentieth of a point, in which Word keeps lengths, in the unit of python-docx.
EMU = 635
_SIDES = ("top", "bottom", "left", "right")


class Body:
    """The body of a document from `{{content}}` on, at first empty."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._section: Any = document.sections[-1]._sectPr
        self._turn: Turn | None = None
        self._last: Any = None
        self._upright = self._measures()
        self._headings, self._tables = count(1), count(1)
        mark = content_mark(document)
        for old in [] if mark is None else [mark, *mark.itersiblings()]:
            if old is not self._section:
                old.getparent().remove(old)

    def next_heading(self) -> int:
        """Return the number of the next heading, by which it is bookmarked."""
        return next(self._headings)

    def next_table(self) -> int:
        """Return the number of the next table."""
        return next(self._tables)

    @property
    def width(self) -> int:
        """Width of the text, in twips."""
        self._open_section()
        measures = self._measures()
        return measures["w"] - measures["left"] - measures["right"]

    @property
    def height(self) -> int:
        """Height of the text, in twips."""
        self._open_section()
        measures = self._measures()
        return measures["h"] - measures["top"] - measures["bottom"]

    def add(self, *parts: Any) -> None:
        """Write paragraphs and tables at the end; a table must be followed by a paragraph."""
        for part in parts:
            self._open_section()
            self._section.addprevious(part)
            self._last = part

    def turn(self, turn: Turn) -> None:
        """Begin a new page with the next block."""
        self._turn = turn

    def _open_section(self) -> None:
        """End the section with the last paragraph where a turn waits, so that no blank line is added."""
        turn, self._turn = self._turn, None
        if turn is None:
            return
        if self._last is not None:
            self._last.find(qualified("w:pPr")).append(deepcopy(self._section))
            self._last = None
            for name in ("w:headerReference", "w:footerReference", "w:titlePg", "w:type"):
                for child in self._section.findall(qualified(name)):
                    self._section.remove(child)
        self._lay(turn.landscape)

    def _lay(self, landscape: bool) -> None:
        """Lay the page across or upright; the margins stay, as Decree 30 has them for both."""
        size = self._section.find(qualified("w:pgSz"))
        for name, other in (("w", "h"), ("h", "w")):
            size.set(qualified(f"w:{name}"), str(self._upright[other if landscape else name]))
        size.attrib.pop(qualified("w:orient"), None)
        if landscape:
            size.set(qualified("w:orient"), "landscape")

    def _measures(self) -> dict[str, int]:
        section = self._document.sections[-1]
        found = {"w": section.page_width, "h": section.page_height}
        found |= {side: getattr(section, f"{side}_margin") for side in _SIDES}
        return {name: round((length or 0) / EMU) for name, length in found.items()}

    def count_from_one(self, lines: Sequence[Any], style: str) -> None:
        """Give paragraphs a count of their own that begins with 1; the look of the numbers is the style's."""
        number = self._new_count(style)
        for line in lines if number else ():
            look = element("w:numPr")
            look.append(element("w:ilvl", val=0))
            look.append(element("w:numId", val=number))
            line.find(qualified("w:pPr")).insert(1, look)

    def _new_count(self, style: str) -> int:
        """Return the number of a new list like that of a style, 0 where the style has none."""
        path = "w:style[@w:styleId='{}']/w:pPr/w:numPr/w:numId/@w:val".format(style.replace("'", ""))
        found = self._document.styles.element.xpath(path)
        if not found:
            return 0
        numbering = self._document.part.numbering_part.element
        own = numbering.xpath(f"w:num[@w:numId='{int(found[0])}']/w:abstractNumId/@w:val")
        if not own:
            return 0
        made = numbering.add_num(int(own[0]))
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(made.numId)
