"""How the site looks and reads: the colours of the briefing, formulas that no script draws, what is heard."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

#: The name, parameters and result of a function or type.
_SIGNATURE = re.compile(r"<dt class=\"sig .*?</dt>", re.DOTALL)
_SERIF = '"Times New Roman", "Liberation Serif", Tinos, "Noto Serif", "DejaVu Serif", serif'
_SANS = '"Noto Sans", "DejaVu Sans", "Segoe UI", Arial, sans-serif'
_MONO = '"DejaVu Sans Mono", "Noto Sans Mono", Consolas, monospace'
_FONTS = {"font-stack": _SANS, "font-stack--headings": _SERIF, "font-stack--monospace": _MONO}
#: Ink, blue and fire of `reporting/templates/paper.css.j2`; on dark paper lighter, with the same meaning.
LIGHT = _FONTS | {
    "color-brand-primary": "#0b5394", "color-brand-content": "#0b5394", "color-brand-visited": "#5b3f8c",
    "color-foreground-primary": "#1a1a1a", "color-foreground-secondary": "#555",
    "color-foreground-muted": "#5d5d5d", "color-background-secondary": "#f2f4f7",
    "color-api-name": "#b84300", "color-api-pre-name": "#b84300",
}  # fmt: skip
DARK = _FONTS | {
    "color-brand-primary": "#8ec1f2", "color-brand-content": "#8ec1f2", "color-brand-visited": "#c3aef0",
    "color-foreground-secondary": "#c2c2c2", "color-foreground-muted": "#b0b0b0",
    "color-api-name": "#ff9d61", "color-api-pre-name": "#ff9d61",
}  # fmt: skip


def _formula(self: Any, node: nodes.Element, *, block: bool) -> None:
    self.body.append(tex2mathml(node.astext(), as_block=block))
    raise nodes.SkipNode


def add_mathml(app: Any) -> None:
    """Let browsers draw formulas themselves, as MathML."""

    def inline(self: Any, node: nodes.Element) -> None:
        _formula(self, node, block=False)

    def block(self: Any, node: nodes.Element) -> None:
        _formula(self, node, block=True)

    app.add_html_math_renderer("mathml", (inline, None), (block, None))


def mend_page(app: Any, name: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Say what screen readers ask for and the theme leaves out.

    Pages below `vi/` are in Vietnamese; captions of the contents have a level; the lines of a signature are
    no list of definitions.
    """
    if name.startswith("vi/"):
        context["language"] = "vi"
    contents = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = contents.replace('role="heading"', 'role="heading" aria-level="2"')
    if "body" in context:
        context["body"] = _SIGNATURE.sub(_as_rows, context["body"])


def _as_rows(signature: re.Match[str]) -> str:
    rows = {"<dl>": '<span class="sig-rows">', "<dd>": '<span class="sig-row">'}
    return re.sub(r"</?d[dl]>", lambda tag: rows.get(tag[0], "</span>"), signature[0])
