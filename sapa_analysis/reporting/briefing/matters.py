"""The table of the targets that matter: those of the main subjects first, then the nearest and the worst."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby

import pandas as pd

from ...core import FROM_WORST
from ...pipeline import Results
from ..language import texts
from ..office import SIGN, instead, notes
from ..paces import PACE_SIGN, PACE_STAR, pace_needed, pace_own
from ..paper.model import Cell, Row, Table
from ..scenario_changes import inside
from ..tagged_numbers import capital, tag_quoted
from ..target_row import TargetRow
from .names import field_names, full_name
from .room import height
from .tense import assessed, tense_of

#: Rows of targets, and of targets and documents, at most; and targets that stand whatever the room.
MOST_TARGETS, MOST_ROWS, LEAST_TARGETS = 12, 15, 6
#: Shares of the width before the columns that are not needed leave theirs to the others.
_WEIGHTS = {
    "group": 6.8, "name": 21.5, "goal": 13, "latest": 15.5, "office": 13.2, "band": 14, "word": 10.5,
    "own_pace": 11.5, "needed_pace": 8.5,
}  # fmt: skip
_PACES = ("own_pace", "needed_pace")
#: The head of the column of bands.
_BANDS = {"ahead": "band", "past": "band_past", "mixed": "band_mixed"}


def targets_that_matter(results: Results, most: int = MOST_TARGETS) -> pd.DataFrame:
    """Return the verdicts of the table, by document: of each its nearest goal of an indicator.

    First those of the main subjects, in their order; then those not yet due, the nearest and the worst
    first; then those due most recently.
    """
    verdicts, core = assessed(results.verdicts), results.params.core
    if verdicts.empty:
        return verdicts
    late = verdicts["overdue"].astype(bool)
    order = pd.DataFrame({
        "subject": verdicts["indicator_id"].map({name: n for n, name in enumerate(core)}).fillna(len(core)),
        "late": late,
        "away": verdicts["end"].where(~late, -verdicts["end"]),
        "bad": verdicts["status"].map(FROM_WORST.index),
    })  # fmt: skip
    ranked = verdicts.loc[order.sort_values(["subject", "late", "away", "bad"], kind="stable").index]
    nearest = ranked.drop_duplicates(["document", "indicator_id"])
    return _by_document(nearest.head(most), verdicts)


def most_with_room(results: Results, rows: Mapping[str, TargetRow], room: float, lang: str) -> int:
    """Return how many targets of the table have room, the first ones of those that matter."""
    for most in range(MOST_TARGETS, LEAST_TARGETS, -1):
        if height(matters_table(results, targets_that_matter(results, most), rows, lang)) <= room:
            return most
    return LEAST_TARGETS


def _by_document(picked: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the verdicts by document, without the last ones while the table has too many rows."""
    while len(picked) > 1 and len(picked) + picked["document"].nunique() > MOST_ROWS:
        picked = picked.iloc[:-1]
    documents = {name: place for place, name in enumerate(dict.fromkeys(verdicts["document"]))}
    return picked.sort_values("document", key=lambda names: names.map(documents), kind="stable")


def matters_table(
    results: Results, picked: pd.DataFrame, rows: Mapping[str, TargetRow], lang: str
) -> list[Table]:
    """Return the table of these verdicts; none if there are none."""
    if picked.empty:
        return []
    told = [(verdict, _cells(verdict, rows[verdict["id"]], lang)) for _, verdict in picked.iterrows()]
    own = any(SIGN in cell.text for _, cells in told for cell in cells.values())
    nothing = str(texts(lang)["brief"]["matters"]["nothing"])
    columns = [name for name in _WEIGHTS if _wanted(name, [cells[name].text for _, cells in told], nothing)]
    total = sum(_WEIGHTS[name] for name in columns)
    body: list[Row] = []
    for document, mine in groupby(told, key=lambda each: str(each[0]["document"])):
        listed = list(mine)
        heading = _document(document, [rows[verdict["id"]] for verdict, _ in listed], listed, lang)
        body.append((Cell(heading, across=len(columns), strong=True, shade="head"),))
        common = _common_due([rows[verdict["id"]] for verdict, _ in listed])
        for verdict, cells in listed:
            cells["goal"] = _with_due(cells["goal"], rows[verdict["id"]], common, lang)
            body.append(tuple(cells[name] for name in columns))
    return [
        Table(
            name="matters",
            caption="",
            heads=_heads(columns, picked, lang, own=own),
            rows=tuple(body),
            widths=tuple(_WEIGHTS[name] / total for name in columns),
            notes=(
                _note(results, picked, told, lang),
                *_bases([rows[name] for name in picked["id"]], lang, own=own),
            ),
            named_by=columns.index("name"),
        )
    ]


def _wanted(column: str, cells: list[str], nothing: str) -> bool:
    return column in ("name", "goal", "latest", "band", "word") or any(
        text not in ("", nothing) for text in cells
    )


def _cells(verdict: pd.Series, row: TargetRow, lang: str) -> dict[str, Cell]:
    words = texts(lang)["brief"]["matters"]
    nothing, over = str(words["nothing"]), bool(verdict["overdue"])
    expected = is_office_estimate(verdict)
    figure = _dated(row.latest, row.latest_when) if row.latest else nothing
    needed = str(words["passed"]) if verdict["passed"] else pace_needed(verdict, lang, brief=True)
    needed += PACE_SIGN if row.pace_base else ""
    texts_of = {
        "group": tag_quoted(row.clause, f"{row.id}.clause"),
        "name": capital(row.name.rstrip(": ")),
        "goal": row.goal,
        "latest": str(words["estimated"]) if expected else figure,
        "office": _dated(row.latest, row.latest_when.split(";")[0]) if expected else row.office or nothing,
        "band": row.band or nothing,
        "word": row.short,
        "own_pace": pace_own(verdict, lang, brief=True) or nothing,
        "needed_pace": nothing if over else needed or nothing,
    }
    cells = {name: Cell(text) for name, text in texts_of.items()}
    cells["group"] = Cell(texts_of["group"], align="middle")
    cells["word"] = Cell(row.short, align="middle", strong=True, shade=row.outlook)
    return cells


def _dated(figure: str, when: str) -> str:
    return f"{figure} ({when})"


def is_office_estimate(verdict: pd.Series) -> bool:
    """Return whether the figure of a verdict is what the department itself expects of the year due."""
    return bool(
        pd.notna(verdict["office"])
        and verdict["latest_kind"] == "estimate"
        and verdict["latest_year"] == verdict["end"]
        and verdict["latest"] == verdict["office"]
    )


def _common_due(rows: list[TargetRow]) -> str:
    dues = [row.due for row in rows]
    return max(dict.fromkeys(dues), key=dues.count)


def _with_due(cell: Cell, row: TargetRow, common: str, lang: str) -> Cell:
    if row.due == common:
        return cell
    return Cell(str(texts(lang)["brief"]["matters"]["with_due"]).format(goal=row.goal, due=row.due))


def _document(
    document: str, rows: list[TargetRow], listed: list[tuple[pd.Series, dict[str, Cell]]], lang: str
) -> str:
    over = all(verdict["overdue"] for verdict, _ in listed)
    form = str(texts(lang)["brief"]["matters"]["document_past" if over else "document"])
    return capital(form.format(document=full_name(document, lang), due=_common_due(rows)))


def _heads(columns: list[str], picked: pd.DataFrame, lang: str, *, own: bool) -> tuple[Row, ...]:
    words = texts(lang)["brief"]["matters"]
    named = {name: str(words[name]) for name in columns} | {
        "latest": instead("latest_head", words["latest"], lang, own=own)
    }
    named["band"] = str(words[_BANDS[tense_of(picked)]])
    paces = [name for name in columns if name in _PACES]
    down = 2 if len(paces) == 2 else 1
    if len(paces) == 1:
        named[paces[0]] = f"{words['paces']} {named[paces[0]]}"

    def head(name: str) -> Cell:
        return Cell(named[name], down=down, align="middle", strong=True, shade="head")

    first = [head(name) for name in columns if name not in _PACES or down == 1]
    if down == 1:
        return (tuple(first),)
    first.append(Cell(str(words["paces"]), across=2, align="middle", strong=True, shade="head"))
    second = tuple(Cell(named[name], align="middle", strong=True, shade="head") for name in paces)
    return (tuple(first), second)


def _bases(rows: list[TargetRow], lang: str, *, own: bool) -> list[str]:
    """Return the note on needed paces that start from another figure than the published one."""
    words, told = texts(lang)["brief"]["matters"], dict[str, str]()
    for row in rows:
        if row.pace_base:
            name = inside(row.name.rstrip(": "))
            told.setdefault(row.indicator, str(words["base"]).format(name=name, base=row.pace_base))
    form = instead("bases", words["bases"], lang, own=own)
    return [form.format(sign=PACE_SIGN, parts="; ".join(told.values()))] if told else []


def _note(
    results: Results, picked: pd.DataFrame, told: list[tuple[pd.Series, dict[str, Cell]]], lang: str
) -> str:
    words = texts(lang)["brief"]["matters"]
    rule = str(words["rule_past" if tense_of(picked) == "past" else "rule"])
    printed = [cell.text for _, cells in told for cell in cells.values()]
    signs: dict[str, Callable[[str], bool]] = {
        "mark": lambda text: ".mark" in text,
        "uncited": lambda text: "†" in text,
        "star": lambda text: PACE_STAR in text,
    }
    lines = [rule.format(subjects=field_names(list(results.params.subjects), lang)), str(words["interval"])]
    lines += [str(words[name]) for name, found in signs.items() if any(map(found, printed))]
    lines += notes(printed, lang)
    return " ".join(lines)
