"""What a validation found, in our words: pydantic's own are for programmers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .table_terms import FORMS_IN_WORDS

#: What was wanted, by the kind of error; the names in braces are those of the error's context.
_WANTED = {
    "missing": "is missing",
    "int": "wanted a whole number",
    "float": "wanted a number",
    "finite": "wanted a finite number",
    "bool": "wanted true or false",
    "string_too_short": "wanted text of at least {min_length} characters",
    "string_type": "wanted text",
    "string_pattern_mismatch": "wanted {form}",
    "literal_error": "wanted {expected}",
    "greater_than_equal": "wanted at least {ge}",
    "greater_than": "wanted more than {gt}",
    "less_than_equal": "wanted at most {le}",
    "less_than": "wanted less than {lt}",
    "too_short": "wanted at least {min_length} of them",
    "too_long": "wanted at most {max_length} of them",
    "date": "wanted a date, YYYY-MM-DD",
    "list": "wanted a list",
    "tuple": "wanted a list",
    "dict": "wanted names with values",
    "model": "wanted names with values",
}
#: Characters of a value that are printed.
_SHOWN = 60


def in_words(error: Mapping[str, Any]) -> str:
    """Return one error of pydantic as what was wanted and what was found.

    Parameters
    ----------
    error : mapping
        One of `ValidationError.errors()`.

    Examples
    --------
    >>> from pydantic import ValidationError
    >>> from sapa_analysis.core import Bridge, in_words
    >>> bridge = {"indicator": "tourist_arrivals", "of": "lao_cai", "to": 7, "factor": -0.5, "sd": "small"}
    >>> try:
    ...     Bridge.model_validate(bridge)
    ... except ValidationError as error:
    ...     print(*map(in_words, error.errors()), sep=" | ")
    wanted text; found 7 | wanted more than 0.0; found -0.5 | wanted a number; found 'small'
    """
    kind = str(error["type"])
    if kind == "missing":
        return _WANTED[kind]
    if kind == "value_error":  # of a field, or of the row as a whole
        said = str(error["ctx"]["error"])
        return said if isinstance(error["input"], Mapping) else f"{said}; found {_found(error['input'])}"
    if kind == "string_too_short" and error["ctx"]["min_length"] == 1:
        kind = "string_type"  # nothing stands there
    exact = kind if kind in _WANTED else next((name for name in _WANTED if kind.startswith(name)), "")
    given = {"expected": "", **error.get("ctx", {})}
    given["form"] = next(
        (words for form, words in FORMS_IN_WORDS.items() if form in given.get("pattern", "")), "text"
    )
    wanted = _WANTED.get(exact, "does not fit").format_map(given)
    return f"{wanted}; found {_found(error['input'])}"


def _found(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
