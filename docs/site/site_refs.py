"""References to what the package hands on: from a word in backticks, and from the types of a signature."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from site_doors import by_object, by_word
from sphinx.addnodes import pending_xref


def see_door(name: str, raw: str, text: str, line: int, inliner: Any, *_: Any) -> tuple[list[Any], list[Any]]:
    """Return what stands in single backticks: code, and a link if a door has this name."""
    literal = nodes.literal(text, text, classes=["xref", "py"])
    full = by_word().get(text.removesuffix("()"))
    if full is None:
        return [nodes.literal(raw, text)], []
    asked = pending_xref(
        raw, literal, refdomain="py", reftype="obj", reftarget=full, refexplicit=True,
        refdoc=inliner.document.settings.env.current_document.docname,
    )  # fmt: skip
    return [asked], []


def resolve_annotation(app: Any, env: Any, node: pending_xref, inner: nodes.Element) -> nodes.Node | None:
    """Resolve a type of a signature by where it is defined; other people's types stay plain words."""
    if node.get("refdomain") != "py" or "refexplicit" in node:
        return None
    target = node["reftarget"]
    full = by_object().get(target) or by_word().get(target)
    if full:
        found = env.domains["py"].resolve_xref(env, node["refdoc"], app.builder, "obj", full, node, inner)
        return found or inner
    return inner
