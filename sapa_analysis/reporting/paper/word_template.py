"""The shipped Word templates, made from the looks of their styles: nobody has to trust a binary file.

`python -m sapa_analysis.reporting.paper.word_template` writes them again.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from .word_looks import NAMES, numbering_xml, style_id, styles_xml, twips
from .word_styles import MARGINS, PAGE, looks

FILES = {"plain": "paper.docx", "party": "paper-party.docx", "two-pages": "paper-two-pages.docx"}
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

#: What the template tells the office that restyles it; the writer leaves it out.
_HOW = (
    "Tệp mẫu của văn phòng: chỉnh các kiểu chữ (Styles), đầu trang và chân trang rồi lưu lại. Văn bản được "
    "viết từ dòng trên; từ dòng này trở xuống chỉ để xem kiểu chữ, không được in. Giữ nguyên các trường "
    "trong ngoặc nhọn."
)


def template_file(form: str) -> bytes:
    """Return the template of a form, `plain`, `party` or `two-pages`; the same bytes each time.

    Examples
    --------
    >>> from sapa_analysis.reporting.paper.word_template import template_file
    >>> template_file("plain") == template_file("plain"), template_file("party")[:2]
    (True, b'PK')
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in _parts(form).items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, _HEAD + text, zipfile.ZIP_STORED)  # any zlib writes the same
    return made.getvalue()


def _parts(form: str) -> dict[str, str]:
    party = form == "party"
    edges = {"footer1": _footer("{{cut_off}} · {{page}}")}
    if party:
        edges |= {"footer2": _footer("{{cut_off}}"), "header1": _number(), "header2": _hdr(_p("Header", ""))}
    pages = {**edges, "styles": styles_xml(form), "numbering": numbering_xml(form), "settings": _settings()}
    return {
        "[Content_Types].xml": _types(pages),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml"), "rId2": _CORE}),
        "word/document.xml": _document(form, edges),
        "word/_rels/document.xml.rels": _relations(
            {f"rId{n}": (name.rstrip("12"), f"{name}.xml") for n, name in enumerate(pages, 1)}
        ),
        **{f"word/{name}.xml": text for name, text in pages.items()},
        "docProps/core.xml": _core(form),
    }


_CORE = ("metadata/core-properties", "docProps/core.xml")


def _types(pages: dict[str, str]) -> str:
    kinds = {"/word/document.xml": f"{_MAIN}.document.main+xml"}
    kinds |= {f"/word/{name}.xml": f"{_MAIN}.{name.rstrip('12')}+xml" for name in pages}
    kinds |= {"/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml"}
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds.items())
        + "</Types>"
    )


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    told = "".join(
        f'<Relationship Id="{name}" Type="{package if kind.startswith("metadata") else _RELATIONS}/{kind}" '
        f'Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{package}">{told}</Relationships>'


def _core(form: str) -> str:
    return (
        "<cp:coreProperties "
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{FILES[form]}</dc:title><dc:creator>sapa-analysis</dc:creator></cp:coreProperties>"
    )


# text of the template: what the writer fills in, and one line in each style to restyle by ---------------


def _document(form: str, edges: dict[str, str]) -> str:
    body = (_party_head() if form == "party" else "") + _p("Body Text", "{{content}}")
    body += _p("Notice", _HOW)
    body += "".join(_p(look.name, f"{look.name}: {look.alias}") for look in looks(form))
    return f"<w:document {NAMES}><w:body>{body}{_section(form, edges)}</w:body></w:document>"


def _party_head() -> str:
    left = _p("Head Left", "{{left}}") + _p("Draft Mark", "{{draft}}")
    right = _p("Head Right", "{{right}}") + _p("Place And Date", "{{place}}")
    wide = [twips(part) for part in (73, 92)]
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{text}</w:tc>'
        for width, text in zip(wide, (left, right), strict=True)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableBare"/><w:tblW w:w="{sum(wide)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
        + "".join(f'<w:gridCol w:w="{width}"/>' for width in wide)
        + f"</w:tblGrid><w:tr>{cells}</w:tr></w:tbl>"
    )


def _section(form: str, edges: dict[str, str]) -> str:
    kinds = {"1": "default", "2": "first"}
    told = "".join(
        f'<w:{name[:-1]}Reference w:type="{kinds[name[-1]]}" r:id="rId{n}"/>'
        for n, name in enumerate(edges, 1)
    )
    sides = dict(zip(("top", "bottom", "left", "right"), MARGINS[form], strict=True))
    edge = 10 if form != "two-pages" else 6
    margins = "".join(f' w:{side}="{twips(sides[side])}"' for side in ("top", "right", "bottom", "left"))
    first = "<w:titlePg/>" if form == "party" else ""
    return (
        f'<w:sectPr>{told}<w:pgSz w:w="{twips(PAGE[0])}" w:h="{twips(PAGE[1])}"/>'
        f'<w:pgMar{margins} w:header="{twips(edge)}" w:footer="{twips(edge)}" w:gutter="0"/>'
        f"{first}</w:sectPr>"
    )


def _footer(text: str) -> str:
    return f"<w:ftr {NAMES}>{_p('Footer', text)}</w:ftr>"


def _number() -> str:
    field = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    return _hdr(f'<w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>{field}</w:p>')


def _hdr(body: str) -> str:
    return f"<w:hdr {NAMES}>{body}</w:hdr>"


def _p(style: str, text: str) -> str:
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style_id(style)}"/></w:pPr>{run}</w:p>'


def _settings() -> str:
    kept = {"compatibilityMode": 15, "overrideTableStyleFontSizeAndJustification": 1}
    uri = "http://schemas.microsoft.com/office/word"
    told = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="{uri}" w:val="{n}"/>' for name, n in kept.items()
    )
    return (
        f'<w:settings {NAMES}><w:defaultTabStop w:val="720"/>'
        f"<w:compat><w:doNotExpandShiftReturn/>{told}</w:compat>"
        '<w:themeFontLang w:val="vi-VN"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/>'
        "</w:settings>"
    )


def main() -> None:
    """Write the shipped templates."""
    for form, name in FILES.items():
        (Path(__file__).parent / "templates" / name).write_bytes(template_file(form))


if __name__ == "__main__":
    main()
