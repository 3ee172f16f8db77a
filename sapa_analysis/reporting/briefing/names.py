"""Names on the two pages: documents in full, and indicators as they stand inside a sentence."""

from __future__ import annotations

import pandas as pd

from ..language import document_name, texts
from ..tagged_numbers import tag_quoted


def row_of(table: pd.DataFrame, key: str) -> pd.Series:
    """Return the row of an id."""
    row: pd.Series = table.loc[key]  # type: ignore[assignment]  # ids are unique
    return row


def full_name(document: str, lang: str) -> str:
    """Return the name of a document without short forms, the numbers in it tagged as quoted."""
    words = texts(lang)["brief"]
    name = str(words["names"].get(document) or document_name(document, lang))
    for short, long in words["short_forms"].items():
        if name.startswith(f"{short} "):
            name = f"{long}{name.removeprefix(short)}"
            break
    return tag_quoted(name, f"{document}.document.{lang}")


def indicator_inside(indicator: pd.Series, lang: str) -> str:
    """Return the name of an indicator as the catalogue writes it, the numbers in it tagged as quoted."""
    return tag_quoted(str(indicator[f"name_{lang}"]), f"{indicator['indicator_id']}.name.{lang}")


def field_names(subjects: list[str], lang: str) -> str:
    """Return the names of subjects, for the middle of a sentence."""
    words = texts(lang)["subjects"]
    return ", ".join(str(words.get(name, name)).lower() for name in subjects)
