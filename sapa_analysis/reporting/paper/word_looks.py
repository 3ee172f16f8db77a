"""The looks of the Word templates as Word keeps them: styles and lists, in XML."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from .word_styles import Look, looks

_FONT = "Times New Roman"
#: Declaration of the names in every part.
NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
#: How far the mark of a list stands before its text, in millimetres.
_LIST_MARKS = {1: 5.0, 2: 7.0}
#: Styles of Word itself, and those that its files spell otherwise.
_BUILT_IN = {
    "Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Body Text", "List Bullet",
    "List Number", "Caption", "Header", "Footer",
}  # fmt: skip
_LOWER = {"Heading 1", "Heading 2", "Heading 3", "Caption", "Header", "Footer"}


def style_id(name: str) -> str:
    """Return the id of a style in a shipped template."""
    return name.replace(" ", "")


def twips(millimetres: float) -> int:
    """Return a length as Word keeps it, in twentieths of a point."""
    return round(millimetres * 1440 / 25.4)


def styles_xml(form: str) -> str:
    """Return the part with the styles of a form."""
    fonts = "".join(f' w:{script}="{_FONT}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    normal = looks(form)[0]
    return (
        f"<w:styles {NAMES}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts{fonts}/>{_size(normal.size)}"
        '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
        + "".join(_style(look) for look in looks(form))
        + "".join(_table_styles(dense=60 if form != "two-pages" else 45))
        + _characters()
        + "</w:styles>"
    )


def _style(look: Look) -> str:
    first = ' w:default="1"' if look.name == "Normal" else ""
    custom = "" if look.name in _BUILT_IN else ' w:customStyle="1"'
    base = f'<w:basedOn w:val="{style_id(look.base)}"/>' if look.base else ""
    following = '<w:next w:val="BodyText"/>' if look.level else ""
    return (
        f'<w:style w:type="paragraph"{first}{custom} w:styleId="{style_id(look.name)}">'
        f'<w:name w:val="{_told(look.name)}"/>'
        f"<w:aliases w:val={quoteattr(look.alias)}/>{base}{following}<w:qFormat/>"
        f"<w:pPr>{''.join(_paragraph(look))}</w:pPr><w:rPr>{''.join(_letters(look))}</w:rPr></w:style>"
    )


def _told(name: str) -> str:
    return name.lower() if name in _LOWER else name


def _paragraph(look: Look) -> Iterator[str]:
    if look.keep:
        yield "<w:keepNext/>"
    if look.list:
        yield f'<w:numPr><w:numId w:val="{look.list}"/></w:numPr>'
    if look.edges:
        sides = ("top", "left", "bottom", "right") if look.edges == "box" else (look.edges,)
        wide = 18 if look.edges == "left" else 6
        yield "<w:pBdr>"
        yield from (
            f'<w:{side} w:val="single" w:sz="{wide}" w:space="3" w:color="595959"/>' for side in sides
        )
        yield "</w:pBdr>"
    if look.fill:
        yield f'<w:shd w:val="clear" w:color="auto" w:fill="{look.fill}"/>'
    if look.base != "Table Text":
        before, after, line = (round(part) for part in (look.before * 20, look.after * 20, look.line * 240))
        yield f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'
    yield from _indent(look)
    if look.align:
        yield f'<w:jc w:val="{look.align}"/>'
    if look.level:
        yield f'<w:outlineLvl w:val="{look.level - 1}"/>'


def _indent(look: Look) -> Iterator[str]:
    right = look.left if look.edges in ("bottom", "box") else 0  # lines stay inside the text
    first = f'w:firstLine="{twips(look.first)}"' if look.first >= 0 else f'w:hanging="{twips(-look.first)}"'
    if look.first or look.left:
        yield f'<w:ind w:left="{twips(look.left)}" w:right="{twips(right)}" {first}/>'


def _letters(look: Look) -> Iterator[str]:
    marks = {"b": look.bold, "i": look.italic}
    for mark in (name for name, on in marks.items() if on):
        yield f"<w:{mark}/><w:{mark}Cs/>"
    if look.caps:
        yield "<w:caps/>"
    if look.colour:
        yield f'<w:color w:val="{look.colour}"/>'
    if look.size:
        yield _size(look.size)


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def _characters() -> str:
    link = '<w:color w:val="1F4E79"/><w:u w:val="single"/>'
    return "".join(
        f'<w:style w:type="character" w:styleId="{name}"><w:name w:val="{name}"/><w:qFormat/>'
        f"<w:rPr>{look}</w:rPr></w:style>"
        for name, look in (("Strong", "<w:b/><w:bCs/>"), ("Hyperlink", link))
    )


def _table_styles(dense: int) -> Iterator[str]:
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="7F7F7F"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    yield (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        f"<w:tblPr>{_inside(60)}</w:tblPr></w:style>"
    )
    for name, borders, space in (
        ("Table Grid", f"<w:tblBorders>{lines}</w:tblBorders>", _inside(60)),
        ("Table Dense", f"<w:tblBorders>{lines}</w:tblBorders>", _inside(dense)),
        ("Table Bare", "", _inside(40)),
    ):
        custom = "" if name == "Table Grid" else ' w:customStyle="1"'
        yield (
            f'<w:style w:type="table"{custom} w:styleId="{style_id(name)}"><w:name w:val="{name}"/>'
            f'<w:basedOn w:val="TableNormal"/><w:tblPr>{borders}{space}</w:tblPr></w:style>'
        )


def _inside(twips: int) -> str:
    sides = {"top": 0, "left": twips, "bottom": 0, "right": twips}
    told = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides.items())
    return f"<w:tblCellMar>{told}</w:tblCellMar>"


def numbering_xml(form: str) -> str:
    """Return the part with the lists of points and of numbers."""
    lists = {look.list: look.name for look in looks(form) if look.list}
    kinds = {1: ("bullet", "–"), 2: ("decimal", "%1.")}
    first = next(look.first for look in looks(form) if look.name == "Body Text")
    return (
        f"<w:numbering {NAMES}>"
        + "".join(
            f'<w:abstractNum w:abstractNumId="{n}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
            f'<w:start w:val="1"/><w:numFmt w:val="{kinds[n][0]}"/><w:pStyle w:val="{style_id(name)}"/>'
            f'<w:lvlText w:val="{kinds[n][1]}"/><w:lvlJc w:val="left"/><w:pPr><w:ind '
            f'w:left="{twips(first)}" w:hanging="{twips(_LIST_MARKS[n])}"/></w:pPr></w:lvl>'
            "</w:abstractNum>"
            for n, name in lists.items()
        )
        + "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in lists)
        + "</w:numbering>"
    )
