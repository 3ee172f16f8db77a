"""The inputs of `doors.py` in declared tables: faults crossed with every column of every table."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from doors_inputs import (
    FILES,
    LOADERS,
    Input,
    anything,
    as_csv,
    holds,
    put,
    read_rows,
    removed,
    row_of,
    same,
    with_cells,
    with_rows,
)

import sapa_analysis as sapa

#: Text that cannot be read as the number of its column.
NO_NUMBERS = {"wrong type": "many", "decimal comma": "3,2", "thousands marks": "1.234.567",
    "thousands mark": "12.085", "infinity": "inf", "not a number": "nan", "beyond all numbers": "1e400",
    "digits of another script": "٣", "formula of a sheet": "=1+1", "mark of code": "1_000",
    "space inside": "1 000"}  # fmt: skip
HIDDEN = {"vertical tab": "\x0b", "zero-width space": "\u200b", "nul": "\0", "right to left": "\u202e",
    "private use": "\uf0b7"}  # fmt: skip
NO_DATES = ("2021-02-30", "2021-13", "2021-00-10", "30/06/2021", "2021-6-30", "0000-01-01")
NO_PERIODS = (
    "2021-13",
    "2021-Q5",
    "0000",
    "năm 2021",
    "2021/2019",
    "2021-01/2022-03",
    "2021-02-30/2021-03-01",
)
NO_ADDRESSES = {"script": "javascript:alert(1)", "data": "data:text/html,x", "no scheme": "www.sapa.vn/tin",
    "two words": "https://sapa.vn/tin tuc", "scheme only": "https://"}  # fmt: skip
#: The same words as an old font stores them: they are letters, but not those of the page.
OLD_FONTS = {"TCVN3": "ThÞ x· Sa Pa ®ãn kh¸ch", "VNI": "Thò xaõ Sa Pa ñoùn khaùch"}
WORDS = unicodedata.normalize("NFC", "Thị xã Sa Pa đón khách")
IDS = {"indicator_id", "area", "unit", "document", "parent", "predecessors", "growth_of", "part_of",
    "indicator_affected"}  # fmt: skip
KEYS = {"indicators": "indicator_id", "areas": "area", "documents": "document", "targets": "id"}
#: Columns of the pattern of an id that hold words, or ids of no table of ours.
OWN = {("indicators", "indicator_id"), ("indicators", "unit"), ("areas", "area"), ("documents", "document"),
    ("covariates", "unit")}  # fmt: skip


def table_inputs(base: Path) -> Iterator[Input]:
    """Yield the inputs of all declared tables."""
    for table, schema in sapa.core.FILE_TABLES.items():
        for place, (name, column) in enumerate(schema.to_schema().columns.items()):
            yield from cell_inputs(base, table, name, column, place)
        yield from file_inputs(base, table)
    yield from logic_inputs(base)
    yield from evidence_inputs(base)


def cell_inputs(base: Path, table: str, name: str, column: Any, place: int) -> Iterator[Input]:  # noqa: C901
    """Yield the faults of one cell of a column, in the first row in which it is filled."""
    rows, file = read_rows(base / FILES[table]), FILES[table]
    at = next((place for place, row in enumerate(rows) if row[name]), 0)
    was, checks = rows[at][name], {check.name: check.statistics for check in column.checks}
    number = "int" in str(column.dtype).lower() or "float" in str(column.dtype)
    free = not number and name not in {*IDS, "formula", "period", "clause"} and set(checks) <= {"str_length"}
    address, filled = "url" in name or name == "also_at", all(row[name] for row in rows)
    of = partial(Input, door=table, call=LOADERS[table], in_files=True)

    def fault(kind: str, text: str, *found: str, right: str = "refused", **options: Any) -> Input:
        told = (*row_of(file, at + 2), name, *found)
        described = f"{name}: {text!r}"
        write = with_cells(file, {(at, name): text})
        return of(kind=kind, description=described, right=right, prepare=write, names=told, **options)

    if filled:
        yield fault("blank", "")
    yield fault("spaces around", f"  {was}\t ", right="right", expected=same(table))
    for turn, (kind, sign) in enumerate(HIDDEN.items()):
        if (free and table == "evidence") or turn == place % len(HIDDEN):
            hidden = f"{was[:1] or 'a'}{sign}{was[1:] or 'b'}"
            found = holds(without=sign) if free and sign != "\0" else None
            yield fault(kind, hidden, expected=found)
    if number:
        for turn, (kind, text) in enumerate(NO_NUMBERS.items()):
            if table == "evidence" or turn % 2 == place % 2:
                yield fault(kind, text, text)
    if "isin" in checks:
        for kind, text in (("unknown word", "zzz"), ("near miss", was[:-1] + "z"), ("capitals", was.upper())):
            if text not in checks["isin"]["allowed_values"]:
                yield fault(kind, text or "z", text or "z")
    if name in IDS and (table, name) not in OWN:
        yield fault("unknown id", "zzz_zzz", "zzz_zzz")
        if was:
            yield fault("near-miss id", was[:-1], was.split(";")[-1])
    if table in KEYS and KEYS[table] == name:
        yield fault("id twice", rows[at + 1][name])
    if "date" in name or name in ("published", "through", "valid_from", "valid_to"):
        for text in () if name == "date_basis" else NO_DATES:
            yield fault("impossible date", text, text)
    if name == "period":
        for text in NO_PERIODS:
            yield fault("impossible period", text, text)
    if free and address:
        for kind, text in NO_ADDRESSES.items():
            yield fault(f"address: {kind}", text, text)
    elif free:
        yield fault("NFD", unicodedata.normalize("NFD", WORDS), right="right", expected=holds(WORDS))
        yield fault("dollar sign", "US$ 5_{ and $x^", right="right", expected=holds("US$ 5_{ and $x^"))
        for turn, (kind, text) in enumerate(OLD_FONTS.items()):
            if table == "evidence" or turn == place % len(OLD_FONTS):
                yield fault(kind, text, right="told")


def file_inputs(base: Path, table: str) -> Iterator[Input]:
    """Yield the faults of a whole file."""
    file = FILES[table]
    text = (base / file).read_text(encoding="utf-8")
    header, *rows = list(csv.reader(io.StringIO(text, newline="")))
    last, free = header[-1], "note" if "note" in header else "statement"
    at = header.index(free)
    quoted = [header, *([*row[:at], "one\ntwo", *row[at + 1 :]] if row is rows[0] else row for row in rows)]
    broken = as_csv([header, *rows[:3]]) + '"' + as_csv(rows[3:])
    commas = [
        [cell.replace(".", ",") if cell.replace(".", "").isdigit() else cell for cell in row] for row in rows
    ]
    excel = as_csv([header, *commas], ";")
    mixed = text + ("\n" if not text.endswith("\n") else "")
    blank, legacy = "," * (len(header) - 1) + "\n", unicodedata.normalize("NFD", text)
    width = len(header)
    of = partial(Input, door=table, call=LOADERS[table], in_files=True, description=file)
    for kind, content in {
        "CRLF": text.replace("\n", "\r\n"), "byte-order mark": codecs.BOM_UTF8 + text.encode(),
        "no end of line": text.rstrip("\n"), "rows of only commas": mixed + blank * 3,
        "blank lines": mixed + "\n\n",
        "columns in another order": as_csv([row[::-1] for row in (header, *rows)]),
        "all cells quoted": "".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) + "\n"
                                    for row in (header, *rows)),
    }.items():  # fmt: skip
        yield of(kind=kind, right="right", prepare=put(file, content), expected=same(table))
    faults: dict[str, tuple[bytes | str, tuple[str, ...]]] = {"UTF-16": (text.encode("utf-16"), ("UTF-8",)),
        "semicolons and decimal commas": (excel, ("semicolon",)),
        "tabs": (as_csv([header, *rows], "\t"), ("line 1",)), "unclosed quote": (broken, ("line 5",)),
        "empty": ("", ()), "spaces only": (" \n \n", ()), "header only": (as_csv([header]), ()),
        "column missing": (as_csv([row[:-1] for row in (header, *rows)]), (last,)),
        "column twice": (as_csv([[*row, row[-1]] for row in (header, *rows)]), (last,)),
        "column unknown": (as_csv([[*header, "zzz"], *([*row, ""] for row in rows)]), ("zzz",)),
        "column nearly named": (as_csv([[*header[:-1], last[:-1]], *rows]), (last,)),
        "cell too many": (as_csv([header, [*rows[0], "x"], *rows[1:]]), ("line 2", str(width + 1))),
        "cell too few": (as_csv([header, rows[0][:-1], *rows[1:]]), ("line 2", str(width - 1), str(width))),
        "rows without header": (as_csv(rows), ("line 1",))}  # fmt: skip
    if not text.isascii():
        faults["Windows-1258"] = (legacy.encode("cp1258", errors="replace"), ("UTF-8",))
    for kind, (content, names) in faults.items():
        told = same(table) if kind in ("UTF-16", "semicolons and decimal commas", "tabs") else None
        yield of(kind=kind, right="refused", prepare=put(file, content), names=(file, *names), expected=told)
    yield of(kind="quoted newline", right="refused", prepare=put(file, as_csv(quoted)),
        names=(file, "line 2", free), expected=holds("one", "two"))  # fmt: skip
    twice = as_csv([header, *rows, rows[2]])
    yield of(
        kind="exact duplicate row",
        right="told",
        prepare=put(file, twice),
        names=row_of(file, len(rows) + 2),
    )
    if table not in ("evidence", "covariates"):
        yield of(kind="file missing", right="refused", prepare=removed(file), names=(file,))


def logic_inputs(base: Path) -> Iterator[Input]:
    """Yield faults between cells and rows: circles, formulas, orders."""
    rows = {name: read_rows(base / file) for name, file in FILES.items()}
    line = {(name, row[key]): n for name, key in KEYS.items() for n, row in enumerate(rows[name])}

    def fault(kind: str, table: str, cells: Mapping[tuple[str, str], str], *found: str,
            right: str = "refused", expected: Callable[[Any], bool] | None = None) -> Input:  # fmt: skip
        column = next(iter(cells))[1]
        written = {(line[table, row], column): text for (row, column), text in cells.items()}
        lines = [f"line {at + 2}" for at, _ in written]
        names = (FILES[table], column, *([lines[0]] if len(set(lines)) == 1 else []), *found)
        described = "; ".join(f"{row}.{column} = {text[:60]}" for (row, column), text in cells.items())
        return Input(door=table, kind=kind, description=described, right=right, call=LOADERS[table],
            names=names, prepare=with_cells(FILES[table], written), expected=expected,
            in_files=True)  # fmt: skip

    derived = "domestic_arrivals"
    for kind, text in {"capitals": "TOURIST_ARRIVALS * spend_per_visit / 1000", "constant only": "5",
            "constants only": "5 * 3 + 1", "division by zero": "tourist_arrivals / 0",
            "zero computed": "tourist_arrivals / (3 - 3)",
            "20,000 terms": " + ".join(["tourist_arrivals"] * 20_000),
            "300 terms": " + ".join(["spend_per_visit"] * 300),
            "1,000 brackets": "(" * 1_000 + "tourist_arrivals" + ")" * 1_000,
            "150 brackets": "(" * 150 + "tourist_arrivals * spend_per_visit" + ")" * 150,
            "power": "tourist_arrivals ** 2", "call": "__import__('os').getcwd()",
            "attribute": "tourist_arrivals.real", "item": "tourist_arrivals[0]",
            "comparison": "tourist_arrivals > 1", "text": "'a' * 3", "truth": "True * grdp",
            "beyond numbers": "1e400 * tourist_arrivals", "imaginary": "1j * grdp",
            "open": "tourist_arrivals *", "two formulas": "tourist_arrivals; grdp", "nul": "grdp * \0 2",
            "sheet": "=tourist_arrivals*2", "letters beyond ours": "ｔourist_arrivals * 2",
            "unknown": "zzz_zzz * 2", "near miss": "tourist_arrival * 2", "itself": f"{derived} * 2",
            "hidden difference": "tourist_arrivals \u2212 spend_per_visit"}.items():  # fmt: skip
        bounded = anything if kind in ("300 terms", "150 brackets") else None
        yield fault(f"formula: {kind}", "indicators", {(derived, "formula"): text}, expected=bounded)
    one, two, three = "grdp_per_capita", "domestic_arrivals", "international_arrivals"
    circle = {(one, "formula"): two, (two, "formula"): f"{one} * 2"}
    yield fault("circle of 2", "indicators", circle, "domestic_arrivals")
    circle = {(one, "formula"): two, (two, "formula"): f"{three} * 2", (three, "formula"): f"{one} + 1"}
    yield fault("circle of 3", "indicators", circle, "domestic_arrivals")
    growths = [row["indicator_id"] for row in rows["indicators"] if row["growth_of"]][:3]
    parts = [row["indicator_id"] for row in rows["indicators"] if row["part_of"]][:3]
    places = ["lao_cai", "sa_pa", "sa_pa_townlet"]
    heirs = ["sa_pa_ward", "ta_van_commune", "muong_bo_commune"]
    for table, column, names in (("indicators", "growth_of", growths), ("indicators", "part_of", parts),
            ("areas", "parent", places), ("areas", "predecessors", heirs)):  # fmt: skip
        for size in (1, 2, 3):
            turned = {(name, column): names[(n + 1) % size] for n, name in enumerate(names[:size])}
            yield fault("itself" if size == 1 else f"circle of {size}", table, turned, names[0])
    for table, row, column, text in (("areas", "sa_pa_ward", "predecessors", "sa_pa;sa_pa"),
            ("areas", "sa_pa_ward", "predecessors", "sa_pa;;lao_cai"),
            ("areas", "sa_pa_ward", "predecessors", "sa_pa;zzz"),
            ("areas", "lao_cai", "valid_to", "1980-01-01"),
            ("indicators", "tourist_arrivals", "lower", "99999999999"),
            ("indicators", "tourist_arrivals", "upper", "-5"),
            ("indicators", "tourist_arrivals", "lower", "0"),
            ("indicators", "tourism_revenue", "role", "primary"), ("indicators", "grdp", "prices", ""),
            ("indicators", "tourist_arrivals", "decimals", "9")):  # fmt: skip
        yield fault("order and fit", table, {(row, column): text})
    share = next(row["id"] for row in rows["targets"] if row["fraction"])
    for text in ("a/b", "1/0", "0/0", "61/46", "46/61/2", "-46/61", "46 / 61", "４６/６１"):
        yield fault("fraction", "targets", {(share, "fraction"): text})
    any_of = {row["sense"]: row["id"] for row in rows["targets"]}
    term = next(row["id"] for row in rows["targets"] if row["start"])
    for row, column, text in ((any_of["between"], "value_high", "0"), (any_of["between"], "value_high", ""),
            (term, "start", "2049"), (any_of["at_least"], "value_high", "99"),
            (any_of["at_least"], "tolerance", "1"), (term, "end", "1800"),
            (any_of["at_least"], "end", "20255"), (any_of["at_least"], "value", "-99999999999"),
            (any_of["at_least"], "end", "2025.5")):  # fmt: skip
        yield fault("order and fit", "targets", {(row, column): text}, text)


def evidence_inputs(base: Path) -> Iterator[Input]:
    """Yield what only the evidence knows: other files, many rows, doubtful values."""
    file, folder = FILES["evidence"], "data/evidence"
    rows = read_rows(base / file)
    of = partial(Input, door="evidence", call=LOADERS["evidence"], in_files=True)
    page = rows[0] | {"indicator_id": "tourist_arrivals", "area": "sa_pa", "period": "2021", "freq": "A",
        "value": "1400000", "unit": "visits", "kind": "actual", "bound": "exact", "digits": "2",
        "through": "", "published": "2022-01", "source_title": "A new page",
        "source_url": "https://example.org/new", "statement": "S", "note": ""}  # fmt: skip
    page |= {
        name: "new-1" for name in page if name == "id" or (name.endswith("_id") and name != "indicator_id")
    }
    sound = as_csv([list(page), list(page.values())])
    tabbed, binary = as_csv([list(page), list(page.values())], "\t"), b"PK\x03\x04\x14\0\x06\0" + bytes(99)
    new = holds("A new page")
    yield of(kind="new file", description="new.csv", right="right", prepare=put(f"{folder}/new.csv", sound),
        expected=new, checked=True)  # fmt: skip
    for name, content in {"new.CSV": sound, "new.Csv": sound, "new.xlsx": binary, "new.xls": binary,
            "new.ods": binary, "new.txt": sound, "new.tsv": tabbed, "new.csv.txt": sound,
            "more/new.csv": sound, "new": sound, "new.json": "[]",
            "bảng mới.csv": sound}.items():  # fmt: skip
        place, right = f"{folder}/{name}", "right" if name.startswith("bảng") else "refused"
        yield of(kind="other file", description=name, right=right, prepare=put(place, content),
            names=(name.split("/")[0],), expected=new, checked=True)  # fmt: skip
    for name in (
        "~$new.xlsx",
        ".~lock.tourism.csv#",
        ".DS_Store",
        "._tourism.csv",
        "Thumbs.db",
        "desktop.ini",
    ):
        litter = put(f"{folder}/{name}", b"\0\x05\x16\x07\xff" + name.encode())
        yield of(kind="file of the system", description=name, right="right", prepare=litter,
            expected=same("evidence"), checked=True)  # fmt: skip
    copy = put(f"{folder}/tourism (1).csv", (base / file).read_bytes())
    yield of(
        kind="copy of a file",
        description="tourism (1).csv",
        right="told",
        prepare=copy,
        names=("tourism (1)",),
    )
    for kind, wrong in {"unknown area": {"area": "zzz_zzz"}, "wrong unit": {"unit": "people"},
            "no number": {"value": "many"}, "blank address": {"source_url": ""},
            "impossible date": {"published": "2021-02-30"}, "same row": {}}.items():  # fmt: skip
        many = with_rows(file, *[page | wrong] * 5_000)
        counted = "5,000|5000" if wrong else "5,000|5000|4,999|4999"
        yield of(kind="5,000 bad rows", description=kind, right="refused" if wrong else "told", prepare=many,
            most_lines=40, names=(row_of(file, 0)[0], *wrong, counted))  # fmt: skip
    last = row_of(file, len(rows) + 2)
    yield of(kind="blank publication date", description="a row more", right="told",
        names=(*last, "published"), prepare=with_rows(file, page | {"published": ""}))  # fmt: skip
    yield of(kind="published in the future", description="2999", right="told", names=(*last, "published"),
        prepare=with_rows(file, page | {"published": "2999-01"}))  # fmt: skip
    visits = [(at, row) for at, row in enumerate(rows) if row["indicator_id"] == "tourist_arrivals"]
    yearly = {row["period"]: (at, row["value"]) for at, row in visits if row["freq"] == "A"}
    for year, (at, value) in yearly.items():
        if 2011 <= int(year) <= 2019 and year != "2014":  # that row has a correction
            text = f"{10 * float(value):.0f}"
            yield of(kind="ten times its neighbours", description=f"{year}: {text}", right="told",
                prepare=with_cells(file, {(at, "value"): text}), names=row_of(file, at + 2))  # fmt: skip
