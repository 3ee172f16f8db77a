"""Damage to workbooks of an office: each is read right or refused in words, none loses a cell in silence.

A workbook with something in every form is damaged at random, in its cells and in its bytes. The judge knows
nothing of the reader: it compares the rows of cells that openpyxl sees before and after. A row that stands as
before, under the same heads, must be read as before; a row that is new must come back with what it holds.

    python benchmarks/office_damage.py FOLDER --files 2000 --seed 1
"""

from __future__ import annotations

import argparse
import collections
import io
import signal
import sys
import time
import warnings
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
from office_damage_kinds import CELLS, damaged_bytes, damaged_cells

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import office_files
from office import steady

from sapa_analysis.core import OfficeError
from sapa_analysis.evidence import Office, Tables, read_office, template_file
from sapa_analysis.evidence.office.layout import words

#: Seconds after which a reading counts as hanging.
_LONGEST = 20
Row = tuple[Any, ...]
Rows = dict[str, dict[int, Row]]
#: Columns of a form that a template fills itself: a name without a figure says nothing.
_NAMED = {"Chỉ tiêu", "Đơn vị tính", "Dòng", "Năm", "Mật", "Loại số", "Từ", "Đến", "Văn kiện", "Nhóm",
          "Năm hoặc giai đoạn", "Cách tính", "Mục tiêu"}  # fmt: skip
_HEADS = set(words()["heads"].values())
_TABLES = ("figures", "goals", "judgements", "causes", "projects")


def main() -> None:
    """Damage workbooks and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where a damaged workbook is kept that was read wrong")
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")
    tables, whole = office_files.tables(), base()
    path = args.folder / f"so_lieu_{args.seed}.xlsx"
    path.write_bytes(whole)
    before, sound = rows_of(whole), read_office(path, tables, allow_internal=True)
    assert before is not None
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    slowest = 0.0
    for number in range(args.files):
        random = Random(f"{args.seed}/{number}")
        kind, content = damage(whole, random)
        path.write_bytes(content)
        begun = time.perf_counter()
        outcome = judged(path, content, tables, before, sound)
        slowest = max(slowest, time.perf_counter() - begun)
        counts[kind][outcome.partition(":")[0]] += 1
        if outcome.startswith("WRONG"):
            kept = args.folder / f"{args.seed}_{number}.xlsx"
            kept.write_bytes(content)
            print(f"{kept.name} {kind}: {outcome}", flush=True)
    path.unlink()
    report(counts, slowest)


def base() -> bytes:
    """Return a workbook with three years of every indicator and something in every form."""
    first = template_file(office_files.tables(), day=office_files.DAY, office=steady())
    book = openpyxl.load_workbook(io.BytesIO(first))
    cells = {place: value for place, value in office_files.everything().items() if place[0] != "Số liệu"}
    for (sheet, row, column), value in cells.items():
        book[sheet].cell(row, column).value = value
    figures = book["Số liệu"]
    head = next(row for row in range(1, figures.max_row + 1) if figures.cell(row, 3).value == "Từ")
    lists = {key: value for key, value in office_files.everything().items()
             if key[0] == "Số liệu" and key[1] > office_files.head_row("Số liệu", "Từ", "Đến")}  # fmt: skip
    shift = head - office_files.head_row("Số liệu", "Từ", "Đến")
    for (_, row, column), value in lists.items():
        figures.cell(row + shift, column).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def damage(whole: bytes, random: Random) -> tuple[str, bytes]:
    """Return the kind of a random damage and the damaged workbook."""
    if random.random() < 0.5:
        kind = random.choice(sorted(CELLS))
        return kind, damaged_cells(whole, kind, random)
    return damaged_bytes(whole, random)


class HangsError(Exception):
    """A reading took too long."""


def _hangs(*_: object) -> None:
    raise HangsError


def judged(path: Path, content: bytes, tables: Tables, before: Rows, sound: Office) -> str:
    """Return what came of a damaged workbook: `error`, `equal`, `changed`, or `WRONG: ` and why."""
    signal.signal(signal.SIGALRM, _hangs)
    signal.alarm(_LONGEST)
    try:
        office = read_office(path, tables, allow_internal=True)
    except OfficeError as error:
        return "error" if " lỗi\n" in str(error) else f"WRONG: an error without problems: {error}"
    except HangsError:
        return "WRONG: hangs"
    except Exception as error:  # whatever else it raises is what is looked for
        return f"WRONG: {type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
    if contents(office) == contents(sound):
        return "equal"
    after = rows_of(content)
    if after is None:
        return "WRONG: read otherwise than before, while openpyxl cannot read it"
    return compared(before, after, sound, office)


def compared(before: Rows, after: Rows, sound: Office, office: Office) -> str:
    """Return `changed` where only rows that changed are read otherwise, else `WRONG: ` and the first."""
    if before.get("Hướng dẫn") != after.get("Hướng dẫn"):
        return "changed"  # the day or the office of every row
    old, new = contents(sound), contents(office)
    for item, (sheet, row) in old.items():
        if item not in new and _stands(sheet, before[sheet].get(row), before, after):
            return f"WRONG: lost {sheet} {row}: {item}"
    for item, (sheet, row) in new.items():
        if item not in old and _stands(sheet, after[sheet].get(row), after, before):
            return f"WRONG: made up {sheet} {row}: {item}"
    return _unread(before, after, office) or "changed"


def _stands(sheet: str, row: Row | None, here: Rows, there: Rows) -> bool:
    """Return whether a row stands in another workbook as it is, below the same heads."""
    if heads(here[sheet]) != heads(there.get(sheet, {})):
        return False
    rows = there[sheet]
    # a title above the heads is no row: moved below them it is what someone wrote there
    first = min((number for number, cells in rows.items() if _is_head(cells)), default=0)
    return any(number > first and cells == row for number, cells in rows.items())


def _is_head(row: Row) -> bool:
    return sum(str(cell) in _HEADS for cell in row) >= 3


def heads(rows: dict[int, Row]) -> list[Row]:
    """Return the rows of a sheet that are heads."""
    return [row for row in rows.values() if _is_head(row)]


def _unread(before: Rows, after: Rows, office: Office) -> str:
    """Return the first cell of a new row that comes back nowhere; blank where there is none."""
    said = collections.defaultdict(list)
    for name in _TABLES:
        for row in getattr(office, name).to_dict("records"):
            said[_place(row["where"])] += [_plain(cell) for cell in row.values()]
    leads = " ".join(_plain(lead) for lead in office.leads.values())
    for sheet, rows in after.items():
        if sheet in ("_mau", "Hướng dẫn"):
            continue
        known = set(before.get(sheet, {}).values())
        for number, row in rows.items():
            if row in known or any(str(cell) in _NAMED for cell in row):
                continue
            texts = [cell for cell in row if isinstance(cell, str) and len(cell) > 20]
            held = " ".join(said[sheet, number])
            for text in texts:
                if said[sheet, number] and _plain(text) not in held + leads and not _is_name(text, before):
                    return f"WRONG: unread {sheet} {number}: {text[:60]!r}"
            if not said[sheet, number] and sheet in ("Nguyên nhân", "Đề án", "Mật"):
                return f"WRONG: unread row {sheet} {number}: {row!r:.80}"
    return ""


def _is_name(text: str, before: Rows) -> bool:
    return any(text in row for rows in before.values() for row in rows.values())


def _plain(cell: Any) -> str:
    return " ".join(str(cell).split()).casefold()


def contents(office: Office) -> dict[tuple[Any, ...], tuple[str, int]]:
    """Return each row that an office holds, without its place, and where it stands."""
    found: dict[tuple[Any, ...], tuple[str, int]] = {
        ("day", office.day): ("Hướng dẫn", 0),
        ("by", office.by): ("Hướng dẫn", 0),
    }
    for name in _TABLES:
        table = getattr(office, name)
        for row in table.to_dict("records"):
            # digits follow from the other cells of a row too
            cells = {key: str(cell) for key, cell in row.items() if key not in ("id", "where", "digits")}
            found[name, *cells.values()] = _place(row["where"])
    return found


def _place(where: str) -> tuple[str, int]:
    _, sheet, cell = where.split(", ")
    return sheet.removeprefix("trang "), int(cell.rpartition(":")[2])


def rows_of(content: bytes) -> Rows | None:
    """Return the rows of filled cells that openpyxl sees, by sheet; None where it cannot read them."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    except Exception:  # it raises all sorts on a broken file
        return None
    return {
        sheet.title: {
            number: cells
            for number, row in enumerate(sheet.iter_rows(), 1)
            if (cells := tuple(
                cell.value if "%" not in str(cell.number_format) else (cell.value, "%")
                for cell in row if cell.value is not None
            ))
        }
        for sheet in book.worksheets
    }  # fmt: skip


def report(counts: dict[str, collections.Counter[str]], slowest: float) -> None:
    """Print how many of each kind were refused, read as before, read with the change, or wrong."""
    columns = ("error", "equal", "changed", "WRONG")
    print("| damage | " + " | ".join(columns) + " |\n|---|" + "---:|" * len(columns))
    total: collections.Counter[str] = collections.Counter()
    for kind in sorted(counts):
        total += counts[kind]
        print(f"| {kind} | " + " | ".join(f"{counts[kind][name]:,}" for name in columns) + " |")
    print("| all | " + " | ".join(f"{total[name]:,}" for name in columns) + " |")
    print(f"slowest judgement {slowest:.1f} s")


if __name__ == "__main__":
    main()
