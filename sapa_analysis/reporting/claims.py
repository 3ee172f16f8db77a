"""Claims of papers: which numbers and judgements two sets of papers print otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..core import LANGUAGES
from .language import texts
from .paper.model import Paper, texts_in
from .tagged_numbers import Number, parts

#: How the rows of `results.csv` begin.
_TEXTS = [f"text_{lang}" for lang in LANGUAGES]
_ROW = ["key", "value", "unit", *_TEXTS]
_SIDES = ("old", "new")
Rows = pd.DataFrame | Iterable[Mapping[str, Any]]


def claims_in(papers: Iterable[Paper]) -> pd.DataFrame:
    """Return every number and judgement of some papers once, with its texts.

    Parameters
    ----------
    papers : iterable of Paper
        Papers of one run.

    Returns
    -------
    pandas.DataFrame
        The columns of `results.csv` that say what is claimed: key, value, unit, text_vi and text_en (a key
        printed in several ways has them in one cell). A numbered source is named by the kind of its paper
        too, as each numbers its own.

    Examples
    --------
    >>> from datetime import date
    >>> from sapa_analysis.reporting import claims_in
    >>> from sapa_analysis.reporting.paper.model import Paper, Paragraph
    >>> from sapa_analysis.reporting.tagged_numbers import tag
    >>> text = f"In 2022 {tag('66.53%', 'forest_cover.2022.published', 66.53, 'percent')} were covered."
    >>> paper = Paper("briefing", "en", "Forest", "", date(2023, 6, 30), (Paragraph(text),), words={})
    >>> claims_in([paper])[["key", "value", "text_en"]].values.tolist()
    [['forest_cover.2022.published', 66.53, '66.53%']]
    """
    found: dict[str, dict[str, Any]] = {}
    for paper in papers:
        for text in texts_in(paper):
            for part in parts(text):
                if isinstance(part, Number):
                    key = f"{paper.kind}.{part.key}" if part.key.startswith("sources.") else part.key
                    row = found.setdefault(key, {"value": part.value, "unit": part.unit, "texts": {}})
                    row["texts"].setdefault((paper.lang, part.text))
    rows = [
        {
            "key": key,
            **{name: row[name] for name in ("value", "unit")},
            **{f"text_{lang}": _joined(row["texts"], lang) for lang in LANGUAGES},
        }
        for key, row in sorted(found.items())
    ]
    return pd.DataFrame(rows, columns=_ROW)


def _joined(told: Iterable[tuple[str, str]], lang: str) -> str:
    return " | ".join(text for own, text in told if own == lang)


def claims_changed(old: Rows, new: Rows) -> pd.DataFrame:
    """Return the claims that two sets of papers do not share: of other value or words, new, or gone.

    Parameters
    ----------
    old, new : pandas.DataFrame or iterable of mapping
        The claims of each set: rows of `results.csv`, or what `claims_in` returns.

    Returns
    -------
    pandas.DataFrame
        One row per claim in the order of the keys: change (`changed`, `new` or `gone`), key, unit, then value
        and texts of each side (`old_...`, `new_...`; blank where it has none), and printed (whether a text
        differs too; a value may move by less than is printed).

    Examples
    --------
    >>> from sapa_analysis.reporting import claims_changed
    >>> row = {"key": "forest_cover.2022.published", "unit": "percent", "text_vi": "66,53%"}
    >>> old = [row | {"value": 66.53, "text_en": "66.53%"}, row | {"key": "brief.n", "value": 3}]
    >>> new = [row | {"value": 66.6, "text_en": "66.6%"}, row | {"key": "brief.n", "value": 3}]
    >>> claims_changed(old, new)[["change", "key", "old_value", "new_value"]]
        change                          key  old_value  new_value
    0  changed  forest_cover.2022.published      66.53       66.6
    """
    sides = [_by_key(rows) for rows in (old, new)]
    found = []
    for key in sorted({*sides[0], *sides[1]}):
        rows = [side.get(key) for side in sides]
        if rows[0] == rows[1]:
            continue
        known = [row or dict.fromkeys(_ROW[1:]) for row in rows]
        told = {
            f"{side}_{name}": row[name]
            for side, row in zip(_SIDES, known, strict=True)
            for name in ("value", *_TEXTS)
        }
        change = "new" if rows[0] is None else "gone" if rows[1] is None else "changed"
        printed = any(known[0][name] != known[1][name] for name in _TEXTS)
        found.append({"change": change, "key": key, "unit": known[1]["unit"] or known[0]["unit"], **told,
                      "printed": printed})  # fmt: skip
    told_of = [f"{side}_{name}" for side in _SIDES for name in ("value", *_TEXTS)]
    return pd.DataFrame(found, columns=["change", "key", "unit", *told_of, "printed"])


def _by_key(rows: Rows) -> dict[str, dict[str, Any]]:
    """Return what is claimed by key; a blank value is none, so that it equals itself."""
    told = rows.to_dict("records") if isinstance(rows, pd.DataFrame) else rows
    return {str(row["key"]): {name: _known(row.get(name)) for name in _ROW[1:]} for row in map(dict, told)}


def _known(value: Any) -> Any:
    return None if isinstance(value, float) and value != value else value


def describe_claims(changed: pd.DataFrame, *, lang: str = "vi") -> list[str]:
    """Return changed claims in lines for print: the key, and the words before and after.

    Parameters
    ----------
    changed : pandas.DataFrame
        As `claims_changed` returns them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from sapa_analysis.reporting import claims_changed, describe_claims
    >>> row = {"key": "forest_cover.2022.published", "unit": "percent"}
    >>> old, new = ([row | {"value": value, "text_en": f"{value}%"}] for value in (66.53, 66.6))
    >>> describe_claims(claims_changed(old, new), lang="en")
    ['forest_cover.2022.published: from 66.53% to 66.6%']
    """
    words, lines = texts(lang)["claims"], []
    for row in changed.to_dict("records"):
        told = {side: _told(row, side, lang) for side in _SIDES}
        form = "moved" if row["change"] == "changed" and not row["printed"] else str(row["change"])
        lines.append(str(words[form]).format(key=row["key"], **told))
    return lines or [str(words["nothing"])]


def _told(row: Mapping[Any, Any], side: str, lang: str) -> str:
    """Return the words of a side: in the language, else in another, else its value."""
    words = [row[f"{side}_text_{lang}"], *(row[f"{side}_{name}"] for name in _TEXTS), row[f"{side}_value"]]
    return str(next((word for word in words if word not in ("", None) and word == word), ""))
