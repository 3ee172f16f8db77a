"""What a Word file is written with: paragraphs in a style, links, bookmarks and pictures."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..tagged_numbers import Number, parts, plain
from .model import Picture
from .word_fields import element, qualified, write_text
from .word_styles import OF_SHADE

if TYPE_CHECKING:
    from docx.document import Document

_MARK = re.compile(r"sources\.(\d+)\.mark")
#: Signs that stand in an address as they are, and the longest address that Word takes.
_IN_ADDRESS, _LONGEST_ADDRESS = ":/?#[]@!$&'()*+,;=%~", 2000
#: Bookmarks and pictures are numbered from here, beyond those of a template.
_FIRST = 1000


class Ink:
    """Styles, links and numbers of one file.

    Parameters
    ----------
    document : docx.document.Document
        The file.
    sources : frozenset of int
        Numbers of the sources that marks in the text lead to.
    """

    def __init__(self, document: Document, sources: frozenset[int] = frozenset()) -> None:
        self.part = document.part
        self.ids = {style.name: style.style_id for style in document.styles}
        self.fills = {shade: _fill(document.styles[name]) for shade, name in OF_SHADE.items()}
        self._styles, self._sources = document.styles, sources
        self._bookmarks, self._pictures = count(_FIRST), count(_FIRST)

    def size(self, style: str) -> float:
        """Return the size of the type of a style, in points."""
        each = self._styles[style]
        while each is not None:
            if each.font.size is not None:
                return float(each.font.size.pt)
            each = each.base_style
        return 12.0

    def paragraph(self, style: str, text: str = "", *, align: str = "", strong: bool = False) -> Any:
        """Return a paragraph of a tagged text."""
        made = element("w:p")
        look = element("w:pPr")
        look.append(element("w:pStyle", val=self.ids[style]))
        if align:
            look.append(element("w:jc", val=align))
        made.append(look)
        for piece in self._runs(text, strong):
            made.append(piece)
        return made

    def _runs(self, text: str, strong: bool) -> Iterator[Any]:
        said = ""
        for part in parts(text):
            number = _source_of(part)
            if number not in self._sources:
                said += part if isinstance(part, str) else part.text
                continue
            if said:
                yield self.run(said, strong)
            said = ""
            link = element("w:hyperlink", anchor=f"source_{number}", history=1)
            link.append(self.run(plain(part.text) if isinstance(part, Number) else "", strong))
            yield link
        if said:
            yield self.run(said, strong)

    def run(self, text: str, strong: bool = False, style: str = "Strong") -> Any:
        """Return a run; `strong` gives it a character style."""
        made = element("w:r")
        if strong:
            look = element("w:rPr")
            look.append(element("w:rStyle", val=self.ids[style]))
            made.append(look)
        write_text(made, text)
        return made

    def link(self, url: str) -> Any:
        """Return an address as a link, or as plain text where it is none of the web."""
        address = quote(url.strip(), safe=_IN_ADDRESS)
        if not re.match(r"https?://[^/?#\[\]@]+([/?#]|$)", address) or len(address) > _LONGEST_ADDRESS:
            return self.run(plain(url))
        made = element("w:hyperlink", history=1)
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
        made.set(qualified("r:id"), self.part.relate_to(address, kind, is_external=True))
        made.append(self.run(plain(url), True, "Hyperlink"))
        return made

    def bookmark(self, paragraph: Any, name: str) -> Any:
        """Return a paragraph after a bookmark has been put around its text."""
        number = next(self._bookmarks)
        paragraph.insert(1, element("w:bookmarkStart", id=number, name=name))
        paragraph.append(element("w:bookmarkEnd", id=number))
        return paragraph

    def picture(self, picture: Picture, alt: str, width: int, height: int) -> Any:
        """Return a paragraph with a picture, as large as fits into a box (EMU), and its text alternative."""
        from docx.oxml.shape import CT_Inline
        from docx.shared import Emu

        name, image = self.part.get_or_add_image(io.BytesIO(picture.png))
        wide = min(width, round(height * image.px_width / image.px_height))
        high = round(wide * image.px_height / image.px_width)
        inline = CT_Inline.new_pic_inline(
            next(self._pictures), name, image.filename or "", Emu(wide), Emu(high)
        )
        inline.docPr.set("descr", plain(alt))
        made = self.paragraph("Figure")
        run = element("w:r")
        run.add_drawing(inline)
        made.append(run)
        return made


def _source_of(part: str | Number) -> int | None:
    found = _MARK.fullmatch(part.key) if isinstance(part, Number) else None
    return int(found[1]) if found else None


def _fill(style: Any) -> str:
    """Return the colour behind a style, which is that behind a cell; blank for none."""
    shade = style.element.find(f"{qualified('w:pPr')}/{qualified('w:shd')}")
    fill = "" if shade is None else str(shade.get(qualified("w:fill"), ""))
    return fill if re.fullmatch("[0-9A-Fa-f]{6}", fill) else ""
