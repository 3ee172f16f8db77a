"""Every text of the package that may be part of an error, found in its source."""

from __future__ import annotations

import ast
import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

from sapa_analysis.core.tables import FILE_TABLES

PACKAGE = Path(__file__).parents[1] / "sapa_analysis"
#: What prints for readers: there a text is an error only where it is raised or handed to `in_language`.
PRINTING = ("cli/", "reporting/")
#: The workbook of an office: its errors are Vietnamese from the start, out of `words.yml`, and so are its words.
OF_OFFICE = "evidence/office/"
#: Calls whose texts no error shows: patterns, queries, warnings, logs, names of random streams, the end of a worker.
SILENT = {
    "compile", "sub", "fullmatch", "match", "search", "query", "warn", "stream", "exit", "cast", "removeprefix",
    "debug",
}  # fmt: skip
#: Constants that say what a column, a reference, a model or a file holds, those of patterns, and a program.
DESCRIBING = {"COLUMNS", "REFERENCES", "MODELS", "_TITLES", "_PACKAGE", "_PHRASES", "_EDGES", "_START"}
#: Arguments that are words, however short.
WORDED = {"Problem": (0, 3), "note": (3,), "problem_at": (2,)}

Above = dict[ast.AST, ast.AST]


def texts(node: ast.expr) -> list[str]:
    """Return what a literal can become, with {1}, {2}, ... for what is put in; a choice of two words is made."""
    if isinstance(node, ast.Constant):
        text = str(node.value)
        for number, hole in enumerate(re.findall(r"\{[a-z_]+\}", text), 1):
            text = text.replace(hole, f"{{{number}}}", 1)
        return [text.strip()]
    forms = [("", 0)]
    for part in node.values if isinstance(node, ast.JoinedStr) else []:
        chosen = part.value
        if isinstance(chosen, str):
            forms = [(text + chosen, number) for text, number in forms]
        elif isinstance(chosen, ast.IfExp) and all(
            isinstance(x, ast.Constant) for x in (chosen.body, chosen.orelse)
        ):
            forms = [
                (text + each.value, number) for text, number in forms for each in (chosen.body, chosen.orelse)
            ]
        else:
            forms = [(f"{text}{{{number + 1}}}", number + 1) for text, number in forms]
    return [text.strip() for text, _ in forms]


def _literals() -> Iterator[tuple[str, ast.expr, Above]]:
    for path in _modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        for node in ast.walk(tree):
            whole = isinstance(node, ast.JoinedStr) or (
                isinstance(node, ast.Constant) and isinstance(node.value, str)
            )
            if whole and not isinstance(above[node], ast.JoinedStr | ast.FormattedValue):
                yield path.relative_to(PACKAGE).as_posix(), node, above


def _chain(node: ast.AST, above: Above) -> Iterator[tuple[ast.AST, ast.AST]]:
    while node in above:
        yield node, above[node]
        node = above[node]


def _called(node: ast.AST) -> str:
    function = getattr(node, "func", None)
    return str(getattr(function, "id", getattr(function, "attr", "")))


def _is_silent(node: ast.expr, above: Above) -> bool:
    """Return whether no error takes words from where a literal stands: a docstring, an option, a key, a table."""
    if isinstance(above[node], ast.Expr | ast.keyword | ast.Compare):
        return True
    for child, outer in _chain(node, above):
        names = [outer.target] if isinstance(outer, ast.AnnAssign) else getattr(outer, "targets", [])
        if (
            _called(outer) in SILENT
            or {getattr(name, "id", "") for name in names} & DESCRIBING
            or (isinstance(outer, ast.FunctionDef) and outer.name == "__repr__")
            or (isinstance(outer, ast.Dict) and (child in outer.keys or _key(outer, child) == "title"))
        ):
            return True
    return False


def _key(node: ast.Dict, child: ast.AST) -> object:
    return next(
        (
            getattr(key, "value", 0)
            for key, value in zip(node.keys, node.values, strict=True)
            if value is child
        ),
        0,
    )


def _is_told(node: ast.expr, above: Above) -> bool:
    return any(
        isinstance(outer, ast.Raise) or _called(outer) == "in_language" for _, outer in _chain(node, above)
    )


def _is_argument_in_words(node: ast.expr, above: Above) -> bool:
    call = above[node]
    if not isinstance(call, ast.Call) or node not in call.args:
        return False
    places = (0,) if isinstance(above[call], ast.Raise) else WORDED.get(_called(call), ())
    return call.args.index(node) in places and all(
        re.search(r"[a-z]{3}", text) and "/" not in text for text in texts(node)
    )


def _reads_like_words(text: str) -> bool:
    return " " in text and not text.startswith("<") and bool(re.search(r"(?<![{\w])[a-z]{2}", text))


def needed() -> dict[str, str]:
    """Return every text that an error may show, with the place where it stands."""
    found = {}
    for file, node, above in _literals():
        silent = _is_silent(node, above) or (file.startswith(PRINTING) and not _is_told(node, above))
        for text in [] if silent else texts(node):
            if _reads_like_words(text) or _is_argument_in_words(node, above):
                found[text] = f"{file}:{node.lineno}"
    for table, schema in FILE_TABLES.items():
        for name, column in schema.to_schema().columns.items():
            if any(check.name != "isin" for check in column.checks):
                found[str(column.description)] = f"the column {name} of {table} in core/tables.py"
    return found | dict.fromkeys(_classes(), "the class of an error")


def allowed() -> set[str]:
    """Return every text of the package, two of them joined, and what an operating system says of files."""
    found = {"ValueError", *_classes()} | {os.strerror(number) for number in errno.errorcode}
    for _, node, above in _literals():
        found |= set(texts(node))
        joins = isinstance(above[node], ast.Attribute) and getattr(above[node], "attr", "") == "join"
        found |= {f"{{1}}{node.value}{{2}}"} if joins and isinstance(node, ast.Constant) else set()
    return found


def _modules() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if OF_OFFICE not in path.as_posix()]


def _classes() -> Iterator[str]:
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            bases = {getattr(base, "id", "") for base in getattr(node, "bases", [])}
            if isinstance(node, ast.ClassDef) and (
                node.name == "SapaError" or any(b.endswith("Error") for b in bases)
            ):
                yield node.name
