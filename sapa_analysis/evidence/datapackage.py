"""Generator of the data description `data/datapackage.json` from the declared tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandera.pandas as pa

from ..core import FILE_TABLES, package_version

#: The team as `LICENSE-data` names who compiled the tables.
_PACKAGE = {
    "team": "The sapa-analysis team",
    "title": "Sa Pa: published figures, targets and what they refer to",
    "description": "Cite the compilation, and the page of each figure that you quote (source_url).",
    "citation": "{team}: {title}, version {version}",
}
_TITLES = {
    "evidence": "Published figures",
    "indicators": "Indicators",
    "areas": "Areas",
    "events": "Events",
    "covariates": "Series of Viet Nam",
    "definitions": "Other definitions of an indicator",
    "whereabouts": "Where missing figures probably stand",
    "documents": "Documents that set targets",
    "targets": "Targets",
    "reference/visits": "Reference class: figures of other places",
    "reference/places": "Reference class: the places",
    "reference/breaks": "Reference class: breaks of counting",
}
_KEYS = {
    "indicators": "indicator_id",
    "areas": "area",
    "reference/places": "place",
    "definitions": "definition",
    "documents": "document",
    "targets": "id",
}
_REFERENCES = {
    "evidence": {"indicator_id": "indicators", "area": "areas"},
    "events": {"area": "areas"},
    "definitions": {"indicator_id": "indicators", "area": "areas"},
    "whereabouts": {"area": "areas"},
    "documents": {"area": "areas"},
    "targets": {"indicator_id": "indicators", "area": "areas", "document": "documents"},
    "reference/visits": {"place": "reference/places", "indicator_id": "indicators"},
    "reference/breaks": {"place": "reference/places"},
}


def data_package(data_folder: Path) -> dict[str, Any]:
    """Return the Frictionless description of every CSV file of a data folder.

    Parameters
    ----------
    data_folder : pathlib.Path
        The folder. Its files determine the resources, the schemas determine the fields.

    Returns
    -------
    dict
        A data package (specs.frictionlessdata.io/data-package).
    """
    return {
        "profile": "tabular-data-package",
        "name": "sapa-evidence",
        "title": _PACKAGE["title"],
        "description": _PACKAGE["description"],
        "version": package_version(),
        "contributors": [{"title": _PACKAGE["team"], "role": "author"}],
        "citation": _PACKAGE["citation"].format(**_PACKAGE, version=package_version()),
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0 for the compilation; sources: data/README.md",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ],
        "resources": [
            _resource(path, table, data_folder)
            for table in FILE_TABLES
            for path in _files(data_folder, table)
        ],
    }


def package_text(data_folder: Path) -> str:
    """Return the text of `datapackage.json` that belongs in the folder.

    Parameters
    ----------
    data_folder : pathlib.Path
        The folder `data` of the project.

    Examples
    --------
    >>> import json
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.evidence import package_text
    >>> resources = json.loads(package_text(project_root() / "data"))["resources"]
    >>> [[field["name"] for field in of["schema"]["fields"]][:3] for of in resources if of["name"] == "areas"]
    [['area', 'name_vi', 'name_en']]
    """
    return json.dumps(data_package(data_folder), ensure_ascii=False, indent=1) + "\n"


def _files(data_folder: Path, table: str) -> list[Path]:
    single = data_folder / f"{table}.csv"
    return [single] if single.exists() else sorted((data_folder / table).glob("*.csv"))


def _resource(path: Path, table: str, data_folder: Path) -> dict[str, Any]:
    schema = FILE_TABLES[table]
    described = {
        "fields": [_field(name, column) for name, column in schema.to_schema().columns.items()],
        "missingValues": [""],
    }
    if table in _KEYS:
        described["primaryKey"] = [_KEYS[table]]
    described["foreignKeys"] = [
        {"fields": [column], "reference": {"resource": _name(other), "fields": [_KEYS[other]]}}
        for column, other in _REFERENCES.get(table, {}).items()
    ]
    several = path.parent.name == table
    return {
        "profile": "tabular-data-resource",
        "name": _name(f"{table}/{path.stem}" if several else table),
        "title": f"{_TITLES[table]}: {path.stem}" if several else _TITLES[table],
        "description": (schema.__doc__ or "").split("\n")[0],
        "path": path.relative_to(data_folder).as_posix(),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": described,
    }


def _name(table: str) -> str:
    return table.replace("/", "-").replace("_", "-")


def _field(name: str, column: pa.Column) -> dict[str, Any]:
    dtype = str(column.dtype).lower()
    kind = "number" if "float" in dtype else "integer" if "int" in dtype else "string"
    constraints: dict[str, Any] = {"required": True} if kind != "string" and not column.nullable else {}
    for check in column.checks:
        constraints |= _constraint(str(check.name), check.statistics)
    if column.unique:
        constraints["unique"] = True
    return {"name": name, "type": kind, "description": column.description, "constraints": constraints}


def _constraint(name: str, values: dict[str, Any]) -> dict[str, Any]:
    if name == "isin":
        return {"enum": list(values["allowed_values"])}
    if name == "str_matches":
        pattern = values["pattern"]
        return {"pattern": getattr(pattern, "pattern", pattern)}
    if name == "str_length":
        lengths = {"minLength": values["min_value"], "maxLength": values["max_value"]}
        return {name: length for name, length in lengths.items() if length is not None}
    return {"minimum": values["min_value"], "maximum": values["max_value"]}
