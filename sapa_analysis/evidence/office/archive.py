"""Safe opening of a workbook: what is no plain Excel file is refused before a byte of it is read as one."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from .told import Told

#: Bytes of a file, bytes unpacked in all, and how much a part may swell; ours swell forty times at most.
_LARGEST, _UNPACKED, _SWELLS, _SMALL = 20_000_000, 100_000_000, 300, 2_000_000
_MOST_PARTS = 500
#: Begins what Excel wrote before 2007, and every file with a password.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Rows and cells of a sheet, blank or not, counted before it is parsed.
MOST_ROWS, MOST_CELLS = 20_000, 400_000
_ROW, _CELL = re.compile(rb"<(?:\w+:)?row[\s/>]"), re.compile(rb"<(?:\w+:)?c[\s/>]")
_MACROS = re.compile(r"(?i)vbaproject|vbadata|macrosheets/|dialogsheets/")
_LINKS = re.compile(r"(?i)externallinks/|(^|/)connections\.xml$|querytables/|xl/model/|customdata/")
_EMBEDDED = re.compile(
    r"(?i)embeddings/|activex/|ctrlprops/|oleobject|webextensions/|\.(exe|dll|js|vbs|bat)$"
)
_OTHERS = {"word/": "Word", "ppt/": "PowerPoint", "xl/workbook.bin": "Excel nhị phân (.xlsb)"}


def read_parts(path: Path, told: Told) -> dict[str, bytes]:
    """Return the parts of a workbook by name; nothing where a problem was told.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    told : Told
        Receives why it cannot be opened.
    """
    content = _bytes(path, told)
    if content is None:
        return {}
    if not content.startswith(b"PK"):
        told.whole(_no_zip(content))
        return {}
    try:
        with zipfile.ZipFile(path) as archive:
            return _parts(archive, told)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        told.whole("broken", part="zip")
        return {}


def _bytes(path: Path, told: Told) -> bytes | None:
    """Return the first bytes of a file, enough to know its kind."""
    try:
        if path.is_dir():
            told.whole("is_folder")
        elif not path.exists():
            told.whole("no_file")
        elif (size := path.stat().st_size) > _LARGEST:
            told.whole("too_large", size=size // 1_000_000, limit=_LARGEST // 1_000_000)
        elif not size:
            told.whole("is_empty")
        else:
            return path.read_bytes()
    except (OSError, ValueError) as error:
        told.whole("no_reading", why=getattr(error, "strerror", None) or error)
    return None


def _no_zip(content: bytes) -> str:
    if not content.startswith(_OLE):
        return "no_workbook"
    return "password" if "EncryptedPackage".encode("utf-16-le") in content else "old_excel"


def _parts(archive: zipfile.ZipFile, told: Told) -> dict[str, bytes]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    names = [member.filename for member in members]
    _look_at_names(names, told)
    if any(member.flag_bits & 1 for member in members):
        told.whole("password")
    if len({name.lower() for name in names}) < len(names):
        told.whole("broken", part="zip")
    unpacked = sum(member.file_size for member in members)
    swollen = [m for m in members if m.file_size > _SMALL and m.file_size > _SWELLS * max(m.compress_size, 1)]
    if swollen or unpacked > _UNPACKED:
        told.whole("unpacked", part=(swollen or members)[0].filename[:80])
    if told.slips:
        return {}
    return {member.filename: archive.read(member) for member in members}


def _look_at_names(names: list[str], told: Told) -> None:
    """Tell of what a workbook must not hold, by the names of its parts."""
    if len(names) > _MOST_PARTS:
        told.whole("many_parts", count=len(names), limit=_MOST_PARTS)
        return
    if "xl/workbook.xml" not in names:
        others = [kind for begin, kind in _OTHERS.items() if any(name.startswith(begin) for name in names)]
        others += ["OpenDocument"] if "content.xml" in names else []
        told.whole(
            *(["other_workbook"] if others else ["no_workbook"]), **({"kind": others[0]} if others else {})
        )
    if any(map(_MACROS.search, names)):
        told.whole("macros")
    if any(map(_LINKS.search, names)):
        told.whole("links")
    if embedded := [name for name in names if _EMBEDDED.search(name)]:
        told.whole("embedded", part=embedded[0][:80])


def counted(content: bytes) -> tuple[int, int]:
    """Return how many rows and cells a sheet writes down, from its bytes.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.archive import counted
    >>> counted(b'<sheetData><row r="1"><c r="A1"/><c r="B1"/></row><row r="2"/></sheetData>')
    (2, 2)
    """
    return sum(1 for _ in _ROW.finditer(content)), sum(1 for _ in _CELL.finditer(content))
