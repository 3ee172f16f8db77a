"""Fields of a Word template: `{{cut_off}}` and others, also where Word has cut one into several runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

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
