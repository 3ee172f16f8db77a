"""Check of tables and sentences for readers: nothing left open, numbers as the language writes them."""

from __future__ import annotations

import re

import pandas as pd

from sapa_analysis import plain
from sapa_analysis.reporting.language import texts


def words_of(table: pd.DataFrame) -> list[str]:
    return [str(cell) for cell in plain(table).to_numpy().ravel()]


def is_finished(told: list[str], lang: str) -> None:
    """Check that no place of a text is left open, and that numbers are written as the language writes them."""
    assert told
    assert not [text for text in told if re.search(r"[{}]|nan|None", text)]
    other = {",": ".", ".": ","}[texts(lang)["decimal"]]
    assert not [text for text in told if re.search(rf"\d{re.escape(other)}\d(?!\d\d)", text)]
