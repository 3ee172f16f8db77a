"""All pages of the site as text: those of the repository with the links of the site, ours, those from code.

Nothing is executed here: pictures and notebooks are made by `__main__.py`.
"""

from __future__ import annotations

from pathlib import Path

from site_api import api_pages
from site_data import data_page
from site_gallery import gallery_page
from site_links import rewrite
from site_models import model_pages
from site_notebooks import SHOWN, TOLD

ROOT = Path(__file__).parents[2]
OURS = Path(__file__).parent / "pages"
#: Pages of the repository outside `docs/`, and those of `docs/` that stand elsewhere in the site.
_PLACES = {
    "README.md": "readme.md", "README.vi.md": "vi/readme.md", "docs/huong-dan.vi.md": "vi/huong-dan.md",
    "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md", "THIRD_PARTY.md": "third_party.md",
    "data/README.md": "data.md", "register/README.md": "register.md", "benchmarks/README.md": "benchmarks.md",
    "docs/decisions/README.md": "decisions/index.md",
}  # fmt: skip
_DECISIONS = "\n```{toctree}\n:hidden:\n:glob:\n\n[0-9]*\n```\n"


def places() -> dict[str, str]:
    """Return for each file of the repository that is a page its place in the source of the site."""
    found = {str(path.relative_to(ROOT)): str(path.relative_to(OURS)) for path in sorted(OURS.rglob("*.md"))}
    for path in sorted((ROOT / "docs").rglob("*.md")):
        name = str(path.relative_to(ROOT))
        found.setdefault(name, _PLACES.get(name, name.removeprefix("docs/")))
    found |= _PLACES
    notebooks = {f"notebooks/{name}.ipynb": place for (name, lang), place in SHOWN.items() if lang == "en"}
    return found | notebooks | {f"notebooks/{name}.ipynb": place for name, place in TOLD.items()}


def site_sources() -> tuple[dict[str, str], dict[str, Path]]:
    """Return the text of every page but notebooks by its place, and the files that they show or hand out."""
    pages, files = api_pages() | model_pages(), {}
    pages |= {"gallery.md": gallery_page(), "tables.md": data_page(ROOT)}
    known = places()
    for name, place in known.items():
        if not name.endswith(".md"):
            continue
        text = (ROOT / name).read_text(encoding="utf-8")
        pages[place], shown = rewrite(text, name, place, known, ROOT)
        files |= shown
    pages["decisions/index.md"] += _DECISIONS
    return pages, files


def notebook_links(text: str, name: str, place: str) -> tuple[str, dict[str, Path]]:
    """Return the text of a cell of a notebook with the links of the site, and the files that it hands out."""
    mine = places()
    if place.startswith("vi/"):
        mine |= {f"notebooks/{other}.ipynb": there for (other, lang), there in SHOWN.items() if lang == "vi"}
    return rewrite(text, f"notebooks/{name}.ipynb", place, mine, ROOT)
