"""Rows of all numbers that a briefing shows, with one key for all languages."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from ...core import SapaError
from ..tagged_numbers import numbers_in
from .parts import Contents, texts_in


def rows_of(briefings: Sequence[Contents]) -> list[dict[str, Any]]:
    """Return one row per key: key, value, unit, the text as each language prints it, and the page it is from.

    Raises
    ------
    SapaError
        When one key has two different numbers, in one text or between languages.
    """
    rows: dict[str, dict[str, Any]] = {}
    for contents in briefings:
        for number in numbers_in(texts_in(contents)):
            row = rows.setdefault(number.key, {"key": number.key, "value": number.value, "unit": number.unit})
            if (row["value"], row["unit"]) != (number.value, number.unit):
                raise SapaError(f"{number.key} stands for {row['value']!r} and for {number.value!r}")
            row.setdefault(f"text_{contents.lang}", number.text)
            row["source"] = contents.origins.get(number.key, "")
    return [rows[key] for key in sorted(rows)]


def as_csv(rows: Iterable[dict[str, Any]], languages: Sequence[str]) -> str:
    """Return the rows as CSV; the same results give the same bytes."""
    buffer = io.StringIO(newline="")
    columns = ["key", "value", "unit", *(f"text_{lang}" for lang in languages), "source"]
    writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def as_json(rows: Sequence[dict[str, Any]], about: dict[str, Any]) -> str:
    """Return the rows and the parameters of the run as JSON."""
    return json.dumps({"about": about, "numbers": rows}, ensure_ascii=False, indent=1) + "\n"
