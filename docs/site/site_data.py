"""The page of tables: each file of `data/` and its columns, as `datapackage.json` declares them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def data_page(root: Path) -> str:
    """Return the page of tables, as Markdown; files with the same columns share a section."""
    package = json.loads((root / "data/datapackage.json").read_text(encoding="utf-8"))
    parts = [
        "# Tables and their columns",
        "Written from `data/datapackage.json`, which is written from the code (`sapa schema`). "
        "{doc}`What the files hold, and who published it <data>`.",
    ]
    alike: dict[str, list[dict[str, Any]]] = {}
    for each in package["resources"]:
        alike.setdefault(json.dumps([each["schema"], each["description"]]), []).append(each)
    for files in alike.values():
        paths = ", ".join(f"`data/{each['path']}`" for each in files)
        title = files[0]["title"].split(":")[0] if len(files) > 1 else files[0]["title"]
        rows = [_row(field) for field in files[0]["schema"]["fields"]]
        head = "| Column | Type | Meaning |\n|---|---|---|"
        parts += [f"## {title}", files[0]["description"], paths, "\n".join([head, *rows])]
    return "\n\n".join(parts) + "\n"


def _row(field: dict[str, Any]) -> str:
    allowed = field.get("constraints", {}).get("enum", [])
    kind = field["type"] + (f": {', '.join(map(str, allowed))}" if 0 < len(allowed) <= 8 else "")
    return f"| `{field['name']}` | {_safe(kind)} | {_safe(field.get('description', ''))} |"


def _safe(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("$", "\\$").replace("*", "\\*")
