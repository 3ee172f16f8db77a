"""Fields of a Word template: `{{cut_off}}` and others, also where Word has cut one into several runs."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..tagged_numbers import Number, parts, plain
from .model import Picture
from .word_styles import OF_SHADE

if TYPE_CHECKING:
    from docx.document import Document

_FIELD = re.compile(r"\{\{\s*(\w+)\s*\}\}")
#: Places of the words for a page, and the fields of Word that fill them in.
_PAGES = {"{page}": "PAGE", "{pages}": "NUMPAGES"}


def qualified(name: str) -> str:
    """Return a name of WordprocessingML, `w:p`, as lxml writes it."""
    from docx.oxml.ns import qn

    return str(qn(name))


def element(name: str, /, **attributes: object) -> Any:
    """Return an element whose attributes are of the same namespace: `element("w:jc", val="left")`."""
    from docx.oxml import OxmlElement

    return OxmlElement(name, {qualified(f"w:{key}"): str(value) for key, value in attributes.items()})


def words_of(paragraph: Any) -> str:
    """Return the text of a paragraph as Word keeps it."""
    return "".join(text.text or "" for text in paragraph.iter(qualified("w:t")))


def field_of(paragraph: Any) -> str:
    """Return the name of the field that a paragraph is, blank where it holds anything else."""
    found = _FIELD.fullmatch(words_of(paragraph).strip())
    return found[1] if found else ""


def fields_in(root: Any) -> set[str]:
    """Return the names of the fields in a part."""
    return {name for paragraph in root.iter(qualified("w:p")) for name in _FIELD.findall(words_of(paragraph))}


def has_page_number(root: Any) -> bool:
    """Return whether a part holds a page number of Word's own."""
    simple = [field.get(qualified("w:instr"), "") for field in root.iter(qualified("w:fldSimple"))]
    told = [field.text or "" for field in root.iter(qualified("w:instrText"))]
    return any(re.search(r"\bPAGE\b", text) for text in (*simple, *told))


def fill_fields(root: Any, values: Mapping[str, Sequence[str]], page: str) -> None:
    """Fill in the fields of a part.

    Parameters
    ----------
    root : lxml element
        The part.
    values : mapping of str to sequence of str
        The lines of each field. A field that is a whole paragraph becomes a paragraph per line.
    page : str
        What stands for `{{page}}`: words with `{page}` and `{pages}`, which become fields of Word.
    """
    for paragraph in list(root.iter(qualified("w:p"))):
        if (name := field_of(paragraph)) in values:
            _write_lines(paragraph, values[name])
        elif _FIELD.search(words_of(paragraph)):
            _fill_in_line(paragraph, {name: " ".join(lines) for name, lines in values.items()}, page)


def _write_lines(paragraph: Any, lines: Sequence[str]) -> None:
    first, *_ = _whole_runs(paragraph)
    written = paragraph
    for number, line in enumerate(lines or ("",)):
        if number:
            copied = deepcopy(paragraph)
            written.addnext(copied)
            written = copied
            first = next(written.iter(qualified("w:r")))
        _set_text(first, line)


def set_style(paragraph: Any, style: str) -> None:
    """Give a paragraph another style, by its id."""
    look = paragraph.find(qualified("w:pPr"))
    if look is None:
        look = element("w:pPr")
        paragraph.insert(0, look)
    for old in look.findall(qualified("w:pStyle")):
        look.remove(old)
    look.insert(0, element("w:pStyle", val=style))


def _whole_runs(paragraph: Any) -> list[Any]:
    """Return the runs with text after every field that lay in several runs has been put into the first."""
    runs = [run for run in paragraph.iter(qualified("w:r")) if run.find(qualified("w:t")) is not None]
    texts = [words_of(run) for run in runs]
    if sum(len(_FIELD.findall(text)) for text in texts) < len(_FIELD.findall("".join(texts))):
        _set_text(runs[0], "".join(texts))
        for run in runs[1:]:
            run.getparent().remove(run)
        return runs[:1]
    return runs


def _fill_in_line(paragraph: Any, values: Mapping[str, str], page: str) -> None:
    for run in _whole_runs(paragraph):
        text = words_of(run)
        if not _FIELD.search(text):
            continue
        for piece in _pieces(text, values, page):
            run.addprevious(_written(piece, run))
        run.getparent().remove(run)


def _pieces(text: str, values: Mapping[str, str], page: str) -> Iterator[str]:
    """Yield words, and `{page}` and `{pages}` where a number of Word stands."""
    for number, part in enumerate(_FIELD.split(text)):
        if number % 2 == 0:
            yield part
        elif part == "page":
            yield from re.split(r"(\{pages?\})", page)
        else:
            yield values.get(part, "")


def _written(piece: str, run: Any) -> Any:
    copied = deepcopy(run)
    if piece not in _PAGES:
        _set_text(copied, piece)
        return copied
    _set_text(copied, "1")
    field = element("w:fldSimple", instr=f" {_PAGES[piece]} ")
    field.append(copied)
    return field


def _set_text(run: Any, text: str) -> None:
    for old in [child for child in run if child.tag != qualified("w:rPr")]:
        run.remove(old)
    write_text(run, text)


def write_text(run: Any, text: str) -> None:
    """Write a text into a run; line ends and tabs are those of Word."""
    for piece in re.split(r"([\n\t])", text.replace("\r\n", "\n").replace("\r", "\n")):
        if piece == "\n":
            run.append(element("w:br"))
        elif piece == "\t":
            run.append(element("w:tab"))
        elif piece:
            written = element("w:t")
            written.text = piece
            written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run.append(written)


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
