"""Published figures that one state of a project has and another has not, or has otherwise."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from ..evidence import merge_repeats

#: What a figure is about; its value and the rest are what is said of it.
ABOUT = ["indicator_id", "area", "period", "freq", "unit"]
#: What a page says of a figure, and how far it is believed.
_SAID = ["value", "bound", "kind", "through", "published", "grade"]
_SOURCE = ["source_title", "source_url"]
_BLANK = {"value": float("nan")}


def changed_figures(old: pd.DataFrame, new: pd.DataFrame, areas: Collection[str]) -> pd.DataFrame:
    """Return the statements about some areas that were added, corrected or withdrawn.

    A statement is corrected where it says the same number otherwise (over, actual, another date), or where
    the row with its id, or a page that printed it, now has another one.

    Parameters
    ----------
    old, new : pandas.DataFrame
        The evidence of each side.
    areas : collection of str
        The areas that count.

    Returns
    -------
    pandas.DataFrame
        One row per change: change, the columns `ABOUT`, then value, bound, kind, through, published and grade
        of each side (`old_...`, `new_...`; blank where it has none), source_title and source_url.

    Examples
    --------
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.pipeline.changed_figures import changed_figures
    >>> tables = load_project()
    >>> days = [tables.as_of(day).evidence for day in ("2023-01-15", "2023-06-30")]
    >>> changed_figures(*days, ["sa_pa"])["change"].value_counts().to_dict()
    {'added': 19}
    """
    mine = [side[side["area"].isin(areas)] for side in (old, new)]
    before, after = (merge_repeats(side) for side in mine)
    both = before.merge(after, how="outer", on=[*ABOUT, "value"], suffixes=("_old", "_new"), indicator="side")
    kept = both[both["side"] == "both"]
    said = [name for name in _SAID if name != "value"]
    otherwise = (
        kept[[f"{n}_old" for n in said]].to_numpy() != kept[[f"{n}_new" for n in said]].to_numpy()
    ).any(axis=1)
    rows = [_row("corrected", *_sides(row)) for row in kept[otherwise].to_dict("records")]
    gone = [_sides(row)[0] for row in both[both["side"] == "left_only"].to_dict("records")]
    come = [_sides(row)[1] for row in both[both["side"] == "right_only"].to_dict("records")]
    pages = [_pages(side) for side in mine]
    ids = [_ids(side) for side in mine]
    for row in gone:
        same = (
            each
            for each in come
            if _share(row, each, *ids) or (_about(each) == _about(row) and _share(row, each, *pages))
        )
        other = next(same, None)
        if other is not None:
            come.remove(other)
        rows.append(_row("withdrawn" if other is None else "corrected", row, other))
    rows += [_row("added", None, row) for row in come]
    names = ["change", *ABOUT, *(f"{side}_{name}" for side in ("old", "new") for name in _SAID), *_SOURCE]
    found = pd.DataFrame(rows, columns=names).astype({"old_value": float, "new_value": float})
    return found.sort_values([*ABOUT, "new_value", "old_value"], kind="stable", ignore_index=True)


def _sides(row: dict[Any, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    shared = {name: row[name] for name in [*ABOUT, "value"]}
    rest = [name for name in [*_SAID, *_SOURCE] if name != "value"]
    old, new = ({name: row[f"{name}_{side}"] for name in rest} for side in ("old", "new"))
    return shared | old, shared | new


def _row(change: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, Any]:
    one = new or old or {}
    said = {
        f"{side}_{name}": (row or _BLANK).get(name, "")
        for side, row in (("old", old), ("new", new))
        for name in _SAID
    }
    return {"change": change, **{name: one[name] for name in [*ABOUT, *_SOURCE]}, **said}


def _about(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ABOUT)


def _pages(evidence: pd.DataFrame) -> dict[tuple[Any, ...], set[str]]:
    """Return the pages that print each statement: their addresses, or their titles where they have none."""
    return _by_statement(
        evidence, evidence["source_url"].where(evidence["source_url"] != "", evidence["source_title"])
    )


def _ids(evidence: pd.DataFrame) -> dict[tuple[Any, ...], set[str]]:
    """Return the ids of the rows of each statement; of tables without ids none."""
    named = evidence[evidence["id"] != ""] if "id" in evidence else evidence.iloc[:0].assign(id="")
    return _by_statement(named, named["id"])


def _by_statement(evidence: pd.DataFrame, names: pd.Series) -> dict[tuple[Any, ...], set[str]]:
    found: dict[tuple[Any, ...], set[str]] = {}
    for key, name in zip(evidence[[*ABOUT, "value"]].itertuples(index=False, name=None), names, strict=True):
        found.setdefault(key, set()).add(str(name))
    return found


def _share(
    old: dict[str, Any],
    new: dict[str, Any],
    before: dict[tuple[Any, ...], set[str]],
    after: dict[tuple[Any, ...], set[str]],
) -> bool:
    ours, theirs = (*_about(old), old["value"]), (*_about(new), new["value"])
    return bool(before.get(ours, set()) & after.get(theirs, set()))
