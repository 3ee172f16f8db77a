"""Records of notebooks: named results stored in the cell outputs and read back from the file.

A record is a display with its own media type: programs can read it, readers of the notebook do not see it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from ..core import SapaError

MEDIA_TYPE = "application/vnd.sapa.record+json"


def record(**values: Any) -> None:
    """Store named results in the output of the running cell.

    Parameters
    ----------
    **values
        Text, numbers, lists and mappings of these, or DataFrames (read back as DataFrames, NA as None).

    Examples
    --------
    >>> from sapa_analysis.runs import record
    >>> record(n_targets=57, headline=["Forest cover: likely."])
    <record: n_targets>
    <record: headline>
    """
    from IPython.core.getipython import get_ipython
    from IPython.display import publish_display_data

    for name, value in values.items():
        stored = {MEDIA_TYPE: {"name": name, **_plain(value)}}
        if get_ipython() is None:
            print(f"<record: {name}>")
        else:  # no text: a reader sees nothing
            publish_display_data(stored)  # type: ignore[no-untyped-call]


def _plain(value: Any) -> dict[str, Any]:
    """Return a value as JSON; a table as columns and rows, because notebooks sort the keys of objects."""
    if not isinstance(value, pd.DataFrame):
        return {"value": value}
    table = json.loads(value.to_json(orient="split", index=False))
    return {"columns": table["columns"], "rows": table["data"]}


def read_records(notebook: Path) -> dict[str, Any]:
    """Return the records of an executed notebook by name.

    Raises
    ------
    SapaError
        When the file has no record: it was not executed, or stores none.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    stored = [output["data"][MEDIA_TYPE] for output in outputs if MEDIA_TYPE in output.get("data", {})]
    if not stored:
        raise SapaError(f"{notebook.name} holds no record; was it executed?")
    return {item["name"]: _value(item) for item in stored}


def _value(item: dict[str, Any]) -> Any:
    if "columns" not in item:
        return item["value"]
    return pd.DataFrame(item["rows"], columns=item["columns"], dtype=object)
